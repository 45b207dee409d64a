// Whole programs through the inner loop, and rows of lanes from and to [symbols, time].
#include "driver.h"

enum { BARS = 43, ROWS = 8, RING = 16, OUTPUTS = 3, PLACES = BARS + 2 };

// a = average of 3 closes (in a ring), d = close - a two bars ago (from bar 4 on), m = highest d of 4 bars,
// r = (the last r + close) / 2 (a loop). Sinks: m, r, a.
typedef struct {
  mk_step steps[10];
  mk_ref refs[24];
  double f[8];
  int64_t i[16], step_count, ref_count, f_count, i_count, row;
} list;

static mk_ref a_register(const list *p, int64_t number) {
  return (mk_ref){mk_space_registers, number * ROWS * p->row, ROWS - 1, 0};
}
static mk_ref a_ring(const list *p, int64_t number, int64_t lag, int64_t width, int64_t size) {
  (void)p;
  return (mk_ref){mk_space_state, 8 * width * 8 + number * RING * width * size, RING - 1, lag};
}
static const mk_ref the_close = {mk_space_inputs, 0, -1, 0};

static void add_step(
  list *p, int kernel, int inputs, int outputs, const mk_ref *refs, int64_t start, int64_t state, int64_t slots,
  const double *f, int64_t f_count, const int64_t *i, int64_t i_count
) {
  p->steps[p->step_count++] = (mk_step){
    kernel, (int16_t)inputs, (int16_t)outputs, 1, p->ref_count, start, state, slots, p->f_count, p->i_count,
  };
  for (int k = 0; k < inputs + outputs; k++) p->refs[p->ref_count++] = refs[k];
  for (int64_t k = 0; k < f_count; k++) p->f[p->f_count++] = f[k];
  for (int64_t k = 0; k < i_count; k++) p->i[p->i_count++] = i[k];
}

static list list_of(int64_t width, int64_t size) {
  list p = {.row = width * size};
  const mk_ref close = the_close, average = a_ring(&p, 0, 0, width, size), earlier = a_ring(&p, 0, 2, width, size);
  const mk_ref kept = a_ring(&p, 1, 0, width, size), last = a_ring(&p, 1, 1, width, size);
  const mk_ref r0 = a_register(&p, 0), r1 = a_register(&p, 1), r2 = a_register(&p, 2), r3 = a_register(&p, 3);
#define REFS(...) (const mk_ref[]){__VA_ARGS__}
#define REALS(n, ...) (const double[]){__VA_ARGS__}, n
#define WHOLES(n, ...) (const int64_t[]){__VA_ARGS__}, n
  add_step(&p, mk_kernel_average, 1, 1, REFS(close, average), 0, 0, 2, REALS(3, 0.5, 0.5, 3), WHOLES(1, 3));
  add_step(&p, mk_kernel_subtract, 2, 1, REFS(close, earlier, r0), 4, 0, 0, REALS(0, 0), WHOLES(0, 0));
  add_step(&p, mk_kernel_rolling_maximum, 1, 1, REFS(r0, r1), 4, 2 * width * 8, 5, REALS(0, 0), WHOLES(2, 4, 0));
  add_step(&p, mk_step_loop, 0, 0, NULL, 0, 0, 0, REALS(0, 0), WHOLES(1, 3));
  add_step(&p, mk_kernel_feedback, 2, 1, REFS(last, close, r2), 0, 0, 0, REALS(0, 0), WHOLES(0, 0));
  add_step(&p, mk_kernel_linear, 2, 1, REFS(r2, close, r3), 0, 0, 0, REALS(2, 0.5, 0.5), WHOLES(0, 0));
  add_step(&p, mk_kernel_hold, 2, 1, REFS(r3, r2, kept), 0, 0, 0, REALS(0, 0), WHOLES(0, 0));
  add_step(&p, mk_step_output, 1, 0, REFS(r1), 0, 0, 0, REALS(0, 0), WHOLES(1, 0));
  add_step(&p, mk_step_output, 1, 0, REFS(kept), 0, 0, 0, REALS(0, 0), WHOLES(1, 1));
  add_step(&p, mk_step_output, 1, 0, REFS(average), 0, 0, 0, REALS(0, 0), WHOLES(1, 2));
  return p;
}

// How the lanes advance: dense tiles, any cut, holes in time, the latest bar only, live rows, lane by lane.
enum { dense, cuts, holes, latest, live, single, way_count };

static digest run_program(const mk_table *table, int how) {
  const int64_t width = table->width, size = table->element_size;
  const int dtype = size == 8 ? mk_float64 : mk_float32;
  const list p = list_of(width, size);
  const mk_program program = {p.steps, p.step_count, p.refs, p.f, p.i, *table, ROWS};
  void *const registers = memory(4 * ROWS * width * size), *const state = memory(8 * width * 8 + 2 * RING * width * size);
  memset(state, 0, (size_t)(8 * width * 8));
  // Symbols x time, packed to lanes; one lane in nine has no symbol.
  int64_t symbols[64], counts[64], firsts[64], lanes[64];
  int32_t times[64][BARS];
  const int32_t *time_list[64];
  char *const market = memory((width + 2) * BARS * size), *const rows = memory(BARS * width * size);
  source s = source_of(99);
  fill_elements(&s, dtype, (width + 2) * BARS, market);
  for (int64_t lane = 0; lane < width; lane++) {
    symbols[lane] = width > 1 && lane % 9 == 4 ? -1 : (lane * 7 + 3) % (width + 1);
    counts[lane] = how == dense ? BARS : BARS - lane % 11;
    firsts[lane] = how == dense || how == latest ? 0 : lane % 3;
    lanes[lane] = width - 1 - lane;
    for (int64_t bar = 0; bar < BARS; bar++) times[lane][bar] = (int32_t)(bar + bar / 21);
    time_list[lane] = lane % 2 ? NULL : times[lane];
  }
  table->pack(market, BARS, symbols, BARS, rows);
  const int64_t cell_count = (width + 2) * PLACES * OUTPUTS;
  char *const cells = memory(cell_count * size);
  memset(cells, 0, (size_t)(cell_count * size));
  mk_sink sinks[OUTPUTS];
  for (int64_t k = 0; k < OUTPUTS; k++)
    sinks[k] = (mk_sink){
      .base = cells + k * (width + 2) * PLACES * size, .symbol_stride = PLACES, .symbols = symbols, .counts = counts,
      .firsts = firsts, .times = how == holes ? time_list : NULL, .dense_rows = how == dense ? BARS : how == latest ? 30 : 0,
      .latest = how == latest, .bypass_cache = k == 1,
    };
  const void *const inputs[1] = {rows};
  mk_memory m = {registers, state, NULL, inputs, sinks, NULL, 0};
  if (how == live || how == single) m.row = cells, m.row_stride = width + 3;
  digest d = {0};
  for (int64_t t = 0; t < BARS;) {
    const int64_t want = how == cuts || how == holes ? 1 + t % 5 : how == live ? (t % 3 ? 1 : 4) : ROWS;
    int64_t n = BARS - t < want ? BARS - t : want;
    if (how == single && t >= 20) {
      int64_t at[64];
      for (int64_t lane = 0; lane < width; lane++) at[lane] = t;
      mk_run_lanes(&program, &m, at, lanes, width);
      n = 1;
    } else {
      mk_run(&program, &m, t, n);
    }
    if (m.row) add_elements(&d, dtype, cells, 3 * m.row_stride);
    t += n;
  }
  add_elements(&d, dtype, rows, BARS * width);
  add_elements(&d, dtype, cells, cell_count);
  free(registers), free(state), free(market), free(rows), free(cells);
  return d;
}

void run_programs(int isa) {
  static const char *const names[way_count] = {"dense", "cuts", "holes", "latest", "live", "single"};
  static const int64_t widths[] = {64, 8, 1};
  for (int how = 0; how < way_count; how++)
    for (int64_t k = 0; k < COUNT(widths); k++)
      for (int64_t size = 8; size >= 4; size -= 4) {
        mk_table table;
        if (!mk_table_get(isa, widths[k], size, &table)) abort();
        char kind[24];
        snprintf(kind, sizeof kind, "%s-w%lld", size == 8 ? "f64" : "f32", (long long)widths[k]);
        report("program", names[how], kind, run_program(&table, how));
      }
}
