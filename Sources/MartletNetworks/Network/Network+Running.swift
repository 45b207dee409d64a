public import MartletArrays
import MartletIO

extension Network {
  /// Computes every output.
  ///
  /// Numbers of other types are converted to float32.
  /// - Parameters:
  ///   - arrays: One for each input, by name: [samples, width], [samples, steps, width], or integers
  ///     [samples, steps] for indices.
  ///   - lengths: Steps of each sample, where they are not all there; what stands behind is not read.
  ///   - sequenceLengths: The same for the sequences that have names, by name.
  ///   - threads: nil for `MARTLET_THREADS`, or one per core.
  ///   - progress: Called with the part that is done, from the calling thread or others.
  /// - Returns: By name, float32: [samples, width] or [samples, steps, width], zero behind the end of a
  ///   sample.
  /// - Throws: `DataError` for shapes that are not those of the inputs, samples longer than the network
  ///   takes, indices outside of their table, and of kind `cancelled` where the task is cancelled before the end.
  public func callAsFunction(
    _ arrays: [String: NDArray], lengths: [Int]? = nil, sequenceLengths: [String: [Int]] = [:],
    threads: Int? = nil, progress: (@Sendable (Double) -> Void)? = nil
  ) throws(DataError) -> [String: NDArray] {
    let batch = try NetworkBatch(
      self, arrays, lengths: lengths, sequenceLengths: sequenceLengths)
    let results = try batch.run(threads: threads, progress: progress)
    return Dictionary(uniqueKeysWithValues: zip(outputNames, results))
  }

  /// The first output for the only input.
  ///
  /// - Throws: As the call with names.
  public func callAsFunction(
    _ array: NDArray, lengths: [Int]? = nil, threads: Int? = nil
  ) throws(DataError) -> NDArray {
    let batch = try NetworkBatch(
      self, [inputs[0].name: array], lengths: lengths, sequenceLengths: [:])
    return try batch.run(threads: threads, progress: nil)[0]
  }

  /// The first output for rows that are in memory, without allocating after the first call of a size.
  ///
  /// - Parameters:
  ///   - input: `count` samples of `steps` rows each (1 where the input has no steps).
  ///   - output: Room for the first output of `count` samples.
  ///   - threads: How many may share the steps of a sample that is much work; starting them allocates.
  public func predict(
    _ input: UnsafeBufferPointer<Float>, count: Int, steps: Int = 1,
    into output: UnsafeMutableBufferPointer<Float>, threads: Int = 1
  ) {
    let width = inputs[0].width
    require(
      inputs.count == 1 && inputs[0].indexCount == nil,
      "predict: \(inputs.map(\.name)); expected one input, of numbers")
    require(
      steps > 0 && count >= 0 && (steps == 1 || inputs[0].rows != .sample)
        && input.count == count * steps * width,
      "predict: \(input.count) numbers for \(count) samples of \(steps) × \(width)")
    if let problem = program.problem(shortest: { _ in steps }, longest: { _ in steps }) {
      fatalError("predict: \(problem)")
    }
    let value = program.values[program.outputs[0].value]
    let perSample = program.length(of: value.space) { _ in steps } * value.width
    require(
      output.count == count * perSample,
      "predict: room for \(output.count) numbers; expected \(count) × \(perSample)")
    require(threads > 0, "predict: \(threads) threads; expected 1 or more")
    if count == 0 { return }
    let parts = max(1, min(threads, products(length: steps) / ChunkSchedule.worthThread))
    let arena = takeArena(parts: parts)
    let chunk = parts > 1 ? 1 : min(count, chunkSize(length: steps))
    var first = 0
    while first < count {
      let samples = min(chunk, count - first)
      arena.prepare(samples: samples) { _, _ in steps }
      arena.view(0, at: input.baseAddress! + first * steps * width, stride: width)
      arena.run(threads: parts)
      arena.copyRows(
        of: program.outputs[0].value, to: output.baseAddress! + first * perSample)
      first += samples
    }
    giveBack(arena)
  }
}

extension NetworkArena {
  /// The rows of a value, without gaps.
  func copyRows(of value: Int, to target: UnsafeMutablePointer<Float>) {
    let (base, stride) = rows(of: value)
    let width = program.values[value].width
    for row in 0..<rowCount(program.values[value].space) {
      (target + row * width).update(from: base + row * stride, count: width)
    }
  }
}

/// Inputs that were checked, and the results to come.
struct NetworkBatch: Sendable {
  private let network: Network
  private let arrays: [NDArray]
  private let count: Int
  /// Of each sequence, the first being the one without a name.
  fileprivate let sequences: [Sequence]
  private var lengths: [Int] { sequences[0].lengths }

  /// The steps of the samples.
  fileprivate struct Sequence {
    let name: String?
    /// Steps of the arrays.
    var steps: Int?
    /// Steps of each sample.
    var lengths: [Int] = []
    var isRagged = false
  }

  init(
    _ network: Network, _ given: [String: NDArray], lengths: [Int]?,
    sequenceLengths: [String: [Int]]
  ) throws(DataError) {
    self.network = network
    var sequences = network.program.sequences.map { Sequence(name: $0) }
    let names = network.inputs.map(\.name)
    for name in given.keys.sorted() where !names.contains(name) {
      throw DataError(
        .unknownName, in: "network", at: "input \(excerpt(name))",
        "is not asked for; expected \(names.joined(separator: ", "))")
    }
    var arrays: [NDArray] = []
    var count: Int?
    for (index, input) in network.inputs.enumerated() {
      let sequence = network.program.sequence(ofInput: index)
      let steps = sequence.flatMap { sequences[$0].steps }
      guard let array = given[input.name] else {
        throw DataError(
          .missing, in: "network", at: "input \(input.name)",
          "is not there; expected \(names.joined(separator: ", "))")
      }
      let shape = array.shape
      let rank = (sequence == nil ? 2 : 3) - (input.indexCount == nil ? 0 : 1)
      guard shape.count == rank, input.indexCount != nil || shape[rank - 1] == input.width,
        count == nil || count == shape[0], sequence == nil || steps == nil || steps == shape[1]
      else {
        let samples = count.map(String.init) ?? "samples"
        let times = steps.map(String.init) ?? "steps"
        let expected =
          input.indexCount != nil
          ? "[\(samples), \(times)]"
          : sequence == nil
            ? "[\(samples), \(input.width)]" : "[\(samples), \(times), \(input.width)]"
        throw DataError(
          .wrongShape, in: "network", at: "input \(input.name)",
          "has the shape \(shape); expected \(expected)")
      }
      count = shape[0]
      if let sequence { sequences[sequence].steps = shape[1] }
      if let indexCount = input.indexCount {
        guard array.dtype.isInteger else {
          throw DataError(
            .wrongType, in: "network", at: "input \(input.name)",
            "has elements of \(array.dtype); expected integers")
        }
        let indices = array.asType(.int64)
        let outside = indices.elements(as: Int64.self).first { $0 < 0 || $0 >= indexCount }
        if let outside {
          throw DataError(
            .outOfRange, in: "network", at: "input \(input.name)",
            "index \(outside); expected 0…\(indexCount - 1)")
        }
        arrays.append(indices.asType(.int32).eval())
      } else {
        guard array.dtype.isReal || array.dtype.isInteger || array.dtype == .bool else {
          throw DataError(
            .wrongType, in: "network", at: "input \(input.name)",
            "has elements of \(array.dtype); expected real numbers")
        }
        arrays.append(array.asType(.float32).eval())
      }
    }
    let known = sequences.compactMap(\.name)
    for name in sequenceLengths.keys.sorted() where !known.contains(name) {
      throw DataError(
        .unknownName, in: "network", at: "lengths of \(excerpt(name))",
        "no such sequence\(DataError.nearest(name, among: known))")
    }
    for index in sequences.indices {
      let given = sequences[index].name.map { sequenceLengths[$0] } ?? lengths
      try sequences[index].fill(given, count: count ?? 0)
    }
    self.arrays = arrays
    self.count = count ?? 0
    self.sequences = sequences
    let problem = network.program.problem(
      shortest: { sequences[$0].lengths.min() ?? 1 }, longest: { sequences[$0].lengths.max() ?? 1 })
    if let problem, count ?? 0 > 0 { throw DataError(.outOfRange, in: "network", problem) }
  }

  /// `worthThread`: multiplications that are worth a thread, nil where threads are taken as they are.
  func run(
    threads: Int?, progress: (@Sendable (Double) -> Void)?,
    worthThread: Int? = ChunkSchedule.worthThread
  ) throws(DataError) -> [NDArray] {
    try Cancellation.check("network")
    let cancellation = Cancellation()
    let program = network.program
    let shapes = program.outputs.map { output -> [Int] in
      let value = program.values[output.value]
      return value.space == NetworkBuilder.samples
        ? [count, value.width]
        : [
          count, program.length(of: value.space) { sequences[$0].steps ?? 1 }, value.width,
        ]
    }
    let results = shapes.map { shape in
      Buffer(byteCount: shape.reduce(4, *))
    }
    if count > 0 {
      let schedule = ChunkSchedule(
        network, count: count, lengths: lengths, threads: threads, worthThread: worthThread)
      let inputs = arrays.map(\.storage)
      let done = ProgressCounter(schedule.chunks, progress)
      if schedule.isTogether {
        let arena = network.takeArena(parts: schedule.threads)
        prepare(0..<count, arena, inputs)
        arena.run(threads: schedule.threads)
        store(0..<count, arena, results, shapes)
        network.giveBack(arena)
        done.advance()
      } else {
        let bounds = schedule.bounds
        Workers.run(
          items: schedule.chunks, threads: schedule.threads, cancellation: cancellation
        ) { [self] next in
          let arena = network.takeArena()
          while let chunk = next() {
            let samples = bounds[chunk]..<bounds[chunk + 1]
            prepare(samples, arena, inputs)
            arena.run()
            store(samples, arena, results, shapes)
            done.advance()
          }
          network.giveBack(arena)
        }
      }
    }
    try cancellation.finish("network")
    return zip(results, shapes).map { NDArray($0, shape: $1, dtype: .float32) }
  }

  private func prepare(
    _ samples: Range<Int>, _ arena: NetworkArena, _ inputs: [(buffer: Buffer, offset: Int)]
  ) {
    let program = network.program
    arena.prepare(samples: samples.count) { sequences[$0].lengths[samples.lowerBound + $1] }
    for (index, input) in network.inputs.enumerated() {
      let first = inputs[index].buffer.pointer(to: Float.self) + inputs[index].offset
      let sequence = program.sequence(ofInput: index).map { sequences[$0] }
      let steps = sequence?.steps ?? 1
      guard let sequence, sequence.isRagged else {
        arena.view(
          index, at: first + samples.lowerBound * steps * input.width, stride: input.width)
        continue
      }
      // Rows behind the end of a sample are left out.
      let (base, stride) = arena.rows(of: index)
      for (number, sample) in samples.enumerated() {
        let start = arena.start(of: number, in: program.values[index].space)
        for step in 0..<sequence.lengths[sample] {
          (base + (start + step) * stride).update(
            from: first + (sample * steps + step) * input.width, count: input.width)
        }
      }
    }
  }

  private func store(
    _ samples: Range<Int>, _ arena: NetworkArena, _ results: [Buffer], _ shapes: [[Int]]
  ) {
    let program = network.program
    for (index, output) in program.outputs.enumerated() {
      let value = program.values[output.value]
      let target = results[index].pointer(to: Float.self)
      let rows = value.space == NetworkBuilder.samples ? 1 : shapes[index][1]
      let (base, stride) = arena.rows(of: output.value)
      for (number, sample) in samples.enumerated() {
        let start = arena.start(of: number, in: value.space)
        let end = arena.start(of: number + 1, in: value.space)
        for row in start..<end {
          (target + (sample * rows + row - start) * value.width).update(
            from: base + row * stride, count: value.width)
        }
      }
    }
  }
}

extension NetworkBatch.Sequence {
  /// Takes the lengths that were given, or all steps of every sample.
  fileprivate mutating func fill(_ given: [Int]?, count: Int) throws(DataError) {
    let full = steps ?? 1
    let index = name.map { "lengths of \($0)" } ?? "lengths"
    guard let given else {
      if count > 0, full == 0 {
        throw DataError(.empty, in: "network", "samples of no steps; expected 1 or more")
      }
      lengths = Array(repeating: full, count: count)
      return
    }
    guard given.count == count else {
      throw DataError(.wrongShape, in: "network", at: index, "\(given.count) for \(count) samples")
    }
    if let sample = given.firstIndex(where: { $0 < 1 || $0 > full }) {
      throw DataError(
        .outOfRange, in: "network", at: "\(index), sample \(sample)",
        "\(given[sample]); expected 1…\(full)")
    }
    lengths = given
    isRagged = given.contains { $0 != full }
  }
}

/// How a batch is spread over chunks and threads.
package struct ChunkSchedule {
  package let threads: Int
  /// Where chunks of samples begin, and the end: alike in rows.
  package let bounds: [Int]
  /// Parts that are done one by one.
  package var chunks: Int { isTogether ? 1 : bounds.count - 1 }
  /// Whether all threads work on one chunk.
  package let isTogether: Bool

  /// Multiplications that are worth a thread: some 30 µs.
  package static let worthThread = 3_000_000

  package init(
    _ network: Network, count: Int, lengths: [Int], threads wanted: Int?, worthThread: Int?
  ) {
    let mean = max(1, lengths.reduce(0, +) / count)
    let work = network.products(length: mean)
    let most = Workers.count(wanted)
    let threads = max(1, worthThread.map { min(most, count * work / $0) } ?? most)
    let fitting = min(count, network.chunkSize(length: mean))
    // So many parts that threads end together, but no pieces of a block of rows.
    var size = threads == 1 ? fitting : min(fitting, (count + 4 * threads - 1) / (4 * threads))
    if network.program.isRowwise {
      let rows = network.program.blockRows
      let share = (count + threads - 1) / threads
      size = min(fitting, share <= rows ? share : (size + rows - 1) / rows * rows)
    }
    self.threads = threads
    isTogether = threads > 1 && count < 2 * threads
    var bounds = [0]
    var rows = 0
    for (sample, length) in lengths.enumerated() {
      if rows > 0, rows + length > max(1, size) * mean {
        bounds.append(sample)
        rows = 0
      }
      rows += length
    }
    self.bounds = bounds + [count]
  }
}

extension NetworkProgram {
  /// Whether every sample is one row.
  var isRowwise: Bool { groups.allSatisfy { $0.space == NetworkBuilder.samples } }

  /// Whose steps the rows of an input are; nil for one row a sample.
  func sequence(ofInput input: Int) -> Int? {
    if case .steps(let sequence) = spaces[values[input].space] { return sequence }
    return nil
  }

  /// Why samples of so many steps of each sequence cannot run; nil where they can.
  package func problem(shortest: (Int) -> Int, longest: (Int) -> Int) -> String? {
    for limit in limits {
      let length = length(of: limit.space, steps: longest)
      if length > limit.length {
        return "samples of \(length) steps; \(limit.reason) end at \(limit.length)"
      }
    }
    for (space, kind) in spaces.enumerated() {
      if case .convolved(let from, let kernel, _, _, _) = kind,
        length(of: space, steps: shortest) < 1
      {
        let steps = length(of: from, steps: shortest)
        return "samples of \(steps) steps are shorter than a convolution of \(kernel) needs"
      }
    }
    return nil
  }

  /// Rows of a sample with so many steps of each sequence.
  func length(of space: Int, steps: (_ sequence: Int) -> Int) -> Int {
    switch spaces[space] {
    case .samples: return 1
    case .steps(let sequence): return steps(sequence)
    case .convolved(let from, let kernel, let stride, let padding, let dilation):
      let seen = length(of: from, steps: steps) + 2 * padding - dilation * (kernel - 1)
      return seen < 1 ? 0 : (seen - 1) / stride + 1
    }
  }
}
