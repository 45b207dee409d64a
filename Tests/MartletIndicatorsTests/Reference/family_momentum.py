"""Momentum oscillators: reference rows.

Values are TA-Lib's where TA-Lib 0.8.1 has the function, otherwise those of the formula below, which is
then compared with pandas-ta-classic 0.8.32, talipp 2.7.0 or Tulip 0.9 (newtulipy 0.4.6) where these
have it. Windows are recomputed from scratch.
"""

import numpy as np
import pandas
import pandas_ta_classic as pandas_ta
import talib
import talipp.indicators as talipp
import tulipy

import formulas as F
from formulas import (NAN, NOISE, average, average_lookback, blank, ema, put, rma, rolling_max, rolling_min, sma, windows,
                      wma)
from make_reference import TYPES
from rows import ALL_SETS, row

MOST = ("walk", "flat", "tiny", "huge", "ties", "constant")
SOME = ("walk", "trend", "flat", "tiny", "gaps", "ties")
NEVER_STILL = ("walk", "trend", "tiny", "huge", "gaps", "ties", "spread")
POSITIVE = tuple(name for name in ALL_SETS if name != "spread")


def accepted(call):
    """TA-Lib's values, None where it rejects the parameters."""
    try:
        return call()
    except Exception as problem:
        if "TA_BAD_PARAM" not in str(problem):
            raise
        return None


def given(formula, name, call):
    """TA-Lib's values with the formula as second source; the formula alone where TA-Lib rejects the
    call. TA-Lib trims the outputs of a function to the latest start: before it stands the formula."""
    values = accepted(call)
    if values is None:
        return "NumPy formula", formula
    filled = np.where(np.isnan(values), formula, values)
    early = "" if np.isnan(values).sum() == np.isnan(filled).sum() else " (before its start: NumPy formula)"
    return f"TA-Lib {name}{early}", filled, formula


def compared(formula, name, call, keep=None):
    """The formula's values, compared with another library where that has values."""
    other = call()
    if other is None:
        return "NumPy formula", formula
    other = np.asarray(other, dtype=np.float64)
    usable = ~np.isnan(other) & ~np.isnan(formula) if keep is None else keep(other)
    if not usable.any():
        return "NumPy formula", formula
    return f"NumPy formula ({name} agrees)", formula, np.where(usable, other, formula)


def divided(a, b, empty=0.0):
    none = b == 0
    value = np.where(none, empty, a / np.where(none, 1, b))
    return np.where(np.isnan(a) | np.isnan(b), NAN, value)


def lag(x, n):
    out = blank(len(x))
    out[n:] = x[:len(x) - n] if n else x
    return out


def roc(x, n):
    past = lag(x, n)
    return np.where(past == 0, 0.0, 100 * (x / np.where(past == 0, 1, past) - 1))


def rsi(x, n):
    head = F.start_of(x)
    out = blank(len(x))
    out[head:] = F.f_rsi(None, x[head:], n)["rsi"]
    return out


def chained(x, *lengths):
    for n in lengths:
        x = ema(x, n)
    return x


def rolling(x, n, function):
    head = F.start_of(x)
    return np.concatenate([blank(head), put(len(x) - head, n - 1, function(windows(x[head:], n)))])


def total(x, n):
    return rolling(x, n, lambda w: w.sum(axis=1))


def highest(x, n):
    return rolling(x, n, lambda w: w.max(axis=1))


def lowest(x, n):
    return rolling(x, n, lambda w: w.min(axis=1))


def frame(b):
    return {k: pandas.Series(b[k]) for k in b}


@row("mom", [{"period": 10}, {"period": 1}, {"period": 2, "sets": MOST}, {"period": 25, "sets": SOME},
             {"period": 200, "sets": SOME}, {"period": 7, "inputs": {"x": "volume"}, "sets": SOME}],
     lambda p: p["period"])
def mom(b, x, p):
    n = p["period"]
    return {"mom": given(x - lag(x, n), "MOM", lambda: talib.MOM(x, n))}


@row("stochRsi", [{"rsiPeriod": r, "kPeriod": k, "dPeriod": d, "kSmooth": s, **more} for r, k, d, s, more in (
        (14, 5, 3, 1, {}), (14, 14, 3, 3, {}), (2, 2, 2, 1, {"sets": SOME}), (1, 1, 1, 1, {"sets": SOME}),
        (30, 50, 9, 1, {"sets": SOME}), (9, 21, 5, 4, {"sets": SOME, "inputs": {"x": "high"}}))],
     lambda p: {"k": p["rsiPeriod"] + p["kPeriod"] + p["kSmooth"] - 2,
                "d": p["rsiPeriod"] + p["kPeriod"] + p["kSmooth"] + p["dPeriod"] - 3}, scale="percent")
def stoch_rsi(b, x, p):
    r = rsi(x, p["rsiPeriod"])
    top, bottom = highest(r, p["kPeriod"]), lowest(r, p["kPeriod"])
    width = top - bottom
    width[width <= NOISE * (top + bottom)] = 0
    k = sma(divided(100 * (r - bottom), width), p["kSmooth"])
    d = sma(k, p["dPeriod"])
    if p["kSmooth"] > 1:
        return {"k": ("NumPy formula", k), "d": ("NumPy formula", d)}
    call = lambda: talib.STOCHRSI(x, p["rsiPeriod"], p["kPeriod"], p["dPeriod"])
    return {"k": given(k, "STOCHRSI", lambda: call()[0]), "d": given(d, "STOCHRSI", lambda: call()[1])}


@row("connorsRsi", [{"rsi": r, "streak": s, "rank": n, "exactTies": True, **more} for r, s, n, more in (
        (3, 2, 100, {}), (1, 1, 1, {"sets": SOME}), (14, 9, 20, {"sets": MOST}), (2, 30, 7, {"sets": SOME}),
        (60, 5, 50, {"sets": SOME, "inputs": {"x": "open"}}))],
     lambda p: {"crsi": max(p["rsi"], p["streak"] + 1, p["rank"] + 1), "streak": 1},
     scale={"crsi": "percent", "streak": "unit"})
def connors_rsi(b, x, p):
    streak, run = blank(len(x)), 0.0
    for t in range(1, len(x)):
        if x[t] == x[t - 1]:
            run = 0.0
        elif x[t] > x[t - 1]:
            run = max(run, 0.0) + 1
        else:
            run = min(run, 0.0) - 1
        streak[t] = run
    returns = roc(x, 1) / 100
    n = p["rank"]
    share = rolling(returns, n + 1, lambda w: 100 * (w[:, :-1] < w[:, -1:]).sum(axis=1) / n)
    crsi = (rsi(x, p["rsi"]) + rsi(streak, p["streak"]) + share) / 3
    parts = accepted(lambda: (talib.RSI(x, p["rsi"]) + talib.RSI(streak, p["streak"])
                              + talib.PERCENTRANK(talib.ROCP(x, 1), n)) / 3)
    found = ("NumPy formula", crsi) if parts is None else (
        "TA-Lib RSI, PERCENTRANK of ROCP, put together as its CRSI", parts, crsi)
    return {"crsi": found, "streak": ("NumPy formula", streak)}


@row("smi", [{"period": n, "first": f, "second": s, "signal": g, **more} for n, f, s, g, more in (
        (13, 25, 2, 9, {}), (1, 1, 1, 1, {"sets": SOME}), (2, 2, 2, 2, {"sets": SOME}), (5, 3, 9, 4, {"sets": MOST}),
        (40, 20, 10, 20, {"sets": SOME}))],
     lambda p: {"smi": p["period"] + p["first"] + p["second"] - 3,
                "signal": p["period"] + p["first"] + p["second"] + p["signal"] - 4}, scale="percent")
def smi(b, x, p):
    top, bottom = rolling_max(b["high"], p["period"]), rolling_min(b["low"], p["period"])
    lengths = (p["first"], p["second"])
    line = divided(100 * chained(b["close"] - (top + bottom) / 2, *lengths), chained(top - bottom, *lengths) / 2)
    signal = ema(line, p["signal"])
    call = lambda: talib.SMI(b["high"], b["low"], b["close"], p["period"], p["second"], p["first"], p["signal"])
    return {"smi": given(line, "SMI", lambda: call()[0]), "signal": given(signal, "SMI", lambda: call()[1])}


@row("willR", [{"period": 14}, {"period": 1, "sets": MOST}, {"period": 2}, {"period": 5, "sets": MOST},
               {"period": 30, "sets": SOME}, {"period": 200, "sets": SOME}],
     lambda p: p["period"] - 1, scale="percent")
def will_r(b, x, p):
    n = p["period"]
    top, bottom = rolling_max(b["high"], n), rolling_min(b["low"], n)
    width = top - bottom
    width[width <= NOISE * (np.abs(top) + np.abs(bottom))] = 0
    line = divided(-100 * (top - b["close"]), width)
    return {"willR": given(line, "WILLR", lambda: talib.WILLR(b["high"], b["low"], b["close"], n))}


def ppo_starts(p):
    kind = p.get("maType", "ema")
    first = max(average_lookback(kind, p["fast"]), average_lookback(kind, p["slow"]))
    late = first + average_lookback(kind, p["signal"])
    return {"ppo": first, "apo": first, "signal": late, "histogram": late}


@row("ppo", [{"fast": f, "slow": s, "signal": g, "maType": kind, **more} for f, s, g, kind, more in (
        (12, 26, 9, "ema", {}), (1, 2, 1, "ema", {"sets": SOME}), (26, 12, 9, "ema", {"sets": SOME}),
        (12, 26, 9, "sma", {"sets": MOST}), (5, 35, 5, "wma", {"sets": SOME}),
        (5, 9, 4, "kama", {"sets": SOME}), (6, 13, 5, "tema", {"sets": ("walk", "gaps")}),
        (10, 20, 5, "rma", {"sets": ("walk", "flat")}), (1, 1, 3, "sma", {"sets": ("walk", "ties")}),
        *((5, 11, 4, kind, {"sets": ("walk", "flat")}) for kind in (
            "dema", "trima", "t3", "hma", "zlema", "mama", "vidya", "alma")),
        (12, 26, 9, "ema", {"inputs": {"x": "volume"}, "sets": ("walk", "gaps")}),
        (5, 14, 9, "sma", {"inputs": {"x": "volume"}, "sets": ("walk", "gaps", "flat")}))],
     ppo_starts, scale={"ppo": "percent", "apo": "input", "signal": "percent", "histogram": "percent"}, sets=POSITIVE)
def ppo(b, x, p):
    kind = p["maType"]
    fast, slow = sorted((p["fast"], p["slow"]))
    base = average(kind, x, slow)
    apo = average(kind, x, fast) - base
    share = divided(100 * apo, base)
    signal = average(kind, share, p["signal"])
    mine = {"ppo": share, "apo": apo, "signal": signal, "histogram": share - signal}
    lib = accepted(lambda: talib.PPO(x, p["fast"], p["slow"], TYPES[kind])) if kind in TYPES else None
    if lib is None:
        return {name: ("NumPy formula", values) for name, values in mine.items()}
    line = talib.MA(lib, p["signal"], TYPES[kind])
    theirs = {"ppo": ("TA-Lib PPO", lib), "apo": ("TA-Lib APO", talib.APO(x, p["fast"], p["slow"], TYPES[kind])),
              "signal": ("TA-Lib MA of PPO", line), "histogram": ("TA-Lib PPO - MA of PPO", lib - line)}
    if p["inputs"].get("x") == "volume":
        theirs["ppo"] = (f"TA-Lib PVO{' (Tulip vosc is the same)' if kind == 'sma' else ''}",
                         talib.PVO(x, p["fast"], p["slow"], TYPES[kind]))
    return {name: (*theirs[name], mine[name]) for name in mine}


@row("awesome", [{"fast": f, "slow": s, "signal": g, **more} for f, s, g, more in (
        (5, 34, 5, {}), (1, 2, 1, {"sets": SOME}), (3, 10, 4, {"sets": MOST}), (34, 5, 9, {"sets": SOME}),
        (20, 150, 30, {"sets": SOME}))],
     lambda p: {"ao": max(p["fast"], p["slow"]) - 1, "ac": max(p["fast"], p["slow"]) + p["signal"] - 2})
def awesome(b, x, p):
    middle = (b["high"] + b["low"]) / 2
    ao = sma(middle, p["fast"]) - sma(middle, p["slow"])
    ac = ao - sma(ao, p["signal"])
    h, l = b["high"], b["low"]
    return {"ao": given(ao, "AO", lambda: talib.AO(h, l, p["fast"], p["slow"])),
            "ac": given(ac, "AC", lambda: talib.AC(h, l, p["fast"], p["slow"], p["signal"]))}


@row("trix", [{"period": n, "signal": g, **more} for n, g, more in (
        (30, 9, {}), (1, 1, {"sets": SOME}), (2, 3, {"sets": MOST}), (9, 5, {"sets": MOST}), (50, 30, {"sets": SOME}),
        (14, 9, {"inputs": {"x": "low"}, "sets": SOME}))],
     lambda p: {"trix": 3 * p["period"] - 2, "signal": 3 * p["period"] - 3 + p["signal"]}, scale="percent", sets=POSITIVE)
def trix(b, x, p):
    n = p["period"]
    line = roc(chained(x, n, n, n), 1)
    found = given(line, "TRIX", lambda: talib.TRIX(x, n))
    return {"trix": found, "signal": ("TA-Lib EMA of TRIX", talib.EMA(found[1], p["signal"]), ema(line, p["signal"]))}


@row("tsi", [{"first": f, "second": s, "signal": g, **more} for f, s, g, more in (
        (25, 13, 13, {}), (1, 1, 1, {"sets": SOME}), (2, 2, 5, {"sets": SOME}), (5, 9, 4, {"sets": MOST}),
        (60, 30, 20, {"sets": SOME}), (13, 25, 7, {"inputs": {"x": "high"}, "sets": SOME}))],
     lambda p: {"tsi": p["first"] + p["second"] - 1, "signal": p["first"] + p["second"] + p["signal"] - 2},
     scale="percent")
def tsi(b, x, p):
    change = x - lag(x, 1)
    lengths = (p["first"], p["second"])
    line = divided(100 * chained(change, *lengths), chained(np.abs(change), *lengths))
    found = given(line, "TSI", lambda: talib.TSI(x, p["first"], p["second"]))
    return {"tsi": found, "signal": ("TA-Lib EMA of TSI", talib.EMA(found[1], p["signal"]), ema(line, p["signal"]))}


@row("cmo", [{"period": n, "smoothing": kind, **more} for n, kind, more in (
        (14, "wilder", {}), (14, "none", {}), (1, "wilder", {"sets": SOME}), (1, "none", {"sets": SOME}),
        (2, "wilder", {"sets": SOME}), (5, "none", {"sets": MOST}), (30, "wilder", {"sets": SOME}),
        (100, "none", {"sets": SOME}), (20, "none", {"inputs": {"x": "volume"}, "sets": SOME}))],
     lambda p: p["period"], scale="percent")
def cmo(b, x, p):
    n = p["period"]
    change = x - lag(x, 1)
    add = (lambda moves: rma(moves, n)) if p["smoothing"] == "wilder" else (lambda moves: total(moves, n))
    up, down = add(np.maximum(change, 0)), add(np.maximum(-change, 0))
    name = "CMO" if p["smoothing"] == "wilder" else "CMOU"
    return {"cmo": given(divided(100 * (up - down), up + down), name, lambda: getattr(talib, name)(x, n))}


@row("ultOsc", [{"p1": a, "p2": c, "p3": d, **more} for a, c, d, more in (
        (7, 14, 28, {}), (1, 1, 1, {"sets": SOME}), (9, 2, 5, {"sets": SOME}), (2, 3, 4, {"sets": MOST}),
        (20, 40, 120, {"sets": SOME}))],
     lambda p: max(p["p1"], p["p2"], p["p3"]), scale="percent")
def ult_osc(b, x, p):
    h, l, c = b["high"], b["low"], b["close"]
    pressure = c - np.minimum(l, lag(c, 1))
    ranges = F.true_range(h, l, c)
    shares = [divided(total(pressure, n), total(ranges, n)) for n in sorted((p["p1"], p["p2"], p["p3"]))]
    line = 100 * (4 * shares[0] + 2 * shares[1] + shares[2]) / 7
    return {"ultOsc": given(line, "ULTOSC", lambda: talib.ULTOSC(h, l, c, p["p1"], p["p2"], p["p3"]))}


@row("bop", [{}], lambda p: 0, scale="unit")
def bop(b, x, p):
    o, h, l, c = (b[k] for k in ("open", "high", "low", "close"))
    return {"bop": given(divided(c - o, np.maximum(h - l, 0)), "BOP", lambda: talib.BOP(o, h, l, c))}


@row("imi", [{"period": 14}, {"period": 1, "sets": SOME}, {"period": 2, "sets": MOST}, {"period": 5},
             {"period": 60, "sets": SOME}], lambda p: p["period"] - 1, scale="percent")
def imi(b, x, p):
    n, body = p["period"], b["close"] - b["open"]
    up, down = total(np.maximum(body, 0), n), total(np.maximum(-body, 0), n)
    return {"imi": given(divided(100 * up, up + down, 50.0), "IMI", lambda: talib.IMI(b["open"], b["close"], n))}


@row("qstick", [{"period": 10}, {"period": 1, "sets": SOME}, {"period": 2, "sets": MOST}, {"period": 7},
                {"period": 100, "sets": SOME}], lambda p: p["period"] - 1)
def qstick(b, x, p):
    n = p["period"]
    return {"qstick": given(sma(b["close"] - b["open"], n), "QSTICK", lambda: talib.QSTICK(b["open"], b["close"], n))}


@row("dpo", [{"period": 20}, {"period": 1, "sets": SOME}, {"period": 2, "sets": SOME}, {"period": 3, "sets": SOME},
             {"period": 11, "sets": MOST}, {"period": 150, "sets": SOME},
             {"period": 14, "inputs": {"x": "volume"}, "sets": SOME}],
     lambda p: max(p["period"] - 1, p["period"] // 2 + 1))
def dpo(b, x, p):
    n = p["period"]
    return {"dpo": given(lag(x, n // 2 + 1) - sma(x, n), "DPO", lambda: talib.DPO(x, n))}


@row("fosc", [{"period": 5}, {"period": 1, "sets": SOME}, {"period": 2, "sets": MOST}, {"period": 14},
              {"period": 100, "sets": SOME}, {"period": 9, "inputs": {"x": "open"}, "sets": SOME}],
     lambda p: p["period"], scale="percent")
def fosc(b, x, p):
    n = p["period"]
    line = divided(100 * (x - lag(F.f_linReg(b, x, n)["forecast"], 1)), x)
    return {"fosc": given(line, "FOSC", lambda: talib.FOSC(x, n))}


@row("fisher", [{"period": 9}, {"period": 1, "sets": SOME}, {"period": 2, "sets": SOME}, {"period": 5},
                {"period": 14, "sets": SOME}, {"period": 50, "sets": SOME}], lambda p: p["period"] - 1, scale="unit")
def fisher(b, x, p):
    n, price = p["period"], (b["high"] + b["low"]) / 2
    top, bottom = rolling_max(price, n), rolling_min(price, n)
    line, signal, v, f = blank(len(price)), blank(len(price)), 0.0, 0.0
    noise = False
    for t in range(n - 1, len(price)):
        width = top[t] - bottom[t]
        flat = width <= 2 * NOISE * abs(top[t])
        noise = noise or (flat and width > 0)
        place = 0.0 if flat else (price[t] - bottom[t]) / width
        v = 0.66 * (place - 0.5) + 0.67 * v
        v = 0.999 if v > 0.99 else -0.999 if v < -0.99 else v
        signal[t] = f
        f = 0.5 * np.log((1 + v) / (1 - v)) + 0.5 * f
        line[t] = f

    def tulip(output):
        if noise:  # Tulip takes a range of rounding noise for one
            return None
        return np.concatenate([blank(n - 1), tulipy.fisher(b["high"], b["low"], n)[output]])
    return {"fisher": compared(line, "Tulip fisher", lambda: tulip(0)),
            "signal": compared(signal, "Tulip fisher", lambda: tulip(1))}


@row("coppock", [{"wma": w, "short": s, "long": g, **more} for w, s, g, more in (
        (10, 11, 14, {}), (1, 1, 1, {"sets": SOME}), (2, 3, 2, {"sets": MOST}), (10, 30, 14, {"sets": SOME}),
        (40, 20, 100, {"sets": SOME}), (5, 6, 9, {"inputs": {"x": "high"}, "sets": SOME}))],
     lambda p: max(p["short"], p["long"]) + p["wma"] - 1, scale="percent")
def coppock(b, x, p):
    line = wma(roc(x, p["long"]) + roc(x, p["short"]), p["wma"])
    return {"coppock": given(line, "COPPOCK", lambda: talib.COPPOCK(x, p["wma"], p["short"], p["long"]))}


def kst_case(rocs, smas, signal, **more):
    return {**{f"roc{i + 1}": n for i, n in enumerate(rocs)}, **{f"sma{i + 1}": n for i, n in enumerate(smas)},
            "signal": signal, **more}


def kst_start(p):
    return max(p[f"roc{i}"] + p[f"sma{i}"] - 1 for i in range(1, 5))


@row("kst", [kst_case((10, 15, 20, 30), (10, 10, 10, 15), 9), kst_case((1, 1, 1, 1), (1, 1, 1, 1), 1, sets=SOME),
             kst_case((2, 3, 4, 5), (5, 4, 3, 2), 3, sets=MOST), kst_case((60, 15, 20, 30), (20, 10, 10, 15), 9, sets=SOME),
             kst_case((9, 8, 7, 6), (6, 9, 8, 7), 20, sets=SOME, inputs={"x": "low"})],
     lambda p: {"kst": kst_start(p), "signal": kst_start(p) + p["signal"] - 1}, scale="percent")
def kst(b, x, p):
    line = sum(i * sma(roc(x, p[f"roc{i}"]), p[f"sma{i}"]) for i in range(1, 5))

    def other(pick):
        if (x == 0).any():
            return None
        periods = [p[f"{name}{i}"] for i in range(1, 5) for name in ("roc", "sma")]
        values = talipp.KST(*periods, p["signal"], input_values=list(x))
        return [NAN if v is None or getattr(v, pick) is None else getattr(v, pick) for v in values]
    return {"kst": compared(line, "talipp KST", lambda: other("kst")),
            "signal": compared(sma(line, p["signal"]), "talipp KST", lambda: other("signal"))}


def schaff_stage(line, cycle, factor, scale):
    """A stochastic that keeps its last value (at first 0) where it has no range, smoothed from its
    first value on."""
    top, bottom = highest(line, cycle), lowest(line, cycle)
    out, held, y = blank(len(line)), 0.0, None
    for t in np.flatnonzero(~np.isnan(top)):
        width = top[t] - bottom[t]
        if width > 2 * NOISE * abs(scale[t]):
            held = 100 * (line[t] - bottom[t]) / width
        y = held if y is None else y + factor * (held - y)
        out[t] = y
    return out


@row("stc", [{"fast": f, "slow": s, "cycle": c, "factor": k, **more} for f, s, c, k, more in (
        (23, 50, 10, 0.5, {}), (1, 2, 1, 0.5, {"sets": SOME}), (2, 5, 3, 0.5, {"sets": SOME}),
        (50, 23, 20, 0.3, {"sets": SOME}), (12, 26, 9, 1.0, {"sets": SOME}),
        (10, 30, 5, 0.8, {"sets": ("walk", "gaps"), "inputs": {"x": "high"}}))],
     lambda p: max(p["fast"], p["slow"]) - 1 + 2 * (p["cycle"] - 1), scale="percent")
def stc(b, x, p):
    slow = max(p["fast"], p["slow"])
    line = F.f_macd(b, x, p["fast"], p["slow"], 1)["macd"]
    first = schaff_stage(line, p["cycle"], p["factor"], ema(x, slow))
    return {"stc": ("NumPy formula (Schaff 2008, as TA-Lib's STC after 0.8.1)",
                    schaff_stage(first, p["cycle"], p["factor"], np.full(len(x), 100.0)))}


@row("squeeze", [{"bbPeriod": n, "bbMult": m, "kcPeriod": k, "kcMult": w, **more} for n, m, k, w, more in (
        (20, 2.0, 20, 1.5, {}), (1, 2.0, 1, 1.5, {"sets": SOME}), (9, 1.5, 7, 1.0, {"sets": MOST}),
        (10, 2.0, 30, 1.5, {"sets": SOME}), (40, 2.5, 20, 2.0, {"sets": SOME}))],
     lambda p: {"momentum": 2 * (p["kcPeriod"] - 1), "state": max(p["bbPeriod"], p["kcPeriod"]) - 1},
     scale={"momentum": "input", "state": "unit"})
def squeeze(b, x, p):
    h, l, c = b["high"], b["low"], b["close"]
    n, k = p["bbPeriod"], p["kcPeriod"]
    middle, sigma = sma(c, n), np.sqrt(F.variance(c, n))
    mean = sma(c, k)
    reach = p["kcMult"] * sma(F.true_range(h, l, c, "range"), k)
    low, high = middle - p["bbMult"] * sigma, middle + p["bbMult"] * sigma
    # Lines that differ by rounding are one; the library takes either side for them.
    below, above = low - (mean - reach), high - (mean + reach)
    noise = 1e-14 * (np.abs(low) + np.abs(high))
    tie = (np.abs(below) <= noise) | (np.abs(above) <= noise)
    on = (below > noise) & (above < -noise)
    off = (below < -noise) & (above > noise)
    state = np.where(np.isnan(low) | np.isnan(reach), NAN, on.astype(float) - off)
    gap = c - ((rolling_max(h, k) + rolling_min(l, k)) / 2 + mean) / 2
    head = F.start_of(gap)
    momentum = np.concatenate([blank(head), F.f_linReg(b, gap[head:], k)["value"]])

    def other():
        if k < 3 or n < 2:
            return None
        f = frame(b)
        return pandas_ta.squeeze(f["high"], f["low"], f["close"], n, p["bbMult"], k, p["kcMult"], lazybear=True)

    def column(pick):
        found = other()
        return None if found is None else found.iloc[:, 0] if pick == 0 else \
            found["SQZ_ON"].astype(float) - found["SQZ_OFF"]
    flat = np.ptp(c) == 0 or any(np.ptp(w) == 0 for w in windows(c, min(n, k)))
    return {"momentum": compared(momentum, "pandas-ta-classic squeeze(lazybear)", lambda: column(0)),
            # Where both widths are rounding noise the library's flags are too, and its first true range is none.
            "state": compared(state, "pandas-ta-classic squeeze(lazybear)", lambda: None if flat else column(1),
                              lambda other: (np.arange(len(other)) >= max(n, k)) & ~tie)}


@row("elderRay", [{"period": 13}, {"period": 1, "sets": SOME}, {"period": 2, "sets": MOST}, {"period": 7, "sets": SOME},
                  {"period": 100, "sets": SOME}], lambda p: p["period"] - 1)
def elder_ray(b, x, p):
    n, mean = p["period"], ema(b["close"], p["period"])
    call = lambda: talib.ERI(b["high"], b["low"], b["close"], n)
    return {"bull": given(b["high"] - mean, "ERI", lambda: call()[0]),
            "bear": given(b["low"] - mean, "ERI", lambda: call()[1])}


@row("rvgi", [{"period": 10}, {"period": 1, "sets": SOME}, {"period": 2, "sets": SOME}, {"period": 14, "sets": MOST},
              {"period": 60, "sets": SOME}],
     lambda p: {"rvgi": p["period"] + 2, "signal": p["period"] + 5}, scale="unit")
def rvgi(b, x, p):
    def smoothed(v):
        return (v + 2 * lag(v, 1) + 2 * lag(v, 2) + lag(v, 3)) / 6
    n = p["period"]
    line = divided(total(smoothed(b["close"] - b["open"]), n), total(smoothed(b["high"] - b["low"]), n))

    def other(column):
        if (b["high"] == b["low"]).any() or (b["close"] == b["open"]).any():
            return None  # it replaces ranges of 0 by its epsilon
        f = frame(b)
        return pandas_ta.rvgi(f["open"], f["high"], f["low"], f["close"], length=n).iloc[:, column + 1]
    return {"rvgi": compared(line, "pandas-ta-classic rvgi", lambda: other(0)),
            "signal": compared(smoothed(line), "pandas-ta-classic rvgi", lambda: other(1))}


@row("qqe", [{"rsi": r, "smooth": s, "factor": k, **more} for r, s, k, more in (
        # An RSI of one bar is 0 or 100, and ties decide: only data where rounding leaves it exact.
        (14, 5, 4.236, {}), (1, 1, 1.0, {"sets": ("walk", "trend", "flat", "gaps", "ties", "spread")}), (2, 3, 1.5, {"sets": SOME}),
        (7, 5, 3.0, {"sets": SOME}), (4, 1, 2.0, {"sets": SOME}), (25, 9, 4.236, {"sets": SOME}),
        (5, 3, 0.5, {"sets": ("walk", "gaps"), "inputs": {"x": "open"}}))],
     lambda p: {"rsiMa": p["rsi"] + p["smooth"] - 1, "line": p["rsi"] + p["smooth"] + 4 * (p["rsi"] - 1),
                "direction": p["rsi"] + p["smooth"] + 4 * (p["rsi"] - 1)},
     scale={"rsiMa": "percent", "line": "percent", "direction": "unit"})
def qqe(b, x, p):
    r = ema(rsi(x, p["rsi"]), p["smooth"])
    n = 2 * p["rsi"] - 1
    reach = p["factor"] * chained(np.abs(r - lag(r, 1)), n, n)
    line, direction = blank(len(x)), blank(len(x))
    longs, shorts, side = [], [], 1.0
    for t in np.flatnonzero(~np.isnan(reach)):
        lower, upper = r[t] - reach[t], r[t] + reach[t]
        if longs:
            long, short = longs[-1], shorts[-1]
            longs.append(max(long, lower) if r[t - 1] > long and r[t] > long else lower)
            shorts.append(min(short, upper) if r[t - 1] < short and r[t] < short else upper)
            if len(longs) > 2:
                was_long, was_short = longs[-3], shorts[-3]
                if (r[t] > short) != (r[t - 1] >= was_short):
                    side = 1.0
                elif (r[t] > long) != (r[t - 1] >= was_long):
                    side = -1.0
        else:
            longs.append(lower)
            shorts.append(upper)
        direction[t], line[t] = side, longs[-1] if side > 0 else shorts[-1]

    def other(column):
        if p["rsi"] < 2:
            return None
        found = pandas_ta.qqe(pandas.Series(x), p["rsi"], p["smooth"], p["factor"], talib=False)
        return None if found is None else {"line": found.iloc[:, 0], "rsiMa": found.iloc[:, 1]}[column]
    name = "pandas-ta-classic qqe"
    return {"rsiMa": compared(r, name, lambda: other("rsiMa")), "line": compared(line, name, lambda: other("line")),
            "direction": ("NumPy formula (rules of pandas-ta-classic qqe)", direction)}


@row("waveTrend", [{"channel": c, "average": a, "signal": s, **more} for c, a, s, more in (
        # In long flat stretches both distances fade to rounding noise, and so does their ratio: no short ones there.
        (10, 21, 4, {"sets": tuple(name for name in ALL_SETS if name != "flat")}), (1, 1, 1, {"sets": SOME}),
        (2, 3, 2, {"sets": NEVER_STILL}), (5, 7, 3, {"sets": NEVER_STILL}), (30, 50, 9, {"sets": SOME}))],
     lambda p: {"wt1": 2 * (p["channel"] - 1) + p["average"] - 1,
                "wt2": 2 * (p["channel"] - 1) + p["average"] + p["signal"] - 2}, scale="percent")
def wave_trend(b, x, p):
    price = (b["high"] + b["low"] + b["close"]) / 3
    mean = ema(price, p["channel"])
    size = ema(np.abs(price - mean), p["channel"])
    size = np.where(size <= NOISE * np.abs(mean), 0, size)
    wave = ema(divided(price - mean, 0.015 * size), p["average"])
    source = "NumPy formula (LazyBear 2014)"
    return {"wt1": (source, wave), "wt2": (source, sma(wave, p["signal"]))}
