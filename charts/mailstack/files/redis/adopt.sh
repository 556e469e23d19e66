# Takes over a dump of an install that kept no append-only file: reads it with a server that nobody else reaches, and has that write the
# other kind of file. The dump stays as it is.
set -eu
[ -s dump.rdb ] && [ ! -e appendonlydir ] || exit 0

# Written under another name until it is whole.
rm -rf .adopted
redis() { redis-cli -s /tmp/adopt.sock "$@"; }
redis-server --dir "$PWD" --port 0 --unixsocket /tmp/adopt.sock --save '' --appenddirname .adopted &
until redis ping 2>/dev/null | grep -q PONG; do
  kill -0 $! || exit 1
  sleep 1
done
redis config set appendonly yes
while redis info persistence | grep -qE 'aof_rewrite_(in_progress|scheduled):1'; do
  sleep 1
done
redis info persistence | grep -q 'aof_last_bgrewrite_status:ok'
echo "$(redis dbsize) keys of dump.rdb taken over"
redis shutdown nosave || true
wait
mv .adopted appendonlydir
