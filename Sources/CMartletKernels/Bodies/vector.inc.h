// Vector types and helpers shared by every body. How many lanes a block has changes the speed only: the
// compiler splits it into the registers there are, and every lane keeps its own order of operations.
#pragma STDC FP_CONTRACT OFF
// Vectors are passed by value only to functions that are always inlined.
#pragma clang diagnostic ignored "-Wpsabi"

#define MK_UNUSED __attribute__((unused))
#define MK_INLINE static inline __attribute__((always_inline, unused))

// What comparing doubles gives: 64 bits, but on Apple platforms not the type that int64_t is.
typedef long mk_long;
typedef double v8d __attribute__((ext_vector_type(8)));
typedef float v8f __attribute__((ext_vector_type(8)));
typedef mk_long v8i __attribute__((ext_vector_type(8)));
typedef double v4d __attribute__((ext_vector_type(4)));
typedef double v2d_u __attribute__((ext_vector_type(2), aligned(8)));
typedef float v4f_u __attribute__((ext_vector_type(4), aligned(4)));
typedef double v8d_u __attribute__((ext_vector_type(8), aligned(8)));
typedef float v8f_u __attribute__((ext_vector_type(8), aligned(4)));

MK_INLINE v8d splat(double x) { return (v8d)(x); }
MK_INLINE v8d select8(v8i mask, v8d yes, v8d no) {
  return mask ? yes : no;
}
MK_INLINE v8i is_nan8(v8d x) { return x != x; }
// Finite is the only kind of value for which x - x is zero.
MK_INLINE v8i is_finite8(v8d x) { return (x - x) == splat(0.0); }
MK_INLINE v8d max8(v8d a, v8d b) { return select8(a > b, a, b); }
MK_INLINE v8d min8(v8d a, v8d b) { return select8(a < b, a, b); }
MK_INLINE v8d abs8(v8d x) {
  return __builtin_elementwise_abs(x);
}
MK_INLINE v8d sqrt8(v8d x) { return __builtin_elementwise_sqrt(x); }
// Maximum and minimum that stay undefined when either side is.
MK_INLINE v8d max_nan8(v8d a, v8d b) { return select8((a > b) | is_nan8(a), a, b); }
MK_INLINE v8d min_nan8(v8d a, v8d b) { return select8((a < b) | is_nan8(a), a, b); }

// Blocks of lanes for stateful kernels; the width changes speed only.
#define MK_BLOCK_TYPES(n)                                             \
  typedef double vd##n __attribute__((ext_vector_type(n)));           \
  typedef mk_long vm##n __attribute__((ext_vector_type(n)));          \
  typedef float vf##n __attribute__((ext_vector_type(n)));            \
  typedef unsigned long vu##n __attribute__((ext_vector_type(n)));         \
  typedef int32_t vi##n __attribute__((ext_vector_type(n)));          \
  typedef uint32_t vn##n __attribute__((ext_vector_type(n)));         \
  typedef mk_long vlu##n __attribute__((ext_vector_type(n), aligned(8))); \
  typedef double vdu##n __attribute__((ext_vector_type(n), aligned(8))); \
  typedef float vfu##n __attribute__((ext_vector_type(n), aligned(4)));
MK_BLOCK_TYPES(4)
MK_BLOCK_TYPES(8)
MK_BLOCK_TYPES(16)
MK_BLOCK_TYPES(32)
MK_BLOCK_TYPES(64)
typedef double vd1, vdu1;
typedef float vf1, vfu1;
typedef int vm1;

#define MK_CAT_(a, b) a##b
#define MK_CAT(a, b) MK_CAT_(a, b)

// Code for a block of MK_VL lanes, whatever MK_VL is where it is written.
#define V MK_CAT(vd, MK_VL)
#define M MK_CAT(vm, MK_VL)
#define SET(x) ((V)(x))
#define PICK(mask, yes, no) ((mask) ? (yes) : (no))
#define ROOT(x) __builtin_elementwise_sqrt(x)
#define ABS(x) __builtin_elementwise_abs(x)
#define UNDEFINED(x) ((x) != (x))
#define MAXIMUM(a, b) PICK((a) > (b), a, b)
#define MINIMUM(a, b) PICK((a) < (b), a, b)
