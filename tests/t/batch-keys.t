#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: a key leaves in the header of its call alone: no output, message, journal, ledger, dead letter,
# core or process list has it, its halves, or its base64, URL or JSON form, whatever a provider repeats.
. "$(dirname "$0")/../lib.sh"

key='sk-canary/Zq7+8Wk2=xT4"end' header='second/canary+Value=9'
key_word=sk-canary-of-one-word
export LLM_API_KEY="$key" EXTRA="$header" OPENAI_API_KEY=third-canary-KEY-of-openai
# finds FOLDER: files that have a key in any form
finds() {
	python3 - "$1" "$key" "$header" "$OPENAI_API_KEY" <<'P'
import base64, json, os, sys, urllib.parse
forms = set()
for key in sys.argv[2:]:
    half = len(key) // 2
    forms |= {key, key[:half], key[half:], urllib.parse.quote(key, safe=""), json.dumps(key)[1:-1], json.dumps(key)[1:-1].replace("/", "\\/"), "".join("\\u%04x" % ord(c) for c in key)}
    for head in "", "Bearer ":  # at each of the three places where base64 may begin
        forms |= {base64.b64encode(b"\0" * n + (head + key).encode()).decode()[(n * 8 + 5) // 6:-4] for n in range(3)}
for folder, _, names in os.walk(sys.argv[1]):
    for name in names:
        data = open(os.path.join(folder, name), "rb").read()
        if any(f.encode() in data for f in forms):
            print(name)
P
}
request() { printf '{"custom_id":"%s","method":"POST","url":"/v1/chat/completions","body":{"model":"%s","max_tokens":5,"messages":[{"role":"user","content":"say it"}]},"llm":{"route":{"alternates":["length"]}}}\n' "$1" "$1"; }
mkdir "$T/all"
cd "$T/all" || exit 1
printf '%s' "$key" > found
eq 'a key that is there is found' "$(finds .)" found
printf 'Basic %s' "$(printf 'x:%s' "$key" | base64)" > found
eq 'in base64 too' "$(finds .)" found
rm found

python3 "$TOP/tests/odd_provider.py" "$T/odd.log" > "$T/odd.port" &
server_pid=$!
while [ ! -s "$T/odd.port" ]; do sleep .02; done
url=http://127.0.0.1:$(cat "$T/odd.port")/v1
for model in key500 key401 html length; do request $model; done > in
echo 'no request' >> in
printf 'limit all total calls=100 usd=9\n' > budget
llm-cost limit ledger set budget
t 'a provider that repeats the key' 4 llm-batch run --base-url "$url" --header X-Extra=EXTRA -v --progress 1ms --retries 1 --state state --dead dead --rejects rejects --cooldown cooldown -o out in
cp "$T/err" messages
t 'the ledger' 1 llm-batch run --base-url "$url" --header X-Extra=EXTRA -v --limit ledger --retries 0 -o limited in
cp "$T/err" messages2
t 'a dry run' 4 llm-batch run -n --base-url "$url" --header X-Extra=EXTRA -v in
cp "$T/out" dry
has 'what it said is kept' out 'Incorrect API key provided: ****'
# given in the place of its name
for wrong in "--key-file $key_word" "--header X-Extra=$key_word" "--header Authorization:$key_word"; do
	# shellcheck disable=SC2086 # two words
	t "a key in the place of a name: ${wrong%%"$key_word"}" 2 llm-batch run --base-url "$url" $wrong in
	lacks 'is not repeated' "$T/err" "$key_word"
done
for file in cooldown dead dead.why dry ledger limited messages messages2 rejects rejects.why state; do
	holds "something is in $file" test -s $file
done
eq 'no key, no half, no other form' "$(finds .)" ''
stop_provider

# a job
provider --polls 1
url=http://127.0.0.1:$port/v1
head -n 1 in > night
t 'a job' 0 llm-batch submit -v --base-url "$url" --header X-Extra=EXTRA --state job night
cp "$T/err" messages3
t 'its end' 0 llm-batch sync -v --header X-Extra=EXTRA --state job -d results
cp "$T/err" messages4
eq 'no key in its files' "$(finds .)" ''
eq 'nor in what the provider noted' "$(finds "$T")" ''
stop_provider

# process list and core, in the middle of a call
provider --stall 20
head -n 1 in > one
cat > "$T/core.py" <<'P'
import os, resource, signal, subprocess, sys, time
resource.setrlimit(resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2)
p = subprocess.Popen(sys.argv[2:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
begin = time.monotonic()
while not (os.path.exists(sys.argv[1]) and os.path.getsize(sys.argv[1])) and time.monotonic() - begin < 10:
    time.sleep(.02)
open("cmdline", "wb").write(b"".join(open("/proc/%d/%s" % (p.pid, f), "rb").read() for f in ("cmdline", "comm", "status")))
os.kill(p.pid, signal.SIGQUIT)
status = os.waitpid(p.pid, 0)[1]
print("core" if os.WCOREDUMP(status) else "none", os.WTERMSIG(status))
P
mkdir "$T/control"
code=$(cd "$T/control" && python3 "$T/core.py" go sh -c 'echo > go; sleep 9')
if [ "$code" != 'core 3' ]; then
	skip 'cores' 'this system writes none'
else
	eq 'a core of it is never written' "$(python3 "$T/core.py" state2 llm-batch run --base-url "http://127.0.0.1:$port/v1" --header X-Extra=EXTRA --state state2 one)" 'none 3'
	eq 'nor is a key in the list of processes' "$(finds .)" ''
	has 'which has its name' cmdline llm-batch
fi
stop_provider
finish
