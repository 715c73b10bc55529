#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: the provider of these tests has the members and states that the real ones were recorded with, so
# that it does not merely agree with our own client.
. "$(dirname "$0")/../lib.sh"

data 'the recorded exchanges' || finish
R=$LLM_TEST_DATA/batch
export LLM_API_KEY=canary-for-any-host
# FILES...: a line for each call: method, path without ids, status, members of the answer
calls() {
	cat "$@" | jq -r 'select(.request.uri|test("^https://api"))
		|[.request.method, (.request.uri|sub("^https://[^/]*";"")|sub("(file-|batch_|msgbatch_)[A-Za-z0-9]+";"ID")), (.response.body|fromjson? // {}|(.status // .processing_status // "")), (.response.body|fromjson? // {}|del(.expires_at)|keys|join(","))]|@tsv' | sort -u
}
line='{"custom_id":"q1","method":"POST","url":"/v1/chat/completions","body":{"model":"m","messages":[{"role":"user","content":"Sushi"}]}}'
body='{"requests":[{"custom_id":"q1","params":{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"Sushi"}]}}]}'
# METHOD PATH ARG...: one call of ours in the same form
ask() {
	method=$1 path=$2
	shift 2
	curl -s -X "$method" "$@" "http://127.0.0.1:$port$path" > "$T/answer"
	jq -nr --arg m "$method" --arg p "$path" --rawfile b "$T/answer" '[$m, ($p|sub("(file-|batch_|msgbatch_)[A-Za-z0-9]+";"ID")), ($b|fromjson? // {}|(.status // .processing_status // "")), ($b|fromjson? // {}|del(.expires_at)|keys|join(","))]|@tsv' >> "$T/ours"
}

provider --polls 3
echo "$line" > "$T/in.jsonl"
ask POST /v1/files -F purpose=batch -F "file=@$T/in.jsonl"
ask GET /v1/files/file-0001
ask POST /v1/batches -d '{"input_file_id":"file-0001","endpoint":"/v1/chat/completions","completion_window":"24h"}'
ask GET /v1/batches/batch_0001
ask GET /v1/batches/batch_0001
ask GET /v1/batches/batch_0001
ask GET /v1/files/file-0002/content
output=$(jq -c 'path(..)|map(tostring)|join(".")' "$T/answer" | sort -u)
ask POST /v1/batches -d '{"input_file_id":"file-0001","endpoint":"/v1/chat/completions","completion_window":"24h"}'
ask POST /v1/batches/batch_0002/cancel
ask POST /v1/messages/batches -d "$body"
ask GET /v1/messages/batches/msgbatch_0001
ask GET /v1/messages/batches/msgbatch_0001
ask GET /v1/messages/batches/msgbatch_0001
ask GET /v1/messages/batches/msgbatch_0001/results
results=$(jq -c 'path(..)|map(tostring)|join(".")' "$T/answer" | sort -u)
ask POST /v1/messages/batches -d "$body"
ask POST /v1/messages/batches/msgbatch_0002/cancel
calls "$R"/openai-*.jsonl "$R"/anthropic-*.jsonl > "$T/recorded"
sort -u "$T/ours" > "$T/sorted"
# states that pass too quickly to be seen here: a poll ends the job
grep -v -e 'validating.*GET' "$T/recorded" | while IFS= read -r call; do
	case $call in
	"GET	/v1/batches/ID	validating	"* | "GET	/v1/batches/ID	finalizing	"*) continue ;;
	*/content* | */results*) call=${call%%'		'*} ;;
	esac
	grep -qF -e "$call" "$T/sorted" || printf '%s\n' "$call"
done > "$T/lacking"
eq 'every recorded call has its like, with the same members and states' "$(cat "$T/lacking")" ''
recorded_paths() { jq -r "select(.request.uri|test(\"$2\"))|.response.body" "$1" | head -n 1 | jq -c 'path(..)|map(tostring)|join(".")' | sort -u; }
# members that the real answer has and ours leaves out, but for those of the model's own answer
lacking() { printf '%s\n' "$1" > "$T/a"; printf '%s\n' "$2" > "$T/b"; comm -13 "$T/a" "$T/b" | grep -vE 'usage|logprobs|system_fingerprint|service_tier|refusal|annotations' ; }
eq "a line of OpenAI's output" "$(lacking "$output" "$(recorded_paths "$R/openai-basic_batch_completion.jsonl" content)")" ''
eq "a line of Anthropic's results" "$(lacking "$results" "$(recorded_paths "$R/anthropic-basic_batch_completion.jsonl" results)")" ''
# what the recorded creation sent is what we send, but for our tag
: > "$T/provider.log"
llm-batch submit --base-url "http://127.0.0.1:$port/v1" --state "$T/s" "$T/in.jsonl" 2> /dev/null
sent=$(jq -r 'select(.path=="/v1/batches")|.members|join(",")' "$T/provider.log")
eq 'a creation sends what the recorded one sent' "$sent" "$(cat "$R"/openai-*.jsonl | jq -r 'select(.request.method=="POST" and (.request.uri|endswith("/v1/batches")))|.request.body|fromjson|.metadata={}|keys|join(",")' | sort -u)"
stop_provider
finish
