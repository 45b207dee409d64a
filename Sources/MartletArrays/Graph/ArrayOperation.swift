import MartletCore

/// What a node of an array graph computes from its inputs.
package enum ArrayOperation: Sendable {
  /// Nothing: the elements are there.
  case memory
  /// The same number everywhere.
  case constant(Scalar)
  /// Element by element; inputs broadcast to the node's shape and have one element type.
  case map(ArrayMap)
  /// To the node's element type.
  case cast
  /// The input's elements in another order, without copying.
  case view(ViewMap)
  /// The input's elements in row-major order under another shape.
  case reshape
  /// A reduction along axes (sorted, not negative); `keepDims` leaves them with length 1.
  case reduction(ArrayReduction, axes: [Int], keepDims: Bool)
  /// Anything else.
  indirect case function(any ArrayFunction)

  package var isElementwise: Bool {
    switch self {
    case .map, .cast: true
    default: false
    }
  }

  /// Equal for equal operations, cheap to find; zero where there is nothing to do.
  var tag: Int {
    switch self {
    case .memory: 0
    case .constant: 1
    case .cast: 2
    case .view: 3
    case .reshape: 4
    case .function: 5
    case .reduction(let reduction, _, _): 10 + Int(reduction.rawValue)
    case .map(let map): 100 + Int(map.rawValue)
    }
  }

  /// Whether both compute the same from the same inputs.
  func isSame(as other: ArrayOperation) -> Bool {
    switch (self, other) {
    // Zeros of both signs are equal but not the same.
    case (.constant(let a), .constant(let b)): a.hasSameBits(as: b)
    case (.map(let a), .map(let b)): a == b
    case (.cast, .cast), (.reshape, .reshape): true
    case (.view(let a), .view(let b)): a == b
    case (.reduction(let a, let axes, let keep), .reduction(let b, let others, let keeps)):
      a == b && axes == others && keep == keeps
    case (.function(let a), .function(let b)): AnyHashable(a) == AnyHashable(b)
    default: false
    }
  }
}

/// An operation on whole arrays that is neither elementwise nor a view nor a reduction: a sort, a matrix
/// product, a transform.
///
/// A conforming type is a small struct of parameters. Its `Hashable` conformance decides whether two
/// nodes compute the same from the same inputs, so it holds everything that decides the result. Errors
/// of the programmer are preconditions before the node is made; `evaluate` cannot fail.
package protocol ArrayFunction: Sendable, Hashable {
  /// Its name in `graph` and in messages.
  var name: String { get }

  /// The result from evaluated inputs, of the node's shape and element type.
  ///
  /// Inputs may have any strides (`contiguous` makes row-major ones). The result may be strided as well,
  /// or a view of an input's memory. At most `threads` threads may be used; the bits must not depend on it.
  func evaluate(_ inputs: [ArrayMemory], result: ResultType, threads: Int) -> ArrayMemory
}

/// Shape and element type of a result.
package struct ResultType: Sendable, Hashable {
  package let shape: [Int]
  package let dtype: ElementType

  package init(_ shape: [Int], _ dtype: ElementType) {
    self.shape = shape
    self.dtype = dtype
  }
}

/// Where the elements of a view are: per axis of the view, how far each axis of the input moves.
package struct ViewMap: Sendable, Hashable {
  /// One step along an axis of the input for each step along the view's axis.
  package struct Step: Sendable, Hashable {
    package let axis: Int
    package let step: Int
    package init(_ axis: Int, _ step: Int) {
      self.axis = axis
      self.step = step
    }
  }

  /// Where the view begins along each axis of the input.
  package var starts: [Int]
  /// Empty for an axis that repeats; several steps for a diagonal.
  package var axes: [[Step]]

  package init(starts: [Int], axes: [[Step]]) {
    self.starts = starts
    self.axes = axes
  }

  /// Every axis as it is.
  package init(rank: Int) {
    starts = [Int](repeating: 0, count: rank)
    axes = (0..<rank).map { [Step($0, 1)] }
  }

  package func apply(_ memory: ArrayMemory, shape: [Int]) -> ArrayMemory {
    var offset = memory.offset
    if !shape.contains(0) {
      for (axis, start) in starts.enumerated() { offset += start * memory.strides[axis] }
    }
    let strides = axes.map { $0.reduce(0) { $0 + $1.step * memory.strides[$1.axis] } }
    return ArrayMemory(
      memory.buffer, offset: offset, shape: shape, strides: strides, dtype: memory.dtype)
  }
}
