#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: llm-cost caps makes output caps from the past, as rules that llm-route takes, and says what they cut.
. "$(dirname "$0")/../lib.sh"

answer() { # ID TASK OUT [FINISH]
	printf '{"custom_id":"%s","body":{"model":"gpt-4o","metadata":{"task":"%s"},"messages":[{"role":"user","content":"hi"}]},"response":{"status_code":200,"body":{"model":"gpt-4o","choices":[{"finish_reason":"%s"}],"usage":{"prompt_tokens":1,"completion_tokens":%d,"total_tokens":%d}}}}\n' "$1" "$2" "${4:-stop}" "$3" $(($3 + 1))
}
n=0
while [ $((n += 1)) -le 100 ]; do
	answer "s$n" sum "$n"
	answer "c$n" cut 50 "$([ "$n" -gt 90 ] && echo length)"
done > "$T/log"
{
	answer r rare 7
	printf '{"custom_id":"u","body":{"model":"gpt-4o","messages":[]}}\n{"nothing":1}\n'
} >> "$T/log"

t 'caps' 0 llm-cost caps --quantile 95% --format json "$T/log"
eq 'cap, expected truncation, caution' "$(jq -c '[.groups[]|[.key.task,.requests,.cap,.would_cut,.truncation,.cut_before,.few_rows,.caution]]' "$T/out")" \
	'[["cut",100,50,0,0,10,false,"cut before"],["rare",1,7,0,0,0,true,"few rows"],["sum",100,95,5,0.05,0,false,null]]'
eq 'the interval of the truncation' "$(jq -c '.groups[2]|[.truncation_low,.truncation_high]' "$T/out")" '[0.0164319,0.112835]'
eq 'rows that show the quantile; what is left out' "$(jq -c '[.rows_needed,.left_out.unanswered,.left_out.skipped]' "$T/out")" '[59,1,1]'
eq '99 % is the default' "$(llm-cost caps --format json "$T/log" | jq -c '[.quantile,.rows_needed,(.groups[]|select(.key.task=="sum").cap)]')" '[0.99,299,99]'
eq 'another floor' "$(llm-cost caps --quantile 95% --min-rows 1 --format json "$T/log" | jq -c '.groups[1].few_rows')" false
t 'rules' 0 llm-cost caps --quantile 95% --format routes "$T/log"
cp "$T/out" "$T/routes"
golden 'rules' "$T/routes" cost-caps.routes
t 'llm-route takes them' 0 llm-route lint "$T/routes"
printf '{"custom_id":"x","body":{"model":"gpt-4o","metadata":{"task":"sum"},"messages":[{"role":"user","content":"hi"}]}}\n' > "$T/req"
eq 'and sets the cap' "$(llm-route -r "$T/routes" "$T/req" | jq -c '[.body.model,.body.max_tokens]')" '["gpt-4o",95]'
printf '{"custom_id":"x","model":"gpt-4o","task":"a \\"b\\\\ c","usage":{"prompt_tokens":1,"completion_tokens":9,"total_tokens":10}}\n' > "$T/odd"
t 'values in quotes' 0 llm-cost caps --by .task,model --min-rows 1 --format routes "$T/odd"
has 'values in quotes: escaped' "$T/out" 'rule cap-1 .task="a \"b\\ c" model="gpt-4o" -> keep max_tokens=9'
cp "$T/out" "$T/routes"
t 'llm-route takes these too' 0 llm-route lint "$T/routes"
printf '{"model":"gpt-4o","usage":{"prompt_tokens":1,"completion_tokens":9,"total_tokens":10}}\n' > "$T/odd"
t 'a missing field' 0 llm-cost caps --min-rows 1 --format routes "$T/odd"
has 'makes no rule' "$T/out" '# no rule can tell this group'
lacks 'makes no rule at all' "$T/out" 'rule cap'

t 'table' 0 llm-cost caps --quantile 95% "$T/log"
golden 'table' "$T/out" cost-caps.txt
t 'csv' 0 llm-cost caps --quantile 95% --format csv "$T/log"
eq 'csv' "$(sed -n '1p;4p' "$T/out")" 'task,requests,p50,max,cap,cut_before,truncation,caution
sum,100,50,100,95,0,0.05,'
t 'markdown' 0 llm-cost caps --format md "$T/log"
t 'no answer' 0 llm-cost caps --format json /dev/null
eq 'no answer: no group' "$(jq -c .groups "$T/out")" '[]'
for wrong in 0 1 120%; do t "no quantile: $wrong" 2 llm-cost caps --quantile "$wrong" /dev/null; done
# one answer that stands on two lines of a transcript is one, the longest
printf '%s\n' '{"timestamp":"2026-09-21T10:00:00.000Z","sessionId":"s","requestId":"req_1","message":{"id":"msg_01234567890123456789","role":"assistant","model":"claude-sonnet-4-5","usage":{"input_tokens":10,"output_tokens":3}}}' \
	'{"timestamp":"2026-09-21T10:00:04.000Z","sessionId":"s","requestId":"req_1","message":{"id":"msg_01234567890123456789","role":"assistant","model":"claude-sonnet-4-5","usage":{"input_tokens":10,"output_tokens":159}}}' > "$T/odd"
eq 'a growing answer is one' "$(llm-cost caps --format json "$T/odd" | jq -c '.groups[0]|[.requests,.cap]')" '[1,159]'
finish
