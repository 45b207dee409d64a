// Rolling extrema and order statistics; the blocks of windows.inc.h with another operation.

// Slots: head, then n tails. i1: nothing undefined comes in, as from a field of the bars.
#define MK_EXTREMUM(name, BEATS)                                                     \
  MK_INLINE V N(name##_of)(V a, V b, const int defined) {                            \
    return defined ? PICK(a BEATS b, a, b) : PICK((a BEATS b) | (a != a), a, b);     \
  }                                                                                  \
  MK_INLINE void N(name##_rows)(const mk_call *c, const int64_t lane, const int defined) { \
    const int64_t n = SHARED_INTEGER(0);                                             \
    int64_t k = c->t - c->start, j = k % n;                                          \
    V head = LOAD(0);                                                                \
    for (int64_t t = c->t, end = t + c->rows; t < end; t++, k++) {                   \
      const V x = IN(0, t);                                                          \
      head = j == 0 ? x : N(name##_of)(head, x, defined);                            \
      V best = head;                                                                 \
      if (k >= n && j + 1 < n) best = N(name##_of)(head, LOAD(2 + j), defined);      \
      OUT(0, t, k >= n - 1 ? best : NONE);                                           \
      STORE(1 + j, x);                                                               \
      if (++j == n) {                                                                \
        j = 0;                                                                       \
        V tail = x;                                                                  \
        for (int64_t p = n - 2; p > 0; p--) {                                        \
          tail = N(name##_of)(tail, LOAD(1 + p), defined);                           \
          STORE(1 + p, tail);                                                        \
        }                                                                            \
      }                                                                              \
    }                                                                                \
    STORE(0, head);                                                                  \
  }                                                                                  \
  MK_BODY(name) {                                                                    \
    if (SHARED_INTEGER(1))                                                           \
      N(name##_rows)(c, lane, 1);                                                    \
    else                                                                             \
      N(name##_rows)(c, lane, 0);                                                    \
  }
MK_EXTREMUM(rolling_maximum, >)
MK_EXTREMUM(rolling_minimum, <)
#undef MK_EXTREMUM

// The value of rank i1 of the window's n values in rising order, or the point f0 of the way to the
// next. The sorted window is kept; one pass takes the leaving value out and lets the new one in.
// Undefined values are sorted last and counted. Slots: undefined values, then n sorted values.
MK_BODY(rolling_order) {
  const int64_t n = c->i[0], rank = c->i[1];
  const V infinity = SET(INFINITY);
  int64_t k = c->t - c->start;
  V undefined = LOAD(0);
  for (int64_t t = c->t, end = t + c->rows; t < end; t++, k++) {
    if (k == 0)
      for (int64_t p = 0; p < n; p++) STORE(1 + p, infinity);
    V x = IN(0, t), old = infinity;
    undefined = undefined + PICK(x == x, SET(0), SET(1));
    x = PICK(x == x, x, infinity);
    if (k >= n) {
      old = IN(0, t - n);
      undefined = undefined - PICK(old == old, SET(0), SET(1));
      old = PICK(old == old, old, infinity);
    }
    V here = LOAD(1), before = -infinity;
    for (int64_t p = 0; p < n; p++) {
      const V next = p + 1 < n ? LOAD(2 + p) : infinity;
      const V kept = PICK(here < old, here, next);
      STORE(1 + p, MAXIMUM(before, MINIMUM(x, kept)));
      before = kept;
      here = next;
    }
    V value = LOAD(1 + rank);
    if (c->f[0] != 0) value = value + (LOAD(2 + rank) - value) * SET(c->f[0]);
    OUT(0, t, k >= n - 1 ? PICK(undefined == SET(0), value, NONE) : NONE);
  }
  STORE(0, undefined);
}

// How many of the n values before this one lie strictly below it (i1 = 0) or not above it (1),
// counted in the ring of x. A value within f0 epsilons of this one is equal to it.
MK_BODY(rolling_below) {
  const int64_t n = c->i[0];
  const double noise = c->f[0] * MK_EPSILON;
  const int equal_counts = c->i[1] != 0;
  for (int64_t t = c->t, end = t + c->rows; t < end; t++) {
    if (t - c->start < n) {
      OUT(0, t, NONE);
      continue;
    }
    const V x = IN(0, t);
    V count = SET(0), limit = x;
    M undefined = x != x;
    if (noise != 0) limit = equal_counts ? x + SET(noise) * ABS(x) : x - SET(noise) * ABS(x);
    for (int64_t p = 1; p <= n; p++) {
      const V value = IN(0, t - p);
      count = count + PICK(equal_counts ? value <= limit : value < limit, SET(1), SET(0));
      undefined = undefined | (value != value);
    }
    OUT(0, t, PICK(undefined, NONE, count));
  }
}
