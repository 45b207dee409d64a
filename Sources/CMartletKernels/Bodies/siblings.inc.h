// Between series of their own and the lanes in which siblings run side by side.
#include "columns.inc.h"

// Whether some rows of an operand lie one after the other.
MK_INLINE int N(is_run)(const mk_operand *o, int64_t t, int64_t rows) {
  return o->mask <= 0 || ((t - o->lag) & o->mask) + rows <= o->mask + 1;
}

// Rows t ..< t + rows of eight operands side by side, undefined before each one's start. A constant is a row of equal
// values, at least as many as a tile has rows.
static void N(gather)(const mk_operand *from, const int64_t *starts, int64_t t, int64_t rows, void *tile) {
  MK_T *to = tile;
  const MK_T *p[MK_LANES];
  int is_run = 1;
  for (int k = 0; k < MK_LANES; k++) {
    is_run &= starts[k] <= t && N(is_run)(&from[k], t, rows);
    p[k] = (const MK_T *)from[k].base + ((t - from[k].lag) & from[k].mask);
  }
  int64_t row = 0;
  for (; is_run && row + 8 <= rows; row += 8) {
    N(vector) columns[8];
    const MK_T *eight[8];
    for (int k = 0; k < 8; k++) eight[k] = p[k] + row;
    N(columns)(eight, 0, columns);
    N(columns)(eight, 4, columns + 4);
    for (int k = 0; k < 8; k++) *(N(vector_u) *)(to + (row + k) * MK_LANES) = columns[k];
  }
  for (; row < rows; row++)
    for (int k = 0; k < MK_LANES; k++)
      to[row * MK_LANES + k] =
          t + row < starts[k] ? (MK_T)NAN
                              : ((const MK_T *)from[k].base)[(t + row - from[k].lag) & from[k].mask];
}

// The lanes of a tile back to `count` operands.
static void N(scatter)(const void *tile, const mk_operand *to, int64_t count, int64_t t, int64_t rows) {
  const MK_T *from = tile;
  // Where lanes go that nobody asks for.
  MK_T none[64], *p[MK_LANES];
  int is_run = rows <= 64;
  for (int k = 0; k < MK_LANES; k++) {
    p[k] = k < count ? (MK_T *)to[k].base + ((t - to[k].lag) & to[k].mask) : none;
    is_run &= k >= count || N(is_run)(&to[k], t, rows);
  }
  int64_t row = 0;
  for (; is_run && row + 8 <= rows; row += 8) {
    const MK_T *eight[8];
    N(vector) columns[4];
    for (int k = 0; k < 8; k++) eight[k] = from + (row + k) * MK_LANES;
    N(columns)(eight, 0, columns);
    for (int k = 0; k < 4; k++) *(N(vector_u) *)(p[k] + row) = columns[k];
    if (count <= 4) continue;
    N(columns)(eight, 4, columns);
    for (int k = 0; k < 4; k++) *(N(vector_u) *)(p[4 + k] + row) = columns[k];
  }
  for (; row < rows; row++)
    for (int k = 0; k < count; k++)
      ((MK_T *)to[k].base)[(t + row - to[k].lag) & to[k].mask] = from[row * MK_LANES + k];
}
