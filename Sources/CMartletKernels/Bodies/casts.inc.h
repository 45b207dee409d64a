// Casts between all element types. To integers: toward zero, saturating, and 0 for NaN, where C leaves
// it open. To bool: whether it is not zero. From complex: the real part.
#define MK_CAST(from, to, A, B, ...)                                        \
  static void from##_to_##to(const void *const *in, void *out, int64_t n) { \
    const A *x = in[0];                                                     \
    B *y = out;                                                             \
    MK_EACH { const A a = x[i]; y[i] = __VA_ARGS__; }                       \
  }
// The bounds are the first values beyond the integer's range, which are exact in both float types.
#define MK_SATURATED(a, low, beyond, B, least, most) \
  ((a) >= (beyond) ? (most) : (a) < (low) ? (least) : (a) == (a) ? (B)(a) : (B)0)
#define MK_FROM_REAL(from, A)                                                              \
  MK_CAST(from, i32, A, int32_t, MK_SATURATED(a, -2147483648.0, 2147483648.0, int32_t, INT32_MIN, INT32_MAX)) \
  MK_CAST(from, i64, A, int64_t,                                                           \
          MK_SATURATED(a, -9223372036854775808.0, 9223372036854775808.0, int64_t, INT64_MIN, INT64_MAX)) \
  MK_CAST(from, u8, A, uint8_t, MK_SATURATED(a, 0.0, 256.0, uint8_t, 0, 255))              \
  MK_CAST(from, b8, A, uint8_t, a != 0)
#define MK_FROM_INTEGER(from, A)                                            \
  MK_CAST(from, i32, A, int32_t, (int32_t)a)                                \
  MK_CAST(from, i64, A, int64_t, (int64_t)a)                                \
  MK_CAST(from, u8, A, uint8_t, (uint8_t)a)                                 \
  MK_CAST(from, b8, A, uint8_t, a != 0)
#define MK_TO_REAL(from, A)                                                 \
  MK_CAST(from, f32, A, float, (float)a)                                    \
  MK_CAST(from, f64, A, double, (double)a)                                  \
  MK_CAST(from, c64, A, float _Complex, __builtin_complex((float)a, 0.0f))  \
  MK_CAST(from, c128, A, double _Complex, __builtin_complex((double)a, 0.0))
MK_TO_REAL(f32, float)
MK_TO_REAL(f64, double)
MK_TO_REAL(i32, int32_t)
MK_TO_REAL(i64, int64_t)
MK_TO_REAL(u8, uint8_t)
MK_TO_REAL(b8, uint8_t)
MK_FROM_REAL(f32, float)
MK_FROM_REAL(f64, double)
MK_FROM_INTEGER(i32, int32_t)
MK_FROM_INTEGER(i64, int64_t)
MK_FROM_INTEGER(u8, uint8_t)
MK_FROM_INTEGER(b8, uint8_t)
#define MK_FROM_COMPLEX(from, S)                                            \
  MK_CAST(from, f32, S _Complex, float, (float)__real__ a)                  \
  MK_CAST(from, f64, S _Complex, double, (double)__real__ a)                \
  MK_CAST(from, i32, S _Complex, int32_t,                                   \
          MK_SATURATED(__real__ a, -2147483648.0, 2147483648.0, int32_t, INT32_MIN, INT32_MAX)) \
  MK_CAST(from, i64, S _Complex, int64_t,                                   \
          MK_SATURATED(__real__ a, -9223372036854775808.0, 9223372036854775808.0, int64_t, INT64_MIN, \
                       INT64_MAX))                                          \
  MK_CAST(from, u8, S _Complex, uint8_t, MK_SATURATED(__real__ a, 0.0, 256.0, uint8_t, 0, 255)) \
  MK_CAST(from, b8, S _Complex, uint8_t, __real__ a != 0 || __imag__ a != 0) \
  MK_CAST(from, c64, S _Complex, float _Complex, (float _Complex)a)         \
  MK_CAST(from, c128, S _Complex, double _Complex, (double _Complex)a)
MK_FROM_COMPLEX(c64, float)
MK_FROM_COMPLEX(c128, double)
#undef MK_CAST
#undef MK_SATURATED
#undef MK_FROM_REAL
#undef MK_FROM_INTEGER
#undef MK_TO_REAL
#undef MK_FROM_COMPLEX
