// The end of what `fourier_vectors.inc.h` began.
#undef FN
#undef X
#undef XU
#undef PU
#undef Z
#undef EVENS
#undef ODDS
#undef EVENS_BACK
#undef ODDS_BACK
#undef ZIPPED
#undef ZIPPED_BACK
