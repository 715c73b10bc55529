#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: what providers billed lies in the band of the estimate, whichever kind of text it is.
. "$(dirname "$0")/../lib.sh"

# of NAME [OPTION...]: tokens, low and high of the text in $T/text
of() {
	model=$1
	shift
	llm-cost count --text --model "$model" --format json "$@" "$T/text" | jq -c '[.low,.tokens,.high]'
}

# characters / 4 fails off English; these are no worse than the band says
printf '%s' '会议改到星期四下午三点,请大家提前把修改意见发给我,并且带上上个月的报告。' > "$T/text"
holds 'Chinese is not characters / 4' test "$(of claude-sonnet-4-5 | jq '.[1]')" -gt 25
printf '%s' 'YW5vdGhlciBsb25nIGxpbmUgb2YgYmFzZSA2NCB0aGF0IGlzIG5vIHdvcmQgb2YgYW55IGxhbmd1YWdl' > "$T/text"
holds 'base 64 is not characters / 4' test "$(of gemini-2.5-pro | jq '.[1]')" -gt 35
printf '%s' '3.14159265358979323846264338327950288419716939937510' > "$T/text"
eq 'digits cost a token each where they do' "$(of gemini-2.5-pro | jq '.[0]<=52 and .[1]>44 and .[2]>=52')" true
printf 'one text' > "$T/text"
eq 'an unknown model has a wide band' "$(of made-up-model-9 | jq '.[0]<.[1] and .[1]<.[2]')" true
eq 'a model that --models knows has none' "$(printf 'house-model = gpt-4o\n' > "$T/models"
	of house-model --models "$T/models")" '[null,2,null]'

# requests and answers as they were billed: six of each of claude-3-5-sonnet, three of gemini-1.5-flash
if data 'recorded exchanges'; then
	python3 - "$LLM_TEST_DATA/batch" > "$T/billed" << 'END'
import json, sys
seen = set()
for name in ("completion", "resume"):
    for line in open(f"{sys.argv[1]}/anthropic-basic_batch_{name}.jsonl"):
        got = json.loads(line)["response"]["body"]
        for part in () if got in seen else got.splitlines():
            if '"custom_id"' in part and part.startswith("{"):
                message = json.loads(part)["result"]["message"]
                print("claude-3-5-sonnet-20241022", message["usage"]["output_tokens"] - 3,
                      json.dumps(message["content"][0]["text"]), sep="\t")
        seen.add(got)
for line in open(f"{sys.argv[1]}/gemini_batch_response.jsonl"):
    row = json.loads(line)
    usage = row["response"]["usageMetadata"]
    print("gemini-1.5-flash", usage["candidatesTokenCount"],
          json.dumps(row["response"]["candidates"][0]["content"]["parts"][0]["text"]), sep="\t")
    print("gemini-1.5-flash", usage["promptTokenCount"],
          json.dumps(row["request"]["contents"][0]["parts"][0]["text"]), sep="\t")
END
	inside=0
	while IFS="$(printf '\t')" read -r model billed text; do
		printf '%s' "$text" | jq -j . > "$T/text"
		[ "$(of "$model" | jq --argjson b "$billed" '.[0]<=$b and $b<=.[2]')" = true ] && inside=$((inside + 1))
	done < "$T/billed"
	eq 'recorded texts lie in the band' "$inside of $(wc -l < "$T/billed" | xargs)" '12 of 12'
fi
finish
