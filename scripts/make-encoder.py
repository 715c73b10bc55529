# SPDX-License-Identifier: MIT
"""An encoder file, llm-encoder(5), from a BERT model: make-encoder.py NAME FOLDER OUT [MODEL.onnx]

FOLDER is as sentence-transformers keeps a model. With MODEL.onnx the weights are its 8-bit ones as
they are (a matrix or table X is X_q, int8, times X_scale, one a column or row), otherwise those of
FOLDER/model.safetensors rounded to 8 bits."""
import hashlib
import json
import os
import struct
import sys

import numpy as np

GROUP, BLOCK, ALIGN = 64, 32, 64


def stop(why):
    sys.exit(f"make-encoder: {why}")


# --- protocol buffers, as far as ONNX needs them


def fields(data):
    """(number, value) of a message: an int, or bytes."""
    at = 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while at < len(data):
        key = varint()
        kind = key & 7
        if kind == 0:
            yield key >> 3, varint()
        else:
            size = varint() if kind == 2 else {1: 8, 5: 4}[kind]
            yield key >> 3, data[at : at + size]
            at += size


def packed(values):
    """Dimensions stand one by one or packed into one field."""
    for v in values:
        if isinstance(v, int):
            yield v
        else:
            at = 0
            while at < len(v):
                n = shift = 0
                while True:
                    n |= (v[at] & 127) << shift
                    shift += 7
                    at += 1
                    if v[at - 1] < 128:
                        break
                yield n


def onnx_tensor(data):
    f = list(fields(data))
    kind = next(v for k, v in f if k == 2)
    name = next(bytes(v).decode() for k, v in f if k == 8)
    raw = b"".join(bytes(v) for k, v in f if k == 9)
    if kind not in (1, 3) or not raw:
        return name, None
    dims = list(packed(v for k, v in f if k == 1))
    return name, np.frombuffer(raw, {1: "<f4", 3: "i1"}[kind]).reshape(dims)


class Onnx:
    """Matrices are named by the products they are used in, six a layer in order."""

    parts = ("query", "key", "value", "attended", "inner", "outer")

    def __init__(self, path, layers):
        graph = next(v for k, v in fields(memoryview(open(path, "rb").read())) if k == 7)
        f = list(fields(graph))
        self.tensors = dict(onnx_tensor(v) for k, v in f if k == 5)
        used = []
        for node in (list(fields(v)) for k, v in f if k == 1):
            if any(k == 4 and bytes(v) == b"MatMul" for k, v in node):
                weight = [bytes(v).decode() for k, v in node if k == 1][1]
                if weight + "_q" in self.tensors:
                    used.append(weight)
        if len(used) != layers * len(self.parts):
            stop(f"{path}: {len(used)} products with 8-bit weights, not {layers * len(self.parts)}")
        self.used = used

    def find(self, end):
        got = [t for n, t in self.tensors.items() if n.endswith(end)]
        if len(got) != 1 or got[0] is None:
            stop(f"'{end}' is in the model {len(got)} times")
        return got[0]

    def floats(self, end):
        return self.find(end).astype("<f4")

    def rows(self, end):
        return self.find(end + "_q"), self.find(end + "_scale").reshape(-1)

    def matrix(self, layer, part, _):
        name = self.used[layer * len(self.parts) + self.parts.index(part)]
        return self.tensors[name + "_q"], self.tensors[name + "_scale"].reshape(-1)


class Safetensors:
    def __init__(self, path):
        data = open(path, "rb").read()
        size = struct.unpack("<Q", data[:8])[0]
        self.tensors = {}
        for name, t in json.loads(data[8 : 8 + size]).items():
            if name == "__metadata__" or t["dtype"] not in ("F32", "F16", "BF16"):
                continue
            begin, end = (8 + size + o for o in t["data_offsets"])
            if t["dtype"] == "BF16":
                v = np.frombuffer(data[begin:end], "<u2").astype("<u4") << 16
                v = v.view("<f4")
            else:
                v = np.frombuffer(data[begin:end], {"F32": "<f4", "F16": "<f2"}[t["dtype"]])
            self.tensors[name] = v.astype("<f4").reshape(t["shape"])

    find = Onnx.find
    floats = Onnx.floats

    def rows(self, end):
        return quantised(self.find(end))

    def matrix(self, layer, _, name):
        q, scale = quantised(self.find(f"encoder.layer.{layer}.{name}.weight"))
        return q.T, scale


def quantised(v):
    scale = np.abs(v).max(1).astype("<f4") / np.float32(127)
    scale[scale == 0] = 1
    return np.rint(v / scale[:, None]).astype("i1"), scale


# --- the file


def padded(n):
    return -(-n // GROUP) * GROUP


def widened(v, shape):
    out = np.zeros(shape, v.dtype)
    out[tuple(slice(n) for n in v.shape)] = v
    return out


class File:
    def __init__(self):
        self.parts, self.size = [], 256

    def add(self, data):
        pad = -self.size % ALIGN
        self.parts.append(bytes(pad) + data)
        self.size += pad + len(data)

    def floats(self, v, wide):
        if not np.isfinite(v).all():
            stop("a number of the model is infinite or none")
        self.add(widened(np.asarray(v, "<f4").reshape(-1), (wide,)).tobytes())

    def rows(self, rows, wide):
        q, scale = rows
        self.add(np.maximum(widened(q, (len(q), wide)), -127).tobytes())
        self.floats(scale, len(q))

    def matrix(self, weights, scale, bias):
        """weights[in][out], both padded already, to [out / 32][in / 4][32][4]"""
        if weights.min() < -127:
            stop("a weight is -128")
        i, o = weights.shape
        w = weights.reshape(i // 4, 4, o // BLOCK, BLOCK).transpose(2, 0, 3, 1)
        self.add(np.ascontiguousarray(w).tobytes())
        self.floats(scale, o)
        self.floats(bias, o)


LINEAR = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "attended": "attention.output.dense",
    "inner": "intermediate.dense",
    "outer": "output.dense",
}


def add_linear(out, model, layer, parts, size_in, size_out):
    """Several parts stand beside each other as one matrix."""
    weights, scales, biases = [], [], []
    for part in parts:
        q, scale = model.matrix(layer, part, LINEAR[part])
        weights.append(widened(q, (size_in, size_out)))
        scales.append(widened(scale.astype("<f4"), (size_out,)))
        bias = model.floats(f"encoder.layer.{layer}.{LINEAR[part]}.bias")
        biases.append(widened(bias, (size_out,)))
    out.matrix(np.concatenate(weights, 1), np.concatenate(scales), np.concatenate(biases))


def add_norm(out, model, name, wide):
    out.floats(model.floats(name + ".weight"), wide)
    out.floats(model.floats(name + ".bias"), wide)


def read_json(folder, name, needed=True):
    path = os.path.join(folder, name)
    if not needed and not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8") as f:
        return json.load(f)


def vocabulary(folder):
    t = read_json(folder, "tokenizer.json")
    normal = t.get("normalizer") or {}
    if (t["model"].get("type") or "WordPiece") != "WordPiece" or normal.get("type") != "BertNormalizer":
        stop("tokenizer.json: only BERT's WordPiece is known")
    if not normal.get("lowercase") or normal.get("strip_accents") is False:
        stop("tokenizer.json: only an uncased vocabulary is known")
    words = sorted(t["model"]["vocab"].items(), key=lambda w: w[1])
    if [i for _, i in words] != list(range(len(words))):
        stop("tokenizer.json: the ids have gaps")
    return [w for w, _ in words]


def most_tokens(folder, positions):
    """Of a text; what sentence-transformers takes comes before what the tokenizer says."""
    for name, member in (("sentence_bert_config.json", "max_seq_length"), ("tokenizer_config.json", "model_max_length")):
        n = read_json(folder, name, False).get(member)
        if n:
            return min(int(n), positions)
    return positions


def main(name, folder, target, onnx=None):
    config = read_json(folder, "config.json")
    if config.get("model_type") != "bert" or config.get("hidden_act") != "gelu":
        stop("config.json: only BERT with gelu is known")
    if config.get("position_embedding_type", "absolute") != "absolute":
        stop("config.json: only absolute positions are known")
    pooling = read_json(folder, "1_Pooling/config.json", False)
    cls, mean = pooling.get("pooling_mode_cls_token"), pooling.get("pooling_mode_mean_tokens", True)
    if bool(cls) == bool(mean):
        stop("1_Pooling/config.json: only the mean, or [CLS], is known")
    layers, hidden, inner = (config[k] for k in ("num_hidden_layers", "hidden_size", "intermediate_size"))
    wide, inner_wide = padded(hidden), padded(inner)
    words = vocabulary(folder)
    model = Onnx(onnx, layers) if onnx else Safetensors(os.path.join(folder, "model.safetensors"))
    tokens = model.rows("embeddings.word_embeddings.weight")
    positions = model.rows("embeddings.position_embeddings.weight")
    if len(tokens[0]) < len(words):
        stop("the vocabulary has more words than the model")
    tokens = tuple(t[: len(words)] for t in tokens)
    lines = "".join(w + "\n" for w in words).encode()

    out = File()
    out.add(lines)
    out.rows(tokens, wide)
    out.rows(positions, wide)
    out.floats(model.floats("embeddings.token_type_embeddings.weight")[0], wide)
    add_norm(out, model, "embeddings.LayerNorm", wide)
    for i in range(layers):
        at = f"encoder.layer.{i}."
        add_linear(out, model, i, ("query", "key", "value"), wide, wide)
        add_linear(out, model, i, ("attended",), wide, wide)
        add_norm(out, model, at + "attention.output.LayerNorm", wide)
        add_linear(out, model, i, ("inner",), wide, inner_wide)
        add_linear(out, model, i, ("outer",), inner_wide, wide)
        add_norm(out, model, at + "output.LayerNorm", wide)
    out.add(b"")

    places = len(positions[0])
    numbers = [1, 1 if cls else 0, hidden, config["num_attention_heads"], layers, inner]
    numbers += [places, most_tokens(folder, places), len(words)]
    header = b"llm-enc\n" + struct.pack("<9I", *numbers)
    header += struct.pack("<fQQ", config["layer_norm_eps"], len(lines), out.size + 32)
    if not name.isascii() or not name.isprintable() or " " in name or not 0 < len(name) < 64:
        stop(f"'{name}' is no name")
    header += name.encode().ljust(64, b"\0")
    data = header.ljust(256, b"\0") + b"".join(out.parts)
    with open(target, "wb") as f:
        f.write(data + hashlib.sha256(data).digest())


if __name__ == "__main__":
    main(*sys.argv[1:])
