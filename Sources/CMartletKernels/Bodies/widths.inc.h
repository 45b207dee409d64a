// The widths for one dtype: 64 lanes, 8 lanes, one series, one lane of a wider row, and eight siblings.
#define MK_LANES 64
#define MK_WIDTH w64
#define MK_STRIDE 64
#define MK_LAYOUT 1
#define MK_APART 0
#define MK_VL_LIGHT MK_VL_WIDE
#define MK_VL_HEAVY MK_VL_NARROW
#define MK_VL_MACHINE MK_VL_NARROWEST
#include "all.inc.h"
#undef MK_VL_LIGHT
#undef MK_VL_HEAVY
#undef MK_VL_MACHINE

#define MK_LANES 8
#define MK_WIDTH w8
#define MK_STRIDE 8
#define MK_LAYOUT 1
#define MK_APART 0
#define MK_VL_LIGHT 8
#define MK_VL_HEAVY 8
#define MK_VL_MACHINE MK_VL_NARROWEST
#include "all.inc.h"
#undef MK_VL_LIGHT
#undef MK_VL_HEAVY
#undef MK_VL_MACHINE

#define MK_VL_LIGHT 1
#define MK_VL_HEAVY 1
#define MK_VL_MACHINE 1
#define MK_LANES 1
#define MK_WIDTH w1
#define MK_STRIDE 1
#define MK_LAYOUT 1
#define MK_APART 0
#include "all.inc.h"

#define MK_LANES 1
#define MK_WIDTH lane
#define MK_STRIDE c->stride
#define MK_LAYOUT 0
#define MK_APART 0
#include "all.inc.h"
#undef MK_VL_LIGHT
#undef MK_VL_HEAVY
#undef MK_VL_MACHINE

#define MK_LANES MK_SIBLINGS
#define MK_WIDTH siblings
#define MK_STRIDE MK_SIBLINGS
#define MK_LAYOUT 0
#define MK_APART 1
#define MK_VL_LIGHT 8
#define MK_VL_HEAVY 8
#define MK_VL_MACHINE MK_VL_NARROWEST
#include "all.inc.h"
#undef MK_VL_LIGHT
#undef MK_VL_HEAVY
#undef MK_VL_MACHINE
