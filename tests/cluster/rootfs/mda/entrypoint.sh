#!/bin/sh
# Dovecot, as section 3.2 of the images' contract says.
set -eu

rm -f /run/dovecot/master.pid
driver=/etc/dovecot/driver-${DB_DRIVER:=mysql}.conf
[ -r "$driver" ] || { echo "DB_DRIVER: $DB_DRIVER is not known here" && exit 1; }
case "$DB_DRIVER/${DB_TLS_VERIFY_CERT:=no}" in
  pgsql/yes | pgsql/true) echo "DB_TLS_VERIFY_CERT: cannot be had with $DB_DRIVER" && exit 1 ;;
  mysql/true) DB_TLS_VERIFY_CERT=yes ;;
esac
cp "$driver" /run/dovecot/auth-driver.conf
if [ -n "${MDA_UPSTREAM_PROXY-no}" ]; then
  if [ "${MDA_UPSTREAM_PROXY:-no}" = true ]; then MDA_UPSTREAM_PROXY=yes; else MDA_UPSTREAM_PROXY=no; fi
fi
export DB_DRIVER DB_TLS_VERIFY_CERT MDA_UPSTREAM_PROXY

[ "$#" -eq 0 ] || exec "$@"

for file in tls.crt tls.key; do
  [ -r "/etc/dovecot/tls/$file" ] || { echo "/etc/dovecot/tls/$file cannot be read" && exit 1; }
done
exec dovecot -F
