// The lists of kernels and functions.
#include "CMartletKernels.h"

#include <stddef.h>
#include <string.h>

static const struct {
  const char *name;
  int inputs, outputs, version, siblings;
} kernels[] = {
#define MK_KERNEL(name, inputs, outputs, version, siblings) \
  {#name, inputs, outputs, version, siblings},
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
int mk_kernel_siblings(int kernel) {
  return kernel >= 0 && kernel < mk_kernel_count ? kernels[kernel].siblings : mk_alone;
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
