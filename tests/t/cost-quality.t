#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: llm-cost quality gives the rate of worse answers by route, and fails when it is too high for certain.
. "$(dirname "$0")/../lib.sh"

# answer ID RULE [VERDICT-MEMBER]
answer() {
	printf '{"custom_id":"%s","body":{"model":"gpt-4o","messages":[{"role":"user","content":"hi"}]},"response":{"status_code":200,"body":{"model":"gpt-4o","choices":[{"message":{"content":"x"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}},"llm":{"v":1,"route":{"rule":"%s"}}%s}\n' "$1" "$2" "${3:-}"
}
# judge FOR TEXT: a judge's line, answered
judge() {
	printf '{"custom_id":"j-%s","body":{"model":"judge-1","messages":[]},"response":{"status_code":200,"body":{"model":"judge-1","choices":[{"message":{"content":"%s"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}},"llm":{"v":1,"for":"%s","side":"judge"}}\n' "$1" "$2" "$1"
}
# judged RULE COUNT WORSE: records with their verdict
judged() {
	n=0
	while [ $((n += 1)) -le "$2" ]; do
		if [ "$n" -le "$3" ]; then v=worse; else v=same; fi
		answer "$1-$n" "$1" ",\"verdict\":\"$v\""
	done
}
q() { llm-cost quality --by .llm.route.rule --format json "$@"; }

judged cheap 100 20 > "$T/in"
judged fine 100 1 >> "$T/in"
answer u fine >> "$T/in"
t 'rates' 0 llm-cost quality --by .llm.route.rule --format json "$T/in"
eq 'rates: counts' "$(jq -c '[.groups[]|[.key[".llm.route.rule"],.answers,.judged,.worse,.unjudged,.rate]]' "$T/out")" '[["cheap",100,100,20,0,0.2],["fine",101,100,1,1,0.01]]'
eq 'exact interval' "$(jq -c '.groups[0]|[.low,.high]' "$T/out")" '[0.126656,0.291843]'
eq 'Wilson interval' "$(q --interval wilson "$T/in" | jq -c '.groups[0]|[.low,.high]')" '[0.133367,0.288829]'
eq 'rows that show a loss of two points' "$(jq -c '.groups[1].rows_needed' "$T/out")" "$(q --max-regression 1% "$T/in" | jq .groups[1].rows_needed)"
t 'below the limit for certain' 0 llm-cost quality --max-regression 30% --by .llm.route.rule --format json "$T/in"
eq 'verdicts: ok' "$(jq -c '[.groups[].verdict]' "$T/out")" '["ok","ok"]'
t 'above the limit for certain' 1 llm-cost quality --max-regression 10% --by .llm.route.rule --format json "$T/in"
eq 'verdicts: one is worse' "$(jq -c '[.groups[].verdict]' "$T/out")" '["worse","ok"]'
t 'perhaps' 0 llm-cost quality --max-regression 15% --by .llm.route.rule --format json "$T/in"
eq 'verdicts: unclear' "$(jq -c '.groups[0].verdict' "$T/out")" '"unclear"'
judged tiny 1 1 > "$T/in"
t 'one row, and it is bad' 0 llm-cost quality --max-regression 5% --by .llm.route.rule --format json "$T/in"
eq 'one row cannot tell; so many would' "$(jq -c '.total|[.verdict,.rows_needed,.rows_needed_each_arm]' "$T/out")" '["unclear",1031,2213]'
judged tiny 3 3 > "$T/in"
t 'three of three' 1 llm-cost quality --max-regression 5% --by .llm.route.rule "$T/in"

# verdicts on lines of their own
{
	answer a cheap; answer b cheap; answer c cheap; answer d cheap; answer e cheap
	judge a '{\"verdict\":\"worse\"}'
	judge a 'Worse. The answer is wrong'
	judge b 'SAME'
	judge b '{\"verdict\":\"worse\"}'
	judge c '{\"score\":1}'
	judge nobody 'worse'
	judge d 'who knows'
	printf '{"id":"e","verdict":"down"}\n'
} > "$T/in"
t 'judges and flags' 0 llm-cost quality --by .llm.route.rule --format json "$T/in"
eq 'joined by id: two agree, two do not, one is nobody' "$(jq -c '[(.groups[]|[.key[".llm.route.rule"],.answers,.judged,.worse,.split,.unjudged]),.orphans,.unreadable]' "$T/out")" '[["cheap",5,3,2,1,1],1,1]'
eq 'the judge is named' "$(jq -c .judges "$T/out")" '[{"model":"judge-1","verdicts":6}]'

# plain rows, words and scores
printf '{"route":"a","verdict":"%s"}\n' worse bad fail no wrong regressed B down good ok pass yes same better A up > "$T/in"
printf '{"route":"a","verdict":%s}\n' true false 1 0 0.5 null '[]' '""' >> "$T/in"
t 'words' 0 llm-cost quality --format json "$T/in"
eq 'words: eight of each, booleans, scores; null and empty are no verdict' "$(jq -c '.total|[.answers,.judged,.worse,.unjudged]' "$T/out")" '[24,20,10,4]'
eq 'words: two are not understood' "$(jq -c .unreadable "$T/out")" 2
printf '{"route":"a","score":%s}\n' 1 2 3 4 5 > "$T/in"
eq 'a least score' "$(llm-cost quality --min-score 3 --format json "$T/in" | jq -c '.total|[.judged,.worse]')" '[5,2]'
eq 'another place' "$(printf '{"route":"a","x":{"y":false}}\n' | llm-cost quality --verdict .x.y --format json | jq -c '.total|[.judged,.worse]')" '[1,1]'

judged cheap 100 20 > "$T/in"
answer u cheap >> "$T/in"
t 'table' 1 llm-cost quality --max-regression 10% --by .llm.route.rule "$T/in"
golden 'table' "$T/out" cost-quality.txt
t 'csv' 0 llm-cost quality --by .llm.route.rule --format csv "$T/in"
eq 'csv' "$(cat "$T/out")" '.llm.route.rule,answers,judged,worse,rate,low,high,rows_needed
cheap,101,100,20,0.2,0.126656,0.291843,3208'
t 'markdown' 0 llm-cost quality --format md "$T/in"
t 'empty' 0 llm-cost quality --max-regression 5% --format json /dev/null
eq 'empty: nothing is known' "$(jq -c '.total|[.answers,.rate,.low,.high]' "$T/out")" '[0,null,0,1]'
t 'a wrong interval' 2 llm-cost quality --interval big /dev/null
t 'a wrong share' 2 llm-cost quality --max-regression 200% /dev/null
t 'a wrong path' 2 llm-cost quality --verdict verdict /dev/null
finish
