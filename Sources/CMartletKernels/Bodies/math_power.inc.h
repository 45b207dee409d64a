// Powers and roots.

// (a.hi + a.lo) (b.hi + b.lo)
MK_BLOCK mk_dd mk_dd_product(mk_dd a, mk_dd b) {
  mk_dd p = mk_product(a.hi, b.hi);
  p.lo += a.hi * b.lo + a.lo * b.hi;
  return p;
}
// log x with a relative error of about 2^-65, for positive finite x.
MK_BLOCK mk_dd mk_log_dd(V x) {
  mk_log_arg a = mk_log_reduce(x);
  V f = a.m - 1.0, d = a.m + 1.0;
  mk_dd s = mk_quotient(f, SET(0.0), d, a.m - (d - 1.0));
  s = mk_fast_sum(s.hi, s.lo);
  mk_dd z = mk_dd_product(s, s);
  V z2 = z.hi * z.hi;
  // (atanh(s) / s - 1 - z/3 - z^2/5) / z^3, z = s^2 <= 0.0295; times z^3 its error is below 1.6e-22.
  V p = mk_p4(z.hi, z2, 0x1.24924924926bap-3, 0x1.c71c71c6889f0p-4, 0x1.745d17be60bfap-4, 0x1.3b137f13b80a2p-4)
    + (mk_p2(z.hi, 0x1.111cc7af719b2p-4, 0x1.dec723e6c9ce4p-5) + 0x1.e6995f48903bcp-5 * z2) * (z2 * z2);
  // c = s^3 / 3 as a dd and the rest, below 2^-12 of s, rounded
  mk_dd third = {SET(0x1.5555555555555p-2), SET(0x1.5555555555555p-56)};
  mk_dd c = mk_dd_product(mk_dd_product(s, z), third);
  c.lo += s.hi * z2 * (0x1.999999999999ap-3 + p * z.hi);
  // k ln2 + 2 s + 2 c
  mk_dd h = mk_fast_sum(a.k * MK_LN2_HI, 2.0 * s.hi), g = mk_sum(h.hi, 2.0 * c.hi);
  return mk_fast_sum(g.hi, g.lo + (h.lo + (2.0 * (s.lo + c.lo) + a.k * MK_LN2_LO)));
}

MK_BLOCK V mk_pow(V x, V y) {
  V ax = ABS(x), ay = ABS(y);
  mk_dd l = mk_log_dd(ax);
  l.hi = PICK(ax == 0.0, SET(-MK_INF), PICK(ax == MK_INF, SET(MK_INF), l.hi));
  // Beyond 2^70 an exponent gives 0, 1 or infinity whatever it is.
  V n = MINIMUM(MAXIMUM(y, SET(-0x1p70)), SET(0x1p70));
  mk_dd e = mk_product(n, l.hi);
  e.lo += n * l.lo;
  V c = MINIMUM(MAXIMUM(e.hi, SET(-746.0)), SET(710.0));
  mk_exp_arg a = mk_exp_reduce_dd(c, PICK(c == e.hi, e.lo, SET(0.0)), 2046);
  V v = mk_exp_finish(a);
  // Is y an integer, and an odd one?
  M whole = ay >= 0x1p52;
  V t = PICK(whole, ay, ay + 0x1p52);
  whole |= (t - 0x1p52) == ay;
  M odd = whole & (ay < 0x1p53) & mk_shl(mk_bits(t), 63); // in the sign bit
  v = mk_xor(v, odd & mk_sign(x));
  M bad = UNDEFINED(x) | UNDEFINED(y) | ((x < 0.0) & (x > -MK_INF) & ~whole);
  v = PICK(bad, SET(MK_NAN), v);
  return PICK((y == 0.0) | (x == 1.0), SET(1.0), v);
}

// The root of a positive normal number.
MK_BLOCK V mk_cbrt_sum(V y) {
  M b = mk_bits(y);
  V e = mk_from_bits(mk_shr(b, 52) | 0x4330000000000000LL) - (0x1p52 + 1023);
  V m = mk_from_bits((b & 0xfffffffffffffLL) | 0x3ff0000000000000LL); // y = 2^e m, 1 <= m < 2
  V t = e * 0x1.5555555555555p-2 + MK_ROUND, j = e - 3.0 * (t - MK_ROUND); // e = 3 k + j, j = -1, 0, 1
  V m2 = m * m;
  // m^(-1/3) on 1 <= m <= 2; relative error below 5.8e-6.
  V r = mk_p4(m, m2, 0x1.c7edabb60ef44p+0, -0x1.90d388b22b5a1p+0, 0x1.3e4df78df2af2p+0, -0x1.31f8998192620p-1)
    + mk_p2(m, 0x1.3f7342d1ab852p-3, -0x1.16a5dece2db78p-6) * (m2 * m2);
  M up = j > 0.0, down = j < 0.0;
  r *= PICK(up, SET(0x1.965fea53d6e3dp-1), PICK(down, SET(0x1.428a2f98d728bp+0), SET(1.0)));
  m *= PICK(up, SET(2.0), PICK(down, SET(0.5), SET(1.0)));
  // One step of third order for m^(-1/3), one of Newton's for m^(1/3).
  V d = 1.0 - m * r * (r * r);
  r += r * d * (0x1.5555555555555p-2 + d * 0x1.c71c71c71c71cp-3);
  V r2 = r * r, c = m * r2;
  c += (m - c * c * c) * (r2 * 0x1.5555555555555p-2);
  return mk_scale_normal(c, mk_bits(t));
}
MK_RARE mk_cbrt_rare(const V *x, V *v) {
  // Subnormal numbers times 2^54, their roots by 2^-18.
  V y = ABS(*x);
  M tiny = y < 0x1p-1022, plain = (y > 0.0) & (y < MK_INF);
  V c = mk_cbrt_sum(PICK(plain, PICK(tiny, y * 0x1p54, y), SET(1.0)));
  c = PICK(plain, PICK(tiny, c * 0x1p-18, c), y);
  *v = PICK(UNDEFINED(*x), SET(MK_NAN), mk_xor(c, mk_sign(*x)));
}
MK_BLOCK V mk_cbrt(V x) {
  V y = ABS(x), v = mk_xor(mk_cbrt_sum(y), mk_sign(x));
  if (__builtin_expect(mk_any(mk_log_is_rare(y)), 0)) mk_cbrt_rare(&x, &v);
  return v;
}

MK_BLOCK V mk_hypot(V x, V y) {
  V ax = ABS(x), ay = ABS(y), a = MAXIMUM(ax, ay), b = MINIMUM(ax, ay);
  M large = a > 0x1p500, small = a < 0x1p-400;
  V s = PICK(large, SET(0x1p-600), PICK(small, SET(0x1p600), SET(1.0)));
  V back = PICK(large, SET(0x1p600), PICK(small, SET(0x1p-600), SET(1.0)));
  a *= s, b *= s;
  // sqrt(a^2 + b^2), the sum a dd, with one correction
  mk_dd p = mk_product(a, a), q = mk_product(b, b), t = mk_fast_sum(p.hi, q.hi);
  V h = ROOT(t.hi);
  mk_dd g = mk_product(h, h);
  V c = (((t.hi - g.hi) - g.lo) + (t.lo + (p.lo + q.lo))) / (h + h);
  V v = PICK(h > 0.0, (h + c) * back, SET(0.0));
  v = PICK(UNDEFINED(x) | UNDEFINED(y), SET(MK_NAN), v);
  return PICK((ax == MK_INF) | (ay == MK_INF), SET(MK_INF), v);
}
