// Integer keys that have the order of a row's numbers: NaN last either way round.
// Set before: as for sort_network.inc.h, MK_KEY_MIN, MK_BITS, MK_UNSIGNED.

// A number's bits x become the key fold(x ^ flip) - shift. The flip turns the order round; the fold
// makes signed integers of sign and magnitude; the shift moves the NaNs with a sign, which would be
// the least, round to the greatest. For indices zero has one key, and so has NaN.
typedef struct {
  MK_KEY flip, fold, shift;
  MK_KEY minus_zero, step;  // step 0: keys are left as they are
  MK_KEY top;
  int same;  // keys are the numbers
} N(order);

static N(order) N(make_order)(int is_float, int descending) {
  N(order) o = {descending ? -1 : 0, 0, 0, 0, 0, MK_KEY_MAX, !descending};
  if (!is_float) return o;
  const int fraction = MK_BITS == 64 ? 52 : 23;
  const MK_KEY infinity = (MK_KEY)(MK_KEY_MAX >> fraction << fraction);
  o.flip = descending ? MK_KEY_MIN : 0;
  o.fold = MK_KEY_MAX;
  o.shift = MK_KEY_MAX - infinity;
  o.minus_zero = -1 - o.shift;
  o.step = 1;
  o.top = infinity - o.shift + 1;
  o.same = 0;
  return o;
}

// In unsigned arithmetic, which wraps.
typedef MK_UNSIGNED N(uvec) __attribute__((ext_vector_type(MK_KEY_LANES)));
#define U N(uvec)

MK_INLINE V N(key)(V x, const N(order) *o) {
  const V k = x ^ (V)(o->flip);
  return (V)((U)(k ^ ((k >> (MK_BITS - 1)) & (V)(o->fold))) - (U)(V)(o->shift));
}
MK_INLINE V N(number)(V key, const N(order) *o) {
  const V k = (V)((U)key + (U)(V)(o->shift));
  return k ^ ((k >> (MK_BITS - 1)) & (V)(o->fold)) ^ (V)(o->flip);
}
// The key in which numbers that count as equal are equal.
MK_INLINE V N(rank_key)(V x, const N(order) *o) {
  const V k = N(key)(x, o);
  return __builtin_elementwise_min(k + ((k == (V)(o->minus_zero)) & (V)(o->step)), (V)(o->top));
}
MK_INLINE MK_KEY N(rank_key_of)(const MK_KEY *x, const N(order) *o) {
  return N(rank_key)((V)(*x), o)[0];
}
