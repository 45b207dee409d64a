// Conditions as bits for one instruction set. Set before: MK_ISA.
#define G(name) MK_CAT(MK_CAT(name##_, MK_ISA), _signal)

typedef double mk_v8ds __attribute__((ext_vector_type(8), aligned(8)));
typedef _Bool mk_v8b __attribute__((ext_vector_type(8)));

#define MK_BITS8(mask) ((uint64_t)__builtin_bit_cast(uint8_t, __builtin_convertvector(mask, mk_v8b)))

MK_INLINE mk_v8ds G(whole)(const double *x, int64_t rest) {
  (void)rest;
  return *(const mk_v8ds *)x;
}

// Eight elements, NaN past the last one.
MK_INLINE mk_v8ds G(last)(const double *x, int64_t rest) {
  mk_v8ds v = __builtin_nan("");
  for (int64_t k = 0; k < 8 && k < rest; k++) v[k] = x[k];
  return v;
}

MK_INLINE mk_v8ds G(same)(const double *x, int64_t rest) {
  (void)rest;
  return *x;
}

// Whole words, then the last one: `word_of(load, k, end)` makes the bits of bars k ..< k + end.
#define MK_WORDS(word_of)                                             \
  for (int64_t w = 0; w < count >> 6; w++) word_of(whole, (w << 6), 64) \
  {                                                                   \
    const int64_t w = count >> 6;                                     \
    word_of(last, (w << 6), (count - (w << 6)))                           \
  }

#define MK_RELATION(load, load_y, y_place, end, start)            \
  {                                                               \
    uint64_t l = 0, g = 0, d = 0;                                 \
    for (int64_t at = 0; at < end; at += 8) {                     \
      const mk_v8ds p = G(load)(x + start + at, end - at);        \
      const mk_v8ds q = G(load_y)(y_place, end - at);             \
      l |= MK_BITS8(p < q) << at;                                 \
      g |= MK_BITS8(p > q) << at;                                 \
      d |= MK_BITS8((p == p) & (q == q)) << at;                   \
    }                                                             \
    less[w] = l;                                                  \
    greater[w] = g;                                               \
    defined[w] = d;                                               \
  }
#define MK_RELATION_OF(load, start, end) MK_RELATION(load, load, y + start + at, end, start)
#define MK_RELATION_TO(load, start, end) MK_RELATION(load, same, &y, end, start)

static void G(relation)(const double *x, const double *y, int64_t count, uint64_t *less,
                        uint64_t *greater, uint64_t *defined) {
  MK_WORDS(MK_RELATION_OF)
}

static void G(relation_to)(const double *x, double y, int64_t count, uint64_t *less,
                           uint64_t *greater, uint64_t *defined) {
  MK_WORDS(MK_RELATION_TO)
}

const mk_signal_table MK_CAT(mk_signals_, MK_ISA) = {
    .relation = G(relation),
    .relation_to = G(relation_to),
};
#undef G
