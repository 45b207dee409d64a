import Martlet
import ProgramSupport

Program(
  "backtest",
  "Trades a strategy over a history: alone, with every set of a parameter grid, or chosen as time goes on.",
  options: [
    .values("--input", "FILE...", BarInput.help, isRequired: true),
    BarInput.layoutOption,
    .value(
      "--strategy", "NAME",
      """
      hold, sma, ema, rsi, breakout, vote (default), trend, or a .json file with formulas
      (the article Backtesting shows one).
      """),
    .value("--set", "TEXT", "Parameters of the strategy: fast=10,slow=30."),
    .value(
      "--grid", "TEXT",
      "Sets of parameters: fast=5:50:5,slow=20:200:10, or values with | between them."),
    .value(
      "--objective", "METRIC", "What sets are ranked by, such as sharpe (default), -maxDrawdown."),
    .value("--minimum-trades", "N", "Sets with fewer trades rank last; default 30."),
    .value("--sample", "N", "Only so many sets of the grid, by chance."),
    .value("--trials", "FILE", "Appends every set's result to a file."),
    .flag("--resume", "Goes on with the sets that the file of --trials lacks."),
    .value(
      "--walk-forward", "TEXT",
      """
      Chooses the set in one part and trades in the next: train=504,test=126 (bars), or 504d
      for days; anchored=yes, purge=N.
      """),
    .value(
      "--costs", "TEXT",
      "fee=0.0005,slippage=0.0002; also perUnit, minimum, spread, impact, borrow."),
    .value("--capital", "X", "Currency at the start; default 100000, of each symbol alone."),
    .flag("--shared", "One account for all symbols."),
    .value(
      "--size", "TEXT",
      "weight=1 (default, of the equity), units=, cash=, risk=, volatility=, kelly=."),
    .value("--stop-loss", "X", "Such as 5%, 2atr, 2atr(20), 20ticks, 1.5."),
    .value("--take-profit", "X", "The same."),
    .value("--trailing-stop", "X", "The same."),
    .value(
      "--profile", "NAME",
      "Rules of martlet (default), vectorbt, backtestingPy, tradingView, freqtrade."),
    .value(
      "--rules", "TEXT", "Single rules after that: fill=nextClose,reentry=afterReset,entries=3."),
    .value("--from", "DATE", "The first day that is traded in; what is before warms up."),
    .value("--symbols", "A,B", "Only these symbols."),
    .value("--clock", "NAME", "By which days begin; default utc."),
    .value("--per-year", "N", "Periods of a year; default 252."),
    .flag("--bar-returns", "Ratios of the returns of bars, not of days; needs --per-year."),
    .value("--report", "FILE.html", "Charts, trades and conventions as one page."),
    .value(
      "--output", "FILE.npz",
      "equity [accounts, time], metrics, trades; with --grid parameters and metrics of sets."),
    .value("--top", "N", "Rows of tables; default 10."),
    .value("--threads", "N", "By default one per core."),
  ],
  notes: """
    With --grid the best set is traded once more for the report and the metrics. A set's result is that of all
    symbols together.
    """
).run { arguments in
  try BacktestProgram(arguments).main()
}
