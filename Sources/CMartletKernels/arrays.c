// The lists of maps and reductions, and the loops that run chains of maps. The instruction set is in the tables
// alone.
#include "CMartletArrays.h"
#include "CMartletKernels.h"

#include <stddef.h>
#include <string.h>

static const struct {
  const char *name;
  int inputs, result;
} maps[] = {
#define MK_MAP(name, inputs, result) {#name, inputs, result},
#include "maps.def"
#undef MK_MAP
};

int mk_map_inputs(int map) { return map >= 0 && map < mk_map_count ? maps[map].inputs : 0; }
int mk_map_result(int map) { return map >= 0 && map < mk_map_count ? maps[map].result : 0; }
const char *mk_map_name(int map) {
  return map >= 0 && map < mk_map_count ? maps[map].name : "unknown";
}

#define MK_STRIDED(type)                                                                  \
  {                                                                                       \
    type *y = (type *)to;                                                                 \
    if (stride == 0) {                                                                    \
      const type x = *(const type *)from;                                                 \
      for (int64_t k = 0; k < count; k++) y[k] = x;                                       \
    } else {                                                                              \
      for (int64_t k = 0; k < count; k++) y[k] = *(const type *)(from + k * stride);      \
    }                                                                                     \
    return;                                                                               \
  }

typedef struct {
  uint64_t low, high;
} mk_wide;

// Copies count elements of `size` bytes, `stride` bytes apart.
static void gather(const char *from, int64_t stride, int64_t count, int64_t size, char *to) {
  if (stride == size) {
    if (count * size <= 64) {
      for (int64_t k = 0; k < count * size; k++) to[k] = from[k];
      return;
    }
    memcpy(to, from, (size_t)(count * size));
    return;
  }
  switch (size) {
    case 1: MK_STRIDED(uint8_t)
    case 4: MK_STRIDED(uint32_t)
    case 8: MK_STRIDED(uint64_t)
    default: MK_STRIDED(mk_wide)
  }
}

// Where a run of n elements of a operand begins, or a copy of them when they do not lie side by side.
static const void *operand_block(const mk_chain *chain, const mk_array_operand *operand, int64_t start, int64_t n,
                              char *slot) {
  const int64_t last = chain->rank - 1;
  if (chain->rank == 1) {
    const char *from = operand->base + start * operand->strides[0];
    if (operand->strides[0] == operand->size) return from;
    gather(from, operand->strides[0], n, operand->size, slot);
    return slot;
  }
  int64_t index[MK_MAX_RANK];
  const char *from = operand->base;
  int64_t rest = start;
  for (int64_t axis = last; axis >= 0; axis--) {
    int64_t length = chain->shape[axis];
    int64_t quotient = rest / length;
    index[axis] = rest - quotient * length;
    from += index[axis] * operand->strides[axis];
    rest = quotient;
  }
  const int64_t length = chain->shape[last], stride = operand->strides[last];
  int64_t run = length - index[last];
  if (run >= n && stride == operand->size) return from;
  char *to = slot;
  for (int64_t left = n;;) {
    if (run > left) run = left;
    gather(from, stride, run, operand->size, to);
    left -= run;
    if (left == 0) return slot;
    to += run * operand->size;
    from -= index[last] * stride;
    index[last] = 0;
    int64_t axis = last - 1;
    for (; axis >= 0; axis--) {
      from += operand->strides[axis];
      if (++index[axis] < chain->shape[axis]) break;
      from -= index[axis] * operand->strides[axis];
      index[axis] = 0;
    }
    run = length;
  }
}

void mk_chain_join_axes(mk_chain *chain, mk_array_operand *operands) {
  int64_t rank = 0;
  for (int64_t axis = 0; axis < chain->rank; axis++) {
    const int64_t length = chain->shape[axis];
    int joins = rank > 0;
    for (int64_t k = 0; joins && k < chain->operand_count; k++)
      joins = operands[k].strides[rank - 1] == operands[k].strides[axis] * length;
    if (joins) {
      chain->shape[rank - 1] *= length;
    } else {
      chain->shape[rank++] = length;
    }
    for (int64_t k = 0; k < chain->operand_count; k++) operands[k].strides[rank - 1] = operands[k].strides[axis];
  }
  if (rank == 0) {
    chain->shape[rank++] = 1;
    for (int64_t k = 0; k < chain->operand_count; k++) operands[k].strides[0] = operands[k].size;
  }
  chain->rank = rank;
  chain->copied_operands = 0;
  for (int64_t k = 0; k < chain->operand_count; k++) {
    const int direct = rank == 1 && operands[k].strides[0] == operands[k].size;
    operands[k].slot = direct ? -1 : chain->copied_operands++;
  }
}

// Operand memory: a slot for each result, constant and operand that is copied; then the operands' places.
int64_t mk_chain_scratch(const mk_chain *chain) {
  return (chain->slot_count + chain->constant_count + chain->copied_operands) * chain->slot_size +
         (chain->operand_count + chain->constant_count + chain->slot_count) * (int64_t)sizeof(void *) + 64;
}

typedef struct {
  const void **operands;
  char *slots;
} mk_scratch;

static void fill(const mk_constant *constant, int64_t n, char *to) {
  gather(constant->value, 0, n, constant->size, to);
}

// Lays out the scratch and fills in the constants, n elements of each.
static mk_scratch chain_open(const mk_chain *chain, int64_t n, void *scratch) {
  const int64_t slots = chain->slot_count + chain->constant_count + chain->copied_operands;
  mk_scratch s = {(const void **)((char *)scratch + slots * chain->slot_size), scratch};
  char *slot = s.slots + chain->copied_operands * chain->slot_size;
  for (int64_t k = 0; k < chain->constant_count; k++, slot += chain->slot_size) {
    fill(&chain->constants[k], n, slot);
    s.operands[chain->operand_count + k] = slot;
  }
  for (int64_t k = 0; k < chain->slot_count; k++, slot += chain->slot_size)
    s.operands[chain->operand_count + chain->constant_count + k] = slot;
  return s;
}

// Asks for the part-th of `parts` parts of n elements.
static void fetch(const char *from, int64_t n, int64_t size, int64_t part, int64_t parts) {
  const char *end = from + n * size * (part + 1) / parts;
  for (const char *p = from + n * size * part / parts; p < end; p += 64) __builtin_prefetch(p);
}

// One block: where its n <= MK_CHAIN_BLOCK results are; `out`, unless NULL, is where they shall be.
// Each step asks for a part of the next `ahead` elements, while others keep the processor busy.
static const void *chain_block(const mk_chain *chain, mk_scratch s, int64_t start, int64_t n,
                               void *out, int64_t ahead) {
  for (int64_t k = 0; k < chain->operand_count; k++)
    s.operands[k] =
        operand_block(chain, &chain->operands[k], start, n, s.slots + chain->operands[k].slot * chain->slot_size);
  const int64_t fixed = chain->operand_count + chain->constant_count, last = chain->step_count - 1;
  for (int64_t k = 0; k <= last; k++) {
    const mk_chain_step *step = &chain->steps[k];
    const void *in[3];
    for (int32_t j = 0; j < step->inputs; j++) in[j] = s.operands[step->in[j]];
    void *to = k == last && out ? out : (void *)s.operands[fixed + step->out];
    for (int64_t j = 0; ahead && j < chain->operand_count; j++)
      if (chain->operands[j].slot < 0)
        fetch(chain->operands[j].base + (start + n) * chain->operands[j].size, ahead,
              chain->operands[j].size, k, last + 1);
    step->map(in, to, n);
    if (k == last) return to;
  }
  if (!out) return s.operands[0];
  memcpy(out, s.operands[0], (size_t)(n * chain->result_size));
  return out;
}

// Elements that a run without a reduction takes at once: so few that its operands stay in the first cache.
#define MK_RUN_BLOCK 512

void mk_chain_run(const mk_chain *chain, int64_t start, int64_t count, void *out, void *scratch) {
  // One step on operands that are read where they lie hands nothing on that should stay in a cache.
  const int alone = chain->step_count == 1 && chain->copied_operands == 0 && chain->constant_count == 0;
  const int64_t block = alone || count < MK_RUN_BLOCK ? count : MK_RUN_BLOCK;
  const mk_scratch s = chain_open(chain, block, scratch);
  const int64_t row = chain->shape[chain->rank - 1];
  // Blocks end where long rows end, so that rows are read in place.
  const int whole = chain->rank == 1 || row < MK_RUN_BLOCK / 2;
  // Operands that do not stay in the caches, and work to hide their way behind.
  const int fetches = count >= 1 << 17 && chain->step_count > 2;
  for (int64_t done = 0; done < count;) {
    int64_t n = count - done < block ? count - done : block;
    if (!whole) {
      int64_t room = row - (start + done) % row;
      if (room < n) n = room;
    }
    int64_t ahead = fetches && count - done - n >= MK_RUN_BLOCK ? MK_RUN_BLOCK : 0;
    chain_block(chain, s, start + done, n, (char *)out + done * chain->result_size, ahead);
    done += n;
  }
}

// ---------------------------------------------------------------- reductions

// Rows that columns add up one after the other before the pairwise tree begins.
#define MK_GROUP 64
// Leaves of the tree in one part.
#define MK_PART 64
#define MK_TREE 8
// Elements at once where they lie side by side and their order decides nothing.
#define MK_LONG_BLOCK (8 * MK_CHAIN_BLOCK)

int64_t mk_reduction_part(const mk_reduction *r) {
  return r->inner == 1 ? (int64_t)MK_PART * MK_CHAIN_BLOCK : (int64_t)MK_PART * MK_GROUP;
}

int64_t mk_reduction_scratch(const mk_reduction *r) {
  int64_t width = r->inner < MK_COLUMNS ? r->inner : MK_COLUMNS;
  return mk_chain_scratch(&r->chain) + MK_TREE * width * r->kernel.accumulator_size + 64;
}

// A binary counter of accumulators: the k-th leaf joins as many neighbours as k has trailing ones.
static void tree_push(const mk_array_reduction *reduction, char *tree, int64_t bytes, int64_t n, int64_t leaf,
                      int64_t *depth) {
  for (; leaf & 1; leaf >>= 1) {
    --*depth;
    reduction->merge(tree + (*depth - 1) * bytes, tree + *depth * bytes, n);
  }
}
static void tree_close(const mk_array_reduction *reduction, char *tree, int64_t bytes, int64_t n, int64_t depth) {
  for (; depth > 1; depth--) reduction->merge(tree + (depth - 2) * bytes, tree + (depth - 1) * bytes, n);
}

void mk_reduction_run(const mk_reduction *r, int64_t o, int64_t part, int64_t i, int64_t n,
                      void *accumulators, void *scratch) {
  const mk_array_reduction *reduction = &r->kernel;
  const int64_t length = mk_reduction_part(r), begin = part * length;
  const int64_t end = begin + length < r->reduced ? begin + length : r->reduced;
  char *tree = (char *)scratch + (mk_chain_scratch(&r->chain) + 63) / 64 * 64;
  const int64_t bytes = n * reduction->accumulator_size;
  int64_t depth = 0, leaves = 0;
  const mk_array_operand *operand = r->chain.operands;
  const int direct = r->chain.step_count == 0 && r->chain.operand_count == 1 && operand->slot < 0;
  if (r->inner == 1) {
    // Where order decides nothing and elements are read where they lie, blocks may be longer.
    const int64_t block = direct && reduction->append ? MK_LONG_BLOCK : MK_CHAIN_BLOCK;
    const mk_scratch s = chain_open(&r->chain, end - begin < block ? end - begin : block, scratch);
    for (int64_t k = begin; k < end; k += block, leaves++) {
      int64_t count = end - k < block ? end - k : block;
      const void *x = chain_block(&r->chain, s, o * r->reduced + k, count, NULL, 0);
      const int appends = reduction->append && depth > 0;
      if (appends) reduction->append(x, count, k, tree);
      else reduction->row(x, count, k, tree + depth * bytes);
      // Where the elements stay, once at the end will do.
      if (reduction->find && (!direct || k + block >= end)) {
        const int64_t from = direct ? begin : k;
        reduction->find((const char *)x - (k - from) * r->chain.result_size, k + count - from, from, tree);
      }
      if (appends) continue;
      depth++;
      tree_push(reduction, tree, bytes, 1, leaves, &depth);
    }
  } else {
    // Several short rows go through the chain at once when all columns are asked for; rows that are read
    // where they lie do anyway.
    int64_t rows = direct ? MK_GROUP : n == r->inner ? MK_CHAIN_BLOCK / n : 1;
    if (rows < 1) rows = 1;
    // Slots have room for the whole index space, no more.
    if (rows > end - begin) rows = end - begin;
    const mk_scratch s = chain_open(&r->chain, rows * n, scratch);
    const int64_t step = direct ? r->inner : n;
    for (int64_t k = begin; k < end; k += MK_GROUP, leaves++) {
      int64_t last = k + MK_GROUP < end ? k + MK_GROUP : end;
      char *top = tree + depth * bytes;
      reduction->identity(top, n);
      for (int64_t row = k; row < last;) {
        int64_t count = last - row < rows ? last - row : rows;
        const char *x = chain_block(&r->chain, s, (o * r->reduced + row) * r->inner + i, count * n, NULL, 0);
        reduction->columns(top, x, n, count, step, row);
        row += count;
      }
      depth++;
      tree_push(reduction, tree, bytes, n, leaves, &depth);
    }
  }
  tree_close(reduction, tree, bytes, n, depth);
  if (depth > 0) memcpy(accumulators, tree, (size_t)bytes);
  else reduction->identity(accumulators, n);
}

void mk_reduction_rows(const mk_reduction *r, int64_t o, int64_t n, void *accumulators, void *scratch) {
  const mk_array_reduction *reduction = &r->kernel;
  if (r->reduced == 0 || r->reduced > MK_CHAIN_BLOCK / 2) {
    for (int64_t k = 0; k < n; k++)
      mk_reduction_run(r, o + k, 0, 0, 1, (char *)accumulators + k * reduction->accumulator_size, scratch);
    return;
  }
  const int64_t rows = MK_CHAIN_BLOCK / r->reduced;
  const mk_scratch s = chain_open(&r->chain, (n < rows ? n : rows) * r->reduced, scratch);
  for (int64_t k = 0; k < n; k += rows) {
    int64_t count = n - k < rows ? n - k : rows;
    const char *x = chain_block(&r->chain, s, (o + k) * r->reduced, count * r->reduced, NULL, 0);
    for (int64_t j = 0; j < count; j++) {
      const char *row = x + j * r->reduced * r->chain.result_size;
      void *accumulator = (char *)accumulators + (k + j) * reduction->accumulator_size;
      reduction->row(row, r->reduced, 0, accumulator);
      if (reduction->find) reduction->find(row, r->reduced, 0, accumulator);
    }
  }
}

void mk_reduction_join(const mk_reduction *r, void *accumulators, int64_t parts, int64_t n) {
  const int64_t bytes = n * r->kernel.accumulator_size;
  char *a = accumulators;
  // Neighbours in place, so that the tree over parts continues the one inside them.
  for (int64_t step = 1; step < parts; step *= 2)
    for (int64_t k = 0; k + step < parts; k += 2 * step)
      r->kernel.merge(a + k * bytes, a + (k + step) * bytes, n);
}
