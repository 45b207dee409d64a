// AVX2; the attribute instead of compiler flags, so that the package can be a dependency.
#include <complex.h>
#include <math.h>
#include <stdint.h>
#include "CMartletArrays.h"
#include "CMartletFourier.h"
#include "CMartletKernels.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#define MK_ISA avx2
#define MK_VL_SINGLE 32
#define MK_VL_WIDE 16
#define MK_VL_NARROW 8
#define MK_VL_NARROWEST 4
#include "Bodies/isa.inc.h"
#include "Bodies/arrays.inc.h"
#include "Bodies/random.inc.h"
#include "Bodies/signals.inc.h"
#include "Bodies/convolution.inc.h"
#include "Bodies/fourier.inc.h"
#pragma clang attribute pop
#endif
