#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: `llm-cache prefix` names what breaks a prompt cache and what that costs, and `llm-cache ttl`
# says what each lifetime would cost at the times at which calls came.
. "$(dirname "$0")/../lib.sh"

long=$(seq 1 900 | sed 's/$/ some words of a prompt/' | tr '\n' ' ')
ask() { # SYSTEM USER [TOOLS [TIME]]
	printf '{"custom_id":"x","params":{"model":"claude-sonnet-4-5","max_tokens":9%s,"system":[{"type":"text","text":"%s"}],"messages":[{"role":"user","content":"%s"}]}%s}\n' "${3:+,\"tools\":[$3]}" "$1" "$2" "${4:+,\"time\":\"$4\"}"
}
prefix() { # STATUS [OPTION...]: of $T/in
	want=$1
	shift
	t "prefix $*" "$want" llm-cache prefix --format json "$@" "$T/in"
}
first() { jq -c ".groups[0] | $1" "$T/out"; }

# what breaks it
for i in 1 2 3; do ask "$long" "q$i"; done > "$T/in"
prefix 0
eq 'a stable head loses nothing' "$(first '[.hit_rate_requests, .source, .breaker.path, .breaker.byte, .lost_usd | tostring] | join(" ")')" '"0.666667 simulated .params.messages[0].content 1 0"'
for i in 1 2 3; do ask "At 2026-11-21T10:00:0${i}Z: $long" q; done > "$T/in"
prefix 1 --min-hit-rate 50%
eq 'a time' "$(first '[.breaker.path, .breaker.byte, .breaker.kind, .hit_rate_requests]')" '[".params.system[0].text",21,"timestamp",0]'
eq 'has its price' "$(first '(.lost_usd | tonumber) > 0.02')" true
for i in a1b2c3d4-0000 b2c3d4e5-1111 c3d4e5f6-2222; do ask "Session $i-4444-aaaaaaaaaaaa. $long" q; done > "$T/in"
prefix 0
eq 'an id' "$(first '[.breaker.byte, .breaker.kind]')" '[8,"random_id"]'
for i in 1 2 3; do ask "Today is 2026-11-2$i. $long" q; done > "$T/in"
prefix 0
eq 'a date at the end of a sentence' "$(first '[.breaker.byte, .breaker.kind]')" '[18,"date"]'
for i in 1 2 3; do ask "Request $i: $long" q; done > "$T/in"
prefix 0
eq 'a number' "$(first '[.breaker.byte, .breaker.kind]')" '[8,"number"]'
f='{"name":"f","input_schema":{"type":"object"}}' g='{"name":"g","input_schema":{"type":"object"}}'
{ ask "$long" q "$f,$g"; ask "$long" q "$g,$f"; } > "$T/in"
prefix 0
eq 'the order of tools' "$(first '[.breaker.path, .breaker.kind]')" '[".params.tools[0]","tool_order"]'
{ ask "$long" q "$f"; ask "$long" q '{"input_schema":{"type":"object"},"name":"f"}'; } > "$T/in"
prefix 0
eq 'the order of members' "$(first '.breaker.kind')" '"key_order"'
# texts of OpenAI's kind are counted in steps of 512 bytes, and compared as a whole
openai() { # SYSTEM [PROPERTIES]
	printf '{"custom_id":"x","body":{"model":"gpt-4o",%s"messages":[{"role":"system","content":"%s"},{"role":"user","content":"q"}]}}\n' "${2:+\"tools\":[{\"function\":{\"description\":\"$long\",\"parameters\":{$2\}\}\}],}" "$1"
}
{ openai "$long" '"a":1,"b":2'; openai "$long" '"b":2,"a":1'; } > "$T/in"
prefix 0
eq 'the order of members in a long tool' "$(first '.breaker.kind')" '"key_order"'
for i in 9 10 100; do openai "Agent $i. $long"; done > "$T/in"
prefix 0
eq 'a number that gets longer: what it costs' "$(first '[.breaker.kind, (.lost_usd | tonumber) > 0.001]')" '["number",true]'
{ ask "$long" q; ask "$long" q "$f"; } > "$T/in"
prefix 0
eq 'tools that come and go' "$(first '.breaker.kind')" '"tools"'
{ ask "short" q1; ask "short" q2; } > "$T/in"
prefix 1 --min-hit-rate 10%
eq 'below the minimum nothing hits, and nothing is lost' "$(first '[.hit_rate_requests, .minimum, .lost_usd]')" '[0,1024,null]'

# times: in the same millisecond nothing is written yet, after five minutes it is gone
for gap in 10:00:00 10:00:10 10:06:00; do
	{ ask "$long" q '' 2026-01-01T10:00:00Z; ask "$long" r '' "2026-01-01T${gap}Z"; } > "$T/in"
	prefix 0
	eq "the second call at $gap" "$(first .hit_rate_requests)" "$([ $gap = 10:00:10 ] && echo 0.5 || echo 0)"
done

# groups, what was billed, lines without a prompt
{
	ask "$long" a | sed 's/}$/,"team":"x"}/'
	ask "$long" b | sed 's/}$/,"team":"y"}/'
	ask "$long" c | sed 's/}$/,"team":"y"}/'
} > "$T/in"
prefix 0 --by .team
eq 'by a field' "$(jq -c '[.groups[] | [.by, .requests]] | sort' "$T/out")" '[["x",1],["y",2]]'
printf '{"model":"claude-sonnet-4-5","usage":{"input_tokens":10,"cache_read_input_tokens":%s,"cache_creation_input_tokens":0,"output_tokens":1}}\n' 0 90 90 90 > "$T/in"
prefix 1 --min-hit-rate 80%
for format in csv md; do llm-cache prefix --format $format "$T/in" > "$T/prefix.$format"; done
eq 'prefix as CSV' "$(tail -n +2 "$T/prefix.csv")" 'claude-sonnet-4-5,,,usage,4,,,0.75,0.870968,1024,,,,,'
eq 'prefix in Markdown' "$(sed -n 3p "$T/prefix.md")" '| claude-sonnet-4-5 |  |  | usage | 4 | - | - | 75.00 % | 87.10 % | 1,024 | - | - |  |  |  |'
eq 'as billed' "$(first '[.hit_rate_requests, .hit_rate_tokens, .source, .breaker, .prefix_tokens]')" '[0.75,0.870968,"usage",null,null]'
prefix 0 --min-hit-rate 75%
ask "$long" alone > "$T/in"
prefix 0 --min-hit-rate 99%
: > "$T/in"
prefix 0 --min-hit-rate 99%
t 'no path' 2 llm-cache prefix --by x "$T/in"
# OpenAI's kind caches inside a text too, in steps
for i in 1 2; do printf '{"custom_id":"%s","body":{"model":"gpt-4o","messages":[{"role":"user","content":"%s question %s"}]}}\n' $i "$long" $i; done > "$T/in"
prefix 0
eq 'within one text' "$(first '[.hit_rate_requests, .breaker.byte == '$((${#long} + 10))', .hit_rate_tokens > 0.4]')" '[0.5,true,true]'

# lifetimes: a chat of 50 messages, each call with all before it
text=$(seq 1 1100 | sed 's/.*/word/' | tr '\n' ' ')
for k in $(seq 1 25); do
	printf '{"custom_id":"%s","params":{"model":"claude-sonnet-4-5","max_tokens":9,"messages":[' "$k"
	for i in $(seq 1 $((k * 2 - 1))); do
		[ "$i" -eq 1 ] || printf ','
		if [ $((i % 2)) -eq 1 ]; then role=user; else role=assistant; fi
		printf '{"role":"%s","content":"%s%04d"}' $role "$text" "$i"
	done
	printf ']}}\n'
done > "$T/in"
prefix 0
eq 'a chat: what can be read' "$(first .hit_rate_tokens)" 0.9216
t 'a chat: lifetimes' 0 llm-cache ttl "$T/in"
saved() { sed -n "s/^${1:-}.* \([0-9.]*\) %\$/\1/p" "$T/out" | xargs; }
eq 'what is saved' "$(saved)" '0.00 80.98 75.10 50.00'
t 'the same as CSV' 0 llm-cache ttl --format csv "$T/in"
eq 'with exact figures' "$(cut -d, -f1,3 "$T/out" | xargs)" 'lifetime,saved none,0 ttl_5m,0.80984 ttl_1h,0.75104 batch,0.5'
t 'and in Markdown' 0 llm-cache ttl --format md "$T/in"
has 'with the cheapest' "$T/out" 'cheapest: ttl_5m'
for case in 'gpt-5 82.94' 'gpt-4o 46.08'; do
	sed "s/claude-sonnet-4-5/${case% *}/" "$T/in" > "$T/other"
	t "${case% *}, where writes are free" 0 llm-cache ttl "$T/other"
	eq "${case% *}: what is saved" "$(saved '5 minutes')" "${case#* }"
done

# arrival times, in any order, with a prefix that is told
calls() { # COUNT SECONDS
	python3 - "$1" "$2" <<- 'P'
		import sys
		from datetime import datetime, timedelta, timezone
		t = datetime(2026, 1, 1, tzinfo=timezone.utc)
		for i in range(int(sys.argv[1])):
		    print('{"time":"%s","model":"claude-sonnet-4-5","head":"%s","usage":{"input_tokens":10000,"output_tokens":0}}' % ((t + timedelta(seconds=float(sys.argv[2]) * i)).isoformat(timespec="milliseconds").replace("+00:00", "Z"), "word " * 1500))
	P
}
ttl() { llm-cache ttl --format json "$@" | jq -r '[.none,.ttl_5m,.ttl_1h,.batch,.best] | join(" ")'; }
calls 1000 86.4 > "$T/in"
eq 'one call each 86 seconds' "$(ttl --prefix 10000 "$T/in")" '30 3.0345 3.057 15 ttl_5m'
sort -R --random-source=/dev/zero "$T/in" > "$T/shuffled"
eq 'shuffled' "$(ttl --prefix 10000 "$T/shuffled")" '30 3.0345 3.057 15 ttl_5m'
eq 'a fifth of it shared' "$(ttl --prefix 2000 "$T/in")" '30 24.6069 24.6114 15 batch'
calls 240 360 > "$T/in"
eq 'one call each six minutes' "$(ttl --prefix 10000 "$T/in")" '7.2 9 0.777 3.6 ttl_1h'
calls 10 0 > "$T/in"
eq 'all at once: nobody can read what is still being written' "$(ttl --prefix 10000 "$T/in")" '0.3 0.375 0.6 0.15 batch'
{ calls 5 0; calls 4 .001 | tail -n 1 | sed 'p;p'; } > "$T/in"
eq 'a millisecond later each of them can' "$(ttl --prefix 10000 "$T/in")" '0.24 0.1965 0.309 0.12 batch'
eq 'what is below the minimum is not kept' "$(ttl --prefix 1023 "$T/in")" '0.24 0.24 0.24 0.12 batch'
calls 2 10 > "$T/in"
t 'a prefix by its place' 0 llm-cache ttl --prefix .head --format json "$T/in"
eq 'is counted' "$(jq -r '(.ttl_5m | tonumber) < (.none | tonumber)' "$T/out")" true
t 'no such place' 0 llm-cache ttl --prefix .none --format json "$T/in"
eq 'is said' "$(jq -c '[.without_prefix, .none == .ttl_5m]' "$T/out")" '[2,true]'
printf '{"model":"nobody","usage":{"input_tokens":5,"output_tokens":1}}\n' > "$T/in"
t 'no price' 4 llm-cache ttl --prefix 5 "$T/in"
t 'no number' 2 llm-cache ttl --prefix 5k "$T/in"

# one text in requests to two models is counted by each one's own tokenizer
chat() { printf '{"custom_id":"x","body":{"model":"%s","messages":[{"role":"system","content":"%s"}]}}\n' "$1" "$long"; }
sizes() { llm-cache prefix --format json "$@" | jq -cS '[.groups[] | {(.model): .prefix_tokens}] | add'; }
chat claude-sonnet-4-5 > "$T/one"
chat gpt-4o > "$T/two"
cat "$T/one" "$T/two" > "$T/both"
eq 'two tokenizers, one text' "$(sizes "$T/both")" "$({ sizes "$T/one"; sizes "$T/two"; } | jq -scS add)"
sizes "$T/both" > "$T/sizes"
holds 'which differ' jq -e '.["claude-sonnet-4-5"] != .["gpt-4o"]' "$T/sizes"
finish
