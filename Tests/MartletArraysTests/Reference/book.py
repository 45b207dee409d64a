"""Collects cases and writes them compactly; makes inputs of all kinds."""
import json
import random
import zlib

import numpy as np

DTYPES = ["float32", "float64", "int32", "int64", "uint8", "bool", "complex64", "complex128"]
REALS = ["float32", "float64"]
COMPLEX = ["complex64", "complex128"]
INTEGERS = ["int32", "int64", "uint8"]
# Shapes that every function of any shape sees: none, empty, single, odd, up to five axes.
SHAPES = [(), (0,), (1,), (7,), (3, 4), (1, 5), (4, 0, 2), (2, 3, 4), (5, 1, 3), (2, 1, 3, 2), (2, 3, 1, 2, 2)]
SHORT = [(), (0,), (7,), (3, 4), (2, 1, 3), (2, 3, 1, 2, 2)]


class Input:
    """An array, and how it is made of a stored one: `base` and a list of view operations."""

    def __init__(self, base, operations=()):
        self.base = np.ascontiguousarray(base).reshape(np.shape(base))
        self.operations = list(operations)
        value = self.base
        for operation in self.operations:
            value = view(value, operation)
        self.value = value

    def __array__(self, dtype=None, copy=None):
        return np.asarray(self.value, dtype=dtype)


class Number:
    """A Python number that stands beside an array."""

    def __init__(self, value):
        self.value = value


def view(array, operation):
    """One view operation, as Views in the Swift harness makes it."""
    kind, *rest = operation
    if kind == "transpose":
        return array.transpose(rest[0])
    if kind == "slice":
        return array[tuple(slice(*part) for part in rest[0])]
    if kind == "flip":
        return np.flip(array, rest[0])
    if kind == "broadcast":
        return np.broadcast_to(array, rest[0])
    if kind == "expand":
        return np.expand_dims(array, rest[0])
    raise ValueError(kind)


class Book:
    def __init__(self):
        self.lines, self.names, self.arrays = [], {}, []
        self.places, self.bytes = {}, bytearray()
        self.random = random.Random(1)

    # Inputs

    def values(self, shape, dtype, kind="special", seed=0):
        """Elements of one kind: "plain" (moderate), "special" (with every corner), "small" (whole, few)."""
        key = f"{shape}{dtype}{kind}{seed}"
        rng = np.random.Generator(np.random.PCG64(zlib.crc32(key.encode())))
        count = int(np.prod(shape, dtype=int))
        if dtype == "bool":
            return (rng.random(count) < 0.5).reshape(shape)
        if dtype in COMPLEX:
            part = "float32" if dtype == "complex64" else "float64"
            result = np.zeros(shape, dtype)
            result.real = self.values(shape, part, kind, seed + 1000)
            result.imag = self.values(shape, part, kind, seed + 2000)
            return result
        if dtype in REALS:
            if kind == "small":
                return rng.integers(-5, 6, count).astype(dtype).reshape(shape)
            result = (rng.standard_normal(count) * rng.choice([0.1, 1, 10], count)).astype(dtype)
            info = np.finfo(dtype)
            corners = [np.nan, np.inf, -np.inf, 0.0, -0.0, info.smallest_subnormal, -info.smallest_subnormal,
                       info.smallest_normal * 0.75, info.max, -info.max, info.smallest_normal, 1.0, -1.0, 0.5,
                       -0.5, 1.5, 2.5, -2.5, 3.0, 100.0, -745.2, 1e10, 4503599627370497.5, 2.0**31, -(2.0**63)]
            if kind == "special":
                where = rng.random(count) < 0.4
                result[where] = rng.choice(np.array(corners), count)[where].astype(dtype)
            return result.reshape(shape)
        info = np.iinfo(dtype)
        if kind == "small":
            return rng.integers(max(info.min, -5), 6, count).astype(dtype).reshape(shape)
        result = rng.integers(max(info.min, -100), 101, count).astype(dtype)
        if kind == "special":
            corners = np.array([info.min, info.max, info.max - 1, 0, 1, info.min + 1, info.max // 2], dtype)
            where = rng.random(count) < 0.3
            result[where] = rng.choice(corners, count)[where]
        return result.reshape(shape)

    def plain(self, shape, dtype, kind="special", seed=0):
        return Input(self.values(tuple(shape), dtype, kind, seed))

    def strided(self, shape, dtype, kind="special", seed=0):
        """The same, seen through a random view: transposed, stepped, reversed, cut or repeated."""
        shape = tuple(shape)
        rank = len(shape)
        way = self.random.choice(["plain", "transpose", "step", "flip", "cut", "broadcast", "both"])
        if rank == 0:
            return Input(self.values((1,), dtype, kind, seed)[0])
        if way == "transpose":
            order = list(range(rank))
            self.random.shuffle(order)
            base = [0] * rank
            for k, axis in enumerate(order):
                base[axis] = shape[k]
            return Input(self.values(tuple(base), dtype, kind, seed), [("transpose", order)])
        if way in ("step", "both", "cut"):
            base, parts = [], []
            for length in shape:
                step = 1 if way == "cut" else self.random.choice([1, 2, 3, -1, -2])
                start = self.random.choice([0, 1])
                size = start + max(0, (length - 1) * abs(step) + 1 if length else 0) + self.random.choice([0, 1])
                first = start if step > 0 else start + (length - 1) * -step if length else 0
                end = first + length * step
                if length == 0:
                    first, end = 0, 0
                base.append(size)
                parts.append((first, end if end >= 0 else None, step))
            steps = [("slice", parts)]
            if way == "both":
                order = list(range(rank))
                self.random.shuffle(order)
                moved = [0] * rank
                for k, axis in enumerate(order):
                    moved[axis] = k
                permuted = [base[axis] for axis in moved]
                # Stored with permuted axes, transposed first and cut then.
                inverse = [0] * rank
                for k, axis in enumerate(moved):
                    inverse[axis] = k
                steps = [("transpose", inverse)] + steps
                base = permuted
            return Input(self.values(tuple(base), dtype, kind, seed), steps)
        if way == "flip":
            axes = [axis for axis in range(rank) if self.random.random() < 0.6]
            return Input(self.values(shape, dtype, kind, seed), [("flip", axes)])
        if way == "broadcast":
            base = tuple(1 if self.random.random() < 0.5 else n for n in shape)
            return Input(self.values(base, dtype, kind, seed), [("broadcast", list(shape))])
        return self.plain(shape, dtype, kind, seed)

    def inputs(self, dtype, kind="special", shapes=SHAPES):
        """One input of every shape through random views, and one longer than a block of the kernels."""
        for k, shape in enumerate(shapes):
            yield self.strided(shape, dtype, kind, k)

    # Cases

    def array(self, value):
        """The number of a stored array; equal arrays are stored once."""
        value = np.asarray(value)
        assert value.dtype.name in DTYPES, value.dtype
        raw = np.ascontiguousarray(value).tobytes()
        key = (value.dtype.name, value.shape, raw)
        if key not in self.places:
            self.bytes += b"\0" * (-len(self.bytes) % 16)
            self.places[key] = len(self.arrays)
            self.arrays.append([value.dtype.name, list(value.shape), len(self.bytes)])
            self.bytes += raw
        return self.places[key]

    def operand(self, item):
        if isinstance(item, Number):
            value = np.asarray(item.value, {bool: "bool", int: "int64", float: "float64", complex: "complex128"}[
                type(item.value)])
            return {"a": self.array(value), "n": True}
        if not isinstance(item, Input):
            item = Input(np.asarray(item))
        line = {"a": self.array(item.base)}
        if item.operations:
            line["v"] = [list(operation) for operation in item.operations]
        return line

    def case(self, name, inputs, expected, parameters=None, within="bits", bound=None):
        """One call of `name`.

        within: "bits" (NaN is NaN), "value" (and either zero), ["ulp", n] or "bound": not further off than
        `bound`, a number or an array of the result's shape.
        """
        if not isinstance(expected, (list, tuple)) or len(expected) == 0:
            expected = [expected]
        line = {"f": name, "in": [self.operand(item) for item in inputs], "out": [self.array(e) for e in expected]}
        if parameters:
            line["p"] = parameters
        if within != "bits":
            line["w"] = within
        if bound is not None:
            bounds = bound if isinstance(bound, list) else [bound] * len(expected)
            # Rounded up to powers of two, which compress well.
            line["b"] = [
                self.array(np.exp2(np.ceil(np.log2(np.maximum(np.broadcast_to(
                    np.asarray(b, "float64"), np.shape(e)), 1e-320))))) for b, e in zip(bounds, expected)]
        self.lines.append(json.dumps(line, separators=(",", ":")))
        self.names[name] = self.names.get(name, 0) + 1

    def write(self, path):
        text = "\n".join([json.dumps(self.arrays, separators=(",", ":"))] + self.lines)
        np.savez_compressed(
            path, cases=np.frombuffer(text.encode(), "uint8"), data=np.frombuffer(bytes(self.bytes), "uint8"))
        return len(open(path, "rb").read())
