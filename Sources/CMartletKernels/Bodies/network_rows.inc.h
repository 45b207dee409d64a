// Steps that take rows by themselves: sums, norms, activations, tables. Sums of a row run over 16 lanes on
// every instruction set, so that their bits are the same.

#define MK_VL 16
#include "network_exponential.inc.h"
#undef MK_VL
#if MK_WIDE != 16
#define MK_VL MK_WIDE
#include "network_exponential.inc.h"
#undef MK_VL
#endif

MK_INLINE vf16 load16(const float *x) { return *(const vfu16 *)x; }
MK_INLINE void store16(float *x, vf16 v) { *(vfu16 *)x = v; }
// The first `count` lanes, the others being `rest`.
MK_INLINE vf16 load_part(const float *x, int64_t count, float rest) {
  if (count >= 16) return load16(x);
  vf16 v = (vf16)(rest);
  __builtin_memcpy(&v, x, (size_t)count * sizeof(float));
  return v;
}
MK_INLINE void store_part(float *x, vf16 v, int64_t count) {
  if (count >= 16) store16(x, v);
  else __builtin_memcpy(x, &v, (size_t)count * sizeof(float));
}

MK_INLINE float sum16(vf16 v) {
  v8f a = v.lo + v.hi;
  vf4 b = a.lo + a.hi;
  return (b.x + b.z) + (b.y + b.w);
}
MK_INLINE float max16(vf16 v) {
  v8f a = v.lo > v.hi ? v.lo : v.hi;
  vf4 b = a.lo > a.hi ? a.lo : a.hi;
  const float m = b.x > b.z ? b.x : b.z, o = b.y > b.w ? b.y : b.w;
  return m > o ? m : o;
}

MK_INLINE float *net_row(const mk_net_run *r, int value, int64_t row) {
  const mk_net_value *v = r->values + value;
  return v->base + (v->is_block ? row - r->row : row) * v->stride;
}
MK_INLINE int64_t net_stride(const mk_net_run *r, int value) { return r->values[value].stride; }

// The sum over a row of n numbers: `whole` of 16 numbers at j, `part` of those that are left at its end. Four sums
// go on side by side, on every instruction set.
#define MK_ROW_SUM(result, n, whole, part)                              \
  float result;                                                         \
  {                                                                     \
    vf16 sums[4] = {(vf16)(0.0f), (vf16)(0.0f), (vf16)(0.0f), (vf16)(0.0f)}; \
    int64_t j = 0;                                                      \
    for (; j + 64 <= n; j += 16) {                                      \
      sums[0] += whole;                                                 \
      j += 16;                                                          \
      sums[1] += whole;                                                 \
      j += 16;                                                          \
      sums[2] += whole;                                                 \
      j += 16;                                                          \
      sums[3] += whole;                                                 \
    }                                                                   \
    for (; j + 16 <= n; j += 16) sums[0] += whole;                      \
    if (j < n) sums[1] += part;                                         \
    result = sum16((sums[0] + sums[1]) + (sums[2] + sums[3]));          \
  }

MK_INLINE vf16 square(vf16 v) { return v * v; }

static void step_rms_norm(const mk_net_step *s, const mk_net_run *r, int64_t first, int64_t count) {
  const int64_t n = s->n;
  for (int64_t row = first; row < first + count; row++) {
    const float *x = net_row(r, s->x, row);
    float *out = net_row(r, s->out, row);
    MK_ROW_SUM(squares, n, square(load16(x + j)), square(load_part(x + j, n - j, 0.0f)))
    const float scale = 1.0f / __builtin_sqrtf(squares / (float)n + s->epsilon);
    for (int64_t j = 0; j < n; j += 16) {
      vf16 v = load_part(x + j, n - j, 0.0f) * scale;
      if (s->a) v *= load_part(s->a + j, n - j, 0.0f);
      store_part(out + j, v, n - j);
    }
  }
}

// Rows of length 1 (Euclid); a row of zeros stays one.
static void step_unit_length(const mk_net_step *s, const mk_net_run *r, int64_t first, int64_t count) {
  const int64_t n = s->n;
  for (int64_t row = first; row < first + count; row++) {
    const float *x = net_row(r, s->x, row);
    float *out = net_row(r, s->out, row);
    MK_ROW_SUM(squares, n, square(load16(x + j)), square(load_part(x + j, n - j, 0.0f)))
    const float length = __builtin_sqrtf(squares), divisor = length < s->epsilon ? s->epsilon : length;
    for (int64_t j = 0; j < n; j += 16) store_part(out + j, load_part(x + j, n - j, 0.0f) / divisor, n - j);
  }
}

// a x + b, one factor and offset a column; either may be missing.
static void step_scale(const mk_net_step *s, const mk_net_run *r, int64_t first, int64_t count) {
  const int64_t n = s->n;
  for (int64_t row = first; row < first + count; row++) {
    const float *x = net_row(r, s->x, row);
    float *out = net_row(r, s->out, row);
    for (int64_t j = 0; j < n; j += 16) {
      vf16 v = load_part(x + j, n - j, 0.0f);
      if (s->a) v *= load_part(s->a + j, n - j, 0.0f);
      if (s->b) v += load_part(s->b + j, n - j, 0.0f);
      store_part(out + j, v, n - j);
    }
  }
}

MK_INLINE void add_rows(float *out, const float *x, const float *y, int64_t n) {
  for (int64_t j = 0; j < n; j += 16)
    store_part(out + j, load_part(x + j, n - j, 0.0f) + load_part(y + j, n - j, 0.0f), n - j);
}

static void step_add(const mk_net_step *s, const mk_net_run *r, int64_t first, int64_t count) {
  for (int64_t row = first; row < first + count; row++)
    add_rows(net_row(r, s->out, row), net_row(r, s->x, row), net_row(r, s->y, row), s->n);
}

// The row of a table that belongs to the place in the sample.
static void step_add_positions(const mk_net_step *s, const mk_net_run *r, int64_t first, int64_t count) {
  const mk_net_space *space = r->spaces + r->values[s->x].space;
  for (int64_t row = first; row < first + count; row++)
    add_rows(net_row(r, s->out, row), net_row(r, s->x, row),
             (const float *)s->weights + space->positions[row] * s->n, s->n);
}

// What belongs to the sample, to each of its rows.
static void step_add_sample(const mk_net_step *s, const mk_net_run *r, int64_t first, int64_t count) {
  const mk_net_space *space = r->spaces + r->values[s->x].space;
  for (int64_t row = first; row < first + count; row++)
    add_rows(net_row(r, s->out, row), net_row(r, s->x, row), net_row(r, s->y, space->samples[row]), s->n);
}

// The row of a table that an index names, and added to y where there is one.
static void step_embedding(const mk_net_step *s, const mk_net_run *r, int64_t first, int64_t count) {
  const int64_t n = s->n;
  for (int64_t row = first; row < first + count; row++) {
    const float *table = (const float *)s->weights + *(const int32_t *)net_row(r, s->x, row) * n;
    float *out = net_row(r, s->out, row);
    if (s->y >= 0) add_rows(out, net_row(r, s->y, row), table, n);
    else __builtin_memcpy(out, table, (size_t)n * sizeof(float));
  }
}

MK_INLINE vf16 mkf_gelu_tanh(vf16 x) {
  return (0.5f * x) * (1.0f + mkf_tanh(0x1.988454p-1f * (x + 0x1.6e4e26p-5f * (x * x * x))));
}
MK_INLINE vf16 mkf_silu(vf16 x) { return x * mkf_sigmoid(x); }
MK_INLINE vf16 mkf_relu(vf16 x) { return PICK(x < 0.0f, (vf16)(0.0f), x); }
MK_INLINE vf16 mkf_softplus(vf16 x) { return PICK(x > 20.0f, x, mkf_log1p(mkf_exp(PICK(x > 20.0f, (vf16)(20.0f), x)))); }

#define MK_ACTIVATION(name, wide)                                                                          \
  static void name##_rows(float *x, int64_t ldx, const float *from, int64_t ldf, int64_t rows, int64_t n) { \
    for (int64_t i = 0; i < rows; i++, x += ldx, from += ldf) {                                             \
      int64_t j = 0;                                                                                        \
      for (; j + wide <= n; j += wide)                                                                      \
        *(MK_CAT(vfu, wide) *)(x + j) = mkf_##name(*(const MK_CAT(vfu, wide) *)(from + j));                 \
      for (; j < n; j += 16)                                                                                \
        store_part(x + j, mkf_##name(load_part(from + j, n - j, 0.5f)), n - j);                             \
    }                                                                                                       \
  }
MK_ACTIVATION(relu, 16)
MK_ACTIVATION(gelu, MK_WIDE)
MK_ACTIVATION(gelu_tanh, 16)
MK_ACTIVATION(silu, 16)
MK_ACTIVATION(tanh, 16)
MK_ACTIVATION(sigmoid, 16)
MK_ACTIVATION(softplus, 16)
#undef MK_ACTIVATION

static void activate_rows(
  int activation, float *x, int64_t ldx, const float *from, int64_t ldf, int64_t rows, int64_t n
) {
  switch (activation) {
  case mk_act_relu: relu_rows(x, ldx, from, ldf, rows, n); break;
  case mk_act_gelu: gelu_rows(x, ldx, from, ldf, rows, n); break;
  case mk_act_gelu_tanh: gelu_tanh_rows(x, ldx, from, ldf, rows, n); break;
  case mk_act_silu: silu_rows(x, ldx, from, ldf, rows, n); break;
  case mk_act_tanh: tanh_rows(x, ldx, from, ldf, rows, n); break;
  case mk_act_sigmoid: sigmoid_rows(x, ldx, from, ldf, rows, n); break;
  case mk_act_softplus: softplus_rows(x, ldx, from, ldf, rows, n); break;
  default:
    if (x != from)
      for (int64_t i = 0; i < rows; i++) __builtin_memcpy(x + i * ldx, from + i * ldf, (size_t)n * sizeof(float));
  }
}
MK_INLINE void activate(int activation, float *x, int64_t n) { activate_rows(activation, x, n, x, n, 1, n); }

// What may follow a step: x becomes f(x) + y.
MK_INLINE void finish_rows(
  int activation, float *x, int64_t ldx, const float *y, int64_t ldy, int64_t rows, int64_t n
) {
  if (activation != mk_act_none) activate_rows(activation, x, ldx, x, ldx, rows, n);
  if (y)
    for (int64_t i = 0; i < rows; i++) add_rows(x + i * ldx, x + i * ldx, y + i * ldy, n);
}

// Whole vectors of (x - mean) scale a + b, its positive part, plus y.
MK_INLINE void norm_row(
  const int positive, const int adds, const float *x, float mean, float scale, const float *a, const float *b,
  const float *y, float *out, int64_t n
) {
  for (int64_t j = 0; j + 16 <= n; j += 16) {
    vf16 v = MK_FMA((load16(x + j) - mean) * scale, load16(a + j), load16(b + j));
    if (positive) v = mkf_relu(v);
    if (adds) v += load16(y + j);
    store16(out + j, v);
  }
}

// f((x - mean) / deviation · a + b) + y. Sixteen rows at a time: one that waits for its own mean leaves the processor idle.
static void step_layer_norm(const mk_net_step *s, const mk_net_run *r, int64_t first, int64_t count) {
  const int64_t n = s->n;
  const int relu = s->activation == mk_act_relu, plain = s->a && s->b && n % 16 == 0 && (relu || s->activation == mk_act_none);
  const int64_t ldx = net_stride(r, s->x), ldo = net_stride(r, s->out), ldy = s->y >= 0 ? net_stride(r, s->y) : 0;
  for (int64_t from = first; from < first + count; from += 16) {
    const int64_t rows = first + count - from < 16 ? first + count - from : 16;
    const float *const xs = net_row(r, s->x, from), *const ys = s->y >= 0 ? net_row(r, s->y, from) : NULL;
    float *const outs = net_row(r, s->out, from);
    float means[16] = {0}, scales[16] = {0};
    for (int64_t i = 0; i < rows; i++) {
      const float *const x = xs + i * ldx;
      MK_ROW_SUM(sum, n, load16(x + j), load_part(x + j, n - j, 0.0f))
      means[i] = sum;
    }
    store16(means, load16(means) / (float)n);
    for (int64_t i = 0; i < rows; i++) {
      const float *const x = xs + i * ldx, mean = means[i];
      MK_ROW_SUM(squares, n, square(load16(x + j) - mean), square(load_part(x + j, n - j, mean) - mean))
      scales[i] = squares;
    }
    store16(scales, 1.0f / __builtin_elementwise_sqrt(load16(scales) / (float)n + s->epsilon));
    for (int64_t i = 0; i < rows; i++) {
      const float *const x = xs + i * ldx, *const y = ys ? ys + i * ldy : NULL, mean = means[i], scale = scales[i];
      float *const out = outs + i * ldo;
      if (plain) {
        // What follows is done on the way: norms stand between all products.
        if (relu && y) norm_row(1, 1, x, mean, scale, s->a, s->b, y, out, n);
        else if (relu) norm_row(1, 0, x, mean, scale, s->a, s->b, y, out, n);
        else if (y) norm_row(0, 1, x, mean, scale, s->a, s->b, y, out, n);
        else norm_row(0, 0, x, mean, scale, s->a, s->b, y, out, n);
        continue;
      }
      for (int64_t j = 0; j < n; j += 16) {
        const vf16 a = s->a ? load_part(s->a + j, n - j, 0.0f) : (vf16)(1.0f);
        const vf16 b = s->b ? load_part(s->b + j, n - j, 0.0f) : (vf16)(0.0f);
        store_part(out + j, MK_FMA((load_part(x + j, n - j, 0.0f) - mean) * scale, a, b), n - j);
      }
    }
    if (!plain) finish_rows(s->activation, outs, ldo, ys, ldy, rows, n);
  }
}

static void step_activation(const mk_net_step *s, const mk_net_run *r, int64_t first, int64_t count) {
  activate_rows(s->activation, net_row(r, s->out, first), net_stride(r, s->out), net_row(r, s->x, first),
                net_stride(r, s->x), count, s->n);
}

// Makes what stands from n to the next multiple of 16 too small to count, and returns the largest of x.
MK_INLINE float largest(float *x, int64_t n) {
  const vf16 nothing = (vf16)(-(float)MK_INF);
  if (n % 16) {
    const vi16 lanes = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    float *const rest = x + n / 16 * 16;
    store16(rest, lanes < (int32_t)(n % 16) ? load16(rest) : nothing);
  }
  vf16 most = nothing;
  for (int64_t j = 0; j < n; j += 16) {
    const vf16 v = load16(x + j);
    most = v > most ? v : most;
  }
  return max16(most);
}

// x becomes e^(factor (x - most)), up to the next multiple of 16, and the sum of that is returned.
MK_INLINE float exp_row(float *x, int64_t n, float factor, float most) {
  const float scale = factor * MKF_LOG2E, offset = -most * scale;
  vf16 sum = (vf16)(0.0f);
  for (int64_t j = 0; j < n; j += 16) {
    const vf16 e = exp2_fast(MK_FMA(load16(x + j), (vf16)(scale), (vf16)(offset)));
    store16(x + j, e);
    sum += e;
  }
  return sum16(sum);
}

static void step_softmax(const mk_net_step *s, const mk_net_run *r, int64_t first, int64_t count) {
  float *t = (float *)r->scratch;
  for (int64_t row = first; row < first + count; row++) {
    __builtin_memcpy(t, net_row(r, s->x, row), (size_t)s->n * sizeof(float));
    const float sum = exp_row(t, s->n, 1.0f, largest(t, s->n));
    float *out = net_row(r, s->out, row);
    for (int64_t j = 0; j < s->n; j += 16)
      store_part(out + j, load16(t + j) / sum, s->n - j);
  }
}
