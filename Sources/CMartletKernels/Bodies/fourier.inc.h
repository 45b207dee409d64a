// Discrete Fourier transforms for one instruction set. Set before: MK_ISA; vector and math are there.
// No product is fused, and how many lanes a line is cut into depends on its length and type only, so that every
// instruction set has the same bits.
#include "fourier_roots.inc.h"

enum { fourier_most_radix = 13 };

#define MK_T double
#define MK_E f64
#define MK_LANES 4
#include "fourier_vectors.inc.h"
#include "fourier_planes.inc.h"
#include "fourier_lanes.inc.h"
#include "fourier_pairs.inc.h"
#include "fourier_end.inc.h"
#undef MK_LANES
#undef MK_T
#undef MK_E

#define MK_T float
#define MK_E f32
#define MK_LANES 4
#include "fourier_vectors.inc.h"
#include "fourier_planes.inc.h"
#include "fourier_lanes.inc.h"
#include "fourier_end.inc.h"
#undef MK_LANES
#define MK_LANES 8
#include "fourier_vectors.inc.h"
#include "fourier_lanes.inc.h"
#include "fourier_pairs.inc.h"
#include "fourier_end.inc.h"
#undef MK_LANES
#undef MK_T
#undef MK_E

static void fourier_points_f64(const mk_fourier_points *p, const void *in, void *out, void *work, int sign) {
  (p->lanes ? fourier_lanes_f64_4 : fourier_planes_f64_4)(p, in, out, work, sign);
}

static void fourier_points_f32(const mk_fourier_points *p, const void *in, void *out, void *work, int sign) {
  (p->lanes == 8 ? fourier_lanes_f32_8 : p->lanes ? fourier_lanes_f32_4 : fourier_planes_f32_4)(p, in, out, work, sign);
}

const mk_fourier_table MK_CAT(mk_fourier_, MK_ISA) = {
    .roots = fourier_roots,
    .points = {fourier_points_f64, fourier_points_f32},
    .halves = {fourier_halves_f64_4, fourier_halves_f32_8},
    .multiply = {fourier_multiply_f64_4, fourier_multiply_f32_8},
};
