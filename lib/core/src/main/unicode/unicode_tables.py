"""The Unicode tables of io.textloom.token.unicode, asked of the reference itself.

    "$(scripts/python-env)" lib/core/src/main/unicode/unicode_tables.py

Every table is what the installed `tokenizers` does with each code point, not what a Unicode version says: the library
draws on crates and a regex engine that each carry a version of their own. All 1,112,064 code points are asked (the
surrogates are no characters); it takes about a minute. Written to ../resources/io/textloom/token/unicode:

    classes.bin     runs of equal bits, see CharClasses
    lowercase.bin   what lower-casing changes, see CaseMap
    normal.bin      combining classes, decompositions and compositions, see NormalForm
    graphemes.bin   runs of equal grapheme classes, see Graphemes

Each file: "TXLU", a version byte, a text (length, UTF-8) that names the sources, then unsigned LEB128 numbers.
"""

import struct
import unicodedata
from collections.abc import Callable
from itertools import groupby
from pathlib import Path

import tokenizers
from tokenizers import Regex
from tokenizers import normalizers as n
from tokenizers import pre_tokenizers as p

OUT = Path(__file__).resolve().parents[1] / "resources/io/textloom/token/unicode"
FORMAT = 1
SOURCES = f"lib/core/src/main/unicode/unicode_tables.py, tokenizers {tokenizers.__version__}"

LIMIT = 0x110000
CODE_POINTS = [c for c in range(LIMIT) if not 0xD800 <= c <= 0xDFFF]
HANGUL = range(0xAC00, 0xAC00 + 19 * 21 * 28)
HANGUL_VOWELS = range(0x1161, 0x1161 + 21)
HANGUL_TRAILS = range(0x11A8, 0x11A7 + 28)

# The bits of CharClasses, lowest first.
CLASSES = (
    "LETTER NUMBER SPACE PUNCTUATION CLEAN_REMOVED CLEAN_SPACE CHINESE NONSPACING_MARK COMBINING_MARK UPPER LOWER "
    "TITLE MODIFIER OTHER_LETTER MARK NUMERIC DECIMAL WORD REGEX_PUNCTUATION SYMBOL"
).split()


def regex(pattern: str) -> set[int]:
    """Code points that the regex engine behind `Split` and `ByteLevel` matches."""
    split = p.Split(Regex(pattern), "removed").pre_tokenize_str
    return {c for c in CODE_POINTS if not split(chr(c))}


def bert(**settings: bool) -> n.BertNormalizer:
    return n.BertNormalizer(
        **{"clean_text": False, "handle_chinese_chars": False, "strip_accents": False, "lowercase": False, **settings}
    )


def becomes(normalizer, result: str) -> set[int]:
    normalize = normalizer.normalize_str
    return {c for c in CODE_POINTS if normalize(chr(c)) == result}


def changes(normalizer) -> dict[int, str]:
    normalize = normalizer.normalize_str
    results = ((c, normalize(chr(c))) for c in CODE_POINTS)
    return {c: result for c, result in results if result != chr(c)}


def parted_from_a(pre_tokenizer) -> set[int]:
    """Code points that stand alone behind a letter."""
    split = pre_tokenizer.pre_tokenize_str
    return {c for c in CODE_POINTS if len(split("a" + chr(c))) == 2}


def dropped(pre_tokenizer) -> set[int]:
    split = pre_tokenizer.pre_tokenize_str
    return {c for c in CODE_POINTS if not split(chr(c))}


def char_classes() -> dict[str, set[int]]:
    space = dropped(p.WhitespaceSplit())
    whitespace = p.Whitespace().pre_tokenize_str
    sets = {
        "LETTER": regex(r"\p{L}"),
        "NUMBER": regex(r"\p{N}"),
        "SPACE": space,
        "PUNCTUATION": parted_from_a(p.BertPreTokenizer()),
        "CLEAN_REMOVED": becomes(bert(clean_text=True), ""),
        "CLEAN_SPACE": becomes(bert(clean_text=True), " "),
        "CHINESE": set(changes(bert(handle_chinese_chars=True))),
        "NONSPACING_MARK": becomes(bert(strip_accents=True), ""),
        "COMBINING_MARK": becomes(n.StripAccents(), ""),
        "UPPER": regex(r"\p{Lu}"),
        "LOWER": regex(r"\p{Ll}"),
        "TITLE": regex(r"\p{Lt}"),
        "MODIFIER": regex(r"\p{Lm}"),
        "OTHER_LETTER": regex(r"\p{Lo}"),
        "MARK": regex(r"\p{M}"),
        "NUMERIC": parted_from_a(p.Digits(individual_digits=True)),
        "DECIMAL": regex(r"\p{Nd}"),
        "WORD": {c for c in CODE_POINTS if c not in space and len(whitespace("a" + chr(c))) == 1},
        "REGEX_PUNCTUATION": regex(r"\p{P}"),
        "SYMBOL": regex(r"\p{S}"),
    }
    # What CharClasses says of bits that it does without.
    assert space == regex(r"\s") == dropped(p.Whitespace())
    assert sets["PUNCTUATION"] == dropped(p.Punctuation("removed"))
    assert sets["DECIMAL"] == regex(r"\d")
    assert sets["LETTER"] == set().union(*(sets[k] for k in ("UPPER", "LOWER", "TITLE", "MODIFIER", "OTHER_LETTER")))
    assert list(sets) == CLASSES
    return sets


def lowercase() -> dict[int, str]:
    lower = changes(n.Lowercase())
    assert lower == changes(bert(lowercase=True))
    return lower


def combining_classes(nfd: dict[int, str]) -> dict[int, int]:
    """Found by who moves before whom; Python's tables only lend the classes their numbers."""
    normalize = n.NFD().normalize_str

    def moves(first: int, second: int) -> bool:
        return normalize(f"a{chr(first)}{chr(second)}") == f"a{chr(second)}{chr(first)}" and first != second

    stable = [c for c in CODE_POINTS if c not in nfd]
    low, high = 0x0334, 0x0345  # of class 1, the lowest, and 240, the highest
    marks = [c for c in stable if moves(high, c) or moves(c, low)] + [low, high]
    of_class = {}
    for c in marks:
        if unicodedata.combining(chr(c)):
            of_class.setdefault(unicodedata.combining(chr(c)), c)
    ordered = sorted(of_class.items())
    for i, (_, first) in enumerate(ordered):
        assert all(moves(second, first) and not moves(first, second) for _, second in ordered[i + 1 :])
    found = {}
    for c in set(marks):
        (found[c],) = [number for number, mark in ordered if not moves(c, mark) and not moves(mark, c)]
    return found


def compositions(nfd: dict[int, str], nfc: dict[int, str]) -> list[tuple[int, int, int]]:
    normalize = n.NFC().normalize_str
    pairs = []
    for c, parts in nfd.items():
        if c in nfc or c in HANGUL or len(parts) < 2:
            continue
        first = normalize(parts[:-1])
        assert len(first) == 1 and normalize(first + parts[-1]) == chr(c)
        pairs.append((ord(first), ord(parts[-1]), c))
    return sorted(pairs)


def check_hangul(nfd: dict[int, str], nfc: dict[int, str], nfkd: dict[int, str]) -> None:
    normalize = n.NFC().normalize_str
    for i, c in enumerate(HANGUL):
        parts = [0x1100 + i // 588, 0x1161 + i % 588 // 28] + ([0x11A7 + i % 28] if i % 28 else [])
        text = "".join(map(chr, parts))
        assert nfd[c] == nfkd[c] == text and c not in nfc and normalize(text) == chr(c)


def normal_forms():
    nfd, nfc, nfkd, nfkc = (changes(f) for f in (n.NFD(), n.NFC(), n.NFKD(), n.NFKC()))
    check_hangul(nfd, nfc, nfkd)
    ccc = combining_classes(nfd)
    pairs = compositions(nfd, nfc)
    seconds = {second for _, second, _ in pairs} | set(HANGUL_VOWELS) | set(HANGUL_TRAILS)
    properties = [0] * LIMIT  # combining class, then a bit for each form in which the character is not inert
    for c in CODE_POINTS:
        first = ord(nfd.get(c, chr(c))[0])
        alone = c in ccc
        backward = alone or first in seconds or first in ccc
        bits = (c in nfd or alone) | (c in nfkd or alone) << 1
        bits |= (c in nfc or backward) << 2 | (c in nfkc or backward) << 3
        properties[c] = ccc.get(c, 0) | bits << 8
    canonical = {c: parts for c, parts in nfd.items() if c not in HANGUL}
    compatible = {c: parts for c, parts in nfkd.items() if c not in HANGUL and nfd.get(c) != parts}
    return properties, canonical, compatible, pairs


# By the answers of `grapheme_class`, 1 for yes; a character of four bytes in UTF-8 says yes to more, as its clusters are long.
GRAPHEMES = {
    "OTHER": ["000000000000000", "000000001110001"],
    "CONTROL": ["001000001110001"],
    "EXTEND": ["100010001110101"],
    "EXTEND_ALONE": ["100010001110001"],
    "LINKER": ["100010001111101"],
    "SPACING": ["100000001110001"],
    "JOINER": ["100000001110101"],
    "PREPEND": ["010001111111001", "010001110001000"],
    "PICTOGRAPH": ["000110000000000", "000110001110001"],
    "CONSONANT": ["000000000000111", "000000001110111"],
    "LEAD": ["000001101000000"],
    "VOWEL": ["000000111100000", "000000111110001"],
    "TRAIL": ["000000010110000"],
    "LEAD_VOWEL": ["000000111000000"],
    "LEAD_VOWEL_TRAIL": ["000000011000000"],
}


def cluster_counter() -> Callable[..., int]:
    """Counts 1 for a grapheme cluster below six bytes and 1 for each character of a longer one.

    That is all that `Precompiled`, the one user of clusters, can tell apart: this one's charsmap makes "Q" of whatever it is
    asked for, cluster or character.
    """
    root, leaf = 256, 512
    units = [0] * 768
    units[0] = root << 10
    for byte in range(1, 256):
        units[root ^ byte] = (leaf ^ root ^ byte) << 10 | 1 << 8 | byte
    normalize = n.Precompiled(struct.pack(f"<I{len(units)}I", 4 * len(units), *units) + b"Q\0").normalize_str
    return lambda *parts: len(normalize("".join(parts)))


def grapheme_class(count: Callable[..., int], x: str) -> str:
    mark, joiner, ka, virama, picture = "\u0301", "\u200d", "\u0915", "\u094d", "\u00a9"
    lead, vowel, trail = "\u1100", "\u1161", "\u11a8"
    answers = [
        count("a", x) == 1,  # joins what stands before
        count(x, "a") == 1,  # and what stands behind
        count(x, mark, "\u0308") == 2,  # keeps even marks off
        count(x, joiner, picture, mark) == 4,
        count(picture, x, joiner, picture, mark) == 5,
        *(count(x, jamo, mark) == 3 for jamo in (lead, vowel, trail)),
        *(count(jamo, x, mark) == 3 for jamo in (lead, vowel, trail)),
        count(ka, x, ka, mark) == 4,  # links consonants
        count(ka, x, virama, ka, mark) == 5,  # is no hindrance to it
        count(x, virama, ka, mark) == 4,
        count(ka, virama, x, mark) == 4,
    ]
    return "".join("01"[answer] for answer in answers)


def graphemes() -> list[int]:
    numbers = {answers: i for i, many in enumerate(GRAPHEMES.values()) for answers in many}
    count = cluster_counter()
    classes = [0] * LIMIT
    for c in CODE_POINTS:
        classes[c] = numbers[grapheme_class(count, chr(c))]
    assert count("\r\n") == 1 and count("\n\r") == 2
    return classes


class Table:
    def __init__(self) -> None:
        self.data = bytearray(b"TXLU")
        self.data.append(FORMAT)
        text = SOURCES.encode()
        self.number(len(text))
        self.data += text

    def number(self, value: int) -> None:
        while value > 0x7F:
            self.data.append(value & 0x7F | 0x80)
            value >>= 7
        self.data.append(value)

    def signed(self, value: int) -> None:
        self.number(value << 1 if value >= 0 else (-value << 1) - 1)

    def runs(self, values: list[int]) -> None:
        """Number of runs; for each its length and its value."""
        runs = [(len(list(run)), value) for value, run in groupby(values)]
        self.number(len(runs))
        for length, value in runs:
            self.number(length)
            self.number(value)

    def strings(self, strings: dict[int, str]) -> None:
        """Number of entries; for each: steps from the one before, length, code points as differences from the one before (at first: the key)."""
        self.number(len(strings))
        before = 0
        for c, text in sorted(strings.items()):
            self.number(c - before)
            self.number(len(text))
            before = at = c
            for part in map(ord, text):
                self.signed(part - at)
                at = part

    def write(self, name: str) -> None:
        OUT.mkdir(parents=True, exist_ok=True)
        (OUT / name).write_bytes(self.data)
        print(f"{name}: {len(self.data)} bytes")


def main() -> None:
    bits = [0] * LIMIT
    for bit, (_, members) in enumerate(char_classes().items()):
        for c in members:
            bits[c] |= 1 << bit
    table = Table()
    table.runs(bits)
    table.write("classes.bin")

    table = Table()
    table.strings(lowercase())
    table.write("lowercase.bin")

    properties, canonical, compatible, pairs = normal_forms()
    table = Table()
    table.runs(properties)
    table.strings(canonical)
    table.strings(compatible)
    table.number(len(pairs))
    for pair in pairs:
        for c in pair:
            table.number(c)
    table.write("normal.bin")

    table = Table()
    table.runs(graphemes())
    table.write("graphemes.bin")


if __name__ == "__main__":
    main()
