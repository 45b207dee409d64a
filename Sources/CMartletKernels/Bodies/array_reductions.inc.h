// Reductions: sums, products, extrema, logic and the places of extrema. Sums and products run in 32 chains,
// on every instruction set, and are then joined two by two. Set before: MK_ISA.
#define F(name) MK_CAT(MK_CAT(name##_, MK_E), _reduction)
#define MK_CHAINS 32

// row, column, merge and identity of one reduction. T: elements; A: accumulators; JOIN(a, b): a and later b;
// FROM(x): an element as an accumulator.
#define MK_REDUCTION_KERNELS(name, T, A, NONE, FROM, JOIN)                                    \
  MK_REDUCTION_ROW(name, T, A, NONE, FROM, JOIN)                                              \
  MK_REDUCTION_REST(name, T, A, NONE, FROM, JOIN)
#define MK_REDUCTION_ROW(name, T, A, NONE, FROM, JOIN)                                        \
  static void F(name##_row)(const void *p, int64_t n, int64_t index, void *accumulator) { \
    const T *x = p;                                                                      \
    A a[MK_CHAINS];                                                                      \
    (void)index;                                                                         \
    for (int64_t k = 0; k < MK_CHAINS; k++) a[k] = NONE;                                 \
    int64_t i = 0;                                                                       \
    for (; i + MK_CHAINS <= n; i += MK_CHAINS)                                           \
      _Pragma("clang loop vectorize(assume_safety)")                                     \
      for (int64_t k = 0; k < MK_CHAINS; k++) a[k] = JOIN(a[k], FROM(x[i + k]));         \
    for (int64_t k = 0; i + k < n; k++) a[k] = JOIN(a[k], FROM(x[i + k]));               \
    for (int64_t half = MK_CHAINS / 2; half > 0; half /= 2)                              \
      for (int64_t k = 0; k < half; k++) a[k] = JOIN(a[k], a[k + half]);                 \
    *(A *)accumulator = a[0];                                                            \
  }
#define MK_REDUCTION_REST(name, T, A, NONE, FROM, JOIN)                                       \
  static void F(name##_columns)(                                                         \
    void *accumulators, const void *p, int64_t n, int64_t rows, int64_t step, int64_t index) { \
    const T *x = p;                                                                      \
    A *a = accumulators;                                                                 \
    (void)index;                                                                         \
    /* Accumulators are read and written once for several rows. */                       \
    for (; rows >= 4; rows -= 4, x += 4 * step)                                          \
      MK_EACH {                                                                          \
        A b = JOIN(a[i], FROM(x[i]));                                                    \
        b = JOIN(b, FROM(x[step + i]));                                                  \
        b = JOIN(b, FROM(x[2 * step + i]));                                              \
        a[i] = JOIN(b, FROM(x[3 * step + i]));                                           \
      }                                                                                  \
    for (; rows > 0; rows--, x += step) MK_EACH a[i] = JOIN(a[i], FROM(x[i]));           \
  }                                                                                      \
  static void F(name##_merge)(void *accumulators, const void *others, int64_t n) {       \
    A *a = accumulators;                                                                 \
    const A *b = others;                                                                 \
    MK_EACH a[i] = JOIN(a[i], b[i]);                                                     \
  }                                                                                      \
  static void F(name##_identity)(void *accumulators, int64_t n) {                        \
    for (int64_t i = 0; i < n; i++) ((A *)accumulators)[i] = NONE;                       \
  }
#define MK_FINISH(name, A, R)                                                            \
  static void F(name##_finish)(const void *accumulators, void *out, int64_t n) {         \
    for (int64_t i = 0; i < n; i++) ((R *)out)[i] = (R)((const A *)accumulators)[i];     \
  }
#define MK_SELF(x) (x)
#define MK_NOT_ZERO(x) ((x) != 0)
#define MK_SUM2(a, b) ((a) + (b))
#define MK_PRODUCT2(a, b) ((a) * (b))
#define MK_OR2(a, b) ((uint8_t)((a) | (b)))
#define MK_AND2(a, b) ((uint8_t)((a) & (b)))
// The later operand decides nothing when the earlier is undefined, and everything when it is itself.
#define MK_MAXIMUM2(a, b) ((((a) > (b)) | ((a) != (a))) ? (a) : (b))
#define MK_MINIMUM2(a, b) ((((a) < (b)) | ((a) != (a))) ? (a) : (b))

#define MK_LOGIC_FOLDS(T, NOT_ZERO)                                                      \
  MK_REDUCTION_KERNELS(any, T, uint8_t, 0, (uint8_t)NOT_ZERO, MK_OR2)                         \
  MK_FINISH(any, uint8_t, uint8_t)                                                       \
  MK_REDUCTION_KERNELS(all, T, uint8_t, 1, (uint8_t)NOT_ZERO, MK_AND2)                        \
  MK_FINISH(all, uint8_t, uint8_t)                                                       \
  MK_REDUCTION_KERNELS(nonzero, T, int64_t, 0, (int64_t)NOT_ZERO, MK_SUM2)                      \
  MK_FINISH(nonzero, int64_t, int64_t)
#define MK_ARITHMETIC_FOLDS(T, A, R)                                                     \
  MK_REDUCTION_KERNELS(sum, T, A, 0, (A), MK_SUM2)                                            \
  MK_FINISH(sum, A, R)                                                                   \
  MK_REDUCTION_KERNELS(product, T, A, 1, (A), MK_PRODUCT2)                                    \
  MK_FINISH(product, A, R)

// The extremum of a row: the machine's own maximum, which passes over what is undefined, and beside it
// whether anything was.
#define MK_EXTREMUM_ROW(name, T, NONE, BEATS, JOIN)                                      \
  static void F(name##_row)(const void *p, int64_t n, int64_t index, void *accumulator) { \
    const T *x = p;                                                                      \
    T a[MK_CHAINS], undefined[MK_CHAINS];                              \
    (void)index;                                                                         \
    for (int64_t k = 0; k < MK_CHAINS; k++) a[k] = NONE, undefined[k] = 0;      \
    int64_t i = 0;                                                                       \
    for (; i + MK_CHAINS <= n; i += MK_CHAINS)                         \
      _Pragma("clang loop vectorize(assume_safety)")                                     \
      for (int64_t k = 0; k < MK_CHAINS; k++) {                                 \
        const T b = x[i + k];                                                            \
        a[k] = b BEATS a[k] ? b : a[k];                                                  \
        undefined[k] = b == b ? undefined[k] : b;                                        \
      }                                                                                  \
    for (int64_t k = 0; i + k < n; k++) {                                                \
      const T b = x[i + k];                                                              \
      a[k] = b BEATS a[k] ? b : a[k];                                                    \
      undefined[k] = b == b ? undefined[k] : b;                                          \
    }                                                                                    \
    int any = 0;                                                                         \
    for (int64_t k = 0; k < MK_CHAINS; k++) any |= undefined[k] != undefined[k];         \
    for (int64_t half = MK_CHAINS / 2; half > 0; half /= 2)                              \
      for (int64_t k = 0; k < half; k++) a[k] = a[k + half] BEATS a[k] ? a[k + half] : a[k]; \
    T best = a[0];                                                                       \
    if (any)                                                                             \
      for (int64_t k = 0; k < MK_CHAINS; k++)                                            \
        if (undefined[k] != undefined[k]) best = undefined[k];                           \
    *(T *)accumulator = best;                                                            \
  }                                                                                      \
  static void F(name##_append)(const void *p, int64_t n, int64_t index, void *accumulator) { \
    T best;                                                                              \
    F(name##_row)(p, n, index, &best);                                                   \
    *(T *)accumulator = JOIN(*(T *)accumulator, best);                                   \
  }

// The place of an extremum: the first of equals, or the first NaN. BEATS(a, b): b, which stands later,
// replaces a.
#define MK_PLACE_FOLD(name, T, EXTREME, NONE, BEATS)                                     \
  typedef struct { T value; int64_t index; } F(name##_place);                            \
  static void F(name##_row)(const void *p, int64_t n, int64_t index, void *accumulator) { \
    F(name##_place) *a = accumulator;                                                    \
    a->index = index;                                                                    \
    F(EXTREME##_row)(p, n, index, &a->value);                                            \
  }                                                                                      \
  static void F(name##_append)(const void *p, int64_t n, int64_t index, void *accumulator) { \
    F(name##_place) *a = accumulator;                                                    \
    T best;                                                                              \
    F(EXTREME##_row)(p, n, index, &best);                                                \
    if (BEATS(a->value, best)) *a = (F(name##_place)){best, index};                      \
  }                                                                                      \
  static void F(name##_find)(const void *p, int64_t n, int64_t index, void *accumulator) { \
    F(name##_place) *a = accumulator;                                                    \
    const int64_t before = a->index - index;                                             \
    if (before < 0) return;                                                              \
    const T *x = (const T *)p + before, best = a->value;                                 \
    int64_t i = 0;                                                                       \
    if (best != best) while (x[i] == x[i]) i++;                                          \
    else {                                                                               \
      for (; before + i + 32 <= n; i += 32) {                                            \
        int found = 0;                                                                   \
        for (int64_t k = 0; k < 32; k++) found |= x[i + k] == best;                      \
        if (found) break;                                                                \
      }                                                                                  \
      while (x[i] != best) i++;                                                          \
    }                                                                                    \
    a->index += i;                                                                       \
  }                                                                                      \
  static void F(name##_columns)(                                                         \
    void *accumulators, const void *p, int64_t n, int64_t rows, int64_t step, int64_t index) { \
    const T *x = p;                                                                      \
    F(name##_place) *a = accumulators;                                                   \
    for (; rows > 0; rows--, x += step, index++)                                         \
      for (int64_t i = 0; i < n; i++)                                                    \
        if (a[i].index < 0 || BEATS(a[i].value, x[i])) a[i] = (F(name##_place)){x[i], index}; \
  }                                                                                      \
  static void F(name##_merge)(void *accumulators, const void *others, int64_t n) {       \
    F(name##_place) *a = accumulators;                                                   \
    const F(name##_place) *b = others;                                                   \
    for (int64_t i = 0; i < n; i++)                                                      \
      if (a[i].index < 0 || (b[i].index >= 0 && BEATS(a[i].value, b[i].value))) a[i] = b[i]; \
  }                                                                                      \
  static void F(name##_identity)(void *accumulators, int64_t n) {                        \
    for (int64_t i = 0; i < n; i++) ((F(name##_place) *)accumulators)[i] = (F(name##_place)){NONE, -1}; \
  }                                                                                      \
  static void F(name##_finish)(const void *accumulators, void *out, int64_t n) {         \
    for (int64_t i = 0; i < n; i++)                                                      \
      ((int64_t *)out)[i] = ((const F(name##_place) *)accumulators)[i].index;            \
  }
#define MK_ABOVE(a, b) ((b) > (a) || ((b) != (b) && (a) == (a)))
#define MK_BELOW(a, b) ((b) < (a) || ((b) != (b) && (a) == (a)))
#define MK_ORDER_FOLDS(T, LEAST, MOST)                                                   \
  MK_EXTREMUM_ROW(maximum, T, LEAST, >, MK_MAXIMUM2)                                     \
  MK_REDUCTION_REST(maximum, T, T, LEAST, MK_SELF, MK_MAXIMUM2)                               \
  MK_FINISH(maximum, T, T)                                                               \
  MK_EXTREMUM_ROW(minimum, T, MOST, <, MK_MINIMUM2)                                      \
  MK_REDUCTION_REST(minimum, T, T, MOST, MK_SELF, MK_MINIMUM2)                                \
  MK_FINISH(minimum, T, T)                                                               \
  MK_PLACE_FOLD(argument_maximum, T, maximum, LEAST, MK_ABOVE)                           \
  MK_PLACE_FOLD(argument_minimum, T, minimum, MOST, MK_BELOW)

#define MK_E f64
MK_ARITHMETIC_FOLDS(double, double, double)
MK_ORDER_FOLDS(double, -__builtin_inf(), __builtin_inf())
MK_LOGIC_FOLDS(double, MK_NOT_ZERO)
#undef MK_E
#define MK_E f32
MK_ARITHMETIC_FOLDS(float, double, float)
MK_ORDER_FOLDS(float, -__builtin_inff(), __builtin_inff())
MK_LOGIC_FOLDS(float, MK_NOT_ZERO)
#undef MK_E
#define MK_E i32
MK_ARITHMETIC_FOLDS(int32_t, uint64_t, int64_t)
MK_ORDER_FOLDS(int32_t, INT32_MIN, INT32_MAX)
MK_LOGIC_FOLDS(int32_t, MK_NOT_ZERO)
#undef MK_E
#define MK_E i64
MK_ARITHMETIC_FOLDS(int64_t, uint64_t, int64_t)
MK_ORDER_FOLDS(int64_t, INT64_MIN, INT64_MAX)
MK_LOGIC_FOLDS(int64_t, MK_NOT_ZERO)
#undef MK_E
#define MK_E u8
MK_ARITHMETIC_FOLDS(uint8_t, uint64_t, int64_t)
MK_ORDER_FOLDS(uint8_t, 0, 255)
MK_LOGIC_FOLDS(uint8_t, MK_NOT_ZERO)
#undef MK_E
#define MK_E b8
MK_ARITHMETIC_FOLDS(uint8_t, uint64_t, int64_t)
MK_ORDER_FOLDS(uint8_t, 0, 1)
MK_LOGIC_FOLDS(uint8_t, MK_NOT_ZERO)
#undef MK_E

// Complex sums add the parts; products follow the plain formula.
typedef struct { double re, im; } mk_parts;
typedef struct { float re, im; } mk_parts_single;
#define MK_PARTS(x) ((mk_parts){(x).re, (x).im})
#define MK_PARTS_SUM(a, b) ((mk_parts){(a).re + (b).re, (a).im + (b).im})
#define MK_PARTS_PRODUCT(a, b) \
  ((mk_parts){(a).re * (b).re - (a).im * (b).im, (a).re * (b).im + (a).im * (b).re})
#define MK_PARTS_NOT_ZERO(x) ((x).re != 0 || (x).im != 0)
#define MK_COMPLEX_FOLDS(T, S)                                                           \
  MK_REDUCTION_KERNELS(sum, T, mk_parts, ((mk_parts){0, 0}), MK_PARTS, MK_PARTS_SUM)          \
  MK_REDUCTION_KERNELS(product, T, mk_parts, ((mk_parts){1, 0}), MK_PARTS, MK_PARTS_PRODUCT)  \
  static void F(sum_finish)(const void *accumulators, void *out, int64_t n) {            \
    for (int64_t i = 0; i < n; i++) {                                                    \
      mk_parts a = ((const mk_parts *)accumulators)[i];                                  \
      ((T *)out)[i] = (T){(S)a.re, (S)a.im};                                             \
    }                                                                                    \
  }                                                                                      \
  static void F(product_finish)(const void *accumulators, void *out, int64_t n) {        \
    F(sum_finish)(accumulators, out, n);                                                 \
  }                                                                                      \
  MK_LOGIC_FOLDS(T, MK_PARTS_NOT_ZERO)
#define MK_E c64
MK_COMPLEX_FOLDS(mk_parts_single, float)
#undef MK_E
#define MK_E c128
MK_COMPLEX_FOLDS(mk_parts, double)
#undef MK_E
