# SPDX-License-Identifier: MIT
"""Called by tokens.sh: FOLDER-OF-BINARIES FOLDER [--full] [--ours] [--only PART]. Prints, for each
work, our figure, the rivals', the ratio and whether the target is reached."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

BIN, FOLDER = map(pathlib.Path, sys.argv[1:3])
FULL, OURS = "--full" in sys.argv, "--ours" in sys.argv
ONLY = sys.argv[sys.argv.index("--only") + 1] if "--only" in sys.argv else None
HERE = pathlib.Path(__file__).parent
TEXTS = FOLDER / "texts"
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
RUST = FOLDER / "rust/target/release/rivals"
PACKAGES = {"gigatoken": "gigatoken", "toktok": "toktok-rs", "quicktok": "quicktok-v1", "tiktoken": "tiktoken"}
SLOW = ("quicktok", "tiktoken", "bpe-openai")  # one round; not on the prompts
ENCODINGS = ("o200k_base", "cl100k_base") if FULL else ("o200k_base",)
reached = []


def output(words):
    done = subprocess.run([str(w) for w in words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    return json.loads(done.stdout) if done.returncode == 0 and done.stdout else {"failed": True}


def install():
    """The rivals that can be had; the others are named."""
    if OURS:
        return []
    here = []
    for module, package in PACKAGES.items():
        if not works(module):
            subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                            "--root-user-action=ignore", "--target", str(FOLDER / "rivals" / module), package],
                           check=False, stderr=subprocess.DEVNULL)
        if works(module):
            here.append(module)
            print(f"rival: {package} {version(module, package)}")
        else:
            print(f"missing: {package} (PyPI)")
    if install_rust():
        here.append("bpe-openai")
        print("rival: bpe-openai 0.3")
    else:
        print("missing: bpe-openai (needs cargo and its registry)")
    return here


def python(module):
    """The command that runs Python with a rival in its path."""
    return ["env", f"PYTHONPATH={FOLDER / 'rivals' / module}", sys.executable]


def version(module, package):
    code = f"import importlib.metadata as m; print(m.version({package!r}))"
    return subprocess.run(python(module) + ["-c", code], stdout=subprocess.PIPE, check=False).stdout.decode().strip()


def works(module):
    return subprocess.run(python(module) + ["-c", f"import {module}"], check=False,
                          stderr=subprocess.DEVNULL).returncode == 0


def install_rust():
    if RUST.exists():
        return True
    if not shutil.which("cargo"):
        return False
    (FOLDER / "rust/src").mkdir(parents=True, exist_ok=True)
    shutil.copy(HERE / "tokens-rival.rs", FOLDER / "rust/src/main.rs")
    (FOLDER / "rust/Cargo.toml").write_text(
        '[package]\nname = "rivals"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\nbpe-openai = "0.3"\n')
    subprocess.run(["cargo", "build", "--release", "--quiet"], cwd=FOLDER / "rust", check=False)
    return RUST.exists()


def rival(name, encoding, mode, file):
    if name == "bpe-openai":
        return output([RUST, encoding, mode, file])
    return output(python(name) + [HERE / "tokens-rival.py", name, encoding, mode, file, TEXTS / "ranks"])


def ours(encoding, mode, *rest):
    return output([FOLDER / "bench-tokens", encoding, mode, *rest])


def least(old, new):
    return {k: min(v, old.get(k, v)) if isinstance(v, float) else v for k, v in new.items()}


def rounds(names, once):
    """The least of each figure over the rounds; in turn, so that a slow minute is everybody's."""
    best = {}
    for i in range(ROUNDS):
        for name in names:
            if i == 0 or name not in SLOW:
                best[name] = least(best.get(name, {}), once(name))
    return best


def verdict(what, value, target, fine):
    reached.append((what, fine))
    return f"{value}, to reach {target}: {'reached' if fine else 'NOT REACHED'}"


def speed(size, figures, which):
    return size / 1e6 / figures[which] if which in figures and figures[which] > 0 else None


def show(value):
    return "-" if value is None else f"{value:.0f}"


def agree(best):
    counts = {name: f.get("count") for name, f in best.items()}
    values = {v for v in counts.values() if v is not None}
    failed = [n for n, v in counts.items() if v is None]
    words = f"all count {values.pop()}" if len(values) == 1 else f"COUNTS DIFFER {counts}"
    return words + (f" (failed: {', '.join(failed)})" if failed else "")


def table(what, size, best, targets):
    """One row a counter: MB/s fresh, warm, and fresh with the loading of its tables."""
    print(f"\n{what}: {size / 1e6:.1f} MB; {agree(best)}")
    print(f"  {'MB/s':<14}{'fresh':>8}{'warm':>8}{'with load':>11}{'memory, MB':>12}")
    for name, f in best.items():
        loaded = size / 1e6 / (f["load"] + f["fresh"]) if "fresh" in f else None
        print(f"  {name:<14}{show(speed(size, f, 'fresh')):>8}{show(speed(size, f, 'warm')):>8}{show(loaded):>11}"
              f"{f.get('rss', 0) / 1024:>12.0f}" + (f"  of it {f['mapped'] / 1024:.0f} tables" if "mapped" in f else ""))
    for which, times in targets.items():
        bar, mine = speed(size, best.get("gigatoken", {}), which), speed(size, best["ours"], which)
        if bar and mine:
            print("  " + verdict(f"{what}, {which}", f"{which}: {mine / bar:.2f} x gigatoken", f"{times} x", mine >= times * bar))
    if "mapped" in best["ours"]:
        beyond = (best["ours"]["rss"] - best["ours"]["mapped"]) / 1024
        print("  " + verdict(f"{what}, memory", f"memory: {beyond:.1f} MB beyond the tables", "20 MB", beyond < 20))


def bench_text(names, encoding):
    bars = {"prose": {"fresh": 2.2, "warm": 1.4}, "code": {"fresh": 2.2, "warm": 1.4}, "multi": {"fresh": 2, "warm": 1.1}}
    for text, targets in bars.items():
        file = TEXTS / f"{text}.txt"
        best = rounds(["ours"] + names, lambda name: ours(encoding, "text", file) if name == "ours"
                      else rival(name, encoding, "text", file))
        table(f"{text}, {encoding}", file.stat().st_size, best, targets)
    if FULL and encoding == "o200k_base":
        file = TEXTS / "distinct.txt"
        best = {"ours": ours(encoding, "text", file)}
        if "gigatoken" in names:
            best["gigatoken"] = rival("gigatoken", encoding, "start", file)
        table(f"distinct, {encoding}", file.stat().st_size, best, {"fresh": 2.2})


def wall(words, times):
    """The least time that a process takes from start to end, in ms."""
    best = 1e9
    for _ in range(times):
        start = time.monotonic()
        subprocess.run([str(w) for w in words], stdout=subprocess.DEVNULL, check=False)
        best = min(best, 1e3 * (time.monotonic() - start))
    return best


def model_of(encoding):
    return "gpt-4o" if encoding == "o200k_base" else "gpt-4"


def counted(words):
    """llm-cost count as if it were a counter: its whole processor time, its sum."""
    before = os.times()
    out = subprocess.run([str(w) for w in words], stdout=subprocess.PIPE, check=True).stdout
    after = os.times()
    return {"fresh": after.children_user + after.children_system - before.children_user - before.children_system,
            "count": int(out.split()[0])}


def bench_log(names, encoding):
    frames, log = TEXTS / "prompts.frames", TEXTS / "log.jsonl"
    size = frames.stat().st_size - 4 * 200_000
    fast = [name for name in names if name not in SLOW]
    best = rounds(["ours"] + fast, lambda name: ours(encoding, "lines", frames) if name == "ours"
                  else rival(name, encoding, "lines", frames))
    table(f"200,000 prompts, one call each, {encoding}", size, best, {"fresh": 2})
    words = [BIN / "llm-cost", "count", "--model", model_of(encoding), log]
    readers = ["llm-cost"] + [n for n in names if n == "gigatoken"]
    read = rounds(readers, lambda name: counted(words) if name == "llm-cost"
                  else rival(name, encoding, "jsonl", TEXTS / "prompts.jsonl"))
    read["llm-cost"]["count"] -= 7 * 200_000  # the framing of a message
    print(f"\nthe same prompts read from JSONL, {encoding}; {agree(read)}")
    print(f"  llm-cost count, requests of {log.stat().st_size / 1e6:.0f} MB, whole process: "
          f"{show(speed(size, read['llm-cost'], 'fresh'))} MB/s of text")
    if "gigatoken" in read:
        bar, mine = speed(size, read["gigatoken"], "fresh"), speed(size, read["llm-cost"], "fresh")
        print(f"  gigatoken's reader, rows of one member, without start and load: {show(bar)} MB/s")
        print("  " + verdict(f"llm-cost count on JSONL, {encoding}", f"{mine / bar:.2f} x gigatoken", "2 x", mine >= 2 * bar))


def bench_cold(names, encoding):
    """From the start of a process to its first count; Python's own start is left out."""
    prompt = FOLDER / "prompt.txt"
    prompt.write_bytes((TEXTS / "prose.txt").read_bytes()[:200])
    words = [BIN / "llm-cost", "count", "--text", "--model", model_of(encoding), prompt]
    mine, empty = wall(words, 30), wall(["true"], 30)
    print(f"\nfirst count of 200 bytes from a cold process, {encoding}, ms")
    print("  " + verdict(f"cold, {encoding}", f"llm-cost count: {mine:.1f} (an empty process {empty:.1f})", "5", mine < 5))
    for name in names:
        if name == "bpe-openai":
            print(f"  {name}: {wall([RUST, encoding, 'start', prompt], 5):.1f}")
        else:
            f = least(*[rival(name, encoding, "start", prompt) for _ in range(2)])
            print(f"  {name}: {1e3 * (f['load'] + f['fresh']):.1f} after the start of Python")


def bench_runs(names, encoding):
    print(f"\n1 MB of one character, {encoding}, ms (2 MB by 1 MB)")
    for what, unit in (("a", "a"), ("中", "中"), ("blanks", " "), ("digits", "7"), ("combining marks", "\u0301")):
        one, two = ({"fresh": min(ours(encoding, "run", unit, n * 1_000_000)["fresh"] for _ in range(5))} for n in (1, 2))
        file = FOLDER / "run.txt"
        file.write_text(unit * (1_000_000 // len(unit.encode())), encoding="utf-8")
        rest = {n: rival(n, encoding, "start", file).get("fresh") for n in names}
        words = "  ".join(f"{n} {'failed' if v is None else format(1e3 * v, '.0f')}" for n, v in rest.items())
        ratio = two["fresh"] / one["fresh"]
        print("  " + verdict(f"run of {what}, {encoding}", f"{what:<16}{1e3 * one['fresh']:6.2f} ({ratio:.2f}x)", "5 ms, 2.2x",
                             one["fresh"] <= 0.005 and ratio <= 2.2) + (f"; {words}" if words else ""))


def bench_size():
    print("\nsizes, MB")
    for path in sorted(pathlib.Path("lib/tokens/data").glob("*.ranks*")):
        print(f"  {path}: {path.stat().st_size / 1e6:.2f}")
    print(f"  llm-cost: {(BIN / 'llm-cost').stat().st_size / 1e6:.1f}")
    if shutil.which("strip"):
        subprocess.run(["strip", "-o", str(FOLDER / "stripped"), str(BIN / "llm-cost")], check=False)
        print(f"  llm-cost without symbols: {(FOLDER / 'stripped').stat().st_size / 1e6:.1f}")


def main():
    subprocess.run([sys.executable, str(HERE / "tokens-texts.py"), str(TEXTS)] + (["--full"] if FULL else []), check=True)
    names = install()
    works_of = {"text": bench_text, "log": bench_log, "cold": bench_cold, "runs": bench_runs}
    for encoding in ENCODINGS:
        for part, work in works_of.items():
            if ONLY in (None, part):
                work(names, encoding)
                sys.stdout.flush()
    if ONLY in (None, "size"):
        bench_size()
    missed = [what for what, fine in reached if not fine]
    print(f"\ntokens: {len(reached) - len(missed)} of {len(reached)} targets reached" + "".join(f"\n  not: {m}" for m in missed))


main()
