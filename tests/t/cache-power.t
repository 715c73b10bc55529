#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: the power goes at any moment while put writes: the store opens, nothing that came back out of put is
# lost. A disk is imagined that keeps what was synced and loses or shuffles the rest (tests/power).
# LLM_CHECK_FULL: every moment instead of 40
. "$(dirname "$0")/../lib.sh"

if [ -n "${LLM_SANITIZED:-}" ]; then
	skip 'the power goes' 'a sanitizer comes before what is preloaded'
	finish
fi
if ! "${CC:-cc}" -std=c11 -D_GNU_SOURCE -shared -fPIC -o "$T/shim.so" "$TOP/tests/power/shim.c" -ldl 2> "$T/err"; then
	skip 'the power goes' 'no compiler'
	finish
fi
mkdir "$T/disk" "$T/after"
cat > "$T/feed.py" <<'P'
# ten batches of answers, each only when the one before has come back; some questions come twice
import json, os, subprocess, sys
p = subprocess.Popen(["llm-cache", "put", "--store", sys.argv[1], "--ttl", "inf", "--max-entries", "60"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    env=dict(os.environ, LD_PRELOAD=sys.argv[2], POWER_LOG=sys.argv[3], POWER_DIR=sys.argv[4]))
for batch in range(10):
    for i in range(5):
        n = batch * 5 + i
        p.stdin.write((json.dumps({"custom_id": "%d" % n, "body": {"model": "gpt-4o", "messages": [{"role": "user", "content": "q%d" % n}]}, "response": {"status_code": 200, "body": {"model": "gpt-4o",
            "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "a%d " % n + "%x" % (n * 7919) * 300}}]}}}) + "\n").encode())
    p.stdin.flush()
    for _ in range(5): p.stdout.readline()
p.stdin.close()
sys.exit(p.wait())
P
rounds=40
[ -z "${LLM_CHECK_FULL:-}" ] || rounds=1000000
t 'put on a disk that is watched' 0 python3 "$T/feed.py" "$T/disk/store" "$T/shim.so" "$T/log" "$T/disk"
eq 'enough moments, enough answers; damaged, lost and wrong ones' "$(python3 "$TOP/tests/power/power.py" "$T/log" "$T/disk/store" "$T/after" "$rounds")" 'True True 0 0 0'
finish
