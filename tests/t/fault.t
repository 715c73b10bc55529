#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: when memory, a read, a write, a sync or a rename fails at any call, a tool ends with status
# 3 and a message or with the right output; what it keeps on disk is whole. tests/fault has the kit.
. "$(dirname "$0")/../lib.sh"

bin=${LLM_FAULT_BIN:-$TOP/build/fault}
if [ -n "${LLM_SANITIZED:-}" ]; then
	skip 'faults under a sanitizer' 'the kit has an allocator of its own'
	finish
fi
for tool in llm-route llm-compress llm-cache llm-batch llm-cost; do
	[ -x "$bin/$tool" ] && continue
	skip 'faults' 'no fault build (make fault)'
	finish
done

# how many calls of a kind fail in each manner; LLM_CHECK_FULL: every one
most=${FAULT_MOST:-12}
[ -z "${LLM_CHECK_FULL:-}" ] || most=1000000

mkdir "$T/in"
for i in 1 2 3; do
	printf '{"custom_id":"q%s","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-4o","messages":[{"role":"system","content":"You   help."},{"role":"user","content":"Question %s:  what is [ { \\"a\\" : 1 } ] ?"}]}}\n' $i $i
done > "$T/in/req.jsonl"
sed 's/}$/,"response":{"status_code":200,"body":{"model":"gpt-4o","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"yes"}}],"usage":{"prompt_tokens":20,"completion_tokens":1,"total_tokens":21}}}}/' "$T/in/req.jsonl" > "$T/in/ans.jsonl"
printf 'tier small gpt-4o-mini\nrule s tokens>5 -> small\ndefault -> keep\n' > "$T/in/routes"
printf 'subject,text\nhello,my printer is on fire\nbye,thanks\n' > "$T/in/rows.csv"
# what put stores: the requests as get signed them, with their answers
llm-cache get --store "$T/store" "$T/in/req.jsonl" > "$T/signed.jsonl" 2> "$T/err"
python3 - "$T/signed.jsonl" "$T/in/ans.jsonl" > "$T/in/put.jsonl" <<'P'
import json, sys
for signed, answered in zip(open(sys.argv[1]), open(sys.argv[2])):
    print(json.dumps(dict(json.loads(signed), response=json.loads(answered)["response"])))
P
mkdir "$T/stored"
cp "$T/in/"* "$T/stored"
llm-cache put --store "$T/stored/store" "$T/in/put.jsonl" > "$T/out" 2> "$T/err"

# the store, if there is one, is whole and can be used again
cat > "$T/store-is-whole" <<'S'
#!/bin/sh
set -e
[ -e store ] || exit 0
python3 -c '
import sqlite3, sys
found = sqlite3.connect("store").execute("pragma integrity_check").fetchall()
sys.exit(0 if found == [("ok",)] else str(found))'
llm-cache put --store store put.jsonl > after.jsonl
llm-cache get --store store req.jsonl > after.jsonl
test "$(grep -c '"hit":true' after.jsonl)" -eq 3
S
# the journal of a run, if there is one, can be used again
cat > "$T/journal-is-whole" <<'S'
#!/bin/sh
[ -e state ] || exit 0
llm-batch run --base-url http://127.0.0.1:9/v1 --state state ans.jsonl > after.jsonl
S
chmod +x "$T/store-is-whole" "$T/journal-is-whole"

# hurt WHAT [--most=N] [OPTION...] -- COMMAND...: $FOLDER is what the command finds
hurt() {
	hurt_what=$1 hurt_options=''
	shift
	while [ "$1" != -- ]; do
		hurt_options="$hurt_options $1"
		shift
	done
	shift
	# shellcheck disable=SC2086 # options without blanks
	PATH=$bin:$PATH python3 "$TOP/tests/fault/loop.py" --most "$most" $hurt_options --first $((count + 1)) \
		"$hurt_what" "${FOLDER:-$T/in}" "$@" > "$T/tap" 2> "$T/err"
	cat "$T/tap"
	hurt_lines=$(grep -cE '^(not )?ok ' "$T/tap")
	count=$((count + hurt_lines)) failed=$((failed + $(grep -c '^not ok ' "$T/tap")))
	[ "$hurt_lines" -gt 1 ] || fail "$hurt_what: the loop ran" "$(cat "$T/err")"
}

# what is looked at after each run takes its time
few=--most=5
[ -z "${LLM_CHECK_FULL:-}${FAULT_MOST:-}" ] || few=--most=$most

hurt 'llm-route' --statuses=2,3 -- llm-route -r routes req.jsonl
hurt 'llm-compress -o' --files=o -- llm-compress -o o req.jsonl
hurt 'llm-cache get' "$few" "--after=$T/store-is-whole" -- llm-cache get --store store req.jsonl
FOLDER=$T/stored hurt 'llm-cache get, stored' --report "$few" "--after=$T/store-is-whole" -- llm-cache get --store store req.jsonl
hurt 'llm-cache put' "$few" "--after=$T/store-is-whole" -- llm-cache put --store store put.jsonl
hurt 'llm-cache mark' -- llm-cache mark req.jsonl
hurt 'llm-batch make' -- llm-batch make --model gpt-4o --prompt '{text}' --csv rows.csv
hurt 'llm-batch pack' --files=parts/req-0001.jsonl -- llm-batch pack --for openai -d parts req.jsonl
hurt 'llm-batch join' --report --files=missing -- llm-batch join --requests req.jsonl --missing missing ans.jsonl
hurt 'llm-batch run' "$few" "--after=$T/journal-is-whole" -- llm-batch run --base-url http://127.0.0.1:9/v1 --state state ans.jsonl
hurt 'llm-cost report' --report -- llm-cost report --format json ans.jsonl
hurt 'llm-cost ledger' --report -- llm-cost ledger --format json ans.jsonl
finish
