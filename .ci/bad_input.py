#!/usr/bin/env python3
"""Bad files and arguments: every one must be refused in one line, with status 2, and leave no output file.

    bad_input.py FOLDER     FOLDER holds the executables indicators, stream, catalog, demo and pages
"""

import gzip
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
    text("twice.csv", "symbol,time,open,high,low,close,close\nA,2024-01-01,1,1,1,1,1\n")
    text("word.csv", HEADER + rows(5) + "A,2024-03-01,1,2,high,1,5\n")
    text("comma.csv", HEADER + rows(5) + 'A,2024-03-01,1,"1,5",1,1,5\n')
    text("short_row.csv", HEADER + rows(5) + "A,2024-03-01,1,2\n")
    text("date.csv", HEADER + rows(5) + "A,2024-02-30,1,2,1,1,5\n")
    text("no_date.csv", HEADER + rows(5) + "A,,1,2,1,1,5\n")
    text("quote.csv", HEADER + rows(5) + '"A,2024-03-01,1,2,1,1,5\n')
    binary("bytes.csv", HEADER.encode() + b"\xff\xfe,2024-03-01,1,2,1,1,5\n")
    binary("noise.csv", bytes(range(256)) * 40)
    packed = gzip.compress((HEADER + rows(60) * 1).encode())
    binary("cut.csv.gz", packed[:len(packed) // 2])
    binary("plain.csv.gz", b"\x1f\x8b" + b"\0" * 40)
    damaged = bytearray(packed)
    damaged[-6] ^= 0xFF
    binary("checksum.csv.gz", bytes(damaged))
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
    (folder / "folder.csv").mkdir()
    (folder / "folder.npz").mkdir()


FILES = {
    "empty.csv": "header", "header.csv": "no rows", "no_close.csv": "close", "no_time.csv": "time",
    "twice.csv": "close", "word.csv": "low", "comma.csv": "high", "short_row.csv": "row 7", "date.csv": "row 7",
    "no_date.csv": "row 7", "quote.csv": "row 7", "bytes.csv": "symbol", "noise.csv": "noise.csv",
    "cut.csv.gz": "cut.csv.gz", "plain.csv.gz": "plain.csv.gz", "checksum.csv.gz": "checksum.csv.gz",
    "empty.npz": "empty.npz", "cut.npz": "cut.npz", "noise.npz": "noise.npz", "checksum.npz": "checksum",
    "no_low.npz": "low", "text_field.npz": "high", "objects.npz": "high", "complex.npz": "high",
    "shapes.npz": "low", "cube.npz": "[2, 2, 2]", "no_bars.npz": "no bars", "symbol_count.npz": "symbols",
    "symbol_twice.npz": "symbol A", "symbol_numbers.npz": "symbols", "time_count.npz": "time",
    "time_back.npz": "index 59", "time_twice.npz": "index 59", "time_text.npz": "time", "time_half.npz": "time",
    "prices.txt": "prices.txt", "absent.csv": "absent.csv", "absent.npz": "absent.npz", "folder.csv": "folder.csv",
    "folder.npz": "folder.npz",
}

INDICATORS = {
    "rsii": "did you mean rsi?", "RSI14": "RSI14", "bolinger": "did you mean bollinger?", "nothing_like_it": "nothing_like_it",
    "rsi(0)": "period", "rsi(-14)": "period", "rsi(99999999)": "period", "rsi(1.5)": "period", "rsi(nan)": "period",
    "rsi(inf)": "period", "rsi(abc)": "period", "rsi(period=)": "period", "rsi(perod=3)": "did you mean period?",
    "rsi(14": "parenthesis", "rsi 14)": "rsi 14)", "rsi(14))": "rsi(14)", "rsi(14,15)": "period",
    "rsi(period=14,period=15)": "period", "rsi(14,x=clos)": "did you mean close?", "rsi(x=close,y=open)": "y",
    "rsi(60)": "rsi", "sma(100000)": "sma", "bollinger(up=nan)": "up", "bollinger(up=1e300)": "up",
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
    ("stream", ["--input", "good.csv", "--indicators", "rsi", "--threads", "2"], "--threads"),
    ("stream", ["--input", "word.csv", "--indicators", "rsi"], "row 7"),
    ("stream", ["--input", "good.csv", "--indicators", "rsi(60)"], "rsi"),
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
    for line in wrong:
        print(line)
    if wrong:
        print(f"{count} bad inputs: {len(wrong)} not refused as they should be")
        return 1
    print(f"{count} bad inputs: all refused")
    return 0


if __name__ == "__main__":
    sys.exit(main())
