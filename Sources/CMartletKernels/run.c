// The one inner loop: batch, chunks and streams are this loop with other row counts.
#include "CMartletKernels.h"

#include <math.h>
#include <string.h>

#define MK_FETCH_AHEAD 4  // steps
#define MK_SIBLING_OPERANDS 8  // inputs and outputs of a kernel that siblings share
#define MK_TILE 64        // rows of siblings at a time; constants are rows of that many values

#define MK_KERNEL(name, inputs, outputs, version, siblings) \
  _Static_assert(siblings == mk_alone || inputs + outputs <= MK_SIBLING_OPERANDS, #name);
#include "kernels.def"
#undef MK_KERNEL

static inline char *base(const mk_memory *memory, const mk_ref *ref) {
  // The first three spaces stand at the head of mk_memory, in their order.
  const void *const *spaces = (const void *const *)memory;
  const void *found =
      ref->space < mk_space_inputs ? spaces[ref->space] : memory->inputs[ref->space - mk_space_inputs];
  return (char *)found + ref->offset;
}

// The operands of a step from a lane on; a constant (mask 0) is the same for all.
static inline void resolve(const mk_program *program, const mk_memory *memory, const mk_step *step,
                           int64_t lane, mk_call *call) {
  const mk_ref *ref = program->refs + step->refs;
  const int64_t bytes = lane * program->table.element_size;
  for (int k = 0; k < step->inputs; k++, ref++)
    call->in[k] =
        (mk_operand){base(memory, ref) + (ref->mask == 0 ? 0 : bytes), ref->mask, ref->lag};
  for (int k = 0; k < step->outputs; k++, ref++)
    call->out[k] = (mk_operand){base(memory, ref) + bytes, ref->mask, ref->lag};
  call->start = step->start;
  call->stride = program->table.width;
  call->state = (char *)memory->state + step->state + lane * (int64_t)sizeof(double);
  call->f = program->f + step->f;
  call->i = program->i + step->i;
}

static void undefined(const mk_program *program, const mk_call *call, int outputs, int64_t width,
                      int64_t t, int64_t end) {
  for (int k = 0; k < outputs; k++)
    for (int64_t row = t; row < end; row++) {
      const mk_operand *out = &call->out[k];
      const int64_t first = ((row - out->lag) & out->mask) * program->table.width;
      if (program->table.element_size == 8) {
        double *p = (double *)out->base + first;
        for (int64_t lane = 0; lane < width; lane++) p[lane] = NAN;
      } else {
        float *p = (float *)out->base + first;
        for (int64_t lane = 0; lane < width; lane++) p[lane] = NAN;
      }
    }
}

// Siblings side by side: a few rows are gathered from their series, run in eight lanes, and go back.
static void run_siblings(const mk_program *program, const mk_memory *memory, const mk_step *step, int64_t t,
                         int64_t rows) {
  const int64_t size = program->table.element_size, count = step->siblings;
  const int is_in_step = mk_kernel_siblings(step->kernel) == mk_in_step;
  mk_operand in[MK_MAX_OPERANDS][MK_SIBLINGS], out[MK_MAX_OPERANDS][MK_SIBLINGS];
  int64_t starts[MK_SIBLINGS], first = INT64_MAX, last = 0;
  mk_call call;
  // Lanes without a sibling do what the first does.
  for (int lane = MK_SIBLINGS - 1; lane >= 0; lane--) {
    const mk_step *one = lane < count ? step + lane : step;
    resolve(program, memory, one, 0, &call);
    for (int k = 0; k < step->inputs; k++) in[k][lane] = call.in[k];
    for (int k = 0; k < step->outputs; k++) out[k][lane] = call.out[k];
    starts[lane] = one->start;
    first = one->start < first ? one->start : first;
    last = one->start > last ? one->start : last;
  }
  const int64_t end = t + rows;
  if (t < first) {
    const int64_t valid = first < end ? first : end;
    for (int lane = 0; lane < count; lane++) {
      resolve(program, memory, step + lane, 0, &call);
      undefined(program, &call, step->outputs, 1, t, valid);
    }
    t = valid;
  }
  // Parameters and state are those of the first, where those of all begin.
  resolve(program, memory, step, 0, &call);
  call.stride = MK_SIBLINGS;
  call.common = 0;
  for (int k = 0; k < step->inputs; k++) {
    int is_common = t >= last;
    for (int lane = 1; lane < count; lane++)
      is_common &= in[k][lane].base == in[k][0].base && in[k][lane].lag == in[k][0].lag;
    call.common |= (int64_t)is_common << k;
  }
  _Alignas(64) double tiles[MK_SIBLING_OPERANDS][MK_TILE * MK_SIBLINGS];
  for (int64_t next; t < end; t = next) {
    next = (t | (MK_TILE - 1)) + 1 < end ? (t | (MK_TILE - 1)) + 1 : end;
    char *tile = (char *)tiles;
    for (int k = 0; k < step->inputs; k++, tile += sizeof *tiles) {
      if (call.common >> k & 1) continue;
      program->table.gather(in[k], is_in_step ? (const int64_t[MK_SIBLINGS]){0} : starts, t, next - t,
                            tile + (t & (MK_TILE - 1)) * MK_SIBLINGS * size);
      call.in[k] = (mk_operand){tile, MK_TILE - 1, 0};
    }
    for (int k = 0; k < step->outputs; k++, tile += sizeof *tiles)
      call.out[k] = (mk_operand){tile, MK_TILE - 1, 0};
    call.t = t;
    call.rows = next - t;
    program->table.siblings[step->kernel](&call);
    for (int k = 0; k < step->outputs; k++)
      program->table.scatter((const char *)call.out[k].base + (t & (MK_TILE - 1)) * MK_SIBLINGS * size, out[k], count,
                             t, next - t);
  }
}

// From one lane to another.
static inline void shift(mk_call *call, const mk_step *step, int64_t lanes, int64_t size) {
  for (int k = 0; k < step->inputs; k++)
    if (call->in[k].mask != 0) call->in[k].base = (char *)call->in[k].base + lanes * size;
  for (int k = 0; k < step->outputs; k++)
    call->out[k].base = (char *)call->out[k].base + lanes * size;
  call->state = (char *)call->state + lanes * (int64_t)sizeof(double);
}

static inline void run_step(const mk_program *program, const mk_memory *memory, const mk_step *step,
                     int64_t t, int64_t rows) {
  mk_call call;
  resolve(program, memory, step, 0, &call);
  if (step->kernel == mk_step_output) {
    if (memory->row) {
      const int64_t bytes = program->table.width * program->table.element_size;
      const mk_operand *in = &call.in[0];
      memcpy((char *)memory->row + call.i[0] * memory->row_stride * program->table.element_size,
             (const char *)in->base + ((t + rows - 1 - in->lag) & in->mask) * bytes, (size_t)bytes);
      return;
    }
    const mk_sink *sink = memory->sinks + call.i[0];
    if (sink->parts)
      program->table.reduce(&call.in[0], sink, t, rows);
    else if (sink->base)
      program->table.store(&call.in[0], sink, t, rows);
    return;
  }
  const int64_t end = t + rows;
  if (t < step->start) {
    const int64_t valid = step->start < end ? step->start : end;
    undefined(program, &call, step->outputs, program->table.width, t, valid);
    t = valid;
    if (t == end) return;
  }
  call.t = t;
  call.rows = end - t;
  program->table.wide[step->kernel](&call);
}

static inline void fetch_row(const char *row, int64_t bytes) {
  for (int64_t line = 0; line < bytes; line += 64) __builtin_prefetch(row + line);
}

// The state that a step is about to touch at bar t. A single row of a whole market passes through
// more state than the caches hold, a few scattered rows of each window, which nobody else foresees.
static void fetch_state(const mk_program *program, const mk_memory *memory, const mk_step *step,
                        int64_t t) {
  const int64_t width = program->table.width, row = width * (int64_t)sizeof(double);
  if (step->kernel == mk_step_output && memory->row) {
    const int64_t size = program->table.element_size;
    const char *to = (char *)memory->row + program->i[step->i] * memory->row_stride * size;
    for (int64_t line = 0; line < width * size; line += 64) __builtin_prefetch(to + line, 1);
  }
  if (step->kernel >= mk_kernel_count) return;
  const char *state = (const char *)memory->state + step->state;
  if (step->slots <= 8) {
    fetch_row(state, step->slots * row);
  } else if (t >= step->start) {
    // Heads, then arrays of n rows, of which the current place and the next one are used.
    // Divisions of half the width take half the time.
    const uint32_t n = (uint32_t)program->i[step->i], slots = (uint32_t)step->slots;
    const int64_t bar = t - step->start;
    const int64_t place = bar >> 32 ? bar % n : (uint32_t)bar % n;
    const int64_t arrays = slots / n, heads = slots - arrays * n;
    fetch_row(state, heads * row);
    for (int64_t k = 0; k < arrays; k++)
      fetch_row(state + (heads + k * n + place) * row, place + 1 < n ? 2 * row : row);
  }
  const mk_ref *ref = program->refs + step->refs;
  for (int k = 0; k < step->inputs; k++, ref++)
    if (ref->space == mk_space_state && ref->lag > 0)
      fetch_row((const char *)memory->state + ref->offset +
                    ((t - ref->lag) & ref->mask) * width * program->table.element_size,
                width * program->table.element_size);
}

void mk_run(const mk_program *program, const mk_memory *memory, int64_t t, int64_t rows) {
  const mk_step *step = program->steps, *last = step + program->step_count;
  const int is_live = rows == 1 && program->table.width == 64;
  while (step < last) {
    if (is_live && last - step > MK_FETCH_AHEAD)
      fetch_state(program, memory, step + MK_FETCH_AHEAD, t);
    if (step->siblings > 1) {
      run_siblings(program, memory, step, t, rows);
      step += step->siblings;
      continue;
    }
    if (step->kernel != mk_step_loop) {
      run_step(program, memory, step++, t, rows);
      continue;
    }
    // A recurrence: its steps take turns bar by bar.
    const int64_t length = program->i[step->i];
    step++;
    for (int64_t row = t; row < t + rows; row++)
      for (int64_t k = 0; k < length; k++) run_step(program, memory, step + k, row, 1);
    step += length;
  }
}

void mk_run_lanes(const mk_program *program, const mk_memory *memory, const int64_t *t,
                  const int64_t *lanes, int64_t count) {
  const int64_t size = program->table.element_size, width = program->table.width;
  if (count <= 0) return;
  for (const mk_step *step = program->steps, *last = step + program->step_count; step < last;
       step++) {
    if (step->kernel == mk_step_loop) continue;
    mk_call call;
    resolve(program, memory, step, lanes[0], &call);
    for (int64_t k = 0; k < count; k++) {
      const int64_t lane = lanes[k];
      if (k > 0) shift(&call, step, lane - lanes[k - 1], size);
      if (step->kernel == mk_step_output) {
        void *to = memory->row;
        int64_t place = call.i[0] * memory->row_stride + lane;
        if (!to) {
          const mk_sink *sink = memory->sinks + call.i[0];
          if (!sink->base || sink->symbols[lane] < 0) continue;
          to = sink->base;
          place = sink->symbols[lane] * sink->symbol_stride;
        }
        const int64_t row = ((t[lane] - call.in[0].lag) & call.in[0].mask) * width;
        if (size == 8)
          ((double *)to)[place] = ((const double *)call.in[0].base)[row];
        else
          ((float *)to)[place] = ((const float *)call.in[0].base)[row];
        continue;
      }
      if (t[lane] < step->start) {
        undefined(program, &call, step->outputs, 1, t[lane], t[lane] + 1);
        continue;
      }
      call.t = t[lane];
      call.rows = 1;
      program->table.lane[step->kernel](&call);
    }
  }
}
