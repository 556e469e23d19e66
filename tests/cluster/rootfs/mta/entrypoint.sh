#!/bin/sh
# Settings from the environment, then Postfix, as section 3.1 of the images' contract says.
set -eu

[ "$#" -eq 0 ] || exec "$@"

set_from_environment() {
  postconf \
    "myhostname=${MAILNAME:=mail.example.com}" \
    "mynetworks=${MYNETWORKS:=127.0.0.0/8}" \
    "recipient_delimiter=${RECIPIENT_DELIMITER:=-}" \
    "smtpd_milters=inet:${FILTER_MILTER_ADDRESS:=filter:11332}" \
    "non_smtpd_milters=inet:$FILTER_MILTER_ADDRESS" \
    "virtual_transport=lmtp:${MDA_LMTP_ADDRESS:=mda:2003}" \
    "smtpd_sasl_path=inet:${MDA_AUTH_ADDRESS:=mda:2004}"
  if [ "${FILTER_MIME:-false}" = true ]; then
    postconf mime_header_checks=regexp:/etc/postfix/mime_header_checks
  fi
  if [ "${MTA_UPSTREAM_PROXY:-}" = true ]; then
    postconf smtpd_upstream_proxy_protocol=haproxy
  fi
  if [ "${RELAYHOST:-false}" != false ]; then
    postconf "relayhost=$RELAYHOST"
    if [ "${RELAY_PASSWD_FILE:-false}" != false ]; then
      chown root:root "$RELAY_PASSWD_FILE"
      chmod 600 "$RELAY_PASSWD_FILE"
      postmap "lmdb:$RELAY_PASSWD_FILE"
      postconf smtp_sasl_auth_enable=yes smtp_sasl_security_options=noanonymous \
        "smtp_sasl_password_maps=lmdb:$RELAY_PASSWD_FILE"
    fi
  fi
}

write_map() {
  mkdir -p /etc/postfix/sql
  {
    echo "user = $DB_USER"
    echo "password = $DB_PASSWORD"
    echo "hosts = $DB_HOST:$DB_PORT"
    echo "dbname = $DB_NAME"
    echo "query = $2"
  } >"/etc/postfix/sql/$1.cf"
}

write_maps() {
  case "${DB_DRIVER:=mysql}" in
    pgsql | mysql) ;;
    *) echo "DB_DRIVER: $DB_DRIVER is neither mysql nor pgsql" && exit 1 ;;
  esac
  users="mail_users u JOIN mail_domains d ON u.domain_id = d.id"
  aliases="mail_aliases a JOIN mail_domains d ON a.domain_id = d.id"
  one_user="u.name = lower('%u') AND d.name = lower('%d')"
  write_map virtual-mailbox-domains "SELECT 1 FROM mail_domains WHERE name = lower('%s')"
  write_map virtual-mailbox-maps "SELECT 1 FROM $users WHERE $one_user AND u.enabled = true"
  write_map virtual-alias-maps \
    "SELECT a.destination FROM $aliases WHERE CONCAT(a.name, '@', d.name) = lower('%s')"
  write_map email2email "SELECT CONCAT(u.name, '@', d.name) FROM $users WHERE $one_user"
  write_map email-submission "SELECT CONCAT(u.name, '@', d.name) FROM $users WHERE $one_user \
UNION SELECT a.destination FROM $aliases WHERE CONCAT(a.name, '@', d.name) = lower('%s')"
  write_map recipient-access \
    "SELECT CASE WHEN u.send_only = true THEN 'REJECT' ELSE 'OK' END FROM $users WHERE $one_user"
  sql="$DB_DRIVER:/etc/postfix/sql"
  postconf \
    "virtual_mailbox_domains=$sql/virtual-mailbox-domains.cf" \
    "virtual_mailbox_maps=$sql/virtual-mailbox-maps.cf" \
    "virtual_alias_maps=$sql/virtual-alias-maps.cf,$sql/email2email.cf" \
    "smtpd_sender_login_maps=$sql/email-submission.cf" \
    "smtpd_recipient_restrictions=reject_unauth_destination,check_recipient_access $sql/recipient-access.cf"
}

wait_for() {
  case "${WAITSTART_TIMEOUT:=1m}" in
    *m) left=$((${WAITSTART_TIMEOUT%m} * 60)) ;;
    *) left=${WAITSTART_TIMEOUT%s} ;;
  esac
  until nc -z "${1%:*}" "${1##*:}" 2>/dev/null; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || { echo "$2 at $1 is not there" && exit 1; }
    sleep 1
  done
  echo "$2 at $1 is there"
}

set_from_environment
write_maps
for file in tls.crt tls.key; do
  [ -r "/etc/postfix/tls/$file" ] || { echo "/etc/postfix/tls/$file cannot be read" && exit 1; }
done
wait_for "$DB_HOST:$DB_PORT" database
wait_for "$MDA_LMTP_ADDRESS" LMTP
wait_for "$FILTER_MILTER_ADDRESS" filter
exec postfix start-fg
