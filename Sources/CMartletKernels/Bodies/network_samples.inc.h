// Steps that take a sample with all its rows.

static void step_pool(const mk_net_step *s, const mk_net_run *r, int64_t first, int64_t count) {
  const mk_net_space *const space = r->spaces + r->values[s->x].space;
  const int64_t n = s->n, ldx = net_stride(r, s->x);
  for (int64_t sample = first; sample < first + count; sample++) {
    const int64_t from = space->starts[sample], rows = space->starts[sample + 1] - from;
    const float *const x = net_row(r, s->x, from);
    float *const out = net_row(r, s->out, sample);
    for (int64_t j = 0; j < n; j += 16) {
      vf16 t = (vf16)(s->mode == mk_pool_max ? -(float)MK_INF : 0.0f);
      switch (s->mode) {
      case mk_pool_first: if (rows) t = load_part(x + j, n - j, 0.0f); break;
      case mk_pool_last: if (rows) t = load_part(x + (rows - 1) * ldx + j, n - j, 0.0f); break;
      case mk_pool_max:
        for (int64_t i = 0; i < rows; i++) {
          const vf16 v = load_part(x + i * ldx + j, n - j, 0.0f);
          t = ((v > t) | (v != v)) ? v : t;
        }
        break;
      default:
        for (int64_t i = 0; i < rows; i++) t += load_part(x + i * ldx + j, n - j, 0.0f);
        t /= (float)rows;
      }
      store_part(out + j, t, n - j);
    }
  }
}

// The shares of the rows of a sample in one: the softmax of x over them, or (mode 1) softplus of x where the
// logistic function of y exceeds a half, divided by their sum.
static void step_shares(const mk_net_step *s, const mk_net_run *r, int64_t first, int64_t count) {
  const mk_net_space *const space = r->spaces + r->values[s->x].space;
  float *const t = (float *)r->scratch;
  for (int64_t sample = first; sample < first + count; sample++) {
    const int64_t from = space->starts[sample], rows = space->starts[sample + 1] - from;
    for (int64_t i = 0; i < rows; i++) t[i] = *net_row(r, s->x, from + i);
    float sum = 0.0f;
    if (s->mode == 0) {
      sum = exp_row(t, rows, 1.0f, largest(t, rows));
    } else {
      activate(mk_act_softplus, t, rows);
      for (int64_t i = 0; i < rows; i++) {
        t[i] = *net_row(r, s->y, from + i) > 0.0f ? t[i] : 0.0f;
        sum += t[i];
      }
      if (sum == 0.0f) sum = 1.0f;
    }
    for (int64_t i = 0; i < rows; i++) *net_row(r, s->out, from + i) = t[i] / sum;
  }
}

// Rows of what a convolution sees: k taps of n channels, zeros outside of the sample.
static void step_windows(const mk_net_step *s, const mk_net_run *r, int64_t first, int64_t count) {
  const mk_net_space *const in = r->spaces + r->values[s->x].space, *const to = r->spaces + r->values[s->out].space;
  for (int64_t sample = first; sample < first + count; sample++) {
    const int64_t from = in->starts[sample], rows = in->starts[sample + 1] - from;
    for (int64_t row = to->starts[sample]; row < to->starts[sample + 1]; row++) {
      float *const out = net_row(r, s->out, row);
      const int64_t start = (row - to->starts[sample]) * s->stride - s->padding;
      for (int64_t tap = 0; tap < s->k; tap++) {
        const int64_t place = start + tap * s->dilation;
        if (place >= 0 && place < rows)
          __builtin_memcpy(out + tap * s->n, net_row(r, s->x, from + place), (size_t)s->n * sizeof(float));
        else
          __builtin_memset(out + tap * s->n, 0, (size_t)s->n * sizeof(float));
      }
    }
  }
}

// Recurrent networks: x holds what the inputs give to the gates, g what the last state does, z is for the sums. A cell
// turns them into the next state; `memory` is what it keeps besides.
typedef void (*mk_cell)(int64_t n, const float *x, const float *g, float *z, float *state, float *memory);

// h' = (1 - z) n + z h (Cho et al. 2014), n = tanh(x_n + r (W h + b)).
static void gru_cell(int64_t n, const float *x, const float *g, float *z, float *state, float *memory) {
  add_rows(z, x, g, 2 * n);
  activate(mk_act_sigmoid, z, 2 * n);
  for (int64_t j = 0; j < n; j++) z[2 * n + j] = x[2 * n + j] + z[j] * g[2 * n + j];
  activate(mk_act_tanh, z + 2 * n, n);
  for (int64_t j = 0; j < n; j++) state[j] = (1.0f - z[n + j]) * z[2 * n + j] + z[n + j] * state[j];
}

// c' = f c + i g, h' = o tanh(c') (Hochreiter and Schmidhuber 1997; Gers et al. 2000).
static void lstm_cell(int64_t n, const float *x, const float *g, float *z, float *state, float *memory) {
  add_rows(z, x, g, 4 * n);
  activate(mk_act_sigmoid, z, 2 * n);
  activate(mk_act_tanh, z + 2 * n, n);
  activate(mk_act_sigmoid, z + 3 * n, n);
  for (int64_t j = 0; j < n; j++) memory[j] = z[n + j] * memory[j] + z[j] * z[2 * n + j];
  activate_rows(mk_act_tanh, state, n, memory, n, 1, n);
  for (int64_t j = 0; j < n; j++) state[j] *= z[3 * n + j];
}

MK_INLINE int64_t longest_sample(const mk_net_space *space, int64_t first, int64_t count) {
  int64_t longest = 0;
  for (int64_t i = first; i < first + count; i++) {
    const int64_t rows = space->starts[i + 1] - space->starts[i];
    longest = rows > longest ? rows : longest;
  }
  return longest;
}

// The samples that have a bar at a time go on together. mode 1 goes back in time.
MK_INLINE void recur(
  const mk_net_step *s, const mk_net_run *r, int64_t first, int64_t count, int64_t gates, int64_t memories,
  const mk_cell cell
) {
  const mk_net_space *const space = r->spaces + r->values[s->x].space;
  const int64_t *const starts = space->starts + first;
  const int64_t n = s->n, width = gates * n, longest = longest_sample(space, first, count);
  float *const h = (float *)r->scratch, *const memory = h + n * count, *const g = memory + memories * n * count;
  float *const rows = g + width * count, *const z = rows + n * count;
  __builtin_memset(h, 0, (size_t)((1 + memories) * n * count) * sizeof(float));
  for (int64_t time = 0; time < longest; time++) {
    int64_t active = 0;
    for (int64_t i = 0; i < count; i++)
      if (time < starts[i + 1] - starts[i])
        __builtin_memcpy(rows + active++ * n, h + i * n, (size_t)n * sizeof(float));
    mk_tile t = {.ldx = n * (int64_t)sizeof(float), .k = n, .bias = s->a, .out = g, .ldo = width};
    f32_product(&t, rows, active, s->weights, width);
    active = 0;
    for (int64_t i = 0; i < count; i++) {
      if (time >= starts[i + 1] - starts[i]) continue;
      const int64_t row = s->mode ? starts[i + 1] - 1 - time : starts[i] + time;
      cell(n, net_row(r, s->x, row), g + active++ * width, z, h + i * n, memory + i * n);
      __builtin_memcpy(net_row(r, s->out, row), h + i * n, (size_t)n * sizeof(float));
    }
  }
}
static void step_gru(const mk_net_step *s, const mk_net_run *r, int64_t first, int64_t count) {
  recur(s, r, first, count, 3, 0, gru_cell);
}
static void step_lstm(const mk_net_step *s, const mk_net_run *r, int64_t first, int64_t count) {
  recur(s, r, first, count, 4, 1, lstm_cell);
}
