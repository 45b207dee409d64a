// What is compiled once for every instruction set, and the one place where a set is chosen.
#ifndef MARTLET_INSTRUCTION_SETS_H
#define MARTLET_INSTRUCTION_SETS_H

#include "CMartletKernels.h"

enum { mk_table_count = 6 };

typedef struct {
  const mk_table *lanes;  // one for each width and type
  const mk_math_kernel (*math)[2];
  const mk_array_table *arrays;
  const mk_sort_table *sort;
  const mk_random_table *random;
  const mk_signal_table *signals;
  const mk_convolution_table *convolution;
  const mk_fourier_table *fourier;
  const mk_net_kernel *network;
} mk_set;

// NULL when this machine has no such instruction set.
const mk_set *mk_set_get(int isa);

#endif
