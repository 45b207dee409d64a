"""The engines that inference.py compares: each offers several ways of running a batch, the fastest of which is timed."""

import concurrent.futures
import json
import os
import pathlib
import statistics
import subprocess
import time

import numpy as np


class Engine:
    """`ways(inputs, chunks)` gives functions from nothing to the output, by name."""

    name, precision = "", "float32"


def pieces(count, chunk):
    return [slice(a, min(a + chunk, count)) for a in range(0, count, chunk)]


class ONNXRuntime(Engine):
    name = "ONNX Runtime"

    def __init__(self, graphs, threads, precision="float32"):
        self.graphs, self.threads, self.precision, self.sessions = graphs, threads, precision, {}

    def session(self, path, threads):
        import onnxruntime as ort

        if (path, threads) not in self.sessions:
            options = ort.SessionOptions()
            options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_ALL
            options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
            options.log_severity_level = 3
            self.sessions[path, threads] = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        return self.sessions[path, threads]

    def ways(self, inputs, chunks, width):
        count = len(next(iter(inputs.values())))
        found = {}
        for label, path in self.graphs.items():
            for chunk in chunks:
                cut = pieces(count, chunk)
                found[f"{label}, chunks of {chunk}"] = self.runner(self.session(path, self.threads), inputs, cut, width, 1)
                if self.threads > 1 and len(cut) > 1:
                    found[f"{label}, chunks of {chunk} side by side"] = self.runner(self.session(path, 1), inputs, cut, width, self.threads)
        return found

    def runner(self, session, inputs, cut, width, side_by_side):
        output = np.empty((cut[-1].stop, width), np.float32)
        bindings = []
        for part in cut:
            binding = session.io_binding()
            for key, value in inputs.items():
                # Keeps no copy: the arrays live as long as the closure.
                view = value[part]
                binding.bind_input(key, "cpu", 0, view.dtype, view.shape, view.ctypes.data)
            out = output[part]
            binding.bind_output("output", "cpu", 0, np.float32, out.shape, out.ctypes.data)
            bindings.append(binding)
        if side_by_side == 1:
            def run(kept=inputs):
                for binding in bindings:
                    session.run_with_iobinding(binding)
                return output
            return run
        pool = concurrent.futures.ThreadPoolExecutor(side_by_side)

        def run_side_by_side(kept=inputs):
            list(pool.map(session.run_with_iobinding, bindings))
            return output
        return run_side_by_side


class OpenVINO(Engine):
    name = "OpenVINO"

    def __init__(self, graph, threads, precision="float32"):
        import openvino

        self.graph, self.threads, self.precision = str(graph), threads, precision
        self.ov, self.core, self.compiled = openvino, openvino.Core(), {}

    def compile(self, shapes, streams):
        key = (streams, *shapes.items())
        if key not in self.compiled:
            model = self.core.read_model(self.graph)
            model.reshape({k: list(v) for k, v in shapes.items()})
            hint = "LATENCY" if streams == 1 else "THROUGHPUT"
            settings = {"PERFORMANCE_HINT": hint, "NUM_STREAMS": streams, "INFERENCE_NUM_THREADS": self.threads,
                        "INFERENCE_PRECISION_HINT": {"float32": "f32", "bfloat16": "bf16"}[self.precision]}
            self.compiled[key] = self.core.compile_model(model, "CPU", settings)
        return self.compiled[key]

    def ways(self, inputs, chunks, width):
        count = len(next(iter(inputs.values())))
        found = {}
        for chunk in chunks:
            cut = pieces(count, chunk)
            for streams in {1, min(self.threads, len(cut))}:
                found[f"chunks of {chunk}, streams {streams}"] = self.runner(inputs, cut, width, streams)
        return found

    def runner(self, inputs, cut, width, streams):
        output = np.empty((cut[-1].stop, width), np.float32)
        parts = [({k: self.ov.Tensor(v[part], shared_memory=True) for k, v in inputs.items()},
                  self.ov.Tensor(output[part], shared_memory=True)) for part in cut]
        model = self.compile({k: v[cut[0]].shape for k, v in inputs.items()}, streams)
        requests = [model.create_infer_request() for _ in range(streams)]

        def bind(request, part):
            for key, tensor in part[0].items():
                request.set_tensor(key, tensor)
            request.set_output_tensor(part[1])

        if len(parts) == 1:
            bind(requests[0], parts[0])

            def once(kept=inputs):
                requests[0].infer()
                return output
            return once

        def run(kept=inputs):
            for i, part in enumerate(parts):
                request = requests[i % streams]
                request.wait()
                bind(request, part)
                request.start_async()
            for request in requests:
                request.wait()
            return output
        return run


class PyTorch(Engine):
    name = "PyTorch"

    def __init__(self, module, threads):
        import torch

        self.torch, self.module = torch, module
        torch.set_num_threads(threads)

    def ways(self, inputs, chunks, width):
        arguments = [self.torch.from_numpy(v) for v in inputs.values()]
        if "mask" in inputs:
            arguments[1] = arguments[1].bool()
        count = len(arguments[0])

        def way(cut):
            def run():
                with self.torch.inference_mode():
                    return self.torch.cat([self.module(*[a[part] for a in arguments]) for part in cut]).numpy()

            def once():
                with self.torch.inference_mode():
                    return self.module(*arguments).numpy()
            return once if len(cut) == 1 else run
        return {f"chunks of {chunk}": way(pieces(count, chunk)) for chunk in chunks}


class Martlet:
    """bench-inference, one process for every few calls, so that it takes turns with the others."""

    name = "Martlet"

    def __init__(self, path, threads, folder):
        self.path, self.threads, self.folder = str(pathlib.Path(path).resolve()), threads, folder

    def ask(self, *words):
        # Inference does not use OpenBLAS, whose threads would spin for the first tenths of a second.
        environment = dict(os.environ, MARTLET_THREADS=str(self.threads), OPENBLAS_NUM_THREADS="1")
        done = subprocess.run([self.path, *map(str, words)], capture_output=True, text=True, cwd=self.folder, env=environment)
        if done.returncode:
            raise EngineError(done.stderr.strip() or f"exit status {done.returncode}")
        try:
            return json.loads(done.stdout.strip().splitlines()[-1])
        except (IndexError, ValueError):
            raise EngineError(f"not JSON: {done.stdout[:200]!r}") from None

    def peak(self):
        """GFLOP/s of one thread by precision."""
        return self.ask("--peak")

    def run(self, case, precision, repeats):
        """Seconds of every call, and the output where the program keeps one."""
        reply = self.ask("--model", case.model, "--kind", case.kind, "--precision", precision, "--threads", self.threads,
                         "--batch", case.batch, "--repeats", repeats, "--input", case.input)
        output = None
        if reply.get("output"):
            path = pathlib.Path(self.folder) / reply["output"]
            with np.load(path) as stored:
                output = stored[stored.files[0]]
            path.unlink()
        return reply["seconds"], output


class EngineError(Exception):
    pass


def calls_in(seconds, work, most=2000):
    """Seconds of every call, for about that long, after one that is not counted."""
    start = time.perf_counter()
    work()
    once = time.perf_counter() - start
    took = []
    for _ in range(max(1, min(most, int(seconds / max(once, 1e-7))))):
        start = time.perf_counter()
        work()
        took.append(time.perf_counter() - start)
    return took


def fastest(ways):
    """The name and function of the way that took least, tried only once each where a call is long."""
    if len(ways) == 1:
        return next(iter(ways.items()))
    took = {}
    for name, work in ways.items():
        start = time.perf_counter()
        work()
        once = time.perf_counter() - start
        took[name] = once if once > 0.5 else statistics.median(calls_in(0.2, work))
    best = min(took, key=took.get)
    return best, ways[best]
