"""Spearman and Pearson correlation of cosine and human rating on pairs of sentences; scripts/sts starts it.

    python sts.py --data stsb-dev.csv --model all-MiniLM-L6-v2 --set embed.maxTokens=128 --judge

Sentences go through `scripts/textloom embed`, cut at the model's limit as sentence-transformers cuts. --judge runs
sentence-transformers' own evaluator on the same folder; a built-in model is written out for it. Exit 2 for bad
arguments or data, 1 when Textloom fails.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow.parquet as pq

TEXTLOOM = Path(__file__).resolve().parents[1] / "textloom"
SMOKE = [
    ("The baker takes the bread out of the oven.", "A baker removes bread from an oven.", 4.8),
    ("The dog sleeps on the porch.", "A cat sleeps on the roof.", 1.6),
    ("Rain fell on the harbour all night.", "It rained on the port until morning.", 4.2),
    ("She plays the violin.", "The committee postponed the vote.", 0.0),
    ("Two boys kick a ball.", "Two boys play football in the street.", 3.4),
    ("The train to the coast is late.", "The train is late again.", 3.0),
]


class Pair(NamedTuple):
    first: str
    second: str
    score: float


class Correlation(NamedTuple):
    spearman: float
    pearson: float


def read(file: Path) -> list[Pair]:
    pairs = []
    with file.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.reader(lines), start=1):
            try:
                first, second, score = row
                pairs.append(Pair(first, second, float(score)))
            except ValueError:
                if number > 1:
                    raise SystemExit(f"sts: row {number} of {file} is no sentence1,sentence2,score: {row}") from None
    return pairs


def ranks(values: np.ndarray) -> np.ndarray:
    """From 1; equal values share the mean of their ranks."""
    _, group, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (last - (counts - 1) / 2)[group]


def correlation(scores: np.ndarray, cosines: np.ndarray) -> Correlation:
    return Correlation(
        100 * np.corrcoef(ranks(scores), ranks(cosines))[0, 1],
        100 * np.corrcoef(scores, cosines)[0, 1],
    )


def textloom(*arguments: str | Path) -> None:
    command = [str(TEXTLOOM), *map(str, arguments)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        print(done.stdout, file=sys.stderr)
        print(f"sts: {' '.join(command)} ended with {done.returncode}", file=sys.stderr)
        raise SystemExit(2 if done.returncode == 2 else 1)


def embed(sentences: list[str], model: str, settings: list[str], folder: Path) -> np.ndarray:
    """float32[sentences, dimensions]"""
    texts, output = folder / "sentences.jsonl", folder / "vectors"
    with texts.open("w", encoding="utf-8") as lines:
        for number, sentence in enumerate(sentences):
            lines.write(json.dumps({"id": str(number), "text": sentence}) + "\n")
    textloom(
        *("embed", "--input", texts, "--output", output, "--id-column", "id", "--model", model),
        *("--long-documents", "truncate", "--max-error-ratio", "0"),
        *(argument for setting in settings for argument in ("--set", setting)),
    )
    vectors: dict[int, list[float]] = {}
    for file in sorted(output.glob("*.parquet")):
        table = pq.ParquetFile(file).read(columns=["id", "embedding"])
        vectors.update(zip(map(int, table.column("id").to_pylist()), table.column("embedding").to_pylist()))
    if len(vectors) != len(sentences):
        raise SystemExit(f"sts: {len(sentences)} sentences have {len(vectors)} vectors; expected one for each")
    return np.array([vectors[number] for number in range(len(sentences))], dtype=np.float32)


def cosines(vectors: np.ndarray) -> np.ndarray:
    """Of the first half of the rows with the second, one by one."""
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    first, second = np.split(unit.astype(np.float64), 2)
    return (first * second).sum(axis=1)


def judge(pairs: list[Pair], model: str, folder: Path) -> Correlation:
    os.environ.update(HF_HUB_OFFLINE="1", HF_HUB_DISABLE_PROGRESS_BARS="1", TRANSFORMERS_VERBOSITY="error")
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.evaluation import EmbeddingSimilarityEvaluator

    path = Path(model)
    if not path.is_dir():
        path = folder / "model"
        textloom("models", "import", model, "--output", path)
    columns = [list(column) for column in zip(*pairs)]
    evaluator = EmbeddingSimilarityEvaluator(*columns, main_similarity="cosine", show_progress_bar=False)
    figures = evaluator(SentenceTransformer(str(path), device="cpu"))
    return Correlation(100 * figures["spearman_cosine"], 100 * figures["pearson_cosine"])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="CSV with the columns sentence1, sentence2, score")
    parser.add_argument("--model", default="all-MiniLM-L6-v2")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--judge", action="store_true", help="sentence-transformers' own figures beside ours")
    parser.add_argument("--limit", type=int, help="the first pairs alone")
    parser.add_argument("--smoke", choices=["true", "false"], default="false", help="a few pairs of its own")
    options = parser.parse_args()
    if options.smoke == "true":
        pairs = [Pair(*pair) for pair in SMOKE]
    elif options.data is None:
        parser.error("--data is missing; name a CSV file, or try --smoke true")
    elif not options.data.is_file():
        parser.error(f"--data is {options.data}, which is no file")
    else:
        pairs = read(options.data)[: options.limit]
    if len(pairs) < 3:
        parser.error(f"{len(pairs)} pairs are too few for a correlation; 3 or more are needed")

    figures: dict[str, Correlation] = {}
    with tempfile.TemporaryDirectory(prefix="textloom-sts-") as scratch:
        sentences = [pair.first for pair in pairs] + [pair.second for pair in pairs]
        vectors = embed(sentences, options.model, options.set, Path(scratch))
        figures["textloom"] = correlation(np.array([pair.score for pair in pairs]), cosines(vectors))
        if options.judge:
            figures["sentence-transformers"] = theirs = judge(pairs, options.model, Path(scratch))
            figures["difference"] = Correlation(*(a - b for a, b in zip(figures["textloom"], theirs)))

    settings = ", ".join(options.set) or "shipped settings"
    print(f"{len(pairs)} pairs, {Path(options.model).name}, {vectors.shape[1]} dimensions, {settings}; times 100")
    print(f"{'':24}{'Spearman':>10}{'Pearson':>10}")
    for name, figure in figures.items():
        sign = "+" if name == "difference" else ""
        print(f"{name:24}{figure.spearman:>{sign}10.3f}{figure.pearson:>{sign}10.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
