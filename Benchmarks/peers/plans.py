"""The 24 indicators as every library is asked for them: same parameters, same outputs."""

import os
import pathlib
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field

import numpy as np
import talib

from report import elapsed


@dataclass
class Plan:
    """One indicator: Martlet's text, the outputs, and how each peer computes them.

    `talib` lists (function, arguments after the series, names of the series, outputs of that call).
    `wickra` lists (class, arguments, names of the series, outputs; None: an output nobody asked for).
    `tulip` lists (name, options, names of the series, optional outputs asked for, outputs).
    """

    id: str
    parameters: str
    outputs: tuple
    talib: list
    wickra: list = field(default_factory=list)
    tulip: list = field(default_factory=list)
    restricted: bool = False  # Martlet has more outputs: name the wanted ones

    @property
    def text(self):
        return f"{self.id}({self.parameters})" + ("." + ",".join(self.outputs) if self.restricted else "")


HL, HLC, HLCV, C = ("high", "low"), ("high", "low", "close"), ("high", "low", "close", "volume"), ("close",)
T = talib


def one(id, parameters, function, arguments, wickra=None, tulip=None, series=C):
    """An indicator with one output, of the same arguments everywhere."""
    return Plan(id, parameters, (id,), [(function, arguments, series, (id,))],
                [(wickra, arguments, series, (id,))] if wickra else [],
                [(tulip, arguments, series, 0, (id,))] if tulip else [])


PLANS = [
    one("sma", "period=20", T.SMA, (20,), "SMA", "sma"),
    one("ema", "period=20", T.EMA, (20,), "EMA", "ema"),
    one("rma", "period=14", T.RMA, (14,), "SMMA", "wilders"),
    one("wma", "period=20", T.WMA, (20,), "WMA", "wma"),
    one("kama", "period=10", T.KAMA, (10,), "KAMA", "kama"),
    Plan("bollinger", "period=20,up=2,down=2", ("upper", "middle", "lower"),
         [(T.BBANDS, (20, 2.0, 2.0, 0), C, ("upper", "middle", "lower"))],
         [("BollingerBands", (20, 2.0), C, ("upper", "middle", "lower", None))],
         [("bbands", (20, 2.0), C, 0, ("lower", "middle", "upper"))], restricted=True),
    Plan("donchian", "period=20", ("upper", "middle", "lower"),
         [(T.DONCHIAN, (20,), HL, ("upper", "middle", "lower"))],
         [("Donchian", (20,), HL, ("upper", "middle", "lower"))],
         [("donchianchannel", (20,), HL, 0, ("lower", "middle", "upper"))]),
    Plan("superTrend", "period=10,multiplier=3", ("superTrend", "direction"),
         [(T.SUPERTREND, (10, 3.0), HLC, ("superTrend", "direction"))],
         [("SuperTrend", (10, 3.0), HLC, ("superTrend", "direction"))],
         [("supertrend", (10, 3.0), HLC, 0, ("superTrend",))], restricted=True),
    Plan("sar", "start=0.02,step=0.02,max=0.2", ("sar",),
         [(T.SAR, (0.02, 0.2), HL, ("sar",))],
         [("PSAR", (0.02, 0.02, 0.2), HLC, ("sar",))],
         [("psar", (0.02, 0.2), HL, 0, ("sar",))], restricted=True),
    Plan("roc", "period=10", ("roc", "rocP", "rocR", "rocR100"),
         [(f, (10,), C, (o,)) for f, o in ((T.ROC, "roc"), (T.ROCP, "rocP"), (T.ROCR, "rocR"), (T.ROCR100, "rocR100"))],
         [(n, (10,), C, (o,)) for n, o in (("ROC", "roc"), ("ROCP", "rocP"), ("ROCR", "rocR"), ("ROCR100", "rocR100"))],
         [("roc", (10,), C, 0, ("rocP",)), ("rocr", (10,), C, 0, ("rocR",))]),
    one("rsi", "period=14", T.RSI, (14,), "RSI", "rsi"),
    Plan("stoch", "kPeriod=14,kSmooth=3,dPeriod=3", ("k", "d"),
         [(T.STOCH, (14, 3, 0, 3, 0), HLC, ("k", "d"))],
         [("Stochastic", (14, 3), HLC, ("k", "d"))],
         [("stoch", (14, 3, 3), HLC, 0, ("k", "d"))], restricted=True),
    Plan("macd", "fast=12,slow=26,signal=9", ("macd", "signal", "histogram"),
         [(T.MACD, (12, 26, 9), C, ("macd", "signal", "histogram"))],
         [("MACD", (12, 26, 9), C, ("macd", "signal", "histogram"))],
         [("macd", (12, 26, 9), C, 0, ("macd", "signal", "histogram"))]),
    one("cci", "period=20", T.CCI, (20,), "CCI", "cci", HLC),
    Plan("dmi", "period=14,exactTies=true", ("plusDM", "minusDM", "plusDI", "minusDI", "dx", "adx", "adxr"),
         [(T.PLUS_DM, (14,), HL, ("plusDM",)), (T.MINUS_DM, (14,), HL, ("minusDM",)),
          (T.PLUS_DI, (14,), HLC, ("plusDI",)), (T.MINUS_DI, (14,), HLC, ("minusDI",)),
          (T.DX, (14,), HLC, ("dx",)), (T.ADX, (14,), HLC, ("adx",)), (T.ADXR, (14,), HLC, ("adxr",))],
         [("PLUS_DM", (14,), HLC, ("plusDM",)), ("MINUS_DM", (14,), HLC, ("minusDM",)),
          ("ADX", (14,), HLC, ("plusDI", "minusDI", "adx")), ("DX", (14,), HLC, ("dx",)), ("ADXR", (14,), HLC, ("adxr",))],
         [("dm", (14,), HL, 0, ("plusDM", "minusDM")), ("di", (14,), HLC, 0, ("plusDI", "minusDI")),
          ("adxr", (14,), HLC, 2, ("adxr", "adx", "dx"))]),
    Plan("aroon", "period=14", ("up", "down", "oscillator"),
         [(T.AROON, (14,), HL, ("down", "up")), (T.AROONOSC, (14,), HL, ("oscillator",))],
         [("Aroon", (14,), HL, ("up", "down")), ("AroonOscillator", (14,), HL, ("oscillator",))],
         [("aroonosc", (14,), HL, 2, ("oscillator", "down", "up"))]),
    one("obv", "", T.OBV, (), "OBV", "obv", ("close", "volume")),
    one("mfi", "period=14", T.MFI, (14,), "MFI", "mfi", HLCV),
    one("trueRange", "", T.TRANGE, (), "TrueRange", "tr", HLC),
    Plan("atr", "period=14", ("atr", "natr"),
         [(T.ATR, (14,), HLC, ("atr",)), (T.NATR, (14,), HLC, ("natr",))],
         [("ATR", (14,), HLC, ("atr",)), ("NATR", (14,), HLC, ("natr",))],
         [("natr", (14,), HLC, 1, ("natr", "atr"))]),
    Plan("linReg", "period=14", ("value", "slope", "intercept", "angle", "forecast"),
         [(T.LINEARREG, (14,), C, ("value",)), (T.LINEARREG_SLOPE, (14,), C, ("slope",)),
          (T.LINEARREG_INTERCEPT, (14,), C, ("intercept",)), (T.LINEARREG_ANGLE, (14,), C, ("angle",)),
          (T.TSF, (14,), C, ("forecast",))],
         [("LinearRegression", (14,), C, ("value",)), ("LinRegSlope", (14,), C, ("slope",)),
          ("LINEARREG_INTERCEPT", (14,), C, ("intercept",)), ("LinRegAngle", (14,), C, ("angle",)),
          ("TSF", (14,), C, ("forecast",))],
         [("tsf", (14,), C, 3, ("forecast", "value", "slope", "intercept"))], restricted=True),
    Plan("stdDev", "period=20", ("stdDev", "variance"),
         [(T.STDDEV, (20, 1.0), C, ("stdDev",)), (T.VAR, (20, 1.0), C, ("variance",))],
         [("StdDev", (20,), C, ("stdDev",)), ("Variance", (20,), C, ("variance",))],
         [("stddev", (20,), C, 0, ("stdDev",))], restricted=True),
    one("correl", "period=30,x=high,y=low", T.CORREL, (30,), "PearsonCorrelation", None, HL),
    Plan("percentile", "period=30,percent=50", ("percentile",),
         [(T.PERCENTILE, (30, 50.0), C, ("percentile",))],
         [("RollingQuantile", (30, 0.5), C, ("percentile",))]),
]


class Peer:
    def time(self, plan, market, out, symbols, calls):
        """Nanoseconds of one call, the mean of some."""
        return elapsed(lambda: [self.run(plan, market, out, symbols) for _ in range(calls)]) / calls

    def close(self):
        pass


class TALib(Peer):
    """Symbol by symbol, as its users call it: out[s] = F(close[s])."""

    name = "TA-Lib"

    def outputs(self, plan):
        return plan.outputs

    def run(self, plan, market, out, symbols):
        for function, arguments, series, names in plan.talib:
            fields = [market[f] for f in series]
            targets = [out[name] for name in names]
            if len(names) == 1:
                target = targets[0]
                for s in range(symbols):
                    target[s] = function(*[f[s] for f in fields], *arguments)
            else:
                for s in range(symbols):
                    for target, values in zip(targets, function(*[f[s] for f in fields], *arguments)):
                        target[s] = values


class Takt(Peer):
    """ta-lib-takt, whose module and library are called like TA-Lib's: a process of its own, timed there."""

    name = "takt"

    def __init__(self, folder):
        environment = dict(os.environ, PYTHONPATH=str(folder))
        self.process = subprocess.Popen([sys.executable, pathlib.Path(__file__).with_name("takt.py")], env=environment,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        self.version = self.ask("version")

    def ask(self, *words):
        self.process.stdin.write(" ".join(str(w) for w in words) + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def outputs(self, plan):
        return plan.outputs

    def load(self, path):
        self.ask("load", path)

    def run(self, plan, market, out, symbols):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "out.npz"
            self.ask("values", plan.id, path)
            with np.load(path) as stored:
                for name in plan.outputs:
                    out[name][:] = stored[name]

    def time(self, plan, market, out, symbols, calls):
        return float(self.ask("time", plan.id, calls))

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=20)


class Wickra(Peer):
    """One object per symbol and call. Its Matrix has no buffer: results of several columns are not copied."""

    def __init__(self, method):
        import wickra
        self.module, self.method = wickra, method
        self.name = "Wickra " + method

    def method_of(self, name):
        kind = getattr(self.module, name, None)
        return kind if kind is not None and hasattr(kind, "batch") else None

    def outputs(self, plan):
        calls = [c for c in plan.wickra if self.method_of(c[0])]
        if self.method == "batch_fast" and not any(hasattr(self.method_of(c[0]), "batch_fast") for c in calls):
            return ()
        return tuple(o for c in calls for o in c[3] if o)

    def run(self, plan, market, out, symbols):
        for name, arguments, series, names in plan.wickra:
            kind = self.method_of(name)
            if kind is None:
                continue
            method = self.method if hasattr(kind, self.method) else "batch"
            fields = [market[f] for f in series]
            if len(names) == 1:
                target = out[names[0]]
                for s in range(symbols):
                    target[s] = np.frombuffer(getattr(kind(*arguments), method)(*[f[s] for f in fields]))
            else:
                for s in range(symbols):
                    matrix = getattr(kind(*arguments), method)(*[f[s] for f in fields])
                last = len(fields[0][0]) - 1
                for j, o in enumerate(names):  # enough to see whether its numbers are the same
                    if o:
                        out[o][symbols - 1, last] = matrix[last, j]


class Tulip(Peer):
    """simd_by_assets where the market has groups of 8 symbols, otherwise one by one."""

    name = "tulip-rs"

    def __init__(self):
        import tulip_rs
        self.module = tulip_rs.indicators

    def outputs(self, plan):
        return tuple(o for c in plan.tulip for o in c[4])

    def run(self, plan, market, out, symbols):
        for name, options, series, optional, names in plan.tulip:
            kind, options = getattr(self.module, name), [float(o) for o in options]
            fields = [market[f] for f in series]
            flags = [True] * optional or None
            wide = symbols - symbols % 8
            for s in range(0, wide, 8):
                rows, _ = kind.simd_by_assets([[f[s + lane] for f in fields] for lane in range(8)], options, flags)
                for lane, row in enumerate(rows):
                    self.store(row, names, out, s + lane)
            for s in range(wide, symbols):
                row, _ = kind.indicator([f[s] for f in fields], options, flags)
                self.store(row, names, out, s)

    @staticmethod
    def store(row, names, out, s):
        for o, values in zip(names, row):
            out[o][s, -len(values):] = values
