import Foundation

/// The names of what arrays offer, read from the sources.
enum PublicNames {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Where the functions of arrays are.
  static let arrayFolders = [
    "Sources/MartletArrays", "Sources/MartletLinearAlgebra", "Sources/MartletFourier",
  ]

  /// Public functions and properties of `NDArray`, with those of files and of random generators.
  static func inArrays(
    folders: [String] = arrayFolders + ["Sources/MartletIO/NumPy"],
    alsoRandom: Bool = true
  ) throws -> Set<String> {
    var found: Set<String> = []
    for folder in folders {
      let path = root.appending(path: folder).path()
      for file in try FileManager.default.subpathsOfDirectory(atPath: path) {
        let name = file.split(separator: "/").last.map(String.init) ?? file
        // Those are there to be refused.
        if name.hasSuffix("Guesses.swift") || name.hasSuffix("FormerNames.swift") { continue }
        guard name.hasPrefix("NDArray") || alsoRandom && name == "RandomGenerator.swift" else {
          continue
        }
        let text = try String(contentsOfFile: "\(path)/\(file)", encoding: .utf8)
        let pattern =
          /public (?:static |mutating |private\(set\) )*(?:func|var) `?([a-zA-Z0-9]+)`?/
        for match in text.matches(of: pattern) { found.insert(String(match.1)) }
      }
    }
    return found
  }
}
