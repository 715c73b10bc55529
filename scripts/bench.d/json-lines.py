#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes requests as OpenAI's batch takes them, about 700 bytes a line, always the same.

usage: json-lines.py MEGABYTES >FILE
"""
import json
import sys

WORDS = ("the of and to in a is that for it as was with be by on not he his but at are this have from or had an they "
         "which one you were all her she there would their we him been has when who will no more if out so").split()
TASKS = ("Summarise the text in two sentences.", "Answer with \"yes\" or \"no\".", "List names, one on a line:\n- a\n- b",
         "Übersetze ins Deutsche.", "Return JSON: {\"label\": ..., \"score\": 0.5}")
state = 1


def pick(n):
    global state
    state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
    return (state >> 33) % n


def line(number):
    text = []
    for _ in range(30 + pick(90)):
        word = WORDS[pick(len(WORDS))]
        text.append(word + {0: ".\n", 1: ".\n", 2: ".\n", 3: " \"" + word + "\"", 4: " – " + word, 5: ",", 6: ","}.get(pick(50), ""))
    body = {"model": ("large-1", "small-1-2025-08-07")[pick(2)],
            "messages": [{"role": "system", "content": TASKS[pick(len(TASKS))]}, {"role": "user", "content": " ".join(text)}],
            "max_tokens": 64 << pick(5), "temperature": pick(11) / 10, "stream": False,
            "metadata": {"user": "u%d" % pick(1000), "trace": "%016x" % pick(2**31)}}
    if pick(4) == 0:
        body["response_format"] = {"type": "json_object"}
    return json.dumps({"custom_id": "request-%d" % number, "method": "POST", "url": "/v1/chat/completions", "body": body},
                      ensure_ascii=pick(2) == 0, separators=((",", ":"), (", ", ": "))[pick(4) == 0])


def main():
    """Eight megabytes are made, then repeated: only the ids differ."""
    size, block = int(sys.argv[1]) * 1000000, []
    while sum(map(len, block)) < min(size, 8000000):
        block += [(line(len(block) + i) + "\n").encode() for i in range(100)]
    raw, times = b"".join(block), 0
    while size > 0:
        times += 1
        size -= sys.stdout.buffer.write(raw.replace(b"request-", b"request-%d-" % times))


main()
