// Every kernel for one dtype and one row width. Set before: MK_T, MK_SINGLE, MK_TYPE (name of the
// dtype), MK_LANES, MK_WIDTH (name of the width), MK_STRIDE, MK_VL_LIGHT, MK_VL_HEAVY,
// MK_VL_MACHINE: lanes of a block for kernels with few, many and very many values at hand.
#define N(name) MK_CAT(MK_CAT(MK_CAT(name##_, MK_TYPE), _), MK_WIDTH)

#include "elementwise.inc.h"

#define MK_VL MK_VL_LIGHT
#include "lanes.inc.h"
#include "recurrences.inc.h"
#include "windows.inc.h"
#include "extrema.inc.h"
#include "lanes_end.inc.h"
#undef MK_VL

#define MK_VL MK_VL_HEAVY
#include "lanes.inc.h"
#include "pairs.inc.h"
#include "moments.inc.h"
#include "lanes_end.inc.h"
#undef MK_VL

#define MK_VL MK_VL_MACHINE
#include "lanes.inc.h"
#include "machines.inc.h"
#include "cycle.inc.h"
#include "lanes_end.inc.h"
#undef MK_VL

#if MK_LAYOUT
#include "layout.inc.h"
#endif

static const mk_kernel N(kernels)[mk_kernel_count] = {
#define MK_KERNEL(name, inputs, outputs, version) N(name),
#include "../kernels.def"
#undef MK_KERNEL
};

#undef MK_TRUTH
#undef MK_UNDEFINED2
#undef MK_ELEMENTWISE
#undef N
#undef MK_LANES
#undef MK_WIDTH
#undef MK_STRIDE
#undef MK_LAYOUT
