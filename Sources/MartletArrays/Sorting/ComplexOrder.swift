import MartletCore

/// Complex numbers in the order of NumPy: by real part, then by imaginary part. Behind all of them stand those with
/// a NaN: in the imaginary part, in the real part, in both.
extension Complex {
  var isNaN: Bool { real.isNaN || imaginary.isNaN }

  private var undefinedParts: Int { (imaginary.isNaN ? 1 : 0) + (real.isNaN ? 2 : 0) }

  /// Whether it stands before another one; NaN comes last whichever way.
  @inline(__always)
  func precedes(_ other: Complex, descending: Bool = false) -> Bool {
    let (own, others) = (undefinedParts, other.undefinedParts)
    if own != others { return own < others }
    let (a, b) = descending ? (other, self) : (self, other)
    // Comparisons with NaN are false, so that only the parts which are there count.
    return a.real < b.real || (own == 2 || a.real == b.real) && a.imaginary < b.imaginary
  }
}

/// What `SortKernels` does, of complex numbers.
enum ComplexOrder {
  static func sort<Part>(
    _ row: UnsafePointer<Complex<Part>>, to result: UnsafeMutablePointer<Complex<Part>>,
    count: Int, descending: Bool
  ) {
    let elements = UnsafeBufferPointer(start: row, count: count)
    let positions = positions(elements, descending)
    // The result may stand in the row's place.
    let sorted = positions.map { elements[$0] }
    for (k, element) in sorted.enumerated() { result[k] = element }
  }

  static func argsort<Part>(
    _ row: UnsafePointer<Complex<Part>>, to indices: UnsafeMutablePointer<Int64>, count: Int,
    descending: Bool
  ) {
    let positions = positions(UnsafeBufferPointer(start: row, count: count), descending)
    for (k, index) in positions.enumerated() { indices[k] = Int64(index) }
  }

  private static func positions<Part>(
    _ row: UnsafeBufferPointer<Complex<Part>>, _ descending: Bool
  ) -> [Int] {
    row.indices.sorted { i, j in
      if row[i].precedes(row[j], descending: descending) { return true }
      return i < j && !row[j].precedes(row[i], descending: descending)
    }
  }

  static func search<Part>(
    _ row: UnsafePointer<Complex<Part>>, count: Int, values: UnsafePointer<Complex<Part>>,
    valueCount: Int, right: Bool, to positions: UnsafeMutablePointer<Int64>
  ) {
    for k in 0..<valueCount {
      var (low, high) = (0, count)
      while low < high {
        let middle = (low + high) / 2
        let isBefore = right ? !values[k].precedes(row[middle]) : row[middle].precedes(values[k])
        if isBefore { low = middle + 1 } else { high = middle }
      }
      positions[k] = Int64(low)
    }
  }
}

/// The greatest or smallest complex number of each row, or its place; the first NaN where there is one.
struct ComplexExtremum: ArrayFunction {
  let reduction: ArrayReduction

  var name: String { "\(reduction)" }
  private var isMaximum: Bool { reduction == .maximum || reduction == .argumentMaximum }

  func evaluate(_ inputs: [ArrayMemory], result: ResultType, threads: Int) -> ArrayMemory {
    let output = ArrayMemory(uninitialized: result.shape, dtype: result.dtype)
    let input = inputs[0].contiguous
    if input.dtype == .complex64 {
      write(input, output, of: Complex<Float>.self)
    } else {
      write(input, output, of: Complex<Double>.self)
    }
    withExtendedLifetime(input) {}
    return output
  }

  private func write<Part>(
    _ input: ArrayMemory, _ output: ArrayMemory, of type: Complex<Part>.Type
  ) {
    let length = input.shape[input.shape.count - 1]
    for row in 0..<output.count {
      let elements = UnsafeBufferPointer(
        start: input.base.assumingMemoryBound(to: type) + row * length, count: length)
      let index = index(elements)
      if output.dtype == .int64 {
        output.base.assumingMemoryBound(to: Int64.self)[row] = Int64(index)
      } else {
        output.base.assumingMemoryBound(to: type)[row] = elements[index]
      }
    }
  }

  private func index<Part>(_ row: UnsafeBufferPointer<Complex<Part>>) -> Int {
    var best = 0
    for k in row.indices {
      if row[k].isNaN { return k }
      if isMaximum ? row[best].precedes(row[k]) : row[k].precedes(row[best]) { best = k }
    }
    return best
  }
}
