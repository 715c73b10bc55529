#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: llm-cost report says per group what S19 to S36 ask: shares, rates, users, units, gaps, formats.
# shellcheck disable=SC2016 # dollars are dollars here
. "$(dirname "$0")/../lib.sh"

cat > "$T/prices.json" <<'J'
{"big":{"litellm_provider":"acme","mode":"chat","input_cost_per_token":2e-06,"output_cost_per_token":1e-05,"cache_read_input_token_cost":5e-07},
 "small":{"litellm_provider":"acme","mode":"chat","input_cost_per_token":1e-06,"output_cost_per_token":2e-06}}
J
LLM_PRICES=$T/prices.json
export LLM_PRICES
# q FILTER: of the last report, on one line
q() { jq -c "$1" "$T/out"; }

# --- shares, Pareto with ties: costs 4, 2, 2, 1, 1 (thousandths of a dollar)
for c in a:4000 b:2000 c:2000 d:1000 e:1000; do
	printf '{"model":"small","usage":{"prompt_tokens":%s,"completion_tokens":0,"total_tokens":%s},"metadata":{"feature":"%s"}}\n' "${c#*:}" "${c#*:}" "${c%:*}"
done > "$T/pareto"
t 'pareto' 0 llm-cost --format json --by feature --pareto 50 "$T/pareto"
eq 'the set is the least that makes half, and what costs as much as its last' "$(q '[.groups[].key.feature]')" '["a","b","c"]'
eq 'how much it is' "$(q .pareto)" '{"percent":50,"groups":3,"of":5,"cost":"0.008"}'
eq 'shares, one by one and together' "$(q '[.groups[]|[.cost_share,.cumulative_share]]')" '[[0.4,0.4],[0.2,0.6],[0.2,0.8]]'
eq 'the total is that of all' "$(q '[.total.cost,.groups_not_shown]')" '["0.01",2]'
t 'pareto 40: one group is enough' 0 llm-cost --format json --by feature --pareto 40% "$T/pareto"
eq 'no tie, no more' "$(q '[.groups[].key.feature]')" '["a"]'
t 'pareto of all' 0 llm-cost --format json --by feature --pareto 100 "$T/pareto"
eq 'all groups' "$(q '.groups|length')" 5
t 'pareto of too much' 2 llm-cost --by feature --pareto 101 "$T/pareto"
t 'columns by name' 0 llm-cost --by feature --columns cost,cost_share --format csv "$T/pareto"
eq 'csv of these' "$(head -n 2 "$T/out" | xargs)" 'feature,cost,cost_share a,0.004,0.4'
t 'a column that is none' 2 llm-cost --columns cots "$T/pareto"
has 'near to one' "$T/err" "did you mean 'cost'?"

# --- rates and names: cache by requests and tokens, strong models, users, sessions, errors
cat > "$T/mixed" <<'J'
{"time":"2026-11-01T00:00:00Z","model":"big","usage":{"prompt_tokens":2000,"completion_tokens":100,"total_tokens":2100,"prompt_tokens_details":{"cached_tokens":1000}},"metadata":{"user":"ann","session":"s1"}}
{"time":"2026-11-01T00:01:00Z","model":"big","usage":{"prompt_tokens":2000,"completion_tokens":100,"total_tokens":2100},"metadata":{"user":"ann","session":"s2"}}
{"time":"2026-11-01T00:02:00Z","model":"small","usage":{"prompt_tokens":500,"completion_tokens":100,"total_tokens":600},"metadata":{"user":"bob","session":"s3"}}
{"time":"2026-11-01T00:03:00Z","model":"small","usage":{"prompt_tokens":500,"completion_tokens":100,"total_tokens":600}}
J
t 'rates' 0 llm-cost --format json --by model "$T/mixed"
# big: 1000 x 2 + 1000 x .5 + 100 x 10 = 3500, 2000 x 2 + 100 x 10 = 5000; small: 700 each, millionths
eq 'costs' "$(q '[.groups[]|[.key.model,.cost,.cost_per_request]]')" '[["big","0.0085","0.00425"],["small","0.0014","0.0007"]]'
eq 'provider cache, by tokens and by calls that could have hit' "$(q '[.groups[]|[.cache_hit_rate,.cache_hit_rate_requests]]')" '[[0.25,0.5],[null,null]]'
eq 'strong models' "$(q '[.total.strong_share,.total.strong_cost_share,(.groups[]|.strong_share)]')" '[0.5,0.858586,1,0]'
eq 'users and sessions, the anonymous call in neither' "$(q '.total|[.users,.cost_per_user,.conversations,.cost_per_conversation]')" '[2,"0.0046",3,"0.003066666667"]'
eq 'what was saved beside no cache' "$(q .total.savings_vs_baseline)" 0.131579
eq 'from and to' "$(q '[.total.from,.total.to]')" '["2026-11-01T00:00:00.000Z","2026-11-01T00:03:00.000Z"]'
t 'a group that is missing' 0 llm-cost --format json --by user "$T/mixed"
eq 'is a line of its own' "$(q .unallocated)" '{"requests":1,"cost":"0.0007"}'
t 'and in the table' 0 llm-cost --by user "$T/mixed"
has 'told below it' "$T/out" 'unallocated (a field of --by is missing): 1, $0.000700'

# --- what the stages wrote
cat > "$T/staged" <<'J'
{"custom_id":"a","body":{"model":"big","messages":[{"role":"user","content":"hi"}]},"response":{"status_code":200,"body":{"model":"big","choices":[{"index":0,"finish_reason":"length","message":{"role":"assistant","content":"x"}}],"usage":{"prompt_tokens":100,"completion_tokens":100,"total_tokens":200}}},"llm":{"v":1,"route":{"task":"chat","rule":"r1","model":"big","estimated_cost":"0.001"},"batch":{"lane":"realtime","attempts":3,"latency_ms":100}}}
{"custom_id":"b","body":{"model":"big","messages":[{"role":"user","content":"hi"}]},"response":{"status_code":500,"body":{"error":{"message":"no"}}},"error":null,"llm":{"v":1,"batch":{"lane":"realtime","attempts":1,"latency_ms":300}}}
{"custom_id":"c","body":{"model":"big","messages":[{"role":"user","content":"hi"}]},"response":{"status_code":200,"body":{"model":"big","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"x"}}],"usage":{"prompt_tokens":100,"completion_tokens":100,"total_tokens":200}}},"llm":{"v":1,"cache":{"key":"1:00","hit":true,"usage":{"prompt_tokens":100,"completion_tokens":100,"total_tokens":200}}}}
{"custom_id":"d","body":{"model":"big","messages":[{"role":"user","content":"hi"}]},"response":{"status_code":200,"body":{"model":"big","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"x"}}],"usage":{"prompt_tokens":100,"completion_tokens":100,"total_tokens":200}}},"llm":{"v":1,"cache":{"key":"1:01","hit":false}}}
J
t 'annotated records' 0 llm-cost --format json --by route "$T/staged"
eq 'by the rule that routed' "$(q '[.groups[]|[.key.route,.requests]]')" '[["r1",1],[null,3]]'
eq 'errors, retries, cut answers' "$(q '.total|[.errors,.error_rate,.retries,.retry_rate,.truncated]')" '[1,0.25,2,1,1]'
eq 'own cache, by calls and by tokens' "$(q '.total|[.response_hit_rate,.response_hit_rate_tokens]')" '[0.5,0.5]'
eq 'what did not pass the router' "$(q '.total|[.unrouted,.unrouted_cost,.cost]')" '[2,"0.0012","0.0024"]'
eq 'estimate against actual' "$(q '.total|[.estimated_cost,.actual_to_estimate]')" '["0.001",1.2]'
eq 'latency' "$(q '.total|[.p50_ms,.p95_ms]')" '[100,300]'
t 'in words' 0 llm-cost --by route "$T/staged"
has 'the router' "$T/out" 'calls that did not pass the router: 2, $0.001200'
has 'the estimate' "$T/out" 'estimated before sending: $0.00100000 for 1 calls, which cost $0.00120000'

# --- amounts in the log
cat > "$T/logged" <<'J'
{"model":"big","usage":{"prompt_tokens":1000,"completion_tokens":0,"total_tokens":1000},"response_cost":0.0025}
{"model":"big","usage":{"prompt_tokens":1000,"completion_tokens":0,"total_tokens":1000}}
{"model":"big","usage":{"prompt_tokens":1000,"completion_tokens":0,"total_tokens":1000,"cost":9,"is_byok":true}}
J
t 'both amounts' 0 llm-cost --format json --cost-mode both "$T/logged"
eq 'ours, theirs, the gap of what both know' "$(q '.total|[.cost,.logged_cost,.gap]')" '["0.006","0.0025","-0.0005"]'
eq 'credits are no dollars' "$(q .logged_credits)" '{"requests":1,"cost":"9"}'
t 'theirs alone' 4 llm-cost --format json --cost-mode log "$T/logged"
eq 'what names no amount has none' "$(q '[.total.cost,.total.unpriced]')" '["0.0025",2]'
t 'compute is the default' 0 llm-cost --format json "$T/logged"
eq 'the log is not asked' "$(q '[.total.cost,.total.logged_cost]')" '["0.006",null]'

# --- units of business
printf 'feature,units\na,8\n"b",4\nghost,3\n' > "$T/units.csv"
t 'units' 0 llm-cost --format json --by feature --units "$T/units.csv" "$T/pareto"
eq 'cost per unit' "$(q '[.groups[]|select(.units)|[.key.feature,.units,.cost_per_unit]]')" '[["a",8,"0.0005"],["b",4,"0.0005"]]'
eq 'units without cost, groups without units' "$(q .units)" '{"units":15,"groups_without_units":3,"without_cost":[["ghost"]]}'
printf '{"feature":"a","units":8}\n' > "$T/units.jsonl"
t 'units as JSONL' 0 llm-cost --format json --by feature --units "$T/units.jsonl" "$T/pareto"
eq 'the same' "$(q '.groups[0].cost_per_unit')" '"0.0005"'
printf 'feature,units\na,many\n' > "$T/units.bad"
t 'units that are no number' 2 llm-cost --by feature --units "$T/units.bad" "$T/pareto"
has 'the line is named' "$T/err" 'units.bad:2: units are no whole number'
t 'units without a column for the field' 2 llm-cost --by model --units "$T/units.csv" "$T/pareto"

# --- fingerprints, and no text anywhere
cat > "$T/asked" <<'J'
{"custom_id":"1","body":{"model":"small","messages":[{"role":"system","content":"SECRET rules"},{"role":"user","content":"where is order 5"}]},"response":{"status_code":200,"body":{"model":"small","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"x"}}],"usage":{"prompt_tokens":10,"completion_tokens":1,"total_tokens":11}}}}
{"custom_id":"2","body":{"model":"small","messages":[{"role":"system","content":"SECRET rules"},{"role":"user","content":"Where is order 77?"}]},"response":{"status_code":200,"body":{"model":"small","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"x"}}],"usage":{"prompt_tokens":10,"completion_tokens":1,"total_tokens":11}}}}
{"custom_id":"3","body":{"model":"small","messages":[{"role":"system","content":"SECRET rules"},{"role":"user","content":"cancel order 5"}]},"response":{"status_code":200,"body":{"model":"small","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"x"}}],"usage":{"prompt_tokens":10,"completion_tokens":1,"total_tokens":11}}}}
J
t 'by pattern' 0 llm-cost --format json --by pattern "$T/asked"
eq 'numbers fold, words do not' "$(q '[.groups[]|[(.key.pattern|.[17:]),.requests]]|sort')" '[["cancel order #",1],["where is order #",2]]'
t 'by prompt' 0 llm-cost --format json --by prompt "$T/asked"
eq 'one system prompt' "$(q '[.groups[]|[(.key.prompt|test("^[0-9a-f]{16} SECRET rules$")),.requests]]')" '[[true,3]]'
for f in table json jsonl csv md prom html svg focus; do
	t "no text in $f" 0 llm-cost --no-text --format "$f" --by 'prompt,pattern,.body.messages[0].content,.body.messages' "$T/asked"
	lacks "no text in $f: none" "$T/out" SECRET
	lacks "no text in $f: no user text" "$T/out" 'where is'
done
echo '{"object":"model"}' > "$T/nothing"
t 'Markdown' 0 llm-cost --format md "$T/nothing"
has 'Markdown: remarks are a list' "$T/out" '- lines that are no call, skipped: 1'
t 'no text, partial' 0 llm-cost --no-text --partial --by 'prompt,.body.messages[0].content' "$T/asked"
lacks 'no text, partial: none' "$T/out" SECRET
t 'no text leaves names' 0 llm-cost --no-text --format json --by .metadata.feature "$T/pareto"
eq 'names stay' "$(q '.groups[0].key[".metadata.feature"]')" '"a"'

# --- formats
t 'jsonl' 0 llm-cost --format jsonl --by feature "$T/pareto"
eq 'a line a group' "$(jq -sc '[.[].cost]' "$T/out")" '["0.004","0.002","0.002","0.001","0.001"]'
t 'jsonl of the total' 0 llm-cost --format jsonl "$T/pareto"
eq 'one line' "$(q '[.requests,.cost]')" '[5,"0.01"]'
printf '%s\n' '{"model":"big","usage":{"prompt_tokens":1,"completion_tokens":0,"total_tokens":1},"metadata":{"a.b":"x\"y\\z\nw","a-b":"v"}}' > "$T/odd"
t 'prom' 0 llm-cost --format prom --by '.metadata."a.b",.metadata."a-b"' "$T/odd"
has 'labels are escaped and told apart' "$T/out" 'llm_cost_dollars{metadata_a_b="x\"y\\z\nw",metadata_a_b_2="v"} 0.000002'
t 'prom, latency in seconds' 0 llm-cost --format prom "$T/staged"
has 'a summary' "$T/out" 'llm_latency_seconds{quantile="0.95"} 0.300'
if command -v promtool > /dev/null 2>&1; then
	holds 'promtool takes it' promtool check metrics < "$T/out"
else
	skip 'promtool takes it' 'promtool is not installed'
fi
t 'focus' 0 llm-cost --format focus --by user "$T/mixed"
eq 'what was billed adds up' "$(python3 -c 'import csv,sys; from decimal import Decimal as D; print(sum(D(r["BilledCost"]) for r in csv.DictReader(open(sys.argv[1]))))' "$T/out")" 0.0099
eq 'a cached part' "$(python3 -c 'import csv,sys
for r in csv.DictReader(open(sys.argv[1])):
	if r["SkuId"]=="acme/big/cached": print(r["ChargePeriodStart"],r["ChargePeriodEnd"],r["ConsumedQuantity"],r["BilledCost"],r["ListCost"],r["RegionId"]=="",r["Tags"])' "$T/out")" '2026-11-01T00:00:00Z 2026-11-02T00:00:00Z 1000 0.0005 0.0005 True {"user":"ann"}'
t 'focus, a batch' 0 llm-cost --format focus --lane batch --provider openai --prices /dev/stdin "$T/odd" <<'J'
{"big":{"litellm_provider":"openai","mode":"chat","input_cost_per_token":2e-06,"output_cost_per_token":1e-05,"input_cost_per_token_batches":1e-06,"output_cost_per_token_batches":5e-06}}
J
eq 'the list price is that of real time' "$(python3 -c 'import csv,sys
for r in csv.DictReader(open(sys.argv[1])): print(r["BilledCost"],r["ListCost"],r["PricingCategory"])' "$T/out")" '0.000001 0.000002 Dynamic'

# --- the page
printf '%s\n' '{"time":"2026-11-01T00:00:00Z","model":"big","usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2},"metadata":{"feature":"<script>alert(\"1\")</script> & \u0027x\u0027"}}' >> "$T/mixed"
t 'html' 0 llm-cost --format html --by feature "$T/mixed"
has 'a page' "$T/out" '<!doctype html>'
lacks 'no script' "$T/out" '<script'
has 'the name is escaped' "$T/out" '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;x&#39;'
lacks 'nothing from outside' "$T/out" '://'
has 'light and dark' "$T/out" 'prefers-color-scheme:dark'
has 'a chart' "$T/out" 'aria-label="Spend by day"'
t 'svg' 0 llm-cost --format svg --by feature "$T/mixed"
holds 'is XML' python3 -c 'import sys,xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' "$T/out"
t 'svg of nothing' 0 llm-cost --format svg /dev/null
holds 'is XML too' python3 -c 'import sys,xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' "$T/out"
t 'html of nothing' 0 llm-cost --format html /dev/null

# --- the terminal
printf '{"model":"small","usage":{"prompt_tokens":2000,"completion_tokens":0,"total_tokens":2000},"metadata":{"feature":"%s"}}\n' a-name-that-is-longer-than-any-terminal-would-like-it-to-be-and-then-some >> "$T/pareto"
t 'a narrow terminal' 0 env COLUMNS=60 llm-cost --by feature "$T/pareto"
eq 'no line is longer' "$(awk 'length > 62 && !/:/ && !/;/' "$T/out")" ''
has 'the cost stays' "$T/out" 'cost $'
t 'bars' 0 llm-cost --by feature --bars always "$T/pareto"
has 'of # where there is no UTF-8' "$T/out" '33.3 % #####'
t 'bars of blocks' 0 env LC_ALL=C.UTF-8 llm-cost --by feature --bars always "$T/pareto"
has 'in UTF-8' "$T/out" '33.3 % █████'
t 'no colour in a file' 0 llm-cost --by feature "$T/pareto"
lacks 'plain' "$T/out" "$(printf '\033')"
t 'colour on demand' 0 llm-cost --by feature --color always "$T/pareto"
has 'bold' "$T/out" "$(printf '\033[1m')"
t 'colour of another word' 2 llm-cost --color red "$T/pareto"

# 2,500 calls of 2^53 - 1 tokens: their sum has more than 64 bits
awk 'BEGIN { for (i = 0; i < 2500; i++) print "{\"model\":\"big\",\"usage\":{\"prompt_tokens\":9007199254740991,\"completion_tokens\":0}}" }' > "$T/huge"
t 'sums above 64 bits' 0 llm-cost --format json "$T/huge"
eq 'are exact in dollars' "$(jq -r .total.cost "$T/out")" 45035996273704.955
finish
