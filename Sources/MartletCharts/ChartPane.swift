import MartletIndicators

/// One part of a chart with an axis of its own: lines, columns and levels over the common bars.
///
/// ```swift
/// let drawdown = ChartPane("drawdown").area("drawdown", values)
/// ```
public struct ChartPane: Sendable {
  /// What the pane shows; empty where its legend says enough.
  public let title: String
  var pieces: [Piece] = []
  var levels: [Double] = []
  var fixedRange: ClosedRange<Double>?
  var isLogarithmic = false

  /// Something drawn through values, one per bar.
  struct Piece: Sendable {
    enum Kind: Sendable {
      case line, columns, area
      /// Open, high, low and close.
      case candles([[Double]])
    }

    let name: String
    let kind: Kind
    var values: [Double]
    let color: ChartColor?
    /// What the names of several pieces belong to.
    var group = ""
    /// Bars by which values are drawn ahead of their own.
    var shift = 0
  }

  /// An empty pane.
  public init(_ title: String = "") { self.title = title }

  /// A line, with gaps where values are not finite.
  public func line(_ name: String, _ values: [Double], color: ChartColor? = nil) -> ChartPane {
    adding(Piece(name: name, kind: .line, values: values, color: color))
  }

  /// Columns from zero.
  public func columns(_ name: String, _ values: [Double], color: ChartColor? = nil) -> ChartPane {
    adding(Piece(name: name, kind: .columns, values: values, color: color))
  }

  /// A line with what lies between it and zero, for drawdowns and exposures.
  public func area(_ name: String, _ values: [Double], color: ChartColor? = nil) -> ChartPane {
    adding(Piece(name: name, kind: .area, values: values, color: color))
  }

  /// A reference line.
  public func level(_ value: Double) -> ChartPane {
    require(value.isFinite, "ChartPane: a level of \(value)")
    var pane = self
    pane.levels.append(value)
    return pane
  }

  /// The same pane with a fixed axis; values outside lie at its ends.
  public func range(_ range: ClosedRange<Double>) -> ChartPane {
    require(
      range.lowerBound.isFinite && range.upperBound.isFinite && range.lowerBound < range.upperBound,
      "ChartPane: a range of \(range)")
    var pane = self
    pane.fixedRange = range
    return pane
  }

  /// The same pane with a logarithmic axis; values that are not above zero are gaps.
  public func logarithmic() -> ChartPane {
    var pane = self
    pane.isLogarithmic = true
    return pane
  }

  func adding(_ piece: Piece) -> ChartPane {
    var pane = self
    pane.pieces.append(piece)
    return pane
  }

  /// The values of all pieces, candles as highs and lows.
  var drawnValues: [[Double]] {
    pieces.flatMap { piece in
      if case .candles(let bars) = piece.kind { [bars[1], bars[2]] } else { [piece.values] }
    }
  }

  /// What belongs into the axis besides the values.
  var drawnLevels: [Double] {
    let isFromZero = pieces.contains { piece in
      switch piece.kind {
      case .columns, .area: true
      case .line, .candles: false
      }
    }
    return levels + (isFromZero ? [0] : [])
  }
}
