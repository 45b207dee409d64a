"""Price transforms: TA-Lib's values, and the formulas."""

import numpy as np
import talib

from rows import row


def prices(b):
    return b["open"], b["high"], b["low"], b["close"]


def zero(p):
    return 0


@row("avgPrice", [{}], zero)
def avg_price(b, x, p):
    return {"avgPrice": ("TA-Lib AVGPRICE", talib.AVGPRICE(*prices(b)), sum(prices(b)) / 4)}


@row("medPrice", [{}], zero)
def med_price(b, x, p):
    o, h, l, c = prices(b)
    return {"medPrice": ("TA-Lib MEDPRICE", talib.MEDPRICE(h, l), (h + l) / 2)}


@row("typPrice", [{}], zero)
def typ_price(b, x, p):
    o, h, l, c = prices(b)
    return {"typPrice": ("TA-Lib TYPPRICE", talib.TYPPRICE(h, l, c), (h + l + c) / 3)}


@row("wclPrice", [{}], zero)
def wcl_price(b, x, p):
    o, h, l, c = prices(b)
    return {"wclPrice": ("TA-Lib WCLPRICE", talib.WCLPRICE(h, l, c), (h + l + 2 * c) / 4)}


@row("heikinAshi", [{}], zero)
def heikin_ashi(b, x, p):
    o, h, l, c = prices(b)
    close = (o + h + l + c) / 4
    opened = np.empty(len(c))
    opened[0] = (o[0] + c[0]) / 2
    for t in range(1, len(c)):
        opened[t] = (opened[t - 1] + close[t - 1]) / 2
    formula = (opened, np.maximum.reduce([h, opened, close]), np.minimum.reduce([l, opened, close]), close)
    names = ("open", "high", "low", "close")
    return {name: ("TA-Lib HA", a, f) for name, a, f in zip(names, talib.HA(o, h, l, c), formula)}
