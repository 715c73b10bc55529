#!/bin/sh
# SPDX-License-Identifier: MIT
# llm-compress: saves tokens in texts, keeps every other byte, says what it did
. "$(dirname "$0")/../lib.sh"

request() { # TEXT-AS-JSON-STRING
	printf '{"custom_id":"a","body":{"model":"gpt-4o","seed":9007199254740993,"x":{"n":1.0,"m":1e2,"s":"\\u00e9\\/"},"messages":[{"role":"user","content":%s}]},"odd":{"n":1.0,"n":1e2}}\n' "$1"
}
text() { jq -j '.body.messages[-1].content' "$T/out"; }
steps() { jq -c '[.llm.compress.steps[].name]' "$T/out"; }

# what goes
request '"Hello   there.  \\n\\n\\n\\nHow   are you?"' | sed 's/\\\\/\\/g' > "$T/in"
t 'blanks fold' 0 llm-compress "$T/in"
eq 'to one' "$(text)" "$(printf 'Hello there.\n\nHow are you?')"
eq 'the step is named' "$(steps)" '["whitespace"]'
eq 'the sum holds' "$(jq '.llm.compress | .tokens_before - .tokens_after == ([.steps[].saved] | add)' "$T/out")" true
eq 'the class of the count' "$(jq -r .llm.compress.class "$T/out")" template
has 'bytes beside the text stay' "$T/out" '"seed":9007199254740993,"x":{"n":1.0,"m":1e2,"s":"\u00e9\/"}'
has 'a doubled member that nobody reads stays' "$T/out" '"odd":{"n":1.0,"n":1e2}'
cp "$T/out" "$T/once"
t 'a second pass' 0 llm-compress "$T/once"
same 'changes nothing' "$T/out" "$T/once"
jq -c '.llm.compress.tokens_before = 999 | .body.messages[-1].content = "Another   text.  \n\n\n\nWhich   is longer than the one   before."' "$T/once" > "$T/stale"
t 'an annotation of another text' 0 llm-compress "$T/stale"
holds 'tells nothing of this one' jq -e '.llm.compress | .tokens_before < 50 and .tokens_after < .tokens_before' "$T/out"
t 'with nothing to save' 0 llm-compress "$TOP/tests/golden/compress/plain.jsonl"
eq 'both counts are equal' "$(jq -c '.llm.compress | [.tokens_before == .tokens_after, .steps]' "$T/out" | sort -u)" '[true,[]]'
t 'the golden cases' 0 llm-compress "$TOP/tests/golden/compress/cases.jsonl"
golden 'come out as before' "$T/out" compress/cases.out
llm-compress "$T/out" > "$T/out2"
same 'and the second time too' "$T/out2" "$T/out"

# what must stay, byte for byte
while IFS= read -r protected; do
	request "$protected" > "$T/in"
	t "protected: $(printf %.40s "$protected")" 0 llm-compress "$T/in"
	eq 'stays' "$(steps)" '[]'
	has 'as it was spelled' "$T/out" "$protected"
done << 'X'
"```python\ndef f( x ):\n\n\n\n    return   1  \n```"
"    indented   code  \n\n\n\n    more"
"name:   value\nlist:\n  - a:   1"
"| a    | b   |\n|------|-----|\n| 1    | 2   |"
"diff --git a/f b/f\n@@ -1,2 +1,2 @@\n-x   y  \n+x  y  \n"
"Repeat \"a   b\n\n\n\nc\" and `x   y`, \u201cq   r\u201d, 'm   n' exactly"
"line one  \nline two"
"a\u00a0\u00a0b"
"```\n[{\"a\": 1, \"b\": 2}, {\"a\": 1, \"b\": 2}, {\"a\": 1, \"b\": 2}]\n```"
"\"\"\"\n{ \"a\" :  1 }\n\"\"\""
""
"x"
X
request '"half \ud800   pair  here"' > "$T/in"
t 'half of a surrogate pair' 0 llm-compress "$T/in"
has 'stays' "$T/out" '"half \ud800   pair  here"'
has 'and is named' "$T/out" '"refused":[{"step":"all"'
request '"nul \u0000   here  x"' > "$T/in"
t 'a NUL' 0 llm-compress "$T/in"
has 'stays as well' "$T/out" '"nul \u0000   here  x"'

# where text is not free
printf '%s\n' '{"model":"text-embedding-3-small","input":["a    b    c","d   e"]}' > "$T/in"
t 'what is embedded' 0 llm-compress "$T/in"
has 'stays' "$T/out" '"input":["a    b    c","d   e"]'
printf '%s\n' '{"model":"gpt-4o","messages":[{"role":"user","content":"x"},{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{ \"a\" :   1 }"}}]},{"role":"tool","tool_call_id":"c","content":"{ \"rows\" : [ 1.0,   2 ] }"},{"role":"tool","tool_call_id":"c","content":"file   with  \n\n\n\nits   bytes"},{"role":"assistant","content":"The   answer  is"}]}' > "$T/in"
t 'a tool loop' 0 llm-compress "$T/in"
has 'arguments of a call stay' "$T/out" '"{ \"a\" :   1 }"'
has 'a result of JSON folds' "$T/out" '"{\"rows\":[1.0,2]}"'
has 'a result of text stays' "$T/out" '"file   with  \n\n\n\nits   bytes"'
has 'the begin of the answer stays' "$T/out" '"The   answer  is"'
for line in '[1,2]' '{}' '"x"' '{"custom_id":"a","body":{"model":"gpt-4o","messages":[{"role":"user","content":"a    b"}]},"response":{"status_code":200,"body":{}}}' '{"usage":{"prompt_tokens":1},"model":"gpt-4o"}'; do
	printf '%s\n' "$line" > "$T/in"
	t "passes: $(printf %.30s "$line")" 0 llm-compress "$T/in"
	same 'byte for byte' "$T/out" "$T/in"
done
printf '%s\n' '{"custom_id":"a","body":{"model":"gpt-4o","messages":[{"role":"user","content":"a","content":"b"}]}}' > "$T/in"
t 'a doubled member that is read' 4 llm-compress --rejects "$T/rej" "$T/in"
same 'is rejected whole' "$T/rej" "$T/in"
printf '%s\n' '{"messages":[{"role":"user","content":"a"}],"llm":5}' > "$T/in"
t 'annotations that are none' 4 llm-compress "$T/in"

# back again
t 'forms back to values' 0 llm-compress -o "$T/small" "$TOP/tests/golden/compress/undo.jsonl"
t 'undo' 0 llm-compress --undo "$T/small"
jq -c 'def p: try fromjson catch .; .body.messages[].content | p' "$TOP/tests/golden/compress/undo.jsonl" > "$T/want"
jq -c 'def p: try fromjson catch .; .body.messages[].content | p' "$T/out" > "$T/got"
same 'gives the values' "$T/got" "$T/want"
eq 'steps that were undone' "$(jq -s -c '[.[].llm.compress.steps[].name] | unique' "$T/small")" '["blocks","json","rows"]'
eq 'and no annotation' "$(jq -s -c '[.[].llm] | unique' "$T/out")" '[null]'
for llm in '{}' '{llm: {v: 1, route: {model: "gpt-4o"}}}'; do
	jq -nc '{model: "gpt-4o", messages: [{role: "user", content: ([range(9) | {id: ., state: "open"}] | tojson)}]} + '"$llm" > "$T/in"
	t 'a table' 0 llm-compress -o "$T/small" "$T/in"
	t 'undo' 0 llm-compress --undo "$T/small"
	same 'gives the record, byte for byte' "$T/out" "$T/in"
done

jq -c '.messages = [.messages[0], {role: "assistant", content: .messages[0].content}, {role: "user", content: (.messages[0].content | .[0:-9] + "and more")}, {role: "user", content: "Go."}]' "$T/small" > "$T/in"
t 'undo where others say the same' 0 llm-compress --undo "$T/in"
eq 'leaves what the model said, and what is no table' "$(jq -c '[.messages[].content[0:9]]' "$T/out")" '["[{\"id\":0,","[9 rows a","[9 rows a","Go."]'
eq 'byte for byte' "$(jq -c '.messages[1:3]' "$T/out")" "$(jq -c '.messages[1:3]' "$T/in")"

# for people
request '"a\u001b[31m   b   \n\n\n\nc"' > "$T/in"
t 'diff' 0 llm-compress --diff "$T/in"
has 'shows what goes' "$T/out" '- a?[31m   b···'
has 'and what comes' "$T/out" '+ a?[31m b'
t 'dry run' 0 llm-compress -n "$T/in"
eq 'writes no records' "$(wc -c < "$T/out" | tr -d ' ')" 0
has 'and says what it would save' "$T/err" 'whitespace saves'
request '"a  b"' > "$T/one"
t 'a dry run that saves one' 0 llm-compress -n "$T/one"
has 'says one token' "$T/err" 'saves 1 token'
lacks 'not tokens' "$T/err" tokens
t 'undo and diff' 2 llm-compress --undo --diff "$T/in"
while IFS='|' read -r options why; do
	# shellcheck disable=SC2086 # words
	t "refused: $options" 2 llm-compress $options "$T/in"
	has 'it says why' "$T/err" "$why"
done << 'X'
--ratio 1.5|'--ratio' wants a share up to 100%
--level heavy|'--level' wants lossless or light, not 'heavy'
--strip all|'--strip' wants reasoning, not 'all'
--prune 2|'--prune' wants a share up to 100%
--near|'--near' wants '--level light'
--query x|'--query x': no dot in front
--keep-turns 0|the last turn always stays: 0 cannot be kept
--protect (|'--protect (' at byte 1: missing closing parenthesis
plan --keep-turns 0|the last turn always stays
plan --turns 5|'--turns' describes a chat: it takes no file
X

# both orders of the pipe give the same text and model
printf 'tier small gpt-4o-mini\nrule all tokens>0 -> small\n' > "$T/routes"
llm-route -r "$T/routes" "$TOP/tests/golden/compress/cases.jsonl" | llm-compress | jq -c '.body | values' > "$T/rc"
llm-compress "$TOP/tests/golden/compress/cases.jsonl" | llm-route -r "$T/routes" | jq -c '.body | values' > "$T/cr"
same 'route | compress = compress | route' "$T/rc" "$T/cr"
eq 'the model is the chosen one' "$(jq -r .model "$T/rc" | sort -u)" gpt-4o-mini

# a long line takes linear time
awk 'BEGIN { printf "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\""; for (i = 0; i < 60000; i++) printf "Line  %d has   blanks \\n\\n\\n\\n", i % 7; print "\"}]}" }' > "$T/in"
t '2 MB in one text' 0 timeout 20 llm-compress "$T/in"
holds 'is smaller' jq -e '.llm.compress | .tokens_after * 2 < .tokens_before' "$T/out"
awk 'BEGIN { printf "{\"model\":\"gpt-4o\",\"messages\":["; for (i = 0; i < 5000; i++) printf "%s{\"role\":\"%s\",\"content\":\"turn  %d \\n\\n\\nwith   text\"}", i ? "," : "", i % 2 ? "assistant" : "user", i; print "]}" }' > "$T/in"
t '5,000 messages' 0 timeout 20 llm-compress "$T/in"
eq 'all are there' "$(jq '.messages | length' "$T/out")" 5000
finish
