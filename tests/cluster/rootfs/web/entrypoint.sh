#!/bin/sh
# What the chart relies on of the images' web server: section 5 of their contract.
set -eu

APP_SECRET=$(od -An -tx1 -N16 /dev/urandom | tr -d ' \n')
export APP_SECRET
[ "$#" -eq 0 ] || exec "$@"
[ "${SKIP_INIT:-}" = true ] || /usr/local/lib/init.sh
export PHP_CLI_SERVER_WORKERS=4
# As the first process of all, PHP would not end when it is asked to.
php -S '[::]:8080' /opt/web/router.php &
trap 'kill $!; exit 0' TERM INT
wait $!
