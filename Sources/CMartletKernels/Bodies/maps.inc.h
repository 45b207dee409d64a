// Maps: n elements of each input to n results. Set before: MK_ISA.
#define MK_N(name) MK_CAT(MK_CAT(name##_, MK_E), _map)
#define MK_EACH _Pragma("clang loop vectorize(assume_safety)") for (int64_t i = 0; i < n; i++)

// Each defines one map of the element type MK_E with C type T; R is the result's.
#define MK_MAP1(name, R, ...)                                               \
  static void MK_N(name)(const void *const *in, void *out, int64_t n) {        \
    const T *x = in[0];                                                     \
    R *y = out;                                                             \
    MK_EACH { const T a = x[i]; y[i] = __VA_ARGS__; }                       \
  }
#define MK_MAP2(name, R, ...)                                               \
  static void MK_N(name)(const void *const *in, void *out, int64_t n) {        \
    const T *x = in[0], *z = in[1];                                         \
    R *y = out;                                                             \
    MK_EACH { const T a = x[i], b = z[i]; y[i] = __VA_ARGS__; }             \
  }
#define MK_CHOOSE                                                           \
  static void MK_N(choose)(const void *const *in, void *out, int64_t n) {      \
    const uint8_t *c = in[0];                                               \
    const T *x = in[1], *z = in[2];                                         \
    T *y = out;                                                             \
    MK_EACH { const T a = x[i], b = z[i]; y[i] = c[i] ? a : b; }            \
  }
// What every type has.
#define MK_COMPARE_EQUAL                                                    \
  MK_MAP1(copy, T, a)                                                       \
  MK_MAP2(equal, uint8_t, a == b)                                           \
  MK_MAP2(not_equal, uint8_t, a != b)                                       \
  MK_CHOOSE
#define MK_LOGIC                                                            \
  MK_MAP1(logical_not, uint8_t, a == 0)                                     \
  MK_MAP2(logical_and, uint8_t, (uint8_t)((a != 0) & (b != 0)))             \
  MK_MAP2(logical_or, uint8_t, (uint8_t)((a != 0) | (b != 0)))              \
  MK_MAP2(logical_xor, uint8_t, (uint8_t)((a != 0) ^ (b != 0)))
#define MK_ORDER                                                            \
  MK_MAP2(less, uint8_t, a < b)                                             \
  MK_MAP2(less_equal, uint8_t, a <= b)
#define MK_BITS                                                             \
  MK_MAP2(bitwise_and, T, (T)(a & b))                                       \
  MK_MAP2(bitwise_or, T, (T)(a | b))                                        \
  MK_MAP2(bitwise_xor, T, (T)(a ^ b))

// Functions of eight lanes over n elements; the tail is padded with ones, which nothing minds.
#define MK_LANES1(name, fn)                                                 \
  static void MK_N(name)(const void *const *in, void *out, int64_t n) {        \
    const T *x = in[0];                                                     \
    T *y = out;                                                             \
    int64_t i = 0;                                                          \
    for (; i + 8 <= n; i += 8) MK_PUT(y + i, fn(MK_GET(x + i)));            \
    if (i < n) {                                                            \
      T a[8], r[8];                                                         \
      for (int64_t k = 0; k < 8; k++) a[k] = i + k < n ? x[i + k] : 1;      \
      MK_PUT(r, fn(MK_GET(a)));                                             \
      for (int64_t k = 0; i + k < n; k++) y[i + k] = r[k];                  \
    }                                                                       \
  }
// The elementary functions of math.def.
#define MK_ELEMENTARY1(name, function)                                      \
  static void MK_N(name)(const void *const *in, void *out, int64_t n) {     \
    MK_CAT(MK_CAT(math_##function, _), MK_E)(in[0], in[0], out, n);         \
  }
#define MK_ELEMENTARY2(name, function)                                      \
  static void MK_N(name)(const void *const *in, void *out, int64_t n) {     \
    MK_CAT(MK_CAT(math_##function, _), MK_E)(in[0], in[1], out, n);         \
  }

MK_INLINE v8d mk_get_f64(const double *p) { return *(const v8d_u *)p; }
MK_INLINE void mk_put_f64(double *p, v8d v) { *(v8d_u *)p = v; }
MK_INLINE v8d mk_get_f32(const float *p) { return __builtin_convertvector(*(const v8f_u *)p, v8d); }
MK_INLINE void mk_put_f32(float *p, v8d v) { *(v8f_u *)p = __builtin_convertvector(v, v8f); }

#define MK_E f64
#define MK_REAL64 1
#define T double
#define MK_GET mk_get_f64
#define MK_PUT mk_put_f64
#include "maps_real.inc.h"
#undef MK_E
#undef MK_REAL64
#undef T
#undef MK_GET
#undef MK_PUT

#define MK_E f32
#define MK_REAL64 0
#define T float
#define MK_GET mk_get_f32
#define MK_PUT mk_put_f32
#include "maps_real.inc.h"
#undef MK_E
#undef MK_REAL64
#undef T
#undef MK_GET
#undef MK_PUT

#define MK_E i32
#define T int32_t
#define U uint32_t
#define MK_SIGNED 1
#include "maps_integer.inc.h"
#undef MK_E
#undef T
#undef U

#define MK_E i64
#define T int64_t
#define U uint64_t
#include "maps_integer.inc.h"
#undef MK_E
#undef T
#undef U
#undef MK_SIGNED

#define MK_E u8
#define T uint8_t
#define U uint8_t
#define MK_SIGNED 0
#include "maps_integer.inc.h"
#undef MK_E
#undef T
#undef U
#undef MK_SIGNED

#define MK_E b8
#define T uint8_t
MK_COMPARE_EQUAL
MK_LOGIC
MK_ORDER
MK_BITS
MK_MAP1(bitwise_not, T, (T)!a)
MK_MAP2(maximum, T, (T)(a | b))
MK_MAP2(minimum, T, (T)(a & b))
#undef MK_E
#undef T

#define MK_E c64
#define S float
#define MK_C(name) name##f
#include "maps_complex.inc.h"
#undef MK_E
#undef S
#undef MK_C

#define MK_E c128
#define S double
#define MK_C(name) name
#include "maps_complex.inc.h"
#undef MK_E
#undef S
#undef MK_C
#undef MK_N
