"""Sorting, searching, sets, quantiles, statistics of several elements."""
import numpy as np

from book import COMPLEX, DTYPES, INTEGERS, REALS, Input
from topic_folds import as_axis, subsets

EPS = {"float32": 2.0**-23, "float64": 2.0**-52}
SHAPES = [(0,), (1,), (7,), (3, 4), (2, 3, 4), (4, 0, 2), (33,)]


def descending(values, axis):
    """Stable, NaN last: as the places of the keys that grow where the elements fall."""
    moved = np.moveaxis(values, axis, -1)
    result = np.empty(moved.shape, "int64")
    for at in np.ndindex(moved.shape[:-1]):
        row = moved[at].tolist()
        result[at] = sorted(range(len(row)), key=lambda k: (row[k] != row[k], -row[k] if row[k] == row[k] else 0))
    return np.moveaxis(result, -1, axis)


def sorting(book):
    for dtype in DTYPES[:6]:
        for k, shape in enumerate(SHAPES):
            for kind in ("special", "small"):
                item = book.strided(shape, dtype, kind, 500 + k)
                for axis in [-1] if len(shape) == 1 else [-1, 0]:
                    order = np.argsort(item.value, axis, stable=True)
                    own = {"axis": axis, "descending": False}
                    book.case("sorted", [item], np.sort(item.value, axis), own, "value")
                    book.case("argsort", [item], order, own)
                    down = descending(item.value, axis)
                    own = {"axis": axis, "descending": True}
                    book.case("sorted", [item], np.take_along_axis(item.value, down, axis), own, "value")
                    book.case("argsort", [item], down, own)
                    count = min(3, shape[axis])
                    first = np.take(down, range(count), axis)
                    book.case("top", [item], [np.take_along_axis(item.value, first, axis), first],
                              {"count": count, "axis": axis}, "value")
        ascending = np.sort(book.values((40,), dtype, "special", 510))
        for kind in ("special", "small"):
            for shape in [(), (0,), (9,), (3, 4)]:
                values = book.strided(shape, dtype, kind, 511)
                for side in ("left", "right"):
                    book.case("searchsorted", [Input(ascending), values],
                              np.asarray(np.searchsorted(ascending, values.value, side)).astype("int64"), {"side": side})
        shuffled = book.values((40,), dtype, "special", 512)
        order = np.argsort(shuffled, stable=True)
        book.case("searchsorted sorter", [Input(shuffled), book.plain((9,), dtype, "special", 513), Input(order)],
                  np.searchsorted(shuffled, book.values((9,), dtype, "special", 513), "left", order).astype("int64"))
    long = np.resize(book.values((5003,), "float64", "special", 514), (2, 20_000))
    book.case("sorted", [Input(long)], np.sort(long), {"axis": -1, "descending": False}, "value")
    book.case("argsort", [Input(long)], np.argsort(long, stable=True), {"axis": -1, "descending": False})


def sets(book):
    for dtype in DTYPES[:6]:
        for k, shape in enumerate([(0,), (1,), (12,), (3, 4), (2, 3, 4), ()]):
            for kind in ("special", "small"):
                a, b = book.strided(shape, dtype, kind, 520 + k), book.strided((10,), dtype, kind, 530)
                unique = np.unique_all(a.value)
                found = [unique.values, unique.indices.astype("int64"), unique.inverse_indices.astype("int64").reshape(shape),
                         unique.counts.astype("int64")]
                book.case("uniqueAll", [a], found, None, "value")
                book.case("uniqueInverse", [a], [found[0], found[2]], None, "value")
                book.case("uniqueCounts", [a], [found[0], found[3]], None, "value")
                book.case("unique", [a], found[0], None, "value")
                book.case("isIn", [a, b], np.isin(a.value, b.value))
                if dtype in REALS and kind == "special":
                    continue
                book.case("union", [a, b], np.union1d(a.value, b.value), None, "value")
                book.case("intersection", [a, b], np.intersect1d(a.value, b.value), None, "value")
                book.case("setDifference", [a, b], np.setdiff1d(a.value, b.value), None, "value")
                book.case("symmetricDifference", [a, b], np.setxor1d(a.value, b.value), None, "value")
    mixed = [book.plain((12,), "int32", "small", 540), book.plain((9,), "float32", "small", 541)]
    book.case("union", mixed, np.union1d(*[item.value for item in mixed]), None, "value")
    book.case("isIn", mixed, np.isin(mixed[0].value, mixed[1].value))


def complex_order(book):
    """By real, then by imaginary part, those with a NaN last."""
    for dtype in COMPLEX:
        for k, shape in enumerate([(0,), (1,), (12,), (3, 4), (2, 3, 4)]):
            for kind in ("special", "small"):
                item = book.strided(shape, dtype, kind, 570 + k)
                for axis in [-1] if len(shape) == 1 else [-1, 0]:
                    own = {"axis": axis, "descending": False}
                    book.case("sorted", [item], np.sort(item.value, axis), own, "value")
                    book.case("argsort", [item], np.argsort(item.value, axis, stable=True), own)
                unique = np.unique_all(item.value)
                book.case("uniqueAll", [item], [unique.values, unique.indices.astype("int64"),
                                                unique.inverse_indices.astype("int64").reshape(shape),
                                                unique.counts.astype("int64")], None, "value")
                other = book.strided((10,), dtype, kind, 580)
                book.case("isIn", [item, other], np.isin(item.value, other.value))
                if kind == "small":
                    book.case("union", [item, other], np.union1d(item.value, other.value), None, "value")
                    book.case("intersection", [item, other], np.intersect1d(item.value, other.value), None, "value")
                    book.case("setDifference", [item, other], np.setdiff1d(item.value, other.value), None, "value")
                    book.case("symmetricDifference", [item, other], np.setxor1d(item.value, other.value), None, "value")
        ascending = np.sort(book.values((40,), dtype, "special", 585))
        for kind in ("special", "small"):
            values = book.strided((3, 4), dtype, kind, 586)
            for side in ("left", "right"):
                book.case("searchsorted", [Input(ascending), values],
                          np.searchsorted(ascending, values.value, side).astype("int64"), {"side": side})


METHODS = {"linear": "linear", "lower": "lower", "higher": "higher", "nearest": "nearest", "midpoint": "midpoint",
           "invertedCDF": "inverted_cdf", "averagedInvertedCDF": "averaged_inverted_cdf",
           "closestObservation": "closest_observation", "interpolatedInvertedCDF": "interpolated_inverted_cdf",
           "hazen": "hazen", "weibull": "weibull", "medianUnbiased": "median_unbiased", "normalUnbiased": "normal_unbiased"}


def quantiles(book):
    for dtype in ["float64", "float32", "int32", "bool"]:
        result = dtype if dtype in REALS else "float64"
        for shape in [(1,), (7,), (8,), (3, 4), (2, 3, 4)]:
            for holes in (False, True):
                if holes and dtype not in REALS:
                    continue
                values = book.values(shape, dtype, "plain", 550).copy()
                if holes:
                    values[book.values(shape, "bool", "plain", 551)] = np.nan
                item = Input(values)
                wide = values.astype("float64")
                size = np.nan_to_num(np.abs(wide)).max(initial=0)
                bound = 4 * EPS[result] * (size + 1e-30)
                for axis in subsets(len(shape)):
                    own = {"axis": axis, "keepDims": len(shape) == 3}
                    at, keep = as_axis(axis), len(shape) == 3
                    book.case("median", [item], np.asarray(np.median(wide, at, keepdims=keep)).astype(result), own, "bound", bound)
                    book.case("nanmedian", [item], np.asarray(np.nanmedian(wide, at, keepdims=keep)).astype(result), own, "bound", bound)
                    for q in [0, 0.3, 0.5, 1]:
                        for name, function in [("quantile", np.quantile), ("nanquantile", np.nanquantile)]:
                            book.case(name, [item], np.asarray(function(wide, q, at, keepdims=keep)).astype(result),
                                      {**own, "q": q}, "bound", bound)
                    for name, function in [("percentiles", np.percentile), ("nanpercentiles", np.nanpercentile)]:
                        book.case(name, [item], np.asarray(function(wide, [25, 70, 100], at, keepdims=keep)).astype(result),
                                  {**own, "q": [25, 70, 100]}, "bound", bound)
                    for name, function in [("quantiles", np.quantile), ("nanquantiles", np.nanquantile)]:
                        book.case(name, [item], np.asarray(function(wide, [0.1, 0.9], at, keepdims=keep)).astype(result),
                                  {**own, "q": [0.1, 0.9]}, "bound", bound)
                    for name, function in [("percentile", np.percentile), ("nanpercentile", np.nanpercentile)]:
                        book.case(name, [item], np.asarray(function(wide, 40, at, keepdims=keep)).astype(result),
                                  {**own, "q": 40}, "bound", bound)
        for name, method in METHODS.items():
            values = book.values((11,), dtype, "plain", 552)
            for q in [0.0, 0.05, 0.37, 0.5, 0.8, 1.0]:
                value = np.quantile(values.astype("float64"), q, method=method)
                book.case("quantile method", [Input(values)], np.asarray(value).astype(result), {"q": q, "method": name},
                          "bound", 8 * EPS[result] * np.abs(values.astype("float64")).max())


def statistics(book):
    for dtype in ["float64", "float32", "int32", "uint8"]:
        kind = dtype if dtype in REALS else "float64"
        eps = EPS[kind]
        for shape in [(7,), (3, 4), (2, 3, 4)]:
            item = book.strided(shape, dtype, "plain", 560)
            wide = item.value.astype("float64")
            for axis in subsets(len(shape)):
                keep = len(shape) == 2
                own, at = {"axis": axis, "keepDims": keep}, as_axis(axis)
                book.case("ptp", [item], np.ptp(item.value, at, keepdims=keep), own)
                weights = book.strided(shape, "float32" if dtype == "float32" else "float64", "plain", 561)
                positive = Input(np.abs(weights.value) + weights.value.dtype.type(0.5))
                w = positive.value.astype("float64")
                value = np.sum(wide * w, at, keepdims=keep) / np.sum(w, at, keepdims=keep)
                book.case("average", [item, positive], np.asarray(value).astype(kind), own, "bound",
                          8 * eps * np.abs(wide).max())
            line = [0.5 + k for k in range(shape[-1])]
            value = np.average(wide, -1, line)
            book.case("average along", [item], np.asarray(value).astype(kind), {"axis": -1, "weights": line}, "bound",
                      8 * eps * np.abs(wide).max())
        for shape in [(9,), (3, 8), (1, 5), (4, 2)]:
            item = book.strided(shape, dtype, "plain", 562)
            wide = item.value.astype("float64")
            for correction in (0, 1):
                # NumPy drops the axes of a matrix of one row.
                value = np.cov(wide, ddof=correction).reshape((shape[0],) * 2 if len(shape) == 2 else ())
                book.case("cov", [item], np.asarray(value).astype(kind), {"correction": correction}, "bound",
                          32 * eps * np.abs(wide).max() ** 2)
            if shape != (4, 2):
                book.case("corrcoef", [item], np.corrcoef(wide).reshape((shape[0],) * 2 if len(shape) == 2 else ()).astype(kind), None, "bound", 64 * eps)


def cases(book):
    sorting(book)
    sets(book)
    quantiles(book)
    statistics(book)
    complex_order(book)
