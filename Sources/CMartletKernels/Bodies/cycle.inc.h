// J. F. Ehlers' cycle finder, Rocket Science for Traders (2001), in the form that TA-Lib made common.
//
// The price is smoothed over four bars; a short Hilbert filter gives its part in step and a quarter
// turn ahead; from bar to bar that pair turns, and the angle of the turn is the cycle's length.
// An undefined bar leaves everything alone: rings move by a lane's bars, and where one lane skips,
// its rings are moved along, so that the same bars stand at the same lags in every lane.

// A function of eight lanes, for a block.
#if MK_VL == 1
#define APPLY(function, x) function(splat(x))[0]
#elif MK_VL == 4
#define APPLY(function, x)                                                           \
  ({                                                                                 \
    const V four_ = (x);                                                             \
    const v8d eight_ = function(__builtin_shufflevector(four_, four_, 0, 1, 2, 3, 0, 1, 2, 3)); \
    __builtin_shufflevector(eight_, eight_, 0, 1, 2, 3);                             \
  })
#else
#define APPLY(function, x) function(x)
#endif

#define DEGREES SET(57.29577951308232)

// Slots: these, then rings of prices and of smoothed prices (`rows` each), of the detrended price
// (16) and of the quadrature (8).
typedef struct {
  V seen, sum, weighted, period, smooth, q2, i2, re, im;
} N(cycle);
#define CYCLE_HEADS 9
#define CYCLE_SLOTS(rows) (CYCLE_HEADS + 2 * (rows) + 24)
#define PAST(ring, rows, k) LOAD((ring) + ((k) & ((rows)-1)))

MK_INLINE N(cycle) N(cycle_load)(const mk_call *c, int64_t lane) {
  return (N(cycle)){LOAD(0), LOAD(1), LOAD(2), LOAD(3), LOAD(4), LOAD(5), LOAD(6), LOAD(7), LOAD(8)};
}

MK_INLINE void N(cycle_store)(const mk_call *c, int64_t lane, const N(cycle) * s) {
  STORE(0, s->seen);
  STORE(1, s->sum);
  STORE(2, s->weighted);
  STORE(3, s->period);
  STORE(4, s->smooth);
  STORE(5, s->q2);
  STORE(6, s->i2);
  STORE(7, s->re);
  STORE(8, s->im);
}

// Writes a ring's value at k; in lanes that skip this bar every value moves up to it instead.
MK_INLINE void N(cycle_push)(const mk_call *c, int64_t lane, int64_t ring, int64_t rows, int64_t k,
                             V value, M kept) {
  STORE(ring + (k & (rows - 1)), value);
  if (ALL(kept)) return;
  for (int64_t p = 0; p < rows - 1; p++) {
    const V here = PAST(ring, rows, k - p), older = PAST(ring, rows, k - p - 1);
    STORE(ring + ((k - p) & (rows - 1)), PICK(kept, here, older));
  }
}

MK_INLINE V N(cycle_filter)(V now, V two, V four, V six, V gain) {
  const V a = SET(0.0962), b = SET(0.5769);
  return (((a * now - a * six) - b * four) + b * two) * gain;
}

// One bar. Returns the lanes that have moved and whose engine, which starts at bar `first`, is on.
MK_INLINE M N(cycle_step)(const mk_call *c, int64_t lane, N(cycle) * s, int64_t k, int64_t rows,
                          double first, V x, V *in_phase, V *quadrature) {
  const int64_t prices = CYCLE_HEADS, smoothed = prices + rows, detrended = smoothed + rows,
                quadratures = detrended + 16;
  if (k > 0 && (k & 1023) == 0) {
    // The sums of the smoothing roll on, since what is left when nothing moves is their rounding;
    // now and then they are summed afresh, so that a spike is forgotten.
    const V x1 = PAST(prices, rows, k - 1), x2 = PAST(prices, rows, k - 2),
            x3 = PAST(prices, rows, k - 3), x4 = PAST(prices, rows, k - 4);
    const M full = s->seen >= SET(4);
    s->sum = PICK(full, ((x4 + x3) + x2) + x1, s->sum);
    s->weighted = PICK(full, (x3 + SET(2) * x2) + SET(3) * x1, s->weighted);
  }
  const V count = s->seen + SET(1);
  const V sum = (s->sum + x) - PAST(prices, rows, k - 4);
  const V weighted = s->weighted + x * MINIMUM(count, SET(4));
  const M on = s->seen >= SET(first);
  const V price = PICK(on, weighted * SET(0.1), SET(0));

  const V gain = SET(0.075) * s->period + SET(0.54);
  const V detail = N(cycle_filter)(price, PAST(smoothed, rows, k - 2), PAST(smoothed, rows, k - 4),
                                   PAST(smoothed, rows, k - 6), gain);
  const V q1 = N(cycle_filter)(detail, PAST(detrended, 16, k - 2), PAST(detrended, 16, k - 4),
                               PAST(detrended, 16, k - 6), gain);
  const V i1 = PAST(detrended, 16, k - 3);
  const V ahead_i = N(cycle_filter)(i1, PAST(detrended, 16, k - 5), PAST(detrended, 16, k - 7),
                                    PAST(detrended, 16, k - 9), gain);
  const V ahead_q = N(cycle_filter)(q1, PAST(quadratures, 8, k - 2), PAST(quadratures, 8, k - 4),
                                    PAST(quadratures, 8, k - 6), gain);
  const V q2 = SET(0.2) * (q1 + ahead_i) + SET(0.8) * s->q2;
  const V i2 = SET(0.2) * (i1 - ahead_q) + SET(0.8) * s->i2;
  const V re = SET(0.2) * (i2 * s->i2 + q2 * s->q2) + SET(0.8) * s->re;
  const V im = SET(0.2) * (i2 * s->q2 - q2 * s->i2) + SET(0.8) * s->im;

  const V turn = APPLY(mk_atan, im / re) * DEGREES;
  V period = PICK((im != SET(0)) & (re != SET(0)), SET(360) / turn, s->period);
  period = MINIMUM(period, SET(1.5) * s->period);
  period = MAXIMUM(period, SET(0.67) * s->period);
  period = MINIMUM(MAXIMUM(period, SET(6)), SET(50));
  period = SET(0.2) * period + SET(0.8) * s->period;
  const V smooth = SET(0.33) * period + SET(0.67) * s->smooth;

  // Where products overflow, the bar is undefined too.
  const M defined = FINITE(sum) & FINITE(weighted) & FINITE(re) & FINITE(im);
  const M moved = defined & on;
  N(cycle_push)(c, lane, prices, rows, k, x, defined);
  N(cycle_push)(c, lane, smoothed, rows, k, price, defined);
  N(cycle_push)(c, lane, detrended, 16, k, detail, defined);
  N(cycle_push)(c, lane, quadratures, 8, k, q1, defined);
  const V rest = PICK(count >= SET(4), weighted - sum, weighted);
  // More is as good as enough: what is old must not tell how old it is.
  s->seen = USUALLY(defined, MINIMUM(count, SET(first > 4 ? first : 4)), s->seen);
  s->sum = USUALLY(defined, sum, s->sum);
  s->weighted = USUALLY(defined, rest, s->weighted);
  s->period = USUALLY(moved, period, s->period);
  s->smooth = USUALLY(moved, smooth, s->smooth);
  s->q2 = USUALLY(moved, q2, s->q2);
  s->i2 = USUALLY(moved, i2, s->i2);
  s->re = USUALLY(moved, re, s->re);
  s->im = USUALLY(moved, im, s->im);
  *in_phase = i1;
  *quadrature = q1;
  return moved;
}

// Length of the cycle and its parts in step and a quarter turn ahead. i: the engine's first bar.
MK_BODY(dominant_cycle) {
  N(cycle) s = N(cycle_load)(c, lane);
  for (int64_t t = c->t, end = t + c->rows; t < end; t++) {
    V in_phase, quadrature;
    const M moved = N(cycle_step)(c, lane, &s, t - c->start, 8, (double)c->i[0], IN(0, t),
                                  &in_phase, &quadrature);
    OUT(0, t, USUALLY(moved, s.smooth, NONE));
    OUT(1, t, USUALLY(moved, in_phase, NONE));
    OUT(2, t, USUALLY(moved, quadrature, NONE));
  }
  N(cycle_store)(c, lane, &s);
}

// Phase of the cycle in degrees, trend line, smoothed price, length. i: the engine's first bar.
// Slots after those of the engine: phase, the last three means over a cycle.
MK_BODY(cycle_phase) {
  enum { rows = 64, own = CYCLE_SLOTS(64) };
  N(cycle) s = N(cycle_load)(c, lane);
  V phase = LOAD(own), mean1 = LOAD(own + 1), mean2 = LOAD(own + 2), mean3 = LOAD(own + 3);
  for (int64_t t = c->t, end = t + c->rows; t < end; t++) {
    const int64_t k = t - c->start, prices = CYCLE_HEADS, smoothed = prices + rows;
    V in_phase, quadrature;
    M moved = N(cycle_step)(c, lane, &s, k, rows, (double)c->i[0], IN(0, t), &in_phase, &quadrature);

    // Σ x · w^p over the last n bars, w the n-th part of a turn, by Horner's rule in four strands.
    // The newest price is taken off first: over a whole turn that changes nothing but the rounding.
    const V n = __builtin_elementwise_floor(s.smooth + SET(0.5));
#if MK_VL == 1
    const int64_t longest = (int64_t)n;
#else
    const int64_t longest = (int64_t)__builtin_reduce_max(n);
#endif
    const V part = SET(6.283185307179586) / MAXIMUM(n, SET(1));
    const V c1 = APPLY(mk_cos, part), s1 = APPLY(mk_sin, part);
    const V c2 = c1 * c1 - s1 * s1, s2 = SET(2) * c1 * s1;
    const V c4 = c2 * c2 - s2 * s2, s4 = SET(2) * c2 * s2;
    const V price = PAST(smoothed, rows, k);
    const V base = PICK(n > SET(1), price, SET(0));
    V a[4] = {SET(0), SET(0), SET(0), SET(0)}, b[4] = {SET(0), SET(0), SET(0), SET(0)}, sum = SET(0);
    for (int64_t p = (longest + 3) / 4 * 4 - 4; p >= 0; p -= 4)
      for (int strand = 3; strand >= 0; strand--) {
        const M inside = SET((double)(p + strand)) < n;
        const V x = PICK(inside, PAST(smoothed, rows, k - p - strand) - base, SET(0));
        sum = sum + PICK(inside, PAST(prices, rows, k - p - strand), SET(0));
        const V turned = a[strand] * c4 - b[strand] * s4 + x;
        b[strand] = a[strand] * s4 + b[strand] * c4;
        a[strand] = turned;
      }
    V cosines = a[3], sines = b[3];
    for (int strand = 2; strand >= 0; strand--) {
      const V turned = cosines * c1 - sines * s1 + a[strand];
      sines = cosines * s1 + sines * c1 + b[strand];
      cosines = turned;
    }
    // Rounding noise is no cycle.
    const M still = (ABS(cosines) + ABS(sines)) <= SET(1e-13) * n * ABS(price);
    cosines = PICK(still, SET(0), cosines);
    sines = PICK(still, SET(0), sines);
    V next = APPLY(mk_atan, sines / cosines) * DEGREES;
    const V quarter = PICK(sines > SET(0), SET(90), PICK(sines < SET(0), SET(-90), SET(0)));
    next = PICK(cosines != SET(0), next, phase + quarter);
    next = (next + SET(90)) + SET(360) / s.smooth;
    next = PICK(cosines < SET(0), next + SET(180), next);
    next = PICK(next > SET(315), next - SET(360), next);

    const V mean = PICK(n > SET(0), sum / n, SET(0));
    const V line = (((SET(4) * mean + SET(3) * mean1) + SET(2) * mean2) + mean3) / SET(10);
    moved = moved & FINITE(next) & FINITE(mean);
    OUT(0, t, USUALLY(moved, next, NONE));
    OUT(1, t, USUALLY(moved, line, NONE));
    OUT(2, t, USUALLY(moved, price, NONE));
    OUT(3, t, USUALLY(moved, s.smooth, NONE));
    phase = USUALLY(moved, next, phase);
    mean3 = USUALLY(moved, mean2, mean3);
    mean2 = USUALLY(moved, mean1, mean2);
    mean1 = USUALLY(moved, mean, mean1);
  }
  N(cycle_store)(c, lane, &s);
  STORE(own, phase);
  STORE(own + 1, mean1);
  STORE(own + 2, mean2);
  STORE(own + 3, mean3);
}

#undef APPLY
#undef DEGREES
#undef CYCLE_HEADS
#undef CYCLE_SLOTS
#undef PAST
