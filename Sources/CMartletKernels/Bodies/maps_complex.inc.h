// Maps of complex numbers. Products and quotients are the plain formulas (the quotient scaled, Smith
// 1962); elementary functions are the C library's.
#define T S _Complex
#define MK_MAKE(re, im) __builtin_complex((S)(re), (S)(im))
#define RE(z) (__real__(z))
#define IM(z) (__imag__(z))
#define MK_COMPLEX1(name, R, ...)                                           \
  static void MK_N(name)(const void *const *in, void *out, int64_t n) {        \
    const T *x = in[0];                                                     \
    R *y = out;                                                             \
    for (int64_t i = 0; i < n; i++) { const T a = x[i]; y[i] = __VA_ARGS__; } \
  }
#define MK_COMPLEX2(name, R, ...)                                           \
  static void MK_N(name)(const void *const *in, void *out, int64_t n) {        \
    const T *x = in[0], *z = in[1];                                         \
    R *y = out;                                                             \
    for (int64_t i = 0; i < n; i++) { const T a = x[i], b = z[i]; y[i] = __VA_ARGS__; } \
  }

MK_INLINE T MK_N(quotient)(T a, T b) {
  S br = RE(b), bi = IM(b), ar = RE(a), ai = IM(a);
  if (MK_C(__builtin_fabs)(br) >= MK_C(__builtin_fabs)(bi)) {
    if (br == 0 && bi == 0) return MK_MAKE(ar / MK_C(__builtin_fabs)(br), ai / MK_C(__builtin_fabs)(br));
    S r = bi / br, d = br + bi * r;
    return MK_MAKE((ar + ai * r) / d, (ai - ar * r) / d);
  }
  S r = br / bi, d = bi + br * r;
  return MK_MAKE((ar * r + ai) / d, (ai * r - ar) / d);
}
MK_INLINE T MK_N(product)(T a, T b) {
  return MK_MAKE(RE(a) * RE(b) - IM(a) * IM(b), RE(a) * IM(b) + IM(a) * RE(b));
}
MK_INLINE int MK_N(undefined)(T a) { return RE(a) != RE(a) || IM(a) != IM(a); }

MK_COMPLEX1(copy, T, a)
MK_COMPLEX1(negate, T, -a)
MK_COMPLEX1(absolute, S, MK_C(hypot)(RE(a), IM(a)))
MK_COMPLEX1(argument, S, MK_C(atan2)(IM(a), RE(a)))
MK_COMPLEX1(square, T, MK_N(product)(a, a))
MK_COMPLEX1(square_root, T, MK_C(csqrt)(a))
MK_COMPLEX1(reciprocal, T, MK_N(quotient)(MK_MAKE(1, 0), a))
MK_COMPLEX1(exponential, T, MK_C(cexp)(a))
MK_COMPLEX1(exponential_minus_one, T, MK_C(cexp)(a) - 1)
MK_COMPLEX1(logarithm, T, MK_C(clog)(a))
MK_COMPLEX1(logarithm2, T, MK_C(clog)(a) / (S)0.69314718055994530942)
MK_COMPLEX1(logarithm10, T, MK_C(clog)(a) / (S)2.30258509299404568402)
MK_COMPLEX1(logarithm_plus_one, T, MK_C(clog)(a + 1))
MK_COMPLEX1(sine, T, MK_C(csin)(a))
MK_COMPLEX1(cosine, T, MK_C(ccos)(a))
MK_COMPLEX1(tangent, T, MK_C(ctan)(a))
MK_COMPLEX1(arcsine, T, MK_C(casin)(a))
MK_COMPLEX1(arccosine, T, MK_C(cacos)(a))
MK_COMPLEX1(arctangent, T, MK_C(catan)(a))
MK_COMPLEX1(hyperbolic_sine, T, MK_C(csinh)(a))
MK_COMPLEX1(hyperbolic_cosine, T, MK_C(ccosh)(a))
MK_COMPLEX1(hyperbolic_tangent, T, MK_C(ctanh)(a))
MK_COMPLEX1(area_sine, T, MK_C(casinh)(a))
MK_COMPLEX1(area_cosine, T, MK_C(cacosh)(a))
MK_COMPLEX1(area_tangent, T, MK_C(catanh)(a))
MK_COMPLEX1(conjugate, T, MK_MAKE(RE(a), -IM(a)))
MK_COMPLEX1(real_part, S, RE(a))
MK_COMPLEX1(imaginary_part, S, IM(a))
// The direction: that of an infinite part where there is one, none where both are.
MK_INLINE T MK_N(direction)(T a) {
  if (__builtin_isinf(RE(a)) != __builtin_isinf(IM(a))) {
    return __builtin_isinf(RE(a)) ? MK_MAKE(RE(a) > 0 ? 1 : -1, 0) : MK_MAKE(0, IM(a) > 0 ? 1 : -1);
  }
  // Halved, so that the size of the greatest numbers is a number.
  if (MK_C(__builtin_fabs)(RE(a)) > 1e30f || MK_C(__builtin_fabs)(IM(a)) > 1e30f) a *= (S)0.5;
  S size = MK_C(hypot)(RE(a), IM(a));
  if (size != size || __builtin_isinf(size)) return MK_MAKE((S)NAN, (S)NAN);
  return size == 0 ? MK_MAKE(0, 0) : MK_MAKE(RE(a) / size, IM(a) / size);
}
// Whatever to nothing is 1, also 0; 0 to a power without a positive real part is no number.
MK_INLINE T MK_N(raised)(T a, T b) {
  if (RE(b) == 0 && IM(b) == 0) return MK_MAKE(1, 0);
  if (RE(a) == 0 && IM(a) == 0) return RE(b) > 0 ? MK_MAKE(0, 0) : MK_MAKE((S)NAN, (S)NAN);
  return MK_C(cpow)(a, b);
}
MK_COMPLEX1(sign, T, MK_N(direction)(a))
MK_COMPLEX1(is_nan, uint8_t, (uint8_t)MK_N(undefined)(a))
MK_COMPLEX1(is_infinite, uint8_t, (uint8_t)(__builtin_isinf(RE(a)) || __builtin_isinf(IM(a))))
MK_COMPLEX1(is_finite, uint8_t, RE(a) - RE(a) == 0 && IM(a) - IM(a) == 0)
MK_COMPLEX1(logical_not, uint8_t, RE(a) == 0 && IM(a) == 0)
MK_COMPLEX2(add, T, a + b)
MK_COMPLEX2(subtract, T, a - b)
MK_COMPLEX2(multiply, T, MK_N(product)(a, b))
MK_COMPLEX2(divide, T, MK_N(quotient)(a, b))
MK_COMPLEX2(power, T, MK_N(raised)(a, b))
MK_COMPLEX2(equal, uint8_t, RE(a) == RE(b) && IM(a) == IM(b))
MK_COMPLEX2(not_equal, uint8_t, RE(a) != RE(b) || IM(a) != IM(b))
#define MK_NONZERO(z) (RE(z) != 0 || IM(z) != 0)
MK_COMPLEX2(logical_and, uint8_t, MK_NONZERO(a) && MK_NONZERO(b))
MK_COMPLEX2(logical_or, uint8_t, MK_NONZERO(a) || MK_NONZERO(b))
MK_COMPLEX2(logical_xor, uint8_t, MK_NONZERO(a) != MK_NONZERO(b))
static void MK_N(choose)(const void *const *in, void *out, int64_t n) {
  const uint8_t *c = in[0];
  const T *x = in[1], *z = in[2];
  for (int64_t i = 0; i < n; i++) ((T *)out)[i] = c[i] ? x[i] : z[i];
}
#undef MK_NONZERO
#undef MK_COMPLEX1
#undef MK_COMPLEX2
#undef MK_MAKE
#undef RE
#undef IM
#undef T
