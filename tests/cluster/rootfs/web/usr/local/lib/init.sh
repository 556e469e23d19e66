#!/bin/sh
# Waits for database and Redis, makes the tables and copies the keys for DKIM to Redis.
set -eu
/opt/admin/bin/console system:check --wait --allow-empty-database
/opt/admin/bin/console doctrine:migrations:migrate -n
/opt/admin/bin/console dkim:refresh
