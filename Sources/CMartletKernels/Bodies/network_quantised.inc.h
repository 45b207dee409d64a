// Products with 8-bit weights, one factor a column, and rows made 8-bit as they come: x = smallest + scale q with
// q in 0...255. The sums are exact, and so results are the same on every instruction set that fuses the product and
// sum behind them. Set before: DOT4(a, b, sum), which adds the products of the four unsigned bytes of a and the four
// signed bytes of each lane of b.

#define VI MK_CAT(vi, MK_FW)

MK_INLINE mk_bytes16 quantised16(vf16 x, float smallest, float inverse) {
  // Below 256 by itself; undefined becomes 0.
  const vf16 t = MK_FMA(x - smallest, (vf16)(inverse), (vf16)(0.5f));
  return __builtin_convertvector(__builtin_convertvector(t > 0.0f ? t : (vf16)(0.0f), vi16), mk_bytes16);
}

static void quantise_row(const float *x, int64_t k, uint8_t *q, float *scale, float *offset) {
  vf16 low = (vf16)(x[0]), high = low, odd = (vf16)(0.0f);
  const int64_t whole = k / 16 * 16;
  for (int64_t j = 0; j < k; j += 16) {
    const vf16 v = j < whole ? load16(x + j) : load_part(x + j, k - j, x[0]);
    low = v < low ? v : low;
    high = v > high ? v : high;
    odd = MK_FMA(v, (vf16)(0.0f), odd);
  }
  const float smallest = -max16(-low), step = (max16(high) - smallest) / 255.0f;
  const float inverse = step > 0.0f ? 1.0f / step : 0.0f;
  for (int64_t j = 0; j < k; j += 16) {
    const vf16 v = j < whole ? load16(x + j) : load_part(x + j, k - j, smallest);
    const mk_bytes16 bytes = quantised16(v, smallest, inverse);
    __builtin_memcpy(q + j, &bytes, sizeof bytes);
  }
  // Infinite and undefined values make the whole row undefined.
  *scale = step + sum16(odd);
  *offset = smallest;
}

// (scale q + offset) w, summed over k and times the factor of the column, plus the bias.
MK_INLINE void i8_store(
  const int rows, const int strips, const int vectors, const VI *acc, const mk_tile *t, int64_t row, int64_t column
) {
  const int columns = strips * vectors;
  FR y[MK_MOST * MK_NV];
  MK_UNROLL for (int v = 0; v < columns; v++) {
    const int64_t at = column + v * MK_FW;
    const FR totals = *(const FRU *)(t->totals + at), bias = *(const FRU *)(t->bias + at);
    const FR factors = *(const FRU *)(t->factors + at);
    MK_UNROLL for (int i = 0; i < rows; i++) {
      const FR rest = MK_FMA((FR)(t->offsets[row + i]), totals, bias);
      y[i * columns + v] = MK_FMA(__builtin_convertvector(acc[i * columns + v], FR) * t->scales[row + i], factors, rest);
    }
  }
  store_tile(rows, strips, vectors, y, t, row, column);
}
#define T(name) i8_##name
#define ACC VI
#define A_TYPE int32_t
#define DOT(a, b, sum) DOT4(a, b, sum)
#define MK_RUN 0
#define MK_HALVES 0
#include "network_tile.inc.h"

static void step_product_int8(const mk_net_step *s, const mk_net_run *r, int64_t first, int64_t count) {
  const int64_t bytes = (s->k + 15) / 16 * 16;
  mk_tile t = tile_of(s, r, first);
  float *const scales = (float *)r->scratch, *const offsets = scales + count;
  uint8_t *const q = (uint8_t *)(offsets + count);
  for (int64_t i = 0; i < count; i++)
    quantise_row(net_row(r, s->x, first + i), s->k, q + i * bytes, scales + i, offsets + i);
  t.ldx = bytes;
  t.k = (s->k + 3) / 4;
  t.scales = scales, t.offsets = offsets, t.factors = s->b, t.totals = s->c;
  i8_product(&t, q, count, s->weights, s->n);
}
#undef VI
