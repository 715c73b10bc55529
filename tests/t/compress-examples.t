#!/bin/sh
# SPDX-License-Identifier: MIT
# The recipe of llm-compress(1) for how many examples are enough: 1, 2, 3, 5, judged, until it is no worse
. "$(dirname "$0")/../lib.sh"

# requests COUNT: so many with five examples each
requests() {
	jq -nc --argjson n "$1" 'range($n) | {custom_id: "q\(.)", method: "POST", url: "/v1/chat/completions", body: {model: "gpt-4o", messages: [
		{role: "system", content: (["the lamp is broken", "the parcel came late", "what a friendly shop", "nobody answers the phone", "it works as it should"] | to_entries | map("Input: \(.value)\nOutput: \(if .key == 2 or .key == 4 then "good" else "bad" end)") | "Say good or bad.\n\n" + join("\n\n"))},
		{role: "user", content: "The kettle number \(.) leaks"}]}}'
}
# run: a model that is right where it saw three examples or more, and a judge that compares
run() {
	jq -c 'def said(f): {status_code: 200, body: {model: .body.model, choices: [{index: 0, finish_reason: "stop", message: {role: "assistant", content: f}}], usage: {prompt_tokens: 1, completion_tokens: 1, total_tokens: 2}}};
		if .llm.side == "judge"
		then .response = said(.body.messages[1].content | fromjson | {reason: "x", verdict: (if .answer_1 == .answer_2 then "same" else "worse" end)} | tojson)
		else .response = said(if [.body.messages[0].content | scan("Input:")] | length >= 3 then "bad" else "good" end) end'
}
recipe() {
	llm-batch sample -N "$1" "$T/req" > "$T/sample"
	run < "$T/sample" > "$T/all"
	for k in 1 2 3 5; do
		llm-compress --examples "$k" "$T/sample" | run > "$T/few"
		llm-batch judge --model judge --against "$T/all" "$T/few" | run > "$T/judged"
		verdict=$(llm-cost quality --max-regression 5% --format json "$T/few" "$T/judged" | jq -r .total.verdict)
		echo "$k examples: $verdict"
		[ "$verdict" != ok ] || break
	done
}
requests 120 > "$T/req"
eq 'enough are found, and no more are tried' "$(recipe 100)" '1 examples: worse
2 examples: worse
3 examples: ok'
eq 'what stays has both labels' "$(llm-compress --examples 3 "$T/sample" | head -n 1 | jq -r '.body.messages[0].content' | grep -o 'Output: [a-z]*' | sort -u | tr '\n' ' ')" 'Output: bad Output: good '
requests 3 > "$T/req"
eq 'three judged rows cannot tell that it is no worse' "$(recipe 3 | sed -n '3,4p')" '3 examples: unclear
5 examples: unclear'
finish
