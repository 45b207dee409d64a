import MartletArrays

extension ArrowChunk {
  // MARK: Numbers

  /// Writes the column's numbers, NaN where there is none; gives how many were infinite.
  ///
  /// - Parameter keepsInfinity: Otherwise infinities become NaN, as in text.
  func readNumbers(
    into target: UnsafeMutablePointer<Double>, _ decimal: CSVLayout.Decimal = .point,
    keepsInfinity: Bool = false
  ) throws(DataError) -> Int {
    if case .dictionary = type {
      return try readNumbersOfDictionary(into: target, decimal, keepsInfinity: keepsInfinity)
    }
    switch type {
    case .float(64): copyNumbers(into: target) { Double(bitPattern: load($0, UInt64.self)) }
    case .float(32): copyNumbers(into: target) { Double(Float(bitPattern: load($0, UInt32.self))) }
    case .float: copyNumbers(into: target) { Double(float(half: load($0, UInt16.self))) }
    case .integer(64, false): copyNumbers(into: target) { Double(load($0, UInt64.self)) }
    case .integer(64, true): copyNumbers(into: target) { Double(load($0, Int64.self)) }
    case .integer(let bits, let isSigned):
      copyNumbers(into: target) { Double(integer($0, bits: bits, isSigned: isSigned) ?? 0) }
    case .decimal(let bits, let scale):
      copyNumbers(into: target) { self.decimal($0, bits: bits, scale: scale) }
    case .utf8, .utf8View: return try readTextNumbers(into: target, decimal)
    default: throw place.error(.wrongType, "is \(type), not a number; cast it to float64")
    }
    var infinities = 0
    if validity != nil {
      for row in 0..<count where !isThere(row) { target[row] = .nan }
    }
    if !keepsInfinity {
      for row in 0..<count where target[row].isInfinite {
        target[row] = .nan
        infinities += 1
      }
    }
    return infinities
  }

  @inline(__always)
  private func copyNumbers(into target: UnsafeMutablePointer<Double>, _ value: (Int) -> Double) {
    for row in 0..<count { target[row] = value(row) }
  }

  private func readNumbersOfDictionary(
    into target: UnsafeMutablePointer<Double>, _ decimal: CSVLayout.Decimal, keepsInfinity: Bool
  ) throws(DataError) -> Int {
    let total = valueCount
    var values = [Double](repeating: .nan, count: total)
    var start = 0
    for chunk in dictionary {
      let result = values.withUnsafeMutableBufferPointer { buffer in
        Result { () throws(DataError) in
          guard chunk.count > 0, let base = buffer.baseAddress else { return 0 }
          return try chunk.readNumbers(into: base + start, decimal, keepsInfinity: true)
        }
      }
      _ = try result.get()
      start += chunk.count
    }
    var infinities = 0
    for row in 0..<count {
      let value = try index(row, of: total).map { values[$0] } ?? .nan
      let isDropped = value.isInfinite && !keepsInfinity
      target[row] = isDropped ? .nan : value
      if isDropped { infinities += 1 }
    }
    return infinities
  }

  private func readTextNumbers(
    into target: UnsafeMutablePointer<Double>, _ decimal: CSVLayout.Decimal
  ) throws(DataError) -> Int {
    var infinities = 0
    for row in 0..<count {
      target[row] = .nan
      guard let text = try text(row) else { continue }
      switch NumberText(Self.trimmed(text), decimal) {
      case .number(let value): target[row] = value
      case .missing: break
      case .infinite: infinities += 1
      case .wrong: throw place.error(.malformed, row: row, "\(quoted(text)) is not a number")
      }
    }
    return infinities
  }

  /// Without spaces and tabs at its ends, as fields of text are read.
  static func trimmed(_ text: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    var (start, end) = (0, text.count)
    while start < end, text[start] == 0x20 || text[start] == 0x09 { start += 1 }
    while start < end, text[end - 1] == 0x20 || text[end - 1] == 0x09 { end -= 1 }
    return UnsafeBufferPointer(rebasing: text[start..<end])
  }

  /// The powers of ten that are doubles.
  private static let exactPowers: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
    1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  /// A decimal number, correctly rounded.
  private func decimal(_ row: Int, bits: Int, scale: Int) -> Double {
    let value: Int128 =
      switch bits {
      case 32: Int128(load(row, Int32.self))
      case 64: Int128(load(row, Int64.self))
      default:
        Int128(load(2 * row + 1, Int64.self)) << 64 | Int128(load(2 * row, UInt64.self))
      }
    // Both are exact, so that one rounding is left.
    if 0...22 ~= scale, value.magnitude < 1 << 53 {
      return Double(Int64(value)) / Self.exactPowers[scale]
    }
    return Double("\(value)e\(-scale)") ?? .nan
  }

  // MARK: Times

  /// Writes dates and timestamps as nanoseconds since 1970, the least integer where there is none.
  func readTimes(into target: UnsafeMutablePointer<Int64>) throws(DataError) {
    if case .dictionary = type {
      let total = valueCount
      var values = [Int64](repeating: .min, count: total)
      var start = 0
      for chunk in dictionary where chunk.count > 0 {
        let result = values.withUnsafeMutableBufferPointer { buffer in
          Result { () throws(DataError) in
            if let base = buffer.baseAddress { try chunk.readTimes(into: base + start) }
          }
        }
        try result.get()
        start += chunk.count
      }
      for row in 0..<count { target[row] = try index(row, of: total).map { values[$0] } ?? .min }
      return
    }
    switch type {
    case .date(nil):
      try scaleTimes(into: target, by: Calendar.nanosecondsPerDay) { Int64(load($0, Int32.self)) }
    case .date(let unit?), .timestamp(let unit, _):
      try scaleTimes(into: target, by: unit.nanoseconds) { load($0, Int64.self) }
    default: throw place.error(.wrongType, "is \(type), not a time")
    }
  }

  @inline(__always)
  private func scaleTimes(
    into target: UnsafeMutablePointer<Int64>, by factor: Int64, _ value: (Int) -> Int64
  ) throws(DataError) {
    for row in 0..<count {
      let (time, overflow) = value(row).multipliedReportingOverflow(by: factor)
      if isThere(row) {
        guard !overflow, time != .min else {
          throw place.error(.outOfRange, row: row, "is outside of the years 1678 to 2261")
        }
        target[row] = time
      } else {
        target[row] = .min
      }
    }
  }

  /// A bool; false where there is none.
  func flag(_ row: Int) throws(DataError) -> Bool {
    if case .dictionary = type {
      guard let index = try index(row, of: valueCount) else { return false }
      let (chunk, place) = value(index)
      return try chunk.flag(place)
    }
    return isThere(row) && data.bytes[row >> 3] >> UInt8(row & 7) & 1 == 1
  }

  // MARK: As text

  /// What a row would be in a file of text; empty where there is nothing, or what is not read.
  ///
  /// - Parameter isDate: Times as dates.
  func sampleText(_ row: Int, isDate: Bool) throws(DataError) -> String {
    if case .dictionary = type {
      guard let index = try index(row, of: valueCount) else { return "" }
      let (chunk, place) = value(index)
      return try chunk.sampleText(place, isDate: isDate)
    }
    guard isThere(row) else { return "" }
    switch type {
    case .utf8, .utf8View:
      return try text(row).map { String(decoding: Self.trimmed($0), as: UTF8.self) } ?? ""
    case .integer(let bits, let isSigned):
      return integer(row, bits: bits, isSigned: isSigned).map { "\($0)" }
        ?? "\(load(row, UInt64.self))"
    case .float(64): return "\(Double(bitPattern: load(row, UInt64.self)))"
    case .float(32): return "\(Float(bitPattern: load(row, UInt32.self)))"
    case .float: return "\(float(half: load(row, UInt16.self)))"
    case .decimal(let bits, let scale): return "\(decimal(row, bits: bits, scale: scale))"
    case .bool: return data.bytes[row >> 3] >> UInt8(row & 7) & 1 == 1 ? "true" : "false"
    case .date, .timestamp: return try timeText(row, isDate: isDate)
    case .null, .other, .dictionary: return ""
    }
  }

  private func timeText(_ row: Int, isDate: Bool) throws(DataError) -> String {
    let value: Int64
    let perDay: Int64
    var zone: NamedZone?
    var hasZone = false
    switch type {
    case .timestamp(let unit, let name):
      (value, perDay) = (load(row, Int64.self), 86_400 * (1_000_000_000 / unit.nanoseconds))
      hasZone = name != nil
      zone = name.flatMap { NamedZone($0) }
    case .date(let unit):
      (value, perDay) =
        unit == nil ? (Int64(load(row, Int32.self)), 1) : (load(row, Int64.self), 86_400_000)
    default: return ""
    }
    // Of what is far from any calendar the reader of the values says so.
    let seconds = perDay > 1 ? Int(value).flooredQuotient(Int(perDay / 86_400)) : 0
    guard seconds.magnitude < 200_000_000_000 else { return "\(value)" }
    let offset = perDay > 1 ? zone?.offset(at: seconds) ?? 0 : 0
    let (local, overflow) = value.addingReportingOverflow(Int64(offset) * (perDay / 86_400))
    let day = Int(local).flooredQuotient(Int(perDay))
    guard !overflow, day.magnitude < 200_000 else { return "\(value)" }
    let date = Calendar.date(ofDay: day)
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    var text = "\(date.year)-\(two(date.month))-\(two(date.day))"
    if date.year < 1000 { return "\(value)" }
    if isDate, !hasZone { return text }
    let part = (Int(local) - day * Int(perDay)) * Int(Calendar.nanosecondsPerDay / perDay)
    let second = part / 1_000_000_000
    text += "T\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))"
    if part % 1_000_000_000 != 0 {
      let digits = "\(part % 1_000_000_000)"
      text += "." + String(repeating: "0", count: 9 - digits.count) + digits
    }
    guard hasZone else { return text }
    let minutes = abs(offset) / 60
    return text + (offset < 0 ? "-" : "+") + two(minutes / 60) + ":" + two(minutes % 60)
  }
}
