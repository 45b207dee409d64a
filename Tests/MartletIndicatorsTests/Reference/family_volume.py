"""Volume: accumulation, money flow, force, ease of movement, running indices.

Needs TA-Lib, and newtulipy 0.4.6 (Tulip's C library) for kvo and the raw emv.
"""

import numpy as np
import talib
import tulipy

import formulas as F
from rows import row

TULIP = "Tulip C (newtulipy 0.4.6)"


def fields(b, names="high low close volume"):
    return [b[name] for name in names.split()]


def ratio(a, b, empty=0.0):
    return np.where(b == 0, empty, a / np.where(b == 0, 1, b))


def close_location(b):
    h, l, c = fields(b, "high low close")
    return ratio((c - l) - (h - c), h - l)


def changes(x):
    """Relative changes; the first bar has none, and none come from 0."""
    out = np.zeros(len(x))
    out[1:] = ratio(x[1:] - x[:-1], x[:-1])
    return out


@row("ad", [{}], lambda p: 0, scale="volume")
def ad(b, x, p):
    return {"ad": ("TA-Lib AD", talib.AD(*fields(b)), np.cumsum(b["volume"] * close_location(b)))}


@row("adOsc", [{"fast": f, "slow": s} for f, s in ((3, 10), (2, 2), (10, 3), (5, 34), (7, 60), (1, 2), (1, 1))],
     lambda p: max(p["fast"], p["slow"]) - 1, scale="volume")
def ad_osc(b, x, p):
    line = np.cumsum(b["volume"] * close_location(b))
    values = F.ema(line, p["fast"], seed="first") - F.ema(line, p["slow"], seed="first")
    values[:max(p["fast"], p["slow"]) - 1] = np.nan
    if p["fast"] < 2:
        return {"adOsc": ("NumPy formula", values)}
    return {"adOsc": ("TA-Lib ADOSC", talib.ADOSC(*fields(b), p["fast"], p["slow"]), values)}


@row("cmf", [{"period": n} for n in (20, 1, 2, 7, 100)], lambda p: p["period"] - 1, scale="unit")
def cmf(b, x, p):
    n = p["period"]
    flow = F.windows(b["volume"] * close_location(b), n).sum(axis=1)
    values = F.put(len(x), n - 1, ratio(flow, F.windows(b["volume"], n).sum(axis=1)))
    if n < 2:
        return {"cmf": ("NumPy formula", values)}
    return {"cmf": ("TA-Lib CMF", talib.CMF(*fields(b), n), values)}


# Force is a price times a volume: its rows are measured by their own values, down to price² where there
# are none, which is less.
@row("forceIndex", [{"period": n} for n in (13, 1, 2, 7, 90)] + [{"period": 5, "inputs": {"x": "high"}}],
     lambda p: {"forceIndex": p["period"], "raw": 1})
def force_index(b, x, p):
    raw = F.blank(len(x))
    raw[1:] = b["volume"][1:] * np.diff(x)
    return {"forceIndex": ("TA-Lib EFI", talib.EFI(x, b["volume"], p["period"]), F.ema(raw, p["period"])),
            "raw": ("TA-Lib EFI with timeperiod=1", talib.EFI(x, b["volume"], 1), raw)}


@row("emv", [{"period": n, "divisor": d} for n, d in ((14, 10000), (1, 10000), (2, 10000), (9, 1e8), (60, 1))],
     lambda p: {"emv": p["period"], "raw": 1}, scale="unit")
def emv(b, x, p):
    h, l, v = fields(b, "high low volume")
    middle = (h + l) / 2
    raw = F.blank(len(x))
    raw[1:] = ratio((np.diff(middle) * (h - l)[1:]) * p["divisor"], v[1:])
    tulip = F.put(len(x), 1, tulipy.emv(h, l, v) * (p["divisor"] / 10000))
    # Without volume Tulip has an infinity, or NaN.
    tulip[1:] = np.where(v[1:] == 0, 0, tulip[1:])
    return {"emv": ("NumPy mean of " + TULIP + " emv", F.sma(tulip, p["period"]), F.sma(raw, p["period"])),
            "raw": (TULIP + " emv * divisor/10000, 0 without volume", tulip, raw)}


def klinger(b, fast, slow, noise=F.NOISE):
    h, l, c, v = fields(b)
    total, span = h + l + c, h - l
    force = F.blank(len(c))
    trend, measure = 0, 0.0
    for t in range(1, len(c)):
        move = total[t] - total[t - 1]
        if abs(move) > noise * (abs(total[t]) + abs(total[t - 1])):
            now = 1 if move > 0 else -1
            if now != trend:
                trend, measure = now, span[t - 1]
        measure += span[t]
        part = abs(2 * span[t] / measure - 1) if measure != 0 else 0.0
        force[t] = 100 * v[t] * part * (-1 if trend < 0 else 1)
    return F.ema(force, fast, seed="first") - F.ema(force, slow, seed="first")


@row("kvo", [{"fast": f, "slow": s, "signal": g} for f, s, g in
             ((34, 55, 13), (2, 3, 2), (5, 17, 1), (1, 9, 4), (1, 1, 1), (30, 150, 50))],
     lambda p: {"kvo": 1, "signal": p["signal"]}, scale="volume")
def kvo(b, x, p):
    values = klinger(b, p["fast"], p["slow"])
    outputs = {"signal": ("NumPy EMA of the formula", F.ema(values, p["signal"]))}
    exact = klinger(b, p["fast"], p["slow"], noise=0)
    # Tulip takes sums of equal prices that differ in the last bit for a trend, and has NaN without any range.
    if np.array_equal(values, exact, equal_nan=True) and np.ptp(b["high"] - b["low"]) > 0 and p["fast"] > 1:
        tulip = F.put(len(x), 1, tulipy.kvo(*fields(b), p["fast"], p["slow"]))
        return {"kvo": (TULIP + " kvo where its trends are not rounding noise, else NumPy formula", tulip, values),
                **outputs}
    return {"kvo": ("NumPy formula", values), **outputs}


def running_index(x, volume, start, sign):
    factor = np.ones(len(x))
    factor[1:] = np.where(sign * np.diff(volume) > 0, 1 + changes(x)[1:], 1)
    return start * np.cumprod(factor)


STARTS = [{"start": 1000}, {"start": 1}, {"start": 100}, {"start": 123456.5}, {"start": 1000, "inputs": {"x": "high"}},
          {"start": 0.5, "inputs": {"x": "open"}}]
# Where prices cross zero a running product is 0 for good.
POSITIVE = ("walk", "trend", "flat", "tiny", "huge", "gaps", "constant", "ties")


@row("nvi", STARTS, lambda p: 0, scale="unit", sets=POSITIVE)
def nvi(b, x, p):
    return {"nvi": ("TA-Lib NVI * start/1000", talib.NVI(x, b["volume"]) * (p["start"] / 1000),
                    running_index(x, b["volume"], p["start"], -1))}


@row("pvi", STARTS, lambda p: 0, scale="unit", sets=POSITIVE)
def pvi(b, x, p):
    return {"pvi": ("TA-Lib PVI * start/1000", talib.PVI(x, b["volume"]) * (p["start"] / 1000),
                    running_index(x, b["volume"], p["start"], 1))}


@row("pvt", [{}, {"inputs": {"x": "high"}}, {"inputs": {"x": "open"}}], lambda p: 0, scale="volume")
def pvt(b, x, p):
    return {"pvt": ("TA-Lib PVT", talib.PVT(x, b["volume"]), np.cumsum(b["volume"] * changes(x)))}


@row("marketFi", [{}], lambda p: 0, scale="unit")
def market_fi(b, x, p):
    h, l, v = fields(b, "high low volume")
    return {"marketFi": ("TA-Lib MARKETFI", talib.MARKETFI(h, l, v), ratio(h - l, v))}


@row("wad", [{}], lambda p: 0)
def wad(b, x, p):
    h, l, c = fields(b, "high low close")
    step, before = np.zeros(len(c)), c[:-1]
    step[1:] = np.where(c[1:] > before, c[1:] - np.minimum(l[1:], before),
                        np.where(c[1:] < before, c[1:] - np.maximum(h[1:], before), 0))
    return {"wad": ("TA-Lib WAD", talib.WAD(h, l, c), np.cumsum(step))}


@row("rvol", [{"period": n} for n in (20, 1, 2, 7, 120)], lambda p: p["period"], scale="unit", late=("rvol",))
def rvol(b, x, p):
    n, v = p["period"], b["volume"]
    values = F.blank(len(v))
    values[n:] = v[n:] / F.windows(v, n).mean(axis=1)[:-1]
    # Without volume before there is no multiple; TA-Lib gives an infinity.
    given, values = (np.where(np.isinf(a), np.nan, a) for a in (talib.RVOL(v, n), values))
    return {"rvol": ("TA-Lib RVOL", given, values)}
