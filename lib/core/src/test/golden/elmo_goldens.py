"""A small ELMo with random weights, and what torch.nn.LSTM computes with them.

    "$(scripts/python-env)" lib/core/src/test/golden/elmo_goldens.py

Written to ../resources/golden/elmo: config.json and model.safetensors as `textloom train elmo` writes them, and
expected.safetensors, tokens of all rows end to end, each row computed alone, without padding:
  ids                     int32 [tokens]; offsets int32 [rows + 1]
  hidden.0 .. hidden.3    float32 [tokens, hidden]: embeddings, two layers, the mix

Tolerance: max difference <= 1e-5. Needs no network; two runs write the same bytes.
"""

import json
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save

ROOT = Path(__file__).resolve().parents[5]
sys.path.insert(0, str(ROOT / "scripts" / "python"))
from check_elmo import Elmo

GOLDEN = Path(__file__).resolve().parents[1] / "resources" / "golden" / "elmo"
SEED = 20261122
ROW_LENGTHS = (1, 2, 3, 5, 8, 13, 21, 40)
WIDTH, VOCABULARY, LAYERS = 6, 23, 2


def write(tensors, file, metadata):
    """The library writes metadata in an order of chance; here it is sorted, so that two runs write the same bytes."""
    data = save(dict(sorted(tensors.items())), metadata=metadata)
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    header["__metadata__"] = dict(sorted(metadata.items()))
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    file.write_bytes(len(text).to_bytes(8, "little") + text + data[8 + length :])


def main():
    torch.set_num_threads(1)
    random = np.random.default_rng(SEED)
    uniform = lambda *shape: random.uniform(-0.8, 0.8, shape).astype(np.float32)
    weights = {"embedding.weight": uniform(VOCABULARY, WIDTH)}
    for direction in ("forward", "backward"):
        for layer in range(LAYERS):
            weights[f"{direction}.{layer}.weight_ih"] = uniform(4 * WIDTH, WIDTH)
            weights[f"{direction}.{layer}.weight_hh"] = uniform(4 * WIDTH, WIDTH)
            weights[f"{direction}.{layer}.bias"] = uniform(4 * WIDTH)
    weights["softmax.weight"] = uniform(VOCABULARY, WIDTH)
    weights["softmax.bias"] = uniform(VOCABULARY)
    config = {
        "model_type": "elmo",
        "architectures": ["Elmo"],
        "hidden_size": 2 * WIDTH,
        "lstm_size": WIDTH,
        "num_hidden_layers": LAYERS,
        "vocab_size": VOCABULARY,
        "layer_weights": [0.5, 0.2, 0.3],
        "gamma": 1.25,
        "torch_dtype": "float32",
    }
    model = Elmo(config, weights)
    rows = [random.integers(0, VOCABULARY, length) for length in ROW_LENGTHS]
    states = [model.states(row) for row in rows]
    expected = {f"hidden.{i}": np.concatenate([state[i] for state in states]) for i in range(LAYERS + 2)}
    expected["ids"] = np.concatenate(rows).astype(np.int32)
    expected["offsets"] = np.cumsum([0, *ROW_LENGTHS]).astype(np.int32)
    GOLDEN.mkdir(parents=True, exist_ok=True)
    (GOLDEN / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    write(weights, GOLDEN / "model.safetensors", {"format": "pt"})
    metadata = {
        "generator": "lib/core/src/test/golden/elmo_goldens.py",
        "model": "random weights, gates in PyTorch's order",
        "tolerance": "max difference <= 1e-5",
        "seed": str(SEED),
    }
    for library in ("torch", "numpy", "safetensors"):
        metadata[library] = version(library)
    write(expected, GOLDEN / "expected.safetensors", metadata)


if __name__ == "__main__":
    main()
