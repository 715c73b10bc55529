#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: `llm-batch validate` lets through, byte for byte, what a provider takes, and names the rest.
. "$(dirname "$0")/../lib.sh"

M='"messages":[{"role":"user","content":"hi"}]'
B="\"body\":{\"model\":\"gpt-4o\",$M}"
P="\"params\":{\"model\":\"claude-sonnet-4-5\",\"max_tokens\":10,$M}"
U='"method":"POST","url":"/v1/chat/completions"'

# takes PROVIDER WHAT LINE...; refuses PROVIDER WHAT WHY LINE...
takes() {
	takes_for=$1 takes_what=$2
	shift 2
	printf '%s\n' "$@" > "$T/in"
	t "$takes_for takes: $takes_what" 0 llm-batch validate --for "$takes_for" "$T/in"
	same "$takes_for: byte for byte: $takes_what" "$T/out" "$T/in"
}
refuses() { # the last of the lines
	refuses_for=$1 refuses_what=$2 refuses_why=$3
	shift 3
	printf '%s\n' "$@" > "$T/in"
	rm -f "$T/rej" "$T/rej.why"
	t "$refuses_for refuses: $refuses_what" 4 llm-batch validate --for "$refuses_for" --rejects "$T/rej" "$T/in"
	tail -n 1 "$T/in" > "$T/want"
	same "$refuses_for: kept: $refuses_what" "$T/rej" "$T/want"
	has "$refuses_for: named: $refuses_what" "$T/err" "in:$#: $refuses_why"
	sed '$d' "$T/in" > "$T/want"
	same "$refuses_for: the others leave: $refuses_what" "$T/out" "$T/want"
}

takes openai 'odd spelling' "{ \"custom_id\" : \"a\\u0020/b\", $U, $B , \"x\":1, \"x\":2}" \
	"{\"llm\":{\"v\":1},$B,$U,\"custom_id\":\"nul \\u0000 \\ud800\"}"
takes openai 'a line without id, method or url' "{$B}"
takes openai 'a bare body' "{\"model\":\"gpt-4o\",$M}"
takes openai 'an id of 65 letters' "{\"custom_id\":\"$(printf '%065d' 1)\",$U,$B}"
takes openai 'an answered record' "{\"custom_id\":\"a\",$U,$B,\"response\":{\"status_code\":200,\"body\":{}}}"
takes openai 'a collapsed copy' "{\"custom_id\":\"a\",$U,$B}" "{\"custom_id\":\"a\",$U,$B,\"llm\":{\"v\":1,\"cache\":{\"key\":\"1:00\",\"hit\":false,\"collapsed\":true}}}"
takes openai 'parallel calls and their results' "{\"custom_id\":\"a\",$U,\"body\":{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"},{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}},{\"id\":\"c2\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]},{\"role\":\"tool\",\"tool_call_id\":\"c2\",\"content\":\"2\"},{\"role\":\"tool\",\"tool_call_id\":\"c1\",\"content\":\"1\"}]}}"
takes openai 'embeddings' '{"custom_id":"e","method":"POST","url":"/v1/embeddings","body":{"model":"text-embedding-3-small","input":["a","b"]}}'
takes openai 'responses' '{"custom_id":"e","method":"POST","url":"/v1/responses","body":{"model":"gpt-4o","input":"hi","previous_response_id":null}}'

refuses openai 'a second line of one id' 'an id that an earlier line has' "{\"custom_id\":\"a\",$U,$B}" "{\"custom_id\":\"b\",$U,$B}" "{\"custom_id\":\"\\u0061\",$U,$B}"
refuses openai 'an id that is no string' 'the id is no string' "{\"custom_id\":7,$U,$B}"
refuses openai 'an empty id' 'the id is empty' "{\"custom_id\":\"\",$U,$B}"
refuses openai 'no model' 'no model' "{\"custom_id\":\"a\",$U,\"body\":{$M}}"
refuses openai 'stream' "'stream' is not for batches" "{\"custom_id\":\"a\",$U,\"body\":{\"model\":\"m\",\"stream\":true,$M}}"
refuses openai 'previous_response_id' "'previous_response_id' is not for batches" '{"custom_id":"a","url":"/v1/responses","body":{"model":"m","input":"x","previous_response_id":"resp_1"}}'
refuses openai 'another method' 'the method is not POST' "{\"custom_id\":\"a\",\"method\":\"GET\",\"url\":\"/v1/chat/completions\",$B}"
refuses openai 'another endpoint' 'the url is no endpoint' "{\"custom_id\":\"a\",\"url\":\"/v1/files\",$B}"
refuses openai 'an orphan tool result' 'a tool result without its call' '{"custom_id":"orphan","body":{"model":"gpt-4o","messages":[{"role":"user","content":"hi"},{"role":"tool","tool_call_id":"call_9","content":"42"}]}}'
refuses openai 'an orphan in responses' 'a tool result without its call' '{"custom_id":"o","url":"/v1/responses","body":{"model":"m","input":[{"type":"function_call_output","call_id":"c","output":"1"}]}}'
refuses openai "Anthropic's shape" "a line of the shape 'anthropic'" "{\"custom_id\":\"a\",$P}"
refuses openai 'a member that is read twice' "member 'model' stands twice" '{"custom_id":"a","url":"/v1/chat/completions","body":{"model":"a","model":"b","messages":[{"role":"user","content":"hi"}]}}'
refuses openai 'what is no object' 'not an object' null
refuses openai 'an object of no shape' 'an object of no known shape' '{}'
refuses openai 'what is no JSON' 'invalid JSON' '{"custom_id":"a"'
refuses openai 'no messages' "'messages' is no list of messages" "{\"custom_id\":\"a\",$U,\"body\":{\"model\":\"m\",\"messages\":[]}}"

refuses openai 'a chat without messages' "no 'messages', which its url wants" "{\"custom_id\":\"a\",$U,\"body\":{\"model\":\"m\",\"input\":[\"x\"]}}"
refuses azure 'a chat at the url of embeddings' "no 'input', which its url wants" "{\"custom_id\":\"a\",\"url\":\"/embeddings\",$B}"
stops() { printf '{"custom_id":"a",%s,"body":{"model":"m","stop":[%s],%s}}' "$U" "$1" "$M"; }
takes openai 'four stop sequences' "$(stops '"a","b","c","d"')"
refuses openai 'five stop sequences' 'more than four stop sequences' "$(stops '"a","b","c","d","e"')"

takes azure 'a path without its version' "{\"custom_id\":\"a\",\"method\":\"POST\",\"url\":\"/chat/completions\",$B}"
takes mistral 'a line without a model' "{\"custom_id\":\"a\",\"body\":{$M}}"

takes mistral 'an endpoint of its own' '{"custom_id":"a","url":"/v1/fim/completions","body":{"prompt":"x","suffix":"y"}}'
refuses mistral 'an endpoint that it has not' 'the url is no endpoint' "{\"custom_id\":\"a\",\"url\":\"/v1/responses\",\"body\":{$M}}"
refuses mistral 'another method' 'the method is not POST' "{\"custom_id\":\"a\",\"method\":\"GET\",\"url\":\"/v1/chat/completions\",\"body\":{$M}}"
takes openrouter 'text in parts' "{\"custom_id\":\"a\",$U,\"body\":{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"x\"}]}]}}"
refuses openrouter 'an image' "OpenRouter's batches take text alone" '{"custom_id":"a","url":"/v1/responses","body":{"model":"m","input":[{"role":"user","content":[{"type":"input_image","image_url":"data:x"}]}]}}'
takes together 'an id of 64 letters' "{\"custom_id\":\"$(printf '%064d' 1)\",$B}"
refuses together 'an id of 65 letters' 'an id of 65 bytes' "{\"custom_id\":\"$(printf '%065d' 1)\",$B}"

takes anthropic 'its own line' "{\"custom_id\":\"$(printf '%064d' 1)\",$P}"
takes anthropic 'a bare body of its kind' "{\"model\":\"claude-sonnet-4-5\",\"max_tokens\":5,\"system\":\"s\",$M}"
refuses anthropic 'an id of 65 letters' 'an id of 65 bytes' "{\"custom_id\":\"$(printf '%065d' 1)\",$P}"
refuses anthropic 'a blank in an id' 'the id has a character' "{\"custom_id\":\"has space\",$P}"
refuses anthropic 'a slash in an id' 'the id has a character' "{\"custom_id\":\"a/b\",$P}"
refuses anthropic 'no cap' "no 'max_tokens'" "{\"custom_id\":\"a\",\"params\":{\"model\":\"m\",$M}}"
refuses anthropic 'a cap of 0' "'max_tokens' of 0" "{\"custom_id\":\"a\",\"params\":{\"model\":\"m\",\"max_tokens\":0,$M}}"
refuses anthropic 'a broken cap' "'max_tokens' is no whole number" "{\"custom_id\":\"a\",\"params\":{\"model\":\"m\",\"max_tokens\":1.5,$M}}"
refuses anthropic 'no messages' "no 'messages'" '{"custom_id":"a","params":{"model":"m","max_tokens":1}}'
refuses anthropic 'a blank stop sequence' 'a stop sequence of blanks alone' "{\"custom_id\":\"a\",\"params\":{\"model\":\"m\",\"max_tokens\":1,\"stop_sequences\":[\"x\",\"\\n \"],$M}}"
refuses anthropic 'no model' 'no model' "{\"custom_id\":\"a\",\"params\":{\"max_tokens\":1,$M}}"
refuses anthropic "OpenAI's line" "a line of the shape 'envelope'" "{\"custom_id\":\"a\",$U,$B}"
block() { printf '{"type":"text","text":"t","cache_control":{"type":"ephemeral"%s}}' "${1:+,\"ttl\":\"$1\"}"; }
marked() { printf '{"custom_id":"a","params":{"model":"m","max_tokens":1,"system":[%s],"messages":[{"role":"user","content":[%s]}]}}' "$1" "$2"; }
takes anthropic 'four markers' "$(marked "$(block 1h),$(block 1h)" "$(block 5m),$(block)")"
refuses anthropic 'five markers' 'more than four cache markers' "$(marked "$(block),$(block)" "$(block),$(block),$(block)")"
refuses anthropic 'an hour after five minutes' 'a cache marker of one hour after one of five minutes' "$(marked "$(block 5m)" "$(block 1h)")"
refuses anthropic 'an orphan tool result' 'a tool result without its call' '{"custom_id":"a","params":{"model":"m","max_tokens":1,"messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"x"}]}]}}'

G='"request":{"contents":[{"role":"user","parts":[{"text":"hi"}]}]}'
takes gemini 'with and without a key' "{\"key\":\"k\",$G}" "{$G}"
takes vertex 'a line' "{$G}"
refuses vertex 'cachedContent' "Vertex takes no 'cachedContent'" '{"request":{"contents":[{"role":"user","parts":[{"text":"hi"}]}],"cachedContent":"c"}}'
takes bedrock 'a line' '{"recordId":"R1","modelInput":{"anthropic_version":"bedrock-2023-05-31","max_tokens":1,"messages":[{"role":"user","content":"hi"}]}}'
refuses bedrock 'tools of Converse' "Bedrock's jobs take no 'toolConfig'" '{"recordId":"R1","modelInput":{"messages":[{"role":"user","content":[{"text":"hi"}]}],"toolConfig":{"tools":[]}}}'
refuses bedrock 'an id with a dash' 'the id has a character' '{"recordId":"R-1","modelInput":{"max_tokens":1,"messages":[{"role":"user","content":"hi"}]}}'

t "an unknown provider" 2 llm-batch validate --for nobody "$T/in"
has "the known ones are named" "$T/err" 'openai, azure, anthropic, gemini, vertex, bedrock, mistral'
t "no provider" 2 llm-batch validate "$T/in"
printf '{"a":{"id":"x"},"model":"m",%s}\n{"a":{"id":"x"},"model":"m",%s}\n' "$M" "$M" > "$T/in"
t "--id names the member that is the id" 4 llm-batch validate --for openai --id .a.id "$T/in"
t "else every line has its own" 0 llm-batch validate --for openai "$T/in"
t "--id wants a path" 2 llm-batch validate --for openai --id 'a b' "$T/in"
i=0
: > "$T/in"
while [ $((i += 1)) -le 60 ]; do printf '"x%d",' $i; done > "$T/list"
printf '{"custom_id":"e","url":"/v1/embeddings","body":{"model":"m","input":[%s"z"]}}\n' "$(for _ in $(seq 1 850); do cat "$T/list"; done)" > "$T/in"
t "more embedding inputs than a file may have" 4 llm-batch validate --for openai "$T/in"
has "that is said" "$T/err" 'more embedding inputs'
finish
