// Discrete Fourier transforms of one contiguous line.
#ifndef C_MARTLET_FOURIER_H
#define C_MARTLET_FOURIER_H

#include <stdint.h>

enum {
  mk_fourier_forward,       // complex to complex, e^-2πi
  mk_fourier_backward,      // complex to complex, e^+2πi
  mk_fourier_real_to_half,  // n reals to n / 2 + 1 complex
  mk_fourier_half_to_real,  // n / 2 + 1 complex to n reals; writes over its input
};

// Immutable, for any number of threads.
typedef struct mk_fourier_plan mk_fourier_plan;

// A plan for n >= 1 points of float or double; NULL when this machine has no such instruction set, or no memory. Its
// results have the same bits on every instruction set.
mk_fourier_plan *mk_fourier_make(int isa, int kind, int64_t n, int is_single);
void mk_fourier_free(mk_fourier_plan *plan);

// Bytes that `mk_fourier_run` works in.
int64_t mk_fourier_scratch(const mk_fourier_plan *plan);

// From `in` to `out`, both aligned as their elements are, and apart. Nothing is divided by n.
void mk_fourier_run(const mk_fourier_plan *plan, void *in, void *out, void *scratch);

// cos and sin of 2π k[i] / n in pairs, for 0 <= k[i] < n < 2^49: within 0.8 ulp, and the same in every octant.
typedef void (*mk_fourier_roots)(const int64_t *k, int64_t count, int64_t n, double *pairs);

enum { mk_fourier_most_passes = 48, mk_fourier_planar_lanes = 4 };

// How the points of a line whose prime factors are at most 13 are transformed: by Stockham's passes, each of a radix.
typedef struct {
  int64_t n;
  // The line is `lanes` interleaved lines, which are transformed beside each other and then joined; or, when it is 0,
  // one line of planes for real and imaginary parts.
  int lanes;
  int passes;
  int radix[mk_fourier_most_passes];
  const void *roots[mk_fourier_most_passes];
  const void *joints;
} mk_fourier_points;

// What is compiled for every instruction set; an entry for double and one for float.
typedef struct {
  mk_fourier_roots roots;
  // `sign` -1 transforms backward.
  void (*points[2])(const mk_fourier_points *points, const void *in, void *out, void *work, int sign);
  // Between the half spectrum of 2n reals and the transform of n pairs of them, in place; `roots`: n / 2 + 1 cosines,
  // then as many sines, of 2π k / 2n.
  void (*halves[2])(void *line, const void *roots, int64_t n, int sign);
  // y = x w; the imaginary parts of x and of y times a sign.
  void (*multiply[2])(const void *x, const void *w, void *y, int64_t count, int sign_in, int sign_out);
} mk_fourier_table;

// NULL when this machine has no such instruction set.
const mk_fourier_table *mk_fourier_table_get(int isa);

#endif
