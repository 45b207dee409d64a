import Martlet
import TestSupport
import Testing

/// The package's own transforms, also where FFTW does the work.
struct OwnFourierTests {
  static let primes = [509, 997, 1009, 4099, 65537]
  static let products = [
    1000, 1024, 1080, 1331, 2187, 2197, 3125, 2401, 6561, 10_000, 16_807, 15_625, 19_683, 44_100,
    22_050,
  ]
  static let powers = [9, 10, 11, 12, 13, 15, 16, 20].map { 1 << $0 }

  /// Whole numbers from -15 through 15, as pairs.
  private static func numbers(_ count: Int) -> [Double] {
    var state: UInt64 = 0x9e37_79b9_7f4a_7c15 &* UInt64(count + 1)
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(Int(state >> 40) % 31 - 15)
    }
  }

  /// Input for a key, as parts: a half spectrum has real ends.
  private static func input(_ key: FourierKey) -> [Double] {
    let isReal = key.inputType.isReal
    var values = numbers(key.inputCount * (isReal ? 1 : 2))
    if key.kind == .halfToReal {
      values[1] = 0
      if key.length % 2 == 0 { values[key.length + 1] = 0 }
    }
    return values
  }

  private static func transformed(
    _ key: FourierKey, _ input: [Double], _ set: InstructionSet = .current, offset: Int = 0
  ) -> [Double] {
    let tables = OwnFourierTables(key, set)
    return key.isSingle
      ? run(tables, key, input, offset, Float.self) : run(tables, key, input, offset, Double.self)
  }

  /// With guards behind what is written, and everything `offset` elements off.
  private static func run<Part: ComplexPart & BinaryFloatingPoint>(
    _ tables: OwnFourierTables, _ key: FourierKey, _ input: [Double], _ offset: Int, _: Part.Type
  ) -> [Double] {
    let size = MemoryLayout<Part>.stride
    let guardValue = Part(12345.5)
    let outputCount = key.outputCount * (key.outputType.isReal ? 1 : 2)
    func place(_ count: Int) -> (Buffer, UnsafeMutablePointer<Part>) {
      let buffer = Buffer(uninitializedByteCount: (count + offset + 8) * size)
      let all = buffer.base.assumingMemoryBound(to: Part.self)
      for k in 0..<count + offset + 8 { all[k] = guardValue }
      return (buffer, all + offset)
    }
    let (inputBuffer, x) = place(input.count)
    let (outputBuffer, y) = place(outputCount)
    let (scratchBuffer, work) = place(tables.scratchBytes / size)
    for k in input.indices { x[k] = Part(input[k]) }
    tables.execute(x, y, scratch: work)
    for k in 0..<8 {
      #expect(x[input.count + k] == guardValue && y[outputCount + k] == guardValue, "\(key)")
      #expect(work[tables.scratchBytes / size + k] == guardValue, "\(key)")
    }
    if key.kind != .halfToReal {
      #expect(input.indices.allSatisfy { x[$0] == Part(input[$0]) || input[$0].isNaN }, "\(key)")
    }
    return withExtendedLifetime((inputBuffer, outputBuffer, scratchBuffer)) {
      (0..<outputCount).map { Double(y[$0]) }
    }
  }

  private static func keys(_ length: Int) -> [FourierKey] {
    FourierKey.Kind.allCases.flatMap { kind in
      [false, true].map {
        FourierKey(kind: kind, length: length, isSingle: $0, maker: .own)
      }
    }
  }

  /// Half of two units in the last place for each level of a transform.
  ///
  /// The error as a vector relative to the exact result as a vector, in units of 2^-53 or 2^-24, is at most log2 2n. Of
  /// long lines some points are looked at, which stand for all.
  private func checkAccuracy(_ length: Int, points: Int? = nil) {
    let roots = ExactRoots(length)
    let looked = points.map { count in (0..<count).map { $0 * (length - 1) / (count - 1) } }
    for key in Self.keys(length) where length < 1 << 18 || key.kind == .forward {
      let input = Self.input(key)
      let result = Self.transformed(key, input)
      // All points of the line in reals and imaginaries.
      let half = (0..<length).map { $0 <= length / 2 ? $0 : length - $0 }
      let (x, y): ([Double], [Double]) =
        switch key.kind {
        case .realToHalf: (input, Array(repeating: 0, count: length))
        case .halfToReal:
          (
            half.map { input[2 * $0] },
            half.indices.map { $0 <= length / 2 ? input[2 * $0 + 1] : -input[2 * half[$0] + 1] }
          )
        default: (half.indices.map { input[2 * $0] }, half.indices.map { input[2 * $0 + 1] })
        }
      let sign: Double = key.kind == .forward || key.kind == .realToHalf ? 1 : -1
      var (error, norm) = (0.0, 0.0)
      for k in looked ?? Array(0..<key.outputCount) where k < key.outputCount {
        let sums = roots.sums(x, y, k)
        func add(
          _ found: Double, _ a: (high: Double, low: Double), _ b: (high: Double, low: Double),
          _ s: Double
        ) {
          let high = a.high + s * b.high
          let t = high - a.high
          let low = (a.high - (high - t)) + (s * b.high - t) + (a.low + s * b.low)
          let difference = (found - high) - low
          error += difference * difference
          norm += high * high
        }
        let isReal = key.outputType.isReal
        add(isReal ? result[k] : result[2 * k], sums[0], sums[3], sign)
        if !isReal { add(result[2 * k + 1], sums[2], sums[1], -sign) }
      }
      let unit = key.isSingle ? 0x1p-24 : 0x1p-53
      let allowed = unit * (log2(Double(2 * length)))
      #expect(error.squareRoot() <= allowed * norm.squareRoot(), "\(key)")
    }
  }

  private func log2(_ x: Double) -> Double { NDArray([x]).log2().doubles[0] }

  @Test func shortLinesAreExact() {
    for length in 1...300 { checkAccuracy(length) }
  }

  @Test(arguments: primes + products + powers)
  func longLinesAreExact(length: Int) {
    checkAccuracy(length, points: length > 1 << 16 ? 9 : 40)
  }

  /// Rounded correctly but for five in a hundred, which are the next number; the four axes are exact.
  @Test(arguments: [1, 8, 12, 97, 300, 1 << 12, 10_007])
  func rootsAreRounded(n: Int) {
    let exact = ExactRoots(n)
    for set in InstructionSet.available {
      let roots = OwnFourierTables.roots(n, set)
      var inexact = 0
      for k in 0..<n {
        for (found, parts) in [(roots[2 * k], exact.cosine), (roots[2 * k + 1], exact.sine)] {
          let rest = (found - parts[0][k] - parts[1][k]) - parts[2][k]
          if !(abs(rest) <= 0.5 * found.ulp) { inexact += 1 }
          #expect(abs(rest) <= 0.8 * found.ulp)
        }
      }
      #expect(inexact * 100 <= 5 * 2 * n)
      if n % 4 == 0 {
        #expect(roots[n / 2] == 0 && roots[n / 2 + 1] == 1 && roots[n] == -1 && roots[n + 1] == 0)
      }
    }
  }

  @Test func everyInstructionSetHasTheSameBits() {
    for length in Array(1...130) + Self.primes.dropLast() + Self.products.dropLast(5) {
      for key in Self.keys(length) {
        let input = Self.input(key).map { $0 / 7 }
        let expected = Self.transformed(key, input, .baseline)
        for set in InstructionSet.available {
          // Elsewhere than at the beginning of a cache line, too.
          for offset in length % 7 == 0 ? [0, 1, 3] : [0] {
            #expect(
              sameBits(Self.transformed(key, input, set, offset: offset), expected), "\(key) \(set)"
            )
          }
        }
      }
    }
  }

  #if FFTW && os(Linux)
    /// All makers there are, within the error of both.
    @Test func makersAgree() {
      for length in Array(1...128) + [509, 1000, 1024, 10_000] {
        for dtype in [ElementType.float64, .float32, .complex128, .complex64] {
          var random = RandomGenerator(seed: 11)
          var x = random.normal([3, length])
          if dtype.isComplex { x = x + random.normal([3, length]) * Complex(0.0, 1.0) }
          x = x.asType(dtype).eval()
          let results = FourierMaker.allCases.map { maker in
            FourierMaker.$current.withValue(maker) {
              [x.fft().eval(), x.ifft().eval(), x.irfft(n: length).eval()]
            }
          }
          for (own, other) in zip(results[0], results[1]) {
            let most = other.parts.reduce(0) { max($0, abs($1)) }
            let allowed = (dtype.realType == .float32 ? 0x1p-24 : 0x1p-53) * most * 12
            #expect(
              zip(own.parts, other.parts).allSatisfy { abs($0 - $1) <= allowed },
              "\(length) \(dtype)")
          }
        }
      }
    }
  #endif

  /// There and back; sums of lines; a turn of a line is a factor; the power stays.
  @Test(arguments: [1, 2, 15, 16, 30, 97, 128, 500, 1000, 1009, 4096])
  func lawsHold(length: Int) {
    FourierMaker.$current.withValue(.own) {
      var random = RandomGenerator(seed: UInt64(length))
      let x = (random.normal([length]) + random.normal([length]) * Complex(0.0, 1.0)).eval()
      let y = (random.normal([length]) + random.normal([length]) * Complex(0.0, 1.0)).eval()
      func isNear(_ a: NDArray, _ b: NDArray) -> Bool {
        let most = b.parts.reduce(1) { max($0, abs($1)) }
        return zip(a.parts, b.parts).allSatisfy { abs($0 - $1) <= 4e-15 * most }
      }
      #expect(isNear(x.fft().ifft(), x))
      #expect(isNear((x * 3 + y).fft(), x.fft() * 3 + y.fft()))
      let real = random.normal([length]).eval()
      #expect(isNear(real.rfft().irfft(n: length), real))
      let turned = NDArray.concatenated([x[.slice(1)], x[.slice(0, 1)]], axis: 0)
      let roots = OwnFourierTables.roots(length, .current)
      let factors = NDArray((0..<length).map { Complex(roots[2 * $0], roots[2 * $0 + 1]) })
      #expect(isNear(turned.fft(), x.fft() * factors))
      let power = x.parts.reduce(0) { $0 + $1 * $1 }
      let spectral = x.fft().parts.reduce(0) { $0 + $1 * $1 } / Double(length)
      #expect(abs(power - spectral) <= 1e-14 * power)
    }
  }

  /// What is not finite reaches most points; those where its factor is zero by symmetry may stay as they are.
  @Test func undefinedInputsAreTransformed() {
    for length in [1, 2, 3, 13, 16, 17, 64, 90, 97, 210, 512] {
      for key in Self.keys(length) {
        for value in [Double.nan, .infinity, -.infinity] {
          var input = Self.input(key)
          input[min(2, input.count - 1) / 2 * 2] = value
          let result = Self.transformed(key, input)
          let touched = result.count { !$0.isFinite }
          #expect(4 * touched >= result.count, "\(key) \(value)")
        }
      }
    }
  }
}
