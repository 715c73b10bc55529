#!/bin/sh
# SPDX-License-Identifier: MIT
# llm-compress on conversations: windows, budgets, reasoning; pairs stay together, the first message fits
. "$(dirname "$0")/../lib.sh"

# four turns, the second with two parallel calls, in each shape
cat > "$T/make.py" << 'X'
import json
long = lambda n, t: " ".join("%s%d" % (t, i) for i in range(n))
U = [long(30, "alpha"), long(30, "beta"), long(30, "gamma"), "What now?"]
A = [long(30, "one"), None, long(30, "three")]
def put(name, v): print(json.dumps({"name": name, **v}))
def chat():
    m = [{"role": "system", "content": "Help."}]
    for i, u in enumerate(U):
        m.append({"role": "user", "content": u})
        if i == 1:
            m.append({"role": "assistant", "content": None, "tool_calls": [{"id": "c%d" % k, "type": "function", "function": {"name": "f", "arguments": "{}"}} for k in (1, 2)]})
            m += [{"role": "tool", "tool_call_id": "c%d" % k, "content": long(20, "r")} for k in (1, 2)]
            m.append({"role": "assistant", "content": "done", "reasoning_content": long(20, "hm")})
        elif i < 3:
            m.append({"role": "assistant", "content": A[i]})
    return m
put("chat", {"model": "gpt-4o", "messages": chat()})
r = []
for m in chat()[1:]:
    if m.get("tool_calls"):
        r.append({"type": "reasoning", "summary": [{"type": "summary_text", "text": long(20, "hm")}]})
        r += [{"type": "function_call", "call_id": c["id"], "name": "f", "arguments": "{}"} for c in m["tool_calls"]]
    elif m["role"] == "tool":
        r.append({"type": "function_call_output", "call_id": m["tool_call_id"], "output": m["content"]})
    else:
        r.append({"role": m["role"], "content": m["content"]})
put("responses", {"model": "gpt-4o", "instructions": "Help.", "input": r})
def blocks(text): return [{"type": "text", "text": text}]
a, g, c = [], [], []
for i, u in enumerate(U):
    a.append({"role": "user", "content": u}); g.append({"role": "user", "parts": [{"text": u}]}); c.append({"role": "user", "content": [{"text": u}]})
    if i == 1:
        a.append({"role": "assistant", "content": [{"type": "thinking", "thinking": long(20, "hm"), "signature": "s=="}, {"type": "redacted_thinking", "data": "xx"}] + [{"type": "tool_use", "id": "c%d" % k, "name": "f", "input": {}} for k in (1, 2)]})
        a.append({"role": "user", "content": [{"type": "tool_result", "tool_use_id": "c%d" % k, "content": long(20, "r")} for k in (1, 2)]})
        g.append({"role": "model", "parts": [{"text": long(20, "hm"), "thought": True}] + [{"functionCall": {"name": "f", "args": {}}, "thoughtSignature": "s"} for k in (1, 2)]})
        g.append({"role": "user", "parts": [{"functionResponse": {"name": "f", "response": {"x": long(20, "r")}}} for k in (1, 2)]})
        c.append({"role": "assistant", "content": [{"reasoningContent": {"reasoningText": {"text": long(20, "hm"), "signature": "s"}}}] + [{"toolUse": {"toolUseId": "c%d" % k, "name": "f", "input": {}}} for k in (1, 2)]})
        c.append({"role": "user", "content": [{"toolResult": {"toolUseId": "c%d" % k, "content": [{"text": long(20, "r")}]}} for k in (1, 2)]})
    if i < 3:
        t = A[i] or "done"
        a.append({"role": "assistant", "content": blocks(t)}); g.append({"role": "model", "parts": [{"text": t}]}); c.append({"role": "assistant", "content": [{"text": t}]})
put("anthropic", {"custom_id": "a", "params": {"model": "claude-sonnet-4-5", "max_tokens": 9, "system": "Help.", "messages": a}})
put("gemini", {"key": "g", "request": {"systemInstruction": {"parts": [{"text": "Help."}]}, "contents": g}, "model": "gemini-2.5-flash"})
put("converse", {"recordId": "b", "modelInput": {"system": [{"text": "Help."}], "messages": c}, "modelId": "anthropic.claude-sonnet-4-5-20250929-v1:0"})
X
python3 "$T/make.py" > "$T/in"
cat > "$T/list.py" << 'X'
# the messages of each record as one word each, ids of calls and results behind them; argv: file
import json, sys
for line in open(sys.argv[1]):
    r = json.loads(line)
    b = r.get("params") or r.get("request") or r.get("modelInput") or r
    out = []
    for m in b.get("messages") or b.get("contents") or b.get("input"):
        w = m.get("role") or m["type"]
        s = json.dumps(m)
        calls, results = s.count('"tool_use"') + s.count('"functionCall"') + s.count('"toolUse"') + s.count('"function_call"') + 2 * s.count('"tool_calls"'), s.count('"tool_result"') + s.count('"functionResponse"') + s.count('"toolResult"') + s.count('"function_call_output"') + (w == "tool")
        out.append(w[:4] + "+" * calls + "-" * results)
    print(r["name"], *out)
X
shown() { python3 "$T/list.py" "$T/out"; }

t 'the last turn' 0 llm-compress --keep-turns 1 "$T/in"
eq 'alone, and system text' "$(shown)" 'chat syst user
responses user
anthropic user
gemini user
converse user'
t 'three turns' 0 llm-compress --keep-turns 3 "$T/in"
cp "$T/out" "$T/once"
eq 'with calls and results together' "$(shown)" 'chat syst user assi++ tool- tool- assi user assi user
responses user reas func+ func+ func- func- assi user assi user
anthropic user assi++ user-- assi user assi user
gemini user mode++ user-- mode user mode user
converse user assi++ user-- assi user assi user'
t 'a second time' 0 llm-compress --keep-turns 3 "$T/once"
same 'nothing more goes' "$T/out" "$T/once"
t 'more turns than there are' 0 llm-compress --keep-turns 99 "$T/in"
eq 'leaves all' "$(jq -c '.llm.compress.steps' "$T/out" | sort -u)" '[]'
# 5: the cut would fall on a result, or on what may not be first
t 'five messages' 0 llm-compress --keep-messages 5 "$T/in"
eq 'from where a request may begin' "$(shown)" 'chat syst assi user assi user
responses assi user assi user
anthropic user assi user
gemini user mode user
converse user assi user'
t 'seven' 0 llm-compress --keep-messages 7 "$T/in"
eq 'never between calls side by side' "$(shown | grep responses)" 'responses assi user assi user'
t 'messages' 2 llm-compress --keep-messages 0 "$T/in"
t 'bytes beside the messages stay' 0 llm-compress --keep-turns 1 "$T/in"
has 'as they were' "$T/out" '"model": "claude-sonnet-4-5", "max_tokens": 9, "system": "Help.", "messages": ['

# reasoning
t 'reasoning of old turns' 0 llm-compress --strip reasoning "$T/in"
eq 'goes' "$(grep -c 'hm1' "$T/out")" 0
lacks 'redacted thinking too' "$T/out" redacted_thinking
eq 'and nothing else' "$(shown)" 'chat syst user assi user assi++ tool- tool- assi user assi user
responses user assi user func+ func+ func- func- assi user assi user
anthropic user assi user assi++ user-- assi user assi user
gemini user mode user mode++ user-- mode user mode user
converse user assi user assi++ user-- assi user assi user'
has 'signatures of calls stay' "$T/out" '"thoughtSignature": "s"'
eq 'the step is named' "$(jq -c '[.llm.compress.steps[].name]' "$T/out" | sort -u)" '["reasoning"]'
python3 - "$T/in" > "$T/open" << 'X'
import json, sys
for line in open(sys.argv[1]):
    r = json.loads(line); b = r.get("params") or r.get("request") or r.get("modelInput") or r
    k = next(k for k in ("messages", "contents", "input") if k in b)
    # up to the results of the second turn: the loop is open
    b[k] = [m for i, m in enumerate(b[k]) if i < (7 if r["name"] == "responses" else 4 if r["name"] != "chat" else 6)]
    b[k] = b[k] if r["name"] != "chat" else [m if not m.get("tool_calls") else {**m, "reasoning_content": "hm1 hm2"} for m in b[k]]
    print(json.dumps(r))
X
printf '%s\n' '{"model":"gpt-5","input":[{"role":"user","content":"a"},{"type":"reasoning","id":"rs_1","summary":[]},{"type":"message","id":"msg_1","role":"assistant","content":[{"type":"output_text","text":"b"}]},{"role":"user","content":"c"},{"type":"reasoning","summary":[]},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"d"}]},{"role":"user","content":"e"}]}' > "$T/stored"
t 'reasoning before an item that the provider stored' 0 llm-compress --strip reasoning "$T/stored"
eq 'stays, and it is said' "$(jq -c '[(.input | map(.type // .role)), .llm.compress.refused[0].reason]' "$T/out")" '[["user","reasoning","message","user","message","user"],"the item behind it has an id and wants its reasoning"]'
t 'a window that begins behind reasoning' 0 llm-compress --keep-messages 2 "$T/stored"
eq 'goes on to where a request may begin' "$(jq -c '.input | map(.type // .role)' "$T/out")" '["user"]'
t 'an open loop' 0 llm-compress --strip reasoning "$T/open"
eq 'keeps its reasoning' "$(grep -c 'hm1' "$T/out")" 5
printf '%s\n' '{"model":"gpt-4o","messages":[{"role":"user","content":"a"},{"role":"assistant","content":"<think>hm hm</think>"},{"role":"user","content":"c"}]}' '{"model":"claude-sonnet-4-5","max_tokens":9,"messages":[{"role":"user","content":"a"},{"role":"assistant","content":[{"type":"thinking","thinking":"hm hm hm","signature":"s"}]},{"role":"user","content":"c"}]}' > "$T/only"
t 'a message that is nothing but reasoning' 0 llm-compress --strip reasoning "$T/only"
eq 'is not left empty' "$(jq -c .messages "$T/out")" "$(jq -c .messages "$T/only")"
printf '%s\n' '{"custom_id":"x","body":{"model":"gpt-4o","messages":[{"role":"user","content":"x"}]},"response":{"status_code":200,"body":{"choices":[{"finish_reason":"stop","message":{"role":"assistant","reasoning_content":"hm","content":"<think>\nwell\n</think>\nyes"}}]}}}' '{"custom_id":"y","params":{"model":"claude-sonnet-4-5","max_tokens":5,"messages":[{"role":"user","content":"x"}]},"result":{"type":"succeeded","message":{"role":"assistant","stop_reason":"tool_use","content":[{"type":"thinking","thinking":"hm","signature":"s"},{"type":"tool_use","id":"c","name":"f","input":{}}]}}}' > "$T/answered"
t 'answers' 0 llm-compress --strip reasoning "$T/answered"
has 'lose it' "$T/out" '"message":{"role":"assistant","content":"yes"}'
has 'unless they call a tool' "$T/out" '"thinking":"hm"'
printf '%s\n' '{"model":"gpt-5","input":"x","response":{"status":"completed","output":[{"type":"reasoning","summary":[{"type":"summary_text","text":"hm"}]},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"yes"}]}]}}' > "$T/items"
t 'an answer in items' 0 llm-compress --strip reasoning "$T/items"
eq 'loses those of reasoning' "$(jq -c '[.response.output[].type]' "$T/out")" '["message"]'
thought() { printf '{"model":"claude-sonnet-4-5","max_tokens":5,"messages":[{"role":"user","content":"x"}],"response":{"role":"assistant","stop_reason":"end_turn","content":[{"type":"thinking","thinking":"hm","signature":"s"}%s]}}\n' "$1"; }
thought ',{"type":"text","text":"yes"}' > "$T/in2"
t 'an answer in blocks' 0 llm-compress --strip reasoning "$T/in2"
has 'loses its thinking' "$T/out" '"content":[{"type":"text","text":"yes"}]'
thought '' > "$T/in2"
t 'one that is nothing else' 0 llm-compress --strip reasoning "$T/in2"
same 'stays' "$T/out" "$T/in2"
t 'answers without the option' 0 llm-compress "$T/answered"
same 'pass' "$T/out" "$T/answered"

# an orphan: nothing of the history is touched
printf '%s\n' '{"model":"gpt-4o","messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":"c"},{"role":"tool","tool_call_id":"none","content":"d"},{"role":"user","content":"e"}]}' > "$T/in1"
t 'a result without its call' 0 llm-compress --keep-turns 1 "$T/in1"
has 'is named' "$T/out" '"refused":[{"step":"turns","reason":"a result of a tool has no call before it"}]'
eq 'and all stays' "$(jq '.messages | length' "$T/out")" 5

call='{"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{}"}},{"role":"function","name":"f","content":"r"}'
printf '{"model":"gpt-4o","messages":[{"role":"user","content":"a"},%s,{"role":"user","content":"c"},%s,{"role":"user","content":"d"}]}\n' "$call" "$call" > "$T/in1"
while read -r option n want; do
	t "calls of the older kind: $option $n" 0 llm-compress "$option" "$n" "$T/in1"
	eq 'keep their results' "$(jq -c '.messages | map(.role)' "$T/out")" "$want"
done << 'X'
--keep-messages 2 ["user"]
--keep-messages 3 ["assistant","function","user"]
--keep-turns 2 ["user","assistant","function","user"]
X
jq -c '.messages |= [.[0], .[2], .[3]]' "$T/in1" > "$T/in2"
t 'a result of the older kind without its call' 0 llm-compress --keep-turns 1 "$T/in2"
eq 'keeps all' "$(jq -c '[(.messages | length), .llm.compress.refused[0].reason]' "$T/out")" '[3,"a result of a tool has no call before it"]'

# a budget: by recency times relevance
python3 - > "$T/talk" << 'X'
import json
m = [{"role": "system", "content": "Help."}]
for i in range(40):
    t = "the zebra stripes in the savanna" if i == 20 else "weather topic number %d" % i
    m.append({"role": "user", "content": "Tell me of " + t + " and go on with it for a while, please do."})
    m.append({"role": "assistant", "content": "About " + t + ": " + " ".join("w%d" % k for k in range(40))})
m.append({"role": "user", "content": "What did you say of zebra stripes?"})
print(json.dumps({"model": "gpt-4o", "messages": m}))
X
t 'a budget' 0 llm-compress --target 1500 "$T/talk"
holds 'holds' jq -e '.llm.compress.tokens_after <= 1500 and .llm.compress.tokens_after > 1200' "$T/out"
has 'the turn that was asked for stays' "$T/out" 'zebra stripes in the savanna'
lacks 'its old neighbours do not' "$T/out" 'topic number 19 '
has 'the latest do' "$T/out" 'topic number 39 '
eq 'roles alternate' "$(jq -c '[.messages[1:][].role] | [range(length) as $i | .[$i] == (["user","assistant"][$i % 2])] | all' "$T/out")" true
eq 'the last message is what it was' "$(jq -r '.messages[-1].content' "$T/out")" 'What did you say of zebra stripes?'
cp "$T/out" "$T/once"
t 'again' 0 llm-compress --target 1500 "$T/once"
same 'nothing more goes' "$T/out" "$T/once"
t 'less than what must stay' 0 llm-compress --target 5 "$T/talk"
has 'as near as allowed' "$T/out" '"step":"target","reason":"as near as allowed'
eq 'system text and last turn' "$(jq -c '[.messages[].role]' "$T/out")" '["system","user"]'
t 'a share' 0 llm-compress --ratio 25% "$T/talk"
holds 'is kept' jq -e '.llm.compress | .tokens_after <= .tokens_before / 4 and .tokens_after > .tokens_before / 5' "$T/out"

# a thread of thousands takes linear time: eight times the messages are no square of eight the work
work() { # N TIMES-ITS-WORDS OPTION...
	python3 -c 'import json,sys
n = int(sys.argv[1])
print(json.dumps({"model": "gpt-4o", "messages": [{"role": "assistant" if i % 2 else "user", "content": "message %d says this and that" % i + " and the end of it is as it was" * int(sys.argv[2])} for i in range(n)] + [{"role": "user", "content": "message 77?"}]}))' "$1" "$2" > "$T/thread"
	shift 2
	python3 - "$(command -v llm-compress)" "$@" -o "$T/out" "$T/thread" << 'X'
import resource, subprocess, sys
best = 1e9
for _ in range(3):
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    subprocess.run(sys.argv[1:], check=True)
    best = min(best, resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before)
print(best)
X
}
while read -r times most options; do
	# shellcheck disable=SC2086 # several options
	work 5000 "$times" $options > "$T/five"
	# shellcheck disable=SC2016 # jq's variable
	holds "5,000 messages, $options" jq -e --argjson most "$most" '.llm.compress | .tokens_after <= .tokens_before * $most / 100' "$T/out"
	if [ -n "${LLM_CHECK_FULL:-}" ]; then
		# shellcheck disable=SC2086
		work 40000 "$times" $options > "$T/forty"
		holds '40,000 take no more than twenty times as long' python3 -c 'import sys; a, b = (float(open(f).read()) for f in sys.argv[1:]); print(a, b); sys.exit(b > 20 * a + 0.1)' "$T/five" "$T/forty"
	else
		skip '40,000 take no more than twenty times as long' 'it measures time (LLM_CHECK_FULL)'
	fi
done << 'X'
0 20 --level light --ratio 20%
5 95 --prune 60%
X

# what the blocks say of the interface, where neither tools nor a system text do
cat > "$T/in" << 'X'
{"model":"claude-sonnet-4-5","max_tokens":9,"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":"c"},{"role":"assistant","content":[{"type":"text","text":"I look."},{"type":"tool_use","id":"x","name":"f","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"x","content":"d"}]},{"role":"assistant","content":"e"},{"role":"user","content":"f"}]}
X
t 'a bare body of Anthropic' 0 llm-compress --keep-turns 2 "$T/in"
eq 'a result stays with its call' "$(jq -c '[.messages[].content | if type == "array" then .[-1].type else . end]' "$T/out")" '["c","tool_use","tool_result","e","f"]'
finish
