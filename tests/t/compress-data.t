#!/bin/sh
# SPDX-License-Identifier: MIT
# llm-compress on real prompts: nothing but texts changes, never more tokens, a second pass adds nothing
. "$(dirname "$0")/../lib.sh"

data 'real prompts' || finish
D=$LLM_TEST_DATA

{
	jq -c '{custom_id:"m\(.question_id)",body:{model:"gpt-4o",messages:[{role:"user",content:.turns[0]},{role:"assistant",content:"Yes.  "},{role:"user",content:.turns[1]}]}}' "$D/prompts/mt-bench-questions.jsonl"
	jq -c '{custom_id:.id,params:{model:"claude-sonnet-4-5",max_tokens:9,system:.instruction,messages:[{role:"user",content:[{type:"text",text:(.instances|tojson)}]}]}}' "$D/prompts/alpaca-seed-tasks.jsonl"
	jq -R -s -c 'split("\n")[1:][]|select(length>0)|{model:"gpt-4o-mini",messages:[{role:"user",content:.}]}' "$D/prompts/awesome-prompts.csv" | head -n 400
	head -n 300 "$D/compress/nq-oracle-dev.jsonl" | jq -c '{request:{contents:[{role:"user",parts:[{text:tojson}]}]}}'
	gzip -dc "$D/compress/kv-retrieval-75.jsonl.gz" | head -n 50 | jq --indent 2 '.' | jq -c '{model:"gpt-4o",input:tojson,instructions:"Find  the key."}'
	for f in "$D"/compress/bbh-cot-prompts/*; do jq -R -s -c '{model:"gpt-4o",messages:[{role:"system",content:.},{role:"user",content:.}]}' "$f"; done
	gzip -dc "$D/compress/qmsum-val.jsonl.gz" | head -n 10 | jq -c '{model:"o3",messages:[{role:"user",content:([.meeting_transcripts[]?|"\(.speaker):  \(.content)"]|join(" \n\n\n"))}]}'
	jq -c '{model:"gpt-4o",messages:[{role:"user",content:(. as $x|$x|tostring)},{role:"user",content:("Look:\n" + tojson)}]}' "$D/logs/representative_messages.jsonl" "$D/logs/todowrite_examples.jsonl"
	cat "$D"/json/test_parsing/y_*.json | jq -R -c '{model:"gpt-4o",messages:[{role:"user",content:.}]}' 2> /dev/null
} > "$T/in" 2> "$T/made"
holds 'there are requests of all kinds' test "$(wc -l < "$T/in")" -gt 1000

t 'all pass' 0 llm-compress "$T/in"
mv "$T/out" "$T/once"
t 'a second time' 0 llm-compress "$T/once"
same 'the second pass changes nothing' "$T/out" "$T/once"

# each option on its own output, over records of all kinds: nothing more changes, nothing grows, nothing is empty
awk 'NR % 6 == 1 || /toolu_/' "$T/in" > "$T/some"
jq -s -c '[.[]|select(.message.role)|.message|{role,content}]|{custom_id:"log",params:{model:"claude-sonnet-4-5",max_tokens:1000,messages:.}}' "$D/logs/representative_messages.jsonl" "$D/logs/todowrite_examples.jsonl" >> "$T/some"
for f in openai anthropic; do
	jq -R -c 'fromjson? | select(type == "object")' "$D"/batch/*"$f"* 2> /dev/null
done >> "$T/some"
while read -r options; do
	# shellcheck disable=SC2086 # several options
	t "twice: ${options:-lossless}" 0 llm-compress $options "$T/some"
	mv "$T/out" "$T/first"
	# shellcheck disable=SC2086
	llm-compress $options "$T/first" > "$T/second" 2> "$T/err"
	same 'the same' "$T/second" "$T/first"
	holds 'never more, never nothing' jq -e -s 'all(.[] | .llm.compress | values; .tokens_after <= .tokens_before and (.tokens_after > 0 or .tokens_before == 0))' "$T/first"
done << 'X'

--level light
--level light --near
--target 200
--ratio 50%
--fit
--adaptive
--keep-turns 1
--keep-messages 3
--examples 2
--strip reasoning
--target 300 --query .custom_id
--level light --keep-turns 3 --ratio 40% --strip reasoning
X

cat > "$T/undo.py" << 'X'
# the edit undone: tokens of both lines in step, only strings differ, llm is appended
import json, re, sys
token = re.compile(rb'"(?:[^"\\]|\\.)*"|[^"]+')
changed = 0
for n, (a, b) in enumerate(zip(open(sys.argv[1], 'rb'), open(sys.argv[2], 'rb'), strict=True), 1):
    at = b.rindex(b',"llm":{"v":1,"compress":')
    note = json.loads(b[at + 7:-2])['compress']
    old, new = token.findall(a.rstrip(b'\n')), token.findall(b[:at] + b'}')
    assert len(old) == len(new), n
    differ = [(x, y) for x, y in zip(old, new) if x != y]
    assert all(x[:1] == y[:1] == b'"' and json.loads(y) for x, y in differ), n
    assert note['tokens_after'] <= note['tokens_before'], n
    assert bool(differ) == bool(note['steps']), n
    if note['class'] == 'template':
        assert note['tokens_before'] - note['tokens_after'] == sum(s['saved'] for s in note['steps']), n
    for x, y in differ:
        old_text, new_text = json.loads(x), json.loads(y)
        # what a literal or a fence holds is there still; numbers too
        for kept in re.findall(r'```.*?```', old_text, re.S):
            assert kept in new_text, n
        numbers = lambda t: sorted(set(re.findall(r'\d+(?:\.\d+)?', t)))
        assert set(numbers(old_text)) <= set(numbers(new_text)) or '[same ' in new_text, n
        changed += 1
assert changed > 50, changed
X
holds 'nothing but texts changed, by fewer tokens' python3 "$T/undo.py" "$T/in" "$T/once"
jq -c '[.llm.compress.tokens_before, .llm.compress.tokens_after]' "$T/once" | jq -s '[map(.[0]), map(.[1])] | map(add)' -c > "$T/sum"
printf '# tokens before and after: %s\n' "$(cat "$T/sum")"

t 'undo' 0 llm-compress --undo "$T/once"
cat > "$T/values.py" << 'X'
# what was folded as JSON is the same value again
import json, sys
def texts(v):
    if isinstance(v, str): yield v
    elif isinstance(v, list): yield from (t for i in v for t in texts(i))
    elif isinstance(v, dict): yield from (t for k in v.values() for t in texts(k))
def value(t):
    try: return json.loads(t, parse_int=str, parse_float=str)
    except ValueError: return None
n = 0
for a, b in zip(open(sys.argv[1]), open(sys.argv[2]), strict=True):
    for x, y in zip(texts(json.loads(a)), texts(json.loads(b))):
        if isinstance(value(x), (list, dict)):
            assert value(x) == value(y), x
            n += 1
assert n > 100, n
X
holds 'gives the values back' python3 "$T/values.py" "$T/in" "$T/out"
finish
