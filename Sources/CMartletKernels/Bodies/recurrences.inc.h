// Recurrences. An undefined input gives NaN for that bar and leaves the state alone.

// y = b·y + a·x, begun from the sum of the first n defined values divided by f2.
// f: a, b, divisor; i: n.
MK_BODY(average) {
  const V a = SET(c->f[0]), b = SET(c->f[1]), divisor = SET(c->f[2]), n = SET((double)c->i[0]);
  const int64_t end = c->t + c->rows;
  V y = LOAD(0), seen = LOAD(1);
  int64_t t = c->t;
  for (; t < end && !ALL(seen >= n); t++) {
    const V x = IN(0, t);
    const M defined = FINITE(x);
    const M warm = seen >= n;
    const V sum = y + x, count = seen + SET(1);
    const M complete = count >= n;
    const V next = PICK(warm, b * y + a * x, PICK(complete, sum / divisor, sum));
    y = PICK(defined, next, y);
    seen = PICK(defined, MINIMUM(count, n), seen);
    OUT(0, t, PICK(defined & (warm | complete), next, NONE));
  }
  for (; t < end; t++) {
    const V x = IN(0, t);
    const M defined = FINITE(x);
    const V next = b * y + a * x;
    y = PICK(defined, next, y);
    OUT(0, t, PICK(defined, next, NONE));
  }
  STORE(0, y);
  STORE(1, seen);
}

// The same for the gains and the losses of x0 − x1, side by side: the common part of RSI and CMO.
MK_BODY(gain_loss_averages) {
  const V a = SET(c->f[0]), b = SET(c->f[1]), divisor = SET(c->f[2]), n = SET((double)c->i[0]);
  const int64_t end = c->t + c->rows;
  V gains = LOAD(0), losses = LOAD(1), seen = LOAD(2);
  int64_t t = c->t;
  for (; t < end && !ALL(seen >= n); t++) {
    const V change = IN(0, t) - IN(1, t);
    const M defined = FINITE(change);
    const V gain = PICK(change < SET(0), SET(0), change);
    const V loss = PICK(change > SET(0), SET(0), -change);
    const M warm = seen >= n;
    const V gain_sum = gains + gain, loss_sum = losses + loss, count = seen + SET(1);
    const M complete = count >= n;
    const V next_gain =
        PICK(warm, b * gains + a * gain, PICK(complete, gain_sum / divisor, gain_sum));
    const V next_loss =
        PICK(warm, b * losses + a * loss, PICK(complete, loss_sum / divisor, loss_sum));
    gains = PICK(defined, next_gain, gains);
    losses = PICK(defined, next_loss, losses);
    seen = PICK(defined, MINIMUM(count, n), seen);
    OUT(0, t, PICK(defined & (warm | complete), next_gain, NONE));
    OUT(1, t, PICK(defined & (warm | complete), next_loss, NONE));
  }
  for (; t < end; t++) {
    const V change = IN(0, t) - IN(1, t);
    const M defined = FINITE(change);
    const V gain = PICK(change < SET(0), SET(0), change);
    const V loss = PICK(change > SET(0), SET(0), -change);
    const V next_gain = b * gains + a * gain, next_loss = b * losses + a * loss;
    gains = PICK(defined, next_gain, gains);
    losses = PICK(defined, next_loss, losses);
    OUT(0, t, PICK(defined, next_gain, NONE));
    OUT(1, t, PICK(defined, next_loss, NONE));
  }
  STORE(0, gains);
  STORE(1, losses);
  STORE(2, seen);
}

// y = y + a·(x − y) with a coefficient for every bar. Inputs: x, a, the value before the first bar.
MK_BODY(adaptive_average) {
  V y = LOAD(0), begun = LOAD(1);
  for (int64_t t = c->t, end = t + c->rows; t < end; t++) {
    const V x = IN(0, t), a = IN(1, t), seed = IN(2, t);
    const V from = PICK(begun == SET(0), seed, y);
    const V next = from + a * (x - from);
    const M defined = FINITE(next);
    y = PICK(defined, next, y);
    begun = PICK(defined, SET(1), begun);
    OUT(0, t, PICK(defined, next, NONE));
  }
  STORE(0, y);
  STORE(1, begun);
}

// Running total with the rounding error of every addition carried along (two-sum, Knuth 1969).
MK_BODY(cumulative_sum) {
  V sum = LOAD(0), error = LOAD(1);
  for (int64_t t = c->t, end = t + c->rows; t < end; t++) {
    const V x = IN(0, t);
    const M defined = FINITE(x);
    const V next = sum + x;
    const V part = next - sum;
    const V next_error = error + ((sum - (next - part)) + (x - part));
    sum = PICK(defined, next, sum);
    error = PICK(defined, next_error, error);
    OUT(0, t, PICK(defined, next + next_error, NONE));
  }
  STORE(0, sum);
  STORE(1, error);
}

// The state holds the product minus one, so that zeroed memory is a fresh start.
MK_BODY(cumulative_product) {
  V y = LOAD(0), begun = LOAD(1);
  for (int64_t t = c->t, end = t + c->rows; t < end; t++) {
    const V x = IN(0, t);
    const M defined = FINITE(x);
    const V next = PICK(begun == SET(0), x, y * x);
    y = PICK(defined, next, y);
    begun = PICK(defined, SET(1), begun);
    OUT(0, t, PICK(defined, next, NONE));
  }
  STORE(0, y);
  STORE(1, begun);
}

// The last defined value of x0 at a bar where x1 was true.
MK_BODY(latch) {
  V y = LOAD(0), begun = LOAD(1);
  for (int64_t t = c->t, end = t + c->rows; t < end; t++) {
    const V x = IN(0, t), gate = IN(1, t);
    const M taken = (gate != SET(0)) & (gate == gate) & (x == x);
    y = PICK(taken, x, y);
    begun = PICK(taken, SET(1), begun);
    OUT(0, t, PICK(begun == SET(0), NONE, y));
  }
  STORE(0, y);
  STORE(1, begun);
}

// x0 once it has warmed up (i0 bars after the start), x1 before.
MK_BODY(fallback) {
  const int64_t warm = c->start + c->i[0];
  for (int64_t t = c->t, end = t + c->rows; t < end; t++)
    OUT(0, t, t < warm ? IN(1, t) : IN(0, t));
}

// The previous value of a recurrence's own output (x0, a ring seen one bar back), x1 at its start.
MK_BODY(feedback) {
  for (int64_t t = c->t, end = t + c->rows; t < end; t++)
    OUT(0, t, t == c->start ? IN(1, t) : IN(0, t));
}

// What a recurrence remembers: x0, or x1 (its previous value) where x0 is undefined.
MK_BODY(hold) {
  for (int64_t t = c->t, end = t + c->rows; t < end; t++) {
    const V x = IN(0, t);
    OUT(0, t, PICK(FINITE(x), x, IN(1, t)));
  }
}
