"""Indicators of make_reference.py with the types of average, seeds and periods of one bar that its list lacks.

Needs TA-Lib, and pandas for ema(seed=adjusted).
"""

import numpy as np
import pandas

import make_reference as base
from rows import row

SIX = ("walk", "flat", "tiny", "gaps", "ties", "spread")


def more(indicator, cases, late=()):
    """The rows of make_reference.py, with its sources and its two oracles."""
    def lookback(p):
        return base.lookbacks(indicator, {k: v for k, v in p.items() if k != "inputs"})

    names = lookback(cases[0])

    @row(indicator, cases, lookback, {name: base.MAGNITUDE.get(name, "input") for name in names}, SIX, late=late)
    def values(b, x, p):
        p = {k: v for k, v in p.items() if k != "inputs"}
        formula, found = base.from_formula(indicator, p, b, x, None), base.from_talib(indicator, p, b, x, None)
        return {name: (found[name][1], found[name][0], formula[name]) if name in found else
                ("NumPy formula", formula[name]) for name in formula}


@row("ema", [{"period": n, "seed": "adjusted"} for n in (30, 1, 2, 9, 100)], lambda p: 0)
def ema(b, x, p):
    n = p["period"]
    keep = (1 - 2 / (n + 1)) ** np.arange(len(x))
    values = np.array([np.sum(keep[:t + 1] * x[t::-1]) / np.sum(keep[:t + 1]) for t in range(len(x))])
    return {"ema": ("pandas 3.1.1 ewm(span=period)", pandas.Series(x).ewm(span=n).mean().to_numpy(), values)}


more("kama", [{"period": 10, "fast": 2, "slow": 1}, {"period": 6, "fast": 1, "slow": 1}])
more("bollinger", [{"period": n, "up": 2, "down": 1, "maType": kind}
                   for kind, n in (("mama", 10), ("vidya", 12), ("vidya", 6), ("alma", 9))],
     late=("percentB", "bandwidth"))
more("stoch", [{"kPeriod": 9, "kSmooth": 4, "dPeriod": 3, "maType": kind} for kind in ("vidya", "alma")]
     # On raw %K of coarse prices MAMA's phase, and with it the factor, hangs on rounding.
     + [{"kPeriod": 9, "kSmooth": 4, "dPeriod": 3, "maType": "mama", "sets": ("walk", "tiny", "gaps")}])
more("atr", [{"period": 10, "maType": kind} for kind in ("mama", "vidya", "alma")])
more("macd", [{"fast": f, "slow": s, "signal": g, "maTypes": kinds, "fixed": False} for f, s, g, kinds in (
    (1, 2, 2, "ema"), (1, 1, 1, "ema"), (5, 12, 4, "vidya"), (5, 12, 4, "alma"), (5, 12, 4, "ema/sma/mama"))])
more("linReg", [{"period": 1}], late=("r2",))
