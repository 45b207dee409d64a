"""Volatility: ranges, deviations, drawdown, and estimators from open, high, low and close.

Needs TA-Lib, newtulipy 0.4.6 (Tulip's C library) for histVol of simple returns, pandas-ta-classic 0.8.32
for ulcerIndex and talipp 2.7.0 for rogersSatchell.
"""

import numpy as np
import pandas
import pandas_ta_classic
import talib
import tulipy
from talipp.indicators import RogersSatchell
from talipp.ohlcv import OHLCV

import formulas as F
from rows import row

# Logarithms of prices at or below zero do not exist.
POSITIVE = ("walk", "trend", "flat", "tiny", "huge", "gaps", "constant", "ties")
ANNUAL = [{"period": n, "annual": a} for n, a in ((20, 252), (2, 252), (5, 1), (30, 365), (120, 52))]


@row("adr", [{"period": n} for n in (14, 1, 2, 7, 120)], lambda p: p["period"] - 1)
def adr(b, x, p):
    return {"adr": ("TA-Lib ADR", talib.ADR(b["high"], b["low"], p["period"]),
                    F.sma(b["high"] - b["low"], p["period"]))}


@row("cvi", [{"period": n, "rocPeriod": m} for n, m in ((10, 10), (1, 1), (2, 1), (5, 20), (60, 30))],
     lambda p: p["period"] - 1 + p["rocPeriod"], scale="percent")
def cvi(b, x, p):
    n, m = p["period"], p["rocPeriod"]
    mean = F.ema(b["high"] - b["low"], n)
    past, values = mean[:-m], F.blank(len(mean))
    values[m:] = np.where(past == 0, 0, 100 * (mean[m:] / np.where(past == 0, 1, past) - 1))
    values[m:][np.isnan(past)] = np.nan
    if n < 2:
        return {"cvi": ("NumPy formula", values)}
    return {"cvi": ("TA-Lib CVI", talib.CVI(b["high"], b["low"], n, m), values)}


@row("rvi", [{"period": n, "stdDevPeriod": s} for n, s in ((14, 10), (1, 2), (2, 2), (5, 20), (60, 7))]
     + [{"period": 7, "stdDevPeriod": 5, "inputs": {"x": "high"}}],
     lambda p: p["stdDevPeriod"] + p["period"] - 2, scale="percent")
def rvi(b, x, p):
    n, s = p["period"], p["stdDevPeriod"]
    sigma = np.sqrt(F.variance(x, s))
    move = np.concatenate([[np.nan], np.diff(x)])
    known = ~(np.isnan(sigma) | np.isnan(move))
    up = F.rma(np.where(known, np.where(move > 0, sigma, 0), np.nan), n)
    down = F.rma(np.where(known, np.where(move < 0, sigma, 0), np.nan), n)
    total = up + down
    values = np.where(total == 0, 50, 100 * up / np.where(total == 0, 1, total))
    return {"rvi": ("TA-Lib RVI", talib.RVI(x, n, s), np.where(np.isnan(total), np.nan, values))}


@row("ulcerIndex", [{"period": n} for n in (14, 1, 2, 7, 90)] + [{"period": 10, "inputs": {"x": "low"}}],
     lambda p: 2 * (p["period"] - 1), scale="percent", sets=POSITIVE)
def ulcer_index(b, x, p):
    n = p["period"]
    top = F.rolling_max(x, n)
    values = np.sqrt(F.sma((100 * (x - top) / top) ** 2, n))
    if n < 2:
        return {"ulcer": ("NumPy formula", values)}
    theirs = pandas_ta_classic.ui(pandas.Series(x), length=n, talib=False)
    # Their sliding sum of squares keeps rounding noise, whose root is large beside nothing.
    theirs = np.where(values < 1e-5, values, theirs.to_numpy(dtype=float))
    return {"ulcer": ("pandas-ta-classic 0.8.32 ui, NumPy formula below 1e-5", theirs, values)}


@row("histVol",
     [{"period": n, "returns": r, "ddof": d, "annual": a} for n, r, d, a in
      ((20, "log", 1, 252), (2, "log", 1, 252), (1, "log", 0, 252), (7, "log", 0, 1), (120, "log", 1, 365),
       (20, "simple", 0, 252), (5, "simple", 0, 252), (30, "simple", 1, 52))]
     + [{"period": 9, "returns": "log", "ddof": 1, "annual": 252, "inputs": {"x": "open"}}],
     lambda p: p["period"], scale="unit", sets=POSITIVE)
def hist_vol(b, x, p):
    moves = F.blank(len(x))
    moves[1:] = np.log(x[1:] / x[:-1]) if p["returns"] == "log" else np.diff(x) / x[:-1]
    n, simple = p["period"], (p["returns"], p["ddof"], p["annual"]) == ("simple", 0, 252)
    values = F.blank(len(x))
    values[1:] = np.sqrt(F.variance(moves[1:], n, p["ddof"]) * p["annual"])
    if not simple:
        return {"histVol": ("NumPy formula", values)}
    # Tulip's E[x²] − mean² is noise where nothing moves.
    tulip = F.put(len(x), n, tulipy.volatility(x, n))
    tulip = np.where(values < 1e-6, values, tulip)
    return {"histVol": ("Tulip C (newtulipy 0.4.6) volatility, NumPy formula below 1e-6", tulip, values)}


def window_mean(x, n, first=0):
    return F.put(len(x), first + n - 1, F.windows(x[first:], n).mean(axis=1))


@row("parkinson", ANNUAL + [{"period": 1, "annual": 252}], lambda p: p["period"] - 1, scale="unit", sets=POSITIVE)
def parkinson(b, x, p):
    square = np.log(b["high"] / b["low"]) ** 2
    return {"parkinson": ("NumPy formula (Parkinson 1980)",
                          np.sqrt(p["annual"] * window_mean(square, p["period"]) / (4 * np.log(2))))}


@row("garmanKlass", ANNUAL + [{"period": 1, "annual": 252}], lambda p: p["period"] - 1, scale="unit", sets=POSITIVE)
def garman_klass(b, x, p):
    terms = (0.5 * np.log(b["high"] / b["low"]) ** 2
             - (2 * np.log(2) - 1) * np.log(b["close"] / b["open"]) ** 2)
    return {"garmanKlass": ("NumPy formula (Garman and Klass 1980)",
                            np.sqrt(p["annual"] * np.maximum(window_mean(terms, p["period"]), 0)))}


def drift_free(b):
    o, h, l, c = (b[k] for k in ("open", "high", "low", "close"))
    return np.log(h / c) * np.log(h / o) + np.log(l / c) * np.log(l / o)


@row("rogersSatchell", ANNUAL + [{"period": 1, "annual": 252}], lambda p: p["period"] - 1, scale="unit",
     sets=POSITIVE)
def rogers_satchell(b, x, p):
    n = p["period"]
    values = np.sqrt(p["annual"] * np.maximum(window_mean(drift_free(b), n), 0))
    theirs = RogersSatchell(n)
    for o, h, l, c in zip(*(b[k] for k in ("open", "high", "low", "close"))):
        theirs.add(OHLCV(o, h, l, c))
    found = np.array([np.nan if v is None else v for v in theirs], dtype=float) * np.sqrt(p["annual"])
    # It gives no value, or its last one, where nothing moved.
    found = np.where(values == 0, 0, found)
    return {"rogersSatchell": ("talipp 2.7.0 RogersSatchell * sqrt(annual), 0 where nothing moved", found, values)}


@row("yangZhang", ANNUAL, lambda p: p["period"], scale="unit", sets=POSITIVE)
def yang_zhang(b, x, p):
    o, c, n = b["open"], b["close"], p["period"]
    night, day = F.blank(len(c)), F.blank(len(c))
    night[1:] = F.variance(np.log(o[1:] / c[:-1]), n, 1)
    day[1:] = F.variance(np.log(c / o)[1:], n, 1)
    k = 0.34 / (1.34 + (n + 1) / (n - 1))
    total = night + k * day + (1 - k) * np.maximum(window_mean(drift_free(b), n, 1), 0)
    return {"yangZhang": ("NumPy formula (Yang and Zhang 2000)", np.sqrt(p["annual"] * total))}
