#!/bin/sh
# SPDX-License-Identifier: MIT
# llm-compress --prune: words that can be guessed go, protected ones never, and it says what it cost
. "$(dirname "$0")/../lib.sh"

cat > "$T/text" << 'X'
The annual report of the company was published at the end of the month, and it was read by a large number of people in the city. You must not open the valve before the pressure is below 40 bar. The new manager of the office never agreed with the plan that was made by Mr. Alder in the spring.

The page is at https://example.org/a/the/of.html and the code is `for (the = 0; the < of; the++)` in the file. She said "the end of the day is the end of the work" to all of the people in the room. In the case of a failure the system does not restart by itself unless the operator has set the switch.

```
the the the of of of
```

Key: the value of the thing
X
request() { jq -R -s -c '{model: "gpt-4o", messages: [{role: "user", content: .}, {role: "user", content: "What is the pressure?"}]}'; }
request < "$T/text" > "$T/in"
t 'prune' 0 llm-compress --prune 0.7 "$T/in"
cp "$T/out" "$T/once"
jq -r '.messages[0].content' "$T/out" > "$T/got"
holds 'it is smaller' jq -e '.llm.compress | .tokens_after < .tokens_before' "$T/out"
holds 'says what share of words and information is left' jq -e '.llm.compress.pruned | .words_kept >= 0.7 and .words_kept < 0.8 and .information_kept > 0.8 and .information_kept < 1' "$T/out"
holds 'and how many words went' jq -e '.llm.compress.steps[] | select(.name == "prune") | .rules[0].count > 10' "$T/out"
# shellcheck disable=SC2016 # a code span
for keep in '40 bar' 'https://example.org/a/the/of.html' '`for (the = 0; the < of; the++)`' '"the end of the day is the end of the work"' 'Alder' 'Key:' 'the the the of of of'; do
	has "keeps: $keep" "$T/got" "$keep"
done
cat > "$T/check.py" << 'X'
import re, sys
a, b = open(sys.argv[1]).read(), open(sys.argv[2]).read()
for word in ("not", "never", "before", "below", "must", "unless", "all"):
    assert len(re.findall(rf"\b{word}\b", a)) == len(re.findall(rf"\b{word}\b", b)), word
assert re.findall(r"\S*[0-9A-Z]\S*", a) == re.findall(r"\S*[0-9A-Z]\S*", b)
words = iter(a.split())
assert all(w in words for w in b.split()), "order"
X
holds 'negations, bounds, numbers and names are all there, in order' python3 "$T/check.py" "$T/text" "$T/got"
t 'a second pass' 0 llm-compress --prune 0.7 "$T/once"
same 'changes nothing' "$T/out" "$T/once"
t 'more than is not protected' 0 llm-compress --prune 0.05 "$T/in"
has 'is refused' "$T/out" 'the other words are protected'
jq -r '.messages[0].content' "$T/out" > "$T/got"
holds 'what is protected stays' python3 "$T/check.py" "$T/text" "$T/got"
t 'a pattern' 0 llm-compress --prune 0.05 --protect 'annual|report' "$T/in"
has 'protects' "$T/out" 'annual report'
t 'sentences' 0 llm-compress --prune 0.7 --prune-unit sentence "$T/in"
jq -r '.messages[0].content' "$T/out" > "$T/got"
has 'one with a number stays whole' "$T/got" 'You must not open the valve before the pressure is below 40 bar.'
lacks 'one without goes whole' "$T/got" 'annual report'
t 'not unasked' 0 llm-compress "$T/in"
lacks 'words stay' "$T/out" '"prune"'
t 'another unit' 2 llm-compress --prune 0.5 --prune-unit letter "$T/in"
t 'a floor' 0 llm-compress --prune 0.05 --floor 90% "$T/in"
holds 'keeps the information' jq -e '.llm.compress.pruned.information_kept | . >= 0.9 and . < 0.95' "$T/out"
t 'a size that cannot be reached' 0 llm-compress --prune 0.8 --target 10 "$T/in"
eq 'prunes once' "$(grep -o '"pruned":' "$T/out" | wc -l | tr -d ' ')" 1
finish
