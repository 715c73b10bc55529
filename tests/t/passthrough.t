#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: a filter changes only what it owns. Each edited line, with the edit taken back, is the line
# that went in, byte for byte (tests/passthrough.py); untouched lines are compared as they are.
. "$(dirname "$0")/../lib.sh"

undo() { python3 "$TOP/tests/passthrough.py" "$@"; }
bodies() { # NAME...: where a member of the body may stand
	for name; do printf ' body.%s params.%s %s request.%s modelInput.%s' "$name" "$name" "$name" "$name" "$name"; done
}
printf '%s\n' 'tier small gpt-4o-mini' 'rule short tokens>40 -> small max_tokens=700' 'default -> keep' > "$T/routes"

# kept WHAT STATUS COMMAND...: over $T/in; OWNED holds the paths
kept() {
	kept_what=$1 kept_want=$2
	shift 2
	kept_got=0
	"$@" "$T/in" > "$T/out" 2> "$T/err" || kept_got=$?
	eq "$kept_what: status" "$kept_got" "$kept_want"
	# shellcheck disable=SC2086 # a list
	if undo "${HOW:-check}" "$T/in" "$T/out" $OWNED > "$T/undone" 2>&1; then
		pass "$kept_what: $(cat "$T/undone")"
	else
		fail "$kept_what" "$(cat "$T/undone")" "$(head -c 400 "$T/err")"
	fi
}
changed() { # WHAT: and some lines really were edited, else nothing was shown
	if grep -qE ' [1-9][0-9]* changed' "$T/undone"; then pass "$1: some were"; else fail "$1: none was" "$(cat "$T/undone")"; fi
}
all_filters() { # WHAT
	OWNED='llm.route llm.v'
	kept "$1: llm-route" 0 llm-route
	changed "$1: llm-route"
	OWNED="llm.route llm.v $(bodies model max_tokens max_completion_tokens)"
	kept "$1: llm-route with rules" 0 llm-route -r "$T/routes"
	OWNED='llm.route llm.v'
	kept "$1: llm-route --observe" 0 llm-route --observe -r "$T/routes"
	OWNED="llm.compress llm.v $(bodies messages system contents tools input prompt systemInstruction)"
	kept "$1: llm-compress" 0 llm-compress
	changed "$1: llm-compress"
	OWNED='llm.cache llm.v'
	kept "$1: llm-cache get" 0 llm-cache get --store "$T/store"
	changed "$1: llm-cache get"
	OWNED="llm.cache llm.v $(bodies messages system contents tools input prompt prompt_cache_key systemInstruction)"
	kept "$1: llm-cache mark" 0 llm-cache mark
}
answered() { # WHAT
	OWNED=''
	kept "$1: llm-route" 0 llm-route -r "$T/routes"
	kept "$1: llm-compress" 0 llm-compress
	kept "$1: llm-cache get" 0 llm-cache get --store "$T/store2"
	kept "$1: llm-cache mark" 0 llm-cache mark
	kept "$1: llm-batch run" 0 llm-batch run --base-url http://127.0.0.1:9/v1
	kept "$1: llm-cache put" 0 llm-cache put --store "$T/store2"
	OWNED='llm.cost llm.v'
	kept "$1: llm-cost annotate" 0 llm-cost annotate
	changed "$1: llm-cost annotate"
}

# --- the checker itself must be able to say no
printf '%s\n' '{"a":1.0,"body":{"model":"x", "n" : 1e2},"a":2}' > "$T/in"
refused() { # WHAT LINE OWNED...
	refused_what=$1
	printf '%s\n' "$2" > "$T/out"
	shift 2
	if undo check "$T/in" "$T/out" "$@" > "$T/undone" 2>&1; then fail "the checker sees $refused_what"; else pass "the checker sees $refused_what"; fi
}
refused 'another spelling of a number' '{"a":1,"body":{"model":"x", "n" : 1e2},"a":2,"llm":{}}' llm
refused 'a blank less' '{"a":1.0,"body":{"model":"x","n" : 1e2},"a":2,"llm":{}}' llm
refused 'a member less' '{"a":1.0,"body":{"model":"x", "n" : 1e2},"llm":{}}' llm
refused 'another order' '{"a":2,"body":{"model":"x", "n" : 1e2},"a":1.0}' llm
refused 'a change beside what is owned' '{"a":1.0,"body":{"model":"y", "n" : 1e3},"a":2}' body.model
refused 'a foreign annotation' '{"a":1.0,"body":{"model":"x", "n" : 1e2},"a":2,"llm":{"route":1}}' llm.cache
printf '%s\n' '{"a":1.0,"body":{"model":"y", "n" : 1e2},"a":2,"llm":{"v":1,"route":{"x":"}"}}}' > "$T/out"
holds 'and lets pass what is owned' python3 "$TOP/tests/passthrough.py" check "$T/in" "$T/out" body.model llm.route llm.v

# --- cases of our own
cat "$TOP"/tests/passthrough/*.jsonl > "$T/in"
all_filters 'own cases'
undo answer < "$T/in" > "$T/in2"
mv "$T/in2" "$T/in"
holds 'own cases can be answered' test "$(wc -l < "$T/in")" -ge 10
answered 'own answered cases'

# --- every corpus
if data 'all corpora, requests and logs'; then
	undo make "$LLM_TEST_DATA" > "$T/all"
	cp "$T/all" "$T/in"
	holds 'the corpora give 9,000 lines' test "$(wc -l < "$T/in")" -ge 9000
	all_filters 'corpora'
	undo answer < "$T/all" > "$T/in"
	holds 'of which 8,000 are requests' test "$(wc -l < "$T/in")" -ge 7000
	answered 'answered corpora'
	cp "$T/all" "$T/in"
	OWNED='llm.cost llm.v' HOW=subset
	kept 'corpora: llm-cost annotate' 4 llm-cost annotate
	changed 'corpora: llm-cost annotate'
fi
finish
