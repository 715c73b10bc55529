#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Speed, memory and start of the filters, beside cat and jq.

usage: filters.py FOLDER-OF-BINARIES SCRATCH-FOLDER
Speed is bytes of input by wall time, best of three, from a file in the page cache to a pipe that
is read and thrown away. Memory is the peak of the resident set (VmHWM of /proc, looked at every
10 ms: rusage would count the memory of this script, which the kernel carries over an exec).
"""
import os
import shutil
import subprocess
import sys
import threading
import time

BIN, SCRATCH = sys.argv[1], sys.argv[2]
SIZE = int(os.environ.get("BENCH_MB", "1000")) * 1000000
PART = int(os.environ.get("BENCH_RIVAL_MB", "100")) * 1000000
STORE = os.path.join(SCRATCH, "bench.store")


def command(*words):
    return [os.path.join(BIN, words[0])] + list(words[1:])


FILTERS = [
    ("llm-route", command("llm-route")),
    ("llm-compress", command("llm-compress")),
    ("llm-cache get", command("llm-cache", "get", "--store", STORE)),
    ("llm-cache mark", command("llm-cache", "mark")),
    ("llm-batch run", command("llm-batch", "run", "--base-url", "http://127.0.0.1:9/v1")),
    ("llm-cost report", command("llm-cost", "report", "--format", "json")),
]


def texts():
    """Words in the lengths of real prompts, always the same."""
    words = ("the of and to in a is that for it as was with be by on not he his but at are this have from or had an they which "
             "one you were all her she there would their we him been has when who will no more if out so up said what its about "
             "than into them can only other time new some could these two may first then do any like my now over such our man").split()
    state = 12345
    while True:
        state = (state * 1103515245 + 12345) % 2147483648
        length = (30, 60, 120, 250, 800)[state // 65536 % 5]
        out = []
        for _ in range(length):
            state = (state * 1103515245 + 12345) % 2147483648
            out.append(words[state // 65536 % len(words)])
        yield " ".join(out) + ' \\"quoted\\" caf\\u00e9.\\nNext line.'


def make(name, size, answered):
    """Requests as OpenAI's batch takes them; answered ones have what llm-batch join adds."""
    if os.path.exists(name) and abs(os.path.getsize(name) - size) < 100000:
        return
    block, n = [], 0
    source = texts()
    answer = (',"response":{"status_code":200,"request_id":"r","body":{"id":"c","object":"chat.completion","model":"gpt-4o-2024-08-06",'
              '"choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"%s"}}],'
              '"usage":{"prompt_tokens":500,"completion_tokens":50,"total_tokens":550}}}')
    while sum(map(len, block)) < 8000000:
        text = next(source)
        n += 1
        block.append('{"custom_id":"r-%06d","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-4o","max_tokens":256,'
                     '"temperature":0.2,"metadata":{"task":"bench","user":"u%d"},"messages":[{"role":"system","content":"You are a helpful '
                     'assistant."},{"role":"user","content":"%s"}]}%s}\n' % (n, n % 97, text, answer % text[:200].rsplit(" ", 1)[0] if answered else ""))
    raw = "".join(block).encode()
    with open(name, "wb") as f:
        written, times = 0, 0
        while written < size:
            # no id stands twice
            times += 1
            written += f.write(raw.replace(b'"custom_id":"r-', b'"custom_id":"r%d-' % times))


def watch(pid, peak):
    """Keeps the largest VmHWM (kB) in peak[0] until the process has no memory left."""
    while True:
        try:
            with open("/proc/%d/status" % pid) as f:
                found = [line for line in f if line.startswith("VmHWM:")]
        except OSError:
            return
        if not found:
            return
        peak[0] = max(peak[0], int(found[0].split()[1]))
        time.sleep(0.01)


def run(words, name, piped=False):
    """(seconds, peak memory in MB, status); the output goes to a pipe that is drained, or to /dev/null"""
    start = time.monotonic()
    p = subprocess.Popen(words + [name], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                         stdout=subprocess.PIPE if piped else subprocess.DEVNULL)
    peak = [0]
    watcher = threading.Thread(target=watch, args=(p.pid, peak))
    watcher.start()
    if piped:
        view = bytearray(1 << 20)
        while os.readv(p.stdout.fileno(), [view]):
            pass
        p.stdout.close()
    status = p.wait()
    taken = time.monotonic() - start
    watcher.join()
    return taken, peak[0] / 1000, status


def rate(words, name, piped, times=3):
    """Bytes a second, the best of some runs; None if it failed."""
    runs = [run(words, name, piped) for _ in range(times)]
    if any(status not in (0, 4) for _, _, status in runs):
        return None
    return os.path.getsize(name) / min(taken for taken, _, _ in runs)


def row(*cells):
    print("  %-34s" % cells[0] + "".join(" %12s" % cell for cell in cells[1:]))


def cell(value, form, divisor=1.0):
    return "" if value is None or divisor is None else form % (value / divisor)


def speed():
    full, part = os.path.join(SCRATCH, "answered.jsonl"), os.path.join(SCRATCH, "answered-part.jsonl")
    make(full, SIZE, True)
    make(part, min(PART, SIZE), True)
    print("a filter that changes nothing: %.2f GB of answered records (* on %.0f MB); best of three"
          % (os.path.getsize(full) / 1e9, os.path.getsize(part) / 1e6))
    row("", "GB/s", "to a pipe", "x cat, pipe", "x jq -c .")
    cat = rate(["cat"], full, True)
    row("cat", cell(rate(["cat"], full, False), "%.2f", 1e9), cell(cat, "%.2f", 1e9), "1", "")
    jq = None
    if shutil.which("jq"):
        version = subprocess.run(["jq", "--version"], capture_output=True, text=True).stdout.strip()
        jq = rate(["jq", "-c", "."], part, False, 1)
        row("%s -c . *" % version, cell(jq, "%.3f", 1e9), "", "", "1")
    else:
        print("  jq is not installed: no ratio to it")
    for name, words in FILTERS[:5]:
        quiet, piped = rate(words, full, False), rate(words, full, True)
        if quiet is None:
            row(name, "failed")
            continue
        row(name, cell(quiet, "%.2f", 1e9), cell(piped, "%.2f", 1e9), cell(piped, "%.2f", cat), cell(quiet, "%.0f", jq))
    row("llm-cost report (reads and sums)", cell(rate(FILTERS[5][1], full, False, 1), "%.2f", 1e9) or "failed")


def memory():
    tenth, full = os.path.join(SCRATCH, "tenth.jsonl"), os.path.join(SCRATCH, "requests.jsonl")
    make(full, SIZE, False)
    make(tenth, SIZE // 10, False)
    print("\nmemory: peak in MB on unanswered requests, every one of which is judged and edited")
    row("", "on %.1f GB" % (os.path.getsize(tenth) / 1e9), "on %.1f GB" % (os.path.getsize(full) / 1e9), "MB/s")
    for name, words in FILTERS:
        if name == "llm-batch run":
            words, name = command("llm-batch", "validate", "--for", "openai"), "llm-batch validate"
        small, large = run(words, tenth), run(words, full)
        if large[2] not in (0, 4):
            row(name, "failed")
            continue
        row(name, "%.1f" % small[1], "%.1f" % large[1], "%.0f" % (os.path.getsize(full) / large[0] / 1e6))
        if os.path.exists(STORE):
            os.remove(STORE)


def start():
    one = os.path.join(SCRATCH, "one.jsonl")
    with open(one, "w") as f:
        f.write('{"custom_id":"r","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-4o","messages":'
                '[{"role":"user","content":"hi"}]}}\n')
    print("\nstart: one record, mean of 200 runs")
    row("", "ms", "", "")
    kinds = [("true (what a process costs)", ["true"])] + [(n, w) for n, w in FILTERS if n != "llm-batch run"]
    kinds.append(("llm-batch validate", command("llm-batch", "validate", "--for", "openai")))
    if shutil.which("jq"):
        kinds.append(("jq -c .", ["jq", "-c", "."]))
    for name, words in kinds:
        begun = time.monotonic()
        for _ in range(200):
            # posix_spawn: python's own fork would cost more than the tool
            pid = os.posix_spawnp(words[0], words + [one], os.environ, file_actions=[
                (os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0), (os.POSIX_SPAWN_OPEN, 2, "/dev/null", os.O_WRONLY, 0)])
            os.waitpid(pid, 0)
        row(name, "%.2f" % ((time.monotonic() - begun) * 5), "", "")


def main():
    speed()
    memory()
    start()


main()
