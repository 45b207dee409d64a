"""Writes Arrow/*.arrow: small files of the same made-up bars, and of one column of each type, as pyarrow, pandas and
polars write them.

Run with them installed: python make_arrow.py
"""
import datetime
import decimal
import pathlib

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.feather

folder = pathlib.Path(__file__).parent / "Arrow"
folder.mkdir(exist_ok=True)
DAYS = 6
first = datetime.date(2024, 3, 7)
rows = [(s, d) for s in range(2) for d in range(DAYS)]
dates = [first + datetime.timedelta(d) for _, d in rows]
minutes = [datetime.datetime(2024, 3, 7, 14, 30) + datetime.timedelta(minutes=d) for _, d in rows]
symbols = [("AAA", "A name of more than twelve bytes")[s] for s, _ in rows]
close = [100 + 10 * s + d / 2 for s, d in rows]
prices = {
    "open": [c - 0.25 for c in close], "high": [c + 1 for c in close], "low": [c - 1 for c in close], "close": close,
    "volume": [1000.0 + 100 * s + d for s, d in rows],
}
utc = pa.timestamp("ns", "UTC")


def table(symbol, time, kind=pa.float64(), **more):
    columns = {"symbol": symbol, "time": time, **{k: pa.array(v).cast(kind) for k, v in prices.items()}, **more}
    return pa.table({k: v for k, v in columns.items() if v is not None})


def write(name, table, compression=None, rows=None, stream=False, **options):
    make = pa.ipc.new_stream if stream else pa.ipc.new_file
    options = pa.ipc.IpcWriteOptions(compression=compression, **options)
    with make(str(folder / name), table.schema, options=options) as writer:
        writer.write_table(table, max_chunksize=rows)


text = pa.array(symbols)
days = pa.array(dates)
naive = pa.array(minutes)
write("dates.arrow", table(text, days))
write("dates-lz4.arrow", table(text, days), "lz4", 7)
write("dates-zstd.arrow", table(text, days), "zstd", 7)
write("stream.arrows", table(text, days), None, 7, True)
write("large.arrow", table(text.cast(pa.large_string()), days.cast(pa.date64()), pa.float16()))
write("naive.arrow", table(text.dictionary_encode(), naive.cast(pa.timestamp("s")), pa.float32()))
write("moments.arrow", table(text, naive.cast(pa.timestamp("us")).cast(pa.timestamp("us", "UTC"))), "lz4")
write("epoch.arrow", table(text, naive.cast(pa.timestamp("ms")).cast(pa.int64())))
write("numbered.arrow", table(text, pa.array([d.year * 10000 + d.month * 100 + d.day for d in dates], pa.int32())))
write("texts.arrow", table(text, pa.array([d.isoformat() for d in dates])))
newyork = pd.DatetimeIndex(dates).tz_localize("America/New_York")
write("midnights.arrow", table(text, pa.array(newyork)))
exact = {k: pa.array([decimal.Decimal(str(x)) for x in v], pa.decimal128(18, 4)) for k, v in prices.items()}
write("decimal.arrow", pa.table({"Ticker": text, "Date": days, **{k.title(): v for k, v in exact.items()}}))
holes = [None if i % 3 == 1 else v for i, v in enumerate(prices["volume"])]
write("nulls.arrow", table(text, days, volume=pa.array(holes)), "zstd")
write("empty.arrow", table(text, days).slice(0, 0))
write("list.arrow", table(text, days, close=pa.array([[c] for c in close]), tags=pa.array([["a"]] * len(rows))))
wide = {"Date": pa.array(dates[:DAYS])}
for s, name in enumerate(("AAA", "BBB")):
    for field in ("open", "high", "low", "close", "volume"):
        wide[f"{name}_{field.title()}"] = prices[field][s * DAYS:(s + 1) * DAYS]
write("wide.arrow", pa.table(wide))

# Dictionaries that grow and that are replaced, which streams may have.
schema = pa.schema([("symbol", pa.dictionary(pa.int8(), pa.string())), ("date", pa.date32()), ("close", pa.float64())])
for name, values in {
    "delta.arrows": (["AAA"], ["AAA", "BBB"], ["AAA", "BBB", "CCC"]), "replaced.arrows": (["AAA"], ["BBB"], ["CCC"]),
}.items():
    options = pa.ipc.IpcWriteOptions(emit_dictionary_deltas=True)
    with pa.ipc.new_stream(str(folder / name), schema, options=options) as writer:
        for number, known in enumerate(values):
            index = pa.array([len(known) - 1] * 2, pa.int8())
            writer.write_batch(pa.record_batch(
                [pa.DictionaryArray.from_arrays(index, pa.array(known)), pa.array(dates[:2]),
                 pa.array([1.5 + number, 2.5 + number])], schema))

# pandas: the index is a column that pandas alone knows for one; polars: text as views.
frame = pd.DataFrame({k: v[:DAYS] for k, v in prices.items()}, index=pd.DatetimeIndex(dates[:DAYS]))
pa.feather.write_feather(pa.Table.from_pandas(frame), str(folder / "index.feather"), "lz4")
frame = pl.DataFrame({"ticker": symbols, "date": dates, **prices, "sector": ["Tech", "Energy"] * DAYS})
frame.write_ipc(folder / "polars.arrow")
frame.write_ipc(folder / "polars-zstd.arrow", compression="zstd")
frame.with_columns(pl.col("ticker").cast(pl.Categorical)).write_ipc_stream(folder / "polars.arrows", compression="lz4")

# A column of each type, those that are not read between them.
moments = [0, 1_700_000_000, None, -5, 86_400]
types = {
    "list": pa.array([[1], None, [2, 3], [], [4]]),
    **{f"int{b}": pa.array([-2 ** (b - 1), 0, None, 7, 2 ** (b - 1) - 1], f"int{b}") for b in (8, 16, 32, 64)},
    "struct": pa.array([{"a": 1, "b": "x"}] * 4 + [None]),
    **{f"uint{b}": pa.array([2 ** b - 1, 0, None, 7, 1], f"uint{b}") for b in (8, 16, 32, 64)},
    "map": pa.array([[("a", 1)]] * 5, pa.map_(pa.string(), pa.int32())),
    **{f"float{b}": pa.array(np.array([1.5, -0.0, np.inf, np.nan, -2.25], f"f{b // 8}")) for b in (16, 32, 64)},
    "binary": pa.array([b"a", None, b"", b"bcd", b"e"]),
    "decimal": pa.array([decimal.Decimal(x) if x else None for x in
                         ("0.1", "-12345678901234567890.12345", None, "3", "99999999999999999999.99999")],
                        pa.decimal128(38, 5)),
    "union": pa.UnionArray.from_dense(pa.array([0, 1, 0, 1, 0], "int8"), pa.array([0, 0, 1, 1, 2], "int32"),
                                      [pa.array([1, 2, 3]), pa.array(["a", "b"])]),
    "utf8": pa.array(["a", "", None, "\u00e9", "a longer text, not inline"]),
    "null": pa.nulls(5),
    "large": pa.array(["a", "", None, "\u00e9", "a longer text, not inline"], pa.large_string()),
    "fixed": pa.array([b"ab"] * 5, pa.binary(2)),
    "view": pa.array(["a", "", None, "\u00e9", "a longer text, not inline"], pa.string_view()),
    "time": pa.array([1] * 5, pa.time32("s")),
    "dictionary": pa.array(["a", "b", None, "a", "b"]).dictionary_encode(),
    "duration": pa.array([1] * 5, pa.duration("s")),
    **{f"timestamp-{u}": pa.array(moments, pa.timestamp(u)) for u in ("s", "ms", "us", "ns")},
    "fixedlist": pa.array([[1, 2]] * 5, pa.list_(pa.int8(), 2)),
    "zoned": pa.array(moments, pa.timestamp("s", "America/New_York")),
    "view2": pa.array([b"a"] * 5, pa.binary_view()),
    "date32": pa.array([0, 19000, None, -1, 1], pa.date32()),
    "runs": pa.RunEndEncodedArray.from_arrays(pa.array([2, 5], "int32"), pa.array([1, 2])),
    "date64": pa.array([0, 19000 * 86_400_000, None, -86_400_000, 86_400_000], pa.date64()),
    "bool": pa.array([True, False, None, True, True]),
}
every = pa.table(types).replace_schema_metadata({"made": "by hand", "\u00e9": ""})
write("types.arrow", every)
few = every.select(["list", "int16", "union", "utf8", "view", "dictionary", "zoned", "bool", "decimal"])
write("types-lz4.arrows", few, "lz4", 3, True)
print(sum(f.stat().st_size for f in folder.iterdir()), "bytes")
