import CMartletKernels
import MartletArrays

/// A discrete Fourier transform of every line along one axis, cut or filled with zeros to the plan's
/// length, times a factor.
struct FourierTransform: ArrayFunction {
  let key: FourierKey
  /// A plan of reals gives half of what is asked for; whether the other half is filled in.
  let isWhole: Bool
  /// Whether the result is conjugated before the factor: the inverse of reals by way of their transform.
  let isConjugated: Bool
  let axis: Int
  let factor: Double

  var name: String { "fourierTransform" }

  /// Elements from which a second thread pays for its start.
  private static let threadedCount = 1 << 16
  /// Lines that stand beside each other and are moved together: a cache line of elements of 4 bytes.
  private static let mostTogether = 16

  func evaluate(_ inputs: [ArrayMemory], result: ResultType, threads: Int) -> ArrayMemory {
    let source = inputs[0]
    let target = ArrayMemory(uninitialized: result.shape, dtype: result.dtype)
    guard target.count > 0 else { return target }
    let lines = Lines(source: source, target: target, axis: axis, together: together)
    let job = FourierJob(transform: self, plan: FourierPlan.plan(key), lines: lines)
    let isThreaded = threads > 1 && target.count >= Self.threadedCount
    Workers.run(items: lines.parts, threads: isThreaded ? threads : 1) { next in
      let scratch = job.scratch()
      while let part = next() { job.run(part, scratch) }
      withExtendedLifetime(scratch) {}
    }
    return target
  }

  /// Fewer long lines, so that what is moved together stays in the cache.
  private var together: Int {
    min(Self.mostTogether, max(key.length > 1 << 18 ? 2 : 8, (1 << 16) / key.length))
  }
}

/// The lines along one axis of a source and of a row-major target, in groups of neighbours along the last
/// of the other axes.
private struct Lines {
  let source: ArrayMemory
  let target: ArrayMemory
  let axis: Int
  /// Lines of a group at most.
  let together: Int
  /// The axis that a group's lines stand along, nil for a single line.
  private let across: Int?
  private let groups: Int
  private let outer: [Int]

  init(source: ArrayMemory, target: ArrayMemory, axis: Int, together: Int) {
    self.source = source
    self.target = target
    self.axis = axis
    self.together = together
    let others = target.shape.indices.filter { $0 != axis }
    across = others.last
    outer = Array(others.dropLast())
    groups = across.map { (target.shape[$0] + together - 1) / together } ?? 1
  }

  /// Groups in all.
  var parts: Int { outer.reduce(groups) { $0 * target.shape[$1] } }

  /// Where a group's first line begins in source and target, and how many lines it has.
  func group(_ part: Int) -> (source: Int, target: Int, count: Int) {
    guard let across else { return (0, 0, 1) }
    let first = part % groups * together
    var (rest, from, to) = (
      part / groups, first * source.strides[across], first * target.strides[across]
    )
    for axis in outer.reversed() {
      let index = rest % target.shape[axis]
      rest /= target.shape[axis]
      from += index * source.strides[axis]
      to += index * target.strides[axis]
    }
    return (from, to, min(together, target.shape[across] - first))
  }

  /// Bytes from a line of a group to the next.
  var sourceStep: Int { across.map { source.strides[$0] * source.dtype.size } ?? 0 }
  var targetStep: Int { across.map { target.strides[$0] * target.dtype.size } ?? 0 }
}

/// One transform of one array, for any number of threads.
private struct FourierJob: Sendable {
  let transform: FourierTransform
  let plan: FourierPlan
  let lines: Lines
  /// Points of a source line that the plan takes; zeros follow.
  private let taken: Int
  private let inputBytes: Int
  private let outputBytes: Int
  /// Whether lines are copied to scratch and back even where the plan could reach them.
  ///
  /// Its passes jump about, which costs more in far memory than the copies: 1,024 x 1,000 complex128 take
  /// 9.2 µs a line in place, 3.1 µs so.
  private let isDistant: Bool

  init(transform: FourierTransform, plan: FourierPlan, lines: Lines) {
    self.transform = transform
    self.plan = plan
    self.lines = lines
    let key = transform.key
    taken = min(lines.source.shape[transform.axis], key.inputCount)
    // A cache line more than needed, so that lines side by side do not meet in the same sets.
    let rounded = { (bytes: Int) in (bytes + 127) / 64 * 64 }
    inputBytes = rounded(key.inputCount * key.inputType.size)
    let count = lines.target.shape[transform.axis]
    outputBytes = rounded(count * key.outputType.size)
    let total = lines.source.count * key.inputType.size + lines.target.count * key.outputType.size
    isDistant =
      key.length >= 256 && inputBytes + outputBytes <= Self.cacheBytes && total > Self.cacheBytes
  }

  /// What a core's own cache holds, roughly.
  private static let cacheBytes = 1 << 20

  /// Room for a group's lines, in and out, and for the plan.
  func scratch() -> Buffer {
    Buffer(
      uninitializedByteCount: lines.together * (inputBytes + outputBytes) + plan.scratchBytes)
  }

  func run(_ part: Int, _ scratch: Buffer) {
    let (axis, key) = (transform.axis, transform.key)
    let (source, target) = (lines.source, lines.target)
    let (sourceSize, targetSize) = (source.dtype.size, target.dtype.size)
    let group = lines.group(part)
    let from = source.base + group.source * sourceSize
    let to = target.base + group.target * targetSize
    let (sourceStep, targetStep) = (lines.sourceStep, lines.targetStep)
    let input = scratch.base
    let output = scratch.base + lines.together * inputBytes
    let work = output + lines.together * outputBytes

    let readsInPlace =
      !isDistant && source.strides[axis] == 1 && taken == key.inputCount && key.kind != .halfToReal
      && from.isAlignedForFourier && sourceStep % FourierPlan.alignment == 0
    if !readsInPlace {
      move(
        from, (source.strides[axis] * sourceSize, sourceStep), to: input, (sourceSize, inputBytes),
        taken, group.count, sourceSize)
      for line in 0..<group.count { finish(input + line * inputBytes) }
    }
    let writesInPlace =
      !isDistant && target.strides[axis] == 1 && to.isAlignedForFourier
      && targetStep % FourierPlan.alignment == 0
    for line in 0..<group.count {
      let x = readsInPlace ? from + line * sourceStep : input + line * inputBytes
      let y = writesInPlace ? to + line * targetStep : output + line * outputBytes
      plan.execute(x, y, scratch: work)
      if key.isSingle { complete(y, Float.self) } else { complete(y, Double.self) }
    }
    if !writesInPlace {
      move(
        output, (targetSize, outputBytes), to: to,
        (target.strides[axis] * targetSize, targetStep), target.shape[axis], group.count,
        targetSize)
    }
  }

  /// Points of some lines; steps in bytes from a point and from a line to the next.
  private func move(
    _ from: UnsafeMutableRawPointer, _ fromSteps: (Int, Int), to: UnsafeMutableRawPointer,
    _ toSteps: (Int, Int), _ points: Int, _ count: Int, _ size: Int
  ) {
    mk_copy(
      to.assumingMemoryBound(to: CChar.self), [Int64(toSteps.0), Int64(toSteps.1)],
      from.assumingMemoryBound(to: CChar.self), [Int64(fromSteps.0), Int64(fromSteps.1)],
      [Int64(points), Int64(count)], 2, Int64(size))
  }

  /// Zeros behind what was taken, and in the parts of a half spectrum that are real by definition.
  private func finish(_ line: UnsafeMutableRawPointer) {
    let (key, size) = (transform.key, transform.key.inputType.size)
    (line + taken * size).initializeMemory(
      as: UInt8.self, repeating: 0, count: (key.inputCount - taken) * size)
    guard key.kind == .halfToReal else { return }
    let half = size / 2
    (line + half).initializeMemory(as: UInt8.self, repeating: 0, count: half)
    if key.length % 2 == 0 {
      (line + key.length / 2 * size + half).initializeMemory(
        as: UInt8.self, repeating: 0, count: half)
    }
  }

  private func complete<Part: ComplexPart>(_ line: UnsafeMutableRawPointer, _: Part.Type) {
    let key = transform.key
    let parts = line.assumingMemoryBound(to: Part.self)
    let isComplex = key.kind != .halfToReal
    if transform.factor != 1 {
      let factor = Part(transform.factor)
      for k in 0..<key.outputCount * (isComplex ? 2 : 1) { parts[k] *= factor }
    }
    if transform.isConjugated {
      for k in 0..<key.outputCount { parts[2 * k + 1].negate() }
    }
    guard transform.isWhole else { return }
    // The transform of reals at n - k is the conjugate of the one at k.
    for k in stride(from: 1, to: (key.length + 1) / 2, by: 1) {
      parts[2 * (key.length - k)] = parts[2 * k]
      parts[2 * (key.length - k) + 1] = -parts[2 * k + 1]
    }
  }
}
