#!/bin/sh
# SPDX-License-Identifier: MIT
# llm-route: what a profile sets, by each provider's names; a second pass changes nothing
. "$(dirname "$0")/../lib.sh"

rules() { printf '%s\n' "$@" > "$T/routes"; }
route() { # WHAT [OPTION...]
	route_what=$1
	shift
	t "$route_what" 0 llm-route -r "$T/routes" "$@" "$T/in"
}
of() { jq -c "$1" "$T/out"; }
again() { # a second pass over what came edits nothing but llm
	cp "$T/out" "$T/once"
	t 'a second pass' 0 llm-route -r "$T/routes" "$T/once"
	jq -c 'del(.llm)' "$T/once" > "$T/a"
	jq -c 'del(.llm)' "$T/out" > "$T/b"
	same 'edits nothing' "$T/b" "$T/a"
}
chat='{"model":"gpt-4o","metadata":{"task":"extraction"},"messages":[{"role":"system","content":"Extract as JSON."},{"role":"user","content":"x"}]}'
claude='{"custom_id":"a","params":{"model":"claude-sonnet-4-5","max_tokens":4000,"system":[{"type":"text","text":"You extract.","cache_control":{"type":"ephemeral"}}],"messages":[{"role":"user","content":"x"}]}}'
gemini='{"key":"g","request":{"contents":[{"role":"user","parts":[{"text":"x"}]}]}}'
responses='{"model":"gpt-4o","input":"x","instructions":"You extract."}'
converse='{"recordId":"r","modelInput":{"messages":[{"role":"user","content":[{"text":"x"}]}],"inferenceConfig":{"maxTokens":100}}}'
printf '{"type":"object","properties":{"n":{"type":"integer"}}}\n' > "$T/schema"
printf '{"name":"save","description":"d","parameters":{"type":"object"}}\n' > "$T/tool"

# caps
printf '%s\n' "$chat" > "$T/in"
rules 'profile extraction max_tokens=50' 'rule x task=extraction -> keep max_tokens=80' 'default -> keep'
route 'a profile and a rule'
eq 'the lower cap counts' "$(of .max_tokens)" 50
again
rules 'profile * max_tokens=70' 'default -> keep'
route 'a profile of any task'
eq 'is taken where the task has none' "$(of .max_tokens)" 70
rules 'default -> o3 max_tokens=100'
route 'a model that thinks'
eq 'gets room for it' "$(of '[.max_tokens, .max_completion_tokens]')" '[null,8292]'
again
rules 'default -> o3 max_tokens=100 thinking_room=0'
route 'or none'
eq 'if that is said' "$(of .max_completion_tokens)" 100
printf '%s\n' "$chat" | jq -c '.max_tokens = 20' > "$T/in"
rules 'default -> o3 max_tokens=100'
route 'a lower cap of the user'
eq 'stays' "$(of .max_completion_tokens)" 20

printf '%s\n' '{"model":"claude-sonnet-4-5","max_tokens":2000,"messages":[{"role":"user","content":"hi"}]}' > "$T/in"
jq -c '{custom_id: "a", params: .}' "$T/in" > "$T/in2" && mv "$T/in2" "$T/in"
rules 'default -> o3 max_tokens=100 effort=low'
route 'a request in messages form to a model that thinks unasked'
eq 'gets room too' "$(of .params.max_tokens)" 2000
rules 'default -> claude-haiku-4-5 max_tokens=100 effort=low'
route 'one that thinks when it is told to'
eq 'needs none' "$(of .params.max_tokens)" 100

printf '%s\n' '{"model":"o3","max_tokens":9000,"messages":[{"role":"user","content":"x"}]}' > "$T/in"
rules 'default -> keep'
route 'a row that keeps its model'
eq 'keeps the name of its cap' "$(of '[.max_tokens, .max_completion_tokens]')" '[9000,null]'

# stop sequences
printf '%s\n' "$chat" | jq -c '.stop = "A"' > "$T/in"
rules 'default -> keep stop="END" stop="\n\nQ:"'
route 'stop sequences'
eq 'come behind those of the user' "$(of .stop)" '["A","END","\n\nQ:"]'
again
printf '%s\n' "$claude" > "$T/in"
rules 'default -> keep stop="\n\n" stop=END'
route 'one of blanks alone'
eq 'is not for Anthropic' "$(of '[.params.stop_sequences, .llm.route.dropped]')" '[["END"],["stop"]]'
{
	printf '%s\n' "$chat" | jq -c '.stop = ["A","B","C"]'
	printf '%s\n' "$claude" | jq -c '.params.stop_sequences = ["A","B","C","D"]'
} > "$T/in"
rules 'default -> keep stop=END stop=STOP'
route 'more stop sequences than an interface takes'
eq 'are left out, and named' "$(jq -c '[.stop // .params.stop_sequences, .llm.route.dropped]' "$T/out" | tr '\n' ' ')" '[["A","B","C","END"],["stop"]] [["A","B","C","D","END","STOP"],[]] '
again
printf '%s\n' '{"key":"g","request":{"contents":[{"role":"user","parts":[{"text":"x"}]}],"generationConfig":{"stopSequences":["A","B","C","END"]}}}' > "$T/in"
rules 'tier t gemini-2.5-flash' 'default -> t stop=END stop=STOP stop=HALT'
route 'more than Gemini takes'
eq 'are left out as well' "$(of '[.request.generationConfig.stopSequences, .llm.route.dropped]')" '[["A","B","C","END","STOP"],["stop"]]'
printf '%s\n' "$chat" | jq -c '.stop = "A"' > "$T/in"
rules 'default -> o3 stop=END'
route 'a model that refuses them'
eq 'gets none, and they are named' "$(of '[.stop, .llm.route.dropped]')" '["A",["stop"]]'
printf '%s\n' "$chat" | jq -c '.messages += [{"role":"assistant","content":"Here:\n```json\n"}]' > "$T/in"
rules 'default -> keep stop=infer'
route 'an answer begun with a fence'
eq 'ends where it closes' "$(of .stop)" '["\n```"]'
again
printf '%s\n' "$chat" | jq -c '.messages += [{"role":"assistant","content":"<answer>"}]' > "$T/in"
route 'an answer begun with a tag'
eq 'too' "$(of .stop)" '["</answer>"]'
printf '%s\n' "$chat" > "$T/in"
route 'an answer that is not begun'
eq 'has no end that could be known' "$(of .stop)" null
printf '%s\n' "$claude" "$gemini" "$converse" > "$T/in"
rules 'default -> keep stop=END'
route 'the other interfaces'
eq 'have their own names' "$(jq -sc '[.[0].params.stop_sequences, .[2].modelInput.inferenceConfig.stopSequences]' "$T/out")" '[["END"],null]'
printf '%s\n' "$gemini" "$converse" > "$T/in"
rules 'tier t gemini-2.5-flash us.amazon.nova-lite-v1:0' 'default -> t stop=END max_tokens=10 thinking_room=0'
route 'lines without a model'
eq 'get them too' "$(jq -sc '[.[0].request.generationConfig, .[1].modelInput.inferenceConfig]' "$T/out")" '[{"maxOutputTokens":10,"stopSequences":["END"]},{"maxTokens":10,"stopSequences":["END"]}]'
again
printf '%s\n' "$chat" > "$T/in"
rules 'default -> claude-haiku-4-5 stop="\n\n" stop=END'
route 'a stop of blanks for Claude, asked in chat'
eq 'is not set' "$(of '[.stop, (.llm.route.dropped | index("stop") != null)]')" '[["END"],true]'
printf '%s\n' "$claude" > "$T/in"
rules 'default -> gpt-5-mini stop=END'
route 'a stop for a model that reasons, asked in messages'
eq 'is not set either' "$(of '[.params.stop_sequences, .params.model, (.llm.route.dropped | index("stop") != null)]')" '[null,"gpt-5-mini",true]'

# form
printf '%s\n' "$chat" "$claude" "$responses" > "$T/in"
rules "default -> keep schema=\"$T/schema\""
route 'a schema'
eq 'stands where each interface has it' "$(jq -sc '[.[0].response_format.json_schema.schema.type, .[1].params.output_config.format.type, .[2].text.format.name]' "$T/out")" '["object","json_schema","answer"]'
again
rules "default -> keep tool=\"$T/tool\""
printf '%s\n' "$chat" "$claude" "$responses" "$(echo "$converse" | jq -c '.modelId = "us.amazon.nova-lite-v1:0"')" > "$T/in"
route 'a tool that must be called'
eq 'too' "$(jq -sc '[.[0].tool_choice.function.name, .[1].params.tool_choice, .[1].params.tools[0].input_schema.type, .[2].tools[0].name]' "$T/out")" '["save",{"type":"tool","name":"save"},"object","save"]'
eq 'and in Bedrock' "$(jq -sc '.[3].modelInput.toolConfig | [(.tools[0].toolSpec | .name, .inputSchema.json.type), .toolChoice]' "$T/out")" '["save","object",{"tool":{"name":"save"}}]'
again
printf '%s\n' "$chat" "$claude" "$responses" > "$T/in"
rules 'default -> keep json=on'
route 'JSON mode'
eq 'only where the interface has it and the text speaks of it' "$(jq -sc '[.[0].response_format.type, .[1].llm.route.dropped, .[2].llm.route.dropped]' "$T/out")" '["json_object",["json"],["json"]]'
for own in claude-haiku-4-5 anthropic.claude-haiku-4-5-20251001-v1:0; do
	rules "default -> $own json=on"
	printf '%s\n' "$chat" | jq -c '.messages[0].content = "As JSON."' > "$T/in"
	route "JSON mode for $own"
	eq 'is none of theirs, in whatever form they are asked' "$(of '[.response_format, (.llm.route.dropped | index("json") != null)]')" '[null,true]'
done
rules "default -> anthropic.claude-haiku-4-5-20251001-v1:0 schema=\"$T/schema\""
route 'a schema that would be lost on the way'
eq 'is not set' "$(of '[.response_format, (.llm.route.dropped | index("schema") != null)]')" '[null,true]'
printf '%s\n' "$chat" "$claude" "$responses" > "$T/in"
rules "default -> gpt-3.5-turbo schema=\"$T/schema\""
route 'a model without schemas'
eq 'gets none, and that is said' "$(jq -sc '[.[0].response_format, .[0].llm.route.dropped]' "$T/out")" '[null,["schema"]]'
printf '%s\n' "$chat" | jq -c '.response_format = {"type":"text"}' > "$T/in"
rules 'default -> keep json=on'
route 'a form that the user chose'
eq 'stays' "$(of .response_format.type)" '"text"'
rules 'default -> keep schema=no-such-file'
t 'a schema that is not there' 2 llm-route -r "$T/routes" "$T/in"

own='{"key":"g","request":{"systemInstruction":{"parts":[{"text":"You extract."}]},"contents":[{"role":"user","parts":[{"text":"x"}]}]}}'
printf '%s\n' "$gemini" > "$T/in"
while IFS='|' read -r setting want; do
	rules 'tier t gemini-2.5-flash' "default -> t $setting"
	route "in Gemini's form: ${setting%%=*}"
	eq 'has its own place' "$(of '.request | del(.contents)')" "$want"
	again
done << X
json=on|{"generationConfig":{"responseMimeType":"application/json"}}
schema="$T/schema"|{"generationConfig":{"responseMimeType":"application/json","responseJsonSchema":{"type":"object","properties":{"n":{"type":"integer"}}}}}
tool="$T/tool"|{"tools":[{"functionDeclarations":[{"name":"save","description":"d","parametersJsonSchema":{"type":"object"}}]}],"toolConfig":{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["save"]}}}
X

# thinking
printf '%s\n' "$claude" > "$T/in"
rules 'default -> keep thinking=2000 effort=low'
route 'a budget of thinking'
eq 'is set, with the effort' "$(of '[.params.thinking, .params.output_config]')" '[{"type":"enabled","budget_tokens":2000},{"effort":"low"}]'
again
rules 'default -> keep thinking=2000 max_tokens=500'
route 'a budget inside a cap'
eq 'gets room in it' "$(of '[.params.max_tokens, .params.thinking.budget_tokens]')" '[2500,2000]'
rules 'default -> keep thinking=5000'
route 'a budget over the cap of the user'
eq 'is not set, and named' "$(of '[.params.thinking, .llm.route.dropped]')" '[null,["thinking"]]'
printf '%s\n' "$chat" > "$T/in"
rules 'default -> claude-sonnet-4-5 max_tokens=500 thinking=2000'
route 'a budget that the interface has no place for'
eq 'gets no room either' "$(of '[.max_tokens, .llm.route.dropped]')" '[500,["metadata","thinking"]]'
for line in '2000|thinking=0|{"type":"disabled"}' '2000|thinking=3000|{"type":"enabled","budget_tokens":2000}' '2000|thinking=1500|{"type":"enabled","budget_tokens":1500}' \
	'null|thinking=0|null' '2000|thinking=1000|{"type":"enabled","budget_tokens":2000}'; do
	printf '%s\n' "$claude" | jq -c --argjson n "${line%%|*}" 'if $n then .params.thinking = {type: "enabled", budget_tokens: $n} else . end' > "$T/in"
	line=${line#*|}
	rules "default -> keep ${line%%|*}"
	route "thinking that was asked for: ${line%%|*}"
	eq 'is lowered, never raised' "$(of .params.thinking)" "${line#*|}"
	again
done
printf '%s\n' "$chat" | jq -c '.model = "o3" | .reasoning_effort = "low"' > "$T/in"
rules 'default -> keep effort=high'
route 'an effort'
eq 'is never raised' "$(of .reasoning_effort)" '"low"'
printf '%s\n' "$chat" > "$T/in"
rules 'default -> keep effort=high'
route 'a model that does not reason'
eq 'gets none' "$(of '[.reasoning_effort, .llm.route.dropped]')" '[null,["effort"]]'

# the sentence
printf '%s\n' "$chat" "$claude" "$gemini" "$responses" "$converse" > "$T/in"
rules 'default -> keep concise="Be brief."'
route 'a sentence'
eq 'ends the system text of chat' "$(jq -sc '.[0].messages[0].content' "$T/out")" '"Extract as JSON.\n\nBe brief."'
eq 'stands behind the marker' "$(jq -sc '[.[1].params.system[0].cache_control.type, .[1].params.system[1]]' "$T/out")" '["ephemeral",{"type":"text","text":"Be brief."}]'
eq 'and in the others' "$(jq -sc '[.[3].instructions]' "$T/out")" '["You extract.\n\nBe brief."]'
again
cached=$(printf '%s\n' "$converse" | jq -c '.modelInput.system = [{text: "A."}, {cachePoint: {type: "default"}}]')
printf '%s\n' "$gemini" "$own" "$(echo "$own" | sed s/systemInstruction/system_instruction/)" "$converse" "$cached" > "$T/in"
rules 'tier t gemini-2.5-flash us.amazon.nova-lite-v1:0' 'default -> t concise="Be brief."'
route 'a sentence for lines without a model'
eq 'is a part of its own, behind the marker' "$(jq -sc 'map(.request // .modelInput | .systemInstruction.parts // .system_instruction.parts // .system)' "$T/out")" \
	'[[{"text":"Be brief."}],[{"text":"You extract."},{"text":"Be brief."}],[{"text":"You extract."},{"text":"Be brief."}],[{"text":"Be brief."}],[{"text":"A."},{"cachePoint":{"type":"default"}},{"text":"Be brief."}]]'
again
printf '%s\n' '{"model":"gpt-4o","input":"x"}' '{"custom_id":"a","params":{"model":"claude-sonnet-4-5","max_tokens":9,"messages":[{"role":"user","content":"x"}]}}' '{"model":"gpt-3.5-turbo-instruct","prompt":"x"}' > "$T/in"
rules 'default -> keep concise="Be brief."'
route 'where nothing was said yet'
eq 'it stands alone, and a completion has no place for it' "$(jq -sc '[.[0].instructions, .[1].params.system, .[2].prompt, .[2].llm.route.dropped]' "$T/out")" '["Be brief.","Be brief.","x",["concise"]]'
again
printf '%s\n' '{"model":"gpt-4o","messages":[{"role":"user","content":"x"}]}' > "$T/in"
rules 'default -> keep concise=on'
route 'no system text'
eq 'gets one' "$(of '[.messages[0].role, (.messages | length)]')" '["system",2]'
again
t 'observe' 0 llm-route -r "$T/routes" --observe "$T/in"
eq 'adds nothing' "$(of '.messages | length')" 1

# images and embeddings
png=iVBORw0KGgoAAAANSUhEUgAABAAAAAQACAYAAAB/HSuDAAAAAElEQVR4nA==
printf '{"model":"gpt-4o","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,%s"}},{"type":"image_url","image_url":{"url":"data:image/png;base64,%s","detail":"high"}}]}]}\n' $png $png > "$T/in"
rules 'default -> keep detail=low'
route 'image detail'
eq 'is lowered where the user said nothing' "$(of '[.messages[0].content[].image_url.detail]')" '["low","high"]'
eq 'with its tokens' "$(of .llm.route.image_tokens)" '{"before":765,"after":85}'
eq 'and what they save' "$(of .llm.route.estimated_cost)" "$(llm-route "$T/out" | jq -c .llm.route.estimated_cost)"
again
inline() { printf '{"key":"g","request":{%s"contents":[{"role":"user","parts":[{"inlineData":{"mimeType":"image/png","data":"%s"}}]}]}}\n' "$1" $png; }
{
	inline ''
	inline '"generationConfig":{"mediaResolution":"MEDIA_RESOLUTION_HIGH"},'
} > "$T/in"
rules 'tier t gemini-2.5-flash' 'default -> t detail=low'
route 'the resolution of all images'
eq 'is lowered where the user said nothing' "$(jq -sc 'map([.request.generationConfig.mediaResolution, .llm.route.image_tokens])' "$T/out")" '[["MEDIA_RESOLUTION_LOW",{"before":1032,"after":64}],["MEDIA_RESOLUTION_HIGH",null]]'
again
{
	printf '{"model":"gpt-4o","input":[{"role":"user","content":[{"type":"input_image","image_url":"data:image/png;base64,%s"}]}]}\n' $png
	echo '{"model":"gpt-4o","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://example.invalid/a.png"}}]}]}'
	printf '{"custom_id":"a","params":{"model":"claude-sonnet-4-5","max_tokens":9,"messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"%s"}}]}]}}\n' $png
} > "$T/in"
rules 'default -> keep detail=low'
route 'images of other interfaces'
eq 'have it beside the address, or nowhere; of an unknown size no sum is told' \
	"$(jq -sc '[(.[0].input[0].content[0] | .detail), .[0].llm.route.image_tokens.after, .[1].messages[0].content[0].image_url.detail, .[1].llm.route.image_tokens, .[2].llm.route.dropped]' "$T/out")" '["low",85,"low",null,["detail"]]'
again
printf '%s\n' '{"model":"text-embedding-3-large","input":["a"]}' '{"model":"text-embedding-ada-002","input":["a"]}' > "$T/in"
rules 'default -> keep dimensions=256'
route 'dimensions'
eq 'of a model that can be cut' "$(jq -sc '[.[0].dimensions, .[1].dimensions, .[1].llm.route.dropped]' "$T/out")" '[256,null,["dimensions"]]'
again

# caps from the past
printf '%s\n' "$chat" > "$T/in"
printf '{"quantile":0.99,"groups":[{"key":{"task":"extraction"},"requests":500,"mean":12,"cap":40,"would_cut":4,"caution":null,"few_rows":false},{"key":{"task":"summary"},"requests":3,"mean":12,"cap":40,"would_cut":0,"caution":"few rows","few_rows":true}]}\n' > "$T/caps"
rules 'default -> keep'
route 'caps of the past' --caps "$T/caps" -v
eq 'cap' "$(of .max_tokens)" 40
has 'and how many they cut is told' "$T/err" '1 caps; they would have cut 0.80 %'
eq 'the length that is expected makes the cost' "$(of '.llm.route.estimated_cost')" '"0.00016"'
rules 'default -> keep max_tokens=30'
route 'a rule' --caps "$T/caps"
eq 'counts before them' "$(of .max_tokens)" 30
printf '%s\n' "$chat" | sed 's/"extraction"/"summary"/' > "$T/in"
rules 'default -> keep'
route 'few rows' --caps "$T/caps"
eq 'make no cap' "$(of '[.llm.route.task, .max_tokens]')" '["summary",null]'
printf '{"groups":[{"key":{"task":null},"requests":9,"mean":1,"cap":5},{"key":{"task":"summary","user":"u1"},"requests":9,"mean":1,"cap":6},{"key":{"task":"summary"},"requests":9,"mean":7,"cap":null}]}\n' > "$T/caps"
route 'a group of another user, and one without a cap' --caps "$T/caps"
eq 'make none either' "$(of .max_tokens)" null
printf '%s\n' "$chat" | jq -c '.metadata = {task: "summary", user: "u1"}' > "$T/in"
route 'the group of all its members' --caps "$T/caps"
eq 'caps' "$(of .max_tokens)" 6
printf '{}\n' > "$T/caps"
printf '%s\n' '{"groups":[{"key":{"model":"m"},"requests":9}]}' > "$T/groups"
t 'groups of another report' 2 llm-route -r "$T/routes" --caps "$T/groups" "$T/in"
has 'hold no caps' "$T/err" 'it has no groups with caps'
t 'another file' 2 llm-route -r "$T/routes" --caps "$T/caps" "$T/in"
finish
