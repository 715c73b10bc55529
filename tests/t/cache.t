#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: llm-cache get and put: what is one request and what is two, whose answer is whose, what is
# never stored, how long it is served, and what is left where the store fails.
. "$(dirname "$0")/../lib.sh"

# answer FILE [CHOICE]: the records with an answer each, as run leaves them
cat > "$T/answer.py" <<'P'
import json, sys
choice = sys.argv[2] if len(sys.argv) > 2 else '{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"yes"}}'
for n, line in enumerate(open(sys.argv[1], encoding="utf-8")):
    r = json.loads(line)
    line = line.rstrip("\n")
    if any(k in r for k in ("response", "result", "modelOutput")) or r.get("llm", {}).get("cache", {}).get("collapsed"):
        print(line)
    elif "params" in r:
        print(line[:-1] + ',"result":{"type":"succeeded","message":{"id":"m%d","type":"message","role":"assistant","model":"claude-sonnet-4-5-20250929","content":[{"type":"text","text":"yes"}],"stop_reason":"end_turn","usage":{"input_tokens":7,"output_tokens":2}}}}' % n)
    elif "modelInput" in r:
        print(line[:-1] + ',"modelOutput":{"output":{"message":{"role":"assistant","content":[{"text":"yes"}]}},"stopReason":"end_turn","usage":{"inputTokens":7,"outputTokens":2,"totalTokens":9}}}')
    elif "contents" in r.get("request", {}):
        print(line[:-1] + ',"response":{"candidates":[{"content":{"role":"model","parts":[{"text":"yes"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":7,"candidatesTokenCount":2,"totalTokenCount":9}}}')
    else:
        print(line[:-1] + ',"response":{"status_code":200, "body":{"id":"c%d","model":"gpt-4o-2024-08-06","n":1.0e2,"choices":[%s],"usage":{"prompt_tokens":9007199254740993,"completion_tokens":1}}}}' % (n, choice))
P
answer() { python3 "$T/answer.py" "$@"; }
keys() { jq -r .llm.cache.key "$@"; }
hits() { grep -c '"hit":true' "$1"; }

# --- what is one request and what is two

cat > "$T/sweep.py" <<'P'
# Lines of requests that differ from a first one in one member each: `differ` by one that counts,
# `equal` by one that does not, or by spelling. argv: differ|equal
import copy, json, sys
chat = {"model": "gpt-4o", "messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "hi", "name": "n"},
    {"role": "assistant", "content": None, "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{\"a\":1}"}}]},
    {"role": "tool", "tool_call_id": "c1", "content": "r"},
    {"role": "user", "content": [{"type": "text", "text": "t"}, {"type": "image_url", "image_url": {"url": "data:,x", "detail": "low"}}]}],
    "tools": [{"type": "function", "function": {"name": "f", "description": "d", "strict": True, "parameters": {"type": "object", "properties": {
        "user": {"type": "string"}, "metadata": {"type": "string"}, "stream": {"type": "string"}, "cache_control": {"type": "string"}}, "required": ["user"]}}}]}
chat_members = {"audio": {"voice": "alloy", "format": "mp3"}, "frequency_penalty": 0.5, "function_call": "none", "functions": [{"name": "g"}],
    "logit_bias": {"50256": -100}, "logprobs": True, "max_completion_tokens": 7, "max_tokens": 7, "modalities": ["text"], "n": 2,
    "parallel_tool_calls": False, "prediction": {"type": "content", "content": "x"}, "presence_penalty": 0.5, "reasoning_effort": "low",
    "response_format": {"type": "json_object"}, "seed": 1, "stop": ["x"], "temperature": 0, "tool_choice": "auto", "top_logprobs": 3, "top_p": 0.5,
    "verbosity": "low", "web_search_options": {"search_context_size": "low"}, "unheard_of": 1, "seed ": 1, "stop ": None}
responses = {"model": "gpt-4o", "input": [{"role": "user", "content": [{"type": "input_text", "text": "hi"}]}]}
responses_members = {"instructions": "i", "background": True, "include": ["x"], "max_output_tokens": 7, "max_tool_calls": 1, "parallel_tool_calls": False,
    "previous_response_id": "r", "prompt": {"id": "p"}, "reasoning": {"effort": "low"}, "temperature": 0.0, "text": {"format": {"type": "text"}},
    "tool_choice": "auto", "tools": [{"type": "web_search"}], "top_logprobs": 1, "top_p": 0.5, "truncation": "auto", "conversation": "c"}
anthropic = {"model": "claude-sonnet-4-5", "max_tokens": 10, "system": [{"type": "text", "text": "s"}, {"type": "text", "text": "s2"}],
    "messages": [{"role": "user", "content": [{"type": "text", "text": "hi"}, {"type": "document", "title": "t", "source": {"type": "text", "media_type": "text/plain", "data": "d"}}]},
        {"role": "assistant", "content": [{"type": "thinking", "thinking": "th", "signature": "sg"}, {"type": "tool_use", "id": "t1", "name": "f", "input": {"cache_control": "a", "cachePoint": {"x": 1}}}]},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "is_error": False, "content": [{"type": "text", "text": "r"}]}]}],
    "tools": [{"name": "f", "description": "d", "input_schema": {"type": "object", "properties": {"user": {"type": "string"}, "cache_control": {"type": "string"}}}}]}
anthropic_members = {"container": "c", "context_management": {"edits": []}, "inference_geo": "us", "mcp_servers": [{"type": "url", "url": "u", "name": "n"}],
    "output_config": {"effort": "low"}, "speed": "fast", "stop_sequences": ["x"], "temperature": 1, "thinking": {"type": "enabled", "budget_tokens": 1024},
    "tool_choice": {"type": "auto"}, "top_k": 5, "top_p": 0.5}
gemini = {"contents": [{"role": "user", "parts": [{"text": "hi"}, {"inlineData": {"mimeType": "image/png", "data": "eA=="}}]}], "systemInstruction": {"parts": [{"text": "s"}]},
    "generationConfig": {"temperature": 0.1, "maxOutputTokens": 7}}
gemini_members = {"cachedContent": "cachedContents/1", "labels": {"a": "b"}, "safetySettings": [{"category": "x", "threshold": "y"}], "toolConfig": {"functionCallingConfig": {"mode": "ANY"}},
    "tools": [{"functionDeclarations": [{"name": "f"}]}]}
for n in ("candidateCount", "frequencyPenalty", "logprobs", "mediaResolution", "presencePenalty", "responseLogprobs", "responseMimeType", "responseModalities", "responseSchema",
          "seed", "speechConfig", "stopSequences", "thinkingConfig", "topK", "topP"):
    gemini_members["generationConfig." + n] = 1
converse = {"messages": [{"role": "user", "content": [{"text": "hi"}]}], "system": [{"text": "s"}], "inferenceConfig": {"maxTokens": 7}}
converse_members = {"toolConfig": {"tools": [{"toolSpec": {"name": "f"}}]}, "guardrailConfig": {"guardrailIdentifier": "g"}, "additionalModelRequestFields": {"k": 1}, "performanceConfig": {"latency": "optimized"}}
embeddings = {"model": "text-embedding-3-small", "input": ["a", "b"]}
embeddings_members = {"dimensions": 3, "encoding_format": "base64"}
shapes = [
    (lambda b: {"custom_id": "x", "method": "POST", "url": "/v1/chat/completions", "body": b}, chat, chat_members),
    (lambda b: {"custom_id": "x", "method": "POST", "url": "/v1/responses", "body": b}, responses, responses_members),
    (lambda b: {"custom_id": "x", "params": b}, anthropic, anthropic_members),
    (lambda b: {"key": "x", "request": b}, gemini, gemini_members),
    (lambda b: {"recordId": "x", "modelId": "anthropic.claude-haiku-4-5", "modelInput": b}, converse, converse_members),
    (lambda b: {"custom_id": "x", "method": "POST", "url": "/v1/embeddings", "body": b}, embeddings, embeddings_members),
]
def leaves(v, path=()):
    """Paths of all strings, numbers and literals inside v."""
    if isinstance(v, dict):
        for k in v: yield from leaves(v[k], path + (k,))
    elif isinstance(v, list):
        for i, x in enumerate(v): yield from leaves(x, path + (i,))
    else: yield path
def at(v, path):
    for p in path: v = v[p]
    return v
def put(body, name, value):
    *way, last = name.split(".")
    at(body, way)[last] = value
def show(r): print(json.dumps(r, ensure_ascii=False))
def differ():
    for wrap, base, members in shapes:
        show(wrap(base))
        for name, value in members.items():
            body = copy.deepcopy(base); put(body, name, value); show(wrap(body))
        for path in leaves(base):
            body = copy.deepcopy(base); old = at(body, path)
            at(body, path[:-1])[path[-1]] = old + "!" if isinstance(old, str) else 3.5 if isinstance(old, (int, float)) and not isinstance(old, bool) else not old
            show(wrap(body))
            body = copy.deepcopy(base); holder = at(body, path[:-1])
            if isinstance(holder, dict) and isinstance(path[-1], str) and not (len(path) == 1 and path[0] in ("input",)):
                del holder[path[-1]]; show(wrap(body))
    body = copy.deepcopy(chat); body["messages"].reverse(); show(shapes[0][0](body))
    body = dict(chat, temperature=1e-300); show(shapes[0][0](body))
    print('{"custom_id":"x","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-4o","seed":9007199254740992,"messages":[]}}')
    print('{"custom_id":"x","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-4o","seed":9007199254740993,"messages":[]}}')
    show({"custom_id": "x", "method": "POST", "url": "/v1/moderations", "body": embeddings})
    show({"custom_id": "x", "method": "POST", "url": "/v1/messages", "body": anthropic})
    show({"recordId": "x", "modelId": "anthropic.claude-sonnet-4-5", "modelInput": converse})
def equal():
    ignored = {"custom_id": "y", "stream": True, "stream_options": {"include_usage": True}, "user": "u", "safety_identifier": "z", "metadata": {"a": "b"}, "store": True,
        "service_tier": "flex", "prompt_cache_key": "k", "prompt_cache_options": {"mode": "explicit"}, "prompt_cache_retention": "24h", "cache_control": {"type": "ephemeral"}, "llm": 1}
    for wrap, base, _ in shapes:
        def line(body): show({"group": shapes.index((wrap, base, _)), **wrap(body)})
        line(base)
        for name, value in ignored.items(): line(dict(base, **{name: value}))
        line(dict(base, **ignored))
        line(dict(reversed(base.items())))
    mark = {"type": "ephemeral"}
    body = copy.deepcopy(anthropic); body["system"][1]["cache_control"] = mark; body["tools"][0]["cache_control"] = mark
    body["messages"][0]["content"][0]["cache_control"] = mark; body["messages"][2]["content"][0]["cache_control"] = mark
    body["messages"][2]["content"][0]["content"][0]["cache_control"] = dict(mark, ttl="1h")
    show({"group": 2, "custom_id": "x", "params": body})
    body = copy.deepcopy(converse); body["system"].append({"cachePoint": {"type": "default"}}); body["messages"][0]["content"].append({"cachePoint": {"type": "default"}})
    show({"group": 4, "recordId": "x", "modelId": "anthropic.claude-haiku-4-5", "modelInput": body})
    body = copy.deepcopy(responses); body["input"][0]["content"][0]["prompt_cache_breakpoint"] = {"mode": "explicit"}
    show({"group": 1, "custom_id": "x", "method": "POST", "url": "/v1/responses", "body": body})
    show({"group": 0, "custom_id": "other", "body": chat, "priority": 1})
    show({"group": 0, "custom_id": 7, "method": "GET", "url": "/chat/completions", "body": chat})
    for n, seed in enumerate(("1", "1.0", "10e-1", "0.1e1", "1E0", "100e-2")):
        print('{"group":9,"custom_id":"%d","body":{ "messages":[{"role":"user", "content":"\\u00e9\\/\\n"}],"seed":%s,"model":"gpt-4o"}}' % (n, seed))
    print('{"group":9,"custom_id":"z","body":{"model":"gpt\\u002d4o","m\\u0065ssages":[{"content":"é/\\u000a","role":"user"}],"seed":1}}')
differ() if sys.argv[1] == "differ" else equal()
P
python3 "$T/sweep.py" differ > "$T/differ.jsonl"
t 'every member of every request schema, one at a time' 0 llm-cache get --store "$T/s" "$T/differ.jsonl"
keys "$T/out" > "$T/keys"
holds "there are many ($(wc -l < "$T/keys"))" test "$(wc -l < "$T/keys")" -gt 250
eq 'each has a key of its own' "$(sort "$T/keys" | uniq -d | wc -l)" 0
eq 'of 256 bits, with the version' "$(grep -cvE '^1:[0-9a-f]{64}$' "$T/keys")" 0
python3 "$T/sweep.py" equal > "$T/equal.jsonl"
t 'what cannot change an answer, order, spelling' 0 llm-cache get --store "$T/s" "$T/equal.jsonl"
eq 'one key for each of the seven requests' "$(jq -r '"\(.group) \(.llm.cache.key)"' "$T/out" | sort -u | cut -d' ' -f1 | xargs)" '0 1 2 3 4 5 9'
eq 'and for no two of them the same' "$(keys "$T/out" | sort -u | wc -l)" 7
printf '%s\n' '{"model":"gpt-4o","messages":[{"role":"user","content":"q"}]}' '{"messages":[{"role":"user","content":"q"}],"model":"gpt-4o","user":"x"}' > "$T/bare.jsonl"
t 'a bare body' 0 llm-cache get --store "$T/s" "$T/bare.jsonl"
eq 'has the key of the same body in an envelope' "$(keys "$T/out" | sort -u)" \
	"$(printf '{"custom_id":"e","body":{"model":"gpt-4o","messages":[{"role":"user","content":"q"}]}}\n' | llm-cache get --store "$T/s" | keys)"

# the key is a promise: stores of today must be of use tomorrow
eq 'the key of version 1' "$(printf '{"custom_id":"e","body":{"model":"gpt-4o","messages":[{"role":"user","content":"q"}]}}\n' | llm-cache get --store "$T/s" | keys)" \
	"1:$(printf '[1,"response","/chat/completions",null,null,{"messages":[{"content":"q","role":"user"}],"model":"gpt-4o"}]' | sha256sum | cut -d' ' -f1)"

# duplicates: the body is read whole, the rest is not
printf '%s\n' '{"custom_id":"a","body":{"model":"gpt-4o","x":{"y":[{"k":1,"k":2}]},"messages":[]}}' \
	'{"custom_id":"b","custom_id":"c","body":{"model":"gpt-4o","messages":[]}}' \
	'{"custom_id":"d","body":{"model":"gpt-4o","messages":[]},"odd":{"k":1,"k":1}}' > "$T/twice"
t 'a member that stands twice in the body' 4 llm-cache get --store "$T/s" --rejects "$T/rej" "$T/twice"
eq 'is refused, elsewhere it stays' "$(jq -r .custom_id "$T/out" | xargs)" d
eq 'by line' "$(jq -r .line "$T/rej.why" | xargs)" '1 2'
printf '{"custom_id":"a","body":{"model":"gpt-4o","messages":[]},"llm":3}\n' > "$T/odd"
t 'llm that is no object' 4 llm-cache get --store "$T/s" "$T/odd"

# --- a round: asked, answered, known

{
	head -n 1 "$T/differ.jsonl"
	for member in params modelInput request; do grep "\"$member\"" "$T/differ.jsonl" | head -n 1; done
	printf '\n[1]\n{"k":1}\n'
	cat "$T/bare.jsonl"
} > "$T/q"
t 'get: nothing is known' 0 llm-cache get --store "$T/c" "$T/q"
cp "$T/out" "$T/g"
eq 'only the annotation is new' "$(sed 's/,"llm":{.*}}$/}/' "$T/g")" "$(cat "$T/q")"
eq 'a miss says so' "$(grep -c '"hit":false' "$T/g") $(hits "$T/g")" '6 0'
grep '^{"' "$T/g" | grep llm > "$T/asked"
answer "$T/asked" > "$T/a"
t 'put' 0 llm-cache put --store "$T/c" "$T/a"
same 'put passes every record byte for byte' "$T/out" "$T/a"
t 'get: all is known' 0 llm-cache get --store "$T/c" "$T/q"
cp "$T/out" "$T/h"
eq 'all six are hits' "$(hits "$T/h")" 6
eq 'each in the member of its shape' "$(jq -cr 'objects|[keys[]|select(.=="response" or .=="result" or .=="modelOutput")]|.[]' "$T/h" | xargs)" 'response result modelOutput response response response'
eq 'byte for byte as it was stored' "$(grep -cF '"response":{"status_code":200, "body":{"id":"c0","model":"gpt-4o-2024-08-06","n":1.0e2,' "$T/h")" 1
eq 'with the model that answered and its usage' "$(head -n 1 "$T/h" | jq -c '.llm.cache|[.tier,.model]') $(head -n 1 "$T/h" | grep -c '"usage":{"prompt_tokens":9007199254740993,"completion_tokens":1}},"v":1}')" '["exact","gpt-4o-2024-08-06"] 1'
t 'get passes a hit untouched' 0 llm-cache get --store "$T/c" "$T/h"
same 'byte for byte' "$T/out" "$T/h"
t 'put passes a hit untouched' 0 llm-cache put --store "$T/c2" "$T/h"
same 'byte for byte, too' "$T/out" "$T/h"
t 'and stores it not again' 0 llm-cache get --store "$T/c2" "$T/q"
eq 'as can be seen' "$(hits "$T/out")" 0
t '--answered-by the model' 0 llm-cache get --store "$T/c" --answered-by gpt-4o "$T/q"
eq 'takes its answers, a date behind the name or not' "$(hits "$T/out")" 3
t '--answered-by another' 0 llm-cache get --store "$T/c" --answered-by gpt-4 "$T/q"
eq 'takes none' "$(hits "$T/out")" 0
[ -n "${LLM_TEST_SOCKET:-}" ] || eq 'one file, for its owner alone' "$(find "$T" -name 'c' -perm 600 | wc -l) $(find "$T" -name 'c-*' | wc -l)" '1 0'
lacks 'no prompt stands in a message' "$T/err" '"hi"'

# --- scope

printf '%s\n' '{"custom_id":"1","tenant":"a","body":{"model":"gpt-4o","messages":[{"role":"user","content":"q"}]}}' > "$T/ta"
sed 's/"tenant":"a"/"tenant":"b"/' "$T/ta" > "$T/tb"
sed 's/"tenant":"a",//' "$T/ta" > "$T/tn"
sed 's/"tenant":"a"/"tenant":""/' "$T/ta" > "$T/te"
llm-cache get --store "$T/sc" --scope .tenant "$T/ta" > "$T/asked"
answer "$T/asked" | llm-cache put --store "$T/sc" > "$T/out"
t 'a tenant' 0 llm-cache get --store "$T/sc" --scope .tenant "$T/ta"
eq 'meets its own answer' "$(hits "$T/out") $(jq -r .llm.cache.scope "$T/out")" '1 a'
for other in tb tn te; do
	t "another, or none ($other)" 0 llm-cache get --store "$T/sc" --scope .tenant "$T/$other"
	eq 'does not' "$(hits "$T/out")" 0
done
t 'nor does who asks without a scope' 0 llm-cache get --store "$T/sc" "$T/ta"
eq 'meet it' "$(hits "$T/out")" 0
llm-cache get --store "$T/sc" --scope .tenant "$T/tn" "$T/te" > "$T/asked"
eq 'no value, no key, and the reason' "$(jq -r '.llm.cache|"\(.key) \(.reason)"' "$T/asked" | sort -u)" 'null no value at --scope'
answer "$T/asked" | llm-cache put --store "$T/sc" > "$T/out" 2> "$T/err"
cat "$T/tn" "$T/te" | llm-cache get --store "$T/sc" > "$T/out"
eq 'and its answer is not stored for all' "$(hits "$T/out")" 0
t '--scope wants a path' 2 llm-cache get --store "$T/sc" --scope tenant "$T/ta"

# ten tenants, two thousand steps at random (LLM_CHECK_FULL: a hundred thousand), against a map that
# cannot be wrong
python3 - "$T" > "$T/mixed" <<'P'
import json, os, random, subprocess, sys
random.seed(5)
known, wrong, hits = {}, 0, 0
for turn in range(1000 if os.environ.get("LLM_CHECK_FULL") else 20):
    rows = [(random.randrange(10), random.randrange(60)) for _ in range(100)]
    lines = [json.dumps({"custom_id": "%d" % i, "metadata": {"tenant": "t%d" % t}, "body": {"model": "gpt-4o", "messages": [{"role": "user", "content": "q%d" % q}]}}) for i, (t, q) in enumerate(rows)]
    out = subprocess.run(["llm-cache", "get", "--store", sys.argv[1] + "/ten", "--scope", ".metadata.tenant"], input="\n".join(lines) + "\n", capture_output=True, text=True, check=True).stdout.splitlines()
    back = []
    for (t, q), line in zip(rows, out):
        r = json.loads(line)
        if r["llm"]["cache"]["hit"]:
            hits += 1
            wrong += r["response"]["body"]["choices"][0]["message"]["content"] != known.get((t, q))
        else:
            wrong += (t, q) in known
            r["response"] = {"status_code": 200, "body": {"model": "gpt-4o", "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "%d/%d/%d" % (t, q, turn)}}]}}
            back.append(((t, q), r))
    for where, r in back:
        known[where] = r["response"]["body"]["choices"][0]["message"]["content"]
    subprocess.run(["llm-cache", "put", "--store", sys.argv[1] + "/ten"], input="".join(json.dumps(r) + "\n" for _, r in back), capture_output=True, text=True, check=True)
print(wrong, hits > 1000)
P
eq 'ten tenants, 2,000 look-ups: none meets what is not its own, none loses what is' "$(cat "$T/mixed")" '0 True'

# --- collapse

{
	cat "$T/ta" "$T/tb" "$T/ta"
	sed 's/"custom_id":"1"/"custom_id":"2"/' "$T/ta"
	sed 's/"q"/"other"/' "$T/ta"
} > "$T/many"
t '--collapse' 0 llm-cache get --store "$T/co" --collapse "$T/many"
eq 'the first goes on, equal ones are marked' "$(jq -r '.llm.cache.collapsed//false' "$T/out" | xargs)" 'false true true true false'
eq 'with the same key' "$(head -n 4 "$T/out" | keys | sort -u | wc -l)" 1
t '--collapse --scope' 0 llm-cache get --store "$T/co" --collapse --scope .tenant "$T/many"
eq 'two tenants are two' "$(jq -r '.llm.cache.collapsed//false' "$T/out" | xargs)" 'false false true true false'
sed 's/}$/,"response":{"status_code":200,"body":{"model":"gpt-4o","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"yes"}}]}}}/' "$T/out" | sed -n 3p > "$T/copy"
t 'put: a copy that got its answer' 0 llm-cache put --store "$T/co2" "$T/copy"
t 'is not stored' 0 llm-cache get --store "$T/co2" --scope .tenant "$T/ta"
eq 'a second time' "$(hits "$T/out")" 0

# --- deterministic

printf '%s\n' '{"custom_id":"1","body":{"model":"gpt-4o","messages":[]}}' '{"custom_id":"2","body":{"model":"gpt-4o","temperature":0,"messages":[]}}' \
	'{"custom_id":"3","body":{"model":"gpt-4o","temperature":0.7,"messages":[]}}' '{"custom_id":"4","body":{"model":"gpt-4o","temperature":0.7,"seed":3,"messages":[]}}' \
	'{"custom_id":"5","body":{"model":"gpt-4o","temperature":0.0,"messages":[]}}' > "$T/temps"
t 'absent, 0, 0.7, with a seed' 0 llm-cache get --store "$T/d" "$T/temps"
eq 'are four keys, 0.0 is 0' "$(keys "$T/out" | sort -u | wc -l)" 4
answer "$T/out" | llm-cache put --store "$T/d" > "$T/a"
t '--only-deterministic' 0 llm-cache get --store "$T/d" --only-deterministic "$T/temps"
eq 'serves temperature 0 and seeds alone' "$(jq -r '.llm.cache.hit' "$T/out" | xargs)" 'false true false true true'
eq 'and says why not' "$(jq -r '.llm.cache.reason//empty' "$T/out" | sort | uniq -c | xargs)" '2 neither temperature 0 nor a seed'
llm-cache get --store "$T/d2" --only-deterministic "$T/temps" > "$T/asked"
answer "$T/asked" | llm-cache put --store "$T/d2" > "$T/a" 2> "$T/err"
llm-cache get --store "$T/d2" "$T/temps" > "$T/out"
eq 'nor are the others stored' "$(jq -r '.llm.cache.hit' "$T/out" | xargs)" 'false true false true true'

# --- only finished answers

printf '{"custom_id":"1","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-4o","messages":[{"role":"user","content":"q"}]}}\n' > "$T/one"
llm-cache get --store "$T/f" "$T/one" > "$T/asked"
say='"message":{"role":"assistant","content":"half"}'
unfinished() { # WHAT RESPONSE-MEMBER...
	unfinished_what=$1
	sed 's/}$//' "$T/asked" | tr -d '\n' > "$T/bad"
	printf ',%s}\n' "$2" >> "$T/bad"
	t "$unfinished_what: passes" 0 llm-cache put --store "$T/f" "$T/bad"
	same "$unfinished_what: byte for byte" "$T/out" "$T/bad"
	llm-cache get --store "$T/f" "$T/one" > "$T/out"
	eq "$unfinished_what: is not stored" "$(hits "$T/out")" 0
}
for reason in '"length"' '"content_filter"' null; do
	unfinished "finish reason $reason" "\"response\":{\"status_code\":200,\"body\":{\"choices\":[{\"index\":0,\"finish_reason\":$reason,$say}]}}"
done
unfinished 'no finish reason' "\"response\":{\"status_code\":200,\"body\":{\"choices\":[{\"index\":0,$say}]}}"
unfinished 'status 400' "\"response\":{\"status_code\":400,\"body\":{\"error\":{\"message\":\"no\"}}},\"error\":null"
unfinished 'status 500 with a good body' "\"response\":{\"status_code\":500,\"body\":{\"choices\":[{\"index\":0,\"finish_reason\":\"stop\",$say}]}}"
unfinished 'an error body with status 200' "\"response\":{\"status_code\":200,\"body\":{\"error\":{\"message\":\"no\"}}}"
unfinished 'an error beside no response' '"response":null,"error":{"code":"batch_expired","message":"late"}'
unfinished 'an error as a bare string' '"response":null,"error":"late"'
unfinished 'a refusal' "\"response\":{\"status_code\":200,\"body\":{\"choices\":[{\"index\":0,\"finish_reason\":\"stop\",\"message\":{\"role\":\"assistant\",\"content\":null,\"refusal\":\"no\"}}]}}"
unfinished 'a refusal in words' "\"response\":{\"status_code\":200,\"body\":{\"choices\":[{\"index\":0,\"finish_reason\":\"stop\",\"message\":{\"role\":\"assistant\",\"content\":\"I'm sorry, but I can't help with that.\"}}]}}"
unfinished 'one of two choices cut off' "\"response\":{\"status_code\":200,\"body\":{\"choices\":[{\"index\":0,\"finish_reason\":\"stop\",$say},{\"index\":1,\"finish_reason\":\"length\",$say}]}}"
unfinished 'an empty body' '"response":{"status_code":200,"body":{}}'
jq -c --arg said '{"summary":"I am unable to log in"}' '.response = {status_code: 200, body: {choices: [{index: 0, finish_reason: "stop", message: {role: "assistant", content: $said}}]}}' "$T/asked" > "$T/form"
t 'JSON that tells of somebody who cannot' 0 llm-cache put --store "$T/form.s" "$T/form"
eq 'is an answer' "$(llm-cache export --store "$T/form.s" | wc -l)" 1
answer "$T/asked" > "$T/good"
t 'a finished one' 0 llm-cache put --store "$T/f" "$T/good"
llm-cache get --store "$T/f" "$T/one" > "$T/out"
eq 'is stored' "$(hits "$T/out")" 1

# --- keys and edits

edited() { # WHAT WANTED-HITS JQ: put of the answered record after the edit, then get of the request
	rm -f "$T/e"
	jq -c "$3" "$T/good" > "$T/edited"
	t "$1: passes" 0 llm-cache put --store "$T/e" "$T/edited"
	same "$1: byte for byte" "$T/out" "$T/edited"
	cp "$T/err" "$T/said"
	llm-cache get --store "$T/e" "$T/one" > "$T/out"
	eq "$1: hits" "$(hits "$T/out")" "$2"
}
edited 'routed, with the key' 1 '.body.model="gpt-4o-mini"|.llm.route={"model":"gpt-4o-mini","asked":"gpt-4o"}'
eq 'names the model that answered' "$(jq -r .llm.cache.model "$T/out")" gpt-4o-2024-08-06
edited 'compressed, with the key' 1 '.body.messages[0].content="Q"|.llm.compress={"tokens_before":2}'
edited 'routed, without a key' 0 '.llm.route={"model":"gpt-4o"}|del(.llm.cache)'
has 'is refused, and that is said' "$T/said" 'not stored'
edited 'changed by hand' 0 '.body.messages[0].content="Q"'
edited 'with a key that is none' 0 '.llm.cache.key="1:zz"'
edited 'with a key of another version' 0 '.llm.cache.key="2:"+.llm.cache.key[2:]'
edited 'with the key of another request' 0 '.llm.cache.key="1:"+("0"*64)'
edited 'never signed, never edited' 1 'del(.llm)'
t 'put -v tells which' 0 llm-cache put -v --store "$T/e" "$T/edited"

# --- time

rm -f "$T/e"
t 'put with a time to live' 0 llm-cache put --store "$T/ttl" --ttl 10m --now 2026-11-21T10:00:00Z "$T/good"
at() { # NOW WANTED-HITS
	llm-cache get --store "$T/ttl" --now "$1" "$T/one" > "$T/out"
	eq "at $1" "$(hits "$T/out")" "$2"
}
at 2026-11-21T10:00:00Z 1
at 2026-11-21T10:09:59.999Z 1
at 2026-11-21T10:10:00Z 0
at 2027-01-01T00:00:00Z 0
at 2026-11-21T09:59:59Z 0
at 1999-01-01T00:00:00Z 0
llm-cache put --store "$T/ttl" --now 2026-11-21T10:00:00Z "$T/good" > "$T/out"
at 2026-11-21T10:59:59Z 1
at 2026-11-21T11:00:00Z 0
llm-cache put --store "$T/ttl" --ttl inf --now 2026-11-21T10:00:00Z "$T/good" > "$T/out"
at 2999-01-01T00:00:00Z 1
at 1999-01-01T00:00:00Z 1
llm-cache put --store "$T/ttl0" --ttl 0s "$T/good" > "$T/out"
llm-cache get --store "$T/ttl0" "$T/one" > "$T/out"
eq 'no time to live, nothing stored' "$(hits "$T/out")" 0

# put is live: what was read is stored while it waits for more
mkfifo "$T/pipe"
llm-cache put --store "$T/live" < "$T/pipe" > "$T/liveout" &
live=$!
exec 9> "$T/pipe"
cat "$T/good" >&9
tries=100
while [ $((tries -= 1)) -gt 0 ] && [ "$(llm-cache get --store "$T/live" "$T/one" 2> "$T/err" | grep -c '"hit":true')" = 0 ]; do sleep .05; done
holds 'put is live' test "$tries" -gt 0
same 'and so is its output' "$T/liveout" "$T/good"
exec 9>&-
wait "$live"
finish
