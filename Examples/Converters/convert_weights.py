#!/usr/bin/env python3
"""Makes a Martlet model file of PyTorch weights.

    python convert_weights.py model.pt model.npz [--architecture transformer --heads 8 …] [--config FILE.json]
    python convert_weights.py model.safetensors model.npz --verify --infer PATH_TO_infer
    python convert_weights.py hugging-face-bert-folder/ minilm.npz

Reads a state_dict, a checkpoint that holds one ({'model': …} and the like), a .safetensors file, a model file (.npz), the index
of shards or a folder of a Hugging Face BERT. The architecture is told by --config, by the options, by the config.json of the
folder, and its sizes by the tensors; a hyperparameter given as an option wins. What no tensor can tell (heads, activation, where
norms are, pooling) must be said: nothing is guessed.
Every tensor is listed with its shape and dtype. Tensors that are missing, not in the architecture, of another shape or not
finite are errors, all listed. With --verify the same inputs go through PyTorch and through `infer`; a difference above
--tolerance is an error. The file is written whole or, after an error, not at all. Exit status 1: an error.
"""

import argparse
import collections.abc
import json
import os
import pathlib
import pickle
import re
import subprocess
import sys
import tempfile

import numpy as np
import torch

import martlet_models as models

OPTIONS = sorted({(key, type(value)) for defaults in models.DEFAULTS.values() for key, value in defaults.items()
                  if isinstance(value, (bool, int, float, str))}, key=lambda option: option[0])
# Where checkpoints keep the tensors, the likeliest first.
HOLDERS = ("state_dict", "model_state_dict", "model", "module", "net", "network", "weights", "params", "ema", "encoder")
FOREIGN = [(b"\x89HDF", "an HDF5 file, as Keras writes them"), (b"GGUF", "a GGUF file of quantised weights"), (b"GGML", "a GGML file"),
           (b"\x1f\x8b", "gzip data; unpack it"), (b"\x93NUMPY", "one array; write an .npz of arrays by name")]


class ConversionError(Exception):
    """What is wrong, a line each."""


def dashed(name):
    return re.sub("([A-Z])", r"-\1", name).lower()


def foreign(path):
    """What a file is that cannot be read, in words; None where it may be read."""
    with open(path, "rb") as file:
        start = file.read(16)
    if start[8:9] == b"{" and start[4:8] == bytes(4):  # safetensors: a length, which may look like anything, then JSON
        return None
    for magic, name in FOREIGN:
        if start.startswith(magic):
            return name
    if start[4:8] == b"TFL3":
        return "a TensorFlow Lite model"
    if start[:1] == b"\x08" and len(start) > 2 and start[1] < 0x40 and start[2] in (0x12, 0x1A, 0x22, 0x3A, 0x42):
        return "an ONNX graph; convert the PyTorch model that it was made of"
    if start and (0x81 <= start[0] <= 0x8F or start[0] in (0xDE, 0xDF)):
        return "a msgpack file, as Flax writes them"
    return None


def shards(index):
    """The tensors of the files that an index names, all in its folder."""
    try:
        files = sorted(set(json.loads(index.read_text())["weight_map"].values()))
    except (OSError, ValueError, KeyError, AttributeError) as problem:
        raise ConversionError(f"{index}: no index of shards: {problem}") from None
    tensors = {}
    for name in files:
        if pathlib.PurePath(name).name != name:
            raise ConversionError(f"{index}: {name}: expected a file of the same folder")
        tensors |= read(index.parent / name)[0]
    return tensors


def read(path):
    """The tensors of a file by name, as they are, and the config beside them or None."""
    if path.is_dir():
        config = bert_config(path)
        for name in ("model.safetensors", "pytorch_model.bin"):
            for found in (path / name, path / f"{name}.index.json"):
                if found.exists():
                    return read(found)[0], config
        raise ConversionError(f"{path}: neither model.safetensors nor pytorch_model.bin in it, nor an index of their shards")
    if not path.exists():
        raise ConversionError(f"{path}: no such file")
    if path.name.endswith(".index.json"):
        return shards(path), None
    if name := foreign(path):
        raise ConversionError(f"{path}: is {name}; expected .pt, .pth, .bin, .safetensors, .npz or a folder")
    try:
        if path.suffix == ".safetensors":
            from safetensors import safe_open

            with safe_open(path, "pt") as file:
                config = (file.metadata() or {}).get("config")
                return {key: file.get_tensor(key) for key in file.keys()}, json.loads(config) if config else None
        if path.suffix == ".npz":
            config, tensors = models.read(path)
            return {key: torch.from_numpy(value) for key, value in tensors.items()}, config
        stored = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as problem:
        found = re.search(r"GLOBAL ([\w.]+)", str(problem))
        what = f"an object of {found[1]}" if found else "more than tensors, or damaged bytes"
        raise ConversionError(f"{path}: holds {what}, which is not loaded, as that would run its code; in the program that made it, "
                              "torch.save(model.state_dict(), …)") from None
    except (OSError, ValueError, KeyError, RuntimeError, EOFError) as problem:
        raise ConversionError(f"{path}: {str(problem).splitlines()[0]}") from None
    except Exception as problem:  # safetensors has errors of its own
        raise ConversionError(f"{path}: {type(problem).__name__}: {problem}") from None
    config = None
    if isinstance(stored, collections.abc.Mapping):
        config = stored.get("config") if isinstance(stored.get("config"), dict) and "architecture" in stored["config"] else None
    stored = held(path, stored)
    return dict(stored), config


def held(path, stored):
    """The tensors by name in what a checkpoint holds."""
    if not isinstance(stored, collections.abc.Mapping):
        raise ConversionError(f"{path}: holds a {type(stored).__name__}, not tensors by name")
    if stored and all(isinstance(value, torch.Tensor) for value in stored.values()):
        return stored
    for key in HOLDERS:
        if isinstance(stored.get(key), collections.abc.Mapping) and stored[key]:
            print(f"tensors of {key!r}; left: {', '.join(str(other) for other in stored if other != key) or 'nothing'}")
            return held(path, stored[key])
    others = [str(key) for key, value in stored.items() if not isinstance(value, torch.Tensor)]
    raise ConversionError(f"{path}: no state_dict: " + (f"not tensors: {', '.join(others[:8])}" if others else "it is empty"))


def bert_config(folder):
    """The config of a Hugging Face folder, with the pooling of sentence-transformers where it says one."""
    def stored(name):
        try:
            return json.loads((folder / name).read_text())
        except OSError:
            return None
        except ValueError as problem:
            raise ConversionError(f"{folder / name}: {problem}") from None

    c = stored("config.json")
    if c is None:
        raise ConversionError(f"{folder}: no config.json in it")
    if c.get("model_type") != "bert" or c.get("position_embedding_type", "absolute") != "absolute":
        raise ConversionError(f"{folder}: model type {c.get('model_type')!r}, {c.get('position_embedding_type', 'absolute')} positions; "
                              "only BERT with absolute positions is known")
    names = {"vocab_size": "vocabulary", "hidden_size": "width", "num_attention_heads": "heads", "num_hidden_layers": "layers",
             "intermediate_size": "feedForward", "max_position_embeddings": "maxLength", "type_vocab_size": "types",
             "layer_norm_eps": "epsilon", "hidden_act": "activation"}
    if missing := [key for key in names if key not in c]:
        raise ConversionError(f"{folder / 'config.json'}: {', '.join(missing)} missing")
    config = {"architecture": "bert", **{ours: c[theirs] for theirs, ours in names.items()}}
    known = {"cls_token": "first", "cls": "first", "mean_tokens": "mean", "mean": "mean", "max_tokens": "max", "max": "max", "lasttoken": "last"}
    modules = stored("modules.json")
    for module in modules or []:
        kind = module.get("type", "").rsplit(".", 1)[-1]
        if kind == "Pooling":
            pooling = stored(f"{module['path']}/config.json") or {}
            chosen = [key.removeprefix("pooling_mode_") for key, value in pooling.items() if key.startswith("pooling_mode_") and value is True]
            chosen += [pooling["pooling_mode"]] if isinstance(pooling.get("pooling_mode"), str) else []
            if len(chosen) != 1 or chosen[0] not in known:
                raise ConversionError(f"{folder}: pooling {' and '.join(chosen) or 'of no kind'}; one of {', '.join(known)} is known")
            config |= {"pooling": known[chosen[0]], "normalised": config.get("normalised", False)}
        elif kind == "Normalize":
            config["normalised"] = True
        elif kind not in ("Transformer", "Dropout"):
            raise ConversionError(f"{folder}: a module {kind} behind the encoder cannot be computed")
    return config


def stripped(tensors):
    """Without what DataParallel, torch.compile, or a model inside of another puts before every name."""
    tensors = {".".join(part for part in name.split(".") if part != "_orig_mod"): value for name, value in tensors.items()}
    found = True
    while found:
        found = False
        for prefix in ("module.", "model.", "bert."):
            if tensors and all(name.startswith(prefix) for name in tensors):
                tensors = {name[len(prefix):]: value for name, value in tensors.items()}
                found = True
    return tensors


def configured(options, beside, tensors):
    """The whole config: options over --config over what stands beside the tensors over what they tell."""
    given = {}
    if options.config:
        try:
            given = json.loads(pathlib.Path(options.config).read_text())
        except (OSError, ValueError) as problem:
            raise ConversionError(f"{options.config}: {problem}") from None
        if not isinstance(given, dict):
            raise ConversionError(f"{options.config}: not a JSON object")
    chosen = {name: getattr(options, name) for name, _ in OPTIONS if getattr(options, name) is not None}
    wanted = options.architecture or given.get("architecture") or (beside or {}).get("architecture")
    sizes = models.told(tensors) or {}
    config = {}
    for source in (sizes, beside or {}, given):
        if wanted in (None, source.get("architecture", wanted)):
            config |= source
    config |= chosen
    if wanted:
        config["architecture"] = wanted
    if "architecture" not in config:
        raise ConversionError("the tensors do not tell the architecture: give --architecture or --config")
    if missing := [key for key in models.UNTOLD.get(config["architecture"], []) if key not in config]:
        raise ConversionError(f"{config['architecture']}: no tensor tells {', '.join(missing)}; give "
                              + " ".join("--" + dashed(key) for key in missing) + ", or --config")
    if options.name:
        config["name"] = options.name
    known = {*models.DEFAULTS.get(config["architecture"], {}), "format", "version", "architecture", "name", "features", "window", "outputs"}
    if strange := [key for key in chosen if key not in known]:
        raise ConversionError(f"{config['architecture']} has no {', '.join('--' + dashed(key) for key in strange)}")
    try:
        return models.complete(config)
    except models.ConfigError as problem:
        raise ConversionError(str(problem)) from None


def converted(tensors):
    """As float32 arrays; whole numbers stay what they are, so that they are told apart."""
    return {name: (value.float() if value.is_floating_point() else value).detach().contiguous().numpy() for name, value in tensors.items()}


def module_of(config, arrays):
    try:
        return models.build(config, arrays)
    except models.ConfigError as problem:
        raise ConversionError(str(problem)) from None
    except (KeyError, TypeError, ValueError, AssertionError, RuntimeError) as problem:
        raise ConversionError(f"the config describes no module: {problem}") from None


def sample(config, count, seed=20261121):
    """Random inputs as `infer` wants them."""
    rng = np.random.default_rng(seed)
    kind = config["architecture"]

    def normal(*shape):
        return rng.standard_normal(shape).astype(np.float32)

    if kind == "transformer":
        return {"input": normal(count, config["length"], config["features"])}
    if kind == "residual_mlp":
        return {"input": normal(count, config["features"])}
    if kind == "indicator_transformer":
        ids = np.stack([rng.permutation(config["tokens"]) for _ in range(count)])
        return {"values": normal(count, config["tokens"]), "context": normal(count, config["context"]), "ids": ids}
    if kind == "bert":
        lengths = rng.integers(1, min(config["maxLength"], 64) + 1, count)
        ids = rng.integers(0, config["vocabulary"], (count, lengths.max()))
        return {"ids": np.where(np.arange(lengths.max()) < lengths[:, None], ids, 0), "lengths": lengths}
    shape, first = config["input"], next(iter(config["layers"]), {})
    length = {"any": 24, None: None}.get(shape.get("length"), shape.get("length"))
    if first.get("type") == "embedding":
        return {"input": rng.integers(0, first["count"], (count, length) if length else (count,))}
    return {"input": normal(count, length, shape["features"]) if length else normal(count, shape["features"])}


def through_torch(module, config, inputs):
    """The outputs of PyTorch in float64."""
    tensors = {key: torch.from_numpy(value) for key, value in inputs.items()}
    tensors = {key: value.double() if value.is_floating_point() else value for key, value in tensors.items()}
    module = module.double()
    with torch.inference_mode():
        if config["architecture"] == "indicator_transformer":
            return dict(zip(("logits", "probabilities", "weights"), (v.numpy() for v in module(**tensors))))
        if config["architecture"] == "bert":
            mask = torch.arange(tensors["ids"].shape[1]) < tensors["lengths"][:, None]
            return {"embeddings": module(tensors["ids"], mask).numpy()}
        return {"output": module(tensors["input"]).numpy()}


def through_infer(infer, model, inputs, folder):
    np.savez(folder / "inputs.npz", **inputs)
    command = [str(infer), "--model", str(model), "--input", str(folder / "inputs.npz"), "--output", str(folder / "outputs.npz")]
    try:
        done = subprocess.run(command, capture_output=True, text=True)
    except OSError as problem:
        raise ConversionError(f"{infer}: {problem}") from None
    if done.returncode:
        raise ConversionError(f"infer ended with {done.returncode}: {done.stderr.strip()}")
    try:
        with np.load(folder / "outputs.npz", allow_pickle=False) as stored:
            return {key: stored[key] for key in stored.files}
    except (OSError, ValueError) as problem:
        raise ConversionError(f"infer's outputs: {problem}") from None


def verify(model, module, config, options, folder):
    """Compares PyTorch and `infer` on the same inputs."""
    inputs = sample(config, options.samples)
    reference = through_torch(module, config, inputs)
    found = through_infer(options.infer, model, inputs, folder)
    worst = 0.0
    for key, expected in reference.items():
        values = found.get(key)
        if values is None or values.shape != expected.shape:
            raise ConversionError(f"infer's {key}: " + ("missing" if values is None else f"shape {values.shape}, not {expected.shape}"))
        gap = float(np.abs(values - expected).max(initial=0.0)) if np.isfinite(values).all() else float("inf")
        line = f"verified {key}: {options.samples} samples, largest difference {gap:.2e}"
        if expected.ndim == 2 and expected.shape[1] > 1:
            line += f", same top output {100 * (values.argmax(1) == expected.argmax(1)).mean():.2f} %"
        print(line)
        worst = max(worst, gap)
    if not worst <= options.tolerance:
        raise ConversionError(f"largest difference {worst:.2e}, above {options.tolerance:g}")


def convert(options):
    tensors, beside = read(pathlib.Path(options.input))
    tensors = stripped(tensors)
    for name, value in tensors.items():
        print(f"{name}  {list(value.shape)}  {str(value.dtype).removeprefix('torch.')}")
    config = configured(options, beside, tensors)
    arrays = converted(tensors)
    module = module_of(config, arrays)
    arrays = models.named(module, arrays)
    found = models.problems(module, arrays)
    found += [f"{name}: {value.dtype}, not floating-point" for name, value in arrays.items() if value.dtype.kind != "f"]
    if found:
        raise ConversionError("\n".join(found))
    module = models.loaded(config, arrays)
    output = pathlib.Path(options.output)
    try:
        # Stands beside the output, which it becomes when all is well.
        with tempfile.TemporaryDirectory(dir=output.parent, prefix=".convert-") as made:
            trial = pathlib.Path(made) / "model.npz"
            models.write(trial, arrays, config, models.tokenizer(options.input) if config["architecture"] == "bert" else None)
            if options.verify:
                verify(trial, module, models.sized(config, arrays), options, pathlib.Path(made))
            os.replace(trial, output)
    except OSError as problem:
        raise ConversionError(f"{output}: {problem.strerror or problem}") from None
    count = sum(value.size for value in arrays.values())
    print(f"{output}: {config['architecture']}, {len(arrays)} tensors, {count:,} parameters")


def switch(text):
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    raise argparse.ArgumentTypeError("true or false")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("input", help=".pt, .pth, .bin, .safetensors, .npz or a Hugging Face folder")
    parser.add_argument("output", help="the model file, .npz")
    parser.add_argument("--config", help="JSON of the config or a part of it")
    parser.add_argument("--architecture", choices=list(models.DEFAULTS))
    parser.add_argument("--name", help="written into the config")
    parser.add_argument("--verify", action="store_true", help="compare with PyTorch, by the program of --infer")
    parser.add_argument("--infer", help="the infer program")
    parser.add_argument("--samples", type=int, default=64)
    parser.add_argument("--tolerance", type=float, default=1e-4)
    hyperparameters = parser.add_argument_group("hyperparameters of the architecture")
    for name, kind in OPTIONS:
        hyperparameters.add_argument("--" + dashed(name), dest=name, type=switch if kind is bool else kind,
                                     metavar="true|false" if kind is bool else kind.__name__.upper())
    options = parser.parse_args()
    if options.verify and not options.infer:
        parser.error("--verify needs --infer")
    if options.samples < 1:
        parser.error("--samples: at least 1")
    try:
        convert(options)
    except ConversionError as problem:
        print("\n".join(f"convert_weights: {line}" for line in str(problem).splitlines()), file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
