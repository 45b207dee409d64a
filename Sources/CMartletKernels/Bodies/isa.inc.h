// Everything for one instruction set. Set before: MK_ISA (name), MK_VL_WIDE, MK_VL_NARROW, MK_VL_NARROWEST,
// MK_VL_SINGLE (lanes of float that elementary functions take at a time).
#include "vector.inc.h"
#include "math_constants.inc.h"
#include "math_remainder.inc.h"
#define MK_VL 8
#include "math.inc.h"
#undef MK_VL
#if MK_VL_WIDE != 8
#define MK_VL MK_VL_WIDE
#include "math.inc.h"
#undef MK_VL
#endif
#define MK_VL MK_VL_SINGLE
#include "math32.inc.h"
#undef MK_VL
#include "math_map.inc.h"

#define MK_T double
#define MK_SINGLE 0
#define MK_EPSILON 0x1p-52
#define MK_TYPE f64
#include "widths.inc.h"
#undef MK_T
#undef MK_SINGLE
#undef MK_EPSILON
#undef MK_TYPE

#define MK_T float
#define MK_SINGLE 1
#define MK_EPSILON 0x1p-23
#define MK_TYPE f32
#include "widths.inc.h"
#undef MK_T
#undef MK_SINGLE
#undef MK_EPSILON
#undef MK_TYPE

#define MK_TABLE(type, size, width, lanes, ...)                                             \
  {kernels_##type##_##width, kernels_##type##_lane, __VA_ARGS__, store_##type##_##width,    \
   reduce_##type##_##width, pack_##type##_##width, lanes, size}
#define MK_SHARING(type) kernels_##type##_siblings, gather_##type##_siblings, scatter_##type##_siblings

const mk_table MK_CAT(mk_tables_, MK_ISA)[6] = {
    MK_TABLE(f64, 8, w64, 64, 0, 0, 0), MK_TABLE(f64, 8, w8, 8, 0, 0, 0), MK_TABLE(f64, 8, w1, 1, MK_SHARING(f64)),
    MK_TABLE(f32, 4, w64, 64, 0, 0, 0), MK_TABLE(f32, 4, w8, 8, 0, 0, 0), MK_TABLE(f32, 4, w1, 1, MK_SHARING(f32)),
};
