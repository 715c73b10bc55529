#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: eight writers, of whom one is killed again and again in the middle of writing: nothing that was
# acknowledged is lost, nothing is damaged; on a file, on Redis, and where Redis itself is killed.
# LLM_CHECK_FULL: 1,000 times instead of 30
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/redis.sh"

cat > "$T/kill.py" <<'P'
# argv: store, kills, command to run once in the middle. What comes back out of put while it waits for
# more is acknowledged, unless it said that the store failed: it was written before.
import json, os, random, subprocess, sys, tempfile, threading, time
store, kills, middle = sys.argv[1], int(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else None
random.seed(7)
put = ["llm-cache", "put", "--store", store, "--store-timeout", "30s", "--ttl", "inf"]
safe, lock, stop = [], threading.Lock(), threading.Event()
running = {}
def question(n):
    return {"custom_id": "%d" % n, "body": {"model": "gpt-4o", "messages": [{"role": "user", "content": "q%d" % n}]}}
def answered(n):
    return dict(question(n), response={"status_code": 200, "body": {"model": "gpt-4o", "choices": [{"index": 0, "finish_reason": "stop",
        "message": {"role": "assistant", "content": "a%d " % n + "%x" % (n * 7919) * 200}}]}})
def writer(me):
    n = me * 10000000
    while not stop.is_set():
        said = tempfile.TemporaryFile()
        p = subprocess.Popen(put, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said)
        with lock: running[me] = p
        try:
            while not stop.is_set():
                rows = range(n, n + 10)
                n += 10
                p.stdin.write("".join(json.dumps(answered(i)) + "\n" for i in rows).encode())
                p.stdin.flush()
                if sum(p.stdout.readline() != b"" for _ in rows) < 10 or os.fstat(said.fileno()).st_size: break
                with lock: safe.extend(rows)
        except OSError: pass
        with lock: running[me] = None
        try: p.stdin.close()
        except OSError: pass
        p.wait()
threads = [threading.Thread(target=writer, args=(i,)) for i in range(8)]
for t in threads: t.start()
killed = 0
while killed < kills:
    time.sleep(random.random() * 0.03)
    with lock:
        p = running.get(random.randrange(8))
        if p:
            p.kill()
            killed += 1
    if middle and killed == kills // 2:
        subprocess.run(middle, shell=True, check=True)
        middle = None
time.sleep(0.2)
stop.set()
for t in threads: t.join()
lost = wrong = 0
asked = "".join(json.dumps(question(n)) + "\n" for n in safe)
out = subprocess.run(["llm-cache", "get", "--store", store, "--store-timeout", "30s"], input=asked, capture_output=True, text=True, check=True).stdout.splitlines()
for n, row in zip(safe, out):
    r = json.loads(row)
    if not r["llm"]["cache"]["hit"]: lost += 1
    else: wrong += r["response"] != answered(n)["response"]
print(lost, wrong, len(out) == len(safe), len(safe) > 8 * 10)
P
kills=30
[ -z "${LLM_CHECK_FULL:-}" ] || kills=1000

eq "a file, $kills kills: nothing lost, nothing wrong" "$(python3 "$T/kill.py" "$T/file" "$kills")" '0 0 True True'
eq 'nothing damaged' "$(python3 -c 'import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute("pragma integrity_check").fetchone()[0])' "$T/file")" ok
eq 'the counts are right' "$(llm-cache stats --store "$T/file" --format json | jq .entries)" "$(llm-cache export --store "$T/file" | wc -l)"
redis_there 'the same on Redis' || finish
redis --loglevel warning
eq "Redis, $kills kills: nothing lost, nothing wrong" "$(python3 "$T/kill.py" "unix://$redis_socket" "$kills")" '0 0 True True'
eq 'the counts are right' "$(llm-cache stats --store "unix://$redis_socket" --format json | jq .entries)" "$(cli --scan --pattern '*}:e:*' | wc -l)"
stop_redis

# a server that writes before it answers: killed and started anew
cat > "$T/again" <<E2
kill -9 \$(cat '$T/redis/pid')
sleep .2
rm -f '$T/redis/sock'
redis-server --port 0 --unixsocket '$T/redis/sock' --dir '$T/redis' --save '' --appendonly yes --appendfsync always --pidfile '$T/redis/pid' --daemonize yes > '$T/redis/log2' 2>&1
i=0
while [ "\$(redis-cli -s '$T/redis/sock' PING 2> /dev/null)" != PONG ] && [ \$((i += 1)) -lt 200 ]; do sleep .05; done
E2
redis --appendonly yes --appendfsync always
echo "$server_pid" > "$T/redis/pid"
eq 'Redis itself is killed: nothing lost, nothing wrong' "$(python3 "$T/kill.py" "unix://$redis_socket" 12 "sh $T/again")" '0 0 True True'
kill "$(cat "$T/redis/pid")"
server_pid=''
finish
