#!/usr/bin/env python3
"""Writes patterns.npz: TA-Lib's 61 candlestick patterns over bars that contain every one of them.

    python make_patterns.py [--check]

Bars are random; around finds of every value of every pattern short stretches are cut out and joined, so that rare
patterns occur and the file stays small. Each comes again with a price or two moved by a step or onto another price, so that
every rule of a pattern is just met and just missed. Expected values are TA-Lib's over the joined bars, never Martlet's.
--check compares with the file that is there and writes nothing.

Keys: `data.<set>` [4, bars] open, high, low, close; `patterns` TA-Lib's names; `<set>.<case>` [61, bars] int16;
`cases` one JSON object per case: `name`, `settings` (setting: range, period, factor; those not named are TA-Lib's own),
`penetration` (of all patterns that have one, null for their own) and `lookbacks` (61).

Sets: `steps` prices in steps of 1/8, so that every sum is exact and thresholds are often met exactly; `cents` two decimals;
`fine` any numbers.
"""

import json
import pathlib
import sys

import numpy as np
import talib
from talib import abstract
from talib._ta_lib import _ta_restore_candle_default_settings, _ta_set_candle_settings

HERE = pathlib.Path(__file__).resolve().parent
NAMES = talib.get_function_groups()["Pattern Recognition"]
SETTINGS = ("bodyLong", "bodyVeryLong", "bodyShort", "bodyDoji", "shadowLong", "shadowVeryLong", "shadowShort",
            "shadowVeryShort", "near", "far", "equal")
RANGES = ("realBody", "highLow", "shadows")
FINDS = {"steps": 5, "cents": 2, "fine": 1}  # of every value
VARIANTS = {"steps": (40, 10, 1), "cents": (5, 3, 1), "fine": (2, 1, 0)}  # of a find that is rare, is not, is common
BEFORE, AFTER = 15, 4  # bars kept around a find
UNITS = {"steps": 0.125, "cents": 0.01, "fine": None}
ORDINARY = 600  # bars in a row of every kind

CASES = (
    ("standard", {}, None),
    ("shorter", {"bodyLong": ("realBody", 3, 1.5), "bodyShort": ("realBody", 7, 0.75), "bodyDoji": ("highLow", 4, 0.2),
                 "shadowShort": ("shadows", 6, 0.5), "shadowVeryShort": ("highLow", 2, 0.25),
                 "near": ("highLow", 8, 0.5), "far": ("highLow", 3, 0.25), "equal": ("highLow", 1, 0.125)}, 0.0),
    ("ofItself", {"bodyLong": ("highLow", 0, 0.5), "bodyShort": ("highLow", 0, 0.5), "bodyDoji": ("realBody", 12, 0.25),
                  "shadowLong": ("highLow", 0, 0.25), "shadowVeryLong": ("shadows", 5, 1.0),
                  "shadowShort": ("highLow", 0, 0.25), "shadowVeryShort": ("shadows", 9, 0.5),
                  "near": ("realBody", 0, 0.5), "far": ("realBody", 2, 1.0), "equal": ("shadows", 4, 0.25)}, 0.75),
)


def bars(kind, n, rng):
    """Open, high, low, close in whole steps."""
    if kind == "walk":
        body, gap = rng.integers(-6, 7, n), rng.integers(-3, 4, n)
        upper, lower = rng.integers(0, 4, n), rng.integers(0, 4, n)
    elif kind == "runs":
        side = np.repeat(np.where(rng.random(n // 5 + 1) < 0.5, 1, -1), 5)[:n] * np.where(rng.random(n) < 0.75, 1, -1)
        body, gap = side * rng.choice([0, 1, 2, 3, 8, 12], n), rng.integers(-4, 5, n)
        upper, lower = rng.choice([0, 0, 0, 1, 2, 6], n), rng.choice([0, 0, 0, 1, 2, 6], n)
    elif kind == "gaps":
        body, gap = rng.choice([-20, -10, -4, -1, 0, 1, 4, 10, 20], n), rng.choice([-25, -12, -3, -1, 0, 1, 3, 12, 25], n)
        upper, lower = rng.choice([0, 0, 1, 10, 25], n), rng.choice([0, 0, 1, 10, 25], n)
    else:
        body, gap = rng.choice([-30, -15, -5, -1, 1, 5, 15, 30], n), rng.choice([-31, -30, -29, -14, -5, 0, 5, 14, 29, 30, 31], n)
        upper, lower = rng.choice([0, 0, 1, 3], n), rng.choice([0, 0, 1, 3], n)
    close = np.cumsum(body + gap)
    opened = close - body
    level = 200 - min(close.min(), opened.min())
    rows = opened, np.maximum(opened, close) + upper, np.minimum(opened, close) - lower, close
    return np.stack(rows).astype(float) + level


def in_units(rows, unit, rng):
    """Steps as prices; without a unit, some noise that no grid has."""
    if unit:
        return rows * unit
    noise = rng.normal(0, 0.05, rows.shape)
    rows = (rows + noise) * 0.37
    rows[1], rows[2] = rows.max(axis=0), rows.min(axis=0)
    return rows


def choose(settings):
    _ta_restore_candle_default_settings(len(SETTINGS))
    for name, (kind, period, factor) in settings.items():
        _ta_set_candle_settings(SETTINGS.index(name), RANGES.index(kind), period, factor)


def find(rows, penetration=None):
    columns = [np.ascontiguousarray(row) for row in rows]
    found = []
    for name in NAMES:
        has = "penetration" in abstract.Function(name).parameters
        extra = {"penetration": penetration} if has and penetration is not None else {}
        found.append(getattr(talib, name)(*columns, **extra))
    return np.stack(found).astype(np.int16)


def moved(rows, step, rng):
    """The stretch with one to three prices of the last candles of its find changed."""
    rows = rows.copy()
    for _ in range(rng.integers(1, 4)):
        field, candle = rng.integers(0, 4), BEFORE - rng.integers(0, 5)
        price = rows[rng.integers(0, 4), BEFORE - rng.integers(0, 6)]
        rows[field, candle] = price if rng.random() < 0.5 else rows[field, candle] + rng.choice([-step, step])
        opened, high, low, close = rows[:, candle]
        # A high or low takes the body along, an open or close the high or low.
        if field not in (1, 2):
            high, low = max(high, opened, close), min(low, opened, close)
        high = max(high, low)
        rows[:, candle] = np.clip(opened, low, high), high, low, np.clip(close, low, high)
    return rows


def joined(name, rng):
    unit, parts, counts = UNITS[name], [], {}
    step = unit or 0.01
    for attempt in range(40):
        for kind in ("walk", "runs", "gaps", "returns"):
            rows = in_units(bars(kind, 200_000, rng), unit, rng)
            if attempt == 0:
                parts.append(rows[:, :ORDINARY] - rows[:, :ORDINARY].min() + 400 * step)
            found = find(rows)
            for number in range(len(NAMES)):
                for value in np.unique(found[number]):
                    places = np.flatnonzero(found[number] == value)
                    places = places[(places > 100) & (places < rows.shape[1] - AFTER)]
                    rarity = (len(places) > 20) + (len(places) > 400)
                    left = FINDS[name] - counts.get((number, value), 0) if value else 0
                    for place in places[:left]:
                        stretch = rows[:, place - BEFORE:place + AFTER]
                        stretch = stretch - stretch.min() + 400 * step
                        parts += [stretch] + [moved(stretch, step, rng) for _ in range(VARIANTS[name][rarity])]
                        counts[number, value] = counts.get((number, value), 0) + 1
        if attempt >= 3 and min(counts.values()) >= FINDS[name]:
            break
    rows = np.concatenate(parts, axis=1)
    # A sum of two grid prices need not be one.
    return rows if unit is None else np.round(rows / unit) * unit


def main():
    rng = np.random.default_rng(20261013)
    arrays = {"patterns": np.array(NAMES)}
    choose({})
    sets = {name: joined(name, rng) for name in UNITS}
    described = []
    for name, settings, penetration in CASES:
        choose(settings)
        lookbacks = [abstract.Function(pattern).lookback for pattern in NAMES]
        described.append(json.dumps({"name": name, "settings": settings, "penetration": penetration, "lookbacks": lookbacks}))
        for key, rows in sets.items():
            arrays[f"data.{key}"] = rows
            arrays[f"{key}.{name}"] = find(rows, penetration)
    choose({})
    arrays["cases"] = np.array(described)
    if "--check" in sys.argv:
        old = np.load(HERE / "patterns.npz")
        assert set(old.files) == set(arrays), "other keys"
        for key, values in arrays.items():
            assert np.array_equal(old[key], values), key
        print("the same")
        return
    np.savez_compressed(HERE / "patterns.npz", **arrays)
    for number, name in enumerate(NAMES):
        values = {}
        for key in sets:
            for value, count in zip(*np.unique(arrays[f"{key}.standard"][number], return_counts=True)):
                values[int(value)] = values.get(int(value), 0) + int(count)
        print(name, values)
    print({key: rows.shape for key, rows in sets.items()}, (HERE / "patterns.npz").stat().st_size)


if __name__ == "__main__":
    main()
