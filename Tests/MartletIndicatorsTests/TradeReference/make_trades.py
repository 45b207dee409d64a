"""Trades of three symbols and the bars that pandas makes of them.

python3 make_trades.py    (pandas 3.1, NumPy 2.4; writes trades.npz beside itself)
"""

import os

import numpy as np
import pandas as pd

random = np.random.default_rng(20261201)
out = {}
ZONE = "America/New_York"
DAYS = pd.bdate_range("2024-03-07", "2024-03-13")  # summer time begins on the 10th; the 12th is a half day
CLOSES = {day: pd.Timedelta("13h" if day.day == 12 else "16h") for day in DAYS}
OPENS = pd.Timedelta("9h30min")


def local(day, offset):
    return (day + offset).tz_localize(ZONE)


def trades(count):
    """Whole seconds, many of them at the edges of minutes, some at the opening, the close and outside of hours."""
    times = []
    for day in DAYS:
        opens, closes = local(day, OPENS).value // 10**9, local(day, CLOSES[day]).value // 10**9
        seconds = random.integers(opens - 900, closes + 900, count)
        on_edge = random.random(count) < 0.2
        seconds[on_edge] = seconds[on_edge] // 60 * 60
        times.append(np.concatenate([seconds, [opens, closes]]))
    seconds = np.sort(np.concatenate(times))
    price = np.round(100 * np.exp(np.cumsum(random.normal(0, 0.0005, len(seconds)))), 2)
    size = random.integers(1, 500, len(seconds)).astype(float)
    return pd.DataFrame(dict(price=price, size=size), index=pd.DatetimeIndex(seconds.astype("datetime64[s]"), tz="UTC").tz_convert(ZONE).as_unit("ns"))


def bars(part, length, origin, closed):
    groups = part.resample(length, origin=origin, closed=closed, label="left")
    made = groups.price.agg(open="first", high="max", low="min", close="last")
    made["volume"] = groups["size"].sum()
    made["notional"] = (part.price * part["size"]).resample(length, origin=origin, closed=closed, label="left").sum()
    made["count"] = groups.price.count()
    return made[made["count"] > 0]


for number, count in enumerate([1000, 200, 30]):
    all_trades = trades(count)
    out[f"time{number}"] = all_trades.index.asi8
    out[f"price{number}"], out[f"size{number}"] = all_trades.price.to_numpy(), all_trades["size"].to_numpy()
    for closed in ["left", "right"]:
        for minutes in [1, 7, 60]:
            length = pd.Timedelta(minutes=minutes)
            parts = []
            for day in DAYS:
                opens, closes = local(day, OPENS), local(day, CLOSES[day])
                index = all_trades.index
                # A period that contains its end begins behind its opening, and the first one contains that as well.
                inside = (index >= opens) & ((index < closes) if closed == "left" else (index <= closes))
                part = all_trades[inside].copy()
                if closed == "right":
                    part.index = part.index.where(part.index > opens, opens + pd.Timedelta(1, "ns"))
                made = bars(part, length, opens, closed)
                made["end"] = [min(at + length, closes) for at in made.index]
                parts.append(made)
            made = pd.concat(parts)
            name = f"{closed}{minutes}_{number}"
            out[f"{name}_start"] = made.index.tz_convert("UTC").as_unit("ns").asi8
            out[f"{name}_end"] = pd.DatetimeIndex(made.end).tz_convert("UTC").as_unit("ns").asi8
            for column in ["open", "high", "low", "close", "volume", "notional", "count"]:
                out[f"{name}_{column}"] = made[column].to_numpy(dtype=float)

np.savez_compressed(os.path.join(os.path.dirname(os.path.abspath(__file__)), "trades.npz"), **out)
print({name: value.shape for name, value in out.items() if name.endswith("start")})
