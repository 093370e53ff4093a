# Sourced by examples.sh: two servers that share sessions and what they accepted as 0-RTT data in
# Redis. Debian's redis-tools has the server's program under another name, and it goes by its name.

# relay.py relay PORT FILE LISTEN: passes one connection on to PORT, and the client's first flight to
# FILE. relay.py replay PORT FILE: sends it again and tells how much of an answer there is, of 5 bytes.
cat >"$tmp/relay.py" <<'END'
import selectors, socket, sys, time
mode, to, path = sys.argv[1], int(sys.argv[2]), sys.argv[3]
if mode == "replay":
    s = socket.create_connection(("localhost", to))
    s.sendall(open(path, "rb").read())
    s.settimeout(3)
    print(len(s.recv(5)))
    time.sleep(0.3)
    sys.exit()
listener = socket.create_server(("localhost", int(sys.argv[4])))
print("ready", flush=True)
client, _ = listener.accept()
server = socket.create_connection(("localhost", to))
flight, answered = b"", False
s = selectors.DefaultSelector()
s.register(client, selectors.EVENT_READ, server)
s.register(server, selectors.EVENT_READ, client)
# The first flight is held back until it is all there, so that no part of it comes later.
client.settimeout(0.3)
try:
    while True:
        flight += client.recv(65536)
except socket.timeout:
    pass
client.settimeout(None)
open(path, "wb").write(flight)
server.sendall(flight)
while True:
    for key, _ in s.select():
        data = key.fileobj.recv(65536)
        if not data:
            sys.exit()
        key.data.sendall(data)
END

# exchange ARGUMENT...: a client that says hello.
exchange() {
    (echo hello; sleep 0.5) | "$cub" client --cafile "$tmp/cert.pem" --json --timeout 5 "$@" 2>&1
}

redis_tests() {
    ln -s "$(command -v redis-check-rdb)" "$tmp/redis-server"
    "$tmp/redis-server" --port 0 --unixsocket "$tmp/redis.sock" --save '' --dir "$tmp" \
        --maxmemory-policy noeviction >"$tmp/redis.log" 2>&1 &
    others=$!
    tries=0
    until redis-cli -s "$tmp/redis.sock" ping 2>/dev/null | grep -q PONG || [ $tries -ge 50 ]; do
        tries=$((tries + 1))
        sleep 0.1
    done
    one=$((port + 1)) two=$((port + 2)) relay=$((port + 3))
    for each in $one $two; do
        "$build/redis_server" "$tmp/cert.pem" "$tmp/key.pem" $each "$tmp/redis.sock" \
            >"$tmp/redis.$each" 2>&1 &
        others="$others $!"
    done
    sleep 0.3
    printf 'pay him' >"$tmp/early"
    out=$(exchange --session-out "$tmp/session" localhost:$one)
    check "redis: a session" "$([ -s "$tmp/session" ] || echo "$out" "$(cat "$tmp/redis.$one")")"
    out=$(exchange --session-in "$tmp/session" --early-data "$tmp/early" localhost:$two)
    check "redis: a store that has just begun refuses 0-RTT data" \
        "$(case $out in *'"session_reused":true,"early_data":"rejected"'*) ;; *) echo "$out" ;; esac)"

    redis-cli -s "$tmp/redis.sock" set cub:since 0 >/dev/null
    out=$(exchange --session-in "$tmp/session" --early-data "$tmp/early" localhost:$two)
    check "redis: the other server resumes the session and takes 0-RTT data" \
        "$(case $out in *'"session_reused":true,"early_data":"accepted"'*) ;; *) echo "$out" ;; esac)"

    python3 "$tmp/relay.py" relay $one "$tmp/flight" $relay >"$tmp/relay.log" 2>&1 &
    others="$others $!"
    tries=0
    until grep -q ready "$tmp/relay.log" 2>/dev/null || [ $tries -ge 50 ]; do
        tries=$((tries + 1))
        sleep 0.1
    done
    exchange --session-in "$tmp/session" --early-data "$tmp/early" localhost:$relay >"$tmp/out"
    for each in $two $one $two; do
        python3 "$tmp/relay.py" replay $each "$tmp/flight" >>"$tmp/replays" 2>&1
    done
    n=$(cat "$tmp/redis.$one" "$tmp/redis.$two" | grep -c '^pay him (0-RTT)')
    check "redis: a first flight that is replayed is taken once" \
        "$([ "$n" -eq 2 ] && [ "$(cat "$tmp/replays")" = "5
5
5" ] || cat "$tmp/out" "$tmp/replays" "$tmp/redis.$one" "$tmp/redis.$two")"
    redis-cli -s "$tmp/redis.sock" shutdown nosave >/dev/null 2>&1
    out=$(exchange localhost:$one)
    check "redis: without it clients are served nevertheless" \
        "$(case $out in *'"session_reused":false'*) ;; *) echo "$out" ;; esac)"
}

if [ ! -x "$build/redis_server" ]; then
    skip "redis" "no libhiredis to build the example with"
elif ! command -v redis-check-rdb >/dev/null || ! command -v redis-cli >/dev/null; then
    skip "redis" "no redis-tools"
elif ! command -v python3 >/dev/null; then
    skip "redis" "no python3 to replay with"
else
    redis_tests
fi
