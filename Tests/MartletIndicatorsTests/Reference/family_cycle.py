"""Cycles: Ehlers' Hilbert transform family and the MESA sine wave.

Needs TA-Lib, and tulip-rs 0.2.10 for the sine wave.
"""

import math

import numpy as np
import talib
from tulip_rs import indicators as tulip

import formulas as F
from cycle_engine import engine
from rows import row


def phase_and_line(x):
    """From bar 37: phase in degrees, trend line, smoothed price, length of the cycle."""
    n, cycle = len(x), engine(x, 37)
    phases, lines, means = F.blank(n), F.blank(n), np.zeros(n)
    phase = 0.0
    for t in range(37, n):
        length = int(cycle["dcPeriod"][t] + 0.5)
        back = np.nan_to_num(cycle["smoothed"][max(t - length + 1, 0):t + 1][::-1])
        turn = 2 * math.pi * np.arange(length) / max(length, 1)
        real, imaginary = math.fsum(np.sin(turn) * back), math.fsum(np.cos(turn) * back)
        if length > 1 and abs(real) + abs(imaginary) <= 1e-13 * length * abs(back[0]):
            real = imaginary = 0.0  # rounding noise is no cycle
        if imaginary != 0:
            phase = math.degrees(math.atan(real / imaginary))
        elif real != 0:
            phase += math.copysign(90, real)
        phase += 90 + 360 / cycle["dcPeriod"][t] + (180 if imaginary < 0 else 0)
        phase -= 360 if phase > 315 else 0
        phases[t] = phase
        means[t] = x[t - length + 1:t + 1].mean() if length else 0.0
        lines[t] = (4 * means[t] + 3 * means[t - 1] + 2 * means[t - 2] + means[t - 3]) / 10
    return phases, lines, cycle["smoothed"], cycle["dcPeriod"]


def trend_mode(phase, line, smoothed, period):
    sine, lead = np.sin(np.radians(phase)), np.sin(np.radians(phase + 45))
    mode, days = F.blank(len(phase)), 0
    for t in range(37, len(phase)):
        before = (sine[t - 1], lead[t - 1]) if t > 37 else (0, 0)
        crossed = (sine[t] > lead[t] and before[0] <= before[1]) or (sine[t] < lead[t] and before[0] >= before[1])
        days = 1 if crossed else days + 1
        turned = (phase[t] - (phase[t - 1] if t > 37 else 0)) * period[t] / 360
        cycling = crossed or days < 0.5 * period[t] or 0.67 < turned < 1.5
        far = line[t] != 0 and abs((smoothed[t] - line[t]) / line[t]) >= 0.015
        mode[t] = 1.0 if far or not cycling else 0.0
    return sine, lead, mode


def late(values, first):
    values = values.copy()
    values[:first] = np.nan
    return values


PHASES = ("dcPhase", "sine", "leadSine", "trendMode")


@row("hilbert", [{}] + [{"inputs": {"x": x}} for x in ("high", "open", "low", "volume")],
     lambda p: {"dcPeriod": 32, "inPhase": 32, "quadrature": 32, **dict.fromkeys((*PHASES, "trendline"), 63)},
     scale={"dcPeriod": "unit", "inPhase": "input", "quadrature": "input", "dcPhase": "percent", "sine": "unit",
            "leadSine": "unit", "trendMode": "unit", "trendline": "input"})
def hilbert(b, x, p):
    cycle = engine(x, 12)
    phase, line, smoothed, period = phase_and_line(x)
    sine, lead, mode = trend_mode(phase, line, smoothed, period)
    in_phase, quadrature = talib.HT_PHASOR(x)
    found_sine, found_lead = talib.HT_SINE(x)
    found = {"dcPeriod": ("TA-Lib HT_DCPERIOD", talib.HT_DCPERIOD(x), late(cycle["dcPeriod"], 32)),
             "inPhase": ("TA-Lib HT_PHASOR", in_phase, late(cycle["inPhase"], 32)),
             "quadrature": ("TA-Lib HT_PHASOR", quadrature, late(cycle["quadrature"], 32)),
             "trendline": ("TA-Lib HT_TRENDLINE", talib.HT_TRENDLINE(x), late(line, 63))}
    mode_talib = talib.HT_TRENDMODE(x).astype(float)
    mode_talib[:63] = np.nan
    phases = {"dcPhase": ("TA-Lib HT_DCPHASE", talib.HT_DCPHASE(x), late(phase, 63)),
              "sine": ("TA-Lib HT_SINE", found_sine, late(sine, 63)),
              "leadSine": ("TA-Lib HT_SINE", found_lead, late(lead, 63)),
              "trendMode": ("TA-Lib HT_TRENDMODE", mode_talib, late(mode, 63))}
    if still(x):
        # TA-Lib's phase of a price that stands still is that of its rounding.
        phases = {name: ("NumPy formula where the price stands still", values[2]) for name, values in phases.items()}
    return {**found, **phases}


def still(x):
    return bool(np.any(F.rolling_max(x, 20)[19:] == F.rolling_min(x, 20)[19:]))


@row("msw", [{"period": n} for n in (14, 1, 2, 4, 5, 30, 100)] + [{"period": 10, "inputs": {"x": "volume"}}],
     lambda p: p["period"], scale="unit")
def msw(b, x, p):
    n = p["period"]
    sine, lead = F.blank(len(x)), F.blank(len(x))
    turn = 2 * math.pi * np.arange(n) / n
    clear = True  # Tulip takes a real part below 0.001 for none, in any unit
    for t in range(n, len(x)):
        back = x[t - n + 1:t + 1][::-1]
        real, imaginary = math.fsum(np.cos(turn) * back), math.fsum(np.sin(turn) * back)
        clear = clear and abs(real) > 0.001
        if abs(real) <= 1e-13 * np.abs(back).sum():
            phase = math.pi
        else:
            phase = math.atan(imaginary / real) + (math.pi if real < 0 else 0)
        phase += math.pi / 2
        sine[t], lead[t] = math.sin(phase), math.sin(phase + math.pi / 4)
    source = "NumPy formula (Ehlers; Tulip msw with the true pi)"
    if not clear or n == 1:
        return {"sine": (source, sine), "lead": (source, lead)}
    found = [F.put(len(x), n, np.asarray(line)) for line in tulip.msw.indicator([x], [float(n)])[0]]
    return {"sine": (source, sine, found[0]), "lead": (source, lead, found[1])}
