#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: run's choices: other models, resting ones, deadlines, priorities, hours, texts in one call, limits
# that the provider tells, a provider that is down, and how far it is.
. "$(dirname "$0")/../lib.sh"

export LLM_API_KEY=canary-for-any-host
many() { # COUNT [MORE]
	seq 1 "$1" | sed "s/.*/{\"custom_id\":\"q&\",\"method\":\"POST\",\"url\":\"\/v1\/chat\/completions\",\"body\":{\"model\":\"m-1\",\"messages\":[{\"role\":\"user\",\"content\":\"say &\"}]}${2:-}}/"
}
fresh() {
	provider_anew "$@"
	: > "$T/provider.log"
	url=http://127.0.0.1:$port/v1
}
run() { # WHAT STATUS ARG...
	run_what=$1 run_want=$2
	shift 2
	t "$run_what" "$run_want" llm-batch run --base-url "$url" --no-times "$@"
}
models() { jq -r .model "$T/provider.log" | xargs; }

# alternates: the second failure moves on
many 1 ',"llm":{"route":{"model":"m-1","alternates":["m-2","m-3"]}}' > "$T/alt"
fresh --fail-first 2 --status 500
run 'a model that fails' 0 --cooldown "$T/cool" "$T/alt"
eq 'another is asked' "$(models)" 'm-1 m-1 m-2'
eq 'and named' "$(jq -c '[.llm.batch.model,.llm.batch.attempts,.response.body.model]' "$T/out")" '["m-2",3,"m-2"]'
eq 'the other one rests' "$(jq -r .model "$T/cool" | xargs)" m-1
: > "$T/provider.log"
run 'the next run' 0 --cooldown "$T/cool" "$T/alt"
eq 'goes past it' "$(models)" m-2
eq 'only the owner reads the file' "$(stat -c %a "$T/cool")" 600
fresh --fail-first 1 --status 404
run 'a model that is not there' 0 "$T/alt"
eq 'is not asked twice' "$(models)" 'm-1 m-2'
fresh --fail-first 1 --status 400
run 'a wrong request' 4 "$T/alt"
eq 'is wrong everywhere' "$(models)" m-1
fresh --fail-first 9 --status 401
run 'a wrong key' 4 "$T/alt"
eq 'too' "$(models)" m-1

# models of their own for a class of errors, in their order; an empty list means nobody
many 1 ',"llm":{"route":{"model":"m-1","alternates":["m-2"],"on_error":{"auth":["m-4","m-3"],"server":[],"rate_limit":["m-3","m-2"]},"cooldown":{"cooldown_time":7200}}}' > "$T/by"
fresh --fail-first 2 --status 401
run 'a wrong key, for which there is somebody' 0 "$T/by"
eq 'in the order of its list' "$(models)" 'm-1 m-4 m-3'
fresh --fail-first 9 --status 500
run 'an error for which nobody is' 4 --retries 2 "$T/by"
eq 'stays where it is' "$(models)" 'm-1 m-1 m-1'
fresh --fail-first 2 --status 429
run 'a refusal for the rate' 0 --cooldown "$T/long" "$T/by"
eq 'goes by its list too' "$(models)" 'm-1 m-1 m-3'
holds 'and rests as long as the route says' test "$(jq '.until' "$T/long")" -gt $(($(date +%s) * 1000 + 7000000))
fresh --fail-first 1 --status 404
run 'an error without a list' 0 "$T/by"
eq 'has the alternates' "$(models)" 'm-1 m-2'

# after how many failures a model rests, and that the records of one run know of each other
# spare WHAT FAILURES COOLDOWN WANTED: three records, one after the other
spare() {
	many 3 ",\"llm\":{\"route\":{\"alternates\":[\"m-2\"]$3}}" > "$T/spare"
	fresh --fail-first "$2" --status 503 --retry-after ''
	run "$1: a model that fails" 0 -j 1 "$T/spare"
	eq "$1: rests then" "$(models)" "$4"
}
spare 'a record twice' 4 '' 'm-1 m-1 m-1 m-1 m-2 m-2 m-2'
spare 'allowed_fails=1' 1 ',\"cooldown\":{\"allowed_fails\":1}' 'm-1 m-2 m-2 m-2'
spare 'allowed_fails=3' 3 ',\"cooldown\":{\"allowed_fails\":3}' 'm-1 m-1 m-1 m-2 m-2 m-2'
spare 'allowed_fails=3, and one answer between' 2 ',\"cooldown\":{\"allowed_fails\":3}' 'm-1 m-1 m-1 m-1 m-1'

# deadlines
fresh
many 2 ',"due":"2020-01-01T00:00:00Z"' > "$T/late"
many 1 ',"due":"2120-01-01T00:00:00Z"' | sed 's/q1/in-time/' >> "$T/late"
run 'a deadline that has passed' 4 --deadline .due --dead "$T/dead" "$T/late"
eq 'is not sent' "$(jq -r .model "$T/provider.log" | wc -l | xargs)" 1
eq 'it is an error' "$(jq -r '.error.code // "answered"' "$T/out" | xargs)" 'deadline deadline answered'
eq 'and a dead letter' "$(jq -r .class "$T/dead.why" | xargs)" 'deadline deadline'

many 50 > "$T/fifty"
# priorities: one call at a time; the window is read before the first is sent
fresh
{ many 3 ',"priority":"low"'; many 1 ',"priority":"high"' | sed 's/q1/first/; s/say 1/say now/'; many 1 | sed 's/q1/second/; s/say 1/say then/'; } > "$T/prio"
run 'priorities' 0 -j 1 --unordered "$T/prio"
eq 'the higher goes first' "$(jq -r .custom_id "$T/out" | xargs)" 'first second q1 q2 q3'

# hours
fresh
# one signal: without --foreground the whole group gets it too, and a second one stops at once
t 'outside the hours' 3 timeout --foreground --preserve-status -s INT .3 llm-batch run --base-url "$url" --hours 01:00-02:00 --now 2026-11-21T12:00:00Z "$T/fifty"
holds 'nothing is sent' test ! -s "$T/provider.log"
for h in 22:00-06:00 23:30-23:59 00:00-24:00; do
	run "inside $h" 0 --hours $h --now 2026-11-21T23:45:00Z "$T/prio"
done
run 'in a zone' 0 --hours 18:00-19:00 --tz America/New_York --now 2026-11-21T23:45:00Z "$T/prio"
for h in 25:00-01:00 1-2 10:00-10:00 10:00-11:00x; do run "no hours: $h" 2 --hours $h "$T/prio"; done

# texts in one call
texts() { seq 1 "$1" | sed 's/.*/{"custom_id":"e&","method":"POST","url":"\/v1\/embeddings","body":{"model":"emb","input":"text number &"}}/'; }
fresh
texts 10 > "$T/emb"
run 'texts alone' 0 "$T/emb"
cp "$T/out" "$T/alone"
eq 'are ten calls' "$(models | wc -w | xargs)" 10
: > "$T/provider.log"
run 'texts in fours' 0 --group 4 --linger 50ms "$T/emb"
eq 'are three calls' "$(models | wc -w | xargs)" 3
eq 'with the same vectors' "$(jq -c '[.custom_id,.response.body.data]' "$T/out" | sha256sum)" "$(jq -c '[.custom_id,.response.body.data]' "$T/alone" | sha256sum)"
eq 'the shares of a usage add up' "$(jq -s 'map(.response.body.usage.total_tokens)|add' "$T/out")" $((16 + 16 + 10))
fresh --fail-first 1 --status 400
run 'a call that is refused' 0 -j 1 --group 4 --linger 50ms "$T/emb"
eq 'is repeated text by text' "$(models | wc -w | xargs)" $((1 + 4 + 2))
fresh
mkfifo "$T/fifo"
{ texts 3; sleep .4; texts 2 | sed 's/"e/"f/'; } > "$T/fifo" &
fifo_pid=$!
run 'a stream of texts that pauses' 0 --group 20 --linger 100ms "$T/fifo"
eq 'goes when it lingered' "$(models | wc -w | xargs)" 2
wait $fifo_pid

# a limit that the answers tell
fresh --limit-rpm 2400
many 100 > "$T/hundred"
run 'a limit that nobody stated' 0 -j 80 "$T/hundred"
eq 'all are answered' "$(jq -r .response.status_code "$T/out" | sort | uniq -c | awk '{ print $1, $2 }')" '100 200'
n=$(wc -l < "$T/provider.log")
holds "the limit is learned, with those that were on their way: $n calls" test "$n" -le 105

# -j is what it says
fresh --together 120
many 120 > "$T/many"
run 'a hundred and twenty calls at once' 0 -j 120 --retries 0 --max-time 5s "$T/many"
# shellcheck disable=SC2016 # the inner shell's
t 'more files than the system allows' 2 sh -c 'ulimit -n 100; exec llm-batch run --base-url "$1" -j 120 "$2"' sh "$url" "$T/many"
has 'is said' "$T/err" "'-j 120' needs 184 open files"

# no tokens are left: one call more is possible long before all of them are back
for after in .1 ''; do
	fresh --fail-first 1 --retry-after "$after" --resets 6m0s
	t "tokens that are back in six minutes, Retry-After '$after'" 0 timeout 20 llm-batch run --base-url "$url" "$T/fifty"
done

# a provider that is down: not every record hammers it
fresh --fail-first 1000 --status 503 --retry-after ''
many 30 > "$T/thirty"
llm-batch run --base-url "$url" -j 10 --retries 1 "$T/thirty" > "$T/out" 2> "$T/err" &
down=$!
sleep 1
kill -INT $down
wait $down
n=$(wc -l < "$T/provider.log")
holds "a provider that is down is left alone: $n calls" test "$n" -le 20

# after a minute, or --max-time, of nothing but failures nobody waits for it; what has others goes on to them
stop_provider
many 300 > "$T/300"
many 30 > "$T/30"
run 'a provider that is gone' 4 -j 10 --max-time 1s --state "$T/gone" --dead "$T/gone.dead" "$T/300"
eq 'ends all in a few calls' "$(wc -l < "$T/out" | xargs) $(jq -s 'map(.llm.batch.attempts) | add | . >= 8 and . <= 25' "$T/out")" '300 true'
eq 'in their order' "$(jq -r .custom_id "$T/out" | sha256sum)" "$(jq -r .custom_id "$T/300" | sha256sum)"
eq 'each as the last that was sent' "$(jq -r .llm.batch.error_class "$T/out" | sort | uniq -c | xargs)" '300 connection'
holds 'and why' test "$(grep -c 'the provider has only failed since 2' "$T/out")" -gt 250
eq 'which is said once' "$(grep -c 'what waits for it fails' "$T/err")" 1
eq 'in the dead letters too' "$(grep -c '"class":"connection"' "$T/gone.dead.why")" 300
cp "$T/out" "$T/failed"
t 'and is worth a retry' 0 llm-batch retry "$T/failed"
eq 'of every one' "$(wc -l < "$T/out" | xargs)" 300
gone=$port
run 'an outage that is too long' 4 -j 10 --outage 300ms --retries 1 "$T/30"
eq 'and shorter than a minute' "$(jq -r .llm.batch.error_class "$T/out" | sort | uniq -c | xargs)" '30 connection'
has 'is noticed at once' "$T/err" 'other: 8 calls in a row failed, at last so: '
fresh --fail-first 12 --status 503 --retry-after ''
run 'an outage that is sat out' 0 -j 10 --outage 1m --retries 1 "$T/30"
eq 'costs no request its tries' "$(jq -r .response.status_code "$T/out" | sort | uniq -c | xargs)" '30 200'
fresh
run 'the same command when it is back' 0 --state "$T/gone" "$T/300"
eq 'asks for all' "$(wc -l < "$T/provider.log" | xargs)" 300
two=$url url=http://127.0.0.1:$gone/v1
: > "$T/provider.log"
# the first ten do not go on before it is given up
many 10 ',"llm":{"route":{"alternates":["two\/m-2"],"cooldown":{"allowed_fails":1000}}}' | sed 's/"q/"a/' > "$T/others"
run 'one of two that is gone' 4 -j 40 --max-time 1s --base-url "two=$two" --unordered "$T/30" "$T/others"
eq 'those with an alternate go on to it' "$(jq -r 'select(.response) | .llm.batch.model' "$T/out" | sort | uniq -c | xargs) $(jq -r 'select(.error) | .custom_id[:1]' "$T/out" | sort | uniq -c | xargs)" '10 two/m-2 30 q'
stop_provider
# back after it was given up, while the input goes on: lost is what could not wait, no more
mkfifo "$T/back"
llm-batch run --base-url "$url" -j 10 --max-time 1s "$T/back" > "$T/out" 2> "$T/back.err" &
back=$!
{
	many 20
	until grep -q 'what waits' "$T/back.err"; do sleep .1; done
	provider --port "$gone" > /dev/null
	sleep 1.2
	many 30 | sed 's/"q/"b/'
} > "$T/back"
wait $back
eq 'a provider that is back after that' "$(jq -r '.custom_id[:1] + if .response then "+" else "-" end' "$T/out" | sort | uniq -c | xargs)" '30 b+ 20 q-'
stop_provider
# 503 with a time is a provider that says when
fresh --fail-first 12 --status 503 --retry-after 0.1
run 'one that says when' 0 -j 10 --max-time 300ms "$T/30"
lacks 'is taken at its word' "$T/err" 'what waits for it fails'
# and answers that take longer than the cap are no sign of it
fresh --drip .02
run 'slow streams' 4 -j 10 --retries 0 --max-time 200ms --stream "$T/30"
eq 'are cut' "$(jq -r .llm.batch.error_class "$T/out" | sort | uniq -c | xargs)" '30 cut'
lacks 'not given up' "$T/err" 'what waits for it fails'

# how far it is
fresh
run 'progress' 0 --progress 1ms "$T/fifty"
eq 'is JSON' "$(grep '^{' "$T/err" | tail -n 1 | jq -c '[.done,.failed,.in_flight,.calls]')" '[50,0,0,50]'
run 'without it' 0 "$T/fifty"
holds 'nothing is said' test ! -s "$T/err"
fresh --delay .1
run 'a request that waits long' 1 -j 1 --max-wait 60ms "$T/prio"
has 'is told' "$T/err" "waited longer than '--max-wait'"
stop_provider
# equal requests in a row are said once, and sent
fresh
seq 1 25 | sed 's/.*/{"custom_id":"e&","method":"POST","url":"\/v1\/chat\/completions","body":{"model":"m-1","messages":[{"role":"user","content":"again"}]}}/' > "$T/equal"
run 'equal requests in a row' 0 "$T/equal"
eq 'are said' "$(grep -c 'equal:10: the 10th equal request in a row' "$T/err") $(grep -c 'equal request' "$T/err")" '1 1'
eq 'and sent' "$(wc -l < "$T/provider.log" | xargs)" 25
sed 9q "$T/equal" > "$T/nine"
run 'nine of them' 0 "$T/nine"
lacks 'are few' "$T/err" 'equal request'
stop_provider
# the first request of a prefix that the provider keeps goes before the others of it
for model in m-1 m-1 m-1 m-2; do
	jq -nc --arg model $model '{method: "POST", url: "/v1/chat/completions", body: {model: $model, messages: [
		{role: "system", content: ("rules of the house " * 300)}, {role: "user", content: "hi"}]}}'
done | jq -c '.custom_id = "p\(input_line_number)"' > "$T/prefix"
fresh --together 2
# whom nobody calls once the first answer has begun waits for ten seconds
run 'three requests of one prefix, one of another' 0 -j 4 --max-wait 8s "$T/prefix"
eq 'the first of each go, then the rest' "$(models | cut -d ' ' -f 1,2 | xargs -n 1 | sort | xargs) $(models | cut -d ' ' -f 3,4)" 'm-1 m-2 m-1 m-1'
sed 's/rules of the house //g' "$T/prefix" > "$T/short"
fresh --together 4
run 'nobody waits for one that is too short' 0 -j 4 "$T/short"
fresh --fail-first 2 --status 400
run 'where the first one fails' 4 -j 4 --retries 0 "$T/prefix"
eq 'another goes first' "$(jq -r .response.status_code "$T/out" | sort | uniq -c | xargs)" '2 200 2 400'
finish
