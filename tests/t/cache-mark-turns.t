#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: llm-cache mark beyond the head of a prompt: conversations, several heads, OpenAI's breakpoints and
# keys, and what --reorder and --sort-documents move.
. "$(dirname "$0")/../lib.sh"

# rows NAME PYTHON: lines of requests into $T/NAME
rows() {
	python3 - > "$T/$1" <<P
import json
long = "All work and no play makes a dull prompt, " * 190    # between 1,024 and 4,096 tokens
def say(n, words=60): return "turn %d " % n + " ".join("w%d" % (i * n) for i in range(words))
def show(r): print(json.dumps(r, separators=(",", ":")))
n = 0
def a(**body):
    global n
    n += 1
    show({"custom_id": "p-%d" % n, "params": {"model": "claude-sonnet-4-5", "max_tokens": 50, **body}})
def o(model="gpt-4o", path="/v1/chat/completions", tags=None, **body):
    global n
    n += 1
    r = {"custom_id": "o-%d" % n, "method": "POST", "url": path, "body": {"model": model, **body}}
    if tags: r["llm"] = {"tags": tags}
    show(r)
def chat(turns, blocks=1):
    m = []
    for i in range(turns):
        if i: m.append({"role": "assistant", "content": [{"type": "text", "text": say(100 + i * 50 + b)} for b in range(blocks)]})
        m.append({"role": "user", "content": say(i)})
    return m
def user(text): return {"role": "user", "content": text}
$2
P
}
# where marks stand: paths of the objects that bear one
where() { jq -c '[path(.. | objects | select(has("cache_control") or has("cachePoint") or has("prompt_cache_breakpoint"))) | map(tostring) | join(".")]' "$1"; }
keys() { jq -r '.body.prompt_cache_key // "-"' "$1"; }
marks() { where "$1" | jq length | xargs; }
# without what mark writes; a text that became a block is a text again
plain='del(.llm) | del(.. | objects | .cache_control, .prompt_cache_breakpoint) | del(.body.prompt_cache_key) | walk(if type == "object" and (.content | type) == "array" and (.content | length) == 1 and .content[0].type == "text" and (.content[0] | keys) == ["text", "type"] then .content = .content[0].text else . end)'
bare() { jq -c "$plain" "$1"; }

# --- conversations

rows chat 'for i in range(1, 5): a(system=[{"type": "text", "text": long}], messages=chat(i))'
t 'a conversation of four turns' 0 llm-cache mark "$T/chat"
where "$T/out" > "$T/where"
cat > "$T/want" <<'W'
["params.system.0","params.messages.0.content.0"]
["params.system.0","params.messages.0.content.0","params.messages.2.content.0"]
["params.system.0","params.messages.2.content.0","params.messages.4.content.0"]
["params.system.0","params.messages.4.content.0"]
W
same 'the last turn is marked, the one before it stays, and nothing is written that nobody reads' "$T/where" "$T/want"
eq 'what is told is what stands there' "$(jq -r .llm.cache.mark.markers "$T/out" | xargs)" "$(marks "$T/out")"
bare "$T/out" > "$T/one"
bare "$T/chat" > "$T/two"
same 'no text has changed' "$T/one" "$T/two"
python3 - "$T/out" > "$T/sums" <<'P'
# the second turn: head and first turn are read by three others, the second turn by two
import json, subprocess, sys
from decimal import Decimal as D
row = json.loads(open(sys.argv[1]).read().splitlines()[1])
def tokens(text):
    return int(subprocess.run(["llm-cost", "count", "--text", "--model", "claude-sonnet-4-5", "--format", "json"], input=text, capture_output=True, text=True, check=True).stdout.split('"tokens":')[1].split(",")[0])
def saved(t, n): return t * (n * 3 - D("3.75") - (n - 1) * D(".3")) / 1000000
head = tokens(row["params"]["system"][0]["text"])
first = tokens(row["params"]["messages"][0]["content"][0]["text"])
second = sum(tokens(c["text"]) for m in row["params"]["messages"][1:] for c in m["content"])
print(saved(head, 4) + saved(first, 4) + saved(second, 3) == D(row["llm"]["cache"]["mark"]["usd"]))
P
eq 'the sum is that of the shared parts' "$(cat "$T/sums")" True
rows wide 'for i in range(1, 4): a(messages=[user(long)] + chat(i, 30)[1:])'
t 'turns of thirty blocks, more than a provider looks back' 0 llm-cache mark "$T/wide"
cat > "$T/want" <<'W'
["params.messages.0.content.0"]
["params.messages.0.content.0","params.messages.2.content.0"]
["params.messages.2.content.0"]
W
where "$T/out" > "$T/where"
same 'the mark that one request set stands in the next' "$T/where" "$T/want"
rows shots 'for i in range(3): a(messages=[user(long), {"role": "assistant", "content": "A"}, user("q%d" % i)])'
t 'examples before the question' 0 llm-cache mark "$T/shots"
eq 'end in a mark' "$(where "$T/out" | sort -u)" '["params.messages.1.content.0"]'
rows hour 'for i in range(1, 4): a(messages=[user(long)] + chat(i)[1:])'
t 'an hour' 0 llm-cache mark --ttl 1h "$T/hour"
eq 'only where three requests share it' "$(where "$T/out" | sort -u)" '["params.messages.0.content.0"]'
eq 'every mark has it' "$(jq -c '.. | objects | .cache_control // empty' "$T/out" | sort -u)" '{"type":"ephemeral","ttl":"1h"}'
rows heads 'for i in range(6): a(tools=[{"name": "t", "description": long, "input_schema": {}}], system=long[::-1] + str(i // 2), messages=[user("q%d" % i)])'
t 'tools that more requests share than the system prompt' 0 llm-cache mark "$T/heads"
eq 'have a mark of their own' "$(where "$T/out" | jq -c sort | sort -u)" '["params.system.0","params.tools.0"]'
rows tail 'for i in range(3): a(system=[{"type": "text", "text": long}, {"type": "text", "text": "asked at %d" % i}], messages=[user("q")])'
t 'a system prompt whose last block varies' 0 llm-cache mark "$T/tail"
eq 'is marked before it' "$(where "$T/out" | sort -u)" '["params.system.0"]'
rows most 'for i in range(1, 5): a(tools=[{"name": "t", "description": long, "input_schema": {}}], system=long[::-1] + "s", messages=chat(i))
for i in range(3): a(tools=[{"name": "t", "description": long, "input_schema": {}}], system="other", messages=[user("q%d" % i)])'
t 'all of these at once' 0 llm-cache mark "$T/most"
eq 'never more than four' "$(marks "$T/out")" '3 4 4 3 2 2 2'
t 'live' 0 llm-cache mark --lookahead 0 "$T/chat"
cat > "$T/want" <<'W'
["params.system.0"]
["params.system.0","params.messages.0.content.0","params.messages.2.content.0"]
["params.system.0","params.messages.2.content.0","params.messages.4.content.0"]
["params.system.0","params.messages.4.content.0","params.messages.6.content.0"]
W
where "$T/out" > "$T/where"
same 'a chat that has gone on is taken to go on' "$T/where" "$T/want"
rows thought 'for i in range(2): a(messages=[user(long), {"role": "assistant", "content": [{"type": "thinking", "thinking": "t", "signature": "s"}]}])'
t 'a thought' 0 llm-cache mark "$T/thought"
eq 'bears no mark, the message before it does' "$(where "$T/out" | sort -u)" '["params.messages.0.content.0"]'
jq -c '{recordId: .custom_id, modelId: "us.anthropic.claude-sonnet-4-5-20250929-v1:0", modelInput: {system: [{text: .params.system[0].text}], messages: [.params.messages[] | {role, content: (if .content | type == "string" then [{text: .content}] else [.content[] | {text}] end)}]}}' "$T/chat" > "$T/converse"
t 'Bedrock Converse' 0 llm-cache mark "$T/converse"
eq 'points behind the same places' "$(marks "$T/out")" '2 3 3 2'
eq 'each a block of its own' "$(jq -c '[.modelInput.messages[].content[] | select(has("cachePoint"))] | length' "$T/out" | xargs)" '1 2 2 1'

# --- OpenAI and Mistral

rows openai 'for i in range(3): o(messages=[{"role": "system", "content": long}, user("q%d" % i)])
for i in range(2): o(messages=[{"role": "system", "content": long[::-1]}, user("q%d" % i)])
o(messages=[{"role": "system", "content": long + "!"}, user("q")])
for i in range(2): o(messages=[{"role": "system", "content": "short"}, user("q%d" % i)])'
t 'a key for each prefix' 0 llm-cache mark "$T/openai"
eq 'one a group, none where it is not seen again or too short' "$(keys "$T/out" | awk '!($0 in n) { n[$0] = k++ } { print $0 == "-" ? "-" : n[$0] }' | xargs)" '0 0 0 1 1 - - -'
eq 'it is a digest' "$(keys "$T/out" | grep -cE '^prefix-[0-9a-f]{16}$')" 5
llm-cache mark "$T/openai" > "$T/again"
same 'the same in each run' "$T/again" "$T/out"
jq -c 'del(.llm) | del(.body.prompt_cache_key)' "$T/out" > "$T/one"
same 'and nothing else changes' "$T/one" "$T/openai"
rows busy 'for i in range(40): o(messages=[{"role": "system", "content": long}, user("q%d" % i)], tags={"time": "2026-01-01T00:00:%02dZ" % i})
for i in range(15): o(messages=[{"role": "system", "content": long}, user("r%d" % i)], tags={"time": "2026-01-01T00:03:%02dZ" % i})'
t 'forty requests in a minute' 0 llm-cache mark "$T/busy"
eq 'go to keys of at most fifteen, and later to one again' "$(keys "$T/out" | sed 's/prefix-[0-9a-f]*//; s/^$/first/' | uniq -c | xargs)" '15 first 15 -1 10 -2 15 first'
rows talk 'for i in range(1, 4): o(messages=[user(long)] + chat(i)[1:])'
t 'a conversation without a system prompt' 0 llm-cache mark "$T/talk"
eq 'has one key' "$(keys "$T/out" | sort -u | grep -c prefix-)" 1
rows mistral 'for i in range(2): o("mistral-large-latest", messages=[{"role": "system", "content": "short"}, user("q%d" % i)])
for i in range(2): o("deepseek-chat", messages=[{"role": "system", "content": long}, user("q%d" % i)])
for i in range(2): o(prompt_cache_key="mine", messages=[{"role": "system", "content": long}, user("q%d" % i)])'
t 'Mistral, another provider, a key that is there' 0 llm-cache mark "$T/mistral"
eq 'a key, none, the old one' "$(keys "$T/out" | sed 's/prefix-.*/key/' | xargs)" 'key key - - mine mine'
printf '{"mistral-large-latest": {"litellm_provider": "mistral", "mode": "chat", "input_cost_per_token": 2e-06, "output_cost_per_token": 6e-06}}\n' > "$T/prices"
rows tenth 'for i in range(3): o("mistral-large-latest", messages=[{"role": "system", "content": long}, user("q%d" % i)])'
t 'a table without a price of reading' 0 llm-cache mark --prices "$T/prices" "$T/tenth"
eq 'the rule has it: two reads save nine tenths' "$(jq -r '.llm.cache.mark | [.usd, ((.reason | capture("about (?<n>[0-9,]+)").n | gsub(","; "") | tonumber) * 2 * 18)] | "\(.[0] | tonumber * 1e7 | round) \(.[1])"' "$T/out" | awk '$1 == $2' | wc -l)" 3
rows points 'for i in range(3): o("gpt-5.6-sol", messages=[{"role": "developer", "content": long}, user("q%d" % i)])
for i in range(3): o("gpt-5.6-sol", "/v1/responses", input=[{"role": "developer", "content": [{"type": "input_text", "text": long}]}, user("q%d" % i)])
for i in range(3): o("gpt-5.6-sol", "/v1/responses", instructions=long, input="q%d" % i)'
t 'breakpoints' 0 llm-cache mark "$T/points"
cat > "$T/want" <<'W'
["body.messages.0.content.0"]
["body.input.0.content.0"]
[]
W
where "$T/out" | uniq > "$T/where"
same 'on blocks, not on instructions' "$T/where" "$T/want"
eq 'in the form of the interface' "$(jq -c '.. | objects | .prompt_cache_breakpoint // empty' "$T/out" | sort -u)" '{"mode":"explicit"}'
eq 'with a key each' "$(keys "$T/out" | grep -c prefix-)" 9
rows talks 'for i in range(1, 5): o("gpt-5.6-sol", messages=[{"role": "system", "content": long}] + [{"role": m["role"], "content": m["content"] if isinstance(m["content"], str) else m["content"][0]["text"]} for m in chat(i)])'
t 'a conversation with breakpoints' 0 llm-cache mark "$T/talks"
eq 'at most three: the provider sets one itself' "$(marks "$T/out")" '2 3 3 2'
eq 'none on an answer' "$(jq '[.body.messages[] | select(.role == "assistant" and (.content | type) == "array")] | length' "$T/out" | sort -u)" 0
llm-cache get --store "$T/s" "$T/points" | tail -n 6 | jq -r .llm.cache.key > "$T/one"
llm-cache mark "$T/points" | jq -c 'del(.llm)' | llm-cache get --store "$T/s" | tail -n 6 | jq -r .llm.cache.key > "$T/two"
same 'keys and breakpoints do not change the key of the answer' "$T/two" "$T/one"

# --- order

rows tools 'tools = [{"name": "%s" % c, "description": long[:900], "input_schema": {}} for c in "abcdef"]
for i in range(3): a(tools=tools[i:] + tools[:i], system=[{"type": "text", "text": "Now: 2026-01-0%dT10:00:00Z" % (i + 1)}, {"type": "text", "text": long}], messages=[user("q%d" % i)])'
t 'tools and a time in other places each time' 0 llm-cache mark "$T/tools"
eq 'share nothing' "$(marks "$T/out")" '0 0 0'
t 'with --reorder' 0 llm-cache mark --reorder "$T/tools"
eq 'share tools and text' "$(where "$T/out" | sort -u)" '["params.system.0"]'
eq 'the tools go by name' "$(jq -c '[.params.tools[].name]' "$T/out" | sort -u)" '["a","b","c","d","e","f"]'
eq 'the time goes last' "$(jq -r '.params.system[1].text' "$T/out" | cut -c1-5 | sort -u)" 'Now: '
bare "$T/out" | jq -c '.params.tools |= sort_by(.name) | .params.system |= sort_by(.text)' > "$T/one"
bare "$T/tools" | jq -c '.params.tools |= sort_by(.name) | .params.system |= sort_by(.text)' > "$T/two"
same 'nothing is lost or changed' "$T/one" "$T/two"
bare "$T/out" > "$T/once"
t 'a second time' 0 llm-cache mark --reorder "$T/once"
bare "$T/out" > "$T/one"
same 'moves nothing' "$T/one" "$T/once"
rows said 'for i in range(2): a(messages=[user("2026-01-01T00:00:00Z first"), {"role": "assistant", "content": "b"}, user("a")])'
t 'messages' 0 llm-cache mark --reorder --sort-documents "$T/said"
jq -c 'del(.llm)' "$T/out" > "$T/one"
same 'are never moved' "$T/one" "$T/said"
rows docs 'def doc(c): return {"type": "document", "title": c, "source": {"type": "text", "media_type": "text/plain", "data": c + long[:3000]}}
for order in ("abc", "cab", "bca"): a(messages=[{"role": "user", "content": [doc(order[0]), {"type": "text", "text": "question " + order}, doc(order[1]), doc(order[2])]}])'
t 'documents' 0 llm-cache mark --sort-documents "$T/docs"
eq 'go by their name, before the question' "$(jq -c '[.params.messages[0].content[] | .title // "q"]' "$T/out" | sort -u)" '["a","b","c","q"]'
eq 'and can be read' "$(where "$T/out" | sort -u)" '["params.messages.0.content.2"]'
t 'unasked' 0 llm-cache mark "$T/docs"
jq -c 'del(.llm)' "$T/out" > "$T/one"
same 'they stay' "$T/one" "$T/docs"
rows text 'for order in ("abc", "cab"): o(messages=[user("Use these.\n" + "\n".join("<document id=\"%s\">text \"%s\" of it</document>" % (c, c) for c in order) + "\n\nWhich? <document index=\"1\">x</document>")])'
t 'documents inside a text' 0 llm-cache mark --sort-documents "$T/text"
jq -c .body "$T/out" | tail -n 1 > "$T/one"
jq -c .body "$T/text" | head -n 1 > "$T/two"
same 'go by id, blanks and the rest stay' "$T/one" "$T/two"
rows member 'for order in ("ab", "ba"): o("command-a", messages=[user("q")], documents=[{"id": c, "data": {"text": c}} for c in order])'
t 'a member of documents' 0 llm-cache mark --sort-documents "$T/member"
eq 'too' "$(jq -c '[.body.documents[].id]' "$T/out" | sort -u)" '["a","b"]'
rows own 'for order in ("ab", "ba"): a(tools=[{"name": c, "input_schema": {}} for c in order[:1]] + [{"name": order[1], "input_schema": {}, "cache_control": {"type": "ephemeral"}}], messages=[user("q")])'
t 'what has marks of its own' 0 llm-cache mark --reorder "$T/own"
jq -c 'del(.llm)' "$T/out" > "$T/one"
same 'stays as it is' "$T/one" "$T/own"
finish
