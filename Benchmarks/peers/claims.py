#!/usr/bin/env python3
"""The figures of README.md, from the result files that `make bench` wrote; no figure there is typed by hand.

    python claims.py            writes what stands between the two marks
    python claims.py --check    exit status 1 where README.md says something else
"""

import argparse
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
BEGIN, END = "<!-- figures: written by make bench -->", "<!-- figures: end -->"


class Results:
    """Tables of a result file by their headings."""

    def __init__(self, name):
        self.lines = (ROOT / "Benchmarks" / name).read_text().splitlines()
        self.name = name

    def line(self, start):
        return next(line for line in self.lines if line.startswith(start))

    def lines_under(self, *headings):
        """The lines of a section; each further heading stands under the one before it."""
        lines = self.lines
        for heading in headings:
            at = next((k for k, line in enumerate(lines) if line.startswith(heading)), None)
            if at is None:
                sys.exit(f"claims.py: {self.name} has no section {heading!r}")
            level = heading.count("#")
            rest = lines[at + 1:]
            end = next((k for k, line in enumerate(rest)
                        if re.match("#+ ", line) and line.index(" ") <= level), len(rest))
            lines = rest[:end]
        return lines

    def rows(self, *headings, table=0):
        """The rows of a table as dictionaries, in their order."""
        tables, header = [], None
        for line in self.lines_under(*headings):
            if not line.startswith("|"):
                header = None
                continue
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if header is None:
                header = cells
                tables.append([])
            elif not set(line) <= set("|-"):
                tables[-1].append(list(zip(header, cells)))
        return tables[table]


def cell(row, name, number=0):
    return [value for key, value in row if key == name][number]


def value(text):
    return float(text.rstrip("†*×%").replace(",", ""))


def indicators(results):
    panel, series = "## Panel: 500", ["## One series: 1 × 1,000,000", "## One series: 1 × 100,000", "## One series: 1 × 2,000"]

    def talib(row):
        return min((cell(row, name) for name in ("TA-Lib", "takt")), key=value)

    shown = {"sma": "SMA 20", "kama": "KAMA 10", "bollinger": "Bollinger bands 20, 3 lines", "rsi": "RSI 14", "stoch": "Stochastic 14 3 3",
             "macd": "MACD 12 26 9", "cci": "CCI 20", "dmi": "DMI, ADX and ADXR 14, 7 lines", "obv": "on-balance volume", "atr": "ATR and NATR 14",
             "correl": "correlation 30", "percentile": "median 30"}
    text = ["| 500 symbols × 5,000 bars, one thread, ns per bar | Martlet | TA-Lib | ratio | best peer's ratio |", "|---|---|---|---|---|"]
    for row in results.rows(panel):
        name = shown.get(cell(row, "indicator").split("(")[0])
        if name:
            text.append(f"| {name} | {cell(row, 'Martlet')} | {talib(row)} | {cell(row, 'TA-Lib / Martlet')} | {cell(row, 'best peer / Martlet')} |")
    for row in results.rows("## Whole catalogs"):
        text.append(f"| {cell(row, '')} ({cell(row, 'symbols × bars')}): {cell(row, 'Martlet, one plan')} in one plan, {cell(row, 'TA-Lib')} "
                    f"| {cell(row, 'ns per bar', 1)} | {cell(row, 'ns per bar')} | {cell(row, 'TA-Lib / Martlet, per output')} an output | |")
    text += ["", "Geometric means over the 24 indicators, and the worst row; TA-Lib is the faster of the package and of ta-lib-takt:", "",
             "| | against TA-Lib | worst | against the best peer | worst | all 24 in one plan, against TA-Lib one after another |", "|---|---|---|---|---|---|"]
    for heading in [panel] + series:
        lines = "\n".join(results.lines_under(heading))
        mean = re.search(r"Against TA-Lib: geometric mean (\S+)×, worst (\S+)× \((\w+)\)\. "
                         r"Against the best peer: (\S+)×, worst (\S+)× \((\w+)\)", lines)
        joined = re.search(r"× its own sum, (\S+)× TA-Lib's\)(?:; from a prepared plan \S+ \((\S+)×\))?", lines)
        title = next(line for line in results.lines if line.startswith(heading))[3:].split(",  ")[0].removesuffix(", ns per bar")
        plan = joined[1] + (f" (prepared {joined[2]})" if joined[2] else "")
        text.append(f"| {title} | {mean[1]} | {mean[2]} ({mean[3]}) | {mean[4]} | {mean[5]} ({mean[6]}) | {plan} |")
    text.append("")
    live = {(cell(row, "library"), cell(row, "symbols"), cell(row, "update of")): row for row in results.rows("## Live")}
    rows = {symbols: live["Martlet", symbols, "a row"] for symbols in ("3,000", "1")}
    reading = results.rows("## Reading CSV")[0]
    scan = results.rows("## Scan")
    text.append(f"One new bar with the 24 takes {cell(rows['3,000'], 'median µs')} µs for 3,000 symbols (99 % within {cell(rows['3,000'], '99 % µs')} µs) and "
                f"{cell(rows['1'], 'median µs')} µs for one, without allocations. The last bars of the 24 over the panel take {cell(scan[1], 'ms')} ms (TA-Lib "
                f"{cell(scan[0], 'ms')}). An uncompressed CSV file is read at {cell(reading, 'million rows/s')} million rows a second.")
    return text


def arrays(results):
    shown = {"chain8": "a chain of 8 elementwise operations", "exp": "exp", "sum": "sum", "var": "variance", "argsort": "argsort",
             "mask": "a boolean mask, half of it true", "add": "an addition"}
    rows = {(cell(row, "operation"), cell(row, "elements")): row for row in results.rows("### 1 thread")}
    text = ["| float64, one thread, µs | elements | Martlet | NumPy | ratio |", "|---|---|---|---|---|"]
    for (operation, elements), row in rows.items():
        if operation in shown and elements in ("1,000", "10,000,000"):
            text.append(f"| {shown[operation]} | {elements} | {cell(row, 'Martlet µs')} | {cell(row, 'NumPy µs')} | {cell(row, 'NumPy ÷ Martlet')} |")
    losing = [f"{operation} ({elements}) {cell(row, 'NumPy ÷ Martlet')}" for (operation, elements), row in rows.items()
              if cell(row, "NumPy ÷ Martlet") and value(cell(row, "NumPy ÷ Martlet")) < 0.9]
    return text + ["", f"Rows below 0.9 of NumPy: {', '.join(losing) if losing else 'none'}."]


def inference(results):
    text = ["| samples per second, one thread, float32 | batch | Martlet | best peer | ratio | share of the machine's peak |", "|---|---|---|---|---|---|"]
    for heading in [line for line in results.lines_under("## 1 thread") if line.startswith("### ")]:
        for row in results.rows("## 1 thread", heading):
            peers = [item for item in row if item[0].endswith(" float32") and not item[0].startswith("Martlet") and item[1]]
            best = max(peers, key=lambda item: value(item[1]))
            text.append(f"| {heading[4:]} | {row[0][1]} | {cell(row, 'Martlet float32')} | {best[1]} ({best[0].removesuffix(' float32')}) | {row[-2][1]} | {row[-1][1]} |")
    return text


def figures():
    run, own, network = Results("RESULTS.md"), Results("ARRAYS.md"), Results("INFERENCE.md")
    about = [line for line in run.lines[1:8] if line]
    return "\n".join(
        [BEGIN, "", f"`Benchmarks/RESULTS.md`: {about[0]}; {about[2].removeprefix('Martlet: ')}.", ""] + indicators(run)
        + ["", f"`Benchmarks/ARRAYS.md`: {own.lines[2].removesuffix(', on arrays of')}.", ""] + arrays(own)
        + ["", f"`Benchmarks/INFERENCE.md`: {network.lines[2]}", ""] + inference(network) + ["", END])


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--check", action="store_true")
    check = arguments.parse_args().check
    readme = ROOT / "README.md"
    text = readme.read_text()
    if BEGIN not in text or END not in text:
        sys.exit(f"claims.py: README.md lacks {BEGIN} or {END}")
    before, rest = text.split(BEGIN, 1)
    written = before + figures() + rest.split(END, 1)[1]
    if check and written != text:
        sys.exit("claims.py: README.md quotes other figures than Benchmarks/*.md; run Benchmarks/peers/claims.py")
    readme.write_text(written)


main()
