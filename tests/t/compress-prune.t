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
holds 'and how many words went, and what that saved' jq -e '.llm.compress.steps[] | select(.name == "prune") | .rules[0].count > 10 and .rules[0].saved == .saved' "$T/out"
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
jq -nc '{model: "gpt-4o", messages: [{role: "user", content: "It is what it was in the end and so it goes on and on. They came to the house by the road, as they often did in the summer—without any of the charts of the day. Then they said “so it is” by the side of the road and went on to the town. It was the end of the day for them and for the people of the town. They went to bed."}, {role: "user", content: "Go on."}]}' > "$T/half"
t 'half a sentence' 0 llm-compress --prune 0.2 --prune-unit sentence "$T/half"
has 'stays behind a quote' "$T/out" '“so it is” by the side of the road'
has 'so does a negation behind a dash' "$T/out" 'summer—without any'
has 'others go' "$T/out" '"name":"prune"'
t 'not unasked' 0 llm-compress "$T/in"
lacks 'words stay' "$T/out" '"prune"'
t 'another unit' 2 llm-compress --prune 0.5 --prune-unit letter "$T/in"
t 'a floor' 0 llm-compress --prune 0.05 --floor 90% "$T/in"
holds 'keeps the information' jq -e '.llm.compress.pruned.information_kept | . >= 0.9 and . < 0.95' "$T/out"
eq 'and every message' "$(jq '.messages | length' "$T/out")" 2
t 'a size that cannot be reached' 0 llm-compress --prune 0.8 --target 10 "$T/in"
eq 'prunes once' "$(grep -o '"pruned":' "$T/out" | wc -l | tr -d ' ')" 1

# a model of one's own tells what it could guess
cat > "$T/answer.py" << 'X'
import json, re, sys
# tokens as a server gives them: a sign at the begin, a character in two parts, blanks before words
for line in open(sys.argv[1]):
    r = json.loads(line)
    tokens, bits = ["<s>"], [None]
    for word in re.findall(r"\s*\S+|\s+$", r["body"]["prompt"]):
        if "é" in word:
            for part in (word.split("é")[0], "�", "�", word.split("é")[1]):
                tokens.append(part), bits.append(-3.0)
            continue
        tokens.append(word)
        bits.append(-0.01 if word.strip() in sys.argv[2].split() else -6.5)
    tokens.append(" and"), bits.append(-1.0)
    r["response"] = {"status_code": 200, "body": {"object": "text_completion", "choices": [{"index": 0, "text": "", "finish_reason": "length", "logprobs": {"tokens": tokens, "token_logprobs": bits, "text_offset": []}}]}}
    print(json.dumps(r))
X
words='The committee of the harbour met in the café near the old quay to speak about the budget of the coming season, and the members of it agreed that the report of the engineers was not to be read before the end of the month because the numbers in it were wrong and 17 of them were still missing from the table.'
jq -nc --arg text "$words" '{custom_id: "a", method: "POST", url: "/v1/responses", body: {model: "gpt-4o", input: [{role: "user", content: $text}, {role: "user", content: "What was agreed?"}]}}' > "$T/in"
t 'ask for log-probabilities' 0 llm-compress ask logprobs --model local "$T/in"
cp "$T/out" "$T/side"
eq 'a completion that is read back, signed' "$(jq -c '[.custom_id, .url, .llm.for, .llm.ask, .llm.part, .body.model, .body.echo, .body.logprobs, .body.max_tokens]' "$T/side")" '["a-logprobs-1","/v1/completions","a","logprobs",1,"local",true,1,1]'
eq 'of the text as it stands' "$(jq -r .body.prompt "$T/side")" "$words"
python3 "$T/answer.py" "$T/side" 'of the in it was to be were and' > "$T/answers"
t 'apply' 0 llm-compress apply --answers "$T/answers" --prune 80% "$T/in"
cp "$T/out" "$T/once"
jq -r '.body.input[0].content' "$T/out" > "$T/got"
eq 'what could be guessed goes, the first of equals first' "$(cat "$T/got")" 'The committee harbour met café near old quay speak about budget coming season, members it agreed that the report of the engineers was not to be read before the end of the month because the numbers in it were wrong and 17 of them were still missing from the table.'
holds 'and it says so' jq -e '.llm.compress | .steps[0].name == "prune" and .tokens_after < .tokens_before and .pruned.words_kept > 0.78 and .pruned.information_kept > 0.98' "$T/out"
t 'another choice of words' 0 llm-compress apply --answers "$T/answers" --prune 80% --floor 99.9% "$T/in"
holds 'stops at the floor' jq -e '.llm.compress.pruned.information_kept >= 0.999' "$T/out"
t 'no share' 0 llm-compress apply --answers "$T/answers" "$T/in"
has 'takes nothing' "$T/out" "'--prune' says how many words stay"
jq -c '.body.input[0].content |= ascii_upcase' "$T/in" > "$T/other"
t 'answers of another text' 0 llm-compress apply --answers "$T/answers" --prune 80% "$T/other"
has 'are refused' "$T/out" 'of another text'
jq -c 'del(.response.body.choices[0].logprobs)' "$T/answers" > "$T/none"
t 'a server without them' 0 llm-compress apply --answers "$T/none" --prune 80% "$T/in"
has 'is told' "$T/out" 'has no log-probabilities'
eq 'and the text stays' "$(jq -r '.body.input[0].content' "$T/out")" "$words"
t 'a second pass' 0 llm-compress --prune 80% "$T/once"
same 'changes nothing more' "$T/out" "$T/once"

# the whole way: a server reads the prompts, and says of each word how often it came
provider --finish length
{
	request < "$T/text"
	jq -nc --arg text "$words" '{custom_id: "b", params: {model: "claude-sonnet-4-5", max_tokens: 9, system: "Help.", messages: [{role: "user", content: [{type: "text", text: $text}]}, {role: "assistant", content: "Yes."}, {role: "user", content: "Go on."}]}}'
	jq -nc --arg text "$words" '{key: "c", model: "gemini-2.5-flash", request: {contents: [{role: "user", parts: [{text: $text}]}, {role: "model", parts: [{text: "Yes."}]}, {role: "user", parts: [{text: "Go on."}]}]}}'
} > "$T/in"
t 'ask for what a server knows' 0 llm-compress ask logprobs --model local "$T/in"
mv "$T/out" "$T/side"
t 'its answers' 0 env LLM_API_KEY=k llm-batch run --base-url "http://127.0.0.1:$port/v1" "$T/side"
mv "$T/out" "$T/scores"
eq 'come from completions' "$(jq -r .path "$T/provider.log" | sort | uniq -c | xargs)" "$(wc -l < "$T/side" | tr -d ' ') /v1/completions"
eq 'with the tokens of the text' "$(jq -rs '[.[] | .body.prompt == (.response.body.choices[0].logprobs.tokens[0:-1] | join(""))] | all' "$T/scores")" true
t 'apply them' 0 llm-compress apply --answers "$T/scores" --prune 67% "$T/in"
cp "$T/out" "$T/once"
eq 'every record is pruned' "$(jq -c '.llm.compress | [.steps[].name, (.tokens_after < .tokens_before), (.pruned.words_kept >= 0.67), (.pruned.words_kept < 0.85), .refused]' "$T/out" | sort -u)" '["prune",true,true,true,[]]'
jq -r '.params.messages[0].content[0].text // empty' "$T/out" > "$T/got"
eq 'by the words that came often' "$(cat "$T/got")" 'The committee harbour met café near old quay speak about budget coming season, and members it agreed that report engineers was not to be read before end month because numbers in it were wrong and 17 them were still missing from table.'
eq 'in every shape' "$(jq -r '.request.contents[0].parts[0].text // empty' "$T/out")" "$(cat "$T/got")"
jq -r '.messages[0].content // empty' "$T/out" > "$T/got"
holds 'negations, bounds, numbers and names are all there, in order' python3 "$T/check.py" "$T/text" "$T/got"
t 'a second pass' 0 llm-compress --prune 67% "$T/once"
same 'changes nothing' "$T/out" "$T/once"
finish
