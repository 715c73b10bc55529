#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Sums by model over usage lines: llm-cost report, DuckDB and jq on one input, in CPU seconds.

usage: report.py LLM-COST FOLDER MEGABYTES

jq reads a tenth of the input and is scaled. The sums of all three are compared.
"""
import json, os, random, resource, shutil, subprocess, sys

MODELS = ["gpt-4o", "gpt-4o-mini", "claude-sonnet-4-5", "gpt-4.1", "gpt-4.1-mini", "gemini-2.5-flash"]
TOTALS = "SELECT model, count(*), sum(usage.prompt_tokens), sum(usage.completion_tokens)"
DUCK = """
import duckdb, json, sys
db = duckdb.connect(config={"threads": 1})
columns = ("{model: 'VARCHAR', usage: 'STRUCT(prompt_tokens BIGINT, completion_tokens BIGINT)'}")
db.execute('SET enable_progress_bar = false')
rows = db.execute("%s FROM read_json('%%s', format='newline_delimited', columns=%%s) GROUP BY model"
    %% (sys.argv[1], columns)).fetchall()
print(json.dumps({r[0]: [int(x) for x in r[1:]] for r in rows}))
""" % TOTALS
JQ = """reduce inputs as $l ({}; .[$l.model] |= [(.[0] // 0) + 1,
  (.[1] // 0) + $l.usage.prompt_tokens, (.[2] // 0) + $l.usage.completion_tokens])"""


def make(path, size):
    draw = random.Random(7)
    written = 0
    with open(path, "w", encoding="ascii") as out:
        while written < size:
            sent, made = draw.randrange(10000), draw.randrange(2000)
            written += out.write(
                '{"timestamp":"2026-11-%02dT%02d:%02d:%02dZ","model":"%s","metadata":{"user":"u%d","feature":"f%d"},'
                '"usage":{"prompt_tokens":%d,"completion_tokens":%d,"total_tokens":%d,"prompt_tokens_details":'
                '{"cached_tokens":%d}}}\n' % (draw.randrange(1, 21), draw.randrange(24), draw.randrange(60),
                draw.randrange(60), draw.choice(MODELS), draw.randrange(1000), draw.randrange(20), sent, made,
                sent + made, draw.randrange(sent + 1)))


def run(*command):
    """Output and CPU seconds of a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    out = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return json.loads(out), seconds


def line(name, size, seconds, ratio=""):
    print(("  %-30s %8.2f s CPU %8.1f MB/s  %s" % (name, seconds, size / seconds / 1e6, ratio)).rstrip())


def main():
    tool, folder, megabytes = sys.argv[1], sys.argv[2], int(sys.argv[3])
    whole = os.path.join(folder, "bench-report-%d.jsonl" % megabytes)
    tenth = os.path.join(folder, "bench-report-%d-tenth.jsonl" % megabytes)
    for path, size in (whole, megabytes * 10**6), (tenth, megabytes * 10**5):
        if not os.path.exists(path):
            make(path, size)
    print("report: sums by model, %d MB of usage lines" % megabytes)
    size = os.path.getsize(whole)
    report, seconds = run(tool, "--format", "json", "--by", "model", whole)
    ours = {g["key"]["model"]: [g["requests"], g["input_tokens"], g["output_tokens"]] for g in report["groups"]}
    line("llm-cost (with prices)", size, seconds)
    try:
        theirs, rival = run(sys.executable, "-c", DUCK, whole)
        line("DuckDB, one thread, no prices", size, rival, "llm-cost is %.2f x as fast" % (rival / seconds))
        assert theirs == ours, "DuckDB has other sums"
    except subprocess.CalledProcessError:
        print("  DuckDB: left out, the python module is not installed")
    if not shutil.which("jq"):
        print("  jq: left out, it is not installed")
        return
    theirs, rival = run("jq", "-nc", JQ, tenth)
    rival *= size / os.path.getsize(tenth)
    line("jq (a tenth, scaled)", size, rival, "llm-cost is %.1f x as fast" % (rival / seconds))
    report = run(tool, "--format", "json", "--by", "model", tenth)[0]
    ours = {g["key"]["model"]: [g["requests"], g["input_tokens"], g["output_tokens"]] for g in report["groups"]}
    assert theirs == ours, "jq has other sums"


main()
