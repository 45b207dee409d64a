// Fourier transforms: every radix, lanes and planes, chirps; in memory that ends with the line.
#include "driver.h"

static const char *const kinds[] = {"forward", "backward", "real-to-half", "half-to-real"};
static const int64_t lengths[] = {
  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,  16,  17,  18,  20,  22,  24,  25,  26,
  27, 28, 30, 31, 32, 33, 35, 36, 39, 40, 44, 48, 49, 52, 56,  60,  64,  72,  77,  88,  91,  96,  97,
  99, 104, 112, 120, 121, 125, 128, 143, 160, 169, 176, 192, 200, 208, 225, 256, 320, 343, 360, 384, 448, 500, 512, 640,
  704, 729, 832, 1000, 1024, 1042, 2048, 4096, 6000,
};

static digest run_line(int isa, int kind, int dtype, int64_t n, int is_usual, int64_t offset) {
  const int64_t size = size_of(dtype), half = 2 * (n / 2 + 1);
  const int64_t taken = kind == mk_fourier_half_to_real ? half : kind == mk_fourier_real_to_half ? n : 2 * n;
  const int64_t given = kind == mk_fourier_real_to_half ? half : kind == mk_fourier_half_to_real ? n : 2 * n;
  mk_fourier_plan *const plan = mk_fourier_make(isa, kind, n, dtype == mk_float32);
  if (!plan) abort();
  char *const x = memory((taken + offset) * size), *const y = memory((given + offset) * size);
  char *const scratch = memory(mk_fourier_scratch(plan) + offset * size);
  source s = source_of((uint64_t)n);
  (is_usual ? fill_usual : fill_elements)(&s, dtype, taken, x + offset * size);
  mk_fourier_run(plan, x + offset * size, y + offset * size, scratch + offset * size);
  digest d = {0};
  add_elements(&d, dtype, y + offset * size, given);
  mk_fourier_free(plan);
  free(x), free(y), free(scratch);
  return d;
}

static void run_roots(int isa) {
  enum { N = 10000 };
  int64_t k[N];
  double *const all = memory(2 * N * 8);
  digest d = {0}, few = {0};
  for (int64_t n = 1; n <= N; n = 3 * n + 1) {
    for (int64_t i = 0; i < n; i++) k[i] = n - 1 - i;
    mk_fourier_table_get(isa)->roots(k, n, n, all);
    add_doubles(&d, all, 2 * n);
    for (int64_t i = 0, count = 1; i < n; i += count, count = count % 11 + 1) {
      if (count > n - i) count = n - i;
      double *const some = memory(2 * count * 8);
      mk_fourier_table_get(isa)->roots(k + i, count, n, some);
      add_doubles(&few, some, 2 * count);
      free(some);
    }
  }
  report("fourier", "roots", "f64", d);
  report_way("fourier", "roots", "f64", "a few at a time", few, d);
  free(all);
}

void run_fourier(int isa) {
  if (mk_fourier_make(isa, mk_fourier_forward, 0, 0) || mk_fourier_make(99, mk_fourier_forward, 1, 0)) abort();
  mk_fourier_free(NULL);
  run_roots(isa);
  for (int kind = 0; kind < COUNT(kinds); kind++)
    for (int single = 0; single < 2; single++) {
      const int dtype = single ? mk_float32 : mk_float64;
      digest usual = {0}, moved = {0}, special = {0};
      for (int64_t k = 0; k < COUNT(lengths); k++) {
        add_word(&usual, run_line(isa, kind, dtype, lengths[k], 1, 0).value);
        add_word(&moved, run_line(isa, kind, dtype, lengths[k], 1, k % 3 + 1).value);
        add_word(&special, run_line(isa, kind, dtype, lengths[k], 0, 0).value);
      }
      report("fourier", kinds[kind], dtype_name(dtype), usual);
      report_way("fourier", kinds[kind], dtype_name(dtype), "elsewhere", moved, usual);
      report("fourier-special", kinds[kind], dtype_name(dtype), special);
    }
}
