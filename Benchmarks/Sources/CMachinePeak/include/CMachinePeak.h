#ifndef CMACHINE_PEAK_H
#define CMACHINE_PEAK_H
// Operations (multiplications and additions) a second that one core reaches with nothing but the instructions of
// products: in float32, 8-bit integers, bfloat16; 0 where there is no such instruction.
double machine_peak_float32(void);
double machine_peak_int8(void);
double machine_peak_bfloat16(void);
#endif
