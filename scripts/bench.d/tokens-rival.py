# SPDX-License-Identifier: MIT
"""One rival on one text in a process of its own: NAME ENCODING MODE FILE RANKS; one line of JSON.

MODE is text (the whole file in one call), lines (frames of a length and a string, one call each),
jsonl (the rival's own reader of such a file) or start (the whole file, once). RANKS is the folder
of .tiktoken files. Seconds of processor time: `load` until the tokenizer is there (the start of
Python is not in it), `fresh` the first pass, `warm` the second. `fresh` without a count means
that the rival failed on the text."""

import base64
import json
import pathlib
import resource
import struct
import sys
import time

name, encoding, mode, file, ranks = sys.argv[1:6]
clock = time.process_time


def frames(data):
    at, texts = 0, []
    while at < len(data):
        size = struct.unpack_from("=I", data, at)[0]
        texts.append(data[at + 4:at + 4 + size])
        at += 4 + size
    return texts


def load_gigatoken():
    import gigatoken
    t = gigatoken.Tokenizer.from_tiktoken(f"{ranks}/{encoding}.tiktoken")
    if mode == "jsonl":
        import awkward
        source = gigatoken.JsonlFileSource([file], "text")
        return lambda _: int(awkward.count(t.encode_files(source, parallel=False)))
    return lambda text: len(t.encode(text))


def load_toktok():
    import toktok
    toktok.batch_count(["a"], encoding, threads=1)
    return lambda text: toktok.batch_count([text], encoding, threads=1)[0]


def load_quicktok():
    import quicktok
    t = quicktok.get_encoding(encoding)
    return lambda text: len(t.encode(text))


def load_tiktoken():
    import tiktoken
    from tiktoken_ext import openai_public
    lines = pathlib.Path(f"{ranks}/{encoding}.tiktoken").read_bytes().splitlines()
    table = {base64.b64decode(t): int(r) for t, r in (line.split() for line in lines)}
    openai_public.load_tiktoken_bpe = lambda *_, **__: table
    t = tiktoken.Encoding(**getattr(openai_public, encoding)())
    return lambda text: len(t.encode_ordinary(text))


def load_empty():
    return lambda _: 0


data = b"" if mode == "jsonl" else pathlib.Path(file).read_bytes()
if name != "gigatoken":  # which takes bytes; the others take str
    data = data if mode == "lines" else data.decode()
texts = frames(data) if mode == "lines" else [data]
if mode == "lines" and name != "gigatoken":
    texts = [t.decode() for t in texts]
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start = clock()
count = globals()[f"load_{name}"]()
out = {"load": clock() - start}
for which in ("fresh",) if mode == "start" else ("fresh", "warm"):
    start = clock()
    total = 0
    for text in texts:
        total += count(text)
    out[which] = clock() - start
    out["count"] = total
out["rss"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(json.dumps(out))
