#!/usr/bin/env python3
"""Writes math_reference.txt: what the elementary functions of Bodies/math.inc.h must give.

Needs Python 3.9 or later and mpmath (written with Python 3.11.7, mpmath 1.4.1). Deterministic:
    python3 make_math_reference.py [output file]

One line for each point: the function, the bits of its argument or two arguments, the bits of the
correctly rounded result, and last
    =       the result must have exactly these bits (a special case of C Annex F, or an exact result), or
    +0.123  the exact value minus the rounded one, in units of the last place of the rounded one, so that the
            error of a result r is |distance of r from the rounded result - this number| ulp.
Arguments of two-argument functions are in C's order: pow x y, atan2 y x, hypot x y. NaN is 7ff8000000000000.
Functions named with a final 32 are those of float, their bits eight digits: the points of double, every other
one, rounded. Remainders and floors of quotients follow Python's rules (and so NumPy's).
"""
import math
import random
import struct
import sys

import mpmath
from mpmath import mp, mpf

NAN, INF = float("nan"), float("inf")
TINY, SMALL, HUGE = 5e-324, 2.0**-1022, sys.float_info.max
UNARY = ("exp log sin cos atan tanh erf log1p expm1 log2 log10 tan asin acos sinh cosh cbrt"
         " exp2 sigmoid asinh acosh atanh erfc round trunc").split()
BINARY = "pow atan2 hypot logaddexp remainder floor_divide copysign nextafter".split()
# significand bits, exponent of the least bit, largest exponent, struct's letters, NaN
DOUBLE = (53, -1074, 1023, "<d", "<Q", 0x7FF8000000000000)
FLOAT = (24, -149, 127, "<f", "<I", 0x7FC00000)
form = DOUBLE
PI = mpmath.pi
# Where random searches of millions of points found the largest errors.
WORST = {
    "exp": ["-0x1.62620a33e99fcp+9", "0x1.48baa0762a75fp+9", "0x1.6e2514eca5d9p-2"],
    "log": ["0x1.69a36ef42f837p-1", "0x1.68e07fbf51825p+0", "0x1.67844a4cff99dp+0"],
    "sin": ["0x1.47dce69da4da8p+20", "0x1.8880efb3ba5aap-1", "-0x1.2fb654cec01bfp+32"],
    "cos": ["0x1.7d6a12f60569dp+18", "0x1.935158a5f19a4p-1", "-0x1.959cf64fdf3dp-1"],
    "atan": ["0x1.ad4e9824ad84bp-2", "0x1.9a8d69fe98324p-2"],
    "tanh": ["0x1.6d6f2f0cd2c68p-3", "0x1.062f6451eed6dp-1"],
    "erf": ["0x1.e76181289f576p-1", "0x1.372d1fa670a8ap+0", "0x1.b78dd581a7738p-6"],
    "log1p": ["0x1.9ca6fadba5b44p-2", "-0x1.2ec0f861ccb6ap-2"],
    "expm1": ["0x1.64b10280d536p-2", "0x1.6937449180578p-2"],
    "log2": ["0x1.66a0302bedcedp+0", "0x1.5da6ab1fc2031p+0"],
    "log10": ["0x1.52cd1d183c478p+0", "0x1.54cbe19d24922p+0"],
    "tan": ["0x1.2e30b3769b5bep+1", "0x1.91f239f1428edp-1"],
    "asin": ["0x1.0e8bea609ab17p-1"],
    "acos": ["0x1.1e595eb9fef72p-1"],
    "sinh": ["0x1.bcb8394df07ep-1"],
    "cosh": ["-0x1.595afe141c04p-4"],
    "cbrt": ["-0x1.98d7b5fe3e746p-1"],
    "pow": [("0x1.69e7e6c74af7bp+0", "0x1.c34be0357bb71p+10"), ("0x1.688541246e9bcp-1", "-0x1.d1d430b8f4f72p+10")],
    "atan2": [("0x0.c290db266ad99p-1022", "0x1.6232bdd7abcd5p+9"), ("0x1.758f43afa0cc2p-2", "0x1.c34e27410558p-1")],
    "hypot": [("0x0.548aed8e0d82fp-1022", "-0x0.b1d70fa2c8854p-1022")],
    "exp2": ["-0x1.25bedcb6bebc2p+9", "-0x1.d75cc427a2fd5p+4"],
    "asinh": ["0x1.cfdbb20cc4654p+1", "0x1.63e63c0095549p+10"],
    "acosh": ["0x1.0200092c52bep+0", "0x1.423be9eb9c4fdp+755"],
    "atanh": ["-0x1.d73a81154f274p-3", "-0x1.c66234b7b2917p-2"],
    "erfc": ["0x1.00fb83110baacp-1", "0x1.f2d87790ae64p-2"],
    "sigmoid": ["-0x1.af2e47a73792ap+3", "-0x1.61efac8f0dd6cp+1"],
    "logaddexp": [("0x1.1969e472f04e1p-5", "-0x1.2d79a26327e68p+1"), ("0x1.972f7796192a1p-2", "0x1.440eb55bd24aep-6")],
}
# The same for float.
WORST32 = {
    "exp": ["0x1.432e8cp+6", "-0x1.0f0dccp+4"],
    "exp2": ["0x1.020282p-1", "-0x1.8e01bep+3"],
    "expm1": ["0x1.80040ep-2", "0x1.858bbcp-2"],
    "log": ["0x1.aeb1b8p+5", "0x1.41abb2p+92"],
    "log2": ["0x1.d5bb62p-1", "0x1.50a80ap+0"],
    "log10": ["0x1.34355ep+3", "0x1.520d86p+0"],
    "log1p": ["0x1.71a4fp+11", "-0x1.3410aep-2"],
    "sin": ["-0x1.b0070cp+18", "-0x1.d2c15ep+1"],
    "cos": ["0x1.0dbb96p+19", "-0x1.521b06p+0"],
    "tan": ["0x1.4ff1a6p+17", "0x1.0acc22p+3"],
    "asin": ["-0x1.ae9fa2p-1", "0x1.cdd93cp-1"],
    "acos": ["-0x1.01985p-1", "0x1.f06afap-1"],
    "atan": ["-0x1.0925aap+0", "-0x1.152fb4p+0"],
    "sinh": ["-0x1.708274p+0", "-0x1.6f8472p+0"],
    "cosh": ["-0x1.222c5ap+2", "0x1.a5af94p+2"],
    "tanh": ["-0x1.fc057cp-2", "0x1.f1dd4cp-2"],
    "atanh": ["0x1.ed6b22p-1", "0x1.06031ep-1"],
    "cbrt": ["0x1.1165e6p+2", "0x1.115594p-1"],
    "erf": ["0x1.d4b076p-1", "0x1.10bc64p+0"],
    "sigmoid": ["-0x1.560624p+3", "-0x1.3fee08p+3"],
    "pow": ["0x1.feeb1p-1 0x1.4ebbd6p+5", "0x1.8a59f4p+0 -0x1.6df60ep+3"],
    "atan2": ["-0x1.f9dfa8p-1 0x1.f27766p-1", "0x1.09178ap-11 0x1.ea68dep-12"],
}


def bits(x):
    return form[5] if x != x else struct.unpack(form[4], struct.pack(form[3], x))[0]


def to_form(x):
    """x rounded to the current format"""
    try:
        return struct.unpack(form[3], struct.pack(form[3], x))[0]
    except OverflowError:
        return math.copysign(INF, x)


def next_after(x, y):
    if x != x or y != y:
        return NAN
    if x == y:
        return y
    if x == 0:
        return math.copysign(math.ldexp(1.0, form[1]), y)
    return struct.unpack(form[3], struct.pack(form[4], bits(x) + (1 if (y > x) == (x > 0) else -1)))[0]


def double(b):
    return struct.unpack("<d", struct.pack("<Q", b))[0]


def steps(x, n=1):
    """x and its n neighbours on either side"""
    out = [x]
    for way in (-INF, INF):
        y = x
        for _ in range(n):
            y = math.nextafter(y, way)
            out.append(y)
    return out


def rounded(v):
    """(the double nearest v, v minus it in ulp), v a finite non-zero mpf"""
    s, man, exp, count = v._mpf_
    e = exp + count - 1
    if e > form[2]:
        return (-INF if s else INF), None
    u = max(e - form[0] + 1, form[1])
    shift = exp - u
    if shift >= 0:
        n, f = man << shift, mpf(0)
    else:
        half = 1 << (-shift - 1)
        assert man & (2 * half - 1) != half, "a tie"
        n = (man + half) >> -shift
        f = mpmath.ldexp(mpf(man - (n << -shift)), shift)
    if n.bit_length() + u > form[2] + 1:
        return (-INF if s else INF), None
    r = math.ldexp(n, u)
    return (-r, -f) if s else (r, f)


def odd(y):
    return math.isfinite(y) and abs(y) < 2.0**53 and y == int(y) and int(y) % 2 == 1


def special1(f, x):
    """the result where it is fixed, else None"""
    if x != x:
        return NAN
    if x == 0:
        if f == "acos":
            return None
        return {"exp": 1.0, "exp2": 1.0, "sigmoid": 0.5, "erfc": 1.0, "acosh": NAN, "cos": 1.0, "cosh": 1.0, "log": -INF, "log2": -INF, "log10": -INF}.get(f, x)
    if f in ("log", "log2", "log10") and x < 0:
        return NAN
    if f == "log1p" and x <= -1:
        return -INF if x == -1 else NAN
    if f in ("asin", "acos", "atanh") and abs(x) > 1:
        return NAN
    if f == "atanh" and abs(x) == 1:
        return math.copysign(INF, x)
    if f == "acosh" and x <= 1:
        return 0.0 if x == 1 else NAN
    if f == "round":
        return float(round(x)) if abs(x) < 2.0**52 and round(x) else x if abs(x) >= 1 else math.copysign(0.0, x)
    if f == "trunc":
        return math.copysign(float(math.trunc(x)), x) if abs(x) < 2.0**53 else x
    if math.isinf(x):
        if f in ("sin", "cos", "tan"):
            return NAN
        if f == "cosh":
            return INF
        if f in ("tanh", "erf"):
            return math.copysign(1.0, x)
        if f in ("exp", "exp2") and x < 0:
            return 0.0
        if f == "sigmoid":
            return 1.0 if x > 0 else 0.0
        if f == "erfc":
            return 0.0 if x > 0 else 2.0
        if f == "expm1" and x < 0:
            return -1.0
        if f == "atan":
            return math.copysign(rounded(PI / 2)[0], x)
        return x
    if f in ("exp", "cosh", "sinh", "expm1") and abs(x) > 760:
        return {"cosh": INF, "sinh": math.copysign(INF, x)}.get(f, INF if x > 0 else -1.0 if f == "expm1" else 0.0)
    if f == "exp2" and abs(x) > 1100:
        return INF if x > 0 else 0.0
    if f == "sigmoid" and abs(x) > 800:
        return 1.0 if x > 0 else 0.0
    if f == "erfc" and abs(x) > 40:
        return 0.0 if x > 0 else 2.0
    if f in ("tanh", "erf") and abs(x) > 700:
        return math.copysign(1.0, x)
    return None


def floored(x, y):
    """(floor(x / y), x - y floor(x / y)) as Python and NumPy give them; infinities and 0 too"""
    if x != x or y != y or math.isinf(x) or y == 0:
        divided = x / y if y else NAN if x == 0 or x != x else math.copysign(INF, x) * math.copysign(1.0, y)
        return (divided if y == 0 else NAN), NAN
    rest = math.fmod(x, y)
    quotient = (x - rest) / y
    if rest:
        if (y < 0) != (rest < 0):
            rest += y
            quotient -= 1.0
    else:
        rest = math.copysign(0.0, y)
    if math.isinf(quotient):
        return quotient, rest
    if quotient:
        whole = float(math.floor(quotient))
        quotient = whole + 1.0 if quotient - whole > 0.5 else whole
    else:
        quotient = math.copysign(0.0, x) * math.copysign(1.0, y)
    return quotient, rest


def special2(f, a, b):
    if f == "remainder":
        return to_form(floored(a, b)[1])
    if f == "floor_divide":
        return to_form(floored(a, b)[0])
    if f == "copysign":
        return math.copysign(a, b)
    if f == "nextafter":
        return next_after(a, b)
    if f == "logaddexp":
        if a != a or b != b:
            return NAN
        if math.isinf(a) or math.isinf(b) or abs(a - b) > 2000:
            return max(a, b)
        return None
    if f == "hypot":
        if math.isinf(a) or math.isinf(b):
            return INF
        if a != a or b != b:
            return NAN
        return 0.0 if a == 0 and b == 0 else None
    if f == "pow":
        x, y = a, b
        if y == 0 or x == 1:
            return 1.0
        if x != x or y != y:
            return NAN
        if math.isinf(y):
            return 1.0 if abs(x) == 1 else INF if (abs(x) > 1) == (y > 0) else 0.0
        if x == 0 or math.isinf(x):
            big = (x == 0) == (y < 0)
            return math.copysign(INF if big else 0.0, x if odd(y) else 1.0)
        if x < 0 and y != math.floor(y):
            return NAN
        l = y * mpmath.log(abs(mpf(x)))
        if abs(l) > 800:
            return math.copysign(INF if l > 0 else 0.0, x if odd(y) else 1.0)
        return None
    y, x = a, b  # atan2
    if x != x or y != y:
        return NAN
    right = math.copysign(1.0, x) > 0
    if y == 0:
        return y if right else math.copysign(rounded(+PI)[0], y)
    if math.isinf(x):
        m = (mpf(1) / 4 if right else mpf(3) / 4) if math.isinf(y) else (mpf(0) if right else mpf(1))
    elif math.isinf(y) or x == 0:
        m = mpf(1) / 2
    else:
        return None
    return math.copysign(rounded(PI * m)[0] if m else 0.0, y)


def value(f, args):
    a = [mpf(v) for v in args]
    if f == "pow":
        v = mpmath.power(abs(a[0]), a[1])
        return -v if a[0] < 0 and odd(args[1]) else v
    if f == "log2":
        v = mpmath.log(a[0]) / mpmath.log(2)
        return mpmath.nint(v) if math.frexp(args[0])[0] == 0.5 else v
    if f == "log10":
        v = mpmath.log10(a[0])
        n = int(mpmath.nint(v))
        return mpf(n) if 0 <= n <= 22 and args[0] == 10.0**n else v
    if f == "acos" and args[0] == 0:
        return PI / 2
    if f == "sigmoid":
        return 1 / (1 + mpmath.exp(-a[0]))
    if f == "exp2":
        return mpmath.power(2, a[0])
    if f == "logaddexp":
        return max(a) + mpmath.log1p(mpmath.exp(min(a) - max(a)))
    return {"asinh": mpmath.asinh, "acosh": mpmath.acosh, "atanh": mpmath.atanh, "erfc": mpmath.erfc, "exp": mpmath.exp, "log": mpmath.log, "sin": mpmath.sin, "cos": mpmath.cos, "atan": mpmath.atan,
            "tanh": mpmath.tanh, "erf": mpmath.erf, "log1p": mpmath.log1p, "expm1": mpmath.expm1, "tan": mpmath.tan,
            "asin": mpmath.asin, "acos": mpmath.acos, "sinh": mpmath.sinh, "cosh": mpmath.cosh, "cbrt": cbrt,
            "atan2": mpmath.atan2, "hypot": hypot}[f](*a)


def cbrt(x):
    v = mpmath.cbrt(abs(x))
    n = rounded(v)[0]
    v = mpf(n) if mpf(n) ** 3 == abs(x) else v
    return -v if x < 0 else v


def hypot(x, y):
    with mp.workprec(4400):
        s = x * x + y * y
    v = mpmath.sqrt(s)
    n = rounded(v)[0]
    if math.isfinite(n):
        with mp.workprec(4400):
            if mpf(n) ** 2 == s:
                return mpf(n)
    return v


def line(f, args):
    """one line of the file, or None for a point too near to a place where a bit of slack decides"""
    s = special1(f, *args) if len(args) == 1 else special2(f, *args)
    if s is not None:
        r, mark = s, "="
    else:
        answers = []
        for precision in (2400, 2600) if form is DOUBLE else (400, 500):  # enough to tell exp(5e-324) from 1
            with mp.workprec(precision):
                v = value(f, args)
                if v == 0:
                    answers.append((0.0, mpf(0), v))
                else:
                    answers.append((*rounded(v), v))
        (r, frac, v), (r2, _, _) = answers
        assert bits(r) == bits(r2), (f, args)
        if frac is None:
            if abs(v) < mpf(2) ** (form[2] + 1) * (1 + mpf(2) ** (3 - form[0])):
                return None
            mark = "="
        elif r == 0 and v != 0:
            mark = "=" if abs(v) < mpf(2) ** (form[1] - 3) else "%+.3f" % float(frac)
        else:
            mark = "=" if frac == 0 else "%+.3f" % float(frac)
        if f == "logaddexp" and abs(r) < abs(max(args)):
            return None  # where the two parts cancel, the error is that of the larger one
    name, digits = (f, "%016x") if form is DOUBLE else (f + "32", "%08x")
    return " ".join([name] + [digits % bits(a) for a in args] + [digits % bits(r), mark])


def hard_angles():
    """doubles unusually near to a multiple of pi/2, of every size: denominators of continued fractions"""
    out = []
    with mp.workprec(1400):
        for e in list(range(-52, 0, 5)) + list(range(0, 972, 11)) + [797, 971]:
            x = mpmath.ldexp(2 / PI, e)
            q0, q1, best = 1, 0, 1
            while True:
                a = int(mpmath.floor(x))
                q0, q1 = q1, a * q1 + q0
                if q1 >= 2**53:
                    break
                best = q1
                x = 1 / (x - a)
            m = best * ((2**53 - 1) // best)
            if m >= 2**52:
                out.append(math.ldexp(m, e))
    return out


def points(f, rng):
    out = [0.0, -0.0, INF, -INF, NAN] + [float.fromhex(v) for v in WORST.get(f, [])]
    both = [1.0, 0.5, 2.0, 3.0, 0.25, 10.0, 1e10, 1e22, 1e100, 1e300, HUGE, TINY, 3 * TINY, SMALL, 1e-310, 1e-300,
            1e-100, 1e-20, 1e-10, 1e-5, 2.0**-26, 2.0**-27, 2.0**-28, 2.0**-53, 2.0**-54, 2.0**-55,
            0.1, 0.3, 0.7, 0.9, 1.1, 1.5, 5.0, 7.0, 20.0, 30.0, 100.0, 1000.0]
    for v in both:
        out += [v, -v]
    for v in (1.0, 2.0, 0.5, SMALL):
        out += steps(v, 2)

    def uniform(a, b, n):
        return [rng.uniform(a, b) for _ in range(n)]

    def anywhere(n, low, high, sign=True):
        v = [math.ldexp(rng.uniform(1, 2), rng.randint(low, high)) for _ in range(n)]
        return [x * rng.choice((-1, 1)) for x in v] if sign else v

    if f in ("exp", "expm1", "sinh", "cosh", "exp2", "sigmoid"):
        half = math.log(2) / 2
        for k in (1, 3, 5, 2, 4, -1, -3, -2):
            out += steps(k * half, 1)
        for v in (709.782712893384, -708.3964185322641, -745.1332191019412, 710.4758600739439, -744.4400719213812):
            out += steps(v, 2)
        out += uniform(-1, 1, 70) + uniform(-25, 25, 70) + uniform(-710, 711, 50) + uniform(-745.2, -708, 30)
        out += anywhere(50, -60, 9)
        out += [-36.7, -37.5, -38.2, 36.7, 40.0, 41.0, 45.0, 46.0, -40.0, -41.0]
        out += [-745.5, -746.5, 711.5, 709.9, 712.0, -747.0]
    if f == "exp2":
        out += [float(n) + d for n in (-1074, -1023, -1022, 1, 52, 1023) for d in (0.0, 0.5, -0.25)] + uniform(-1, 1, 80)
    if f in ("log", "log2", "log10", "log1p"):
        shift = 1 if f == "log1p" else 0
        for v in (math.sqrt(0.5), math.sqrt(2), 4.0, 2 * math.sqrt(2)):
            out += steps(v - shift, 2)
        out += [math.ldexp(1.0, e) for e in range(-1074, 1024, 71)] + [10.0**n for n in range(2, 23, 2)]
        out += [1 - shift + math.ldexp(rng.uniform(-1, 1), -e) for e in range(1, 54)]
        out += uniform(0.5 - shift, 2 - shift, 80) + anywhere(90, -1022, 1023, False)
        out += [double(rng.getrandbits(rng.randint(1, 52))) for _ in range(20)]
        out += [-v for v in uniform(0, 3, 5)]
        if shift:
            out += anywhere(60, -60, 3) + [math.ldexp(1, -53) - 1] + steps(-1.0, 2)
            out += [2.0**53, 2.0**54, 2.0**60, 2.0**61]
    if f in ("sin", "cos", "tan"):
        with mp.workprec(400):
            for k in list(range(1, 21)) + [101, 1001, 10007, 100003, 1000003, 1048573]:
                out += steps(float(k * PI / 2), 1) if k < 8 else [float(k * PI / 2)]
            out += [float((2 * k + 1) * PI / 4) for k in (0, 1, 2, 3, 500, 70001)]
        out += steps(2.0**20 * 1.5, 1)
        h = hard_angles()
        out += h + [-v for v in h[::7]]
        out += uniform(-1, 1, 40) + uniform(-7, 7, 40) + uniform(-2e6, 2e6, 25)
        out += anywhere(40, -30, 40) + anywhere(40, 40, 1023)
    if f in ("asinh", "acosh", "atanh", "erfc"):
        out += uniform(-1, 1, 80) + anywhere(60, -60, 6) + anywhere(40, -1022, 1023)
        out += [1 + math.ldexp(rng.uniform(0.5, 1), -e) for e in range(1, 53)] + uniform(1, 40, 40)
        out += [s * (1 - math.ldexp(rng.uniform(0.5, 1), -e)) for e in range(1, 53) for s in (1, -1)]
        if f == "erfc":
            out += uniform(-6, 6, 60) + uniform(0, 27.3, 60) + [26.5, 26.6, 27.2, 27.226, 27.3, 28.0, -5.9, -6.1]
    if f in ("round", "trunc"):
        out += [n / 2 for n in range(-9, 10)] + uniform(-1e3, 1e3, 20)
        for v in (0.5, 1.5, 2.5, 2.0**22, 2.0**23, 2.0**24, 2.0**51, 2.0**52, 2.0**53, 2.0**23 - 0.5, 2.0**52 - 0.5):
            out += [s * w for w in steps(v, 1) for s in (1, -1)]
    if f in ("atan", "tanh", "erf", "asin", "acos", "cbrt"):
        edges = (math.sqrt(2) - 1, math.sqrt(2) + 1, 0.75, 6.0, 5.9, 5.92, 5.864, 19.0, 19.06, 19.07, 22.0)
        out += [v * s for v in edges for s in (1, -1)]
        for v in (math.sqrt(2) - 1, 0.75, math.log(2) / 4):
            out += steps(v, 2)
        out += uniform(-1, 1, 100) + anywhere(60, -60, 6)
        if f in ("asin", "acos"):
            out += [s * (1 - math.ldexp(rng.uniform(0.5, 1), -e)) for e in range(1, 53) for s in (1, -1)]
            out += [1.5, -1.0000001]
        elif f == "cbrt":
            out += [s * float(n**3) for n in (2, 3, 5, 7, 11, 99, 1001, 65537, 123456) for s in (1, -1)]
            out += [0.125, 0.001, 1e-3 / 8]
            out += anywhere(90, -1022, 1023) + [double(rng.getrandbits(rng.randint(1, 52))) for _ in range(20)]
        else:
            out += uniform(-4, 4, 90) + uniform(-30, 30, 40) + anywhere(30, 5, 70)
    return out


def pairs(f, rng):
    special = [0.0, -0.0, 1.0, -1.0, INF, -INF, NAN, 2.0, -2.0, 0.5, -3.0, HUGE, TINY, -TINY, -HUGE]
    out = [(a, b) for a in special for b in special]
    out += [(float.fromhex(a), float.fromhex(b)) for a, b in WORST.get(f, [])]
    if f == "pow":
        out += [(float(a), float(b)) for a in (3, 5, 7, 10, -3, -7) for b in (1, 2, 3, 5, 10)]
        out += [(x, y) for x in (math.nextafter(1, 0), math.nextafter(1, 2), 1 + 1e-9, 1 - 1e-9)
                for y in (1.0, -1.0, 1e10, -1e15, 1e16, -4e18, 2.0**53, 2.0**60, 0.5)]
        out += [(-2.0, 2.0**52 + 1), (-1.0, 2.0**53 - 1), (-1.0, 2.0**53), (-1.0, 1e300)]
        out += [(-1.5, 1001.0), (-1.5, 1002.0), (-8.0, 1 / 3)]
        for _ in range(170):
            x = math.ldexp(rng.uniform(1, 2), rng.choice((0, 0, 0, 1, -1, 5, -5, 300, -300, 1000, -1020)))
            out.append((x, rng.uniform(-1, 1) * 745 / (math.log(x) or 1)))
        for _ in range(60):
            out.append((rng.uniform(0, 20), rng.uniform(-10, 10)))
        for _ in range(30):
            out.append((double(rng.getrandbits(52)), rng.uniform(-1, 1)))
    elif f == "logaddexp":
        for _ in range(100):
            a = rng.uniform(-30, 700)
            out += [(a, a + rng.uniform(-40, 40)), (rng.uniform(-2, 2), rng.uniform(-2, 2)), (a, a)]
        out += [(rng.uniform(-800, 800), rng.uniform(-800, 800)) for _ in range(40)]
    elif f in ("remainder", "floor_divide", "copysign", "nextafter"):
        out += [(a / 2, b / 2) for a in range(-7, 8, 2) for b in range(-3, 4)] + [(6.0, 0.1), (1.0, 0.1), (-1.0, 0.1)]
        for _ in range(100):
            b = rng.uniform(-5, 5)
            out += [(rng.uniform(-50, 50), b), (b * rng.randint(-9, 9), b)]
        for _ in range(60):
            b = math.ldexp(rng.uniform(-2, 2), rng.randint(-1000, 900))
            out.append((b * math.ldexp(rng.uniform(1, 2), rng.randint(-60, 110)), b))
        for _ in range(40):
            a, b = (math.ldexp(rng.uniform(-2, 2), rng.randint(-1074, 1022)) for _ in range(2))
            out.append((a, b))
        out += [(double(rng.getrandbits(52)), double(rng.getrandbits(rng.randint(1, 52)))) for _ in range(20)]
        if f == "copysign":
            out = [(a, b) for a, b in out if a == a]
    else:
        for _ in range(120):
            out.append((rng.uniform(-5, 5), rng.uniform(-5, 5)))
        for _ in range(80):
            x = math.ldexp(rng.uniform(-2, 2), rng.randint(-1000, 1000))
            out.append((x * math.ldexp(rng.uniform(1, 2), rng.randint(-22, 22)), x))
        for _ in range(40):
            a, b = (math.ldexp(rng.uniform(-2, 2), rng.randint(-1074, 1022)) for _ in range(2))
            out.append((a, b))
        for _ in range(20):
            out.append((double(rng.getrandbits(52)), double(rng.getrandbits(52))))
        out += [(3.0, 4.0), (5.0, 12.0), (-8.0, 15.0), (3e300, 4e300), (3 * TINY, 4 * TINY)]
        out += [(1e-200, 1e-200), (1.3e308, 1.3e308)]
        t = math.sqrt(2) - 1
        out += [(v, 1.0) for v in steps(t, 2)] + [(1.0, v) for v in steps(t, 2)] + [(-v, -1.0) for v in steps(t, 1)]
    return out


def main():
    global form
    out = sys.argv[1] if len(sys.argv) > 1 else "math_reference.txt"
    lines, seen = [], set()

    def add(f, args):
        key = (form[4], f, *map(bits, args))
        if key in seen:
            return
        seen.add(key)
        l = line(f, args)
        if l:
            lines.append(l)

    for f in UNARY + BINARY:
        rng = random.Random("martlet " + f)
        all_points = [(x,) for x in points(f, rng)] if f in UNARY else pairs(f, rng)
        form = DOUBLE
        for args in all_points:
            add(f, args)
        form = FLOAT
        for args in all_points[::2] + all_points[1:80:2]:
            add(f, tuple(map(to_form, args)))
        for args in WORST32.get(f, []):
            add(f, tuple(map(float.fromhex, args.split())))
        if f in UNARY:  # what is subnormal, and edges of the range
            for b in [rng.getrandbits(rng.randint(1, 31)) for _ in range(60)] + [1, 0x7FFFFF, 0x800000, 0x7F7FFFFF]:
                add(f, (struct.unpack("<f", struct.pack("<I", b))[0],))
            for x in ([rng.uniform(-104, 89.5) for _ in range(80)] if f in ("exp", "expm1", "sinh", "cosh", "sigmoid")
                      else [rng.uniform(-150, 129) for _ in range(80)] if f == "exp2"
                      else [rng.uniform(-10, 10) for _ in range(80)]):
                add(f, (to_form(x),))
        form = DOUBLE
    with open(out, "w", newline="\n") as file:
        file.write("# Written by make_math_reference.py (Python %s, mpmath %s): do not edit.\n"
                   % (sys.version.split()[0], mpmath.__version__))
        file.write("# function, argument bits, correctly rounded result bits,"
                   " then = (exact) or (exact value - result) in ulp\n")
        file.write("\n".join(lines) + "\n")
    print(len(lines), "points")


main()
