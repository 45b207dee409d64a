// Products of rows with packed weights in float32. An element is one sum over k in its order, whatever rows and
// columns stand beside it, so that results do not depend on how many rows there are. Set before: MK_FW (lanes
// of a register), MK_NV (registers of a strip of columns), MK_MR (rows of a tile), MK_FEW (rows that are few).

#define FR MK_CAT(vf, MK_FW)
#define FRU MK_CAT(vfu, MK_FW)
#define MK_STRIP (MK_FW * MK_NV)
#define MK_UNROLL _Pragma("clang loop unroll(full)")

// What the tiles of a product have in common; strides in bytes where tiles read, in floats where they write.
typedef struct {
  int64_t ldx, ldw, next;
  int64_t step, k;           // from 4 bytes of a row to the next, and how often
  int64_t columns;           // of the result
  const char *ahead;         // what is wanted next, and bytes of it a step
  int64_t pace;
  const float *bias;         // padded to whole panels
  const float *y;            // added to the result
  int64_t ldy;
  float *out;
  int64_t ldo;
  const float *scales, *offsets; // of each row: what its integers mean
  const float *factors;          // of each column, padded to whole panels
  const float *totals;           // of each column: the sum of its weights
} mk_tile;
typedef void (*mk_tile_kernel)(const mk_tile *, const char *x, const char *w, int64_t row, int64_t column);

// Stores a row of a tile, with what is added to it.
MK_INLINE void store_strip(const int vectors, const FR *acc, const mk_tile *t, int64_t row, int64_t column) {
  const int64_t left = t->columns - column;
  float *const out = t->out + row * t->ldo + column;
  const float *const y = t->y ? t->y + row * t->ldy + column : 0;
  if (left >= vectors * MK_FW) {
    MK_UNROLL for (int v = 0; v < vectors; v++)
      *(FRU *)(out + v * MK_FW) = y ? acc[v] + *(const FRU *)(y + v * MK_FW) : acc[v];
    return;
  }
  float part[MK_STRIP];
  MK_UNROLL for (int v = 0; v < vectors; v++) *(FRU *)(part + v * MK_FW) = acc[v];
  for (int64_t j = 0; j < left; j++) out[j] = y ? part[j] + y[j] : part[j];
}

MK_INLINE void f32_store(const int vectors, FR *acc, const mk_tile *t, int64_t row, int64_t column) {
  if (t->bias)
    MK_UNROLL for (int v = 0; v < vectors; v++) acc[v] += *(const FRU *)(t->bias + column + v * MK_FW);
  store_strip(vectors, acc, t, row, column);
}
#define T(name) f32_##name
#define ACC FR
#define A_TYPE float
#define DOT(a, b, sum) MK_FMA((FR)(a), b, sum)
#define MK_RUN 64
#define MK_HALVES (MK_STRIP > 16)
#include "network_tile.inc.h"

MK_INLINE mk_tile tile_of(const mk_net_step *s, const mk_net_run *r, int64_t first) {
  const int with_y = s->y >= 0 && s->activation == mk_act_none;
  return (mk_tile){
    .k = s->k, .bias = s->a, .out = net_row(r, s->out, first), .ldo = net_stride(r, s->out),
    .y = with_y ? net_row(r, s->y, first) : 0, .ldy = with_y ? net_stride(r, s->y) : 0,
  };
}

// What could not be added while tiles were stored: f(result) + y, where f is not the identity.
MK_INLINE void finish_product(const mk_net_step *s, const mk_net_run *r, int64_t first, int64_t count) {
  if (s->activation == mk_act_none) return;
  for (int64_t row = first; row < first + count; row++) finish_row(s, r, row);
}

// out = f(x w + bias) + y, f being the activation.
static void step_product(const mk_net_step *s, const mk_net_run *r, int64_t first, int64_t count) {
  mk_tile t = tile_of(s, r, first);
  t.ldx = net_stride(r, s->x) * (int64_t)sizeof(float);
  f32_product(&t, net_row(r, s->x, first), count, s->weights, s->n);
  finish_product(s, r, first, count);
}
