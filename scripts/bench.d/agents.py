#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Logs of coding agents as Claude Code writes them, for measuring; the same bytes each time.

usage: agents.py FOLDER MEGABYTES [--blanks]

FOLDER/projects/P/SESSION.jsonl, about MEGABYTES in all: user lines with tool results, summaries,
and answers that stand on one to four lines while they stream, with a growing output. One session
in ten is resumed: its history stands again in a second file. --blanks writes a blank after each
colon and comma.
"""
import json, os, random, sys

MODELS = ["claude-sonnet-4-5-20250929", "claude-opus-4-1-20250805", "claude-3-5-haiku-20241022"]
WORDS = ("the build fails because a header is missing from the list and so the test cannot link; "
         "const int count = read(file, buffer, sizeof(buffer)); if (count < 0) return error;\n").split(" ")


class Session:
    def __init__(self, draw, number, style):
        self.draw, self.style, self.lines, self.turn = draw, style, [], 0
        self.name = "%08x-0000-4000-8000-%012x" % (draw.getrandbits(32), number)
        self.number, self.clock = number, 1756684800 + number * 7001

    def text(self, least, most):
        words = self.draw.choices(WORDS, k=self.draw.randrange(least, most))
        return " ".join(words)

    def put(self, kind, message, **more):
        self.clock += self.draw.randrange(1, 9)
        day, rest = divmod(self.clock, 86400)
        at = "2025-%02d-%02dT%02d:%02d:%02d.%03dZ" % (1 + day % 365 // 31, 1 + day % 28, rest // 3600,
            rest // 60 % 60, rest % 60, self.draw.randrange(1000))
        row = {"parentUuid": "%032x" % self.draw.getrandbits(128), "isSidechain": False, "userType": "external",
               "cwd": "/srv/project", "sessionId": self.name, "version": "2.0.14", "gitBranch": "main",
               "type": kind, "message": message, "uuid": "%032x" % self.draw.getrandbits(128), "timestamp": at}
        row.update(more)
        self.lines.append(json.dumps(row, separators=self.style) + "\n")

    def ask(self):
        result = {"tool_use_id": "toolu_%024x" % self.draw.getrandbits(96), "type": "tool_result",
                  "content": self.text(50, 900)}
        self.put("user", {"role": "user", "content": [result]})

    def answer(self):
        draw = self.draw
        self.turn += 1
        name = "msg_%024x" % draw.getrandbits(96)
        request = "req_%024x" % draw.getrandbits(96)
        short, whole = draw.randrange(3000), draw.randrange(4, 4000)
        usage = {"input_tokens": draw.randrange(2, 400), "cache_creation_input_tokens": short,
                 "cache_read_input_tokens": draw.randrange(90000),
                 "cache_creation": {"ephemeral_5m_input_tokens": short, "ephemeral_1h_input_tokens": 0},
                 "output_tokens": 1, "service_tier": "standard"}
        model = draw.choice(MODELS)
        for output in sorted(draw.sample(range(1, whole), min(whole - 1, draw.randrange(4)))) + [whole]:
            usage = dict(usage, output_tokens=output)
            self.put("assistant", {"model": model, "id": name, "type": "message", "role": "assistant",
                "content": [{"type": "text", "text": self.text(20, 200)}], "stop_reason": None,
                "stop_sequence": None, "usage": usage}, requestId=request)


def main():
    folder, size = sys.argv[1], int(sys.argv[2]) * 10**6
    style = (", ", ": ") if "--blanks" in sys.argv[3:] else (",", ":")
    draw, written, number = random.Random(20), 0, 0
    while written < size:
        session = Session(draw, number, style)
        for _ in range(draw.randrange(20, 300)):
            session.ask()
            session.answer()
        place = os.path.join(folder, "projects", "project-%d" % (number % 12))
        os.makedirs(place, exist_ok=True)
        for copy in range(2 if number % 10 == 9 else 1):
            path = os.path.join(place, "%s%s.jsonl" % (session.name, "-resumed" * copy))
            with open(path, "w", encoding="ascii") as out:
                written += sum(map(out.write, session.lines))
        number += 1


main()
