#!/usr/bin/env python3
"""What people guess from other libraries is an error that says what to write instead; what it says exists.

    guesses.py FOLDER     FOLDER holds the modules as they were built
"""

import pathlib
import re
import subprocess
import sys
import tempfile

from modules import modules, root

AT_HAND = (
    "panel: Panel, bars: Bars, close: Series, rsi: Series, a: NDArray, b: NDArray, stream: inout BarStream, bar: Bar, "
    "table: ResultTable")


def missing():
    """Names that something is said to be renamed to, and that nothing has."""
    source = "".join(file.read_text() for file in sorted((root / "Sources").rglob("*.swift")))
    names = set(re.findall(r'renamed: "(?:\w+\.)*(\w+)', source))
    declared = set(re.findall(r"\b(?:func|var|let|case) `?(\w+)", source))
    return sorted(names - declared)


def main():
    built = pathlib.Path(sys.argv[1]).resolve()
    lines = (root / "Tests/Guesses/guesses.txt").read_text().split("\n")
    guesses = [[part.strip() for part in line.split("//")] for line in lines if "//" in line]
    program = [f"func guess{n}({AT_HAND}) throws {{ _ = {guess} }}" for n, (guess, _) in enumerate(guesses)]
    with tempfile.TemporaryDirectory() as name:
        file = pathlib.Path(name) / "guesses.swift"
        file.write_text("\n".join(["import Martlet", *program, ""]))
        done = subprocess.run(
            ["swiftc", "-typecheck", "-swift-version", "6", "-diagnostic-style", "llvm", *modules(built), file],
            capture_output=True, text=True)
    answers = {}
    for line, answer in re.findall(r"/guesses\.swift:(\d+):\d+: error: (.*)", done.stderr):
        answers.setdefault(int(line) - 2, []).append(answer)
    wrong = 0
    for number, (guess, expected) in enumerate(guesses):
        if not any(expected in answer for answer in answers.get(number, [])):
            wrong += 1
            print(f"{guess}\n  expected: {expected}\n  the compiler: {'; '.join(answers.get(number, ['nothing']))}")
    if names := missing():
        sys.exit(f"renamed to what does not exist: {', '.join(names)}")
    if wrong or not guesses:
        sys.exit(f"{wrong} of {len(guesses)} guesses without the expected answer\n{done.stderr[-2000:] if not answers else ''}")
    print(f"{len(guesses)} guesses: the compiler says what to write instead")


if __name__ == "__main__":
    main()
