#!/bin/sh
# SPDX-License-Identifier: MIT
# The JSON scanner beside cJSON, simdjson and jq: reads and edits one field of each line.
#
# usage: sh scripts/bench.d/json.sh FOLDER-OF-BINARIES
# Environment: BENCH_DIR, where the input is made and kept; BENCH_JSON_MB (100), its size
set -u
cd "$(dirname "$0")/../.." || exit 3
bin=$1
dir=${BENCH_DIR:-}
if [ -z "$dir" ]; then
	dir=$(mktemp -d) || exit 3
	trap 'rm -rf "$dir"' EXIT
	trap 'exit 130' INT TERM
fi
cxx=${CXX:-c++}
for want in "$cxx" pkg-config python3; do
	command -v "$want" > /dev/null || { echo "JSON: left out, $want is not installed"; exit 0; }
done
if ! pkg-config --exists simdjson libcjson; then
	echo 'JSON: left out, libsimdjson-dev or libcjson-dev is not installed'
	exit 0
fi
input=$dir/bench-json-${BENCH_JSON_MB:-100}.jsonl
[ -s "$input" ] || python3 scripts/bench.d/json-lines.py "${BENCH_JSON_MB:-100}" > "$input" || exit 3
# shellcheck disable=SC2046 # flags are words
{
	"${CC:-cc}" -std=c11 -D_GNU_SOURCE -O2 -Ilib $(pkg-config --cflags libcjson) -c scripts/bench.d/json.c -o "$dir/bench-json.o" &&
		"$cxx" -std=c++17 -O2 $(pkg-config --cflags simdjson) -c scripts/bench.d/json.cpp -o "$dir/bench-simdjson.o" &&
		"$cxx" -o "$dir/bench-json" "$dir/bench-json.o" "$dir/bench-simdjson.o" "$bin/libllm.a" $(pkg-config --libs libcjson simdjson) -lm
} || exit 3
jq_speed=
if command -v jq > /dev/null; then
	jq_speed=$(python3 -c '
import os, subprocess, sys
text = open(sys.argv[1], "rb").read(20000000).rsplit(b"\n", 1)[0] + b"\n"
least = 1e9
for _ in range(2):
    before = os.times()
    subprocess.run(["jq", "-c", ".body.model = \"other-2\""], input=text, stdout=subprocess.DEVNULL, check=True)
    after = os.times()
    least = min(least, after[2] + after[3] - before[2] - before[3])
print(len(text) / 1e6 / least)' "$input")
fi
"$dir/bench-json" "$input" "$jq_speed"
