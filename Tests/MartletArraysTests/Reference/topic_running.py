"""Running results, differences, integrals, padding, masks, assignment, counts."""
import numpy as np

from book import COMPLEX, DTYPES, INTEGERS, REALS, Input

EPS = {"float32": 2.0**-23, "float64": 2.0**-52, "complex64": 2.0**-23, "complex128": 2.0**-52}
SHAPES = [(0,), (1,), (7,), (3, 4), (2, 3, 4)]


def axes(shape):
    return [None, *range(len(shape))]


def cumulative(book):
    for dtype in DTYPES:
        for shape in SHAPES + [(3, 300)]:
            for axis in axes(shape):
                kind = "small" if dtype in INTEGERS + ["bool"] else "plain"
                item = book.strided(shape, dtype, kind, 800)
                for initial in (False, True):
                    for name, function, first in [("cumulativeSum", np.cumsum, 0), ("cumulativeProduct", np.cumprod, 1)]:
                        own = {"axis": axis, "includeInitial": initial}
                        if dtype in REALS + COMPLEX:
                            wide = item.value.astype("clongdouble" if dtype in COMPLEX else "longdouble")
                            value = function(wide, axis)
                            if shape == (3, 300) and name == "cumulativeProduct":
                                continue
                            size = np.cumsum(np.abs(wide), axis) if name == "cumulativeSum" else np.abs(value)
                            count = max(4, item.value.size)
                            bound = np.abs(value) * EPS[dtype] + size * 2.0**-53 * count * (4 if name != "cumulativeSum" else 1)
                            if name == "cumulativeProduct":
                                bound = bound + np.abs(value) * EPS[dtype] * 8
                            value = value.astype(dtype)
                        else:
                            value, bound = function(item.value.astype("int64"), axis), None
                        if initial:
                            at = 0 if axis is None else axis
                            edge = list(value.shape)
                            edge[at] = 1
                            value = np.concatenate([np.full(edge, first, value.dtype), value], at)
                            if bound is not None:
                                bound = np.concatenate([np.zeros(edge), bound], at)
                        if bound is None:
                            book.case(name, [item], value, own)
                        else:
                            book.case(name, [item], value, own, "bound", bound.astype("float64"))
                if dtype in COMPLEX:
                    continue
                special = book.strided(shape, dtype, "special", 801)
                flat = special.value.ravel() if axis is None else special.value
                book.case("cumulativeMax", [special], np.maximum.accumulate(flat, axis or 0), {"axis": axis}, "value")
                book.case("cumulativeMin", [special], np.minimum.accumulate(flat, axis or 0), {"axis": axis}, "value")


def calculus(book):
    for dtype in DTYPES:
        for shape in [(7,), (3, 4), (2, 3, 4), (1,)]:
            item = book.strided(shape, dtype, "special" if dtype not in COMPLEX else "plain", 810)
            for axis in range(len(shape)):
                for n in (0, 1, 2):
                    book.case("diff", [item], np.diff(item.value, n, axis), {"n": n, "axis": axis})
                more = list(shape)
                more[axis] = 2
                ends = [book.strided(more, dtype, "plain", 811), book.strided(more, dtype, "plain", 812)]
                book.case("diff ends", [item, *ends], np.diff(item.value, 1, axis, ends[0].value, ends[1].value), {"n": 1, "axis": axis})
        if dtype in COMPLEX + ["bool", "uint8"]:
            continue
        kind = dtype if dtype in REALS else "float64"
        for shape in [(7,), (3, 5), (4, 3, 3)]:
            item = book.strided(shape, dtype, "plain", 813)
            wide = item.value.astype("float64")
            size = np.abs(wide).max()
            for axis in range(len(shape)):
                for order in (1, 2):
                    value = np.gradient(wide, 0.5, axis=axis, edge_order=order)
                    book.case("gradient", [item], value.astype(kind), {"spacing": 0.5, "axis": axis, "edgeOrder": order}, "bound",
                              32 * EPS[kind] * size)
                    at = Input((np.cumsum(np.abs(book.values((shape[axis],), "float64", "plain", 814)) + 0.5)).astype(kind))
                    value = np.gradient(wide, at.value.astype("float64"), axis=axis, edge_order=order)
                    book.case("gradient at", [item, at], value.astype(kind), {"axis": axis, "edgeOrder": order}, "bound",
                              512 * EPS[kind] * size)
                book.case("trapezoid", [item], np.asarray(np.trapezoid(wide, dx=0.5, axis=axis)).astype(kind), {"spacing": 0.5, "axis": axis},
                          "bound", 16 * EPS[kind] * size * shape[axis])
                value = np.trapezoid(wide, at.value.astype("float64"), axis=axis)
                book.case("trapezoid at", [item, at], np.asarray(value).astype(kind), {"axis": axis}, "bound",
                          32 * EPS[kind] * size * float(at.value[-1]))


def padding(book):
    for k, dtype in enumerate(DTYPES):
        for shape, widths in [((4,), [(2, 3)]), ((3, 4), [(1, 0), (2, 2)]), ((2, 3, 2), [(0, 0), (5, 4), (1, 3)])]:
            item = book.strided(shape, dtype, "special", 820)
            for mode in ["constant", "edge", "reflect", "symmetric", "wrap"]:
                book.case("padded", [item], np.pad(item.value, widths, mode), {"widths": [list(w) for w in widths], "mode": mode})
        item = book.strided((0, 3), dtype, "special", 821)
        book.case("padded", [item], np.pad(item.value, [(1, 2), (0, 1)]), {"widths": [[1, 2], [0, 1]], "mode": "constant"})
        item = book.strided((2, 3), dtype, "special", 822)
        book.case("padded width", [item], np.pad(item.value, 2, "edge"), {"width": 2})


def masks(book):
    for dtype in DTYPES:
        for shape in [(7,), (3, 4), (2, 3, 4), (0,), (3, 0)]:
            item = book.strided(shape, dtype, "special", 830)
            for rank in range(1, len(shape) + 1):
                mask = book.strided(shape[:rank], "bool", "plain", 831)
                book.case("mask", [item, mask], item.value[mask.value])
                for value in (Input(book.values((), dtype, "special", 832)), book.strided(item.value[mask.value].shape, dtype, "special", 833)):
                    changed = item.value.copy()
                    changed[mask.value] = value.value
                    book.case("mask assigned", [item, mask, value], changed)
            mask = book.strided(shape[-1:], "bool", "plain", 834)
            value = book.strided(shape, dtype, "special", 835)
            book.case("replacing", [item, mask, value], np.where(mask.value, value.value, item.value))
            for axis in axes(shape):
                length = item.value.size if axis is None else shape[axis]
                mask = book.strided((min(length, 6),), "bool", "plain", 836)
                book.case("compress", [item, mask], np.compress(mask.value, item.value, axis), {"axis": axis})
            places = [p.astype("int64") for p in np.nonzero(item.value)]
            book.case("nonzero", [item], places)
            book.case("argwhere", [item], np.argwhere(item.value).astype("int64"))
            book.case("flatnonzero", [item], np.flatnonzero(item.value).astype("int64"))
        for shape, indices in [((7,), [[1, 6, 2]]), ((3, 4), [1, [None, None, -1]]), ((3, 4), ["ellipsis", 0]), ((2, 3, 4), [[None, None, None], -1]),
                               ((2, 3, 4), [[0, 1, None], [None, None, 2], [3, None, -2]]), ((3, 4), [[2, 1, None]])]:
            item = book.strided(shape, dtype, "special", 837)
            key = tuple(Ellipsis if i == "ellipsis" else slice(*i) if isinstance(i, list) else i for i in indices)
            for kind in (dtype, "int32"):
                if kind != dtype and dtype in ("uint8", "bool"):
                    continue
                part = item.value[key].shape
                value = book.strided(part[1:], kind, "plain", 838)
                changed = item.value.copy()
                changed[key] = value.value
                parts = [[i[0], i[1], i[2] or 1] if isinstance(i, list) else i for i in indices]
                book.case("assigned", [item, value], changed, {"indices": parts})
    long = Input(np.resize(np.arange(-3, 5), 5000))
    book.case("mask", [long, Input(long.value > 1)], long.value[long.value > 1])
    book.case("nonzero", [long], [np.nonzero(long.value)[0].astype("int64")])


def counts(book):
    for dtype in ["float64", "float32", "int32", "uint8"]:
        for shape in [(30,), (5, 6)]:
            item = book.strided(shape, dtype, "plain", 840)
            wide = item.value.astype("float64")
            for bins in (1, 4, 10):
                for limits in (None, (-5.0, 7.0)):
                    found, edges = np.histogram(wide, bins, limits)
                    own = {"bins": bins, "range": limits and list(limits), "density": False}
                    book.case("histogram", [item], [found.astype("int64"), edges], own, "bound", [0, np.abs(edges) * 2.0**-50])
                    found, edges = np.histogram(wide, bins, limits, density=True)
                    book.case("histogram", [item], [found, edges], {**own, "density": True}, "bound",
                              [np.abs(found) * 2.0**-48, np.abs(edges) * 2.0**-50])
            edges = Input(np.array([-8.0, -1, 0, 0.5, 9]))
            weights = book.strided(shape, "float64", "plain", 841)
            book.case("histogram edges", [item, edges], [np.histogram(wide, edges.value)[0].astype("int64"), edges.value])
            found = np.histogram(wide, edges.value, weights=weights.value)[0]
            book.case("histogram edges", [item, edges, weights], [found, edges.value], None, "bound", [1e-12, 0])
            for flags in (False, True):
                book.case("digitize", [item, edges], np.digitize(wide, edges.value, flags).astype("int64"), {"right": flags})
                down = Input(edges.value[::-1].copy())
                book.case("digitize", [item, down], np.digitize(wide, down.value, flags).astype("int64"), {"right": flags})
    for dtype in INTEGERS:
        item = Input(np.abs(book.values((40,), dtype, "small", 842)))
        for least in (0, 12):
            book.case("bincount", [item], np.bincount(item.value, minlength=least).astype("int64"), {"minLength": least})
        weights = book.strided((40,), "float64", "plain", 843)
        value = np.bincount(item.value, weights.value)
        book.case("bincount", [item, weights], value, {"minLength": 0}, "bound", 1e-12)
    xp = Input(np.array([-2.0, -1, 0.5, 3]))
    fp = Input(np.array([4.0, -1, 2, 2.5]))
    for dtype in REALS:
        for shape in [(), (0,), (9,), (3, 4)]:
            x = book.strided(shape, dtype, "special", 844)
            wide = x.value.astype("float64")
            book.case("interp", [x, xp, fp], np.asarray(np.interp(wide, xp.value, fp.value)), None, "bound", 1e-14)
            book.case("interp", [x, xp, fp], np.asarray(np.interp(wide, xp.value, fp.value, -9.0, 9.0)), {"left": -9, "right": 9}, "bound", 1e-14)


def cases(book):
    cumulative(book)
    calculus(book)
    padding(book)
    masks(book)
    counts(book)
