#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: the store of llm-cache under stress: where it fails the records still pass, damage is never
# an answer, a kill loses nothing that was acknowledged, many processes write at once.
. "$(dirname "$0")/../lib.sh"

hits() { grep -c '"hit":true' "$1"; }
answer() { sed 's/}$/,"response":{"status_code":200,"body":{"model":"gpt-4o","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"yes"}}]}}}/'; }
printf '{"custom_id":"1","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-4o","messages":[{"role":"user","content":"q"}]}}\n' > "$T/one"
llm-cache get --store "$T/f" "$T/one" > "$T/asked"
answer < "$T/asked" > "$T/good"
llm-cache put --store "$T/f" --ttl inf "$T/good" > "$T/out"

# --- where the store fails, the records still pass

t 'no store is named' 2 llm-cache get "$T/one"
t 'a store by LLM_CACHE' 0 env LLM_CACHE="$T/f" llm-cache get "$T/one"
eq 'is used' "$(hits "$T/out")" 1
t 'a folder that is not there' 3 llm-cache get --store "$T/none/at/all" "$T/one"
same 'the records pass, signed' "$T/out" "$T/asked"
has 'one message names the store' "$T/err" "$T/none/at/all: the store"
t 'the same for put' 3 llm-cache put --store "$T/none/at/all" "$T/good"
same 'they pass untouched' "$T/out" "$T/good"
t '--dry-run makes no store' 0 llm-cache put --dry-run --store "$T/dry" "$T/good"
holds 'none is there' test ! -e "$T/dry"
ln -s "$T/f" "$T/link"
t 'a symbolic link' 3 llm-cache get --store "$T/link" "$T/one"
cp "$T/f" "$T/loose" && chmod 644 "$T/loose"
t 'a store that others can read' 3 llm-cache get --store "$T/loose" "$T/one"
t 'redis is told from a file' 3 llm-cache get --store redis://127.0.0.1:1/0 "$T/one"
holds 'and no such file is made' test ! -e redis:
cp "$T/f" "$T/ro" && chmod 400 "$T/ro"
t 'a store that is read-only still answers' 0 llm-cache get --store "$T/ro" "$T/one"
eq 'with what it has' "$(hits "$T/out")" 1
if [ "$(id -u)" = 0 ]; then
	skip 'put into a read-only store' 'root may write anywhere'
else
	t 'put into a read-only store' 3 llm-cache put --store "$T/ro" "$T/good"
fi

# 300 copies of the store with bytes turned: no wrong answer, no crash, every record passes
python3 - "$T" <<'P' > "$T/turned"
import json, random, subprocess, sys
random.seed(11)
folder = sys.argv[1]
good = open(folder + "/f", "rb").read()
asked = open(folder + "/one").read()
want = json.dumps(json.loads(open(folder + "/good").read())["response"], sort_keys=True)
wrong = lost = status = hits = 0
for n in range(300):
    bad = bytearray(good)
    for _ in range(random.choice((1, 4, 16, 64))):
        bad[random.randrange(len(bad))] ^= 1 << random.randrange(8)
    open(folder + "/turn", "wb").write(bad)
    subprocess.run(["chmod", "600", folder + "/turn"], check=True)
    p = subprocess.run(["llm-cache", "get", "--store", folder + "/turn", folder + "/one"], capture_output=True, text=True)
    status += p.returncode not in (0, 3)
    lines = p.stdout.splitlines()
    lost += len(lines) != 1
    r = json.loads(lines[0]) if lines else {}
    if "response" in r:
        hits += 1
        wrong += json.dumps(r["response"], sort_keys=True) != want
print(wrong, lost, status, 0 < hits < 300)
P
eq 'a damaged store: 0 wrong, 0 lost, 0 odd ends of 300' "$(cat "$T/turned")" '0 0 0 True'

# --- many processes, and the end of one in the middle

python3 - "$T" > "$T/killed" <<'P'
import json, os, random, sqlite3, subprocess, sys, time
random.seed(3)
folder = sys.argv[1]
store = folder + "/kill"
def line(n):
    return json.dumps({"custom_id": "%d" % n, "body": {"model": "gpt-4o", "messages": [{"role": "user", "content": "q%d" % n}]},
        "response": {"status_code": 200, "body": {"model": "gpt-4o", "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "a%d " % n + "x" * 3000}}]}}}) + "\n"
n = lost = damaged = 0
safe = []
for turn in range(20):
    rows = [line(i) for i in range(n, n + 3000)]
    open(folder + "/rows", "w").writelines(rows)
    p = subprocess.Popen(["llm-cache", "put", "--store", store, "--ttl", "inf", folder + "/rows"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(random.random() * 0.12)
    p.kill()
    p.wait()
    # these are acknowledged: put ended with 0
    open(folder + "/few", "w").writelines(line(i) for i in range(n + 3000, n + 3010))
    subprocess.run(["llm-cache", "put", "--store", store, "--ttl", "inf", folder + "/few"], stdout=subprocess.DEVNULL, check=True)
    safe += range(n + 3000, n + 3010)
    n += 3010
    damaged += sqlite3.connect(store).execute("pragma integrity_check").fetchone()[0] != "ok"
asked = "".join(json.dumps({k: v for k, v in json.loads(line(i)).items() if k != "response"}) + "\n" for i in safe)
out = subprocess.run(["llm-cache", "get", "--store", store], input=asked, capture_output=True, text=True, check=True).stdout.splitlines()
for i, row in zip(safe, out):
    r = json.loads(row)
    lost += not r["llm"]["cache"]["hit"] or not r["response"]["body"]["choices"][0]["message"]["content"].startswith("a%d " % i)
print(damaged, lost, len(out))
P
eq 'killed in the middle of writing, 20 times: nothing damaged, nothing acknowledged lost' "$(cat "$T/killed")" '0 0 200'

i=0
while [ $((i += 1)) -le 16 ]; do
	seq $((i * 100)) $((i * 100 + 99)) | sed 's/.*/{"custom_id":"&","body":{"model":"gpt-4o","messages":[{"role":"user","content":"w&"}]}}/' > "$T/w$i"
	answer < "$T/w$i" > "$T/wa$i"
done
i=0
while [ $((i += 1)) -le 16 ]; do
	llm-cache put --store "$T/w" "$T/wa$i" > "$T/wo$i" 2>> "$T/locked" && echo ended >> "$T/ended" &
done
wait
eq '16 writers at once all end well' "$(grep -c ended "$T/ended") $(cat "$T/locked")" '16 '
cat "$T"/w[0-9]* | llm-cache get --store "$T/w" > "$T/out"
eq 'and nothing that they wrote is lost' "$(hits "$T/out")" 1600

# files that another process must not read are made so whatever the umask says
(umask 000 && llm-cache put --store "$T/mask" "$T/good" > "$T/out")
eq 'a new store is for its owner alone' "$(stat -c %a "$T/mask")" 600
mkdir "$T/open" && chmod 777 "$T/open"
t 'a folder where anybody can write' 3 llm-cache put --store "$T/open/s" "$T/good"
holds 'gets no store' test ! -e "$T/open/s"
# a network file system: the kernel's word for it is put in the mouth of a local one
cat > "$T/nfs.c" <<'C'
#include <dlfcn.h>
#include <sys/vfs.h>
int fstatfs(int fd, struct statfs *fs)
{
	int got = ((int (*)(int, struct statfs *))dlsym(RTLD_NEXT, "fstatfs"))(fd, fs);
	fs->f_type = 0x6969;
	return got;
}
C
if [ -n "${LLM_SANITIZED:-}" ] || ! "${CC:-cc}" -D_GNU_SOURCE -shared -fPIC -o "$T/nfs.so" "$T/nfs.c" -ldl 2> "$T/err"; then
	skip 'a network file system' 'no compiler, or a sanitizer'
else
	t 'a network file system' 3 env LD_PRELOAD="$T/nfs.so" llm-cache get --store "$T/f" "$T/one"
	has 'is refused by name' "$T/err" 'lies on a network file system'
	same 'the records pass' "$T/out" "$T/asked"
	t 'a new store there' 3 env LD_PRELOAD="$T/nfs.so" llm-cache put --store "$T/far" "$T/good"
	holds 'is not made' test ! -e "$T/far"
fi
python3 - "$T" <<'P'
import sqlite3, sys
sqlite3.connect(sys.argv[1] + "/foreign").execute("create table t(x)")
P
chmod 600 "$T/foreign"
t 'a database of another program' 3 llm-cache put --store "$T/foreign" "$T/good"
has 'is told from a store' "$T/err" 'another program'
python3 - "$T/f" <<'P'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("pragma user_version = 9")
db.commit()
P
t 'a store of a newer version' 3 llm-cache get --store "$T/f" "$T/one"
has 'is refused by name' "$T/err" 'version 9'
finish
