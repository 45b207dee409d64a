import MartletCore

/// One symbol's part of a book: plain numbers, which are copied without counting references.
struct Position {
  /// Below 0 for a short position.
  var units = 0.0
  /// The mean price of the open units.
  var cost = Double.nan
  /// Fees of the entries that are not yet part of a trade.
  var entryFees = 0.0
  var entryBar = -1
  var entryTime: Int64 = 0
  var entryCount = 0
  /// The last price at which it was valued.
  var mark = 0.0
  /// Where it is stopped, as prices; NaN for nowhere.
  var stop = Double.nan
  var target = Double.nan
  var trail = FixedDistance(amount: .nan, isShare: false)
  /// The best price since the entry.
  var best = Double.nan
  /// From which bar on stops and targets count.
  var stopFrom = 0
  var targetFrom = 0
  /// The bar at which a stop or target closed it.
  var closedBar = -1
  /// Entries that wait until their signal is off.
  var isLongBlocked = false
  var isShortBlocked = false
  /// Extremes since the entry, and the first bar whose range counts.
  var lowest = Double.infinity
  var highest = -Double.infinity
  var rangeFrom = 0
  var lastTime = Int64.min
  var order = WaitingOrder()
  /// The number of the entry's note.
  var note = EntryNotes.none

  @inline(__always)
  var isArmed: Bool { stop == stop || target == target || trail.amount == trail.amount }

  mutating func disarm() {
    (stop, target, best) = (.nan, .nan, .nan)
    trail.amount = .nan
  }
}

/// An order that waits for a bar.
struct WaitingOrder {
  enum Goal {
    case none
    /// A position, in units.
    case units(Double)
    /// A weight, of the equity at the fill.
    case weight(Double)
    /// A new or larger position to one side; its size is found at the fill.
    case entry(Double, size: Double)
  }

  var goal = Goal.none
  var reason = FillReason.signal
  /// The highest price of a purchase, the lowest of a sale; NaN for a market order.
  var limit = Double.nan
  /// Beyond which it counts.
  var stop = Double.nan
  /// The signal's bar, and its close.
  var created = 0
  var price = Double.nan
  var firstBar = -1
  /// Whether a part of it has been filled.
  var isStarted = false
  /// Distances of the position that it opens.
  var stopLoss = FixedDistance(amount: .nan, isShare: false)
  var takeProfit = FixedDistance(amount: .nan, isShare: false)
  var trailing = FixedDistance(amount: .nan, isShare: false)
  var deviation = 0.0
  var note = EntryNotes.none

  @inline(__always)
  var isMarket: Bool { limit != limit && stop != stop }

  @inline(__always)
  var exists: Bool { if case .none = goal { false } else { true } }
}

/// Units of one entry, where trades are first in, first out.
struct Lot {
  var units: Double
  var price: Double
  var fees: Double
  var bar: Int
  var time: Int64
  /// Extremes since this entry, and the first bar whose range counts.
  var lowest: Double
  var highest: Double
  var rangeFrom = 0
  var note = EntryNotes.none
}

/// What is remembered of entries besides numbers, by number.
struct EntryNotes {
  struct Note {
    var tag = ""
    /// Values of recorded series at the bar of the entry's signal.
    var values: [Double] = []
  }

  /// The number of a note that says nothing.
  static let none = 0

  private var notes = [Note()]
  /// How many there may be before those that nobody refers to are dropped.
  private var limit = 64

  subscript(_ number: Int) -> Note { notes[number] }

  mutating func add(_ note: Note) -> Int {
    if note.tag.isEmpty && note.values.isEmpty { return Self.none }
    notes.append(note)
    return notes.count - 1
  }

  var isFull: Bool { notes.count >= limit }

  /// Keeps the notes that are referred to, under new numbers.
  mutating func keep(_ renumber: ((inout Int) -> Void) -> Void) {
    var kept = [Note()]
    renumber { number in
      guard number != Self.none else { return }
      kept.append(notes[number])
      number = kept.count - 1
    }
    notes = kept
    limit = max(64, 2 * kept.count)
  }
}
