// Sine, cosine, tangent and their inverses.

typedef struct {
  D r; // |r| <= pi / 4, in double
  W q; // the quadrant, in the two lowest bits
} mkf_trig_arg;

// x >= 0 below 2^20 modulo pi/2: the products with the first 33 bits of it are exact.
MK_INLINE mkf_trig_arg mkf_trig_reduce(F x) {
  D d = DOUBLES(x), t = d * 0x1.45f306dc9c883p-1 + MK_ROUND, k = t - MK_ROUND;
  D r = (d - k * 0x1.921fb54400000p+0) - k * 0x1.0b4611a626331p-34;
  return (mkf_trig_arg){r, __builtin_convertvector((MK_CAT(vm, MK_VL))t, W)};
}
// sin(x) for shift 0, cos(x) for shift 1.
MK_INLINE F mkf_sin_shifted(F x, int32_t shift) {
  mkf_trig_arg a = mkf_trig_reduce(ABS(x));
  F r = FLOATS(a.r), z = r * r;
  // (sin r - r) / r^3, z = r^2; times z its error is below 4e-9.
  F s = r + r * z * (-0x1.555546p-3f + z * (0x1.110778p-7f + z * -0x1.99540ap-13f));
  // (cos r - 1 + z / 2) / z^2; times z^2 its error is below 1.3e-10.
  F c = 1.0f - (0.5f * z - z * z * (0x1.55554ap-5f + z * (-0x1.6c0c28p-10f + z * 0x1.99e7fap-16f)));
  W q = a.q + shift;
  F v = PICK(mkf_shl(q, 31) < 0, c, s);
  W sign = mkf_shl(q, 30) & MKF_SIGN;
  if (shift == 0) sign ^= mkf_sign(x);
  return mkf_xor(v, sign);
}

MKF_RARE1(sin)
MK_INLINE F mkf_sin(F x) { return mkf_sin_check(mkf_sin_shifted(x, 0), x, ~(ABS(x) < 0x1p20f)); }
MKF_RARE1(cos)
MK_INLINE F mkf_cos(F x) { return mkf_cos_check(mkf_sin_shifted(x, 1), x, ~(ABS(x) < 0x1p20f)); }

MKF_RARE1(tan)
MK_INLINE F mkf_tan(F x) {
  mkf_trig_arg a = mkf_trig_reduce(ABS(x));
  F r = FLOATS(a.r), lo = FLOATS(a.r - DOUBLES(r)), z = r * r, z2 = z * z;
  // (tan r - r) / r^3, z = r^2; times z its error is below 1.8e-8.
  F p = mkf_p4(z, z2, 0x1.5554e0p-2f, 0x1.112d94p-3f, 0x1.b58f20p-5f, 0x1.903006p-6f)
    + mkf_p2(z, 0x1.99b226p-9f, 0x1.33738cp-7f) * (z2 * z2);
  F t = r + (r * z * p + (lo + lo * z));
  W odd = mkf_shl(a.q, 31);
  F v = mkf_xor(PICK(odd < 0, 1.0f / t, t), odd ^ mkf_sign(x));
  return mkf_tan_check(v, x, ~(ABS(x) < 0x1p20f));
}

// asin(w) = w + w^3 P(w^2), where w is y or, above 1/2, sqrt((1 - y) / 2); error below 4.9e-9 w.
MK_INLINE F mkf_asin_poly(F w, F z) {
  F z2 = z * z;
  F p = mkf_p4(z, z2, 0x1.5555c8p-3f, 0x1.3301ecp-4f, 0x1.747d9ep-5f, 0x1.8c2e0cp-6f) + 0x1.596900p-5f * (z2 * z2);
  return w * z * p;
}

MKF_RARE1(asin)
MK_INLINE F mkf_asin(F x) {
  F y = ABS(x), h = 0.5f - 0.5f * y;
  W big = y > 0.5f;
  F z = PICK(big, h, y * y), w = PICK(big, ROOT(h), y), p = mkf_asin_poly(w, z);
  F v = PICK(big, (MKF_HALF_PI_HI - 2.0f * w) - (2.0f * p - MKF_HALF_PI_LO), w + p);
  return mkf_asin_check(mkf_xor(v, mkf_sign(x)), x, ~(y <= 1.0f));
}

MKF_RARE1(acos)
MK_INLINE F mkf_acos(F x) {
  F y = ABS(x), h = 0.5f - 0.5f * y;
  W big = y > 0.5f;
  F z = PICK(big, h, y * y), w = PICK(big, ROOT(h), y), p = mkf_asin_poly(w, z);
  // pi/2 - asin(x); if big 2 asin(w), or pi minus that when x is negative
  F s = mkf_xor(w + p, ~mkf_sign(x) & MKF_SIGN);
  F left = PICK(x < 0.0f, FSET(2.0f * MKF_HALF_PI_HI), FSET(0.0f));
  F v = PICK(big, left - 2.0f * s, MKF_HALF_PI_HI + (s + MKF_HALF_PI_LO));
  return mkf_acos_check(v, x, ~(y <= 1.0f));
}

// (atan t - t) / t^3, z = t^2 <= 1; times z its error is below 2.6e-9.
MK_INLINE F mkf_atan_poly(F z) {
  F z2 = z * z, z4 = z2 * z2;
  return mkf_p4(z, z2, -0x1.55553ep-2f, 0x1.999200p-3f, -0x1.2421d4p-3f, 0x1.c09b48p-4f)
    + (mkf_p4(z, z2, -0x1.58383cp-4f, 0x1.dad5fcp-5f, -0x1.fee86ep-6f, 0x1.65bdf6p-7f) + -0x1.d6581ep-10f * z4) * z4;
}

MKF_RARE1(atan)
MK_INLINE F mkf_atan(F x) {
  // Above 1 pi/2 - atan(1 / x).
  F y = ABS(x);
  W big = y > 1.0f;
  F t = PICK(big, -1.0f / y, y), z = t * t, p = t + t * z * mkf_atan_poly(z);
  F v = PICK(big, MKF_HALF_PI_HI + (p + MKF_HALF_PI_LO), p);
  return mkf_atan_check(mkf_xor(v, mkf_sign(x)), x, UNDEFINED(x));
}

MKF_RARE2(atan2)
MK_INLINE F mkf_atan2(F y, F x) {
  F ax = ABS(x), ay = ABS(y);
  W steep = ay > ax, left = x < 0.0f;
  F a = PICK(steep, ax, ay), b = PICK(steep, ay, ax), t = a / b, z = t * t, p = t + t * z * mkf_atan_poly(z);
  // Steep: pi/2 minus it. x negative: pi minus it.
  p = PICK(steep, MKF_HALF_PI_HI - (p - MKF_HALF_PI_LO), p);
  p = PICK(left, 2.0f * MKF_HALF_PI_HI - (p - 2.0f * MKF_HALF_PI_LO), p);
  W rare = ~((b < 0x1p100f) & (b > 0x1p-100f) & (a > 0x1p-100f));
  return mkf_atan2_check(mkf_xor(p, mkf_sign(y)), y, x, rare);
}
