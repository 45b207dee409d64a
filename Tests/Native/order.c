// Sorting, selection and search in rows.
#include "driver.h"

static const int dtypes[] = {mk_float32, mk_float64, mk_int32, mk_int64, mk_uint8, mk_bool};

enum { anything, usual, rising, falling, few, equal, kind_count };

static void fill_row(int kind, int dtype, int64_t n, char *x) {
  source s = source_of((uint64_t)(n + 100000 * kind));
  const int64_t size = size_of(dtype);
  if (kind == anything) fill_elements(&s, dtype, n, x);
  else fill_usual(&s, dtype, n, x);
  if (kind == few || kind == equal)
    for (int64_t k = 3; k < n; k++) memcpy(x + k * size, x + (kind == few ? below(&s, 3) : 0) * size, (size_t)size);
}

static void run_row(const mk_sort_table *table, int dtype, int kind, int64_t n, digest *d) {
  const int64_t size = size_of(dtype);
  char *const x = memory(n * size), *const sorted = memory(n * size), *const parted = memory(n * size);
  int64_t *const order = memory(n * 8);
  fill_row(kind, dtype, n, x);
  if (kind == rising || kind == falling) table->sort(dtype, x, x, n, kind == falling);
  for (int descending = 1; descending >= 0; descending--) {
    table->sort(dtype, x, sorted, n, descending);
    add_elements(d, dtype, sorted, n);
    table->argsort(dtype, x, order, n, descending);
    add_bytes(d, order, n * 8);
    memcpy(parted, x, (size_t)(n * size));
    table->sort(dtype, parted, parted, n, descending);
    add_elements(d, dtype, parted, n);
  }
  if (n > 0) {
    // Only what stands at the ranks is promised.
    const int64_t ranks[3] = {0, n / 3, n - 1};
    for (int64_t count = 1; count <= 3; count += 2) {
      const int64_t *const asked = count == 1 ? ranks + 1 : ranks;
      table->select(dtype, x, parted, n, asked, count);
      for (int64_t k = 0; k < count; k++) add_elements(d, dtype, parted + asked[k] * size, 1);
    }
  }
  source s = source_of((uint64_t)n);
  const int64_t m = 40;
  char *const values = memory(m * size);
  int64_t *const places = memory(m * 8);
  fill_elements(&s, dtype, m, values);
  for (int right = 0; right < 2; right++) {
    table->search(dtype, sorted, n, values, m, right, places);
    add_bytes(d, places, m * 8);
  }
  free(x), free(sorted), free(parted), free(order), free(values), free(places);
}

void run_sorts(int isa) {
  static const char *const names[kind_count] = {"anything", "usual", "rising", "falling", "few", "equal"};
  static const int64_t longer[] = {127, 128, 129, 255, 256, 257, 300, 513, 1023, 1024, 1025, 2049, 5000};
  const mk_sort_table *const table = mk_sort_table_get(isa);
  for (int64_t k = 0; k < COUNT(dtypes); k++)
    for (int kind = 0; kind < kind_count; kind++) {
      digest d = {0};
      for (int64_t n = 0; n <= 70; n++) run_row(table, dtypes[k], kind, n, &d);
      for (int64_t j = 0; j < COUNT(longer); j++) run_row(table, dtypes[k], kind, longer[j], &d);
      report("sort", names[kind], dtype_name(dtypes[k]), d);
    }
}
