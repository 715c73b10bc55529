#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: llm-cache mark: marks go where they pay and nowhere else, the sum and the reason are told,
# nothing else of a record changes, order stays.
. "$(dirname "$0")/../lib.sh"

# rows NAME PYTHON: lines of requests into $T/NAME
rows() {
	python3 - > "$T/$1" <<P
import json
long = "All work and no play makes a dull prompt, " * 900   # far above every minimum
mid = "All work and no play makes a dull prompt, " * 190    # between 1,024 and 4,096 tokens
tool = {"name": "f", "description": long, "input_schema": {"type": "object"}}
def show(r): print(json.dumps(r, separators=(",", ":")))
def a(i, model="claude-sonnet-4-5", **more):
    more.setdefault("messages", [{"role": "user", "content": "q%d" % i}])
    show({"custom_id": "p-%d" % i, "params": {"model": model, "max_tokens": 50, **more}})
$2
P
}
markers() { jq -c '[.. | objects | select(has("cache_control") or has("cachePoint"))] | length' "$1" | xargs; }
told() { jq -r '.llm.cache.mark.markers' "$1" | xargs; }
reason() { jq -r '.llm.cache.mark.reason' "$1" | sort -u; }
bare() { jq -c 'del(.llm) | del(.. | objects | .cache_control)' "$1"; }

rows blocks 'for i in range(5): a(i, system=[{"type": "text", "text": "s"}, {"type": "text", "text": long}])'
t 'a system prompt of blocks' 0 llm-cache mark "$T/blocks"
eq 'one mark on each' "$(markers "$T/out")" '1 1 1 1 1'
eq 'and that is told' "$(told "$T/out")" '1 1 1 1 1'
eq 'on the last block' "$(jq -c '.params.system[1].cache_control' "$T/out" | sort -u)" '{"type":"ephemeral"}'
bare "$T/out" > "$T/one"
same 'nothing else has changed' "$T/one" "$T/blocks"
eq 'the sum is above zero' "$(jq '.llm.cache.mark.usd | tonumber > 0' "$T/out" | sort -u)" true
has 'the reason counts' "$T/out" 'seen 5 times'
# n x input - write - (n - 1) x read, at 3, 3.75 and .3 dollars a million
tokens=$(reason "$T/out" | sed 's/about \([0-9,]*\) tokens.*/\1/; s/,//g')
eq 'the sum is right' "$(jq -r '.llm.cache.mark.usd' "$T/out" | sort -u)" \
	"$(python3 -c "from decimal import Decimal as D; print((($tokens * (5 * 3 - D('3.75') - 4 * D('.3'))) / 1000000).normalize())")"

rows text 'for i in range(3): a(i, system=long)'
t 'a system prompt of text' 0 llm-cache mark "$T/text"
eq 'becomes a block with a mark' "$(jq -c '.params.system | [type, length, .[0].type, .[0].cache_control]' "$T/out" | sort -u)" '["array",1,"text",{"type":"ephemeral"}]'
eq 'of the same text' "$(jq -r '.params.system[0].text' "$T/out" | sort -u | cksum)" "$(jq -r '.params.system' "$T/text" | sort -u | cksum)"
rows tools 'for i in range(3): a(i, tools=[{"name": "g", "input_schema": {}}, tool])'
t 'tools alone' 0 llm-cache mark "$T/tools"
eq 'the last one gets the mark' "$(jq -c '[.params.tools[] | has("cache_control")]' "$T/out" | sort -u)" '[false,true]'
rows both 'for i in range(3): a(i, system=[{"type": "text", "text": "s"}, {"type": "text", "text": ""}], tools=[tool])'
t 'tools and a short system prompt' 0 llm-cache mark "$T/both"
eq 'the last block that is not empty' "$(jq -c '[.params.system[] | has("cache_control")]' "$T/out" | sort -u)" '[true,false]'
rows minimum 'for i in range(6): a(i, model="claude-sonnet-4-5" if i < 3 else "claude-haiku-4-5", system=mid)'
t 'a model with a higher minimum' 0 llm-cache mark "$T/minimum"
eq 'gets none' "$(markers "$T/out")" '1 1 1 0 0 0'
eq 'and it is told why' "$(tail -n 1 "$T/out" | jq -r .llm.cache.mark.reason | grep -cE 'minimum of 4,096')" 1
rows names 'for m in ("claude-sonnet-4-5-20250929", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "anthropic/claude-sonnet-4-5", "claude-sonnet-4-5@20250929", "claude-sonnet-4-5-latest", "claude-sonnet-4-99", "gpt-4o", "claude-sonnet-4-50"):
    for i in range(2): a(i, model=m, system=long)'
t 'names of models' 0 llm-cache mark "$T/names"
eq 'dates and prefixes are understood, other models are not' "$(markers "$T/out")" '1 1 1 1 1 1 1 1 1 1 0 0 0 0 0 0'
eq 'and that is the reason' "$(tail -n 6 "$T/out" | jq -r .llm.cache.mark.reason | sort -u)" 'no cache rule is known for this model'

rows once 'for i in range(6): a(i, system=long + str(i))'
t 'prefixes that are seen once' 0 llm-cache mark "$T/once"
eq 'get none' "$(markers "$T/out")" '0 0 0 0 0 0'
eq 'the sum is a loss' "$(jq '.llm.cache.mark.usd | tonumber < 0' "$T/out" | sort -u)" true
has 'and told' "$T/out" 'not seen again within 1,000 records'
rows twice 'for i in range(2): a(i, system=long)'
t 'an hour for two' 0 llm-cache mark --ttl 1h "$T/twice"
eq 'loses' "$(markers "$T/out") $(jq '.llm.cache.mark.usd | tonumber < 0' "$T/out" | sort -u)" '0 0 true'
rows thrice 'for i in range(3): a(i, system=long)'
t 'an hour for three' 0 llm-cache mark --ttl 1h "$T/thrice"
eq 'pays' "$(jq -c '.params.system[0].cache_control' "$T/out" | sort -u)" '{"type":"ephemeral","ttl":"1h"}'
jq -c '.llm={"route":{"lane":"batch"}}' "$T/thrice" > "$T/lane"
t 'the batch lane' 0 llm-cache mark "$T/lane"
eq 'is an hour by itself' "$(jq -c '.params.system[0].cache_control.ttl' "$T/out" | sort -u)" '"1h"'
eq 'other annotations stay' "$(jq -c '.llm.route.lane' "$T/out" | sort -u)" '"batch"'
t 'but for --ttl 5m' 0 llm-cache mark --ttl 5m "$T/lane"
eq 'which is five minutes' "$(jq -c '.params.system[0].cache_control' "$T/out" | sort -u)" '{"type":"ephemeral"}'
t 'a lifetime that no provider has' 2 llm-cache mark --ttl 2h "$T/thrice"

# --- look-ahead

rows far 'for i in range(12): a(i, system=long + ("" if i in (0, 11) else str(i)))'
t 'seen again after ten others' 0 llm-cache mark --lookahead 11 "$T/far"
eq 'within the look-ahead: both' "$(markers "$T/out")" '1 0 0 0 0 0 0 0 0 0 0 1'
t 'the same' 0 llm-cache mark --lookahead 10 "$T/far"
eq 'beyond it: none' "$(markers "$T/out")" '0 0 0 0 0 0 0 0 0 0 0 0'
t 'live' 0 llm-cache mark --lookahead 0 "$T/far"
eq 'each alone, by its size' "$(markers "$T/out")" '1 1 1 1 1 1 1 1 1 1 1 1'
has 'which is told' "$T/out" 'judged alone'
mkfifo "$T/pipe"
llm-cache mark --lookahead 0 < "$T/pipe" > "$T/live" &
live=$!
exec 9> "$T/pipe"
head -n 1 "$T/far" >&9
tries=100
while [ $((tries -= 1)) -gt 0 ] && [ ! -s "$T/live" ]; do sleep .05; done
holds 'and leaves while the input waits' test "$tries" -gt 0
exec 9>&-
wait "$live"

# --- what is left alone

rows marked 'for i in range(2): a(i, system=[{"type": "text", "text": long, "cache_control": {"type": "ephemeral", "ttl": "1h"}}])
for i in range(2): a(i, system=long, messages=[{"role": "user", "content": [{"type": "text", "text": "x", "cache_control": {"type": "ephemeral"}} for n in range(5)]}])
for i in range(2): a(i, system=long, cache_control={"type": "ephemeral"})'
t 'requests with marks' 0 llm-cache mark "$T/marked"
eq 'get no more' "$(markers "$T/out")" "$(markers "$T/marked")"
jq -c 'del(.llm)' "$T/out" > "$T/one"
same 'nothing changes' "$T/one" "$T/marked"
eq 'what is there is counted' "$(told "$T/out")" '1 1 5 5 1 1'
{
	cat "$T/thrice"
	printf '{"custom_id":"o","body":{"model":"gpt-4o","messages":[{"role":"system","content":"s"}]}}\n'
	printf '{"key":"g","request":{"contents":[{"parts":[{"text":"hi"}]}]}}\n'
	printf '{"custom_id":"e","body":{"model":"text-embedding-3-small","input":"x"}}\n'
	printf '{"custom_id":"n","params":{"model":"claude-sonnet-4-5","messages":[]}}\n'
} > "$T/others"
t 'other interfaces' 0 llm-cache mark "$T/others"
eq 'get none, with a reason each' "$(tail -n 4 "$T/out" | jq -r '.llm.cache.mark.reason' | sort -u | wc -l) $(tail -n 4 "$T/out" | told /dev/stdin)" '4 0 0 0 0'
sed 's/}$/,"result":{"type":"succeeded","message":{"content":[],"stop_reason":"end_turn"}}}/' "$T/thrice" > "$T/answered"
t 'answered records' 0 llm-cache mark "$T/answered"
same 'pass byte for byte' "$T/out" "$T/answered"
jq -c '.llm={"v":1,"cache":{"key":"k","hit":false,"collapsed":true}}' "$T/thrice" > "$T/copies"
t 'collapsed copies' 0 llm-cache mark "$T/copies"
same 'pass byte for byte, too' "$T/out" "$T/copies"
printf '{"recordId":"r","modelId":"us.anthropic.claude-sonnet-4-5-20250929-v1:0","modelInput":{"system":[{"text":"%s"}],"messages":[{"role":"user","content":[{"text":"hi"}]}]}}\n' "$(jq -r '.params.system' "$T/twice" | head -n 1)" > "$T/bedrock"
cat "$T/bedrock" "$T/bedrock" > "$T/bedrocks"
t 'Bedrock Converse' 0 llm-cache mark "$T/bedrocks"
eq 'a block of its own behind the system prompt' "$(jq -c '.modelInput.system[1:]' "$T/out" | sort -u)" '[{"cachePoint":{"type":"default"}}]'

# order and odd lines: what waits keeps its place
{
	printf '\357\273\277'
	head -n 1 "$T/thrice"
	printf '\n[1, 2]\r\n'
	sed -n 2p "$T/thrice"
	printf '{"k": 1}\n \n'
	tail -n 1 "$T/thrice"
} > "$T/mixed"
t 'a mark at the start, blanks, no objects, no requests' 0 llm-cache mark "$T/mixed"
sed 's/,"llm":{.*}}$/}/; s/\[{"type":"text","text":\("All.*, "\),"cache_control":{"type":"ephemeral"}}\]/\1/' "$T/out" > "$T/one"
same 'keep their places and bytes' "$T/one" "$T/mixed"
printf '{"custom_id":"a","params":{"model":"claude-sonnet-4-5","messages":[]},"llm":[]}\n{"custom_id":"b","params":{"model":"x","model":"y","messages":[]}}\n' > "$T/bad"
t 'llm that is no object, a model that stands twice' 4 llm-cache mark --rejects "$T/rej" "$T/bad"
same 'are refused' "$T/rej" "$T/bad"
t 'nothing' 0 llm-cache mark /dev/null
eq 'gives nothing' "$(cat "$T/out")" ''

# 40 MB with a look-ahead of all of it: no more than 16 MiB wait
if [ -n "${LLM_SANITIZED:-}" ]; then
	skip 'memory' 'a sanitizer takes more'
else
	rows large 'for i in range(1100): a(i, system=long)'
	python3 - "$T" > "$T/memory" <<'P'
import resource, subprocess, sys
with open(sys.argv[1] + "/out", "w") as out:
    status = subprocess.run(["llm-cache", "mark", "--lookahead", "100000", sys.argv[1] + "/large"], stdout=out).returncode
print(status, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
P
	read -r status memory < "$T/memory"
	eq '40 MB' "$status" 0
	holds "are marked in less than 40 MB ($memory KB)" test "$memory" -lt 40960
	eq 'all of them' "$(jq -r .llm.cache.mark.markers "$T/out" | sort | uniq -c | xargs)" '1100 1'
fi
# the key of a marked request is that of the unmarked one
llm-cache get --store "$T/s" "$T/blocks" | jq -r .llm.cache.key > "$T/one"
llm-cache mark "$T/blocks" | jq -c 'del(.llm)' | llm-cache get --store "$T/s" | jq -r .llm.cache.key > "$T/two"
same 'marks do not change the key' "$T/two" "$T/one"

if data 'marks on real prompts'; then
	python3 - "$LLM_TEST_DATA/prompts/awesome-prompts.csv" > "$T/real" <<'P'
import csv, json, sys
csv.field_size_limit(10**9)
for n, r in enumerate(csv.DictReader(open(sys.argv[1], newline="", encoding="utf-8"))):
    for i in range(2):
        print(json.dumps({"custom_id": "%d-%d" % (n, i), "params": {"model": "claude-opus-5", "max_tokens": 9, "system": [{"type": "text", "text": r["prompt"] or "x"}], "messages": [{"role": "user", "content": "q%d of %d" % (i, n)}]}}))
P
	t 'marks on real prompts' 0 llm-cache mark "$T/real"
	bare "$T/out" > "$T/one"
	jq -c . "$T/real" > "$T/two"
	same 'change nothing else' "$T/one" "$T/two"
	eq 'and stand exactly where the sum is above zero and the minimum is reached' \
		"$(jq -r '.llm.cache.mark | "\(.markers) \(.usd != null and (.usd | tonumber) > 0)"' "$T/out" | sort -u | xargs)" '0 false 1 true'
fi
finish
