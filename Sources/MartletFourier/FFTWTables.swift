#if FFTW && os(Linux)
  import CMartletFFTW
  import MartletArrays
  import Synchronization

  /// FFTW's plan.
  ///
  /// `FFTW_ESTIMATE`, since `FFTW_MEASURE` picks by the clock, which would change the bits from
  /// run to run, and took 0.8 s for the first real 2^16 (ESTIMATE 2.5 ms) to get from 128 µs to 96 µs.
  final class FFTWTables: FourierTables {
    private let key: FourierKey
    private nonisolated(unsafe) let plan: OpaquePointer

    /// FFTW makes and destroys plans one at a time.
    private static let planner = Mutex(())

    init(_ key: FourierKey) {
      self.key = key
      plan = Self.make(key)
    }

    deinit {
      Self.planner.withLock { _ in
        if key.isSingle { fftwf_destroy_plan(plan) } else { fftw_destroy_plan(plan) }
      }
    }

    /// FFTW has its own.
    var scratchBytes: Int { 0 }

    func execute(
      _ input: UnsafeMutableRawPointer, _ output: UnsafeMutableRawPointer,
      scratch: UnsafeMutableRawPointer
    ) {
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
          fftw_plan_guru64_dft(
            1, &line, 0, nil, input.base.bound(), output.base.bound(), sign, flags)
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
  }
#endif
