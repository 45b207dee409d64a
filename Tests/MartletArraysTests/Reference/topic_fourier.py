"""Fourier transforms, frequencies, convolution and correlation. Transforms are computed in long double by
the definition; the bound is that of a sum of n products."""
import numpy as np

from book import COMPLEX, DTYPES, INTEGERS, REALS, Input

EPS = {"float32": 2.0**-23, "float64": 2.0**-52, "complex64": 2.0**-23, "complex128": 2.0**-52}
NORMS = ["backward", "ortho", "forward"]


def complexes(dtype):
    return "complex64" if dtype in ("float32", "complex64") else "complex128"


def reals(dtype):
    return "float32" if dtype in ("float32", "complex64") else "float64"


def wide(values):
    return np.asarray(values).astype("complex128" if np.iscomplexobj(values) else "float64")


def transform(book, name, function, item, parameters, result, **keywords):
    value = np.asarray(function(wide(item.value), **keywords))
    size = np.abs(wide(item.value)).sum() if item.value.size else 0
    norm = keywords.get("norm", "backward")
    # Backward scales the inverse down, forward the other one; the greatest element bounds the error.
    scale = max(np.abs(value).max(initial=0), size / max(1, item.value.size))
    book.case(name, [item], value.astype(result), parameters, "bound", 64 * EPS[result] * scale + 1e-300)


def transforms(book):
    for dtype in ["float64", "float32", "complex128", "complex64", "int32", "bool"]:
        for shape in [(1,), (2,), (7,), (8,), (3, 12), (5, 4, 3), (2, 97)]:
            item = book.strided(shape, dtype, "plain", 600)
            for axis in [-1] if len(shape) == 1 else [-1, 0]:
                for n in [None, shape[axis] + 3, max(1, shape[axis] - 2)]:
                    norm = book.random.choice(NORMS)
                    own = {"n": n, "axis": axis, "norm": norm}
                    keys = dict(n=n, axis=axis, norm=norm)
                    transform(book, "fft", np.fft.fft, item, own, complexes(dtype), **keys)
                    transform(book, "ifft", np.fft.ifft, item, own, complexes(dtype), **keys)
                    if dtype not in COMPLEX:
                        transform(book, "rfft", np.fft.rfft, item, own, complexes(dtype), **keys)
                        transform(book, "ihfft", np.fft.ihfft, item, own, complexes(dtype), **keys)
                    if n is None and shape[axis] < 2:
                        continue
                    transform(book, "irfft", np.fft.irfft, item, own, reals(dtype), **keys)
                    transform(book, "hfft", np.fft.hfft, item, own, reals(dtype), **keys)
        for shape in [(3, 4), (2, 5, 6), (4, 1, 3)]:
            item = book.strided(shape, dtype, "plain", 601)
            for axes, s in [(None, None), ([-2, -1], None), ([0, -1], [4, 3]), ([1], [5])]:
                for norm in NORMS[: 1 + (axes is None)]:
                    own, keys = {"shape": s, "axes": axes, "norm": norm}, dict(s=s, axes=axes, norm=norm)
                    if s is None and (axes is None or axes[-1] == -1) and shape[-1] < 2:
                        continue
                    for name in ["fftn", "ifftn"] + (["rfftn"] if dtype not in COMPLEX else []):
                        transform(book, name, getattr(np.fft, name), item, own, complexes(dtype), **keys)
                    transform(book, "irfftn", np.fft.irfftn, item, own, reals(dtype), **keys)
            for name in ["fft2", "ifft2"] + (["rfft2"] if dtype not in COMPLEX else []):
                transform(book, name, getattr(np.fft, name), item, None, complexes(dtype))
            transform(book, "irfft2", np.fft.irfft2, item, None, reals(dtype))
    for n in [1, 2, 7, 8]:
        for spacing in [1, 0.1]:
            book.case("fftfreq", [], np.fft.fftfreq(n, spacing), {"n": n, "spacing": spacing}, ["ulp", 1])
            book.case("rfftfreq", [], np.fft.rfftfreq(n, spacing), {"n": n, "spacing": spacing}, ["ulp", 1])
    for shape in [(7,), (8,), (3, 4), (2, 3, 5)]:
        item = book.strided(shape, "int32", "plain", 602)
        for axes in [None, [0], [-1]]:
            at = axes and tuple(axes)
            book.case("fftshift", [item], np.fft.fftshift(item.value, at), {"axes": axes})
            book.case("ifftshift", [item], np.fft.ifftshift(item.value, at), {"axes": axes})


def convolutions(book):
    for dtype in ["float64", "float32", "int32", "int64", "uint8", "complex128"]:
        for n, m in [(1, 1), (7, 3), (3, 7), (8, 8), (30, 5), (400, 90)]:
            a = book.strided((n,), dtype, "plain", 610)
            b = book.strided((m,), dtype, "plain", 611)
            for mode in ["full", "same", "valid"]:
                for method in ["automatic", "direct", "fft"]:
                    if n < 30 and method == "direct":
                        continue
                    for name, function in [("convolved", np.convolve), ("correlated", np.correlate)]:
                        own = {"mode": mode, "method": method}
                        if dtype in INTEGERS:
                            book.case(name, [a, b], function(a.value, b.value, mode), own)
                        else:
                            value = function(wide(a.value), wide(b.value), mode)
                            size = np.abs(a.value).max() * np.abs(b.value).max() * min(n, m)
                            book.case(name, [a, b], value.astype(dtype), own, "bound", 16 * EPS[dtype] * size)


def cases(book):
    transforms(book)
    convolutions(book)
