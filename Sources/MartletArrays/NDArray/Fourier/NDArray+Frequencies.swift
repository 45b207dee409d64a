extension NDArray {
  /// The frequencies of the elements of `fft`: [0, 1, …, -2, -1] / (n · spacing), float64.
  ///
  /// - Parameter spacing: From one sample to the next.
  public static func fftfreq(_ n: Int, spacing: Double = 1) -> NDArray {
    precondition(n > 0, "fftfreq: \(n) points")
    return frequencies(0..<n, n, spacing) { $0 < (n + 1) / 2 ? $0 : $0 - n }
  }

  /// The frequencies of the n/2 + 1 elements of `rfft`, float64.
  ///
  /// - Parameter spacing: From one sample to the next.
  public static func rfftfreq(_ n: Int, spacing: Double = 1) -> NDArray {
    precondition(n > 0, "rfftfreq: \(n) points")
    return frequencies(0..<n / 2 + 1, n, spacing) { $0 }
  }

  private static func frequencies(
    _ places: Range<Int>, _ n: Int, _ spacing: Double, _ multiple: (Int) -> Int
  ) -> NDArray {
    let step = 1 / (Double(n) * spacing)
    return NDArray(places.map { Double(multiple($0)) * step })
  }

  /// Elements moved along axes (all, unless given) so that frequency 0 comes to the middle.
  public func fftshift(axes: [Int]? = nil) -> NDArray {
    turned("fftshift", axes) { $0 / 2 }
  }

  /// The inverse of `fftshift`.
  public func ifftshift(axes: [Int]? = nil) -> NDArray {
    turned("ifftshift", axes) { ($0 + 1) / 2 }
  }

  private func turned(_ operation: StaticString, _ axes: [Int]?, _ shift: (Int) -> Int) -> NDArray {
    let places = axes?.map { axis($0, operation) } ?? Array(shape.indices)
    return places.reduce(self) {
      NDArray(AxisTurn(axis: $1, shift: shift(shape[$1])), [$0], shape: shape, dtype: dtype)
    }
  }
}

/// Elements moved along an axis; what leaves it at the end comes in at the front.
private struct AxisTurn: ArrayFunction {
  let axis: Int
  let shift: Int

  var name: String { "turn" }

  func evaluate(_ inputs: [ArrayMemory], result: ResultType, threads: Int) -> ArrayMemory {
    let source = inputs[0].contiguous
    let target = ArrayMemory(uninitialized: result.shape, dtype: result.dtype)
    guard target.count > 0 else { return target }
    let inner = result.shape[(axis + 1)...].reduce(result.dtype.size, *)
    let (line, head) = (inner * result.shape[axis], inner * shift)
    for start in stride(from: 0, to: target.count * result.dtype.size, by: line) {
      let (from, to) = (source.base + start, target.base + start)
      (to + head).copyMemory(from: from, byteCount: line - head)
      to.copyMemory(from: from + line - head, byteCount: head)
    }
    return target
  }
}
