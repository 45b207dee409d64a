import CMartletFFTW
import Synchronization
import MartletArrays

/// What FFTW computes from one line of `length` points.
struct FourierKey: Hashable {
  enum Kind: Hashable {
    /// Complex to complex, e^-2πi.
    case forward
    /// Complex to complex, e^+2πi.
    case backward
    /// `length` reals to `length / 2 + 1` complex.
    case realToHalf
    /// `length / 2 + 1` complex to `length` reals. Writes over its input.
    case halfToReal
  }
  let kind: Kind
  let length: Int
  let isSingle: Bool

  /// Elements that the plan reads and writes, and their types.
  var inputCount: Int { kind == .halfToReal ? length / 2 + 1 : length }
  var outputCount: Int { kind == .realToHalf ? length / 2 + 1 : length }
  var inputType: ElementType { kind == .realToHalf ? realType : realType.complexType }
  var outputType: ElementType { kind == .halfToReal ? realType : realType.complexType }
  private var realType: ElementType { isSingle ? .float32 : .float64 }
}

/// An FFTW plan for one line from one place to another, both contiguous.
///
/// One line at a time, so that its bits depend neither on how many are transformed together nor on who
/// does it. `FFTW_ESTIMATE`, since `FFTW_MEASURE` picks by the clock, which would change the bits from
/// run to run, and took 0.8 s for the first real 2^16 (ESTIMATE 2.5 ms) to get from 128 µs to 96 µs.
package final class FourierPlan: Sendable {
  /// Lines begin at multiples of this.
  static let alignment = 16

  let key: FourierKey
  private nonisolated(unsafe) let plan: OpaquePointer

  private init(_ key: FourierKey, _ plan: OpaquePointer) {
    self.key = key
    self.plan = plan
  }

  deinit {
    Self.planner.withLock { _ in
      if key.isSingle { fftwf_destroy_plan(plan) } else { fftw_destroy_plan(plan) }
    }
  }

  /// Transforms a line; `input` and `output` are aligned and apart.
  ///
  /// Any number of threads at once.
  func execute(_ input: UnsafeMutableRawPointer, _ output: UnsafeMutableRawPointer) {
    switch (key.kind, key.isSingle) {
    case (.forward, false), (.backward, false):
      fftw_execute_dft(plan, input.bound(), output.bound())
    case (.forward, true), (.backward, true):
      fftwf_execute_dft(plan, input.bound(), output.bound())
    case (.realToHalf, false): fftw_execute_dft_r2c(plan, input.bound(), output.bound())
    case (.realToHalf, true): fftwf_execute_dft_r2c(plan, input.bound(), output.bound())
    case (.halfToReal, false): fftw_execute_dft_c2r(plan, input.bound(), output.bound())
    case (.halfToReal, true): fftwf_execute_dft_c2r(plan, input.bound(), output.bound())
    }
  }

  // ------------------------------------------------------------------ making and keeping

  /// FFTW makes and destroys plans one at a time.
  private static let planner = Mutex(())

  private struct Kept {
    var plans: [FourierKey: (plan: FourierPlan, used: Int)] = [:]
    var clock = 0
  }
  /// Plans, until others displace them.
  private static let kept = Mutex(Kept())
  private static let isRegistered: Void = Caches.register { forget() }
  /// Plans kept at most, and points in all of them: their tables have about 16 bytes a point.
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
    let plan = FourierPlan(key, make(key))
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

  private static func make(_ key: FourierKey) -> OpaquePointer {
    // An estimate looks at how the places are aligned and reads or writes nothing.
    let input = Buffer(byteCount: 64)
    let output = Buffer(byteCount: 64)
    let flags = FFTW_ESTIMATE | (key.kind == .halfToReal ? FFTW_DESTROY_INPUT : 0)
    let sign = key.kind == .backward ? FFTW_BACKWARD : FFTW_FORWARD
    let plan = planner.withLock { _ -> OpaquePointer? in
      if key.isSingle {
        var line = fftwf_iodim64(n: key.length, is: 1, os: 1)
        return switch key.kind {
        case .forward, .backward:
          fftwf_plan_guru64_dft(
            1, &line, 0, nil, input.base.bound(), output.base.bound(), sign, flags)
        case .realToHalf:
          fftwf_plan_guru64_dft_r2c(
            1, &line, 0, nil, input.base.bound(), output.base.bound(), flags)
        case .halfToReal:
          fftwf_plan_guru64_dft_c2r(
            1, &line, 0, nil, input.base.bound(), output.base.bound(), flags)
        }
      }
      var line = fftw_iodim64(n: key.length, is: 1, os: 1)
      return switch key.kind {
      case .forward, .backward:
        fftw_plan_guru64_dft(1, &line, 0, nil, input.base.bound(), output.base.bound(), sign, flags)
      case .realToHalf:
        fftw_plan_guru64_dft_r2c(1, &line, 0, nil, input.base.bound(), output.base.bound(), flags)
      case .halfToReal:
        fftw_plan_guru64_dft_c2r(1, &line, 0, nil, input.base.bound(), output.base.bound(), flags)
      }
    }
    withExtendedLifetime((input, output)) {}
    guard let plan else { fatalError("FourierPlan: FFTW has no plan for \(key.length) points") }
    return plan
  }
}

extension UnsafeMutableRawPointer {
  /// As elements of whatever type the callee takes.
  fileprivate func bound<Element>() -> UnsafeMutablePointer<Element> {
    assumingMemoryBound(to: Element.self)
  }

  /// Whether a plan may read or write a line here.
  var isAlignedForFourier: Bool { Int(bitPattern: self) % FourierPlan.alignment == 0 }
}
