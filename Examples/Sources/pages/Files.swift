import ProgramSupport

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A folder that files are written to; made if it is not there.
struct OutputFolder {
  private let path: String

  init(_ path: String) throws(Failure) {
    self.path = path
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw .badInput("--output: \(path): no folder can be made here")
    }
  }

  /// Writes a file and gives its size.
  func write(_ name: String, _ text: String) throws(Failure) -> Int {
    let data = Data(text.utf8)
    do {
      try data.write(to: URL(filePath: "\(path)/\(name)"))
    } catch {
      throw .other("\(path)/\(name): cannot be written")
    }
    return data.count
  }
}

extension SymbolGraph {
  init(path: String) throws(Failure) {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .badInput("--symbols: \(path): cannot be read")
    }
    do {
      self = try JSONDecoder().decode(SymbolGraph.self, from: data)
    } catch {
      throw .badInput("--symbols: \(path): not a symbol graph as the compiler emits it")
    }
  }
}
