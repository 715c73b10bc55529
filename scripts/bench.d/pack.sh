#!/bin/sh
# SPDX-License-Identifier: MIT
# validate and pack: megabytes a second, without and with a limit on tokens.
#
# usage: sh scripts/bench.d/pack.sh FOLDER-OF-BINARIES      BENCH_PACK_MB (200)
set -u
cd "$(dirname "$0")/../.." || exit 3
bin=$1 mb=${BENCH_PACK_MB:-200}
dir=$(mktemp -d) || exit 3
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
text='The order has not arrived yet, and the customer would like to know where it is, whether it was sent at all, and who will pay if it was lost on its way. Please answer in two friendly sentences, name the number of the order, and promise nothing that the terms of delivery do not promise.'
awk -v mb="$mb" -v t="$text" 'BEGIN { for (size = 0; size < mb * 1e6; size += length(r) + 1) { r = sprintf("{\"custom_id\":\"r%d\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"system\",\"content\":\"You answer mail.\"},{\"role\":\"user\",\"content\":\"Order %d. %s %s %s\"}],\"max_tokens\":200}}", i, i, t, t, t); i++; print r } }' > "$dir/in"
rate() { # WHAT COMMAND...
	what=$1
	shift
	best=0
	for _ in 1 2 3; do
		rm -rf "$dir/parts"
		got=$(python3 - "$dir/in" "$@" <<'P'
import os, resource, subprocess, sys
subprocess.run(sys.argv[2:], stdout=subprocess.DEVNULL, check=True)
u = resource.getrusage(resource.RUSAGE_CHILDREN)
print("%.0f %d" % (os.path.getsize(sys.argv[1]) / 1e6 / (u.ru_utime + u.ru_stime), u.ru_maxrss // 1024))
P
)
		[ "${got% *}" -gt "$best" ] && best=${got% *} && memory=${got#* }
	done
	printf '%-44s %6d MB a CPU second, %d MB of memory\n' "$what" "$best" "$memory"
}
echo "validate and pack, $mb MB of requests:"
rate 'validate --for openai' "$bin/llm-batch" validate --for openai "$dir/in"
rate 'pack --for openai' "$bin/llm-batch" pack -q --for openai -d "$dir/parts" "$dir/in"
rate 'pack --for openai --max-tokens 1000000' "$bin/llm-batch" pack -q --for openai -d "$dir/parts" --max-tokens 1000000 "$dir/in"
