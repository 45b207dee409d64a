// Everything that networks need on one instruction set. Set before: MK_ISA (name), MK_FMA (a b + c, rounded
// once where the instruction set can), DOT4, MK_WIDE (lanes that keep the processor busy), and MK_FW, MK_NV, MK_MR,
// MK_FEW (network_product.inc.h). With DOT2 instead of DOT4, products in bfloat16 are all there is.
#include "vector.inc.h"
#include "math_constants.inc.h"
#include "math_remainder.inc.h"
#define MK_VL 8
#include "math.inc.h"
#undef MK_VL
#define MK_VL 16
#include "math32.inc.h"
#undef MK_VL
typedef uint8_t mk_bytes16 __attribute__((ext_vector_type(16)));
typedef uint16_t mk_halves16 __attribute__((ext_vector_type(16)));
// Where products in bfloat16 are all, most steps are not used.
#pragma clang diagnostic ignored "-Wunused-function"
#include "network_rows.inc.h"
#include "network_product.inc.h"
#ifdef DOT2
#include "network_bfloat16.inc.h"
const mk_net_kernel mk_net_product_bfloat16 = step_product_bfloat16;
#else
#define step_product_bfloat16 NULL
#include "network_quantised.inc.h"
#include "network_attention.inc.h"
#include "network_samples.inc.h"

const mk_net_kernel MK_CAT(mk_net_, MK_ISA)[mk_step_count] = {
#define MK_STEP(name, unit) step_##name,
#include "../network.def"
#undef MK_STEP
};
#endif
