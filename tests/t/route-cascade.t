#!/bin/sh
# SPDX-License-Identifier: MIT
# llm-route check, ask, apply, replay, import: steps around an answer, logs, and other routers' lists
. "$(dirname "$0")/../lib.sh"

rules() { printf '%s\n' "$@" > "$T/routes"; }
of() { jq -c "$1" "$T/out"; }
# answered ID MODEL MEMBERS FINISH CONTENT(JSON) [MORE]
answered() {
	printf '{"custom_id":"%s","method":"POST","url":"/v1/chat/completions","body":{"model":"%s",%s"messages":[{"role":"user","content":"x"}]},"response":{"status_code":200,"body":{"id":"r-%s","model":"%s","choices":[{"index":0,"finish_reason":"%s",%s"message":{"role":"assistant","content":%s}}],"usage":{"prompt_tokens":20,"completion_tokens":5,"total_tokens":25}}}}\n' \
		"$1" "$2" "$3" "$1" "$2" "$4" "${6:-}" "$5"
}
rules 'tier small gpt-4o-mini' 'tier large gpt-4.1' 'default -> small'

# check
answered a gpt-4o-mini '' stop '"Fine."' > "$T/in"
t 'a good answer' 0 llm-route check -r "$T/routes" "$T/in"
same 'passes byte for byte' "$T/out" "$T/in"
schema='"response_format":{"type":"json_schema","json_schema":{"name":"x","schema":{"type":"object","properties":{"n":{"type":"integer"}},"required":["n"]}}},'
while IFS='|' read -r fault members finish content more; do
	answered a gpt-4o-mini "$members" "$finish" "$content" "$more" > "$T/in"
	t "an answer with a fault: $fault" 0 llm-route check -r "$T/routes" "$T/in"
	eq 'becomes the request for a stronger model' "$(of '[.body.model, .response, .llm.for, .llm.side, .llm.route.reason, .llm.route.escalated_from, .llm.route.tries]')" \
		"[\"gpt-4.1\",null,\"a\",\"route\",\"escalated: $fault\",\"gpt-4o-mini\",2]"
done << X
truncated||length|"Fi"
refusal||content_filter|""
refusal||stop|"I'm sorry, but I can't help with that."
refusal||stop|"I can not help with that."
refusal||stop|"Unfortunately I cannot answer this."
empty||stop|"  "
not_json|"response_format":{"type":"json_object"},|stop|"{\"n\":1"
schema|$schema|stop|"{\"n\":\"1\"}"
score||stop|"Perhaps. I think it might be so, maybe, but I'm not sure."
score||stop|"42"|"logprobs":{"content":[{"logprob":-2.5},{"logprob":-1.5}]},
X
for line in "$schema|\"{\\\"n\\\":1}\"" '|"I think so."' '|"You can not only eat it."'; do
	answered a gpt-4o-mini "${line%%|*}" stop "${line#*|}" > "$T/in"
	t "no fault: $(printf %.20s "$line")" 0 llm-route check -r "$T/routes" "$T/in"
	same 'passes' "$T/out" "$T/in"
done
answered a gpt-4o-mini '' tool_calls null | jq -c '.response.body.choices[0].message.tool_calls = [{id: "c", type: "function", function: {name: "f", arguments: "{}"}}]' > "$T/in"
t 'a call of a tool' 0 llm-route check -r "$T/routes" --json --min-length 9 "$T/in"
same 'is an answer' "$T/out" "$T/in"
# shellcheck disable=SC2016 # a code fence
fenced='"```json\n{\"n\":1}\n```"'
answered a gpt-4o-mini '' stop "$fenced" > "$T/in"
t 'fenced JSON that --json asks for' 0 llm-route check -r "$T/routes" --json "$T/in"
same 'is JSON' "$T/out" "$T/in"
answered a gpt-4o-mini '"response_format":{"type":"json_object"},' stop "$fenced" > "$T/in"
t 'where the request asks for it' 0 llm-route check -r "$T/routes" "$T/in"
eq 'it is none' "$(of .llm.route.reason)" '"escalated: not_json"'
guess() { printf '{"key":"g","request":{"contents":[{"role":"user","parts":[{"text":"x"}]}]},"model":"gemini-2.5-flash","response":{"candidates":[{"finishReason":"STOP","avgLogprobs":%s,"content":{"role":"model","parts":[{"text":"42"}]}}]}}\n' "$1"; }
{
	guess -2.5
	guess -0.1
	printf '{"model":"davinci-002","prompt":"x","response":{"object":"text_completion","choices":[{"text":"42","finish_reason":"stop","logprobs":{"token_logprobs":[null,-2.5,-1.5]}}]}}\n'
} > "$T/in"
t 'the probabilities of other interfaces' 0 llm-route check --to gpt-3.5-turbo-instruct "$T/in"
eq 'count' "$(jq -c .llm.route.reason "$T/out" | xargs)" 'null null escalated: score'
t 'Gemini tells a mean' 0 llm-route check --to gpt-4.1 "$T/in"
eq 'which counts, and a row without an id is told by its line' "$(jq -c '[.llm.route.reason, .llm.for]' "$T/out" | xargs)" '[escalated: score,g] [null,null] [null,null]'
answered a gpt-4o-mini '' length '"Fi"' | jq -c 'del(.custom_id) | .body + {response: .response.body}' > "$T/in"
t 'an answer without an id' 0 llm-route check -r "$T/routes" "$T/in"
eq 'is told by its line' "$(of .llm.for)" '"r-1"'
t 'a dry run' 0 llm-route check -n -r "$T/routes" "$T/in"
eq 'writes nothing' "$(wc -c < "$T/out" | tr -d ' ')" 0
has 'and says who would be asked' "$T/err" "in:1: truncated: gpt-4o-mini -> gpt-4.1"
printf '%s\n' 'tier small gpt-4o-mini' 'tier large gpt-4.1 gpt-4o' 'tier huge gpt-5' 'fallback rate_limit = gpt-4o-mini gpt-4o' 'cooldown allowed_fails=2' 'cooldown cooldown_time=1m' > "$T/more"
answered a gpt-4o-mini '"temperature":0,' length '"Fi"' | jq -c '.llm.route = {"rule":"easy","alternates":["gpt-4o-mini"],"on_error":{"rate_limit":["gpt-4o-mini"]}}' > "$T/in"
t 'an answer with alternates' 0 llm-route check -r "$T/more" "$T/in"
eq 'gets others, none as weak as the one that failed' "$(of '.llm.route | [.rule, .model, .alternates, .on_error, .cooldown, .dropped]')" \
	'["easy","gpt-4.1",["gpt-4o"],{"rate_limit":["gpt-4o"]},{"allowed_fails":2,"cooldown_time":60},[]]'
sed 's/ gpt-4.1 gpt-4o$/ o3/; /^fallback/d' "$T/more" > "$T/most"
t 'a model that reasons' 0 llm-route check -r "$T/most" "$T/in"
eq 'what it would not take is named, and no alternate stays' "$(of '.llm.route | [.model, .alternates, .on_error, .dropped]')" '["o3",[],{},["temperature"]]'
answered a gpt-4.1 '' length '"Fi"' > "$T/in"
t 'the strongest model' 0 llm-route check -v -r "$T/routes" "$T/in"
same 'never escalates' "$T/out" "$T/in"
has 'and that is told' "$T/err" 'no stronger model to ask'
answered a gpt-4o-mini '' length '"Fi"' | jq -c '.llm.route.tries = 2' > "$T/in"
t 'a second try' 0 llm-route check -r "$T/routes" "$T/in"
same 'is the last' "$T/out" "$T/in"
t 'unless more are allowed' 0 llm-route check -r "$T/routes" --max-tries 3 "$T/in"
eq 'and counted' "$(of .llm.route.tries)" 3
answered a gpt-4o-mini '' stop '"no"' > "$T/in"
t 'a short answer' 0 llm-route check -r "$T/routes" --min-length 10 "$T/in"
eq 'is a fault on demand' "$(of .llm.route.reason)" '"escalated: short"'
t 'no JSON' 0 llm-route check -r "$T/routes" --json "$T/in"
eq 'too' "$(of .llm.route.reason)" '"escalated: not_json"'
answered a gpt-4o-mini '' stop '"Fine."' | jq -c '.llm.judge = {"verdict":"worse"}' > "$T/in"
t "a judge's label" 0 llm-route check -r "$T/routes" "$T/in"
eq 'counts' "$(of .llm.route.reason)" '"escalated: verdict"'
answered a gpt-4o-mini '' stop '"Fine."' | jq -c '.llm.route.confidence = 0.9 | .llm.judge = {"score":0.7}' > "$T/in"
t 'a score under the least' 0 llm-route check -r "$T/routes" --if-below 0.85 --min-score 0.8 "$T/in"
same 'is not asked for where the route was sure' "$T/out" "$T/in"
t 'but where it was not' 0 llm-route check -r "$T/routes" --if-below 0.95 --min-score 0.8 "$T/in"
eq 'counts' "$(of .llm.route.reason)" '"escalated: score"'
answered a gpt-4o-mini '' stop '"Fine."' > "$T/in"
printf '%s\n' '{"id":"j","llm":{"for":"a"},"verdict":"bad"}' > "$T/judged"
t 'a file of verdicts' 0 llm-route check -r "$T/routes" --judged "$T/judged" "$T/in"
eq 'is joined by llm.for' "$(of .llm.route.reason)" '"escalated: verdict"'
# lines that have no place for a model: who was chosen is who is asked from then on
printf '%s\n' '{"key":"g","request":{"contents":[{"parts":[{"text":"Why?"}]}]}}' '{"recordId":"b","modelInput":{"messages":[{"role":"user","content":[{"text":"Why?"}]}]}}' > "$T/open"
rules 'tier small gemini-2.5-flash-lite us.amazon.nova-lite-v1:0' 'tier large gemini-2.5-pro' 'rule g .key="g" -> gemini-2.5-flash-lite' 'default -> us.amazon.nova-lite-v1:0'
llm-route -r "$T/routes" "$T/open" > "$T/chosen"
printf 'tier small gemini-2.5-flash-lite us.amazon.nova-lite-v1:0\ndefault -> keep\n' > "$T/keeps"
t 'a second pass that keeps' 0 llm-route -r "$T/keeps" "$T/chosen"
eq 'keeps the model that was chosen' "$(jq -sc 'map([.llm.route.model, .llm.route.asked, .llm.route.estimated_cost == null])' "$T/out")" '[["gemini-2.5-flash-lite",null,false],["us.amazon.nova-lite-v1:0",null,false]]'
jq -c 'if .key then .response = {candidates:[{content:{role:"model",parts:[{text:"I cannot help with that."}]},finishReason:"STOP"}]}
	else .modelOutput = {output:{message:{role:"assistant",content:[{text:"I cannot help with that."}]}},stopReason:"end_turn"} end' "$T/chosen" > "$T/refused"
t 'their bad answers' 0 llm-route check -r "$T/routes" "$T/refused"
eq 'go up a tier too' "$(jq -sc 'map([.llm.route.model, .llm.route.escalated_from])' "$T/out")" '[["gemini-2.5-pro","gemini-2.5-flash-lite"],["gemini-2.5-pro","us.amazon.nova-lite-v1:0"]]'
t 'but not to who answered' 0 llm-route check --to gemini-2.5-flash-lite "$T/refused"
eq 'the strongest is never escalated' "$(jq -sc 'map(.llm.route.tries)' "$T/out")" '[null,2]'
jq -c 'del(.llm) | if .key then .response.modelVersion = "gemini-2.5-flash-lite" else empty end' "$T/refused" > "$T/in"
t 'an answer that says who gave it' 0 llm-route check -r "$T/routes" "$T/in"
eq 'is enough' "$(of .llm.route.model)" '"gemini-2.5-pro"'
rules 'tier small gpt-4o-mini' 'tier large gpt-4.1' 'default -> small'
answered a gpt-4o-mini '' stop '"Fine."' > "$T/in"

# the answer of a judge, as llm-batch judge asks for it, is read as llm-cost quality reads it
said() { # WORDS...: lines of judges about a
	for said_text in "$@"; do
		jq -cn --arg t "$said_text" '{custom_id:"judge-a",body:{model:"j",messages:[]},response:{status_code:200,body:{choices:[{index:0,finish_reason:"stop",message:{role:"assistant",content:$t}}]}},llm:{for:"a",side:"judge"}}'
	done > "$T/judge"
}
cp "$T/in" "$T/fine"
judge() { # WHAT REASON WORDS...
	judge_what=$1 judge_reason=$2
	shift 2
	said "$@"
	t "judge: $judge_what" 0 llm-route check -r "$T/routes" --judged "$T/judge" "$T/fine"
	eq 'counts so' "$(of '.llm.route.reason // "passed"')" "\"$judge_reason\""
}
judge 'JSON with a verdict' 'escalated: verdict' '{"reason":"It is 4.","verdict":"bad"}'
judge 'in a fence' 'escalated: verdict' '```json
{"verdict": "worse"}
```'
judge 'a good one' passed '{"verdict":"good"}'
judge 'JSON with a score' 'escalated: score' '{"score":0.2}'
judge 'words' 'escalated: verdict' 'Incorrect: it is 4.'
judge 'a call to escalate' 'escalated: verdict' '**Escalate**'
judge 'two that say the same' 'escalated: verdict' '{"verdict":"bad"}' '{"verdict":"wrong"}'
judge 'two that contradict each other' passed '{"verdict":"bad"}' '{"verdict":"good"}'
judge 'nothing that is understood' passed 'Forty-two.'
has 'is said' "$T/err" 'lines without a verdict or score that is understood: 1'
answered a-judge gpt-4o '' stop '"**Wrong**"' | jq -c '.llm.for = "a"' > "$T/judged"
t 'what a judge answered' 0 llm-route check -r "$T/routes" --judged "$T/judged" "$T/in"
eq 'is its verdict' "$(of .llm.route.reason)" '"escalated: verdict"'
printf '%s\n' '{"id":"other","score":1}' '{"id":"a","score":0.1}' > "$T/judged"
t 'a verdict by the id of the row' 0 llm-route check -r "$T/routes" --judged "$T/judged" "$T/in"
eq 'counts' "$(of .llm.route.reason)" '"escalated: score"'
while read -r said want; do
	jq -c --argjson v "$said" '.llm.judge = $v' "$T/in" > "$T/said"
	t "a judge that says $said" 0 llm-route check -r "$T/routes" "$T/said"
	eq "means $want" "$(of .llm.route.reason)" "$want"
done << 'X'
true null
false "escalated: verdict"
"Good." null
"perhaps" null
0.2 "escalated: score"
1 null
7 null
{"verdict":"ok","score":0.1} "escalated: score"
X
answered a gpt-4o-mini '' stop '"Fine."' > "$T/in"
printf '%s\n' '{"id":"j","llm":{"for":"a"},"verdict":"bad"}' > "$T/judged"
t 'a model instead of rules' 0 llm-route check --to o3 --judged "$T/judged" "$T/in"
eq 'gets the row' "$(of .body.model)" '"o3"'
t 'neither' 2 llm-route check "$T/in"
rules 'tier small gpt-4o-mini' 'tier large gpt-4.1' 'user free small..small' 'default -> small'
t 'bounds of the user' 0 llm-route check -r "$T/routes" --judged "$T/judged" "$T/in"
same 'hold' "$T/out" "$T/in"
rules 'tier small gpt-4o-mini' 'tier mid gpt-4.1' 'tier large gpt-5' 'user free small..small' 'user pro small..mid' 'user max small..large' 'default -> small'
for line in 'pro|"gpt-4.1"' 'max|"gpt-4.1"' 'free|null' 'gold|null'; do
	answered a gpt-4o-mini "\"metadata\":{\"tier\":\"${line%%|*}\"}," length '"Fi"' > "$T/in"
	t "a user of the tier ${line%%|*}" 0 llm-route check -r "$T/routes" "$T/in"
	eq 'gets no more than that has' "$(of 'select(.llm) | .body.model' | grep . || echo null)" "${line#*|}"
done
answered a gpt-4o-mini '' stop '"Fine."' > "$T/in"
for line in '{"custom_id":"a","body":{"model":"gpt-4o-mini","messages":[]},"response":null,"error":{"code":"x"}}' '{"model":"gpt-4o-mini","messages":[]}' '{"x":1}'; do
	printf '%s\n' "$line" > "$T/in"
	t "no answer: $(printf %.30s "$line")" 0 llm-route check --to o3 "$T/in"
	same 'passes' "$T/out" "$T/in"
done
printf '%s\n' '{"custom_id":"e","params":{"model":"claude-haiku-4-5","max_tokens":5,"messages":[{"role":"user","content":"x"}]},"result":{"type":"succeeded","message":{"id":"m","model":"claude-haiku-4-5","content":[{"type":"text","text":"cu"}],"stop_reason":"max_tokens","usage":{"input_tokens":5,"output_tokens":5}}}}' > "$T/in"
t "Anthropic's form" 0 llm-route check --to claude-sonnet-4-5 "$T/in"
eq 'escalates in its own' "$(of '[.params.model, .result, .llm.route.reason]')" '["claude-sonnet-4-5",null,"escalated: truncated"]'
rules 'tier small gpt-4o-mini' 'tier large gpt-4.1' 'default -> small'
answered a gpt-4o-mini '' length '"Fi"' > "$T/first"
llm-route check -r "$T/routes" "$T/first" > "$T/again"
jq -c '.response = {"status_code":200,"body":{"id":"r-2","model":"gpt-4.1","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"Fine"}}],"usage":{"prompt_tokens":20,"completion_tokens":5,"total_tokens":25}}}' "$T/again" > "$T/second"
t 'both tries' 0 llm-cost ledger --format json "$T/first" "$T/second"
eq 'count' "$(of '[.spent, (.stages[] | select(.name == "route") | .side_cost)]')" '["0.000086","0.00008"]'

# ask and apply
printf '%s\n' '{"custom_id":"q1","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-4o","max_tokens":200,"response_format":{"type":"text"},"messages":[{"role":"user","content":"Why is the sky blue?"}]}}' \
	'{"custom_id":"q2","params":{"model":"claude-sonnet-4-5","max_tokens":10,"messages":[{"role":"user","content":"x"}]}}' > "$T/in"
jq -nc '{custom_id: "long", body: {model: "gpt-4o", messages: [{role: "user", content: ("x" + "é" * 5000)}]}}' > "$T/long"
t 'a text that is longer than a classifier is shown' 0 llm-route ask classify --model gpt-4o-mini "$T/long"
eq 'is cut between characters' "$(jq '.body.messages[-1].content | [contains("\n[...]\n"), contains("\ufffd")]' "$T/out" | xargs)" '[ true, false ]'
t 'ask classify' 0 llm-route ask classify --model gpt-4o-mini "$T/in"
eq 'writes side requests in the shape of the record' "$(jq -sc '[.[0].custom_id, .[0].llm, .[0].body.max_tokens, .[1].custom_id, .[1].params.max_tokens, .[1].llm.for]' "$T/out")" \
	'["q1-classify",{"v":1,"for":"q1","side":"route","ask":"classify"},8,"q2-classify",8,"q2"]'
answers() { # CONTENT(JSON): an answer to each line of $T/out
	jq -c --argjson c "$1" 'if .params then . + {result:{type:"succeeded",message:{id:.custom_id,model:"m",content:[{type:"text",text:$c}],stop_reason:"end_turn",usage:{input_tokens:9,output_tokens:2}}}} else . + {response:{status_code:200,body:{id:.custom_id,model:"gpt-4o-mini",choices:[{index:0,finish_reason:"stop",message:{role:"assistant",content:$c}}],usage:{prompt_tokens:100,completion_tokens:2,total_tokens:102}}}} end' "$T/out" > "$T/answers"
}
cp "$T/out" "$T/asked"
while IFS='|' read -r content label; do
	cp "$T/asked" "$T/out"
	answers "$content"
	t "a label: $content" 0 llm-route apply --answers "$T/answers" "$T/in"
	eq 'is read' "$(jq -sc 'map(.llm.tags.complexity) | unique' "$T/out")" "[\"$label\"]"
done << 'X'
"simple"|simple
" **Complex.**\n"|complex
"The answer is MODERATE!"|moderate
"simple or complex"|unknown
"I'm sorry, but I can't help with that."|unknown
""|unknown
X
rules 'tier small gpt-4o-mini' 'tier large gpt-4.1' 'rule e complexity=simple -> small' 'default -> keep'
head -n 1 "$T/out" > "$T/labelled"
t 'a label that is none' 0 llm-route -r "$T/routes" "$T/labelled"
eq 'goes to the strongest' "$(of '[.body.model, .llm.route.fallback]')" '["gpt-4.1","label"]'
t 'labels of ones own' 0 llm-route ask classify --model gpt-4o-mini --labels billing,shipping "$T/in"
answers '"Billing"'
t 'become an attribute' 0 llm-route apply --answers "$T/answers" --labels billing,shipping --as topic "$T/in"
eq 'of that name' "$(jq -sc 'map(.llm.tags.topic)' "$T/out")" '["billing","billing"]'
while IFS='|' read -r labels content label; do
	cp "$T/asked" "$T/out"
	answers "$content"
	t "labels $labels: $content" 0 llm-route apply --answers "$T/answers" --labels "$labels" --as topic "$T/in"
	eq 'are found as they are written' "$(jq -sc 'map(.llm.tags.topic) | unique' "$T/out")" "[\"$label\"]"
done << 'X'
needs human, automatic|"Needs-human."|needs human
needs human, automatic|"automatic"|automatic
urgent,not urgent|"**Not urgent**"|not urgent
urgent,not urgent|"urgent, not urgent"|unknown
C,C++,-1,1|"It is C++."|C++
C,C++,-1,1|"c"|C
C,C++,-1,1|"(-1)"|-1
C,C++,-1,1|"11, cc"|unknown
question-answering,büro|"Question answering"|question-answering
question-answering,büro|"BÜRO!"|büro
X
t 'ask plan of a model that reasons' 0 llm-route ask plan --model gpt-5-mini --plan-tokens 100 "$T/in"
eq 'gives it room to think' "$(jq -sc '.[0].body | [.max_completion_tokens, .max_tokens]' "$T/out")" '[8292,null]'
t 'ask plan' 0 llm-route ask plan --model gpt-4o-mini "$T/in"
eq 'asks without the form of the answer' "$(jq -sc '[.[0].body.response_format, .[0].body.max_tokens, (.[0].body.messages | length), .[1].params.messages[1].role]' "$T/out")" '[null,400,2,"user"]'
answers '"1. Say why."'
t 'apply a plan' 0 llm-route apply --answers "$T/answers" --model gpt-4.1-nano "$T/in"
holds 'tells it to who acts' jq -se '.[0].body.model == "gpt-4.1-nano" and (.[0].body.messages[1].content | test("1. Say why.")) and .[0].body.response_format.type == "text"' "$T/out"
llm-route ask plan --model gpt-4o-mini "$T/in" > "$T/out"
answers '""'
t 'a plan that failed' 0 llm-route apply --answers "$T/answers" "$T/in"
same 'leaves one step' "$T/out" "$T/in"
t 'ask draft' 0 llm-route ask draft --model gpt-4o-mini --drafts 2 "$T/in"
eq 'writes so many' "$(jq -sc 'map(.custom_id)' "$T/out")" '["q1-draft","q1-draft-2","q2-draft","q2-draft-2"]'
cp "$T/out" "$T/asked"
answers '"Because of scattering."'
t 'drafts that agree' 0 llm-route apply --answers "$T/answers" "$T/in"
eq 'are the answer' "$(jq -sc '[.[0].response.body.id, .[1].result.message.id, .[0].llm.route.model]' "$T/out")" '["q1-draft","q2-draft","gpt-4o-mini"]'
has 'both sums are told' "$T/err" '2 drafts accepted, 0 to be refined: $'
eq 'and are no call of their own' "$(jq -sc 'map(.llm.route.draft)' "$T/out")" '[true,true]'
used='select(.response) | .response.body.usage = {prompt_tokens:1000,completion_tokens:1000}'
jq -c "$used" "$T/out" > "$T/final"
jq -c "$used" "$T/answers" > "$T/drafts"
t 'the ledger of drafts and answers' 0 llm-cost ledger --format json "$T/drafts" "$T/final"
same_sum=$(jq -c '[.spent, (.stages[] | select(.name == "route") | .side_cost)]' "$T/out")
eq 'counts each draft once' "$same_sum" '["0.0015","0.0015"]'
t 'in the other order' 0 llm-cost ledger --format json "$T/final" "$T/drafts"
eq 'too' "$(jq -c '[.spent, (.stages[] | select(.name == "route") | .side_cost)]' "$T/out")" "$same_sum"
holds 'and what was asked is the baseline' jq -e '(.baseline | tonumber) > 0.0015' "$T/out"
cp "$T/asked" "$T/out"
answers '"Because of scattering."'
jq -c 'if .custom_id == "q1-draft-2" then .response.body.choices[0].message.content = "Nobody knows it, sorry" else . end' "$T/answers" > "$T/differ"
t 'drafts that differ' 0 llm-route apply --answers "$T/differ" "$T/in"
eq 'are to be refined' "$(jq -sc '[.[0].response, (.[0].body.messages | map(.role)), (.[1] | has("result"))]' "$T/out")" '[null,["user","assistant","user"],true]'
printf '%s\n' '{"key":"g","request":{"contents":[{"role":"user","parts":[{"text":"x"}]}]}}' \
	'{"recordId":"b","modelInput":{"messages":[{"role":"user","content":[{"text":"x"}]}],"inferenceConfig":{"maxTokens":9}}}' > "$T/nameless"
for step in plan draft; do
	t "ask $step of lines that name no model" 0 llm-route ask $step --model gemini-2.0-flash "$T/nameless"
	eq 'tells who is asked' "$(jq -sc 'map([.llm.for, .llm.route.model])' "$T/out")" '[["g","gemini-2.0-flash"],["b","gemini-2.0-flash"]]'
done
llm-route ask draft --model gpt-4o-mini --drafts 2 "$T/nameless" > "$T/side"
grep recordId "$T/side" > "$T/job"
t 'for a job of Bedrock' 0 llm-batch validate --for bedrock "$T/job"
eq 'the ids are letters and digits' "$(jq -sc 'map(.recordId // empty)' "$T/out")" '["bdraft","bdraft2"]'
t 'for another provider' 0 llm-batch convert --to openai "$T/side"
eq 'the model goes into the body' "$(jq -sc 'map(.body.model) | unique' "$T/out")" '["gpt-4o-mini"]'
llm-route ask plan --model m "$T/nameless" > "$T/out"
eq 'in Bedrock'"'"'s form no message of the user follows another' "$(jq -sc '[(.[0].request.contents | length), (.[1].modelInput.messages | length), (.[1].modelInput.messages[0].content | length)]' "$T/out")" '[2,1,2]'
sed 's/"max_tokens":200/"temperature":0,&/' "$T/in" > "$T/warm"
t 'a draft of a model that reasons' 0 llm-route ask draft --model gpt-5-mini "$T/warm"
eq 'has its name of the cap, and nothing that it refuses' "$(jq -sc '.[0].body | [.max_completion_tokens, .max_tokens, .temperature]' "$T/out")" '[200,null,null]'
llm-route ask draft --model gpt-4o-mini "$T/warm" > "$T/out"
eq 'any other one keeps it' "$(jq -sc '.[0].body.temperature' "$T/out")" 0
jq -c 'if .custom_id == "q1-draft" then .response.body.choices[0].message.content = "" else empty end' "$T/answers" > "$T/empty"
t 'a draft that is empty' 0 llm-route apply --answers "$T/empty" "$T/in"
same 'leaves one step' "$T/out" "$T/in"
has 'and was paid' "$T/err" '0 drafts accepted, 0 to be refined: '
printf '{"custom_id":"a","body":{"model":"gpt-4o","max_tokens":100,"messages":[]}}\n' > "$T/low"
t 'a low cap and a model that reasons' 0 llm-route ask draft --model gpt-5-mini "$T/low"
eq 'the cap stays' "$(of .body.max_completion_tokens)" 100
has 'and that it may be thought up is said' "$T/err" 'records whose output cap gpt-5-mini may use up thinking, so that their drafts are empty: 1'
sed -i 's/"max_tokens"/"reasoning_effort":"none",&/' "$T/low"
t 'one that is told not to' 0 llm-route ask draft --model gpt-5-mini "$T/low"
lacks 'does not' "$T/err" 'thinking'
t 'nobody to ask' 2 llm-route ask draft "$T/in"
t 'another step' 2 llm-route ask twice --model x "$T/in"
t 'no answers' 2 llm-route apply "$T/in"

# replay
{
	answered a gpt-4o '' stop '"Fine."' | jq -c '.time = "2026-11-01T10:00:00Z"'
	answered b gpt-4o '"metadata":{"user":"u1"},' stop '"Fine."' | jq -c '.time = "2026-11-03T12:00:00Z"'
	answered c gpt-4o-mini '' stop '"Fine."' | jq -c '.llm.route.asked = "gpt-4o"'
	echo '{"custom_id":"d","body":{"model":"gpt-4o","messages":[]},"response":null,"error":{"code":"x"}}'
} > "$T/log"
rules 'rule x user=u1 -> gpt-4o-mini' 'default -> keep'
t 'replay' 0 llm-route replay "$T/routes" --format json "$T/log"
eq 'tells agreement and what would have been paid' "$(of '[.requests, .same_model, .cost, .would_cost, .failed, .gaps]')" '[3,1,"0.000206","0.000206",1,1]'
eq 'and what moves' "$(of '[.moves[] | [.from, .to, .requests]]')" '[["gpt-4o","gpt-4o",1],["gpt-4o","gpt-4o-mini",1],["gpt-4o-mini","gpt-4o",1]]'
t 'replay for people' 0 llm-route replay "$T/routes" "$T/log"
has 'small dollars are not rounded away' "$T/out" "\$0.00020600 then"
for format in table md csv; do
	t "replay --format $format" 0 llm-route replay "$T/routes" --format $format "$T/log"
	has 'names the models' "$T/out" gpt-4o-mini
done
{
	answered a o3 '' stop '"Fine."' | jq -c '.response.body.usage |= (.completion_tokens = 100 | .total_tokens = .prompt_tokens + 100 | .completion_tokens_details.reasoning_tokens = 60)'
	answered b o3 '"metadata":{"user":"u1"},' stop '"Fine."' | jq -c '.response.body.usage |= (.completion_tokens = 100 | .total_tokens = .prompt_tokens + 100 | .completion_tokens_details.reasoning_tokens = 80)'
	answered c o3 '"metadata":{"user":"u2"},' stop '"Fine."' | jq -c '.response.body.usage |= (.completion_tokens = 100 | .total_tokens = .prompt_tokens + 100 | .completion_tokens_details.reasoning_tokens = 90)'
} > "$T/thought"
rules 'rule x user=u1 -> gpt-4o-mini' 'rule y user=u2 -> o3 effort=low' 'default -> keep'
t 'a log of models that reason' 0 llm-route replay "$T/routes" --format json "$T/thought"
eq 'has the share of reasoning, then and by the rules' "$(of '[.output_tokens, .reasoning_tokens, .would.output_tokens, .would.reasoning_tokens, .would.unknown]')" '[300,230,120,60,1]'
t 'for people too' 0 llm-route replay "$T/routes" "$T/thought"
has 'in words' "$T/out" 'reasoning: 76.7 % of the output tokens then, 50.0 % by '
# own ID MODEL CACHED: an answer of 1,000 and 100 tokens
own() { answered "$1" "$2" '' stop '"Fine."' | jq -c --argjson n "$3" '.response.body.usage = {prompt_tokens: 1000, completion_tokens: 100, total_tokens: 1100, prompt_tokens_details: {cached_tokens: $n}}'; }
{
	own a own/llama 600
	own b own/llama 0 | jq -c '.llm.batch.lane = "batch"'
	own c mine 0 | jq -c '.body.metadata.deadline = "24h"'
	own d fast 0
	tried='"model":"gemini-2.5-flash","request":{"contents":[{"role":"user","parts":[{"text":"x"}]}]},"response":{"candidates":[{"finishReason":"STOP","content":{"role":"model","parts":[{"text":"42"}]}}],"usageMetadata":{"promptTokenCount":1000000,"candidatesTokenCount":100000,"totalTokenCount":1100000}}'
	echo "{\"key\":\"e\",$tried}"
	echo "{\"key\":\"f\",$tried,\"llm\":{\"batch\":{\"lane\":\"realtime\"}}}"
	echo '{"custom_id":"g","params":{"model":"claude-haiku-4-5","max_tokens":5,"messages":[{"role":"user","content":"x"}]},"result":{"type":"succeeded","message":{"id":"m","model":"claude-haiku-4-5","content":[{"type":"text","text":"y"}],"stop_reason":"end_turn","usage":{"input_tokens":1000000,"output_tokens":100000}}}}'
	echo '{"x":1}'
} > "$T/own"
rules 'model own/llama input=1 output=2 cached=0.1 batch_input=0.5 batch_output=1' 'model mine as=gpt-4o' 'alias fast = gpt-4o-mini' 'rule r lane=batch -> own/llama' 'default -> keep'
t 'a log of models of ones own' 4 llm-route replay "$T/routes" --format json "$T/own"
eq 'is priced by their lines and in the lane that was billed; an alias is nobody' "$(of '[[.moves[] | [.from, .to, .requests, .cost, .would_cost, .unpriced]], .skipped]')" \
	'[[["gemini-2.5-flash","gemini-2.5-flash",2,"0.825","0.825",0],["own/llama","own/llama",2,"0.00126","0.00126",0],["claude-haiku-4-5","claude-haiku-4-5",1,"0.75","0.75",0],["fast","gpt-4o-mini",1,"0","0",1],["mine","own/llama",1,"0.0035","0.000475",0]],1]'
rules 'default -> keep'
own h gpt-5 0 | jq -c '.response.body.service_tier = "flex"' > "$T/flex"
t 'an answer of the flex tier' 0 llm-route replay "$T/routes" --format json "$T/flex"
eq 'was paid as such' "$(of '.then_cost // .cost')" '"0.001125"'
sed 's/gpt-4o"/no-such-model"/' "$T/log" | head -n 1 > "$T/odd"
t 'a log without prices' 4 llm-route replay "$T/routes" "$T/odd"
t 'another format' 2 llm-route replay "$T/routes" --format xml "$T/log"

# import
cat > "$T/config.yaml" << 'Y'
model_list:
  - model_name: gpt-4o
    litellm_params:
      model: azure/gpt-4o-eu   # deployment
      api_key: sk-very-secret
      rpm: 900
    model_info: {base_model: azure/gpt-4o}
  - model_name: gpt-4o
    litellm_params: {model: openai/gpt-4o, api_key: 'os.environ/OPENAI_API_KEY'}
    tpm: 30000
    team: x
  - model_name: own
    litellm_params:
      model: openai/my-llama
      input_cost_per_token: 0.0000002
      output_cost_per_token: 4e-7
router_settings:
  model_group_alias: {"best": "gpt-4o"}
  fallbacks: [{"own": ["gpt-4o"]}]
  allowed_fails: 2
  cooldown_time: 30
litellm_settings:
  default_fallbacks: [own]
Y
t "a proxy's list" 0 llm-route import "$T/config.yaml"
cp "$T/out" "$T/imported"
lacks 'no key is copied' "$T/imported" secret
lacks 'nor where one stands' "$T/imported" OPENAI_API_KEY
for line in 'tier gpt-4o azure/gpt-4o-eu openai/gpt-4o' 'model azure/gpt-4o-eu as=azure/gpt-4o rpm=900' 'model openai/my-llama input=0.2 output=0.4' \
	'alias own = openai/my-llama' 'rule group-best model=best -> gpt-4o' 'fallback rate_limit of own = gpt-4o' 'cooldown allowed_fails=2 cooldown_time=30' \
	'model openai/gpt-4o tpm=30000' 'fallback server = own' '# not carried: team (1)' '# not carried: litellm_params.api_key (2)'; do
	has "it has: $line" "$T/imported" "$line"
done
t 'what came' 0 llm-route lint "$T/imported"
printf '%s\n' '{"model":"best","messages":[{"role":"user","content":"x"}]}' '{"model":"own","messages":[{"role":"user","content":"x"}]}' > "$T/in"
t 'routes' 0 llm-route -r "$T/imported" "$T/in"
eq 'as the proxy did' "$(jq -sc '[.[0].model, .[0].llm.route.alternates, .[1].model, .[1].llm.route.on_error.rate_limit]' "$T/out")" '["azure/gpt-4o-eu",["openai/gpt-4o"],"openai/my-llama",["azure/gpt-4o-eu","openai/gpt-4o"]]'
printf '%s\n' '{"data":[{"id":"openai/gpt-4o","context_length":128000,"pricing":{"prompt":"0.0000025","completion":"0.00001"},"architecture":{"input_modalities":["text","image"]}},{"id":"openrouter/auto","pricing":{"prompt":"-1","completion":"-1"}}]}' > "$T/list.json"
printf '%s\n' '{"data":[{"id":"a/b","pricing":{"prompt":"0.000001","completion":"0.000002"}},{"id":"a/b","pricing":{"prompt":"0.000003","completion":"0.000004"}},{"id":"c~/d","pricing":{"prompt":"0","completion":"0"}}]}' > "$T/twice.json"
t 'a model twice, and a name that opens a pattern' 0 llm-route import "$T/twice.json"
cp "$T/out" "$T/imported"
has 'the first price counts' "$T/imported" 'model a/b provider=openrouter input=1 output=2'
has 'the second is told' "$T/imported" 'a second model of one id'
t 'and the rules are read' 0 llm-route lint "$T/imported"
t "a gateway's list" 0 llm-route import "$T/list.json"
has 'becomes models' "$T/out" 'model openai/gpt-4o provider=openrouter input=2.5 output=10 window=128000 cannot=files,audio can=vision'
has 'what has no price is told' "$T/out" '# not carried: a model without fixed prices (1)'
cat > "$T/config.yaml" << 'Y'
model_list:
  - model_name: eu
    litellm_params: {model: azure/my-own, region_name: eu, max_tokens: 5}
    model_info: {base_model: azure/gpt-4o, max_input_tokens: 9000, max_output_tokens: 500, supports_vision: true, supports_function_calling: false}
  - model_name: eu
    litellm_params: {model: azure/my-own, rpm: 5}
  - model_name: "two words"
    litellm_params: {model: openai/gpt-4o}
  - model_name: none
    litellm_params: {rpm: 3}
router_settings:
  model_group_alias: {"best": {"model": "eu", "hidden": true}, "a b": "eu"}
  fallbacks: [{"eu": ["gpt 4", "openai/gpt-4o"]}, {"*": ["openai/gpt-4o-mini"]}]
  context_window_fallbacks: [{"eu": ["openai/gpt-4.1"]}]
Y
t 'what a deployment can' 0 llm-route import "$T/config.yaml"
cp "$T/out" "$T/imported"
for line in 'model azure/my-own as=azure/gpt-4o window=9000 max_output=500 region=eu cannot=tools can=vision' 'alias eu = azure/my-own' 'alias best = eu' \
	'fallback server of eu = openai/gpt-4o' 'fallback timeout = openai/gpt-4o-mini' 'fallback context_window of eu = openai/gpt-4.1' \
	'# not carried: a further deployment of the same model (1)' '# not carried: a model_name with blanks or wildcards (1)' '# not carried: a deployment without a model (1)' \
	'# not carried: a fallback that is no name (1)' '# not carried: model_group_alias.a b (1)' '# not carried: litellm_params.max_tokens (1)'; do
	holds "one line is: $line" grep -qxF -e "$line" "$T/imported"
done
t 'and is read' 0 llm-route lint "$T/imported"
echo '{"data":[{"id":"a/b","pricing":{"prompt":"0.000001","completion":"0.000002","input_cache_read":"0.0000001","web_search":"0.01","image":"0"}}]}' > "$T/list.json"
t 'prices of a gateway' 0 llm-route import "$T/list.json"
has 'are carried' "$T/out" 'model a/b provider=openrouter input=1 output=2 cached=0.1'
has 'or named' "$T/out" '# not carried: pricing.web_search (1)'
lacks 'unless they are none' "$T/out" pricing.image
printf '\377' > "$T/bytes"
t 'bytes that are no text' 2 llm-route import "$T/bytes"
t 'no file' 2 llm-route import "$T/none"
t 'nor any' 2 llm-route import
printf 'a: [1\n' > "$T/bad.yaml"
t 'no list' 2 llm-route import "$T/bad.yaml"
has 'is named with its line' "$T/err" "$T/bad.yaml:1: "
printf '{"a":1}\n' > "$T/other.json"
t 'another file' 2 llm-route import "$T/other.json"
finish
