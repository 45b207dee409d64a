// State machines: what depends on its own path and does not decompose.

// J. Welles Wilder, New Concepts in Technical Trading Systems (1978), with a start, a step and a
// limit for each side, an offset on reversal and a forced first stop. Inputs: high, low.
// f: start, step, limit (long), start, step, limit (short), offset on reversal, first stop, and the
// epsilons within which a price is at the stop and two moves are alike.
// While short, prices are negated: one set of rules, those of a long position, serves both sides.
// Slots: bars seen (0, 1, 2 = running), side (1, −1), and as seen from that side: stop, extreme,
// acceleration, the last bar's far and near end. Before the first direction: last high, last low.
MK_BODY(parabolic_sar) {
  const V start_long = REAL(0), step_long = REAL(1), limit_long = REAL(2);
  const V start_short = REAL(3), step_short = REAL(4), limit_short = REAL(5);
  const V offset = REAL(6);
  const double first = SHARED_REAL(7);
  const V noise = REAL(8) * SET(MK_EPSILON);
  V phase = LOAD(0), side = LOAD(1), stop = LOAD(2), extreme = LOAD(3), speed = LOAD(4),
    last_far = LOAD(5), last_near = LOAD(6);
  const int opening = !ALL(phase == SET(2));
  for (int64_t t = c->t, end = t + c->rows; t < end; t++) {
    const V high = IN(0, t), low = IN(1, t);
    const M defined = FINITE(high - low);
    if (!ALL(phase == SET(2))) {
      // The second bar decides the first direction: down only when its fall outweighs its rise.
      const M begins = (phase == SET(1)) & defined;
      const V fall = last_near - low, rise = high - last_far;
      const V tie = noise * ((ABS(last_near) + ABS(low)) + (ABS(high) + ABS(last_far)));
      const M begins_short = first > 0   ? (M)(high != high)
                             : first < 0 ? (M)(high == high)
                                         : (fall > SET(0)) & (fall - rise > tie);
      const V forced = SET(first < 0 ? first : -first);
      const V begin = first != 0 ? PICK(begins_short, forced, -forced)
                                 : PICK(begins_short, -last_far, last_near);
      side = PICK(begins, PICK(begins_short, SET(-1), SET(1)), side);
      stop = PICK(begins, begin, stop);
      extreme = PICK(begins, PICK(begins_short, -low, high), extreme);
      speed = PICK(begins, PICK(begins_short, start_short, start_long), speed);
      // The clamp looks at this bar twice.
      last_far = PICK(begins, extreme, last_far);
      last_near = PICK(begins, PICK(begins_short, -high, low), last_near);
    }
    const M is_long = side > SET(0);
    const V far = PICK(is_long, high, -low), near = PICK(is_long, low, -high);
    const M reverses = near - noise * ABS(near) <= stop;
    // On a reversal the stop moves to the extreme, outside the last two bars.
    const V widest = MAXIMUM(MAXIMUM(extreme, last_far), far);
    const V turned = widest + widest * (side * offset);
    // Otherwise a new extreme accelerates.
    const M further = far > extreme;
    const V faster = MINIMUM(speed + PICK(is_long, step_long, step_short),
                             PICK(is_long, limit_long, limit_short));
    const V start = PICK(is_long, start_short, start_long);
    const V next_side = PICK(reverses, -side, side);
    const V shown = PICK(reverses, -turned, stop);
    const V next_extreme = PICK(reverses, -near, MAXIMUM(far, extreme));
    const V next_speed = PICK(reverses, start, PICK(further, faster, speed));
    const V clamp = PICK(reverses, -last_far, last_near), next_near = PICK(reverses, -far, near);
    const V next_far = PICK(reverses, -near, far);
    const V moved = shown + next_speed * (next_extreme - shown);
    const V next_stop = MINIMUM(MINIMUM(moved, clamp), next_near);
    const M running = defined & (phase != SET(0));
    if (ALL(running)) {
      OUT(0, t, next_side * shown);
      OUT(1, t, next_side);
      side = next_side;
      stop = next_stop;
      extreme = next_extreme;
      speed = next_speed;
      last_far = next_far;
      last_near = next_near;
      phase = SET(2);
      continue;
    }
    OUT(0, t, PICK(running, next_side * shown, NONE));
    OUT(1, t, PICK(running, next_side, NONE));
    const M opens = defined & (phase == SET(0));
    side = PICK(running, next_side, side);
    stop = PICK(running, next_stop, stop);
    extreme = PICK(running, next_extreme, extreme);
    speed = PICK(running, next_speed, speed);
    last_far = PICK(running, next_far, PICK(opens, high, last_far));
    last_near = PICK(running, next_near, PICK(opens, low, last_near));
    phase = PICK(defined, MINIMUM(phase + SET(1), SET(2)), phase);
  }
  if (opening) STORE(0, phase);
  STORE(1, side);
  STORE(2, stop);
  STORE(3, extreme);
  STORE(4, speed);
  STORE(5, last_far);
  STORE(6, last_near);
}

// Two bands that only tighten while price stays inside, and the side price left them on last.
// Inputs: middle, range, close, previous close; f: multiplier, and the epsilons within which a close is
// at a band.
// Outputs: line, direction, upper band, lower band. Slots: begun, direction, upper, lower.
MK_BODY(super_trend) {
  V begun = LOAD(0), side = LOAD(1), upper = LOAD(2), lower = LOAD(3);
  const int opening = !ALL(begun != SET(0));
  for (int64_t t = c->t, end = t + c->rows; t < end; t++) {
    const V middle = IN(0, t), range = IN(1, t), close = IN(2, t), before = IN(3, t);
    const V reach = REAL(0) * range;
    const V high = middle + reach, low = middle - reach;
    const M defined = FINITE(high) & FINITE(low) & FINITE(close) & FINITE(before);
    const M fresh = begun == SET(0);
    const V noise = REAL(1) * SET(MK_EPSILON), now = noise * ABS(close), then = noise * ABS(before);
    const V next_upper = PICK(fresh | (high < upper) | (before - then > upper), high, upper);
    const V next_lower = PICK(fresh | (low > lower) | (before + then < lower), low, lower);
    // The first bar is up whatever it does.
    const V turned = PICK(side > SET(0), PICK(close + now < next_lower, SET(-1), SET(1)),
                          PICK(close - now > next_upper, SET(1), SET(-1)));
    const V next_side = PICK(fresh, SET(1), turned);
    OUT(0, t, USUALLY(defined, PICK(next_side > SET(0), next_lower, next_upper), NONE));
    OUT(1, t, USUALLY(defined, next_side, NONE));
    OUT(2, t, USUALLY(defined, next_upper, NONE));
    OUT(3, t, USUALLY(defined, next_lower, NONE));
    side = USUALLY(defined, next_side, side);
    upper = USUALLY(defined, next_upper, upper);
    lower = USUALLY(defined, next_lower, lower);
    begun = USUALLY(defined, SET(1), begun);
  }
  if (opening) STORE(0, begun);
  STORE(1, side);
  STORE(2, upper);
  STORE(3, lower);
}

// A zigzag: an extreme is a turning point once price has gone back from it by f0 of it, but for f1
// epsilons. A bar with a new extreme confirms nothing; of equal extremes the latest counts.
// Inputs: high, low. Outputs: last turning point, bars since it, direction, extreme of the leg.
// Slots: begun, direction (0 at first), turning point, its age, extreme, its age. Without a direction
// the turning point is the lowest low so far and the extreme the highest high.
MK_BODY(zig_zag) {
  const V threshold = REAL(0) - REAL(1) * SET(MK_EPSILON);
  V begun = LOAD(0), side = LOAD(1), pivot = LOAD(2), pivot_age = LOAD(3), extreme = LOAD(4),
    extreme_age = LOAD(5);
  const int opening = !ALL(begun != SET(0));
  for (int64_t t = c->t, end = t + c->rows; t < end; t++) {
    const V high = IN(0, t), low = IN(1, t);
    const M defined = FINITE(high) & FINITE(low), fresh = begun == SET(0);
    const V from = PICK(fresh, low, pivot), top = PICK(fresh, high, extreme);
    const V from_age = pivot_age + SET(1), top_age = extreme_age + SET(1);
    const M falling = side < SET(0), undecided = side == SET(0);
    const M lower = undecided & (low <= from);
    const M further = PICK(falling, low, top) <= PICK(falling, top, high);
    const V back = PICK(falling, high - top, top - low) / top, rise = (high - from) / from;
    const M turns = (back >= threshold) & (top != SET(0)) & ~further;
    const M starts = undecided & ~lower & (rise >= threshold) & (from != SET(0)) &
                     ~(turns & (back >= rise));
    const M taken = turns & ~starts;
    const V next = PICK(starts, SET(1), PICK(taken, PICK(falling, SET(1), SET(-1)), side));
    const M moved = further | turns | starts;
    const V next_pivot = PICK(taken, top, PICK(lower, low, from));
    const V next_pivot_age = PICK(taken, top_age, PICK(lower, SET(0), from_age));
    const V next_extreme = PICK(moved, PICK(next < SET(0), low, high), top);
    const M known = defined & (next != SET(0));
    OUT(0, t, PICK(known, next_pivot, NONE));
    OUT(1, t, PICK(known, next_pivot_age, NONE));
    OUT(2, t, PICK(known, next, NONE));
    OUT(3, t, PICK(known, next_extreme, NONE));
    side = USUALLY(defined, next, side);
    pivot = USUALLY(defined, next_pivot, pivot);
    pivot_age = USUALLY(defined, next_pivot_age, pivot_age);
    extreme = USUALLY(defined, next_extreme, extreme);
    extreme_age = USUALLY(defined, PICK(moved, SET(0), top_age), extreme_age);
    begun = USUALLY(defined, SET(1), begun);
  }
  if (opening) STORE(0, begun);
  STORE(1, side);
  STORE(2, pivot);
  STORE(3, pivot_age);
  STORE(4, extreme);
  STORE(5, extreme_age);
}
