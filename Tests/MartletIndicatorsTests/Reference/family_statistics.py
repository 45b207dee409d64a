"""Statistics of windows beyond the first four. Needs TA-Lib, and pandas-ta-classic for zScore."""

import numpy as np
import pandas
import pandas_ta_classic
import talib

import formulas as F
from rows import row


@row("meanDev", [{"period": n} for n in (14, 1, 2, 5, 100)] + [{"period": 9, "inputs": {"x": "volume"}}],
     lambda p: p["period"] - 1)
def meanDev(b, x, p):
    n = p["period"]
    w = F.windows(x, n)
    values = F.put(len(x), n - 1, np.abs(w - w.mean(axis=1, keepdims=True)).mean(axis=1))
    if n == 1:
        return {"meanDev": ("NumPy formula", values)}
    return {"meanDev": ("TA-Lib AVGDEV", talib.AVGDEV(x, n), values)}


@row("zScore", [{"period": n, "ddof": d} for n, d in ((30, 0), (1, 0), (2, 0), (2, 1), (7, 1), (100, 0), (60, 1), (20, 3))],
     lambda p: p["period"] - 1, scale="unit")
def zScore(b, x, p):
    n, ddof = p["period"], p["ddof"]
    w = F.windows(x, n)
    mean = w.mean(axis=1)
    sigma = np.sqrt(F.deviation_rows(w) * n / (n - ddof))
    flat = sigma <= F.NOISE * np.abs(mean)
    values = F.put(len(x), n - 1, np.where(flat, 0, (x[n - 1:] - mean) / np.where(flat, 1, sigma)))
    if ddof != 1 or flat.any():
        return {"zScore": ("NumPy formula", values)}
    found = pandas_ta_classic.zscore(pandas.Series(x), length=n, std=1).to_numpy()
    return {"zScore": ("NumPy formula (pandas-ta-classic 0.8.32 zscore agrees)", values, found)}


@row("beta", [{"period": n, "inputs": {"x": stock, "market": market}} for n, market, stock in (
    (5, "close", "volume"), (5, "high", "low"), (1, "high", "low"), (2, "close", "open"), (30, "open", "close"),
    (100, "volume", "close"))], lambda p: p["period"], scale="unit")
def beta(b, x, p):
    n = p["period"]
    market = b[p["inputs"]["market"]]

    def returns(v):
        past = v[:-1]
        return np.where(past == 0, 0, v[1:] / np.where(past == 0, 1, past) - 1)

    wx, wy = F.windows(returns(market), n), F.windows(returns(x), n)
    cx, cy = wx - wx.mean(axis=1, keepdims=True), wy - wy.mean(axis=1, keepdims=True)
    xx, xy = (cx * cx).sum(axis=1), (cx * cy).sum(axis=1)
    none = F.flat_rows(wx) | (xx <= 1e-30 * (1 + wx * wx).sum(axis=1))
    values = F.put(len(x), n, np.where(none, 0, xy / np.where(none, 1, xx)))
    if n == 1:
        return {"beta": ("NumPy formula", values)}
    return {"beta": ("TA-Lib BETA", talib.BETA(market, x, n), values)}


@row("percentRank", [{"period": n} for n in (100, 1, 2, 14, 200)] + [{"period": 9, "inputs": {"x": "volume"}}],
     lambda p: p["period"], scale="percent")
def percentRank(b, x, p):
    n = p["period"]
    w = F.windows(x, n + 1)
    values = F.put(len(x), n, 100 * (w[:, :-1] < w[:, -1:]).sum(axis=1) / n)
    if n == 1:
        return {"percentRank": ("NumPy formula", values)}
    return {"percentRank": ("TA-Lib PERCENTRANK", talib.PERCENTRANK(x, n), values)}


@row("hurst", [{"period": n} for n in (100, 16, 31, 64, 200)], lambda p: p["period"], scale="unit",
     sets=("walk", "trend", "flat", "tiny", "huge", "gaps", "constant", "ties"), late=("hurst",))
def hurst(b, x, p):
    n = p["period"]
    counts = [k for k in (1, 2, 4, 8, 16, 32) if n // k >= 8]
    log_size = np.log10([n // k for k in counts])
    returns = np.diff(np.log(x))
    values = F.blank(len(x))
    for t in range(n, len(x)):
        w = returns[t - n:t]
        means = []
        for k in counts:
            parts = w[n - n // k * k:].reshape(k, -1)
            centred = parts - parts.mean(axis=1, keepdims=True)
            path = centred.cumsum(axis=1)
            spread = centred.std(axis=1)
            spread[(spread <= 1e-15) | F.flat_rows(parts)] = np.nan
            means.append(((path.max(axis=1) - path.min(axis=1)) / spread).mean())
        values[t] = np.polyfit(log_size, np.log10(means), 1)[0] if np.all(np.isfinite(means)) else np.nan
    return {"hurst": ("NumPy formula (Hurst 1951; Skender's chunks)", values)}
