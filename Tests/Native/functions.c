// The elementary functions of math.def: numbers of every size, special values, and bits drawn at random.
#include "driver.h"

enum { N = 4000 };

static void fill_arguments(uint64_t seed, int64_t size, void *to) {
  source s = source_of(seed);
  for (int64_t k = 0; k < N; k++) {
    // Of every binary exponent, since what is drawn evenly is hardly ever small.
    const double scaled = between(&s, -2, 2) * (double)(1ull << below(&s, 12)) / (double)(1ull << below(&s, 30));
    if (k % 2) fill_elements(&s, size == 8 ? mk_float64 : mk_float32, 1, (char *)to + k * size);
    else if (size == 8) ((double *)to)[k] = scaled;
    else ((float *)to)[k] = (float)scaled;
  }
}

void run_functions(int isa) {
  for (int function = 0; function < mk_math_count; function++)
    for (int64_t size = 8; size >= 4; size -= 4) {
      const mk_math_kernel kernel = mk_math_get(isa, function, size);
      const int dtype = size == 8 ? mk_float64 : mk_float32;
      char *const x = memory(N * size), *const y = memory(N * size), *const out = memory(N * size);
      fill_arguments((uint64_t)function, size, x);
      fill_arguments((uint64_t)function + 1000, size, y);
      digest whole = {0}, cut = {0}, in_place = {0};
      kernel(x, y, out, N);
      add_elements(&whole, dtype, out, N);
      // Any number of elements from any place, in memory that ends with them.
      for (int64_t from = 0, n = 1; from < N; from += n, n = n % 70 + 1) {
        if (n > N - from) n = N - from;
        char *const a = memory(n * size), *const b = memory(n * size), *const c = memory(n * size);
        memcpy(a, x + from * size, (size_t)(n * size));
        memcpy(b, y + from * size, (size_t)(n * size));
        kernel(a, b, c, n);
        add_elements(&cut, dtype, c, n);
        free(a), free(b), free(c);
      }
      kernel(x, y, x, N);
      add_elements(&in_place, dtype, x, N);
      report("function", mk_math_name(function), dtype_name(dtype), whole);
      report_way("function", mk_math_name(function), dtype_name(dtype), "a few at a time", cut, whole);
      report_way("function", mk_math_name(function), dtype_name(dtype), "in place", in_place, whole);
      free(x), free(y), free(out);
    }
}
