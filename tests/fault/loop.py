#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Lets call 1, 2, 3 ... of a kind fail in one command, and judges what the tool makes of it.

usage: loop.py [--most N] [--seconds N] [--files NAME,...] [--before SH] [--after SH] [--statuses LIST]
               [--report] WHAT FOLDER COMMAND...

COMMAND runs in FOLDER, in a copy that is made anew for each run. First it runs unhurt, and its
output, the --files and the number of calls are kept. Then, for each kind of call and each manner
of failing, call k fails for k = 1 .. n (at most N of them, evenly spread). Each run must
  - not die of a signal, nor hang,
  - end with status 0 and the very output of the unhurt run, or
  - end with status 3 (or one of LIST) and a message, leaving no half line behind.
Interrupted and short calls are no failure: they must end with status 0 and the same output.
--after SH must succeed in the folder after every run: what is on disk is whole.
Output is TAP: one line for each kind and manner.
"""
import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time

MANNERS = [("malloc", ""), ("malloc", ":ever"), ("read", ""), ("read", ":ever"), ("read", ":short"), ("read", ":intr"),
           ("write", ""), ("write", ":ever"), ("write", ":short"), ("write", ":intr"),
           ("fsync", ""), ("fsync", ":ever"), ("rename", ""), ("rename", ":ever")]

p = argparse.ArgumentParser()
p.add_argument("--most", type=int, default=60)
p.add_argument("--seconds", type=int, default=30)
p.add_argument("--files", default="")
p.add_argument("--after", default="")
p.add_argument("--before", default="")
p.add_argument("--statuses", default="3")
p.add_argument("--report", action="store_true", help="status 3 may come with a report of what could be read")
p.add_argument("--first", type=int, default=1, help="number of the first check")
p.add_argument("what")
p.add_argument("folder")
p.add_argument("command", nargs=argparse.REMAINDER)
args = p.parse_args()
files = [name for name in args.files.split(",") if name]
allowed = {int(status) for status in args.statuses.split(",")}
scratch = tempfile.mkdtemp(dir=os.path.dirname(os.path.abspath(args.folder)))
number = args.first


def run(fault):
    """(status, output, errors, kept files, complaint of --after)"""
    place = os.path.join(scratch, "run")
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(args.folder, place)
    environment = dict(os.environ, LLM_FAULT_COUNT=os.path.join(scratch, "count"))
    if fault:
        environment["LLM_FAULT"] = fault
    if args.before:
        subprocess.run(["sh", "-c", args.before], cwd=place, check=True)
    out = open(os.path.join(scratch, "out"), "wb+")
    err = open(os.path.join(scratch, "err"), "wb+")
    with out, err:
        try:
            status = subprocess.run(args.command, cwd=place, env=environment, stdin=subprocess.DEVNULL,
                                    stdout=out, stderr=err, timeout=args.seconds).returncode
        except subprocess.TimeoutExpired:
            status = "no end after %d s" % args.seconds
        out.seek(0)
        err.seek(0)
        output, errors = out.read(), err.read()
    kept = {}
    for name in files:
        try:
            with open(os.path.join(place, name), "rb") as f:
                kept[name] = f.read()
        except FileNotFoundError:
            kept[name] = None
    complaint = ""
    if args.after:
        after = subprocess.run(["sh", "-c", args.after], cwd=place, capture_output=True)
        if after.returncode:
            complaint = "afterwards: " + (after.stdout + after.stderr).decode("utf-8", "replace")[:300]
    return status, output, errors, kept, complaint


def judge(good, got, harmless):
    status, output, errors, kept, complaint = got
    if complaint:
        return complaint
    if status == 0:
        if output != good[1]:
            return "status 0 and another output"
        if kept != good[3]:
            return "status 0 and other files"
        return ""
    if harmless:
        return "status %s: %s" % (status, errors[:200])
    if status not in allowed:
        return "status %s: %s" % (status, errors[-300:])
    if not errors:
        return "status %d without a message" % status
    # a write that failed half-way ends the run: what stands on standard output begins as it should
    if status == 3 and not args.report and not good[1].startswith(output[:output.rfind(b"\n") + 1]):
        return "status 3 and wrong lines: %r" % output[:200]
    return ""


def say(ok, text, details=()):
    global number
    print("%sok %d - %s" % ("" if ok else "not ", number, text))
    for detail in details:
        print("#   " + detail)
    number += 1


try:
    good = run("")
    if good[0] != 0 or good[4]:
        say(False, "%s: runs unhurt" % args.what, ["status %s %s" % (good[0], good[2][:500]), good[4]])
        sys.exit(1)
    with open(os.path.join(scratch, "count")) as f:
        calls = {kind: int(count) for kind, count in (line.split() for line in f)}
    again = run("")
    say(again[:2] == good[:2] and again[3] == good[3], "%s: runs unhurt, twice the same" % args.what)
    bad_kinds = 0
    for kind, manner in MANNERS:
        n = calls[kind]
        if n == 0:
            continue
        chosen = range(1, n + 1) if n <= args.most else sorted({1 + i * (n - 1) // (args.most - 1) for i in range(args.most)})
        bad = []
        for k in chosen:
            fault = "%s:%d%s" % (kind, k, manner)
            why = judge(good, run(fault), manner in (":short", ":intr"))
            if why:
                bad.append("%s: %s" % (fault, why))
        bad_kinds += bool(bad)
        say(not bad, "%s: %s%s, %d of %d calls" % (args.what, kind, manner, len(chosen), n), bad[:5] + ["%d in all" % len(bad)] * bool(bad))
    sys.exit(bad_kinds > 0)
finally:
    shutil.rmtree(scratch, ignore_errors=True)
