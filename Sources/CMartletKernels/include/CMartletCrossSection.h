// Functions of all symbols that have a value at one time.
#ifndef C_MARTLET_CROSS_SECTION_H
#define C_MARTLET_CROSS_SECTION_H

#include <stdint.h>

enum {
  mk_cross_rank,    // place among the members / their number
  mk_cross_z_score,  // (x - mean) / standard deviation; 0 where all are equal
  mk_cross_demean,  // x - mean
  mk_cross_scale,   // x * parameter / sum of |x|; 0 where all are 0
  mk_cross_mean,
  mk_cross_sum,
  mk_cross_count,  // members that are not 0
  mk_cross_share   // the same / members
};
enum { mk_ties_average, mk_ties_minimum, mk_ties_maximum, mk_ties_dense };

typedef struct {
  int32_t function;
  int32_t ties;
  double parameter;  // degrees of freedom of the z-score, total of the scale
  int64_t minimum;   // fewest members
} mk_cross_section;

// Bytes of memory that rows of n symbols need.
int64_t mk_cross_section_bytes(int64_t n);

// One row: a symbol is a member where its value is finite, its group's code is not NaN and its weight finite. NaN
// where it is none, and where its group has fewer than `minimum` members. Sums do not depend on the order of
// symbols, not even in the last bit. `groups` and `weights` may be NULL; `out` may be one of the inputs.
void mk_cross_section_run(int isa, const mk_cross_section *section, const double *x,
                          const double *groups, const double *weights, int64_t n, void *memory,
                          double *out);

// The sum of n finite numbers, the same in any order. What lies more than some 35 digits below the largest is lost.
double mk_sum_of_any_order(const double *x, int64_t n);

#endif
