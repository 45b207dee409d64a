import MartletCore

/// Sets of elements, along one axis and ascending. Zeros of either sign are one element, the first of them;
/// a NaN equals nothing, not even another, and comes last. These evaluate at once, since their shapes depend
/// on the elements; n log n steps.
extension NDArray {
  /// The different elements.
  public func unique() -> NDArray { runs(positions: false).values }

  /// The different elements, and how often each is there (int64).
  public func uniqueCounts() -> (values: NDArray, counts: NDArray) {
    let runs = runs(positions: false)
    return (runs.values, NDArray(runs.counts))
  }

  /// The different elements, and for each element of this array, in its shape, its place among them
  /// (int64).
  public func uniqueInverse() -> (values: NDArray, inverse: NDArray) {
    let runs = runs(positions: true)
    return (runs.values, NDArray(runs.inverse, shape: shape))
  }

  /// The different elements, where each first stands, which one each element is, and how often each is there.
  ///
  /// Places count in row-major order; `inverse` has this array's shape. All three are int64.
  public func uniqueAll() -> (
    values: NDArray, indices: NDArray, inverse: NDArray, counts: NDArray
  ) {
    let runs = runs(positions: true)
    return (
      runs.values, NDArray(runs.firsts), NDArray(runs.inverse, shape: shape), NDArray(runs.counts)
    )
  }

  /// Whether each element is among those of `elements`; NaN never is.
  public func isIn(_ elements: NDArray) -> NDArray {
    let promoted = dtype.promoted(with: elements.dtype)
    return NDArray(
      Membership(), [asType(promoted), elements.asType(promoted).flattened().sorted()],
      shape: shape, dtype: .bool)
  }

  /// The elements of either array.
  public func union(_ other: NDArray) -> NDArray { joined(other).unique() }

  /// The elements that are in both arrays.
  public func intersection(_ other: NDArray) -> NDArray {
    let own = asType(dtype.promoted(with: other.dtype)).unique()
    return own.chosen(own.isIn(other))
  }

  /// The elements that are not in the other array.
  public func setDifference(_ other: NDArray) -> NDArray {
    let own = asType(dtype.promoted(with: other.dtype)).unique()
    return own.chosen(!own.isIn(other))
  }

  /// The elements that are in one of the arrays only.
  public func symmetricDifference(_ other: NDArray) -> NDArray {
    setDifference(other).union(other.setDifference(self))
  }

  /// The elements of both, one array after the other.
  private func joined(_ other: NDArray) -> NDArray {
    let promoted = dtype.promoted(with: other.dtype)
    let parts = [self, other].map { $0.asType(promoted).memory.contiguous }
    let both = ArrayMemory(uninitialized: [count + other.count], dtype: promoted)
    var target = both.base
    for part in parts {
      let size = part.count * promoted.size
      target.copyMemory(from: part.base, byteCount: size)
      target += size
    }
    withExtendedLifetime(parts) {}
    return NDArray(both)
  }

  /// The elements of this array of one axis where `mask` is true.
  private func chosen(_ mask: NDArray) -> NDArray {
    let memory = memory.contiguous
    let flags = mask.elements(as: Bool.self)
    let chosen = ArrayMemory(uninitialized: [flags.count { $0 }], dtype: dtype)
    var target = chosen.base
    for (k, isChosen) in flags.enumerated() where isChosen {
      target.copyMemory(from: memory.base + k * dtype.size, byteCount: dtype.size)
      target += dtype.size
    }
    withExtendedLifetime((memory, chosen)) {}
    return NDArray(chosen)
  }
}

/// Runs of equal elements in sorted order.
private struct Runs {
  var values: NDArray
  var counts: [Int64] = []
  /// The first element of each run, and for each element its run; left empty unless asked for.
  var firsts: [Int64] = []
  var inverse: [Int64] = []
}

extension NDArray {
  fileprivate func runs(positions: Bool) -> Runs {
    switch dtype {
    case .float32: runs(of: Float.self, positions, zero: 0)
    case .float64: runs(of: Double.self, positions, zero: 0)
    case .int32: runs(of: Int32.self, positions, zero: 0)
    case .int64: runs(of: Int64.self, positions, zero: 0)
    case .uint8, .bool: runs(of: UInt8.self, positions, zero: 0)
    case .complex64: runs(of: Complex<Float>.self, true, zero: Complex(0))
    case .complex128: runs(of: Complex<Double>.self, true, zero: Complex(0))
    }
  }

  private func runs<Element: BitwiseCopyable & Equatable>(
    of type: Element.Type, _ positions: Bool, zero: Element
  ) -> Runs {
    let memory = memory.contiguous
    defer { withExtendedLifetime(memory) {} }
    let elements = UnsafeBufferPointer(
      start: memory.base.assumingMemoryBound(to: Element.self), count: count)
    var runs = Runs(values: self)
    var values: [Element] = []
    if positions {
      runs.inverse = [Int64](repeating: 0, count: count)
      let order = flattened().argsort().elements(as: Int64.self)
      for index in order {
        let element = elements[Int(index)]
        if values.last == element {
          runs.counts[values.count - 1] += 1
        } else {
          values.append(element)
          runs.counts.append(1)
          runs.firsts.append(index)
        }
        runs.inverse[Int(index)] = Int64(values.count - 1)
      }
    } else {
      // Equal elements have the same bits, but for zeros.
      let first = elements.first { $0 == zero } ?? zero
      let sorted = flattened().sorted().memory
      let row = sorted.base.assumingMemoryBound(to: Element.self)
      for k in 0..<count {
        let element = row[k]
        if values.last == element {
          runs.counts[values.count - 1] += 1
        } else {
          values.append(element == zero ? first : element)
          runs.counts.append(1)
        }
      }
      withExtendedLifetime(sorted) {}
    }
    let result = ArrayMemory(uninitialized: [values.count], dtype: dtype)
    values.withUnsafeBytes {
      if let base = $0.baseAddress { result.base.copyMemory(from: base, byteCount: $0.count) }
    }
    runs.values = NDArray(result)
    return runs
  }
}

/// Whether each element of the first input is in the second, which is sorted.
private struct Membership: ArrayFunction {
  var name: String { "isIn" }

  func evaluate(_ inputs: [ArrayMemory], result: ResultType, threads: Int) -> ArrayMemory {
    let (values, sorted) = (inputs[0].contiguous, inputs[1].contiguous)
    let output = ArrayMemory(uninitialized: result.shape, dtype: .bool)
    let rows = SharedRows(source: UnsafeRawPointer(values.base), result: output.base)
    rows.forEach(values.count, work: values.count, threads: threads) { memory, part in
      func flag<Element: Equatable>(_ type: Element.Type) {
        Self.flag(memory, part, sorted, of: type)
      }
      switch sorted.dtype {
      case .float32: flag(Float.self)
      case .float64: flag(Double.self)
      case .int32: flag(Int32.self)
      case .int64: flag(Int64.self)
      case .uint8, .bool: flag(UInt8.self)
      case .complex64: flag(Complex<Float>.self)
      case .complex128: flag(Complex<Double>.self)
      }
    }
    withExtendedLifetime((values, sorted)) {}
    return output
  }

  private static func flag<Element: Equatable>(
    _ memory: SharedRows, _ part: Range<Int>, _ sorted: ArrayMemory, of type: Element.Type
  ) {
    let values = memory.source.assumingMemoryBound(to: type) + part.lowerBound
    let row = sorted.base.assumingMemoryBound(to: type)
    let flags = memory.result.assumingMemoryBound(to: Bool.self) + part.lowerBound
    var positions = [Int64](repeating: 0, count: part.count)
    SortKernels.current.search(
      sorted.dtype, sorted.base, count: sorted.count, values: values, valueCount: part.count,
      right: false, to: &positions)
    for (k, index) in positions.enumerated() {
      flags[k] = index < sorted.count && row[Int(index)] == values[k]
    }
  }
}
