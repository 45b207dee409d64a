import MartletArrays

/// Convolution by transforms of overlapping parts of the lines (overlap-save: Stockham 1966).
struct FourierSlide: Sendable {
  private let lines: SlidingLines
  /// Points of a transform, and places that one gives.
  private let points: Int
  private let part: Int
  private let parts: Int
  private let there: FourierPlan
  private let back: FourierPlan

  /// Parts from which a second thread pays for its start, in points.
  private static let threadedCount = 1 << 16

  init(_ lines: SlidingLines) {
    self.lines = lines
    points = Self.points(lines.count, lines.taps)
    part = points - lines.taps + 1
    parts = (lines.count + part - 1) / part
    let isSingle = lines.dtype.realType == .float32
    let isComplex = lines.dtype.isComplex
    there = .plan(
      FourierKey(kind: isComplex ? .forward : .realToHalf, length: points, isSingle: isSingle))
    back = .plan(
      FourierKey(kind: isComplex ? .backward : .halfToReal, length: points, isSingle: isSingle))
  }

  /// The length of transforms with the least work for each place: one for all, or a power of two.
  private static func points(_ count: Int, _ taps: Int) -> Int {
    func cost(_ points: Int) -> Double {
      let part = points - taps + 1
      let log = Double(Int.bitWidth - points.leadingZeroBitCount)
      // Beyond the second cache each point costs more.
      let far = points > 1 << 15 ? 1.5 : 1.0
      return Double((count + part - 1) / part) * Double(points) * (log + 4) * far
    }
    var best = fastLength(count + taps - 1)
    var power = 512
    while power < 2 * taps { power *= 2 }
    while power < best {
      if cost(power) < cost(best) { best = power }
      power *= 2
      if power > 64 * taps && power > 1 << 14 { break }
    }
    return best
  }

  /// The smallest product of 2, 3, 5 and one factor 2 at least that is not below `length`.
  static func fastLength(_ length: Int) -> Int {
    var best = 2
    while best < length { best *= 2 }
    var fives = 1
    while fives < best {
      var threes = fives
      while threes < best {
        var product = 2 * threes
        while product < length { product *= 2 }
        best = min(best, product)
        threes *= 3
      }
      fives *= 5
    }
    return best
  }

  func run(threads: Int) {
    let spectrumBytes = (there.key.outputCount * there.key.outputType.size + 63) / 64 * 64
    let spectra = Buffer(uninitializedByteCount: lines.tapLines * spectrumBytes)
    let scratchBytes = (points * lines.dtype.complexType.size + 63) / 64 * 64
    let room = Buffer(uninitializedByteCount: scratchBytes + there.scratchBytes)
    for line in 0..<lines.tapLines {
      transformTaps(
        line, room.base, room.base + scratchBytes, spectra.base + line * spectrumBytes)
    }
    let job = self
    let isThreaded = lines.lines * parts * points >= Self.threadedCount
    Workers.run(items: lines.lines * parts, threads: isThreaded ? threads : 1) { next in
      let workBytes = max(job.there.scratchBytes, job.back.scratchBytes)
      let scratch = Buffer(uninitializedByteCount: 2 * scratchBytes + workBytes)
      while let item = next() {
        let line = item / job.parts
        let spectrum = spectra.base + (job.lines.tapLines == 1 ? 0 : line) * spectrumBytes
        job.run(
          line, item % job.parts, spectrum, scratch.base, scratch.base + scratchBytes,
          scratch.base + 2 * scratchBytes)
      }
      withExtendedLifetime(scratch) {}
    }
    withExtendedLifetime((spectra, room)) {}
  }

  /// The spectrum of the taps in the order of a convolution, with the factor of the way back.
  private func transformTaps(
    _ line: Int, _ room: UnsafeMutableRawPointer, _ work: UnsafeMutableRawPointer,
    _ spectrum: UnsafeMutableRawPointer
  ) {
    let (size, m) = (lines.size, lines.taps)
    let taps = lines.taps(line)
    for k in 0..<m {
      (room + k * size).copyMemory(from: taps + (m - 1 - k) * size, byteCount: size)
    }
    clear(room + m * size, points - m)
    there.execute(room, spectrum, scratch: work)
    if there.key.isSingle { scale(spectrum, Float.self) } else { scale(spectrum, Double.self) }
  }

  private func scale<Part: ComplexPart>(_ spectrum: UnsafeMutableRawPointer, _: Part.Type) {
    let parts = spectrum.assumingMemoryBound(to: Part.self)
    let factor = 1 / Part(points)
    for k in 0..<2 * there.key.outputCount { parts[k] *= factor }
  }

  private func clear(_ target: UnsafeMutableRawPointer, _ count: Int) {
    target.initializeMemory(as: UInt8.self, repeating: 0, count: count * lines.size)
  }

  private func run(
    _ line: Int, _ number: Int, _ spectrum: UnsafeMutableRawPointer,
    _ a: UnsafeMutableRawPointer, _ b: UnsafeMutableRawPointer,
    _ work: UnsafeMutableRawPointer
  ) {
    let (size, m, n) = (lines.size, lines.taps, lines.length)
    let first = lines.start + number * part
    let count = min(part, lines.start + lines.count - first)
    // Elements first - m + 1 ..< first - m + 1 + points, zeros where the line has none.
    let begin = first - m + 1
    let (from, to) = (max(0, begin), min(n, begin + points))
    clear(a, from - begin)
    (a + (from - begin) * size).copyMemory(
      from: lines.source(line) + from * size, byteCount: (to - from) * size)
    clear(a + (to - begin) * size, begin + points - to)
    there.execute(a, b, scratch: work)
    if there.key.isSingle {
      multiply(b, spectrum, Float.self)
    } else {
      multiply(b, spectrum, Double.self)
    }
    back.execute(b, a, scratch: work)
    (lines.target(line) + number * part * size).copyMemory(
      from: a + (m - 1) * size, byteCount: count * size)
  }

  private func multiply<Part: ComplexPart>(
    _ x: UnsafeMutableRawPointer, _ y: UnsafeMutableRawPointer, _: Part.Type
  ) {
    let x = x.assumingMemoryBound(to: Complex<Part>.self)
    let y = y.assumingMemoryBound(to: Complex<Part>.self)
    for k in 0..<there.key.outputCount {
      let (a, b) = (x[k], y[k])
      x[k] = Complex(
        a.real * b.real - a.imaginary * b.imaginary, a.real * b.imaginary + a.imaginary * b.real)
    }
  }
}
