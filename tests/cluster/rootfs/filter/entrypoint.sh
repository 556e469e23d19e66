#!/bin/sh
# rspamd, as section 3.3 of the images' contract says.
set -eu

if [ -n "${CONTROLLER_PASSWORD:-}" ]; then
  RSPAMD_CONTROLLER_PASSWORD_ENC=$(rspamadm pw -e -p "$CONTROLLER_PASSWORD")
else
  RSPAMD_CONTROLLER_PASSWORD_ENC=q1
fi
export RSPAMD_CONTROLLER_PASSWORD_ENC
export RSPAMD_REDIS_HOST="${REDIS_HOST:=redis}" RSPAMD_REDIS_PORT="${REDIS_PORT:=6379}"
export RSPAMD_REDIS_PASSWORD="${REDIS_PASSWORD:-}"
export RSPAMD_DNS_SERVERS="${RSPAMD_DNS_SERVERS:=round-robin:unbound:5353}"

[ "$#" -eq 0 ] || exec "$@"
exec rspamd -f
