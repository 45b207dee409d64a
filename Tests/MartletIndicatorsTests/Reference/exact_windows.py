"""Rolling statistics in exact rational arithmetic, rounded once at the end.

A series about 100 with a spike of +1e12 and another of -1e12: running sums that forget badly show it
in the windows after the spike has left.
"""

from fractions import Fraction

import mpmath
import numpy as np

LENGTH = 3000
SPIKES = {700: 1e12, 1500: -1e12}
PERIODS = (20, 200)


def series(seed=20240229):
    rng = np.random.default_rng(seed)
    x = np.round(100 + np.cumsum(rng.normal(0, 0.5, LENGTH)) * 0.3, 6)
    y = np.round(50 + 0.4 * (x - 100) + np.cumsum(rng.normal(0, 0.3, LENGTH)) * 0.3, 6)
    for bar, value in SPIKES.items():
        x[bar] = value
    return x, y


def chosen_bars(seed=7):
    """200 bars: the first bars after each spike left the windows, some with it inside, the rest far off."""
    bars = set()
    for spike in SPIKES:
        for n in PERIODS:
            bars.update(range(spike + n, spike + n + 12))
            bars.update((spike + n - 1, spike + n - 2))
        bars.update((spike, spike + 1, spike + 10))
    bars.update(range(1023, 1030))
    bars.update(range(2046, 2052))
    rng = np.random.default_rng(seed)
    while len(bars) < 200:
        bars.add(int(rng.integers(max(PERIODS), LENGTH)))
    return np.array(sorted(bars), dtype=np.int64)


def root(value):
    with mpmath.workdps(60):
        return mpmath.sqrt(mpmath.mpf(value.numerator) / mpmath.mpf(value.denominator))


def window(x, y, n):
    """Exact mean, population variance, linearly weighted mean, least squares slope, correlation."""
    mean, mean_y = sum(x) / n, sum(y) / n
    dx, dy = [v - mean for v in x], [v - mean_y for v in y]
    xx, yy = sum(v * v for v in dx), sum(v * v for v in dy)
    xy = sum(a * b for a, b in zip(dx, dy))
    weighted = sum((j + 1) * v for j, v in enumerate(x)) / Fraction(n * (n + 1), 2)
    middle = Fraction(n - 1, 2)
    slope = sum((j - middle) * v for j, v in enumerate(x)) / Fraction(n * (n * n - 1), 12)
    with mpmath.workdps(60):
        correlation = mpmath.mpf(xy.numerator) / mpmath.mpf(xy.denominator) / root(xx * yy) if xx * yy else 0
        return {"mean": float(mean), "variance": float(xx / n), "wma": float(weighted),
                "slope": float(slope), "correl": float(correlation)}


def make():
    x, y = series()
    bars = chosen_bars()
    fx, fy = [Fraction(float(v)) for v in x], [Fraction(float(v)) for v in y]
    store = {"exact.x": x, "exact.y": y, "exact.bars": bars}
    for n in PERIODS:
        rows = [window(fx[t - n + 1:t + 1], fy[t - n + 1:t + 1], n) for t in bars]
        for name in rows[0]:
            store[f"exact.{name}.{n}"] = np.array([row[name] for row in rows])
        inside = [any(t - n < s <= t for s in SPIKES) for t in bars]
        store[f"exact.spike.{n}"] = np.array(inside, dtype=np.float64)
    return store
