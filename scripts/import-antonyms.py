#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The words of lib/meaning/data/words from the folder of WordNet's database, to standard output.

Lines: `= A B` are opposites (A before B), `~ FORM LEMMA` an irregular form of one of those,
`% ADJECTIVE PLACE` (french france), `@ NAME` a name whose lower-case spelling is no common word."""
import re
import sys

WORD = re.compile(r"[a-z]+\Z")
FIELDS = {10, 14, 15, 18, 28}  # communication, group, location, person, time; no Latin of species
KINDS = {"noun": "n", "verb": "v", "adj": "a", "adv": "r"}


def synsets(folder, kind):
    """offset -> (words as spelled, [(symbol, offset, kind, source, target)], field)"""
    found = {}
    with open(f"{folder}/data.{kind}", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("  "):
                continue
            f = line.split("|")[0].split()
            count = int(f[3], 16)
            words = [re.sub(r"\(.*\)\Z", "", f[4 + 2 * i]) for i in range(count)]
            at = 4 + 2 * count
            pointers = []
            for i in range(int(f[at])):
                symbol, offset, part, places = f[at + 1 + 4 * i : at + 5 + 4 * i]
                pointers.append((symbol, offset, part, int(places[:2], 16), int(places[2:], 16)))
            found[f[0]] = (words, pointers, int(f[1]))
    return found


def main():
    folder = sys.argv[1]
    data = {short: synsets(folder, kind) for kind, short in KINDS.items()}
    data["s"] = data["a"]
    opposites, places, common, names = set(), set(), set(), set()
    for part in "nvar":
        for words, pointers, field in data[part].values():
            named = field in FIELDS or any(p[0] == "@i" for p in pointers)
            for word in words:
                if word.islower():
                    common.add(word.lower())
                elif named:
                    names.add(word.lower())
            for symbol, offset, other, source, target in pointers:
                if symbol not in "!\\" or not source:
                    continue
                a, b = words[source - 1], data[other][offset][0][target - 1]
                if symbol == "!" and WORD.match(a.lower()) and WORD.match(b.lower()):
                    opposites.add(tuple(sorted((a.lower(), b.lower()))))
                elif symbol == "\\" and a[0].isupper() and b[0].isupper():
                    a, b = a.lower(), b.lower()
                    if WORD.match(a) and WORD.match(b) and a != b:
                        places.add((a, b))
    known = {w for pair in opposites for w in pair}
    lines = [f"= {a} {b}" for a, b in opposites]
    for kind in ("verb", "noun", "adj"):
        with open(f"{folder}/{kind}.exc", encoding="utf-8") as exceptions:
            for line in exceptions:
                form, *lemmas = line.split()
                lines += [f"~ {form} {x}" for x in lemmas if x in known and WORD.match(form)]
    lines += [f"% {a} {b}" for a, b in places]
    lines += [f"@ {n}" for n in names - common if WORD.match(n) and len(n) > 2]
    print("\n".join(sorted(set(lines))))


main()
