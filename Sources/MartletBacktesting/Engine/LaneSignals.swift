import MartletArrays
import MartletCore

/// Values of leaves over some symbols of a market, at the bars of their lanes.
final class LeafValues: Sendable {
  private let arrays: [NDArray]
  private let times: Int
  private let lanes: ArraySlice<MarketLane>
  /// Symbol of the part and leaf → values at the lane's own bars, where these are not a run.
  private let gathered: [Buffer?]

  /// - Parameters:
  ///   - plan: The leaves planned for the panel's source; nil to plan them now.
  init(
    _ leaves: [Series], over panel: Panel, _ lanes: [MarketLane], symbols: Range<Int>,
    plan: PlannedValues?, threads: Int?
  ) throws(DataError) {
    times = panel.time.count
    self.lanes = lanes[symbols]
    guard !leaves.isEmpty, !symbols.isEmpty else {
      (arrays, gathered) = ([], [])
      return
    }
    var evaluation = Evaluation(threads: threads)
    let isWhole = symbols.count == panel.symbols.count
    if let plan {
      let source = isWhole ? panel.source : panel.symbols(Array(symbols)).source
      evaluation.prepared = (plan, [source])
    }
    arrays = try Series.evaluate(leaves, evaluation, latest: false, in: "backtest").map {
      let array = $0.dtype == .float64 ? $0 : $0.asType(.float64)
      array.eval()
      return array
    }
    let rows = arrays
    let times = times
    gathered = Workers.map(symbols.count, threads: threads) { place -> Buffer? in
      let lane = lanes[symbols.lowerBound + place]
      guard lane.presence.times != nil else { return nil }
      let buffer = Buffer(uninitializedByteCount: max(1, rows.count * lane.count) * 8)
      let to = buffer.pointer(to: Double.self)
      for (number, array) in rows.enumerated() {
        let from = Self.base(array) + place * times
        for bar in 0..<lane.count {
          to[number * lane.count + bar] = from[lane.presence.timeIndex(bar)]
        }
      }
      return buffer
    }
  }

  private static func base(_ array: NDArray) -> UnsafePointer<Double> {
    let (buffer, offset) = array.storage
    return UnsafePointer(buffer.pointer(to: Double.self) + offset)
  }

  /// A leaf at the bars of a lane.
  func row(_ leaf: Int, _ symbol: Int) -> UnsafePointer<Double> {
    let place = symbol - lanes.startIndex
    let lane = lanes[symbol]
    if let buffer = gathered[place] {
      return UnsafePointer(buffer.pointer(to: Double.self) + leaf * lane.count)
    }
    return Self.base(arrays[leaf]) + place * times + lane.presence.first
  }
}

/// Memory for the signals of one lane at a time.
final class SignalMemory {
  private var words: UnsafeMutablePointer<UInt64>
  private var capacity = 0
  private var next = 0

  init() { words = .allocate(capacity: 1) }

  deinit { words.deallocate() }

  /// Forgets what was made before; rows that are asked for later stay until this is called again.
  fileprivate func begin(rows: Int, of count: Int) {
    next = 0
    guard rows * count > capacity else { return }
    words.deallocate()
    capacity = rows * count
    words = .allocate(capacity: capacity)
  }

  fileprivate func take(_ count: Int) -> UnsafeMutablePointer<UInt64> {
    defer { next += count }
    return words + next
  }
}

extension SignalProgram {
  /// The feed of a lane: its prices, and the signals of this set.
  ///
  /// Bits are in `memory`, which must stay as it is while the feed is read.
  ///
  /// - Parameter start: The first bar of which the strategy is asked: a target that was there before is new to it.
  func feed(
    _ lane: MarketLane, symbol: Int, _ values: LeafValues, rebalances: Bool, _ memory: SignalMemory,
    from start: Int = 0
  ) -> Feed {
    var feed = lane.feed
    let count = lane.count
    let words = (count >> 6) + 1
    memory.begin(rows: 3 * steps.count + conditions.count + numbers.count, of: words)
    var rows: [UnsafeMutablePointer<UInt64>] = []
    rows.reserveCapacity(steps.count)
    for step in steps {
      let row = memory.take((step.readsLeaves ? 3 : 2) * words)
      run(step, into: row, words, count, rows) { values.row($0, symbol) }
      rows.append(row)
    }
    for (role, step) in conditions {
      var result = rows[step]
      if role == .membership {
        // What is not known to belong does not.
        result = memory.take(words)
        for word in 0..<words { result[word] = ~rows[step][word] }
      }
      let bits = UnsafePointer(result)
      switch role {
      case .entry: feed.entry = bits
      case .exit: feed.exit = bits
      case .shortEntry: feed.shortEntry = bits
      case .shortExit: feed.shortExit = bits
      default: feed.outside = bits
      }
    }
    for (role, leaf) in numbers {
      let row = values.row(leaf, symbol)
      switch role {
      case .target:
        feed.target = row
        let bits = memory.take(words)
        Self.changes(row, feed, count, from: start, rebalances: rebalances, into: bits)
        feed.targetChange = UnsafePointer(bits)
      case .size: feed.size = row
      case .limit: feed.limit = row
      case .stop: feed.stop = row
      case .stopLoss: feed.stopLoss = row
      case .takeProfit: feed.takeProfit = row
      case .trailing: feed.trailing = row
      case .income: feed.income = row
      case .deviation: feed.deviation = row
      default: feed.recorded.append(row)
      }
    }
    return feed
  }

  /// Lets the targets of a feed begin anew at a bar: what was asked for before counts as not asked.
  func restartTargets(_ feed: inout Feed, _ count: Int, from start: Int, rebalances: Bool) {
    guard let target = feed.target, let changes = feed.targetChange else { return }
    Self.changes(
      target, feed, count, from: start, rebalances: rebalances,
      into: UnsafeMutablePointer(mutating: changes))
  }

  /// Bars at which a target asks for something.
  static func changes(
    _ row: UnsafePointer<Double>, _ feed: Feed, _ count: Int, from start: Int, rebalances: Bool,
    into words: UnsafeMutablePointer<UInt64>
  ) {
    var last = Double.nan
    for word in 0...(count >> 6) {
      var bits: UInt64 = 0
      for bar in word << 6..<max(word << 6, min(count, (word + 1) << 6)) {
        let value = row[bar]
        // What a target said at a bar that is none was not heard.
        guard value == value, rebalances || value != last, bar >= start, feed.hasBar(bar) else {
          continue
        }
        bits |= 1 << UInt64(bar & 63)
        last = value
      }
      words[word] = bits
    }
  }

  @inline(__always)
  private func run(
    _ step: Step, into row: UnsafeMutablePointer<UInt64>, _ words: Int, _ count: Int,
    _ rows: [UnsafeMutablePointer<UInt64>], _ leaf: (Int) -> UnsafePointer<Double>
  ) {
    let kernels = SignalKernels.current
    let defined = row + words
    switch step {
    case .relation(let x, let lag, let y, let otherLag):
      let most = min(max(lag, otherLag), count)
      kernels.relation(
        leaf(x) + most - min(lag, most), leaf(y) + most - min(otherLag, most), count - most, row,
        stride: words)
      if most > 0 {
        for part in 0..<3 {
          // Rows are written for fewer bars than there are.
          for word in (((count - most) >> 6) + 1)..<max(words, ((count - most) >> 6) + 1) {
            row[part * words + word] = 0
          }
          Self.shift(row + part * words, row + part * words, most, words)
        }
      }
    case .relationTo(let x, let bits):
      kernels.relation(leaf(x), to: Double(bitPattern: bits), count, row, stride: words)
    case .truth(let x):
      // Less, greater and defined of 0, of which two rows are kept; the third one is still free.
      let third = row + 2 * words
      kernels.relation(leaf(x), to: 0, count, row, stride: words)
      for word in 0..<words {
        row[word] |= defined[word]
        defined[word] = third[word]
      }
    case .compare(let relation, let kind):
      let less = rows[relation]
      let (greater, known) = (less + words, less + 2 * words)
      for word in 0..<words {
        let truth =
          switch kind {
          case .less: less[word]
          case .greater: greater[word]
          case .lessEqual: known[word] & ~greater[word]
          case .greaterEqual: known[word] & ~less[word]
          case .equal: known[word] & ~(less[word] | greater[word])
          case .notEqual: less[word] | greater[word]
          }
        row[word] = truth
        defined[word] = known[word]
      }
    case .and(let a, let b):
      for word in 0..<words {
        row[word] = rows[a][word] & rows[b][word]
        defined[word] = rows[a][words + word] & rows[b][words + word]
      }
    case .or(let a, let b):
      for word in 0..<words {
        let known = rows[a][words + word] & rows[b][words + word]
        row[word] = (rows[a][word] | rows[b][word]) & known
        defined[word] = known
      }
    case .xor(let a, let b):
      for word in 0..<words {
        let known = rows[a][words + word] & rows[b][words + word]
        row[word] = (rows[a][word] ^ rows[b][word]) & known
        defined[word] = known
      }
    case .not(let a):
      for word in 0..<words {
        row[word] = rows[a][words + word] & ~rows[a][word]
        defined[word] = rows[a][words + word]
      }
    case .shift(let a, let bars):
      Self.shift(rows[a], row, bars, words)
      Self.shift(rows[a] + words, defined, bars, words)
    }
  }

  /// Moves bits to later bars; may work in place.
  private static func shift(
    _ from: UnsafePointer<UInt64>, _ to: UnsafeMutablePointer<UInt64>, _ bars: Int, _ words: Int
  ) {
    let (whole, part) = (bars >> 6, UInt64(bars & 63))
    for word in (0..<words).reversed() {
      var bits: UInt64 = 0
      if word >= whole {
        bits = from[word - whole] << part
        if part > 0, word > whole { bits |= from[word - whole - 1] >> (64 - part) }
      }
      to[word] = bits
    }
  }
}

extension SignalProgram.Step {
  /// Whether it needs three rows.
  fileprivate var readsLeaves: Bool {
    switch self {
    case .relation, .relationTo, .truth: true
    default: false
    }
  }
}
