#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: a call that stands in a log several times counts once, in any order of the lines.
. "$(dirname "$0")/../lib.sh"

cat > "$T/prices.json" <<'J'
{"acme-large":{"litellm_provider":"acme","mode":"chat","input_cost_per_token":2e-06,"output_cost_per_token":1e-05,
  "cache_read_input_token_cost":5e-07,"cache_creation_input_token_cost":3e-06}}
J
LLM_PRICES=$T/prices.json
export LLM_PRICES

total() { jq -c '[.total.requests,.total.input_tokens,.total.output_tokens,.total.cost]' "$1"; }
# sums WHAT WANTED FILE...: the total of the files
sums() {
	sums_what=$1 sums_want=$2
	shift 2
	t "$sums_what" 0 llm-cost --format json "$@"
	eq "$sums_what: once" "$(total "$T/out")" "$sums_want"
}

# one answer on three lines while it grows: the largest counts
message() { # OUTPUT [ID] [REQUEST] [SESSION] [TIME]
	printf '{"timestamp":"2026-09-21T10:00:0%s.000Z","sessionId":"%s",%s"message":{"id":"%s","role":"assistant","model":"acme-large","usage":{"input_tokens":10,"cache_creation_input_tokens":100,"cache_read_input_tokens":1000,"output_tokens":%s}}}\n' \
		"${5:-0}" "${4:-s}" "${3-\"requestId\":\"req_1\",}" "${2:-msg_1}" "$1"
}
{ message 3; message 159; message 159; } > "$T/grows"
# 10 x 2 + 100 x 3 + 1000 x .5 + 159 x 10 millionths
once='[1,1110,159,"0.00241"]'
sums 'an answer that grows' "$once" "$T/grows"
{ message 159; message 3; } > "$T/shrinks"
sums 'the largest first' "$once" "$T/shrinks"
sums 'twice the same file' "$once" "$T/grows" "$T/grows"
sed 's/":/" : /g' "$T/grows" > "$T/blanks"
sums 'with blanks behind colons' "$once" "$T/grows" "$T/blanks"
{ message 3 msg_1 '"requestId":"req_1",' other 5; message 159 msg_1 '"requestId":"req_1",' other 5; } > "$T/resumed"
sums 'resumed under another session' "$once" "$T/grows" "$T/resumed"
{ message 3 msg_2 ''; message 159 msg_2 ''; } > "$T/gateway"
sums 'without a request id' "$once" "$T/gateway" "$T/gateway"
{ cat "$T/grows"; message 159 msg_1 '"requestId":"req_2",'; } > "$T/two"
sums 'another request is another call' '[2,2220,318,"0.00482"]' "$T/two"
{ message 3 msg_01ABCDEFGHJKLMNPQRSTUVWX; message 159 msg_01ABCDEFGHJKLMNPQRSTUVWX '"requestId":"req_other",' sub; } > "$T/agent"
sums 'a copy by a sub-agent under a request id of its own' "$once" "$T/agent"
t 'an answer that grows, by session' 0 llm-cost --format json --by session "$T/grows" "$T/resumed"
eq 'stands where it was first seen' "$(jq -c '[.groups[]|[.key.session,.requests,.output_tokens]]' "$T/out")" '[["s",1,159]]'
eq 'how many lines were repeats' "$(jq .left_out.repeats "$T/out")" 4
t 'in the ledger too' 0 llm-cost ledger --format json "$T/grows" "$T/resumed"
eq 'spent' "$(jq -c '[.spent,.requests,.output_tokens]' "$T/out")" '["0.00241",1,159]'

# what is no call
{
	cat "$T/grows"
	echo '{"type":"assistant","message":{"id":"x","model":"<synthetic>","role":"assistant","usage":{"input_tokens":0,"output_tokens":0,"cache_creation_input_tokens":0,"cache_read_input_tokens":0}},"isApiErrorMessage":true}'
	echo '{"type":"user","sessionId":"s","message":{"role":"user","content":"hello"}}'
	echo '{"type":"summary","summary":"said hello","leafUuid":"1"}'
} > "$T/prose"
sums 'made-up answers and prose are no calls' "$once" "$T/prose"
eq 'they are counted as skipped' "$(jq .left_out.skipped "$T/out")" 3

# running totals
event() { # SECOND INPUT OUTPUT TOTAL-INPUT TOTAL-OUTPUT
	printf '{"timestamp":"2026-09-21T10:00:0%sZ","type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":{"input_tokens":%d,"cached_input_tokens":0,"output_tokens":%d,"reasoning_output_tokens":5,"total_tokens":%d},"last_token_usage":{"input_tokens":%d,"cached_input_tokens":0,"output_tokens":%d,"reasoning_output_tokens":5,"total_tokens":%d}}}}\n' \
		"$1" "$4" "$5" $(($4 + $5)) "$2" "$3" $(($2 + $3))
}
session() { printf '{"timestamp":"2026-09-21T10:00:00Z","type":"session_meta","payload":{"id":"%s"%s}}\n' "$1" "${2:-}"; }
context() { echo '{"timestamp":"2026-09-21T10:00:00Z","type":"turn_context","payload":{"model":"acme-large"}}'; }
{ session one; context; event 1 100 30 100 30; event 2 100 30 100 30; event 4 50 10 150 40; } > "$T/running"
echo '{"timestamp":"2026-09-21T10:00:03Z","type":"event_msg","payload":{"type":"token_count","info":null}}' >> "$T/running"
# 150 x 2 + 40 x 10 millionths
sums 'a total that did not move' '[2,150,40,"0.0007"]' "$T/running"
eq 'is a repeat' "$(jq .left_out.repeats "$T/out")" 1
sums 'the same session twice' '[2,150,40,"0.0007"]' "$T/running" "$T/running"
{ session two; context; event 1 100 30 100 30; } > "$T/second"
sums 'another session with equal totals is another call' '[3,250,70,"0.0012"]' "$T/running" "$T/second"
{ session three ',"forked_from_id":"one"'; context; event 1 100 30 100 30; event 4 50 10 150 40; event 5 1 6 151 46; } > "$T/fork"
sums 'a fork replays its parent' '[3,151,46,"0.000762"]' "$T/running" "$T/fork"
{ session one; context; event 4 50 10 150 40; event 1 100 30 100 30; } > "$T/turned"
sums 'events out of order' '[2,150,40,"0.0007"]' "$T/turned"

# results and logged answers
result='{"id":"batch_req_0001","custom_id":"q","response":{"status_code":200,"request_id":"r","body":{"id":"chatcmpl-00000001","model":"acme-large","usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}},"error":null}'
{ echo "$result"; echo "$result"; } > "$T/result"
t 'the same result twice' 4 env -u LLM_PRICES llm-cost --format json "$T/result"
eq 'the same result twice: once, though it has no price' "$(jq -c '[.total.requests,.total.unpriced,.left_out.repeats]' "$T/out")" '[1,1,1]'
answer='{"id":"chatcmpl-00000001","object":"chat.completion","model":"acme-large","usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}'
{ echo "$answer"; echo "$answer"; } > "$T/answer"
sums 'the same logged answer twice' '[1,10,5,"0.00007"]' "$T/answer"
echo "$answer" | sed 's/"completion_tokens":5,"total_tokens":15/"completion_tokens":6,"total_tokens":16/' >> "$T/answer"
sums 'one id with other counts is another call' '[2,20,11,"0.00015"]' "$T/answer"
sed 's/chatcmpl-00000001/c/' "$T/answer" > "$T/short"
sums 'an id that is too short to be one' '[3,30,16,"0.00022"]' "$T/short"
chunk() { printf '{"id":"chatcmpl-00000002","object":"chat.completion.chunk","model":"acme-large","usage":{"prompt_tokens":10,"completion_tokens":%d,"total_tokens":%d}}\n' "$1" $((10 + $1)); }
{ chunk 1; chunk 2; chunk 5; chunk 5; } > "$T/chunks"
sums 'chunks of one stream' '[1,10,5,"0.00007"]' "$T/chunks"
ran='{"custom_id":"q","body":{"model":"acme-large","messages":[]},"response":{"status_code":200,"body":{"id":"chatcmpl-00000001","model":"acme-large","usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}},"llm":{"v":1,"batch":{"lane":"realtime"}}}'
{ echo "$ran"; echo "$ran"; } > "$T/ran"
sums 'what was run twice was paid twice' '[2,20,10,"0.00014"]' "$T/ran"
copy='{"custom_id":"q2","body":{"model":"acme-large","messages":[]},"llm":{"v":1,"cache":{"key":"1:00","hit":false,"collapsed":true}}}'
{ echo "$ran"; echo "$copy"; } > "$T/copies"
sums 'a collapsed copy costs nothing and is counted' '[2,10,5,"0.00007"]' "$T/copies"

# the logs of others, doubled and shuffled
if data 'logs of agents, doubled and shuffled'; then
	unset LLM_PRICES
	for log in "$LLM_TEST_DATA/logs/claude" "$LLM_TEST_DATA/logs/codex" "$LLM_TEST_DATA/logs"; do
		name=$(basename "$log")
		find "$log" -name '*.jsonl' -exec awk 1 {} + > "$T/once"
		want=4
		[ "$name" != codex ] || want=0
		t "$name" "$want" llm-cost --now 2026-08-15T00:00:00Z --format json --by model "$T/once"
		jq -c '[.total,.groups]' "$T/out" > "$T/want"
		jq -c '[.total.requests,.total.cost]' "$T/out" > "$T/$name.sum"
		cat "$T/once" "$T/once" > "$T/doubled"
		t "$name doubled" "$want" llm-cost --now 2026-08-15T00:00:00Z --format json --by model "$T/doubled"
		jq -c '[.total,.groups]' "$T/out" > "$T/got"
		same "$name doubled: the same sums" "$T/got" "$T/want"
		sort -R --random-source="$T/doubled" "$T/doubled" | sed 's/":/" : /g' > "$T/shuffled"
		t "$name doubled and shuffled" "$want" llm-cost --now 2026-08-15T00:00:00Z --format json --by model "$T/shuffled"
		jq -c '[.total,.groups]' "$T/out" > "$T/got"
		same "$name doubled and shuffled: the same sums" "$T/got" "$T/want"
	done
	# five rows; one asks for a speed that no table has a price of
	eq 'claude: the tokens of the four that have a price' "$(cat "$T/claude.sum")" '[5,"0.0043865"]'
	# the total of the rows says that reasoning lies outside the output
	eq 'codex: two calls' "$(jq '.[0]' "$T/codex.sum")" 2
fi

# more calls than memory keeps: each stands again after all the others, most of them larger
awk 'BEGIN { for (r = 0; r < 2; r++) {
	for (i = 0; i < 270000; i++)
		printf "{\"id\":\"chatcmpl-%012d\",\"model\":\"gpt-4o\",\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1}}\n", i
	for (i = 0; i < 140000; i++)
		printf "{\"message\":{\"id\":\"msg_%020d\",\"model\":\"claude-sonnet-4-5\",\"usage\":{\"input_tokens\":1,\"output_tokens\":%d}}}\n", i, 1 + r * (i % 3)
} }' > "$T/many"
t 'more calls than memory keeps' 0 llm-cost --format json "$T/many"
eq 'each counts once, with its last counts' "$(jq -c '[.total.requests, .total.output_tokens, .left_out.repeats]' "$T/out")" \
	'[410000,549999,410000]'
t 'no room for what is put by' 0 env TMPDIR="$T/nowhere" llm-cost --format json "$T/many"
has 'is said' "$T/err" 'repeats of later ones were counted again'
finish
