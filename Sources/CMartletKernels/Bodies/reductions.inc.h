// What a run keeps of a result of which nobody wants the history: eight parts for each lane, by the bar's number, so
// that a series alone, a market and every instruction set add in one order.

// Some lanes, or bars one after the other, of which those that are `there` count. Undefined ones never do.
MK_INLINE void N(reduce_eight)(v8d x, v8i there, const int32_t reduction, v8d *part, v8d *count) {
  there &= x == x;
  if (reduction == mk_reduction_count) {
    *part += select8(there & (x != splat(0)), splat(1), splat(0));
    return;
  }
  if (reduction == mk_reduction_sum) *part += select8(there, x, splat(0));
  if (reduction == mk_reduction_minimum) *part = select8(there & (x < *part), x, *part);
  if (reduction == mk_reduction_maximum) *part = select8(there & (x > *part), x, *part);
  *count += select8(there, splat(1), splat(0));
}

MK_INLINE v8d N(eight)(const MK_T *from) {
#if MK_SINGLE
  return __builtin_convertvector(*(const v8f_u *)from, v8d);
#else
  return *(const v8d_u *)from;
#endif
}

MK_INLINE void N(reduce_rows)(const mk_operand *source, const mk_sink *sink, int64_t t, int64_t rows,
                              const int32_t reduction) {
  double *const parts = sink->parts, *const counts = parts + 8 * MK_LANES;
#if MK_LANES == 1
  const int64_t end = t + rows < sink->counts[0] ? t + rows : sink->counts[0];
  v8d part = *(v8d_u *)parts, count = *(v8d_u *)counts;
  while (t < end) {
    const int64_t position = (t - source->lag) & source->mask;
    const MK_T *from = (const MK_T *)source->base + position;
    int64_t run = end - t;
    if (source->mask >= 0 && run > source->mask + 1 - position) run = source->mask + 1 - position;
    if ((t & 7) == 0 && run >= 8) {
      int64_t k = 0;
      for (; k + 8 <= run; k += 8) N(reduce_eight)(N(eight)(from + k), (v8i)(-1), reduction, &part, &count);
      t += k;
      continue;
    }
    v8d x = splat(NAN);
    if (run > 8 - (t & 7)) run = 8 - (t & 7);
    for (int64_t k = 0; k < run; k++) x[(t + k) & 7] = (double)from[k];
    N(reduce_eight)(x, (v8i)(-1), reduction, &part, &count);
    t += run;
  }
  *(v8d_u *)parts = part;
  *(v8d_u *)counts = count;
#else
  for (int64_t row = t; row < t + rows; row++) {
    const MK_T *from = (const MK_T *)source->base + ((row - source->lag) & source->mask) * MK_LANES;
    for (int64_t lane = 0; lane < MK_LANES; lane += 8) {
      const v8i there = *(const vlu8 *)(sink->counts + lane) > (v8i)((mk_long)row);
      const int64_t place = (row & 7) * MK_LANES + lane;
      v8d part = *(v8d_u *)(parts + place), count = *(v8d_u *)(counts + place);
      N(reduce_eight)(N(eight)(from + lane), there, reduction, &part, &count);
      *(v8d_u *)(parts + place) = part;
      *(v8d_u *)(counts + place) = count;
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
