// Sliding products: blocks of results in registers while the taps go by. Set before: MK_ISA.
#define C(name) MK_CAT(MK_CAT(name##_, MK_ISA), _convolution)
#define MK_TAPS 64

#define MK_SLIDE(name, T, lanes)                                                                   \
  typedef T C(name##_vector) __attribute__((ext_vector_type(lanes), aligned(sizeof(T))));          \
  static void C(name)(const void *px, int64_t step, const void *pg, int64_t taps, void *out,       \
                      int64_t count) {                                                             \
    typedef C(name##_vector) V;                                                                    \
    const T *x = px, *g = pg;                                                                      \
    T *y = out;                                                                                    \
    int64_t k = 0;                                                                                 \
    for (; k + 4 * lanes <= count; k += 4 * lanes) {                                               \
      V t0 = (V)(T)0, t1 = t0, t2 = t0, t3 = t0;                                                   \
      for (int64_t b = 0; b < taps; b += MK_TAPS) {                                                \
        const int64_t end = b + MK_TAPS < taps ? b + MK_TAPS : taps;                               \
        V a0 = (V)(T)0, a1 = a0, a2 = a0, a3 = a0;                                                 \
        for (int64_t i = b; i < end; i++) {                                                        \
          const T *p = x + k + step * i;                                                           \
          const V f = (V)g[i];                                                                     \
          a0 += *(const V *)p * f;                                                                 \
          a1 += *(const V *)(p + lanes) * f;                                                       \
          a2 += *(const V *)(p + 2 * lanes) * f;                                                   \
          a3 += *(const V *)(p + 3 * lanes) * f;                                                   \
        }                                                                                          \
        t0 += a0, t1 += a1, t2 += a2, t3 += a3;                                                    \
      }                                                                                            \
      *(V *)(y + k) = t0;                                                                          \
      *(V *)(y + k + lanes) = t1;                                                                  \
      *(V *)(y + k + 2 * lanes) = t2;                                                              \
      *(V *)(y + k + 3 * lanes) = t3;                                                              \
    }                                                                                              \
    for (; k < count; k++) {                                                                       \
      T t = 0;                                                                                     \
      for (int64_t b = 0; b < taps; b += MK_TAPS) {                                                \
        const int64_t end = b + MK_TAPS < taps ? b + MK_TAPS : taps;                               \
        T a = 0;                                                                                   \
        for (int64_t i = b; i < end; i++) a = (T)(a + x[k + step * i] * g[i]);                     \
        t = (T)(t + a);                                                                            \
      }                                                                                            \
      y[k] = t;                                                                                    \
    }                                                                                              \
  }
MK_SLIDE(f64, double, 8)
MK_SLIDE(f32, float, 16)
MK_SLIDE(i64, uint64_t, 8)
MK_SLIDE(i32, uint32_t, 16)
MK_SLIDE(u8, uint8_t, 64)

const mk_convolution_table MK_CAT(mk_convolution_, MK_ISA) = {
    .float64 = C(f64), .float32 = C(f32), .int64 = C(i64), .int32 = C(i32), .uint8 = C(u8)};
#undef C
#undef MK_TAPS
