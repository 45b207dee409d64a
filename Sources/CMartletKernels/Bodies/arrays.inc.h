// Everything that arrays need for one instruction set. Set before: MK_ISA; vector and math are there.
// Loops that a compiler cannot vectorise are left as they are.
#pragma clang diagnostic ignored "-Wpass-failed"
#include "maps.inc.h"
#include "casts.inc.h"
#include "array_reductions.inc.h"
#include "products.inc.h"
#include "map_lists.inc.h"

#define MK_ENTRY(name) [mk_map_##name][MK_D] = MK_CAT(MK_CAT(name##_, MK_E), _map),
#define MK_CASTS(from)                                                             \
  {from##_to_f32, from##_to_f64, from##_to_i32, from##_to_i64, from##_to_u8, from##_to_b8, \
   from##_to_c64, from##_to_c128},
#define MK_REDUCTION_ENTRY_WITH(name, type, e, A, append, find)                                    \
  [mk_array_reduction_##name][type] = {name##_row_##e##_reduction, name##_columns_##e##_reduction, name##_merge_##e##_reduction, \
                            name##_identity_##e##_reduction, name##_finish_##e##_reduction, sizeof(A), append, find},
#define MK_REDUCTION_ENTRY(name, type, e, A) MK_REDUCTION_ENTRY_WITH(name, type, e, A, 0, 0)
#define MK_ORDER_ENTRY(name, type, e, A) MK_REDUCTION_ENTRY_WITH(name, type, e, A, name##_append_##e##_reduction, 0)
#define MK_PLACE_ENTRY(name, type, e) \
  MK_REDUCTION_ENTRY_WITH(name, type, e, name##_place_##e##_reduction, name##_append_##e##_reduction, name##_find_##e##_reduction)
#define MK_LOGIC_ENTRIES(type, e)                                                         \
  MK_REDUCTION_ENTRY(any, type, e, uint8_t) MK_REDUCTION_ENTRY(all, type, e, uint8_t)               \
  MK_REDUCTION_ENTRY(nonzero, type, e, int64_t)
#define MK_REAL_ENTRIES(type, e, T, A)                                                    \
  MK_REDUCTION_ENTRY(sum, type, e, A) MK_REDUCTION_ENTRY(product, type, e, A)                       \
  MK_ORDER_ENTRY(maximum, type, e, T) MK_ORDER_ENTRY(minimum, type, e, T)                 \
  MK_PLACE_ENTRY(argument_maximum, type, e) MK_PLACE_ENTRY(argument_minimum, type, e)     \
  MK_LOGIC_ENTRIES(type, e)

const mk_array_table MK_CAT(mk_arrays_, MK_ISA) = {
    .maps = {
#define MK_E f32
#define MK_D mk_float32
        MK_MAPS_REAL(MK_ENTRY)
#undef MK_E
#undef MK_D
#define MK_E f64
#define MK_D mk_float64
        MK_MAPS_REAL(MK_ENTRY)
#undef MK_E
#undef MK_D
#define MK_E i32
#define MK_D mk_int32
        MK_MAPS_INTEGER(MK_ENTRY)
#undef MK_E
#undef MK_D
#define MK_E i64
#define MK_D mk_int64
        MK_MAPS_INTEGER(MK_ENTRY)
#undef MK_E
#undef MK_D
#define MK_E u8
#define MK_D mk_uint8
        MK_MAPS_INTEGER(MK_ENTRY)
#undef MK_E
#undef MK_D
#define MK_E b8
#define MK_D mk_bool
        MK_MAPS_BOOL(MK_ENTRY)
#undef MK_E
#undef MK_D
#define MK_E c64
#define MK_D mk_complex64
        MK_MAPS_COMPLEX(MK_ENTRY)
#undef MK_E
#undef MK_D
#define MK_E c128
#define MK_D mk_complex128
        MK_MAPS_COMPLEX(MK_ENTRY)
#undef MK_E
#undef MK_D
    },
    .casts = {MK_CASTS(f32) MK_CASTS(f64) MK_CASTS(i32) MK_CASTS(i64) MK_CASTS(u8)
              MK_CASTS(b8) MK_CASTS(c64) MK_CASTS(c128)},
    .reductions = {
        MK_REAL_ENTRIES(mk_float32, f32, float, double)
        MK_REAL_ENTRIES(mk_float64, f64, double, double)
        MK_REAL_ENTRIES(mk_int32, i32, int32_t, uint64_t)
        MK_REAL_ENTRIES(mk_int64, i64, int64_t, uint64_t)
        MK_REAL_ENTRIES(mk_uint8, u8, uint8_t, uint64_t)
        MK_REAL_ENTRIES(mk_bool, b8, uint8_t, uint64_t)
        MK_REDUCTION_ENTRY(sum, mk_complex64, c64, mk_parts) MK_REDUCTION_ENTRY(product, mk_complex64, c64, mk_parts)
        MK_LOGIC_ENTRIES(mk_complex64, c64)
        MK_REDUCTION_ENTRY(sum, mk_complex128, c128, mk_parts) MK_REDUCTION_ENTRY(product, mk_complex128, c128, mk_parts)
        MK_LOGIC_ENTRIES(mk_complex128, c128)
    },
    .products = {
        [mk_float32] = product_f32_product, [mk_float64] = product_f64_product,
        [mk_complex64] = product_c64_product, [mk_complex128] = product_c128_product,
    },
};
