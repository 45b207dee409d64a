// By dtype. Bytes are counted, or when they are few sorted as keys (value, index); everything else goes
// by way of its own keys.
#define MK_FEW 256  // bytes
static void N(few_bytes)(const uint8_t *source, int64_t n, int flip, int32_t *keys) {
  for (int64_t k = 0; k < n; k++) keys[k] = (source[k] ^ flip) << 8 | (int32_t)k;
  N(quicksort_32)(keys, n, 0, N(depth_32)(n));
}

static void N(sort_bytes)(const uint8_t *source, uint8_t *destination, int64_t n, int descending) {
  if (n > MK_FEW) return mk_sort_bytes(source, destination, n, descending);
  const int flip = descending ? 255 : 0;
  int32_t keys[MK_FEW];
  N(few_bytes)(source, n, flip, keys);
  for (int64_t k = 0; k < n; k++) destination[k] = (uint8_t)(keys[k] >> 8 ^ flip);
}

static void N(argsort_bytes)(const uint8_t *source, int64_t *indices, int64_t n, int descending) {
  if (n > MK_FEW) return mk_argsort_bytes(source, indices, n, descending);
  int32_t keys[MK_FEW];
  N(few_bytes)(source, n, descending ? 255 : 0, keys);
  for (int64_t k = 0; k < n; k++) indices[k] = keys[k] & 255;
}
#undef MK_FEW

static void N(sort)(int dtype, const void *source, void *destination, int64_t n, int descending) {
  if (dtype == mk_uint8 || dtype == mk_bool)
    N(sort_bytes)(source, destination, n, descending);
  else if (dtype == mk_float64 || dtype == mk_int64)
    N(sort_64)(source, destination, n, dtype == mk_float64, descending);
  else
    N(sort_32)(source, destination, n, dtype == mk_float32, descending);
}

static void N(argsort)(int dtype, const void *source, int64_t *indices, int64_t n, int descending) {
  if (dtype == mk_uint8 || dtype == mk_bool)
    N(argsort_bytes)(source, indices, n, descending);
  else if (dtype == mk_float64 || dtype == mk_int64)
    N(argsort_64)(source, indices, n, dtype == mk_float64, descending);
  else
    N(argsort_32)(source, indices, n, dtype == mk_float32, descending);
}

static void N(select)(int dtype, const void *source, void *destination, int64_t n,
                      const int64_t *ranks, int64_t count) {
  if (dtype == mk_uint8 || dtype == mk_bool)
    N(sort_bytes)(source, destination, n, 0);
  else if (dtype == mk_float64 || dtype == mk_int64)
    N(select_64)(source, destination, n, dtype == mk_float64, ranks, count);
  else
    N(select_32)(source, destination, n, dtype == mk_float32, ranks, count);
}

// Several searches in step: their memory accesses overlap and nothing is predicted. A NaN looked for
// compares as beyond nothing; it is put where the NaNs are afterwards.
#define MK_SEARCH(name, T)                                                                     \
  MK_INLINE void N(name##_some)(const T *sorted, int64_t n, const T *values, int right,        \
                                int64_t *out, int count) {                                     \
    int64_t place[16] = {0};                                                                   \
    T value[16];                                                                               \
    int nan = 0;                                                                               \
    for (int j = 0; j < count; j++) value[j] = values[j];                                      \
    for (int64_t length = n; length > 0;) {                                                    \
      const int64_t half = (length + 1) / 2;                                                   \
      for (int j = 0; j < count; j++) {                                                        \
        const T x = sorted[place[j] + half - 1];                                               \
        place[j] += (right ? x <= value[j] : x < value[j]) ? half : 0;                         \
      }                                                                                        \
      length -= half;                                                                          \
    }                                                                                          \
    for (int j = 0; j < count; j++) {                                                          \
      out[j] = place[j];                                                                       \
      nan |= value[j] != value[j];                                                             \
    }                                                                                          \
    if (!nan) return;                                                                          \
    int64_t numbers = 0;                                                                       \
    for (int64_t length = n; length > 0; length /= 2)                                          \
      if (sorted[numbers + (length - 1) / 2] == sorted[numbers + (length - 1) / 2])            \
        numbers += (length + 1) / 2;                                                           \
    for (int j = 0; j < count; j++)                                                            \
      if (value[j] != value[j]) out[j] = right ? n : numbers;                                  \
  }                                                                                            \
  MK_INLINE void N(name##_side)(const T *sorted, int64_t n, const T *values, int64_t m,        \
                                int right, int64_t *out) {                                     \
    int64_t k = 0;                                                                             \
    for (; m - k >= 16; k += 16) N(name##_some)(sorted, n, values + k, right, out + k, 16);    \
    for (; m - k >= 4; k += 4) N(name##_some)(sorted, n, values + k, right, out + k, 4);       \
    for (; k < m; k++) N(name##_some)(sorted, n, values + k, right, out + k, 1);               \
  }                                                                                            \
  static void N(name)(const T *sorted, int64_t n, const T *values, int64_t m, int right,       \
                      int64_t *out) {                                                          \
    if (right)                                                                                 \
      N(name##_side)(sorted, n, values, m, 1, out);                                            \
    else                                                                                       \
      N(name##_side)(sorted, n, values, m, 0, out);                                            \
  }
MK_SEARCH(search_float32, float)
MK_SEARCH(search_float64, double)
MK_SEARCH(search_int32, int32_t)
MK_SEARCH(search_int64, int64_t)
MK_SEARCH(search_uint8, uint8_t)
#undef MK_SEARCH

static void N(search)(int dtype, const void *sorted, int64_t n, const void *values, int64_t m,
                      int right, int64_t *out) {
  switch (dtype) {
    case mk_float32: N(search_float32)(sorted, n, values, m, right, out); break;
    case mk_float64: N(search_float64)(sorted, n, values, m, right, out); break;
    case mk_int32: N(search_int32)(sorted, n, values, m, right, out); break;
    case mk_int64: N(search_int64)(sorted, n, values, m, right, out); break;
    default: N(search_uint8)(sorted, n, values, m, right, out); break;
  }
}

const mk_sort_table N(mk_sort) = {N(sort), N(argsort), N(select), N(search)};
