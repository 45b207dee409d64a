// The instruction set is chosen once a plan is made; nothing else knows that there are several.
#include "CMartletKernels.h"

#include <stddef.h>
#include <string.h>

extern const mk_table mk_tables_baseline[6];
#if defined(__x86_64__)
extern const mk_table mk_tables_avx2[6];
extern const mk_table mk_tables_avx512[6];
#endif

extern const mk_math_kernel mk_math_baseline[mk_math_count][2];
#if defined(__x86_64__)
extern const mk_math_kernel mk_math_avx2[mk_math_count][2];
extern const mk_math_kernel mk_math_avx512[mk_math_count][2];
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
  int inputs, outputs, version;
} kernels[] = {
#define MK_KERNEL(name, inputs, outputs, version) {#name, inputs, outputs, version},
#include "kernels.def"
#undef MK_KERNEL
};

int mk_kernel_inputs(int kernel) {
  return kernel >= 0 && kernel < mk_kernel_count ? kernels[kernel].inputs : 0;
}
int mk_kernel_outputs(int kernel) {
  return kernel >= 0 && kernel < mk_kernel_count ? kernels[kernel].outputs : 0;
}
int mk_kernel_version(int kernel) {
  return kernel >= 0 && kernel < mk_kernel_count ? kernels[kernel].version : 0;
}
const char *mk_kernel_name(int kernel) {
  return kernel >= 0 && kernel < mk_kernel_count ? kernels[kernel].name : "unknown";
}

static const struct {
  const char *name;
  int arity;
} functions[] = {
#define MK_MATH(name, arity, single) {#name, arity},
#include "math.def"
#undef MK_MATH
};

mk_math_kernel mk_math_get(int isa, int function, int64_t element_size) {
  if (isa < 0 || isa > mk_isa_best() || function < 0 || function >= mk_math_count) return NULL;
  if (element_size != 8 && element_size != 4) return NULL;
#if defined(__x86_64__)
  if (isa == mk_isa_avx512) return mk_math_avx512[function][element_size == 4];
  if (isa == mk_isa_avx2) return mk_math_avx2[function][element_size == 4];
#endif
  return mk_math_baseline[function][element_size == 4];
}

int mk_math_arity(int function) {
  return function >= 0 && function < mk_math_count ? functions[function].arity : 0;
}
const char *mk_math_name(int function) {
  return function >= 0 && function < mk_math_count ? functions[function].name : "unknown";
}

int mk_math_test(int isa, const char *name, int element_size, const void *x, const void *y, void *out,
                 int64_t n) {
  for (int k = 0; k < mk_math_count; k++)
    if (strcmp(functions[k].name, name) == 0) {
      const mk_math_kernel kernel = mk_math_get(isa, k, element_size);
      if (!kernel) return 0;
      kernel(x, y, out, n);
      return 1;
    }
  return 0;
}
