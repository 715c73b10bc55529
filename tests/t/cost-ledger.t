#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: llm-cost ledger walks each record from as asked to what it cost; baseline = spent + saved.
. "$(dirname "$0")/../lib.sh"

cat > "$T/prices.json" <<'J'
{"big":{"litellm_provider":"acme","mode":"chat","input_cost_per_token":1e-05,"output_cost_per_token":4e-05,
  "cache_read_input_token_cost":1e-06,"cache_creation_input_token_cost":1.25e-05,
  "input_cost_per_token_batches":5e-06,"output_cost_per_token_batches":2e-05,"cache_read_input_token_cost_batches":5e-07},
 "small":{"litellm_provider":"acme","mode":"chat","input_cost_per_token":1e-06,"output_cost_per_token":4e-06,
  "cache_read_input_token_cost":1e-07,"cache_creation_input_token_cost":1.25e-06,
  "input_cost_per_token_batches":5e-07,"output_cost_per_token_batches":2e-06}}
J
LLM_PRICES=$T/prices.json
export LLM_PRICES

# shellcheck disable=SC2317 # called by holds
adds_up() {
	python3 - "$@" <<-'P'
		import json, sys
		from decimal import Decimal as D
		for name in sys.argv[1:]:
		    d = json.load(open(name))
		    assert D(d["baseline"]) == D(d["spent"]) + sum(D(s["saved"]) for s in d["stages"]), d
		    assert D(d["saved"]) == sum(D(s["saved"]) for s in d["stages"]), d
	P
}
# record MODEL USAGE LLM [MORE]: an answered record
record() {
	printf '{"custom_id":"q","body":{"model":"%s","messages":[{"role":"user","content":"hi"}]},"response":{"status_code":200,"body":{"model":"%s","usage":%s}},"llm":{"v":1%s}%s}\n' \
		"$1" "$1" "$2" "${3:-}" "${4:-}"
}
usage() { printf '{"prompt_tokens":%d,"completion_tokens":%d,"total_tokens":%d,"prompt_tokens_details":{"cached_tokens":%d}}' "$1" "$2" $(($1 + $2)) "${3:-0}"; }
# walk WHAT BASELINE SPENT STAGES: of $T/in; STAGES as name:saved, those that are not zero
walk() {
	t "$1" 0 llm-cost ledger --format json "$T/in"
	eq "$1: baseline, spent" "$(jq -r '"\(.baseline) \(.spent)"' "$T/out")" "$2 $3"
	eq "$1: stages" "$(jq -r '.stages[]|select(.saved!="0")|"\(.name):\(.saved)"' "$T/out" | xargs)" "$4"
	holds "$1: adds up" adds_up "$T/out"
}
run=',"batch":{"lane":"realtime"}'

record big "$(usage 100 50)" "$run" > "$T/in"
walk 'as asked' 0.003 0.003 ''
record small "$(usage 100 50)" ',"route":{"asked":"big","model":"small"}'"$run" > "$T/in"
walk 'route' 0.003 0.0003 'route:0.0027'
record big "$(usage 100 50)" ',"route":{"asked":"small","model":"big"}'"$run" > "$T/in"
walk 'a route that cost more is a loss' 0.0003 0.003 'route:-0.0027'
record big "$(usage 100 50)" ',"compress":{"tokens_before":140,"tokens_after":100}'"$run" > "$T/in"
walk 'compress' 0.0034 0.003 'compress:0.0004'
record big "$(usage 100 50 80)" "$run" > "$T/in"
walk 'mark' 0.003 0.00228 'mark:0.00072'
record big "$(usage 100 50)" ',"batch":{"lane":"batch"}' > "$T/in"
walk 'batch' 0.003 0.0015 'batch:0.0015'
record big "$(usage 100 50)" ',"cache":{"hit":true,"model":"big"}' > "$T/in"
walk 'a replay' 0.003 0 'cache:0.003'
record big "$(usage 100 50)" ',"cache":{"hit":false,"collapsed":true}' > "$T/in"
walk 'a collapsed copy with its answer' 0.003 0 'cache:0.003'
# as asked 140 x 10 + 50 x 40; route 140 + 200; compress 100 + 200; mark 20 + 8 + 200; batch 10 + ... by table and cache price
record small "$(usage 100 50 80)" ',"route":{"asked":"big","model":"small"},"compress":{"tokens_before":140,"tokens_after":100}'"$run" > "$T/in"
walk 'three stages, in the order of the pipe' 0.0034 0.000228 'route:0.00306 compress:0.00004 mark:0.000072'
record small "$(usage 100 50)" ',"route":{"asked":"big","model":"small"},"compress":{"tokens_before":140,"tokens_after":100},"batch":{"lane":"batch"}' > "$T/in"
walk 'three others' 0.0034 0.00015 'route:0.00306 compress:0.00004 batch:0.00015'
printf '{"custom_id":"q","body":{"model":"big","messages":[]},"response":{"status_code":500,"body":{"error":{"message":"x"}}},"error":null}\n' > "$T/in"
walk 'a failed call' 0 0 ''
record big "$(usage 100 50)" "$run,\"for\":\"q1\",\"side\":\"route\"" > "$T/in"
walk 'a side call is charged to its stage' 0 0.003 'route:-0.003'
eq 'a side call is charged to its stage: side_cost' "$(jq -r '.stages[]|select(.name=="route").side_cost' "$T/out")" 0.003
record big "$(usage 100 50)" "$run,\"for\":\"q1\"" > "$T/in"
walk 'a side call that names no stage' 0 0.003 'other:-0.003'

# an asked model without a price makes no savings up
record small "$(usage 100 50)" ',"route":{"asked":"unheard-of","model":"small"}'"$run" > "$T/in"
walk 'an asked model without a price' 0.0003 0.0003 ''
eq 'is counted' "$(jq .no_baseline "$T/out")" 1
record unheard-of "$(usage 100 50)" "$run" > "$T/in"
t 'a model without a price: status 4' 4 llm-cost ledger --format json "$T/in"
eq 'a model without a price is outside' "$(jq -c '[.baseline,.spent,.unpriced,.left_out.unpriced[0].model]' "$T/out")" '["0","0",1,"unheard-of"]'

# all of it in one file, in every format
{
	record small "$(usage 1000 50 800)" ',"route":{"asked":"big","model":"small"},"compress":{"tokens_before":1400,"tokens_after":1000}'"$run" ',"time":"2026-11-20T10:00:00Z"'
	record big "$(usage 100 50)" ',"cache":{"hit":true,"model":"big"}' ',"time":"2026-11-20T12:00:00Z"'
	record big "$(usage 100 50)" ',"batch":{"lane":"batch"}' ',"time":"2026-11-21T10:00:00Z"'
	record small "$(usage 10 5)" "$run,\"for\":\"q\",\"side\":\"compress\"" ',"time":"2026-11-20T11:00:00Z"'
	printf '{"custom_id":"u","body":{"model":"big","messages":[]}}\n'
} > "$T/all"
t 'json' 0 llm-cost ledger --format json --project 30d "$T/all"
golden 'json' "$T/out" cost-ledger.json
holds 'all: adds up' adds_up "$T/out"
eq 'the projection: 30 days from one' "$(jq -r '.projection|"\(.measured_ms) \(.period_ms)"' "$T/out")" '86400000 2592000000'
eq 'the projection: thirty times' "$(jq -r '((.projection.spent|tonumber) / (.spent|tonumber) * 1000 | round)' "$T/out")" 30000
t 'table' 0 llm-cost ledger --project 30d "$T/all"
golden 'table' "$T/out" cost-ledger.txt
t 'csv' 0 llm-cost ledger --format csv "$T/all"
golden 'csv' "$T/out" cost-ledger.csv
t 'markdown' 0 llm-cost ledger --format md "$T/all"
golden 'markdown' "$T/out" cost-ledger.md
record big "$(usage 100 50)" > "$T/in"
t 'a projection of no time' 0 llm-cost ledger --project 30d "$T/in"
has 'is not made up' "$T/out" 'no projection'
t 'a projection for ever' 2 llm-cost ledger --project inf "$T/in"
t 'empty input' 0 llm-cost ledger --format json /dev/null
eq 'empty input: zeros' "$(jq -c '[.baseline,.spent,.saved,.requests]' "$T/out")" '["0","0","0",0]'
t 'empty input, table' 0 llm-cost ledger /dev/null
# --- by time, and side calls that nobody in the log caused
{
	record small "$(usage 100 10)" ',"route":{"asked":"big","model":"small"}' ',"time":"2026-11-01T12:00:00Z"' | sed 's/"q"/"p1"/'
	record small "$(usage 200 20)" ',"route":{"asked":"big","model":"small"}' ',"time":"2026-11-02T12:00:00Z"' | sed 's/"q"/"p2"/'
	record small "$(usage 10 0)" ',"for":"p1","side":"route"' ',"time":"2026-11-02T12:00:01Z"' | sed 's/"q"/"s1"/'
	record small "$(usage 30 0)" ',"for":"gone","side":"route"' ',"time":"2026-11-02T12:00:02Z"' | sed 's/"q"/"s2"/'
} > "$T/in"
t 'by day' 0 llm-cost ledger --over day --format json "$T/in"
# 100 x 10 + 10 x 40 against 100 x 1 + 10 x 4 millionths, the second day twice that and the side calls
eq 'a waterfall a day' "$(jq -c '[.periods[]|[.period,.baseline,.spent,.saved,.stages.route]]' "$T/out")" '[["2026-11-01","0.0014","0.00014","0.00126","0.00126"],["2026-11-02","0.0028","0.00032","0.00248","0.00248"]]'
holds 'the days add up to the whole' python3 -c 'import json,sys; from decimal import Decimal as D
d = json.load(open(sys.argv[1]))
for m in ("baseline", "spent", "saved"): assert D(d[m]) == sum(D(p[m]) for p in d["periods"]), m' "$T/out"
eq 'a side call without its parent' "$(jq -c .side_calls "$T/out")" '{"requests":2,"without_parent":1,"without_parent_cost":"0.00003"}'
t 'by day, for people' 0 llm-cost ledger --over day "$T/in"
has 'a line a day' "$T/out" '2026-11-02'
has 'the orphan is told' "$T/out" 'side calls of requests that are not in the log: 1'
t 'by month, as CSV' 0 llm-cost ledger --over month --format csv "$T/in"
eq 'a line a month' "$(tail -n +2 "$T/out")" '2026-11,0.0042,0,0.00374,0,0,0,0.00046'
t 'by nonsense' 2 llm-cost ledger --over year "$T/in"
finish
