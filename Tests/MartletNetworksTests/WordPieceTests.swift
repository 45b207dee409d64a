import Foundation
import Martlet
import Testing

/// The files that `make_tokens.py` and `make_unicode.py` wrote with the `tokenizers` library.
private enum WordPieceReference {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
    path: "Reference")

  static func path(_ name: String) -> String { folder.appending(path: name).path }

  static func tokenizer() throws -> WordPieceTokenizer {
    try WordPieceTokenizer(tokenizerJSON: path("tokenizer.json"))
  }

  static func vocabulary() throws -> [String] {
    let tokenizer = try tokenizer()
    return try tokenizer.tokens(of: (0..<tokenizer.count).map { Int32($0) })
  }

  static func cases(_ name: String) throws -> [[JSONNode]] {
    let path = path("tokens.json")
    let root = JSONNode(try JSONValue(path: path), in: path)
    return try root.member(name).elements().map { try $0.elements() }
  }
}

extension JSONNode {
  fileprivate func ids() throws -> [Int32] {
    try elements().map { Int32(try $0.integer(in: 0...100_000)) }
  }
}

@Suite("WordPiece")
struct WordPieceTests {
  @Test func sequencesAreThoseOfTheLibrary() throws {
    let tokenizer = try WordPieceReference.tokenizer()
    let cases = try WordPieceReference.cases("cases")
    #expect(cases.count >= 400)
    var texts: [String] = []
    var expected: [[Int32]] = []
    for item in cases {
      texts.append(try item[0].text())
      expected.append(try item[1].ids())
    }
    for (text, ids) in zip(texts, expected) {
      #expect(tokenizer.encode(text) == ids, "\(text.debugDescription)")
    }
    #expect(tokenizer.encode(texts) == expected)
  }

  @Test func otherOptionsAreThoseOfTheLibrary() throws {
    let vocabulary = try WordPieceReference.vocabulary()
    for item in try WordPieceReference.cases("options") {
      var options = WordPieceTokenizer.Options()
      for (name, value) in try item[0].entries() {
        switch name {
        case "lowercase": options.lowercases = try value.flag()
        case "strip_accents": options.stripsAccents = try value.flag()
        case "clean_text": options.cleansText = try value.flag()
        case "handle_chinese_chars": options.separatesIdeographs = try value.flag()
        default: Issue.record("option \(name)")
        }
      }
      let tokenizer = try WordPieceTokenizer(vocabulary: vocabulary, options: options)
      let cases = try item[1].elements()
      #expect(cases.count > 20)
      for pair in try cases.map({ try $0.elements() }) {
        let text = try pair[0].text()
        #expect(tokenizer.encode(text) == (try pair[1].ids()), "\(text.debugDescription)")
      }
    }
  }

  @Test func truncationIsThatOfTheLibrary() throws {
    let tokenizer = try WordPieceReference.tokenizer()
    #expect(tokenizer.maximumLength == 128)
    for item in try WordPieceReference.cases("truncated") {
      let text = try item[0].text()
      let length = try item[1].integer(in: 2...128)
      #expect(
        tokenizer.encode(text, maximumLength: length) == (try item[2].ids()),
        "\(length): \(text.debugDescription)")
    }
  }

  @Test func pairsAreThoseOfTheLibrary() throws {
    let tokenizer = try WordPieceReference.tokenizer()
    for item in try WordPieceReference.cases("pairs") {
      let length = item[2].value == .null ? nil : try item[2].integer(in: 3...128)
      let pair = tokenizer.encode(
        pair: try item[0].text(), try item[1].text(), maximumLength: length)
      #expect(pair.ids == (try item[3].ids()))
      #expect(pair.types == (try item[4].ids()))
    }
  }

  /// Each scalar alone, between letters and, up to plane 3, among characters that canonical ordering
  /// moves; 512 together have one digest of the library's words.
  @Test(arguments: 0..<3)
  func everyScalarIsThatOfTheLibrary(line: Int) throws {
    let lines = try String(contentsOfFile: WordPieceReference.path("unicode.txt"), encoding: .utf8)
      .split(separator: "\n")
    let fields = lines[line].split(separator: " ")
    let flags = fields[0].map { $0 == "1" }
    var options = WordPieceTokenizer.Options()
    options.cleansText = flags[0]
    options.separatesIdeographs = flags[1]
    options.stripsAccents = flags[2]
    options.lowercases = flags[3]
    let tokenizer = try WordPieceTokenizer(
      vocabulary: ["[UNK]", "[CLS]", "[SEP]"], options: options)
    let parts = fields.dropFirst().prefix { $0.contains("-") }.map {
      $0.split(separator: "-").compactMap { UInt32($0, radix: 16) }
    }
    let expected = fields.dropFirst(1 + parts.count).map { UInt32($0, radix: 16) }
    let blocks = parts.flatMap { stride(from: $0[0], to: $0[1], by: 512) }
    #expect(blocks.count == expected.count)
    for (block, digest) in zip(blocks, expected) {
      #expect(Self.digest(block, tokenizer) == digest, "U+\(String(block, radix: 16))")
    }
  }

  /// FNV-1a of the words.
  private static func digest(_ block: UInt32, _ tokenizer: WordPieceTokenizer) -> UInt32 {
    var text = ""
    for scalar in (block..<block + 512).compactMap(Unicode.Scalar.init) {
      text += "\(scalar) a\(scalar)B"
      text += block < 0x32000 ? " \u{1D165}\u{302E}\(scalar)\u{1D165}\n" : "\n"
    }
    var value: UInt64 = 0xCBF2_9CE4_8422_2325
    for word in tokenizer.words(of: text) {
      for byte in word.utf8 { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
      value = (value ^ 0xFF) &* 0x100_0000_01B3
    }
    return UInt32(truncatingIfNeeded: value)
  }

  @Test func wordsAreEqualWhenTheirScalarsAre() throws {
    // The first two are canonically equivalent: one String to Swift, two words here.
    var options = WordPieceTokenizer.Options()
    options.stripsAccents = false
    let tokenizer = try WordPieceTokenizer(
      vocabulary: ["\u{E9}", "e\u{301}", "[UNK]", "[CLS]", "[SEP]"], options: options)
    #expect(tokenizer.encode("\u{E9} e\u{301}") == [3, 0, 1, 4])
    #expect(tokenizer.id(of: "e\u{301}") == 1)
    #expect(tokenizer.id(of: "e") == nil)
    #expect(tokenizer.id(of: "") == nil)
  }

  @Test func tokensOfNumbers() throws {
    let tokenizer = try WordPieceReference.tokenizer()
    let ids = tokenizer.encode("Unaffable [MASK].")
    let tokens = try tokenizer.tokens(of: ids)
    #expect(tokens.first == "[CLS]")
    #expect(tokens.suffix(3) == ["[MASK]", ".", "[SEP]"])
    #expect(tokens.compactMap { tokenizer.id(of: $0) } == ids)
    for id in [-1, Int32(tokenizer.count), .max, .min] {
      let error = #expect(throws: DataError.self) { try tokenizer.tokens(of: [0, id]) }
      #expect(error?.kind == .outOfRange)
    }
  }

  /// Whatever the text, the time is proportional to its bytes: 200 kB of each.
  @Test(arguments: [
    "a", "\u{301}", "a\u{302E}\u{1D165}", "[", "[CLS", "\u{0}", "中", "각", "É", "\u{1F468}\u{200D}",
  ])
  func longTextsAreRead(unit: String) throws {
    let tokenizer = try WordPieceReference.tokenizer()
    let text = String(repeating: unit, count: 200_000 / unit.utf8.count)
    #expect(tokenizer.encode(text, maximumLength: 16).count <= 16)
    #expect(tokenizer.encode(text).count >= 2)
  }
}

@Suite("WordPiece files")
struct WordPieceFileTests {
  /// Writes a file, gives its path to `body` and removes it.
  private func withFile<Result>(
    _ bytes: some Collection<UInt8>, _ name: String, _ body: (String) throws -> Result
  ) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: name)
    try Data(bytes).write(to: file)
    return try body(file.path)
  }

  @Test func linesAreWords() throws {
    let words = try WordPieceReference.vocabulary()
    let json = try WordPieceReference.tokenizer()
    for (between, end) in [("\n", "\n"), ("\n", ""), ("\r\n", "\r\n"), (" \u{3000}\t\n", "\n")] {
      let text = words.joined(separator: between) + end
      let tokenizer = try withFile(text.utf8, "vocab.txt") {
        try WordPieceTokenizer(vocabularyPath: $0)
      }
      #expect(tokenizer.count == words.count)
      #expect(tokenizer.maximumLength == nil)
      for text in ["Prices rose [MASK] 3%.", "漲 été", "[PAD]"] {
        #expect(tokenizer.encode(text) == json.encode(text))
      }
    }
  }

  @Test(arguments: [
    ("", DataError.Kind.empty), ("\n", .empty), ("[UNK]\n[CLS]", .missing),
    ("[UNK]\n[SEP]", .missing), ("[CLS]\n[SEP]", .missing), ("[UNK]\n[CLS]\n\n[SEP]", .empty),
    ("[UNK]\n[CLS]\n[SEP]\na\na", .duplicate), ("[UNK]\n[CLS]\n[SEP]\na\na \n", .duplicate),
    ("[UNK]\n[CLS]\n[SEP]\n \n", .empty),
  ])
  func vocabulariesThatAreRefused(text: String, kind: DataError.Kind) throws {
    let error = #expect(throws: DataError.self) {
      try withFile(text.utf8, "vocab.txt") { try WordPieceTokenizer(vocabularyPath: $0) }
    }
    #expect(error?.kind == kind)
  }

  @Test func filesThatCannotBeRead() throws {
    let utf8 = #expect(throws: DataError.self) {
      try withFile([0x61, 0xFF, 0x0A], "vocab.txt") { try WordPieceTokenizer(vocabularyPath: $0) }
    }
    #expect(utf8?.kind == .malformed)
    let vocabulary = #expect(throws: DataError.self) {
      try WordPieceTokenizer(vocabularyPath: "/nowhere/vocab.txt")
    }
    #expect(vocabulary?.kind == .unreadable)
    let json = #expect(throws: DataError.self) {
      try WordPieceTokenizer(tokenizerJSON: "/nowhere/tokenizer.json")
    }
    #expect(json?.kind == .unreadable)
  }

  /// A tokenizer.json of seven words.
  private static let small = """
    {"version":"1.0","truncation":{"direction":"Right","max_length":16,"strategy":"LongestFirst",\
    "stride":0},"padding":null,"added_tokens":[\
    {"id":0,"content":"[UNK]","single_word":false,"lstrip":false,"rstrip":false,\
    "normalized":false,"special":true},\
    {"id":7,"content":"<x>","single_word":false,"lstrip":false,"rstrip":false,\
    "normalized":false,"special":true}],\
    "normalizer":{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,\
    "strip_accents":null,"lowercase":true},"pre_tokenizer":{"type":"BertPreTokenizer"},\
    "post_processor":{"type":"TemplateProcessing","single":[\
    {"SpecialToken":{"id":"[CLS]","type_id":0}},{"Sequence":{"id":"A","type_id":0}},\
    {"SpecialToken":{"id":"[SEP]","type_id":0}}],"pair":[\
    {"SpecialToken":{"id":"[CLS]","type_id":0}},{"Sequence":{"id":"A","type_id":0}},\
    {"SpecialToken":{"id":"[SEP]","type_id":0}},{"Sequence":{"id":"B","type_id":1}},\
    {"SpecialToken":{"id":"[SEP]","type_id":1}}],"special_tokens":{\
    "[CLS]":{"id":"[CLS]","ids":[1],"tokens":["[CLS]"]},\
    "[SEP]":{"id":"[SEP]","ids":[2],"tokens":["[SEP]"]}}},\
    "decoder":{"type":"WordPiece","prefix":"##","cleanup":true},\
    "model":{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##",\
    "max_input_chars_per_word":4,"vocab":{"[UNK]":0,"[CLS]":1,"[SEP]":2,"a":3,"##b":4,"<":5,\
    "x":6}}}
    """

  private func read(_ text: String) throws -> WordPieceTokenizer {
    try withFile(text.utf8, "tokenizer.json") { try WordPieceTokenizer(tokenizerJSON: $0) }
  }

  @Test func documentIsRead() throws {
    let tokenizer = try read(Self.small)
    #expect(tokenizer.count == 8)
    #expect(tokenizer.maximumLength == 16)
    // The added token is found as it is written, and is no word; [CLS] is not among the added ones.
    #expect(tokenizer.encode("abb<x>A <X>") == [1, 3, 4, 4, 7, 3, 5, 6, 0, 2])
    #expect(tokenizer.encode("abbb abbbb [CLS]") == [1, 3, 4, 4, 4, 0, 0, 0, 0, 2])
    #expect(try tokenizer.tokens(of: [7, 3]) == ["<x>", "a"])
    #expect(tokenizer.id(of: "<x>") == 7)
    let bert = Self.small.replacing(
      /"post_processor":.*"decoder"/,
      with: """
        "post_processor":{"type":"BertProcessing","sep":["[SEP]",2],"cls":["[CLS]",1]},"decoder"
        """)
    #expect(try read(bert).encode("ab") == [1, 3, 4, 2])
  }

  @Test(arguments: [
    (#""BertNormalizer""#, #""NFC""#, DataError.Kind.incompatible),
    (#""BertPreTokenizer""#, #""Whitespace""#, .incompatible),
    (#""type":"WordPiece","unk"#, #""type":"BPE","unk"#, .incompatible),
    (#""lowercase":true"#, #""lowercase":"yes""#, .wrongType),
    (#","lowercase":true"#, "", .missing),
    (#""lowercase":true"#, #""lowercase":true,"uppercase":true"#, .unknownName),
    (#""single_word":false"#, #""single_word":true"#, .incompatible),
    (#""lstrip":false"#, #""lstrip":true"#, .incompatible),
    (#""normalized":false"#, #""normalized":true"#, .incompatible),
    (#""id":7"#, #""id":9"#, .outOfRange), (#""id":7"#, #""id":3"#, .incompatible),
    (#""content":"<x>""#, #""content":"""#, .empty),
    (#""content":"<x>""#, #""content":"[UNK]""#, .duplicate),
    (#""A","type_id":0"#, #""A","type_id":1"#, .incompatible),
    (#""A","type_id":0"#, #""A","type_id":2"#, .outOfRange),
    (#""ids":[1]"#, #""ids":[2]"#, .incompatible), (#""ids":[1]"#, #""ids":[1,1]"#, .incompatible),
    (#""tokens":["[CLS]"]"#, #""tokens":["[ABC]"]"#, .missing),
    (#""max_length":16"#, #""max_length":1"#, .outOfRange),
    (#""Right""#, #""Left""#, .incompatible),
    (#""LongestFirst""#, #""OnlyFirst""#, .incompatible),
    (#""max_input_chars_per_word":4"#, #""max_input_chars_per_word":-1"#, .outOfRange),
    (#""max_input_chars_per_word":4"#, #""max_input_chars_per_word":1e9"#, .outOfRange),
    (#""unk_token":"[UNK]""#, #""unk_token":"<unk>""#, .missing),
    (#"b":4"#, #"b":3"#, .duplicate), (#"b":4"#, #"b":40"#, .outOfRange),
    (#"b":4"#, #"b":4.5"#, .outOfRange), (###"##b":4"###, ###"":4"###, .empty),
    (###"##b":4"###, ###"a":4"###, .duplicate),
    (#""content":"<x>""#, #""content":"a""#, .duplicate), (#"}}}"#, #"}}"#, .truncated),
    (#""vocab":{"#, #""merges":[],"vocab":{"#, .unknownName),
    (#""model":"#, #""modal":"#, .missing), (#"{"version""#, #"[{"version""#, .truncated),
  ])
  func documentsThatAreRefused(part: String, other: String, kind: DataError.Kind) throws {
    let ranges = Self.small.ranges(of: part)
    let first = try #require(ranges.first)
    let error = #expect(throws: DataError.self, "\(other)") {
      try read(Self.small.replacingCharacters(in: first, with: other))
    }
    #expect(error?.kind == kind, "\(other): \(error?.description ?? "")")
  }
}
