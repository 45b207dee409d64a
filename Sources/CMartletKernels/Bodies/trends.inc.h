// Trend classification: which side of an average the close is on, and what following it would have earned.

// The side of one average and its equity, added to those of the layer. Inputs: close, average, return, and the sums of
// side · equity and of equity so far. Outputs: side, equity, the two sums. f: tolerance, strict, what is kept of the
// equity, its floor and start; i: the bar at which equity begins.
MK_BODY(trend_layer) {
  const V tolerance = PICK(REAL(0) > SET(0), MAXIMUM(REAL(0), SET(4 * MK_EPSILON)), SET(0));
  const V keep = REAL(2), floor = REAL(3);
  // What a level close leaves: nothing to cross from where that is to be strict.
  const V level = PICK(REAL(1) != SET(0), NONE, SET(0));
  const int64_t cutout = c->start + SHARED_INTEGER(0);
  V side = LOAD(0), before = LOAD(1), equity = LOAD(2);
  if (c->t == c->start) before = NONE;
  for (int64_t t = c->t, end = t + c->rows; t < end; t++) {
    const V close = IN(0, t), distance = close - IN(1, t);
    equity = t > cutout ? (equity * keep) * (SET(1) + side * IN(2, t)) : REAL(4);
    equity = MAXIMUM(equity, floor);
    const M is_level = ABS(distance) <= tolerance * ABS(close);
    const V now = PICK(is_level, level, distance);
    side = PICK((distance > SET(0)) & (before <= SET(0)) & ~is_level, SET(1), side);
    side = PICK((distance < SET(0)) & (before >= SET(0)) & ~is_level, SET(-1), side);
    before = now;
    OUT(0, t, side);
    OUT(1, t, t < cutout ? NONE : equity);
    OUT(2, t, t < cutout ? NONE : IN(3, t) + side * equity);
    OUT(3, t, t < cutout ? NONE : IN(4, t) + equity);
  }
  STORE(0, side);
  STORE(1, before);
  STORE(2, equity);
}

// A layer's signal, its share of the sides rounded to two decimals, and the signal's own equity, added to those of the
// vote. Inputs: the layer's two sums, return, and the sums of vote · equity and of equity so far. Outputs: signal,
// equity, the two sums. f: what is kept of the equity, its floor and start, whether an earlier return is taken without
// a side, whether halves go up, the signals above and below which there is a vote; i: the bar at which equity begins.
MK_BODY(trend_vote) {
  const V keep = REAL(0), floor = REAL(1), stale = REAL(3), up = REAL(4), above = REAL(5), below = REAL(6);
  const V shift = SET(0x1.8p52);
  const int64_t cutout = c->start + SHARED_INTEGER(0);
  V signal = LOAD(0), equity = LOAD(1), earned = LOAD(2);
  for (int64_t t = c->t, end = t + c->rows; t < end; t++) {
    const V hundred = IN(0, t) / IN(1, t) * SET(100), move = IN(2, t);
    if (t < cutout) {
      for (int k = 0; k < 4; k++) OUT(k, t, NONE);
      continue;
    }
    // Without a side an earlier return is earned once more where that is asked for.
    const M stands = (signal > SET(0)) | (signal < SET(0));
    earned = PICK(stands, PICK(signal > SET(0), move, -move), PICK(stale != SET(0), earned, SET(0)));
    equity = t > cutout ? (equity * keep) * (SET(1) + earned) : REAL(2);
    equity = MAXIMUM(equity, floor);
    const V even = (hundred + shift) - shift, half = hundred + SET(0.5), near = (half + shift) - shift;
    const V down = PICK(near > half, near - SET(1), near);
    signal = PICK(up != SET(0), down, even) / SET(100);
    const V vote = PICK(signal > above, SET(1), PICK(signal < below, SET(-1), SET(0)));
    OUT(0, t, signal);
    OUT(1, t, equity);
    OUT(2, t, IN(3, t) + vote * equity);
    OUT(3, t, IN(4, t) + equity);
  }
  STORE(0, signal);
  STORE(1, equity);
  STORE(2, earned);
}
