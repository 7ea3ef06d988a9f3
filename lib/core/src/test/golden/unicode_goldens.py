"""Golden normal forms by the reference, for io.textloom.token.unicode.

    "$(scripts/python-env)" lib/core/src/test/golden/unicode_goldens.py

Written to ../resources/golden: unicode.jsonl. Its first row names the generator and the versions. Rows with "text" are
random strings of starters, marks, jamo and characters that decompose: {"form", "text", "normal", "starts", "ends"},
where starts and ends say for each character of `normal` which characters of `text` it comes from (unit: code points).
Rows with "clusters" are random strings, and the sum over their grapheme clusters of 1 if below six bytes, else of the
number of characters. Rows with "digest" are SHA-256 over the results for all code points but surrogates, each followed by a line feed, in UTF-8:
of the character c alone, or of "o", U+0328, c, U+0301 ("marked").
"""

import hashlib
import json
import random
import sys
from pathlib import Path

import tokenizers
from tokenizers import PreTokenizedString
from tokenizers import normalizers as n

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "main" / "unicode"))
from unicode_tables import cluster_counter

GOLDEN = Path(__file__).resolve().parents[1] / "resources" / "golden"
FORMS = {"NFD": n.NFD(), "NFKD": n.NFKD(), "NFC": n.NFC(), "NFKC": n.NFKC()}
SEED = 20240317
TEXTS = 60
CODE_POINTS = [c for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]

STARTERS = "aeoAOyh\u03b1\u0391\u0438\u0915\u3046\u306f\u1100\uac00\u05d0\u4e2d \u1025\u0b47\u0b92\U00011131\U0001d157"
MARKS = (
    "\u0300\u0301\u0302\u0303\u0304\u0308\u030a\u0323\u0327\u0328\u0331\u0334\u0335\u0338\u0340\u0344\u0345\u0360\u031b\u3099\u309a"
    "\u05b0\u05bc\u064b\u0651\u0670\u093c\u094d\u0e38\u0f71\u0f72\u0f74\u0f73\u1161\u11a8\u11a7\u1175\u102e\u0b3e\u0bd7"
    "\U00011127\U0001d165\U0001d16e\u20dd"
)
WHOLE = "\u00e9\u1e69\u01d5\u1e14\u1fb7\u1f82\u212b\u2126\ufb01\ufdfa\u3300\u00bd\uac01\ub098\uff21\u0958\u095c\ufb1d\u2adc\u0f43\U0001d160\U0002f81a\u0149\u1e9b\u0385\ufe34\uff9e"

JOINED = (
    "aa\r\n\0 \u00e9\u00a9\u00ae\u2122\u263a\U0001f600\U0001f468\U0001f1e9\u0301\u0308\u0903\u200c\u200d\u200d\ufe0f\U0001f3fd\U000e0067"
    "\u0915\u0915\u0937\u09a4\u094d\u09cd\u093c\u0600\u06dd\U000110bd\u1100\u1161\u11a8\uac00\uac01\ua960\u200b\u2028\u0e33\u1b44\u1b13"
)


def text(draw: random.Random) -> str:
    drawn = [draw.choice(draw.choice((STARTERS, MARKS, MARKS, WHOLE))) for _ in range(draw.randint(1, 14))]
    if draw.random() < 0.1:
        drawn += [draw.choice(MARKS) for _ in range(60)]
    return "".join(drawn)


def aligned(form, text: str):
    whole = PreTokenizedString(text)
    whole.normalize(form.normalize)
    whole.split(lambda _, s: [s[i : i + 1] for i in range(len(str(s.normalized)))])
    splits = whole.get_splits(offset_referential="original", offset_type="char")
    return "".join(s for s, _, _ in splits), [o[0] for _, o, _ in splits], [o[1] for _, o, _ in splits]


def digest(change) -> str:
    sha = hashlib.sha256()
    for c in CODE_POINTS:
        sha.update(change(chr(c)).encode())
        sha.update(b"\n")
    return sha.hexdigest()


def main() -> None:
    rows = [{"generator": "lib/core/src/test/golden/unicode_goldens.py", "tokenizers": tokenizers.__version__}]
    draw = random.Random(SEED)
    for name, form in FORMS.items():
        for _ in range(TEXTS):
            source = text(draw)
            normal, starts, ends = aligned(form, source)
            if normal != form.normalize_str(source):
                raise ValueError(f"the pieces of {source!r} do not make its {name}")
            rows.append({"form": name, "text": source, "normal": normal, "starts": starts, "ends": ends})
    count = cluster_counter()
    for _ in range(4 * TEXTS):
        source = "".join(draw.choices(JOINED, k=draw.randint(2, 12)))
        rows.append({"clusters": count(source), "text": source})
    for name, form in {**FORMS, "lower": n.Lowercase()}.items():
        rows.append({"form": name, "of": "alone", "digest": digest(form.normalize_str)})
        rows.append({"form": name, "of": "marked", "digest": digest(lambda c: form.normalize_str(f"o\u0328{c}\u0301"))})
    with (GOLDEN / "unicode.jsonl").open("w") as out:
        for row in rows:
            out.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main()
