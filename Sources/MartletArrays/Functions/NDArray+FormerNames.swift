public import MartletCore

// Names of earlier versions: the compiler says what they are called now.

extension NDArray {
  /// An earlier name.
  @available(*, unavailable, renamed: "cumsum(axis:dtype:includeInitial:)")
  public func cumulativeSum(
    axis: Int? = nil, dtype: ElementType? = nil, includeInitial: Bool = false
  ) -> NDArray { fatalError() }
  /// An earlier name.
  @available(*, unavailable, renamed: "cumprod(axis:dtype:includeInitial:)")
  public func cumulativeProduct(
    axis: Int? = nil, dtype: ElementType? = nil, includeInitial: Bool = false
  ) -> NDArray { fatalError() }
  /// An earlier name.
  @available(*, unavailable, renamed: "cummax(axis:)")
  public func cumulativeMax(axis: Int? = nil) -> NDArray { fatalError() }
  /// An earlier name.
  @available(*, unavailable, renamed: "cummin(axis:)")
  public func cumulativeMin(axis: Int? = nil) -> NDArray { fatalError() }
  /// An earlier name.
  @available(*, unavailable, renamed: "prod(axis:keepDims:)")
  public func product<A: AxisSet>(axis: A = AllAxes(), keepDims: Bool = false) -> NDArray {
    fatalError()
  }
  /// An earlier name.
  @available(*, unavailable, renamed: "nanprod(axis:keepDims:)")
  public func nanproduct<A: AxisSet>(axis: A = AllAxes(), keepDims: Bool = false) -> NDArray {
    fatalError()
  }
  /// An earlier name.
  @available(*, unavailable, renamed: "variance(axis:ddof:keepDims:)")
  public func variance<A: AxisSet>(
    axis: A = AllAxes(), correction: Double, keepDims: Bool = false
  ) -> NDArray { fatalError() }
  /// An earlier name.
  @available(*, unavailable, renamed: "std(axis:ddof:keepDims:)")
  public func std<A: AxisSet>(
    axis: A = AllAxes(), correction: Double, keepDims: Bool = false
  ) -> NDArray { fatalError() }
  /// An earlier name.
  @available(*, unavailable, renamed: "nanvariance(axis:ddof:keepDims:)")
  public func nanvariance<A: AxisSet>(
    axis: A = AllAxes(), correction: Double, keepDims: Bool = false
  ) -> NDArray { fatalError() }
  /// An earlier name.
  @available(*, unavailable, renamed: "nanstd(axis:ddof:keepDims:)")
  public func nanstd<A: AxisSet>(
    axis: A = AllAxes(), correction: Double, keepDims: Bool = false
  ) -> NDArray { fatalError() }
  /// An earlier name.
  @available(*, unavailable, renamed: "cov(ddof:)")
  public func cov(correction: Double) -> NDArray { fatalError() }
  /// An earlier name.
  @available(*, unavailable, renamed: "power(_:)")
  public func power(to b: NDArray) -> NDArray { fatalError() }
  /// An earlier name.
  @available(*, unavailable, renamed: "power(_:)")
  public func power(to b: some ScalarConvertible) -> NDArray { fatalError() }
  /// An earlier name.
  @available(*, unavailable, renamed: "ndim")
  public var rank: Int { fatalError() }
}
