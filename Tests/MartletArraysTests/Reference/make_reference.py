#!/usr/bin/env python3
"""Writes one .cases.npz per topic: cases for every function of NDArray, with the values of NumPy.

    python3 make_reference.py [topic ...]

Needs what requirements.txt names, on a machine whose long double has 64 bits of mantissa (x86-64).
Deterministic. A topic is a module topic_<name>.py with a function cases(book).
"""
import glob
import importlib
import os
import sys
import warnings

import numpy as np

from book import Book

HERE = os.path.dirname(os.path.abspath(__file__))


def main():
    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    assert np.finfo(np.longdouble).nmant == 63, "long double is not the x86 one"
    every = sorted(os.path.basename(p)[6:-3] for p in glob.glob(os.path.join(HERE, "topic_*.py")))
    total = 0
    for topic in sys.argv[1:] or every:
        book = Book()
        importlib.import_module("topic_" + topic).cases(book)
        size = book.write(os.path.join(HERE, topic + ".cases.npz"))
        total += size
        print(f"{topic}: {len(book.lines)} cases, {len(book.names)} functions, {size} bytes")
    print(f"{total} bytes")


if __name__ == "__main__":
    main()
