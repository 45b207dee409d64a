// Matrix products c = a b: a block of rows and columns of c in registers while the depth goes by. Set before: MK_ISA.
//
// An element of c is the sum of its products in order of depth, MK_BLOCK_DEPTH at a time: no bit depends on the blocks, the
// instruction set or who computes which rows.
#define P(name) MK_CAT(MK_CAT(name##_, MK_E), _product)
#define MK_BLOCK_DEPTH 256
#define MK_BLOCK_ROWS 64
#define MK_BLOCK_COLUMNS 128

// MR, NR: rows and columns of c in registers. PARTS: 1 for reals, 2 for complex numbers, whose parts lie beside each other.
#define MK_PRODUCT(T, MR, NR, PARTS)                                                                         \
  typedef T P(vector) __attribute__((ext_vector_type(NR), aligned(sizeof(T))));                              \
  /* Rows MR by MR, of each MR numbers (and imaginary parts) per step of depth; zeros where there are none. */ \
  static void P(pack)(const T *x, int64_t across, int64_t along, int64_t count, int64_t depth, int64_t group, \
                      T *packed) {                                                                           \
    for (int64_t i = 0; i < count; i += group)                                                               \
      for (int64_t l = 0; l < depth; l++)                                                                    \
        for (int64_t p = 0; p < PARTS; p++)                                                                  \
          for (int64_t g = 0; g < group; g++)                                                                \
            *packed++ = i + g < count ? x[((i + g) * across + l * along) * PARTS + p] : 0;                   \
  }                                                                                                          \
  static void P(block)(const T *a, const T *b, int64_t depth, T *c, int64_t width, int64_t rows,             \
                       int64_t columns, int isFirst) {                                                       \
    typedef P(vector) V;                                                                                     \
    V sum[MR][PARTS];                                                                                        \
    for (int r = 0; r < MR; r++)                                                                             \
      for (int p = 0; p < PARTS; p++) sum[r][p] = (V)(T)0;                                                   \
    for (int64_t l = 0; l < depth; l++, a += MR * PARTS, b += NR * PARTS) {                                  \
      const V real = *(const V *)b;                                                                          \
      if (PARTS == 1) {                                                                                      \
        for (int r = 0; r < MR; r++) sum[r][0] += (V)a[r] * real;                                            \
      } else {                                                                                               \
        const V imaginary = *(const V *)(b + NR);                                                            \
        for (int r = 0; r < MR; r++) {                                                                       \
          const V x = (V)a[r], y = (V)a[MR + r];                                                             \
          sum[r][0] += x * real - y * imaginary;                                                             \
          sum[r][PARTS - 1] += x * imaginary + y * real;                                                     \
        }                                                                                                    \
      }                                                                                                      \
    }                                                                                                        \
    for (int r = 0; r < MR && r < rows; r++)                                                                 \
      for (int64_t j = 0; j < columns; j++)                                                                  \
        for (int p = 0; p < PARTS; p++) {                                                                    \
          T *element = c + (r * width + j) * PARTS + p;                                                      \
          *element = isFirst ? sum[r][p][j] : *element + sum[r][p][j];                                       \
        }                                                                                                    \
  }                                                                                                          \
  static void P(product)(const mk_matrix *pa, const mk_matrix *pb, void *pc, int64_t m, int64_t n, int64_t k, \
                         void *work) {                                                                       \
    const T *a = pa->base, *b = pb->base;                                                                    \
    T *c = pc, *rows = work, *columns = rows + MK_BLOCK_ROWS * MK_BLOCK_DEPTH * PARTS;                                    \
    for (int64_t j = 0; j < n; j += MK_BLOCK_COLUMNS) {                                                            \
      const int64_t wide = n - j < MK_BLOCK_COLUMNS ? n - j : MK_BLOCK_COLUMNS;                                          \
      for (int64_t l = 0; l < k; l += MK_BLOCK_DEPTH) {                                                            \
        const int64_t deep = k - l < MK_BLOCK_DEPTH ? k - l : MK_BLOCK_DEPTH;                                            \
        P(pack)(b + (l * pb->row + j * pb->column) * PARTS, pb->column, pb->row, wide, deep, NR, columns);    \
        for (int64_t i = 0; i < m; i += MK_BLOCK_ROWS) {                                                           \
          const int64_t high = m - i < MK_BLOCK_ROWS ? m - i : MK_BLOCK_ROWS;                                            \
          P(pack)(a + (i * pa->row + l * pa->column) * PARTS, pa->row, pa->column, high, deep, MR, rows);     \
          for (int64_t jj = 0; jj < wide; jj += NR)                                                          \
            for (int64_t ii = 0; ii < high; ii += MR)                                                        \
              P(block)(rows + ii * deep * PARTS, columns + jj * deep * PARTS, deep,                          \
                       c + ((i + ii) * n + j + jj) * PARTS, n, high - ii, wide - jj < NR ? wide - jj : NR, l == 0); \
        }                                                                                                    \
      }                                                                                                      \
    }                                                                                                        \
  }

#define MK_E f32
MK_PRODUCT(float, 4, 16, 1)
#undef MK_E
#define MK_E f64
MK_PRODUCT(double, 4, 8, 1)
#undef MK_E
#define MK_E c64
MK_PRODUCT(float, 2, 16, 2)
#undef MK_E
#define MK_E c128
MK_PRODUCT(double, 2, 8, 2)
#undef MK_E
#undef P
#undef MK_BLOCK_DEPTH
#undef MK_BLOCK_ROWS
#undef MK_BLOCK_COLUMNS
