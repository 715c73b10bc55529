#!/bin/sh
# SPDX-License-Identifier: MIT
# llm-compress: light rules, the ladder to a size, what the provider's cache holds, examples, sections, plan, audit
. "$(dirname "$0")/../lib.sh"

request() { # TEXT-AS-JSON-STRING [SYSTEM-AS-JSON-STRING]
	printf '{"custom_id":"a","body":{"model":"gpt-4o","messages":[%s{"role":"user","content":%s}]}}\n' "${2:+{\"role\":\"system\",\"content\":$2\},}" "$1"
}
text() { jq -j '.body.messages[-1].content' "$T/out"; }
system() { jq -j '.body.messages[0].content' "$T/out"; }
steps() { jq -c '[.llm.compress.steps[].name]' "$T/out"; }

# light: words that say nothing
request '"I would like you to explain this in order to help. Please write it down at this point in time.\n\n# Title\n\nThis is **very** important and *so* is this."' > "$T/in"
t 'light' 0 llm-compress --level light "$T/in"
eq 'says the same' "$(text)" 'Explain this to help. Write it down now.

Title

This is very important and so is this.'
eq 'each rule is counted' "$(jq -c '[.llm.compress.steps[] | [.name, (.rules | map([.name, .count]) | sort)]]' "$T/out")" '[["phrases",[["at this point in time",1],["i would like you to",1],["in order to",1],["please",1]]],["markdown",[["emphasis",2],["headings",1]]]]'
t 'without it' 0 llm-compress "$T/in"
eq 'nothing of that happens' "$(steps)" '[]'
while IFS= read -r protected; do
	request "$protected" > "$T/in"
	t "light leaves: $(printf %.40s "$protected")" 0 llm-compress --level light "$T/in"
	has 'byte for byte' "$T/out" "$protected"
done << 'X'
"```\nin order to **x** please write\n# Title\n```"
"Say \"in order to\" and `please write` and 'I want you to go' to the letter"
"\u201cdue to the fact that\u201d"
"See https://example.com/in order"
"2*3*4 and a*b*c, *.c,*.h and snake_case_name, __init__"
"The pleasedness of border to border"
"> in order to quote\n> please write"
"Please Please Me is an album"
"| in order to | please do |\n|---|---|\n| a | b |"
X
request '"Go."' '"Answer in one short sentence.\nDo not guess the answer.\nUse plain words here.\nAnswer in one short sentence.\nDo guess the answer.\n- Use plain words here.\n- Never say who you are\n- Say who you are\n- Never say who you are\nuse plain words here!\nInput: a\nOutput: Always answer yes here.\nInput: b\nOutput: Always answer yes here."' > "$T/in"
t 'repeated instructions' 0 llm-compress --level light "$T/in"
eq 'go, the later one' "$(system)" 'Answer in one short sentence.
Do not guess the answer.
Use plain words here.
Do guess the answer.
- Never say who you are
- Say who you are
use plain words here!
Input: a
Output: Always answer yes here.
Input: b
Output: Always answer yes here.'
has 'and are listed' "$T/out" '{"name":"Answer in one short sentence.","count":1'
t 'near ones on request' 0 llm-compress --level light --near "$T/in"
eq 'go as well' "$(system | grep -ci 'use plain words')" 1
has 'do not is not do' "$T/out" 'Do not guess the answer.\nUse plain words here.\nDo guess the answer.'
request '"Go.  \n\n\n\nplease do"' > "$T/in"
t 'protected' 0 llm-compress --level light --protect 'please' "$T/in"
has 'by a pattern' "$T/out" 'please do'

# the ladder: mildest first, and no further than it has to
request '"What now?"' "\"$(printf 'This stands here.  \\n\\n\\n\\n%.0s' $(seq 30)) in order to help.\"" > "$T/in"
t 'a size that fits' 0 llm-compress --target 1000 "$T/in"
eq 'needs no step' "$(steps)" '[]'
t 'a size that blanks reach' 0 llm-compress --target 170 "$T/in"
eq 'takes that step alone' "$(steps)" '["whitespace"]'
before=$(jq .llm.compress.tokens_after "$T/out")
t 'one that they miss' 0 llm-compress --target $((before - 1)) "$T/in"
eq 'takes the next' "$(steps)" '["whitespace","blocks"]'
t 'out of reach' 0 llm-compress --target 1 "$T/in"
has 'is said' "$T/out" 'as near as allowed'
eq 'the last message stays' "$(text)" 'What now?'
jq -nc '{model:"gpt-4",max_tokens:1000,messages:([range(300)|{role:"user",content:"Question \(.) of the day about this and that, and more."},{role:"assistant",content:"Answer \(.): so it is, and here is why it is so today."}]+[{role:"user",content:"And now?"}])}' > "$T/in"
t 'fit' 0 llm-compress --fit "$T/in"
eq 'without a word' "$(cat "$T/err")" ''
holds 'the window less the output' jq -e '.llm.compress | .tokens_before > 9000 and .tokens_after <= 8192 - 1000 and .tokens_after > 6500' "$T/out"
jq -nc '{model:"gpt-4",messages:[{role:"user",content:"Read this."},{role:"assistant",content:null,tool_calls:[{id:"a",type:"function",function:{name:"f",arguments:"{}"}}]},{role:"tool",tool_call_id:"a",content:([range(500)|"Paragraph \(.) tells of the river and of town number \(.), where people live and trade. It was built in \(1800+.)."]|join("\n\n"))},{role:"user",content:"When was town 17 built?"}]}' > "$T/in1"
t 'fit by an estimate' 0 llm-compress --fit "$T/in1"
holds 'its upper end fits what is left' test "$(llm-cost count --format json "$T/out" | jq .high)" -le 4096
mv "$T/out" "$T/in1"
t 'and again' 0 llm-compress --fit "$T/in1"
same 'nothing more goes' "$T/out" "$T/in1"
jq -nc '{model:"no-such-model",messages:[{role:"user",content:"a"}]}' > "$T/in1"
t 'fit without a window' 0 llm-compress --fit "$T/in1"
has 'is refused' "$T/out" '"step":"fit","reason":"the window of this model is not known'
jq -nc '{model:"gpt-4",max_tokens:9000,messages:[{role:"user",content:"a"},{role:"assistant",content:([range(3000)|"word\(.)"]|join(" "))},{role:"user",content:"x"}]}' > "$T/in1"
t 'fit of an answer that takes the window' 0 llm-compress --fit "$T/in1"
eq 'cuts nothing' "$(jq -c '[(.messages | length), .llm.compress.steps, .llm.compress.refused[0].step]' "$T/out")" '[3,[],"fit"]'
jq -nc '{model:"meta.llama3-8b-instruct-v1:0",messages:[{role:"user",content:"q"},{role:"assistant",content:([range(9000)|"w"]|join(" "))},{role:"user",content:"x"}]}' > "$T/in1"
t 'a model that answers at most 2,048 tokens' 0 llm-compress --fit "$T/in1"
holds 'has the rest of its 8,192 for the request' jq -e '.llm.compress | .tokens_after < 6144 and .tokens_after > 3000' "$T/out"
jq -nc '{model:"gpt-4",messages:[{role:"user",content:([range(9000)|"word\(.)"]|join(" "))}]}' > "$T/in1"
t 'fit of what must stay' 0 llm-compress --fit "$T/in1"
has 'cannot be, and that is said' "$T/err" "in1:1: $(jq .llm.compress.tokens_after "$T/out") tokens do not fit in 4096, and the rest is protected"
jq -nc '{custom_id:"a",params:{model:"claude-sonnet-4-5",max_tokens:9,messages:[{role:"user",content:[{type:"image",source:{type:"url",url:"https://example.org/a.png"}}]},{role:"assistant",content:[{type:"tool_use",id:"t",name:"f",input:{}}]},{role:"user",content:[{type:"tool_result",tool_use_id:"t",content:([range(120)|"row \(.) is seen at place \(.*7919%1000)"]|join("\n"))}]}]}}' > "$T/in1"
t 'a text that no question chooses from' 0 llm-compress --target 900 "$T/in1"
holds 'loses its middle, and no more than it must' jq -e '.llm.compress | .tokens_after <= 900 and .tokens_after > 750 and (.steps | map(.name)) == ["truncate"]' "$T/out"
jq -r '.params.messages[2].content[0].content' "$T/out" > "$T/cut"
eq 'both ends stay' "$(sed -n '1p;$p' "$T/cut" | tr '\n' ' ')" 'row 0 is seen at place 0 row 119 is seen at place 361 '
holds 'two thirds of it is the begin, in whole lines' awk '/^\[…\]$/ { head = NR - 1; next } !/^row [0-9]+ is seen at place [0-9]+$/ { exit 1 } END { tail = NR - 1 - head; exit !(head > 1.8 * tail && head < 2.4 * tail) }' "$T/cut"
for level in simple:40 moderate:60 complex:85; do
	jq -c --arg c "${level%:*}" '. + {llm:{v:1,route:{complexity:$c}}}' "$T/in" > "$T/in1"
	t "adaptive, ${level%:*}" 0 llm-compress --adaptive "$T/in1"
	# shellcheck disable=SC2016 # jq's variable
	holds 'keeps its share' jq -e --argjson p "${level#*:}" '.llm.compress | .tokens_after <= .tokens_before * $p / 100 and .tokens_after > .tokens_before * ($p - 5) / 100' "$T/out"
done
t 'adaptive without the word of route' 0 llm-compress --adaptive "$T/in"
has 'says so' "$T/out" '"step":"adaptive","reason":"no complexity in llm.route: the default rate"'
t 'with a share that is given' 0 llm-compress --adaptive --ratio 50% "$T/in"
holds 'keeps that' jq -e '.llm.compress | .tokens_after <= .tokens_before / 2 and .tokens_after > .tokens_before * 0.45' "$T/out"

# dead letters of the class "context" come back once they fit; what cannot fit comes back once, with the reason
provider --window 7300
{
	jq -c '{custom_id:"talk",method:"POST",url:"/v1/chat/completions",body:.}' "$T/in"
	jq -nc '{custom_id:"short",method:"POST",url:"/v1/chat/completions",body:{model:"gpt-4",messages:[{role:"user",content:"Hi."}]}}, ([range(8000) | "word\(.)"] | join(" ") as $text | {custom_id:"long",method:"POST",url:"/v1/chat/completions",body:{model:"gpt-4",messages:[{role:"user",content:$text}]}}, {custom_id:"claude",params:{model:"claude-sonnet-4-5",max_tokens:9,messages:[{role:"user",content:$text}]}}, {key:"gemini",model:"gemini-2.5-flash",request:{contents:[{role:"user",parts:[{text:$text}]}]}})'
} > "$T/requests"
run() { LLM_API_KEY=k llm-batch run --base-url "http://127.0.0.1:$port/v1" "$@"; }
run --dead "$T/dead" "$T/requests" > "$T/failed" 2> "$T/err"
eq 'dead letters are the requests' "$(sort "$T/dead")" "$(sed 2d "$T/requests" | sort)"
eq 'their class is told, whatever the provider calls it' "$(jq -r .class "$T/dead.why" | sort | uniq -c | xargs)" '4 context'
eq 'in the answers too' "$(jq -r '.llm.batch.error_class // empty' "$T/failed" | sort | uniq -c | xargs)" '4 context'
jq -c 'select(.body)' "$T/dead" > "$T/again"
t 'fit' 0 llm-compress --fit "$T/again"
mv "$T/out" "$T/fitted"
has 'says what does not' "$T/err" ' tokens do not fit in 4096, and the rest is protected'
run --dead "$T/dead2" "$T/fitted" > "$T/out" 2> "$T/err"
eq 'the recipe for context errors' "$(jq -c 'select(.custom_id == "talk") | [.response.status_code, (.llm.compress.steps | map(.name))]' "$T/out")" '[200,["history"]]'
eq 'what cannot fit is dead once more' "$(jq -c '[.custom_id, .llm.compress.refused[0].step]' "$T/dead2") $(jq -r .class "$T/dead2.why")" '["long","target"] context'

# examples: far from each other, one of each label
request '"Go."' '"Classify.\n\nInput: I love this movie\nOutput: good\n\nInput: I love this film\nOutput: good\n\nInput: I love this picture\nOutput: good\n\nInput: The train to Hamburg was late\nOutput: bad\n\nInput: The train to Berlin was late\nOutput: bad\n\nBe brief."' > "$T/in"
t 'examples' 0 llm-compress --examples 2 "$T/in"
eq 'one of each label' "$(system | grep '^Output' | sort)" 'Output: bad
Output: good'
has 'what stands around them stays' "$T/out" 'Be brief.'
t 'fewer than labels' 0 llm-compress --examples 1 "$T/in"
eq 'one of each stays' "$(system | grep -c '^Output')" 2
has 'and it is said' "$T/out" 'more labels than examples'
t 'more than there are' 0 llm-compress --examples 9 "$T/in"
eq 'changes nothing' "$(steps)" '[]'

# in tags, whose list has a tag of its own; under headings, which go with them
request '"Go."' '"Classify.\n<examples>\n<example>\n<input>good film</input>\n<label>pos</label>\n</example>\n<example>\n<input>great film</input>\n<label>pos</label>\n</example>\n<example id=\"3\">\n<input>late train</input>\n<label>neg</label>\n</example>\n</examples>\nBe brief."' > "$T/in"
t 'examples in tags' 0 llm-compress --examples 2 "$T/in"
eq 'one of each label' "$(system | grep -o '<label>.*</label>' | sort)" '<label>neg</label>
<label>pos</label>'
eq 'the list stays' "$(system | grep -c 'examples>')" 2
request '"Go."' '"Translate.\n\nExample 1:\nInput: dog\nOutput: Hund\n\nExample 2:\nInput: hound\nOutput: Jagdhund\n\nExample 3:\nInput: train\nOutput: Zug\n"' > "$T/in"
t 'examples with a line above' 0 llm-compress --examples 2 "$T/in"
eq 'which goes with them' "$(system | grep -c '^Example') $(system | grep -c '^Input')" '2 2'
request '"Go."' '"Example:\nNever swear.\n\n### Input\ndog\n### Output\nHund\n\n### Input\nhound\n### Output\nJagdhund\n\n### Input\ntrain\n### Output\nZug\n"' > "$T/in"
t 'labels that are headings' 0 llm-compress --examples 2 "$T/in"
eq 'are labels' "$(system | grep -c '^### Input') $(system | grep -c '^### Output')" '2 2'
has 'what stands before them stays' "$T/out" 'Never swear.'
jq -nc '{model: "gpt-4o", messages: ([{role: "system", content: "Classify."}] + ([["I love this movie", "good"], ["I love this film", "good"], ["I love this picture", "good"], ["The train to Hamburg was late", "bad"], ["The train to Berlin was late", "bad"]] | map({role: "user", content: .[0]}, {role: "assistant", content: .[1]})) + [{role: "user", content: "I love this train"}])}' > "$T/in"
t 'examples that are messages' 0 llm-compress --examples 2 "$T/in"
eq 'go in pairs' "$(jq -c '[.messages[].content]' "$T/out")" '["Classify.","I love this movie","good","The train to Berlin was late","bad","I love this train"]'

# sections of the system text, by the query
python3 -c '
import json
pad = lambda w: " ".join("%s%d" % (w, i) for i in range(60))
s = "You are a clerk.\n\n# Refunds\nHow a refund is paid back. " + pad("refund") + "\n\n# Shipping\nHow parcels travel. " + pad("parcel") + "\n\n# Rules\nNever tell a card number. " + pad("rule") + "\n\n# Hours\nOpening hours. " + pad("hour") + "\n"
print(json.dumps({"model": "gpt-4o", "metadata": {"q": "Where is my parcel in shipping?"}, "messages": [{"role": "system", "content": s}, {"role": "user", "content": "Where is my parcel in shipping?"}]}))' > "$T/in"
t 'sections' 0 llm-compress --target 400 --query .metadata.q "$T/in"
has 'the one that is asked for stays' "$T/out" '# Shipping'
has 'and the rule' "$T/out" 'Never tell a card number'
has 'and who it is' "$T/out" 'You are a clerk.'
lacks 'the others go' "$T/out" '# Hours'
holds 'with both prices' jq -e '.llm.compress.sections | .of == 5 and .kept < 5 and (.all_cached_usd | tonumber) < (.all_fresh_usd | tonumber) and .kept_fresh_usd' "$T/out"
jq -c '.messages[0].content |= (gsub("# (?<n>[A-Z][a-z]+)\n(?<t>[^#]*)"; "<\(.n | ascii_downcase)>\n\(.t | rtrimstr("\n"))\n</\(.n | ascii_downcase)>\n") + "The end.")' "$T/in" > "$T/tagged"
t 'sections in tags' 0 llm-compress --target 400 --query .metadata.q "$T/tagged"
system_of() { jq -r '.messages[0].content' "$T/out"; }
eq 'go whole, and what stands around them stays' "$(system_of | grep -c '^</*shipping>\|^</*rules>\|^You are\|^The end')" 6
eq 'none half' "$(system_of | grep -c '^</*hours>\|^</*refunds>')" 0
t 'a query without a size' 2 llm-compress --query .metadata.q "$T/in"

# net of the cache
python3 -c '
import json
s = "Rules   of the house. " + " ".join("w%d" % i for i in range(1500))
m = lambda n: [{"role": "user", "content": "turn %d of the talk" % i} if i % 2 == 0 else {"role": "assistant", "content": "answer %d of the talk" % i} for i in range(n)]
print(json.dumps({"custom_id": "m", "params": {"model": "claude-sonnet-4-5", "max_tokens": 9, "system": [{"type": "text", "text": s, "cache_control": {"type": "ephemeral"}}], "messages": [{"role": "user", "content": "Go   on   now."}]}}))
for n in (101, 103):
    print(json.dumps({"custom_id": "s%d" % n, "body": {"model": "gpt-4o", "metadata": {"session": "s"}, "messages": [{"role": "system", "content": s.replace("  ", "")}] + m(n)}}))' > "$T/in"
t 'before a mark' 0 llm-compress "$T/in"
eq 'no edit that costs more' "$(head -n 1 "$T/out" | jq -c '[(.params.system[0].text[0:10]), .llm.compress.refused[0].step]')" '["Rules   of","whitespace"]'
has 'with the sum' "$T/out" 'net of the cache it loses: 0 tokens read instead of'
t 'switched off' 0 llm-compress --net-of-cache=off "$T/in"
eq 'it is made' "$(head -n 1 "$T/out" | jq -r '.params.system[0].text[0:10]')" 'Rules of t'
t 'a window in a session' 0 llm-compress --keep-turns 50 "$T/in"
eq 'the first request is cut: nothing is cached yet' "$(sed -n 2p "$T/out" | jq -c '[.llm.compress.steps[].name]')" '["turns"]'
t 'a window that moves' 0 llm-compress --keep-turns 51 "$T/in"
eq 'would throw away what the cache holds' "$(sed -n 3p "$T/out" | jq -c '[.llm.compress.steps, .llm.compress.refused[0].step]')" '[[],"turns"]'
t 'the sum' 0 llm-compress --keep-turns 50 "$T/in"
holds 'is that of the tokens told' jq -es '.[2].llm.compress | ([.net.read_after, .tokens_after, (.net.usd_after | tonumber)] | .[0] > 0 and (.[0] * 1.25 + (.[1] - .[0]) * 2.5 - .[2] * 1000000 | fabs) < 0.001)' "$T/out"
jq -c 'if .custom_id == "s101" then .time = "2026-01-01T00:00:00Z" elif .custom_id == "s103" then .time = "2026-01-02T00:00:00Z" else . end' "$T/in" > "$T/later"
t 'when its lifetime is over' 0 llm-compress --keep-turns 51 "$T/later"
eq 'the cut is free' "$(sed -n 3p "$T/out" | jq -c '[.llm.compress.steps[].name]')" '["turns"]'

python3 -c '
import json
s = "Rules   of the house. " + " ".join("w%d" % i for i in range(1500))
def marked(id, system, messages, ttl=None, **more):
    print(json.dumps({"custom_id": id, **more, "params": {"model": "claude-sonnet-4-5", "max_tokens": 9, "system": [{"type": "text", "text": system, "cache_control": {"type": "ephemeral", **({"ttl": ttl} if ttl else {})}}], "messages": messages}}))
user = lambda t: {"role": "user", "content": t}
talk = [user("Hello there."), {"role": "assistant", "content": "Hi."}, user("Go on.")]
marked("short", "Rules   of the house.", [user("Go.")])
for i, (ttl, at) in enumerate((("1h", "10:00"), ("1h", "10:30"), (None, "11:00"), (None, "11:30"))):
    marked("s%d" % i, s, talk if i % 2 else talk[:1], ttl=ttl, session="h" if i < 2 else "m", time="2026-01-01T%s:00Z" % at)
print(json.dumps({"custom_id": "o1", "body": {"model": "gpt-4o", "metadata": {"session": "o"}, "messages": [user(s[22:])]}}))
print(json.dumps({"custom_id": "o2", "body": {"model": "gpt-4o", "metadata": {"session": "o"}, "messages": [user(s[22:]), {"role": "assistant", "content": "Yes."}, user("And?")]}}))' > "$T/in"
t 'marks' 0 llm-compress "$T/in"
net() { jq -c --arg id "$1" "select(.custom_id == \$id) | .llm.compress.net | $2" "$T/out"; }
eq 'under the least prefix cache nothing: an edit before one is free' "$(net short '[.read_before, .read_after, .usd_before, .usd_after]')" '[0,0,"0.000045","0.000042"]'
# what is fresh costs 3 dollars a million, what is written for five minutes 3.75, for an hour 6
jq -sc 'map({(.custom_id): .llm.compress}) | add | map_values({tokens: .tokens_after, read: .net.read_after, micro: ((.net.usd_after // 0) | tonumber * 1000000)})' "$T/out" > "$T/sums"
# shellcheck disable=SC2016 # jq's variable
holds 'are written at their price' jq -e '((.s0.micro - 3 * .s0.tokens) / 3 | round) as $hour | $hour > 3000 and ((.s2.micro - 3 * .s2.tokens) / 0.75 | round) == $hour' "$T/sums"
holds 'those of an hour are read half an hour later, up to the mark and no further' jq -e '.s1.read == ((.s0.micro - 3 * .s0.tokens) / 3 | round)' "$T/sums"
eq 'those of five minutes are not' "$(jq .s3.read "$T/sums")" 0
t 'a cut that throws away what is read' 0 llm-compress --keep-turns 1 "$T/in"
holds 'is made where it saves more' jq -e 'select(.custom_id == "o2") | .llm.compress | .steps[0].name == "turns" and .net.read_before > 3000 and .net.read_after == 0 and (.net.usd_after | tonumber) < (.net.usd_before | tonumber)' "$T/out"

# what the question names by an identifier stays, whatever it costs
python3 -c '
import json
kv = json.dumps({"key-%05d" % (i * 7919): "value %d" % i for i in range(200)})
for said in (["JSON data:\n" + kv, "Read."], ["Order 77123 is that of Ms. Fry. " + "She came on a Monday, as she always does. " * 40, "Noted."]):
    m = [{"role": "user" if i % 2 == 0 else "assistant", "content": t} for i, t in enumerate(said + ["And the weather?", "Fine.", "Tell me of key-%05d and of order 77123." % (7919 * 50)])]
    print(json.dumps({"model": "gpt-4o", "messages": m}))' > "$T/in"
t 'two percent' 0 llm-compress --ratio 2% "$T/in"
has 'the member that is asked for' "$T/out" 'value 50'
lacks 'and no other' "$T/out" 'value 51'
has 'the sentence that is asked for' "$T/out" 'Order 77123'
lacks 'without the rest' "$T/out" 'on a Monday'

# plan: nothing is changed
python3 -c '
import json
m = []
for i in range(50):
    m.append({"role": "user", "content": " hello" * 100})
    if i < 49: m.append({"role": "assistant", "content": " world" * 100})
print(json.dumps({"model": "gpt-4o", "messages": m}))' > "$T/in"
t 'plan' 0 llm-compress plan "$T/in"
has '50 turns of 200 tokens' "$T/out" 'history: 9,800 tokens at turn 50; 1 conversation resends 245,000 in all'
jq -c '.model = "no-such-model"' "$T/in" > "$T/unpriced"
t 'plan without a price' 0 llm-compress plan "$T/unpriced"
has 'says so' "$T/out" 'no price for 1 of 1 request: '
t 'plan as JSON' 0 llm-compress plan --format json --keep-turns 10 "$T/in"
eq 'every strategy has a row' "$(jq -c '[.strategies[] | [.name, .requests_changed]]' "$T/out")" '[["full",0],["lossless",0],["light",0],["window",1],["summary",1],["ratio",1]]'
holds 'with dollars' jq -e '(.strategies[0] | (.usd_fresh | tonumber * 10000000 | round) == .tokens * 25) and (.strategies[3].usd_fresh | tonumber) < 0.006 and (.strategies[4].side_usd | tonumber) > 0' "$T/out"
t 'plan as CSV' 0 llm-compress plan --format csv --keep-turns 10 "$T/in"
eq 'has the names and digits of JSON' "$(sed -n '1p;2p' "$T/out" | xargs)" \
	"name,requests_changed,tokens,saved_tokens,saved_share,usd_fresh,usd_cached,side_usd $(llm-compress plan --format json --keep-turns 10 "$T/in" | jq -r '.strategies[0] | [.[]] | map(tostring) | join(",")')"
t 'a chat that is only described' 0 llm-compress plan --turns 50 --turn-tokens 200 --model gpt-4o
has 'comes to the same' "$T/out" 'history: 9,800 tokens at turn 50; 1 conversation resends 245,000 in all'

# audit
python3 -c '
import json
tools = [{"type": "function", "function": {"name": n, "parameters": {"type": "object"}}} for n in ("used", "never")]
for i in range(200):
    print(json.dumps({"custom_id": "r%d" % i, "body": {"model": "gpt-4o", "tools": tools, "messages": [{"role": "system", "content": "You work for the big house on the hill. Always answer in a short and friendly way. Never answer in a short and friendly way. Please always reply in a brief and friendly manner. Always answer in a short and friendly way."}, {"role": "user", "content": "Number %d?" % i}]}, "response": {"status_code": 200, "body": {"choices": [{"finish_reason": "tool_calls", "message": {"role": "assistant", "tool_calls": [{"id": "c", "type": "function", "function": {"name": "used", "arguments": "{}"}}]}}]}}}))' > "$T/in"
t 'audit' 0 llm-compress audit --format json "$T/in"
eq 'a sample' "$(jq -c '[.requests, .sampled]' "$T/out")" '[200,100]'
holds 'words that repeat, with their cost' jq -e '[.repeated_words[] | select(.text | startswith("You work for the big house"))][0] | .requests == 100 and (.usd | tonumber) > 0' "$T/out"
eq 'an instruction that stands twice' "$(jq -c '.repeated_instructions | map([.text, .count])' "$T/out")" '[["Always answer in a short and friendly way.",100]]'
holds 'wordings of one instruction, never its opposite' jq -e '[.paraphrases[].wordings | sort] | all(.[]; (map(startswith("Never")) | any | not))' "$T/out"
eq 'a tool that nobody called' "$(jq -c '[.unused_tools[] | [.text, .requests]]' "$T/out")" '[["never",200]]'
jq -c 'del(.response) | .body.messages += [{role: "assistant", content: null, tool_calls: [{id: "c", type: "function", function: {name: "used", arguments: "{}"}}]}, {role: "tool", tool_call_id: "c", content: "1"}]' "$T/in" > "$T/asked"
eq 'nor any history that waits for its answer' "$(llm-compress audit --format json "$T/asked" | jq -c '[.unused_tools[] | [.text, .requests]]')" '[["never",200]]'
jq -c 'del(.response)' "$T/in" > "$T/asked"
eq 'which nobody can tell where nothing was called' "$(llm-compress audit --format json "$T/asked" | jq -c .unused_tools)" '[]'
llm-compress audit "$T/asked" > "$T/one"
has 'and that is said' "$T/one" 'no answer is there, so no tool can be told to be unused'
llm-compress audit --format csv "$T/in" > "$T/csv"
eq 'as CSV: whole texts, the digits of JSON' "$(python3 -c 'import csv, json, sys
rows = [(r["what"], r["text"], int(r["count"]), r["usd"]) for r in csv.DictReader(open(sys.argv[1]))]
of = json.load(open(sys.argv[2]))
print(rows == [(k, x["text"], x["count"], x["usd"]) for k in ("repeated_words", "repeated_instructions", "paraphrases", "unused_tools") for x in of[k]])' "$T/csv" "$T/out")" True
llm-compress audit --format json "$T/in" > "$T/again"
same 'the same seed, the same sample' "$T/again" "$T/out"
jq -nc '{model: "gpt-4o", messages: [{role: "system", content: "Answer in plain English. Be kind. Answer in plain English. Answer in plain English."}, {role: "user", content: "Hi."}]}' > "$T/thrice"
llm-compress audit "$T/thrice" > "$T/one"
has 'of one request' "$T/one" '1 of 1 request, '
eq 'what one request says three times is in one request' "$(llm-compress audit --format json "$T/thrice" | jq -c '.repeated_instructions | map([.count, .requests])')" '[[2,1]]'
head -n 5 "$T/in" > "$T/few"
t 'fewer than the sample' 0 llm-compress audit "$T/few"
has 'are all read' "$T/out" '5 of 5 requests'

# for people
request '"Go  on."' '"Be **brief** here."' > "$T/in"
t 'diff' 0 env TERM=xterm NO_COLOR=1 llm-compress --level light --diff "$T/in"
has 'shows what goes' "$T/out" '- Be **brief** here.'
env TERM=xterm llm-compress --level light --diff "$T/in" | cat > "$T/colour"
has 'in colour behind a pipe' "$T/colour" "$(printf '\033[31m- Be **brief** here.')"
env TERM=xterm NO_COLOR=1 llm-compress --level light --diff "$T/in" | cat > "$T/plain"
lacks 'without where NO_COLOR is set' "$T/plain" "$(printf '\033')"
# a second pass, where the ladder left something to the steps that are asked for, and where the question was folded
twice() { # OPTION...
	t "$*" 0 llm-compress "$@" "$T/in"
	mv "$T/out" "$T/once"
	t 'a second pass' 0 llm-compress "$@" "$T/once"
	same 'changes nothing' "$T/out" "$T/once"
}
cat > "$T/in" << 'X'
{"contents": [{"role": "user", "parts": [{"text": "and  grew  jobs  queue  was\n\n\nsaw it queue report was it slow\n\n\n{\n \"data\": [\n  {\n   \"a\": 1.5,\n   \"b\": \"x y\",\n   \"c\": \"on\"\n  },\n  {\n   \"a\": \"\",\n   \"b\": {\n    \"k\": 1\n   },\n   \"c\": 1\n  }\n ],\n \"n\": 3\n}\n\n\njobs slow report the queue of"}]}, {"role": "model", "parts": [{"text": "Yes."}]}, {"role": "user", "parts": [{"text": "was it server report"}]}]}
X
twice --level light --ratio 0.7
cat > "$T/in" << 'X'
{"model": "gpt-4o", "messages": [{"role": "user", "content": "Look."}, {"role": "assistant", "content": null, "tool_calls": [{"id": "x", "type": "function", "function": {"name": "f", "arguments": "{}"}}]}, {"role": "tool", "tool_call_id": "x", "content": "2026-03-14T09:00:01Z INFO web-1 a|b 7ms completed\n2026-03-14T09:00:04Z DEBUG web-1 request 28ms completed\n2026-03-14T09:00:06Z DEBUG web-0 done, ok 42ms > \n 2026-03-14T09:00:07Z WARN web-1 a|b 49ms completed\n2026-03-14T09:00:08Z DEBUG web-2 a|b 6ms completed\n2026-03-14T09:00:09Z WARN web-0 request 13ms completed\n\n2026-03-14T09:00:00Z INFO web-0 a|b 0ms completed\n2026-03-14T09:00:01Z INFO web-1 a|b 7ms completed\n2026-03-14T09:00:02Z INFO web-2 done, ok 14ms \"\n2026-03-14T09:00:03Z WARN web-0 \\ 21ms completed\n2026-03-14T09:00:04Z DEBUG web-1 request 28ms completed\n2026-03-14T09:00:04Z DEBUG web-1 request 28ms completed\n2026-03-14T09:00:06Z DEBUG web-0 done, ok 42ms > \n 2026-03-14T09:00:07Z WARN web-1 a|b 49ms completed\n2026-03-14T09:00:08Z DEBUG web-2 a|b 6ms completed\n2026-03-14T09:00:09Z WARN web-0 request 13ms completed\n\n\n\n"}, {"role": "user", "content": "2026-03-14T09:00:02Z INFO web-2 done, ok 14ms \"\n2026-03-14T09:00:00Z INFO web-0 a|b 0ms completed\n2026-03-14T09:00:01Z INFO web-1 a|b 7ms completed\n2026-03-14T09:00:02Z INFO web-2 done, ok 14ms \"\n2026-03-14T09:00:04Z DEBUG web-1 request 28ms completed\n2026-03-14T09:00:04Z DEBUG web-1 request 28ms completed\n2026-03-14T09:00:08Z DEBUG web-2 a|b 6ms completed"}]}
X
twice --drop
# what one step took away, no later one brings back
jq -nc '{model: "gpt-4o", input: [{role: "user", content: "Order 7712345 is late."}, {type: "reasoning", summary: [{type: "summary_text", text: ([range(60) | "thought \(.)"] | join(" "))}]}, {role: "assistant", content: "I see."}, {role: "user", content: "The weather is fine."}, {role: "assistant", content: "It is."}, {role: "user", content: "And order 7712345?"}]}' > "$T/in"
twice --target 10
eq 'reasoning in a turn that history keeps' "$(jq -c '[(.input | map(.type // .content)), ([.llm.compress.steps[].saved] | add) == (.llm.compress | .tokens_before - .tokens_after)]' "$T/out")" '[["Order 7712345 is late.","I see.","And order 7712345?"],true]'
# an identifier in JSON whose blanks the first pass folds, and a result that is the question but for blanks
jq -nc '([range(40) | "Log line \(.): all is well on the western side of the house today."] | join("\n")) as $log | {model: "gpt-4o", messages: [{role: "user", content: "The order 12345678 is late. \($log)"}, {role: "assistant", content: "I see."}, {role: "user", content: "And this?\n\n\({order: 12345678, of: {a: [1, 2, 3], b: "x"}} | tojson | gsub(":"; ": ") | gsub("}"; "\n}"))"}]}' > "$T/in"
twice --target 20
jq -nc '"# The  head\n\n**Bold** and  _plain_ text of the day, in short.\n\n\n\n* one  item of the list\n* two items of the list\n* three items\n\n> and a quote\n" as $text | {model: "gpt-4o", messages: [{role: "user", content: $text}, {role: "assistant", content: null, tool_calls: [{id: "x", type: "function", function: {name: "f", arguments: "{}"}}]}, {role: "tool", tool_call_id: "x", content: $text}]}' > "$T/in"
twice --target 20
twice --target 20 --level light
finish
