// Sorting for one instruction set. Set before: MK_ISA (name), MK_SORT_ROWS (vectors of 64 bytes that
// the sorting network keeps at hand), and where the instruction set has better than the plain way
// MK_SPLIT_32, MK_SPLIT_64.
#undef V  // blocks of elementary functions, done by now
#undef U
#define WIDE(name) MK_CAT(name##_64_, MK_ISA)

#define N(name) MK_CAT(name##_64_, MK_ISA)
#define MK_KEY int64_t
#define MK_UNSIGNED uint64_t
#define MK_BITS 64
#define MK_KEY_LANES 8
#define MK_KEY_MAX INT64_MAX
#define MK_KEY_MIN INT64_MIN
#ifdef MK_SPLIT_64
#define MK_SPLIT MK_SPLIT_64
#endif
#include "sort_width.inc.h"
#undef N

#define N(name) MK_CAT(name##_32_, MK_ISA)
#define MK_KEY int32_t
#define MK_UNSIGNED uint32_t
#define MK_BITS 32
#define MK_KEY_LANES 16
#define MK_KEY_MAX INT32_MAX
#define MK_KEY_MIN INT32_MIN
#ifdef MK_SPLIT_32
#define MK_SPLIT MK_SPLIT_32
#endif
#include "sort_width.inc.h"
#undef N

#define N(name) MK_CAT(name##_, MK_ISA)
#include "sort_table.inc.h"
#undef N
#undef WIDE
#undef MK_ISA
#undef MK_SORT_ROWS
#undef MK_SPLIT_32
#undef MK_SPLIT_64
