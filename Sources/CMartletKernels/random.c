// Which table of random numbers.
#include "CMartletKernels.h"
#include "CMartletRandom.h"

#include <stddef.h>

extern const mk_random_table mk_random_baseline;
#if defined(__x86_64__)
extern const mk_random_table mk_random_avx2;
extern const mk_random_table mk_random_avx512;
#endif

const mk_random_table *mk_random_table_get(int isa) {
  if (isa < 0 || isa > mk_isa_best()) return NULL;
#if defined(__x86_64__)
  if (isa == mk_isa_avx2) return &mk_random_avx2;
  if (isa == mk_isa_avx512) return &mk_random_avx512;
#endif
  return &mk_random_baseline;
}
