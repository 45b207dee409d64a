// Products of rows with packed weights in float32. An element is one sum over k in its order, whatever rows and
// columns stand beside it, so that results do not depend on how many rows there are. Set before: MK_FW (lanes
// of a register), MK_NV (registers of a strip of columns), MK_MR (rows of a tile), MK_FEW (rows that are few).

#define FR MK_CAT(vf, MK_FW)
#define FRU MK_CAT(vfu, MK_FW)
#define MK_STRIP (MK_FW * MK_NV)
// Strips that the rows of a tile cross, at most.
#define MK_MOST (MK_MR > 4 * MK_FEW ? MK_MR : 4 * MK_FEW)
#define MK_UNROLL _Pragma("clang loop unroll(full)")

// What the tiles of a product have in common; strides in bytes where tiles read, in floats where they write.
typedef struct {
  int64_t ldx, ldw, next;
  int64_t step, k;           // from 4 bytes of a row to the next, and how often
  int64_t columns;           // of the result
  const char *ahead;         // what is wanted next, and bytes of it a step
  int64_t pace;
  const float *bias;         // padded to whole panels
  int activation;            // f, and y: the result becomes f(result) + y
  const float *y;
  int64_t ldy;
  float *out;
  int64_t ldo;
  const float *scales, *offsets; // of each row: what its integers mean
  const float *factors;          // of each column, padded to whole panels
  const float *totals;           // of each column: the sum of its weights
} mk_tile;
typedef void (*mk_tile_kernel)(const mk_tile *, const char *x, const char *w, int64_t row, int64_t column);

// Stores a tile, with y where no function comes before that. Everything is asked once a tile, not once a row.
MK_INLINE void store_tile(
  const int rows, const int strips, const int vectors, FR *acc, const mk_tile *t, int64_t row, int64_t column
) {
  const int columns = strips * vectors;
  const int64_t left = t->columns - column, ldo = t->ldo, ldy = t->ldy;
  float *const out = t->out + row * ldo + column;
  const float *const y = t->y && t->activation == mk_act_none ? t->y + row * ldy + column : 0;
  if (left >= columns * MK_FW) {
    if (y)
      MK_UNROLL for (int i = 0; i < rows; i++)
        MK_UNROLL for (int v = 0; v < columns; v++)
          acc[i * columns + v] += *(const FRU *)(y + i * ldy + v * MK_FW);
    MK_UNROLL for (int i = 0; i < rows; i++)
      MK_UNROLL for (int v = 0; v < columns; v++) *(FRU *)(out + i * ldo + v * MK_FW) = acc[i * columns + v];
    return;
  }
  float part[MK_MOST * MK_STRIP];
  MK_UNROLL for (int i = 0; i < rows * columns; i++) *(FRU *)(part + i * MK_FW) = acc[i];
  for (int i = 0; i < rows; i++)
    for (int64_t j = 0; j < left; j++) {
      const float x = part[i * columns * MK_FW + j];
      out[i * ldo + j] = y ? x + y[i * ldy + j] : x;
    }
}

// f(result) + y, for rows whose tiles are stored.
MK_INLINE void finish_product(const mk_tile *t, int64_t rows) {
  if (t->activation != mk_act_none) finish_rows(t->activation, t->out, t->ldo, t->y, t->ldy, rows, t->columns);
}

MK_INLINE void f32_store(
  const int rows, const int strips, const int vectors, FR *acc, const mk_tile *t, int64_t row, int64_t column
) {
  const int columns = strips * vectors;
  if (t->bias)
    MK_UNROLL for (int v = 0; v < columns; v++) {
      const FR bias = *(const FRU *)(t->bias + column + v * MK_FW);
      MK_UNROLL for (int i = 0; i < rows; i++) acc[i * columns + v] += bias;
    }
  store_tile(rows, strips, vectors, acc, t, row, column);
}
#define T(name) f32_##name
#define ACC FR
#define A_TYPE float
#define DOT(a, b, sum) MK_FMA((FR)(a), b, sum)
#define MK_RUN 64
#define MK_HALVES (MK_STRIP > 16)
#include "network_tile.inc.h"

MK_INLINE mk_tile tile_of(const mk_net_step *s, const mk_net_run *r, int64_t first) {
  return (mk_tile){
    .k = s->k, .bias = s->a, .out = net_row(r, s->out, first), .ldo = net_stride(r, s->out), .activation = s->activation,
    .y = s->y >= 0 ? net_row(r, s->y, first) : 0, .ldy = s->y >= 0 ? net_stride(r, s->y) : 0,
  };
}

// out = f(x w + bias) + y, f being the activation.
static void step_product(const mk_net_step *s, const mk_net_run *r, int64_t first, int64_t count) {
  mk_tile t = tile_of(s, r, first);
  t.ldx = net_stride(r, s->x) * (int64_t)sizeof(float);
  f32_product(&t, net_row(r, s->x, first), count, s->weights, s->n);
}
