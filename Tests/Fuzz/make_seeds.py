"""Writes the fuzzer's seeds: a byte that chooses the reader, then a small file of its kind. Needs NumPy."""
import gzip
import io
import pathlib

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
    (folder / f"number-{name}").write_bytes(b"\4" + text)
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
}
for name, array in arrays.items():
    file = io.BytesIO()
    np.save(file, array)
    (folder / f"npy-{name}").write_bytes(b"\2" + file.getvalue())
for name, save in {"stored": np.savez, "deflated": np.savez_compressed}.items():
    file = io.BytesIO()
    save(file, **{key: arrays[key] for key in ("double", "fortran", "text", "single")})
    (folder / f"npz-{name}").write_bytes(b"\3" + file.getvalue())
