// Constants of the elementary functions.

#define MK_NAN (__builtin_nan(""))
#define MK_INF (__builtin_inf())
#define MK_SIGN ((int64_t)(-0x7fffffffffffffffLL - 1))
// Adding and subtracting 1.5 * 2^52 rounds to an integer, which then also sits in the low bits of the sum.
#define MK_ROUND 0x1.8p52
#define MK_ROUND_BITS 0x4338000000000000LL
#define MK_LOG2E 0x1.71547652b82fep+0
// ln 2 in two parts; the first has 42 bits, so that its product with an exponent is exact.
#define MK_LN2_HI 0x1.62e42fefa3800p-1
#define MK_LN2_LO 0x1.ef35793c76730p-45
#define MK_LN2 0x1.62e42fefa39efp-1
#define MK_PI_HI 0x1.921fb54442d18p+1
#define MK_PI_LO 0x1.1a62633145c07p-53
