// Moving elements of arrays about: copies between strided memory, gathering and scattering by index or
// mask, scans along an axis, bins. Strides and sizes are in bytes; bools are bytes that hold 0 or 1.
#ifndef C_MARTLET_INDEXING_H
#define C_MARTLET_INDEXING_H

#include <stdint.h>

// An index space of elements of `size` bytes (1, 4, 8 or 16) to memory that does not overlap.
void mk_copy(char *to, const int64_t *to_strides, const char *from, const int64_t *from_strides,
             const int64_t *shape, int64_t rank, int64_t size);

// start + k · step in the arithmetic of float32, float64, int32, int64 or uint8.
void mk_ramp_real(double start, double step, int64_t count, double *to);
void mk_ramp_single(float start, float step, int64_t count, float *to);
void mk_ramp_integer(int64_t start, int64_t step, int64_t count, int64_t *to);

// Of indices into an axis, where negative ones count from its end: -1 if one is outside, 1 if one is
// negative, otherwise 0.
int mk_check_indices(const int64_t *index, int64_t count, int64_t length);
// Indices that are inside, counted from the front.
void mk_wrap_indices(const int64_t *index, int64_t count, int64_t length, int64_t *to);

// Row-major [outer, length, inner] memory and indices 0 ..< length into its middle axis.
typedef struct {
  const int64_t *index;
  int64_t outer, length, inner;
  int64_t count;  // indices
  int64_t size;   // bytes of an element
} mk_places;

// to[o][j] = from[o][index[j]], whole rows of `inner` elements.
void mk_take(const mk_places *places, const char *from, char *to);
// The same for outer = 1, checking the indices on the way: 0 where one is outside or negative.
int mk_take_checked(const mk_places *places, const char *from, char *to);
// to[o][index[j]] = values[o][j].
void mk_put(const mk_places *places, const char *values, char *to);
// to[o][index[j]] += values[o][j], one after the other; type is an mk_ element type.
void mk_add_at(const mk_places *places, const void *values, void *to, int type);
// The same with an index for each element: index[o][j][i].
void mk_take_along(const mk_places *places, const char *from, char *to);
void mk_put_along(const mk_places *places, const char *values, char *to);

int64_t mk_count_true(const uint8_t *mask, int64_t count);
// The elements of `size` bytes where the mask is set; `left` is how many those are.
void mk_compress(const uint8_t *mask, int64_t left, const char *from, int64_t size, char *to);
// Elements one after the other to where the mask is set.
void mk_expand(const uint8_t *mask, int64_t left, const char *from, int64_t size, char *to);
// The indices along each axis of the elements of a row-major mask that are set, in order: axis `a` of
// the k-th is at to[a][k * stride].
void mk_nonzero(const uint8_t *mask, const int64_t *shape, int64_t rank, int64_t left,
                int64_t *const *to, int64_t stride);

enum { mk_scan_sum, mk_scan_product, mk_scan_maximum, mk_scan_minimum };
// Running results along the middle axis of row-major [outer, length, inner] memory. With `initial` the
// result has length + 1 and begins with the identity. Floating-point sums run in float64, one element
// after the other. Returns 0 where there is no such scan of the type.
int mk_scan(int scan, int type, const void *from, int64_t outer, int64_t length, int64_t inner,
            int initial, void *to);

// How many of `count` values are in each of `bins` intervals of equal width, the last one closed;
// weights, unless NULL, are added to `sums` instead. Values outside or NaN are in none.
void mk_histogram(const double *values, const double *weights, int64_t count, const double *edges,
                  int64_t bins, int64_t *counts, double *sums);
// The same for any increasing edges.
void mk_histogram_edges(const double *values, const double *weights, int64_t count,
                        const double *edges, int64_t bins, int64_t *counts, double *sums);
// How many of the increasing edges are not above the value; with `right`, below it. NaN is above all.
void mk_digitize(const double *values, int64_t count, const double *edges, int64_t edge_count,
                 int right, int64_t *to);
// Piecewise linear through points with increasing xp (points > 0).
void mk_interpolate(const double *x, int64_t count, const double *xp, const double *fp,
                    int64_t points, double left, double right, double *to);

#endif
