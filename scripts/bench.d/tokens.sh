#!/bin/sh
# SPDX-License-Identifier: MIT
# The token counter beside gigatoken, toktok-rs, quicktok-v1, tiktoken (PyPI) and bpe-openai (crate).
#
# usage: sh scripts/bench.d/tokens.sh FOLDER-OF-BINARIES [--full] [--ours] [--only PART]
#   --full   also 1 GB of distinct text, and cl100k_base
#   --ours   without rivals
#   --only   text, log, cold, runs or size
# Environment: BENCH_DIR, where texts and rivals are made and kept (default: a scratch folder);
#   BENCH_ROUNDS (3), of which the best counts; LLM_TEST_DATA, whose texts are used too
set -u
cd "$(dirname "$0")/../.." || exit 3
bin=$(cd "${1:-build}" && pwd) || exit 3
[ $# = 0 ] || shift
dir=${BENCH_DIR:-}
if [ -z "$dir" ]; then
	dir=$(mktemp -d) || exit 3
	trap 'rm -rf "$dir"' EXIT
	trap 'exit 130' INT TERM
fi
for want in python3 pkg-config "${CC:-cc}"; do
	command -v "$want" > /dev/null || { echo "tokens: left out, $want is not installed"; exit 0; }
done
mkdir -p "$dir" || exit 3
# shellcheck disable=SC2046 # flags are words
"${CC:-cc}" -std=c11 -D_GNU_SOURCE -O2 -Ilib -o "$dir/bench-tokens" scripts/bench.d/tokens.c "$bin/libllm.a" \
	$(pkg-config --libs libutf8proc libcjson libpcre2-8 libzstd libcrypto) -lm || exit 3
exec python3 scripts/bench.d/tokens.py "$bin" "$dir" "$@"
