#!/usr/bin/env python3
"""Embeddings of MiniLM-L6 by Martlet's `infer` and by PyTorch in float64, on sentences of many kinds.

    python embeddings.py --infer PATH [--precision float32] [--sentences 240] [--batch N] [--threads N]

Prints the smallest cosine and the largest difference. Exit status 1: below a cosine of 0.99999 or above a difference of
1e-5 in float32; 2: `infer` failed. Without --infer only PyTorch runs, with padding and without.
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy as np
import torch

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "Examples" / "Converters"))

import martlet_models  # noqa: E402
import minilm  # noqa: E402

COSINE, DIFFERENCE = 0.99999, 1e-5


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--infer", help="the infer program")
    parser.add_argument("--precision", default="float32", choices=["float32", "int8", "bfloat16"])
    parser.add_argument("--sentences", type=int, default=240)
    parser.add_argument("--batch", type=int)
    parser.add_argument("--threads", type=int)
    options = parser.parse_args()
    sentences = minilm.varied(options.sentences)
    tokens = minilm.tokens(sentences)
    ids, lengths = minilm.padded(tokens)
    config = martlet_models.complete(minilm.CONFIG)
    module = martlet_models.loaded(config, minilm.tensors())
    exact = martlet_models.loaded(config, minilm.tensors()).double()
    with torch.inference_mode():
        # A sentence at a time: no padding that could matter.
        reference = np.concatenate([exact(torch.tensor([t])).numpy() for t in tokens])
        mask = torch.from_numpy(np.arange(ids.shape[1]) < lengths[:, None])
        padded = [module(torch.from_numpy(ids[i: i + 20]), mask[i: i + 20]).numpy() for i in range(0, len(ids), 20)]
    print(f"{len(sentences)} sentences, {lengths.sum():,} tokens of 1 to {lengths.max()}")
    report("PyTorch float32, padded", np.concatenate(padded), reference, sentences)
    if not options.infer:
        return 0
    with tempfile.TemporaryDirectory() as made:
        folder = pathlib.Path(made)
        martlet_models.write(folder / "minilm.npz", martlet_models.named(module, minilm.tensors()), config)
        np.savez(folder / "input.npz", ids=ids, lengths=lengths)
        command = [options.infer, "--model", folder / "minilm.npz", "--input", folder / "input.npz", "--output", folder / "output.npz",
                   "--precision", options.precision]
        for name in ("batch", "threads"):
            command += [f"--{name}", getattr(options, name)] if getattr(options, name) else []
        start = time.perf_counter()
        done = subprocess.run([str(word) for word in command], stdout=subprocess.DEVNULL)
        took = time.perf_counter() - start
        if done.returncode:
            print(f"embeddings: infer ended with {done.returncode}", file=sys.stderr)
            return 2
        with np.load(folder / "output.npz") as stored:
            ours = stored["embeddings"]
    cosine, gap = report(f"Martlet {options.precision}, {took:.2f} s with loading", ours, reference, sentences)
    good = options.precision != "float32" or cosine >= COSINE and gap <= DIFFERENCE
    return 0 if good else 1


def report(name, found, reference, sentences):
    gaps = np.abs(found - reference).max(1)
    cosines = (found * reference).sum(1) / np.linalg.norm(found, axis=1) / np.linalg.norm(reference, axis=1)
    cosine, gap = float(np.nan_to_num(cosines, nan=-1).min()), float(np.nan_to_num(gaps, nan=np.inf).max())
    print(f"{name}: smallest cosine {cosine:.8f}, largest difference {gap:.2e} ({sentences[int(gaps.argmax())][:40]!r})")
    return cosine, gap


if __name__ == "__main__":
    sys.exit(main())
