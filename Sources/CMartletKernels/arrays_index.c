// Gathering and scattering by index and by mask.
#include "CMartletArrays.h"
#include "CMartletIndexing.h"
#include "elements.h"

#include <string.h>

#pragma STDC FP_CONTRACT OFF

void mk_ramp_real(double start, double step, int64_t count, double *to) {
  for (int64_t k = 0; k < count; k++) to[k] = start + (double)k * step;
}
void mk_ramp_single(float start, float step, int64_t count, float *to) {
  for (int64_t k = 0; k < count; k++) to[k] = start + (float)k * step;
}
void mk_ramp_integer(int64_t start, int64_t step, int64_t count, int64_t *to) {
  for (int64_t k = 0; k < count; k++)
    to[k] = (int64_t)((uint64_t)start + (uint64_t)k * (uint64_t)step);
}

int mk_check_indices(const int64_t *index, int64_t count, int64_t length) {
  // The sign of each term says whether one index is outside. Sums that wrap around come from indices that
  // the other term finds.
  uint64_t outside = 0;
  for (int64_t k = 0; k < count; k++) {
    const uint64_t i = (uint64_t)index[k];
    outside |= i | ((uint64_t)length - 1 - i);
  }
  if (!(outside >> 63)) return 0;
  outside = 0;
  for (int64_t k = 0; k < count; k++) {
    const uint64_t i = (uint64_t)index[k];
    outside |= (i + (uint64_t)length) | ((uint64_t)length - 1 - i);
  }
  return outside >> 63 ? -1 : 1;
}

void mk_wrap_indices(const int64_t *index, int64_t count, int64_t length, int64_t *to) {
  for (int64_t k = 0; k < count; k++) to[k] = index[k] + (index[k] >> 63 & length);
}

// The sizes of elements as types; longer rows as bytes.
#define MK_SIZES(name, bytes, ...)                                  \
  switch (bytes) {                                                  \
    case 1: { name(mk_bits8, __VA_ARGS__) return; }                 \
    case 4: { name(mk_bits32, __VA_ARGS__) return; }                \
    case 8: { name(mk_bits64, __VA_ARGS__) return; }                \
    case 16: { name(mk_bits128, __VA_ARGS__) return; }              \
    default: break;                                                 \
  }

#define MK_TAKE(T, p)                                                                   \
  const int64_t *restrict index = p->index;                                             \
  const int64_t count = p->count;                                                       \
  for (int64_t o = 0; o < p->outer; o++) {                                              \
    const T *restrict x = (const T *)from + o * p->length;                              \
    T *restrict y = (T *)to + o * count;                                                \
    for (int64_t j = 0; j < count; j++) y[j] = x[index[j]];                             \
  }
#define MK_PUT(T, p)                                                                    \
  const int64_t *restrict index = p->index;                                             \
  const int64_t count = p->count;                                                       \
  for (int64_t o = 0; o < p->outer; o++) {                                              \
    const T *restrict x = (const T *)values + o * count;                                \
    T *restrict y = (T *)to + o * p->length;                                            \
    for (int64_t j = 0; j < count; j++) y[index[j]] = x[j];                             \
  }

void mk_take(const mk_places *p, const char *from, char *to) {
  const int64_t row = p->inner * p->size;
  MK_SIZES(MK_TAKE, row, p)
  for (int64_t o = 0; o < p->outer; o++, from += p->length * row)
    for (int64_t j = 0; j < p->count; j++, to += row)
      memcpy(to, from + p->index[j] * row, (size_t)row);
}

// Four indices are read, checked and used while they are in registers.
#define MK_TAKE_CHECKED(T)                                                              \
  {                                                                                     \
    const T *restrict x = (const T *)from;                                              \
    T *restrict y = (T *)to;                                                            \
    int64_t k = 0;                                                                      \
    for (; k + 4 <= count; k += 4) {                                                    \
      const uint64_t a = index[k], b = index[k + 1], c = index[k + 2], d = index[k + 3]; \
      if ((a >= length) | (b >= length) | (c >= length) | (d >= length)) return 0;      \
      y[k] = x[a];                                                                      \
      y[k + 1] = x[b];                                                                  \
      y[k + 2] = x[c];                                                                  \
      y[k + 3] = x[d];                                                                  \
    }                                                                                   \
    for (; k < count; k++) {                                                            \
      const uint64_t a = index[k];                                                      \
      if (a >= length) return 0;                                                        \
      y[k] = x[a];                                                                      \
    }                                                                                   \
    return 1;                                                                           \
  }

int mk_take_checked(const mk_places *p, const char *from, char *to) {
  const uint64_t *restrict index = (const uint64_t *)p->index, length = (uint64_t)p->length;
  const int64_t count = p->count, row = p->inner * p->size;
  switch (row) {
    case 4: MK_TAKE_CHECKED(mk_bits32)
    case 8: MK_TAKE_CHECKED(mk_bits64)
    default: break;
  }
  for (int64_t k = 0; k < count; k++, to += row) {
    if (index[k] >= length) return 0;
    memcpy(to, from + (int64_t)index[k] * row, (size_t)row);
  }
  return 1;
}

void mk_put(const mk_places *p, const char *values, char *to) {
  const int64_t row = p->inner * p->size;
  MK_SIZES(MK_PUT, row, p)
  for (int64_t o = 0; o < p->outer; o++, to += p->length * row)
    for (int64_t j = 0; j < p->count; j++, values += row)
      memcpy(to + p->index[j] * row, values, (size_t)row);
}

#define MK_ADD_AT(T, parts, ...)                                                        \
  {                                                                                     \
    const int64_t row = p->inner * parts;                                               \
    const T *v = values;                                                                \
    T *y = to;                                                                          \
    for (int64_t o = 0; o < p->outer; o++, y += p->length * row)                        \
      for (int64_t j = 0; j < p->count; j++, v += row) {                                \
        T *target = y + p->index[j] * row;                            \
        for (int64_t i = 0; i < row; i++) {                                             \
          const T a = target[i], b = v[i];                                              \
          target[i] = (T)(__VA_ARGS__);                                                 \
        }                                                                               \
      }                                                                                 \
    return;                                                                             \
  }

void mk_add_at(const mk_places *p, const void *values, void *to, int type) {
  switch (type) {
    case mk_float32: MK_ADD_AT(float, 1, a + b)
    case mk_float64: MK_ADD_AT(double, 1, a + b)
    case mk_int32: MK_ADD_AT(uint32_t, 1, a + b)
    case mk_int64: MK_ADD_AT(uint64_t, 1, a + b)
    case mk_uint8: MK_ADD_AT(uint8_t, 1, a + b)
    case mk_bool: MK_ADD_AT(uint8_t, 1, a | b)
    case mk_complex64: MK_ADD_AT(float, 2, a + b)
    case mk_complex128: MK_ADD_AT(double, 2, a + b)
    default: return;
  }
}

#define MK_ALONG(T, p, to_place, from_place)                                            \
  for (int64_t o = 0, k = 0; o < p->outer; o++)                                         \
    for (int64_t j = 0; j < p->count; j++)                                              \
      for (int64_t i = 0; i < p->inner; i++, k++) {                                     \
        const int64_t at = (o * p->length + p->index[k]) * p->inner + i; \
        ((T *)to)[to_place] = ((const T *)from)[from_place];                            \
      }

void mk_take_along(const mk_places *p, const char *from, char *to) {
  MK_SIZES(MK_ALONG, p->size, p, k, at)
}
void mk_put_along(const mk_places *p, const char *from, char *to) {
  MK_SIZES(MK_ALONG, p->size, p, at, k)
}

int64_t mk_count_true(const uint8_t *mask, int64_t count) {
  int64_t total = 0, k = 0;
  // Eight counters in a word, emptied before one of them overflows.
  const uint64_t pairs = 0x00ff00ff00ff00ff;
  while (count - k >= 8) {
    uint64_t sums = 0;
    int64_t end = k + 255 * 8 < count ? k + 255 * 8 : k + (count - k) / 8 * 8;
    for (; k < end; k += 8) {
      uint64_t word;
      memcpy(&word, mask + k, 8);
      sums += word;
    }
    sums = (sums & pairs) + (sums >> 8 & pairs);
    total += (int64_t)(sums * 0x0001000100010001 >> 48);
  }
  for (; k < count; k++) total += mask[k];
  return total;
}

// Without a branch on the mask, which is as good as random: what is not wanted is written over. Bounded
// by what is left, so that nothing is written behind the end.
#define MK_COMPRESS(T)                                                                  \
  {                                                                                     \
    const T *x = (const T *)from;                                                       \
    T *y = (T *)to;                                                                     \
    int64_t n = 0, i = 0;                                                               \
    for (; n + 8 <= left; i += 8)                                                       \
      for (int64_t k = 0; k < 8; k++) {                                                 \
        y[n] = x[i + k];                                                                \
        n += mask[i + k];                                                               \
      }                                                                                 \
    for (; n < left; i++) {                                                             \
      y[n] = x[i];                                                                      \
      n += mask[i];                                                                     \
    }                                                                                   \
    return;                                                                             \
  }

void mk_compress(const uint8_t *mask, int64_t left, const char *from, int64_t size, char *to) {
  switch (size) {
    case 1: MK_COMPRESS(mk_bits8)
    case 4: MK_COMPRESS(mk_bits32)
    case 8: MK_COMPRESS(mk_bits64)
    case 16: MK_COMPRESS(mk_bits128)
    default: break;
  }
  for (int64_t n = 0; n < left; mask++, from += size)
    if (*mask) {
      memcpy(to, from, (size_t)size);
      to += size;
      n++;
    }
}

#define MK_EXPAND(T)                                                                    \
  {                                                                                     \
    const T *x = (const T *)from;                                                       \
    T *y = (T *)to;                                                                     \
    for (int64_t n = 0, i = 0; n < left; i++) {                                         \
      y[i] = mask[i] ? x[n] : y[i];                                                     \
      n += mask[i];                                                                     \
    }                                                                                   \
    return;                                                                             \
  }

void mk_expand(const uint8_t *mask, int64_t left, const char *from, int64_t size, char *to) {
  switch (size) {
    case 1: MK_EXPAND(mk_bits8)
    case 4: MK_EXPAND(mk_bits32)
    case 8: MK_EXPAND(mk_bits64)
    default: break;
  }
  for (int64_t n = 0; n < left; mask++, to += size)
    if (*mask) {
      memcpy(to, from, (size_t)size);
      from += size;
      n++;
    }
}

// The set places of one row of the last axis; `left` bounds what may be written.
static int64_t row_places(const uint8_t *mask, int64_t length, int64_t left, int64_t *to,
                          int64_t stride) {
  int64_t n = 0, i = 0;
  if (stride == 1)
    for (; i + 8 <= length && n + 8 <= left; i += 8)
      for (int64_t k = 0; k < 8; k++) {
        to[n] = i + k;
        n += mask[i + k];
      }
  for (; i < length && n < left; i++) {
    to[n * stride] = i;
    n += mask[i];
  }
  return n;
}

void mk_nonzero(const uint8_t *mask, const int64_t *shape, int64_t rank, int64_t left,
                int64_t *const *to, int64_t stride) {
  if (rank == 0) return;
  int64_t index[MK_MAX_RANK] = {0};
  const int64_t length = shape[rank - 1];
  for (int64_t done = 0; done < left; mask += length) {
    int64_t n = row_places(mask, length, left - done, to[rank - 1] + done * stride, stride);
    for (int64_t axis = 0; axis < rank - 1; axis++) {
      int64_t *y = to[axis] + done * stride;
      for (int64_t k = 0; k < n; k++) y[k * stride] = index[axis];
    }
    done += n;
    for (int64_t axis = rank - 2; axis >= 0 && ++index[axis] == shape[axis]; axis--) index[axis] = 0;
  }
}
