// Running sums, products, maxima and minima along an axis.
#include "CMartletArrays.h"
#include "CMartletIndexing.h"

#pragma STDC FP_CONTRACT OFF

typedef struct {
  float real, imaginary;
} mk_single_pair;
typedef struct {
  double real, imaginary;
} mk_double_pair;

// Columns whose running values are kept at once.
#define MK_SCAN_COLUMNS 128

// A: the running value; `begin` changes nothing that it is combined with, `identity` is what is shown.
// Several rows go side by side, since each element waits for the one before it.
#define MK_SCAN(name, T, A, begin, identity, step, get, set)                              \
  static void name(const T *x, int64_t outer, int64_t length, int64_t inner, int initial, T *y) { \
    const int64_t rows = length + initial;                                                \
    if (inner == 1) {                                                                     \
      int64_t o = 0;                                                                      \
      for (; o + 4 <= outer; o += 4) {                                                    \
        const T *x0 = x + o * length, *x1 = x0 + length, *x2 = x1 + length, *x3 = x2 + length; \
        T *y0 = y + o * rows, *y1 = y0 + rows, *y2 = y1 + rows, *y3 = y2 + rows;          \
        if (initial) *y0++ = *y1++ = *y2++ = *y3++ = identity;                            \
        A a0 = begin, a1 = begin, a2 = begin, a3 = begin;                                 \
        for (int64_t j = 0; j < length; j++) {                                            \
          a0 = step(a0, get(x0[j]));                                                      \
          a1 = step(a1, get(x1[j]));                                                      \
          a2 = step(a2, get(x2[j]));                                                      \
          a3 = step(a3, get(x3[j]));                                                      \
          y0[j] = set(a0);                                                                \
          y1[j] = set(a1);                                                                \
          y2[j] = set(a2);                                                                \
          y3[j] = set(a3);                                                                \
        }                                                                                 \
      }                                                                                   \
      for (; o < outer; o++) {                                                            \
        const T *xo = x + o * length;                                                     \
        T *yo = y + o * rows;                                                             \
        if (initial) *yo++ = identity;                                                    \
        A a = begin;                                                                      \
        for (int64_t j = 0; j < length; j++) {                                            \
          a = step(a, get(xo[j]));                                                        \
          yo[j] = set(a);                                                                 \
        }                                                                                 \
      }                                                                                   \
      return;                                                                             \
    }                                                                                     \
    for (int64_t o = 0; o < outer; o++, x += length * inner, y += rows * inner)           \
      for (int64_t i = 0; i < inner; i += MK_SCAN_COLUMNS) {                                   \
        const int64_t n = inner - i < MK_SCAN_COLUMNS ? inner - i : MK_SCAN_COLUMNS;                \
        A a[MK_SCAN_COLUMNS];                                                                  \
        for (int64_t k = 0; k < n; k++) a[k] = begin;                                     \
        T *yo = y + i;                                                                    \
        if (initial) {                                                                    \
          for (int64_t k = 0; k < n; k++) yo[k] = identity;                               \
          yo += inner;                                                                    \
        }                                                                                 \
        const T *xo = x + i;                                                              \
        for (int64_t j = 0; j < length; j++, xo += inner, yo += inner)                    \
          for (int64_t k = 0; k < n; k++) {                                               \
            a[k] = step(a[k], get(xo[k]));                                                \
            yo[k] = set(a[k]);                                                            \
          }                                                                               \
      }                                                                                   \
  }

#define MK_PLUS(a, b) ((a) + (b))
#define MK_TIMES(a, b) ((a) * (b))
// NaN, once there, stays.
#define MK_GREATER(a, b) ((a) > (b) || (a) != (a) ? (a) : (b))
#define MK_SMALLER(a, b) ((a) < (b) || (a) != (a) ? (a) : (b))
#define MK_SAME(x) (x)
#define MK_TO_DOUBLE(x) ((double)(x))
#define MK_TO_SINGLE(x) ((float)(x))

static inline mk_double_pair pair_product(mk_double_pair a, mk_double_pair b) {
  return (mk_double_pair){a.real * b.real - a.imaginary * b.imaginary,
                          a.real * b.imaginary + a.imaginary * b.real};
}
static inline mk_double_pair pair_of_single(mk_single_pair x) {
  return (mk_double_pair){x.real, x.imaginary};
}
static inline mk_single_pair single_of_pair(mk_double_pair x) {
  return (mk_single_pair){(float)x.real, (float)x.imaginary};
}

// -0 keeps the sign of a first zero.
MK_SCAN(sum_f32, float, double, -0.0, 0, MK_PLUS, MK_TO_DOUBLE, MK_TO_SINGLE)
MK_SCAN(sum_f64, double, double, -0.0, 0, MK_PLUS, MK_SAME, MK_SAME)
MK_SCAN(sum_i64, uint64_t, uint64_t, 0, 0, MK_PLUS, MK_SAME, MK_SAME)
MK_SCAN(product_f32, float, double, 1, 1, MK_TIMES, MK_TO_DOUBLE, MK_TO_SINGLE)
MK_SCAN(product_f64, double, double, 1, 1, MK_TIMES, MK_SAME, MK_SAME)
MK_SCAN(product_i64, uint64_t, uint64_t, 1, 1, MK_TIMES, MK_SAME, MK_SAME)
#define MK_ONE_DOUBLE ((mk_double_pair){1, 0})
#define MK_ONE_SINGLE ((mk_single_pair){1, 0})
MK_SCAN(product_c64, mk_single_pair, mk_double_pair, MK_ONE_DOUBLE, MK_ONE_SINGLE, pair_product,
        pair_of_single, single_of_pair)
MK_SCAN(product_c128, mk_double_pair, mk_double_pair, MK_ONE_DOUBLE, MK_ONE_DOUBLE, pair_product,
        MK_SAME, MK_SAME)
#define MK_EXTREMA(e, T, least, most)                                        \
  MK_SCAN(maximum_##e, T, T, least, least, MK_GREATER, MK_SAME, MK_SAME)     \
  MK_SCAN(minimum_##e, T, T, most, most, MK_SMALLER, MK_SAME, MK_SAME)
MK_EXTREMA(f32, float, -__builtin_inff(), __builtin_inff())
MK_EXTREMA(f64, double, -__builtin_inf(), __builtin_inf())
MK_EXTREMA(i32, int32_t, INT32_MIN, INT32_MAX)
MK_EXTREMA(i64, int64_t, INT64_MIN, INT64_MAX)
MK_EXTREMA(u8, uint8_t, 0, UINT8_MAX)

int mk_scan(int scan, int type, const void *from, int64_t outer, int64_t length, int64_t inner,
            int initial, void *to) {
#define MK_CASE(kind, t, name)                                        \
  if (scan == mk_scan_##kind && type == t) {                          \
    kind##_##name(from, outer, length, inner, initial, to);           \
    return 1;                                                         \
  }
  // The parts of complex numbers add up on their own.
  if (scan == mk_scan_sum && (type == mk_complex64 || type == mk_complex128)) {
    type = type == mk_complex64 ? mk_float32 : mk_float64;
    inner *= 2;
  }
  MK_CASE(sum, mk_float32, f32)
  MK_CASE(sum, mk_float64, f64)
  MK_CASE(sum, mk_int64, i64)
  MK_CASE(product, mk_float32, f32)
  MK_CASE(product, mk_float64, f64)
  MK_CASE(product, mk_int64, i64)
  MK_CASE(product, mk_complex64, c64)
  MK_CASE(product, mk_complex128, c128)
#define MK_EXTREMA_CASES(kind)    \
  MK_CASE(kind, mk_float32, f32)  \
  MK_CASE(kind, mk_float64, f64)  \
  MK_CASE(kind, mk_int32, i32)    \
  MK_CASE(kind, mk_int64, i64)    \
  MK_CASE(kind, mk_uint8, u8)     \
  MK_CASE(kind, mk_bool, u8)
  MK_EXTREMA_CASES(maximum)
  MK_EXTREMA_CASES(minimum)
  return 0;
}
