// What the parts of the driver share: inputs that are the same everywhere, and hashes of results.
#ifndef DRIVER_H
#define DRIVER_H

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CMartletKernels.h"

#pragma STDC FP_CONTRACT OFF

#define COUNT(list) ((int64_t)(sizeof(list) / sizeof((list)[0])))

// SplitMix64.
typedef struct {
  uint64_t state;
} source;

source source_of(uint64_t seed);
uint64_t next_bits(source *s);
int64_t below(source *s, int64_t bound);
double unit(source *s);                             // 0 ..< 1
double between(source *s, double low, double high);

// Elements of a dtype: bits of every kind, numbers of a usual size, ties, zeros of both signs, NaN, infinities,
// subnormals.
void fill_elements(source *s, int dtype, int64_t n, void *to);
// Numbers of a usual size only, so that sums and products of them stay finite; no NaN.
void fill_usual(source *s, int dtype, int64_t n, void *to);
int64_t size_of(int dtype);
const char *dtype_name(int dtype);

// Memory that begins and ends where it says, for the address sanitizer; filled with 0xa5.
void *memory(int64_t bytes);

// A hash of results. Every NaN counts as the same one: which sign and payload an operation gives it is the
// processor's affair (x86-64 sets the sign, arm64 does not).
typedef struct {
  uint64_t value;
} digest;

void add_word(digest *d, uint64_t word);
void add_doubles(digest *d, const double *x, int64_t n);
void add_floats(digest *d, const float *x, int64_t n);
void add_bytes(digest *d, const void *x, int64_t n);
void add_elements(digest *d, int dtype, const void *x, int64_t n);

// One line of output: group, name, kind, hash.
void report(const char *group, const char *name, const char *kind, digest d);
// The same work done another way: says so on a line of its own where the hash is another one.
void report_way(const char *group, const char *name, const char *kind, const char *way, digest d, digest expected);

void run_kernels(int isa);
void run_programs(int isa);
void run_siblings(int isa);
void run_functions(int isa);
void run_maps(int isa);
void run_reductions(int isa);
void run_moves(int isa);
void run_sorts(int isa);
void run_draws(int isa);
void run_fourier(int isa);
void run_networks(int isa);

#endif
