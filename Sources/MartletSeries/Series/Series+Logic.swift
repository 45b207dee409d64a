import MartletArrays
import MartletIO

/// Comparisons and logic: 1 for true, 0 for false, NaN where an operand is undefined.
extension Series {
  /// Below.
  public static func .< (a: Series, b: Series) -> Series { Series(.less, [a, b]) }
  /// Above.
  public static func .> (a: Series, b: Series) -> Series { Series(.less, [b, a]) }
  /// Not above.
  public static func .<= (a: Series, b: Series) -> Series { Series(.lessEqual, [a, b]) }
  /// Not below.
  public static func .>= (a: Series, b: Series) -> Series { Series(.lessEqual, [b, a]) }
  /// Equal.
  public static func .== (a: Series, b: Series) -> Series { Series(.equal, [a, b]) }
  /// Different.
  public static func .!= (a: Series, b: Series) -> Series { Series(.notEqual, [a, b]) }
  /// Both.
  public static func .& (a: Series, b: Series) -> Series { Series(.logicalAnd, [a, b]) }
  /// At least one.
  public static func .| (a: Series, b: Series) -> Series { Series(.logicalOr, [a, b]) }
  /// Exactly one.
  public static func .^ (a: Series, b: Series) -> Series { Series(.logicalXor, [a, b]) }
  /// Not.
  public static prefix func ! (a: Series) -> Series { Series(.logicalNot, [a]) }

  /// Below a number.
  public static func .< (a: Series, b: Double) -> Series { a .< Series(b) }
  /// Above a number.
  public static func .> (a: Series, b: Double) -> Series { a .> Series(b) }
  /// Not above a number.
  public static func .<= (a: Series, b: Double) -> Series { a .<= Series(b) }
  /// Not below a number.
  public static func .>= (a: Series, b: Double) -> Series { a .>= Series(b) }
  /// Equal to a number.
  public static func .== (a: Series, b: Double) -> Series { a .== Series(b) }
  /// Different from a number.
  public static func .!= (a: Series, b: Double) -> Series { a .!= Series(b) }

  /// `yes` where a condition is true, `no` where it is false, NaN where it is undefined.
  public static func `where`(_ condition: Series, _ yes: Series, _ no: Series) -> Series {
    Series(.choose, [condition, yes, no])
  }

  /// One number where a condition is true, another where it is false.
  public static func `where`(_ condition: Series, _ yes: Double, _ no: Double) -> Series {
    Series.where(condition, Series(yes), Series(no))
  }

  /// A series where a condition is true, a number where it is false.
  public static func `where`(_ condition: Series, _ yes: Series, _ no: Double) -> Series {
    Series.where(condition, yes, Series(no))
  }

  /// A number where a condition is true, a series where it is false.
  public static func `where`(_ condition: Series, _ yes: Double, _ no: Series) -> Series {
    Series.where(condition, Series(yes), no)
  }

  /// True at the bar where this comes to lie above `other`: above now, not above one bar ago.
  public func crosses(above other: Series) -> Series {
    (self .> other) .& (shift(1) .<= other.shift(1))
  }

  /// True at the bar where this comes to lie above a level.
  public func crosses(above level: Double) -> Series { crosses(above: Series(level)) }

  /// True at the bar where this comes to lie below a level.
  public func crosses(below level: Double) -> Series { crosses(below: Series(level)) }

  /// True at the bar where this comes to lie below `other`: below now, not below one bar ago.
  public func crosses(below other: Series) -> Series {
    (self .< other) .& (shift(1) .>= other.shift(1))
  }

  /// The value at the last bar where `condition` was true; NaN before the first.
  public func latched(when condition: Series) -> Series { Series(.latch, [self, condition]) }
}
