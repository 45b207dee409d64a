// Elementary functions on eight lanes. Only + - * / sqrt, compares, selects and integer operations on
// the bit patterns: no libm, no fused multiply-add, no tables but the bits of 2/pi. So the bits of a
// result are the same on every instruction set. A NaN result is always the quiet NaN 0x7ff8000000000000.
//
// Polynomials were fitted here (weighted minimax, leading coefficients rounded first); the comment at each
// names what it approximates, where, and its largest error before rounding. Lower case "dd" is a
// double-double: an unevaluated sum hi + lo with |lo| <= ulp(hi) / 2.

#define MK_NAN (__builtin_nan(""))
#define MK_INF (__builtin_inf())
#define MK_SIGN ((int64_t)(-0x7fffffffffffffffLL - 1))
// Adding and subtracting 1.5 * 2^52 rounds to an integer, which then also sits in the low bits of the sum.
#define MK_ROUND 0x1.8p52
#define MK_ROUND_BITS 0x4338000000000000LL
#define MK_LOG2E 0x1.71547652b82fep+0
// ln 2 in two parts; the first has 42 bits, so that its product with an exponent is exact.
#define MK_LN2_HI 0x1.62e42fefa3800p-1
#define MK_LN2_LO 0x1.ef35793c76730p-45
#define MK_PI_HI 0x1.921fb54442d18p+1
#define MK_PI_LO 0x1.1a62633145c07p-53

// ---------------------------------------------------------------- building blocks

typedef struct {
  v8d hi, lo;
} mk_dd;

MK_INLINE v8i mk_bits(v8d x) { return (v8i)x; }
MK_INLINE v8d mk_from_bits(v8i x) { return (v8d)x; }
// Logical shifts: an arithmetic shift of 64 bits does not exist on every instruction set.
typedef uint64_t mk_v8u __attribute__((ext_vector_type(8)));
MK_INLINE v8i mk_shr(v8i x, int n) { return (v8i)((mk_v8u)x >> (uint64_t)n); }
MK_INLINE v8i mk_shl(v8i x, int n) { return (v8i)((mk_v8u)x << (uint64_t)n); }
MK_INLINE v8i mk_sign(v8d x) { return mk_bits(x) & MK_SIGN; }
MK_INLINE v8d mk_xor(v8d x, v8i sign) { return mk_from_bits(mk_bits(x) ^ sign); }
MK_INLINE int mk_any(v8i mask) { return __builtin_reduce_or(mask) != 0; }

// Estrin's scheme: c0 + c1 x + ... with x2 = x^2, x4 = x^4.
MK_INLINE v8d mk_p2(v8d x, double c0, double c1) { return c0 + c1 * x; }
MK_INLINE v8d mk_p4(v8d x, v8d x2, double c0, double c1, double c2, double c3) {
  return (c0 + c1 * x) + (c2 + c3 * x) * x2;
}
MK_INLINE v8d mk_p8(
  v8d x, v8d x2, v8d x4, double c0, double c1, double c2, double c3, double c4, double c5, double c6, double c7
) {
  return mk_p4(x, x2, c0, c1, c2, c3) + mk_p4(x, x2, c4, c5, c6, c7) * x4;
}

// a + b exactly, for |a| >= |b| or a = 0.
MK_INLINE mk_dd mk_fast_sum(v8d a, v8d b) {
  v8d s = a + b;
  return (mk_dd){s, b - (s - a)};
}
// a + b exactly.
MK_INLINE mk_dd mk_sum(v8d a, v8d b) {
  v8d s = a + b, t = s - a;
  return (mk_dd){s, (a - (s - t)) + (b - t)};
}
// The leading 26 bits of x; x minus them has at most 27.
MK_INLINE v8d mk_head(v8d x) { return mk_from_bits(mk_bits(x) & -0x8000000LL); }
// a * b with an error below 2^-104 of it, as long as nothing underflows.
MK_INLINE mk_dd mk_product(v8d a, v8d b) {
  v8d p = a * b, ah = mk_head(a), al = a - ah, bh = mk_head(b), bl = b - bh;
  return (mk_dd){p, ((ah * bh - p) + (ah * bl + al * bh)) + al * bl};
}
// (nh + nl) / (dh + dl), to about 2^-100, with one division. dh must be neither 0 nor infinite.
MK_INLINE mk_dd mk_quotient(v8d nh, v8d nl, v8d dh, v8d dl) {
  v8d r = 1.0 / dh, q = nh * r;
  mk_dd p = mk_product(q, dh);
  return (mk_dd){q, (((nh - p.hi) - p.lo) + (nl - q * dl)) * r};
}

// ---------------------------------------------------------------- exp

typedef struct {
  v8d r, lo; // the reduced argument, |r| <= ln 2 / 2, and its rounding error
  v8i k;     // the power of two, plus the bias asked for
} mk_exp_arg;

MK_INLINE mk_exp_arg mk_exp_reduce(v8d x, int64_t bias) {
  v8d t = x * MK_LOG2E + MK_ROUND, k = t - MK_ROUND;
  v8d a = x - k * MK_LN2_HI, b = k * MK_LN2_LO, r = a - b;
  return (mk_exp_arg){r, (a - r) - b, mk_bits(t) - (MK_ROUND_BITS - bias)};
}
// (e^r - 1 - r) / r^2 on |r| <= ln 2 / 2; times r^2 its error is below 6.1e-20.
MK_INLINE v8d mk_exp_poly(v8d r, v8d r2) {
  v8d r4 = r2 * r2;
  v8d low = mk_p8(
    r, r2, r4, 0.5, 0x1.555555555555cp-3, 0x1.5555555555557p-5, 0x1.111111110e9e6p-7, 0x1.6c16c16c1569dp-10,
    0x1.a01a01b44f129p-13, 0x1.a01a01ab8d98ep-16, 0x1.71ddee57f2e56p-19
  );
  v8d high = mk_p2(r, 0x1.27e4cff032485p-22, 0x1.af6ead9f18e2ep-26) + 0x1.1f86475e34b83p-29 * r2;
  return low + high * (r4 * r4);
}
// e^(r + lo) 2^(k - 2046). Two steps, so that the result overflows and underflows gradually as it should.
MK_INLINE v8d mk_exp_finish(mk_exp_arg a) {
  v8d r2 = a.r * a.r, q = mk_exp_poly(a.r, r2) * r2 + a.lo;
  mk_dd s = mk_fast_sum(splat(1.0), a.r);
  v8i half = mk_shr(a.k, 1);
  v8d y = s.hi + (s.lo + q);
  return y * mk_from_bits(mk_shl(half, 52)) * mk_from_bits(mk_shl(a.k - half, 52));
}

MK_INLINE v8d mk_exp(v8d x) {
  v8d y = mk_exp_finish(mk_exp_reduce(min8(max8(x, splat(-746.0)), splat(710.0)), 2046));
  return select8(is_nan8(x), splat(MK_NAN), y);
}

// ---------------------------------------------------------------- log

typedef struct {
  v8d k, m; // x = 2^k m with sqrt(1/2) <= m < sqrt(2)
} mk_log_arg;

// The exponent of a positive number from its bits; tiny ones were multiplied by 2^54 before.
MK_INLINE v8d mk_exponent(v8i b, v8i tiny) {
  v8d biased = mk_from_bits(mk_shr(b, 52) | 0x4330000000000000LL);
  return biased - select8(tiny, splat(0x1p52 + 1077), splat(0x1p52 + 1023));
}
// For positive finite x, subnormal ones included.
MK_INLINE mk_log_arg mk_log_reduce(v8d x) {
  v8i tiny = x < 0x1p-1022;
  v8i b = mk_bits(select8(tiny, x * 0x1p54, x)) + (0x3ff0000000000000LL - 0x3fe6a09e667f3bcdLL);
  v8d k = mk_exponent(b, tiny);
  return (mk_log_arg){k, mk_from_bits((b & 0xfffffffffffffLL) + 0x3fe6a09e667f3bcdLL)};
}
// (log((1 + s) / (1 - s)) - 2 s) / s, z = s^2 <= 0.0295; error below 2.7e-18.
MK_INLINE v8d mk_log_poly(v8d z) {
  v8d z2 = z * z;
  v8d p = mk_p4(z, z2, 0x1.555555555558fp-1, 0x1.99999999809cep-2, 0x1.2492494174b85p-2, 0x1.c71c52547c9cdp-3)
    + (mk_p2(z, 0x1.746633817e160p-3, 0x1.39a28e8d6e5c8p-3) + 0x1.2effbb8a9de90p-3 * z2) * (z2 * z2);
  return p * z;
}
// What log gives outside the positive finite numbers, for a y computed from some x there.
MK_INLINE v8d mk_log_special(v8d x, v8d y) {
  y = select8(x == 0.0, splat(-MK_INF), y);
  y = select8(x == MK_INF, x, y);
  return select8(x >= 0.0, y, splat(MK_NAN));
}

MK_INLINE v8d mk_log(v8d x) {
  mk_log_arg a = mk_log_reduce(x);
  v8d f = a.m - 1.0, s = f / (2.0 + f), half = 0.5 * f * f;
  v8d t = s * (half + mk_log_poly(s * s)) + a.k * MK_LN2_LO;
  // k ln2 + f - f^2/2 + t: the first two added exactly but for a rest.
  mk_dd h = mk_fast_sum(a.k * MK_LN2_HI, f);
  return mk_log_special(x, h.hi + (h.lo - (half - t)));
}

// ---------------------------------------------------------------- sin, cos

typedef struct {
  v8d r, lo; // |r| <= pi / 4, and its rounding error
  v8i q;     // the quadrant, in the two lowest bits
} mk_trig_arg;

// The first 1216 bits of 2/pi, after 64 zero bits.
static const uint64_t mk_two_over_pi[20] __attribute__((unused)) = {
  0,
  0xa2f9836e4e441529, 0xfc2757d1f534ddc0, 0xdb6295993c439041, 0xfe5163abdebbc561, 0xb7246e3a424dd2e0,
  0x06492eea09d1921c, 0xfe1deb1cb129a73e, 0xe88235f52ebb4484, 0xe99c7026b45f7e41, 0x3991d639835339f4,
  0x9c845f8bbdf9283b, 0x1ff897ffde05980f, 0xef2f118b5a0a6d1f, 0x6d367ecf27cb09b7, 0x4f463f669e5fea2d,
  0x7527bac7ebe5f17b, 0x3d0739f78a5292ea, 0x6bfb5fb11f8d5d08, 0x56033046fc7b6bab,
};

// Payne-Hanek: one lane, 2^20 <= x < infinity. Multiplies the significand by the 192 bits of 2/pi that
// matter modulo 4; what is cut off is below 2^-137 of a quadrant, and no double is nearer than 2^-62 to a multiple.
static __attribute__((noinline, cold, unused)) void mk_trig_huge(double x, double *r, double *lo, int64_t *q) {
  __extension__ typedef unsigned __int128 wide;
  union {
    double d;
    uint64_t u;
  } c;
  c.d = x;
  uint64_t m = (c.u & 0xfffffffffffffULL) | 0x10000000000000ULL;
  int e = (int)(c.u >> 52) - 1075;         // x = m 2^e
  int at = e - 2 + 64, w = at >> 6, s = at & 63; // bits before this one give multiples of four
  uint64_t a[3];
  for (int i = 0; i < 3; i++)
    a[i] = s ? (mk_two_over_pi[w + i] << s) | (mk_two_over_pi[w + i + 1] >> (64 - s)) : mk_two_over_pi[w + i];
  wide low = (wide)m * a[2], mid = (wide)m * a[1] + (uint64_t)(low >> 64);
  uint64_t p0 = m * a[0] + (uint64_t)(mid >> 64), p1 = (uint64_t)mid, p2 = (uint64_t)low;
  uint64_t quadrant = p0 >> 62;
  p0 = (p0 << 2) | (p1 >> 62), p1 = (p1 << 2) | (p2 >> 62), p2 <<= 2;
  int negative = (int)(p0 >> 63);
  if (negative) { // nearer to the next quadrant: count back from it
    quadrant += 1;
    p2 = ~p2 + 1, p1 = ~p1 + (p2 == 0), p0 = ~p0 + (p1 == 0 && p2 == 0);
  }
  int shift = 0;
  if (p0 == 0) p0 = p1, p1 = p2, p2 = 0, shift = 64;
  int z = p0 ? __builtin_clzll(p0) : 0;
  if (z) p0 = (p0 << z) | (p1 >> (64 - z)), p1 = (p1 << z) | (p2 >> (64 - z));
  c.u = (uint64_t)(1023 - 53 - shift - z) << 52;
  double h = (double)(int64_t)(p0 >> 11) * c.d;
  double l = (double)(int64_t)(((p0 & 0x7ff) << 42) | (p1 >> 22)) * (c.d * 0x1p-53);
  // times pi/2, whose leading double is split in two
  c.d = h;
  c.u &= ~0x7ffffffULL;
  double hh = c.d, hl = h - hh, ph = 0x1.921fb50000000p+0, pl = 0x1.110b4600000000p-26, v = h * (ph + pl);
  double rest = ((hh * ph - v) + (hh * pl + hl * ph)) + hl * pl;
  rest += h * (0.5 * MK_PI_LO) + l * (0.5 * MK_PI_HI);
  double sum = v + rest, sign = negative ? -1.0 : 1.0;
  *r = sign * sum;
  *lo = sign * (rest - (sum - v));
  *q = (int64_t)quadrant;
}

static __attribute__((noinline, cold, unused)) void mk_trig_huge8(const double *x, double *r, double *lo, int64_t *q) {
  for (int i = 0; i < 8; i++)
    if (x[i] > 0x1.8p20 && x[i] < MK_INF) mk_trig_huge(x[i], r + i, lo + i, q + i);
}

// x >= 0 modulo pi/2. Cody-Waite: pi/2 in four parts, the first three of 33 bits, so that their products with
// the multiple (below 2^20) are exact; larger x go lane by lane.
MK_INLINE mk_trig_arg mk_trig_reduce(v8d x) {
  v8d t = x * 0x1.45f306dc9c883p-1 + MK_ROUND, k = t - MK_ROUND;
  v8d a = x - k * 0x1.921fb54400000p+0;
  mk_dd b = mk_sum(a, k * -0x1.0b4611a600000p-34);
  mk_dd c = mk_sum(b.hi, k * -0x1.3198a2e000000p-69);
  mk_dd d = mk_fast_sum(c.hi, (b.lo + c.lo) - k * 0x1.b839a252049c1p-104);
  mk_trig_arg g = {d.hi, d.lo, mk_bits(t)};
  v8i huge = x > 0x1.8p20;
  if (__builtin_expect(mk_any(huge), 0)) {
    v8d xs = x;
    mk_trig_huge8((const double *)&xs, (double *)&g.r, (double *)&g.lo, (int64_t *)&g.q);
  }
  return g;
}

typedef struct {
  mk_dd sin, cos;
} mk_sin_cos;

// Sine and cosine of the reduced argument, as unevaluated sums.
MK_INLINE mk_sin_cos mk_trig_poly(mk_trig_arg a) {
  v8d z = a.r * a.r, z2 = z * z, z4 = z2 * z2, half = 0.5 * z, one = 1.0 - half;
  // (sin r - r) / r^3, z = r^2; times z its error is below 3.5e-18.
  v8d s = mk_p4(z, z2, -0x1.5555555555549p-3, 0x1.111111110f8a3p-7, -0x1.a01a019c15badp-13, 0x1.71de357ae4213p-19)
    + mk_p2(z, -0x1.ae5e688ce9ce8p-26, 0x1.5d93a66bfa92fp-33) * z4;
  // (cos r - 1 + z / 2) / z^2; times z^2 its error is below 5e-20.
  v8d c = mk_p4(z, z2, 0x1.555555555554cp-5, -0x1.6c16c16c1522bp-10, 0x1.a01a019cc11bcp-16, -0x1.27e4f814220b8p-22)
    + mk_p2(z, 0x1.1ee9f2550bff7p-29, -0x1.8fb1b7d6c9aabp-37) * z4;
  return (mk_sin_cos){
    {a.r, a.r * z * s + a.lo * one},
    {one, ((1.0 - one) - half) + (z2 * c - a.r * a.lo)},
  };
}

// sin(x) for shift 0, cos(x) for shift 1.
MK_INLINE v8d mk_sin_shifted(v8d x, int64_t shift) {
  v8d y = abs8(x);
  mk_trig_arg a = mk_trig_reduce(y);
  mk_sin_cos t = mk_trig_poly(a);
  v8i q = a.q + shift;
  v8d v = select8(mk_shl(q, 63), t.cos.hi + t.cos.lo, t.sin.hi + t.sin.lo);
  v8i sign = mk_shl(q, 62) & MK_SIGN;
  if (shift == 0) sign ^= mk_sign(x);
  return select8(y < MK_INF, mk_xor(v, sign), splat(MK_NAN));
}

MK_INLINE v8d mk_sin(v8d x) { return mk_sin_shifted(x, 0); }
MK_INLINE v8d mk_cos(v8d x) { return mk_sin_shifted(x, 1); }

// ---------------------------------------------------------------- atan

// (atan t - t) / t^3, z = t^2, |t| <= tan(pi/8); times z its error is below 1.3e-18.
MK_INLINE v8d mk_atan_poly(v8d z) {
  v8d z2 = z * z, z4 = z2 * z2;
  v8d low = mk_p8(
    z, z2, z4, -0x1.555555555553ep-2, 0x1.9999999995a71p-3, -0x1.24924922b8ffcp-3, 0x1.c71c70ea42a23p-4,
    -0x1.745cf94d5e3cdp-4, 0x1.3b112082c4157p-4, -0x1.10ec0816ce395p-4, 0x1.df139e7de0f40p-5
  );
  v8d high = mk_p2(z, -0x1.9ce5635a5121ep-5, 0x1.380320582950dp-5) + -0x1.25ca37492d80cp-6 * z2;
  return low + high * (z4 * z4);
}
// base + atan(t), both dd, base 0 or above |atan(t)|
MK_INLINE v8d mk_atan_finish(mk_dd base, mk_dd t) {
  v8d z = t.hi * t.hi;
  v8d low = t.hi * z * mk_atan_poly(z) + (t.lo - t.lo * z) + base.lo;
  mk_dd s = mk_fast_sum(base.hi, t.hi);
  return s.hi + (s.lo + low);
}

MK_INLINE v8d mk_atan(v8d x) {
  // Below tan(pi/8) x itself, above tan(3pi/8) pi/2 - atan(1/x), between pi/4 + atan((x - 1) / (x + 1)).
  v8d y = min8(abs8(x), splat(0x1p60));
  v8i low = y < 0x1.a827999fcef32p-2, high = y > 0x1.3504f333f9de6p+1;
  mk_dd n = mk_sum(y, splat(-1.0)), d = mk_sum(y, splat(1.0));
  n.hi = select8(low, y, select8(high, splat(-1.0), n.hi));
  d.hi = select8(low, splat(1.0), select8(high, y, d.hi));
  n.lo = select8(low | high, splat(0.0), n.lo);
  d.lo = select8(low | high, splat(0.0), d.lo);
  mk_dd base = {
    select8(low, splat(0.0), select8(high, splat(0.5 * MK_PI_HI), splat(0.25 * MK_PI_HI))),
    select8(low, splat(0.0), select8(high, splat(0.5 * MK_PI_LO), splat(0.25 * MK_PI_LO))),
  };
  v8d v = mk_atan_finish(base, mk_quotient(n.hi, n.lo, d.hi, d.lo));
  return select8(is_nan8(x), splat(MK_NAN), mk_xor(v, mk_sign(x)));
}

// ---------------------------------------------------------------- tanh

MK_INLINE v8d mk_tanh(v8d x) {
  // With e = exp(2|x|) - 1 = (2^k - 1) + 2^k (r + r^2 P(r)) as a dd: e / (e + 2). Above 20 the result is 1.
  mk_exp_arg a = mk_exp_reduce(2.0 * min8(abs8(x), splat(20.0)), 1023);
  v8d scale = mk_from_bits(mk_shl(a.k, 52)), r2 = a.r * a.r;
  mk_dd p = mk_fast_sum(a.r, mk_exp_poly(a.r, r2) * r2 + a.lo);
  mk_dd e = mk_fast_sum(scale - 1.0, p.hi * scale);
  e.lo += p.lo * scale;
  mk_dd d = mk_sum(splat(2.0), e.hi);
  mk_dd q = mk_quotient(e.hi, e.lo, d.hi, d.lo + e.lo);
  return select8(is_nan8(x), splat(MK_NAN), mk_xor(q.hi + q.lo, mk_sign(x)));
}

// ---------------------------------------------------------------- erf

MK_INLINE v8d mk_erf(v8d x) {
  v8d y = min8(abs8(x), splat(6.0)), z = y * y, z2 = z * z, z4 = z2 * z2;
  // erf(x) / x - 1, z = x^2 <= 9/16; error below 1.3e-17.
  v8d low = mk_p8(
    z, z2, z4, 0x1.06eba8214db69p-3, -0x1.812746b037a00p-2, 0x1.ce2f21a043764p-4, -0x1.b82ce312a779bp-6,
    0x1.565bcd0f496d1p-8, -0x1.c02db341eb9f9p-11, 0x1.f9a2ecb286051p-14, -0x1.f4ca351d67bbbp-17
  ) + (mk_p2(z, 0x1.b93f3f0899c8bp-20, -0x1.577eb45d25ab1p-23) + 0x1.908e51764d7a0p-27 * z2) * (z4 * z4);
  // (log(erfc(3/4)) - log(erfc(3/4 + u))) / u, 0 <= u <= 21/4; times u and erfc its error is below 8.6e-18.
  v8d u = max8(y - 0.75, splat(0.0)), u2 = u * u, u4 = u2 * u2, u8 = u4 * u4;
  v8d high = mk_p8(
    u, u2, u4, 0x1.1ce96da880962p+1, 0x1.9d9eb7a1233dcp-1, 0x1.b15b51a4bf96fp-5, -0x1.a0568221311d5p-7,
    0x1.2997875f45ed0p-9, -0x1.0fd1ff9e14befp-13, -0x1.bc2fcab8eb007p-14, 0x1.c7a4157732b0bp-15
  ) + mk_p8(
    u, u2, u4, -0x1.e1ad353096cb7p-17, 0x1.81a88491f6fccp-20, 0x1.7a5f550a0da28p-21, -0x1.fb030d9df117dp-22,
    0x1.5d64df7aad460p-23, -0x1.4c725b97f11fdp-25, 0x1.c35f86c714abbp-28, -0x1.a4a3777540478p-31
  ) * u8 + mk_p2(u, 0x1.e35b1f877c045p-35, -0x1.0208aeaa25f62p-39) * (u8 * u8);
  // The sum of that and -log(erfc(3/4)), with its rest.
  mk_dd g = mk_sum(splat(-0x1.3deb034696c3ep+0), -(high * u));
  mk_exp_arg a = mk_exp_reduce(g.hi, 2046);
  a.lo += g.lo - 0x1.2c7da3a05acccp-54;
  v8d v = select8(y > 0.75, 1.0 - mk_exp_finish(a), y + y * low);
  return select8(is_nan8(x), splat(MK_NAN), mk_xor(v, mk_sign(x)));
}

// ---------------------------------------------------------------- log1p, expm1, log2, log10

MK_INLINE v8d mk_log1p(v8d x) {
  // 1 + x = 2^k (1 + f) exactly, with f a dd; a rest below 2^-60 of it does not matter.
  mk_dd u = mk_sum(splat(1.0), x);
  mk_log_arg a = mk_log_reduce(u.hi);
  v8d scale = mk_from_bits(mk_shl(mk_bits((MK_ROUND + 1023) - a.k), 52)); // 2^-k
  mk_dd f = mk_fast_sum(a.m - 1.0, select8(x > 0x1p60, splat(0.0), u.lo * scale));
  v8d s = f.hi / (2.0 + f.hi), half = 0.5 * f.hi * f.hi;
  v8d t = s * (half + mk_log_poly(s * s)) + (a.k * MK_LN2_LO + (f.lo - f.lo * f.hi));
  mk_dd h = mk_fast_sum(a.k * MK_LN2_HI, f.hi);
  v8d y = select8(abs8(x) < 0x1p-54, x, h.hi + (h.lo - (half - t)));
  y = select8(x == -1.0, splat(-MK_INF), y);
  y = select8(x == MK_INF, x, y);
  return select8(x >= -1.0, y, splat(MK_NAN));
}

MK_INLINE v8d mk_expm1(v8d x) {
  // 2^k ((1 - 2^-k) + r + r^2 P(r))
  v8d c = min8(max8(x, splat(-40.0)), splat(710.0));
  mk_exp_arg a = mk_exp_reduce(c, 2046);
  v8d r2 = a.r * a.r;
  v8d inverse = mk_from_bits(mk_shl((2046 + 1023) - a.k, 52));
  mk_dd p = mk_fast_sum(a.r, mk_exp_poly(a.r, r2) * r2 + a.lo);
  mk_dd s = mk_fast_sum(1.0 - select8(c > 45.0, splat(0.0), inverse), p.hi);
  v8i half = mk_shr(a.k, 1);
  v8d y = (s.hi + (s.lo + p.lo)) * mk_from_bits(mk_shl(half, 52)) * mk_from_bits(mk_shl(a.k - half, 52));
  y = select8(abs8(x) < 0x1p-54, x, y);
  return select8(is_nan8(x), splat(MK_NAN), y);
}

// log m as hi + lo, hi with 26 bits.
MK_INLINE mk_dd mk_log_parts(v8d m) {
  v8d f = m - 1.0, s = f / (2.0 + f), half = 0.5 * f * f;
  v8d hi = mk_head(f - half);
  return (mk_dd){hi, ((f - hi) - half) + s * (half + mk_log_poly(s * s))};
}

MK_INLINE v8d mk_log2(v8d x) {
  mk_log_arg a = mk_log_reduce(x);
  mk_dd l = mk_log_parts(a.m);
  // 1 / ln 2 in two parts, the first of 27 bits.
  v8d rest = l.lo * 0x1.7154764000000p+0 + (l.hi + l.lo) * 0x1.2b82fe1777d10p-28;
  mk_dd s = mk_fast_sum(a.k, l.hi * 0x1.7154764000000p+0);
  return mk_log_special(x, s.hi + (s.lo + rest));
}

MK_INLINE v8d mk_log10(v8d x) {
  mk_log_arg a = mk_log_reduce(x);
  mk_dd l = mk_log_parts(a.m);
  // 1 / ln 10 in two parts, the first of 27 bits; log10(2) in two parts, the first of 42.
  v8d rest = l.lo * 0x1.bcb7b14000000p-2 + (l.hi + l.lo) * 0x1.26e50e32a6ab7p-30;
  mk_dd s = mk_fast_sum(a.k * 0x1.34413509f7800p-2, l.hi * 0x1.bcb7b14000000p-2);
  return mk_log_special(x, s.hi + (s.lo + (rest + a.k * 0x1.fef311f12b358p-46)));
}

// ---------------------------------------------------------------- pow

// (a.hi + a.lo) (b.hi + b.lo)
MK_INLINE mk_dd mk_dd_product(mk_dd a, mk_dd b) {
  mk_dd p = mk_product(a.hi, b.hi);
  p.lo += a.hi * b.lo + a.lo * b.hi;
  return p;
}
// log x with a relative error of about 2^-65, for positive finite x.
MK_INLINE mk_dd mk_log_dd(v8d x) {
  mk_log_arg a = mk_log_reduce(x);
  v8d f = a.m - 1.0, d = a.m + 1.0;
  mk_dd s = mk_quotient(f, splat(0.0), d, a.m - (d - 1.0));
  s = mk_fast_sum(s.hi, s.lo);
  mk_dd z = mk_dd_product(s, s);
  v8d z2 = z.hi * z.hi;
  // (atanh(s) / s - 1 - z/3 - z^2/5) / z^3, z = s^2 <= 0.0295; times z^3 its error is below 1.6e-22.
  v8d p = mk_p4(z.hi, z2, 0x1.24924924926bap-3, 0x1.c71c71c6889f0p-4, 0x1.745d17be60bfap-4, 0x1.3b137f13b80a2p-4)
    + (mk_p2(z.hi, 0x1.111cc7af719b2p-4, 0x1.dec723e6c9ce4p-5) + 0x1.e6995f48903bcp-5 * z2) * (z2 * z2);
  // c = s^3 / 3 as a dd and the rest, below 2^-12 of s, rounded
  mk_dd third = {splat(0x1.5555555555555p-2), splat(0x1.5555555555555p-56)};
  mk_dd c = mk_dd_product(mk_dd_product(s, z), third);
  c.lo += s.hi * z2 * (0x1.999999999999ap-3 + p * z.hi);
  // k ln2 + 2 s + 2 c
  mk_dd h = mk_fast_sum(a.k * MK_LN2_HI, 2.0 * s.hi), g = mk_sum(h.hi, 2.0 * c.hi);
  return mk_fast_sum(g.hi, g.lo + (h.lo + (2.0 * (s.lo + c.lo) + a.k * MK_LN2_LO)));
}

MK_INLINE v8d mk_pow(v8d x, v8d y) {
  v8d ax = abs8(x), ay = abs8(y);
  mk_dd l = mk_log_dd(ax);
  l.hi = select8(ax == 0.0, splat(-MK_INF), select8(ax == MK_INF, splat(MK_INF), l.hi));
  // Beyond 2^70 an exponent gives 0, 1 or infinity whatever it is.
  v8d n = min8(max8(y, splat(-0x1p70)), splat(0x1p70));
  mk_dd e = mk_product(n, l.hi);
  e.lo += n * l.lo;
  v8d c = min8(max8(e.hi, splat(-746.0)), splat(710.0));
  mk_exp_arg a = mk_exp_reduce(c, 2046);
  mk_dd r = mk_fast_sum(a.r, a.lo + select8(c == e.hi, e.lo, splat(0.0)));
  a.r = r.hi, a.lo = r.lo;
  v8d v = mk_exp_finish(a);
  // Is y an integer, and an odd one?
  v8i whole = ay >= 0x1p52;
  v8d t = select8(whole, ay, ay + 0x1p52);
  whole |= (t - 0x1p52) == ay;
  v8i odd = whole & (ay < 0x1p53) & mk_shl(mk_bits(t), 63); // in the sign bit
  v = mk_xor(v, odd & mk_sign(x));
  v8i bad = is_nan8(x) | is_nan8(y) | ((x < 0.0) & (x > -MK_INF) & ~whole);
  v = select8(bad, splat(MK_NAN), v);
  return select8((y == 0.0) | (x == 1.0), splat(1.0), v);
}

// ---------------------------------------------------------------- atan2

MK_INLINE v8d mk_atan2(v8d y, v8d x) {
  v8d ax = abs8(x), ay = abs8(y);
  v8i steep = ay > ax;
  v8d a = select8(steep, ax, ay), b = select8(steep, ay, ax); // a <= b
  v8i infinite = b == MK_INF;
  a = select8(infinite, select8(a == MK_INF, splat(1.0), splat(0.0)), a);
  b = select8(infinite | (b == 0.0), splat(1.0), b);
  // Scaled by a power of two so that 2 <= b < 4.
  v8i tiny = b < 0x1p-900;
  a = select8(tiny, a * 0x1p100, a), b = select8(tiny, b * 0x1p100, b);
  v8d scale = mk_from_bits((0x7ffLL << 52) - (mk_bits(b) & (0x7ffLL << 52)));
  a *= scale, b *= scale;
  // atan(a / b) = pi/4 + atan((a - b) / (a + b)) when a / b is above tan(pi/8)
  v8i middle = a > b * 0x1.a827999fcef32p-2;
  mk_dd n = mk_fast_sum(b, -a), d = mk_fast_sum(b, a);
  mk_dd t = mk_quotient(
    select8(middle, -n.hi, a), select8(middle, -n.lo, splat(0.0)), select8(middle, d.hi, b),
    select8(middle, d.lo, splat(0.0))
  );
  // Steep: pi/2 minus it. x negative: pi minus it.
  v8i left = mk_sign(x) < 0;
  v8d c = select8(middle, splat(0.25), splat(0.0)); // the multiple of pi to add
  c = select8(steep, 0.5 - c, c);
  c = select8(left, 1.0 - c, c);
  v8i flip = mk_bits(select8(steep, splat(-0.0), splat(0.0))) ^ mk_sign(x);
  t.hi = mk_xor(t.hi, flip), t.lo = mk_xor(t.lo, flip);
  // The multiples 0, 1/4, 1/2, 1 of pi are exact as they are; 3/4 is not.
  v8i odd = c == 0.75;
  mk_dd base = {
    select8(odd, splat(0x1.2d97c7f3321d2p+1), c * MK_PI_HI),
    select8(odd, splat(0x1.a79394c9e8a0ap-54), c * MK_PI_LO),
  };
  v8d v = mk_xor(mk_atan_finish(base, t), mk_sign(y));
  return select8(is_nan8(x) | is_nan8(y), splat(MK_NAN), v);
}

// ---------------------------------------------------------------- tan

MK_INLINE v8d mk_tan(v8d x) {
  v8d y = abs8(x);
  mk_trig_arg a = mk_trig_reduce(y);
  mk_sin_cos t = mk_trig_poly(a);
  mk_dd s = mk_fast_sum(t.sin.hi, t.sin.lo), c = mk_fast_sum(t.cos.hi, t.cos.lo);
  v8i odd = mk_shl(a.q, 63);
  mk_dd q = mk_quotient(
    select8(odd, c.hi, s.hi), select8(odd, c.lo, s.lo), select8(odd, s.hi, c.hi), select8(odd, s.lo, c.lo)
  );
  return select8(y < MK_INF, mk_xor(q.hi + q.lo, odd ^ mk_sign(x)), splat(MK_NAN));
}

// ---------------------------------------------------------------- asin, acos

typedef struct {
  v8i big;     // y > 1/2
  v8d w, tail; // asin(w) = w + tail, where w is y or, if big, sqrt((1 - y) / 2)
} mk_asin_parts;

MK_INLINE mk_asin_parts mk_asin_split(v8d y) {
  v8i big = y > 0.5;
  v8d h = 0.5 - 0.5 * y, s = sqrt8(h);
  mk_dd p = mk_product(s, s);
  v8d rest = ((h - p.hi) - p.lo) / max8(s + s, splat(0x1p-60));
  v8d z = select8(big, h, y * y), z2 = z * z, z4 = z2 * z2, w = select8(big, s, y);
  // (asin w - w) / w^3, z = w^2 <= 1/4; times z its error is below 1.7e-17.
  v8d v = mk_p8(
    z, z2, z4, 0x1.55555555553e8p-3, 0x1.3333333367008p-4, 0x1.6db6db4652aacp-5, 0x1.f1c72b31837a4p-6,
    0x1.6e8a095fca513p-6, 0x1.1c6acb0104b26p-6, 0x1.c710e08b26ffdp-7, 0x1.8e51e4d4fcf06p-7
  ) + mk_p4(z, z2, 0x1.af49e9d44a1d9p-8, 0x1.3dc52416d7dffp-6, -0x1.06a6ee92a3b45p-6, 0x1.046a4be1e3534p-5)
      * (z4 * z4);
  return (mk_asin_parts){big, w, w * z * v + select8(big, rest, splat(0.0))};
}

MK_INLINE v8d mk_asin(v8d x) {
  v8d y = abs8(x);
  mk_asin_parts a = mk_asin_split(y);
  // pi/2 - 2 asin(w) if big
  v8d m = select8(a.big, splat(-2.0), splat(1.0));
  mk_dd s = mk_fast_sum(select8(a.big, splat(0.5 * MK_PI_HI), splat(0.0)), m * a.w);
  v8d v = s.hi + (s.lo + (m * a.tail + select8(a.big, splat(0.5 * MK_PI_LO), splat(0.0))));
  return select8(y <= 1.0, mk_xor(v, mk_sign(x)), splat(MK_NAN));
}

MK_INLINE v8d mk_acos(v8d x) {
  v8d y = abs8(x);
  mk_asin_parts a = mk_asin_split(y);
  // pi/2 - asin(x); if big 2 asin(w), or pi minus that when x is negative
  v8i left = a.big & (x < 0.0), right = a.big & (x > 0.0);
  v8d n = select8(left, splat(1.0), select8(right, splat(0.0), splat(0.5)));
  v8d m = select8(right, splat(2.0), select8(left, splat(-2.0), select8(x < 0.0, splat(1.0), splat(-1.0))));
  mk_dd s = mk_fast_sum(n * MK_PI_HI, m * a.w);
  v8d v = s.hi + (s.lo + (m * a.tail + n * MK_PI_LO));
  return select8(y <= 1.0, v, splat(MK_NAN));
}

// ---------------------------------------------------------------- sinh, cosh

// (e^y + sign e^-y) / 2 = 2^(k - 1) (e^r + sign 4^-k / e^r) for y >= 0
MK_INLINE v8d mk_exp_pair(v8d y, double sign) {
  y = min8(y, splat(711.0));
  mk_exp_arg a = mk_exp_reduce(y, 0);
  v8d r2 = a.r * a.r;
  mk_dd s = mk_fast_sum(splat(1.0), a.r);
  mk_dd e = mk_fast_sum(s.hi, s.lo + (mk_exp_poly(a.r, r2) * r2 + a.lo));
  v8d w = select8(y > 40.0, splat(0.0), mk_from_bits(mk_shl(1023 - (a.k + a.k), 52)));
  mk_dd v = mk_fast_sum(e.hi, sign * w / e.hi);
  v8i k = a.k + 2045, half = mk_shr(k, 1);
  return (v.hi + (v.lo + e.lo)) * mk_from_bits(mk_shl(half, 52)) * mk_from_bits(mk_shl(k - half, 52));
}

MK_INLINE v8d mk_sinh(v8d x) {
  v8d y = abs8(x), z = y * y, z2 = z * z;
  // (sinh x - x) / x^3, z = x^2 <= 1; error below 3.2e-19.
  v8d p = mk_p4(z, z2, 0x1.5555555555556p-3, 0x1.1111111111040p-7, 0x1.a01a01a0318efp-13, 0x1.71de3a4054d4bp-19)
    + (mk_p2(z, 0x1.ae646b4dacdfcp-26, 0x1.6118e01671616p-33) + 0x1.b52e3c630be53p-41 * z2) * (z2 * z2);
  v8d v = select8(y < 1.0, y + y * z * p, mk_exp_pair(y, -1.0));
  return select8(is_nan8(x), splat(MK_NAN), mk_xor(v, mk_sign(x)));
}

MK_INLINE v8d mk_cosh(v8d x) {
  return select8(is_nan8(x), splat(MK_NAN), mk_exp_pair(abs8(x), 1.0));
}

// ---------------------------------------------------------------- cbrt, hypot

MK_INLINE v8d mk_cbrt(v8d x) {
  v8d y = abs8(x);
  v8i tiny = y < 0x1p-1022;
  v8i b = mk_bits(select8(tiny, y * 0x1p54, y));
  v8d e = mk_exponent(b, tiny);
  v8d m = mk_from_bits((b & 0xfffffffffffffLL) | 0x3ff0000000000000LL); // y = 2^e m, 1 <= m < 2
  v8d t = e * 0x1.5555555555555p-2 + MK_ROUND, j = e - 3.0 * (t - MK_ROUND); // e = 3 k + j, j = -1, 0, 1
  v8d m2 = m * m;
  // m^(-1/3) on 1 <= m <= 2; relative error below 5.8e-6.
  v8d r = mk_p4(m, m2, 0x1.c7edabb60ef44p+0, -0x1.90d388b22b5a1p+0, 0x1.3e4df78df2af2p+0, -0x1.31f8998192620p-1)
    + mk_p2(m, 0x1.3f7342d1ab852p-3, -0x1.16a5dece2db78p-6) * (m2 * m2);
  r *= select8(j > 0.0, splat(0x1.965fea53d6e3dp-1), select8(j < 0.0, splat(0x1.428a2f98d728bp+0), splat(1.0)));
  m *= select8(j > 0.0, splat(2.0), select8(j < 0.0, splat(0.5), splat(1.0)));
  // One step of third order for m^(-1/3), one of Newton's with an exact residual for m^(1/3).
  v8d d = 1.0 - m * r * (r * r);
  r += r * d * (0x1.5555555555555p-2 + d * 0x1.c71c71c71c71cp-3);
  v8d r2 = r * r, c = m * r2;
  mk_dd c2 = mk_product(c, c), c3 = mk_product(c2.hi, c);
  c += ((m - c3.hi) - (c3.lo + c2.lo * c)) * (r2 * 0x1.5555555555555p-2);
  v8d v = c * mk_from_bits(mk_shl(mk_bits(t) + 1023, 52));
  v = select8((y > 0.0) & (y < MK_INF), v, y);
  return select8(is_nan8(x), splat(MK_NAN), mk_xor(v, mk_sign(x)));
}

MK_INLINE v8d mk_hypot(v8d x, v8d y) {
  v8d ax = abs8(x), ay = abs8(y), a = max8(ax, ay), b = min8(ax, ay);
  v8i large = a > 0x1p500, small = a < 0x1p-400;
  v8d s = select8(large, splat(0x1p-600), select8(small, splat(0x1p600), splat(1.0)));
  v8d back = select8(large, splat(0x1p600), select8(small, splat(0x1p-600), splat(1.0)));
  a *= s, b *= s;
  // sqrt(a^2 + b^2), the sum a dd, with one correction
  mk_dd p = mk_product(a, a), q = mk_product(b, b), t = mk_fast_sum(p.hi, q.hi);
  v8d h = sqrt8(t.hi);
  mk_dd g = mk_product(h, h);
  v8d c = (((t.hi - g.hi) - g.lo) + (t.lo + (p.lo + q.lo))) / (h + h);
  v8d v = select8(h > 0.0, (h + c) * back, splat(0.0));
  v = select8(is_nan8(x) | is_nan8(y), splat(MK_NAN), v);
  return select8((ax == MK_INF) | (ay == MK_INF), splat(MK_INF), v);
}
