// Tiles of a product: `rows` rows by one strip of columns, or by four where rows are few (their sums alone would
// wait for each other). A step along k takes 4 bytes of a row and 4 bytes of each column: a float, two
// bfloat16 or four 8-bit integers. Set before, and unset here: T(name), ACC (register of sums), DOT(a, b, sum), A_TYPE
// (what 4 bytes of a row are), MK_RUN, MK_HALVES (whether there are tiles of half a strip); T(store) is defined before.

// rows x columns of sums; strips are `next` bytes apart in w. Sums of MK_RUN steps are added up, so that rounding
// does not grow with k; two runs of a common width are one, since adding them up would cost a hundredth of the time.
// Exact sums need none of that (MK_RUN 0).
MK_INLINE void T(sums)(
  const int rows, const int strips, const int vectors, const mk_tile *t, const char *x, const char *w, int64_t next,
  ACC *acc
) {
  const int columns = strips * vectors;
  // Every third row has a pointer, the rows after it are one and two strides away.
  const char *p[(MK_MR + 2) / 3];
  const int64_t ldx = t->ldx, ldw = t->ldw, pitch = t->step, steps = t->k;
  MK_UNROLL for (int g = 0; g < (rows + 2) / 3; g++) p[g] = x + 3 * g * ldx;
  const char *ahead = t->ahead;
  ACC total[MK_MOST * MK_NV];
  const int64_t most = MK_RUN == 0 || steps == 2 * MK_RUN || steps < MK_RUN ? steps : MK_RUN;
  for (int64_t run = 0; run == 0 || run < steps; run += most) {
    const int64_t length = steps - run > most ? most : steps - run;
    MK_UNROLL for (int i = 0; i < rows * columns; i++) acc[i] = (ACC)(0);
    for (int64_t step = 0; step < length; step++) {
      ACC b[MK_MR * MK_NV];
      MK_UNROLL for (int s = 0; s < strips; s++)
        MK_UNROLL for (int v = 0; v < vectors; v++)
          __builtin_memcpy(&b[s * vectors + v], w + s * next + v * (int64_t)sizeof(ACC), sizeof(ACC));
      MK_UNROLL for (int i = 0; i < rows; i++) {
        A_TYPE a;
        __builtin_memcpy(&a, p[i / 3] + (i % 3) * ldx, sizeof a);
        MK_UNROLL for (int v = 0; v < columns; v++)
          acc[i * columns + v] = DOT(a, b[v], acc[i * columns + v]);
      }
      w += ldw;
      // The next strip comes into the second cache meanwhile, each tile asking for a part of it.
      __builtin_prefetch(ahead, 0, 2);
      ahead += t->pace;
      MK_UNROLL for (int g = 0; g < (rows + 2) / 3; g++) p[g] += pitch;
    }
    if (most == steps) return;
    MK_UNROLL for (int i = 0; i < rows * columns; i++) total[i] = run == 0 ? acc[i] : total[i] + acc[i];
  }
  MK_UNROLL for (int i = 0; i < rows * columns; i++) acc[i] = total[i];
}

#define MK_ROW_TILE(name, rows, strips, vectors)                                                            \
  static __attribute__((noinline)) void T(name##rows)(                                                      \
    const mk_tile *t, const char *x, const char *w, int64_t row, int64_t column                             \
  ) {                                                                                                       \
    ACC acc[rows * strips * vectors];                                                                       \
    T(sums)(rows, strips, vectors, t, x, w, t->next, acc);                                                  \
    T(store)(rows, strips, vectors, acc, t, row, column);                                                   \
  }
#define MK_SIX_TILES(name, vectors)                                                                         \
  MK_ROW_TILE(name, 1, 1, vectors) MK_ROW_TILE(name, 2, 1, vectors) MK_ROW_TILE(name, 3, 1, vectors)        \
  MK_ROW_TILE(name, 4, 1, vectors) MK_ROW_TILE(name, 5, 1, vectors) MK_ROW_TILE(name, 6, 1, vectors)
#define MK_SIX_NAMES(name) 0, T(name##1), T(name##2), T(name##3), T(name##4), T(name##5), T(name##6)
#if MK_MR == 12
#define MK_TILES(name, vectors)                                                                             \
  MK_SIX_TILES(name, vectors)                                                                               \
  MK_ROW_TILE(name, 7, 1, vectors) MK_ROW_TILE(name, 8, 1, vectors) MK_ROW_TILE(name, 9, 1, vectors)        \
  MK_ROW_TILE(name, 10, 1, vectors) MK_ROW_TILE(name, 11, 1, vectors) MK_ROW_TILE(name, 12, 1, vectors)     \
  static const mk_tile_kernel T(name##s)[MK_MR + 1] = {                                                     \
    MK_SIX_NAMES(name), T(name##7), T(name##8), T(name##9), T(name##10), T(name##11), T(name##12),          \
  };
#else
#define MK_TILES(name, vectors)                                                                             \
  MK_SIX_TILES(name, vectors)                                                                               \
  static const mk_tile_kernel T(name##s)[MK_MR + 1] = {MK_SIX_NAMES(name)};
#endif

MK_TILES(tile, MK_NV)
#if MK_HALVES
MK_TILES(half, MK_NV / 2)
#endif
MK_ROW_TILE(few, 1, 4, MK_NV)
#if MK_FEW >= 3
MK_ROW_TILE(few, 2, 4, MK_NV)
MK_ROW_TILE(few, 3, 4, MK_NV)
static const mk_tile_kernel T(fews)[MK_FEW + 1] = {0, T(few1), T(few2), T(few3)};
#else
static const mk_tile_kernel T(fews)[MK_FEW + 1] = {0, T(few1)};
#endif

// All rows by `n` columns of packed weights; strips outermost, so that a strip stays in the nearest cache.
static void T(product)(mk_tile *t, const void *x, int64_t rows, const void *w, int64_t n) {
  const int64_t panel = t->k * MK_PANEL * 4;
  t->ldw = MK_PANEL * 4;
  t->step = 4;
  t->next = panel;
  t->columns = n;
  const int64_t tiles = (rows + MK_MR - 1) / MK_MR;
  t->pace = tiles ? (t->ldw + tiles - 1) / tiles : 0;
  int64_t j = 0;
#if MK_STRIP == MK_PANEL
  if (rows <= MK_FEW)
    for (; j < n - 3 * MK_STRIP; j += 4 * MK_STRIP) {
      t->ahead = (const char *)w + (j + 4 * MK_STRIP < n ? j / MK_PANEL + 4 : 0) * panel;
      T(fews)[rows](t, (const char *)x, (const char *)w + j / MK_PANEL * panel, 0, j);
    }
#endif
  for (; j < n; j += MK_STRIP) {
    const char *const strip = (const char *)w + j / MK_PANEL * panel + j % MK_PANEL * 4;
    const int64_t after = j + MK_STRIP < n ? j + MK_STRIP : 0;
    const char *const next = (const char *)w + after / MK_PANEL * panel + after % MK_PANEL * 4;
    const mk_tile_kernel *kernels = T(tiles);
#if MK_HALVES
    if (n - j <= MK_STRIP / 2) kernels = T(halfs);
#endif
    // Tiles of about the same height: a last one of few rows would wait for its own sums.
    for (int64_t tile = 0; tile < tiles; tile++) {
      const int64_t i = rows * tile / tiles, count = rows * (tile + 1) / tiles - i;
      t->ahead = next + tile * t->pace * t->k;
      kernels[count](t, (const char *)x + i * t->ldx, strip, i, j);
    }
  }
  finish_product(t, rows);
}

#undef MK_ROW_TILE
#undef MK_TILES
#undef MK_SIX_TILES
#undef MK_SIX_NAMES
#undef MK_RUN
#undef MK_HALVES
#undef T
#undef ACC
#undef A_TYPE
#undef DOT
