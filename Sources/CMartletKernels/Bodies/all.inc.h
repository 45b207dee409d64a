// Every kernel for one dtype and one row width. Set before: MK_T, MK_SINGLE, MK_TYPE (name of the
// dtype), MK_LANES, MK_WIDTH (name of the width), MK_STRIDE, MK_VL_LIGHT, MK_VL_HEAVY,
// MK_VL_MACHINE: lanes of a block for kernels with few, many and very many values at hand; MK_APART: whether the lanes
// are siblings.
#define N(name) MK_CAT(MK_CAT(MK_CAT(name##_, MK_TYPE), _), MK_WIDTH)

#if MK_APART
#define MK_PARAMETERS MK_LANES
#else
#define MK_PARAMETERS 1
#include "elementwise.inc.h"
#endif

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
#if !MK_APART
#include "trends.inc.h"
#endif
#include "lanes_end.inc.h"
#undef MK_VL

#define MK_VL MK_VL_MACHINE
#include "lanes.inc.h"
#include "machines.inc.h"
#if !MK_APART
#include "cycle.inc.h"
#endif
#include "lanes_end.inc.h"
#undef MK_VL

#if MK_APART
#include "siblings.inc.h"
#elif MK_LAYOUT
#include "layout.inc.h"
#include "reductions.inc.h"
#endif

#if MK_APART
#define SHARED_mk_alone(name) 0
#define SHARED_mk_together(name) N(name)
#define SHARED_mk_in_step(name) N(name)
#define MK_KERNEL(name, inputs, outputs, version, siblings) SHARED_##siblings(name),
#else
#define MK_KERNEL(name, inputs, outputs, version, siblings) N(name),
#endif
static const mk_kernel N(kernels)[mk_kernel_count] = {
#include "../kernels.def"
};
#undef MK_KERNEL
#undef SHARED_mk_alone
#undef SHARED_mk_together
#undef SHARED_mk_in_step

#undef MK_TRUTH
#undef MK_UNDEFINED2
#undef MK_ELEMENTWISE
#undef N
#undef MK_LANES
#undef MK_WIDTH
#undef MK_STRIDE
#undef MK_LAYOUT
#undef MK_APART
#undef MK_PARAMETERS
