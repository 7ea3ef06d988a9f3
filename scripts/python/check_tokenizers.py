"""Checks Textloom's tokenizers against Hugging Face `tokenizers`: ids, offsets and decoded text, text by text.

    "$(scripts/python-env)" scripts/python/check_tokenizers.py --code-points
    "$(scripts/python-env)" scripts/python/check_tokenizers.py --random 1000000 --only minilm gpt2
    "$(scripts/python-env)" scripts/python/check_tokenizers.py --corpus DIR --tokenizer my=path/to/tokenizer.json

Without --tokenizer, the tokenizers of the tests (docs/parity.md names them). --code-points takes every code point but
surrogates alone, between two letters, doubled, and behind a space. --random draws hostile strings. --corpus takes every
line, every paragraph and the whole of every .txt, .md and .json(l) file below DIR, and each string inside the JSON lines.
Neither side adds special tokens, both skip them in decoding; ids are also decoded in reverse order, which no text gives. Needs Maven and a JDK. Exit 1 when anything differs.
"""

import argparse
import json
import os
import random
import struct
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from tokenizers import Tokenizer
from tokenizers import __version__ as reference_version

ROOT = Path(__file__).resolve().parents[2]
MAIN = "io.textloom.token.TokenDump"
BATCH = 2048
CODE_POINTS = [c for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]
CONTEXTS = {"alone": "{}", "between letters": "a{}b", "doubled": "{0}{0}", "behind a space": " {}"}
Texts = Callable[[], Iterator[str]]


def class_path() -> str:
    """Compiles lib/core and its tests."""
    listed = ROOT / "lib/core/target/test-class-path.txt"
    build = ["mvn", "-q", "-B", "-pl", "lib/core", "test-compile", "dependency:build-classpath"]
    build += ["-Dmdep.includeScope=test", f"-Dmdep.outputFile={listed}"]
    if subprocess.run([*build[:1], "-o", *build[1:]], cwd=ROOT, stdout=subprocess.DEVNULL).returncode:
        subprocess.run(build, cwd=ROOT, check=True)
    target = ROOT / "lib/core/target"
    return os.pathsep.join([f"{target}/test-classes", f"{target}/classes", listed.read_text().strip()])


def java(path: str, *arguments: str) -> list[str]:
    return ["java", "-Xmx2g", "-cp", path, MAIN, *arguments]


class Dump:
    """Texts through the Java side, as a stream."""

    def __init__(self, command: list[str], texts: Texts) -> None:
        self.process = subprocess.Popen(command, cwd=ROOT / "lib/core", stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        threading.Thread(target=self.send, args=(texts(),), daemon=True).start()

    def send(self, texts: Iterator[str]) -> None:
        with self.process.stdin as out:
            for text in texts:
                utf8 = text.encode()
                out.write(struct.pack(">i", len(utf8)) + utf8)

    def read(self, size: int) -> bytes:
        data = self.process.stdout.read(size)
        if len(data) != size:
            raise SystemExit(f"check_tokenizers: the Java side ended early, exit status {self.process.wait()}")
        return data

    def number(self) -> int:
        return struct.unpack(">i", self.read(4))[0]

    def next(self) -> tuple[bytes, str, str]:
        """Ids and offsets; the text of the ids; the text of the ids in reverse."""
        tokens = self.number()
        flat = self.read(12 * tokens) if tokens > 0 else b""
        decoded, in_reverse = (self.read(self.number()).decode() for _ in range(2))
        return (flat if tokens >= 0 else b"failed", decoded, in_reverse)


def code_points(context: str) -> Texts:
    return lambda: (context.format(chr(c)) for c in CODE_POINTS)


PIECES = [
    *"a e i o u A Z ß é ü ñ ç ø ı İ ſ K Å ﬁ ǆ ς Σ ё й ђ 中 国 人 的 あ ガ が ｶﾞ ｱ 한 국 각 ก ำ เ น้ ק שָׁ ל م ُ لا ١ ٣ १ ३ क़ क् ष த ொ".split(),
    *"\u1100 \u1161 \u11a8 \u0301 \u0308 \u0323 \u0327 \u0334 \u0345 \u20dd \u3099 \u093c \u0f71 \u0f74 \u1dc0 \ufe0f".split(),
    *"😀 👨‍👩‍👧 🇩🇪 ❤️ 👍🏽 ☺ © ™ ½ ² ₂ Ⅷ ㎡ Ａ １ ﷺ ﷽ 𝕳 𝟘 𝒳 𐐀 𠀀 𪚥 豈 〇 々 、 。 「 」 ！ ？".split(),
    *"'s 't 're 'S 'LL 'ſ 'VE ’s '' `` \" # ## ##ing $ % & ( ) * + , - . / : ; < = > @ [ ] ^ _ { | } ~ ... !!! -- ▁ Ġ Ċ Ã".split(),
    *"0 7 12 123 1234 3.14 1,000,000 0xFF the The THE of and ing un believable house foxtrot fox whole wholesome".split(),
    *"[CLS] [SEP] [MASK] [UNK] [PAD] [ENT] [ent] [RAW] <s> </s> <unk> <mask> <pad> <|endoftext|> <|eot_id|> <|im_start|>".split(),
    *"<left> <right> <both> <extra_id_3> <0x0A> Naïve\u0020Word naive été ÉTÉ 中文".split(),
    *" \t\n\r\v\f\x1c\x1f\x85\xa0\u1680\u180e\u2002\u200a\u2028\u2029\u202f\u205f\u3000\ufeff",
    *"\0\1\x07\x1b\x7f\x9f\xad\u034f\u061c\u200b\u200c\u200d\u200e\u202e\u2060\u2066\ue000\ufffd\ufffe\uffff\U000e0041\U0010ffff",
    *("  ", "   ", " \n", "\r\n", "\n\n\n", " new york ", "Naïve Word", "é" * 9, "a" * 120, "=" * 40, " " * 17),
]


def random_texts(count: int, seed: int) -> Texts:
    def texts() -> Iterator[str]:
        draw = random.Random(seed)
        for _ in range(count):
            pieces = []
            for _ in range(draw.randint(1, 12)):
                kind = draw.random()
                if kind < 0.55:
                    pieces.append(draw.choice(PIECES))
                elif kind < 0.75:
                    pieces.append(" ")
                elif kind < 0.9:
                    pieces.append(chr(CODE_POINTS[draw.randrange(0x3400)]))
                else:
                    pieces.append(chr(draw.choice(CODE_POINTS)))
            if draw.random() < 0.001:
                pieces *= draw.randint(2, 2000)
            yield "".join(pieces)

    return texts


def corpus_texts(folder: Path) -> Texts:
    def strings(value) -> Iterator[str]:
        if isinstance(value, str):
            yield value.encode(errors="replace").decode()
        elif isinstance(value, (list, dict)):
            for part in value.values() if isinstance(value, dict) else value:
                yield from strings(part)

    def texts() -> Iterator[str]:
        for file in sorted(path for path in folder.rglob("*") if path.suffix in (".txt", ".md", ".json", ".jsonl")):
            with file.open(encoding="utf-8", errors="replace", newline="") as opened:
                whole = opened.read()
            if file.suffix in (".txt", ".md"):
                yield whole
                yield from whole.split("\n\n")
            for line in whole.split("\n"):
                yield line
                if file.suffix == ".jsonl":
                    try:
                        yield from strings(json.loads(line))
                    except json.JSONDecodeError:
                        pass  # the line as it is has been checked

    return texts


def packed(encoding) -> bytes:
    flat = [number for i, offsets in zip(encoding.ids, encoding.offsets) for number in (i, *offsets)]
    return struct.pack(f">{len(flat)}i", *flat)


def unpacked(flat: bytes) -> list[tuple[int, ...]] | str:
    return list(struct.iter_unpack(">3i", flat)) if flat != b"failed" else "failed"


def ranges(found: list[int]) -> str:
    runs: list[list[int]] = []
    for c in sorted(set(found)):
        if runs and runs[-1][1] == c - 1:
            runs[-1][1] = c
        else:
            runs.append([c, c])
    return " ".join(f"{a:04X}" if a == b else f"{a:04X}-{b:04X}" for a, b in runs)


def check(name: str, json_file: Path, kind: str, command: list[str], texts: Texts, show: int) -> int:
    reference = Tokenizer.from_file(str(json_file))
    reference.no_padding()
    reference.no_truncation()
    dump = Dump(command, texts)
    done = tokens = 0
    different: list[int] = []
    source = texts()
    while batch := list(islice(source, BATCH)):
        encodings = reference.encode_batch(batch, add_special_tokens=False)
        ids = [encoding.ids for encoding in encodings]
        decodings = reference.decode_batch(ids, skip_special_tokens=True)
        reverses = reference.decode_batch([some[::-1] for some in ids], skip_special_tokens=True)
        for text, encoding, *decoded in zip(batch, encodings, decodings, reverses):
            flat, *ours = dump.next()
            expected = packed(encoding)
            if flat != expected or ours != decoded:
                different.append(done)
                if len(different) <= show:
                    shown = text if len(text) <= 200 else f"{text[:100]} … {text[-100:]}"
                    print(f"  {name}, {kind}: {ascii(shown)}")
                    print(f"    reference {unpacked(expected)[:20]} {ascii([text[:200] for text in decoded])}")
                    print(f"    textloom  {unpacked(flat)[:20]} {ascii([text[:200] for text in ours])}")
            done += 1
            tokens += len(encoding)
    print(f"{name}, {kind}: {done} texts, {tokens} tokens, {len(different)} differ", flush=True)
    if different and kind in CONTEXTS:
        print(f"  code points: {ranges([CODE_POINTS[i] for i in different])}")
    return len(different)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--tokenizer", action="append", default=[], metavar="NAME=FILE")
    arguments.add_argument("--only", nargs="+", metavar="NAME", help="of the tokenizers of the tests")
    arguments.add_argument("--code-points", nargs="*", choices=CONTEXTS, help="all contexts unless some are named")
    arguments.add_argument("--random", type=int, metavar="TEXTS")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--corpus", type=Path, action="append", default=[], metavar="DIR")
    arguments.add_argument("--side", choices=["ours", "djl"], default="ours", help="djl: the library's own JNI build")
    arguments.add_argument("--show", type=int, default=5, metavar="DIFFERENCES")
    options = arguments.parse_args()

    path = class_path()
    differences = 0
    with tempfile.TemporaryDirectory() as folder:
        files = dict(pair.split("=", 1) for pair in options.tokenizer)
        if not files:
            subprocess.run(java(path, "vocabularies", folder), cwd=ROOT / "lib/core", check=True)
            files = {file.stem: file for file in sorted(Path(folder).glob("*.json"))}
            files = {name: file for name, file in files.items() if not options.only or name in options.only}
        print(f"reference: tokenizers {reference_version}; other side: {options.side}; {len(files)} tokenizers")
        for name, file in files.items():
            file = Path(file).resolve()
            jobs: dict[str, Texts] = {}
            if options.code_points is not None:
                jobs |= {kind: code_points(CONTEXTS[kind]) for kind in options.code_points or CONTEXTS}
            if options.random:
                jobs["random strings"] = random_texts(options.random, options.seed)
            for corpus in options.corpus:
                jobs[f"corpus {corpus.name}"] = corpus_texts(corpus)
            for kind, texts in jobs.items():
                command = java(path, options.side, str(file))
                differences += check(name, file, kind, command, texts, options.show)
    sys.exit(1 if differences else 0)


if __name__ == "__main__":
    main()
