#!/bin/sh
# SPDX-License-Identifier: MIT
# llm-route train, tune, and rules to 'learned': what labels teach, when nothing is known, and that
# the same labels always give the same file
. "$(dirname "$0")/../lib.sh"

# sums need the strong model, greetings do not; one label in eight is another way round
labels() { # HALF SHAPE
	awk -v half="$1" -v shape="$2" 'function die(sides) { seed = seed * 16807 % 2147483647; return int(seed / 65536) % sides }
	BEGIN {
		split("apple river window teacher garden bottle engine market", w, " ")
		for (seed = half + 1; i < 400; i++) {
			hard = die(2); odd = die(8) == 0; x = w[die(8) + 1]; y = w[die(8) + 1]; n = die(90) + 10; die(7)
			text = hard ? sprintf("Solve the equation %d * x + %d = %d for the %s and the %s", n, die(90) + 10, die(90) + 10, x, y) \
				: sprintf("Write a friendly greeting to the %s beside the %s, number %d of %d", x, y, n, die(90) + 10)
			weak = hard == odd ? "true" : "false"
			if (shape == "request")
				printf "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}\n", text
			else
				printf "{\"prompt\":\"%s\",\"weak\":%s,\"mid\":%s,\"strong\":true}\n", text, weak, hard ? "0.25" : "true"
		}
	}'
}
labels 0 label > "$T/train"
labels 1 label > "$T/test"
labels 1 request > "$T/requests"
two() { # WHAT ARGUMENT...
	two_what=$1
	shift
	t "$two_what" 0 llm-route "$@"
}

# a model of two
two 'labels make a model' train -q --weak .weak --strong .strong -o "$T/m" "$T/train"
llm-route train -q --weak .weak --strong .strong "$T/train" > "$T/again"
same 'the same one twice' "$T/again" "$T/m"
sort -r "$T/train" | LLM_SIMD=portable llm-route train -q --weak .weak --strong .strong > "$T/again"
same 'and in another order, without SIMD' "$T/again" "$T/m"
head -n 20 "$T/train" > "$T/few"
t 'too few labels' 1 llm-route train --weak .weak --strong .strong -o "$T/none" "$T/few"
has 'are counted' "$T/err" '20 labelled prompts teach nothing: 50 at least are wanted'
holds 'and leave no file' test ! -e "$T/none"
t 'no outcome at all' 1 llm-route train --weak .other --strong .strong "$T/train"
has 'says why' "$T/err" 'rows without the outcome of each model: 400'
t 'one model is none' 2 llm-route train --weak .weak "$T/train"
t 'a wrong path' 2 llm-route train --weak 'we[' --strong .strong "$T/train"
t 'a name twice' 2 llm-route train --weak .weak --model strong=.mid --strong .strong "$T/train"
# seeds of another version would be refused at their first line
for kind in near linear; do
	seed=$kind
	[ "$kind" = linear ] || seed=small
	llm-route train -q --kind "$kind" --weak .weak --strong .strong "$T/train" | head -n 1 | jq -c '[.llm_route_model, .kind]' > "$T/version"
	eq "the fuzzer's seed is of this version, $kind" "$(head -n 1 "$TOP/tests/fuzz/corpus/route_model/$seed" | jq -c '[.llm_route_model, .kind]')" "$(cat "$T/version")"
done

# its curve
tune() { llm-route tune --model-file "$T/m" --weak .weak --strong .strong "$@" "$T/test"; }
tune --format json > "$T/curve"
holds 'the curve knows what gains' jq -e '.rows == 400 and .arms == ["weak","strong"] and .apgr > 0.65 and .apgr_interval[0] > .5 and .first < .6 and .last == 1' "$T/curve"
holds 'all shares, both ends, rising quality' jq -e '(.points | length) == 21 and .points[0].share == 0 and .points[20].share == 1 and .points[20].quality == 1 and ([.points[].quality] | . == sort) and all(.points[]; .interval[0] <= .quality and .quality <= .interval[1])' "$T/curve"
holds 'nothing is chosen unasked' jq -e '.chosen == null' "$T/curve"
tune --format json --seed 7 > "$T/seven"
tune --format json --seed 7 > "$T/again"
same 'a seed gives the same intervals' "$T/again" "$T/seven"
holds 'another seed others' sh -c "! cmp -s '$T/seven' '$T/curve'"
tune --format json --strong-share 30% > "$T/share"
holds 'the point of a share' jq -e '.chosen.share > .28 and .chosen.share < .32' "$T/share"
t 'a limit of regression that holds' 0 tune --format json --max-regression 20%
holds 'is the least share that keeps it' jq -e '.chosen.share > 0 and .chosen.share < 1 and .last - .chosen.quality <= .2' "$T/out"
# none lost with no prompt sent up, much with half of them: what passes by itself is not taken
sed '/Solve/s/"weak":[a-z]*\(.*\)"strong":[a-z]*/"weak":true\1"strong":false/;/Write/s/"weak":[a-z]*/"weak":false/' "$T/test" > "$T/turned"
t 'labels that are the other way round' 0 llm-route tune --model-file "$T/m" --weak .weak --strong .strong --max-regression 10% --format json "$T/turned"
holds 'give no share below one that fails' jq -e '.points[0].quality > .last - .1 and .chosen.share > .8' "$T/out"
t 'one that so few labels cannot show' 1 tune --max-regression 0.1%
has 'says how many would be needed' "$T/err" '400 labels cannot show a loss of at most 0.10 points'
# in which nothing is lost, which is luck among so few
head -n 60 "$T/test" | sed 's/"weak":false/"weak":true/' > "$T/even"
t 'a loss that few labels do not happen to show' 1 llm-route tune --model-file "$T/m" --weak .weak --strong .strong --max-regression 1% "$T/even"
has 'is not ruled out by them' "$T/err" '60 labels cannot show a loss of at most 1.00 points: about 362 are needed'
tune --format svg > "$T/svg"
holds 'the picture is XML' python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' "$T/svg"
has 'with its band' "$T/svg" 'class="band"'
has 'and a ground of its own, light and dark' "$T/svg" '<rect class="paper"'
lacks 'and no number that is none' "$T/svg" 'nan'
lacks 'and no mark that nobody asked for' "$T/svg" '<circle'
tune --format svg --strong-share 30% > "$T/svg"
has 'a point that is asked for is marked' "$T/svg" '<circle'
has 'with its threshold' "$T/svg" "threshold $(tune --strong-share 30% | awk '/<-/ { print $6 }')<"
tune --format csv > "$T/csv"
eq 'CSV has a line a point' "$(wc -l < "$T/csv" | tr -d ' ')" 22
tune > "$T/table"
has 'the table compares with length' "$T/table" 'by length'
t 'other names than trained on' 2 llm-route tune --model-file "$T/m" --weak .weak --model mid=.mid --strong .strong "$T/test"
t 'no model file' 2 llm-route tune --weak .weak --strong .strong "$T/test"

# rules that ask it
printf '%s\n' 'tier small gpt-4o-mini' 'tier large gpt-4.1' 'default -> learned' > "$T/routes"
route() { # WHAT [OPTION...]
	route_what=$1
	shift
	t "$route_what" 0 llm-route -r "$T/routes" --model-file "$T/m" "$@" "$T/requests"
}
route 'a default to what was learned'
holds 'sends sums up and greetings down' jq -se '[.[] | select((.messages[0].content | startswith("Solve")) == (.model == "gpt-4.1"))] | length > 350' "$T/out"
holds 'with reason and confidence' jq -se 'all(.[]; .llm.route | .rule == "default" and (.reason | test("^learned (weak|strong): gain -?[0-9.]+, threshold [0-9.]+$|^fallback confidence")) and .confidence >= .5 and .confidence <= 1)' "$T/out"
sort "$T/out" > "$T/one"
sort -r "$T/requests" | LLM_SIMD=portable llm-route -r "$T/routes" --model-file "$T/m" | sort > "$T/other"
same 'the same decisions in another order, without SIMD' "$T/other" "$T/one"
labels 0 request > "$T/like"
for share in 20 40 75; do
	# nothing is known of a prompt from itself, so the labelled ones are data like the labels
	t "a share of $share %" 0 llm-route -r "$T/routes" --model-file "$T/m" --strong-share "$share%" "$T/like"
	# shellcheck disable=SC2016 # the dollars are jq's
	holds 'comes out within 3 points' jq -se --argjson p "$share" 'map(select(.llm.route.fallback == null)) | (map(select(.model == "gpt-4.1")) | length) * 100 / length | . > $p - 3 and . < $p + 3' "$T/out"
done
tune --format json --strong-share 25% > "$T/share"
t 'the threshold that tune tells' 0 llm-route -r "$T/routes" --model-file "$T/m" --threshold "$(jq .chosen.threshold "$T/share")" "$T/requests"
# shellcheck disable=SC2016 # the dollars are jq's
holds 'gives the share that it told' jq -se --argjson p "$(jq .chosen.share "$T/share")" '(map(select(.llm.route.reason | startswith("learned strong"))) | length) / length | . <= $p and . > $p - .08' "$T/out"
t 'a threshold that is none' 2 llm-route -r "$T/routes" --model-file "$T/m" --threshold x "$T/requests"
t 'both a threshold and a share' 2 llm-route -r "$T/routes" --model-file "$T/m" --threshold 0.1 --strong-share 20% "$T/requests"
route 'none to the strong one' --strong-share 0%
holds 'is none' jq -se 'all(.[]; .model != "gpt-4.1")' "$T/out"
route 'all of them' --strong-share 100%
holds 'is all that is not new' jq -se 'all(.[]; .model == "gpt-4.1" or .llm.route.fallback == "confidence")' "$T/out"
printf '%s\n' '{"model":"gpt-4o","messages":[{"role":"user","content":"Kde je nejbližší lékárna?"}]}' '{"model":"gpt-4o","messages":[{"role":"system","content":"x"}]}' > "$T/new"
t 'a prompt like none' 0 llm-route -r "$T/routes" --model-file "$T/m" "$T/new"
eq 'keeps its model and says so' "$(jq -c '[.model, .llm.route.fallback, .llm.route.reason]' "$T/out" | sort -u)" '["gpt-4o","confidence","fallback confidence: like no labelled prompt"]'
printf 'fallback confidence = large\n' >> "$T/routes"
t 'or the fallback' 0 llm-route -r "$T/routes" --model-file "$T/m" "$T/new"
eq 'that the rules name' "$(jq -r .model "$T/out" | sort -u)" gpt-4.1
route 'a floor of confidence' --min-confidence 80%
holds 'sends the unsure to the fallback too' jq -se 'any(.[]; .llm.route.reason == "fallback confidence: not sure enough") and all(.[]; .llm.route.fallback != null or .llm.route.confidence >= .8)' "$T/out"
t 'explain takes the model too' 0 llm-route explain "$T/routes" --model-file "$T/m" "$T/new"
has 'and tells the reason' "$T/out" 'like no labelled prompt'

# prompts to come, whose outcomes nobody knows
jq -c '{prompt}' "$T/test" > "$T/traffic"
two 'traffic like the labels' train --weak .weak --strong .strong --traffic "$T/traffic" -o "$T/met" "$T/train"
has 'is told so' "$T/err" 'the traffic is like the labels: what they teach counts wholly'
sort -r "$T/traffic" > "$T/turned"
llm-route train -q --weak .weak --strong .strong --traffic "$T/turned" "$T/train" > "$T/again"
same 'in any order the same model' "$T/again" "$T/met"
head -n 200 "$T/traffic" > "$T/half"
tail -n 200 "$T/traffic" > "$T/rest"
llm-route train -q --weak .weak --strong .strong --traffic "$T/half" --traffic "$T/rest" "$T/train" > "$T/again"
same 'in two files too' "$T/again" "$T/met"
t 'a share among that traffic' 0 llm-route -r "$T/routes" --model-file "$T/met" --strong-share 30% "$T/requests"
holds 'comes out within one point' jq -se 'map(select(.llm.route.fallback == null)) | (map(select(.llm.route.reason | startswith("learned strong"))) | length) * 100 / length | . > 29 and . < 31' "$T/out"
awk 'BEGIN { for (i = 0; i < 120; i++) printf "{\"prompt\":\"Kde je nejbližší lékárna v ulici číslo %d?\"}\n", i }' > "$T/foreign"
for kind in near linear; do
	t "traffic unlike the labels, $kind" 0 llm-route train --kind "$kind" --weak .weak --strong .strong --traffic "$T/foreign" -o "$T/unlike" "$T/train"
	has 'is told so' "$T/err" 'the traffic is unlike the labels: little of what they teach counts'
	llm-route tune --model-file "$T/unlike" --weak .weak --strong .strong --format json "$T/train" > "$T/curve"
	holds 'and the model can be read' jq -e '.rows == 400' "$T/curve"
done
head -n 300 "$T/traffic" | cat - "$T/foreign" > "$T/mixed"
t 'traffic of both' 0 llm-route train --weak .weak --strong .strong --traffic "$T/mixed" -o "$T/part" "$T/train"
has 'is told so' "$T/err" 'the traffic is partly like the labels'
head -n 99 "$T/traffic" > "$T/few"
t 'too little traffic' 1 llm-route train --weak .weak --strong .strong --traffic "$T/few" -o "$T/none" "$T/train"
has 'is counted' "$T/err" '99 prompts of traffic show nothing: 100 at least are wanted'
holds 'and leaves no file' test ! -e "$T/none"

# weights instead of examples
two 'a linear model' train -q --kind linear --weak .weak --strong .strong -o "$T/weights" "$T/train"
sort -r "$T/train" | LLM_SIMD=portable llm-route train -q --kind linear --weak .weak --strong .strong > "$T/again"
same 'the same one in another order, without SIMD' "$T/again" "$T/weights"
# shellcheck disable=SC2016 # the dollars are the inner shell's
holds 'is small, and has no prompt in it' sh -c '[ "$(wc -c < "$1")" -lt 20000 ] && ! LC_ALL=C grep -qa equation "$1"' sh "$T/weights"
llm-route tune --model-file "$T/weights" --weak .weak --strong .strong --format json "$T/test" > "$T/curve"
holds 'knows what gains' jq -e '.apgr > 0.65 and .apgr_interval[0] > .5' "$T/curve"
t 'rules ask it' 0 llm-route -r "$T/routes" --model-file "$T/weights" "$T/requests"
holds 'and send sums up, greetings down' jq -se '[.[] | select((.messages[0].content | startswith("Solve")) == (.model == "gpt-4.1"))] | length > 350' "$T/out"
sort "$T/out" > "$T/one"
sort -r "$T/requests" | LLM_SIMD=portable llm-route -r "$T/routes" --model-file "$T/weights" | sort > "$T/other"
same 'in any order, without SIMD, the same' "$T/other" "$T/one"
for share in 20 40 75; do
	t "a share of $share % by weights" 0 llm-route -r "$T/routes" --model-file "$T/weights" --strong-share "$share%" "$T/requests"
	# shellcheck disable=SC2016 # the dollars are jq's
	holds 'comes out within 11 points of so few labels' jq -se --argjson p "$share" 'map(select(.llm.route.fallback == null)) | (map(select(.model == "gpt-4.1")) | length) * 100 / length | . > $p - 11 and . < $p + 11' "$T/out"
done
printf '%s\n' '{"model":"gpt-4o","messages":[{"role":"user","content":"Kde je nejbližší lékárna?"}]}' > "$T/new"
t 'a prompt of unknown words' 0 llm-route -r "$T/routes" --model-file "$T/weights" "$T/new"
holds 'is new to it' jq -e '.llm.route.fallback == "confidence"' "$T/out"
# each noun once, so that only its meaning tells: half of the nouns to learn from, half to be asked
awk -v half="$T/noun" 'BEGIN {
	n = split("dog cat horse cow pig sheep goat chicken duck goose turkey rabbit mouse rat hamster squirrel beaver fox wolf bear lion tiger leopard elephant giraffe zebra monkey gorilla camel deer moose donkey kangaroo koala panda whale dolphin shark salmon trout eagle hawk owl crow sparrow parrot penguin snake lizard frog", animal, " ")
	split("loan mortgage interest bond stock dividend tax audit invoice payment salary pension budget deficit inflation currency equity asset liability revenue profit credit debit bank insurance premium broker investor lender debt bankruptcy collateral accounting ledger fund portfolio hedge derivative treasury tariff subsidy income expense wage rent fee bonus refund deposit cheque", money, " ")
	for (i = 1; i <= n; i++) {
		printf "{\"prompt\":\"Tell me about the %s\",\"weak\":true,\"strong\":true}\n", animal[i] > half i % 2
		printf "{\"prompt\":\"Tell me about the %s\",\"weak\":false,\"strong\":true}\n", money[i] > half i % 2
	}
}'
two 'weights of meaning' train -q --kind linear --weak .weak --strong .strong -o "$T/nouns" "$T/noun1"
eq 'are those of the built-in table' "$(head -n 1 "$T/nouns" | jq .dimensions)" 256
llm-route tune --model-file "$T/nouns" --weak .weak --strong .strong --format json "$T/noun0" > "$T/curve"
holds 'and tell words that no label had' jq -e '.apgr > 0.7 and .apgr > .apgr_length + 0.08' "$T/curve"
sort -r "$T/noun1" | LLM_SIMD=portable llm-route train -q --kind linear --weak .weak --strong .strong > "$T/again"
same 'the same ones in another order, without SIMD' "$T/again" "$T/nouns"
t 'the table is at hand again' 0 llm-route -r "$T/routes" --model-file "$T/nouns" "$T/requests"
# where the words say it all no vector is kept
awk 'BEGIN { for (i = 0; i < 200; i++) printf "{\"prompt\":\"item %d of the list%s\",\"weak\":%s,\"strong\":true}\n", i, i % 2 ? " qx" : "", i % 2 ? "false" : "true" }' > "$T/plain"
two 'weights of words' train -q --kind linear --weak .weak --strong .strong -o "$T/nouns" "$T/plain"
eq 'are enough where they say it all' "$(head -n 1 "$T/nouns" | jq .dimensions)" 0
t 'a kind that is none' 2 llm-route train --kind deep --weak .weak --strong .strong "$T/train"

# what is refused before a record is read
t 'rules to a model that is not given' 2 llm-route -r "$T/routes" "$T/requests"
has 'names the line' "$T/err" "routes:3: 'learned' wants '--model-file'"
t 'check asks for none' 0 llm-route check -r "$T/routes" /dev/null
t 'lint neither' 0 llm-route lint "$T/routes"
t 'a share without a model' 2 llm-route -r "$T/routes" --strong-share 20% "$T/requests"
printf 'tier small gpt-4o-mini\ndefault -> small\n' > "$T/plain"
t 'a model that no rule asks' 2 llm-route -r "$T/plain" --model-file "$T/m" "$T/requests"
printf 'tier small gpt-4o-mini\nfallback error = learned\n' > "$T/plain"
t 'learned as a fallback' 2 llm-route -r "$T/plain" "$T/requests"
head -c 5000 "$T/m" > "$T/cut"
t 'half a model' 2 llm-route -r "$T/routes" --model-file "$T/cut" "$T/requests"
has 'is damaged' "$T/err" 'is damaged: its checksum is another'
LC_ALL=C sed 's/"arms":\["weak"/"arms":["meak"/' "$T/m" > "$T/other"
t 'a model that was changed' 2 llm-route -r "$T/routes" --model-file "$T/other" "$T/requests"
has 'is damaged too' "$T/err" 'is damaged'
t 'a file that is none' 2 llm-route -r "$T/routes" --model-file "$T/train" "$T/requests"
has 'is called so' "$T/err" 'is no model of llm-route train'
t 'a file that is not there' 2 llm-route -r "$T/routes" --model-file "$T/absent" "$T/requests"

# several models
two 'three models' train -q --weak .weak --model gpt-4.1-mini=.mid --strong .strong -o "$T/three" "$T/train"
printf '%s\n' 'tier small gpt-4o-mini' 'tier middle gpt-4.1-mini' 'tier large gpt-4.1' 'rule sums text~/^Solve/ -> learned' 'default -> small' > "$T/routes"
t 'a rule to three' 0 llm-route -r "$T/routes" --model-file "$T/three" "$T/requests"
holds 'asks for the rows of its conditions only' jq -se 'all(.[]; (.llm.route.rule == "sums") == (.messages[0].content | startswith("Solve")))' "$T/out"
two 'other names' train -q --model middle=.weak --model big=.mid --model gpt-4.1=.strong -o "$T/names" "$T/train"
t 'that no rule knows' 2 llm-route -r "$T/routes" --model-file "$T/names" "$T/requests"
has 'are told' "$T/err" "its model 'big' is no tier, alias or model of the rules"
printf 'alias big = gpt-4.1-nano\n' >> "$T/routes"
t 'tiers, aliases and models' 0 llm-route -r "$T/routes" --model-file "$T/names" --strong-share 40% "$T/requests"
holds 'are taken by name' jq -se 'map(select(.llm.route.rule == "sums") | .model) | unique | length > 1 and all(. == "gpt-4.1-mini" or . == "gpt-4.1-nano" or . == "gpt-4.1" or . == "gpt-4o")' "$T/out"

if data 'on real labels'; then
	awk 'NR % 10 == 0' "$LLM_TEST_DATA/route/mmlu-dev.jsonl" > "$T/train"
	awk 'NR % 10 == 5' "$LLM_TEST_DATA/route/mmlu-dev.jsonl" > "$T/test"
	two 'a model of real labels' train -q --weak .weak --strong .strong -o "$T/m" "$T/train"
	tune --format json > "$T/curve"
	holds 'knows more than a coin, and many rows' jq -e '.rows == 498 and .apgr > .5 and .new < 80' "$T/curve"
fi
if [ -n "${LLM_TEST_ENCODER:-}" ]; then
	head -n 60 "$T/train" > "$T/few"
	two 'with an encoder' train -q --weak .weak --strong .strong --encoder "$LLM_TEST_ENCODER" -o "$T/encoded" "$T/few"
	t 'its vectors are wanted again' 2 llm-route -r "$T/routes" --model-file "$T/encoded" "$T/requests"
	has 'and it says so' "$T/err" 'was trained with other vectors'
else
	skip 'with an encoder' 'LLM_TEST_ENCODER is not set'
fi
finish
