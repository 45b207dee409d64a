// Elementary functions on blocks of MK_VL lanes; included once for each width there is, so every function
// here is overloaded on the width. Only + - * / sqrt, compares, selects and integer operations on
// the bit patterns: no libm, no fused multiply-add, no tables but the bits of 2/pi. So the bits of a
// result are the same on every instruction set. A NaN result is always the quiet NaN 0x7ff8000000000000.
//
// Polynomials were fitted here (weighted minimax, leading coefficients rounded first); the comment at each
// names what it approximates, where, and its largest error before rounding. Lower case "dd" is a
// double-double: an unevaluated sum hi + lo with |lo| <= ulp(hi) / 2.

#define MK_BLOCK static inline __attribute__((always_inline, unused, overloadable))
// What few arguments need is kept out of the loop, by pointer.
#define MK_RARE static __attribute__((noinline, cold, unused, overloadable)) void

#define U MK_CAT(vu, MK_VL)
#define mk_dd MK_CAT(mk_dd, MK_VL)
#define mk_exp_arg MK_CAT(mk_exp_arg, MK_VL)
#define mk_log_arg MK_CAT(mk_log_arg, MK_VL)
#define mk_trig_arg MK_CAT(mk_trig_arg, MK_VL)
#define mk_sin_cos MK_CAT(mk_sin_cos, MK_VL)
#define mk_division MK_CAT(mk_division, MK_VL)
#define mk_asin_parts MK_CAT(mk_asin_parts, MK_VL)

typedef struct {
  V hi, lo;
} mk_dd;

MK_BLOCK M mk_bits(V x) { return (M)x; }
MK_BLOCK V mk_from_bits(M x) { return (V)x; }
// Logical shifts: an arithmetic shift of 64 bits does not exist on every instruction set.
MK_BLOCK M mk_shr(M x, int n) { return (M)((U)x >> (uint64_t)n); }
MK_BLOCK M mk_shl(M x, int n) { return (M)((U)x << (uint64_t)n); }
MK_BLOCK M mk_sign(V x) { return mk_bits(x) & MK_SIGN; }
MK_BLOCK V mk_xor(V x, M sign) { return mk_from_bits(mk_bits(x) ^ sign); }
MK_BLOCK int mk_any(M mask) { return __builtin_reduce_or(mask) != 0; }

// Estrin's scheme: c0 + c1 x + ... with x2 = x^2, x4 = x^4.
MK_BLOCK V mk_p2(V x, double c0, double c1) { return c0 + c1 * x; }
MK_BLOCK V mk_p4(V x, V x2, double c0, double c1, double c2, double c3) {
  return (c0 + c1 * x) + (c2 + c3 * x) * x2;
}
MK_BLOCK V mk_p8(
  V x, V x2, V x4, double c0, double c1, double c2, double c3, double c4, double c5, double c6, double c7
) {
  return mk_p4(x, x2, c0, c1, c2, c3) + mk_p4(x, x2, c4, c5, c6, c7) * x4;
}

// a + b exactly, for |a| >= |b| or a = 0.
MK_BLOCK mk_dd mk_fast_sum(V a, V b) {
  V s = a + b;
  return (mk_dd){s, b - (s - a)};
}
// a + b exactly.
MK_BLOCK mk_dd mk_sum(V a, V b) {
  V s = a + b, t = s - a;
  return (mk_dd){s, (a - (s - t)) + (b - t)};
}
// The leading 26 bits of x; x minus them has at most 27.
MK_BLOCK V mk_head(V x) { return mk_from_bits(mk_bits(x) & -0x8000000LL); }
// a * b with an error below 2^-104 of it, as long as nothing underflows.
MK_BLOCK mk_dd mk_product(V a, V b) {
  V p = a * b, ah = mk_head(a), al = a - ah, bh = mk_head(b), bl = b - bh;
  return (mk_dd){p, ((ah * bh - p) + (ah * bl + al * bh)) + al * bl};
}
// (nh + nl) / (dh + dl), to about 2^-100, with one division. dh must be neither 0 nor infinite.
MK_BLOCK mk_dd mk_quotient(V nh, V nl, V dh, V dl) {
  V r = 1.0 / dh, q = nh * r;
  mk_dd p = mk_product(q, dh);
  return (mk_dd){q, (((nh - p.hi) - p.lo) + (nl - q * dl)) * r};
}


#include "math_exponential.inc.h"
#include "math_logarithm.inc.h"
#include "math_trigonometric.inc.h"
#include "math_arc.inc.h"
#include "math_error.inc.h"
#include "math_power.inc.h"
#include "math_rounding.inc.h"

#undef U
#undef mk_dd
#undef mk_exp_arg
#undef mk_log_arg
#undef mk_trig_arg
#undef mk_sin_cos
#undef mk_asin_parts
#undef mk_division
#undef MK_BLOCK
#undef MK_RARE
