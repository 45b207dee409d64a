// See CMartletBlocks.h. A block is a byte that says what it is, then what that needs:
//
// raw:      the values as they lie in memory.
// integers: scale, first value, order, period, and integers in groups.
// decimals: values that are no decimals as (index, bits), order, and integers in groups, each with its power of ten.
// bits:     each value's bits, exclusive or those of the value before, in groups.
//
// Integers become small by a difference (order 1), a difference of differences (order 2), the difference from the
// change a period before (order 3: symbols that share a calendar), or none (order 0). A group of
// up to 128 has the number of bits that makes it smallest; what needs more has its upper bits behind the group (M. Zukowski,
// S. Héman, N. Nes and P. Boncz, Super-Scalar RAM-CPU Cache Compression, ICDE 2006).
#include "CMartletBlocks.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { raw_block, integer_block, decimal_block, bit_block };
enum { group_size = 128, tail = 8, largest_power = 9, smallest_power = -6 };

static const double powers[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};

static int size_of(int type) { return type == mk_block_float32 ? 4 : 8; }
static int length_of(uint64_t x) { return x ? 64 - __builtin_clzll(x) : 0; }
static uint64_t zigzag(uint64_t x) { return (x << 1) ^ (uint64_t)((int64_t)x >> 63); }
static uint64_t unzigzag(uint64_t x) { return (x >> 1) ^ -(x & 1); }
static uint64_t low_bits(int width) { return width == 64 ? ~0ull : (1ull << width) - 1; }

static uint64_t load(const uint8_t *p) {
  uint64_t x;
  memcpy(&x, p, 8);
  return x;
}
static void store(uint8_t *p, uint64_t x) { memcpy(p, &x, 8); }

int64_t mk_block_bound(int64_t n) { return 9 * n + 4 * (n / group_size + 1) + 64; }

// ---------------------------------------------------------------- groups

static int64_t packed_bytes(int64_t n, int width) { return (n * width + 7) / 8; }

// n numbers of `width` bits each; the bytes behind are written to and may be overwritten.
static void pack(const uint64_t *x, int64_t n, int width, uint8_t *out) {
  uint64_t held = 0;
  int bits = 0;
  for (int64_t k = 0; k < n && width; k++) {
    const uint64_t v = x[k] & low_bits(width);
    held |= v << bits;
    if (bits + width >= 64) {
      store(out, held);
      out += 8;
      held = bits ? v >> (64 - bits) : 0;
      bits = bits + width - 64;
    } else {
      bits += width;
    }
  }
  if (bits) store(out, held);
}

// Reads up to eight bytes behind the last one.
static void unpack(const uint8_t *in, int64_t n, int width, uint64_t *x) {
  const uint64_t mask = low_bits(width);
  if (width <= 56) {
    for (int64_t k = 0; k < n; k++) {
      const uint64_t bit = (uint64_t)k * (uint64_t)width;
      x[k] = load(in + (bit >> 3)) >> (bit & 7) & mask;
    }
    return;
  }
  for (int64_t k = 0; k < n; k++) {
    const uint64_t bit = (uint64_t)k * (uint64_t)width;
    const int shift = bit & 7;
    const uint64_t upper = shift ? (uint64_t)in[(bit >> 3) + 8] << (64 - shift) : 0;
    x[k] = (load(in + (bit >> 3)) >> shift | upper) & mask;
  }
}

static uint8_t *encode_group(const uint64_t *x, int n, uint8_t *out) {
  int counts[65] = {0}, longest = 0;
  for (int k = 0; k < n; k++) {
    const int length = length_of(x[k]);
    counts[length]++;
    if (length > longest) longest = length;
  }
  int best = longest, patched = 0, above = 0;
  int64_t cost = (int64_t)n * longest;
  for (int width = longest - 1; width >= 0; width--) {
    above += counts[width + 1];
    const int64_t bits = (int64_t)n * width + (int64_t)above * (8 + longest - width) + 8;
    if (bits < cost) cost = bits, best = width, patched = above;
  }
  *out++ = (uint8_t)best;
  *out++ = (uint8_t)patched;
  if (patched) *out++ = (uint8_t)(longest - best);
  pack(x, n, best, out);
  out += packed_bytes(n, best);
  if (patched) {
    uint64_t upper[group_size];
    int m = 0;
    for (int k = 0; k < n; k++)
      if (length_of(x[k]) > best) {
        out[m] = (uint8_t)k;
        upper[m++] = x[k] >> best;
      }
    out += m;
    pack(upper, m, longest - best, out);
    out += packed_bytes(m, longest - best);
  }
  return out;
}

// Where the group ends, NULL where it is none; `end` is where bytes end that may be read, eight of them beyond it.
static const uint8_t *decode_group(const uint8_t *in, const uint8_t *end, int n, uint64_t *x) {
  if (end - in < 2) return NULL;
  const int width = in[0], patched = in[1];
  in += 2;
  int more = 0;
  if (patched) {
    if (end - in < 1) return NULL;
    more = *in++;
  }
  const int64_t body = packed_bytes(n, width), extra = packed_bytes(patched, more);
  if (width > 64 || width + more > 64 || patched > n || end - in < body + patched + extra) return NULL;
  unpack(in, n, width, x);
  in += body;
  if (patched) {
    uint64_t upper[group_size];
    const uint8_t *at = in;
    in += patched;
    unpack(in, patched, more, upper);
    in += extra;
    for (int k = 0; k < patched; k++) {
      if (at[k] >= n) return NULL;
      if (width < 64) x[at[k]] |= upper[k] << width;
    }
  }
  return in;
}

// ---------------------------------------------------------------- integers

// The change at k as those of the values before it suggest.
static uint64_t expected(const uint64_t *x, int64_t k, int order, int64_t period) {
  if (order == 0 || k == 0) return 0;
  if (order == 2) return k > 1 ? 2 * x[k - 1] - x[k - 2] : x[k - 1];
  return order == 3 && k > period ? x[k - 1] + x[k - period] - x[k - period - 1] : x[k - 1];
}

static uint8_t *encode_integers(const uint64_t *x, int64_t n, int order, int64_t period, uint8_t *out) {
  uint64_t group[group_size];
  for (int64_t k = 0; k < n; k += group_size) {
    const int count = n - k < group_size ? (int)(n - k) : group_size;
    for (int j = 0; j < count; j++) group[j] = zigzag(x[k + j] - expected(x, k + j, order, period));
    out = encode_group(group, count, out);
  }
  return out;
}

static const uint8_t *decode_integers(
  const uint8_t *in, const uint8_t *end, int64_t n, int order, int64_t period, uint64_t *x
) {
  for (int64_t k = 0; k < n; k += group_size) {
    const int count = n - k < group_size ? (int)(n - k) : group_size;
    if (!(in = decode_group(in, end, count, x + k))) return NULL;
    for (int64_t j = k; j < k + count; j++) x[j] = expected(x, j, order, period) + unzigzag(x[j]);
  }
  return in;
}

static uint64_t divisor(uint64_t a, uint64_t b) {
  while (b) {
    const uint64_t rest = a % b;
    a = b, b = rest;
  }
  return a;
}

// The most frequent distance between steps back, where times of a symbol follow those of another; 0 for none.
static int64_t period_of(const int64_t *values, int64_t n) {
  int64_t before = 0, best = 0, most = 0, candidate = 0, count = 0;
  for (int64_t k = 1; k < n; k++) {
    if (values[k] >= values[k - 1]) continue;
    const int64_t length = k - before;
    before = k;
    // Of neighbours that are alike, the longest row.
    count = length == candidate ? count + 1 : 1;
    candidate = length;
    if (count > most) most = count, best = candidate;
  }
  return best;
}

static int64_t encode_int64(const int64_t *values, int64_t n, uint64_t *x, uint8_t *out, uint8_t *other) {
  // Days of nanoseconds are days: what all differences have in common is divided out, behind the first value.
  uint64_t scale = 0;
  for (int64_t k = 1; k < n && scale != 1; k++) {
    const int64_t change = (int64_t)((uint64_t)values[k] - (uint64_t)values[k - 1]);
    scale = divisor(scale, change < 0 ? -(uint64_t)change : (uint64_t)change);
  }
  if (scale == 0) scale = 1;
  for (int64_t k = 0; k < n; k++) {
    // The difference to the first is a multiple, unless it is beyond 64 bits.
    const uint64_t change = (uint64_t)values[k] - (uint64_t)values[0];
    x[k] = (uint64_t)((int64_t)change / (int64_t)scale);
    if ((uint64_t)((int64_t)x[k] * (int64_t)scale) != change) scale = 0;
    if (scale == 0) break;
  }
  if (scale == 0 || scale > INT64_MAX) {
    scale = 1;
    for (int64_t k = 0; k < n; k++) x[k] = (uint64_t)values[k] - (uint64_t)values[0];
  }
  const int64_t period = period_of(values, n);
  int64_t best = -1;
  for (int order = 0; order < (period ? 4 : 3); order++) {
    const int64_t bytes = encode_integers(x, n, order, period, other + 26) - other;
    if (best >= 0 && bytes >= best) continue;
    other[0] = integer_block;
    store(other + 1, scale);
    store(other + 9, n ? (uint64_t)values[0] : 0);
    other[17] = (uint8_t)order;
    store(other + 18, (uint64_t)period);
    memcpy(out, other, (size_t)(best = bytes));
  }
  return best;
}

static int decode_int64(const uint8_t *in, const uint8_t *end, int64_t *values, int64_t n) {
  if (end - in < 26 || in[17] > 3) return -1;
  const uint64_t scale = load(in + 1), first = load(in + 9), period = load(in + 18);
  if (in[17] == 3 && (period < 1 || period > (uint64_t)n)) return -1;
  uint64_t *x = (uint64_t *)values;
  if (!decode_integers(in + 26, end, n, in[17], (int64_t)period, x)) return -1;
  for (int64_t k = 0; k < n; k++) x[k] = first + x[k] * scale;
  return 0;
}

// ---------------------------------------------------------------- decimals

static uint64_t bits_of(int type, const void *values, int64_t k) {
  uint32_t narrow;
  if (type != mk_block_float32) return load((const uint8_t *)values + 8 * k);
  memcpy(&narrow, (const uint8_t *)values + 4 * k, 4);
  return narrow;
}

static double number_of(int type, const void *values, int64_t k) {
  return type == mk_block_float32 ? ((const float *)values)[k] : ((const double *)values)[k];
}

static double decimal(int64_t x, int power) {
  return power < 0 ? (double)x * powers[-power] : (double)x / powers[power];
}

// Whether value k is x / 10^power to the bit.
static int is_decimal(int type, const void *values, int64_t k, int power, int64_t *x) {
  const double v = number_of(type, values, k), scaled = power < 0 ? v / powers[-power] : v * powers[power];
  if (!(fabs(scaled) < 9007199254740992.0)) return 0;
  *x = (int64_t)nearbyint(scaled);
  const double back = decimal(*x, power);
  if (type == mk_block_float32) {
    const float narrow = (float)back;
    return !memcmp(&narrow, (const float *)values + k, 4);
  }
  return !memcmp(&back, (const double *)values + k, 8);
}

// A value in units of another power of ten, as near as units allow.
static int64_t rescaled(int64_t x, int from, int to) {
  for (; from < to; from++)
    if (__builtin_mul_overflow(x, 10, &x)) return 0;
  for (; from > to; from--) x /= 10;
  return x;
}

// The power of ten of which most values of a group are multiples: of equals the largest unit.
static int power_of(int type, const void *values, int64_t first, int count, int64_t *missing) {
  int64_t fewest = count + 1, number;
  int chosen = 0;
  for (int power = smallest_power; power <= largest_power && fewest; power++) {
    int64_t odd = 0;
    for (int j = 0; j < count && odd < fewest; j++) odd += !is_decimal(type, values, first + j, power, &number);
    if (odd < fewest) fewest = odd, chosen = power;
  }
  *missing += fewest;
  return chosen;
}

// -1 where too few values are multiples of a power of ten.
static int64_t encode_decimals(
  int type, const void *values, int64_t n, uint64_t *x, uint8_t *out, uint8_t *other
) {
  int64_t odd = 0;
  int8_t *powers_of = (int8_t *)x + 8 * n;
  for (int64_t k = 0, g = 0; k < n; k += group_size, g++) {
    powers_of[g] = (int8_t)power_of(type, values, k, n - k < group_size ? (int)(n - k) : group_size, &odd);
    if (odd > n / 8) return -1;
  }
  other[0] = decimal_block;
  store(other + 1, (uint64_t)odd);
  int64_t head = 9, before = 0;
  for (int64_t k = 0; k < n; k++) {
    const int power = powers_of[k / group_size];
    if (k && k % group_size == 0) before = rescaled(before, powers_of[k / group_size - 1], power);
    int64_t number = before;
    if (!is_decimal(type, values, k, power, &number)) {
      number = before;
      store(other + head, (uint64_t)k);
      store(other + head + 8, bits_of(type, values, k));
      head += 16;
    }
    x[k] = (uint64_t)(before = number);
  }
  int64_t best = -1;
  for (int order = 0; order < 2; order++) {
    uint8_t *to = other + head;
    *to++ = (uint8_t)order;
    uint64_t group[group_size], last = 0;
    for (int64_t k = 0, g = 0; k < n; k += group_size, g++) {
      const int count = n - k < group_size ? (int)(n - k) : group_size;
      if (k) last = (uint64_t)rescaled((int64_t)last, powers_of[g - 1], powers_of[g]);
      for (int j = 0; j < count; j++) {
        group[j] = zigzag(order ? x[k + j] - last : x[k + j]);
        last = x[k + j];
      }
      *to++ = (uint8_t)powers_of[g];
      to = encode_group(group, count, to);
    }
    if (best >= 0 && to - other >= best) continue;
    memcpy(out, other, (size_t)(best = to - other));
  }
  return best;
}

static int decode_decimals(int type, const uint8_t *in, const uint8_t *end, void *values, int64_t n) {
  if (end - in < 10) return -1;
  const uint64_t odd = load(in + 1);
  const uint8_t *list = in + 9;
  if (odd > (uint64_t)n || (end - list - 1) / 16 < (int64_t)odd) return -1;
  in = list + 16 * odd;
  const int order = *in++;
  if (order > 1) return -1;
  int64_t group[group_size];
  uint64_t last = 0;
  int before = 0;
  for (int64_t k = 0; k < n; k += group_size) {
    const int count = n - k < group_size ? (int)(n - k) : group_size;
    if (end - in < 1) return -1;
    const int power = (int8_t)*in++;
    if (power < smallest_power || power > largest_power) return -1;
    if (k) last = (uint64_t)rescaled((int64_t)last, before, power);
    before = power;
    if (!(in = decode_group(in, end, count, (uint64_t *)group))) return -1;
    if (order)
      for (int j = 0; j < count; j++) group[j] = (int64_t)(last += unzigzag((uint64_t)group[j]));
    else
      for (int j = 0; j < count; j++) group[j] = (int64_t)unzigzag((uint64_t)group[j]);
    last = (uint64_t)group[count - 1];
    const double scale = powers[power < 0 ? -power : power];
    if (type == mk_block_float32) {
      float *out = (float *)values + k;
      if (power < 0) for (int j = 0; j < count; j++) out[j] = (float)((double)group[j] * scale);
      else for (int j = 0; j < count; j++) out[j] = (float)((double)group[j] / scale);
    } else {
      double *out = (double *)values + k;
      if (power < 0) for (int j = 0; j < count; j++) out[j] = (double)group[j] * scale;
      else for (int j = 0; j < count; j++) out[j] = (double)group[j] / scale;
    }
  }
  for (uint64_t j = 0; j < odd; j++) {
    const uint64_t k = load(list + 16 * j), bits = load(list + 16 * j + 8);
    if (k >= (uint64_t)n) return -1;
    memcpy((uint8_t *)values + k * (uint64_t)size_of(type), &bits, (size_t)size_of(type));
  }
  return 0;
}

// ---------------------------------------------------------------- bits

static int64_t encode_bits(int type, const void *values, int64_t n, uint8_t *out) {
  uint8_t *to = out;
  *to++ = bit_block;
  uint64_t before = 0, group[group_size];
  for (int64_t k = 0; k < n; k += group_size) {
    const int count = n - k < group_size ? (int)(n - k) : group_size;
    uint64_t all = 0;
    for (int j = 0; j < count; j++) {
      const uint64_t bits = bits_of(type, values, k + j);
      all |= group[j] = bits ^ before;
      before = bits;
    }
    const int zeros = all ? __builtin_ctzll(all) : 0;
    *to++ = (uint8_t)zeros;
    for (int j = 0; j < count; j++) group[j] >>= zeros;
    to = encode_group(group, count, to);
  }
  return to - out;
}

static int decode_bits(int type, const uint8_t *in, const uint8_t *end, void *values, int64_t n) {
  in++;
  uint64_t before = 0, group[group_size];
  for (int64_t k = 0; k < n; k += group_size) {
    const int count = n - k < group_size ? (int)(n - k) : group_size;
    if (end - in < 1) return -1;
    const int zeros = *in++;
    if (zeros > 63 || !(in = decode_group(in, end, count, group))) return -1;
    for (int j = 0; j < count; j++) {
      before ^= group[j] << zeros;
      memcpy((uint8_t *)values + (k + j) * size_of(type), &before, (size_t)size_of(type));
    }
  }
  return 0;
}

// ---------------------------------------------------------------- blocks

int64_t mk_block_encode(int type, const void *values, int64_t n, uint8_t *out) {
  const int64_t bound = mk_block_bound(n) + 16 * (n / 8 + 1), whole = n * size_of(type);
  // Integers and their powers, and two blocks to choose from.
  const int64_t integers = 8 * n + n / group_size + 1;
  uint8_t *memory = malloc((size_t)(integers + 2 * bound));
  if (!memory) return -1;
  uint64_t *x = (uint64_t *)memory;
  uint8_t *a = memory + integers, *b = a + bound;
  out[0] = raw_block;
  if (n) memcpy(out + 1, values, (size_t)whole);
  int64_t bytes = 1 + whole;
  int64_t found = type == mk_block_int64 ? encode_int64(values, n, x, a, b) : encode_decimals(type, values, n, x, a, b);
  if (found >= 0 && found + tail < bytes) memcpy(out, a, (size_t)(bytes = found));
  if (type != mk_block_int64) {
    found = encode_bits(type, values, n, a);
    if (found + tail < bytes) memcpy(out, a, (size_t)(bytes = found));
  }
  free(memory);
  if (out[0] == raw_block) return bytes;
  // What is read in words of eight bytes ends before the block does.
  memset(out + bytes, 0, tail);
  return bytes + tail;
}

int mk_block_decode(int type, const uint8_t *block, int64_t bytes, void *values, int64_t n) {
  if (bytes < 1 || n < 0) return -1;
  if (block[0] == raw_block) {
    if (bytes != 1 + n * size_of(type)) return -1;
    if (n) memcpy(values, block + 1, (size_t)(n * size_of(type)));
    return 0;
  }
  if (bytes < 1 + tail) return -1;
  const uint8_t *end = block + bytes - tail;
  switch (block[0]) {
    case integer_block: return type == mk_block_int64 ? decode_int64(block, end, values, n) : -1;
    case bit_block: return type != mk_block_int64 ? decode_bits(type, block, end, values, n) : -1;
    case decimal_block: return type != mk_block_int64 ? decode_decimals(type, block, end, values, n) : -1;
    default: return -1;
  }
}
