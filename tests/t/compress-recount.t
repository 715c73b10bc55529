#!/bin/sh
# SPDX-License-Identifier: MIT
# llm-compress: what a text costs after its changes is what it costs when it is counted anew
. "$(dirname "$0")/../lib.sh"

# phrases at both ends, side by side, behind newlines and marks, among other scripts
cat > "$T/texts" << 'X'
In order to begin, in order to end, in order to
in order to due to the fact that in order to
Due to the fact that\nin order to\n\ndue to the fact that\tin order to
(in order to) \"due to the fact that\" in order to...in order to
caf\u00e9 in order to \u00e9t\u00e9 due to the fact that \u4f60\u597d\u4f60\u597d in order to \u4f60\u597d
\u00a0in order to\u00a0 go, in order to\u3000stay;  in order to  leave
Wait due to the fact that 100 in order to 5 due to the fact that A in order to B/C\nin order to /d
Basically, it is important to note that it works. Please note that it is important to note that it does.
Needless to say, photosynthesis works. Needless to say, understandable answers follow; make sure to electroencephalograms do.
X
# one text of many units with titles, lists and short lines
awk 'BEGIN { for (i = 1; i <= 40; i++) printf "Title %d\\nThe bridge of town %d was built in %d. It is %d m long!\\n\\n- an item: %d\\n- caf\\u00e9 (in order to eat)\\n\\n", i, i, 1800 + i, i * 7, i * i; print "" }' >> "$T/texts"
while IFS= read -r text; do
	for model in gpt-4o gpt-4 text-davinci-003 claude-sonnet-4-5; do
		printf '{"model":"%s","max_tokens":9,"messages":[{"role":"user","content":"%s"},{"role":"user","content":"When was the bridge of town 7 built?"}]}\n' "$model" "$text"
	done
done < "$T/texts" > "$T/in"

for options in '--level light' '--query .messages[1].content --ratio 0.5' '--query .messages[1].content --ratio 0.2 --level light'; do
	# shellcheck disable=SC2086 # words
	t "with $options" 0 llm-compress --net-of-cache=off $options "$T/in"
	holds 'something goes' jq -es 'any(.[]; .llm.compress | .tokens_after < .tokens_before)' "$T/out"
	jq -c '.llm.compress.tokens_after' "$T/out" > "$T/told"
	jq -c 'del(.llm)' "$T/out" > "$T/bare"
	llm-compress --net-of-cache=off "$T/bare" | jq -c '.llm.compress.tokens_before' > "$T/counted"
	same 'the tokens told are those of the texts' "$T/told" "$T/counted"
done
finish
