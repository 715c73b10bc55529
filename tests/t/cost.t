#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: llm-cost report adds up what a log says, groups it, and prints it in four formats.
. "$(dirname "$0")/../lib.sh"

# prices of models that nobody sells, so that no table that is compiled in matters
cat > "$T/prices.json" <<'J'
{"acme-large":{"litellm_provider":"acme","mode":"chat","input_cost_per_token":2e-06,"output_cost_per_token":1e-05,
  "cache_read_input_token_cost":5e-07},
 "acme-small":{"litellm_provider":"acme","mode":"chat","input_cost_per_token":"0.00000015","output_cost_per_token":6e-07},
 "acme-free":{"litellm_provider":"acme","mode":"chat","input_cost_per_token":0.0,"output_cost_per_token":0.0},
 "acme-half":{"litellm_provider":"acme","mode":"chat","output_cost_per_token":1e-05}}
J
LLM_PRICES=$T/prices.json
export LLM_PRICES

cat > "$T/log.jsonl" <<'J'
{"time":"2026-11-20T10:00:00Z","model":"acme-large","usage":{"prompt_tokens":1000,"completion_tokens":200,"total_tokens":1200,"prompt_tokens_details":{"cached_tokens":400},"completion_tokens_details":{"reasoning_tokens":50}},"metadata":{"user":"ann","team":"a,b"}}
{"time":"2026-11-20T10:01:00Z","model":"acme-large","usage":{"prompt_tokens":500,"completion_tokens":100,"total_tokens":600},"metadata":{"user":"bob","team":"c\"d"}}
{"time":"2026-11-20T10:02:00Z","model":"acme-small","usage":{"prompt_tokens":3000,"completion_tokens":10,"total_tokens":3010},"metadata":{"user":"ann"}}
{"time":"2026-11-20T10:03:00Z","model":"acme-unheard-of","usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10},"metadata":{"user":"b\u006fb"}}
{"custom_id":"f","body":{"model":"acme-small","messages":[{"role":"user","content":"hi"}],"metadata":{"user":"carl"}},"response":{"status_code":400,"body":{"error":{"message":"no"}}},"error":null,"llm":{"v":1,"batch":{"lane":"realtime","latency_ms":40}}}
{"custom_id":"l","body":{"model":"acme-small","messages":[{"role":"user","content":"hi"}],"metadata":{"user":"carl"}},"response":{"status_code":200,"body":{"model":"acme-small","choices":[{"index":0,"finish_reason":"length","message":{"role":"assistant","content":"yo"}}],"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}},"llm":{"v":1,"batch":{"lane":"realtime","latency_ms":1500}}}
{"custom_id":"h","body":{"model":"acme-large","messages":[{"role":"user","content":"hi"}],"metadata":{"user":"carl"}},"response":{"status_code":200,"body":{"model":"acme-large","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"yo"}}],"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}},"llm":{"v":1,"cache":{"key":"1:00","hit":true,"tier":"exact"}}}
{"custom_id":"u","body":{"model":"acme-large","messages":[{"role":"user","content":"hi"}]}}
{"type":"user","message":{"role":"user","content":"prose of a transcript"}}
J

# 600 x 2 + 400 x .5 + 200 x 10, 500 x 2 + 100 x 10, 3000 x .15 + 10 x .6, 10 x .15 + 5 x .6 millionths
t 'a model without a price: status 4' 4 llm-cost --format json --by model "$T/log.jsonl"
cp "$T/out" "$T/by-model.json"
golden 'json' "$T/out" cost-report.json
eq 'the total' "$(jq -r .total.cost "$T/out")" 0.0058605
eq 'requests: failed and replayed ones too, unsent ones not' "$(jq .total.requests "$T/out")" 7
eq 'each column of each group is there' "$(jq -c '[.total,.groups[]]|map(del(.key)|keys|length)|unique' "$T/out")" '[47]'
eq 'an unknown model is named and counted' "$(jq -c '[.left_out.unpriced[0].model,.left_out.unpriced[0].requests,.total.unpriced]' "$T/out")" '["acme-unheard-of",1,1]'
eq 'its tokens count, its amount does not' "$(jq -c '.groups[]|select(.key.model=="acme-unheard-of")|[.input_tokens,.cost,.cost_per_1k]' "$T/out")" '[7,null,null]'
eq 'a failed call costs nothing and is counted' "$(jq -c '.groups[]|select(.key.model=="acme-small")|[.requests,.errors,.cost]' "$T/out")" '[3,1,"0.0004605"]'
eq 'a replay costs nothing and is counted' "$(jq -c '.groups[]|select(.key.model=="acme-large")|[.requests,.input_tokens,.cost]' "$T/out")" '[3,1500,"0.0054"]'
eq 'what was left out' "$(jq -c '.left_out|[.skipped,.unanswered,.repeats,.replays]' "$T/out")" '[1,1,0,1]'
eq 'waste' "$(jq -c .waste "$T/out")" '{"requests":1,"cost":"0.0000045"}'
eq 'quantiles' "$(jq -c '.total|[.p50_ms,.p95_ms,.p99_ms]' "$T/out")" '[40,1500,1500]'
eq 'quantiles of groups without' "$(jq -c '.groups[]|select(.key.model=="acme-large")|[.p50_ms,.p99_ms]' "$T/out")" '[null,null]'
eq 'cost for a thousand, where the division ends' "$(jq -r '.groups[]|select(.key.model=="acme-large").cost_per_1k' "$T/out")" 1.8
eq 'ratios' "$(jq -c '.groups[]|select(.key.model=="acme-large")|[.output_input_ratio,.cache_hit_rate,.strong_share]' "$T/out")" '[0.2,0.266667,1]'
eq 'groups by cost, the largest first, then by key' "$(jq -r '.groups[].key.model' "$T/out" | xargs)" 'acme-large acme-small acme-unheard-of'

t 'table' 4 llm-cost --by model "$T/log.jsonl"
golden 'table' "$T/out" cost-report.txt
t 'csv' 4 llm-cost report --by .metadata.user,.metadata.team --format csv "$T/log.jsonl"
golden 'csv' "$T/out" cost-report.csv
t 'markdown' 4 llm-cost --by model --format md "$T/log.jsonl"
golden 'markdown' "$T/out" cost-report.md
t 'no --by: the total' 4 llm-cost --format csv "$T/log.jsonl"
eq 'no --by: one line' "$(wc -l < "$T/out" | xargs)" 2
t 'a format that is none' 2 llm-cost --format yaml "$T/log.jsonl"

# groups
t 'an attribute by its name' 4 llm-cost --format json --by user "$T/log.jsonl"
eq 'two spellings of one name are one group, a missing one is null' "$(jq -c '[.groups[]|[.key.user,.requests]]' "$T/out")" '[["ann",2],["bob",2],["carl",3]]'
t 'a path that most records lack' 4 llm-cost --format json --by .metadata.team "$T/log.jsonl"
eq 'is a group of its own' "$(jq -c '[.groups[]|[.key[".metadata.team"],.requests]]' "$T/out")" '[["a,b",1],["c\"d",1],[null,5]]'
t 'several keys, one of them quoted' 4 llm-cost --format json --by 'lane,."metadata"."user"' "$T/log.jsonl"
eq 'several keys' "$(jq -c '[.groups[].key|keys_unsorted]|unique' "$T/out")" '[["lane",".\"metadata\".\"user\""]]'
t 'the sum of the groups is the total' 4 llm-cost --format json --by .metadata.user "$T/log.jsonl"
eq 'in dollars' "$(jq -r '.groups[].cost//"0"' "$T/out" | python3 -c 'import sys; from decimal import Decimal; print(sum(map(Decimal, sys.stdin)))')" 0.0058605
t 'sort by a column' 4 llm-cost --format json --by model --sort input_tokens "$T/log.jsonl"
eq 'the largest first' "$(jq -r '.groups[].key.model' "$T/out" | xargs)" 'acme-small acme-large acme-unheard-of'
t 'sort by a ratio: null last' 4 llm-cost --format json --by model --sort cost_per_1k "$T/log.jsonl"
eq 'null last' "$(jq -r '.groups[].key.model' "$T/out" | xargs)" 'acme-large acme-small acme-unheard-of'
t 'the first group only' 4 llm-cost --format json --by model --top 1 "$T/log.jsonl"
eq 'one group, the whole total' "$(jq -c '[(.groups|length),.groups_not_shown,.total.cost]' "$T/out")" '[1,2,"0.0058605"]'
t 'the provider whose price it was' 4 llm-cost --format json --by provider "$T/log.jsonl"
eq 'by provider' "$(jq -r '.groups[0].key.provider' "$T/out")" acme
t 'a column that is none' 2 llm-cost --sort input "$T/log.jsonl"
t 'a path that is none' 2 llm-cost --by '.a[' "$T/log.jsonl"
has 'it is named' "$T/err" "'--by' '.a['"
t 'a word that is no name' 2 llm-cost --by 'a.b' "$T/log.jsonl"
t 'a lane that is none' 2 llm-cost --lane slow "$T/log.jsonl"

# one token of 0.00000015 and six that are free: / 7 has no end
{
	echo '{"model":"acme-small","usage":{"prompt_tokens":1,"completion_tokens":0,"total_tokens":1}}'
	for i in 1 2 3 4 5 6; do echo '{"model":"acme-free","usage":{"prompt_tokens":1,"completion_tokens":0,"total_tokens":1}}'; done
} > "$T/seven"
t 'a division without an end' 0 llm-cost --format json "$T/seven"
eq 'has twelve decimals' "$(jq -r .total.cost_per_1k "$T/out")" 0.000021428571

# prices
echo '{"model":"acme-free","usage":{"prompt_tokens":5,"completion_tokens":5,"total_tokens":10}}' > "$T/one"
t 'an explicit zero is free' 0 llm-cost --format json "$T/one"
eq 'an explicit zero is free: no more' "$(jq -c '[.total.cost,.total.unpriced]' "$T/out")" '["0",0]'
echo '{"model":"acme-half","usage":{"prompt_tokens":5,"completion_tokens":5,"total_tokens":10}}' > "$T/one"
t 'a missing price is not' 4 llm-cost --format json "$T/one"
eq 'a missing price: unpriced' "$(jq -c '[.total.cost,.total.unpriced]' "$T/out")" '["0",1]'
t 'a price table of years ago' 0 llm-cost --now 2031-01-01T00:00:00Z --format json /dev/null
has 'a price table of years ago is named with its date' "$T/err" 'prices are of 20'

# nothing
t 'empty input' 0 llm-cost --format json --by model /dev/null
eq 'empty input: zero totals, null ratios' "$(jq -c '[.total.requests,.total.cost,.total.cost_per_1k,.total.cache_hit_rate,.total.p50_ms,.groups]' "$T/out")" '[0,"0",null,null,null,[]]'
t 'empty input, table' 0 llm-cost /dev/null
golden 'empty input, table' "$T/out" cost-empty.txt
eq 'empty input: no message' "$(cat "$T/err")" ''
t 'the report in a file' 4 llm-cost --format json --by model -o "$T/report" "$T/log.jsonl"
same 'the report in a file is the same' "$T/report" "$T/by-model.json"
t 'no room for the report' 3 sh -c "llm-cost '$T/log.jsonl' > /dev/full"

# order does not matter
sed -n '1!G;h;$p' "$T/log.jsonl" > "$T/turned"
t 'the lines in another order' 4 llm-cost --format json --by model "$T/turned"
same 'the same report' "$T/out" "$T/by-model.json"

# figures that others fixed: 160 answers of a batch, half price; a rule where no table has one
unset LLM_PRICES
i=0
while [ $((i += 1)) -le 160 ]; do
	printf '{"custom_id":"s%d","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-4o-mini","messages":[{"role":"user","content":"hi"}]},"response":{"status_code":200,"request_id":"r","body":{"model":"gpt-4o-mini","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"ok"}}],"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}},"llm":{"v":1,"batch":{"lane":"batch","id":"batch_req_s%d"}}}\n' $i $i
done > "$T/batch.jsonl"
t 'answers of a batch' 0 llm-cost --format json "$T/batch.jsonl"
eq '160 x (10 x .15 + 5 x .6) millionths, halved' "$(jq -r .total.cost "$T/out")" 0.00036
sed 's/,"llm":.*/}/; s/"body":{"model":"gpt-4o-mini","messages":\[{"role":"user","content":"hi"}\]},//; s/^{/{"id":"batch_req_x",/' "$T/batch.jsonl" > "$T/raw.jsonl"
t 'raw lines of a result file' 0 llm-cost --format json "$T/raw.jsonl"
eq 'are a batch by their shape' "$(jq -r .total.cost "$T/out")" 0.00036
sed 's/,"llm":.*/}/' "$T/batch.jsonl" > "$T/real.jsonl"
t 'without a lane: real time' 0 llm-cost --format json "$T/real.jsonl"
eq 'the whole price' "$(jq -r .total.cost "$T/out")" 0.00072
t '--lane speaks for lines that tell none' 0 llm-cost --lane batch --format json "$T/real.jsonl"
eq 'half again' "$(jq -r .total.cost "$T/out")" 0.00036
t '--lane says nothing against a line' 0 llm-cost --lane realtime --format json "$T/batch.jsonl"
eq 'it stays a batch' "$(jq -r .total.cost "$T/out")" 0.00036
for n in 82:13 106:9 119:6; do
	printf '{"custom_id":"q%s","body":{"model":"gpt-3.5-turbo","messages":[]},"response":{"status_code":200,"body":{"model":"gpt-3.5-turbo-0125","usage":{"prompt_tokens":%d,"completion_tokens":%d,"total_tokens":%d}}},"llm":{"v":1,"batch":{"lane":"batch"}}}\n' "${n%:*}" "${n#*:}" $((${n%:*} - ${n#*:})) "${n%:*}"
done > "$T/rule.jsonl"
t 'a model that no table has a batch price of' 0 llm-cost --format json "$T/rule.jsonl"
eq '(28 x .5 + 279 x 1.5) millionths, halved by rule' "$(jq -r .total.cost "$T/out")" 0.00021625
finish
