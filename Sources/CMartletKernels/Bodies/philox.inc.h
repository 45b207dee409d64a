// Philox 4x32-10 on eight counters at once. A word sits in the lower half of a 64-bit lane; what is above
// it is left to the next multiplication, which does not look there, and is cut off at the end.
typedef vu8 mk_words;

#define MK_LOW 0xffffffffULL

typedef struct {
  mk_words w[4];
} mk_philox;

// Blocks c0 | c1 << 32 of a stream; c0 and c1 below 2^32.
MK_INLINE mk_philox mk_philox8(mk_words c0, mk_words c1, uint64_t stream, uint64_t seed) {
  mk_words c2 = (mk_words)(stream & MK_LOW), c3 = (mk_words)(stream >> 32);
  uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
#pragma clang loop unroll(full)
  for (int round = 0; round < 10; round++) {
    mk_words p0 = (c0 & MK_LOW) * 0xD2511F53ULL, p1 = (c2 & MK_LOW) * 0xCD9E8D57ULL;
    c0 = (p1 >> 32) ^ c1 ^ (mk_words)(uint64_t)k0;
    c2 = (p0 >> 32) ^ c3 ^ (mk_words)(uint64_t)k1;
    c1 = p1;
    c3 = p0;
    k0 += 0x9E3779B9U;
    k1 += 0xBB67AE85U;
  }
  return (mk_philox){{c0 & MK_LOW, c1 & MK_LOW, c2 & MK_LOW, c3 & MK_LOW}};
}

// Blocks block ..< block + 8.
MK_INLINE mk_philox mk_philox_run(uint64_t block, uint64_t stream, uint64_t seed) {
  mk_words c = (mk_words)block + (mk_words){0, 1, 2, 3, 4, 5, 6, 7};
  return mk_philox8(c & MK_LOW, c >> 32, stream, seed);
}

// ---------------------------------------------------------------- numbers from words

// 53 bits of two words, as an integer.
MK_INLINE v8i mk_bits53(mk_words high, mk_words low) { return (v8i)((high << 21) | (low >> 11)); }
// Integers as doubles, exactly: below 2^51 in size, and from 0 up to 2^53. By bits, since not every
// instruction set converts 64-bit lanes.
MK_INLINE v8d mk_small_double(v8i x) { return mk_from_bits(x + MK_ROUND_BITS) - MK_ROUND; }
MK_INLINE v8d mk_double53(v8i x) {
  v8d high = mk_from_bits(mk_shr(x, 32) | 0x4330000000000000LL) - 0x1p52;
  return high * 0x1p32 + (mk_from_bits((x & (int64_t)MK_LOW) | 0x4330000000000000LL) - 0x1p52);
}
// 0 <= u < 1, and 0 < u <= 1.
MK_INLINE v8d mk_unit(mk_words high, mk_words low) { return mk_double53(mk_bits53(high, low)) * 0x1p-53; }
MK_INLINE v8d mk_unit_above(mk_words high, mk_words low) {
  return mk_double53(mk_bits53(high, low) + 1) * 0x1p-53;
}
// One word: the middle of its 2^-32, so neither 0 nor 1.
MK_INLINE v8d mk_unit_single(mk_words word) { return (mk_small_double((v8i)word) + 0.5) * 0x1p-32; }

// Sine and cosine of a turn times (angle / 2^64).
MK_INLINE mk_sin_cos8 mk_turn(mk_words angle) {
  // The nearest quadrant and what is left of it, in steps of 2^-53 turns.
  mk_words shifted = angle + (1ULL << 61);
  v8i q = (v8i)(shifted >> 62);
  v8d rest = mk_small_double((v8i)((shifted & ~(3ULL << 62)) >> 11)) - 0x1p50;
  mk_sin_cos8 t = mk_trig_poly((mk_trig_arg8){rest * (MK_PI_HI * 0x1p-52), splat(0.0), q});
  v8d s = t.sin.hi + t.sin.lo, c = t.cos.hi + t.cos.lo;
  v8i swap = mk_shl(q, 63);
  v8d sine = select8(swap, c, s), cosine = select8(swap, s, c);
  t.sin.hi = mk_xor(sine, mk_shl(q, 62) & MK_SIGN);
  t.cos.hi = mk_xor(cosine, mk_shl(q + 1, 62) & MK_SIGN);
  return t;
}

// Two independent standard normals from a point on the circle (Box and Muller 1958): 0 < u <= 1.
typedef struct {
  v8d a, b;
} mk_pair;
MK_INLINE mk_pair mk_normals(v8d u, mk_words angle) {
  v8d radius = sqrt8(-2.0 * mk_log(u));
  mk_sin_cos8 t = mk_turn(angle);
  return (mk_pair){radius * t.cos.hi, radius * t.sin.hi};
}
