#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs llm-cost and ccusage over one folder of agent logs and compares cost in time and tokens.

usage: agents-run.py LLM-COST CCUSAGE FOLDER
"""
import glob, json, os, shutil, subprocess, sys, tempfile


def run(command, **more):
    """Output, CPU seconds and the largest memory in MB of a command: the best of three."""
    best = None
    for _ in range(3):
        with tempfile.TemporaryFile() as out:
            child = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL, **more)
            _, status, used = os.wait4(child.pid, 0)
            child.returncode = status
            out.seek(0)
            got = (out.read(), used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, status)
        if best is None or got[1] < best[1]:
            best = got
    return best


def main():
    tool, rival, folder = sys.argv[1:]
    files = sorted(glob.glob(folder + "/projects/*/*.jsonl"))
    size = sum(map(os.path.getsize, files))
    print("agent logs: %.0f MB in %d files%s" % (size / 1e6, len(files), ", blanks behind colons" * ("blanks" in folder)))
    out, seconds, memory, _ = run([tool, "--format", "json"] + files)
    total = json.loads(out)["total"]
    print("  %-22s %6.2f s CPU %7.1f MB" % ("llm-cost", seconds, memory))
    program = shutil.which(rival)
    if not program:
        print("  ccusage: left out, it is not installed")
        return
    out, theirs, memory, status = run([program, "daily", "--offline", "--json"],
        env=dict(os.environ, CLAUDE_CONFIG_DIR=folder))
    got = json.loads(out)["totals"] if status == 0 and out.strip() else {}
    tokens = sum(got.get(k, 0) for k in ("inputTokens", "cacheCreationTokens", "cacheReadTokens"))
    same = (tokens, got.get("outputTokens", 0)) == (total["input_tokens"], total["output_tokens"])
    print("  %-22s %6.2f s CPU %7.1f MB  llm-cost needs %.1f x less; %s" % ("ccusage", theirs, memory,
        theirs / seconds, "the same tokens" if same else "other tokens: %d in, %d out" % (tokens, got.get("outputTokens", 0))))


main()
