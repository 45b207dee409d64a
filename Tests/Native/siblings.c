// Steps that share a call: the bits that they have alone.
#include "driver.h"

enum { BARS = 157, ROWS = 32, STEPS = 3, MOST = 8 };

typedef struct {
  int kernel, inputs, outputs, f_count, i_count, is_in_step;
  int64_t slots;
  double f[STEPS][4];
  int64_t i[STEPS][2];
} plan;

static const plan plans[] = {
  {mk_kernel_average, 1, 1, 3, 1, 0, 2, {{0.5, 0.5, 3}, {0.2, 0.8, 9}, {0.1, 0.9, 19}}, {{3}, {9}, {19}}},
  {mk_kernel_restarting_sum, 2, 1, 0, 0, 0, 2, {{0}}, {{0}}},
  {mk_kernel_rolling_sum, 1, 1, 1, 1, 1, 8, {{1}, {0.5}, {0.25}}, {{7}, {7}, {7}}},
  {mk_kernel_rolling_line, 1, 2, 0, 1, 1, 16, {{0}}, {{7}, {7}, {7}}},
};

// All results, bar by bar.
static digest run_plan(const mk_table *table, const plan *one, int together, char *cells) {
  const int64_t size = table->element_size, lanes = together ? MK_SIBLINGS : 1;
  const int dtype = size == 8 ? mk_float64 : mk_float32;
  mk_step steps[STEPS + 2 * STEPS];
  mk_ref refs[64];
  double f[4 * MOST * STEPS];
  int64_t i[4 * MOST * STEPS + 2 * STEPS], ref_count = 0, f_count = 0, i_count = 0, step_count = 0;
  for (int k = 0; k < STEPS; k++) {
    // Different inputs; those that may start where they like do.
    const int64_t lag = k, start = one->is_in_step ? STEPS : 5 * k;
    steps[step_count++] = (mk_step){
      one->kernel, (int16_t)one->inputs, (int16_t)one->outputs, together && k == 0 ? STEPS : 1, ref_count, start,
      together ? 8 * k : k * one->slots * 8, one->slots, f_count, i_count,
    };
    for (int in = 0; in < one->inputs; in++) refs[ref_count++] = (mk_ref){mk_space_inputs + in, 0, -1, lag};
    for (int out = 0; out < one->outputs; out++)
      refs[ref_count++] = (mk_ref){mk_space_registers, (k * 2 + out) * ROWS * size, ROWS - 1, 0};
    if (together && k > 0) continue;
    for (int p = 0; p < one->f_count; p++)
      for (int lane = 0; lane < lanes; lane++) f[f_count++] = one->f[together ? lane % STEPS : k][p];
    for (int p = 0; p < one->i_count; p++)
      for (int lane = 0; lane < lanes; lane++) i[i_count++] = one->i[together ? lane % STEPS : k][p];
  }
  for (int k = 0; k < STEPS; k++)
    for (int out = 0; out < one->outputs; out++) {
      steps[step_count++] = (mk_step){mk_step_output, 1, 0, 1, ref_count, 0, 0, 0, 0, i_count};
      refs[ref_count++] = (mk_ref){mk_space_registers, (k * 2 + out) * ROWS * size, ROWS - 1, 0};
      i[i_count++] = k * 2 + out;
    }
  const mk_program program = {steps, step_count, refs, f, i, *table, ROWS};
  const int64_t state_bytes = one->slots * 8 * MK_SIBLINGS;
  void *const registers = memory(2 * STEPS * ROWS * size), *const state = memory(state_bytes);
  memset(state, 0, (size_t)state_bytes);
  char *const close = memory(BARS * size), *const flags = memory(BARS * size);
  source s = source_of(7);
  fill_elements(&s, dtype, BARS, close);
  fill_elements(&s, dtype, BARS, flags);
  memset(cells, 0, (size_t)(2 * STEPS * BARS * size));
  const int64_t symbol = 0, count = BARS, first = 0;
  mk_sink sinks[2 * STEPS];
  for (int k = 0; k < 2 * STEPS; k++)
    sinks[k] = (mk_sink){
      .base = cells + k * BARS * size, .symbol_stride = BARS, .symbols = &symbol, .counts = &count, .firsts = &first,
      .dense_rows = BARS,
    };
  const void *const inputs[2] = {close, flags};
  const mk_memory m = {registers, state, NULL, inputs, sinks, NULL, 0};
  for (int64_t t = 0; t < BARS;) {
    const int64_t n = t % 3 ? 5 : ROWS, rows = BARS - t < n ? BARS - t : n;
    mk_run(&program, &m, t, rows);
    t += rows;
  }
  digest d = {0};
  add_elements(&d, dtype, cells, 2 * STEPS * BARS);
  free(registers), free(state), free(close), free(flags);
  return d;
}

void run_siblings(int isa) {
  for (int64_t k = 0; k < COUNT(plans); k++)
    for (int64_t size = 8; size >= 4; size -= 4) {
      mk_table table;
      if (!mk_table_get(isa, 1, size, &table)) abort();
      char *const alone = memory(2 * STEPS * BARS * size), *const together = memory(2 * STEPS * BARS * size);
      const digest one = run_plan(&table, &plans[k], 0, alone), other = run_plan(&table, &plans[k], 1, together);
      const char *const kind = size == 8 ? "f64" : "f32";
      report("alone", mk_kernel_name(plans[k].kernel), kind, one);
      report_way("alone", mk_kernel_name(plans[k].kernel), kind, "siblings", other, one);
      free(alone), free(together);
    }
}
