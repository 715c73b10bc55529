#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Kills llm-batch at all moments of a job's life, and lets it go on; for tests/t/batch-kill.t.

usage: batch_kill.py ROUNDS PORT PROVIDER-LOG FOLDER

A round is one job of three requests, at the interfaces of OpenAI, Anthropic (whose batches carry
nothing of ours), Gemini and Mistral in turn: submit and sync are killed with SIGKILL, each once or twice, at
moments that sweep over the whole of their time, and run again without a kill. Checked is what the
provider counted: one creation, and where nobody can know of it the tool has to say so and create
nothing; and that each request has its answer once. Prints what went wrong, at last the counts.
"""
import collections
import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request

rounds, port, log, folder = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
base = "http://127.0.0.1:" + port
state, results, file = (os.path.join(folder, name) for name in ("state", "results", "job.jsonl"))
kinds = ("openai", "anthropic", "gemini", "mistral")
creation = re.compile("/v1/batches|/v1/messages/batches|/v1/batch/jobs|.*:batchGenerateContent")
seen = collections.Counter()


def anew(options):
    urllib.request.urlopen(urllib.request.Request(base + "/_anew", "\n".join(options).encode())).read()
    open(log, "w").close()


def tool(arguments, kill=None):
    """Status and messages; kill: after so many seconds."""
    process = subprocess.Popen(["llm-batch"] + arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        messages = process.communicate(timeout=kill)[1]
    except subprocess.TimeoutExpired:
        seen["kills"] += 1
        process.kill()
        messages = process.communicate()[1]
    return process.returncode, messages


def creations():
    calls = [json.loads(line) for line in open(log)]
    return sum(c["method"] == "POST" and bool(creation.fullmatch(c["path"])) for c in calls)


def request(name, kind):
    body = {"model": "m-1", "max_tokens": 9, "messages": [{"role": "user", "content": "say " + name}]}
    if kind == "anthropic":
        return {"custom_id": name, "params": body}
    if kind == "gemini":
        return {"key": name, "request": {"contents": [{"role": "user", "parts": [{"text": "say " + name}]}]}}
    if kind == "mistral":
        return {"custom_id": name, "body": body}
    return {"custom_id": name, "method": "POST", "url": "/v1/chat/completions", "body": body}


def took(arguments):
    begin = time.monotonic()
    code, messages = tool(arguments)
    assert code in (0, 5), messages
    return time.monotonic() - begin


def begin(kind):
    shutil.rmtree(results, ignore_errors=True)
    for name in os.listdir(folder):
        if name.startswith("state"):
            os.unlink(os.path.join(folder, name))
    anew(["--polls", "1", "--delay", ".02"])
    with open(file, "w") as out:
        out.writelines(json.dumps(request("q%d" % i, kind)) + "\n" for i in range(3))
    return ["submit", "--base-url", base, "--state", state, "--settle", "400ms", "--for", kind, "--model", "m-1", file]


def wrong(number, what, messages=""):
    seen["wrong"] += 1
    print("round %d: %s %s" % (number, what, messages.strip().replace("\n", " | ")), flush=True)


def settle(number, submit, kind):
    """The job to its batch, whatever the kill left; false where that fails."""
    code, messages = tool(submit)
    if code == 3 and kind == "anthropic" and "outcome unknown" in messages:
        seen["unknown"] += 1
        made = creations()
        again, _ = tool(submit)
        if again != 3 or creations() != made:
            wrong(number, "an unknown outcome was repeated unasked")
        code, messages = tool(submit + (["--adopt", "msgbatch_0001"] if made else ["--again"]))
    if code != 0:
        wrong(number, "submit ends with %s" % code, messages)
    if creations() != 1:
        wrong(number, "%d creations" % creations(), messages)
    return code == 0


def finish(number, sync, span):
    tool(sync, span * (number * 7 % rounds) / rounds)
    for _ in range(20):
        code, messages = tool(sync)
        if code != 5:
            break
    if code != 0:
        return wrong(number, "sync ends with %s" % code, messages)
    lines = [json.loads(line) for line in open(os.path.join(results, "job.jsonl"))]
    names = sorted(line.get("custom_id") or line["key"] for line in lines)
    if names != ["q0", "q1", "q2"]:
        wrong(number, "results of %s" % names)
    left = [name for name in os.listdir(folder) if name.startswith("state.")]
    if left:
        wrong(number, "left behind: %s" % left)
    return None


spans = {}
for number in range(rounds):
    kind = kinds[number % len(kinds)]
    submit = begin(kind)
    sync = ["sync", "--state", state, "-d", results]
    if number < len(kinds):
        spans[kind] = (took(submit) * 1.2, took(sync) * 1.2)
        submit = begin(kind)
    span = spans[kind]
    tool(submit, span[0] * number / rounds)
    if number % 3 == 0:
        tool(submit, span[0] * (number * 3 % rounds) / rounds)
    if settle(number, submit, kind):
        finish(number, sync, span[1])
print("%d rounds, %d kills, %d times unknown, %d wrong" % (rounds, seen["kills"], seen["unknown"], seen["wrong"]))
