// Random numbers for one instruction set. Element e of a stream of float64 takes half e % 2 of block e / 2;
// of float32 word e % 4 of block e / 4 (normals: two words make two). Set before: MK_ISA.
#include "philox.inc.h"

#define R(name) MK_CAT(MK_CAT(name##_, MK_ISA), _random)

typedef double mk_v16d __attribute__((ext_vector_type(16)));
typedef double mk_v16du __attribute__((ext_vector_type(16), aligned(8)));
typedef float mk_v16f __attribute__((ext_vector_type(16)));
typedef int32_t mk_v8i32 __attribute__((ext_vector_type(8)));
typedef float mk_v32fu __attribute__((ext_vector_type(32), aligned(4)));

// a0 b0 a1 b1 ...
#define MK_ZIP8(a, b) __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15)
#define MK_ZIP16(a, b)                                                                              \
  __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23, 8, 24, 9, 25, \
                          10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)

// Runs `body`, which writes the elements of the eight blocks from `block` on to `to`, over whole groups of
// eight blocks; the ends of a range go through a copy.
#define MK_DRAW(name, T, per_block, ...)                                                      \
  MK_INLINE void R(name##_group)(const mk_random *r, uint64_t block, T *to) { __VA_ARGS__ }   \
  static void R(name)(const mk_random *r, int64_t start, int64_t count, void *out) {          \
    const int64_t group = 8 * per_block;                                                      \
    T *y = out;                                                                               \
    int64_t done = 0;                                                                         \
    while (done < count) {                                                                    \
      const int64_t at = start + done, skip = at % group;                                     \
      const uint64_t block = (uint64_t)((at - skip) / per_block);                             \
      if (skip == 0 && count - done >= group) {                                               \
        R(name##_group)(r, block, y + done);                                                  \
        done += group;                                                                        \
        continue;                                                                             \
      }                                                                                       \
      T part[8 * per_block];                                                                  \
      R(name##_group)(r, block, part);                                                        \
      for (int64_t k = skip; k < group && done < count; k++) y[done++] = part[k];             \
    }                                                                                         \
  }
// Four floats of each of eight blocks, in order.
#define MK_PUT4(to, f0, f1, f2, f3)                                                           \
  {                                                                                           \
    mk_v16f even = MK_ZIP8(f0, f2);                                                           \
    mk_v16f odd = MK_ZIP8(f1, f3);                                                            \
    *(mk_v32fu *)(to) = MK_ZIP16(even, odd);                                                  \
  }
#define MK_PUT2(to, x, z) *(mk_v16du *)(to) = MK_ZIP8(x, z);

MK_DRAW(uniform_f64, double, 2, {
  mk_philox p = mk_philox_run(block, r->stream, r->seed);
  v8d x = r->a + r->b * mk_unit(p.w[0], p.w[1]), z = r->a + r->b * mk_unit(p.w[2], p.w[3]);
  MK_PUT2(to, x, z)
})
// 24 bits of a word: every float32 of that form is exact.
MK_INLINE v8f R(unit_f32)(const mk_random *r, mk_words word) {
  v8f u = __builtin_convertvector(__builtin_convertvector((v8i)(word >> 8), mk_v8i32), v8f) * 0x1p-24f;
  return (float)r->a + (float)r->b * u;
}
MK_DRAW(uniform_f32, float, 4, {
  mk_philox p = mk_philox_run(block, r->stream, r->seed);
  v8f f0 = R(unit_f32)(r, p.w[0]), f1 = R(unit_f32)(r, p.w[1]);
  v8f f2 = R(unit_f32)(r, p.w[2]), f3 = R(unit_f32)(r, p.w[3]);
  MK_PUT4(to, f0, f1, f2, f3)
})
MK_DRAW(normal_f64, double, 2, {
  mk_philox p = mk_philox_run(block, r->stream, r->seed);
  mk_pair n = mk_normals(mk_unit_above(p.w[0], p.w[1]), (p.w[2] << 32) | p.w[3]);
  v8d x = r->a + r->b * n.a, z = r->a + r->b * n.b;
  MK_PUT2(to, x, z)
})
MK_DRAW(normal_f32, float, 4, {
  mk_philox p = mk_philox_run(block, r->stream, r->seed);
  mk_pair n = mk_normals(mk_unit_single(p.w[0]), p.w[1] << 32);
  mk_pair m = mk_normals(mk_unit_single(p.w[2]), p.w[3] << 32);
  v8f f0 = __builtin_convertvector(r->a + r->b * n.a, v8f), f1 = __builtin_convertvector(r->a + r->b * n.b, v8f);
  v8f f2 = __builtin_convertvector(r->a + r->b * m.a, v8f), f3 = __builtin_convertvector(r->a + r->b * m.b, v8f);
  MK_PUT4(to, f0, f1, f2, f3)
})
MK_DRAW(exponential_f64, double, 2, {
  mk_philox p = mk_philox_run(block, r->stream, r->seed);
  v8d x = r->a * -mk_log(mk_unit_above(p.w[0], p.w[1])), z = r->a * -mk_log(mk_unit_above(p.w[2], p.w[3]));
  MK_PUT2(to, x, z)
})
MK_INLINE v8f R(wait_f32)(const mk_random *r, mk_words word) {
  return __builtin_convertvector(r->a * -mk_log(mk_unit_single(word)), v8f);
}
MK_DRAW(exponential_f32, float, 4, {
  mk_philox p = mk_philox_run(block, r->stream, r->seed);
  v8f f0 = R(wait_f32)(r, p.w[0]), f1 = R(wait_f32)(r, p.w[1]);
  v8f f2 = R(wait_f32)(r, p.w[2]), f3 = R(wait_f32)(r, p.w[3]);
  MK_PUT4(to, f0, f1, f2, f3)
})

// ---------------------------------------------------------------- integers

// One block by its number, for what is done once in a while.
static __attribute__((noinline, cold, unused)) void R(one_block)(const mk_random *r, uint64_t block, uint32_t *out) {
  mk_philox p = mk_philox_run(block, r->stream, r->seed);
  for (int k = 0; k < 4; k++) out[k] = (uint32_t)p.w[k][0];
}
// The upper half of word * range is unbiased once words whose lower half is below 2^64 mod range are drawn
// again (Lemire 2019): from the same block with the number of the attempt above bit 48.
static __attribute__((noinline, cold, unused)) uint64_t R(bounded)(const mk_random *r, int64_t element, uint64_t word) {
  __extension__ typedef unsigned __int128 wide;
  const uint64_t reject = -r->range % r->range;
  for (uint64_t attempt = 1;; attempt++) {
    wide product = (wide)word * r->range;
    if ((uint64_t)product >= reject || attempt > 0xffff) return (uint64_t)(product >> 64);
    uint32_t w[4];
    R(one_block)(r, (uint64_t)element / 2 | attempt << 48, w);
    const int half = 2 * (int)(element % 2);
    word = (uint64_t)w[half] << 32 | w[half + 1];
  }
}
MK_INLINE v8i R(integers8)(const mk_random *r, int64_t element, mk_words high, mk_words low) {
  v8i y;
  mk_words word = high << 32 | low;
  if (r->range == 0) {  // all 2^64
    y = (v8i)word;
  } else if (r->range >> 32) {
    for (int k = 0; k < 8; k++) y[k] = (int64_t)R(bounded)(r, element + 2 * k, word[k]);
  } else {
    const mk_words range = (mk_words)r->range;
    mk_words p0 = low * range, p1 = high * range + (p0 >> 32);
    mk_words rest = p1 << 32 | (p0 & MK_LOW);
    y = (v8i)(p1 >> 32);
    // Words below `range` are the only ones that may have to go.
    if (__builtin_expect(mk_any((v8i)(rest < range)), 0))
      for (int k = 0; k < 8; k++)
        if (rest[k] < r->range) y[k] = (int64_t)R(bounded)(r, element + 2 * k, word[k]);
  }
  return (v8i)((mk_words)y + (mk_words)(uint64_t)r->first);
}
typedef int64_t mk_v16iu __attribute__((ext_vector_type(16), aligned(8)));
MK_DRAW(integers, int64_t, 2, {
  mk_philox p = mk_philox_run(block, r->stream, r->seed);
  v8i x = R(integers8)(r, (int64_t)block * 2, p.w[0], p.w[1]);
  v8i z = R(integers8)(r, (int64_t)block * 2 + 1, p.w[2], p.w[3]);
  *(mk_v16iu *)to = MK_ZIP8(x, z);
})

// ---------------------------------------------------------------- gamma

// Marsaglia and Tsang 2000: d (1 + x c)^3 for a normal x, kept with a probability that makes it exact.
// Element e owns the blocks e | attempt << 48; below a shape of 1 the last of them gives the power of a
// uniform number that brings shape + 1 down to it.
MK_INLINE v8d R(gamma8)(const mk_random *r, uint64_t element) {
  const double shape = r->a < 1 ? r->a + 1 : r->a, d = shape - 1.0 / 3, c = 1 / (3 * __builtin_sqrt(d));
  mk_words e = (mk_words)element + (mk_words){0, 1, 2, 3, 4, 5, 6, 7};
  mk_words low = e & MK_LOW, high = e >> 32;
  v8d y = splat(0.0);
  v8i open = (v8i)(-1);
  for (uint64_t attempt = 0; attempt < 0xffff && mk_any(open); attempt++) {
    mk_philox p = mk_philox8(low, high | attempt << 16, r->stream, r->seed);
    v8d x = mk_normals(mk_unit_above(p.w[0], p.w[1]), p.w[2] << 32).a;
    v8d t = 1.0 + c * x, v = t * t * t;
    v8i taken = (t > 0.0) & (mk_log(mk_unit_single(p.w[3])) < 0.5 * x * x + d - d * v + d * mk_log(v));
    y = select8(open & taken, d * v, y);
    open &= ~taken;
  }
  if (r->a < 1) {
    mk_philox p = mk_philox8(low, high | 0xffffULL << 16, r->stream, r->seed);
    y = y * mk_exp(mk_log(mk_unit_above(p.w[0], p.w[1])) / r->a);
  }
  return y * r->b;
}
MK_DRAW(gamma_f64, double, 1, { *(v8d_u *)to = R(gamma8)(r, block); })
MK_DRAW(gamma_f32, float, 1, { *(v8f_u *)to = __builtin_convertvector(R(gamma8)(r, block), v8f); })

static void R(words)(uint64_t seed, uint64_t stream, uint64_t block, int64_t count, uint32_t *out) {
  for (int64_t k = 0; k < count; k += 8) {
    mk_philox p = mk_philox_run(block + (uint64_t)k, stream, seed);
    for (int64_t j = 0; j < 8 && k + j < count; j++)
      for (int i = 0; i < 4; i++) out[4 * (k + j) + i] = (uint32_t)p.w[i][j];
  }
}

const mk_random_table MK_CAT(mk_random_, MK_ISA) = {
    .words = R(words),
    .uniform = {R(uniform_f64), R(uniform_f32)},
    .normal = {R(normal_f64), R(normal_f32)},
    .exponential = {R(exponential_f64), R(exponential_f32)},
    .gamma = {R(gamma_f64), R(gamma_f32)},
    .integers = R(integers),
};
#undef R
