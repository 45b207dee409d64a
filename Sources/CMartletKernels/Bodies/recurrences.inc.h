// Recurrences. An undefined input gives NaN for that bar and leaves the state alone.

// y = b·y + a·x, begun from the sum of the first n defined values divided by f2.
// f: a, b, divisor; i: n.
MK_BODY(average) {
  const V a = REAL(0), b = REAL(1), divisor = REAL(2), n = INTEGER(0);
  const int64_t end = c->t + c->rows;
  V y = LOAD(0), seen = LOAD(1);
  int64_t t = c->t;
  const int warming = !ALL(seen >= n);
  for (; t < end && !ALL(seen >= n); t++) {
    const V x = IN(0, t);
    const M defined = FINITE(x);
    const M warm = seen >= n;
    const V sum = y + x, count = seen + SET(1);
    const M complete = count >= n;
    const V next = PICK(warm, b * y + a * x, PICK(complete, sum / divisor, sum));
    y = USUALLY(defined, next, y);
    seen = USUALLY(defined, MINIMUM(count, n), seen);
    OUT(0, t, PICK(defined & (warm | complete), next, NONE));
  }
  for (; t < end; t++) {
    const V x = IN(0, t);
    const M defined = FINITE(x);
    const V next = b * y + a * x;
    y = USUALLY(defined, next, y);
    OUT(0, t, USUALLY(defined, next, NONE));
  }
  STORE(0, y);
  if (warming) STORE(1, seen);
}

// y = y + a·(x − y) with a coefficient for every bar. Inputs: x, a, the value before the first bar.
MK_BODY(adaptive_average) {
  V y = LOAD(0), begun = LOAD(1);
  const int fresh = !ALL(begun != SET(0));
  for (int64_t t = c->t, end = t + c->rows; t < end; t++) {
    const V x = IN(0, t), a = IN(1, t), seed = IN(2, t);
    const V from = USUALLY(begun != SET(0), y, seed);
    const V next = from + a * (x - from);
    const M defined = FINITE(next);
    y = USUALLY(defined, next, y);
    begun = USUALLY(defined, SET(1), begun);
    OUT(0, t, USUALLY(defined, next, NONE));
  }
  STORE(0, y);
  if (fresh) STORE(1, begun);
}

// P. J. Kaufman's average: the coefficient from the efficiency of the move, |x − old| / path.
// Inputs: x, x a period ago, path, the value before the first bar. f: a, b with root = a · e + b.
MK_BODY(kaufman_average) {
  const V a = REAL(0), b = REAL(1);
  V y = LOAD(0), begun = LOAD(1);
  const int fresh = !ALL(begun != SET(0));
  for (int64_t t = c->t, end = t + c->rows; t < end; t++) {
    const V x = IN(0, t), move = ABS(x - IN(1, t)), path = IN(2, t), seed = IN(3, t);
    // No path and a path of rounding noise are straight.
    const V efficiency = PICK(move >= path, SET(1), move / path);
    const V root = a * efficiency + b;
    const V from = USUALLY(begun != SET(0), y, seed);
    const V next = from + (root * root) * (x - from);
    const M defined = FINITE(next) & FINITE(path);
    y = USUALLY(defined, next, y);
    begun = USUALLY(defined, SET(1), begun);
    OUT(0, t, USUALLY(defined, next, NONE));
  }
  STORE(0, y);
  if (fresh) STORE(1, begun);
}

// One more term of a running total whose rounding errors are carried along (two-sum, Knuth 1969).
#define ADD_CARRYING(x, defined)                                      \
  const V next = sum + (x), part = next - sum;                        \
  const V next_error = error + ((sum - (next - part)) + ((x) - part)); \
  sum = USUALLY(defined, next, sum);                                  \
  error = USUALLY(defined, next_error, error);                        \
  OUT(0, t, USUALLY(defined, next + next_error, NONE))

// Running total.
MK_BODY(cumulative_sum) {
  V sum = LOAD(0), error = LOAD(1);
  for (int64_t t = c->t, end = t + c->rows; t < end; t++) {
    const V x = IN(0, t);
    const M defined = FINITE(x);
    ADD_CARRYING(x, defined);
  }
  STORE(0, sum);
  STORE(1, error);
}

// Running sum that starts anew at every bar whose flag (x1) is not 0, even if x0 is undefined there.
MK_BODY(restarting_sum) {
  V sum = LOAD(0), error = LOAD(1);
  for (int64_t t = c->t, end = t + c->rows; t < end; t++) {
    const V x = IN(0, t), flag = IN(1, t);
    const M restarts = (flag != SET(0)) & (flag == flag);
    const M defined = FINITE(x) & (flag == flag);
    sum = PICK(restarts, SET(0), sum);
    error = PICK(restarts, SET(0), error);
    ADD_CARRYING(x, defined);
  }
  STORE(0, sum);
  STORE(1, error);
}

#undef ADD_CARRYING

// The largest of x0 since x1 was true, as above; minus infinity stands for none.
MK_BODY(restarting_maximum) {
  V y = PICK(LOAD(1) != SET(0), LOAD(0), SET(-INFINITY));
  for (int64_t t = c->t, end = t + c->rows; t < end; t++) {
    const V x = IN(0, t), flag = IN(1, t);
    const M restarts = (flag != SET(0)) & (flag == flag);
    const M defined = FINITE(x) & (flag == flag);
    y = PICK(restarts, SET(-INFINITY), y);
    y = USUALLY(defined, MAXIMUM(x, y), y);
    OUT(0, t, USUALLY(defined, y, NONE));
  }
  STORE(0, y);
  STORE(1, SET(1));
}

// Running product; begun tells a fresh state.
MK_BODY(cumulative_product) {
  V y = LOAD(0), begun = LOAD(1);
  const int fresh = !ALL(begun != SET(0));
  for (int64_t t = c->t, end = t + c->rows; t < end; t++) {
    const V x = IN(0, t);
    const V next = PICK(begun == SET(0), x, y * x);
    // A factor that leads beyond the numbers of the dtype is as good as undefined.
    const M defined = FINITE(ROUNDED(next));
    y = USUALLY(defined, next, y);
    begun = USUALLY(defined, SET(1), begun);
    OUT(0, t, USUALLY(defined, next, NONE));
  }
  STORE(0, y);
  if (fresh) STORE(1, begun);
}

// The last defined value of x0 at a bar where x1 was true.
MK_BODY(latch) {
  V y = LOAD(0), begun = LOAD(1);
  const int fresh = !ALL(begun != SET(0));
  for (int64_t t = c->t, end = t + c->rows; t < end; t++) {
    const V x = IN(0, t), gate = IN(1, t);
    const M taken = (gate != SET(0)) & (gate == gate) & (x == x);
    y = PICK(taken, x, y);
    begun = PICK(taken, SET(1), begun);
    OUT(0, t, PICK(begun == SET(0), NONE, y));
  }
  STORE(0, y);
  if (fresh) STORE(1, begun);
}

// x0 once it has warmed up (i0 bars after the start), x1 before.
MK_BODY(fallback) {
  const int64_t warm = c->start + c->i[0];
  for (int64_t t = c->t, end = t + c->rows; t < end; t++)
    OUT(0, t, t < warm ? IN(1, t) : IN(0, t));
}

// The previous value of a recurrence's own output (x0, a ring seen one bar back), x1 at its start
// and as long as nothing was defined.
MK_BODY(feedback) {
  for (int64_t t = c->t, end = t + c->rows; t < end; t++) {
    const V seed = IN(1, t), x = t == c->start ? seed : IN(0, t);
    OUT(0, t, PICK(x == x, x, seed));
  }
}

// What a recurrence remembers: x0, or x1 (its previous value) where x0 is undefined.
MK_BODY(hold) {
  for (int64_t t = c->t, end = t + c->rows; t < end; t++) {
    const V x = IN(0, t);
    OUT(0, t, PICK(FINITE(x), x, IN(1, t)));
  }
}
