#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Rows for the demo, from texts that lie on every Debian machine.

usage: demo.py FOLDER          writes summarise.rows, classify.rows, extract.rows, ask.rows (JSONL)
       demo.py show < RECORDS  prints the annotations of one of them
Sources: /usr/share/common-licenses, the copyright and README files of installed packages, this
tree's own pages. Nothing is random: the same machine gives the same rows.
"""
import glob
import gzip
import json
import os
import re
import sys
import textwrap

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
QUESTIONS = ["May I sell copies of software under this licence?", "Must I publish my changes?",
             "Does it grant a patent licence?", "What must I ship with a binary?",
             "What ends the rights that it gives?", "Who gives a warranty?"]


def read(name):
    opener = gzip.open if name.endswith(".gz") else open
    try:
        with opener(name, "rb") as f:
            return f.read(60000).decode("utf-8", "replace").strip()
    except OSError:
        return ""


def titled(names, least=400):
    """(title, text), each text once."""
    seen = set()
    for name in names:
        text = read(name)
        if len(text) >= least and text not in seen:
            seen.add(text)
            yield os.path.basename(os.path.dirname(name)) + "/" + os.path.basename(name), text


def paragraphs(text):
    for piece in re.split(r"\n\s*\n", text):
        piece = piece.strip()
        if 150 <= len(piece) <= 900:
            yield piece


def rows(folder):
    licences = list(titled(sorted(n for n in glob.glob("/usr/share/common-licenses/*") if not os.path.islink(n))))
    documents = list(titled(sorted(glob.glob("/usr/share/doc/*/README*"))[:40]))
    copyrights = list(titled(sorted(glob.glob("/usr/share/doc/*/copyright"))[:60], 200))
    pages = list(titled([os.path.join(HERE, "README.md")] + sorted(glob.glob(os.path.join(HERE, "man", "*")))))
    if not licences and not pages:
        sys.exit("demo.py: neither licences nor pages to ask about")

    summarise = [{"title": title, "text": text[:40000]} for title, text in (licences + pages)[:24] + documents[:16]]
    short = [p for _, text in licences for p in paragraphs(text)]
    classify = [{"text": p} for p in short[::max(1, len(short) // 80)][:80]]
    extract = [{"title": title, "text": text[:6000]} for title, text in copyrights[:40]]
    ask = [{"title": title, "text": text[:40000], "question": q} for title, text in licences[:8] for q in QUESTIONS]
    # people ask again: every fourth question and every fifth paragraph comes twice
    ask += ask[::4]
    classify += classify[::5]
    for name, found in (("summarise", summarise), ("classify", classify), ("extract", extract), ("ask", ask)):
        with open(os.path.join(folder, name + ".rows"), "w", encoding="utf-8") as f:
            for row in found:
                f.write(json.dumps(row, ensure_ascii=False) + "\n")


def show(lines):
    """The annotations of the record to which most was done."""
    def worth(llm):
        route = llm.get("route", {})
        return 2 * (route.get("asked") != route.get("model")) + len(llm.get("compress", {}).get("steps", []))
    notes = max((json.loads(line)["llm"] for line in lines), key=worth)
    for name, value in notes.items():
        if isinstance(value, dict):
            text = json.dumps(value, ensure_ascii=False)
            print(textwrap.fill(text, 100, initial_indent="    %-9s " % name, subsequent_indent=" " * 14))


if sys.argv[1] == "show":
    show(sys.stdin)
else:
    rows(sys.argv[1])
