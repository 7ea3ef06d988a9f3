"""What transformers says of the likelihood of texts: small random decoders of every architecture, and storyteller.

    "$(scripts/python-env)" lib/core/src/test/golden/score_goldens.py

Written to ../resources/golden/score. One folder for each decoder: config.json and model.safetensors as save_pretrained
writes them, and expected.safetensors, tokens of all rows end to end, each row computed alone:
  ids        int32 [tokens]; offsets int32 [rows + 1]
  logprobs   float32 [tokens], of each token after those before it; 0 for a row's first
  margins    float32 [tokens], these less the likeliest token's; 0 for a row's first

storyteller.jsonl, a first line about itself and then one JSON object a line, by "kind":
  text       text, maxTokens, stride (overlap of windows), startToken → ids, logprobs
  context    context, text → the same, the context not scored; parted as lm-evaluation-harness does
  choices    text, choices → logprobs and nTokens of each, after the text and (aloneLogprobs) after pmiContext

Tolerance: 1e-4 for each number (sums of long texts: 1e-4 for each of their tokens). Needs no network; two runs write the same bytes.
"""

import json
import shutil
import zlib
from importlib.metadata import version
from pathlib import Path

import architecture_goldens as architectures
import numpy as np
import torch
import transformers
from architecture_goldens import GPT2, GPT_NEO, LLAMA, LLAMA3_ROPE, OPENAI_GPT, QWEN, Folder

GOLDEN = Path(__file__).resolve().parents[1] / "resources" / "golden" / "score"
STORYTELLER = Path(__file__).resolve().parents[5] / "models" / "storyteller"
SEED = 20261122
ROW_LENGTHS = (2, 3, 5, 8, 13, 21, 40)

DECODERS = [
    Folder("gpt2", "GPT2", "LMHeadModel", config=GPT2),
    Folder("gpt2-untied", "GPT2", "LMHeadModel", config=GPT2 | dict(tie_word_embeddings=False)),
    Folder("openai-gpt", "OpenAIGPT", "LMHeadModel", config=OPENAI_GPT),
    Folder("gpt-neo", "GPTNeo", "ForCausalLM", config=GPT_NEO),
    Folder("llama", "Llama", "ForCausalLM", config=LLAMA),
    Folder("llama-tied", "Llama", "ForCausalLM", config=LLAMA | dict(tie_word_embeddings=True)),
    Folder("llama-bfloat16", "Llama", "ForCausalLM", config=LLAMA | dict(num_hidden_layers=2), dtype=torch.bfloat16),
    Folder("llama-rope-llama3", "Llama", "ForCausalLM", config=LLAMA | dict(rope_parameters=LLAMA3_ROPE), form=4),
    Folder("mistral", "Mistral", "ForCausalLM", config=LLAMA | dict(sliding_window=8), form=4),
    Folder("qwen2", "Qwen2", "ForCausalLM", config=QWEN | dict(tie_word_embeddings=True), form=4),
    Folder("qwen3", "Qwen3", "ForCausalLM", config=QWEN | dict(head_dim=12)),
]

TEXTS = [
    "Once upon a time there was a poor woodcutter who had three sons.",
    "The king",
    "x",
    'He said: "I will not go — not for all the gold in the world!" 😀 龍',
    "  two blanks before,\n\nand a line between.\n",
]
LONG = (
    "The princess looked at the old man, and the old man looked at the princess, and neither of them said a word. "
    "Then the door opened, and the wind came in, and with the wind came the fox. "
) * 6
CONTEXTS = [
    ("Once upon a time there was", " a king who had a daughter."),
    ("Once upon a time there was ", "a king who had a daughter."),
    ("The fo", "x ran away."),
    ("", "The fox ran away."),
    (" \n ", "The fox ran away."),
    ("A line.\n", "Another line."),
]
PMI_CONTEXT = "Answer:"
CHOICES = [
    ("The opposite of good is", ["bad", "evil", "wicked and cruel", "good"]),
    ("She was very", ["happy", "happy indeed", "happy indeed and glad"]),
    ("The fox said: ", ["yes", "no"]),
    ("The fox said:\n", ["Yes!", " No!"]),
]


def decoder(folder: Folder) -> None:
    seed = SEED + zlib.crc32(folder.name.encode())
    directory = architectures.save(folder, seed)
    expected = likelihoods(architectures.load(folder, directory, "eager"), seed)
    eager_only = folder.prefix in ("OpenAIGPT", "GPTNeo")  # as transformers has them
    other = expected if eager_only else likelihoods(architectures.load(folder, directory, "sdpa"), seed)
    for name, value in expected.items():
        if np.abs(value - other[name]).max() > 1e-4 or not np.isfinite(value).all():
            raise ValueError(f"{folder.name}: eager and sdpa attention differ in {name}")
    metadata = {
        "generator": "lib/core/src/test/golden/score_goldens.py",
        "model": f"{folder.prefix}{folder.suffix} with random weights",
        "dtype": "float32",
        "tolerance": "max difference <= 1e-4",
        "seed": str(seed),
    } | versions()
    architectures.save_expected(expected, directory / "expected.safetensors", metadata)


def versions() -> dict[str, str]:
    return {library: version(library) for library in ("transformers", "torch", "numpy", "safetensors", "tokenizers")}


def likelihoods(model: torch.nn.Module, seed: int) -> dict[str, np.ndarray]:
    ids = architectures.rows(model.config, ROW_LENGTHS, seed)
    logprobs, margins = [], []
    for row in ids:
        found, margin = after(model, row.tolist())
        logprobs += [0.0] + found
        margins += [0.0] + margin
    return {
        "ids": np.concatenate(ids),
        "offsets": np.cumsum([0] + [len(row) for row in ids]).astype(np.int32),
        "logprobs": np.array(logprobs, np.float32),
        "margins": np.array(margins, np.float32),
    }


def after(model: torch.nn.Module, ids: list[int]) -> tuple[list[float], list[float]]:
    """Of every token but the first: its log-probability after those before it, and how far that is from the best."""
    with torch.no_grad():
        logits = model(input_ids=torch.tensor([ids[:-1]])).logits[0]
    all_of_them = torch.log_softmax(logits.double(), -1)
    found = all_of_them.gather(1, torch.tensor(ids[1:])[:, None])[:, 0]
    return found.tolist(), (found - all_of_them.max(-1).values).tolist()


def windowed(model: torch.nn.Module, ids: list[int], size: int, overlap: int) -> list[float]:
    """Of every token but the first, in the first window that reaches it: windows of size inputs that move on by size - overlap."""
    found: list[float] = []
    begin = 0
    while len(found) < len(ids) - 1:
        window = ids[begin : begin + size + 1]
        logprobs, _ = after(model, window)
        found += logprobs[len(found) - begin :]
        begin += size - overlap
    return found


def pair(tokenizer, context: str, continuation: str) -> tuple[list[int], list[int]]:
    """As lm-evaluation-harness: blanks at the context's end go over to the continuation; both are encoded as one."""
    blanks = len(context) - len(context.rstrip())
    if blanks:
        continuation = context[-blanks:] + continuation
        context = context[:-blanks]
    whole = encode(tokenizer, context + continuation)
    border = len(encode(tokenizer, context))
    return [0] + whole[:border], whole[border:]


def encode(tokenizer, text: str) -> list[int]:
    return tokenizer.encode(text, add_special_tokens=False)


def continued(model, tokenizer, context: str, continuation: str) -> tuple[list[int], list[float]]:
    before, ids = pair(tokenizer, context, continuation)
    logprobs, _ = after(model, before + ids)
    return ids, logprobs[len(before) - 1 :]


def storyteller() -> None:
    tokenizer = transformers.AutoTokenizer.from_pretrained(STORYTELLER)
    model = transformers.AutoModelForCausalLM.from_pretrained(STORYTELLER, dtype=torch.float32).eval()
    lines = [{"generator": "lib/core/src/test/golden/score_goldens.py", "tolerance": 1e-4} | versions()]
    for text in TEXTS:
        ids = encode(tokenizer, text)
        if len(ids) > 1:
            lines.append(text_line(text, 512, 0, "none", ids[1:], windowed(model, ids, 512, 0)))
        lines.append(text_line(text, 512, 0, "auto", ids, windowed(model, [0] + ids, 512, 0)))
    ids = encode(tokenizer, LONG)
    for size, overlap in ((64, 32), (64, 0), (64, 63), (50, 7), (len(ids), 5), (len(ids) - 1, 5)):
        lines.append(text_line(LONG, size, overlap, "auto", ids, windowed(model, [0] + ids, size, overlap)))
    for context, text in CONTEXTS:
        ids, logprobs = continued(model, tokenizer, context, text)
        lines.append({"kind": "context", "context": context, "text": text, "ids": ids, "logprobs": logprobs})
    for text, choices in CHOICES:
        line = {"kind": "choices", "text": text, "choices": choices, "pmiContext": PMI_CONTEXT}
        line |= {"logprobs": [], "nTokens": [], "aloneLogprobs": []}
        for choice in choices:
            blank = "" if text[-1].isspace() or choice[0].isspace() else " "
            ids, logprobs = continued(model, tokenizer, text, blank + choice)
            _, alone = continued(model, tokenizer, PMI_CONTEXT, ("" if choice[0].isspace() else " ") + choice)
            line["logprobs"].append(sum(logprobs))
            line["nTokens"].append(len(ids))
            line["aloneLogprobs"].append(sum(alone))
        lines.append(line)
    text = "".join(json.dumps(rounded(line), ensure_ascii=False) + "\n" for line in lines)
    (GOLDEN / "storyteller.jsonl").write_text(text, encoding="utf-8")


def text_line(text: str, size: int, overlap: int, start: str, ids: list[int], logprobs: list[float]) -> dict:
    if len(ids) != len(logprobs):
        raise ValueError(f"{len(ids)} tokens, {len(logprobs)} log-probabilities")
    return {
        "kind": "text",
        "text": text,
        "maxTokens": size,
        "stride": overlap,
        "startToken": start,
        "ids": ids,
        "logprobs": logprobs,
    }


def rounded(value):
    """Six digits after the point: enough for the tolerance, and the same bytes in two runs."""
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, list):
        return [rounded(one) for one in value]
    if isinstance(value, dict):
        return {key: rounded(one) for key, one in value.items()}
    return value


def main() -> None:
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    shutil.rmtree(GOLDEN, ignore_errors=True)
    GOLDEN.mkdir(parents=True)
    architectures.GOLDEN = GOLDEN
    for folder in DECODERS:
        decoder(folder)
    storyteller()
    size = sum(file.stat().st_size for file in GOLDEN.rglob("*") if file.is_file())
    print(f"{len(DECODERS)} decoders and storyteller, {size // 1024} kB")


if __name__ == "__main__":
    main()
