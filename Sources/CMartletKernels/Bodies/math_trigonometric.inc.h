// Sine, cosine, tangent.

typedef struct {
  V r, lo; // |r| <= pi / 4, and its rounding error
  M q;     // the quadrant, in the two lowest bits
} mk_trig_arg;

static __attribute__((noinline, cold, unused)) void MK_CAT(mk_trig_huge, MK_VL)(
  const double *x, double *r, double *lo, int64_t *q
) {
  for (int i = 0; i < MK_VL; i++)
    if (x[i] > 0x1.8p20 && x[i] < MK_INF) mk_trig_huge(x[i], r + i, lo + i, q + i);
}

// x >= 0 modulo pi/2. Cody-Waite: pi/2 in four parts, the first three of 33 bits, so that their products with
// the multiple (below 2^20) are exact; larger x go lane by lane.
MK_BLOCK mk_trig_arg mk_trig_reduce(V x) {
  V t = x * 0x1.45f306dc9c883p-1 + MK_ROUND, k = t - MK_ROUND;
  V a = x - k * 0x1.921fb54400000p+0;
  mk_dd b = mk_sum(a, k * -0x1.0b4611a600000p-34);
  mk_dd c = mk_sum(b.hi, k * -0x1.3198a2e000000p-69);
  mk_dd d = mk_fast_sum(c.hi, (b.lo + c.lo) - k * 0x1.b839a252049c1p-104);
  mk_trig_arg g = {d.hi, d.lo, mk_bits(t)};
  M huge = x > 0x1.8p20;
  if (__builtin_expect(mk_any(huge), 0)) {
    V xs = x;
    MK_CAT(mk_trig_huge, MK_VL)((const double *)&xs, (double *)&g.r, (double *)&g.lo, (int64_t *)&g.q);
  }
  return g;
}

typedef struct {
  mk_dd sin, cos;
} mk_sin_cos;

// Sine and cosine of the reduced argument, as unevaluated sums.
MK_BLOCK mk_sin_cos mk_trig_poly(mk_trig_arg a) {
  V z = a.r * a.r, z2 = z * z, z4 = z2 * z2, half = 0.5 * z, one = 1.0 - half;
  // (sin r - r) / r^3, z = r^2; times z its error is below 3.5e-18.
  V s = mk_p4(z, z2, -0x1.5555555555549p-3, 0x1.111111110f8a3p-7, -0x1.a01a019c15badp-13, 0x1.71de357ae4213p-19)
    + mk_p2(z, -0x1.ae5e688ce9ce8p-26, 0x1.5d93a66bfa92fp-33) * z4;
  // (cos r - 1 + z / 2) / z^2; times z^2 its error is below 5e-20.
  V c = mk_p4(z, z2, 0x1.555555555554cp-5, -0x1.6c16c16c1522bp-10, 0x1.a01a019cc11bcp-16, -0x1.27e4f814220b8p-22)
    + mk_p2(z, 0x1.1ee9f2550bff7p-29, -0x1.8fb1b7d6c9aabp-37) * z4;
  return (mk_sin_cos){
    {a.r, a.r * z * s + a.lo * one},
    {one, ((1.0 - one) - half) + (z2 * c - a.r * a.lo)},
  };
}

// sin(x) for shift 0, cos(x) for shift 1.
MK_BLOCK V mk_sin_shifted(V x, int64_t shift) {
  V y = ABS(x);
  mk_trig_arg a = mk_trig_reduce(y);
  mk_sin_cos t = mk_trig_poly(a);
  M q = a.q + shift;
  V v = PICK(mk_shl(q, 63), t.cos.hi + t.cos.lo, t.sin.hi + t.sin.lo);
  M sign = mk_shl(q, 62) & MK_SIGN;
  if (shift == 0) sign ^= mk_sign(x);
  return PICK(y < MK_INF, mk_xor(v, sign), SET(MK_NAN));
}

MK_BLOCK V mk_sin(V x) { return mk_sin_shifted(x, 0); }
MK_BLOCK V mk_cos(V x) { return mk_sin_shifted(x, 1); }

MK_BLOCK V mk_tan(V x) {
  V y = ABS(x);
  mk_trig_arg a = mk_trig_reduce(y);
  mk_sin_cos t = mk_trig_poly(a);
  mk_dd s = mk_fast_sum(t.sin.hi, t.sin.lo), c = mk_fast_sum(t.cos.hi, t.cos.lo);
  M odd = mk_shl(a.q, 63);
  mk_dd q = mk_quotient(
    PICK(odd, c.hi, s.hi), PICK(odd, c.lo, s.lo), PICK(odd, s.hi, c.hi), PICK(odd, s.lo, c.lo)
  );
  return PICK(y < MK_INF, mk_xor(q.hi + q.lo, odd ^ mk_sign(x)), SET(MK_NAN));
}
