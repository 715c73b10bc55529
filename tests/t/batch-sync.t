#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: `llm-batch sync` from cron brings every job to its end with the same command line, and
# `llm-batch retry` lets only those requests go again that may succeed.
. "$(dirname "$0")/../lib.sh"

export LLM_API_KEY=canary
many() { seq "$1" "$2" | sed 's/.*/{"custom_id":"q&","method":"POST","url":"\/v1\/chat\/completions","body":{"model":"gpt-4o","messages":[{"role":"user","content":"say &"}]}}/'; }
sync() { # STATUS [ARG...]
	want=$1
	shift
	t "sync $*" "$want" llm-batch sync --state "$T/jobs" -d "$T/out.d" "$@"
}
creations() { jq -c 'select(.method=="POST" and .path=="/v1/batches")' "$T/provider.log" | wc -l | xargs; }

fresh() {
	provider_anew "$@"
	url=http://127.0.0.1:$port
	rm -rf "$T/jobs" "$T/out.d"
	: > "$T/provider.log"
}

fresh --polls 2
url=http://127.0.0.1:$port
many 1 3 > "$T/a.jsonl"
many 4 5 > "$T/b.jsonl"
sync 2
t 'a dry run' 0 llm-batch sync --state "$T/jobs" -d "$T/out.d" --base-url "$url" -n "$T/a.jsonl"
eq 'leaves nothing' "$(creations)$(ls -d "$T/jobs" "$T/out.d" 2> /dev/null)" 0
sync 5 --base-url "$url" "$T/a.jsonl" "$T/b.jsonl"
eq 'the first call creates' "$(creations)" 2
n=0
while [ $((n += 1)) -lt 6 ] && ! llm-batch sync --state "$T/jobs" -d "$T/out.d" 2> "$T/err"; do :; done
t 'the same command, until there is nothing left to do' 0 llm-batch sync --state "$T/jobs" -d "$T/out.d" "$T/a.jsonl" "$T/b.jsonl"
eq 'nothing is created twice' "$(creations)" 2
eq 'all results are there' "$(cat "$T"/out.d/*.jsonl | jq -r .custom_id | sort | xargs)" 'q1 q2 q3 q4 q5'
t 'no folder' 2 llm-batch sync --state "$T/jobs"
rm "$T/out.d/a.jsonl"
sync 0
eq 'results that were removed come again' "$(wc -l < "$T/out.d/a.jsonl" | xargs)" 3

# the same line with another file under the name
many 1 4 > "$T/a.jsonl"
sync 5 "$T/a.jsonl"
has 'a file that has changed is named' "$T/err" "a.jsonl: has changed since the job 'a'"
has 'and has its own job' "$T/err" "its own job is 'a-2'"
sync 0 "$T/a.jsonl"
lacks 'once' "$T/err" 'has changed'
eq 'and its own results' "$(cat "$T/out.d/a.jsonl" "$T/out.d/a-2.jsonl" | wc -l | xargs)" 7
many 1 3 > "$T/a.jsonl"

# a job that cannot end well stays so, and is not created again for being named again
fresh --polls 1 --batch-fail 2
sync 4 --base-url "$url" "$T/a.jsonl"
sync 4 "$T/a.jsonl"
has 'error lines are told by every run' "$T/err" 'a: has error lines'
fresh --polls 1 --batch-status failed
sync 4 --base-url "$url" "$T/a.jsonl"
sync 4 "$T/a.jsonl"
has 'a failed job is told' "$T/err" "which failed; 'submit' tries again"
eq 'and left' "$(creations)" 1
t 'submit does' 0 llm-batch submit --state "$T/jobs" "$T/a.jsonl"
sync 4
has 'the new job is told' "$T/err" 'a-2: failed'
lacks 'the old one no more' "$T/err" 'a: failed'
fresh --reject-upload
sync 3 --base-url "$url" "$T/a.jsonl"
sync 4
has 'a file that was refused is named' "$T/err" 'a: was refused by the provider'
provider_anew --polls 1
sync 0 "$T/a.jsonl"
eq 'it is the same job' "$(creations) $(wc -l < "$T/out.d/a.jsonl" | xargs)" '1 3'
stop_provider

# two at once
provider --polls 1000
rm -rf "$T/jobs" "$T/out.d"
sync 5 --base-url "http://127.0.0.1:$port" "$T/a.jsonl"
llm-batch wait --state "$T/jobs" --poll 1s > /dev/null 2>&1 &
wait_pid=$!
n=0
while [ $((n += 1)) -lt 50 ] && ! grep -q "process $wait_pid" "$T/err"; do
	llm-batch sync --state "$T/jobs" -d "$T/out.d" > "$T/out" 2> "$T/err"
	locked=$?
	sleep .05
done
eq 'another run holds the state' "$locked" 5
has 'and is named' "$T/err" "process $wait_pid"
kill "$wait_pid"
wait "$wait_pid" 2> /dev/null
stop_provider

# killed before its batch was there: the state says how far it came
provider --polls 1 --lose-create 1
url=http://127.0.0.1:$port
rm -rf "$T/jobs" "$T/out.d"
: > "$T/provider.log"
t 'a creation whose answer is lost is found again' 0 llm-batch sync --state "$T/jobs" -d "$T/out.d" --base-url "$url" "$T/a.jsonl"
n=0
while [ $((n += 1)) -lt 6 ] && ! llm-batch sync --state "$T/jobs" -d "$T/out.d" 2> "$T/err"; do :; done
eq 'once' "$(creations) $(wc -l < "$T/out.d/a.jsonl" | xargs)" '1 3'
stop_provider

# retry: records that failed
body='"method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-4o","messages":[]}'
{
	printf '{"custom_id":"good",%s,"response":{"status_code":200,"body":{"choices":[]}},"llm":{"v":1,"batch":{"lane":"realtime"}}}\n' "$body"
	printf '{"custom_id":"busy",%s,"response":{"status_code":429,"body":{"error":{"message":"x"}}},"llm":{"v":1,"tags":{"user":"u"},"batch":{"error_class":"rate_limit"}}}\n' "$body"
	printf '{"custom_id":"wrong",%s,"response":{"status_code":400,"body":{"error":{"message":"x"}}}}\n' "$body"
	printf '{"custom_id":"late",%s,"response":null,"error":{"code":"batch_expired","message":"x"}}\n' "$body"
	printf '{"custom_id":"gone",%s,"response":null,"error":{"code":"timeout","message":"x"},"llm":{"v":1,"batch":{"error_class":"timeout"}}}\n' "$body"
} > "$T/in"
t 'what failed for good stays out' 4 llm-batch retry "$T/in"
eq 'the rest go again' "$(jq -r .custom_id "$T/out" | xargs)" 'busy late gone'
eq 'as they were asked' "$(head -n 1 "$T/out")" "{\"custom_id\":\"busy\",$body,\"llm\":{\"v\":1,\"tags\":{\"user\":\"u\"}}}"
eq 'without their answer' "$(jq -c '[.response, .error, .llm.batch]' "$T/out" | sort -u)" '[null,null,null]'
provider --status 400 --fail-first 1
many 1 2 > "$T/in"
llm-batch run --base-url "http://127.0.0.1:$port/v1" -j 1 --dead "$T/dead" "$T/in" > /dev/null 2>&1
t 'dead letters: a refusal' 4 llm-batch retry "$T/dead"
eq 'is not sent again' "$(wc -c < "$T/out" | xargs)" 0
stop_provider
provider --status 503 --fail-first 1
rm -f "$T"/dead*
llm-batch run --base-url "http://127.0.0.1:$port/v1" -j 1 --retries 0 --dead "$T/dead" "$T/in" > /dev/null 2>&1
t 'dead letters: a busy server' 0 llm-batch retry "$T/dead"
same 'is, byte for byte' "$T/out" "$T/dead"
t 'result lines have no request' 4 sh -c 'printf "{\"id\":\"batch_req_1\",\"custom_id\":\"a\",\"response\":null,\"error\":{\"code\":\"batch_expired\",\"message\":\"x\"}}\n" | llm-batch retry'

finish
