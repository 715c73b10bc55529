#!/bin/sh
# SPDX-License-Identifier: MIT
# llm-cost audit finds waste that was put into a log, to the last digit, and claims no other
# shellcheck disable=SC2016 # what stands in single quotes is for jq and for inner shells
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"

# chat N IN OUT [JQ [JQ-OPTION…]]: N answered calls of gpt-4o a minute apart, each with a question of its own
chat() {
	jq -cn --argjson n "$1" --argjson in "$2" --argjson out "$3" ${5:+"$5"} ${6:+"$6"} ${7:+"$7"} "range(\$n) as \$i | {custom_id: \"c\(\$i)\", method: \"POST\",
		url: \"/v1/chat/completions\", time: (1793500000 + 60 * \$i), body: {model: \"gpt-4o\",
		messages: [{role: \"user\", content: \"Question \(\$i)?\"}]}, response: {status_code: 200, body:
		{model: \"gpt-4o\", choices: [{message: {role: \"assistant\", content: \"x\"}, finish_reason: \"stop\"}],
		usage: {prompt_tokens: \$in, completion_tokens: \$out, total_tokens: (\$in + \$out)}}}} | ${4:-.}"
}
audit() { llm-cost audit --format json "$@" > "$T/json"; }
# of TECHNIQUE MEMBER
of() { jq -r --arg t "$1" ".findings[] | select(.technique == \$t) | .$2" "$T/json"; }

# a call of 1,000 and 100 tokens costs $0.0035
chat 10 1000 100 '.body.messages[0].content = "Question \($i % 4)?"' > "$T/repeats"
audit "$T/repeats"
eq 'six of ten calls were asked before: dollars' "$(of exact-cache saved_usd)" 0.021
eq 'and calls' "$(of exact-cache requests)" 6
jq -c 'del(.response)' "$T/repeats" | llm-cache get --store "$T/store" --collapse > "$T/collapsed"
eq 'llm-cache takes the same ones for equal' "$(jq -s 'map(select(.llm.cache.collapsed)) | length' "$T/collapsed")" 6
eq 'that is measured' "$(of exact-cache confidence)" measured
eq 'what it was spent for' "$(jq -r '.evidence.spent_for | .input, .output' "$T/json" | xargs)" '0.025 0.01'
eq 'the total is what was spent once' "$(jq -r '.total | .saved_usd, .spent_usd' "$T/json" | xargs)" '0.021 0.035'
chat 10 1000 100 '.body.messages[0].content = "Question \($i % 4)?" | .body = if $i % 2 == 0 then .body else (.body | {messages, model, stream: false, user: "u"}) end' |
	jq -c . > "$T/spelled"
audit "$T/spelled"
eq 'order of members and what no answer depends on make no other request' "$(of exact-cache requests)" 6
chat 10 1000 100 '.body.messages[0].content = "Question \($i % 4)?" | .body.temperature = 0.7' > "$T/warm"
audit "$T/warm"
eq 'at a temperature over 0 it is a guess' "$(of exact-cache confidence)" guess
eq 'which is not in the total' "$(jq -r .total.saved_usd "$T/json")" 0
chat 10 1000 100 '.body.messages[0].content = "Question" | .body.n = 3' > "$T/several"
audit "$T/several"
eq 'several answers on purpose are no waste' "$(of exact-cache saved_usd)" ''
has 'and that is said' "$T/json" 'want several answers'
chat 4 1000 100 '.body.messages[0].content = ["Where is it?", "where  is it", "Where is it 1?", "Where is it 2?"][$i]' > "$T/near"
audit "$T/near"
eq 'case, blanks and punctuation are no other question, a number is' "$(of semantic-cache requests)" 1
eq 'which is bounded, not measured' "$(of semantic-cache confidence)" bounded
eq 'done by' "$(of semantic-cache command)" 'llm-cache get --semantic --store answers.db --collapse requests.jsonl'
mkdir -p "$T/semantic"
cp "$T/near" "$T/semantic/answered.jsonl"
jq -c 'del(.response)' "$T/near" > "$T/semantic/requests.jsonl"
t 'which fills a store' 0 sh -c 'cd "$1" && eval "$2"' sh "$T/semantic" "$(of semantic-cache command) > asked && $(jq -r '.findings[] | select(.technique == "semantic-cache").after' "$T/json")"
t 'and finds there what was asked in other writing' 0 sh -c 'cd "$1" && eval "$2"' sh "$T/semantic" "$(of semantic-cache command)"
eq 'all of them' "$(jq -s 'map(select(.llm.cache.hit or .llm.cache.collapsed)) | length' "$T/out")" 4

chat 4 1000 100 '.body.messages[0].content = "Question" | .time = 1793500000 + 5000 * $i' > "$T/late"
audit "$T/late"
eq 'the store forgets in an hour: later repeats are a guess' "$(of exact-cache confidence) $(of exact-cache requests)" 'guess 3'
eq 'with the lifetime that keeps them' "$(of exact-cache after)" 'llm-cache put --store answers.db --ttl 1d answered.jsonl'
chat 4 1000 100 '.body.messages[0].content = "Question" | .time = 1793500000 + 1500 * $i' > "$T/renewed"
audit "$T/renewed"
eq 'an answer is got anew after that hour' "$(of exact-cache confidence) $(of exact-cache requests)" 'measured 2'

# $3 a million in, $0.30 read, $3.75 written for 5 minutes, $6 for an hour
jq -rn '[range(300) | "Rule \(.): be kind to clause \(. * 7)."] | join(" ")' | tr -d '\n' > "$T/system"
P=$(llm-cost count --text --model claude-sonnet-4-5 "$T/system" | awk '{ print $1 }')
claude() { # SECONDS
	jq -cn --rawfile s "$T/system" --argjson gap "$1" 'range(10) as $i | {custom_id: "c\($i)", url: "/v1/messages", time: (1793500000 + $gap * $i),
		body: {model: "claude-sonnet-4-5", max_tokens: 50, system: $s, messages: [{role: "user", content: "Question \($i)"}]},
		response: {status_code: 200, body: {type: "message", role: "assistant", model: "claude-sonnet-4-5",
		content: [{type: "text", text: "x"}], stop_reason: "end_turn", usage: {input_tokens: 9000, output_tokens: 10}}}}'
}
claude 60 > "$T/prefix"
audit "$T/prefix"
eq 'a prefix once a minute: nine reads less one write for 5 minutes' "$(of prompt-cache saved_usd)" \
	"$(jq -rn --argjson p "$P" '$p * (9 * 270 - 75) | tostring | "0.0" + .[0:]' | sed 's/0*$//')"
eq 'the mark that does it' "$(of prompt-cache command)" 'llm-cache mark --ttl 5m requests.jsonl'
claude 360 > "$T/seldom"
audit "$T/seldom"
eq 'once in six minutes: nine reads less one write for an hour' "$(of prompt-cache saved_usd)" \
	"$(jq -rn --argjson p "$P" '$p * (9 * 270 - 300) | tostring | "0.0" + .[0:]' | sed 's/0*$//')"
eq 'with the longer mark' "$(of prompt-cache command)" 'llm-cache mark --ttl 1h requests.jsonl'
claude 7200 > "$T/rare"
audit "$T/rare"
eq 'once in two hours: nothing, a mark would lose money' "$(of prompt-cache saved_usd)" ''
claude 60 | jq -c '.body.system |= "It is \(now). " + .' | awk '{ sub(/It is [0-9.]*/, "It is " NR); print }' > "$T/broken"
audit "$T/broken"
eq 'a prefix that changes each time is none' "$(of prompt-cache saved_usd)" ''

# a chat that grows: what llm-cache ttl imitates, turn by turn
jq -cn 'range(8) as $i | {custom_id: "c\($i)", url: "/v1/messages", time: (1793500000 + 60 * $i), body: {model: "claude-sonnet-4-5", max_tokens: 50,
	messages: [range($i * 2 + 1) | {role: (if . % 2 == 0 then "user" else "assistant" end), content: ("Turn \(.) of a long story. " * 300)}]},
	response: {status_code: 200, body: {type: "message", model: "claude-sonnet-4-5", role: "assistant", content: [{type: "text", text: "x"}],
	stop_reason: "end_turn", usage: {input_tokens: 90000, output_tokens: 10}}}}' > "$T/growing"
audit "$T/growing"
llm-cache ttl --format json "$T/growing" > "$T/ttl"
eq 'each turn reads the one before' "$(of prompt-cache saved_usd)" "$(jq -r '((.none | tonumber) - (.ttl_5m | tonumber)) * 1e9 | round / 1e9' "$T/ttl")"
mkdir "$T/chat"
jq -c 'del(.response, .time)' "$T/growing" > "$T/chat/requests.jsonl"
(cd "$T/chat" && eval "$(of prompt-cache command)") > "$T/chat/marked"
eq 'and the mark goes to all of the prompt' "$(jq -c .body.cache_control "$T/chat/marked" | sort -u)" '{"type":"ephemeral"}'
eq 'which llm-cache takes for one' "$(llm-cache mark "$T/chat/marked" | jq .llm.cache.mark.markers | sort -u)" 1
# gpt-4o: $2.50 a million, $1.25 read, in steps of about 128 tokens
openai() { # SECONDS CACHED
	chat 10 9000 10 ".body.messages |= [{role: \"system\", content: \$s}] + . | .time = 1793500000 + $1 * \$i |
		.response.body.usage.prompt_tokens_details.cached_tokens = (if \$i == 0 then 0 else $2 end)" --rawfile s "$T/system"
}
openai 60 0 > "$T/missed"
audit "$T/missed"
llm-cache ttl --format json "$T/missed" > "$T/ttl"
eq 'what an automatic cache should have read is a guess' "$(of prompt-cache confidence) $(of prompt-cache saved_usd)" "guess $(jq -r '((.none | tonumber) - (.ttl_5m | tonumber)) * 1e9 | round / 1e9' "$T/ttl")"
eq 'to be looked into' "$(of prompt-cache command)" 'llm-cache prefix requests.jsonl'
eq 'in all calls but the first' "$(of prompt-cache requests)" 9
openai 60 9000 > "$T/hit"
audit "$T/hit"
eq 'what it did read is none' "$(of prompt-cache saved_usd)" ''
openai 301 0 > "$T/cold"
audit "$T/cold"
eq 'what it cannot have kept is none either' "$(of prompt-cache saved_usd)" ''

chat 10 1000 100 '.deadline = "48h"' > "$T/patient"
audit "$T/patient"
eq 'calls that can wait cost half' "$(of batch saved_usd) $(of batch confidence)" '0.0175 measured'
jq -c '.deadline = "48h"' "$T/prefix" | cat "$T/patient" - > "$T/two"
audit "$T/two"
eq 'two providers, the dearer first' "$(of batch command)" 'for p in anthropic openai; do llm-batch pack --for $p -d parts-$p requests.jsonl; done'
chat 10 1000 100 > "$T/plain"
audit "$T/plain"
eq 'others may, and that is a guess' "$(of batch saved_usd) $(of batch confidence)" '0.0175 guess'
chat 10 1000 100 '.body.stream = true' > "$T/stream"
audit "$T/stream"
eq 'somebody reads a stream' "$(of batch saved_usd)" ''

# gpt-4o-mini: $0.15 and $0.60 a million
chat 10 1000 100 'if $i < 4 then .llm.route.complexity = "simple" else .llm.route.complexity = "complex" end' > "$T/simple"
audit "$T/simple"
eq 'four simple calls at the smaller model' "$(of route saved_usd) $(of route requests)" '0.01316 4'
chat 10 1000 100 '.body.model = "gpt-4o-mini" | .response.body.model = "gpt-4o-mini" | .llm.route.complexity = "simple"' > "$T/small"
audit "$T/small"
eq 'the smallest model has no smaller one' "$(of route saved_usd)" ''

chat 4 1000 100 '.body.messages[0].content = ["What is the capital of France?", "Hello", "Prove the theorem step by step and design its architecture.", "Translate: bread"][$i]' > "$T/words"
audit "$T/words"
eq 'texts without a label are judged as llm-route does' "$(of route requests) $(of route confidence)" \
	"$(jq -c 'del(.response)' "$T/words" | llm-route | jq -s 'map(select(.llm.route.complexity == "simple")) | length') bounded"
has 'which is said' "$T/json" 'by their words'
jq -c '.response.body + {created: .time, id: ("chatcmpl-0000000000" + .custom_id)}' "$T/words" > "$T/wordless"
audit "$T/wordless"
eq 'without texts small calls are a guess' "$(of route requests) $(of route confidence)" '4 guess'

# 1,500 words where 50 do; the cap is the end of a class of lengths, 503
chat 50 1000 50 'if $i == 7 then .response.body.usage |= (.completion_tokens = 1500 | .total_tokens = 2500) else . end' > "$T/long"
audit "$T/long"
has '30 times the output' "$T/json" 'half of 50 answers have 50 tokens at most, the longest 1,500, 30 times as much'
eq 'what it cost beyond the cap' "$(of output saved_usd) $(of output requests)" '0.00997 1'
has 'the cap that does it' "$T/json" 'model=gpt-4o -> keep max_tokens=503'
chat 19 1000 50 'if $i == 7 then .response.body.usage.completion_tokens = 1500 | .response.body.usage.total_tokens = 2500 else . end' > "$T/few"
audit "$T/few"
holds 'nineteen answers prove nothing' jq -e '.cannot_tell[] | select(.technique == "output")' "$T/json"
chat 20 1000 50 '.response.body.choices[0].finish_reason = "length"' > "$T/cut"
audit "$T/cut"
eq 'answers that were cut off are shown with what they cost' "$(jq -r '.evidence | .cut_requests, .cut_usd' "$T/json" | xargs)" '20 0.06'

# $10 a million out: 500 tokens of thought, ten times, about what was judged simple
chat 10 1000 600 '.body.model = "gpt-5" | .response.body.model = "gpt-5" | .llm.route.complexity = "simple" |
	.response.body.usage.completion_tokens_details = {reasoning_tokens: 500}' > "$T/thought"
audit "$T/thought"
eq 'effort about simple calls' "$(of output saved_usd) $(of output requests)" '0.05 10'
has 'the rule that lowers it' "$T/json" 'complexity=simple -> keep effort=low'
# a square of 1,024 pixels has 765 tokens, and 85 at low detail
PNG=$(printf '\211PNG\r\n\032\n\000\000\000\rIHDR\000\000\004\000\000\000\004\000\010\006\000\000\000' | base64 | tr -d '\n')
chat 1 1000 10 ".body.messages[0].content = [{type: \"text\", text: \"What is it?\"}, {type: \"image_url\", image_url: {url: \"data:image/png;base64,$PNG\"}}]" > "$T/image"
audit "$T/image"
eq 'what the detail of an image costs' "$(jq -r '.evidence | .images, .image_detail_usd' "$T/json" | xargs)" '1 0.0017'
jq -c '.body.messages[0].content[1].image_url.detail = "low"' "$T/image" > "$T/low"
audit "$T/low"
eq 'at low detail nothing' "$(jq -r .evidence.images "$T/json")" 0

tool() { printf '{"type":"function","function":{"name":"%s","description":"Looks up the thing of that number and says how it does."}}' "$1"; }
tool idle > "$T/idle"
N=$(llm-cost count --text --model gpt-4o "$T/idle" | awk '{ print $1 }')
chat 20 1000 100 ".body.tools = [$(tool busy), $(tool idle)] | if \$i == 3 then .response.body.choices[0].message = {role: \"assistant\", content: null,
	tool_calls: [{id: \"1\", type: \"function\", function: {name: \"busy\", arguments: \"{}\"}}]} else . end" > "$T/tools"
audit "$T/tools"
eq 'a tool that nobody called, in twenty requests' "$(of tools saved_usd)" "$(jq -rn --argjson n "$N" '$n * 20 * 25 / 10000000')"
head -n 19 "$T/tools" > "$T/tools19"
audit "$T/tools19"
eq 'in nineteen it may be a rare one' "$(of tools saved_usd)" ''

chat 1 2300 100 '.body.messages = [range(23) | {role: (if . % 2 == 0 then "user" else "assistant" end), content: ("a" * 100)}]' > "$T/history"
audit "$T/history"
eq 'two of twelve turns are older than ten: 4 of 23 messages' "$(of history saved_usd)" 0.001

chat 3 1000 100 '.body.messages += [{role: "user", content: ([range(30) | {id: ., name: "n\(.) \($i)", state: "ok"}] | tojson | gsub(","; ",\n    ") | gsub(":"; ":   "))}]' > "$T/loose"
audit "$T/loose"
jq -c 'del(.response)' "$T/loose" | llm-compress > "$T/compressed" 2> /dev/null
holds 'loose JSON: what llm-compress takes is no less' jq -en --argjson saved "$(of compress saved_usd)" --slurpfile c "$T/compressed" \
	'$saved > 0 and $saved <= ([$c[].llm.compress | .tokens_before - .tokens_after] | add) * 0.0000025 * 1.001'

chat 3 1000 100 '.body.messages += [range(2) | {role: "user", content: ("Rules of the house:\n" + ([range(8) | "\(.). Rule number \(.) says a thing that holds."] | join("\n")) + "\n\nAnd now \(.)?")}]' > "$T/twice"
audit "$T/twice"
jq -c 'del(.response)' "$T/twice" | llm-compress > "$T/compressed" 2> /dev/null
holds 'a block that stands twice: what llm-compress takes is no less' jq -en --argjson saved "$(of compress saved_usd)" --slurpfile c "$T/compressed" \
	'$saved > 0 and $saved <= ([$c[].llm.compress | .tokens_before - .tokens_after] | add) * 0.0000025 * 1.001'

rule='Never promise a delivery date to the customer.'
chat 3 1000 100 ".body.messages |= [{role: \"system\", content: \"You help. $rule Ask for the order number first. $rule Be kind. $rule\"}] + ." > "$T/rules"
audit "$T/rules"
jq -c 'del(.response)' "$T/rules" | llm-compress --level light > "$T/compressed" 2> /dev/null
eq 'a rule that stands three times: dollars of what llm-compress takes' "$(of instructions saved_usd)" \
	"$(jq -s 'map(.llm.compress | .tokens_before - .tokens_after) | add * 2.5 / 1000000' "$T/compressed")"
eq 'is a guess, and no part of the total' "$(of instructions confidence) $(jq -r .total.saved_usd "$T/json")" 'guess 0'
has 'with its command' "$T/json" 'llm-compress --level light requests.jsonl'

# one model, two sellers; one prompt a thousand times
cat > "$T/table" <<'X'
{"provider": "openai", "model": "acme-1", "prices": {"input": "2", "output": "8"}}
{"provider": "azure", "model": "acme-1", "prices": {"input": "1", "output": "4"}}
X
chat 10 1000 100 '.body.model = "acme-1" | .response.body.model = "acme-1"' > "$T/sold"
audit --prices "$T/table" --provider openai "$T/sold"
eq 'the same name at half the price is a guess' "$(of provider saved_usd) $(of provider confidence)" '0.014 guess'
eq 'for which requests are rewritten' "$(of provider command)" 'llm-batch convert --to azure --model acme-1 requests.jsonl'
mkdir "$T/other"
jq -c 'del(.response, .time)' "$T/sold" > "$T/other/requests.jsonl"
t 'which runs' 0 sh -c 'cd "$1" && eval "$2"' sh "$T/other" "$(of provider command)"
audit --prices "$T/table" --provider azure "$T/sold"
eq 'who pays the least has nothing to gain' "$(of provider saved_usd)" ''
chat 1000 100000 50000 '.body.messages |= [{role: "system", content: "You sort mail."}] + .' > "$T/often"
audit "$T/often"
# $750 in 59,940 seconds: $32,432.43 in 30 days, of which 90 % pay $10,000 in 0.4 months
eq 'a model of one'"'"'s own is a guess' "$(of distill saved_usd) $(of distill confidence) $(of distill in_total)" '675 guess false'
has 'with the month in which it has paid' "$T/json" 'comes back in 0.4 months'
eq 'reckoned by' "$(of distill command)" 'llm-cost breakeven --model gpt-4o --saving 90% --setup 10000 log.jsonl'
cp "$T/often" "$T/other/log.jsonl"
t 'which runs, too' 0 sh -c 'cd "$1" && eval "$2"' sh "$T/other" "$(of distill command)"
head -n 999 "$T/often" > "$T/often999"
audit "$T/often999"
eq '999 calls teach nothing' "$(of distill saved_usd)" ''
has 'and that is said' "$T/json" 'has 999 calls, and 1,000 are the least'

# each technique works on what those before it left
chat 2 1000 100 '.body.messages[0].content = "Question" | .deadline = "48h"' > "$T/both"
audit "$T/both"
eq 'a repeat that could also wait: half of one and all of the other' "$(jq -r '.total | .saved_usd, .sum_of_parts_usd' "$T/json" | xargs)" '0.00525 0.007'
cat "$T/repeats" "$T/repeats" > "$T/twice"
audit "$T/twice"
eq 'findings stand by dollars' "$(jq -r '[.findings[].saved_usd | tonumber] | . == (sort | reverse)' "$T/json")" true

# all of it in one log; every command that is printed does run
cat "$T/repeats" "$T/prefix" "$T/patient" "$T/simple" "$T/long" "$T/tools" "$T/history" "$T/loose" > "$T/all"
audit "$T/all"
eq 'eight findings' "$(jq '.findings | map(.technique) | sort | join(" ")' "$T/json")" '"batch compress exact-cache history output prompt-cache route tools"'
holds 'the total is less than the sum of its parts' jq -e '.total | (.saved_usd | tonumber) < (.sum_of_parts_usd | tonumber)' "$T/json"
mkdir "$T/run"
jq -c 'del(.response, .time, .deadline, .llm)' "$T/all" > "$T/run/requests.jsonl"
cp "$T/all" "$T/run/log.jsonl"
cp "$T/run/log.jsonl" "$T/run/answered.jsonl"
jq -r '.findings[] | .check, .command, .after | select(. != null)' "$T/json" > "$T/commands"
eq 'thirteen commands' "$(wc -l < "$T/commands" | tr -d ' ')" 13
while IFS= read -r command; do
	# requests to another provider are refused by name, and the others packed
	case $command in *'llm-batch pack'*) want=4 ;; *) want=0 ;; esac
	# nothing is sent
	case $command in *'llm-batch sync'*) command="OPENAI_API_KEY=none $command --dry-run" ;; esac
	t "runs: $(printf %s "$command" | cut -c1-50)" "$want" sh -c 'cd "$1" && eval "$2"' sh "$T/run" "$command"
done < "$T/commands"
holds 'calls were packed' test -s "$T/run/parts/manifest.json"
eq 'rules that the router takes' "$(cd "$T/run" && llm-route -r routes requests.jsonl 2> /dev/null | wc -l | tr -d ' ')" "$(wc -l < "$T/all" | tr -d ' ')"

# a month is what was measured, scaled to 30 days
chat 31 1000 100 '.time = 1793500000 + 86400 * $i | .deadline = "48h"' > "$T/month"
audit "$T/month"
eq 'thirty days are a month' "$(of batch saved_usd_month)" "$(of batch saved_usd)"
audit "$T/both"
eq 'a minute is no measure of one' "$(of batch saved_usd_month)" null
has 'and that is said' "$T/json" 'spans less than an hour'

# a log without bodies says less, and says so
jq -c '.response.body + {created: .time, id: ("chatcmpl-0000000000" + .custom_id)}' "$T/plain" > "$T/usage"
audit "$T/usage"
eq 'without requests most cannot be told' "$(jq -r '[.cannot_tell[] | select(.missing | test("bodies")) | .technique] | join(" ")' "$T/json")" \
	'exact-cache semantic-cache compress instructions history tools prompt-cache distill'
cat "$T/usage" "$T/usage" > "$T/usage2"
audit "$T/usage2"
eq 'a line that stands twice is one call' "$(jq -r '.evidence.calls, .total.spent_usd' "$T/json" | xargs)" '10 0.035'
: > "$T/empty"
t 'an empty log' 0 llm-cost audit "$T/empty"
t 'no such format' 2 llm-cost audit --format svg "$T/empty"
echo '{"model":"no-such-model","usage":{"prompt_tokens":5,"completion_tokens":5}}' > "$T/unknown"
t 'an unknown model is not free' 4 llm-cost audit "$T/unknown"
has 'it is named' "$T/out" 'no-such-model'
jq -c 'del(.response)' "$T/plain" > "$T/requests"
t 'requests without answers' 0 llm-cost audit "$T/requests"
has 'are looked at as far as prompts allow' "$T/out" 'not sent yet: 10 requests'
jq -c 'del(.response, .time)' "$T/repeats" > "$T/requests"
cat "$T/requests" "$T/plain" > "$T/mixed"
audit "$T/mixed"
llm-cost count "$T/requests" > "$T/counted"
eq 'their tokens' "$(jq -r '.not_sent | .requests, .input_tokens' "$T/json" | xargs)" "10 $(awk '{ print $1 }' "$T/counted")"
eq 'their repeats, at the price of their input' "$(jq -r '.not_sent | .input_usd, (.findings[] | select(.technique == "exact-cache") | .requests, .confidence)' "$T/json" | xargs)" \
	"$(jq -rn --argjson n "$(awk '{ print $1 }' "$T/counted")" '$n * 25 / 10000000') 6 measured"
eq 'which are no part of the total' "$(jq -r '.evidence.calls, .total.spent_usd' "$T/json" | xargs)" '10 0.035'
for f in md html; do
	llm-cost audit --format $f "$T/mixed" > "$T/out"
	has "and stand apart in $f" "$T/out" 'Not sent yet'
done

# an agent that rests for six minutes writes its prompt again
agent() { # MINUTE READ WRITTEN OUT
	printf '{"type":"assistant","sessionId":"s","timestamp":"2026-11-01T10:%s:00Z","requestId":"r%s","message":{"id":"msg_0000000000000000%s","model":"claude-sonnet-4-5","usage":{"input_tokens":0,"cache_read_input_tokens":%s,"cache_creation_input_tokens":%s,"output_tokens":%s}}}\n' "$1" "$1" "$1" "$2" "$3" "$4"
}
{ agent 10 0 100000 5; agent 11 100000 1000 5; agent 20 0 101000 5; agent 20 0 101000 9; agent 30 0 101000 5; } > "$T/agent"
audit "$T/agent"
# 202,000 tokens read at $0.30 in place of written at $3.75; 101,000 written at $6 in place of $3.75
eq 'an hour of lifetime would have saved' "$(of prompt-cache saved_usd) $(of prompt-cache requests)" '0.46965 2'
eq 'nobody batches an agent' "$(of batch saved_usd)" ''
eq 'the larger of two snapshots counts' "$(jq -r .evidence.calls "$T/json") $(llm-cost --format json "$T/agent" | jq -r .total.cost)" "4 $(jq -r .total.spent_usd "$T/json")"

# the screen and its relatives
# without the prefix, whose tokens are an estimate
cat "$T/repeats" "$T/patient" "$T/simple" "$T/long" "$T/tools" "$T/history" "$T/loose" > "$T/shown"
t 'a table' 0 llm-cost audit "$T/shown"
golden 'as it was' "$T/out" cost-audit.txt
eq 'no line but a command is wider than a screen' "$(grep -v '^    \$' "$T/out" | awk 'length > 100' | wc -l | tr -d ' ')" 0
lacks 'no colours in a file' "$T/out" "$(printf '\033')"
t 'Markdown' 0 llm-cost audit --format md "$T/shown"
golden 'as it was, too' "$T/out" cost-audit.md
t 'CSV' 0 llm-cost audit --format csv "$T/all"
eq 'a line each' "$(sed 1d "$T/out" | wc -l | tr -d ' ')" 8
t 'HTML' 0 llm-cost audit --format html "$T/all"
eq 'nothing from outside' "$(grep -ciE 'src=|href=|@import|url\(|<script' "$T/out")" 0
has 'bars' "$T/out" '<svg viewBox'
has 'dark as well as light' "$T/out" 'prefers-color-scheme:dark'
cp "$T/out" "$T/html"
t 'to a file' 0 llm-cost audit --format html -o "$T/page" "$T/all"
same 'the same page' "$T/page" "$T/html"
for f in table json md csv html; do
	llm-cost audit --no-text --format $f "$T/all" > "$T/out"
	lacks "no text of a prompt in $f" "$T/out" 'Question'
	lacks "no name of a tool in $f" "$T/out" idle
done
t 'a full disk is noticed' 3 sh -c 'llm-cost audit "$1" > /dev/full' sh "$T/all"
finish
