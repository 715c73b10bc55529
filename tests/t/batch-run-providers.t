#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: run with the addresses of several providers: each model goes to its own, a failed call moves on to
# another provider in its form, keys stay with their address, and what has no address is said.
. "$(dirname "$0")/../lib.sh"

export LLM_API_KEY=canary-for-any-host SECOND_API_KEY=canary-of-the-second
second_pid=''
# shellcheck disable=SC2154,SC2086 # the trap sets code itself; there may be no second
trap 'code=$?; kill $server_pid $second_pid 2> /dev/null; rm -rf "$T"; exit $code' EXIT
# both FIRST-ARGS...: a provider whose log is one.log, and a sound one whose log is two.log
both() {
	# shellcheck disable=SC2086
	[ -z "$server_pid" ] || kill $server_pid $second_pid 2> /dev/null
	: > "$T/provider.log"
	provider
	mv "$T/provider.log" "$T/two.log"
	second_pid=$server_pid two=http://127.0.0.1:$port
	provider "$@"
	mv "$T/provider.log" "$T/one.log"
	one=http://127.0.0.1:$port
}
fresh() { : > "$T/one.log" && : > "$T/two.log"; }
run() { # WHAT STATUS ARG...
	run_what=$1 run_want=$2
	shift 2
	fresh
	t "$run_what" "$run_want" llm-batch run --no-times "$@"
}
calls() { jq -r '"\(.model) \(.path)"' "$T/$1.log" | sort -u | xargs; }
row() { # ID MODEL [MORE]
	printf '{"custom_id":"%s","method":"POST","url":"/v1/chat/completions","body":{"model":"%s","max_tokens":50,"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"say %s"}]}%s}\n' "$1" "$2" "$1" "${3:-}"
}
others() { printf ',"llm":{"route":{"alternates":[%s]}}' "$1"; }

# each model to its provider
both
{
	row a gpt-4o-mini
	row b claude-sonnet-4-5
	row c anthropic/claude-x
	row d my-own
	printf '%s\n' '{"custom_id":"e","params":{"model":"claude-haiku-4-5","max_tokens":9,"messages":[{"role":"user","content":"say e"}]}}'
} > "$T/in"
(umask 077 && echo canary-of-the-second > "$T/key")
run 'two providers' 0 --for openai --base-url "$one/v1" --base-url "anthropic=$two" --key-file "anthropic=$T/key" "$T/in"
eq 'the one without a name' "$(calls one)" 'gpt-4o-mini /v1/chat/completions my-own /v1/chat/completions'
eq 'the other, in its form' "$(calls two)" 'claude-haiku-4-5 /v1/messages claude-sonnet-4-5 /v1/messages claude-x /v1/messages'
eq 'each answer in the form of its record' "$(jq -r '.response.body.choices[0].message.content? // .result.message.content[0].text' "$T/out" | xargs)" 'Answer to: say a Answer to: say b Answer to: say c Answer to: say d Answer to: say e'
eq 'and who gave it' "$(jq -r '.llm.batch.provider' "$T/out" | xargs)" 'openai anthropic anthropic openai anthropic'
eq 'the key of any host' "$(jq -r .key "$T/one.log" | sort -u)" LLM_API_KEY
eq 'and the one of the other' "$(jq -r .key "$T/two.log" | sort -u)" SECOND_API_KEY
run '-n tells where' 0 -n --for openai --base-url "$one/v1" --base-url "anthropic=$two" "$T/in"
eq 'each would go' "$(jq -r .url "$T/out" | xargs)" "$one/v1/chat/completions $two/v1/messages $two/v1/messages $one/v1/chat/completions $two/v1/messages"
eq 'as which model' "$(jq -r .body.model "$T/out" | xargs)" 'gpt-4o-mini claude-sonnet-4-5 claude-x my-own claude-haiku-4-5'
eq 'nothing went' "$(cat "$T/one.log" "$T/two.log" | wc -l | xargs)" 0
t 'the variable is the one without a name' 0 env LLM_BASE_URL="$one/v1" llm-batch run --for openai --base-url "anthropic=$two" "$T/in"
row x gemini-2.5-flash > "$T/gem"
run 'another interface' 0 --base-url "google=$two" "$T/gem"
eq 'by its other name' "$(jq -r .path "$T/two.log")" /v1beta/models/gemini-2.5-flash:generateContent

# what has no address
run 'no address for a model' 4 --base-url "anthropic=$two" "$T/in"
has 'is said' "$T/err" "'gpt-4o-mini' is skipped: its provider has no '--base-url'"
has 'and refused' "$T/err" "no '--base-url' for the provider of its model"
eq 'the others go' "$(wc -l < "$T/out" | xargs)" 3
row x gpt-4o-mini "$(others '"gemini-2.5-flash","claude-x"')" > "$T/alt"
run 'an alternate that has one' 0 --base-url "anthropic=$two" "$T/alt"
eq 'answers at once' "$(jq -c '[.llm.batch.provider,.llm.batch.model,.llm.batch.attempts]' "$T/out")" '["anthropic","claude-x",1]'

# a provider that is down
both --fail-first 1000 --status 500
for how in '' --stream; do
	# shellcheck disable=SC2086
	run "failover $how" 0 $how --cooldown "$T/cool$how" --state "$T/state$how" --for openai --base-url "$one/v1" --base-url "anthropic=$two" "$T/alt"
	has 'says who is skipped' "$T/err" "'gemini-2.5-flash' is skipped"
	eq 'after two tries' "$(jq -r .model "$T/one.log" | xargs)" 'gpt-4o-mini gpt-4o-mini'
	eq 'in the form of the other' "$(calls two)" 'claude-x /v1/messages'
	eq 'with what it needs' "$(jq -c '.members-["stream"]' "$T/two.log")" '["max_tokens","messages","model","system"]'
	eq 'the answer in its own' "$(jq -r '.response.body.choices[0].message.content' "$T/out")" 'Answer to: say x'
	eq 'named' "$(jq -c '[.llm.batch.provider,.llm.batch.model,.llm.batch.attempts,.llm.batch.usage.input_tokens>0]' "$T/out")" '["anthropic","claude-x",3,true]'
	eq 'the other rests' "$(jq -c '[.model,.provider]' "$T/cool$how")" '["gpt-4o-mini","openai"]'
	cp "$T/out" "$T/first"
	# shellcheck disable=SC2086
	run "again $how" 0 $how --state "$T/state$how" --for openai --base-url "$one/v1" --base-url "anthropic=$two" "$T/alt"
	same 'from the state' "$T/out" "$T/first"
	eq 'without a call' "$(cat "$T/one.log" "$T/two.log" | wc -l | xargs)" 0
done
run 'the next run' 0 --cooldown "$T/cool" --for openai --base-url "$one/v1" --base-url "anthropic=$two" "$T/alt"
eq 'goes past who rests' "$(wc -l < "$T/one.log" | xargs)" 0

# one model at two providers: only one of them rests
row x one/m-1 "$(others '"two/m-1"')" > "$T/same"
run 'a model of two' 0 --cooldown "$T/cool2" --base-url "one=$one" --base-url "two=$two" "$T/same"
eq 'is asked by its name' "$(calls one) $(calls two)" 'm-1 /v1/chat/completions m-1 /v1/chat/completions'
eq 'the answer has it' "$(jq -c '[.llm.batch.provider,.llm.batch.model,.response.body.model]' "$T/out")" '["two","two/m-1","m-1"]'
printf '{"model":"two/m-1","provider":"one","until":99999999999999}\n' >> "$T/cool2"
run 'the other rests only there' 0 --cooldown "$T/cool2" --base-url "one=$one" --base-url "two=$two" "$T/same"
eq 'and is asked' "$(wc -l < "$T/one.log" | xargs) $(calls two)" '0 m-1 /v1/chat/completions'

# back again: a message's request at an OpenAI address
both
printf '{"custom_id":"e","params":{"model":"claude-x","max_tokens":9,"messages":[{"role":"user","content":"say e"}]},"llm":{"route":{"alternates":["gpt-4o-mini"]}}}\n' > "$T/back"
kill "$second_pid"
run 'a provider that is not there' 0 --base-url "anthropic=$two" --base-url "openai=$one" "$T/back"
eq 'the other way round' "$(calls one) $(jq -c '[.result.message.type,.result.message.content[0].text,.llm.batch.model]' "$T/out")" 'gpt-4o-mini /v1/chat/completions ["message","Answer to: say e","gpt-4o-mini"]'

# what the other form has no place for
row x gpt-4o-mini "$(others '"claude-x"')" | sed 's/"max_tokens"/"logit_bias":{"1":2},"max_tokens"/' > "$T/bias"
both --fail-first 1000 --status 404
run 'no place for a setting' 4 --for openai --base-url "$one" --base-url "anthropic=$two" "$T/bias"
has 'is said' "$T/err" "'claude-x' is skipped: not for anthropic: anthropic has no place for logit_bias"
eq 'and nothing goes there' "$(wc -l < "$T/two.log" | xargs)" 0
row x gpt-4o-mini "$(others '"claude-x"')" | sed 's/"max_tokens"/"metadata":{"team":"a"},"max_tokens"/' > "$T/books"
both --fail-first 1000 --status 404
run "tags for the first provider's books" 0 --for openai --base-url "$one" --base-url "anthropic=$two" "$T/books"
eq 'hold nothing back, and are listed' "$(jq -c '[.llm.batch.model,.llm.batch.lost]' "$T/out")" '["claude-x",["metadata"]]'
both --fail-first 1000 --status 404
run 'or left out' 0 --lossy --for openai --base-url "$one" --base-url "anthropic=$two" "$T/bias"

# the options
usage() { t "$@"; }
usage 'two without a name' 2 llm-batch run --base-url "$one" --base-url "$two" "$T/in"
usage 'two of one name' 2 llm-batch run --base-url "google=$one" --base-url "gemini=$two" "$T/in"
usage 'a name with no address' 2 llm-batch run --base-url openai= "$T/in"
usage '--for of none' 2 llm-batch run --for openai --base-url "anthropic=$two" "$T/in"
usage 'a key file of none' 2 llm-batch run --key-file "$T/key" --base-url "anthropic=$two" "$T/in"
usage 'a header of none' 2 llm-batch run --header X-A=HOME --base-url "anthropic=$two" "$T/in"
usage 'a known host without its key' 2 env -u OPENAI_API_KEY llm-batch run --base-url "$one" --base-url openai=https://api.openai.com/v1 "$T/in"
lacks 'no key in any message' "$T/err" canary
finish
