#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: llm-cost diff fails a build when cost rose over the limit, and not for chance or prices.
. "$(dirname "$0")/../lib.sh"

cat > "$T/prices.jsonl" <<'J'
{"provider":"openai","model":"gpt-4o","max_output":1000,"prices":{"input":"2","output":"10","cached":"1"},"batch":{"input":"1","output":"5"}}
{"provider":"openai","model":"gpt-4o-mini","max_output":1000,"prices":{"input":"2","output":"20"}}
J
sed 's/"input":"2"/"input":"4"/' "$T/prices.jsonl" > "$T/dear.jsonl"
LLM_PRICES=$T/prices.jsonl
export LLM_PRICES

words() { w=hi n=1; while [ $((n += 1)) -le "$1" ]; do w="$w hi"; done; printf %s "$w"; }
# request ID SYSTEM [MORE] [MODEL]: SYSTEM words of system text; 12 tokens more
request() {
	printf '{"custom_id":"%s","body":{"model":"%s","messages":[{"role":"system","content":"%s"},{"role":"user","content":"hi"}]%s}}\n' "$1" "${4:-gpt-4o}" "$(words "$2")" "${3:-}"
}
# answer ID IN OUT [TASK]
answer() {
	printf '{"custom_id":"%s","body":{"model":"gpt-4o","metadata":{"task":"%s"},"messages":[{"role":"user","content":"hi"}]},"response":{"status_code":200,"body":{"model":"gpt-4o","choices":[{"finish_reason":"stop"}],"usage":{"prompt_tokens":%d,"completion_tokens":%d,"total_tokens":%d}}}}\n' \
		"$1" "${4:-t}" "$2" "$3" $(($2 + $3))
}
d() { llm-cost diff "$@" --format json; }
# judged WHAT STATUS VERDICT ARG...
judged() {
	judged_what=$1 judged_want=$2 judged_verdict=$3
	shift 3
	t "$judged_what" "$judged_want" llm-cost diff --format json "$@"
	eq "$judged_what: verdict" "$(jq -r .verdict "$T/out")" "$judged_verdict"
}

# requests that were not sent: counted, so one row is enough
request a 20 > "$T/one"
request a 40 > "$T/two"
judged 'a doubled system prompt in one row' 1 worse --max-increase 5% "$T/one" "$T/two"
eq 'doubled: figures' "$(jq -c '.total|[.base_input_tokens,.new_input_tokens,.base,.new,.change_usd,.change_percent,.test.name]' "$T/out")" '[32,52,"0.000064","0.000104","0.00004",62.5,"exact"]'
judged 'doubled, under the limit' 0 ok --max-increase 65% "$T/one" "$T/two"
judged 'doubled, no limit: told, no failure' 0 worse "$T/one" "$T/two"
judged 'halved' 0 ok --max-increase 5% "$T/two" "$T/one"
eq 'savings are told' "$(jq -c '.total|[.change_usd,.change_percent]' "$T/out")" '["-0.00004",-38.461538]'
judged 'the same' 0 ok --max-increase 0% "$T/one" "$T/one"
request a 20 ',"max_tokens":10' > "$T/cap"
request a 20 ',"max_tokens":100' > "$T/cap2"
judged 'a larger cap is the worst case, not the expected' 0 ok --max-increase 5% "$T/cap" "$T/cap2"
eq 'a larger cap: worst case' "$(jq -c '.total|[.base_worst,.new_worst,.worst_change_percent,.base_expected,.new_expected]' "$T/out")" '["0.000164","0.001064",548.780488,"0.000164","0.000164"]'
judged 'judged by the worst case' 1 worse --max-increase 5% --worst "$T/cap" "$T/cap2"
request a 20 '' gpt-4o-mini > "$T/other"
judged 'a model with dearer answers' 1 worse --max-increase 5% "$T/one" "$T/other"
has 'dearer answers: it says so' "$T/out" 'a usual answer would cost more'
words 20 > "$T/a.txt"
words 40 > "$T/b.txt"
judged 'plain texts' 1 worse --max-increase 5% --text --model gpt-4o "$T/a.txt" "$T/b.txt"
eq 'plain texts: tokens' "$(jq -c '.total|[.base_input_tokens,.new_input_tokens]' "$T/out")" '[20,40]'
t 'texts need a model' 2 llm-cost diff --text "$T/a.txt" "$T/b.txt"

# rows come and go, and their order means nothing
{ request a 20; request b 20; request c 20; } > "$T/base"
{ request d 90; request c 20; request a 22; } > "$T/new"
judged 'added and removed' 0 ok --max-increase 10% "$T/base" "$T/new"
eq 'added and removed: counts, amounts, and rows for 1,000' "$(jq -c '[.added,.removed,.total.added_usd,.total.removed_usd,.total.rows,.total.base_per_1k]' "$T/out")" '[1,1,"0.000204","0.000064",2,"0.064"]'
{ request a 20; request a 30; } > "$T/base"
{ request a 30; request a 20; } > "$T/new"
judged 'equal ids meet in their order' 0 ok --max-increase 5% "$T/base" "$T/new"
eq 'equal ids: both are compared' "$(jq -c '[.total.rows,.total.change_usd]' "$T/out")" '[2,"0"]'
request x 20 > "$T/new"
judged 'nothing in common' 0 unclear --max-increase 5% "$T/one" "$T/new"
has 'nothing in common: it says so' "$T/out" 'no row stands on both sides'
judged 'both empty' 0 ok --max-increase 5% /dev/null /dev/null

# groups have limits of their own
{ request a 20 ',"metadata":{"task":"x"}'; request b 20 ',"metadata":{"task":"y"}'; } > "$T/base"
{ request a 20 ',"metadata":{"task":"x"}'; request b 23 ',"metadata":{"task":"y"}'; } > "$T/new"
judged 'all are under the limit, one group is not' 1 worse --max-increase 6% --by task "$T/base" "$T/new"
eq 'groups: verdicts' "$(jq -c '[.groups[]|[.key.task,.verdict,.change_percent]]' "$T/out")" '[["y","worse",9.375],["x","ok",0]]'
judged 'that group may' 0 ok --max-increase 6% --max-increase y=10% --by task "$T/base" "$T/new"
t 'a limit of a group without groups' 2 llm-cost diff --max-increase y=10% "$T/base" "$T/new"
t 'a limit that is none' 2 llm-cost diff --max-increase much "$T/base" "$T/new"

# answers differ by chance
for n in 1 2 3; do answer "q$n" 100 50; done > "$T/base"
for n in 1 2 3; do answer "q$n" 100 80; done > "$T/new"
judged 'three answers' 0 unclear --max-increase 5% "$T/base" "$T/new"
has 'three answers cannot be judged' "$T/out" 'cannot be judged: 3 pairs changed, at least 7 must'
for n in 1 2 3 4 5 6 7 8; do answer "q$n" 100 50; done > "$T/base"
for n in 1 2 3 4 5 6 7 8; do answer "q$n" 100 $((50 + n)); done > "$T/new"
judged 'eight that all rose' 1 worse --max-increase 5% "$T/base" "$T/new"
eq 'eight: the exact sign test' "$(jq -c '.total.test|[.name,.p,.up]' "$T/out")" '["sign",0.00390625,8]'
eq 'eight: a usual row' "$(jq -c '.total.test|[.median_percent,.mad_percent]' "$T/out")" '[6.42857,4.236]'
for n in 1 2 3 4 5 6 7 8; do answer "q$n" 100 $((n % 2 ? 20 : 100)); done > "$T/new"
judged 'eight up and down' 0 unclear --max-increase 5% "$T/base" "$T/new"
i=0
while [ $((i += 1)) -le 60 ]; do answer "q$i" 100 $((50 + i * 37 % 41)) >&3; answer "q$i" 100 $((50 + i * 29 % 41)) >&4; answer "q$i" 100 $((60 + i * 29 % 41)) >&5; done 3> "$T/base" 4> "$T/new" 5> "$T/more"
judged 'sixty answers of one kind' 0 ok --max-increase 5% "$T/base" "$T/new"
eq 'sixty answers, a limit that chance passes one way' "$( (d --max-increase 0% "$T/base" "$T/new"; d --max-increase 0% "$T/new" "$T/base") | jq -r .verdict | sort | xargs)" 'ok unclear'
judged 'sixty answers that grew' 1 worse --max-increase 5% "$T/base" "$T/more"
eq 'sixty: a paired bootstrap' "$(jq -r '.total.test.name' "$T/out")" bootstrap
cp "$T/out" "$T/first"
d --max-increase 5% "$T/base" "$T/more" > "$T/second"
same 'the same answer again' "$T/first" "$T/second"
holds 'another seed, another interval' test "$(jq -c .total.test "$T/first")" != "$(d --seed 2 "$T/base" "$T/more" | jq -c .total.test)"
printf '%s\n' '{"custom_id":"q1","body":{"model":"gpt-4o","messages":[]},"response":{"status_code":500,"body":{"error":{"message":"x"}}},"error":null}' > "$T/new"
judged 'a call that failed saved nothing' 0 unclear "$T/base" "$T/new"
eq 'a failed call: not compared' "$(jq -c .not_compared.failed "$T/out")" 1
request q1 20 > "$T/new"
judged 'an answer and a request' 0 unclear "$T/base" "$T/new"
eq 'an answer and a request: not compared' "$(jq -c .not_compared.mixed "$T/out")" 1

# the baseline in git
judged 'the first run' 0 unclear --max-increase 5% "$T/none" "$T/one"
has 'the first run: a note' "$T/err" 'no baseline yet'
judged 'a dry update' 0 unclear -n --update "$T/sum" "$T/one"
holds 'a dry update writes nothing' test ! -e "$T/sum"
{ request z 20; request a 20 ',"max_tokens":10'; request b 20; } > "$T/base"
judged 'an update' 0 unclear --update "$T/sum" "$T/base"
golden 'the summary: small, sorted, with its prices' "$T/sum" cost-diff-summary.jsonl
judged 'against the summary' 0 ok --max-increase 0% "$T/sum" "$T/base"
{ request z 40; request a 20 ',"max_tokens":10'; request b 20; } > "$T/new"
judged 'a prompt moved' 1 worse --max-increase 5% "$T/sum" "$T/new"
judged 'prices doubled' 0 ok --max-increase 0% --prices "$T/dear.jsonl" "$T/sum" "$T/base"
eq 'prices doubled: apart' "$(jq -c '[.price_moved,.total.base,.total.change_usd]' "$T/out")" '["0.000192","0.000384","0"]'
judged 'prices doubled, a prompt moved, pinned' 1 worse --max-increase 5% --pin --prices "$T/dear.jsonl" "$T/sum" "$T/new"
eq 'pinned: the prices of then' "$(jq -c '[.price_moved,.total.base,.total.new]' "$T/out")" '["0.000192","0.000192","0.000232"]'
printf '{"provider":"acme","model":"acme-one","prices":{"input":"2","output":"10"}}\n' > "$T/acme.jsonl"
request a 20 '' acme-one > "$T/acme"
judged 'a table of one model' 0 unclear --prices "$T/acme.jsonl" --update "$T/acme.sum" "$T/acme"
t 'the model is gone from the table' 4 llm-cost diff --max-increase 5% "$T/acme.sum" "$T/acme"
judged 'pinned, it has its price' 0 ok --max-increase 5% --pin "$T/acme.sum" "$T/acme"
judged 'two summaries' 0 ok --max-increase 0% "$T/sum" "$T/sum"
judged 'accepted' 0 worse --max-increase 5% --update "$T/sum" "$T/new"
judged 'after that it is the baseline' 0 ok --max-increase 0% "$T/sum" "$T/new"
cp "$T/base" "$T/kept"
t 'records are not overwritten' 2 llm-cost diff --update "$T/base" "$T/new"
same 'records stay' "$T/base" "$T/kept"
: > "$T/fresh"
judged 'an empty file may be' 0 unclear --update "$T/fresh" "$T/new"
holds 'an empty file: it is a summary now' grep -q llm_cost_summary "$T/fresh"
mkdir "$T/folder"
t 'a folder as baseline' 3 llm-cost diff --update "$T/folder" "$T/new"
t 'standard input as baseline is not written' 2 llm-cost diff --update - "$T/new"
printf '{"llm_cost_summary":1}\n{"id":"a","input":-1}\n' > "$T/broken"
t 'a broken summary' 2 llm-cost diff "$T/broken" "$T/new"
has 'a broken summary: where' "$T/err" 'broken:2: a count is no whole number'
printf '{"llm_cost_summary":1}\n{"id":"a","input":1,"time":"noon"}\n' > "$T/broken"
t 'a summary with a time that is none' 2 llm-cost diff "$T/broken" "$T/new"
printf '{"llm_cost_summary":99}\n' > "$T/broken"
t 'a summary of another version' 2 llm-cost diff "$T/broken" "$T/new"
answer a 100 50 | sed 's/}}}}$/}}},"time":"2026-11-20T00:00:00Z","llm":{"batch":{"lane":"batch"}}}/' > "$T/base"
judged 'a summary of answers' 0 unclear --by task --update "$T/asum" "$T/base"
judged 'a summary of answers: lanes, groups' 0 ok --max-increase 0% --by task "$T/asum" "$T/base"
eq 'a summary of answers: amounts' "$(jq -c '.groups[]|[.key.task,.base,.new]' "$T/out")" '["t","0.00035","0.00035"]'

# formats
{ request 'a|b<c>' 20; request b 20; } > "$T/base"
{ request 'a|b<c>' 40; request b 20; } > "$T/new"
(cd "$T" && llm-cost diff --max-increase 5% --by model base new > out.table)
golden 'table' "$T/out.table" cost-diff.txt
(cd "$T" && llm-cost diff --max-increase 5% --by model --format md base new > out.md)
golden 'markdown' "$T/out.md" cost-diff.md
(cd "$T" && llm-cost diff --max-increase 5% --by model --format junit base new > out.junit)
golden 'junit' "$T/out.junit" cost-diff.xml
(cd "$T" && llm-cost diff --max-increase 5% --by model --format github base new > out.github)
golden 'github' "$T/out.github" cost-diff.github
(cd "$T" && llm-cost diff --max-increase 5% --by model --format csv base new > out.csv)
eq 'csv' "$(cat "$T/out.csv")" 'key,rows,base_input_tokens,new_input_tokens,base,new,change_usd,change_percent,verdict
gpt-4o,2,64,84,0.000128,0.000168,0.00004,31.25,worse
total,2,64,84,0.000128,0.000168,0.00004,31.25,worse'
holds 'junit is XML' python3 -c 'import sys, xml.dom.minidom; d = xml.dom.minidom.parse(sys.argv[1]); assert len(d.getElementsByTagName("failure")) == 2' "$T/out.junit"
awk 'BEGIN { for (i = 0; i < 3000; i++) printf "{\"custom_id\":\"%0100d\",\"body\":{\"model\":\"gpt-4o\",\"metadata\":{\"user\":\"%0100d\"},\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}}\n", i, i }' > "$T/base"
sed 's/"hi"/"hi hi hi hi"/' "$T/base" > "$T/new"
t 'a comment on 3,000 groups' 1 llm-cost diff --max-increase 5% --by user --format md "$T/base" "$T/new"
holds 'a comment has its bounds' test "$(wc -m < "$T/out")" -lt 65536
eq 'a comment names the worst twenty of each' "$(grep -c '^| 0' "$T/out")" 40
has 'a comment says what it leaves out' "$T/out" '2980 more groups'
eq 'a comment begins with what a bot looks for' "$(head -n 1 "$T/out")" '<!-- llm-cost diff -->'

# the rest
request a 20 '' unheard-of > "$T/odd"
t 'a model without a price' 4 llm-cost diff "$T/odd" "$T/odd"
printf '{"body":{"model":"gpt-4o","messages":[{"role":"user","content":"hi"}]},"custom_id":5}\n{"model":"gpt-4o","messages":[{"role":"user","content":"hi"}],"k":"7"}\n' > "$T/odd"
judged 'ids that are numbers, and none' 0 ok --max-increase 0% "$T/odd" "$T/odd"
has 'no id: the line is said to count' "$T/err" 'matched by their line'
judged 'an id elsewhere' 0 ok --max-increase 0% --id .k "$T/odd" "$T/odd"
t 'one operand' 2 llm-cost diff "$T/odd"
t 'no such new side' 3 llm-cost diff "$T/one" "$T/none"
printf 'junk\n' | cat "$T/one" - > "$T/odd"
t 'a bad line' 4 llm-cost diff "$T/one" "$T/odd"
judged 'no model: told by an option' 0 ok --max-increase 0% --model gpt-4o "$T/one" "$T/one"
finish
