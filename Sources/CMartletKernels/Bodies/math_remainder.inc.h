// Remainders of single numbers; included once for each instruction set.

// The first 1216 bits of 2/pi, after 64 zero bits.
static const uint64_t mk_two_over_pi[20] __attribute__((unused)) = {
  0,
  0xa2f9836e4e441529, 0xfc2757d1f534ddc0, 0xdb6295993c439041, 0xfe5163abdebbc561, 0xb7246e3a424dd2e0,
  0x06492eea09d1921c, 0xfe1deb1cb129a73e, 0xe88235f52ebb4484, 0xe99c7026b45f7e41, 0x3991d639835339f4,
  0x9c845f8bbdf9283b, 0x1ff897ffde05980f, 0xef2f118b5a0a6d1f, 0x6d367ecf27cb09b7, 0x4f463f669e5fea2d,
  0x7527bac7ebe5f17b, 0x3d0739f78a5292ea, 0x6bfb5fb11f8d5d08, 0x56033046fc7b6bab,
};

// Payne-Hanek: one lane, 2^20 <= x < infinity. Multiplies the significand by the 192 bits of 2/pi that
// matter modulo 4; what is cut off is below 2^-137 of a quadrant, and no double is nearer than 2^-62 to a multiple.
static __attribute__((noinline, cold, unused)) void mk_trig_huge(double x, double *r, double *lo, int64_t *q) {
  __extension__ typedef unsigned __int128 wide;
  union {
    double d;
    uint64_t u;
  } c;
  c.d = x;
  uint64_t m = (c.u & 0xfffffffffffffULL) | 0x10000000000000ULL;
  int e = (int)(c.u >> 52) - 1075;         // x = m 2^e
  int at = e - 2 + 64, w = at >> 6, s = at & 63; // bits before this one give multiples of four
  uint64_t a[3];
  for (int i = 0; i < 3; i++)
    a[i] = s ? (mk_two_over_pi[w + i] << s) | (mk_two_over_pi[w + i + 1] >> (64 - s)) : mk_two_over_pi[w + i];
  wide low = (wide)m * a[2], mid = (wide)m * a[1] + (uint64_t)(low >> 64);
  uint64_t p0 = m * a[0] + (uint64_t)(mid >> 64), p1 = (uint64_t)mid, p2 = (uint64_t)low;
  uint64_t quadrant = p0 >> 62;
  p0 = (p0 << 2) | (p1 >> 62), p1 = (p1 << 2) | (p2 >> 62), p2 <<= 2;
  int negative = (int)(p0 >> 63);
  if (negative) { // nearer to the next quadrant: count back from it
    quadrant += 1;
    p2 = ~p2 + 1, p1 = ~p1 + (p2 == 0), p0 = ~p0 + (p1 == 0 && p2 == 0);
  }
  int shift = 0;
  if (p0 == 0) p0 = p1, p1 = p2, p2 = 0, shift = 64;
  int z = p0 ? __builtin_clzll(p0) : 0;
  if (z) p0 = (p0 << z) | (p1 >> (64 - z)), p1 = (p1 << z) | (p2 >> (64 - z));
  c.u = (uint64_t)(1023 - 53 - shift - z) << 52;
  double h = (double)(int64_t)(p0 >> 11) * c.d;
  double l = (double)(int64_t)(((p0 & 0x7ff) << 42) | (p1 >> 22)) * (c.d * 0x1p-53);
  // times pi/2, whose leading double is split in two
  c.d = h;
  c.u &= ~0x7ffffffULL;
  double hh = c.d, hl = h - hh, ph = 0x1.921fb50000000p+0, pl = 0x1.110b4600000000p-26, v = h * (ph + pl);
  double rest = ((hh * ph - v) + (hh * pl + hl * ph)) + hl * pl;
  rest += h * (0.5 * MK_PI_LO) + l * (0.5 * MK_PI_HI);
  double sum = v + rest, sign = negative ? -1.0 : 1.0;
  *r = sign * sum;
  *lo = sign * (rest - (sum - v));
  *q = (int64_t)quadrant;
}

// a modulo b, both >= 0: long division of the significands, bit by bit. NaN for b = 0 and for a infinite.
static __attribute__((noinline, cold, unused)) double mk_remainder_one(double a, double b) {
  if (!(a < MK_INF) || !(b > 0)) return MK_NAN;
  if (a < b) return a;
  union {
    double d;
    uint64_t u;
  } c;
  c.d = a;
  int ea = (int)(c.u >> 52);
  uint64_t ma = (c.u & 0xfffffffffffffULL) | (ea ? 1ULL << 52 : 0);
  c.d = b;
  int eb = (int)(c.u >> 52);
  uint64_t mb = (c.u & 0xfffffffffffffULL) | (eb ? 1ULL << 52 : 0);
  ea += !ea, eb += !eb;
  // Eleven bits at a time.
  for (int left = ea - eb; left > 0;) {
    int n = left < 11 ? left : 11;
    ma = ((ma % mb) << n), left -= n;
  }
  ma %= mb;
  if (ma == 0) return 0;
  int z = __builtin_clzll(ma) - 11;
  if (eb - z >= 1)
    c.u = ((ma << z) & 0xfffffffffffffULL) | ((uint64_t)(eb - z) << 52);
  else
    c.u = ma << (eb - 1);
  return c.d;
}
