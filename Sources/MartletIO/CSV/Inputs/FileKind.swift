import MartletArrays

/// What a file is, by its first bytes.
enum FileKind: Hashable {
  case text
  case gzip
  case zip
  /// A file of `BarFile`.
  case bars
  /// A file or a stream of `ArrowFile`.
  case arrow
  /// What cannot be read here: its name, and what to do about it.
  case foreign(String, remedy: String)

  init(_ bytes: some Collection<UInt8>) {
    let known: [(magic: [UInt8], kind: FileKind)] = [
      ([0x1F, 0x8B], .gzip),
      ([0x50, 0x4B, 0x03, 0x04], .zip),
      ([0x50, 0x4B, 0x05, 0x06], .zip),
      (Array("MARTBARS".utf8), .bars),
      ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], .foreign("xz data", remedy: "unpack it with xz -d")),
      ([0x42, 0x5A, 0x68], .foreign("bzip2 data", remedy: "unpack it with bzip2 -d")),
      (
        [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C],
        .foreign("a 7z archive", remedy: "unpack it and pass its files or their folder")
      ),
      (
        [0x52, 0x61, 0x72, 0x21],
        .foreign("a rar archive", remedy: "unpack it and pass its files or their folder")
      ),
      (Array("PAR1".utf8), .foreign("a Parquet file", remedy: Self.pandas("read_parquet"))),
      (Array("ARROW1".utf8), .arrow),
      (Array("FEA1".utf8), .foreign("a Feather file", remedy: Self.pandas("read_feather"))),
      ([0x89, 0x48, 0x44, 0x46], .foreign("an HDF5 file", remedy: Self.pandas("read_hdf"))),
      (
        Array("SQLite format 3".utf8),
        .foreign("an SQLite database", remedy: "export the table of bars as CSV")
      ),
      (
        [0xD0, 0xCF, 0x11, 0xE0],
        .foreign("an old Excel workbook", remedy: "save the sheet as CSV")
      ),
      (
        [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59],
        .foreign("an npy array", remedy: "write an npz with open, high, low, close, volume, time")
      ),
      ([0x25, 0x50, 0x44, 0x46], .foreign("a PDF", remedy: "ask its publisher for CSV")),
    ]
    if let found = known.first(where: { bytes.starts(with: $0.magic) }) {
      self = found.kind
      return
    }
    if Packing.isZstd(bytes) {
      // Where the trait is there, this is packed twice.
      let remedy =
        ArrowCompression.zstd.isAvailable
        ? "unpack it with zstd -d"
        : "unpack it with zstd -d, or build the package with its trait Zstd on Linux"
      self = .foreign("Zstandard data", remedy: remedy)
      return
    }
    // A stream's first message: what marks one, and its length.
    if bytes.prefix(4).count(where: { $0 == 0xFF }) == 4, let length = bytes.dropFirst(7).first,
      length < 0x80
    {
      self = .arrow
      return
    }
    let start = Array(bytes.prefix(2))
    if start.first == 0x80, start.count == 2, (2...5).contains(start[1]) {
      self = .foreign("a Python pickle", remedy: Self.pandas("read_pickle"))
      return
    }
    let first = bytes.first { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 }
    switch first {
    case 0x7B, 0x5B: self = .foreign("JSON", remedy: Self.pandas("read_json"))
    case 0x3C:
      // `<TICKER>,<PER>,…` is a header of bars.
      let text = String(decoding: bytes.prefix(200), as: UTF8.self).lowercased()
      self =
        ["<html", "<!doctype", "<?xml", "<head", "<body", "<table"].contains { text.contains($0) }
        ? .foreign("a web page or XML", remedy: "download the CSV that the page links to") : .text
    default: self = .text
    }
  }

  private static func pandas(_ reader: String) -> String {
    "convert it, as by pandas.\(reader)(…).to_csv(\"bars.csv\")"
  }

  /// Why a file cannot be read.
  static func refusal(_ name: String, _ found: String, _ remedy: String) -> DataError {
    DataError(.incompatible, in: name, "is \(found), not text; \(remedy)")
  }
}
