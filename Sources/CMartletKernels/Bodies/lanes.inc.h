// A block of lanes: MK_VL lanes wide, the unit in which stateful kernels hold their state in
// registers across the rows of a call. Set up for each width; undone by lanes_end.inc.h.
#define NONE SET(NAN)
#define FINITE(x) (((x) - (x)) == SET(0))
// A choice that nearly always falls on `yes`. For one lane a branch takes it out of the chain from
// bar to bar.
#if MK_VL == 1
#define USUALLY(mask, yes, no) (__builtin_expect_with_probability(!!(mask), 1, 0.9999) ? (yes) : (no))
#else
#define USUALLY(mask, yes, no) PICK(mask, yes, no)
#endif
#if MK_VL == 1
#define ALL(mask) (mask)
#define ANY(mask) (mask)
#else
#define ALL(mask) (__builtin_reduce_and(mask) != 0)
#define ANY(mask) (__builtin_reduce_or(mask) != 0)
#endif

// The row that holds bar t of an operand, at this block's first lane.
#define ROW(operand, t) \
  ((MK_T *)(operand).base + (((t) - (operand).lag) & (operand).mask) * MK_STRIDE + lane)
// A value as a register of this dtype would hold it.
#if MK_SINGLE && MK_VL == 1
#define ROUNDED(x) ((double)(float)(x))
#elif MK_SINGLE
#define ROUNDED(x) __builtin_convertvector(__builtin_convertvector(x, MK_CAT(vf, MK_VL)), V)
#else
#define ROUNDED(x) (x)
#endif
#if MK_SINGLE && MK_VL == 1
#define GET(p) ((double)*(const MK_T *)(p))
#define PUT(p, v) (*(MK_T *)(p) = (MK_T)(v))
#elif MK_SINGLE
#define GET(p) __builtin_convertvector(*(const MK_CAT(vfu, MK_VL) *)(p), V)
#define PUT(p, v) (*(MK_CAT(vfu, MK_VL) *)(p) = __builtin_convertvector(v, MK_CAT(vf, MK_VL)))
#else
#define GET(p) (*(const MK_CAT(vdu, MK_VL) *)(p))
#define PUT(p, v) (*(MK_CAT(vdu, MK_VL) *)(p) = (v))
#endif
// What lies in memory (mask -1) is fetched eight rows ahead: rows are too short for the processor to
// guess. Rings are near already.
#if MK_LANES == 64
#define AHEAD(k) ((c->in[k].mask >> 63) & (8 * MK_LANES))
#define FETCH(p)                                                    \
  for (int line = 0; line < MK_VL * (int)sizeof(MK_T); line += 64)  \
  __builtin_prefetch((const char *)(p) + line)
#define IN(k, t)                            \
  ({                                        \
    const MK_T *const row_ = ROW(c->in[k], t); \
    FETCH(row_ + AHEAD(k));                 \
    GET(row_);                              \
  })
#elif MK_APART
#define ONE(k, t) ((double)((const MK_T *)c->in[k].base)[((t)-c->in[k].lag) & c->in[k].mask])
#define IN(k, t) (c->common >> (k)&1 ? SET(ONE(k, t)) : GET(ROW(c->in[k], t)))
#else
#define IN(k, t) GET(ROW(c->in[k], t))
#endif
#define OUT(k, t, v) PUT(ROW(c->out[k], t), v)

// State is always double, one row of lanes per slot.
#define SLOT(k) ((double *)c->state + (k) * MK_STRIDE + lane)
#define LOAD(k) (*(const MK_CAT(vdu, MK_VL) *)SLOT(k))
#define STORE(k, v) (*(MK_CAT(vdu, MK_VL) *)SLOT(k) = (v))

// Parameters: the same for all lanes, but of siblings each lane has its own, side by side.
#if MK_APART
#define REAL(k) (*(const MK_CAT(vdu, MK_VL) *)(c->f + (k) * MK_LANES + lane))
#define INTEGER(k) __builtin_convertvector(*(const MK_CAT(vlu, MK_VL) *)(c->i + (k) * MK_LANES + lane), V)
#else
#define REAL(k) SET(c->f[k])
#define INTEGER(k) SET((double)c->i[k])
#endif
// What decides where a loop ends is the same for all.
#define SHARED_REAL(k) c->f[(k) * MK_PARAMETERS]
#define SHARED_INTEGER(k) c->i[(k) * MK_PARAMETERS]

// A kernel is its body, run over the blocks of a row.
#define MK_BODY(name)                                                            \
  MK_INLINE void N(name##_block)(const mk_call *c, const int64_t lane);          \
  MK_UNUSED static void N(name)(const mk_call *c) {                              \
    for (int64_t lane = 0; lane < MK_LANES; lane += MK_VL) N(name##_block)(c, lane); \
  }                                                                              \
  MK_INLINE void N(name##_block)(const mk_call *c, const int64_t lane)
