// Quicksort and quickselect of integer keys. Partitioning and the sort of small pieces have no
// branches that depend on the keys; pieces of equal keys are found and left alone; bad luck with
// the pivots ends in heapsort, so n log n is the worst case.
// Set before: as for sort_network.inc.h, and MK_SORT_ROWS, MK_SPLIT(v, pivot, left, right).

#define MK_AHEAD 8               // vectors read at once
#define MK_STRIP (MK_AHEAD * L)  // keys
#define MK_FETCH 4               // blocks fetched ahead: what alternates is not foreseen by hardware
#define MK_APART 1024            // keys of which some may wait in other memory

// One vector: keys below the pivot go up from *left, the others down from *right. Whole vectors are
// stored, so L places must be free at either end. Later lanes lie further down on the right.
#ifndef MK_SPLIT
#define MK_SPLIT N(split)
MK_INLINE void N(split)(V v, MK_KEY pivot, MK_KEY **left, MK_KEY **right) {
  MK_KEY *l = *left, *r = *right, keys[L];
  N(store)(keys, v);
  MK_EACH (int k = 0; k < L; k++) {
    const MK_KEY key = keys[k];
    const int below = key < pivot;
    *l = key;
    r[-1] = key;
    l += below;
    r -= !below;
  }
  *left = l;
  *right = r;
}
#endif

// Keys below the pivot to the front; returns how many there are. At most MK_APART keys: those that
// go to the back wait in other memory.
static int64_t N(partition_small)(MK_KEY *a, int64_t n, MK_KEY pivot) {
  MK_KEY apart[MK_APART + L], edge[L];
  MK_KEY *left = a, *right = apart + MK_APART + L;
  int64_t k = 0;
  for (; k + L <= n; k += L) MK_SPLIT(N(load)(a + k), pivot, &left, &right);
  if (k < n) {
    // The last vector is filled up with keys that go to the back, below the others there.
    for (int j = 0; j < L; j++) edge[j] = k + j < n ? a[k + j] : MK_KEY_MAX;
    MK_KEY *end = edge;
    MK_SPLIT(N(load)(edge), pivot, &end, &right);
    right += k + L - n;
    for (const MK_KEY *p = edge; p < end; p++) *left++ = *p;
  }
  memcpy(left, right, (size_t)(a + n - left) * sizeof *a);
  return left - a;
}

static int64_t N(partition)(MK_KEY *a, int64_t n, MK_KEY pivot) {
  if (n <= MK_APART) return N(partition_small)(a, n, pivot);
  // A block from either end, and what does not fill one, make room for the rest.
  MK_KEY aside[3 * MK_STRIP];
  const int64_t odd = MK_STRIP + n % MK_STRIP, count = odd + MK_STRIP;
  memcpy(aside, a, (size_t)odd * sizeof *a);
  memcpy(aside + odd, a + n - MK_STRIP, MK_STRIP * sizeof *a);
  MK_KEY *left = a, *right = a + n;
  const MK_KEY *next = a + odd, *last = a + n - MK_STRIP;
  while (next < last) {
    // From the side that has less room, without a branch.
    const int64_t front = -(int64_t)(next - left <= right - last) & MK_STRIP;
    last -= MK_STRIP - front;
    const MK_KEY *const from = front ? next : last;
    next += front;
    V v[MK_AHEAD];
    MK_EACH (int k = 0; k < MK_AHEAD; k++) v[k] = N(load)(from + k * L);
    MK_EACH (int k = 0; k < MK_AHEAD; k++) {
      const intptr_t bytes = (intptr_t)sizeof(V);
      __builtin_prefetch((const char *)((intptr_t)next + (MK_FETCH * MK_AHEAD + k) * bytes));
      __builtin_prefetch((const char *)((intptr_t)last - (MK_FETCH * MK_AHEAD + k + 1) * bytes));
    }
    MK_EACH (int k = 0; k < MK_AHEAD; k++) MK_SPLIT(v[k], pivot, &left, &right);
  }
  const int64_t below = N(partition_small)(aside, count, pivot);
  memcpy(left, aside, (size_t)below * sizeof *a);
  memcpy(left + below, aside + below, (size_t)(count - below) * sizeof *a);
  return left + below - a;
}

// The middle of a sample: vectors spread over the piece, at places that no simple pattern follows.
static MK_KEY N(choose)(const MK_KEY *a, int64_t n, const N(order) *o) {
  enum { most = MK_SORT_ROWS < 8 ? MK_SORT_ROWS : 8 };
  MK_KEY sample[most * L];
  const int parts = n < 2048 ? 2 : n < 16384 ? 4 : most;
  const int64_t part = n / parts;
  uint64_t random = (uint64_t)n * 0x9E3779B97F4A7C15u;
  for (int k = 0; k < parts; k++) {
    random = random * 6364136223846793005u + 1442695040888963407u;
    const uint64_t place = (random >> 33) * (uint64_t)(part - L) >> 31;
    const V some = N(load)(a + k * part + (int64_t)place);
    N(store)(sample + k * L, o ? N(key)(some, o) : some);
  }
  N(small)(sample, parts * L);
  return sample[parts * L / 2];
}

static void N(heapsort)(MK_KEY *a, int64_t n) {
  for (int64_t top = n / 2, end = n; end > 1;) {
    MK_KEY key;
    if (top > 0) {
      key = a[--top];
    } else {
      key = a[--end];
      a[end] = a[0];
    }
    int64_t hole = top;
    for (int64_t child; (child = 2 * hole + 1) < end; hole = child) {
      if (child + 1 < end && a[child] < a[child + 1]) child++;
      if (a[child] <= key) break;
      a[hole] = a[child];
    }
    a[hole] = key;
  }
}

// One step: parts a piece whose keys are all at least *least. Returns how many went to the front;
// *least is then the lower bound of those behind. The front is finished when its keys are equal.
static int64_t N(part)(MK_KEY *a, int64_t n, MK_KEY *least, int *equal) {
  MK_KEY pivot = N(choose)(a, n, NULL);
  *equal = pivot == *least;
  if (*equal) {
    if (pivot == MK_KEY_MAX) return n;
    pivot++;
  }
  *least = pivot;
  return N(partition)(a, n, pivot);
}

MK_INLINE int N(depth)(int64_t n) { return 2 * (64 - __builtin_clzll((uint64_t)n | 1)) + 8; }

static void N(quicksort)(MK_KEY *a, int64_t n, MK_KEY least, int depth) {
  while (n > MK_SMALL) {
    if (depth-- == 0) return N(heapsort)(a, n);
    const MK_KEY bound = least;
    int equal;
    const int64_t front = N(part)(a, n, &least, &equal);
    if (!equal) N(quicksort)(a, front, bound, depth);
    a += front;
    n -= front;
  }
  N(small)(a, n);
}
