// Maps, casts and reductions of arrays, and the chains and reductions that run them.
#include "driver.h"

enum { N = 1100 };

// Complex functions that are the C library's, whose last bits are its own.
static int is_librarys(int map, int dtype) {
  static const int maps[] = {
    mk_map_absolute, mk_map_sign, mk_map_argument, mk_map_power, mk_map_square_root, mk_map_exponential,
    mk_map_exponential_minus_one, mk_map_logarithm, mk_map_logarithm2, mk_map_logarithm10, mk_map_logarithm_plus_one,
    mk_map_sine, mk_map_cosine, mk_map_tangent, mk_map_arcsine, mk_map_arccosine, mk_map_arctangent,
    mk_map_hyperbolic_sine, mk_map_hyperbolic_cosine, mk_map_hyperbolic_tangent, mk_map_area_sine, mk_map_area_cosine,
    mk_map_area_tangent,
  };
  if (dtype != mk_complex64 && dtype != mk_complex128) return 0;
  for (int64_t k = 0; k < COUNT(maps); k++)
    if (maps[k] == map) return 1;
  return 0;
}

static int result_of(int map, int dtype) {
  switch (mk_map_result(map)) {
  case 1: return mk_bool;
  case 2: return dtype == mk_complex64 ? mk_float32 : dtype == mk_complex128 ? mk_float64 : dtype;
  default: return dtype;
  }
}

// One map over elements of a dtype, whole and in pieces whose memory ends with them.
static digest map_digest(mk_map map, const void *const *in, const int64_t *sizes, int inputs, int result, int64_t longest) {
  digest d = {0};
  for (int64_t from = 0, n = 1; from < N; from += n, n = n % longest + 1) {
    if (n > N - from) n = N - from;
    void *parts[3] = {NULL, NULL, NULL}, *const out = memory(n * size_of(result));
    const void *constant[3];
    for (int k = 0; k < inputs; k++) {
      parts[k] = memory(n * sizes[k]);
      memcpy(parts[k], (const char *)in[k] + from * sizes[k], (size_t)(n * sizes[k]));
      constant[k] = parts[k];
    }
    map(constant, out, n);
    add_elements(&d, result, out, n);
    for (int k = 0; k < inputs; k++) free(parts[k]);
    free(out);
  }
  return d;
}

void run_maps(int isa) {
  const mk_array_table *const table = mk_array_table_get(isa);
  for (int map = 0; map < mk_map_count; map++)
    for (int dtype = 0; dtype < mk_dtype_count; dtype++) {
      if (!table->maps[map][dtype]) continue;
      const int inputs = mk_map_inputs(map), result = result_of(map, dtype);
      source s = source_of(100 * (uint64_t)map + (uint64_t)dtype);
      void *in[3];
      int64_t sizes[3];
      for (int k = 0; k < inputs; k++) {
        const int type = inputs == 3 && k == 0 ? mk_bool : dtype;
        sizes[k] = size_of(type);
        in[k] = memory(N * sizes[k]);
        fill_elements(&s, type, N, in[k]);
      }
      // Equal operands now and then, and shifts that move something.
      if (inputs == 2)
        for (int64_t k = 0; k < N; k += 5) memcpy((char *)in[1] + k * sizes[1], (char *)in[0] + k * sizes[0], (size_t)sizes[0]);
      const void *const constant[3] = {in[0], inputs > 1 ? in[1] : NULL, inputs > 2 ? in[2] : NULL};
      const digest few = map_digest(table->maps[map][dtype], constant, sizes, inputs, result, 70);
      const digest many = map_digest(table->maps[map][dtype], constant, sizes, inputs, result, 1000);
      if (!is_librarys(map, dtype)) {
        report("map", mk_map_name(map), dtype_name(dtype), many);
        report_way("map", mk_map_name(map), dtype_name(dtype), "a few at a time", few, many);
      }
      for (int k = 0; k < inputs; k++) free(in[k]);
    }
  for (int from = 0; from < mk_dtype_count; from++)
    for (int to = 0; to < mk_dtype_count; to++) {
      source s = source_of(9000 + 10 * (uint64_t)from);
      void *const in = memory(N * size_of(from));
      fill_elements(&s, from, N, in);
      const void *const constant[1] = {in};
      const int64_t sizes[1] = {size_of(from)};
      report("cast", dtype_name(from), dtype_name(to), map_digest(table->casts[from][to], constant, sizes, 1, to, 300));
      free(in);
    }
}

// ---------------------------------------------------------------- reductions

static const char *const reduction_names[] = {
#define MK_REDUCTION(name) #name,
#include "../../Sources/CMartletKernels/array_reductions.def"
#undef MK_REDUCTION
};

static int is_one_of(int reduction, int a, int b) { return reduction == a || reduction == b; }

static int reduction_result(int reduction, int dtype) {
  if (is_one_of(reduction, mk_array_reduction_any, mk_array_reduction_all)) return mk_bool;
  if (reduction == mk_array_reduction_nonzero || is_one_of(reduction, mk_array_reduction_argument_maximum, mk_array_reduction_argument_minimum)) return mk_int64;
  if (is_one_of(reduction, mk_array_reduction_sum, mk_array_reduction_product) && dtype >= mk_int32 && dtype <= mk_bool) return mk_int64;
  return dtype;
}

// One reduction over [outer, reduced, inner], the way the executor goes: parts, then their tree. `flip` multiplies all by
// a step of the chain first, and `gap` reads every other element.
static void add_reduction(
  digest *d, const mk_array_table *table, int reduction, int dtype, int64_t outer, int64_t reduced, int64_t inner, int flip, int gap
) {
  const int64_t count = outer * reduced * inner, size = size_of(dtype), pitch = gap ? 2 * size : size;
  source s = source_of(17 * (uint64_t)count + (uint64_t)dtype);
  char *const x = memory(count * pitch - (gap ? size : 0)), *const all = memory(count * size);
  // Most rows hold nothing special, or all sums would be NaN.
  if (outer % 2) fill_usual(&s, dtype, count, all);
  else fill_elements(&s, dtype, count, all);
  for (int64_t k = 0; k < count; k++) memcpy(x + k * pitch, all + k * size, (size_t)size);
  mk_array_operand leaf = {.base = x, .size = size, .slot = -1, .strides = {pitch}};
  const mk_chain_step step = {.map = table->maps[mk_map_negate][dtype], .inputs = 1, .in = {0}, .out = 0};
  const int64_t elements = count < MK_CHAIN_BLOCK ? count : MK_CHAIN_BLOCK;
  mk_reduction r = {
    .chain = {
      .rank = 1, .shape = {count}, .operands = &leaf, .steps = &step, .operand_count = 1, .step_count = flip, .slot_count = flip,
      .slot_size = (elements * size + 63) / 64 * 64, .result_size = size,
    },
    .kernel = table->reductions[reduction][dtype], .outer = outer, .reduced = reduced, .inner = inner,
  };
  mk_chain_join_axes(&r.chain, &leaf);
  const int direct = !flip && !gap;
  const int64_t part = mk_reduction_part(&r), parts = (reduced + part - 1) / part, most = direct ? MK_COLUMNS : MK_CHAIN_BLOCK;
  const int64_t a = r.kernel.accumulator_size;
  void *const scratch = memory(mk_reduction_scratch(&r));
  const int result = reduction_result(reduction, dtype);
  for (int64_t o = 0; o < outer; o++)
    for (int64_t i = 0; i < inner; i += most) {
      const int64_t n = inner - i < most ? inner - i : most;
      char *const accumulators = memory(parts * n * a), *const out = memory(n * size_of(result));
      // Copied out of the scratch's end where an accumulator needs more than a byte's alignment.
      for (int64_t p = 0; p < parts; p++) mk_reduction_run(&r, o, p, i, n, accumulators + p * n * a, scratch);
      mk_reduction_join(&r, accumulators, parts, n);
      r.kernel.finish(accumulators, out, n);
      add_elements(d, result, out, n);
      free(accumulators), free(out);
    }
  if (inner == 1 && parts == 1) {
    char *const accumulators = memory(outer * a), *const out = memory(outer * size_of(result));
    mk_reduction_rows(&r, 0, outer, accumulators, scratch);
    r.kernel.finish(accumulators, out, outer);
    add_elements(d, result, out, outer);
    free(accumulators), free(out);
  }
  free(scratch), free(x), free(all);
}

// (a b + c) of a row, a column and a number: a chain with everything that a chain can have.
static void add_chain(digest *d, const mk_array_table *table, int64_t rows, int64_t columns, int64_t cut) {
  source s = source_of(5);
  double *const row = memory(columns * 8), *const column = memory(rows * 8), *const out = memory(rows * columns * 8);
  fill_elements(&s, mk_float64, columns, row);
  fill_elements(&s, mk_float64, rows, column);
  mk_array_operand leaves[2] = {{.base = (char *)row, .size = 8, .strides = {0, 8}}, {.base = (char *)column, .size = 8, .strides = {8, 0}}};
  mk_constant number = {.size = 8};
  const double value = 1.0 / 3;
  memcpy(number.value, &value, sizeof value);
  const mk_chain_step steps[3] = {
    {.map = table->maps[mk_map_multiply][mk_float64], .inputs = 2, .in = {0, 1}, .out = 0},
    {.map = table->maps[mk_map_add][mk_float64], .inputs = 2, .in = {3, 2}, .out = 1},
    {.map = table->maps[mk_map_maximum][mk_float64], .inputs = 2, .in = {4, 0}, .out = 0},
  };
  mk_chain chain = {
    .rank = 2, .shape = {rows, columns}, .operands = leaves, .constants = &number, .steps = steps, .operand_count = 2,
    .constant_count = 1, .step_count = 3, .slot_count = 2, .slot_size = MK_CHAIN_BLOCK * 8, .result_size = 8,
  };
  mk_chain_join_axes(&chain, leaves);
  void *const scratch = memory(mk_chain_scratch(&chain));
  for (int64_t start = 0; start < rows * columns; start += cut)
    mk_chain_run(&chain, start, rows * columns - start < cut ? rows * columns - start : cut, out + start, scratch);
  add_doubles(d, out, rows * columns);
  free(scratch), free(row), free(column), free(out);
}

void run_reductions(int isa) {
  const mk_array_table *const table = mk_array_table_get(isa);
  static const int64_t shapes[][3] = {
    {1, 1, 1}, {2, 31, 1}, {3, 33, 1}, {5, 600, 1}, {1, 9000, 1}, {1, 70000, 1}, {2, 70, 5}, {3, 3, 40}, {1, 200, 300},
    {1, 5000, 3}, {1, 66, 4200},
  };
  for (int reduction = 0; reduction < mk_array_reduction_count; reduction++)
    for (int dtype = 0; dtype < mk_dtype_count; dtype++) {
      if (!table->reductions[reduction][dtype].row) continue;
      digest d = {0};
      for (int64_t k = 0; k < COUNT(shapes); k++)
        for (int turn = 0; turn < 3; turn++) {
          if (turn == 1 && !table->maps[mk_map_negate][dtype]) continue;
          add_reduction(&d, table, reduction, dtype, shapes[k][0], shapes[k][1], shapes[k][2], turn == 1, turn == 2);
        }
      report("reduction", reduction_names[reduction], dtype_name(dtype), d);
    }
  static const int64_t planes[][3] = {{1, 7, 7}, {9, 13, 50}, {3, 2000, 6000}, {40, 300, 1000}, {700, 5, 513}};
  for (int64_t k = 0; k < COUNT(planes); k++) {
    digest d = {0};
    char name[40];
    add_chain(&d, table, planes[k][0], planes[k][1], planes[k][2]);
    snprintf(name, sizeof name, "%lldx%lld", (long long)planes[k][0], (long long)planes[k][1]);
    report("chain", name, "f64", d);
  }
}
