# Takes over a dump of an install that kept no append-only file: read with one server, handed over to the other kind of file, and left
# where it is.
set -eu
[ -s dump.rdb ] && [ ! -e appendonlydir ] || exit 0

# On this file system, so that the folder appears under its name only when it is whole.
socket=/data/.adopt.sock
redis() { redis-cli -s "$socket" "$@"; }
redis-server --port 0 --unixsocket "$socket" --save '' --appenddirname .adopt &
until redis ping 2>/dev/null | grep -q PONG; do
  kill -0 $! || exit 1
  sleep 1
done
redis config set appendonly yes
until redis info persistence | grep -q 'aof_rewrite_in_progress:0' && redis info persistence | grep -q 'aof_rewrite_scheduled:0'; do
  sleep 1
done
redis info persistence | grep -q 'aof_last_bgrewrite_status:ok'
echo "took over $(redis dbsize) keys of dump.rdb"
redis shutdown nosave || true
wait
mv .adopt appendonlydir
