// Rows of a market: ranks, and sums that do not depend on the order in which symbols stand.
#include "CMartletCrossSection.h"

#include <math.h>
#include <string.h>

#include "CMartletArrays.h"
#include "CMartletKernels.h"
#include "CMartletSorting.h"

// Long double would do on one machine; this is the same on all: each pass takes from every number its leading bits,
// so that they add up without rounding, and leaves the rest to the next (S. M. Rump, T. Ogita and S. Oishi, Accurate
// floating-point summation I, 2008).
double mk_sum_of_any_order(const double *x, int64_t n) {
  double largest = 0;
  for (int64_t k = 0; k < n; k++) largest = fmax(largest, fabs(x[k]));
  if (largest == 0) return 0;
  int exponent, bits;
  frexp(largest, &exponent);
  frexp((double)(n + 2), &bits);
  // Far from the ends of the numbers, where the grid could not be written down.
  const int shift = exponent > 900 ? -200 : exponent < -600 ? 400 : 0;
  const double factor = ldexp(1, shift);
  exponent += shift;
  double sums[4] = {0};
  const double g0 = ldexp(1, exponent + bits), g1 = ldexp(g0, bits - 53), g2 = ldexp(g1, bits - 53);
  for (int64_t k = 0; k < n; k++) {
    double rest = x[k] * factor;
    const double a = (g0 + rest) - g0;
    rest = rest - a;
    const double b = (g1 + rest) - g1;
    rest = rest - b;
    const double c = (g2 + rest) - g2;
    sums[0] = sums[0] + a;
    sums[1] = sums[1] + b;
    sums[2] = sums[2] + c;
  }
  return ((sums[2] + sums[1]) + sums[0]) / factor;
}

typedef struct {
  double *values, *weights, *results, *work, *codes;
  int64_t *places, *order, *members;
} scratch;

int64_t mk_cross_section_bytes(int64_t n) { return 8 * (n + 1) * (int64_t)sizeof(double); }

static scratch scratch_in(void *memory, int64_t n) {
  double *p = memory;
  n += 1;
  return (scratch){p,         p + n,     p + 2 * n,          p + 3 * n,
                   p + 4 * n, (int64_t *)(p + 5 * n), (int64_t *)(p + 6 * n), (int64_t *)(p + 7 * n)};
}

// The order of n numbers: their leading bits with their places behind them are sorted as whole numbers, which takes
// half the time of sorting places along; then those that the last bits tell apart are put right.
static void order_of(const mk_sort_table *sort, const double *x, int64_t n, scratch s) {
  int64_t last = 1;
  while (last < n) last *= 2;
  last -= 1;
  for (int64_t k = 0; k < n; k++) {
    int64_t key;
    const double value = x[k] + 0.0;
    memcpy(&key, &value, sizeof key);
    key = key ^ (int64_t)((uint64_t)(key >> 63) >> 1);
    s.order[k] = (key & ~last) | k;
  }
  sort->sort(mk_int64, s.order, s.order, n, 0);
  for (int64_t first = 0; first < n;) {
    int64_t end = first + 1;
    while (end < n && ((s.order[end] ^ s.order[first]) & ~last) == 0) end++;
    int is_sorted = 1;
    for (int64_t k = first + 1; k < end; k++)
      is_sorted &= x[s.order[k - 1] & last] <= x[s.order[k] & last];
    if (!is_sorted) {
      for (int64_t k = first; k < end; k++) s.work[k] = x[s.order[k] & last];
      sort->argsort(mk_float64, s.work + first, s.places + first, end - first, 0);
      for (int64_t k = first; k < end; k++) s.places[k] = s.order[first + s.places[k]];
      memcpy(s.order + first, s.places + first, (size_t)(end - first) * sizeof *s.order);
    }
    first = end;
  }
  for (int64_t k = 0; k < n; k++) s.order[k] &= last;
}

static void rank(const mk_sort_table *sort, int ties, const double *x, int64_t n, scratch s,
                 double *out) {
  order_of(sort, x, n, s);
  double places = (double)n;
  int64_t distinct = 0;
  for (int64_t first = 0; first < n;) {
    const double value = x[s.order[first]];
    int64_t end = first + 1;
    while (end < n && x[s.order[end]] == value) end++;
    distinct++;
    const double place = ties == mk_ties_average   ? 0.5 * (double)(first + 1 + end)
                         : ties == mk_ties_minimum ? (double)(first + 1)
                         : ties == mk_ties_maximum ? (double)end
                                                   : (double)distinct;
    for (; first < end; first++) out[s.order[first]] = place;
  }
  if (ties == mk_ties_dense) places = (double)distinct;
  for (int64_t k = 0; k < n; k++) out[k] = out[k] / places;
}

static void fill(double value, int64_t n, double *out) {
  for (int64_t k = 0; k < n; k++) out[k] = value;
}

static double mean(const double *x, const double *weights, int64_t n, double *work) {
  if (!weights) return mk_sum_of_any_order(x, n) / (double)n;
  for (int64_t k = 0; k < n; k++) work[k] = weights[k] * x[k];
  const double total = mk_sum_of_any_order(weights, n);
  return total == 0 ? NAN : mk_sum_of_any_order(work, n) / total;
}

static void z_score(double freedom, const double *x, int64_t n, double *work, double *out) {
  double low = x[0], high = x[0];
  for (int64_t k = 1; k < n; k++) {
    low = fmin(low, x[k]);
    high = fmax(high, x[k]);
  }
  if (low == high) return fill(0, n, out);
  const double center = mean(x, 0, n, work);
  for (int64_t k = 0; k < n; k++) work[k] = (x[k] - center) * (x[k] - center);
  const double deviation = sqrt(mk_sum_of_any_order(work, n) / ((double)n - freedom));
  for (int64_t k = 0; k < n; k++) out[k] = (x[k] - center) / deviation;
}

static double nonzero(const double *x, int64_t n) {
  int64_t count = 0;
  for (int64_t k = 0; k < n; k++) count += x[k] != 0;
  return (double)count;
}

// One group, its members side by side.
static void run_group(const mk_sort_table *sort, const mk_cross_section *c, const double *x,
                      const double *weights, int64_t n, scratch s, double *out) {
  if (n == 0) return;
  if (n < c->minimum) return fill(NAN, n, out);
  switch (c->function) {
    case mk_cross_rank: return rank(sort, c->ties, x, n, s, out);
    case mk_cross_z_score: return z_score(c->parameter, x, n, s.work, out);
    case mk_cross_demean: {
      const double center = mean(x, weights, n, s.work);
      for (int64_t k = 0; k < n; k++) out[k] = x[k] - center;
      return;
    }
    case mk_cross_scale: {
      for (int64_t k = 0; k < n; k++) s.work[k] = fabs(x[k]);
      const double total = mk_sum_of_any_order(s.work, n);
      for (int64_t k = 0; k < n; k++) out[k] = total == 0 ? 0 : x[k] * c->parameter / total;
      return;
    }
    case mk_cross_mean: return fill(mean(x, weights, n, s.work), n, out);
    case mk_cross_sum: return fill(mk_sum_of_any_order(x, n), n, out);
    case mk_cross_count: return fill(nonzero(x, n), n, out);
    default: return fill(nonzero(x, n) / (double)n, n, out);
  }
}

void mk_cross_section_run(int isa, const mk_cross_section *section, const double *x,
                          const double *groups, const double *weights, int64_t n, void *memory,
                          double *out) {
  const mk_sort_table *sort = mk_sort_table_get(isa);
  scratch s = scratch_in(memory, n);
  int64_t count = 0;
  for (int64_t k = 0; k < n; k++) {
    const int is_member = isfinite(x[k]) && (!groups || groups[k] == groups[k]) &&
                          (!weights || isfinite(weights[k]));
    s.members[count] = k;
    count += is_member;
  }
  if (groups) {
    // Members of a group stand side by side, the groups in the order of their codes.
    for (int64_t k = 0; k < count; k++) s.codes[k] = groups[s.members[k]];
    order_of(sort, s.codes, count, s);
    for (int64_t k = 0; k < count; k++) s.places[k] = s.members[s.order[k]];
    memcpy(s.members, s.places, (size_t)count * sizeof *s.members);
    for (int64_t k = 0; k < count; k++) s.codes[k] = groups[s.members[k]];
  }
  for (int64_t k = 0; k < count; k++) s.values[k] = x[s.members[k]];
  if (weights)
    for (int64_t k = 0; k < count; k++) s.weights[k] = weights[s.members[k]];
  for (int64_t first = 0; first < count;) {
    int64_t end = count;
    if (groups)
      for (end = first + 1; end < count && s.codes[end] == s.codes[first];) end++;
    run_group(sort, section, s.values + first, weights ? s.weights + first : NULL, end - first, s,
              s.results + first);
    first = end;
  }
  fill(NAN, n, out);
  for (int64_t k = 0; k < count; k++) out[s.members[k]] = s.results[k];
}
