import MartletSeries

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A folder of its own for a test, removed with the files in it.
public final class TemporaryFolder: Sendable {
  /// Where it is.
  public let path: String

  /// Makes it.
  public init() throws {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    // mkdtemp(3) fills in the last six characters.
    let blank = String(repeating: "X", count: 6)
    var template = Array("\(base)/martlet-test-\(blank)".utf8CString)
    guard let made = mkdtemp(&template) else { throw Failure() }
    path = String(cString: made)
  }

  deinit {
    for name in names { unlink("\(path)/\(name)") }
    rmdir(path)
  }

  /// The names of the files in it.
  public var names: [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { raw in
        String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Writes a file into it and gives its path.
  public func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    let path = "\(path)/\(name)"
    guard let file = fopen(path, "wb") else { throw Failure() }
    defer { fclose(file) }
    guard fwrite(bytes, 1, bytes.count, file) == bytes.count else { throw Failure() }
    return path
  }

  /// The bytes of a file.
  public func contents(_ name: String) throws -> [UInt8] {
    let file = try MappedFile(path: "\(path)/\(name)")
    return file.withBytes { Array($0) }
  }

  /// The system refused.
  private struct Failure: Error {}
}
