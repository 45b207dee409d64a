import Martlet
import Testing

/// Reads texts as the opening prices of a table, one row each.
private func numbers(_ texts: [String]) throws(DataError) -> [Double] {
  var text = "date,open,high,low,close\n"
  for number in texts { text += "2020-01-01,\(number),1,1,1\n" }
  return try table(text).open
}

private func decimal(_ value: Double) -> String {
  let text = value.description
  return text.contains("e") ? "0.1" : text
}

@Suite("Numbers are correctly rounded")
struct CSVNumberTests {
  @Test(arguments: [
    "0", "-0", "0.0", "-0.0", "1", "+1", "+1.5", "-1.5", "5.", ".5", "-.5", "00012.50", "1e5",
    "1E5",
    "1e+5", "1.5e-7", "9007199254740992", "9007199254740993", "9007199254740995",
    "9007199254740993.0",
    "18446744073709551615", "18446744073709551616", "9999999999999999999", "99999999999999999999",
    "0.1", "0.3", "0.30000000000000004", "28.156999588012695", "123456789.123456789",
    "1234567890123456789", "0.1234567890123456789", "0.12345678901234567890123",
    "2.2250738585072014e-308",
    "4.9406564584124654e-324", "1.7976931348623157e308", "1e-400", "2.4703282292062327e-324",
    "8.5", "12345678", "123456789", "1234567812345678", "12345678123456781", "0.00000001",
    "0.000000000000001", "0.0000000000000000001", "100000000.00000001", "87654321.87654321",
    "9007199254740993.1", "0.500000000000000166533453694", "3.0000000000000002220446049250313",
    "1.00000000000000011102230246251565404236316680908203125",
    "1.00000000000000011102230246251565404236316680908203124",
    "1.00000000000000011102230246251565404236316680908203126",
  ])
  func equalsTheStandardLibrary(_ text: String) throws {
    let expected = try #require(Double(text))
    #expect(bits(try numbers([text])) == [expected.bitPattern])
    // As the last field of the last line.
    let last = try table("date,open,high,low,close\n2020-01-01,1,1,1,\(text)")
    #expect(bits(last.close) == [expected.bitPattern])
  }

  @Test(arguments: [
    "abc", "1.2.3", "1,5", "\"1,23.5\"", "1e", "1e+", "e5", "--1", "+-1", "0x10", "1_000", "$", "%",
    "1 2", "+", "-.", "1.5f", "nanx", "infinit", "truely", "1٣", "١", "1e5.5", "-null", "NaN(1)",
  ])
  func refusesWhatIsNoNumber(_ text: String) throws {
    let error = #expect(throws: DataError.self) { try numbers(["1", text]) }
    #expect(error?.kind == .malformed)
    #expect(error?.location?.hasPrefix("row 3") == true)
  }

  @Test func refusesNumbersOfAbsurdLength() throws {
    let ones = String(repeating: "1", count: 300)
    #expect(try numbers([ones + "." + ones]) == [Double(ones + "." + ones) ?? 0])
    let error = #expect(throws: DataError.self) {
      try numbers([String(repeating: "1", count: 3000)])
    }
    #expect(error?.problem.contains("…") == true)
  }

  /// Random bit patterns, prices and integers, in several spellings.
  @Test func equalsTheStandardLibraryAtRandom() throws {
    var generator = SplitMix(state: 7)
    var texts: [String] = []
    for _ in 0..<20_000 {
      let raw = Double(bitPattern: generator.next())
      if raw.isFinite { texts.append(raw.description) }
      let price = Double.random(in: 0...1000, using: &generator)
      texts.append(decimal(price))
      texts.append(decimal((price * 10_000).rounded() / 10_000))
      texts.append(decimal(Double(Float(price))))
      texts.append("\(UInt64.random(in: 0 ... .max, using: &generator))")
      // Digits and a point anywhere: 1 to 22 digits.
      let count = Int.random(in: 1...22, using: &generator)
      var digits = (0..<count).map { _ in Character("\(Int.random(in: 0...9, using: &generator))") }
      digits.insert(".", at: Int.random(in: 0...count, using: &generator))
      let exponent = Int.random(in: -40...40, using: &generator)
      texts.append(String(digits))
      texts.append("-" + String(digits) + "e\(exponent)")
      // Near ties: an integer of 54 bits that is halfway, and its neighbours as decimals.
      let tie = (UInt64(1) << 53) + UInt64.random(in: 0..<1 << 53, using: &generator) | 1
      texts.append("\(tie).0")
      texts.append("\(tie / 1000).\(String(tie % 1000 + 1000).dropFirst())")
    }
    let expected = texts.map { Double($0) ?? .nan }
    let found = try numbers(texts)
    for (index, text) in texts.enumerated()
    where found[index].bitPattern != expected[index].bitPattern {
      Issue.record("\(text) gives \(found[index]), not \(expected[index])")
    }
  }
}

/// Small random generator with a fixed sequence.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }
}
