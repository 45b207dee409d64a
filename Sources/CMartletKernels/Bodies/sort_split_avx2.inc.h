// Parting around a pivot with AVX2, which has no compression: the order comes from tables.
#define MK_ONES(mask) __builtin_popcount(mask)
// Where lane j of `lanes` goes: lanes with a bit in the mask up from 0, the others down from the end.
#define MK_TO(mask, j, lanes)                                      \
  ((mask) >> (j) & 1 ? MK_ONES((mask) & ((1 << (j)) - 1))          \
                     : lanes - 1 - ((j) - MK_ONES((mask) & ((1 << (j)) - 1))))
#define MK_ONE(mask, j) ((uint64_t)(j) << 8 * MK_TO(mask, j, 8))
#define MK_ORDER_8(m)                                                                        \
  (MK_ONE(m, 0) | MK_ONE(m, 1) | MK_ONE(m, 2) | MK_ONE(m, 3) | MK_ONE(m, 4) | MK_ONE(m, 5) | \
   MK_ONE(m, 6) | MK_ONE(m, 7))
#define MK_TWO(mask, j) ((uint64_t)(2 * (j) | (2 * (j) + 1) << 8) << 16 * MK_TO(mask, j, 4))
#define MK_ORDER_4(m) (MK_TWO(m, 0) | MK_TWO(m, 1) | MK_TWO(m, 2) | MK_TWO(m, 3))
#define MK_FOUR(order, m) order(m), order((m) + 1), order((m) + 2), order((m) + 3)
#define MK_SIXTEEN(order, m) \
  MK_FOUR(order, m), MK_FOUR(order, (m) + 4), MK_FOUR(order, (m) + 8), MK_FOUR(order, (m) + 12)
#define MK_SIXTY_FOUR(order, m)                                                        \
  MK_SIXTEEN(order, m), MK_SIXTEEN(order, (m) + 16), MK_SIXTEEN(order, (m) + 32), \
      MK_SIXTEEN(order, (m) + 48)

static const uint64_t orders_8[256] = {
    MK_SIXTY_FOUR(MK_ORDER_8, 0), MK_SIXTY_FOUR(MK_ORDER_8, 64), MK_SIXTY_FOUR(MK_ORDER_8, 128),
    MK_SIXTY_FOUR(MK_ORDER_8, 192)};
static const uint64_t orders_4[16] = {MK_SIXTEEN(MK_ORDER_4, 0)};

MK_INLINE __m256i in_order(__m256i v, uint64_t order) {
  return _mm256_permutevar8x32_epi32(v, _mm256_cvtepu8_epi32(_mm_cvtsi64_si128((long long)order)));
}

#define MK_SPLIT_32(v, pivot, left, right)                                                      \
  {                                                                                             \
    const union {                                                                               \
      __typeof__(v) whole;                                                                      \
      __m256i half[2];                                                                          \
    } parts = {v};                                                                              \
    for (int h = 0; h < 2; h++) {                                                               \
      const __m256i below = _mm256_cmpgt_epi32(_mm256_set1_epi32(pivot), parts.half[h]);        \
      const unsigned mask = (unsigned)_mm256_movemask_ps((__m256)below);                        \
      const __m256i both = in_order(parts.half[h], orders_8[mask]);                             \
      _mm256_storeu_si256((__m256i *)*(left), both);                                            \
      _mm256_storeu_si256((__m256i *)(*(right) - 8), both);                                     \
      *(left) += MK_ONES(mask);                                                                 \
      *(right) -= 8 - MK_ONES(mask);                                                            \
    }                                                                                           \
  }
#define MK_SPLIT_64(v, pivot, left, right)                                                      \
  {                                                                                             \
    const union {                                                                               \
      __typeof__(v) whole;                                                                      \
      __m256i half[2];                                                                          \
    } parts = {v};                                                                              \
    for (int h = 0; h < 2; h++) {                                                               \
      const __m256i below = _mm256_cmpgt_epi64(_mm256_set1_epi64x(pivot), parts.half[h]);       \
      const unsigned mask = (unsigned)_mm256_movemask_pd((__m256d)below);                       \
      const __m256i both = in_order(parts.half[h], orders_4[mask]);                             \
      _mm256_storeu_si256((__m256i *)*(left), both);                                            \
      _mm256_storeu_si256((__m256i *)(*(right) - 4), both);                                     \
      *(left) += MK_ONES(mask);                                                                 \
      *(right) -= 4 - MK_ONES(mask);                                                            \
    }                                                                                           \
  }
