"""Golden embeddings of the two built-in encoders, by sentence-transformers in float32, one text at a time.

    "$(scripts/python-env)" lib/core/src/test/golden/embedding_goldens.py --minilm DIR --bge DIR

DIR is a sentence-transformers folder with model.safetensors. Whatever padding and truncation its tokenizer.json
asks for is switched off; the only limit is 256 tokens (all-MiniLM-L6-v2) or 512 (bge-small-zh-v1.5), and no text
reaches beyond 256. Written to ../resources/golden: NAME.safetensors with `embeddings` [texts, dimensions] and
NAME.jsonl with {"id", "text", "n_tokens"}, n_tokens with [CLS] and [SEP].
"""

import argparse
import json
import os
from importlib.metadata import version
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"

import numpy as np
import torch
from safetensors.numpy import save_file
from sentence_transformers import SentenceTransformer

from golden_texts import chinese_texts, english_texts

GOLDEN = Path(__file__).resolve().parents[1] / "resources" / "golden"
SEED = 20240317


def load(folder: Path, max_tokens: int) -> SentenceTransformer:
    model = SentenceTransformer(str(folder), device="cpu", model_kwargs={"dtype": torch.float32}).eval()
    model.tokenizer.backend_tokenizer.no_padding()
    model.tokenizer.backend_tokenizer.no_truncation()
    model.max_seq_length = max_tokens
    return model


def write(name: str, source: str, model: SentenceTransformer, make_texts, count: int, pooling: str) -> None:
    def count_tokens(text: str) -> int:
        return len(model.tokenizer(text, truncation=False, padding=False)["input_ids"])

    texts = make_texts(count, count_tokens, SEED)
    vectors = np.concatenate(
        [model.encode([text], batch_size=1, convert_to_numpy=True, show_progress_bar=False) for text in texts]
    )
    for text, vector in zip(texts, vectors):
        read = int(model.preprocess([text])["attention_mask"].sum())
        if read != count_tokens(text) or not np.isfinite(vector).all() or abs(np.linalg.norm(vector) - 1) > 1e-5:
            raise ValueError(f"{read} of {count_tokens(text)} tokens were read, or no unit vector: {text!r}")
    metadata = {
        "generator": "lib/core/src/test/golden/embedding_goldens.py",
        "model": source,
        "pooling": pooling,
        "normalized": "true",
        "tolerance": "cosine >= 0.99999",
        "seed": str(SEED),
    }
    for library in ("sentence-transformers", "transformers", "tokenizers", "torch", "numpy", "safetensors"):
        metadata[library] = version(library)
    save_file({"embeddings": vectors.astype(np.float32)}, GOLDEN / f"{name}.safetensors", metadata=metadata)
    with (GOLDEN / f"{name}.jsonl").open("w", encoding="utf-8") as rows:
        for number, text in enumerate(texts):
            row = {"id": f"{name}-{number:03}", "text": text, "n_tokens": count_tokens(text)}
            rows.write(json.dumps(row, ensure_ascii=False) + "\n")
    print(f"{name}: {vectors.shape[0]} texts, {vectors.shape[1]} dimensions")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minilm", type=Path, help="folder of all-MiniLM-L6-v2")
    parser.add_argument("--bge", type=Path, help="folder of bge-small-zh-v1.5")
    options = parser.parse_args()
    GOLDEN.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(SEED)
    if options.minilm:
        write("minilm", "all-MiniLM-L6-v2", load(options.minilm, 256), english_texts, 200, "mean")
    if options.bge:
        write("bge-small-zh", "bge-small-zh-v1.5", load(options.bge, 512), chinese_texts, 80, "cls")


if __name__ == "__main__":
    main()
