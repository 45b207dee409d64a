"""Reference values of the transformer's 111 columns, written to features.npz beside this file.

Needs NumPy. Every value is computed from its definition by itself: sums over the bars between anchor
and bar, windows cut out anew, days found by the system's time zone data; no running sums, no state.
`--check` compares with the file that is there and writes nothing.
"""

import math
import pathlib
import sys
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import numpy as np

HERE = pathlib.Path(__file__).parent
NAN = float("nan")
BANDS = ["", "_U1", "_L1", "_U2", "_L2", "_U3", "_L3"]
FAMILIES = [
    "VWAP", "AVWAP_SESSION", "AVWAP_DAILY", "AVWAP_WEEKLY", "AVWAP_MONTHLY", "AVWAP_HIGH",
    "AVWAP_LOW", "AVWAP_HVOL", "AVWAP_PREV_HIGH", "AVWAP_PREV_LOW", "AVWAP_PREV_HVOL",
]
MACDS = {"MACD_FAST": (5, 13), "MACD": (12, 26), "MACD_SLOW": (19, 39), "MACD_SCALP": (3, 10)}
NAMES = (
    [f"SMA_{n}" for n in (10, 20, 50, 200)]
    + [f"EMA_{n}" for n in (5, 10, 20, 50, 100, 150, 200, 300, 1000)]
    + [f"RSI_{n}" for n in (7, 9, 14, 21, 25)]
    + list(MACDS)
    + [f"ATR_{n}" for n in (7, 10, 14, 20, 30)]
    + [f"BB_{n}" for n in (10, 15, 20, 30, 50)]
    + ["OBV"]
    + [family + band for family in FAMILIES for band in BANDS]
    + ["SUPPORT_RESISTANCE"]
)
STANDARD = [n for n in NAMES if n.startswith(("MACD", "ATR")) or n == "OBV"]


class Bars:
    """The bars that one symbol has, with their places on the exchange's calendar."""

    def __init__(self, fields, time, zone):
        there = np.isfinite(fields[3])
        self.there = there
        self.open, self.high, self.low, self.close, self.volume = (f[there] for f in fields)
        self.typical = (self.high + self.low + self.close) / 3
        local = [datetime.fromtimestamp(t // 10**9, zone) for t in time[there]]
        self.dates = [moment.date() for moment in local]
        self.seconds = [m.hour * 3600 + m.minute * 60 + m.second for m in local]
        self.count = len(local)

    def days(self):
        """The first bar of each day, and the end."""
        starts = [t for t in range(self.count) if t == 0 or self.dates[t] != self.dates[t - 1]]
        return starts + [self.count]


def windows(x, n, rule):
    return [NAN if t < n - 1 else rule(x[t - n + 1 : t + 1]) for t in range(len(x))]


def mean(x):
    return math.fsum(x) / len(x)


def deviation(x):
    center = mean(x)
    return math.sqrt(math.fsum((v - center) ** 2 for v in x) / (len(x) - 1))


def adjusted(x, n):
    keep = 1 - 2 / (n + 1)
    found = []
    for t in range(len(x)):
        weights = keep ** np.arange(t, -1, -1.0)
        found.append(math.fsum(weights * x[: t + 1]) / math.fsum(weights))
    return np.array(found)


def rsi(close, n, original):
    change = [0.0] + [close[t] - close[t - 1] for t in range(1, len(close))]

    def one(part):
        gain = mean([max(c, 0) for c in part])
        loss = mean([max(-c, 0) for c in part])
        if original:
            return 100 - 100 / (1 + gain / (loss + 1e-8))
        if gain == 0 and loss == 0:
            return 50.0
        return 100 if loss == 0 else 100 - 100 / (1 + gain / loss)

    return windows(change, n, one)


def true_range(b):
    found = []
    for t in range(b.count):
        spread = b.high[t] - b.low[t]
        if t:
            before = b.close[t - 1]
            spread = max(spread, abs(b.high[t] - before), abs(b.low[t] - before))
        found.append(spread)
    return found


def obv(b, original):
    total, found = [], []
    for t in range(b.count):
        move = b.close[t] - b.close[t - 1] if t else 0
        sign = int(move > 0) - int(move < 0)
        if original:
            sign = 1 if t == 0 or move > 0 else -1
        total.append(sign * b.volume[t])
        found.append(math.fsum(total))
    return found


def first_extreme(values, start, end, smallest=False):
    """The place of the extreme in a range; of equal ones the first."""
    part = values[start:end]
    return start + int(np.argmin(part) if smallest else np.argmax(part))


def anchors(b, family, original):
    """For every bar the bars that its average sums up, or None."""
    days = b.days()
    day_of = np.searchsorted(days, np.arange(b.count), side="right") - 1
    monday = [d - timedelta(d.weekday()) for d in b.dates]
    session = [
        d if s >= 34_200 else d - timedelta(1) for d, s in zip(b.dates, b.seconds)
    ]
    pick = {"HIGH": b.high, "LOW": b.low, "HVOL": b.volume}
    kind = family.split("_")[-1]
    found = []
    for t in range(b.count):
        day = day_of[t]

        def since(same):
            start = t
            while start > 0 and same(start - 1):
                start -= 1
            return start

        start = None
        if family == "VWAP":
            start = 0
        elif family == "AVWAP_SESSION":
            start = since(lambda j: session[j] == session[t])
            if start == 0 and b.seconds[0] < 34_200:
                start = None
        elif family == "AVWAP_DAILY":
            start = days[day]
        elif family == "AVWAP_WEEKLY":
            if original:
                week = b.dates[t].isocalendar().week
                found.append([j for j in range(t + 1) if b.dates[j].isocalendar().week == week])
                continue
            start = since(lambda j: monday[j] == monday[t])
        elif family == "AVWAP_MONTHLY":
            month = (b.dates[t].year, b.dates[t].month)
            start = since(lambda j: (b.dates[j].year, b.dates[j].month) == month)
        elif family.startswith("AVWAP_PREV"):
            if day > 0:
                begin, end = days[day - 1], days[day]
                start = first_extreme(pick[kind], begin, end, kind == "LOW")
                if original:
                    start = days[day]
        else:
            end = days[day + 1] if original else t + 1
            start = first_extreme(pick[kind], days[day], end, kind == "LOW")
            if start > t:
                start = None
        found.append(None if start is None else range(start, t + 1))
    return found


def banded(b, members):
    base = []
    for bars in members:
        if bars is None:
            base.append(NAN)
            continue
        weight = math.fsum(b.volume[j] for j in bars)
        price = math.fsum(b.typical[j] * b.volume[j] for j in bars)
        base.append(price / weight if weight > 0 else NAN)
    rows = [base] + [[] for _ in range(6)]
    for t in range(b.count):
        window = [j for j in range(max(t - 19, 0), t + 1) if not math.isnan(base[j])]
        weight = math.fsum(b.volume[j] for j in window)
        s = NAN
        if weight > 0:
            squares = math.fsum(b.volume[j] * (b.typical[j] - base[j]) ** 2 for j in window)
            s = math.sqrt(squares / weight)
        for k in (1, 2, 3):
            rows[2 * k - 1].append(base[t] + k * s)
            rows[2 * k].append(base[t] - k * s)
    return rows


def nearest(b, original):
    found = []
    for t in range(b.count):
        if t < 49:
            found.append(NAN)
            continue
        top, bottom = max(b.high[t - 49 : t + 1]), min(b.low[t - 49 : t + 1])
        up, down = (top - b.close[t]) / b.close[t], (b.close[t] - bottom) / b.close[t]
        # As far up as down but for rounding: the low counts, but in the original whatever rounding says.
        tie = not original and abs(top + bottom - 2 * b.close[t]) <= 1e-15 * (top + bottom + 2 * b.close[t])
        found.append(up if up < down and not tie else -down)
    return found


def columns(b, original):
    close = b.close
    found = {}
    for n in (10, 20, 50, 200):
        found[f"SMA_{n}"] = windows(close, n, mean)
    lengths = (3, 5, 10, 12, 13, 19, 20, 26, 39, 50, 100, 150, 200, 300, 1000)
    averages = {n: adjusted(close, n) for n in lengths}
    for n in (5, 10, 20, 50, 100, 150, 200, 300, 1000):
        found[f"EMA_{n}"] = averages[n]
    for n in (7, 9, 14, 21, 25):
        found[f"RSI_{n}"] = rsi(close, n, original)
    for name, (fast, slow) in MACDS.items():
        found[name] = averages[fast] - averages[slow]
    spread = true_range(b)
    for n in (7, 10, 14, 20, 30):
        found[f"ATR_{n}"] = windows(spread, n, mean)
    for n in (10, 15, 20, 30, 50):
        found[f"BB_{n}"] = windows(close, n, lambda part: 4 * deviation(part) / mean(part))
    found["OBV"] = obv(b, original)
    for family in FAMILIES:
        for band, row in zip(BANDS, banded(b, anchors(b, family, original))):
            found[family + band] = row
    found["SUPPORT_RESISTANCE"] = nearest(b, original)
    values = np.array([found[name] for name in NAMES], dtype=float)
    return np.nan_to_num(values, nan=0.0) if original else values


def trailing(values, n=250):
    found = np.full(len(values), NAN)
    for t in range(n, len(values)):
        part = values[t - n : t]
        if np.isfinite(part).all() and deviation(part) > 0:
            found[t] = (values[t] - mean(part)) / deviation(part)
    return found


def walk(random, count, step, start):
    """Prices in cents, so that extremes and closes are often equal."""
    close = np.round(start * np.exp(np.cumsum(step * random.standard_normal(count))), 2)
    opening = np.round(np.concatenate([[start], close[:-1]]), 2)
    high = np.round(np.maximum(opening, close) + step * close * random.random(count), 2)
    low = np.round(np.minimum(opening, close) - step * close * random.random(count), 2)
    volume = np.round(1000 * random.random(count))
    return np.array([opening, high, low, close, volume])


def intraday(random):
    """Six days of 5-minute bars around the end of summer time and of a month."""
    zone = ZoneInfo("America/New_York")
    days = [date(2026, 10, 28), date(2026, 10, 29), date(2026, 10, 30), date(2026, 11, 2),
            date(2026, 11, 3), date(2026, 11, 4)]
    time = []
    for day in days:
        opening = datetime(day.year, day.month, day.day, 9, tzinfo=zone).astimezone(timezone.utc)
        time += [int(opening.timestamp() + 300 * k) * 10**9 for k in range(84)]
    time = np.array(time, dtype=np.int64)
    fields = np.array([walk(random, len(time), 0.002, start) for start in (100.0, 37.5)])
    fields = fields.transpose(1, 0, 2).copy()
    minutes = np.arange(len(time)) % 84
    # One trades before the opening; the other has holes, and a day that begins late.
    fields[:, 1, minutes < 6] = NAN
    fields[:, 1, random.random(len(time)) < 0.05] = NAN
    fields[:, 1, 2 * 84 : 2 * 84 + 40] = NAN
    # Bars without volume: at the start, at the start of a day, and longer than a window.
    for symbol, first, last in ((0, 0, 3), (0, 84, 90), (0, 200, 226), (1, 340, 371)):
        fields[4, symbol, first:last] *= 0
    # Bars on which nothing moves.
    for symbol, first, last in ((0, 130, 165), (1, 430, 470)):
        price = fields[3, symbol, first]
        there = np.isfinite(fields[3, symbol, first:last])
        for field in range(4):
            fields[field, symbol, first:last][there] = 50.0 if math.isnan(price) else price
    return fields, time, zone


def daily(random):
    """Nearly three years of days, one symbol listed late."""
    time, day = [], date(2022, 12, 27)
    while len(time) < 700:
        if day.weekday() < 5:
            time.append(int((day - date(1970, 1, 1)).days) * 86_400 * 10**9)
        day += timedelta(1)
    time = np.array(time, dtype=np.int64)
    fields = np.array([walk(random, len(time), 0.015, start) for start in (80.0, 12.0)])
    fields = fields.transpose(1, 0, 2).copy()
    fields[:, 1, :300] = NAN
    return fields, time, timezone.utc


def make():
    random = np.random.default_rng(111)
    arrays = {"names": np.array(NAMES), "standard": np.array(STANDARD)}
    for name, (fields, time, zone) in (("intraday", intraday(random)), ("daily", daily(random))):
        arrays[f"{name}.bars"], arrays[f"{name}.time"] = fields, time
        for profile in ("causal", "original"):
            values = np.full((len(NAMES),) + fields.shape[1:], NAN)
            for symbol in range(fields.shape[1]):
                b = Bars(fields[:, symbol], time, zone)
                values[:, symbol, b.there] = columns(b, profile == "original")
            arrays[f"{name}.{profile}"] = values
        places = [NAMES.index(n) for n in STANDARD]
        scores = np.full((len(places),) + fields.shape[1:], NAN)
        statistics = []
        causal = arrays[f"{name}.causal"]
        for k, place in enumerate(places):
            for symbol in range(fields.shape[1]):
                there = np.isfinite(fields[3, symbol])
                scores[k, symbol, there] = trailing(causal[place, symbol, there])
            known = causal[place][np.isfinite(causal[place])]
            statistics.append((mean(known), deviation(known)))
        arrays[f"{name}.trailing"] = scores
        arrays[f"{name}.statistics"] = np.array(statistics)
    return arrays


if __name__ == "__main__":
    arrays = make()
    path = HERE / "features.npz"
    if "--check" in sys.argv:
        old = np.load(path)
        assert set(old.files) == set(arrays), "other keys"
        for key, value in arrays.items():
            same = np.array_equal(old[key], value) or np.allclose(
                old[key], value, rtol=1e-14, atol=0, equal_nan=True)
            assert same, key
        print("the same")
    else:
        np.savez_compressed(path, **arrays)
        print(f"{len(NAMES)} columns, NumPy {np.__version__}, Python {sys.version.split()[0]}")
