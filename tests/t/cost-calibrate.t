#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: llm-cost calibrate learns from bills what a model counts, and counts then lie in the band.
. "$(dirname "$0")/../lib.sh"

# log MODEL FACTOR OVERHEAD FIRST: 60 answered records, billed so many times what is counted
log() {
	python3 - "$1" "$4" << 'END' > "$T/asked"
import json, sys
words = "the order was late and nobody had told the customer why it would take until next week".split()
for i in range(60):
    n = 5 + (int(sys.argv[2]) + i) * 37 % 200
    text = " ".join(words[(i * 7 + k * (3 + i % 5)) % len(words)] for k in range(n))
    print(json.dumps({"custom_id": "%s-%d" % (sys.argv[1], i), "body": {"model": sys.argv[1],
          "messages": [{"role": "user", "content": text}]}}))
END
	llm-cost count --format json "$T/asked" > "$T/counts"
	paste "$T/counts" "$T/asked" | python3 -c '
import json, sys
factor, overhead = float(sys.argv[1]), int(sys.argv[2])
for i, line in enumerate(sys.stdin):
    count, asked = (json.loads(part) for part in line.split("\t"))
    off = 1 + ((i * 31) % 21 - 10) / 1000
    billed = round(count["tokens"] * factor * off + overhead)
    asked["response"] = {"status_code": 200, "body": {"model": asked["body"]["model"],
        "choices": [{"message": {"role": "assistant", "content": "ok"}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": billed, "completion_tokens": 2, "total_tokens": billed + 2}}}
    print(json.dumps(asked))
' "$2" "$3"
}

log claude-sonnet-4-5 1.2 0 0 > "$T/log"
t 'a log' 0 llm-cost calibrate "$T/log"
cp "$T/out" "$T/learned"
eq 'the factor comes back' "$(jq -c '[.model,(.factor*50|round),.overhead,.rows,.outliers]' "$T/learned")" \
	'["claude-sonnet-4-5",60,0,60,0]'
eq 'the band is about the noise' "$(jq '.low>1.17 and .low<1.2 and .high>1.2 and .high<1.23' "$T/learned")" true
eq 'tested on one half' "$(jq -c '[.held_out.rows,.held_out.error<0.01,.held_out.inside>=28]' "$T/learned")" '[30,true,true]'
has 'says what it learned' "$T/err" "'claude-sonnet-4-5': factor 1.2"
has 'says how it was tested' "$T/err" 'tested on 30'
t 'the same again' 0 llm-cost calibrate "$T/log"
same 'the same again: the same bytes' "$T/out" "$T/learned"
t 'into a file' 0 llm-cost calibrate -q -o "$T/calibration" "$T/log"
same 'into a file: the same' "$T/calibration" "$T/learned"
eq 'quiet is quiet' "$(cat "$T/err")" ''
t 'as a table' 0 llm-cost calibrate --format table "$T/log"
has 'as a table: the heading' "$T/out" 'rows  factor  overhead'
has 'as a table: a row' "$T/out" 'claude-sonnet-4-5  claude-3 '

# with it, bills of other requests lie in the band
log claude-sonnet-4-5 1.2 0 300 > "$T/other"
inside() { # FILE [OPTION...]: how many records of FILE are billed inside the band of count
	file=$1
	shift
	llm-cost count --format json "$@" "$file" > "$T/counts"
	paste "$T/counts" "$file" | python3 -c '
import json, sys
n = 0
for line in sys.stdin:
    count, record = (json.loads(part) for part in line.split("\t"))
    n += count["low"] <= record["response"]["body"]["usage"]["prompt_tokens"] <= count["high"]
print(n)'
}
holds 'with the calibration others lie in the band' test "$(inside "$T/other" --calibration "$T/calibration")" -ge 57
holds 'without it few do' test "$(inside "$T/other")" -lt 57
LLM_CALIBRATION=$T/calibration llm-cost count --format json "$T/other" > "$T/by-variable"
llm-cost count --format json --calibration "$T/calibration" "$T/other" > "$T/by-option"
same 'the variable is as good as the option' "$T/by-variable" "$T/by-option"
sed 's/claude-sonnet-4-5/us.anthropic.claude-sonnet-4-5-20250929-v1:0/' "$T/other" > "$T/bedrock"
holds 'another name of the model has it too' test "$(inside "$T/bedrock" --calibration "$T/calibration")" -ge 57

# outliers, and rows that are of another kind
python3 - "$T/log" > "$T/mixed" << 'END'
import copy, json, sys
rows = [json.loads(line) for line in open(sys.argv[1])]
for i, row in enumerate(rows):
    print(json.dumps(row))
    odd, body = copy.deepcopy(row), None
    body = odd["body"]
    usage = odd["response"]["body"]["usage"]
    usage["prompt_tokens"] = usage["prompt_tokens"] * 7 + 900
    usage["total_tokens"] = usage["prompt_tokens"] + 2
    if i % 10 == 0:    # a bill that has nothing to do with the text
        pass
    elif i % 10 == 1:
        body["tools"] = [{"type": "function", "function": {"name": "f", "parameters": {}}}]
    elif i % 10 == 2:
        body["messages"][0]["content"] = [{"type": "image_url", "image_url": {"url": "https://example.org/a.png"}}]
    elif i % 10 == 3:
        body["messages"][0]["content"] = [{"type": "file", "file": {"file_id": "f"}}]
    elif i % 10 == 4:
        usage["prompt_tokens_details"] = {"cached_tokens": usage["prompt_tokens"] + 1}
    elif i % 10 == 5:
        usage["prompt_tokens"] = 0
    elif i % 10 == 6:
        odd["llm"] = {"v": 1, "cache": {"hit": True}}
    elif i % 10 == 7:
        del odd["response"]
    elif i % 10 == 8:
        odd = {"model": "claude-sonnet-4-5", "usage": usage}
    else:
        body["response_format"] = {"type": "json_schema", "json_schema": {"schema": {"type": "object"}}}
    print(json.dumps(odd))
END
t 'a mixed log' 0 llm-cost calibrate "$T/mixed"
eq 'wrong bills are outliers' "$(jq .outliers "$T/out")" 6
eq 'they move nothing' "$(jq -c '[(.factor*100|round),(.low*50|round),(.high*50|round)]' "$T/out")" \
	"$(jq -c '[(.factor*100|round),(.low*50|round),(.high*50|round)]' "$T/learned")"
eq 'tools, images and files are left out' "$(jq .rows "$T/out")" 66
for why in 'tools' 'image' 'file' 'usage that contradicts itself' 'no prompt tokens' \
	'answered by our own cache' 'not answered' 'no request beside the usage' 'a schema'; do
	has "says what was left out: $why" "$T/err" "6 rows teach nothing: $why"
done

# several models, too few rows, nothing to learn, an overhead
{
	log gpt-5 1 48 0
	log gemini-2.5-pro 0.9 0 0
	log claude-opus-4-7 1.1 0 0 | sed -n 1,19p
	log gpt-4o 1 0 0
} > "$T/several"
t 'several models' 0 llm-cost calibrate "$T/several"
eq 'several models: sorted by name, one line each' "$(jq -r .model "$T/out" | xargs)" 'gemini-2.5-pro gpt-5'
eq 'an overhead is told apart from a factor' "$(jq -c 'select(.model=="gpt-5")|[(.factor*50|round),.overhead>44 and .overhead<52]' "$T/out")" '[50,true]'
has 'too few rows' "$T/err" "'claude-opus-4-7': 19 rows are too few, 20 are needed"
has 'documented framing: nothing to learn' "$T/err" "'gpt-4o': exact, nothing to learn: "
cp "$T/out" "$T/calibration"
log gpt-5 1 48 300 > "$T/other"
holds 'requests of a reasoning model lie in the band' test "$(inside "$T/other" --calibration "$T/calibration")" -ge 57
t 'too few of all' 1 llm-cost calibrate -o "$T/calibration" "$T/asked"
eq 'an old calibration is kept' "$(jq -r .model "$T/calibration" | xargs)" 'gemini-2.5-pro gpt-5'
t 'empty input' 1 llm-cost calibrate /dev/null
t 'a limit that is none' 2 llm-cost calibrate --min-rows 3 "$T/log"
t 'a higher limit' 1 llm-cost calibrate --min-rows 61 "$T/log"

# a line that says the same twice is rejected, and teaches nothing
sed '1s/"body": {/"body": {"model": "x", /' "$T/log" > "$T/twice"
t 'a member twice' 4 llm-cost calibrate "$T/twice"
eq 'a member twice: the others teach' "$(jq .rows "$T/out")" 59

# every shape that holds a request and its bill
if data 'recorded exchanges'; then
	seven="$LLM_TEST_DATA/batch/gemini_batch_response.jsonl"
	cat "$seven" "$seven" "$seven" "$seven" "$seven" "$seven" "$seven" |
		jq -c '.request.model="gemini-1.5-flash"' > "$T/gemini"
	t 'recorded gemini lines' 0 llm-cost calibrate "$T/gemini"
	eq 'recorded gemini lines: a factor' "$(jq -c '[.model,.rows,.factor>0.5 and .factor<1.5]' "$T/out")" '["gemini-1.5-flash",21,true]'
fi
python3 - "$T/log" > "$T/anthropic" << 'END'
import json, sys
for line in open(sys.argv[1]):
    row = json.loads(line)
    usage = row["response"]["body"]["usage"]
    half = usage["prompt_tokens"] // 2
    print(json.dumps({"custom_id": row["custom_id"], "params": dict(row["body"], max_tokens=9),
        "result": {"type": "succeeded", "message": {"model": "claude-sonnet-4-5-20250929", "role": "assistant",
        "content": [{"type": "text", "text": "ok"}], "stop_reason": "end_turn", "usage": {"input_tokens":
        usage["prompt_tokens"] - half, "cache_read_input_tokens": half, "cache_creation_input_tokens": 0,
        "output_tokens": 2}}}}))
END
t 'batch results joined' 0 llm-cost calibrate "$T/anthropic"
eq 'batch results joined: cached tokens are part of the prompt' "$(jq -c '[.model,.factor,.low,.high]' "$T/out")" \
	"$(jq -c '[.model,.factor,.low,.high]' "$T/learned")"
finish
