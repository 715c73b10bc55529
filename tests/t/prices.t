#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: price tables of all forms, in layers, and the compiled one as its script left it.
. "$(dirname "$0")/../lib.sh"
D=$TOP/lib/money/data

# the compiled table
holds 'rows are sorted' sort -c "$D/prices.jsonl"
holds 'names are sorted' sort -c "$D/names"
eq 'names are there once' "$(sort -t"$(printf '\t')" -k1,2 -u "$D/names" | cut -f1,2 | grep -cv "$(printf '\t')\$")" \
	"$(cut -f1,2 "$D/names" | grep -cv "$(printf '\t')\$")"
eq 'each rule has nine columns' "$(grep -v '^#' "$D/rules" | awk -F '\t' 'NF != 9' | wc -l | tr -d ' ')" 0
eq 'each conflict is decided' "$(grep -c 'undecided$' "$D/conflicts")" 0
holds 'licences and origin stand beside the data' test -s "$D/LICENSE.litellm" -a -s "$D/LICENSE.genai-prices" -a -s "$D/ORIGIN"
if command -v python3 > /dev/null; then
	cat > "$T/shape.py" <<-'P'
		import json, re, sys
		rows = [json.loads(line) for line in open(sys.argv[1], encoding='utf-8')]
		models = [r for r in rows if 'model' in r]
		assert rows[0].keys() == {'date', 'from'} and len(models) > 3000
		for r in models:
		    for lane in ('prices', 'batch', 'flex', 'priority'):
		        for s in [r.get(lane, {})] + r.get(lane, {}).get('above', []):
		            for k, v in s.items():
		                if k not in ('above', 'tokens'):
		                    assert re.fullmatch(r'(0|[1-9]\d*)(\.\d{1,14})?', v), (r['model'], k, v)
		        bounds = [t['tokens'] for t in r.get(lane, {}).get('above', [])]
		        assert bounds == sorted(set(bounds)), r['model']
	P
	holds 'prices are plain decimals, tiers rise' python3 "$T/shape.py" "$D/prices.jsonl"
fi
if [ -n "${LLM_TEST_WHEELS:-}" ]; then
	holds 'the script gives the same bytes again' "$TOP/scripts/import-prices" --check --from "$LLM_TEST_WHEELS"
else
	skip 'the script gives the same bytes again' 'LLM_TEST_WHEELS (a folder with both packages) is not set'
fi

# one line for each case: MODEL MORE-MEMBERS-OF-USAGE
usage() { printf '{"model":"%s","usage":{"prompt_tokens":1000000,"completion_tokens":0%s}}\n' "$1" "${2:-}"; }
cost() { # WHAT WANTED ARGUMENT...: the amount of the record in $T/in
	cost_what=$1 cost_want=$2
	shift 2
	cost_got=0
	llm-cost annotate --now 2026-11-21T12:00:00Z "$@" "$T/in" > "$T/out" 2> "$T/err" || cost_got=$?
	eq "$cost_what" "$(jq -r '.llm.cost.usd // .llm.cost.unpriced' "$T/out")" "$cost_want"
}
cat > "$T/own" <<'J'
{"date":"2026-01-31"}
{"provider":"acme","model":"swift","match":["swift-####"],"prices":{"input":"3","output":"15","above":[{"tokens":1000000,"input":"6"}]}}
{"provider":"openai","model":"gpt-4o","prices":{"input":"0.25","output":"1"}}
{"model":"local","prices":{"input":0,"output":0}}
J
printf '{"sample_spec":{"input_cost_per_token":0,"litellm_provider":"prose"},"acme/swift":{"litellm_provider":"acme","input_cost_per_token":"0.000001","output_cost_per_token":1e-05}}\n' > "$T/litellm"
printf '[{"id":"acme","models":[{"id":"swift","match":{"starts_with":"swift"},"prices":{"input_mtok":7,"output_mtok":8}}]}]\n' > "$T/genai"

usage gpt-4o > "$T/in"
cost 'the compiled price' 2.5
eq 'the day it holds from' "$(jq -r '.llm.cost.price.table' "$T/out")" built-in
cost 'an own price over it' 0.25 --prices "$T/own"
usage swift > "$T/in"
cost 'unknown without a table' 'the price table has no such model'
has 'and named' "$T/err" "$T/in:1: unpriced"
cost 'own form' 3 --prices "$T/own"
cost 'LiteLLM, a price as a string' 1 --prices "$T/litellm"
cost 'genai-prices' 7 --prices "$T/genai"
cost 'later files win' 7 --prices "$T/own" --prices "$T/litellm" --prices "$T/genai"
cost 'later files win, the other way' 3 --prices "$T/genai" --prices "$T/litellm" --prices "$T/own"
usage swift-2026 > "$T/in"
cost 'a pattern' 3 --provider acme --prices "$T/own"
usage sample_spec > "$T/in"
cost 'sample_spec is no model' 'the price table has no such model' --prices "$T/litellm"
usage local > "$T/in"
cost 'explicit zero is free' 0 --prices "$T/own"
eq 'with status 0' "$cost_got" 0
printf '{"model":"swift","usage":{"prompt_tokens":1000001,"completion_tokens":0}}\n' > "$T/in"
cost 'one token over the bound' 6.000006 --prices "$T/own"

# by the hour
printf '{"provider":"acme","model":"night","prices":{"input":"1"}}\n{"provider":"acme","model":"night","hours":"06:00-22:00","prices":{"input":"2"}}\n' > "$T/hours"
usage night > "$T/in"
cost 'at noon' 2 --prices "$T/hours"
cost 'at night' 1 --prices "$T/hours" --now 2026-11-21T00:00:00Z
cost 'on a day: at its noon' 2 --prices "$T/hours" --now 2026-11-21
# lanes
usage gpt-4o > "$T/in"
cost 'a batch by the table' 1.25 --lane batch
eq 'says table' "$(jq -r '.llm.cost.parts[0].source' "$T/out")" table
cost 'a batch by the rule' 0.125 --lane batch --prices "$T/own"
eq 'says rule' "$(jq -r '.llm.cost.parts[0].source' "$T/out")" rule
usage swift > "$T/in"
cost 'no price and no rule' 'no batch price in any table or rule' --lane batch --prices "$T/own"
eq 'with status 4' "$cost_got" 4

# usage that contradicts itself is named, never guessed
printf '{"model":"gpt-4o","usage":{"prompt_tokens":100,"completion_tokens":5,"total_tokens":500}}\n' > "$T/in"
cost 'a total that is none' 'the total is not the sum of its parts'
printf '{"model":"gpt-4o","usage":{"prompt_tokens":-1,"completion_tokens":"5","total_tokens":4.5}}\n' > "$T/in"
llm-cost annotate "$T/in" > "$T/out" 2> "$T/err"
eq 'counts that are none' "$(jq -r '.llm.cost.usd' "$T/out")" null

# tables that cannot be read
printf '{"model":"a","prices":{"input":"1"}}\n{"model":"b","prices":{"input":"cheap"}}\n' > "$T/bad"
t 'a price that is none' 2 llm-cost annotate --prices "$T/bad" "$T/in"
has 'the line is named' "$T/err" "$T/bad:2: "
t 'a table that is not there' 2 llm-cost annotate --prices "$T/missing" "$T/in"
has 'the file is named' "$T/err" "$T/missing: "
echo 'no JSON' > "$T/bad"
t 'a table that is no JSON' 2 llm-cost annotate --prices "$T/bad" "$T/in"
finish
