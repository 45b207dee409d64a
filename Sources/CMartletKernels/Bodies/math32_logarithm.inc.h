// Logarithms and powers.

typedef struct {
  F k, f, w; // x = 2^k (1 + f), log(1 + f) = f + w
} mkf_log_arg;

MK_INLINE mkf_log_arg mkf_log_reduce(F x) {
  W b = mkf_bits(x) + (0x3f800000 - 0x3f3504f3);
  F k = __builtin_convertvector((b >> 23) - 127, F);
  F f = mkf_from_bits((b & 0x7fffff) + 0x3f3504f3) - 1.0f, f2 = f * f;
  // (log(1 + f) - f + f^2 / 2) / f^3, sqrt(1/2) <= 1 + f <= sqrt(2); relative to the logarithm below 3.7e-8.
  F p = mkf_p4(f, f2, 0x1.5556d8p-2f, -0x1.000382p-2f, 0x1.98d838p-3f, -0x1.5381d2p-3f)
    + (mkf_p2(f, 0x1.316e8ep-3f, -0x1.242e9ap-3f) + 0x1.6471a8p-4f * f2) * (f2 * f2);
  return (mkf_log_arg){k, f, f2 * (f * p - 0.5f)};
}
// Anything but positive normal numbers.
MK_INLINE W mkf_log_is_rare(F x) { return mkf_bits(x) + (1 << 23) < (1 << 24); }

MKF_RARE1(log)
MK_INLINE F mkf_log(F x) {
  mkf_log_arg a = mkf_log_reduce(x);
  F v = a.k * MKF_LN2_HI + (a.f + (a.k * MKF_LN2_LO + a.w));
  return mkf_log_check(v, x, mkf_log_is_rare(x));
}

MKF_RARE1(log1p)
MK_INLINE F mkf_log1p(F x) {
  // 1 + x = u + c exactly; c / u is the derivative's part.
  F u = 1.0f + x, t = u - 1.0f, c = (1.0f - (u - t)) + (x - t);
  mkf_log_arg a = mkf_log_reduce(u);
  F scale = mkf_from_bits(0x3f800000 - mkf_shl(__builtin_convertvector(a.k, W), 23)); // 2^-k
  c *= scale;
  F v = a.k * MKF_LN2_HI + (a.f + (a.k * MKF_LN2_LO + (a.w + (c - c * a.f))));
  return mkf_log1p_check(mkf_signed(v, x), x, mkf_log_is_rare(u) | (x > 0x1p100f));
}

MKF_RARE1(log2)
MK_INLINE F mkf_log2(F x) {
  mkf_log_arg a = mkf_log_reduce(x);
  // f / ln 2 is f and the rest of it.
  F v = a.k + (a.f + (a.w * MKF_LOG2E + a.f * 0x1.c551dap-2f));
  return mkf_log2_check(v, x, mkf_log_is_rare(x));
}

MKF_RARE1(log10)
MK_INLINE F mkf_log10(F x) {
  mkf_log_arg a = mkf_log_reduce(x);
  // log10(2) in two parts; f / ln 10 is f / 2 and the rest of it.
  F v = a.k * 0x1.344p-2f + (0.5f * a.f + (a.k * 0x1.3509f8p-18f + (a.w * 0x1.bcb7b2p-2f + a.f * -0x1.0d213ap-4f)));
  return mkf_log10_check(v, x, mkf_log_is_rare(x));
}

MKF_RARE1(atanh)
MK_INLINE F mkf_atanh(F x) {
  // log((1 + y) / (1 - y)) / 2, or below 1/2 x + x^3 P(x^2).
  F y = ABS(x);
  mkf_log_arg a = mkf_log_reduce((1.0f + y) / (1.0f - y));
  F v = a.k * (0.5f * MKF_LN2_HI) + (0.5f * a.f + (a.k * (0.5f * MKF_LN2_LO) + 0.5f * a.w));
  // (atanh x - x) / x^3, z = x^2 <= 1/4; times z its error is below 2.3e-8.
  F z = x * x, z2 = z * z;
  F p = mkf_p4(z, z2, 0x1.555660p-2f, 0x1.992738p-3f, 0x1.2c6efep-3f, 0x1.518f74p-4f) + 0x1.744bc2p-3f * (z2 * z2);
  v = PICK(y < 0.5f, y + y * z * p, v);
  return mkf_atanh_check(mkf_signed(v, x), x, ~(y < 1.0f));
}

MKF_RARE1(cbrt)
MK_INLINE F mkf_cbrt(F x) {
  F y = ABS(x);
  W b = mkf_bits(y);
  F e = __builtin_convertvector((b >> 23) - 127, F), m = mkf_from_bits((b & 0x7fffff) | 0x3f800000);
  // As in double, less one step.
  F t = e * 0x1.555556p-2f + MKF_ROUND, j = e - 3.0f * (t - MKF_ROUND), m2 = m * m;
  // m^(-1/3) on 1 <= m <= 2; relative error below 5.8e-6.
  F r = mkf_p4(m, m2, 0x1.c7f440p+0f, -0x1.90ea4ap+0f, 0x1.3e6cfcp+0f, -0x1.322246p-1f)
    + mkf_p2(m, 0x1.3faa7cp-3f, -0x1.16dfa6p-6f) * (m2 * m2);
  W up = j > 0.0f, down = j < 0.0f;
  r *= PICK(up, FSET(0x1.965feap-1f), PICK(down, FSET(0x1.428a30p+0f), FSET(1.0f)));
  m *= PICK(up, FSET(2.0f), PICK(down, FSET(0.5f), FSET(1.0f)));
  F r2 = r * r, c = m * r2;
  c += (m - c * c * c) * (r2 * 0x1.555556p-2f);
  F v = mkf_xor(mkf_from_bits(mkf_bits(c) + mkf_shl(mkf_bits(t), 23)), mkf_sign(x));
  return mkf_cbrt_check(v, x, mkf_log_is_rare(y));
}

// In double: the logarithm's error is multiplied by the result's.
MKF_RARE2(pow)
MK_INLINE F mkf_pow(F x, F y) {
  W b = mkf_bits(x) + (0x3f800000 - 0x3f3504f3);
  D m = DOUBLES(mkf_from_bits((b & 0x7fffff) + 0x3f3504f3)), k = __builtin_convertvector((b >> 23) - 127, D);
  // log2((1 + s) / (1 - s)) / s, z = s^2 <= 0.0295; relative error below 4.3e-12.
  D s = (m - 1.0) / (m + 1.0), z = s * s;
  D l = k + s * ((0x1.71547652bedeap+1 + 0x1.ec709d12cbda7p-1 * z)
    + ((0x1.27777feb07ad6p-1 + 0x1.a58d87ce86350p-2 * z) + 0x1.5ce86401da05fp-2 * (z * z)) * (z * z));
  D e = l * DOUBLES(y);
  e = PICK(e > 200.0, (D)(200.0), PICK(e < -200.0, (D)(-200.0), e));
  D t = e + MK_ROUND, r = e - (t - MK_ROUND), r2 = r * r;
  // 2^r, |r| <= 1/2; error below 1.9e-9.
  D p = ((0x1.00000002612c8p+0 + 0x1.62e430c7e7cdfp-1 * r) + (0x1.ebfbdadce239ep-3 + 0x1.c6aed4baf2f4cp-5 * r) * r2)
    + ((0x1.3b2dbb9c49b16p-7 + 0x1.5f456a006cdecp-10 * r) + 0x1.41d34d70ecbfcp-13 * r2) * (r2 * r2);
  F v = FLOATS((D)((MK_CAT(vu, MK_VL))p + ((MK_CAT(vu, MK_VL))t << 52ULL)));
  return mkf_pow_check(v, x, y, mkf_log_is_rare(x) | ~(ABS(y) < 0x1p100f));
}
