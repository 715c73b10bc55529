# SPDX-License-Identifier: MIT
"""What BERT's uncased normaliser and its splitter make of each code point, asked of PyPI
`tokenizers` and written as lib/meaning/letters.c.   usage: letters.py OUT"""

import sys

import tokenizers
from tokenizers import normalizers, pre_tokenizers

PAGE = 64
SELF, DROP, BLANK, PUNCTUATION, IDEOGRAPH, HANGUL, MAPPED = range(7)


def ask():
    """code point -> (kind, text)"""
    normal = normalizers.BertNormalizer(
        clean_text=True, handle_chinese_chars=True, strip_accents=None, lowercase=True
    )
    split = pre_tokenizers.BertPreTokenizer()
    for point in range(0x110000):
        if 0xD800 <= point < 0xE000:
            yield DROP, ""
            continue
        text = normal.normalize_str(chr(point))
        words = [word for word, _ in split.pre_tokenize_str("a" + text + "b")]
        if words == ["ab"]:
            yield DROP, ""
        elif words == ["a", "b"]:
            yield BLANK, ""
        elif len(words) == 3 and len(words[1]) == 1 and words[0] == "a" and words[2] == "b":
            yield (IDEOGRAPH if text.startswith(" ") else PUNCTUATION), words[1]
        elif 0xAC00 <= point < 0xAC00 + 11172:
            yield HANGUL, ""
        elif len(words) == 1:
            yield (SELF if text == chr(point) else MAPPED), text
        else:
            sys.exit(f"letters: U+{point:04X}: not foreseen: {words}")


def codes():
    """the code of each code point, and the texts of the codes from MAPPED on"""
    asked = list(ask())
    changed = [
        sorted({text for point, (kind, text) in enumerate(asked) if kind == want and text != chr(point)})
        for want in (PUNCTUATION, IDEOGRAPH, MAPPED)
    ]
    bases = [MAPPED, MAPPED + len(changed[0]), MAPPED + len(changed[0]) + len(changed[1])]
    index = {
        (kind, text): base + at
        for kind, base, texts in zip((PUNCTUATION, IDEOGRAPH, MAPPED), bases, changed)
        for at, text in enumerate(texts)
    }
    code = [
        index[kind, text] if (kind, text) in index and text != chr(point) else kind
        for point, (kind, text) in enumerate(asked)
    ]
    return code, bases, [text for texts in changed for text in texts]


def numbers(kind, name, values):
    rows = [
        "\t" + ", ".join(map(str, values[at : at + 16])) + ",\n" for at in range(0, len(values), 16)
    ]
    return f"const {kind} {name}[{len(values)}] = {{\n{''.join(rows)}}};\n"


def main():
    code, bases, texts = codes()
    pages, page_of, starts, data = {}, [], [], b""
    for first in range(0, len(code), PAGE):
        page_of.append(pages.setdefault(tuple(code[first : first + PAGE]), len(pages)))
    for text in texts:
        starts.append(len(data))
        data += text.encode()
    starts.append(len(data))
    with open(sys.argv[1], "w", encoding="utf-8") as out:
        out.write(
            "/* SPDX-License-Identifier: MIT */\n"
            f"/* Made by scripts/import-vectors of tokenizers {tokenizers.__version__}: do not edit. */\n"
            '#include "meaning/letters.h"\n\n/* clang-format off */\n'
            f"const uint16_t letters_ideographs = {bases[1]}, letters_mapped = {bases[2]};\n\n"
        )
        out.write(numbers("uint8_t", "letters_page", page_of) + "\n")
        out.write(numbers("uint16_t", "letters_code", [c for page in pages for c in page]) + "\n")
        out.write(numbers("uint16_t", "letters_start", starts) + "\n")
        out.write(numbers("unsigned char", "letters_text", list(data)))


main()
