#!/bin/sh
# SPDX-License-Identifier: MIT
# llm-compress, steps "rows" and "drop": tables that come back to the byte, logs that keep what is odd
. "$(dirname "$0")/../lib.sh"

cat > "$T/make.py" << 'X'
import json, random
r = random.Random(7)
odd = ["", " ", "a  b", "-", "a,b", "x=y", "{}", "{a}", "[1]", "true", "null", "12", "1e5", "-0", "007", "line\nend", "tab\t", 'q"uote', "back\\slash", "don't", "é 日本", "a{}b", "trailing ", "\u0007", "💥", "=", "a:", "0x1F", "[3 rows as a table"]
def value(n):
    return [r.choice(odd), r.randrange(10**9), r.random() * 10**r.randrange(-9, 20), None, True, False, [], {}, [1, {"a": "b,c"}], {"k": [r.choice(odd)]}, f"item {n}", "usual", "2026-01-01T00:00:%02dZ" % (n % 60)][r.randrange(13)]
def array(rows, width, missing, mixed):
    names = r.sample(["id", "a,b", "time", "x=1", "na\"me", "ü", "level", "{}", "", "msg", "-", "true", " s"], width)
    kind = [r.randrange(13) for _ in names]
    out = []
    for n in range(rows):
        row = {}
        for name, k in zip(names, kind):
            if r.random() < missing:
                continue
            row[name] = value(n) if r.random() < mixed else [f"web-{n}", n, "usual", "2026-01-01T00:00:%02dZ" % (n % 60), None, n / 7, "GET /path,x", f"{n}", "INFO", f"a  {n}", {"n": n}, f"u{n % 3}", True][k]
        out.append(row)
    return out
for n in range(200):
    a = array(r.randrange(5, 40), r.randrange(1, 9), r.choice([0, 0, .2]), r.choice([0, .1, .5]))
    v = a if n % 3 else {"total": len(a), "result": {"items": a, "next": None}}
    text = json.dumps(v, separators=(",", ":"), ensure_ascii=False)
    text = text if n % 2 else text.replace("1000", "1.0e3")
    if n % 5 == 0:
        text = "See:\n" + text + "\nand say."
    role = {"role": "user", "content": text} if n % 5 == 0 or n % 2 else {"role": "tool", "tool_call_id": "c", "content": text}
    print(json.dumps({"model": "gpt-4o", "messages": [role]}))
X
python3 "$T/make.py" > "$T/in"
t 'all kinds of rows' 0 llm-compress "$T/in"
cp "$T/out" "$T/once"
holds 'many become tables' test "$(grep -c '"name":"rows"' "$T/once")" -gt 60
t 'undo' 0 llm-compress --undo "$T/once"
cat > "$T/compare.py" << 'X'
import json, sys
class Text(str): pass
def load(s):
    return json.loads(s, parse_float=Text, parse_int=Text, object_pairs_hook=lambda p: p)
for n, (a, b) in enumerate(zip(open(sys.argv[1]), open(sys.argv[2]), strict=True)):
    x, y = (json.loads(l)["messages"][0]["content"] for l in (a, b))
    if x.startswith("See:"):
        assert y.startswith("See:\n") and y.endswith("\nand say."), n
        x, y = x[5:-9], y[5:-9]
    assert load(x) == load(y), (n, x[:300], y[:300])
X
holds 'gives back every value, name, order and number text' python3 "$T/compare.py" "$T/in" "$T/out"
t 'a second pass' 0 llm-compress "$T/once"
same 'changes nothing' "$T/out" "$T/once"

one() { printf '%s' "$1" | jq -R -s -c '{model: "gpt-4o", messages: [{role: "user", content: .}]}' > "$T/in"; llm-compress "$T/in" > "$T/out"; jq -r '.messages[0].content' "$T/out" > "$T/text"; }
rows='{"time":"2026-03-14T09:00:01Z","level":"INFO","host":"web-1","status":200,"note":"all is well here"}'
one "[$rows,$rows,$(printf %s "$rows" | sed 's/01Z/07Z/; s/INFO/ERROR/; s/"note":"all is well here"/"note":"one, two"/'),$(printf %s "$rows" | sed 's/,"status":200//'),$rows,$rows]"
eq 'a table as the manual has it' "$(cat "$T/text")" '[6 rows as a table; an empty cell is the value after =, {} is the place of the cell, - is missing]
time=2026-03-14T09:00:01Z,level=INFO,host=web-1,status=200,note=all is well here
,,,,
,,,,
2026-03-14T09:00:07Z,ERROR,,,"one, two"
,,,-,
,,,,
,,,,'
one "[$rows,$rows,$rows,$rows,$(printf %s "$rows" | sed 's/"host"/"level"/')]"
lacks 'a name that stands twice' "$T/text" 'rows as a table'
one "[$rows,$rows,$rows,$rows,7,$rows]"
lacks 'what is no object' "$T/text" 'rows as a table'
one "[5 rows as a table; an empty cell is the value after =, {} is the place of the cell, - is missing] they say. [$rows,$rows,$rows,$rows,$rows]"
lacks 'a text that says so itself gets none' "$T/out" '"name":"rows"'

python3 "$TOP/scripts/bench.d/compress-log.py" 3 > "$T/log"
tool() { jq -R -s -c '{model: "gpt-4o", messages: [{role: "user", content: "What happened to request 77?"}, {role: "assistant", content: null, tool_calls: [{id: "c", type: "function", function: {name: "f", arguments: "{}"}}]}, {role: "tool", tool_call_id: "c", content: .}]}'; }
tool < "$T/log" > "$T/in"
t 'a log of 200 rows' 0 llm-compress "$T/in"
holds 'saves more than half without loss' jq -e '.llm.compress | .tokens_after < .tokens_before * 0.47' "$T/out"
cp "$T/out" "$T/once"
t 'undone' 0 llm-compress --undo "$T/once"
eq 'it is the log' "$(jq -r '.messages[2].content' "$T/out")" "$(jq -c . "$T/log")"

# what is odd stays
t 'drop' 0 llm-compress --drop "$T/in"
holds 'saves 84 in 100' jq -e '.llm.compress | .tokens_after <= .tokens_before * 0.16' "$T/out"
jq -c '.messages[2].content | fromjson | .[] | select(type == "object" and .level != "INFO")' "$T/out" > "$T/got"
jq -c '.[] | select(.level != "INFO")' "$T/log" > "$T/want"
same 'every error and outlier is there' "$T/got" "$T/want"
eq 'so are the ends' "$(jq -c '.messages[2].content | fromjson | map(select(type == "object")) | [.[0, 1, -2, -1]]' "$T/out")" "$(jq -c '[.[0, 1, -2, -1]]' "$T/log")"
holds 'and what went is said' jq -e '.messages[2].content | fromjson | .[-1] | test("rows left out, no error or outlier among them$")' "$T/out"
holds 'in the annotation too' jq -e '.llm.compress.steps[] | select(.name == "drop") | .rules[0].count > 150' "$T/out"
cp "$T/out" "$T/once"
t 'a second time' 0 llm-compress --drop "$T/once"
same 'changes nothing' "$T/out" "$T/once"
jq -nc '[range(200) | {id: ., state: (if . == 77 then null elif . == 123 then "A1-9" elif . % 2 == 0 then "open" else "shut" end)}]' | tool > "$T/in"
t 'a column of words' 0 llm-compress --drop "$T/in"
eq 'what is of another kind stays' "$(jq -c '.messages[2].content | fromjson | map(select(type == "object" and .state != "open" and .state != "shut"))' "$T/out")" '[{"id":77,"state":null},{"id":123,"state":"A1-9"}]'
awk 'BEGIN { for (i = 0; i < 400; i++) { if (i == 123) print "12:02:03 worker 3 Exception in task\n  at run (a.c:12)\n  at main (b.c:40)"; if (i == 301) print "12:05:00 disk nearly full"; printf "12:%02d:%02d worker %d took %d ms\n", i / 60, i % 60, i % 4, i == 250 ? 90000 : 20 + i % 9 } }' > "$T/lines"
tool < "$T/lines" > "$T/in"
t 'a log of lines' 0 llm-compress --drop "$T/in"
jq -r '.messages[2].content' "$T/out" > "$T/text"
for keep in 'Exception in task' '  at main (b.c:40)' 'disk nearly full' 'took 90000 ms' '12:00:00 worker 0' '12:06:39 worker 3'; do has "keeps: $keep" "$T/text" "$keep"; done
holds 'saves most' jq -e '.llm.compress | .tokens_after <= .tokens_before * 0.2' "$T/out"
has 'counts what went' "$T/text" 'lines left out, no error or outlier among them'
printf 'one\ntwo\nthree\n' | tool > "$T/in"
t 'a short text' 0 llm-compress --drop "$T/in"
eq 'stays' "$(jq -r '.messages[2].content' "$T/out")" "$(printf 'one\ntwo\nthree')"

# what has a form of its own is no log: JSON whose members repeat, code fences, JSON between lines
jq -n '[range(40) | {key: "k\(.)", value: "all is well"}] | from_entries' > "$T/object"
tool < "$T/object" > "$T/in"
t 'an object of 40 lines' 0 llm-compress --drop "$T/in"
eq 'stays whole' "$(jq -c '.messages[2].content | fromjson' "$T/out")" "$(jq -c . "$T/object")"
{ sed -n 1,60p "$T/lines" && printf '```\n' && sed -n 1,40p "$T/lines" && printf '```\nbody:\n' && cat "$T/object"; } > "$T/mixed"
tool < "$T/mixed" > "$T/in"
t 'a log with a fence and JSON' 0 llm-compress --drop "$T/in"
jq -r '.messages[2].content' "$T/out" > "$T/text"
has 'loses lines' "$T/text" ' lines left out'
# shellcheck disable=SC2016 # a fence
eq 'none of the fence' "$(sed -n '/^```/,/^```/p' "$T/text")" "$(sed -n '/^```/,/^```/p' "$T/mixed")"
eq 'nor of JSON' "$(sed -n '/^{/,$p' "$T/text")" "$(cat "$T/object")"
tr '\n' '\r' < "$T/lines" | sed 's/\r/\r\n/g' | tool > "$T/in"
t 'lines that end by CR LF' 0 llm-compress --drop "$T/in"
eq 'still do' "$(jq -j '.messages[2].content' "$T/out" | grep -v 'lines' | grep -vc "$(printf '\r')\$")" 0

# the same in other makes: names that were made up are no outliers, rows stand deep, are strings or cells
dropped() { # NAME KEPT...
	tool < "$T/raw" > "$T/in"
	t "drop: $1" 0 llm-compress --drop "$T/in"
	holds 'saves most' jq -e '.llm.compress | .tokens_after <= .tokens_before * 0.3' "$T/out"
	jq -r '.messages[2].content' "$T/out" > "$T/text"
	shift
	for keep; do has "keeps: $keep" "$T/text" "$keep"; done
	cp "$T/out" "$T/once"
	t 'a second time' 0 llm-compress --drop "$T/once"
	same 'changes nothing' "$T/out" "$T/once"
}
awk 'BEGIN { for (i = 0; i < 200; i++) { if (i == 99) print "web-0b4d7   0/1   CrashLoopBackOff   3d"; l = "bdghkmpqrtvxz"; printf "web-%s%d%s%dk   1/1   Running   %dd\n", substr(l, i % 13 + 1, 1), i % 10, substr(l, i * 5 % 11 + 1, 1), i * 3 % 10, i % 30 } }' > "$T/raw"
dropped 'a table of pods' 'web-0b4d7   0/1   CrashLoopBackOff'
awk 'BEGIN { print "<rows>"; for (i = 0; i < 200; i++) { if (i == 50) print "  <row><state>error</state></row>"; printf "  <row><id>%d</id><state>ok</state></row>\n", i }; print "</rows>" }' > "$T/raw"
dropped 'lines that are all indented' '<state>error</state>'
jq -n -c '{data: {result: {items: ([range(200) | {id: ., state: (if . == 90 then "lost" else "ok" end)}])}}}' > "$T/raw"
dropped 'rows deep inside' '"state":"lost"'
jq -n -c '[range(200) | [., "ok", (if . == 90 then 99999 else 20 + . % 9 end)]]' > "$T/raw"
dropped 'rows of cells' '[90,"ok",99999]'
jq -n -c '[range(200) | if . == 90 then "disk is full" else "row \(.) is fine" end]' > "$T/raw"
dropped 'strings' '"disk is full"'
# errors by a status, by what a member says however deep it stands, behind an escape, in colours
jq -n -r 'range(200) | "10.0.0.\(.) - - [10/Oct/2025:13:55:00 +0000] \"GET /a/\(.) HTTP/1.1\" \(if . % 20 == 7 then 503 else 200 end) \(400 + .)"' > "$T/raw"
dropped 'an access log' '/a/67 HTTP/1.1" 503' '/a/127 HTTP/1.1" 503' '/a/187 HTTP/1.1" 503'
jq -n -c 'range(200) | {n: ., http: {statusCode: (if . % 20 == 7 then 404 else 200 end)}, error: null}' > "$T/raw"
dropped 'JSON line by line' '{"n":67,' '{"n":127,' '{"n":187,'
jq -n -c '[range(200) | {n: ., result: {ok: (. % 20 != 7), error: (if . % 20 == 9 then "\(.)" else "" end)}}]' > "$T/raw"
dropped 'members inside' '{"n":67,' '{"n":127,' '{"n":129,' '{"n":189,'
jq -n -c '("ash beech elder hawthorn juniper oak willow" / " ") as $w | [range(200) | . as $N | {n: ., text: ([., . / 7, . / 49, . * 3 / 5 + 2] | map($w[floor % 7]) | join(" ") + (if $N == 67 then "\nerror: x67" elif $N == 127 then " \u001b[31merr x127" elif $N == 187 then " cannot x187" else "" end))}]' > "$T/raw"
dropped 'texts with escapes' x67 x127 x187
# what the question names, whatever its escapes
jq -n -a -c '[range(200) | {n: ., who: "\(["Jörg", "Zoë", "Łukasz", "Søren"][. % 4])\(["mann", "son", "berg", "feld", "bach"][. / 4 % 5 | floor])\(["a", "e", "i", "o", "u", "y", "ö", "ø", "å", "ë"][. / 20 | floor])"}]' > "$T/raw"
tool < "$T/raw" | jq -c '.messages[0].content = "Where does Sørenfeldø live?"' > "$T/in"
t 'a name with escapes' 0 llm-compress --drop "$T/in"
has 'is found' "$T/out" 'Sørenfeldø\"'
jq -c '.messages[0].content = "What of \"S\\u00f8renfeld\\u00f8\"?"' "$T/in" > "$T/asked"
t 'a name that is asked with escapes' 0 llm-compress --drop "$T/asked"
has 'is found too' "$T/out" 'Sørenfeldø\"'
jq -c '.[] | "2026-03-14 INFO seen=\(tojson)"' -r "$T/raw" | jq -R -s -c '{model: "gpt-4o", messages: [{role: "user", content: "Go."}, {role: "assistant", content: null, tool_calls: [{id: "c", type: "function", function: {name: "f", arguments: "{}"}}]}, {role: "tool", tool_call_id: "c", content: (. | gsub("ø"; "\\u00f8"))}, {role: "user", content: "Where does Sørenfeldø live?"}]}' > "$T/in"
t 'escapes inside lines' 0 llm-compress --ratio 20% "$T/in"
has 'are read' "$T/out" 'S\\u00f8renfeld\\u00f8'
# a name and a number of one digit, which many other rows have too
jq -n -c '[range(200) | {host: "node-\(if . == 93 then 7 else 10 + . % 60 end)", try: (1 + . % 9), disk: "disk\(if . == 133 then 3 else 4 end)", order: (if . == 53 then 8 else 20 + . end)}]' > "$T/raw"
asked() { # QUESTION KEPT
	jq -c --arg q "$1" '.messages[0].content = $q' "$T/in" > "$T/asked"
	t "drop: $1" 0 llm-compress --drop "$T/asked"
	jq -r '.messages[2].content' "$T/out" > "$T/text"
	has 'keeps it' "$T/text" "$2"
}
tool < "$T/raw" > "$T/in"
asked 'Is node-7 slow?' 'node-7"'
asked 'Is Node 7 slow?' 'node-7"'
asked 'What of disk 3?' 'disk3"'
asked 'Where is order 8?' '"order":8}'
jq -r '.[] | "INFO \(.host) try \(.try) of \(.disk)"' "$T/raw" | tool > "$T/in"
asked 'Is node-7 slow?' 'node-7 '
asked 'What of disk3?' 'disk3'
jq -n -c '[range(200) | [., . * 2]]' > "$T/points"
tool < "$T/points" > "$T/in"
t 'points' 0 llm-compress --drop "$T/in"
eq 'are no rows' "$(jq -r '.messages[2].content | fromjson | length' "$T/out")" 200
finish
