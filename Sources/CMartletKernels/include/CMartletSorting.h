// Sorting of contiguous rows. NaN comes last whichever way a row is sorted; zeros of either sign are
// equal. Nothing is allocated. A dtype is one of CMartletArrays.h, but for the complex ones.
#ifndef C_MARTLET_SORTING_H
#define C_MARTLET_SORTING_H

#include <stdint.h>

typedef struct {
  // The sorted row; destination may be source. Ascending -0 comes before 0.
  void (*sort)(int dtype, const void *source, void *destination, int64_t n, int descending);
  // Where the sorted row's elements stand in the source, equal ones in their order. n <= 2^32.
  void (*argsort)(int dtype, const void *source, int64_t *indices, int64_t n, int descending);
  // The row in an order in which each of the `count` ascending ranks holds what it would in the
  // ascending sorted row, nothing before it is greater and nothing behind it less.
  void (*select)(int dtype, const void *source, void *destination, int64_t n,
                 const int64_t *ranks, int64_t count);
  // For each value how many elements of an ascending row are less than it (right: or equal).
  void (*search)(int dtype, const void *sorted, int64_t n, const void *values, int64_t m, int right,
                 int64_t *out);
} mk_sort_table;

// NULL when this machine has no such instruction set.
const mk_sort_table *mk_sort_table_get(int isa);

#endif
