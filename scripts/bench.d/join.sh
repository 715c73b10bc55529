#!/bin/sh
# SPDX-License-Identifier: MIT
# join: shuffled results back onto their requests; time and memory, as it comes, with half of that
# memory and with all in memory. At each number of lines.
#
# usage: sh scripts/bench.d/join.sh FOLDER-OF-BINARIES
#   BENCH_JOIN_LINES ("1000000 10000000"; 12 GB of disk), BENCH_JOIN_MEMORY ("64M 128M 8G")
set -u
bin=$1
dir=$(mktemp -d) || exit 3
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
for n in ${BENCH_JOIN_LINES:-1000000 10000000}; do
awk -v n="$n" -v asked="$dir/asked" -v told="$dir/told" 'BEGIN {
	for (i = 0; i < n; i++) {
		printf "{\"custom_id\":\"request-%d\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"ticket %d\"}]}}\n", i, i > asked
		k = (i * 7919 + 13) % n
		printf "{\"id\":\"batch_req_%d\",\"custom_id\":\"request-%d\",\"response\":{\"status_code\":200,\"request_id\":\"r\",\"body\":{\"model\":\"gpt-4o-mini\",\"choices\":[{\"index\":0,\"finish_reason\":\"stop\",\"message\":{\"role\":\"assistant\",\"content\":\"fine\"}}],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":1,\"total_tokens\":11}}},\"error\":null}\n", k, k > told
	}
}'
# shellcheck disable=SC2086 # several
python3 - "$bin/llm-batch" "$dir" "$n" ${BENCH_JOIN_MEMORY:-64M 128M 8G} <<'P'
import resource, subprocess, sys, time
tool, folder, n = sys.argv[1], sys.argv[2], int(sys.argv[3])
# the smallest first: the largest child counts
for bound in sys.argv[4:]:
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run([tool, "join", "--memory=" + bound, "--requests", folder + "/asked", "-o", folder + "/joined", folder + "/told"], check=True)
    wall, u = time.monotonic() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = u.ru_utime + u.ru_stime - before.ru_utime - before.ru_stime
    print("join, %d shuffled lines, --memory %s: %.1f s, %.1f CPU seconds, %d MB of memory" % (n, bound, wall, cpu, u.ru_maxrss // 1024))
P
done
