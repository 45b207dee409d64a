#!/usr/bin/env python3
"""Writes reference.npz, cases.txt and SOURCES.md: expected values of 24 indicators.

    python make_reference.py [--check]

Every value comes from TA-Lib or from a NumPy reference (formulas.py), and wherever both exist they are
compared; the script fails on a difference that KNOWN below does not explain. --check writes nothing.
"""

import argparse
import json
import pathlib
import platform
import sys

import numpy as np
import talib

import cycle_engine  # adds MAMA to the averages of formulas.py
import exact_windows
import formulas as F

HERE = pathlib.Path(__file__).resolve().parent
BARS = 260
FIELDS = ("open", "high", "low", "close", "volume")
TOLERANCE = 1e-8
TYPES = {"sma": 0, "ema": 1, "wma": 2, "dema": 3, "tema": 4, "trima": 5, "kama": 6, "mama": 7,
         "t3": 8, "hma": 9, "zlema": 12, "rma": 13}

# Datasets


def candles(rng, close, spread, digits, volume):
    """Bars around a path of closes: opens near the last close, highs and lows outside both."""
    n = len(close)
    before = np.concatenate([[close[0]], close[:-1]])
    opened = before + rng.normal(0, 0.3, n) * spread
    high = np.maximum(opened, close) + np.abs(rng.normal(0, 0.6, n)) * spread
    low = np.minimum(opened, close) - np.abs(rng.normal(0, 0.6, n)) * spread
    rows = [np.round(v, digits) for v in (opened, high, low, close)]
    rows[1] = np.maximum.reduce(rows)
    rows[2] = np.minimum.reduce(rows)
    return np.stack(rows + [volume.astype(float)])


def datasets():
    rng = np.random.default_rng(20261012)
    n = BARS
    sets = {}
    walk = 100 * np.exp(np.cumsum(rng.normal(0, 0.01, n)))
    sets["walk"] = candles(rng, walk, 0.8, 2, rng.integers(1_000, 90_000, n))
    leg = np.concatenate([rng.normal(0, 0.4, 80), rng.normal(0.9, 0.6, 60),
                          rng.normal(0, 0.5, 50), rng.normal(-1.1, 0.6, 70)])
    sets["trend"] = candles(rng, 120 + np.cumsum(leg), 0.7, 2, rng.integers(5_000, 400_000, n))

    calm = np.concatenate([np.cumsum(rng.normal(0, 0.3, 60)), np.zeros(70), np.cumsum(rng.normal(0, 0.3, 40)),
                           np.zeros(50), np.cumsum(rng.normal(0, 0.3, 40))])
    calm[60:130] += calm[59]
    calm[130:170] += calm[129]
    calm[170:220] += calm[169]
    calm[220:] += calm[219]
    flat = candles(rng, 30 + calm, 0.3, 2, rng.integers(100, 5_000, n))
    for lo, hi in ((61, 130), (171, 220)):  # bars without any range
        flat[:4, lo:hi] = np.round(30 + calm[lo], 2)
    flat[4, 66:118] = 0
    flat[4, 180:186] = 0
    flat[4, 240:246] = 0
    sets["flat"] = flat

    tiny = 1.3e-6 * np.exp(np.cumsum(rng.normal(0, 0.02, n)))
    sets["tiny"] = candles(rng, tiny, 1.3e-8, 11, rng.integers(10 ** 9, 10 ** 12, n))
    huge = 2.5e6 * np.exp(np.cumsum(rng.normal(0.003, 0.02, n)))
    sets["huge"] = candles(rng, huge, 3e4, 1, rng.integers(1, 400, n))

    steps = rng.normal(0, 0.012, n)
    steps[[40, 95, 150, 205]] = (0.33, -0.28, 0.21, -0.38)
    gaps = 60 * np.exp(np.cumsum(steps))
    volume = rng.integers(500, 3_000, n)
    volume[[41, 96, 97, 151, 206]] *= 60
    volume[[10, 11, 12, 77, 130, 131, 180]] = 0
    gap = candles(rng, gaps, 0.5, 2, volume)
    for t in (40, 95, 150, 205):  # the jump is in the opening, not inside the bar
        gap[0, t] = np.round(gap[3, t] * 0.995, 2)
        gap[1, t] = np.round(max(gap[0, t], gap[3, t]) * 1.004, 2)
        gap[2, t] = np.round(min(gap[0, t], gap[3, t]) * 0.996, 2)
    sets["gaps"] = gap

    constant = np.full((5, n), 50.0)
    constant[4] = 1000
    sets["constant"] = constant

    path = np.cumsum(rng.integers(-1, 2, n))
    grid = 8 + 0.1 * (np.abs((path + 4) % 16 - 8) - 4)  # between 7.6 and 8.4, in steps of 0.1
    ties = candles(rng, grid, 0.1, 1, rng.integers(1, 20, n) * 100)
    sets["ties"] = ties

    spread = np.round(np.cumsum(rng.normal(0, 0.4, n)) * 2) / 2
    spread = spread - np.round(np.median(spread) * 2) / 2  # crosses zero often, and stands on it
    sets["spread"] = candles(rng, spread, 0.4, 1, rng.integers(1_000, 9_000, n))
    return sets


# Cases: indicator, parameters, inputs, and how TA-Lib gives its outputs

CASES = []
COMMON = ("sma", "ema", "rma", "wma", "kama")
DEFAULT = {"bollinger": "sma", "stoch": "sma", "macd": "ema", "atr": "rma"}
SOME = ("walk", "trend", "flat", "tiny", "constant", "ties")  # for an average that is not the default
FEW = ("walk", "flat", "tiny", "ties")  # for the averages outside COMMON


def case(indicator, inputs=None, only=None, **params):
    kinds = str(params.get("maType", params.get("maTypes", "sma"))).split("/")
    if any(kind not in COMMON for kind in kinds):
        only = only or FEW
    elif indicator in DEFAULT and set(kinds) != {DEFAULT[indicator]}:
        only = only or SOME
    CASES.append((indicator, params, inputs or {}, only))


def build_cases():
    for n in (30, 1, 2, 5, 14, 200):
        for name in ("sma", "rma", "wma"):
            case(name, period=n)
        case("ema", period=n, seed="sma")
        case("kama", period=n, fast=2, slow=30)
    for name in ("sma", "wma", "rma"):
        case(name, {"x": "volume"}, period=10)
    for n in (30, 1, 9):
        case("ema", period=n, seed="first")
    case("kama", period=10, fast=2, slow=30)
    case("kama", period=10, fast=3, slow=20)
    case("kama", period=5, fast=1, slow=100)
    case("kama", {"x": "high"}, period=21, fast=4, slow=12)

    for n, up, down in ((20, 2, 2), (2, 1, 1), (5, 1.5, 2.5), (50, 3, 1), (200, 2, 2), (1, 2, 2)):
        case("bollinger", period=n, up=up, down=down, maType="sma")
    for kind in ("ema", "wma", "rma", "kama", "dema", "tema", "trima", "t3", "hma", "zlema", "mama"):
        case("bollinger", period=20 if kind != "mama" else 40, up=2, down=2, maType=kind)
    for n in (20, 2, 5, 55, 200, 1):
        case("donchian", period=n)
    for n, m in ((10, 3), (7, 3), (2, 1), (14, 1.5), (50, 2), (10, 0), (1, 2)):
        case("superTrend", period=n, multiplier=m, exactTies=True)

    for start, step, most in ((0.02, 0.02, 0.2), (0.02, 0.02, 0.1), (0.05, 0.05, 0.5), (0.01, 0.01, 0.05),
                              (0.3, 0.3, 0.2), (0.01, 0.03, 0.15), (0.0, 0.0, 0.2)):
        case("sar", start=start, step=step, max=most)
    case("sar", start=0.02, step=0.02, max=0.2, offsetOnReverse=0.01)
    case("sar", only=("walk", "trend", "ties", "constant"),
         start=0.02, step=0.02, max=0.2, startValue=95.0)
    case("sar", only=("walk", "trend", "ties", "constant"),
         start=0.02, step=0.02, max=0.2, startValue=-130.0)
    case("sar", startLong=0.02, stepLong=0.02, maxLong=0.2, startShort=0.04, stepShort=0.01, maxShort=0.1)
    case("sar", startLong=0.01, stepLong=0.03, maxLong=0.12, startShort=0.03, stepShort=0.03, maxShort=0.3,
         offsetOnReverse=0.02)

    for n in (10, 1, 2, 25, 200):
        case("roc", period=n)
    case("roc", {"x": "volume"}, period=5)
    for n in (14, 2, 5, 30, 200, 1):
        case("rsi", period=n)

    for k, s, d in ((5, 3, 3), (14, 3, 3), (14, 1, 3), (5, 1, 1), (1, 1, 1), (50, 10, 5), (100, 20, 30)):
        case("stoch", kPeriod=k, kSmooth=s, dPeriod=d, maType="sma")
    case("stoch", kPeriod=9, kSmooth=3, dPeriod=3, maType="rma")
    for kind in ("ema", "wma", "rma", "kama", "dema", "tema", "trima", "t3", "hma", "zlema"):
        case("stoch", kPeriod=14, kSmooth=5, dPeriod=4, maType=kind)
    case("stoch", kPeriod=14, kSmooth=1, dPeriod=5, maType="ema")

    for f, s, g in ((12, 26, 9), (2, 5, 3), (5, 35, 5), (3, 10, 16), (12, 26, 1), (2, 2, 2), (26, 12, 9), (50, 150, 30)):
        case("macd", fast=f, slow=s, signal=g, maTypes="ema", fixed=False)
    for g in (9, 1, 20):
        case("macd", fast=12, slow=26, signal=g, maTypes="ema", fixed=True)
    for kinds in ("sma", "wma", "rma", "kama", "dema", "tema", "trima", "hma", "zlema", "sma/ema/wma", "ema/sma/ema",
                  "kama/rma/sma", "wma/kama/ema", "ema/dema/sma"):
        case("macd", fast=12, slow=26, signal=9, maTypes=kinds, fixed=False)
    case("macd", fast=12, slow=26, signal=9, maTypes="ema", fixed=False, seedAlign="own")
    case("macd", fast=3, slow=10, signal=16, maTypes="ema", fixed=False, seedAlign="own")

    for n, k in ((14, 0.015), (20, 0.015), (2, 0.015), (5, 0.015), (100, 0.015), (20, 0.02), (1, 0.015)):
        case("cci", period=n, constant=k)
    for n in (14, 2, 5, 30, 80, 1):
        case("dmi", period=n, exactTies=True)
    for n in (14, 2, 5, 25, 200, 1):
        case("aroon", period=n)
    for x in ("close", "open", "high", "low", "volume"):
        case("obv", {"x": x})
    for n in (14, 2, 5, 60, 200, 1):
        case("mfi", period=n)
    case("trueRange", firstBar="nan")
    case("trueRange", firstBar="range")
    for n in (14, 1, 2, 5, 50, 200):
        case("atr", period=n, maType="rma")
    for kind in ("sma", "ema", "wma", "kama", "dema", "tema", "trima", "t3", "hma", "zlema"):
        case("atr", period=10, maType=kind)

    for n in (14, 2, 3, 30, 100, 200):
        case("linReg", period=n)
    case("linReg", {"x": "volume"}, period=10)
    for n, m, ddof in ((5, 1, 0), (2, 1, 0), (20, 2, 0), (100, 0.5, 0), (200, 1, 0), (1, 1, 0), (10, 1, 1), (20, 3, 1)):
        case("stdDev", period=n, multiplier=m, ddof=ddof)
    for n in (30, 1, 2, 5, 20, 100, 200):
        case("correl", {"x": "close", "y": "volume"}, period=n)
    for n in (30, 2, 10, 60):
        case("correl", {"x": "high", "y": "low"}, period=n)
    case("correl", {"x": "close", "y": "close"}, period=14)
    for n, p in ((30, 50), (1, 50), (2, 50), (5, 50), (14, 90), (30, 10), (100, 25), (100, 100), (7, 1), (20, 33.3),
                 (10, 70), (30, 0.5)):
        case("percentile", period=n, percent=p)
    for n, p in ((30, 50), (9, 50), (20, 33.3), (14, 90)):
        case("percentile", period=n, percent=p, interpolate=True)


def text_of(indicator, params):
    def show(v):
        return ("true" if v else "false") if isinstance(v, bool) else repr(v) if isinstance(v, float) else str(v)
    return indicator + "(" + ",".join(f"{k}={show(v)}" for k, v in params.items()) + ")"


def from_talib(indicator, p, b, x, y):
    """{output: (values, source)} of everything TA-Lib gives for this case; {} if it rejects it."""
    h, l, c, v = b["high"], b["low"], b["close"], b["volume"]
    n = p.get("period")
    if not set(str(p.get("maType", p.get("maTypes", "sma"))).split("/")) <= set(TYPES) or p.get("seed") == "adjusted":
        return {}
    if indicator in ("sma", "rma", "wma"):
        return {indicator: (getattr(talib, indicator.upper())(x, n), f"TA-Lib {indicator.upper()}")}
    if indicator == "ema" and p["seed"] == "sma":
        return {"ema": (talib.EMA(x, n), "TA-Lib EMA")}
    if indicator == "kama" and (p["fast"], p["slow"]) == (2, 30):
        return {"kama": (talib.KAMA(x, n), "TA-Lib KAMA")}
    if indicator == "bollinger" and n >= 2:
        upper, middle, lower = talib.BBANDS(x, n, p["up"], p["down"], TYPES[p["maType"]])
        share, band = F.band_shares(x, upper, middle, lower)
        derived = "NumPy formula on the bands of TA-Lib BBANDS"
        return {"upper": (upper, "TA-Lib BBANDS"), "middle": (middle, "TA-Lib BBANDS"),
                "lower": (lower, "TA-Lib BBANDS"), "percentB": (share, derived), "bandwidth": (band, derived)}
    if indicator == "donchian" and n >= 2:
        return {k: (o, "TA-Lib DONCHIAN") for k, o in zip(("upper", "middle", "lower"), talib.DONCHIAN(h, l, n))}
    if indicator == "superTrend" and n >= 2:
        line, trend = talib.SUPERTREND(h, l, c, n, p["multiplier"])
        trend = np.where(np.isnan(line), np.nan, trend)
        return {"superTrend": (line, "TA-Lib SUPERTREND"), "direction": (trend, "TA-Lib SUPERTREND (trend)")}
    if indicator == "sar":
        sides = [p.get(k + side, p.get(k)) for side in ("Long", "Short") for k in ("start", "step", "max")]
        signed = talib.SAREXT(h, l, p.get("startValue", 0), p.get("offsetOnReverse", 0), *sides)
        direction = np.where(np.isnan(signed), np.nan, np.where(signed < 0, -1.0, 1.0))
        plain = "startLong" not in p and p["start"] == p["step"] and not p.get("startValue") and not p.get("offsetOnReverse")
        if plain:
            return {"sar": (talib.SAR(h, l, p["step"], p["max"]), "TA-Lib SAR"),
                    "direction": (direction, "sign of TA-Lib SAREXT with equal parameters")}
        return {"sar": (np.abs(signed), "TA-Lib SAREXT, absolute"), "direction": (direction, "sign of TA-Lib SAREXT")}
    if indicator == "roc":
        return {k: (getattr(talib, k.upper())(x, n), f"TA-Lib {k.upper()}") for k in ("roc", "rocP", "rocR", "rocR100")}
    if indicator == "rsi" and n >= 2:
        return {"rsi": (talib.RSI(x, n), "TA-Lib RSI")}
    if indicator == "stoch":
        kind = TYPES[p["maType"]]
        k, s, d = p["kPeriod"], p["kSmooth"], p["dPeriod"]
        alone = talib.STOCH(h, l, c, k, s, kind, 1, 0)[0]
        late, signal, j = talib.KDJ(h, l, c, k, s, kind, d, kind)
        pair = talib.STOCH(h, l, c, k, s, kind, d, kind)
        must_equal("STOCH = KDJ", pair[1], signal)
        must_equal("STOCH k", np.where(np.isnan(late), np.nan, alone), late)
        if s == 1:
            must_equal("STOCHF d", talib.STOCHF(h, l, c, k, d, kind)[1], signal)
        return {"k": (alone, "TA-Lib STOCH with slowd_period=1 (not trimmed to the start of d)"),
                "d": (signal, "TA-Lib STOCH"), "j": (j, "TA-Lib KDJ")}
    if indicator == "macd" and p.get("seedAlign") != "own" and min(p["fast"], p["slow"]) > 1:
        f, s, g = p["fast"], p["slow"], p["signal"]
        if p["fixed"]:
            name, run = "MACDFIX", lambda g: talib.MACDFIX(x, g)
        elif p["maTypes"] == "ema":
            name, run = "MACD", lambda g: talib.MACD(x, f, s, g)
        else:
            kinds = [TYPES[k] for k in p["maTypes"].split("/")]
            kinds = kinds * 3 if len(kinds) == 1 else kinds
            name, run = "MACDEXT", lambda g: talib.MACDEXT(x, f, kinds[0], s, kinds[1], g, kinds[2])
        alone = run(1)[0]
        late, signal, histogram = run(g)
        must_equal(name + " line", np.where(np.isnan(late), np.nan, alone), late)
        return {"macd": (alone, f"TA-Lib {name} with signalperiod=1 (not trimmed to the start of the signal)"),
                "signal": (signal, f"TA-Lib {name}"), "histogram": (histogram, f"TA-Lib {name}")}
    if indicator == "cci" and n >= 2:
        scale = 0.015 / p["constant"]
        return {"cci": (talib.CCI(h, l, c, n) * scale, "TA-Lib CCI" + ("" if scale == 1 else f" * 0.015/{p['constant']}"))}
    if indicator == "dmi":
        outs = {"plusDM": (talib.PLUS_DM(h, l, n), "TA-Lib PLUS_DM"), "minusDM": (talib.MINUS_DM(h, l, n), "TA-Lib MINUS_DM")}
        scale, note = (1, "") if n > 1 else (100, " * 100 (TA-Lib leaves the factor out at period 1)")
        outs["plusDI"] = (scale * talib.PLUS_DI(h, l, c, n), "TA-Lib PLUS_DI" + note)
        outs["minusDI"] = (scale * talib.MINUS_DI(h, l, c, n), "TA-Lib MINUS_DI" + note)
        if n >= 2:
            for k in ("dx", "adx", "adxr"):
                outs[k] = (getattr(talib, k.upper())(h, l, c, n), f"TA-Lib {k.upper()}")
        return outs
    if indicator == "aroon" and n >= 2:
        down, up = talib.AROON(h, l, n)
        return {"up": (up, "TA-Lib AROON"), "down": (down, "TA-Lib AROON"),
                "oscillator": (talib.AROONOSC(h, l, n), "TA-Lib AROONOSC")}
    if indicator == "obv":
        return {"obv": (talib.OBV(x, v), "TA-Lib OBV")}
    if indicator == "mfi" and n >= 2:
        return {"mfi": (talib.MFI(h, l, c, v, n), "TA-Lib MFI")}
    if indicator == "trueRange" and p["firstBar"] == "nan":
        return {"trueRange": (talib.TRANGE(h, l, c), "TA-Lib TRANGE")}
    if indicator == "atr":
        if p["maType"] == "rma":
            outs = {"atr": (talib.ATR(h, l, c, n), "TA-Lib ATR")}
            if n > 1:  # TA-Lib NATR(1) is the true range itself, not divided by the close
                outs["natr"] = (talib.NATR(h, l, c, n), "TA-Lib NATR")
            return outs
        atr = np.full(len(c), np.nan)
        atr[1:] = talib.MA(talib.TRANGE(h, l, c)[1:], n, TYPES[p["maType"]])
        natr = np.where(c == 0, 0, 100 * atr / np.where(c == 0, 1, c))
        return {"atr": (atr, "TA-Lib MA of TA-Lib TRANGE"),
                "natr": (np.where(np.isnan(atr), np.nan, natr), "NumPy formula on TA-Lib MA of TRANGE")}
    if indicator == "linReg" and n >= 2:
        names = {"value": "LINEARREG", "slope": "LINEARREG_SLOPE", "intercept": "LINEARREG_INTERCEPT",
                 "angle": "LINEARREG_ANGLE", "forecast": "TSF"}
        return {k: (getattr(talib, f)(x, n), f"TA-Lib {f}") for k, f in names.items()}
    if indicator == "stdDev" and p["ddof"] == 0:
        outs = {"variance": (talib.VAR(x, n), "TA-Lib VAR")}
        if n >= 2:
            outs["stdDev"] = (talib.STDDEV(x, n, p["multiplier"]), "TA-Lib STDDEV")
            outs["stdErr"] = (talib.STDDEV(x, n, 1) / np.sqrt(n), "TA-Lib STDDEV / sqrt(period)")
        return outs
    if indicator == "correl":
        return {"correl": (talib.CORREL(x, y, n), "TA-Lib CORREL")}
    if indicator == "percentile" and n >= 2 and not p.get("interpolate"):
        return {"percentile": (talib.PERCENTILE(x, n, p["percent"]), "TA-Lib PERCENTILE")}
    return {}


def from_formula(indicator, p, b, x, y):
    extra = {"y": y} if indicator == "correl" else {}
    return getattr(F, "f_" + indicator)(b, x, **p, **extra)


def lookbacks(indicator, p):
    """The catalog's formula, per output."""
    n, lb = p.get("period"), F.average_lookback
    if indicator == "ema":
        return {"ema": 0 if p["seed"] == "first" else n - 1}
    if indicator == "kama":
        return {"kama": lb("kama", n)}
    if indicator == "bollinger":
        return dict.fromkeys(("upper", "middle", "lower", "percentB", "bandwidth"), max(n - 1, lb(p["maType"], n)))
    if indicator == "donchian":
        return dict.fromkeys(("upper", "middle", "lower"), n - 1)
    if indicator == "superTrend":
        return dict.fromkeys(("superTrend", "direction", "upperBand", "lowerBand"), n)
    if indicator == "sar":
        return {"sar": 1, "direction": 1}
    if indicator == "roc":
        return dict.fromkeys(("roc", "rocP", "rocR", "rocR100"), n)
    if indicator == "stoch":
        k = p["kPeriod"] - 1 + lb(p["maType"], p["kSmooth"])
        d = k + lb(p["maType"], p["dPeriod"])
        return {"k": k, "d": d, "j": d}
    if indicator == "macd":
        kinds = p["maTypes"].split("/") * (3 if "/" not in p["maTypes"] else 1)
        fast, slow = sorted((p["fast"], p["slow"]))
        if p["slow"] < p["fast"]:
            kinds[0], kinds[1] = kinds[1], kinds[0]
        first = max(lb(kinds[0], fast), lb(kinds[1], slow))
        late = first + lb(kinds[2], p["signal"])
        return {"macd": first, "signal": late, "histogram": late}
    if indicator == "dmi":
        dm = max(n - 1, 1)  # period 1 needs the change of bar 1
        return {"plusDM": dm, "minusDM": dm, "plusDI": n, "minusDI": n, "dx": n, "adx": 2 * n - 1, "adxr": 3 * n - 2}
    if indicator == "aroon":
        return {"up": n, "down": n, "oscillator": n}
    if indicator == "obv":
        return {"obv": 0}
    if indicator in ("rsi", "mfi"):
        return {indicator: n}
    if indicator == "trueRange":
        return {"trueRange": 0 if p["firstBar"] == "range" else 1}
    if indicator == "atr":
        return dict.fromkeys(("atr", "natr"), 1 + lb(p["maType"], n))
    if indicator == "linReg":
        return dict.fromkeys(("value", "slope", "intercept", "angle", "forecast", "r2"), n - 1)
    if indicator == "stdDev":
        return dict.fromkeys(("stdDev", "variance", "stdErr"), n - 1)
    return {indicator: n - 1}  # sma, rma, wma, cci, correl, percentile


def must_equal(what, a, b, tolerance=1e-12):
    where = np.isfinite(a) | np.isfinite(b)
    scale = np.nanmax(np.abs(np.where(where, b, 0)), initial=1e-300)
    assert np.array_equal(np.isnan(a), np.isnan(b)) and np.all(np.abs(a - b)[where] <= tolerance * scale), what


def difference(a, b, scale_floor):
    """Largest difference relative to the scale of the values, and the first bar where it stands."""
    if not np.array_equal(np.isnan(a), np.isnan(b)):
        return np.inf, int(np.flatnonzero(np.isnan(a) != np.isnan(b))[0])
    finite = np.isfinite(a)
    if not finite.any():
        return 0.0, -1
    scale = max(np.max(np.abs(a[finite])), np.max(np.abs(b[finite])), scale_floor, 1e-300)
    with np.errstate(invalid="ignore"):
        gap = np.where(a == b, 0, np.where(np.isnan(a), 0, np.abs(a - b))) / scale
    return float(gap.max()), int(np.argmax(gap))


# Natural magnitudes, for tolerances on values that are zero or noise

MAGNITUDE = {"percentB": "unit", "bandwidth": "unit", "direction": "unit", "rocP": "unit", "rocR": "unit", "r2": "unit",
             "correl": "unit", "roc": "percent", "rocR100": "percent", "rsi": "percent", "k": "percent", "d": "percent",
             "j": "percent", "cci": "percent", "plusDI": "percent", "minusDI": "percent", "dx": "percent",
             "adx": "percent", "adxr": "percent", "up": "percent", "down": "percent", "oscillator": "percent",
             "mfi": "percent", "natr": "percent", "angle": "percent", "obv": "volume", "variance": "input squared"}


def magnitude(output, b, x):
    size = {"unit": 1.0, "percent": 100.0, "volume": float(np.abs(b["volume"]).max())}
    kind = MAGNITUDE.get(output, "input")
    level = float(np.abs(x).max())
    return size.get(kind, level * level if kind == "input squared" else level)


def skipped(indicator, output, name):
    """Combinations that mean nothing: the spread set holds zero and negative prices."""
    return name == "spread" and (indicator in ("mfi", "sar") or output == "bandwidth")


def build():
    sets = datasets()
    store = {f"data.{name}": rows for name, rows in sets.items()}
    build_cases()
    records, worst, failures = [], {}, []
    for k, (indicator, params, inputs, only) in enumerate(CASES):
        expected = lookbacks(indicator, params)
        outputs = {name: {"source": None, "lookback": lb, "magnitude": MAGNITUDE.get(name, "input"), "notes": []}
                   for name, lb in expected.items()}
        names = [name for name in sets if only is None or name in only]
        for name in names:
            b = dict(zip(FIELDS, sets[name]))
            x, y = b[inputs.get("x", "close")], b[inputs["y"]] if "y" in inputs else None
            given, own = from_talib(indicator, params, b, x, y), from_formula(indicator, params, b, x, y)
            for output, record in outputs.items():
                if skipped(indicator, output, name):
                    continue
                values, source = given[output] if output in given else (own[output], "NumPy formula")
                record["source"] = source
                if output in given and output in own:
                    gap, bar = difference(values, own[output], 1e-3 * magnitude(output, b, x))
                    worst[indicator] = max(worst.get(indicator, 0), gap)
                    if gap > TOLERANCE:
                        failures.append(f"case {k} {text_of(indicator, params)} {name} {output}: {gap:.3g} at bar {bar}: "
                                        f"{values[bar]!r} {own[output][bar]!r}")
                finite = np.flatnonzero(np.isfinite(values))
                first = int(finite[0]) if len(finite) else None
                if first != record["lookback"]:
                    if record["lookback"] >= BARS:
                        note = "longer than the data: all NaN"
                    elif output in ("percentB", "r2"):
                        note = f"{name}: undefined (NaN) on flat windows, first value " + ("never" if first is None else f"at {first}")
                    else:
                        note = f"{name}: first value at {first}"
                        failures.append(f"case {k} {text_of(indicator, params)} {name} {output}: {note}, not {record['lookback']}")
                    if note not in record["notes"]:
                        record["notes"].append(note)
                store[f"case.{k}.{name}.{output}"] = np.ascontiguousarray(values, dtype=np.float64)
        uses_x = indicator not in ("donchian", "superTrend", "sar", "stoch", "cci", "dmi", "aroon", "mfi", "trueRange", "atr")
        records.append({"k": k, "indicator": indicator, "text": text_of(indicator, params), "params": params,
                        "inputs": {"x": "close", **inputs} if uses_x else {}, "sets": names, "outputs": outputs})
    store.update(exact_windows.make())
    store["cases"] = np.array([json.dumps(r) for r in records])
    return store, records, worst, failures


def listing(records):
    lines = []
    for r in records:
        head = f"{r['k']:3d}  {r['text']}"
        if r["inputs"] and r["inputs"] != {"x": "close"}:
            head += "  [" + " ".join(f"{a}={b}" for a, b in r["inputs"].items()) + "]"
        if len(r["sets"]) != len(datasets()):
            head += "  sets: " + " ".join(r["sets"])
        outs = [f"{name} from {o['lookback']} <- {o['source']}" + (f" ({'; '.join(o['notes'])})" if o["notes"] else "")
                for name, o in r["outputs"].items()]
        lines.append(head + "  |  " + "  |  ".join(outs))
    return "\n".join(lines) + "\n"


def versions():
    return (f"TA-Lib C {talib.__ta_version__.decode().split()[0]}, TA-Lib Python {talib.__version__}, NumPy {np.__version__}, "
            f"mpmath {exact_windows.mpmath.__version__}, Python {platform.python_version()}")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--check", action="store_true", help="compare only, write nothing")
    options = arguments.parse_args()
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        store, records, worst, failures = build()
    for line in failures:
        print(line, file=sys.stderr)
    print(f"{len(records)} cases, {len(store)} arrays; {versions()}")
    print("largest difference between TA-Lib and the formula, relative:",
          ", ".join(f"{name} {gap:.1e}" for name, gap in worst.items()))
    if failures:
        sys.exit(f"{len(failures)} unexplained differences")
    if options.check:
        return
    np.savez_compressed(HERE / "reference.npz", **store)
    (HERE / "cases.txt").write_text(listing(records))
    text = (HERE / "SOURCES.md").read_text() if (HERE / "SOURCES.md").exists() else "# Sources\n\nVersions: \n"
    lines = [f"Versions: {versions()}." if line.startswith("Versions: ") else line for line in text.splitlines()]
    (HERE / "SOURCES.md").write_text("\n".join(lines) + "\n")
    print(f"reference.npz {(HERE / 'reference.npz').stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
