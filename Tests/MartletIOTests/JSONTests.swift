import Martlet
import TestSupport
import Testing

/// JSON texts: what is read, what is refused and where, and that writing and reading are inverse.
struct JSONTests {
  @Test func valuesAreRead() throws {
    let cases: [(String, JSONValue)] = [
      ("null", .null), (" true\n", true), ("false", false), ("0", 0), ("-0.5e-3", -0.5e-3),
      ("1E+2", 100), ("[]", []), ("{}", [:]), ("[1, [2]]", [1, [2]]), (#""""#, ""),
      (#""a\"\\\/\b\f\n\r\t\u00e9\uD83D\uDE00é""#, "a\"\\/\u{8}\u{C}\n\r\té😀é"),
      (#"{"b": 1, "a": {"c": [null]}}"#, ["b": 1, "a": ["c": [.null]]]),
      ("9007199254740993", .number(9_007_199_254_740_992)), ("1e-400", 0),
    ]
    for (text, value) in cases { #expect(try JSONValue(parsing: text) == value, "\(text)") }
  }

  struct Bad: CustomTestStringConvertible {
    let text: String
    let kind: DataError.Kind
    let parts: [String]
    var testDescription: String { String(text.prefix(40)) }

    init(_ text: String, _ kind: DataError.Kind, _ parts: String...) {
      self.text = text
      self.kind = kind
      self.parts = parts
    }
  }

  static let bad: [Bad] = [
    Bad("", .truncated, "line 1, column 1", "a value"), Bad("\n  ", .truncated, "line 2, column 3"),
    Bad("[1,", .truncated, "column 4"), Bad("[1 2]", .malformed, "column 4", "\"2\"", ", or ]"),
    Bad("[1,]", .malformed, "column 4", "\"]\""), Bad("{\"a\":1,}", .malformed, "a name"),
    Bad("{a:1}", .malformed, "a name in quotation marks"),
    Bad("{\"a\" 1}", .malformed, "expected :"),
    Bad("{\n\"a\": 1,\n \"a\": 2}", .duplicate, "line 3, column 2", "\"a\""),
    Bad("[1] 2", .malformed, "the end"), Bad("tru", .malformed),
    Bad("nulll", .malformed, "the end"),
    Bad("NaN", .malformed), Bad("Infinity", .malformed), Bad("-", .truncated, "a digit"),
    Bad("-x", .malformed, "a digit"), Bad("01", .malformed, "leading zero"), Bad("1.", .truncated),
    Bad(".5", .malformed), Bad("+1", .malformed), Bad("1e", .truncated), Bad("0x10", .malformed),
    Bad("1e999", .outOfRange, "float64"), Bad("-1e999", .outOfRange), Bad("// a\n1", .malformed),
    Bad("'a'", .malformed), Bad("\"a", .truncated, "column 1", "without an end"),
    Bad("\"a\nb\"", .malformed, "control character"), Bad(#""\x""#, .malformed, "one of"),
    Bad(#""\u12"#, .truncated, "hexadecimal"), Bad(#""\u12g4""#, .malformed, "hexadecimal"),
    Bad(#""\ud800""#, .malformed, "surrogate"), Bad(#""\udc00""#, .malformed, "surrogate"),
    Bad(#""\ud800\u0041""#, .malformed, "surrogate"), Bad("\u{FEFF}1", .malformed, "byte 0xef"),
    Bad("[\"é\" 1]", .malformed, "column 6"),
    Bad(String(repeating: "[", count: 100_000), .outOfRange, "128 levels"),
    Bad(String(repeating: "{\"a\":", count: 100_000), .outOfRange, "128 levels"),
  ]

  @Test(arguments: bad)
  func whatIsNoJSONIsRefused(test: Bad) throws {
    do {
      let value = try JSONValue(parsing: test.text, name: "x.json")
      Issue.record("read as \(value)")
    } catch {
      #expect(error.kind == test.kind, "\(error)")
      #expect(error.subject == "x.json")
      for part in test.parts { #expect(error.description.contains(part), "\(part): \(error)") }
    }
  }

  /// Equal texts to Swift, but other words to a vocabulary.
  @Test func namesThatOnlyLookAlike() throws {
    let text = "{\"\u{E9}\": 1, \"e\u{301}\": 2}"
    guard case .object(let members) = try JSONValue(parsing: text) else {
      Issue.record("no object")
      return
    }
    #expect(members.map(\.value) == [.number(1), .number(2)])
  }

  @Test func textThatIsNotUTF8() {
    for bytes: [UInt8] in [
      [0x22, 0xFF, 0x22], [0x22, 0xC3, 0x22], [0xFF], [0x22, 0xED, 0xA0, 0x80, 0x22],
    ] {
      #expect(throws: DataError.self) { try JSONValue(parsing: bytes) }
    }
  }

  @Test func writingAndReadingAreInverse() throws {
    var random = SeededGenerator(5)
    func value(_ depth: Int) -> JSONValue {
      switch random.below(depth > 4 ? 4 : 6) {
      case 0: return [JSONValue.null, true, false][random.below(3)]
      case 1: return .number(Double(random.below(2000) - 1000))
      case 2:
        let number = Double(bitPattern: random.next())
        return .number(number.isFinite ? number : -0.0)
      case 3:
        let scalars = (0..<random.below(8)).compactMap { _ in
          Unicode.Scalar(UInt32([0x20, 0x80, 0x3000, 0x20000][random.below(4)] + random.below(90)))
        }
        return .text("\u{0}\"\\\n\t" + String(String.UnicodeScalarView(scalars)))
      case 4: return .array((0..<random.below(5)).map { _ in value(depth + 1) })
      default:
        return .object((0..<random.below(5)).map { .init("k\($0)", value(depth + 1)) })
      }
    }
    for _ in 0..<300 {
      let one = value(0)
      #expect(try JSONValue(parsing: one.text) == one)
    }
    #expect(JSONValue.number(.nan).text == "null")
    guard case .number(let zero) = try JSONValue(parsing: "-0.0") else { return }
    #expect(zero.sign == .minus && JSONValue.number(zero).text == "-0.0")
  }

  /// Any bytes give a value or an error.
  @Test func nothingTraps() {
    var random = SeededGenerator(6)
    let characters = Array("{}[]\",:\\ue0123456789.-+tfnulasr \n".utf8) + [0, 0xC3, 0xA9, 0xFF]
    for _ in 0..<20_000 {
      let bytes = (0..<random.below(24)).map { _ in characters[random.below(characters.count)] }
      _ = try? JSONValue(parsing: bytes)
    }
  }

  @Test func placesSayWhereTheyAre() throws {
    let value = try JSONValue(parsing: #"{"a": [{"b": 1.5, "c": "x", "d": true, "e": null}]}"#)
    let root = JSONNode(value, in: "m.json")
    let inner = try root.member("a").elements()[0]
    #expect(try inner.member("b").number() == 1.5)
    #expect(try inner.member("c").text() == "x")
    #expect(try inner.member("d").flag())
    let (null, none) = (try inner.optional("e"), try inner.optional("f"))
    #expect(null?.value == nil && none?.value == nil)
    func message(_ body: () throws -> Void) -> String {
      do { try body() } catch { return "\(error)" }
      return ""
    }
    #expect(
      message { _ = try inner.member("b").integer(in: 0...9) }.hasPrefix("m.json: a[0].b: 1.5"))
    #expect(
      message { _ = try inner.member("c").number() }.contains("a[0].c: a text; expected a number"))
    #expect(message { _ = try inner.member("x") }.contains("a[0]: no member x"))
    #expect(message { try inner.allow(["b", "c", "d"]) }.contains("no member e"))
    #expect(message { _ = try root.elements() }.contains("m.json: an object; expected an array"))
  }
}
