// Networks on what every machine has: SSE2 on x86-64, NEON on arm64.
#include "CMartletNetwork.h"

#define MK_ISA baseline
#if defined(__aarch64__)
#define MK_FMA(a, b, c) __builtin_elementwise_fma(a, b, c)
#define MK_MR 6
#else
#define MK_FMA(a, b, c) ((a) * (b) + (c))
#define MK_MR 6
#endif
#define MK_FW 4
#define MK_NV 4
#define MK_WIDE 16
#define MK_FEW 1
typedef int8_t mk_bytes4x4 __attribute__((ext_vector_type(16)));
typedef int16_t mk_shorts4x4 __attribute__((ext_vector_type(16)));
typedef int32_t mk_sums4 __attribute__((ext_vector_type(4)));
static inline __attribute__((always_inline)) mk_sums4 dot4(int32_t a, mk_sums4 b, mk_sums4 sum) {
  // A product of an unsigned and a signed byte fits 16 bits.
  const mk_bytes4x4 weights = (mk_bytes4x4)b;
  const mk_sums4 rows = (mk_sums4)(a);
  typedef uint8_t bytes __attribute__((ext_vector_type(16)));
  const mk_shorts4x4 p = __builtin_convertvector(weights, mk_shorts4x4)
    * __builtin_convertvector((bytes)rows, mk_shorts4x4);
#define MK_EVERY(first) \
  __builtin_convertvector(__builtin_shufflevector(p, p, first, first + 4, first + 8, first + 12), mk_sums4)
  return sum + ((MK_EVERY(0) + MK_EVERY(1)) + (MK_EVERY(2) + MK_EVERY(3)));
}
#define DOT4(a, b, sum) dot4(a, b, sum)
#include "Bodies/network.inc.h"
