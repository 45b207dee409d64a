// Powers of two for softmax and GELU, on MK_VL lanes: included for the lanes of a row's sum, and for as many as keep
// the processor busy.

#define F MK_CAT(vf, MK_VL)
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

// 2^z for -125 <= z <= 126: the exponent's bits are added.
MK_FAST exp2_normal(F z) {
  const F t = z + MKF_ROUND;
  return (F)((W)exp2_near(z - (t - MKF_ROUND)) + ((W)t << 23));
}

// x Φ(x), Φ being the normal distribution function (Hendrycks and Gimpel 2016): what is above zero of x, less
// |x| Φ(-|x|). From 5.8 on that is below 2e-8.
MK_FAST mkf_gelu(F x) {
  const F size = ABS(x), a = 5.8f < size ? (F)(5.8f) : size, a2 = a * a, a4 = a2 * a2;
  // (-log2 Φ(-a) - 1) / a, 0 <= a <= 5.8; its error changes the result by less than 1e-8.
  const F p0 = MK_FMA(a, (F)(0x1.d63b20p-2f), (F)(0x1.26aed4p+0f));
  const F p1 = MK_FMA(a, (F)(-0x1.cb65d4p-8f), (F)(0x1.ade99cp-5f));
  const F p2 = MK_FMA(a, (F)(0x1.07152cp-12f), (F)(0x1.d56602p-15f));
  const F p3 = MK_FMA(a, (F)(0x1.3b9534p-17f), (F)(-0x1.1be182p-14f));
  const F p4 = MK_FMA(a, (F)(0x1.891058p-26f), (F)(-0x1.7cb988p-21f));
  const F low = MK_FMA(a2, p1, p0), mid = MK_FMA(a2, p3, p2);
  const F p = MK_FMA(a4, MK_FMA(a4, p4, mid), low);
  return MK_FMA(-a, exp2_normal(MK_FMA(-a, p, (F)(-1.0f))), x < 0.0f ? (F)(0.0f) : x);
}

#undef F
#undef W
#undef MK_FAST
