#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: `llm-batch join` ends with exactly one line for each request, in order, whatever the result
# files look like, and with a file of what has to be sent again.
. "$(dirname "$0")/../lib.sh"

request() { # ID [MORE MEMBERS]
	printf '{"custom_id":"%s","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-4o","seed":9007199254740993,"messages":[{"role":"user","content":"%s"}]}%s}\n' "$1" "$1" "${2:-}"
}
good() { # ID [TEXT] [FINISH]
	printf '{"id":"batch_req_%s","custom_id":"%s","response":{"status_code":200,"request_id":"r","body":{"model":"gpt-4o","choices":[{"index":0,"finish_reason":%s,"message":{"role":"assistant","content":"%s"}}],"usage":{"prompt_tokens":10,"completion_tokens":1e0,"total_tokens":11}}},"error":null}\n' "$1" "$1" "${3:-\"stop\"}" "${2:-ok}"
}
join() { # WHAT STATUS RESULT...
	join_what=$1 join_want=$2
	shift 2
	rm -f "$T/again" "$T/rej" "$T/rej.why"
	t "$join_what" "$join_want" llm-batch join --requests "$T/req" --missing "$T/again" --rejects "$T/rej" "$@"
}
ids() { jq -r '.custom_id // .key // .recordId' "$1" | xargs; }

for id in a b c d; do request "$id"; done > "$T/req"
for id in c a d b; do good "$id"; done > "$T/res"
join 'shuffled results' 0 "$T/res"
eq 'leave in the order of the requests' "$(ids "$T/out")" 'a b c d'
holds 'nothing is missing' test ! -s "$T/again" -a -e "$T/again"
sed 's/}$/,"response":{"status_code":200,"request_id":"r","body":{"model":"gpt-4o","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"ok"}}],"usage":{"prompt_tokens":10,"completion_tokens":1e0,"total_tokens":11}}},"llm":{"v":1,"batch":{"lane":"batch","id":"batch_req_X"}}}/' "$T/req" > "$T/want"
for id in a b c d; do sed -n "/\"custom_id\":\"$id\"/s/batch_req_X/batch_req_$id/p" "$T/want"; done > "$T/want2"
same 'the request as it was, and the answer as it came' "$T/out" "$T/want2"
cp "$T/out" "$T/joined"
join 'results on standard input' 0 - < "$T/res"
same 'the same' "$T/out" "$T/joined"
head -n 2 "$T/res" > "$T/r1"
sed 1,2d "$T/res" > "$T/r2"
join 'several files, a pipe among them' 0 "$T/r1" - < "$T/r2"
same 'the same again' "$T/out" "$T/joined"

# missing and failed
good a > "$T/res"
{
	printf '{"id":"e1","custom_id":"b","response":{"status_code":400,"request_id":"s3","body":{"error":{"message":"max_tokens is too large.","type":"invalid_request_error","param":"max_tokens","code":null}}},"error":null}\n'
	printf '{"id":"e2","custom_id":"c","response":null,"error":{"code":"batch_expired","message":"too late"}}\n'
} > "$T/err1"
join 'the error surfaces of a batch' 4 "$T/res" "$T/err1"
eq 'one line for each request' "$(ids "$T/out")" 'a b c d'
eq 'status and error as they came' "$(jq -c '[.response.status_code,.error.code,.llm.batch.error_class]' "$T/out" | xargs)" \
	'[200,null,null] [400,null,client] [null,batch_expired,expired] [null,no_result,no_result]'
sed -n 3,4p "$T/req" > "$T/want"
same 'what is worth it goes again, byte for byte' "$T/again" "$T/want"
again_for() { # WHAT LINE...: the one request a goes again
	again_what=$1
	shift
	printf '%s\n' "$@" > "$T/res"
	request a > "$T/req"
	join "$again_what" 4 "$T/res"
	same "$again_what: again" "$T/again" "$T/req"
}
final_for() {
	final_what=$1
	shift
	printf '%s\n' "$@" > "$T/res"
	request a > "$T/req"
	join "$final_what" 4 "$T/res"
	holds "$final_what: not again" test ! -s "$T/again"
	eq "$final_what: an error line" "$(jq -c 'select(.response.status_code == 200 and (.response.body.error == null))' "$T/out" | wc -l | xargs) $(wc -l < "$T/out" | xargs)" '0 1'
}
http() { printf '{"id":"x","custom_id":"a","response":{"status_code":%s,"request_id":"r","body":{"error":{"message":"m","type":"t","param":null,"code":null}}},"error":null}' "$1"; }
for status in 408 409 429 500 502 503 529; do again_for "status $status" "$(http $status)"; done
for status in 400 401 403 404 413 422; do final_for "status $status" "$(http $status)"; done
again_for 'batch_cancelled' '{"custom_id":"a","response":null,"error":{"code":"batch_cancelled","message":"m"}}'
again_for 'request_timeout' '{"custom_id":"a","response":null,"error":{"code":"request_timeout","message":"m"}}'
run_line() { printf '{"custom_id":"a","response":null,"error":{"code":"%s","message":"m"},"llm":{"v":1,"batch":{"lane":"realtime","attempts":2,"provider":"other","error_class":"%s"}}}' "$1" "$2"; }
for class in connection cut invalid_answer limit; do again_for "run: $class" "$(run_line $class $class)"; done
again_for 'run: a call that was never sent' "$(run_line not_sent connection)"
eq 'run: it stays a call of run' "$(jq -c .llm.batch "$T/out")" '{"lane":"realtime","attempts":2,"provider":"other","error_class":"connection"}'
final_for 'run: a refusal' "$(run_line untranslatable untranslatable)"
final_for 'status 200 with an error body' "$(http 200)"
final_for 'an error that is a bare string' '{"custom_id":"a","response":null,"error":"Service unavailable"}'
eq 'is kept as it came' "$(jq -r .error "$T/out")" 'Service unavailable'
final_for 'neither response nor error' '{"id":"x","custom_id":"a","response":null,"error":null}'
request a > "$T/req"
printf '{"custom_id":"a","response":{"status_code":200' > "$T/res"
join 'a last line that is cut' 4 "$T/res"
same 'that request goes again' "$T/again" "$T/req"
has 'the cut line is named' "$T/err" 'res:1: invalid JSON'
: > "$T/res"
join 'no results at all' 4 "$T/res"
same 'everything goes again' "$T/again" "$T/req"

# finish reasons are final, and named
for reason in length content_filter null; do
	[ "$reason" = null ] && quoted=null class=no_finish_reason || quoted="\"$reason\"" class=$reason
	good a ok "$quoted" > "$T/res"
	join "finish reason $reason" 0 "$T/res"
	eq "is told: $reason" "$(jq -r .llm.batch.error_class "$T/out")" "$class"
done

# doubled, contradicting and strange results
{ request a; request b; } > "$T/req"
{ good a; good b; good a; } > "$T/res"
join 'the same result twice' 0 "$T/res"
has 'is counted' "$T/err" '1 results stand twice'
{ good a one; good b; good a two; } > "$T/res"
join 'two different results' 4 "$T/res"
eq 'the first stays' "$(jq -r '.response.body.choices[0].message.content' "$T/out" | xargs)" 'one ok'
good a two > "$T/want"
same 'the other is refused' "$T/rej" "$T/want"
printf '{"id":"e","custom_id":"a","response":null,"error":{"code":"batch_expired","message":"m"}}\n' > "$T/expired"
{ cat "$T/expired"; good b; good a; } > "$T/res"
join 'a failure, then a success' 4 "$T/res"
eq 'the success stays' "$(jq -r .response.status_code "$T/out" | xargs)" '200 200'
same 'the failure is refused' "$T/rej" "$T/expired"
{ good a; good z; good b; } > "$T/res"
join 'a result that nobody asked for' 4 "$T/res"
good z > "$T/want"
same 'is refused' "$T/rej" "$T/want"
has 'and named' "$T/err" 'res:2: a result that no request asked for'
{ good a; printf '{"custom_id":"b","custom_id":"b","response":{"status_code":200,"body":{}}}\n'; printf '{"custom_id":7,"response":{"status_code":200,"body":{}}}\n{"x":1}\nnull\n'; } > "$T/res"
join 'lines that are no result' 4 "$T/res"
eq 'are refused' "$(wc -l < "$T/rej" | xargs)" 4

# records that are answered, collapsed, without id
{
	request a ',"llm":{"v":1,"cache":{"key":"1:aa","hit":false},"tags":{"x":1}}'
	request b ',"response":{"status_code":200,"body":{"cached":true}}'
	request c ',"llm":{"v":1,"cache":{"key":"1:aa","hit":false,"collapsed":true}}'
	request d ',"llm":{"v":1,"cache":{"key":"1:bb","hit":false,"collapsed":true}}'
} > "$T/req"
good a yes > "$T/res"
join 'answered and collapsed records' 4 "$T/res"
sed -n 2p "$T/req" > "$T/want"
sed -n 2p "$T/out" > "$T/got"
same 'an answered one passes' "$T/got" "$T/want"
eq 'a copy gets the answer of its original' "$(sed -n 3p "$T/out" | jq -c '[.custom_id,.response.body.choices[0].message.content,.llm.cache.collapsed,.llm.batch.lane]')" '["c","yes",true,"batch"]'
sed -n 4p "$T/req" > "$T/want"
same 'a copy without one goes again' "$T/again" "$T/want"
eq 'annotations stay' "$(sed -n 1p "$T/out" | jq -c '[.llm.tags.x,.llm.cache.key,.llm.v]')" '[1,"1:aa",1]'
sed -n '1p;3p' "$T/req" > "$T/two"
mv "$T/two" "$T/req"
cp "$T/expired" "$T/res"
join 'an original that expired' 4 "$T/res"
same 'goes again with its copy' "$T/again" "$T/req"
printf '{"model":"gpt-4o","messages":[{"role":"user","content":"x"}]}\n{"body":{"model":"gpt-4o","messages":[{"role":"user","content":"y"}]}}\n' > "$T/req"
{ good r-2 two; good r-1 one; } > "$T/res"
join 'requests without ids' 0 "$T/res"
eq 'are found by their line' "$(jq -r '.response.body.choices[0].message.content' "$T/out" | xargs)" 'one two'
printf '{"n":{"i":"x"},"model":"gpt-4o","messages":[{"role":"user","content":"x"}]}\n' > "$T/req"
good x > "$T/res"
t '--id' 0 llm-batch join --requests "$T/req" --id .n.i "$T/res"
{ request a; request a; request b; echo null; } > "$T/req"
{ good a; good b; } > "$T/res"
join 'an id that stands twice among the requests' 4 "$T/res"
eq 'the first one has it' "$(ids "$T/out")" 'a b'
eq 'the others are refused' "$(jq -r .line "$T/rej.why" | xargs)" '2 4'

# other providers
printf '{"custom_id":"a-%s","params":{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"x"}]}}\n' 1 2 3 4 5 > "$T/req"
cat > "$T/res" <<'R'
{"custom_id":"a-4","result":{"type":"expired"}}
{"custom_id":"a-2","result":{"type":"errored","error":{"type":"error","error":{"type":"invalid_request_error","message":"max_tokens: Field required"},"request_id":null}}}
{"custom_id":"a-3","result":{"type":"canceled"}}
{"custom_id":"a-1","result":{"type":"succeeded","message":{"id":"msg","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"hi"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":3,"output_tokens":1}}}}
R
join "Anthropic's results" 4 "$T/res"
eq 'stand as results' "$(jq -c '[.custom_id,.result.type,.llm.batch.error_class]' "$T/out" | xargs)" \
	'[a-1,succeeded,null] [a-2,errored,client] [a-3,canceled,cancelled] [a-4,expired,expired] [a-5,errored,no_result]'
eq 'cancelled, expired and missing ones go again' "$(ids "$T/again")" 'a-3 a-4 a-5'
printf '{"custom_id":"m-%s","body":{"messages":[{"role":"user","content":"x"}]}}\n' 1 2 > "$T/req"
cat > "$T/res" <<'R'
{"custom_id":"m-2","response":{"status_code":200,"body":{"model":"mistral-small","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"ok"}}]}},"error":null}
{"custom_id":"m-1","response":null,"error":"Service unavailable"}
R
join "Mistral's results" 4 "$T/res"
eq 'in order' "$(jq -c '[.custom_id,.response.status_code,.error]' "$T/out" | xargs)" '[m-1,null,Service unavailable] [m-2,200,null]'
printf '{"key":"g-%s","request":{"contents":[{"role":"user","parts":[{"text":"x"}]}]}}\n' 1 2 3 > "$T/req"
cat > "$T/res" <<'R'
{"key":"g-2","response":{"candidates":[{"content":{"parts":[{"text":"ok"}],"role":"model"},"finishReason":"STOP"}]}}
{"key":"g-1","error":{"code":400,"message":"Invalid JSON payload","status":"INVALID_ARGUMENT"}}
{"key":"g-3","error":{"code":503,"message":"overloaded","status":"UNAVAILABLE"}}
R
join "Gemini's results" 4 "$T/res"
eq 'in their own form' "$(jq -c '[.key,.error.code,.response.candidates[0].finishReason]' "$T/out" | xargs)" '[g-1,400,null] [g-2,null,STOP] [g-3,503,null]'
eq 'what is worth it goes again' "$(ids "$T/again")" g-3
printf '{"custom_id":"v-%s","request":{"contents":[{"role":"user","parts":[{"text":"x"}]}]}}\n' 1 2 > "$T/req"
cat > "$T/res" <<'R'
{"custom_id":"v-2","status":"","processed_time":"2026-01-26T18:50:04.256+00:00","request":{"contents":[{"role":"user","parts":[{"text":"x"}]}]},"response":{"candidates":[{"content":{"parts":[{"text":"ok"}],"role":"model"},"finishReason":"STOP"}]}}
{"custom_id":"v-1","request":{"contents":[{"role":"user","parts":[{"text":"x"}]}]},"response":{},"status":"Bad Request: {\"error\": {\"code\": 400, \"message\": \"no\", \"status\": \"INVALID_ARGUMENT\"}}"}
R
join "Vertex's results" 4 "$T/res"
eq 'an error as text is one' "$(jq -c '[.custom_id,.llm.batch.error_class]' "$T/out" | xargs)" '[v-1,client] [v-2,null]'
printf '{"recordId":"B%s","modelInput":{"max_tokens":10,"messages":[{"role":"user","content":"x"}]}}\n' 1 2 > "$T/req"
cat > "$T/res" <<'R'
{"recordId":"B2","modelInput":{"max_tokens":10},"modelOutput":{"type":"message","role":"assistant","content":[{"type":"text","text":"ok"}],"stop_reason":"end_turn"}}
{"recordId":"B1","modelInput":{"max_tokens":10},"error":{"errorCode":400,"errorMessage":"bad request"}}
R
join "Bedrock's results" 4 "$T/res"
eq 'in their own form' "$(jq -c '[.recordId,.error.errorCode,.modelOutput.stop_reason]' "$T/out" | xargs)" '[B1,400,null] [B2,null,end_turn]'

# many
seq 1 10000 | sed 's/.*/{"custom_id":"n&","method":"POST","url":"\/v1\/chat\/completions","body":{"model":"m","messages":[{"role":"user","content":"&"}]}}/' > "$T/req"
python3 - "$T/req" "$T/ok" "$T/bad" <<'P'
import json, random, sys
random.seed(7)
good, bad = [], []
for i, line in enumerate(open(sys.argv[1])):
    name = json.loads(line)["custom_id"]
    out = {"id": "b" + name, "custom_id": name, "response": {"status_code": 200, "request_id": "r", "body": {"choices": [{"finish_reason": "stop", "message": {"role": "assistant", "content": name}}]}}, "error": None}
    if i % 10 == 3:
        out.update(response=None, error={"code": "batch_expired", "message": "m"})
    if i % 100 == 7:
        continue
    (bad if out["error"] else good).append(json.dumps(out) + "\n")
    if i % 50 == 1:
        good.append(good[-1])
random.shuffle(good)
random.shuffle(bad)
open(sys.argv[2], "w").write("".join(good) + '{"id":"s","custom_id":"stranger","response":{"status_code":200,"body":{}},"error":null}\n')
open(sys.argv[3], "w").write("".join(bad) + '{"id":"cut","custom_id":"n8","resp')
P
join '10,000 requests' 4 "$T/ok" "$T/bad"
eq 'none is lost, none is doubled, all in order' "$(jq -r .custom_id "$T/out" | cmp - "$(seq 1 10000 | sed 's/^/n/' > "$T/n"; echo "$T/n")" && echo same)" same
eq 'each has its own answer' "$(jq -r 'select(.response.status_code==200)|select(.custom_id != .response.body.choices[0].message.content)' "$T/out" | wc -l | xargs)" 0
eq 'what was missing or expired goes again' "$(wc -l < "$T/again" | xargs)" 1100
t 'without --missing' 4 llm-batch join --requests "$T/req" "$T/ok" "$T/bad"
# the tables on disk: every byte as with all in memory
join '10,000 requests, in memory' 4 "$T/ok" "$T/bad"
mv "$T/out" "$T/all.out" && mv "$T/again" "$T/all.again" && mv "$T/rej" "$T/all.rej" && mv "$T/rej.why" "$T/all.why"
mkdir "$T/tmp"
for memory in 64K 200K 1M; do
	TMPDIR="$T/tmp" join "--memory $memory" 4 --memory "$memory" "$T/ok" "$T/bad"
	same "$memory: the same lines" "$T/out" "$T/all.out"
	same "$memory: the same again" "$T/again" "$T/all.again"
	same "$memory: the same refused" "$T/rej" "$T/all.rej"
	same "$memory: for the same reasons" "$T/rej.why" "$T/all.why"
done
eq 'no temporary file stays' "$(find "$T/tmp" -type f | wc -l | xargs)" 0
sed 's/"body":{"model"/"llm":{"v":1,"cache":{"key":"1:XX","hit":false}},&/' "$T/req" | awk '{ sub(/1:XX/, "1:" NR); print } NR % 3 == 0 { sub(/"hit":false/, "&,\"collapsed\":true"); print }' > "$T/keyed"
mv "$T/keyed" "$T/req"
join 'copies, in memory' 4 "$T/ok" "$T/bad"
cp "$T/out" "$T/all.out"
eq 'each has a line' "$(wc -l < "$T/out" | xargs)" 13333
join 'copies, on disk' 4 --memory 64K "$T/ok" "$T/bad"
same 'the same' "$T/out" "$T/all.out"
t 'too little' 2 llm-batch join --memory 1K --requests "$T/req" "$T/ok"
t 'no folder for them' 3 env TMPDIR="$T/none" llm-batch join --memory 64K --requests "$T/req" "$T/ok"
# a sanitizer maps more than any limit
if [ -z "${LLM_SANITIZED:-}" ] && command -v prlimit > "$T/which"; then
	t 'in little memory' 4 prlimit --as=200000000 llm-batch join --requests "$T/req" "$T/ok" "$T/bad"
fi

t 'no requests' 2 llm-batch join "$T/res"
t 'both on standard input' 2 llm-batch join --requests - < "$T/req"
t 'a result file that is not there' 3 llm-batch join --requests "$T/req" "$T/none"
t 'a request file that is not there' 3 llm-batch join --requests "$T/none" "$T/res"

if data 'recorded results'; then
	jq -c '{custom_id,request:.request}' "$LLM_TEST_DATA/batch/gemini_batch_response.jsonl" > "$T/req"
	t 'recorded results of Vertex' 0 llm-batch join --requests "$T/req" "$LLM_TEST_DATA/batch/gemini_batch_response.jsonl"
	eq 'all of them' "$(jq -c 'select(.response.candidates)' "$T/out" | wc -l)" "$(wc -l < "$T/req")"
fi
finish
