import MartletCore

/// What may stand in an array's subscript for one axis (or, for `.ellipsis`, for all that are left).
public struct ArrayIndex: Sendable, Hashable {
  enum Kind: Hashable {
    case position(Int)
    case slice(start: Int?, end: Int?, step: Int)
    case newAxis
    case ellipsis
  }
  let kind: Kind

  /// The whole axis.
  public static let all = ArrayIndex(kind: .slice(start: nil, end: nil, step: 1))
  /// A new axis of length 1.
  public static let newAxis = ArrayIndex(kind: .newAxis)
  /// Every axis that the other indices leave.
  public static let ellipsis = ArrayIndex(kind: .ellipsis)

  /// From `start` up to but not including `end`, every `step`-th; nil for the ends of the axis.
  ///
  /// As in Python: negative places count from the end, a negative step runs backwards, and places beyond
  /// the axis are cut to it.
  public static func slice(_ start: Int? = nil, _ end: Int? = nil, step: Int = 1) -> ArrayIndex {
    require(step != 0, "slice: a step of 0")
    return ArrayIndex(kind: .slice(start: start, end: end, step: step))
  }
}

/// Something that selects along one axis: an integer, a range, a stride or an `ArrayIndex`.
public protocol ArrayIndexConvertible: Sendable {
  /// The selection.
  var arrayIndex: ArrayIndex { get }
}

extension ArrayIndexConvertible where Self == ArrayIndex {
  /// The whole axis.
  public static var all: ArrayIndex { ArrayIndex.all }
  /// A new axis of length 1.
  public static var newAxis: ArrayIndex { ArrayIndex.newAxis }
  /// Every axis that the other indices leave.
  public static var ellipsis: ArrayIndex { ArrayIndex.ellipsis }
  /// From `start` up to but not including `end`, every `step`-th; nil for the ends of the axis.
  public static func slice(_ start: Int? = nil, _ end: Int? = nil, step: Int = 1) -> ArrayIndex {
    ArrayIndex.slice(start, end, step: step)
  }
}

extension ArrayIndex: ArrayIndexConvertible {
  /// The selection along one axis.
  public var arrayIndex: ArrayIndex { self }
}
extension Int: ArrayIndexConvertible {
  /// The selection along one axis.
  public var arrayIndex: ArrayIndex { ArrayIndex(kind: .position(self)) }
}
extension Range<Int>: ArrayIndexConvertible {
  /// The selection along one axis.
  public var arrayIndex: ArrayIndex { .slice(lowerBound, upperBound) }
}
extension ClosedRange<Int>: ArrayIndexConvertible {
  /// The selection along one axis.
  public var arrayIndex: ArrayIndex { .slice(lowerBound, upperBound == -1 ? nil : upperBound + 1) }
}
extension PartialRangeFrom<Int>: ArrayIndexConvertible {
  /// The selection along one axis.
  public var arrayIndex: ArrayIndex { .slice(lowerBound, nil) }
}
extension PartialRangeUpTo<Int>: ArrayIndexConvertible {
  /// The selection along one axis.
  public var arrayIndex: ArrayIndex { .slice(nil, upperBound) }
}
extension PartialRangeThrough<Int>: ArrayIndexConvertible {
  /// The selection along one axis.
  public var arrayIndex: ArrayIndex { .slice(nil, upperBound == -1 ? nil : upperBound + 1) }
}

extension NDArray {
  /// A part of the array, without copying it: integers take one place along an axis and drop it, ranges
  /// and slices keep it.
  ///
  ///     a[2, .ellipsis]                    // one row
  ///     a[0..<10, .slice(step: -1)]        // the first ten, the last axis reversed
  ///     a[.ellipsis, .newAxis]             // a new last axis
  ///
  /// Integers alone, one per axis, give the element itself as a `Double`. Values that are assigned take the
  /// array's type and broadcast to the part's shape; they are computed at once.
  public subscript(_ indices: any ArrayIndexConvertible...) -> NDArray {
    get { selection(indices) }
    set { assign(consume newValue, to: indices) }
  }

  /// The same for a list of indices.
  package func selection(_ indices: [any ArrayIndexConvertible]) -> NDArray {
    let (map, shape) = part(at: indices)
    return view(map, shape: shape)
  }

  /// Elements `start ..< end` by `step`, of `length`, as Python counts them.
  private static func range(_ start: Int?, _ end: Int?, _ step: Int, _ length: Int) -> (Int, Int) {
    func slot(_ index: Int) -> Int {
      let slot = index < 0 ? index + length : index
      return step > 0
        ? Swift.min(Swift.max(slot, 0), length) : Swift.min(Swift.max(slot, -1), length - 1)
    }
    let from = start.map(slot) ?? (step > 0 ? 0 : length - 1)
    let to = end.map(slot) ?? (step > 0 ? length : -1)
    let length = step > 0 ? to - from : from - to
    return (from, length > 0 ? (length - 1) / Int(clamping: step.magnitude) + 1 : 0)
  }

  /// Where the elements of a part are, and its shape.
  func part(at indices: [any ArrayIndexConvertible]) -> (map: ViewMap, shape: [Int]) {
    let indices = indices.map(\.arrayIndex.kind)
    let taken = indices.count { $0 != .newAxis && $0 != .ellipsis }
    require(taken <= ndim, "NDArray: \(taken) indices for the shape \(shape)")
    require(
      indices.count { $0 == .ellipsis } <= 1, "NDArray: more than one ellipsis in a subscript")
    var map = ViewMap(starts: [Int](repeating: 0, count: ndim), axes: [])
    var result: [Int] = []
    var axis = 0
    func whole(_ count: Int) {
      for _ in 0..<count {
        map.axes.append([ViewMap.Step(axis, 1)])
        result.append(shape[axis])
        axis += 1
      }
    }
    for index in indices {
      switch index {
      case .ellipsis: whole(ndim - taken)
      case .newAxis:
        map.axes.append([])
        result.append(1)
      case .position(let index):
        let slot = index < 0 ? index + shape[axis] : index
        require(
          slot >= 0 && slot < shape[axis],
          "NDArray: index \(index) outside axis \(axis) of the shape \(shape)")
        map.starts[axis] = slot
        axis += 1
      case .slice(let start, let end, let step):
        let (from, count) = Self.range(start, end, step, shape[axis])
        map.starts[axis] = from
        // A step that is never made may be of any length.
        map.axes.append([ViewMap.Step(axis, count > 1 ? step : 1)])
        result.append(count)
        axis += 1
      }
    }
    whole(ndim - axis)
    return (map, result)
  }

  /// A view; of elements that are there at once, otherwise later.
  package func view(_ map: ViewMap, shape: [Int]) -> NDArray {
    if let memory = node.memory { return NDArray(map.apply(memory, shape: shape)) }
    return NDArray(.view(map), [self], shape: shape, dtype: dtype)
  }
}
