# SPDX-License-Identifier: MIT
"""What lib/tokens/features.c counts in a text, for the fit; the two must agree."""

import numpy

LOWER, UPPER, DIGIT, SPACE, LINE, CONTROL, JOIN, QUOTE, SIGN, HIGH = range(10)
ASCII = ("word title hump caps letter digit number space blanks line lines indent control join "
         "quote sign run tight").split()
SCRIPTS = ("latin1 latinx combining greek cyrillic armenian hebrew arabic devanagari indic thai "
           "myanmar georgian ethiopic khmer latinv general kana cjk hangul forms astral").split()
COUNTED = ASCII + ["start"] + SCRIPTS
# an estimate's terms: tokens of the base, one for the text, what is counted, and the tokens of the
# base times the share that this has of the characters
TERMS = ["token", "text"] + COUNTED + ["token_" + s for s in COUNTED]
# what the band is made of: per text, per estimated token, per that times a share of the bytes
SPREADS = ("text all upper digit sign blank latin greek cyrillic arabic indic thai cjk hangul astral "
           "other").split()
GROUP = {"latin1": "latin", "latinx": "latin", "combining": "latin", "latinv": "latin",
         "greek": "greek", "cyrillic": "cyrillic", "hebrew": "arabic", "arabic": "arabic",
         "devanagari": "indic", "indic": "indic", "thai": "thai", "kana": "cjk", "cjk": "cjk",
         "forms": "cjk", "hangul": "hangul", "astral": "astral"}


def class_of(byte):
    c = chr(byte)
    if byte >= 128:
        return HIGH
    if c.isalnum():
        return LOWER if c.islower() else UPPER if c.isupper() else DIGIT
    if c in "\n\r":
        return LINE
    if c == " ":
        return SPACE
    if byte < 32 or byte == 127:
        return CONTROL
    return JOIN if c in "-_./,'" else QUOTE if c in '"`' else SIGN


def script_of(lead, following):
    if lead < 0xe0:
        for least, name in ((0xd8, "arabic"), (0xd6, "hebrew"), (0xd4, "armenian"),
                            (0xd0, "cyrillic"), (0xce, "greek")):
            if lead >= least:
                return name
        if lead >= 0xcc:
            return "greek" if lead == 0xcd and following >= 0xb0 else "combining"
        return "latinx" if lead > 0xc2 else "latin1"
    if lead == 0xe0:
        return ("arabic" if following < 0xa4 else "devanagari" if following < 0xa6 else
                "thai" if 0xb8 <= following < 0xbc else "indic")
    if lead == 0xe1:
        return ("myanmar" if following < 0x82 else "georgian" if following < 0x84 else
                "ethiopic" if 0x88 <= following < 0x8f else "khmer" if 0x9e <= following < 0xa0 else
                "latinv" if 0xb8 <= following < 0xbc else "myanmar")
    return ("general" if lead == 0xe2 else "kana" if lead == 0xe3 else "cjk" if lead < 0xea else
            "hangul" if lead < 0xee else "forms" if lead < 0xf0 else "astral")


CLASS = numpy.array([class_of(b) for b in range(256)])
SCRIPT = numpy.full((256, 256), -1)
for lead in range(0xc2, 0xf5):
    for following in range(0x80, 0xc0):
        SCRIPT[lead, following] = SCRIPTS.index(script_of(lead, following))


def counted(text):
    data = numpy.frombuffer(text.encode(), numpy.uint8)
    now = CLASS[data]
    before = numpy.concatenate([[LINE], now[:-1]])
    pair = numpy.bincount(before * 16 + now, minlength=160).reshape(10, 16)[:, :10]
    script = SCRIPT[data, numpy.concatenate([data[1:], [0]])]
    script = numpy.bincount(script[script >= 0], minlength=len(SCRIPTS))
    outside = [DIGIT, SPACE, LINE, CONTROL, JOIN, QUOTE, SIGN, HIGH]
    blank, signs = [SPACE, LINE, CONTROL], [JOIN, QUOTE, SIGN]
    count = {
        "word": pair[outside][:, [LOWER, UPPER]].sum(), "title": pair[outside, UPPER].sum(),
        "hump": pair[LOWER, UPPER], "caps": pair[UPPER, UPPER],
        "letter": pair[:, [LOWER, UPPER]].sum(), "digit": pair[:, DIGIT].sum(),
        "number": pair[:, DIGIT].sum() - pair[DIGIT, DIGIT], "space": pair[:, SPACE].sum(),
        "blanks": pair[SPACE, SPACE], "line": pair[:, LINE].sum(), "lines": pair[LINE, LINE],
        "indent": pair[LINE, SPACE], "control": pair[:, CONTROL].sum(),
        "join": pair[:, JOIN].sum(), "quote": pair[:, QUOTE].sum(), "sign": pair[:, SIGN].sum(),
        "run": pair[numpy.ix_(signs, signs)].sum(),
        "tight": pair[numpy.ix_([LOWER, UPPER, DIGIT], signs)].sum(),
        "start": pair[blank + signs][:, HIGH].sum()}
    return [count[k] for k in ASCII + ["start"]] + list(script)


def terms(counts, tokens, characters):
    """Columns TERMS for each text."""
    return numpy.column_stack([tokens, numpy.ones(len(tokens)), counts,
                               tokens[:, None] * counts / characters[:, None]])


def spreads(counts, middle, characters):
    """Columns SPREADS for each text: what widens the band."""
    at = {name: counts[:, i] for i, name in enumerate(COUNTED)}
    column = {name: numpy.zeros(len(middle)) for name in SPREADS}
    for name in SCRIPTS:
        column[GROUP.get(name, "other")] += at[name]
    column["upper"] = at["title"] + at["hump"] + at["caps"]
    column["digit"] = at["digit"]
    column["sign"] = at["join"] + at["quote"] + at["sign"]
    column["blank"] = at["space"] + at["line"] + at["control"]
    for name in SPREADS:
        column[name] = column[name] * middle / characters
    column["text"], column["all"] = numpy.ones(len(middle)), middle
    return numpy.column_stack([column[name] for name in SPREADS])
