"""Writes linear_algebra.npz: what NumPy computes for the functions of NDArray's linear algebra.

    python make_linear_algebra.py        (NumPy 2.x; values depend on the seed only)

`data` holds every number of every case, complex ones as two; `cases` holds one JSON text per case:
the function, its arguments, where each input lies in `data` with its shape, element type and the views
taken of it, and where the expected outputs lie. Expected values are computed in float64 or complex128,
also of float32 inputs.
"""

import json
import pathlib

import numpy as np

rng = np.random.default_rng(20_261)
data = []
length = 0
cases = []

REAL = ["float64", "float32"]
INEXACT = REAL + ["complex128", "complex64"]
ALL = INEXACT + ["int64", "int32", "uint8", "bool"]


def store(array):
    """Where the numbers of an array lie from now on."""
    global length
    array = np.asarray(array)
    flat = array.ravel()
    if np.iscomplexobj(flat):
        flat = np.stack([flat.real, flat.imag], axis=-1).ravel()
    data.append(flat.astype(np.float64))
    place = length
    length += flat.size
    return {
        "at": place, "shape": list(array.shape), "dtype": str(array.dtype),
        "isComplex": bool(np.iscomplexobj(array)),
    }


def numbers(shape, dtype):
    """Random numbers that float32 holds exactly."""
    if dtype == "bool":
        return rng.random(shape) < 0.4
    if dtype == "uint8":
        return rng.integers(0, 256, shape).astype(np.uint8)
    if dtype in ("int64", "int32"):
        return rng.integers(-9, 10, shape).astype(dtype)
    real = np.round(rng.normal(0, 2, shape) * 16) / 16
    if dtype.startswith("complex"):
        real = real + 1j * np.round(rng.normal(0, 2, shape) * 16) / 16
    return real.astype(dtype)


class Operand:
    """An array with the views that were taken of a row-major one."""

    def __init__(self, base, views=()):
        self.base = np.array(base, order="C")
        self.views = list(views)
        self.array = self.base
        for view in self.views:
            kind, numbers = view
            if kind == "transpose":
                self.array = self.array.transpose(numbers)
            elif kind == "flip":
                self.array = np.flip(self.array, numbers[0])
            elif kind == "step":
                index = [slice(None)] * self.array.ndim
                index[numbers[0]] = slice(None, None, numbers[1])
                self.array = self.array[tuple(index)]
            elif kind == "broadcast":
                self.array = np.broadcast_to(self.array, numbers)

    def text(self):
        return store(self.base) | {"views": self.views}


def operand(shape, dtype, values=None, strided=True):
    """An operand of the given shape, of random strides."""
    shape = list(shape)
    if values is not None:
        return Operand(values)
    kind = rng.integers(0, 6) if strided and shape else 0
    if kind == 1 and len(shape) > 1:
        order = rng.permutation(len(shape))
        base = numbers([shape[k] for k in order], dtype)
        return Operand(base, [["transpose", [int(k) for k in np.argsort(order)]]])
    if kind == 2 and len(shape) > 1:
        base = numbers(shape[:-2] + [shape[-1], shape[-2]], dtype)
        order = list(range(len(shape) - 2)) + [len(shape) - 1, len(shape) - 2]
        return Operand(base, [["transpose", order]])
    axis = int(rng.integers(0, len(shape))) if shape else 0
    if kind == 3 and shape:
        return Operand(numbers(shape, dtype), [["flip", [axis]]])
    if kind == 4 and shape:
        step = int(rng.integers(2, 4))
        wide = list(shape)
        wide[axis] = max(0, (shape[axis] - 1) * step + 1)
        return Operand(numbers(wide, dtype), [["step", [axis, step]]])
    if kind == 5 and shape:
        narrow = list(shape)
        narrow[axis] = 1
        return Operand(numbers(narrow, dtype), [["broadcast", shape]])
    return Operand(numbers(shape, dtype))


def exact(array):
    """The type in which the reference is computed."""
    if array.dtype.kind == "f":
        return array.astype(np.float64)
    return array.astype(np.complex128) if array.dtype.kind == "c" else array


def case(function, operands, outputs, dtype=None, **arguments):
    """One case; outputs keep the element type that NumPy gives for the inputs' own types."""
    cases.append(
        {
            "function": function,
            "inputs": [o.text() for o in operands],
            "outputs": [store(o) | {"dtype": str(t)} for o, t in outputs],
            "arguments": arguments,
        }
    )


def simple(function, numpy, operands, result=None, **arguments):
    """A case with one output that `numpy` computes from the operands."""
    own = numpy(*[o.array for o in operands])
    expected = numpy(*[exact(o.array) for o in operands])
    case(function, operands, [(expected, result or np.asarray(own).dtype)], **arguments)


def types(pool=ALL):
    """A pair of element types, mostly the same."""
    first = str(rng.choice(pool))
    second = first if rng.random() < 0.7 else str(rng.choice(pool))
    return first, second


# Products

def product_shapes():
    m, n, k = (int(x) for x in rng.integers(1, 7, 3))
    if rng.random() < 0.15:
        m, n, k = [(0, n, k), (m, 0, k), (m, n, 0), (1, 1, 1), (1, n, k), (m, 1, k)][rng.integers(6)]
    batches = [
        ([], []), ([2], [2]), ([3], []), ([], [3]), ([2, 1], [3]), ([2, 3], [1, 3]), ([1], [4]),
        ([2, 3], [2, 3]), ([0], [0]), ([2, 2], []),
    ]
    a, b = batches[rng.integers(len(batches))] if rng.random() < 0.6 else ([], [])
    a, b = a + [m, k], b + [k, n]
    kind = rng.integers(0, 8)
    if kind == 0:
        a = [k]
    elif kind == 1:
        b = [k]
    elif kind == 2:
        a, b = [k], [k]
    return a, b


for _ in range(220):
    (a, b), (s, t) = product_shapes(), types()
    simple("matmul", np.matmul, [operand(a, s), operand(b, t)])
for size in [17, 33, 40]:
    for t in INEXACT:
        simple("matmul", np.matmul, [operand([size, size + 3], t), operand([size + 3, size - 5], t)])
for t in ALL:
    for a, b in [([4], [4]), ([3, 4], [4]), ([], [3, 2]), ([2], []), ([2, 3, 4], [4]), ([2, 3], [4, 3, 2])]:
        simple("dot", np.dot, [operand(a, t), operand(b, t)])
    simple("inner", np.inner, [operand([2, 3], t), operand([4, 3], t)])
    simple("vdot", np.vdot, [operand([2, 3], t), operand([3, 2], t)])
    simple("vecdot", np.vecdot, [operand([4, 3], t), operand([2, 1, 3], t)], axis=-1)
    simple("outer", np.outer, [operand([2, 3], t), operand([4], t)])
    for axes in [0, 1, 2]:
        simple(
            "tensordot", lambda x, y: np.tensordot(x, y, axes),
            [operand([2, 3, 4], t), operand([[5, 2], [4, 5], [3, 4, 2]][axes], t)], n=axes)
    for shapes, first, second in [
        (([2, 3, 4], [4, 3, 5]), [1, 2], [1, 0]), (([3, 4, 2], [5, 3]), [0], [1]),
        (([2, 3], [3, 2]), [0, 1], [1, 0]), (([2, 3, 4, 2], [2, 4, 3]), [-1, 2], [0, 1]),
        (([0, 3], [3, 2]), [1], [0]), (([2, 0], [0, 3]), [1], [0]),
    ]:
        simple(
            "tensordotAxes", lambda x, y: np.tensordot(x, y, (first, second)),
            [operand(s, t) for s in shapes], first=first, second=second)
    for a, b in [([2, 3], [3, 2]), ([2], [2, 3]), ([2, 2, 2], [3, 2]), ([], [3])]:
        simple("kron", np.kron, [operand(a, t), operand(b, t)])
    if t != "bool":
        simple("cross", np.cross, [operand([3], t), operand([3], t)], axis=-1)
        simple("cross", np.cross, [operand([4, 3], t), operand([2, 1, 3], t)], axis=-1)
        simple("cross", lambda x, y: np.cross(x, y, axis=0), [operand([3, 2], t), operand([3, 2], t)],
               axis=0)
    for offset in [-1, 0, 2]:
        result = {"uint8": "int64", "int32": "int64", "bool": "int64"}.get(t)
        simple(
            "trace", lambda x: np.trace(x, offset, -2, -1, dtype=result and np.int64),
            [operand([2, 3, 4], t)], result, offset=offset)
    for n in [0, 1, 2, 5]:
        if t != "bool":
            simple("matrixPower", lambda x: np.linalg.matrix_power(x, n), [operand([2, 3, 3], t)], n=n)

# Einsum

LETTERS = {"i": 2, "j": 3, "k": 4, "l": 5, "m": 2, "b": 3, "c": 1}
SPECS = [
    "i->", "ij->", "ij->ji", "ij->i", "ij->j", "ii", "ii->i", "iijj->ij", "iij->ij", "iij->j", "iii->i",
    "ba", "ij", "kij", "Zb", "...ii->...i", "...ij->...ji", "i...->...", "...->...", "...i->i...",
    "i,i", "i,j", "i,j->ji", "ij,j", "ij,jk", "ij,kj->ik", "ji,jk->ik", "ij,jk->ki", "ij,ij->", "ij,ij->i",
    "ij,ij->ij", "ij,ji->", "ii,i->i", "ijk,jk->i", "ijk,kj->i", "bij,bjk->bik", "bij,jk->bik",
    "ijb,jkb->ikb", "bij,bkj->bik", "...ij,...jk->...ik", "...i,...i->...", "i...,i...->...",
    "ij...,jk...->ik...", "ijk,ilm,njm,nlk,abc->", "ij,jk,kl->il", "ij,jk,kl,lm->im", "i,j,k->ijk",
    "ij,j,i->", "ea,fb,abcd,gc,hd->efgh", "ij,kl->", "ij,kl->ik", "c,i->ci", "ci,ij->cj", "ijk,ljk->il",
    "ijkl,lkmj->im", "ab,ab,ab->ab", "ijj,j->i", "ij , jk -> ik", "bij,bij->b", "bi,bj->bij", "ijkl,kl->ij",
    "klij,kl->ij", "kijl,kl->ij", "...,...->...", "i...,j...->ij...", "ik,jk,k->ij",
]


def spec_shapes(spec):
    letters = dict(LETTERS)
    for part in spec.replace(" ", "").split("->")[0].split(","):
        shape = []
        k = 0
        while k < len(part):
            if part[k] == ".":
                extra = [3, 2][-int(rng.integers(0, 3)):] if rng.random() < 0.8 else []
                shape += [n if rng.random() < 0.8 else 1 for n in extra]
                k += 3
            else:
                shape.append(letters.setdefault(part[k], int(rng.integers(1, 4))))
                k += 1
        yield shape


for spec in SPECS:
    many = spec.count(",") > 1
    for t in ["float64", str(rng.choice(["float32", "complex64", "complex128"])),
              str(rng.choice(["int64", "int32", "uint8", "bool"]))]:
        shapes = list(spec_shapes(spec))
        operands = [operand(s, t, strided="ii" not in spec) for s in shapes]
        simple("einsum", lambda *x: np.einsum(spec, *x), operands, subscripts=spec)
for spec, shapes in [("ij,jk", ([0, 3], [3, 2])), ("ij,jk", ([2, 0], [0, 3])), ("i,i", ([0], [0])),
                     ("ij,ij->ij", ([1, 3], [2, 3])), ("ij,jk->ik", ([2, 1], [3, 2])), ("ij->", ([0, 2],)),
                     ("i,i->i", ([1], [4])), ("c,c->", ([1], [1]))]:
    simple("einsum", lambda *x: np.einsum(spec, *x), [operand(s, "float64") for s in shapes], subscripts=spec)
simple("einsum", lambda x, y: np.einsum("ij,jk", x, y), [operand([2, 3], "int32"), operand([3, 2], "float32")],
       subscripts="ij,jk")

# Norms

for t in INEXACT + ["int32"]:
    for shape, axis in [([4], None), ([2, 3], None), ([2, 3, 4], [1]), ([2, 3, 4], [0]), ([3, 4], [-1])]:
        for order in [2, 1, 0, 3, 0.5, -1, np.inf, -np.inf]:
            x = operand(shape, t)
            result = np.abs(np.zeros(1, t) * 1.0).dtype
            keep = bool(rng.random() < 0.3)

            def norm(x):
                x = np.abs(exact(x)).astype(np.float64)
                where = tuple(axis) if axis is not None else tuple(range(x.ndim))
                if np.isinf(order):
                    return (x.max if order > 0 else x.min)(axis=where, keepdims=keep)
                if order == 0:
                    return (x != 0).sum(axis=where, keepdims=keep).astype(np.float64)
                with np.errstate(all="ignore"):
                    return (x**order).sum(axis=where, keepdims=keep) ** (1 / order)

            expected = norm(x.array)
            if axis is None and len(shape) == 1 or axis is not None:
                with np.errstate(all="ignore"):
                    own = np.linalg.norm(exact(x.array), order, axis=None if axis is None else axis[0],
                                         keepdims=keep)
                assert np.allclose(expected, own)
            case("norm", [x], [(expected, result)], order=str(order), axes=axis, keep=keep)
    for name, order in [("frobenius", "fro"), ("nuclear", "nuc"), ("one", 1), ("minusOne", -1), ("two", 2),
                        ("minusTwo", -2), ("infinity", np.inf), ("minusInfinity", -np.inf)]:
        for shape, axes in [([3, 4], (-2, -1)), ([2, 3, 4], (0, 2)), ([3, 2, 2], (2, 1))]:
            keep = bool(rng.random() < 0.3)
            simple("matrixNorm", lambda x: np.linalg.norm(x, order, axes, keep),
                   [operand(shape, t)], kind=name, axes=list(axes), keep=keep)

# Factorizations and equations

MATRICES = INEXACT + ["int64"]


def result(t, real=False):
    t = "float64" if t in ("int64", "int32") else t
    return {"complex64": "float32", "complex128": "float64"}.get(t, t) if real else t


def good(shape, t):
    """Matrices far from singular."""
    x = operand(shape, t)
    base = x.base
    size = min(shape[-1], shape[-2])
    if x.array.shape == base.shape and not x.views:
        base = base + (8 * np.eye(shape[-2], shape[-1])).astype(base.dtype)
    else:
        base = np.array(x.array) + (8 * np.eye(shape[-2], shape[-1])).astype(base.dtype)
        if size > 1 and rng.random() < 0.6:
            order = list(range(len(shape) - 2)) + [len(shape) - 1, len(shape) - 2]
            return Operand(base.transpose(order), [["transpose", order]])
    return Operand(base)


for t in MATRICES:
    for shape in [[1, 1], [2, 2], [5, 5], [3, 4, 4], [2, 2, 3, 3], [0, 0], [2, 0, 0], [0, 3, 3], [12, 12]]:
        a = good(shape, t)
        e = exact(a.array)
        batch, n = shape[:-2], shape[-1]
        case("det", [a], [(np.linalg.det(e), result(t))])
        sign, log = np.linalg.slogdet(e)
        case("slogdet", [a], [(sign, result(t)), (log, result(t, True))])
        case("inverse", [a], [(np.linalg.inv(e), result(t))])
        for b in [[n], [n, 2], batch + [n, 3], batch + [n, 0], [2] + [1] * len(batch) + [n, 2]]:
            b = operand(b, t)
            case("solve", [a, b], [(np.linalg.solve(e, exact(b.array)), result(t))])
        x = e @ np.swapaxes(e, -1, -2).conj() + np.eye(n)
        x = x.astype(t)
        lower = np.linalg.cholesky(exact(x))
        for upper in [False, True]:
            case("cholesky", [Operand(x)],
                 [(np.swapaxes(lower, -1, -2).conj() if upper else lower, result(t))], upper=upper)
        h = operand(shape, t)
        g = exact(np.tril(h.array))
        full = g + np.swapaxes(np.tril(h.array, -1).conj(), -1, -2)
        if t.startswith("complex"):
            full = full - 1j * np.imag(full) * np.eye(n)
        case("eigh", [h], [(np.linalg.eigvalsh(full), result(t, True)), (full, result(t))])
        v = np.linalg.eigvals(exact(h.array))
        case("eig", [h], [(v, {"float32": "complex64", "complex64": "complex64"}.get(t, "complex128"))])
    if t in REAL:
        simple("matrixPower", lambda x: np.linalg.matrix_power(x, -2), [good([2, 3, 3], t)], n=-2)
    for shape in [[1, 1], [3, 3], [5, 3], [3, 5], [2, 4, 3], [2, 3, 4], [0, 3], [3, 0], [0, 0], [0, 3, 2],
                  [11, 7], [2, 0, 3]]:
        a = operand(shape, t)
        e = exact(a.array)
        for mode in ["reduced", "complete"]:
            q, r = np.linalg.qr(e, mode)
            case("qr", [a], [(np.abs(np.diagonal(r, 0, -2, -1)), result(t, True))], mode=mode,
                 q=list(q.shape), r=list(r.shape))
        for full in [False, True]:
            u, s, vh = np.linalg.svd(e, full_matrices=full)
            case("svd", [a], [(s, result(t, True))], full=full, u=list(u.shape), vh=list(vh.shape))
        if min(shape[-2:]) > 0 and 0 not in shape:
            case("pinv", [a], [(np.linalg.pinv(e, rtol=1e-6), result(t))])
            case("matrixRank", [a], [(np.linalg.matrix_rank(e, rtol=1e-6), "int64")])
            if len(shape) == 2:
                for b in [[shape[0]], [shape[0], 2]]:
                    b = operand(b, t)
                    x, _, rank, s = np.linalg.lstsq(e, exact(b.array), rcond=1e-6)
                    left = (np.abs(exact(b.array) - e @ x) ** 2).sum(axis=0)
                    case("lstsq", [a, b], [(x, result(t)), (left, result(t, True)), (np.asarray(rank), "int64"),
                                           (s, result(t, True))])
# Deficient ranks.
for t in REAL:
    low = numbers([6, 2], t) @ numbers([2, 4], t)
    e = exact(low)
    a, b = Operand(low), operand([6, 2], t)
    x, _, rank, s = np.linalg.lstsq(e, exact(b.array), rcond=1e-6)
    left = (np.abs(exact(b.array) - e @ x) ** 2).sum(axis=0)
    case("lstsq", [a, b], [(x, t), (left, t), (np.asarray(rank), "int64"), (s, t)])
    case("pinv", [a], [(np.linalg.pinv(e, rtol=1e-6), t)])
    case("matrixRank", [a], [(np.linalg.matrix_rank(e, rtol=1e-6), "int64")])
    case("det", [Operand(np.array([[1, 2], [2, 4]], t))], [(np.float64(0), t)])
    big = np.diag([1e30, 1e30, 1e-30, 1e-30]).astype(t)
    case("det", [Operand(big)], [(np.float64(1), t)])
    huge = np.diag([1e30] * 12).astype(t)
    case("slogdet", [Operand(huge)], [(np.float64(1), t), (np.linalg.slogdet(huge.astype(np.float64))[1], t)])

path = pathlib.Path(__file__).with_name("linear_algebra.npz")
np.savez_compressed(
    path, data=np.concatenate(data), cases=np.array([json.dumps(c) for c in cases]))
counts = {}
for c in cases:
    counts[c["function"]] = counts.get(c["function"], 0) + 1
print(len(cases), "cases,", path.stat().st_size, "bytes", counts)
