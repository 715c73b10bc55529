#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: `llm-batch pack` splits what has no answer into files within the limits, each of one model
# and endpoint, and changes no byte that it need not change.
. "$(dirname "$0")/../lib.sh"

line() { # ID [MODEL] [MORE MEMBERS]
	printf '{"custom_id":"%s","method":"POST","url":"/v1/chat/completions","body":{"model":"%s","messages":[{"role":"user","content":"question %s"}]}%s}\n' "$1" "${2:-gpt-4o}" "$1" "${3:-}"
}
parts() { find "$T/p" -name '*.jsonl' | sort; }
counts() { for part in $(parts); do wc -l < "$part"; done | xargs; }
names() { find "$T/p" -type f | sed 's/.*\///' | sort | xargs; }
pack() { # WHAT STATUS [OPTION VALUE]
	pack_what=$1 pack_want=$2
	shift 2
	rm -rf "$T/p"
	t "$pack_what" "$pack_want" llm-batch pack --for openai -d "$T/p" "$T/in" "$@"
}

i=0
while [ $((i += 1)) -le 10 ]; do line "q$i"; done > "$T/ten"
cp "$T/ten" "$T/in"
pack 'ten requests' 0
holds 'nothing on standard output' test ! -s "$T/out"
cat "$T/p"/*.jsonl > "$T/back"
same 'byte for byte' "$T/back" "$T/in"
eq 'named so' "$(names)" 'manifest.json part-0001.jsonl'
eq 'only their owner reads them' "$(stat -c %a "$T/p" "$T/p/part-0001.jsonl" "$T/p/manifest.json" | xargs)" '700 600 600'
eq 'the manifest tells what is in them' "$(jq -c '[.for,.requests,(.parts[]|.file,.model,.endpoint,.requests,.bytes)]' "$T/p/manifest.json")" \
	"[\"openai\",10,\"part-0001.jsonl\",\"gpt-4o\",\"/v1/chat/completions\",10,$(wc -c < "$T/in" | xargs)]"
eq 'and the date of the limits' "$(jq -r '.limits.date|test("^[0-9]{4}-[0-9]{2}-[0-9]{2}$")' "$T/p/manifest.json")" true

# limits: one below, exact, one above
size=$(head -n 1 "$T/in" | wc -c | xargs)
for limit in '3:3 3 3 1' '5:5 5' '9:9 1' '10:10' '11:10'; do
	pack "at most ${limit%%:*} requests" 0 --max-requests "${limit%%:*}"
	eq "gives ${limit#*:}" "$(counts)" "${limit#*:}"
done
head -n 4 "$T/ten" > "$T/in"
for limit in "$((size * 2 - 1)):1 1 1 1" "$((size * 2)):2 2" "$((size * 2 + 1)):2 2" "$((size * 4)):4"; do
	pack "at most ${limit%%:*} bytes" 0 --max-bytes "${limit%%:*}"
	eq "gives ${limit#*:}" "$(counts)" "${limit#*:}"
done
pack 'a line of the limit' 0 --max-bytes "$size"
pack 'lines over the limit' 4 --max-bytes "$((size - 1))"
eq 'are refused' "$(counts)" ''
has 'and named' "$T/err" 'in:1: a line larger than a whole file may be'
each=$(llm-cost count --format csv "$T/in" 2> "$T/err" | sed -n 2p | cut -d, -f3)
if [ -n "$each" ]; then
	pack 'tokens at the limit' 0 --max-tokens "$((each * 2))"
	eq 'fill a file' "$(counts)" '2 2'
	pack 'tokens over the limit' 0 --max-tokens "$((each * 2 - 1))"
	eq 'open the next' "$(counts)" '1 1 1 1'
	eq 'the manifest counts them' "$(jq -r '.parts[0].tokens' "$T/p/manifest.json")" "$each"
	# gpt-4o: 2.50 and 10 dollars a million, half of that in batches; the cap is the model's
	pack 'dollars' 0 --cost --max-requests 1 --now 2026-10-01
	eq 'of each part' "$(jq -c '.parts[0].usd.input' "$T/p/manifest.json")" "{\"batch\":\"$(awk "BEGIN { printf \"%.8f\", $each * .00000125 }" | sed 's/0*$//')\",\"normal\":\"$(awk "BEGIN { printf \"%.7f\", $each * .0000025 }" | sed 's/0*$//')\"}"
	eq 'and of all: half of them, and with the longest answers' "$(jq -c '.usd|[.input.normal,.input.batch,.most.normal]|map(tonumber)|[.[0]==2*.[1],.[2]==.[0]+4*16384*.00001]' "$T/p/manifest.json")" '[true,true]'
	has 'and said' "$T/err" 'in batches instead of'
	sed 's/"gpt-4o"/"gpt-4o","max_tokens":100/' "$T/in" > "$T/in2"
	t 'a cap' 0 llm-batch pack --for openai -d "$T/p" --cost --now 2026-10-01 "$T/in2"
	eq 'bounds the dollars' "$(jq -c '.usd|[.input.normal,.most.normal]|map(tonumber)|.[1]==.[0]+4*100*.00001' "$T/p/manifest.json")" true
	sed 's/gpt-4o/nobodys-1/' "$T/in" > "$T/in2"
	t 'a model without a price' 0 llm-batch pack --for openai -d "$T/p" --cost "$T/in2"
	eq 'costs what nobody knows' "$(jq -c '.usd,.parts[0].usd|.input' "$T/p/manifest.json" | xargs)" '{batch:null,normal:null} {batch:null,normal:null}'
	has 'which is said' "$T/err" '4 requests have no price'
	pack 'a request over the limit' 4 --max-tokens "$((each - 1))"
	# long system texts that follow one another, the same and others, for two vocabularies
	for i in 1 2 3 4 5 6; do
		long=$(printf "terms of delivery, part $((i / 3)): %200s" x | tr ' ' y)
		[ $i -lt 6 ] && model=gpt-4o || model=gpt-4
		printf '{"custom_id":"l%s","method":"POST","url":"/v1/chat/completions","body":{"model":"%s","messages":[{"role":"system","content":"%s %s"},{"role":"user","content":"%s"}]}}\n' "$i" "$model" "$long" "$long" $i
	done > "$T/in"
	pack 'texts in common' 0 --cost
	together=$(jq '[.parts[].tokens]|add' "$T/p/manifest.json") alone=0
	cp "$T/in" "$T/in2"
	for i in 1 2 3 4 5 6; do
		sed -n ${i}p "$T/in2" > "$T/in"
		llm-batch pack -q --for openai -d "$T/p" --cost "$T/in"
		alone=$((alone + $(jq '.parts[0].tokens' "$T/p/manifest.json")))
	done
	eq 'count as they do alone' "$together" "$alone"
else
	fail 'tokens of a request are known' "$(cat "$T/err")"
fi
python3 - > "$T/in" <<'P'
for i, n in enumerate((20000, 20000, 10000, 1, 49999)):
    print('{"custom_id":"e%d","method":"POST","url":"/v1/embeddings","body":{"model":"m","input":[%s]}}' % (i, ",".join(['"x"'] * n)))
P
pack 'embedding inputs' 0
eq 'are counted over the file: 50,000 fit, one more does not' "$(counts)" '3 2'
eq 'and stand in the manifest' "$(jq -c '[.parts[].inputs]' "$T/p/manifest.json")" '[50000,50000]'
i=0
while [ $((i += 1)) -le 50001 ]; do echo "$i"; done | sed 's/.*/{"custom_id":"n&","method":"POST","url":"\/v1\/chat\/completions","body":{"model":"m","messages":[{"role":"user","content":"x"}]}}/' > "$T/in"
pack '50,001 requests' 0
eq 'are one too many for a file' "$(counts)" '50000 1'

# models and endpoints
{ line a gpt-4o; line b gpt-4o-mini; line c gpt-4o; printf '{"custom_id":"e","method":"POST","url":"/v1/embeddings","body":{"model":"gpt-4o","input":"x"}}\n'; line d gpt-4o-mini; } > "$T/in"
pack 'mixed models and endpoints' 0
eq 'are sorted' "$(for part in $(parts); do jq -r .custom_id "$part" | xargs; done)" 'a c
b d
e'
line a '../../evil' > "$T/in"
pack 'a model that looks like a path' 0
eq 'names no file' "$(find "$T" -name '*evil*' | wc -l | xargs)" 0
rm -rf "$T/p"
t '--name' 0 llm-batch pack --for openai -d "$T/p" --name night "$T/in"
eq 'names the files' "$(names)" 'manifest.json night-0001.jsonl'
t 'no name that is a path' 2 llm-batch pack --for openai -d "$T/p" --name ../x "$T/in"

# what is not packed, what is stripped, what is added
{
	line a gpt-4o ',"llm":{"v":1,"cache":{"key":"1:00","hit":false}},"api_base":"https://example.invalid/v1","odd":1'
	line b gpt-4o ',"llm":{"v":1,"cache":{"key":"1:00","hit":false,"collapsed":true}}'
	line c gpt-4o ',"response":{"status_code":200,"body":{}}'
	echo
	printf '{"body":{"model":"gpt-4o","seed":9007199254740993,"api_key":"k","messages":[{"role":"user","content":"\\u00e9"}]}}\n'
	printf '{"model":"gpt-4o","messages":[{"role":"user","content":"hi"}],"llm":{"v":1}}\r\n'
} > "$T/in"
pack 'records of all kinds' 0
cat > "$T/want" <<'W'
{"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-4o","messages":[{"role":"user","content":"question a"}]}}
{"custom_id":"r-5","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-4o","seed":9007199254740993,"messages":[{"role":"user","content":"\u00e9"}]}}
{"custom_id":"r-6","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-4o","messages":[{"role":"user","content":"hi"}]}}
W
same 'answered and collapsed ones are left out, strangers stripped, ids and endpoints added' "$T/p/part-0001.jsonl" "$T/want"
eq 'the manifest counts them' "$(jq -c '[.answered,.collapsed]' "$T/p/manifest.json")" '[1,1]'
line c gpt-4o ',"response":{"status_code":200,"body":{}}' > "$T/in"
pack 'only answered records' 0
eq 'give no file' "$(counts)" ''
printf '\357\273\277' > "$T/in"
line a >> "$T/in"
pack 'a mark at the start' 0
line a > "$T/want"
same 'is not packed' "$T/p/part-0001.jsonl" "$T/want"
{ line a; line a; line b; printf '\357\273\277{}\n'; echo null; echo '{}'; } > "$T/in"
rm -rf "$T/p"
t 'bad lines' 4 llm-batch pack --for openai -d "$T/p" --rejects "$T/rej" "$T/in"
eq 'are refused, the rest is packed' "$(wc -l < "$T/rej" | xargs) $(counts)" '4 2'

# providers
printf '{"custom_id":"a","params":{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"x"}],"odd":1},"llm":{"v":1}}\n{"model":"m","max_tokens":1,"system":"s","messages":[{"role":"user","content":"y"}]}\n' > "$T/in"
rm -rf "$T/p"
t "Anthropic's lines" 0 llm-batch pack --for anthropic -d "$T/p" "$T/in"
eq 'have its form' "$(cat "$T/p/part-0001.jsonl")" '{"custom_id":"a","params":{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"x"}]}}
{"custom_id":"r-2","params":{"model":"m","max_tokens":1,"system":"s","messages":[{"role":"user","content":"y"}]}}'
printf '{"request":{"contents":[{"role":"user","parts":[{"text":"x"}]}]}}\n' > "$T/in"
rm -rf "$T/p"
t "Gemini's lines" 0 llm-batch pack --for gemini -d "$T/p" "$T/in"
eq 'get a key' "$(cat "$T/p/part-0001.jsonl")" '{"key":"r-1","request":{"contents":[{"role":"user","parts":[{"text":"x"}]}]}}'
printf '{"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"messages":[{"role":"user","content":"x"}]}}\n' > "$T/in"
rm -rf "$T/p"
t "Mistral's lines" 0 llm-batch pack --for mistral -d "$T/p" "$T/in"
eq 'have id and body' "$(cat "$T/p/part-0001.jsonl")" '{"custom_id":"a","body":{"messages":[{"role":"user","content":"x"}]}}'

# the folder
cp "$T/ten" "$T/in"
pack 'a first run' 0 --max-requests 3
head -n 4 "$T/ten" > "$T/in"
t 'a second one into the same folder' 0 llm-batch pack --for openai -d "$T/p" --max-requests 3 "$T/in"
eq 'leaves nothing of the first' "$(names)" 'manifest.json part-0001.jsonl part-0002.jsonl'
cat "$T/p"/*.jsonl > "$T/back"
same 'and has its own' "$T/back" "$T/in"
rm -rf "$T/p"
t '-n' 0 llm-batch pack --for openai -d "$T/p" -n "$T/in"
holds 'makes nothing' test ! -e "$T/p"
t 'nested folders are made' 0 llm-batch pack --for openai -d "$T/p/q/r" "$T/in"
mkdir -m 777 "$T/open"
chmod 777 "$T/open"
t 'a folder that everybody can write' 3 llm-batch pack --for openai -d "$T/open" "$T/in"
t 'a folder that cannot be made' 3 llm-batch pack --for openai -d /dev/null/x "$T/in"
t 'no folder' 2 llm-batch pack --for openai "$T/in"
t 'no provider' 2 llm-batch pack -d "$T/p" "$T/in"
rm -rf "$T/p"
mkfifo "$T/fifo"
llm-batch pack --for openai -d "$T/p" "$T/fifo" &
first=$!
exec 9> "$T/fifo"
cat "$T/in" >&9
tries=100
while [ ! -d "$T/p" ] && [ $((tries -= 1)) -gt 0 ]; do sleep .05; done
sleep .2
t 'two runs into one folder' 5 llm-batch pack --for openai -d "$T/p" "$T/in"
exec 9>&-
wait "$first"
eq 'the first one ends well' "$?" 0
# what cannot wait for a batch
for due in 2026-11-22T11:00:00Z 2026-11-22T13:00:00Z; do
	printf '{"custom_id":"%s","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-4o","messages":[{"role":"user","content":"x"}]},"due":"%s"}\n' "$due" "$due"
done > "$T/due"
printf '{"custom_id":"any","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-4o","messages":[{"role":"user","content":"x"}]}}\n' >> "$T/due"
now=--now=2026-11-21T12:00:00Z
t 'a deadline inside the window' 4 llm-batch pack --for openai -d "$T/due.d" --deadline .due $now --rejects "$T/due.rej" "$T/due"
head -n 1 "$T/due" > "$T/want"
same 'is rejected, byte for byte' "$T/due.rej" "$T/want"
has 'and said' "$T/err" "due before a batch must have ended"
eq 'the others are packed' "$(jq -r .custom_id "$T/due.d/part-0001.jsonl" | xargs)" '2026-11-22T13:00:00Z any'
t 'a shorter window' 0 llm-batch pack --for openai -d "$T/due.d" --deadline .due --window 1h $now "$T/due"
t 'no deadline' 0 llm-batch pack --for openai -d "$T/due.d" $now "$T/due"

finish
