#!/usr/bin/env python3
"""Bad files and arguments: every one must be refused in one line, with status 2, and leave no output file.

    bad_input.py FOLDER     FOLDER holds the executables indicators, stream, trend, catalog, demo, pages, infer, predict, bars and backtest
"""

import gzip
import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import zipfile

HEADER = "symbol,time,open,high,low,close,volume\n"
FIELDS = ("open", "high", "low", "close", "volume")


def rows(count=60, symbol="A"):
    return "".join(
        f"{symbol},2024-{1 + k // 28:02}-{1 + k % 28:02},{10 + k % 7},{12 + k % 7},{9 + k % 7},{11 + k % 7},{100 + k}\n"
        for k in range(count))


def npy(values, shape, code="d", descr="<f8"):
    """An array in NumPy's format, version 1."""
    dictionary = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {tuple(shape)!r}, }}"
    header = dictionary.ljust((len(dictionary) + 11 + 63) // 64 * 64 - 11) + "\n"
    data = b"".join(struct.pack("<" + code, v) for v in values) if code else b"".join(values)
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + data


def texts(names):
    longest = max(map(len, names))
    return npy([n.encode("utf-32-le").ljust(longest * 4, b"\0") for n in names], [len(names)], None, f"<U{longest}")


def arrays(symbols=2, times=60, **changes):
    """The arrays of a good file; a change replaces one, or with None leaves it out."""
    result = {f: npy([10.0 + k % 7 + (f == "high") - (f == "low") for k in range(symbols * times)], [symbols, times])
              for f in FIELDS}
    result["symbols"] = texts([f"S{k}" for k in range(symbols)])
    result["time"] = npy(range(times), [times], "q", "<i8")
    for name, value in changes.items():
        if value is None:
            del result[name]
        else:
            result[name] = value
    return result


def npz(path, content):
    with zipfile.ZipFile(path, "w") as file:
        for name, data in content.items():
            file.writestr(name + ".npy", data)


COLUMNS = [{"name": "RSI", "formula": "rsi(5)"}, {"name": "STRETCH", "formula": "close / sma(3) - 1"}]
FEATURES = {"format": "martlet features", "version": 1, "name": "two", "columns": COLUMNS}
CONFIG = {"format": "martlet model", "version": 1}
MLP = CONFIG | {"architecture": "residual_mlp", "width": 4, "blocks": 0, "outputs": 2, "features": FEATURES}
TRANSFORMER = CONFIG | {"architecture": "transformer", "features": 2, "length": 5, "width": 4, "heads": 2, "layers": 1,
                        "feedForward": 8, "headWidth": 4, "activation": "gelu", "normFirst": True}


def tensors(shapes, changes):
    result = {name: npy([((k * 7 + len(name)) % 11 - 5) / 7 for k in range(size(shape))], shape)
              for name, shape in (shapes | changes).items() if isinstance(shape, list)}
    return result | {name: value for name, value in changes.items() if isinstance(value, bytes)}


def size(shape):
    count = 1
    for length in shape:
        count *= length
    return count


def config(value):
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return npy(text, [len(text)], "B", "|u1")


def mlp(description=MLP, **changes):
    """The arrays of a good model of two numbers; a change is another shape, an array, or None to leave one out."""
    changes = {name.replace("__", "."): value for name, value in changes.items()}
    result = tensors({"input.0.weight": [4, 2], "input.0.bias": [4], "input.1.weight": [4], "input.1.bias": [4],
                      "output.weight": [2, 4], "output.bias": [2]}, changes)
    return result | ({"config": config(description)} if description else {})


def transformer(description=TRANSFORMER):
    layer = {"self_attn.in_proj_weight": [12, 4], "self_attn.in_proj_bias": [12], "self_attn.out_proj.weight": [4, 4],
             "self_attn.out_proj.bias": [4], "linear1.weight": [8, 4], "linear1.bias": [8], "linear2.weight": [4, 8],
             "linear2.bias": [4], "norm1.weight": [4], "norm1.bias": [4], "norm2.weight": [4], "norm2.bias": [4]}
    shapes = {"pos_embedding": [1, 5, 4], "input_proj.weight": [4, 2], "input_proj.bias": [4],
              "encoder.norm.weight": [4], "encoder.norm.bias": [4], "head.0.weight": [4, 4], "head.0.bias": [4],
              "head.2.weight": [3, 4], "head.2.bias": [3]} | {f"encoder.layers.0.{k}": v for k, v in layer.items()}
    return tensors(shapes, {}) | {"config": config(description)}


def write_models(folder):
    def model(name, content):
        npz(folder / f"model_{name}.npz", content)

    model("good", mlp())
    model("windows", transformer())
    whole = (folder / "model_good.npz").read_bytes()
    (folder / "model_cut.npz").write_bytes(whole[:len(whole) * 2 // 3])
    (folder / "model_text.npz").write_text("weights")
    (folder / "model_cut.safetensors").write_bytes(b"\x40\0\0\0\0\0\0\0{\"a\":")
    model("missing", mlp(output__bias=None))
    model("extra", mlp(output__scale=[2]))
    model("shape", mlp(output__weight=[3, 4]))
    model("nan", mlp(input__0__bias=npy([0, 1, float("nan"), 2], [4])))
    model("infinite", mlp(input__0__bias=npy([0, 1, float("inf"), 2], [4])))
    model("complex", mlp(input__0__bias=npy([b"\0" * 16] * 4, [4], None, "<c16")))
    model("strings", mlp(input__0__bias=texts(["a"] * 4)))
    model("only_config", {"config": config(MLP)})
    model("not_json", mlp(b"{\"format\":"))
    model("not_utf8", mlp(b"\xff\xfe"))
    model("config_type", mlp(None) | {"config": npy([1.0], [1])})
    model("format", mlp(MLP | {"format": "other"}))
    model("version", mlp(MLP | {"version": 2}))
    model("architecture", mlp(MLP | {"architecture": "residual_mpl"}))
    model("member", mlp(MLP | {"widht": 4}))
    model("huge", mlp(MLP | {"width": 10**12}))
    model("width", mlp(MLP | {"width": "four"}))
    model("heads", transformer(TRANSFORMER | {"heads": 3}))
    model("formula", mlp(MLP | {"features": FEATURES | {"columns": [COLUMNS[0], {"name": "X", "formula": "rsii(5)"}]}}))
    model("columns", mlp(MLP | {"features": FEATURES | {"columns": COLUMNS[:1]}}))
    model("no_features", mlp(MLP | {"features": 2}))
    model("window", transformer(TRANSFORMER | {"features": FEATURES, "window": 6}))
    model("long", transformer(TRANSFORMER | {"features": FEATURES}))
    npz(folder / "samples.npz", {"input": npy([1.0] * 6, [3, 2])})
    npz(folder / "samples_wide.npz", {"input": npy([1.0] * 9, [3, 3])})
    npz(folder / "samples_cube.npz", {"input": npy([1.0] * 12, [3, 2, 2])})
    npz(folder / "samples_none.npz", {"input": npy([], [3, 0, 2])})
    npz(folder / "samples_steps.npz", {"input": npy([1.0] * 36, [3, 6, 2])})
    npz(folder / "samples_lengths.npz", {"input": npy([1.0] * 30, [3, 5, 2]), "lengths": npy([5, 0, 2], [3], "q", "<i8")})
    npz(folder / "samples_few.npz", {"input": npy([1.0] * 30, [3, 5, 2]), "lengths": npy([5, 2], [2], "q", "<i8")})
    npz(folder / "samples_text.npz", {"input": texts(["a"] * 6)})
    (folder / "weights.h5").write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(40))
    (folder / "weights.onnx").write_bytes(b"\x08\x08\x12\x07pytorch" + bytes(40))
    (folder / "weights.pt").write_bytes(b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.")
    (folder / "weights.gguf").write_bytes(b"GGUF\x03" + bytes(40))
    (folder / "weights").mkdir()
    (folder / "weights" / "config.json").write_text(json.dumps({"model_type": "bert"}))
    (folder / "features.json").write_text(json.dumps(FEATURES))
    (folder / "features_formula.json").write_text(json.dumps(FEATURES | {"columns": [{"name": "X", "formula": "rsi("}]}))
    (folder / "short.csv").write_text(HEADER + rows(4))


def backtest_cases():
    """What is wrong with what a backtest is asked for."""
    start = ["--input", "good.csv"]
    for options, word in [
        (["--strategy", "smaa"], "smaa"), (["--strategy", "absent.json"], "absent.json"),
        (["--strategy", "sma", "--set", "fast=50,slow=20"], "no combination"), (["--set", "fats=3"], "fats"),
        (["--strategy", "sma", "--set", "fast=1:5:1"], "--set"), (["--strategy", "sma", "--grid", "fast=5:1:1"], "fast"),
        (["--strategy", "sma", "--grid", ""], "--grid"), (["--strategy", "sma", "--grid", "fast=2.5"], "fast"),
        (["--strategy", "sma", "--grid", "fast=5|6", "--objective", "sharp"], "sharp"),
        (["--strategy", "sma", "--grid", "fast=5|6", "--walk-forward", "train=5"], "train"),
        (["--strategy", "sma", "--grid", "fast=5|6", "--walk-forward", "train=100000,test=5"], "too few"),
        (["--strategy", "sma", "--grid", "fast=5|6", "--from", "2019-01-01"], "--from"),
        (["--objective", "sharpe"], "--objective"), (["--resume"], "--resume"), (["--costs", "fee=-1"], "fee"),
        (["--costs", "free=1"], "free"), (["--capital", "0"], "capital"), (["--capital", "x"], "--capital"),
        (["--size", "weight=0"], "weight"), (["--size", "risk=0.01"], "stop loss"), (["--stop-loss", "200%"], "200"),
        (["--stop-loss", "-5%"], "-5"), (["--take-profit", "much"], "much"), (["--profile", "other"], "other"),
        (["--rules", "fill=open"], "open"), (["--from", "soon"], "soon"), (["--symbols", "NONE"], "NONE"),
        (["--clock", "mars"], "mars"), (["--bar-returns"], "--per-year"), (["--per-year", "0"], "periods a year"),
        (["--report", "out.txt"], "out.txt"), (["--output", "good.csv"], "good.csv"), (["--top", "0"], "--top"),
    ]:
        yield "backtest", [*start, *options], word
    yield "backtest", ["--strategy", "sma"], "--input"
    yield "backtest", ["--input", "absent.csv"], "absent.csv"


def trend_cases():
    """What is wrong with what the trend is asked for."""
    start = ["--input", "good.csv"]
    for options, word in [
        (["--profile", "pin"], "did you mean pine?"), (["--robustness", "wider"], "did you mean wide?"), (["--length", "6"], "length 6"),
        (["--lambda", "nan"], "--lambda"), (["--lambda", "-1"], "lambda -1"), (["--decay", "100"], "decay 100"), (["--long", "-0.2"], "longThreshold"),
        (["--cutout", "1000000"], "--cutout"), (["--output", "out.txt"], "out.txt"), (["--top", "0"], "--top"), (["--threads", "0"], "--threads"),
    ]:
        yield "trend", [*start, *options], word
    yield "trend", ["--scan"], "--input"
    yield "trend", ["--input", "absent.csv"], "absent.csv"


def model_cases():
    """What is wrong with models, samples and how they are asked for."""
    models = {
        "absent": "absent", "cut": "model_cut", "text": "model_text", "missing": "output.bias is missing",
        "extra": "output.scale", "shape": "output.weight is [3, 4]", "nan": "input.0.bias", "infinite": "input.0.bias",
        "complex": "input.0.bias", "strings": "input.0.bias", "only_config": "no tensors", "not_json": "config",
        "not_utf8": "UTF-8", "config_type": "config", "format": "format", "version": "version 2",
        "architecture": "did you mean residual_mlp?", "member": "widht", "huge": "width", "width": "width",
        "heads": "heads",
    }
    good = ["--model", "model_good.npz"]
    bars = ["--input", "good.csv", "--output", "out.csv"]
    for name, word in models.items():
        model = ["--model", f"model_{name}.npz"]
        yield "infer", [*model, "--input", "samples.npz", "--output", "out.npz"], word
        yield "predict", [*model, *bars], word
    yield "infer", ["--model", "model_cut.safetensors", "--input", "samples.npz", "--output", "out.npz"], "model_cut"
    yield "infer", ["--model", "good.npz", "--input", "samples.npz", "--output", "out.npz"], "no description"
    yield "predict", ["--model", "good.npz", *bars], "no description"
    for name, word in {"weights.h5": "HDF5", "weights.onnx": "ONNX", "weights.pt": "convert_weights.py", "weights.gguf": "GGUF",
                       "weights": "without tensors"}.items():
        yield "infer", ["--model", name, "--input", "samples.npz", "--output", "out.npz"], word
        yield "infer", ["--model", name, "--list"], word
    yield "infer", ["--model", "model_good.npz", "--config", "absent.json", "--input", "samples.npz", "--output", "out.npz"], "absent.json"
    yield "infer", ["--model", "model_good.npz", "--config", "features.json", "--input", "samples.npz", "--output", "out.npz"], "features.json"
    yield "infer", ["--list"], "--model"
    yield "infer", ["--model", "model_good.npz", "--output", "out.npz"], "--input"
    for name, word in {"wide": "[3, 3]", "cube": "[3, 2, 2]", "text": "input", "absent": "samples_absent"}.items():
        yield "infer", [*good, "--input", f"samples_{name}.npz", "--output", "out.npz"], word
    for name, word in {"none": "no steps", "steps": "6 steps", "lengths": "lengths", "few": "lengths"}.items():
        yield "infer", ["--model", "model_windows.npz", "--input", f"samples_{name}.npz", "--output", "out.npz"], word
    samples = [*good, "--input", "samples.npz"]
    out = ["--output", "out.npz"]
    yield "infer", [*good, "--input", "good.npz", *out], "none of the model's inputs"
    yield "infer", [*good, "--input", "good.csv", *out], "good.csv"
    for options, word in [
        ([], "--output"), (["--output", "missing/out.npz"], "missing/out.npz"), (["--output", "folder.npz"], "folder.npz"),
        (["--output", "out.csv"], "out.csv"), (["--output", "samples.npz"], "samples.npz"),
        (["--output", "model_good.npz"], "model_good.npz"), ([*out, "--precision", "float16"], "--precision"),
        ([*out, "--precision", "int4"], "did you mean int8?"), ([*out, "--quantize", "int4"], "--quantize"),
        ([*out, "--quantize", "int8", "--precision", "float32"], "--quantize"), ([*out, "--batch", "0"], "--batch"),
        ([*out, "--batch", "many"], "--batch"), ([*out, "--threads", "0"], "--threads"),
    ]:
        yield "infer", [*samples, *options], word
    for file, word in {"word.csv": "row 7", "absent.csv": "absent.csv", "no_low.npz": "low", "cut.csv.gz": "cut.csv.gz",
                       "days.csv": "dates=dmy"}.items():
        yield "predict", [*good, "--input", file, "--output", "out.csv"], word
    long = ["--model", "model_long.npz"]
    for arguments, word in [
        (bars, "--model"), ([*good, "--architecture", "transformer", *bars], "--model"),
        ([*good, "--seed", "3", *bars], "--seed"), (["--architecture", "transformr", *bars], "did you mean transformer?"),
        (["--architecture", "absent.json", *bars], "absent.json"), (["--architecture", "features.json", *bars], "format"),
        (["--architecture", "transformer", "--seed", "-1", *bars], "--seed"), (good, "--input"),
        ([*good, "--input", "good.csv", "--symbols", "5"], "--input"), ([*good, *bars, "--bars", "5"], "--bars"),
        ([*good, "--symbols", "0"], "--symbols"), ([*good, "--symbols", "100000", "--bars", "1000"], "--symbols"),
        (["--model", "model_formula.npz", *bars], "did you mean rsi?"), (["--model", "model_columns.npz", *bars], "input.0.weight"),
        (["--model", "model_no_features.npz", *bars], "--features"),
        (["--model", "model_no_features.npz", "--features", "transformer111", *bars], "111 columns"),
        ([*good, "--features", "transformer112", *bars], "did you mean transformer111?"),
        ([*good, "--features", "absent.json", *bars], "absent.json"),
        ([*good, "--features", "features_formula.json", *bars], "features_formula.json"),
        (["--model", "model_window.npz", *bars], "window"), ([*long, "--window", "6", *bars], "window"),
        ([*long, "--window", "0", *bars], "--window"), ([*long, "--input", "short.csv", "--output", "out.csv"], "5 bars"),
        ([*good, *bars, "--by", "up"], "--by"), ([*good, *bars, "--top", "-1"], "--top"),
        ([*good, *bars, "--precision", "double"], "--precision"), ([*good, *bars, "--clock", "mars"], "mars"),
        ([*good, "--input", "good.csv", "--output", "out.txt"], "out.txt"),
        ([*good, "--input", "good.csv", "--output", "missing/out.csv"], "missing/out.csv"),
        ([*good, "--input", "good.csv", "--output", "good.csv"], "good.csv"),
        ([*good, "--input", "good.csv", "--write-model", "model_good.npz"], "model_good.npz"),
        ([*good, *bars, "--write-model", "missing/model.npz"], "missing/model.npz"),
        ([*good, *bars, "--write-model", "model.safetensors"], "model.safetensors"),
    ]:
        yield "predict", arguments, word


def write_files(folder):
    """Name → (file, words of which one must be in the message)."""
    def text(name, content):
        (folder / name).write_text(content)

    def binary(name, content):
        (folder / name).write_bytes(content)

    text("good.csv", HEADER + rows())
    text("empty.csv", "")
    text("header.csv", HEADER)
    text("no_close.csv", "symbol,time,open,high,low,volume\nA,2024-01-01,1,1,1,1\n")
    text("no_time.csv", "symbol,open,high,low,close,volume\nA,1,1,1,1,1\n")
    text("twice.csv", "symbol,time,open,high,low,close,close\nA,2024-01-01,1,1,1,1,2\n")
    text("word.csv", HEADER + rows(5) + "A,2024-03-01,1,2,high,1,5\n")
    text("comma.csv", HEADER + rows(5) + 'A,2024-03-01,1,"1,23,4",1,1,5\n')
    text("short_row.csv", HEADER + rows(5) + "A,2024-03-01,1,2\n")
    text("date.csv", HEADER + rows(5) + "A,2024-02-30,1,2,1,1,5\n")
    text("no_date.csv", HEADER + rows(5) + "A,,1,2,1,1,5\n")
    text("quote.csv", HEADER + rows(5) + '"A,2024-03-01,1,2,1,1,5\n')
    text("days.csv", "date,open,high,low,close\n" + "".join(f"0{k}/0{k + 1}/2024,1,2,1,1\n" for k in range(1, 9)))
    text("bare.csv", "2024-01-02,4,3,2,1,5,6\n2024-01-03,4,3,2,1,5,6\n")
    text("web.csv", "<!DOCTYPE html><html><body>404</body></html>\n")
    binary("table.parquet", b"PAR1" + bytes(60))
    binary("noise.csv", bytes(range(256)) * 40)
    packed = gzip.compress((HEADER + rows(60) * 1).encode())
    binary("cut.csv.gz", packed[:len(packed) // 2])
    binary("plain.csv.gz", b"\x1f\x8b" + b"\0" * 40)
    damaged = bytearray(packed)
    damaged[-6] ^= 0xFF
    binary("checksum.csv.gz", bytes(damaged))
    binary("cut.arrow", b"ARROW1\0\0" + b"\xff" * 60)
    binary("stream.arrows", b"\xff\xff\xff\xff\x40\0\0\0" + b"\0" * 64)
    npz(folder / "good.npz", arrays())
    whole = (folder / "good.npz").read_bytes()
    binary("empty.npz", b"")
    binary("cut.npz", whole[:len(whole) * 2 // 3])
    binary("noise.npz", b"PK\x03\x04" + bytes(range(256)) * 8)
    damaged = bytearray(whole)
    damaged[400] ^= 0xFF
    binary("checksum.npz", bytes(damaged))
    npz(folder / "no_low.npz", arrays(low=None))
    npz(folder / "text_field.npz", arrays(high=texts(["a"] * 120)))
    npz(folder / "objects.npz", arrays(high=npy([b"x" * 8] * 120, [2, 60], None, "|O")))
    npz(folder / "complex.npz", arrays(high=npy([b"\0" * 16] * 120, [2, 60], None, "<c16")))
    npz(folder / "shapes.npz", arrays(low=npy([1.0] * 118, [2, 59])))
    npz(folder / "cube.npz", {f: npy([1.0] * 8, [2, 2, 2]) for f in FIELDS})
    npz(folder / "no_bars.npz", {f: npy([], [0, 60]) for f in FIELDS})
    npz(folder / "symbol_count.npz", arrays(symbols=2) | {"symbols": texts(["A", "B", "C"])})
    npz(folder / "symbol_twice.npz", arrays(symbols=2) | {"symbols": texts(["A", "A"])})
    npz(folder / "symbol_numbers.npz", arrays(symbols=2) | {"symbols": npy([1, 2], [2], "q", "<i8")})
    npz(folder / "time_count.npz", arrays(time=npy(range(59), [59], "q", "<i8")))
    npz(folder / "time_back.npz", arrays(time=npy([*range(58), 60, 59], [60], "q", "<i8")))
    npz(folder / "time_twice.npz", arrays(time=npy([*range(59), 58], [60], "q", "<i8")))
    npz(folder / "time_text.npz", arrays(time=texts([str(k) for k in range(60)])))
    npz(folder / "time_half.npz", arrays(time=npy([k + 0.5 for k in range(60)], [60])))
    text("prices.txt", HEADER + rows())
    text("no_graph.json", '{"symbols": 3}')
    text("no_symbols.json", '{"symbols": []}')
    write_models(folder)
    (folder / "folder.csv").mkdir()
    (folder / "folder.npz").mkdir()


FILES = {
    "empty.csv": "header", "header.csv": "no rows", "no_close.csv": "close", "no_time.csv": "time",
    "twice.csv": "close", "word.csv": "low", "comma.csv": "high", "short_row.csv": "row 7", "date.csv": "row 7",
    "no_date.csv": "row 7", "quote.csv": "row 7", "days.csv": "dates=dmy", "bare.csv": "columns=", "web.csv": "web page", "table.parquet": "Parquet", "noise.csv": "noise.csv",
    "cut.csv.gz": "cut.csv.gz", "plain.csv.gz": "plain.csv.gz", "checksum.csv.gz": "checksum.csv.gz",
    "cut.arrow": "cut off", "stream.arrows": "damaged",
    "empty.npz": "empty.npz", "cut.npz": "cut.npz", "noise.npz": "noise.npz", "checksum.npz": "checksum",
    "no_low.npz": "low", "text_field.npz": "high", "objects.npz": "high", "complex.npz": "high",
    "shapes.npz": "low", "cube.npz": "[2, 2, 2]", "no_bars.npz": "no bars", "symbol_count.npz": "symbols",
    "symbol_twice.npz": "symbol A", "symbol_numbers.npz": "symbols", "time_count.npz": "time",
    "time_back.npz": "index 59", "time_twice.npz": "index 59", "time_text.npz": "time", "time_half.npz": "time",
    "absent.csv": "absent.csv", "absent.npz": "absent.npz", "folder.csv": "folder.csv",
    "folder.npz": "folder.npz",
}

INDICATORS = {
    "rsii": "did you mean rsi?", "RSI14": "RSI14", "bolinger": "did you mean bollinger?", "nothing_like_it": "nothing_like_it",
    "rsi(0)": "period", "rsi(-14)": "period", "rsi(99999999)": "period", "rsi(1.5)": "period", "rsi(nan)": "period",
    "rsi(inf)": "period", "rsi(abc)": "period", "rsi(period=)": "period", "rsi(perod=3)": "did you mean period?",
    "rsi(14": "parenthesis", "rsi 14)": "rsi 14)", "rsi(14))": "rsi(14)", "rsi(14,15)": "period",
    "rsi(period=14,period=15)": "period", "rsi(14,x=clos)": "did you mean close?", "rsi(x=close,y=open)": "y",
    "bollinger(up=nan)": "up", "bollinger(up=1e300)": "up",
    "macd(fast=12,slow=26,signal=0)": "signal", "macd(maTypes=ema/sma)": "maTypes", "macd(fixed=maybe)": "fixed",
    "macd(seedAlign=both)": "seedAlign", "macd(fixed=true,fast=5)": "fixed", "ema(seed=smma)": "seed",
    "": "--indicators", ",": "empty name", "rsi(14),,sma": "empty name", "features112": "features112", "missing.json": "missing.json",
    "features112": "features112", "all(3)": "all", "all,rsii": "rsii", "rsi(999999999999999999999)": "period",
}

ARGUMENTS = [
    ("indicators", [], "--input"),
    ("indicators", ["--input", "good.csv"], "--indicators"),
    ("indicators", ["--indicators", "all"], "--input"),
    ("indicators", ["--input", "--indicators", "all"], "--input"),
    ("indicators", ["--input", "good.csv", "--indicators"], "--indicators"),
    ("indicators", ["--input", "good.csv", "--input", "good.csv", "--indicators", "rsi"], "--input"),
    ("indicators", ["--input", "good.csv", "--indicators", "rsi", "--last", "--last"], "--last"),
    ("indicators", ["--input", "good.csv", "--indicators", "rsi", "--last=yes"], "--last"),
    ("indicators", ["--input", "good.csv", "--indicators", "rsi", "surplus"], "surplus"),
    ("indicators", ["--input", "good.csv", "--indicator", "rsi"], "did you mean --indicators?"),
    ("indicators", ["--input", "good.csv", "--indicators", "rsi", "--frobnicate"], "--frobnicate"),
    ("indicators", ["--input", "good.csv", "--indicators", "rsi", "--chart", "nobody"], "nobody"),
    ("indicators", ["--input", "good.csv", "--indicators", "rsi", "--chart", "A", "--output", "a.png"], ".svg, .html"),
    ("indicators", ["--input", "good.csv", "--indicators", "rsi", "--chart", "A", "--last"], "--last"),
    ("indicators", ["--input", "good.csv", "--indicators", "features111", "--chart", "A"], "--chart"),
    ("indicators", ["--input", "good.csv", "--indicators", "rsi", "--chart", "A", "--bars", "0"], "--bars"),
    ("indicators", ["--input", "good.csv", "--indicators", "rsi", "--bars", "5"], "--bars"),
    ("stream", ["--input", "good.csv", "--indicators", "rsi", "--threads", "2"], "--threads"),
    ("stream", ["--input", "word.csv", "--indicators", "rsi"], "row 7"),
    ("catalog", ["--jsn"], "did you mean --json?"),
    ("demo", ["--symbols", "0"], "--symbols"),
    ("demo", ["--bars", "many"], "--bars"),
    ("demo", ["--symbols", "100000", "--bars", "10000000"], "--symbols"),
    ("demo", ["--data", "absent.csv"], "absent.csv"),
    ("demo", ["--data", "good.csv", "--bars", "200"], "--data"),
    ("pages", ["--symbols", "no_graph.json"], "--output"),
    ("pages", ["--symbols", "absent.json", "--output", "out"], "absent.json"),
    ("pages", ["--symbols", "good.csv", "--output", "out"], "good.csv"),
    ("pages", ["--symbols", "no_graph.json", "--output", "out"], "no_graph.json"),
    ("pages", ["--symbols", "no_symbols.json", "--output", "out"], "no method"),
]

MORE = [
    (["--within", "3d"], "--within"), (["--last", "--within", "3 weeks"], "3 weeks"), (["--last", "--within", "-3d"], "-3d"),
    (["--last", "--within", ""], "--within"), (["--last", "--within", "99999999d"], "99999999d"), (["--clock", "newyork"], "newYork"),
    (["--mode", "fast"], "--mode"), (["--mode", "chunk:0"], "--mode"), (["--mode", "chunk:-3"], "--mode"),
    (["--mode", "chunk:"], "--mode"), (["--mode", "chunk:x"], "--mode"), (["--mode", "steam"], "did you mean stream?"),
    (["--threads", "0"], "--threads"), (["--threads", "-1"], "--threads"), (["--threads", "abc"], "--threads"),
    (["--threads", "1e9"], "--threads"), (["--dtype", "float16"], "--dtype"), (["--dtype", "Float64"], "--dtype"),
    (["--output", "missing/out.npz"], "missing/out.npz"), (["--output", "folder.npz"], "folder.npz"),
    (["--output", "out.txt"], "out.txt"), (["--output", "out.csv.gz"], "out.csv.gz"), (["--output", "/dev/full"], "/dev/full"),
    (["--output", "good.csv"], "input file"),
]


def cases():
    for file, word in FILES.items():
        for output in ("out.npz", "out.csv"):
            yield "indicators", ["--input", file, "--indicators", "rsi(14),obv", "--output", output], word
    for text, word in INDICATORS.items():
        yield "indicators", ["--input", "good.csv", "--indicators", text, "--output", "out.npz"], word
        yield "indicators", ["--input", "good.npz", "--indicators", text, "--output", "out.csv", "--mode", "stream"], word
    for options, word in MORE:
        yield "indicators", ["--input", "good.csv", "--indicators", "rsi", *options], word
    yield from ARGUMENTS
    yield from trend_cases()
    yield from backtest_cases()
    yield from model_cases()


def main():
    programs = pathlib.Path(sys.argv[1]).resolve()
    wrong = []
    count = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        write_files(folder)
        before = sorted(os.listdir(folder))
        good = (folder / "good.csv").read_bytes()
        # An output that was there must stay as it was.
        kept = b"kept"
        for program, arguments, word in cases():
            for existing in (False, True) if "out.npz" in arguments else (False,):
                if existing:
                    (folder / "out.npz").write_bytes(kept)
                done = subprocess.run([programs / program, *arguments], cwd=folder, capture_output=True, timeout=120)
                count += 1
                message = done.stderr.decode(errors="replace")
                says = []
                if done.returncode != 2:
                    says.append(f"status {done.returncode}, not 2")
                if message.count("\n") != 1 or not message.startswith(program + ": "):
                    says.append(f"{message.count(chr(10))} lines on standard error")
                if word not in message:
                    says.append(f"does not name {word!r}")
                if done.stdout:
                    says.append("wrote to standard output")
                if existing:
                    if (folder / "out.npz").read_bytes() != kept:
                        says.append("the output that was there changed")
                    (folder / "out.npz").unlink()
                if sorted(os.listdir(folder)) != before or (folder / "good.csv").read_bytes() != good:
                    says.append(f"files changed: {sorted(set(os.listdir(folder)) ^ set(before))}")
                    for left in set(os.listdir(folder)) - set(before):
                        (folder / left).unlink()
                if says:
                    wrong.append(f"{program} {' '.join(arguments)}: {'; '.join(says)}: {message.strip()[:300]}")
        # The files that the bad ones were made from are good.
        for file in ("good.csv", "good.npz"):
            done = subprocess.run(
                [programs / "indicators", "--input", file, "--indicators", "rsi,macd", "--output", "out.npz"],
                cwd=folder, capture_output=True, timeout=120)
            if done.returncode != 0 or not (folder / "out.npz").exists():
                wrong.append(f"{file}: status {done.returncode}: {done.stderr.decode(errors='replace').strip()[:300]}")
            (folder / "out.npz").unlink(missing_ok=True)
        for program, arguments in [
            ("infer", ["--model", "model_good.npz", "--input", "samples.npz", "--output", "out.npz"]),
            ("predict", ["--model", "model_good.npz", "--input", "good.csv", "--write-model", "out.npz"]),
            ("predict", ["--model", "model_long.npz", "--input", "good.npz", "--write-model", "out.npz"]),
            ("predict", ["--model", "model_no_features.npz", "--features", "features.json", "--input", "good.csv",
                         "--write-model", "out.npz"]),
        ]:
            done = subprocess.run([programs / program, *arguments], cwd=folder, capture_output=True, timeout=120)
            if done.returncode != 0 or not (folder / "out.npz").exists():
                wrong.append(f"{arguments}: status {done.returncode}: {done.stderr.decode(errors='replace').strip()[:300]}")
            (folder / "out.npz").unlink(missing_ok=True)
    for line in wrong:
        print(line)
    if wrong:
        print(f"{count} bad inputs: {len(wrong)} not refused as they should be")
        return 1
    print(f"{count} bad inputs: all refused")
    return 0


if __name__ == "__main__":
    sys.exit(main())
