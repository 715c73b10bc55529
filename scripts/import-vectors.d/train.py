# SPDX-License-Identifier: MIT
"""A token table whose sums point where the teacher's sentence vectors point.

usage: train.py TOKENIZER.json TOKENS.npy OUT.npy (LINES LINES.npy)…

Start: the teacher's vector of each token alone on the first axes of its sentence vectors, times
S / (S + its share of the text). Then Adam over batches of lines: the loss is 1 - cosine of the sum
of a line's rows with the teacher's vector on those axes."""

import os
import sys

for name in "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS":
    os.environ[name] = "1"  # the order of sums, and so the bytes, are those of one thread

import numpy as np
from scipy.sparse import csr_matrix
from tokenizers import Tokenizer

AXES, EPOCHS, BATCH, RATE, RARE = 256, 4, 1024, 8e-3, 1e-3
HELD = 2000  # lines that are only measured
SPECIAL = {"[PAD]", "[CLS]", "[SEP]", "[MASK]", "[UNK]"}


class Lines:
    """Ids of the lines, one after the other."""

    def __init__(self, files, tokenizer):
        found = []
        for name in files:
            with open(name, encoding="utf-8") as file:
                lines = file.read().split("\n")[:-1]
            found += tokenizer.encode_batch(lines, add_special_tokens=False)
        self.ids = np.concatenate([np.array(e.ids, np.int64) for e in found])
        self.start = np.cumsum([0] + [len(e.ids) for e in found])
        self.count = len(found)

    def of(self, which):
        """ids of those lines, and where each begins"""
        length = self.start[which + 1] - self.start[which]
        begins = np.concatenate([[0], np.cumsum(length)])
        within = np.arange(begins[-1]) - np.repeat(begins[:-1], length)
        return self.ids[np.repeat(self.start[which], length) + within], begins


def axes_of(vectors):
    _, axes = np.linalg.eigh(vectors.T @ vectors / len(vectors))
    axes = np.ascontiguousarray(axes[:, ::-1][:, :AXES]).astype(np.float32)
    on = vectors @ axes
    return axes, on / np.linalg.norm(on, axis=1, keepdims=True)


def start_of(tokens, axes, share):
    unit = tokens / np.linalg.norm(tokens, axis=1, keepdims=True)
    table = (unit - unit[1000:].mean(0)) @ axes * (RARE / (RARE + share))[:, None]
    return (table / np.sqrt((table**2).sum(1).mean())).astype(np.float32)


class Adam:
    def __init__(self, table):
        self.mean, self.square, self.step = np.zeros_like(table), np.zeros_like(table), 0

    def move(self, table, rows, slope, rate):
        """Only the rows of a batch."""
        self.step += 1
        self.mean[rows] = 0.9 * self.mean[rows] + 0.1 * slope
        self.square[rows] = 0.98 * self.square[rows] + 0.02 * slope * slope
        mean = self.mean[rows] / (1 - 0.9 ** min(self.step, 200))
        square = self.square[rows] / (1 - 0.98 ** min(self.step, 900))
        table[rows] -= rate * mean / (np.sqrt(square) + 1e-6)


def sums(ids, begins, table):
    """the sparse matrix of a batch, its sums' lengths and directions"""
    at = csr_matrix(
        (np.ones(len(ids), np.float32), ids, begins), shape=(len(begins) - 1, len(table))
    )
    total = at @ table
    length = np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-6)
    return at, length, total / length


def refine(table, lines, wanted):
    chance, adam = np.random.RandomState(0), Adam(table)
    batches = (lines.count - HELD) // BATCH
    order = chance.permutation(lines.count)
    held, used = order[:HELD], order[HELD:]
    for epoch in range(EPOCHS):
        chance.shuffle(used)
        for batch in range(batches):
            which = used[batch * BATCH : (batch + 1) * BATCH]
            ids, begins = lines.of(which)
            rows, place = np.unique(ids, return_inverse=True)
            at, length, unit = sums(place, begins, table[rows])
            slope = -wanted[which]
            slope = (slope - unit * (slope * unit).sum(1, keepdims=True)) / length
            rate = RATE * (1 - adam.step / (EPOCHS * batches + 1))
            adam.move(table, rows, at.T @ slope, rate)
        unit = sums(*lines.of(held), table)[2]
        print(f"epoch {epoch}: held-out cosine {(unit * wanted[held]).sum(1).mean():.4f}", flush=True)


def main():
    tokenizer = Tokenizer.from_file(sys.argv[1])
    tokenizer.no_padding()
    tokenizer.no_truncation()
    tokenizer.encode_special_tokens = True
    lines = Lines(sys.argv[4::2], tokenizer)
    vectors = np.concatenate([np.load(name) for name in sys.argv[5::2]]).astype(np.float32)
    axes, wanted = axes_of(vectors)
    count = np.bincount(lines.ids, minlength=tokenizer.get_vocab_size()).astype(np.float32)
    table = start_of(np.load(sys.argv[2]), axes, (count + 1) / (count.sum() + len(count)))
    refine(table, lines, wanted)
    # a token that no line had keeps its direction, with a little less than the usual weight
    size = np.linalg.norm(table, axis=1)
    unseen = (count == 0) & (size > 0)
    table[unseen] *= (0.8 * np.median(size[count > 5]) / size[unseen])[:, None]
    for token, at in tokenizer.get_vocab().items():
        if token in SPECIAL or token.startswith("[unused"):
            table[at] = 0
    print(f"{int((count == 0).sum())} tokens are in no line")
    np.save(sys.argv[3], table)


if __name__ == "__main__":
    main()
