import Martlet
import TestSupport
import Testing

/// A line of `Reference/fourier.npz`: what NumPy computes in double precision.
private struct FourierCase: CustomStringConvertible {
  let words: [String: String]
  let values: NDArray

  static let all: [FourierCase] = {
    let path = #filePath.replacing("FourierTests.swift", with: "Reference/fourier.npz")
    do {
      let file = try NPZFile(path: path)
      let values = try file.array("values")
      return try file.strings("cases").map { line in
        let pairs = line.split(separator: " ").map { word in
          let at = word.firstIndex(of: "=")!
          return (String(word[..<at]), String(word[word.index(after: at)...]))
        }
        return FourierCase(words: Dictionary(uniqueKeysWithValues: pairs), values: values)
      }
    } catch {
      Issue.record("\(path): \(error)")
      return []
    }
  }()

  var description: String {
    words.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(separator: " ")
  }
  var operation: String { words["op"]! }
  var norm: FourierNorm { FourierNorm(rawValue: words["norm"]!)! }
  var n: Int? { words["n"].map { Int($0)! } }
  var axis: Int { Int(words["axis"]!)! }
  var axes: [Int]? { words["axes"].map(Self.integers) }
  var lengths: [Int]? { words["s"].map(Self.integers) }
  var shape: [Int] { Self.integers(words["outshape"]!) }
  var dtype: ElementType { ElementType(rawValue: words["outdtype"]!)! }

  private static func integers(_ text: String) -> [Int] {
    text.split(separator: "x").map { Int($0)! }
  }

  private func stored(_ place: String, _ shape: [Int], _ isComplex: Bool) -> NDArray {
    let count = shape.reduce(isComplex ? 2 : 1, *)
    let part = values[.slice(Int(place)!, Int(place)! + count)]
    guard isComplex else { return part.reshaped(shape) }
    return part.withUnsafeElements(of: Double.self) { parts in
      NDArray((0..<count / 2).map { Complex(parts[2 * $0], parts[2 * $0 + 1]) }, shape: shape)
    }
  }

  var expected: NDArray { stored(words["out"]!, shape, dtype.isComplex) }

  var input: NDArray {
    let dtype = ElementType(rawValue: words["dtype"]!)!
    var array = stored(words["in"]!, Self.integers(words["base"]!), dtype.isComplex).asType(dtype)
    for view in words["view"]! {
      switch view {
      case "T": array = array.transposed()
      case "R": array = array[.ellipsis, .slice(step: -1)]
      case "S": array = array[.ellipsis, .slice(step: 2)]
      case "O": array = array[.slice(1), .ellipsis]
      case "B": array = array.broadcast(to: [3] + array.shape)
      default: break
      }
    }
    return array
  }

  var other: NDArray {
    let dtype = ElementType(rawValue: words["dtype2"]!)!
    return stored(words["in2"]!, Self.integers(words["base2"]!), dtype.isComplex).asType(dtype)
  }

  /// What is wrong with a result, nil if nothing is.
  func problem(_ result: NDArray, tolerance: Double? = nil) -> String? {
    if result.shape != shape { return "shape \(result.shape)" }
    if result.dtype != dtype { return "element type \(result.dtype)" }
    let (a, b) = (result.parts, expected.parts)
    let isSingle = dtype.realType == .float32
    let allowed = tolerance ?? (!dtype.isInexact ? 0 : isSingle ? 1e-6 : 2e-14)
    let scale = b.reduce(0) { max($0, abs($1)) }
    for k in a.indices where !(abs(a[k] - b[k]) <= allowed * scale) {
      return "part \(k): \(a[k]); expected \(b[k]) of at most \(scale)"
    }
    return nil
  }
}

struct FourierTests {
  @Test(arguments: FourierMaker.allCases)
  func everyTransformIsNumPys(maker: FourierMaker) {
    FourierMaker.$current.withValue(maker) { checkTransforms() }
  }

  private func checkTransforms() {
    var seen: [String: Int] = [:]
    for test in FourierCase.all {
      let x = test.input
      let result: NDArray
      switch test.operation {
      case "fft": result = x.fft(n: test.n, axis: test.axis, norm: test.norm)
      case "ifft": result = x.ifft(n: test.n, axis: test.axis, norm: test.norm)
      case "rfft": result = x.rfft(n: test.n, axis: test.axis, norm: test.norm)
      case "irfft": result = x.irfft(n: test.n, axis: test.axis, norm: test.norm)
      case "hfft": result = x.hfft(n: test.n, axis: test.axis, norm: test.norm)
      case "ihfft": result = x.ihfft(n: test.n, axis: test.axis, norm: test.norm)
      case "fftn": result = x.fftn(shape: test.lengths, axes: test.axes, norm: test.norm)
      case "ifftn": result = x.ifftn(shape: test.lengths, axes: test.axes, norm: test.norm)
      case "rfftn": result = x.rfftn(shape: test.lengths, axes: test.axes, norm: test.norm)
      case "irfftn": result = x.irfftn(shape: test.lengths, axes: test.axes, norm: test.norm)
      case "fft2":
        result = x.fft2(shape: test.lengths, axes: test.axes ?? [-2, -1], norm: test.norm)
      case "ifft2":
        result = x.ifft2(shape: test.lengths, axes: test.axes ?? [-2, -1], norm: test.norm)
      case "rfft2":
        result = x.rfft2(shape: test.lengths, axes: test.axes ?? [-2, -1], norm: test.norm)
      case "irfft2":
        result = x.irfft2(shape: test.lengths, axes: test.axes ?? [-2, -1], norm: test.norm)
      case "fftfreq": result = .fftfreq(test.n!, spacing: Double(test.words["d"]!)!)
      case "rfftfreq": result = .rfftfreq(test.n!, spacing: Double(test.words["d"]!)!)
      case "fftshift": result = x.fftshift(axes: test.axes)
      case "ifftshift": result = x.ifftshift(axes: test.axes)
      default: continue
      }
      seen[test.operation, default: 0] += 1
      let problem = test.problem(result)
      #expect(problem == nil, "\(test)")
    }
    #expect(seen.count == 18 && seen.values.allSatisfy { $0 >= 15 })
    #expect(seen.values.reduce(0, +) > 800)
  }

  @Test(arguments: FourierMaker.allCases)
  func everyConvolutionIsNumPys(maker: FourierMaker) {
    FourierMaker.$current.withValue(maker) { checkConvolutions() }
  }

  private func checkConvolutions() {
    var seen = 0
    for test in FourierCase.all where ["convolve", "correlate"].contains(test.operation) {
      let mode = ConvolutionMode(rawValue: test.words["mode"]!)!
      for method in ConvolutionMethod.allCases {
        let result =
          test.operation == "convolve"
          ? test.input.convolved(with: test.other, mode: mode, method: method)
          : test.input.correlated(with: test.other, mode: mode, method: method)
        let problem = test.problem(result)
        #expect(problem == nil, "\(method): \(test)")
      }
      seen += 1
    }
    #expect(seen > 400)
  }

  /// A line has the same bits alone, among others, strided, misaligned and on any number of threads.
  @Test(
    arguments: FourierMaker.allCases,
    [16, 45, 300, 509].flatMap { length in
      [ElementType.float64, .float32, .complex128, .complex64].map { ($0, length) }
    })
  func linesHaveTheirOwnBits(maker: FourierMaker, line: (dtype: ElementType, length: Int)) {
    FourierMaker.$current.withValue(maker) { checkBits(line.dtype, line.length) }
  }

  private func checkBits(_ dtype: ElementType, _ length: Int) {
    let count = 2 * 65536 / length
    var random = RandomGenerator(seed: 3)
    var values = random.normal([count, length]).asType(dtype)
    if dtype.isComplex { values = values + random.normal([count, length]) * Complex(0.0, 1.0) }
    values = values.asType(dtype).eval()
    let whole = values.fft()
    whole.eval(threads: 1)
    let threaded = values.fft()
    threaded.eval(threads: 7)
    #expect(sameParts(whole, threaded))
    let column = values.transposed().eval()
    #expect(sameParts(column.fft(axis: 0).transposed(), whole))
    let copied = (column + 0).fft(axis: 0)
    #expect(sameParts(copied.transposed(), whole))
    for line in [0, 1, count - 1] {
      #expect(sameParts(values.row(line).fft(), whole.row(line)))
      let shifted = NDArray.concatenated(
        [values.row(line)[.slice(0, 1)], values.row(line)], axis: 0)
      #expect(sameParts(shifted.eval()[.slice(1)].fft(), whole.row(line)))
    }
  }

  private func sameParts(_ a: NDArray, _ b: NDArray) -> Bool { sameBits(a.parts, b.parts) }

  /// More lengths than plans are kept, on several threads that make plans at the same time.
  @Test(arguments: FourierMaker.allCases)
  func plansAreMadeOnAnyThread(maker: FourierMaker) {
    // Threads of the package's own know nothing of the task that they work for.
    @Sendable func thereAndBack(_ values: [Double]) -> [Double] {
      FourierMaker.$current.withValue(maker) {
        NDArray(values).rfft().irfft(n: values.count).doubles
      }
    }
    let expected = (1...90).map { length in
      thereAndBack((0..<length).map { Double($0 * $0 % 7) })
    }
    Workers.run(items: 360, threads: 8) { next in
      while let item = next() {
        let length = item % 90 + 1
        let values = (0..<length).map { Double($0 * $0 % 7) }
        let back = thereAndBack(values)
        #expect(zip(back, values).allSatisfy { abs($0 - $1) < 1e-13 })
        #expect(sameBits(back, expected[length - 1]))
      }
    }
    #expect(FourierPlan.keptCount <= 64 && FourierPlan.keptCount > 8)
  }

  @Test(arguments: FourierMaker.allCases)
  func longConvolutionsByParts(maker: FourierMaker) {
    FourierMaker.$current.withValue(maker) { checkLongConvolutions() }
  }

  private func checkLongConvolutions() {
    var random = RandomGenerator(seed: 5)
    for (n, m) in [(20_000, 300), (5000, 5000), (40_000, 97), (3000, 2)] {
      let x = random.integers([n], in: -9..<10).eval()
      let h = random.integers([m], in: -9..<10).eval()
      for mode in ConvolutionMode.allCases {
        // Whole numbers by definition are exact; their formula is checked against NumPy above.
        let exact = x.convolved(with: h, mode: mode).doubles
        let real = x.asType(.float64).convolved(with: h.asType(.float64), mode: mode, method: .fft)
        let single = x.asType(.float32).convolved(
          with: h.asType(.float32), mode: mode, method: .fft)
        #expect(zip(real.doubles, exact).allSatisfy { abs($0 - $1) < 1e-9 })
        #expect(zip(single.doubles, exact).allSatisfy { abs($0 - $1) < 0.5 })
        let direct = x.asType(.float64).convolved(
          with: h.asType(.float64), mode: mode, method: .direct)
        direct.eval(threads: 3)
        #expect(direct.doubles == exact)
      }
    }
  }

  @Test func whatIsNotFiniteStaysWhereItIs() {
    let x: NDArray = [1.0, 2, 3]
    #expect(
      x.convolved(with: [.init(floatLiteral: .infinity), 1]).doubles == [
        .infinity, .infinity, .infinity, 3,
      ])
    let holes: NDArray = [1.0, .init(floatLiteral: .nan), 3, 4]
    let result = holes.convolved(with: [1, 1, 1.0]).doubles
    #expect(result.map(\.isNaN) == [false, true, true, true, false, false])
    #expect(result[0] == 1 && result[4] == 7 && result[5] == 4)
  }

  @Test func wrongCallsAreRefused() async {
    await #expect(processExitsWith: .failure) { _ = NDArray([] as [Double]).fft() }
    await #expect(processExitsWith: .failure) { _ = NDArray([1.0]).fft(n: 0) }
    await #expect(processExitsWith: .failure) { _ = NDArray([1.0]).irfft() }
    await #expect(processExitsWith: .failure) { _ = NDArray([1.0, 2]).fft(axis: 1) }
    await #expect(processExitsWith: .failure) { _ = NDArray([1.0, 2]).fft2() }
    await #expect(processExitsWith: .failure) { _ = NDArray([1.0, 2]).fft().rfft() }
    await #expect(processExitsWith: .failure) { _ = NDArray([1.0, 2]).fftn(shape: [2, 2]) }
    await #expect(processExitsWith: .failure) {
      _ = NDArray([1.0, 2]).convolved(with: NDArray([] as [Double]))
    }
    await #expect(processExitsWith: .failure) {
      _ = NDArray([1.0, 2, 3, 4], shape: [2, 2]).convolved(
        with: NDArray([1.0, 2, 3, 4, 5, 6], shape: [3, 2]))
    }
  }
}
