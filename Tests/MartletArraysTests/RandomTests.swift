import Martlet
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Random numbers: the published vectors, distributions against exact ones, independence of everything
/// but seed, stream and place.
struct RandomTests {
  /// The known answers that come with the Random123 library of Salmon and others.
  @Test(arguments: InstructionSet.available)
  func knownAnswers(set: InstructionSet) {
    let kernels = RandomKernels(set)
    let cases: [(UInt64, UInt64, UInt64, [UInt32])] = [
      (0, 0, 0, [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
      (.max, .max, .max, [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
      (
        0x299f_31d0_a409_3822, 0x0370_7344_1319_8a2e, 0x85a3_08d3_243f_6a88,
        [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
      ),
    ]
    for (seed, stream, block, expected) in cases {
      #expect(kernels.words(seed: seed, stream: stream, block: block, blocks: 1) == expected)
    }
    // A run of blocks is each by itself, over the end of the lower word, too.
    let run = kernels.words(seed: 9, stream: 4, block: 0xffff_fffa, blocks: 13)
    for k in 0..<13 {
      let one = kernels.words(seed: 9, stream: 4, block: 0xffff_fffa + UInt64(k), blocks: 1)
      #expect(Array(run[4 * k..<4 * k + 4]) == one)
    }
  }

  private static let draws: [RandomDraw.Distribution] = [
    .uniform(low: -1, width: 3), .normal(mean: 1, deviation: 2), .exponential(scale: 0.5),
    .gamma(shape: 0.3, scale: 2), .gamma(shape: 4.5, scale: 1), .integers(first: -5, range: 1000),
    .integers(first: .min, range: 0), .integers(first: -9, range: 3 << 62),
    .integers(first: 0, range: 1 << 32),
  ]

  @Test(arguments: draws)
  func bitsDependOnNothingElse(distribution: RandomDraw.Distribution) {
    var types: [ElementType] = [.float64, .float32]
    if case .integers = distribution { types = [.int64] }
    for dtype in types {
      let draw = RandomDraw(seed: 11, stream: 5, distribution)
      func numbers(_ count: Int, threads: Int = 1, _ set: InstructionSet = .baseline) -> NDArray {
        NDArray(
          draw.evaluate(
            result: ResultType([count], dtype), threads: threads, kernels: RandomKernels(set)))
      }
      let whole = numbers(70_001)
      for set in InstructionSet.available {
        #expect(firstDifference(numbers(70_001, threads: 3, set), whole) == nil)
      }
      // A shorter array is where the longer one begins.
      for count in [0, 1, 2, 5, 15, 16, 17, 33, 16_385] {
        #expect(firstDifference(numbers(count), whole[.slice(0, count)]) == nil)
      }
      let lazy = NDArray(draw, [], shape: [7, 10_000], dtype: dtype)
      lazy.eval(threads: 2)
      #expect(firstDifference(lazy.flattened(), whole[.slice(0, 70_000)]) == nil)
      let other = RandomDraw(seed: 11, stream: 6, distribution)
        .evaluate(result: ResultType([100], dtype), threads: 1, kernels: .init(.baseline))
      #expect(firstDifference(NDArray(other), whole[.slice(0, 100)]) != nil)
    }
  }

  /// Uniform, normal and exponential numbers recomputed from the words.
  @Test func numbersFollowFromWords() {
    var random = RandomGenerator(seed: 21, stream: 8)
    let words = RandomKernels(.baseline).words(seed: 21, stream: 8, block: 0, blocks: 500)
    func bits(_ k: Int) -> UInt64 { UInt64(words[2 * k]) << 32 | UInt64(words[2 * k + 1]) }
    let uniform = random.uniform([1000], low: 2, high: 6).doubles
    for k in 0..<1000 { #expect(uniform[k] == 2 + 4 * (Double(bits(k) >> 11) * 0x1p-53)) }
    random = RandomGenerator(seed: 21, stream: 8)
    let single = random.uniform([1000], dtype: .float32).elements(as: Float.self)
    for k in 0..<1000 { #expect(single[k] == Float(words[k] >> 8) * 0x1p-24) }
    random = RandomGenerator(seed: 21, stream: 8)
    let normal = random.normal([1000]).doubles
    for k in 0..<500 {
      let radius = (-2 * log(Double((bits(2 * k) >> 11) + 1) * 0x1p-53)).squareRoot()
      let angle = Double(bits(2 * k + 1)) * 0x1p-64 * 2 * Double.pi
      #expect(abs(normal[2 * k] - radius * cos(angle)) < 4e-15 * max(1, radius))
      #expect(abs(normal[2 * k + 1] - radius * sin(angle)) < 4e-15 * max(1, radius))
    }
    random = RandomGenerator(seed: 21, stream: 8)
    let exponential = random.exponential([1000], scale: 3).doubles
    for k in 0..<1000 {
      let expected = -3 * log(Double((bits(k) >> 11) + 1) * 0x1p-53)
      #expect(abs(exponential[k] - expected) <= 4e-16 * abs(expected))
    }
  }

  /// Moments, and the share of numbers below 45 quantiles from 1e-5 to 1 - 1e-5, which SciPy computed
  /// (`Reference/make_random.py`): within five standard deviations.
  @Test(arguments: [ElementType.float64, .float32])
  func distributions(dtype: ElementType) throws {
    let path = #filePath.replacing("RandomTests.swift", with: "Reference/random.txt")
    let lines = try text(path).split(separator: "\n")
    #expect(lines.count == 14)
    var random = RandomGenerator(seed: 2024)
    let count = 200_000
    for line in lines {
      let words = line.split(separator: " ").map(String.init)
      let p = words[1].split(separator: ",").map { Double($0)! }
      let drawn: NDArray =
        switch words[0] {
        case "uniform": random.uniform([count], low: p[0], high: p[1], dtype: dtype)
        case "normal": random.normal([count], mean: p[0], std: p[1], dtype: dtype)
        case "exponential": random.exponential([count], scale: p[0], dtype: dtype)
        case "gamma": random.gamma([count], parameter: p[0], scale: p[1], dtype: dtype)
        default: random.studentT([count], df: p[0], dtype: dtype)
        }
      let values = drawn.doubles.sorted()
      #expect(values.allSatisfy { $0.isFinite })
      let n = Double(count)
      if let mean = Double(words[2]), let variance = Double(words[3]) {
        let found = values.reduce(0, +) / n
        #expect(abs(found - mean) < 5 * (variance / n).squareRoot(), "\(words[0]) \(p)")
        let spread = values.reduce(0) { $0 + ($1 - found) * ($1 - found) } / n
        #expect(abs(spread / variance - 1) < 0.06, "\(words[0]) \(p)")
      }
      var distance = 0.0
      for pair in words[4...] {
        let parts = pair.split(separator: ":").map { Double($0)! }
        let share = Double(below(parts[1], values)) / n
        let deviation = (parts[0] * (1 - parts[0]) / n).squareRoot()
        #expect(abs(share - parts[0]) < 5 * deviation + 1 / n, "\(words[0]) \(p) at \(parts[0])")
        distance = max(distance, abs(share - parts[0]))
      }
      // Kolmogorov: beyond 1.95 in one of a thousand.
      #expect(distance * n.squareRoot() < 1.95, "\(words[0]) \(p)")
      // Neighbours have nothing to do with each other.
      let order = drawn.doubles
      let ranks = order.map { $0 < values[count / 2] ? -1.0 : 1.0 }
      for lag in [1, 2, 4, 8] {
        let sum = (0..<count - lag).reduce(0.0) { $0 + ranks[$1] * ranks[$1 + lag] }
        #expect(abs(sum) < 5 * n.squareRoot(), "\(words[0]) \(p), lag \(lag)")
      }
    }
  }

  private func below(_ value: Double, _ sorted: [Double]) -> Int {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] <= value { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private func text(_ path: String) throws -> String {
    let file = try #require(fopen(path, "r"))
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 17)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes[..<count], as: UTF8.self)
  }

  /// Lemire's method recomputed from the words, where nothing and where one word in four is rejected.
  @Test func integersFollowFromWords() {
    let ranges: [(Int, UInt64)] = [
      (-7, 10), (0, 0xffff_ffff), (5, 1 << 32), (-3, 3 << 62), (0, 6 << 60),
    ]
    let kernels = RandomKernels(.baseline)
    for (first, range) in ranges {
      let draw = RandomDraw(seed: 1, stream: 2, .integers(first: first, range: range))
      let found = NDArray(
        draw.evaluate(result: ResultType([2000], .int64), threads: 1, kernels: kernels)
      ).elements(as: Int.self)
      var rejected = 0
      for k in 0..<2000 {
        var product: (high: UInt64, low: UInt64)
        var attempt: UInt64 = 0
        repeat {
          let block = UInt64(k / 2) | attempt << 48
          let words = kernels.words(seed: 1, stream: 2, block: block, blocks: 1)
          let word = UInt64(words[k % 2 * 2]) << 32 | UInt64(words[k % 2 * 2 + 1])
          product = word.multipliedFullWidth(by: range)
          attempt += 1
        } while product.low < (0 &- range) % range
        rejected += Int(attempt) - 1
        #expect(found[k] == first &+ Int(truncatingIfNeeded: product.high))
      }
      #expect((rejected > 300) == (range == 3 << 62 || range == 6 << 60))
    }
  }

  @Test func integersAreEquallyLikely() {
    var random = RandomGenerator(seed: 4)
    for (range, dtype) in [(0..<7, ElementType.int64), (-3..<3, .int32), (250..<256, .uint8)] {
      let drawn = random.integers([100, 600], in: range, dtype: dtype)
      #expect(drawn.dtype == dtype && drawn.shape == [100, 600])
      var counts = [Int](repeating: 0, count: range.count)
      for value in drawn.elements(as: Int.self) { counts[value - range.lowerBound] += 1 }
      let expected = 60_000.0 / Double(range.count)
      for count in counts { #expect(abs(Double(count) - expected) < 5 * expected.squareRoot()) }
    }
    #expect(random.integers([50], in: 3..<4).elements(as: Int.self).allSatisfy { $0 == 3 })
    let wide = random.integers([1000], in: Int.min..<Int.max).elements(as: Int.self)
    #expect(abs(wide.count { $0 < 0 } - 500) < 80 && Set(wide).count == 1000)
    let heads = random.bernoulli([100_000], probability: 0.3)
    #expect(heads.dtype == .bool)
    #expect(abs(heads.countNonzero().item(as: Int.self) - 30_000) < 5 * 145)
    #expect(!random.bernoulli([1000], probability: 0).any().item(as: Bool.self))
    #expect(random.bernoulli([1000], probability: 1).all().item(as: Bool.self))
  }

  @Test func generatorsAreValues() {
    var a = RandomGenerator(seed: 7)
    var b = a
    let first = a.normal([10])
    #expect(firstDifference(first, b.normal([10])) == nil)
    #expect(a == b && a.stream == 1)
    #expect(firstDifference(a.normal([10]), first) != nil)
    var other = RandomGenerator(seed: 8)
    #expect(firstDifference(other.normal([10]), first) != nil)
    // Drawn twice from equal streams: one array, also where it is merged.
    var c = RandomGenerator(seed: 7)
    #expect((c.normal([10]) - first).abs().max().item(as: Double.self) == 0)
    #expect(a.uniform([0, 3]).doubles.isEmpty && a.normal([]).count == 1)
  }

  @Test func ordersAreFairAndComplete() {
    var random = RandomGenerator(seed: 17)
    for n in [0, 1, 2, 10, 5000] {
      #expect(random.permutation(n).elements(as: Int.self).sorted() == Array(0..<n))
    }
    var counts: [[Int]: Int] = [:]
    for _ in 0..<9600 { counts[random.permutation(4).elements(as: Int.self), default: 0] += 1 }
    #expect(counts.count == 24 && counts.values.allSatisfy { abs($0 - 400) < 100 })
    // The few of many are the first of all.
    for count in [3, 60, 500, 1000] {
      var some = RandomGenerator(seed: 18)
      var all = RandomGenerator(seed: 18)
      #expect(
        some.choice(1000, shape: [count], replace: false).elements(as: Int.self)
          == Array(all.permutation(1000).elements(as: Int.self)[..<count]))
    }
    let table = NDArray((0..<24).map(Double.init), shape: [4, 6])
    let rows = random.shuffled(table)
    #expect(rows.shape == [4, 6])
    #expect((0..<4).map { rows[$0, 0] }.sorted() == [0, 6, 12, 18])
    #expect((0..<4).allSatisfy { rows[$0, 5] == rows[$0, 0] + 5 })
    let columns = random.shuffled(table, axis: 1)
    #expect((0..<6).map { columns[0, $0] }.sorted() == [0, 1, 2, 3, 4, 5])
    #expect((0..<6).allSatisfy { columns[3, $0] == columns[0, $0] + 18 })
    let picked = random.choice(from: table, shape: [2, 5])
    #expect(picked.shape == [2, 5, 6] && picked[1, 4, 3] == picked[1, 4, 0] + 3)
  }

  @Test func choicesByProbability() throws {
    var random = RandomGenerator(seed: 19)
    let weights: NDArray = [0.0, 1, 2, 0, 5, 0]
    let drawn = try random.choice(6, shape: [80_000], probabilities: weights)
    var counts = [Int](repeating: 0, count: 6)
    for value in drawn.elements(as: Int.self) { counts[value] += 1 }
    #expect(counts[0] == 0 && counts[3] == 0 && counts[5] == 0)
    for (place, expected) in [(1, 10_000.0), (2, 20_000), (4, 50_000)] {
      #expect(abs(Double(counts[place]) - expected) < 5 * expected.squareRoot())
    }
    // One after the other: 4 then 2 has 5/8 · 2/3.
    var pairs: [[Int]: Int] = [:]
    for _ in 0..<6000 {
      let pair = try random.choice(6, shape: [2], replace: false, probabilities: weights)
      pairs[pair.elements(as: Int.self), default: 0] += 1
    }
    #expect(pairs.count == 6)
    for (pair, share) in [
      ([4, 2], 5 / 8.0 * 2 / 3), ([4, 1], 5 / 8.0 / 3), ([1, 4], 1 / 8.0 * 5 / 7),
    ] {
      let expected = 6000 * share
      #expect(abs(Double(pairs[pair] ?? 0) - expected) < 5 * expected.squareRoot())
    }
    let letters = try random.choice(from: NDArray([7.0, 8]), shape: [9], probabilities: [0, 1])
    #expect(letters.doubles.allSatisfy { $0 == 8 })
    for bad: [Double] in [[1, -1], [.nan, 1], [.infinity, 1], [0, 0]] {
      #expect(throws: DataError.self) {
        try random.choice(2, shape: [3], probabilities: NDArray(bad))
      }
    }
    #expect(throws: DataError.self) {
      try random.choice(3, shape: [2], replace: false, probabilities: [0, 1, 0])
    }
  }

  @Test func wrongCallsAreRefused() async {
    await #expect(processExitsWith: .failure) {
      var random = RandomGenerator(seed: 0)
      _ = random.uniform([2], low: 1, high: 0)
    }
    await #expect(processExitsWith: .failure) {
      var random = RandomGenerator(seed: 0)
      _ = random.normal([2], std: -1)
    }
    await #expect(processExitsWith: .failure) {
      var random = RandomGenerator(seed: 0)
      _ = random.normal([-2])
    }
    await #expect(processExitsWith: .failure) {
      var random = RandomGenerator(seed: 0)
      _ = random.gamma([2], parameter: 0)
    }
    await #expect(processExitsWith: .failure) {
      var random = RandomGenerator(seed: 0)
      _ = random.integers([2], in: 0..<300, dtype: .uint8)
    }
    await #expect(processExitsWith: .failure) {
      var random = RandomGenerator(seed: 0)
      _ = random.choice(3, shape: [4], replace: false)
    }
    await #expect(processExitsWith: .failure) {
      var random = RandomGenerator(seed: 0)
      _ = random.uniform([2], dtype: .int64)
    }
  }
}
