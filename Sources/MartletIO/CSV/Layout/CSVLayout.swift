public import MartletArrays

/// How a file of bars is laid out: what separates its fields, which column holds what, how times and numbers are
/// written.
///
/// What is nil is found out by reading, so that a layout says only what the file does not:
///
/// ```swift
/// var layout = try CSVLayout.detect("prices.csv")
/// print(layout)                 // separator=comma,header=1,time=Date,symbol=Name,…
/// layout.zone = "newYork"
/// let panel = try Panel(csv: "prices.csv", layout: layout)
/// let same = try Panel(csv: "prices.csv", layout: "dates=dmy,zone=newYork")
/// ```
///
/// Columns are told by their names in the file, or by `#1`, `#2`, … where they have none.
public struct CSVLayout: Hashable, Sendable {
  /// What stands between two fields.
  public enum Separator: String, Hashable, Sendable, CaseIterable {
    case comma
    case semicolon
    case tab
    case pipe

    var byte: UInt8 {
      switch self {
      case .comma: 0x2C
      case .semicolon: 0x3B
      case .tab: 0x09
      case .pipe: 0x7C
      }
    }
  }

  /// How text is stored.
  public enum Encoding: String, Hashable, Sendable, CaseIterable {
    case utf8
    case utf16le
    case utf16be
    /// Latin-1 with the characters that Windows adds to it.
    case latin1
  }

  /// What a row holds.
  public enum Shape: String, Hashable, Sendable, CaseIterable {
    /// One bar of one symbol.
    case long
    /// A time, and for each symbol its fields: `AAA_Open,AAA_Close,…`, or two header rows.
    case fields
    /// A time, and the close of each symbol, which the columns are named by.
    case closes
  }

  /// How times are written.
  public enum Dates: String, Hashable, Sendable, CaseIterable {
    /// Year, month, day.
    case ymd
    /// Month, day, year.
    case mdy
    /// Day, month, year.
    case dmy
    /// The month by its name.
    case name
    /// A number such as 20240105 or 202401050930.
    case number
    /// Days as spreadsheets count them.
    case excel
    /// Since 1970 UTC, in `unit`.
    case epoch
    /// A time of day alone, of `day`.
    case clock
  }

  /// What an epoch counts.
  public enum Unit: String, Hashable, Sendable, CaseIterable {
    /// Seconds.
    case s
    /// Milliseconds.
    case ms
    /// Microseconds.
    case us
    /// Nanoseconds.
    case ns
  }

  /// What times at local midnight are.
  public enum Midnight: String, Hashable, Sendable, CaseIterable {
    /// Dates: midnight UTC of the local day.
    case date
    /// The moments that they are.
    case moment
  }

  /// What stands before the decimals of a number.
  public enum Decimal: String, Hashable, Sendable, CaseIterable {
    case point
    case comma
  }

  /// What prices are adjusted for.
  public enum Adjustment: String, Hashable, Sendable, CaseIterable {
    /// Splits: prices and volumes.
    case splits
    /// Dividends as well, as the adjusted close has it.
    case all
    /// Nothing: the numbers as they stand.
    case no
  }

  /// What happens where many rows of a symbol have the time of another and other numbers.
  public enum Repeats: String, Hashable, Sendable, CaseIterable {
    /// An error: a column that tells them apart is missing.
    case refuse
    /// The last sound one of each counts.
    case last
  }

  /// What stands between two fields.
  public var separator: Separator?
  /// How the text is stored.
  public var encoding: Encoding?
  /// Lines before the header, or before the first row where there is no header.
  public var skip: Int?
  /// Rows of the header: 0 to 3.
  public var header: Int?
  /// The names of the columns where the file has no header.
  public var columns: [String]?
  /// What a row holds.
  public var shape: Shape?
  /// The column of the time, or of the date and of the time of day.
  public var time: [String]?
  /// The column of the symbol, or several that name it together; empty for a file of one symbol.
  public var symbol: [String]?
  /// The column of opening prices; empty for none.
  public var open: String?
  /// The column of highest prices; empty for none.
  public var high: String?
  /// The column of lowest prices; empty for none.
  public var low: String?
  /// The column of closing prices.
  public var close: String?
  /// The column of volumes; empty for none.
  public var volume: String?
  /// The column of closes adjusted for splits and dividends; empty for none.
  public var adjustedClose: String?
  /// The column of split ratios; empty for none.
  public var split: String?
  /// How times are written.
  public var dates: Dates?
  /// What an epoch counts.
  public var unit: Unit?
  /// The clock of times without an offset: `newYork`, `Europe/London`, `+05:30`, `utc`.
  public var zone: String?
  /// The date of times of day that stand alone: `2024-01-05`.
  public var day: String?
  /// What times at local midnight are.
  public var midnight: Midnight?
  /// What stands before the decimals.
  public var decimal: Decimal?
  /// What prices are divided by.
  public var scale: Int?
  /// What prices are adjusted for.
  public var adjusted: Adjustment?
  /// What happens to many rows of one time.
  public var repeats: Repeats?

  /// Nothing said: all is found out.
  public init() {}
}

extension CSVLayout {
  /// Finds out how a file is laid out, from its first 64 KiB and its last 4.
  ///
  /// Of a zip file or a folder: the layout of the first file in it.
  /// - Throws: `DataError` that says what could not be decided, and what to say about it.
  public static func detect(_ path: String) throws(DataError) -> CSVLayout {
    guard let first = try InputFile.files([path]).first else {
      throw DataError(.empty, in: path, "holds no file of bars")
    }
    return try first.layout(CSVLayout()).layout
  }

  /// Finds out how bytes of a file are laid out; `name` stands for it in errors.
  ///
  /// - Throws: As the method for a path does.
  public static func detect(
    _ bytes: UnsafeRawBufferPointer, name: String = "bars.csv"
  ) throws(DataError) -> CSVLayout {
    let stream = try TextStream(ByteStream(bytes: bytes, name: name))
    return try LayoutDetector.detect(stream, CSVLayout()).layout
  }
}
