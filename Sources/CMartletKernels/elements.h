// Elements of any type as bits, wherever they begin.
#ifndef C_MARTLET_ELEMENTS_H
#define C_MARTLET_ELEMENTS_H

#include <stdint.h>

typedef uint8_t mk_bits8;
typedef uint32_t mk_bits32 __attribute__((aligned(1), may_alias));
typedef uint64_t mk_bits64 __attribute__((aligned(1), may_alias));
typedef struct __attribute__((packed, may_alias)) {
  uint64_t low, high;
} mk_bits128;

#endif
