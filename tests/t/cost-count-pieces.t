#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: llm-cost count --pieces shows each token of a text: to people, in colours, and as JSON.
. "$(dirname "$0")/../lib.sh"

printf 'Hello, world!\nx  y\tz\\\n' > "$T/text"
t 'a text' 0 llm-cost count --text --model gpt-4o --pieces "$T/text"
printf '%s\n' '[Hello][,][ world][!\n]' '[x][ ][ y][\tz][\\\n]' > "$T/want"
same 'pieces in brackets, lines kept, escapes as in C' "$T/out" "$T/want"
t 'with their ids' 0 llm-cost count --text --model gpt-4o --pieces -v "$T/text"
eq 'with their ids: behind each' "$(head -n 1 "$T/out")" '[Hello]13225 [,]11 [ world]2375 [!\n]4175 '
t 'the ids alone' 0 llm-cost count --text --model gpt-4o --ids "$T/text"
cp "$T/out" "$T/ids"
t 'as JSON' 0 llm-cost count --text --model gpt-4o --pieces --format json "$T/text"
eq 'as JSON: an array a text' "$(jq -c '.[0:2]' "$T/out")" \
	'[{"id":13225,"text":"Hello","start":0,"end":5},{"id":11,"text":",","start":5,"end":6}]'
jq -rj 'map(.text)|join("")' "$T/out" > "$T/joined"
same 'as JSON: the pieces are the text' "$T/joined" "$T/text"
jq -r 'map(.id)|join(" ")' "$T/out" > "$T/joined"
same 'as JSON: the ids are those of --ids' "$T/joined" "$T/ids"
t 'no text' 0 llm-cost count --text --model gpt-4o --pieces --format json /dev/null
eq 'no text: no pieces' "$(cat "$T/out")" '[]'

# a token that ends inside a character
printf '\360\237\217\275\344\270\255\315\217' > "$T/cut"
t 'a cut character' 0 llm-cost count --text --model gpt-4 --pieces "$T/cut"
has 'is shown by its bytes' "$T/out" '\xf0\x9f'
has 'a whole one as it is' "$T/out" '中'
t 'a cut character, JSON' 0 llm-cost count --text --model gpt-4 --pieces --format json "$T/cut"
eq 'has bytes and no text' "$(jq -c '.[0]|[has("text"),.bytes[0],(.bytes|length)==.end]' "$T/out")" '[false,240,true]'
eq 'all bytes are there' "$(jq '[.[]|.bytes // (.text|explode|map(if .<128 then 1 elif .<2048 then 2 elif .<65536 then 3 else 4 end)|map(range(.)))|length]|add' "$T/out")" 9
eq 'without a gap' "$(jq -c '[.[:-1],.[1:]]|transpose|all(.[0].end==.[1].start)' "$T/out")" true

# nothing in a text may act on the reader's terminal, or hide from him
printf 'a\033[31mb\200\342\200\213\342\200\256\302\205\314\201\177\r' > "$T/evil"
t 'controls and hidden characters' 0 llm-cost count --text --model gpt-4o --pieces "$T/evil"
holds 'no control but newline is printed' test "$(tr -d '\n\040-\176\200-\377' < "$T/out" | wc -c)" -eq 0
has 'an escape' "$T/out" '\x1b'
has 'a blank of no width' "$T/out" '\u{200b}'
has 'what is no UTF-8 is what was counted' "$T/out" '�'
has 'an accent sits on a circle' "$T/out" '◌́'
has 'a carriage return' "$T/out" '\r]'

# the texts of a request say where they stand
cat > "$T/req" << 'END'
{"custom_id":"a","body":{"model":"gpt-4o","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":[{"type":"text","text":"Hi\n\"you\""},{"type":"text","text":"there"}]}]}}
{"odd name":0,"model":"gpt-4","messages":[{"role":"user","content":"four"}],"tools":[]}
END
t 'requests' 0 sh -c "cd '$T' && llm-cost count --pieces req"
cat > "$T/want" << 'END'
req:1: a .body.messages[0].content (system): 3 tokens
[Be][ brief][.]
req:1: a .body.messages[1].content[0].text (user): 5 tokens
[Hi][\n]
["][you]["]
req:1: a .body.messages[1].content[1].text (user): 1 token
[there]
req:2: r-2 .messages[0].content (user): 1 token
[four]
END
same 'requests: line, id, member and kind of each text' "$T/out" "$T/want"
t 'requests, JSON' 0 llm-cost count --pieces --format json "$T/req"
eq 'requests, JSON: the same, by name' "$(jq -c '[.line,.id,.kind,(.pieces|length)]' "$T/out" | xargs)" '[1,a,system,3] [1,a,user,5] [1,a,user,1] [2,r-2,user,1]'
agree=yes
while IFS= read -r row; do
	line=$(printf %s "$row" | jq .line)
	member=$(printf %s "$row" | jq -r .member)
	[ "$(printf %s "$row" | jq -c '.pieces|map(.text)|join("")')" = "$(sed -n "${line}p" "$T/req" | jq -c "$member")" ] || agree=$row
done < "$T/out"
eq 'requests, JSON: jq finds each text by its member' "$agree" yes
t 'several files' 0 llm-cost count --text --model gpt-4o --pieces "$T/text" "$T/cut"
has 'several files: each is named' "$T/out" "$T/text: 9 tokens"

# on a terminal
cat > "$T/terminal.py" << 'END'
import os, pty, sys
sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))
END
if python3 -c 'import os; os.openpty()' 2> /dev/null; then
	t 'on a terminal' 0 env -u NO_COLOR TERM=xterm-256color python3 "$T/terminal.py" llm-cost count --text --model gpt-4o --pieces "$T/text" < /dev/null
	eq 'on a terminal: neighbours differ in background' "$(tr -d '\r' < "$T/out" | head -n 1 | grep -o '48;5;[0-9]*' | uniq | wc -l | xargs)" 4
	has 'on a terminal: a blank can be seen' "$T/out" '·'
	holds 'on a terminal: colours end before the line does' grep -q "$(printf '\033\\[0m\r*$')" "$T/out"
	t 'NO_COLOR' 0 env NO_COLOR=1 TERM=xterm python3 "$T/terminal.py" llm-cost count --text --model gpt-4o --pieces "$T/text" < /dev/null
	has 'NO_COLOR: brackets' "$T/out" '[Hello][,]'
	lacks 'NO_COLOR: no colour' "$T/out" "$(printf '\033')"
	t 'a dumb terminal' 0 env -u NO_COLOR TERM=dumb python3 "$T/terminal.py" llm-cost count --text --model gpt-4o --pieces "$T/text" < /dev/null
	has 'a dumb terminal: brackets' "$T/out" '[Hello][,]'
	t 'a file' 0 env -u NO_COLOR TERM=xterm python3 "$T/terminal.py" llm-cost count --text --model gpt-4o --pieces -o "$T/file" "$T/text" < /dev/null
	has 'a file: brackets' "$T/file" '[Hello][,]'
else
	skip 'on a terminal' 'this machine gives no terminal'
fi

t 'pieces as CSV' 2 llm-cost count --text --model gpt-4o --pieces --format csv "$T/text"
t 'pieces and ids' 2 llm-cost count --text --model gpt-4o --pieces --ids "$T/text"
t 'pieces that are not public' 2 llm-cost count --text --model claude-sonnet-4-5 --pieces "$T/text"
finish
