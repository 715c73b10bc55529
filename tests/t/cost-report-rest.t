#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: what a report says beside its sums: kinds left out, iterations, spans, commitments, logged amounts, shards.
# shellcheck disable=SC2016 # dollars are dollars here
. "$(dirname "$0")/../lib.sh"

cat > "$T/prices.jsonl" <<'J'
{"provider":"acme","model":"big","prices":{"input":"2","output":"10"}}
{"provider":"acme","model":"small","prices":{"input":"1","output":"2"}}
{"provider":"acme","model":"reserved","monthly":"5000","prices":{"input":"0","output":"0"}}
J
LLM_PRICES=$T/prices.jsonl
export LLM_PRICES

# --- twelve models without a price: ten are named, the largest first; JSON has all
for i in 01 02 03 04 05 06 07 08 09 10 11 12; do
	echo "{\"model\":\"unheard-$i\",\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":0}}"
done > "$T/kinds"
echo '{"model":"unheard-12","usage":{"prompt_tokens":1,"completion_tokens":0}}' >> "$T/kinds"
echo '{"usage":{"prompt_tokens":1,"completion_tokens":0}}' >> "$T/kinds"
t 'many kinds' 4 llm-cost --by model --top 1 "$T/kinds"
eq 'the ten largest and one line for the others' "$(grep -c ^unpriced: "$T/out")" 11
eq 'the largest first' "$(grep ^unpriced: "$T/out" | head -n 1)" 'unpriced: unheard-12, the price table has no such model: 2'
has 'the others, with their calls' "$T/out" 'unpriced: and 3 more kinds: 3'
has 'what costs nothing known is not shown to six places' "$T/out" 'unallocated (a field of --by is missing): 1, $0'
t 'all kinds' 4 llm-cost --format json "$T/kinds"
eq 'JSON has them all' "$(jq '.left_out.unpriced|length' "$T/out")" 13
tail -n 1 "$T/kinds" > "$T/nameless"
t 'no model' 4 llm-cost "$T/nameless"
has 'is said once' "$T/out" 'unpriced: no model: 1'

# --- iterations: tokens and dollars of a group agree, snapshot by snapshot
message() { # OUTPUT ITERATIONS COST
	printf '{"timestamp":"2026-09-21T10:00:00Z","requestId":"req_1","message":{"id":"msg_01ABCDEFGHJKLMNPQRSTUVWX","role":"assistant","model":"big","usage":{"input_tokens":10,"output_tokens":%s%s}},"costUSD":%s}\n' \
		"$1" "${2:+,\"iterations\":[$2]}" "$3"
}
one='{"type":"compaction","input_tokens":1000,"output_tokens":100}'
two='{"type":"message","input_tokens":10,"output_tokens":40},{"type":"compaction","model":"small","input_tokens":2000,"output_tokens":100}'
{ message 20 '' 0.001; message 30 "$one" 0.002; message 40 "$one,$two" 0.003; message 40 "$one,$two" 0.004; } > "$T/grows"
sed '1!G;h;$!d' "$T/grows" > "$T/shrinks"
tail -n 1 "$T/grows" > "$T/last"
for f in last grows shrinks; do
	t "iterations: $f" 0 llm-cost --format json "$T/$f"
	# 10 x 2 + 40 x 10 + 1000 x 2 + 100 x 10 + 2000 x 1 + 100 x 2 millionths
	eq "tokens and dollars: $f" "$(jq -c '.total|[.requests,.input_tokens,.output_tokens,.cost]' "$T/out")" '[1,3010,240,"0.00562"]'
done
for f in grows shrinks; do
	t "the amount of the log: $f" 0 llm-cost --cost-mode log --format json "$T/$f"
	eq "is the largest: $f" "$(jq -c '.total|[.requests,.cost,.logged_cost]' "$T/out")" '[1,"0.004","0.004"]'
done
t 'both amounts' 0 llm-cost --cost-mode both --format json "$T/grows"
eq 'one amount, one call' "$(jq -c '.total|[.cost,.logged_cost,.gap]' "$T/out")" '["0.00562","0.004","0.00162"]'

# --- several spans in one line are calls of their own; one that is exported twice is one
span() { # ID MODEL INPUT
	printf '{"traceId":"00112233445566778899aabbccddeeff","spanId":"001122334455667%s","startTimeUnixNano":"179000000%s000000000","attributes":[{"key":"gen_ai.request.model","value":{"stringValue":"%s"}},{"key":"gen_ai.usage.input_tokens","value":{"intValue":"%s"}},{"key":"gen_ai.usage.output_tokens","value":{"intValue":7}}]}' "$1" "$1" "$2" "$3"
}
printf '{"resourceSpans":[{"scopeSpans":[{"spans":[%s,{"attributes":[]},%s]}]},{"scopeSpans":[{"spans":[%s]}]}]}\n' \
	"$(span 1 big 50)" "$(span 2 small 500)" "$(span 1 big 50)" > "$T/spans"
t 'spans' 0 llm-cost --format json --by model "$T/spans"
eq 'each counts, at its own model' "$(jq -c '[.groups[]|[.key.model,.requests,.input_tokens,.cost]]|sort' "$T/out")" '[["big",1,50,"0.00017"],["small",1,500,"0.000514"]]'
eq 'a copy does not' "$(jq .left_out.repeats "$T/out")" 1
eq 'at their own time' "$(jq -r .total.from "$T/out")" '2026-09-21T14:13:21.000Z'
t 'spans in the ledger' 0 llm-cost ledger --format json "$T/spans"
eq 'each counts there' "$(jq -c '[.requests,.spent]' "$T/out")" '[2,"0.000684"]'
t 'each has its bill' 0 llm-cost annotate "$T/spans"
eq 'and the record their sum, copies among them' "$(jq -c '[.llm.cost.usd, (.llm.cost.calls|length)]' "$T/out")" '["0.000854",3]'
t 'spans at another model' 0 llm-cost whatif --model small --format json "$T/spans"
eq 'each counts there too' "$(jq -c '[.baseline.cost,.total.cost]' "$T/out")" '["0.000684","0.000578"]'
t 'spans against a model to come' 0 llm-cost breakeven --to small --format json "$T/spans"
eq 'each counts, once' "$(jq -c .log.requests "$T/out")" 2
t 'spans audited' 0 llm-cost audit --format json "$T/spans"
eq 'all their dollars' "$(jq -r .total.spent_usd "$T/out")" 0.000684
t 'spans against spans' 0 llm-cost diff --format json "$T/spans" "$T/spans"
eq 'each of the line has its like' "$(jq -c '[.total.base,.total.change_usd,.added,.removed]' "$T/out")" '["0.000854","0",0,0]'
echo '{"id":"0011223344556672","verdict":"worse"}' > "$T/flags"
t 'spans judged' 0 llm-cost quality --by model --format json "$T/spans" "$T/flags"
eq 'a flag finds its span' "$(jq -c '[.groups[]|[.key.model,.answers,.worse]]|sort' "$T/out")" '[["big",1,0],["small",1,1]]'
sed 's/{"key":"gen_ai.request.model","value":{"stringValue":"small"}}/&,{"key":"gen_ai.operation.name","value":{"stringValue":"invoke_agent"}}/' "$T/spans" > "$T/above"
t 'a span above calls' 0 llm-cost --format json --by model "$T/above"
eq 'is no call' "$(jq -c '[.groups[]|[.key.model,.requests]]' "$T/out")" '[["big",1]]'

# --- how calls went, as logs of others say it: how long, and whether they failed
cat > "$T/course" <<'X'
{"llm":{"tags":{"of":"ours"}},"id":"a","model":"small","usage":{"prompt_tokens":5,"completion_tokens":1},"latency_ms":120}
{"of":"LiteLLM","request_id":"b-0123456789abcdef","model":"small","prompt_tokens":5,"completion_tokens":1,"spend":0,"status":"success","startTime":"2026-09-21T10:00:00Z","endTime":"2026-09-21T10:00:01.500Z"}
{"of":"LiteLLM","request_id":"c-0123456789abcdef","model":"small","prompt_tokens":0,"completion_tokens":0,"spend":0,"status":"failure","startTime":"2026-09-21T10:00:00Z","endTime":"2026-09-21T10:00:01.500Z"}
{"of":"callback","standard_logging_object":{"id":"d","model":"small","prompt_tokens":5,"completion_tokens":1,"status":"success","startTime":1790000000.25,"endTime":1790000001}}
{"of":"Helicone","request_id":"e","response_status":200,"response_model":"small","prompt_tokens":5,"prompt_cache_read_tokens":0,"completion_tokens":1,"delay_ms":20,"request_user_id":"u","request_properties":{"Helicone-Session-Id":"s"}}
{"of":"Helicone","request_id":"f","response_status":429,"request_model":"small","prompt_tokens":0,"prompt_cache_read_tokens":0,"completion_tokens":0,"delay_ms":20}
{"of":"Langfuse","id":"g","type":"GENERATION","level":"DEFAULT","start_time":"2026-09-21 10:00:00.000000","end_time":"2026-09-21 10:00:00.250000","provided_model_name":"small","usage_details":{"input":5,"output":1,"total":6},"user_id":"u","session_id":"s"}
{"of":"Langfuse","id":"h","type":"GENERATION","level":"ERROR","start_time":"2026-09-21 10:00:00.000000","end_time":"2026-09-21 10:00:00.250000","provided_model_name":"small","usage_details":{"input":0,"output":0}}
{"of":"OpenTelemetry","startTimeUnixNano":"1790000000000000000","endTimeUnixNano":"1790000000750000000","attributes":{"gen_ai.request.model":"small","gen_ai.usage.input_tokens":5,"gen_ai.usage.output_tokens":1}}
{"of":"OpenTelemetry","startTimeUnixNano":"1790000001000000000","endTimeUnixNano":"1790000001750000000","status":{"code":2},"attributes":{"gen_ai.request.model":"small","gen_ai.usage.input_tokens":5,"gen_ai.usage.output_tokens":1}}
X
t 'logs of others' 0 llm-cost --format json --by .of "$T/course"
eq 'latency and errors' "$(jq -c '[.groups[]|[.key[".of"],.p50_ms,.errors,.requests]]|sort' "$T/out")" \
	'[[null,120,0,1],["Helicone",20,1,2],["Langfuse",250,1,2],["LiteLLM",1500,1,2],["OpenTelemetry",750,1,2],["callback",750,0,1]]'
t 'people of others' 0 llm-cost --format json --by user,session "$T/course"
eq 'users and sessions' "$(jq -c '[.groups[]|select(.key.user)|[.key.user,.key.session,.requests,.users,.conversations]]' "$T/out")" '[["u","s",2,1,1]]'

# --- paid by the month: spread over the calls, months without a call too
for m in 01-05 01-06 03-05; do
	echo "{\"time\":\"2026-${m}T00:00:00Z\",\"model\":\"reserved\",\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":1}}"
done > "$T/reserved"
t 'committed' 0 llm-cost --format json "$T/reserved"
want='{"usd":"15000","taxes":"left out","months":[["2026-01","5000",2,"2500"],["2026-02","5000",0,null],["2026-03","5000",1,"5000"]]}'
committed() { jq -c '.committed|.months|=map([.month,.usd,.requests,.per_request])' "$T/out"; }
eq 'a sum of its own' "$(committed)" "$want"
eq 'not in the costs' "$(jq -r .total.cost "$T/out")" 0
t 'committed, for people' 0 llm-cost "$T/reserved"
has 'a line of its own' "$T/out" 'committed: acme/reserved, 2026-01: $5,000.00 beside the costs, before tax, for 2 calls: $2,500.00 each'
for n in 1 2 3; do
	sed -n ${n}p "$T/reserved" > "$T/shard"
	llm-cost --partial "$T/shard" > "$T/p$n"
done
t 'committed, merged' 0 llm-cost merge --format json "$T/p3" "$T/p1" "$T/p2"
eq 'the same' "$(committed)" "$want"
echo '{"provider":"acme","model":"x","monthly":"much","prices":{"input":"0","output":"0"}}' > "$T/much"
t 'what is no amount' 2 llm-cost --prices "$T/much" "$T/reserved"

# --- shards of logs that overlap
llm-cost --partial "$T/grows" > "$T/a"
{ cat "$T/last"; cat "$T/spans"; } > "$T/more"
llm-cost --partial "$T/more" > "$T/b"
llm-cost --partial "$T/spans" > "$T/c"
t 'shards that share a call' 4 llm-cost merge "$T/a" "$T/b"
has 'say so' "$T/err" 'share calls, which are counted twice: at least 1 of'
t 'shards that share none' 0 llm-cost merge "$T/a" "$T/c"
llm-cost merge --partial "$T/a" "$T/c" > "$T/ac"
t 'merged again' 4 llm-cost merge "$T/b" "$T/ac"
has 'the ids are kept' "$T/err" 'at least 3 of'
t 'charges of FOCUS in a partial report' 2 llm-cost --partial --format focus "$T/spans"
has 'say why not' "$T/err" 'not the charges by price'
# --- a column that is asked alone says what it says among all
cat > "$T/each" <<'J'
{"model":"big","user":"u1","metadata":{"session":"s1"},"time":"2026-05-01T10:00:00Z","verdict":"worse","usage":{"prompt_tokens":4000,"completion_tokens":7,"prompt_tokens_details":{"cached_tokens":1000}},"choices":[{"finish_reason":"length","text":"x"}]}
{"model":"big","user":"u2","time":"2026-05-01T11:00:00Z","verdict":"better","usage":{"prompt_tokens":9,"completion_tokens":900},"llm":{"v":1,"route":{"rule":"r","estimated_cost":"0.5"},"batch":{"attempts":3,"latency_ms":40}}}
{"model":"small","user":"u1","time":"2026-05-02T11:00:00Z","usage":{"prompt_tokens":2000,"completion_tokens":100},"llm":{"v":1,"cache":{"key":"k","hit":true}}}
J
t 'all columns' 0 llm-cost report --by model --format csv "$T/each"
cp "$T/out" "$T/all.csv"
differ=
n=1
for column in $(head -n 1 "$T/all.csv" | tr , ' '); do
	if [ $n -gt 1 ]; then
		cut -d, -f1,$n "$T/all.csv" > "$T/wanted"
		llm-cost report --by model --format csv --columns "$column" "$T/each" > "$T/alone" 2> "$T/err"
		# what the log names is looked for only where it is asked
		case $column in
		logged_cost | gap) ;;
		*) cmp -s "$T/alone" "$T/wanted" || differ="$differ $column" ;;
		esac
	fi
	n=$((n + 1))
done
eq 'each alone' "$differ" ''
eq 'they were many' "$((n > 30))" 1
llm-cost report --by model --format json "$T/each" > "$T/wanted"
t 'JSON has all columns' 0 llm-cost report --by model --format json --columns requests "$T/each"
same 'whatever --columns says' "$T/out" "$T/wanted"

# --- calls that are alike are added up before they are priced: by a key that takes each line by
# --- itself (a number of its own) the total is the same, to the last digit
awk 'BEGIN {
	split("claude-sonnet-4-5 gemini-2.5-pro gpt-4o gpt-4.1 deepseek-chat o3 nobodys-model", model, " ")
	split("default batch flex nothing-known", tier, " ")
	for (i = 0; i < 900; i++) {
		sent = i % 5 ? i * 37 % 9000 : 199990 + i % 20
		printf "{\"n\":%d,\"time\":\"2026-%02d-%02dT%02d:30:00Z\",\"model\":\"%s\"", i, i % 10 + 1,
			i % 28 + 1, i % 24, model[i % 7 + 1]
		if (i % 3)
			printf ",\"user\":\"u%d\"", i % 40
		if (i % 11 == 0)
			printf ",\"service_tier\":\"%s\"", tier[i % 4 + 1]
		printf ",\"usage\":{\"prompt_tokens\":%d,\"completion_tokens\":%d,", sent, i % 700
		printf "\"prompt_tokens_details\":{\"cached_tokens\":%d},", i % 2 ? int(sent / 3) : 0
		printf "\"completion_tokens_details\":{\"reasoning_tokens\":%d,\"audio_tokens\":%d}}}\n",
			i % 4 ? 0 : i % 50, i % 90 ? 0 : 1
	}
}' > "$T/many"
total() { jq -S '.total' "$T/out"; }
t 'by what each line has alone' 4 llm-cost report --format json --by .n "$T/many"
total > "$T/wanted"
eq 'all of them' "$(jq .requests "$T/wanted")" 900
for by in model model,month lane,provider,day; do
	t "by $by" 4 llm-cost report --format json --by "$by" "$T/many"
	total > "$T/total"
	same "by $by: the same total" "$T/total" "$T/wanted"
	jq -r '.groups | map(.requests) | add' "$T/out" > "$T/sum"
	eq "by $by: all are in groups" "$(cat "$T/sum")" 900
done

finish
