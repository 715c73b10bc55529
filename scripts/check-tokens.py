# SPDX-License-Identifier: MIT
"""Called by check-tokens: PROGRAM RANKS [--data DIR] [--random N] [--encoding NAME,...]
[--vectors] [--digests]. Compares our ids with those of Python tiktoken, text by text.

PROGRAM is tokens_oracle of the unit tests, RANKS the folder of rank files that tiktoken is built
from. --vectors and --digests print the tables tests/unit/tokens_vectors.h and tokens_oracle.h."""

import argparse
import ast
import base64
import gzip
import hashlib
import itertools
import pathlib
import random
import re
import struct
import subprocess
import sys
import threading
import time
import unicodedata

import tiktoken
import unicodedata2
from tiktoken_ext import openai_public

TOP = pathlib.Path(__file__).resolve().parent.parent
NAMES = ("o200k_base", "cl100k_base", "p50k_base", "r50k_base", "o200k_harmony")
FILES = {"o200k_harmony": "o200k_base"}
GROUPS, EACH = 50, 100


def ranks(folder, name):
    lines = (folder / f"{FILES.get(name, name)}.tiktoken").read_bytes().splitlines()
    return {base64.b64decode(token): int(rank) for token, rank in (line.split() for line in lines)}


def reference(folder, name):
    """tiktoken's own pattern and code, with ranks that are here: nothing is fetched."""
    openai_public.load_tiktoken_bpe = lambda *_, **__: ranks(folder, name)
    openai_public.data_gym_to_mergeable_bpe_ranks = openai_public.load_tiktoken_bpe
    return tiktoken.Encoding(**getattr(openai_public, name)())


class Ours:
    """The program as a filter: frames of a length and a text in, of a length and ids out."""

    def __init__(self, program, name):
        self.run = subprocess.Popen([program, "--frames", name], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def knows(self):
        try:
            next(iter(self.ids([b""])))
            return True
        except (struct.error, OSError):
            return False

    def ids(self, texts):
        def feed():
            try:
                for text in texts:
                    self.run.stdin.write(struct.pack("=I", len(text)) + text)
                self.run.stdin.flush()
            except BrokenPipeError:
                pass  # its reader says so
        feeder = threading.Thread(target=feed)
        feeder.start()
        for _ in texts:
            count = struct.unpack("=I", self.run.stdout.read(4))[0]
            yield list(struct.unpack(f"={count}I", self.run.stdout.read(4 * count)))
        feeder.join()


def data_texts(folder):
    """Whole files, lines without and with their end."""
    for file in sorted(pathlib.Path(folder).rglob("*")):
        if file.is_file():
            data = file.read_bytes()
            data = gzip.decompress(data) if file.suffix == ".gz" else data
            yield data
            yield from data.split(b"\n")
            yield from data.splitlines(keepends=True)


def vocabulary_texts(tokens):
    """Every entry alone, doubled and with a blank before it."""
    for token in tokens:
        yield token
        yield token + token
        yield b" " + token


def point_texts():
    """Every code point between letters, between digits, among blanks and after punctuation."""
    for start in range(0, 0x110000, 64):
        points = [chr(p) for p in range(start, start + 64) if not 0xD800 <= p < 0xE000]
        for form in ("a%sb ", "A%sB ", "1%s2 ", "! %s\n", "'%s", " %s%s"):
            yield "".join(form.replace("%s", c) for c in points).encode()


def newest_points():
    """Code points that this Python does not know yet and the pinned Unicode does."""
    return [chr(p) for p in range(0x110000)
            if unicodedata2.category(chr(p)) not in ("Cn", "Cs") and unicodedata.category(chr(p)) == "Cn"]


BITS = ["'s", "'S", "'ſ", "'ll", "'RE", "\r\n", "\n", " ", "  ", "\t", "/", "//", "a", "Zz", "ÀÉ", "éa", "ǅ", "ʰ",
        "中", "日本", "\u0301", "\u0308", "١٢", "²", "½", "\u00a0", "\u3000", "\u2028", "\u200d", "🙂", "🏽", "\ufeff",
        "<|endoftext|>", "123", "٤", "ß", "İ", "ı", "\u212a", "!", "…"]
ALPHABETS = ("ab", "aA", "the of", "abcdefghijklmnopqrstuvwxyz", "=-", " \n", "中国人", "กขคง", "=", "a", "01", "éèê")


def random_texts(count, real, tokens):
    """A seventh each: points of one block, of the newest, bytes that are UTF-8, any bytes, bits
    that meet rules of the patterns, runs of few letters, cuts of real text."""
    rng = random.Random(1)
    blocks = [b for b in range(0, 0x110000, 256) if any(unicodedata2.category(chr(p)) not in ("Cn", "Cs", "Co")
                                                        for p in range(b, b + 256))]
    newest = newest_points() or ["x"]
    plain = [chr(p) for p in range(0x80)] + list(" \n\r\t'/!.0aZs")
    for i in range(count):
        kind, size = i % 7, rng.randrange(1, 40)
        if kind == 0:
            block = rng.choice(blocks)
            points = [chr(p) for p in range(block, block + 256) if not 0xD800 <= p < 0xE000]
            yield "".join(rng.choices(points, k=size) if i % 2 else rng.choices(points + plain, k=size)).encode()
        elif kind == 1:
            yield "".join(rng.choices(newest, k=size) + rng.choices(plain, k=size)).encode()
        elif kind == 2:
            raw = rng.randbytes(2 * size) if i % 2 else b"".join(rng.choices(tokens, k=size))
            yield raw.decode("utf-8", "ignore").encode()
        elif kind == 3:
            yield rng.randbytes(size)
        elif kind == 4:
            yield "".join(rng.choices(BITS, k=size)).encode()
        elif kind == 5:
            yield "".join(rng.choices(rng.choice(ALPHABETS), k=rng.randrange(1, 400))).encode()
        else:
            text = rng.choice(real)
            at = rng.randrange(len(text))
            yield text[at:at + rng.randrange(1, 300)]


def compare(what, encoding, ours, texts):
    """Compares a part of the texts at a time, so that memory does not grow with them."""
    texts, bad, seen, size = iter(texts), 0, 0, 0
    while part := list(itertools.islice(texts, 20000)):
        for text, got in zip(part, ours.ids(part)):
            want = encoding.encode_ordinary(text.decode("utf-8", "replace"))
            seen, size = seen + 1, size + len(text)
            if got != want:
                bad += 1
                if bad <= 5:
                    print(f"# differs: {text[:80]!r}: {got[:12]} and not {want[:12]}")
    print(f"{'not ok' if bad else 'ok'} - {encoding.name}: {what}: {seen} texts, {size} bytes, {bad} differ", flush=True)
    return bad


def package_vectors(folder, name):
    """The vectors of gpt-tokenizer: texts and ids."""
    plans = (folder / "TestPlans.txt").read_text(encoding="utf-8")
    for plan, text, ids in re.findall(r"EncodingName: (\S+)\nSample: (.*?)\nEncoded: (\[.*?\])", plans, re.S):
        if plan.replace("p50k_edit", "p50k_base") == name:
            yield text.encode(), ast.literal_eval(ids)


def compare_vectors(folder, name, ours):
    vectors = list(package_vectors(folder, name))
    got = list(ours.ids([text for text, _ in vectors]))
    bad = sum(ids != want for ids, (_, want) in zip(got, vectors))
    print(f"{'not ok' if bad else 'ok'} - {name}: vectors of gpt-tokenizer: {len(vectors)} texts, {bad} differ", flush=True)
    return bad


def seeded_strings(program):
    data = subprocess.run([program, "--strings"], stdout=subprocess.PIPE, check=True).stdout
    at = 0
    while at < len(data):
        size = struct.unpack_from("=I", data, at)[0]
        yield data[at + 4:at + 4 + size]
        at += 4 + size


def print_digests(program, folder):
    """For each encoding and group of strings, the beginning of the hash of all counts and ids."""
    texts = [text.decode("utf-8", "replace") for text in seeded_strings(program)]
    assert len(texts) == GROUPS * EACH
    print("/* SPDX-License-Identifier: MIT */\n/* A table made by scripts/check-tokens --digests: do not edit. */\n"
          "static const struct oracle {\n\tconst char *encoding;\n\tconst char *digest[50];\n} oracles[] = {")
    for name in NAMES:
        encoding, digests = reference(folder, name), []
        for group in range(0, len(texts), EACH):
            words = hashlib.sha256()
            for text in texts[group:group + EACH]:
                ids = encoding.encode_ordinary(text)
                words.update(struct.pack(f"<{len(ids) + 1}I", len(ids), *ids))
            digests.append(f'"{words.hexdigest()[:16]}"')
        print(f'\t{{ "{name}",\n\t    {{ ' + ",\n\t\t".join(", ".join(digests[i:i + 4]) for i in range(0, GROUPS, 4)) + " } },")
    print("};")


VECTORS = [
    "", "a", " ", "Hello, world!", "The quick brown fox jumps over 13 lazy dogs.",
    "<|endoftext|>", "<|im_start|>user<|im_sep|>hi<|im_end|>", "<|fim_prefix|><|endofprompt|>",
    "don't DON'T Don\u2019t we'll WE'LL I'd they'Re you'vE it's IT'S x'\u017f y'\u017f's 's's 'll've",
    "'tis 'Twas 'sun 'RE 're'S", "a'\u212a o'clock rock'n'roll l'\u00e9t\u00e9 d'Or",
    "camelCase PascalCase HTTPServer XMLHttpRequest iPhone15Pro McDonald",
    "1 12 123 1234 12345 123456 1234567 3.14159 1,000,000 0x1F 1e-9",
    "\u0661\u0662\u0663\u0664 \u0967\u0968\u0969\u096a \u00bd\u00be\u00b2\u00b3 \u2167\u2168 \U0001d7d8\U0001d7d9\U0001d7da\U0001d7db",
    "line one\nline two\r\nline three\rline four\n\n\nend", "\r\n\r\n", "\n\r\n \n\t\r",
    "if (x) {\n\treturn y;\n}\n", "    four\n        eight\n  two \n trailing   ", "tab\tand\t\ttabs \t mixed",
    "end of text blanks   ", "blanks \n \n then", " \n", "\n ", "  \n  x", "\u3000\u3000\u00a0x\u2003\u2003 y\u0085z\u2028\u2029",
    "a/b/c //comment\n/// doc\n!/\n/..//\r\n/x", "https://example.org/a?b=c&d=%20#e\n/", "*/\n\n/* next */", "!!!/\n/",
    "{\"a\": [1, 2.5, null], \"b\": {\"c\": \"d\\n\"}}", "=" * 70 + "\n" + "-" * 33 + "\n" + "#" * 17,
    "na\u00efve caf\u00e9 r\u00e9sum\u00e9 \u00c9COLE Stra\u00dfe \u0130stanbul \u0131\u015f\u0131k",
    "nai\u0308ve cafe\u0301 \u0301\u0302 x\u0301 !\u0301a !!\u0301a \u0301AB \u0301ABc A\u0301B\u0302c 1\u0301",
    "\u01c5ungla \u01c8 \u1f88 \u02b0a\u02b0 A\u02b0B \u00aa\u00ba",
    "\u4e2d\u6587\u5206\u8bcd\uff0c\u4f60\u597d\u3002\u65e5\u672c\u8a9e\u306e\u30c6\u30ad\u30b9\u30c8 \ud55c\uad6d\uc5b4 \uac00\ub098",
    "\u4e2dAB\u4e2dab AB\u4e2d ab\u4e2dAB", "\u041f\u0440\u0438\u0432\u0435\u0442, \u043c\u0438\u0440! \u041c\u041e\u0421\u041a\u0412\u0410",
    "\u0645\u0631\u062d\u0628\u0627 \u0628\u0627\u0644\u0639\u0627\u0644\u0645 \u05e9\u05dc\u05d5\u05dd", "\u0928\u092e\u0938\u094d\u0924\u0947 \u0926\u0941\u0928\u093f\u092f\u093e \u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35",
    "\U0001f642 \U0001f44d\U0001f3fd \U0001f469\u200d\U0001f4bb \U0001f1eb\U0001f1f7 \u2764\ufe0f", "\ufeffBOM at start", "mid\ufeffdle \ufeff\n",
    # first assigned in Unicode 15.1, 16.0 and 17.0: letters, a digit, marks; 17.0 is unassigned here
    "a\U0002ebf0b \U00010d50A\U00010d70 \ua7cbx\ua7da \U00010d401\U00010d41 \U00011390\U000113b8 \U0001c8891",
    "\u0897a \U00016d43b \U0001e5d0 \U0001e5f1 \U00011bf0 \ua7cex \ua7d2y \U000323b0z \u1ad0a \U00011de01",
    "\u1c89\u1c8a \ua7dc\u019b \U00010d5a\U00010d7a", "\x00 \x01\x1f\x7f\x00\x00", "\u200b\u200c\u200d \u2060x \u00adsoft",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "abababababababababababababababab" * 3, "zqxjkvbpygfwmucldrhsnioateZQXJKVBPYGFWMUCLDRHSNIOATE",
    "Donaudampfschifffahrtsgesellschaftskapit\u00e4n supercalifragilisticexpialidocious antidisestablishmentarianism",
    "def f(x):\n    return {k: v for k, v in x.items() if v is not None}  # comment\n",
    "SELECT * FROM t WHERE a='b' AND c<>1;--\n", "\\u00e9 \\n \\\\ \\\"",
    b"\xff", b"a\xc3", b"\xe2\x82", b"\xe2\x82\x41", b"\xf0\x9f\x99", b"\xed\xa0\x80", b"\xc0\xaf", b"\xf4\x90\x80\x80 x",
    b"ok \x80\x80\x80 then\xf5\xf8 \xe0\x9f\xbf end\xf0",
]


def c_text(data):
    return "".join(f"\\{b:03o}" if b < 32 or b > 126 or b in b'"\\?' else chr(b) for b in data)


def print_vectors(folder):
    """A table in C; each row is a text in octal escapes, then ids."""
    print("/* SPDX-License-Identifier: MIT */\n/* A table made by scripts/check-tokens --vectors: do not edit. */\n"
          "/* clang-format off */\nstatic const struct vector {\n\tconst char *encoding;\n\tconst char *text;\n"
          "\tuint32_t len;\n\tuint32_t count;\n\tuint32_t id[112];\n} vectors[] = {")
    for name in NAMES[:4]:
        encoding = reference(folder, name)
        for text in VECTORS:
            data = text.encode() if isinstance(text, str) else text
            ids = encoding.encode_ordinary(data.decode("utf-8", "replace"))
            assert len(ids) <= 112, len(ids)
            print(f'\t{{ "{name}", "{c_text(data)}", {len(data)}, {len(ids)}, '
                  f'{{ {", ".join(map(str, ids)) or 0} }} }},')
    print("};\n/* clang-format on */")


def check(options):
    data = list(data_texts(options.data)) if options.data else []
    sources = [p.read_bytes() for p in sorted(TOP.glob("*/*/*.[ch]"))]
    real = [t for t in data if 300 < len(t) < 100000] or sources
    print(f"# tiktoken {tiktoken.__version__}, Unicode {unicodedata2.unidata_version}, seed 1"
          + ("" if data else "; LLM_TEST_DATA is not set: without its texts"))
    tokens = list(ranks(options.ranks, "o200k_base"))
    chance = list(random_texts(options.random, real, tokens))
    bad = 0
    for name in options.encoding.split(","):
        started, encoding, ours = time.time(), reference(options.ranks, name), Ours(options.program, name)
        if not ours.knows():
            print(f"not ok - {name}: the program does not know it")
            bad += 1
            continue
        bad += compare_vectors(options.ranks, name, ours)
        if data:
            bad += compare("data", encoding, ours, data)
        bad += compare("vocabulary", encoding, ours, vocabulary_texts(ranks(options.ranks, name)))
        bad += compare("code points", encoding, ours, point_texts())
        bad += compare("random", encoding, ours, chance)
        print(f"# {name}: {time.time() - started:.0f} s", flush=True)
    return 1 if bad else 0


def main():
    parser = argparse.ArgumentParser(prog="check-tokens")
    parser.add_argument("program")
    parser.add_argument("ranks", type=pathlib.Path)
    parser.add_argument("--data")
    parser.add_argument("--random", type=int, default=1_000_000)
    parser.add_argument("--encoding", default=",".join(NAMES))
    parser.add_argument("--vectors", action="store_true")
    parser.add_argument("--digests", action="store_true")
    options = parser.parse_args()
    if options.vectors:
        print_vectors(options.ranks)
    elif options.digests:
        print_digests(options.program, options.ranks)
    else:
        sys.exit(check(options))


main()
