#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Sums by model over usage lines: llm-cost report, DuckDB and jq on one input, in CPU seconds; and
annotate, from line to line.

usage: report.py LLM-COST FOLDER MEGABYTES ROWS

llm-cost is run twice: for the columns that the others sum, and for all it has, which are priced.
jq reads a tenth of the input and is scaled. The sums of all three are compared. Then so many
rows in three orders, and in eight parts that are merged: the reports must be the same; and in
5,000 groups, for the memory that they take.
"""
import importlib.util, json, os, random, resource, shutil, subprocess, sys

MODELS = ["gpt-4o", "gpt-4o-mini", "claude-sonnet-4-5", "gpt-4.1", "gpt-4.1-mini", "gemini-2.5-flash"]
TOTALS = "SELECT model, count(*), sum(usage.prompt_tokens), sum(usage.completion_tokens)"
DUCK = """
import duckdb, json, sys, time
db = duckdb.connect(config={"threads": 1})
columns = ("{model: 'VARCHAR', usage: 'STRUCT(prompt_tokens BIGINT, completion_tokens BIGINT)'}")
db.execute('SET enable_progress_bar = false')
started = time.process_time()
rows = db.execute("%s FROM read_json('%%s', format='newline_delimited', columns=%%s) GROUP BY model"
    %% (sys.argv[1], columns)).fetchall()
seconds = time.process_time() - started
print(json.dumps({"seconds": seconds, "sums": {r[0]: [int(x) for x in r[1:]] for r in rows}}))
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


def run(*command, out=subprocess.PIPE):
    """Output and CPU seconds of a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    out = subprocess.run(command, stdout=out, check=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return out and out.decode(), seconds


def best_of_each(*commands, out=subprocess.PIPE):
    """Of seven runs that with the fewest CPU seconds, for each command; they take turns, since a
    machine may be slow for a while."""
    rounds = [[run(*command, out=out) for command in commands] for _ in range(7)]
    return [min(runs, key=lambda r: r[1]) for runs in zip(*rounds)]


def memory(*command):
    """The most that a command held, in MB; less than what python holds, 14, is not seen."""
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = status
    assert status == 0, command
    return used.ru_maxrss / 1024


def line(name, size, seconds, ratio=""):
    print(("  %-30s %8.2f s CPU %8.1f MB/s  %s" % (name, seconds, size / seconds / 1e6, ratio)).rstrip())


def sums_of(report):
    return {g["key"]["model"]: [g["requests"], g["input_tokens"], g["output_tokens"]]
            for g in json.loads(report)["groups"]}


def against_others(tool, whole, tenth):
    size = os.path.getsize(whole)
    few = ["--format", "csv", "--columns", "requests,input_tokens,output_tokens"]
    ours = [[tool, "report", *few, "--by", "model", whole],
            [tool, "report", "--format", "json", "--by", "model", whole]]
    duck = [sys.executable, "-c", DUCK, whole]
    there = importlib.util.find_spec("duckdb")
    (_, seconds), (report, all_seconds), *others = best_of_each(*ours, *([duck] if there else []))
    line("llm-cost, the same columns", size, seconds)
    line("llm-cost, all columns, priced", size, all_seconds)
    ratio = "llm-cost is %.2f x as fast, with all columns %.2f x"
    for theirs, rival in others:
        theirs = json.loads(theirs)
        line("DuckDB, one thread, no prices", size, rival, ratio % (rival / seconds, rival / all_seconds))
        rival = theirs["seconds"]
        line("  its query alone", size, rival, ratio % (rival / seconds, rival / all_seconds))
        assert theirs["sums"] == sums_of(report), "DuckDB has other sums"
    if not there:
        print("  DuckDB: left out, the python module is not installed")
    if not shutil.which("jq"):
        print("  jq: left out, it is not installed")
        return
    theirs, rival = run("jq", "-nc", JQ, tenth)
    rival *= size / os.path.getsize(tenth)
    line("jq (a tenth, scaled)", size, rival, ratio % (rival / seconds, rival / all_seconds))
    report = run(tool, "report", "--format", "json", "--by", "model", tenth)[0]
    assert json.loads(theirs) == sums_of(report), "jq has other sums"


def make_rows(folder, rows):
    """All rows in one file, and dealt to eight."""
    whole = os.path.join(folder, "rows-of-%d.jsonl" % rows)
    shards = [os.path.join(folder, "rows-of-%d-%d.jsonl" % (rows, i)) for i in range(8)]
    if os.path.exists(whole) and os.path.getsize(whole):
        return whole, shards
    draw = random.Random(9)
    files = [open(name, "w", encoding="ascii") for name in shards]
    with open(whole, "w", encoding="ascii") as out:
        for i in range(rows):
            row = '{"time":%d,"model":"%s","user":"u%d","usage":{"prompt_tokens":%d,"completion_tokens":%d}}\n' % (
                1762000000 + i * 7919 % 1728000, MODELS[int(draw.random() * len(MODELS))], i * 31 % 5000,
                int(draw.random() * 300000), int(draw.random() * 4000))
            out.write(row)
            files[i % 8].write(row)
    for f in files:
        f.close()
    return whole, shards


def in_any_order(tool, folder, rows):
    whole, shards = make_rows(folder, rows)
    report = [tool, "report", "--by", "model,day", "--format", "json", "--now", "2026-11-21"]
    wanted, seconds = run(*report, whole)
    print("report: %d rows by model and day" % rows)
    line("one file", os.path.getsize(whole), seconds)
    tac = subprocess.Popen(["tac", whole], stdout=subprocess.PIPE)
    backwards = subprocess.run(report, stdin=tac.stdout, stdout=subprocess.PIPE, check=True).stdout.decode()
    parts = []
    for name in shards:
        parts.append(name + ".part")
        with open(parts[-1], "wb") as out:
            subprocess.run([tool, "report", "--partial", "--by", "model,day", "--now", "2026-11-21", name],
                stdout=out, check=True)
    merged = run(tool, "merge", "--format", "json", *parts)[0]
    assert json.loads(wanted)["total"]["requests"] == rows, "rows are missing"
    assert backwards == wanted, "backwards it is another report"
    assert run(*report, *reversed(shards))[0] == wanted, "dealt to eight files it is another report"
    for members in ("total", "groups"):
        assert json.loads(merged)[members] == json.loads(wanted)[members], "merged, %s differ" % members
    print("  backwards, dealt to eight files, and eight parts merged: the same")
    print("  memory: %.1f MB; by user, 5,000 groups: %.1f MB"
        % (memory(*report, whole), memory(tool, "report", "--by", "user", "--format", "json", whole)))
    for name in parts:
        os.remove(name)


def main():
    tool, folder, megabytes, rows = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    whole = os.path.join(folder, "bench-report-%d.jsonl" % megabytes)
    tenth = os.path.join(folder, "bench-report-%d-tenth.jsonl" % megabytes)
    for path, size in (whole, megabytes * 10**6), (tenth, megabytes * 10**5):
        if not os.path.exists(path):
            make(path, size)
    print("report: sums by model, %d MB of usage lines" % megabytes)
    against_others(tool, whole, tenth)
    line("llm-cost annotate", os.path.getsize(whole),
         best_of_each([tool, "annotate", whole], out=subprocess.DEVNULL)[0][1])
    if rows:
        in_any_order(tool, folder, rows)


main()
