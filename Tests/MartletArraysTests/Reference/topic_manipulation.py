"""Arrays made from numbers, joined, split, repeated; elements chosen and replaced by index."""
import numpy as np

from book import DTYPES, INTEGERS, REALS, SHAPES, Input, Number


def creation(book):
    for start, stop, step in [(0, 5, 1), (2, 11, 3), (5, 0, -1), (5, 0, 1), (0, 0, 1), (-7, 8, 5)]:
        for dtype in ["int64", "int32", "float64", "float32", "uint8"]:
            if dtype == "uint8" and min(start, stop) < 0:
                continue
            book.case("arange", [], np.arange(start, stop, step, dtype), {"start": start, "stop": stop, "step": step, "dtype": dtype})
    for start, stop, step in [(0, 1, 0.1), (1, 2, 0.3), (2, -1, -0.5), (0.5, 0.5, 1)]:
        for dtype in REALS:
            book.case("arange real", [], np.arange(start, stop, step, dtype), {"start": start, "stop": stop, "step": step, "dtype": dtype},
                      ["ulp", 1])
    for start, stop, count in [(0, 1, 5), (-3, 3, 7), (2, 2, 3), (0, 10, 1), (1, 0, 0), (0, 1, 50)]:
        for endpoint in (True, False):
            for dtype in REALS + ["int64"]:
                book.case("linspace", [], np.linspace(start, stop, count, endpoint, dtype=dtype),
                          {"start": start, "stop": stop, "count": count, "endpoint": endpoint, "dtype": dtype}, ["ulp", 1])
    for base in (10, 2):
        book.case("logspace", [], np.logspace(-2, 3, 6, base=base), {"start": -2, "stop": 3, "count": 6, "base": base}, ["ulp", 4])
    for dtype in DTYPES:
        for rows, columns, offset in [(3, None, 0), (2, 4, 1), (4, 2, -1), (0, 3, 0), (3, 3, 5)]:
            book.case("eye", [], np.eye(rows, columns, offset, dtype), {"rows": rows, "columns": columns, "offset": offset, "dtype": dtype})
        for shape in [(), (0,), (2, 3)]:
            own = {"shape": list(shape), "dtype": dtype}
            book.case("zeros", [], np.zeros(shape, dtype), own)
            book.case("ones", [], np.ones(shape, dtype), own)
            book.case("full", [Number(3)], np.full(shape, 3, dtype), own)
            item = book.strided(shape, dtype, "special", 700)
            book.case("zerosLike", [item], np.zeros_like(item.value))
            book.case("onesLike", [item], np.ones_like(item.value))
            book.case("fullLike", [item, Number(2.5)], np.full_like(item.value, 2.5))
        for shape in [(3, 4), (2, 4, 3), (1, 1), (0, 3)]:
            item = book.strided(shape, dtype, "special", 701)
            for offset in (0, 1, -1, 9):
                book.case("tril", [item], np.tril(item.value, offset), {"offset": offset})
                book.case("triu", [item], np.triu(item.value, offset), {"offset": offset})
        vector = book.strided((4,), dtype, "special", 702)
        for offset in (0, 2, -1):
            book.case("diag", [vector], np.diag(vector.value, offset), {"offset": offset})
        vectors = [book.strided((n,), dtype, "special", 703) for n in (3, 2, 4)]
        for indexing in ("xy", "ij"):
            for count in (1, 2, 3):
                book.case("meshgrid", vectors[:count], list(np.meshgrid(*[v.value for v in vectors[:count]], indexing=indexing)),
                          {"indexing": indexing})


def joining(book):
    for k, dtype in enumerate(DTYPES):
        other = DTYPES[(k + 3) % 8]
        for shapes, axis in [([(2, 3), (4, 3)], 0), ([(2, 3), (2, 1), (2, 0)], -1), ([(2,), (0,), (3,)], 0), ([(2, 1, 3), (2, 4, 3)], 1),
                             ([(2, 3), (4,)], None)]:
            items = [book.strided(shape, dtype if n != 1 else other, "special", 710 + n) for n, shape in enumerate(shapes)]
            book.case("concatenated", items, np.concatenate([item.value for item in items], axis), {"axis": axis})
        for axis in (0, 1, -1):
            items = [book.strided((2, 3), dtype, "special", 713 + n) for n in range(3)]
            book.case("stacked", items, np.stack([item.value for item in items], axis), {"axis": axis})
            item = book.strided((3, 4), dtype, "special", 716)
            book.case("unstacked", [item], list(np.unstack(item.value, axis=axis)), {"axis": axis})
        item = book.strided((6, 4), dtype, "special", 717)
        book.case("split into", [item], np.split(item.value, 3), {"count": 3, "axis": 0})
        book.case("split into", [item], np.split(item.value, 2, -1), {"count": 2, "axis": -1})
        book.case("split at", [item], np.split(item.value, [1, 4]), {"places": [1, 4], "axis": 0})
        book.case("split at", [item], np.split(item.value, [-1, 9], 1), {"places": [-1, 9], "axis": 1})
        for shape in [(3,), (2, 3), (2, 0), ()]:
            item = book.strided(shape, dtype, "special", 718)
            for counts in [[2], [2, 3], [1, 2, 1], [0, 2], []]:
                book.case("tiled", [item], np.tile(item.value, counts), {"counts": counts})
            for axis in [None, -1] if shape else [None]:
                for count in (0, 1, 3):
                    book.case("repeated", [item], np.repeat(item.value, count, axis), {"count": count, "axis": axis})
                for shift in (0, 1, -2, 7):
                    book.case("rolled", [item], np.roll(item.value, shift, axis), {"shift": shift, "axis": axis})
        item = book.strided((3, 4), dtype, "special", 719)
        book.case("repeated counts", [item], np.repeat(item.value, [2, 0, 3], 0), {"counts": [2, 0, 3], "axis": 0})
        book.case("repeated counts", [item], np.repeat(item.value, list(range(12))), {"counts": list(range(12)), "axis": None})
        book.case("rolled axes", [item], np.roll(item.value, [1, -2], [0, 1]), {"shifts": [1, -2], "axes": [0, 1]})
        for times in (-1, 0, 1, 2, 3, 5):
            item = book.strided((2, 3, 4), dtype, "special", 720)
            book.case("rot90", [item], np.rot90(item.value, times, (0, 1)), {"times": times, "axes": [0, 1]})
            book.case("rot90", [item], np.rot90(item.value, times, (-1, 0)), {"times": times, "axes": [-1, 0]})


def indices(book, shape, length, dtype="int64", seed=0):
    rng = np.random.Generator(np.random.PCG64(seed + length))
    return Input(rng.integers(-length if dtype != "uint8" else 0, length, shape).astype(dtype))


def choosing(book):
    for k, dtype in enumerate(DTYPES):
        for shape in [(7,), (3, 4), (2, 3, 4)]:
            item = book.strided(shape, dtype, "special", 730)
            for axis in [None] + list(range(len(shape))):
                length = item.value.size if axis is None else shape[axis]
                for wanted in [(), (0,), (5,), (2, 3)]:
                    at = indices(book, wanted, length, ["int64", "int32", "uint8"][k % 3], 1)
                    book.case("take", [item, at], np.take(item.value, at.value.astype("int64"), axis), {"axis": axis})
            for axis in range(len(shape)):
                along = list(shape)
                along[axis] = 5
                at = indices(book, along, shape[axis], "int64", 2)
                book.case("takeAlongAxis", [item, at], np.take_along_axis(item.value, at.value, axis), {"axis": axis})
                single = list(shape)
                single[axis] = 2 if shape[axis] > 1 else 1
                rng = np.random.Generator(np.random.PCG64(3))
                places = np.stack([rng.permutation(shape[axis])[: single[axis]] for _ in range(int(np.prod(shape)) // shape[axis])])
                places = np.moveaxis(places.reshape([n for a, n in enumerate(shape) if a != axis] + [single[axis]]), -1, axis)
                values = book.strided(single, dtype, "special", 731)
                changed = item.value.copy()
                np.put_along_axis(changed, places, values.value, axis)
                book.case("puttingAlongAxis", [item, values, Input(places)], changed, {"axis": axis})
                if dtype not in ("bool",):
                    plain = book.strided(shape, dtype, "small", 732)
                    at = indices(book, (5,), shape[axis], "int64", 4)
                    more = list(shape)
                    more[axis] = 5
                    added = book.strided(more, dtype, "small", 733)
                    changed = plain.value.copy()
                    key = [slice(None)] * len(shape)
                    key[axis] = at.value
                    np.add.at(changed, tuple(key), added.value)
                    book.case("adding", [plain, added, at], changed, {"axis": axis})
            at = Input(np.array([0, -1, 2, 0]))
            values = book.strided((3,), dtype, "special", 734)
            changed = item.value.copy()
            np.put(changed, at.value, values.value)
            book.case("putting", [item, values, at], changed)


def cases(book):
    creation(book)
    joining(book)
    choosing(book)
