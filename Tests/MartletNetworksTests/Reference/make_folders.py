#!/usr/bin/env python3
"""Writes huggingface.npz: folders of small BERT models as Transformers writes them, and what it computes in float64.

    python3 make_folders.py

Needs numpy, torch, safetensors and transformers (5.24 wrote the file that is here). Deterministic. Keys: `<case>/files/<path>`, the
bytes of a file; `<case>/ids`, `<case>/lengths`; `<case>/embeddings`. Weights are multiples of 1/64, so that they pack well.
"""
import json
import os
import pathlib
import tempfile

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from transformers import BertConfig, BertForMaskedLM, BertModel

HERE = pathlib.Path(__file__).parent
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"prices rose fell volume ##s the of market a up down".split()]
WORDS += [f"word{i}" for i in range(60 - len(WORDS))]


def rounded(model, generator):
    with torch.no_grad():
        for name, value in model.named_parameters():
            drawn = 0.2 * torch.randn(value.shape, generator=generator)
            if name.endswith("LayerNorm.weight"):
                drawn += 1
            value.copy_((drawn * 64).round() / 64)
    return model.eval()


def pooled(model, ids, lengths, pooling, normalised):
    rows = []
    with torch.inference_mode():
        for sequence, length in zip(ids, lengths):
            hidden = model(input_ids=torch.from_numpy(sequence[None, :length])).last_hidden_state[0]
            row = {"cls": lambda: hidden[0], "mean": lambda: hidden.mean(0), "lasttoken": lambda: hidden[-1]}[pooling]()
            rows.append(row / row.norm() if normalised else row)
    return torch.stack(rows).numpy()


def modules(root, pooling, normalised, width, inner=""):
    """What sentence-transformers puts beside the encoder."""
    kinds = [("Transformer", inner), ("Pooling", "1_Pooling")] + [("Normalize", "2_Normalize")] * normalised
    prefix = "sentence_transformers.models."
    (root / "modules.json").write_text(json.dumps(
        [{"idx": i, "name": str(i), "path": path, "type": prefix + kind} for i, (kind, path) in enumerate(kinds)]))
    (root / "1_Pooling").mkdir()
    flags = {f"pooling_mode_{kind}": kind.removesuffix("_token").removesuffix("_tokens") == pooling for kind in
             ["cls_token", "mean_tokens", "max_tokens", "mean_sqrt_len_tokens", "weightedmean_tokens", "lasttoken"]}
    (root / "1_Pooling" / "config.json").write_text(json.dumps({"word_embedding_dimension": width, **flags, "include_prompt": True}))
    (root / inner / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": 24, "do_lower_case": False}))


def main():
    entries = {}
    rng = np.random.default_rng(20261130)
    generator = torch.Generator().manual_seed(20261130)
    cases = [("two heads of 64", dict(hidden_size=128, num_attention_heads=2, intermediate_size=96, hidden_act="relu"), "cls", True),
             ("inside of another", dict(hidden_size=24, num_attention_heads=3, intermediate_size=40, hidden_act="gelu"), "mean", False),
             ("of old", dict(hidden_size=16, num_attention_heads=4, intermediate_size=20, hidden_act="gelu_new"), "lasttoken", False)]
    for name, sizes, pooling, normalised in cases:
        config = BertConfig(vocab_size=60, num_hidden_layers=2 - (sizes["hidden_size"] == 128), max_position_embeddings=32, **sizes)
        lengths = np.array([9, 1, 5, 12])
        ids = rng.integers(0, 60, (4, 12))
        with tempfile.TemporaryDirectory() as made:
            root = pathlib.Path(made)
            if name == "two heads of 64":
                model = rounded(BertModel(config), generator)
                model.half().save_pretrained(root)
                modules(root, pooling, normalised, 128)
            elif name == "inside of another":
                whole = rounded(BertForMaskedLM(config), generator)
                whole.bfloat16().save_pretrained(root, max_shard_size="12KB")
                assert (root / "model.safetensors.index.json").exists()
                whole = BertForMaskedLM(config).eval()
                tensors = {}
                for file in root.glob("*.safetensors"):
                    tensors |= load_file(file)
                whole.load_state_dict(tensors, strict=False)
                model = whole.bert
                modules(root, pooling, normalised, 24)
            else:
                model = rounded(BertModel(config, add_pooling_layer=False), generator)
                inner = root / "0_Transformer"
                model.save_pretrained(inner)
                old = {}
                for key, value in load_file(inner / "model.safetensors").items():
                    key = key.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta")
                    old[key] = value
                save_file(old, inner / "model.safetensors", {"format": "pt"})
                (inner / "vocab.txt").write_text("\n".join(WORDS) + "\n")
                (inner / "tokenizer_config.json").write_text(json.dumps({"do_lower_case": True, "model_max_length": 32}))
                modules(root, pooling, normalised, 16, "0_Transformer")
            for file in sorted(root.rglob("*")):
                if file.is_file():
                    entries[f"{name}/files/{file.relative_to(root)}"] = np.frombuffer(file.read_bytes(), np.uint8)
        model = model.double()
        spoilt = ids.copy()
        for row, n in zip(spoilt, lengths):
            row[n:] = 59
        entries |= {f"{name}/ids": spoilt, f"{name}/lengths": lengths, f"{name}/embeddings": pooled(model, ids, lengths, pooling, normalised)}
    with open(HERE / "huggingface.npz", "wb") as file:
        np.savez_compressed(file, **entries)
    print(os.path.getsize(HERE / "huggingface.npz"), "bytes", [key for key in entries if "files" in key])


if __name__ == "__main__":
    main()
