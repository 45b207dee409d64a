"""Ehlers' homodyne discriminator, as TA-Lib runs it.

The engine follows the published description (J. F. Ehlers, Rocket Science for Traders, 2001); the starts at
bar 12 and bar 37, the rolling sums of the smoothing and the order of the operations were found by comparing
with TA-Lib.
"""

import math

import numpy as np

import formulas as F


def fir(x, t, gain):
    """Ehlers' short Hilbert filter of x at t; nothing before the beginning."""
    def back(lag):
        return x[t - lag] if t >= lag else 0.0
    return (((0.0962 * back(0) - 0.0962 * back(6)) - 0.5769 * back(4)) + 0.5769 * back(2)) * gain


def engine(x, first):
    """Homodyne discriminator started at bar `first`: length of the cycle, its two parts, smoothed price."""
    n = len(x)
    out = {name: F.blank(n) for name in ("dcPeriod", "inPhase", "quadrature", "smoothed")}
    smoothed, detrended, delayed, quadrature = (np.zeros(n) for _ in range(4))
    total, weighted = x[0] + x[1] + x[2], x[0] + 2 * x[1] + 3 * x[2]
    period = smooth = q2 = i2 = re = im = 0.0
    for t in range(3, n):
        total = (total + x[t]) - (x[t - 4] if t > 3 else 0)
        weighted += 4 * x[t]
        price = weighted * 0.1
        weighted -= total
        if t < first:
            continue
        gain = 0.075 * period + 0.54
        smoothed[t] = price
        detrended[t] = fir(smoothed, t, gain)
        delayed[t] = detrended[t - 3]
        quadrature[t] = fir(detrended, t, gain)
        new_q = 0.2 * (quadrature[t] + fir(delayed, t, gain)) + 0.8 * q2
        new_i = 0.2 * (delayed[t] - fir(quadrature, t, gain)) + 0.8 * i2
        re = 0.2 * (new_i * i2 + new_q * q2) + 0.8 * re
        im = 0.2 * (new_i * q2 - new_q * i2) + 0.8 * im
        q2, i2 = new_q, new_i
        angle = math.degrees(math.atan(im / re)) if re and im else 0
        found = (360 / angle if angle else math.inf) if re and im else period
        found = max(min(found, 1.5 * period), 0.67 * period)
        period = 0.2 * min(max(found, 6), 50) + 0.8 * period
        smooth = 0.33 * period + 0.67 * smooth
        out["dcPeriod"][t], out["inPhase"][t], out["quadrature"][t] = smooth, delayed[t], quadrature[t]
        out["smoothed"][t] = price
    return out


def mama_lines(x, fast=0.5, slow=0.05):
    """MESA adaptive moving average, and the one that follows it."""
    cycle = engine(x, 12)
    y = f = last = 0.0
    lines = F.blank(len(x)), F.blank(len(x))
    for t in range(12, len(x)):
        i, q = cycle["inPhase"][t], cycle["quadrature"][t]
        phase = math.degrees(math.atan(q / i)) if i else 0.0
        turned, last = last - phase, phase
        a = max(fast / turned, slow) if turned > 1 else fast
        y = a * x[t] + (1 - a) * y
        f = 0.5 * a * y + (1 - 0.5 * a) * f
        if t >= 32:
            lines[0][t], lines[1][t] = y, f
    return lines


@F.skipping_head
def mama(x, n):
    return mama_lines(x)[0] if len(x) > 2 else F.blank(len(x))


F.AVERAGES["mama"] = mama
