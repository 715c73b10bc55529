#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: one record through all five tools: the calls that are made, the dollars, the second run
# that pays nothing, a provider that misbehaves, a kill in the middle.
. "$(dirname "$0")/../lib.sh"

export LLM_API_KEY=canary-one-7d1 OPENAI_API_KEY=canary-two-9c4
# shellcheck disable=SC2317 # called by holds
adds_up() { # LEDGER...: baseline = spent + savings, exactly
	python3 - "$@" <<-'P'
		import json, sys
		from decimal import Decimal
		for name in sys.argv[1:]:
		    d = json.load(open(name))
		    assert Decimal(d["baseline"]) == Decimal(d["spent"]) + sum(Decimal(s["saved"]) for s in d["stages"]), d
	P
}
usd() { # FILE MEMBER: a decimal in one spelling
	python3 -c 'import json, sys; from decimal import Decimal; print((Decimal(json.load(open(sys.argv[1]))[sys.argv[2]]).normalize() + 0).__format__("f"))' "$1" "$2"
}
calls() { grep -c . "$T/provider.log"; }

# 24 requests: 20 different ones, 4 of them asked again; 5 are extractions
python3 - > "$T/req.jsonl" <<'P'
import json
def line(number, task, text):
    print(json.dumps({"custom_id": "q-%02d" % number, "method": "POST", "url": "/v1/chat/completions",
        "body": {"model": "gpt-4o", "max_tokens": 100, "seed": 9007199254740993, "metadata": {"task": task},
                 "messages": [{"role": "system", "content": "You   help.\n\n\n\nBe brief."}, {"role": "user", "content": text}]}},
        separators=(",", ":"))[:-1] + ',"odd":{"n":1.0,"n":1e2}}')
for i in range(20):
    line(i, "extraction" if i % 4 == 0 else "question", "Question %d: what is %d plus %d?" % (i, i, i))
for i in range(4):
    line(20 + i, "question" if i else "extraction", "Question %d: what is %d plus %d?" % (i, i, i))
P
printf '%s\n' 'tier small gpt-4o-mini' 'rule x task=extraction -> small' 'default -> keep' > "$T/routes"

# run NAME: the pipe, every stage into a file, so that every status counts
run() {
	t "$1: get" 0 llm-cache get --collapse --store "$T/store" -o "$T/$1.1" "$T/req.jsonl"
	t "$1: route" 0 llm-route -r "$T/routes" -o "$T/$1.2" "$T/$1.1"
	t "$1: compress" 0 llm-compress -o "$T/$1.3" "$T/$1.2"
	t "$1: mark" 0 llm-cache mark -o "$T/$1.4" "$T/$1.3"
	t "$1: run" 0 llm-batch run --base-url "http://127.0.0.1:$port/v1" --state "$T/$1.state" -o "$T/$1.5" "$T/$1.4"
	t "$1: put" 0 llm-cache put --store "$T/store" -o "$T/$1.6" "$T/$1.5"
	t "$1: ledger" 0 llm-cost ledger --format json -o "$T/$1.json" "$T/$1.6"
}

provider --usage 100,50
run a
eq 'a: 24 records make 20 calls' "$(calls)" 20
eq 'a: the rule chooses the model' "$(jq -r .model "$T/provider.log" | sort | uniq -c | xargs)" '15 gpt-4o 5 gpt-4o-mini'
eq 'a: order and ids' "$(jq -r .custom_id "$T/a.6" | xargs)" "$(jq -r .custom_id "$T/req.jsonl" | xargs)"
eq 'a: every record has its answer' "$(jq -r .response.status_code "$T/a.6" | sort | uniq -c | xargs)" '24 200'
# 15 x (100 x 2.5 + 50 x 10) + 5 x (100 x .15 + 50 x .6), in millionths
eq 'a: dollars spent' "$(usd "$T/a.json" spent)" 0.011475
holds 'a: baseline = spent + savings' adds_up "$T/a.json"
eq 'a: collapsed copies are counted by the cache' "$(jq '[.stages[]|select(.name=="cache").saved|tonumber>0]|all' "$T/a.json")" true
eq 'a: routing saved' "$(jq '[.stages[]|select(.name=="route").saved|tonumber>0]|all' "$T/a.json")" true
eq 'a: odd bytes stay' "$(grep -cF '"seed":9007199254740993' "$T/a.6") $(grep -cF '"odd":{"n":1.0,"n":1e2}' "$T/a.6")" '24 24'
eq 'a: annotations are not sent' "$(jq -s 'any(.[].members[];. == "llm")' "$T/provider.log")" false
eq 'a: nor is what no provider knows' "$(jq -s 'any(.[].members[];. == "odd")' "$T/provider.log")" false
eq 'a: the host gets LLM_API_KEY and no other' "$(jq -r .key "$T/provider.log" | sort -u)" LLM_API_KEY

# what was never sent is in no tool's account of what the provider did and was paid
accounts() { # RECORDS
	llm-route replay --format json "$T/routes" "$1" | jq -c '[.requests, .replayed, .cost]'
	llm-cache ttl --format json "$1" | jq -c '[.requests, .replayed]'
	llm-cache prefix --format json "$1" | jq -c '[([.groups[].requests] | add // 0), .replayed]'
}
eq 'a: all tools tell 20 calls, 4 copies, one sum' "$(accounts "$T/a.6" | xargs)" "[20,4,$(llm-cost --format json "$T/a.6" | jq -r .total.cost)] [20,4] [20,4]"

run b
eq 'b: nothing is asked again' "$(calls)" 20
eq 'b: nothing is spent' "$(usd "$T/b.json" spent)" 0
holds 'b: baseline = savings' adds_up "$T/b.json"
eq 'b: all tools tell 0 calls, 24 answers of our own' "$(accounts "$T/b.6" | xargs)" '[0,24,0] [0,24] [0,24]'
# 24 x (100 x 2.5 + 50 x 10) millionths: what the answers would have cost at the model that was asked
eq 'b: the baseline' "$(usd "$T/b.json" baseline)" 0.018
jq -cS .response "$T/a.6" > "$T/one"
jq -cS .response "$T/b.6" > "$T/two"
same 'b: the same answers' "$T/two" "$T/one"
holds 'no key is in any file' sh -c "! grep -rlE 'canary-(one-7d1|two-9c4)' '$T'"

# as one pipe, byte for byte what the stages gave one by one
run_pipe() {
	llm-cache get --collapse --store "$T/store" "$T/req.jsonl" | llm-route -r "$T/routes" | llm-compress | llm-cache mark |
		llm-batch run --base-url "http://127.0.0.1:$port/v1" | llm-cache put --store "$T/store"
}
run_pipe > "$T/piped" 2> "$T/err"
same 'the pipe gives what its stages give' "$T/piped" "$T/b.6"

# compress before route works too
llm-compress "$T/req.jsonl" 2> "$T/err" | llm-route -r "$T/routes" > "$T/other" 2>> "$T/err"
eq 'compress before route: same models' "$(jq -r .body.model "$T/other" | xargs)" "$(jq -r .body.model "$T/a.3" | xargs)"
jq -c .body.messages "$T/other" > "$T/one"
jq -c .body.messages "$T/a.3" > "$T/two"
same 'compress before route: same texts' "$T/one" "$T/two"
stop_provider

# a provider that misbehaves: refusals, broken and silent connections
fresh() { # WHAT WANTED-CALLS-AT-LEAST PROVIDER-ARG...
	fresh_what=$1 fresh_least=$2
	shift 2
	rm -f "$T/provider.log" "$T/fresh.state"
	provider --usage 100,50 "$@"
	t "$fresh_what: ends well" 0 llm-batch run --max-time 1500ms --base-url "http://127.0.0.1:$port/v1" --state "$T/fresh.state" "$T/a.4"
	eq "$fresh_what: every record has its answer" "$(jq -r .response.status_code "$T/out" | sort | uniq -c | xargs)" '24 200'
	holds "$fresh_what: there were repeats ($(calls) calls)" test "$(calls)" -ge "$fresh_least"
	stop_provider
}
fresh '429 with Retry-After' 23 --fail-first 3 --retry-after 0.2
fresh '500' 23 --fail-first 3 --status 500 --retry-after ''
fresh 'calls that are dropped' 22 --drop 7
fresh 'an answer that never comes' 21 --stall 30 --stall-every 12

# answers that break off may be billed: they are named, and asked again by a run of what retry gives
rm -f "$T/provider.log"
provider --usage 100,50 --cut 7
t 'cut answers: the others are there' 4 llm-batch run --base-url "http://127.0.0.1:$port/v1" "$T/a.4"
eq 'cut answers: nothing is sent twice' "$(calls)" 20
cp "$T/out" "$T/once"
t 'cut answers: retry gives them back' 0 llm-batch retry "$T/once"
cp "$T/out" "$T/twice"
stop_provider
provider --usage 100,50
t 'cut answers: which are answered' 0 llm-batch run --base-url "http://127.0.0.1:$port/v1" "$T/twice"
eq 'cut answers: each record once' "$(jq -r 'select(.response.status_code == 200).custom_id' "$T/once" "$T/out" | sort -u | grep -c .)" 24
stop_provider

# a refusal for good is an answer of its own, is not stored and not repeated
rm -f "$T/provider.log"
provider --usage 100,50 --error-rate 100% --status 400
t '400: the others are processed, the status tells' 4 llm-batch run --base-url "http://127.0.0.1:$port/v1" "$T/a.4"
cp "$T/out" "$T/refused"
eq '400: each is a line with its status' "$(jq -r .response.status_code "$T/refused" | sort | uniq -c | xargs)" '24 400'
eq '400: none is repeated' "$(calls)" 20
t '400: is not stored' 0 llm-cache put --store "$T/store3" "$T/refused"
t '400: so it is asked again' 0 llm-cache get --store "$T/store3" "$T/req.jsonl"
eq '400: by every record' "$(grep -c '"hit":true' "$T/out")" 0
stop_provider

# killed in the middle, then started again: nothing that was answered is sent twice
rm -f "$T/provider.log"
provider --usage 100,50 --delay 0.02
rounds=6
[ -z "${LLM_CHECK_FULL:-}" ] || rounds=100
worst=0 lost=0 round=0
while [ "$round" -lt "$rounds" ]; do
	round=$((round + 1))
	rm -f "$T/kill.state"
	: > "$T/provider.log"
	after=$(printf '0.%03d' $((20 + (round * 41) % 130)))
	timeout -s KILL "$after" llm-batch run -j 4 --base-url "http://127.0.0.1:$port/v1" --state "$T/kill.state" "$T/a.4" > "$T/cut" 2> "$T/err"
	llm-batch run -j 4 --base-url "http://127.0.0.1:$port/v1" --state "$T/kill.state" "$T/a.4" > "$T/out" 2> "$T/err" || lost=$((lost + 1))
	[ "$(jq -r .response.status_code "$T/out" | sort | uniq -c | xargs)" = '24 200' ] || lost=$((lost + 1))
	# at most the four calls that were on their way may be made again
	[ "$(calls)" -le "$worst" ] || worst=$(calls)
done
eq "killed $rounds times: no answer is lost" "$lost" 0
holds "killed $rounds times: at most 4 of 20 calls are made again ($worst)" test "$worst" -le 24
stop_provider
finish
