#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a filter may touch, and proof that it touched nothing else.

usage: passthrough.py make DATA              lines from the folders of outside data, on standard output
       passthrough.py answer < IN            the requests among them, answered
       passthrough.py check IN OUT OWNED...  compares line by line, says how many lines have changed
       passthrough.py subset IN OUT OWNED... the same where lines may be missing from OUT

An OWNED path (`body.messages`, `llm.route`) names what the filter may change, add or take away. Each
line of OUT, with every owned member cut out of its bytes, must be the line of IN cut in the same
way. Lines are cut as bytes: numbers, escapes, blanks, order and doubled members all count.
"""
import csv
import gzip
import json
import os
import re
import sys

SPACE = b" \t\r\n"
BLANKS = re.compile(rb"[ \t\r\n]*")
STRING = re.compile(rb'"(?:[^"\\]+|\\.)*"', re.S)
SCALAR = re.compile(rb"[^,\]} \t\r\n]*")
# all up to the next bracket that stands in no string
UNTIL_BRACKET = re.compile(rb'(?:[^"{}\[\]]+|"(?:[^"\\]+|\\.)*")*', re.S)


def skip_space(s, i):
    return BLANKS.match(s, i).end()


def skip_string(s, i):
    return STRING.match(s, i).end()


def skip_value(s, i):
    """The end of the value that starts at i."""
    if s[i] == 0x22:
        return skip_string(s, i)
    if s[i] not in b"{[":
        return SCALAR.match(s, i).end()
    depth = 0
    while True:
        i = UNTIL_BRACKET.match(s, i).end()
        depth += 1 if s[i] in b"{[" else -1
        i += 1
        if depth == 0:
            return i


def members(s, i):
    """(start of name, name, start of value, end of value) of the object at i."""
    i = skip_space(s, i + 1)
    while s[i] == 0x22:
        start = i
        i = skip_string(s, i)
        name = s[start + 1:i - 1].decode("utf-8", "surrogatepass")
        if "\\" in name:
            name = json.loads('"%s"' % name)
        i = skip_space(s, skip_space(s, i) + 1)
        end = skip_value(s, i)
        yield start, name, i, end
        i = skip_space(s, end)
        if s[i] == 0x2C:
            i = skip_space(s, i + 1)


def cut(s, i, owned):
    """The object at i as bytes, without the members that the paths own, and where it ends."""
    out, at, removed = [], i + 1, b""
    for start, name, value, value_end in members(s, i):
        mine = [path for path in owned if path[0] == name]
        lead, piece = s[at:start], s[at:value_end]
        if any(len(path) == 1 for path in mine):
            piece = None
        elif mine and s[value] == 0x7B:
            inner, _ = cut(s, value, [path[1:] for path in mine])
            # an object that held nothing else is taken back too
            piece = None if inner.strip(b"{}" + SPACE) == b"" else s[at:value] + inner
        at = skip_space(s, value_end)
        blanks = s[value_end:at]
        if piece is not None:
            out.append([piece, blanks])
        elif s[at] == 0x7D:
            # the last one: blanks on either side of it stand before the brace
            blanks = (out[-1][1] if out else b"") + blanks
            if out:
                out[-1][1] = blanks
            else:
                removed = lead + blanks
        at += 1
    if s[at - 1] != 0x7D:  # without members
        at = skip_space(s, at) + 1
    return b"{" + (b",".join(piece + blanks for piece, blanks in out) or removed) + b"}", at


def restored(line, owned):
    i = 3 if line.startswith(b"\xef\xbb\xbf") else 0
    i = skip_space(line, i)
    if i == len(line) or line[i] != 0x7B:
        return line
    kept, end = cut(line, i, owned)
    return line[:i] + kept + line[end:]


def shown(line):
    return line[:700].decode("utf-8", "replace")


def check(name_in, name_out, paths, subset):
    owned = [path.split(".") for path in paths]
    number = changed = missing = 0
    with open(name_in, "rb") as before, open(name_out, "rb") as after:
        new = after.readline()
        for old in before:
            number += 1
            if old == new or (owned and new.endswith(b"\n") and restored(old[:-1], owned) == restored(new[:-1], owned)):
                changed += old != new
                new = after.readline()
            elif subset:
                missing += 1
            else:
                sys.exit("line %d:\n%s\n%s" % (number, shown(old), shown(new)))
        if new:
            sys.exit("a line that did not go in came out:\n%s" % shown(new))
    print("%d lines, %d changed, %d missing" % (number, changed, missing))


def answer():
    """Answers in the shape of each request; all else is left out."""
    body = (b'{"model":"gpt-4o-2024-08-06","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"ok"}}],'
            b'"usage":{"prompt_tokens":100,"completion_tokens":50,"total_tokens":150}}')
    message = (b'{"type":"succeeded","message":{"id":"m","type":"message","role":"assistant","model":"claude-sonnet-4-5","stop_reason":"end_turn",'
               b'"content":[{"type":"text","text":"ok"}],"usage":{"input_tokens":100,"output_tokens":50}}}')
    for line in sys.stdin.buffer:
        line = line.rstrip(b"\n")
        names = [name for _, name, _, _ in members(line, 0)] if line.startswith(b"{") else []
        if "messages" in names or "body" in names:
            tail = b',"response":' + body + b"}" if "messages" in names else b',"response":{"status_code":200,"body":' + body + b"}}"
        elif "params" in names:
            tail = b',"result":' + message + b"}"
        else:
            continue
        if "response" not in names and line.endswith(b"}"):
            sys.stdout.buffer.write(line[:-1] + tail + b"\n")


# --- lines from outside data

def envelope(i, text, **more):
    """A request in one of several spellings, since real ones differ."""
    body = {"model": ("gpt-4o", "gpt-4o-mini", "gpt-4.1", "o3-mini")[i % 4], "messages": [{"role": "user", "content": text}]}
    if i % 3 == 0:
        body["messages"].insert(0, {"role": "system", "content": "Answer in one  paragraph.\n\n\n"})
    body.update(more)
    shape = i % 5
    if shape == 0:
        record = body
    elif shape == 1:
        record = {"custom_id": "a-%d" % i, "params": dict(body, model="claude-sonnet-4-5", max_tokens=100)}
        record["params"]["messages"] = [m for m in body["messages"] if m["role"] != "system"]
    else:
        record = {"custom_id": "r-%d" % i, "method": "POST", "url": "/v1/chat/completions", "body": body}
    separators = ((",", ":"), (", ", ": "))[i % 2]
    line = json.dumps(record, ensure_ascii=i % 7 < 3, separators=separators)
    if i % 11 == 0 and shape:
        line = line[:-1] + ',"odd":{"n":1.0,"n":1E2,"big":9007199254740993,"s":"\\u00e9\\/\\ud800"}}'
    return line.encode("utf-8", "surrogatepass")


def texts(data):
    for line in open(os.path.join(data, "prompts/mt-bench-questions.jsonl"), encoding="utf-8"):
        yield from json.loads(line)["turns"]
    for line in open(os.path.join(data, "prompts/alpaca-seed-tasks.jsonl"), encoding="utf-8"):
        row = json.loads(line)
        yield row["instruction"] + "\n" + row["instances"][0]["input"]
    csv.field_size_limit(10**9)
    with open(os.path.join(data, "prompts/awesome-prompts.csv"), newline="", encoding="utf-8") as f:
        for row in csv.DictReader(f):
            yield row["prompt"]
    for line in open(os.path.join(data, "route/mmlu-dev.jsonl"), encoding="utf-8"):
        row = json.loads(line)
        yield next(v for v in row.values() if isinstance(v, str) and len(v) > 20)
    with gzip.open(os.path.join(data, "compress/kv-retrieval-75.jsonl.gz"), "rt", encoding="utf-8") as f:
        for line in list(f)[:40]:
            yield line
    for line in list(open(os.path.join(data, "compress/nq-oracle-dev.jsonl"), encoding="utf-8"))[:300]:
        yield line


def lines(data):
    for i, text in enumerate(texts(data)):
        yield envelope(i, text)
    for folder, _, files in sorted(os.walk(os.path.join(data, "batch"))):
        for name in sorted(files):
            for line in open(os.path.join(folder, name), "rb"):
                row = json.loads(line)
                yield line.rstrip(b"\r\n")
                body = row.get("request", {}).get("body") if isinstance(row.get("request"), dict) else None
                for inner in (body or "").splitlines() if isinstance(body, str) else []:
                    if inner.startswith("{"):
                        try:
                            json.loads(inner)
                        except ValueError:
                            continue
                        yield inner.encode()
    for folder, _, files in sorted(os.walk(os.path.join(data, "logs"))):
        for name in sorted(files):
            if name.endswith(".jsonl"):
                for line in open(os.path.join(folder, name), "rb"):
                    yield line.rstrip(b"\r\n")
    for line in list(open(os.path.join(data, "cost/usages.jsonl"), "rb")):
        body = json.loads(line)["body"]
        yield json.dumps(body, ensure_ascii=False).encode()
        yield line.rstrip(b"\r\n")
    for kind in "test_transform", "test_parsing":
        folder = os.path.join(data, "json", kind)
        for name in sorted(os.listdir(folder)):
            text = open(os.path.join(folder, name), "rb").read().rstrip(b"\n")
            if b"\n" in text or name.startswith(("n_", "i_")):
                continue
            try:
                text.decode("utf-8")
            except UnicodeDecodeError:
                continue
            yield b'{"custom_id":"%s","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-4o","messages":[{"role":"user","content":"hi"}]},"x":%s}' % (name.encode(), text)
            if b"duplicate" not in name.encode() and "same_key" not in name:
                yield b'{"x" : %s ,"model":"gpt-4o","messages":[{"role":"user","content":"hi"}]}' % text


def main():
    verb = sys.argv[1]
    if verb == "make":
        for line in lines(sys.argv[2]):
            sys.stdout.buffer.write(line + b"\n")
    elif verb == "answer":
        answer()
    else:
        check(sys.argv[2], sys.argv[3], sys.argv[4:], verb == "subset")


main()
