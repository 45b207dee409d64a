// The list of the steps of networks, and how weights are packed for them.
#include "CMartletNetwork.h"
#include "CMartletKernels.h"

#include <math.h>
#include <string.h>

static const struct {
  const char *name;
  int unit;
} steps[] = {
#define MK_STEP(name, unit) {#name, mk_unit_##unit},
#include "network.def"
#undef MK_STEP
};

const char *mk_step_name(int kind) { return kind >= 0 && kind < mk_step_count ? steps[kind].name : "unknown"; }
int mk_step_unit(int kind) { return kind >= 0 && kind < mk_step_count ? steps[kind].unit : 0; }

static int64_t up(int64_t n, int64_t unit) { return (n + unit - 1) / unit * unit; }

int64_t mk_net_scratch(const mk_net_step *s, int64_t rows, int64_t samples, int64_t longest) {
  switch (s->kind) {
  case mk_step_product_int8: return rows * (8 + up(s->k, 16)) + 64;
  case mk_step_product_bfloat16: return rows * up(s->k, 16) * 2;
  case mk_step_softmax: return up(s->n, 16) * 4;
  case mk_step_shares: return up(longest, 16) * 4;
  case mk_step_attention: return (s->k + up(longest, 16)) * 2 * MK_PANEL * 4;
  case mk_step_gru: return (samples * (3 + 2) * s->n + 3 * s->n) * 4;
  case mk_step_lstm: return (samples * (4 + 3) * s->n + 4 * s->n) * 4;
  default: return 0;
  }
}

int64_t mk_packed_size(int kind, int64_t n, int64_t k) {
  const int64_t bytes = kind == mk_step_product_int8 ? up(k, 4) : kind == mk_step_product_bfloat16 ? up(k, 2) * 2 : k * 4;
  return up(n, MK_PANEL) * bytes;
}

// Element (row, column) of a panel whose steps take `group` elements of each column.
static int64_t place(int64_t column, int64_t at, int64_t k, int64_t group) {
  return column / MK_PANEL * MK_PANEL * up(k, group) + at / group * MK_PANEL * group + column % MK_PANEL * group + at % group;
}

void mk_pack(const float *weights, int64_t n, int64_t k, float *packed) {
  for (int64_t j = 0; j < n; j++)
    for (int64_t i = 0; i < k; i++) packed[place(j, i, k, 1)] = weights[j * k + i];
}

void mk_pack_int8(const float *weights, int64_t n, int64_t k, int8_t *packed, float *factors, float *sums) {
  for (int64_t j = 0; j < n; j++) {
    float most = 0.0f;
    for (int64_t i = 0; i < k; i++) most = fmaxf(most, fabsf(weights[j * k + i]));
    factors[j] = most > 0.0f ? most / 127.0f : 1.0f;
    int32_t sum = 0;
    for (int64_t i = 0; i < k; i++) {
      const float q = rintf(weights[j * k + i] / factors[j]);
      const int8_t value = (int8_t)(q > 127.0f ? 127.0f : q < -127.0f ? -127.0f : q);
      packed[place(j, i, k, 4)] = value;
      sum += value;
    }
    sums[j] = factors[j] * (float)sum;
  }
}

void mk_pack_bfloat16(const float *weights, int64_t n, int64_t k, uint16_t *packed) {
  for (int64_t j = 0; j < n; j++)
    for (int64_t i = 0; i < k; i++) {
      uint32_t bits;
      memcpy(&bits, weights + j * k + i, sizeof bits);
      // To the nearest, ties to even.
      packed[place(j, i, k, 2)] = (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
    }
}
