import MartletCore

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension NDArray: CustomStringConvertible {
  /// The elements in nested brackets as NumPy writes them, then shape and dtype.
  ///
  /// At most eight decimals, columns aligned; more than 1,000 elements are summarised by three at each end
  /// of every axis. Without axes the number in full, such as `2.0`. Evaluates the array.
  public var description: String {
    if count == 0 { return "[] shape \(shape), \(dtype)" }
    if ndim == 0 { return "\(NumberColumn.alone(self)) shape [], \(dtype)" }
    let isSummarised = count > 1000
    let shown = NDArray.edges(of: self, isSummarised)
    let texts = NumberColumn.texts(shown)
    var next = texts.makeIterator()
    var result = ""
    write(axis: 0, isSummarised, &next, &result)
    return "\(result) shape \(shape), \(dtype)"
  }

  /// Elements at each end of an axis that a summary keeps.
  private static let edge = 3

  /// Places along an axis that are shown; nil stands for what is left out.
  private static func indices(_ length: Int, _ isSummarised: Bool) -> [Int?] {
    guard isSummarised, length > 2 * edge else { return Array(0..<length) }
    return Array(0..<edge) + [nil] + Array(length - edge..<length)
  }

  private static func edges(of array: NDArray, _ isSummarised: Bool) -> NDArray {
    guard isSummarised else { return array }
    return array.shape.enumerated().reduce(array) { array, axis in
      guard axis.element > 2 * edge else { return array }
      let whole = [any ArrayIndexConvertible](repeating: ArrayIndex.all, count: axis.offset)
      let first = array.selection(whole + [0..<edge])
      let last = array.selection(whole + [ArrayIndex.slice(-edge, nil)])
      return NDArray.concatenated([first, last], axis: axis.offset)
    }
  }

  private func write(
    axis: Int, _ isSummarised: Bool, _ next: inout IndexingIterator<[String]>,
    _ result: inout String
  ) {
    guard axis < ndim else {
      result += next.next() ?? ""
      return
    }
    let isLast = axis == ndim - 1
    let separator =
      isLast
      ? " "
      : String(repeating: "\n", count: ndim - 1 - axis) + String(repeating: " ", count: axis + 1)
    result += "["
    for (k, index) in Self.indices(shape[axis], isSummarised).enumerated() {
      if k > 0 { result += separator }
      if index == nil {
        result += "..."
      } else {
        write(axis: axis + 1, isSummarised, &next, &result)
      }
    }
    result += "]"
  }
}

/// Numbers as texts of one width.
private enum NumberColumn {
  static func texts(_ array: NDArray) -> [String] {
    switch array.dtype {
    case .bool: return aligned(array.elements(as: Bool.self).map { $0 ? "True" : "False" })
    case .int32, .int64, .uint8: return aligned(array.elements(as: Int.self).map { "\($0)" })
    case .float32, .float64: return reals(array.doubles, array.dtype)
    case .complex64, .complex128:
      let real = reals(array.real.doubles, array.dtype.realType)
      let imaginary = reals(array.imag.doubles, array.dtype.realType)
      return zip(real, imaginary).map { real, imaginary in
        let digits = imaginary.filter { $0 != " " }
        let pad = String(imaginary.reversed().prefix { $0 == " " })
        return real + (digits.first == "-" ? "" : "+") + digits + "j" + pad
      }
    }
  }

  /// The only number as Python writes it.
  static func alone(_ array: NDArray) -> String {
    switch array.dtype {
    case .bool: return array.item(as: Bool.self) ? "True" : "False"
    case .int32, .int64, .uint8: return "\(array.item(as: Int.self))"
    case .float32, .float64: return shortest(array, array.dtype)
    case .complex64, .complex128:
      let type = array.dtype.realType
      func part(_ array: NDArray) -> String {
        let text = shortest(array, type)
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
      }
      let (real, imaginary) = (array.real, array.imag)
      let second = part(imaginary) + "j"
      let value = real.item(as: Double.self)
      if value == 0, value.sign == .plus { return second }
      return "(\(part(real))\(second.hasPrefix("-") ? "" : "+")\(second))"
    }
  }

  /// The fewest digits that give the same number back.
  private static func shortest(_ array: NDArray, _ dtype: ElementType) -> String {
    let value = array.item(as: Double.self)
    guard value.isFinite else { return text(value) }
    // The digits of the narrower type, in the notation of the wider one.
    return dtype == .float32 ? "\(Double("\(Float(value))") ?? value)" : "\(value)"
  }

  /// With decimal points under each other, or all with an exponent where sizes differ too much.
  private static func reals(_ values: [Double], _ dtype: ElementType) -> [String] {
    let sizes = values.lazy.filter { $0.isFinite && $0 != 0 }.map(Swift.abs)
    let (least, most) = (sizes.min() ?? 1, sizes.max() ?? 1)
    if most >= 1e8 || least < 1e-4 || most / least > 1000 {
      return scientific(values, dtype)
    }
    let parts = values.map { value -> (whole: String, fraction: String) in
      guard value.isFinite else { return (text(value), "") }
      var text = format("%.*f", decimals(value, dtype, "%.*f"), value)
      if !text.contains(".") { text += "." }
      let point = text.firstIndex(of: ".") ?? text.endIndex
      return (String(text[..<point]), String(text[point...]))
    }
    let whole = parts.lazy.filter { !$0.fraction.isEmpty }.map(\.whole.count).max() ?? 0
    let fraction = parts.map(\.fraction.count).max() ?? 0
    return aligned(
      parts.map { part in
        guard !part.fraction.isEmpty else { return part.whole }
        return String(repeating: " ", count: whole - part.whole.count) + part.whole + part.fraction
          + String(repeating: " ", count: fraction - part.fraction.count)
      })
  }

  private static func scientific(_ values: [Double], _ dtype: ElementType) -> [String] {
    let indices =
      values.lazy.filter(\.isFinite).map { decimals($0, dtype, "%.*e") }.max() ?? 0
    return aligned(
      values.map { value in
        guard value.isFinite else { return text(value) }
        let number = format("%.*e", indices, value)
        guard indices == 0, let exponent = number.firstIndex(of: "e") else { return number }
        return number[..<exponent] + "." + number[exponent...]
      })
  }

  private static func text(_ value: Double) -> String {
    value.isNaN ? "nan" : value < 0 ? "-inf" : "inf"
  }

  /// The fewest of up to eight decimals that give the same number back; eight without trailing zeros
  /// where none do.
  private static func decimals(_ value: Double, _ dtype: ElementType, _ pattern: String) -> Int32 {
    for decimals in Int32(0)..<8 {
      let candidate = format(pattern, decimals, value)
      let isSame =
        dtype == .float32
        ? Float(candidate) == Float(value) : Double(candidate) == value
      if isSame { return decimals }
    }
    let mantissa = format(pattern, 8, value).prefix { $0 != "e" }
    return 8 - Int32(mantissa.reversed().prefix { $0 == "0" }.count)
  }

  private static func format(_ pattern: String, _ decimals: Int32, _ value: Double) -> String {
    var bytes = [CChar](repeating: 0, count: 512)
    let length = withVaList([decimals, value]) { vsnprintf(&bytes, 512, pattern, $0) }
    return String(
      decoding: bytes.prefix(max(0, Int(length))).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  private static func aligned(_ texts: [String]) -> [String] {
    let width = texts.map(\.count).max() ?? 0
    return texts.map { String(repeating: " ", count: width - $0.count) + $0 }
  }
}
