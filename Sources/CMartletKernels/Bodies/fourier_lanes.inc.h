// A line of n = MK_LANES * m points as MK_LANES lines of m points, element by element beside each other: Stockham's
// passes, every one on full vectors, and then a butterfly across the lanes. Between passes a vector of real parts and
// one of imaginary parts follow each other.

// The blocks that a butterfly of radix r takes are `points` times `stride` apart and written beside each other.
// The last pass has no roots.
MK_INLINE void FN(pass)(
  const MK_T *x, MK_T *y, const MK_T *roots, int64_t points, int64_t stride, int r, int is_first, int is_last, MK_T sign
) {
  const int64_t block = 2 * MK_LANES;
  for (int64_t p = 0; p < points; p++) {
    const MK_T *w = roots + 2 * (r - 1) * p;
    for (int64_t q = 0; q < stride; q++) {
      const MK_T *const from = x + block * (q + stride * p);
      MK_T *const to = y + block * (q + stride * r * p);
      Z z[fourier_most_radix];
#pragma clang loop unroll(full)
      for (int j = 0; j < r; j++) {
        const MK_T *const at = from + block * stride * points * j;
        if (is_first) {
          z[j] = FN(load_pairs)(at);
          z[j].im *= sign;
        } else
          z[j] = (Z){FN(load)(at), FN(load)(at + MK_LANES)};
      }
      FN(butterfly)(z, r);
#pragma clang loop unroll(full)
      for (int j = 0; j < r; j++) {
        MK_T *const at = to + block * stride * j;
        if (!is_last && j > 0) z[j] = FN(times)(z[j], (Z){(X)(w[2 * j - 2]), (X)(w[2 * j - 1])});
        FN(store)(at, z[j].re);
        FN(store)(at + MK_LANES, z[j].im);
      }
    }
  }
}

#define PASS(r)                                                                                        \
  static void FN(first##r)(const MK_T *x, MK_T *y, const MK_T *w, int64_t points, int64_t s, MK_T sign) { \
    (void)s;                                                                                           \
    FN(pass)(x, y, w, points, 1, r, 1, 0, sign);                                                        \
  }                                                                                                    \
  static void FN(middle##r)(const MK_T *x, MK_T *y, const MK_T *w, int64_t points, int64_t s, MK_T sign) { \
    FN(pass)(x, y, w, points, s, r, 0, 0, sign);                                                        \
  }                                                                                                    \
  static void FN(last##r)(const MK_T *x, MK_T *y, const MK_T *w, int64_t points, int64_t s, MK_T sign) { \
    (void)points;                                                                                      \
    FN(pass)(x, y, w, 1, s, r, 0, 1, sign);                                                             \
  }
PASS(2)
PASS(3)
PASS(4)
PASS(5)
PASS(7)
PASS(8)
PASS(11)
PASS(13)
#undef PASS

typedef void (*FN(some_pass))(const MK_T *x, MK_T *y, const MK_T *w, int64_t points, int64_t stride, MK_T sign);
static const FN(some_pass) FN(passes)[14][3] = {
#define PASS(r) [r] = {FN(first##r), FN(middle##r), FN(last##r)},
    PASS(2) PASS(3) PASS(4) PASS(5) PASS(7) PASS(8) PASS(11) PASS(13)
#undef PASS
};

// The lanes of the vectors become the vectors, and their numbers the lanes.
MK_INLINE void FN(transpose)(X *a) {
#if MK_LANES == 4
  const X t0 = __builtin_shufflevector(a[0], a[1], 0, 4, 2, 6), t1 = __builtin_shufflevector(a[0], a[1], 1, 5, 3, 7);
  const X t2 = __builtin_shufflevector(a[2], a[3], 0, 4, 2, 6), t3 = __builtin_shufflevector(a[2], a[3], 1, 5, 3, 7);
  a[0] = __builtin_shufflevector(t0, t2, 0, 1, 4, 5);
  a[1] = __builtin_shufflevector(t1, t3, 0, 1, 4, 5);
  a[2] = __builtin_shufflevector(t0, t2, 2, 3, 6, 7);
  a[3] = __builtin_shufflevector(t1, t3, 2, 3, 6, 7);
#else
  X t[8], u[8];
#pragma clang loop unroll(full)
  for (int k = 0; k < 8; k += 2) {
    t[k] = __builtin_shufflevector(a[k], a[k + 1], 0, 8, 2, 10, 4, 12, 6, 14);
    t[k + 1] = __builtin_shufflevector(a[k], a[k + 1], 1, 9, 3, 11, 5, 13, 7, 15);
  }
#pragma clang loop unroll(full)
  for (int k = 0; k < 8; k++) {
    if (k & 2) continue;
    u[k] = __builtin_shufflevector(t[k], t[k + 2], 0, 1, 8, 9, 4, 5, 12, 13);
    u[k + 2] = __builtin_shufflevector(t[k], t[k + 2], 2, 3, 10, 11, 6, 7, 14, 15);
  }
#pragma clang loop unroll(full)
  for (int k = 0; k < 4; k++) {
    a[k] = __builtin_shufflevector(u[k], u[k + 4], 0, 1, 2, 3, 8, 9, 10, 11);
    a[k + 4] = __builtin_shufflevector(u[k], u[k + 4], 4, 5, 6, 7, 12, 13, 14, 15);
  }
#endif
}

// The transforms of the lanes, m points each, become that of the line. Reads whole squares.
static void FN(join)(const MK_T *x, MK_T *y, const MK_T *roots, int64_t m, MK_T sign) {
  for (int64_t k = 0; k < m; k += MK_LANES) {
    X re[MK_LANES], im[MK_LANES];
#pragma clang loop unroll(full)
    for (int b = 0; b < MK_LANES; b++) {
      re[b] = FN(load)(x + 2 * MK_LANES * (k + b));
      im[b] = FN(load)(x + 2 * MK_LANES * (k + b) + MK_LANES);
    }
    FN(transpose)(re);
    FN(transpose)(im);
    const MK_T *const w = roots + 2 * (MK_LANES - 1) * k;
    Z z[MK_LANES];
    z[0] = (Z){re[0], im[0]};
#pragma clang loop unroll(full)
    for (int v = 1; v < MK_LANES; v++) {
      const MK_T *const at = w + 2 * MK_LANES * (v - 1);
      z[v] = FN(times)((Z){re[v], im[v]}, (Z){FN(load)(at), FN(load)(at + MK_LANES)});
    }
    FN(butterfly)(z, MK_LANES);
#pragma clang loop unroll(full)
    for (int j = 0; j < MK_LANES; j++) {
      const Z result = {z[j].re, z[j].im * sign};
      if (m - k >= MK_LANES)
        FN(store_pairs)(y + 2 * (k + m * j), result);
      else {
        MK_T pairs[2 * MK_LANES];
        FN(store_pairs)(pairs, result);
        for (int64_t l = 0; l < 2 * (m - k); l++) y[2 * (k + m * j) + l] = pairs[l];
      }
    }
  }
}

static void FN(lanes)(const mk_fourier_points *p, const void *in, void *out, void *work, int sign) {
  const MK_T *x = in;
  int64_t points = p->n / MK_LANES, stride = 1;
  for (int k = 0; k < p->passes; k++) {
    const int r = p->radix[k];
    // The last one writes where `join` reads.
    MK_T *const y = (p->passes - k) % 2 ? work : out;
    points /= r;
    FN(passes)[r][k == 0 ? 0 : k < p->passes - 1 ? 1 : 2](x, y, p->roots[k], points, stride, (MK_T)sign);
    stride *= r;
    x = y;
  }
  FN(join)(x, out, p->joints, p->n / MK_LANES, (MK_T)sign);
}
