// Powers of two for softmax and GELU, on MK_VL lanes: included for the lanes of a row's sum, and for as many as keep
// the processor busy.

#define F MK_CAT(vf, MK_VL)
#define FU MK_CAT(vfu, MK_VL)
#define W MK_CAT(vi, MK_VL)
#define MK_FAST static inline __attribute__((always_inline, unused, overloadable)) F

// 2^r, |r| <= 1/2; its error is below 9.2e-8 of it.
MK_FAST exp2_near(F r) {
  const F r2 = r * r, low = MK_FMA(r, (F)(0x1.62e42ap-1f), (F)(1.0f));
  const F mid = MK_FMA(r, (F)(0x1.c6b752p-5f), (F)(0x1.ebf9bcp-3f));
  const F high = MK_FMA(r, (F)(0x1.5bba0ep-10f), (F)(0x1.3cea88p-7f));
  return MK_FMA(r2, MK_FMA(r2, high, mid), low);
}

// 2^z for z <= 127; zero below -126.5. Undefined stays undefined.
MK_FAST exp2_fast(F z) {
  const F c = -127.0f > z ? (F)(-127.0f) : z;
  // The sum also holds the exponent's bits of 2^k, which multiply in the end.
  const F t = c + (MKF_ROUND + 127.0f);
  return exp2_near(c - (t - (MKF_ROUND + 127.0f))) * (F)((W)t << 23);
}

// x Φ(x), Φ being the normal distribution function (Hendrycks and Gimpel 2016): what is above zero of x, less
// |x| Φ(-|x|). From 5.8 on that is below 2e-8.
MK_FAST mkf_gelu(F x) {
  const F size = ABS(x), a = 5.8f < size ? (F)(5.8f) : size, a2 = a * a;
  // The eighth root of 2 Φ(-a) is 1 + a p, 0 <= a <= 5.8; its error changes the result by less than 4e-9.
  const F p0 = MK_FMA(a, (F)(-0x1.1d37a0p-5f), (F)(-0x1.988422p-4f));
  const F p1 = MK_FMA(a, (F)(0x1.ae8d50p-10f), (F)(-0x1.8146c8p-11f));
  const F p2 = MK_FMA(a, (F)(-0x1.1258b6p-14f), (F)(0x1.314cd4p-15f));
  const F p3 = MK_FMA(a, (F)(-0x1.571caap-22f), (F)(0x1.101386p-17f));
  const F low = MK_FMA(a2, p1, p0), high = MK_FMA(a2, p3, p2);
  const F root = MK_FMA(a, MK_FMA(a2 * a2, high, low), (F)(1.0f));
  const F r2 = root * root, r4 = r2 * r2;
  // Half of r^8: one less in the exponent's bits.
  return MK_FMA(-a, (F)((W)(r4 * r4) - (1 << 23)), x < 0.0f ? (F)(0.0f) : x);
}

// Scores of keys, in powers of two, become their shares of a column, still to be multiplied by 1 / their sum. Rows of
// x are keys.
static void MK_CAT(soften, MK_VL)(float *x, int64_t ldx, int64_t keys, float *inverse) {
  F most = (F)(-(float)MK_INF), sum = (F)(0.0f);
  for (int64_t j = 0; j < keys; j++) {
    const F v = *(const FU *)(x + j * ldx);
    most = v > most ? v : most;
  }
  for (int64_t j = 0; j < keys;) {
    // Sums of a few keys are added up, so that rounding does not grow with their number.
    F part = (F)(0.0f);
    for (const int64_t end = j + 16 < keys ? j + 16 : keys; j < end; j++) {
      const F e = exp2_fast(*(const FU *)(x + j * ldx) - most);
      *(FU *)(x + j * ldx) = e;
      part += e;
    }
    sum += part;
  }
  *(FU *)inverse = 1.0f / sum;
}

#undef F
#undef FU
#undef W
#undef MK_FAST
