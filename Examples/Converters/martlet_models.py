"""Martlet's model files and the PyTorch modules that they describe.

A model file is an .npz of tensors under their state_dict names with `config`, the bytes of a JSON document, and for texts with `tokenizer`,
the bytes of a tokenizer.json. `build` makes
the module of a config, `problems` compares a state_dict with it, `write` and `read` are the file.
"""

import json
import math
import os
import tempfile

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

FORMAT, VERSION = "martlet model", 1
ACTIVATIONS = {"relu": nn.ReLU, "gelu": nn.GELU, "silu": nn.SiLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid, "softplus": nn.Softplus}
FLOAT32_EPSILON = float(np.finfo(np.float32).eps)  # what torch.nn.RMSNorm takes where nothing is said

DEFAULTS = {
    "transformer": {"features": 111, "length": 60, "width": 128, "heads": 8, "layers": 4, "feedForward": 512, "activation": "gelu",
                    "normFirst": True, "headWidth": 64, "outputs": 3, "epsilon": 1e-5},
    "residual_mlp": {"features": 111, "width": 256, "blocks": 4, "outputs": 2, "epsilon": 1e-5},
    "indicator_transformer": {"variant": "B", "tokens": 111, "width": 256, "heads": 8, "layers": 6, "feedForward": 1024,
                              "context": 10, "maxLength": 128},
    "bert": {"vocabulary": 30522, "width": 384, "heads": 12, "layers": 6, "feedForward": 1536, "maxLength": 512, "types": 2,
             "epsilon": 1e-12, "activation": "gelu", "pooling": "mean", "normalised": True},
    "layers": {"input": {}, "layers": []},
}


class ConfigError(ValueError):
    """A config that describes no module."""


def complete(config):
    """The config with every hyperparameter that it leaves out."""
    architecture = config.get("architecture")
    if architecture not in DEFAULTS:
        raise ConfigError(f"architecture {architecture!r}: one of {', '.join(DEFAULTS)}")
    return {"format": FORMAT, "version": VERSION, **DEFAULTS[architecture], **config}


def sized(config, tensors=None):
    """The whole config with numbers in it, where `features` is a feature set or `outputs` names the outputs."""
    c = complete(config)
    for name in ("features", "outputs"):
        if name in DEFAULTS[c["architecture"]] and not isinstance(c[name], int):
            counted = len(c[name]) if name == "outputs" else DEFAULTS[c["architecture"]][name]
            c[name] = (told(tensors or {}) or {}).get(name, counted)
    return c


def build(config, tensors=None):
    """The module of a config, with the parameters that PyTorch gives it at first, in evaluation mode."""
    c = sized(config, tensors)
    kinds = {"transformer": Transformer, "residual_mlp": ResidualMLP, "indicator_transformer": IndicatorTransformer,
             "bert": Bert, "layers": Layers}
    return kinds[c["architecture"]](c).eval()


def named(module, tensors):
    """The tensors as arrays under the module's names, without those that no inference reads."""
    found = {}
    for name, value in tensors.items():
        last = name.rsplit(".", 1)[-1]
        if last in ("num_batches_tracked", "position_ids") or isinstance(module, Bert) and name.startswith("pooler."):
            continue
        parent = module.get_submodule(name) if has_module(module, name) else None
        if isinstance(parent, LearnedPositions):  # a bare parameter [1, length, width]
            name, value = name + ".weight", value[0] if value.ndim == 3 and len(value) == 1 else value
        found[name] = value
    return found


def has_module(module, name):
    try:
        module.get_submodule(name)
        return True
    except AttributeError:
        return False


def expected(module):
    """The shape of every tensor that a model file of this module holds."""
    return {k: tuple(v.shape) for k, v in module.state_dict().items() if not k.endswith("num_batches_tracked")}


def problems(module, tensors):
    """All that keeps these tensors, already under the module's names, from being the module's."""
    shapes = expected(module)
    found = [f"{name}: missing, {shapes[name]}" for name in shapes if name not in tensors]
    for name, value in tensors.items():
        if name not in shapes:
            found.append(f"{name}: not in the architecture, {tuple(value.shape)}")
        elif tuple(value.shape) != shapes[name]:
            found.append(f"{name}: shape {tuple(value.shape)}, not {shapes[name]}")
        elif not np.isfinite(value).all():
            found.append(f"{name}: {np.count_nonzero(~np.isfinite(value))} values are not finite")
    return found


def loaded(config, tensors):
    """The module of a config with these tensors."""
    module = build(config, tensors)
    tensors = named(module, tensors)
    found = problems(module, tensors)
    if found:
        raise ConfigError("; ".join(found))
    module.load_state_dict({k: torch.as_tensor(np.array(v)) for k, v in tensors.items()}, strict=False)
    return module


def arrays(module):
    """The tensors of a module for a model file."""
    return {k: v.numpy() for k, v in module.state_dict().items() if k in expected(module)}


def write(path, tensors, config, tokenizer=None):
    """Writes a model file, whole or not at all; `tokenizer` is the bytes of a tokenizer.json."""
    text = json.dumps(complete(config), ensure_ascii=False, allow_nan=False).encode()
    entries = {**{k: np.ascontiguousarray(v, np.float32) for k, v in tensors.items()}, "config": np.frombuffer(text, np.uint8)}
    if tokenizer is not None:
        entries["tokenizer"] = np.frombuffer(tokenizer, np.uint8)
    folder = os.path.dirname(os.path.abspath(path))
    handle, temporary = tempfile.mkstemp(suffix=".npz", dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, **entries)
            file.flush()
            os.fsync(file.fileno())
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(temporary, 0o666 & ~mask)  # mkstemp's files are private
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def read(path):
    """The config of a model file, or None, and its tensors."""
    with np.load(path, allow_pickle=False) as stored:
        tensors = {k: stored[k] for k in stored.files}
    text = tensors.pop("config", None)
    tensors.pop("tokenizer", None)
    return None if text is None else json.loads(text.tobytes()), tensors


def tokenizer(path):
    """The bytes of the tokenizer.json in a folder or in a model file; None where there is none."""
    if os.path.isdir(path):
        path = os.path.join(path, "tokenizer.json")
        if not os.path.exists(path):
            return None
        with open(path, "rb") as file:
            return file.read()
    if not str(path).endswith(".npz"):
        return None
    with np.load(path, allow_pickle=False) as stored:
        return stored["tokenizer"].tobytes() if "tokenizer" in stored.files else None


# What no tensor can tell; it must be said.
UNTOLD = {"transformer": ["heads", "activation", "normFirst"], "indicator_transformer": ["heads"],
          "bert": ["heads", "activation", "pooling", "normalised"]}


def told(tensors):
    """What names and shapes of tensors tell of a config, or None: the architecture and sizes, none of UNTOLD."""
    shape = {k: v.shape for k, v in tensors.items()}

    def count(prefix):
        return len({k[len(prefix):].split(".", 1)[0] for k in shape if k.startswith(prefix)})

    try:
        if "embeddings.word_embeddings.weight" in shape:
            vocabulary, width = shape["embeddings.word_embeddings.weight"]
            return {"architecture": "bert", "vocabulary": vocabulary, "width": width, "layers": count("encoder.layer."),
                    "feedForward": shape["encoder.layer.0.intermediate.dense.weight"][0],
                    "maxLength": shape["embeddings.position_embeddings.weight"][0],
                    "types": shape["embeddings.token_type_embeddings.weight"][0]}
        if "pos_embedding" in shape:
            _, length, width = shape["pos_embedding"]
            return {"architecture": "transformer", "features": shape["input_proj.weight"][1], "length": length, "width": width,
                    "layers": count("encoder.layers."), "feedForward": shape["encoder.layers.0.linear1.weight"][0],
                    "headWidth": shape["head.0.weight"][0], "outputs": shape["head.2.weight"][0]}
        if "indicator_embedding.weight" in shape:
            tokens, width = shape["indicator_embedding.weight"]
            plain = "position_embedding.weight" in shape
            return {"architecture": "indicator_transformer", "variant": "B" if plain else "A", "tokens": tokens, "width": width,
                    "layers": count("layers."), "feedForward": shape["layers.0.feed_forward.0.weight"][0],
                    "context": shape["context_encoder.0.weight"][1],
                    **({"maxLength": shape["position_embedding.weight"][0]} if plain else {})}
        if "input.0.weight" in shape and "output.weight" in shape:
            width, features = shape["input.0.weight"]
            return {"architecture": "residual_mlp", "features": features, "width": width, "blocks": count("blocks."),
                    "outputs": shape["output.weight"][0]}
    except (KeyError, ValueError, IndexError):
        pass
    return None


class Transformer(nn.Module):
    """[batch, length, features] to [batch, outputs]: projection, learned positions, encoder, mean over time, head."""

    def __init__(self, c):
        super().__init__()
        self.pos_embedding = nn.Parameter(0.02 * torch.randn(1, c["length"], c["width"]))
        self.input_proj = nn.Linear(c["features"], c["width"])
        self.encoder = Encoder(c, final_norm=True)
        self.head = nn.Sequential(nn.Linear(c["width"], c["headWidth"]), nn.GELU(), nn.Linear(c["headWidth"], c["outputs"]))

    def forward(self, x):
        return self.head(self.encoder(self.input_proj(x) + self.pos_embedding[:, : x.shape[1]]).mean(1))


class Encoder(nn.TransformerEncoder):
    def __init__(self, e, final_norm=False):
        eps = e.get("epsilon", 1e-5)
        layer = nn.TransformerEncoderLayer(
            e["width"], e["heads"], e["feedForward"], dropout=0.0, activation=e.get("activation", "relu"), layer_norm_eps=eps,
            batch_first=True, norm_first=e.get("normFirst", False))
        norm = nn.LayerNorm(e["width"], eps=eps) if final_norm else None
        super().__init__(layer, e["layers"], norm=norm, enable_nested_tensor=False)
        self.causal = e.get("causal", False)

    def step(self, x, lengths):
        return self(x, mask=causal_mask(x) if self.causal else None, src_key_padding_mask=padding(x, lengths))


class ResidualMLP(nn.Module):
    """[batch, features] to [batch, outputs]."""

    def __init__(self, c):
        super().__init__()

        def block(inputs):
            return nn.Sequential(nn.Linear(inputs, c["width"]), nn.LayerNorm(c["width"], eps=c["epsilon"]), nn.ReLU())

        self.input = block(c["features"])
        self.blocks = nn.ModuleList(block(c["width"]) for _ in range(c["blocks"]))
        self.output = nn.Linear(c["width"], c["outputs"])

    def forward(self, x):
        x = self.input(x)
        for block in self.blocks:
            x = x + block(x)
        return self.output(x)


class SeparateAttention(nn.Module):
    """Self-attention with query, key, value and output of their own; `weights` are those of the last call."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value, self.output = (nn.Linear(width, width) for _ in range(4))

    def forward(self, x):
        def split(y):
            return y.unflatten(-1, (self.heads, -1)).transpose(1, 2)

        q, k, v = split(self.query(x)), split(self.key(x)), split(self.value(x))
        self.weights = torch.softmax(q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1]), -1)
        return self.output((self.weights @ v).transpose(1, 2).flatten(2))


class IndicatorTransformer(nn.Module):
    """values [batch, tokens], context [batch, context], ids [batch, tokens] to logits, probabilities and weights."""

    def __init__(self, c):
        super().__init__()
        width, inner, eps, self.variant = c["width"], c["feedForward"], c.get("epsilon", 1e-5), c["variant"]
        if self.variant not in ("A", "B"):
            raise ConfigError(f"variant {self.variant!r}: A or B")
        plain = self.variant == "B"
        self.indicator_embedding = nn.Embedding(c["tokens"], width)
        if plain:
            self.position_embedding = nn.Embedding(c["maxLength"], width)
        self.value_projection = nn.Linear(1, width)
        if plain:
            self.context_encoder = nn.Sequential(nn.Linear(c["context"], 64), nn.ReLU(), nn.Dropout(0.0), nn.Linear(64, width))
        else:
            self.context_encoder = nn.Sequential(nn.Linear(c["context"], 128), nn.ReLU(), nn.Linear(128, width), nn.LayerNorm(width, eps=eps))
        self.layers = nn.ModuleList()
        for _ in range(c["layers"]):
            layer = nn.Module()
            layer.attention = SeparateAttention(width, c["heads"])
            layer.attention_norm = nn.LayerNorm(width, eps=eps)
            parts = [nn.Linear(width, inner), nn.ReLU(), nn.Dropout(0.0), nn.Linear(inner, width)]
            layer.feed_forward = nn.Sequential(*parts, *([] if plain else [nn.LayerNorm(width, eps=eps)]))
            if plain:
                layer.feed_forward_norm = nn.LayerNorm(width, eps=eps)
            self.layers.append(layer)
        self.selection_head = nn.Sequential(nn.Linear(width, width // 2), nn.ReLU(), nn.Linear(width // 2, 1))
        self.weight_head = nn.Sequential(nn.Linear(width, width // 2), nn.ReLU(), nn.Linear(width // 2, 1))

    def embed(self, values, context, ids=None):
        count = values.shape[1]
        ids = torch.arange(count).expand(len(values), -1) if ids is None else ids
        x = self.indicator_embedding(ids) + self.value_projection(values[..., None]) + self.context_encoder(context)[:, None]
        return x + self.position_embedding(torch.arange(count)) if self.variant == "B" else x

    def run(self, layer, x):
        x = layer.attention_norm(x + layer.attention(x))
        y = x + layer.feed_forward(x)
        return layer.feed_forward_norm(y) if self.variant == "B" else y

    def forward(self, values, context, ids=None):
        x = self.embed(values, context, ids)
        for layer in self.layers:
            x = self.run(layer, x)
        logits, raw = self.selection_head(x)[..., 0], self.weight_head(x)[..., 0]
        probabilities = torch.sigmoid(logits)
        if self.variant == "B":
            return logits, probabilities, torch.softmax(raw, -1)
        weights = F.softplus(raw) * (probabilities > 0.5)
        total = weights.sum(-1, keepdim=True)
        return logits, probabilities, torch.where(total > 0, weights / total, torch.zeros_like(weights))


class Bert(nn.Module):
    """ids [batch, length] with a mask of the real tokens to embeddings [batch, width]; Hugging Face's tensor names."""

    def __init__(self, c):
        super().__init__()
        width, eps, self.pooling, self.normalised = c["width"], c["epsilon"], c["pooling"], c["normalised"]
        if self.pooling not in ("mean", "first"):
            raise ConfigError(f"pooling {self.pooling!r}: mean or first")
        self.heads, self.activation = c["heads"], activation({"type": c["activation"]})
        e = self.embeddings = nn.Module()
        e.word_embeddings = nn.Embedding(c["vocabulary"], width)
        e.position_embeddings = nn.Embedding(c["maxLength"], width)
        e.token_type_embeddings = nn.Embedding(c["types"], width)
        e.LayerNorm = nn.LayerNorm(width, eps=eps)
        self.encoder = nn.Module()
        self.encoder.layer = nn.ModuleList()
        for _ in range(c["layers"]):
            layer = nn.Module()
            layer.attention, layer.intermediate, layer.output = nn.Module(), nn.Module(), nn.Module()
            inside, after = nn.Module(), nn.Module()
            inside.query, inside.key, inside.value, after.dense = (nn.Linear(width, width) for _ in range(4))
            after.LayerNorm = nn.LayerNorm(width, eps=eps)
            setattr(layer.attention, "self", inside)
            layer.attention.output = after
            layer.intermediate.dense = nn.Linear(width, c["feedForward"])
            layer.output.dense = nn.Linear(c["feedForward"], width)
            layer.output.LayerNorm = nn.LayerNorm(width, eps=eps)
            self.encoder.layer.append(layer)

    def hidden(self, ids, mask=None):
        """The last hidden states [batch, length, width]."""
        e = self.embeddings
        x = e.word_embeddings(ids) + e.token_type_embeddings.weight[0] + e.position_embeddings.weight[: ids.shape[1]]
        x = e.LayerNorm(x)
        allowed = None if mask is None else mask[:, None, None, :]
        for layer in self.encoder.layer:
            inside = getattr(layer.attention, "self")
            q, k, v = (p(x).unflatten(-1, (self.heads, -1)).transpose(1, 2) for p in (inside.query, inside.key, inside.value))
            y = F.scaled_dot_product_attention(q, k, v, attn_mask=allowed).transpose(1, 2).flatten(2)
            x = layer.attention.output.LayerNorm(x + layer.attention.output.dense(y))
            y = layer.output.dense(self.activation(layer.intermediate.dense(x)))
            x = layer.output.LayerNorm(x + y)
        return x

    def forward(self, ids, mask=None):
        x = self.hidden(ids, mask)
        if self.pooling == "first":
            x = x[:, 0]
        elif mask is None:
            x = x.mean(1)
        else:
            real = mask[..., None].to(x.dtype)
            x = (x * real).sum(1) / real.sum(1)
        return F.normalize(x, dim=-1) if self.normalised else x


# Layers of a config, one after another. Each takes x and the lengths of the sequences, or None where all are whole.


def padding(x, lengths):
    """True where a step of [batch, time, …] is beyond its sequence."""
    return None if lengths is None else torch.arange(x.shape[1])[None] >= lengths[:, None]


def causal_mask(x):
    """True where a step would see what comes after it."""
    return torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).triu(1)


class LearnedPositions(nn.Embedding):
    def forward(self, x):
        return x + self.weight[: x.shape[1]]


class SinusoidalPositions(nn.Module):
    """sin in the even columns, cos in the odd ones (Vaswani et al. 2017, section 3.5)."""

    def __init__(self, length, width):
        super().__init__()
        at, column = np.arange(length)[:, None], np.arange(width)[None]
        angle = at / 10000.0 ** (2 * (column // 2) / width)
        self.table = torch.from_numpy(np.where(column % 2 == 0, np.sin(angle), np.cos(angle)))

    def forward(self, x):
        return x + self.table[: x.shape[1]].to(x.dtype)


class SelfAttention(nn.MultiheadAttention):
    def __init__(self, width, heads, causal):
        super().__init__(width, heads, batch_first=True)
        self.causal = causal

    def step(self, x, lengths):
        mask = causal_mask(x) if self.causal else None
        return self(x, x, x, key_padding_mask=padding(x, lengths), attn_mask=mask, need_weights=False)[0]


class Recurrent:
    """Mixed into GRU and LSTM: the outputs of every step, zero beyond the lengths."""

    def step(self, x, lengths):
        if lengths is None:
            return self(x)[0]
        packed = nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        return nn.utils.rnn.pad_packed_sequence(self(packed)[0], batch_first=True, total_length=x.shape[1])[0]


class GRU(Recurrent, nn.GRU):
    pass


class LSTM(Recurrent, nn.LSTM):
    pass


class OverChannels:
    """Mixed into modules that want [batch, channels, time]."""

    def step(self, x, lengths):
        return self(x.transpose(1, 2)).transpose(1, 2) if x.dim() == 3 else self(x)


class Convolution(OverChannels, nn.Conv1d):
    pass


class BatchNorm(OverChannels, nn.BatchNorm1d):
    pass


class Pool(nn.Module):
    def __init__(self, kind):
        super().__init__()
        if kind not in ("mean", "max", "first", "last"):
            raise ConfigError(f"pool {kind!r}: mean, max, first or last")
        self.kind = kind

    def step(self, x, lengths):
        if self.kind == "first":
            return x[:, 0]
        if lengths is None:
            return {"mean": lambda: x.mean(1), "max": lambda: x.amax(1), "last": lambda: x[:, -1]}[self.kind]()
        if self.kind == "last":
            return x[torch.arange(len(x)), lengths - 1]
        beyond = padding(x, lengths)[..., None]
        if self.kind == "max":
            return x.masked_fill(beyond, -math.inf).amax(1)
        return x.masked_fill(beyond, 0.0).sum(1) / lengths[:, None]


class Chain(nn.Module):
    """Modules in a row, under their names."""

    def __init__(self, entries):
        super().__init__()
        for i, entry in enumerate(entries):
            name = str(entry.get("name", i))
            if name in self._modules:
                raise ConfigError(f"two layers are called {name!r}")
            node, parts = self, name.split(".")  # a name may be a path: "head.0"
            for part in parts[:-1]:
                if part not in node._modules:
                    node.add_module(part, nn.Module())
                node = node._modules[part]
            node.add_module(parts[-1], layer(entry))
        self.order = [str(e.get("name", i)) for i, e in enumerate(entries)]

    def step(self, x, lengths):
        for name in self.order:
            module = self.get_submodule(name)
            x = module.step(x, lengths) if hasattr(module, "step") else module(x)
            if isinstance(module, Pool):
                lengths = None
        return x


class Residual(Chain):
    def step(self, x, lengths):
        return x + super().step(x, lengths)


class Layers(Chain):
    """Architecture "layers": [batch, time, features], [batch, features] or, before an embedding, integers."""

    def __init__(self, c):
        super().__init__(c["layers"])

    def forward(self, x, lengths=None):
        return self.step(x, lengths)


def activation(entry):
    if entry["type"] == "gelu":
        return nn.GELU(approximate=entry.get("approximate", "none"))
    if entry["type"] not in ACTIVATIONS:
        raise ConfigError(f"activation {entry['type']!r}: one of {', '.join(ACTIVATIONS)}")
    return ACTIVATIONS[entry["type"]]()


def layer(entry):
    e, kind = entry, entry.get("type")
    eps = e.get("epsilon", 1e-5)
    makers = {
        "linear": lambda: nn.Linear(e["inputs"], e["outputs"], bias=e.get("bias", True)),
        "layer_norm": lambda: nn.LayerNorm(e["width"], eps=eps),
        "rms_norm": lambda: nn.RMSNorm(e["width"], eps=e.get("epsilon", FLOAT32_EPSILON)),
        "batch_norm": lambda: BatchNorm(e["width"], eps=eps),
        "embedding": lambda: nn.Embedding(e["count"], e["width"]),
        "learned_positions": lambda: LearnedPositions(e["length"], e["width"]),
        "sinusoidal_positions": lambda: SinusoidalPositions(e["length"], e["width"]),
        "attention": lambda: SelfAttention(e["width"], e["heads"], e.get("causal", False)),
        "encoder": lambda: Encoder(e, e.get("finalNorm", False)),
        "softmax": lambda: nn.Softmax(-1),
        "dropout": nn.Identity,
        "conv1d": lambda: Convolution(e["inputs"], e["outputs"], e["kernel"], stride=e.get("stride", 1), padding=e.get("padding", 0),
                                      dilation=e.get("dilation", 1), groups=e.get("groups", 1), bias=e.get("bias", True)),
        "gru": lambda: GRU(e["inputs"], e["width"], e.get("layers", 1), batch_first=True, bidirectional=e.get("bidirectional", False)),
        "lstm": lambda: LSTM(e["inputs"], e["width"], e.get("layers", 1), batch_first=True, bidirectional=e.get("bidirectional", False)),
        "pool": lambda: Pool(e["kind"]),
        "residual": lambda: Residual(e["layers"]),
        "sequential": lambda: Chain(e["layers"]),
    }
    if kind in ACTIVATIONS:
        return activation(e)
    if kind not in makers:
        raise ConfigError(f"layer type {kind!r}: one of {', '.join([*makers, *ACTIVATIONS])}")
    try:
        return makers[kind]()
    except KeyError as missing:
        raise ConfigError(f"{kind}: {missing.args[0]} is missing") from None
