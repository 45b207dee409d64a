"""Writes ../NumPyFixtures.swift: small files made by NumPy and Python's gzip, as hexadecimal text.

Run with NumPy installed: python make_fixtures.py
"""
import gzip
import io
import pathlib

import numpy as np


def npy(array, version=None):
    file = io.BytesIO()
    np.lib.format.write_array(file, np.asanyarray(array), version=version)
    return file.getvalue()


def npz(save, **arrays):
    file = io.BytesIO()
    save(file, **arrays)
    return file.getvalue()


table = b"symbol,date,open,high,low,close,volume\nA,2015-01-12,1,2,0.5,1.5,100\n"
more = b"A,2015-01-13,1.5,2.5,1,2,200\n"
cube = np.arange(24).reshape(2, 3, 4)
fixtures = {
    "float64": npy(np.array([[1.5, -np.inf], [np.nan, 4.0]])),
    "float32BigEndian": npy(np.array([1.5, -2.25], ">f4")),
    "int64Fortran": npy(np.asfortranarray(cube)),
    "int32BigEndianFortran": npy(np.asfortranarray(cube[0].astype(">i4"))),
    "int16": npy(np.array([-300, 7], "i2")),
    "uint64": npy(np.array([7, 2**63 - 1], "u8")),
    "uint64TooLarge": npy(np.array([7, 2**63], "u8")),
    "uint8": npy(np.array([0, 255], "u1")),
    "bool": npy(np.array([True, False, True])),
    "unicode": npy(np.array(["AAPL", "\u00e9\U0001f600", ""])),
    "unicodeBigEndianFortran": npy(np.asfortranarray(np.array([["a", "bc"], ["d", ""]], ">U2"))),
    "byteTexts": npy(np.array([b"ab", b"c", b""])),
    "single": npy(np.float64(7)),
    "empty": npy(np.zeros((0, 3), "f4")),
    "days": npy(np.array(["2015-01-12", "NaT", "1969-12-31"], "M8[D]")),
    "seconds": npy(np.array(["2015-01-12T01:02:03"], "M8[s]")),
    "nanoseconds": npy(np.array(["2015-01-12T01:02:03.000000001"], "M8[ns]")),
    "version2": npy(np.array([1.0, 2.0]), (2, 0)),
    "version3": npy(np.array([1.0, 2.0]), (3, 0)),
    "structured": npy(np.zeros(1, [("a", "<i4"), ("b", "<f8")])),
    "complex": npy(np.array([1j])),
    "objects": npy(np.array([1, "a"], object)),
    "half": npy(np.array([1], "f2")),
    "stored": npz(np.savez, close=np.array([[1.0, 2.0]]), symbols=np.array(["A"])),
    "deflated": npz(np.savez_compressed, close=np.zeros((2, 50)), symbols=np.array(["A", "BC"])),
    "gzip": gzip.compress(table, mtime=0),
    "gzipMembers": gzip.compress(table, mtime=0) + gzip.compress(more, mtime=0) + bytes(5),
}

lines = [f"// Made by Fixtures/make_fixtures.py with NumPy {np.__version__}.", "", "enum NumPyFixture {"]
for name, data in fixtures.items():
    # Spaces fill most of a header: runs of zero bytes and of spaces are written as counts.
    packed, i = [], 0
    while i < len(data):
        n = 1
        while i + n < len(data) and data[i + n] == data[i] and n < 4096:
            n += 1
        packed.append(f"{data[i]:02x}*{n} " if n > 4 else f"{data[i]:02x}" * n)
        i += n
    text = "".join(packed)
    lines += [f"  static let {name} = bytes(", '    """']
    lines += [f"    {text[k:k + 90]}\\" for k in range(0, len(text), 90)]
    lines[-1] = lines[-1][:-1].rstrip()
    lines += ['    """)']
lines += ["}", ""]
(pathlib.Path(__file__).parent.parent / "NumPyFixtures.swift").write_text("\n".join(lines))
