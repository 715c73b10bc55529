#!/bin/sh
# SPDX-License-Identifier: MIT
# llm-route: requests routed a second, JSON included, by rules and by a linear model; the worst line of catastrophic patterns; the
# same decisions in another order. CPU seconds of the whole filter, the best of five.
#
# The rival's figure is RouteLLM's own for its matrix-factorisation router: 155 requests a second.
#
# usage: sh scripts/bench.d/route.sh FOLDER-OF-BINARIES      BENCH_ROWS (100000)
set -u
bin=$1 n=${BENCH_ROWS:-100000}
dir=$(mktemp -d) || exit 3
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
cat > "$dir/routes" << 'R'
tier small gpt-4o-mini gpt-4.1-nano
tier middle gpt-4.1-mini
tier large gpt-4.1 gpt-4o
profile extraction max_tokens=300
rule easy complexity=simple -> small
rule hard complexity=complex -> large
default -> middle
R
# short tickets, and questions of some hundred bytes
awk -v n="$n" -v short="$dir/short" -v long="$dir/long" 'BEGIN {
	split("refund invoice parcel password delivery account order printer subscription address", w, " ")
	split("Explain why|Classify this ticket:|What is|Extract the names and dates from|Translate:|Design an architecture for|Summarize", v, "|")
	for (i = 0; i < n; i++) {
		head = sprintf("{\"custom_id\":\"r%d\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":{\"model\":\"gpt-4o\",\"max_tokens\":200,\"messages\":[{\"role\":\"user\",\"content\":\"%s my %s number %d about the %s", i, v[i % 7 + 1], w[i % 10 + 1], i, w[int(i / 10) % 10 + 1])
		print head "\"}]}}" > short
		for (k = 0; k < 12; k++) head = head sprintf(". The %s was sent to the %s %d days ago and nobody answered", w[(i + k) % 10 + 1], w[(i * 7 + k) % 10 + 1], (i + k) % 90)
		print head "\"}]}}" > long
	}
}'
# CPU seconds of a command
measure() {
	python3 - "$@" <<'P'
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
u = resource.getrusage(resource.RUSAGE_CHILDREN)
print("%.4f" % (u.ru_utime + u.ru_stime))
P
}
best() { # COMMAND...
	for _ in 1 2 3 4 5; do measure "$@"; done | sort -n | head -n 1
}
start=$(best "$bin/llm-route" -r "$dir/routes" /dev/null)
for kind in short long; do
	used=$(best "$bin/llm-route" -r "$dir/routes" "$dir/$kind")
	bytes=$(head -n 1000 "$dir/$kind" | wc -c | awk '{ print int($1 / 1000) }')
	echo "$used $start" | awk -v n="$n" -v kind="$kind" -v bytes="$bytes" '{ printf "routed, %s requests of %d bytes: %29d a CPU second (RouteLLM: 155)\n", kind, bytes, n / ($1 - $2) }'
done
printf 'tier small gpt-4o-mini gpt-4.1-nano\ntier large gpt-4.1 gpt-4o\ndefault -> learned\n' > "$dir/learned"
# prompts of the same kind, and whether they speak of money
head -n 1500 "$dir/short" | sed 's/.*"content":\("[^"]*"\).*/{"prompt":\1,"strong":true,"weak":/
	/refund\|invoice/s/$/false}/
	/"weak":$/s/$/true}/' > "$dir/labels"
"$bin/llm-route" train -q --kind linear --weak .weak --strong .strong -o "$dir/model" "$dir/labels" || exit 3
linear() { # FILE
	best "$bin/llm-route" -r "$dir/learned" --model-file "$dir/model" "$1"
}
echo "$(linear "$dir/short") $(linear /dev/null)" | awk -v n="$n" '{ printf "routed by a linear model, short requests: %24d a CPU second (to reach: 200000)\n", n / ($1 - $2) }'

# patterns that never end, each on its megabyte: what a line takes beyond one without a pattern
awk 'BEGIN { printf "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\""; for (i = 0; i < 100000; i++) printf "aaaaaaaaaa"; print "!\"}]}" }' > "$dir/line"
for _ in 1 2 3 4 5 6 7 8 9 10; do cat "$dir/line"; done > "$dir/lines"
printf 'default -> keep\n' > "$dir/plain"
plain=$(best "$bin/llm-route" -r "$dir/plain" "$dir/lines")
worst=0
for pattern in '^(\w+\s?)*$' '(a+)+$' '(a|aa)+$' '(a|a?)+$' '(.*a){20}$' '(x+x+)+y|(a*)*b' '^(([a-z])+.)+[A-Z]([a-z])+$' '(?=(a+))a*b'; do
	printf 'rule x text~/%s/ -> gpt-4.1\ndefault -> keep\n' "$pattern" > "$dir/bad"
	used=$(best "$bin/llm-route" -r "$dir/bad" "$dir/lines")
	worst=$(echo "$used $plain $worst" | awk '{ ms = ($1 - $2) * 100; print (ms > $3 ? ms : $3) }')
done
printf 'catastrophic patterns, 1 MB, the worst of 8: %17.1f ms a line (bound: 10)\n' "$worst"

# other order, other instruction set
"$bin/llm-route" -r "$dir/routes" "$dir/short" | sort > "$dir/one"
sort -r "$dir/short" | LLM_SIMD=portable "$bin/llm-route" -r "$dir/routes" | sort > "$dir/other"
same=identical
cmp -s "$dir/one" "$dir/other" || same=DIFFERENT
"$bin/llm-route" -r "$dir/learned" --model-file "$dir/model" "$dir/short" | sort > "$dir/one"
sort -r "$dir/short" | LLM_SIMD=portable "$bin/llm-route" -r "$dir/learned" --model-file "$dir/model" | sort > "$dir/other"
cmp -s "$dir/one" "$dir/other" || same=DIFFERENT
printf 'decisions in another order, without SIMD: %20s (%d rows)\n' "$same" "$n"
