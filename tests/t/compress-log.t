#!/bin/sh
# SPDX-License-Identifier: MIT
# llm-compress, step "log": lines of logs that come back to the byte, errors that stand as they are
. "$(dirname "$0")/../lib.sh"

cat > "$T/make.py" << 'X'
import json, random
r = random.Random(7)
odd = ["INFO", "", ",", "|", '"', '"x"', "{}", "=", ">", "*3", "x,y", "1|2", "é", "-", "took", "\\", '\\"q', "  ", "\t", "don't"]
def line(n, form, strange):
    words = [f"2026-03-14T09:{n // 60:02d}:{n % 60:02d}Z", "INFO", f"web-{n % 3}", form, f"{n * 7 % 50}ms", "done"]
    for k in range(len(words)):
        if r.random() < strange:
            words[k] = r.choice(odd)
    return r.choice(["", "", "", "> ", "*2 "] if strange else [""]) + " ".join(words)
for n in range(200):
    form, strange, lines = r.choice(["GET /a", "query, rows=3", "a|b"]), r.choice([0, .02, .2]), []
    for i in range(r.randrange(4, 60)):
        x = r.random()
        if lines and x < .1:
            lines.append(lines[-1])
        elif x < .13:
            lines += [f"2026-03-14T09:00:00Z ERROR upstream {i} failed", "Traceback (most recent call last):", "  File a.py, line 3"]
        else:
            lines.append(line(i, form, strange))
    text = r.choice(["", "The log:\n\n"]) + "\n".join(lines) + r.choice(["", "\n", "\n\nWhat is odd?"])
    tool = {"role": "tool", "tool_call_id": "c", "content": text}
    print(json.dumps({"model": "gpt-4o", "messages": [tool if n % 2 else {"role": "user", "content": text}]}))
X
python3 "$T/make.py" > "$T/in"
t 'logs of all kinds' 0 llm-compress "$T/in"
cp "$T/out" "$T/once"
holds 'most become cells' test "$(grep -c '"name":"log"' "$T/once")" -gt 100
cat > "$T/compare.py" << 'X'
import json, sys
for n, (a, b, c) in enumerate(zip(*map(open, sys.argv[1:4]), strict=True)):
    x, y, z = (json.loads(l)["messages"][0]["content"] for l in (a, b, c))
    steps = [s["name"] for s in json.loads(b)["llm"]["compress"]["steps"]]
    assert "whitespace" in steps or z == x, (n, x, z)
    for error in x.split("\n"):
        assert "ERROR" not in error or ">" + error in y or error in y.split("\n"), (n, error)
X
t 'undo' 0 llm-compress --undo "$T/once"
cp "$T/out" "$T/back"
holds 'every line comes back to the byte, errors stand in full' python3 "$T/compare.py" "$T/in" "$T/once" "$T/back"
t 'a second pass' 0 llm-compress "$T/once"
same 'changes nothing' "$T/out" "$T/once"

tool() { jq -R -s -c '{model: "gpt-4o", messages: [{role: "user", content: "Why?"}, {role: "tool", tool_call_id: "c", content: .}]}' > "$T/in"; llm-compress "$@" "$T/in" > "$T/out"; jq -r '.messages[1].content' "$T/out" > "$T/text"; }
log() { i=0; while [ "$i" -lt "$1" ]; do printf '2026-03-14T09:00:%02dZ INFO web-%d request completed\n' "$i" $((i % 3)); i=$((i + 1)); done; }
{ log 12; log 12 | tail -n 1; log 12 | tail -n 1; echo '2026-03-14T09:00:12Z ERROR web-1 upstream timed out'; } > "$T/log"
tool < "$T/log"
eq 'as the manual has it' "$(cat "$T/text")" '[15 log lines as cells, each up to ,; an empty or missing one is what stands behind =, {} is the place of the cell, * N is the line above N times more, > is a line as it stands]
=2026-03-14T09:00:{}Z,=INFO web-{} request completed
00,0
01,1
02,2
03,0
04,1
05,2
06,0
07,1
08,2
09,0
10,1
11,2
*2
>2026-03-14T09:00:12Z ERROR web-1 upstream timed out'
holds 'and is fewer tokens' jq -e '.llm.compress | .tokens_after < .tokens_before' "$T/out"
tool --drop < "$T/text"
eq 'rows do not go from what is cells already' "$(cat "$T/text")" "$(jq -r '.messages[1].content' "$T/in")"
jq -nc --rawfile log "$T/log" '{custom_id: "a", body: {model: "gpt-4o", messages: [{role: "user", content: "Which host timed out?"}, {role: "tool", tool_call_id: "c", content: $log}]}}' > "$T/in"
llm-compress --ratio 30% "$T/in" > "$T/out"
jq -r '.body.messages[1].content' "$T/out" > "$T/text"
has 'a choice is made of lines, not of cells' "$T/text" '2026-03-14T09:00:12Z ERROR web-1 upstream timed out'
lacks 'without the cells' "$T/text" 'log lines as cells'

# a cell of blanks is no empty one, whose line ends in what most lines end in
awk 'BEGIN { for (i = 0; i < 30; i++) printf "2026-03-14T09:00:%02dZ INFO web-%d GET %dms %s\n", i, i % 3, i * 7 % 50, i == 4 ? " " : "done" }' |
	jq -R -s -c '{model: "gpt-4o", messages: [{role: "user", content: .}]}' > "$T/in"
t 'blanks at the end of a line' 0 llm-compress "$T/in"
has 'do not hinder' "$T/out" '"name":"log"'
eq 'nor bring an end back' "$(llm-compress --undo "$T/out" | jq -r '.messages[0].content' | grep -c 'done$')" 29

yes 'WARN retrying, connection failed' | head -n 40 | tool
eq 'one line again and again' "$(sed -n '2,$p' "$T/text")" '=""
>WARN retrying, connection failed
*39'
yes '2026-03-14 INFO the same thing again' | head -n 1000 | tool
eq 'many lines are several blocks' "$(grep -c 'log lines as cells' "$T/text")" 4
eq 'and come back' "$(llm-compress --undo "$T/out" | jq -r '.messages[1].content' | grep -cx '2026-03-14 INFO the same thing again')" 1000
cp "$T/out" "$T/once"
sed 's/\[256 log/[999999999 log/; s/\*255/*99999998/' "$T/once" > "$T/in"
t 'a block that says it is huge' 0 llm-compress --undo "$T/in"
has 'stays as it is' "$T/out" '999999999 log lines'
yes 'the rain in spain falls, and falls again, 12 times' | head -n 3 | tool
lacks 'three lines are no log' "$T/text" 'log lines'
seq 1 40 | sed 's/.*/static int table_& = lookup(&) * 3 - 1;/' | tool
lacks 'code is none' "$T/text" 'log lines'
seq 1 12 | sed 's/.*/host-7 said at 2026-03-14T09:00:07Z that part & went well/' | tool
has 'a time may stand inside' "$T/text" 'log lines as cells'
{ echo '```'; log 20; echo '```'; } | tool
lacks 'nor what stands in a fence' "$T/text" 'log lines'
{ log 20; log 20 | tail -n 1; log 20 | tail -n 1; } | sed "s/\$/$(printf '\r')/" | tool
has 'lines that end in CR LF keep them' "$T/text" "$(printf '*2\r')"
eq 'and come back with them' "$(llm-compress --undo "$T/out" | jq -r '.messages[1].content' | grep -c "completed$(printf '\r')\$")" 22
{ log 9 | sed "s/\$/$(printf '\r')/"; log 9; } | tool
llm-compress --undo "$T/out" | jq -c .messages > "$T/got"
jq -c .messages "$T/in" > "$T/want"
same 'both ends of lines in one text come back' "$T/got" "$T/want"
finish
