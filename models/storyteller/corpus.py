"""The training text of the storyteller model: read, unwrap, separate from the held-out tales.

The data folder holds public-domain text in three places:

    fairytales/train.jsonl   one tale per line, {"id", "title", "text"}
    fairytales/val.jsonl     the held-out tales: only measured, never trained on
    books/*.txt              one book per file, a paragraph per line
    gutenberg/*.txt          one book per file, lines broken at about 70 characters

Run alone it prints what it read and what it dropped:

    python corpus.py --data DIR
"""

import argparse
import json
import re
from dataclasses import dataclass
from pathlib import Path

# Verse, and a second edition of a book that is also in books/.
LEFT_OUT = {"milton-paradise.txt", "whitman-leaves.txt", "carroll-alice.txt"}

# Books closest to a tale told to children.
TALE_LIKE = re.compile(
    r"milne|aesop|nesbit|macdonald|baum|lofting|barrie|just-so|jungle-book|lewis-carroll|grahame"
    r"|bulfinch|bryant|burgess|edgeworth|little-princess|secret-garden|christmas-carol"
)

SHINGLE_WORDS = 13
DROP_WHOLE_TEXT_ABOVE = 0.2  # share of a text's words that also occur in a held-out tale

TYPOGRAPHY = str.maketrans(
    {
        "“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "—": "--", "–": "-", "…": "...",
        "\u00a0": " ", "\u2009": " ", "\u200a": " ", "\u202f": " ", "\u2060": "", "\ufeff": "", "\u00ad": "",
    }
)  # fmt: skip


@dataclass
class Text:
    name: str
    group: str  # "tale", "tale-like book" or "book"
    paragraphs: list[str]
    wrapped: str = ""  # the text with its hard line breaks, where it had them

    def joined(self) -> str:
        return "\n\n".join(self.paragraphs)


def clean(text: str) -> str:
    """Straight quotes and plain dashes as the tales have them; no emphasis marks, no trailing blanks.

    'He said, “_No_—never.” ' -> 'He said, "No--never."'
    """
    text = text.replace("\r\n", "\n").translate(TYPOGRAPHY)
    text = re.sub(r"(?<!\w)_([^_\n]+(?:\n[^_\n]+)?)_(?!\w)", r"\1", text)
    text = re.sub(r"[ \t]+(?=\n|$)", "", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def is_hard_wrapped(text: str) -> bool:
    lines = [line for line in text.split("\n") if line.strip()]
    long_lines = sum(len(line) > 90 for line in lines)
    return len(lines) > 5 and long_lines <= 0.01 * len(lines)


def unwrap(paragraph: str, width: int) -> str:
    """Joins the lines of a prose paragraph; keeps the lines of verse, which end well before the margin."""
    lines = [line.strip() for line in paragraph.split("\n")]
    full = [len(line) for line in lines[:-1]]
    if full and sum(full) / len(full) < 0.72 * width:
        return "\n".join(lines)
    return re.sub(r" {2,}", " ", " ".join(lines))


def paragraphs_of(text: str) -> list[str]:
    blocks = [block.strip("\n") for block in re.split(r"\n[ \t]*\n", text)]
    blocks = [block for block in blocks if block.strip()]
    if not is_hard_wrapped(text):
        return [re.sub(r" {2,}", " ", block.strip()) for block in blocks]
    lengths = sorted(len(line) for block in blocks for line in block.split("\n")[:-1])
    width = lengths[int(0.9 * len(lengths))] if lengths else 72
    return [unwrap(block, width) for block in blocks]


def read_tales(path: Path) -> list[Text]:
    tales = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        text = clean(row["text"])
        wrapped = text if is_hard_wrapped(text) else ""
        tales.append(Text(row["title"], "tale", paragraphs_of(text), wrapped))
    return tales


def read_book(path: Path) -> Text:
    text = clean(path.read_text(encoding="utf-8", errors="replace"))
    text = re.sub(r"\A\[[^\]\n]*\]\s*", "", text)  # the bracketed title line of a Gutenberg edition
    group = "tale-like book" if TALE_LIKE.search(path.name) else "book"
    return Text(path.stem, group, paragraphs_of(text))


def words_of(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower().replace("'", ""))


def shingles(words: list[str]) -> set[tuple[str, ...]]:
    return {tuple(words[i : i + SHINGLE_WORDS]) for i in range(len(words) - SHINGLE_WORDS + 1)}


def shared_words(paragraphs: list[str], held_out: set[tuple[str, ...]]) -> list[int]:
    """For each paragraph, how many of its words lie in a shingle that a held-out tale has too."""
    owner, words = [], []
    for number, paragraph in enumerate(paragraphs):
        found = words_of(paragraph)
        words += found
        owner += [number] * len(found)
    hit = bytearray(len(words))
    for i in range(len(words) - SHINGLE_WORDS + 1):
        if tuple(words[i : i + SHINGLE_WORDS]) in held_out:
            hit[i : i + SHINGLE_WORDS] = b"\1" * SHINGLE_WORDS
    counts = [0] * len(paragraphs)
    for number, is_hit in zip(owner, hit):
        counts[number] += is_hit
    return counts


def separate(texts: list[Text], held_out: set[tuple[str, ...]], report=print) -> list[Text]:
    """Drops what the held-out tales share with the training text.

    A text that shares more than a fifth of its words is dropped whole; else its shared paragraphs go, with
    every paragraph between two of them that are less than ten apart, as these belong to the same passage.
    """
    kept = []
    for text in texts:
        counts = shared_words(text.paragraphs, held_out)
        hits = [number for number, count in enumerate(counts) if count]
        if not hits:
            kept.append(text)
            continue
        share = sum(counts) / max(1, len(words_of(text.joined())))
        if share > DROP_WHOLE_TEXT_ABOVE:
            report(f"dropped {text.group} {text.name!r}: {share:.0%} of its words are in a held-out tale")
            continue
        drop = set(hits)
        for left, right in zip(hits, hits[1:]):
            if right - left < 10:
                drop.update(range(left, right))
        remaining = [p for number, p in enumerate(text.paragraphs) if number not in drop]
        report(f"dropped {len(drop)} of {len(text.paragraphs)} paragraphs of {text.group} {text.name!r}")
        kept.append(Text(text.name, text.group, remaining))  # without its wrapped form
    return kept


def training_texts(data: Path, report=print) -> list[Text]:
    held_out = set()
    for tale in read_tales(data / "fairytales" / "val.jsonl"):
        held_out |= shingles(words_of(tale.joined()))
    texts = read_tales(data / "fairytales" / "train.jsonl")
    for folder in ("books", "gutenberg"):
        texts += [read_book(path) for path in sorted((data / folder).glob("*.txt")) if path.name not in LEFT_OUT]
    return separate(texts, held_out, report)


def held_out_texts(data: Path) -> list[str]:
    """The held-out tales exactly as they are in the file."""
    lines = (data / "fairytales" / "val.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    texts = training_texts(parser.parse_args().data)
    for group in ("tale", "tale-like book", "book"):
        chosen = [text for text in texts if text.group == group]
        size = sum(len(text.joined().encode()) for text in chosen)
        print(f"{group:15} {len(chosen):4} texts {size / 1e6:7.2f} MB")
    wrapped = [text.wrapped for text in texts if text.wrapped]
    print(f"{'hard-wrapped':15} {len(wrapped):4} tales {sum(map(len, wrapped)) / 1e6:7.2f} MB")


if __name__ == "__main__":
    main()
