#define _POSIX_C_SOURCE 200809L
#include "CMachinePeak.h"

#include <stdint.h>
#include <string.h>
#include <time.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

// The best of five times of `work`, which does `operations`.
static double best(void (*work)(void), double operations) {
  double least = 1e9;
  for (int run = 0; run < 5; run++) {
    const double start = now();
    work();
    const double time = now() - start;
    if (time < least) least = time;
  }
  return operations / least;
}

enum { rounds = 4000000, chains = 12 };
static volatile float sink;

#define CHAINS(type, start, step)                              \
  type a[chains];                                              \
  /* Chains that start with what the compiler knows could be merged, or folded. */ \
  const float seed = sink;                                     \
  for (int i = 0; i < chains; i++) a[i] = start;               \
  for (long r = 0; r < rounds; r++) {                          \
    _Pragma("clang loop unroll(full)") for (int i = 0; i < chains; i++) a[i] = step; \
    __asm__ volatile("" ::: "memory");                         \
  }                                                            \
  float total = 0;                                             \
  for (int i = 0; i < chains; i++) {                           \
    float part;                                                \
    memcpy(&part, &a[i], sizeof part);                         \
    total += part;                                             \
  }                                                            \
  sink = total == 0.5f; /* what is never true, for all the compiler knows */

#if defined(__x86_64__)
#include <immintrin.h>
#pragma clang attribute push(__attribute__((target("avx512f,avx512vnni,avx512bf16"), min_vector_width(512))), apply_to = function)
static void f32_512(void) { CHAINS(__m512, _mm512_set1_ps(i + seed), _mm512_fmadd_ps(a[i], _mm512_set1_ps(0.5f), _mm512_set1_ps(1.0f))) }
static void i8_512(void) { CHAINS(__m512i, _mm512_set1_epi32(i + (int)seed), _mm512_dpbusd_epi32(a[i], _mm512_set1_epi8((char)seed), _mm512_set1_epi8(5))) }
static void bf16_512(void) { CHAINS(__m512, _mm512_set1_ps(i + seed), _mm512_dpbf16_ps(a[i], (__m512bh)_mm512_set1_epi32((int)seed), (__m512bh)_mm512_set1_epi32(7))) }
#pragma clang attribute pop
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
static void f32_256(void) { CHAINS(__m256, _mm256_set1_ps(i + seed), _mm256_fmadd_ps(a[i], _mm256_set1_ps(0.5f), _mm256_set1_ps(1.0f))) }
static void i8_256(void) { CHAINS(__m256i, _mm256_set1_epi32(i + (int)seed), _mm256_add_epi32(a[i], _mm256_madd_epi16(a[i], _mm256_set1_epi16(5)))) }
#pragma clang attribute pop
#else
typedef float vf4 __attribute__((ext_vector_type(4)));
static void f32_128(void) { CHAINS(vf4, (vf4)(i + seed), __builtin_elementwise_fma(a[i], (vf4)(0.5f), (vf4)(1.0f))) }
#endif

double machine_peak_float32(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) return best(f32_512, (double)rounds * chains * 32);
  if (__builtin_cpu_supports("fma")) return best(f32_256, (double)rounds * chains * 16);
  return 0;
#else
  return best(f32_128, (double)rounds * chains * 8);
#endif
}

double machine_peak_int8(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512vnni")) return best(i8_512, (double)rounds * chains * 128);
  if (__builtin_cpu_supports("avx2")) return best(i8_256, (double)rounds * chains * 32);
#endif
  return 0;
}

double machine_peak_bfloat16(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512bf16")) return best(bf16_512, (double)rounds * chains * 64);
#endif
  return 0;
}
