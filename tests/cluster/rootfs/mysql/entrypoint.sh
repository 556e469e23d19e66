#!/bin/sh
# MariaDB, by the variables and at the paths of the official image of MySQL.
set -eu

data=/var/lib/mysql
if [ ! -d "$data/mysql" ]; then
  mariadb-install-db --no-defaults --datadir="$data" --auth-root-authentication-method=normal --skip-name-resolve \
    --skip-test-db >/dev/null
  mariadbd --no-defaults --datadir="$data" --tmpdir=/tmp --bootstrap <<EOF
FLUSH PRIVILEGES;
CREATE DATABASE \`$MYSQL_DATABASE\` CHARACTER SET utf8mb4;
CREATE USER '$MYSQL_USER'@'%' IDENTIFIED BY '$MYSQL_PASSWORD';
GRANT ALL ON \`$MYSQL_DATABASE\`.* TO '$MYSQL_USER'@'%';
ALTER USER root@localhost IDENTIFIED BY '$MYSQL_ROOT_PASSWORD';
EOF
fi
exec mariadbd --no-defaults --datadir="$data" --tmpdir=/tmp --socket=/var/run/mysqld/mysqld.sock \
  --pid-file=/var/run/mysqld/mysqld.pid --bind-address='*' "$@"
