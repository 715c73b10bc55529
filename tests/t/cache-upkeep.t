#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: llm-cache stats, purge, export, import, warm, bounds, times to live by rule, leases: the store
# over its life.
. "$(dirname "$0")/../lib.sh"

cat > "$T/make.py" <<'P'
# N requests of two tenants and two models; with an argument more, answered
import json, sys
for i in range(int(sys.argv[1])):
    r = {"custom_id": "r%d" % i, "method": "POST", "url": "/v1/chat/completions", "body": {"model": "gpt-4o" if i % 3 else "gpt-4o-mini",
        "metadata": {"tenant": "acme" if i % 2 else "globex", "feature": "f%d" % (i % 4)}, "messages": [{"role": "user", "content": "question %d" % i}]}}
    if len(sys.argv) > 2:
        r["response"] = {"status_code": 200, "body": {"model": r["body"]["model"] + "-2024-08-06", "choices": [{"index": 0, "finish_reason": "stop",
            "message": {"role": "assistant", "content": "secret of %s %d" % (r["body"]["metadata"]["tenant"], i)}}],
            "usage": {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}}}
    print(json.dumps(r, separators=(",", ":")))
P
python3 "$T/make.py" 40 > "$T/req"
python3 "$T/make.py" 40 answered > "$T/answered"
hits() { grep -c '"hit":true' "$1"; }
S=$T/s
export LLM_CACHE="$S"
answer() { # the records with the answers of the same custom_id
	jq -c --slurpfile a "$T/answered" '. as $r | $a[] | select(.custom_id == $r.custom_id) | . + $r + {response}' "$1"
}

# --- a dry run where there is no store yet

t 'get, dry' 0 llm-cache get -n --store "$T/not-yet" "$T/req"
eq 'finds nothing, as the run would' "$(hits "$T/out") $(cat "$T/err")" '0 '
t 'import, dry' 0 llm-cache import -n --store "$T/not-yet" "$T/answered"
has 'says what it would do' "$T/err" '40 entries would be taken'
[ -n "${LLM_TEST_SOCKET:-}" ] || holds 'and no store was made' test ! -e "$T/not-yet"

# --- stats

[ -n "${LLM_TEST_SOCKET:-}" ] || t 'stats of no store' 3 llm-cache stats
llm-cache get --scope .body.metadata.tenant "$T/req" > "$T/asked"
answer "$T/asked" > "$T/done"
t 'put' 0 llm-cache put --ttl inf "$T/done"
t 'get again' 0 llm-cache get --scope .body.metadata.tenant "$T/req"
eq 'all are hits' "$(hits "$T/out")" 40
t 'stats' 0 llm-cache stats --format json
cp "$T/out" "$T/stats"
eq 'look-ups, cold start apart' "$(jq -c '[.entries,.hits,.misses,.cold,.hit_rate,.hit_rate_warm,.damaged]' "$T/stats")" '[40,40,40,40,0.5,1,0]'
eq 'tokens' "$(jq -c '[.saved_input_tokens,.saved_output_tokens]' "$T/stats")" '[4000,400]'
eq 'the dollars are those of the bill' "$(jq -r .saved_usd "$T/stats")" "$(llm-cost annotate "$T/done" | jq -s -r '[.[].llm.cost.usd | tonumber] | add * 1e8 | round / 1e8')"
eq 'by route' "$(jq -c '[.routes[] | [.rule,.model,.hits,.misses]]' "$T/stats")" '[[null,"gpt-4o",26,26],[null,"gpt-4o-mini",14,14]]'
has 'for people' "$T/stats" '"unpriced":0'
t 'the table' 0 llm-cache stats
has 'the table has a total' "$T/out" '40 entries'
has 'small dollars are not rounded away' "$T/out" "$(jq -r .saved_usd "$T/stats")"
t 'as CSV' 0 llm-cache stats --format csv
eq 'every number is exact, by the names of JSON' "$(python3 -c 'import csv, sys
r = next(csv.DictReader(open(sys.argv[1])))
print(r["model"], r["hits"], r["hit_rate"], r["hit_rate_warm"], r["saved_input_tokens"])' "$T/out")" 'gpt-4o 26 0.5 1 2600'
t 'as Markdown' 0 llm-cache stats --format md
has 'with the total' "$T/out" '| all'
t 'a gate that holds' 0 llm-cache stats --min-hit-rate 99%
llm-cache get --scope .body.metadata.tenant "$T/answered" > "$T/out"
sed 's/question/other/' "$T/req" | llm-cache get --scope .body.metadata.tenant > "$T/out"
t 'a gate that does not' 1 llm-cache stats --min-hit-rate 60%
eq 'after the first hit a miss is not cold' "$(llm-cache stats --format json | jq -c '[.misses,.cold,.hit_rate_warm]')" '[80,40,0.5]'
sed 's/question/third/' "$T/req" > "$T/third"
t 'get has a gate of its own' 1 llm-cache get --scope .body.metadata.tenant --min-hit-rate 50% "$T/third"
t 'a gate over this run' 0 llm-cache get --scope .body.metadata.tenant --min-hit-rate 100% "$T/req"
jq -c '.llm.route={"rule":"cheap","model":"gpt-4o-mini"}' "$T/req" | llm-cache get --scope .body.metadata.tenant > "$T/out"
eq 'a rule of a route is a group' "$(llm-cache stats --format json | jq -c '[.routes[] | select(.rule == "cheap") | .hits] | add')" 40

# --- export and import

t 'export' 0 llm-cache export
cp "$T/out" "$T/dump"
eq 'one line an entry' "$(wc -l < "$T/dump")" 40
t 'import' 0 llm-cache import --store "$T/copy" "$T/dump"
llm-cache export --store "$T/copy" > "$T/dump2"
same 'the same entries' "$T/dump2" "$T/dump"
llm-cache get --store "$T/copy" --scope .body.metadata.tenant "$T/req" > "$T/out"
eq 'and the same hits' "$(hits "$T/out")" 40
sed '3s/"key":"1:/"key":"2:/; 4s/"key":"1:..../"key":"1:0000/; 5s/"stored":/"stored":"x","was":/' "$T/dump" > "$T/bad"
t 'import of odd lines' 4 llm-cache import --store "$T/odd" --rejects "$T/rejects" "$T/bad"
has 'another key version is named' "$T/err" 'another version'
has 'a key of another request is refused' "$T/err" 'another request'
eq 'the others are in' "$(llm-cache export --store "$T/odd" | wc -l)" 37
sed -n '3,5p' "$T/bad" > "$T/want"
same 'the rejects are whole' "$T/rejects" "$T/want"
t 'import of answered records' 0 llm-cache import --store "$T/log" --ttl inf "$T/answered"
eq 'are entries' "$(llm-cache export --store "$T/log" | wc -l)" 40
eq 'export is in the order of coming' "$(llm-cache export --store "$T/log" | jq -r '.request[5].messages[0].content' | head -n 2 | tail -n 1)" 'question 1'

# --- damage: pages of the tree that lead back, so that a walk in its order comes round again
cat > "$T/turn.py" <<'P'
import sqlite3, sys
root = sqlite3.connect(sys.argv[1]).execute("SELECT rootpage FROM sqlite_schema WHERE name='value'").fetchone()[0]
b = bytearray(open(sys.argv[1], "rb").read())
page = (root - 1) * int.from_bytes(b[16:18], "big")
assert b[page] == 5  # an inner page; its cells begin with the page below
cells = [page + int.from_bytes(b[page + at:page + at + 2], "big") for at in range(12, 20, 2)]
for to, of in (2, 0), (3, 1):
    b[cells[to]:cells[to] + 4] = b[cells[of]:cells[of] + 4]
open(sys.argv[1], "wb").write(b)
P
if [ -z "${LLM_TEST_SOCKET:-}" ]; then
	python3 "$T/make.py" 200 answered | llm-cache put -q --store "$T/turn" --ttl inf > "$T/out"
	python3 "$T/turn.py" "$T/turn"
	for command in export 'purge --model nobody' "put --max-entries 1 $T/answered" "get --semantic $T/req"; do
		# shellcheck disable=SC2086 # a command and its operands
		t "${command%" $T"*} of a file that leads in a circle" 3 timeout 20 llm-cache $command --store "$T/turn"
		has 'says so' "$T/err" damaged
	done
	eq 'and the records pass' "$(wc -l < "$T/out")" 40
	head -n 1 "$T/answered" | llm-cache put -q --store "$T/byte" --ttl inf > "$T/out"
	python3 -c 'import sqlite3, sys
b, old = bytearray(open(sys.argv[1], "rb").read()), sqlite3.connect(sys.argv[1]).execute("SELECT bytes FROM value").fetchone()[0]
b[b.find(old) + len(old) - 3] ^= 16
open(sys.argv[1], "wb").write(b)' "$T/byte"
	head -n 1 "$T/req" > "$T/one"
	t 'an entry with a turned byte is a miss' 3 llm-cache get --store "$T/byte" --claim 300ms "$T/one"
	has 'that says so' "$T/err" 'damage was met 1 time'
	t 'however often it is tried while another process asks' 3 llm-cache get --store "$T/byte" --claim 300ms "$T/one"
	t 'and where the questions are read too' 3 llm-cache get --store "$T/byte" --semantic "$T/one"
	eq 'it counts once a look-up' "$(llm-cache stats --store "$T/byte" --format json | jq .damaged)" 3
fi

# --- a store of version 1

if [ -z "${LLM_TEST_SOCKET:-}" ]; then # a file
python3 - "$T/copy" "$T/v1" <<'P'
import shutil, sqlite3, sys, os
shutil.copy(sys.argv[1], sys.argv[2])
os.chmod(sys.argv[2], 0o600)
c = sqlite3.connect(sys.argv[2])
def parts(bytes):
    numbers = [int.from_bytes(bytes[16 + 8 * i:24 + 8 * i], "little") for i in range(8)]
    at = 80
    for n in numbers[2:]:
        yield bytes[at:at + n]
        at += n
    yield from (bytes[:16], numbers[0], numbers[1])
rows = [(i, *parts(b)) for i, b in c.execute("SELECT id,bytes FROM value")]
c.executescript("""ALTER TABLE entry RENAME TO e2; ALTER TABLE tally RENAME TO t2;
CREATE TABLE entry(id INTEGER PRIMARY KEY, stored INTEGER NOT NULL, expires INTEGER NOT NULL, key BLOB NOT NULL, scope BLOB NOT NULL,
 model BLOB NOT NULL, meta BLOB NOT NULL, sum BLOB NOT NULL, request BLOB NOT NULL, body BLOB NOT NULL);
CREATE TABLE tally(scope BLOB PRIMARY KEY, hits INTEGER NOT NULL, misses INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO tally VALUES(x'2261636d6522',5,6);
DROP TABLE e2; DROP TABLE t2; DROP TABLE value; DROP TABLE claim; DROP TABLE state; PRAGMA user_version=1;""")
c.executemany("INSERT INTO entry(id,key,scope,model,meta,request,body,sum,stored,expires) VALUES(?,?,?,?,?,?,?,?,?,?)", rows)
c.commit()
c.close()
P
cp "$T/v1" "$T/v1.before"
chmod 400 "$T/v1"
t 'an old store that is only read' 0 llm-cache get --store "$T/v1" -n --scope .body.metadata.tenant "$T/req"
eq 'has its answers' "$(hits "$T/out")" 40
t 'and its tallies' 0 llm-cache stats --store "$T/v1" --format json
eq 'as they were' "$(jq -c '[.hits,.misses,.entries]' "$T/out")" '[5,6,40]'
eq 'and its entries' "$(llm-cache export --store "$T/v1" | sort | cksum)" "$(sort "$T/dump" | cksum)"
same 'and stays as it is' "$T/v1" "$T/v1.before"
chmod 600 "$T/v1"
for i in 1 2 3 4; do llm-cache get --store "$T/v1" --scope .body.metadata.tenant "$T/req" > "$T/up$i" 2> "$T/err$i" & done
wait
eq 'four processes bring it up to date at once' "$(cat "$T"/up? | grep -c '"hit":true') $(cat "$T"/err? | wc -l)" '160 0'
eq 'with its tallies' "$(llm-cache stats --store "$T/v1" --format json | jq -c '[.hits,.misses,.entries]')" '[165,6,40]'
fi

# --- purge

t 'purge of nothing in particular' 2 llm-cache purge
t 'purge by a key that is none' 2 llm-cache purge --key 1:zz
t 'purge by half a tag' 2 llm-cache purge --tag feature
t 'purge -n' 0 llm-cache purge -n --scope acme
has 'tells how many' "$T/err" '20 entries would be deleted'
eq 'and deletes none' "$(llm-cache export | wc -l)" 40
[ -n "${LLM_TEST_SOCKET:-}" ] || holds 'the secrets are in the file' grep -q 'secret of acme' "$S"
t 'purge of a scope' 0 llm-cache purge --scope acme
for f in "$S"*; do lacks "no byte of it in ${f##*/}" "$f" acme; done
[ -n "${LLM_TEST_SOCKET:-}" ] || holds 'the other tenant is there' grep -q 'secret of globex' "$S"
llm-cache get --scope .body.metadata.tenant "$T/req" > "$T/out"
eq 'and is served' "$(hits "$T/out")" 20
t 'by tag' 0 llm-cache purge --store "$T/copy" --tag feature=f1
has 'ten of them' "$T/err" '10 entries deleted'
t 'by tag and scope' 0 llm-cache purge --store "$T/copy" --tag feature=f0 --scope acme
has 'no such pair' "$T/err" '0 entries deleted'
t 'by model' 0 llm-cache purge --store "$T/copy" --model gpt-4o
eq 'gpt-4o is not gpt-4o-mini' "$(llm-cache export --store "$T/copy" | jq -r .model | sort -u)" gpt-4o-mini-2024-08-06
key=$(llm-cache export --store "$T/copy" | jq -r .key | head -n 1)
t 'by key' 0 llm-cache purge --store "$T/copy" --key "$key"
has 'one' "$T/err" '1 entry deleted'
lacks 'it is gone' "$T/out" "$key"
llm-cache put --store "$T/old" --now 2026-01-01T00:00:00Z --ttl inf "$T/answered" > "$T/out"
head -n 5 "$T/answered" | llm-cache put --store "$T/old" --now 2026-06-01T00:00:00Z --ttl inf > "$T/out"
t 'by a time' 0 llm-cache purge --store "$T/old" --before 2026-01-01T00:00:00Z
has 'not at that time itself' "$T/err" '0 entries deleted'
t 'by age' 0 llm-cache purge --store "$T/old" --now 2026-06-02T00:00:00Z --before 30d
has 'older than that' "$T/err" '35 entries deleted'

# --- finished answers only, whoever gave them

cat > "$T/ends.py" <<'P'
# answered records, NAME|WANTED|RECORD
import json
def say(name, want, r): print("%s|%d|%s" % (name, want, json.dumps(r)))
def claude(stop, **more): return {"custom_id": "x", "params": {"model": "claude-sonnet-4-5", "max_tokens": 9, "messages": [{"role": "user", "content": "q"}]},
    "result": {"type": "succeeded", "message": dict({"type": "message", "role": "assistant", "model": "claude-sonnet-4-5", "content": [{"type": "text", "text": "a"}], "stop_reason": stop}, **more)}}
for s in ("end_turn", "stop_sequence", "tool_use"): say("claude " + s, 1, claude(s))
for s in ("max_tokens", "refusal", "model_context_window_exceeded", "pause_turn", None): say("claude %s" % s, 0, claude(s))
for t in ("errored", "expired", "canceled"): say("claude " + t, 0, {**claude("end_turn"), "result": {"type": t, "error": {"type": "x"}}})
def gemini(reason, **more):
    c = {"content": {"role": "model", "parts": [{"text": "a"}]}}
    if reason: c["finishReason"] = reason
    return {"key": "k", "request": {"contents": [{"role": "user", "parts": [{"text": "q"}]}]}, "response": dict({"candidates": [c], "modelVersion": "gemini-2.5-flash"}, **more)}
say("gemini STOP", 1, gemini("STOP"))
for s in ("MAX_TOKENS", "SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "MALFORMED_FUNCTION_CALL", "OTHER", None): say("gemini %s" % s, 0, gemini(s))
say("gemini blocked", 0, {**gemini("STOP"), "response": {"promptFeedback": {"blockReason": "SAFETY"}}})
say("gemini status", 0, {**gemini("STOP"), "response": {}, "status": "Bad Request"})
say("gemini error", 0, {"key": "k", "request": gemini("STOP")["request"], "error": {"code": 3, "message": "no"}})
def bedrock(stop): return {"recordId": "b", "modelInput": {"messages": [{"role": "user", "content": [{"text": "q"}]}], "inferenceConfig": {"maxTokens": 7}},
    "modelOutput": {"output": {"message": {"role": "assistant", "content": [{"text": "a"}]}}, "stopReason": stop}}
say("bedrock end_turn", 1, bedrock("end_turn"))
for s in ("max_tokens", "guardrail_intervened", "content_filtered", None): say("bedrock %s" % s, 0, bedrock(s))
def responses(status, **more): return {"custom_id": "x", "url": "/v1/responses", "body": {"model": "gpt-4o", "input": "q"},
    "response": {"status_code": 200, "body": dict({"object": "response", "status": status, "model": "gpt-4o", "output": [{"type": "message", "role": "assistant", "status": "completed", "content": [{"type": "output_text", "text": "a"}]}]}, **more)}}
say("responses completed", 1, responses("completed"))
say("responses incomplete", 0, responses("incomplete", incomplete_details={"reason": "max_output_tokens"}))
for s in ("failed", "in_progress", "queued", "cancelled", None): say("responses %s" % s, 0, responses(s))
r = responses("completed"); r["response"]["body"]["output"][0]["content"] = [{"type": "refusal", "refusal": "no"}]
say("responses refusal", 0, r)
P
python3 "$T/ends.py" > "$T/ends"
while IFS='|' read -r name want record; do
	rm -f "$T/e"
	printf '%s\n' "$record" | llm-cache put --store "$T/e" > "$T/out" 2> "$T/err"
	eq "$name" "$(llm-cache export --store "$T/e" | wc -l)" "$want"
done < "$T/ends"

# --- bounds

t 'put with a bound' 0 llm-cache put --store "$T/small" --ttl inf --max-entries 10 "$T/answered"
eq 'it holds' "$(llm-cache stats --store "$T/small" --format json | jq .entries)" 10
tail -n 1 "$T/req" > "$T/last"
llm-cache get --store "$T/small" "$T/last" > "$T/out"
eq 'the newest is there' "$(hits "$T/out")" 1
t 'a bound of bytes' 0 llm-cache put --store "$T/small" --ttl inf --max-bytes 2K "$T/answered"
eq 'holds' "$(llm-cache stats --store "$T/small" --format json | jq '.bytes <= 2048 and .entries > 1')" true
t 'a size that is none' 2 llm-cache put --store "$T/small" --max-bytes 2X "$T/answered"

# --- times to live by rule

cat > "$T/rules" <<'R'
# the first that holds
0    tag.feature=f0
5m   words="question 1",nothing
10m  text=/question (2|3)$/ model=gpt-4o
1d   model=gpt-4o*mini
0    time-words
2h
R
t 'put with rules' 0 llm-cache put --store "$T/ruled" --ttl-rules "$T/rules" --now 1000000000 "$T/answered"
llm-cache export --store "$T/ruled" | jq -r '[.request[5].messages[0].content, (.expires - .stored) / 60000] | @tsv' > "$T/lives"
life() { eq "$1" "$(grep -P "^$1\t" "$T/lives" | cut -f 2)" "$2"; }
life 'question 0' ''
life 'question 1' 5
life 'question 2' 10
life 'question 3' 1440
life 'question 5' 120
life 'question 10' 120
life 'question 33' 1440
sed 's/question 5/what is the LATEST news/' "$T/answered" | grep LATEST | head -n 1 > "$T/news"
t 'a question about now' 0 llm-cache put -v --store "$T/news.s" --ttl-rules "$T/rules" "$T/news"
has 'is not stored' "$T/err" '1 with no time to live'
sed 's/question 5/is the latestness known/' "$T/answered" | grep latestness | head -n 1 | llm-cache put -v --store "$T/news.s" --ttl-rules "$T/rules" > "$T/out" 2> "$T/err"
has 'a word inside another is none' "$T/err" '1 answers stored'
for line in 'soon' '5m model' '5m modle=x' '5m text=/(/' '5m words=a,,b' '5m tag.=x' '5m text=/(a)\1/'; do
	printf '1h words=ok\n%s\n' "$line" > "$T/wrong"
	t "a wrong rule: $line" 2 llm-cache put --store "$T/ruled" --ttl-rules "$T/wrong" "$T/answered"
	has 'its line is named' "$T/err" "$T/wrong:2:"
done
t 'no rules there' 2 llm-cache put --store "$T/ruled" --ttl-rules "$T/none" "$T/answered"

# --- warm

{ cat "$T/answered"; head -n 6 "$T/req"; sed -n 3p "$T/answered"; } > "$T/traffic"
t 'warm' 0 llm-cache warm --store '' --top 3 "$T/traffic"
{ sed -n 3p "$T/req"; sed -n 1,2p "$T/req"; } > "$T/want"
same 'the most frequent, as they were asked' "$T/out" "$T/want"
llm-cache put --store "$T/warm" --ttl inf "$T/out" > "$T/dropped"
sed -n 3p "$T/answered" | llm-cache put --store "$T/warm" --ttl inf > "$T/dropped"
t 'warm beside a store' 0 llm-cache warm --store "$T/warm" --top 1 "$T/traffic"
sed -n 1p "$T/req" > "$T/want"
same 'leaves out what it knows' "$T/out" "$T/want"
cat > "$T/claude" <<'R'
{"custom_id":"a","params":{"model":"claude-sonnet-4-5","max_tokens":9,"stream":true,"system":"long","messages":[{"role":"user","content":"1"}]}}
{"custom_id":"e","params":{"model":"claude-sonnet-4-5","max_tokens":9,"system":[{"type":"text","text":"what is \"cache_control\""},{"type":"text","text":""}],"messages":[{"role":"user","content":"5"}]}}
{"custom_id":"b","params":{"model":"claude-sonnet-4-5","max_tokens":9,"system":"long","messages":[{"role":"user","content":"2"}]},"llm":{"v":1,"route":{"model":"x"}}}
{"custom_id":"c","params":{"model":"claude-sonnet-4-5","max_tokens":9,"system":"batched","messages":[{"role":"user","content":"3"}]},"llm":{"v":1,"route":{"lane":"batch"}}}
{"custom_id":"d","params":{"model":"claude-sonnet-4-5","max_tokens":9,"messages":[{"role":"user","content":"4"}]}}
R
t 'warm --prewarm' 0 llm-cache warm --prewarm "$T/claude" "$T/req"
cat > "$T/want" <<'R'
{"custom_id":"a","params":{"model":"claude-sonnet-4-5","max_tokens":0,"system":[{"type":"text","text":"long","cache_control":{"type":"ephemeral"}}],"messages":[{"role":"user","content":"warm"}]},"llm":{"v":1,"tags":{"lane":"realtime"}}}
{"custom_id":"e","params":{"model":"claude-sonnet-4-5","max_tokens":0,"system":[{"type":"text","text":"what is \"cache_control\"","cache_control":{"type":"ephemeral"}},{"type":"text","text":""}],"messages":[{"role":"user","content":"warm"}]},"llm":{"v":1,"tags":{"lane":"realtime"}}}
R
same 'one line a prefix, none for a batch or another provider' "$T/out" "$T/want"

# --- leases

head -n 1 "$T/req" > "$T/one"
head -n 1 "$T/answered" > "$T/one.answered"
t 'a miss is claimed' 0 llm-cache get --store "$T/lease" --claim 1h "$T/one"
t 'another misses, by choice' 0 llm-cache get --store "$T/lease" --claim 1h --on-claimed miss "$T/one"
has 'and is told why' "$T/out" '"reason":"claimed by another process"'
t 'what else could it do' 2 llm-cache get --store "$T/lease" --claim 1h --on-claimed run "$T/one"
for i in 1 2 3; do llm-cache get --store "$T/lease" --claim 1h "$T/one" > "$T/waited$i" & done
sleep .2
eq 'others wait' "$(cat "$T"/waited? | wc -l)" 0
llm-cache put --store "$T/lease" --ttl inf "$T/one.answered" > "$T/out"
wait
eq 'until the answer is there' "$(cat "$T"/waited? | grep -c '"hit":true')" 3
llm-cache get --store "$T/lease2" --claim 150ms "$T/one" > "$T/out"
t 'a lease ends when its process is gone' 0 llm-cache get --store "$T/lease2" --claim 1h "$T/one"
has 'and the next one asks' "$T/out" '"hit":false}'
sed 's/"finish_reason":"stop"/"finish_reason":"length"/' "$T/one.answered" | llm-cache put --store "$T/lease2" > "$T/out"
t 'a failed answer ends the lease' 0 llm-cache get --store "$T/lease2" --claim 1h --on-claimed miss "$T/one"
has 'so that the next one asks' "$T/out" '"hit":false}'
t 'of one process the same request twice does not wait for itself' 0 llm-cache get --store "$T/lease3" --claim 1h "$T/one" "$T/one"
finish
