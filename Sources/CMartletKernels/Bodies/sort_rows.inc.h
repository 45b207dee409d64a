// Sorting, stable sorting of indices and selection of one row of numbers, by way of integer keys that
// have the numbers' order. Set before: as for quicksort.inc.h, MK_BITS, and WIDE() for the names of
// the 64-bit keys.

MK_INLINE V N(load_some)(const MK_KEY *p, int64_t n) {
  if (n >= L) return N(load)(p);
  MK_KEY some[L];
  for (int k = 0; k < L; k++) some[k] = p[k < n ? k : 0];
  return N(load)(some);
}
MK_INLINE void N(store_some)(MK_KEY *p, V v, int64_t n) {
  if (n >= L) return N(store)(p, v);
  MK_KEY some[L];
  N(store)(some, v);
  for (int k = 0; k < n; k++) p[k] = some[k];
}

static void N(to_keys)(const MK_KEY *source, MK_KEY *a, int64_t n, const N(order) *o) {
  if (o->same) {
    if (source != a) memcpy(a, source, (size_t)n * sizeof *a);
    return;
  }
  for (int64_t k = 0; k < n; k += L)
    N(store_some)(a + k, N(key)(N(load_some)(source + k, n - k), o), n - k);
}
static void N(to_numbers)(MK_KEY *a, int64_t n, const N(order) *o) {
  if (o->same) return;
  for (int64_t k = 0; k < n; k += L)
    N(store_some)(a + k, N(number)(N(load_some)(a + k, n - k), o), n - k);
}

// Whether a row of more than L numbers already runs one way: 1 up, -1 down, 0 neither. Equal keys
// count as up, and as down unless `strictly` is set.
static int N(direction)(const MK_KEY *a, int64_t n, const N(order) *o, int ranked, int strictly) {
  V rises = (V)(0), falls = (V)(0);
  for (int64_t k = 0; k < n - 1; k += L) {
    // The last step overlaps the one before.
    const MK_KEY *const p = a + (k + L < n ? k : n - L - 1);
    const V x = N(load)(p), y = N(load)(p + 1);
    const V first = ranked ? N(rank_key)(x, o) : N(key)(x, o);
    const V second = ranked ? N(rank_key)(y, o) : N(key)(y, o);
    rises |= strictly ? first <= second : first < second;
    falls |= first > second;
    if ((k / L) % 8 == 7 && __builtin_reduce_or(rises) && __builtin_reduce_or(falls)) return 0;
  }
  return !__builtin_reduce_or(falls) ? 1 : !__builtin_reduce_or(rises) ? -1 : 0;
}

// The first partition of a long row takes the numbers from where they are: a pass less.
static int64_t N(partition_from)(const MK_KEY *source, MK_KEY *a, int64_t n, MK_KEY pivot,
                                 const N(order) *o) {
  MK_KEY *left = a, *right = a + n, rest[2 * L];
  int64_t k = 0;
  for (; n - k >= 2 * L; k += L)
    MK_SPLIT(N(key)(N(load)(source + k), o), pivot, &left, &right);
  N(to_keys)(source + k, rest, n - k, o);
  const int64_t below = N(partition_small)(rest, n - k, pivot);
  memcpy(left, rest, (size_t)(n - k) * sizeof *a);
  return left + below - a;
}

// As quicksort, and back to numbers while the piece is still in the cache.
#define MK_CACHED ((int64_t)(16384 / sizeof(MK_KEY)))
static void N(sort_keys)(MK_KEY *a, int64_t n, MK_KEY least, int depth, const N(order) *o) {
  while (n > MK_CACHED && depth > 0) {
    const MK_KEY bound = least;
    int equal;
    const int64_t front = N(part)(a, n, &least, &equal);
    depth--;
    if (equal)
      N(to_numbers)(a, front, o);
    else
      N(sort_keys)(a, front, bound, depth, o);
    a += front;
    n -= front;
  }
  N(quicksort)(a, n, least, depth);
  N(to_numbers)(a, n, o);
}

// The keys of a row in `a`, parted once if the row is long. Returns what N(part) would.
static int64_t N(begin)(const MK_KEY *source, MK_KEY *a, int64_t n, MK_KEY *least, int *equal,
                        const N(order) *o) {
  *equal = 0;
  if (source == a || n <= MK_CACHED) {
    N(to_keys)(source, a, n, o);
    return 0;
  }
  MK_KEY pivot = N(choose)(source, n, o);
  *equal = pivot == MK_KEY_MIN;
  pivot += *equal;
  *least = pivot;
  return N(partition_from)(source, a, n, pivot, o);
}

static void N(sort)(const MK_KEY *source, MK_KEY *a, int64_t n, int is_float, int descending) {
  const N(order) o = N(make_order)(is_float, descending);
  const int direction = n > MK_SMALL ? N(direction)(source, n, &o, 0, 0) : 0;
  if (direction > 0) {
    if (source != a) memcpy(a, source, (size_t)n * sizeof *a);
    return;
  }
  if (direction < 0) {
    for (int64_t i = 0, j = n - 1; i <= j; i++, j--) {
      const MK_KEY first = source[i], last = source[j];
      a[i] = last;
      a[j] = first;
    }
    return;
  }
  MK_KEY least = MK_KEY_MIN;
  int equal;
  const int64_t front = N(begin)(source, a, n, &least, &equal, &o);
  if (equal)
    N(to_numbers)(a, front, &o);
  else if (front > 0)
    N(sort_keys)(a, front, MK_KEY_MIN, N(depth)(n), &o);
  N(sort_keys)(a + front, n - front, least, N(depth)(n), &o);
}

// Sorts only what decides the keys at the ranks, which ascend; `first` is the rank of a[0].
static void N(narrow)(MK_KEY *a, int64_t n, MK_KEY least, int depth, const int64_t *ranks,
                      int64_t count, int64_t first) {
  while (n > MK_SMALL && count > 0) {
    if (depth-- == 0) return N(heapsort)(a, n);
    const MK_KEY bound = least;
    int equal;
    const int64_t front = N(part)(a, n, &least, &equal);
    int64_t before = 0;
    while (before < count && ranks[before] < first + front) before++;
    if (!equal) N(narrow)(a, front, bound, depth, ranks, before, first);
    a += front;
    n -= front;
    first += front;
    ranks += before;
    count -= before;
  }
  if (count > 0) N(small)(a, n);
}

static void N(select)(const MK_KEY *source, MK_KEY *a, int64_t n, int is_float,
                      const int64_t *ranks, int64_t count) {
  const N(order) o = N(make_order)(is_float, 0);
  MK_KEY least = MK_KEY_MIN;
  int equal;
  const int64_t front = N(begin)(source, a, n, &least, &equal, &o);
  int64_t before = 0;
  while (before < count && ranks[before] < front) before++;
  if (!equal && front > 0) N(narrow)(a, front, MK_KEY_MIN, N(depth)(n), ranks, before, 0);
  N(narrow)(a + front, n - front, least, N(depth)(n), ranks + before, count - before, front);
  N(to_numbers)(a, n, &o);
}

typedef uint64_t N(wide) __attribute__((ext_vector_type(MK_KEY_LANES)));
typedef uint64_t N(wide_u) __attribute__((ext_vector_type(MK_KEY_LANES), aligned(8)));

// How far the keys of up to L numbers are above the least, without `skip` low bits.
MK_INLINE N(wide) N(distances)(const MK_KEY *source, int64_t n, MK_KEY least, int skip,
                               const N(order) *o) {
  const V key = N(rank_key)(N(load_some)(source, n), o);
  return __builtin_convertvector((U)key - (U)(V)(least), N(wide)) >> (N(wide))(skip);
}

// Few different distances are counted.
#define MK_COUNTED_BITS 10
static void N(count_distances)(const MK_KEY *source, int64_t *indices, int64_t n, MK_KEY least,
                               int skip, const N(order) *o) {
  int64_t places[(1 << MK_COUNTED_BITS) + 1] = {0};
  for (int64_t k = 0; k < n; k += L) {
    const N(wide) distance = N(distances)(source + k, n - k, least, skip, o);
    for (int j = 0; j < L && k + j < n; j++) places[distance[j] + 1]++;
  }
  for (int value = 0; value < 1 << MK_COUNTED_BITS; value++) places[value + 1] += places[value];
  for (int64_t k = 0; k < n; k += L) {
    const N(wide) distance = N(distances)(source + k, n - k, least, skip, o);
    for (int j = 0; j < L && k + j < n; j++) indices[places[distance[j]]++] = k + j;
  }
}

// A sequence of indices is sorted as one of 64-bit keys: as much of a number's key as fits, and below
// it the index, which makes the sort stable. Where numbers agree in what fits (`keep` bits of their
// distance from the least), the rest of the key is sorted once more, again with the index below it:
// for up to 2^32 numbers it always fits.
static void N(argsort)(const MK_KEY *source, int64_t *indices, int64_t n, int is_float,
                       int descending) {
  const N(order) o = N(make_order)(is_float, descending);
  const int direction = n > MK_SMALL ? N(direction)(source, n, &o, 1, 1) : n < 2;
  if (direction != 0) {
    for (int64_t i = 0; i < n; i++) indices[i] = direction > 0 ? i : n - 1 - i;
    return;
  }
  V low = (V)(MK_KEY_MAX), high = (V)(MK_KEY_MIN), differ = (V)(0);
  const V one = (V)(N(rank_key_of)(source, &o));
  for (int64_t k = 0; k < n; k += L) {
    const V key = N(rank_key)(N(load_some)(source + k, n - k), &o);
    low = __builtin_elementwise_min(low, key);
    high = __builtin_elementwise_max(high, key);
    differ |= key ^ one;
  }
  const MK_KEY least = __builtin_reduce_min(low);
  const uint64_t range = (MK_UNSIGNED)__builtin_reduce_max(high) - (MK_UNSIGNED)least;
  const int skip = range ? __builtin_ctzll((MK_UNSIGNED)__builtin_reduce_or(differ)) : 0;
  const int bits = range ? 64 - __builtin_clzll(range >> skip) : 0;
  if (bits <= MK_COUNTED_BITS && n >= 1 << MK_COUNTED_BITS)
    return N(count_distances)(source, indices, n, least, skip, &o);
  const int index_bits = 64 - __builtin_clzll((uint64_t)(n - 1));
  const int drop = bits + index_bits > 64 ? bits + index_bits - 64 : 0;
  const uint64_t sign = (uint64_t)1 << 63, index_mask = ((uint64_t)1 << index_bits) - 1;
  N(wide) index = __builtin_convertvector(N(lane_numbers)(), N(wide)) ^ (N(wide))(sign);
  for (int64_t k = 0; k < n; k += L, index += (N(wide))(L)) {
    const N(wide) distance = N(distances)(source + k, n - k, least, skip + drop, &o);
    const N(wide) both = (distance << (N(wide))(index_bits)) ^ index;
    if (n - k >= L) {
      *(N(wide_u) *)(indices + k) = both;
    } else {
      for (int j = 0; j < n - k; j++) indices[k + j] = (int64_t)both[j];
    }
  }
  WIDE(quicksort)(indices, n, INT64_MIN, WIDE(depth)(n));
  if (drop > 0) {
    const uint64_t rest_mask = ((uint64_t)1 << drop) - 1;
    for (int64_t i = 0, end; i < n; i = end) {
      for (end = i + 1; end < n; end++)
        if ((uint64_t)(indices[i] ^ indices[end]) >> index_bits) break;
      if (end == i + 1) continue;
      uint64_t rests = 0, first_rest = 0;
      for (int64_t j = i; j < end; j++) {
        const uint64_t index = (uint64_t)indices[j] & index_mask;
        const uint64_t distance =
            (MK_UNSIGNED)N(rank_key_of)(source + index, &o) - (MK_UNSIGNED)least;
        const uint64_t rest = (distance >> skip) & rest_mask;
        if (j == i) first_rest = rest;
        rests |= rest ^ first_rest;
        indices[j] = (int64_t)((rest << index_bits | index) ^ sign);
      }
      // Equal numbers stand in the order of their indices already.
      if (rests) WIDE(quicksort)(indices + i, end - i, INT64_MIN, WIDE(depth)(end - i));
    }
  }
  for (int64_t i = 0; i < n; i++) indices[i] &= (int64_t)index_mask;
}
