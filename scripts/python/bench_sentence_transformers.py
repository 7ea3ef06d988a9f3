"""One process of sentence-transformers on the CPU for scripts/bench-embed: JSON lines in, Parquet out, figures as JSON.

    python bench_sentence_transformers.py --model FOLDER --input texts.jsonl --output DIR [--batch 32] [--warm true]
    python bench_sentence_transformers.py --model FOLDER --input texts.jsonl --batches 8,16,32 --limit 500

The first form makes a cold pass (model loaded in it) and a warm one if asked; the second tries batch sizes on the first
texts. encode() sorts by length and pads each batch to its longest. The figures have the shape of the Java class
RunFigures and go to --figures, else to standard output. Imports and a first Parquet file come before the clock starts,
as the start of Spark does for the other engines.
"""

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", required=True, help="folder in Hugging Face layout")
    parser.add_argument("--input", type=Path, required=True, help="JSON lines with id and text")
    parser.add_argument("--output", type=Path, help="directory for one Parquet file")
    parser.add_argument("--figures", type=Path)
    parser.add_argument("--name", default="sentence-transformers")
    parser.add_argument("--dtype", choices=["float32", "bfloat16"], default="float32")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--max-tokens", type=int, default=256)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--batches", default="", help="sizes to try, with commas between them")
    parser.add_argument("--limit", type=int, default=0, help="texts that --batches takes; 0 for all")
    parser.add_argument("--rounds", type=int, default=1, help="through --batches")
    parser.add_argument("--warm", choices=["true", "false"], default="true")
    parser.add_argument("--scratch", help="not needed; the other engines take it")
    options = parser.parse_args()
    if not options.batches and options.output is None:
        parser.error("--output is missing; only --batches does without")
    return options


OPTIONS = arguments()
# Read when the libraries load: as many threads as the other engines have, for the tokenizer too, and no network.
os.environ.update(
    OMP_NUM_THREADS=str(OPTIONS.threads),
    RAYON_NUM_THREADS=str(OPTIONS.threads),
    TOKENIZERS_PARALLELISM="true",
    HF_HUB_OFFLINE="1",
)

import numpy as np  # noqa: E402
import pyarrow as pa  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402
import sentence_transformers  # noqa: E402
import torch  # noqa: E402

torch.set_num_threads(OPTIONS.threads)
pa.set_cpu_count(OPTIONS.threads)


class Counting(sentence_transformers.SentenceTransformer):
    """Notes the length of every text and what padding adds: encode() tells neither."""

    def start(self) -> None:
        self.lengths: dict[str, int] = {}
        self.padded = 0

    def preprocess(self, inputs, *others, **named):
        features = super().preprocess(inputs, *others, **named)
        mask = features["attention_mask"]
        self.lengths.update(zip(inputs, mask.sum(dim=1).tolist()))
        self.padded += mask.numel()
        return features


def machine_seconds() -> float:
    """CPU time of all processes: user, nice, system, irq, softirq and steal of /proc/stat."""
    fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()
    return sum(int(fields[i]) for i in (1, 2, 3, 6, 7, 8)) / os.sysconf("SC_CLK_TCK")


def peak_resident_bytes() -> int:
    status = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM:"))


class Clock:
    """A pass and its phases, as the Java class Pass writes them."""

    def __init__(self) -> None:
        self.phases: list[dict] = []
        self.start = self.now()

    @staticmethod
    def now() -> tuple[float, float, float]:
        return time.perf_counter(), time.process_time(), machine_seconds()

    def phase(self, name: str, work: Callable):
        start = time.perf_counter()
        result = work()
        seconds = time.perf_counter() - start
        self.phases.append({"name": name, "tasks": 1, "wallSeconds": seconds, "taskSeconds": seconds})
        return result

    def figures(self, name: str, **details: float) -> dict:
        wall, cpu, machine = (now - start for now, start in zip(self.now(), self.start))
        return {
            "name": name,
            "wallSeconds": wall,
            "cpuSeconds": cpu,
            "otherCpuSeconds": max(0.0, machine - cpu),
            "stages": self.phases,
            "details": {key: float(value) for key, value in details.items()},
        }


def load() -> Counting:
    model = Counting(OPTIONS.model, device="cpu", model_kwargs={"dtype": getattr(torch, OPTIONS.dtype)})
    model.max_seq_length = OPTIONS.max_tokens
    return model


def read() -> tuple[list[str], list[str]]:
    with OPTIONS.input.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [row["id"] for row in rows], [row["text"] for row in rows]


def write(file: Path, ids: list[str], vectors: np.ndarray, tokens: list[int]) -> None:
    rows, width = vectors.shape
    offsets = np.arange(0, (rows + 1) * width, width, dtype=np.int32)
    embedding = pa.ListArray.from_arrays(offsets, vectors.astype(np.float32, copy=False).ravel())
    columns = {"id": ids, "embedding": embedding, "n_tokens": pa.array(tokens, pa.int32())}
    pq.write_table(pa.table(columns), file)


def embed(clock: Clock, model: Counting, name: str) -> dict:
    ids, texts = clock.phase("read", read)
    model.start()
    vectors = clock.phase("encode", lambda: model.encode(texts, batch_size=OPTIONS.batch, show_progress_bar=False))
    tokens = [model.lengths[text] for text in texts]
    clock.phase("write", lambda: write(OPTIONS.output / "part-0.parquet", ids, vectors, tokens))
    return clock.figures(name, tokens=sum(tokens), paddedTokens=model.padded)


def runs() -> list[dict]:
    OPTIONS.output.mkdir(parents=True, exist_ok=True)
    write(OPTIONS.output / "part-0.parquet", ["warm-up"], np.zeros((1, 8), np.float32), [1])
    clock = Clock()
    model = clock.phase("load", load)
    passes = [embed(clock, model, "cold")]
    if OPTIONS.warm == "true":
        passes.append(embed(Clock(), model, "warm"))
    return passes


def grid() -> list[dict]:
    texts = read()[1]
    texts = texts[: OPTIONS.limit or len(texts)]
    model = load()
    passes = []
    sizes = [int(size) for size in OPTIONS.batches.split(",")]
    for size in [sizes[0], *sizes * OPTIONS.rounds]:
        model.start()
        clock = Clock()
        clock.phase("encode", lambda: model.encode(texts, batch_size=size, show_progress_bar=False))
        passes.append(clock.figures(f"batch {size}", batchSize=size, paddedTokens=model.padded))
    return passes[1:]  # the first warms up


def main() -> int:
    passes = grid() if OPTIONS.batches else runs()
    figures = {
        "engine": OPTIONS.name,
        "settings": {
            "batchSize": OPTIONS.batches or str(OPTIONS.batch),
            "dtype": OPTIONS.dtype,
            "maxTokens": str(OPTIONS.max_tokens),
            "sorted": "true",
            "threads": str(OPTIONS.threads),
        },
        "versions": {
            "python": platform.python_version(),
            "sentence-transformers": sentence_transformers.__version__,
            "torch": torch.__version__,
        },
        "passes": passes,
        "peakResidentBytes": peak_resident_bytes(),
    }
    text = json.dumps(figures, indent=2)
    if OPTIONS.figures is None:
        print(text)
    else:
        OPTIONS.figures.write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
