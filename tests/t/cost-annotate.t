#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: llm-cost annotate writes the bill on each record; its parts add up to the last digit.
. "$(dirname "$0")/../lib.sh"

cat > "$T/prices.json" <<'J'
{"acme-large":{"litellm_provider":"acme","mode":"chat","input_cost_per_token":2.5e-06,"output_cost_per_token":1e-05,
  "cache_read_input_token_cost":1.25e-06}}
J
cat > "$T/log.jsonl" <<'J'
{"custom_id":"a","n":1.0,"body":{"model":"acme-large","messages":[{"role":"user","content":"hi"}]},"response":{"status_code":200,"body":{"model":"acme-large","usage":{"prompt_tokens":1001,"completion_tokens":333,"total_tokens":1334,"prompt_tokens_details":{"cached_tokens":77}}}},"n":2}
{"custom_id":"b","body":{"model":"acme-large","messages":[{"role":"user","content":"hi"}]}}
{"what":"is this"}
{"model":"acme-other","usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2},"llm":{"v":1,"route":{"rule":"x"},"cost":{"usd":"99"}}}
J
t 'annotate: a model without a price' 4 llm-cost annotate --prices "$T/prices.json" "$T/log.jsonl"
cp "$T/out" "$T/annotated"
has 'it is named on standard error' "$T/err" "$T/log.jsonl:4: unpriced"
sed "s|$T/||g" "$T/out" > "$T/plain"
golden 'annotated' "$T/plain" cost-annotate.jsonl
# 924 x 2.5 + 77 x 1.25 + 333 x 10 millionths
eq 'usd' "$(head -n 1 "$T/annotated" | jq -r .llm.cost.usd)" 0.00573625
# shellcheck disable=SC2317 # called by holds
adds_up() {
	python3 - "$1" <<-'P'
		import json, sys
		from decimal import Decimal as D
		for line in open(sys.argv[1]):
		    c = json.loads(line).get("llm", {}).get("cost")
		    if not c or c["usd"] is None:
		        continue
		    assert c["parts"], c
		    for p in c["parts"]:
		        assert D(p["price"]) * p["count"] == D(p["usd"]) and p["source"] in ("table", "rule"), p
		    assert sum(D(p["usd"]) for p in c["parts"]) == D(c["usd"]), c
	P
}
holds 'the parts add up' adds_up "$T/annotated"
eq 'the price says where it is from' "$(head -n 1 "$T/annotated" | jq -c '.llm.cost.price|[(.row|length>0),(.table|endswith("prices.json"))]')" '[true,true]'
eq 'every other byte stays' "$(head -n 1 "$T/annotated" | sed 's/,"llm":.*//')" "$(head -n 1 "$T/log.jsonl" | sed 's/}$//')"
eq 'what is no call leaves as it came' "$(sed -n 3p "$T/annotated")" '{"what":"is this"}'
eq 'other annotations stay, an old amount goes' "$(sed -n 4p "$T/annotated" | jq -c '[.llm.route.rule,.llm.cost.usd,(.llm.cost.unpriced|length>0)]')" '["x",null,true]'
t 'annotate twice' 4 llm-cost annotate --prices "$T/prices.json" "$T/annotated"
same 'annotate twice: the same' "$T/out" "$T/annotated"
t 'an annotation that is no object' 4 sh -c "echo '{\"model\":\"acme-large\",\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,\"total_tokens\":2},\"llm\":7}' | llm-cost annotate --prices '$T/prices.json'"
eq 'is rejected' "$(cat "$T/out")" ''

t 'explain' 4 llm-cost annotate --explain --prices "$T/prices.json" "$T/log.jsonl"
sed "s|$T/||g" "$T/out" > "$T/explained"
golden 'explain' "$T/explained" cost-explain.txt

if data 'annotate: 278 lines of odd JSON'; then
	python3 - "$LLM_TEST_DATA/json/test_parsing" > "$T/odd" <<-'P'
		import os, sys
		for f in sorted(os.listdir(sys.argv[1])):
		    t = open(os.path.join(sys.argv[1], f), 'rb').read().rstrip(b'\n')
		    if f[0] in 'ny' and b'\n' not in t:
		        sys.stdout.buffer.write(b'{"custom_id":"%s","body":{"model":"gpt-4o","messages":[]},"response":{"status_code":200,"body":{}},"x":%s}\n' % (f.encode(), t))
	P
	t 'annotate: 278 lines of odd JSON' 4 llm-cost annotate "$T/odd"
	eq 'the good ones come out' "$(wc -l < "$T/out" | xargs) $(grep -c '^{"custom_id":"y_' "$T/out")" '93 93'
fi
if data 'annotate: recorded bodies'; then
	jq -c '.body' "$LLM_TEST_DATA/cost/usages.jsonl" > "$T/bodies"
	llm-cost annotate --now 2026-08-15T00:00:00Z "$T/bodies" > "$T/out" 2> "$T/err"
	holds 'annotate: recorded bodies: the parts add up' adds_up "$T/out"
	holds 'annotate: recorded bodies: hundreds have a price' test "$(jq -c 'select(.llm.cost.usd != null)' "$T/out" | wc -l)" -gt 300
	# a date alone is its noon: DeepSeek's cheaper hours, which end at half past midnight, are over
	sed -n '631,632p' "$T/bodies" > "$T/deep"
	llm-cost annotate --now 2026-08-15 --provider deepseek --prices "$LLM_TEST_DATA/cost/genai-prices.json" "$T/deep" > "$T/out" 2> "$T/err"
	eq 'annotate: a day without an hour' "$(jq -r .llm.cost.usd "$T/out" | xargs)" '0.00310821 0.0037703'
fi
finish
