"""Cross-sections and coarser bars as pandas and NumPy compute them.

python3 make_market.py    (pandas 3.0, NumPy 2.4; writes market.npz beside itself)
"""

import os

import numpy as np
import pandas as pd

random = np.random.default_rng(20261130)
out = {}

# Cross-sections: 23 symbols x 60 times with ties, holes, a time without anyone and one with one symbol.
x = np.round(random.normal(0, 3, (23, 60)), 1)
x[random.random(x.shape) < 0.15] = np.nan
x[:, 7] = np.nan
x[:, 8] = np.nan
x[4, 8] = 1.5
x[:, 9] = np.where(np.isnan(x[:, 9]), np.nan, 2.5)
codes = random.integers(0, 4, x.shape).astype(float)
codes[random.random(x.shape) < 0.1] = np.nan
weights = np.round(random.random(x.shape) * 10, 2)
out["x"], out["codes"], out["weights"] = x, codes, weights
frame = pd.DataFrame(x.T)
for ties in ["average", "min", "max", "dense"]:
    out[f"rank_{ties}"] = frame.rank(axis=1, method=ties, pct=True).to_numpy().T
mean = np.nanmean(np.where(np.isnan(x).all(0), 0, x), axis=0)
defined = ~np.isnan(x)
out["demean"] = x - mean
for ddof in [0, 1]:
    with np.errstate(all="ignore"):
        deviation = np.nanstd(np.where(np.isnan(x).all(0), 0, x), axis=0, ddof=ddof)
        z = (x - mean) / deviation
    flat = (np.nanmax(np.where(defined, x, -np.inf), axis=0) == np.nanmin(np.where(defined, x, np.inf), axis=0))
    out[f"zscore_{ddof}"] = np.where(defined & flat, 0, z)
out["scale"] = 2 * x / np.nansum(np.abs(x), axis=0)
out["mean"] = np.where(defined, mean, np.nan)
out["sum"] = np.where(defined, np.nansum(x, axis=0), np.nan)
held = (x > 0) & defined
out["count"] = np.where(defined, held.sum(0), np.nan)
with np.errstate(all="ignore"):
    out["share"] = np.where(defined, held.sum(0) / defined.sum(0), np.nan)
    w = np.where(defined, weights, 0)
    out["weighted"] = np.where(defined, np.nansum(w * np.nan_to_num(x), axis=0) / w.sum(0), np.nan)
rank, demean = np.full(x.shape, np.nan), np.full(x.shape, np.nan)
for t in range(x.shape[1]):
    groups = pd.Series(x[:, t]).groupby(codes[:, t])
    rank[:, t] = groups.rank(pct=True).to_numpy()
    demean[:, t] = pd.Series(x[:, t]) - groups.transform("mean")
out["rank_by"] = np.where(np.isnan(codes), np.nan, rank)
out["demean_by"] = np.where(np.isnan(codes), np.nan, demean)

# Coarser bars: minutes of New York's sessions over the change to summer time, with holes and a half day.
minutes = []
for day in pd.bdate_range("2024-03-06", "2024-03-15"):
    close = "13:00" if day.day == 13 else "15:59"
    minutes.append(pd.date_range(f"{day.date()} 09:30", f"{day.date()} {close}", freq="1min", tz="America/New_York"))
    if day.day == 13:
        minutes[-1] = minutes[-1][:-1]
index = minutes[0].append(minutes[1:])
index = index[random.random(len(index)) > 0.05]
close = 100 * np.exp(np.cumsum(random.normal(0, 0.001, len(index))))
open_ = np.concatenate([[100], close[:-1]])
high = np.maximum(open_, close) * (1 + 0.001 * random.random(len(index)))
low = np.minimum(open_, close) * (1 - 0.001 * random.random(len(index)))
volume = random.integers(1, 1000, len(index)).astype(float)
bars = pd.DataFrame(dict(open=open_, high=high, low=low, close=close, volume=volume), index=index)
out["minute_time"] = index.tz_convert("UTC").as_unit("ns").asi8
for name in bars:
    out[f"minute_{name}"] = bars[name].to_numpy()
how = dict(open="first", high="max", low="min", close="last", volume="sum")
sessions = bars.index.normalize()


def coarse(name, frame, available):
    """Bars, when they are known, and the close that each minute sees (with its own close a minute later)."""
    frame = frame.dropna(subset=["close"])
    available = available[frame.index]
    out[f"{name}_time"] = frame.index.tz_convert("UTC").as_unit("ns").asi8
    out[f"{name}_available"] = pd.DatetimeIndex(available).tz_convert("UTC").as_unit("ns").asi8
    for column in how:
        out[f"{name}_{column}"] = frame[column].to_numpy()
    for seen, shift in [("seen", "1min"), ("late", "0min")]:
        left = pd.DataFrame(dict(at=(bars.index + pd.Timedelta(shift)).tz_convert("UTC").as_unit("ns")))
        right = pd.DataFrame(dict(at=pd.DatetimeIndex(available).tz_convert("UTC").as_unit("ns"), value=frame.close.to_numpy()))
        out[f"{name}_{seen}"] = pd.merge_asof(left, right, on="at").value.to_numpy()


for length in [5, 60, 7]:
    parts, known = [], {}
    for day, part in bars.groupby(sessions):
        origin = day + pd.Timedelta("9h30min")
        end = day + pd.Timedelta("13h" if day.day == 13 else "16h")
        made = part.resample(f"{length}min", origin=origin).agg(how)
        for at in made.index:
            known[at] = min(at + pd.Timedelta(f"{length}min"), end)
        parts.append(made)
    coarse(f"m{length}", pd.concat(parts), pd.Series(known))
# Weeks and months of the calendar, known at their last session's close.
weekly = bars.resample("W-SUN", label="left", closed="right").agg(how)
weekly.index = (weekly.index + pd.Timedelta("1D")).tz_localize(None).normalize().tz_localize("America/New_York")
known = {at: pd.Timestamp(at.tz_localize(None).normalize() + pd.Timedelta("4D 16h")).tz_localize("America/New_York") for at in weekly.index}
coarse("week", weekly, pd.Series(known))

np.savez_compressed(os.path.join(os.path.dirname(os.path.abspath(__file__)), "market.npz"), **out)
print({name: value.shape for name, value in out.items()})
