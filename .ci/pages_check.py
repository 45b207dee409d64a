#!/usr/bin/env python3
"""The pages about the indicators: one article and one chart per definition, all of one shape; their samples compile.

    pages_check.py FOLDER     FOLDER holds the executables pages and catalog, and the modules they were built from
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

from modules import modules, root

LARGEST_CHART = 16 * 1024


def output(*words):
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def extract_symbols(folder, target):
    triple = json.loads(output("swift", "-print-target-info"))["target"]["triple"]
    reexported = ",".join(m.name for m in sorted((root / "Sources").glob("Martlet*")) if m.name != "Martlet")
    subprocess.run(
        ["swift", "symbolgraph-extract", "-module-name", "Martlet", "-target", triple, *modules(folder),
         f"-experimental-allowed-reexported-modules={reexported}", "-output-dir", target], check=True)
    return target / "Martlet.symbols.json"


def files(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def check_article(name, text, names, wrong):
    lines = text.split("\n")
    if not (lines[0].startswith("# ") and lines[2] and lines[2][-1] == "." and lines[4].startswith("![")):
        wrong.append(f"{name}: does not begin with title, one line and chart")
    sections = re.split(r"^## .*$", text, flags=re.M)[1:]
    if not all(section.strip() for section in sections):
        wrong.append(f"{name}: an empty section")
    for link in re.findall(r"<doc:([^>]+)>", text):
        if link not in names | {"Conventions"}:
            wrong.append(f"{name}: a link to {link}, which is not there")


def samples(articles):
    """One program of all samples; each article's in a function of its own."""
    program = ["import Martlet"]
    for number, (name, text) in enumerate(articles.items()):
        blocks = [b for b in re.findall(r"```swift\n(.*?)```", text, re.S) if not b.startswith("extension ")]
        assert blocks, name
        body = "".join(f"  do {{\n{block}  }}\n" for block in blocks)
        program.append(f"func page{number}(panel: Panel, bar: Bar) throws {{  // {name}\n{body}}}")
    return "\n".join(program) + "\n"


def main():
    programs = pathlib.Path(sys.argv[1]).resolve()
    catalog = json.loads(output(programs / "catalog", "--json"))
    ids = [entry["id"] for entry in catalog]
    wrong = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        symbols = extract_symbols(programs, folder)
        for run in ("first", "second"):
            print(output(programs / "pages", "--symbols", symbols, "--output", folder / run).replace(name, "…"), end="")
        written = files(folder / "first")
        if written != files(folder / "second"):
            wrong.append("two runs differ")

        articles = {pathlib.Path(p).stem: b.decode() for p, b in written.items() if p.startswith("Indicators/")}
        charts = {pathlib.Path(p).stem: b for p, b in written.items() if p.startswith("Resources/")}
        index = articles.pop("Indicators", "")
        found = sorted(article.removesuffix("-indicator") for article in articles)
        if found != sorted(ids) or sorted(charts) != sorted(ids):
            wrong.append(f"not one article and one chart for each of the {len(ids)} definitions")
        if sorted(re.findall(r"<doc:([^>]+)>", index)) != sorted(articles):
            wrong.append("the index does not link every article once")
        others = [p for p in written if not p.startswith("Types/")]
        if len(others) != 2 * len(ids) + 1:
            wrong.append(f"{len(others)} files about indicators; expected {2 * len(ids) + 1}")
        if "Types/NDArray.md" not in written or "Types/Series.md" not in written:
            wrong.append("no topics of NDArray or Series")

        headings = {article: re.findall(r"^## (.*)$", text, re.M) for article, text in articles.items()}
        usual = next(iter(headings.values()), [])
        for article, text in articles.items():
            if headings[article] != usual:
                wrong.append(f"{article}: sections {headings[article]}; others have {usual}")
            check_article(article, text, set(articles), wrong)
        for chart, content in charts.items():
            xml.etree.ElementTree.fromstring(content)
            if len(content) > LARGEST_CHART:
                wrong.append(f"{chart}.svg: {len(content)} bytes; expected at most {LARGEST_CHART}")

        program = folder / "samples.swift"
        program.write_text(samples(articles))
        done = subprocess.run(
            ["swiftc", "-typecheck", "-swift-version", "6", *modules(programs), program], capture_output=True, text=True)
        if done.returncode != 0:
            errors = [line for line in done.stderr.split("\n") if line.startswith(name) and " error: " in line]
            wrong.append("samples do not compile:\n" + "\n".join(errors[:20]))
    for line in wrong:
        print(line)
    if not wrong:
        print(f"{len(ids)} pages: sections {', '.join(usual)}; samples compile")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
