#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: `llm-batch run` gets an answer for every request, or says why not; sends nothing that must
# stay at home, nothing before its time, and nothing twice that was answered.
. "$(dirname "$0")/../lib.sh"

export LLM_API_KEY=canary-for-any-host OPENAI_API_KEY=sk-canary-of-openai
request() { # ID [MODEL] [MORE MEMBERS] [MORE OF THE BODY]
	printf '{"custom_id":"%s","method":"POST","url":"/v1/chat/completions","body":{"model":"%s","messages":[{"role":"user","content":"say %s"}]%s}%s}\n' "$1" "${2:-gpt-4o}" "$1" "${4:-}" "${3:-}"
}
many() { # COUNT
	seq 1 "$1" | sed 's/.*/{"custom_id":"q&","method":"POST","url":"\/v1\/chat\/completions","body":{"model":"gpt-4o","messages":[{"role":"user","content":"say &"}]}}/'
}
run() { # WHAT STATUS [OPTION...]: of $T/in, against the provider at $port
	run_what=$1 run_want=$2
	shift 2
	t "$run_what" "$run_want" llm-batch run --base-url "http://127.0.0.1:$port/v1" "$@" "$T/in"
}
calls() { wc -l < "$T/provider.log" | xargs; }
fresh() { # [OPTION...]: a provider that has seen nothing
	[ -z "$server_pid" ] || stop_provider
	: > "$T/provider.log"
	provider "$@"
}
good() { jq -r 'select(.response.status_code == 200) | .custom_id' "$1" | wc -l | xargs; }

# what is sent, and what comes back
fresh
request a gpt-4o ',"llm":{"v":1,"cache":{"key":"1:aa","hit":false}},"odd":{"n":1,"n":1e0}' ',"seed":9007199254740993,"x":{"n":1.0},"api_base":"https://example.invalid/v1","api_key":"k","stream":true,"stream_options":{"include_usage":true}' > "$T/in"
run 'one request' 0 --no-times
eq 'nothing is sent but what a provider knows' "$(jq -c .members "$T/provider.log")" '["messages","model","seed"]'
eq 'with the key of that host' "$(jq -r .key "$T/provider.log")" LLM_API_KEY
answer=$(jq -c '.response.body' "$T/out")
sed 's/"llm":{"v":1,/&/; s/}$//' "$T/in" > "$T/head"
eq 'the record is as it was' "$(sed 's/,"response":.*//; s/,"batch":{[^}]*}//' "$T/out")" "$(sed 's/}$//' "$T/head" | sed 's/$/}/')"
eq 'the answer is on it' "$(printf '%s' "$answer" | jq -r '.choices[0].message.content')" 'Answer to: say a'
eq 'and signed' "$(jq -c .llm.batch "$T/out")" '{"lane":"realtime","attempts":1,"provider":"other"}'
run 'with times' 0
eq 'these are numbers' "$(jq -r '.llm.batch|[.latency_ms,.first_byte_ms]|map(type)|unique[]' "$T/out")" number
{
	printf '{"model":"gpt-4o","messages":[{"role":"user","content":"bare"}]}\n'
	printf '{"model":"gpt-4o","input":"bare responses"}\n'
	printf '{"model":"text-embedding-3-small","input":"bare embedding"}\n'
	printf '{"custom_id":"an","params":{"model":"claude-sonnet-4-5","max_tokens":9,"system":"s","messages":[{"role":"user","content":"x"}]}}\n'
} > "$T/in"
: > "$T/provider.log"
run 'other shapes' 0
eq 'each at its own endpoint' "$(jq -r .path "$T/provider.log" | sort | xargs)" '/v1/chat/completions /v1/embeddings /v1/messages /v1/responses'
eq 'a bare body gets a response' "$(head -n 1 "$T/out" | jq -r '.response.body.choices[0].message.content')" 'Answer to: bare'
eq "Anthropic's gets a result" "$(tail -n 1 "$T/out" | jq -r '[.result.type,.result.message.content[0].text]|@csv')" '"succeeded","Answer to: x"'
t 'a base URL without /v1' 0 llm-batch run --base-url "http://127.0.0.1:$port" "$T/in"
LLM_BASE_URL="http://127.0.0.1:$port/v1"
export LLM_BASE_URL
t 'a base URL from the environment' 0 llm-batch run "$T/in"
unset LLM_BASE_URL
t 'no base URL' 2 llm-batch run "$T/in"
t 'a base URL with a password' 2 llm-batch run --base-url 'http://u:p@127.0.0.1/v1' "$T/in"

# records that are not sent
{
	request a gpt-4o ',"response":{"status_code":200,"body":{}}'
	printf 'null\n{}\n{"custom_id":7,"body":{"model":"m","messages":[{"role":"user","content":"x"}]}}\n'
	request b
	request b
	printf '{"custom_id":"u1","url":"https://example.invalid/v1/x","body":{"model":"m","messages":[{"role":"user","content":"x"}]}}\n'
	printf '{"custom_id":"u2","url":"//example.invalid/x","body":{"model":"m","messages":[{"role":"user","content":"x"}]}}\n'
	printf '{"custom_id":"u3","url":"/v1/../x","body":{"model":"m","messages":[{"role":"user","content":"x"}]}}\n'
	printf '{"custom_id":"u4","url":"/v1/x y\\r\\nHost: z","body":{"model":"m","messages":[{"role":"user","content":"x"}]}}\n'
	printf '{"custom_id":"o","url":"/v1/chat/completions","body":{"model":"gpt-4o","messages":[{"role":"tool","tool_call_id":"c","content":"42"}]}}\n'
	printf '{"custom_id":"tw","url":"/v1/chat/completions","body":{"model":"gpt-4o","model":"x","messages":[{"role":"user","content":"x"}]}}\n'
	printf '{"recordId":"R","modelInput":{"max_tokens":1,"messages":[{"role":"user","content":"x"}]}}\n'
	printf '\n{"custom_id":"cut"'
} > "$T/in"
: > "$T/provider.log"
run 'records of all kinds' 4 --rejects "$T/rej"
eq 'answered ones pass, one was sent' "$(jq -r .custom_id "$T/out" | xargs) $(calls)" 'a b 1'
head -n 1 "$T/in" > "$T/want"
head -n 1 "$T/out" > "$T/got"
same 'byte for byte' "$T/got" "$T/want"
eq 'the others are named' "$(jq -r .line "$T/rej.why" | xargs)" '2 3 4 6 7 8 9 10 11 12 13 15'

# copies
{
	request a gpt-4o ',"llm":{"v":1,"cache":{"key":"1:aa","hit":false}}'
	request b gpt-4o ',"llm":{"v":1,"cache":{"key":"1:aa","hit":false,"collapsed":true}}'
	request c gpt-4o ',"llm":{"v":1,"cache":{"key":"1:zz","hit":false,"collapsed":true}}'
	request d
} > "$T/in"
for way in --no-times --unordered; do
	: > "$T/provider.log"
	run "copies ($way)" 4 "$way"
	eq "cost no call ($way)" "$(calls)" 2
	eq "and have their answer ($way)" "$(jq -c 'select(.custom_id=="b")|.response.body.choices[0].message.content' "$T/out")" '"Answer to: say a"'
	eq "a copy of nothing is an error ($way)" "$(jq -c 'select(.custom_id=="c")|[.response,.error.code]' "$T/out")" '[null,"no_original"]'
done

# order
fresh --delay .02
many 40 > "$T/in"
run 'forty requests, eight at a time' 0 -j 8
eq 'leave in order' "$(jq -r .custom_id "$T/out" | xargs)" "$(jq -r .custom_id "$T/in" | xargs)"
fresh --stall .15 --stall-every 7
run 'some of them slow' 0 -j 8
eq 'leave in order all the same' "$(jq -r .custom_id "$T/out" | xargs)" "$(jq -r .custom_id "$T/in" | xargs)"
run '--unordered' 0 -j 8 --unordered
eq 'leaves all' "$(good "$T/out")" 40
eq 'the slow ones later' "$([ "$(jq -r .custom_id "$T/out" | xargs)" != "$(jq -r .custom_id "$T/in" | xargs)" ] && echo differs)" differs

# faults that pass
fresh --fail-first 3 --retry-after 0.4
many 5 > "$T/in"
begin=$(date +%s%N)
run '429 with Retry-After' 0 --no-times
took=$((($(date +%s%N) - begin) / 1000000))
eq 'all are answered' "$(good "$T/out")" 5
holds 'not before the time that was told' test "$took" -ge 400
eq 'attempts are told' "$(jq -s 'map(.llm.batch.attempts)|add' "$T/out")" 8
fresh --fail-first 2 --status 500 --retry-after ''
run 'status 500' 0
eq 'is repeated' "$(good "$T/out") $(calls)" '5 7'
fresh --fail-first 1 --status 503 --retry-after 'Thu, 01 Jan 2015 00:00:00 GMT'
run 'a Retry-After in the past' 0
eq 'means now' "$(good "$T/out")" 5
fresh --cut 3
run 'answers that are cut' 4 --no-times
eq 'are not asked for again, and named' "$(calls) $(good "$T/out") $(jq -r 'select(.error).llm.batch.error_class' "$T/out")" '5 4 cut'
cp "$T/out" "$T/some"
t 'retry gives them back' 0 llm-batch retry "$T/some"
eq 'and no others' "$(grep -c . "$T/out")" 1
fresh --wrong-json 3
run 'answers that are no JSON' 4 --no-times
eq 'neither' "$(calls) $(good "$T/out") $(jq -r 'select(.error).llm.batch.error_class' "$T/out")" '5 4 invalid_answer'
fresh --drop 3
run 'connections that are dropped' 0
eq 'are made again' "$(good "$T/out")" 5
fresh --stall 5 --stall-every 3
run 'answers that never come' 0 --max-time 300ms --retries 8
eq 'are asked for again after a while' "$(good "$T/out")" 5
fresh --stall 5 --stall-every 3
run 'answers that do not begin' 0 --first-byte 200ms --retries 8
eq 'do not take the whole --max-time' "$(good "$T/out")" 5

# faults that stay
fresh --fail-first 1000 --status 500 --retry-after ''
many 2 > "$T/in"
run 'a provider that is down' 4 --retries 1 --dead "$T/dead"
eq 'is an error line each' "$(jq -c '[.custom_id,.response.status_code,.llm.batch.error_class,.llm.batch.attempts]' "$T/out" | xargs)" '[q1,500,server,2] [q2,500,server,2]'
eq 'no more calls than allowed' "$(calls)" 4
sort "$T/dead" > "$T/got"
same 'dead letters can be fed in again' "$T/got" "$T/in"
eq 'with class and reason' "$(jq -c '[.line,.class,.reason]' "$T/dead.why" | sort | head -n 1)" '[1,"server","the provider answered with status 500, requests"]'
eq 'and only their owner reads them' "$(stat -c %a "$T/dead")" 600
fresh --fail-first 1 --retry-after 86400
run 'a Retry-After longer than --max-time' 4 -j 1 --max-time 2s
eq 'is a dead letter at once' "$(jq -c '.response.status_code' "$T/out" | xargs)" '429 200'
stop_provider
run 'nobody listens' 4 --retries 0
eq 'no answer, and why' "$(jq -c '[.response,.error.code]' "$T/out" | sort -u)" '[null,"not_sent"]'
fresh --stall 3
run 'an answer that takes too long' 4 --retries 0 --max-time 300ms
eq 'is named so' "$(jq -c '[.error.code,.llm.batch.error_class]' "$T/out" | sort -u)" '["timeout","timeout"]'
fresh
foreign=$port
mv "$T/provider.log" "$T/foreign.log"
foreign_pid=$server_pid
provider --redirect "http://127.0.0.1:$foreign/v1/chat/completions"
run 'a redirect' 3
eq 'is never followed' "$(wc -l < "$T/foreign.log" | xargs)" 0
kill "$foreign_pid"

# odd answers
stop_provider
python3 "$TOP/tests/odd_provider.py" "$T/odd.log" > "$T/odd.port" &
server_pid=$!
while [ ! -s "$T/odd.port" ]; do sleep .05; done
port=$(cat "$T/odd.port")
for model in pretty spelling error200 html half array text400 key401 length none; do request "$model" "$model"; done > "$T/in"
run 'odd answers' 4 --retries 1
eq 'one line each, in order' "$(wc -l < "$T/out" | xargs) $(jq -r .custom_id "$T/out" | xargs)" '10 pretty spelling error200 html half array text400 key401 length none'
of() { jq -c "select(.custom_id==\"$1\")|$2" "$T/out"; }
eq 'an answer on many lines is one' "$(of pretty '.response.body.choices[0].message.content')" '"two\nlines"'
has 'an answer keeps its spelling' "$T/out" '"body":{ "x": 1.50e0, "x": 9007199254740993, "s": "\u0041\/", "choices": [ {"finish_reason":"stop"} ] }'
eq 'status 200 with an error body is an error' "$(of error200 '[.response.status_code,.response.body.error.message,.llm.batch.error_class,.llm.batch.attempts]')" '[200,"went wrong","error",1]'
for model in html half array; do
	eq "no JSON object is no answer: $model" "$(of $model '[.response,.error.code,.llm.batch.attempts]')" '[null,"invalid_answer",1]'
done
eq 'an error that is no JSON is kept as text' "$(of text400 '[.response.status_code,.response.body]')" '[400,"no \"JSON\" at all"]'
eq 'a refused key is an error' "$(of key401 '[.response.status_code,.llm.batch.error_class]')" '[401,"auth"]'
eq 'a cut answer is one, and named' "$(of length '[.response.status_code,.llm.batch.error_class]')" '[200,"length"]'
eq 'an unknown model is an error' "$(of none '[.response.status_code,.llm.batch.error_class]')" '[404,"client"]'
lacks 'no key in the output' "$T/out" canary
lacks 'no key in the messages' "$T/err" canary
request pretty pretty ',"llm":{}' ',"seed":1.0e0,"temperature" : 0' > "$T/in"
: > "$T/odd.log"
EXTRA=canary-in-a-header run 'a header of the user' 0 --header X-Extra=EXTRA -v
eq 'is sent' "$(jq -c '.headers|index("x-extra") != null' "$T/odd.log")" true
lacks 'and never said' "$T/err" canary
eq 'the body is sent as it was written' "$(jq -r .raw "$T/odd.log")" '{"model":"pretty","messages":[{"role":"user","content":"say pretty"}],"seed":1.0e0,"temperature" : 0}'
printf 'canary-in-a-file' > "$T/key"
chmod 644 "$T/key"
run 'a key file that others can read' 2 --key-file "$T/key"
chmod 600 "$T/key"
run 'a key file' 0 --key-file "$T/key"

# limits
fresh
many 6 > "$T/in"
begin=$(date +%s%N)
run '--rpm' 0 --rpm 240
took=$((($(date +%s%N) - begin) / 1000000))
holds 'holds back what comes too fast' test "$took" -ge 450
{ request big gpt-4o '' ',"max_tokens":100000'; request small; } > "$T/in"
run 'a request larger than the bucket' 4 --tpm 1000
eq 'is an error line, the other one goes' "$(jq -c '[.custom_id,.error.code,.response.status_code]' "$T/out" | xargs)" '[big,rate_limit,null] [small,null,200]'

# the state
many 60 > "$T/in"
fresh
run 'a run with a state' 0 --state "$T/state" --no-times
cp "$T/out" "$T/first"
eq 'asks once for each' "$(calls)" 60
eq 'only its owner reads it' "$(stat -c %a "$T/state")" 600
run 'the same again' 0 --state "$T/state" --no-times
same 'gives the same' "$T/out" "$T/first"
eq 'without a call' "$(calls)" 60
sed 's/say 7"/say something else"/' "$T/in" > "$T/in2"
cp "$T/in2" "$T/in"
run 'one request changed' 0 --state "$T/state"
has 'the old answer is told' "$T/err" 'answers are to no request of this input'
eq 'costs one call' "$(calls)" 61
lacks 'no key in the state' "$T/state" canary
fresh --fail-first 1 --status 400
many 1 > "$T/in"
run 'a refusal for good' 4 --state "$T/refused" --no-times
cp "$T/out" "$T/first"
run 'again' 4 --state "$T/refused" --no-times
same 'is kept too' "$T/out" "$T/first"
eq 'and not asked again' "$(calls)" 1
many 60 > "$T/in"
for signal in KILL INT TERM; do
	fresh --delay .05
	rm -f "$T/state" "$T/part"
	llm-batch run --base-url "http://127.0.0.1:$port/v1" --state "$T/state" -j 4 "$T/in" > "$T/part" 2> "$T/err" &
	pid=$!
	sleep .35
	kill -"$signal" "$pid"
	code=0
	wait "$pid" 2> "$T/.wait" || code=$?
	if [ "$signal" = KILL ]; then
		eq 'killed' "$code" 137
	else
		eq "a signal ends it with 3 ($signal)" "$code" 3
		has "and it says how to go on ($signal)" "$T/err" 'the same command goes on'
		eq "whole lines only ($signal)" "$(jq -c .custom_id "$T/part" | wc -l | xargs)" "$(wc -l < "$T/part" | xargs)"
	fi
	holds "in the middle of the work ($signal)" test "$(calls)" -gt 4 -a "$(calls)" -lt 56
	sleep .2
	answered=$(grep -c '^{"key"' "$T/state") before=$(calls)
	[ "$signal" = KILL ] || eq "what was in flight was waited for ($signal)" "$answered" "$before"
	run "goes on after $signal" 0 --state "$T/state" -j 4
	if [ "$signal" = KILL ]; then
		has 'what may be billed twice is said' "$T/err" 'were on their way when the last run ended'
	else
		holds "nothing is billed twice ($signal)" test ! -s "$T/err"
	fi
	eq "everything is answered ($signal)" "$(good "$T/out")" 60
	eq "nothing that was answered is asked again ($signal)" "$(($(calls) - before))" "$((60 - answered))"
done
fresh --delay 2
many 2 > "$T/in"
rm -f "$T/state"
llm-batch run --base-url "http://127.0.0.1:$port/v1" --state "$T/state" "$T/in" > "$T/part" 2> "$T/.err" &
pid=$!
tries=100
while [ ! -s "$T/state" ] && [ $((tries -= 1)) -gt 0 ]; do sleep .02; done
run 'a second run with one state' 5 --state "$T/state"
has 'names who has it' "$T/err" "process $pid"
kill -INT "$pid"
sleep .1 # two that come at once are one
kill -INT "$pid" 2> "$T/.kill"
wait "$pid" 2> "$T/.wait" || code=$?
eq 'interrupted twice: out' "$code" 130
printf '{"v":1,"kind":"jobs","base_url":"http://127.0.0.1:1/v1"}\n' > "$T/jobs"
chmod 600 "$T/jobs"
run 'the state of something else' 2 --state "$T/jobs"
ln -s "$T/state" "$T/link"
run 'a state behind a link' 3 --state "$T/link"

# a dry run, and a live one
fresh
rm -f "$T/state"
run '-n' 0 -n --state "$T/state" --dead "$T/dead2"
eq 'calls nobody' "$(calls)" 0
holds 'and makes nothing' test ! -e "$T/state" -a ! -e "$T/dead2"
eq 'but shows what would go' "$(jq -r '.method+" "+.body.messages[0].content' "$T/out" | xargs)" 'POST say 1 POST say 2'
lacks 'without a key' "$T/out" canary
mkfifo "$T/fifo"
llm-batch run --base-url "http://127.0.0.1:$port/v1" < "$T/fifo" > "$T/live" &
pid=$!
exec 9> "$T/fifo"
request live >&9
tries=100
while [ ! -s "$T/live" ] && [ $((tries -= 1)) -gt 0 ]; do sleep .05; done
eq 'an answer leaves while the input pauses' "$(jq -r .custom_id "$T/live")" live
exec 9>&-
wait "$pid"
finish
