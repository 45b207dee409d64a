"""Writes the fuzzer's seeds: a byte that chooses the reader, then a small file of its kind. Needs NumPy."""
import gzip
import io
import json
import pathlib
import struct
import zlib

import numpy as np

folder = pathlib.Path(__file__).parent / "Seeds"
folder.mkdir(exist_ok=True)
tables = {
    "daily": b"symbol,date,open,high,low,close,volume\nA,2015-01-12,40.61,40.72,39.95,40.11,2770800\n"
    b"A,2015-01-13,40.47,40.7,39.33,39.55,\nBRK.B,2015-01-13,1,2,.5,1e3,nan\n",
    "minute": b"\xef\xbb\xbfTimestamp,Open,High,Low,Close,Volume,X\r\n2020-12-15 09:30,1,2,3,4,5,\r\n"
    b"2020-12-15T09:31:00.25+05:30,1,2,3,4,inf,\"a,\"\"b\"\r\n",
    "epoch": b"time,close,open,high,low\n1421020800,1,2,3,4\n1421020800000,28.156999588012695,2,3,4",
    "american": b"ticker,time,open,high,low,close\n\"A B\",1/2/2020 9:30,1,2,3,4\nA,20200102,1,2,3,-0\n\n",
}
for name, text in tables.items():
    (folder / f"csv-{name}").write_bytes(b"\0" + text)
    packed = gzip.compress(text[:60], mtime=0) + gzip.compress(text[60:], mtime=0)
    (folder / f"gzip-{name}").write_bytes(b"\1" + packed)
for name, text in {"short": b"28.1575", "long": b"28.156999588012695", "exponent": b"-1.5e-7"}.items():
    (folder / f"number-{name}").write_bytes(b"\5" + text)
arrays = {
    "double": np.arange(6.0).reshape(2, 3),
    "fortran": np.asfortranarray(np.arange(6, dtype=">i4").reshape(2, 3)),
    "text": np.array(["AAPL", "\u00e9", ""]),
    "bytes": np.array([b"ab", b"c"]),
    "days": np.array(["2015-01-12", "NaT"], "M8[D]"),
    "flags": np.array([True, False]),
    "small": np.array([[-1], [2]], "i1"),
    "empty": np.zeros((0, 3), "f4"),
    "single": np.array(7.0),
    "half": np.array([1.5, -np.inf], "f2"),
    "wave": np.asfortranarray(np.array([[1 + 2j, 3j], [0, -1]], ">c8")),
    "large": np.array([1, 2**63 - 1], "u8"),
    "records": np.zeros(1, [("a", "<i4"), ("b", "<f8")]),
}
for name, array in arrays.items():
    file = io.BytesIO()
    np.save(file, array)
    (folder / f"npy-{name}").write_bytes(b"\2" + file.getvalue())
    if name in ("double", "flags", "days", "wave"):
        (folder / f"mapped-{name}").write_bytes(b"\7" + file.getvalue())
for name, save in {"stored": np.savez, "deflated": np.savez_compressed}.items():
    file = io.BytesIO()
    save(file, **{key: arrays[key] for key in ("double", "fortran", "text", "single")})
    (folder / f"npz-{name}").write_bytes(b"\3" + file.getvalue())
for name, value in {"object": {"a": [1, -2.5e3, None, True], "\u00e9\n": {}}, "text": "\ud83d\ude00\t"}.items():
    (folder / f"json-{name}").write_bytes(b"\4" + json.dumps(value).encode())


def safetensors(tensors):
    header, data = {"__metadata__": {"format": "np"}}, b""
    for name, (kind, shape, raw) in tensors.items():
        header[name] = {"dtype": kind, "shape": shape, "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    return struct.pack("<Q", len(text)) + text + data


for name, tensors in {
    "floats": {"a": ("F32", [2, 2], bytes(16)), "b": ("F64", [], bytes(8)), "c": ("F16", [3], b"\0<\0|\1\0")},
    "integers": {"a": ("BF16", [1], b"\x80?"), "b": ("U64", [1], b"\7" * 8), "c": ("BOOL", [2, 0], b""),
                 "d": ("BOOL", [2], b"\1\0"), "e": ("I8", [1, 1], b"\xff"), "f": ("F8_E4M3", [1], b"\0")},
}.items():
    (folder / f"safetensors-{name}").write_bytes(b"\6" + safetensors(tensors))


# Arrow files, as Tests/MartletIOTests/Fixtures has them.
arrow = folder.parent.parent / "MartletIOTests/Fixtures/Arrow"
for name in ("dates.arrow", "dates-lz4.arrow", "dates-zstd.arrow", "delta.arrows", "decimal.arrow", "polars.arrow",
             "types-lz4.arrows", "wide.arrow"):
    (folder / f"arrow-{name}").write_bytes(b"\x08" + (arrow / name).read_bytes())
for name, layout in {
    "clock": b"dates=dmy,zone=newYork,symbol=Name+Kind,adjusted=splits\nName,Kind,Date,Close\nA,x,5/1/2024 9:30,1\n",
    "shape": b"separator=semicolon,decimal=comma,shape=closes,header=1\nDate;AAA;B\\,B\n2024-01-05;1,5;2,5\n",
    "columns": b"columns=time+open+high+low+close+-,header=0,unit=ms,scale=100\n1704412800000,1,2,3,4,5\n",
}.items():
    (folder / f"layout-{name}").write_bytes(b"\x09" + layout)


def words(*numbers):
    return struct.pack(f"<{len(numbers)}q", *numbers)


# A bar file of a symbol and a row, not compressed.
values = [words(1_704_412_800_000_000_000), *(struct.pack("<d", x) for x in (1.5, 2.0, 1.0, 1.75, 100.0))]
blocks = [x for k, v in enumerate(values) for x in (4096 + 8 * k, 8, zlib.crc32(v))]
time = 1_704_412_800_000_000_000
directory = words(8, 1, 1) + b"A" + words(1, 1, 0, 1, 0, 1, time, time, *blocks)
(folder / "bars-row").write_bytes(b"\x0a" + bytes([len(values)]) + b"".join(values) + directory)
for name, block in {"bytes": b"\0\1\0" + bytes(range(40)), "zeros": b"\1\x7f\0" + bytes(60)}.items():
    (folder / f"block-{name}").write_bytes(b"\x0b" + block)
