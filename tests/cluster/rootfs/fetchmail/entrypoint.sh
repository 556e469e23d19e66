#!/bin/sh
# fetchmail, round after round, as section 3.6 of the images' contract says.
set -eu

server=0.0.0.0 port=3000 interval=60
while [ "$#" -gt 0 ]; do
  case $1 in
    --interval) interval=$2 && shift ;;
    --server) server=$2 && shift ;;
    --port) port=$2 && shift ;;
    --debug) ;;
    *) exec "$@" ;;
  esac
  shift
done
case $server in *:*) server="[$server]" ;; esac
php -S "$server:$port" /opt/fetchmail/health.php &
php /opt/fetchmail/rounds.php "$interval" &
trap 'kill $!; exit 0' TERM INT
wait $!
