// Every kernel of kernels.def, in every width and as single lanes, whole and cut, in rings and in plain memory.
#include "driver.h"

enum { LANES = 64, MAXIMUM_INPUTS = 5, MAXIMUM_PARAMETERS = 12 };

// What an input looks like. `close` and what depends on it stay finite in sums of squares.
enum { anything, anything_else, close, other, before, high, low, before_high, before_low, part, fraction, truth, power, angle, volume, range };

// One kernel with its parameters: how it is fed, and what the planner knows of it.
typedef struct {
  int kernel;
  int feed[MAXIMUM_INPUTS];
  double f[MAXIMUM_PARAMETERS];
  int64_t i[2];
  int64_t slots;  // of state
  int64_t reach;  // bars that it looks back in its first input
  int64_t lead;   // bars that must be there before it starts
  int64_t bars;   // 0: as usual
} plan;

#define K(name) .kernel = mk_kernel_##name
#define WINDOW(kernel, n, f0, slots, reach, lead, ...) {K(kernel), {__VA_ARGS__}, {f0}, {n}, slots, reach, lead, 0}
// Windows in blocks: shorter and longer than what is cut, and one that is never full.
#define HEADS_AND_TAILS(kernel, f0, heads, tails, ...)                                                       \
  WINDOW(kernel, 1, f0, heads + 1 * tails, 0, 0, __VA_ARGS__), WINDOW(kernel, 2, f0, heads + 2 * tails, 0, 0, __VA_ARGS__), \
  WINDOW(kernel, 3, f0, heads + 3 * tails, 0, 0, __VA_ARGS__), WINDOW(kernel, 5, f0, heads + 5 * tails, 0, 0, __VA_ARGS__), \
  WINDOW(kernel, 14, f0, heads + 14 * tails, 0, 0, __VA_ARGS__), WINDOW(kernel, 33, f0, heads + 33 * tails, 0, 0, __VA_ARGS__), \
  WINDOW(kernel, 400, f0, heads + 400 * tails, 0, 0, __VA_ARGS__)
#define AVERAGES(kernel, slots, ...)                                                              \
  {K(kernel), {__VA_ARGS__}, {2.0 / 11, 1 - 2.0 / 11, 10}, {10}, slots, 0, 0, 0},                 \
  {K(kernel), {__VA_ARGS__}, {1.0 / 14, 13.0 / 14, 14}, {14}, slots, 0, 0, 0},                    \
  {K(kernel), {__VA_ARGS__}, {1, 4.0 / 5, 1}, {5}, slots, 0, 0, 0},                               \
  {K(kernel), {__VA_ARGS__}, {0.3, 0.7, 1}, {1}, slots, 0, 0, 0},                                 \
  {K(kernel), {__VA_ARGS__}, {0.25, 0.75, 1}, {0}, slots, 0, 0, 0}
#define DEFINED_OR_NOT(kernel, n, slots)                                                          \
  {K(kernel), {anything}, {0}, {n, 0}, slots, 0, 0, 0}, {K(kernel), {range}, {0}, {n, 1}, slots, 0, 0, 0}

// Kernels that are not here are elementwise, and fed with anything.
static const plan plans[] = {
  {K(exponential), {angle}}, {K(hyperbolic_sine), {angle}}, {K(hyperbolic_cosine), {angle}}, {K(sine), {angle}},
  {K(cosine), {angle}}, {K(tangent), {angle}}, {K(error_function), {angle}}, {K(hyperbolic_tangent), {angle}},
  {K(arctangent), {angle}}, {K(arcsine), {part}}, {K(arccosine), {part}}, {K(power), {anything, power}},
  {K(logical_not), {truth}}, {K(logical_and), {truth, truth}}, {K(logical_or), {truth, truth}}, {K(logical_xor), {truth, truth}},
  {K(choose), {truth, anything, anything_else}}, {K(affine), {anything}, {2.5, -1}}, {K(affine), {anything}, {0, 3}},
  {K(divide_or), {anything, anything_else}, {0}}, {K(divide_or), {anything, anything_else}, {-7}},
  {K(linear), {anything, anything_else}, {0.3, -0.7}}, {K(share), {other, volume}, {100, 0}}, {K(share), {other, volume}, {1, 50}},
  {K(percent_change), {close, before}, {100, -1, 0}}, {K(percent_change), {close, before}, {1, 0, NAN}},
  {K(divide_relative), {close, part, other}, {0, 4.5e14}}, {K(difference_sign), {close, before, part}, {4}}, {K(difference_sign), {close, before, other}, {1e13}}, {K(divide_relative), {close, part, other}, {5, 0}},
  {K(true_range), {high, low, before}}, {K(typical), {high, low, before}},
  {K(directional_moves), {high, before_high, low, before_low}, {0}}, {K(directional_moves), {high, before_high, low, before_low}, {1e13}}, {K(money_flows), {close, before, volume}, {4}},
  {K(money_flows), {close, before, volume}, {4e13}}, {K(bands), {close, range}, {2, 1.5}}, {K(crossing), {close, other, before, anything}},
  AVERAGES(average, 2, close), AVERAGES(gain_loss_averages, 3, close, before),
  {K(adaptive_average), {close, fraction, before}, .slots = 2},
  {K(kaufman_average), {close, other, volume, before}, {0.6, 0.06}, .slots = 2},
  {K(cumulative_sum), {close}, .slots = 2}, {K(restarting_sum), {close, truth}, .slots = 2},
  {K(restarting_maximum), {anything, truth}, .slots = 2}, {K(cumulative_product), {part}, .slots = 2},
  {K(latch), {anything, truth}, .slots = 2}, {K(fallback), {anything, anything_else}, .i = {9}},
  {K(fallback), {anything, anything_else}, .i = {400}}, {K(feedback), {anything, anything_else}}, {K(hold), {anything, anything_else}},
  HEADS_AND_TAILS(rolling_sum, 0.1, 1, 1, close), HEADS_AND_TAILS(rolling_weighted, 0.1, 2, 1, close),
  HEADS_AND_TAILS(rolling_line, 0, 2, 2, close), HEADS_AND_TAILS(rolling_moments, 0, 2, 2, close),
  HEADS_AND_TAILS(rolling_pair, 0, 5, 5, close, other),
  DEFINED_OR_NOT(rolling_maximum, 1, 2), DEFINED_OR_NOT(rolling_maximum, 14, 15), DEFINED_OR_NOT(rolling_minimum, 1, 2),
  DEFINED_OR_NOT(rolling_minimum, 33, 34), DEFINED_OR_NOT(rolling_maximum_age, 1, 4), DEFINED_OR_NOT(rolling_maximum_age, 5, 12),
  DEFINED_OR_NOT(rolling_minimum_age, 2, 6), DEFINED_OR_NOT(rolling_minimum_age, 14, 30),
  {K(rolling_order), {anything}, {0}, {1, 0}, 2, 1, 0, 0}, {K(rolling_order), {anything}, {0.5}, {10, 4}, 11, 10, 0, 0},
  {K(rolling_order), {anything}, {0.25}, {14, 3}, 15, 14, 0, 0}, {K(rolling_order), {anything}, {0}, {21, 0}, 22, 21, 0, 0},
  {K(rolling_below), {anything}, {0}, {1, 0}, 0, 1, 0, 0}, {K(rolling_below), {anything}, {1e13}, {10, 1}, 0, 10, 0, 0},
  WINDOW(rolling_deviation, 1, 0, 0, 0, 0, close, other), WINDOW(rolling_deviation, 20, 0, 0, 19, 19, close, other),
  WINDOW(rolling_weights, 1, 1, 0, 0, 0, close),
  {K(rolling_weights), {close}, {1, 1 / 2., 1 / 3., 1 / 4., 1 / 5., 1 / 6., 1 / 7., 1 / 8., 1 / 9., 0.1, 1 / 11., 1 / 12.}, {12}, 0, 11, 0, 0},
  {K(rescaled_range), {part}, {4.5}, {17, 1}, 0, 16, 0, 0}, {K(rescaled_range), {part}, {4.5}, {36, 4}, 0, 35, 0, 0},
  {K(varying_mean), {close, range}, {0}, {5, 0}, 0, 4, 0, 0}, {K(varying_mean), {close, range}, {0}, {5, 1}, 0, 4, 0, 0},
  {K(parabolic_sar), {high, low}, {0.02, 0.02, 0.2, 0.02, 0.02, 0.2, 0, 0}, .slots = 7},
  {K(parabolic_sar), {high, low}, {0.03, 0.01, 0.1, 0.05, 0.04, 0.3, 0.01, 0, 1e13}, .slots = 7},
  {K(parabolic_sar), {high, low}, {0.02, 0.02, 0.2, 0.02, 0.02, 0.2, 0, -105}, .slots = 7},
  {K(super_trend), {high, range, close, before}, {3}, .slots = 4}, {K(super_trend), {high, range, close, before}, {0.5, 1e13}, .slots = 4},
  {K(dominant_cycle), {close}, {0}, {12}, 49, 0, 0, 0}, {K(dominant_cycle), {close}, {0}, {37}, 49, 0, 0, 1100},
  {K(cycle_phase), {close}, {0}, {12}, 165, 0, 0, 0}, {K(cycle_phase), {close}, {0}, {37}, 165, 0, 0, 0},
  {K(zig_zag), {high, low}, {0.05}, .slots = 6}, {K(zig_zag), {high, low}, {0.004, 4e12}, .slots = 6},
  {K(trend_layer), {close, before, part, anything, anything_else}, {1e-10, 0, 0.9997, 0.25, 1}, .slots = 3},
  {K(trend_layer), {close, before, part, anything, anything_else}, {0.01, 1, 0.99, 0.25, 0.1}, {9}, .slots = 3},
  {K(trend_vote), {part, volume, part, anything, anything_else}, {0.9997, 0.25, 1, 0, 0, 0.1, -0.1}, .slots = 3},
  {K(trend_vote), {part, volume, part, anything, anything_else}, {0.99, 0.25, 2, 1, 1, 0.49, -0.49}, {9}, .slots = 3},
};

enum { BARS = 150 };

// ---------------------------------------------------------------- inputs

enum { walk, constant, ties, zeros, runs, infinities, spike, tiny, huge, rising, falling, noise, character_count };

// Roughly normal, deviation about 1.
static double bell(source *s) { return (unit(s) + unit(s) + unit(s) + unit(s) - 2) * 1.75; }

static double character_unit(int64_t character) {
  return character == constant || character == zeros ? 0 : character == tiny ? 0x1p-1030 : character == huge ? 1e100 : 1;
}

static double character_value(int64_t character, source *s, int64_t bar, double level) {
  const double draw = unit(s), bump = bell(s);
  switch (character) {
  case constant: return 42.7;
  case ties: return (double)(int64_t)(draw * 4) - 1;
  case zeros: return draw < 0.5 ? 0.0 : -0.0;
  case runs: return bar == 0 || (bar >= 60 && bar < 70) || draw < 0.05 ? NAN : level;
  case infinities: return bar == 40 ? INFINITY : bar == 100 ? -INFINITY : level;
  case spike: return bar == 70 ? 1e15 : level;
  case tiny: return bump * 0x1p-1030;
  case huge: return bump * 1e100;
  case rising: return 10 + (double)bar + draw * 0.5;
  case falling: return 60 - (double)bar * 0.75;
  case noise: return bump;
  default: return level;
  }
}

static void character_lane(int64_t lane, uint64_t seed, int64_t bars, double *x) {
  source s = source_of(31 * (uint64_t)lane + seed);
  double level = 100;
  for (int64_t bar = 0; bar < bars; bar++) {
    level += bell(&s);
    x[bar * LANES + lane] = character_value(lane % character_count, &s, bar, level);
  }
}

// Bars x 64 lanes of what an input is.
static double *feed_of(int feed, int64_t bars) {
  static const double truths[] = {0, 1, 1, 0, -0.0, 2.5, -1, 0, 1, NAN};
  double *const x = memory(bars * LANES * (int64_t)sizeof(double));
  for (int64_t lane = 0; lane < LANES; lane++) {
    source s = source_of(7919 * (uint64_t)feed + (uint64_t)lane);
    const int64_t character = lane % character_count;
    const int edges = feed == high || feed == low || feed == before_high || feed == before_low;
    character_lane(lane, feed == other || feed == anything_else ? 1000003 : 5, bars, x);
    for (int64_t bar = 0; bar < bars; bar++) {
      double *const p = x + bar * LANES + lane;
      switch (feed) {
      case anything: case anything_else: if (lane >= 48) fill_elements(&s, mk_float64, 1, p); break;
      case part: *p = character == runs && bar % 40 == 3 ? NAN : between(&s, -1.1, 1.1); break;
      case fraction: *p = unit(&s); break;
      case truth: *p = truths[below(&s, lane % 4 == 3 ? 10 : 9)]; break;
      case power: *p = (double)below(&s, 49) * 0.25 - 6; break;
      case angle: *p = character == zeros ? -0.0 : between(&s, -1, 1) * (lane % 3 == 0 ? 3 : lane % 3 == 1 ? 40 : 700); break;
      case volume: *p = (double)below(&s, 50) * 20; break;
      case range: *p = between(&s, 0.5, 3) * character_unit(character); break;
      default: break;
      }
      if (edges) *p += (feed == high || feed == before_high ? 1 : -1) * character_unit(character) * unit(&s) * 2;
    }
    // A bar late, the first one twice.
    if (feed == before || feed == before_high || feed == before_low)
      for (int64_t bar = bars - 1; bar > 0; bar--) x[bar * LANES + lane] = x[(bar - 1) * LANES + lane];
  }
  return x;
}

static void *as_elements(const double *x, int64_t n, int64_t size) {
  void *const to = memory(n * size);
  for (int64_t k = 0; k < n; k++)
    if (size == 8) ((double *)to)[k] = x[k];
    else ((float *)to)[k] = (float)x[k];
  return to;
}

// ---------------------------------------------------------------- running

typedef struct {
  const char *name;
  int64_t width;
  int lanes;        // one lane of a row at a time
  int64_t cut;      // rows of a call
  int ring;
  int64_t origin, lag;
} way;

static const way ways[] = {
  {"64 lanes", 64, 0, INT64_MAX, 0, 0, 0},
  {"64 lanes, calls of 7, rings", 64, 0, 7, 1, 5, 1},
  {"8 lanes", 8, 0, 64, 1, 13, 2},
  {"8 lanes, calls of 1", 8, 0, 1, 0, 0, 3},
  {"1 lane", 1, 0, INT64_MAX, 0, 5, 0},
  {"1 lane, calls of 3, rings", 1, 0, 3, 1, 0, 1},
  {"lanes of 64", 64, 1, 1, 1, 3, 0},
  {"lanes of 8", 8, 1, 1, 0, 0, 2},
  {"lanes of 1", 1, 1, 1, 1, 2, 0},
};

// An operand's memory: rows from bar `origin` on, in a ring as short as possible or one after the other.
typedef struct {
  char *base;
  int64_t mask, lag, row;
} place;

static place place_of(const way *w, int64_t size, int64_t bars, int64_t reach, int64_t lag) {
  place p = {NULL, -1, lag, w->width * size};
  int64_t rows = w->origin + bars;
  if (w->ring) {
    const int64_t needed = reach + (w->cut < bars ? w->cut : bars);
    for (rows = 2; rows < needed; rows *= 2) {}
    p.mask = rows - 1;
  } else {
    p.lag = 0;
  }
  p.base = memory(rows * p.row);
  return p;
}
static char *place_row(const place *p, int64_t t) { return p->base + ((t - p->lag) & p->mask) * p->row; }

static digest run_plan(const plan *one, const mk_table *table, void *const *inputs, int64_t bars, const way *w) {
  const int64_t size = table->element_size, in = mk_kernel_inputs(one->kernel), out = mk_kernel_outputs(one->kernel);
  const mk_kernel body = (w->lanes ? table->lane : table->wide)[one->kernel];
  char *const results = memory(out * bars * LANES * size);
  for (int64_t first = 0; first < LANES; first += w->width) {
    place from[MAXIMUM_INPUTS], to[MK_MAX_OPERANDS];
    for (int64_t k = 0; k < in; k++) from[k] = place_of(w, size, bars, k == 0 ? one->reach : 0, (w->lag + 2 * k) % 5);
    for (int64_t k = 0; k < out; k++) to[k] = place_of(w, size, bars, 0, 0);
    char *const state = memory(one->slots * w->width * 8);
    memset(state, 0, (size_t)(one->slots * w->width * 8));
    mk_call call = {.start = w->origin + one->lead, .stride = w->width, .f = one->f, .i = one->i};
    int64_t filled = w->origin;
    for (int64_t t = call.start, end = w->origin + bars; t < end; t += call.rows) {
      call.t = t;
      call.rows = end - t < w->cut ? end - t : w->cut;
      for (; filled < t + call.rows; filled++)
        for (int64_t k = 0; k < in; k++)
          memcpy(place_row(from + k, filled), (char *)inputs[k] + ((filled - w->origin) * LANES + first) * size, (size_t)(w->width * size));
      for (int64_t lane = 0; lane < (w->lanes ? w->width : 1); lane++) {
        for (int64_t k = 0; k < in; k++) call.in[k] = (mk_operand){from[k].base + lane * size, from[k].mask, from[k].lag};
        for (int64_t k = 0; k < out; k++) call.out[k] = (mk_operand){to[k].base + lane * size, to[k].mask, to[k].lag};
        call.state = state + lane * 8;
        body(&call);
      }
      for (int64_t row = t; row < t + call.rows; row++)
        for (int64_t k = 0; k < out; k++)
          memcpy(results + ((k * bars + row - w->origin) * LANES + first) * size, place_row(to + k, row), (size_t)(w->width * size));
    }
    for (int64_t k = 0; k < in; k++) free(from[k].base);
    for (int64_t k = 0; k < out; k++) free(to[k].base);
    free(state);
  }
  digest d = {0};
  for (int64_t k = 0; k < out; k++)
    add_elements(&d, size == 8 ? mk_float64 : mk_float32, results + (k * bars + one->lead) * LANES * size, (bars - one->lead) * LANES);
  free(results);
  return d;
}

// Adds the hashes of one plan, for each way.
static void add_plan(digest *digests, const plan *one, int isa, int64_t size) {
  const int64_t bars = one->bars ? one->bars : BARS;
  void *inputs[MAXIMUM_INPUTS];
  for (int64_t k = 0; k < mk_kernel_inputs(one->kernel); k++) {
    double *const x = feed_of(one->feed[k], bars);
    inputs[k] = as_elements(x, bars * LANES, size);
    free(x);
  }
  for (int64_t k = 0; k < COUNT(ways); k++) {
    mk_table table;
    if (!mk_table_get(isa, ways[k].width, size, &table)) abort();
    add_word(digests + k, run_plan(one, &table, inputs, bars, ways + k).value);
  }
  for (int64_t k = 0; k < mk_kernel_inputs(one->kernel); k++) free(inputs[k]);
}

void run_kernels(int isa) {
  for (int kernel = 0; kernel < mk_kernel_count; kernel++)
    for (int64_t size = 8; size >= 4; size -= 4) {
      digest digests[COUNT(ways)] = {{0}};
      int found = 0;
      for (int64_t k = 0; k < COUNT(plans); k++)
        if (plans[k].kernel == kernel) {
          add_plan(digests, plans + k, isa, size);
          found = 1;
        }
      const plan usual = {.kernel = kernel, .feed = {anything, anything_else}};
      if (!found && kernel <= mk_kernel_bands) add_plan(digests, &usual, isa, size);
      else if (!found) printf("kernel %s is in no plan\n", mk_kernel_name(kernel));
      const char *const kind = size == 8 ? "f64" : "f32";
      report("kernel", mk_kernel_name(kernel), kind, digests[0]);
      for (int64_t k = 1; k < COUNT(ways); k++)
        report_way("kernel", mk_kernel_name(kernel), kind, ways[k].name, digests[k], digests[0]);
    }
}
