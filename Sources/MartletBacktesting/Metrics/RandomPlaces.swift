import MartletArrays

/// Random places in a list, one after the other: a stream of a seed's, as those of
/// `RandomGenerator`.
struct RandomPlaces {
  private let kernels = RandomKernels(.current)
  private let seed: UInt64
  private let stream: UInt64
  private var words: [UInt32] = []
  private var taken = 0
  private static let blocks = 128

  init(seed: UInt64, stream: UInt64) {
    self.seed = seed
    self.stream = stream
  }

  /// 64 random bits.
  mutating func bits() -> UInt64 {
    let place = taken % (2 * Self.blocks)
    if place == 0 {
      words = kernels.words(
        seed: seed, stream: stream, block: UInt64(taken / 2), blocks: Self.blocks)
    }
    taken += 1
    return UInt64(words[2 * place]) << 32 | UInt64(words[2 * place + 1])
  }

  /// A number below a bound that is above 0; each is as likely as the others up to bound/2⁶⁴.
  mutating func next(below bound: Int) -> Int {
    Int(bits().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// Whether something happens that has a probability.
  mutating func happens(_ probability: Double) -> Bool {
    Double(bits() >> 11) * 0x1p-53 < probability
  }

  /// Exchanges all elements for a random order of them (Fisher and Yates 1938).
  mutating func shuffle(_ values: inout [Double]) {
    for k in values.indices.dropLast() { values.swapAt(k, k + next(below: values.count - k)) }
  }
}
