import CMartletKernels
import MartletArrays

/// Sums of products of lines (input 0) with taps (input 1) laid over them.
///
/// The result's last axis holds place `start` and the following. At place k the last tap lies on element k, and taps beyond the line's
/// ends count nothing.
struct Convolution: ArrayFunction {
  let start: Int
  let usesFourier: Bool

  var name: String { "convolution" }

  /// Products from which a second thread pays for its start.
  private static let threadedWork = 1 << 19

  /// Whether transforms are faster, for n elements and m <= n taps.
  ///
  /// Measured on x86-64 with AVX-512 at
  /// 10^3 and 10^5 elements: by definition 0.036 ns a product (float32 0.019, complex128 0.14), by
  /// transforms about 3 ns an element (1.5, 3.5).
  static func isFasterByFourier(_ n: Int, _ m: Int, _ dtype: ElementType) -> Bool {
    m >= (dtype.isComplex ? 40 : 96)
  }

  func evaluate(_ inputs: [ArrayMemory], result: ResultType, threads: Int) -> ArrayMemory {
    let (line, taps) = (inputs[0].contiguous, inputs[1].contiguous)
    let target = ArrayMemory(uninitialized: result.shape, dtype: result.dtype)
    guard target.count > 0 else { return target }
    let lines = SlidingLines(line, taps, target, start)
    if usesFourier {
      FourierSlide(lines).run(threads: threads)
    } else {
      let work = target.count * lines.taps
      let job = DirectSlide(lines, threads: work >= Self.threadedWork ? threads : 1)
      Workers.run(items: job.items, threads: job.threads) { next in
        while let item = next() { job.run(item) }
      }
    }
    return target
  }
}

/// Row-major operands whose last axis slides and whose other axes broadcast.
struct SlidingLines: Sendable {
  let target: ArrayMemory
  /// Lengths along the last axis.
  let length: Int
  let taps: Int
  let count: Int
  let start: Int
  let lines: Int
  private let source: ArrayMemory
  private let tapSource: ArrayMemory
  private let lead: [Int]
  private let sourceStrides: [Int]
  private let tapStrides: [Int]

  init(_ source: ArrayMemory, _ taps: ArrayMemory, _ target: ArrayMemory, _ start: Int) {
    (self.source, tapSource, self.target, self.start) = (source, taps, target, start)
    length = source.shape[source.shape.count - 1]
    self.taps = taps.shape[taps.shape.count - 1]
    count = target.shape[target.shape.count - 1]
    lead = Array(target.shape.dropLast())
    lines = lead.reduce(1, *)
    func strides(_ memory: ArrayMemory) -> [Int] {
      var full = [Int](repeating: 0, count: target.shape.count)
      let missing = target.shape.count - memory.shape.count
      for axis in 0..<memory.shape.count - 1 where memory.shape[axis] != 1 {
        full[missing + axis] = memory.strides[axis]
      }
      return Array(full.dropLast())
    }
    sourceStrides = strides(source)
    tapStrides = strides(taps)
  }

  var dtype: ElementType { target.dtype }
  var size: Int { target.dtype.size }
  /// How many different lines of taps there are, if they follow each other; otherwise one for each line.
  var tapLines: Int { tapStrides.allSatisfy { $0 == 0 } ? 1 : lines }

  private func offset(_ line: Int, _ strides: [Int]) -> Int {
    var (rest, offset) = (line, 0)
    for axis in lead.indices.reversed() {
      offset += rest % lead[axis] * strides[axis]
      rest /= lead[axis]
    }
    return offset
  }

  func source(_ line: Int) -> UnsafeMutableRawPointer {
    source.base + offset(line, sourceStrides) * size
  }
  func taps(_ line: Int) -> UnsafeMutableRawPointer {
    tapSource.base + offset(line, tapStrides) * size
  }
  func target(_ line: Int) -> UnsafeMutableRawPointer { target.base + line * count * size }
}

/// By definition, in parts of lines.
private struct DirectSlide: Sendable {
  let lines: SlidingLines
  let threads: Int
  private let part: Int
  private let parts: Int

  init(_ lines: SlidingLines, threads: Int) {
    self.lines = lines
    self.threads = threads
    // Each place has bits of its own, so parts may depend on threads.
    let wanted = threads == 1 || lines.lines >= 4 * threads ? 1 : 4 * threads
    part = max(1024, (lines.count + wanted - 1) / wanted)
    parts = (lines.count + part - 1) / part
  }

  var items: Int { lines.lines * parts }

  func run(_ item: Int) {
    let line = item / parts
    let first = item % parts * part
    let indices = lines.start + first..<lines.start + min(lines.count, first + part)
    let (x, g) = (lines.source(line), lines.taps(line))
    let y = lines.target(line) + first * lines.size
    let (n, m, size) = (lines.length, lines.taps, lines.size)
    let at = { (index: Int) in y + (index - indices.lowerBound) * size }
    // Where all taps lie on the line; before and after it zeros stand in for what is missing.
    let whole = indices.clamped(to: m - 1..<max(m - 1, n))
    let before = indices.clamped(
      to: indices.lowerBound..<max(indices.lowerBound, min(m - 1, indices.upperBound)))
    let after = before.upperBound + whole.count..<indices.upperBound
    for edge in [before, after] where !edge.isEmpty {
      reach(over: edge, x, g, at(edge.lowerBound))
    }
    if !whole.isEmpty {
      Self.slide(
        x + (whole.lowerBound - m + 1) * size, g, m, at(whole.lowerBound), whole.count,
        lines.dtype)
    }
  }

  private func reach(
    over indices: Range<Int>, _ x: UnsafeMutableRawPointer, _ g: UnsafeMutableRawPointer,
    _ y: UnsafeMutableRawPointer
  ) {
    let (n, m, size) = (lines.length, lines.taps, lines.size)
    guard areTapsFinite(g) else {
      // Zeros times an infinity would count.
      for index in indices {
        let (from, to) = (max(0, index - m + 1), min(n, index + 1))
        let skipped = from - (index - m + 1)
        Self.slide(
          x + from * size, g + skipped * size, to - from,
          y + (index - indices.lowerBound) * size, 1, lines.dtype)
      }
      return
    }
    let begin = indices.lowerBound - m + 1
    let end = indices.upperBound
    let (from, to) = (max(0, begin), min(n, end))
    withUnsafeTemporaryAllocation(byteCount: (end - begin) * size, alignment: 64) { room in
      let base = room.baseAddress!
      room.initializeMemory(as: UInt8.self, repeating: 0)
      (base + (from - begin) * size).copyMemory(
        from: x + from * size, byteCount: (to - from) * size)
      Self.slide(base, g, m, y, indices.count, lines.dtype)
    }
  }

  private func areTapsFinite(_ g: UnsafeMutableRawPointer) -> Bool {
    switch lines.dtype {
    case .float64, .complex128:
      let count = lines.taps * lines.size / 8
      let g = g.assumingMemoryBound(to: Double.self)
      return (0..<count).allSatisfy { g[$0].isFinite }
    case .float32, .complex64:
      let count = lines.taps * lines.size / 4
      let g = g.assumingMemoryBound(to: Float.self)
      return (0..<count).allSatisfy { g[$0].isFinite }
    default: return true
    }
  }

  private static func slide(
    _ x: UnsafeMutableRawPointer, _ g: UnsafeMutableRawPointer, _ taps: Int,
    _ y: UnsafeMutableRawPointer, _ count: Int, _ dtype: ElementType
  ) {
    let kernels = ConvolutionKernels.current
    switch dtype {
    case .complex128: complex(x, g, taps, y, count, Double.self, kernels.real(.float64))
    case .complex64: complex(x, g, taps, y, count, Float.self, kernels.real(.float32))
    default: kernels.real(dtype)(x, 1, g, Int64(taps), y, Int64(count))
    }
  }

  /// The parts of the numbers with the taps' real and imaginary parts, then the sums.
  private static func complex<Part: ComplexPart>(
    _ x: UnsafeMutableRawPointer, _ g: UnsafeMutableRawPointer, _ taps: Int,
    _ y: UnsafeMutableRawPointer, _ count: Int, _: Part.Type, _ slide: mk_slide
  ) {
    let g = g.assumingMemoryBound(to: Complex<Part>.self)
    let y = y.assumingMemoryBound(to: Complex<Part>.self)
    let block = 512
    withUnsafeTemporaryAllocation(of: Part.self, capacity: 2 * taps + 4 * block) { room in
      let real = room.baseAddress!
      let imaginary = real + taps
      let a = imaginary + taps
      let b = a + 2 * block
      for k in 0..<taps {
        real[k] = g[k].real
        imaginary[k] = g[k].imaginary
      }
      for first in stride(from: 0, to: count, by: block) {
        let n = min(block, count - first)
        let from = x + first * MemoryLayout<Complex<Part>>.stride
        slide(from, 2, real, Int64(taps), a, Int64(2 * n))
        slide(from, 2, imaginary, Int64(taps), b, Int64(2 * n))
        for k in 0..<n {
          y[first + k] = Complex(a[2 * k] - b[2 * k + 1], a[2 * k + 1] + b[2 * k])
        }
      }
    }
  }
}

/// The kernels of one instruction set.
private struct ConvolutionKernels: @unchecked Sendable {
  private let table: UnsafePointer<mk_convolution_table>

  static let current: ConvolutionKernels = {
    guard
      let table = mk_convolution_table_get(InstructionSet.current.rawValue)
        ?? mk_convolution_table_get(0)
    else { fatalError("ConvolutionKernels: no table") }
    return ConvolutionKernels(table: table)
  }()

  func real(_ dtype: ElementType) -> mk_slide {
    let found: mk_slide? =
      switch dtype {
      case .float64: table.pointee.float64
      case .float32: table.pointee.float32
      case .int64: table.pointee.int64
      case .int32: table.pointee.int32
      case .uint8: table.pointee.uint8
      case .bool, .complex64, .complex128: nil
      }
    guard let found else { fatalError("Convolution: elements of \(dtype)") }
    return found
  }
}
