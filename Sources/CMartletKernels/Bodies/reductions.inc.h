// What a run keeps of a result of which nobody wants the history: eight parts for each lane, by the bar's number, so
// that a series alone, a market and every instruction set add in one order.

// Some lanes, or bars one after the other, of which those that are `there` count. Undefined ones never do.
MK_INLINE void N(reduce_eight)(v8d x, v8i there, const int32_t reduction, double *part, double *count) {
  v8d y = *(v8d_u *)part;
  there &= x == x;
  if (reduction == mk_reduction_count) {
    *(v8d_u *)part = y + select8(there & (x != splat(0)), splat(1), splat(0));
    return;
  }
  if (reduction == mk_reduction_sum) y = y + select8(there, x, splat(0));
  if (reduction == mk_reduction_minimum) y = select8(there & (x < y), x, y);
  if (reduction == mk_reduction_maximum) y = select8(there & (x > y), x, y);
  *(v8d_u *)part = y;
  *(v8d_u *)count = *(v8d_u *)count + select8(there, splat(1), splat(0));
}

MK_INLINE void N(reduce_rows)(const mk_operand *source, const mk_sink *sink, int64_t t, int64_t rows,
                              const int32_t reduction) {
  double *const parts = sink->parts, *const counts = parts + 8 * MK_LANES;
#if MK_LANES == 1
  const int64_t end = t + rows < sink->counts[0] ? t + rows : sink->counts[0];
  while (t < end) {
    const int64_t position = (t - source->lag) & source->mask;
    const MK_T *from = (const MK_T *)source->base + position;
    v8d x = splat(NAN);
    int64_t n = 8 - (t & 7);
    if (n > end - t) n = end - t;
    if (source->mask > 0 && n > source->mask + 1 - position) n = source->mask + 1 - position;
    if (n == 8)
#if MK_SINGLE
      x = __builtin_convertvector(*(const v8f_u *)from, v8d);
#else
      x = *(const v8d_u *)from;
#endif
    else
      for (int64_t k = 0; k < n; k++) x[(t + k) & 7] = (double)from[source->mask == 0 ? 0 : k];
    N(reduce_eight)(x, (v8i)(-1), reduction, parts, counts);
    t += n;
  }
#else
  for (int64_t row = t; row < t + rows; row++) {
    const MK_T *from = (const MK_T *)source->base + ((row - source->lag) & source->mask) * MK_LANES;
    for (int64_t lane = 0; lane < MK_LANES; lane += 8) {
#if MK_SINGLE
      const v8d x = __builtin_convertvector(*(const v8f_u *)(from + lane), v8d);
#else
      const v8d x = *(const v8d_u *)(from + lane);
#endif
      const v8i there = *(const vlu8 *)(sink->counts + lane) > (v8i)((mk_long)row);
      const int64_t place = (row & 7) * MK_LANES + lane;
      N(reduce_eight)(x, there, reduction, parts + place, counts + place);
    }
  }
#endif
}

static void N(reduce)(const mk_operand *source, const mk_sink *sink, int64_t t, int64_t rows) {
  switch (sink->reduction) {
    case mk_reduction_count: N(reduce_rows)(source, sink, t, rows, mk_reduction_count); break;
    case mk_reduction_sum: N(reduce_rows)(source, sink, t, rows, mk_reduction_sum); break;
    case mk_reduction_minimum: N(reduce_rows)(source, sink, t, rows, mk_reduction_minimum); break;
    case mk_reduction_maximum: N(reduce_rows)(source, sink, t, rows, mk_reduction_maximum); break;
  }
}
