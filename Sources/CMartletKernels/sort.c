// Sorting on every instruction set there is, and what is the same on all of them.
#include "CMartletSorting.h"

#include <stddef.h>
#include <string.h>

#include "CMartletKernels.h"
#include "Bodies/vector.inc.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// Four tables of counts, so that equal neighbours do not wait for each other.
static void count_bytes(const uint8_t *source, int64_t n, int64_t counts[256]) {
  int64_t four[4][256] = {{0}};
  int64_t k = 0;
  for (; k + 4 <= n; k += 4)
    for (int j = 0; j < 4; j++) four[j][source[k + j]]++;
  for (; k < n; k++) four[0][source[k]]++;
  for (int value = 0; value < 256; value++)
    counts[value] = four[0][value] + four[1][value] + four[2][value] + four[3][value];
}

static void mk_sort_bytes(const uint8_t *source, uint8_t *destination, int64_t n, int descending) {
  int64_t counts[256];
  count_bytes(source, n, counts);
  for (int step = 0; step < 256; step++) {
    const int value = descending ? 255 - step : step;
    memset(destination, value, (size_t)counts[value]);
    destination += counts[value];
  }
}

static void mk_argsort_bytes(const uint8_t *source, int64_t *indices, int64_t n, int descending) {
  int64_t places[256], place = 0;
  count_bytes(source, n, places);
  for (int step = 0; step < 256; step++) {
    const int value = descending ? 255 - step : step;
    const int64_t count = places[value];
    places[value] = place;
    place += count;
  }
  for (int64_t k = 0; k < n; k++) indices[places[source[k]]++] = k;
}

#define MK_ISA baseline
#define MK_SORT_ROWS 4
#include "Bodies/sort.inc.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,popcnt"))), apply_to = function)
#define MK_ISA avx2
#define MK_SORT_ROWS 8
#include "Bodies/sort_split_avx2.inc.h"
#include "Bodies/sort.inc.h"
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,popcnt"), min_vector_width(512))), apply_to = function)
#define MK_ISA avx512
#define MK_SORT_ROWS 16
#include "Bodies/sort_split_avx512.inc.h"
#include "Bodies/sort.inc.h"
#pragma clang attribute pop
#endif
