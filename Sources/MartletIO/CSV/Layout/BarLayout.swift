import MartletArrays

/// A layout with everything decided: what the parser follows, row by row.
struct BarLayout: Sendable {
  /// What a column is for.
  struct Column: Hashable, Sendable {
    enum Kind: UInt8, Hashable, Sendable {
      /// A number; fast where it is plain.
      case number
      /// A number with a decimal comma, which the fast way would misread.
      case formatted
      case symbol
      case time
      /// A time of day, added to the time.
      case clock
      case ignored
    }

    var kind = Kind.ignored
    /// Among the numbers, the parts of the symbol or the time formats.
    var slot = 0
  }

  /// Places of numbers in a row; those of wide files repeat for each symbol.
  enum Slot {
    static let close = 3
    static let volume = 4
    static let adjustedClose = 5
    static let split = 6
  }

  /// The same as the user may see, change and pass.
  var layout: CSVLayout
  var separator: UInt8 = 0x2C
  /// Lines before the header, and rows of it.
  var skippedLines = 0
  var headerRows = 1
  var names: [String] = []
  var columns: [Column] = []
  /// The symbols of a wide file, in the order of their slots.
  var groups: [String] = []
  /// Columns that name the symbol together.
  var symbolParts = 0
  var times: [TimeFormat] = []
  /// Whose clock the times are on; nil where they are moments or dates.
  var zone: NamedZone?
  /// Whose midnights the moments are that stand for dates; nil where they stand for themselves.
  var midnightZone: NamedZone?
  /// Added to times of day that stand alone.
  var day: Int64 = 0
  var decimal = CSVLayout.Decimal.point
  var scale = 1.0
  /// Whether there is an adjusted close and a split ratio.
  var hasAdjustedClose = false
  var hasSplit = false
  /// How the file is read, in words; the first line of the report.
  var reading = ""
  /// What was assumed, a line each.
  var notes: [String] = []

  /// Whether columns name the symbols.
  var isNamed: Bool { symbolParts > 0 || !groups.isEmpty }
  /// Numbers in a row.
  var slotCount: Int { hasSplit ? 7 : hasAdjustedClose ? 6 : 5 }
}
