"""Writes sort_reference.txt: what NumPy makes of random small arrays (NumPy 2.4).

A line holds a function, its arguments, its input arrays, ">" and its results, separated by tabs. An array
is an element type, its shape and its elements in row-major order. Where NumPy has no such function
(stable descending order; sets in which NaN equals nothing) the result is written from the definition.
"""

import math
import pathlib

import numpy as np

random = np.random.default_rng(20261121)
TYPES = ["float64", "float32", "int32", "int64", "uint8", "bool"]
lines = []


def text(array):
    array = np.asarray(array)
    shape = ",".join(str(length) for length in array.shape)
    if array.dtype == bool or array.dtype.kind in "iu":
        elements = [str(int(x)) for x in array.ravel()]
    else:
        elements = [str(x) for x in array.ravel()]
    return f"{array.dtype.name} [{shape}] " + " ".join(elements)


def line(name, arguments, inputs, results):
    words = [name, arguments, *map(text, inputs), ">", *map(text, results)]
    lines.append("\t".join(words))


def sample(shape, dtype, special=True):
    kind = random.integers(0, 3)
    if dtype == "bool":
        return random.integers(0, 2, shape).astype(bool)
    if dtype == "uint8":
        return random.integers(0, 256 if kind else 5, shape).astype(dtype)
    if dtype.startswith("int"):
        ends = np.iinfo(dtype)
        array = random.integers(-4, 5, shape) if kind else random.integers(ends.min, ends.max, shape)
        return np.asarray(array).astype(dtype)
    array = np.asarray(random.standard_normal(shape) * 100 if kind else random.integers(-3, 4, shape))
    array = array.astype(dtype)
    if special and array.ndim:
        chance = random.random(array.shape)
        if kind != 1:
            array[chance < 0.1] = -0.0
        if kind == 2:
            array[chance > 0.85] = np.nan
            array[(chance > 0.8) & (chance < 0.85)] = np.inf
            array[(chance > 0.75) & (chance < 0.8)] = -np.inf
    return array


def shape(least=1):
    rank = random.integers(least, 4)
    return tuple(int(x) for x in random.choice([0, 1, 2, 3, 5, 9], rank, p=[.05, .15, .2, .25, .2, .15]))


def order(row, descending):
    def key(k):
        x = row[k]
        if isinstance(x, float) and math.isnan(x):
            return (1, 0)
        return (0, -x if descending else x)

    return sorted(range(len(row)), key=key)


def argsort(array, axis, descending):
    moved = np.moveaxis(array, axis, -1)
    result = np.zeros(moved.shape, np.int64)
    for index in np.ndindex(moved.shape[:-1]):
        result[index] = order(moved[index].tolist(), descending)
    return np.moveaxis(result, -1, axis)


def unique(array):
    """Values, places of the first, inverse and counts; NaN equals nothing."""
    row = array.ravel()
    firsts, counts = [], []
    inverse = np.zeros(row.size, np.int64)
    for place in order(row.tolist(), False):
        if firsts and row[firsts[-1]] == row[place]:
            counts[-1] += 1
        else:
            firsts.append(place)
            counts.append(1)
        inverse[place] = len(firsts) - 1
    firsts = np.array(firsts, np.int64)
    return row[firsts], firsts, inverse.reshape(array.shape), np.array(counts, np.int64)


for k in range(180):
    array = sample(shape(), TYPES[k % 6])
    axis = int(random.integers(-array.ndim, array.ndim))
    for descending in [False, True]:
        indices = argsort(array, axis, descending)
        arguments = f"{axis} {int(descending)}"
        line("argsort", arguments, [array], [indices])
        values = np.take_along_axis(array, indices, axis)
        if not descending:
            np.testing.assert_array_equal(values, np.sort(array, axis))
        line("sorted", arguments, [array], [values])
        if array.shape[axis]:
            count = int(random.integers(0, array.shape[axis] + 1))
            if descending:
                first = [np.take(x, range(count), axis) for x in (values, indices)]
                line("top", f"{count} {axis}", [array], first)

for k in range(150):
    types = random.choice(TYPES, 2)
    array = np.sort(sample((int(random.integers(0, 40)),), types[0]))
    values = sample(shape(0), types[1])
    for side in ["left", "right"]:
        line("searchsorted", side, [array, values], [np.searchsorted(array, values, side)])
    mixed = random.permutation(array)
    sorter = np.argsort(mixed, kind="stable")
    line("sorter", "left", [mixed, values, sorter], [np.searchsorted(mixed, values, "left", sorter)])

for k in range(150):
    array = sample(shape(0), TYPES[k % 6])
    line("unique", "", [array], unique(array))

for k in range(120):
    types = random.choice(TYPES, 2)
    a, b = sample(shape(), types[0]), sample(shape(0), types[1])
    meeting = np.promote_types(a.dtype, b.dtype)
    line("isIn", "", [a, b], [np.isin(a.astype(meeting), b.astype(meeting))])
    rows = [x.astype(meeting).ravel() for x in (a, b)]
    own, other = (unique(row)[0] for row in rows)
    inside, outside = np.isin(own, other), np.isin(other, own)
    line("intersection", "", [a, b], [own[inside]])
    line("setDifference", "", [a, b], [own[~inside]])
    line("union", "", [a, b], [unique(np.concatenate(rows))[0]])
    line("symmetricDifference", "", [a, b],
         [unique(np.concatenate([own[~inside], other[~outside]]))[0]])

METHODS = {
    "linear": "linear", "lower": "lower", "higher": "higher", "nearest": "nearest",
    "midpoint": "midpoint", "inverted_cdf": "invertedCDF",
    "averaged_inverted_cdf": "averagedInvertedCDF", "closest_observation": "closestObservation",
    "interpolated_inverted_cdf": "interpolatedInvertedCDF", "hazen": "hazen",
    "weibull": "weibull", "median_unbiased": "medianUnbiased", "normal_unbiased": "normalUnbiased",
}


def axes(array):
    chosen = random.permutation(array.ndim)[: random.integers(1, array.ndim + 1)]
    return tuple(int(x) for x in chosen)


def undefined(array):
    array = array.copy()
    if array.dtype.kind == "f":
        array[random.random(array.shape) < 0.1] = np.nan
    return array


with np.errstate(all="ignore"):
    for k in range(130):
        array = sample(shape(), ["float64", "float32", "int32", "int64", "uint8"][k % 5], special=False)
        chosen = axes(array)
        if array.size == 0:
            continue
        method = list(METHODS)[k % 13]
        fractions = [0.0, 0.25, 0.5, 1.0, *random.random(2).tolist()]
        wide = array if array.dtype.kind == "f" else array.astype(float)
        arguments = f"{','.join(map(str, chosen))} {METHODS[method]} {','.join(map(repr, fractions))}"
        # In float64, since NumPy's own steps would round to float32.
        exact = wide.astype(float)
        result = np.quantile(exact, fractions, axis=chosen, method=method)
        line("quantile", arguments, [array], [result.astype(wide.dtype)])
        holed = undefined(array)
        exact = holed.astype(float)
        result = np.quantile(exact, fractions, axis=chosen, method=method)
        line("quantile", arguments, [holed], [result.astype(wide.dtype)])
        result = np.nanquantile(exact, fractions, axis=chosen, method=method)
        line("nanquantile", arguments, [holed], [result.astype(wide.dtype)])
        line("median", arguments, [holed], [np.median(exact, axis=chosen).astype(wide.dtype)])
        line("nanmedian", arguments, [holed], [np.nanmedian(exact, axis=chosen).astype(wide.dtype)])

    for k in range(60):
        size = (int(random.integers(1, 5)), int(random.integers(2, 20)))[k % 3 == 0 :]
        array = sample(size, ["float64", "int32", "float32"][k % 3], special=False)
        if array.dtype.kind == "i":
            array %= 100
        exact = array.astype(float)
        wide = np.dtype("float32") if array.dtype == "float32" else np.dtype("float64")
        variables = (len(array),) * 2 if array.ndim == 2 else ()
        # NumPy drops the axes of a single variable.
        line("cov", "1", [array], [np.cov(exact).astype(wide).reshape(variables)])
        line("cov", "0", [array], [np.cov(exact, ddof=0).astype(wide).reshape(variables)])
        line("corrcoef", "", [array], [np.corrcoef(exact).astype(wide).reshape(variables)])
        axis = int(random.integers(0, array.ndim))
        weights = random.random(array.shape[axis])
        line("average", str(axis), [array, weights],
             [np.average(exact, axis, weights).astype(wide)])
        line("ptp", str(axis), [array], [np.ptp(array, axis)])

pathlib.Path(__file__).with_name("sort_reference.txt").write_text("\n".join(lines) + "\n")
