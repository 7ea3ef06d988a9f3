"""Checks what `textloom score` says of a corpus against transformers: the same windows, computed by torch in float32.

    python check_perplexity.py --output OUT --input FILE.jsonl [--text text] [--id id] --model FOLDER [--limit N] [--recipe]

OUT is an output of the task log-likelihood without a context column; windows, overlap and start token are those of its
manifest. Compares every document's log-probability and token count, and the corpus' perplexity and bits per byte.
--recipe also computes Hugging Face's own sliding window recipe, whose windows have the last token as a target alone.
Exit 1 when the perplexity differs by more than 0.1% or a document has other tokens.
"""

import argparse
import json
import math
import sys
from pathlib import Path
from typing import NamedTuple

import pyarrow.parquet as pq
import torch
import transformers

ALLOWED = 1e-3
MOST_BY_DEFAULT = 2048


class Windows(NamedTuple):
    size: int
    overlap: int
    start: list[int]


def windows(settings: dict[str, str], model, tokenizer) -> Windows:
    limit = min(model.config.max_position_embeddings, tokenizer.model_max_length)
    size = int(settings["score.maxTokens"]) or min(MOST_BY_DEFAULT, limit)
    stride = int(settings["score.stride"])
    spelling = settings["score.startToken"]
    if spelling == "none":
        start = []
    elif spelling == "auto":
        template = tokenizer("")["input_ids"]
        start = template[:1] if template else [tokenizer.bos_token_id] if tokenizer.bos_token_id is not None else []
    else:
        start = [tokenizer.convert_tokens_to_ids(spelling)]
    return Windows(size, size // 2 if stride < 0 else stride, start)


def scored(model, ids: list[int], size: int, overlap: int) -> float:
    """Every token but the first is scored once, in the first window of size inputs that reaches it."""
    total, done, begin = 0.0, 0, 0
    while done < len(ids) - 1:
        window = torch.tensor(ids[begin : begin + size + 1])
        with torch.no_grad():
            logits = model(input_ids=window[None, :-1]).logits[0]
        logprobs = torch.log_softmax(logits, -1).gather(1, window[1:, None])[:, 0]
        new = logprobs[done - begin :].double()
        total += new.sum().item()
        done += len(new)
        begin += size - overlap
    return total


def by_recipe(model, ids: list[int], size: int, overlap: int) -> float:
    """Perplexity of fixed-length models, as transformers documents it: labels of tokens seen before are -100."""
    total, previous = 0.0, 0
    for begin in range(0, len(ids), size - overlap):
        end = min(begin + size, len(ids))
        window = torch.tensor([ids[begin:end]])
        labels = window.clone()
        labels[:, : previous - begin] = -100
        targets = (labels[:, 1:] != -100).sum().item()
        if targets:
            with torch.no_grad():
                total -= model(input_ids=window, labels=labels).loss.double().item() * targets
        previous = end
        if end == len(ids):
            break
    return total


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--input", type=Path, required=True)
    parser.add_argument("--text", default="text")
    parser.add_argument("--id", default="id")
    parser.add_argument("--model", required=True)
    parser.add_argument("--limit", type=int, default=0)
    parser.add_argument("--recipe", action="store_true")
    arguments = parser.parse_args()

    settings = json.loads((arguments.output / "_textloom" / "manifest.json").read_text())["settings"]
    transformers.logging.set_verbosity_error()
    torch.set_num_threads(1)  # on a busy machine two wait for each other most of the time
    tokenizer = transformers.AutoTokenizer.from_pretrained(arguments.model)
    model = transformers.AutoModelForCausalLM.from_pretrained(arguments.model, dtype=torch.float32).eval()
    size, overlap, start = windows(settings, model, tokenizer)
    files = [str(file) for file in sorted(arguments.output.glob("*.parquet"))]
    ours = {row["id"]: row for file in files for row in pq.read_table(file).to_pylist()}

    found, expected, recipe, tokens, size_bytes, worst, wrong = 0.0, 0.0, 0.0, 0, 0, 0.0, 0
    lines = [json.loads(line) for line in arguments.input.open(encoding="utf-8") if line.strip()]
    for line in lines[: arguments.limit or None]:
        row = ours.get(str(line[arguments.id]))
        if row is None:
            continue
        ids = start + tokenizer.encode(line[arguments.text], add_special_tokens=False)
        logprob = scored(model, ids, size, overlap)
        if row["n_tokens"] != len(ids) - 1 or (start and row["n_bytes"] != len(line[arguments.text].encode())):
            wrong += 1
        worst = max(worst, abs(row["logprob"] - logprob) / (len(ids) - 1))
        found, expected, tokens = found + row["logprob"], expected + logprob, tokens + len(ids) - 1
        size_bytes += row["n_bytes"]
        if arguments.recipe:
            recipe += by_recipe(model, ids, size, overlap)
    if not tokens:
        raise SystemExit("check_perplexity: the output has none of the input's documents")

    ppl, theirs = math.exp(-found / tokens), math.exp(-expected / tokens)
    difference = abs(ppl / theirs - 1)
    print(f"windows of {size} tokens, overlap {overlap}, start tokens {start}; {tokens} tokens, {size_bytes} bytes")
    print(f"perplexity     textloom {ppl:.6f}  transformers {theirs:.6f}  difference {100 * difference:.5f}%")
    bits = [-value / math.log(2) / size_bytes for value in (found, expected)]
    print(f"bits per byte  textloom {bits[0]:.6f}  transformers {bits[1]:.6f}")
    print(f"worst document {worst:.2e} nats per token; {wrong} documents with other tokens or bytes")
    if arguments.recipe:
        print(f"Hugging Face's own recipe: perplexity {math.exp(-recipe / tokens):.6f}")
    return int(difference > ALLOWED or wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
