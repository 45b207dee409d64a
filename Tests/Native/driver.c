// Feeds every body of CMartletKernels on one instruction set and prints a hash of what each gives: driver NUMBER.
// The hashes must be those of hashes.txt on every processor. Ends with 3 where there is no such instruction set.
#include "driver.h"

source source_of(uint64_t seed) { return (source){seed * 0x9E3779B97F4A7C15}; }

uint64_t next_bits(source *s) {
  s->state += 0x9E3779B97F4A7C15;
  uint64_t z = s->state;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}
int64_t below(source *s, int64_t bound) { return (int64_t)(next_bits(s) % (uint64_t)bound); }
double unit(source *s) { return (double)(next_bits(s) >> 11) * 0x1p-53; }
double between(source *s, double low, double high) { return low + (high - low) * unit(s); }

static const double special_doubles[] = {
  0.0, -0.0, 1, -1, 0.5, -0.5, 1.5, -1.5, 2.5, -2.5, 3, 1e15 + 0.5, -1e15 - 0.5, 0x1p52, 0x1p53, 1e300, -1e300,
  0x1.fffffffffffffp1023, -0x1.fffffffffffffp1023, 0x1p-1074, -0x1p-1074, 0x1p-1022, 0x1p-1030, INFINITY, -INFINITY,
  NAN, -NAN, 0.1, 100, 709.9, 2147483647.5, -2147483649.0, 9223372036854775807.0, -9223372036854775808.0, 255.5, 256,
};
static const float special_floats[] = {
  0.0f, -0.0f, 1, -1, 0.5f, -0.5f, 1.5f, -1.5f, 2.5f, -2.5f, 3, 0x1p22f, 0x1.000002p23f, 0x1p24f, 1e38f, -1e38f,
  0x1.fffffep127f, -0x1.fffffep127f, 0x1p-149f, -0x1p-149f, 0x1p-126f, 0x1p-130f, INFINITY, -INFINITY, NAN, -NAN,
  0.1f, 100, 88.5f, 2147483520.0f, 2147483648.0f, -2147483648.0f, 0x1p63f, -0x1p63f, 255.5f, 256,
};

static double usual_double(source *s) {
  switch (below(s, 4)) {
  case 0: return (double)(below(s, 17) - 8);
  case 1: return between(s, -1, 1);
  default: return between(s, -30, 30);
  }
}

static double any_double(source *s) {
  double x;
  const uint64_t bits = next_bits(s);
  switch (below(s, 8)) {
  case 0: return special_doubles[below(s, COUNT(special_doubles))];
  case 1: memcpy(&x, &bits, sizeof x); return x;
  default: return usual_double(s);
  }
}
static float any_float(source *s) {
  float x;
  const uint32_t bits = (uint32_t)next_bits(s);
  switch (below(s, 8)) {
  case 0: return special_floats[below(s, COUNT(special_floats))];
  case 1: memcpy(&x, &bits, sizeof x); return x;
  default: return (float)usual_double(s);
  }
}
static int64_t any_integer(source *s, int usual) {
  static const int64_t special[] = {0, 1, -1, 2, -2, 31, 32, 63, 64, 255, 256, INT32_MAX, INT32_MIN, INT64_MAX, INT64_MIN};
  switch (usual ? 2 : below(s, 4)) {
  case 0: return special[below(s, COUNT(special))];
  case 1: return (int64_t)next_bits(s);
  default: return below(s, 41) - 20;
  }
}

static void fill(source *s, int dtype, int64_t n, void *to, int usual) {
  switch (dtype) {
  case mk_complex64: n *= 2; // fallthrough
  case mk_float32: for (int64_t k = 0; k < n; k++) ((float *)to)[k] = usual ? (float)usual_double(s) : any_float(s); break;
  case mk_complex128: n *= 2; // fallthrough
  case mk_float64: for (int64_t k = 0; k < n; k++) ((double *)to)[k] = usual ? usual_double(s) : any_double(s); break;
  case mk_int32: for (int64_t k = 0; k < n; k++) ((int32_t *)to)[k] = (int32_t)any_integer(s, usual); break;
  case mk_int64: for (int64_t k = 0; k < n; k++) ((int64_t *)to)[k] = any_integer(s, usual); break;
  case mk_uint8: for (int64_t k = 0; k < n; k++) ((uint8_t *)to)[k] = (uint8_t)any_integer(s, usual); break;
  default: for (int64_t k = 0; k < n; k++) ((uint8_t *)to)[k] = (uint8_t)below(s, 2);
  }
}
void fill_elements(source *s, int dtype, int64_t n, void *to) { fill(s, dtype, n, to, 0); }
void fill_usual(source *s, int dtype, int64_t n, void *to) { fill(s, dtype, n, to, 1); }

int64_t size_of(int dtype) {
  static const int64_t sizes[mk_dtype_count] = {4, 8, 4, 8, 1, 1, 8, 16};
  return sizes[dtype];
}
const char *dtype_name(int dtype) {
  static const char *const names[mk_dtype_count] = {"f32", "f64", "i32", "i64", "u8", "bool", "c64", "c128"};
  return names[dtype];
}

void *memory(int64_t bytes) {
  void *p = malloc(bytes > 0 ? (size_t)bytes : 1);
  if (!p) abort();
  memset(p, 0xa5, bytes > 0 ? (size_t)bytes : 1);
  return p;
}

void add_word(digest *d, uint64_t word) {
  d->value = (d->value ^ word) * 0x9E3779B97F4A7C15;
  d->value ^= d->value >> 32;
}
void add_doubles(digest *d, const double *x, int64_t n) {
  for (int64_t k = 0; k < n; k++) {
    uint64_t bits = 0x7ff8000000000000;
    if (x[k] == x[k]) memcpy(&bits, x + k, sizeof bits);
    add_word(d, bits);
  }
}
void add_floats(digest *d, const float *x, int64_t n) {
  for (int64_t k = 0; k < n; k++) {
    uint32_t bits = 0x7fc00000;
    if (x[k] == x[k]) memcpy(&bits, x + k, sizeof bits);
    add_word(d, bits);
  }
}
void add_bytes(digest *d, const void *x, int64_t n) {
  for (int64_t k = 0; k < n; k++) add_word(d, ((const uint8_t *)x)[k]);
}
void add_elements(digest *d, int dtype, const void *x, int64_t n) {
  switch (dtype) {
  case mk_float32: add_floats(d, x, n); break;
  case mk_float64: add_doubles(d, x, n); break;
  case mk_complex64: add_floats(d, x, 2 * n); break;
  case mk_complex128: add_doubles(d, x, 2 * n); break;
  default: add_bytes(d, x, n * size_of(dtype));
  }
}

void report(const char *group, const char *name, const char *kind, digest d) {
  printf("%s %s %s %016llx\n", group, name, kind, (unsigned long long)d.value);
}
void report_way(const char *group, const char *name, const char *kind, const char *way, digest d, digest expected) {
  if (d.value == expected.value) return;
  printf("%s %s %s %016llx is not %016llx: %s\n", group, name, kind, (unsigned long long)d.value,
         (unsigned long long)expected.value, way);
}

int main(int argc, char **argv) {
  const int isa = argc > 1 ? atoi(argv[1]) : 0;
  if (isa > mk_isa_best()) return 3;
  run_kernels(isa);
  run_programs(isa);
  run_siblings(isa);
  run_functions(isa);
  run_maps(isa);
  run_reductions(isa);
  run_moves(isa);
  run_sorts(isa);
  run_draws(isa);
  run_fourier(isa);
  run_networks(isa);
  return 0;
}
