// The error function and its complement.

// erf(x) / x - 1, z = x^2 <= 9/16; error below 1.3e-17.
MK_BLOCK V mk_erf_poly(V z) {
  V z2 = z * z, z4 = z2 * z2;
  return mk_p8(
    z, z2, z4, 0x1.06eba8214db69p-3, -0x1.812746b037a00p-2, 0x1.ce2f21a043764p-4, -0x1.b82ce312a779bp-6,
    0x1.565bcd0f496d1p-8, -0x1.c02db341eb9f9p-11, 0x1.f9a2ecb286051p-14, -0x1.f4ca351d67bbbp-17
  ) + (mk_p2(z, 0x1.b93f3f0899c8bp-20, -0x1.577eb45d25ab1p-23) + 0x1.908e51764d7a0p-27 * z2) * (z4 * z4);
}
MK_BLOCK V mk_erf(V x) {
  V y = MINIMUM(ABS(x), SET(6.0)), low = mk_erf_poly(y * y);
  // (log(erfc(3/4)) - log(erfc(3/4 + u))) / u, 0 <= u <= 21/4; times u and erfc its error is below 8.6e-18.
  V u = MAXIMUM(y - 0.75, SET(0.0)), u2 = u * u, u4 = u2 * u2, u8 = u4 * u4;
  V high = mk_p8(
    u, u2, u4, 0x1.1ce96da880962p+1, 0x1.9d9eb7a1233dcp-1, 0x1.b15b51a4bf96fp-5, -0x1.a0568221311d5p-7,
    0x1.2997875f45ed0p-9, -0x1.0fd1ff9e14befp-13, -0x1.bc2fcab8eb007p-14, 0x1.c7a4157732b0bp-15
  ) + mk_p8(
    u, u2, u4, -0x1.e1ad353096cb7p-17, 0x1.81a88491f6fccp-20, 0x1.7a5f550a0da28p-21, -0x1.fb030d9df117dp-22,
    0x1.5d64df7aad460p-23, -0x1.4c725b97f11fdp-25, 0x1.c35f86c714abbp-28, -0x1.a4a3777540478p-31
  ) * u8 + mk_p2(u, 0x1.e35b1f877c045p-35, -0x1.0208aeaa25f62p-39) * (u8 * u8);
  // The sum of that and -log(erfc(3/4)), with its rest.
  mk_dd g = mk_sum(SET(-0x1.3deb034696c3ep+0), -(high * u));
  mk_exp_arg a = mk_exp_reduce(g.hi, 2046);
  a.lo += g.lo - 0x1.2c7da3a05acccp-54;
  V v = PICK(y > 0.75, 1.0 - mk_exp_finish(a), y + y * low);
  return PICK(UNDEFINED(x), SET(MK_NAN), mk_xor(v, mk_sign(x)));
}

MK_BLOCK V mk_erfc(V x) {
  V y = MINIMUM(ABS(x), SET(27.3));
  // e^(y^2) erfc(y) (1 + 2 y), less its value g at t = 0, over t = (y - 4) / (y + 4), 1/2 <= y <= 27.3; times t
  // its error is below 1.6e-17.
  V t = (y - 4.0) / (y + 4.0), t2 = t * t, t4 = t2 * t2, t8 = t4 * t4;
  V w = mk_p8(
    t, t2, t4, -0x1.1df1ad154a29bp-3, 0x1.f7f5df66fd7cep-7, 0x1.16ecefcfa5fcbp-4, -0x1.9ddb23c3e9111p-4,
    0x1.7fee004df644bp-4, -0x1.0fb06dfe4ac70p-4, 0x1.3079edfa33747p-5, -0x1.0962388426137p-6
  ) + mk_p8(
    t, t2, t4, 0x1.49c67175d8f55p-8, -0x1.8d4a9b94caf8bp-11, -0x1.a1de69d3d42f9p-13, 0x1.3be07018d06ddp-13,
    -0x1.996d4a6163e4cp-16, -0x1.7892b3005fb4ep-17, 0x1.7fd194464e90dp-18, 0x1.3e3e17e18eb9ap-22
  ) * t8 + (mk_p4(
    t, t2, -0x1.c18ab1b4ce411p-21, 0x1.2bde0b9c939ecp-24, 0x1.f70e4f6bbaf70p-24, -0x1.c7c5d8c4332b5p-27
  ) + -0x1.ead4f6f84c70dp-27 * t4) * (t8 * t8);
  mk_dd g = mk_fast_sum(SET(0x1.3ba5916e9fd7fp+0), w * t);
  g.lo -= 0x1.aa9c415679e6fp-55;
  mk_dd s = mk_product(y, y), d = mk_sum(SET(1.0), y + y);
  mk_exp_arg a = mk_exp_reduce_dd(-s.hi, -s.lo, 2046);
  mk_dd e = mk_fast_sum(SET(1.0), a.r);
  e = mk_fast_sum(e.hi, e.lo + mk_exp_tail(a));
  mk_dd p = mk_product(e.hi, g.hi), q = mk_quotient(p.hi, p.lo + (e.hi * g.lo + e.lo * g.hi), d.hi, d.lo);
  V v = mk_scale(q.hi + q.lo, a.k);
  // erfc(-y) = 2 - erfc(y)
  v = PICK(x < 0.0, 2.0 - v, v);
  v = PICK(y < 0.5, 1.0 - (x + x * mk_erf_poly(y * y)), v);
  return PICK(UNDEFINED(x), SET(MK_NAN), v);
}
