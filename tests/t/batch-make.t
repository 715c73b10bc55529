#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: `llm-batch make` turns rows of all three kinds into requests: each value arrives as it is,
# ids are stable and never equal, and a row that cannot be one is named.
# shellcheck disable=SC2317 # functions that t calls
. "$(dirname "$0")/../lib.sh"

make() { llm-batch make --model m --prompt "$@"; }
texts() { jq -c '.body.messages[0].content' "$1"; }
ids() { sed -n 's/^{"custom_id":"\([^"]*\)".*/\1/p' "$1"; } # jq stops at a lone surrogate

# rows of JSON
cat > "$T/rows" <<'E2'
{"a":"plain","b":{"c":[1,2.50]},"n":1e2}
{"a":"quote \" slash \\ {b} {{ line\nbreak","b":{"c":null},"n":12345678901234567890}
{"a":"\u0000\ud800é","b":{"c":true},"n":-0.0}
E2
t "fields and paths" 0 make '{a}|{.b.c}|{n}' "$T/rows"
head -n 2 "$T/out" > "$T/two"
eq "a text, a list and a number" "$(texts "$T/two" | sed -n 1p)" '"plain|[1,2.50]|1e2"'
eq "quotes, backslashes, braces, newlines" "$(texts "$T/two" | sed -n 2p)" '"quote \" slash \\ {b} {{ line\nbreak|null|12345678901234567890"'
has "escapes that only JSON can write stay as they are" "$T/out" '"\u0000\ud800é|true|-0.0"'
t "a doubled brace is a brace" 0 make '{{a}} {a}' "$T/rows"
eq "and nothing else is" "$(head -n 1 "$T/out" | jq -r '.body.messages[0].content')" '{a}} plain'
t "the whole line" 0 make 'x {line}' "$T/rows"
eq "as it stands" "$(head -n 1 "$T/out" | jq -r '.body.messages[0].content')" 'x {"a":"plain","b":{"c":[1,2.50]},"n":1e2}'
t "names with blanks" 0 sh -c "printf '{\"a b\":\"x\",\".c\":1}' | llm-batch make --model m --prompt '{a b}{.\".c\"}'"
eq "are names" "$(texts "$T/out")" '"x1"'

# ids
t "ids" 0 make '{a}' "$T/rows"
cp "$T/out" "$T/one"
t "the same rows" 0 make '{a}' "$T/rows"
same "have the same ids tomorrow" "$T/out" "$T/one"
cat "$T/rows" "$T/rows" "$T/rows" > "$T/thrice"
t "equal rows" 0 make '{a}' "$T/thrice"
eq "have ids of their own" "$(ids "$T/out" | sort -u | wc -l | xargs)" 9
first=$(ids "$T/one" | head -n 1)
eq "the n-th has -n" "$(ids "$T/out" | grep "^$first" | xargs)" "$first $first-2 $first-3"
printf '%s' '{"custom_id":"row {id}","body":{"model":"m","messages":[{"role":"user","content":"{id}"}]}}' > "$T/own.json"
printf '%s\n' '{"id":"1"}' '{"id":"1"}' '{"id":"1-2"}' > "$T/ids"
t "a template may write ids itself" 0 llm-batch make -t "$T/own.json" "$T/ids"
eq "and they are unique all the same" "$(jq -r .custom_id "$T/out" | sort -u | wc -l | xargs)" 3

# templates
cat > "$T/pretty.json" <<'E2'
{
	"model" : "gpt-4o" ,
	"seed" : 9007199254740993, "temperature": 1.0,
	"messages" : [ { "role": "user", "content": "say  \"{a}\"" } ]
}
E2
t "a bare body" 0 llm-batch make -t "$T/pretty.json" "$T/rows"
eq "becomes an envelope of one line" "$(head -n 1 "$T/out" | sed 's/"custom_id":"[0-9a-f]*"/ID/')" \
	'{ID,"method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-4o","seed":9007199254740993,"temperature":1.0,"messages":[{"role":"user","content":"say  \"plain\""}]}}'
printf '{"params":{"model":"claude-sonnet-4-5","max_tokens":10,"messages":[{"role":"user","content":"{a}"}]}}' > "$T/an.json"
t "Anthropic's element" 0 llm-batch make -t "$T/an.json" "$T/rows"
eq "keeps its form" "$(head -n 2 "$T/out" | jq -c keys | sort -u)" '["custom_id","params"]'
printf '{"request":{"contents":[{"role":"user","parts":[{"text":"{a}"}]}]}}' > "$T/ge.json"
t "Gemini's line" 0 llm-batch make -t "$T/ge.json" "$T/rows"
eq "has a key" "$(head -n 2 "$T/out" | jq -c keys | sort -u)" '["key","request"]'
for bad in '[1]' '{"x":1}' '{"model":"m","messages":[{"content":"{"}]}' '{"model":"m","messages":[{"content":"{}"}]}' \
	'{"model":"m","messages":[{"content":"{.a[}"}]}' '{"body":{},"body":{}}' '{"model"'; do
	printf '%s' "$bad" > "$T/bad.json"
	t "no template: $bad" 2 llm-batch make -t "$T/bad.json" "$T/rows"
	has "says why" "$T/err" "$T/bad.json: "
done
t "two templates" 2 llm-batch make -t "$T/an.json" --model m --prompt x "$T/rows"
t "no template" 2 llm-batch make "$T/rows"
t "a prompt without a model" 2 llm-batch make --prompt x "$T/rows"

# rows that are none
printf '%s\n' '{"a":1}' '{"b":1}' 'null' '{"a":1,"a":2}' '{"a":' '' '{"a":3}' > "$T/mixed"
t "bad rows" 4 llm-batch make --model m --prompt '{a}' --rejects "$T/rej" "$T/mixed"
eq "good ones go on" "$(texts "$T/out" | xargs)" "1 3"
sed -n '2,5p' "$T/mixed" > "$T/want"
same "bad ones are kept as they came" "$T/rej" "$T/want"
has "a missing field is named" "$T/err" "mixed:2: no field 'a'"
eq "each has its reason" "$(jq -r .line "$T/rej.why" | xargs)" "2 3 4 5"
t "--strict stops at the first" 4 llm-batch make --model m --prompt '{a}' --strict "$T/mixed"
eq "and there" "$(wc -l < "$T/out" | xargs)" 1

# CSV
printf '\357\273\277name,text\r\n"Ada, Countess","said ""hi""\r\nand left"\r\n\r\nBob,\r\nlast,"no end of line"' > "$T/x.csv"
t "CSV" 0 llm-batch make --csv --model m --prompt '{name}: {text}' "$T/x.csv"
eq "commas, quotes, newlines, empty fields, a mark" "$(texts "$T/out")" '"Ada, Countess: said \"hi\"\r\nand left"
"Bob: "
"last: no end of line"'
printf 'a,b\n1,2\n' > "$T/y.csv"
t "each file has its own first row" 0 llm-batch make --csv --model m --prompt '{a}' "$T/y.csv" "$T/y.csv"
eq "and its rows are equal rows" "$(jq -r .custom_id "$T/out" | sed 's/^[0-9a-f]*//' | xargs)" "-2"
printf 'a,b\nx"y,1\n"a"b,1\n1\n1,2,3\n\377,1\nok,1\n"open,1\n2,3\n' > "$T/bad.csv"
t "bad rows of CSV" 4 llm-batch make --csv --model m --prompt '{a}' --rejects "$T/crej" "$T/bad.csv"
eq "good ones go on" "$(texts "$T/out" | xargs)" ok
eq "bad ones are named by line" "$(jq -r .line "$T/crej.why" | xargs)" "2 3 4 5 6 8"
{ sed -n '2,6p' "$T/bad.csv"; sed -n '8,9p' "$T/bad.csv"; } > "$T/want"
cmp -s "$T/crej" "$T/want" || printf '\n' >> "$T/want"
same "and kept as they came" "$T/crej" "$T/want"
printf 'a,a\n1,2\n' > "$T/double.csv"
t "a column that stands twice" 4 llm-batch make --csv --model m --prompt '{a}' "$T/double.csv"
printf 'a,b\r1,"x\ry"\r2,z\r' > "$T/mac.csv"
t "lines that end in CR alone" 0 llm-batch make --csv --model m --prompt '{a} {b}' "$T/mac.csv"
eq "are rows" "$(jq -s -c 'map(.body.messages[0].content)' "$T/out")" '["1 x\ry","2 z"]'
printf 'a,b\n1,2\n' | iconv -t UTF-16 > "$T/wide.csv"
t "UTF-16" 4 llm-batch make --csv --model m --prompt '{a}' "$T/wide.csv" "$T/y.csv"
has "is named" "$T/err" 'wide.csv:1: UTF-16 text; convert it to UTF-8 first'
eq "and the next file is read" "$(wc -l < "$T/out" | xargs)" 1
for separator in ';' '\t'; do
	printf 'a,b\n1,2\n' | tr , "$separator" > "$T/semicolon.csv"
	t "another separator" 4 llm-batch make --csv --model m --prompt '{a}' "$T/semicolon.csv"
	has "is said" "$T/err" 'commas separate columns'
done
printf 'a,b\r\n"\r\n",c\r\n' | llm-batch make --csv --model m --prompt '{a}' > "$T/crlf"
eq "CRLF inside quotes is kept" "$(texts "$T/crlf")" '"\r\n"'

# text
printf 'one "line"\r\n\nlast {line}' > "$T/lines"
t "lines of text" 0 llm-batch make --text --model m --prompt '<{line}>' "$T/lines"
eq "are rows" "$(texts "$T/out")" '"<one \"line\">"
"<last {line}>"'
t "two kinds at once" 2 llm-batch make --text --csv --model m --prompt x "$T/lines"
t "a file that is not there" 3 llm-batch make --csv --model m --prompt '{a}' "$T/none" "$T/y.csv"
eq "the others are read" "$(wc -l < "$T/out" | xargs)" 1
head -c 100000 /dev/zero | tr '\0' x > "$T/long"
t "a row over --max-line" 4 llm-batch make --text --max-line 1000 --model m --prompt x "$T/long"
t "-o" 0 llm-batch make --csv --model m --prompt '{a}' -o "$T/made" "$T/y.csv"
eq "holds the requests" "$(wc -l < "$T/made" | xargs)" 1

if data "real tables"; then
	t "every row of a real table" 0 llm-batch make --csv --model m --prompt '{act}: {prompt}' "$LLM_TEST_DATA/prompts/awesome-prompts.csv"
	holds "arrives as another reader sees it" python3 - "$T/out" "$LLM_TEST_DATA/prompts/awesome-prompts.csv" <<-'P'
		import csv, json, sys
		csv.field_size_limit(10 ** 9)
		rows = ["%s: %s" % (r["act"], r["prompt"]) for r in csv.DictReader(open(sys.argv[2], newline=""))]
		made = [json.loads(l) for l in open(sys.argv[1])]
		assert rows == [m["body"]["messages"][0]["content"] for m in made]
		assert len({m["custom_id"] for m in made}) == len(rows) > 1000
	P
fi

# what data frames and spreadsheets write around their columns
printf '\357\273\277,q,\n0,hi,\n1,"a,b",x\n' > "$T/frame.csv"
t 'columns without a name' 0 llm-batch make --csv --model m --prompt '{q}' "$T/frame.csv"
eq 'are left out' "$(jq -r '.body.messages[0].content' "$T/out" | xargs)" 'hi a,b'
finish
