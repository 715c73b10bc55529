#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: how long a look-up takes does not tell one tenant what another has asked: two samples of 1,000
# probes, Kolmogorov-Smirnov. Only with LLM_CHECK_FULL, since it measures time.
. "$(dirname "$0")/../lib.sh"

if [ -z "${LLM_CHECK_FULL:-}" ]; then
	skip 'time of look-ups across tenants' 'it measures time (LLM_CHECK_FULL)'
	finish
fi
cat > "$T/probe.py" <<'P'
import json, math, random, subprocess, sys, time
random.seed(5)
store = sys.argv[1]
def row(kind, n, tenant, answered=False):
    r = {"custom_id": "%s%04d" % (kind, n), "body": {"model": "gpt-4o", "metadata": {"tenant": tenant}, "messages": [{"role": "user", "content": "%s %04d" % (kind, n)}]}}
    if answered:
        r["response"] = {"status_code": 200, "body": {"model": "gpt-4o", "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "x" * 2000}}]}}
        r["llm"] = {"cache": {"scope": tenant}}
    return json.dumps(r) + "\n"
# the victim has asked the first kind, nobody the second
subprocess.run(["llm-cache", "put", "--store", store, "--ttl", "inf"], input="".join(row("told", i, "victim", True) for i in range(1000)), text=True, check=True, stdout=subprocess.DEVNULL)
def probe(tenant):
    p = subprocess.Popen(["llm-cache", "get", "--store", store, "--scope", ".body.metadata.tenant"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    times, hits = {"told": [], "free": []}, 0
    order = [(k, i) for i in range(1000) for k in times]
    random.shuffle(order)
    for kind, i in order:
        line = row(kind, i, tenant).encode()
        began = time.perf_counter_ns()
        p.stdin.write(line)
        p.stdin.flush()
        hits += b'"hit":true' in p.stdout.readline()
        times[kind].append(time.perf_counter_ns() - began)
    p.stdin.close()
    p.wait()
    return times, hits
def p_value(x, y):
    n, m, i, j, d = len(x), len(y), 0, 0, 0.0
    x, y = sorted(x), sorted(y)
    while i < n and j < m:
        v = min(x[i], y[j])
        while i < n and x[i] == v: i += 1
        while j < m and y[j] == v: j += 1
        d = max(d, abs(i / n - j / m))
    z = d * math.sqrt(n * m / (n + m))
    return min(1, 2 * sum((-1) ** (k - 1) * math.exp(-2 * (k * z) ** 2) for k in range(1, 101)))
own, own_hits = probe("victim")
# one sample in a hundred is below .01 by chance: two in a row are not
tries = [probe("other") for _ in range(2)]
best = max(p_value(t["told"], t["free"]) for t, _ in tries)
print(own_hits, sum(h for _, h in tries), best > 0.01, p_value(own["told"], own["free"]) < 0.01)
P
eq 'hits of the owner, hits of another, times that tell nothing, a measure that sees a difference where there is one' \
	"$(python3 "$T/probe.py" "$T/store")" '1000 0 True True'
finish
