// Counts what the process takes from the heap; 0 where that is not supported.
#ifndef C_ALLOCATION_COUNTER_H
#define C_ALLOCATION_COUNTER_H

long allocation_count(void);

#endif
