// Logarithms and what is made of them.

typedef struct {
  V k, m; // x = 2^k m with sqrt(1/2) <= m < sqrt(2)
} mk_log_arg;

// The exponent of a positive number from its bits; tiny ones were multiplied by 2^54 before.
MK_BLOCK V mk_exponent(M b, M tiny) {
  V biased = mk_from_bits(mk_shr(b, 52) | 0x4330000000000000LL);
  return biased - PICK(tiny, SET(0x1p52 + 1077), SET(0x1p52 + 1023));
}
// For positive finite x, subnormal ones included.
MK_BLOCK mk_log_arg mk_log_reduce(V x) {
  M tiny = x < 0x1p-1022;
  M b = mk_bits(PICK(tiny, x * 0x1p54, x)) + (0x3ff0000000000000LL - 0x3fe6a09e667f3bcdLL);
  V k = mk_exponent(b, tiny);
  return (mk_log_arg){k, mk_from_bits((b & 0xfffffffffffffLL) + 0x3fe6a09e667f3bcdLL)};
}
// The same for positive normal x.
MK_BLOCK mk_log_arg mk_log_reduce_normal(V x) {
  M b = mk_bits(x) + (0x3ff0000000000000LL - 0x3fe6a09e667f3bcdLL);
  V k = mk_from_bits(mk_shr(b, 52) | 0x4330000000000000LL) - (0x1p52 + 1023);
  return (mk_log_arg){k, mk_from_bits((b & 0xfffffffffffffLL) + 0x3fe6a09e667f3bcdLL)};
}
// Anything but positive normal numbers.
MK_BLOCK M mk_log_is_rare(V x) { return mk_bits(x) + (1LL << 52) < (1LL << 53); }
// (log((1 + s) / (1 - s)) - 2 s) / s, z = s^2 <= 0.0295; error below 2.7e-18.
MK_BLOCK V mk_log_poly(V z) {
  V z2 = z * z;
  V p = mk_p4(z, z2, 0x1.555555555558fp-1, 0x1.99999999809cep-2, 0x1.2492494174b85p-2, 0x1.c71c52547c9cdp-3)
    + (mk_p2(z, 0x1.746633817e160p-3, 0x1.39a28e8d6e5c8p-3) + 0x1.2effbb8a9de90p-3 * z2) * (z2 * z2);
  return p * z;
}
// What log gives outside the positive finite numbers, for a y computed from some x there.
MK_BLOCK V mk_log_special(V x, V y) {
  y = PICK(x == 0.0, SET(-MK_INF), y);
  y = PICK(x == MK_INF, x, y);
  return PICK(x >= 0.0, y, SET(MK_NAN));
}

// k ln2 + log(m)
MK_BLOCK V mk_log_sum(mk_log_arg a) {
  V f = a.m - 1.0, s = f / (a.m + 1.0), half = 0.5 * f * f;
  return a.k * MK_LN2_HI + (f + ((a.k * MK_LN2_LO - half) + s * (half + mk_log_poly(s * s))));
}
// Outside the positive normal numbers.
MK_RARE mk_log_rare(const V *x, V *y) {
  *y = mk_log_special(*x, mk_log_sum(mk_log_reduce(*x)));
}
MK_BLOCK V mk_log(V x) {
  V y = mk_log_sum(mk_log_reduce_normal(x));
  if (__builtin_expect(mk_any(mk_log_is_rare(x)), 0)) mk_log_rare(&x, &y);
  return y;
}

// log(u + c) for 1 + x = u + c as a dd, u positive and normal
MK_BLOCK V mk_log_dd_sum(mk_dd u) {
  mk_log_arg a = mk_log_reduce_normal(u.hi);
  V scale = mk_from_bits(mk_shl(mk_bits((MK_ROUND + 1023) - MINIMUM(a.k, SET(1023.0))), 52)); // 2^-k, or 0
  V f = a.m - 1.0, s = f / (a.m + 1.0), half = 0.5 * f * f, c = u.lo * scale;
  V t = (a.k * MK_LN2_LO - half) + s * (half + mk_log_poly(s * s));
  return a.k * MK_LN2_HI + (f + (t + (c - c * f)));
}
MK_RARE mk_log1p_rare(const V *x, V *y) {
  V v = PICK(*x == -1.0, SET(-MK_INF), SET(MK_NAN));
  v = PICK(*x == MK_INF, *x, v);
  *y = PICK((*x > -1.0) & (*x < MK_INF), *y, v);
}
MK_BLOCK V mk_log1p(V x) {
  mk_dd u = mk_sum(SET(1.0), x);
  V y = mk_log_dd_sum(u);
  y = PICK(x == 0.0, x, y);
  if (__builtin_expect(mk_any(mk_log_is_rare(u.hi)), 0)) mk_log1p_rare(&x, &y);
  return y;
}

MK_BLOCK V mk_log2_sum(mk_log_arg a) {
  V f = a.m - 1.0, s = f / (a.m + 1.0), half = 0.5 * f * f;
  return a.k + (f * MK_LOG2E + (s * (half + mk_log_poly(s * s)) - half) * MK_LOG2E);
}
MK_RARE mk_log2_rare(const V *x, V *y) { *y = mk_log_special(*x, mk_log2_sum(mk_log_reduce(*x))); }
MK_BLOCK V mk_log2(V x) {
  V y = mk_log2_sum(mk_log_reduce_normal(x));
  if (__builtin_expect(mk_any(mk_log_is_rare(x)), 0)) mk_log2_rare(&x, &y);
  return y;
}

// log m as hi + lo, hi with 26 bits.
MK_BLOCK mk_dd mk_log_parts(V m) {
  V f = m - 1.0, s = f / (m + 1.0), half = 0.5 * f * f;
  V hi = mk_head(f - half);
  return (mk_dd){hi, ((f - hi) - half) + s * (half + mk_log_poly(s * s))};
}

MK_BLOCK V mk_log10_sum(mk_log_arg a) {
  mk_dd l = mk_log_parts(a.m);
  // 1 / ln 10 in two parts, the first of 27 bits; log10(2) in two parts, the first of 42.
  V rest = l.lo * 0x1.bcb7b14000000p-2 + (l.hi + l.lo) * 0x1.26e50e32a6ab7p-30;
  mk_dd s = mk_fast_sum(a.k * 0x1.34413509f7800p-2, l.hi * 0x1.bcb7b14000000p-2);
  return s.hi + (s.lo + (rest + a.k * 0x1.fef311f12b358p-46));
}
MK_RARE mk_log10_rare(const V *x, V *y) { *y = mk_log_special(*x, mk_log10_sum(mk_log_reduce(*x))); }
MK_BLOCK V mk_log10(V x) {
  V y = mk_log10_sum(mk_log_reduce_normal(x));
  if (__builtin_expect(mk_any(mk_log_is_rare(x)), 0)) mk_log10_rare(&x, &y);
  return y;
}

MK_BLOCK V mk_asinh(V x) {
  // log(1 + t) with t = y + y^2 / (1 + sqrt(1 + y^2)) and y = |x|, or log(y) + log 2 for large y.
  V y = ABS(x);
  M big = y > 0x1p30;
  V c = PICK(big, SET(1.0), y), z = c * c;
  mk_dd t = mk_fast_sum(c, z / (1.0 + ROOT(1.0 + z))), u = mk_sum(SET(1.0), t.hi);
  u.hi = PICK(big, MINIMUM(y, SET(0x1.fffffffffffffp1023)), u.hi);
  u.lo = PICK(big, SET(0.0), u.lo + t.lo);
  V v = mk_log_dd_sum(u) + PICK(big, SET(MK_LN2), SET(0.0));
  v = PICK(y < 0x1p-28, y, v);
  v = PICK(y == MK_INF, y, v);
  return PICK(UNDEFINED(x), SET(MK_NAN), mk_xor(v, mk_sign(x)));
}

MK_BLOCK V mk_acosh(V x) {
  // log(1 + t) with t = d + sqrt(d^2 + 2 d) and d = x - 1, or log(x) + log 2 for large x.
  M big = x > 0x1p30;
  V d = PICK((x >= 1.0) & ~big, x, SET(1.0)) - 1.0;
  mk_dd e = mk_fast_sum(SET(2.0), d), p = mk_product(d, e.hi);
  V r = ROOT(p.hi);
  mk_dd t = mk_sum(r, d);
  t.lo += 0.5 * (p.lo + d * e.lo) / MAXIMUM(r, SET(0x1p-60));
  mk_dd u = mk_sum(SET(1.0), t.hi);
  u.hi = PICK(big, MINIMUM(x, SET(0x1.fffffffffffffp1023)), u.hi);
  u.lo = PICK(big, SET(0.0), u.lo + t.lo);
  V v = mk_log_dd_sum(u) + PICK(big, SET(MK_LN2), SET(0.0));
  v = PICK(x == MK_INF, x, v);
  return PICK(x >= 1.0, v, SET(MK_NAN));
}

MK_BLOCK V mk_atanh(V x) {
  // log(n / d) / 2 = k log(2) / 2 + s + s P(s^2) / 2 with n = (1 + y) / 2^k, d = 1 - y, s = (n - d) / (n + d).
  V y = MINIMUM(ABS(x), SET(0x1.fffffffffffffp-1));
  mk_dd p = mk_fast_sum(SET(1.0), y), d = mk_fast_sum(SET(1.0), -y);
  // The difference of the bits is nearly the logarithm of the quotient: k is right to 0.59.
  M b = mk_bits(p.hi) - mk_bits(d.hi) + (1LL << 51);
  V k = mk_from_bits(mk_shr(b, 52) | 0x4330000000000000LL) - 0x1p52;
  V scale = mk_from_bits((1023LL << 52) - (b & (0x7ffLL << 52)));
  p.hi *= scale, p.lo *= scale;
  mk_dd e = mk_fast_sum(p.hi, d.hi), q = mk_quotient(p.hi - d.hi, p.lo - d.lo, e.hi, e.lo + (p.lo + d.lo));
  M plain = k == 0.0;
  V s = PICK(plain, y, q.hi), rest = PICK(plain, SET(0.0), q.lo);
  // (log((1 + s) / (1 - s)) - 2 s) / s / z, z = s^2 <= 0.0404; times z its error is below 3.1e-19.
  V z = s * s, z2 = z * z;
  V c = mk_p8(
    z, z2, z2 * z2, 0x1.555555555554fp-1, 0x1.999999999c231p-2, 0x1.24924921d43c4p-2, 0x1.c71c74a090c48p-3,
    0x1.745c4689c50abp-3, 0x1.3b365648b8b8dp-3, 0x1.0dc1613de595fp-3, 0x1.1bc892ae15983p-3
  );
  V v = k * (0.5 * MK_LN2_HI) + (s + ((0.5 * s * (c * z) + rest) + k * (0.5 * MK_LN2_LO)));
  v = PICK(ABS(x) == 1.0, SET(MK_INF), v);
  v = mk_from_bits(mk_bits(v) | mk_sign(x));
  return PICK(ABS(x) <= 1.0, v, SET(MK_NAN));
}

// log(e^x + e^y): the larger plus log(1 + e^-|x - y|). Where these nearly cancel the error is that of the larger.
MK_BLOCK V mk_logaddexp(V x, V y) {
  M less = x < y;
  V a = PICK(less, y, x), b = PICK(less, x, y);
  mk_dd d = mk_sum(b, -a);
  M same = a == b, far = ~(d.hi > -745.0) & ~same; // infinities of one sign differ by nothing
  M zero = same | far;
  mk_exp_arg e = mk_exp_reduce_dd(PICK(zero, SET(0.0), d.hi), PICK(zero, SET(0.0), d.lo), 2046);
  V v = PICK(far, a, a + mk_log_dd_sum(mk_fast_sum(SET(1.0), mk_exp_finish(e))));
  return PICK(UNDEFINED(x) | UNDEFINED(y), SET(MK_NAN), v);
}
