// Elementary functions on blocks of MK_VL float lanes, to 2 ulp. Each is written for ordinary arguments;
// the lanes that are not (undefined, infinite, subnormal or huge, or with such a result) are computed again
// in double, by the function of the same name in math.inc.h. The comments at polynomials read as they do there.

#define F MK_CAT(vf, MK_VL)
#define W MK_CAT(vi, MK_VL)
#define D MK_CAT(vd, MK_VL)
#define FSET(x) ((F)(x))
#define DOUBLES(x) __builtin_convertvector(x, D)
#define FLOATS(x) __builtin_convertvector(x, F)

#define MKF_SIGN ((int32_t)(-0x7fffffff - 1))
// Adding and subtracting 1.5 * 2^23 rounds to an integer, which then also sits in the low bits of the sum.
#define MKF_ROUND 0x1.8p23f
#define MKF_LOG2E 0x1.715476p+0f
// ln 2 in two parts; the first has 16 bits, so that its product with an exponent is exact.
#define MKF_LN2_HI 0x1.62e4p-1f
#define MKF_LN2_LO 0x1.7f7d1cp-20f
#define MKF_HALF_PI_HI 0x1.921fb6p+0f
#define MKF_HALF_PI_LO -0x1.777a5cp-25f

MK_INLINE W mkf_bits(F x) { return (W)x; }
MK_INLINE F mkf_from_bits(W x) { return (F)x; }
MK_INLINE W mkf_sign(F x) { return mkf_bits(x) & MKF_SIGN; }
MK_INLINE F mkf_xor(F x, W sign) { return mkf_from_bits(mkf_bits(x) ^ sign); }
// The same magnitude with the sign of s, for y that has it already or is +0.
MK_INLINE F mkf_signed(F y, F s) { return mkf_from_bits(mkf_bits(y) | mkf_sign(s)); }
MK_INLINE W mkf_shl(W x, int n) { return (W)((MK_CAT(vn, MK_VL))x << (uint32_t)n); }
MK_INLINE F mkf_p2(F x, float c0, float c1) { return c0 + c1 * x; }
MK_INLINE F mkf_p4(F x, F x2, float c0, float c1, float c2, float c3) {
  return (c0 + c1 * x) + (c2 + c3 * x) * x2;
}

// mkf_<name>_rare computes the lanes in `rare` again, mkf_<name>_check calls it if there are any.
#define MKF_RARE1(name)                                                                           \
  static __attribute__((noinline, cold, unused)) void mkf_##name##_rare(F *y, const F *x, const W *rare) { \
    for (int i = 0; i < MK_VL; i += 8) {                                                          \
      v8f a, b;                                                                                   \
      for (int j = 0; j < 8; j++) a[j] = (*x)[i + j];                                             \
      b = __builtin_convertvector(mk_##name(__builtin_convertvector(a, v8d)), v8f);               \
      for (int j = 0; j < 8; j++)                                                                 \
        if ((*rare)[i + j]) (*y)[i + j] = b[j];                                                   \
    }                                                                                             \
  }                                                                                               \
  MK_INLINE F mkf_##name##_check(F y, F x, W rare) {                                              \
    if (__builtin_expect(__builtin_reduce_or(rare) != 0, 0)) mkf_##name##_rare(&y, &x, &rare);    \
    return y;                                                                                     \
  }
#define MKF_RARE2(name)                                                                           \
  static __attribute__((noinline, cold, unused)) void mkf_##name##_rare(                          \
    F *z, const F *x, const F *y, const W *rare                                                   \
  ) {                                                                                             \
    for (int i = 0; i < MK_VL; i += 8) {                                                          \
      v8f a, b, c;                                                                                \
      for (int j = 0; j < 8; j++) a[j] = (*x)[i + j], b[j] = (*y)[i + j];                         \
      c = __builtin_convertvector(                                                                \
        mk_##name(__builtin_convertvector(a, v8d), __builtin_convertvector(b, v8d)), v8f          \
      );                                                                                          \
      for (int j = 0; j < 8; j++)                                                                 \
        if ((*rare)[i + j]) (*z)[i + j] = c[j];                                                   \
    }                                                                                             \
  }                                                                                               \
  MK_INLINE F mkf_##name##_check(F z, F x, F y, W rare) {                                         \
    if (__builtin_expect(__builtin_reduce_or(rare) != 0, 0)) mkf_##name##_rare(&z, &x, &y, &rare); \
    return z;                                                                                     \
  }

#include "math32_exponential.inc.h"
#include "math32_logarithm.inc.h"
#include "math32_trigonometric.inc.h"
#include "math32_rounding.inc.h"

#undef F
#undef W
#undef D
#undef FSET
#undef DOUBLES
#undef FLOATS
#undef MKF_RARE1
#undef MKF_RARE2
