"""Writes random.txt: quantiles of the distributions of RandomGenerator, from SciPy 1.17's exact ones.

Run: python make_random.py > random.txt. Each line: name, parameters, then probability:quantile pairs.
"""
import numpy as np
from scipy import stats

LEVELS = [1e-5, 1e-4, 1e-3] + [k / 40 for k in range(1, 40)] + [1 - 1e-3, 1 - 1e-4, 1 - 1e-5]
LINES = [
    ("uniform", (0, 1), stats.uniform(0, 1)),
    ("uniform", (-3, 5), stats.uniform(-3, 8)),
    ("normal", (0, 1), stats.norm(0, 1)),
    ("normal", (2, 0.25), stats.norm(2, 0.25)),
    ("exponential", (1,), stats.expon(scale=1)),
    ("exponential", (7,), stats.expon(scale=7)),
    ("gamma", (0.2, 1), stats.gamma(0.2, scale=1)),
    ("gamma", (0.9, 3), stats.gamma(0.9, scale=3)),
    ("gamma", (1, 1), stats.gamma(1, scale=1)),
    ("gamma", (2.5, 0.5), stats.gamma(2.5, scale=0.5)),
    ("gamma", (40, 1), stats.gamma(40, scale=1)),
    ("studentT", (1,), stats.t(1)),
    ("studentT", (3.5,), stats.t(3.5)),
    ("studentT", (30,), stats.t(30)),
]
for name, parameters, distribution in LINES:
    pairs = " ".join(f"{p!r}:{float(distribution.ppf(p))!r}" for p in LEVELS)
    mean, variance = distribution.stats("mv")
    finite = [float(x) if np.isfinite(x) else "-" for x in (mean, variance)]
    print(name, ",".join(map(str, parameters)), *finite, pairs)
