// Networks on AVX-512 with the instructions for 8-bit integers (VNNI) that came soon after.
#include "CMartletNetwork.h"

#if defined(__x86_64__)
#include <immintrin.h>
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx512vnni"), min_vector_width(512))), apply_to = function)
#define MK_ISA avx512
#define MK_FMA(a, b, c) __builtin_elementwise_fma(a, b, c)
#define MK_FW 16
#define MK_NV 2
#define MK_MR 12
#define MK_WIDE 32
#define MK_FEW 3
typedef int32_t mk_sums16 __attribute__((ext_vector_type(16)));
#define DOT4(a, b, sum) ((mk_sums16)_mm512_dpbusd_epi32((__m512i)(sum), _mm512_set1_epi32(a), (__m512i)(b)))
#include "Bodies/network.inc.h"
#pragma clang attribute pop
#endif
