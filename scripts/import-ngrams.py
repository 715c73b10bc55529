# SPDX-License-Identifier: MIT
"""Counts words, pairs and triples of the packages' text and writes the table: see import-ngrams.

usage: import-ngrams.py SHARE OUT

The table (little endian): "LLMN", version 1, then 2^18 cells of 32 bits. A cell holds 26 bits of
the hash of an n-gram above 6 bits of its self-information in thirds of a bit; 0 is empty. The
cell of an n-gram is the first free one from its hash on.
"""
import collections
import html
import math
import pathlib
import re
import struct
import sys

CELLS = 1 << 18
FULL = 0.82
DISCOUNT = 0.7
MASK = (1 << 64) - 1


def texts(share):
    for name in ("noun", "verb", "adj", "adv"):
        for line in (share / "wordnet" / f"data.{name}").read_text("latin-1").splitlines():
            if "|" in line and not line.startswith("  "):
                yield line.split("|", 1)[1]
    for folder in ("doc/postgresql-doc-15/html", "doc/sqlite3"):
        for path in sorted((share / folder).rglob("*.html")):
            page = path.read_text("utf-8", "replace")
            page = re.sub(r"(?is)<(script|style|pre|table|svg|head)\b.*?</\1>", "\n", page)
            page = re.sub(r"(?i)</?(p|div|li|h[1-6]|br|td|dd|dt|blockquote)\b[^>]*>", "\n", page)
            yield html.unescape(re.sub(r"<[^>]*>", "", page))


def sentences(text):
    """Words in small letters between signs; a sign ends the run that n-grams are counted in."""
    for part in re.split(r"[.!?;:()\"\n|<>=\[\]{}]+", text.lower()):
        words = re.findall(r"[a-z]+(?:'[a-z]+)?|,", part)
        if words:
            yield words


def hash_of(words):
    h = 0xCBF29CE484222325
    for byte in " ".join(words).encode():
        h = ((h ^ byte) * 0x100000001B3) & MASK
    h ^= h >> 32
    return (h * 0x9E3779B97F4A7C15) & MASK


def main():
    share, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    lists = []
    for text in texts(share):
        lists.extend(sentences(text))
    one = collections.Counter(w for s in lists for w in s)
    two = collections.Counter(p for s in lists for p in zip(s, s[1:]))
    common = {p for p, n in two.items() if n >= 4}
    three = collections.Counter(
        t for s in lists for t in zip(s, s[1:], s[2:]) if t[:2] in common and t[1:] in common)
    total = sum(one.values())
    bits = {}
    for w, n in one.items():
        if n >= 3:
            bits[(w,)] = -math.log2(n / total)
    # information that the longer context takes away, most first by how often it does
    gain = []
    for (a, b), n in two.items():
        if n >= 3 and (b,) in bits:
            p = (n - DISCOUNT) / one[a] + DISCOUNT * one[b] / total
            info = -math.log2(min(p, 0.99))
            if bits[(b,)] - info > 0.6:
                gain.append((n * (bits[(b,)] - info), (a, b), info))
    for (a, b, c), n in three.items():
        if n >= 3 and (c,) in bits:
            q = max(two[(b, c)] - DISCOUNT, 0.0) / one[b] + 1e-6
            p = (n - DISCOUNT) / two[(a, b)] + DISCOUNT / two[(a, b)] * q
            info = -math.log2(min(p, 0.99))
            if -math.log2(q) - info > 0.6:
                gain.append((n * (-math.log2(q) - info), (a, b, c), info))
    gain.sort(key=lambda g: (-g[0], g[1]))
    for _, words, info in gain[:int(CELLS * FULL) - len(bits)]:
        bits[words] = info
    cells = [0] * CELLS
    for words, info in sorted(bits.items()):
        h = hash_of(words)
        at = h % CELLS
        mark = h >> 38 or 1
        while cells[at]:
            at = (at + 1) % CELLS
        cells[at] = mark << 6 | min(63, max(0, round(info * 3)))
    (out / "ngrams").write_bytes(struct.pack("<4sI", b"LLMN", 1) + struct.pack(f"<{CELLS}I", *cells))
    (out / "ORIGIN").write_text(
        "ngrams: by scripts/import-ngrams from the text of Debian's wordnet-base 1:3.0-37 (WordNet 3.0\n"
        "license), postgresql-doc-15 15.20-0+deb12u1 (PostgreSQL license) and sqlite3-doc\n"
        "3.40.1-2+deb12u2 (public domain).\n")
    for name, package in (("LICENSE.wordnet", "wordnet-base"), ("LICENSE.postgresql", "postgresql-doc-15")):
        (out / name).write_bytes((share / "doc" / package / "copyright").read_bytes())
    print(f"{total} words, {len(one)} kinds, {len(bits)} n-grams kept", file=sys.stderr)


if __name__ == "__main__":
    main()
