// Conditions as bits: 64 bars a word, bar 0 the lowest bit of the first one. Bits past the last bar are 0.
#ifndef C_MARTLET_SIGNALS_H
#define C_MARTLET_SIGNALS_H

#include <stdint.h>

typedef struct {
  // x is less, is greater; neither is NaN.
  void (*relation)(const double *x, const double *y, int64_t count, uint64_t *less, uint64_t *greater,
                   uint64_t *defined);
  // The same of a number.
  void (*relation_to)(const double *x, double y, int64_t count, uint64_t *less, uint64_t *greater,
                      uint64_t *defined);
} mk_signal_table;

// NULL when this machine has no such instruction set.
const mk_signal_table *mk_signal_table_get(int isa);

#endif
