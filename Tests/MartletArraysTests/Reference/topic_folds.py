"""Folds along axes: every combination of axes, both forms of keepDims.

Sums and moments are computed exactly (math.fsum, or long double for complex numbers and products).
"""
import itertools
import math

import numpy as np

from book import COMPLEX, DTYPES, REALS, Input

EPS = {"float32": 2.0**-23, "float64": 2.0**-52, "complex64": 2.0**-23, "complex128": 2.0**-52}


def subsets(rank):
    """None, every axis alone (counted from both ends), and every set of two or more."""
    yield None
    for axis in range(rank):
        yield axis if axis % 2 else axis - rank
    for size in range(2 if rank > 1 else rank + 1, rank + 1):
        for axes in itertools.combinations(range(rank), size):
            yield [axis - rank if k % 2 else axis for k, axis in enumerate(axes)]


def parameters(axis, keep):
    return {"axis": axis, "keepDims": keep}


def as_axis(axis):
    return tuple(axis) if isinstance(axis, list) else axis


def along(function, value, axis, keep):
    """`function` of every group of elements (a flat list) that is folded to one."""
    value = np.asarray(value)
    axes = tuple(range(value.ndim)) if axis is None else tuple(
        a % value.ndim for a in (axis if isinstance(axis, list) else [axis]))
    kept = [a for a in range(value.ndim) if a not in axes]
    moved = value.transpose(kept + list(axes))
    shape = [value.shape[a] for a in kept]
    rows = moved.reshape(int(np.prod(shape, dtype=int)), int(np.prod([value.shape[a] for a in axes], dtype=int)))
    results = np.array([function(row) for row in rows], dtype=object)
    out = [1 if a in axes else n for a, n in enumerate(value.shape)] if keep else shape
    return results.reshape(out)


def exact_sum(row):
    if row.dtype.kind == "c":
        return complex(exact_sum(row.real), exact_sum(row.imag))
    row = row.astype("float64")
    finite = row[np.isfinite(row)]
    if len(finite) < len(row):
        return float(np.sum(row[~np.isfinite(row)]))
    return math.fsum(row)


def size(row):
    return float(np.sum(np.abs(row[np.isfinite(row)]).astype("longdouble")))


def to(dtype, values):
    if dtype in COMPLEX:
        return np.array([complex(v) for v in values.ravel()], "complex128").reshape(values.shape).astype(dtype)
    return np.array([float(v) for v in values.ravel()], "float64").reshape(values.shape).astype(dtype)


def bounds(values):
    return np.array([float(v) for v in values.ravel()], "float64").reshape(values.shape)


def sums(book, item, dtype, axis, keep):
    value = item.value
    own = parameters(axis, keep)
    if dtype not in REALS + COMPLEX:
        counted = value.astype("int64")
        book.case("sum", [item], np.sum(counted, axis=as_axis(axis), keepdims=keep), own)
        book.case("product", [item], np.prod(counted, axis=as_axis(axis), keepdims=keep), own)
        return
    eps = EPS[dtype]
    parts = np.abs(np.stack([value.real, value.imag]).astype("float64"))
    if np.any(parts[np.isfinite(parts)] > (1e300 if dtype in ("float64", "complex128") else 1e36)):
        # Whether such a sum overflows on the way depends on its order.
        return
    if np.all(np.isfinite(value)):
        # Accumulators are float64; the result is rounded once.
        total = to(dtype, along(exact_sum, value, axis, keep))
        bound = bounds(along(size, value, axis, keep)) * 2.0**-50 + np.abs(total) * eps
        book.case("sum", [item], total, own, "bound", bound)
    else:
        special = to(dtype, along(exact_sum, value, axis, keep))
        if np.any(~np.isfinite(special)) and dtype in REALS:
            bound = bounds(along(size, value, axis, keep)) * 2.0**-50
            if np.all(np.isfinite(bound)) and np.all(bound < np.finfo(dtype).max / 8):
                book.case("sum", [item], special, own, "bound", bound + np.abs(np.nan_to_num(special)) * eps)
    product = along(lambda row: np.prod(row.astype("clongdouble" if dtype in COMPLEX else "longdouble")), value, axis, keep)
    if np.all(np.isfinite(value)) and dtype in REALS:
        product = np.array([np.longdouble(v) for v in product.ravel()], "longdouble").reshape(product.shape)
        if np.all(np.abs(product) < 1e30) and np.all((np.abs(product) > 1e-30) | (product == 0)):
            count = max(1, value.size)
            book.case("product", [item], product.astype(dtype), own, "bound",
                      np.abs(product).astype("float64") * eps * count)
    if dtype in COMPLEX and np.all(np.isfinite(value)) and value.size < 30:
        total = to(dtype, product)
        book.case("product", [item], total, own, "bound", np.abs(total) * eps * 2 * max(1, value.size))


def moments(book, item, dtype, axis, keep):
    value = item.value
    own = parameters(axis, keep)
    kind = dtype if dtype in REALS + COMPLEX else "float64"
    eps = EPS[kind]
    wide = value.astype("complex128" if kind in COMPLEX else "float64")
    count = along(len, value, axis, True).astype("float64")
    if not np.all(np.isfinite(wide)):
        return

    def mean_of(row):
        return exact_sum(row) / len(row) if len(row) else math.nan

    mean = along(mean_of, wide, axis, keep)
    spread = bounds(along(lambda row: size(row) / max(1, len(row)), wide, axis, keep))
    if kind in COMPLEX:
        if value.size:
            book.case("mean", [item], to(kind, mean), own, "bound", 4 * eps * spread)
    else:
        book.case("mean", [item], to(kind, mean), own, "bound", 2.0**-50 * spread + 2 * eps * np.abs(bounds(mean)))
    for correction in [book.random.choice([0, 1, 0.5])]:
        def variance_of(row):
            n = max(0.0, len(row) - correction)
            if not len(row):
                return math.nan
            middle = mean_of(row)
            total = math.fsum(float(abs(v - middle)) ** 2 for v in row)
            return total / n if n else (math.nan if total == 0 else math.inf)

        variance = bounds(along(variance_of, wide, axis, keep))
        largest = bounds(along(lambda row: float(np.max(np.abs(row), initial=0)), wide, axis, keep))
        bound = 16 * eps * np.where(np.isfinite(variance), variance, 0) + (8 * eps * largest) ** 2
        # Where one element is left of none, what is left of rounding decides between NaN and infinity.
        if np.any(np.isinf(variance)) or (np.any(np.isnan(variance)) and value.size):
            continue
        result = variance.astype(np.dtype(kind).type(0).real.dtype)
        book.case("variance", [item], result, {**own, "correction": correction}, "bound", bound)
        deviation = np.sqrt(variance)
        root = np.where(deviation > 0, bound / np.maximum(deviation, 1e-300), 0) + 8 * eps * largest
        book.case("std", [item], deviation.astype(result.dtype), {**own, "correction": correction}, "bound", root)


def exact(book, item, dtype, axis, keep):
    value = item.value
    own = parameters(axis, keep)
    at, axes = as_axis(axis), (tuple(range(value.ndim)) if axis is None else np.atleast_1d(axis))
    book.case("any", [item], np.any(value, axis=at, keepdims=keep), own)
    book.case("all", [item], np.all(value, axis=at, keepdims=keep), own)
    nonzero = np.asarray(np.count_nonzero(value, axis=at, keepdims=keep)).astype("int64")
    if axis is None and keep:
        nonzero = nonzero.reshape([1] * value.ndim)
    book.case("countNonzero", [item], nonzero, own)
    book.case("countDefined", [item], np.sum(~np.isnan(value), axis=at, keepdims=keep, dtype="int64"), own)
    if dtype in COMPLEX or any(value.shape[a] == 0 for a in axes):
        return
    book.case("max", [item], np.max(value, axis=at, keepdims=keep), own, "value")
    book.case("min", [item], np.min(value, axis=at, keepdims=keep), own, "value")
    if axis is None or isinstance(axis, int):
        if value.size:
            book.case("argmax", [item], np.argmax(value, axis=axis, keepdims=keep), own)
            book.case("argmin", [item], np.argmin(value, axis=axis, keepdims=keep), own)
            if dtype in REALS:
                # Of the places of NumPy, which may be those of a NaN beside nothing but infinity, the defined ones.
                low = np.where(np.isnan(value), -np.inf, value)
                high = np.where(np.isnan(value), np.inf, value)
                first = np.argmax(~np.isnan(value), axis=axis, keepdims=keep)
                greatest = np.max(low, axis=axis, keepdims=keep) == -np.inf
                smallest = np.min(high, axis=axis, keepdims=keep) == np.inf
                book.case("nanargmax", [item],
                          np.where(greatest, first, np.argmax(low, axis=axis, keepdims=keep)), own)
                book.case("nanargmin", [item],
                          np.where(smallest, first, np.argmin(high, axis=axis, keepdims=keep)), own)
    book.case("nanmax", [item], np.nanmax(value, axis=at, keepdims=keep), own, "value")
    book.case("nanmin", [item], np.nanmin(value, axis=at, keepdims=keep), own, "value")


def holes(book, item, dtype, axis, keep):
    """The forms that leave NaN out, of moderate numbers with holes."""
    value = item.value
    own = parameters(axis, keep)
    eps = EPS[dtype]

    def over(function):
        return along(lambda row: function(row[~np.isnan(row)].astype("float64")), value, axis, keep)

    total = to(dtype, over(exact_sum))
    scale = bounds(over(size))
    book.case("nansum", [item], total, own, "bound", 2.0**-50 * scale + eps * np.abs(total))
    product = bounds(over(lambda row: float(np.prod(row.astype("longdouble")))))
    if np.all(np.abs(product) < 1e30):
        book.case("nanproduct", [item], product.astype(dtype), own, "bound", np.abs(product) * eps * max(1, value.size) + 1e-37)
    if not value.size:
        return
    mean = bounds(over(lambda row: exact_sum(row) / len(row) if len(row) else math.nan))
    book.case("nanmean", [item], mean.astype(dtype), own, "bound", 4 * eps * np.maximum(scale, 1e-30))
    for correction in [book.random.choice([0, 1])]:
        def variance_of(row):
            if len(row) - correction <= 0:
                return math.nan
            middle = exact_sum(row) / len(row)
            return math.fsum((float(v) - middle) ** 2 for v in row) / (len(row) - correction)

        variance = bounds(over(variance_of))
        bound = 16 * eps * np.nan_to_num(variance) + (8 * eps * 100) ** 2
        book.case("nanvariance", [item], variance.astype(dtype), {**own, "correction": correction}, "bound", bound)
        deviation = np.sqrt(variance)
        book.case("nanstd", [item], deviation.astype(dtype), {**own, "correction": correction}, "bound",
                  16 * eps * np.nan_to_num(deviation) + 8 * eps * 100)


def infinities(book):
    """Infinities and NaN side by side, in every fold; NumPy's own values."""
    inf, nan = math.inf, math.nan
    table = [[inf, -inf, 1], [inf, 1, 2], [-inf, 1, nan], [nan, -inf, nan], [nan, inf, 3], [inf, inf, nan],
             [-inf, -inf, -inf], [inf, inf, inf], [nan, nan, nan], [0, -inf, nan], [1, nan, -inf]]
    named = {"sum": "sum", "product": "prod", "max": "max", "min": "min", "mean": "mean", "nansum": "nansum",
             "nanproduct": "nanprod", "nanmax": "nanmax", "nanmin": "nanmin", "nanmean": "nanmean"}
    for dtype in REALS:
        item = Input(np.array(table, dtype))
        for axis in (None, 0, 1):
            own = parameters(axis, False)
            for name, theirs in named.items():
                book.case(name, [item], np.asarray(getattr(np, theirs)(item.value, axis=axis)), own, "value")
            for name, theirs in [("variance", "var"), ("std", "std"), ("nanvariance", "nanvar"), ("nanstd", "nanstd")]:
                for correction in (0, 1):
                    value = np.asarray(getattr(np, theirs)(item.value, axis=axis, ddof=correction))
                    book.case(name, [item], value, {**own, "correction": correction}, "value")
            book.case("argmax", [item], np.asarray(np.argmax(item.value, axis=axis)), own)
            book.case("argmin", [item], np.asarray(np.argmin(item.value, axis=axis)), own)


def complex_extrema(book):
    """By real, then by imaginary part; the first element with a NaN where there is one."""
    for dtype in COMPLEX:
        for k, shape in enumerate([(1,), (7,), (3, 4), (2, 3, 4)]):
            for kind in ("special", "small", "plain"):
                item = book.plain(shape, dtype, kind, 70 + k)
                for axis in [None] + list(range(len(shape))):
                    for keep in (False, True):
                        own = parameters(axis, keep)
                        for name, function in [("argmax", np.argmax), ("argmin", np.argmin)]:
                            places = np.asarray(function(item.value, axis=axis, keepdims=keep))
                            book.case(name, [item], places, own)
                            if axis is None:
                                value = item.value.ravel()[places.ravel()].reshape(places.shape)
                            else:
                                full = places if keep else np.expand_dims(places, axis)
                                value = np.take_along_axis(item.value, full, axis)
                                value = value if keep else np.squeeze(value, axis)
                            book.case(name[3:], [item], value, own, "value")


def cases(book):
    shapes = [(), (0,), (1,), (7,), (3, 4), (4, 0, 2), (2, 3, 4), (2, 3, 1, 2), (2, 1, 3, 2, 2)]
    for dtype in DTYPES:
        for k, shape in enumerate(shapes):
            if dtype not in ("float64", "float32", "int32") and k in (1, 6, 7):
                continue
            specials = [book.strided(shape, dtype, "special", 10 + k) for _ in range(2)]
            plains = [book.strided(shape, dtype, "plain", 10 + k) for _ in range(2)]
            for turn, axis in enumerate(subsets(len(shape))):
                if len(shape) == 5 and isinstance(axis, list) and len(axis) in (2, 3) and book.random.random() < 0.8:
                    continue
                for keep in (False, True):
                    if keep and axis is not None and book.random.random() < 0.6:
                        continue
                    special, plain = specials[turn % 2], plains[turn % 2]
                    exact(book, special, dtype, axis, keep)
                    sums(book, special, dtype, axis, keep)
                    if dtype in REALS + COMPLEX:
                        sums(book, plain, dtype, axis, keep)
                    if dtype in ("float64", "float32") or not keep:
                        moments(book, plain, dtype, axis, keep)
                    if dtype in REALS:
                        base = book.values(shape, dtype, "plain", 10 + k).copy()
                        base[book.values(shape, "bool", "plain", 50 + k)] = np.nan
                        holes(book, Input(base), dtype, axis, keep)
    # Longer than a block, than a part of a long row, and than what one thread does.
    for dtype, shape in [("float64", (1025,)), ("float32", (3, 1500)), ("int32", (1500, 3)), ("uint8", (70000,)),
                         ("float64", (70000,)), ("float32", (2, 140_000)), ("int64", (140_000, 2)), ("bool", (40, 2000)),
                         ("float64", (40, 50, 30)), ("complex128", (2000, 2))]:
        values = np.resize(book.values((251,), dtype, "plain", 60), shape)
        for axis in [None] + list(range(len(shape))):
            item = Input(values) if book.random.random() < 0.5 else Input(values, [("flip", [0])])
            sums(book, item, dtype, axis, False)
            exact(book, item, dtype, axis, False)
            if values.size < 100_000:
                moments(book, item, dtype, axis, False)
    infinities(book)
    complex_extrema(book)
