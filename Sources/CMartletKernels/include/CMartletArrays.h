// What n-dimensional arrays need of the kernels: maps over blocks of elements, casts, reductions, and the
// loop that runs a chain of maps block by block, with a reduction at its end where there is one.
#ifndef C_MARTLET_ARRAYS_H
#define C_MARTLET_ARRAYS_H

#include <stdint.h>

// Element types, in the order of Swift's ElementType. A bool is a byte that holds 0 or 1.
enum {
  mk_float32, mk_float64, mk_int32, mk_int64, mk_uint8, mk_bool, mk_complex64, mk_complex128,
  mk_dtype_count
};

enum {
#define MK_MAP(name, inputs, result) mk_map_##name,
#include "../maps.def"
#undef MK_MAP
  mk_map_count
};

enum {
#define MK_REDUCTION(name) mk_array_reduction_##name,
#include "../array_reductions.def"
#undef MK_REDUCTION
  mk_array_reduction_count
};

// n elements of each input to n results. The output may be one of the inputs.
typedef void (*mk_map)(const void *const *in, void *out, int64_t n);

// How one reduction works on one element type. Accumulators have accumulator_size bytes each.
typedef struct {
  // One accumulator from n > 0 elements; index is the first one's place along what is reduced.
  void (*row)(const void *x, int64_t n, int64_t index, void *accumulator);
  // n accumulators take rows of n elements, `step` elements apart, one after the other; index is the first row's.
  void (*columns)(void *accumulators, const void *x, int64_t n, int64_t rows, int64_t step, int64_t index);
  // n accumulators take n others, which stand later.
  void (*merge)(void *accumulators, const void *others, int64_t n);
  void (*identity)(void *accumulators, int64_t n);
  void (*finish)(const void *accumulators, void *out, int64_t n);
  int64_t accumulator_size;
  // An accumulator takes a row of n elements more, for reductions in which the order decides nothing; or NULL.
  void (*append)(const void *x, int64_t n, int64_t index, void *accumulator);
  // `row` and `append` name the first element of the row that wins: looks for the one that is meant, if it is among
  // these. NULL for reductions that name none.
  void (*find)(const void *x, int64_t n, int64_t index, void *accumulator);
} mk_array_reduction;

// Elements of a matrix, `row` and `column` elements apart.
typedef struct {
  const void *base;
  int64_t row, column;
} mk_matrix;

// Bytes that a product works in.
enum { mk_product_work = (64 + 128) * 256 * 16 };

// c = a b, m x k times k x n elements, k > 0; c is row-major.
typedef void (*mk_matrix_product)(const mk_matrix *a, const mk_matrix *b, void *c, int64_t m, int64_t n, int64_t k, void *work);

typedef struct {
  mk_map maps[mk_map_count][mk_dtype_count];        // by the type of the (last) input
  mk_map casts[mk_dtype_count][mk_dtype_count];     // [from][to]
  mk_array_reduction reductions[mk_array_reduction_count][mk_dtype_count];
  mk_matrix_product products[mk_dtype_count];              // of reals and complex numbers
} mk_array_table;

// NULL when this machine has no such instruction set.
const mk_array_table *mk_array_table_get(int isa);

int mk_map_inputs(int map);
// 0 the input's type, 1 bool, 2 the real type of a complex one.
int mk_map_result(int map);
const char *mk_map_name(int map);

#define MK_MAX_RANK 32
// Elements that go through a chain at once; also the leaves of pairwise sums.
#define MK_CHAIN_BLOCK 1024
// Columns that a reduction may take at once, where it reads them in place.
#define MK_COLUMNS (4 * MK_CHAIN_BLOCK)

// Memory that a chain reads, laid over its index space: one stride in bytes per axis.
typedef struct {
  const char *base;
  int64_t size;  // of an element
  int64_t slot;  // for copies of blocks that do not lie side by side; -1 when all do
  int64_t strides[MK_MAX_RANK];
} mk_array_operand;

// The same value everywhere.
typedef struct {
  int64_t size;
  _Alignas(16) char value[16];
} mk_constant;

typedef struct {
  mk_map map;
  int32_t inputs;
  int32_t in[3];  // operands of the chain, then constants, then slots
  int32_t out;    // a slot
} mk_chain_step;

typedef struct {
  int64_t rank;
  int64_t shape[MK_MAX_RANK];
  const mk_array_operand *operands;
  const mk_constant *constants;
  const mk_chain_step *steps;
  int64_t operand_count, constant_count, step_count, slot_count;
  int64_t copied_operands;  // those that have a slot
  int64_t slot_size;    // bytes of a slot, a multiple of 64
  int64_t result_size;  // bytes of a resulting element
} mk_chain;

// Arrays inside the structs, for languages that see them as tuples.
static inline int64_t *mk_chain_shape(mk_chain *chain) { return chain->shape; }
static inline int64_t *mk_array_operand_strides(mk_array_operand *operand) { return operand->strides; }
// Makes one axis of neighbouring ones that all operands cross without a gap, and gives slots to the
// operands that do not lie side by side.
void mk_chain_join_axes(mk_chain *chain, mk_array_operand *operands);
// Bytes of scratch that a run of the chain needs.
int64_t mk_chain_scratch(const mk_chain *chain);
// Elements start ..< start + count of the index space, in row-major order, to out.
void mk_chain_run(const mk_chain *chain, int64_t start, int64_t count, void *out, void *scratch);

// A reduction over the middle of an index space [outer, reduced, inner]. What is reduced is cut into
// parts of the same length whatever the number of threads, and their tree is fixed by the shape.
typedef struct {
  mk_chain chain;
  mk_array_reduction kernel;
  int64_t outer, reduced, inner;
} mk_reduction;

// Reduced elements of one part.
int64_t mk_reduction_part(const mk_reduction *reduction);
int64_t mk_reduction_scratch(const mk_reduction *reduction);
// Part `part` of outer index `o` and inner indices i ..< i + n: n accumulators. n is at most MK_COLUMNS
// for a chain without steps whose rows lie side by side, otherwise MK_CHAIN_BLOCK.
void mk_reduction_run(const mk_reduction *reduction, int64_t o, int64_t part, int64_t i, int64_t n,
                      void *accumulators, void *scratch);
// Whole rows o ..< o + n of a reduction without an inner axis and with a single part.
void mk_reduction_rows(const mk_reduction *reduction, int64_t o, int64_t n, void *accumulators,
                       void *scratch);
// `parts` sets of n accumulators, one after the other, into the first.
void mk_reduction_join(const mk_reduction *reduction, void *accumulators, int64_t parts, int64_t n);

#endif
