// The one inner loop: batch, chunks and streams are this loop with other row counts.
#include "CMartletKernels.h"

#include <math.h>
#include <string.h>

#define MK_FETCH_AHEAD 4  // steps

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

// From one lane to another.
static inline void shift(mk_call *call, const mk_step *step, int64_t lanes, int64_t size) {
  for (int k = 0; k < step->inputs; k++)
    if (call->in[k].mask != 0) call->in[k].base = (char *)call->in[k].base + lanes * size;
  for (int k = 0; k < step->outputs; k++)
    call->out[k].base = (char *)call->out[k].base + lanes * size;
  call->state = (char *)call->state + lanes * (int64_t)sizeof(double);
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
    if (sink->base) program->table.store(&call.in[0], sink, t, rows);
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
