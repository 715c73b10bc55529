#!/bin/sh
# SPDX-License-Identifier: MIT
# The exact cache beside bare SQLite, and on Redis: answers stored and hits a second, of the whole filter.
# CPU seconds, because the disk of a shared machine is nobody's own; the best of three.
#
# usage: sh scripts/bench.d/cache.sh FOLDER-OF-BINARIES      BENCH_ENTRIES (500000)
set -u
cd "$(dirname "$0")/../.." || exit 3
bin=$1 n=${BENCH_ENTRIES:-500000}
dir=$(mktemp -d) || exit 3
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
# shellcheck disable=SC2046 # flags are words
"${CC:-cc}" -std=c11 -D_GNU_SOURCE -O2 scripts/bench.d/cache.c -o "$dir/bare" $(pkg-config --cflags --libs sqlite3) || exit 3
awk -v n="$n" -v answered="$dir/answered" -v asked="$dir/asked" 'BEGIN {
	for (i = 0; i < n; i++) {
		r = sprintf("{\"custom_id\":\"r%d\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"system\",\"content\":\"You classify tickets into one of twelve categories and answer in JSON.\"},{\"role\":\"user\",\"content\":\"Ticket %d: my order has not arrived yet and I would like to know where it is, please.\"}],\"temperature\":0}", i, i)
		print r "}" > asked
		print r sprintf(",\"response\":{\"status_code\":200,\"request_id\":\"q%d\",\"body\":{\"id\":\"c%d\",\"object\":\"chat.completion\",\"created\":1700000000,\"model\":\"gpt-4o-2024-08-06\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"{\\\"category\\\":\\\"shipping\\\",\\\"order\\\":%d}\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":61,\"completion_tokens\":18,\"total_tokens\":79}}}}", i, i, i) > answered
	}
}'
# CPU and wall-clock seconds of a command whose output is counted
measure() {
	python3 - "$@" <<'P'
import os, resource, subprocess, sys, time
began = time.monotonic()
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
u = resource.getrusage(resource.RUSAGE_CHILDREN)
print("%.3f %.3f" % (u.ru_utime + u.ru_stime, time.monotonic() - began))
P
}
best() { # the same of three runs
	for _ in 1 2 3; do measure "$@"; done | sort -n | head -n 1
}
rate() { # WHAT "CPU WALL"
	echo "$2" | awk -v what="$1" -v n="$n" '{ printf "%-44s %9d a CPU second, %9d a second\n", what, n / $1, n / $2 }'
}
echo "exact cache, $n entries:"
rate 'llm-cache put, durable by batch' "$(measure "$bin/llm-cache" put --store "$dir/store" --ttl inf "$dir/answered")"
bytes=$("$bin/llm-cache" stats --store "$dir/store" --format json | jq '.bytes / .entries | floor')
rate 'llm-cache get, all hits' "$(best "$bin/llm-cache" get --store "$dir/store" "$dir/asked")"
printf '%-44s %9d a CPU second (rows of %d bytes)\n' 'bare SQLite, the same rows' "$("$dir/bare" "$dir/bare.db" "$n" "$bytes")" "$bytes"

# the same store on a server of its own, beside what the server itself gives one client
if ! command -v redis-server > /dev/null || ! command -v redis-benchmark > /dev/null; then
	echo 'no redis-server here: the shared store is not measured'
	exit 0
fi
redis-server --port 0 --unixsocket "$dir/sock" --dir "$dir" --save '' > "$dir/log" 2>&1 &
server=$!
trap 'kill "$server"; rm -rf "$dir"' EXIT
tries=100
while ! redis-cli -s "$dir/sock" PING > "$dir/pong" 2>&1 && [ $((tries -= 1)) -gt 0 ]; do sleep .05; done
rate 'llm-cache put, Redis' "$(measure "$bin/llm-cache" put --store "unix://$dir/sock" --store-timeout 30s --ttl inf "$dir/answered")"
rate 'llm-cache get, Redis, all hits' "$(best "$bin/llm-cache" get --store "unix://$dir/sock" --store-timeout 30s "$dir/asked")"
for depth in 1 16; do
	redis-benchmark -s "$dir/sock" -c 1 -P "$depth" -n "$n" -r "$n" -d "$bytes" -t get -q 2> /dev/null | tr '\r' '\n' |
		awk -v depth="$depth" '/per second/ { for (i = 1; i <= NF; i++) if ($i == "requests") printf "%-44s %33d a second\n", "Redis itself, GET, " depth " deep", $(i - 1) }'
done
