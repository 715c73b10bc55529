#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""APGR of llm-route's trained router and of its rivals on the same rows; see route-quality.sh.

usage: route-quality.py FOLDER-OF-BINARIES LABELS SCRATCH SEEDS [ENCODER]"""
import json
import math
import random
import statistics
import subprocess
import sys

try:
    import numpy as np
    from sklearn.cluster import KMeans
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
except ImportError:
    np = None

LABELS = 1500
TRAFFIC = 200


def apgr(score, rows):
    """The area under gain against share of strong calls, the greatest score first."""
    order = sorted(range(len(rows)), key=lambda i: (-score[i], i))
    total = area = 0.0
    for i in order:
        gain = float(rows[i]["strong"]) - float(rows[i]["weak"])
        area += total + gain / 2
        total += gain
    return area / (total * len(rows))


def ours(train, test, extra):
    traffic = [{"prompt": r["prompt"]} for r in random.Random(0).sample(test, TRAFFIC)]
    for name, rows in (("train", train), ("test", test), ("traffic", traffic)):
        with open(f"{scratch}/{name}", "w", encoding="utf-8") as f:
            f.writelines(json.dumps(r) + "\n" for r in rows)
    paths = ["--weak", ".weak", "--strong", ".strong"] + (extra if "--encoder" in extra else [])
    own = [] if "--encoder" in extra else extra
    subprocess.run([tool, "train", "-q", *own, *paths, "-o", f"{scratch}/model", f"{scratch}/train"], check=True)
    got = subprocess.run([tool, "tune", *paths, "--format", "json", "--model-file", f"{scratch}/model",
                          f"{scratch}/test"], check=True, stdout=subprocess.PIPE)
    curve = json.loads(got.stdout)
    # the tool's own count of length must be ours
    assert abs(curve["apgr_length"] - apgr([len(r["prompt"].encode()) for r in test], test)) < 1e-3
    return curve["apgr"], curve["new"] / curve["rows"]


def text(rows):
    return [r["prompt"] for r in rows]


def column(rows, name):
    return np.array([float(r[name]) for r in rows])


def one_regression(train, test):
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
    x, gain = words.fit_transform(text(train)), column(train, "strong") - column(train, "weak")
    return LogisticRegression(max_iter=1000).fit(x, gain > 0).predict_proba(words.transform(text(test)))[:, 1]


def unit(v):
    return (v - v.mean()) / (v.std() + 1e-12)


def ensemble(train, test):
    """Two regressions, the kernel mean of the gain, k-means on latent semantics with length."""
    grams = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2)
    x, y = grams.fit_transform(text(train)), grams.transform(text(test))
    gain = column(train, "strong") - column(train, "weak")

    def right(name):
        return LogisticRegression(max_iter=300).fit(x, column(train, name)).predict_proba(y)[:, 1]
    alike = (y @ x.T).toarray() ** 2
    mean = alike @ gain / (alike.sum(1) + 1e-12)
    latent = TruncatedSVD(100, random_state=0).fit(x)
    groups = KMeans(40, n_init=3, random_state=0).fit(latent.transform(x))
    of_group = np.array([(gain[groups.labels_ == k].sum() + 10 * gain.mean()) / ((groups.labels_ == k).sum() + 10)
                         for k in range(40)])
    length = np.log([len(t) for t in text(test)])
    near = of_group[groups.predict(latent.transform(y))]
    return unit(right("strong") - right("weak")) + unit(mean) + unit(unit(near) + 0.5 * unit(length))


def halves(seeds):
    for s in range(seeds):
        order = list(rows)
        random.Random(s).shuffle(order)
        yield order[:LABELS], order[len(order) // 2:]


def folds(_):
    order = list(rows)
    random.Random(0).shuffle(order)
    for k in range(10):
        yield [r for i, r in enumerate(order) if i % 10 != k], order[k::10]


def held_out(seeds):
    """Halves of every second subject: linear's settings were chosen on the other subjects."""
    names = set(sorted({r["subject"] for r in rows})[1::2])
    some = [r for r in rows if r["subject"] in names]
    for s in range(seeds):
        order = list(some)
        random.Random(s).shuffle(order)
        yield order[:len(order) // 2], order[len(order) // 2:]


def subjects(seeds):
    for s in range(seeds):
        chance = random.Random(100 + s)
        names = sorted({r["subject"] for r in rows})
        chance.shuffle(names)
        known = set(names[:13])
        train = [r for r in rows if r["subject"] in known]
        chance.shuffle(train)
        yield train[:LABELS], [r for r in rows if r["subject"] not in known]


def say(name, values, length):
    lead = [v - b for v, b in zip(values, length)]
    error = statistics.stdev(lead) / math.sqrt(len(lead)) if len(lead) > 1 else 0
    print(f"  {name:34} {statistics.mean(values):.3f}   length {statistics.mean(lead):+.3f}"
          f" ({statistics.mean(lead) - 1.96 * error:+.3f} to {statistics.mean(lead) + 1.96 * error:+.3f}), worst {min(lead):+.3f}",
          flush=True)


def measure(title, pairs, want):
    pairs = list(pairs)
    length = [apgr([len(r["prompt"].encode()) for r in test], test) for _, test in pairs]
    print(f"{title}; to reach: {want}\n  {'length in bytes':34} {statistics.mean(length):.3f}")
    runs = [("llm-route train", []), (f"llm-route train --traffic, {TRAFFIC}", ["--traffic", f"{scratch}/traffic"]),
            ("llm-route train --kind linear", ["--kind", "linear"])]
    if encoder:
        runs.append(("llm-route train --encoder", ["--encoder", encoder]))
    for name, extra in runs:
        got = [ours(train, test, extra) for train, test in pairs]
        say(name, [g[0] for g in got], length)
        print(f"    prompts that it calls new: {100 * statistics.mean(g[1] for g in got):.1f} %")
    if np is None:
        print("  rivals left out: scikit-learn is not installed")
        return
    for name, rival in (("one regression on words", one_regression), ("the best ensemble known", ensemble)):
        say(name, [apgr(rival(train, test), test) for train, test in pairs], length)


binaries, labels, scratch, seeds = sys.argv[1:5]
encoder = sys.argv[5] if len(sys.argv) > 5 else ""
tool = binaries + "/llm-route"
with open(labels, encoding="utf-8") as source:
    rows = [json.loads(line) for line in source]
if not encoder:
    print("figures with an encoder left out: LLM_TEST_ENCODER is not set")
measure(f"routing, {LABELS:,} labels, {seeds} pairs of disjoint halves", halves(int(seeds)), "length + .09, the best known beaten")
measure(f"routing, every second subject, half of its rows, {seeds} pairs", held_out(int(seeds)), "length, clear of chance")
measure("routing, 4,482 labels, 10-fold", folds(0), "length + .13")
measure(f"routing, subjects without a label, {seeds} splits", subjects(int(seeds)), "never below length")
