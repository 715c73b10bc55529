# SPDX-License-Identifier: MIT
"""Semantic hits at a bound on wrong ones, from vectors.

usage: meaning.py DATA REPLAY.so NAME=VECTORS…   VECTORS: raw floats, 13,083 rows of one length (the
train and then the test questions of BANKING77); meaning.py DATA lines > LINES writes the texts.
Needs numpy; with scipy, character TF-IDF is counted beside it.

Look-up: the train questions are stored, the test questions asked, the nearest by cosine answers, and
is right when the intent is the same. The threshold gives most hits with at most 5 % wrong on a
random half of the test questions and is counted on the other half: mean of 20 splits. Stream: all
questions in random order, 3 seeds; the threshold is picked on the first half replayed from an empty
cache, and counted on the second half, from an empty cache again."""

import csv
import ctypes
import pathlib
import sys

BOUND, LEAST = 0.05, 20


def questions(data):
    texts, labels, train = [], [], 0
    for part in "train", "test":
        train = len(texts)
        with open(pathlib.Path(data) / f"semantic/banking77-{part}.csv", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                texts.append(" ".join(row["text"].split("\n")))
                labels.append(row["category"])
    return texts, labels, train


def look_up(best, right):
    """best: score of the nearest stored text, right: whether it is; both for each question"""
    results = []
    for seed in range(20):
        order = np.random.RandomState(seed).permutation(len(best))
        fit, count = order[: len(order) // 2], order[len(order) // 2 :]
        threshold, most = np.inf, LEAST - 1
        for tried in np.quantile(best[fit], np.linspace(0.01, 0.99, 99)):
            hit = best[fit] >= tried
            if hit.sum() > most and (~right[fit][hit]).sum() <= BOUND * hit.sum():
                threshold, most = tried, hit.sum()
        hit = best[count] >= threshold
        results.append((hit.mean(), (~right[count][hit]).mean() if hit.any() else 0.0, threshold))
    return np.mean(results, axis=0)


def replayed(lib, scores, labels, thresholds):
    thresholds = np.ascontiguousarray(thresholds, np.float32)
    hits, right = np.zeros(len(thresholds), np.int64), np.zeros(len(thresholds), np.int64)
    where = lambda a: a.ctypes.data_as(ctypes.c_void_p)
    lib.replay(
        where(scores), ctypes.c_int64(len(labels)), where(labels), where(thresholds),
        ctypes.c_int64(len(thresholds)), where(hits), where(right),
    )  # fmt: skip
    return hits, right


def pick(lib, scores, labels):
    best = np.array([scores[i, :i].max() for i in range(1, len(labels))])
    tried = np.unique(np.quantile(best, np.linspace(0.3, 0.995, 40)).astype(np.float32))
    for last in False, True:
        hits, right = replayed(lib, scores, labels, tried)
        fine = [i for i in range(len(tried)) if hits[i] >= LEAST and hits[i] - right[i] <= BOUND * hits[i]]
        if not fine:
            return None
        at = max(fine, key=lambda i: (hits[i], i))
        if last:
            return tried[at]
        tried = np.unique(np.linspace(tried[max(at - 2, 0)], tried[at], 41).astype(np.float32))
    return None


def stream(lib, score, labels):
    labels, results = np.asarray(labels, np.int32), []
    for seed in range(3):
        order = np.random.RandomState(seed).permutation(len(labels))
        halves = order[: len(order) // 2], order[len(order) // 2 :]
        scores = [np.ascontiguousarray(score(half), np.float32) for half in halves]
        threshold = pick(lib, scores[0], np.ascontiguousarray(labels[halves[0]]))
        if threshold is None:
            results.append((0, 0, 1))
            continue
        hits, right = replayed(lib, scores[1], np.ascontiguousarray(labels[halves[1]]), [threshold])
        results.append((hits[0] / len(halves[1]), 1 - right[0] / hits[0], threshold))
    return np.mean(results, axis=0)


def characters(texts):
    """3 to 5 characters inside words, TF-IDF, as a sparse matrix of unit rows"""
    from scipy.sparse import csr_matrix

    index, rows, columns = {}, [], []
    for at, text in enumerate(texts):
        for word in text.lower().split():
            word = f" {word} "
            for size in 3, 4, 5:
                for begin in range(max(len(word) - size + 1, 1)):
                    rows.append(at)
                    columns.append(index.setdefault(word[begin : begin + size], len(index)))
    counts = csr_matrix(
        (np.ones(len(rows), np.float32), (rows, columns)), shape=(len(texts), len(index))
    )
    counts.data = 1 + np.log(counts.data)
    seen = np.bincount(counts.indices, minlength=len(index))
    counts.data *= (1 + np.log((1 + len(texts)) / (1 + seen)))[counts.indices]
    length = np.sqrt(np.asarray(counts.multiply(counts).sum(1)).ravel())
    counts.data /= np.repeat(length, np.diff(counts.indptr))
    return counts


def report(lib, name, dot, labels, train):
    """dot(a, b): cosines of the rows a with the rows b"""
    scores = dot(np.arange(train, len(labels)), np.arange(train))
    nearest = scores.argmax(1)
    labels = np.unique(labels, return_inverse=True)[1]
    found = look_up(scores.max(1), labels[:train][nearest] == labels[train:])
    streamed = stream(lib, lambda half: dot(half, half), labels)
    print(
        f"{name:30} look-up {100 * found[0]:5.1f} % hits ({100 * found[1]:.1f} % wrong, from {found[2]:.3f}),"
        f" stream {100 * streamed[0]:5.1f} % ({100 * streamed[1]:.1f} %, from {streamed[2]:.3f})",
        flush=True,
    )


def main():
    texts, labels, train = questions(sys.argv[1])
    if sys.argv[2] == "lines":
        sys.stdout.write("".join(text + "\n" for text in texts))
        return
    lib = ctypes.CDLL(sys.argv[2])
    for argument in sys.argv[3:]:
        name, _, file = argument.partition("=")
        v = np.fromfile(file, np.float32).reshape(len(texts), -1)
        report(lib, name, lambda a, b: v[a] @ v[b].T, labels, train)
    try:
        sparse = characters(texts)
    except ImportError:
        print("character TF-IDF: not counted, scipy is not here")
        return
    report(lib, "character TF-IDF", lambda a, b: (sparse[a] @ sparse[b].T).toarray(), labels, train)


if __name__ == "__main__":
    if sys.argv[2] != "lines":
        import numpy as np
    main()
