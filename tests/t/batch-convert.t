#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: `llm-batch convert` says the same request in another provider's form, back again where that
# can be, and refuses what the other form cannot say instead of leaving it out unseen.
. "$(dirname "$0")/../lib.sh"

convert() { # STATUS TARGET [OPTION...]: of $T/in
	want=$1 target=$2
	shift 2
	t "convert --to $target $*" "$want" llm-batch convert --to "$target" "$@" "$T/in"
}
there_and_back() { # WHAT TARGET [OPTION...]: the bodies of $T/in come back as they were
	what=$1 target=$2
	shift 2
	llm-batch convert --to "$target" "$@" "$T/in" > "$T/there" 2> "$T/err"
	llm-batch convert --to openai "$T/there" > "$T/back" 2>> "$T/err"
	eq "$what: there and back at $target" "$(jq -Sc .body "$T/back")" "$(jq -Sc .body "$T/in")"
}
chat() { printf '{"custom_id":"%s","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-4o-mini",%s}}\n' "$1" "$2"; }

# what every form can say
{
	chat plain '"max_tokens":300,"messages":[{"role":"user","content":"caf\u00e9 \ud83d\ude00 \"q\"\n"}]'
	chat system '"max_tokens":5,"messages":[{"role":"system","content":"be brief"},{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":"c"}],"temperature":0.20,"top_p":1e-1,"stop":["END","\n#"]'
	chat tools '"max_tokens":5,"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"let me see","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"x\": 1, \"y\": 9007199254740993}"}},{"id":"c2","type":"function","function":{"name":"g","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c1","content":"forty-two"},{"role":"tool","tool_call_id":"c2","content":"not {json}"},{"role":"user","content":"go on"}],"tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object","properties":{"type":{"type":"string"}}}}},{"type":"function","function":{"name":"g","description":"e","parameters":{"type":"object"}}}],"tool_choice":{"type":"function","function":{"name":"f"}}'
	chat image '"max_tokens":5,"messages":[{"role":"user","content":[{"type":"text","text":"look"},{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}]}],"tool_choice":"required","tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}]'
} > "$T/in"
for to in anthropic gemini vertex bedrock mistral azure openrouter fireworks together; do there_and_back 'texts, tools, images, settings' $to; done
chat one '"max_tokens":5,"messages":[{"role":"user","content":"x"}],"seed":7,"presence_penalty":0.5,"response_format":{"type":"json_object"}' > "$T/in"
for to in gemini vertex; do there_and_back 'more settings' $to; done
chat one '"max_tokens":5,"messages":[{"role":"user","content":"x"}],"seed":7' > "$T/in"
there_and_back 'a seed' mistral
eq 'under its own name' "$(jq -c '[.body.random_seed,.body.seed]' "$T/there")" '[7,null]'
if data prompts; then
	jq -c '{custom_id:.id,method:"POST",url:"/v1/chat/completions",body:{model:"gpt-4o-mini",max_tokens:300,messages:[{role:"user",content:(.instruction+"\n"+.instances[0].input)}]}}' \
		"$LLM_TEST_DATA/prompts/alpaca-seed-tasks.jsonl" > "$T/in"
	for to in anthropic gemini bedrock; do there_and_back '175 real ones' $to; done
fi

# what is with the provider alone can be said nowhere else, and is never left out
for member in '"previous_response_id":"resp_1"' '"conversation":"conv_1"' '"prompt":{"id":"pmpt_1"}'; do
	printf '{"custom_id":"a","method":"POST","url":"/v1/responses","body":{"model":"gpt-4o","max_output_tokens":9,"input":"x",%s}}\n' "$member" > "$T/in"
	convert 4 anthropic --lossy
	has 'is named' "$T/err" "what '$(echo "$member" | cut -d'"' -f2)' stands for is with its provider alone"
	convert 0 azure
	eq 'and goes where it is known' "$(jq -c .body "$T/out")" "$(jq -c .body "$T/in")"
done

# the forms
chat id-1 '"messages":[{"role":"developer","content":"s"},{"role":"user","content":"x"}],"user":"u1","reasoning_effort":"low","response_format":{"type":"json_schema","json_schema":{"name":"n","strict":true,"schema":{"type":"object"}}},"parallel_tool_calls":false' > "$T/in"
convert 0 anthropic --model claude-sonnet-4-5
eq 'Anthropic' "$(jq -Sc . "$T/out")" '{"custom_id":"id-1","params":{"max_tokens":64000,"messages":[{"content":"x","role":"user"}],"metadata":{"user_id":"u1"},"model":"claude-sonnet-4-5","output_config":{"effort":"low","format":{"schema":{"type":"object"},"type":"json_schema"}},"system":"s","tool_choice":{"disable_parallel_tool_use":true,"type":"auto"}}}'
convert 0 anthropic --max-tokens 99
eq 'a cap where one is wanted' "$(jq -c .params.max_tokens "$T/out")" 99
convert 4 anthropic --model nobody-knows-it
has 'or none is made up' "$T/err" 'an output cap is wanted there'
chat id-1 '"messages":[{"role":"system","content":"s"},{"role":"user","content":"x"}],"max_tokens":9,"reasoning_effort":"high"' > "$T/in"
convert 0 gemini --model gemini-2.5-flash
eq 'Gemini' "$(jq -Sc . "$T/out")" '{"key":"id-1","model":"gemini-2.5-flash","request":{"contents":[{"parts":[{"text":"x"}],"role":"user"}],"generationConfig":{"maxOutputTokens":9,"thinkingConfig":{"thinkingLevel":"high"}},"systemInstruction":{"parts":[{"text":"s"}]}}}'
convert 0 bedrock --model anthropic.claude-sonnet-4-5-20250929-v1:0
eq 'Claude at Bedrock' "$(jq -Sc . "$T/out")" '{"modelId":"anthropic.claude-sonnet-4-5-20250929-v1:0","modelInput":{"anthropic_version":"bedrock-2023-05-31","max_tokens":9,"messages":[{"content":"x","role":"user"}],"output_config":{"effort":"high"},"system":"s"},"recordId":"id-1"}'
cp "$T/out" "$T/in"
convert 0 openai --model gpt-4o
eq 'and from there' "$(jq -Sc .body "$T/out")" '{"max_tokens":9,"messages":[{"content":"s","role":"system"},{"content":"x","role":"user"}],"model":"gpt-4o","reasoning_effort":"high"}'
printf '{"model":"gpt-4o","input":[{"role":"user","content":[{"type":"input_text","text":"hi"}]},{"type":"function_call","call_id":"c","name":"f","arguments":"{}"},{"type":"function_call","call_id":"d","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"c","output":"1"},{"type":"function_call_output","call_id":"d","output":"2"}],"instructions":"s","max_output_tokens":7,"reasoning":{"effort":"low"},"llm":{"v":1}}\n' > "$T/in"
convert 0 openai
eq 'responses stay what they are' "$(jq -c '[.url,.body.max_output_tokens]' "$T/out")" '["/v1/responses",7]'
convert 0 anthropic
eq 'or become messages' "$(jq -c '.params | [.system, .max_tokens, (.messages[] | [.role, (.content | length)])]' "$T/out")" '["s",7,["user",1],["assistant",2],["user",2]]'
convert 0 mistral
eq 'calls of one turn stand together' "$(jq -c '[.body.messages[].role]' "$T/out")" '["system","user","assistant","tool","tool"]'
printf '{"custom_id":"e","method":"POST","url":"/v1/embeddings","body":{"model":"text-embedding-3-small","input":"x"}}\n' > "$T/in"
convert 0 azure
eq 'embeddings' "$(jq -c '[.url,.body.input]' "$T/out")" '["/embeddings","x"]'
convert 4 anthropic
has 'have no place there' "$T/err" 'not for anthropic: no chat request'

# cache markers, thinking, results that failed
printf '{"custom_id":"m","params":{"model":"claude-sonnet-4-5","max_tokens":9,"system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral","ttl":"1h"}}],"thinking":{"type":"enabled","budget_tokens":2048},"top_k":5,"tools":[{"name":"f","input_schema":{"type":"object"},"cache_control":{"type":"ephemeral"}}],"messages":[{"role":"user","content":"x"},{"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"sig"},{"type":"tool_use","id":"t","name":"f","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"no","is_error":true}]}]}}\n' > "$T/in"
convert 0 bedrock --model amazon.nova-pro-v1:0
eq 'markers, thinking and failure at Bedrock' "$(jq -c '.modelInput | [.system, .toolConfig.tools[1], .additionalModelRequestFields, .messages[1].content[0], .messages[2].content[0].toolResult.status]' "$T/out")" '[[{"text":"s"},{"cachePoint":{"type":"default","ttl":"1h"}}],{"cachePoint":{"type":"default"}},{"top_k":5,"thinking":{"type":"enabled","budget_tokens":2048}},{"reasoningContent":{"reasoningText":{"text":"hm","signature":"sig"}}},"error"]'
cp "$T/in" "$T/asked"
cp "$T/out" "$T/in"
convert 0 anthropic --model claude-sonnet-4-5
eq 'and back' "$(jq -Sc .params "$T/out")" "$(jq -Sc .params "$T/asked")"
cp "$T/asked" "$T/in"
convert 4 openai
has 'what has no place is named' "$T/err" 'openai has no place for thinking of earlier turns, is_error of a tool result, top_k, a budget of thinking tokens, cache markers (--lossy leaves it out)'
convert 0 openai --lossy
eq 'and listed' "$(jq -c .llm.batch.lost "$T/out")" '["thinking of earlier turns","is_error of a tool result","top_k","a budget of thinking tokens","cache markers"]'

# Anthropic answers 400 to a stop sequence of blanks
chat blank '"max_tokens":5,"messages":[{"role":"user","content":"x"}],"stop":["\n\n","END"]' > "$T/in"
convert 4 anthropic
has 'is named' "$T/err" 'anthropic has no place for stop'
convert 0 anthropic --lossy
eq 'and left out' "$(jq -c .params.stop_sequences "$T/out")" '["END"]'

# refused, not bent
content() { # WHY PART
	chat x '"max_tokens":1,"messages":[{"role":"user","content":['"$2"']}]' > "$T/in"
	convert 4 anthropic --lossy
	has 'content is never left out' "$T/err" "$1"
}
content 'no text, image or document with its data' '{"type":"input_audio","input_audio":{"data":"","format":"wav"}}'
content "what 'file_id' stands for is with its provider alone" '{"type":"file","file":{"file_id":"f"}}'

# documents
pdf=data:application/pdf\;base64,JVBERi0=
chat pdf '"max_tokens":5,"messages":[{"role":"user","content":[{"type":"text","text":"sum up"},{"type":"file","file":{"filename":"a.pdf","file_data":"'$pdf'"}}]}]' > "$T/in"
for to in anthropic mistral openrouter azure; do there_and_back 'a document' $to; done
convert 0 bedrock
eq 'with its name in the letters that Bedrock takes' "$(jq -c '.modelInput.messages[0].content[1].document' "$T/out")" '{"format":"pdf","name":"a-pdf","source":{"bytes":"JVBERi0="}}'
convert 4 gemini
has 'where it has no name, that is said' "$T/err" 'gemini has no place for name of a document'
convert 0 gemini --lossy
eq 'and the document is there' "$(jq -c '.request.contents[0].parts[1]' "$T/out")" '{"inlineData":{"mimeType":"application/pdf","data":"JVBERi0="}}'
cp "$T/out" "$T/in"
convert 0 openai
eq 'and a name is made up where one is wanted' "$(jq -r '.body.messages[0].content[1].file.filename' "$T/out")" document.pdf
chat pdf '"max_tokens":5,"messages":[{"role":"user","content":[{"type":"file","file":{"filename":"a.pdf","file_data":"'$pdf'"}}]}]' > "$T/in"
convert 4 together
has 'hosts without documents' "$T/err" 'not for together: a document has no place there'
printf '{"custom_id":"d","params":{"model":"claude-sonnet-4-5","max_tokens":9,"messages":[{"role":"user","content":[{"type":"document","source":{"type":"url","url":"https://example.com/a.pdf"}},{"type":"document","source":{"type":"text","media_type":"text/plain","data":"t"},"title":"n"}]}]}}\n' > "$T/in"
convert 4 openai
has 'by address' "$T/err" 'not for openai: a document by address has no place there'
convert 4 mistral
has 'a text is a text' "$T/err" 'mistral has no place for the frame of a text document'
convert 0 mistral --lossy
eq 'documents at Mistral' "$(jq -c '.body.messages[0].content' "$T/out")" '[{"type":"document_url","document_url":"https://example.com/a.pdf"},{"type":"text","text":"t"}]'
cp "$T/out" "$T/in"
convert 4 openai
has 'and from there' "$T/err" 'not for openai: a document by address'
convert 0 openrouter --lossy
eq 'an address where it may be one' "$(jq -c '.body.messages[0].content[0].file' "$T/out")" '{"filename":"document.pdf","file_data":"https://example.com/a.pdf"}'
printf '{"custom_id":"d","params":{"model":"claude-sonnet-4-5","max_tokens":9,"top_k":5,"messages":[{"role":"user","content":[{"type":"text","text":"s","cache_control":{"type":"ephemeral"}}]}]}}\n' > "$T/in"
convert 0 openrouter
eq 'top_k and markers at OpenRouter' "$(jq -c '.body|[.top_k,.messages[0].content[0].cache_control]' "$T/out")" '[5,{"type":"ephemeral"}]'
convert 4 fireworks
has 'no markers at Fireworks' "$T/err" 'fireworks has no place for cache markers ('
printf '{"custom_id":"d","params":{"model":"claude-sonnet-4-5","max_tokens":9,"messages":[{"role":"user","content":"x"},{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"f","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw0KGgo="}}]}]}]}}\n' > "$T/in"
convert 4 openai
has 'results are texts there' "$T/err" 'a tool result that is no text'
printf '{"key":"g","model":"gemini-2.5-flash","request":{"contents":[{"parts":[{"fileData":{"mimeType":"application/pdf","fileUri":"gs://b/a.pdf"}}]}]}}\n' > "$T/in"
convert 4 anthropic
has 'a file of Google alone' "$T/err" "a file in its provider's store"
convert 0 gemini --model gemini-2.5-pro
eq 'stays where it is, and the model beside it' "$(cat "$T/out")" '{"key":"g","request":{"contents":[{"parts":[{"fileData":{"mimeType":"application/pdf","fileUri":"gs://b/a.pdf"}}]}]},"model":"gemini-2.5-pro"}'
chat x '"max_tokens":1,"messages":[{"role":"user","content":"a"},{"role":"system","content":"b"}]' > "$T/in"
convert 4 anthropic --lossy
chat x '"max_tokens":1,"messages":[{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{x"}}]}]' > "$T/in"
convert 4 anthropic --lossy
has 'arguments that are no JSON' "$T/err" 'whose arguments are no JSON object'
chat x '"max_tokens":1,"logit_bias":{"1":2},"temperature":1.5,"seed":1,"metadata":{"a":"b"},"messages":[{"role":"user","content":"a"}]' > "$T/in"
convert 4 anthropic
has 'settings' "$T/err" 'logit_bias, metadata, temperature above 1, seed'
chat x '"max_tokens":1,"metadata":{"a":"b"},"store":true,"messages":[{"role":"user","content":"a"}]' > "$T/in"
convert 0 anthropic
eq 'what is for the books of the provider is listed' "$(jq -c .llm.batch.lost "$T/out")" '["metadata","store"]'
chat x '"max_tokens":1,"max_tokens":2,"messages":[{"role":"user","content":"a"}]' > "$T/in"
convert 4 anthropic
chat x '"max_tokens":1,"messages":[{"role":"user","role":"system","content":"a"}]' > "$T/in"
convert 4 anthropic

# records
{
	printf '{"custom_id":"a","body":{"model":"m","messages":[]},"response":{"status_code":200,"body":{}}}\n'
	printf '{"some":"thing"}\n'
	printf '[1]\n'
	printf '{"messages":[{"role":"user","content":"x"}],"model":"gpt-4o","max_tokens":1,"my":{"n":1.0},"llm":{"v":1,"tags":{"user":"u"}}}\n'
} > "$T/in"
convert 0 anthropic
eq 'answered, strange and other lines pass byte for byte' "$(head -n 3 "$T/out")" "$(head -n 3 "$T/in")"
eq 'what is not the body stays on the record' "$(tail -n 1 "$T/out")" '{"custom_id":"r-4","params":{"model":"gpt-4o","max_tokens":1,"messages":[{"role":"user","content":"x"}]},"my":{"n":1.0},"llm":{"v":1,"tags":{"user":"u"}}}'
t 'no target' 2 llm-batch convert "$T/in"
t 'a target that is none' 2 llm-batch convert --to nobody "$T/in"

# members that no provider knows
printf '{"custom_id":"a","api_base":"https://example.invalid","body":{"x":1,"model":"gpt-4o","x":2,"api_base":"u","max_tokens":5,"messages":[{"role":"user","content":"hi"}]}}\n' > "$T/in"
t 'a member that nobody knows' 0 llm-batch convert --to anthropic "$T/in"
eq 'is in no way, and stays' "$(cat "$T/out")" '{"custom_id":"a","params":{"model":"gpt-4o","max_tokens":5,"messages":[{"role":"user","content":"hi"}],"x":1,"x":2,"api_base":"u"},"api_base":"https://example.invalid"}'
t 'where nothing is translated' 0 llm-batch convert --to openai "$T/in"
eq 'it stays in its place' "$(jq -c '.body|keys_unsorted' "$T/out")" '["x","model","api_base","max_tokens","messages"]'
sed 's/"api_base":"u"/"speed":"fast"/' "$T/in" > "$T/in2"
t 'one that would mean something there' 4 llm-batch convert --to anthropic "$T/in2"
has 'is said' "$T/err" 'anthropic has no place for speed'
sed 's/"x":1/"model":"b"/' "$T/in" > "$T/in2"
t 'one that is read, twice' 4 llm-batch convert --to anthropic "$T/in2"
has 'is refused' "$T/err" "member 'model' stands twice"
printf '{"custom_id":"a","body":{"model":"gpt-4o","max_tokens":5,"messages":[{"role":"user","content":"hi"}],"parallel_tool_calls":true,"presence_penalty":0,"logprobs":false}}\n' > "$T/in"
for to in anthropic gemini bedrock; do t "what goes without saying: $to" 0 llm-batch convert --to $to "$T/in"; done
sed 's/true/false/' "$T/in" > "$T/in2"
t 'one call at a time' 4 llm-batch convert --to gemini "$T/in2"
has 'is a wish' "$T/err" 'gemini has no place for parallel_tool_calls'
printf '{"key":"g","request":{"contents":[{"parts":[{"text":"hi"}]}],"generationConfig":{"maxOutputTokens":9,"responseMimeType":"application/json","responseSchema":{"type":"OBJECT","properties":{"nullable":{"type":"STRING","nullable" : true},"b":{"type":"STRING","enum":["TYPE","x"],"nullable":true},"c":{"anyOf":[{"type":"INTEGER"}],"nullable":true},"type":{"type":"NUMBER","nullable":false}}}}}}\n' > "$T/in"
t "Google's own schemas" 0 llm-batch convert --to openai --model m "$T/in"
eq 'become JSON Schema' "$(jq -c '.body.response_format.json_schema.schema.properties' "$T/out")" '{"nullable":{"type":["string","null"]},"b":{"type":["string","null"],"enum":["TYPE","x",null]},"c":{"anyOf":[{"type":"integer"},{"type":"null"}]},"type":{"type":"number"}}'
sed 's/{"type":"OBJECT".*/{"nullable":true}}}}/' "$T/in" > "$T/in2"
t 'nullable of nothing' 4 llm-batch convert --to openai --model m "$T/in2"
has 'is said' "$T/err" 'openai has no place for nullable of a schema'
finish
