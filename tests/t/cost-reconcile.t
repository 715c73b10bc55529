#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: llm-cost reconcile finds the gap between a provider's export and the log, by model and day.
. "$(dirname "$0")/../lib.sh"

cat > "$T/prices.json" <<'J'
{"gpt-x":{"litellm_provider":"openai","mode":"chat","input_cost_per_token":1e-06,"output_cost_per_token":1e-05},
 "claude-x":{"litellm_provider":"anthropic","mode":"chat","input_cost_per_token":1e-06,"output_cost_per_token":1e-05,"cache_read_input_token_cost":1e-07}}
J
LLM_PRICES=$T/prices.json
export LLM_PRICES
q() { jq -c "$1" "$T/out"; }

# 2026-11-20 and 21 in UTC; the last call is on another day, one is another provider's
cat > "$T/log" <<'J'
{"time":"2026-11-20T00:00:00Z","model":"gpt-x","usage":{"prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100,"prompt_tokens_details":{"cached_tokens":200}}}
{"time":"2026-11-20T23:59:59Z","model":"gpt-x","usage":{"prompt_tokens":500,"completion_tokens":50,"total_tokens":550}}
{"time":"2026-11-21T00:00:00Z","model":"gpt-x","usage":{"prompt_tokens":10,"completion_tokens":1,"total_tokens":11}}
{"time":"2026-11-21T01:00:00Z","model":"claude-x","usage":{"input_tokens":100,"cache_read_input_tokens":900,"cache_creation_input_tokens":0,"output_tokens":10}}
{"time":"2026-11-22T00:00:00Z","model":"gpt-x","usage":{"prompt_tokens":10,"completion_tokens":1,"total_tokens":11}}
{"model":"gpt-x","usage":{"prompt_tokens":10,"completion_tokens":1,"total_tokens":11}}
J
cat > "$T/usage.json" <<'J'
{"object":"page","data":[
 {"object":"bucket","start_time":1795132800,"end_time":1795219200,"results":[{"object":"organization.usage.completions.result","input_tokens":1500,"output_tokens":150,"input_cached_tokens":200,"num_model_requests":2,"model":"gpt-x"}]},
 {"object":"bucket","start_time":1795219200,"end_time":1795305600,"results":[{"object":"organization.usage.completions.result","input_tokens":15,"output_tokens":1,"input_cached_tokens":0,"num_model_requests":2,"model":"gpt-x"}]}],"has_more":false}
J
t 'usage of OpenAI' 0 llm-cost reconcile --format json "$T/usage.json" "$T/log"
eq 'by day and model' "$(q '[.days[]|[.day,.model,.gap]]')" '[["2026-11-20","gpt-x",{"requests":0,"input_tokens":0,"cached_tokens":0,"output_tokens":0}],["2026-11-21","gpt-x",{"requests":1,"input_tokens":5,"cached_tokens":0,"output_tokens":0}]]'
eq 'what it covers' "$(q .export)" '{"kind":"usage","provider":"openai","from":"2026-11-20","to":"2026-11-22","other_currency":0}'
eq 'what was not compared' "$(q '.not_compared|[.outside,.without_time,.other_provider]')" '[1,1,1]'
t 'a gap within the bound' 0 llm-cost reconcile --max-gap 1% "$T/usage.json" "$T/log"
t 'a gap over it' 1 llm-cost reconcile --max-gap 0.1% "$T/usage.json" "$T/log"
has 'as a table' "$T/out" '2026-11-21  gpt-x'

cat > "$T/costs.json" <<'J'
{"object":"page","data":[{"object":"bucket","start_time":1795132800,"end_time":1795219200,"results":[
 {"object":"organization.costs.result","amount":{"value":0.0015,"currency":"usd"},"line_item":"gpt-x, input"},
 {"object":"organization.costs.result","amount":{"value":0.0015,"currency":"usd"},"line_item":"gpt-x, output"},
 {"object":"organization.costs.result","amount":{"value":7,"currency":"eur"},"line_item":"gpt-x, output"}]}]}
J
t 'costs of OpenAI' 0 llm-cost reconcile --format json "$T/costs.json" "$T/log"
eq 'dollars, the items of a model together' "$(q '.days[0]|[.model,.export.cost,.log.cost,.gap.cost,.export.input_tokens]')" '["gpt-x","0.003","0.003","0",null]'
eq 'other money is left out and counted' "$(q .export.other_currency)" 1
sed 's/"line_item":"[^"]*"/"line_item":null/' "$T/costs.json" > "$T/whole.json"
t 'costs without models' 0 llm-cost reconcile --format json "$T/whole.json" "$T/log"
eq 'are compared without' "$(q '[.days[]|[.model,.gap.cost]]')" '[[null,"0"]]'

cat > "$T/anthropic.json" <<'J'
{"data":[{"starting_at":"2026-11-21T00:00:00Z","ending_at":"2026-11-22T00:00:00Z","results":[{"currency":"USD","amount":"0.025","description":"Claude X Usage - Input Tokens","cost_type":"tokens","model":"claude-x"},{"currency":"USD","amount":"1","description":"Web Search Usage","cost_type":"web_search","model":null}]}],"has_more":false}
J
t 'costs of Anthropic' 0 llm-cost reconcile --format json "$T/anthropic.json" "$T/log"
# 100 x 1 + 900 x .1 + 10 x 10 = 290 millionths; .025 and 1 cents
eq 'are cents' "$(q '[.days[]|[.model,.export.cost,.log.cost]]')" '[["Web Search Usage","0.01","0"],["claude-x","0.00025","0.00029"]]'
cat > "$T/anthropic-usage.json" <<'J'
{"data":[{"starting_at":"2026-11-21T01:00:00Z","ending_at":"2026-11-21T02:00:00Z","results":[{"uncached_input_tokens":100,"cache_read_input_tokens":900,"cache_creation":{"ephemeral_1h_input_tokens":0,"ephemeral_5m_input_tokens":3},"output_tokens":10,"model":"claude-x"}]}]}
J
t 'usage of Anthropic, by the hour' 0 llm-cost reconcile --format json "$T/anthropic-usage.json" "$T/log"
eq 'parts of the input add up' "$(q '.days[0]|[.day,.export.input_tokens,.log.input_tokens,.gap.input_tokens,.export.requests]')" '["2026-11-21",1003,1000,3,null]'
printf 'ChargePeriodStart,BilledCost,BillingCurrency,ServiceName\n2026-11-20T00:00:00Z,0.004,USD,gpt-x\n' > "$T/bill.csv"
t 'a bill in the columns of FOCUS' 0 llm-cost reconcile --format csv "$T/bill.csv" "$T/log"
eq 'line by line' "$(tail -n 1 "$T/out")" '2026-11-20,gpt-x,0.004,0.003,0.001'
t 'what is no export' 2 llm-cost reconcile "$T/log" "$T/log"
t 'no operand' 2 llm-cost reconcile
finish
