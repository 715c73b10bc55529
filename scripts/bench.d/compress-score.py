# SPDX-License-Identifier: MIT
"""Runs llm-compress over the sets and logs of the bench and prints what was kept and saved.

usage: compress-score.py BIN DIR
"""
import json
import os
import pathlib
import subprocess
import sys
import time

BIN, DIR = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
HERE = pathlib.Path(__file__).parent


def compress(*arguments, text=None, file=None):
    source = open(file, "rb") if file else None
    return subprocess.run([BIN / "llm-compress", *arguments], input=text, stdin=source,
                          stdout=subprocess.PIPE, check=True).stdout


def seconds(file, *arguments):
    least = 1e9
    for _ in range(5):
        before = os.times()
        compress(*arguments, file=file)
        after = os.times()
        least = min(least, after[2] + after[3] - before[2] - before[3])
    return least


def records(text):
    return [json.loads(line) for line in text.splitlines()]


def tool(content):
    return json.dumps({"model": "gpt-4o", "messages": [
        {"role": "user", "content": "Why did the checkout fail?"},
        {"role": "tool", "tool_call_id": "c", "content": content}]}).encode() + b"\n"


def saved(line):
    c = line["llm"]["compress"]
    return 100 * (1 - c["tokens_after"] / c["tokens_before"])


def logs():
    whole = subprocess.run([sys.executable, HERE / "compress-log.py", "1"], stdout=subprocess.PIPE, check=True).stdout
    for name, text in (("as written", whole.decode().strip()),
                       ("without blanks", json.dumps(json.loads(whole), separators=(",", ":")))):
        out = compress(text=tool(text))
        back = json.loads(compress("--undo", text=out))["messages"][1]["content"]
        same = back == json.dumps(json.loads(whole), separators=(",", ":"), ensure_ascii=False)
        print(f"JSON log of 200 rows, lossless, {name}: {saved(json.loads(out)):.1f} % of tokens saved "
              f"(to reach 53), values back: {same}")
    rows = json.loads(whole)
    odd = [r for r in rows if r["level"] != "INFO"]
    lines = "\n".join(" ".join(str(v) for v in r.values()) for r in rows)
    out = compress(text=tool(lines))
    back = json.loads(compress("--undo", text=out))["messages"][1]["content"]
    print(f"the same as lines, lossless: {saved(json.loads(out)):.1f} % of tokens saved, every byte back: {back == lines}")
    for name, text in (("JSON", whole.decode().strip()), ("lines", lines)):
        out = json.loads(compress("--drop", text=tool(text)))
        content = out["messages"][1]["content"]
        kept = sum((r["timestamp"] in content) for r in odd)
        print(f"tool output of 200 rows as {name}, --drop: {saved(out):.1f} % saved (to reach 84; llmtrim 84), "
              f"errors and outliers kept {kept} of {len(odd)}")


def retrieval():
    for arguments in ((), ("--query", ".body.messages[1].content", "--ratio", "0.1"),
                      ("--query", ".body.messages[1].content", "--ratio", "0.02")):
        out = records(compress(*arguments, file=DIR / "kv-requests.jsonl"))
        good = 0
        for line in out:
            key, value = line["pair"]
            content = line["body"]["messages"][0]["content"]
            good += json.loads(content).get(key) == value
        share = sum(r["llm"]["compress"]["tokens_after"] for r in out) / sum(
            r["llm"]["compress"]["tokens_before"] for r in out)
        print(f"key-value retrieval {' '.join(arguments[2:]) or 'lossless'}: pair kept {good} of {len(out)}, "
              f"{100 * share:.1f} % of tokens left")


def budgets():
    over = words = 0
    out = records(compress("--query", ".body.messages[1].content", "--ratio", "0.3", file=DIR / "nq-requests.jsonl"))
    for line in out:
        c = line["llm"]["compress"]
        over += c["tokens_after"] > 0.3 * c["tokens_before"]
        words += 1
    print(f"NQ-20 as requests, --ratio 0.3: over the budget {over} of {words}")


def speed():
    for name, file, arguments in (
            ("lossless", "nq-requests.jsonl", ()),
            ("lossless, JSON", "kv-requests.jsonl", ()),
            ("with extraction", "nq-requests.jsonl", ("--query", ".body.messages[1].content", "--ratio", "0.3"))):
        size = (DIR / file).stat().st_size
        print(f"speed, one thread, {name}: {size / 1e6 / seconds(DIR / file, *arguments):.1f} MB/s")
    one = DIR / "bench-compress-one.jsonl"
    text = "\n\n".join(json.loads(line)["text"] for line in list(open(DIR / "nq.jsonl"))[:4])
    line = json.dumps({"model": "gpt-4o", "messages": [{"role": "user", "content": text}]}) + "\n"
    one.write_text(line * 200)
    print(f"{json.loads(compress(text=line.encode()))['llm']['compress']['tokens_before']} tokens in one record, "
          f"lossless: {seconds(one) * 1000 / 200:.2f} ms (to reach 1 ms for 10,000)")


def rival(name, run, source):
    start = time.process_time()
    text = run(source)
    took = time.process_time() - start
    if not isinstance(text, str):
        raise TypeError(f"gave {type(text).__name__}")
    count = subprocess.run([BIN / "llm-cost", "count", "--text", "--model", "gpt-4o", "-"], input=source.encode(),
                           stdout=subprocess.PIPE, check=True).stdout.split()[0]
    after = subprocess.run([BIN / "llm-cost", "count", "--text", "--model", "gpt-4o", "-"], input=text.encode(),
                           stdout=subprocess.PIPE, check=True).stdout.split()[0]
    print(f"{name} on the same log: {100 * (1 - int(after) / int(count)):.1f} % saved, "
          f"{len(source) / 1e6 / max(took, 1e-9):.1f} MB/s")


def rivals():
    whole = subprocess.run([sys.executable, HERE / "compress-log.py", "1"], stdout=subprocess.PIPE,
                           check=True).stdout.decode().strip()

    def llmtrim(preset):
        def run(text):
            import llmtrim as trim
            request = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Why did it fail?"}, {
                "role": "assistant", "content": None, "tool_calls": [{"id": "c", "type": "function", "function": {
                    "name": "logs", "arguments": "{}"}}]}, {"role": "tool", "tool_call_id": "c", "content": text}]}
            got = trim.compress(json.dumps(request), trim.Provider.OPEN_AI, preset)
            body = next(v for v in vars(got).values() if isinstance(v, str) and v.startswith("{"))
            return json.loads(body)["messages"][-1]["content"]
        return run

    def headroom(text):
        from headroom import compress as squeeze
        got = squeeze([{"role": "user", "content": "Why did it fail?"},
                       {"role": "tool", "tool_call_id": "c", "content": text}], model="gpt-4o")
        return got.messages[-1]["content"]

    for name, run in (("llmtrim safe", llmtrim("safe")), ("llmtrim agent", llmtrim("agent")), ("headroom", headroom)):
        try:
            rival(name, run, whole)
        except Exception as error:  # a rival may be absent or of another version
            print(f"{name}: left out, {type(error).__name__}: {error}"[:120])


logs()
retrieval()
budgets()
speed()
rivals()
