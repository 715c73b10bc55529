# SPDX-License-Identifier: MIT
"""all-MiniLM-L6-v2 in onnxruntime, one thread, texts of up to 256 tokens, mean of the last layer.

usage: encoder.py MODEL.onnx tokenizer.json speed TEXTS | … vectors TEXTS OUT OURS"""

import sys
import time

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = options.inter_op_num_threads = 1
session = onnxruntime.InferenceSession(sys.argv[1], options, providers=["CPUExecutionProvider"])
tokenizer = Tokenizer.from_file(sys.argv[2])
tokenizer.no_padding()
tokenizer.enable_truncation(256)


def model(ids):
    """Texts of one length"""
    a = np.array(ids, np.int64)
    feed = {"input_ids": a, "attention_mask": np.ones_like(a), "token_type_ids": np.zeros_like(a)}
    v = session.run(None, feed)[0].mean(1)
    return v / np.linalg.norm(v, axis=1, keepdims=True)


def one_at_a_time(texts):
    for text in texts:
        model([tokenizer.encode(text).ids])


def together(texts):
    """Batches of one length each, so that nothing is computed for padding"""
    ids = [e.ids for e in tokenizer.encode_batch(texts)]
    out = np.zeros((len(ids), 384), np.float32)
    lengths = np.array([len(i) for i in ids])
    for length in np.unique(lengths):
        where = np.flatnonzero(lengths == length)
        step = max(1, 2048 // length)
        for at in range(0, len(where), step):
            part = where[at : at + step]
            out[part] = model([ids[i] for i in part])
    return out


def main(kind, path, out=None, ours=None):
    texts = open(path, encoding="utf-8").read().split("\n")[:-1]
    if kind == "speed":
        for name, go in ("one", one_at_a_time), ("many", together):
            began = time.process_time()
            go(texts)
            print(name, f"{len(texts) / (time.process_time() - began):.1f}")
        return
    theirs = together(texts)
    theirs.tofile(out)
    got = np.fromfile(ours, np.float32).reshape(len(texts), -1)
    cosines = (theirs * got).sum(1)
    print(
        f"{len(texts)} texts, cosine to onnxruntime's vectors: least {cosines.min():.5f}, "
        f"mean {cosines.mean():.5f}, below .999: {(cosines < 0.999).sum()}"
    )


if __name__ == "__main__":
    main(*sys.argv[3:])
