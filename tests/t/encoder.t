#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: the sentence encoder's file is made by a script, and goes where make install puts the tools.
. "$(dirname "$0")/../lib.sh"

cd "$TOP" || exit 3
o=$T/o
mkdir "$o"
for tool in llm-route llm-compress llm-cache llm-batch llm-cost; do
	echo "$tool" > "$o/$tool"
done
unset MAKEFLAGS MFLAGS
t 'install without an encoder' 0 make -o all O="$o" install DESTDIR="$T/dest" PREFIX=/usr
holds 'nothing stands for it' test ! -e "$T/dest/usr/share/llm-tools"
t 'uninstall without an encoder' 0 make O="$o" uninstall DESTDIR="$T/dest" PREFIX=/usr
echo 'a model' > "$o/all-MiniLM-L6-v2.encoder"
t 'install with an encoder' 0 make -o all O="$o" install DESTDIR="$T/dest" PREFIX=/usr
same 'it is there' "$T/dest/usr/share/llm-tools/all-MiniLM-L6-v2.encoder" "$o/all-MiniLM-L6-v2.encoder"
t 'uninstall' 0 make O="$o" uninstall DESTDIR="$T/dest" PREFIX=/usr
holds 'its folder is gone' test ! -e "$T/dest/usr/share/llm-tools"

# a model of one layer, as sentence-transformers keeps it, goes into a file that is the same each time
if ! python3 -c 'import numpy' 2> "$T/why"; then
	skip 'a file from a folder' 'numpy is not here'
	finish
fi
python3 - "$T/model" << 'P'
import json, os, struct, sys
import numpy as np

folder, hidden, inner, places = sys.argv[1], 12, 20, 8
os.makedirs(folder + "/1_Pooling")
write = lambda name, what: json.dump(what, open(f"{folder}/{name}", "w"))
write("config.json", {"model_type": "bert", "hidden_act": "gelu", "num_hidden_layers": 1, "hidden_size": hidden,
    "intermediate_size": inner, "num_attention_heads": 3, "layer_norm_eps": 1e-12})
write("sentence_bert_config.json", {"max_seq_length": 6})
write("1_Pooling/config.json", {"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False})
words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "hello", "world"]
write("tokenizer.json", {"normalizer": {"type": "BertNormalizer", "lowercase": True},
    "model": {"type": "WordPiece", "vocab": {w: i for i, w in enumerate(words)}}})
r = np.random.RandomState(1)
layer, tensors = "encoder.layer.0.", {}
def linear(name, i, o):
    tensors[name + ".weight"], tensors[name + ".bias"] = r.randn(o, i), r.randn(o)
def norm(name):
    tensors[name + ".weight"], tensors[name + ".bias"] = r.randn(hidden), r.randn(hidden)
tensors["embeddings.word_embeddings.weight"] = r.randn(len(words), hidden)
tensors["embeddings.position_embeddings.weight"] = r.randn(places, hidden)
tensors["embeddings.token_type_embeddings.weight"] = r.randn(2, hidden)
norm("embeddings.LayerNorm")
for part in "query", "key", "value":
    linear(layer + "attention.self." + part, hidden, hidden)
linear(layer + "attention.output.dense", hidden, hidden)
norm(layer + "attention.output.LayerNorm")
linear(layer + "intermediate.dense", hidden, inner)
linear(layer + "output.dense", inner, hidden)
norm(layer + "output.LayerNorm")
head, body = {}, b""
for name, v in tensors.items():
    data = v.astype("<f4").tobytes()
    head[name] = {"dtype": "F32", "shape": v.shape, "data_offsets": [len(body), len(body) + len(data)]}
    body += data
head = json.dumps(head).encode()
open(folder + "/model.safetensors", "wb").write(struct.pack("<Q", len(head)) + head + body)
P
t 'a file from a folder' 0 sh scripts/make-encoder -o "$T/a.encoder" "$T/model"
t 'again' 0 sh scripts/make-encoder -o "$T/new/b.encoder" "$T/model"
same 'the same bytes' "$T/a.encoder" "$T/new/b.encoder"
eq 'it begins as it should' "$(head -c 7 "$T/a.encoder")" llm-enc
number() { od -A n -t u4 -j "$1" -N 4 "$T/a.encoder" | xargs; }
eq 'version, pooling by [CLS], hidden size' "$(number 8) $(number 12) $(number 16)" '1 1 12'
eq 'heads, layers, inner size' "$(number 20) $(number 24) $(number 28)" '3 1 20'
eq 'positions, most tokens, tokens' "$(number 32) $(number 36) $(number 40)" '8 6 6'
eq 'it knows its size' "$(number 56)" "$(wc -c < "$T/a.encoder" | xargs)"
eq 'the checksum is at the end' "$(tail -c 32 "$T/a.encoder" | od -A n -t x1 | tr -d ' \n')" \
	"$(head -c -32 "$T/a.encoder" | sha256sum | cut -d ' ' -f 1)"
if [ -x "$LLM_BIN/unit/meaning_encoder" ]; then
	LLM_TEST_ENCODER_MADE=$T/a.encoder
	export LLM_TEST_ENCODER_MADE
	t 'the library reads it' 0 "$LLM_BIN/unit/meaning_encoder"
	has 'and runs it' "$T/out" 'a file that make-encoder made'
	lacks 'not skipped' "$T/out" 'made # SKIP'
fi
sed -i 's/"gelu"/"relu"/' "$T/model/config.json"
t 'another model' 1 sh scripts/make-encoder -o "$T/c.encoder" "$T/model"
has 'is refused with its reason' "$T/err" 'make-encoder: config.json: only BERT with gelu is known'
holds 'nothing is left' test ! -e "$T/c.encoder"
finish
