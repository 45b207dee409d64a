#!/usr/bin/env python3
"""Martlet, ONNX Runtime, OpenVINO and PyTorch on the same models, in one run.

    python inference.py [--worker PATH] [--models DIR] [--threads 1,2] [--only transformer,mlp,minilm]
                        [--batches 1,32,500,3000] [--output FILE.md]

Outputs are compared with PyTorch's in float64 before anything is timed. Figures are medians of single calls, engine by
engine in turn; every engine runs a batch in the fastest of the ways that engines.py knows for it (chunks, streams). The
worker, `bench-inference --model FILE.npz --kind transformer|residual_mlp|bert --precision float32|int8|bfloat16
--threads N --batch B --repeats R --input FILE.npz`, prints {"seconds": [one per call, after a warm-up], "output": "FILE.npz" or nothing};
`bench-inference --peak` prints GFLOP/s of one thread by precision. Without --worker only the peers run.
Exit status 1: some float32 output is wrong; 2: the worker failed.
"""

import argparse
import dataclasses
import datetime
import importlib.metadata
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "Examples" / "Converters"))

from report import keep_to, number, processor, table  # noqa: E402

MODELS = {"transformer": "indicator_transformer.npz", "mlp": "residual_mlp.npz", "minilm": None}
TITLES = {"transformer": "Sequence transformer, 60 × 111 → 3", "mlp": "Residual MLP, 111 → 2", "minilm": "MiniLM-L6, sentences"}
CHUNKS = {"transformer": {32: (32, 8), 500: (500, 100, 10), 3000: (500, 100, 10)}, "mlp": {500: (500, 100), 3000: (3000, 500, 100)},
          "minilm": {32: (32, 8), 20: (20, 5)}}
TOLERANCE = 1e-4  # of float32 outputs against float64
ROUNDS, SHORT_ROUNDS = 3, 6  # turns that the engines take with calls above and below 0.3 s


@dataclasses.dataclass
class Case:
    """One model on one batch."""

    name: str
    kind: str
    model: pathlib.Path
    batch: int
    input: pathlib.Path
    inputs: dict
    chunks: tuple
    width: int
    flops: float
    label: str


def work_of(config, length):
    """Floating-point operations of the products for one sample of `length` steps."""
    c = config
    if c["architecture"] == "residual_mlp":
        return 2 * (c["features"] * c["width"] + c["blocks"] * c["width"] ** 2 + c["width"] * c["outputs"])
    d, n = c["width"], length
    layers = c["layers"] * (2 * n * (4 * d * d + 2 * d * c["feedForward"]) + 4 * n * n * d)
    if c["architecture"] == "bert":
        return layers
    return layers + 2 * n * c["features"] * d + 2 * (d * c["headWidth"] + c["headWidth"] * c["outputs"])


def model_of(name, options):
    """The config and tensors of a model: a file where there is one, seeded weights else."""
    import martlet_models
    import torch

    if name == "minilm":
        import minilm

        config = martlet_models.complete(minilm.CONFIG)
        return config, martlet_models.named(martlet_models.build(config), minilm.tensors())
    path = pathlib.Path(options.models or "") / MODELS[name]
    if options.models and path.exists():
        config, tensors = martlet_models.read(path)
        # Files without a description are of the sizes and kinds that are the defaults.
        return martlet_models.complete(config or martlet_models.told(tensors)), tensors
    torch.manual_seed(5)
    config = martlet_models.complete({"architecture": {"mlp": "residual_mlp"}.get(name, name)})
    return config, martlet_models.arrays(martlet_models.build(config))


def cases_of(name, config, path, options, folder):
    import numpy as np

    rng = np.random.default_rng(6)
    made = []

    def case(batch, file_arrays, inputs, flops, label, width):
        at = folder / f"{name}_input_{len(made)}.npz"
        np.savez(at, **file_arrays)
        chunks = CHUNKS[name].get(batch, (batch,))
        made.append(Case(name, config["architecture"], path, batch, at, inputs, chunks, width, flops, label))

    if name == "minilm":
        import minilm

        for batch in [b for b in (1, 32) if b in options.batches]:
            ids = rng.integers(1000, config["vocabulary"], (batch, 32))
            ids[:, 0], ids[:, -1] = 101, 102
            case(batch, {"ids": ids, "lengths": np.full(batch, 32)}, {"ids": ids, "mask": np.ones_like(ids)}, work_of(config, 32),
                 f"{batch} × 32 tokens", config["width"])
        ids, lengths = minilm.padded(minilm.tokens(minilm.MIX))
        mask = (np.arange(ids.shape[1]) < lengths[:, None]).astype(np.int64)
        flops = statistics.mean(work_of(config, int(n)) for n in lengths)
        case(len(ids), {"ids": ids, "lengths": lengths}, {"ids": ids, "mask": mask}, flops,
             f"{len(ids)}, mixed: {lengths.sum()} of {ids.size} tokens", config["width"])
        return made
    shape = (config["length"], config["features"]) if name == "transformer" else (config["features"],)
    for batch in options.batches:
        x = rng.standard_normal((batch, *shape)).astype(np.float32)
        case(batch, {"input": x}, {"input": x}, work_of(config, config.get("length")), f"{batch:,}", config["outputs"])
    return made


def engines_of(name, config, tensors, folder, threads):
    import logging

    import graphs
    import martlet_models
    from engines import ONNXRuntime, OpenVINO, PyTorch
    from onnxruntime.quantization import QuantType, quantize_dynamic

    logging.getLogger().setLevel(logging.ERROR)  # the quantizer recommends what these graphs do not need
    module = martlet_models.loaded(config, tensors)
    plain = graphs.make(config, tensors, folder / f"{name}.onnx", False)
    exact, small = {"graph": plain}, {}
    if name != "mlp":
        exact["fused attention"] = graphs.make(config, tensors, folder / f"{name}_fused.onnx", True)
    for label, per_channel in (("per channel", True), ("per tensor", False)):
        small[label] = folder / f"{name}_{'channel' if per_channel else 'tensor'}.onnx"
        quantize_dynamic(plain, small[label], per_channel=per_channel, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul"],
                         extra_options={"DefaultTensorType": 1})
    return module, [ONNXRuntime(exact, threads), OpenVINO(plain, threads), PyTorch(module, threads),
                    ONNXRuntime(small, threads, "int8"), OpenVINO(plain, threads, "bfloat16")]


def expected(module, case):
    """PyTorch's output in float64, in chunks that need little memory."""
    import copy

    import numpy as np
    import torch

    exact = copy.deepcopy(module).double()
    arguments = [torch.from_numpy(v) for v in case.inputs.values()]
    arguments = [a.double() if a.is_floating_point() else a for a in arguments]
    if "mask" in case.inputs:
        arguments[1] = arguments[1].bool()
    with torch.inference_mode():
        return np.concatenate([exact(*[a[i: i + 100] for a in arguments]).numpy() for i in range(0, case.batch, 100)])


def difference(output, reference):
    """Largest difference, smallest cosine, and how often the largest output of a sample is the same one."""
    import numpy as np

    cosine = (output * reference).sum(1) / np.linalg.norm(output, axis=1) / np.linalg.norm(reference, axis=1)
    same = int((output.argmax(1) == reference.argmax(1)).sum())
    return {"gap": float(np.abs(output - reference).max()), "cosine": float(cosine.min()), "same": same, "of": len(output)}


def joined(a, b):
    """Two such differences as one."""
    return {"gap": max(a["gap"], b["gap"]), "cosine": min(a["cosine"], b["cosine"]), "same": a["same"] + b["same"], "of": a["of"] + b["of"]}


def measure(options, threads):
    """Figures of one count of threads, in a process of its own."""
    keep_to(threads)
    import martlet_models
    from engines import EngineError, Martlet, calls_in, fastest

    found = {"rows": [], "accuracy": {}, "ways": [], "peak": None, "notes": []}
    failed = 0
    with tempfile.TemporaryDirectory() as made:
        folder = pathlib.Path(made)
        martlet = Martlet(options.worker, threads, folder) if options.worker else None
        for name in options.only:
            if martlet:  # the best of several measurements: others may be at work
                found["peak"] = {k: max(v * threads, (found["peak"] or {}).get(k, 0)) for k, v in martlet.peak().items()}
            config, tensors = model_of(name, options)
            path = folder / f"{name}.npz"
            martlet_models.write(path, tensors, config)
            module, engines = engines_of(name, config, tensors, folder, threads)
            modes = list(options.precisions) if martlet else []
            for case in cases_of(name, config, path, options, folder):
                reference = expected(module, case)
                chosen, times, here = {}, {}, {}

                def checked(key, output, way=""):
                    nonlocal failed
                    apart, entry = difference(output, reference), f"{name}|{key}{way}"
                    here[entry] = joined(here[entry], apart) | {"of": apart["of"], "same": apart["same"]} if entry in here else apart
                    if "float32" in key and not apart["gap"] <= TOLERANCE:
                        print(f"{name} {case.label}: {key}{way} differs by {apart['gap']:.1e}", file=sys.stderr)
                        failed = 1

                for engine in engines:
                    key = f"{engine.name} {engine.precision}"
                    ways = engine.ways(case.inputs, case.chunks, case.width)
                    for way, work in ways.items():
                        kind = way.split(",")[0] if engine.precision == "int8" else ""
                        checked(key, work(), f" {kind}" if kind else "")
                    way, chosen[key] = fastest(ways)
                    if len(ways) > 1:
                        found["ways"].append([threads, name, case.label, key, way])
                    times[key] = []
                for mode in list(modes):
                    try:
                        _, output = martlet.run(case, mode, 1)
                    except EngineError as problem:
                        found["notes"].append(f"{name}, {threads} threads, {mode}: {problem}")
                        modes.remove(mode)
                        failed = failed or (2 if mode == "float32" else 0)
                        continue
                    if output is not None:
                        checked(f"Martlet {mode}", output.reshape(reference.shape))
                    times[f"Martlet {mode}"] = []
                for entry, apart in here.items():
                    before = found["accuracy"].get(entry)
                    found["accuracy"][entry] = joined(before, apart) if before else apart
                turn = 0
                while turn < (SHORT_ROUNDS if all(statistics.median(t) < 0.3 for t in times.values() if t) else ROUNDS):
                    turn += 1
                    for key in times:
                        if key.startswith("Martlet"):
                            mode, few = key.split()[1], times[key]
                            repeats = 3 if not few else max(1, min(2000, int(0.15 / max(statistics.median(few), 1e-7))))
                            took, _ = martlet.run(case, mode, repeats)
                            times[key] += took
                        else:
                            times[key] += calls_in(0.15, chosen[key])
                rates = {key: case.batch / statistics.median(took) for key, took in times.items()}
                found["rows"].append({"threads": threads, "name": name, "label": case.label, "flops": case.flops, "rates": rates})
                print(f"{threads} threads, {name}, {case.label}: " + ", ".join(f"{k} {v:,.0f}" for k, v in rates.items()), file=sys.stderr)
    print(json.dumps(found))
    sys.exit(failed)


def percent(row, key, peak):
    if key not in row["rates"] or not (peak or {}).get(key.split()[1]):
        return ""
    return f"{100 * row['flops'] * row['rates'][key] / 1e9 / peak[key.split()[1]]:.0f} %"


def page(parts, options):
    """The tables of every count of threads."""
    lines = []
    worker = bool(options.worker)
    full = ["ONNX Runtime float32", "OpenVINO float32", "PyTorch float32"]
    for part in parts:
        rows, peak = part["rows"], part["peak"]
        threads = rows[0]["threads"] if rows else 0
        lines += [f"## {threads} thread{'s' if threads > 1 else ''}", ""]
        if peak:
            lines += ["Peak measured in this run: " + ", ".join(f"{k} {number(v)} GFLOP/s" for k, v in peak.items()) + ".", ""]
        for name in dict.fromkeys(row["name"] for row in rows):
            mine = [row for row in rows if row["name"] == name]
            work = (f"{mine[0]['flops'] / 1e6:,.2f} MFLOP a sample" if name != "minilm" else
                    "shares of the peak count the products of real tokens only")
            lines += [f"### {TITLES[name]}", "", f"Samples per second; {work}.", ""]

            def cell(row, key):
                return f"{row['rates'][key]:,.0f}" if key in row["rates"] else ""

            def ratio(row, key, others):
                known = [row["rates"][o] for o in others if o in row["rates"]]
                return f"{row['rates'][key] / max(known):.2f}" if key in row["rates"] and known else ""

            ours = "Martlet float32"
            header = ["batch"] + ([ours] if worker else []) + full + (["Martlet ÷ best", "share of peak"] if worker else [])
            lines.append(table(header, [[row["label"]] + ([cell(row, ours)] if worker else []) + [cell(row, k) for k in full]
                                        + ([ratio(row, ours, full), percent(row, ours, peak)] if worker else []) for row in mine]))
            header, body = ["batch"], [[row["label"]] for row in mine]
            for own, theirs in (("Martlet int8", "ONNX Runtime int8"), ("Martlet bfloat16", "OpenVINO bfloat16")):
                header += ([own] if worker else []) + [theirs] + (["Martlet ÷ peer", "share of peak"] if worker else [])
                for cells, row in zip(body, mine):
                    cells += ([cell(row, own)] if worker else []) + [cell(row, theirs)]
                    cells += [ratio(row, own, [theirs]), percent(row, own, peak)] if worker else []
            lines.append(table(header, body))
    accuracy = {}
    for part in parts:
        for key, apart in part["accuracy"].items():
            accuracy[key] = joined(accuracy[key], apart) if key in accuracy else apart
    lines += ["## Differences from PyTorch in float64", "", "Over all batches above.", ""]
    lines.append(table(["model", "engine", "largest difference", "smallest cosine", "same top output"],
                       [[*key.split("|"), f"{a['gap']:.1e}", f"{a['cosine']:.6f}",
                         "" if key.startswith("minilm") else f"{100 * a['same'] / a['of']:.2f} %"] for key, a in accuracy.items()]))
    lines += ["## The fastest way of each peer", ""]
    lines.append(table(["threads", "model", "batch", "engine", "way"], [row for part in parts for row in part["ways"]]))
    notes = [note for part in parts for note in part["notes"]]
    return "\n".join(lines + [f"- left out: {note}" for note in notes]) + "\n"


def heading():
    versions = [f"{name} {importlib.metadata.version(package)}" for name, package in
                (("ONNX Runtime", "onnxruntime"), ("OpenVINO", "openvino"), ("PyTorch", "torch"), ("NumPy", "numpy"))]
    return "\n".join([
        "# Inference beside ONNX Runtime, OpenVINO and PyTorch", "",
        f"{datetime.date.today()}, {processor()}, {os.cpu_count()} cores. " + ", ".join(versions) + ".", "",
        "Medians of single calls in turn, in one run, outputs compared first; input and output stand in memory. A ratio above 1 says",
        "that Martlet is faster; losing rows stay. Every peer runs graphs without an exporter's leftovers, with all of its optimisations,",
        "fixed threads and, where that is faster, in chunks, side by side or in streams. PyTorch is eager in inference mode.",
        "`make bench` writes this page.", "", ""])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worker", help="the bench-inference executable; without it only the peers run")
    parser.add_argument("--models", help="a folder with " + " and ".join(v for v in MODELS.values() if v) + "; seeded weights without it")
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--only", default=",".join(MODELS), help=",".join(MODELS))
    parser.add_argument("--batches", default="1,32,500,3000")
    parser.add_argument("--precisions", default="float32,int8,bfloat16", help="of Martlet")
    parser.add_argument("--output", help="write the tables to this file too")
    options = parser.parse_args()
    options.only, options.precisions = options.only.split(","), options.precisions.split(",")
    options.batches = [int(b) for b in options.batches.split(",")]
    if unknown := [n for n in options.only if n not in MODELS]:
        parser.error(f"unknown: {', '.join(unknown)}")
    if options.worker and not os.access(options.worker, os.X_OK):
        parser.error(f"not an executable: {options.worker}")
    if "BENCH_THREADS" in os.environ:
        return measure(options, int(os.environ["BENCH_THREADS"]))
    parts, status, start = [], 0, time.perf_counter()
    for threads in options.threads.split(","):
        # Libraries read their number of threads when they are loaded, so each count is a process of its own.
        environment = dict(os.environ, BENCH_THREADS=threads, OMP_NUM_THREADS=threads, OPENBLAS_NUM_THREADS=threads, MKL_NUM_THREADS=threads)
        run = subprocess.run([sys.executable, *sys.argv], env=environment, stdout=subprocess.PIPE, text=True)
        status = status or run.returncode
        if run.stdout.strip():
            parts.append(json.loads(run.stdout.strip().splitlines()[-1]))
    text = heading() + page(parts, options)
    print(text)
    print(f"{time.perf_counter() - start:.0f} s", file=sys.stderr)
    if options.output:
        pathlib.Path(options.output).write_text(text)
    sys.exit(status)


if __name__ == "__main__":
    main()
