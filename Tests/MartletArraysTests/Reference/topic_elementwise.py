"""Elementwise functions, operators, casts.

Values of elementary functions come from long double (64 bits of mantissa), not from NumPy's own float64.
"""
import itertools

import mpmath
import numpy as np

from book import COMPLEX, DTYPES, INTEGERS, REALS, SHORT, Input, Number


def inexact(dtype):
    return dtype if dtype in REALS + COMPLEX else "float64"


def counted(dtype):
    return "int64" if dtype == "bool" else dtype


def longer(values):
    return np.asarray(values).astype(np.clongdouble if np.iscomplexobj(values) else np.longdouble)


def pattern(book, dtype, count, kind="special"):
    """More elements than a block, of few values, so that they compress."""
    return np.resize(book.values((251,), dtype, kind, 77), count)


def erf(x):
    with mpmath.workdps(40):
        return np.array([float(v) if not np.isfinite(v) and v != v else float(mpmath.erf(mpmath.mpf(float(v))))
                         for v in np.ravel(x)]).reshape(np.shape(x))


def erfc(x):
    with mpmath.workdps(40):
        return np.array([float(v) if v != v else 1.0 - np.sign(float(v)) if abs(v) > 40 else
                         float(mpmath.erfc(mpmath.mpf(float(v)))) for v in np.ravel(x)]).reshape(np.shape(x))


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def keeping_zero(function):
    return lambda x: np.where(x == 0, x, function(x))


ELEMENTARY = {
    "exp": np.exp, "exp2": np.exp2, "expm1": np.expm1, "log": np.log, "log2": np.log2, "log10": np.log10,
    "log1p": np.log1p, "cbrt": np.cbrt, "sin": np.sin, "cos": np.cos, "tan": np.tan, "asin": np.arcsin,
    "acos": np.arccos, "atan": np.arctan, "sinh": np.sinh, "cosh": np.cosh, "tanh": np.tanh, "asinh": np.arcsinh,
    "acosh": np.arccosh, "atanh": np.arctanh, "erf": keeping_zero(erf), "erfc": erfc, "sigmoid": sigmoid}
COMPLEX_ELEMENTARY = [
    "exp", "expm1", "log", "log2", "log10", "log1p", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh",
    "tanh", "asinh", "acosh", "atanh", "sqrt"]
REFUSED = set()


def unary(book):
    for name, function in ELEMENTARY.items():
        for dtype in ["float32", "float64", "int32", "int64", "uint8", "bool"]:
            result = inexact(dtype)
            shapes = SHORT if dtype in REALS else [(7,), (3, 4)]
            for item in book.inputs(dtype, "special", shapes):
                value = longer(item.value.astype(result))
                book.case(name, [item], function(value).astype(result), within=["ulp", 2])
        for dtype in REALS:
            # Arguments in the function's most used range, more of them.
            item = book.strided((5, 19), dtype, "plain", 3)
            book.case(name, [item], function(longer(item.value)).astype(dtype), within=["ulp", 2])
            item = Input(pattern(book, dtype, 2 * 1024 + 37))
            book.case(name, [item], function(longer(item.value)).astype(dtype), within=["ulp", 2])
    for name in COMPLEX_ELEMENTARY:
        function = ELEMENTARY.get(name, np.sqrt)
        for dtype in COMPLEX:
            for item in book.inputs(dtype, "plain", [(7,), (3, 4), (2, 1, 3)]):
                value = function(longer(item.value))
                if name in ("expm1", "log1p"):
                    # Formed from exp and log: near zero only the absolute error is small.
                    book.case(name, [item], value.astype(dtype), within="bound",
                              bound=8 * np.finfo(dtype).eps * (1 + np.abs(value).astype("float64")))
                    continue
                book.case(name, [item], value.astype(dtype), within=["norm", 8])

    exact = {
        "sqrt": (REALS, inexact, np.sqrt), "reciprocal": (DTYPES, inexact, lambda x: np.divide(x.dtype.type(1), x)),
        "abs": (DTYPES, None, np.abs), "sign": (DTYPES[:6], counted, np.sign), "square": (DTYPES, counted, np.square),
        "prefix -": (DTYPES, counted, np.negative), "prefix +": (DTYPES, None, lambda x: x),
        "floor": (DTYPES[:6], None, lambda x: np.floor(x) if x.dtype.kind == "f" else x),
        "ceil": (DTYPES[:6], None, lambda x: np.ceil(x) if x.dtype.kind == "f" else x),
        "trunc": (DTYPES[:6], None, lambda x: np.trunc(x) if x.dtype.kind == "f" else x),
        "round": (DTYPES[:6], None, lambda x: np.rint(x) if x.dtype.kind == "f" else x),
        "conj": (DTYPES, None, lambda x: x if x.dtype == bool else np.conj(x)),
        "real": (DTYPES, None, np.real), "imag": (DTYPES, None, np.imag),
        "signbit": (DTYPES[:6], None, lambda x: np.signbit(x.astype("int64") if x.dtype.kind in "bu" else x)),
        "isNaN": (DTYPES, None, np.isnan), "isInf": (DTYPES, None, np.isinf), "isFinite": (DTYPES, None, np.isfinite),
        "prefix !": (DTYPES, None, np.logical_not), "prefix ~": (INTEGERS + ["bool"], None, np.invert)}
    for name, (dtypes, convert, function) in exact.items():
        for dtype in dtypes:
            within = "bits"
            kind = "special"
            if dtype in COMPLEX and name in ("reciprocal", "square", "abs"):
                within, kind = ["norm", 4], "plain"
            for item in book.inputs(dtype, kind, SHORT):
                value = item.value.astype(convert(dtype)) if convert else item.value
                book.case(name, [item], function(value), within=within)
            item = Input(pattern(book, dtype, 1024 + 19, kind))
            value = item.value.astype(convert(dtype)) if convert else item.value
            book.case(name, [item], function(value), within=within)
    for dtype in ["float32", "float64", "int32", "bool"]:
        for k, decimals in enumerate([0, 1, 3, -1, -2]):
            if dtype in REALS or decimals >= 0:
                item = book.strided((3, 4), dtype, "plain", 20 + k)
                value = np.round(item.value, decimals) if dtype in REALS else item.value
                book.case("round decimals", [item], value, {"decimals": decimals})
    inf, nan = np.inf, np.nan
    infinite = [complex(inf, 1), complex(1, inf), complex(-inf, -3), complex(0, -inf), complex(inf, inf),
                complex(nan, 1), complex(-inf, nan), 0, complex(0, 1), -2]
    powers = [0, 1, 1j, -1, 2 + 1j, -1 + 1j, complex(nan, 0)]
    for dtype in COMPLEX:
        book.case("sign", [Input(np.array(infinite, dtype))], np.sign(np.array(infinite, dtype)), within="value")
        zeros, exponents = np.zeros(len(powers), dtype), np.array(powers, dtype)
        book.case("power", [Input(zeros), Input(exponents)], np.power(zeros, exponents), within="value")
    for dtype in COMPLEX:
        for item in book.inputs(dtype, "plain", SHORT):
            value = longer(item.value)
            size = np.abs(value)
            book.case("sign", [item], (value / size).astype(dtype), within=["norm", 4])
            book.case("angle", [item], np.angle(value).astype(item.value.real.dtype), within=["ulp", 2])
    for dtype in ["float32", "float64", "int32", "bool"]:
        for item in book.inputs(dtype, "special", [(7,), (3, 4)]):
            value = item.value.astype(inexact(dtype))
            book.case("angle", [item], np.angle(longer(value)).astype(value.dtype), within=["ulp", 2])


def integer_power(a, b):
    """Wraps around; a negative power rounds toward zero."""
    bits = a.dtype.itemsize * 8
    signed = a.dtype.kind == "i"
    result = []
    for x, y in zip(a.ravel().tolist(), b.ravel().tolist()):
        if y < 0:
            value = {1: 1, -1: -1 if y % 2 else 1}.get(x, 0)
        else:
            value = pow(x, y, 1 << bits)
        value %= 1 << bits
        result.append(value - (1 << bits) if signed and value >= 1 << (bits - 1) else value)
    return np.array(result, a.dtype).reshape(a.shape)


def log_add_exp(a, b):
    return np.logaddexp(longer(a), longer(b))


def within_of(name, dtype):
    if dtype in COMPLEX:
        return {"*": ["norm", 4], "/": ["norm", 4], "power": ["norm", 256]}.get(name, "bits")
    if name in ("power", "atan2", "hypot") and dtype in REALS:
        return ["ulp", 2]
    return "value" if name in ("maximum", "minimum") else "bits"


def record(book, name, items, function, x, y, dtype):
    result = function(x, y)
    if name != "logaddexp":
        return book.case(name, items, result, within=within_of(name, dtype))
    # Near zero the logarithm takes from the greater operand what it has.
    sizes = sum(np.abs(np.nan_to_num(v.astype("float64"), nan=0, posinf=0, neginf=0)) for v in (x, y, result))
    book.case(name, items, result, within="bound", bound=np.minimum(sizes, 1e300) * np.finfo(dtype).eps * 2)


def power(a, b):
    if a.dtype.kind in "fc":
        return np.power(longer(a), longer(b)).astype(a.dtype)
    return integer_power(a, b)


def exactly(function):
    """A function of two arrays in long double, rounded once."""
    return lambda a, b: function(longer(a), longer(b)).astype(a.dtype)


# Function, types it has, the type operands meet in.
BINARY = {
    "+": (np.add, DTYPES, counted), "-": (np.subtract, DTYPES, counted), "*": (np.multiply, DTYPES, counted),
    "/": (np.divide, DTYPES, inexact), "%": (np.remainder, DTYPES[:6], counted),
    "floorDivided": (np.floor_divide, DTYPES[:6], counted), "power": (power, DTYPES, counted),
    "maximum": (np.maximum, DTYPES[:6], None), "minimum": (np.minimum, DTYPES[:6], None),
    ".<": (np.less, DTYPES[:6], None), ".<=": (np.less_equal, DTYPES[:6], None),
    ".>": (np.greater, DTYPES[:6], None), ".>=": (np.greater_equal, DTYPES[:6], None),
    ".==": (np.equal, DTYPES, None), ".!=": (np.not_equal, DTYPES, None),
    ".&": (np.logical_and, DTYPES, None), ".|": (np.logical_or, DTYPES, None), ".^": (np.logical_xor, DTYPES, None),
    "&": (np.bitwise_and, INTEGERS + ["bool"], None), "|": (np.bitwise_or, INTEGERS + ["bool"], None),
    "^": (np.bitwise_xor, INTEGERS + ["bool"], None), "<<": (np.left_shift, INTEGERS + ["bool"], counted),
    ">>": (np.right_shift, INTEGERS + ["bool"], counted),
    "atan2": (exactly(np.arctan2), DTYPES[:6], inexact), "hypot": (exactly(np.hypot), DTYPES[:6], inexact),
    "logaddexp": (exactly(np.logaddexp), DTYPES[:6], inexact), "copysign": (np.copysign, DTYPES[:6], inexact),
    "nextafter": (np.nextafter, DTYPES[:6], inexact)}
# What a number may stand beside as the second operand; of ".&" and its kind it may not.
WITH_NUMBERS = [name for name in BINARY if name not in (".&", ".|", ".^")]
NUMBER_FIRST = ["+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>", ".<", ".<=", ".>", ".>=", ".==", ".!="]
SHAPE_PAIRS = [((), ()), ((), (4,)), ((3, 1), (1, 4)), ((2, 3, 4), (3, 4)), ((0,), (1,)), ((4, 1, 3), (2, 1)),
               ((7,), (7,)), ((2, 0, 3), (3,)), ((2, 1, 3, 1, 2), (2, 1, 2, 1)), ((5, 1), (5, 3))]


def kind_of(name, dtype):
    if dtype in COMPLEX and name in ("*", "/", "power"):
        return "plain"
    if name in ("<<", ">>"):
        return "special"
    return "special"


def binary(book):
    for name, (function, dtypes, meet) in BINARY.items():
        for k, (first, second) in enumerate(itertools.product(dtypes, dtypes)):
            together = np.promote_types(first, second).name
            meeting = meet(together) if meet else together
            if meeting not in dtypes:
                continue
            kind = kind_of(name, meeting)
            shapes = [SHAPE_PAIRS[2 + k % 5]]
            if first == second:
                shapes = SHAPE_PAIRS
            for n, (left, right) in enumerate(shapes):
                if name == "power" and meeting in REALS and n % 2:
                    kind = "plain"
                a, b = book.strided(left, first, kind, 5 + n), book.strided(
                    right, second, "small" if name == "power" and meeting in COMPLEX else kind, 9 + n)
                if name in ("<<", ">>") and n % 2:
                    b = Input(np.abs(book.values(right, second, "small", 9)))
                x, y = np.broadcast_arrays(a.value.astype(meeting), b.value.astype(meeting))
                if name == "power" and meeting in COMPLEX and np.any(x == 0):
                    continue
                record(book, name, [a, b], function, x, y, meeting)
            if first == second:
                a = Input(pattern(book, first, 3000, kind)[:, None][:, 0].reshape(3, 1000))
                b = Input(pattern(book, first, 1000, "small" if name == "power" and first in COMPLEX else kind)[::-1])
                x, y = np.broadcast_arrays(a.value.astype(meeting), b.value.astype(meeting))
                record(book, name, [a, b], function, x, y, meeting)


def numbers(book):
    """Numbers on both sides, which take the array's type where it is of their kind or above."""
    choices = [True, 3, -2, 2.5, float("inf"), float("nan"), -0.0, 1.5 - 2j]
    for name in WITH_NUMBERS:
        function, dtypes, meet = BINARY[name]
        for dtype in dtypes:
            for k, number in enumerate(choices):
                # In range: NumPy refuses a number that the type cannot hold.
                if dtype == "uint8" and number == -2:
                    continue
                together = np.result_type(np.dtype(dtype), number).name
                meeting = meet(together) if meet else together
                if meeting not in dtypes:
                    continue
                item = book.strided((3, 4), dtype, kind_of(name, meeting), 30 + k % 2)
                if meeting in COMPLEX and not np.isfinite(complex(number)):
                    continue
                x, y = np.broadcast_arrays(item.value.astype(meeting), np.asarray(number).astype(meeting))
                record(book, name, [item, Number(number)], function, x, y, meeting)
                if name in NUMBER_FIRST:
                    record(book, name, [Number(number), item], function, y, x, meeting)
    # Whole numbers beyond the array's type compare by their value.
    for dtype in ["uint8", "int32"]:
        for number in [300, -1, 2**40, -(2**40)]:
            item = book.strided((3, 4), dtype, "special", 31)
            for name in [".<", ".<=", ".>", ".>=", ".==", ".!="]:
                function = BINARY[name][0]
                book.case(name, [item, Number(number)], function(item.value, number))
                book.case(name, [Number(number), item], function(number, item.value))


def choosing(book):
    for k, (first, second) in enumerate(itertools.product(DTYPES, DTYPES)):
        condition = book.strided((3, 1), DTYPES[k % 8] if k % 3 else "bool", "special", 40)
        a, b = book.strided((3, 4), first, "special", 41), book.strided((4,), second, "special", 42)
        book.case("where", [condition, a, b], np.where(condition.value != 0, a.value, b.value))
    for dtype in DTYPES:
        item = book.strided((2, 3, 4), dtype, "special", 43)
        condition = book.strided((4,), "bool", "special", 44)
        for number in [True, 7, 2.5, 1j]:
            result = np.result_type(np.dtype(dtype), number)
            value, other = item.value.astype(result), np.asarray(number).astype(result)
            book.case("where", [condition, item, Number(number)], np.where(condition.value, value, other))
            book.case("where", [condition, Number(number), item], np.where(condition.value, other, value))
    for shapes in [((), (), ()), ((0,), (1,), (0,)), ((2, 1, 1), (3, 1), (4,)), ((2, 1, 2, 1, 3), (1,), (2, 3, 1))]:
        items = [book.strided(shape, dtype, "special", 45) for shape, dtype in zip(shapes, ["bool", "float32", "float64"])]
        book.case("where", items, np.where(*[item.value for item in items]))
    large = pattern(book, "float64", 5000)
    book.case("where", [Input(large > 0), Input(large), Input(np.zeros(1))], np.where(large > 0, large, 0))
    for dtype in DTYPES[:6]:
        item = book.strided((3, 4), dtype, "special", 46)
        for least, most in [(None, None), (-3, None), (None, 4), (-3, 4), (4, -3), (-2.5, 3.5)]:
            if dtype == "bool" or dtype == "uint8" and most == -3:
                continue
            whole = all(n is None or n == int(n) for n in (least, most))
            kind = np.float64 if dtype in INTEGERS and not whole else np.dtype(dtype)
            value = item.value
            info = np.iinfo(dtype) if dtype in INTEGERS else None
            if info is not None:
                # NumPy refuses bounds that uint8 cannot hold; they bound all the same.
                value = value.astype(kind)
                for bound, function in ((least, np.maximum), (most, np.minimum)):
                    if bound is None:
                        continue
                    value = function(value.astype("float64" if not whole else "int64"), bound)
                value = value.astype(kind)
            else:
                value = np.clip(value, least, most)
            book.case("clip", [item], value, {"least": least, "most": most}, within="value")
        low, high = book.strided((4,), dtype, "plain", 47), book.strided((3, 1), dtype, "plain", 48)
        book.case("clip arrays", [item, low, high], np.minimum(np.maximum(item.value, low.value), high.value), within="value")


def cast(value, dtype):
    """As NumPy casts, but reals to integers saturate and NaN becomes 0, where C leaves it open."""
    if value.dtype.kind == "c" and dtype not in COMPLEX + ["bool"]:
        value = value.real
    if value.dtype.kind == "f" and dtype in INTEGERS:
        info = np.iinfo(dtype)
        wide = value.astype(np.longdouble)
        wide = np.where(np.isnan(wide), 0, np.clip(np.trunc(wide), info.min, info.max))
        return np.array([int(v) for v in wide.ravel()], dtype).reshape(value.shape)
    return value.astype(dtype)


def casts(book):
    for first, second in itertools.product(DTYPES, DTYPES):
        for item in book.inputs(first, "special", [(), (7,), (3, 4), (0,)]):
            book.case("asType", [item], cast(item.value, second), {"dtype": second})
        item = Input(pattern(book, first, 1500))
        book.case("asType", [item], cast(item.value, second), {"dtype": second})


def cases(book):
    unary(book)
    binary(book)
    numbers(book)
    choosing(book)
    casts(book)
