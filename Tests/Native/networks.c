// The steps of networks. Where an instruction set multiplies and adds in one rounding, products have other bits than
// where it has none: their hashes are of kind `fused` or `plain`.
#include "driver.h"

enum { SAMPLES = 3, VALUES = 6 };

// Three samples of some rows each, and what a step reads and writes.
typedef struct {
  int isa;
  const char *kind;
  int64_t starts[SAMPLES + 1], ends[SAMPLES + 1];  // of the rows of samples, and of what windows make of them
  int32_t samples[64], positions[64];
  mk_net_space spaces[3];
  mk_net_value values[VALUES];
  source s;
} stage;

static int64_t up(int64_t n, int64_t unit) { return (n + unit - 1) / unit * unit; }

static stage stage_of(int isa, const char *kind, uint64_t seed) {
  stage g = {.isa = isa, .kind = kind, .starts = {0, 1, 18, 51}, .s = source_of(seed)};
  for (int64_t sample = 0; sample < SAMPLES; sample++)
    for (int64_t row = g.starts[sample]; row < g.starts[sample + 1]; row++) {
      g.samples[row] = (int32_t)sample;
      g.positions[row] = (int32_t)(row - g.starts[sample]);
    }
  return g;
}

static int64_t rows_of(const stage *g) { return g->starts[SAMPLES]; }

// Numbers of a usual size, now and then an infinite or undefined one where that is asked for.
static float *numbers(stage *g, int64_t n, int odd) {
  float *const x = memory(n * 4);
  fill_usual(&g->s, mk_float32, n, x);
  for (int64_t k = 0; k < n; k++) x[k] *= 0.125f;
  if (odd && n > 40) x[n / 2] = NAN, x[n / 3] = INFINITY, x[1] = -0.0f;
  return x;
}

static void place_value(stage *g, int value, int space, int64_t rows, int64_t width, int odd) {
  // Rows are farther apart than they are wide.
  const int64_t stride = width + value % 3;
  g->values[value] = (mk_net_value){numbers(g, rows * stride, odd), stride, width, space, 0};
}

static void add_value(stage *g, int value, int64_t rows, digest *d) {
  for (int64_t row = 0; row < rows; row++)
    add_floats(d, g->values[value].base + row * g->values[value].stride, g->values[value].width);
}

// Runs a step in pieces and adds what it wrote; frees what it read.
static void run_step(stage *g, const mk_net_step *s, int64_t count, int64_t piece, int64_t written, digest *d) {
  const mk_net_kernel kernel = mk_net_get(g->isa, s->kind);
  g->spaces[0] = (mk_net_space){g->starts, g->samples, g->positions, SAMPLES};
  g->spaces[1] = (mk_net_space){g->ends, g->samples, g->positions, SAMPLES};
  for (int64_t first = 0; first < count; first += piece) {
    const int64_t n = count - first < piece ? count - first : piece;
    // Memory for each piece, as large as it says.
    void *const scratch = memory(mk_net_scratch(s, n, n, rows_of(g)));
    const mk_net_run run = {g->values, g->spaces, 0, scratch};
    kernel(s, &run, first, n);
    free(scratch);
  }
  add_value(g, s->out, written, d);
  if (s->w >= 0) add_value(g, s->w, rows_of(g), d);
  for (int k = 0; k < VALUES; k++) free(g->values[k].base), g->values[k].base = NULL;
}

// What a step does not say.
#pragma clang diagnostic ignored "-Winitializer-overrides"
#define STEP(name, ...) (mk_net_step){.kind = mk_step_##name, .x = 0, .y = -1, .z = -1, .w = -1, .out = 3, __VA_ARGS__}
#define REPORT(name) report("network", name, kind, d)

static void run_products(int isa, const char *kind) {
  static const int64_t shapes[][3] = {{1, 1, 1}, {5, 3, 7}, {32, 64, 12}, {33, 65, 13}, {130, 200, 3}, {300, 20, 1}, {16, 128, 51}, {48, 129, 6}};
  for (int quantised = 0; quantised < 2; quantised++) {
    digest d = {0};
    for (int64_t k = 0; k < COUNT(shapes); k++)
      for (int turn = 0; turn < 3; turn++) {
        const int64_t n = shapes[k][0], width = shapes[k][1], rows = shapes[k][2];
        stage g = stage_of(isa, kind, (uint64_t)k);
        place_value(&g, 0, 0, rows, width, turn == 1);
        place_value(&g, 1, 0, rows, n, 0);
        place_value(&g, 3, 0, rows, n, 0);
        float *const weights = numbers(&g, n * width, 0), *const bias = numbers(&g, up(n, MK_PANEL), 0);
        float *const factors = numbers(&g, up(n, MK_PANEL), 0), *const sums = numbers(&g, up(n, MK_PANEL), 0);
        const int step = quantised ? mk_step_product_int8 : mk_step_product;
        const int64_t bytes = mk_packed_size(step, n, width);
        void *const packed = memory(bytes);
        memset(packed, 0, (size_t)bytes);
        if (quantised) mk_pack_int8(weights, n, width, packed, factors, sums);
        else mk_pack(weights, n, width, packed);
        const mk_net_step s = {
          .kind = step, .x = 0, .y = turn ? 1 : -1, .z = -1, .w = -1, .out = 3, .n = n, .k = width, .weights = packed,
          .activation = turn == 2 ? mk_act_gelu : mk_act_none, .a = turn || quantised ? bias : NULL, .b = factors, .c = sums,
        };
        run_step(&g, &s, rows, turn ? rows : 5, rows, &d);
        free(weights), free(bias), free(factors), free(sums), free(packed);
      }
    REPORT(quantised ? "product_int8" : "product");
  }
}

static void run_rows(int isa, const char *kind) {
  static const int64_t widths[] = {1, 7, 16, 64, 65, 130};
  static const char *const activations[] = {"none", "relu", "gelu", "gelu_tanh", "silu", "tanh", "sigmoid", "softplus"};
#define ROWS(name, odd, ...)                                                        \
  {                                                                                 \
    digest d = {0};                                                                 \
    for (int64_t k = 0; k < COUNT(widths); k++)                                     \
      for (int turn = 0; turn < 4; turn++) {                                        \
        const int64_t n = widths[k];                                                \
        stage g = stage_of(isa, kind, (uint64_t)k);                                 \
        const int64_t rows = rows_of(&g);                                           \
        place_value(&g, 0, 0, rows, n, odd);                                        \
        place_value(&g, 1, 0, rows, n, 0);                                          \
        place_value(&g, 3, 0, rows, n, 0);                                          \
        float *const a = numbers(&g, n, 0), *const b = numbers(&g, n, 0);           \
        float *const table = numbers(&g, 64 * n, 0);                                \
        (void)table;                                                                \
        const mk_net_step s = STEP(name, .n = n, .epsilon = 1e-5f, __VA_ARGS__);    \
        run_step(&g, &s, rows, turn % 2 ? 7 : rows, rows, &d);                      \
        free(a), free(b), free(table);                                              \
      }                                                                             \
    REPORT(#name);                                                                  \
  }
  ROWS(rms_norm, 1, .a = turn > 1 ? a : NULL)
  ROWS(unit_length, 1, .a = NULL)
  ROWS(scale, 1, .a = turn > 0 ? a : NULL, .b = turn > 1 ? b : NULL)
  ROWS(add, 1, .y = 1)
  ROWS(add_positions, 1, .weights = table)
  ROWS(softmax, 1, .a = NULL)
  ROWS(layer_norm, 1, .a = turn ? a : NULL, .b = turn ? b : NULL, .y = turn > 1 ? 1 : -1,
       .activation = turn == 3 ? mk_act_relu : turn == 2 ? mk_act_tanh : mk_act_none)
#undef ROWS
  for (int activation = 0; activation < mk_act_count; activation++) {
    digest d = {0};
    for (int64_t k = 0; k < COUNT(widths); k++) {
      stage g = stage_of(isa, kind, 77);
      place_value(&g, 0, 0, rows_of(&g), widths[k], 1);
      place_value(&g, 3, 0, rows_of(&g), widths[k], 0);
      const mk_net_step s = STEP(activation, .n = widths[k], .activation = activation);
      run_step(&g, &s, rows_of(&g), 11, rows_of(&g), &d);
    }
    char name[40];
    snprintf(name, sizeof name, "activation_%s", activations[activation]);
    REPORT(name);
  }
  digest d = {0};
  for (int64_t k = 0; k < COUNT(widths); k++)
    for (int turn = 0; turn < 2; turn++) {
      const int64_t n = widths[k];
      stage g = stage_of(isa, kind, 5);
      const int64_t rows = rows_of(&g);
      place_value(&g, 0, 0, rows, 1, 0);
      for (int64_t row = 0; row < rows; row++) {
        const int32_t index = (int32_t)below(&g.s, 20);
        memcpy(g.values[0].base + row * g.values[0].stride, &index, sizeof index);
      }
      place_value(&g, 1, 0, rows, n, 1);
      place_value(&g, 3, 0, rows, n, 0);
      float *const table = numbers(&g, 20 * n, 0);
      const mk_net_step s = STEP(embedding, .n = n, .weights = table, .y = turn ? 1 : -1);
      run_step(&g, &s, rows, 9, rows, &d);
      free(table);
    }
  REPORT("embedding");
}

static void run_attention(int isa, const char *kind) {
  digest d = {0};
  static const int64_t widths[] = {1, 5, 16, 24};
  for (int64_t k = 0; k < COUNT(widths); k++)
    for (int turn = 0; turn < 4; turn++) {
      enum { heads = 2 };
      stage g = stage_of(isa, kind, (uint64_t)k);
      const int64_t rows = rows_of(&g), width = heads * widths[k], longest = g.starts[3] - g.starts[2];
      for (int value = 0; value < 3; value++) place_value(&g, value, 0, rows, width, turn == 3 && value == 2);
      place_value(&g, 3, 0, rows, width, 0);
      place_value(&g, 4, 0, rows, longest, 0);
      for (int64_t cell = 0; cell < rows * g.values[4].stride; cell++) g.values[4].base[cell] = 0;
      float *const mask = numbers(&g, longest * longest, 0);
      for (int64_t cell = 3; cell < longest * longest; cell += 7) mask[cell] = -INFINITY;
      const mk_net_step s = STEP(
        attention, .y = 1, .z = 2, .w = turn == 1 ? 4 : -1, .mode = turn == 2, .heads = heads, .k = widths[k], .n = longest,
        .factor = 0.3f, .a = turn == 1 ? mask : NULL);
      run_step(&g, &s, SAMPLES * heads, 5, rows, &d);
      free(mask);
    }
  REPORT("attention");
}

static void run_samples(int isa, const char *kind) {
  static const int64_t widths[] = {1, 5, 16, 33};
#define SAMPLES_OF(name, written, x_width, out_width, out_space, ...)               \
  {                                                                                 \
    digest d = {0};                                                                 \
    for (int64_t k = 0; k < COUNT(widths); k++)                                     \
      for (int turn = 0; turn < 4; turn++) {                                        \
        const int64_t n = widths[k];                                                \
        stage g = stage_of(isa, kind, (uint64_t)k);                                 \
        const int64_t rows = rows_of(&g);                                           \
        g.ends[1] = 1, g.ends[2] = 10, g.ends[3] = 27;                              \
        place_value(&g, 0, 0, rows, x_width, turn == 3);                            \
        place_value(&g, 1, 0, rows, x_width, 0);                                    \
        place_value(&g, 3, out_space, rows, out_width, 0);                          \
        (void)n;                                                                    \
        const mk_net_step s = STEP(name, __VA_ARGS__);                              \
        run_step(&g, &s, SAMPLES, turn % 2 ? 2 : SAMPLES, written, &d);             \
      }                                                                             \
    REPORT(#name);                                                                  \
  }
  SAMPLES_OF(pool, SAMPLES, n, n, 1, .n = n, .mode = turn)
  SAMPLES_OF(shares, rows, 1, 1, 0, .y = 1, .mode = turn % 2)
  // 3 taps, every second row, a row of padding: 1, 9 and 17 rows.
  SAMPLES_OF(windows, 27, n, 3 * n, 1, .n = n, .k = 3, .stride = 2, .dilation = 1, .padding = 1)
  {
    digest d = {0};
    stage g = stage_of(isa, kind, 8);
    place_value(&g, 0, 0, rows_of(&g), 20, 1);
    place_value(&g, 1, 1, SAMPLES, 20, 0);
    place_value(&g, 3, 0, rows_of(&g), 20, 0);
    const mk_net_step s = STEP(add_sample, .n = 20, .y = 1);
    run_step(&g, &s, rows_of(&g), 10, rows_of(&g), &d);
    REPORT("add_sample");
  }
  for (int gates = 3; gates <= 4; gates++) {
    digest d = {0};
    for (int64_t k = 0; k < COUNT(widths); k++)
      for (int turn = 0; turn < 2; turn++) {
        const int64_t n = widths[k], width = gates * n;
        stage g = stage_of(isa, kind, (uint64_t)k);
        place_value(&g, 0, 0, rows_of(&g), width, 0);
        place_value(&g, 3, 0, rows_of(&g), n, 0);
        float *const weights = numbers(&g, width * n, 0), *const bias = numbers(&g, up(width, MK_PANEL), 0);
        const int64_t bytes = mk_packed_size(mk_step_product, width, n);
        float *const packed = memory(bytes);
        memset(packed, 0, (size_t)bytes);
        mk_pack(weights, width, n, packed);
        const mk_net_step s = {
          .kind = gates == 3 ? mk_step_gru : mk_step_lstm, .x = 0, .y = -1, .z = -1, .w = -1, .out = 3, .n = n, .k = n,
          .mode = turn, .weights = packed, .a = bias,
        };
        run_step(&g, &s, SAMPLES, turn ? 2 : SAMPLES, rows_of(&g), &d);
        free(weights), free(bias), free(packed);
      }
    REPORT(gates == 3 ? "gru" : "lstm");
  }
}

void run_networks(int isa) {
#if defined(__aarch64__)
  const char *const kind = "fused";
#else
  const char *const kind = mk_net_get(isa, mk_step_product) == mk_net_get(0, mk_step_product) ? "plain" : "fused";
#endif
  run_products(isa, kind);
  run_rows(isa, kind);
  run_attention(isa, kind);
  run_samples(isa, kind);
}
