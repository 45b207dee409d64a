import MartletArrays

/// What a field that should hold a number holds.
enum NumberText: Equatable {
  case number(Double)
  /// Empty, or a word for a missing value.
  case missing
  /// Infinity, by name or because it is too large.
  case infinite
  case wrong

  /// Longer texts are not looked at: no number needs them.
  private static let longest = 2048

  /// Reads any text; the digits may be as many as they like, the result is correctly rounded.
  ///
  /// Digits may stand in groups, with a sign of a currency, a percent sign, or K, M, B behind them.
  init(_ text: UnsafeBufferPointer<UInt8>, _ decimal: CSVLayout.Decimal = .point) {
    if text.isEmpty {
      self = .missing
    } else if text.count > Self.longest {
      self = .wrong
    } else if decimal == .point, Self.isDecimal(text) {
      // The standard library's parser does not depend on the locale.
      self = Self.value(String(decoding: text, as: UTF8.self))
    } else {
      self = Self.word(text) ?? Self.dressed(text, decimal) ?? .wrong
    }
  }

  private static func value(_ text: String) -> NumberText {
    Double(text).map { $0.isFinite ? .number($0) : .infinite } ?? .wrong
  }

  private static func isDecimal(_ text: some Collection<UInt8>) -> Bool {
    var rest = text[...]
    func skip(_ isSkipped: (UInt8) -> Bool) -> Int {
      let end = rest.firstIndex { !isSkipped($0) } ?? rest.endIndex
      let count = rest.distance(from: rest.startIndex, to: end)
      rest = rest[end...]
      return count
    }
    func skipSign() {
      if let first = rest.first, first == 0x2B || first == 0x2D { rest = rest.dropFirst() }
    }
    skipSign()
    var digits = skip { $0 &- 0x30 <= 9 }
    if rest.first == 0x2E {
      rest = rest.dropFirst()
      digits += skip { $0 &- 0x30 <= 9 }
    }
    guard digits > 0 else { return false }
    if let first = rest.first, first | 0x20 == 0x65 {
      rest = rest.dropFirst()
      skipSign()
      guard skip({ $0 &- 0x30 <= 9 }) > 0 else { return false }
    }
    return rest.isEmpty
  }

  // MARK: Words

  /// Whether a text stands for a value that is not there.
  static func isMissing(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      guard bytes.count <= 9 else { return false }
      return word(bytes) == .missing
    }
  }

  private static let missingWords: Set = [
    "null", "na", "n/a", "none", "nil", "#n/a", "#na", "<na>", "-", "--", "---", "–", "—", ".",
    "(null)",
    "#value!", "#div/0!", "#ref!", "nat",
  ]

  private static func word(_ text: UnsafeBufferPointer<UInt8>) -> NumberText? {
    guard text.count <= 9 else { return nil }
    var word = String(decoding: text, as: UTF8.self).lowercased()
    if missingWords.contains(word) { return .missing }
    if word.hasPrefix("+") || word.hasPrefix("-") { word.removeFirst() }
    switch word {
    case "nan": return .missing
    case "inf", "infinity": return .infinite
    default: return nil
    }
  }

  // MARK: Dressed numbers

  /// Signs of currencies, the longer before those that begin them.
  private static let currencies: [[UInt8]] = [
    "US$", "R$", "A$", "C$", "HK$", "S$", "$", "€", "£", "¥", "￥", "₹", "₩", "₽", "₺", "₿", "USD",
    "EUR", "GBP",
    "CHF", "JPY", "INR", "Rs.", "Rs", "kr", "zł",
  ].map { Array($0.utf8) }

  /// A number with groups, a currency, a percent sign or a multiple; nil where it is none.
  private static func dressed(
    _ text: UnsafeBufferPointer<UInt8>, _ decimal: CSVLayout.Decimal
  ) -> NumberText? {
    var rest = stripped(text)
    var exponent = 0
    if rest.last == 0x25 {
      rest = rest.dropLast()
    } else if let last = rest.last,
      let found = [0x6B: 3, 0x6D: 6, 0x62: 9, 0x74: 12][Int(last | 0x20)]
    {
      exponent = found
      rest = rest.dropLast()
    }
    while rest.last == 0x20 { rest = rest.dropLast() }
    guard let plain = ungrouped(rest, decimal), isDecimal(plain) else { return nil }
    if exponent > 0 {
      guard plain.allSatisfy({ $0 | 0x20 != 0x65 }) else { return nil }
      return value(String(decoding: plain, as: UTF8.self) + "e\(exponent)")
    }
    return value(String(decoding: plain, as: UTF8.self))
  }

  /// The text without a currency before or behind the number; the sign may stand before either.
  private static func stripped(_ text: UnsafeBufferPointer<UInt8>) -> ArraySlice<UInt8> {
    var sign: [UInt8] = []
    var rest = Array(text)[...]
    if let first = rest.first, first == 0x2D || first == 0x2B {
      sign = [first]
      rest = rest.dropFirst()
    }
    if let currency = currencies.first(where: { rest.starts(with: $0) }) {
      rest = rest.dropFirst(currency.count)
      while rest.first == 0x20 { rest = rest.dropFirst() }
      if sign.isEmpty, let first = rest.first, first == 0x2D {
        sign = [first]
        rest = rest.dropFirst()
      }
    } else if let currency = currencies.first(where: { rest.reversed().starts(with: $0.reversed()) }
    ) {
      rest = rest.dropLast(currency.count)
      while rest.last == 0x20 { rest = rest.dropLast() }
    }
    return (sign + rest)[...]
  }

  /// Marks between groups of digits besides point and comma: apostrophes and spaces.
  private static let marks: [[UInt8]] = ["'", "’", " ", "\u{A0}", "\u{202F}", "\u{2009}"].map {
    Array($0.utf8)
  }

  /// The digits with a point before the decimals, groups undone; nil where the groups are none.
  private static func ungrouped(
    _ text: ArraySlice<UInt8>, _ decimal: CSVLayout.Decimal
  ) -> [UInt8]? {
    let (point, comma): (UInt8, UInt8) = decimal == .point ? (0x2E, 0x2C) : (0x2C, 0x2E)
    var result: [UInt8] = []
    var groups: [Int] = []
    var digits = 0
    var hasPoint = false
    var mark: [UInt8]?
    var index = text.startIndex
    while index < text.endIndex {
      let byte = text[index]
      if byte &- 0x30 <= 9 {
        digits += 1
        result.append(byte)
      } else if byte == point {
        guard !hasPoint else { return nil }
        hasPoint = true
        result.append(0x2E)
        groups.append(digits)
        digits = 0
      } else if byte == comma || marks.contains(where: { text[index...].starts(with: $0) }) {
        let found =
          byte == comma ? [comma] : marks.first { text[index...].starts(with: $0) } ?? [byte]
        guard !hasPoint, digits > 0, mark == nil || mark == found else { return nil }
        mark = found
        groups.append(digits)
        digits = 0
        index += found.count - 1
      } else if byte == 0x2D || byte == 0x2B || byte | 0x20 == 0x65 {
        result.append(byte)
      } else {
        return nil
      }
      index += 1
    }
    if !hasPoint { groups.append(digits) }
    guard mark != nil else { return result }
    // The last group has three digits, those between two (in India) or three, the first one to three.
    let inside = groups.dropFirst().dropLast()
    guard groups.count > 1, groups.last == 3, (1...3).contains(groups[0]),
      inside.allSatisfy({ $0 == 3 }) || inside.allSatisfy({ $0 == 2 })
    else { return nil }
    return result
  }

  // MARK: Evidence

  /// What a text shows about the decimals of its column.
  enum Shown { case point, comma, either }

  /// Nil where it shows nothing.
  static func decimalShown(by text: String) -> Shown? {
    var (commas, points, digits) = (0, 0, 0)
    var (isLastComma, hasDigits, hasLeadingZero) = (false, false, false)
    var (before, behind, isBehind) = (0, 0, false)
    for byte in text.utf8 {
      if byte &- 0x30 <= 9 {
        if digits == 0, commas + points == 0 { hasLeadingZero = byte == 0x30 }
        digits += 1
        hasDigits = true
        if isBehind { behind += 1 }
      } else if byte == 0x2C || byte == 0x2E {
        if commas + points == 0 { before = digits }
        isLastComma = byte == 0x2C
        if isLastComma { commas += 1 } else { points += 1 }
        (isBehind, digits) = (true, 0)
      } else {
        (isBehind, digits) = (false, 0)
      }
    }
    guard hasDigits, commas + points > 0 else { return nil }
    if commas > 0, points > 0 { return isLastComma ? .comma : .point }
    if commas > 1 { return .point }
    if points > 1 { return .comma }
    let isGroup = behind == 3 && (1...3).contains(before) && !hasLeadingZero
    if commas == 0 { return isGroup ? nil : .point }
    return isGroup ? .either : .comma
  }
}
