#!/bin/sh
# SPDX-License-Identifier: MIT
# llm-compress ask and apply: summaries, facts, maps; what is missing, cut off or too long leaves the source
. "$(dirname "$0")/../lib.sh"

# answer FILE TEXT [FINISH]: every line of FILE with this answer
answer() {
	jq -c --arg text "$2" --arg finish "${3:-stop}" '. + {response:{status_code:200,body:{choices:[{index:0,finish_reason:$finish,message:{role:"assistant",content:$text}}]}}}' "$1"
}
# talk ID TENANT SESSION TURNS: one request of a conversation
talk() {
	jq -nc --arg id "$1" --arg tenant "$2" --arg session "$3" --argjson n "$4" '{custom_id:$id,method:"POST",url:"/v1/chat/completions",body:{model:"gpt-4o",metadata:{tenant:$tenant,session:$session},messages:([{role:"system",content:"Help."}]+[range($n)|{role:"user",content:"\($session) turn \(.): tell me more about the matter of the day, at length."},{role:"assistant",content:"\($session) answer \(.): this is what there is to say of the matter of the day."}]+[{role:"user",content:"And now?"}])}}'
}
said() { jq -r '.body.messages[] | "\(.role) \(.content[0:70])"' "$T/out"; }

# a summary stands for what leaves
talk a t s1 6 > "$T/in"
t 'ask' 0 llm-compress ask summary --keep-turns 3 "$T/in"
cp "$T/out" "$T/side"
eq 'one side request, signed' "$(jq -c '[.custom_id, .llm.for, .llm.side, .llm.ask, .llm.tags.session, .body.model]' "$T/side")" '["a-summary","a","compress","summary","s1","gpt-4o"]'
has 'what leaves is in it' "$T/side" 's1 turn 3:'
lacks 'what stays is not' "$T/side" 's1 turn 4:'
t 'a model of its own' 0 llm-compress ask summary -v --keep-turns 3 --model gpt-4o-mini "$T/in"
has 'one is counted' "$T/err" '1 request to ask'
eq 'is asked' "$(jq -r .body.model "$T/out")" gpt-4o-mini
answer "$T/side" 'They spoke of the matter.' > "$T/answers"
t 'apply' 0 llm-compress apply --answers "$T/answers" --keep-turns 3 "$T/in"
eq 'the summary, then the turns' "$(said | cut -c1-20)" 'system Help.
user [Earlier in thi
assistant Noted.
user s1 turn 4: tell
assistant s1 answer 
user s1 turn 5: tell
assistant s1 answer 
user And now?'
holds 'fewer tokens, and says so' jq -e '.llm.compress | .tokens_after < .tokens_before and .steps[0].name == "summary" and .steps[0].saved == .tokens_before - .tokens_after' "$T/out"
cp "$T/out" "$T/short"
t 'a window over it' 0 llm-compress --keep-turns 3 "$T/short"
same 'keeps the summary' "$T/out" "$T/short"
words=' It was the end of the day for them and for the people of the town by the road. They went to the house by the road as they often did in the summer, and they came to the end of the road.'
jq -c --arg t "$words" '.body.messages |= (.[1].content += $t | .[3].content += $t)' "$T/short" > "$T/words"
t 'words that can be guessed' 0 llm-compress --prune 0.05 "$T/words"
eq 'go from the turns, not from it' "$(jq -c '.body.messages | map(.content | test("the end of the day for them"))[0:4]' "$T/out")" '[false,true,false,false]'
# it rolls: the old summary and what leaves next
jq -c '.body.messages |= .[0:-1] + [{role:"user",content:"s1 turn 6?"},{role:"assistant",content:"s1 answer 6."},{role:"user",content:"And then?"}]' "$T/short" > "$T/next"
t 'the next summary' 0 llm-compress ask summary --keep-turns 3 "$T/next"
has 'is made of the old one' "$T/out" 'The summary so far:\nThey spoke of the matter.'
has 'and of what leaves' "$T/out" 's1 turn 4:'
lacks 'alone' "$T/out" 's1 turn 5:'

# what cannot be used leaves the source
while IFS='|' read -r text finish reason; do
	answer "$T/side" "$text" "$finish" > "$T/answers"
	t "an answer that is no use: $reason" 0 llm-compress apply --answers "$T/answers" --keep-turns 3 "$T/in"
	eq 'the source stays' "$(jq '.body.messages | length' "$T/out")" 14
	has 'the reason is told' "$T/out" "$reason"
done << X
|stop|the answer is empty
They spoke of|length|the answer was cut off
$(printf 'word %.0s' $(seq 400))|stop|no shorter than what it stands for
|content_filter|refused or filtered
They spoke.|content_filter|refused or filtered
X
jq -c '.custom_id = "zz-summary" | .llm.for = "zz"' "$T/side" > "$T/other"
answer "$T/other" 'Nobody.' > "$T/answers"
t 'an answer for nobody' 4 llm-compress apply --answers "$T/answers" --keep-turns 3 "$T/in"
has 'is named' "$T/err" '1 answer belongs to no request'
has 'and the one that is missing' "$T/out" 'no answer came for it'
{ answer "$T/side" 'Cut' length; answer "$T/side" 'They spoke first.'; answer "$T/side" 'They spoke second.'; } > "$T/answers"
t 'several answers' 0 llm-compress apply --answers "$T/answers" --keep-turns 3 "$T/in"
has 'the first good one counts' "$T/out" 'They spoke first.'
t 'apply without answers' 2 llm-compress apply "$T/in"
t 'answers that are not there' 3 llm-compress apply --answers "$T/none" "$T/in"
t 'ask for what nobody knows' 2 llm-compress ask poem "$T/in"

# two sessions side by side, with a memory
{ talk a1 t s1 6; talk b1 t s2 6; } > "$T/in"
t 'two sessions' 0 llm-compress ask summary --keep-turns 3 --memory "$T/memory" "$T/in"
jq -c '. + {response:{status_code:200,body:{choices:[{finish_reason:"stop",message:{role:"assistant",content:"Summary of \(.llm.tags.session)."}}]}}}' "$T/out" > "$T/answers"
t 'applied' 0 llm-compress apply --answers "$T/answers" --keep-turns 3 --memory "$T/memory" "$T/in"
eq 'each has its own' "$(jq -r '.body.messages[1].content' "$T/out")" '[Earlier in this conversation] Summary of s1.
[Earlier in this conversation] Summary of s2.'
eq 'the memory knows both' "$(jq -r '.session + " " + .summary' "$T/memory")" 's1 Summary of s1.
s2 Summary of s2.'
eq 'and is for its owner' "$(stat -c %a "$T/memory")" 600
{ talk b2 t s2 8; talk a2 t s1 8; talk x u s1 8; } > "$T/in"
t 'later requests' 0 llm-compress ask summary --keep-turns 3 --memory "$T/memory" "$T/in"
eq 'go on from the memory of their own tenant alone' "$(jq -c '[.llm.for, (.body.messages[1].content | (test("^The summary so far:\nSummary of s[12]\\."), test("turn 3:"), test("turn 5:")))]' "$T/out")" '["b2",true,false,true]
["a2",true,false,true]
["x",false,true,true]'
# an id that two tenants use
{ talk x t s1 6; talk x u s1 6; } > "$T/in"
t 'one id, two tenants' 0 llm-compress ask facts --memory "$T/facts" "$T/in"
jq -c '. + {response:{status_code:200,body:{choices:[{finish_reason:"stop",message:{role:"assistant",content:({of: .llm.tags.tenant} | tojson)}}]}}}' "$T/out" > "$T/answers"
t 'applied' 0 llm-compress apply --answers "$T/answers" --keep-turns 3 --memory "$T/facts" "$T/in"
eq 'each knows its own' "$(jq -c '[.tenant, .facts.of]' "$T/facts")" '["t","t"]
["u","u"]'
rm "$T/facts"
head -n 1 "$T/answers" > "$T/few"
t 'with the answer of one' 0 llm-compress apply --answers "$T/few" --keep-turns 3 --memory "$T/facts" "$T/in"
eq 'the other knows nothing' "$(jq -c '[.tenant, .facts.of]' "$T/facts")" '["t","t"]'
talk n t "" 6 | jq -c 'del(.body.metadata.session)' > "$T/in"
t 'no session' 0 llm-compress ask summary --keep-turns 3 --memory "$T/memory" "$T/in"
eq 'nothing is asked' "$(wc -c < "$T/out" | tr -d ' ')" 0
has 'and it is told why' "$T/err" 'the record names no session'

# facts: the last value wins
talk a t s1 6 > "$T/in"
rm -f "$T/memory"
t 'facts want a memory' 2 llm-compress ask facts "$T/in"
t 'ask facts' 0 llm-compress ask facts --memory "$T/memory" "$T/in"
cp "$T/out" "$T/side"
# shellcheck disable=SC2016 # a fence
answer "$T/side" '```json
{"address":"1 Old Street","name":"Ann","plan":"x"}
```' > "$T/answers"
t 'apply facts' 0 llm-compress apply --answers "$T/answers" --keep-turns 2 --memory "$T/memory" "$T/in"
eq 'they stand in front' "$(jq -r '.body.messages[1].content' "$T/out")" '[Earlier in this conversation] Known facts: address: 1 Old Street; name: Ann; plan: x'
t 'later' 0 llm-compress ask facts --memory "$T/memory" "$T/in"
has 'what is known is told' "$T/out" 'Known so far: address'
answer "$T/side" '{"address":"2 New Road","plan":null}' > "$T/answers"
t 'what changed' 0 llm-compress apply --answers "$T/answers" --keep-turns 2 --memory "$T/memory" "$T/in"
eq 'wins' "$(jq -c .facts "$T/memory")" '{"address":"2 New Road","name":"Ann"}'
talk a u s1 6 > "$T/other"
t 'another tenant' 0 llm-compress ask facts --memory "$T/memory" "$T/other"
lacks 'knows nothing of it' "$T/out" 'New Road'

# map and reduce
python3 - > "$T/in" << 'X'
import json
body = "".join("Paragraph %d tells of matter %d and of nothing else, caf\u00e9.\n" % (i, i) for i in range(300))
code = "```\n" + "".join("line_%d()\n" % i for i in range(60)) + "```\n"
print(json.dumps({"custom_id": "m", "body": {"model": "gpt-4o", "messages": [{"role": "user", "content": body + code + body + "\nWhat is matter 7?"}]}}))
X
t 'ask map' 0 llm-compress ask map --chunk 1000 --overlap 100 "$T/in"
cp "$T/out" "$T/side"
# shellcheck disable=SC2016 # jq's variable
holds 'parts, each with its parent' jq -e -s 'length > 5 and all(.[]; .llm.for == "m" and .llm.of == $n) and ([.[].llm.part] == [range(1; $n + 1)])' --argjson n "$(wc -l < "$T/side")" "$T/side"
has 'the question is in them' "$T/side" 'Request: What is matter 7?'
cat > "$T/parts.py" << 'X'
# the parts hold all of the text, overlap, and cut neither code nor line
import json, sys
text = json.loads(open(sys.argv[1]).readline())["body"]["messages"][0]["content"]
parts = [json.loads(l)["body"]["messages"][1]["content"] for l in open(sys.argv[2])]
end, overlap = 0, 0
for p in parts:
    at = text.rfind(p, 0, end + len(p) + 1) if end else text.find(p)
    assert 0 <= at <= end, (at, end)
    overlap += end - at
    end = at + len(p)
    assert p.count("```") % 2 == 0 and p.endswith("\n")
assert text[end:].strip() == "What is matter 7?" and overlap > 200 * (len(parts) - 1), (end, overlap)
X
holds 'nothing lost, nothing cut' python3 "$T/parts.py" "$T/in" "$T/side"
jq -c '. + {response:{status_code:200,body:{choices:[{finish_reason:"stop",message:{role:"assistant",content:(if .llm.part == 1 then "Matter 7 is told." else "NONE" end)}}]}}}' "$T/side" > "$T/answers"
t 'apply' 0 llm-compress apply --answers "$T/answers" --chunk 1000 --overlap 100 "$T/in"
eq 'the reduce line' "$(jq -r '.custom_id, .body.messages[0].content' "$T/out")" "m
[part 1 of $(wc -l < "$T/side")]
Matter 7 is told.

What is matter 7?"
python3 -c '
import json
turn = lambda i: "Speaker %d: " % (i % 3) + " ".join("Point %d.%d is told here in some words." % (i, k) for k in range(40))
print(json.dumps({"custom_id": "m", "body": {"model": "gpt-4o", "messages": [{"role": "user", "content": "\n".join(map(turn, range(20))) + "\n\nWhat is matter 7?"}]}}))' > "$T/long"
t 'lines longer than the overlap' 0 llm-compress ask map --chunk 1000 --overlap 100 "$T/long"
cp "$T/out" "$T/parts"
holds 'share their last sentences, and are cut behind lines' python3 -c '
import json, sys
text = json.loads(open(sys.argv[1]).readline())["body"]["messages"][0]["content"]
parts = [json.loads(l)["body"]["messages"][1]["content"] for l in open(sys.argv[2])]
ends = [text.find(p) + len(p) for p in parts]
assert len(parts) > 4 and all(p.endswith("\n") for p in parts)
assert all(60 < (e - text.find(n)) / 4 <= 100 for e, n in zip(ends, parts[1:])), [(e - text.find(n)) / 4 for e, n in zip(ends, parts[1:])]
' "$T/long" "$T/parts"
talk other t s1 12 > "$T/talk"
cat "$T/in" "$T/talk" > "$T/both"
t 'beside a conversation' 0 llm-compress apply --answers "$T/answers" --chunk 1000 --overlap 100 "$T/both"
eq 'of which no summary was asked' "$(sed -n 2p "$T/out")" "$(cat "$T/talk")"
head -n 3 "$T/answers" > "$T/few"
t 'with answers missing' 0 llm-compress apply --answers "$T/few" --chunk 1000 --overlap 100 "$T/in"
has 'the source stays' "$T/out" 'no answer came for a part'
t 'a block larger than a part' 0 llm-compress ask map --chunk 100 --overlap 10 "$T/in"
has 'is not cut' "$T/err" 'larger than a part'
eq 'nor asked about' "$(wc -c < "$T/out" | tr -d ' ')" 0
jq -nc '{model:"gpt-4o",messages:[{role:"tool",content:([range(400)|{id:.,name:"n\(.)"}]|tojson)},{role:"user",content:"Which?"}]}' > "$T/rows"
t 'JSON' 0 llm-compress ask map --chunk 1000 --overlap 0 "$T/rows"
holds 'is cut between items' jq -e '.body.messages[1].content | "[" + . + "]" | fromjson | length > 10' "$T/out"
eq 'ids come from the line' "$(jq -r '.llm.for' "$T/out" | sort -u)" r-1

# the shape of the parent
{
	printf '%s\n' '{"custom_id":"a","params":{"model":"claude-sonnet-4-5","max_tokens":5,"messages":[{"role":"user","content":"one two three"},{"role":"assistant","content":"b"},{"role":"user","content":"c"}]}}' \
		'{"key":"g","request":{"contents":[{"role":"user","parts":[{"text":"one two three"}]},{"role":"model","parts":[{"text":"b"}]},{"role":"user","parts":[{"text":"c"}]}]}}' \
		'{"recordId":"r","modelInput":{"messages":[{"role":"user","content":[{"text":"one two three"}]},{"role":"assistant","content":[{"text":"b"}]},{"role":"user","content":[{"text":"c"}]}]}}' \
		'{"model":"gpt-4o","input":[{"role":"user","content":"one two three"},{"role":"assistant","content":"b"},{"role":"user","content":"c"}]}'
} > "$T/in"
t 'four shapes' 0 llm-compress ask summary --keep-turns 1 "$T/in"
eq 'are kept' "$(jq -c '[.llm.for, (del(.llm) | keys)]' "$T/out")" '["a",["custom_id","params"]]
["g",["key","model","request"]]
["r",["modelId","modelInput","recordId"]]
["r-4",["body","custom_id","method","url"]]'
has 'a cap each' "$T/out" '"generationConfig":{"maxOutputTokens":800}'
eq 'the text stands as each has it' "$(jq -c '(.params // .modelInput // .request // .body) | .messages // .contents // .input | if type == "array" then .[-1] | .content // .parts else . end | if type == "array" then map(keys) else type end' "$T/out")" '"string"
[["text"]]
[["text"]]
"string"'
long="$(printf 'one two three and four. %.0s' $(seq 30))"
sed "s/one two three/$long/" "$T/in" > "$T/longer"
llm-compress ask summary --keep-turns 1 "$T/longer" > "$T/side"
jq -c 'if .params then .result = {type: "succeeded", message: {role: "assistant", stop_reason: "end_turn", content: [{type: "text", text: "They counted."}]}}
	elif .request then .response = {candidates: [{finishReason: "STOP", content: {role: "model", parts: [{text: "They counted."}]}}]}
	elif .modelInput then .modelOutput = {stopReason: "end_turn", output: {message: {role: "assistant", content: [{text: "They counted."}]}}}
	else .response = {status_code: 200, body: {choices: [{index: 0, finish_reason: "stop", message: {role: "assistant", content: "They counted."}}]}} end' "$T/side" > "$T/answers"
t 'their summaries' 0 llm-compress apply --answers "$T/answers" --keep-turns 1 "$T/longer"
eq 'come back as messages of each' "$(jq -c '(.params // .modelInput // .request // .) | (.messages // .contents // .input) | map([.role, (.content // .parts | if type == "array" then .[0].text else . end)[0:16]])' "$T/out")" '[["user","[Earlier in this"],["assistant","Noted."],["user","c"]]
[["user","[Earlier in this"],["model","Noted."],["user","c"]]
[["user","[Earlier in this"],["assistant","Noted."],["user","c"]]
[["user","[Earlier in this"],["assistant","Noted."],["user","c"]]'
printf '%s\n' '{"recordId":"CALL0000001","modelId":"anthropic.claude-sonnet-4-5-20250929-v1:0","modelInput":{"anthropic_version":"bedrock-2023-05-31","max_tokens":9,"messages":[{"role":"user","content":"one two three, and four, and five, and six, and seven, and eight"},{"role":"assistant","content":"b"},{"role":"user","content":"c"}]}}' > "$T/in"
t 'a model of Anthropic on Bedrock' 0 llm-compress ask summary --keep-turns 1 "$T/in"
eq 'names its model beside the body, and has an id without signs' "$(jq -c '[.recordId, .modelInput.anthropic_version, .modelInput.model, .modelId]' "$T/out")" '["CALL0000001summary","bedrock-2023-05-31",null,"anthropic.claude-sonnet-4-5-20250929-v1:0"]'
cp "$T/out" "$T/side"
t 'which llm-batch takes' 0 llm-batch validate --for bedrock "$T/side"
jq -c 'del(.llm) + {modelOutput:{type:"message",role:"assistant",stop_reason:"end_turn",content:[{type:"text",text:"Ok."}]}}' "$T/side" > "$T/answers"
t 'its answer, by the id alone' 0 llm-compress apply --answers "$T/answers" --keep-turns 1 "$T/in"
has 'is known' "$T/out" '[Earlier in this conversation] Ok.'
finish
