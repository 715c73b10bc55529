#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: the race of SQLite's WAL reset (every version before 3.51.3) cannot reach a store: a WAL store is not
# used with such a library, and 64 processes that write while another one forces checkpoints damage nothing.
. "$(dirname "$0")/../lib.sh"

row() { # N: an answered record
	printf '{"custom_id":"%s","body":{"model":"gpt-4o","messages":[{"role":"user","content":"q%s"}]},"response":{"status_code":200,"body":{"model":"gpt-4o","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"a%s"}}]}}}\n' "$1" "$1" "$1"
}
row 0 > "$T/one"
affected=$(llm-cache --version | awk '{ for (i = 1; i < NF; i++) if ($i == "SQLite") split($(i + 1), v, /[.,]/) }
	END { print v[1] * 1000000 + v[2] * 1000 + v[3] < 3051003 }')
mode=wal
[ "$affected" = 0 ] || mode=delete

t 'a store' 0 llm-cache put --store "$T/s" --ttl inf "$T/one"
eq 'has the journal that this library may use' "$(python3 -c 'import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute("pragma journal_mode").fetchone()[0])' "$T/s")" "$mode"

# --- another program makes it a WAL database, and keeps it open
cat > "$T/hold.py" <<'P'
import sqlite3, sys
d = sqlite3.connect(sys.argv[1])
d.execute("pragma journal_mode=wal")
d.execute("begin"); d.execute("select count(*) from state").fetchone()
print("open", flush=True)
sys.stdin.read()
P
if [ "$affected" = 1 ]; then
	mkfifo "$T/hold"
	python3 "$T/hold.py" "$T/s" < "$T/hold" > "$T/held" &
	exec 9> "$T/hold"
	tries=100
	while [ ! -s "$T/held" ] && [ $((tries -= 1)) -gt 0 ]; do sleep .05; done
	for command in get put; do
		t "$command, while it is one" 3 llm-cache $command --store "$T/s" --store-timeout 100ms "$T/one"
		eq "the records pass $command all the same" "$(jq -c .custom_id "$T/out")" '"0"'
		eq 'and it is named once' "$(grep -c 'going on without it' "$T/err")" 1
	done
	exec 9>&-
	wait
	t 'what only reads' 3 llm-cache export --store "$T/s"
	has 'refuses it by name' "$T/err" 'is in WAL mode, which this version of SQLite can corrupt'
	jq -c 'del(.response)' "$T/one" > "$T/asked"
	t 'once nobody has it open' 0 llm-cache get --store "$T/s" "$T/asked"
	eq 'it is read again' "$(jq -c .llm.cache.hit "$T/out")" true
	eq 'and is a WAL database no more' "$(python3 -c 'import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute("pragma journal_mode").fetchone()[0])' "$T/s")" "$mode"
else
	skip 'a WAL store is refused' 'this SQLite has no need of it'
fi

# --- 64 writers, and checkpoints all the time
cat > "$T/many.py" <<'P'
# argv: store, writers, answers of each; prints ends that were not 0, messages, checks of the whole file that failed
import json, sqlite3, subprocess, sys, time
store, writers, each = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
def line(n):
    return json.dumps({"custom_id": "%d" % n, "body": {"model": "gpt-4o", "messages": [{"role": "user", "content": "q%d" % n}]}, "response": {"status_code": 200, "body": {"model": "gpt-4o",
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "a%d " % n * 50}}]}}}) + "\n"
running = []
for w in range(writers):
    p = subprocess.Popen(["llm-cache", "put", "--store", store, "--store-timeout", "60s", "--ttl", "inf"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    p.stdin.write("".join(line(w * each + i) for i in range(each)).encode())
    p.stdin.close()
    running.append(p)
d = sqlite3.connect(store, timeout=60)
bad = rounds = 0
while rounds < 5 or any(p.poll() is None for p in running):
    d.execute("pragma wal_checkpoint(truncate)").fetchall()
    if rounds % 5 == 0: bad += d.execute("pragma integrity_check").fetchone()[0] != "ok"
    rounds += 1
    time.sleep(.02)
bad += d.execute("pragma integrity_check").fetchone()[0] != "ok"
print(sum(p.wait() != 0 for p in running), sum(len(p.stderr.read()) for p in running), bad)
P
each=10
[ -z "${LLM_CHECK_FULL:-}" ] || each=500
t 'an empty store' 0 llm-cache put --store "$T/many" --ttl inf /dev/null
eq '64 writers and forced checkpoints: none fails, no message, no damage' "$(python3 "$T/many.py" "$T/many" 64 $each)" '0 0 0'
eq 'and nothing is lost' "$(llm-cache export --store "$T/many" | wc -l)" $((64 * each))
finish
