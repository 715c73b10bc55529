#!/bin/sh
# SPDX-License-Identifier: MIT
# run killed with SIGKILL at any moment and started again, so many times: answers that are lost, calls
# made again whose answer was kept, the most that were in flight and made again, and whether that is said.
#
# usage: sh scripts/bench.d/kill.sh FOLDER-OF-BINARIES      BENCH_KILLS (1000)
set -u
cd "$(dirname "$0")/../.." || exit 3
bin=$1 rounds=${BENCH_KILLS:-1000}
dir=$(mktemp -d) || exit 3
provider=''
trap '[ -z "$provider" ] || kill "$provider" 2> /dev/null; rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
seq 1 24 | sed 's/.*/{"custom_id":"q&","method":"POST","url":"\/v1\/chat\/completions","body":{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"say &"}]}}/' > "$dir/in"
python3 tests/provider.py --delay .01 --log "$dir/log" > "$dir/port" &
provider=$!
while [ ! -s "$dir/port" ]; do sleep .05; done
python3 - "$bin/llm-batch" "http://127.0.0.1:$(cat "$dir/port")/v1" "$dir" "$rounds" <<'P'
import collections, hashlib, json, os, re, subprocess, sys, time
tool, url, folder, rounds = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
asked, state, log, at_once = folder + "/in", folder + "/state", folder + "/log", 4
command = [tool, "run", "--base-url", url, "--state", state, "-j", str(at_once)]


def heard():
    return [json.loads(line)["body"] for line in open(log)]


def digest(line):
    return hashlib.sha256(json.dumps(json.loads(line)["body"], sort_keys=True).encode()).hexdigest()[:16]


def whole(text):
    return text.split(b"\n")[:-1]  # without the line that the kill cut


begin = time.monotonic()
subprocess.run(command + [asked], stdout=subprocess.DEVNULL, check=True)
length = time.monotonic() - begin
body = {re.search("say [0-9]+", line)[0]: digest(line) for line in open(asked)}
wanted = ["q%d" % i for i in range(1, 25)]
lost = twice = most = unsaid = middle = 0
for n in range(rounds):
    if os.path.exists(state):
        os.unlink(state)
    open(log, "w").close()
    out = open(folder + "/out", "wb")
    run = subprocess.Popen(command + [asked], stdout=out, stderr=subprocess.DEVNULL)
    time.sleep(length * (n * 0.6180339887 % 1))
    run.kill()
    run.wait()
    left = whole(open(folder + "/out", "rb").read())
    kept = whole(open(state, "rb").read())[1:] if os.path.exists(state) else []
    kept = [body[re.search("say [0-9]+", line.decode())[0]] for line in kept if line.startswith(b'{"key"')]
    again = subprocess.run(command + [asked], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    said = re.search(rb"(\d+) requests were on their way", again.stderr)
    lines = [json.loads(line) for line in whole(again.stdout)]
    good = [line["custom_id"] for line in lines if (line.get("response") or {}).get("status_code") == 200]
    lost += good != wanted or again.returncode != 0
    # what left was kept, and what was kept is not asked for a second time
    calls = collections.Counter(heard())
    twice += any(calls[k] != 1 for k in kept) or len(kept) < len(left)
    repeated = sum(calls.values()) - len(calls)
    most = max(most, repeated)
    unsaid += repeated > int(said[1] if said else 0)
    middle += 0 < len(kept) < len(wanted)
print("%d kills, %d of them in the middle of the work: %d rounds with a lost answer, %d in which a kept answer was asked for again, at most %d calls made again of the %d in flight, in %d rounds more than was said" % (rounds, middle, lost, twice, most, at_once, unsaid))
sys.exit(1 if lost or twice or unsaid or most > at_once else 0)
P
