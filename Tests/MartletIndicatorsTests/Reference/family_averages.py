"""Moving averages beyond the first five.

Needs TA-Lib, talipp 2.7.0 for ALMA and McGinley's dynamic, and tulip-rs 0.2.10 for the older VIDYA.
"""

import math

import numpy as np
import talib
from talipp.indicators import ALMA, McGinleyDynamic
from tulip_rs import indicators as tulip

import formulas as F
from cycle_engine import mama_lines
from make_reference import TYPES
from rows import row

SIX = [{"period": n} for n in (30, 1, 2, 5, 14, 60)]
KINDS = ("walk", "trend", "flat", "tiny", "ties", "spread")  # periods within, below and above the limits


def both(name, p, found, formula):
    """TA-Lib, whose averages of one bar are the input, beside the formula."""
    return {name: (f"TA-Lib {name.upper()}", found(), formula) if p["period"] > 1 else ("NumPy formula", formula)}


def plain(name, function, formula, lookback, default=30):
    cases = SIX if default == 30 else [{"period": default}] + SIX

    @row(name, cases, lambda p: lookback(p["period"]) if p["period"] > 1 else 0)
    def values(b, x, p):
        n = p["period"]
        return both(name, p, lambda: function(x, n), formula(x, n) if n > 1 else x.copy())


plain("dema", talib.DEMA, F.dema, lambda n: 2 * (n - 1))
plain("tema", talib.TEMA, F.tema, lambda n: 3 * (n - 1))
plain("trima", talib.TRIMA, F.trima, lambda n: n - 1)
plain("hma", talib.HMA, F.hma, lambda n: n - 1 + math.isqrt(n) - 1, default=20)
plain("zlema", talib.ZLEMA, F.zlema, lambda n: n - 1 + (n - 1) // 2)


@row("t3", [{"period": n, "vFactor": v} for n, v in ((5, 0.7), (1, 0.7), (2, 0.3), (9, 1.0), (20, 0.7), (4, 0.0))],
     lambda p: 6 * (p["period"] - 1))
def t3(b, x, p):
    n, v = p["period"], p["vFactor"]
    return both("t3", p, lambda: talib.T3(x, n, v), F.t3(x, n, v) if n > 1 else x.copy())


# Averages with a coefficient of their own at every bar


def vidya_deviation(x, short, long, alpha):
    def sigma(n):
        return np.sqrt(F.variance(x, n))
    above, below = sigma(short), sigma(long)
    k = np.where(below > 0, alpha * above / np.where(below > 0, below, 1), 0)
    out = F.adapted(x, k, x[long - 2], long - 1)
    out[long - 2] = x[long - 2]
    return out


@row("vidya", [{"period": n, "cmoPeriod": m, "mode": "cmo"} for n, m in ((12, 9), (1, 9), (2, 1), (7, 3), (30, 40))]
     + [{"mode": "stdDev", "short": s, "long": l, "alpha": a}
        for s, l, a in ((2, 5, 0.2), (1, 2, 0.5), (5, 5, 0.9), (9, 40, 0.1), (3, 14, 1.0))],
     lambda p: p["long"] - 2 if p["mode"] == "stdDev" else 0 if p["period"] == 1 else p["cmoPeriod"],
     tolerance=1e-6)  # tulip-rs takes variances from sums of squares
def vidya(b, x, p):
    if p["mode"] == "stdDev":
        s, l, a = p["short"], p["long"], p["alpha"]
        values = vidya_deviation(x, s, l, a)
        if s < 2 or s == l or a == 1 or F.flat_rows(F.windows(x, l)).any():  # refused, or undefined for ever
            return {"vidya": ("NumPy formula (Chande 1992)", values)}
        found = F.put(len(x), l - 1, np.asarray(tulip.vidya.indicator([x], [float(s), float(l), a])[0][0]))
        found[l - 2] = x[l - 2]  # tulip-rs leaves out the bar that Tulip starts with
        return {"vidya": ("NumPy formula (Chande 1992)", values, found)}
    values = x.copy() if p["period"] == 1 else F.vidya(x, p["period"], p["cmoPeriod"])
    return {"vidya": ("NumPy formula (Chande and Kroll 1994)", values)}


@row("alma", [{"period": n, "offset": o, "sigma": s, "floorPeak": f} for n, o, s, f in (
    (9, 0.85, 6.0, False), (9, 0.85, 6.0, True), (1, 0.85, 6.0, False), (2, 0.5, 2.0, False), (7, 0.0, 3.0, False),
    (50, 1.0, 9.0, False), (30, 0.4, 6.0, True))], lambda p: p["period"] - 1)
def alma(b, x, p):
    n = p["period"]
    values = F.alma(x, n, p["offset"], p["sigma"], p["floorPeak"])
    if p["floorPeak"]:
        return {"alma": ("NumPy formula (Legoux 2009, peak floored)", values)}
    found = ALMA(n, p["offset"], p["sigma"], input_values=list(x))
    return {"alma": ("talipp 2.7.0 ALMA", np.array([np.nan if v is None else v for v in found]), values)}


@row("mcGinley", [{"period": n, "k": k} for n, k in ((14, 1.0), (1, 1.0), (2, 1.0), (14, 0.6), (50, 1.0), (9, 2.5))],
     lambda p: p["period"] - 1, sets=("walk", "trend", "flat", "tiny", "huge", "gaps", "constant", "ties"))
def mcGinley(b, x, p):
    n, k = p["period"], p["k"]
    if n == 1:
        return {"mcGinley": ("NumPy formula", x.copy())}
    values, y = F.blank(len(x)), x[:n].mean()
    values[n - 1] = y
    passes = False
    for t in range(n, len(x)):
        divisor = k * n * (x[t] / y) ** 4
        passes = passes or divisor < 1  # talipp's line passes the price there
        y = y + (x[t] - y) / max(divisor, 1.0)
        values[t] = y
    if passes:
        return {"mcGinley": ("NumPy formula (divisor at least 1)", values)}
    if k != 1:
        return {"mcGinley": ("NumPy formula (McGinley 1997)", values)}
    found = McGinleyDynamic(n, input_values=list(x))
    return {"mcGinley": ("talipp 2.7.0 McGinleyDynamic", np.array([np.nan if v is None else v for v in found]), values)}


LIMITS = ((0.5, 0.05), (0.99, 0.01), (0.2, 0.2), (0.7, 0.1), (0.1, 0.4))


@row("mama", [{"fastLimit": f, "slowLimit": s} for f, s in LIMITS], lambda p: 32)
def mama(b, x, p):
    found = talib.MAMA(x, p["fastLimit"], p["slowLimit"])
    formula = mama_lines(x, p["fastLimit"], p["slowLimit"])
    return {name: ("TA-Lib MAMA", a, c) for name, a, c in zip(("mama", "fama"), found, formula)}


# Of varying length


@row("mavp", [{"minPeriod": 2, "maxPeriod": 30, "maType": "sma"}]
     + [{"minPeriod": a, "maxPeriod": z, "maType": kind, "inputs": {"x": x, "periods": "close"}, "sets": sets}
        for a, z, kind, x, sets in (
            (90, 110, "sma", "high", KINDS), (1, 9, "sma", "volume", KINDS), (7, 33, "wma", "open", KINDS),
            (1, 6, "ema", "high", KINDS), (5, 31, "ema", "volume", KINDS), (1, 1, "sma", "high", ("walk",)),
            (6, 8, "dema", "high", ("ties",)), (26, 33, "kama", "high", KINDS), (6, 10, "tema", "high", ("ties",)),
            (7, 8, "t3", "high", ("ties",)), (4, 35, "trima", "high", ("flat",)),
            (7, 9, "mama", "high", ("ties", "walk")), (1, 9, "hma", "high", ("spread",)), (1, 5, "mama", "high", ("spread",)),
            (1, 7, "zlema", "high", ("spread",)),
            (5, 32, "rma", "high", KINDS), (1, 12, "vidya", "high", ("spread",)), (2, 9, "alma", "high", ("spread",)))],
     lambda p: F.average_lookback(p["maType"], p["maxPeriod"]), scale="input")
def mavp(b, x, p):
    low, high, kind = p["minPeriod"], p["maxPeriod"], p["maType"]
    periods = b[p["inputs"].get("periods", "volume")]
    start = F.average_lookback(kind, high)
    values = F.blank(len(x))
    for n in range(low, high + 1):
        head = start - F.average_lookback(kind, n)
        late = F.average(kind, x[head:], n)
        here = np.clip(np.trunc(periods), low, high) == n
        here[:start] = False
        values[here] = late[np.flatnonzero(here) - head]
    if kind in ("vidya", "alma") or low < 2:
        return {"mavp": ("NumPy formula, an average for each length", values)}
    return {"mavp": ("TA-Lib MAVP", talib.MAVP(x, periods, low, high, TYPES[kind]), values)}


@row("vwma", [{"period": n} for n in (30, 1, 2, 9, 100)] + [{"period": 20, "inputs": {"x": "high"}}],
     lambda p: p["period"] - 1, late=("vwma",))
def vwma(b, x, p):
    n, v = p["period"], b["volume"]
    traded = F.windows(v, n).sum(axis=1)
    paid = F.windows(x * v, n).sum(axis=1)
    values = F.put(len(x), n - 1, np.where(traded == 0, np.nan, paid / np.where(traded == 0, 1, traded)))
    if n == 1 or np.any(traded == 0):
        return {"vwma": ("NumPy formula", values)}
    return {"vwma": ("TA-Lib VWMA", talib.VWMA(x, v, n), values)}
