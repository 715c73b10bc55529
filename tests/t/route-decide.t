#!/bin/sh
# SPDX-License-Identifier: MIT
# llm-route: own models, policies, lanes, latency, cooldown, alternates by error, arms, the whole file
. "$(dirname "$0")/../lib.sh"

rules() { printf '%s\n' "$@" > "$T/routes"; }
route() { # WHAT [OPTION...]
	route_what=$1
	shift
	t "$route_what" 0 llm-route -r "$T/routes" "$@" "$T/in"
}
of() { jq -c "$1" "$T/out"; }
ask() { printf '{"custom_id":"%s","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-4o","max_tokens":100,%s"messages":[{"role":"user","content":"%s"}]}}\n' "$1" "$2" "$3"; }

# models of one's own
ask a '' 'x' > "$T/in"
rules 'tier t gpt-4o-mini own/llama' 'model own/llama input=0 output=0 window=8000 can=tools' 'default -> t'
route 'an own endpoint that is free'
eq 'is the cheapest' "$(of '[.body.model, .llm.route.estimated_cost]')" '["own/llama","0"]'
rules 'tier t gpt-4o-mini own/llama' 'model own/llama input=100 output=100' 'default -> t'
route 'or dear'
eq 'is not' "$(of .body.model)" '"gpt-4o-mini"'
rules 'tier t own/tiny gpt-4o-mini' 'model own/tiny input=0 output=0 window=100' 'default -> t'
route 'a small window'
holds 'drops it' jq -e '.llm.route.reason | test("own/tiny has a window of 100 tokens, needed 108")' "$T/out"
rules 'tier t my-deployment' 'model my-deployment as=gpt-4o-mini' 'default -> t'
route 'a deployment'
eq 'costs what its model costs' "$(of '[.body.model, .llm.route.estimated_cost]')" '["my-deployment","0.0000612"]'
ask a '"region":"x","tools":[{"type":"function","function":{"name":"f","parameters":{}}}],' 'x' > "$T/in"
rules 'tier t own/llama gpt-4o-mini' 'model own/llama input=0 output=0 cannot=tools' 'default -> t'
route 'what it cannot'
eq 'counts' "$(of .body.model)" '"gpt-4o-mini"'
rules 'tier t own/a gpt-4.1-nano gpt-4o-audio-preview gpt-4.1' 'model own/a input=0 output=0 can=tools cannot=streaming' 'default -> t'
while IFS='|' read -r members content model why; do
	printf '{"model":"gpt-4o",%s"messages":[{"role":"user","content":%s}]}\n' "$members" "$content" > "$T/in"
	route "what is needed: $why"
	eq 'is given' "$(of .model)" "\"$model\""
	# shellcheck disable=SC2016 # jq's variable
	holds 'and who lacks it is named' jq -e --arg why "$why" '.llm.route.reason | contains($why)' "$T/out"
done << 'X'
"stream":true,|"x"|gpt-4.1-nano|own/a does not stream
|[{"type":"input_audio","input_audio":{"data":"UklGRg==","format":"wav"}}]|gpt-4o-audio-preview|gpt-4.1 takes no audio
|[{"type":"file","file":{"file_data":"data:application/pdf;base64,JVBERi0=","filename":"a.pdf"}}]|gpt-4.1-nano|own/a takes no files
X
ask a '"metadata":{"region":"eu"},' 'x' > "$T/in"
rules 'tier t gpt-4o-mini azure/gpt-4o-mini' 'model azure/gpt-4o-mini region=eu,ch data=zero' 'default -> t'
route 'a region that the record wants'
eq 'is where the model is said to be' "$(of '[.body.model, .llm.route.alternates]')" '["azure/gpt-4o-mini",[]]'
ask a '' 'x' > "$T/in"
rules 'tier t gpt-4o-mini azure/gpt-4o-mini' 'model azure/gpt-4o-mini region=eu data=zero' 'default -> t data=zero region=eu'
route 'a policy that the rule wants'
eq 'is kept' "$(of .body.model)" '"azure/gpt-4o-mini"'
ask a '"metadata":{"region":"ch"},' 'x' > "$T/in"
rules 'tier t gpt-4o-mini azure/gpt-4o-mini' 'model azure/gpt-4o-mini region=eu,ch' 'default -> t'
route 'the second region of a list'
eq 'counts' "$(of .body.model)" '"azure/gpt-4o-mini"'
ask a '' 'x' | sed 's/"max_tokens":100/"max_completion_tokens":20000/' > "$T/in"
rules 'tier t gpt-4o-mini gpt-4.1' 'default -> t'
route 'a longer answer than the cheaper one gives'
eq 'drops it' "$(of .body.model)" '"gpt-4.1"'
holds 'with both numbers' jq -e '.llm.route.reason | test("gpt-4o-mini gives at most 16384 tokens, asked for 20000")' "$T/out"
ask a '' 'x' > "$T/in"
rules 'tier t gpt-4o-mini' 'default -> t data=zero'
route 'nobody keeps it'
eq 'and nobody gets it' "$(of '[.body.model, .llm.route.fallback]')" '["gpt-4o","error"]'
rules 'tier t gpt-4o-mini gpt-4.1-nano' 'default -> t max_cost=0.00003'
route 'a bound of the cost'
eq 'drops nothing that is cheaper' "$(of .llm.route.fallback)" '"error"'
rules 'tier t gpt-4o-mini gpt-4.1-nano' 'default -> t max_cost=0.00005'
route 'a higher one'
eq 'leaves who keeps it' "$(of '[.body.model, .llm.route.alternates]')" '["gpt-4.1-nano",[]]'

rules 'fallback error = no-such' 'default -> nor-this max_tokens=5'
route 'a fallback that can do it no more than the rule'
eq 'keeps the model, without the settings' "$(of '[.body.model, .body.max_tokens, .llm.route.fallback]')" '["gpt-4o",100,"error"]'
rules 'fallback error = gpt-4.1' 'default -> nor-this max_tokens=5'
route 'one that can'
eq 'has them' "$(of '[.body.model, .body.max_tokens, .llm.route.fallback]')" '["gpt-4.1",5,"error"]'
ask a '"metadata":{"tier":"gold"},' 'x' > "$T/in"
rules 'tier a gpt-4o-mini' 'tier b gpt-4.1' 'user free a..a' 'default -> keep'
route 'an unknown kind of user with a model of no tier'
eq 'goes where the bounds end' "$(of .body.model)" '"gpt-4o-mini"'
ask a '"metadata":{"tier":"free"},' 'x' > "$T/in"
route 'a known one'
eq 'keeps it' "$(of .body.model)" '"gpt-4o"'

# lanes
while IFS='|' read -r members want tier; do
	ask a "$members" 'x' > "$T/in"
	rules 'default -> o3'
	route "lane: $members" --now 2026-11-21T00:00:00Z
	eq "is $want" "$(of '[.llm.route.lane, .body.service_tier]')" "[\"$want\",$tier]"
done << 'X'
|realtime|null
"metadata":{"deadline":"10s"},|realtime|null
"metadata":{"deadline":"30s"},|flex|"flex"
"metadata":{"deadline":"2h"},"service_tier":"default",|realtime|"default"
"service_tier":"flex",|flex|"flex"
"service_tier":"priority",|priority|"priority"
"metadata":{"deadline":"24h"},"service_tier":"flex",|batch|"flex"
"metadata":{"deadline":"24h"},|batch|null
"metadata":{"deadline":"2h"},"stream":true,|realtime|null
"metadata":{"deadline":"2026-11-20T23:00:00Z"},|realtime|null
"metadata":{"lane":"priority"},|priority|"priority"
X
ask a '"metadata":{"deadline":"24h"},' 'x' > "$T/in"
while IFS='|' read -r model want; do
	name=${model#model }
	rules "$model" "default -> ${name%% *}"
	route "a row that can wait, with $model"
	eq 'is paid by what the line says' "$(of '.llm.route | [.lane, .estimated_cost] | join(" ")')" "\"$want\""
done << 'X'
model own/llama input=1 output=2 batch_input=0.5 batch_output=1|batch 0.000103
model own/llama input=1 output=2|realtime 0.000206
model gpt-4o-mini batch=no|realtime 0.0000612
model gpt-4o-mini|batch 0.0000306
X
ask a '"metadata":{"deadline":"2h"},' 'x' > "$T/in"
rules 'default -> gpt-4o'
route 'a model without flex'
eq 'answers at once' "$(of '[.llm.route.lane, .body.service_tier]')" '["realtime",null]'
rules 'default -> gpt-4o service_tier=flex'
route 'nor is it told to have one'
eq 'the setting is named' "$(of '[.llm.route.lane, .body.service_tier, .llm.route.dropped]')" '["realtime",null,["service_tier"]]'
t 'and found' 1 llm-route lint "$T/routes"
ask a '"service_tier":"flex",' 'x' > "$T/in"
rules 'default -> gpt-4o'
route 'a tier that the new model lacks'
eq 'is named' "$(of '[.llm.route.lane, .llm.route.dropped]')" '["realtime",["service_tier"]]'
ask a '' 'x' > "$T/in"
for line in 'flex 0.000408' 'priority 0.001428'; do
	rules "default -> o3 service_tier=${line% *}"
	route "a tier that a rule sets: ${line% *}"
	eq 'is the lane that is paid' "$(of '[.llm.route.lane, .body.service_tier, .llm.route.estimated_cost] | join(" ")')" "\"${line% *} $line\""
done
printf '%s\n' '{"model":"o3","deadline":"2d","tools":[{"type":"function","function":{"name":"f","parameters":{}}}],"messages":[{"role":"user","content":"x"},{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c","content":"1"}]}' > "$T/in"
rules 'default -> keep'
route 'a tool loop' -v
eq 'cannot wait' "$(of .llm.route.lane)" '"realtime"'
has 'the split is told' "$T/err" 'lanes: 1 realtime, 0 flex, 0 batch'
jq -c 'del(.tools)' "$T/in" > "$T/bare"
mv "$T/bare" "$T/in"
route 'nor a tool loop that names its tools no more'
eq 'can' "$(of .llm.route.lane)" '"realtime"'

# conditions
ask a '"metadata":{"deadline":"2h"},' 'Wie ist das Wetter heute und was ist nicht gut?' > "$T/in"
for condition in 'language=de' 'deadline<=2h' 'deadline>60' 'turns<2' 'hour>=10' 'hour<11'; do
	rules "rule x $condition -> gpt-4o-mini"
	route "holds: $condition" --now 2026-11-21T10:30:00Z
	eq 'and is found' "$(of .llm.route.rule)" '"x"'
done
rules 'rule x language=fr -> gpt-4o-mini' 'rule y turns>1 -> gpt-4o-mini' 'rule z hour<10 -> gpt-4o-mini'
route 'others' --now 2026-11-21T10:30:00Z
eq 'do not hold' "$(of .llm.route.rule)" null
rules 'rule z hour<10 -> gpt-4o-mini'
route 'the hour of another zone' --now 2026-11-21T10:30:00Z --tz -03:00
eq 'is that of --tz' "$(of .llm.route.rule)" '"z"'

# measured latency, and models that cool down
ask a '' 'x' > "$T/in"
printf '{"groups":[{"key":{"model":"gpt-4.1-nano"},"p95_ms":4000},{"key":{"model":"gpt-4o-mini"},"p95_ms":900.5}]}\n' > "$T/latency"
rules 'tier t gpt-4.1-nano gpt-4o-mini gpt-4o' 'default -> t latency=2s'
route 'a bound of the latency' --latency "$T/latency"
eq 'drops who is slower' "$(of '[.body.model, .llm.route.alternates]')" '["gpt-4o-mini",["gpt-4o"]]'
holds 'and says who was not measured' jq -e '.llm.route.reason | test("gpt-4.1-nano has a p95 of 4000 ms, bound 2000.*latency of 1 not measured")' "$T/out"
printf '{"groups":[]}\n' > "$T/latency"
t 'a report without it' 2 llm-route -r "$T/routes" --latency "$T/latency" "$T/in"
printf '{"model":"gpt-4.1-nano","until":"2026-11-21T10:00:00Z"}\n' > "$T/cool"
route 'a model that cools down' --cooldown "$T/cool" --now 2026-11-21T09:59:00Z
eq 'is left out' "$(of .body.model)" '"gpt-4o-mini"'
route 'until its time' --cooldown "$T/cool" --now 2026-11-21T10:01:00Z
eq 'has come' "$(of .body.model)" '"gpt-4.1-nano"'
printf '%s\n' '{"model":"gpt-4o-mini","un' '{"model":"gpt-4o-mini","until":"soon"}' > "$T/cut"
route 'a file with broken lines' --cooldown "$T/cut"
has 'names them' "$T/err" "$T/cut:2: left out: a line has a model and until when it rests"
route 'no such file yet' --cooldown "$T/none"
eq 'says nothing' "$(of .body.model)" '"gpt-4.1-nano"'

# alternates by the class of the error
# --- a cap of the request's own that a model may think up
printf '%s\n' '{"model":"gpt-4o","max_tokens":60,"messages":[{"role":"user","content":"hi"}]}' > "$T/in"
rules 'default -> gpt-5-mini'
t 'a low cap and a model that reasons' 0 llm-route -r "$T/routes" "$T/in"
eq 'the cap stays, and the reason tells' "$(jq -c '[.max_completion_tokens, (.llm.route.reason | contains("may think up its cap of 60"))]' "$T/out")" '[60,true]'
rules 'default -> gpt-5-mini effort=minimal'
printf '%s\n' '{"model":"gpt-4o","max_tokens":600,"messages":[{"role":"user","content":"hi"}]}' > "$T/in"
t 'one that it may not' 0 llm-route -r "$T/routes" "$T/in"
lacks 'is not told' "$T/out" 'may think up'

rules 'tier small gpt-4.1-nano gpt-4o-mini' 'tier large gpt-4.1 gpt-4o' 'fallback rate_limit = small' 'fallback context_window of o3 = large' \
	'fallback timeout of gpt-4.1 = gpt-4o' 'cooldown allowed_fails=3 cooldown_time=30' 'default -> large'
ask a '"metadata":{"complexity":"moderate"},' 'x' > "$T/in"
route 'alternates'
eq 'of the tier, and by class' "$(of '.llm.route | [.alternates, .on_error, .cooldown]')" '[["gpt-4o"],{"rate_limit":["gpt-4.1-nano","gpt-4o-mini"],"timeout":["gpt-4o"]},{"allowed_fails":3,"cooldown_time":30}]'
ask a '"metadata":{"complexity":"complex"},' 'x' > "$T/in"
route 'a complex row'
eq 'is never downgraded' "$(of '.llm.route.on_error.rate_limit')" '[]'
ask a '"metadata":{"complexity":"none"},' 'x' > "$T/in"
route 'one that nobody knows'
eq 'neither' "$(of '.llm.route.on_error.rate_limit')" '[]'
rules 'alias mine = gpt-4o' 'alias other = mine' 'fallback server of mine = gpt-4.1' 'default -> keep'
for name in mine other gpt-4o; do
	ask a '' 'x' | sed "s/gpt-4o/$name/" > "$T/in"
	route "a line for an alias, asked for as $name"
	eq 'is for the model that it names' "$(of '.llm.route.on_error.server')" '["gpt-4.1"]'
done
ask a '"metadata":{"complexity":"none"},' 'x' > "$T/in"
rules 'tier small gpt-4.1-nano' 'tier large gpt-4.1 gpt-4o' 'user pro large..large' 'fallback rate_limit = small' 'default -> large'
ask a '"metadata":{"complexity":"simple","tier":"pro"},' 'x' > "$T/in"
route 'bounds of the user'
eq 'bound the alternates too' "$(of '.llm.route.on_error.rate_limit')" '[]'

rules 'tier small gpt-4o-mini' 'tier large gpt-4.1 o3' 'user free small..small' 'fallback rate_limit = large' 'fallback context_window = gpt-4o gpt-4.1' 'default -> small'
for line in 'free|{"rate_limit":[],"context_window":[]}' 'pro|{"rate_limit":["gpt-4.1","o3"],"context_window":["gpt-4.1"]}'; do
	[ "${line%%|*}" = free ] || echo 'user pro small..large' >> "$T/routes"
	ask a "\"metadata\":{\"tier\":\"${line%%|*}\"}," 'x' > "$T/in"
	route "alternates above, for a user of the tier ${line%%|*}"
	eq 'are no more than it may have, and for the window larger' "$(of .llm.route.on_error)" "${line#*|}"
done

# semantic routes
printf '%s\n' '{"intent":"billing","text":"I was charged twice for my order"}' '{"intent":"billing","text":"why is my invoice so high"}' \
	'{"name":"shipping","utterances":["where is my package","my delivery is late"],"score_threshold":0.4}' > "$T/utterances"
rules 'rule b intent=billing -> gpt-4o-mini' 'rule s intent=shipping -> gpt-4.1-nano' 'default -> keep'
for line in 'billing|My card was charged twice for this order' 'shipping|Where is the package that I ordered?' 'none|Write a sonnet about the sea' 'none|qzx vbn wrtz'; do
	ask a '' "${line#*|}" > "$T/in"
	route "an intent: $line" --utterances "$T/utterances"
	eq 'is the nearest one, or none' "$(of .llm.route.intent.name)" "\"${line%%|*}\""
done
holds 'unknown text abstains' jq -e '.llm.route.intent.why | test("does not know the words")' "$T/out"
printf '%s\n' '{"intent":"other","text":"qzx vbn wrtz"}' >> "$T/utterances"
ask a '' 'My card was charged twice for this order' > "$T/in"
route 'an utterance that nobody knows' --utterances "$T/utterances"
eq 'is left out, and the others serve' "$(of .llm.route.intent.name)" '"billing"'
has 'with a message that has its line' "$T/err" "$T/utterances:4: left out: the embedding does not know the words of this utterance"
tail -n 1 "$T/utterances" > "$T/alone"
t 'none that it knows' 2 llm-route -r "$T/routes" --utterances "$T/alone" "$T/in"
printf '%s\n' '{"intent":"a","vector":[1,0,0]}' '{"intent":"b","vector":[0,1,0]}' > "$T/vectors"
rules 'rule a intent=a -> gpt-4o-mini' 'default -> keep'
for line in 'a|[2,0.1,0]' 'none|[1,1,0]' 'none|[0,0,0]' 'none|[1,0]' 'none|[1e999,0,0]' 'none|["x",0,0]' 'none|null' 'none|[0,0,1]'; do
	ask a "\"v\":${line#*|}," 'x' > "$T/in"
	route "a vector: ${line#*|}" --utterances "$T/vectors" --vectors .body.v
	eq 'is near one, or none' "$(of .llm.route.intent.name)" "\"${line%%|*}\""
done
for line in '[]|is empty' '[1e999,0,0]|has a number that is too large' '["x",0,0]|has an item that is no number' '"x"|is no array' '[0,0,0]|is zero'; do
	ask a "\"v\":${line%%|*}," 'x' > "$T/in"
	route "what is wrong with ${line%%|*}" --utterances "$T/vectors" --vectors .body.v
	eq 'is said' "$(of .llm.route.intent.why)" "\"the vector ${line#*|}\""
done
printf '%s\n' '{"intent":"a","vector":[1,0,0]}' '{"intent":"b","vector":[0,1]}' > "$T/vectors"
t 'vectors of two lengths' 2 llm-route -r "$T/routes" --utterances "$T/vectors" --vectors .body.v "$T/in"
has 'are named with their line' "$T/err" "$T/vectors:2: the vector has another length"
t 'a path that is none' 2 llm-route -r "$T/routes" --utterances "$T/vectors" --vectors body.v "$T/in"
has 'is not charged to the utterances' "$T/err" "llm-route: --vectors: no dot in front"
t 'vectors without utterances' 2 llm-route -r "$T/routes" --vectors .body.v --model-file "$T/none" "$T/in"
has 'says what they are for' "$T/err" "'--vectors' belongs to '--utterances'"
t 'an encoder that is not there' 2 llm-route -r "$T/routes" --utterances "$T/vectors" --encoder "$T/none" "$T/in"
has 'is named' "$T/err" "llm-route: $T/none: No such file"
t 'a file without utterances' 2 llm-route -r "$T/routes" --utterances /dev/null "$T/in"
has 'says so' "$T/err" '/dev/null:1: there is no utterance'
printf '%s\n' '{"intent":"a","vector":[0,0,0]}' > "$T/vectors"
t 'a vector of zeros' 2 llm-route -r "$T/routes" --utterances "$T/vectors" --vectors .body.v "$T/in"

# arms
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do ask "q$i" "\"metadata\":{\"user\":\"u$((i % 10))\"}," 'x'; done > "$T/in"
rules 'tier t gpt-4o-mini gpt-4.1' 'default -> t max_tokens=5'
route 'a split' --split 50 --seed 7
eq 'and leaves the other one what it asked for' "$(jq -sc 'map([.llm.route.arm, .body.max_tokens]) | unique' "$T/out")" '[["kept",100],["routed",5]]'
eq 'moves one arm alone' "$(jq -sc 'map(select((.llm.route.arm == "routed") != (.body.model == "gpt-4o-mini"))) | length' "$T/out")" 0
holds 'and has two' jq -se '(map(.llm.route.arm) | unique) == ["kept","routed"]' "$T/out"
eq 'a user stays in one' "$(jq -sc 'group_by(.body.metadata.user) | map(map(.llm.route.arm) | unique | length) | unique' "$T/out")" '[1]'
cp "$T/out" "$T/first"
route 'the same again' --split 50% --seed 7
same 'is the same' "$T/out" "$T/first"
route 'another seed' --split 50 --seed 8
holds 'is another split' sh -c "! cmp -s '$T/out' '$T/first'"
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do ask "q$i" '' 'x'; done > "$T/in"
route 'without users' --split 50 --seed 7
eq 'the id tells the arm' "$(jq -r 'select(.llm.route.arm == "routed") | .custom_id' "$T/out" | xargs)" 'q2 q3 q5 q6 q8 q10 q12'
jq -c '.body | .messages[0].content += "\(input_line_number)"' "$T/in" > "$T/bare" && mv "$T/bare" "$T/in"
route 'without ids' --split 50 --seed 7
eq 'the line itself' "$(jq -sc 'map(.llm.route.arm) | unique' "$T/out")" '["kept","routed"]'
jq -c 'del(.model)' "$T/in" > "$T/nameless"
t 'without a model' 0 llm-route -r "$T/routes" --split 50 --seed 7 "$T/nameless"
eq 'who is kept has no other ones' "$(jq -sc 'map(select(.llm.route.arm == "kept") | [.model, .llm.route.alternates]) | unique' "$T/out")" '[[null,[]]]'
for share in 0 100; do
	route "a share of $share" --split $share
	eq 'is none or all' "$(jq -r .model "$T/out" | sort | uniq -c | xargs)" "12 gpt-4o$([ $share = 0 ] || echo -mini)"
done
t 'more than all' 2 llm-route -r "$T/routes" --split 101 "$T/in"
t 'a half, or half a percent' 2 llm-route -r "$T/routes" --split 0.5 "$T/in"
has 'is asked back' "$T/err" 'such as 10 or 0.5%'
route 'half a percent' --split 0.5%
t 'no share' 2 llm-route -r "$T/routes" --split many "$T/in"

# what earlier requests left in the provider's cache
awk 'BEGIN { printf "{\"model\":\"gpt-4.1\",\"time\":\"2026-11-21T10:00:00Z\",\"messages\":[{\"role\":\"system\",\"content\":\""; for (i = 0; i < 4000; i++) printf "word%d ", i; print "\"},{\"role\":\"user\",\"content\":\"x\"}]}" }' > "$T/in"
sed 's/10:00:00/10:00:30/' "$T/in" > "$T/second"
cat "$T/second" >> "$T/in"
rules 'default -> keep'
route 'a prompt that was sent before' --warm
holds 'costs less' jq -se '(.[1].llm.route.estimated_cost | tonumber) < 0.5 * (.[0].llm.route.estimated_cost | tonumber)' "$T/out"
jq -r '"at most $" + .llm.route.estimated_cost' "$T/out" > "$T/costs"
t 'explain --warm' 0 llm-route explain "$T/routes" --warm "$T/in"
grep -o 'at most .[0-9.]*' "$T/out" > "$T/told"
same 'tells the same' "$T/told" "$T/costs"

# the whole file
for i in 1 2 3 4 5 6; do
	ask "s$i" '"metadata":{"complexity":"simple"},' "question $i"
	ask "c$i" '"metadata":{"complexity":"complex"},' "question $i"
done > "$T/in"
rules 'tier small gpt-4o-mini' 'tier large gpt-4.1' 'model gpt-4o-mini quality=simple:0.99,complex:0.5' 'model gpt-4.1 quality=1' 'default -> small'
route 'a sum for the file' --spend 0.0055
eq 'goes where it helps most' "$(jq -sc 'map(select(.body.model == "gpt-4.1") | .custom_id[:1]) | unique' "$T/out")" '["c"]'
has 'the gap is told' "$T/err" 'duality gap: at most 0.0'
has 'and the memory' "$T/err" 'memory: '
route 'from a pipe' --spend 0.0055
cp "$T/out" "$T/file"
t 'standard input' 0 sh -c "llm-route -r '$T/routes' --spend 0.0055 < '$T/in'"
same 'gives the same' "$T/out" "$T/file"
t 'a sum too small' 1 llm-route -r "$T/routes" --spend 0.0001 "$T/in"
has 'names the least' "$T/err" '0.0001 is less than the least possible sum'
has 'with its digits' "$T/err" '0.000738'
eq 'and writes nothing' "$(wc -c < "$T/out" | tr -d ' ')" 0
route 'a quality' --quality 0.9
eq 'is reached at the least cost' "$(jq -sc 'map(select(.body.model == "gpt-4.1")) | length' "$T/out")" 4
rules 'tier small gpt-4o-mini' 'model gpt-4o-mini quality=0.8' 'default -> small'
t 'a quality that nobody has' 1 llm-route -r "$T/routes" --quality 0.9 "$T/in"
has 'names the best' "$T/err" '0.800000'
rules 'tier small gpt-4o-mini' 'default -> small'
t 'without qualities' 2 llm-route -r "$T/routes" --quality 0.9 "$T/in"
has 'says how to tell them' "$T/err" 'quality=P'
t 'a sum that is none' 2 llm-route -r "$T/routes" --spend much "$T/in"
t 'a sum and a quality' 2 llm-route -r "$T/routes" --spend 1 --quality 0.9 "$T/in"
t 'a sum without rules' 2 llm-route --spend 1 "$T/in"
{
	ask a '' 'x'
	ask b '"metadata":{"tag":"fixed"},' 'x'
	ask c '"metadata":{"tag":"fixed"},' 'x' | sed 's/"gpt-4o"/"nobody-knows-it"/'
} > "$T/in"
rules 'tier t gpt-4o-mini gpt-4.1' 'model gpt-4o-mini quality=0.8' 'model gpt-4.1 quality=1' 'rule r tag=fixed -> keep' 'default -> t'
route 'rows without a choice' --spend 1
eq 'go where their rule says' "$(jq -r .body.model "$T/out" | xargs)" 'gpt-4.1 gpt-4o nobody-knows-it'
has 'are in the sum' "$T/err" "joint choice: 1 row for \$0.000816, mean quality 1.0000 (at best 1.0000); 2 rows without a choice for \$0.00102"
has 'unless they have no price' "$T/err" 'rows without a price, which are not in the sum: 1'
t 'a sum that they take up' 1 llm-route -r "$T/routes" --spend 0.00104 "$T/in"
has 'is too small for the rest' "$T/err" "the least possible sum, \$0.0010812"
# a body that the interface of another provider cannot say stays with those who take it
printf 'tier small gemini-2.0-flash gpt-4o-mini\ndefault -> small\n' > "$T/two"
goes() { # WHAT MODEL URL BODY
	printf '{"custom_id":"a","method":"POST","url":"%s","body":{"model":"gpt-4o",%s}}\n' "$3" "$4" > "$T/in"
	eq "$1" "$(llm-route -r "$T/two" "$T/in" | jq -r .body.model)" "$2"
}
goes 'a response can be said in Gemini'"'"'s form' gemini-2.0-flash /v1/responses '"input":"x"'
goes 'one with a search of the provider cannot' gpt-4o-mini /v1/responses '"input":"x","tools":[{"type":"web_search"}]'
said='"messages":[{"role":"user","content":"x"}]'
goes 'a chat completion can' gemini-2.0-flash /v1/chat/completions "$said"
goes 'with tools too' gemini-2.0-flash /v1/chat/completions "$said"',"tools":[{"type":"function","function":{"name":"f","parameters":{}}}]'
for own in '"tools":[{"type":"custom","custom":{"name":"f"}}]' '"functions":[{"name":"f"}]' '"web_search_options":{}'; do
	goes "not with $own" gpt-4o-mini /v1/chat/completions "$said,$own"
done
goes 'sound is asked of no model of texts' gpt-4o /v1/chat/completions "$said"',"modalities":["text","audio"]'
printf 'tier small claude-3-haiku-20240307\ndefault -> small\n' > "$T/one"
printf '{"model":"gpt-4o",%s,"verbosity":"low","top_k":3,"seed":1}\n' "$said" > "$T/in"
t 'what only its own provider has' 0 llm-route -r "$T/one" "$T/in"
eq 'is named' "$(of '[.model, .llm.route.dropped]')" '["claude-3-haiku-20240307",["seed","verbosity"]]'
goes 'one that goes on from another cannot' gpt-4o-mini /v1/responses '"input":"x","previous_response_id":"r"'
printf 'model own/llama input=0 output=0\nmodel other/llama provider=together input=0 output=0\ntier small own/llama other/llama azure/gpt-4o-mini gpt-4o-mini\ndefault -> small\nfallback server = own/llama gpt-4.1\n' > "$T/two"
goes 'what can go anywhere goes to an endpoint of ones own' own/llama /v1/responses '"input":"x"'
for kept in '"previous_response_id":"r"' '"conversation":"c"' '"prompt":{"id":"p"}'; do
	goes "$kept stays with its provider" gpt-4o-mini /v1/responses "\"input\":\"x\",$kept"
	t 'after an error too' 0 llm-route -r "$T/two" "$T/in"
	eq 'nobody else answers it' "$(of '[.llm.route.alternates, .llm.route.on_error.server]')" '[[],["gpt-4.1"]]'
done
printf 'model own/llama input=0 output=0\nmodel own/mini input=0 output=0\ndefault -> own/llama\n' > "$T/two"
goes 'nor is an endpoint without a provider known to be the same' gpt-4o /v1/responses '"input":"x","previous_response_id":"r"'
# files, stores, containers and spoken answers that one provider keeps
printf 'model own/llama input=0 output=0\nmodel azure/gpt-4.1-mini can=files,vision,audio,tools\nmodel gpt-4.1-mini can=files,vision,audio,tools\ntier small own/llama gemini-2.5-flash claude-haiku-4-5 azure/gpt-4.1-mini gpt-4.1-mini\ndefault -> small\n' > "$T/two"
blocks() { printf '"messages":[{"role":"user","content":[{"type":"text","text":"x"},%s]}]' "$1"; }
goes 'a file by its data goes anywhere' own/llama /v1/chat/completions "$(blocks '{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,JVBERi0="}}')"
goes 'an uploaded one stays' gpt-4.1-mini /v1/chat/completions "$(blocks '{"type":"file","file":{"file_id":"file-1"}}')"
goes 'in a response too' gpt-4.1-mini /v1/responses '"input":[{"role":"user","content":[{"type":"input_file","file_id":"file-1"}]}]'
goes 'an uploaded image' gpt-4.1-mini /v1/responses '"input":[{"role":"user","content":[{"type":"input_image","file_id":"file-1"}]}]'
goes 'a store of vectors' gpt-4.1-mini /v1/responses '"input":"x","tools":[{"type":"file_search","vector_store_ids":["v"]}]'
goes 'an answer in sound' gpt-4.1-mini /v1/chat/completions '"messages":[{"role":"assistant","audio":{"id":"a"}},{"role":"user","content":"x"}]'
printf 'tier small anthropic.claude-haiku-4-5-20251001-v1:0 claude-haiku-4-5\nmodel claude-haiku-4-5 input=9 output=9\ndefault -> small\n' > "$T/routes"
keeps() { # WHAT MODEL PARAMS
	printf '{"custom_id":"a","params":{"model":"claude-sonnet-4-5","max_tokens":9,%s}}\n' "$3" > "$T/in"
	t "$1" 0 llm-route -r "$T/routes" "$T/in"
	eq "goes to $2" "$(of .params.model)" "\"$2\""
}
keeps 'a text for Claude' anthropic.claude-haiku-4-5-20251001-v1:0 '"messages":[{"role":"user","content":"x"}]'
keeps 'a file of Anthropic' claude-haiku-4-5 '"messages":[{"role":"user","content":[{"type":"document","source":{"type":"file","file_id":"f"}}]}]'
keeps 'its container' claude-haiku-4-5 '"container":"c","messages":[{"role":"user","content":"x"}]'
printf 'model own/llama input=0 output=0\ntier small own/llama gemini-2.5-flash\ndefault -> small\n' > "$T/routes"
gemini() { printf '{"key":"k","request":{"contents":[{"parts":[{"fileData":{"fileUri":"%s","mimeType":"image/png"}}]}]%s}}\n' "$@"; }
for kept in https://generativelanguage.googleapis.com/v1beta/files/a gs://b/c; do
	gemini "$kept" '' > "$T/in"
	t "$kept" 0 llm-route -r "$T/routes" "$T/in"
	eq 'stays in Gemini' "$(of .llm.route.model)" '"gemini-2.5-flash"'
done
gemini https://example.org/a.png '' > "$T/in"
t 'an address' 0 llm-route -r "$T/routes" "$T/in"
eq 'may leave' "$(of .llm.route.model)" '"own/llama"'
gemini https://example.org/a.png ',"cachedContent":"cachedContents/1"' > "$T/in"
t 'what was cached there' 0 llm-route -r "$T/routes" "$T/in"
eq 'may not' "$(of .llm.route.model)" '"gemini-2.5-flash"'
holds 'and why' jq -e '.llm.route.reason | startswith("own/llama cannot be asked: what '"'cachedContent'"' stands for")' "$T/out"
printf 'tier small gemini-2.0-flash gpt-4o-mini gpt-3.5-turbo-instruct\ndefault -> small\n' > "$T/two"
goes 'an old completion goes to who takes it' gpt-3.5-turbo-instruct /v1/completions '"prompt":"x"'
sed 's/gemini-2.0-flash //; s/gpt-4o-mini/gpt-4o ft:davinci-002:org::1/' "$T/two" > "$T/three" && mv "$T/three" "$T/two"
goes 'who takes nothing else gets no chat' gpt-4o /v1/chat/completions '"messages":[{"role":"user","content":"x"}]'
printf 'tier small gpt-4o-mini\ndefault -> small\n' > "$T/two"
goes 'a completion that nobody takes is kept' gpt-4o /v1/completions '"prompt":"x"'

finish
