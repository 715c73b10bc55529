#!/bin/sh
# SPDX-License-Identifier: MIT
# Semantic hits on BANKING77 and a set of swapped pairs, and the search for the nearest vector, by the
# parts that llm-cache get --semantic is made of (semantic.c tells how each is counted).
#
# usage: sh scripts/bench.d/semantic.sh FOLDER-OF-BINARIES
# Environment: LLM_TEST_DATA (its semantic folder); LLM_ENCODER, a file for --encoder, adds its rows
set -u
bin=$1
dir=${BENCH_DIR:-/tmp}/semantic
data=${LLM_TEST_DATA:-}/semantic
top=$(cd "$(dirname "$0")/../.." && pwd)
mkdir -p "$dir"
if [ ! -f "$bin/libllm.a" ] || [ ! -f "$data/banking77-test.csv" ]; then
	echo "semantic: left out: no $bin/libllm.a, or LLM_TEST_DATA is not set"
	exit 0
fi
# shellcheck disable=SC2046 # a list of flags
if ! ${CC:-cc} -O3 -march=native -std=c11 -D_GNU_SOURCE -I"$top/lib" -o "$dir/semantic" "$top/scripts/bench.d/semantic.c" "$bin/libllm.a" \
	$(pkg-config --libs libutf8proc libcrypto) -lm; then
	exit 3
fi
for part in train test; do
	python3 - "$data/banking77-$part.csv" > "$dir/$part.tsv" << 'END'
import csv, sys
with open(sys.argv[1], encoding="utf-8") as f:
    for row in csv.DictReader(f):
        print(row["category"] + "\t" + " ".join(row["text"].split()))
END
done
python3 "$top/scripts/bench.d/semantic-swaps.py" "$data" > "$dir/swaps.tsv"
python3 "$top/scripts/bench.d/semantic-swaps.py" "$data" --rewordings > "$dir/rewordings.tsv"
echo "semantic: hits and wrong ones of them; with the lexical gate unless said"
for encoder in '' ${LLM_ENCODER:+"encoder=$LLM_ENCODER"}; do
	echo "embedding: ${encoder:-table}"
	# shellcheck disable=SC2086 # empty: no argument
	{
		"$dir/semantic" lookup "$dir/train.tsv" "$dir/test.tsv" $encoder
		echo "without the gate:"
		"$dir/semantic" lookup "$dir/train.tsv" "$dir/test.tsv" gate=0 $encoder
		"$dir/semantic" stream+online "$dir/train.tsv" "$dir/test.tsv" bound=0.05 bound=0.02 $encoder
		echo "without the gate:"
		"$dir/semantic" stream "$dir/train.tsv" "$dir/test.tsv" gate=0 $encoder
		"$dir/semantic" swap "$dir/swaps.tsv" $encoder
		"$dir/semantic" swap "$dir/rewordings.tsv" $encoder
		"$dir/semantic" nearest "$dir/train.tsv" "$dir/test.tsv" $encoder
	}
done
