#!/usr/bin/env python3
"""NDArray, NumPy and MLX on the same arrays, in one run.

    python arrays.py --worker PATH [--threads 1,2] [--filter exp,sum] [--sizes 1000,100000,10000000] [--output FILE.md]

Equality is checked before anything is timed. Figures are medians of one call, repetition by repetition in turn.
"""

import argparse
import datetime
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile
import time

from report import keep_to

SIZES = (1_000, 100_000, 10_000_000)
REPETITIONS = 9
PAUSE = 0.05  # seconds: threads of OpenBLAS wait for work that long with a core of their own, which the next one needs


def inputs(n, seed=1):
    import numpy as np

    rng = np.random.default_rng(seed)
    rows = {1_000: 25, 100_000: 250, 10_000_000: 2_500}.get(n, max(1, int(n**0.5)))
    found = {k: rng.standard_normal(n) for k in "xyz"}
    found["p"] = np.exp(rng.standard_normal(n))
    found["m"] = rng.random(n) < 0.5
    found["f"], found["g"] = found["x"].astype(np.float32), found["p"].astype(np.float32)
    found["a"] = rng.standard_normal((rows, n // rows))
    return found


def fixed_inputs(seed=2):
    """For operations of one size."""
    import numpy as np

    rng = np.random.default_rng(seed)
    found = {k: rng.standard_normal((512, 512)) for k in "st"}
    found |= {k + "32": found[k].astype(np.float32) for k in "st"}
    found |= {k: rng.standard_normal((2048, 2048)) for k in "uv"}
    return found | {"w": rng.standard_normal(65536), "b": rng.standard_normal((1024, 512))}


# One entry per operation of bench-arrays: the same in NumPy (np) and MLX (mx); i holds the inputs.
OPERATIONS = {
    "add": ("i.x + i.y", "i.x + i.y"),
    "chain8": ("np.sqrt(np.abs((i.x * 2 + i.y) * i.z - i.x / (i.z * i.z + 1)))",
               "mx.sqrt(mx.abs((i.x * 2 + i.y) * i.z - i.x / (i.z * i.z + 1)))"),
    "exp": ("np.exp(i.x)", "mx.exp(i.x)"),
    "log": ("np.log(i.p)", "mx.log(i.p)"),
    "tanh": ("np.tanh(i.x)", "mx.tanh(i.x)"),
    "sin": ("np.sin(i.x)", "mx.sin(i.x)"),
    "sqrt": ("np.sqrt(i.p)", "mx.sqrt(i.p)"),
    "power": ("np.power(i.p, i.x)", "mx.power(i.p, i.x)"),
    "exp float32": ("np.exp(i.f)", "mx.exp(i.f)"),
    "log float32": ("np.log(i.g)", "mx.log(i.g)"),
    "tanh float32": ("np.tanh(i.f)", "mx.tanh(i.f)"),
    "sum": ("np.sum(i.x)", "mx.sum(i.x)"),
    "mean": ("np.mean(i.x)", "mx.mean(i.x)"),
    "var": ("np.var(i.x)", "mx.var(i.x)"),
    "min": ("np.min(i.x)", "mx.min(i.x)"),
    "argmax": ("np.argmax(i.x)", "mx.argmax(i.x)"),
    "nansum": ("np.nansum(i.x)", None),
    "sum axis 0": ("np.sum(i.a, axis=0)", "mx.sum(i.a, axis=0)"),
    "sum axis 1": ("np.sum(i.a, axis=1)", "mx.sum(i.a, axis=1)"),
    "max axis 0": ("np.max(i.a, axis=0)", "mx.max(i.a, axis=0)"),
    "max axis 1": ("np.max(i.a, axis=1)", "mx.max(i.a, axis=1)"),
    "std axis 1": ("np.std(i.a, axis=1)", "mx.std(i.a, axis=1)"),
    "dot product": ("np.sum(i.x * i.y)", "mx.sum(i.x * i.y)"),
    "mask": ("i.x[i.m]", None),
    "sort": ("np.sort(i.x)", "mx.sort(i.x)"),
    "argsort": ("np.argsort(i.x)", "mx.argsort(i.x)"),
    "median": ("np.median(i.x)", None),
    "cumulative sum": ("np.cumsum(i.x)", "mx.cumsum(i.x)"),
    "transposed copy": ("i.a.T.ravel()", "mx.flatten(i.a.T)"),
    "where": ("np.where(i.m, i.x, i.y)", "mx.where(i.m, i.x, i.y)"),
    "normalise rows": ("(i.a - i.a.mean(1, keepdims=True)) / i.a.std(1, keepdims=True)",
                       "(i.a - mx.mean(i.a, 1, keepdims=True)) / mx.std(i.a, 1, keepdims=True)"),
}

# Operations of one size.
FIXED = {
    "matmul 512": ("i.s @ i.t", "i.s @ i.t"),
    "matmul 512 float32": ("i.s32 @ i.t32", "i.s32 @ i.t32"),
    "matmul 2048": ("i.u @ i.v", "i.u @ i.v"),
    "rfft 65536": ("np.fft.rfft(i.w)", "mx.fft.rfft(i.w)"),
    "rfft 1024 x 512": ("np.fft.rfft(i.b)", "mx.fft.rfft(i.b)"),
    "fft 1024 x 512": ("np.fft.fft(i.b)", "mx.fft.fft(i.b)"),
}


class Worker:
    def __init__(self, path, threads):
        env = dict(os.environ, MARTLET_THREADS=str(threads), OPENBLAS_NUM_THREADS=str(threads))
        self.process = subprocess.Popen([path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env)

    def ask(self, *words):
        self.process.stdin.write(" ".join(str(w).replace(" ", "_") for w in words) + "\n")
        self.process.stdin.flush()
        reply = self.process.stdout.readline()
        if not reply:
            raise SystemExit(f"bench-arrays ended on {words}")
        return json.loads(reply)


class Names:
    pass


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--worker", required=True)
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--filter")
    parser.add_argument("--output")
    parser.add_argument("--no-mlx", action="store_true")
    options = parser.parse_args()
    if "BENCH_THREADS" not in os.environ:
        # Libraries read their number of threads when they are loaded, so each count is a process of its own.
        parts = []
        for threads in options.threads.split(","):
            env = dict(os.environ, BENCH_THREADS=threads)
            for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
                env[name] = threads
            run = subprocess.run([sys.executable] + sys.argv, env=env, stdout=subprocess.PIPE, text=True)
            if run.returncode:
                sys.exit(run.returncode)
            print(run.stdout)
            parts.append(run.stdout)
        if options.output:
            import numpy as np

            kernels = os.environ.get("OPENBLAS_CORETYPE")
            head = ["# Arrays beside NumPy and MLX", "",
                    f"{datetime.date.today()}, {platform.machine()}, {os.cpu_count()} cores, NumPy {np.__version__}, on arrays of",
                    "float64 unless it says otherwise; medians of nine repetitions in turn, in one run, equality checked first.",
                    "A ratio above 1 says that Martlet is faster. MLX runs on the CPU. `make bench` writes this page.",
                    "On Linux Martlet keeps the last memory of 4 to 256 MB that was let go for the next array of its size",
                    "(`Caches.clear()` gives it back). A loop that repeats one operation, as here, gets it every time;",
                    "a program whose large arrays differ in size pays for fresh pages as NumPy does.",
                    *([f"OpenBLAS was told to use its kernels for {kernels}, NumPy's as well as Martlet's."] if kernels else []), ""]
            pathlib.Path(options.output).write_text("\n".join(head + parts))
        return
    measure(options, int(os.environ["BENCH_THREADS"]))


def measure(options, threads):
    keep_to(threads)
    import numpy as np

    try:
        import mlx.core as mx

        mx.set_default_device(mx.cpu)
        if options.no_mlx:
            mx = None
    except ImportError:
        mx = None
    worker = Worker(options.worker, threads)
    wanted = [o for o in {**OPERATIONS, **FIXED} if not options.filter or o in options.filter.split(",")]
    lines = [f"### {threads} thread{'s' if threads > 1 else ''}", "",
             "| operation | elements | Martlet µs | NumPy µs | MLX µs | NumPy ÷ Martlet | MLX ÷ Martlet |",
             "|---|---|---|---|---|---|---|"]
    failed, memory = False, None
    with tempfile.TemporaryDirectory() as folder:
        for n in [int(size) for size in options.sizes.split(",")] + [0]:
            data = inputs(n) if n else fixed_inputs()
            path = pathlib.Path(folder) / "in.npz"
            np.savez(path, **data)
            worker.ask("load", path)
            i = Names()
            i.__dict__.update(data)
            j = Names()
            if mx:
                # MLX has float64 on the CPU only where it is asked for.
                with mx.stream(mx.cpu):
                    j.__dict__.update({k: mx.array(v, dtype=mx.float64) if v.dtype == np.float64 else mx.array(v)
                                       for k, v in data.items()})
            operations = OPERATIONS if n else FIXED
            for name in wanted:
                if name not in operations:
                    continue
                theirs, mlx = operations[name]
                call = eval(f"lambda: {theirs}", {"np": np, "i": i})
                out = pathlib.Path(folder) / "out.npz"
                worker.ask("save", name, out)
                with np.load(out) as stored:
                    ours = stored["r0"]
                expected = np.asarray(call())
                if not (ours.shape == expected.shape and np.allclose(ours, expected, rtol=1e-5 if expected.dtype.itemsize == 4 else 1e-9, atol=1e-4 if expected.dtype == np.float32 else 1e-9, equal_nan=True)):
                    print(f"{name} {n}: differs from NumPy", file=sys.stderr)
                    failed = True
                calls = max(1, min(2000, 2_000_000 // n)) if n else 3 if "2048" in name else 20 if "matmul" in name else 100
                rivals = {"martlet": None, "numpy": call}
                if mx and mlx:
                    compute = eval(f"lambda: mx.eval({mlx})", {"mx": mx, "i": j})
                    rivals["mlx"] = compute
                times = {k: [] for k in rivals}
                try:
                    for repetition in range(REPETITIONS + 1):
                        for key, work in rivals.items():
                            if threads > 1:
                                time.sleep(PAUSE)
                            if work is None:
                                took = worker.ask("time", name, calls)["ns"]
                            else:
                                with (mx.stream(mx.cpu) if key == "mlx" else Nothing()):
                                    start = time.perf_counter_ns()
                                    for _ in range(calls):
                                        work()
                                    took = (time.perf_counter_ns() - start) / calls
                            if repetition:
                                times[key].append(took / 1000)
                except Exception as problem:
                    print(f"{name} {n}: {problem}", file=sys.stderr)
                    times.pop("mlx", None)
                median = {k: statistics.median(v) for k, v in times.items() if v}
                ours, theirs = median["martlet"], median["numpy"]
                other = median.get("mlx")
                lines.append(f"| {name} | {f'{n:,}' if n else ''} | {ours:,.2f} | {theirs:,.2f} | {'' if other is None else f'{other:,.2f}'} "
                             f"| {theirs / ours:.2f} | {'' if other is None else f'{other / ours:.2f}'} |")
                print(lines[-1], file=sys.stderr)
            if n == 10_000_000 and threads == 1 and "chain8" in wanted:
                peak = worker.ask("peak", "chain8")["bytes"]
                memory = f"Resident memory of the chain at {n:,} elements rises by {peak / 1e6:.1f} MB; its result has {8 * n / 1e6:.1f} MB."
    print("\n".join(lines + ["", memory] if memory else lines))
    sys.exit(1 if failed else 0)


class Nothing:
    def __enter__(self):
        return self

    def __exit__(self, *_):
        return False


if __name__ == "__main__":
    main()
