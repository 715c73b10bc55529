#!/bin/sh
# SPDX-License-Identifier: MIT
# Usage of every dialect, and of rows that contradict themselves: the amount, or why there is none.
. "$(dirname "$0")/../lib.sh"
cd "$T" || exit 1
now=--now=2026-11-21
# a token of input 1, cached 0.1, written 2 (an hour: 4), output 100, a search 1000: in millionths
cat > p << 'X'
{"model":"m","match":["m-*","claude-m","grok-m","gemini-m"],"prices":{"input":"1","cached":"0.1","cache_write_5m":"2","cache_write_1h":"4","output":"100","web_search":"1","file_search":"3","container":"30"}}
{"model":"gemini-p","prices":{"input":"1","output":"100","web_search":"1","grounding":"40"}}
{"model":"other","prices":{"input":"10","output":"1000"}}
X
# usd WHAT WANTED LINE [OPTION...]: the amount of the line, or why it has none
usd() {
	usd_what=$1 usd_want=$2
	printf '%s\n' "$3" > line
	shift 3
	llm-cost annotate $now --prices p "$@" line > out 2> err
	eq "$usd_what" "$(jq -r '.llm.cost | if .usd == null then .unpriced // "no call" else .usd end' out)" "$usd_want"
}

usd 'chat: cached and written inside the prompt, reasoning inside the completion' 0.0007514 \
	'{"model":"m","usage":{"prompt_tokens":50,"completion_tokens":7,"total_tokens":57,"prompt_tokens_details":{"cached_tokens":4,"cache_write_tokens":5},"completion_tokens_details":{"reasoning_tokens":6}}}'
usd 'responses' 0.0007464 \
	'{"model":"m","object":"response","output":[],"usage":{"input_tokens":50,"output_tokens":7,"total_tokens":57,"input_tokens_details":{"cached_tokens":4},"output_tokens_details":{"reasoning_tokens":6}}}'
usd 'responses: searches stand in the output' 0.0067 \
	'{"model":"m","object":"response","output":[{"type":"web_search_call","action":{"type":"search"}},{"type":"web_search_call","action":{"type":"open_page"}},{"type":"web_search_call"},{"type":"file_search_call"},{"type":"message","content":[]}],"usage":{"input_tokens":1000,"output_tokens":7,"total_tokens":1007}}'
usd 'responses: a container is billed once an answer' 0.0617 \
	'{"model":"m","object":"response","output":[{"type":"code_interpreter_call","container_id":"a"},{"type":"code_interpreter_call","container_id":"b"},{"type":"code_interpreter_call","container_id":"a"}],"usage":{"input_tokens":1000,"output_tokens":7,"total_tokens":1007}}'
grounded='"candidates":[{"groundingMetadata":{"webSearchQueries":["a","b"]}}],"usageMetadata":{"promptTokenCount":1000,"candidatesTokenCount":7,"totalTokenCount":1007}}'
usd 'Gemini: searches are billed' 0.0037 "{\"modelVersion\":\"gemini-m\",$grounded"
usd 'Gemini: or the prompt' 0.0417 "{\"modelVersion\":\"gemini-p\",$grounded"
printf '%s\n' "{\"modelVersion\":\"gemini-2.5-flash\",$grounded" "{\"modelVersion\":\"gemini-3.5-flash\",$grounded" > line
t 'by their age' 0 llm-cost annotate $now line
eq 'prompts, then searches' "$(jq -c '[.llm.cost.parts[] | select(.name == "grounding" or .name == "web_search") | .name, .count, .usd]' out | tr '\n' ' ')" '["grounding",1,"0.035"] ["web_search",2,"0.028"] '
printf '%s\n' '{"type":"session.created","session":{"model":"m"}}' \
	'{"type":"response.done","response":{"id":"resp_0123456789","usage":{"input_tokens":50,"output_tokens":7,"total_tokens":57,"input_token_details":{"cached_tokens":10,"text_tokens":40,"audio_tokens":0},"output_token_details":{"text_tokens":7}}}}' > rt
t 'realtime: the session names the model' 0 llm-cost annotate $now --prices p rt
eq 'of its answers' "$(jq -r 'select(.llm).llm.cost.usd' out)" 0.000741
usd 'Anthropic: the cache beside the input' 0.0007724 \
	'{"model":"claude-m","usage":{"input_tokens":50,"cache_read_input_tokens":4,"cache_creation_input_tokens":8,"cache_creation":{"ephemeral_5m_input_tokens":5,"ephemeral_1h_input_tokens":3},"output_tokens":7,"output_tokens_details":{"thinking_tokens":6}}}'
usd 'Anthropic: searches' 0.003 \
	'{"model":"m","usage":{"input_tokens":1000,"output_tokens":0,"server_tool_use":{"web_search_requests":2,"web_fetch_requests":9}}}'
usd 'Anthropic: what stands beside the messages is billed, at its own model' 0.01425 \
	'{"model":"m","usage":{"input_tokens":50,"output_tokens":2,"iterations":[{"type":"message","input_tokens":50,"output_tokens":2},{"type":"compaction","input_tokens":3000,"output_tokens":10},{"type":"advisor_message","model":"other","input_tokens":900,"output_tokens":1}]}}'
has 'and named' out '"row":"other"'
usd 'Anthropic: an iteration of a model without a price' 'the price table has no such model' \
	'{"model":"m","usage":{"input_tokens":50,"output_tokens":2,"iterations":[{"type":"advisor_message","model":"nobody","input_tokens":900,"output_tokens":1}]}}'
usd 'Gemini: thoughts and tool prompts beside' 0.001046 \
	'{"modelVersion":"gemini-m","candidates":[],"usageMetadata":{"promptTokenCount":45,"cachedContentTokenCount":10,"toolUsePromptTokenCount":10,"candidatesTokenCount":4,"thoughtsTokenCount":6,"totalTokenCount":65}}'
usd 'Converse' 0.0007604 \
	'{"modelId":"m","output":{"message":{}},"usage":{"inputTokens":50,"outputTokens":7,"cacheReadInputTokens":4,"cacheReadInputTokenCount":4,"cacheWriteInputTokens":5,"totalTokens":66}}'
usd 'a Bedrock batch: the manifest is a batch, and names no model' 'no model' \
	'{"totalRecordCount":3,"processedRecordCount":3,"successRecordCount":3,"errorRecordCount":0,"inputTokenCount":50,"outputTokenCount":7}'
usd 'xAI: reasoning beside' 0.0013 \
	'{"model":"grok-m","usage":{"prompt_tokens":0,"completion_tokens":7,"total_tokens":13,"completion_tokens_details":{"reasoning_tokens":6}}}'
usd 'Gemini in the form of OpenAI: thoughts are in the total alone' 0.0013 \
	'{"model":"google/gemini-m","usage":{"prompt_tokens":0,"completion_tokens":7,"total_tokens":13}}'
usd 'and of no other model' 'the total is not the sum of its parts' \
	'{"model":"m","usage":{"prompt_tokens":0,"completion_tokens":7,"total_tokens":13}}'
usd 'DeepSeek: hits and misses' 0.0007464 \
	'{"model":"m","usage":{"prompt_tokens":50,"prompt_cache_hit_tokens":4,"prompt_cache_miss_tokens":46,"completion_tokens":7,"total_tokens":57}}'
usd 'Mistral: cached by another name' 0.0007464 \
	'{"model":"m","usage":{"prompt_tokens":50,"num_cached_tokens":4,"completion_tokens":7,"total_tokens":57}}'
usd 'LiteLLM: a spend row' 0.0007464 \
	'{"request_id":"r-0123456789ab","call_type":"acompletion","model":"m","spend":1,"prompt_tokens":50,"completion_tokens":7,"total_tokens":57,"startTime":"2026-09-21T10:00:00Z","cache_read_input_tokens":4,"cache_hit":"False"}'
usd 'LiteLLM: a hit of the own cache was not billed' 0 \
	'{"request_id":"r-0123456789ab","model":"m","spend":0,"prompt_tokens":50,"completion_tokens":7,"total_tokens":57,"cache_hit":"True"}'
usd 'LiteLLM: the callback' 0.00075 \
	'{"standard_logging_object":{"id":"x","model":"m","prompt_tokens":50,"completion_tokens":7,"response_cost":3,"startTime":1790000000}}'
usd 'OpenTelemetry: flat attributes' 0.0007464 \
	'{"attributes":{"gen_ai.request.model":"m","gen_ai.usage.input_tokens":50,"gen_ai.usage.output_tokens":7,"gen_ai.usage.cache_read.input_tokens":4}}'
span='{"attributes":[{"key":"gen_ai.request.model","value":{"stringValue":"m"}},{"key":"gen_ai.usage.input_tokens","value":{"intValue":"50"}},{"key":"gen_ai.usage.output_tokens","value":{"intValue":7}}]}'
usd 'OpenTelemetry: a span of an export' 0.00075 "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[$span]}]}]}"
usd 'OpenTelemetry: several spans in one line are as many calls' 0.0015 \
	"{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[$span,$span]}]}]}"
t 'each has its bill' 0 llm-cost annotate $now --prices p line
eq 'in order' "$(jq -c '[.llm.cost.calls[] | .usd, .parts[0].count]' out)" '["0.00075",50,"0.00075",50]'
t 'and its table' 0 llm-cost annotate --explain $now --prices p line
eq 'with a total each' "$(grep -c '^total' out)" 2
jq -c '.resourceSpans[].scopeSpans[].spans[]' line > spans
t 'and taken apart' 0 llm-cost --format json $now --prices p spans
eq 'each is counted' "$(jq -c '[.total.requests, .total.cost]' out)" '[2,"0.0015"]'
usd 'Helicone: the cache beside the prompt' 0.0007604 \
	'{"request_id":"0","request_model":"m-1","response_model":"m","provider":"","prompt_tokens":50,"prompt_cache_read_tokens":4,"prompt_cache_write_tokens":5,"completion_tokens":7,"total_tokens":57,"delay_ms":20}'
usd 'Helicone: the body says more' 0.0007514 \
	'{"request_id":"0","prompt_tokens":50,"prompt_cache_read_tokens":4,"completion_tokens":7,"response_body":{"model":"m","usage":{"prompt_tokens":50,"completion_tokens":7,"prompt_tokens_details":{"cached_tokens":4,"cache_write_tokens":5}}}}'
usd 'Helicone: what OpenAI wrote is in the prompt, reasoning beside the completion' 0.0011604 \
	'{"request_id":"0","response_model":"m","provider":"OPENAI","prompt_tokens":55,"prompt_cache_read_tokens":4,"prompt_cache_write_tokens":5,"completion_tokens":7,"reasoning_tokens":4}'
usd 'Helicone: an answer of its own cache was not billed' 0 \
	'{"request_id":"0","response_model":"m","prompt_tokens":50,"prompt_cache_read_tokens":0,"completion_tokens":7,"cache_reference_id":"b1f7c1de-0000-4000-8000-000000000001"}'
usd 'Helicone: zeros name no answer' 0.00075 \
	'{"request_id":"0","response_model":"m","prompt_tokens":50,"prompt_cache_read_tokens":0,"completion_tokens":7,"cache_reference_id":"00000000-0000-0000-0000-000000000000"}'
usd 'Langfuse: disjoint keys, by their total' 0.0013604 \
	'{"id":"o","type":"GENERATION","start_time":"2026-09-21 10:00:00.000000","provided_model_name":"m","usage_details":{"input":50,"cache_read_input_tokens":4,"cache_creation_input_tokens":5,"output":7,"output_reasoning_tokens":6,"total":72}}'
usd 'Langfuse: the whole in input and output, by its total' 0.0007464 \
	'{"id":"o","type":"GENERATION","model":"m","usageDetails":{"input":50,"input_cached_tokens":4,"output":7,"output_reasoning_tokens":6,"total":57}}'
usd 'Langfuse: a row that does not tell' 'the row does not tell whether its counts contain each other' \
	'{"type":"GENERATION","model":"m","usageDetails":{"input":50,"input_cached_tokens":4,"output":7}}'
usd 'Langfuse: a span is no call' 'no call' \
	'{"type":"SPAN","model":"m","usageDetails":{"input":50,"output":7}}'
echo '{"type":"GENERATION","start_time":"2026-03-01 10:00:00.5","model":"m","usageDetails":{"input":50,"output":7}}' > line
t 'Langfuse: its time is UTC' 0 llm-cost report --by .start_time --format json $now --prices p line

# Anthropic's events, one a line: cumulative counts, the last is the whole
cat > events << 'X'
{"type":"message_start","message":{"id":"msg_01AAAAAAAAAAAAAAAAAAAAAA","type":"message","model":"m","content":[],"usage":{"input_tokens":50,"cache_read_input_tokens":4,"output_tokens":1}}}
{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}}
{"type":"message_delta","delta":{"stop_reason":null},"usage":{"output_tokens":5}}
{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":7}}
{"type":"message_stop"}
{"type":"message_start","message":{"id":"msg_01BBBBBBBBBBBBBBBBBBBBBB","type":"message","model":"m","content":[],"usage":{"input_tokens":10,"output_tokens":1}}}
{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":10,"output_tokens":2}}
X
t 'events of two streams' 0 llm-cost --format json --by model $now --prices p events
eq 'are two calls with their last counts' "$(jq -c '.total | [.requests, .input_tokens, .cached_tokens, .output_tokens, .cost]' out)" \
	'[2,64,4,9,"0.0009604"]'

# what contradicts itself is flagged, never guessed, and never in the sum
usd 'more cached than sent' 'more tokens are cached than were sent' \
	'{"model":"m","usage":{"prompt_tokens":100,"completion_tokens":5,"total_tokens":105,"prompt_tokens_details":{"cached_tokens":120}}}'
usd 'a total that is none' 'the total is not the sum of its parts' \
	'{"model":"m","usage":{"prompt_tokens":100,"completion_tokens":5,"total_tokens":500}}'
usd 'a negative count' 'a count is negative' '{"model":"m","usage":{"prompt_tokens":-1,"completion_tokens":5}}'
usd 'a count that is a string' 'a count is a string' '{"model":"m","usage":{"prompt_tokens":1,"completion_tokens":"5"}}'
usd 'a count with a fraction' 'a count is not a whole number, or above 2^53' '{"model":"m","usage":{"prompt_tokens":1.5,"completion_tokens":5}}'
usd 'a whole number in another spelling' 0.001 '{"model":"m","usage":{"prompt_tokens":1e3,"completion_tokens":0.0}}'
usd 'a null count is none' 0.0005 '{"model":"m","usage":{"prompt_tokens":null,"completion_tokens":5}}'
usd 'a count over 2^53' 'a count is above 2^53' '{"model":"m","usage":{"prompt_tokens":9007199254740993,"completion_tokens":5}}'
usd 'a write that is not the sum of its parts' 'cache writes are not the sum of their parts' \
	'{"model":"m","usage":{"input_tokens":5,"output_tokens":1,"cache_creation_input_tokens":8,"cache_creation":{"ephemeral_5m_input_tokens":5,"ephemeral_1h_input_tokens":4}}}'
usd 'usage null in an answer' 'no usage' '{"custom_id":"a","response":{"status_code":200,"body":{"model":"m","choices":[],"usage":null}}}'
usd 'no usage in an answer' 'no usage' '{"custom_id":"a","response":{"status_code":200,"body":{"model":"m","choices":[]}}}'
usd 'a model that nobody knows' 'the price table has no such model' '{"model":"who","usage":{"prompt_tokens":1,"completion_tokens":5}}'
usd 'no model' 'no model' '{"usage":{"prompt_tokens":1,"completion_tokens":5}}'
printf '{"model":"m","usage":{"prompt_tokens":50,"completion_tokens":7}}\n{"model":"m","usage":{"prompt_to' > half
t 'half a last line is rejected, the rest counts' 4 llm-cost --format json $now --prices p half
eq 'to the digit' "$(jq -r .total.cost out)" 0.00075
has 'and named' err 'half:2: invalid JSON'

# order and clocks
cat > dated << 'X'
{"provider":"acme","model":"d","prices":{"input":"1"}}
{"provider":"acme","model":"d","from":"2026-03-01","prices":{"input":"2"}}
{"provider":"acme","model":"d","from":"2026-06-01","prices":{"input":"4"}}
X
for day in 2026-07-01 2026-01-01 2026-04-01 2025-01-01 2026-06-01 2026-05-31; do
	echo "{\"timestamp\":\"${day}T00:00:00Z\",\"model\":\"d\",\"usage\":{\"prompt_tokens\":1000000,\"completion_tokens\":0}}"
done > days
t 'rows out of order, a clock that goes back' 0 llm-cost annotate $now --provider acme --prices dated days
eq 'each at the price of its own time' "$(jq -r .llm.cost.usd out | tr '\n' ' ')" '4 1 2 1 4 2 '
sort days > sorted
llm-cost --format json $now --provider acme --prices dated days | jq -c .total > one
llm-cost --format json $now --provider acme --prices dated sorted | jq -c .total > two
same 'the total knows no order' one two
cat > tier << 'X'
{"provider":"acme","model":"t","prices":{"input":"1","above":[{"tokens":1000,"input":"2"}]}}
{"provider":"acme","model":"i","inclusive":true,"prices":{"input":"1","above":[{"tokens":1000,"input":"2"}]}}
X
for n in 999 1000 1001; do
	for m in t i; do echo "{\"model\":\"$m\",\"usage\":{\"prompt_tokens\":$n,\"completion_tokens\":0}}"; done
done > tiers
t 'tokens exactly at a tier' 0 llm-cost annotate $now --provider acme --prices tier tiers
eq 'strict, and inclusive where the provider is' "$(jq -r .llm.cost.usd out | tr '\n' ' ')" '0.000999 0.000999 0.001 0.002 0.002002 0.002002 '

# what is not paid by the token
cat > units << 'X'
{"provider":"acme","model":"gpu","prices":{"input":"0","output":"0","millisecond":"0.5"}}
{"provider":"acme","model":"voice","prices":{"character":"15"}}
{"provider":"acme","model":"painter","prices":{"image":"40"}}
{"provider":"acme","model":"gemini-x","prices":{"input":"1","output":"1","storage":"0.075"}}
{"provider":"acme","model":"reserved","monthly":"5000","prices":{"input":"0","output":"0"}}
{"provider":"acme","model":"night","prices":{"input":"4","output":"0"}}
{"provider":"acme","model":"night","hours":"22:00-06:00","prices":{"input":"3","output":"0"}}
{"provider":"acme","model":"night","hours":"00:00-00:00","weekdays":[6,7],"prices":{"input":"1","output":"0"}}
X
usd 'seconds of a machine, one thousandth begun' 0.0625 '{"model":"gpu","usage":{"seconds":124.9991}}' --prices units
usd 'or the time of the call' 0.00075 \
	'{"custom_id":"a","body":{"model":"gpu","messages":[]},"response":{"status_code":200,"body":{"model":"gpu","choices":[],"usage":{"prompt_tokens":5,"completion_tokens":0}}},"llm":{"batch":{"lane":"realtime","latency_ms":1500}}}' --prices units
usd 'seconds of audio, by a model that is paid by the token' 'the price table has no price for a class that was used' \
	'{"model":"m","usage":{"type":"duration","seconds":9}}'
usd 'characters' 0.0015 '{"model":"voice","usage":{"characters":100}}' --prices units
usd 'images' 0.08 '{"model":"painter","usage":{"images":2}}' --prices units
usd 'a cache that is kept: tokens by the minute' 0.15 \
	'{"name":"cachedContents/x","model":"gemini-x","createTime":"2026-09-21T10:00:00Z","expireTime":"2026-09-21T10:19:01Z","usageMetadata":{"totalTokenCount":100000}}' --prices units
usd 'and at the price of the maker' 0.001666666666667 \
	'{"name":"cachedContents/x","model":"models/gemini-2.5-flash","createTime":"2026-09-21T10:00:00Z","expireTime":"2026-09-21T10:00:01Z","usageMetadata":{"totalTokenCount":100000}}'
usd 'a model that is paid by the month' 0 '{"model":"reserved","usage":{"prompt_tokens":5,"completion_tokens":1}}' --prices units
has 'says so' out 'paid by the month too, which is not in the amount'
for at in 2026-11-18T12:00:00Z 2026-11-18T22:00:00Z 2026-11-19T05:59:59Z 2026-11-19T06:00:00Z 2026-11-21T12:00:00Z; do
	echo "{\"timestamp\":\"$at\",\"model\":\"night\",\"usage\":{\"prompt_tokens\":1000000,\"completion_tokens\":0}}"
done > hours
t 'hours and weekdays' 0 llm-cost annotate $now --prices units hours
eq 'hold by the time of the row' "$(jq -r .llm.cost.usd out | tr '\n' ' ')" '4 3 3 4 1 '
cat > lite << 'X'
{"night-l":{"litellm_provider":"acme","mode":"chat","input_cost_per_token":4e-06,"output_cost_per_token":0,"off_peak_pricing":{"input_cost_per_token":1e-06,"windows":[{"hours_utc":["22:00-06:00","07:00-08:00"],"weekdays":[1,2,3,4,5]},{"hours_utc":"00:00-00:00","weekdays":[6,7]}]}},
"whisper-l":{"litellm_provider":"acme","mode":"audio_transcription","input_cost_per_second":0.0001,"output_cost_per_second":0.0001}}
X
sed 's/night/night-l/' hours > hours2
t "LiteLLM's hours" 0 llm-cost annotate $now --prices lite hours2
eq 'likewise' "$(jq -r .llm.cost.usd out | tr '\n' ' ')" '4 1 1 4 1 '
usd "LiteLLM's seconds" 0.0009 '{"model":"whisper-l","usage":{"type":"duration","seconds":9}}' --prices lite

# a discount that was agreed on: on all of a provider, and on one model more
cat > deal << 'X'
{"provider":"openai","model":"all","match":["*"],"discount":"10%"}
{"provider":"openai","model":"gpt-4o","discount":"50%"}
X
row='{"model":"gpt-4o-mini","usage":{"prompt_tokens":1000000,"completion_tokens":0}}'
usd 'a discount on a provider' 0.135 "$row" --prices deal
has 'is told' out 'with the discount of a row above it'
usd 'and on a model' 1.25 '{"model":"gpt-4o","usage":{"prompt_tokens":1000000,"completion_tokens":0}}' --prices deal
usd 'of another provider: none' 0.15 "$row" --prices deal --provider azure
printf '%s\n' '{"provider":"openai","model":"x","discount":"0"}' > bad
t 'a discount of nothing is no row' 2 llm-cost annotate --prices bad line

# the tier of the answer is the one that was billed
usd 'flex, by the answer' 0.075 '{"model":"gpt-5-mini","service_tier":"flex","usage":{"prompt_tokens":600000,"completion_tokens":0}}'
usd 'a tier without a price' 'no price for the service tier' \
	'{"model":"claude-sonnet-4-5","usage":{"input_tokens":5,"output_tokens":1,"speed":"warp"}}'
finish
