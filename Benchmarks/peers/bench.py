#!/usr/bin/env python3
"""Martlet and its peers on the same arrays, in one run: one thread, float64, repetition by repetition in turn.

    python bench.py --worker PATH [--section panel,series,live,…] [--filter rsi,macd] [--quick] [--output FILE.md]

Equality is checked before anything is timed. Figures are medians of nanoseconds per bar and symbol for all outputs of
an indicator together, results standing in preallocated [symbols, time] arrays. Without --worker only the peers run.
Exit status 1: some value differs from TA-Lib's; 2: the worker failed.
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
from importlib.metadata import PackageNotFoundError, version

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS"):
    os.environ[variable] = "1"

import numpy as np  # noqa: E402
import talib  # noqa: E402
import talib.abstract  # noqa: E402

from plans import PLANS, TALib, Takt, Tulip, Wickra  # noqa: E402
from report import elapsed, number, processor, table  # noqa: E402

SECTIONS = ("panel", "series", "live", "reading", "scan", "catalog", "drift")
FIELDS = ("open", "high", "low", "close", "volume")
TOLERANCE = 1e-9


class WorkerError(Exception):
    pass


class Worker:
    """The Swift side: one command per line, one JSON object per reply."""

    def __init__(self, path, threads):
        environment = dict(os.environ, MARTLET_THREADS=str(threads))
        self.process = subprocess.Popen([path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, env=environment)

    def ask(self, *words):
        line = " ".join(str(w) for w in words)
        try:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            raise WorkerError(f"the worker has gone before: {line[:200]}") from None
        reply = self.process.stdout.readline()
        if not reply:
            raise WorkerError(f"the worker ended on: {line[:200]}")
        try:
            answer = json.loads(reply)
        except ValueError:
            raise WorkerError(f"not JSON: {reply[:200]!r} to: {line[:200]}") from None
        if "error" in answer:
            raise WorkerError(f"{answer['error']} (to: {line[:200]})")
        return answer

    def time(self, text, calls=1, command="run"):
        return statistics.fmean(self.ask(command, text, calls, "-")["ns"])

    def values(self, text, folder):
        path = pathlib.Path(folder) / "out.npz"
        self.ask("run", text, 1, path)
        with np.load(path) as stored:
            found = {key: stored[key] for key in stored.files}
        path.unlink()
        return found

    def close(self):
        try:
            self.process.stdin.write("quit\n")
            self.process.stdin.close()
            self.process.wait(timeout=20)
        except (OSError, subprocess.TimeoutExpired):
            self.process.kill()


def market(symbols, bars, seed=20261012):
    """Random walks with bars around them, prices rounded to four decimals, volumes in whole numbers."""
    rng = np.random.default_rng(seed)
    drift = 2e-4 if bars < 100_000 else 0.0
    size = 0.012 if bars < 100_000 else 0.002
    close = rng.uniform(10, 300, (symbols, 1)) * np.exp(np.cumsum(rng.normal(drift, size, (symbols, bars)), axis=1))
    before = np.concatenate([close[:, :1], close[:, :-1]], axis=1)
    opened = before * (1 + rng.normal(0, size / 4, (symbols, bars)))
    high = np.maximum(opened, close) * (1 + np.abs(rng.normal(0, size / 3, (symbols, bars))))
    low = np.minimum(opened, close) * (1 - np.abs(rng.normal(0, size / 3, (symbols, bars))))
    rows = [np.ascontiguousarray(np.round(v, 4)) for v in (opened, high, low, close)]
    volume = np.ascontiguousarray(rng.integers(100, 1_000_000, (symbols, bars)).astype(np.float64))
    return dict(zip(FIELDS, rows + [volume]))


def lookup(found, plan, output):
    for key in (f"{plan.id}.{output}", plan.id if len(plan.outputs) == 1 else None, output):
        if key in found:
            return found[key]
    raise WorkerError(f"{plan.text}: no output {plan.id}.{output} among {sorted(found)}")


def disagreement(reference, values):
    """Largest difference relative to the scale of the values where the reference has one; nan: a value is missing."""
    worst = 0.0
    for s in range(len(reference)):
        known = np.isfinite(reference[s])
        if not known.any():
            continue
        if not np.isfinite(values[s][known]).all():
            return float("nan")
        gap = np.abs(reference[s][known] - values[s][known]).max()
        worst = max(worst, gap / max(np.abs(reference[s][known]).max(), 1e-300))
    return worst


def inputs_of(name):
    """The fields of the market that a TA-Lib function reads when nothing is said."""
    names = []
    for key, value in talib.abstract.Function(name).input_names.items():
        plain = {"periods": "periods", "price0": "high", "price1": "low"}.get(key)
        names += [plain] if plain else [value] if isinstance(value, str) else value
    return names


def geometric(values):
    return float(np.exp(np.mean(np.log(values)))) if values else None


class Bench:
    def __init__(self, options):
        self.options = options
        self.worker = Worker(options.worker, 1) if options.worker else None
        self.plans = [p for p in PLANS if not options.filter or p.id.lower() in options.filter]
        self.peers = [TALib()]
        if not options.only_talib:
            makers = [lambda: Takt(options.takt)] if options.takt else []
            for make in makers + [lambda: Wickra("batch"), lambda: Wickra("batch_fast"), Tulip]:
                try:
                    self.peers.append(make())
                except ImportError as missing:
                    print(f"left out: {missing}", file=sys.stderr)
        self.unequal, self.notes = [], []

    def load(self, data, folder):
        path = pathlib.Path(folder) / "market.npz"
        np.savez(path, **data)
        if self.worker:
            self.worker.ask("load", path)
        for peer in self.peers:
            if isinstance(peer, Takt):
                peer.load(path)
        path.unlink()

    def check(self, plan, data, folder):
        """TA-Lib's values, with what Martlet and the peers differ by; also the warm-up of every library."""
        symbols, bars = data["close"].shape
        reference = {o: np.full((symbols, bars), np.nan) for o in plan.outputs}
        self.peers[0].run(plan, data, reference, symbols)
        for o in plan.outputs:  # an int32 output of TA-Lib has zeros before its first value
            if o == "direction":
                reference[o][np.isnan(reference["superTrend"])] = np.nan
        martlet = None
        if self.worker:
            found = self.worker.values(plan.text, folder)
            gaps = {o: disagreement(reference[o], lookup(found, plan, o)) for o in plan.outputs}
            martlet = max(gaps.values(), key=lambda g: np.inf if np.isnan(g) else g)
            for o, gap in gaps.items():
                if not gap <= TOLERANCE:
                    self.unequal.append(f"{plan.text} {o}: {'a value is missing' if np.isnan(gap) else f'{gap:.1e}'}")
        marks = {}
        for peer in self.peers[1:]:
            given = peer.outputs(plan)
            if not given:
                continue
            out = {o: np.full((symbols, bars), np.nan) for o in plan.outputs}
            peer.run(plan, data, out, symbols)
            other = any(not abs(out[o][-1, -1] - reference[o][-1, -1]) <= 1e-6 * max(abs(reference[o][-1, -1]), 1e-12)
                        for o in given)
            marks[peer.name] = ("†" if len(given) < len(plan.outputs) else "") + ("*" if other else "")
        return martlet, marks

    def measure(self, plan, data, marks):
        """Medians of ns per bar and symbol, the libraries taking turns."""
        symbols, bars = data["close"].shape
        out = {o: np.full((symbols, bars), np.nan) for o in plan.outputs}
        peers = [p for p in self.peers if p is self.peers[0] or p.name in marks]
        runs = {p.name: [] for p in peers}
        calls = self.calls(data)
        if self.worker:
            runs["Martlet"] = []
        for turn in range(self.options.repetitions + 1):  # the first turn warms up
            for peer in peers:
                took = peer.time(plan, data, out, symbols, calls)
                runs[peer.name].append(took) if turn else None
            if self.worker:
                took = self.worker.time(plan.text, calls)
                runs["Martlet"].append(took) if turn else None
        return {name: statistics.median(values) / (symbols * bars) for name, values in runs.items()}

    @staticmethod
    def calls(data):
        """How often a small market is computed in one repetition, whose figure is the mean of its calls."""
        return max(1, 200_000 // data["close"].size)

    def compare(self, title, symbols, bars, folder):
        """The table of one market: every indicator alone, then all of them in one plan."""
        data = market(symbols, bars)
        self.load(data, folder)
        names = ["TA-Lib"] + (["Martlet"] if self.worker else []) + [p.name for p in self.peers[1:]]
        header = ["indicator", "outputs"] + names + (["TA-Lib / Martlet", "best peer / Martlet", "difference"] if self.worker else [])
        rows, ratios, best_ratios, totals = [], {}, {}, {name: 0.0 for name in names}
        for plan in self.plans:
            gap, marks = self.check(plan, data, folder)
            figures = self.measure(plan, data, marks)
            talib = min(v for n, v in figures.items() if n in ("TA-Lib", "takt"))
            totals["TA-Lib"] += talib
            if "Martlet" in figures:
                totals["Martlet"] += figures["Martlet"]
            cells = [plan.text, len(plan.outputs)] + [number(figures.get(n)) + marks.get(n, "") for n in names]
            if self.worker:
                whole = [v for n, v in figures.items() if n != "Martlet" and "†" not in marks.get(n, "")]
                ratios[plan.id] = talib / figures["Martlet"]
                best_ratios[plan.id] = min(whole) / figures["Martlet"]
                cells += [number(ratios[plan.id]), number(best_ratios[plan.id]), "missing" if np.isnan(gap) else f"{gap:.0e}"]
            rows.append(cells)
            print(f"{title}: {plan.text} " + ", ".join(f"{n} {v:.2f}" for n, v in figures.items()), file=sys.stderr)
        text = f"## {title}: {symbols:,} × {bars:,} bars, ns per bar\n\n" + table(header, rows) + "\n"
        if self.worker:
            worst, best_worst = min(ratios, key=ratios.get), min(best_ratios, key=best_ratios.get)
            text += (f"Against TA-Lib: geometric mean {geometric(list(ratios.values())):.2f}×, worst {ratios[worst]:.2f}× ({worst}). "
                     f"Against the best peer: {geometric(list(best_ratios.values())):.2f}×, worst {best_ratios[best_worst]:.2f}× ({best_worst}).\n\n")
        text += self.together(data, totals)
        return text + ("Martlet's warm-up may be shorter than TA-Lib's, which trims several outputs to the longest. † not all outputs. "
                       "* other numbers than TA-Lib at the last bar. Wickra's results of several columns are not copied: its Matrix has no buffer.\n\n")

    def together(self, data, totals):
        symbols, bars = data["close"].shape
        text = f"TA-Lib, the {len(self.plans)} one after another: {totals['TA-Lib']:.1f} ns per bar. "
        if not self.worker:
            return text + "\n\n"
        joined, calls, figures = ";".join(p.text for p in self.plans), self.calls(data), {}
        for command in ("run", "prepared") if calls > 1 else ("run",):
            self.worker.time(joined, calls, command)
            took = statistics.median(self.worker.time(joined, calls, command) for _ in range(self.options.repetitions))
            figures[command] = took / (symbols * bars)
        plan = figures["run"]
        text += (f"Martlet, one after another: {totals['Martlet']:.1f}; all {len(self.plans)} in one plan: {plan:.1f} "
                 f"({totals['Martlet'] / plan:.2f}× its own sum, {totals['TA-Lib'] / plan:.2f}× TA-Lib's)")
        if "prepared" in figures:
            text += f"; from a prepared plan {figures['prepared']:.1f} ({totals['TA-Lib'] / figures['prepared']:.2f}×)"
        return text + ".\n\n"

    def panel(self, folder):
        return self.compare("Panel", 40 if self.options.quick else 500, 1_000 if self.options.quick else 5_000, folder)

    def series(self, folder):
        return "".join(self.compare("One series", 1, bars // (20 if self.options.quick and bars > 2_000 else 1), folder)
                       for bars in (1_000_000, 100_000, 2_000))

    def live(self, folder):
        """One new bar: a row of the whole market, and a single symbol; against Wickra's update()."""
        bars = 40 if self.options.quick else 300
        many = 100 if self.options.quick else 3_000
        joined = ";".join(p.text for p in self.plans)
        rows = []
        for symbols in (many, 1):
            if self.worker:
                reply = self.worker.ask("live", joined, symbols, bars)
                for what, key, divide in (("a row", "row_ns", symbols), ("one symbol", "symbol_ns", 1)):
                    if reply.get(key):
                        v = np.array(reply[key], dtype=float)
                        rows.append(["Martlet", f"{symbols:,}", what, *[number(q / 1000) for q in np.percentile(v, (50, 99))],
                                     number(v.max() / 1000), number(np.median(v) / divide), reply.get("allocations", "")])
            if any(isinstance(p, Wickra) for p in self.peers):
                v = self.wickra_live(symbols, 12 if symbols > 1 else bars)
                rows.append(["Wickra update()", f"{symbols:,}", "a row" if symbols > 1 else "one symbol",
                             *[number(q / 1000) for q in np.percentile(v, (50, 99))], number(v.max() / 1000),
                             number(np.median(v) / symbols), "?"])
        header = ["library", "symbols", "update of", "median µs", "99 % µs", "longest µs", "ns per symbol", "allocations"]
        return (f"## Live: one new bar, all {len(self.plans)} indicators\n\n" + table(header, rows)
                + "\nWickra is called from Python, one object and call per indicator and symbol; TA-Lib's Python package has no incremental state.\n\n")

    def wickra_live(self, symbols, rows):
        module = next(p for p in self.peers if isinstance(p, Wickra)).module
        data = market(symbols, rows + 120, seed=3)
        calls = [c for p in self.plans for c in p.wickra if hasattr(getattr(module, c[0], None), "update")]
        updates = []
        for s in range(symbols):
            for name, arguments, series, _ in calls:
                thing = getattr(module, name)(*arguments)
                x = [np.ascontiguousarray(data[f][s, :120]) for f in series]
                thing.batch(*x)  # history
                candle = name in ("OBV",) or (series not in (("close",),) and name != "PearsonCorrelation")
                updates.append((thing.update, "candle" if candle else "pair" if len(series) == 2 else "value", s))
        took = []
        for t in range(120, 120 + rows):
            bars = [tuple(float(data[f][s, t]) for f in FIELDS) + (t,) for s in range(symbols)]
            start = time.perf_counter_ns()
            for update, kind, s in updates:
                bar = bars[s]
                if kind == "candle":
                    update(bar)
                elif kind == "value":
                    update(bar[3])
                else:
                    update(bar[1], bar[2])
            took.append(time.perf_counter_ns() - start)
        return np.array(took, dtype=float)

    def reading(self, folder):
        """A CSV in long form: symbol,time,open,high,low,close,volume."""
        symbols, bars = (20, 500) if self.options.quick else (200, 2_500)
        data = market(symbols, bars, seed=5)
        count, path = symbols * bars, pathlib.Path(folder) / "bars.csv"
        plain = ["timestamp,open,high,low,close,volume"]
        with open(path, "w") as file:
            file.write("symbol,time," + ",".join(FIELDS) + "\n")
            day = np.datetime64("2000-01-03") + np.arange(bars)
            for s in range(symbols):
                for t in range(bars):
                    cells = ",".join(f"{data[f][s, t]:.4f}" for f in FIELDS)
                    file.write(f"S{s:04d},{day[t]},{cells}\n")
                    plain.append(f"{s * bars + t},{cells}")
        joined, size, rows = "\n".join(plain) + "\n", path.stat().st_size, []

        def add(name, work, repetitions):
            took = statistics.median(work() for _ in range(repetitions))
            rows.append([name, number(took / 1e6), number(took / count), number(count / took * 1e3), number(size / took * 1e3)])

        few = max(3, self.options.repetitions // 3)
        if self.worker:
            try:
                self.worker.ask("read", path, 1)
                add("Martlet", lambda: self.worker.ask("read", path, 1)["ns"][0], self.options.repetitions)
            except WorkerError as missing:
                self.notes.append(f"Martlet reading: {str(missing).split(' (to:')[0]}")
        for peer in self.peers:
            if isinstance(peer, Wickra):
                add("Wickra CandleReader (no symbols, to Python tuples)", lambda: elapsed(lambda: peer.module.CandleReader(joined).read()), few)
                break
        try:
            import pandas
            add(f"pandas {pandas.__version__} read_csv", lambda: elapsed(lambda: pandas.read_csv(path)), few)
        except ImportError:
            pass
        add("NumPy loadtxt (prices only)", lambda: elapsed(lambda: np.loadtxt(path, delimiter=",", skiprows=1, usecols=range(2, 7))), few)
        return (f"## Reading CSV: {count:,} rows, {size / 1e6:.0f} MB\n\n"
                + table(["reader", "ms", "ns per row", "million rows/s", "MB/s"], rows) + "\n")

    def scan(self, folder):
        """Only the last value of every output is wanted."""
        data = market(40 if self.options.quick else 500, 1_000 if self.options.quick else 5_000)
        symbols, bars = data["close"].shape
        self.load(data, folder)
        last = {(p.id, o): np.empty(symbols) for p in self.plans for o in p.outputs}

        def with_talib():
            for plan in self.plans:
                for function, arguments, series, names in plan.talib:
                    fields = [data[f] for f in series]
                    for s in range(symbols):
                        values = function(*[f[s] for f in fields], *arguments)
                        for o, v in zip(names, values if isinstance(values, tuple) else (values,)):
                            last[plan.id, o][s] = v[-1]

        joined = ";".join(p.text for p in self.plans)
        mine, theirs = [], []
        for turn in range(self.options.repetitions + 1):
            took = elapsed(with_talib)
            theirs.append(took) if turn else None
            if self.worker:
                try:
                    took = self.worker.ask("scan", joined, 1, "-")["ns"][0]
                    mine.append(took) if turn else None
                except WorkerError as missing:
                    self.notes.append(f"Martlet scan: {str(missing).split(' (to:')[0]}")
                    break
        rows = [["TA-Lib, whole series, last value taken", number(statistics.median(theirs or [took]) / 1e6),
                 number(statistics.median(theirs or [took]) / (symbols * bars))]]
        if mine:
            path = pathlib.Path(folder) / "scan.npz"
            self.worker.ask("scan", joined, 1, path)
            with np.load(path) as found:
                for plan in self.plans:
                    for o in plan.outputs:
                        value = np.ravel(lookup({k: found[k] for k in found.files}, plan, o))
                        gap = disagreement(last[plan.id, o][None, :], value[None, :])
                        if not gap <= TOLERANCE:
                            self.unequal.append(f"scan {plan.text} {o}: {gap:.1e}")
            rows.append(["Martlet latest", number(statistics.median(mine) / 1e6), number(statistics.median(mine) / (symbols * bars))])
            rows.append(["ratio", number(statistics.median(theirs) / statistics.median(mine)), ""])
        return (f"## Scan: last values of {len(self.plans)} indicators, {symbols:,} × {bars:,} bars\n\n"
                + table(["library", "ms", "ns per bar"], rows) + "\n")

    def catalog(self, folder):
        """All that there is: TA-Lib function by function, Martlet in one plan; then the candlestick patterns."""
        sizes = ((10, 1_000), (1, 5_000)) if self.options.quick else ((100, 5_000), (1, 100_000))
        rows = [row for symbols, bars in sizes for row in self.catalog_rows(symbols, bars, folder)]
        return ("## Whole catalogs: default parameters\n\n"
                + table(["", "symbols × bars", "TA-Lib", "ns per bar", "Martlet, one plan", "ns per bar", "TA-Lib / Martlet, per output"], rows)
                + "\nTA-Lib's results are not copied here; Martlet's stand in [symbols, time] arrays.\n\n")

    def catalog_rows(self, symbols, bars, folder):
        data = market(symbols, bars)
        self.load(data, folder)
        data["periods"] = np.full((symbols, bars), 14.0)
        rows = []
        everything = [g for g in talib.get_function_groups() if not g.startswith(("Math", "Pattern"))]
        for title, groups, text in (("indicators", everything, "all"),
                                    ("candlestick patterns", ["Pattern Recognition"], "patterns")):
            functions = [(getattr(talib, name), [data[f] for f in inputs_of(name)])
                         for group in groups for name in talib.get_function_groups()[group]]
            theirs, mine, names, outputs = [], [], [], 0
            for turn in range(max(3, self.options.repetitions // 3) + 1):
                start, outputs = time.perf_counter_ns(), 0
                for function, fields in functions:
                    for s in range(symbols):
                        values = function(*[f[s] for f in fields])
                    outputs += len(values) if isinstance(values, tuple) else 1
                took = time.perf_counter_ns() - start
                theirs.append(took) if turn else None
                if self.worker:
                    reply = self.worker.ask("run", text, 1, "-")
                    names = reply["outputs"]
                    mine.append(reply["ns"][0]) if turn else None
            per_bar = statistics.median(theirs) / (symbols * bars)
            row = [title, f"{symbols:,} × {bars:,}", f"{len(functions)} functions, {outputs} outputs", number(per_bar)]
            if mine:
                ns = statistics.median(mine) / (symbols * bars)
                row += [f"{len(names)} outputs", number(ns), number(per_bar / outputs / (ns / len(names)))]
            rows.append(row)
        return rows

    def drift(self, folder):
        """Windows after ten million bars and a spike, against a fresh start just before the end."""
        if not self.worker:
            return ""
        bars = 200_000 if self.options.quick else 10_000_000
        gaps = sorted(self.worker.ask("drift", bars)["gaps"].items(), key=lambda item: -item[1])
        return (f"## Drift: {len(gaps)} windowed outputs after {bars:,} bars with a spike of 1e12 in the middle\n\n"
                "Largest relative differences between the last 100 bars and a fresh computation begun just before them: "
                + ", ".join(f"{name} {gap:.1e}" for name, gap in gaps[:5])
                + f"; {sum(gap == 0 for _, gap in gaps)} outputs have the same bits.\n\n")

    def heading(self):
        libraries = [f"TA-Lib C {talib.__ta_version__.decode().split()[0]} (Python {talib.__version__})", f"NumPy {np.__version__}",
                     f"Python {platform.python_version()}"]
        libraries += [p.version for p in self.peers if isinstance(p, Takt)]
        for package in ("wickra", "tulip-rs"):
            try:
                libraries.append(f"{package} {version(package)}")
            except PackageNotFoundError:
                pass
        martlet = ""
        if self.worker:
            try:
                martlet = "Martlet: " + ", ".join(f"{k} {v}" for k, v in self.worker.ask("about").items()) + "\n"
            except WorkerError:
                pass
        return (f"# Martlet and its peers\n\n{datetime.date.today().isoformat()}, {processor()}, {os.cpu_count()} cores, one thread, float64, "
                f"medians of {self.options.repetitions} interleaved repetitions{', quick sizes' if self.options.quick else ''}\n\n"
                + ", ".join(libraries) + "\n" + martlet + "\nTA-Lib is computed by the package itself and by its replacement ta-lib-takt "
                "(column takt); ratios and sums take the faster of both, row by row. TA-Lib, Wickra and tulip-rs are called from Python, symbol by symbol "
                "(tulip-rs: 8 symbols a call), with the copy into the [symbols, time] array.\n\n")

    def run(self):
        text = self.heading()
        for section in self.options.section:
            with tempfile.TemporaryDirectory() as folder:
                text += getattr(self, section)(folder)
        if self.unequal:
            text += "## Not equal to TA-Lib\n\n" + "\n".join(f"- {line}" for line in self.unequal) + "\n\n"
        elif self.worker:
            text += f"Every compared value is within {TOLERANCE:g} of TA-Lib's, relative to the scale of the series.\n\n"
        if self.notes:
            text += "\n".join(f"- left out: {note}" for note in self.notes) + "\n"
        print(text)
        if self.options.output:
            pathlib.Path(self.options.output).write_text(text)
        return 1 if self.unequal else 0


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--worker", help="the bench-worker executable; without it only the peers run")
    arguments.add_argument("--section", default=",".join(SECTIONS), help=",".join(SECTIONS))
    arguments.add_argument("--filter", default="", help="indicator names, comma-separated")
    arguments.add_argument("--repetitions", type=int, default=0, help="default 9, with --quick 3")
    arguments.add_argument("--quick", action="store_true", help="small sizes")
    arguments.add_argument("--takt", help="a folder with ta-lib-takt alone, which has TA-Lib's module name")
    arguments.add_argument("--only-talib", action="store_true", help="leave the other peers out")
    arguments.add_argument("--output", help="write the tables to this file too")
    options = arguments.parse_args()
    options.section = options.section.split(",")
    options.filter = {name.strip().lower() for name in options.filter.split(",") if name.strip()}
    options.repetitions = options.repetitions or (3 if options.quick else 9)
    unknown = [s for s in options.section if s not in SECTIONS] + [n for n in options.filter if n not in {p.id.lower() for p in PLANS}]
    if unknown:
        arguments.error(f"unknown: {', '.join(unknown)}")
    if options.worker and not os.access(options.worker, os.X_OK):
        arguments.error(f"not an executable: {options.worker}")
    bench = None
    try:
        bench = Bench(options)
        status = bench.run()
    except WorkerError as failure:
        print(f"bench.py: {failure}", file=sys.stderr)
        status = 2
    finally:
        if bench and bench.worker:
            bench.worker.close()
        for peer in bench.peers if bench else []:
            peer.close()
    sys.exit(status)


if __name__ == "__main__":
    main()
