// Products in bfloat16, on AVX-512 processors that have them.
#include "CMartletNetwork.h"

#if defined(__x86_64__)
#include <immintrin.h>
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx512bf16"), min_vector_width(512))), apply_to = function)
#define MK_FMA(a, b, c) __builtin_elementwise_fma(a, b, c)
#define MK_FW 16
#define MK_NV 2
#define MK_MR 12
#define MK_WIDE 32
#define MK_FEW 3
#define DOT2(a, b, sum) \
  ((vf16)_mm512_dpbf16_ps((__m512)(sum), (__m512bh)_mm512_set1_epi32(a), (__m512bh)(b)))
#define mk_bfloat16(x) ((mk_halves16)_mm512_cvtneps_pbh((__m512)(x)))
#include "Bodies/network.inc.h"
#pragma clang attribute pop
#endif
