import Martlet

// Bars of two symbols, the second listed later. From files: Panel(csv:) and Panel(npz:).
func history(_ days: Range<Int>, from price: Double) -> [Bar] {
  days.map { day in
    let close = price + Double(day * 7 % 23) - Double(day * day % 11)
    return Bar(
      time: Int64(20_000 + day) * 86_400_000_000_000, open: close - 1, high: close + 2,
      low: close - 3, close: close, volume: Double(1000 + day * 13 % 97))
  }
}
let panel = try Panel(["ABC": history(0..<120, from: 100), "XYZ": history(70..<120, from: 40)])

// Batch: every symbol at once.
let close = panel.bars.close
let rsi = close.rsi(14)  // lazy, nothing is computed yet
let bands = close.bollinger(20, up: 2, down: 2)
let entry = (rsi .< 50) .& close.crosses(below: bands.middle)
let values = rsi.values()  // computed here: [symbols, time]
print("rsi", values.shape, values[0, -1], values[1, -1], "before XYZ's first:", values[1, 83])
print("entries of ABC:", entry.values().row(0).doubles.count { $0 == 1 })

var stream = try BarStream(symbols: panel.symbols) { bars in
  (bars.close.rsi(14), bars.close.macd().histogram)
}
try stream.warmUp(with: panel.times(0..<119))
let bar = history(119..<120, from: 100)[0]
let forming = try stream.preview(bar, for: "ABC")  // leaves the state alone
let row = try stream.update(bar, for: "ABC")
print("live:", row[0], "as in batch:", row[0] == values[0, -1], forming[0] == row[0])

extension Bars {
  /// Distance of the close from the volume-weighted mean, in average true ranges.
  func stretch(_ n: Int) -> Series {
    let mean = (typicalPrice * volume).rollingSum(n) / volume.rollingSum(n)
    return (close - mean) / atr(n)
  }
}
let stretch = panel.bars.stretch(20)
var own = try BarStream(symbols: panel.symbols) { bars in bars.stretch(20) }
try own.warmUp(with: panel.times(0..<119))
let live = try own.update(bar, for: "ABC")[0]
print("stretch", stretch.latest().doubles, "after", stretch.lookback, "bars; live:", live)

// Beside each other, on coarser bars, beside a benchmark: batch and live have the same bits here, too.
let strength = close.roc(20).rank()
let weekly = panel.bars.every(.week) { $0.close.roc(2) }
let distance = close - panel.bars.of("XYZ").close
print("strength", strength.latest().doubles, "weekly", weekly.latest().doubles)
var market = try BarStream(symbols: panel.symbols) { bars in
  (bars.close.roc(20).rank(), bars.close - bars.of("XYZ").close)
}
_ = try market.process(panel.times(0..<119))
let rows = try market.update(panel.symbols.indices.map { panel.bar(symbol: $0, time: 119) })
print("live:", rows.values(of: 0), "as in batch:", rows.values(of: 1) == distance.latest().doubles)

// One formula at many parameter values: `[sets, symbols, time]`, or one number each without a history.
let pairs = [(fast: 3, slow: 8), (fast: 5, slow: 13), (fast: 8, slow: 21)]
let grid = try panel.grid(over: pairs) { bars, pair in
  bars.close.ema(pair.fast).crosses(above: bars.close.ema(pair.slow))
}
print("crossings", try grid.reduced(to: .count).doubles, "of", try grid.values().shape)

let table = try panel.latest(Indicator.list("rsi(14),macd(fast=12,slow=26,signal=9)"))
for (name, array) in zip(table.names, table.arrays) { print(name, array.doubles) }

// Candlesticks, and the 111 columns that a model is fed with; both stream as well.
let hikkakes = panel.bars.pattern(.hikkake).values().row(0).doubles.count { $0 != 0 }
let features = try panel.latest(FeatureSet.transformer111)
print("hikkakes of ABC:", hikkakes, "features:", features.sample().shape, features["RSI_14"]![0])

// Arrays as NumPy has them, lazy and shared with the indicators.
let closes = close.values()  // [symbols, time], NaN before a listing
let returns = (closes[.all, 1...] / closes[.all, .slice(nil, -1)]).log()
let risk = returns.nanstd(axis: 1, ddof: 1) * 252.0.squareRoot()
print("risk", risk, "correlation", returns[.all, .slice(-49)].corrcoef()[0, 1])
var generator = RandomGenerator(seed: 7)
let mixing: NDArray = [[1.0, 0.5], [0.5, 2]]
let spread = try generator.normal([3, 2]).matmul(mixing).svdvals()
print("singular values", spread, "spectrum", returns[0, .ellipsis].rfft().abs().shape)

// A network on what the indicators compute; `Model("model.npz")` reads one that was trained.
let layers = Sequential(
  Linear(111, 64), LayerNorm(64), ActivationFunction.gelu, Residual(Linear(64, 64)), Linear(64, 3))
let network = try Network(layers.initialized(seed: 7), width: 111, hasSteps: false)
let (inputs, _) = IndicatorModel.prepared(features.sample())
let scores = try network(inputs)
let alone = try network(inputs[0..<1])
print("scores", scores.shape, "of", layers.parameterCount, "parameters;", "ABC alone:", alone.shape)
print("the same bits:", alone.doubles == scores.row(0).doubles)
