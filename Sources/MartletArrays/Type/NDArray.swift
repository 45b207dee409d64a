import MartletCore

/// An n-dimensional array of numbers, computed when somebody looks.
///
/// A value: nothing that is done to one array changes another. Operations only note what to do; reading
/// elements, `eval()` or printing computes, once, with chains of elementwise operations running as one
/// loop. Views (slices, transposes, broadcasts) share memory. Elements stand in row-major order, the last
/// axis being the fastest.
public struct NDArray: Sendable {
  package var node: ArrayNode

  package init(node: ArrayNode) { self.node = node }

  /// Elements that are there.
  package init(_ memory: ArrayMemory) { node = ArrayNode(memory) }

  /// Takes over a buffer whose row-major elements are complete.
  package init(_ buffer: Buffer, offset: Int = 0, shape: [Int], dtype: ElementType) {
    self.init(ArrayMemory(buffer, offset: offset, shape: shape, dtype: dtype))
  }

  /// What `operation` computes from `inputs`, later.
  package init(
    _ operation: ArrayOperation, _ inputs: [NDArray], shape: [Int], dtype: ElementType
  ) {
    node = ArrayNode(operation, inputs.map(\.node), shape: shape, dtype: dtype)
  }

  /// What `function` computes from `inputs`, later.
  package init(
    _ function: some ArrayFunction, _ inputs: [NDArray], shape: [Int], dtype: ElementType
  ) {
    self.init(.function(function), inputs, shape: shape, dtype: dtype)
  }

  /// Elements along each axis.
  public var shape: [Int] { node.shape }
  /// What the elements are.
  public var dtype: ElementType { node.dtype }
  /// How many axes there are.
  public var ndim: Int { node.shape.count }
  /// Elements in all.
  public var count: Int { node.count }

  /// The elements, computed if need be.
  package var memory: ArrayMemory {
    if let memory = node.memory { return memory }
    eval()
    guard let memory = node.memory else { fatalError("NDArray: nothing was computed") }
    return memory
  }

  /// Elements from one index to the next along each axis, in the array's memory; evaluates it.
  public var strides: [Int] { memory.strides }

  /// Computes the array, unless that was done before, on at most `threads` threads.
  ///
  /// It does not stop where its task is cancelled.
  ///
  /// - Parameter threads: nil for `MARTLET_THREADS`, or one per core. The bits do not depend on it.
  @discardableResult
  public func eval(threads: Int? = nil) -> NDArray {
    Self.run(CollectionOfOne(self), threads)
    return self
  }

  /// Computes several arrays, what they have in common once; does not stop where its task is cancelled.
  public static func eval(_ arrays: [NDArray], threads: Int? = nil) {
    run(arrays, threads)
  }

  private static func run(_ arrays: some Collection<NDArray>, _ threads: Int?) {
    ArrayEvaluation.evaluate(
      arrays, threads: Workers.count(threads), kernels: .current)
  }

  /// The same on a given instruction set, for tests.
  package func eval(_ set: InstructionSet, threads: Int = 1) {
    ArrayEvaluation.evaluate(CollectionOfOne(self), threads: threads, kernels: ArrayKernels(set))
  }

  /// The memory if nobody else can see it and it has the given size: results may go there again.
  package mutating func reusableStorage(byteCount: Int) -> Buffer? {
    guard isKnownUniquelyReferenced(&node), var memory = node.memory else { return nil }
    node = Self.nothing
    let buffer = memory.reusableBuffer(byteCount: byteCount)
    node = ArrayNode(memory)
    return buffer
  }
}

extension NDArray {
  private static let nothing = ArrayNode(.constant(.bool(false)), [], shape: [], dtype: .bool)

  /// How many elements a shape has; lengths must not be negative and their product must fit.
  package static func checkedCount(_ shape: [Int], _ operation: StaticString) -> Int {
    var count = 1
    for length in shape {
      require(length >= 0, "\(operation): negative length in the shape \(shape)")
      let (product, overflow) = count.multipliedReportingOverflow(by: length)
      require(!overflow && product < 1 << 58, "\(operation): the shape \(shape) is too large")
      count = product
    }
    return count
  }

  /// The same for a shape that arrived as data: nil where it is negative or too large.
  ///
  /// Lengths besides a zero count too: strides are products of them.
  package static func possibleCount(_ shape: [Int]) -> Int? {
    var others = 1
    for length in shape where length != 0 {
      let (product, overflow) = others.multipliedReportingOverflow(by: length)
      guard length > 0, !overflow, product < 1 << 58 else { return nil }
      others = product
    }
    return shape.contains(0) ? 0 : others
  }

  /// An axis counted from the front; a negative one counts from the end.
  package static func axis(_ axis: Int, rank: Int, _ operation: StaticString, _ shape: [Int]) -> Int
  {
    let index = axis < 0 ? axis + rank : axis
    require(
      index >= 0 && index < rank, "\(operation): axis \(axis) outside the shape \(shape)")
    return index
  }

  package func axis(_ axis: Int, _ operation: StaticString) -> Int {
    Self.axis(axis, rank: ndim, operation, shape)
  }

  /// The shape that two shapes broadcast to: lengths are equal or one of them is 1.
  package static func broadcast(_ a: [Int], _ b: [Int], _ operation: StaticString) -> [Int] {
    if a == b { return a }
    var result = a.count >= b.count ? a : b
    let short = a.count >= b.count ? b : a
    let lead = result.count - short.count
    for (axis, length) in short.enumerated() where result[lead + axis] != length {
      require(
        result[lead + axis] == 1 || length == 1,
        "\(operation): the shapes \(a) and \(b) do not broadcast")
      if result[lead + axis] == 1 { result[lead + axis] = length }
    }
    return result
  }
}
