#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: `llm-cost alerts` finds each thing that it is for, and is silent about what only looks like it.
. "$(dirname "$0")/../lib.sh"

# EPOCH INPUT [CACHED [MODEL [ID [MORE]]]]
call() {
	printf '{"custom_id":"%s","body":{"model":"%s","messages":[{"role":"user","content":"q %s"}]%s},"response":{"status_code":200,"body":{"id":"c-%s","object":"chat.completion","created":%s,"model":"%s","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"a"}}],"usage":{"prompt_tokens":%s,"completion_tokens":10,"total_tokens":%s,"prompt_tokens_details":{"cached_tokens":%s}}}}}\n' \
		"${5:-x$1-$2}" gpt-4o "${5:-x$1-$2}" "${6:-}" "${5:-x$1-$2}-$1" "$1" "${4:-gpt-4o}" "$2" $(($2 + 10)) "${3:-0}"
}
day0=1767571200 # 2026-01-05, a Monday
alerts() { # STATUS [OPTION...]: of $T/log
	want=$1
	shift
	t "alerts $*" "$want" llm-cost alerts --now 2026-08-20 "$@" "$T/log"
}
kinds() { jq -r .kind "$T/out" | sort | uniq -c | xargs; }

# a month of 10 calls a day, half of that at weekends
for d in $(seq 0 27); do
	n=10
	[ $((d % 7)) -lt 5 ] || n=5
	for i in $(seq 1 $n); do call $((day0 + d * 86400 + i * 600)) 1000; done
done > "$T/month"
cp "$T/month" "$T/log"
alerts 0
eq 'a quiet month is quiet' "$(cat "$T/out")" ''
sort -R --random-source="$T/month" "$T/month" > "$T/log"
alerts 0
eq 'in any order' "$(cat "$T/out")" ''

# a Saturday that is like a weekday is over its forecast; a Monday like it is not
{
	cat "$T/month"
	for i in $(seq 1 10); do call $((day0 + 28 * 86400 + i * 600)) 1000; done
	for i in $(seq 1 10); do call $((day0 + 33 * 86400 + i * 600)) 1000; done
} > "$T/log"
alerts 1
eq 'the Saturday alone' "$(jq -c '[.kind,.time,.value,.limit]' "$T/out")" '["forecast","2026-02-07T00:00:00.000Z","0.026","0.013"]'
alerts 0 --over 101%

# one call of a hundred times the tokens
{
	cat "$T/month"
	call $((day0 + 86400)) 100000 0 gpt-4o big
} > "$T/log"
alerts 1 --over 9999%
eq 'found by its line' "$(jq -c '[.kind,.key]' "$T/out")" '["outlier","gpt-4o"]'
has 'and named' "$T/out" 'log:241: one call for'
alerts 0 --over 9999% --outlier 100000

# hours
cp "$T/month" "$T/log"
alerts 0 --hour-usd 0.013
alerts 1 --hour-usd 0.012
eq 'five calls in each hour' "$(kinds)" '48 hour'
t 'no amount' 2 llm-cost alerts --hour-usd x "$T/log"

# loops: ten times within ten minutes; not what a cron job asks each day; not nine times
{
	cat "$T/month"
	for i in $(seq 1 10); do call $((day0 + 7000 + i * 60)) 1000 0 gpt-4o loop; done
	for i in $(seq 1 9); do call $((day0 + 90000 + i * 60)) 1000 0 gpt-4o nine; done
	for i in $(seq 0 20); do call $((day0 + i * 86400)) 1000 0 gpt-4o cron; done
} > "$T/log"
alerts 1 --over 9999%
eq 'the loop alone' "$(jq -c '[.kind,.value,.limit]' "$T/out")" '["loop","10","10"]'
lacks 'without its text' "$T/out" 'q loop'
alerts 1 --over 9999% --repeats 9
eq 'nine are nine' "$(kinds)" '2 loop'
eq 'each request has a name' "$(jq -r .key "$T/out" | grep -xE '[0-9a-f]{16}' | sort -u | wc -l)" 2
alerts 1 --over 9999% --repeats 20 --window 30d
eq 'a longer window' "$(kinds)" '1 loop'

# a session that only grows; one that starts anew now and then
{
	for i in $(seq 1 60); do call $((day0 + i * 60)) $((1000 + i * 100)) 0 gpt-4o "g$i" ',"metadata":{"session":"s1"}'; done
	for i in $(seq 1 60); do call $((day0 + i * 60)) $((1000 + i % 20 * 400)) 0 gpt-4o "h$i" ',"metadata":{"session":"s2"}'; done
} > "$T/log"
alerts 1 --growth 50 --outlier 1000
eq 'the growing one' "$(jq -c '[.kind,.value]' "$T/out")" '["growth","59"]'
alerts 0 --growth 60 --outlier 1000

# the model behind an alias
{
	for i in $(seq 1 5); do call $((day0 + i * 600)) 1000 0 gpt-4o-2024-08-06 "a$i"; done
	for i in $(seq 6 10); do call $((day0 + i * 600)) 1000 0 gpt-4o-2024-11-20 "a$i"; done
} > "$T/log"
alerts 1
eq 'changed' "$(jq -c '[.kind,.key,.value,.limit]' "$T/out")" '["model_drift","gpt-4o","gpt-4o-2024-11-20","gpt-4o-2024-08-06"]'
for i in $(seq 1 10); do call $((day0 + i * 600)) 1000 0 "gpt-4o-2024-$((8 + i % 2))" "a$i"; done > "$T/log"
alerts 0

# hits, week over week
{
	for i in $(seq 1 30); do call $((day0 + i * 600)) 2000 1600 gpt-4o "b$i"; done
	for i in $(seq 1 30); do call $((day0 + 7 * 86400 + i * 600)) 2000 1000 gpt-4o "c$i"; done
} > "$T/log"
alerts 1 --over 9999%
eq 'dropped' "$(jq -c '[.kind,.value,.limit,.time]' "$T/out")" '["hit_rate","0.5000","0.8000","2026-01-12T00:00:00.000Z"]'
has 'a part of a week' "$T/out" 'not whole yet'
alerts 0 --over 9999% --hit-drop 30%

# a deploy that doubled the prompt
{
	for i in $(seq 1 20); do call $((day0 + i * 600)) 1000 0 gpt-4o "d$i"; done
	for i in $(seq 1 20); do call $((day0 + 50000 + i * 600)) 2000 0 gpt-4o "e$i"; done
} > "$T/log"
printf '# deploys\n2026-01-05T13:00:00Z release 7\n{"time":"2026-01-20T00:00:00Z","name":"release 8"}\n' > "$T/events"
alerts 1 --events "$T/events"
eq 'the one before it' "$(jq -r .message "$T/out")" "after 'release 7' a call of gpt-4o sends 2000 tokens, 1000 before"
alerts 0 --events "$T/events" --spike 100%
printf 'yesterday release\n' > "$T/events"
alerts 2 --events "$T/events"
has 'a wrong event' "$T/err" 'events:1: no event'

# what needs no log
: > "$T/log"
printf '{"v":1,"kind":"jobs"}\n{"job":1,"name":"n1","created":"1784851200000","status":"completed"}\n{"job":2,"name":"n2","created":"1784851200000"}\n{"job":2,"fetched":"out/n2"}\n' > "$T/state"
alerts 1 --state "$T/state"
eq 'results about to vanish' "$(jq -c '[.kind,.key]' "$T/out")" '["expiring","n1"]'
sed '1s/"jobs"/"jobs","provider":"anthropic"/' "$T/state" > "$T/state-a"
alerts 1 --state "$T/state-a"
has 'each provider keeps them as long as it says' "$T/out" 'their last day is 2026-08-22'
sed '1s/"jobs"/"jobs","provider":"mistral"/' "$T/state" > "$T/state-m"
alerts 0 --state "$T/state-m"
holds 'nothing is due where it says nothing' test ! -s "$T/out"
printf '{"v":1,"kind":"run"}\n' > "$T/state-r"
alerts 2 --state "$T/state-r"
has 'another state' "$T/err" 'not a state of jobs'
t 'old prices' 1 llm-cost alerts --now 2028-01-01 "$T/log"
eq 'are said' "$(jq -r .kind "$T/out")" stale_prices

# Slack
{
	cat "$T/month"
	for i in $(seq 1 40); do call $((day0 + i)) 900000 0 "a<b>&$i" "s$i"; done
} > "$T/log"
alerts 1 --format slack --hour-usd 0.001 --by .nothing
eq 'one message' "$(jq -r '.text | split("\n") | length' "$T/out")" 32
has 'what does not fit is counted' "$T/out" 'more"}'
printf '' > "$T/log"
alerts 0 --format slack
eq 'nothing to say' "$(cat "$T/out")" ''
printf '{"model":"gpt-4o","user":"<!channel>&\\u001b[1m","usage":{"prompt_tokens":100000000,"completion_tokens":1},"created":%s}\n' $day0 > "$T/log"
for i in $(seq 1 30); do printf '{"id":"%s","model":"gpt-4o","user":"<!channel>&\\u001b[1m","usage":{"prompt_tokens":1000,"completion_tokens":1},"created":%s}\n' "$i" $day0; done >> "$T/log"
alerts 1 --format slack --by user
has 'nobody can call a channel' "$T/out" '&lt;!channel&gt;&amp;'

finish
