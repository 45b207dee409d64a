public import MartletArrays

/// A key of a layout's text, and how its value is written and read.
private struct LayoutKey: Sendable {
  let name: String
  /// What the value may be.
  let values: String
  /// The value as text; nil where the layout does not say.
  let text: @Sendable (CSVLayout) -> String?
  /// Takes a value; false where it is none.
  let take: @Sendable (inout CSVLayout, [UInt8]) -> Bool

  static func choice<Value: RawRepresentable & CaseIterable & SendableMetatype>(
    _ name: String, _ path: any WritableKeyPath<CSVLayout, Value?> & Sendable
  ) -> LayoutKey where Value.RawValue == String {
    LayoutKey(
      name: name, values: Value.allCases.map(\.rawValue).joined(separator: ", "),
      text: { $0[keyPath: path]?.rawValue },
      take: { layout, bytes in
        guard let value = Value(rawValue: String(decoding: bytes, as: UTF8.self)) else {
          return false
        }
        layout[keyPath: path] = value
        return true
      })
  }

  static func number(
    _ name: String, _ range: ClosedRange<Int>,
    _ path: any WritableKeyPath<CSVLayout, Int?> & Sendable
  ) -> LayoutKey {
    LayoutKey(
      name: name, values: "\(range.lowerBound)…\(range.upperBound)",
      text: { $0[keyPath: path].map { "\($0)" } },
      take: { layout, bytes in
        guard let value = Int(String(decoding: bytes, as: UTF8.self)), range.contains(value) else {
          return false
        }
        layout[keyPath: path] = value
        return true
      })
  }

  static func column(
    _ name: String, _ path: any WritableKeyPath<CSVLayout, String?> & Sendable,
    values: String = "a column, or nothing",
    isValid: @escaping @Sendable (String) -> Bool = { _ in true }
  ) -> LayoutKey {
    LayoutKey(
      name: name, values: values, text: { $0[keyPath: path].map(CSVLayout.escaped) },
      take: { layout, bytes in
        let text = CSVLayout.unescaped(bytes)
        guard isValid(text) else { return false }
        layout[keyPath: path] = text
        return true
      })
  }

  static func list(
    _ name: String, _ path: any WritableKeyPath<CSVLayout, [String]?> & Sendable, values: String
  ) -> LayoutKey {
    LayoutKey(
      name: name, values: values,
      text: { $0[keyPath: path].map { $0.map(CSVLayout.escaped).joined(separator: "+") } },
      take: { layout, bytes in
        layout[keyPath: path] =
          bytes.isEmpty ? [] : CSVLayout.parts(of: bytes, at: 0x2B).map(CSVLayout.unescaped)
        return true
      })
  }

  static let all: [LayoutKey] = [
    .choice("separator", \.separator), .choice("encoding", \.encoding),
    .number("skip", 0...1_000_000, \.skip), .number("header", 0...3, \.header),
    .list("columns", \.columns, values: "names, such as time+open+high+low+close+volume+-"),
    .choice("shape", \.shape), .list("time", \.time, values: "a column, or two: Date+Time"),
    .list("symbol", \.symbol, values: "a column, or several: Ticker+Strike"),
    .column("open", \.open), .column("high", \.high), .column("low", \.low),
    .column("close", \.close), .column("volume", \.volume),
    .column("adjustedClose", \.adjustedClose), .column("split", \.split),
    .choice("dates", \.dates), .choice("unit", \.unit),
    .column("zone", \.zone, values: NamedZone.examples) { NamedZone($0) != nil },
    .column("day", \.day, values: "a date such as 2024-01-05") { CSVLayout.day(of: $0) != nil },
    .choice("midnight", \.midnight), .choice("decimal", \.decimal),
    .number("scale", 1...1_000_000_000_000, \.scale), .choice("adjusted", \.adjusted),
    .choice("repeats", \.repeats),
  ]
}

extension CSVLayout: CustomStringConvertible, LosslessStringConvertible {
  /// `separator=comma,header=1,time=Date,…`, as `init(parsing:)` reads it.
  public var description: String {
    LayoutKey.all.compactMap { key in key.text(self).map { "\(key.name)=\($0)" } }
      .joined(separator: ",")
  }

  /// What `description` wrote; nil for anything else.
  public init?(_ description: String) {
    guard let layout = try? CSVLayout(parsing: description) else { return nil }
    self = layout
  }

  /// A layout from text such as `dates=dmy,zone=newYork,symbol=Name,adjusted=splits`.
  ///
  /// A backslash stands before a comma, a plus sign or a backslash in a name. Costs a pass over the text.
  /// - Throws: `DataError` that names the key and what it may be.
  public init(parsing text: String) throws(DataError) {
    self.init()
    var seen = Set<String>()
    for part in Self.parts(of: Array(text.utf8), at: 0x2C) where !part.isEmpty {
      guard let equals = part.firstIndex(of: 0x3D) else {
        throw DataError(
          .malformed, in: "layout",
          "\(quoted(String(decoding: part, as: UTF8.self))); expected key=value")
      }
      let name = String(decoding: part[..<equals].filter { $0 != 0x20 }, as: UTF8.self)
      guard let key = LayoutKey.all.first(where: { $0.name == name }) else {
        let names = LayoutKey.all.map(\.name)
        throw DataError(
          .unknownName, in: "layout",
          "no key \(quoted(name)); there are \(names.joined(separator: ", "))"
            + DataError.nearest(name, among: names))
      }
      guard seen.insert(name).inserted else {
        throw DataError(.duplicate, in: "layout", at: name, "is there twice")
      }
      let value = Array(part[(equals + 1)...])
      guard key.take(&self, value) else {
        throw DataError(
          .outOfRange, in: "layout", at: name,
          "\(quoted(String(decoding: value, as: UTF8.self))); expected \(key.values)")
      }
    }
  }

  /// The parts between separators without a backslash before them.
  fileprivate static func parts(of bytes: [UInt8], at separator: UInt8) -> [[UInt8]] {
    var parts: [[UInt8]] = [[]]
    var isEscaped = false
    for byte in bytes {
      if byte == separator, !isEscaped {
        parts.append([])
      } else {
        parts[parts.count - 1].append(byte)
      }
      isEscaped = byte == 0x5C && !isEscaped
    }
    return parts
  }

  fileprivate static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      if scalar == "," || scalar == "+" || scalar == "\\" { result.unicodeScalars.append("\\") }
      result.unicodeScalars.append(scalar)
    }
    return result
  }

  fileprivate static func unescaped(_ bytes: [UInt8]) -> String {
    var result: [UInt8] = []
    var isEscaped = false
    for byte in bytes {
      if byte == 0x5C, !isEscaped {
        isEscaped = true
      } else {
        result.append(byte)
        isEscaped = false
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// Days since 1970 of `2024-01-05`.
  static func day(of text: String) -> Int? {
    var copy = text
    let time = copy.withUTF8 { TimeFormat(.ymd).read($0) }
    guard case .time(let nanoseconds, false) = time else { return nil }
    return Int(nanoseconds / Calendar.nanosecondsPerDay)
  }
}

extension CSVLayout: ExpressibleByStringLiteral {
  /// A layout written into the program; one that is none stops it.
  public init(stringLiteral text: String) {
    do { self = try CSVLayout(parsing: text) } catch { fatalError("\(error)") }
  }
}
