"""Linear algebra: products, equations, factorizations, norms.

Factors are not unique: the harness puts them together again (q·r, u·s·vᴴ, ...) and compares that. Bounds
are a few machine epsilons times the sizes that the error analysis has.
"""
import itertools

import numpy as np

from book import COMPLEX, DTYPES, INTEGERS, REALS, Input

EPS = {"float32": 2.0**-23, "float64": 2.0**-52, "complex64": 2.0**-23, "complex128": 2.0**-52}
INEXACT = REALS + COMPLEX


def inexact(dtype):
    return dtype if dtype in INEXACT else "float64"


def real(dtype):
    return {"complex64": "float32", "complex128": "float64"}.get(dtype, dtype)


def wide(value):
    return np.asarray(value).astype("complex128" if np.iscomplexobj(value) else "float64")


def bilinear(book, name, function, items, parameters=None):
    """A sum of products: exact for integers, otherwise bounded by the same sum of absolute values."""
    meeting = np.result_type(*[item.value.dtype for item in items]).name
    if meeting == "bool":
        expected = np.asarray(function(*[item.value.astype("int64") for item in items])) != 0
        book.case(name, items, expected, parameters)
    elif meeting in INTEGERS:
        book.case(name, items, np.asarray(function(*[item.value.astype(meeting) for item in items])).astype(meeting), parameters)
    else:
        expected = np.asarray(function(*[wide(item.value).astype("clongdouble" if meeting in COMPLEX else "longdouble") for item in items]))
        size = np.asarray(function(*[np.abs(wide(item.value)) for item in items]))
        terms = max([max(item.value.shape, default=1) for item in items] + [1])
        book.case(name, items, expected.astype(meeting), parameters, "bound", size * EPS[meeting] * (terms + 4))


def plain(book, shape, dtype, seed=0):
    return book.strided(shape, dtype, "plain", 300 + seed)


def products(book):
    shapes = [((3,), (3,)), ((3, 4), (4,)), ((4,), (4, 2)), ((3, 4), (4, 5)), ((1, 1), (1, 1)), ((2, 3, 4), (4, 2)),
              ((3, 4), (2, 4, 3)), ((2, 1, 3, 2), (4, 2, 3)), ((0, 3), (3, 2)), ((3, 0), (0, 2)), ((2, 0, 3), (3, 4)),
              ((5, 1), (1, 7)), ((0,), (0,))]
    for dtype in DTYPES:
        for k, (left, right) in enumerate(shapes):
            items = [plain(book, left, dtype, k), plain(book, right, dtype, k + 20)]
            bilinear(book, "matmul", np.matmul, items)
            if dtype != "bool" and k % 2 == 0:
                bilinear(book, "inner", np.inner, [items[0], plain(book, left, dtype, k + 40)])
    for first, second in itertools.product(DTYPES, DTYPES):
        if first != second:
            bilinear(book, "matmul", np.matmul, [plain(book, (3, 4), first, 1), plain(book, (4, 2), second, 2)])
    for dtype, (m, k, n) in [("float64", (70, 130, 65)), ("float32", (33, 300, 40)), ("complex128", (20, 40, 30)),
                             ("int64", (40, 50, 30))]:
        pattern = lambda shape, seed: np.resize(book.values((251,), dtype, "plain", seed), shape)
        items = [Input(pattern((k, m), 1), [("transpose", [1, 0])]), Input(pattern((2 * k, n), 2), [("slice", [(0, None, 2), (None, None, 1)])])]
        bilinear(book, "matmul", np.matmul, items)
    for dtype in ["float64", "float32", "int32", "complex128", "bool"]:
        for left, right in [((), (3,)), ((3,), (3,)), ((2, 3), (3,)), ((2, 3), (3, 4)), ((2, 3, 4), (2, 4, 3)), ((2, 3), ()), ((), ())]:
            bilinear(book, "dot", np.dot, [plain(book, left, dtype, 3), plain(book, right, dtype, 4)])
        bilinear(book, "outer", np.outer, [plain(book, (2, 3), dtype, 5), plain(book, (4,), dtype, 6)])
        bilinear(book, "kron", np.kron, [plain(book, (2, 3), dtype, 7), plain(book, (3, 2), dtype, 8)])
        bilinear(book, "kron", np.kron, [plain(book, (3,), dtype, 7), plain(book, (2, 2), dtype, 8)])
        for left, right, axis in [((2, 3), (3,), -1), ((4, 2), (4, 2), 0), ((2, 1, 3), (4, 3), -1)]:
            items = [plain(book, left, dtype, 9), plain(book, right, dtype, 10)]
            bilinear(book, "vecdot", lambda a, b: np.sum(np.conj(np.moveaxis(a, axis, -1)) * np.moveaxis(b, axis, -1), -1),
                     items, {"axis": axis})
        bilinear(book, "vdot", np.vdot, [plain(book, (2, 3), dtype, 11), plain(book, (3, 2), dtype, 12)])
        for axes in [0, 1, 2]:
            bilinear(book, "tensordot", lambda a, b: np.tensordot(a, b, axes),
                     [plain(book, (2, 3, 4), dtype, 13), plain(book, ((3, 4, 2) if axes == 2 else (4, 2)), dtype, 14)],
                     {"axes": axes})
        bilinear(book, "tensordot axes", lambda a, b: np.tensordot(a, b, ([0, -1], [2, 1])),
                 [plain(book, (2, 3, 4), dtype, 15), plain(book, (5, 4, 2), dtype, 16)], {"axes": [0, -1], "others": [2, 1]})
        if dtype != "bool":
            items = [plain(book, (4, 3), dtype, 17), plain(book, (2, 1, 3), dtype, 18)]
            bilinear_cross(book, items, -1)
            bilinear_cross(book, [plain(book, (3, 4), dtype, 19), plain(book, (3, 1), dtype, 20)], 0)
            for offset in (0, 1, -2):
                item = plain(book, (2, 4, 5), dtype, 21)
                value = np.trace(item.value.astype("int64" if dtype == "int32" else item.value.dtype), offset, -2, -1)
                scale = np.trace(np.abs(item.value).astype("float64"), offset, -2, -1)
                if dtype in INEXACT:
                    book.case("trace", [item], value.astype(dtype), {"offset": offset}, "bound", scale * EPS[dtype] * 4)
                else:
                    book.case("trace", [item], value, {"offset": offset})
    einsums = [("ij,jk->ik", [(3, 4), (4, 5)]), ("bij,bjk->bik", [(2, 3, 4), (2, 4, 2)]), ("ii->i", [(4, 4)]), ("ii", [(4, 4)]),
               ("ij->ji", [(3, 4)]), ("ij->j", [(3, 4)]), ("i,j->ij", [(3,), (4,)]), ("ij,ij->", [(3, 4), (3, 4)]),
               ("...i,...i", [(2, 3, 4), (3, 4)]), ("...ij->...ji", [(2, 3, 4)]), ("ij,jk,kl->il", [(2, 3), (3, 4), (4, 2)]),
               ("ba,cb", [(2, 3), (4, 2)]), ("i,i,i->i", [(3,), (3,), (3,)]), ("ijk,jil->kl", [(3, 4, 5), (4, 3, 2)]),
               ("a,ab,abc->abc", [(2,), (2, 3), (2, 3, 4)]), ("ij,j", [(1, 4), (4,)]), ("ij,jk->ik", [(0, 3), (3, 2)])]
    for dtype in ["float64", "float32", "int64", "complex128"]:
        for text, shapes in einsums:
            items = [plain(book, shape, dtype, 30 + k) for k, shape in enumerate(shapes)]
            bilinear(book, "einsum", lambda *a: np.einsum(text, *a), items, {"subscripts": text})
    bilinear(book, "einsum", lambda *a: np.einsum("ij,jk->ik", *a),
             [plain(book, (3, 4), "int32", 40), plain(book, (4, 2), "float32", 41)], {"subscripts": "ij,jk->ik"})


def bilinear_cross(book, items, axis):
    value = np.cross(*[wide(item.value) if item.value.dtype.kind in "fc" else item.value for item in items], axis=axis)
    dtype = items[0].value.dtype.name
    size = sum(np.linalg.norm(wide(item.value).ravel()) for item in items) ** 2
    book.case("cross", items, value.astype(dtype), {"axis": axis}, *(("bound", size * EPS[dtype]) if dtype in INEXACT else ()))


def square(book, batch, n, dtype, seed=0):
    """Well conditioned."""
    values = book.values(batch + (n, n), dtype, "small" if dtype not in INEXACT else "plain", 400 + seed)
    if dtype in INEXACT:
        values = values / 4 + np.eye(n) * (3 + n)
    else:
        values = values + np.eye(n, dtype=dtype) * 20
    values = values.astype(dtype)
    if book.random.random() < 0.5:
        order = list(range(len(batch))) + [len(batch) + 1, len(batch)]
        return Input(np.ascontiguousarray(values.transpose(order)), [("transpose", order)])
    return Input(values)


BATCHES = [((), 1), ((), 2), ((), 5), ((3,), 3), ((2, 2), 2), ((), 0), ((0,), 3)]


def equations(book):
    for dtype in DTYPES[:5] + COMPLEX:
        kind = inexact(dtype)
        eps = EPS[kind]
        for k, (batch, n) in enumerate(BATCHES):
            if k > 3 and dtype not in ("float64", "complex64"):
                continue
            a = square(book, batch, n, dtype, k)
            m = wide(a.value)
            inverse = np.linalg.inv(m)
            near = 64 * eps * max(n, 1)
            book.case("inverse", [a], inverse.astype(kind), None, "bound", near * (np.abs(inverse).max(initial=0) + 1e-300))
            for shape in [(n,), batch + (n, 2)]:
                b = plain(book, shape, dtype, 50 + k)
                right = wide(b.value)
                # NumPy reads one axis as a vector, as Martlet does.
                x = np.linalg.solve(m, right)
                book.case("solve", [a, b], x.astype(kind), None, "bound", near * (np.abs(x).max(initial=0) + 1e-300))
            det = np.linalg.det(m)
            book.case("det", [a], np.asarray(det).astype(kind), None, "bound", near * np.abs(det) * 4)
            sign, log = np.linalg.slogdet(m)
            book.case("slogdet", [a], [np.asarray(sign).astype(kind), np.asarray(log).astype(real(kind))], None, "bound",
                      [near * 4, near * 4 + 4 * eps * np.abs(log)])
            if n <= 3 and n > 0 or k == 2:
                for power in [0, 1, 2, 3, 5, -1, -2]:
                    result = np.linalg.matrix_power(m, power)
                    if dtype in INTEGERS and power >= 0:
                        exact = np.linalg.matrix_power(a.value.astype(object), power) if not batch else None
                        if exact is not None:
                            info = np.iinfo(dtype)
                            bits = info.bits
                            wrapped = np.array([((int(v) - info.min) % (1 << bits)) + info.min for v in exact.ravel()], dtype)
                            book.case("matrixPower", [a], wrapped.reshape(exact.shape), {"exponent": power})
                        continue
                    book.case("matrixPower", [a], result.astype(kind), {"exponent": power}, "bound",
                              near * 8 * (np.abs(result).max(initial=0) + 1e-300))
    singular = Input(np.array([[1.0, 2], [2, 4]]))
    book.case("det", [singular], np.array(0.0))
    book.case("slogdet", [singular], [np.array(0.0), np.array(-np.inf)])
    big = Input(np.eye(200) * 1e10)
    book.case("slogdet", [big], [np.array(1.0), np.array(200 * np.log(1e10))], None, "bound", [0, 1e-10])
    for dtype in INEXACT:
        for m, n in [(5, 3), (3, 5), (4, 4), (6, 1)]:
            a, b = plain(book, (m, n), dtype, 60 + m), plain(book, (m,), dtype, 61)
            two = plain(book, (m, 2), dtype, 62)
            condition = np.linalg.cond(wide(a.value))
            if condition > 1e3:
                continue
            for right in (b, two):
                x, _, rank, s = np.linalg.lstsq(wide(a.value), wide(right.value), None)
                left = np.sum(np.abs(wide(right.value) - wide(a.value) @ x) ** 2, 0)
                scale = condition**2 * EPS[dtype] * 32
                size = np.linalg.norm(wide(right.value))
                book.case("lstsq", [a, right], [x.astype(dtype), left.astype(real(dtype)), np.array(rank, "int64"), s.astype(real(dtype))],
                          None, "bound", [scale * (np.abs(x).max() + size / s.min()), scale * size**2, 0, 32 * EPS[dtype] * s.max()])
            inverse = np.linalg.pinv(wide(a.value))
            book.case("pinv", [a], inverse.astype(dtype), None, "bound", condition**2 * EPS[dtype] * 32 * np.abs(inverse).max())
            book.case("matrixRank", [a], np.array(np.linalg.matrix_rank(wide(a.value)), "int64"))
    low = np.outer(np.arange(1, 5), np.arange(1, 4)).astype("float64")
    book.case("matrixRank", [Input(low)], np.array(1, "int64"))
    book.case("matrixRank", [Input(np.stack([low, low * 0]))], np.array([1, 0], "int64"))
    book.case("matrixRank", [Input(np.array([0.0, 2]))], np.array(1, "int64"))
    book.case("pinv", [Input(low)], np.linalg.pinv(low), None, "bound", 1e-12)


def factorizations(book):
    for dtype in INEXACT + ["int32"]:
        kind = inexact(dtype)
        eps = EPS[kind]
        for k, shape in enumerate([(4, 4), (5, 3), (3, 5), (2, 3, 2), (1, 1), (0, 3), (3, 0), (2, 0, 0)]):
            if k > 4 and dtype not in ("float64", "complex64"):
                continue
            a = plain(book, shape, dtype, 70 + k)
            value = wide(a.value)
            m, n = shape[-2:]
            least = min(m, n)
            size = np.abs(value).max(initial=1) * 32 * max(m, n, 1) * eps
            batch = shape[:-2]
            unit = lambda width: np.broadcast_to(np.eye(width), batch + (width, width)).astype(kind)
            for mode, width in [("reduced", least), ("complete", m)]:
                book.case("qr", [a], [value.astype(kind), unit(width), np.zeros(batch + (width, n), kind)], {"mode": mode},
                          "bound", [size, 32 * max(m, n, 1) * eps, 0])
            s = np.linalg.svd(value, compute_uv=False)
            limit = [size, 32 * max(m, n, 1) * eps, 32 * max(m, n, 1) * eps, size]
            for full in (False, True):
                book.case("svd", [a], [value.astype(kind), unit(m if full else least), unit(n if full else least), s.astype(real(kind))],
                          {"fullMatrices": full}, "bound", limit)
            book.case("svdvals", [a], s.astype(real(kind)), None, "bound", size)
        for k, (batch, n) in enumerate(BATCHES):
            if dtype == "int32" and k > 2:
                continue
            a = square(book, batch, n, dtype, 80 + k)
            value = wide(a.value)
            hermitian = (value + np.conj(np.swapaxes(value, -1, -2))).astype(kind)
            item = Input(hermitian)
            size = np.abs(hermitian).max(initial=1) * 64 * max(n, 1) * eps
            unit = np.broadcast_to(np.eye(n), batch + (n, n)).astype(kind)
            values = np.linalg.eigvalsh(wide(hermitian))
            book.case("eigh", [item], [hermitian, unit, values.astype(real(kind))], None, "bound", [size, 64 * max(n, 1) * eps, size])
            book.case("eigvalsh", [item], values.astype(real(kind)), None, "bound", size)
            for upper in (False, True):
                book.case("cholesky", [item], np.linalg.cholesky(wide(hermitian), upper=upper).astype(kind), {"upper": upper},
                          "bound", size)
            # The characteristic polynomial at three points, from the eigenvalues in whatever order.
            value = wide(plain(book, batch + (n, n), dtype, 90 + k).value)
            item = Input(value.astype(dtype))
            complex_kind = "complex64" if real(kind) == "float32" else "complex128"
            points = np.array([0.5 + 1j, -2 - 3j, 30])
            polynomial = np.stack([np.linalg.det(p * np.eye(n) - value) for p in points], -1)
            scale = (np.linalg.norm(value.reshape(batch + (n * n,)), axis=-1, keepdims=True) + 30) ** n
            book.case("eigvals", [item], polynomial.astype("complex128"), None, "bound", scale * 64 * eps * max(n, 1))
            book.case("eig", [item], [polynomial.astype("complex128"), np.zeros(batch + (n, n), complex_kind)], None, "bound",
                      [scale * 64 * eps * max(n, 1), np.abs(value).max(initial=1) * 64 * eps * max(n, 1)])


def norms(book):
    orders = [2, 1, 0, 3, 0.5, -1, float("inf"), float("-inf")]
    for dtype in ["float64", "float32", "int32", "complex128", "uint8"]:
        kind = inexact(dtype)
        for shape in [(7,), (3, 4), (2, 3, 4), ()]:
            item = plain(book, shape, dtype, 95)
            for axis in [None, 0, -1, [0, 1]]:
                if axis is not None and np.max(axis) >= len(shape) or axis == -1 and not shape:
                    continue
                for order in orders:
                    size = np.abs(wide(item.value))
                    if order < 0 and np.any(size == 0):
                        continue
                    at = tuple(axis) if isinstance(axis, list) else axis
                    keep = order == 3
                    if order == 0:
                        value = np.sum(size != 0, axis=at, keepdims=keep).astype("float64")
                    elif np.isinf(order):
                        value = (np.max if order > 0 else np.min)(size, axis=at, keepdims=keep)
                    else:
                        value = np.sum(size**order, axis=at, keepdims=keep) ** (1 / order)
                    name = {float("inf"): "inf", float("-inf"): "-inf"}.get(order, order)
                    book.case("norm", [item], np.asarray(value).astype(real(kind)), {"order": name, "axis": axis, "keepDims": keep},
                              "bound", np.abs(value) * EPS[kind] * 16 * (1 if abs(order) >= 1 else 4))
    names = {"frobenius": "fro", "nuclear": "nuc", "one": 1, "minusOne": -1, "two": 2, "minusTwo": -2,
             "infinity": np.inf, "minusInfinity": -np.inf}
    for dtype in ["float64", "float32", "int64", "complex64"]:
        kind = inexact(dtype)
        for shape, axes in [((3, 4), (-2, -1)), ((2, 3, 4), (0, 2)), ((4, 2, 3), (-1, 1))]:
            item = plain(book, shape, dtype, 97)
            for name, order in names.items():
                keep = name in ("two", "one")
                value = np.linalg.norm(wide(item.value), order, axes, keep)
                book.case("matrixNorm", [item], np.asarray(value).astype(real(kind)), {"norm": name, "axes": list(axes), "keepDims": keep},
                          "bound", np.linalg.norm(wide(item.value)) * EPS[kind] * 32)


def cases(book):
    products(book)
    equations(book)
    factorizations(book)
    norms(book)
