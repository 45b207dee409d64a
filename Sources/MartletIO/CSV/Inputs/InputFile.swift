import MartletArrays

/// One of the files that an input stands for: a file itself, one of a folder, an entry of a zip file.
struct InputFile: Sendable {
  /// What errors call it, and its symbol where no column names one.
  let name: String
  private let source: Source

  private enum Source: Sendable {
    case path
    case entry(ZipDirectory.Entry, MappedFile)
  }

  /// A stream of its bytes from the first.
  func open() throws(DataError) -> ByteStream {
    switch source {
    case .path: return try ByteStream(path: name)
    case .entry(let entry, let file):
      let packed = try entry.packedBytes(in: file.bytes, name)
      guard entry.method == 0 || entry.method == 8 else {
        throw DataError(
          .incompatible, in: name,
          "is compressed by method \(entry.method); unpack the zip file and pass the folder")
      }
      return try ByteStream(entry, packed, owner: file, name: name)
    }
  }

  /// The file as columns, where it begins as Arrow files do.
  func openArrow() throws(DataError) -> ArrowFile? {
    guard case .path = source, Folder.isFile(name), ArrowFile.isOne(name) else { return nil }
    return try ArrowFile(path: name)
  }

  /// How it is laid out, as far as `given` does not say it.
  func layout(_ given: CSVLayout) throws(DataError) -> BarLayout {
    if let file = try openArrow() { return try file.layout(given) }
    return try LayoutDetector.detect(TextStream(open(), encoding: given.encoding), given)
  }

  /// Its bars.
  func table(
    _ given: CSVLayout, _ progress: ((Double) -> Void)?
  ) throws(DataError) -> BarTable {
    if let file = try openArrow() { return try BarTable(file, layout: given, progress: progress) }
    return try BarTable(open(), given, longestRow: BarTable.longestRow, progress)
  }

  /// Files in a folder beyond this are taken for a mistake.
  private static let most = 1_000_000
  private static let deepest = 16

  /// The files that paths stand for, folders and zip files opened, in order of their names there.
  static func files(_ paths: [String]) throws(DataError) -> [InputFile] {
    var files: [InputFile] = []
    for path in paths {
      if let names = Folder.names(in: path) {
        let before = files.count
        try add(names, of: path, depth: 0, to: &files)
        guard files.count > before else {
          throw DataError(
            .empty, in: path,
            "is a folder without files of bars (.csv, .txt, .tsv, .gz, .zst, .zip, .arrow)")
        }
      } else {
        try add(path, to: &files)
      }
    }
    return files
  }

  private static func add(
    _ names: [String], of folder: String, depth: Int, to files: inout [InputFile]
  ) throws(DataError) {
    for name in names where !name.hasPrefix(".") && name != "__MACOSX" {
      let path = Folder.path(folder, name)
      if let inside = Folder.names(in: path) {
        if depth < deepest { try add(inside, of: path, depth: depth + 1, to: &files) }
      } else if isOfBars(name) {
        try add(path, to: &files)
      }
      guard files.count <= most else {
        throw DataError(.outOfRange, in: folder, "holds more than \(most) files")
      }
    }
  }

  private static func isOfBars(_ name: String) -> Bool {
    let name = name.lowercased()
    let endings = [
      ".csv", ".txt", ".tsv", ".gz", ".zst", ".zip", ".dat", ".asc", ".prn", ".arrow", ".feather",
      ".arrows", ".ipc",
    ]
    return endings.contains { name.hasSuffix($0) }
  }

  /// A file, or the entries of a zip file.
  private static func add(_ path: String, to files: inout [InputFile]) throws(DataError) {
    guard try isZip(path) else {
      files.append(InputFile(name: path, source: .path))
      return
    }
    let file = try MappedFile(path: path)
    let directory = try ZipDirectory(file.bytes, name: path)
    let names = directory.entries.map(\.name)
    if names.contains(where: { $0.hasPrefix("xl/") || $0 == "[Content_Types].xml" }) {
      throw FileKind.refusal(path, "an Excel workbook", "save the sheet as CSV")
    }
    if names.contains(where: { $0.hasSuffix(".npy") }) {
      throw FileKind.refusal(
        path, "an npz file", "give it a name that ends in .npz, or Panel(npz:)")
    }
    let before = files.count
    for entry in directory.entries.sorted(by: { $0.name < $1.name }) {
      let last = entry.name.split(separator: "/").last.map(String.init) ?? ""
      guard !entry.name.hasSuffix("/"), !last.hasPrefix("."), !entry.name.hasPrefix("__MACOSX"),
        directory.entries.count == 1 || isOfBars(last)
      else { continue }
      files.append(InputFile(name: "\(path)/\(entry.name)", source: .entry(entry, file)))
    }
    guard files.count > before else {
      throw DataError(.empty, in: path, "is a zip file without files of bars")
    }
  }

  /// Whether it can be read again: a pipe cannot, and to open it twice would end it.
  var canBeReadAgain: Bool {
    if case .path = source { return Folder.isFile(name) }
    return true
  }

  private static func isZip(_ path: String) throws(DataError) -> Bool {
    guard Folder.isFile(path) else { return false }
    let descriptor = try InputDescriptor(path: path)
    let start = descriptor.read(first: 4)
    return FileKind(start) == .zip
  }
}
