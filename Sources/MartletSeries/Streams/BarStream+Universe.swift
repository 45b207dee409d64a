public import MartletArrays
import MartletIO

/// Symbols that join and leave while the stream runs.
extension BarStream {
  /// Lets symbols join, behind the others: their first bar is still to come.
  ///
  /// Results of the others keep their bits; cross-sections count who is there. Cost: that of the states of the new
  /// symbols, and of new memory for rows.
  ///
  /// - Parameter history: Their bars so far, which bring them up to date; symbols are matched by name. Not where
  ///   results compare symbols: what they were beside the others in the past is not known here.
  /// - Throws: `DataError` for a symbol that is there already or twice, and as `warmUp`; nothing has changed then.
  public mutating func add(
    _ joining: [String], history: Panel? = nil, threads: Int? = nil
  ) throws(DataError) {
    let past = try past(of: joining, in: history)
    guard !joining.isEmpty else { return }
    for (index, symbol) in joining.enumerated() { symbolIndices[symbol] = symbols.count + index }
    symbols += joining
    stages.add(joining)
    lastTimes += Array(repeating: .min, count: joining.count)
    masks += Array(repeating: 0, count: joining.count)
    waiting.bars += Array(repeating: nil, count: joining.count)
    useLayout()
    // The bars of symbols that have none yet can only follow.
    guard let past else { return }
    do { _ = try run(past, keepsResults: false, threads: threads) } catch {
      try remove(joining)
      throw error
    }
  }

  /// The part of a history that is about symbols that would join; throws where they cannot.
  package func past(of joining: [String], in history: Panel?) throws(DataError) -> Panel? {
    var seen = Set<String>()
    for symbol in joining where symbolIndices[symbol] != nil || !seen.insert(symbol).inserted {
      throw DataError(.duplicate, in: "stream", at: "symbol \(excerpt(symbol))", "is there twice")
    }
    try Cancellation.check("stream")
    guard let history, !joining.isEmpty else { return nil }
    guard !needsRows else {
      throw DataError(
        .incompatible, in: "stream",
        "results compare symbols, so the past of \(excerpt(joining[0])) alone gives none; "
          + "warm up a stream of the whole market")
    }
    let indices = history.symbols.indices.filter { seen.contains(history.symbols[$0]) }
    guard !indices.isEmpty else {
      throw DataError(.unknownName, in: "stream", "the history has none of the symbols that join")
    }
    return history.symbols(indices)
  }

  /// Lets symbols leave; those behind them move up in the order of rows.
  ///
  /// - Throws: `DataError` for a symbol that the stream lacks, for a benchmark that results read, and where none
  ///   would stay; nothing has changed then.
  public mutating func remove(_ leaving: [String]) throws(DataError) {
    var indices = Set<Int>()
    for symbol in leaving { indices.insert(try index(of: symbol)) }
    if let benchmark = stages.benchmarkSymbols.first(where: indices.contains) {
      throw DataError(
        .incompatible, in: "stream", at: "symbol \(excerpt(symbols[benchmark]))",
        "is a benchmark that results read")
    }
    guard indices.count < symbols.count else {
      throw DataError(.empty, in: "stream", "no symbol would stay")
    }
    guard !indices.isEmpty else { return }
    func staying<Element>(_ all: [Element]) -> [Element] {
      all.indices.filter { !indices.contains($0) }.map { all[$0] }
    }
    symbols = staying(symbols)
    symbolIndices = Dictionary(uniqueKeysWithValues: zip(symbols, symbols.indices))
    lastTimes = staying(lastTimes)
    masks = staying(masks)
    waiting.bars = staying(waiting.bars)
    stages.remove(indices)
    useLayout()
  }
}
