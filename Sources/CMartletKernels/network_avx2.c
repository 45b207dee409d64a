// Networks on AVX2 with fused multiply-add, which came with the same processors.
#include "CMartletNetwork.h"

#if defined(__x86_64__)
#include <immintrin.h>
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define MK_ISA avx2
#define MK_FMA(a, b, c) __builtin_elementwise_fma(a, b, c)
#define MK_FW 8
#define MK_NV 2
#define MK_MR 6
#define MK_WIDE 32
#define MK_FEW 1
typedef int32_t mk_sums8 __attribute__((ext_vector_type(8)));
// The instruction for bytes saturates at 16 bits; the one for 16 bits does not.
static inline __attribute__((always_inline)) mk_sums8 dot4(int32_t a, mk_sums8 b, mk_sums8 sum) {
  const __m256i rows = _mm256_cvtepu8_epi16(_mm_set1_epi32(a)), weights = (__m256i)b;
  const __m256i low = _mm256_madd_epi16(rows, _mm256_cvtepi8_epi16(_mm256_castsi256_si128(weights)));
  const __m256i high = _mm256_madd_epi16(rows, _mm256_cvtepi8_epi16(_mm256_extracti128_si256(weights, 1)));
  return sum + (mk_sums8)_mm256_permute4x64_epi64(_mm256_hadd_epi32(low, high), 0xD8);
}
#define DOT4(a, b, sum) dot4(a, b, sum)
#include "Bodies/network.inc.h"
#pragma clang attribute pop
#endif
