// Attention of one head over one sample at a time (Vaswani et al. 2017), in cache. A few queries at a time stand side
// by side as columns, below them their scores, a key in each row: a softmax goes down the columns and never
// across lanes, and both products are tiles of the usual kind.

// Sixteen rows of sixteen become columns: first four by four inside of a quarter, then the quarters change places.
MK_INLINE void turn16(vf16 *t) {
  for (int64_t i = 0; i < 16; i += 4) {
#define MK_PAIRS(a, b, first) __builtin_shufflevector(a, b, first, first + 16, first + 1, first + 17, first + 4, \
  first + 20, first + 5, first + 21, first + 8, first + 24, first + 9, first + 25, first + 12, first + 28, first + 13, first + 29)
#define MK_HALF_QUARTERS(a, b, first) __builtin_shufflevector(a, b, first, first + 1, first + 16, first + 17, first + 4, \
  first + 5, first + 20, first + 21, first + 8, first + 9, first + 24, first + 25, first + 12, first + 13, first + 28, first + 29)
    const vf16 a = MK_PAIRS(t[i], t[i + 1], 0), b = MK_PAIRS(t[i], t[i + 1], 2);
    const vf16 e = MK_PAIRS(t[i + 2], t[i + 3], 0), f = MK_PAIRS(t[i + 2], t[i + 3], 2);
    t[i] = MK_HALF_QUARTERS(a, e, 0), t[i + 1] = MK_HALF_QUARTERS(a, e, 2);
    t[i + 2] = MK_HALF_QUARTERS(b, f, 0), t[i + 3] = MK_HALF_QUARTERS(b, f, 2);
#undef MK_PAIRS
#undef MK_HALF_QUARTERS
  }
  for (int64_t i = 0; i < 4; i++) {
#define MK_HALVES_OF(a, b, first) __builtin_shufflevector(a, b, first, first + 1, first + 2, first + 3, first + 4, first + 5, \
  first + 6, first + 7, first + 16, first + 17, first + 18, first + 19, first + 20, first + 21, first + 22, first + 23)
#define MK_QUARTERS(a, b, first) __builtin_shufflevector(a, b, first, first + 1, first + 2, first + 3, first + 8, first + 9, \
  first + 10, first + 11, first + 16, first + 17, first + 18, first + 19, first + 24, first + 25, first + 26, first + 27)
    const vf16 a = MK_HALVES_OF(t[i], t[i + 4], 0), b = MK_HALVES_OF(t[i + 8], t[i + 12], 0);
    const vf16 e = MK_HALVES_OF(t[i], t[i + 4], 8), f = MK_HALVES_OF(t[i + 8], t[i + 12], 8);
    t[i] = MK_QUARTERS(a, b, 0), t[i + 4] = MK_QUARTERS(a, b, 4);
    t[i + 8] = MK_QUARTERS(e, f, 0), t[i + 12] = MK_QUARTERS(e, f, 4);
#undef MK_HALVES_OF
#undef MK_QUARTERS
  }
}

// Rows of n numbers become columns of n rows, each `width` wide; what stands after them is zero. `filled`: rows of x
// may be read up to the next multiple of 16. All are multiplied by a factor, or each column by its own.
MK_INLINE void turn_rows(
  const int filled, const float *x, int64_t ldx, int64_t rows, int64_t n, float factor, const float *factors,
  float *out, int64_t ldo, int64_t width
) {
  for (int64_t c = 0; c < n; c += 16)
    for (int64_t j = 0; j < width; j += 16) {
      vf16 t[16];
      if (rows - j >= 16 && (filled || n - c >= 16)) {
        MK_UNROLL for (int64_t i = 0; i < 16; i++) t[i] = load16(x + (j + i) * ldx + c);
      } else {
        for (int64_t i = 0; i < 16; i++)
          t[i] = j + i < rows ? load_part(x + (j + i) * ldx + c, filled ? 16 : n - c, 0.0f) : (vf16)(0.0f);
      }
      turn16(t);
      MK_UNROLL for (int64_t i = 0; i < 16; i++) t[i] *= factors ? factors[c + i] : factor;
      if (width - j >= 16 && n - c >= 16) {
        MK_UNROLL for (int64_t i = 0; i < 16; i++) store16(out + (c + i) * ldo + j, t[i]);
      } else {
        for (int64_t i = 0; i < 16 && c + i < n; i++) store_part(out + (c + i) * ldo + j, t[i], width - j);
      }
    }
}

// out = x w for n columns, which 16 divides; a row of x has its numbers `step` apart.
static void few_columns(
  const float *x, int64_t ldx, int64_t step, int64_t rows, const float *w, int64_t k, int64_t n, float *out
) {
  // Nothing more is wanted ahead, but an address that does not exist would be looked up again and again.
  const mk_tile t = {
    .ldx = ldx * 4, .step = step * 4, .ldw = n * 4, .k = k, .columns = n, .out = out, .ldo = n, .ahead = (const char *)w,
  };
  const int64_t tiles = (rows + MK_MR - 1) / MK_MR;
  for (int64_t tile = 0; tile < tiles; tile++) {
    const int64_t i = rows * tile / tiles, count = rows * (tile + 1) / tiles - i;
    const char *const from = (const char *)(x + i * ldx);
    int64_t j = 0;
    for (; j + MK_STRIP <= n; j += MK_STRIP) f32_tiles[count](&t, from, (const char *)(w + j), i, j);
#if MK_STRIP > 16
    if (j < n) f32_halfs[count](&t, from, (const char *)(w + j), i, j);
#endif
  }
}

// Adds what a head looks at to the mean over all of them: `rows` queries, a key of which was not seen from `seen` on.
static void report_rows(
  const mk_net_step *s, const mk_net_run *r, int64_t head, int64_t first, int64_t rows, const float *shares,
  int64_t cells, const float *inverse, int64_t seen, int64_t keys
) {
  for (int64_t row = 0; row < rows; row++) {
    float *const report = net_row(r, s->w, first + row);
    const float share = inverse[row] / (float)s->heads;
    for (int64_t j = 0; j < keys; j++) {
      const float part = j < seen ? shares[row * cells + j] * share : 0.0f;
      report[j] = head == 0 ? part : report[j] + part;
    }
  }
}

static void attend(
  const mk_net_step *s, const mk_net_run *r, int64_t sample, int64_t head
) {
  const mk_net_space *const queries = r->spaces + r->values[s->x].space;
  const mk_net_space *const keys = r->spaces + r->values[s->y].space;
  const int64_t q0 = queries->starts[sample], lq = queries->starts[sample + 1] - q0;
  const int64_t k0 = keys->starts[sample], lk = keys->starts[sample + 1] - k0;
  const int64_t d = s->k, cells = (lk + 15) / 16 * 16;
  const int64_t ldq = net_stride(r, s->x), ldk = net_stride(r, s->y), ldv = net_stride(r, s->z);
  const int64_t ldo = net_stride(r, s->out);
  const float *const q = net_row(r, s->x, q0) + head * d, *const k = net_row(r, s->y, k0) + head * d;
  const float *const v = net_row(r, s->z, k0) + head * d;
  float *const out = net_row(r, s->out, q0) + head * d;
  float *const turned = (float *)r->scratch, *const mean = turned + d * MK_PANEL;
  float *const scores = mean + d * MK_PANEL, *const other = scores + cells * MK_PANEL;

  for (int64_t i = 0; i < lq; i += MK_PANEL) {
    const int64_t rows = lq - i < MK_PANEL ? lq - i : MK_PANEL, columns = (rows + 15) / 16 * 16;
    // Causal: no query sees a key after it.
    const int64_t seen = !s->mode || i + rows > lk ? lk : i + rows;
    turn_rows(0, q + i * ldq, ldq, rows, d, s->factor * MKF_LOG2E, NULL, turned, columns, columns);
    few_columns(k, ldk, 1, seen, turned, d, columns, scores);
    if (s->a) {
      turn_rows(0, s->a + i * s->n, s->n, rows, seen, MKF_LOG2E, NULL, other, columns, columns);
      for (int64_t j = 0; j < seen * columns; j++) scores[j] += other[j];
    }
    if (s->mode)
      for (int64_t j = i + 1; j < seen; j++)
        for (int64_t c = 0; c < j - i; c++) scores[j * columns + c] = -(float)MK_INF;
    float inverse[MK_PANEL];
#if MK_WIDE == 32
    if (columns == 32) soften32(scores, columns, seen, inverse);
    else
#endif
      for (int64_t c = 0; c < columns; c += 16) soften16(scores + c, columns, seen, inverse + c);
    if (s->w >= 0) {
      turn_rows(1, scores, columns, seen, rows, 1.0f, NULL, other, cells, cells);
      report_rows(s, r, head, q0 + i, rows, other, cells, inverse, seen, lk);
    }
    few_columns(v, 1, ldv, d, scores, seen, columns, mean);
    turn_rows(1, mean, columns, d, rows, 1.0f, inverse, out + i * ldo, ldo, d);
  }
}

static void step_attention(const mk_net_step *s, const mk_net_run *r, int64_t first, int64_t count) {
  for (int64_t item = first; item < first + count; item++) attend(s, r, item / s->heads, item % s->heads);
}
