#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: reports over time: zones with summer time, ISO weeks, fiscal months, blocks, weeks, forecasts, agents.
# shellcheck disable=SC2317 # functions that t calls
. "$(dirname "$0")/../lib.sh"

printf '%s\n' '{"m":{"litellm_provider":"acme","mode":"chat","input_cost_per_token":1e-06,"output_cost_per_token":1e-05}}' > "$T/prices.json"
LLM_PRICES=$T/prices.json
export LLM_PRICES
q() { jq -c "$1" "$T/out"; }
# call TIME [TOKENS]
call() { printf '{"time":"%s","model":"m","usage":{"prompt_tokens":%s,"completion_tokens":0,"total_tokens":%s}}\n' "$1" "${2:-1000}" "${2:-1000}"; }

# --- 25 calls, one an hour, on the day in Berlin that has 25 of them; 23 on the one that has 23
python3 -c 'import datetime as d
for start, hours in (("2026-10-24T22:00:00", 25), ("2026-03-28T23:00:00", 23)):
	for h in range(-1, hours + 1): print((d.datetime.fromisoformat(start) + d.timedelta(hours=h)).isoformat() + "Z")' | while read -r at; do call "$at"; done > "$T/days"
if [ -e /usr/share/zoneinfo/Europe/Berlin ]; then
	t 'days in a zone' 0 llm-cost --format json --tz Europe/Berlin --over day "$T/days"
	eq 'of 23 and of 25 hours' "$(q '[.groups[]|[.key.day,.requests]]')" '[["2026-03-28",1],["2026-03-29",23],["2026-03-30",1],["2026-10-24",1],["2026-10-25",25],["2026-10-26",1]]'
	eq 'the zone is named' "$(q .timezone)" '"Europe/Berlin"'
	t 'its hours' 0 llm-cost --format json --tz Europe/Berlin --over hour "$T/days"
	eq 'two o'\''clock comes twice, in order' "$(q '[.groups[].key.hour]|map(select(startswith("2026-10-25T0")))|.[1:5]')" '["2026-10-25T01:00+02:00","2026-10-25T02:00+02:00","2026-10-25T02:00+01:00","2026-10-25T03:00+01:00"]'
	t 'a date is its start in the zone' 0 llm-cost --format json --tz Europe/Berlin --since 2026-10-25 --until 2026-10-26 "$T/days"
	eq 'a day of 25 hours' "$(q '[.total.requests,.outside.requests]')" '[25,27]'
else
	skip 'days in a zone' 'no time zones on this system'
fi
t 'UTC is the default' 0 llm-cost --format json --over day "$T/days"
eq 'days of 24 hours' "$(q '[.groups[]|select(.key.day=="2026-10-25")|.requests]')" '[24]'
t 'a zone that is none' 2 llm-cost --tz Mars/Olympus "$T/days"
has 'is named' "$T/err" "no time zone 'Mars/Olympus' is known here"
t 'a fixed offset' 0 llm-cost --format json --tz +02:00 --over day "$T/days"
eq 'has no summer time' "$(q '[.groups[]|select(.key.day=="2026-10-25")|.requests]')" '[24]'

# --- ISO weeks, months, order
{ call 2027-01-01T00:00:00Z; call 2026-12-28T00:00:00Z; call 2027-01-04T00:00:00Z; printf '{"model":"m","usage":{"prompt_tokens":1,"completion_tokens":0,"total_tokens":1}}\n'; } > "$T/weeks"
t 'weeks' 0 llm-cost --format json --over week "$T/weeks"
eq 'the 53rd has both years, what has no time is last' "$(q '[.groups[]|[.key.week,.requests]]')" '[["2026-W53",2],["2027-W01",1],[null,1]]'
t 'months' 0 llm-cost --format json --over month "$T/weeks"
eq 'by name' "$(q '[.groups[].key.month]')" '["2026-12","2027-01",null]'
t 'fiscal months' 0 llm-cost --format json --over month --month-start 28 "$T/weeks"
eq 'by their first day' "$(q '[.groups[]|[.key.month,.requests]]')" '[["2026-12-28",3],[null,1]]'
t 'a month that begins on the 31st' 2 llm-cost --month-start 31 "$T/weeks"
t 'an hour as a field' 0 llm-cost --format json --by day,model --top 1 "$T/weeks"
eq 'day in --by' "$(q '.groups[0].key|keys')" '["day","model"]'
t 'over nonsense' 2 llm-cost --over year "$T/weeks"
t 'since a duration ago' 0 llm-cost --format json --now 2027-01-05T00:00:00Z --since 2d "$T/weeks"
eq 'what has no time is out too' "$(q '[.total.requests,.outside]')" '[1,{"requests":2,"without_time":1}]'
t 'top with --over' 0 llm-cost --format json --by .usage.prompt_tokens --over day --top 1 "$T/weeks"
eq 'is of the groups, not of the days' "$(q '[[.groups[].key.day],.groups_not_shown]')" '[["2026-12-28","2027-01-01","2027-01-04"],1]'

# --- blocks of five hours: from the full hour of the first call; the next call after that begins the next
{ call 2026-11-20T10:40:00Z; call 2026-11-20T14:59:59Z; call 2026-11-20T15:00:00Z; call 2026-11-20T20:30:00Z; call 2026-11-21T09:00:00Z; } | sort -r > "$T/blocks"
t 'blocks' 0 llm-cost --format json --over block5h --now 2026-11-21T11:00:00Z "$T/blocks"
eq 'in order, out of order in the log' "$(q '[.groups[]|[.key.block5h,.requests]]')" '[["2026-11-20T10:00Z",2],["2026-11-20T15:00Z",1],["2026-11-20T20:00Z",1],["2026-11-21T09:00Z",1]]'
eq 'an estimate, the last is not over' "$(q .blocks)" '{"estimate":true,"ongoing":"2026-11-21T09:00Z"}'
t 'blocks later' 0 llm-cost --format json --over block5h --now 2026-11-21T14:00:00Z "$T/blocks"
eq 'it is over' "$(q .blocks.ongoing)" null

# --- this week against last: Monday is 2026-11-16
{
	call 2026-11-09T01:00:00Z 2000; call 2026-11-10T01:00:00Z 2000
	call 2026-11-16T01:00:00Z 3000; call 2026-11-17T01:00:00Z 5000
} > "$T/weekly"
t 'weekly' 0 llm-cost --weekly --format json "$T/weekly"
eq 'the week of the last call is not over' "$(q '[.this,.last]')" '[{"week":"2026-W47","partial":true},{"week":"2026-W46","partial":false}]'
eq 'cost per request' "$(q '.groups[0]|[.this.cost_per_request,.last.cost_per_request,.change.cost_per_request]')" '["0.004","0.002",1]'
eq 'input per request; nothing judged, no user' "$(q '.total.this|[.input_tokens_per_request,.output_tokens_per_request,.cost_per_user,.regression_rate]')" '[4000,0,null,null]'
t 'weekly, at a later time' 0 llm-cost --weekly --format json --now 2026-11-23T00:00:00Z "$T/weekly"
eq 'is of that week' "$(q '[.this.week,.last.week,.groups[0].this]')" '["2026-W48","2026-W47",null]'
t 'weekly for people' 0 llm-cost --weekly "$T/weekly"
has 'the partial week is marked' "$T/out" '2026-W47, day 2 of 7'
has 'the change' "$T/out" '+100 %'
{ cat "$T/weekly"; call 2026-11-17T02:00:00Z 4000; } > "$T/three"
llm-cost --weekly "$T/three" > "$T/out"
eq 'three calls after two are half as many again' "$(awk '$1 == "change" { print $2, $3 }' "$T/out" | tail -n 1)" '+50 %'
printf '%s\n' '{"time":"2026-11-17T02:00:00Z","model":"m","usage":{"prompt_tokens":1000,"completion_tokens":0,"total_tokens":1000},"llm":{"v":1,"judge":{"verdict":"worse"}}}' '{"time":"2026-11-17T02:00:00Z","model":"m","usage":{"prompt_tokens":1001,"completion_tokens":0,"total_tokens":1001},"llm":{"v":1,"judge":{"verdict":"same"}}}' >> "$T/weekly"
t 'weekly with judged answers' 0 llm-cost --weekly --format json "$T/weekly"
eq 'of the judged ones, not of all' "$(q .total.this.regression_rate)" 0.5
for i in 1 2 3 4 5; do
	echo "{\"time\":\"2026-11-17T02:00:00Z\",\"id\":\"a$i\",\"model\":\"m\",\"usage\":{\"prompt_tokens\":100$i,\"completion_tokens\":0,\"total_tokens\":100$i}}"
done > "$T/answers"
cat > "$T/flags" <<'X'
{"id":"a1","verdict":"down"}
{"custom_id":"j2","llm":{"for":"a2","side":"batch"},"body":{"model":"m","messages":[]},"response":{"status_code":200,"body":{"model":"m","choices":[{"message":{"content":"{\"verdict\": \"worse\"}"},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":1,"total_tokens":10}}}}
{"id":"a3","verdict":"up"}
{"id":"a4","verdict":"up"}
{"llm":{"for":"a4","judge":{"verdict":"worse"}}}
{"id":"zz","verdict":"down"}
X
t 'weekly with flags on lines of their own' 0 llm-cost --weekly --judged "$T/flags" --format json "$T/answers"
eq 'joined by id; one is judged both ways, one not at all' "$(q '[.total.this|.requests,.regression_rate]')" '[5,0.666667]'
t 'flags in a report' 0 llm-cost --judged "$T/flags" --format json "$T/answers"
eq 'too' "$(q '[.total.judged,.total.regression_rate]')" '[3,0.666667]'

# --- forecast: days 1 to 10 cost 1, 3, 1, 3 ... thousandths; the first is left out of the rate
for d in 01 02 03 04 05 06 07 08 09 10; do call "2026-11-${d}T12:00:00Z" $((1000 + 2000 * (${d#0} % 2 == 0))); done > "$T/month"
t 'forecast' 0 llm-cost --forecast --format json --now 2026-11-11T00:00:00Z "$T/month"
# 5 x 1 + 5 x 3 = 20; mean of days 2 to 10: 19 / 9; 20 days are left
eq 'to date and rate' "$(q '.forecast|[.month,.days,.days_over,.month_to_date,.run_rate_day,.sample_days]')" '["2026-11",30,10,"0.02","0.002111111111",9]'
eq 'the month' "$(q '.forecast.expected')" '"0.06222222222"'
holds 'a band around it, not below what was spent' jq -e '.forecast|(.low|tonumber) >= 0.02 and (.low|tonumber) < 0.0667 and (.high|tonumber) > 0.0667' "$T/out"
t 'forecast of the first day' 0 llm-cost --forecast --now 2026-11-01T13:00:00Z "$T/month"
has 'is none' "$T/out" 'no forecast: no day before today'

# --- agents
mkdir -p "$T/home/.claude/projects/p/s1/subagents" "$T/home/.codex/sessions/2026/11/20" "$T/elsewhere/projects/x"
answer() { # ID OUTPUT SESSION
	printf '{"type":"assistant","timestamp":"2026-11-20T10:00:00Z","sessionId":"%s","requestId":"req_1","message":{"id":"%s","model":"m","role":"assistant","usage":{"input_tokens":100,"output_tokens":%s}}}\n' "$3" "$1" "$2"
}
{ answer msg_01AAAAAAAAAAAAAAAAAAAA 1 s1; answer msg_01AAAAAAAAAAAAAAAAAAAA 50 s1; } > "$T/home/.claude/projects/p/s1.jsonl"
{ answer msg_01AAAAAAAAAAAAAAAAAAAA 50 s2; answer msg_01BBBBBBBBBBBBBBBBBBBB 10 s2; } > "$T/home/.claude/projects/p/s2.jsonl"
answer msg_01CCCCCCCCCCCCCCCCCCCC 20 s1 > "$T/home/.claude/projects/p/s1/subagents/agent-1.jsonl"
answer msg_01DDDDDDDDDDDDDDDDDDDD 5 s9 > "$T/elsewhere/projects/x/s9.jsonl"
printf '%s\n' '{"timestamp":"2026-11-20T11:00:00Z","type":"session_meta","payload":{"id":"c1"}}' '{"timestamp":"2026-11-20T11:00:01Z","type":"turn_context","payload":{"model":"m"}}' '{"timestamp":"2026-11-20T11:00:02Z","type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":{"input_tokens":10,"cached_input_tokens":0,"output_tokens":7,"reasoning_output_tokens":0,"total_tokens":17},"last_token_usage":{"input_tokens":10,"cached_input_tokens":0,"output_tokens":7,"reasoning_output_tokens":0,"total_tokens":17}}}}' > "$T/home/.codex/sessions/2026/11/20/rollout-1.jsonl"
agents() { env -u CLAUDE_CONFIG_DIR -u CODEX_HOME HOME="$T/home" "$@"; }
t 'agents' 0 agents llm-cost --agents --format json
eq 'resumed, streamed and sub-agent lines count once' "$(q '[.total.requests,.total.output_tokens]')" '[4,87]'
eq 'by day, unless told otherwise' "$(q '[.groups[].key.day]')" '["2026-11-20"]'
t 'agents by session' 0 agents llm-cost --agents --format json --by session
eq 'Codex sessions too' "$(q '[.groups[]|[.key.session,.requests]]|sort')" '[["c1",1],["s1",2],["s2",1]]'
t 'another place' 0 env -u CODEX_HOME HOME="$T/none" CLAUDE_CONFIG_DIR="$T/elsewhere" llm-cost --agents --format json
eq 'is read instead' "$(q .total.output_tokens)" 5
t 'no logs' 2 env -u CODEX_HOME -u CLAUDE_CONFIG_DIR HOME="$T/none" llm-cost --agents
t 'never unasked' 0 agents llm-cost --format json /dev/null
eq 'nothing was read' "$(q .total.requests)" 0
finish
