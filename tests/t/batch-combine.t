#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: combine makes one request of many where that is cheaper, uncombine gives each its own answer back,
# and what does not fit goes again singly.
. "$(dirname "$0")/../lib.sh"

long='Classify the message of a customer as one of billing, bug, praise or other. Billing is everything about money, invoices, refunds and prices. A bug is something that does not work as the manual says. Praise is a kind word without a wish. All else is other. Reply with the one word and nothing else, in lower case.'
long="$long $long $long $long $long $long"
many() { # COUNT [SYSTEM]
	seq 1 "$1" | sed "s/.*/{\"custom_id\":\"q&\",\"method\":\"POST\",\"url\":\"\/v1\/chat\/completions\",\"body\":{\"model\":\"gpt-4o-mini\",\"max_tokens\":5,\"messages\":[{\"role\":\"system\",\"content\":\"${2:-$long}\"},{\"role\":\"user\",\"content\":\"message \\\\\"&\\\\\" ]}\"}]}}/"
}
# answers of a model that does as it was told; ARG: a jq program that spoils the list
answer() { jq -c --argjson spoil "${1:-0}" "if .llm.combined then . as \$r|.response={status_code:200,request_id:\"r\",body:{id:\"c\",object:\"chat.completion\",model:\"gpt-4o-mini\",choices:[{index:0,finish_reason:\"stop\",message:{role:\"assistant\",content:(.body.messages[-1].content|fromjson|map({id,output:(\"re: \"+.input)})|${2:-.}|{answers:.}|tojson)}}],usage:{prompt_tokens:100,completion_tokens:77,total_tokens:177}}} else .response={status_code:200,request_id:\"r\",body:{choices:[{index:0,finish_reason:\"stop\",message:{role:\"assistant\",content:\"alone\"}}]}} end"; }

many 10 > "$T/req"
t 'ten requests in fours' 0 llm-batch combine -N 4 "$T/req"
cp "$T/out" "$T/combined"
eq 'are three' "$(jq -c '[(.llm.combined|length),.body.max_tokens]' "$T/out" | xargs)" '[4,68] [4,68] [2,34]'
eq 'ids are kept' "$(jq -r '.llm.combined[]' "$T/out" | xargs)" 'q1 q2 q3 q4 q5 q6 q7 q8 q9 q10'
holds 'the price of both ways is said' grep -qE '10 requests became 3: input [$]0[.][0-9]+ instead of [$]0[.][0-9]+' "$T/err"
eq 'nothing breaks out of its string' "$(head -n 1 "$T/out" | jq -r '.body.messages[-1].content|fromjson|.[0].input')" 'message "1" ]}'
eq 'the instructions are there once' "$(head -n 1 "$T/out" | jq '[.body.messages[]|select(.content|startswith("Classify"))]|length')" 1
t 'the same again' 0 llm-batch combine -N 4 "$T/req"
same 'gives the same' "$T/out" "$T/combined"
answer < "$T/combined" > "$T/answered"
t 'back' 0 llm-batch uncombine --requests "$T/req" "$T/answered"
eq 'each has its answer, in order' "$(jq -r '"\(.custom_id) \(.response.body.choices[0].message.content)"' "$T/out" | head -n 2)" 'q1 re: message "1" ]}
q2 re: message "2" ]}'
eq 'the shares of a usage add up' "$(jq -s 'map(.response.body.usage)|[(map(.prompt_tokens)|add),(map(.completion_tokens)|add),(map(.total_tokens)|add)]|tostring' "$T/out")" '"[300,231,531]"'
eq 'so do those of each row' "$(jq '.response.body.usage|.prompt_tokens+.completion_tokens==.total_tokens' "$T/out" | sort -u)" true
eq 'the request is as it was' "$(jq -c 'del(.response,.llm)' "$T/out")" "$(jq -c . "$T/req")"
spoiled() { # WHAT PROGRAM
	answer 0 "$2" < "$T/combined" > "$T/answered"
	t "$1" 4 llm-batch uncombine --requests "$T/req" --missing "$T/again" "$T/answered"
	same "$1: all of them go again, singly" "$T/again" "$T/req"
	eq "$1: an error line each" "$(jq -r .error.code "$T/out" | sort | uniq -c | xargs)" '10 no_result'
}
spoiled 'an answer is missing' '.[1:]'
spoiled 'an answer stands twice' '.+[.[0]]'
spoiled 'a strange id' 'map(.id="x"+.id)'
spoiled 'an output that is no text' 'map(.output=1)'
jq -c '.response.body.choices[0].finish_reason="length"' "$T/answered" > "$T/cut"
t 'one that was cut' 4 llm-batch uncombine --requests "$T/req" "$T/cut"
{ answer < "$T/combined" | head -n 1; } > "$T/answered"
t 'some are missing' 4 llm-batch uncombine --requests "$T/req" --missing "$T/again" "$T/answered"
eq 'the others are kept' "$(jq -r 'select(.response)|.custom_id' "$T/out" | xargs) $(jq -r .custom_id "$T/again" | xargs)" 'q1 q2 q3 q4 q5 q6 q7 q8 q9 q10'

# what an answer in vain was billed stays on its requests, also where they are answered singly later
billed() { llm-cost annotate "$T/out" 2> "$T/err" | jq -s 'map(.llm.cost.usd|tonumber)|add * 1e9|round'; }
answer < "$T/combined" > "$T/answered"
llm-batch uncombine --requests "$T/req" "$T/answered" > "$T/out" 2> "$T/err"
whole=$(billed)
holds 'three answers are billed' test "$whole" -gt 0
spoiled 'all in vain' 'map(.id="x"+.id)'
eq 'is billed as much' "$(billed)" "$whole"
answer < "$T/again" | jq -c '.response.body+={model:"gpt-4o-mini",usage:{prompt_tokens:7,completion_tokens:5,total_tokens:12}}' > "$T/single"
t 'and answered singly after that' 0 llm-batch uncombine --requests "$T/req" "$T/answered" "$T/single"
eq 'both are billed' "$(jq -s 'map(.llm.batch.usage)|[(map(.prompt_tokens)|add),(map(.completion_tokens)|add),(map(.total_tokens)|add)]|tostring' "$T/out")" '"[370,281,651]"'
eq 'the answer is the single one' "$(jq -r '.response.body.choices[0].message.content' "$T/out" | sort -u)" alone
jq -c '.response={status_code:400,body:{error:{message:"m"}}}' "$T/single" > "$T/refused"
t 'refused singly' 4 llm-batch uncombine --requests "$T/req" --missing "$T/again" "$T/refused"
eq 'is no answer' "$(jq -r '.response.status_code' "$T/out" | sort | uniq -c | xargs) $(wc -l < "$T/again" | xargs)" '10 400 10'
# a translated answer: the provider's own counts are divided too
answer < "$T/combined" | jq -c '.llm.batch={lane:"realtime",usage:{input_tokens:100,output_tokens:77}}' > "$T/answered"
t 'translated answers' 0 llm-batch uncombine --requests "$T/req" "$T/answered"
eq 'the shares of their usage add up' "$(jq -s 'map(.llm.batch.usage)|[(map(.input_tokens)|add),(map(.output_tokens)|add)]|tostring' "$T/out")" '"[300,231]"'

# what does not pay, or cannot be one, stays as it is
many 6 Hi > "$T/short"
t 'short instructions' 0 llm-batch combine "$T/short"
same 'do not pay' "$T/out" "$T/short"
holds 'and both prices are said' grep -qE '[0-9]+ requests did not become [0-9]+: input [$]0[.][0-9]+ instead of' "$T/err"
many 3 | sed 's/gpt-4o-mini/no-such-model/' > "$T/unpriced"
t 'a model without a price' 0 llm-batch combine "$T/unpriced"
same 'is left alone' "$T/out" "$T/unpriced"
{
	many 2 | jq -c '.body.tools=[{type:"function",function:{name:"f"}}]'
	many 2 | jq -c '.body.response_format={type:"json_object"}'
	many 2 | jq -c '.body.messages[-1].content=[{type:"text",text:"x"}]'
	many 2 | jq -c '.body.n=2'
	many 1
	many 1 | jq -c '.body.temperature=0'
	echo '{"key":"g","request":{"contents":[{"role":"user","parts":[{"text":"x"}]}]}}'
} > "$T/odd"
t 'tools, formats, parts, several answers, other settings' 0 llm-batch combine "$T/odd"
same 'stay as they are' "$T/out" "$T/odd"
t '-N of one' 2 llm-batch combine -N 1 "$T/req"
t 'no requests named' 2 llm-batch uncombine "$T/answered"
finish
