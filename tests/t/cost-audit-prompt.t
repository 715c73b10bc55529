#!/bin/sh
# SPDX-License-Identifier: MIT
# llm-cost audit --prompt: what a prompt is made of, what repeats, what a cache could keep
# shellcheck disable=SC2016 # what stands in single quotes is for jq and for inner shells
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"

mkdir -p "$T/p/sub"
cat > "$T/p/support.txt" <<'X'
# Instructions
You are a support agent for ACME. Be brief and polite.
Never promise a delivery date to the customer.
Never promise a delivery date to the customer.

# Examples
Input: where is my parcel?
Output: Let me look that up.

# Context
{document}

# Question
{question}
X
tokens() { llm-cost count --text --model gpt-4o "$@" | awk '{ print $1 }'; }
audit() { llm-cost audit --prompt --format json "$@" > "$T/json"; }
audit "$T/p/support.txt"
sed -n '1,5p' "$T/p/support.txt" > "$T/part"
eq 'the instructions' "$(jq .total.parts.system "$T/json")" "$(tokens "$T/part")"
sed -n '6,9p' "$T/p/support.txt" > "$T/part"
eq 'the examples' "$(jq .total.parts.examples "$T/json")" "$(tokens "$T/part")"
sed -n '10,12p' "$T/p/support.txt" > "$T/part"
eq 'the context' "$(jq .total.parts.context "$T/json")" "$(tokens "$T/part")"
eq 'all of it' "$(jq .total.tokens "$T/json")" "$(tokens "$T/p/support.txt")"
printf 'Never promise a delivery date to the customer.' > "$T/part"
eq 'a line that stands twice' "$(jq .total.repeated "$T/json")" "$(tokens "$T/part")"
sed -n '1,9p' "$T/p/support.txt" > "$T/part"
eq 'a cache could keep all before the context' "$(jq '.prompts[0].cacheable_prefix' "$T/json")" "$(tokens "$T/part")"
eq 'a thousand calls to gpt-4o' "$(jq -r '.prompts[0].cost_per_1k["gpt-4o"].input' "$T/json")" \
	"$(jq -rn --argjson n "$(tokens "$T/p/support.txt")" '$n * 25 / 10000')"
eq 'and what a thousand tokens of each answer cost' "$(jq -r '.prompts[0].cost_per_1k["gpt-4o"].output_of_1k_tokens' "$T/json")" 10
llm-cost audit --prompt "$T/p/support.txt" > "$T/text"
eq 'the table has the same figures' "$(sed -n '3s/^[^ ]* *//p' "$T/text" | tr -s ' ')" \
	"$(jq -r '.prompts[0] as $p | .total | [.parts[], .tokens, .repeated, .compressible, $p.cacheable_prefix] | map(if . == 0 then "-" else . end) | join(" ")' "$T/json")"
has 'and says when no provider would cache' "$T/text" "too few for a provider's cache"
mkdir "$T/rules"
printf 'Be kind. Never promise a delivery date to the customer. Ask for the order number. %s %s\n' \
	'Never promise a delivery date to the customer. Be kind.' 'Never promise a delivery date to the customer.' > "$T/rules/one.txt"
printf 'Never promise a delivery date to the customer.' > "$T/part"
audit "$T/rules"
eq 'a sentence that stands three times in one paragraph' "$(jq .total.repeated "$T/json")" $((2 * $(tokens "$T/part")))
awk 'BEGIN { for (i = 0; i < 20; i++) printf "Rule %d is short. Never promise a delivery date to the customer. ", i }' > "$T/rules/two.txt"
audit "$T/rules/two.txt"
eq 'is why it is long' "$(jq -r '.prompts[0].longest[0].why' "$T/json")" 'sentences that stand twice'
audit --model gpt-4.1 --model claude-haiku-4-5 "$T/p/support.txt"
eq 'models of one'"'"'s own choice' "$(jq -r '.prompts[0] | .model, (.cost_per_1k | keys_unsorted[])' "$T/json" | xargs)" 'gpt-4.1 gpt-4.1 claude-haiku-4-5'
t 'one without a price' 2 llm-cost audit --prompt --model no-such-model "$T/p/support.txt"
t 'a log names its models' 2 llm-cost audit --model gpt-4.1 "$T/p/support.txt"
printf 'Answer in French. Today is 2026-11-21. Be brief.\n' > "$T/p/sub/dated.md"
audit "$T/p/sub/dated.md"
printf 'Answer in French. Today is ' > "$T/part"
eq 'a date ends the prefix' "$(jq -r '.prompts[0] | .prefix_ends_at, .cacheable_prefix' "$T/json" | xargs)" "a date $(tokens "$T/part")"

cat > "$T/p/req.jsonl" <<'X'
{"model":"gpt-4o","messages":[{"role":"system","content":"You sort mail."},{"role":"user","content":"One"},{"role":"assistant","content":"Two"},{"role":"user","content":"Three"}],"tools":[{"type":"function","function":{"name":"f"}}]}
{"model":"gpt-4o","messages":[{"role":"system","content":"You sort mail."},{"role":"user","content":"Four"}],"tools":[{"type":"function","function":{"name":"f"}}]}
X
audit "$T/p/req.jsonl"
eq 'requests: tools, system, history and question apart' "$(jq -c '[.total.parts | .system, .history, .user > 0, .tools > 0]' "$T/json")" '[8,2,true,true]'
eq 'two requests' "$(jq .total.requests "$T/json")" 2
eq 'as count has them' "$(jq .total.tokens "$T/json")" "$(llm-cost count "$T/p/req.jsonl" | awk '{ print $1 }')"
jq -s '.[0]' "$T/p/req.jsonl" > "$T/pretty.json"
audit "$T/pretty.json"
eq 'one object over many lines is a request' "$(jq '.total.requests, .total.parts.history' "$T/json" | xargs)" '1 2'

audit "$T/p"
eq 'a folder and those below it, by name' "$(jq -r '[.prompts[].file | ltrimstr("'"$T"'/p/")] | join(" ")' "$T/json")" 'req.jsonl sub/dated.md support.txt'
ln -s .. "$T/p/loop"
t 'a link back up is not followed' 0 llm-cost audit --prompt "$T/p"
has 'the total of all' "$T/out" 'total'
t 'no such file' 3 llm-cost audit --prompt "$T/none"
: > "$T/empty"
t 'an empty prompt' 0 llm-cost audit --prompt "$T/empty"
printf '\377\376\000x{' > "$T/bytes"
t 'bytes that are no text' 0 llm-cost audit --prompt "$T/bytes"
head -c 200000 /dev/zero | tr '\0' '{' > "$T/braces"
t 'two hundred thousand braces' 0 llm-cost audit --prompt "$T/braces"
t 'a full disk is noticed' 3 sh -c 'llm-cost audit --prompt "$1" > /dev/full' sh "$T/p/support.txt"
t 'standard input' 0 sh -c 'llm-cost audit --prompt < "$1"' sh "$T/p/support.txt"
awk 'BEGIN { for (i = 0; i < 60; i++) print "SECRET rule number " i " is to be kept by all." }' > "$T/secret.txt"
audit "$T/secret.txt"
has 'the longest is shown by how it begins' "$T/json" 'SECRET rule number 0'
for f in table json md csv html; do
	llm-cost audit --prompt --no-text --format $f "$T/secret.txt" > "$T/out"
	lacks "no text in $f" "$T/out" SECRET
done
t 'HTML' 0 llm-cost audit --prompt --format html "$T/p"
eq 'nothing from outside' "$(grep -ciE 'src=|href=|@import|url\(|<script' "$T/out")" 0
if data 'role prompts'; then
	llm-batch make --csv --model gpt-4o --prompt '{prompt}' "$LLM_TEST_DATA/prompts/awesome-prompts.csv" 2> /dev/null | head -n 200 > "$T/roles.jsonl"
	t 'two hundred role prompts' 0 llm-cost audit --prompt --format json "$T/roles.jsonl"
	eq 'are counted as count does' "$(jq .total.tokens "$T/out")" "$(llm-cost count "$T/roles.jsonl" | awk '{ print $1 }')"
fi
finish
