"""Writes what BERT's normaliser and splitter in the `tokenizers` library do with each Unicode scalar:

- Sources/MartletText/UnicodeData.swift: the classes and mappings, asked of the library one scalar at
  a time, since it mixes the Unicode versions of three Rust crates;
- unicode.txt: digests of the library's words for every scalar, alone and between letters, which the test checks.

Run it here: `python make_unicode.py` (requirements.txt; under a minute).
"""

import pathlib
import unicodedata

import tokenizers
from tokenizers.normalizers import NFD, BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

HERE = pathlib.Path(__file__).parent
SOURCE = HERE.parents[2] / "Sources/MartletText/UnicodeData.swift"
SCALARS = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
NAMES = ("clean_text", "handle_chinese_chars", "strip_accents", "lowercase")


def normaliser(clean, chinese, accents, lower):
    return BertNormalizer(**dict(zip(NAMES, (clean, chinese, accents, lower)))).normalize_str


def words(normalise, text):
    return [word for word, _ in BertPreTokenizer().pre_tokenize_str(normalise(text))]


# MARK: The numbers of the Swift file

def packed(numbers):
    """Five bits per character from "0" on, lowest first, the sixth bit set where more follow."""
    text = ""
    for number in numbers:
        assert number >= 0
        while number >= 32:
            text += chr(48 + 32 + number % 32)
            number //= 32
        text += chr(48 + number)
    return text


def signed(number):
    return 2 * number if number >= 0 else -2 * number - 1


def ranges(scalars):
    """Gap since the end of the range before, length - 1."""
    numbers, end, scalars = [], 0, sorted(scalars)
    first = 0
    for i, c in enumerate(scalars):
        if i + 1 == len(scalars) or scalars[i + 1] != c + 1:
            numbers += [scalars[first] - end, c - scalars[first]]
            end, first = c + 1, i + 1
    return numbers


def classes():
    clean, chinese = normaliser(True, False, False, False), normaliser(False, True, False, False)
    accents, lower = normaliser(False, False, True, False), normaliser(False, False, False, True)
    nfd = NFD().normalize_str
    unchanged = normaliser(False, False, False, False)
    sets = {name: [] for name in ("controls", "spaced", "spaces", "punctuation", "marks", "nonstarters")}
    expansions, lowered, kept_classes = {}, {}, {}

    def is_nonstarter(c):
        """Whether canonical ordering moves it before U+0345 (class 240) or behind U+0334 (class 1)."""
        s = chr(c)
        return nfd("a\u0345" + s) != "a\u0345" + s or nfd("a" + s + "\u0334") != "a" + s + "\u0334"

    for c in SCALARS:
        s = chr(c)
        cleaned, split, decomposed, kept = clean(s), len(words(unchanged, "a" + s + "b")), nfd(s), accents(s)
        if cleaned == "":
            sets["controls"].append(c)
        if split == 2:
            sets["spaces"].append(c)
        if split == 3:
            sets["punctuation"].append(c)
        assert cleaned in (("",) if cleaned == "" else (" ",) if split == 2 else (s,))
        if chinese(s) != s:
            assert chinese(s) == f" {s} "
            sets["spaced"].append(c)
        if lower(s) != s:
            lowered[c] = [ord(x) for x in lower(s)]
        starts = [not is_nonstarter(ord(x)) for x in decomposed]
        if not starts[0]:
            assert not any(starts)
            sets["nonstarters"].append(c)
        if kept == "":
            sets["marks"].append(c)
        elif decomposed == s and not starts[0]:
            kept_classes[c] = unicodedata.combining(s)
        elif decomposed != s:
            expansions[c] = [ord(x) for x in kept]
            # Only what is kept has to be ordered: no mark inside may come between two kept ones.
            assert starts[0] or all(x in kept for x in decomposed)
            moved = [x for x, start in zip(decomposed, starts) if x in kept and not start]
            assert not moved or all(x in kept for x in decomposed)
    # The scanner hands these out as they are.
    assert not kept_classes.keys() & (set(sets["punctuation"]) | set(sets["spaces"]) | lowered.keys())
    for x, a in kept_classes.items():
        for y, b in kept_classes.items():
            pair = "a" + chr(x) + chr(y)
            assert a > 0 and (nfd(pair) != pair) == (a > b)
    for c in range(0xAC00, 0xD7A4):
        v, t = (c - 0xAC00) // 28, (c - 0xAC00) % 28
        assert expansions.pop(c) == [0x1100 + v // 21, 0x1161 + v % 21] + ([0x11A7 + t] if t else [])
    return sets, expansions, lowered, kept_classes


def expansion_numbers(expansions):
    """Gap to the scalar before times 4 plus the count; each kept scalar less the first of the entry before."""
    numbers, before, first = [], 0, 0
    for c, kept in sorted(expansions.items()):
        assert 1 <= len(kept) <= 3
        numbers += [4 * (c - before) + len(kept)] + [signed(x - first) for x in kept]
        before, first = c, kept[0]
    return numbers


def lower_numbers(lowered):
    """Runs: gap to the first scalar, count - 1, step, difference."""
    assert [c for c, x in lowered.items() if len(x) != 1] == [0x130] and lowered[0x130] == [0x69, 0x307]
    pairs = sorted((c, x[0] - c) for c, x in lowered.items())
    numbers, before, i = [], 0, 0
    while i < len(pairs):
        def run(step):
            n = 1
            while i + n < len(pairs) and pairs[i + n] == (pairs[i][0] + n * step, pairs[i][1]):
                n += 1
            return n
        count, step = max((run(1), 1), (run(2), 2))
        numbers += [pairs[i][0] - before, count - 1, step, signed(pairs[i][1])]
        before = pairs[i + count - 1][0]
        i += count
    return numbers


def class_numbers(kept):
    """Gap to the scalar before, canonical combining class."""
    numbers, before = [], 0
    for c, value in sorted(kept.items()):
        numbers += [c - before, value]
        before = c
    return numbers


def swift(tables):
    text = (
        f"// Written by Reference/make_unicode.py of the tests, from tokenizers {tokenizers.__version__}.\n\n"
        "/// What BERT's text preparation does with Unicode scalars, packed; `UnicodeTables` unpacks it.\n"
        "enum UnicodeData {\n")
    for i, (name, (comment, numbers)) in enumerate(tables.items()):
        code = packed(numbers)
        lines = "\n".join("    " + code[i:i + 96] for i in range(0, len(code), 96))
        text += ("\n" if i else "") + f"  /// {comment}\n  static let {name}: StaticString = #\"\"\"\n{lines}\n    \"\"\"#\n"
    return text + "}\n"


# MARK: The digests of the test

# Options in the order of NAMES, and the planes and parts of planes to look at.
EVERYTHING = [(0, 0x110000)]
USED = [(0, 0x3400), (0xA000, 0x20000), (0xE0000, 0xE0200)]
CASES = [
    ((True, True, True, True), EVERYTHING),
    ((True, False, False, True), USED),
    ((False, True, True, False), USED),
]


def digests():
    lines = []
    for options, parts in CASES:
        normalise = normaliser(*options)
        values = []
        for begin, end in parts:
            for block in range(begin, end, 512):
                # Ordering: also between accents of class 216 and 224 that are no Mn.
                ordering = " \U0001D165\u302E{0}\U0001D165" if block < 0x32000 else ""
                text = "".join(
                    ("{0} a{0}B" + ordering + "\n").format(chr(c))
                    for c in range(block, block + 512) if not 0xD800 <= c < 0xE000)
                value = 0xCBF29CE484222325
                for word in words(normalise, text):
                    for byte in word.encode() + b"\xff":
                        value = (value ^ byte) * 0x100000001B3 % 2**64
                values.append(f"{value % 2**32:08x}")
        flags = "".join("01"[flag] for flag in options)
        lines.append(" ".join([flags, *(f"{b:x}-{e:x}" for b, e in parts), *values]))
    return "\n".join(lines) + "\n"


def main():
    sets, expansions, lowered, kept = classes()
    comments = {
        "controls": "Removed by the cleaning: control, format and private-use characters, NUL, U+FFFD.",
        "spaced": "CJK ideographs, which stand alone.",
        "spaces": "White space.",
        "punctuation": "Each a word of its own: ASCII symbols and general category P.",
        "marks": "General category Mn, or decomposed into nothing else: removed with the accents.",
        "nonstarters": "Canonical combining class not 0, or decomposed into such.",
    }
    tables = {name: (comments[name], ranges(sets[name])) for name in comments}
    tables["classes"] = ("Combining classes of the nonstarters that are no marks.", class_numbers(kept))
    tables["expansions"] = (
        "Canonical decompositions without their marks; Hangul syllables are computed.",
        expansion_numbers(expansions))
    tables["lowercase"] = ("Lower case, one scalar at a time.", lower_numbers(lowered))
    SOURCE.write_text(swift(tables))
    (HERE / "unicode.txt").write_text(digests())


if __name__ == "__main__":
    main()
