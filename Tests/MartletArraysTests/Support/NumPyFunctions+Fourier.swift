import Martlet

extension NumPyFunctions {
  /// A transform along one axis.
  private static func along(
    _ body: @escaping @Sendable (NDArray, Int?, Int, FourierNorm) -> NDArray
  ) -> Call {
    { test in
      let norm = FourierNorm(rawValue: try test.text("norm"))!
      return [body(test.a, try test.intOrNil("n"), try test.int("axis"), norm)]
    }
  }

  /// A transform along several axes.
  private static func over(
    _ body: @escaping @Sendable (NDArray, [Int]?, [Int]?, FourierNorm) -> NDArray
  ) -> Call {
    { test in
      let norm = FourierNorm(rawValue: try test.text("norm"))!
      return [body(test.a, try test.intsOrNil("shape"), try test.intsOrNil("axes"), norm)]
    }
  }

  static let fourier: [String: Call] = [
    "fft": along { $0.fft(n: $1, axis: $2, norm: $3) },
    "ifft": along { $0.ifft(n: $1, axis: $2, norm: $3) },
    "rfft": along { $0.rfft(n: $1, axis: $2, norm: $3) },
    "irfft": along { $0.irfft(n: $1, axis: $2, norm: $3) },
    "hfft": along { $0.hfft(n: $1, axis: $2, norm: $3) },
    "ihfft": along { $0.ihfft(n: $1, axis: $2, norm: $3) },
    "fftn": over { $0.fftn(shape: $1, axes: $2, norm: $3) },
    "ifftn": over { $0.ifftn(shape: $1, axes: $2, norm: $3) },
    "rfftn": over { $0.rfftn(shape: $1, axes: $2, norm: $3) },
    "irfftn": over { $0.irfftn(shape: $1, axes: $2, norm: $3) },
    "fft2": one { $0.fft2() }, "ifft2": one { $0.ifft2() }, "rfft2": one { $0.rfft2() },
    "irfft2": one { $0.irfft2() },
    "fftfreq": { [NDArray.fftfreq(try $0.int("n"), spacing: try $0.number("spacing"))] },
    "rfftfreq": { [NDArray.rfftfreq(try $0.int("n"), spacing: try $0.number("spacing"))] },
    "fftshift": { [$0.a.fftshift(axes: try $0.intsOrNil("axes"))] },
    "ifftshift": { [$0.a.ifftshift(axes: try $0.intsOrNil("axes"))] },
    "convolved": { test in
      let method = ConvolutionMethod(rawValue: try test.text("method"))!
      let mode = ConvolutionMode(rawValue: try test.text("mode"))!
      return [test.a.convolved(with: test.b, mode: mode, method: method)]
    },
    "correlated": { test in
      let method = ConvolutionMethod(rawValue: try test.text("method"))!
      let mode = ConvolutionMode(rawValue: try test.text("mode"))!
      return [test.a.correlated(with: test.b, mode: mode, method: method)]
    },
  ]
}
