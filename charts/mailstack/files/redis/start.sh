# The password comes by standard input, since every process may read another's arguments.
set -eu
password=$(printf %s "$REDIS_PASSWORD" | sed 's/[\\"]/\\&/g')
exec redis-server - <<EOF
dir /data
appendonly yes
requirepass "$password"
EOF
