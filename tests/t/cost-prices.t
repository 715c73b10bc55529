#!/bin/sh
# SPDX-License-Identifier: MIT
# llm-cost prices: list, show, lint, diff and import say what the tables say.
. "$(dirname "$0")/../lib.sh"
now=--now=2026-11-21
cd "$T" || exit 1

t 'a price of the compiled table' 0 llm-cost prices list $now --format csv --provider openai gpt-4o-mini
has 'with its row, source and day' out 'openai/gpt-4o-mini,0.15,0.6,0.075'
t 'no such verb' 2 llm-cost prices lst
has 'and what was meant' err "did you mean 'list'"
t 'no verb' 2 llm-cost prices

# a table of our own, with everything that lint looks for in one
cat > own.prices << 'X'
{"date":"2026-01-02"}
{"provider":"acme","model":"fine","prices":{"input":"3","output":"15","cached":"0.3","cache_write_5m":"3.75"},"batch":{"input":"1.5","output":"7.5"}}
{"provider":"acme","model":"write","prices":{"input":"15","output":"75","cached":"1.5","cache_write_5m":"18.75","cache_write_1h":"6"},"batch":{"input":"7.5","output":"37.5"}}
{"provider":"acme","model":"low-write","prices":{"input":"3","output":"15","cached":"0.3","cache_write_5m":"2"},"batch":{"input":"1.5","output":"7.5"}}
{"provider":"acme","model":"no-lane","prices":{"input":"3","output":"15"}}
{"provider":"acme","model":"thirds","prices":{"input":"3","output":"15","cached":"0.3"},"batch":{"input":"1","output":"5"}}
{"provider":"acme","model":"text-embed-9","prices":{"input":"0.1","output":"0.2"}}
{"provider":"acme","model":"thousand","prices":{"input":"3000","output":"15000","cached":"0.3"},"batch":{"input":"1500","output":"7500"}}
{"provider":"acme","model":"ratio","prices":{"input":"0.08","output":"320","cached":"0.01"},"batch":{"input":"0.04","output":"160"}}
{"provider":"acme","model":"tiny","prices":{"input":"0.000003","output":"0.000015","cached":"0"},"batch":{"input":"0.0000015","output":"0.0000075"}}
{"provider":"acme","model":"free","prices":{"input":"0","output":"0"}}
X
t 'what is wrong is status 1' 1 llm-cost prices lint $now --format csv own.prices
holds 'each thing once, and no other' test "$(wc -l < out)" = 11
has 'a stale table' out 'own.prices,-,stale,"the table is of 2026-01-02, 323 days old"'
has 'a write for an hour below one for minutes' out 'acme/write,write,a write for an hour'
has 'a write below plain input' out 'acme/low-write,write,writing to the cache costs less than plain input'
has 'a batch that is not half' out 'acme/thirds,batch,the batch price is not half'
has 'an embedding model with output' out 'acme/text-embed-9,embedding,'
has 'a price of a thousand tokens' out 'acme/thousand,slip,input is so dear'
has 'an output out of proportion' out 'acme/ratio,slip,"output costs over 400 times'
has 'a price of a token' out 'acme/tiny,slip,"input is so cheap'
has 'cached prices that are missing' out 'acme,cached,no price for cached input for 1 of 8 models: no-lane'
has 'batch prices that are missing' out 'acme,batch,"no batch price, in no rule either for 1 of 8 models: no-lane"'
t 'an older table may be allowed' 1 llm-cost prices lint $now --max-age 365d --format csv own.prices
lacks 'then it is not stale' out stale
sed -n '1p;2p' own.prices > fine.prices
t 'a table without faults is status 0' 0 llm-cost prices lint --now 2026-02-01 fine.prices
holds 'and nothing is printed' test ! -s out

# LiteLLM's file: strings and prose in numbers, a slip, a write below input
cat > lite.json << 'X'
{"sample_spec":{"input_cost_per_token":0.0,"max_tokens":"LEGACY parameter","litellm_provider":"one of the providers"},
"acme-string":{"litellm_provider":"acme","mode":"chat","input_cost_per_token":"0.0000025","output_cost_per_token":"1e-05"},
"acme-prose":{"litellm_provider":"acme","mode":"chat","input_cost_per_token":1e-06,"output_cost_per_token":2e-06,"max_tokens":"ask us"},
"acme-missing":{"litellm_provider":"acme","mode":"chat","output_cost_per_token":1e-05},
"acme-free":{"litellm_provider":"acme","mode":"chat","input_cost_per_token":0.0,"output_cost_per_token":0.0},
"acme-slip":{"litellm_provider":"acme","mode":"chat","input_cost_per_token":0.0002,"output_cost_per_token":0.0002},
"acme-write":{"litellm_provider":"acme","mode":"chat","input_cost_per_token":1.5e-05,"output_cost_per_token":7.5e-05,"cache_creation_input_token_cost":1.9e-05,"cache_read_input_token_cost":1.5e-06,"cache_creation_input_token_cost_above_1hr":6e-06}}
X
# halves that are written to the cent
printf '%s\n' '{"provider":"a","model":"up","prices":{"input":"0.09","output":"1.41"},"batch":{"input":"0.05","output":"0.71"}}' \
	'{"provider":"a","model":"off","prices":{"input":"0.09","output":"1.41"},"batch":{"input":"0.06","output":"0.71"}}' > cents
t 'half is half as far as it is written' 1 llm-cost prices lint --format csv cents
eq 'and no farther' "$(cut -d, -f2,3 out | tr '\n' ' ')" 'row,kind a/off,batch '

# the table that we ship: what it has was mended or looked at
t 'the compiled table has no finding' 0 llm-cost prices lint --now 2026-11-22 --format json
eq 'none' "$(jq -c .findings out)" '[]'
eq 'each that stands has its reason' "$(jq '[.accepted[] | select(.why == "" or .text == "")] | length' out)" 0
eq 'and no reason stands for nothing' "$(jq '[.accepted[].why] | unique | length' out)" \
	"$(grep -v '^#' "$TOP/lib/money/data/accepted" | cut -f3 | sort -u | grep -c .)"

t 'a public table is looked at in the same way' 1 llm-cost prices lint $now --format json lite.json
eq 'the findings' "$(jq -r '.findings[] | "\(.row) \(.kind)"' out | sort | tr '\n' ';')" \
	'acme cached;acme-prose string;acme-string string;acme-string string;acme/acme-missing input;acme/acme-slip slip;acme/acme-write write;'
has 'prose is told apart' out 'max_tokens is a string of prose'
echo '{"model":"acme-string","usage":{"prompt_tokens":1000000,"completion_tokens":0}}' > row
t 'a price that is a string counts all the same' 0 llm-cost annotate $now --prices lite.json row
eq 'to the digit' "$(jq -r .llm.cost.usd out)" 2.5
echo '{"model":"acme-free","usage":{"prompt_tokens":1000000,"completion_tokens":5}}' > row
t 'an explicit zero is free' 0 llm-cost annotate $now --prices lite.json row
eq 'and not missing' "$(jq -c .llm.cost.usd out)" '"0"'
echo '{"model":"acme-missing","usage":{"prompt_tokens":1000000,"completion_tokens":5}}' > row
t 'a missing price is no zero' 4 llm-cost annotate $now --prices lite.json row
eq 'but none' "$(jq -c .llm.cost.usd out)" null

# chat on an embedding row
echo '{"model":"text-embedding-3-small","usage":{"prompt_tokens":10,"completion_tokens":5}}' > chat.jsonl
t 'chat on an embedding row, in a log' 1 llm-cost prices lint --now 2026-11-22 --format csv --log chat.jsonl fine.prices --max-age 365d
has 'is found' out 'openai/text-embedding-3-small,embedding,'

# show
t 'all of one row' 0 llm-cost prices show $now gpt-4o
has 'where it is from' out 'gpt-4o: openai/gpt-4o in built-in of 2026-11-21'
t 'all of two rows, for programs' 0 llm-cost prices show $now --format csv gpt-4o claude-sonnet-4-5
eq 'are one table' "$(head -n 2 out | xargs) $(cut -d, -f1 out | uniq | xargs)" \
	'model,row,date,table,lane,class,above,price,source,note gpt-4o,openai/gpt-4o,2026-10-14,built-in,realtime,input,0,2.5,table, model gpt-4o claude-sonnet-4-5'
t 'a rule is told apart from a table' 0 llm-cost prices show $now --format json mistral-medium-3
t 'a disagreement of the sources is told' 0 llm-cost prices show $now --provider aws anthropic.claude-opus-5
t 'no such model is status 1' 1 llm-cost prices show no-such-model
has 'and said' err 'no-such-model: the price table has no such model'
t 'a free variant of OpenRouter' 0 llm-cost prices show $now --format json deepseek/deepseek-r1:free
eq 'costs nothing, whatever its maker asks' "$(jq -r '.models[0].row + " " + ([.models[0].prices[].price] | unique | join(" "))' out)" 'openrouter/:free 0'
printf '%s\n' '[{"id":"openrouter","models":[{"id":"a/b:free","match":{"equals":"a/b:free"},"prices":{}},{"id":"a/c","match":{"equals":"a/c"},"prices":{}}]}]' > free.json
printf '{"model":"%s","usage":{"prompt_tokens":10,"completion_tokens":5}}\n' a/b:free a/c > two.jsonl
t 'in a table without a price for it' 4 llm-cost annotate $now --provider openrouter --prices free.json two.jsonl
eq 'too; another has no price then' "$(jq -c .llm.cost.usd out | xargs)" '0 null'
t 'own tables first' 0 llm-cost prices show --prices own.prices --format json fine
eq 'with their date' "$(jq -r '.models[0] | "\(.row) \(.table) \(.date)"' out)" 'acme/fine own.prices 2026-01-02'

# diff
cat > new.prices << 'X'
{"provider":"acme","model":"fine","prices":{"input":"6","output":"15","cached":"0.3","cache_write_5m":"3.75"},"batch":{"input":"1.5","output":"7.5"}}
{"provider":"acme","model":"write","prices":{"input":"0.015","output":"75","cached":"1.5","cache_write_5m":"18.75","cache_write_1h":"6"},"batch":{"input":"7.5","output":"37.5"}}
{"provider":"acme","model":"newest","prices":{"input":"1","output":"2"}}
X
printf '%s\n' '{"model":"fine","usage":{"prompt_tokens":1000000,"completion_tokens":0}}' \
	'{"model":"other","usage":{"prompt_tokens":1000000,"completion_tokens":0}}' > log.jsonl
t 'a change of a thousandth is status 1' 1 llm-cost prices diff $now own.prices new.prices --log log.jsonl --format json
eq 'what changed' "$(jq -r '.changed[] | "\(.row) \(.class) \(.a) \(.b) \(.change_percent)"' out | tr '\n' ';')" \
	'acme/fine input 3 6 100.00;acme/write input 15 0.015 -99.90;'
eq 'the slip' "$(jq -r '[.changed[] | select(.slip)] | length' out)" 1
eq 'rows that came and went' "$(jq -c '[.models_changed, .added, .removed]' out)" '[2,1,8]'
eq 'what that does to the log' "$(jq -c '[.spend[] | [.model, .a, .b, .change_usd, .unpriced_a, .unpriced_b]]' out)" \
	'[["fine","3","6","3",0,0],["other","0","0","0",1,1]]'
t 'the result in a file, beside a log' 1 llm-cost prices diff $now own.prices new.prices --log log.jsonl --format json -o result
eq 'whole' "$(jq -r .slips result)" 1
t 'equal tables' 0 llm-cost prices diff own.prices own.prices
holds 'nothing to say' test ! -s out
t 'diff needs two' 2 llm-cost prices diff own.prices

# import: the same amounts from the rows of our own form
t 'import' 0 llm-cost prices import lite.json
cp out imported
echo '{"model":"acme-write","usage":{"input_tokens":7,"output_tokens":9,"cache_creation_input_tokens":3,"cache_read_input_tokens":5}}' > row
llm-cost annotate $now --prices lite.json row > one
llm-cost annotate $now --prices imported row | sed 's/"table":"imported"/"table":"lite.json"/' > two
same 'the bill is the same by both' one two
has 'and it is a bill' one '"usd":"0.0008'

if data 'the price tables of data'; then
	D=$LLM_TEST_DATA
	for n in openai mistral; do
		jq -r '.response.body | select(contains("sample_spec"))' "$D"/batch/$n-*batch*.jsonl 2> /dev/null > $n.json
	done
	t 'two old tables differ, one price by a slip' 1 llm-cost prices diff mistral.json openai.json --format json
	eq 'of this row' "$(jq -r '[.changed[] | select(.slip) | .row] | unique | join(" ")' out)" azure/Phi-4-multimodal-instruct
	t 'lint finds it too' 1 llm-cost prices lint openai.json --format csv
	has 'by itself' out 'azure/Phi-4-multimodal-instruct,slip'
	t 'from the old to the new table' 1 llm-cost prices diff openai.json "$D"/cost/litellm-prices.json --format json
	eq 'a slip was mended' "$(jq -r '[.changed[] | select(.a == "200" and .b == "0.2") | .row] | unique | join(" ")' out)" \
		watsonx/ibm/granite-3-8b-instruct
fi
finish
