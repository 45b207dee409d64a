#!/usr/bin/env python3
"""Reference rows: expected values of indicators, family by family.

    python rows.py [--check] [averages bands momentum …]

A family is a file `family_<name>.py` beside this one; it holds one `@row` per indicator and gives
`<name>.npz` and `<name>.txt`. No value comes from Martlet. A row says where its values are from; where
it also gives values of a second, independent source, both are compared on every data set, and the
script fails on a difference. --check compares only and writes nothing.
"""

import argparse
import importlib
import json
import pathlib
import sys

import numpy as np

import make_reference as base

HERE = pathlib.Path(__file__).resolve().parent
ROWS = []
ALL_SETS = ("walk", "trend", "flat", "tiny", "huge", "gaps", "constant", "ties", "spread")


class Row:
    """An indicator with its parameter sets.

    cases: parameter dicts; "inputs" in one is {"x": field} (default: close). lookback: parameters ->
    bars before the first value, one number or a dict per output. scale: what the values are measured
    by where they are little or zero: "input" (largest |x| or close), "volume", "percent" (100),
    "unit" (1), "input squared", "angle", or a dict per output. sets: kinds of data. tolerance:
    between the two sources, relative. late: outputs that are undefined on some data although warm.
    """

    def __init__(self, indicator, cases, lookback, scale="input", sets=ALL_SETS, tolerance=1e-9, late=()):
        self.indicator, self.cases, self.lookback, self.late = indicator, cases, lookback, late
        self.scale, self.sets, self.tolerance, self.values = scale, sets, tolerance, None

    def __call__(self, function):
        self.values = function
        ROWS.append(self)
        return function


row = Row


def scale_of(kind, b, x):
    if kind == "angle":
        return 57.0
    sizes = {"unit": 1.0, "percent": 100.0, "volume": float(np.abs(b["volume"]).max())}
    level = float(np.abs(x).max())
    return sizes.get(kind, level * level if kind == "input squared" else level)


def per_output(value, output):
    return value[output] if isinstance(value, dict) else value


def build(rows):
    """Every case on every set. A row's function (bars, x, parameters) returns, per output,
    (source, values) or (source, values, values of a second source)."""
    sets = base.datasets()
    store, records, failures, worst = {}, [], [], {}
    for one in rows:
        for parameters in one.cases:
            p = {k: v for k, v in parameters.items() if k not in ("inputs", "sets")}
            inputs = parameters.get("inputs", {})
            k, outputs, sources = len(records), {}, {}
            text = base.text_of(one.indicator, p)
            names = list(parameters.get("sets", one.sets))
            for name in names:
                b = dict(zip(base.FIELDS, sets[name]))
                x = b[inputs.get("x", "close")]
                with np.errstate(all="ignore"):
                    found = one.values(b, x, {**p, "inputs": inputs})
                for output, (source, values, *second) in found.items():
                    values = np.ascontiguousarray(values, dtype=np.float64)
                    lookback = per_output(one.lookback(p), output)
                    kind = per_output(one.scale, output)
                    sources.setdefault(output, []).append(source)
                    outputs.setdefault(output, {"source": None, "lookback": lookback, "magnitude": kind})
                    finite = np.flatnonzero(~np.isnan(values))
                    first = int(finite[0]) if len(finite) else base.BARS
                    if first != min(lookback, base.BARS) and output not in one.late:
                        failures.append(f"{text} {name} {output}: first value at {first}, not {lookback}")
                    if second:
                        gap, bar = base.difference(values, second[0], 1e-3 * scale_of(kind, b, x))
                        worst[one.indicator] = max(worst.get(one.indicator, 0), gap)
                        if gap > one.tolerance:
                            failures.append(f"{text} {name} {output}: sources differ by {gap:.3g} at bar {bar}: "
                                            f"{values[bar]!r} {second[0][bar]!r}")
                    store[f"case.{k}.{name}.{output}"] = values
            for output, record in outputs.items():
                record["source"] = "; ".join(dict.fromkeys(sources[output]))  # more than one: by the kind of data
            records.append({"k": k, "indicator": one.indicator, "text": text, "inputs": inputs, "sets": names,
                            "outputs": outputs})
    store["cases"] = np.array([json.dumps(r) for r in records])
    return store, records, failures, worst


def listing(records):
    lines = []
    for r in records:
        inputs = " ".join(f"{a}={b}" for a, b in r["inputs"].items())
        outs = "  |  ".join(f"{name} from {o['lookback']} <- {o['source']}" for name, o in r["outputs"].items())
        lines.append(f"{r['k']:3d}  {r['text']}{f'  [{inputs}]' if inputs else ''}  |  {outs}")
    return "\n".join(lines) + "\n"


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--check", action="store_true", help="compare only, write nothing")
    arguments.add_argument("families", nargs="*")
    options = arguments.parse_args()
    found = sorted(path.stem.removeprefix("family_") for path in HERE.glob("family_*.py"))
    failed = False
    for family in options.families or found:
        ROWS.clear()
        importlib.import_module(f"family_{family}")
        store, records, failures, worst = build(list(ROWS))
        for line in failures:
            print(line, file=sys.stderr)
        failed = failed or bool(failures)
        print(f"{family}: {len(records)} cases of {len(ROWS)} indicators; largest differences of two sources:",
              ", ".join(f"{name} {gap:.1e}" for name, gap in worst.items()) or "none compared")
        if not options.check and not failures:
            np.savez_compressed(HERE / f"{family}.npz", **store)
            (HERE / f"{family}.txt").write_text(listing(records))
    if failed:
        sys.exit("unexplained differences")


if __name__ == "__main__":
    sys.modules["rows"] = sys.modules["__main__"]
    main()
