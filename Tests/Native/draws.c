// Random numbers and sliding products.
#include "driver.h"

static const int64_t ranges[][2] = {{0, 1}, {1, 5}, {7, 700}, {16, 64}, {33, 3}, {1ll << 40, 200}};

static digest draw_digest(mk_draw draw, const mk_random *r, int dtype) {
  digest d = {0};
  for (int64_t k = 0; k < COUNT(ranges); k++) {
    void *const out = memory(ranges[k][1] * size_of(dtype));
    draw(r, ranges[k][0], ranges[k][1], out);
    add_elements(&d, dtype, out, ranges[k][1]);
    free(out);
  }
  return d;
}

static void run_slide(int dtype, mk_slide slide) {
  static const int64_t shapes[][3] = {{1, 1, 1}, {3, 40, 1}, {64, 100, -1}, {65, 260, 1}, {130, 70, 2}, {7, 300, 1}};
  digest d = {0};
  for (int64_t k = 0; k < COUNT(shapes); k++) {
    const int64_t taps = shapes[k][0], count = shapes[k][1], step = shapes[k][2], size = size_of(dtype);
    const int64_t reach = (taps - 1) * (step < 0 ? -step : step);
    source s = source_of((uint64_t)k);
    char *const x = memory((count + reach) * size), *const g = memory(taps * size), *const out = memory(count * size);
    if (k % 2) fill_usual(&s, dtype, count + reach, x);
    else fill_elements(&s, dtype, count + reach, x);
    fill_usual(&s, dtype, taps, g);
    slide(x + (step < 0 ? reach * size : 0), step, g, taps, out, count);
    add_elements(&d, dtype, out, count);
    free(x), free(g), free(out);
  }
  report("slide", "products", dtype_name(dtype), d);
}

void run_draws(int isa) {
  const mk_random_table *const table = mk_random_table_get(isa);
  digest words = {0};
  for (int64_t k = 0; k < COUNT(ranges); k++) {
    uint32_t *const out = memory(ranges[k][1] * 16);
    table->words(0x123456789abcdef0, 7, (uint64_t)ranges[k][0], ranges[k][1], out);
    add_bytes(&words, out, ranges[k][1] * 16);
    free(out);
  }
  report("draw", "words", "u32", words);
  for (int size = 0; size < 2; size++) {
    const int dtype = size ? mk_float32 : mk_float64;
    const mk_random usual = {.seed = 42, .stream = 3, .a = -1.5, .b = 2.7}, one = {.seed = ~0ull, .stream = 1, .a = 0.3, .b = 1};
    digest d = draw_digest(table->uniform[size], &usual, dtype);
    report("draw", "uniform", dtype_name(dtype), d);
    report("draw", "normal", dtype_name(dtype), draw_digest(table->normal[size], &usual, dtype));
    report("draw", "exponential", dtype_name(dtype), draw_digest(table->exponential[size], &one, dtype));
    d = draw_digest(table->gamma[size], &one, dtype);
    const mk_random large = {.seed = 5, .a = 7.5, .b = 0.5};
    add_word(&d, draw_digest(table->gamma[size], &large, dtype).value);
    report("draw", "gamma", dtype_name(dtype), d);
  }
  static const uint64_t widths[] = {1, 6, 1000, 0xfffffff0, 0x100000001, 0xc000000000000001, 0};
  digest integers = {0};
  for (int64_t k = 0; k < COUNT(widths); k++) {
    const mk_random r = {.seed = 9, .stream = (uint64_t)k, .first = k == 6 ? INT64_MIN : -3, .range = widths[k]};
    add_word(&integers, draw_digest(table->integers, &r, mk_int64).value);
  }
  report("draw", "integers", "i64", integers);

  const mk_convolution_table *const slides = mk_convolution_table_get(isa);
  run_slide(mk_float64, slides->float64);
  run_slide(mk_float32, slides->float32);
  run_slide(mk_int64, slides->int64);
  run_slide(mk_int32, slides->int32);
  run_slide(mk_uint8, slides->uint8);
}
