#!/bin/sh
# SPDX-License-Identifier: MIT
# llm-compress --query: what speaks to the question stays, within the size, in order, with marks
. "$(dirname "$0")/../lib.sh"

cat > "$T/make.py" << 'X'
import json
rows = [{"id": f"ticket-{1000 + i}", "text": f"Customer {i} asks about the delivery of parcel {i * 7}."} for i in range(40)]
filler = "\n\n".join(f"## Topic {i}\nThe committee met in room {i} and spoke of the weather. Nothing else happened on that day. They closed the window." for i in range(30))
doc = filler[:1500] + "\n\n## Harbour\nThe old harbour was built in 1887. It cost 40,000 crowns. The engineer was Ada Lind.\n\n" + filler[1500:]
code = "```python\ndef harbour():\n    return 1887\n```"
def line(**members):
    print(json.dumps({"custom_id": members.pop("name"), "body": {"model": "gpt-4o", "messages": members.pop("messages"), "metadata": {"q": members.pop("q")}}}))
q = "Who was the engineer of the old harbour?"
line(name="prose", q=q, messages=[{"role": "user", "content": "Answer with the notes below.\n\n" + doc + "\n\nQuestion: " + q}])
line(name="tool", q="What does ticket-1017 ask?", messages=[{"role": "user", "content": "Look it up."}, {"role": "assistant", "content": None, "tool_calls": [{"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}]}, {"role": "tool", "tool_call_id": "c", "content": json.dumps({"total": 40, "rows": rows})}])
line(name="code", q=q, messages=[{"role": "user", "content": doc + "\n\n" + code + "\n\n" + filler}, {"role": "user", "content": q}])
line(name="tags", q=q, messages=[{"role": "user", "content": "".join(f'<document index="{i}">\nThe note {i} is about rain and wind. It has no use.\n</document>\n' for i in range(20)) + '<document index="20">\nThe engineer of the old harbour was Ada Lind.\n</document>'}, {"role": "user", "content": q}])
line(name="blob", q=q, messages=[{"role": "user", "content": "rain and wind over the field " * 200 + "the engineer of the old harbour was Ada Lind " + "rain and wind over the field " * 200}, {"role": "user", "content": q}])
line(name="cjk", q="港口 的 工程师", messages=[{"role": "user", "content": "今天的天气很好没有风也没有雨。" * 60 + "港口的工程师是林艾达。" + "今天的天气很好没有风也没有雨。" * 60}, {"role": "user", "content": "港口的工程师是谁?"}])
X
python3 "$T/make.py" > "$T/in"
t 'extraction' 0 llm-compress --query .body.metadata.q --ratio 0.25 "$T/in"
cp "$T/out" "$T/once"
content() { jq -r --arg n "$1" 'select(.custom_id == $n) | .body.messages[] | select(.role == "user" or .role == "tool") | .content' "$T/once" > "$T/text"; }
eq 'each fits' "$(jq -c 'select(.llm.compress.tokens_after > (.llm.compress.tokens_before * 0.25)) | .custom_id' "$T/once")" ''
eq 'and says how many units went' "$(jq -r 'select(.llm.compress.steps[] | select(.name == "extract") | .rules[0] | .name == "units left out" and .count > 0) | .custom_id' "$T/once" | wc -l | tr -d ' ')" 6
content prose
has 'the answer stays' "$T/text" 'The engineer was Ada Lind.'
has 'under its heading' "$T/text" '## Harbour'
has 'so does what to do' "$T/text" 'Answer with the notes below.'
has 'and the question' "$T/text" 'Question: Who was the engineer'
has 'gaps are marked' "$T/text" '[…]'
cat > "$T/order.py" << 'X'
import json, sys
# what is left is the source with stretches taken out: every piece between marks stands in it, in order
for a, b in zip(open(sys.argv[1]), open(sys.argv[2]), strict=True):
    for x, y in zip(json.loads(a)["body"]["messages"], json.loads(b)["body"]["messages"], strict=True):
        if not isinstance(x["content"], str) or x["content"].startswith("{"):
            continue
        at = 0
        for piece in y["content"].split("[…]"):
            for line in piece.strip().split("\n"):
                at = x["content"].find(line.strip(), at)
                assert at >= 0, line
                at += len(line.strip())
X
holds 'in order, nothing is new' python3 "$T/order.py" "$T/in" "$T/once"
content tool; tail -n 1 "$T/text" > "$T/json"
holds 'JSON is JSON still' jq -e '.rows[] | select(type == "object" and .id == "ticket-1017") | .text == "Customer 17 asks about the delivery of parcel 119."' "$T/json"
holds 'it says how many records went' jq -e '.rows[-1] | test("^\\[…\\] [0-9]+ of 40 left out$")' "$T/json"
holds 'members beside the records stay' jq -e '.total == 40' "$T/json"
content code
eq 'a fence is whole or gone' "$(grep -c '^```' "$T/text" | sed 's/[02]/even/')" even
content tags
has 'a tag that opens' "$T/text" '<document index="20">'
eq 'closes' "$(grep -c '<document' "$T/text")" "$(grep -c '</document>' "$T/text")"
content blob
has 'a text without an end of sentence' "$T/text" 'Ada Lind'
lacks 'is cut between words' "$T/text" 'fiel […]'
content cjk
has 'a text without blanks' "$T/text" '港口的工程师是林艾达。'
t 'a second pass' 0 llm-compress --query .body.metadata.q --ratio 0.25 "$T/once"
same 'changes nothing' "$T/out" "$T/once"
t 'no size' 2 llm-compress --query .body.metadata.q "$T/in"
t 'no question there' 0 llm-compress --query .body.nothing --ratio 0.9 "$T/in"
has 'is said' "$T/out" 'no text stands where'
t 'a protected span' 0 llm-compress --query .body.metadata.q --ratio 0.2 --protect 'room 13 ' "$T/in"
jq -r 'select(.custom_id == "prose") | .body.messages[0].content' "$T/out" > "$T/text"
has 'stays' "$T/text" 'met in room 13 and spoke'

# the last message of the user says something, however little fits
jq -nc '[([range(300) | "word\(.)"] | join("-")), ([range(40) | "In the year of \(. + 1900) the pipe of town \(.) was mended by its people."] | join(" "))] | .[] | {q: "Who mended the pipe of town 7?", model: "gpt-4o", messages: [{role: "user", content: .}]}' > "$T/blob"
t 'less than a unit' 0 llm-compress --query .q --target 12 "$T/blob"
eq 'the best stays' "$(jq -r '.messages[0].content | .[0:75]' "$T/out")" "$(jq -r '.messages[0].content | .[0:75]' "$T/blob" | head -n 1)
[…]
In the year of 1907 the pipe of town 7 was mended by its people.
[…]"
# as far as the floor allows, and no further
least=1
for floor in 30% 60% 90%; do
	t "a floor of $floor" 0 llm-compress --query .body.metadata.q --floor "$floor" "$T/in"
	cp "$T/out" "$T/floor"
	jq -r 'select(.custom_id == "prose") | .llm.compress | "\(.extracted.relevance_kept) \(.tokens_after)"' "$T/floor" > "$T/kept"
	# shellcheck disable=SC2016 # awk has fields
	holds 'what stays tells so much' awk -v floor="${floor%\%}" '$1 * 100 < floor || $1 * 100 > floor + 12 { exit 1 }' "$T/kept"
	# shellcheck disable=SC2016 # awk has fields
	holds 'more for a higher floor' awk -v least="$least" '$2 <= least { exit 1 }' "$T/kept"
	least=$(cut -d' ' -f2 "$T/kept")
	t 'a second pass' 0 llm-compress --query .body.metadata.q --floor "$floor" "$T/floor"
	same 'changes nothing' "$T/out" "$T/floor"
done
eq 'no message goes blindly' "$(jq -c '.body.messages | length' "$T/floor" | sort -u)" "$(jq -c '.body.messages | length' "$T/in" | sort -u)"
t 'a size below the floor' 0 llm-compress --query .body.metadata.q --ratio 1% --floor 60% "$T/in"
holds 'is not reached' jq -se 'map(select(.custom_id == "prose"))[0].llm.compress | .extracted.relevance_kept >= 0.6 and (.refused | any(.reason | test("as near as allowed")))' "$T/out"
lacks 'and nothing is cut blindly' "$T/out" '"truncate"'
jq -c 'del(.body.metadata)' "$T/in" > "$T/plain"
eq 'the plan comes to the same tokens' "$(llm-compress plan --floor 60% --format json "$T/plain" | jq '.strategies[] | select(.name == "ratio").tokens')" "$(llm-compress --net-of-cache=off --floor 60% "$T/plain" | jq -s 'map(.llm.compress.tokens_after) | add')"
t 'no floor at all' 2 llm-compress --query .body.metadata.q --floor 0 "$T/in"

# objects by name are records too; JSON in prose that has no records stays whole
jq -n -c '{model: "gpt-4o", q: "Which port has the crane of the north dock?", messages: [{role: "user", content: ("Here are the machines.\n\n" + ([range(60) | {("m\(.)"): {kind: (if . == 37 then "crane" else "pump" end), dock: (if . == 37 then "north" else "south" end), port: (4000 + .)}}] | add | tojson) + "\n\nWhich port has the crane of the north dock?")}]}' > "$T/named"
t 'objects by name' 0 llm-compress --query .q --ratio 0.2 "$T/named"
holds 'are records, and JSON still' jq -e '.messages[0].content | split("\n\n")[1] | fromjson | .m37.port == 4037 and length < 16' "$T/out"
jq -n -c '{model: "gpt-4o", q: "Which port has the crane?", messages: [{role: "user", content: ("Here is the machine. " + ("It was bought in the spring. It came by ship. " * 30) + "\n\n" + ({name: "m1", parts: {crane: {port: 4037, note: ("It is old. Nobody minds. " * 50)}, pump: {port: 1}}} | tojson) + "\n\nWhich port has the crane?")}]}' > "$T/whole"
t 'JSON without records' 0 llm-compress --query .q --ratio 0.4 "$T/whole"
holds 'stays whole in prose' jq -e '.messages[0].content | split("\n")[-3] | fromjson.parts.crane.note | length == 1250' "$T/out"

data 'key-value retrieval and NQ' || finish
gzip -dc "$LLM_TEST_DATA/compress/kv-retrieval-75.jsonl.gz" | head -n 60 |
	jq -c '{custom_id: .key, pair: [.key, .value], body: {model: "gpt-4o", messages: [{role: "user", content: ([.ordered_kv_records[] | {(.[0]): .[1]}] | add | tojson)}, {role: "user", content: ("What is the value of " + .key + "?")}]}}' > "$T/kv"
for ratio in 1 0.3 0.05; do
	llm-compress --query '.body.messages[1].content' --ratio $ratio "$T/kv" > "$T/out"
	eq "the pair that is asked for stays at $ratio" "$(jq -c 'select(.pair[1] == (.pair[0] as $k | .body.messages[0].content | fromjson | .[$k])) | 1' "$T/out" | wc -l | tr -d ' ')" 60
done
# the same as one text: what to do, the data behind a label, on its line or below, and the question
jq -c '. as $r | (.body.messages[0].content | fromjson) as $d | ("Data: \($d | tojson)", "Here is the\n\nJSON data:\n\($d | tojson | gsub(",";",\n "))") | {custom_id: $r.custom_id, pair: $r.pair, body: {model: "gpt-4o", messages: [{role: "user", content: "Extract the value of the key in the JSON object below.\n\n\(.)\n\nKey: \"\($r.pair[0])\"\nCorresponding value:"}]}}' "$T/kv" > "$T/one"
for ratio in 0.3 0.05; do
	t "JSON in prose at $ratio" 0 llm-compress --query '.body.messages[0].content' --ratio $ratio "$T/one"
	eq 'is JSON still, with the pair' "$(jq -c '.pair[0] as $k | select(.pair[1] == (.body.messages[0].content | capture("(Data: |JSON data:\n)(?<j>[{].*[}])\n\nKey: \"\($k)\"\nCorresponding value:$"; "s").j | fromjson | .[$k])) | 1' "$T/out" | wc -l | tr -d ' ')" 120
	eq 'fits' "$(jq -c --argjson p $ratio '.llm.compress | select(.tokens_after > .tokens_before * $p)' "$T/out")" ''
done
cp "$T/out" "$T/once"
t 'a second pass' 0 llm-compress --query '.body.messages[0].content' --ratio 0.05 "$T/once"
same 'changes nothing' "$T/out" "$T/once"
finish
