// Elementary functions over contiguous elements: one function for each line of math.def and each dtype.

#define MK_CALL_1(f, x, y) f(x)
#define MK_CALL_2(f, x, y) f(x, y)

// A last block that is not full is computed in a copy.
#define MK_MATH_KERNEL(function, type, lanes, vector, arity, result)                            \
  static void function(const void *xs, const void *ys, void *out, int64_t n) {          \
    for (int64_t i = 0; i < n; i += lanes) {                                            \
      const type *x = (const type *)xs + i, *y = arity == 2 ? (const type *)ys + i : x; \
      type *z = (type *)out + i, block[3][lanes];                                       \
      const int64_t left = n - i;                                                       \
      if (left < lanes) {                                                               \
        for (int k = 0; k < lanes; k++) block[0][k] = block[1][k] = (type)0.5;          \
        __builtin_memcpy(block[0], x, left * sizeof(type));                             \
        if (arity == 2) __builtin_memcpy(block[1], y, left * sizeof(type));             \
        x = block[0], y = block[1], z = block[2];                                       \
      }                                                                                 \
      const vector a = *(const vector *)x, b = *(const vector *)y;                      \
      (void)b;                                                                          \
      *(vector *)z = result;                                                            \
      if (left < lanes) __builtin_memcpy((type *)out + i, z, left * sizeof(type));      \
    }                                                                                   \
  }

#define MK_WIDE_DOUBLES MK_CAT(vdu, MK_VL_WIDE)
#define MK_WIDE_FLOATS MK_CAT(vfu, MK_VL_WIDE)
#define MK_FLOATS MK_CAT(vfu, MK_VL_SINGLE)
#define MK_WIDENED(x) __builtin_convertvector(x, MK_CAT(vd, MK_VL_WIDE))
#define MK_SINGLE_own(name, arity) \
  MK_MATH_KERNEL(math_##name##_f32, float, MK_VL_SINGLE, MK_FLOATS, arity, MK_CALL_##arity(mkf_##name, a, b))
#define MK_SINGLE_double(name, arity)                                                        \
  MK_MATH_KERNEL(                                                                                    \
    math_##name##_f32, float, MK_VL_WIDE, MK_WIDE_FLOATS, arity,                             \
    __builtin_convertvector(MK_CALL_##arity(mk_##name, MK_WIDENED(a), MK_WIDENED(b)), MK_CAT(vf, MK_VL_WIDE)) \
  )

#define MK_MATH(name, arity, single)                                                                       \
  MK_MATH_KERNEL(math_##name##_f64, double, MK_VL_WIDE, MK_WIDE_DOUBLES, arity, MK_CALL_##arity(mk_##name, a, b))  \
  MK_SINGLE_##single(name, arity)
#include "../math.def"
#undef MK_MATH

const mk_math_kernel MK_CAT(mk_math_, MK_ISA)[mk_math_count][2] = {
#define MK_MATH(name, arity, single) {math_##name##_f64, math_##name##_f32},
#include "../math.def"
#undef MK_MATH
};
