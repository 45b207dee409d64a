"""Plain NumPy references of 24 indicators, written from their formulas.

They are the second oracle beside TA-Lib: slow, windows recomputed from scratch at every bar, no
running sums, so nothing drifts. Every function returns {output name: float64 array with NaN before
its first value}. `bars` is a dict with open, high, low, close, volume.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

NAN = np.nan
NOISE = 1e-14  # the relative dead zone of TA-Lib: CCI, MFI, STOCH


def blank(n):
    return np.full(n, NAN)


def start_of(x):
    """Index of the first finite value (moving averages skip leading NaN)."""
    finite = np.flatnonzero(np.isfinite(x))
    return int(finite[0]) if len(finite) else len(x)


def skipping_head(function):
    """Runs a moving average on the part of x after its leading NaN."""
    def run(x, *args, **kwargs):
        head = start_of(x)
        out = blank(len(x))
        out[head:] = function(x[head:], *args, **kwargs)
        return out
    return run


def windows(x, n):
    return sliding_window_view(x, n) if len(x) >= n else np.empty((0, n))


def put(length, first, values):
    out = blank(length)
    if len(values):
        out[first:first + len(values)] = values
    return out


# Moving averages


@skipping_head
def sma(x, n):
    return put(len(x), n - 1, windows(x, n).mean(axis=1))


@skipping_head
def affine(x, n, k, seed="sma", at=None):
    """y += k (x - y), seeded by the mean of n values at bar `at` (default n - 1), or by x[0]."""
    out = blank(len(x))
    if seed == "first":
        at, y = 0, x[0]
    else:
        at = n - 1 if at is None else at
        if len(x) <= at:
            return out
        y = x[at - n + 1:at + 1].mean()
    out[at] = y
    for t in range(at + 1, len(x)):
        y = y + k * (x[t] - y)
        out[t] = y
    return out


def ema(x, n, seed="sma", at=None, k=None):
    return affine(x, n, 2 / (n + 1) if k is None else k, seed=seed, at=at)


def rma(x, n):
    return affine(x, n, 1 / n)


@skipping_head
def wma(x, n):
    weights = np.arange(1, n + 1) / (n * (n + 1) / 2)
    return put(len(x), n - 1, windows(x, n) @ weights)


def dema(x, n):
    e1 = ema(x, n)
    return 2 * e1 - ema(e1, n)


def tema(x, n):
    e1 = ema(x, n)
    e2 = ema(e1, n)
    return 3 * e1 - 3 * e2 + ema(e2, n)


def trima(x, n):
    return sma(sma(x, (n + 1) // 2), n // 2 + 1)


def t3(x, n, v=0.7):
    e = [x]
    for _ in range(6):
        e.append(ema(e[-1], n))
    c1, c2 = -v ** 3, 3 * v ** 2 + 3 * v ** 3
    c3, c4 = -6 * v ** 2 - 3 * v - 3 * v ** 3, 1 + 3 * v + v ** 3 + 3 * v ** 2
    return c1 * e[6] + c2 * e[5] + c3 * e[4] + c4 * e[3]


def hma(x, n):
    return wma(2 * wma(x, n // 2) - wma(x, n), int(np.sqrt(n)))


def zlema(x, n):
    lag = (n - 1) // 2
    late = blank(len(x))
    late[lag:] = 2 * x[lag:] - x[:len(x) - lag]
    return ema(late, n)


@skipping_head
def kama(x, n, fast=2, slow=30):
    out = blank(len(x))
    if n == 1:
        return x.copy()  # TA-Lib: period 1 copies the input, for every moving average
    if len(x) <= n:
        return out
    hi, lo = 2 / (fast + 1), 2 / (slow + 1)
    change = np.abs(np.diff(x))
    y = x[n - 1]
    for t in range(n, len(x)):
        path = change[t - n:t].sum()
        net = abs(x[t] - x[t - n])
        ratio = 1.0 if path == 0 or net >= path else net / path
        a = (ratio * (hi - lo) + lo) ** 2
        y = y + a * (x[t] - y)
        out[t] = y
    return out


def adapted(x, k, y, first):
    """y += k (x - y) from bar `first` on, k of its own at every bar."""
    out = blank(len(x))
    for t in range(first, len(x)):
        y = y + k[t] * (x[t] - y)
        out[t] = y
    return out


@skipping_head
def vidya(x, n, m=9):
    change = np.diff(x, prepend=x[0])
    k = np.zeros(len(x))
    for t in range(1, len(x)):
        seen = change[max(1, t - m + 1):t + 1]
        size = np.abs(seen).sum()
        k[t] = 2 / (n + 1) * (abs(seen[seen > 0].sum() + seen[seen < 0].sum()) / size if size else 0)
    out = adapted(x, k, x[0], 1)
    out[:m] = NAN
    return out


@skipping_head
def alma(x, n, offset=0.85, sigma=6.0, floor_peak=False):
    peak = offset * (n - 1)
    peak = np.floor(peak) if floor_peak else peak
    w = np.exp(-(np.arange(n) - peak) ** 2 / (2 * (n / sigma) ** 2))
    return put(len(x), n - 1, windows(x, n) @ (w / w.sum()))


# "mama" is added by cycle_engine.
AVERAGES = {"sma": sma, "ema": ema, "rma": rma, "wma": wma, "dema": dema, "tema": tema,
            "trima": trima, "t3": t3, "hma": hma, "zlema": zlema, "kama": kama,
            "vidya": vidya, "alma": alma}


def average(kind, x, n):
    return x.copy() if n == 1 else AVERAGES[kind](x, n)


def average_lookback(kind, n):
    if n == 1:
        return 0
    return {"sma": n - 1, "ema": n - 1, "rma": n - 1, "wma": n - 1, "dema": 2 * (n - 1),
            "tema": 3 * (n - 1), "trima": n - 1, "t3": 6 * (n - 1), "kama": n, "mama": 32,
            "vidya": 9, "alma": n - 1,
            "hma": n - 1 + int(np.sqrt(n)) - 1, "zlema": n - 1 + (n - 1) // 2}[kind]


# Windows


def flat_rows(w):
    return w.max(axis=1) == w.min(axis=1)


def deviation_rows(w):
    """Centred population variance of every row; exactly 0 for a row of equal values."""
    centred = w - w.mean(axis=1, keepdims=True)
    variance = (centred ** 2).mean(axis=1) - centred.mean(axis=1) ** 2
    return np.where(flat_rows(w), 0.0, variance)


def variance(x, n, ddof=0):
    w = windows(x, n)
    with np.errstate(invalid="ignore", divide="ignore"):
        v = deviation_rows(w) * n / np.float64(n - ddof)
    return put(len(x), n - 1, v)


def rolling_max(x, n):
    return put(len(x), n - 1, windows(x, n).max(axis=1))


def rolling_min(x, n):
    return put(len(x), n - 1, windows(x, n).min(axis=1))


def true_range(h, l, c, first_bar="nan"):
    out = blank(len(c))
    out[1:] = np.maximum(h[1:] - l[1:], np.maximum(np.abs(h[1:] - c[:-1]), np.abs(l[1:] - c[:-1])))
    if first_bar == "range":
        out[0] = h[0] - l[0]
    return out


# The 24


def f_sma(b, x, period):
    return {"sma": sma(x, period)}


def f_ema(b, x, period, seed="sma"):
    return {"ema": ema(x, period, seed=seed)}


def f_rma(b, x, period):
    return {"rma": rma(x, period)}


def f_wma(b, x, period):
    return {"wma": wma(x, period)}


def f_kama(b, x, period, fast=2, slow=30):
    return {"kama": kama(x, period, fast, slow)}


def band_shares(x, upper, middle, lower):
    width = upper - lower
    share, band = blank(len(x)), blank(len(x))
    some = np.isfinite(width) & (width != 0)
    share[some] = (x[some] - lower[some]) / width[some]
    known = np.isfinite(width) & (middle != 0)
    band[known] = width[known] / middle[known]
    return share, band


def f_bollinger(b, x, period, up=2.0, down=2.0, maType="sma"):
    middle = average(maType, x, period)
    sigma = np.sqrt(variance(x, period))
    middle = np.where(np.isfinite(sigma), middle, NAN)
    upper, lower = middle + up * sigma, middle - down * sigma
    share, band = band_shares(x, upper, middle, lower)
    return {"upper": upper, "middle": middle, "lower": lower, "percentB": share, "bandwidth": band}


def f_donchian(b, x, period):
    upper, lower = rolling_max(b["high"], period), rolling_min(b["low"], period)
    return {"upper": upper, "middle": (upper + lower) / 2, "lower": lower}


def f_superTrend(b, x, period, multiplier=3.0, exactTies=True):
    h, l, c = b["high"], b["low"], b["close"]
    atr = rma(true_range(h, l, c), period)
    n = len(c)
    line, direction, uppers, lowers = blank(n), blank(n), blank(n), blank(n)
    for t in range(period, n):
        mid, reach = (h[t] + l[t]) / 2, multiplier * atr[t]
        if t == period:
            upper, lower, up = mid + reach, mid - reach, True
        else:
            if mid + reach < upper or c[t - 1] > upper:
                upper = mid + reach
            if mid - reach > lower or c[t - 1] < lower:
                lower = mid - reach
            if up and c[t] < lower:
                up = False
            elif not up and c[t] > upper:
                up = True
        line[t], direction[t] = (lower, 1.0) if up else (upper, -1.0)
        uppers[t], lowers[t] = upper, lower
    return {"superTrend": line, "direction": direction, "upperBand": uppers, "lowerBand": lowers}


def f_sar(b, x, start=0.02, step=0.02, max=0.2, startValue=0.0, offsetOnReverse=0.0,
          startLong=None, stepLong=None, maxLong=None,
          startShort=None, stepShort=None, maxShort=None):
    limits = {}
    for side, own in ((1, (startLong, stepLong, maxLong)), (-1, (startShort, stepShort, maxShort))):
        first, more, most = (d if o is None else o for o, d in zip(own, (start, step, max)))
        limits[side] = (min(first, most), min(more, most), most)
    h, l = b["high"], b["low"]
    n = len(h)
    out, direction = blank(n), blank(n)
    rise, fall = h[1] - h[0], l[0] - l[1]
    if startValue != 0:
        side = 1 if startValue > 0 else -1
    else:
        side = -1 if fall > 0 and fall > rise else 1
    sar = abs(startValue) if startValue != 0 else (l[0] if side > 0 else h[0])
    extreme = h[1] if side > 0 else l[1]
    factor = limits[side][0]
    for t in range(1, n):
        before = t if t == 1 else t - 1  # at bar 1 the clamp looks at bar 1 only
        clamp_low, clamp_high = min(l[before], l[t]), builtin_max(h[before], h[t])
        touched = l[t] <= sar if side > 0 else h[t] >= sar
        if touched:
            side = -side
            sar = builtin_max(extreme, clamp_high) if side < 0 else min(extreme, clamp_low)
            sar = sar - side * sar * offsetOnReverse
            out[t] = sar
            factor = limits[side][0]
            extreme = h[t] if side > 0 else l[t]
        else:
            out[t] = sar
            newer = h[t] > extreme if side > 0 else l[t] < extreme
            if newer:
                extreme = h[t] if side > 0 else l[t]
                factor = min(factor + limits[side][1], limits[side][2])
        direction[t] = side
        sar = sar + factor * (extreme - sar)
        sar = min(sar, clamp_low) if side > 0 else builtin_max(sar, clamp_high)
    return {"sar": out, "direction": direction}


builtin_max = max


def f_roc(b, x, period):
    ratio = blank(len(x))
    past, now = x[:-period], x[period:]
    safe = np.where(past == 0, 1, past)
    ratio[period:] = now / safe
    change = ratio - 1
    for out in (ratio, change):
        out[period:][past == 0] = 0
    return {"roc": 100 * change, "rocP": change, "rocR": ratio, "rocR100": 100 * ratio}


def f_rsi(b, x, period):
    change = blank(len(x))
    change[1:] = np.diff(x)
    gain = rma(np.where(np.isnan(change), NAN, np.maximum(change, 0)), period)
    loss = rma(np.where(np.isnan(change), NAN, np.maximum(-change, 0)), period)
    total = gain + loss
    value = np.where(total == 0, 0.0, 100 * gain / np.where(total == 0, 1, total))
    return {"rsi": np.where(np.isnan(total), NAN, value)}


def f_stoch(b, x, kPeriod, kSmooth, dPeriod, maType="sma"):
    top, bottom = rolling_max(b["high"], kPeriod), rolling_min(b["low"], kPeriod)
    width = top - bottom
    width[width <= NOISE * (np.abs(top) + np.abs(bottom))] = 0
    raw = np.where(width == 0, 0.0, 100 * (b["close"] - bottom) / np.where(width == 0, 1, width))
    raw[np.isnan(width)] = NAN
    k = average(maType, raw, kSmooth)
    d = average(maType, k, dPeriod)
    return {"k": k, "d": d, "j": 3 * k - 2 * d}


def f_macd(b, x, fast=12, slow=26, signal=9, maTypes="ema", fixed=False, seedAlign="slow"):
    kinds = maTypes.split("/") * (3 if "/" not in maTypes else 1)
    if slow < fast:
        fast, slow, kinds[0], kinds[1] = slow, fast, kinds[1], kinds[0]

    # Averages started late: an exponential one takes its seed on the common first bar.
    first = builtin_max(average_lookback(kinds[0], fast), average_lookback(kinds[1], slow))

    def leg(kind, n, k):
        if kind == "ema" and n > 1:
            return ema(x, n, at=first if seedAlign == "slow" else None, k=k)
        if kind == "rma" and n > 1 and seedAlign == "slow":
            return affine(x, n, 1 / n, at=first)
        if seedAlign == "slow":
            own = average_lookback(kind, n)
            late = blank(len(x))
            late[first - own:] = average(kind, x[first - own:], n)
            return late
        return average(kind, x, n)

    macd = leg(kinds[0], fast, 0.15 if fixed else None) - leg(kinds[1], slow, 0.075 if fixed else None)
    line = average(kinds[2], macd, signal)
    return {"macd": macd, "signal": line, "histogram": macd - line}


def f_cci(b, x, period, constant=0.015):
    price = (b["high"] + b["low"] + b["close"]) / 3
    w = windows(price, period)
    mean = w.mean(axis=1)
    spread = np.abs(w - mean[:, None]).mean(axis=1)
    above = w[:, -1] - mean
    none = (np.abs(above) <= NOISE * np.abs(mean)) | (spread <= NOISE * np.abs(mean))
    value = above / np.where(none, 1, constant * spread)
    return {"cci": put(len(price), period - 1, np.where(none, 0, value))}


def wilder_sum(x, n, raw_first):
    """S = sum of the first n - 1 values, then S = S - S/n + x; n = 1 returns x."""
    out = blank(len(x))
    head = start_of(x)
    if n == 1:
        return x.copy()
    total = x[head:head + n - 1].sum()
    at = head + n - 2
    if raw_first:
        out[at] = total
    for t in range(at + 1, len(x)):
        total = total - total / n + x[t]
        out[t] = total
    return out


def f_dmi(b, x, period, exactTies=True):
    h, l, c = b["high"], b["low"], b["close"]
    n = len(c)
    rise, fall = blank(n), blank(n)
    rise[1:], fall[1:] = np.diff(h), -np.diff(l)
    plus = np.where(np.isnan(rise), NAN, np.where((rise > fall) & (rise > 0), rise, 0.0))
    minus = np.where(np.isnan(rise), NAN, np.where((fall > rise) & (fall > 0), fall, 0.0))
    ranges = true_range(h, l, c)
    plus_dm, minus_dm = wilder_sum(plus, period, True), wilder_sum(minus, period, True)
    total = wilder_sum(ranges, period, False)
    usable = np.where(np.isnan(total) | (total == 0), 1, total)
    plus_di = np.where(np.isnan(total), NAN, np.where(total == 0, 0, 100 * plus_dm / usable))
    minus_di = np.where(np.isnan(total), NAN, np.where(total == 0, 0, 100 * minus_dm / usable))
    dx, last = blank(n), 0.0
    for t in range(n):
        if np.isnan(total[t]):
            continue
        both = plus_di[t] + minus_di[t]
        if both != 0:
            last = 100 * abs(plus_di[t] - minus_di[t]) / both
        dx[t] = last
    adx = rma(dx, period)
    adxr = blank(n)
    adxr[period - 1:] = (adx[period - 1:] + adx[:n - period + 1]) / 2
    return {"plusDM": plus_dm, "minusDM": minus_dm, "plusDI": plus_di, "minusDI": minus_di,
            "dx": dx, "adx": adx, "adxr": adxr}


def f_aroon(b, x, period):
    def age(w, pick):
        return pick(w[:, ::-1], axis=1)  # first hit of the reversed window: the latest bar
    highs, lows = windows(b["high"], period + 1), windows(b["low"], period + 1)
    up = put(len(b["high"]), period, 100 * (period - age(highs, np.argmax)) / period)
    down = put(len(b["low"]), period, 100 * (period - age(lows, np.argmin)) / period)
    return {"up": up, "down": down, "oscillator": up - down}


def f_obv(b, x):
    steps = b["volume"].copy()
    steps[1:] *= np.sign(np.diff(x))
    return {"obv": np.cumsum(steps)}


def f_mfi(b, x, period):
    price = (b["high"] + b["low"] + b["close"]) / 3
    flow = price * b["volume"]
    move = np.diff(price)
    move[np.abs(move) <= NOISE * (np.abs(price[1:]) + np.abs(price[:-1]))] = 0
    up, down = blank(len(price)), blank(len(price))
    up[1:], down[1:] = np.where(move > 0, flow[1:], 0), np.where(move < 0, flow[1:], 0)
    gains = windows(up[1:], period).sum(axis=1)
    total = gains + windows(down[1:], period).sum(axis=1)
    return {"mfi": put(len(price), period,
                       np.where(total == 0, 0, 100 * gains / np.where(total == 0, 1, total)))}


def f_trueRange(b, x, firstBar="nan"):
    return {"trueRange": true_range(b["high"], b["low"], b["close"], firstBar)}


def f_atr(b, x, period, maType="rma"):
    atr = average(maType, true_range(b["high"], b["low"], b["close"]), period)
    close = b["close"]
    natr = np.where(close == 0, 0, 100 * atr / np.where(close == 0, 1, close))
    return {"atr": atr, "natr": np.where(np.isnan(atr), NAN, natr)}


def f_linReg(b, x, period):
    j = np.arange(period) - (period - 1) / 2
    w = windows(x, period)
    mean = w.mean(axis=1)
    centred = w - mean[:, None]
    slope = centred @ j / (j @ j) if period > 1 else np.zeros(len(w))
    flat = flat_rows(w)
    slope = np.where(flat, 0.0, slope)
    middle = (period - 1) / 2
    spread = (centred ** 2).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        r2 = np.where(flat, NAN, slope ** 2 * (j @ j) / spread)
    n = len(x)
    outs = {"value": mean + slope * middle, "slope": slope, "intercept": mean - slope * middle,
            "angle": np.degrees(np.arctan(slope)), "forecast": mean + slope * (middle + 1), "r2": r2}
    return {name: put(n, period - 1, v) for name, v in outs.items()}


def f_stdDev(b, x, period, multiplier=1.0, ddof=0):
    var = variance(x, period, ddof)
    sigma = np.sqrt(var)
    return {"stdDev": multiplier * sigma, "variance": var, "stdErr": sigma / np.sqrt(period)}


def f_correl(b, x, period, y=None):
    wx, wy = windows(x, period), windows(y, period)
    cx, cy = wx - wx.mean(axis=1, keepdims=True), wy - wy.mean(axis=1, keepdims=True)
    xx, yy, xy = (cx * cx).sum(axis=1), (cy * cy).sum(axis=1), (cx * cy).sum(axis=1)
    none = flat_rows(wx) | flat_rows(wy)
    return {"correl": put(len(x), period - 1, np.where(none, 0, xy / np.where(none, 1, np.sqrt(xx) * np.sqrt(yy))))}


def f_percentile(b, x, period, percent=50.0, interpolate=False):
    w = windows(x, period)
    if interpolate:
        return {"percentile": put(len(x), period - 1, np.percentile(w, percent, axis=1))}
    rank = min(builtin_max(int(np.ceil(percent * period / 100)), 1), period)
    return {"percentile": put(len(x), period - 1, np.sort(w, axis=1)[:, rank - 1])}
