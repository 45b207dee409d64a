// A line of any number of points whose prime factors are small, in one plane of real and one of imaginary parts:
// Stockham's passes, on vectors of neighbours. Planes have room for a vector more.

MK_INLINE Z FN(load_plane)(const MK_T *x, int64_t plane) { return (Z){FN(load)(x), FN(load)(x + plane)}; }

// Runs of fewer points than a vector has: butterflies beside each other, stored point by point. Roots in planes of
// their own, with room for a vector more.
MK_INLINE void FN(short_runs)(
  const MK_T *x, MK_T *y, int64_t plane, const MK_T *roots, int64_t points, int64_t stride, int r
) {
  const int64_t count = points * stride, padded = count + MK_LANES;
  int64_t q = 0, p = 0;
  for (int64_t i = 0; i < count; i += MK_LANES) {
    Z z[fourier_most_radix];
#pragma clang loop unroll(full)
    for (int j = 0; j < r; j++) z[j] = FN(load_plane)(x + i + count * j, plane);
    FN(butterfly)(z, r);
#pragma clang loop unroll(full)
    for (int j = 1; j < r; j++) z[j] = FN(times)(z[j], FN(load_plane)(roots + 2 * padded * (j - 1) + i, padded));
    for (int64_t l = 0; l < MK_LANES && i + l < count; l++) {
      MK_T *const to = y + q + stride * r * p;
      for (int j = 0; j < r; j++) to[stride * j] = z[j].re[l], to[stride * j + plane] = z[j].im[l];
      if (++q == stride) q = 0, p++;
    }
  }
}

MK_INLINE void FN(long_runs)(
  const MK_T *x, MK_T *y, int64_t plane, const MK_T *roots, int64_t points, int64_t stride, int r
) {
  for (int64_t p = 0; p < points; p++) {
    const MK_T *const w = roots + 2 * (r - 1) * p;
    for (int64_t next = 0; next < stride; next += MK_LANES) {
      // The last vector repeats some of the one before.
      const int64_t q = next + MK_LANES <= stride ? next : stride - MK_LANES;
      Z z[fourier_most_radix];
#pragma clang loop unroll(full)
      for (int j = 0; j < r; j++) z[j] = FN(load_plane)(x + q + stride * (p + points * j), plane);
      FN(butterfly)(z, r);
      MK_T *const to = y + q + stride * r * p;
#pragma clang loop unroll(full)
      for (int j = 0; j < r; j++) {
        if (j > 0) z[j] = FN(times)(z[j], (Z){(X)(w[2 * j - 2]), (X)(w[2 * j - 1])});
        FN(store)(to + stride * j, z[j].re);
        FN(store)(to + stride * j + plane, z[j].im);
      }
    }
  }
}

typedef void (*FN(some_runs))(const MK_T *x, MK_T *y, int64_t plane, const MK_T *w, int64_t points, int64_t stride);
#define RUNS(r)                                                                                                   \
  static void FN(runs##r)(const MK_T *x, MK_T *y, int64_t plane, const MK_T *w, int64_t points, int64_t stride) { \
    if (stride < MK_LANES)                                                                                        \
      FN(short_runs)(x, y, plane, w, points, stride, r);                                                           \
    else                                                                                                          \
      FN(long_runs)(x, y, plane, w, points, stride, r);                                                            \
  }
RUNS(2)
RUNS(3)
RUNS(4)
RUNS(5)
RUNS(7)
RUNS(8)
RUNS(11)
RUNS(13)
#undef RUNS
static const FN(some_runs) FN(runs)[14] = {
    [2] = FN(runs2), [3] = FN(runs3), [4] = FN(runs4),   [5] = FN(runs5),
    [7] = FN(runs7), [8] = FN(runs8), [11] = FN(runs11), [13] = FN(runs13),
};

static void FN(planes)(const mk_fourier_points *p, const void *in, void *out, void *work, int sign) {
  const int64_t n = p->n, plane = n + MK_LANES;
  const MK_T *const pairs = in;
  MK_T *x = work, *y = x + 2 * plane, *const result = out;
  for (int64_t k = 0; k < n; k++) x[k] = pairs[2 * k], x[k + plane] = pairs[2 * k + 1] * (MK_T)sign;
  int64_t points = n, stride = 1;
  for (int k = 0; k < p->passes; k++) {
    points /= p->radix[k];
    FN(runs)[p->radix[k]](x, y, plane, p->roots[k], points, stride);
    stride *= p->radix[k];
    MK_T *const last = x;
    x = y;
    y = last;
  }
  for (int64_t k = 0; k < n; k++) result[2 * k] = x[k], result[2 * k + 1] = x[k + plane] * (MK_T)sign;
}
