#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: --encoding MODEL=F counts as the tokenizer in F does, or refuses it with the reason.
. "$(dirname "$0")/../lib.sh"

# tokenizer.json of the 256 bytes and: ab, bc, abc, and a blank before ab; with changes of the user
sample() { # PYTHON
	python3 - "$1" << 'END' > "$T/tokenizer.json"
import json, sys
plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
others = [b for b in range(256) if b not in plain]
char = {b: chr(b) for b in plain} | {b: chr(256 + i) for i, b in enumerate(others)}
vocab = {char[b]: b for b in range(256)}
for token in ("ab", "bc", "abc", "Ġab"):
    vocab[token] = len(vocab)
level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False}
words = {"type": "Split", "pattern": {"Regex": r"\p{N}| ?\p{L}+|[^\p{L}\p{N}]"}, "behavior": "Isolated",
         "invert": False}
d = {"added_tokens": [], "normalizer": None, "post_processor": None,
     "pre_tokenizer": {"type": "Sequence", "pretokenizers": [words, level]},
     "model": {"type": "BPE", "vocab": vocab, "merges": ["b c", "a b", "a bc", "Ġ ab"]}}
exec(sys.argv[1])
print(json.dumps(d, ensure_ascii=False))
END
}
printf 'abc ab 12 <x>bc' > "$T/text"
ids() { llm-cost count --text --ids --model own "$@" "$T/text"; }
given() { ids --encoding "own=$T/tokenizer.json"; }

sample ''
given > "$T/out"
eq 'a tokenizer.json: its ids' "$(cat "$T/out")" '258 259 32 49 50 32 60 120 62 257'
t 'its class' 0 llm-cost count -v --text --model own --encoding "own=$T/tokenizer.json" "$T/text"
has 'its class: exact' "$T/err" exact
eq 'its class: as many as ids' "$(sed 's/ .*//' "$T/out")" 10
t 'a model of a family' 0 llm-cost count --text --ids --model llama-3.1-8b --encoding "llama-3.1-8b=$T/tokenizer.json" "$T/text"
eq 'a model of a family: the same' "$(cat "$T/out")" '258 259 32 49 50 32 60 120 62 257'
printf '{"model":"own","messages":[{"role":"user","content":"abc ab"}]}\n' > "$T/r"
t 'a chat' 0 llm-cost count --format json --encoding "own=$T/tokenizer.json" "$T/r"
eq 'a chat: its template is not known' "$(jq -r .class "$T/out")" estimate
sample 'd["added_tokens"] = [{"id": 260, "content": "<x>", "special": False, "normalized": False,
	"lstrip": False, "rstrip": False, "single_word": False}]'
t 'an added token' 0 given
eq 'an added token: is one' "$(cat "$T/out")" '258 259 32 49 50 32 260 257'
sample 'd["added_tokens"] = [{"id": 260, "content": "<x>", "special": True, "normalized": False}]'
t 'a special token' 0 given
eq 'a special token: is plain text' "$(cat "$T/out")" '258 259 32 49 50 32 60 120 62 257'

refused() { # WHAT PYTHON REASON
	sample "$2"
	t "refused: $1" 2 given
	has "refused: $1: the reason" "$T/err" "$3"
}
refused 'Unigram' 'd["model"]["type"] = "Unigram"' "'Unigram'"
refused 'SentencePiece' 'd["pre_tokenizer"] = {"type": "Metaspace"}' "'Metaspace'"
refused 'byte fallback' 'd["model"]["byte_fallback"] = True' "'byte_fallback'"
refused 'dropout' 'd["model"]["dropout"] = 0.1' "'dropout'"
refused 'a normalizer' 'd["normalizer"] = {"type": "Lowercase"}' "'Lowercase'"
refused 'a script' 'words["pattern"]["Regex"] = r"\p{Han}+"' 'general category'
refused 'a gap that is dropped' 'words["behavior"] = "Removed"' 'drops text'
refused 'a byte without a token' 'del vocab["a"]' 'a token that the vocabulary lacks'
refused 'an id twice' 'vocab["bc"] = 256' 'the id 256 twice'
sample ''
head -c 2000 "$T/tokenizer.json" > "$T/cut" && mv "$T/cut" "$T/tokenizer.json"
t 'refused: a file that is cut off' 2 given
has 'refused: a file that is cut off: the reason' "$T/err" 'is no JSON'

sample 'words["pattern"]["Regex"] = "(?:a|a)+b|c"'
printf 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' > "$T/long"
t 'a pattern that takes for ever' 3 llm-cost count --text --model own --encoding "own=$T/tokenizer.json" "$T/long"
has 'a pattern that takes for ever: ends the run' "$T/err" 'takes too long'

# rank files
python3 - << 'END' > "$T/own.tiktoken"
import base64
for rank, token in reversed([*enumerate([bytes([b]) for b in range(256)] + [b"ab", b"bc", b"abc", b" ab"])]):
    print(base64.b64encode(token).decode(), rank, end="\r\n")
END
t 'ranks of no known pattern' 2 ids --encoding "own=$T/own.tiktoken"
has 'ranks of no known pattern: what to do' "$T/err" ',split='
t 'ranks with a pattern' 0 ids --encoding "own=$T/own.tiktoken,split=qwen"
eq 'ranks with a pattern: their ids' "$(cat "$T/out")" '258 259 32 49 50 32 60 120 62 257'
t 'ranks with another pattern' 0 ids --encoding "own=$T/own.tiktoken,split=gpt2"
t 'a pattern that is none' 2 ids --encoding "own=$T/own.tiktoken,split=none"
has 'a pattern that is none: the known ones' "$T/err" 'llama-3'
sed '3d' "$T/own.tiktoken" > "$T/gap.tiktoken"
t 'a rank left out' 2 ids --encoding "own=$T/gap.tiktoken,split=qwen"
has 'a rank left out: the line' "$T/err" 'line 2: leaves out a rank'

# what is compiled in
printf 'x\n    y' > "$T/text"
t 'p50k_base' 0 ids --encoding own=p50k_base
eq 'p50k_base: a run of blanks is one' "$(cat "$T/out")" '87 198 50258 331'
t 'r50k_base' 0 ids --encoding own=r50k_base
eq 'r50k_base: each is one' "$(cat "$T/out")" '87 198 220 220 220 331'
t 'o200k_harmony' 0 ids --encoding own=o200k_harmony
cp "$T/out" "$T/harmony"
t 'o200k_base' 0 ids --encoding own=o200k_base
same 'o200k_harmony: the ids of o200k_base' "$T/harmony" "$T/out"
finish
