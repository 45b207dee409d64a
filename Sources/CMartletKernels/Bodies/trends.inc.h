// Trend classification: which side of an average the close is on, and what following it would have earned.

// What a position earns on its money: the money after a bar, at least a floor. `side` is that of the bar before.
#define EARN(equity, earned, side, move, keep, floor, stale)                                         \
  const V gain = PICK((side) > SET(0), (move), PICK((side) < SET(0), -(move), SET(0)));               \
  const M stands = ((side) > SET(0)) | ((side) < SET(0));                                             \
  const V part = PICK(stands, PICK(FINITE(gain), gain, SET(0)), PICK((stale) != SET(0), earned, SET(0))); \
  const V grown = ((equity) * (keep)) * (SET(1) + part);                                              \
  const V next_equity = MAXIMUM(grown, (floor))

// The side of one average and its equity, added to those of the layer. Inputs: close, average, return, and the sums of
// side · equity and of equity so far. Outputs: side, equity, the two sums. f: tolerance, strict, what is kept of the
// equity, its floor and start, whether an earlier return is taken without a side; i: the bar at which equity begins.
MK_BODY(trend_layer) {
  const V tolerance = MAXIMUM(REAL(0), PICK(REAL(0) > SET(0), SET(4 * MK_EPSILON), SET(0)));
  const V strict = REAL(1), keep = REAL(2), floor = REAL(3), stale = REAL(5);
  const int64_t cutout = c->start + SHARED_INTEGER(0);
  V side = LOAD(0), before = LOAD(1), equity = LOAD(2), earned = LOAD(3);
  for (int64_t t = c->t, end = t + c->rows; t < end; t++) {
    const V close = IN(0, t), average = IN(1, t), move = IN(2, t);
    const V distance = close - average;
    const V now = PICK(ABS(distance) <= tolerance * ABS(close), SET(0), distance);
    const V was = t == c->start ? NONE : before;
    const M level = (was == SET(0)) & (strict == SET(0));
    const M up = (now > SET(0)) & ((was < SET(0)) | level);
    const M down = (now < SET(0)) & ((was > SET(0)) | level);
    if (t > cutout) {
      EARN(equity, earned, side, move, keep, floor, stale);
      equity = next_equity;
      earned = part;
    } else {
      equity = MAXIMUM(REAL(4), floor);
    }
    side = PICK(up, SET(1), PICK(down, SET(-1), side));
    before = now;
    OUT(0, t, side);
    if (t >= cutout) {
      OUT(1, t, equity);
      OUT(2, t, IN(3, t) + side * equity);
      OUT(3, t, IN(4, t) + equity);
    } else {
      OUT(1, t, NONE);
      OUT(2, t, NONE);
      OUT(3, t, NONE);
    }
  }
  STORE(0, side);
  STORE(1, before);
  STORE(2, equity);
  STORE(3, earned);
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
    if (t > cutout) {
      EARN(equity, earned, signal, move, keep, floor, stale);
      equity = next_equity;
      earned = part;
    } else {
      equity = MAXIMUM(REAL(2), floor);
    }
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

#undef EARN
