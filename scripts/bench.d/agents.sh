#!/bin/sh
# SPDX-License-Identifier: MIT
# llm-cost report over the logs of a coding agent, beside ccusage: CPU seconds, memory, and the same
# tokens; then the same logs with blanks behind the colons.
#
# usage: sh scripts/bench.d/agents.sh FOLDER-OF-BINARIES
# Environment: BENCH_DIR, where the logs are made and kept; BENCH_AGENTS_MB (281), their size;
#   CCUSAGE, the native program of the npm package ccusage (found in PATH if unset)
set -u
cd "$(dirname "$0")/../.." || exit 3
dir=${BENCH_DIR:-}
if [ -z "$dir" ]; then
	dir=$(mktemp -d) || exit 3
	trap 'rm -rf "$dir"' EXIT
	trap 'exit 130' INT TERM
fi
size=${BENCH_AGENTS_MB:-281}
for style in '' --blanks; do
	logs=$dir/bench-agents-$size$style
	# shellcheck disable=SC2086 # no word where it is empty
	[ -d "$logs" ] || python3 scripts/bench.d/agents.py "$logs" "$size" $style || exit 3
	python3 scripts/bench.d/agents-run.py "$1/llm-cost" "${CCUSAGE:-ccusage}" "$logs" || exit 1
done
