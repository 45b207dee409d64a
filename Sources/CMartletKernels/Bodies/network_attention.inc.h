// Attention of one head over one sample at a time (Vaswani et al. 2017), in cache: a few queries against all
// keys, their softmax, and their mean of the values.

// The rows as columns; zeros stand in the columns after them.
static void turn_rows(const float *x, int64_t ldx, int64_t rows, int64_t n, float *out, int64_t ldo) {
  for (int64_t j = 0; j < ldo; j += 16)
    for (int64_t c = 0; c < n; c += 4) {
      vf4 t[16];
      for (int64_t i = 0; i < 16; i++) {
        t[i] = (vf4)(0.0f);
        if (j + i < rows) {
          if (n - c >= 4) t[i] = *(const vfu4 *)(x + (j + i) * ldx + c);
          else __builtin_memcpy(&t[i], x + (j + i) * ldx + c, (size_t)(n - c) * sizeof(float));
        }
      }
      for (int64_t i = 0; i < 16; i += 4) {
        // Four rows and four columns change places.
        const vf4 a = __builtin_shufflevector(t[i], t[i + 1], 0, 4, 1, 5), b = __builtin_shufflevector(t[i], t[i + 1], 2, 6, 3, 7);
        const vf4 e = __builtin_shufflevector(t[i + 2], t[i + 3], 0, 4, 1, 5), f = __builtin_shufflevector(t[i + 2], t[i + 3], 2, 6, 3, 7);
        const vf4 z[4] = {
          __builtin_shufflevector(a, e, 0, 1, 4, 5), __builtin_shufflevector(a, e, 2, 3, 6, 7),
          __builtin_shufflevector(b, f, 0, 1, 4, 5), __builtin_shufflevector(b, f, 2, 3, 6, 7),
        };
        for (int64_t k = 0; k < 4 && c + k < n; k++) *(vfu4 *)(out + (c + k) * ldo + j + i) = z[k];
      }
    }
}

// out = x w, w being rows `ldw` apart, for a number of columns that 16 divides and at most MK_MR rows.
static void strips_rows(
  const float *x, int64_t ldx, int64_t rows, const float *w, int64_t ldw, int64_t k, int64_t n, float *out, int64_t ldo
) {
  // Nothing more is wanted ahead, but an address that does not exist would be looked up again and again.
  const mk_tile t = {
    .ldx = ldx * 4, .ldw = ldw * 4, .k = k, .columns = n, .out = out, .ldo = ldo, .ahead = (const char *)w,
  };
  int64_t j = 0;
  for (; j + MK_STRIP <= n; j += MK_STRIP) f32_tiles[rows](&t, (const char *)x, (const char *)(w + j), 0, j);
#if MK_STRIP > 16
  if (j < n) f32_halfs[rows](&t, (const char *)x, (const char *)(w + j), 0, j);
#endif
}

// The keys that a query sees.
MK_INLINE int64_t own_keys(const mk_net_step *s, int64_t keys, int64_t query) {
  return s->mode && query < keys ? query + 1 : keys;
}

// Adds what a head looks at to the mean over all of them.
static void report_rows(
  const mk_net_step *s, const mk_net_run *r, int64_t head, int64_t first, int64_t rows, const float *scores, int64_t cells,
  const float *sums, int64_t seen, int64_t keys
) {
  for (int64_t row = 0; row < rows; row++) {
    float *const report = net_row(r, s->w, first + row);
    const float share = 1.0f / (sums[row] * (float)s->heads);
    for (int64_t j = 0; j < keys; j++) {
      const float part = j < seen ? scores[row * cells + j] * share : 0.0f;
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
  const int64_t d = s->k, wide = (d + 15) / 16 * 16, cells = (lk + MK_PANEL - 1) / MK_PANEL * MK_PANEL;
  const int64_t ldq = net_stride(r, s->x), ldk = net_stride(r, s->y), ldv = net_stride(r, s->z);
  const int64_t ldo = net_stride(r, s->out);
  const float *const q = net_row(r, s->x, q0) + head * d, *const k = net_row(r, s->y, k0) + head * d;
  const float *v = net_row(r, s->z, k0) + head * d;
  float *const out = net_row(r, s->out, q0) + head * d;
  float *const turned = (float *)r->scratch, *const scores = turned + d * cells;
  float *const mean = scores + MK_MR * cells, *const padded = mean + MK_MR * wide;

  turn_rows(k, ldk, lk, d, turned, cells);
  int64_t step = ldv;
  if (wide != d) {
    // Columns of the next head, or none, stand behind these.
    for (int64_t j = 0; j < lk; j++)
      for (int64_t c = 0; c < wide; c++) padded[j * wide + c] = c < d ? v[j * ldv + c] : 0.0f;
    v = padded, step = wide;
  }
  const int64_t tiles = (lq + MK_MR - 1) / MK_MR;
  for (int64_t tile = 0; tile < tiles; tile++) {
    const int64_t i = lq * tile / tiles, rows = lq * (tile + 1) / tiles - i;
    const int64_t seen = !s->mode || i + rows > lk ? lk : i + rows;
    float sums[MK_MR], most[MK_MR];
    strips_rows(q + i * ldq, ldq, rows, turned, cells, d, (seen + 15) / 16 * 16, scores, cells);
    if (s->a)
      for (int64_t row = 0; row < rows; row++)
        for (int64_t j = 0; j < lk; j++)
          scores[row * cells + j] = scores[row * cells + j] * s->factor + s->a[(i + row) * s->n + j];
    const float factor = s->a ? 1.0f : s->factor;
    for (int64_t row = 0; row < rows; row++) most[row] = largest(scores + row * cells, own_keys(s, lk, i + row));
    for (int64_t row = 0; row < rows; row++)
      sums[row] = exp_row(scores + row * cells, own_keys(s, lk, i + row), factor, most[row]);
    if (s->mode)
      for (int64_t row = 0; row < rows; row++)
        for (int64_t j = (own_keys(s, lk, i + row) + 15) / 16 * 16; j < seen; j++) scores[row * cells + j] = 0.0f;
    if (s->w >= 0) report_rows(s, r, head, q0 + i, rows, scores, cells, sums, seen, lk);
    const int exact = wide == d;
    float *const to = exact ? out + i * ldo : mean;
    const int64_t ldm = exact ? ldo : wide;
    strips_rows(scores, cells, rows, v, step, seen, wide, to, ldm);
    for (int64_t row = 0; row < rows; row++) {
      const float scale = 1.0f / sums[row];
      for (int64_t c = 0; c < d; c += 16)
        store_part(out + (i + row) * ldo + c, load_part(to + row * ldm + c, d - c, 0.0f) * scale, d - c);
    }
  }
}

static void step_attention(const mk_net_step *s, const mk_net_run *r, int64_t first, int64_t count) {
  for (int64_t item = first; item < first + count; item++) attend(s, r, item / s->heads, item % s->heads);
}
