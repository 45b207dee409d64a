"""Writes fourier.npz: transforms, shifts and convolutions as NumPy computes them in double precision.

Run with NumPy 2.4: python make_fourier.py. A case is one line of `key=value` words; its numbers stand in
`values` from `in` and `out` on, complex ones as pairs.
"""
import pathlib
import random

import numpy as np

pick = random.Random(11)
rng = np.random.default_rng(12)
values, cases = [], []
size = 0


def store(array):
    global size
    array = np.asarray(array)
    flat = np.ascontiguousarray(array).reshape(-1)
    if np.iscomplexobj(flat):
        flat = flat.astype(np.complex128).view(np.float64)
    at, size = size, size + flat.size
    values.append(flat.astype(np.float64))
    return at


def made(shape, dtype):
    """Multiples of 1/8, exact in every type."""
    count = int(np.prod(shape, dtype=int))
    if dtype == "bool":
        return rng.random(count).reshape(shape) < 0.5
    low, high = (0, 60) if dtype == "uint8" else (-60, 60)
    whole = rng.integers(low, high, count)
    if dtype.startswith(("int", "uint")):
        return whole.astype(dtype).reshape(shape)
    result = whole / 8
    if dtype.startswith("complex"):
        result = result + 1j * rng.integers(low, high, count) / 8
    return result.astype(dtype).reshape(shape)


def seen(array, views):
    for view in views:
        if view == "T":
            array = array.T
        elif view == "R":
            array = array[..., ::-1]
        elif view == "S":
            array = array[..., ::2]
        elif view == "O":
            array = array[1:]
        elif view == "B":
            array = np.broadcast_to(array, (3,) + array.shape)
    return array


def exact(array):
    """The same numbers in double precision."""
    return array.astype(np.complex128 if np.iscomplexobj(array) else np.float64)


def text(value):
    return "x".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def case(operation, base, views, result, dtype, other=None, **arguments):
    words = dict(op=operation, dtype=str(base.dtype), base=text(base.shape), view="".join(views) or "-")
    words["in"] = store(base)
    if other is not None:
        words.update(dtype2=str(other.dtype), base2=text(other.shape), in2=store(other))
    words.update({k: text(v) for k, v in arguments.items() if v is not None})
    words.update(outdtype=dtype, outshape=text(result.shape), out=store(result))
    cases.append(" ".join(f"{k}={v}" for k, v in words.items()))


def single(dtype):
    return dtype in ("float32", "complex64")


def along(operation, shape, dtype, views=(), n=None, axis=-1, norm="backward"):
    base = made(shape, dtype)
    array = seen(base, views)
    result = getattr(np.fft, operation)(exact(array), n=n, axis=axis, norm=norm)
    if array.shape[axis] == 0:
        # NumPy 2.4's irfft and hfft return memory that nobody wrote here; zeros by definition.
        result[...] = 0
    kind = ("float" if operation in ("irfft", "hfft") else "complex")
    bits = (32 if single(dtype) else 64) * (1 if kind == "float" else 2)
    case(operation, base, views, result, f"{kind}{bits}", n=n, axis=axis, norm=norm)


REAL = ["float64", "float32", "int64", "int32", "uint8", "bool"]
ANY = REAL + ["complex128", "complex64"]
NORMS = ["backward", "ortho", "forward"]
# Every kind of length: none of FFTW's small codelets, primes (also ones whose predecessor has large
# factors), powers, products.
LENGTHS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 15, 16, 17, 23, 31, 32, 37, 47, 64, 97, 100, 127, 128, 169, 210,
           251, 256, 360, 509, 512, 1000, 1009, 1024]
for length in LENGTHS:
    for operation in ("fft", "ifft", "rfft", "irfft"):
        if length == 1 and operation == "irfft":
            continue
        complexes = operation in ("fft", "irfft")
        dtype = "complex128" if complexes else "float64"
        if length > 300 and operation == "ifft":
            continue
        along(operation, (length,), dtype)
        if length < 300:
            along(operation, (length,), "complex64" if complexes else "float32", norm=pick.choice(NORMS))
    for n in {max(1, length - 1), length + 1} if length < 300 else ():
        along("irfft", (length // 2 + 1,), "complex128", n=n, norm=pick.choice(NORMS))

SHAPES = [(3, 8), (5, 7), (4, 3, 6), (2, 9, 5), (1, 12), (18, 2), (33, 20), (2, 3, 4, 5), (40, 6)]
for operation in ("fft", "ifft", "rfft", "irfft", "hfft", "ihfft"):
    for dtype in ANY:
        if operation in ("rfft", "ihfft") and dtype.startswith("complex"):
            continue
        for _ in range(5):
            shape = pick.choice(SHAPES)
            views = pick.choice([[], ["T"], ["R"], ["S"], ["O"], ["T", "R"], ["B"], ["O", "T"], ["S", "R"]])
            if shape[0] == 1 and "O" in views:
                views = []
            lengths = seen(np.empty(shape), views).shape
            axis = pick.randrange(-len(lengths), len(lengths))
            m = lengths[axis]
            n = pick.choice([None, None, m, m + 3, max(1, m - 2), 1, 2 * m])
            if operation in ("irfft", "hfft") and n is None and m < 2:
                n = 3
            along(operation, shape, dtype, views, n, axis, pick.choice(NORMS))
    # Nothing beside the axis, and nothing along it.
    dtype = "float64"
    along(operation, (0, 4), dtype)
    along(operation, (4, 0), dtype, n=4)
    along(operation, (0,), dtype, n=1)
    along(operation, (2, 0, 3), dtype, n=5, axis=1)

MANY = [(4, 6), (5, 3, 4), (3, 8, 7), (2, 3, 4, 3)]
for operation in ("fftn", "ifftn", "rfftn", "irfftn", "fft2", "ifft2", "rfft2", "irfft2"):
    for dtype in ANY:
        if operation.startswith("rfft") and dtype.startswith("complex"):
            continue
        for _ in range(3):
            base = made(pick.choice(MANY), dtype)
            views = pick.choice([[], ["T"], ["R"], ["S"]])
            array = seen(base, views)
            arguments = {}
            if operation.endswith("2"):
                axes = (-2, -1)
                if pick.random() < 0.5:
                    axes = arguments["axes"] = tuple(pick.sample(range(array.ndim), 2))
            else:
                axes = tuple(range(array.ndim))
                if pick.random() < 0.5:
                    axes = arguments["axes"] = tuple(
                        pick.sample(range(-array.ndim, 0), pick.randrange(1, array.ndim + 1)))
            if pick.random() < 0.5:
                arguments["s"] = tuple(max(2, array.shape[a] + pick.choice([-1, 0, 2])) for a in axes)
                arguments["axes"] = axes
            if operation.startswith("irfft") and "s" not in arguments and array.shape[axes[-1]] < 2:
                continue
            norm = pick.choice(NORMS)
            result = getattr(np.fft, operation)(exact(array), norm=norm, **arguments)
            bits = 32 if single(dtype) else 64
            kind = f"float{bits}" if operation.startswith("irfft") else f"complex{2 * bits}"
            case(operation, base, views, result, kind, norm=norm, **arguments)

nothing = np.zeros((0,))
for n in (1, 2, 3, 8, 9, 100):
    for spacing in (1.0, 0.1, 3.0):
        case("fftfreq", nothing, [], np.fft.fftfreq(n, spacing), "float64", n=n, d=spacing)
        case("rfftfreq", nothing, [], np.fft.rfftfreq(n, spacing), "float64", n=n, d=spacing)
for operation in ("fftshift", "ifftshift"):
    for shape in ((1,), (2,), (5,), (8,), (3, 4), (4, 3, 5), (0, 3)):
        for dtype in ("float64", "int32", "uint8", "complex64"):
            base = made(shape, dtype)
            views = pick.choice([[], ["T"], ["R"]])
            array = seen(base, views)
            axes = pick.choice([None, (0,), tuple(range(array.ndim)), (-1,)])
            case(operation, base, views, getattr(np.fft, operation)(array, axes=axes), dtype, axes=axes)

for operation in ("convolve", "correlate"):
    for mode in ("full", "same", "valid"):
        for dtype, dtype2 in [("float64",) * 2, ("float32",) * 2, ("int64",) * 2, ("int32",) * 2, ("uint8",) * 2,
                              ("bool",) * 2, ("complex128",) * 2, ("complex64",) * 2, ("int32", "float64"),
                              ("float64", "complex128"), ("uint8", "int64"), ("complex64", "float32")]:
            for n, m in ((1, 1), (1, 5), (7, 3), (3, 7), (6, 6), (8, 4), (4, 8), (130, 67), (67, 130), (300, 5)):
                if n > 100 and (pick.random() < 0.6 or dtype == "uint8"):
                    continue
                a, v = made((n,), dtype), made((m,), dtype2)
                views = pick.choice([[], ["R"], ["S"]])
                x = seen(a, views)
                result = getattr(np, operation)(x, v, mode)
                kind = str(result.dtype)
                if kind.startswith(("float", "complex")):
                    result = getattr(np, operation)(exact(x), exact(v), mode)
                case(operation, a, views, result, kind, other=v, mode=mode)
    # More axes: line by line.
    for shape, shape2 in (((3, 9), (4,)), ((3, 9), (3, 4)), ((2, 1, 5), (4, 7)), ((5,), (2, 3, 3)), ((0, 4), (2,))):
        for dtype in ("float64", "float32", "int64", "complex128"):
            a, v = made(shape, dtype), made(shape2, dtype)
            lead = np.broadcast_shapes(a.shape[:-1], v.shape[:-1])
            x = np.broadcast_to(exact(a), lead + a.shape[-1:]).reshape(-1, a.shape[-1])
            y = np.broadcast_to(exact(v), lead + v.shape[-1:]).reshape(-1, v.shape[-1])
            mode = pick.choice(["full", "same", "valid"])
            length = getattr(np, operation)(np.zeros(a.shape[-1]), np.zeros(v.shape[-1]), mode).shape
            rows = [getattr(np, operation)(p, q, mode) for p, q in zip(x, y)]
            result = np.array(rows).reshape(lead + length)
            case(operation, a, [], result, dtype, other=v, mode=mode)

folder = pathlib.Path(__file__).parent
np.savez_compressed(folder / "fourier.npz", values=np.concatenate(values), cases=np.array(cases))
print(len(cases), "cases,", size, "numbers")
