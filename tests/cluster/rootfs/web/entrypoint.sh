#!/bin/sh
# What the chart relies on of the images' web server: section 5 of their contract. FrankenPHP is Caddy with PHP in
# it; here they are two programs of Debian's, and Caddy reads the Caddyfile that the chart mounts.
set -eu

APP_SECRET=$(od -An -tx1 -N16 /dev/urandom | tr -d ' \n')
export APP_SECRET
[ "$#" -eq 0 ] || exec "$@"
[ "${SKIP_INIT:-}" = true ] || /usr/local/lib/init.sh
# A proxy of Caddy's writes what it knows of the client into these headers; PHP in FrankenPHP sees them as they came.
kept='\theader_up X-Forwarded-For {header.X-Forwarded-For}\n\theader_up X-Forwarded-Proto {header.X-Forwarded-Proto}'
sed -e '/^\tfrankenphp {$/,/^\t}$/d' -e '/^\torder php_server /d' -e 's/ br gzip$/ gzip/' \
  -e 's/php_server$/php_server {\n}/' -e "s,php_server {,php_fastcgi unix//tmp/php.sock {\n$kept," \
  /etc/frankenphp/Caddyfile >/tmp/Caddyfile
export SERVER_ROOT=/opt/web XDG_CONFIG_HOME=/tmp XDG_DATA_HOME=/tmp
/usr/sbin/php-fpm* --nodaemonize --force-stderr --fpm-config /opt/web/fpm.conf &
maker=$!
caddy run --config /tmp/Caddyfile --adapter caddyfile &
server=$!
# As the first process of all, Caddy would not end when it is asked to.
trap 'kill "$server" "$maker"; exit 0' TERM INT
wait "$server"
