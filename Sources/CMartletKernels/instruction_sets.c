// The instruction set is chosen once a plan is made; nothing else knows that there are several.
#include "instruction_sets.h"

#include <stddef.h>

#define MK_DECLARED(isa)                                      \
  extern const mk_table mk_tables_##isa[mk_table_count];      \
  extern const mk_math_kernel mk_math_##isa[mk_math_count][2]; \
  extern const mk_array_table mk_arrays_##isa;                \
  extern const mk_sort_table mk_sort_##isa;                   \
  extern const mk_random_table mk_random_##isa;               \
  extern const mk_signal_table mk_signals_##isa;              \
  extern const mk_convolution_table mk_convolution_##isa;     \
  extern const mk_fourier_table mk_fourier_##isa;             \
  extern const mk_net_kernel mk_net_##isa[mk_step_count];
#define MK_SET(isa)                                                                              \
  [mk_isa_##isa] = {mk_tables_##isa,  mk_math_##isa,         &mk_arrays_##isa, &mk_sort_##isa, \
                    &mk_random_##isa, &mk_signals_##isa,     &mk_convolution_##isa, &mk_fourier_##isa,  \
                    mk_net_##isa}

MK_DECLARED(baseline)
#if defined(__x86_64__)
MK_DECLARED(avx2)
MK_DECLARED(avx512)
extern const mk_net_kernel mk_net_product_bfloat16;
#endif

static const mk_set sets[mk_isa_count] = {
    MK_SET(baseline),
#if defined(__x86_64__)
    MK_SET(avx2),
    MK_SET(avx512),
#endif
};

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

const mk_set *mk_set_get(int isa) { return isa >= 0 && isa <= mk_isa_best() ? &sets[isa] : NULL; }

int mk_table_get(int isa, int64_t width, int64_t element_size, mk_table *table) {
  const mk_set *set = mk_set_get(isa);
  for (int k = 0; set && k < mk_table_count; k++)
    if (set->lanes[k].width == width && set->lanes[k].element_size == element_size) {
      *table = set->lanes[k];
      return 1;
    }
  return 0;
}

mk_math_kernel mk_math_get(int isa, int function, int64_t element_size) {
  const mk_set *set = mk_set_get(isa);
  if (!set || function < 0 || function >= mk_math_count) return NULL;
  return element_size == 8 || element_size == 4 ? set->math[function][element_size == 4] : NULL;
}

const mk_array_table *mk_array_table_get(int isa) {
  const mk_set *set = mk_set_get(isa);
  return set ? set->arrays : NULL;
}

const mk_sort_table *mk_sort_table_get(int isa) {
  const mk_set *set = mk_set_get(isa);
  return set ? set->sort : NULL;
}

const mk_random_table *mk_random_table_get(int isa) {
  const mk_set *set = mk_set_get(isa);
  return set ? set->random : NULL;
}

const mk_signal_table *mk_signal_table_get(int isa) {
  const mk_set *set = mk_set_get(isa);
  return set ? set->signals : NULL;
}

const mk_convolution_table *mk_convolution_table_get(int isa) {
  const mk_set *set = mk_set_get(isa);
  return set ? set->convolution : NULL;
}

const mk_fourier_table *mk_fourier_table_get(int isa) {
  const mk_set *set = mk_set_get(isa);
  return set ? set->fourier : NULL;
}

int mk_has_bfloat16(void) {
#if defined(__x86_64__)
  return mk_isa_best() == mk_isa_avx512 && __builtin_cpu_supports("avx512bf16");
#else
  return 0;
#endif
}

// Networks want instructions that not every processor of a set has.
mk_net_kernel mk_net_get(int isa, int kind) {
  if (!mk_set_get(isa) || kind < 0 || kind >= mk_step_count) return NULL;
#if defined(__x86_64__)
  if (isa == mk_isa_avx512 && kind == mk_step_product_bfloat16)
    return mk_has_bfloat16() ? mk_net_product_bfloat16 : NULL;
  if (isa == mk_isa_avx512 && !__builtin_cpu_supports("avx512vnni")) isa = mk_isa_avx2;
  if (isa == mk_isa_avx2 && !__builtin_cpu_supports("fma")) isa = mk_isa_baseline;
#endif
  return sets[isa].network[kind];
}
