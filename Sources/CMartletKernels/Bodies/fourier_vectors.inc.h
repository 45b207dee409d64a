// Vectors of complex numbers of one type, and butterflies. Set before: MK_T, MK_E (name of the type), MK_LANES.
#define FN(name) MK_CAT(MK_CAT(MK_CAT(MK_CAT(fourier_, name), _), MK_CAT(MK_E, _)), MK_LANES)
#define X FN(vector)
#define XU FN(unaligned)
#define PU FN(pairs)
#define Z FN(complex)

typedef MK_T X __attribute__((ext_vector_type(MK_LANES)));
typedef MK_T XU __attribute__((ext_vector_type(MK_LANES), aligned(sizeof(MK_T))));
typedef MK_T PU __attribute__((ext_vector_type(2 * MK_LANES), aligned(sizeof(MK_T))));
typedef struct {
  X re, im;
} Z;

#if MK_LANES == 4
#define EVENS 0, 2, 4, 6
#define ODDS 1, 3, 5, 7
#define EVENS_BACK 6, 4, 2, 0
#define ODDS_BACK 7, 5, 3, 1
#define ZIPPED 0, 4, 1, 5, 2, 6, 3, 7
#define ZIPPED_BACK 3, 7, 2, 6, 1, 5, 0, 4
#else
#define EVENS 0, 2, 4, 6, 8, 10, 12, 14
#define ODDS 1, 3, 5, 7, 9, 11, 13, 15
#define EVENS_BACK 14, 12, 10, 8, 6, 4, 2, 0
#define ODDS_BACK 15, 13, 11, 9, 7, 5, 3, 1
#define ZIPPED 0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15
#define ZIPPED_BACK 7, 15, 6, 14, 5, 13, 4, 12, 3, 11, 2, 10, 1, 9, 0, 8
#endif

MK_INLINE X FN(load)(const MK_T *x) { return *(const XU *)x; }
MK_INLINE void FN(store)(MK_T *x, X v) { *(XU *)x = v; }
// Real and imaginary parts that stand in pairs.
MK_INLINE Z FN(load_pairs)(const MK_T *x) {
  const PU p = *(const PU *)x;
  return (Z){__builtin_shufflevector(p, p, EVENS), __builtin_shufflevector(p, p, ODDS)};
}
MK_INLINE void FN(store_pairs)(MK_T *x, Z z) { *(PU *)x = __builtin_shufflevector(z.re, z.im, ZIPPED); }
MK_INLINE Z FN(load_back)(const MK_T *x) {
  const PU p = *(const PU *)x;
  return (Z){__builtin_shufflevector(p, p, EVENS_BACK), __builtin_shufflevector(p, p, ODDS_BACK)};
}
MK_INLINE void FN(store_back)(MK_T *x, Z z) { *(PU *)x = __builtin_shufflevector(z.re, z.im, ZIPPED_BACK); }

MK_INLINE Z FN(add)(Z a, Z b) { return (Z){a.re + b.re, a.im + b.im}; }
MK_INLINE Z FN(subtract)(Z a, Z b) { return (Z){a.re - b.re, a.im - b.im}; }
// a - i b and a + i b.
MK_INLINE Z FN(add_down)(Z a, Z b) { return (Z){a.re + b.im, a.im - b.re}; }
MK_INLINE Z FN(add_up)(Z a, Z b) { return (Z){a.re - b.im, a.im + b.re}; }
MK_INLINE Z FN(scale)(Z a, double c) { return (Z){a.re * (MK_T)c, a.im * (MK_T)c}; }
MK_INLINE Z FN(times)(Z a, Z b) { return (Z){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re}; }

MK_INLINE void FN(butterfly2)(Z *z) {
  const Z a = z[0];
  z[0] = FN(add)(a, z[1]);
  z[1] = FN(subtract)(a, z[1]);
}

MK_INLINE void FN(butterfly3)(Z *z) {
  const Z sum = FN(add)(z[1], z[2]), difference = FN(scale)(FN(subtract)(z[1], z[2]), 0x1.bb67ae8584caap-1);
  const Z middle = FN(subtract)(z[0], FN(scale)(sum, 0.5));
  z[0] = FN(add)(z[0], sum);
  z[1] = FN(add_down)(middle, difference);
  z[2] = FN(add_up)(middle, difference);
}

MK_INLINE void FN(butterfly4)(Z *z) {
  const Z a = FN(add)(z[0], z[2]), b = FN(subtract)(z[0], z[2]), c = FN(add)(z[1], z[3]), d = FN(subtract)(z[1], z[3]);
  z[0] = FN(add)(a, c);
  z[1] = FN(add_down)(b, d);
  z[2] = FN(subtract)(a, c);
  z[3] = FN(add_up)(b, d);
}

MK_INLINE void FN(butterfly8)(Z *z) {
  Z even[4] = {z[0], z[2], z[4], z[6]}, odd[4] = {z[1], z[3], z[5], z[7]};
  FN(butterfly4)(even);
  FN(butterfly4)(odd);
  const double half = 0x1.6a09e667f3bcdp-1;
  // Times e^-πi/4, e^-3πi/4.
  const Z first = FN(scale)((Z){odd[1].re + odd[1].im, odd[1].im - odd[1].re}, half);
  const Z third = FN(scale)((Z){odd[3].im - odd[3].re, -odd[3].re - odd[3].im}, half);
  z[0] = FN(add)(even[0], odd[0]);
  z[4] = FN(subtract)(even[0], odd[0]);
  z[1] = FN(add)(even[1], first);
  z[5] = FN(subtract)(even[1], first);
  z[2] = FN(add_down)(even[2], odd[2]);
  z[6] = FN(add_up)(even[2], odd[2]);
  z[3] = FN(add)(even[3], third);
  z[7] = FN(subtract)(even[3], third);
}

// An odd prime, by sums and differences of the points k and r - k; with cos and sin of 2π k / r, k = 1 … r / 2.
MK_INLINE void FN(butterfly_odd)(Z *z, int r, const double *cosine, const double *sine) {
  Z sum[6], difference[6], total = z[0], first = z[0];
#pragma clang loop unroll(full)
  for (int k = 1; k <= r / 2; k++) {
    sum[k - 1] = FN(add)(z[k], z[r - k]);
    difference[k - 1] = FN(subtract)(z[k], z[r - k]);
    total = FN(add)(total, sum[k - 1]);
  }
  z[0] = total;
#pragma clang loop unroll(full)
  for (int j = 1; j <= r / 2; j++) {
    Z even = first, odd = {0, 0};
#pragma clang loop unroll(full)
    for (int k = 1; k <= r / 2; k++) {
      const int at = j * k % r, near = at <= r / 2 ? at : r - at;
      const double s = at <= r / 2 ? sine[near - 1] : -sine[near - 1];
      even = FN(add)(even, FN(scale)(sum[k - 1], cosine[near - 1]));
      odd = k == 1 ? FN(scale)(difference[0], s) : FN(add)(odd, FN(scale)(difference[k - 1], s));
    }
    z[j] = FN(add_down)(even, odd);
    z[r - j] = FN(add_up)(even, odd);
  }
}

MK_INLINE void FN(butterfly)(Z *z, int r) {
  static const double cosine5[] = {0x1.3c6ef372fe950p-2, -0x1.9e3779b97f4a8p-1}, sine5[] = {0x1.e6f0e134454ffp-1, 0x1.2cf2304755a5ep-1};
  static const double cosine7[] = {0x1.3f3a0e28bedd1p-1, -0x1.c7b90e3024582p-3, -0x1.cd4bca9cb5c71p-1}, sine7[] = {0x1.904c37505de4bp-1, 0x1.f329c0558e969p-1, 0x1.bc4c04d71abc1p-2};
  static const double cosine11[] = {0x1.aeb8c8764f0bap-1, 0x1.a9628d9c712b6p-2, -0x1.2375f640f44dbp-3, -0x1.4f49e7f775887p-1, -0x1.eb42a9bcd5057p-1}, sine11[] = {0x1.14cedf8bb580bp-1, 0x1.d1bb48eee2c13p-1, 0x1.fac9e043842efp-1, 0x1.82f19bb3a28a1p-1, 0x1.207e7fd768dbfp-2};
  static const double cosine13[] = {0x1.c55a7e00740e9p-1, 0x1.22d961ea71119p-1, 0x1.edb7debaa3ed8p-4, -0x1.6b1d8b2365da1p-2, -0x1.7f3ccd0032e0cp-1, -0x1.f11f493053d00p-1}, sine13[] = {0x1.dbe064267c47cp-2, 0x1.a55e242a4c3d2p-1, 0x1.fc44566966769p-1, 0x1.deba72ef20147p-1, 0x1.5384d024c2f84p-1, 0x1.ea1e54bc48dbfp-3};
  switch (r) {
  case 2: FN(butterfly2)(z); break;
  case 3: FN(butterfly3)(z); break;
  case 4: FN(butterfly4)(z); break;
  case 5: FN(butterfly_odd)(z, 5, cosine5, sine5); break;
  case 7: FN(butterfly_odd)(z, 7, cosine7, sine7); break;
  case 8: FN(butterfly8)(z); break;
  case 11: FN(butterfly_odd)(z, 11, cosine11, sine11); break;
  case 13: FN(butterfly_odd)(z, 13, cosine13, sine13); break;
  }
}
