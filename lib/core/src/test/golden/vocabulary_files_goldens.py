"""What transformers makes of folders without a tokenizer.json, for VocabularyFilesTest.

    PYTHON lib/core/src/test/golden/vocabulary_files_goldens.py

PYTHON has scripts/python/requirements.txt. Written to ../resources/golden/vocabulary-files.jsonl: each row has a folder's
settings, which of the small tokenizers beside it lends the vocabulary, the special tokens around a text, and texts with
ids and offsets (no special tokens added; unit: code points).
"""

import json
import os
import tempfile
from pathlib import Path

os.environ["TRANSFORMERS_VERBOSITY"] = "error"
from tokenizer_goldens import LINES
from transformers import AutoTokenizer

GOLDEN = Path(__file__).resolve().parents[1] / "resources" / "golden"
MASK = {"__type": "AddedToken", "content": "?", "lstrip": True, "normalized": True, "rstrip": False, "single_word": False}
TEXTS = LINES.splitlines() + [
    "a [MASK]b [SEP][X] [ENT]s [ent] [ENT]",
    "x <mask> y</s><s> <unk>",
    "one<|endoftext|> two",
    "  spaces  \t\n and\u00a0more ",
    "",
    "Zo\u0308e\u0301 ÀÉ\u4e2d\u6587 \u0000\ufffd\u200d",
]
FOLDERS = [
    ("bert-cased", {"config.json": {"model_type": "bert"}}),
    (
        "bert-cased",
        {
            "config.json": {"model_type": "bert"},
            "tokenizer_config.json": {
                "do_lower_case": False,
                "strip_accents": True,
                "tokenize_chinese_chars": False,
                "cls_token": "[SEP]",
            },
        },
    ),
    (
        "bert-cased",
        {
            "config.json": {"model_type": "distilbert"},
            "tokenizer_config.json": {"do_lower_case": False, "mask_token": {**MASK, "content": "[MASK]"}},
            "added_tokens.json": {"[ENT]": 1200, "[X]": 1201},
        },
    ),
    (
        "bert-cased",
        {
            "config.json": {},
            "tokenizer_config.json": {
                "tokenizer_class": "BertTokenizer",
                "added_tokens_decoder": {
                    "4": {"content": "[MASK]", "lstrip": True, "normalized": False, "special": True},
                    "1200": {"content": "[ENT]", "normalized": True, "single_word": True, "special": False},
                },
            },
        },
    ),
    ("bert-cased", {"config.json": {"model_type": "bert"}, "special_tokens_map.json": {"mask_token": "[CLS]"}}),
    ("roberta", {"config.json": {"model_type": "roberta"}}),
    (
        "roberta",
        {
            "config.json": {"model_type": "roberta"},
            "tokenizer_config.json": {
                "add_prefix_space": True,
                "trim_offsets": False,
                "mask_token": {**MASK, "content": "<mask>"},
            },
        },
    ),
    ("qwen2", {"config.json": {"model_type": "gpt2"}}),
    (
        "qwen2",
        {"config.json": {"model_type": "gpt2"}, "tokenizer_config.json": {"add_prefix_space": True, "add_bos_token": True}},
    ),
]


def write(folder: Path, vocabulary: str, settings: dict) -> None:
    model = json.loads((GOLDEN / "tokenizers" / f"{vocabulary}.json").read_text())["model"]
    if model["type"] == "WordPiece":
        words = sorted(model["vocab"], key=model["vocab"].get)
        (folder / "vocab.txt").write_text("".join(f"{word}\n" for word in words))
    else:
        (folder / "vocab.json").write_text(json.dumps(model["vocab"]))
        merges = "".join(f"{left} {right}\n" for left, right in model["merges"])
        (folder / "merges.txt").write_text("#version: 0.2\n" + merges)
    for name, content in settings.items():
        (folder / name).write_text(json.dumps(content))


def row(vocabulary: str, settings: dict) -> dict:
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), vocabulary, settings)
        tokenizer = AutoTokenizer.from_pretrained(folder).backend_tokenizer
    around = tokenizer.encode("a").ids
    bare = tokenizer.encode("a", add_special_tokens=False).ids
    at = next(i for i in range(len(around)) if around[i : i + len(bare)] == bare)
    texts = []
    for text in TEXTS:
        encoding = tokenizer.encode(text, add_special_tokens=False)
        offsets = [place for pair in encoding.offsets for place in pair]
        texts.append({"text": text, "ids": encoding.ids, "offsets": offsets, "decoded": tokenizer.decode(encoding.ids)})
    return {
        "vocabulary": vocabulary,
        "files": settings,
        "before": around[:at],
        "after": around[at + len(bare) :],
        "texts": texts,
    }


def main() -> None:
    with (GOLDEN / "vocabulary-files.jsonl").open("w") as out:
        for folder in FOLDERS:
            out.write(json.dumps(row(*folder), ensure_ascii=False, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
