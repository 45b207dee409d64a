// What is exact: rounding, neighbours.

// Half to even. Adding and subtracting 2^23 rounds what is below it.
MK_INLINE F mkf_quiet(F x) { return PICK(UNDEFINED(x), FSET(__builtin_nanf("")), x); }
MK_INLINE F mkf_round(F x) {
  F y = ABS(x), r = mkf_signed((y + 0x1p23f) - 0x1p23f, x);
  return PICK(y < 0x1p23f, r, mkf_quiet(x));
}
MK_INLINE F mkf_trunc(F x) {
  F y = ABS(x), r = (y + 0x1p23f) - 0x1p23f;
  r -= PICK(r > y, FSET(1.0f), FSET(0.0f));
  return PICK(y < 0x1p23f, mkf_signed(r, x), mkf_quiet(x));
}

MK_INLINE F mkf_copysign(F x, F y) { return mkf_from_bits((mkf_bits(x) & ~MKF_SIGN) | mkf_sign(y)); }

MK_INLINE F mkf_nextafter(F x, F y) {
  W up = (y > x) == (x > 0.0f); // away from zero
  F v = mkf_from_bits(mkf_bits(x) + ((up & 2) - 1));
  v = PICK(x == 0.0f, mkf_from_bits(mkf_sign(y) | 1), v);
  v = PICK(x == y, y, v);
  return PICK(UNDEFINED(x) | UNDEFINED(y), FSET(__builtin_nanf("")), v);
}
