import MartletCore

/// What `padded` puts around an array.
public enum PaddingMode: Sendable, Hashable {
  /// One number.
  case constant(Scalar)
  /// The elements at the edges.
  case edge
  /// The array mirrored at its edges, which are not repeated: c b | a b c | b a.
  case reflect
  /// The array mirrored at its edges, which are repeated: b a | a b c | c b.
  case symmetric
  /// The array from its other end: b c | a b c | a b.
  case wrap

  /// Zeros.
  public static var constant: PaddingMode { .constant(.int(0)) }

  /// One number.
  public static func constant(_ value: some ScalarConvertible) -> PaddingMode {
    .constant(value.scalar)
  }
}

extension NDArray {
  /// The array with `widths[k].before` places before it and `widths[k].after` behind it along axis k.
  ///
  /// All modes but `constant` need an element along every axis that grows.
  public func padded(
    widths: [(before: Int, after: Int)], mode: PaddingMode = .constant
  ) -> NDArray {
    require(
      widths.count == ndim, "padded: \(widths.count) widths for the shape \(shape)")
    require(
      widths.allSatisfy { $0.before >= 0 && $0.after >= 0 }, "padded: negative widths in \(widths)")
    let result = zip(shape, widths).map { length, width in
      let (sum, overflow) = length.addingReportingOverflow(width.before)
      let (total, overflow2) = sum.addingReportingOverflow(width.after)
      require(!overflow && !overflow2, "padded: the widths \(widths) are too large")
      return total
    }
    _ = NDArray.checkedCount(result, "padded")
    if case .constant(let scalar) = mode {
      if result == shape { return self }
      return NDArray(
        ConstantPadding(starts: widths.map(\.before)),
        [self, NDArray.constant(scalar, dtype)], shape: result, dtype: dtype)
    }
    return shape.indices.reduce(self) { array, axis in
      let (before, after) = widths[axis]
      if before + after == 0 { return array }
      let length = shape[axis]
      require(length > 0, "padded: axis \(axis) of the shape \(shape) has nothing to repeat")
      let positions = (-before..<0).map { mode.index($0, length) }
      let others = (length..<length + after).map { mode.index($0, length) }
      return NDArray.concatenated(
        [
          array.along(positions, axis: axis), array, array.along(others, axis: axis),
        ], axis: axis)
    }
  }

  /// The same widths before and behind every axis.
  public func padded(_ width: Int, mode: PaddingMode = .constant) -> NDArray {
    padded(widths: shape.map { _ in (width, width) }, mode: mode)
  }

  /// Some places of an axis: a view where they follow each other evenly.
  private func along(_ indices: [Int], axis: Int) -> NDArray {
    let step = indices.count > 1 ? indices[1] - indices[0] : 1
    guard zip(indices, indices.dropFirst()).allSatisfy({ $1 - $0 == step }) else {
      return taking(NDArray(indices), axis: axis)
    }
    var map = ViewMap(rank: ndim)
    map.starts[axis] = indices.first ?? 0
    map.axes[axis] = step == 0 ? [] : [ViewMap.Step(axis, step)]
    var result = shape
    result[axis] = indices.count
    return view(map, shape: result)
  }
}

extension PaddingMode {
  /// The place inside that shows at `place` outside.
  fileprivate func index(_ index: Int, _ length: Int) -> Int {
    func remainder(_ period: Int) -> Int { (index % period + period) % period }
    switch self {
    case .constant, .edge: return Swift.min(Swift.max(index, 0), length - 1)
    case .wrap: return remainder(length)
    case .reflect:
      if length == 1 { return 0 }
      let inside = remainder(2 * (length - 1))
      return inside < length ? inside : 2 * (length - 1) - inside
    case .symmetric:
      let inside = remainder(2 * length)
      return inside < length ? inside : 2 * length - 1 - inside
    }
  }
}

/// The first input inside, the only element of the second around it.
private struct ConstantPadding: ArrayFunction {
  let starts: [Int]

  var name: String { "padded" }

  func evaluate(_ inputs: [ArrayMemory], result: ResultType, threads: Int) -> ArrayMemory {
    let memory = ArrayMemory(uninitialized: result.shape, dtype: result.dtype)
    let input = inputs[0]
    // The slabs around the input, axis by axis, and the input itself: every element once.
    var map = ViewMap(rank: starts.count)
    var shape = result.shape
    for axis in starts.indices {
      let end = starts[axis] + input.shape[axis]
      for range in [0..<starts[axis], end..<result.shape[axis]] where !range.isEmpty {
        map.starts[axis] = range.lowerBound
        shape[axis] = range.count
        map.apply(memory, shape: shape).assign(inputs[1])
      }
      map.starts[axis] = starts[axis]
      shape[axis] = input.shape[axis]
    }
    map.apply(memory, shape: shape).assign(input)
    return memory
  }
}
