// Which element type has which maps; a table holds NULL for the others.
#define MK_MAPS_ALL(X) X(copy) X(equal) X(not_equal) X(choose)
#define MK_MAPS_LOGIC(X) X(logical_not) X(logical_and) X(logical_or) X(logical_xor)
#define MK_MAPS_ORDER(X) X(less) X(less_equal) X(maximum) X(minimum)
#define MK_MAPS_BITS(X) X(bitwise_and) X(bitwise_or) X(bitwise_xor) X(bitwise_not)
#define MK_MAPS_NUMBER(X) \
  X(add) X(subtract) X(multiply) X(negate) X(absolute) X(sign) X(square) X(conjugate) X(power)
#define MK_MAPS_FIELD(X)                                                                     \
  X(divide) X(reciprocal) X(square_root) X(exponential) X(exponential_minus_one) X(logarithm) \
  X(logarithm2) X(logarithm10) X(logarithm_plus_one) X(sine) X(cosine) X(tangent) X(arcsine)  \
  X(arccosine) X(arctangent) X(hyperbolic_sine) X(hyperbolic_cosine) X(hyperbolic_tangent)    \
  X(area_sine) X(area_cosine) X(area_tangent) X(real_part) X(imaginary_part) X(is_nan) X(is_infinite) X(is_finite)
#define MK_MAPS_REAL(X)                                                                      \
  MK_MAPS_ALL(X) MK_MAPS_LOGIC(X) MK_MAPS_ORDER(X) MK_MAPS_NUMBER(X) MK_MAPS_FIELD(X)        \
  X(round_down) X(round_up) X(round_toward_zero) X(round_even) X(error_function) X(cube_root) \
  X(sign_bit) X(arctangent2) X(hypotenuse) X(copy_sign) X(exponential2) X(sigmoid) X(log_add_exp)  \
  X(next_after) X(floor_divide) X(remainder) X(complementary_error_function)
#define MK_MAPS_INTEGER(X)                                                                   \
  MK_MAPS_ALL(X) MK_MAPS_LOGIC(X) MK_MAPS_ORDER(X) MK_MAPS_BITS(X) MK_MAPS_NUMBER(X)         \
  X(floor_divide) X(remainder) X(shift_left) X(shift_right) X(sign_bit)
#define MK_MAPS_BOOL(X) MK_MAPS_ALL(X) MK_MAPS_LOGIC(X) MK_MAPS_ORDER(X) MK_MAPS_BITS(X)
#define MK_MAPS_COMPLEX(X)                                                                   \
  MK_MAPS_ALL(X) MK_MAPS_LOGIC(X) MK_MAPS_NUMBER(X) MK_MAPS_FIELD(X) X(argument)
