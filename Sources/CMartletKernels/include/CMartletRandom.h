// Random numbers by counting: Philox 4x32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy
// as 1, 2, 3", 2011). What stands at a place is a function of seed, stream and place alone.
#ifndef C_MARTLET_RANDOM_H
#define C_MARTLET_RANDOM_H

#include <stdint.h>

typedef struct {
  uint64_t seed;    // the key
  uint64_t stream;  // the upper half of the counter
  double a, b;      // low and width; mean and deviation; scale; shape and scale
  int64_t first;    // the smallest integer
  uint64_t range;   // how many integers there are
} mk_random;

// Elements start ..< start + count of a stream to out. Places are below 2^48.
typedef void (*mk_draw)(const mk_random *random, int64_t start, int64_t count, void *out);

typedef struct {
  // Four words of each block; the lower half of the counter is the block's number.
  void (*words)(uint64_t seed, uint64_t stream, uint64_t block, int64_t count, uint32_t *out);
  // [0] float64, [1] float32
  mk_draw uniform[2], normal[2], exponential[2], gamma[2];
  mk_draw integers;  // int64
} mk_random_table;

// NULL when this machine has no such instruction set.
const mk_random_table *mk_random_table_get(int isa);

#endif
