// Elementwise kernels. Lanes and time look the same to them, so a run of rows that does not wrap in
// any ring is one flat loop. Constants are rows of equal values that the loop does not step over.

// Undefined in, undefined out: comparisons and logic give NaN for NaN.
#define MK_TRUTH(test, undefined) \
  ((v8d)(((test) & ~(undefined) & (v8i)splat(1.0)) | ((undefined) & (v8i)splat(NAN))))
#define MK_UNDEFINED2 (is_nan8(x0) | is_nan8(x1))

typedef struct {
  const MK_T *p;
  int64_t step;
} N(cursor);

// Elements of one operand that can be read from row t on without wrapping.
MK_INLINE int64_t N(open)(const mk_operand *o, int64_t t, int64_t stride, int64_t rows,
                          N(cursor) * cursor) {
  int64_t position = (t - o->lag) & o->mask;
  cursor->p = (const MK_T *)o->base + (o->mask == 0 ? 0 : position * stride);
  cursor->step = o->mask == 0 ? 0 : 8;
  if (o->mask <= 0) return rows;
  int64_t room = o->mask + 1 - position;
  return room < rows ? room : rows;
}

MK_INLINE v8d N(read)(const MK_T *p) {
#if MK_SINGLE
  return __builtin_convertvector(*(const v8f_u *)p, v8d);
#else
  return *(const v8d_u *)p;
#endif
}

MK_INLINE void N(write)(MK_T *p, v8d v) {
#if MK_SINGLE
  *(v8f_u *)p = __builtin_convertvector(v, v8f);
#else
  *(v8d_u *)p = v;
#endif
}

// INS lists the inputs, OUTS the outputs: each BODY line assigns y0 … from x0 …, p0 ….
#define MK_ELEMENTWISE(name, ins, outs, ...)                                              \
  MK_INLINE void N(name##_map)(const v8d *x, v8d *y, const double *f) {                    \
    const v8d x0 = x[0], x1 = x[ins > 1 ? 1 : 0], x2 = x[ins > 2 ? 2 : 0],                 \
              x3 = x[ins > 3 ? 3 : 0];                                                     \
    v8d y0, y1 = splat(0);                                                                 \
    (void)x0, (void)x1, (void)x2, (void)x3, (void)f;                                       \
    __VA_ARGS__;                                                                           \
    y[0] = y0;                                                                             \
    if (outs > 1) y[1] = y1;                                                               \
  }                                                                                        \
  static void N(name)(const mk_call *c) {                                                  \
    const int64_t stride = MK_STRIDE;                                                      \
    int64_t t = c->t, left = c->rows;                                                      \
    while (left > 0) {                                                                     \
      N(cursor) in[ins], out[outs];                                                        \
      int64_t rows = left;                                                                 \
      for (int k = 0; k < ins; k++) rows = N(open)(&c->in[k], t, stride, rows, &in[k]);    \
      for (int k = 0; k < outs; k++) rows = N(open)(&c->out[k], t, stride, rows, &out[k]); \
      const int64_t count = MK_LANES * rows;                                               \
      int64_t n = 0;                                                                       \
      v8d x[ins], y[outs];                                                                 \
      for (; n + 8 <= count; n += 8) {                                                     \
        for (int k = 0; k < ins; k++) x[k] = N(read)(in[k].p), in[k].p += in[k].step;      \
        N(name##_map)(x, y, c->f);                                                         \
        for (int k = 0; k < outs; k++) N(write)((MK_T *)out[k].p + n, y[k]);               \
      }                                                                                    \
      if (MK_LANES == 1)                                                                   \
        for (; n < count; n++) {                                                           \
          for (int k = 0; k < ins; k++) {                                                  \
            x[k] = splat((double)*in[k].p);                                                \
            if (in[k].step) in[k].p++;                                                     \
          }                                                                                \
          N(name##_map)(x, y, c->f);                                                       \
          for (int k = 0; k < outs; k++) ((MK_T *)out[k].p)[n] = (MK_T)y[k][0];            \
        }                                                                                  \
      t += rows;                                                                           \
      left -= rows;                                                                        \
    }                                                                                      \
  }

MK_ELEMENTWISE(copy, 1, 1, y0 = x0)
MK_ELEMENTWISE(negate, 1, 1, y0 = -x0)
MK_ELEMENTWISE(absolute, 1, 1, y0 = abs8(x0))
MK_ELEMENTWISE(square_root, 1, 1, y0 = sqrt8(x0))
#define MK_SHARED(name, function) MK_ELEMENTWISE(name, 1, 1, y0 = mk_##function(x0))
#include "../elementary.def"
#undef MK_SHARED
MK_ELEMENTWISE(round_down, 1, 1, y0 = __builtin_elementwise_floor(x0))
MK_ELEMENTWISE(round_up, 1, 1, y0 = __builtin_elementwise_ceil(x0))
MK_ELEMENTWISE(round_toward_zero, 1, 1, y0 = __builtin_elementwise_trunc(x0))
MK_ELEMENTWISE(sign, 1, 1,
               y0 = select8(x0 > splat(0), splat(1), select8(x0 < splat(0), splat(-1), x0)))
MK_ELEMENTWISE(positive_part, 1, 1, y0 = select8(x0 < splat(0), splat(0), x0) + splat(0))
MK_ELEMENTWISE(negative_part, 1, 1, y0 = select8(x0 > splat(0), splat(0), -x0) + splat(0))
MK_ELEMENTWISE(logical_not, 1, 1, y0 = MK_TRUTH(x0 == splat(0), is_nan8(x0)))
MK_ELEMENTWISE(is_defined, 1, 1, y0 = select8(is_nan8(x0), splat(0), splat(1)))
MK_ELEMENTWISE(affine, 1, 1, y0 = splat(f[0]) * x0 + splat(f[1]))
MK_ELEMENTWISE(add, 2, 1, y0 = x0 + x1)
MK_ELEMENTWISE(subtract, 2, 1, y0 = x0 - x1)
MK_ELEMENTWISE(multiply, 2, 1, y0 = x0 *x1)
MK_ELEMENTWISE(divide, 2, 1, y0 = x0 / x1)
MK_ELEMENTWISE(divide_or, 2, 1, y0 = select8(x1 == splat(0), x0 - x0 + splat(f[0]), x0 / x1))
MK_ELEMENTWISE(maximum, 2, 1, y0 = max_nan8(x0, x1))
MK_ELEMENTWISE(minimum, 2, 1, y0 = min_nan8(x0, x1))
MK_ELEMENTWISE(power, 2, 1, y0 = mk_pow(x0, x1))
MK_ELEMENTWISE(less, 2, 1, y0 = MK_TRUTH(x0 < x1, MK_UNDEFINED2))
MK_ELEMENTWISE(less_equal, 2, 1, y0 = MK_TRUTH(x0 <= x1, MK_UNDEFINED2))
MK_ELEMENTWISE(equal, 2, 1, y0 = MK_TRUTH(x0 == x1, MK_UNDEFINED2))
MK_ELEMENTWISE(not_equal, 2, 1, y0 = MK_TRUTH(x0 != x1, MK_UNDEFINED2))
MK_ELEMENTWISE(logical_and, 2, 1,
               y0 = MK_TRUTH((x0 != splat(0)) & (x1 != splat(0)), MK_UNDEFINED2))
MK_ELEMENTWISE(logical_or, 2, 1,
               y0 = MK_TRUTH((x0 != splat(0)) | (x1 != splat(0)), MK_UNDEFINED2))
MK_ELEMENTWISE(logical_xor, 2, 1,
               y0 = MK_TRUTH((x0 != splat(0)) ^ (x1 != splat(0)), MK_UNDEFINED2))
MK_ELEMENTWISE(linear, 2, 1, y0 = splat(f[0]) * x0 + splat(f[1]) * x1)
// f0 · (a / (a + b)), or f1 where the sum is zero: never beyond f0.
MK_ELEMENTWISE(share, 2, 1, const v8d sum = x0 + x1;
               y0 = select8(sum == splat(0), splat(f[1]), splat(f[0]) * (x0 / sum)))
// f0 · (x / p + f1), or f2 where p is zero.
MK_ELEMENTWISE(percent_change, 2, 1,
               y0 = select8(x1 == splat(0), x0 - x0 + splat(f[2]),
                            splat(f[0]) * (x0 / x1 + splat(f[1]))))
// The sign of a − b; a difference within f0 epsilons of the sizes of both and of x2 is none.
MK_ELEMENTWISE(difference_sign, 3, 1, const v8d change = x0 - x1;
               const v8d size = (abs8(x0) + abs8(x1)) + abs8(x2);
               const v8i noise = abs8(change) < splat(f[0] * MK_EPSILON) * size;
               const v8d side = select8(change > splat(0), splat(1),
                                        select8(change < splat(0), splat(-1), change));
               y0 = select8(noise, splat(0), side))
MK_ELEMENTWISE(choose, 3, 1,
               y0 = select8(is_nan8(x0), x0, select8(x0 != splat(0), x1, x2)))
// a / b, or f0 where b is rounding noise beside the magnitude in x2: f1 of the dtype's epsilons.
MK_ELEMENTWISE(divide_relative, 3, 1,
               y0 = select8(abs8(x1) <= splat(f[1] * MK_EPSILON) * abs8(x2),
                            x0 - x0 + splat(f[0]), x0 / x1))
MK_ELEMENTWISE(true_range, 3, 1,
               y0 = max_nan8(max_nan8(x0 - x1, abs8(x0 - x2)), abs8(x1 - x2)))
MK_ELEMENTWISE(typical, 3, 1, y0 = (x0 + x1 + x2) / splat(3))
// Inputs: high, previous high, low, previous low. Ties and inside bars move nowhere; two moves that
// differ by f0 epsilons of the prices are a tie.
MK_ELEMENTWISE(directional_moves, 4, 2, const v8d up = x0 - x1, down = x3 - x2;
               const v8d undefined = (up - up) + (down - down);
               const v8d size = (abs8(x0) + abs8(x1)) + (abs8(x2) + abs8(x3));
               const v8i tie = abs8(up - down) <= splat(f[0] * MK_EPSILON) * size;
               y0 = select8(~tie & (up > down) & (up > splat(0)), up, splat(0)) + undefined;
               y1 = select8(~tie & (down > up) & (down > splat(0)), down, splat(0)) + undefined)
// Inputs: price, previous price, volume; a flow has the size of the money. A change within f0 epsilons of the prices is rounding noise.
MK_ELEMENTWISE(money_flows, 3, 2, const v8d change = x0 - x1, flow = abs8(x0) * x2;
               const v8i noise = abs8(change) <= splat(f[0] * MK_EPSILON) * (abs8(x0) + abs8(x1));
               const v8d none = (flow - flow) + (change - change);
               y0 = select8(~noise & (change > splat(0)), flow, splat(0)) + none;
               y1 = select8(~noise & (change < splat(0)), flow, splat(0)) + none)
// x0 < x1 and x2 <= x3: a crossing where the latter two are the former ones a bar before, the other way round.
MK_ELEMENTWISE(crossing, 4, 1,
               y0 = MK_TRUTH((x0 < x1) & (x2 <= x3), MK_UNDEFINED2 | is_nan8(x2) | is_nan8(x3)))
// middle + f0 · width and middle − f1 · width.
MK_ELEMENTWISE(bands, 2, 2, y0 = x0 + splat(f[0]) * x1; y1 = x0 - splat(f[1]) * x1)
