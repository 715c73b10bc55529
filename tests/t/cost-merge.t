#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: partial reports add up to the report of the whole, to the last digit, in any order.
# shellcheck disable=SC2016 # programs of jq
. "$(dirname "$0")/../lib.sh"

printf '%s\n' '{"m":{"litellm_provider":"acme","mode":"chat","input_cost_per_token":1.7e-07,"output_cost_per_token":3.1e-06},"n":{"litellm_provider":"acme","mode":"chat","input_cost_per_token":2e-06,"output_cost_per_token":1e-05}}' > "$T/prices.json"
LLM_PRICES=$T/prices.json
export LLM_PRICES
python3 -c 'import json
x = 7
def r(n):
	global x
	x = (x * 1103515245 + 12345) % 2147483648
	return (x >> 8) % n
for i in range(4000):
	p, c = 1 + r(5000), r(300)
	print(json.dumps({"time": 1793500000 + r(2000000), "model": ["m", "n", "unknown"][r(20) // 9], "id": "answer-%012d" % i,
		"usage": {"prompt_tokens": p, "completion_tokens": c, "total_tokens": p + c},
		"metadata": {"user": "u%d" % r(1800), "session": "s%d" % r(50)},
		"llm": {"v": 1, "batch": {"lane": ["realtime", "batch"][r(2)], "latency_ms": r(100000), "attempts": 1 + r(2)}}}))' > "$T/log"
split -n l/5 "$T/log" "$T/shard."
q() { jq -c "$1" "$T/out"; }

for by in model 'model,.metadata.session'; do
	for s in "$T"/shard.a?; do llm-cost --by "$by" --over week --partial "$s" > "$s.part"; done
	for f in json csv table prom; do
		t "$by, $f: the whole" 4 llm-cost --by "$by" --over week --format $f "$T/log"
		mv "$T/out" "$T/whole"
		t "$by, $f: merged" 4 llm-cost merge --format $f "$T"/shard.a[debca].part
		same "$by, $f: the same" "$T/out" "$T/whole"
	done
done
t 'merged in two steps' 4 llm-cost merge --partial "$T/shard.ac.part" "$T/shard.aa.part"
mv "$T/out" "$T/two"
t 'and with the rest' 4 llm-cost merge --format json "$T/shard.ae.part" "$T/two" "$T/shard.ad.part" "$T/shard.ab.part"
mv "$T/out" "$T/steps"
t 'as at once' 4 llm-cost --by 'model,.metadata.session' --over week --format json "$T/log"
same 'the same' "$T/steps" "$T/out"

# --- blocks need the hours of all shards
for s in "$T"/shard.a?; do llm-cost --over block5h --partial "$s" > "$s.part"; done
t 'blocks: the whole' 4 llm-cost --over block5h --format json "$T/log"
mv "$T/out" "$T/whole"
t 'blocks: merged' 4 llm-cost merge --format json "$T"/shard.a?.part
same 'blocks: the same' "$T/out" "$T/whole"

# --- distinct users: over a thousand in a group are estimated, and said to be
t 'users' 4 llm-cost --by lane --format json "$T/log"
holds 'the total is exact' jq -e '.total|.users > 1500 and (has("users_error")|not)' "$T/out"
holds 'groups tell their error' jq -e '[.groups[]|.users_error]|all(. == 0.031)' "$T/out"
exact=$(jq -s '[.[]|select(.llm.batch.lane=="batch").metadata.user]|unique|length' "$T/log")
holds 'and are within four of them' jq -e --argjson n "$exact" '.groups[]|select(.key.lane=="batch")|(.users / $n - 1)|. < 0.125 and . > -0.125' "$T/out"

# --- what cannot be merged
llm-cost --by lane --partial "$T/shard.aa" > "$T/other.part"
t 'other fields' 2 llm-cost merge "$T/shard.ab.part" "$T/other.part"
has 'are told' "$T/err" 'partial reports have different fields'
t 'one twice' 2 llm-cost merge "$T/shard.ab.part" "$T/shard.ab.part"
has 'is told' "$T/err" 'this partial report was given already'
head -n 3 "$T/shard.ab.part" > "$T/cut.part"
t 'cut short' 2 llm-cost merge "$T/cut.part"
has 'is told to be' "$T/err" 'the partial report is cut short'
t 'no partial report' 2 llm-cost merge "$T/log"
t 'a file that is not there' 3 llm-cost merge "$T/nothing"
llm-cost --by model --tz +01:00 --partial "$T/shard.aa" > "$T/a.part"
llm-cost --by model --partial "$T/shard.ab" > "$T/b.part"
t 'other zones' 2 llm-cost merge "$T/a.part" "$T/b.part"
t 'a report from standard input' 4 sh -c "llm-cost merge --format json < '$T/b.part'"
eq 'is one' "$(q '.total.requests > 700')" true
finish
