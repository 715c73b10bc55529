#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: llm-cache and the ledger of limits do on a real Redis what they do on a file: the same tests,
# on a server.
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/redis.sh"

real=$(dirname "$(command -v llm-cache)")
redis_there 'the tests of a file on Redis' || finish
redis --loglevel warning
mkdir "$T/bin"
for tool in llm-route llm-compress; do ln -s "$real/$tool" "$T/bin/$tool"; done
for tool in llm-cache llm-cost llm-batch; do ln -s "$TOP/tests/redis-tool" "$T/bin/$tool"; done
for name in cache cache-semantic cache-upkeep cost-limit batch-run-limit; do
	LLM_TEST_SOCKET=$redis_socket LLM_TEST_REAL=$real LLM_BIN=$T/bin TMPDIR=$T sh "$TOP/tests/t/$name.t" > "$T/inner" 2>&1
	code=$?
	eq "$name.t on Redis" "$code $(grep -A3 '^not ok' "$T/inner")" '0 '
	holds 'was more than a few checks' test "$(grep -c '^ok' "$T/inner")" -ge 20
done
finish
