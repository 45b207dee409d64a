// Columns of bars in blocks, without loss: integers by differences and few bits, prices as multiples of a power of ten.
#ifndef CMARTLETBLOCKS_H
#define CMARTLETBLOCKS_H

#include <stdint.h>

enum { mk_block_int64, mk_block_float64, mk_block_float32 };

// Bytes that a block of n values may take at most.
int64_t mk_block_bound(int64_t n);
// The block with the fewest bytes for n values of a type; returns its bytes, or -1 where memory is short.
int64_t mk_block_encode(int type, const void *values, int64_t n, uint8_t *out);
// n values from a block of `bytes` bytes. Returns 0, or -1 where the bytes are no such block; never reads beyond them.
int mk_block_decode(int type, const uint8_t *block, int64_t bytes, void *values, int64_t n);

#endif
