// BLAS and LAPACK with 32-bit integers by their Fortran symbols, which OpenBLAS and Apple's Accelerate
// (macOS 13.3, iOS 16.4) both have; Debian's OpenBLAS comes without LAPACKE. Matrices are column-major.
//
// Each function takes the kind of the elements first: 0 float32, 1 float64, 2 complex64, 3 complex128.
// Functions that can fail return LAPACK's INFO.
#ifndef MARTLET_BLAS_H
#define MARTLET_BLAS_H

#include <stddef.h>

#if defined(__APPLE__)
#define MARTLET_SYMBOL(name) __asm("_" #name "$NEWLAPACK")
#else
#define MARTLET_SYMBOL(name) __asm(#name "_")
#endif

// The trailing sizes are the lengths of the character arguments. Fortran compilers pass them so; in C
// calling conventions a callee that does not expect them ignores them.
#define MARTLET_DECLARE(T)                                                                            \
  void martlet_##T##gemm(const char *, const char *, const int *, const int *, const int *,           \
                         const void *, const void *, const int *, const void *, const int *,          \
                         const void *, void *, const int *, size_t, size_t) MARTLET_SYMBOL(T##gemm);  \
  void martlet_##T##gemv(const char *, const int *, const int *, const void *, const void *,          \
                         const int *, const void *, const int *, const void *, void *, const int *,   \
                         size_t) MARTLET_SYMBOL(T##gemv);                                             \
  void martlet_##T##getrf(const int *, const int *, void *, const int *, int *, int *)                \
      MARTLET_SYMBOL(T##getrf);                                                                       \
  void martlet_##T##getrs(const char *, const int *, const int *, const void *, const int *,          \
                          const int *, void *, const int *, int *, size_t) MARTLET_SYMBOL(T##getrs);  \
  void martlet_##T##potrf(const char *, const int *, void *, const int *, int *, size_t)              \
      MARTLET_SYMBOL(T##potrf);                                                                       \
  void martlet_##T##geqrf(const int *, const int *, void *, const int *, void *, void *, const int *, \
                          int *) MARTLET_SYMBOL(T##geqrf);

MARTLET_DECLARE(s)
MARTLET_DECLARE(d)
MARTLET_DECLARE(c)
MARTLET_DECLARE(z)

#define MARTLET_DECLARE_REAL(T)                                                                        \
  void martlet_##T##orgqr(const int *, const int *, const int *, void *, const int *, const void *,    \
                          void *, const int *, int *) MARTLET_SYMBOL(T##orgqr);                        \
  void martlet_##T##gesdd(const char *, const int *, const int *, void *, const int *, void *, void *, \
                          const int *, void *, const int *, void *, const int *, int *, int *, size_t) \
      MARTLET_SYMBOL(T##gesdd);                                                                        \
  void martlet_##T##syevd(const char *, const char *, const int *, void *, const int *, void *,        \
                          void *, const int *, int *, const int *, int *, size_t, size_t)              \
      MARTLET_SYMBOL(T##syevd);                                                                        \
  void martlet_##T##geev(const char *, const char *, const int *, void *, const int *, void *, void *, \
                         void *, const int *, void *, const int *, void *, const int *, int *, size_t, \
                         size_t) MARTLET_SYMBOL(T##geev);                                              \
  void martlet_##T##gelsd(const int *, const int *, const int *, void *, const int *, void *,          \
                          const int *, void *, const void *, int *, void *, const int *, int *, int *) \
      MARTLET_SYMBOL(T##gelsd);

MARTLET_DECLARE_REAL(s)
MARTLET_DECLARE_REAL(d)

float martlet_sdot(const int *, const void *, const int *, const void *, const int *) MARTLET_SYMBOL(sdot);
double martlet_ddot(const int *, const void *, const int *, const void *, const int *) MARTLET_SYMBOL(ddot);

#define MARTLET_DECLARE_COMPLEX(T)                                                                     \
  void martlet_##T##ungqr(const int *, const int *, const int *, void *, const int *, const void *,    \
                          void *, const int *, int *) MARTLET_SYMBOL(T##ungqr);                        \
  void martlet_##T##gesdd(const char *, const int *, const int *, void *, const int *, void *, void *, \
                          const int *, void *, const int *, void *, const int *, void *, int *, int *, \
                          size_t) MARTLET_SYMBOL(T##gesdd);                                            \
  void martlet_##T##heevd(const char *, const char *, const int *, void *, const int *, void *,        \
                          void *, const int *, void *, const int *, int *, const int *, int *, size_t, \
                          size_t) MARTLET_SYMBOL(T##heevd);                                            \
  void martlet_##T##geev(const char *, const char *, const int *, void *, const int *, void *, void *, \
                         const int *, void *, const int *, void *, const int *, void *, int *, size_t, \
                         size_t) MARTLET_SYMBOL(T##geev);                                              \
  void martlet_##T##gelsd(const int *, const int *, const int *, void *, const int *, void *,          \
                          const int *, void *, const void *, int *, void *, const int *, void *,       \
                          int *, int *) MARTLET_SYMBOL(T##gelsd);

MARTLET_DECLARE_COMPLEX(c)
MARTLET_DECLARE_COMPLEX(z)

#define MARTLET_EACH(kind, s, d, c, z, ...)        \
  switch (kind) {                                  \
  case 0: martlet_##s(__VA_ARGS__); break;         \
  case 1: martlet_##d(__VA_ARGS__); break;         \
  case 2: martlet_##c(__VA_ARGS__); break;         \
  case 3: martlet_##z(__VA_ARGS__); break;         \
  default: break;                                  \
  }

#define MARTLET_PAIR(first, second, ...) \
  if (kind & 1) {                        \
    martlet_##second(__VA_ARGS__);       \
  } else {                               \
    martlet_##first(__VA_ARGS__);        \
  }

static inline const void *martlet_number(int kind, int isOne) {
  static const float singles[4] = {0, 0, 1, 0};
  static const double doubles[4] = {0, 0, 1, 0};
  return kind & 1 ? (const void *)(doubles + 2 * isOne) : (const void *)(singles + 2 * isOne);
}

/// c = a · b, of m × k and k × n elements after the transposes.
static inline void martlet_gemm(int kind, char ta, char tb, int m, int n, int k, const void *a, int lda,
                                const void *b, int ldb, void *c, int ldc) {
  const void *one = martlet_number(kind, 1), *zero = martlet_number(kind, 0);
  MARTLET_EACH(kind, sgemm, dgemm, cgemm, zgemm, &ta, &tb, &m, &n, &k, one, a, &lda, b, &ldb, zero, c,
               &ldc, 1, 1)
}

/// y = y + a · x, a of m × n elements before the transpose.
static inline void martlet_gemv(int kind, char ta, int m, int n, const void *a, int lda, const void *x,
                                int incx, void *y, int incy) {
  const void *one = martlet_number(kind, 1);
  MARTLET_EACH(kind, sgemv, dgemv, cgemv, zgemv, &ta, &m, &n, one, a, &lda, x, &incx, one, y, &incy, 1)
}

/// The inner product of real vectors, to `out`.
static inline void martlet_dot(int kind, int n, const void *x, int incx, const void *y, int incy,
                               void *out) {
  if (kind & 1) {
    *(double *)out = martlet_ddot(&n, x, &incx, y, &incy);
  } else {
    *(float *)out = martlet_sdot(&n, x, &incx, y, &incy);
  }
}

static inline int martlet_getrf(int kind, int m, int n, void *a, int lda, int *pivots) {
  int info = 0;
  MARTLET_EACH(kind, sgetrf, dgetrf, cgetrf, zgetrf, &m, &n, a, &lda, pivots, &info)
  return info;
}

static inline int martlet_getrs(int kind, int n, int columns, const void *a, int lda, const int *pivots,
                                void *b, int ldb) {
  int info = 0;
  char plain = 'N';
  MARTLET_EACH(kind, sgetrs, dgetrs, cgetrs, zgetrs, &plain, &n, &columns, a, &lda, pivots, b, &ldb,
               &info, 1)
  return info;
}

static inline int martlet_potrf(int kind, char triangle, int n, void *a, int lda) {
  int info = 0;
  MARTLET_EACH(kind, spotrf, dpotrf, cpotrf, zpotrf, &triangle, &n, a, &lda, &info, 1)
  return info;
}

// From here on `work` has `lwork` elements; with -1 the routine only writes there how many it wants,
// and into `reals` and `integers` as far as it has an opinion on them.

static inline int martlet_geqrf(int kind, int m, int n, void *a, int lda, void *tau, void *work,
                                int lwork) {
  int info = 0;
  MARTLET_EACH(kind, sgeqrf, dgeqrf, cgeqrf, zgeqrf, &m, &n, a, &lda, tau, work, &lwork, &info)
  return info;
}

static inline int martlet_orgqr(int kind, int m, int n, int k, void *a, int lda, const void *tau,
                                void *work, int lwork) {
  int info = 0;
  MARTLET_EACH(kind, sorgqr, dorgqr, cungqr, zungqr, &m, &n, &k, a, &lda, tau, work, &lwork, &info)
  return info;
}

static inline int martlet_gesdd(int kind, char job, int m, int n, void *a, int lda, void *s, void *u,
                                int ldu, void *vt, int ldvt, void *work, int lwork, void *reals,
                                int *integers) {
  int info = 0;
  if (kind < 2) {
    MARTLET_PAIR(sgesdd, dgesdd, &job, &m, &n, a, &lda, s, u, &ldu, vt, &ldvt, work, &lwork, integers,
                 &info, 1)
  } else {
    MARTLET_PAIR(cgesdd, zgesdd, &job, &m, &n, a, &lda, s, u, &ldu, vt, &ldvt, work, &lwork, reals,
                 integers, &info, 1)
  }
  return info;
}

static inline int martlet_heevd(int kind, char job, char triangle, int n, void *a, int lda, void *w,
                                void *work, int lwork, void *reals, int lreals, int *integers,
                                int lintegers) {
  int info = 0;
  if (kind < 2) {
    MARTLET_PAIR(ssyevd, dsyevd, &job, &triangle, &n, a, &lda, w, work, &lwork, integers, &lintegers,
                 &info, 1, 1)
  } else {
    MARTLET_PAIR(cheevd, zheevd, &job, &triangle, &n, a, &lda, w, work, &lwork, reals, &lreals, integers,
                 &lintegers, &info, 1, 1)
  }
  return info;
}

/// Of real matrices `w` receives the real parts of the eigenvalues and `wi` the imaginary ones.
static inline int martlet_geev(int kind, char job, int n, void *a, int lda, void *w, void *wi, void *v,
                               int ldv, void *work, int lwork, void *reals) {
  int info = 0, one = 1;
  char none = 'N';
  if (kind < 2) {
    MARTLET_PAIR(sgeev, dgeev, &none, &job, &n, a, &lda, w, wi, NULL, &one, v, &ldv, work, &lwork, &info,
                 1, 1)
  } else {
    MARTLET_PAIR(cgeev, zgeev, &none, &job, &n, a, &lda, w, NULL, &one, v, &ldv, work, &lwork, reals,
                 &info, 1, 1)
  }
  return info;
}

static inline int martlet_gelsd(int kind, int m, int n, int columns, void *a, int lda, void *b, int ldb,
                                void *s, double tolerance, int *rank, void *work, int lwork,
                                void *reals, int *integers) {
  int info = 0;
  float single = (float)tolerance;
  const void *limit = kind & 1 ? (const void *)&tolerance : (const void *)&single;
  if (kind < 2) {
    MARTLET_PAIR(sgelsd, dgelsd, &m, &n, &columns, a, &lda, b, &ldb, s, limit, rank, work, &lwork,
                 integers, &info)
  } else {
    MARTLET_PAIR(cgelsd, zgelsd, &m, &n, &columns, a, &lda, b, &ldb, s, limit, rank, work, &lwork, reals,
                 integers, &info)
  }
  return info;
}

#if !defined(__APPLE__)
int openblas_get_num_threads(void);
void openblas_set_num_threads(int count);
#endif

/// Threads of OpenBLAS; 0 where the library decides by itself.
static inline int martlet_blas_threads(void) {
#if defined(__APPLE__)
  return 0;
#else
  return openblas_get_num_threads();
#endif
}

static inline void martlet_blas_set_threads(int count) {
#if defined(__APPLE__)
  (void)count;
#else
  openblas_set_num_threads(count);
#endif
}

#endif
