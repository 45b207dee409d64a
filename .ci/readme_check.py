#!/usr/bin/env python3
"""The samples of README.md are the program quickstart, and the outputs below them are what it prints.

    readme_check.py EXECUTABLE
"""

import pathlib
import re
import subprocess
import sys

root = pathlib.Path(__file__).resolve().parent.parent
readme = (root / "README.md").read_text()
samples = [b for b in re.findall(r"```swift\n(.*?)```", readme, re.S) if not b.startswith("// Package.swift")]
source = (root / "Examples/Sources/quickstart/main.swift").read_text()
if "\n".join(samples) != source:
    sys.exit("README.md: its samples are not Examples/Sources/quickstart/main.swift")
shown = "".join(re.findall(r"```text\n(.*?)```", readme, re.S))
printed = subprocess.run([sys.argv[1]], check=True, capture_output=True, text=True).stdout
if shown != printed:
    sys.exit(f"README.md: its outputs are not what quickstart prints:\n{printed}")
print("README.md: samples and outputs are those of quickstart")
