"""Makes peers.json: small markets, signals, and what vectorbt, raptorbt and backtesting.py made of them.

    pip install vectorbt==1.2.0 raptorbt==0.13.4 backtesting==0.6.6 numpy==2.4.6 pandas==3.1.1 numba==0.68.1
    python peers.py

A test gives the same signals to Martlet, so that execution is compared and not indicators. `entries` and `exits` are
bars at whose close the decision falls; how an engine was told (shifted by one bar, or not) is in `fill`:

    nextOpen        the decision of bar i fills at the open of bar i + 1; one of the last bar never does
    sameClose       it fills at the close of bar i
    ownOpen         signals shifted by one bar here, filled at the open of their own bar (raptorbt's portfolio only,
                    whose nextOpen loses first trades in 0.13.4); the same fills as nextOpen

Every run has the engine's own figures: `final` value, `return` as a fraction, closed `roundTrips`, `open` positions at
the end, `fees`, `drawdown` (a fraction <= 0), and `fills`: [asset, bar, signed size, price, fee] as they happened;
raptorbt and backtesting.py list trades, so here by bar: exits, entries, exits of entries of the same bar.
Positions open at the end are valued at the last close, without a fee, by all three.
"""

import json
import os
import pathlib
import sys
import warnings

# statistics.py beside this file has the name of a module that the engines need.
HERE = pathlib.Path(__file__).resolve().parent
sys.path = [p for p in sys.path if pathlib.Path(p or os.getcwd()).resolve() != HERE]

os.environ["RAPTORBT_NO_VERSION_CHECK"] = "1"
warnings.filterwarnings("ignore")

import backtesting
import numpy as np
import pandas as pd
import raptorbt
import vectorbt

backtesting.backtesting._tqdm = lambda bars, **_: bars

SEED = 20261130
SIGMA, DRIFT = 3e-4, 2e-7
MINUTE = 60_000_000_000
START = 1_767_225_600_000_000_000  # 2026-01-01
YEAR = 525_600.0  # minutes; both engines are told
CAPITAL = 100_000.0


# Markets

def walk(bars, seed):
    """open, high, low, close of a one-minute walk, in whole millionths so that the text is exact."""
    random = np.random.default_rng(seed)
    close = 100.0 * np.exp(np.cumsum(DRIFT + SIGMA * random.standard_normal(bars)))
    open_ = np.concatenate(([100.0], close[:-1]))
    up, down = random.uniform(0.2, 1.8, bars), random.uniform(0.2, 1.8, bars)
    high = np.maximum(open_, close) + up * SIGMA * close
    low = np.minimum(open_, close) - down * SIGMA * close
    return [np.round(x * 1e6).astype(np.int64) / 1e6 for x in (open_, high, low, close)]


def rows(*bars):
    """A market from (open, high, low, close) of every bar."""
    return [np.array(column, float) for column in zip(*bars)]


def flat(bars, **changes):
    """Bars of 100 with a range of 0.4; `b4=(o, h, l, c)` says what bar 4 is instead."""
    market = [(100.0, 100.2, 99.8, 100.0)] * bars
    for name, bar in changes.items():
        market[int(name[1:])] = bar
    return rows(*market)


# Signals: exact sums of whole millionths, so no engine's rounding matters

def sma(close, period):
    total = np.concatenate(([0], np.cumsum(np.round(close * 1e6).astype(np.int64))))
    mean = np.full(len(close), np.nan)
    mean[period - 1:] = (total[period:] - total[:-period]) / (period * 1e6)
    return mean


def ema(x, period):
    out, value, share = np.full(len(x), np.nan), x[:period].mean(), 2.0 / (period + 1)
    out[period - 1] = value
    for i in range(period, len(x)):
        value += share * (x[i] - value)
        out[i] = value
    return out


def rsi(close, period):
    step = np.diff(close, prepend=close[0])
    gain, loss = np.maximum(step, 0), np.maximum(-step, 0)
    out = np.full(len(close), np.nan)
    up, down = gain[1:period + 1].mean(), loss[1:period + 1].mean()
    for i in range(period, len(close)):
        if i > period:
            up, down = up + (gain[i] - up) / period, down + (loss[i] - down) / period
        out[i] = 100.0 * up / (up + down)
    return out


def crossings(close, fast, slow):
    above = np.nan_to_num(sma(close, fast) - sma(close, slow)) > 0
    known = np.arange(len(close)) >= slow
    before = np.concatenate(([False], above[:-1]))
    return above & ~before & known, ~above & before & known


def levels(close, fast, slow):
    difference = np.nan_to_num(sma(close, fast) - sma(close, slow))
    return difference > 0, difference < 0


def ema_rsi(close):
    difference, strength = np.nan_to_num(ema(close, 12) - ema(close, 26)), np.nan_to_num(rsi(close, 14), nan=50.0)
    return (difference > 0) & (strength < 70), (difference < 0) | (strength > 80)


def at(bars, *indices):
    out = np.zeros(bars, bool)
    out[list(indices)] = True
    return out


def later(signal):
    return np.concatenate(([False], signal[:-1]))


# Engines

def figures(engine, fill, settings, **values):
    return {"engine": engine, "fill": fill, "settings": settings, **values}


def plain(value):
    return None if value is None or not np.isfinite(value) else float(value)


def run_vectorbt(assets, signals, fill="nextOpen", fee=0.0, slippage=0.0, stop=None, target=None, cash=None,
                 equal=False, capital=CAPITAL, **settings):
    """`cash`: what an entry may cost with its fee, fixed; `equal`: free cash divided by the assets not held."""
    move = later if fill == "nextOpen" else (lambda x: x)
    entries = np.column_stack([move(s[0]) for s in signals])
    exits = np.column_stack([move(s[1]) for s in signals])
    open_, high, low, close = (np.column_stack([a[k] for a in assets]) for k in range(4))
    given = dict(settings)
    if cash is not None:
        given |= dict(size=cash / (1 + fee) / (1 + slippage), size_type="value")
    if equal:
        given |= dict(size=shares_of_free_cash(entries, exits), size_type="percent")
    if len(assets) > 1:
        given |= dict(cash_sharing=True, group_by=True, call_seq=settings.get("call_seq", "auto"))
    if stop is not None or target is not None:
        given |= dict(sl_stop=stop, tp_stop=target)
    index = pd.to_datetime(START + MINUTE * np.arange(len(close)))
    frame = lambda x: pd.DataFrame(x, index=index)
    book = vectorbt.Portfolio.from_signals(
        frame(close), frame(entries), frame(exits), open=frame(open_), high=frame(high), low=frame(low),
        price=frame(open_ if fill == "nextOpen" else close), fees=fee, slippage=slippage, init_cash=capital,
        freq="1min", engine="numba", **given)
    if len(assets) == 1:
        book = book[0]
    records = book.orders.records
    fills = [[int(r.col), int(r.idx), float(-r.size if r.side else r.size), float(r.price), float(r.fees)]
             for r in records.sort_values(["idx", "id"]).itertuples()]
    value = book.value()
    trades = book.trades
    told = {**settings, **({"size": "1 / (assets not held), percent"} if equal else {})}
    return figures("vectorbt", fill, told, final=float(value.iloc[-1]), **{"return": float(book.total_return())},
                   roundTrips=int(trades.closed.count()), open=int(trades.open.count()),
                   fees=float(records.fees.sum()), drawdown=plain(book.max_drawdown()) or 0.0,
                   sharpe=plain(book.sharpe_ratio(year_freq="365 days")),
                   sortino=plain(book.sortino_ratio(year_freq="365 days")),
                   volatility=plain(book.annualized_volatility(year_freq="365 days")), fills=fills)


def shares_of_free_cash(entries, exits):
    """The share of free cash of every entry when free cash is divided by the assets not held; exits come first."""
    bars, count = entries.shape
    size, held = np.ones((bars, count)), np.zeros(count, bool)
    for i in np.flatnonzero(entries.any(1) | exits.any(1)):
        held &= ~exits[i]
        for a in range(count):
            if entries[i, a] and not held[a] and not exits[i, a]:
                size[i, a] = 1.0 / (count - held.sum())
                held[a] = True
    return size


def round_trip(asset, entry, out, size, fees):
    """The two fills of a long trade, each with its place: bar, then exits of earlier trades, entries, exits of entries
    of this bar. `entry` and `out` are (bar, price); `out` is None for a trade that is open at the end."""
    fills = [((entry[0], 1, asset), [asset, entry[0], size, entry[1], fees[0]])]
    if out is not None:
        fills.append(((out[0], 2 if out[0] == entry[0] else 0, asset), [asset, out[0], -size, out[1], fees[1]]))
    return fills


def ordered(trips):
    return [fill for _, fill in sorted((pair for trip in trips for pair in trip), key=lambda pair: pair[0])]


def run_raptorbt(assets, signals, fill="nextOpen", fee=0.0, slippage=0.0, stop=None, target=None, cash=None,
                 equal=False, capital=CAPITAL):
    timing = {"nextOpen": "next_bar_open", "sameClose": "same_bar_close", "ownOpen": "same_bar_open_lookahead"}[fill]
    config = raptorbt.BacktestConfig(initial_capital=capital, fees=fee, slippage=slippage, fill_timing=timing,
                                     periods_per_year=YEAR)
    if stop is not None:
        config.set_fixed_stop(stop)
    if target is not None:
        config.set_fixed_target(target)
    bars = len(assets[0][0])
    time = START + MINUTE * np.arange(bars, dtype=np.int64)
    volume = np.full(bars, 1e9)
    share = lambda: None if cash is None else raptorbt.InstrumentConfig(alloted_capital=cash)
    move = later if fill == "ownOpen" else (lambda x: x)
    columns = lambda a: tuple(np.ascontiguousarray(x) for x in a)
    if len(assets) == 1:
        result = raptorbt.run_single_backtest(time, *columns(assets[0]), volume, *map(move, signals[0]), 1, 1.0, "0",
                                              config, None, share())
    else:
        names = [str(k) for k in range(len(assets))]
        instruments = [(time, *columns(a), volume, *map(move, s), 1, 1.0, name)
                       for a, s, name in zip(assets, signals, names)]
        shares = None if cash is None else {name: share() for name in names}
        result = raptorbt.run_portfolio_backtest(instruments, config, "equal_weight" if equal else "full", shares).result
    metrics, trades = result.metrics, result.trades()
    trips = [round_trip(int(t.symbol), (t.entry_idx, t.entry_price),
                        None if t.exit_reason == "EndOfData" else (t.exit_idx, t.exit_price), t.size,
                        (t.entry_fees, t.exit_fees)) for t in trades]
    return figures("raptorbt", fill, {"allocation": "equal_weight" if equal else "full"} if len(assets) > 1 else {},
                   final=metrics.end_value, **{"return": metrics.total_return_pct / 100.0},
                   roundTrips=metrics.total_closed_trades, open=metrics.total_open_trades,
                   fees=abs(metrics.total_fees_paid), drawdown=-metrics.max_drawdown_pct / 100.0,
                   sharpe=plain(metrics.sharpe_ratio), sortino=plain(metrics.sortino_ratio),
                   exits=[t.exit_reason for t in trades], fills=ordered(trips))


def run_backtesting(assets, signals, fill="nextOpen", fee=0.0, slippage=0.0, stop=None, target=None, capital=CAPITAL):
    """Its own conventions: whole units, the spread on entries only, stop and target from the close of the decision.
    An exit comes before an entry of the same bar; entries only out of the market."""
    (market,), ((entries, exits),) = assets, signals
    frame = pd.DataFrame(dict(zip(("Open", "High", "Low", "Close"), market)), dtype=float,
                         index=pd.to_datetime(START + MINUTE * np.arange(len(entries))))
    frame["Volume"] = 1.0

    class Given(backtesting.Strategy):
        def init(self):
            pass

        def next(self):
            i, close = len(self.data) - 1, self.data.Close[-1]
            if exits[i] and self.position:
                self.position.close()
            elif entries[i] and not self.position:
                self.buy(sl=close * (1 - stop) if stop is not None else None,
                         tp=close * (1 + target) if target is not None else None)

    stats = backtesting.Backtest(frame, Given, cash=capital, commission=fee, spread=slippage,
                                 trade_on_close=fill == "sameClose").run()
    left = stats._strategy._broker.trades
    trips = [round_trip(0, (int(t.EntryBar), float(t.EntryPrice)), (int(t.ExitBar), float(t.ExitPrice)), float(t.Size),
                        (float(t.Size * t.EntryPrice * fee), float(t.Size * t.ExitPrice * fee)))
             for t in stats._trades.itertuples()]
    trips += [round_trip(0, (int(t.entry_bar), float(t.entry_price)), None, float(t.size),
                         (float(t.size * t.entry_price * fee),)) for t in left]
    fills = ordered(trips)
    return figures("backtesting.py", fill, {"spread": slippage, "trade_on_close": fill == "sameClose"},
                   final=float(stats["Equity Final [$]"]), **{"return": float(stats["Return [%]"]) / 100.0},
                   roundTrips=int(stats["# Trades"]), open=len(left), fees=float(sum(f[4] for f in fills)),
                   drawdown=float(stats["Max. Drawdown [%]"]) / 100.0 + 0.0, fills=fills)


# Cases

def case(name, market, assets, signals, about, runs, **common):
    print(name, file=sys.stderr)
    results = [engine(assets, signals, **{**common, **own}) for engine, own in runs]
    lists = lambda s: [int(i) for i in np.flatnonzero(s)]
    return {"name": name, "about": about, "market": market,
            **{k: common.get(k) for k in ("fee", "slippage", "stop", "target", "cash")},
            "equal": common.get("equal", False), "capital": common.get("capital", CAPITAL),
            "signals": [{"entries": lists(e), "exits": lists(x)} for e, x in signals], "runs": results}


V, R, B = run_vectorbt, run_raptorbt, run_backtesting
BY_FILL = {"stop_entry_price": "fillprice", "stop_exit_price": "stopmarket"}


def cases(walks):
    one, five = walks[:1], [[x[:600] for x in a] for a in walks]
    close = one[0][3]
    cross, level, mixed = crossings(close, 30, 150), levels(close, 30, 150), ema_rsi(close)
    all_next = [(V, {}), (R, {}), (B, {})]
    all_close = [(V, {"fill": "sameClose"}), (R, {"fill": "sameClose"}), (B, {"fill": "sameClose"})]
    yield case("sma", "walk", one, [cross], "SMA 30/150 crossings, all in", all_next)
    yield case("smaClose", "walk", one, [cross], "the same, filled at the close of the decision "
               "(the default of vectorbt and raptorbt; trade_on_close of backtesting.py)", all_close)
    yield case("smaCosts", "walk", one, [cross], "SMA 30/150 crossings with costs, all in",
               all_next + all_close[:2], fee=5e-4, slippage=2e-4)
    yield case("smaCash", "walk", one, [cross], "the same, every entry for 5,000 with its fee",
               all_next[:2], fee=5e-4, slippage=2e-4, cash=5_000.0)
    yield case("emaRsi", "walk", one, [mixed], "EMA 12 over 26 and RSI 14 < 70; out when under or RSI > 80: levels",
               all_next, fee=5e-4)
    bracket = [(R, {}), (V, {"fill": "sameClose", **BY_FILL}), (R, {"fill": "sameClose"}), (V, BY_FILL), (V, {}),
               (V, {"fill": "sameClose"}), (B, {})]
    yield case("bracket", "walk", one, [cross], "SMA 30/150 crossings, stop 15 bp, target 30 bp; as open is the "
               "previous close, raptorbt's nextOpen and vectorbt's sameClose by fill price are the same trades, a bar "
               "apart at the entry", bracket, stop=15e-4, target=30e-4)
    yield case("bracketCosts", "walk", one, [cross], "the same with costs", bracket, fee=5e-4, slippage=2e-4,
               stop=15e-4, target=30e-4)
    yield case("bracketLevels", "walk", one, [level], "the condition holds on: when does the next trade begin? vectorbt "
               "on the next bar, raptorbt after an exit signal, backtesting.py on the next bar",
               [(R, {}), (R, {"fill": "sameClose"}), (V, {"fill": "sameClose", **BY_FILL}), (V, BY_FILL), (B, {})],
               stop=15e-4, target=30e-4)
    signals = [crossings(a[3], 8, 32) for a in five]
    book = [(V, {}), (R, {"fill": "ownOpen"}), (V, {"fill": "sameClose"}), (R, {"fill": "sameClose"})]
    yield case("five", "five", five, signals, "five assets, one book: an entry takes free cash / assets not held",
               book, fee=5e-4, equal=True)
    yield case("fiveCash", "five", five, signals, "five assets, one book: an entry takes 25,000, or what is left",
               book, fee=5e-4, cash=25_000.0)
    yield case("fiveFirst", "five", five, signals, "vectorbt's default: the first column takes all cash, and cash that "
               "a later column frees on this bar comes too late; then with call_seq auto (sales first)",
               [(V, {"call_seq": "default"}), (V, {"call_seq": "auto"})], fee=5e-4)


def corners():
    """Ten bars each: one rule at a time. Decisions fall at the closes named; stop and target are 1 %."""
    n, every = 10, [(R, {}), (R, {"fill": "sameClose"}), (V, BY_FILL), (V, {"fill": "sameClose", **BY_FILL}), (B, {})]
    dip, rise, wide = (100.0, 100.2, 98.5, 100.0), (100.0, 101.5, 99.8, 100.0), (100.0, 101.5, 98.5, 100.0)
    both = dict(stop=0.01, target=0.01)
    ramp = rows(*[(100.0 + i, 101.0 + i, 100.0 + i, 101.0 + i) for i in range(n)])
    for name, market, entries, exits, about, more in [
        ("lastEntry", ramp, [9], [], "an entry decided at the last close", {}),
        ("lastExit", ramp, [1], [9], "an exit decided at the last close", {}),
        ("openAtEnd", ramp, [1], [], "open at the end", dict(fee=0.01, slippage=0.02)),
        ("costs", ramp, [1], [3], "one trade with costs", dict(fee=0.01, slippage=0.02)),
        ("bothFlat", ramp, [1], [1, 3], "entry and exit at once, out of the market", {}),
        ("bothHeld", ramp, [1, 3], [3], "entry and exit at once, in the market", {}),
        ("again", ramp, [1, 2], [0, 5], "an entry in the market, an exit out of it", {}),
        ("stop", flat(n, b4=dip), [1], [8], "stop inside bar 4", both),
        ("stopCosts", flat(n, b4=dip), [1], [8], "stop inside bar 4, costs", dict(both, fee=0.01, slippage=0.001)),
        ("stopTouch", flat(n, b4=(100.0, 100.2, 99.0, 100.0)), [1], [8], "the low is the stop", both),
        ("stopGap", flat(n, b4=(98.0, 98.2, 97.5, 98.0)), [1], [8], "bar 4 opens under the stop", both),
        ("target", flat(n, b4=rise), [1], [8], "target inside bar 4", both),
        ("targetCosts", flat(n, b4=rise), [1], [8], "target inside bar 4, costs", dict(both, fee=0.01, slippage=0.001)),
        ("targetTouch", flat(n, b4=(100.0, 101.0, 99.8, 100.0)), [1], [8], "the high is the target", both),
        ("targetGap", flat(n, b4=(102.0, 102.5, 101.8, 102.0)), [1], [8], "bar 4 opens over the target", both),
        ("both", flat(n, b4=wide), [1], [8], "stop and target inside bar 4", both),
        ("bothGap", flat(n, b4=(102.0, 102.5, 98.5, 100.0)), [1], [8], "opens over the target, falls to the stop", both),
        ("entryBarStop", flat(n, b2=dip), [1], [8], "the stop inside bar 2, where nextOpen enters", both),
        ("entryBarTarget", flat(n, b2=rise), [1], [8], "the target inside bar 2", both),
        ("exitAndStop", flat(n, b4=dip), [1], [3], "exit decided at 3; the stop inside bar 4", both),
        ("exitOnStopBar", flat(n, b4=dip), [1], [4], "exit decided at 4; the stop inside bar 4", both),
        ("held", flat(n, b4=dip), range(1, 9), [], "the condition holds on; stop inside bar 4", both),
        ("againAt3", flat(n, b4=dip), [1, 3], [], "the next entry decided at 3", both),
        ("againAt4", flat(n, b4=dip), [1, 4], [], "the next entry decided at 4", both),
        ("againAt6", flat(n, b4=dip), [1, 6], [], "the next entry decided at 6", both),
        ("reset", flat(n, b4=dip), [1, 6], [5], "an exit signal at 5, the next entry at 6", both),
    ]:
        yield case(name, [m.tolist() for m in market], [market], [(at(n, *entries), at(n, *exits))], about, every,
                   **{"capital": 10_000.0, **more})


def figures_text(value):
    return json.dumps(value, separators=(",", ":"))


def main():
    walks = [walk(2_400 if k == 0 else 600, SEED + k) for k in range(5)]
    text = {
        "versions": {"vectorbt": vectorbt.__version__, "raptorbt": raptorbt.__version__,
                     "backtesting.py": backtesting.__version__, "numpy": np.__version__, "pandas": pd.__version__},
        "seed": SEED, "sigma": SIGMA, "drift": DRIFT, "year": YEAR, "start": START, "step": MINUTE,
        "walks": [{"open0": float(o[0]), "high": h.tolist(), "low": l.tolist(), "close": c.tolist()}
                  for o, h, l, c in walks],
    }
    for o, _, _, c in walks:
        assert (o[1:] == c[:-1]).all()
    parts = [f'"{k}":{figures_text(v)}' for k, v in text.items()]
    lines = lambda group: "[\n" + ",\n".join(figures_text(c) for c in group) + "]"
    parts += [f'"cases":{lines(cases(walks))}', f'"corners":{lines(corners())}']
    path = HERE / "peers.json"
    path.write_text("{" + ",\n".join(parts) + "}\n")
    print(path.stat().st_size, "bytes", file=sys.stderr)


if __name__ == "__main__":
    main()
