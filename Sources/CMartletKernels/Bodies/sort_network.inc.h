// Up to 16 vectors of keys sorted by a network: the columns first, then the columns merged two by two
// (bitonically) until one sequence runs down one lane after the other, then a transposition.
// Set before: MK_KEY, MK_KEY_LANES, MK_KEY_MAX, N().

typedef MK_KEY N(vec) __attribute__((ext_vector_type(MK_KEY_LANES)));
typedef MK_KEY N(vec_u) __attribute__((ext_vector_type(MK_KEY_LANES), aligned(sizeof(MK_KEY))));
#define V N(vec)
#define L MK_KEY_LANES

MK_INLINE V N(load)(const MK_KEY *p) { return *(const N(vec_u) *)p; }
MK_INLINE void N(store)(MK_KEY *p, V v) { *(N(vec_u) *)p = v; }

#define MK_CE(i, j)                                  \
  {                                                  \
    const V low = __builtin_elementwise_min(v[i], v[j]); \
    v[j] = __builtin_elementwise_max(v[i], v[j]);    \
    v[i] = low;                                      \
  }

// The comparators of 8 and 16 inputs (Knuth, The Art of Computer Programming 3, 1998, 5.3.4; the
// latter is M. W. Green's of 1969).
MK_INLINE void N(columns)(V *v, int rows) {
  if (rows == 2) {
    MK_CE(0, 1)
  } else if (rows == 4) {
    MK_CE(0, 1) MK_CE(2, 3) MK_CE(0, 2) MK_CE(1, 3) MK_CE(1, 2)
  } else if (rows == 8) {
    MK_CE(0, 2) MK_CE(1, 3) MK_CE(4, 6) MK_CE(5, 7) MK_CE(0, 4) MK_CE(1, 5) MK_CE(2, 6)
    MK_CE(3, 7) MK_CE(0, 1) MK_CE(2, 3) MK_CE(4, 5) MK_CE(6, 7) MK_CE(2, 4) MK_CE(3, 5)
    MK_CE(1, 4) MK_CE(3, 6) MK_CE(1, 2) MK_CE(3, 4) MK_CE(5, 6)
  } else if (rows == 16) {
    MK_CE(0, 1) MK_CE(2, 3) MK_CE(4, 5) MK_CE(6, 7) MK_CE(8, 9) MK_CE(10, 11) MK_CE(12, 13)
    MK_CE(14, 15) MK_CE(0, 2) MK_CE(1, 3) MK_CE(4, 6) MK_CE(5, 7) MK_CE(8, 10) MK_CE(9, 11)
    MK_CE(12, 14) MK_CE(13, 15) MK_CE(0, 4) MK_CE(1, 5) MK_CE(2, 6) MK_CE(3, 7) MK_CE(8, 12)
    MK_CE(9, 13) MK_CE(10, 14) MK_CE(11, 15) MK_CE(0, 8) MK_CE(1, 9) MK_CE(2, 10) MK_CE(3, 11)
    MK_CE(4, 12) MK_CE(5, 13) MK_CE(6, 14) MK_CE(7, 15) MK_CE(1, 2) MK_CE(3, 12) MK_CE(4, 8)
    MK_CE(5, 10) MK_CE(6, 9) MK_CE(7, 11) MK_CE(13, 14) MK_CE(1, 4) MK_CE(2, 8) MK_CE(7, 13)
    MK_CE(11, 14) MK_CE(2, 4) MK_CE(3, 8) MK_CE(5, 6) MK_CE(7, 12) MK_CE(9, 10) MK_CE(11, 13)
    MK_CE(3, 5) MK_CE(6, 8) MK_CE(7, 9) MK_CE(10, 12) MK_CE(3, 4) MK_CE(5, 6) MK_CE(7, 8)
    MK_CE(9, 10) MK_CE(11, 12) MK_CE(6, 7) MK_CE(8, 9)
  }
}

// The smaller of each pair in the lanes without the bit, the larger in those with it.
#define MK_HALVES(a, b, bit) \
  ((N(lane_numbers)() & (bit)) != 0 ? __builtin_elementwise_max(a, b) : __builtin_elementwise_min(a, b))

MK_INLINE V N(lane_numbers)(void) {
#if MK_KEY_LANES == 8
  return (V){0, 1, 2, 3, 4, 5, 6, 7};
#else
  return (V){0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
#endif
}

// Lane i takes lane i ^ x.
#if MK_KEY_LANES == 8
#define MK_XOR(v, x)                                                                          \
  __builtin_shufflevector(v, v, 0 ^ x, 1 ^ x, 2 ^ x, 3 ^ x, 4 ^ x, 5 ^ x, 6 ^ x, 7 ^ x)
#define MK_EVENS(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14)
#define MK_ODDS(a, b) __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15)
#define MK_ZIP_LOW(a, b) __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define MK_ZIP_HIGH(a, b) __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
#else
#define MK_XOR(v, x)                                                                          \
  __builtin_shufflevector(v, v, 0 ^ x, 1 ^ x, 2 ^ x, 3 ^ x, 4 ^ x, 5 ^ x, 6 ^ x, 7 ^ x, 8 ^ x, \
                          9 ^ x, 10 ^ x, 11 ^ x, 12 ^ x, 13 ^ x, 14 ^ x, 15 ^ x)
#define MK_EVENS(a, b) \
  __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30)
#define MK_ODDS(a, b) \
  __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31)
#define MK_ZIP_LOW(a, b) \
  __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define MK_ZIP_HIGH(a, b) \
  __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
#endif

#define MK_EACH _Pragma("clang loop unroll(full)") for
#define MK_ACROSS(distance) \
  MK_EACH (int i = 0; i < rows; i++) v[i] = MK_HALVES(v[i], MK_XOR(v[i], distance), distance);

// Groups of `lanes` lanes become one sequence each; their two halves are sorted sequences.
#define MK_MERGE(lanes)                                          \
  {                                                              \
    MK_EACH (int i = 0; i < (rows + 1) / 2; i++) {               \
      const V a = v[i], b = v[rows - 1 - i];                     \
      const V ra = MK_XOR(a, (lanes - 1)), rb = MK_XOR(b, (lanes - 1)); \
      v[i] = MK_HALVES(a, rb, lanes / 2);                        \
      if (rows > 1) v[rows - 1 - i] = MK_HALVES(b, ra, lanes / 2); \
    }                                                            \
    if (lanes > 8) MK_ACROSS(4)                                  \
    if (lanes > 4) MK_ACROSS(2)                                  \
    if (lanes > 2) MK_ACROSS(1)                                  \
    if (rows > 8) MK_DOWN(8)                                     \
    if (rows > 4) MK_DOWN(4)                                     \
    if (rows > 2) MK_DOWN(2)                                     \
    if (rows > 1) MK_DOWN(1)                                     \
  }
#define MK_DOWN(distance)              \
  MK_EACH (int i = 0; i < rows; i++)       \
    if ((i & distance) == 0) MK_CE(i, i + distance)

MK_INLINE void N(network)(V *v, int rows) {
  N(columns)(v, rows);
  MK_MERGE(2)
  MK_MERGE(4)
  MK_MERGE(8)
#if MK_KEY_LANES == 16
  MK_MERGE(16)
#endif
  // The flat position's bits are turned until the lane stands above the row.
  V w[16];
  MK_EACH (int turned = 1; rows <= L ? turned < rows : turned < L; turned *= 2) {
    MK_EACH (int i = 0; i < rows / 2; i++) {
      if (rows <= L) {
        w[2 * i] = MK_ZIP_LOW(v[i], v[i + rows / 2]);
        w[2 * i + 1] = MK_ZIP_HIGH(v[i], v[i + rows / 2]);
      } else {
        w[i] = MK_EVENS(v[2 * i], v[2 * i + 1]);
        w[i + rows / 2] = MK_ODDS(v[2 * i], v[2 * i + 1]);
      }
    }
    MK_EACH (int i = 0; i < rows; i++) v[i] = w[i];
  }
}

// n keys, rows * L / 2 < n <= rows * L (for one row: n > 0).
MK_INLINE void N(sort_rows)(MK_KEY *a, int64_t n, int rows) {
  const int64_t full = n / L;
  MK_KEY part[L];
  for (int k = 0; k < L; k++) part[k] = MK_KEY_MAX;
  for (int64_t k = full * L; k < n; k++) part[k % L] = a[k];
  const V rest = N(load)(part);
  V v[16];
  MK_EACH (int i = 0; i < rows; i++)
    v[i] = i < rows / 2 || i < full ? N(load)(a + i * L) : i == full ? rest : (V)(MK_KEY_MAX);
  N(network)(v, rows);
  MK_EACH (int i = 0; i < rows; i++) {
    if (i < rows / 2 || i < full)
      N(store)(a + i * L, v[i]);
    else if (i == full)
      N(store)(part, v[i]);
  }
  for (int64_t k = full * L; k < n; k++) a[k] = part[k % L];
}

#define MK_SMALL (MK_SORT_ROWS * L)  // keys

static void N(rows1)(MK_KEY *a, int64_t n) { N(sort_rows)(a, n, 1); }
static void N(rows2)(MK_KEY *a, int64_t n) { N(sort_rows)(a, n, 2); }
static void N(rows4)(MK_KEY *a, int64_t n) { N(sort_rows)(a, n, 4); }
#if MK_SORT_ROWS >= 8
static void N(rows8)(MK_KEY *a, int64_t n) { N(sort_rows)(a, n, 8); }
#endif
#if MK_SORT_ROWS >= 16
static void N(rows16)(MK_KEY *a, int64_t n) { N(sort_rows)(a, n, 16); }
#endif

// At most MK_SMALL keys.
static void N(small)(MK_KEY *a, int64_t n) {
  if (n <= 1) return;
  if (n <= L) return N(rows1)(a, n);
  if (n <= 2 * L) return N(rows2)(a, n);
#if MK_SORT_ROWS >= 16
  if (n > 8 * L) return N(rows16)(a, n);
#endif
#if MK_SORT_ROWS >= 8
  if (n > 4 * L) return N(rows8)(a, n);
#endif
  N(rows4)(a, n);
}
