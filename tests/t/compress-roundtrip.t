#!/bin/sh
# SPDX-License-Identifier: MIT
# llm-compress, all lossless steps at once: random texts come back, never grow, and a second run finds nothing
. "$(dirname "$0")/../lib.sh"

cat > "$T/make.py" << 'X'
import json, random
r = random.Random(11)
words = "the quick café naïve 日本語 error failed 12.50 3e5 don't \"quoted text  here\" `code  x` http://a.b/c?d=1 “q  r” 'it  is' x==y a|b k: v - * 1. {} = > *3 [x] \\ \\n 😀".split(" ")
ends = ["\n", "\n", "\n\n", "\n\n\n\n", " \n\n", "\r\n\r\n", " \r\n", ""]
def said(n):
    return r.choice([" ", " ", " ", "  "]).join(r.choice(words) for _ in range(n))
def value():
    return r.choice([lambda: r.randrange(999), lambda: said(r.randrange(4)), lambda: r.choice([None, True, 1.50, "", " x ", "-", "a,b", "=", "é\u00a0", {"k": 1}, [1, 2], "a\nb", "> q", "*2", "9 (a)"])])()
def data():
    names = [r.choice(["id", "a b", "x,y", "=z", "é", "columns", "-"]) + str(k) for k in range(r.randrange(1, 6))]
    same, missing, rows = [value() for _ in names], r.random() < .5, []
    for _ in range(r.randrange(14)):
        rows.append({n: s if r.random() < .5 else value() for n, s in zip(names, same) if not (missing and r.random() < .2)})
    form = r.randrange(6)
    if form == 0:
        return json.dumps({"data": rows, "n": 3}, separators=(",", ":"), ensure_ascii=False)
    if form == 1:
        return json.dumps(rows, indent=2).replace("\n", r.choice(["\n", "\r\n"]))
    if form == 2:
        return "\n".join(json.dumps(x).replace("/", "\\/") for x in rows)
    return json.dumps(rows, separators=(",", ":") if form < 5 else (", ", ": "))
def log():
    out = []
    for i in range(r.randrange(3, 40)):
        w = [f"2026-03-14T09:00:{i:02d}Z", r.choice(["INFO", "INFO", "WARN"]), f"web-{i % 3}", r.choice(["request", "ok, so", "a|b"]), f"{i * 7 % 50}ms", "done"]
        w = [r.choice(["", '"', '"x"', "{}", "=", ">", "*3", ",", "\t", "é", "  "]) if r.random() < .04 else x for x in w]
        s, x = " ".join(w), r.random()
        out.append(out[-1] if out and x < .15 else r.choice(["Traceback:", "  File x", ">" + s, "*4", '"' + s, "ERROR " + s, s + " "]) if x < .2 else s)
    return r.choice(["\n", "\n", "\n", "\r\n"]).join(out)
def prose():
    return r.choice(["\n", "\n\n", "  \n", "\r\n", " \n"]).join(said(r.randrange(1, 14)) for _ in range(r.randrange(1, 8)))
def fence():
    return "```\n" + "\n".join(r.choice(["    ", ""]) + said(4) for _ in range(4)) + r.choice(["\n```", ""])
def table():
    return "| a | b |\n|---|---|\n" + "\n".join(f"| {said(2)} | {said(1)} |" for _ in range(4))
def ours():
    return r.choice(['[same 5 lines as above, from "the quick"]', '{"columns":["a","b"],"rows":[[1,2],[3,4]]}', "[<?>]", "50%\r60%\rdone", "[5 rows as a table; an empty cell is the value after =, {} is the place of the cell, - is missing]\na\n1\n2"])
def text():
    out = ""
    for _ in range(r.randrange(1, 6)):
        if not seen or r.random() > .25:
            seen.append(r.choices([data, log, prose, fence, table, ours], [6, 5, 5, 1, 1, .3])[0]())
        out += r.choice(seen) + r.choice(ends)
    return out
for n in range(400):
    seen = []
    a, b, c, d = text(), text(), text(), text()
    if n % 3 == 0:
        q = {"model": "gpt-4o", "messages": [{"role": "system", "content": a}, {"role": "user", "content": b}, {"role": "assistant", "content": None, "tool_calls": [{"id": "x", "type": "function", "function": {"name": "f", "arguments": json.dumps({"q": a}, indent=1)}}]}, {"role": "tool", "tool_call_id": "x", "content": c}, {"role": "user", "content": d}]}
    elif n % 3 == 1:
        q = {"custom_id": str(n), "params": {"model": "claude-sonnet-4-5", "max_tokens": 9, "system": a, "messages": [{"role": "user", "content": [{"type": "text", "text": b}, {"type": "text", "text": c}]}, {"role": "assistant", "content": [{"type": "tool_use", "id": "t", "name": "f", "input": {"a": d}}]}, {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t", "content": d}]}]}}
    else:
        q = {"contents": [{"role": "user", "parts": [{"text": a}, {"text": b}]}, {"role": "model", "parts": [{"text": c}]}, {"role": "user", "parts": [{"text": d}]}]}
    print(json.dumps(q, ensure_ascii=r.random() < .5))
X
python3 "$T/make.py" > "$T/in"
t 'random records' 0 llm-compress "$T/in"
cp "$T/out" "$T/once"
t 'a second run' 0 llm-compress "$T/once"
same 'changes nothing' "$T/out" "$T/once"
t 'undo' 0 llm-compress --undo "$T/once"
cat > "$T/compare.py" << 'X'
import collections, json, re, sys
def texts(v):
    if isinstance(v, str):
        yield v
    elif isinstance(v, (dict, list)):
        for x in v.values() if isinstance(v, dict) else v:
            yield from texts(x)
def bare(s):
    s = re.sub(r"\\u([0-9a-f]{4})", lambda m: chr(int(m[1], 16)), s).replace("\\/", "/")
    return re.sub(r"[ \t\r\n]+", "", s.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
ran = collections.Counter()
for n, (a, b, c) in enumerate(zip(*map(open, sys.argv[1:4]), strict=True)):
    a, b, c = map(json.loads, (a, b, c))
    note = b.pop("llm")["compress"]
    assert "llm" not in c
    steps = {s["name"] for s in note["steps"]}
    ran.update(steps)
    assert note["tokens_after"] <= note["tokens_before"], n
    form = str if steps <= {"log", "blocks"} else bare
    assert list(map(form, texts(a))) == list(map(form, texts(c))), (n, steps)
assert all(ran[s] > 20 for s in ("json", "rows", "tables", "log", "whitespace", "blocks")), ran
X
holds 'every record comes back, blanks aside, and none grew' python3 "$T/compare.py" "$T/in" "$T/once" "$T/out"
for p in '--level light' '--ratio 60%' '--prune 60%'; do
	# shellcheck disable=SC2086
	t "random records, $p" 0 llm-compress $p "$T/in"
	mv "$T/out" "$T/once"
	# shellcheck disable=SC2086
	t "a second run with $p" 0 llm-compress $p "$T/once"
	same "changes nothing" "$T/out" "$T/once"
done
jq -nc '([range(9) | {id: ., state: "open"}] | tojson) as $rows | {model: "gpt-4o", messages: [{role: "user", content: "What are 9 rows as a table; an empty cell?"}, {role: "assistant", content: "Yes."}, {role: "user", content: $rows}]}' > "$T/in"
t 'a table in a turn that goes' 0 llm-compress --keep-turns 1 "$T/in"
has 'hinders none in those that stay' "$T/out" '"name":"rows"'
finish
