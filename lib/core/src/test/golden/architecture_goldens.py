"""Small models with random weights of every architecture Textloom runs, and what transformers computes with them.

    "$(scripts/python-env)" lib/core/src/test/golden/architecture_goldens.py

Written to ../resources/golden/architectures, one folder each: NAME for an encoder or decoder without a head, NAME-HEAD
for one with a head; config.json and model.safetensors as save_pretrained writes them, and expected.safetensors. Some
config.json are rewritten in the form of transformers 4, which most published folders have (rope_theta beside
rope_scaling, torch_dtype): the arithmetic is the same. Half precision checkpoints are computed in float32.

expected.safetensors, tokens of all rows end to end, each row computed alone, without padding:
  ids                     int32 [tokens]; offsets int32 [rows + 1]; types int32 [tokens] where the model has segments
  hidden.0 .. hidden.L    float32 [tokens, hidden], the embeddings and then every layer, as output_hidden_states
  last                    float32 [tokens, hidden], last_hidden_state
  pooler                  float32 [rows, hidden] where the model has a pooler
  pooled.MODE             float32 [rows, hidden], last_hidden_state pooled by sentence-transformers: mean, cls, max,
                          mean_sqrt_len, last
  notypes.NAME            the same with every type 0
  logits                  float32 [rows, labels] (sequence), [tokens, labels] (token), [tokens, vocabulary] (mlm)
  start, end              float32 [tokens] (qa)
  nsp                     float32 [rows, 2] (next-sentence)

Tolerance: max difference <= 1e-4. Needs no network; two runs write the same bytes.
"""

import json
import os
import shutil
import zlib
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"

import numpy as np
import torch
import transformers
from safetensors.numpy import save as to_safetensors
from sentence_transformers.sentence_transformer.modules import Pooling

GOLDEN = Path(__file__).resolve().parents[1] / "resources" / "golden" / "architectures"
SEED = 20240317
ROW_LENGTHS = (1, 2, 3, 5, 8, 13, 21, 40)
HEAD_ROW_LENGTHS = (1, 2, 5, 13, 40)
POOLINGS = {
    "mean": "mean",
    "cls": "cls",
    "max": "max",
    "mean_sqrt_len": "mean_sqrt_len_tokens",
    "last": "lasttoken",
}
LABELS = {
    "sequence": ["negative", "neutral", "positive"],
    "token": ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"],
    "multilabel": ["politics", "sports", "science", "arts"],
    "regression": ["similarity"],
}


@dataclass(frozen=True)
class Folder:
    """One folder: prefix + suffix is the class saved, computed with read (default: the same)."""

    name: str
    prefix: str
    suffix: str = "Model"
    read: str = ""
    config: dict = field(default_factory=dict)
    dtype: torch.dtype = torch.float32
    form: int = 5


BERT = dict(
    vocab_size=64,
    hidden_size=32,
    num_hidden_layers=3,
    num_attention_heads=4,
    intermediate_size=48,
    max_position_embeddings=48,
)
ROBERTA = BERT | dict(max_position_embeddings=50, type_vocab_size=1, layer_norm_eps=1e-5)
DISTILBERT = dict(vocab_size=64, dim=32, n_layers=3, n_heads=4, hidden_dim=48, max_position_embeddings=48)
MPNET = BERT | dict(max_position_embeddings=50)
MODERNBERT = BERT | dict(
    local_attention=8,
    global_attn_every_n_layers=2,
    pad_token_id=0,
    bos_token_id=1,
    cls_token_id=1,
    eos_token_id=2,
    sep_token_id=2,
)
GPT2 = dict(vocab_size=64, n_embd=32, n_layer=3, n_head=4, n_inner=48, n_positions=48, bos_token_id=0, eos_token_id=0)
LLAMA = BERT | dict(num_key_value_heads=2, rms_norm_eps=1e-5, pad_token_id=None)
QWEN = LLAMA | dict(rms_norm_eps=1e-6, rope_parameters={"rope_type": "default", "rope_theta": 1_000_000.0})
GPT_NEO = dict(
    vocab_size=64,
    hidden_size=32,
    num_layers=3,
    num_heads=4,
    intermediate_size=48,
    max_position_embeddings=48,
    window_size=8,
    attention_types=[[["global", "local", "global"], 1]],
    bos_token_id=0,
    eos_token_id=0,
)
OPENAI_GPT = dict(vocab_size=64, n_embd=32, n_layer=3, n_head=4, n_positions=48)
# One frequency is kept, two are blended, one is divided by the factor.
LLAMA3_ROPE = dict(
    rope_type="llama3",
    rope_theta=20.0,
    factor=8.0,
    low_freq_factor=1.0,
    high_freq_factor=4.0,
    original_max_position_embeddings=32,
)

BASES = [
    Folder("bert", "Bert", config=BERT),
    Folder("roberta", "Roberta", config=ROBERTA),
    Folder("xlm-roberta", "XLMRoberta", config=ROBERTA),
    Folder("distilbert", "DistilBert", config=DISTILBERT),
    Folder("mpnet", "MPNet", config=MPNET),
    Folder("modernbert", "ModernBert", config=MODERNBERT),
    Folder("gpt2", "GPT2", config=GPT2),
    Folder("llama", "Llama", config=LLAMA),
    Folder("mistral", "Mistral", config=LLAMA | dict(sliding_window=8), form=4),
    Folder("qwen2", "Qwen2", config=QWEN, form=4),
    # As in Qwen3's small models the heads together are wider than the hidden size.
    Folder("qwen3", "Qwen3", config=QWEN | dict(head_dim=12)),
    Folder("gpt-neo", "GPTNeo", config=GPT_NEO),
    Folder("openai-gpt", "OpenAIGPT", config=OPENAI_GPT),
    Folder("bert-gelu-new", "Bert", config=BERT | dict(num_hidden_layers=1, hidden_act="gelu_new")),
    Folder("bert-float16", "Bert", config=BERT | dict(num_hidden_layers=2), dtype=torch.float16),
    Folder(
        "bert-prefixed",
        "Bert",
        "ForSequenceClassification",
        read="Model",
        config=BERT | dict(num_hidden_layers=1),
    ),
    Folder("llama-bfloat16", "Llama", config=LLAMA | dict(num_hidden_layers=2), dtype=torch.bfloat16),
    Folder(
        "llama-rope-llama3", "Llama", config=LLAMA | dict(num_hidden_layers=2, rope_parameters=LLAMA3_ROPE), form=4
    ),
    # The switches that most published models leave off.
    Folder(
        "modernbert-biases",
        "ModernBert",
        config=MODERNBERT | dict(norm_bias=True, attention_bias=True, mlp_bias=True),
        form=4,
    ),
    Folder(
        "llama-biases",
        "Llama",
        config=LLAMA
        | dict(
            num_hidden_layers=2,
            attention_bias=True,
            mlp_bias=True,
            rope_parameters=dict(rope_type="linear", rope_theta=500.0, factor=4.0),
        ),
    ),
    Folder("llama-bidirectional", "Llama", config=LLAMA | dict(num_hidden_layers=2, is_causal=False)),
    Folder(
        "qwen2-window",
        "Qwen2",
        config=QWEN | dict(use_sliding_window=True, sliding_window=6, max_window_layers=1),
        form=4,
    ),
]

SMALL = dict(
    vocab_size=32,
    hidden_size=16,
    num_hidden_layers=2,
    num_attention_heads=2,
    intermediate_size=24,
    max_position_embeddings=48,
)
SMALL_DISTILBERT = dict(vocab_size=32, dim=16, n_layers=2, n_heads=2, hidden_dim=24, max_position_embeddings=48)
SMALL_GPT2 = GPT2 | dict(vocab_size=32, n_embd=16, n_layer=2, n_head=2, n_inner=24)
SMALL_GQA = SMALL | dict(num_key_value_heads=1)
FAMILIES = [
    ("bert", "Bert", SMALL, ("sequence", "token", "qa", "mlm")),
    ("roberta", "Roberta", ROBERTA | SMALL | dict(max_position_embeddings=50), ("sequence", "token", "qa", "mlm")),
    ("xlm-roberta", "XLMRoberta", ROBERTA | SMALL | dict(max_position_embeddings=50), ("sequence", "token")),
    ("distilbert", "DistilBert", SMALL_DISTILBERT, ("sequence", "token", "qa", "mlm")),
    ("mpnet", "MPNet", SMALL | dict(max_position_embeddings=50), ("sequence", "token", "qa", "mlm")),
    ("modernbert", "ModernBert", MODERNBERT | SMALL | dict(num_hidden_layers=3), ("sequence", "token", "qa", "mlm")),
    ("gpt2", "GPT2", SMALL_GPT2, ("sequence",)),
    ("llama", "Llama", LLAMA | SMALL_GQA, ("sequence",)),
    ("qwen2", "Qwen2", QWEN | SMALL_GQA, ("sequence",)),
    ("qwen3", "Qwen3", QWEN | SMALL_GQA | dict(head_dim=8), ("sequence",)),
]
SUFFIXES = {
    "sequence": "ForSequenceClassification",
    "token": "ForTokenClassification",
    "qa": "ForQuestionAnswering",
    "mlm": "ForMaskedLM",
}


def labelled(config: dict, head: str) -> dict:
    """The configuration with the head's labels, where it has some."""
    if head not in LABELS:
        return config
    return config | dict(
        id2label=dict(enumerate(LABELS[head])), label2id={label: number for number, label in enumerate(LABELS[head])}
    )


HEADS = [
    Folder(f"{name}-{head}", prefix, SUFFIXES[head], config=labelled(config, head))
    for name, prefix, config, heads in FAMILIES
    for head in heads
] + [
    Folder(
        "bert-multilabel",
        "Bert",
        SUFFIXES["sequence"],
        config=labelled(SMALL | dict(problem_type="multi_label_classification"), "multilabel"),
    ),
    Folder(
        "bert-regression",
        "Bert",
        SUFFIXES["sequence"],
        config=labelled(SMALL | dict(problem_type="regression"), "regression"),
    ),
    Folder("bert-next-sentence", "Bert", "ForPreTraining", config=SMALL),
    Folder(
        "modernbert-sequence-mean",
        "ModernBert",
        SUFFIXES["sequence"],
        config=labelled(MODERNBERT | SMALL | dict(num_hidden_layers=3, classifier_pooling="mean"), "sequence"),
        form=4,
    ),
]


def randomize(model: torch.nn.Module, seed: int) -> None:
    """Every bias and every norm counts: gains around 1, nothing left at 0, activations of about the same size."""
    generator = torch.Generator().manual_seed(seed)
    of_matrices = 0.2 * (32 / model.config.hidden_size) ** 0.5
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator) * (0.2 if parameter.dim() == 1 else of_matrices)
            is_gain = parameter.dim() == 1 and name.endswith("weight")
            parameter.copy_(1 + noise if is_gain else noise)


def as_published(config: dict) -> dict:
    """The same config.json as transformers 4 wrote it."""
    config = dict(config)
    rope = config.pop("rope_parameters", None)
    if config["model_type"] == "modernbert":
        kinds = config.pop("layer_types")
        config["global_attn_every_n_layers"] = kinds.index("full_attention", 1)
        config["global_rope_theta"] = rope["full_attention"]["rope_theta"]
        config["local_rope_theta"] = rope["sliding_attention"]["rope_theta"]
    elif rope is not None:
        rope = dict(rope)
        config["rope_theta"] = rope.pop("rope_theta")
        config["rope_scaling"] = None if rope["rope_type"] == "default" else rope
        config.pop("layer_types", None)
    config["torch_dtype"] = config.pop("dtype")
    config["transformers_version"] = "4.48.0"
    return dict(sorted(config.items()))


def save(folder: Folder, seed: int) -> Path:
    model_class = getattr(transformers, folder.prefix + folder.suffix)
    model = model_class(model_class.config_class(**folder.config))
    randomize(model, seed)
    directory = GOLDEN / folder.name
    shutil.rmtree(directory, ignore_errors=True)
    model.to(folder.dtype).save_pretrained(directory)
    (directory / "generation_config.json").unlink(missing_ok=True)
    if folder.form == 4:
        file = directory / "config.json"
        config = as_published(json.loads(file.read_text(encoding="utf-8")))
        file.write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    return directory


def load(folder: Folder, directory: Path, attention: str) -> torch.nn.Module:
    model_class = getattr(transformers, folder.prefix + (folder.read or folder.suffix))
    model, report = model_class.from_pretrained(
        directory, dtype=torch.float32, attn_implementation=attention, output_loading_info=True
    )
    if report["missing_keys"] or report["mismatched_keys"]:
        raise ValueError(f"{folder.name} does not load: {report}")
    return model.eval()


def rows(config: transformers.PreTrainedConfig, lengths: tuple[int, ...], seed: int) -> list[np.ndarray]:
    random = np.random.default_rng(seed)
    allowed = [token for token in range(config.vocab_size) if token != config.pad_token_id]
    return [random.choice(allowed, length).astype(np.int32) for length in lengths]


def segments(ids: list[np.ndarray]) -> list[np.ndarray]:
    """Every second row is two segments."""
    types = [np.zeros_like(row) for row in ids]
    for row in types[1::2]:
        row[(len(row) + 1) // 2 :] = 1
    return types


def outputs(model: torch.nn.Module, ids: list[np.ndarray], types: list[np.ndarray] | None, hidden: bool) -> dict:
    """What the model gives for every row alone, rows end to end."""
    found: dict[str, list[torch.Tensor]] = {}
    with torch.no_grad():
        for number, row in enumerate(ids):
            inputs = {"input_ids": torch.from_numpy(row).long()[None]}
            inputs["attention_mask"] = torch.ones_like(inputs["input_ids"])
            if types is not None:
                inputs["token_type_ids"] = torch.from_numpy(types[number]).long()[None]
            result = model(**inputs, output_hidden_states=hidden)
            values = {}
            if hidden:
                values |= {f"hidden.{layer}": state[0] for layer, state in enumerate(result.hidden_states)}
                values["last"] = result.last_hidden_state[0]
                for name, mode in POOLINGS.items():
                    features = {
                        "token_embeddings": result.last_hidden_state,
                        "attention_mask": inputs["attention_mask"],
                    }
                    pooling = Pooling(result.last_hidden_state.shape[-1], mode)
                    values[f"pooled.{name}"] = pooling(features)["sentence_embedding"]
                if result.get("pooler_output") is not None:
                    values["pooler"] = result.pooler_output
            elif "start_logits" in result:
                values |= {"start": result.start_logits[0], "end": result.end_logits[0]}
            elif "seq_relationship_logits" in result:
                values |= {"nsp": result.seq_relationship_logits, "logits": result.prediction_logits[0]}
            else:
                values["logits"] = result.logits if result.logits.dim() == 2 else result.logits[0]
            for name, value in values.items():
                found.setdefault(name, []).append(value)
    return {name: torch.cat(parts).numpy().astype(np.float32) for name, parts in found.items()}


def expectations(folder: Folder, model: torch.nn.Module, seed: int) -> dict[str, np.ndarray]:
    hidden = (folder.read or folder.suffix) == "Model"
    ids = rows(model.config, ROW_LENGTHS if hidden else HEAD_ROW_LENGTHS, seed)
    types = segments(ids) if folder.prefix == "Bert" else None
    expected = outputs(model, ids, types, hidden)
    if types is not None and folder.name == "bert":
        plain = outputs(model, ids, [np.zeros_like(row) for row in types], hidden)
        expected |= {f"notypes.{name}": value for name, value in plain.items() if not name.startswith("pooled.")}
    expected["ids"] = np.concatenate(ids)
    expected["offsets"] = np.cumsum([0] + [len(row) for row in ids]).astype(np.int32)
    if types is not None:
        expected["types"] = np.concatenate(types)
    return expected


def save_expected(expected: dict[str, np.ndarray], file: Path, metadata: dict[str, str]) -> None:
    """The library writes metadata in an order of chance; here it is sorted, so that two runs write the same bytes."""
    data = to_safetensors(dict(sorted(expected.items())), metadata=metadata)
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    header["__metadata__"] = dict(sorted(metadata.items()))
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    file.write_bytes(len(text).to_bytes(8, "little") + text + data[8 + length :])


def write(folder: Folder) -> None:
    seed = SEED + zlib.crc32(folder.name.encode())
    directory = save(folder, seed)
    expected = expectations(folder, load(folder, directory, "eager"), seed)
    try:
        other = expectations(folder, load(folder, directory, "sdpa"), seed)
    except ValueError as unsupported:
        if "scaled_dot_product_attention" not in str(unsupported):
            raise
        other = {}
    for name, value in other.items():
        if np.abs(value - expected[name]).max() > 1e-5:
            raise ValueError(f"{folder.name}: eager and sdpa attention differ in {name}")
    for name, value in expected.items():
        if not np.isfinite(value).all() or (value.dtype == np.float32 and value.std() < 0.01):
            raise ValueError(f"{folder.name}: {name} is not finite or not alive")
    metadata = {
        "generator": "lib/core/src/test/golden/architecture_goldens.py",
        "model": f"{folder.prefix}{folder.read or folder.suffix} with random weights",
        "attention": "eager",
        "dtype": "float32",
        "tolerance": "max difference <= 1e-4",
        "seed": str(seed),
    }
    for library in ("transformers", "sentence-transformers", "torch", "numpy", "safetensors"):
        metadata[library] = version(library)
    save_expected(expected, directory / "expected.safetensors", metadata)
    size = sum(file.stat().st_size for file in directory.iterdir())
    print(f"{folder.name}: {size // 1024} kB, {sorted(expected)}")


def main() -> None:
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    shutil.rmtree(GOLDEN, ignore_errors=True)
    for folder in BASES + HEADS:
        write(folder)


if __name__ == "__main__":
    main()
