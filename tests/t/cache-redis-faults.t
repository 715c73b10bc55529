#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: whatever happens to a shared store or the line to it, no answer is wrong, no record is held up
# or lost, and no time is taken beyond what was allowed; and who may use it is said by the server.
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/redis.sh"

redis_there 'a shared store that fails' || finish
hits() { grep -c '"hit":true' "$1"; }
ask() { seq "$1" "$2" | sed 's/.*/{"custom_id":"&","body":{"model":"gpt-4o","messages":[{"role":"user","content":"q&"}]}}/'; }
answer() { sed 's/^\({"custom_id":"\([^"]*\)".*\)}$/\1,"response":{"status_code":200,"body":{"model":"gpt-4o","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"a\2"}}]}}}/'; }
# as_asked FILE: no line is lost, all are in order, and each answer is that of its question
as_asked() { jq -r '"\(.custom_id) \(.response.body.choices[0].message.content // "-")"' "$1" | awk -v n="$2" '$1 != NR || ($2 != "-" && $2 != "a" $1) { bad++ } END { print NR - n, bad + 0 }'; }

redis --loglevel warning
S="unix://$redis_socket"
# with time for a machine that is busy
get() { llm-cache get --store-timeout 20s "$@"; }
put() { llm-cache put --store-timeout 20s "$@"; }
ask 1 200 > "$T/asked"
answer < "$T/asked" > "$T/answered"
t 'put' 0 put --store "$S" "$T/answered"
same 'passes them' "$T/out" "$T/answered"
t 'get' 0 get --store "$S" "$T/asked"
eq 'knows them' "$(hits "$T/out") $(as_asked "$T/out" 200)" '200 0 0'

# --- live: what is there is answered, though more is to come

mkfifo "$T/fifo"
: > "$T/live"
get --store "$S" < "$T/fifo" > "$T/live" 2> "$T/err" &
live=$!
exec 3> "$T/fifo"
head -n 5 "$T/asked" >&3
tries=200
while [ "$(wc -l < "$T/live")" -lt 5 ] && [ $((tries -= 1)) -gt 0 ]; do sleep .05; done
eq 'five lines are answered before the sixth comes' "$(hits "$T/live")" 5
exec 3>&-
wait "$live"
eq 'and it ends well' $? 0
{ printf '\n[1]\n'; head -n 70 "$T/asked"; printf 'bad\n'; yes '' | head -n 150; sed -n 71,200p "$T/asked"; } > "$T/odd"
t 'odd lines among them' 4 get --store "$S" "$T/odd"
llm-cache get --store "$T/none" "$T/odd" 2> "$T/err2" | jq -c 'if type == "object" then .custom_id else . end' > "$T/order"
jq -c 'if type == "object" then .custom_id else . end' "$T/out" | cmp -s - "$T/order"
eq 'keep their places' "$?" 0
eq 'blank ones too' "$(grep -c '^$' "$T/out")" 151

# --- a server that is down, slow, full, or another's

t 'nobody there' 3 llm-cache get --store "unix://$T/none.sock" "$T/asked"
eq 'records pass, one message' "$(as_asked "$T/out" 200) $(hits "$T/out") $(wc -l < "$T/err")" '0 0 0 1'
has 'and it names the store' "$T/err" "unix://$T/none.sock: the store cannot be reached"
kill -STOP "$server_pid"
t 'a server that is stopped' 3 llm-cache get --store "$S" "$T/asked"
eq 'records pass, one message' "$(as_asked "$T/out" 200) $(hits "$T/out") $(wc -l < "$T/err")" '0 0 0 1'
has 'and it says why' "$T/err" 'does not answer in time'
t 'the same for put' 3 llm-cache put --store "$S" "$T/answered"
same 'which passes all' "$T/out" "$T/answered"
kill -CONT "$server_pid"
: > "$T/live"
get --store "$S" < "$T/fifo" > "$T/live" 2> "$T/err" &
live=$!
exec 3> "$T/fifo"
head -n 5 "$T/asked" >&3
tries=200
while [ "$(wc -l < "$T/live")" -lt 5 ] && [ $((tries -= 1)) -gt 0 ]; do sleep .05; done
stop_redis
sed -n 6,200p "$T/asked" >&3
exec 3>&-
wait "$live"
eq 'a server that dies in the middle' $? 3
eq 'five answers, all lines, one message' "$(hits "$T/live") $(as_asked "$T/live" 200) $(wc -l < "$T/err")" '5 0 0 1'

redis --requirepass 'a b'
t 'a password is wanted' 3 get --store "$S" "$T/asked"
has 'and it says how to give it' "$T/err" 'LLM_REDIS_PASSWORD'
t 'a wrong one' 3 env LLM_REDIS_PASSWORD='a c' llm-cache get --store-timeout 20s --store "$S" "$T/asked"
lacks 'is not shown' "$T/err" 'a c'
LLM_REDIS_PASSWORD='a b'
export LLM_REDIS_PASSWORD
t 'the right one' 0 get --store "$S" "$T/asked"
t 'with a name' 0 get --store "unix://default@$redis_socket?db=3" "$T/asked"
t 'a database that is not there' 3 get --store "$S?db=500" "$T/asked"
cli --no-auth-warning -a 'a b' CONFIG SET maxmemory 1 > "$T/out"
t 'a server without memory' 3 put --store "$S" "$T/answered"
has 'is named' "$T/err" 'memory'
cli --no-auth-warning -a 'a b' CONFIG SET maxmemory 0 > "$T/out"
cli --no-auth-warning -a 'a b' SET '{llm-cache}:format' 7 > "$T/out"
t 'a newer format' 3 get --store "$S" "$T/asked"
has 'is refused' "$T/err" 'another version'
unset LLM_REDIS_PASSWORD
for url in redis://u:secret@127.0.0.1:1/0 redis://:secret@127.0.0.1:1 rediss://h redis:// redis://h:99999 redis://h:x redis://h/x unix://x unix:///x?y=1 mysql://h 'redis://[::1'; do
	t "no store: $url" 2 llm-cache get --store "$url" "$T/asked"
	lacks 'no password is shown' "$T/err" secret
done
stop_redis

# --- a line that is late, cut, mixed up or noisy: at every reply and many bytes

redis --loglevel warning
S="unix://$redis_socket"
put --store "$S" --ttl inf "$T/answered" > "$T/out"
ask 1 30 > "$T/few"
python3 "$TOP/tests/redis-line.py" "$redis_socket" > "$T/port" &
line=$!
while [ ! -s "$T/port" ]; do sleep .02; done
echo clean > "$redis_socket.mode"
t 'by TCP' 0 get --store "redis://127.0.0.1:$(cat "$T/port")/0" "$T/few"
eq 'knows them' "$(hits "$T/out")" 30
cat > "$T/chaos.py" <<'P'
import json, subprocess, sys
port, few, place = sys.argv[1:4]
rounds = [(m, n) for m in ("late", "swap", "drop", "double") for n in range(0, 34, 3)]
rounds = [r for r in rounds if r[0] != "late" or r[1] % 12 == 0]
rounds += [(m, n) for m in ("cut", "garbage", "flip") for n in list(range(0, 60, 7)) + list(range(60, 14000, 1400))]
wrong = lost = odd = whole = failed = 0
for mode, n in rounds:
    with open(place + ".mode", "w") as f: f.write("%s %d" % (mode, n))
    p = subprocess.run(["llm-cache", "get", "--store", "redis://127.0.0.1:%s/0" % port, few], capture_output=True, text=True, timeout=20)
    rows = [json.loads(l) for l in p.stdout.splitlines()]
    lost += [r["custom_id"] for r in rows] != [str(i) for i in range(1, 31)]
    wrong += sum("response" in r and r["response"]["body"]["choices"][0]["message"]["content"] != "a" + r["custom_id"] for r in rows)
    odd += p.returncode not in (0, 3) or (p.returncode == 0) != (p.stderr == "")
    whole += p.returncode == 0
    failed += p.returncode == 3
print(wrong, lost, odd, failed > 30)
P
eq 'no wrong answer, no lost line, no odd end' "$(python3 "$T/chaos.py" "$(cat "$T/port")" "$T/few" "$redis_socket")" '0 0 0 True'
kill "$line"
wait "$line" 2> "$T/err"

# --- the server's own clock and memory

put --store "$S?db=7" --ttl 1h "$T/answered" > "$T/out"
key=$(cli -n 7 --scan --pattern '*e:*' | head -n 1)
holds 'an entry leaves the server at its end' test "$(cli -n 7 TTL "$key")" -gt 3000
cli -n 7 --scan --pattern '*e:*' | head -n 100 | while read -r key; do echo "DEL $key"; done | cli -n 7 > "$T/out"
t 'entries that the server dropped' 0 get --store "$S?db=7" "$T/asked"
eq 'are misses' "$(hits "$T/out") $(as_asked "$T/out" 200)" '100 0 0'
ask 1000 1200 | answer > "$T/more"
put --store "$S?db=7" "$T/more" > "$T/out"
eq 'and are counted no more once others come' "$(llm-cache stats --format json --store-timeout 20s --store "$S?db=7" | jq .entries)" "$(cli -n 7 --scan --pattern '*e:*' | wc -l)"

# --- many at once

i=0
while [ $((i += 1)) -le 16 ]; do
	ask $((i * 1000)) $((i * 1000 + 199)) | answer > "$T/w$i"
		put --store "$S?db=8" --ttl inf "$T/w$i" > "$T/wo$i" 2>> "$T/said" && echo ended >> "$T/ended" &
	writers="${writers:-} $!"
done
for pid in $writers; do wait "$pid"; done
eq '16 writers at once' "$(grep -c ended "$T/ended") $(cat "$T/said")" '16 '
i=0
while [ $((i += 1)) -le 16 ]; do ask $((i * 1000)) $((i * 1000 + 199)); done | get --store "$S?db=8" > "$T/out"
eq 'nothing is lost' "$(hits "$T/out")" 3200
eq 'nor counted twice' "$(llm-cache stats --format json --store-timeout 20s --store "$S?db=8" | jq .entries)" 3200
t 'what works there is told' 0 llm-cache get -v --store "$S?db=8" "$T/out"
has 'exact and more' "$T/err" "the store is on a server: exact answers; '--semantic' works there too"
finish
