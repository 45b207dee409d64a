// exp, exp2, expm1, the logistic function, sinh, cosh, tanh, erf.

typedef struct {
  F r; // the reduced argument, |r| <= ln 2 / 2
  W k; // the power of two, in the exponent's place
} mkf_exp_arg;

MK_INLINE mkf_exp_arg mkf_exp_reduce(F x) {
  F t = x * MKF_LOG2E + MKF_ROUND, k = t - MKF_ROUND;
  return (mkf_exp_arg){(x - k * MKF_LN2_HI) - k * MKF_LN2_LO, mkf_shl(mkf_bits(t), 23)};
}
// e^r - 1 - r; relative to e^r its error is below 3.3e-9.
MK_INLINE F mkf_exp_tail(F r) {
  F r2 = r * r;
  return (mkf_p2(r, 0x1.fffffcp-2f, 0x1.55548cp-3f)
    + (mkf_p2(r, 0x1.55585ap-5f, 0x1.123cdep-7f) + 0x1.6aabbep-10f * r2) * r2) * r2;
}
// 2^k y, where that is a normal number.
MK_INLINE F mkf_scale(F y, W k) { return mkf_from_bits(mkf_bits(y) + k); }
MK_INLINE F mkf_exp_sum(F x) {
  mkf_exp_arg a = mkf_exp_reduce(x);
  return mkf_scale(1.0f + (a.r + mkf_exp_tail(a.r)), a.k);
}

MKF_RARE1(exp)
MK_INLINE F mkf_exp(F x) { return mkf_exp_check(mkf_exp_sum(x), x, ~(ABS(x) < 87.0f)); }

MKF_RARE1(exp2)
MK_INLINE F mkf_exp2(F x) {
  // 2^r - 1 over r on |r| <= 1/2; times r, relative to 2^r, its error is below 2.2e-8.
  F t = x + MKF_ROUND, r = x - (t - MKF_ROUND), r2 = r * r;
  F p = mkf_p4(r, r2, 0x1.62e432p-1f, 0x1.ebfbe2p-3f, 0x1.c6ae72p-5f, 0x1.3b2710p-7f)
    + mkf_p2(r, 0x1.5f7272p-10f, 0x1.470a6cp-13f) * (r2 * r2);
  return mkf_exp2_check(mkf_scale(1.0f + r * p, mkf_shl(mkf_bits(t), 23)), x, ~(ABS(x) < 125.0f));
}

MKF_RARE1(expm1)
MK_INLINE F mkf_expm1(F x) {
  mkf_exp_arg a = mkf_exp_reduce(x);
  F s = mkf_from_bits(a.k + 0x3f800000), p = a.r + mkf_exp_tail(a.r);
  return mkf_expm1_check(mkf_signed((s - 1.0f) + s * p, x), x, ~(ABS(x) < 87.0f));
}

MKF_RARE1(sigmoid)
MK_INLINE F mkf_sigmoid(F x) {
  F e = mkf_exp_sum(-MINIMUM(ABS(x), FSET(87.0f))), d = 1.0f + e, rest = e - (d - 1.0f);
  W left = x < 0.0f;
  F q = PICK(left, e, FSET(1.0f)) / d;
  return mkf_sigmoid_check(q - q * rest * PICK(left, 1.0f - q, q), x, ~(x > -87.0f));
}

MKF_RARE1(sinh)
MK_INLINE F mkf_sinh(F x) {
  F y = ABS(x), z = y * y, e = mkf_exp_sum(y);
  // (sinh x - x) / x^3, z = x^2 <= 1; error below 2.4e-8.
  F p = (0x1.555598p-3f + z * (0x1.10f760p-7f + z * 0x1.ab4278p-13f)) * (y * z) + y;
  F v = PICK(y < 1.0f, p, 0.5f * e - 0.5f / e);
  return mkf_sinh_check(mkf_xor(v, mkf_sign(x)), x, ~(y < 87.0f));
}

MKF_RARE1(cosh)
MK_INLINE F mkf_cosh(F x) {
  F y = ABS(x), e = mkf_exp_sum(y);
  return mkf_cosh_check(0.5f * e + 0.5f / e, x, ~(y < 87.0f));
}

MK_INLINE F mkf_tanh(F x) {
  // With |x| = k ln 2 / 2 + r, s = 2^k / 2 and t = tanh r: n / (n + 1 - t) for n = s - 1/2 + (s + 1/2) t, so that an
  // error of n hardly counts where the result is near 1, and n = t for k = 0. k becomes 1 where the result becomes 1/4.
  // The product k ln 2 / 2 is rounded, which the result hardly feels.
  F y = MINIMUM(FSET(10.0f), ABS(x)); // x when that is undefined
  F q = (y * (2 * MKF_LOG2E) - 0.2375f) + (MKF_ROUND + 126.0f), r = y - (q - (MKF_ROUND + 126.0f)) * 0x1.62e430p-2f;
  // (tanh r - r) / r^3, z = r^2 <= 0.0655; times z its error is below 3.6e-9.
  F z = r * r, t = r + r * z * (-0x1.55550ep-2f + z * (0x1.10dcf8p-3f + -0x1.a460e2p-5f * z));
  F s = mkf_from_bits(mkf_shl(mkf_bits(q), 23)), n = (s - 0.5f) + (s + 0.5f) * t;
  return mkf_signed(n / (n + (1.0f - t)), x);
}

MKF_RARE1(erf)
MK_INLINE F mkf_erf(F x) {
  F y = MINIMUM(ABS(x), FSET(3.95f)), z = y * y, z2 = z * z, y2 = z, y4 = z2;
  // erf(x) / x - 1, z = x^2 <= 0.77; error below 2.2e-8.
  F low = mkf_p4(z, z2, 0x1.06eba6p-3f, -0x1.81270ap-2f, 0x1.ce20d0p-4f, -0x1.b6ee92p-6f)
    + mkf_p2(z, 0x1.49a922p-8f, -0x1.44a406p-11f) * (z2 * z2);
  // log(erfc(y)), 0.875 <= y <= 3.95; times erfc / erf its error is below 4.5e-9.
  F high = mkf_p4(y, y2, -0x1.17f364p-13f, -0x1.20c072p+0f, -0x1.460258p-1f, -0x1.ab53d6p-4f)
    + (mkf_p2(y, 0x1.6f562ep-6f, -0x1.9551fep-9f) + 0x1.a587fap-13f * y2) * y4;
  F v = PICK(y > 0.875f, 1.0f - mkf_exp_sum(high), y + y * low);
  return mkf_erf_check(mkf_xor(v, mkf_sign(x)), x, UNDEFINED(x));
}
