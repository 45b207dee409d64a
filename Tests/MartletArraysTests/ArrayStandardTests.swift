import Martlet
import Testing

/// Every name of the Python Array API standard is here under a Swift name, which is called, or refused with
/// a reason.
struct ArrayStandardTests {
  enum Answer: Sendable {
    /// Its name here, and a call that gives a result of this many elements.
    case here(String, count: Int, @Sendable () throws -> NDArray)
    case refused(because: String)
  }

  @Test func everyNameIsHereOrRefused() throws {
    let answers = Self.answers
    #expect(Set(ArrayStandard.names).count == ArrayStandard.names.count)
    for name in ArrayStandard.names where answers[name] == nil {
      Issue.record("\(name) is neither here nor refused")
    }
    for name in answers.keys where !ArrayStandard.names.contains(name) {
      Issue.record("\(name) is not in the standard")
    }
    for (name, answer) in answers {
      switch answer {
      case .here(let swift, let count, let call):
        #expect(!swift.isEmpty)
        let result = try call()
        result.eval()
        #expect(result.count == count, "\(name): \(swift) gives the shape \(result.shape)")
      case .refused(let reason): #expect(reason.count > 10, "\(name)")
      }
    }
  }

  private static let a: NDArray = [[0.5, -1.5, 2.0], [1.0, 4.0, -3.0]]
  private static let k: NDArray = [[1, 2, 3], [4, 5, 6]]
  private static let m: NDArray = [[4.0, 1.0], [1.0, 3.0]]
  private static let v: NDArray = [3.0, 1.0, 2.0]

  static let answers: [String: Answer] = {
    var all: [String: Answer] = [:]
    for table in [made, elementwise, matrices, factorizations, arranged, reduced, object] {
      all.merge(table) { _, _ in preconditionFailure("ArrayStandardTests: a name twice") }
    }
    return all
  }()

  private static func one(_ name: String, _ call: @escaping @Sendable (NDArray) -> NDArray)
    -> Answer
  {
    .here(name, count: 6) { call(a) }
  }

  private static func whole(_ name: String, _ call: @escaping @Sendable (NDArray) -> NDArray)
    -> Answer
  {
    .here(name, count: 6) { call(k) }
  }

  // MARK: Creation, types, constants, inspection

  private static let noDevices = Answer.refused(because: "there is one device, the processor")
  private static let noNamespace = Answer.refused(because: "a module of Swift is no value")
  private static let noCopies = Answer.refused(
    because: "Swift has no such protocol; `NDArray(viewing:shape:dtype:owner:)` takes any memory")

  private static func type(_ dtype: ElementType) -> Answer {
    .here(".\(dtype)", count: 2) { NDArray.zeros([2], dtype: dtype) }
  }
  private static let noWidth = Answer.refused(
    because: "eight types cover what is asked for; files with others are widened when read")

  private static let made: [String: Answer] = [
    "arange": .here("NDArray.arange", count: 4) { .arange(1, 9, step: 2) },
    "asarray": .here("NDArray(_:)", count: 2) { NDArray([1.0, 2.0] as [Double]) },
    "empty": .refused(because: "no element is left unwritten; `zeros` takes no memory"),
    "empty_like": .refused(because: "no element is left unwritten; `zerosLike` takes no memory"),
    "eye": .here("NDArray.eye", count: 6) { .eye(2, 3) },
    "from_dlpack": noCopies,
    "full": .here("NDArray.full", count: 6) { .full([2, 3], 7) },
    "full_like": .here("NDArray.fullLike", count: 6) { .fullLike(a, 7) },
    "linspace": .here("NDArray.linspace", count: 5) { .linspace(0, 1, count: 5) },
    "meshgrid": .here("NDArray.meshgrid", count: 9) { NDArray.meshgrid([v, v])[0] },
    "ones": .here("NDArray.ones", count: 6) { .ones([2, 3]) },
    "ones_like": .here("NDArray.onesLike", count: 6) { .onesLike(a) },
    "tril": one("tril") { $0.tril() }, "triu": one("triu") { $0.triu() },
    "zeros": .here("NDArray.zeros", count: 6) { .zeros([2, 3]) },
    "zeros_like": .here("NDArray.zerosLike", count: 6) { .zerosLike(a) },
    "astype": one("asType") { $0.asType(.float32) },
    "broadcast_arrays": .here("NDArray.broadcast", count: 6) { NDArray.broadcast([a, v])[1] },
    "broadcast_to": .here("broadcast(to:)", count: 12) { a.broadcast(to: [2, 2, 3]) },
    "can_cast": .here("ElementType.promoted(with:)", count: 1) {
      NDArray(ElementType.uint8.promoted(with: .int32) == .int32)
    },
    "finfo": .refused(because: "`Double` and `Float` of Swift say it, such as `ulpOfOne`"),
    "iinfo": .refused(because: "`Int64`, `Int32` and `UInt8` of Swift say it, such as `max`"),
    "isdtype": .here("ElementType.isReal, isComplex, isInexact, isInteger", count: 1) {
      NDArray(a.dtype.isReal && !a.dtype.isComplex && a.dtype.isInexact && !a.dtype.isInteger)
    },
    "result_type": .here("ElementType.promoted(with:)", count: 1) {
      NDArray(ElementType.int32.promoted(with: .float32) == .float64)
    },
    "bool": type(.bool), "int32": type(.int32), "int64": type(.int64), "uint8": type(.uint8),
    "float32": type(.float32), "float64": type(.float64), "complex64": type(.complex64),
    "complex128": type(.complex128),
    "int8": noWidth, "int16": noWidth, "uint16": noWidth, "uint32": noWidth, "uint64": noWidth,
    "e": .refused(because: "Swift has none either; exp() of 1 is it"),
    "inf": .here("Double.infinity", count: 6) { a + Double.infinity },
    "nan": .here("Double.nan", count: 6) { a + Double.nan },
    "pi": .here("Double.pi", count: 6) { a * Double.pi },
    "newaxis": .here(".newAxis", count: 6) { a[.newAxis, .ellipsis] },
    "__array_namespace_info__": noNamespace,
    "capabilities": .refused(because: "there is one implementation; its limits are documented"),
    "default_device": noDevices, "devices": noDevices,
    "default_dtypes": .refused(because: "literals decide: int64, float64, complex128"),
    "dtypes": .here("ElementType.allCases", count: 8) {
      NDArray(ElementType.allCases.map { Int64($0.size) })
    },
  ]

  // MARK: Elementwise

  private static let elementwise: [String: Answer] = [
    "abs": one("abs") { $0.abs() }, "acos": one("acos") { $0.acos() },
    "acosh": one("acosh") { $0.acosh() }, "add": one("+") { $0 + $0 },
    "asin": one("asin") { $0.asin() }, "asinh": one("asinh") { $0.asinh() },
    "atan": one("atan") { $0.atan() }, "atan2": one("atan2") { $0.atan2(v) },
    "atanh": one("atanh") { $0.atanh() }, "bitwise_and": whole("&") { $0 & 6 },
    "bitwise_left_shift": whole("<<") { $0 << 2 }, "bitwise_invert": whole("~") { ~$0 },
    "bitwise_or": whole("|") { $0 | 1 }, "bitwise_right_shift": whole(">>") { $0 >> 1 },
    "bitwise_xor": whole("^") { $0 ^ 5 }, "ceil": one("ceil") { $0.ceil() },
    "clip": one("clip") { $0.clip(-1, 1) }, "conj": one("conj") { $0.conj() },
    "copysign": one("copysign") { $0.copysign(v) }, "cos": one("cos") { $0.cos() },
    "cosh": one("cosh") { $0.cosh() }, "divide": one("/") { $0 / v },
    "equal": one(".==") { $0 .== v }, "exp": one("exp") { $0.exp() },
    "expm1": one("expm1") { $0.expm1() }, "floor": one("floor") { $0.floor() },
    "floor_divide": one("floorDivided(by:)") { $0.floorDivided(by: v) },
    "greater": one(".>") { $0 .> v }, "greater_equal": one(".>=") { $0 .>= v },
    "hypot": one("hypot") { $0.hypot(v) }, "imag": one("imag") { $0.imag },
    "isfinite": one("isFinite") { $0.isFinite() }, "isinf": one("isInf") { $0.isInf() },
    "isnan": one("isNaN") { $0.isNaN() }, "less": one(".<") { $0 .< v },
    "less_equal": one(".<=") { $0 .<= v }, "log": one("log") { $0.log() },
    "log1p": one("log1p") { $0.log1p() }, "log2": one("log2") { $0.log2() },
    "log10": one("log10") { $0.log10() }, "logaddexp": one("logaddexp") { $0.logaddexp(v) },
    "logical_and": one(".&") { $0 .& v }, "logical_not": one("!") { !$0 },
    "logical_or": one(".|") { $0 .| v }, "logical_xor": one(".^") { $0 .^ v },
    "maximum": one("maximum") { $0.maximum(v) }, "minimum": one("minimum") { $0.minimum(v) },
    "multiply": one("*") { $0 * v }, "negative": one("-") { -$0 },
    "nextafter": one("nextafter") { $0.nextafter(v) }, "not_equal": one(".!=") { $0 .!= v },
    "positive": one("+") { +$0 }, "pow": one("power(_:)") { $0.power(v) },
    "real": one("real") { $0.real }, "reciprocal": one("reciprocal") { $0.reciprocal() },
    "remainder": one("%") { $0 % v }, "round": one("round") { $0.round() },
    "sign": one("sign") { $0.sign() }, "signbit": one("signbit") { $0.signbit() },
    "sin": one("sin") { $0.sin() }, "sinh": one("sinh") { $0.sinh() },
    "square": one("square") { $0.square() }, "sqrt": one("sqrt") { $0.sqrt() },
    "subtract": one("-") { $0 - v }, "tan": one("tan") { $0.tan() },
    "tanh": one("tanh") { $0.tanh() }, "trunc": one("trunc") { $0.trunc() },
  ]

  // MARK: Linear algebra, transforms

  #if BLAS
    private static let factorizations: [String: Answer] = [
      "linalg.cholesky": .here("cholesky", count: 4) { try m.cholesky() },
      "linalg.det": .here("det", count: 1) { m.det() },
      "linalg.eigh": .here("eigh", count: 4) { try m.eigh().vectors },
      "linalg.eigvalsh": .here("eigvalsh", count: 2) { try m.eigvalsh() },
      "linalg.inv": .here("inverse", count: 4) { try m.inverse() },
      "linalg.matrix_rank": .here("matrixRank", count: 1) { try m.matrixRank() },
      "linalg.pinv": .here("pinv", count: 6) { try a.pinv() },
      "linalg.qr": .here("qr", count: 4) { m.qr().q },
      "linalg.slogdet": .here("slogdet", count: 1) { m.slogdet().logarithm },
      "linalg.solve": .here("solve", count: 4) { try m.solve(m) },
      "linalg.svd": .here("svd", count: 2) { try a.svd().s },
      "linalg.svdvals": .here("svdvals", count: 2) { try a.svdvals() },
    ]
  #else
    private static let factorizations = Dictionary(
      uniqueKeysWithValues: [
        "cholesky", "det", "eigh", "eigvalsh", "inv", "matrix_rank", "pinv", "qr", "slogdet",
        "solve", "svd", "svdvals",
      ].map { ("linalg.\($0)", Answer.refused(because: "needs the trait BLAS")) })
  #endif

  private static let matrices: [String: Answer] = [
    "matmul": .here("matmul", count: 4) { m.matmul(m) },
    "matrix_transpose": one("matrixTransposed") { $0.matrixTransposed },
    "tensordot": .here("tensordot", count: 4) { m.tensordot(m, axes: 1) },
    "vecdot": .here("vecdot", count: 2) { a.vecdot(a) },
    "linalg.cross": .here("cross", count: 6) { a.cross(v) },
    "linalg.diagonal": .here("diagonal", count: 2) { a.diagonal() },
    "linalg.matmul": .here("matmul", count: 2) { m.matmul(m[.all, 0]) },
    "linalg.matrix_norm": .here("matrixNorm", count: 1) { m.matrixNorm() },
    "linalg.matrix_power": .here("matrixPower", count: 4) { try m.matrixPower(3) },
    "linalg.matrix_transpose": .here("matrixTransposed", count: 4) { m.matrixTransposed },
    "linalg.outer": .here("outer", count: 9) { v.outer(v) },
    "linalg.tensordot": .here("tensordot", count: 1) { m.tensordot(m) },
    "linalg.trace": .here("trace", count: 1) { m.trace() },
    "linalg.vecdot": .here("vecdot", count: 1) { v.vecdot(v) },
    "linalg.vector_norm": .here("norm", count: 1) { v.norm() },
    "fft.fft": one("fft") { $0.fft() }, "fft.ifft": one("ifft") { $0.ifft() },
    "fft.fftn": one("fftn") { $0.fftn() }, "fft.ifftn": one("ifftn") { $0.ifftn() },
    "fft.rfft": .here("rfft", count: 4) { a.rfft() },
    "fft.irfft": .here("irfft", count: 8) { a.irfft() },
    "fft.rfftn": .here("rfftn", count: 4) { a.rfftn() },
    "fft.irfftn": .here("irfftn", count: 8) { a.irfftn() },
    "fft.hfft": .here("hfft", count: 8) { a.hfft() },
    "fft.ihfft": .here("ihfft", count: 4) { a.ihfft() },
    "fft.fftfreq": .here("NDArray.fftfreq", count: 5) { .fftfreq(5) },
    "fft.rfftfreq": .here("NDArray.rfftfreq", count: 3) { .rfftfreq(5) },
    "fft.fftshift": one("fftshift") { $0.fftshift() },
    "fft.ifftshift": one("ifftshift") { $0.ifftshift() },
  ]

  // MARK: Manipulation, indexing, searching, sets, sorting

  private static let arranged: [String: Answer] = [
    "take": .here("take", count: 4) { try a.take([0, 2], axis: 1) },
    "take_along_axis": .here("takeAlongAxis", count: 2) { try a.takeAlongAxis([[0], [2]]) },
    "concat": .here("NDArray.concatenated", count: 12) { .concatenated([a, a]) },
    "expand_dims": one("expandedDims") { $0.expandedDims(axis: 0) },
    "flip": one("flipped") { $0.flipped() },
    "moveaxis": one("movedAxis") { $0.movedAxis(from: 0, to: 1) },
    "permute_dims": one("transposed") { $0.transposed(1, 0) },
    "repeat": .here("repeated", count: 12) { a.repeated(2, axis: 1) },
    "reshape": one("reshaped") { $0.reshaped(3, 2) },
    "roll": one("rolled(by:)") { $0.rolled(by: 1) },
    "squeeze": one("squeezed") { $0.expandedDims(axis: 1).squeezed(axis: 1) },
    "stack": .here("NDArray.stacked", count: 12) { .stacked([a, a]) },
    "tile": .here("tiled", count: 24) { a.tiled([2, 2]) },
    "unstack": .here("unstacked", count: 3) { a.unstacked()[1] },
    "argmax": .here("argmax", count: 2) { a.argmax(axis: 1) },
    "argmin": .here("argmin", count: 2) { a.argmin(axis: 1) },
    "count_nonzero": .here("countNonzero", count: 1) { a.countNonzero() },
    "nonzero": .here("nonzero", count: 6) { a.nonzero()[0] },
    "searchsorted": .here("searchsorted", count: 6) { v.sorted().searchsorted(a) },
    "where": one("NDArray.where") { NDArray.where($0 .> 0, $0, 0) },
    "unique_all": .here("uniqueAll", count: 6) { a.uniqueAll().inverse },
    "unique_counts": .here("uniqueCounts", count: 6) { a.uniqueCounts().counts },
    "unique_inverse": .here("uniqueInverse", count: 6) { a.uniqueInverse().inverse },
    "unique_values": .here("unique", count: 6) { a.unique() },
    "argsort": one("argsort") { $0.argsort() }, "sort": one("sorted") { $0.sorted() },
  ]

  // MARK: Statistics

  private static let reduced: [String: Answer] = [
    "cumulative_prod": .here("cumulativeProduct", count: 6) { a.cumprod(axis: 1) },
    "cumulative_sum": .here("cumulativeSum", count: 8) {
      a.cumsum(axis: 1, includeInitial: true)
    },
    "max": .here("max", count: 2) { a.max(axis: 1) },
    "mean": .here("mean", count: 3) { a.mean(axis: 0) },
    "min": .here("min", count: 1) { a.min() },
    "prod": .here("product", count: 2) { a.prod(axis: 1, keepDims: true) },
    "std": .here("std", count: 2) { a.std(axis: 1, ddof: 1) },
    "sum": .here("sum", count: 1) { a.sum(axis: [0, 1]) },
    "var": .here("variance", count: 1) { a.variance() },
    "all": .here("all", count: 1) { a.all() }, "any": .here("any", count: 1) { a.any() },
    "diff": .here("diff", count: 4) { a.diff(axis: 1) },
  ]

  // MARK: The array object

  private static func changed(
    _ name: String, _ array: NDArray, _ change: @escaping @Sendable (inout NDArray) -> Void
  ) -> Answer {
    .here(name, count: array.count) {
      var copy = array
      change(&copy)
      return copy
    }
  }
  private static func number(_ value: @escaping @Sendable () -> Bool) -> Answer {
    .here("item(as:)", count: 1) { NDArray(value()) }
  }
  private static let noOperator = "Swift has no such operator; "

  private static let object: [String: Answer] = [
    "array.dtype": .here("dtype", count: 1) { NDArray(a.dtype == .float64) },
    "array.device": noDevices, "array.to_device": noDevices,
    "array.mT": one("matrixTransposed") { $0.matrixTransposed },
    "array.ndim": .here("rank", count: 1) { NDArray(a.ndim) },
    "array.shape": .here("shape", count: 2) { NDArray(a.shape.map { Int64($0) }) },
    "array.size": .here("count", count: 1) { NDArray(a.count) },
    "array.T": one("transposed") { $0.transposed() },
    "__abs__": one("abs") { $0.abs() }, "__add__": one("+") { $0 + v },
    "__and__": whole("&") { $0 & $0 }, "__array_namespace__": noNamespace,
    "__bool__": number { (a .> 100).any().item(as: Bool.self) },
    "__complex__": number { m.trace().item(as: Complex<Double>.self).imaginary == 0 },
    "__dlpack__": noCopies, "__dlpack_device__": noCopies, "__eq__": one(".==") { $0 .== $0 },
    "__float__": number { m.trace().item(as: Double.self) > 10 },
    "__floordiv__": one("floorDivided(by:)") { $0.floorDivided(by: 2) },
    "__ge__": one(".>=") { $0 .>= 0 }, "__gt__": one(".>") { $0 .> 0 },
    "__getitem__": .here("subscript", count: 2) { a[.all, 1] },
    "__index__": number { k.argmax().item(as: Int.self) == 5 },
    "__int__": number { k.sum().item(as: Int.self) == 21 },
    "__invert__": whole("~") { ~$0 }, "__le__": one(".<=") { $0 .<= 0 },
    "__lshift__": whole("<<") { $0 << $0 }, "__lt__": one(".<") { $0 .< 0 },
    "__matmul__": .here("matmul", count: 4) { a.matmul(a.matrixTransposed) },
    "__mod__": one("%") { $0 % 2 }, "__mul__": one("*") { $0 * 2 },
    "__ne__": one(".!=") { $0 .!= 0 }, "__neg__": one("-") { -$0 },
    "__or__": whole("|") { $0 | $0 },
    "__pos__": one("+") { +$0 }, "__pow__": one("power(_:)") { $0.power(2) },
    "__rshift__": whole(">>") { $0 >> $0 },
    "__setitem__": changed("subscript", a) { $0[.all, 1] = NDArray(7.0) },
    "__sub__": one("-") { $0 - 1 }, "__truediv__": one("/") { $0 / 2 },
    "__xor__": whole("^") { $0 ^ $0 },
    "__iadd__": changed("+=", a) { $0 += 1 }, "__isub__": changed("-=", a) { $0 -= v },
    "__imul__": changed("*=", a) { $0 *= 2 }, "__itruediv__": changed("/=", a) { $0 /= v },
    "__imod__": changed("%=", a) { $0 %= 2 }, "__iand__": changed("&=", k) { $0 &= 3 },
    "__ior__": changed("|=", k) { $0 |= 8 }, "__ixor__": changed("^=", k) { $0 ^= k },
    "__ilshift__": changed("<<=", k) { $0 <<= 1 }, "__irshift__": changed(">>=", k) { $0 >>= 1 },
    "__ifloordiv__": .refused(because: noOperator + "x = x.floorDivided(by: y)"),
    "__ipow__": .refused(because: noOperator + "x = x.power(y)"),
    "__imatmul__": .refused(because: noOperator + "x = x.matmul(y)"),
    "__radd__": one("+") { 1 + $0 }, "__rsub__": one("-") { 1 - $0 },
    "__rmul__": one("*") { 2 * $0 }, "__rtruediv__": one("/") { 1 / $0 },
    "__rmod__": one("%") { 7 % $0 }, "__rand__": whole("&") { 3 & $0 },
    "__ror__": whole("|") { 8 | $0 }, "__rxor__": whole("^") { 5 ^ $0 },
    "__rlshift__": whole("<<") { 1 << $0 }, "__rrshift__": whole(">>") { 64 >> $0 },
    "__rfloordiv__": .refused(because: noOperator + "(x / y).floor(), or floorDivided of an array"),
    "__rpow__": .refused(because: noOperator + "exp2(), or power(_:) of an array"),
    "__rmatmul__": .refused(because: "a matrix product needs an array on both sides"),
  ]
}
