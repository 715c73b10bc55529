#!/bin/sh
# SPDX-License-Identifier: MIT
# Compression: what is kept of the answers at 10, 20 and 33 % of the words (the ranking of lib/rank
# by the words budget of scripts/fit.d/rank.c; weights of NQ fitted on the odd half, those of QMSum
# on its train split), logs, key-value retrieval, budgets, speed, and rivals where they are installed.
#
# usage: sh scripts/bench.d/compress.sh FOLDER-OF-BINARIES
# Environment: LLM_TEST_DATA, without which it is left out; BENCH_DIR, where the sets are kept
set -u
cd "$(dirname "$0")/../.." || exit 3
bin=$1
dir=${BENCH_DIR:-}
if [ -z "$dir" ]; then
	dir=$(mktemp -d) || exit 3
	trap 'rm -rf "$dir"' EXIT
	trap 'exit 130' INT TERM
fi
for want in "${CC:-cc}" pkg-config python3; do
	command -v "$want" > /dev/null || { echo "compression: left out, $want is not installed"; exit 0; }
done
if ! [ -d "${LLM_TEST_DATA:-}/compress" ]; then
	echo 'compression: left out, LLM_TEST_DATA is not set'
	exit 0
fi
mkdir -p "$dir/compress"
[ -s "$dir/compress/kv-requests.jsonl" ] ||
	python3 scripts/bench.d/compress-sets.py "$LLM_TEST_DATA/compress" "$dir/compress" || exit 3
# shellcheck disable=SC2046 # flags are words
"${CC:-cc}" -std=c11 -D_GNU_SOURCE -O2 -Ilib -o "$dir/compress/rank" scripts/fit.d/rank.c "$bin/libllm.a" \
	$(pkg-config --libs libcjson libutf8proc libpcre2-8) -lm || exit 3
off='phrase=0 kind=0 first=0 part=0 diverse=0 meaning=0 meaning_section=0 feedback=0 far=0 window=0'
echo 'NQ, 20 paragraphs: answer kept at 10 / 20 / 33 % of words (to reach .92 / .95 / .96)'
for half in even odd; do
	"$dir/compress/rank" score "$dir/compress/nq.jsonl" $half
done
echo 'the same by BM25 of sentences with the title'
# shellcheck disable=SC2086 # words
"$dir/compress/rank" score "$dir/compress/nq.jsonl" even unit=1 heading=1 b=.5 section=0 near=0 $off
echo 'QMSum validation: gold words kept at 10 / 20 / 33 % of words (to reach .48 / .63 / .75)'
for half in even odd; do
	"$dir/compress/rank" score "$dir/compress/qmsum.jsonl" $half
done
echo 'the same by BM25 smoothed over the neighbours'
# shellcheck disable=SC2086 # words
"$dir/compress/rank" score "$dir/compress/qmsum.jsonl" even near=1 width=40 $off
python3 scripts/bench.d/compress-score.py "$bin" "$dir/compress"
