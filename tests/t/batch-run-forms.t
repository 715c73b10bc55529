#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: run speaks each provider's form, gives each record its answer in its own, keeps the provider's
# usage, puts streams together and takes only whole ones.
. "$(dirname "$0")/../lib.sh"

export LLM_API_KEY=canary-for-any-host
cat > "$T/req" <<'EOT'
{"custom_id":"o1","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-4o","max_tokens":50,"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"say one two"}]}}
{"custom_id":"r1","method":"POST","url":"/v1/responses","body":{"model":"gpt-4o","max_output_tokens":50,"input":"say three four"}}
{"custom_id":"a1","params":{"model":"claude-x","max_tokens":50,"messages":[{"role":"user","content":"say five six"}]}}
{"key":"g1","model":"gemini-x","request":{"contents":[{"role":"user","parts":[{"text":"say seven eight"}]}],"generationConfig":{"maxOutputTokens":50}}}
EOT
texts() { jq -r '.response.body.choices[0].message.content? // .response.body.output[0].content[0].text? // .result.message.content[0].text? // .response.candidates[0].content.parts[0].text?' "$1" | xargs; }
want='Answer to: say one two Answer to: say three four Answer to: say five six Answer to: say seven eight'
paths() { jq -r '.path|sub("[?].*";"")' "$T/provider.log" | sort | uniq -c | awk '{ print $1, $2 }' | xargs; }
provider
url=http://127.0.0.1:$port
for how in '' --stream; do
	for p in openai anthropic gemini mistral; do
		: > "$T/provider.log"
		# shellcheck disable=SC2086
		t "$p $how: all forms" 0 llm-batch run --for $p --base-url "$url" --no-times $how "$T/req"
		cp "$T/out" "$T/$p$how"
		eq "$p $how: each answer in the form of its record" "$(texts "$T/out")" "$want"
		eq "$p $how: all ended well" "$(jq -c '[.llm.batch.error_class]|unique' "$T/out" | sort -u)" '[null]'
		case $p$how in
		anthropic*) eq "$p $how: one place" "$(paths)" '4 /v1/messages' ;;
		gemini) eq "$p $how: two models and theirs" "$(paths)" '1 /v1beta/models/claude-x:generateContent 1 /v1beta/models/gemini-x:generateContent 2 /v1beta/models/gpt-4o:generateContent' ;;
		mistral*) eq "$p $how: one place" "$(paths)" '4 /v1/chat/completions' ;;
		openai*) eq "$p $how: chat and responses" "$(paths)" '3 /v1/chat/completions 1 /v1/responses' ;;
		esac
	done
done
# without what our provider makes of the bytes that were sent
told() { jq -S 'walk(if type=="object" then del(.id,.request_id,.responseId,.created,.object,.logprobs,.annotations) else . end)' "$1" > "$1.told"; }
for p in openai anthropic gemini mistral; do
	told "$T/$p"
	told "$T/$p--stream"
	same "$p: a stream gives what a whole answer gives" "$T/$p--stream.told" "$T/$p.told"
done
eq "the provider's own usage is kept where it was translated" "$(jq -r '.llm.batch.usage|if . then keys[0] else "none" end' "$T/anthropic" | xargs)" 'cache_creation cache_creation none cache_creation'
eq 'and the counts are those of the form' "$(jq -c '.response.body.usage|[.prompt_tokens,.completion_tokens,.total_tokens]|select(.[0])' "$T/anthropic")" "$(jq -c 'select(.custom_id=="o1")|.response.body.usage|[.prompt_tokens,.completion_tokens,.total_tokens]' "$T/openai")"
eq 'without translation there is none' "$(jq -c 'select(.custom_id=="o1")|.llm.batch.usage' "$T/openai")" null
t 'money is that of the provider' 0 llm-batch run --for anthropic --base-url "$url" "$T/req"
cat > "$T/bias" <<'EOT'
{"custom_id":"x","method":"POST","url":"/v1/chat/completions","body":{"model":"m","max_tokens":5,"logit_bias":{"1":2},"messages":[{"role":"user","content":"x"}]},"llm":{"batch":{"lost":["seed"]}}}
EOT
t 'what has no place there is refused' 4 llm-batch run --for anthropic --base-url "$url" "$T/bias"
has 'by name' "$T/err" 'has no place for logit_bias'
for how in 'or left out' 'the state knows it'; do
	t "$how" 0 llm-batch run --lossy --for anthropic --base-url "$url" --state "$T/lossy" "$T/bias"
	eq 'and listed, with what convert left out before' "$(jq -c .llm.batch.lost "$T/out")" '["seed","logit_bias"]'
done
cp "$T/out" "$T/biased"
t 'a batch keeps the list' 0 llm-batch join --requests "$T/bias" "$T/biased"
eq 'without saying a setting twice' "$(jq -c .llm.batch.lost "$T/out")" '["seed","logit_bias"]'
t '-n shows what would be sent' 0 llm-batch run -n --for anthropic --base-url "$url" "$T/req"
eq 'in the other form' "$(head -n 1 "$T/out" | jq -c '[.url,.body.system]')" "[\"$url/v1/messages\",\"Be brief.\"]"

# the state keeps both
t 'with a state' 0 llm-batch run --for gemini --base-url "$url" --no-times --state "$T/s" "$T/req"
cp "$T/out" "$T/first"
: > "$T/provider.log"
t 'again' 0 llm-batch run --for gemini --base-url "$url" --no-times --state "$T/s" "$T/req"
same 'the same lines' "$T/out" "$T/first"
holds 'without a call' test ! -s "$T/provider.log"

# a stream that is cut is no answer
stop_provider
provider --cut 1
url=http://127.0.0.1:$port
for p in openai anthropic gemini; do
	t "$p: streams that are cut" 4 llm-batch run --for $p --base-url "$url" --stream --no-times "$T/req"
	eq "$p: are named, and not asked for again" "$(jq -r '[.llm.batch.error_class,.llm.batch.attempts]|@tsv' "$T/out" | sort -u | xargs)" 'cut 1'
done
stop_provider
provider --drip .002
url=http://127.0.0.1:$port
t 'slow ones' 0 llm-batch run --for openai --base-url "$url" --no-times "$T/req"
eq 'end well' "$(texts "$T/out")" "$want"
stop_provider
finish
