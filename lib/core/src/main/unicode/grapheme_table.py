"""The classes of io.textloom.token.unicode.Graphemes, from the tables that the reference is built with.

    "$(scripts/python-env)" lib/core/src/main/unicode/grapheme_table.py unicode-segmentation-1.13.3/src/tables.rs

The crate unicode-segmentation 1.13.3 (Unicode 17) is the one in tokenizers 0.23.3, whose `Precompiled` normalizer alone
asks for grapheme clusters. Written to ../resources/io/textloom/token/unicode/graphemes.bin: runs, in the format of
unicode_tables.py, of a class and two bits for GB9c.
"""

import re
import sys
from pathlib import Path

import unicode_tables as tables

# The constants of Graphemes, from 0.
CLASSES = (
    "Any CR LF Control Extend ZWJ SpacingMark Prepend L V T LV LVT Extended_Pictographic InCB_Consonant "
    "Regional_Indicator"
).split()
INCB_EXTEND = 16
INCB_LINKER = 32


def characters(text: str) -> list[int]:
    return [int(c, 16) for c in re.findall(r"'\\u\{([0-9a-fA-F]+)\}'", text)]


def body(source: str, start: str, end: str) -> str:
    begin = source.index(start) + len(start)
    return source[begin : source.index(end, begin)]


def main() -> None:
    source = Path(sys.argv[1]).read_text()
    values = [0] * tables.LIMIT
    entry = re.compile(r"\(\s*'\\u\{([0-9a-f]+)\}',\s*'\\u\{([0-9a-f]+)\}',\s*GC_(\w+)\s*\)")
    for first, last, name in entry.findall(body(source, "const grapheme_cat_table", "];")):
        for c in range(int(first, 16), int(last, 16) + 1):
            values[c] = CLASSES.index(name)
    extends = characters(body(source, "const InCB_Extend_table", "];"))
    for first, last in zip(extends[::2], extends[1::2]):
        for c in range(first, last + 1):
            values[c] |= INCB_EXTEND
    for c in characters(body(source, "pub fn is_incb_linker", "}\n")):
        values[c] |= INCB_LINKER
    tables.SOURCES = "lib/core/src/main/unicode/grapheme_table.py, unicode-segmentation 1.13.3"
    table = tables.Table()
    table.runs(values)
    table.write("graphemes.bin")


if __name__ == "__main__":
    main()
