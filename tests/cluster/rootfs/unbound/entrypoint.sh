#!/bin/sh
[ "$#" -eq 0 ] || exec "$@"
exec unbound -d -c /etc/unbound/unbound.conf
