// Between groups of lanes and [symbols, time].
#include <string.h>

// Eight rows are more than the processor follows by itself, and few enough to be fetched ahead.
#if MK_LANES == 8
#define FETCH_AHEAD(p, write) __builtin_prefetch((const char *)(p) + 512, write)
#else
#define FETCH_AHEAD(p, write) ((void)0)
#endif

#if MK_LANES >= 8
// Eight runs of eight elements to eight others, rows to columns. Halves are put together as they are loaded, and
// then nothing crosses the middle of a register, which is slow on some processors.
#if MK_SINGLE
typedef v8f N(vector);
typedef v8f_u N(vector_u);
#define HALVES(k, first) \
  __builtin_shufflevector(*(const v4f_u *)(from[k] + first), *(const v4f_u *)(from[k + 4] + first), 0, 1, 2, 3, 4, 5, 6, 7)

MK_INLINE void N(columns)(const MK_T *const *from, int64_t first, N(vector) * to) {
  const v8f a = HALVES(0, first), b = HALVES(1, first), c = HALVES(2, first), d = HALVES(3, first);
  const v8f ab = __builtin_shufflevector(a, b, 0, 8, 1, 9, 4, 12, 5, 13),
            cd = __builtin_shufflevector(c, d, 0, 8, 1, 9, 4, 12, 5, 13),
            ab2 = __builtin_shufflevector(a, b, 2, 10, 3, 11, 6, 14, 7, 15),
            cd2 = __builtin_shufflevector(c, d, 2, 10, 3, 11, 6, 14, 7, 15);
  to[0] = __builtin_shufflevector(ab, cd, 0, 1, 8, 9, 4, 5, 12, 13);
  to[1] = __builtin_shufflevector(ab, cd, 2, 3, 10, 11, 6, 7, 14, 15);
  to[2] = __builtin_shufflevector(ab2, cd2, 0, 1, 8, 9, 4, 5, 12, 13);
  to[3] = __builtin_shufflevector(ab2, cd2, 2, 3, 10, 11, 6, 7, 14, 15);
}
#else
typedef v8d N(vector);
typedef v8d_u N(vector_u);
#define HALVES(k, first) \
  __builtin_shufflevector(*(const v2d_u *)(from[k] + first), *(const v2d_u *)(from[k + 2] + first), 0, 1, 2, 3)
#define WHOLE(x, y) __builtin_shufflevector(x, y, 0, 1, 2, 3, 4, 5, 6, 7)

MK_INLINE void N(columns)(const MK_T *const *from, int64_t first, N(vector) * to) {
  for (int64_t k = 0; k < 4; k += 2) {
    const v4d a = HALVES(0, first + k), b = HALVES(1, first + k), c = HALVES(4, first + k), d = HALVES(5, first + k);
    to[k] = WHOLE(__builtin_shufflevector(a, b, 0, 4, 2, 6), __builtin_shufflevector(c, d, 0, 4, 2, 6));
    to[k + 1] = WHOLE(__builtin_shufflevector(a, b, 1, 5, 3, 7), __builtin_shufflevector(c, d, 1, 5, 3, 7));
  }
}
#undef WHOLE
#endif
#undef HALVES
#endif

static void N(store)(const mk_operand *source, const mk_sink *sink, int64_t t, int64_t rows) {
  const int64_t stride = MK_LANES;
  MK_T *base = sink->base;
  if (sink->latest && t + rows < sink->dense_rows) return;
#if MK_LANES == 1
  if (!sink->latest && t + rows <= sink->dense_rows) {
    MK_T *to = base + sink->symbols[0] * sink->symbol_stride + t;
    for (int64_t k = 0; k < rows;) {
      const int64_t from = (t + k - source->lag) & source->mask;
      int64_t run = rows - k;
      if (source->mask >= 0 && run > source->mask + 1 - from) run = source->mask + 1 - from;
      memcpy(to + k, (const MK_T *)source->base + from, (size_t)run * sizeof(MK_T));
      k += run;
    }
    return;
  }
#endif
#if MK_LANES >= 8
  // Full tiles of a group without holes: whole cache lines, past the cache when asked.
  const int64_t first = (t - source->lag) & source->mask;
  const int wraps = source->mask >= 0 && first + rows > source->mask + 1;
  if (!sink->latest && rows % 8 == 0 && t + rows <= sink->dense_rows && !wraps) {
    for (int64_t lane = 0; lane < MK_LANES; lane += 8)
      for (int64_t tile = 0; tile < rows; tile += 8) {
        const MK_T *from[8];
        for (int k = 0; k < 8; k++) from[k] = (const MK_T *)source->base + (first + tile + k) * stride + lane;
        for (int half = 0; half < 8; half += 4) {
          N(vector) columns[4];
          N(columns)(from, half, columns);
          for (int k = 0; k < 4; k++) {
            const int64_t symbol = sink->symbols[lane + half + k];
            if (symbol < 0) continue;
            MK_T *to = base + symbol * sink->symbol_stride + t + tile;
            if (sink->bypass_cache && ((uintptr_t)to & (sizeof(N(vector)) - 1)) == 0) {
              __builtin_nontemporal_store(columns[k], (N(vector) *)to);
            } else {
              FETCH_AHEAD(to, 1);
              *(N(vector_u) *)to = columns[k];
            }
          }
        }
      }
    return;
  }
#endif
  for (int64_t lane = 0; lane < MK_LANES; lane++) {
    const int64_t symbol = sink->symbols[lane], count = sink->counts[lane];
    if (symbol < 0) continue;
    if (sink->latest) {
      if (count > t && count <= t + rows)
        base[symbol * sink->symbol_stride] =
            ((const MK_T *)source->base)[((count - 1 - source->lag) & source->mask) * stride + lane];
      continue;
    }
    const int64_t end = t + rows < count ? t + rows : count;
    MK_T *to = base + symbol * sink->symbol_stride;
    const int32_t *times = sink->times ? sink->times[lane] : 0;
    for (int64_t k = t; k < end; k++) {
      const MK_T value =
          ((const MK_T *)source->base)[((k - source->lag) & source->mask) * stride + lane];
      to[times ? (int64_t)times[k] : sink->firsts[lane] + k] = value;
    }
  }
}

static void N(pack)(const void *source, int64_t symbol_stride, const int64_t *symbols,
                    int64_t rows, void *destination) {
  const MK_T *from = source;
  MK_T *to = destination;
  int64_t t = 0;
#if MK_LANES >= 8
  const N(vector) none = NAN;
  for (; t + 8 <= rows; t += 8)
    for (int64_t lane = 0; lane < MK_LANES; lane += 8) {
      const MK_T *eight[8];
      for (int k = 0; k < 8; k++) {
        eight[k] = symbols[lane + k] < 0 ? (const MK_T *)&none : from + symbols[lane + k] * symbol_stride + t;
        FETCH_AHEAD(eight[k], 0);
      }
      N(vector) columns[8];
      N(columns)(eight, 0, columns);
      N(columns)(eight, 4, columns + 4);
      for (int k = 0; k < 8; k++) *(N(vector_u) *)(to + (t + k) * MK_LANES + lane) = columns[k];
    }
#endif
  for (; t < rows; t++)
    for (int64_t lane = 0; lane < MK_LANES; lane++)
      to[t * MK_LANES + lane] =
          symbols[lane] < 0 ? (MK_T)NAN : from[symbols[lane] * symbol_stride + t];
}
#undef FETCH_AHEAD
