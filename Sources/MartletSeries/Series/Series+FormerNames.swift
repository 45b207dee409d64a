// Names of earlier versions: the compiler says what they are called now.

extension Series {
  /// An earlier name.
  @available(*, unavailable, renamed: "abs()")
  public var absolute: Series { fatalError() }
  /// An earlier name.
  @available(*, unavailable, renamed: "sqrt()")
  public var squareRoot: Series { fatalError() }
  /// An earlier name.
  @available(*, unavailable, renamed: "exp()")
  public var exponential: Series { fatalError() }
  /// An earlier name.
  @available(*, unavailable, renamed: "log()")
  public var logarithm: Series { fatalError() }
  /// An earlier name.
  @available(*, unavailable, renamed: "log2()")
  public var logarithm2: Series { fatalError() }
  /// An earlier name.
  @available(*, unavailable, renamed: "log10()")
  public var logarithm10: Series { fatalError() }
  /// An earlier name.
  @available(*, unavailable, renamed: "sin()")
  public var sine: Series { fatalError() }
  /// An earlier name.
  @available(*, unavailable, renamed: "cos()")
  public var cosine: Series { fatalError() }
  /// An earlier name.
  @available(*, unavailable, renamed: "tan()")
  public var tangent: Series { fatalError() }
  /// An earlier name.
  @available(*, unavailable, renamed: "asin()")
  public var arcsine: Series { fatalError() }
  /// An earlier name.
  @available(*, unavailable, renamed: "acos()")
  public var arccosine: Series { fatalError() }
  /// An earlier name.
  @available(*, unavailable, renamed: "atan()")
  public var arctangent: Series { fatalError() }
  /// An earlier name.
  @available(*, unavailable, renamed: "sinh()")
  public var hyperbolicSine: Series { fatalError() }
  /// An earlier name.
  @available(*, unavailable, renamed: "cosh()")
  public var hyperbolicCosine: Series { fatalError() }
  /// An earlier name.
  @available(*, unavailable, renamed: "tanh()")
  public var hyperbolicTangent: Series { fatalError() }
  /// An earlier name.
  @available(*, unavailable, renamed: "erf()")
  public var errorFunction: Series { fatalError() }
  /// An earlier name.
  @available(*, unavailable, renamed: "floor()")
  public var roundedDown: Series { fatalError() }
  /// An earlier name.
  @available(*, unavailable, renamed: "ceil()")
  public var roundedUp: Series { fatalError() }
  /// An earlier name.
  @available(*, unavailable, renamed: "trunc()")
  public var truncated: Series { fatalError() }
  /// An earlier name.
  @available(*, unavailable, renamed: "cumsum()")
  public var cumulativeSum: Series { fatalError() }
  /// An earlier name.
  @available(*, unavailable, renamed: "cumprod()")
  public var cumulativeProduct: Series { fatalError() }
  /// An earlier name.
  @available(*, unavailable, renamed: "shift(_:)")
  public func lagged(_ bars: Int) -> Series { fatalError() }
  /// An earlier name.
  @available(*, unavailable, renamed: "diff(_:)")
  public func difference(_ bars: Int = 1) -> Series { fatalError() }
  /// An earlier name.
  @available(*, unavailable, renamed: "rollingStd(_:ddof:)")
  public func rollingStandardDeviation(_ n: Int, ddof: Int = 0) -> Series { fatalError() }
  /// An earlier name.
  @available(*, unavailable, renamed: "rollingMax(_:)")
  public func rollingMaximum(_ n: Int) -> Series { fatalError() }
  /// An earlier name.
  @available(*, unavailable, renamed: "rollingMin(_:)")
  public func rollingMinimum(_ n: Int) -> Series { fatalError() }
  /// An earlier name.
  @available(*, unavailable, renamed: "rollingMaxAge(_:)")
  public func rollingMaximumAge(_ n: Int) -> Series { fatalError() }
  /// An earlier name.
  @available(*, unavailable, renamed: "rollingMinAge(_:)")
  public func rollingMinimumAge(_ n: Int) -> Series { fatalError() }
  /// An earlier name.
  @available(*, unavailable, renamed: "rollingCorr(_:with:)")
  public func rollingCorrelation(_ n: Int, with other: Series) -> Series { fatalError() }
  /// An earlier name.
  @available(*, unavailable, renamed: "rollingCov(_:with:ddof:)")
  public func rollingCovariance(_ n: Int, with other: Series, ddof: Int = 0) -> Series {
    fatalError()
  }
  /// An earlier name.
  @available(*, unavailable, renamed: "cumsum(restartingWhen:)")
  public func cumulativeSum(restartingWhen flag: Series) -> Series { fatalError() }
  /// An earlier name.
  @available(*, unavailable, renamed: "cummax(restartingWhen:)")
  public func cumulativeMaximum(restartingWhen flag: Series) -> Series { fatalError() }
  /// An earlier name.
  @available(*, unavailable, renamed: "cummin(restartingWhen:)")
  public func cumulativeMinimum(restartingWhen flag: Series) -> Series { fatalError() }
  /// An earlier name.
  @available(*, unavailable, message: "Series.where(condition, yes, no)")
  public func select(_ yes: Series, otherwise no: Series) -> Series { fatalError() }
  /// An earlier name.
  @available(*, unavailable, message: "Series.where(condition, yes, no)")
  public func select(_ yes: Double, otherwise no: Double) -> Series { fatalError() }
}
