#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: llm-cost count counts tokens as wc counts words, and as the provider bills them.
. "$(dirname "$0")/../lib.sh"

for n in 0:Spagetti 1:Sushi 2:Ramen; do
	printf '{"custom_id":"%s","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-3.5-turbo","messages":[{"role":"user","content":"%s"}]}}\n' "${n%:*}" "${n#*:}"
done > "$T/r3"
t 'csv' 0 llm-cost count --model gpt-3.5-turbo --format csv "$T/r3"
printf '%s\n' line,id,tokens,class,low,high 1,0,10,template,, 2,1,9,template,, 3,2,9,template,, > "$T/want"
same 'a request is counted as it is billed' "$T/out" "$T/want"
t 'by the model of each' 0 llm-cost count --format csv "$T/r3"
same 'by the model of each: the same' "$T/out" "$T/want"
t 'json' 0 llm-cost count --format json "$T/r3"
eq 'json: a line a record' "$(head -n 1 "$T/out")" '{"line":1,"id":"0","tokens":10,"class":"template"}'
t 'as wc' 0 llm-cost count "$T/r3" "$T/r3"
eq 'a line a file, and a total' "$(sed "s|$T/||" "$T/out" | xargs)" '28 r3 28 r3 56 total'
t 'standard input has no name' 0 sh -c "llm-cost count < '$T/r3'"
eq 'standard input has no name: the number alone' "$(cat "$T/out")" 28
t 'empty input' 0 llm-cost count /dev/null
eq 'empty input: zero' "$(cat "$T/out")" '0 /dev/null'
: > "$T/empty"
t 'an empty file among others' 0 llm-cost count "$T/empty" "$T/r3" "$T/empty"
eq 'an empty file among others: each has its line' "$(sed "s|$T/||" "$T/out" | xargs)" '0 empty 28 r3 0 empty 28 total'
t '-v' 0 llm-cost count -v "$T/r3"
has '-v tells the class' "$T/err" 'template'
t 'a family without public ranks' 0 llm-cost count --format json --model claude-sonnet-4-5 "$T/r3"
eq 'is an estimate with its band' "$(jq -c 'select(.class=="estimate" and .low<=.tokens and .tokens<=.high and .low<.high)|.id' "$T/out" | xargs)" '0 1 2'
t 'an estimate, csv' 0 llm-cost count --format csv --model claude-sonnet-4-5 "$T/r3"
eq 'an estimate, csv: low and high' "$(sed -n 2p "$T/out" | grep -cE '^1,0,[0-9]+,estimate,[0-9]+,[0-9]+$')" 1

# texts
printf 'hello world' > "$T/text"
t 'a text' 0 llm-cost count --text --model gpt-4o "$T/text"
eq 'a text: N FILE' "$(sed "s|$T/||" "$T/out")" '2 text'
t 'the ids' 0 llm-cost count --text --ids --model gpt-4o "$T/text"
eq 'the ids: o200k' "$(cat "$T/out")" '24912 2375'
t 'the ids of another encoding' 0 llm-cost count --text --ids --model gpt-4 "$T/text"
eq 'the ids: cl100k' "$(cat "$T/out")" '15339 1917'
t 'the ids of a request: a line a text' 0 llm-cost count --ids "$T/r3"
eq 'the ids of a request: three lines' "$(wc -l < "$T/out" | xargs)" 3
t 'ids that are not public' 2 llm-cost count --text --ids --model claude-sonnet-4-5 "$T/text"
printf '<|endoftext|>' > "$T/special"
t 'what looks like a special token' 0 llm-cost count --text --model gpt-4o "$T/special"
holds 'is plain text' test "$(cut -d' ' -f1 < "$T/out")" -gt 1
t 'a text without a model' 2 llm-cost count --text "$T/text"
t 'ids in another format' 2 llm-cost count --ids --format json "$T/r3"
t 'a text that is not there' 3 llm-cost count --text --model gpt-4o "$T/none" "$T/text"
eq 'the other one is counted' "$(sed "s|$T/||" "$T/out" | xargs)" '2 text 2 total'
t 'a folder' 3 llm-cost count --text --model gpt-4o "$T"

# rows
{ cat "$T/r3"; echo null; echo '{"model":"gpt-4o","usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}'; echo '{'; } > "$T/odd"
t 'odd lines' 4 llm-cost count --format csv "$T/odd"
same 'odd lines are not counted' "$T/out" "$T/want"
has 'odd lines: how many' "$T/err" '2 lines are no request'
printf '{"custom_id":"a,\\"b","body":{"model":"gpt-4o","messages":[{"role":"user","content":"hi"}]}}\n' > "$T/quoted"
t 'an id with a comma and a quote' 0 llm-cost count --format csv "$T/quoted"
has 'is quoted' "$T/out" '1,"a,""b",'
printf '{"custom_id":"i","body":{"model":"gpt-4o","messages":[{"role":"user","content":[{"type":"text","text":"what is this"},{"type":"image_url","image_url":{"url":"https://example.com/x.png"}}]}]}}\n' > "$T/image"
t 'an image by URL' 0 llm-cost count --format json "$T/image"
eq 'is not countable, never 0' "$(jq -c '[(.missing|length>0),.tokens>0]' "$T/out")" '[true,true]'
has 'and that is said' "$T/err" 'not countable'
finish
