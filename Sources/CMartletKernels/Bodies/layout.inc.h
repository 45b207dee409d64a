// Between groups of lanes and [symbols, time].
#include <string.h>

#if MK_LANES >= 8
#if MK_SINGLE
typedef v8f N(vector);
typedef v8f_u N(vector_u);
#else
typedef v8d N(vector);
typedef v8d_u N(vector_u);
#endif

// Eight rows of eight lanes to eight lanes of eight rows, in three rounds of interleaving.
MK_INLINE void N(transpose8)(N(vector) * r) {
  N(vector) a[8];
  for (int k = 0; k < 4; k++) {
    a[2 * k] = __builtin_shufflevector(r[2 * k], r[2 * k + 1], 0, 8, 2, 10, 4, 12, 6, 14);
    a[2 * k + 1] = __builtin_shufflevector(r[2 * k], r[2 * k + 1], 1, 9, 3, 11, 5, 13, 7, 15);
  }
  N(vector) b[8];
  for (int h = 0; h < 8; h += 4)
    for (int k = 0; k < 2; k++) {
      b[h + k] = __builtin_shufflevector(a[h + k], a[h + 2 + k], 0, 1, 8, 9, 4, 5, 12, 13);
      b[h + 2 + k] = __builtin_shufflevector(a[h + k], a[h + 2 + k], 2, 3, 10, 11, 6, 7, 14, 15);
    }
  for (int k = 0; k < 4; k++) {
    r[k] = __builtin_shufflevector(b[k], b[4 + k], 0, 1, 2, 3, 8, 9, 10, 11);
    r[4 + k] = __builtin_shufflevector(b[k], b[4 + k], 4, 5, 6, 7, 12, 13, 14, 15);
  }
}
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
        const MK_T *p = (const MK_T *)source->base + (first + tile) * stride + lane;
        N(vector) r[8];
        for (int k = 0; k < 8; k++) r[k] = *(const N(vector_u) *)(p + k * stride);
        N(transpose8)(r);
        for (int k = 0; k < 8; k++) {
          const int64_t symbol = sink->symbols[lane + k];
          if (symbol < 0) continue;
          MK_T *to = base + symbol * sink->symbol_stride + t + tile;
          if (sink->bypass_cache && ((uintptr_t)to & (sizeof(N(vector)) - 1)) == 0)
            __builtin_nontemporal_store(r[k], (N(vector) *)to);
          else
            *(N(vector_u) *)to = r[k];
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
  for (; t + 8 <= rows; t += 8)
    for (int64_t lane = 0; lane < MK_LANES; lane += 8) {
      N(vector) r[8];
      for (int k = 0; k < 8; k++) {
        const int64_t symbol = symbols[lane + k];
        r[k] = symbol < 0 ? (N(vector))(NAN) : *(const N(vector_u) *)(from + symbol * symbol_stride + t);
      }
      N(transpose8)(r);
      for (int k = 0; k < 8; k++) *(N(vector_u) *)(to + (t + k) * MK_LANES + lane) = r[k];
    }
#endif
  for (; t < rows; t++)
    for (int64_t lane = 0; lane < MK_LANES; lane++)
      to[t * MK_LANES + lane] =
          symbols[lane] < 0 ? (MK_T)NAN : from[symbols[lane] * symbol_stride + t];
}
