#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: whatever the moment at which submit and sync are killed, at four providers, a file becomes one batch and each
# request gets its answer once; what nobody can know is said. LLM_CHECK_FULL: 1,000 jobs instead of 16
. "$(dirname "$0")/../lib.sh"

export LLM_API_KEY=canary
rounds=16
[ -z "${LLM_CHECK_FULL:-}" ] || rounds=1000
provider
mkdir "$T/jobs"
t "$rounds jobs" 0 python3 "$TOP/tests/batch_kill.py" $rounds "$port" "$T/provider.log" "$T/jobs"
has 'none is lost, none created twice' "$T/out" ' 0 wrong'
holds 'most of them were killed on their way' test "$(tail -n 1 "$T/out" | sed 's/.*rounds, \([0-9]*\) kills.*/\1/')" -ge $((rounds / 2))
finish
