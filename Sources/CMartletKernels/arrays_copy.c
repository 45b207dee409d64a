// Copies between strided memory.
#include "CMartletArrays.h"
#include "CMartletIndexing.h"
#include "elements.h"

#include <string.h>

typedef struct {
  int64_t length, to, from;
} mk_axis;

static int64_t magnitude(int64_t x) { return x < 0 ? -x : x; }

// Axes in the order in which the destination lies in memory, neighbours without gaps as one.
static int64_t arrange(const int64_t *to, const int64_t *from, const int64_t *shape, int64_t rank,
                       mk_axis *axes) {
  int64_t count = 0;
  for (int64_t k = 0; k < rank; k++) {
    if (shape[k] == 1) continue;
    int64_t place = count++;
    for (; place > 0 && magnitude(axes[place - 1].to) < magnitude(to[k]); place--)
      axes[place] = axes[place - 1];
    axes[place] = (mk_axis){shape[k], to[k], from[k]};
  }
  int64_t kept = 0;
  for (int64_t k = 0; k < count; k++) {
    mk_axis *last = &axes[kept - 1];
    if (kept > 0 && last->to == axes[k].to * axes[k].length &&
        last->from == axes[k].from * axes[k].length) {
      last->length *= axes[k].length;
      last->to = axes[k].to;
      last->from = axes[k].from;
    } else {
      axes[kept++] = axes[k];
    }
  }
  return kept;
}

// A cache line, wherever it begins.
typedef uint64_t mk_line __attribute__((ext_vector_type(8), aligned(1), may_alias));

// turn: neighbours of the source lie along p, those of the destination along q; blocks use every cache
// line that they touch, and few pages at once. A line is read before it is written: the compiler would
// not know that the two do not overlap.
#define MK_PLANE(T)                                                                         \
  static void rows_##T(char *to, const char *from, mk_axis p, mk_axis q) {                  \
    for (int64_t i = 0; i < p.length; i++, to += p.to, from += p.from) {                    \
      if (q.from == 0) {                                                                    \
        const T x = *(const T *)from;                                                       \
        if (q.to == sizeof(T))                                                              \
          for (int64_t k = 0; k < q.length; k++) ((T *)to)[k] = x;                          \
        else                                                                                \
          for (int64_t k = 0; k < q.length; k++) *(T *)(to + k * q.to) = x;                 \
      } else if (q.to == sizeof(T) && q.from == sizeof(T)) {                                \
        for (int64_t k = 0; k < q.length; k++) ((T *)to)[k] = ((const T *)from)[k];         \
      } else if (q.to == sizeof(T)) {                                                       \
        for (int64_t k = 0; k < q.length; k++) ((T *)to)[k] = *(const T *)(from + k * q.from); \
      } else {                                                                              \
        for (int64_t k = 0; k < q.length; k++) *(T *)(to + k * q.to) = *(const T *)(from + k * q.from); \
      }                                                                                     \
    }                                                                                       \
  }                                                                                         \
  static void turn_##T(char *to, const char *from, mk_axis p, mk_axis q) {                  \
    enum { P = 256, Q = sizeof(mk_line) / sizeof(T) };                                      \
    for (int64_t pb = 0; pb < p.length; pb += P) {                                          \
      const int64_t pe = pb + P < p.length ? pb + P : p.length;                             \
      for (int64_t qb = 0; qb < q.length; qb += Q) {                                        \
        const int64_t n = q.length - qb;                                                    \
        for (int64_t i = pb; i < pe; i++) {                                                 \
          char *y = to + i * p.to + qb * q.to;                                              \
          const char *x = from + i * p.from + qb * q.from;                                  \
          if (n >= Q && q.to == sizeof(T)) {                                                \
            union {                                                                         \
              T elements[Q];                                                                \
              mk_line all;                                                                  \
            } line;                                                                         \
            for (int64_t k = 0; k < Q; k++) line.elements[k] = *(const T *)(x + k * q.from);\
            *(mk_line *)y = line.all;                                                       \
          } else {                                                                          \
            for (int64_t k = 0; k < Q && k < n; k++)                                        \
              *(T *)(y + k * q.to) = *(const T *)(x + k * q.from);                          \
          }                                                                                 \
        }                                                                                   \
      }                                                                                     \
    }                                                                                       \
  }
MK_PLANE(mk_bits8)
MK_PLANE(mk_bits32)
MK_PLANE(mk_bits64)
MK_PLANE(mk_bits128)

static void plane(char *to, const char *from, mk_axis p, mk_axis q, int64_t size, int turned) {
  if (q.to == size && q.from == size && q.length * size >= 128) {
    for (int64_t k = 0; k < p.length; k++)
      memcpy(to + k * p.to, from + k * p.from, (size_t)(q.length * size));
    return;
  }
  switch (size) {
    case 1: (turned ? turn_mk_bits8 : rows_mk_bits8)(to, from, p, q); return;
    case 4: (turned ? turn_mk_bits32 : rows_mk_bits32)(to, from, p, q); return;
    case 8: (turned ? turn_mk_bits64 : rows_mk_bits64)(to, from, p, q); return;
    default: (turned ? turn_mk_bits128 : rows_mk_bits128)(to, from, p, q);
  }
}

void mk_copy(char *to, const int64_t *to_strides, const char *from, const int64_t *from_strides,
             const int64_t *shape, int64_t rank, int64_t size) {
  for (int64_t k = 0; k < rank; k++)
    if (shape[k] == 0) return;
  mk_axis axes[MK_MAX_RANK];
  int64_t count = arrange(to_strides, from_strides, shape, rank, axes);
  const mk_axis one = {1, 0, 0};
  if (count == 0) {
    plane(to, from, one, (mk_axis){1, size, size}, size, 0);
    return;
  }
  const mk_axis q = axes[--count];
  int64_t other = count - 1;
  for (int64_t k = 0; k < count; k++)
    if (magnitude(axes[k].from) < magnitude(axes[other].from) && axes[k].from != 0) other = k;
  const int turned = other >= 0 && axes[other].from != 0 && q.from != 0 &&
                     magnitude(axes[other].from) < magnitude(q.from);
  if (!turned) other = count - 1;
  mk_axis p = one;
  if (other >= 0) {
    p = axes[other];
    for (int64_t k = other; k + 1 < count; k++) axes[k] = axes[k + 1];
    count--;
  }
  int64_t index[MK_MAX_RANK] = {0};
  for (;;) {
    plane(to, from, p, q, size, turned);
    int64_t k = count - 1;
    for (; k >= 0; k--) {
      to += axes[k].to;
      from += axes[k].from;
      if (++index[k] < axes[k].length) break;
      to -= axes[k].to * axes[k].length;
      from -= axes[k].from * axes[k].length;
      index[k] = 0;
    }
    if (k < 0) return;
  }
}
