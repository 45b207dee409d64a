// Sums of shifted products, for convolution by definition.
#ifndef C_MARTLET_CONVOLUTION_H
#define C_MARTLET_CONVOLUTION_H

#include <stdint.h>

// out[k] = sum over i in 0 ..< taps of x[k + step * i] * g[i], for k in 0 ..< count. Taps are added in order,
// in groups of 64. Integers wrap around.
typedef void (*mk_slide)(const void *x, int64_t step, const void *g, int64_t taps, void *out, int64_t count);

typedef struct {
  mk_slide float64, float32, int64, int32, uint8;
} mk_convolution_table;

// NULL when this machine has no such instruction set.
const mk_convolution_table *mk_convolution_table_get(int isa);

#endif
