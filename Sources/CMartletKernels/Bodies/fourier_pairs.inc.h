// What is done to pairs of real and imaginary parts before or after a transform.

static void FN(multiply)(const void *xs, const void *ws, void *ys, int64_t count, int sign_in, int sign_out) {
  const MK_T *const x = xs, *const w = ws;
  MK_T *const y = ys;
  const MK_T in = (MK_T)sign_in, out = (MK_T)sign_out;
  int64_t k = 0;
  for (; k + MK_LANES <= count; k += MK_LANES) {
    Z a = FN(load_pairs)(x + 2 * k);
    a.im *= in;
    a = FN(times)(a, FN(load_pairs)(w + 2 * k));
    a.im *= out;
    FN(store_pairs)(y + 2 * k, a);
  }
  for (; k < count; k++) {
    const MK_T a = x[2 * k], b = x[2 * k + 1] * in, c = w[2 * k], d = w[2 * k + 1];
    y[2 * k] = a * c - b * d;
    y[2 * k + 1] = (a * d + b * c) * out;
  }
}

// Of points k and n - k: half their even and odd parts forward, their sums and differences backward.
static void FN(halves)(void *line, const void *roots, int64_t n, int sign) {
  MK_T *const x = line, *const y = x + 2 * n;
  const MK_T *const cosine = roots, *const sine = cosine + n / 2 + 1;
  const MK_T factor = sign > 0 ? (MK_T)0.5 : 1, turn = (MK_T)sign;
  const MK_T first = x[0], second = sign > 0 ? x[1] : y[0];
  x[0] = first + second;
  if (sign > 0) {
    x[1] = 0;
    y[0] = first - second;
    y[1] = 0;
  } else
    x[1] = first - second;
  int64_t k = 1;
  for (; k + MK_LANES <= n - k - MK_LANES + 1; k += MK_LANES) {
    MK_T *const near = x + 2 * k, *const far = x + 2 * (n - k - MK_LANES + 1);
    const Z a = FN(load_pairs)(near), b = FN(load_back)(far);
    const Z even = {(a.re + b.re) * factor, (a.im - b.im) * factor};
    const Z odd = {(a.re - b.re) * factor, (a.im + b.im) * factor};
    const X c = FN(load)(cosine + k) * turn, s = FN(load)(sine + k);
    const Z t = {c * odd.im - s * odd.re, -s * odd.im - c * odd.re};
    FN(store_pairs)(near, FN(add)(even, t));
    FN(store_back)(far, (Z){even.re - t.re, t.im - even.im});
  }
  for (; k < n - k; k++) {
    MK_T *const near = x + 2 * k, *const far = x + 2 * (n - k);
    const MK_T even_re = (near[0] + far[0]) * factor, even_im = (near[1] - far[1]) * factor;
    const MK_T odd_re = (near[0] - far[0]) * factor, odd_im = (near[1] + far[1]) * factor;
    const MK_T c = cosine[k] * turn, s = sine[k];
    const MK_T t_re = c * odd_im - s * odd_re, t_im = -s * odd_im - c * odd_re;
    near[0] = even_re + t_re;
    near[1] = even_im + t_im;
    far[0] = even_re - t_re;
    far[1] = t_im - even_im;
  }
  if (n % 2 == 0 && n > 0) {
    x[n] *= 2 * factor;
    x[n + 1] *= -2 * factor;
  }
}
