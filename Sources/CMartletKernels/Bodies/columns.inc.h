// Eight runs of eight elements to eight others, rows to columns. Halves are put together as they are loaded, and
// then nothing crosses the middle of a register, which is slow on some processors.
#if MK_SINGLE
typedef v8f N(vector);
typedef v8f_u N(vector_u);
#define HALVES(k, first) \
  __builtin_shufflevector(*(const v4f_u *)(from[k] + first), *(const v4f_u *)(from[k + 4] + first), 0, 1, 2, 3, 4, 5, 6, 7)

MK_INLINE void N(columns)(const MK_T *const *from, int64_t first, N(vector) * to) {
  const v8f a = HALVES(0, first), b = HALVES(1, first), c = HALVES(2, first), d = HALVES(3, first);
  const v8f ab = __builtin_shufflevector(a, b, 0, 8, 1, 9, 4, 12, 5, 13),
            cd = __builtin_shufflevector(c, d, 0, 8, 1, 9, 4, 12, 5, 13),
            ab2 = __builtin_shufflevector(a, b, 2, 10, 3, 11, 6, 14, 7, 15),
            cd2 = __builtin_shufflevector(c, d, 2, 10, 3, 11, 6, 14, 7, 15);
  to[0] = __builtin_shufflevector(ab, cd, 0, 1, 8, 9, 4, 5, 12, 13);
  to[1] = __builtin_shufflevector(ab, cd, 2, 3, 10, 11, 6, 7, 14, 15);
  to[2] = __builtin_shufflevector(ab2, cd2, 0, 1, 8, 9, 4, 5, 12, 13);
  to[3] = __builtin_shufflevector(ab2, cd2, 2, 3, 10, 11, 6, 7, 14, 15);
}
#else
typedef v8d N(vector);
typedef v8d_u N(vector_u);
#define HALVES(k, first) \
  __builtin_shufflevector(*(const v2d_u *)(from[k] + first), *(const v2d_u *)(from[k + 2] + first), 0, 1, 2, 3)
#define WHOLE(x, y) __builtin_shufflevector(x, y, 0, 1, 2, 3, 4, 5, 6, 7)

MK_INLINE void N(columns)(const MK_T *const *from, int64_t first, N(vector) * to) {
  for (int64_t k = 0; k < 4; k += 2) {
    const v4d a = HALVES(0, first + k), b = HALVES(1, first + k), c = HALVES(4, first + k), d = HALVES(5, first + k);
    to[k] = WHOLE(__builtin_shufflevector(a, b, 0, 4, 2, 6), __builtin_shufflevector(c, d, 0, 4, 2, 6));
    to[k + 1] = WHOLE(__builtin_shufflevector(a, b, 1, 5, 3, 7), __builtin_shufflevector(c, d, 1, 5, 3, 7));
  }
}
#undef WHOLE
#endif
#undef HALVES
