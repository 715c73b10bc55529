#!/bin/sh
# SPDX-License-Identifier: MIT
# llm-cost report beside DuckDB (the python module, one thread, typed) and jq: sums by model; then
# annotate, and ten million rows in any order and in parts, which must make the same report.
#
# usage: sh scripts/bench.d/report.sh FOLDER-OF-BINARIES
# Environment: BENCH_DIR, where the input is made and kept; BENCH_REPORT_MB (200), its size;
#   BENCH_REPORT_ROWS (10000000)
set -u
cd "$(dirname "$0")/../.." || exit 3
dir=${BENCH_DIR:-}
if [ -z "$dir" ]; then
	dir=$(mktemp -d) || exit 3
	trap 'rm -rf "$dir"' EXIT
	trap 'exit 130' INT TERM
fi
python3 scripts/bench.d/report.py "$1/llm-cost" "$dir" "${BENCH_REPORT_MB:-200}" "${BENCH_REPORT_ROWS:-10000000}"
