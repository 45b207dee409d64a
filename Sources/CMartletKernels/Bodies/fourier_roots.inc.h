// Roots of unity.

// cos and sin of π/4 of nominator / denominator, which lies in 0 ... 1.
MK_INLINE void fourier_octant(const double *nominator, double denominator, double *cosine, double *sine) {
  const vd8 hi = *(const vdu8 *)nominator, zero = 0.0, below = (vd8)denominator;
  const mk_dd8 q = mk_quotient(hi, zero, below, zero);
  const mk_dd8 p = mk_product(q.hi, (vd8)(MK_PI_HI / 4));
  const mk_dd8 a = mk_fast_sum(p.hi, p.lo + (q.hi * (MK_PI_LO / 4) + q.lo * (MK_PI_HI / 4)));
  const mk_sin_cos8 t = mk_trig_poly((mk_trig_arg8){a.hi, a.lo, (vm8)(0)});
  // The cosine's own body forgives itself the error of the square.
  *(vdu8 *)cosine = t.cos.hi + (t.cos.lo - 0.5 * mk_product(a.hi, a.hi).lo);
  *(vdu8 *)sine = t.sin.hi + t.sin.lo;
}

static void fourier_roots(const int64_t *k, int64_t count, int64_t n, double *pairs) {
  for (int64_t i = 0; i < count; i += 8) {
    const int64_t left = count - i < 8 ? count - i : 8;
    int64_t octant[8] = {0};
    double nominator[8] = {0}, cosine[8], sine[8];
    for (int64_t l = 0; l < left; l++) {
      const int64_t rest = 8 * k[i + l] % n;
      octant[l] = 8 * k[i + l] / n;
      // Odd octants are walked backwards.
      nominator[l] = (double)(octant[l] % 2 ? n - rest : rest);
    }
    fourier_octant(nominator, (double)n, cosine, sine);
    for (int64_t l = 0; l < left; l++) {
      const int64_t o = octant[l];
      const int is_turned = o == 1 || o == 2 || o == 5 || o == 6;
      const double c = is_turned ? sine[l] : cosine[l], s = is_turned ? cosine[l] : sine[l];
      pairs[2 * (i + l)] = o >= 2 && o < 6 ? -c : c;
      pairs[2 * (i + l) + 1] = o >= 4 ? -s : s;
    }
  }
}
