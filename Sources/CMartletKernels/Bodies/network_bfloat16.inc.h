// Products of rows and weights rounded to bfloat16, sums in float32. Set before: DOT2(a, b, sum), which adds the
// products of the two halves of a and of each lane of b.

static void round_row(const float *x, int64_t k, uint16_t *out) {
  for (int64_t j = 0; j < k; j += 16) {
    const mk_halves16 h = mk_bfloat16(load_part(x + j, k - j, 0.0f));
    __builtin_memcpy(out + j, &h, sizeof h);
  }
}

#define bf16_store f32_store
#define T(name) bf16_##name
#define ACC FR
#define A_TYPE int32_t
#define DOT(a, b, sum) DOT2(a, b, sum)
#define MK_RUN 32
#define MK_HALVES 0
#include "network_tile.inc.h"

static void step_product_bfloat16(const mk_net_step *s, const mk_net_run *r, int64_t first, int64_t count) {
  const int64_t stride = (s->k + 15) / 16 * 16;
  mk_tile t = tile_of(s, r, first);
  uint16_t *const rows = (uint16_t *)r->scratch;
  for (int64_t i = 0; i < count; i++) round_row(net_row(r, s->x, first + i), s->k, rows + i * stride);
  t.ldx = stride * 2;
  t.k = (s->k + 1) / 2;
  bf16_product(&t, rows, count, s->weights, s->n);
}
