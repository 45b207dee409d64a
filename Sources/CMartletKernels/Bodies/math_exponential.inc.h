// exp, exp2, expm1, the logistic function, sinh, cosh, tanh.

typedef struct {
  V r, lo; // the reduced argument, |r| <= ln 2 / 2, and its rounding error
  M k;     // the power of two, plus the bias asked for
} mk_exp_arg;

MK_BLOCK mk_exp_arg mk_exp_reduce(V x, int64_t bias) {
  V t = x * MK_LOG2E + MK_ROUND, k = t - MK_ROUND;
  V a = x - k * MK_LN2_HI, b = k * MK_LN2_LO, r = a - b;
  return (mk_exp_arg){r, (a - r) - b, mk_bits(t) - (MK_ROUND_BITS - bias)};
}
// The same for x + lo.
MK_BLOCK mk_exp_arg mk_exp_reduce_dd(V x, V lo, int64_t bias) {
  mk_exp_arg a = mk_exp_reduce(x, bias);
  mk_dd s = mk_fast_sum(a.r, a.lo + lo);
  return (mk_exp_arg){s.hi, s.lo, a.k};
}
// (e^r - 1 - r) / r^2 on |r| <= ln 2 / 2; times r^2 its error is below 3.9e-18.
MK_BLOCK V mk_exp_poly(V r, V r2) {
  V r4 = r2 * r2;
  V low = mk_p8(
    r, r2, r4, 0x1.000000000000ap-1, 0x1.5555555555504p-3, 0x1.5555555550606p-5, 0x1.11111111248fdp-7,
    0x1.6c16c184b601dp-10, 0x1.a01a013ec4cb2p-13, 0x1.a01998886e4acp-16, 0x1.71def0d8529c1p-19
  );
  return low + mk_p2(r, 0x1.28aee1d9e6991p-22, 0x1.addcfe3ca9e6dp-26) * (r4 * r4);
}
// y 2^(k - 2046), in two steps, so that it overflows and underflows gradually as it should.
MK_BLOCK V mk_scale(V y, M k) {
  M half = mk_shr(k, 1);
  return y * mk_from_bits(mk_shl(half, 52)) * mk_from_bits(mk_shl(k - half, 52));
}
// 2^k y, where that is a normal number.
MK_BLOCK V mk_scale_normal(V y, M k) { return mk_from_bits(mk_bits(y) + mk_shl(k, 52)); }
// e^(r + lo) - 1 - r
MK_BLOCK V mk_exp_tail(mk_exp_arg a) {
  V r2 = a.r * a.r;
  return mk_exp_poly(a.r, r2) * r2 + a.lo;
}
// e^(r + lo), rounded twice or (more work) once.
MK_BLOCK V mk_exp_sum(mk_exp_arg a) { return 1.0 + (a.r + mk_exp_tail(a)); }
MK_BLOCK V mk_exp_sum_near(mk_exp_arg a) {
  mk_dd s = mk_fast_sum(SET(1.0), a.r);
  return s.hi + (s.lo + mk_exp_tail(a));
}
// e^(r + lo) 2^(k - 2046)
MK_BLOCK V mk_exp_finish(mk_exp_arg a) { return mk_scale(mk_exp_sum_near(a), a.k); }

MK_RARE mk_exp_rare(const V *x, V *y) {
  mk_exp_arg a = mk_exp_reduce(MINIMUM(MAXIMUM(*x, SET(-746.0)), SET(710.0)), 2046);
  *y = PICK(UNDEFINED(*x), SET(MK_NAN), mk_scale(mk_exp_sum(a), a.k));
}
MK_BLOCK V mk_exp(V x) {
  mk_exp_arg a = mk_exp_reduce(x, 0);
  V y = mk_scale_normal(mk_exp_sum(a), a.k);
  if (__builtin_expect(mk_any(~(ABS(x) < 708.0)), 0)) mk_exp_rare(&x, &y);
  return y;
}

// 2^r - 1 over r on |r| <= 1/2; times r its error is below 2e-17.
MK_BLOCK V mk_exp2_sum(V r) {
  V r2 = r * r, r4 = r2 * r2;
  V p = mk_p8(
    r, r2, r4, 0x1.62e42fefa39f3p-1, 0x1.ebfbdff82c599p-3, 0x1.c6b08d7048dc4p-5, 0x1.3b2ab6fba1afap-7,
    0x1.5d87fe7bf7bfep-10, 0x1.4309130a33933p-13, 0x1.ffcbed3c33809p-17, 0x1.62bfd21dc117ap-20
  ) + (mk_p2(r, 0x1.b5433f00760d2p-24, 0x1.e60afa0d03b52p-28) + 0x1.bdede34b09418p-32 * r2) * (r4 * r4);
  return 1.0 + r * p;
}
MK_RARE mk_exp2_rare(const V *x, V *y) {
  V c = MINIMUM(MAXIMUM(*x, SET(-1080.0)), SET(1025.0)), t = c + MK_ROUND;
  V v = mk_scale(mk_exp2_sum(c - (t - MK_ROUND)), mk_bits(t) - (MK_ROUND_BITS - 2046));
  *y = PICK(UNDEFINED(*x), SET(MK_NAN), v);
}
MK_BLOCK V mk_exp2(V x) {
  V t = x + MK_ROUND, y = mk_scale_normal(mk_exp2_sum(x - (t - MK_ROUND)), mk_bits(t));
  if (__builtin_expect(mk_any(~(ABS(x) < 1021.0)), 0)) mk_exp2_rare(&x, &y);
  return y;
}

MK_RARE mk_expm1_rare(const V *x, V *y) {
  // 2^k ((1 - 2^-k) + r + r^2 P(r))
  V c = MINIMUM(MAXIMUM(*x, SET(-40.0)), SET(710.0));
  mk_exp_arg a = mk_exp_reduce(c, 2046);
  V inverse = mk_from_bits(mk_shl((2046 + 1023) - a.k, 52));
  mk_dd p = mk_fast_sum(a.r, mk_exp_tail(a));
  mk_dd s = mk_fast_sum(1.0 - PICK(c > 45.0, SET(0.0), inverse), p.hi);
  V v = mk_scale(s.hi + (s.lo + p.lo), a.k);
  v = PICK(ABS(*x) < 0x1p-54, *x, v);
  *y = PICK(UNDEFINED(*x), SET(MK_NAN), v);
}
MK_BLOCK V mk_expm1(V x) {
  mk_exp_arg a = mk_exp_reduce(x, 0);
  mk_dd p = mk_fast_sum(a.r, mk_exp_tail(a));
  mk_dd s = mk_fast_sum(1.0 - mk_from_bits(mk_shl(1023 - a.k, 52)), p.hi);
  V y = (s.hi + (s.lo + p.lo)) * mk_from_bits(mk_shl(a.k + 1023, 52));
  M tiny = ABS(x) < 0x1p-54;
  y = PICK(tiny, x, y);
  if (__builtin_expect(mk_any(~(ABS(x) < 36.0)), 0)) mk_expm1_rare(&x, &y);
  return y;
}

// 1 / (1 + e^-x)
MK_BLOCK V mk_sigmoid(V x) {
  // With e = exp(-|x|): 1 / (1 + e), or e / (1 + e) for negative x; d.lo times the derivative by d is added.
  M left = x < 0.0;
  mk_exp_arg a = mk_exp_reduce(-MINIMUM(ABS(x), SET(746.0)), 2046);
  V e = mk_scale(mk_exp_sum(a), a.k);
  mk_dd d = mk_fast_sum(SET(1.0), e);
  V q = PICK(left, e, SET(1.0)) / d.hi;
  return PICK(UNDEFINED(x), SET(MK_NAN), q - q * d.lo * PICK(left, 1.0 - q, q));
}

// (e^y + sign e^-y) / 2 = 2^(k - 1) (e^r + sign 4^-k / e^r) for y >= 0
MK_BLOCK V mk_exp_pair(V y, double sign) {
  y = MINIMUM(y, SET(711.0));
  mk_exp_arg a = mk_exp_reduce(y, 0);
  mk_dd s = mk_fast_sum(SET(1.0), a.r);
  mk_dd e = mk_fast_sum(s.hi, s.lo + mk_exp_tail(a));
  V w = PICK(y > 40.0, SET(0.0), mk_from_bits(mk_shl(1023 - (a.k + a.k), 52)));
  mk_dd v = mk_fast_sum(e.hi, sign * w / e.hi);
  return mk_scale(v.hi + (v.lo + e.lo), a.k + 2045);
}

MK_BLOCK V mk_sinh(V x) {
  V y = ABS(x), z = y * y, z2 = z * z;
  // (sinh x - x) / x^3, z = x^2 <= 1; error below 3.2e-19.
  V p = mk_p4(z, z2, 0x1.5555555555556p-3, 0x1.1111111111040p-7, 0x1.a01a01a0318efp-13, 0x1.71de3a4054d4bp-19)
    + (mk_p2(z, 0x1.ae646b4dacdfcp-26, 0x1.6118e01671616p-33) + 0x1.b52e3c630be53p-41 * z2) * (z2 * z2);
  V v = PICK(y < 1.0, y + y * z * p, mk_exp_pair(y, -1.0));
  return PICK(UNDEFINED(x), SET(MK_NAN), mk_xor(v, mk_sign(x)));
}

MK_BLOCK V mk_cosh(V x) { return PICK(UNDEFINED(x), SET(MK_NAN), mk_exp_pair(ABS(x), 1.0)); }

MK_BLOCK V mk_tanh(V x) {
  // 1 - 2 / (e^(2|x|) + 1), or x + x^3 P(x^2) / Q(x^2) below 0.6: one division for both.
  V y = ABS(x), z = y * y;
  mk_exp_arg a = mk_exp_reduce(2.0 * MINIMUM(y, SET(20.0)), 0);
  V e = mk_scale_normal(mk_exp_sum(a), a.k);
  // (tanh x / x - 1) / x^2, z = x^2 <= 0.36; times z its error is below 5.4e-18.
  V p = y * z * (-0x1.5555555555554p-2 + z * (-0x1.4fd6ffc6754ffp-6 + z * -0x1.a1a2c94f92631p-13));
  V q = 1.0 + z * (0x1.d891e98ecf8d4p-2 + z * (0x1.7d96a9ed41f23p-6 + z * 0x1.b10e8fb85b892p-13));
  M big = y > 0.6;
  V v = PICK(big, SET(1.0), y) + PICK(big, SET(-2.0), p) / PICK(big, e + 1.0, q);
  return PICK(UNDEFINED(x), SET(MK_NAN), mk_xor(v, mk_sign(x)));
}
