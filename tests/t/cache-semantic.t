#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: llm-cache get --semantic, tune and verify: whose answer may meet which question, what the
# gates refuse, what verdicts teach, and what each kind of vector does when it is none.
. "$(dirname "$0")/../lib.sh"

# ask [JQ-EDIT]: lines of text on standard input to requests
ask() { jq -Rc "{custom_id: \"q-\(input_line_number)\", method: \"POST\", url: \"/v1/chat/completions\", body: {model: \"gpt-4o\", messages: [{role: \"system\", content: \"Be brief\"}, {role: \"user\", content: .}]}} | ${1:-.}"; }
# answered: each record with an answer that names its own question
answered() { jq -c '. + {response: {status_code: 200, body: {id: "x", model: "gpt-4o-2024", choices: [{index: 0, finish_reason: "stop", message: {role: "assistant", content: ("about " + (.custom_id | tostring))}}], usage: {prompt_tokens: 5, completion_tokens: 3}}}}' "$@"; }
# fill STORE FILE [OPTION...]: asks, answers, keeps
fill() {
	fill_store=$1 fill_file=$2
	shift 2
	llm-cache get -q --store "$fill_store" --semantic "$@" "$fill_file" > "$T/.asked" && answered "$T/.asked" > "$T/.answered" &&
		llm-cache put -q --store "$fill_store" "$T/.answered" > /dev/null
}
tiers() { jq -r 'if .llm.cache.hit then .llm.cache.tier else "-" end' "$@" | tr '\n' ' '; }

cat > "$T/known" <<'E'
How do I reset my PIN?
What is the capital of France?
Please tell me how long a transfer from my bank to the new card takes
How do I enable roaming on my phone?
Flights from London to Paris
E
ask < "$T/known" > "$T/known.jsonl"

# --- tiers, promotion, provenance
t 'questions are kept' 0 fill "$T/s" "$T/known.jsonl"
cat > "$T/asked" <<'E'
How do I reset my PIN?
how  do i reset my pin
Please tell me how long a tranfser from my bank to the new card takes
How can I reset my PIN?
Tell me a joke about cats
E
ask < "$T/asked" > "$T/asked.jsonl"
t 'get --semantic' 0 llm-cache get --store "$T/s" --semantic "$T/asked.jsonl"
cp "$T/out" "$T/first"
eq 'each question is met by the cheapest tier that knows it' "$(tiers "$T/first")" 'exact folded near vectors - '
eq 'with the answer to the question it met' "$(jq -r '.response.body.choices[0].message.content // "-"' "$T/first" | tr '\n' ',')" 'about q-1,about q-1,about q-3,about q-1,-,'
eq 'a hit tells question, score, entry and embedding' "$(sed -n 4p "$T/first" | jq -c '.llm.cache | [.question, (.score > .9), (.from | startswith("1:")), (.embedding | startswith("table-")), (.threshold == .92), (.stored | length)]')" \
	'["How do I reset my PIN?",true,true,true,true,24]'
has 'without verdicts the strict default is told' "$T/err" 'no verdicts yet: the strict default, score 0.92'
t 'asked again without --semantic' 0 llm-cache get --store "$T/s" "$T/asked.jsonl"
eq 'a hit is promoted: the new wording is exact' "$(tiers "$T/out")" 'exact exact exact exact - '
eq 'and says how it came to be' "$(sed -n 4p "$T/out" | jq -r '.llm.cache.via.tier')" vectors
t 'promotion keeps the age of the answer' 0 llm-cache export --store "$T/s"
eq 'stored and expires are those of the answer' "$(jq -rs '[.[] | select(.answer.body.choices[0].message.content == "about q-1") | [.stored, .expires]] | unique | length' "$T/out")" 1

# --- the lexical gate
cat > "$T/asked" <<'E'
What was the capital of France in 1942?
How do I disable roaming on my phone?
Flights from Paris to London
How do I not reset my PIN?
E
ask < "$T/asked" > "$T/asked.jsonl"
t 'conflicts' 0 llm-cache get -q --store "$T/s" --semantic "$T/asked.jsonl"
eq 'another year, an opposite, the way back, a denial: no hit' "$(tiers "$T/out")" '- - - - '
eq 'direction is named' "$(sed -n 3p "$T/out" | jq -r .llm.cache.gate)" direction

# --- hard gates: the same text, and one other thing is different
printf 'how do i reset my pin\n' > "$T/asked"
for edit in '.body.messages[0].content = "Be long"' '.body.model = "gpt-4o-mini"' '.body.tools = [{type: "function", function: {name: "f"}}]' \
	'.body.response_format = {type: "json_object"}' '.body.temperature = 0' '.body.max_tokens = 5' '.body.messages |= .[1:]' '.url = "/v1/completions"' \
	'.body.messages |= [.[0], {role: "user", content: "hello"}, {role: "assistant", content: "hi"}, .[1]]'; do
	ask "$edit" < "$T/asked" > "$T/one.jsonl"
	llm-cache get -q --store "$T/s" --semantic --multi-turn "$T/one.jsonl" > "$T/out"
	eq "no hit: $edit" "$(tiers "$T/out")" '- '
done
ask '.body.user = "u" | .body.metadata = {a: "b"} | .body.stream = true' < "$T/asked" > "$T/one.jsonl"
llm-cache get -q --store "$T/s" --semantic "$T/one.jsonl" > "$T/out"
eq 'what is in no key is no gate' "$(tiers "$T/out")" 'folded '

# --- turns
turns='.body.messages |= [.[0], {role: "user", content: "hello"}, {role: "assistant", content: "hi"}, .[1]]'
ask "$turns" < "$T/known" > "$T/turns.jsonl"
fill "$T/turns" "$T/turns.jsonl" --multi-turn
printf 'how do i reset my PIN\n' | ask "$turns" > "$T/one.jsonl"
llm-cache get -q --store "$T/turns" --semantic "$T/one.jsonl" > "$T/out"
eq 'earlier turns: no hit unless asked' "$(jq -c '[.llm.cache.hit, .llm.cache.reason]' "$T/out")" '[false,"earlier turns"]'
llm-cache get -q --store "$T/turns" --semantic --multi-turn "$T/one.jsonl" > "$T/out"
eq 'with --multi-turn a hit, where they are equal' "$(tiers "$T/out")" 'folded '
printf 'hello\n' | ask '.body.messages += [{role: "assistant", content: null, tool_calls: [{id: "c", type: "function", function: {name: "f", arguments: "{}"}}]}, {role: "tool", tool_call_id: "c", content: "r"}]' > "$T/one.jsonl"
llm-cache get -q --store "$T/turns" --semantic --multi-turn "$T/one.jsonl" > "$T/out"
eq 'what ends with the result of a tool has no question' "$(jq -r .llm.cache.reason "$T/out")" 'the last turn is no text of the user'

# --- tenants
ask '.body.metadata = {tenant: "a"}' < "$T/known" > "$T/a.jsonl"
fill "$T/tenants" "$T/a.jsonl" --scope .body.metadata.tenant
for tenant in a b; do
	printf 'how do i reset my pin\nHow can I reset my PIN?\n' | ask ".body.metadata = {tenant: \"$tenant\"}" > "$T/one.jsonl"
	llm-cache get -q --store "$T/tenants" --semantic --scope .body.metadata.tenant "$T/one.jsonl" > "$T/out"
	[ $tenant = a ] && want='folded vectors ' || want='- - '
	eq "tenant $tenant reads its own alone" "$(tiers "$T/out")" "$want"
done
python3 - > "$T/attack" << 'P'
for i in range(300):
    print(["How do I reset my PIN? " , "how do i reset my pin ", "How do I reset my PIN please "][i % 3] + "!" * (i % 7) + " " * (i // 3) + ("x" if i > 200 else ""))
P
ask '.body.metadata = {tenant: "evil"}' < "$T/attack" > "$T/evil.jsonl"
fill "$T/tenants" "$T/evil.jsonl" --scope .body.metadata.tenant
printf 'How do I reset the PIN?\nhow do i reset my pin\n' | ask '.body.metadata = {tenant: "victim"}' > "$T/one.jsonl"
llm-cache get -q --store "$T/tenants" --semantic --scope .body.metadata.tenant "$T/one.jsonl" > "$T/out"
eq 'planted questions meet nobody of another tenant' "$(tiers "$T/out")" '- - '

# --- vetted: what every scope may read
ask '.body.metadata = {tenant: "editor"}' < "$T/known" > "$T/v.jsonl"
llm-cache get -q --store "$T/vetted" --semantic --scope .body.metadata.tenant "$T/v.jsonl" > "$T/.asked"
answered "$T/.asked" > "$T/.answered"
t 'put --vetted' 0 llm-cache put -q --store "$T/vetted" --vetted "$T/.answered"
printf 'How do I reset my PIN?\nhow do i reset my pin\nHow can I reset my PIN?\nHow do I not reset my PIN?\n' > "$T/asked"
ask '.body.metadata = {tenant: "b"}' < "$T/asked" > "$T/b.jsonl"
llm-cache get -q --store "$T/vetted" --semantic --scope .body.metadata.tenant "$T/b.jsonl" > "$T/out"
eq 'another tenant reads it, by all tiers, behind the same gates' "$(tiers "$T/out")" 'exact folded vectors - '
eq 'and is told who wrote it' "$(jq -c '.llm.cache | select(.hit) | [.vetted, .writer, .scope]' "$T/out" | sort -u)" '[true,"editor","b"]'
llm-cache get -q --store "$T/vetted" "$T/b.jsonl" > "$T/out"
eq 'without --scope nobody does' "$(tiers "$T/out")" '- - - - '
answered "$T/b.jsonl" | head -n 1 | jq -c '.llm.cache = {scope: "", hit: false} | .response.body.choices[0].message.content = "planted"' > "$T/odd.jsonl"
llm-cache put -q --store "$T/vetted" "$T/odd.jsonl" > /dev/null
ask '.body.metadata = {tenant: "c"}' < "$T/asked" | head -n 1 > "$T/c.jsonl"
llm-cache get -q --store "$T/vetted" --scope .body.metadata.tenant "$T/c.jsonl" > "$T/out"
eq 'put alone makes none' "$(jq -r '.response.body.choices[0].message.content' "$T/out")" 'about q-1'
llm-cache get -q --store "$T/own" --scope .body.metadata.tenant "$T/c.jsonl" | answered | jq -c '.response.body.choices[0].message.content = "own"' | llm-cache put -q --store "$T/vetted" > /dev/null
llm-cache get -q --store "$T/vetted" --scope .body.metadata.tenant "$T/c.jsonl" > "$T/out"
eq 'its own comes first' "$(jq -c '[.response.body.choices[0].message.content, .llm.cache.vetted]' "$T/out")" '["own",null]'
t 'export' 0 llm-cache export --store "$T/vetted"
llm-cache import -q --store "$T/moved" "$T/out" > /dev/null 2>&1
ask '.body.metadata = {tenant: "d"}' < "$T/asked" | head -n 1 > "$T/d.jsonl"
llm-cache get -q --store "$T/moved" --scope .body.metadata.tenant "$T/d.jsonl" > "$T/out"
eq 'export and import keep it vetted' "$(jq -c '[.llm.cache.vetted, .llm.cache.writer]' "$T/out")" '[true,"editor"]'

# --- a question goes with its entry
t 'purge' 0 llm-cache purge --store "$T/tenants" --scope a
printf 'how do i reset my pin\n' | ask '.body.metadata = {tenant: "a"}' > "$T/one.jsonl"
llm-cache get -q --store "$T/tenants" --semantic --scope .body.metadata.tenant "$T/one.jsonl" > "$T/out"
eq 'what was purged is met no more' "$(tiers "$T/out")" '- '
if grep -qaF 'enable roaming' "$T/tenants" && ! grep -qF 'enable roaming' "$T/attack"; then fail 'its text is gone from the file'; else pass 'its text is gone from the file'; fi

# --- expiry and another model
printf 'how do I reset MY pin\n' | ask > "$T/one.jsonl"
llm-cache get -q --store "$T/s" --semantic --now 2040-01-01T00:00:00Z "$T/one.jsonl" > "$T/out"
eq 'an answer whose time is over is no hit' "$(tiers "$T/out")" '- '
llm-cache get -q --store "$T/s" --semantic --answered-by gpt-5 "$T/one.jsonl" > "$T/out"
eq 'nor one of a model that is not wanted' "$(tiers "$T/out")" '- '

# --- checks, verdicts, learning
printf 'How could I reset my PIN?\n' | ask > "$T/one.jsonl"
llm-cache get -q --store "$T/s" --semantic --check-rate 100% "$T/one.jsonl" > "$T/checked"
eq 'a checked hit goes on unanswered, with the answer it would have had' \
	"$(jq -c '[.llm.cache.hit, .llm.cache.reason, has("response"), .llm.cache.check.tier, .llm.cache.check.answer.body.choices[0].message.content]' "$T/checked")" \
	'[false,"to be judged",false,"vectors","about q-1"]'
answered "$T/checked" | jq -c '.verdict = "wrong"' > "$T/judged"
t 'verify' 0 llm-cache verify --format json "$T/judged"
eq 'verify counts and gives an interval' "$(jq -c '[.all.judged, .all.wrong, .all.low > 0, .all.high, .vectors.wrong, .let_through.wrong, .wrong_per_lookup]' "$T/out")" '[1,1,true,1,1,1,1]'
t 'verify: above the bound for certain' 1 llm-cache verify --error-bound 2% "$T/judged"
t 'verify: no verdicts' 0 llm-cache verify --format json "$T/checked"
eq 'a hit without a verdict is counted as such' "$(jq -c '[.all.judged, .without_verdict, .all.low, .all.high]' "$T/out")" '[0,1,0,1]'
printf 'How should I reset my PIN?\n' | ask > "$T/one.jsonl"
llm-cache get -q --store "$T/s" --semantic "$T/one.jsonl" --dry-run > "$T/out"
eq 'before the verdict a hit' "$(tiers "$T/out")" 'vectors '
t 'the verdict is read' 0 llm-cache get --store "$T/s" --semantic --judged "$T/judged" "$T/one.jsonl"
has 'wrong hits are told by hit and by look-up' "$T/err" '1 of 1 judged hits wrong, 100.0% of hits'
cp "$T/err" "$T/err1"
printf 'What is a joke?\n' | ask > "$T/one.jsonl"
t 'the same verdict again' 0 llm-cache get --store "$T/s" --semantic --judged "$T/judged" "$T/one.jsonl"
has 'counts once' "$T/err" '1 of 1 judged hits wrong'
printf 'How would I reset my PIN?\n' | ask > "$T/one.jsonl"
llm-cache get -q --store "$T/s" --semantic --judged /dev/null "$T/one.jsonl" > "$T/out"
eq 'the question that was judged another is one of its own' "$(jq -r '.llm.cache.question // "-"' "$T/out" | grep -c 'do I reset')" 0
printf 'How can I reset my PIN?\n' | ask > "$T/one.jsonl"
llm-cache get -q --store "$T/s" "$T/one.jsonl" | jq -c '. + {verdict: false}' > "$T/judged"
llm-cache get -q --store "$T/s" --semantic --judged "$T/judged" /dev/null > /dev/null
llm-cache get -q --store "$T/s" "$T/one.jsonl" > "$T/out"
eq 'a wrong verdict ends the entry that the hit made' "$(tiers "$T/out")" '- '

# an entry that was wrong before: no hit, and let through where hits are, to be judged
fill "$T/again" "$T/known.jsonl"
printf 'How can I reset my PIN?\n' | ask > "$T/one.jsonl"
llm-cache get -q --store "$T/again" --semantic "$T/one.jsonl" | jq -c '. + {verdict: "wrong"}' > "$T/judged"
llm-cache get -q --store "$T/again" --semantic --judged "$T/judged" /dev/null > /dev/null
printf 'How could I reset my PIN?\n' | ask > "$T/one.jsonl"
llm-cache get -q --store "$T/again" --semantic "$T/one.jsonl" > "$T/out"
eq 'one wrong verdict, and its entry answers no more at that closeness' "$(tiers "$T/out")" '- '
llm-cache get -q --store "$T/again" --semantic --check-rate 100% "$T/one.jsonl" > "$T/checked2"
eq 'it is let through to be judged, and says that it was no hit' "$(jq -c '[.llm.cache.hit, .llm.cache.check.explored]' "$T/checked2")" '[false,true]'
jq -c '. + {verdict: "right"}' "$T/checked2" > "$T/judged"
t 'verify leaves it out' 0 llm-cache verify --format json "$T/judged"
eq 'it was no hit' "$(jq -c .all.judged "$T/out")" 0
t 'its verdict counts for the entry' 0 llm-cache get --store "$T/again" --semantic --judged "$T/judged" /dev/null

# --- what verdicts make of words that differ: a hit at a bound of 5 % once 120 hits were right; a year never is
printf '%s\n' 'Can you tell me the French capital city?' 'What was the capital of France in 1942?' | ask > "$T/french.jsonl"
fill "$T/french" "$T/known.jsonl"
llm-cache get -q --store "$T/french" --semantic --error-bound 5% --dry-run "$T/french.jsonl" > "$T/out"
eq 'strict without verdicts' "$(tiers "$T/out")" '- - '
name=$(head -n 1 "$T/out" | jq -r .llm.cache.semantic.embedding)
for verdict in true false; do
	jq -nc --arg e "$name" --argjson v $verdict 'range(120) | {llm: {cache: {key: "1:\((1000000 + . | tostring) * 10 | .[:64])", hit: true, tier: "vectors", score: .9,
		closeness: (.72 + . / 800), from: "1:\((2000000 + . | tostring) * 10 | .[:64])", embedding: $e}}, verdict: $v}' > "$T/judged"
	llm-cache get -q --store "$T/french" --semantic --error-bound 5% --judged "$T/judged" /dev/null
	llm-cache get -q --store "$T/french" --semantic --error-bound 5% --dry-run "$T/french.jsonl" > "$T/out"
	[ $verdict = true ] && want='vectors - ' || want='- - '
	eq "120 verdicts: $verdict" "$(tiers "$T/out")" "$want"
done

# --- tune
t 'tune without labels refuses' 1 llm-cache tune "$T/checked"
has 'and says how many it needs' "$T/err" 'a bound of 2.00% needs 149 labels, and there are 0'
python3 - > "$T/pairs" << 'P'
import json
for i in range(200):
    print(json.dumps({"a": "How do I reset the PIN of card type %s?" % chr(97 + i % 26), "b": "How can I reset the PIN of card type %s?" % chr(97 + i % 26), "verdict": True}))
for i in range(60):
    print(json.dumps({"a": "How do I reset the PIN of card type %s?" % chr(97 + i % 26), "b": "How do I change the color of my pin of type %s?" % chr(97 + i % 26), "verdict": "different"}))
print(json.dumps({"a": "send 5 pictures", "b": "send 6 pictures", "verdict": True}))
P
for format in csv md; do
	t "tune as $format" 0 llm-cache tune --format $format "$T/pairs"
	mv "$T/out" "$T/tune.$format"
	t "verify as $format" 0 llm-cache verify --format $format "$T/judged"
	mv "$T/out" "$T/verify.$format"
done
eq 'for programs' "$(sed -n '1p;2p' "$T/verify.csv" | xargs; sed -n '1p;$s/,[0-9.].*//p' "$T/tune.csv")" 'semantic,judged,wrong,wrong_per_hit,low,high all,120,120,1,0.969727,1
step,score,hits,wrong,wrong_per_hit,low,high
chosen'
eq 'with the share of look-ups beneath' "$(sed -n '3p;$p' "$T/verify.md")" '| all | 120 | 120 | 100.00 % | 96.97 % | 100.00 % |
without a verdict: 0, with one that is not known: 0'
t 'tune' 0 llm-cache tune --store "$T/s" --format json "$T/pairs"
eq 'tune chooses a score that keeps the bound, with its curve' "$(jq -c '[.labels, .refused_by_gate, .refused_though_right, .chosen.wrong, .chosen.high <= .02, .chosen.hits >= 149, .curve[-1].wrong, (.curve | length)]' "$T/out")" '[260,1,1,0,true,true,60,20]'
tuned=$(jq -r .chosen.score "$T/out")
printf 'Something else\n' | ask > "$T/one.jsonl"
fill "$T/tuned" "$T/known.jsonl"
llm-cache tune -q --store "$T/tuned" "$T/pairs" > /dev/null
llm-cache get --store "$T/tuned" --semantic "$T/one.jsonl" > "$T/out" 2> "$T/err"
has 'the store asks for the tuned score' "$T/err" "score $(printf '%.2f' "$tuned")"

# --- other vectors
printf 'alpha\nbeta\n' | ask '.v = (if .custom_id == "q-1" then [1, 0, 0, 0.5] else [0, 1, 0, 0] end)' > "$T/given.jsonl"
fill "$T/given" "$T/given.jsonl" --vectors .v
cat > "$T/vectors" <<'E'
[1,0.01,0,0.5]
[0,0,0,0]
[1,0,0]
[1e999,0,0,0]
"x"
E
jq -c '. as $v | {custom_id: "g", method: "POST", url: "/v1/chat/completions", body: {model: "gpt-4o", messages: [{role: "system", content: "Be brief"}, {role: "user", content: "gamma \(input_line_number)"}]}, v: $v}' "$T/vectors" 2> /dev/null |
	sed 's/1.7976931348623157e+308/1e999/; s/gamma [0-9]*/gamma/' > "$T/g.jsonl"
t 'given vectors' 0 llm-cache get --store "$T/given" --semantic --vectors .v "$T/g.jsonl"
eq 'a near one hits; zero, another size, not finite and no list do not' "$(tiers "$T/out")" 'vectors - - - - '
has 'what is skipped is counted' "$T/err" '4 vectors skipped: zero, not finite or of another size'
printf 'HOW do I reset my PIN!\n' | ask '. + {v: [1, 0, 0, 0.5]}' > "$T/one.jsonl"
t 'another embedding' 0 llm-cache get -q --store "$T/s" --semantic --vectors .v "$T/one.jsonl"
eq 'is another world' "$(tiers "$T/out")" '- '
llm-cache get -q --store "$T/s" --semantic "$T/one.jsonl" > "$T/out"
eq 'than the one that knows the question' "$(tiers "$T/out")" 'folded '
printf '%s\n' '{"text":"alpha","vector":[1,0]}' '{"text":"delta","embedding":[0.99,0.01]}' '{"text":"bad","vector":[0,0]}' > "$T/file"
ask < "$T/known" | head -n 1 | jq -c '.body.messages[1].content = "alpha"' > "$T/one.jsonl"
fill "$T/filed" "$T/one.jsonl" --vectors "$T/file"
printf 'delta\nunheard of\n' | ask > "$T/two.jsonl"
llm-cache get -q --store "$T/filed" --semantic --vectors "$T/file" "$T/two.jsonl" > "$T/out"
eq 'vectors of a file' "$(jq -c '[.llm.cache.tier, .llm.cache.reason]' "$T/out" | tr '\n' ' ')" '["vectors",null] [null,"no vector of this text in the file of --vectors"] '
for odd in --error-bound=0 --error-bound=100% --check-rate=101%; do
	t "$odd" 2 llm-cache get --store "$T/s" --semantic $odd "$T/one.jsonl"
done
for odd in --error-bound=2% --check-rate=10% --judged=/dev/null --multi-turn --vectors=.v --encoder=x; do
	t "$odd without --semantic" 2 llm-cache get --store "$T/s" $odd "$T/one.jsonl"
	has "$odd: what is missing" "$T/err" "without '--semantic'"
done
t 'put: vectors without --semantic' 2 llm-cache put --store "$T/s" --vectors .v "$T/one.jsonl"
t 'tune: a bound that is none' 2 llm-cache tune --error-bound 0 "$T/one.jsonl"
t 'one kind of vectors at a time' 2 llm-cache get --store "$T/s" --semantic --vectors .v --embed http://localhost/v1 "$T/one.jsonl"
t 'an encoder file that is none' 2 llm-cache get --store "$T/s" --semantic --encoder /dev/null "$T/one.jsonl"

# shellcheck disable=SC2119 # it wants no argument
provider
fill "$T/remote" "$T/known.jsonl" --embed "http://127.0.0.1:$port/v1"
printf 'how do i RESET my pin\nTell me a joke\n' | ask > "$T/one.jsonl"
t 'an endpoint' 0 llm-cache get -q --store "$T/remote" --semantic --embed "http://127.0.0.1:$port/v1" "$T/one.jsonl"
eq 'gives vectors of its own name' "$(jq -r '.llm.cache | .tier // "-", (.embedding // .semantic.embedding)' "$T/out" | sed "s/$port/P/" | tr '\n' ' ')" \
	'folded endpoint http://127.0.0.1:P/v1/embeddings text-embedding-3-small - endpoint http://127.0.0.1:P/v1/embeddings text-embedding-3-small '
before=$(grep -c embeddings "$T/provider.log")
jq -c '.body.messages[0].content = "Other"' "$T/known.jsonl" > "$T/other.jsonl"
llm-cache get -q --store "$T/remote" --semantic --embed "http://127.0.0.1:$port/v1" "$T/other.jsonl" > "$T/out"
eq 'a text whose vector was kept is not sent again' "$(grep -c embeddings "$T/provider.log")" "$before"
stop_provider
t 'an endpoint that is gone' 3 llm-cache get --store "$T/remote" --semantic --embed "http://127.0.0.1:$port/v1" "$T/two.jsonl"
eq 'leaves the records to pass' "$(jq -r .llm.cache.reason "$T/out" | sort -u)" 'the endpoint of the vectors does not answer'
eq 'and is named once' "$(grep -c 'going on without vectors' "$T/err")" 1

# --- text that the table does not know
cat > "$T/german" <<'E'
如何重置我的密码以及登录我的银行账户
E
ask < "$T/german" > "$T/g.jsonl"
fill "$T/german.s" "$T/g.jsonl"
printf '如何重置我的密码以及登录我的银行账户呢\n' | ask > "$T/one.jsonl"
t 'text outside the table' 0 llm-cache get --store "$T/german.s" --semantic "$T/one.jsonl"
has 'is compared by spelling, and that is said' "$T/err" 'that the embedding does not know, compared by spelling'
eq 'under a name of its own' "$(jq -r '.llm.cache | .embedding // .semantic.embedding' "$T/out")" characters-1

# --- records that never met get: their questions are made of their requests, by the first get --semantic
answered "$T/known.jsonl" > "$T/log.jsonl"
printf 'how do i reset my pin\n' | ask > "$T/one.jsonl"
printf 'what colour is the sky\n' | ask > "$T/odd.jsonl"
llm-cache put -q --store "$T/log" "$T/log.jsonl" > /dev/null
if [ -z "${LLM_TEST_SOCKET:-}" ]; then
	t 'put alone' 0 llm-cache get --store "$T/log" --semantic "$T/one.jsonl"
	eq 'is enough' "$(tiers "$T/out")" 'folded '
	has 'and told once' "$T/err" 'semantic: 5 questions of answers that were put without them'
	t 'then' 0 llm-cache get --store "$T/log" --semantic "$T/one.jsonl"
	lacks 'no more' "$T/err" 'put without them'
	# the newest entries went, and others came in their place
	llm-cache put -q --store "$T/again" "$T/log.jsonl" > /dev/null
	llm-cache get -q --store "$T/again" --semantic "$T/odd.jsonl" > /dev/null
	llm-cache purge -q --store "$T/again" --model gpt-4o-2024 > /dev/null
	llm-cache put -q --store "$T/again" "$T/log.jsonl" > /dev/null
	llm-cache get -q --store "$T/again" --semantic "$T/one.jsonl" > "$T/out"
	eq 'what came after a purge is read too' "$(tiers "$T/out")" 'folded '
	# every part of the request but the question must be the same, as for those that met get
	jq -c '.body.messages[0].content = "Be long"' "$T/one.jsonl" > "$T/long.jsonl"
	jq -c '.llm.tags.tenant = "t1"' "$T/one.jsonl" > "$T/tenant.jsonl"
	llm-cache put -q --store "$T/log" "$T/log.jsonl" > /dev/null
	llm-cache get -q --store "$T/log" --semantic --scope .llm.tags.tenant "$T/tenant.jsonl" > "$T/out"
	eq 'no tenant sees them' "$(tiers "$T/out")" '- '
	llm-cache get -q --store "$T/log" --semantic "$T/long.jsonl" > "$T/out"
	eq 'no other system text meets them' "$(tiers "$T/out")" '- '
	jq -c '.body.messages |= [{role: "user", content: "Hello"}, {role: "assistant", content: "Hi"}] + .' "$T/log.jsonl" > "$T/turns.jsonl"
	llm-cache put -q --store "$T/turns.s" "$T/turns.jsonl" > /dev/null
	jq -c '.body.messages |= [{role: "user", content: "Hello"}, {role: "assistant", content: "Hi"}] + .' "$T/one.jsonl" > "$T/turn.jsonl"
	llm-cache get -q --store "$T/turns.s" --semantic "$T/turn.jsonl" > "$T/out"
	eq 'later turns are left out' "$(tiers "$T/out")" '- '
	llm-cache get -q --store "$T/turns.s" --semantic --multi-turn "$T/turn.jsonl" > "$T/out"
	eq 'but where they are asked for' "$(tiers "$T/out")" 'folded '
	# let through to be judged: only its verdict makes it a question
	printf 'how do i reset my pin??\n' | ask > "$T/doubt.jsonl"
	llm-cache get -q --store "$T/log" --semantic --check-rate 100% "$T/doubt.jsonl" > "$T/doubted"
	answered "$T/doubted" | llm-cache put -q --store "$T/log" > /dev/null
	t 'an answer in doubt' 0 llm-cache get --store "$T/log" --semantic "$T/one.jsonl"
	lacks 'is not read' "$T/err" 'put without them'
fi
llm-cache put -q --store "$T/log2" --semantic "$T/log.jsonl" > /dev/null
llm-cache get -q --store "$T/log2" --semantic "$T/one.jsonl" > "$T/out"
eq 'put --semantic does it at once' "$(tiers "$T/out")" 'folded '
jq -c '.llm.cache.semantic = {space: "zz", text: 1, vector: [], embedding: "e"}' "$T/log.jsonl" > "$T/odd.jsonl"
t 'a note that is none is left alone' 0 llm-cache put -q --store "$T/odd" "$T/odd.jsonl"

# --- a writer that is killed: entries and questions are of one transaction
if [ -z "${LLM_TEST_SOCKET:-}" ]; then
	cat > "$T/kill.py" << 'P'
import json, random, sqlite3, subprocess, sys, time
random.seed(5)
text = "".join(json.dumps({"custom_id": str(i), "body": {"model": "gpt-4o", "messages": [{"role": "user", "content": "How do I reset code number %d?" % i}]},
    "response": {"status_code": 200, "body": {"model": "gpt-4o", "choices": [{"index": 0, "finish_reason": "stop",
    "message": {"role": "assistant", "content": "a"}}]}}}) + "\n" for i in range(6000)).encode()
some = 0
for n in range(6):
    store = "%s-%d" % (sys.argv[1], n)
    p = subprocess.Popen(["llm-cache", "put", "-q", "--semantic", "--store", store], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    for at in range(0, len(text), 65536):
        try: p.stdin.write(text[at:at + 65536]); p.stdin.flush()
        except OSError: break
        if at > 65536 * n and random.random() < .3: break
    p.kill()
    p.wait()
    try: db = sqlite3.connect("file:%s?mode=rw" % store, uri=True)
    except sqlite3.Error: continue
    tables = db.execute("select count(*) from sqlite_schema where name in ('entry', 'note')").fetchone()[0]
    if tables < 2: continue
    some += db.execute("select count(*) from note").fetchone()[0]
    print(db.execute("select count(*) from note where id not in (select id from entry)").fetchone()[0],
        db.execute("select count(*) from entry where id not in (select id from note)").fetchone()[0])
print("some" if some > 100 else "none")
P
	eq 'killed in mid-write: no question without its answer, no answer without its question' \
		"$(python3 "$T/kill.py" "$T/killed" 2> /dev/null | sort -u | tr '\n' ' ')" '0 0 some '
fi

finish
