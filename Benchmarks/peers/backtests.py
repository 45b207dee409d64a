"""Martlet's backtester beside vectorbt, raptorbt and backtesting.py: equality first, then times.

    python3 backtests.py [--quick] [--only sma,bracket] [--repetitions 3] [--out ../BACKTESTS.md]

A speed row is printed only when total return, round trips, fees and drawdown agree to 1e-9. Every engine runs in a
process of its own, on the stated number of cores, so that its peak memory is its own. `given` is the time from finished
signals to the result, `prices` from prices to the result, with the indicators as the engine's users compute them.

Martlet is an executable (`Benchmarks/.build/release/bench-backtests`) that is called as

    bench-backtests <workload> --market FILE [--signals FILE] --mode given|prices --threads N --repetitions N
        --assets N --capital C --fee F --slippage S [--cash C] [--stop S --target T] [--equal]
        [--fast A:B --slow A:B] [--metrics]

and prints {"seconds": median, "total_return":, "trades":, "fees":, "max_drawdown":} as JSON, with "sharpe", "sortino"
and "volatility" too under --metrics (525,600 periods a year), and "peak_mb" if it likes. FILE is a .npy file: the market
float64 [4 * assets, bars], asset after asset: open, high, low, close; the signals uint8 [2 * assets, bars]: entries,
exits at the bar of the decision, which fills at the next open. `trades` are closed round trips. A grid (--fast, --slow:
inclusive ranges, every pair, each set on every asset with capital of its own) gives the mean of the total returns, the
sums of trades and fees, and the deepest drawdown.
"""

import argparse
import datetime
import gc
import json
import math
import os
import pathlib
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from dataclasses import dataclass, replace

os.environ["RAPTORBT_NO_VERSION_CHECK"] = "1"
warnings.filterwarnings("ignore")

import numpy as np

from report import keep_to, processor, table

HERE = pathlib.Path(__file__).resolve().parent
EXECUTABLE = HERE.parent / ".build" / "release" / "bench-backtests"
SEED = 20261130
SIGMA, DRIFT = 3e-4, 2e-7
MINUTE, START, YEAR = 60_000_000_000, 1_767_225_600_000_000_000, 525_600.0
TOLERANCE = 1e-9
BY_FILL = {"stop_entry_price": "fillprice", "stop_exit_price": "stopmarket"}


@dataclass(frozen=True)
class Workload:
    name: str
    title: str
    bars: int
    assets: int = 1
    rule: str = "cross"          # cross: SMA 30/150; emaRsi; grid: SMA fast/slow
    capital: float = 100_000.0
    fee: float = 0.0
    slippage: float = 0.0
    cash: float = None           # an entry costs this with its fee; None: all in
    stop: float = None
    target: float = None
    equal: bool = False          # an entry takes free cash / assets not held
    fast: tuple = None
    slow: tuple = None
    metrics: bool = False
    threads: int = 1
    chunk: int = 0               # sets of a call: bounds the peers' memory
    peers: tuple = ("raptorbt", "vectorbt numba", "vectorbt rust")
    wait: float = 10.0           # a peer slower than this is run once
    prices: bool = True
    target_seconds: float = None

    @property
    def sets(self):
        return (self.fast[1] - self.fast[0] + 1) * (self.slow[1] - self.slow[0] + 1) if self.fast else 1


W = Workload
WORKLOADS = [
    W("sma", "SMA 30/150, 10 M bars: return", 10_000_000, target_seconds=0.150),
    W("metrics", "… with drawdown, Sharpe, Sortino, volatility", 10_000_000, metrics=True, target_seconds=0.170),
    W("costs", "… with 5 bp fee, 2 bp slippage, all in", 10_000_000, fee=5e-4, slippage=2e-4, capital=1e60,
      target_seconds=0.170),
    W("costsCash", "… the same, every entry for 0.5 % of the capital", 10_000_000, fee=5e-4, slippage=2e-4, cash=500.0),
    W("emaRsi", "EMA 12/26 and RSI 14, 5 bp, 1 M bars", 1_000_000, rule="emaRsi", fee=5e-4, cash=2_000.0,
      target_seconds=0.025),
    W("five", "five assets, one book, 1 M bars each", 1_000_000, assets=5, equal=True, target_seconds=0.100),
    W("bracket", "bracket 15/30 bp, 10 M bars", 10_000_000, stop=15e-4, target=30e-4, target_seconds=0.450),
    W("short", "SMA 30/150, 100,000 bars", 100_000, capital=1e15,
      peers=("raptorbt", "vectorbt numba", "vectorbt rust", "backtesting.py")),
    W("sets", "20,000 sets × 5,000 bars", 5_000, rule="grid", fast=(5, 104), slow=(110, 309), threads=2, chunk=2_000,
      target_seconds=0.250),
    W("manySetsPart", "10,000 sets × 10,000 bars: a twentieth of the next", 10_000, rule="grid", fast=(5, 14),
      slow=(210, 1_209), threads=2, chunk=1_000),
    W("manySets", "200,000 sets × 10,000 bars", 10_000, rule="grid", fast=(5, 204), slow=(210, 1_209), threads=2,
      peers=(), target_seconds=6.0),
    W("panelPart", "1,000 sets × 24 symbols × 1,259 bars, costs and metrics", 1_259, assets=24, rule="grid",
      fast=(5, 24), slow=(30, 79), fee=5e-4, slippage=2e-4, metrics=True, threads=2, chunk=1_000),
    W("panel", "1,000 sets × 482 symbols × 1,259 bars, costs and metrics", 1_259, assets=482, rule="grid",
      fast=(5, 24), slow=(30, 79), fee=5e-4, slippage=2e-4, metrics=True, threads=2, peers=(), target_seconds=2.0),
    W("panelStopsPart", "1,000 sets × 24 symbols × 1,259 bars, stops", 1_259, assets=24, rule="grid",
      fast=(5, 24), slow=(30, 79), stop=15e-4, target=30e-4, threads=2, chunk=1_000),
    W("panelStops", "1,000 sets × 482 symbols × 1,259 bars, stops", 1_259, assets=482, rule="grid",
      fast=(5, 24), slow=(30, 79), stop=15e-4, target=30e-4, threads=2, peers=(), target_seconds=4.0),
]


# Markets and signals

def walk(bars, seed):
    """Prices with eight decimals, so that sums of them are exact in whole numbers."""
    random = np.random.default_rng(seed)
    exact = lambda x: np.round(x * 1e8) / 1e8
    close = exact(100.0 * np.exp(np.cumsum(DRIFT + SIGMA * random.standard_normal(bars))))
    open_ = np.concatenate(([100.0], close[:-1]))
    high = exact(np.maximum(open_, close) + random.uniform(0.2, 1.8, bars) * SIGMA * close)
    low = exact(np.minimum(open_, close) - random.uniform(0.2, 1.8, bars) * SIGMA * close)
    return np.stack((open_, high, low, close))


def sums(close):
    return np.concatenate(([0], np.cumsum(np.round(close * 1e8).astype(np.int64))))


def above(total, fast, slow):
    """SMA(fast) over SMA(slow) from exact sums; False while unknown."""
    out = np.zeros(len(total) - 1, bool)
    quick = total[slow:] - total[slow - fast:-fast]
    out[slow - 1:] = quick * slow > (total[slow:] - total[:-slow]) * fast
    return out


def edges(over, known):
    """Entries and exits where the condition begins and ends; the first bar known begins nothing."""
    entries, exits = np.zeros(len(over), bool), np.zeros(len(over), bool)
    entries[known + 1:] = over[known + 1:] & ~over[known:-1]
    exits[known + 1:] = ~over[known + 1:] & over[known:-1]
    return entries, exits


def crossings(close, fast, slow):
    return edges(above(sums(close), fast, slow), slow - 1)


def ema_rsi(close):
    """In while EMA 12 is over EMA 26 and RSI 14 under 70; out when under it or RSI is over 80. EMA starts at the mean of
    its first period, RSI with Wilder's averages."""
    import numba

    @numba.njit
    def levels(close, quick, slow, period):
        n = len(close)
        entries, exits = np.zeros(n, np.bool_), np.zeros(n, np.bool_)
        a, b, up, down = 0.0, 0.0, 0.0, 0.0
        for i in range(n):
            a = a + close[i] / quick if i < quick else a + 2.0 / (quick + 1) * (close[i] - a)
            b = b + close[i] / slow if i < slow else b + 2.0 / (slow + 1) * (close[i] - b)
            if i > 0:
                step = close[i] - close[i - 1]
                gain, loss = max(step, 0.0), max(-step, 0.0)
                if i <= period:
                    up, down = up + gain / period, down + loss / period
                else:
                    up, down = up + (gain - up) / period, down + (loss - down) / period
            if i >= slow - 1:
                strength = 100.0 * up / (up + down)
                entries[i] = a > b and strength < 70.0
                exits[i] = a < b or strength > 80.0
        return entries, exits

    return levels(close, 12, 26, 14)


def later(signal):
    return np.concatenate((np.zeros((1,) + signal.shape[1:], bool), signal[:-1]))


def signals_of(work, market):
    close = [market[4 * a + 3] for a in range(work.assets)]
    rule = ema_rsi if work.rule == "emaRsi" else lambda c: crossings(c, 30, 150)
    return np.stack([s for c in close for s in rule(c)])


def grid(work):
    return [(f, s) for f in range(work.fast[0], work.fast[1] + 1) for s in range(work.slow[0], work.slow[1] + 1)]


def grid_signals(close, pairs):
    """[bars, sets] entries and exits."""
    total = sums(close)
    entries = np.zeros((len(pairs), len(close)), bool)
    exits = np.zeros_like(entries)
    for k, (f, s) in enumerate(pairs):
        entries[k], exits[k] = edges(above(total, f, s), s - 1)
    return entries, exits


# Peers: every one gives calls to time and figures to compare

class RaptorBT:
    name = "raptorbt"

    def __init__(self, work, market, signals):
        import raptorbt
        self.raptorbt, self.work, self.market, self.signals = raptorbt, work, market, signals
        # Its portfolio loses first trades under next_bar_open (0.13.4): the same fills by signals a bar later.
        self.shifted = work.assets > 1 and not work.fast
        timing = "same_bar_open_lookahead" if self.shifted else "next_bar_open"
        self.config = raptorbt.BacktestConfig(initial_capital=work.capital, fees=work.fee, slippage=work.slippage,
                                              fill_timing=timing, periods_per_year=YEAR)
        if work.stop:
            self.config.set_fixed_stop(work.stop)
            self.config.set_fixed_target(work.target)
        self.share = None if work.cash is None else raptorbt.InstrumentConfig(alloted_capital=work.cash)
        self.time = START + MINUTE * np.arange(work.bars, dtype=np.int64)
        self.volume = np.full(work.bars, 1e9)
        if signals is not None:
            self.given_signals = [later(s) if self.shifted else s for s in signals]

    @staticmethod
    def version():
        import raptorbt
        return f"raptorbt {raptorbt.__version__}"

    def columns(self, asset):
        return tuple(self.market[4 * asset:4 * asset + 4])

    def execute(self, signals):
        if self.work.assets == 1:
            return self.raptorbt.run_single_backtest(self.time, *self.columns(0), self.volume, signals[0], signals[1], 1,
                                                     1.0, "0", self.config, None, self.share)
        instruments = [(self.time, *self.columns(a), self.volume, signals[2 * a], signals[2 * a + 1], 1, 1.0, str(a))
                       for a in range(self.work.assets)]
        return self.raptorbt.run_portfolio_backtest(instruments, self.config, "equal_weight", None).result

    def given(self):
        return self.execute(self.given_signals)

    def prices(self):
        signals = []
        for a in range(self.work.assets):
            close = self.market[4 * a + 3]
            if self.work.rule == "emaRsi":
                difference = self.raptorbt.ema(close, 12) - self.raptorbt.ema(close, 26)
                strength = self.raptorbt.rsi(close, 14)
                pair = (difference > 0) & (strength < 70), (difference < 0) | (strength > 80)
            else:
                pair = edges(self.raptorbt.sma(close, 30) > self.raptorbt.sma(close, 150), 149)
            signals += [later(s) for s in pair] if self.shifted else pair
        return self.execute(signals)

    def figures(self, result):
        m = result.metrics
        out = dict(total_return=m.total_return_pct / 100.0, trades=m.total_closed_trades, fees=abs(m.total_fees_paid),
                   max_drawdown=-m.max_drawdown_pct / 100.0)
        return out | (dict(sharpe=m.sharpe_ratio, sortino=m.sortino_ratio) if self.work.metrics else {})

    def sets(self, asset, entries, exits):
        """One call of its batch facility."""
        items = [self.raptorbt.BatchSingleItem(str(k), entries[k], exits[k]) for k in range(len(entries))]
        return self.raptorbt.batch_single_backtest(self.time, *self.columns(asset), self.volume, items, self.config)

    def sets_figures(self, results):
        m = [r.metrics for _, r in results]
        return [([x.total_return_pct / 100.0 for x in m], [x.total_closed_trades for x in m],
                 [abs(x.total_fees_paid) for x in m], [-x.max_drawdown_pct / 100.0 for x in m])]


class VectorBT:
    name = "vectorbt numba"
    engine = "numba"

    def __init__(self, work, market, signals):
        import pandas
        import vectorbt
        self.pandas, self.vectorbt, self.work, self.market = pandas, vectorbt, work, market
        # With an open that is the previous close, a bracket that watches the bar of its entry is vectorbt's entry at
        # the close before, by the price of the fill; elsewhere signals a bar later fill at the open.
        self.at_close = work.stop is not None
        self.index = pandas.to_datetime(START + MINUTE * np.arange(work.bars))
        vectorbt.settings.array_wrapper["freq"] = "1min"
        vectorbt.settings.returns["year_freq"] = "365 days"
        vectorbt.settings["caching"]["enabled"] = True
        if work.fast:
            return
        self.asset = [self.stack(k) for k in range(4)]
        if signals is not None:
            self.given_signals = self.place(np.column_stack(signals[0::2]), np.column_stack(signals[1::2]))
            self.size = shares_of_free_cash(*self.given_signals) if work.equal else None

    @staticmethod
    def version():
        import numba
        import vectorbt
        return f"vectorbt {vectorbt.__version__} (numba {numba.__version__}, vectorbt-rust {rust_version()})"

    def stack(self, field):
        fields = [self.market[4 * a + field] for a in range(self.work.assets)]
        return self.frame(fields[0].reshape(-1, 1) if len(fields) == 1 else np.column_stack(fields))

    def frame(self, x):
        return self.pandas.DataFrame(x, index=self.index, copy=False)

    def place(self, entries, exits):
        if not self.at_close:
            return later(entries), later(exits)
        entries, exits = entries.copy(), exits.copy()
        entries[-1] = exits[-1] = False  # there is no next open
        return entries, exits

    def execute(self, entries, exits, asset=None, **more):
        work = self.work
        open_, high, low, close = asset or self.asset
        given = dict(more)
        if work.cash is not None:
            given |= dict(size=work.cash / (1 + work.fee) / (1 + work.slippage), size_type="value")
        if work.equal:
            given |= dict(size=self.frame(self.size), size_type="percent", cash_sharing=True, group_by=True,
                          call_seq="auto")
        if work.stop is not None:
            given |= dict(sl_stop=work.stop, tp_stop=work.target, high=high, low=low, **BY_FILL)
        return self.vectorbt.Portfolio.from_signals(
            close, self.frame(entries), self.frame(exits), open=open_, price=close if self.at_close else open_,
            fees=work.fee, slippage=work.slippage, init_cash=work.capital, engine=self.engine, **given)

    def asked(self, book):
        """What the workload asks for, so that it is computed inside the time."""
        values = [book.total_return()]
        if self.work.metrics:
            values += [book.max_drawdown(), book.sharpe_ratio(), book.sortino_ratio(), book.annualized_volatility()]
        return values

    def given(self):
        book = self.execute(*self.given_signals)
        self.asked(book)
        return book

    def prices(self):
        work, close = self.work, self.asset[3]
        run = lambda maker, *a, **k: maker.run(close, *a, engine=self.engine, **k)
        MA, RSI = self.vectorbt.MA, self.vectorbt.RSI
        if work.rule == "emaRsi":
            difference = (run(MA, 12, ewm=True).ma.values - run(MA, 26, ewm=True).ma.values)
            strength = run(RSI, 14, ewm=True).rsi.values
            entries, exits = (difference > 0) & (strength < 70), (difference < 0) | (strength > 80)
        else:
            quick, slow = run(MA, 30), run(MA, 150)
            entries, exits = quick.ma_crossed_above(slow).values, quick.ma_crossed_below(slow).values
        entries, exits = self.place(entries.reshape(work.bars, -1), exits.reshape(work.bars, -1))
        if work.equal:
            self.size = shares_of_free_cash(entries, exits)
        book = self.execute(entries, exits)
        self.asked(book)
        return book

    def figures(self, book):
        single = (lambda x: float(x)) if self.work.equal else (lambda x: float(np.asarray(x).reshape(-1)[0]))
        out = dict(total_return=single(book.total_return()), trades=int(np.sum(book.trades.closed.count())),
                   fees=float(book.orders.records["fees"].sum()), max_drawdown=single(book.max_drawdown()))
        out["max_drawdown"] = 0.0 if math.isnan(out["max_drawdown"]) else out["max_drawdown"]
        if self.work.metrics:
            out |= dict(sharpe=single(book.sharpe_ratio()), sortino=single(book.sortino_ratio()),
                        volatility=single(book.annualized_volatility()))
        return out

    def sets(self, asset, entries, exits):
        """One call with a column for every set."""
        count = len(entries)
        asset = [self.pandas.Series(self.market[4 * asset + k], index=self.index) for k in range(4)]
        book = self.execute(*self.place(entries.T, exits.T), asset=asset, max_orders=int(entries.sum() * 2 + count))
        self.asked(book)
        return book

    def sets_figures(self, book):
        count = len(book.wrapper.columns)
        fees = np.bincount(book.orders.records["col"], book.orders.records["fees"], count)
        return [(book.total_return().values, book.trades.closed.count().values, fees,
                 np.nan_to_num(book.max_drawdown().values))]


class VectorBTRust(VectorBT):
    name = "vectorbt rust"
    engine = "rust"


class BacktestingPy:
    name = "backtesting.py"

    def __init__(self, work, market, signals):
        import backtesting
        import pandas
        backtesting.backtesting._tqdm = lambda bars, **_: bars
        frame = pandas.DataFrame(dict(zip(("Open", "High", "Low", "Close"), market)), copy=False,
                                 index=pandas.to_datetime(START + MINUTE * np.arange(work.bars)))
        frame["Volume"] = 1.0
        entries, exits = signals

        class Given(backtesting.Strategy):
            def init(self):
                pass

            def next(self):
                i = len(self.data) - 1
                if exits[i] and self.position:
                    self.position.close()
                elif entries[i] and not self.position:
                    self.buy()

        self.fee, self.test = work.fee, backtesting.Backtest(frame, Given, cash=work.capital, commission=work.fee)

    @staticmethod
    def version():
        import backtesting
        return f"backtesting.py {backtesting.__version__}"

    def given(self):
        return self.test.run()

    prices = None

    def figures(self, stats):
        return dict(total_return=float(stats["Return [%]"]) / 100.0, trades=int(stats["# Trades"]),
                    fees=float(stats.get("Commissions [$]", 0.0)), max_drawdown=float(stats["Max. Drawdown [%]"]) / 100.0)


PEERS = {peer.name: peer for peer in (RaptorBT, VectorBT, VectorBTRust, BacktestingPy)}


def rust_version():
    try:
        import vectorbt_rust
        return vectorbt_rust.__version__
    except ImportError:
        return "absent"


def shares_of_free_cash(entries, exits):
    """For vectorbt: the share of the free cash that an entry takes when it is divided by the assets not held."""
    size, held = np.ones(entries.shape), np.zeros(entries.shape[1], bool)
    count = entries.shape[1]
    for i in np.flatnonzero(entries.any(1) | exits.any(1)):
        held &= ~exits[i]
        for a in np.flatnonzero(entries[i] & ~exits[i] & ~held):
            size[i, a] = 1.0 / (count - held.sum())
            held[a] = True
    return size


# One engine in its own process

def memory_mb(field):
    """VmHWM (peak) or VmRSS of this process; elsewhere than on Linux its peak. getrusage would give the parent's."""
    if os.path.exists("/proc/self/status"):
        with open("/proc/self/status") as file:
            return next(int(line.split()[1]) / 1024 for line in file if line.startswith(field + ":"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def timed(call, repetitions, wait):
    times, result = [], None
    while len(times) < repetitions:
        result = None
        gc.collect()
        start = time.perf_counter()
        result = call()
        times.append(time.perf_counter() - start)
        if times[0] > wait:
            break
    return times, result


def run_grid(peer, work, market, repetitions):
    """Signals chunk by chunk: `given` is the time in the engine, `prices` with the signals made by NumPy."""
    pairs = grid(work)
    inside, whole = [], []
    for repetition in range(repetitions):
        parts, engine, start = [], 0.0, time.perf_counter()
        for asset in range(work.assets):
            for first in range(0, len(pairs), work.chunk):
                signals = grid_signals(market[4 * asset + 3], pairs[first:first + work.chunk])
                begin = time.perf_counter()
                result = peer.sets(asset, *signals)
                engine += time.perf_counter() - begin
                if repetition == 0:
                    pause = time.perf_counter()
                    parts += peer.sets_figures(result)
                    start += time.perf_counter() - pause
                result = None
                pause = time.perf_counter()
                gc.collect()  # vectorbt's books hold themselves
                start += time.perf_counter() - pause
        inside.append(engine)
        whole.append(time.perf_counter() - start)
        if repetition == 0:
            returns, trades, fees, drawdowns = (np.concatenate([np.asarray(p[k], float) for p in parts]) for k in range(4))
            found = dict(total_return=float(returns.mean()), trades=int(trades.sum()), fees=float(fees.sum()),
                         max_drawdown=float(drawdowns.min()))
        if whole[0] > work.wait:
            break
    return {"given": inside, "prices": whole, **found}


def worker(name, work, folder, repetitions):
    keep_to(work.threads)
    os.environ["RAYON_NUM_THREADS"] = str(work.threads)
    os.environ["NUMBA_NUM_THREADS"] = str(work.threads)
    market = np.load(folder / f"{work.name}.market.npy")
    path = folder / f"{work.name}.signals.npy"
    signals = np.load(path).astype(bool) if path.exists() else None
    make = PEERS[name]
    # Compiled and loaded on a small piece first.
    bars = min(work.bars, 2_000)
    small = replace(work, bars=bars)
    piece = None if signals is None else np.ascontiguousarray(signals[:, :bars])
    first = make(small, np.ascontiguousarray(market[:, :bars]), piece)
    if work.fast:
        pairs = grid(work)[:2]
        first.sets_figures(first.sets(0, *grid_signals(market[3, :bars], pairs)))
    else:
        first.figures(first.given())
        if first.prices and work.prices:
            first.prices()
    before = memory_mb("VmRSS")
    peer = make(work, market, signals)
    if work.fast:
        out = run_grid(peer, work, market, repetitions)
    else:
        given, result = timed(peer.given, repetitions, work.wait)
        out = {"given": given, **peer.figures(result)}
        result = None
        out["peak_mb"] = memory_mb("VmHWM") - before
        if peer.prices and work.prices:
            out["prices"], result = timed(peer.prices, repetitions, work.wait)
            out["prices_figures"] = peer.figures(result)
    out.setdefault("peak_mb", memory_mb("VmHWM") - before)
    print(json.dumps(out))


def measure(name, work, folder, repetitions, limit=900):
    command = [sys.executable, str(pathlib.Path(__file__).resolve()), "--worker", name, "--only", work.name,
               "--folder", str(folder), "--repetitions", str(repetitions), "--bars", str(work.bars)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit)
    except subprocess.TimeoutExpired:
        return {"error": f"more than {limit} s"}
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        return {"error": lines[-1] if lines else f"exit {done.returncode}"}
    return json.loads(done.stdout.strip().splitlines()[-1])


# Martlet

def martlet(work, folder, mode, repetitions):
    """What `bench-backtests` says, or None while there is no such executable."""
    if not EXECUTABLE.exists():
        return None
    command = [str(EXECUTABLE), work.name, "--market", str(folder / f"{work.name}.market.npy"), "--mode", mode,
               "--threads", str(work.threads), "--repetitions", str(repetitions), "--assets", str(work.assets),
               "--capital", repr(work.capital), "--fee", repr(work.fee), "--slippage", repr(work.slippage)]
    signals = folder / f"{work.name}.signals.npy"
    command += ["--signals", str(signals)] if signals.exists() else []
    command += ["--cash", repr(work.cash)] if work.cash is not None else []
    command += ["--stop", repr(work.stop), "--target", repr(work.target)] if work.stop is not None else []
    command += ["--equal"] if work.equal else []
    command += ["--metrics"] if work.metrics else []
    command += [f"--fast={work.fast[0]}:{work.fast[1]}", f"--slow={work.slow[0]}:{work.slow[1]}"] if work.fast else []
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        return {"error": (done.stderr.strip().splitlines() or [f"exit {done.returncode}"])[-1]}
    return json.loads(done.stdout.strip().splitlines()[-1])


# Equality, then the page

def differences(one, other):
    """The figures of `other` that are not those of `one`."""
    found = []
    for key in ("total_return", "trades", "fees", "max_drawdown", "sharpe", "sortino", "volatility"):
        if key not in one or key not in other:
            continue
        a, b = one[key], other[key]
        scale = max(1.0, abs(b)) if key in ("total_return", "max_drawdown") else abs(b)
        if (a != b) if key == "trades" else not abs(a - b) <= TOLERANCE * max(scale, 1e-300):
            found.append(f"{key} {a!r} / {b!r}")
    return found


def seconds(value):
    if value is None:
        return ""
    return f"{value * 1e3:,.1f}" if value < 0.9995 else f"{value * 1e3:,.0f}"


def middle(times):
    return statistics.median(times) if times else None


def figures_line(f):
    return (f"return {f['total_return']:.9g}, {f['trades']:,} round trips, fees {f['fees']:.9g}, "
            f"drawdown {f['max_drawdown']:.9g}")


def run(work, folder, repetitions):
    """A row of the table and a line of the figures."""
    market = np.concatenate([walk(work.bars, SEED + a) for a in range(work.assets)])
    np.save(folder / f"{work.name}.market.npy", market)
    if not work.fast:
        np.save(folder / f"{work.name}.signals.npy", signals_of(work, market).astype(np.uint8))
    del market
    results = {name: measure(name, work, folder, repetitions) for name in work.peers}
    own = {mode: martlet(work, folder, mode, repetitions) for mode in (("prices",) if work.fast else ("given", "prices"))}
    for path in folder.glob(f"{work.name}.*"):
        path.unlink()

    rows, notes = [], []
    good = {n: r for n, r in results.items() if "error" not in r}
    reference = next(iter(good.values()), None)
    for n, r in results.items():
        if "error" in r:
            notes.append(f"{work.name}: {n} gave no result: {r['error']}.")
        elif differences(r, reference):
            notes.append(f"{work.name}: {n} is left out, it differs from {next(iter(good))}: "
                         f"{'; '.join(differences(r, reference))}.")
            del good[n]
        elif "prices_figures" in r and differences(r["prices_figures"], r):
            notes.append(f"{work.name}: {n} with its own indicators closes {r['prices_figures']['trades']:,} round trips.")
    for mode in ("given", "prices"):
        times = {n: middle(r.get(mode)) for n, r in good.items()}
        mine = own.get(mode)
        if mine and "error" in mine:
            notes.append(f"{work.name} ({mode}): Martlet gave no result: {mine['error']}.")
            mine = None
        equal = reference is None or mine is None or not differences(mine, reference)
        if mine and not equal:
            notes.append(f"{work.name} ({mode}): no row, Martlet differs: {'; '.join(differences(mine, reference))}.")
            continue
        if not mine and not any(v for v in times.values()):
            continue
        fastest = min((v for v in times.values() if v), default=None)
        ours = mine["seconds"] if mine else None
        cells = [f"{seconds(times.get(n))}{'†' if n in good and len(good[n].get(mode) or ()) == 1 else ''}"
                 for n in PEERS]
        rows.append([work.title, mode, work.threads, seconds(ours), *cells,
                     f"{fastest / ours:.2f}" if ours and fastest else "", seconds(work.target_seconds),
                     "" if not mine else f"{mine['peak_mb']:,.0f}" if "peak_mb" in mine else "",
                     " / ".join(f"{good[n]['peak_mb']:,.0f}" if n in good else "–" for n in work.peers)])
    line = f"- {work.title}: {figures_line(reference)}" if reference else None
    return rows, line, notes


HEADER = ["workload", "from", "threads", "Martlet ms", "raptorbt ms", "vectorbt numba ms", "vectorbt rust ms",
          "backtesting.py ms", "fastest peer ÷ Martlet", "target ms", "Martlet peak MB", "peers' peak MB"]


def page(rows, lines, notes, repetitions, quick):
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    versions = ", ".join([RaptorBT.version(), VectorBT.version(), BacktestingPy.version(), f"NumPy {np.__version__}",
                          f"Python {platform.python_version()}"])
    return f"""# Backtests: Martlet and its peers

{datetime.date.today()}, {processor()}, {cores} cores, medians of {repetitions} repetitions{", a tenth of the bars" if quick else ""}

{versions}

One-minute walk (σ 3e-4, drift 2e-7, open = previous close, wicks uniform(0.2, 1.8)·σ·close, seed {SEED}, eight decimals). A row stands here only when total return, round trips, fees and drawdown (and Sharpe, Sortino and volatility where asked) agree to 1e-9. A decision at a close fills at the next open, everywhere. `given`: from finished signals to the result; `prices`: from prices, indicators included. Every engine has a process of its own, compiled and warm; the peak is what its process grew by after the market was loaded. † run once.

raptorbt computes its 48 figures and three curves in every call. vectorbt is asked for the total return, and for the metrics where the row says so. The bracket is raptorbt's at the next open and vectorbt's at the close before by the price of the fill: the same prices, as open is the previous close. Grids run in chunks, so that the peers' curves fit into memory; their signals come from NumPy. At 10 M bars with costs, all in ends near 1e-40 of the capital: it starts with 1e60 so that vectorbt's smallest order never stops it; the row after it keeps figures that mean something.

{table(HEADER, rows)}
Figures that agree:

{chr(10).join(lines)}
{chr(10) + chr(10).join("- " + n for n in notes) + chr(10) if notes else ""}"""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="")
    parser.add_argument("--quick", action="store_true", help="a tenth of the bars of the long workloads")
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--out", type=pathlib.Path, default=HERE.parent / "BACKTESTS.md")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=pathlib.Path, help=argparse.SUPPRESS)
    parser.add_argument("--bars", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    wanted = [w for w in WORKLOADS if not options.only or w.name in options.only.split(",")]
    if options.worker:
        return worker(options.worker, replace(wanted[0], bars=options.bars), options.folder, options.repetitions)
    rows, lines = [], []
    notes = [] if EXECUTABLE.exists() else ["Martlet's executable is not built: peers only."]
    with tempfile.TemporaryDirectory() as folder:
        for work in wanted:
            if options.quick and work.bars >= 1_000_000:
                work = replace(work, bars=work.bars // 10)
            if not work.peers and not EXECUTABLE.exists():
                continue
            print(work.title, file=sys.stderr)
            found = run(work, pathlib.Path(folder), options.repetitions)
            for row in found[0]:
                print("  ", row, file=sys.stderr)
            for note in found[2]:
                print("  ", note, file=sys.stderr)
            rows += found[0]
            lines += [found[1]] if found[1] else []
            notes += found[2]
            # After each workload: what has been measured is kept whatever becomes of the next.
            options.out.write_text(page(rows, lines, notes, options.repetitions, options.quick))


if __name__ == "__main__":
    main()
