#!/usr/bin/env python3
"""Writes one .npz per family of layers: inputs, weights and the outputs of PyTorch in float64.

    python3 make_reference.py [family ...]

Needs what Examples/Converters/requirements.txt names. Deterministic. A family is a function here; its cases have the keys
`<case>/config`, JSON of a model's architecture or of what an attention is; `<case>/weights/<name>`; `<case>/input`, or other
inputs by name; `<case>/lengths` where sequences end early, the input behind them being NaN and 1e30 in turn; `<case>/output`,
or other outputs by name, NaN where nothing is defined. Ragged outputs come from every sequence alone, without its padding.
"""
import json
import os
import sys

import numpy as np
import torch

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "..", "Examples", "Converters"))

import martlet_models as models  # noqa: E402

torch.backends.mha.set_fastpath_enabled(False)
torch.set_num_threads(1)


class Book:
    def __init__(self, seed):
        self.rng = np.random.default_rng(seed)
        self.entries, self.names = {}, []

    def normal(self, *shape, scale=1.0):
        return (scale * self.rng.standard_normal(shape)).astype(np.float32)

    def add(self, name, config, weights, inputs, outputs):
        assert name not in self.names, name
        self.names.append(name)
        text = json.dumps(config, ensure_ascii=False).encode()
        self.entries[f"{name}/config"] = np.frombuffer(text, np.uint8)
        for kind, arrays in (("weights/", weights), ("", inputs), ("", outputs)):
            for key, value in arrays.items():
                self.entries[f"{name}/{kind}{key}"] = np.ascontiguousarray(value)

    def module(self, config):
        """The module of a config with weights that no initialisation would give, and these weights."""
        module = models.build(config)
        tensors = {}
        for key, value in models.arrays(module).items():
            last = key.rsplit(".", 1)[-1]
            if last == "running_var":
                drawn = self.rng.uniform(0.3, 3, value.shape)
            elif value.ndim == 1 and last.startswith("weight"):  # gains of a normalisation
                drawn = self.rng.uniform(0.4, 1.7, value.shape)
            elif value.ndim == 1 or "embedding" in key or last in ("weight",) and "pos" in key:
                drawn = 0.3 * self.rng.standard_normal(value.shape)
            else:
                drawn = self.rng.standard_normal(value.shape) / np.sqrt(np.prod(value.shape[1:]))
            tensors[key] = drawn.astype(np.float32)
        return models.loaded(config, tensors).double(), tensors

    def layers(self, name, entries, x, lengths=None, ints=False):
        """A case of architecture "layers"."""
        features = None if ints else x.shape[-1]
        config = {"format": models.FORMAT, "version": models.VERSION, "name": name, "architecture": "layers",
                  "input": {"features": features, "length": ("any" if x.ndim == (2 if ints else 3) else None)}, "layers": entries}
        if ints:
            del config["input"]["features"]
        module, weights = self.module(config)
        inputs = {"input": x}
        exact = torch.from_numpy(x) if ints else torch.from_numpy(x).double()
        with torch.inference_mode():
            if lengths is None:
                output = module(exact).numpy()
            else:
                output = joined([module(exact[i: i + 1, :n])[0].numpy() for i, n in enumerate(lengths)], x.shape[1])
                inputs = {"input": spoiled(x, lengths), "lengths": np.array(lengths, np.int64)}
        self.add(name, config, weights, inputs, {"output": output})

    def ragged(self, batch, length):
        """Lengths of which one is whole and one is 1."""
        lengths = self.rng.integers(1, length + 1, batch)
        lengths[0] = length
        if batch > 2:
            lengths[-1] = 1
        return [int(n) for n in lengths]

    def write(self, path):
        with open(path, "wb") as file:
            np.savez_compressed(file, **self.entries)
        return os.path.getsize(path)


def spoiled(x, lengths):
    x = x.copy()
    for i, n in enumerate(lengths):
        x[i, n::2], x[i, n + 1::2] = np.nan, 1e30
    return x


def joined(parts, length):
    """Outputs of single sequences, with NaN behind those that have a time axis."""
    if parts[0].ndim == 1:
        return np.stack(parts)
    whole = np.full((len(parts), length, *parts[0].shape[1:]), np.nan)
    for row, part in zip(whole, parts):
        row[: len(part)] = part
    return whole


def linear(book):
    for i, (inputs, outputs, bias, shape) in enumerate([
            (1, 1, True, (1,)), (3, 7, True, (5,)), (48, 5, False, (4,)), (17, 33, True, (3, 4)), (32, 48, True, (2, 9)), (31, 1, True, (6,)),
            (1, 40, False, (2, 1)), (16, 16, True, (33,))]):
        book.layers(f"linear{i}", [{"type": "linear", "inputs": inputs, "outputs": outputs, "bias": bias}], book.normal(*shape, inputs))


def norm(book):
    for i, (width, shape, shift) in enumerate([(1, (3,), 0), (2, (5,), 0), (7, (1, 1), 0), (16, (2, 5), 1), (33, (4,), 30), (48, (3, 3), -5)]):
        x = book.normal(*shape, width) + np.float32(shift)
        for kind in ("layer_norm", "rms_norm", "batch_norm"):
            book.layers(f"{kind}{i}", [{"type": kind, "width": width}], x)
    x = book.normal(3, 11, scale=1e-3)
    for kind, epsilon in (("layer_norm", 1e-12), ("layer_norm", 1e-3), ("rms_norm", 1e-6), ("rms_norm", 1e-2), ("batch_norm", 1e-2)):
        book.layers(f"{kind} epsilon {epsilon}", [{"type": kind, "width": 11, "epsilon": epsilon}], x)
    book.layers("layer_norm of equal values", [{"type": "layer_norm", "width": 9}], np.full((2, 9), 3.25, np.float32))


def activations(book):
    special = np.array([0, -0.0, 1e-30, -1e-30, 1e-8, 0.5, -0.5, 1, -1, 5, -5, 19.9, 20, 20.1, 30, -30, 88, -88, 90, -90, 1000, -1000], np.float32)
    grid = np.linspace(-9, 9, 181, dtype=np.float32)
    x = np.concatenate([special, grid])[None]
    for kind in ("relu", "gelu", "silu", "tanh", "sigmoid", "softplus"):
        book.layers(kind, [{"type": kind}], x)
    book.layers("gelu tanh", [{"type": "gelu", "approximate": "tanh"}], x)
    for i, (shape, scale) in enumerate([((3, 1), 1), ((2, 5), 1), ((1, 3, 33), 20), ((2, 2, 48), 0.01), ((4, 17), 300)]):
        book.layers(f"softmax{i}", [{"type": "softmax"}], book.normal(*shape, scale=scale))
    book.layers("dropout", [{"type": "dropout"}], book.normal(2, 3, 5))


def embedding(book):
    for i, (count, width, shape) in enumerate([(1, 1, (2, 1)), (7, 5, (3, 4)), (50, 33, (1, 11)), (20, 16, (5, 6))]):
        book.layers(f"embedding{i}", [{"type": "embedding", "count": count, "width": width}], book.rng.integers(0, count, shape), ints=True)
    for i, (length, width, shape) in enumerate([(1, 1, (2, 1)), (9, 7, (3, 9)), (12, 48, (2, 5))]):
        book.layers(f"learned positions{i}", [{"type": "learned_positions", "length": length, "width": width}], book.normal(*shape, width))
    for i, (length, width, shape) in enumerate([(1, 2, (2, 1)), (9, 8, (3, 9)), (200, 48, (1, 40)), (64, 6, (1, 64))]):
        book.layers(f"sinusoidal positions{i}", [{"type": "sinusoidal_positions", "length": length, "width": width}], book.normal(*shape, width))
    book.layers("token and position", [{"type": "embedding", "count": 30, "width": 12, "name": "tokens"},
                                       {"type": "learned_positions", "length": 8, "width": 12, "name": "positions"},
                                       {"type": "layer_norm", "width": 12, "name": "norm"}], book.rng.integers(0, 30, (3, 8)), ints=True)


def attention(book):
    """Attention by itself: config {"kind": "attention", "width", "heads", "bias", "causal", "mask": null | "boolean" | "additive"}.

    `input` asks; `other`, where it is there, answers, with `otherLengths`. A boolean mask [asking, answering] is true where a
    step must not be seen, as in PyTorch; an additive one is added to the scores.
    """
    cases = [
        # width, heads, batch, asking, answering (None: itself), causal, mask, ragged, bias
        (1, 1, 1, 1, None, False, None, False, True), (8, 1, 2, 5, None, False, None, False, True), (6, 2, 3, 7, None, False, None, False, True),
        (16, 16, 1, 4, None, False, None, False, True), (35, 5, 2, 9, None, False, None, False, True), (48, 4, 1, 33, None, False, None, False, True),
        (33, 3, 2, 6, None, False, None, False, False), (12, 2, 1, 70, None, False, None, False, True),
        (16, 4, 2, 8, None, True, None, False, True), (15, 3, 3, 17, None, True, None, False, True), (4, 2, 2, 1, None, True, None, False, True),
        (16, 2, 4, 9, None, False, None, True, True), (21, 3, 5, 20, None, False, None, True, True), (16, 4, 3, 11, None, True, None, True, True),
        (16, 2, 2, 7, None, False, "boolean", False, True), (9, 3, 2, 10, None, False, "additive", False, True),
        (16, 2, 3, 6, None, False, "boolean", True, True), (20, 4, 2, 5, None, False, "infinite", False, True),
        (16, 2, 2, 5, 9, False, None, False, True), (10, 5, 1, 1, 12, False, None, False, True), (24, 3, 3, 7, 1, False, None, False, True),
        (16, 4, 4, 6, 10, False, None, True, True), (14, 2, 2, 4, 8, False, "boolean", False, True), (14, 2, 2, 8, 4, False, "additive", False, True),
        # More queries than the 32 that are taken at a time.
        (12, 2, 2, 45, None, True, None, False, True), (16, 2, 3, 70, None, True, None, True, True),
        (16, 4, 1, 49, None, False, "additive", False, True), (12, 3, 1, 81, None, False, "infinite", False, True),
        (10, 2, 2, 37, 50, False, "boolean", False, True), (8, 2, 1, 66, 40, True, None, False, True),
    ]
    for i, (width, heads, batch, asking, answering, causal, mask, ragged, bias) in enumerate(cases):
        module = torch.nn.MultiheadAttention(width, heads, bias=bias, batch_first=True)
        weights = {k: book.normal(*v.shape, scale=0.3 if v.ndim == 1 else 1.5 / np.sqrt(width)) for k, v in module.state_dict().items()}
        module.load_state_dict({k: torch.from_numpy(v) for k, v in weights.items()})
        module = module.double().eval()
        x = book.normal(batch, asking, width)
        other = None if answering is None else book.normal(batch, answering, width)
        keys = asking if other is None else answering
        lengths = book.ragged(batch, keys) if ragged else [keys] * batch
        inputs, blocked = {"input": x}, np.zeros((asking, keys))
        if mask == "boolean":
            hidden = book.rng.random((asking, keys)) < 0.4
            hidden[:, 0] = False
            inputs["mask"], blocked = hidden, np.where(hidden, -np.inf, 0.0)
        elif mask:
            added = book.normal(asking, keys, scale=2.0)
            if mask == "infinite":
                added[np.triu_indices(asking, 2)] = -np.inf
            inputs["mask"], blocked = added, added.astype(np.float64)
        if causal:
            blocked = blocked + np.where(np.triu(np.ones((asking, keys)), 1) > 0, -np.inf, 0.0)
        parts, exact = [], torch.from_numpy(x).double()
        with torch.inference_mode():
            for b, n in enumerate(lengths):
                one = exact[b: b + 1, : n if other is None else asking]
                two = one if other is None else torch.from_numpy(other[b: b + 1, :n]).double()
                seen = torch.from_numpy(blocked[: one.shape[1], :n])
                parts.append(module(one, two, two, attn_mask=seen, need_weights=False)[0][0].numpy())
        if ragged:
            inputs["lengths" if other is None else "otherLengths"] = np.array(lengths, np.int64)
            if other is None:
                inputs["input"] = spoiled(x, lengths)
        if other is not None:
            inputs["other"] = spoiled(other, lengths)
        config = {"kind": "attention", "width": width, "heads": heads, "bias": bias, "causal": causal,
                  "mask": "additive" if mask == "infinite" else mask}
        book.add(f"attention{i}", config, weights, inputs, {"output": joined(parts, asking)})
    for i, (width, heads, shape, causal, ragged) in enumerate([(8, 2, (2, 5), False, False), (9, 3, (3, 6), True, False), (16, 4, (4, 7), False, True)]):
        lengths = book.ragged(*shape) if ragged else None
        book.layers(f"layer{i}", [{"type": "attention", "width": width, "heads": heads, "causal": causal}], book.normal(*shape, width), lengths)


def encoder(book):
    cases = [
        # width, heads, feedForward, layers, activation, normFirst, finalNorm, causal, batch, time, ragged
        (8, 2, 16, 1, "relu", False, False, False, 2, 5, False), (8, 2, 16, 1, "gelu", True, False, False, 2, 5, False),
        (16, 4, 32, 2, "gelu", True, True, False, 3, 7, False), (15, 3, 21, 2, "relu", False, True, False, 1, 9, False),
        (12, 1, 7, 1, "relu", True, True, False, 1, 1, False), (16, 2, 24, 2, "relu", False, False, True, 2, 6, False),
        (16, 2, 24, 1, "gelu", True, True, True, 2, 6, False), (16, 4, 24, 2, "gelu", True, True, False, 4, 8, True),
        (9, 3, 20, 1, "relu", False, False, False, 5, 6, True), (16, 4, 20, 2, "relu", False, False, True, 3, 9, True),
        (48, 6, 64, 1, "gelu", False, False, False, 2, 12, False), (1, 1, 3, 1, "relu", False, False, False, 2, 2, False),
    ]
    for i, (width, heads, inner, count, name, first, final, causal, batch, time, ragged) in enumerate(cases):
        entry = {"type": "encoder", "width": width, "heads": heads, "feedForward": inner, "layers": count, "activation": name,
                 "normFirst": first, "finalNorm": final, "causal": causal}
        book.layers(f"encoder{i}", [entry], book.normal(batch, time, width), book.ragged(batch, time) if ragged else None)
    book.layers("encoder epsilon", [{"type": "encoder", "width": 8, "heads": 2, "feedForward": 8, "layers": 1, "epsilon": 0.1}], book.normal(2, 3, 8))
    book.layers("encoder and mean", [{"type": "encoder", "width": 8, "heads": 2, "feedForward": 8, "layers": 1}, {"type": "pool", "kind": "mean"}],
                book.normal(4, 6, 8), book.ragged(4, 6))


def recurrent(book):
    for kind in ("gru", "lstm"):
        for i, (inputs, width, count, both, batch, time, ragged) in enumerate([
                (1, 1, 1, False, 1, 1, False), (3, 5, 1, False, 2, 7, False), (7, 16, 2, False, 3, 5, False), (4, 9, 1, True, 2, 6, False),
                (5, 8, 2, True, 1, 4, False), (6, 33, 1, False, 2, 20, False), (4, 7, 1, False, 4, 8, True), (3, 6, 2, True, 5, 7, True),
                (2, 48, 1, True, 1, 3, False)]):
            entry = {"type": kind, "inputs": inputs, "width": width, "layers": count, "bidirectional": both}
            book.layers(f"{kind}{i}", [entry], book.normal(batch, time, inputs, scale=1.5), book.ragged(batch, time) if ragged else None)
        for pool in ("last", "mean"):
            book.layers(f"{kind} {pool}", [{"type": kind, "inputs": 3, "width": 6}, {"type": "pool", "kind": pool}], book.normal(4, 7, 3),
                        book.ragged(4, 7))


def convolution(book):
    for i, (inputs, outputs, kernel, stride, padding, dilation, groups, bias, batch, time) in enumerate([
            (1, 1, 1, 1, 0, 1, 1, True, 1, 1), (3, 5, 3, 1, 1, 1, 1, True, 2, 7), (4, 6, 3, 2, 0, 1, 1, True, 2, 9), (4, 6, 5, 1, 4, 2, 1, True, 1, 12),
            (6, 9, 3, 1, 1, 1, 3, True, 2, 8), (8, 8, 3, 1, 1, 1, 8, False, 3, 6), (7, 33, 4, 3, 2, 1, 1, True, 2, 15), (48, 16, 2, 1, 0, 3, 1, True, 1, 10),
            (5, 4, 7, 1, 6, 1, 1, False, 2, 2), (6, 4, 3, 2, 3, 2, 2, True, 2, 11), (2, 3, 5, 1, 0, 1, 1, True, 2, 5)]):
        entry = {"type": "conv1d", "inputs": inputs, "outputs": outputs, "kernel": kernel, "stride": stride, "padding": padding,
                 "dilation": dilation, "groups": groups, "bias": bias}
        book.layers(f"conv1d{i}", [entry], book.normal(batch, time, inputs))


def pooling(book):
    for kind in ("mean", "max", "first", "last"):
        for i, (batch, time, width, ragged) in enumerate([(1, 1, 1, False), (3, 5, 7, False), (4, 9, 33, True), (6, 16, 16, True), (2, 40, 48, False)]):
            book.layers(f"{kind}{i}", [{"type": "pool", "kind": kind}], book.normal(batch, time, width) - np.float32(2), book.ragged(batch, time) if ragged else None)


def model(book, name, config, inputs, run):
    config = {"format": models.FORMAT, "version": models.VERSION, "name": name, **config}
    module, weights = book.module(config)
    exact = {k: torch.from_numpy(v) for k, v in inputs.items()}
    exact = {k: v.double() if v.is_floating_point() else v for k, v in exact.items()}
    with torch.inference_mode():
        outputs = {k: v.numpy() for k, v in run(module, **exact).items()}
    book.add(name, config, weights, inputs, outputs)


def transformers(book):
    """Architecture (a), with the values after the embedding, every layer and the mean."""
    def run(m, input):
        found = {"trace/embed": m.input_proj(input) + m.pos_embedding[:, : input.shape[1]]}
        x = found["trace/embed"]
        for i, layer in enumerate(m.encoder.layers):
            x = layer(x)
            found[f"trace/layer{i}"] = x
        found["trace/pooled"] = m.encoder.norm(x).mean(1)
        return {**found, "output": m(input)}

    for i, (features, length, width, heads, count, inner, activation, first, head, outputs, batch) in enumerate([
            (11, 12, 16, 2, 2, 32, "gelu", True, 8, 3, 4), (5, 7, 15, 3, 1, 20, "relu", False, 9, 2, 3), (1, 1, 4, 1, 1, 5, "gelu", True, 3, 1, 1),
            (37, 20, 32, 4, 2, 48, "gelu", True, 16, 3, 2)]):
        model(book, f"transformer{i}", {
            "architecture": "transformer", "features": features, "length": length, "width": width, "heads": heads, "layers": count,
            "feedForward": inner, "activation": activation, "normFirst": first, "headWidth": head, "outputs": outputs, "epsilon": 1e-5},
            {"input": book.normal(batch, length, features)}, run)


def residual(book):
    """Architecture (b), with the values after the input and every block."""
    def run(m, input):
        found = {"trace/input": m.input(input)}
        x = found["trace/input"]
        for i, block in enumerate(m.blocks):
            x = x + block(x)
            found[f"trace/block{i}"] = x
        return {**found, "output": m(input)}

    for i, (features, width, blocks, outputs, batch) in enumerate([(11, 16, 2, 2, 5), (7, 33, 3, 1, 3), (1, 1, 1, 1, 1), (48, 48, 1, 5, 17), (9, 8, 0, 2, 2)]):
        model(book, f"residual{i}", {"architecture": "residual_mlp", "features": features, "width": width, "blocks": blocks,
                                     "outputs": outputs, "epsilon": 1e-5}, {"input": book.normal(batch, features)}, run)


def indicator(book):
    """Architecture (c); `attention` is that of the last layer, averaged over the heads."""
    def run(m, values, context, ids=None):
        found = {"trace/embed": m.embed(values, context, ids)}
        x = found["trace/embed"]
        for i, layer in enumerate(m.layers):
            x = m.run(layer, x)
            found[f"trace/layer{i}"] = x
        found |= dict(zip(("logits", "probabilities", "weights"), m(values, context, ids)))
        return {**found, "attention": m.layers[-1].attention.weights.mean(1)}

    for variant in "AB":
        for i, (tokens, width, heads, count, inner, context, batch, with_ids) in enumerate([
                (9, 16, 2, 2, 24, 10, 3, True), (13, 32, 4, 1, 20, 4, 2, False), (1, 4, 1, 1, 4, 1, 1, True)] + [(50, 8, 2, 1, 8, 3, 2, False)] * (variant == "B")):
            config = {"architecture": "indicator_transformer", "variant": variant, "tokens": tokens, "width": width, "heads": heads,
                      "layers": count, "feedForward": inner, "context": context, "maxLength": tokens + 3}
            inputs = {"values": book.normal(batch, tokens), "context": book.normal(batch, context)}
            if with_ids:
                inputs["ids"] = np.stack([book.rng.permutation(tokens) for _ in range(batch)])
            model(book, f"indicator {variant}{i}", config, inputs, run)


def nothing_selected(book):
    """Variant A where no probability is above one half: all weights are 0."""
    config = {"architecture": "indicator_transformer", "variant": "A", "tokens": 5, "width": 8, "heads": 2, "layers": 1, "feedForward": 8,
              "context": 3, "maxLength": 5}

    def run(m, values, context):
        m.selection_head[2].bias.fill_(-50.0)
        return dict(zip(("logits", "probabilities", "weights"), m(values, context)))

    model(book, "nothing selected", config, {"values": book.normal(2, 5), "context": book.normal(2, 3)}, run)
    book.entries["nothing selected/weights/selection_head.2.bias"] = np.full(1, -50, np.float32)
    assert not book.entries["nothing selected/weights"].any()


def bert(book):
    """Architecture (d): `ids` behind the lengths are no token's."""
    for i, (width, heads, count, inner, pooling, normalised, batch, time) in enumerate([
            (32, 4, 2, 64, "mean", True, 5, 12), (32, 1, 1, 40, "first", False, 3, 7), (24, 3, 1, 33, "mean", False, 1, 1)]):
        config = {"architecture": "bert", "vocabulary": 50, "width": width, "heads": heads, "layers": count, "feedForward": inner,
                  "maxLength": 16, "types": 2, "epsilon": 1e-12, "activation": "gelu", "pooling": pooling, "normalised": normalised}
        lengths = book.ragged(batch, time)

        def run(m, ids, lengths):
            alone = [ids[i: i + 1, :n] for i, n in enumerate(lengths)]
            hidden = joined([m.hidden(one)[0].numpy() for one in alone], ids.shape[1])
            return {"hidden": torch.from_numpy(hidden), "embeddings": torch.cat([m(one) for one in alone])}

        ids = book.rng.integers(0, 50, (batch, time))
        inputs = {"ids": ids, "lengths": np.array(lengths, np.int64)}
        model(book, f"bert{i}", config, inputs, run)
        spoilt = ids.copy()
        for row, n in zip(spoilt, lengths):
            row[n:] = 49
        book.entries[f"bert{i}/ids"] = spoilt


def composed(book):
    """Architectures of layers."""
    x = book.normal(3, 12, 5)
    book.layers("convolutions", [
        {"type": "batch_norm", "width": 5}, {"type": "conv1d", "inputs": 5, "outputs": 8, "kernel": 3, "padding": 1}, {"type": "relu"},
        {"type": "residual", "layers": [{"type": "conv1d", "inputs": 8, "outputs": 8, "kernel": 3, "padding": 1}, {"type": "batch_norm", "width": 8}, {"type": "silu"}]},
        {"type": "conv1d", "inputs": 8, "outputs": 6, "kernel": 3, "stride": 2}, {"type": "pool", "kind": "max"}, {"type": "linear", "inputs": 6, "outputs": 3}], x)
    book.layers("recurrent head", [
        {"type": "linear", "inputs": 5, "outputs": 8, "name": "project"}, {"type": "gru", "inputs": 8, "width": 6, "bidirectional": True, "name": "rnn"},
        {"type": "lstm", "inputs": 12, "width": 7, "name": "memory"}, {"type": "dropout"}, {"type": "pool", "kind": "last"},
        {"type": "layer_norm", "width": 7, "name": "norm"}, {"type": "linear", "inputs": 7, "outputs": 2, "name": "head.0"}, {"type": "softmax"}], x)
    book.layers("sequences of several lengths", [
        {"type": "linear", "inputs": 5, "outputs": 8}, {"type": "sinusoidal_positions", "length": 20, "width": 8},
        {"type": "residual", "name": "mix", "layers": [{"type": "rms_norm", "width": 8}, {"type": "attention", "width": 8, "heads": 2, "causal": True}]},
        {"type": "sequential", "name": "tail", "layers": [{"type": "gelu", "approximate": "tanh"}, {"type": "linear", "inputs": 8, "outputs": 4}]},
        {"type": "pool", "kind": "mean"}], x, book.ragged(3, 12))
    book.layers("rows", [
        {"type": "linear", "inputs": 5, "outputs": 16, "name": "in"},
        {"type": "residual", "layers": [{"type": "linear", "inputs": 16, "outputs": 9}, {"type": "tanh"}, {"type": "residual", "layers": [{"type": "linear", "inputs": 9, "outputs": 9}]},
                                        {"type": "linear", "inputs": 9, "outputs": 16}]},
        {"type": "softplus"}, {"type": "linear", "inputs": 16, "outputs": 1, "bias": False}, {"type": "sigmoid"}], book.normal(6, 5))
    book.layers("bare positions", [
        {"type": "linear", "inputs": 5, "outputs": 8, "name": "input_proj"}, {"type": "learned_positions", "length": 12, "width": 8, "name": "pos_embedding"},
        {"type": "encoder", "width": 8, "heads": 2, "feedForward": 12, "layers": 1, "normFirst": True, "finalNorm": True, "activation": "gelu", "name": "encoder"},
        {"type": "pool", "kind": "first"}, {"type": "linear", "inputs": 8, "outputs": 3, "name": "head"}], x)
    stored = book.entries.pop("bare positions/weights/pos_embedding.weight")
    book.entries["bare positions/weights/pos_embedding"] = stored[None]
    book.layers("tokens", [
        {"type": "embedding", "count": 40, "width": 8}, {"type": "lstm", "inputs": 8, "width": 8, "layers": 2}, {"type": "pool", "kind": "last"},
        {"type": "linear", "inputs": 8, "outputs": 4}], book.rng.integers(0, 40, (4, 9)), ints=True)


FAMILIES = {
    "linear": [linear], "norm": [norm], "activations": [activations], "embedding": [embedding], "attention": [attention], "encoder": [encoder],
    "recurrent": [recurrent], "convolution": [convolution], "pooling": [pooling],
    "models": [transformers, residual, indicator, nothing_selected, bert, composed],
}


def main():
    total = 0
    for family in sys.argv[1:] or FAMILIES:
        book = Book(seed=sum(family.encode()))
        for cases in FAMILIES[family]:
            cases(book)
        for name in book.names:
            for key, value in book.entries.items():
                if key.startswith(name + "/") and "weights/" in key:
                    assert np.isfinite(value).all(), key
        size = book.write(os.path.join(HERE, family + ".npz"))
        total += size
        print(f"{family}: {len(book.names)} cases, {size} bytes")
    print(f"{total} bytes")


if __name__ == "__main__":
    main()
