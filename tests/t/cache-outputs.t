#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: put remembers the answers of raw batch outputs, of each provider's shape, under the keys of the
# requests that were submitted; and says what it could not keep.
. "$(dirname "$0")/../lib.sh"

hits() { grep -c '"hit":true' "$1"; }
cat > "$T/asked" <<'E2'
{"custom_id":"o1","method":"POST","url":"/v1/chat/completions","tenant":"a","body":{"model":"gpt-4o","messages":[{"role":"user","content":"one"}]}}
{"custom_id":"o2","method":"POST","url":"/v1/chat/completions","tenant":"a","body":{"model":"gpt-4o","messages":[{"role":"user","content":"two"}]}}
{"custom_id":"o3","method":"POST","url":"/v1/chat/completions","tenant":"a","body":{"model":"gpt-4o","messages":[{"role":"user","content":"three"}]}}
{"custom_id":"a1","tenant":"b","params":{"model":"claude-sonnet-4-5","max_tokens":9,"messages":[{"role":"user","content":"four"}]}}
{"key":"g1","tenant":"b","request":{"contents":[{"role":"user","parts":[{"text":"five"}]}]}}
{"recordId":"b1","modelId":"m","tenant":"b","modelInput":{"messages":[{"role":"user","content":[{"text":"six"}]}]}}
E2
llm-cache get --store "$T/s" --scope .tenant "$T/asked" > "$T/requests"
ok='"choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"yes"}}],"usage":{"prompt_tokens":1000000,"completion_tokens":0}'
cat > "$T/outputs" <<E2
{"id":"b_1","custom_id":"o2","response":{"status_code":200, "request_id":"q", "body":{"model":"gpt-4o-2024-08-06",$ok}},"error":null}
{"id":"b_2","custom_id":"o1","response":{"status_code":200,"body":{"model":"gpt-4o-2024-08-06","choices":[{"index":0,"finish_reason":"length","message":{"role":"assistant","content":"ye"}}]}},"error":null}
{"id":"b_3","custom_id":"o3","response":{"status_code":429,"body":{"error":{"message":"no"}}},"error":null}
{"id":"b_4","custom_id":"o9","response":{"status_code":200,"body":{"model":"gpt-4o",$ok}},"error":null}
{"custom_id":"a1","result":{"type":"succeeded","message":{"id":"m","type":"message","role":"assistant","model":"claude-sonnet-4-5-20250929","content":[{"type":"text","text":"yes"}],"stop_reason":"end_turn","usage":{"input_tokens":7,"output_tokens":2}}}}
{"key":"g1","response":{"candidates":[{"content":{"role":"model","parts":[{"text":"yes"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":7,"candidatesTokenCount":2,"totalTokenCount":9}}}
{"recordId":"b1","modelInput":{"messages":[{"role":"user","content":[{"text":"six"}]}]},"modelOutput":{"output":{"message":{"role":"assistant","content":[{"text":"yes"}]}},"stopReason":"end_turn","usage":{"inputTokens":7,"outputTokens":2,"totalTokens":9}}}
E2
t 'without the requests' 0 llm-cache put --store "$T/none" "$T/outputs"
same 'they pass' "$T/out" "$T/outputs"
has 'and it says what is missing' "$T/err" "6 answers not stored, because a line of batch output has no request: give '--requests'"
t 'with them' 0 llm-cache put --store "$T/s" --requests "$T/requests" -v "$T/outputs"
same 'they pass too' "$T/out" "$T/outputs"
has 'one has no request' "$T/err" '1 answer not stored:'
has 'the others are counted' "$T/err" '4 answers stored, 2 not finished'
t 'get' 0 llm-cache get --store "$T/s" --scope .tenant "$T/asked"
eq 'knows who was answered, and no other' "$(jq -r 'select(.llm.cache.hit) | .custom_id // .key // .recordId' "$T/out" | xargs)" 'o2 a1 g1'
has 'the answer is as it came' "$T/out" '"response":{"status_code":200, "request_id":"q", "body":'
eq 'its model too' "$(jq -r 'select(.custom_id == "a1") | .result.message.model' "$T/out")" claude-sonnet-4-5-20250929
t 'another tenant' 0 llm-cache get --store "$T/s" "$T/asked"
eq 'has none of it' "$(hits "$T/out")" 0
eq 'what it cost is the price of a batch' "$(llm-cache export --store "$T/s" | jq -r 'select(.meta.input == 1000000) | .meta.usd')" 1.25
cat "$T/requests" "$T/requests" > "$T/twice"
t 'ids that stand twice' 0 llm-cache put --store "$T/two" --requests "$T/twice" "$T/outputs"
has 'are nobody'"'"'s' "$T/err" '6 answers not stored:'
t 'no such file' 3 llm-cache put --store "$T/s" --requests "$T/nowhere" "$T/outputs"
finish
