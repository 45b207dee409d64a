// Products with 8-bit weights, one factor a column, and rows made 8-bit as they come: x = smallest + scale q with
// q in 0...255. The sums are exact, so that results are the same on every instruction set. Set before: DOT4(a, b,
// sum), which adds the products of the four unsigned bytes of a and the four signed bytes of each lane of b.

#define VI MK_CAT(vi, MK_FW)

static void quantise_row(const float *x, int64_t k, uint8_t *q, float *scale, float *offset) {
  vf16 low = (vf16)((float)MK_INF), high = -low, odd = (vf16)(0.0f);
  for (int64_t j = 0; j < k; j += 16) {
    const vf16 v = load_part(x + j, k - j, x[0]);
    low = v < low ? v : low;
    high = v > high ? v : high;
    odd += v - v;
  }
  const float smallest = -max16(-low), range = max16(high) - smallest;
  const float step = range / 255.0f, inverse = step > 0.0f ? 1.0f / step : 0.0f;
  for (int64_t j = 0; j < k; j += 16) {
    const vf16 t = (load_part(x + j, k - j, smallest) - smallest) * inverse + 0.5f;
    const vf16 c = t > 255.0f ? (vf16)(255.0f) : (t > 0.0f ? t : (vf16)(0.0f));
    const mk_bytes16 bytes = __builtin_convertvector(__builtin_convertvector(c, vi16), mk_bytes16);
    __builtin_memcpy(q + j, &bytes, sizeof bytes);
  }
  // Infinite and undefined values make the whole row undefined.
  *scale = step + sum16(odd);
  *offset = smallest;
}

MK_INLINE void i8_store(const int vectors, const VI *acc, const mk_tile *t, int64_t row, int64_t column) {
  FR y[MK_NV];
  const float scale = t->scales[row], offset = t->offsets[row];
  MK_UNROLL for (int v = 0; v < vectors; v++) {
    const int64_t at = column + v * MK_FW;
    VI totals;
    __builtin_memcpy(&totals, t->totals + at, sizeof totals);
    y[v] = (__builtin_convertvector(acc[v], FR) * scale + __builtin_convertvector(totals, FR) * offset)
      * *(const FRU *)(t->factors + at);
    if (t->bias) y[v] += *(const FRU *)(t->bias + at);
  }
  store_strip(vectors, y, t, row, column);
}
#define T(name) i8_##name
#define ACC VI
#define A_TYPE int32_t
#define DOT(a, b, sum) DOT4(a, b, sum)
#define MK_RUN 0
#define MK_HALVES 0
#include "network_tile.inc.h"
#undef MK_RUN
#undef MK_HALVES
#undef T
#undef ACC
#undef A_TYPE
#undef DOT

static void step_product_int8(const mk_net_step *s, const mk_net_run *r, int64_t first, int64_t count) {
  const int64_t bytes = (s->k + 15) / 16 * 16;
  mk_tile t = tile_of(s, r, first, s->y >= 0 && s->activation == mk_act_none);
  float *const scales = (float *)r->scratch, *const offsets = scales + count;
  uint8_t *const q = (uint8_t *)(offsets + count);
  for (int64_t i = 0; i < count; i++)
    quantise_row(net_row(r, s->x, first + i), s->k, q + i * bytes, scales + i, offsets + i);
  t.ldx = bytes;
  t.k = (s->k + 3) / 4;
  t.scales = scales, t.offsets = offsets, t.factors = s->b, t.totals = s->sums;
  i8_product(&t, q, count, s->weights, s->n);
  if (s->activation != mk_act_none)
    for (int64_t row = first; row < first + count; row++) finish_row(s, r, row);
}
#undef VI
