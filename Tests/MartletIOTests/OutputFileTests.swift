import Martlet
import TestSupport
import Testing

@testable import MartletIO

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Files appear whole under their names or not at all, whatever ends the program.
struct OutputFileTests {
  /// Writes more than a buffer and stops in the middle.
  private static func half(_ path: String, mayBeNameless: Bool) throws -> OutputFile {
    let file = try OutputFile(path: path, mayBeNameless: mayBeNameless)
    try file.write([UInt8](repeating: 7, count: 1 << 20))
    return file
  }

  private static func kill(_ path: String, mayBeNameless: Bool) throws {
    let file = try half(path, mayBeNameless: mayBeNameless)
    // Nothing of the program runs after this.
    withExtendedLifetime(file) { endWith(SIGKILL) }
  }

  /// Whether the folder's file system has files without names.
  private static func hasNameless(_ folder: TemporaryFolder) throws -> Bool {
    let file = try half(folder.path + "/probe", mayBeNameless: true)
    defer { withExtendedLifetime(file) {} }
    return folder.names.isEmpty
  }

  @Test(arguments: [true, false]) func filesAppearWhole(mayBeNameless: Bool) throws {
    let folder = try TemporaryFolder()
    for bytes in [[1, 2, 3], [4, 5]] as [[UInt8]] {
      let file = try OutputFile(path: folder.path + "/a", mayBeNameless: mayBeNameless)
      try file.write(bytes)
      #expect(!folder.names.contains("a") || bytes == [4, 5])
      try file.commit()
      #expect(try folder.contents("a") == bytes)
      #expect(folder.names == ["a"])
    }
    var status = stat()
    #expect(stat(folder.path + "/a", &status) == 0 && status.st_nlink == 1)
  }

  @Test(arguments: [true, false]) func whatIsGivenUpLeavesNothing(mayBeNameless: Bool) throws {
    let folder = try TemporaryFolder()
    _ = try Self.half(folder.path + "/a", mayBeNameless: mayBeNameless)
    #expect(folder.names == [])
  }

  @Test(arguments: [true, false]) func severalWriteOneTarget(mayBeNameless: Bool) throws {
    let folder = try TemporaryFolder()
    let files = try (0..<5).map { number in
      let file = try OutputFile(path: folder.path + "/a", mayBeNameless: mayBeNameless)
      try file.write([UInt8](repeating: UInt8(number), count: 300_000))
      return file
    }
    for (number, file) in files.enumerated() {
      try file.commit()
      #expect(try folder.contents("a") == [UInt8](repeating: UInt8(number), count: 300_000))
    }
    #expect(folder.names == ["a"])
  }

  @Test func longNamesAndLinks() throws {
    let folder = try TemporaryFolder()
    let long = String(repeating: "é", count: 120)
    for name in [long, "b"] {
      for mayBeNameless in [true, false] {
        let file = try OutputFile(path: "\(folder.path)/\(name)", mayBeNameless: mayBeNameless)
        try file.write([1])
        try file.commit()
      }
    }
    #expect(symlink("b", folder.path + "/link") == 0)
    let file = try OutputFile(path: folder.path + "/link")
    try file.write([2])
    try file.commit()
    #expect(try folder.contents("b") == [2])
    #expect(folder.names == ["b", "link", long])
  }

  // MARK: Killed programs

  /// A folder that a child finds by its name: children see nothing of the test but its code.
  private static func shared(_ name: String) -> String {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    return "\(base)/martlet-killed-\(name)"
  }

  private static func names(in folder: String) throws -> [String] {
    let opened = try #require(opendir(folder))
    defer { closedir(opened) }
    var names: [String] = []
    while let entry = readdir(opened) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { raw in
        String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }

  private static func clear(_ folder: String) throws {
    mkdir(folder, 0o700)
    for name in try names(in: folder) { unlink("\(folder)/\(name)") }
  }

  @Test func aKilledWriterLeavesNothing() async throws {
    let folder = Self.shared("nameless")
    try Self.clear(folder)
    await #expect(processExitsWith: .signal(SIGKILL)) {
      try OutputFileTests.kill(OutputFileTests.shared("nameless") + "/a", mayBeNameless: true)
    }
    if try Self.hasNameless(TemporaryFolder()) { #expect(try Self.names(in: folder) == []) }
    try Self.clear(folder)
    rmdir(folder)
  }

  @Test func whatAKilledWriterLeftGoesWithTheNextWriting() async throws {
    let folder = Self.shared("named")
    try Self.clear(folder)
    await #expect(processExitsWith: .signal(SIGKILL)) {
      try OutputFileTests.kill(OutputFileTests.shared("named") + "/a", mayBeNameless: false)
    }
    #expect(try Self.names(in: folder) == ["a.martlet-0.tmp"])
    let file = try OutputFile(path: folder + "/a")
    try file.write([1])
    try file.commit()
    #expect(try Self.names(in: folder) == ["a"])
    try Self.clear(folder)
    rmdir(folder)
  }
}

/// Ends this process with a signal.
private func endWith(_ signal: Int32) { kill(getpid(), signal) }
