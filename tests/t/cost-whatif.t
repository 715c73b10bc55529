#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: llm-cost whatif reckons scenarios and logs at other models, lanes and shares, to the digit.
. "$(dirname "$0")/../lib.sh"

# figure WHAT JQ WANTED ARG...
figure() {
	figure_what=$1 figure_path=$2 figure_want=$3
	shift 3
	t "$figure_what" 0 llm-cost whatif --format json "$@"
	eq "$figure_what: figure" "$(jq -r "$figure_path" "$T/out")" "$figure_want"
}

# the figures that guides give, by the list prices of the built-in table
figure 'a million tokens a day in a batch' '[.baseline.cost,.total.cost,.saved,.year_of_such_days.saved]|join(" ")' '10 5 5 1825' \
	--calls 1000 --in 0 --out 1000 --model gpt-4o --batch 100%
figure 'long answers' '[.total.cost,.year_of_such_days.cost]|join(" ")' '75 27375' --calls 10000 --in 0 --out 500 --model claude-sonnet-4-5
figure 'short answers, 60 % less' '[.total.cost,.year_of_such_days.cost]|join(" ")' '30 10950' --calls 10000 --in 0 --out 200 --model claude-sonnet-4-5
eq 'both: 16,425 dollars a year' $((27375 - 10950)) 16425
figure 'stacked savings multiply' '[.baseline.cost,(.stages[]|.cost),.savings_percent,.savings_vs_baseline,.total.cost_per_1k]|join(" ")' \
	'6750 5062.5 3290.625 1974.375 1678.21875 75.1375 0.751375 16.7821875' \
	--calls 100000 --in 750 --out 750 --model gpt-4 --stack tokens=25%,cache=35%,route=40%,batch=15%
eq 'stages have names' "$(jq -r '[.stages[].name]|join(" ")' "$T/out")" 'tokens cache route batch'
figure 'others' .savings_percent 64.3 --calls 100000 --in 750 --out 750 --model gpt-4 --stack tokens=30%,cache=25%,route=20%,batch=15%
figure 'a long context' .total.cost 0.32 --calls 1 --in 128000 --out 0 --model gpt-4o
figure 'a short context' .total.cost 0.01 --calls 1 --in 4000 --out 0 --model gpt-4o
figure 'an answer cache' '[.baseline.cost,.saved]|join(" ")' '3000 1200' --calls 100000 --in 12000 --out 0 --model gpt-4o --stack cache=40%
t 'table' 0 llm-cost whatif --calls 100000 --in 750 --out 750 --model gpt-4 --stack tokens=25%,cache=35%,route=40%,batch=15%
golden 'table' "$T/out" cost-whatif.txt
t 'csv' 0 llm-cost whatif --calls 1 --in 128000 --out 0 --model gpt-4o --stack a=50% --format csv
eq 'csv' "$(cat "$T/out")" 'name,cost,saved
baseline,0.32,
a,0.16,0.16'

cat > "$T/prices.jsonl" <<'J'
{"provider":"openai","model":"gpt-4o","prices":{"input":"2","output":"10","cached":"1"},"batch":{"input":"1","output":"5","cached":"0.5"}}
{"provider":"openai","model":"gpt-4o-mini","prices":{"input":"0.2","output":"1","cached":"0.1"},"batch":{"input":"0.1","output":"0.5"}}
{"provider":"anthropic","model":"claude-sonnet-4-5","prices":{"input":"3","output":"15","cached":"0.3"}}
{"provider":"acme","model":"tiers","prices":{"input":"1","output":"1","above":[{"tokens":1000,"input":"2","output":"2"}]}}
J
LLM_PRICES=$T/prices.jsonl
export LLM_PRICES
figure 'a share in a batch' .total.cost 7.5 --calls 1000000 --in 0 --out 1 --model gpt-4o --batch 50%
figure 'a share from the cache' .total.cost 1.5 --calls 1000 --in 1000 --out 0 --model gpt-4o --cached 50%
figure 'two models, one family' '[.baseline.cost,.total.cost,.tokens.by_factor]|join(" ")' '12 1.2 0' --calls 1000000 --in 1 --out 1 --model gpt-4o --model gpt-4o-mini
figure 'two models, two families: tokens change' '.tokens.by_factor, (.total.input_tokens > .baseline.input_tokens)' "1
true" --calls 1000 --in 1000 --out 0 --model gpt-4o --model claude-sonnet-4-5
figure 'each call has its own tier' .total.cost 0.002 --calls 2 --in 1000 --out 0 --model tiers --provider acme
figure 'no calls' '[.total.cost,.savings_vs_baseline,.total.cost_per_1k]|tostring' '["0",null,null]' --calls 0 --in 1 --out 1 --model gpt-4o --batch 10%

for wrong in '--stack cache=140%' '--batch 101%' '--cached 2' '--stack cache' '--stack =5%' '--stack a=b' '--model gpt-4o --model gpt-4o --model gpt-4o'; do
	# shellcheck disable=SC2086
	t "refused: $wrong" 2 llm-cost whatif --calls 1 --in 1 --out 1 --model gpt-4o $wrong
done
t 'half a scenario' 2 llm-cost whatif --calls 1 --model gpt-4o
t 'a scenario and a log' 2 llm-cost whatif --calls 1 --in 1 --out 1 --model gpt-4o "$T/prices.jsonl"
t 'a model without a price' 4 llm-cost whatif --calls 1 --in 1 --out 1 --model unheard-of
t 'the other one' 4 llm-cost whatif --calls 1 --in 1 --out 1 --model gpt-4o --model unheard-of

# a log
answered() { # ID MODEL IN OUT CACHED TEXT
	printf '{"custom_id":"%s","body":{"model":"%s","messages":[{"role":"user","content":"%s"}]},"response":{"status_code":200,"body":{"model":"%s","choices":[{"message":{"content":"%s"},"finish_reason":"stop"}],"usage":{"prompt_tokens":%d,"completion_tokens":%d,"total_tokens":%d,"prompt_tokens_details":{"cached_tokens":%d}}}},"llm":{"batch":{"lane":"realtime"}}}\n' \
		"$1" "$2" "$6" "$2" "$6" "$3" "$4" $(($3 + $4)) "$5"
}
{
	answered a gpt-4o 100 10 0 hello
	answered b gpt-4o 1000 100 500 'hello there'
	printf '{"model":"gpt-4o-mini","usage":{"prompt_tokens":50,"completion_tokens":5,"total_tokens":55}}\n'
	printf '{"custom_id":"u","body":{"model":"gpt-4o","messages":[]}}\n'
	printf '{"nothing":1}\n'
} > "$T/log"
# 100 x 2 + 10 x 10 = 300; 500 x 2 + 500 x 1 + 100 x 10 = 2500; 50 x 0.2 + 5 = 15: millionths
figure 'a log as it is' '[.baseline.cost,.total.cost,.total.requests,.left_out.unanswered,.left_out.skipped]|join(" ")' '0.002815 0.002815 3 1 1' "$T/log"
eq 'is what the report says' "$(llm-cost --format json "$T/log" 2> /dev/null | jq -r .total.cost)" 0.002815
figure 'a log by another model' '[.total.cost,.tokens.moved,.tokens.recounted]|join(" ")' '0.000295 3 0' --model gpt-4o-mini "$T/log"
figure 'only the calls of one model' '[.total.cost,.tokens.moved]|join(" ")' '0.000295 2' --model gpt-4o --model gpt-4o-mini "$T/log"
figure 'in a batch' .total.cost 0.0014075 --batch 100% "$T/log"
figure 'stacked on a log' .total.cost 0.0014075 --stack half=50% "$T/log"
figure 'tokens are counted again where there is text, else by a sample' '.tokens|"\(.recounted) \(.by_factor)"' '2 1' --model claude-sonnet-4-5 "$T/log"
t 'it says so' 0 llm-cost whatif --model claude-sonnet-4-5 "$T/log"
has 'text' "$T/out" 'counted again from their text: 2'
has 'factor' "$T/out" 'calls without text, by how both models count a sample'
printf '{"model":"unheard-of","usage":{"prompt_tokens":5,"completion_tokens":5,"total_tokens":10}}\n' > "$T/odd"
t 'a call without a price' 4 llm-cost whatif --format json "$T/log" "$T/odd"
eq 'is outside, and counted' "$(jq -r '"\(.total.cost) \(.left_out.unpriced)"' "$T/out")" '0.002815 1'
printf '{"provider":"acme","model":"no-batch","prices":{"input":"2","output":"10"}}\n' > "$T/acme.jsonl"
printf '{"model":"no-batch","usage":{"prompt_tokens":5,"completion_tokens":5,"total_tokens":10}}\n' > "$T/odd"
figure 'a call without a batch price stays' '[.total.cost,.left_out.no_batch_price]|join(" ")' '0.0014675 1' --prices "$T/prices.jsonl" --prices "$T/acme.jsonl" --batch 100% "$T/log" "$T/odd"
t 'a scenario without a batch price' 4 llm-cost whatif --prices "$T/acme.jsonl" --calls 1 --in 1 --out 1 --model no-batch --batch 100%
t 'empty' 0 llm-cost whatif --format json --model gpt-4o /dev/null
eq 'empty: zeros' "$(jq -c '[.total.cost,.savings_vs_baseline]' "$T/out")" '["0",null]'
if data 'recorded sessions'; then
	t 'recorded sessions' 0 llm-cost whatif --format json --model gpt-4o "$LLM_TEST_DATA/logs/representative_messages.jsonl"
	eq 'recorded sessions: the baseline is the report' "$(jq -r .baseline.cost "$T/out")" "$(llm-cost --format json "$LLM_TEST_DATA/logs/representative_messages.jsonl" | jq -r .total.cost)"
fi
finish
