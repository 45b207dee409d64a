#!/usr/bin/env python3
"""Writes statistics.json: what the statistics of backtests should be.

    python statistics.py

Values are those of NumPy, SciPy and, for the normal distribution, mpmath with 50 digits; the
versions are in the file. Overfitting is computed on the joined returns, drawdowns and months bar by
bar.
"""

import itertools
import json
import math
import os
import pathlib
import platform
import sys

# This file has the name of a module that NumPy needs.
HERE = pathlib.Path(__file__).resolve().parent
sys.path = [p for p in sys.path if pathlib.Path(p or os.getcwd()).resolve() != HERE]

import mpmath
import numpy as np
import scipy
from scipy import stats

mpmath.mp.dps = 50
rng = np.random.default_rng(20260)


def close(a, b, tolerance):
    assert abs(a - b) <= tolerance * max(abs(a), abs(b)), (a, b)


def normal():
    xs = [-37.5, -30.1, -20.3, -12.7, -8.2, -5.1, -3.3, -1.96, -1, -0.3, -1e-3, -1e-9, 0, 1e-20,
          0.2, 0.7, 1.2, 2.5, 4.4, 6.1, 8.3, 9.5]
    cdf = [float(mpmath.ncdf(mpmath.mpf(x))) for x in xs]
    ps = [5e-324, 1e-310, 1e-300, 1e-100, 1e-20, 1e-12, 1e-10, 1e-9, 1e-5, 1e-3, 0.01, 0.025,
          0.05, 0.0749, 0.0751, 0.1, 0.3, 0.45, 0.4999, 0.5 - 1e-12, 0.5, 0.5 + 1e-9, 0.55, 0.7,
          0.9249, 0.9251, 0.95, 0.975, 0.999, 1 - 1e-6, 1 - 1e-12, 1 - 2.0 ** -53]
    quantile = []
    for p in ps:
        exact = mpmath.mpf(p)
        start = mpmath.mpf(float(stats.norm.ppf(p)))
        if not mpmath.isfinite(start):
            start = mpmath.mpf(-38)
        x = start
        for _ in range(60):
            step = (mpmath.ncdf(x) - exact) / mpmath.npdf(x)
            x -= step
            if abs(step) < mpmath.mpf(10) ** -40:
                break
        quantile.append(float(x))
        if 1e-9 < p < 1 - 1e-9:
            assert abs(float(x) - float(stats.norm.ppf(p))) <= 1e-14 * max(abs(float(x)), 0.1), p
    for x, value in zip(xs, cdf):
        close(value, float(stats.norm.cdf(x)), 1e-12)
    return {"x": xs, "cdf": cdf, "probability": ps, "quantile": quantile}


def moments():
    cases = []
    for values in [
        rng.normal(0.0004, 0.01, 60), rng.standard_t(3, 80) * 0.01,
        rng.exponential(0.02, 50) - 0.01,
        1e4 + rng.normal(0, 1, 40), np.array([0.01, -0.02]), np.array([0.5, 0.5, 0.5, -1.0]),
    ]:
        values = np.round(values, 6)
        cases.append({
            "returns": values.tolist(), "mean": float(np.mean(values)),
            "deviation": float(np.std(values, ddof=1)), "skewness": float(stats.skew(values)),
            "kurtosis": float(stats.kurtosis(values, fisher=False)),
        })
    return cases


def sharpe():
    def probabilistic(s, b, skew, kurt, n):
        root = 1 - skew * s + (kurt - 1) / 4 * s * s
        return float(stats.norm.cdf((s - b) * math.sqrt(n - 1) / math.sqrt(root)))

    def maximum(variance, trials):
        g = float(mpmath.euler)
        return math.sqrt(variance) * (
            (1 - g) * stats.norm.isf(1 / trials) + g * stats.norm.isf(1 / (trials * math.e)))

    probable = []
    for s, b, skew, kurt, n in [
        (0.1, 0, 0, 3, 100), (0.1, 0.05, -1.2, 6, 250), (-0.2, 0, 0.5, 4, 60),
        (0.5, 0.1, -3, 30, 24), (0.02, 0.04, 0, 3, 5000), (2.5, 0.3, 1, 5, 12),
    ]:
        probable.append({
            "sharpe": s, "benchmark": b, "skewness": skew, "kurtosis": kurt, "count": n,
            "value": probabilistic(s, b, skew, kurt, n)})
    trials = [(1, 2), (0.25, 10), (1 / 500, 100), (0.01, 12345), (1, 10**9), (2, 10**15)]
    most = [{"variance": v, "trials": m, "value": float(maximum(v, m))} for v, m in trials]
    return {"probabilistic": probable, "expectedMaximum": most}


def tails():
    cases = []
    for n, level in [(20, 0.05), (57, 0.05), (100, 0.01), (101, 0.1), (40, 0.5), (33, 0), (33, 1)]:
        values = np.round(rng.standard_t(4, n) * 0.01, 6)
        bound = float(np.quantile(values, level))
        cases.append({
            "returns": values.tolist(), "level": level, "valueAtRisk": bound,
            "conditional": float(np.mean(values[values <= bound]))})
    return cases


def benchmark():
    cases = []
    for n, beta, periods in [(2, 1, 252), (30, 0.7, 252), (90, -1.3, 12), (250, 0, 365)]:
        index = np.round(rng.normal(0.0003, 0.01, n), 6)
        returns = np.round(0.0002 + beta * index + rng.normal(0, 0.005, n), 6)
        line = stats.linregress(index, returns)
        covariance = np.cov(returns, index, ddof=1)
        close(line.slope, covariance[0, 1] / covariance[1, 1], 1e-9)
        active = returns - index
        cases.append({
            "returns": returns.tolist(), "benchmark": index.tolist(), "periods": periods,
            "alpha": line.intercept * periods, "beta": line.slope, "correlation": line.rvalue,
            "informationRatio":
                float(np.mean(active) / np.std(active, ddof=1) * math.sqrt(periods)),
            "trackingError": float(np.std(active, ddof=1) * math.sqrt(periods))})
    return cases


def curve():
    """Weekdays from 2019-11-20 on, some without a value; drawdowns and months of that."""
    first = np.datetime64("2019-11-20")
    days = [first + k for k in range(700)]
    days = [d for d in days if np.is_busday(d)]
    equity = np.round(100_000 * np.cumprod(1 + rng.normal(0.003, 0.012, len(days))), 2)
    equity[rng.integers(1, len(days), 15)] = np.nan
    # A flat piece, and a month without bars.
    equity[100:104] = equity[99]
    equity = np.array([np.nan if d.astype("datetime64[M]") == np.datetime64("2020-08") else e
                       for d, e in zip(days, equity)])
    known = [k for k in range(len(days)) if not math.isnan(equity[k])]
    peaks, periods, k = np.maximum.accumulate(equity[known]), [], 0
    while k < len(known):
        end = k + 1
        while end < len(known) and equity[known[end]] < peaks[k]:
            end += 1
        if end > k + 1:
            inside = known[k + 1:end]
            trough = min(inside, key=lambda b: (equity[b], b))
            stop = known[end] if end < len(known) else None
            last = known[end] if end < len(known) else known[-1]
            periods.append({
                "start": known[k], "trough": trough, "recovery": stop,
                "depth": float(equity[trough] / equity[known[k]] - 1),
                "days": int((days[last] - days[known[k]]).astype(int))})
        k = end
    periods.sort(key=lambda p: (p["depth"], p["start"]))
    months, years = {}, {}
    for b in known:
        months[str(days[b].astype("datetime64[M]"))] = float(equity[b])
        years[str(days[b].astype("datetime64[Y]"))] = float(equity[b])

    def gains(last):
        base, result = float(equity[known[0]]), {}
        for name in sorted(last):
            result[name] = last[name] / base - 1
            base = last[name]
        return result

    return {
        "day": [int(d.astype("datetime64[D]").astype(int)) for d in days],
        "equity": [None if math.isnan(e) else float(e) for e in equity],
        "drawdowns": periods, "months": gains(months), "years": gains(years)}


def sharpe_of(values):
    deviation = np.std(values, ddof=1)
    return np.nan if deviation < 1e-9 else float(np.mean(values) / deviation)


def overfitting(returns, blocks):
    parts = np.array_split(np.arange(returns.shape[1]), blocks)
    logits, trained, tested, winners = [], [], [], []
    count = len(returns)
    for chosen in itertools.combinations(range(blocks), blocks // 2):
        others = [b for b in range(blocks) if b not in chosen]
        train = [sharpe_of(r[np.concatenate([parts[b] for b in chosen])]) for r in returns]
        test = [sharpe_of(r[np.concatenate([parts[b] for b in others])]) for r in returns]
        best = int(np.nanargmax(train))
        rank = stats.rankdata([-np.inf if np.isnan(t) else t for t in test])[best]
        omega = rank / (count + 1)
        logits.append(math.log(omega / (1 - omega)))
        trained.append(train[best])
        tested.append(test[best])
        winners.append(best)
    both = ~np.isnan(tested)
    # No sum may be so near to 0 that rounding decides its sign.
    assert all(abs(t) > 1e-10 for t in tested if not np.isnan(t))
    line = stats.linregress(np.array(trained)[both], np.array(tested)[both])
    logits = np.array(logits)
    # Halfway ranks give a logit of 0 but for rounding.
    logits[np.abs(logits) < 1e-12] = 0
    result = {
        "blocks": blocks, "returns": returns.tolist(),
        "probability": float(np.mean(logits <= 0)),
        "loss": float(np.mean(np.array(tested)[both] < 0)),
        "slope": line.slope, "intercept": line.intercept, "meanLogit": float(np.mean(logits))}
    if len(logits) < 100:
        result |= {"logits": logits.tolist(), "winners": winners, "train": trained,
                   "test": [None if np.isnan(t) else t for t in tested]}
    return result


def overfittings():
    many = np.round(rng.normal(0.0002, 0.01, (12, 203)), 4)
    many[3] = many[5]
    many[7] = 0
    many[8, :110] = 0
    many[9, 60:] = 0
    few = rng.normal(0.0002, 0.01, (5, 487))
    few[2] += np.where(np.arange(487) < 200, 0.003, -0.001)
    return [overfitting(many, 6), overfitting(np.round(few, 6), 16), overfitting(many[:2, :75], 2)]


def bootstrap():
    def deviation(v, axis):
        return np.std(v, axis=axis, ddof=1)

    def ratio(v, axis):
        return np.mean(v, axis=axis) / np.std(v, axis=axis, ddof=1)

    cases = []
    for name, statistic, n in [
        ("mean", np.mean, 25), ("deviation", deviation, 20), ("sharpe", ratio, 40),
    ]:
        sample = np.round(rng.exponential(0.02, n) - 0.01, 5)
        replicates = statistic(sample[rng.integers(0, n, (400, n))], axis=-1)
        estimate = float(statistic(sample, axis=-1))
        jackknife = [float(statistic(np.delete(sample, k), axis=-1)) for k in range(n)]

        class Before:
            bootstrap_distribution = replicates

        for level in [0.9, 0.95]:
            interval = stats.bootstrap(
                (sample,), statistic, n_resamples=0, bootstrap_result=Before,
                confidence_level=level, method="BCa", vectorized=True, axis=-1,
            ).confidence_interval
            below = (np.sum(replicates < estimate) + np.sum(replicates <= estimate)) / 800
            d = np.mean(jackknife) - np.array(jackknife)
            many = stats.bootstrap(
                (sample,), statistic, n_resamples=200_000, confidence_level=level, method="BCa",
                vectorized=True, axis=-1, rng=np.random.default_rng(7), batch=10_000)
            cases.append({
                "statistic": name, "sample": sample.tolist(), "replicates": replicates.tolist(),
                "jackknife": jackknife, "estimate": estimate, "level": level,
                "lower": float(interval.low), "upper": float(interval.high),
                "bias": float(stats.norm.ppf(below)),
                "acceleration": float(np.sum(d**3) / (6 * np.sum(d**2) ** 1.5)),
                "manyLower": float(many.confidence_interval.low),
                "manyUpper": float(many.confidence_interval.high),
                "error": float(many.standard_error)})
    return cases


def reshuffle():
    def course(trades):
        capital = np.concatenate([[1.0], np.cumprod(1 + np.array(trades))])
        return float(np.min(capital / np.maximum.accumulate(capital) - 1)), float(capital[-1])

    trades = [0.12, -0.07, -0.11, 0.05, 0.2, -0.04]
    orders = np.array([course(t) for t in itertools.permutations(trades)])
    drawn = np.array([course(t) for t in itertools.product(trades, repeat=len(trades))])
    at = [0.05, 0.5, 0.95]
    return {
        "trades": trades, "drawdown": course(trades)[0], "final": course(trades)[1],
        "drawdowns": np.quantile(orders[:, 0], at).tolist(),
        "drawnDrawdowns": np.quantile(drawn[:, 0], at).tolist(),
        "drawnFinals": np.quantile(drawn[:, 1], at).tolist(),
        "shallower": float(np.mean(orders[:, 0] > course(trades)[0] + 1e-12))}


result = {
    "versions": {
        "Python": platform.python_version(), "NumPy": np.__version__, "SciPy": scipy.__version__,
        "mpmath": mpmath.__version__},
    "normal": normal(), "moments": moments(), "sharpe": sharpe(), "tails": tails(),
    "benchmark": benchmark(), "curve": curve(), "overfitting": overfittings(),
    "bootstrap": bootstrap(), "reshuffle": reshuffle(),
}
lines = [f"  {json.dumps(k)}: {json.dumps(v, allow_nan=False)}" for k, v in result.items()]
(HERE / "statistics.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
