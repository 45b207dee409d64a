// Between groups of lanes and [symbols, time].
#include <string.h>

// Eight rows are more than the processor follows by itself, and few enough to be fetched ahead.
#if MK_LANES == 8
#define FETCH_AHEAD(p, write) __builtin_prefetch((const char *)(p) + 512, write)
#else
#define FETCH_AHEAD(p, write) ((void)0)
#endif

#if MK_LANES >= 8
#include "columns.inc.h"
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
