# SPDX-License-Identifier: MIT
"""all-MiniLM-L6-v2 (int8) through onnxruntime in one thread: the mean of the last layer of each
line, of length 1, or of each token of the vocabulary alone, as it comes.

usage: teacher.py MODEL.onnx TOKENIZER.json OUT.npy                      the tokens
       teacher.py MODEL.onnx TOKENIZER.json OUT.npy LINES MOST KEPT      lines of at most MOST
                                        tokens, [CLS] and [SEP] among them, which go to KEPT"""

import os
import sys

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

BATCH = 1536  # tokens


class Teacher:
    def __init__(self, model, tokenizer):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(model, options, ["CPUExecutionProvider"])
        self.tokenizer = Tokenizer.from_file(tokenizer)
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()

    def vectors(self, ids):
        """In batches of one length, so that nothing is padded; the order of ids is kept."""
        out = np.zeros((len(ids), 384), np.float32)
        lengths = np.array([len(one) for one in ids])
        order, at = np.argsort(lengths, kind="stable"), 0
        while at < len(order):
            length = lengths[order[at]]
            end = at
            while end < len(order) and end - at < max(1, BATCH // length):
                if lengths[order[end]] != length:
                    break
                end += 1
            batch = np.array([ids[i] for i in order[at:end]], np.int64)
            last = self.session.run(
                None,
                {
                    "input_ids": batch,
                    "attention_mask": np.ones_like(batch),
                    "token_type_ids": np.zeros_like(batch),
                },
            )[0]
            out[order[at:end]] = last.mean(1)
            at = end
        return out

    def lines(self, texts, most):
        """the texts that are short enough, and their vectors"""
        ids = [e.ids for e in self.tokenizer.encode_batch(texts)]
        short = [i for i, one in enumerate(ids) if len(one) <= most]
        v = self.vectors([ids[i] for i in short])
        return [texts[i] for i in short], v / np.linalg.norm(v, axis=1, keepdims=True)

    def tokens(self):
        begin, end = (self.tokenizer.token_to_id(t) for t in ("[CLS]", "[SEP]"))
        return self.vectors([[begin, i, end] for i in range(self.tokenizer.get_vocab_size())])


def save(name, vectors):
    """Whole or not at all: a file that is there is not made again."""
    with open(name + ".part", "wb") as file:
        np.save(file, vectors)
    os.replace(name + ".part", name)


def main():
    model, tokenizer, out = sys.argv[1:4]
    teacher = Teacher(model, tokenizer)
    if len(sys.argv) == 4:
        save(out, teacher.tokens())
        return
    with open(sys.argv[4], encoding="utf-8") as file:
        kept, vectors = teacher.lines(file.read().split("\n")[:-1], int(sys.argv[5]))
    with open(sys.argv[6], "w", encoding="utf-8") as file:
        file.write("".join(line + "\n" for line in kept))
    save(out, vectors.astype(np.float16))


if __name__ == "__main__":
    main()
