#!/bin/sh
# SPDX-License-Identifier: MIT
# The built-in table: how fast it embeds short questions on one core, and how many semantic hits it
# gives at 5 % wrong on BANKING77, beside character TF-IDF in the same run.
#
# usage: sh scripts/bench.d/meaning.sh FOLDER-OF-BINARIES      LLM_TEST_DATA: where the questions are
set -u
cd "$(dirname "$0")/../.." || exit 3
bin=$1
if [ -z "${LLM_TEST_DATA:-}" ]; then
	echo 'meaning: LLM_TEST_DATA is not set: nothing measured'
	exit 0
fi
dir=$(mktemp -d) || exit 3
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
# shellcheck disable=SC2046 # flags are words
"${CC:-cc}" -std=c11 -D_GNU_SOURCE -O2 -Ilib scripts/bench.d/meaning.c -o "$dir/meaning" \
	-Wl,--as-needed "$bin/libllm.a" $(pkg-config --libs libutf8proc) -lm || exit 3
"${CC:-cc}" -std=c11 -O2 -fPIC -shared scripts/bench.d/meaning-replay.c -o "$dir/replay.so" || exit 3
python3 scripts/bench.d/meaning.py "$LLM_TEST_DATA" lines > "$dir/lines" || exit 3
printf 'short questions embedded: %s a CPU second (%s without AVX2)\n' \
	"$("$dir/meaning" speed 7 < "$dir/lines")" \
	"$(LLM_SIMD=portable "$dir/meaning" speed 7 < "$dir/lines")"
if ! python3 -c 'import numpy' 2> /dev/null; then
	echo 'semantic hits: not counted, numpy is not here'
	exit 0
fi
"$dir/meaning" vectors < "$dir/lines" > "$dir/vectors"
python3 scripts/bench.d/meaning.py "$LLM_TEST_DATA" "$dir/replay.so" "table=$dir/vectors"
