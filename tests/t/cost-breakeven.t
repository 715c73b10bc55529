#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: llm-cost breakeven says when a model of one's own has paid, condition by condition.
. "$(dirname "$0")/../lib.sh"

cat > "$T/prices.jsonl" <<'J'
{"provider":"openai","model":"gpt-4o","prices":{"input":"2.5","output":"10"}}
{"provider":"openai","model":"gpt-4o-mini","prices":{"input":"0.25","output":"1"}}
J
LLM_PRICES=$T/prices.jsonl
export LLM_PRICES
# b WHAT JQ WANTED ARG...
b() {
	b_what=$1 b_path=$2 b_want=$3
	shift 3
	t "$b_what" 0 llm-cost breakeven --format json "$@"
	eq "$b_what: figures" "$(jq -r "$b_path" "$T/out")" "$b_want"
}
small='--calls 100000 --in 1000 --out 500 --model gpt-4o'
# shellcheck disable=SC2086 # words
{
	b '100,000 queries: fifteen months' '[.spent_month,.saved_month,.months,.months_exact,.verdict]|join(" ")' '750 675 15 14.8148 no' $small --saving 90% --setup 10000
	b 'a million: one and a half' '[.months,.months_exact]|join(" ")' '2 1.48148' --calls 1000000 --in 1000 --out 500 --model gpt-4o --saving 90% --setup 10000
	b 'by the price of another model' '[.after_month,.saved_month,.months]|join(" ")' '75 675 15' $small --to gpt-4o-mini --setup 9000 --labour 1000
	b 'hosting is paid each month' '[.saved_month,.months]|join(" ")' '475 22' $small --hosting 200 --setup 10000
	b 'hosting eats it' '[.saved_month,(.months|tostring),.verdict]|join(" ")' '-25 null no' $small --hosting 700 --setup 1
	b 'training again each three months' '[.months,(.conditions[]|select(.name=="retraining").verdict)]|join(" ")' '27 yes' $small --setup 10000 --retrain 1000
	b 'training costs what it saves' '[(.months|tostring),(.conditions[]|select(.name=="retraining").verdict)]|join(" ")' 'null no' $small --setup 10000 --retrain 2100
	b 'falling prices' '[.months,.months_flat]|join(" ")' '23 15' $small --setup 10000 --price-fall 40%
	b 'prices fall too fast' '[.months,.months_flat]|tostring' '[null,15]' $small --setup 10000 --price-fall 70%
	b 'nothing to pay' '[.months,.verdict]|join(" ")' '1 unclear' $small
	b 'all is given, and it pays' '[.verdict,.left_at_horizon]|join(" ")' 'yes 3449.99746875' $small --setup 3000 --retrain 100 --price-fall 0.000001 --horizon 10
	t 'table' 0 llm-cost breakeven $small --setup 10000 --horizon 24
	golden 'table' "$T/out" cost-breakeven.txt
	t 'markdown' 0 llm-cost breakeven $small --format md
	t 'csv' 0 llm-cost breakeven $small --format csv
	for wrong in '--setup much' '--setup -5' '--to gpt-4o-mini --saving 5%' '--saving 101%' '--price-fall 1' '--every 0' '--horizon 0'; do
		t "refused: $wrong" 2 llm-cost breakeven $small $wrong
	done
}
t 'half a scenario' 2 llm-cost breakeven --calls 5 --model gpt-4o
t 'a scenario and a log' 2 llm-cost breakeven --calls 5 --in 1 --out 1 --model gpt-4o "$T/prices.jsonl"
t 'a model without a price' 4 llm-cost breakeven --calls 5 --in 1 --out 1 --model unheard-of

answer() { # ID SYSTEM TIME
	printf '{"custom_id":"%s","body":{"model":"gpt-4o","messages":[{"role":"system","content":"%s"},{"role":"user","content":"hi"}]},"time":"%s","response":{"status_code":200,"body":{"model":"gpt-4o","choices":[{"finish_reason":"stop"}],"usage":{"prompt_tokens":1000,"completion_tokens":500,"total_tokens":1500}}},"llm":{"batch":{"lane":"realtime"}}}\n' "$1" "$2" "$3"
}
condition() { jq -r --arg n "$1" '.conditions[]|select(.name==$n)|.verdict' "$T/out"; }
for d in 01 02 03 04 05 06 07; do answer "a$d" stable "2026-11-${d}T00:00:00Z"; answer "b$d" "day $d" "2026-11-${d}T00:00:00Z"; done > "$T/log"
b 'a log, to a month' '[.calls_month,.spent_month,.after_month]|join(" ")' '70 0.525 0.0525' --to gpt-4o-mini "$T/log"
eq 'a week is not enough' "$(condition period)" unclear
has 'a week: it says so' "$T/out" 'less than a week'
eq 'half of the prompts are stable' "$(condition stability)" unclear
eq 'fourteen examples are few' "$(condition examples)" unclear
grep stable "$T/log" > "$T/some"
answer z stable 2026-12-20T00:00:00Z >> "$T/some"
t 'seven weeks' 0 llm-cost breakeven --format json "$T/some"
eq 'seven weeks are enough, the prompt is stable' "$(condition period) $(condition stability)" 'yes yes'
grep '"day ' "$T/log" > "$T/some"
t 'prompts that change each day' 0 llm-cost breakeven --format json "$T/some"
eq 'are not stable' "$(condition stability) $(jq -r .verdict "$T/out")" 'no no'
printf '{"model":"gpt-4o","usage":{"prompt_tokens":1000,"completion_tokens":500,"total_tokens":1500}}\n' > "$T/some"
t 'a log of usage alone' 0 llm-cost breakeven --format json "$T/some"
eq 'of usage alone: it cannot tell' "$(condition period) $(condition stability)" 'unclear unclear'
t 'only the calls of one model' 0 llm-cost breakeven --model gpt-4o-mini --format json "$T/log"
eq 'of one model: none' "$(jq -r .log.requests "$T/out")" 0
t 'a loss' 0 llm-cost breakeven --calls 1000 --in 1000 --out 500 --model gpt-4o --setup 500 --hosting 8
has 'has its sign before the dollar' "$T/out" "included: -\$1.25 saved"
t 'empty' 0 llm-cost breakeven --format json /dev/null
finish
