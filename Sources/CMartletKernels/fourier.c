// Plans of Fourier transforms: how a line is taken apart, and the tables for it.
#include "CMartletFourier.h"

#include <stdlib.h>
#include <string.h>

// A complex transform of n points: by passes, or by Bluestein's chirps where a prime factor is large.
typedef struct {
  int64_t n;
  mk_fourier_points points;
  // What follows is of `chirped` points, the length of a circular convolution; 0 without.
  int64_t chirped;
  const void *chirp;     // e^-πi k² / n
  const void *response;  // the transform of its conjugate, divided by the length
} core;

struct mk_fourier_plan {
  const mk_fourier_table *table;
  int kind, is_single;
  int64_t n, size;  // bytes of a real number
  core core;
  const void *halves;
  int table_count, has_failed;
  void *tables[mk_fourier_most_passes + 8];
};

enum { largest_radix = 13 };

// ---------------------------------------------------------------- tables

static void *room(mk_fourier_plan *plan, int64_t count, int64_t size) {
  void *const place = calloc((size_t)count, (size_t)size);
  if (!place) plan->has_failed = 1;
  plan->tables[plan->table_count++] = place;
  return place;
}

static void put(const mk_fourier_plan *plan, void *table, int64_t at, double value) {
  if (plan->is_single)
    ((float *)table)[at] = (float)value;
  else
    ((double *)table)[at] = value;
}

// A few roots at a time: the conjugate of root k of n goes through `place` to the table.
typedef struct {
  mk_fourier_plan *plan;
  void *table;
  int64_t n, count;
  int64_t k[64], real[64], imaginary[64];
} filling;

static void flush(filling *f) {
  double pairs[128];
  f->plan->table->roots(f->k, f->count, f->n, pairs);
  for (int64_t i = 0; i < f->count; i++) {
    if (f->real[i] >= 0) put(f->plan, f->table, f->real[i], pairs[2 * i]);
    if (f->imaginary[i] >= 0) put(f->plan, f->table, f->imaginary[i], -pairs[2 * i + 1]);
  }
  f->count = 0;
}

static void fill(filling *f, int64_t k, int64_t real, int64_t imaginary) {
  f->k[f->count] = k;
  f->real[f->count] = real;
  f->imaginary[f->count++] = imaginary;
  if (f->count == 64) flush(f);
}

// Roots of the pass that takes lines of `points` times r apart; `lanes` is 0 where they stand in planes.
static const void *pass_roots(mk_fourier_plan *plan, int64_t points, int64_t stride, int r, int lanes) {
  const int is_short = !lanes && stride < mk_fourier_planar_lanes;
  const int64_t count = points * stride, padded = count + mk_fourier_planar_lanes;
  void *const table = room(plan, 2 * (r - 1) * (is_short ? padded : points), plan->size);
  if (!table) return NULL;
  filling f = {.plan = plan, .table = table, .n = points * r};
  for (int64_t i = 0; i < (is_short ? count : points); i++)
    for (int j = 1; j < r; j++) {
      const int64_t plane = 2 * padded * (j - 1) + i, pair = 2 * ((r - 1) * i + j - 1);
      if (is_short)
        fill(&f, i / stride * j, plane, plane + padded);
      else
        fill(&f, i * j, pair, pair + 1);
    }
  flush(&f);
  return table;
}

static const void *joint_roots(mk_fourier_plan *plan, int64_t points, int lanes) {
  const int64_t blocks = (points + lanes - 1) / lanes;
  void *const table = room(plan, blocks * lanes * 2 * (lanes - 1), plan->size);
  if (!table) return NULL;
  filling f = {.plan = plan, .table = table, .n = points * lanes};
  for (int64_t k = 0; k < points; k++)
    for (int v = 1; v < lanes; v++) {
      const int64_t at = 2 * lanes * ((lanes - 1) * (k / lanes) + v - 1) + k % lanes;
      fill(&f, k * v, at, at + lanes);
    }
  flush(&f);
  return table;
}

// ---------------------------------------------------------------- how a line is taken apart

static int is_smooth(int64_t n, int largest) {
  for (int p = 2; p <= largest; p++)
    while (n % p == 0) n /= p;
  return n == 1;
}

// Passes for a line of n points: of large odd radices first, so that few runs are short.
static int factor(int64_t n, int *radix) {
  static const int odd[] = {13, 11, 7, 5, 3};
  int count = 0;
  for (int k = 0; k < 5; k++)
    for (; n % odd[k] == 0; n /= odd[k]) radix[count++] = odd[k];
  int twos = 0;
  for (; n > 1; n /= 2) twos++;
  // Eights, and what is left over by fours: 2 + 8 = 4 + 4.
  if (twos % 3 == 1 && twos > 1)
    radix[count++] = 4, radix[count++] = 4, twos -= 4;
  else if (twos % 3 > 0)
    radix[count++] = 1 << twos % 3, twos -= twos % 3;
  for (; twos > 0; twos -= 3) radix[count++] = 8;
  return count;
}

static int lanes_of(int64_t n, int is_single) {
  if (is_single && n % 8 == 0 && n >= 64) return 8;
  return n % 4 == 0 && n >= 8 ? 4 : 0;
}

static void make_points(mk_fourier_plan *plan, mk_fourier_points *p, int64_t n) {
  p->n = n;
  p->lanes = lanes_of(n, plan->is_single);
  int64_t points = p->lanes ? n / p->lanes : n, stride = 1;
  p->passes = factor(points, p->radix);
  if (p->lanes) p->joints = joint_roots(plan, points, p->lanes);
  for (int k = 0; k < p->passes; k++) {
    points /= p->radix[k];
    p->roots[k] = pass_roots(plan, points, stride, p->radix[k], p->lanes);
    stride *= p->radix[k];
  }
}

// The smallest product of 2, 3 and 5 that is not below n and has 16 as a factor.
static int64_t convolution_length(int64_t n) {
  int64_t best = 16;
  while (best < n) best *= 2;
  for (int64_t fives = 16; fives < best; fives *= 5)
    for (int64_t threes = fives; threes < best; threes *= 3) {
      int64_t product = threes;
      while (product < n) product *= 2;
      if (product < best) best = product;
    }
  return best;
}

static void make_response(mk_fourier_plan *plan, core *c);
static mk_fourier_plan *make(const mk_fourier_table *table, int kind, int64_t n, int is_single);

static void make_core(mk_fourier_plan *plan, core *c, int64_t n) {
  c->n = n;
  if (is_smooth(n, largest_radix)) {
    make_points(plan, &c->points, n);
    return;
  }
  c->chirped = convolution_length(2 * n - 1);
  make_points(plan, &c->points, c->chirped);
  make_response(plan, c);
}

static void make_response(mk_fourier_plan *plan, core *c) {
  const int64_t n = c->n, m = c->chirped;
  // In double, whatever the plan is in.
  mk_fourier_plan *const wide = make(plan->table, mk_fourier_forward, m, 0);
  double *const chirp = calloc((size_t)n, 16), *const line = calloc((size_t)m, 16), *const result = calloc((size_t)m, 16);
  void *const scratch = wide ? malloc((size_t)mk_fourier_scratch(wide)) : NULL;
  void *const own_chirp = room(plan, 2 * n, plan->size), *const response = room(plan, 2 * m, plan->size);
  if (!chirp || !line || !result || !scratch || !own_chirp || !response)
    plan->has_failed = 1;
  else {
    // k² modulo 2n, step by step.
    int64_t square[64], at = 0;
    for (int64_t k = 0; k < n; k += 64) {
      const int64_t count = n - k < 64 ? n - k : 64;
      for (int64_t i = 0; i < count; i++) {
        square[i] = at;
        at = (at + 2 * (k + i) + 1) % (2 * n);
      }
      plan->table->roots(square, count, 2 * n, chirp + 2 * k);
    }
    for (int64_t k = 0; k < n; k++) {
      const double c = chirp[2 * k], s = chirp[2 * k + 1];
      put(plan, own_chirp, 2 * k, c);
      put(plan, own_chirp, 2 * k + 1, -s);
      line[2 * k] = c, line[2 * k + 1] = s;
      if (k > 0) line[2 * (m - k)] = c, line[2 * (m - k) + 1] = s;
    }
    mk_fourier_run(wide, line, result, scratch);
    for (int64_t k = 0; k < 2 * m; k++) put(plan, response, k, result[k] / (double)m);
  }
  c->chirp = own_chirp;
  c->response = response;
  free(chirp), free(line), free(result), free(scratch);
  mk_fourier_free(wide);
}

static const void *half_roots(mk_fourier_plan *plan, int64_t n) {
  const int64_t count = n / 4 + 1;
  void *const table = room(plan, 2 * count, plan->size);
  if (!table) return NULL;
  filling f = {.plan = plan, .table = table, .n = n};
  // Sines as they are: the conjugate of the conjugate.
  for (int64_t k = 0; k < count; k++) fill(&f, k == 0 ? 0 : n - k, k, k + count);
  flush(&f);
  return table;
}

static mk_fourier_plan *make(const mk_fourier_table *table, int kind, int64_t n, int is_single) {
  mk_fourier_plan *const plan = calloc(1, sizeof *plan);
  if (!plan) return NULL;
  plan->table = table;
  plan->kind = kind;
  plan->is_single = is_single != 0;
  plan->n = n;
  plan->size = is_single ? 4 : 8;
  const int is_halved = kind >= mk_fourier_real_to_half && n % 2 == 0;
  make_core(plan, &plan->core, is_halved ? n / 2 : n);
  if (is_halved) plan->halves = half_roots(plan, n);
  if (!plan->has_failed) return plan;
  mk_fourier_free(plan);
  return NULL;
}

mk_fourier_plan *mk_fourier_make(int isa, int kind, int64_t n, int is_single) {
  const mk_fourier_table *const table = mk_fourier_table_get(isa);
  return table && n > 0 ? make(table, kind, n, is_single) : NULL;
}

void mk_fourier_free(mk_fourier_plan *plan) {
  if (!plan) return;
  for (int k = 0; k < plan->table_count; k++) free(plan->tables[k]);
  free(plan);
}

// ---------------------------------------------------------------- running

// Bytes of complex numbers, so that what follows begins a cache line.
static int64_t bytes(const mk_fourier_plan *plan, int64_t count) { return (2 * count * plan->size + 63) / 64 * 64; }

static int64_t points_scratch(const mk_fourier_plan *plan, const mk_fourier_points *p) {
  // Planes have room for a vector more, lanes for a square.
  return p->lanes ? bytes(plan, p->n + p->lanes * p->lanes) : 2 * bytes(plan, p->n + mk_fourier_planar_lanes);
}

static void run_core(const mk_fourier_plan *plan, const core *c, const void *in, void *out, char *scratch, int sign) {
  const mk_fourier_table *const t = plan->table;
  const int single = plan->is_single;
  if (!c->chirped) {
    t->points[single](&c->points, in, out, scratch, sign);
    return;
  }
  char *const line = scratch, *const other = line + bytes(plan, c->chirped), *const work = other + bytes(plan, c->chirped);
  t->multiply[single](in, c->chirp, line, c->n, sign, 1);
  memset(line + 2 * c->n * plan->size, 0, (size_t)(2 * (c->chirped - c->n) * plan->size));
  t->points[single](&c->points, line, other, work, 1);
  t->multiply[single](other, c->response, other, c->chirped, 1, 1);
  t->points[single](&c->points, other, line, work, -1);
  t->multiply[single](line, c->chirp, out, c->n, 1, sign);
}

int64_t mk_fourier_scratch(const mk_fourier_plan *plan) {
  const core *const c = &plan->core;
  const int64_t whole = plan->kind >= mk_fourier_real_to_half && !plan->halves ? 2 * bytes(plan, plan->n) : 0;
  return whole + 2 * bytes(plan, c->chirped) + points_scratch(plan, &c->points);
}

#define DEFINE_WHOLE(T, e)                                                               \
  static void widen_##e(const T *x, T *y, int64_t n) {                                   \
    for (int64_t k = 0; k < n; k++) y[2 * k] = x[k], y[2 * k + 1] = 0;                   \
  }                                                                                      \
  static void mirror_##e(const T *x, T *y, int64_t n) {                                  \
    y[0] = x[0], y[1] = 0;                                                               \
    for (int64_t k = 1; k <= n / 2; k++) {                                               \
      y[2 * k] = y[2 * (n - k)] = x[2 * k];                                              \
      y[2 * k + 1] = x[2 * k + 1];                                                       \
      y[2 * (n - k) + 1] = -x[2 * k + 1];                                                \
    }                                                                                    \
  }                                                                                      \
  static void narrow_##e(const T *x, T *y, int64_t n) {                                  \
    for (int64_t k = 0; k < n; k++) y[k] = x[2 * k];                                     \
  }
DEFINE_WHOLE(double, f64)
DEFINE_WHOLE(float, f32)

// Reals of an odd length are transformed as complex numbers.
static void run_whole(const mk_fourier_plan *plan, const void *in, void *out, char *scratch) {
  const int64_t n = plan->n;
  char *const line = scratch, *const other = line + bytes(plan, n), *const work = other + bytes(plan, n);
  if (plan->kind == mk_fourier_real_to_half) {
    if (plan->is_single)
      widen_f32(in, (float *)line, n);
    else
      widen_f64(in, (double *)line, n);
    run_core(plan, &plan->core, line, other, work, 1);
    memcpy(out, other, (size_t)(2 * (n / 2 + 1) * plan->size));
    // The sum of reals is real.
    memset((char *)out + plan->size, 0, (size_t)plan->size);
    return;
  }
  if (plan->is_single)
    mirror_f32(in, (float *)line, n);
  else
    mirror_f64(in, (double *)line, n);
  run_core(plan, &plan->core, line, other, work, -1);
  if (plan->is_single)
    narrow_f32((const float *)other, out, n);
  else
    narrow_f64((const double *)other, out, n);
}

void mk_fourier_run(const mk_fourier_plan *plan, void *in, void *out, void *scratch) {
  const mk_fourier_table *const t = plan->table;
  switch (plan->kind) {
  case mk_fourier_forward: run_core(plan, &plan->core, in, out, scratch, 1); break;
  case mk_fourier_backward: run_core(plan, &plan->core, in, out, scratch, -1); break;
  case mk_fourier_real_to_half:
    if (!plan->halves) {
      run_whole(plan, in, out, scratch);
      break;
    }
    run_core(plan, &plan->core, in, out, scratch, 1);
    t->halves[plan->is_single](out, plan->halves, plan->n / 2, 1);
    break;
  case mk_fourier_half_to_real:
    if (!plan->halves) {
      run_whole(plan, in, out, scratch);
      break;
    }
    t->halves[plan->is_single](in, plan->halves, plan->n / 2, -1);
    run_core(plan, &plan->core, in, out, scratch, -1);
    break;
  }
}
