#!/bin/sh
# SPDX-License-Identifier: MIT
# join: shuffled results back onto their requests; time and memory.
#
# usage: sh scripts/bench.d/join.sh FOLDER-OF-BINARIES      BENCH_JOIN_LINES (1000000)
set -u
bin=$1 n=${BENCH_JOIN_LINES:-1000000}
dir=$(mktemp -d) || exit 3
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
awk -v n="$n" -v asked="$dir/asked" -v told="$dir/told" 'BEGIN {
	for (i = 0; i < n; i++) {
		printf "{\"custom_id\":\"request-%d\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"ticket %d\"}]}}\n", i, i > asked
		k = (i * 7919 + 13) % n
		printf "{\"id\":\"batch_req_%d\",\"custom_id\":\"request-%d\",\"response\":{\"status_code\":200,\"request_id\":\"r\",\"body\":{\"model\":\"gpt-4o-mini\",\"choices\":[{\"index\":0,\"finish_reason\":\"stop\",\"message\":{\"role\":\"assistant\",\"content\":\"fine\"}}],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":1,\"total_tokens\":11}}},\"error\":null}\n", k, k > told
	}
}'
python3 - "$bin/llm-batch" "$dir" "$n" <<'P'
import resource, subprocess, sys, time
tool, folder, n = sys.argv[1], sys.argv[2], int(sys.argv[3])
begin = time.monotonic()
subprocess.run([tool, "join", "--requests", folder + "/asked", "-o", folder + "/joined", folder + "/told"], check=True)
wall = time.monotonic() - begin
u = resource.getrusage(resource.RUSAGE_CHILDREN)
print("join, %d shuffled lines: %.1f s, %.1f CPU seconds, %d MB of memory" % (n, wall, u.ru_utime + u.ru_stime, u.ru_maxrss // 1024))
P
