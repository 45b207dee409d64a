import MartletArrays

extension NDArray {
  /// The frequencies of the elements of `fft`: [0, 1, …, -2, -1] / (n · spacing), float64.
  ///
  /// - Parameter spacing: From one sample to the next.
  public static func fftfreq(_ n: Int, spacing: Double = 1) -> NDArray {
    require(n > 0, "fftfreq: \(n) points")
    return frequencies(0..<n, n, spacing) { $0 < (n + 1) / 2 ? $0 : $0 - n }
  }

  /// The frequencies of the n/2 + 1 elements of `rfft`, float64.
  ///
  /// - Parameter spacing: From one sample to the next.
  public static func rfftfreq(_ n: Int, spacing: Double = 1) -> NDArray {
    require(n > 0, "rfftfreq: \(n) points")
    return frequencies(0..<n / 2 + 1, n, spacing) { $0 }
  }

  private static func frequencies(
    _ indices: Range<Int>, _ n: Int, _ spacing: Double, _ multiple: (Int) -> Int
  ) -> NDArray {
    let step = 1 / (Double(n) * spacing)
    return NDArray(indices.map { Double(multiple($0)) * step })
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
    let indices = axes?.map { axis($0, operation) } ?? Array(shape.indices)
    return rolled(by: indices.map { shift(shape[$0]) }, axes: indices)
  }
}
