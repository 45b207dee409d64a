import MartletCore

/// Differences, derivatives and integrals of samples along an axis.
extension NDArray {
  /// The difference of neighbours, `n` times: each time the axis is one shorter.
  ///
  /// Of bools, whether they differ. What is given is put before and behind the axis first.
  public func diff(
    n: Int = 1, axis: Int = -1, prepend: NDArray? = nil, append: NDArray? = nil
  ) -> NDArray {
    require(n >= 0, "diff: \(n) times")
    let index = self.axis(axis, "diff")
    if n == 0 { return self }
    let parts = [prepend, self, append].compactMap { $0 }
    var result = parts.count == 1 ? self : NDArray.concatenated(parts, axis: index)
    for _ in 0..<n {
      let length = result.shape[index]
      if length == 0 { break }
      let (later, earlier) = (
        result.part(1..<length, axis: index), result.part(0..<length - 1, axis: index)
      )
      result = dtype == .bool ? later .!= earlier : later - earlier
    }
    return result
  }

  /// The derivative of samples at equal distances: central differences inside, one-sided ones at
  /// both ends (of first or second order).
  ///
  /// The axis needs one sample more than the order.
  public func gradient(spacing: Double = 1, axis: Int = -1, edgeOrder: Int = 1) -> NDArray {
    let (f, index, n) = samples(axis, edgeOrder, "gradient")
    func at(_ k: Int) -> NDArray { f.part(k..<k + 1, axis: index) }
    let first: NDArray
    let last: NDArray
    if edgeOrder == 1 {
      first = (at(1) - at(0)) / spacing
      last = (at(n - 1) - at(n - 2)) / spacing
    } else {
      first = at(0) * (-1.5 / spacing) + at(1) * (2 / spacing) + at(2) * (-0.5 / spacing)
      last =
        at(n - 3) * (0.5 / spacing) + at(n - 2) * (-2 / spacing) + at(n - 1) * (1.5 / spacing)
    }
    let inside =
      (f.part(2..<Swift.max(n, 2), axis: index) - f.part(0..<Swift.max(n - 2, 0), axis: index))
      / (2 * spacing)
    return NDArray.concatenated([first, inside, last], axis: index)
  }

  /// The derivative of samples at the given coordinates, one per place of the axis.
  public func gradient(at coordinates: NDArray, axis: Int = -1, edgeOrder: Int = 1) -> NDArray {
    let (f, index, n) = samples(axis, edgeOrder, "gradient")
    require(
      coordinates.shape == [n],
      "gradient: coordinates of the shape \(coordinates.shape) for axis \(axis) of the shape \(shape)"
    )
    // Distances stand along the axis, so that they broadcast.
    var along = [Int](repeating: 1, count: ndim)
    along[index] = n - 1
    let steps = coordinates.asType(f.dtype).diff().reshaped(along)
    func at(_ k: Int) -> NDArray { f.part(k..<k + 1, axis: index) }
    func step(_ k: Int) -> NDArray { steps.part(k..<k + 1, axis: index) }
    var first = (at(1) - at(0)) / step(0)
    var last = (at(n - 1) - at(n - 2)) / step(n - 2)
    if edgeOrder == 2 {
      let (h, k) = (step(0), step(1))
      first =
        at(0) * (-(2 * h + k) / (h * (h + k))) + at(1) * ((h + k) / (h * k)) + at(2)
        * (-h / (k * (h + k)))
      let (p, q) = (step(n - 3), step(n - 2))
      last =
        at(n - 3) * (q / (p * (p + q))) + at(n - 2) * (-(q + p) / (p * q)) + at(n - 1)
        * ((2 * q + p) / (q * (p + q)))
    }
    guard n > 2 else { return NDArray.concatenated([first, last], axis: index) }
    let (h, k) = (steps.part(0..<n - 2, axis: index), steps.part(1..<n - 1, axis: index))
    let inside =
      f.part(0..<n - 2, axis: index) * (-k / (h * (h + k)))
      + f.part(1..<n - 1, axis: index) * ((k - h) / (h * k))
      + f.part(2..<n, axis: index) * (h / (k * (h + k)))
    return NDArray.concatenated([first, inside, last], axis: index)
  }

  private func samples(
    _ axis: Int, _ edgeOrder: Int, _ operation: StaticString
  ) -> (f: NDArray, axis: Int, count: Int) {
    let index = self.axis(axis, operation)
    require(
      edgeOrder == 1 || edgeOrder == 2,
      "\(operation): an edge order of \(edgeOrder); expected 1 or 2")
    require(
      shape[index] > edgeOrder,
      "\(operation): too few samples along axis \(axis) of the shape \(shape)")
    return (asType(dtype.inexactType), index, shape[index])
  }

  /// The integral of samples at equal distances by the trapezoidal rule.
  public func trapezoid(spacing: Double = 1, axis: Int = -1) -> NDArray {
    let (pairs, index) = neighbourSums(axis)
    return (spacing * pairs / 2).sum(axis: index)
  }

  /// The integral of samples at the given coordinates, which are one per place of the axis or broadcast to
  /// the array's shape, by the trapezoidal rule.
  public func trapezoid(at coordinates: NDArray, axis: Int = -1) -> NDArray {
    let (pairs, index) = neighbourSums(axis)
    let steps: NDArray
    if coordinates.ndim == 1 {
      var along = [Int](repeating: 1, count: ndim)
      along[index] = Swift.max(0, coordinates.count - 1)
      steps = coordinates.diff().reshaped(along)
    } else {
      steps = coordinates.broadcast(to: shape).diff(axis: index)
    }
    return (steps * pairs / 2).sum(axis: index)
  }

  private func neighbourSums(_ axis: Int) -> (sums: NDArray, axis: Int) {
    let index = self.axis(axis, "trapezoid")
    let f = asType(dtype.inexactType)
    let n = shape[index]
    return (
      f.part(Swift.min(1, n)..<n, axis: index) + f.part(0..<Swift.max(n - 1, 0), axis: index), index
    )
  }
}
