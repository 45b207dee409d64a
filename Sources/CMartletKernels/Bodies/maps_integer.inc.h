// Maps of integers; what overflows wraps around, and nothing traps.
MK_COMPARE_EQUAL
MK_LOGIC
MK_ORDER
MK_BITS
MK_MAP1(bitwise_not, T, (T)~a)
MK_MAP1(negate, T, (T)(0 - (U)a))
MK_MAP1(absolute, T, MK_SIGNED && a < 0 ? (T)(0 - (U)a) : a)
MK_MAP1(sign, T, (T)((a > 0) - (a < 0)))
MK_MAP1(square, T, (T)((U)a * (U)a))
MK_MAP1(conjugate, T, a)
MK_MAP1(sign_bit, uint8_t, a < 0)
MK_MAP2(add, T, (T)((U)a + (U)b))
MK_MAP2(subtract, T, (T)((U)a - (U)b))
MK_MAP2(multiply, T, (T)((U)a * (U)b))
MK_MAP2(maximum, T, a > b ? a : b)
MK_MAP2(minimum, T, a < b ? a : b)

// By zero: zero. By -1: the wrapped negative, where the machine's own division would trap.
MK_INLINE T MK_N(floored)(T a, T b) {
  if (b == 0) return 0;
  if (MK_SIGNED && b == (T)-1) return (T)(0 - (U)a);
  T q = (T)(a / b);
  return (T)(q - ((a % b != 0) & ((a < 0) != (b < 0))));
}
MK_INLINE T MK_N(modulo)(T a, T b) {
  if (b == 0 || (MK_SIGNED && b == (T)-1)) return 0;
  T r = (T)(a % b);
  return r != 0 && ((r < 0) != (b < 0)) ? (T)(r + b) : r;
}
// A negative exponent rounds toward zero: 1 and -1 are the only bases that leave something.
MK_INLINE T MK_N(raised)(T a, T b) {
  if (b < 0) return a == 1 ? 1 : a == (T)-1 ? (T)(b % 2 ? -1 : 1) : 0;
  U base = (U)a, result = 1;
  for (U e = (U)b; e; e >>= 1) {
    if (e & 1) result = (U)(result * base);
    base = (U)(base * base);
  }
  return (T)result;
}
#define MK_WIDTH_BITS ((T)(8 * sizeof(T)))
static void MK_N(floor_divide)(const void *const *in, void *out, int64_t n) {
  const T *x = in[0], *z = in[1];
  for (int64_t i = 0; i < n; i++) ((T *)out)[i] = MK_N(floored)(x[i], z[i]);
}
static void MK_N(remainder)(const void *const *in, void *out, int64_t n) {
  const T *x = in[0], *z = in[1];
  for (int64_t i = 0; i < n; i++) ((T *)out)[i] = MK_N(modulo)(x[i], z[i]);
}
static void MK_N(power)(const void *const *in, void *out, int64_t n) {
  const T *x = in[0], *z = in[1];
  for (int64_t i = 0; i < n; i++) ((T *)out)[i] = MK_N(raised)(x[i], z[i]);
}
// Shifts by the width or more, or by a negative count, push every bit out.
MK_MAP2(shift_left, T, b < 0 || b >= MK_WIDTH_BITS ? 0 : (T)((U)a << (b & (MK_WIDTH_BITS - 1))))
MK_MAP2(shift_right, T, b < 0 || b >= MK_WIDTH_BITS ? (T)(a < 0 ? -1 : 0) : (T)(a >> (b & (MK_WIDTH_BITS - 1))))
#undef MK_WIDTH_BITS
