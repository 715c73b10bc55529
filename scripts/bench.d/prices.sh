#!/bin/sh
# SPDX-License-Identifier: MIT
# Price arithmetic alone: bills a second, from counts to the exact sum.
#
# usage: sh scripts/bench.d/prices.sh FOLDER-OF-BINARIES
set -u
cd "$(dirname "$0")/../.." || exit 3
dir=$(mktemp -d) || exit 3
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
# shellcheck disable=SC2046 # flags are words
"${CC:-cc}" -std=c11 -D_GNU_SOURCE -O2 -Ilib scripts/bench.d/prices.c -o "$dir/prices" "$1/libllm.a" \
	$(pkg-config --libs libcjson libutf8proc libpcre2-8 sqlite3 libcrypto libzstd) -ldl -lm || exit 3
"$dir/prices"
