// Recurrences and extrema with two results, and so more registers than their plain forms.

// The same for the gains and the losses of x0 − x1, side by side: the common part of RSI and CMO.
MK_BODY(gain_loss_averages) {
  const V a = REAL(0), b = REAL(1), divisor = REAL(2), n = INTEGER(0);
  const int64_t end = c->t + c->rows;
  V gains = LOAD(0), losses = LOAD(1), seen = LOAD(2);
  int64_t t = c->t;
  const int warming = !ALL(seen >= n);
  for (; t < end && !ALL(seen >= n); t++) {
    const V change = ROUNDED(IN(0, t) - IN(1, t));
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
    gains = USUALLY(defined, next_gain, gains);
    losses = USUALLY(defined, next_loss, losses);
    seen = USUALLY(defined, MINIMUM(count, n), seen);
    OUT(0, t, PICK(defined & (warm | complete), next_gain, NONE));
    OUT(1, t, PICK(defined & (warm | complete), next_loss, NONE));
  }
  for (; t < end; t++) {
    const V change = ROUNDED(IN(0, t) - IN(1, t));
    const M defined = FINITE(change);
    const V gain = PICK(change < SET(0), SET(0), change);
    const V loss = PICK(change > SET(0), SET(0), -change);
    const V next_gain = b * gains + a * gain, next_loss = b * losses + a * loss;
    gains = USUALLY(defined, next_gain, gains);
    losses = USUALLY(defined, next_loss, losses);
    OUT(0, t, USUALLY(defined, next_gain, NONE));
    OUT(1, t, USUALLY(defined, next_loss, NONE));
  }
  STORE(0, gains);
  STORE(1, losses);
  if (warming) STORE(2, seen);
}

// The extremum and how many bars ago it was; of equal ones the latest counts.
// Slots: head, its place, n tails, their places. i1 as in extrema.inc.h.
#define MK_EXTREMUM_AGE(name, BEATS)                                                 \
  MK_INLINE void N(name##_rows)(const mk_call *c, const int64_t lane, const int defined) { \
    const int64_t n = SHARED_INTEGER(0);                                             \
    int64_t k = c->t - c->start, j = k % n;                                          \
    V head = LOAD(0), place = LOAD(1);                                               \
    for (int64_t t = c->t, end = t + c->rows; t < end; t++, k++) {                   \
      const V x = IN(0, t), now = SET((double)j);                                    \
      if (j == 0) {                                                                  \
        head = x;                                                                    \
        place = now;                                                                 \
      } else {                                                                       \
        const M keep = defined ? (head BEATS x) : (head BEATS x) | (head != head);   \
        head = PICK(keep, head, x);                                                  \
        place = PICK(keep, place, now);                                              \
      }                                                                              \
      V best = head, age = now - place;                                              \
      if (k >= n && j + 1 < n) {                                                     \
        const V tail = LOAD(3 + j);                                                  \
        const M older = defined ? (tail BEATS head) : (tail BEATS head) | (tail != tail); \
        best = PICK(older, tail, head);                                              \
        age = PICK(older, SET((double)(j + n)) - LOAD(3 + n + j), age);              \
      }                                                                              \
      OUT(0, t, k >= n - 1 ? best : NONE);                                           \
      OUT(1, t, k >= n - 1 ? PICK(best == best, age, NONE) : NONE);                  \
      STORE(2 + j, x);                                                               \
      if (++j == n) {                                                                \
        j = 0;                                                                       \
        V tail = x, tail_place = SET((double)(n - 1));                               \
        STORE(2 + n + n - 1, tail_place);                                            \
        for (int64_t p = n - 2; p > 0; p--) {                                        \
          const V value = LOAD(2 + p);                                               \
          const M replace = defined ? (value BEATS tail) : (value BEATS tail) | (value != value); \
          tail = PICK(replace, value, tail);                                         \
          tail_place = PICK(replace, SET((double)p), tail_place);                    \
          STORE(2 + p, tail);                                                        \
          STORE(2 + n + p, tail_place);                                              \
        }                                                                            \
      }                                                                              \
    }                                                                                \
    STORE(0, head);                                                                  \
    STORE(1, place);                                                                 \
  }                                                                                  \
  MK_BODY(name) {                                                                    \
    if (SHARED_INTEGER(1))                                                           \
      N(name##_rows)(c, lane, 1);                                                    \
    else                                                                             \
      N(name##_rows)(c, lane, 0);                                                    \
  }
MK_EXTREMUM_AGE(rolling_maximum_age, >)
MK_EXTREMUM_AGE(rolling_minimum_age, <)
#undef MK_EXTREMUM_AGE
