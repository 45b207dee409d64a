// State machines: what depends on its own path and does not decompose.

// J. Welles Wilder, New Concepts in Technical Trading Systems (1978), with a start, a step and a
// limit for each side, an offset on reversal and a forced first stop. Inputs: high, low.
// f: start, step, limit (long), start, step, limit (short), offset on reversal, first stop.
// Slots: bars seen (0, 1, 2 = running), long, stop, extreme, acceleration, last high, last low.
MK_BODY(parabolic_sar) {
  const V start_long = SET(c->f[0]), step_long = SET(c->f[1]), limit_long = SET(c->f[2]);
  const V start_short = SET(c->f[3]), step_short = SET(c->f[4]), limit_short = SET(c->f[5]);
  const V offset = SET(c->f[6]);
  const double first = c->f[7];
  V phase = LOAD(0), side = LOAD(1), stop = LOAD(2), extreme = LOAD(3), speed = LOAD(4),
    last_high = LOAD(5), last_low = LOAD(6);
  for (int64_t t = c->t, end = t + c->rows; t < end; t++) {
    const V high = IN(0, t), low = IN(1, t);
    const M defined = FINITE(high) & FINITE(low);
    // The second bar decides the first direction: down only when its fall outweighs its rise.
    const M opening = (phase == SET(1)) & defined;
    const V fall = last_low - low, rise = high - last_high;
    const M begins_short =
        first > 0 ? (M)(high != high) : first < 0 ? (M)(high == high) : (fall > SET(0)) & (rise < fall);
    side = PICK(opening, PICK(begins_short, SET(0), SET(1)), side);
    stop = PICK(opening,
                first != 0 ? SET(first < 0 ? -first : first) : PICK(begins_short, last_high, last_low),
                stop);
    extreme = PICK(opening, PICK(begins_short, low, high), extreme);
    speed = PICK(opening, PICK(begins_short, start_short, start_long), speed);
    const V before_high = PICK(opening, high, last_high), before_low = PICK(opening, low, last_low);
    const M running = defined & (phase != SET(0));

    const M is_long = side != SET(0);
    const M reverses = PICK(is_long, low <= stop, high >= stop);
    // On a reversal the stop moves to the extreme, outside the last two bars.
    const V to_short = MAXIMUM(MAXIMUM(extreme, before_high), high);
    const V to_long = MINIMUM(MINIMUM(extreme, before_low), low);
    const V turned = PICK(is_long, to_short + to_short * offset, to_long - to_long * offset);
    const V shown = PICK(reverses, turned, stop);
    const M now_long = PICK(reverses, PICK(is_long, SET(0), SET(1)), side) != SET(0);
    // Otherwise a new extreme accelerates.
    const M further = PICK(is_long, high > extreme, low < extreme);
    const V faster = PICK(is_long, MINIMUM(speed + step_long, limit_long),
                          MINIMUM(speed + step_short, limit_short));
    const V next_speed =
        PICK(reverses, PICK(now_long, start_long, start_short), PICK(further, faster, speed));
    const V next_extreme =
        PICK(reverses, PICK(now_long, high, low),
             PICK(further, PICK(is_long, high, low), extreme));
    V next_stop = shown + next_speed * (next_extreme - shown);
    next_stop = PICK(now_long, MINIMUM(MINIMUM(next_stop, before_low), low),
                     MAXIMUM(MAXIMUM(next_stop, before_high), high));

    OUT(0, t, PICK(running, shown, NONE));
    OUT(1, t, PICK(running, PICK(now_long, SET(1), SET(-1)), NONE));
    side = PICK(running, PICK(now_long, SET(1), SET(0)), side);
    stop = PICK(running, next_stop, stop);
    extreme = PICK(running, next_extreme, extreme);
    speed = PICK(running, next_speed, speed);
    phase = PICK(defined, MINIMUM(phase + SET(1), SET(2)), phase);
    last_high = PICK(defined, high, last_high);
    last_low = PICK(defined, low, last_low);
  }
  STORE(0, phase);
  STORE(1, side);
  STORE(2, stop);
  STORE(3, extreme);
  STORE(4, speed);
  STORE(5, last_high);
  STORE(6, last_low);
}

// Two bands that only tighten while price stays inside, and the side price left them on last.
// Inputs: middle, range, close, previous close; f: multiplier.
// Outputs: line, direction, upper band, lower band. Slots: begun, direction, upper, lower.
MK_BODY(super_trend) {
  V begun = LOAD(0), side = LOAD(1), upper = LOAD(2), lower = LOAD(3);
  for (int64_t t = c->t, end = t + c->rows; t < end; t++) {
    const V middle = IN(0, t), range = IN(1, t), close = IN(2, t), before = IN(3, t);
    const V reach = SET(c->f[0]) * range;
    const V high = middle + reach, low = middle - reach;
    const M defined = FINITE(high) & FINITE(low) & FINITE(close) & FINITE(before);
    const M fresh = begun == SET(0);
    const V next_upper = PICK(fresh | (high < upper) | (before > upper), high, upper);
    const V next_lower = PICK(fresh | (low > lower) | (before < lower), low, lower);
    // The first bar is up whatever it does.
    const V turned = PICK(side > SET(0), PICK(close < next_lower, SET(-1), SET(1)),
                          PICK(close > next_upper, SET(1), SET(-1)));
    const V next_side = PICK(fresh, SET(1), turned);
    OUT(0, t, PICK(defined, PICK(next_side > SET(0), next_lower, next_upper), NONE));
    OUT(1, t, PICK(defined, next_side, NONE));
    OUT(2, t, PICK(defined, next_upper, NONE));
    OUT(3, t, PICK(defined, next_lower, NONE));
    side = PICK(defined, next_side, side);
    upper = PICK(defined, next_upper, upper);
    lower = PICK(defined, next_lower, lower);
    begun = PICK(defined, SET(1), begun);
  }
  STORE(0, begun);
  STORE(1, side);
  STORE(2, upper);
  STORE(3, lower);
}
