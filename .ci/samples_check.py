#!/usr/bin/env python3
"""The samples of README.md and of the documentation's articles compile, run, and print what stands beside them; what
tables say is written here compiles.

    samples_check.py FOLDER     FOLDER holds the executable quickstart, and the modules it was built from

README.md's samples are the program quickstart, but for the first, which runs over four symbols. An article's are one function: each goes on from those before it and may
give a name a new meaning. What a sample prints stands at the ends of its lines that print, or in a block of text below
it. Comments that readers do not see come before a sample:

    <!-- sample: not Swift of a program -->   neither compiled nor run
    <!-- sample: compiled only … -->          compiled after the Swift that stands there, not run; those after it do
                                              not see its names
    <!-- sample: … -->                        Swift that runs before it
"""

import pathlib
import re
import subprocess
import sys
import tempfile

from modules import modules, root

SYMBOLS = ["ABC", "KLM", "RST", "XYZ", "AAPL", "SPY", "XOM", "MSFT"]
LIBRARIES = ["z", "openblas", "fftw3", "fftw3f", "lz4", "zstd"]
BLOCK = re.compile(r"(?:<!-- sample:(.*?)-->\n+)?```swift\n(.*?)```(?:\n+```text\n(.*?)```)?", re.S)
# README.md's first sample and its output.
FIRST = re.compile(r"<!-- sample: a program of its own -->\n\n(```swift\n.*?```\n\n```text\n.*?```)", re.S)
PRINTED = re.compile(r"^\s*print\(.*\)  +// (.*)$")
# What samples have at hand: files in the folder they run in, and these.
AT_HAND = """
  var panel = try Panel(csv: "prices.csv")
  let bars = panel.bars(of: 0)
  let bar = Bar(time: bars.last!.time + 86_400_000_000_000, open: 10, high: 11, low: 9, close: 10, volume: 1000)
  let close = panel.bars.close
"""
TABLE_NAMES = (
    "panel: Panel, other: Panel, bars: Bars, close: Series, market: Series, stock: Series, x: Series, y: Series, "
    "a: Series, b: Series, c: Series, p: Series, lo: Series, hi: Series, f: (Series) -> Series, e: (Bars) -> Series")
MAIN = """import Glibc

do {
switch CommandLine.arguments[1] {
%sdefault: break
}
} catch {
  print(error)
  exit(1)
}
"""


def check_readme(folder, readme):
    readme = FIRST.sub("", readme)
    samples = [b for b in re.findall(r"```swift\n(.*?)```", readme, re.S) if not b.startswith("// Package.swift")]
    if "\n".join(samples) != (root / "Examples/Sources/quickstart/main.swift").read_text():
        sys.exit("README.md: its samples are not Examples/Sources/quickstart/main.swift")
    shown = "".join(re.findall(r"```text\n(.*?)```", readme, re.S))
    done = subprocess.run([folder / "quickstart"], check=True, capture_output=True, text=True)
    if shown != done.stdout:
        sys.exit(f"README.md: its outputs are not what quickstart prints:\n{done.stdout}")
    print("README.md: samples and outputs are those of quickstart")


def write_market(place, rest=True):
    """Bars of the symbols that samples name, and of others."""
    market = place / "prices.csv"
    subprocess.run([root / ".ci/small_market.py", market], check=True)
    text = market.read_text()
    for number, symbol in enumerate(SYMBOLS):
        text = text.replace(f"\nN{number:02},", f"\n{symbol},")
    lines = text.split("\n")
    few = [l for l in lines if l.split(",")[0] in ("symbol", *SYMBOLS[:4])]
    market.write_text("\n".join(lines if rest else few))


def program(name, article):
    """An article's samples as Swift, and what each of them shall print, None where that is left open."""
    outside, inside, expected, depth = [], [], [], 0
    for note, sample, shown in BLOCK.findall(article):
        note = note.strip()
        if note == "not Swift of a program":
            continue
        # Extensions cannot be local.
        outside += re.findall(r"^extension .*?^}\n", sample, re.S | re.M)
        sample = re.sub(r"^extension .*?^}\n|^import Martlet\n", "", sample, flags=re.S | re.M)
        if note.startswith("compiled only"):
            before = note.removeprefix("compiled only")
            inside.append(f"func never{len(inside)}() throws {{{before}\n{sample}}}\n")
            continue
        printed = [m[1] for m in map(PRINTED.match, sample.split("\n")) if m]
        expected.append(shown or "".join(f"{line}\n" for line in printed) or None)
        inside.append(f'print("\\u{{1}}")\ndo {{\n{note}\n{sample}')
        depth += 1
    text = f"import Martlet\n\n{''.join(outside)}\nfunc {name}() throws {{{AT_HAND}{''.join(inside)}{'}' * depth}}}\n"
    return text, expected


def table_code(article):
    """What stands in tables as code to be written here, by a function that compiles it."""
    code = []
    for table in re.findall(r"^\|[^|]*\| (?:Martlet|method) \|.*\n\|-.*\n((?:\|.*\n)+)", article, re.M):
        for row in table.split("\n")[:-1]:
            cell = re.split(r"(?<!\\)\|", row)[2].replace("\\|", "|")
            code += [c for c in re.findall(r"(?<!`)`([^`]+)`(?!`)", cell) if "…" not in c and c[0] != "."]
    lines = "".join(f"  _ = {c}\n" for c in code)
    return f"func tables({TABLE_NAMES}) throws {{\n{lines}}}\n"


def linked(folder):
    """The package's object files, as programs there are linked with them: others may be left from earlier builds."""
    lists = sorted(folder.glob("*.product/Objects.LinkFileList"), key=lambda l: l.parent.name != "quickstart.product")
    files = lists[0].read_text().replace("'", "").split("\n")
    return [f for f in files if re.search(r"/C?Martlet\w*\.build/", f) and "Tests.build" not in f]


def check_articles(folder):
    articles = {p.stem: program(p.stem, p.read_text()) for p in sorted(root.glob("DocsSource/*.docc/Articles/*.md"))}
    first = FIRST.search((root / "README.md").read_text())[1]
    articles["README"] = program("README", first)
    articles = {name: article for name, article in articles.items() if article[1]}
    objects = linked(folder)
    wrong = count = 0
    with tempfile.TemporaryDirectory() as name:
        place = pathlib.Path(name)
        for article, (text, _) in articles.items():
            (place / f"{article}.swift").write_text(text)
        comparison = root / "DocsSource/Martlet.docc/Articles/ComingFromPandasAndTALib.md"
        (place / "tables.swift").write_text("import Martlet\n\n" + table_code(comparison.read_text()))
        choices = "".join(f'case "{a}": try {a}()\n' for a in articles)
        (place / "main.swift").write_text(MAIN % choices)
        done = subprocess.run(
            ["swiftc", "-swift-version", "6", "-suppress-warnings", "-diagnostic-style", "llvm", *modules(folder),
             *sorted(place.glob("*.swift")), *objects, *(f"-l{l}" for l in LIBRARIES), "-o", place / "samples"],
            capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(done.stderr.replace(f"{name}/", "")[-6000:])
        for article, (_, expected) in articles.items():
            write_market(place, rest=article != "README")
            done = subprocess.run([place / "samples", article], cwd=place, env={"SWIFT_BACKTRACE": "enable=no"}, capture_output=True, text=True)
            parts = done.stdout.split("\u0001\n")[1:]
            if done.returncode != 0:
                wrong += 1
                print(f"{article}: sample {len(parts)} fails\n{done.stderr}{''.join(parts[-1:])}")
            for number, (part, text) in enumerate(zip(parts, expected)):
                count += text is not None
                if text is not None and part != text:
                    wrong += 1
                    print(f"{article}: sample {number + 1} prints\n{part}and says\n{text}")
    if wrong:
        sys.exit(1)
    number = sum(len(expected) for _, expected in articles.values())
    print(f"{len(articles) - 1} articles and README.md: {number} samples run, {count} of them print what stands beside them")


def main():
    folder = pathlib.Path(sys.argv[1]).resolve()
    if (folder / "quickstart").exists():
        check_readme(folder, (root / "README.md").read_text())
    check_articles(folder)


if __name__ == "__main__":
    main()
