import MartletArrays
import Synchronization

/// Who computes Fourier transforms: results differ in the last bits.
package enum FourierMaker: Hashable, CaseIterable, Sendable {
  /// The package itself, everywhere.
  case own
  #if FFTW && os(Linux)
    /// FFTW, where the package is built with its trait.
    case fftw
  #endif

  /// Who does unless a test says otherwise.
  static var preferred: FourierMaker {
    #if FFTW && os(Linux)
      return .fftw
    #else
      return .own
    #endif
  }

  /// Whom functions that are called here ask, for tests.
  @TaskLocal package static var current = preferred
}

/// What is computed from one line of `length` points, and by whom.
package struct FourierKey: Hashable, Sendable {
  package enum Kind: Hashable, CaseIterable, Sendable {
    /// Complex to complex, e^-2πi.
    case forward
    /// Complex to complex, e^+2πi.
    case backward
    /// `length` reals to `length / 2 + 1` complex.
    case realToHalf
    /// `length / 2 + 1` complex to `length` reals. Writes over its input.
    case halfToReal
  }
  package let kind: Kind
  package let length: Int
  package let isSingle: Bool
  package let maker: FourierMaker

  package init(kind: Kind, length: Int, isSingle: Bool, maker: FourierMaker = .current) {
    self.kind = kind
    self.length = length
    self.isSingle = isSingle
    self.maker = maker
  }

  /// Elements that the plan reads and writes, and their types.
  package var inputCount: Int { kind == .halfToReal ? length / 2 + 1 : length }
  package var outputCount: Int { kind == .realToHalf ? length / 2 + 1 : length }
  package var inputType: ElementType { kind == .realToHalf ? realType : realType.complexType }
  package var outputType: ElementType { kind == .halfToReal ? realType : realType.complexType }
  private var realType: ElementType { isSingle ? .float32 : .float64 }
}

/// The tables for one line from one place to another, both contiguous and apart, by whoever computes it.
protocol FourierTables: AnyObject, Sendable {
  /// Bytes that a transform works in.
  var scratchBytes: Int { get }

  /// Transforms a line; all three are aligned. Any number of threads at once.
  func execute(
    _ input: UnsafeMutableRawPointer, _ output: UnsafeMutableRawPointer,
    scratch: UnsafeMutableRawPointer)
}

/// A plan for one line.
///
/// One line at a time, so that its bits depend neither on how many are transformed together nor on who
/// does it.
package final class FourierPlan: Sendable {
  /// Lines begin at multiples of this.
  static let alignment = 16

  let key: FourierKey
  private let tables: any FourierTables

  private init(_ key: FourierKey) {
    self.key = key
    switch key.maker {
    case .own: tables = OwnFourierTables(key)
    #if FFTW && os(Linux)
      case .fftw: tables = FFTWTables(key)
    #endif
    }
  }

  var scratchBytes: Int { tables.scratchBytes }

  /// Transforms a line; all three are aligned, and apart.
  ///
  /// Any number of threads at once.
  func execute(
    _ input: UnsafeMutableRawPointer, _ output: UnsafeMutableRawPointer,
    scratch: UnsafeMutableRawPointer
  ) {
    tables.execute(input, output, scratch: scratch)
  }

  // ------------------------------------------------------------------ making and keeping

  private struct Kept {
    var plans: [FourierKey: (plan: FourierPlan, used: Int)] = [:]
    var clock = 0
  }
  /// Plans, until others displace them.
  private static let kept = Mutex(Kept())
  private static let isRegistered: Void = Caches.register { forget() }
  /// Plans kept at most, and points in all of them: their tables have 16 to 24 bytes a point, five times that where
  /// a prime factor is large.
  private static let mostPlans = 64
  private static let mostPoints = 1 << 22

  /// How many plans are kept, for tests.
  package static var keptCount: Int { kept.withLock { $0.plans.count } }

  /// Keeps none of them; those at work stay as long as they are.
  static func forget() {
    // Destroyed outside the lock.
    let plans = kept.withLock { kept in
      defer { kept.plans = [:] }
      return kept.plans
    }
    withExtendedLifetime(plans) {}
  }

  /// The plan for `key`: a kept one, or a new one.
  static func plan(_ key: FourierKey) -> FourierPlan {
    isRegistered
    let known = kept.withLock { kept -> FourierPlan? in
      kept.clock += 1
      kept.plans[key]?.used = kept.clock
      return kept.plans[key]?.plan
    }
    if let known { return known }
    let plan = FourierPlan(key)
    // Destroyed outside the lock.
    var displaced: [FourierPlan] = []
    kept.withLock { kept in
      kept.clock += 1
      kept.plans[key] = (plan, kept.clock)
      while kept.plans.count > mostPlans
        || kept.plans.keys.reduce(0, { $0 + $1.length }) > mostPoints && kept.plans.count > 1,
        let oldest = kept.plans.min(by: { $0.value.used < $1.value.used })
      {
        displaced.append(oldest.value.plan)
        kept.plans[oldest.key] = nil
      }
    }
    withExtendedLifetime(displaced) {}
    return plan
  }
}

extension UnsafeMutableRawPointer {
  /// Whether a plan may read or write a line here.
  var isAlignedForFourier: Bool { Int(bitPattern: self) % FourierPlan.alignment == 0 }
}
