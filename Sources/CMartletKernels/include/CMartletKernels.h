// The whole interface between Swift and the kernels.
//
// A program is a list of steps over rows of lanes. A row holds the same bar of every lane of a group
// and is contiguous; rows of one operand live in a ring whose length is a power of two (or in plain
// memory: mask -1). Row t of an operand stands at base + ((t - lag) & mask) * width.
#ifndef C_MARTLET_KERNELS_H
#define C_MARTLET_KERNELS_H

#include <stdint.h>

#include "CMartletArrays.h"
#include "CMartletBlocks.h"
#include "CMartletConvolution.h"
#include "CMartletCrossSection.h"
#include "CMartletFourier.h"
#include "CMartletIndexing.h"
#include "CMartletNetwork.h"
#include "CMartletRandom.h"
#include "CMartletSignals.h"
#include "CMartletSorting.h"

#define MK_MAX_OPERANDS 8

// Tells the processor that a thread waits for another one.
static inline void mk_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("isb");
#endif
}

// Kernel numbers, in the order of kernels.def.
enum {
#define MK_KERNEL(name, inputs, outputs, version, siblings) mk_kernel_##name,
#include "../kernels.def"
#undef MK_KERNEL
  mk_kernel_count,
  // Not kernels but instructions of the program itself.
  mk_step_loop = 1000,   // i0 following steps run row by row
  mk_step_output = 1001  // input 0 goes to sink i0
};

// Siblings are steps of one kernel over one series each that share a call, side by side in eight lanes, with
// parameters of their own. Alone: there is no such call. Together: a bar without a value leaves a lane alone, so each
// may start where it does. In step: they have the same integers and the same start.
enum { mk_alone, mk_together, mk_in_step };
#define MK_SIBLINGS 8

typedef struct {
  const void *base;
  int64_t mask;
  int64_t lag;
} mk_operand;

// One call of one kernel: rows t ..< t + rows of a group of lanes, or one lane of it.
typedef struct {
  mk_operand in[MK_MAX_OPERANDS];
  mk_operand out[MK_MAX_OPERANDS];
  int64_t t;       // the lanes' own bar count at the first row
  int64_t rows;
  int64_t start;   // first bar at which every input is valid
  int64_t stride;  // elements from one row to the next
  void *state;
  const double *f;
  const int64_t *i;
  int64_t common;  // of siblings: bit k says that all read the same input k, one value a row
} mk_call;

typedef void (*mk_kernel)(const mk_call *);

// Where an operand lives. Spaces, in the order of mk_memory: scratch registers, group state, constants, then the inputs.
enum { mk_space_registers, mk_space_state, mk_space_constants, mk_space_inputs };

typedef struct {
  int64_t space;
  int64_t offset;  // bytes
  int64_t mask;
  int64_t lag;
} mk_ref;

typedef struct {
  int32_t kernel;
  int16_t inputs, outputs;
  int64_t siblings;  // with this one, of the following steps: their parameters lie side by side, as does their state
  int64_t refs;   // index of the first reference: inputs, then outputs
  int64_t start;
  int64_t state;  // byte offset in the group's state
  int64_t slots;  // rows of lanes there
  int64_t f;      // index of the first real parameter
  int64_t i;      // index of the first integer parameter
} mk_step;

typedef struct mk_sink mk_sink;

// One dtype, one width, one instruction set.
typedef struct {
  const mk_kernel *wide;  // a whole row of lanes
  const mk_kernel *lane;  // one lane of a row
  // One series: siblings side by side, and what carries their rows there and back. NULL for other widths.
  const mk_kernel *siblings;
  void (*gather)(const mk_operand *from, const int64_t *starts, int64_t t, int64_t rows, void *tile);
  void (*scatter)(const void *tile, const mk_operand *to, int64_t count, int64_t t, int64_t rows);
  // Rows of a finished output to where they go.
  void (*store)(const mk_operand *source, const mk_sink *sink, int64_t t, int64_t rows);
  // The same for a sink that keeps a reduction only.
  void (*reduce)(const mk_operand *source, const mk_sink *sink, int64_t t, int64_t rows);
  // Symbol-major rows to lanes.
  void (*pack)(const void *source, int64_t symbol_stride, const int64_t *symbols, int64_t rows,
               void *destination);
  int64_t width;
  int64_t element_size;
} mk_table;

typedef struct {
  const mk_step *steps;
  int64_t step_count;
  const mk_ref *refs;
  const double *f;
  const int64_t *i;
  mk_table table;
  int64_t rows;  // most rows one run may advance; registers are that long
} mk_program;

// Where one output of one group goes.
struct mk_sink {
  void *base;                 // element of symbol 0 at time 0
  int64_t symbol_stride;      // elements from one symbol to the next
  const int64_t *symbols;     // lane -> symbol, -1 for none
  const int64_t *counts;      // lane -> bars it has
  const int64_t *firsts;      // lane -> time index of its bar 0, when it has no holes
  const int32_t *const *times;  // lane -> bar -> time index, NULL for lanes without holes
  int64_t dense_rows;         // up to this row every lane has a bar and time index == row;
                              // with latest: no lane ends before it
  int32_t latest;             // keep only each lane's last bar
  int32_t bypass_cache;       // result is larger than the cache
  // Instead of all that: eight parts for each lane, and how many values are in them, eight rows of lanes each.
  double *parts;
  int32_t reduction;
};

// A part is the number of values that are not 0, their sum, the smallest or the largest.
enum { mk_reduction_count, mk_reduction_sum, mk_reduction_minimum, mk_reduction_maximum };

typedef struct {
  void *registers;
  void *state;
  const void *constants;
  const void *const *inputs;
  const mk_sink *sinks;
  // Live: instead of sinks, the place of the group's first lane in a row of results; NULL otherwise.
  void *row;
  int64_t row_stride;  // elements from one result to the next
} mk_memory;

// Advances a whole group of lanes that stand at the same bar count.
void mk_run(const mk_program *program, const mk_memory *memory, int64_t t, int64_t rows);
// Advances some lanes of a group by one bar, each at its own bar count.
void mk_run_lanes(const mk_program *program, const mk_memory *memory, const int64_t *t,
                  const int64_t *lanes, int64_t count);

// Instruction sets: 0 baseline, 1 AVX2, 2 AVX-512.
enum { mk_isa_baseline, mk_isa_avx2, mk_isa_avx512, mk_isa_count };
int mk_isa_best(void);
const char *mk_isa_name(int isa);
// width 64, 8 or 1; element_size 8 or 4. Returns 0 when there is no such table.
int mk_table_get(int isa, int64_t width, int64_t element_size, mk_table *table);

int mk_kernel_inputs(int kernel);
int mk_kernel_outputs(int kernel);
int mk_kernel_version(int kernel);
int mk_kernel_siblings(int kernel);
const char *mk_kernel_name(int kernel);


// Elementary functions, in the order of math.def.
enum {
#define MK_MATH(name, arity, single) mk_math_##name,
#include "../math.def"
#undef MK_MATH
  mk_math_count
};
// n contiguous elements; y is read by functions of two arguments only. `out` may be `x` or `y`.
typedef void (*mk_math_kernel)(const void *x, const void *y, void *out, int64_t n);
// element_size 8 or 4. NULL when there is no such function or instruction set.
mk_math_kernel mk_math_get(int isa, int function, int64_t element_size);
int mk_math_arity(int function);
const char *mk_math_name(int function);
// The function by its name, for tests. Returns 0 when there is none.
int mk_math_test(int isa, const char *name, int element_size, const void *x, const void *y, void *out,
                 int64_t n);

#endif
