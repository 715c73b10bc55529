# SPDX-License-Identifier: MIT
"""Questions with known answers from outside data, for scripts/fit.d/rank.c and the tools.

usage: compress-sets.py DATA OUT [SEED]
Writes OUT/nq.jsonl: each question of nq-oracle-dev with its paragraph and the 19 others that are
nearest to the question by BM25 and hold no accepted answer, shuffled by SEED (title on a line of its
own); OUT/qmsum.jsonl: the meetings, each with its questions and the lines that answer them;
OUT/nq-requests.jsonl and OUT/kv-requests.jsonl: the same, and the key-value retrievals, as requests.
"""
import ast
import collections
import gzip
import json
import math
import pathlib
import random
import re
import string
import sys

DATA, OUT = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
SEED = sys.argv[3] if len(sys.argv) > 3 else "1"
PLAIN = str.maketrans("", "", string.punctuation)


def normal(text):
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", text.lower().translate(PLAIN)).split())


def words(text):
    return re.findall(r"[a-z0-9]+", text.lower())


def write(name, lines):
    with open(OUT / name, "w") as out:
        for line in lines:
            out.write(json.dumps(line, ensure_ascii=False) + "\n")


def nq():
    rows = [json.loads(line) for line in open(DATA / "nq-oracle-dev.jsonl")]
    titles = {}
    for row in rows:
        titles.setdefault(row["ctxs"][0]["text"], row["ctxs"][0]["title"])
    pages = list(titles.items())
    counts = [collections.Counter(words(title + " " + text)) for text, title in pages]
    lengths = [sum(c.values()) for c in counts]
    mean = sum(lengths) / len(lengths)
    where = collections.defaultdict(list)
    for i, c in enumerate(counts):
        for word, n in c.items():
            where[word].append((i, n))
    plain = [normal(text) for text, _ in pages]
    for row in rows:
        gold = row["ctxs"][0]
        score = collections.Counter()
        for word in sorted(set(words(row["question"]))):
            df = len(where.get(word, ()))
            idf = math.log(1 + (len(pages) - df + 0.5) / (df + 0.5))
            for i, n in where.get(word, ()):
                score[i] += idf * n * 2.2 / (n + 1.2 * (0.25 + 0.75 * lengths[i] / mean))
        answers = [normal(a) for a in row["answers"]]
        chosen = [(gold["title"], gold["text"])]
        for i, _ in sorted(score.items(), key=lambda x: (-x[1], x[0])):
            if len(chosen) < 20 and pages[i][0] != gold["text"] and not any(a in plain[i] for a in answers):
                chosen.append((pages[i][1], pages[i][0]))
        random.Random(SEED + row["question"]).shuffle(chosen)
        text = "\n\n".join(title + "\n" + " ".join(body.split()) for title, body in chosen)
        yield {"query": row["question"], "answers": row["answers"], "text": text}


def qmsum(name):
    def value(x):
        return ast.literal_eval(x) if isinstance(x, str) else x

    opened = gzip.open if name.endswith(".gz") else open
    for group, line in enumerate(opened(DATA / name)):
        meeting = json.loads(line)
        turns = value(meeting["meeting_transcripts"])
        text = "\n".join(t["speaker"] + ": " + " ".join(t["content"].split()) for t in turns)
        for query in value(meeting["specific_query_list"]):
            gold = {i for a, b in query["relevant_text_span"] for i in range(int(a), int(b) + 1)}
            yield {"query": query["query"], "gold": sorted(i for i in gold if i < len(turns)),
                   "text": text, "group": group}


def request(n, question, content, role="user"):
    first = {"role": "user", "content": content}
    if role == "tool":
        first = {"role": "tool", "tool_call_id": "call", "content": content}
    return {"custom_id": str(n), "body": {"model": "gpt-4o", "messages": [
        first, {"role": "user", "content": question}]}}


def kv():
    for n, line in enumerate(gzip.open(DATA / "kv-retrieval-75.jsonl.gz")):
        row = json.loads(line)
        line = request(n, f"What is the value of {row['key']}?", json.dumps(dict(row["ordered_kv_records"])), "tool")
        line["pair"] = [row["key"], row["value"]]
        yield line


tests = list(nq())
write("nq.jsonl", tests)
write("qmsum.jsonl", qmsum("qmsum-val.jsonl.gz"))
if (DATA / "qmsum-train.jsonl").exists():
    write("qmsum-train.jsonl", qmsum("qmsum-train.jsonl"))
write("nq-requests.jsonl", (request(n, t["query"], t["text"]) for n, t in enumerate(tests)))
write("kv-requests.jsonl", kv())
