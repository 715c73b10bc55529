#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: one odd line at a time, with the verdict of llm-cost on it: amount, unpriced, errors, status.
. "$(dirname "$0")/../lib.sh"

cat > "$T/prices.json" <<'J'
{"sample_spec":{"input_cost_per_token":0.0,"max_tokens":"prose","litellm_provider":"one of the providers"},
 "acme-large":{"litellm_provider":"acme","mode":"chat","input_cost_per_token":2e-06,"output_cost_per_token":"0.00001",
  "cache_read_input_token_cost":5e-07},
 "acme-batch":{"litellm_provider":"acme","mode":"chat","input_cost_per_token":2e-06,"output_cost_per_token":1e-05,
  "input_cost_per_token_batches":1e-06,"output_cost_per_token_batches":5e-06},
 "acme-free":{"litellm_provider":"acme","mode":"chat","input_cost_per_token":0.0,"output_cost_per_token":0.0},
 "acme-missing":{"litellm_provider":"acme","mode":"chat","output_cost_per_token":1e-05}}
J
LLM_PRICES=$T/prices.json
export LLM_PRICES

# row WHAT STATUS WANTED LINE: requests, cost, unpriced, errors of that one line
row() {
	printf '%s\n' "$4" > "$T/in"
	t "$1" "$2" llm-cost --format json "$T/in"
	eq "$1: requests, cost, unpriced, errors" "$(jq -c '[.total.requests,.total.cost,.total.unpriced,.total.errors]' "$T/out")" "$3"
}
# annotated WHAT STATUS WANTED LINE: llm.cost.usd and unpriced
annotated() {
	printf '%s\n' "$4" > "$T/in"
	t "annotate: $1" "$2" llm-cost annotate "$T/in"
	eq "annotate: $1: usd, reason" "$(jq -c '[.llm.cost.usd,.llm.cost.unpriced]' "$T/out")" "$3"
}
usage() { printf '{"model":"%s","usage":%s}' "$1" "$2"; }
counts='{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}'
body='"custom_id":"q","method":"POST","url":"/v1/chat/completions","body":{"model":"acme-large","messages":[{"role":"user","content":"hi"}]}'
# answered RESPONSE [MORE]
answered() { printf '{%s,"response":%s%s}' "$body" "$1" "${2:-}"; }
ok() { printf '{"status_code":200,"body":{"model":"acme-large","choices":[{"index":0,"finish_reason":%s,"message":{"role":"assistant","content":"yo"}}],"usage":%s}}' "${2:-\"stop\"}" "$1"; }
fine='[1,"0.00007",0,0]'
bad='[1,"0",1,0]'

row 'a good line' 0 "$fine" "$(usage acme-large "$counts")"
row 'a good answer' 0 "$fine" "$(answered "$(ok "$counts")")"
row 'members in another order, escapes, blanks' 0 "$fine" '{ "usage" : {"total_tokens":15,"completion_tokens":5,"prompt_tokens":10} , "mod\u0065l" : "acme\u002dlarge" }'
row 'other members that stand twice' 0 "$fine" '{"model":"acme-large","x":1,"x":2,"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}'
row 'a model that stands twice' 4 '[0,"0",0,0]' '{"model":"acme-large","model":"acme-free","usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}'
has 'a model that stands twice: named' "$T/err" "$T/in:1: "
row 'a usage that stands twice' 4 '[0,"0",0,0]' '{"model":"acme-large","usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2},"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}'
row 'a count that stands twice' 4 '[0,"0",0,0]' "$(usage acme-large '{"prompt_tokens":10,"prompt_tokens":11,"completion_tokens":5,"total_tokens":15}')"
row 'a line that is cut' 4 '[0,"0",0,0]' '{"model":"acme-large","usage":{"prompt_to'
row 'no object' 0 '[0,"0",0,0]' '[1,2]'
eq 'no object: skipped' "$(jq .left_out.skipped "$T/out")" 1
row 'an object of no known shape' 0 '[0,"0",0,0]' '{}'
eq 'an object of no known shape: skipped' "$(jq .left_out.skipped "$T/out")" 1

# usage
row 'no usage' 4 "$bad" "$(answered '{"status_code":200,"body":{"model":"acme-large","choices":[]}}')"
row 'usage null' 4 "$bad" "$(answered "$(ok null)")"
annotated 'usage null' 4 '[null,"no usage"]' "$(answered "$(ok null)")"
# answers as providers give them, without a request
for end in ',"usage":null}' '}'; do
	row "a bare answer, usage '$end'" 4 "$bad" '{"object":"chat.completion","model":"acme-large","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"yo"}}]'"$end"
	row "a bare message, usage '$end'" 4 "$bad" '{"type":"message","role":"assistant","model":"acme-large","content":[],"stop_reason":"end_turn"'"$end"
	row "a bare response, usage '$end'" 4 "$bad" '{"object":"response","status":"completed","model":"acme-large","output":[]'"$end"
	row "a response in the making, usage '$end'" 0 '[0,"0",0,0]' '{"object":"response","status":"in_progress","model":"acme-large","output":[]'"$end"
	row "a piece of a stream, usage '$end'" 0 '[0,"0",0,0]' '{"object":"chat.completion.chunk","model":"acme-large","choices":[{"index":0,"delta":{"content":"yo"}}]'"$end"
done
row 'a usage line, null' 4 "$bad" '{"model":"acme-large","usage":null}'
row 'an empty body' 4 "$bad" "$(answered '{"status_code":200,"body":{}}')"
row 'a negative count' 4 "$bad" "$(usage acme-large '{"prompt_tokens":-1,"completion_tokens":5,"total_tokens":4}')"
row 'a fraction' 4 "$bad" "$(usage acme-large '{"prompt_tokens":1.5,"completion_tokens":5,"total_tokens":6.5}')"
row 'a string' 4 "$bad" "$(usage acme-large '{"prompt_tokens":1,"completion_tokens":"5","total_tokens":6}')"
row 'counts of every wrong kind' 4 "$bad" "$(usage acme-large '{"prompt_tokens":-1,"completion_tokens":"5","total_tokens":4.5}')"
row '1e400' 4 "$bad" "$(usage acme-large '{"prompt_tokens":1e400,"completion_tokens":5,"total_tokens":15}')"
row '2^63' 4 "$bad" "$(usage acme-large '{"prompt_tokens":9223372036854775808,"completion_tokens":5,"total_tokens":15}')"
row 'more cached than sent' 4 "$bad" "$(usage acme-large '{"prompt_tokens":100,"completion_tokens":5,"total_tokens":105,"prompt_tokens_details":{"cached_tokens":120}}')"
row 'a total that is not its parts' 4 "$bad" "$(usage acme-large '{"prompt_tokens":100,"completion_tokens":5,"total_tokens":500}')"
eq 'counts of a flawed usage are left out' "$(jq -c '[.total.input_tokens,.total.output_tokens]' "$T/out")" '[0,0]'
eq 'and the reason is told' "$(jq '.left_out.unpriced[0].reason|length>0' "$T/out")" true
row 'cached tokens' 0 '[1,"0.00019",0,0]' "$(usage acme-large '{"prompt_tokens":100,"completion_tokens":5,"total_tokens":105,"prompt_tokens_details":{"cached_tokens":40}}')"

# ends
row 'response null, error set' 0 '[1,"0",0,1]' "$(answered null ',"error":{"code":"batch_expired","message":"expired"}')"
row 'response null, error set: a line of results' 0 '[1,"0",0,1]' '{"id":"batch_req_s4","custom_id":"q-3","response":null,"error":{"code":"batch_expired","message":"x"}}'
row 'status 400, error null' 0 '[1,"0",0,1]' "$(answered '{"status_code":400,"body":{"error":{"message":"no"}}}' ',"error":null')"
row 'status 200 with an error body' 0 '[1,"0",0,1]' "$(answered '{"status_code":200,"body":{"error":{"message":"no"}}}')"
row 'status 200 with an error body and a usage' 0 '[1,"0.00007",0,1]' "$(answered "{\"status_code\":200,\"body\":{\"model\":\"acme-large\",\"error\":{\"message\":\"no\"},\"usage\":$counts}}")"
row 'an error that is a string' 0 '[1,"0",0,1]' "$(answered null ',"error":"Service unavailable"')"
fell='[1,"0",0,1]'
row 'Anthropic: errored' 0 "$fell" '{"custom_id":"a","result":{"type":"errored","error":{"type":"error","error":{"type":"overloaded_error","message":"x"}}}}'
row 'Anthropic: canceled' 0 "$fell" '{"custom_id":"a","result":{"type":"canceled"}}'
row 'Anthropic: expired' 0 "$fell" '{"custom_id":"a","result":{"type":"expired"}}'
row 'Gemini: an error line' 0 "$fell" '{"key":"g","error":{"code":400,"message":"x","status":"INVALID_ARGUMENT"}}'
row 'Vertex: an error as status' 0 "$fell" '{"request":{"contents":[{"role":"user","parts":[{"text":"hi"}]}]},"response":{},"status":"Bad Request: x"}'
row 'Bedrock: an error line' 0 "$fell" '{"recordId":"B1","modelInput":{"max_tokens":10},"error":{"errorCode":400,"errorMessage":"x"}}'
annotated 'a failed call' 0 '["0",null]' "$(answered null ',"error":"Service unavailable"')"
for reason in '"length"' '"content_filter"' null; do
	row "finish reason $reason" 0 "$fine" "$(answered "$(ok "$counts" "$reason")")"
	eq "finish reason $reason: waste" "$(jq -c .waste "$T/out")" '{"requests":1,"cost":"0.00007"}'
done
row 'no finish reason' 0 "$fine" "$(answered "$(ok "$counts" | sed 's/"finish_reason":"stop",//')")"
eq 'no finish reason: waste' "$(jq -c .waste.requests "$T/out")" 1
row 'a good end is no waste' 0 "$fine" "$(answered "$(ok "$counts")")"
eq 'a good end is no waste: none' "$(jq -c .waste.requests "$T/out")" 0

# requests
row 'a request that was not sent' 0 '[0,"0",0,0]' "{$body}"
eq 'a request that was not sent: counted apart' "$(jq .left_out.unanswered "$T/out")" 1
annotated 'a request that was not sent' 0 '[null,"not answered"]' "{$body}"
row 'a request without a model' 4 "$bad" '{"custom_id":"q","body":{"messages":[{"role":"user","content":"hi"}]}}'
row 'an answer without a model' 4 "$bad" "{\"custom_id\":\"q\",\"body\":{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]},\"response\":{\"status_code\":200,\"body\":{\"usage\":$counts}}}"
row 'a replay' 0 '[1,"0",0,0]' "$(answered "$(ok "$counts")" ',"llm":{"v":1,"cache":{"hit":true}}')"
row 'a copy' 0 '[1,"0",0,0]' "{$body,\"llm\":{\"v\":1,\"cache\":{\"hit\":false,\"collapsed\":true}}}"
row 'a model with control characters' 4 "$bad" "$(usage 'x\u001b[31m\ny' "$counts")"
t 'a model with control characters, for people' 4 llm-cost --by model "$T/in"
lacks 'reach no terminal' "$T/out" "$(printf '\033')"
lacks 'nor standard error' "$T/err" "$(printf '\033')"
printf '%s\n%s\n' "{$body}" "{$body}" > "$T/in"
t 'one id twice' 0 llm-cost --format json "$T/in"
eq 'one id twice: both count' "$(jq .left_out.unanswered "$T/out")" 2

# what one line said must not stick to the next
printf "%s\n" "$(usage acme-unheard-of "$counts")" > "$T/in"
echo '{"type":"assistant","message":{"id":"x","model":"<synthetic>","role":"assistant","usage":{"input_tokens":0,"output_tokens":0}}}' >> "$T/in"
t 'no call after an unpriced one' 4 llm-cost --format json "$T/in"
eq 'is skipped, and not unpriced' "$(jq -c '[.left_out.skipped,.left_out.unpriced[].requests]' "$T/out")" '[1,1]'

# prices and time
row 'an unknown model' 4 "$bad" "$(usage acme-unheard-of "$counts")"
row 'a price that is a string' 0 "$fine" "$(usage acme-large "$counts")"
row 'prose in a number field is no model' 4 "$bad" "$(usage sample_spec "$counts")"
row 'an explicit zero' 0 '[1,"0",0,0]' "$(usage acme-free "$counts")"
row 'a price that is missing' 4 "$bad" "$(usage acme-missing "$counts")"
row 'a batch price of a table' 0 '[1,"0.000035",0,0]' "$(usage acme-batch "$counts" | sed 's/}$/,"lane":"batch"}/')"
row 'no batch price in a table and no rule' 4 "$bad" "$(usage acme-large "$counts" | sed 's/}$/,"lane":"batch"}/')"
row 'a tier without a price' 4 "$bad" "$(usage acme-large "$counts" | sed 's/}$/,"lane":"priority"}/')"
unset LLM_PRICES
row 'a row older than the first known price' 0 '[1,"0.000075",0,0]' '{"timestamp":"2019-01-01T00:00:00Z","model":"gpt-4o","usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}'
printf '%s\n' '{"acme-rule":{"litellm_provider":"mistral","mode":"chat","input_cost_per_token":2e-06,"output_cost_per_token":1e-05}}' > "$T/rule.json"
LLM_PRICES=$T/rule.json
export LLM_PRICES
row 'a batch price that only a rule has' 0 '[1,"0.000035",0,0]' "$(usage acme-rule "$counts" | sed 's/}$/,"lane":"batch"}/')"
t 'the rule is named' 0 llm-cost annotate "$T/in"
eq 'the rule is named: source' "$(jq -c '[.llm.cost.parts[].source]|unique' "$T/out")" '["rule"]'
finish
