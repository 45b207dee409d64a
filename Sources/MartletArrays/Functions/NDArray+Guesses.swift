public import MartletCore

// Names that NumPy, PyTorch and MLX have for what is called otherwise here: the compiler answers with the one to write.
// `Tests/Guesses` compiles them all.

extension NDArray {
  /// Called otherwise here.
  @available(*, unavailable, renamed: "reshaped(_:)")
  public var reshape: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "reshaped(_:)")
  public var view: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "flattened()")
  public var ravel: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "flattened()")
  public var flatten: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "transposed(_:)")
  public var transpose: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "transposed(_:)")
  public var permute: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "transposed()")
  public var T: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "matrixTransposed")
  public var mT: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "swappedAxes(_:_:)")
  public var swapaxes: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "movedAxis(from:to:)")
  public var moveaxis: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "expandedDims(axis:)")
  public var expandDims: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "expandedDims(axis:)")
  public var unsqueeze: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "squeezed(axes:)")
  public var squeeze: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "count")
  public var size: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "doubles")
  public var tolist: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "doubles")
  public var numpy: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "variance(axis:ddof:keepDims:)")
  public var `var`: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "nanvariance(axis:ddof:keepDims:)")
  public var nanvar: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "power(_:)")
  public var pow: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "abs()")
  public var absolute: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "asin()")
  public var arcsin: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "acos()")
  public var arccos: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "atan()")
  public var arctan: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "atan2(_:)")
  public var arctan2: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "isNaN()")
  public var isnan: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "isInf()")
  public var isinf: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "isFinite()")
  public var isfinite: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "sorted(axis:descending:)")
  public var sort: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "top(_:axis:)")
  public var topk: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "flipped(axes:)")
  public var flip: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "rolled(by:axis:)")
  public var roll: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "tiled(_:)")
  public var tile: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "repeated(_:axis:)")
  public var `repeat`: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "inverse()")
  public var inv: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "arrays are values: an assignment copies")
  public var copy: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "a.replacing(where: a.isNaN(), with: 0)")
  public var fillna: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "concatenated(_:axis:)")
  public static var concatenate: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "concatenated(_:axis:)")
  public static var concat: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "stacked(_:axis:)")
  public static var stack: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "zerosLike(_:dtype:)")
  public static var zeros_like: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "onesLike(_:dtype:)")
  public static var ones_like: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "NDArray.concatenated(_:axis: 0)")
  public static var vstack: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "NDArray.concatenated(_:axis: 1)")
  public static var hstack: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "NDArray([1.0, 2.0]), or let a: NDArray = [[1, 2], [3, 4]]")
  public static var array: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "NDArray.zeros(_:dtype:); constants take no memory")
  public static var empty: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(
    *, unavailable, message: "var random = RandomGenerator(seed: 1), then random.normal([2, 3])"
  )
  public static var random: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(
    *, unavailable, message: "var random = RandomGenerator(seed: 1), then random.uniform([2, 3])"
  )
  public static var rand: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(
    *, unavailable, message: "var random = RandomGenerator(seed: 1), then random.normal([2, 3])"
  )
  public static var randn: UnavailableName<NDArray> { fatalError() }
}

extension NDArray {
  /// Spelled otherwise here.
  @available(*, unavailable, message: "element by element it is .<")
  public static func < (a: NDArray, b: NDArray) -> NDArray { fatalError() }
  /// Spelled otherwise here.
  @available(*, unavailable, message: "element by element it is .<")
  public static func < (a: NDArray, b: some ScalarConvertible) -> NDArray { fatalError() }
  /// Spelled otherwise here.
  @available(*, unavailable, message: "element by element it is .>")
  public static func > (a: NDArray, b: NDArray) -> NDArray { fatalError() }
  /// Spelled otherwise here.
  @available(*, unavailable, message: "element by element it is .>")
  public static func > (a: NDArray, b: some ScalarConvertible) -> NDArray { fatalError() }
  /// Spelled otherwise here.
  @available(*, unavailable, message: "element by element it is .<=")
  public static func <= (a: NDArray, b: NDArray) -> NDArray { fatalError() }
  /// Spelled otherwise here.
  @available(*, unavailable, message: "element by element it is .<=")
  public static func <= (a: NDArray, b: some ScalarConvertible) -> NDArray { fatalError() }
  /// Spelled otherwise here.
  @available(*, unavailable, message: "element by element it is .>=")
  public static func >= (a: NDArray, b: NDArray) -> NDArray { fatalError() }
  /// Spelled otherwise here.
  @available(*, unavailable, message: "element by element it is .>=")
  public static func >= (a: NDArray, b: some ScalarConvertible) -> NDArray { fatalError() }
  /// Spelled otherwise here.
  @available(*, unavailable, message: "element by element it is .&")
  public static func && (a: NDArray, b: NDArray) -> NDArray { fatalError() }
  /// Spelled otherwise here.
  @available(*, unavailable, message: "element by element it is .|")
  public static func || (a: NDArray, b: NDArray) -> NDArray { fatalError() }
}

extension NDArray {
  /// Labelled otherwise here.
  @available(*, unavailable, renamed: "sum(axis:keepDims:)")
  public func sum(dim: Int, keepdim: Bool = false) -> NDArray { fatalError() }
  /// Labelled otherwise here.
  @available(*, unavailable, renamed: "sum(axis:keepDims:)")
  public func sum(axis: Int, keepdims: Bool) -> NDArray { fatalError() }
  /// Labelled otherwise here.
  @available(*, unavailable, renamed: "mean(axis:keepDims:)")
  public func mean(dim: Int, keepdim: Bool = false) -> NDArray { fatalError() }
  /// Labelled otherwise here.
  @available(*, unavailable, renamed: "mean(axis:keepDims:)")
  public func mean(axis: Int, keepdims: Bool) -> NDArray { fatalError() }
  /// Labelled otherwise here.
  @available(*, unavailable, renamed: "max(axis:keepDims:)")
  public func max(dim: Int, keepdim: Bool = false) -> NDArray { fatalError() }
  /// Labelled otherwise here.
  @available(*, unavailable, renamed: "max(axis:keepDims:)")
  public func max(axis: Int, keepdims: Bool) -> NDArray { fatalError() }
  /// Labelled otherwise here.
  @available(*, unavailable, renamed: "min(axis:keepDims:)")
  public func min(dim: Int, keepdim: Bool = false) -> NDArray { fatalError() }
  /// Labelled otherwise here.
  @available(*, unavailable, renamed: "min(axis:keepDims:)")
  public func min(axis: Int, keepdims: Bool) -> NDArray { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "asType(_:)")
  public func astype(_ dtype: ElementType) -> NDArray { fatalError() }
  /// Labelled otherwise here.
  @available(*, unavailable, renamed: "arange(_:_:step:dtype:)")
  public static func arange(_ start: Int, _ stop: Int, _ step: Int) -> NDArray { fatalError() }
  /// Labelled otherwise here.
  @available(*, unavailable, renamed: "linspace(_:_:count:endpoint:dtype:)")
  public static func linspace(_ start: Double, _ stop: Double, _ count: Int) -> NDArray {
    fatalError()
  }
}

/// A module of Python.
@available(
  *, unavailable,
  message:
    "np.log(a) is a.log(), np.zeros(n) is NDArray.zeros([n]), np.where(c, a, b) is NDArray.where(c, a, b)"
)
public var np: UnavailableName<NDArray> { fatalError() }

/// A module of Python.
@available(
  *, unavailable,
  message:
    "mx.exp(a) is a.exp(), mx.zeros(n) is NDArray.zeros([n]), mx.where(c, a, b) is NDArray.where(c, a, b)"
)
public var mx: UnavailableName<NDArray> { fatalError() }
