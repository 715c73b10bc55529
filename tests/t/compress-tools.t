#!/bin/sh
# SPDX-License-Identifier: MIT
# llm-compress --without-tool: definitions go by name, in every shape; what is called or asked for stays
. "$(dirname "$0")/../lib.sh"

cat > "$T/in" << 'X'
{"custom_id":"chat","body":{"model":"gpt-4o","tools":[{"type":"function","function":{"name":"search","description":"Find pages","parameters":{"type":"object"}}},{"type":"function","function":{"name":"mail","parameters":{}}}],"messages":[{"role":"user","content":"Hello there"}]}}
{"custom_id":"only","body":{"model":"gpt-4o","tool_choice":"auto","tools":[{"type":"function","function":{"name":"mail","parameters":{}}}],"parallel_tool_calls":false,"messages":[{"role":"user","content":"Hello there"}]}}
{"custom_id":"called","body":{"model":"gpt-4o","tools":[{"type":"function","function":{"name":"mail","parameters":{}}}],"messages":[{"role":"user","content":"Hello"},{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"mail","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c","content":"sent"}]}}
{"custom_id":"asked","body":{"model":"gpt-4o","tool_choice":{"type":"function","function":{"name":"mail"}},"tools":[{"type":"function","function":{"name":"mail","parameters":{}}}],"messages":[{"role":"user","content":"Hello there"}]}}
{"custom_id":"responses","body":{"model":"gpt-4o","tools":[{"type":"function","name":"mail","parameters":{}},{"type":"web_search"}],"input":"Hello there"}}
{"custom_id":"anthropic","params":{"model":"claude-sonnet-4-5","max_tokens":9,"tools":[{"name":"mail","input_schema":{"type":"object"}},{"name":"search","input_schema":{"type":"object"}}],"messages":[{"role":"user","content":"Hello there"}]}}
{"custom_id":"marked","params":{"model":"claude-sonnet-4-5","max_tokens":9,"tools":[{"name":"search","input_schema":{}},{"name":"mail","input_schema":{},"cache_control":{"type":"ephemeral"}}],"messages":[{"role":"user","content":"Hello there"}]}}
{"key":"gemini","request":{"tools":[{"functionDeclarations":[{"name":"mail"}]},{"functionDeclarations":[{"name":"mail"},{"name":"search"}]},{"googleSearch":{}}],"contents":[{"role":"user","parts":[{"text":"Hello there"}]}]}}
{"recordId":"converse","modelId":"anthropic.claude-3-haiku-20240307-v1:0","modelInput":{"toolConfig":{"tools":[{"toolSpec":{"name":"mail","inputSchema":{"json":{}}}}]},"messages":[{"role":"user","content":[{"text":"Hello there"}]}]}}
X
t 'tools by name' 0 llm-compress --without-tool mail "$T/in"
cp "$T/out" "$T/once"
left() { jq -c "select((.custom_id // .key // .recordId) == \"$1\") | $2" "$T/once"; }
eq 'one of two' "$(left chat '.body.tools | map(.function.name)')" '["search"]'
holds 'is counted' jq -se '.[0].llm.compress | .steps[0].name == "tools" and .tokens_after < .tokens_before' "$T/once"
eq 'the last one, with what speaks of it' "$(left only '.body | keys')" '["messages","model"]'
eq 'one that is called stays' "$(left called '[(.body.tools | length), .llm.compress.refused[0].reason]')" '[1,"the conversation calls this tool"]'
eq 'one that is asked for stays' "$(left asked '[(.body.tools | length), .llm.compress.refused[0].reason]')" '[1,"the request asks for this tool"]'
eq 'of responses' "$(left responses '.body.tools')" '[{"type":"web_search"}]'
eq 'of Anthropic' "$(left anthropic '.params.tools | map(.name)')" '["search"]'
eq 'one that holds a cache mark stays' "$(left marked '[(.params.tools | length), .llm.compress.refused[0].reason]')" '[2,"the tool holds a cache mark"]'
eq 'of Gemini, no list is left empty' "$(left gemini '.request.tools')" '[{"functionDeclarations":[{"name":"search"}]},{"googleSearch":{}}]'
eq 'of Converse' "$(left converse '.modelInput | keys')" '["messages"]'
t 'a second pass' 0 llm-compress --without-tool mail "$T/once"
same 'changes nothing' "$T/out" "$T/once"
t 'another name' 0 llm-compress --without-tool nobody "$T/in"
eq 'takes nothing' "$(jq -c '[.. | objects | select(has("tools")) | .tools | length]' "$T/out" | tr -d '\n')" "$(jq -c '[.. | objects | select(has("tools")) | .tools | length]' "$T/in" | tr -d '\n')"

# the marked part is read from the cache: what goes before the mark is paid for by what is read
jq -nc '{custom_id: "a", params: {model: "claude-sonnet-4-5", max_tokens: 9, tools: [{name: "mail", input_schema: {}}, {name: "search", input_schema: {}}], system: [{type: "text", text: ("Be kind to all who ask. " * 800), cache_control: {type: "ephemeral"}}], messages: [{role: "user", content: "Hello there"}]}}' > "$T/in"
t 'before a cache mark' 0 llm-compress --without-tool mail "$T/in"
eq 'the list stays as it is' "$(jq '.params.tools | length' "$T/out")" 2
holds 'with the sum' jq -e '.llm.compress.refused | any(.step == "tools" and (.reason | test("cache")))' "$T/out"
t 'unless nobody asks' 0 llm-compress --net-of-cache=off --without-tool mail "$T/in"
eq 'it goes' "$(jq '.params.tools | length' "$T/out")" 1
finish
