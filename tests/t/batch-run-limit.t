#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: `llm-batch run --limit` and `llm-cost limit` never let more through together than the ledger
# allows, however many processes ask, and give back what was reserved and not spent.
. "$(dirname "$0")/../lib.sh"

many() { # FIRST LAST
	seq "$1" "$2" | sed 's/.*/{"custom_id":"q&","method":"POST","url":"\/v1\/chat\/completions","body":{"model":"gpt-4o","max_tokens":100,"messages":[{"role":"user","content":"say &"}]}}/'
}
run() { # WHAT STATUS [OPTION...]: of $T/in, against the provider at $port
	run_what=$1 run_want=$2
	shift 2
	t "$run_what" "$run_want" llm-batch run --base-url "http://127.0.0.1:$port/v1" --limit "$T/ledger" "$@" "$T/in"
}
calls() { wc -l < "$T/provider.log" | xargs; }
ledger() { # LINE...: a new ledger with these limits
	rm -f "$T/ledger"*
	printf '%s\n' "$@" > "$T/budget"
	llm-cost limit "$T/ledger" set "$T/budget"
}
shown() { llm-cost limit "$T/ledger" show --format json | jq -c "$1"; }

provider --usage 10,5
many 1 10 > "$T/in"
run 'a ledger that is not there' 3
ledger 'limit all total calls=4'
run 'four calls of ten' 1 -j 3
eq 'four went out' "$(calls)" 4
eq 'the rest say why' "$(jq -r 'select(.error) | .error.code + " " + .llm.batch.error_class' "$T/out" | sort | uniq -c | xargs)" '6 limit limit'
has 'the message names the limit' "$T/err" "limit 'all': no calls left"
eq 'spent is what was billed' "$(shown '.limits[0] | [.spent.usd,.spent.calls,.spent.tokens,.held.calls]')" '["0.0003",4,60,0]'

# worst is 100 tokens of output, $0.001 and something; billed are $0.000075
: > "$T/provider.log"
ledger 'limit all total usd=0.0018'
run 'one at a time fits when reserves come back' 0 -j 8
eq 'all went' "$(calls)" 10
eq 'nothing is held' "$(shown '.limits[0] | [.spent.usd,.held.usd]')" '["0.00075","0"]'

: > "$T/provider.log"
many 1 3 | sed 's/"max_tokens":100,//; s/gpt-4o/no-such-model/' > "$T/in"
run 'a price that nobody knows is not spent' 1
eq 'nothing went' "$(calls)" 0

ledger 'limit all day repeats=2 usd=100'
for i in 1 2 3 4; do many 7 7 | sed "s/q7/q$i/"; done > "$T/in"
: > "$T/provider.log"
run 'the same request again and again' 1
eq 'goes out twice' "$(calls)" 2
has 'and says so' "$T/err" 'no repeats of this request left'

stop_provider
provider --usage 10,5 --status 500 --fail-first 2
ledger 'limit all total calls=100'
many 1 3 > "$T/in"
run 'each attempt is a call' 0 -j 1
eq 'failed ones cost nothing' "$(shown '.limits[0] | [.spent.usd,.spent.calls]')" '["0.000225",5]'
stop_provider
provider --usage 10,5 --drop 1
ledger 'limit all total calls=100'
many 1 1 > "$T/in"
run 'an answer that is lost' 4 --retries 0
eq 'may have been billed' "$(shown '.limits[0] | .spent.usd != "0" and .spent.calls == 1')" true
stop_provider

# 12 processes at once, half of them scripts
provider --usage 10,5
ledger 'limit all total calls=40'
many 1 15 > "$T/in"
for i in 1 2 3 4 5 6; do
	llm-batch run --base-url "http://127.0.0.1:$port/v1" --limit "$T/ledger" -j 4 "$T/in" > "$T/o$i" 2> /dev/null &
	workers="${workers:-} $!"
	(
		n=0
		while [ $((n += 1)) -le 10 ]; do
			id=$(llm-cost limit "$T/ledger" reserve --usd 0.001 2> /dev/null) || continue
			printf 'x\n' >> "$T/granted$i"
			llm-cost limit "$T/ledger" settle "$id" --usd 0.0005
		done
	) &
	workers="$workers $!"
done
for pid in $workers; do wait "$pid"; done
answered=$(cat "$T"/o? | jq -r 'select(.response.status_code == 200) | 1' | wc -l)
granted=$(cat "$T"/granted? 2> /dev/null | wc -l)
eq 'forty calls and not one more' $((answered + granted)) 40
eq 'the ledger knows them' "$(shown '.limits[0] | [.spent.calls,.held.calls]')" '[40,0]'
stop_provider

finish
