// Histograms, bins and piecewise linear interpolation.
#include "CMartletIndexing.h"

#include <stddef.h>

#pragma STDC FP_CONTRACT OFF

// How many of the increasing edges are not above x, without a branch on the data; NaN is above all.
static inline int64_t not_above(const double *edges, int64_t count, double x) {
  const double *base = edges;
  while (count > 1) {
    const int64_t half = count / 2;
    base += x < base[half - 1] ? 0 : half;
    count -= half;
  }
  return base - edges + (count == 1 && !(x < *base));
}

static inline int64_t below(const double *edges, int64_t count, double x) {
  const double *base = edges;
  while (count > 1) {
    const int64_t half = count / 2;
    base += x <= base[half - 1] ? 0 : half;
    count -= half;
  }
  return base - edges + (count == 1 && !(x <= *base));
}

void mk_histogram(const double *values, const double *weights, int64_t count, const double *edges,
                  int64_t bins, int64_t *counts, double *sums) {
  const double first = edges[0], last = edges[bins], width = last - first;
  for (int64_t k = 0; k < count; k++) {
    const double x = values[k];
    if (!(x >= first && x <= last)) continue;
    const double place = (x - first) / width * (double)bins;
    int64_t bin = place < (double)bins ? (int64_t)place : bins - 1;
    // The edges decide where rounding led over one of them.
    bin -= bin > 0 && x < edges[bin];
    bin += bin < bins - 1 && x >= edges[bin + 1];
    if (weights) sums[bin] += weights[k];
    else counts[bin]++;
  }
}

void mk_histogram_edges(const double *values, const double *weights, int64_t count,
                        const double *edges, int64_t bins, int64_t *counts, double *sums) {
  for (int64_t k = 0; k < count; k++) {
    const double x = values[k];
    if (!(x >= edges[0] && x <= edges[bins])) continue;
    int64_t bin = not_above(edges, bins, x) - 1;
    if (weights) sums[bin] += weights[k];
    else counts[bin]++;
  }
}

void mk_digitize(const double *values, int64_t count, const double *edges, int64_t edge_count,
                 int right, int64_t *to) {
  if (right)
    for (int64_t k = 0; k < count; k++) to[k] = below(edges, edge_count, values[k]);
  else
    for (int64_t k = 0; k < count; k++) to[k] = not_above(edges, edge_count, values[k]);
}

void mk_interpolate(const double *x, int64_t count, const double *xp, const double *fp,
                    int64_t points, double left, double right, double *to) {
  int64_t j = 0;
  for (int64_t k = 0; k < count; k++) {
    const double at = x[k];
    if (at != at) {
      to[k] = at;
    } else if (at < xp[0]) {
      to[k] = left;
    } else if (at > xp[points - 1]) {
      to[k] = right;
    } else {
      // Often the interval of the one before.
      if (!(j + 1 < points && at >= xp[j] && at < xp[j + 1])) j = not_above(xp, points, at) - 1;
      if (j < 0) j = 0;
      if (j == points - 1 || xp[j] == at) {
        to[k] = fp[j];
        continue;
      }
      const double slope = (fp[j + 1] - fp[j]) / (xp[j + 1] - xp[j]);
      double y = slope * (at - xp[j]) + fp[j];
      // Where infinities met, from the other side.
      if (y != y) y = slope * (at - xp[j + 1]) + fp[j + 1];
      if (y != y && fp[j] == fp[j + 1]) y = fp[j];
      to[k] = y;
    }
  }
}
