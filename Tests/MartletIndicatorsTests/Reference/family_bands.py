"""Bands, channels, stops and overlays, and the volume-weighted average price.

Where TA-Lib has no function for an indicator, its values are put together from TA-Lib's parts (MAX,
ATR, MIDPRICE, …), beside the formula. Bar k is at k × 4 hours from 1970-01-01 UTC, a Thursday.
"""

import math

import numpy as np
import talib

import formulas as F
from make_reference import TYPES
from rows import row

NAN = np.nan
POSITIVE = ("walk", "trend", "flat", "tiny", "huge", "gaps", "constant", "ties")


def lag(x, k):
    out = F.blank(len(x))
    out[k:] = x[:len(x) - k]
    return out


def after_head(function, x, n):
    """A TA-Lib window function on the part of x after its leading NaN."""
    head = F.start_of(x)
    out = F.blank(len(x))
    out[head:] = function(np.ascontiguousarray(x[head:]), n)
    return out


def highest(x, n):
    return F.skipping_head(F.rolling_max)(x, n)


def lowest(x, n):
    return F.skipping_head(F.rolling_min)(x, n)


def hlc(b):
    return b["high"], b["low"], b["close"]


def atr(b, n):
    return F.rma(F.true_range(*hlc(b)), n)


def numbers(unit):
    """The number of the day, week, month or year that each bar lies in; one for all without a unit."""
    time = np.arange(260).astype("int64") * 4 * 3600
    day = time // 86400
    if unit == "none":
        return np.zeros(260, dtype=int)
    if unit == "week":
        return (day + 3) // 7
    if unit in ("month", "year"):
        dates = time.astype("datetime64[s]")
        return dates.astype("datetime64[M]" if unit == "month" else "datetime64[Y]").astype(int)
    return day


@row("vwap", [{}, {"anchor": "day"}, {"anchor": "week", "bandMultiplier": 2}, {"anchor": "month"},
              {"anchor": "year", "bandMultiplier": 0.5}, {"bandMultiplier": 0}],
     lambda p: 0, late=("vwap", "upper", "lower"))
def vwap(b, x, p):
    h, l, c = hlc(b)
    price, volume = (h + l + c) / 3, b["volume"]
    unit = numbers(p.get("anchor", "none"))
    mean, deviation = F.blank(len(c)), F.blank(len(c))
    for t in range(len(c)):
        part = np.flatnonzero(unit[:t + 1] == unit[t])
        weight = math.fsum(volume[part])
        if weight == 0:
            continue
        mean[t] = math.fsum(volume[part] * price[part]) / weight
        deviation[t] = math.sqrt(math.fsum(volume[part] * (price[part] - mean[t]) ** 2) / weight)
    reach = p.get("bandMultiplier", 1) * deviation
    source = f"NumPy formula, exact sums since the {p.get('anchor', 'start')} began"
    line = (source, mean)
    if "anchor" not in p:
        line = ("TA-Lib VWAP", talib.VWAP(h, l, c, volume), mean)
    return {"vwap": line, "upper": (source, mean + reach), "lower": (source, mean - reach)}


@row("keltner", [{}, {"period": 10, "atrPeriod": 20, "multiplier": 1.5}, {"period": 2, "atrPeriod": 1},
                 {"period": 1, "atrPeriod": 1}, {"period": 50, "atrPeriod": 14, "multiplier": 3},
                 {"period": 7, "atrPeriod": 7}, {"period": 20, "atrPeriod": 10, "basis": "close"},
                 {"period": 5, "atrPeriod": 30, "multiplier": 1, "basis": "close"}],
     lambda p: max(p.get("period", 20) - 1, p.get("atrPeriod", 10)))
def keltner(b, x, p):
    h, l, c = hlc(b)
    n, m, k = p.get("period", 20), p.get("atrPeriod", 10), p.get("multiplier", 2)
    first = max(n - 1, m)
    price = c if p.get("basis") == "close" else (h + l + c) / 3
    middle = F.ema(price, n, at=first)
    ranges = F.true_range(h, l, c)[1:]
    reach = F.blank(len(c))
    reach[1:] = k * F.affine(ranges, m, 1 / m, at=first - 1)
    formula = {"upper": middle + reach, "middle": middle, "lower": middle - reach}
    if p.get("basis") == "close" or n == 1:
        return {name: ("NumPy formula (Keltner 1960, Raschke)", v) for name, v in formula.items()}
    found = dict(zip(formula, talib.KC(h, l, c, timeperiod=n, atrperiod=m, nbdev=k)))
    return {name: ("TA-Lib KC", found[name], formula[name]) for name in formula}


@row("midPrice", [{}, {"period": 1}, {"period": 2}, {"period": 33}, {"period": 200},
                  {"period": 14, "inputs": {"high": "close", "low": "close"}},
                  {"period": 5, "inputs": {"high": "volume", "low": "volume"}}],
     lambda p: p.get("period", 14) - 1)
def mid_price(b, x, p):
    n, inputs = p.get("period", 14), p["inputs"]
    h, l = b[inputs.get("high", "high")], b[inputs.get("low", "low")]
    formula = (F.rolling_max(h, n) + F.rolling_min(l, n)) / 2
    if n == 1:
        return {"midPrice": ("NumPy formula", formula)}
    if inputs:
        return {"midPrice": ("TA-Lib MIDPOINT", talib.MIDPOINT(h, n), formula)}
    return {"midPrice": ("TA-Lib MIDPRICE", talib.MIDPRICE(h, l, n), formula)}


@row("accBands", [{}, {"period": 1}, {"period": 2}, {"period": 9}, {"period": 120}], lambda p: p.get("period", 20) - 1)
def acc_bands(b, x, p):
    h, l, c = hlc(b)
    n = p.get("period", 20)
    share = np.where(h + l == 0, 0, 4 * (h - l) / np.where(h + l == 0, 1, h + l))
    formula = {"upper": F.sma(h * (1 + share), n), "middle": F.sma(c, n), "lower": F.sma(l * (1 - share), n)}
    if n == 1:
        return {name: ("NumPy formula (Headley 2002)", v) for name, v in formula.items()}
    found = dict(zip(formula, talib.ACCBANDS(h, l, c, n)))
    return {name: ("TA-Lib ACCBANDS", found[name], formula[name]) for name in formula}


@row("maEnvelope", [{}, {"period": 1, "percent": 1}, {"period": 2, "percent": 0}, {"period": 35, "percent": 10},
                    {"period": 12, "percent": 3, "maType": "ema"}, {"period": 9, "maType": "wma"},
                    {"period": 10, "maType": "kama", "inputs": {"x": "high"}}, {"period": 7, "maType": "tema"}]
     + [{"period": 11, "maType": kind, "sets": ("walk", "flat", "tiny", "gaps", "ties", "spread")}
        for kind in ("dema", "trima", "t3", "hma", "rma", "zlema", "mama", "vidya", "alma")],
     lambda p: F.average_lookback(p.get("maType", "sma"), p.get("period", 20)))
def ma_envelope(b, x, p):
    kind, n, part = p.get("maType", "sma"), p.get("period", 20), p.get("percent", 2.5) / 100
    formula = F.average(kind, x, n)
    if kind not in TYPES:
        return {name: (f"NumPy formula ({kind})", formula * side)
                for name, side in (("upper", 1 + part), ("middle", 1), ("lower", 1 - part))}
    found = talib.MA(x, n, TYPES[kind])
    source = f"TA-Lib MA ({kind})"
    return {"upper": (source + " × (1 + part)", found * (1 + part), formula * (1 + part)),
            "middle": (source, found, formula),
            "lower": (source + " × (1 − part)", found * (1 - part), formula * (1 - part))}


# pandas-ta-classic 0.8.32 gives the same for displacement = kijun, its only one (compared once).
@row("ichimoku", [{}, {"tenkan": 7, "kijun": 22, "senkouB": 44, "displacement": 22},
                  {"tenkan": 2, "kijun": 3, "senkouB": 4, "displacement": 1}, {"displacement": 0},
                  {"tenkan": 30, "kijun": 9, "senkouB": 20, "displacement": 5},
                  {"tenkan": 1, "kijun": 5, "senkouB": 1, "displacement": 25},
                  {"tenkan": 3, "kijun": 1, "senkouB": 8, "displacement": 2}],
     lambda p: {"tenkan": p.get("tenkan", 9) - 1, "kijun": p.get("kijun", 26) - 1, "chikou": 0,
                "spanA": max(p.get("tenkan", 9), p.get("kijun", 26)) - 1 + p.get("displacement", 26),
                "spanB": p.get("senkouB", 52) - 1 + p.get("displacement", 26)})
def ichimoku(b, x, p):
    h, l, c = hlc(b)
    sizes = [p.get(name, usual) for name, usual in (("tenkan", 9), ("kijun", 26), ("senkouB", 52))]
    d = p.get("displacement", 26)

    def lines(middle):
        a, k, s = (middle(n) for n in sizes)
        return {"tenkan": a, "kijun": k, "spanA": lag((a + k) / 2, d), "spanB": lag(s, d), "chikou": c}

    formula = lines(lambda n: (F.rolling_max(h, n) + F.rolling_min(l, n)) / 2)
    if 1 in sizes:
        return {name: ("NumPy formula (Hosoda 1969)", v) for name, v in formula.items()}
    found = lines(lambda n: talib.MIDPRICE(h, l, n))
    return {name: ("TA-Lib MIDPRICE, lagged", found[name], formula[name]) for name in formula}


@row("alligator", [{}, {"jaw": 21, "jawShift": 13, "teeth": 13, "teethShift": 8, "lips": 8, "lipsShift": 5},
                   {"jaw": 1, "jawShift": 0, "teeth": 2, "teethShift": 1, "lips": 3, "lipsShift": 0},
                   {"jaw": 5, "jawShift": 1, "teeth": 30, "teethShift": 2, "lips": 100, "lipsShift": 3},
                   {"jawShift": 0, "teethShift": 0, "lipsShift": 0},
                   {"jaw": 3, "jawShift": 2, "teeth": 1, "teethShift": 1, "lips": 1, "lipsShift": 0}],
     lambda p: {name: p.get(name, n) - 1 + p.get(name + "Shift", s)
                for name, n, s in (("jaw", 13, 8), ("teeth", 8, 5), ("lips", 5, 3))})
def alligator(b, x, p):
    middle, out = (b["high"] + b["low"]) / 2, {}
    for name, usual, shift in (("jaw", 13, 8), ("teeth", 8, 5), ("lips", 5, 3)):
        n, s = p.get(name, usual), p.get(name + "Shift", shift)
        formula = lag(F.rma(middle, n), s)
        out[name] = ("TA-Lib RMA of MEDPRICE, lagged", lag(talib.RMA(middle, n), s), formula) if n > 1 else (
            "NumPy formula (Williams 1995)", lag(middle, s))
    return out


def stops(b, n, k):
    """Chandelier stops by the formula, and by TA-Lib's MAX, MIN and ATR."""
    h, l, c = hlc(b)
    reach = k * atr(b, n)
    formula = (F.rolling_max(h, n) - reach, F.rolling_min(l, n) + reach)
    if n == 1:
        return formula, None
    reach = k * talib.ATR(h, l, c, n)
    return formula, (talib.MAX(h, n) - reach, talib.MIN(l, n) + reach)


@row("chandelierExit", [{}, {"period": 1, "multiplier": 2}, {"period": 2, "multiplier": 0}, {"period": 9},
                        {"period": 100, "multiplier": 4.5}], lambda p: p.get("period", 22))
def chandelier_exit(b, x, p):
    formula, found = stops(b, p.get("period", 22), p.get("multiplier", 3))
    if found is None:
        return {name: ("NumPy formula (LeBeau 2002)", v) for name, v in zip(("long", "short"), formula)}
    return {name: ("TA-Lib MAX, MIN and ATR", a, f) for name, a, f in zip(("long", "short"), found, formula)}


# pandas-ta-classic 0.8.32 gives the same (compared once).
@row("chandeKroll", [{}, {"period": 1, "multiplier": 2, "stopPeriod": 1}, {"period": 10, "multiplier": 3, "stopPeriod": 20},
                     {"period": 2, "multiplier": 0.5, "stopPeriod": 5}, {"period": 60, "stopPeriod": 2}],
     lambda p: p.get("period", 10) + p.get("stopPeriod", 9) - 1)
def chande_kroll(b, x, p):
    q = p.get("stopPeriod", 9)
    formula, found = stops(b, p.get("period", 10), p.get("multiplier", 1))
    formula = (highest(formula[0], q), lowest(formula[1], q))
    if found is None or q == 1:
        return {name: ("NumPy formula (Chande, Kroll 1994)", v) for name, v in zip(("highStop", "lowStop"), formula)}
    found = (after_head(talib.MAX, found[0], q), after_head(talib.MIN, found[1], q))
    return {name: ("TA-Lib MAX, MIN and ATR", a, f) for name, a, f in zip(("highStop", "lowStop"), found, formula)}


LEVELS = ("pp", "r1", "r2", "r3", "r4", "s1", "s2", "s3", "s4")


@row("pivotPoints", [{}, {"method": "fibonacci"}, {"method": "camarilla"}, {"method": "woodie"}, {"method": "demark"},
                     {"method": "standard", "session": "week"}, {"method": "woodie", "session": "month"},
                     {"method": "demark", "session": "week"}, {"method": "camarilla", "session": "year"}],
     lambda p: 1, late=LEVELS)
def pivot_points(b, x, p):
    """Sessions as slices: every one gets the levels of the slice before."""
    method = p.get("method", "standard")
    unit = numbers(p.get("session", "day"))
    edges = [0, *np.flatnonzero(np.diff(unit)) + 1, len(unit)]
    out = {name: F.blank(len(unit)) for name in LEVELS}
    for first, second, third in zip(edges, edges[1:], edges[2:]):
        o, c = b["open"][first], b["close"][second - 1]
        h, l = b["high"][first:second].max(), b["low"][first:second].min()
        width = h - l
        if method in ("standard", "woodie"):
            pp = (h + l + c) / 3 if method == "standard" else (h + l + 2 * b["open"][second]) / 4
            above = [2 * pp - l, pp + width, h + 2 * (pp - l)]
            below = [2 * pp - h, pp - width, l - 2 * (h - pp)]
        elif method == "demark":
            total = h + 2 * l + c if c < o else 2 * h + l + c if c > o else h + l + 2 * c
            pp, above, below = total / 4, [total / 2 - l], [total / 2 - h]
        else:
            steps = [0.382, 0.618, 1] if method == "fibonacci" else [1.1 / k for k in (12, 6, 4, 2)]
            pp = (h + l + c) / 3 if method == "fibonacci" else c
            above, below = [pp + k * width for k in steps], [pp - k * width for k in steps]
        out["pp"][second:third] = pp
        for number, (r, s) in enumerate(zip(above, below), 1):
            out[f"r{number}"][second:third], out[f"s{number}"][second:third] = r, s
    return {name: (f"NumPy formula ({method})", values) for name, values in out.items()}


@row("fractal", [{}, {"left": 1, "right": 1}, {"left": 3, "right": 2}, {"left": 1, "right": 5}, {"left": 8, "right": 1},
                 {"left": 20, "right": 20}],
     lambda p: p.get("left", 2) + p.get("right", 2), late=("up", "down"))
def fractal(b, x, p):
    h, l, _ = hlc(b)
    left, right = p.get("left", 2), p.get("right", 2)
    up, down = F.blank(len(h)), F.blank(len(h))
    for t in range(left + right, len(h)):
        k = t - right
        around = [*range(k - left, k), *range(k + 1, t + 1)]
        if h[k] > h[around].max():
            up[t] = h[k]
        if l[k] < l[around].min():
            down[t] = l[k]
    flags = talib.FRACTAL(h, l, left, right)
    found = [np.where(flag != 0, lag(price, right), NAN) for flag, price in zip(flags, (h, l))]
    return {"up": ("TA-Lib FRACTAL, with the price at its flags", found[0], up),
            "down": ("TA-Lib FRACTAL, with the price at its flags", found[1], down)}


def share(change, base):
    return change / base if base != 0 else 0.0


def machine(h, l, threshold):
    """The zigzag as a state machine: pivot, its age, direction and extreme after every bar."""
    out = np.full((4, len(h)), NAN)
    direction, top, bottom = 0, (h[0], 0), (l[0], 0)  # a turning point to be: price, bar
    for t in range(len(h)):
        rise = share(h[t] - bottom[0], bottom[0]) if direction <= 0 and l[t] > bottom[0] else -1
        fall = share(top[0] - l[t], top[0]) if direction >= 0 and h[t] < top[0] else -1
        if rise >= threshold and rise > fall:
            direction, pivot, top = 1, bottom, (h[t], t)
        elif fall >= threshold:
            direction, pivot, bottom = -1, top, (l[t], t)
        else:
            if direction >= 0 and h[t] >= top[0]:
                top = (h[t], t)
            if direction <= 0 and l[t] <= bottom[0]:
                bottom = (l[t], t)
        if direction:
            out[:, t] = pivot[0], t - pivot[1], direction, (top if direction > 0 else bottom)[0]
    return out


def charted(h, l, threshold):
    """The points that a charting library draws, here Skender's ZigZag, each from the bar on that showed
    it: scans of the whole history, one from every point to the next. Its first point is always bar 0 and
    none of the price's, so what comes before the second is left undefined.
    """
    n = len(h)
    out = np.full((4, n), NAN)
    point = None
    for t in range(n):
        up, down = share(h[t] - l[0], l[0]), share(h[0] - l[t], h[0])
        if max(up, down) >= threshold and up != down:
            point = (0, l[0], 1) if up > down else (0, h[0], -1)
            break
    known = None
    while point:
        at, pivot, direction = point
        extreme, last, point = pivot, at, None
        for t in range(at + 1, n):
            if direction > 0 and h[t] >= extreme or direction < 0 and l[t] <= extreme:
                extreme, last = (h if direction > 0 else l)[t], t
            elif share(extreme - l[t] if direction > 0 else h[t] - extreme, extreme) >= threshold:
                point = (last, extreme, -direction)
            if known is not None and t >= known:
                out[:, t] = pivot, t - at, direction, extreme
            if point:
                known = t
                break
    return out


@row("zigZag", [{}, {"percent": 2}, {"percent": 1}, {"percent": 12}, {"percent": 30},
                {"percent": 3, "inputs": {"high": "close", "low": "close"}},
                {"percent": 8, "inputs": {"high": "close", "low": "close"}}],
     lambda p: 0, sets=POSITIVE, late=("lastPivot", "pivotAge", "direction", "extreme"),
     scale={"lastPivot": "input", "pivotAge": "unit", "direction": "unit", "extreme": "input"})
def zig_zag(b, x, p):
    inputs, threshold = p["inputs"], p.get("percent", 5) / 100
    h, l = b[inputs.get("high", "high")], b[inputs.get("low", "low")]
    formula, drawn = machine(h, l, threshold), charted(h, l, threshold)
    drawn = np.where(np.isnan(drawn), formula, drawn)
    names = ("lastPivot", "pivotAge", "direction", "extreme")
    return {name: ("state machine (Merrill 1977); from Skender's second point on its ZigZag", formula[k], drawn[k])
            for k, name in enumerate(names)}
