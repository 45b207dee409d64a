// What is exact or rounded once: rounding, remainders, neighbours.

// Half to even. Adding and subtracting 2^52 rounds what is below it.
MK_BLOCK V mk_round(V x) {
  V y = ABS(x), r = mk_from_bits(mk_bits((y + 0x1p52) - 0x1p52) | mk_sign(x));
  return PICK(y < 0x1p52, r, PICK(UNDEFINED(x), SET(MK_NAN), x));
}
MK_BLOCK V mk_trunc(V x) {
  V y = ABS(x), r = (y + 0x1p52) - 0x1p52;
  r -= PICK(r > y, SET(1.0), SET(0.0));
  return PICK(y < 0x1p52, mk_from_bits(mk_bits(r) | mk_sign(x)), PICK(UNDEFINED(x), SET(MK_NAN), x));
}

MK_BLOCK V mk_copysign(V x, V y) { return mk_from_bits((mk_bits(x) & ~MK_SIGN) | mk_sign(y)); }

MK_BLOCK V mk_nextafter(V x, V y) {
  M b = mk_bits(x), up = (y > x) == (x > 0.0); // away from zero
  V v = mk_from_bits(b + ((up & 2) - 1));
  v = PICK(x == 0.0, mk_from_bits(mk_sign(y) | 1), v);
  v = PICK(x == y, y, v);
  return PICK(UNDEFINED(x) | UNDEFINED(y), SET(MK_NAN), v);
}

typedef struct {
  V quotient, remainder; // of |x| and |y|, the quotient cut to an integer
} mk_division;

// Any arguments, lane by lane.
MK_RARE mk_divide_rare(const V *x, const V *y, mk_division *d) {
  for (int i = 0; i < MK_VL; i++) {
    double a = (*x)[i] < 0 ? -(*x)[i] : (*x)[i], b = (*y)[i] < 0 ? -(*y)[i] : (*y)[i];
    d->remainder[i] = mk_remainder_one(a, b);
    d->quotient[i] = (a - d->remainder[i]) / b;
  }
}
MK_BLOCK mk_division mk_divide(V x, V y) {
  V a = ABS(x), b = ABS(y), q = a / b;
  // The quotient, below 2^25, times either half of b is exact; so are all differences.
  V t = (q + 0x1p52) - 0x1p52;
  t -= PICK(t > q, SET(1.0), SET(0.0));
  V high = mk_head(b);
  mk_dd s = mk_sum(a, t * -high);
  V r = (s.hi - t * (b - high)) + s.lo;
  // q may have been rounded up to an integer.
  M over = r < 0.0;
  mk_division d = {t - PICK(over, SET(1.0), SET(0.0)), r + PICK(over, b, SET(0.0))};
  M plain = (q < 0x1p25) & (a < 0x1p1000) & (b < 0x1p1000);
  if (__builtin_expect(mk_any(~plain), 0)) mk_divide_rare(&x, &y, &d);
  return d;
}

// x - y floor(x / y): the sign of y, the rules of Python and NumPy.
MK_BLOCK V mk_remainder(V x, V y) {
  mk_division d = mk_divide(x, y);
  V r = mk_xor(d.remainder, mk_sign(x));
  r = PICK(r == 0.0, mk_from_bits(mk_sign(y)), PICK((r < 0.0) != (y < 0.0), r + y, r));
  return PICK(UNDEFINED(r), SET(MK_NAN), r);
}

// floor(x / y) of the exact quotient; division by zero gives what x / y gives.
MK_BLOCK V mk_floor_divide(V x, V y) {
  mk_division d = mk_divide(x, y);
  M sign = mk_sign(x) ^ mk_sign(y);
  // Beyond 2^53 the quotient is rounded, and an integer anyway.
  V t = (d.quotient + 0x1p52) - 0x1p52, q = PICK(d.quotient < 0x1p52, t, d.quotient);
  q = mk_xor(q + PICK((sign < 0) & (d.remainder > 0.0), SET(1.0), SET(0.0)), sign);
  q = PICK(y == 0.0, x / y, q);
  return PICK(UNDEFINED(q), SET(MK_NAN), q);
}
