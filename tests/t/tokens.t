#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: rank files and calibrations are taken or refused with the reason, and counts agree with
# what providers billed.
. "$(dirname "$0")/../lib.sh"

# ranks of the tree in the published form
ranks() { # NAME
	python3 - "$TOP/lib/tokens/data/$1.ranks" << 'END'
import base64, sys
data, at, rank = open(sys.argv[1], "rb").read(), 0, 0
while at < len(data):
    print(base64.b64encode(data[at + 1:at + 1 + data[at]]).decode(), rank)
    at, rank = at + 1 + data[at], rank + 1
END
}
printf 'Don'\''t count 123456 \303\251t\303\251 <|endoftext|>\n' > "$T/text"
ids() { llm-cost count --text --ids "$@" "$T/text"; }
ids --model gpt-4 > "$T/cl100k"
ids --model gpt-4o > "$T/o200k"
ranks cl100k_base > "$T/cl.tiktoken"
t 'a rank file' 0 ids --model own --encoding "own=$T/cl.tiktoken"
same 'a rank file: the ids of the compiled-in one' "$T/out" "$T/cl100k"
t 'a name instead of a file' 0 ids --model own --encoding own=o200k_base
same 'a name instead of a file: its ids' "$T/out" "$T/o200k"
t 'the later definition' 0 ids --model own --encoding own=o200k_base --encoding own=cl100k_base
same 'the later definition wins' "$T/out" "$T/cl100k"

refused() { # WHAT REASON
	t "$1" 2 llm-cost count --text --model own --encoding "own=$T/bad.tiktoken" "$T/text"
	has "$1: the reason" "$T/err" "$2"
}
head -n 50000 "$T/cl.tiktoken" > "$T/bad.tiktoken"
refused 'a rank file that is cut off at a line' 'has 50000 ranks'
sed '777s/ 776$/ 775/' "$T/cl.tiktoken" > "$T/bad.tiktoken"
refused 'a rank twice' 'line 777: has a rank that stands before'
sed '778s/.*/ISE= 777/' "$T/cl.tiktoken" > "$T/bad.tiktoken"
refused 'a token twice' 'stands twice'
sed '778s/.*/I*E= 777/' "$T/cl.tiktoken" > "$T/bad.tiktoken"
refused 'a line that is none' 'line 778: has no token in base 64'
head -c 5000 "$T/cl.tiktoken" | sed '$s/ .*//' > "$T/bad.tiktoken"
refused 'a rank file that is cut off inside a line' 'is no token in base 64, a blank and a rank'
t 'a rank file that is not there' 2 ids --model own --encoding "own=$T/none"
t 'no file at all' 2 ids --model own --encoding own

printf '{"model":"claude-x","messages":[{"role":"user","content":"one two three four five"}]}\n' > "$T/r"
count() { llm-cost count --format json "$@" "$T/r" | jq -c '[.tokens, .low, .high, .class]'; }
plain=$(count)
printf '{"model":"claude-x","factor":3,"low":2,"high":4,"rows":9}\n' > "$T/calibration"
eq 'a calibration scales the estimate' "$(count --calibration "$T/calibration")" '[36,23,49,"estimate"]'
eq 'without it, it is another' "$plain" '[12,8,16,"estimate"]'
printf 'x\n' > "$T/calibration"
t 'a calibration that is none' 2 llm-cost count --calibration "$T/calibration" "$T/r"
has 'a calibration that is none: the line' "$T/err" 'line 1'

# prompt and answer tokens as the provider billed them beside the request
if data 'recorded exchanges'; then
	python3 - "$LLM_TEST_DATA/batch" > "$T/recorded" << 'END'
import json, sys
for name in ("completion", "resume"):
    for shape in ("openai", "anthropic"):
        asked, seen = {}, set()
        for line in open(f"{sys.argv[1]}/{shape}-basic_batch_{name}.jsonl"):
            call = json.loads(line)
            sent, got = call["request"]["body"], call["response"]["body"]
            if sent.startswith('{"requests"'):
                asked.update({r["custom_id"]: r for r in json.loads(sent)["requests"]})
            for part in sent.splitlines():
                if part.startswith('{"custom_id"'):
                    asked[json.loads(part)["custom_id"]] = json.loads(part)
            for part in () if got in seen else got.splitlines():
                if '"custom_id"' in part and part.startswith("{"):
                    answer = json.loads(part)
                    usage = (answer.get("response", {}).get("body") or answer.get("result", {}).get("message"))["usage"]
                    billed = usage.get("prompt_tokens", usage.get("input_tokens"))
                    print(billed, json.dumps(asked[answer["custom_id"]]), sep="\t")
            seen.add(got)
END
	eq 'recorded exchanges: twelve' "$(wc -l < "$T/recorded" | tr -d ' ')" 12
	cut -f 2 "$T/recorded" | llm-cost count --format json > "$T/counted"
	cut -f 1 "$T/recorded" | paste - "$T/counted" > "$T/both"
	eq 'requests of gpt-3.5-turbo are billed as counted' \
		"$(jq -c 'select(.class=="template").tokens' "$T/counted" | xargs)" \
		"$(grep template "$T/both" | cut -f 1 | xargs)"
	eq 'six of them' "$(grep -c template "$T/both")" 6
	eq 'requests of claude lie in their band' "$(while IFS="$(printf '\t')" read -r billed row; do
		printf '%s' "$row" | jq --argjson b "$billed" 'select(.class=="estimate" and .low<=$b and $b<=.high)|1'
	done < "$T/both" | grep -c 1)" 6
fi
finish
