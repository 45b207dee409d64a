// Copies, indices, masks, scans, bins, interpolation; and rows of lanes to and from [symbols, time].
#include "driver.h"

static const int64_t sizes[] = {1, 4, 8, 16, 24};

static void run_copies(void) {
  // Shapes with the strides, in elements, of what is read: plain, turned, every other, one for all, backwards.
  static const struct {
    int64_t rank, shape[3], strides[3], first, count;
  } cases[] = {
    {1, {100}, {1}, 0, 100}, {1, {33}, {3}, 0, 97}, {1, {50}, {-1}, 49, 50}, {2, {7, 9}, {9, 1}, 0, 63},
    {2, {70, 90}, {1, 70}, 0, 6300}, {2, {300, 17}, {1, 300}, 0, 5100}, {2, {5, 40}, {0, 1}, 0, 40}, {2, {40, 5}, {1, 0}, 0, 40},
    {3, {4, 6, 8}, {8, 32, 1}, 0, 192}, {3, {6, 5, 4}, {1, 6, 30}, 0, 120}, {3, {3, 1, 20}, {40, 7, -2}, 38, 119},
  };
  for (int64_t k = 0; k < 4; k++) {
    digest d = {0};
    for (int64_t j = 0; j < COUNT(cases); j++) {
      const int64_t size = sizes[k], rank = cases[j].rank;
      int64_t count = 1, to_strides[3], from_strides[3];
      for (int64_t axis = rank - 1; axis >= 0; axis--) {
        to_strides[axis] = count * size;
        from_strides[axis] = cases[j].strides[axis] * size;
        count *= cases[j].shape[axis];
      }
      source s = source_of((uint64_t)j);
      char *const from = memory(cases[j].count * size), *const to = memory(count * size);
      fill_elements(&s, mk_uint8, cases[j].count * size, from);
      mk_copy(to, to_strides, from + cases[j].first * size, from_strides, cases[j].shape, rank, size);
      add_bytes(&d, to, count * size);
      free(from), free(to);
    }
    char name[24];
    snprintf(name, sizeof name, "%lld-bytes", (long long)sizes[k]);
    report("move", "copy", name, d);
  }
}

static void run_ramps(void) {
  static const double steps[][2] = {{0, 0.1}, {-3.7, 1.0 / 3}, {1e300, -1e297}, {0.1, 0}};
  digest d = {0}, single = {0}, whole = {0};
  for (int64_t k = 0; k < COUNT(steps); k++)
    for (int64_t n = 1; n < 300; n += 37) {
      double *const x = memory(n * 8);
      float *const y = memory(n * 4);
      int64_t *const z = memory(n * 8);
      mk_ramp_real(steps[k][0], steps[k][1], n, x);
      mk_ramp_single((float)(k == 2 ? 1e30 : steps[k][0]), (float)(k == 2 ? 1e27 : steps[k][1]), n, y);
      mk_ramp_integer(k == 2 ? INT64_MAX - 5 : k, k - 1, n, z);
      add_doubles(&d, x, n);
      add_floats(&single, y, n);
      add_bytes(&whole, z, n * 8);
      free(x), free(y), free(z);
    }
  report("move", "ramp", "f64", d);
  report("move", "ramp", "f32", single);
  report("move", "ramp", "i64", whole);
}

static void run_places(void) {
  digest take = {0}, put = {0}, along = {0}, signs = {0};
  static const int64_t shapes[][4] = {{1, 50, 1, 200}, {3, 20, 1, 33}, {1, 10, 5, 17}, {4, 9, 3, 7}, {2, 5, 40, 1}};
  for (int64_t j = 0; j < COUNT(shapes); j++)
    for (int64_t k = 0; k < COUNT(sizes); k++) {
      const int64_t outer = shapes[j][0], length = shapes[j][1], inner = shapes[j][2], count = shapes[j][3], size = sizes[k];
      source s = source_of((uint64_t)(10 * j + k));
      int64_t *const index = memory(outer * count * inner * 8), *const raw = memory(count * 8);
      for (int64_t i = 0; i < outer * count * inner; i++) index[i] = below(&s, length);
      for (int64_t i = 0; i < count; i++) raw[i] = below(&s, 2 * length) - length;
      const mk_places p = {.index = index, .outer = outer, .length = length, .inner = inner, .count = count, .size = size};
      char *const from = memory(outer * length * inner * size), *const to = memory(outer * count * inner * size);
      fill_elements(&s, mk_uint8, outer * length * inner * size, from);
      add_word(&signs, (uint64_t)mk_check_indices(index, count, length));
      add_word(&signs, (uint64_t)mk_check_indices(raw, count, length));
      raw[below(&s, count)] = j % 2 ? length : -length - 1;
      add_word(&signs, (uint64_t)mk_check_indices(raw, count, length));
      mk_wrap_indices(raw, count, length, raw);
      add_bytes(&signs, raw, count * 8);
      mk_take(&p, from, to);
      add_bytes(&take, to, outer * count * inner * size);
      if (outer == 1) {
        add_word(&take, (uint64_t)mk_take_checked(&p, from, to));
        add_bytes(&take, to, count * inner * size);
      }
      mk_put(&p, to, from);
      add_bytes(&put, from, outer * length * inner * size);
      if (size <= 16) {
        mk_take_along(&p, from, to);
        add_bytes(&along, to, outer * count * inner * size);
        mk_put_along(&p, to, from);
        add_bytes(&along, from, outer * length * inner * size);
      }
      free(index), free(raw), free(from), free(to);
    }
  report("move", "indices", "i64", signs);
  report("move", "take", "any", take);
  report("move", "put", "any", put);
  report("move", "along", "any", along);
  for (int dtype = 0; dtype < mk_dtype_count; dtype++) {
    digest d = {0};
    source s = source_of((uint64_t)dtype);
    int64_t index[40];
    for (int64_t i = 0; i < 40; i++) index[i] = below(&s, 12);
    const mk_places p = {.index = index, .outer = 2, .length = 12, .inner = 3, .count = 40, .size = size_of(dtype)};
    void *const values = memory(2 * 40 * 3 * size_of(dtype)), *const to = memory(2 * 12 * 3 * size_of(dtype));
    fill_elements(&s, dtype, 2 * 40 * 3, values);
    fill_usual(&s, dtype, 2 * 12 * 3, to);
    mk_add_at(&p, values, to, dtype);
    add_elements(&d, dtype, to, 2 * 12 * 3);
    report("move", "add_at", dtype_name(dtype), d);
    free(values), free(to);
  }
}

static void run_masks(void) {
  digest d = {0};
  for (int64_t n = 0; n < 3000; n = n * 2 + 1)
    for (int share = 0; share < 5; share++)
      for (int64_t k = 0; k < COUNT(sizes); k++) {
        const int64_t size = sizes[k];
        source s = source_of((uint64_t)(n + share));
        uint8_t *const mask = memory(n);
        for (int64_t i = 0; i < n; i++) mask[i] = below(&s, 4) < share;
        const int64_t left = mk_count_true(mask, n);
        char *const from = memory(n * size), *const to = memory(left * size);
        fill_elements(&s, mk_uint8, n * size, from);
        mk_compress(mask, left, from, size, to);
        add_word(&d, (uint64_t)left);
        add_bytes(&d, to, left * size);
        for (int64_t i = 0; i < left * size; i++) to[i] = (char)(to[i] + 1);
        mk_expand(mask, left, to, size, from);
        add_bytes(&d, from, n * size);
        int64_t *const places = memory(3 * left * 8);
        int64_t *const flat[1] = {places}, *const each[3] = {places, places + 1, places + 2};
        mk_nonzero(mask, &n, 1, left, flat, 1);
        add_bytes(&d, places, left * 8);
        const int64_t shape[3] = {1, n % 3 ? 1 : 3, n % 3 ? n : n / 3};
        mk_nonzero(mask, shape, 3, left, each, 3);
        add_bytes(&d, places, 3 * left * 8);
        free(mask), free(from), free(to), free(places);
      }
  report("move", "masks", "any", d);
}

static void run_scans(void) {
  static const char *const names[] = {"sum", "product", "maximum", "minimum"};
  static const int64_t shapes[][3] = {{1, 0, 1}, {1, 40, 1}, {9, 25, 1}, {2, 7, 3}, {3, 5, 200}};
  for (int scan = 0; scan <= mk_scan_minimum; scan++)
    for (int dtype = 0; dtype < mk_dtype_count; dtype++) {
      digest d = {0};
      int there = 0;
      for (int64_t k = 0; k < COUNT(shapes); k++)
        for (int initial = 0; initial < 2; initial++) {
          const int64_t outer = shapes[k][0], length = shapes[k][1], inner = shapes[k][2];
          const int64_t count = outer * (length + initial) * inner;
          source s = source_of((uint64_t)(k + 10 * dtype));
          void *const x = memory(outer * length * inner * size_of(dtype)), *const y = memory(count * size_of(dtype));
          fill_elements(&s, dtype, outer * length * inner, x);
          there = mk_scan(scan, dtype, x, outer, length, inner, initial, y);
          if (there) add_elements(&d, dtype, y, count);
          free(x), free(y);
        }
      if (there) report("scan", names[scan], dtype_name(dtype), d);
    }
}

static void run_bins(void) {
  enum { COUNT_OF = 2000, BINS = 13 };
  source s = source_of(3);
  double *const x = memory(COUNT_OF * 8), *const weights = memory(COUNT_OF * 8), edges[BINS + 1], heights[BINS + 1];
  fill_elements(&s, mk_float64, COUNT_OF, x);
  fill_usual(&s, mk_float64, COUNT_OF, weights);
  digest histogram = {0}, places = {0}, line = {0};
  for (int equal = 0; equal < 2; equal++) {
    for (int64_t k = 0; k <= BINS; k++) {
      edges[k] = equal ? -20 + (double)k * (40.0 / BINS) : (k ? edges[k - 1] : -20) + unit(&s) * 6;
      heights[k] = between(&s, -5, 5);
    }
    if (!equal) heights[4] = INFINITY, heights[8] = heights[9] = NAN;
    int64_t counts[BINS] = {0};
    double sums[BINS] = {0};
    (equal ? mk_histogram : mk_histogram_edges)(x, NULL, COUNT_OF, edges, BINS, counts, NULL);
    (equal ? mk_histogram : mk_histogram_edges)(x, weights, COUNT_OF, edges, BINS, NULL, sums);
    add_bytes(&histogram, counts, sizeof counts);
    add_doubles(&histogram, sums, BINS);
    int64_t *const to = memory(COUNT_OF * 8);
    double *const y = memory(COUNT_OF * 8);
    for (int right = 0; right < 2; right++)
      for (int64_t n = 0; n <= BINS + 1; n++) {
        mk_digitize(x, COUNT_OF, edges, n, right, to);
        add_bytes(&places, to, COUNT_OF * 8);
      }
    for (int64_t n = 1; n <= BINS + 1; n += 4) {
      mk_interpolate(x, COUNT_OF, edges, heights, n, -1, NAN, y);
      add_doubles(&line, y, COUNT_OF);
    }
    free(to), free(y);
  }
  report("move", "histogram", "f64", histogram);
  report("move", "digitize", "f64", places);
  report("move", "interpolate", "f64", line);
  free(x), free(weights);
}

void run_moves(int isa) {
  // These have one body for all instruction sets.
  (void)isa;
  run_copies();
  run_ramps();
  run_places();
  run_masks();
  run_scans();
  run_bins();
}
