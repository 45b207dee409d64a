// The instruction set is chosen once a plan is made; nothing else knows that there are several.
#include "CMartletKernels.h"

#include <stddef.h>

extern const mk_table mk_tables_baseline[6];
#if defined(__x86_64__)
extern const mk_table mk_tables_avx2[6];
extern const mk_table mk_tables_avx512[6];
#endif

int mk_isa_best(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
    return mk_isa_avx512;
  if (__builtin_cpu_supports("avx2")) return mk_isa_avx2;
#endif
  return mk_isa_baseline;
}

const char *mk_isa_name(int isa) {
  static const char *const names[] = {"baseline", "avx2", "avx512"};
  return isa >= 0 && isa < mk_isa_count ? names[isa] : "unknown";
}

int mk_table_get(int isa, int64_t width, int64_t element_size, mk_table *table) {
  const mk_table *tables = NULL;
  if (isa < 0 || isa > mk_isa_best()) return 0;
  if (isa == mk_isa_baseline) tables = mk_tables_baseline;
#if defined(__x86_64__)
  if (isa == mk_isa_avx2) tables = mk_tables_avx2;
  if (isa == mk_isa_avx512) tables = mk_tables_avx512;
#endif
  if (!tables) return 0;
  for (int k = 0; k < 6; k++)
    if (tables[k].width == width && tables[k].element_size == element_size) {
      *table = tables[k];
      return 1;
    }
  return 0;
}

static const struct {
  const char *name;
  int inputs, outputs;
} kernels[] = {
#define MK_KERNEL(name, inputs, outputs) {#name, inputs, outputs},
#include "kernels.def"
#undef MK_KERNEL
};

int mk_kernel_inputs(int kernel) {
  return kernel >= 0 && kernel < mk_kernel_count ? kernels[kernel].inputs : 0;
}
int mk_kernel_outputs(int kernel) {
  return kernel >= 0 && kernel < mk_kernel_count ? kernels[kernel].outputs : 0;
}
const char *mk_kernel_name(int kernel) {
  return kernel >= 0 && kernel < mk_kernel_count ? kernels[kernel].name : "unknown";
}
