// What every machine has: SSE2 on x86-64, NEON on arm64.
#include <complex.h>
#include <math.h>
#include <stdint.h>
#include "CMartletArrays.h"
#include "CMartletFourier.h"
#include "CMartletKernels.h"

#define MK_ISA baseline
#define MK_VL_SINGLE 16
#define MK_VL_WIDE 8
#define MK_VL_NARROW 8
#define MK_VL_NARROWEST 4
#include "Bodies/isa.inc.h"
#include "Bodies/arrays.inc.h"
#include "Bodies/random.inc.h"
#include "Bodies/signals.inc.h"
#include "Bodies/convolution.inc.h"
#include "Bodies/fourier.inc.h"
