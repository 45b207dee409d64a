"""Writes ../NumPyFixtures.swift and arrays.json: small files made by NumPy, Python's gzip, and a few lines for
safetensors, as hexadecimal text; and what NumPy makes of their elements.

Run with NumPy installed: python make_fixtures.py
"""
import gzip
import io
import json
import pathlib
import struct

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



def packed(data):
    """Hexadecimal text. Spaces fill most of a header: runs of zero bytes and of spaces are written as counts."""
    parts, i = [], 0
    while i < len(data):
        n = 1
        while i + n < len(data) and data[i + n] == data[i] and n < 4096:
            n += 1
        parts.append(f"{data[i]:02x}*{n} " if n > 4 else f"{data[i]:02x}" * n)
        i += n
    return "".join(parts)


def literal(data, indent):
    """A call that gives the bytes, from the second line on indented."""
    if not data:
        return ['bytes("")']
    text = packed(data)
    lines = [f"{indent}{text[k:k + 90]}\\" for k in range(0, len(text), 90)]
    lines[-1] = lines[-1][:-1].rstrip()
    return ["bytes(", f'{indent}"""', *lines, f'{indent}""")']


def assign(before, data, indent, after=""):
    first, *rest = literal(data, indent)
    lines = [before + first, *rest]
    lines[-1] += after
    return lines


made = f"// Made by Fixtures/make_fixtures.py with NumPy {np.__version__}."
folder = pathlib.Path(__file__).parent.parent
lines = [made, "", "enum NumPyFixture {"]
for name, data in fixtures.items():
    lines += assign(f"  static let {name} = ", data, "    ")
lines += ["}", ""]
(folder / "NumPyFixtures.swift").write_text("\n".join(lines))

# Arrays of every type, order and byte order, and what their elements become.

inf, nan = np.inf, np.nan
real = [0.0, -0.0, 1.5, -2.25, inf, -inf, nan, 65504.0, 2.0**-24, -(2.0**-15), 1 / 3, 1e4]
whole = [0, 1, -1, 2, 3, 100, 77, 5, -128, 127, 64, -3]
parts = [complex(a, b) for a, b in zip(real, real[3:] + real[:3])]
values = {
    "f2": (real, "f4"), "f4": (real, "f4"), "f8": (real, "f8"), "c8": (parts, "c8"), "c16": (parts, "c16"),
    "i1": (whole, "i4"), "i2": ([k * 250 for k in whole], "i4"), "i4": ([k * 2**24 for k in whole], "i4"),
    "i8": ([k * 2**56 for k in whole], "i8"), "u1": ([k & 255 for k in whole], "u1"),
    "u2": ([k & 65535 for k in whole], "i4"), "u4": ([k & (2**32 - 1) for k in whole], "i8"),
    "u8": ([k & (2**63 - 1) for k in whole], "i8"), "b1": ([k % 3 == 0 for k in whole], "b1"),
    "M8[s]": (whole, "i8"), "M8[ns]": (whole, "i8"),
}
dtypes = {"f4": "float32", "f8": "float64", "i4": "int32", "i8": "int64", "u1": "uint8", "b1": "bool",
          "c8": "complex64", "c16": "complex128"}
cases = []


def case(name, array, target, version=None):
    """A file, what it becomes, and whether NumPy writes the same bytes for what it becomes."""
    plain = array
    if array.dtype.kind == "M":
        plain = array.astype("M8[ns]").astype("i8")
    plain = plain.astype(target)
    file = npy(array, version)
    again = version is None and plain.dtype == array.dtype
    cases.append((name, file, dtypes[target], array.shape, plain.tobytes(), again))


for code, (elements, target) in values.items():
    flat = np.array(elements, "i8").astype(code) if code[0] == "M" else np.array(elements, code)
    case(f"{code} flat", flat, target)
    case(f"{code} Fortran", np.asfortranarray(flat.reshape(3, 2, 2)), target)
    case(f"{code} single", flat[2:3].reshape(()), target)
    if flat.dtype.itemsize > 1:
        other = flat.astype(flat.dtype.newbyteorder(">"))
        case(f"{code} big-endian", other.reshape(2, 6), target)
        case(f"{code} big-endian Fortran", np.asfortranarray(other.reshape(4, 3)), target)
for shape in [(0,), (0, 3), (3, 0, 2), (1, 1), (1, 4, 1), (2, 1, 3)]:
    size = int(np.prod(shape))
    case(f"shape {shape}", np.arange(size, dtype="f8").reshape(shape), "f8")
    case(f"Fortran shape {shape}", np.asfortranarray(np.arange(size, dtype="i4").reshape(shape)), "i4")
# Around a header of 128 bytes, where a space more or less makes it 192.
for ones in (12, 13):
    array = np.zeros((2,) + (1,) * ones + (1000,), "u1")
    case(f"{ones} ones", array, "u1")
    case(f"{ones} ones Fortran", np.asfortranarray(array), "u1")
    case(f"{ones} ones complex", array[..., :1].astype("c16"), "c16")
case("many axes", np.arange(4.0).reshape((1,) * 13 + (2, 2)), "f8")
case("long extent", np.broadcast_to(np.array(True), (1234567, 0)).copy(), "b1")
case("version 2", np.arange(4, dtype="f4"), "f4", (2, 0))
case("version 3 Fortran", np.asfortranarray(np.arange(6, dtype="i8").reshape(2, 3)), "i8", (3, 0))
case("strided", np.arange(24.0).reshape(4, 6)[::2, ::-3].copy(), "f8")

# safetensors: the length of the header in 8 bytes, JSON, the tensors' bytes.


def safetensors(tensors, metadata=None, pad=0):
    header, data = {}, b""
    if metadata is not None:
        header["__metadata__"] = metadata
    for name, (kind, shape, raw) in tensors.items():
        header[name] = {"dtype": kind, "shape": list(shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8 + pad)
    return struct.pack("<Q", len(text)) + text + data


kinds = {"F64": "f8", "F32": "f4", "F16": "f2", "I64": "i8", "I32": "i4", "I16": "i2", "I8": "i1", "U8": "u1",
         "U16": "u2", "U32": "u4", "U64": "u8", "BOOL": "b1", "C64": "c8"}
tensors, expected = {}, []
for kind, code in kinds.items():
    elements, target = values[code]
    array = np.array(elements, code).reshape(3, 4)
    tensors[f"t.{kind}"] = (kind, array.shape, array.tobytes())
    expected.append((f"t.{kind}", dtypes[target], array.shape, array.astype(target).tobytes()))
# bfloat16 is the upper half of float32.
upper = np.array(real, "f4").view("u4") & np.uint32(0xFFFF0000)
tensors["t.BF16"] = ("BF16", (12,), (upper >> 16).astype("u2").tobytes())
expected.append(("t.BF16", "float32", (12,), upper.tobytes()))
tensors["single"] = ("F64", (), np.float64(7).tobytes())
expected.append(("single", "float64", (), np.float64(7).tobytes()))
tensors["empty"] = ("F32", (0, 3), b"")
expected.append(("empty", "float32", (0, 3), b""))
aligned = safetensors(tensors, {"format": "np", "made": "\u00e9 by hand"})
odd = safetensors(dict(reversed(tensors.items())), pad=3)



def lines(rows):
    """A list in JSON, one element a line."""
    return "[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]"


(pathlib.Path(__file__).parent / "arrays.json").write_text(
    f'{{"madeWith": "NumPy {np.__version__}",\n"npy": '
    + lines({"name": name, "dtype": dtype, "shape": shape, "isWritten": again, "file": packed(file), "elements": packed(elements)}
            for name, file, dtype, shape, elements, again in cases)
    + ',\n"safetensors": ' + json.dumps(packed(aligned)) + ',\n"unalignedSafetensors": ' + json.dumps(packed(odd))
    + ',\n"tensors": '
    + lines({"name": name, "dtype": dtype, "shape": shape, "elements": packed(elements)}
            for name, dtype, shape, elements in expected)
    + "}\n")
