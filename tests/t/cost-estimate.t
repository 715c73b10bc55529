#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: llm-cost estimate says before sending what requests cost at least, likely and at most.
. "$(dirname "$0")/../lib.sh"

cat > "$T/prices.jsonl" <<'J'
{"provider":"openai","model":"gpt-4o","context":128000,"max_output":16384,"prices":{"input":"2","output":"10","cached":"1"},"batch":{"input":"1","output":"5"}}
{"provider":"openai","model":"gpt-4o-window","match":["gpt-4o-window"],"context":1000,"prices":{"input":"2","output":"10"}}
{"provider":"openai","model":"gpt-4o-nobound","prices":{"input":"2","output":"10"}}
{"provider":"openai","model":"gpt-4o-strict","max_output":1000,"prices":{"input":"1","output":"1","above":[{"tokens":20,"input":"2","output":"2"},{"tokens":40,"input":"4","output":"4"}]}}
{"provider":"openai","model":"gpt-4o-inclusive","max_output":1000,"inclusive":true,"prices":{"input":"1","output":"1","above":[{"tokens":20,"input":"2","output":"2"}]}}
{"provider":"openai","model":"text-embedding-3-small","prices":{"input":"1"}}
J
LLM_PRICES=$T/prices.jsonl
export LLM_PRICES

# request ID MODEL WORDS [MORE]: WORDS + 7 tokens
words() { w=hi n=1; while [ $((n += 1)) -le "$1" ]; do w="$w hi"; done; printf %s "$w"; }
request() {
	printf '{"custom_id":"%s","body":{"model":"%s","messages":[{"role":"user","content":"%s"}]%s}}\n' "$1" "$2" "$(words "$3")" "${4:-}"
}
# one WHAT WANTED REQUEST...: input, output, low, expected, worst of one request
one() {
	t "$1" 0 llm-cost estimate --format json "$T/in"
	eq "$1: figures" "$(jq -r '.total|[.input_tokens,.output_expected,.output_worst,.low,.expected,.worst]|map(tostring)|join(" ")' "$T/out")" "$2"
}
request a gpt-4o 3 ',"max_tokens":100' > "$T/in"
one 'a cap' '10 100 100 0.00002 0.00102 0.00102'
request a gpt-4o 3 ',"max_tokens":100,"n":3' > "$T/in"
one 'three answers' '10 300 300 0.00002 0.00302 0.00302'
sed 's/"batch":{/"flex":{/' "$T/prices.jsonl" > "$T/flex.jsonl"
request a gpt-4o 3 ',"max_tokens":100,"service_tier":"flex"' > "$T/in"
LLM_PRICES=$T/flex.jsonl one 'the tier that the request asks for' '10 100 100 0.00001 0.00051 0.00051'
LLM_PRICES=$T/flex.jsonl t 'tiers' 0 llm-cost estimate --by lane --format csv "$T/in"
has 'are lanes' "$T/out" 'flex,1,'
request a gpt-4o 3 > "$T/in"
one 'no cap: the worst is the maximum of the model' '10 500 16384 0.00002 0.00502 0.16386'
t 'no cap' 0 llm-cost estimate "$T/in"
has 'no cap: it says so' "$T/out" "worst is the model's maximum"
has 'the assumption is stated' "$T/out" '500 output tokens an answer (assumed'
request a gpt-4o-window 3 > "$T/in"
one 'no maximum is known: what the window leaves' '10 500 990 0.00002 0.00502 0.00992'
request a gpt-4o-nobound 3 > "$T/in"
one 'no bound is known' '10 500 null 0.00002 0.00502 null'
printf '{"input":"hi hi","model":"text-embedding-3-small"}\n' > "$T/in"
one 'an embedding has no output' '2 0 0 0.000002 0.000002 0.000002'
request a gpt-4o 3 ',"max_tokens":100' > "$T/in"
t 'a batch' 0 llm-cost estimate --lane batch --format json "$T/in"
eq 'a batch: half' "$(jq -r '.total|.expected+" "+.lanes.realtime+" "+.lanes.batch+" "+(.lanes.priority|tostring)' "$T/out")" '0.00051 0.00102 0.00051 null'
t 'another default' 0 llm-cost estimate --output 50 --format json "$T/in"
eq 'another default: output' "$(jq -c '[.total.output_expected,.assumed.from]' "$T/out")" '[50,"--output"]'

# price tiers: above 20 means 21; an inclusive one holds at 20
for n in 12 13 14 33 34; do request "t$n" gpt-4o-strict "$n" ',"max_tokens":1'; done > "$T/in"
t 'price tiers' 0 llm-cost estimate --format json "$T/in"
eq 'strict: 20 is below, 21 above; the highest counts' "$(jq -c '[.cliffs[]|[.line,.tokens,.bound,.usd,.usd_at_bound,.jump]]' "$T/out")" \
	'[[3,21,20,"0.000042","0.00002","0.000022"],[4,40,20,"0.00008","0.00002","0.000022"],[5,41,40,"0.000164","0.00008","0.000084"]]'
t 'price tiers, for people' 0 llm-cost estimate "$T/in"
# shellcheck disable=SC2016 # dollars
has 'the jump' "$T/out" 'in:3: 21 tokens cross 20 of gpt-4o-strict: input $0.00004200, $0.00002000 at the bound, one token more jumps by $0.00002200'
for n in 12 13; do request "t$n" gpt-4o-inclusive "$n" ',"max_tokens":1'; done > "$T/in"
t 'an inclusive tier' 0 llm-cost estimate --format json "$T/in"
eq 'inclusive: 20 is in it' "$(jq -c '[.cliffs[]|[.line,.tokens,.bound]]' "$T/out")" '[[2,20,19]]'

# the past
answer() { # ID TASK OUT
	printf '{"custom_id":"%s","body":{"model":"gpt-4o","metadata":{"task":"%s"},"messages":[{"role":"user","content":"hi hi hi"}]},"response":{"status_code":200,"body":{"model":"gpt-4o","choices":[{"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":%d,"total_tokens":%d}}}}\n' "$1" "$2" "$3" $(($3 + 10))
}
for n in 1 2 3 4 5 6 7 8 9 10; do answer "s$n" sum $((n * 10)); done > "$T/past"
answer r rare 1000 >> "$T/past"
{
	request a gpt-4o 3 ',"metadata":{"task":"sum"}'
	request b gpt-4o 3 ',"metadata":{"task":"sum"},"max_tokens":20'
	request c gpt-4o 3 ',"metadata":{"task":"rare"}'
} > "$T/in"
t 'the past' 0 llm-cost estimate --by task --past "$T/past" --format json "$T/in"
eq 'mean of its group, cut at the cap; of all where the group is small' "$(jq -c '[.total.output_expected,.assumed.requests_from_past]' "$T/out")" "[$((55 + 20 + 141)),3]"
eq 'groups' "$(jq -c '[.groups[]|[.key.task,.requests,.output_expected,.expected]]' "$T/out")" '[["rare",1,141,"0.00143"],["sum",2,75,"0.00079"]]'
eq 'low: a tenth of the answers was shorter' "$(jq -r '.groups[1].low' "$T/out")" 0.00024

# beside what was billed
{
	printf '%s\n' '{"custom_id":"x","body":{"model":"gpt-4o","max_tokens":100,"messages":[{"role":"user","content":"hi hi hi"}]},"response":{"status_code":200,"body":{"model":"gpt-4o","choices":[{"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":50,"total_tokens":60}}},"llm":{"batch":{"lane":"realtime","attempts":3}}}'
	printf '%s\n' '{"custom_id":"y","body":{"model":"gpt-4o","max_tokens":100,"messages":[{"role":"user","content":"hi hi hi"}]},"response":{"status_code":200,"body":{"model":"gpt-4o","error":{"message":"x"},"usage":{"prompt_tokens":10,"completion_tokens":200,"total_tokens":210}}},"llm":{"batch":{"lane":"realtime"}}}'
} > "$T/in"
t 'against the bill' 0 llm-cost estimate --format json "$T/in"
eq 'against the bill: sums, errors, retries, failed but billed' "$(jq -c '.total.actual|[.requests,.cost,.expected,.error_usd,.absolute_error_usd,.retries,.failed_billed]' "$T/out")" \
	'[2,"0.00254","0.00204","0.0005","0.0015",2,1]'

# lines of its own, formats, odd input
{
	request a gpt-4o 3 ',"max_tokens":100'
	request b unheard-of 3
	printf '{"usage":{"prompt_tokens":1},"model":"gpt-4o"}\n{"nothing":1}\n3\n'
	printf '{"custom_id":"i","body":{"model":"gpt-4o","max_tokens":5,"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://example.org/a.png"}}]}]}}\n'
	printf '{"custom_id":"n","body":{"messages":[{"role":"user","content":"hi hi hi"}]}}\n'
} > "$T/in"
t 'a line a request' 4 llm-cost estimate --format jsonl "$T/in"
eq 'a line a request: members' "$(jq -c '[.line,.id,.input_tokens,.expected,.worst,.unpriced]' "$T/out" | head -n 1)" '[1,"a",10,"0.00102","0.00102",null]'
eq 'without a price there is no amount' "$(jq -c 'select(.id=="b")|[.low,.expected,.worst]' "$T/out")" '[null,null,null]'
has 'an image by address is not countable' "$T/err" 'not countable'
t 'a model for those that name none' 4 llm-cost estimate --model gpt-4o --format json "$T/in"
eq 'one is still without a price, three lines are no request' "$(jq -c '[.total.requests,.total.unpriced,.total.not_countable,.skipped]' "$T/out")" '[4,1,1,3]'
request a gpt-4o 3 ',"max_tokens":100' > "$T/in"
request b gpt-4o 3 >> "$T/in"
t 'table' 0 llm-cost estimate --by model "$T/in"
golden 'table' "$T/out" cost-estimate.txt
t 'csv' 0 llm-cost estimate --by model --format csv "$T/in"
eq 'csv' "$(cat "$T/out")" 'model,requests,input_tokens,output_expected,low,expected,worst
gpt-4o,2,20,600,0.00004,0.00604,0.16488'
t 'markdown' 0 llm-cost estimate --format md "$T/in"
t 'empty' 0 llm-cost estimate --format json /dev/null
eq 'empty: zeros' "$(jq -c '.total|[.requests,.expected]' "$T/out")" '[0,"0"]'
t 'a wrong lane' 2 llm-cost estimate --lane never /dev/null
printf '{"custom_id":"d","body":{"model":"gpt-4o","model":"gpt-4o","messages":[]}}\n' > "$T/in"
t 'a member that stands twice' 4 llm-cost estimate --format json "$T/in"
eq 'is not counted' "$(jq .total.requests "$T/out")" 0
finish
