#!/bin/sh
# SPDX-License-Identifier: MIT
# llm-route: first match, cheapest candidate that fits, nothing but model and settings edited
. "$(dirname "$0")/../lib.sh"

request() { # MEMBERS-OF-THE-BODY TEXT
	printf '{"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-4o",%s"seed":9007199254740993,"x":{"n":1.0,"m":1e2,"s":"\\u00e9\\/"},"messages":[{"role":"user","content":"%s"}]},"odd":{"n":1.0,"n":1e2}}\n' "$1" "$2"
}
rules() { printf '%s\n' "$@" > "$T/routes"; }
route() { # WHAT [OPTION...]
	route_what=$1
	shift
	t "$route_what" 0 llm-route -r "$T/routes" "$@" "$T/in"
}
of() { jq -c "$1" "$T/out"; }

# rules
request '"max_tokens":256,"metadata":{"task":"extraction","user":"u1"},' 'What is in here?' > "$T/in"
rules 'tier small gpt-4o-mini' 'rule x task=extraction -> small' 'default -> keep'
route 'a rule on a tag'
eq 'sets the model' "$(of .body.model)" '"gpt-4o-mini"'
eq 'and says so' "$(of '.llm.route | [.model, .asked, .rule, .task, .lane, .confidence]')" '["gpt-4o-mini","gpt-4o","x","extraction","realtime",1]'
has 'other bytes of the body stay' "$T/out" '"max_tokens":256,"metadata":{"task":"extraction","user":"u1"},"seed":9007199254740993,"x":{"n":1.0,"m":1e2,"s":"\u00e9\/"}'
has 'a doubled member that nobody reads stays' "$T/out" '"odd":{"n":1.0,"n":1e2}'
sed 's/"model":"gpt-4o-mini"/"model":"gpt-4o"/; s/,"llm":{"v":1,"route":.*$/}/' "$T/out" > "$T/undone"
same 'the edit undone gives the input' "$T/undone" "$T/in"
cp "$T/out" "$T/once"
t 'a second time' 0 llm-route -r "$T/routes" "$T/once"
eq 'who was asked is not forgotten' "$(of '[.llm.route.asked, .body.model]')" '["gpt-4o","gpt-4o-mini"]'
t 'observe' 0 llm-route -r "$T/routes" --observe "$T/in"
eq 'decides the same' "$(of '[.llm.route.model, .body.model]')" '["gpt-4o-mini","gpt-4o"]'
has 'tells who keeps the model' "$T/err" 'observed: 1 request, 0.0 % keep their model; $'
# shellcheck disable=SC2016 # of awk
holds 'and that it would cost less' awk '/observed/ { sub(/.*model; [$]/, ""); if (!($1 > 0 && substr($4, 2) > 0 && substr($4, 2) < $1 / 10)) exit 1; n++ } END { exit n != 1 }' "$T/err"
t 'without rules' 0 llm-route "$T/in"
eq 'the model stays' "$(of '[.llm.route.model, .llm.route.rule, .llm.route.reason, .body.model]')" '["gpt-4o",null,"no rules","gpt-4o"]'
holds 'with what it costs' jq -e '.llm.route.estimated_cost | test("^0[.][0-9]+$")' "$T/out"
LLM_ROUTES=$T/routes llm-route "$T/in" > "$T/env"
same 'the rules can come from the environment' "$T/env" "$T/once"
for condition in user=u1 .body.metadata.user=u1 '.body.max_tokens=256' '.body.seed=9007199254740993' 'user~/^u[0-9]$/' \
	'text~/WHAT IS/i' 'text~/in here\?/' 'tokens>3' 'tokens<=100' 'model=gpt-4o' 'model~/^gpt-/' 'lane=realtime' 'complexity=simple' '.body.messages[0].role=user' '."custom_id"=a'; do
	rules 'tier small gpt-4o-mini' "rule x $condition -> small"
	route "holds: $condition"
	eq 'and is found' "$(of .llm.route.rule)" '"x"'
done
for condition in user=u2 user=u 'tenant=x' .body.none=1 'tokens>1000' 'tokens<2' 'text~/what is/' 'task=summary' 'complexity=complex' 'user=u1 tokens>1000' '.body.messages=x'; do
	rules 'tier small gpt-4o-mini' "rule x $condition -> small" 'default -> keep'
	route "does not hold: $condition"
	eq 'and the default decides' "$(of '[.llm.route.rule, .body.model]')" '["default","gpt-4o"]'
done
rules 'rule first user=u1 -> gpt-4o-mini' 'rule second user=u1 -> gpt-4.1' 'default user=u1 -> o3' 'default -> keep'
route 'two that hold'
eq 'the first one wins' "$(of .llm.route.rule)" '"first"'
rules 'rule first user=u2 -> gpt-4o-mini' 'default user=u1 -> gpt-4.1' 'default -> keep'
route 'a default with a condition'
eq 'decides after the rules' "$(of .body.model)" '"gpt-4.1"'
rules 'alias gpt-4o = gpt-4.1-mini' 'default -> keep'
route 'an alias'
eq 'swaps the model of a record that is kept' "$(of '[.body.model, .llm.route.asked]')" '["gpt-4.1-mini","gpt-4o"]'
rules 'rule x ."a b"=1 text~/"a b" \/x/ -> gpt-4o-mini' 'default user="u1" -> gpt-4.1'
route 'quotes and slashes in conditions'
eq 'are understood' "$(of .body.model)" '"gpt-4.1"'

# the cheapest that can do it
rules 'tier t gpt-4o gpt-4o-mini gpt-4.1' 'default -> t'
route 'a tier of three'
eq 'gives the cheapest' "$(of '[.llm.route.model, .llm.route.alternates]')" '["gpt-4o-mini",["gpt-4.1","gpt-4o"]]'
request '"response_format":{"type":"json_schema","json_schema":{"name":"a","schema":{}}},' 'x' > "$T/in"
rules 'tier t gpt-3.5-turbo gpt-4o' 'default -> t'
route 'a schema'
eq 'needs a model that has it' "$(of .body.model)" '"gpt-4o"'
printf '%s\n' '{"model":"gpt-4o","messages":[{"role":"user","content":[{"type":"text","text":"x"},{"type":"image_url","image_url":{"url":"https://example.invalid/a.png"}}]}]}' > "$T/in"
rules 'tier t gpt-3.5-turbo gpt-4o' 'default -> t'
route 'an image'
eq 'needs one that sees' "$(of .model)" '"gpt-4o"'
holds 'the reason names who does not' jq -e '.llm.route.reason | test("gpt-3.5-turbo takes no images")' "$T/out"
cp "$T/in" "$T/image"
rules 'tier t gpt-4o-mini claude-haiku-4-5' 'default -> t'
native() { printf '{"custom_id":"a","params":{"model":"claude-sonnet-4-5","max_tokens":10,"top_k":5,%s"messages":[{"role":"user","content":%s}]}}\n' "$1" "$2" > "$T/in"; }
native '' '"x"'
cp "$T/in" "$T/native"
route "a request in Anthropic's own form"
eq 'goes to whoever is cheapest' "$(of .params.model)" '"gpt-4o-mini"'
eq 'what has no place in that form is listed' "$(of .llm.route.dropped)" '["top_k"]'
native '"tools":[{"type":"web_search_20250305","name":"web_search"}],' '"x"'
route "a tool of Anthropic's"
eq 'stays with who has it' "$(of '[.params.model, .llm.route.dropped]')" '["claude-haiku-4-5",[]]'
holds 'the reason says why' jq -e '.llm.route.reason | test("gpt-4o-mini cannot be asked in its form: no place for tools of the provider itself")' "$T/out"
native '' '[{"type":"search_result","source":"a","title":"b","content":[{"type":"text","text":"c"}]}]'
route 'a block that the other form does not know'
eq 'stays too' "$(of .params.model)" '"claude-haiku-4-5"'
rules 'tier t gpt-4o-mini text-embedding-3-large text-embedding-3-small' 'default -> t'
other() { printf '{"custom_id":"a","method":"POST","url":"/v1/%s","body":{"model":"asked","input":"x","prompt":"x"}}\n' "$1" > "$T/in"; }
other embeddings
route 'a request for embeddings'
eq 'goes to who makes them' "$(of .body.model)" '"text-embedding-3-small"'
other responses
route 'a request for text'
eq 'does not' "$(of '[.body.model, .llm.route.alternates]')" '["gpt-4o-mini",[]]'
for url in moderations images/generations audio/speech; do
	other "$url"
	route "a request at $url"
	eq 'goes to none of them' "$(of '[.body.model, .llm.route.fallback]')" '["asked","error"]'
done
cp "$T/image" "$T/in"
rules 'default -> gpt-3.5-turbo'
route 'nobody is left'
eq 'the model is kept' "$(of '[.model, .llm.route.fallback]')" '["gpt-4o","error"]'
rules 'default -> no-such-model-at-all'
route 'a model without a price'
eq 'is not chosen' "$(of '[.model, .llm.route.fallback]')" '["gpt-4o","error"]'
awk 'BEGIN { printf "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\""; for (i = 0; i < 9000; i++) printf "word "; print "\"}]}" }' > "$T/in"
rules 'tier t gpt-4 gpt-4.1' 'default -> t'
route 'more than the window'
eq 'needs a larger one' "$(of .model)" '"gpt-4.1"'
holds 'the reason gives the numbers' jq -e '.llm.route.reason | test("gpt-4 has a window of 8192 tokens, needed (9|10)[0-9]{3}")' "$T/out"

# settings
request '"max_tokens":256,' 'x' > "$T/in"
rules 'default -> o3 thinking_room=0 max_tokens=100 service_tier=flex effort=low'
route 'settings'
eq 'a cap is lowered' "$(of .body.max_completion_tokens)" 100
eq 'tier and effort are set' "$(of '[.body.service_tier, .body.reasoning_effort]')" '["flex","low"]'
rules 'default -> keep max_tokens=1000'
route 'a higher cap'
eq 'never raises' "$(of .body.max_tokens)" 256
rules 'default -> o3-mini max_tokens=1000'
route 'a model whose cap has another name'
eq 'gets it under that name' "$(of '[.body.max_tokens, .body.max_completion_tokens]')" '[null,256]'
request '"temperature":0.5,"stop":["x"],' 'x' > "$T/in"
route 'parameters that a model refuses'
eq 'are listed' "$(of .llm.route.dropped)" '["temperature","stop"]'
eq 'and stay' "$(of .body.temperature)" 0.5
printf '%s\n' '{"key":"g","request":{"contents":[{"role":"user","parts":[{"text":"x"}]}]}}' > "$T/in"
rules 'default -> gemini-2.5-flash max_tokens=50 thinking_room=0'
route 'a shape without a model'
eq 'gets none, the cap goes where it belongs' "$(of '[.request.model, .request.generationConfig.maxOutputTokens, .llm.route.model]')" '[null,50,"gemini-2.5-flash"]'
printf '%s\n' '{"model":"gpt-4o","input":"x"}' > "$T/in"
rules 'default -> o3 max_tokens=50 effort=low'
route 'the interface of responses'
eq 'has its own names, and room for thinking in the cap' "$(of '[.max_output_tokens, .reasoning.effort]')" '[2098,"low"]'

# lane
while IFS='|' read -r members want; do
	printf '{"model":"gpt-4o",%s"messages":[{"role":"user","content":"x"}]}\n' "$members" > "$T/in"
	t "lane: $members" 0 llm-route --now 2026-11-21T00:00:00Z "$T/in"
	eq "is $want" "$(of .llm.route.lane)" "\"$want\""
done << 'X'
|realtime
"metadata":{"lane":"batch"},|batch
"deadline":"24h",|batch
"deadline":"23h",|realtime
"deadline":"2026-11-22T00:00:00Z",|batch
"deadline":"2026-11-21T10:00:00Z",|realtime
"deadline":"2020-01-01T00:00:00Z",|realtime
"deadline":"2d","stream":true,|realtime
"deadline":"soon",|realtime
X
printf '%s\n' '{"model":"gpt-4o","previous_response_id":"r","deadline":"2d","input":"x"}' > "$T/in"
t 'a chain of responses' 0 llm-route "$T/in"
eq 'stays in real time' "$(of .llm.route.lane)" '"realtime"'

# task and complexity
while IFS='|' read -r text task level; do
	request '' "$text" > "$T/in"
	t "reads: $(printf %.40s "$text")" 0 llm-route "$T/in"
	eq 'task and complexity' "$(of '.llm.route | [.task, .complexity]')" "[\"$task\",\"$level\"]"
done << 'X'
hi|none|simple
hi, my production DB is down|none|complex
Classify the sentiment of this review: I liked it.|classification|simple
Translate to German: good morning|transformation|simple
Summarize the text below in two sentences.|summary|none
Prove that there are infinitely many primes.|reasoning|moderate
Refactor this function and debug the race condition in it.|code|complex
Please authorize the request|none|none
> Explain this\nok|none|simple
```\nprove the theorem\n```\nthanks|code|simple
Schreibe ein Gedicht auf den Herbst|creative|none
X
request '"metadata":{"complexity":"hard"},' 'x' > "$T/in"
rules 'tier a gpt-4o-mini' 'tier b gpt-4.1' 'rule x complexity=simple -> a'
route 'a label that is none of ours'
eq 'goes to the strongest' "$(of '[.body.model, .llm.route.fallback]')" '["gpt-4.1","label"]'
rules 'tier a gpt-4o-mini' 'fallback label = keep' 'rule x complexity=simple -> a'
route 'or where the rules say'
eq 'is kept' "$(of '[.body.model, .llm.route.fallback]')" '["gpt-4o","label"]'
request '' 'What is the capital of France?' > "$T/in"
rules 'tier a gpt-4o-mini' 'rule x complexity=simple -> a'
route 'not sure enough' --min-confidence 90%
eq 'keeps the model' "$(of '[.body.model, .llm.route.fallback]')" '["gpt-4o","confidence"]'
route 'sure enough' --min-confidence 50%
eq 'does not' "$(of .body.model)" '"gpt-4o-mini"'
rules 'tier a gpt-4o-mini' 'tier b gpt-4.1' 'tier c o3' 'user free a..a' 'user pro a..b' 'default -> c'
request '"metadata":{"tier":"pro"},' 'x' > "$T/in"
route 'a kind of user'
eq 'has bounds' "$(of .body.model)" '"gpt-4.1"'
request '"metadata":{"tier":"gold"},' 'x' > "$T/in"
route 'an unknown kind of user'
eq 'has the lowest ones' "$(of '[.body.model, .llm.route.fallback]')" '["gpt-4o-mini","tier"]'
rules 'tier a gpt-4o-mini' 'tier b gpt-4.1' 'tier c o3' 'fallback tier = lowest' 'user pro a..c' 'user plus b..b' 'user free a..b' 'default -> c'
route 'wherever the lowest ones stand'
eq 'they count' "$(of '[.body.model, .llm.route.reason]')" '["gpt-4.1","fallback tier: unknown user tier, taken as free; moved inside the bounds of user tier free"]'
rules 'tier a gpt-4o-mini' 'tier c o3' 'user free a..a' 'user pro a..c' 'fallback tier = pro' 'default -> c'
route 'unless the rules name another'
eq 'which counts' "$(of .body.model)" '"o3"'
rules 'task greeting /^(hi|hello)\b/i' 'rule x task=greeting -> gpt-4o-mini'
request '' 'Hello there' > "$T/in"
route 'a table of tasks of ones own'
eq 'takes the place of the built-in one' "$(of '[.llm.route.task, .body.model]')" '["greeting","gpt-4o-mini"]'

rules 'word complex "flux capacitor" 4' 'word complex explain 0' 'word simple wherefore' 'rule hard complexity=complex -> gpt-4.1' 'rule none complexity=none -> gpt-4o' 'default -> gpt-4o-mini'
request '' 'A FLUX-capacitor, please' > "$T/in"
route 'a word of ones own'
eq 'makes it complex' "$(of '[.llm.route.complexity, .llm.route.evidence.complexity, .body.model]')" '["complex",["flux capacitor"],"gpt-4.1"]'
request '' 'explain' > "$T/in"
route 'a word that was taken away'
eq 'is no evidence' "$(of '[.llm.route.complexity, .body.model]')" '["none","gpt-4o"]'
request '' 'wherefore' > "$T/in"
route 'a simple word'
eq 'makes it simple' "$(of .llm.route.complexity)" '"simple"'
request '' 'prove it' > "$T/in"
route 'a built-in word counts still'
eq 'with its weight' "$(of .llm.route.complexity)" '"moderate"'
rules 'complexity complex=3' 'default -> keep'
route 'another limit'
eq 'makes it complex' "$(of .llm.route.complexity)" '"complex"'
rules 'complexity words=own' 'default -> keep'
route 'only own words'
eq 'leave no evidence' "$(of .llm.route.complexity)" '"none"'
rules 'complexity code=4' 'default -> keep'
request '' "look at \`\`\`x\`\`\` here" > "$T/in"
route 'a weight of a code fence'
eq 'counts so much' "$(of .llm.route.complexity)" '"complex"'

# what passes
for line in '[1,2]' '{}' '"x"' '{"usage":{"prompt_tokens":1,"completion_tokens":1},"model":"gpt-4o"}' '{"custom_id":"a","body":{"model":"gpt-4o","messages":[]},"response":{"status_code":200,"body":{}}}' \
	'{"custom_id":"a","body":{"model":"gpt-4o","messages":[]},"response":null,"error":{"code":"batch_expired"}}'; do
	printf '%s\n' "$line" > "$T/in"
	rules 'default -> gpt-4o-mini'
	route "passes: $(printf %.30s "$line")"
	same 'byte for byte' "$T/out" "$T/in"
done
printf '%s\n' '{"custom_id":"dup-model","body":{"model":"gpt-4o-mini","model":"gpt-4o","messages":[{"role":"user","content":"hi"}]}}' > "$T/in"
t 'a model that stands twice' 4 llm-route --rejects "$T/rej" "$T/in"
same 'is rejected' "$T/rej" "$T/in"
printf '%s\n' '{"custom_id":"e","body":{"messages":[{"role":"user","content":"hi"}]}}' > "$T/in"
rules 'default -> keep'
route 'no model'
eq 'keeps none' "$(of '[.body.model, .llm.route.model, .llm.route.estimated_cost]')" '[null,null,null]'
rules 'default -> gpt-4o-mini'
route 'or gets one'
eq 'from the rules' "$(of .body.model)" '"gpt-4o-mini"'

# a pattern that never ends
rules 'tier small gpt-4o-mini' 'rule x text~/^(\w+\s?)*$/ -> gpt-4.1' 'default -> small'
awk 'BEGIN { printf "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\""; for (i = 0; i < 100000; i++) printf "aaaaaaaaaa"; print "!\"}]}" }' > "$T/in"
route 'a catastrophic pattern on 1 MB' -v
eq 'leaves it to the default' "$(of .model)" '"gpt-4o-mini"'
has 'with a warning' "$T/err" 'took too long'

# explain
rules 'tier small gpt-4o-mini' 'rule x user=u2 -> small' 'rule y text~/x/ -> small' 'default -> keep'
request '"metadata":{"user":"a\u001b[31mb"},' 'x' > "$T/in"
t 'explain' 0 llm-route explain "$T/routes" "$T/in"
has 'shows each rule' "$T/out" "no   user=u2  (it is 'a?[31mb')"
has 'and the one that matches' "$T/out" 'rule y (line 3) -> small  MATCHES'
lacks 'and no control character' "$T/out" "$(printf '\033')"
t 'dry run' 0 llm-route -n -r "$T/routes" "$T/in"
eq 'writes no records' "$(wc -c < "$T/out" | tr -d ' ')" 0

# the same again
if data 'the same twice, and in another order'; then
	jq -c '{model:"gpt-4o",messages:[{role:"user",content:.instruction}]}' "$LLM_TEST_DATA/prompts/alpaca-seed-tasks.jsonl" > "$T/in"
	rules 'tier small gpt-4o-mini gpt-4.1-nano' 'rule a complexity=simple -> small' 'rule b task=code -> o3' 'default -> keep'
	route 'real prompts'
	mv "$T/out" "$T/first"
	route 'real prompts again'
	same 'the same twice' "$T/out" "$T/first"
	sort -r "$T/in" > "$T/other" && mv "$T/other" "$T/in"
	route 'in another order'
	sort "$T/out" > "$T/a"
	sort "$T/first" > "$T/b"
	same 'the same decisions' "$T/a" "$T/b"
fi
finish
