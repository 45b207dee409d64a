"""Trend strength: vortex, efficiency, filters and indices of range.

Needs TA-Lib, and pandas-ta-classic 0.8.32 for choppiness.
"""

import numpy as np
import pandas
import pandas_ta_classic
import talib

import formulas as F
from rows import row


def summed(x, n):
    """Sums of n values from the first finite one on."""
    return F.sma(x, n) * n


def part(a, b, empty):
    return np.where(np.isnan(b), np.nan, np.where(b == 0, empty, a / np.where(b == 0, 1, b)))


def path(x, n):
    moves = F.blank(len(x))
    moves[1:] = np.abs(np.diff(x))
    return summed(moves, n)


@row("vortex", [{"period": n} for n in (14, 1, 2, 7, 100)], lambda p: p["period"], scale="unit")
def vortex(b, x, p):
    h, l, c, n = b["high"], b["low"], b["close"], p["period"]
    up, down = F.blank(len(c)), F.blank(len(c))
    up[1:], down[1:] = np.abs(h[1:] - l[:-1]), np.abs(l[1:] - h[:-1])
    ranges = summed(F.true_range(h, l, c), n)
    expected = talib.VORTEX(h, l, c, n)
    return {"plus": ("TA-Lib VORTEX", expected[0], part(summed(up, n), ranges, 0)),
            "minus": ("TA-Lib VORTEX", expected[1], part(summed(down, n), ranges, 0))}


@row("er", [{"period": n} for n in (10, 1, 2, 7, 100)] + [{"period": 5, "inputs": {"x": "volume"}}],
     lambda p: p["period"], scale="unit")
def er(b, x, p):
    n = p["period"]
    net = F.blank(len(x))
    net[n:] = np.abs(x[n:] - x[:-n])
    values = np.minimum(part(net, path(x, n), 1), 1)
    return {"er": ("NumPy formula", values) if n < 2 else ("TA-Lib ER", talib.ER(x, n), values)}


@row("vhf", [{"period": n} for n in (28, 1, 2, 7, 100)] + [{"period": 5, "inputs": {"x": "volume"}}],
     lambda p: p["period"], scale="unit")
def vhf(b, x, p):
    n = p["period"]
    values = part(F.rolling_max(x, n) - F.rolling_min(x, n), path(x, n), 0)
    return {"vhf": ("NumPy formula", values) if n < 2 else ("TA-Lib VHF", talib.VHF(x, n), values)}


@row("choppiness", [{"period": n} for n in (14, 2, 3, 7, 100)], lambda p: p["period"], scale="percent")
def choppiness(b, x, p):
    h, l, c, n = b["high"], b["low"], b["close"], p["period"]
    top, bottom = F.rolling_max(h, n), F.rolling_min(l, n)
    span = top - bottom
    span[span <= F.NOISE * np.abs(top)] = 0
    total = summed(F.true_range(h, l, c), n)
    values = np.where(np.isnan(total), np.nan, 100.0)
    some = ~np.isnan(total) & (span > 0)
    values[some] = 100 * np.log10(total[some] / span[some]) / np.log10(n)
    frame = [pandas.Series(a) for a in (h, l, c)]
    theirs = pandas_ta_classic.chop(*frame, length=n).to_numpy(dtype=float)
    # It has the range of bar 0, and nothing where there is no range.
    theirs = np.where(np.isnan(values) | ~some, values, theirs)
    return {"chop": ("pandas-ta-classic 0.8.32 chop from bar n; 100 without range", theirs, values)}


@row("massIndex", [{"emaPeriod": e, "sumPeriod": s} for e, s in ((9, 25), (1, 1), (2, 2), (5, 10), (25, 60), (9, 1))],
     lambda p: 2 * (p["emaPeriod"] - 1) + p["sumPeriod"] - 1, scale="unit")
def mass_index(b, x, p):
    e, s = p["emaPeriod"], p["sumPeriod"]
    once = F.ema(b["high"] - b["low"], e)
    values = summed(part(once, F.ema(once, e), 1), s)
    if e < 2 or s < 2:
        return {"massIndex": ("NumPy formula", values)}
    return {"massIndex": ("TA-Lib MASSI", talib.MASSI(b["high"], b["low"], e, s), values)}
