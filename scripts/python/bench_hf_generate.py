"""One process of transformers' generate on the CPU for scripts/bench-generate: JSON lines in, Parquet out, figures as JSON.

    python bench_hf_generate.py --model FOLDER --input prompts.jsonl --output DIR [--batch 16] [--order new] [--warm true]
    python bench_hf_generate.py --model FOLDER --input prompts.jsonl --grid 8:input,16:new,32:prompt [--limit 128]
    python bench_hf_generate.py --model FOLDER --onnx model.onnx

The first form makes a cold pass (model loaded in it) and a warm one if asked; the second tries batch sizes and orders;
the third writes the model without a cache, as Spark NLP imports it. Decoding is greedy in static batches, padded on
the left; each batch runs to its longest completion, no token ends one, and only the tokens that each row asks for
count. The figures have the shape of the Java class RunFigures and go to --figures, else to standard output. Imports
and a first Parquet file come before the clock starts, as the start of Spark does for the other engines.
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
    parser.add_argument("--input", type=Path, help="JSON lines with id, text and max_new_tokens")
    parser.add_argument("--output", type=Path, help="directory for one Parquet file")
    parser.add_argument("--figures", type=Path)
    parser.add_argument("--name", default="transformers")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--order", choices=["input", "prompt", "new"], default="new", help="what rows are sorted by")
    parser.add_argument("--grid", default="", help="batch:order pairs to try, with commas between them")
    parser.add_argument("--limit", type=int, default=0, help="the first prompts alone; 0 for all")
    parser.add_argument("--warm", choices=["true", "false"], default="true")
    parser.add_argument("--onnx", type=Path, help="file to write the model to")
    parser.add_argument("--scratch", help="not needed; the other engines take it")
    options = parser.parse_args()
    if options.onnx is None and options.input is None:
        parser.error("--input is missing; only --onnx does without")
    if options.onnx is None and not options.grid and options.output is None:
        parser.error("--output is missing; only --grid and --onnx do without")
    return options


OPTIONS = arguments()
# Read when the libraries load: as many threads as the other engines have, for the tokenizer too, and no network.
os.environ.update(
    OMP_NUM_THREADS=str(OPTIONS.threads),
    RAYON_NUM_THREADS=str(OPTIONS.threads),
    TOKENIZERS_PARALLELISM="true",
    HF_HUB_OFFLINE="1",
)

import pyarrow as pa  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402
import torch  # noqa: E402
import transformers  # noqa: E402

torch.set_num_threads(OPTIONS.threads)
pa.set_cpu_count(OPTIONS.threads)
transformers.logging.set_verbosity_error()

ORDERS = {"input": None, "prompt": lambda row: row["tokens"], "new": lambda row: row["max_new_tokens"]}


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


def tokenizer() -> transformers.PreTrainedTokenizerFast:
    return transformers.PreTrainedTokenizerFast(
        tokenizer_file=f"{OPTIONS.model}/tokenizer.json",
        eos_token="<|endoftext|>",
        pad_token="<|endoftext|>",
        padding_side="left",
        clean_up_tokenization_spaces=False,
    )


def load():
    model = transformers.AutoModelForCausalLM.from_pretrained(OPTIONS.model, dtype=torch.float32).eval()
    words = tokenizer()
    model.generation_config.eos_token_id = None
    model.generation_config.pad_token_id = words.pad_token_id
    return words, model


def read() -> list[dict]:
    with OPTIONS.input.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return rows[: OPTIONS.limit or len(rows)]


def write(file: Path, rows: list[dict]) -> None:
    names = ("id", "completion", "n_prompt_tokens", "n_completion_tokens")
    pq.write_table(pa.table({name: [row[name] for row in rows] for name in names}), file)


def batches(rows: list[dict], size: int, order: str) -> list[list[dict]]:
    key = ORDERS[order]
    ordered = rows if key is None else sorted(rows, key=key, reverse=True)
    return [ordered[i : i + size] for i in range(0, len(ordered), size)]


@torch.inference_mode()
def complete(loaded, rows: list[dict], size: int, order: str) -> tuple[list[dict], int]:
    """Completions, and how many tokens were decoded for them."""
    words, model = loaded
    done, decoded = [], 0
    for batch in batches(rows, size, order):
        encoded = words([row["text"] for row in batch], padding=True, return_tensors="pt")
        longest = max(row["max_new_tokens"] for row in batch)
        ids = model.generate(
            input_ids=encoded["input_ids"],
            attention_mask=encoded["attention_mask"],
            do_sample=False,
            max_new_tokens=longest,
        )[:, encoded["input_ids"].shape[1] :]
        if ids.shape[1] != longest:
            raise RuntimeError(f"generate made {ids.shape[1]} tokens; expected {longest}")
        decoded += ids.numel()
        for row, made, length in zip(batch, ids.tolist(), encoded["attention_mask"].sum(dim=1).tolist()):
            text = words.decode(made[: row["max_new_tokens"]])
            done.append(
                {
                    "id": row["id"],
                    "completion": text,
                    "n_prompt_tokens": length,
                    "n_completion_tokens": row["max_new_tokens"],
                }
            )
    return done, decoded


def timed(clock: Clock, loaded, name: str) -> dict:
    rows = clock.phase("read", read)
    done, decoded = clock.phase("generate", lambda: complete(loaded, rows, OPTIONS.batch, OPTIONS.order))
    clock.phase("write", lambda: write(OPTIONS.output / "part-0.parquet", done))
    return clock.figures(
        name,
        promptTokens=sum(row["n_prompt_tokens"] for row in done),
        completionTokens=sum(row["n_completion_tokens"] for row in done),
        decodedTokens=decoded,
    )


def runs() -> list[dict]:
    OPTIONS.output.mkdir(parents=True, exist_ok=True)
    warm_up = {"id": "warm-up", "completion": "", "n_prompt_tokens": 1, "n_completion_tokens": 1}
    write(OPTIONS.output / "part-0.parquet", [warm_up])
    clock = Clock()
    loaded = clock.phase("load", load)
    passes = [timed(clock, loaded, "cold")]
    if OPTIONS.warm == "true":
        passes.append(timed(Clock(), loaded, "warm"))
    return passes


def grid() -> list[dict]:
    rows = read()
    loaded = load()
    complete(loaded, rows[:4], 4, "input")
    passes = []
    for cell in OPTIONS.grid.split(","):
        size, order = cell.split(":")
        clock = Clock()
        done, decoded = clock.phase("generate", lambda: complete(loaded, rows, int(size), order))
        made = sum(row["n_completion_tokens"] for row in done)
        passes.append(clock.figures(cell, completionTokens=made, decodedTokens=decoded))
        print(cell, json.dumps(passes[-1]), file=sys.stderr, flush=True)
    return passes


def export() -> None:
    """Logits of every position from input_ids, attention_mask and position_ids, without keys and values of before."""

    class Whole(torch.nn.Module):
        def __init__(self, model) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids, attention_mask, position_ids):
            inputs = {"input_ids": input_ids, "attention_mask": attention_mask, "position_ids": position_ids}
            return self.model(**inputs, use_cache=False).logits

    model = transformers.AutoModelForCausalLM.from_pretrained(OPTIONS.model, attn_implementation="eager").eval()
    ids = torch.arange(14).reshape(2, 7)
    positions = torch.arange(7).repeat(2, 1)
    names = ["input_ids", "attention_mask", "position_ids"]
    torch.onnx.export(
        Whole(model),
        (ids, torch.ones_like(ids), positions),
        str(OPTIONS.onnx),
        input_names=names,
        output_names=["logits"],
        dynamic_axes={name: {0: "rows", 1: "tokens"} for name in [*names, "logits"]},
        opset_version=17,
        dynamo=False,
    )


def main() -> int:
    if OPTIONS.onnx is not None:
        export()
        return 0
    passes = grid() if OPTIONS.grid else runs()
    figures = {
        "engine": OPTIONS.name,
        "settings": {
            "batchSize": OPTIONS.grid or str(OPTIONS.batch),
            "dtype": "float32",
            "order": OPTIONS.order,
            "threads": str(OPTIONS.threads),
        },
        "versions": {
            "python": platform.python_version(),
            "torch": torch.__version__,
            "transformers": transformers.__version__,
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
