// The steps of a neural network in float32, over rows of activations.
#ifndef CMARTLET_NETWORK_H
#define CMARTLET_NETWORK_H

#include <stddef.h>
#include <stdint.h>

// Columns of a panel of packed weights: `k` rows of so many, then the next panel.
#define MK_PANEL 32

enum {
#define MK_STEP(name, unit) mk_step_##name,
#include "../network.def"
#undef MK_STEP
  mk_step_count
};

enum { mk_unit_rows, mk_unit_samples, mk_unit_heads };

enum {
  mk_act_none, mk_act_relu, mk_act_gelu, mk_act_gelu_tanh, mk_act_silu, mk_act_tanh, mk_act_sigmoid,
  mk_act_softplus, mk_act_count
};

enum { mk_pool_mean, mk_pool_max, mk_pool_first, mk_pool_last };

// Activations: rows of `width` numbers, `stride` apart. `base` is the first row of the chunk, or of the block
// at hand where the value does not outlive it.
typedef struct {
  float *base;
  int64_t stride, width;
  int32_t space, is_block;
} mk_net_value;

// The rows of samples: sample i has the rows starts[i] ..< starts[i + 1].
typedef struct {
  const int64_t *starts;
  const int32_t *samples, *positions; // of each row: its sample, and its place there
  int64_t count;                      // samples
} mk_net_space;

typedef struct {
  int32_t kind, activation;
  int32_t x, y, z, w, out; // values, negative where there is none
  int32_t mode, heads;
  int64_t n, k; // outputs and inputs of products; rows and columns of tables
  int64_t stride, dilation, padding;
  float epsilon, factor;
  const void *weights;        // packed, or a table
  const float *a, *b, *c;     // bias; gain and offset; an attention mask; factors and sums of quantised weights
} mk_net_step;

typedef struct {
  const mk_net_value *values;
  const mk_net_space *spaces;
  int64_t row; // the first row of the block at hand
  char *scratch;
} mk_net_run;

typedef void (*mk_net_kernel)(const mk_net_step *, const mk_net_run *, int64_t first, int64_t count);

// The function of a step on an instruction set of this processor; NULL where there is none.
mk_net_kernel mk_net_get(int isa, int kind);
const char *mk_step_name(int kind);
int mk_step_unit(int kind);
// Whether the processor has the instructions of bfloat16 products.
int mk_has_bfloat16(void);

// Bytes of scratch that a step needs for blocks of `rows` rows, chunks of `samples` samples and samples of
// `longest` rows.
int64_t mk_net_scratch(const mk_net_step *, int64_t rows, int64_t samples, int64_t longest);

// Weights [n, k], row-major, as panels; `packed` holds mk_packed_size bytes, zeroed. In 8 bits a column of weights
// is its factor times integers within ±127; `sums` are those of the weights that this makes.
int64_t mk_packed_size(int kind, int64_t n, int64_t k);
void mk_pack(const float *weights, int64_t n, int64_t k, float *packed);
void mk_pack_int8(const float *weights, int64_t n, int64_t k, int8_t *packed, float *factors, float *sums);
void mk_pack_bfloat16(const float *weights, int64_t n, int64_t k, uint16_t *packed);

#endif
