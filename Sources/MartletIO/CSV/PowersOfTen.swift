/// Powers of ten at a fixed address, for the number scanner.
struct PowersOfTen: ~Copyable {
  let integers: UnsafeMutablePointer<UInt64>
  let doubles: UnsafeMutablePointer<Double>
  static let count = 20

  init() {
    integers = .allocate(capacity: Self.count)
    doubles = .allocate(capacity: Self.count)
    var power: UInt64 = 1
    for exponent in 0..<Self.count {
      (integers + exponent).initialize(to: power)
      (doubles + exponent).initialize(to: Double(power))
      power = power &* 10
    }
  }

  deinit {
    integers.deallocate()
    doubles.deallocate()
  }

  /// Reads `[-]digits[.digits]` of at most 19 digits, correctly rounded.
  ///
  /// Gives the number of bytes read, or zero where the text is not of this simple kind. What
  /// follows is the caller's to check. 64 bytes from `start` must be readable.
  @inline(__always)
  func scan(_ start: UnsafePointer<UInt8>, _ value: inout Double) -> Int {
    var position = start
    let isNegative = position[0] == 0x2D
    if isNegative { position += 1 }
    var (digits, length) = Self.run(position)
    var mantissa = Self.integer(digits, length)
    if length == 8 {
      let (more, extra) = Self.run(position + 8)
      if extra == 8 { return 0 }
      mantissa = mantissa &* integers[extra] &+ Self.integer(more, extra)
      length = 8 &+ extra
    }
    position += length
    var fraction = 0
    if position[0] == 0x2E {
      position += 1
      (digits, fraction) = Self.run(position)
      mantissa = mantissa &* integers[fraction] &+ Self.integer(digits, fraction)
      if fraction == 8 {
        let (more, extra) = Self.run(position + 8)
        if extra == 8 { return 0 }
        fraction = 8 &+ extra
        mantissa = mantissa &* integers[extra] &+ Self.integer(more, extra)
      }
      position += fraction
    }
    let count = length &+ fraction
    if count == 0 || count > 19 { return 0 }
    let magnitude: Double
    if fraction == 0 {
      magnitude = Double(mantissa)
    } else if mantissa <= 1 << 53 {
      magnitude = Double(mantissa) / doubles[fraction]
    } else {
      magnitude = Self.quotient(mantissa, integers[fraction])
    }
    value = isNegative ? -magnitude : magnitude
    return position - start
  }

  /// The run of digits among the next 8 bytes: their values, first digit lowest, and their number.
  @inline(__always)
  private static func run(_ position: UnsafePointer<UInt8>) -> (digits: UInt64, length: Int) {
    let word = UInt64(
      littleEndian: UnsafeRawPointer(position).loadUnaligned(as: UInt64.self))
    let values = word ^ 0x3030_3030_3030_3030
    let others =
      ((values & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x7676_7676_7676_7676 | values)
      & 0x8080_8080_8080_8080
    return (values, others.trailingZeroBitCount &>> 3)
  }

  /// The integer that the first `length` (0...8) digit values of a word spell.
  @inline(__always)
  private static func integer(_ digits: UInt64, _ length: Int) -> UInt64 {
    let shift = 64 &- 8 &* length
    var word = length == 0 ? 0 : digits &<< UInt64(truncatingIfNeeded: shift)
    word = word &* 10 &+ (word &>> 8)
    let low = (word & 0x0000_00FF_0000_00FF) &* 0x000F_4240_0000_0064
    let high = ((word &>> 16) & 0x0000_00FF_0000_00FF) &* 0x0000_2710_0000_0001
    return (low &+ high) &>> 32
  }

  /// `numerator / denominator`, rounded once: 62 or more quotient bits, the remainder kept as the
  /// lowest bit, which only decides ties.
  private static func quotient(_ numerator: UInt64, _ denominator: UInt64) -> Double {
    let up = numerator.leadingZeroBitCount
    let down = denominator.leadingZeroBitCount
    let dividend = numerator &<< UInt64(up)
    let divisor = denominator &<< UInt64(down)
    let (quotient, remainder) = divisor.dividingFullWidth((dividend &>> 1, dividend &<< 63))
    let sticky = remainder == 0 ? quotient : quotient | 1
    let scale = Double(bitPattern: UInt64(1023 &+ down &- up &- 63) &<< 52)
    return Double(sticky) * scale
  }
}
