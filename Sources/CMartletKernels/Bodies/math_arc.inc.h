// Inverse trigonometric functions.

// (atan t - t) / t^3, z = t^2, |t| <= tan(pi/8); times z its error is below 1.3e-18.
MK_BLOCK V mk_atan_poly(V z) {
  V z2 = z * z, z4 = z2 * z2;
  V low = mk_p8(
    z, z2, z4, -0x1.555555555553ep-2, 0x1.9999999995a71p-3, -0x1.24924922b8ffcp-3, 0x1.c71c70ea42a23p-4,
    -0x1.745cf94d5e3cdp-4, 0x1.3b112082c4157p-4, -0x1.10ec0816ce395p-4, 0x1.df139e7de0f40p-5
  );
  V high = mk_p2(z, -0x1.9ce5635a5121ep-5, 0x1.380320582950dp-5) + -0x1.25ca37492d80cp-6 * z2;
  return low + high * (z4 * z4);
}
// base + atan(t), both dd, base 0 or above |atan(t)|
MK_BLOCK V mk_atan_finish(mk_dd base, mk_dd t) {
  V z = t.hi * t.hi;
  V low = t.hi * z * mk_atan_poly(z) + (t.lo - t.lo * z) + base.lo;
  mk_dd s = mk_fast_sum(base.hi, t.hi);
  return s.hi + (s.lo + low);
}

MK_BLOCK V mk_atan(V x) {
  // Below tan(pi/8) x itself, above tan(3pi/8) pi/2 - atan(1/x), between pi/4 + atan((x - 1) / (x + 1)).
  V y = MINIMUM(ABS(x), SET(0x1p60));
  M low = y < 0x1.a827999fcef32p-2, high = y > 0x1.3504f333f9de6p+1;
  mk_dd n = mk_sum(y, SET(-1.0)), d = mk_sum(y, SET(1.0));
  n.hi = PICK(low, y, PICK(high, SET(-1.0), n.hi));
  d.hi = PICK(low, SET(1.0), PICK(high, y, d.hi));
  n.lo = PICK(low | high, SET(0.0), n.lo);
  d.lo = PICK(low | high, SET(0.0), d.lo);
  mk_dd base = {
    PICK(low, SET(0.0), PICK(high, SET(0.5 * MK_PI_HI), SET(0.25 * MK_PI_HI))),
    PICK(low, SET(0.0), PICK(high, SET(0.5 * MK_PI_LO), SET(0.25 * MK_PI_LO))),
  };
  V v = mk_atan_finish(base, mk_quotient(n.hi, n.lo, d.hi, d.lo));
  return PICK(UNDEFINED(x), SET(MK_NAN), mk_xor(v, mk_sign(x)));
}

MK_BLOCK V mk_atan2(V y, V x) {
  V ax = ABS(x), ay = ABS(y);
  M steep = ay > ax;
  V a = PICK(steep, ax, ay), b = PICK(steep, ay, ax); // a <= b
  M infinite = b == MK_INF;
  a = PICK(infinite, PICK(a == MK_INF, SET(1.0), SET(0.0)), a);
  b = PICK(infinite | (b == 0.0), SET(1.0), b);
  // Scaled by a power of two so that 2 <= b < 4.
  M tiny = b < 0x1p-900;
  a = PICK(tiny, a * 0x1p100, a), b = PICK(tiny, b * 0x1p100, b);
  V scale = mk_from_bits((0x7ffLL << 52) - (mk_bits(b) & (0x7ffLL << 52)));
  a *= scale, b *= scale;
  // atan(a / b) = pi/4 + atan((a - b) / (a + b)) when a / b is above tan(pi/8)
  M middle = a > b * 0x1.a827999fcef32p-2;
  mk_dd n = mk_fast_sum(b, -a), d = mk_fast_sum(b, a);
  mk_dd t = mk_quotient(
    PICK(middle, -n.hi, a), PICK(middle, -n.lo, SET(0.0)), PICK(middle, d.hi, b),
    PICK(middle, d.lo, SET(0.0))
  );
  // Steep: pi/2 minus it. x negative: pi minus it.
  M left = mk_sign(x) < 0;
  V c = PICK(middle, SET(0.25), SET(0.0)); // the multiple of pi to add
  c = PICK(steep, 0.5 - c, c);
  c = PICK(left, 1.0 - c, c);
  M flip = mk_bits(PICK(steep, SET(-0.0), SET(0.0))) ^ mk_sign(x);
  t.hi = mk_xor(t.hi, flip), t.lo = mk_xor(t.lo, flip);
  // The multiples 0, 1/4, 1/2, 1 of pi are exact as they are; 3/4 is not.
  M odd = c == 0.75;
  mk_dd base = {
    PICK(odd, SET(0x1.2d97c7f3321d2p+1), c * MK_PI_HI),
    PICK(odd, SET(0x1.a79394c9e8a0ap-54), c * MK_PI_LO),
  };
  V v = mk_xor(mk_atan_finish(base, t), mk_sign(y));
  return PICK(UNDEFINED(x) | UNDEFINED(y), SET(MK_NAN), v);
}

typedef struct {
  M big;     // y > 1/2
  V w, tail; // asin(w) = w + tail, where w is y or, if big, sqrt((1 - y) / 2)
} mk_asin_parts;

MK_BLOCK mk_asin_parts mk_asin_split(V y) {
  M big = y > 0.5;
  V h = 0.5 - 0.5 * y, s = ROOT(h);
  mk_dd p = mk_product(s, s);
  V rest = ((h - p.hi) - p.lo) / MAXIMUM(s + s, SET(0x1p-60));
  V z = PICK(big, h, y * y), z2 = z * z, z4 = z2 * z2, w = PICK(big, s, y);
  // (asin w - w) / w^3, z = w^2 <= 1/4; times z its error is below 1.7e-17.
  V v = mk_p8(
    z, z2, z4, 0x1.55555555553e8p-3, 0x1.3333333367008p-4, 0x1.6db6db4652aacp-5, 0x1.f1c72b31837a4p-6,
    0x1.6e8a095fca513p-6, 0x1.1c6acb0104b26p-6, 0x1.c710e08b26ffdp-7, 0x1.8e51e4d4fcf06p-7
  ) + mk_p4(z, z2, 0x1.af49e9d44a1d9p-8, 0x1.3dc52416d7dffp-6, -0x1.06a6ee92a3b45p-6, 0x1.046a4be1e3534p-5)
      * (z4 * z4);
  return (mk_asin_parts){big, w, w * z * v + PICK(big, rest, SET(0.0))};
}

MK_BLOCK V mk_asin(V x) {
  V y = ABS(x);
  mk_asin_parts a = mk_asin_split(y);
  // pi/2 - 2 asin(w) if big
  V m = PICK(a.big, SET(-2.0), SET(1.0));
  mk_dd s = mk_fast_sum(PICK(a.big, SET(0.5 * MK_PI_HI), SET(0.0)), m * a.w);
  V v = s.hi + (s.lo + (m * a.tail + PICK(a.big, SET(0.5 * MK_PI_LO), SET(0.0))));
  return PICK(y <= 1.0, mk_xor(v, mk_sign(x)), SET(MK_NAN));
}

MK_BLOCK V mk_acos(V x) {
  V y = ABS(x);
  mk_asin_parts a = mk_asin_split(y);
  // pi/2 - asin(x); if big 2 asin(w), or pi minus that when x is negative
  V n = PICK(a.big, PICK(x < 0.0, SET(1.0), SET(0.0)), SET(0.5));
  V m = mk_xor(PICK(a.big, SET(2.0), SET(-1.0)), mk_sign(x));
  mk_dd s = mk_fast_sum(n * MK_PI_HI, m * a.w);
  V v = s.hi + (s.lo + (m * a.tail + n * MK_PI_LO));
  return PICK(y <= 1.0, v, SET(MK_NAN));
}
