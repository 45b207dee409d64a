// Windows of n bars, in blocks of n bars counted from the first one.
//
// A window is the tail of the block before and the head of the current one. Tails are aggregated
// once, when a block is complete (backwards, in place over the block's own values); the head grows
// by one bar. So nothing is ever subtracted: a spike, a NaN or an infinity is gone with the bar that
// leaves, nothing drifts, and a bar costs a constant number of operations. After van Herk (1992)
// and Gil and Werman (1993), who did it for extrema.

// f: scale. Slots: head, then n tails.
MK_BODY(rolling_sum) {
  const int64_t n = SHARED_INTEGER(0);
  const V scale = REAL(0);
  int64_t k = c->t - c->start, j = k % n;
  V head = LOAD(0);
  for (int64_t t = c->t, end = t + c->rows; t < end; t++, k++) {
    const V x = IN(0, t);
    head = j == 0 ? x : head + x;
    V sum = head;
    if (k >= n && j + 1 < n) sum = head + LOAD(2 + j);
    OUT(0, t, k >= n - 1 ? sum * scale : NONE);
    STORE(1 + j, x);
    if (++j == n) {
      j = 0;
      V tail = x;
      for (int64_t p = n - 2; p > 0; p--) {
        tail = tail + LOAD(1 + p);
        STORE(1 + p, tail);
      }
    }
  }
  STORE(0, head);
}

// Σ (place + 1) · x over the window, the newest heaviest, times f0. Only sums of x itself, so nothing
// cancels. Slots: head sum, head weighted sum, n weighted tails.
MK_BODY(rolling_weighted) {
  const int64_t n = SHARED_INTEGER(0);
  const V scale = REAL(0);
  int64_t k = c->t - c->start, j = k % n;
  V head = LOAD(0), weighted = LOAD(1);
  for (int64_t t = c->t, end = t + c->rows; t < end; t++, k++) {
    const V x = IN(0, t);
    const double older = (double)(n - 1 - j);
    if (j == 0) {
      head = x;
      weighted = x;
    } else {
      head = head + x;
      weighted = weighted + SET((double)(j + 1)) * x;
    }
    V sum = weighted;
    if (k >= n && j + 1 < n) sum = LOAD(3 + j) + (weighted + SET(older) * head);
    OUT(0, t, k >= n - 1 ? sum * scale : NONE);
    STORE(2 + j, x);
    if (++j == n) {
      j = 0;
      V tail = x, tails = x;
      for (int64_t p = n - 2; p > 0; p--) {
        tail = tail + LOAD(2 + p);
        tails = tails + tail;
        STORE(2 + p, tails);
      }
      STORE(2 + n - 1, x);
    }
  }
  STORE(0, head);
  STORE(1, weighted);
}

// Mean of |x − m| over the window, m the second input (the window's mean). Reads the ring of x.
MK_BODY(rolling_deviation) {
  const int64_t n = c->i[0];
  const V scale = SET(1.0 / (double)n);
  for (int64_t t = c->t, end = t + c->rows; t < end; t++) {
    const V mean = IN(1, t);
    V sum = SET(0);
    for (int64_t p = n - 1; p >= 0; p--) sum = sum + ABS(IN(0, t - p) - mean);
    OUT(0, t, sum * scale);
  }
}

// Σ f[p] · x[t − p], oldest bar first. Reads the ring of x.
MK_BODY(rolling_weights) {
  const int64_t n = c->i[0];
  for (int64_t t = c->t, end = t + c->rows; t < end; t++) {
    if (t - c->start < n - 1) {
      OUT(0, t, NONE);
      continue;
    }
    V sum = SET(0);
    for (int64_t p = n - 1; p >= 0; p--) sum = sum + SET(c->f[p]) * IN(0, t - p);
    OUT(0, t, sum);
  }
}

// Mean of the last n values, n the second input and at most i0, at every bar another one; with i1
// weighted n for the newest to 1 for the oldest. Reads the ring of x.
MK_BODY(varying_mean) {
  const int64_t longest = c->i[0];
  const int weighted = c->i[1] != 0;
  for (int64_t t = c->t, end = t + c->rows; t < end; t++) {
    if (t - c->start < longest - 1) {
      OUT(0, t, NONE);
      continue;
    }
    const V n = IN(1, t);
    V sum = SET(0);
    for (int64_t p = longest - 1; p >= 0; p--) {
      const V back = SET((double)p), x = IN(0, t - p);
      sum = sum + PICK(back < n, weighted ? (n - back) * x : x, SET(0));
    }
    OUT(0, t, sum / (weighted ? SET(0.5) * n * (n + SET(1)) : n));
  }
}

// H. E. Hurst's rescaled range (1951): the newest values of a window of i0, in i1 equal parts; of
// each the range of the running sums of x − mean, divided by the standard deviation; the mean of
// that over the parts. Undefined where a deviation is not above f0. Reads the ring of x.
MK_BODY(rescaled_range) {
  const int64_t n = c->i[0], parts = c->i[1], size = n / parts;
  const V share = SET(1.0 / (double)size), floor = SET(c->f[0] * MK_EPSILON);
  for (int64_t t = c->t, end = t + c->rows; t < end; t++) {
    if (t - c->start < n - 1) {
      OUT(0, t, NONE);
      continue;
    }
    V ratios = SET(0);
    for (int64_t last = (parts - 1) * size; last >= 0; last -= size) {
      V sum = SET(0);
      for (int64_t p = last + size - 1; p >= last; p--) sum = sum + IN(0, t - p);
      const V mean = sum * share;
      V path = SET(0), high = SET(-INFINITY), low = SET(INFINITY), squares = SET(0);
      for (int64_t p = last + size - 1; p >= last; p--) {
        const V y = IN(0, t - p) - mean;
        path = path + y;
        high = MAXIMUM(high, path);
        low = MINIMUM(low, path);
        squares = squares + y * y;
      }
      const V deviation = ROOT(squares * share);
      ratios = ratios + PICK(deviation > floor, (high - low) / deviation, NONE);
    }
    OUT(0, t, ratios / SET((double)parts));
  }
}
