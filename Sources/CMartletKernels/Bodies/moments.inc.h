// Windows that need a mean as they go, and so more registers than windows.inc.h.

// Mean, and Σ (j − mean j)(x − mean x) over the window with j the bar's place in it.
// Slots: head mean, head product, n tail means, n tail products.
MK_BODY(rolling_line) {
  const int64_t n = SHARED_INTEGER(0);
  const double inverse = 1.0 / (double)n;
  int64_t k = c->t - c->start, j = k % n;
  V mean = LOAD(0), product = LOAD(1);
  for (int64_t t = c->t, end = t + c->rows; t < end; t++, k++) {
    const V x = IN(0, t);
    const double newer = (double)(j + 1), older = (double)(n - 1 - j);
    if (j == 0) {
      mean = x;
      product = x - x;
    } else {
      mean = mean + (x - mean) * SET(1.0 / newer);
      product = product + SET(0.5 * newer) * (x - mean);
    }
    V all = mean, line = product;
    if (k >= n && j + 1 < n) {
      const V tail = LOAD(3 + j), gap = mean - tail;
      all = tail + gap * SET(newer * inverse);
      line = (LOAD(3 + n + j) + product) + gap * SET(0.5 * newer * older);
    }
    OUT(0, t, k >= n - 1 ? all : NONE);
    OUT(1, t, k >= n - 1 ? line : NONE);
    STORE(2 + j, x);
    if (++j == n) {
      j = 0;
      V tail = x, tail_product = x - x;
      STORE(2 + n + n - 1, tail_product);
      for (int64_t p = n - 2; p > 0; p--) {
        const double count = (double)(n - p);
        const V value = LOAD(2 + p);
        tail = tail + (value - tail) * SET(1.0 / count);
        tail_product = tail_product - SET(0.5 * count) * (value - tail);
        STORE(2 + p, tail);
        STORE(2 + n + p, tail_product);
      }
    }
  }
  STORE(0, mean);
  STORE(1, product);
}

// Mean and Σ (x − mean)² of the window (Welford 1962; parts joined after Chan, Golub, LeVeque 1979).
// Slots: head mean, head squares, n tail means, n tail squares.
MK_BODY(rolling_moments) {
  const int64_t n = SHARED_INTEGER(0);
  const double inverse = 1.0 / (double)n;
  int64_t k = c->t - c->start, j = k % n;
  V mean = LOAD(0), squares = LOAD(1);
  for (int64_t t = c->t, end = t + c->rows; t < end; t++, k++) {
    const V x = IN(0, t);
    const double newer = (double)(j + 1), older = (double)(n - 1 - j);
    if (j == 0) {
      mean = x;
      squares = x - x;
    } else {
      const V d = x - mean;
      mean = mean + d * SET(1.0 / newer);
      squares = squares + d * (x - mean);
    }
    V all = mean, sum = squares;
    if (k >= n && j + 1 < n) {
      const V tail = LOAD(3 + j), gap = mean - tail;
      const double weight = newer * inverse;
      all = tail + gap * SET(weight);
      sum = (LOAD(3 + n + j) + squares) + (gap * gap) * SET(older * weight);
    }
    OUT(0, t, k >= n - 1 ? all : NONE);
    OUT(1, t, k >= n - 1 ? sum : NONE);
    STORE(2 + j, x);
    if (++j == n) {
      j = 0;
      V tail = x, tail_squares = x - x;
      STORE(2 + n + n - 1, tail_squares);
      for (int64_t p = n - 2; p > 0; p--) {
        const V value = LOAD(2 + p), d = value - tail;
        tail = tail + d * SET(1.0 / (double)(n - p));
        tail_squares = tail_squares + d * (value - tail);
        STORE(2 + p, tail);
        STORE(2 + n + p, tail_squares);
      }
    }
  }
  STORE(0, mean);
  STORE(1, squares);
}

// Σ(x−mx)², Σ(y−my)² and Σ(x−mx)(y−my) of the window. Slots: five heads, five runs of n tails.
MK_BODY(rolling_pair) {
  const int64_t n = SHARED_INTEGER(0);
  const double inverse = 1.0 / (double)n;
  int64_t k = c->t - c->start, j = k % n;
  V mx = LOAD(0), my = LOAD(1), xx = LOAD(2), yy = LOAD(3), xy = LOAD(4);
  for (int64_t t = c->t, end = t + c->rows; t < end; t++, k++) {
    const V x = IN(0, t), y = IN(1, t);
    const double newer = (double)(j + 1), older = (double)(n - 1 - j);
    if (j == 0) {
      mx = x;
      my = y;
      xx = x - x;
      yy = y - y;
      xy = xx + yy;
    } else {
      const V dx = x - mx, dy = y - my, part = SET(1.0 / newer);
      mx = mx + dx * part;
      my = my + dy * part;
      const V ex = x - mx, ey = y - my;
      xx = xx + dx * ex;
      yy = yy + dy * ey;
      xy = xy + dx * ey;
    }
    V sxx = xx, syy = yy, sxy = xy;
    if (k >= n && j + 1 < n) {
      const V gx = mx - LOAD(6 + j), gy = my - LOAD(6 + n + j);
      const V weight = SET(older * (newer * inverse));
      sxx = (LOAD(6 + 2 * n + j) + xx) + (gx * gx) * weight;
      syy = (LOAD(6 + 3 * n + j) + yy) + (gy * gy) * weight;
      sxy = (LOAD(6 + 4 * n + j) + xy) + (gx * gy) * weight;
    }
    OUT(0, t, k >= n - 1 ? sxx : NONE);
    OUT(1, t, k >= n - 1 ? syy : NONE);
    OUT(2, t, k >= n - 1 ? sxy : NONE);
    STORE(5 + j, x);
    STORE(5 + n + j, y);
    if (++j == n) {
      j = 0;
      V tx = x, ty = y, txx = x - x, tyy = y - y, txy = txx + tyy;
      STORE(5 + 2 * n + n - 1, txx);
      STORE(5 + 3 * n + n - 1, tyy);
      STORE(5 + 4 * n + n - 1, txy);
      for (int64_t p = n - 2; p > 0; p--) {
        const V vx = LOAD(5 + p), vy = LOAD(5 + n + p);
        const V dx = vx - tx, dy = vy - ty, part = SET(1.0 / (double)(n - p));
        tx = tx + dx * part;
        ty = ty + dy * part;
        const V ex = vx - tx, ey = vy - ty;
        txx = txx + dx * ex;
        tyy = tyy + dy * ey;
        txy = txy + dx * ey;
        STORE(5 + p, tx);
        STORE(5 + n + p, ty);
        STORE(5 + 2 * n + p, txx);
        STORE(5 + 3 * n + p, tyy);
        STORE(5 + 4 * n + p, txy);
      }
    }
  }
  STORE(0, mx);
  STORE(1, my);
  STORE(2, xx);
  STORE(3, yy);
  STORE(4, xy);
}
