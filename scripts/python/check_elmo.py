"""Judges what `textloom train elmo` wrote, with PyTorch's nn.LSTM and occurrences of ambiguous words.

    check_elmo.py sentences OCCURRENCES.tsv OUT.jsonl           the labelled sentences as input of `textloom embed`
    check_elmo.py parity MODEL VECTORS [--layer L] [--rows N]   token vectors of `textloom embed --token-vectors` against PyTorch's
    check_elmo.py senses OCCURRENCES.tsv VECTORS...             nearest neighbour of every occurrence among those of its word

VECTORS is the output of `textloom embed --model MODEL --input OUT.jsonl --id-column id --token-vectors true`, of the mix, or of one
layer with `--layers 0` (1, 2). A word of several sub-words has the mean of their vectors.
"""

import argparse
import csv
import json
import re
from collections import defaultdict
from pathlib import Path

import numpy as np


class Elmo:
    """The layers that a folder's config.json and model.safetensors describe, computed by torch.nn.LSTM, a text at a time."""

    def __init__(self, config, weights):
        import torch

        self.torch = torch
        self.mix = np.array(config["layer_weights"], dtype=np.float64) * config["gamma"]
        self.embedding = torch.from_numpy(weights["embedding.weight"])
        width = config["lstm_size"]
        self.stacks = {}
        for direction in ("forward", "backward"):
            self.stacks[direction] = []
            for layer in range(config["num_hidden_layers"]):
                lstm = torch.nn.LSTM(width, width)
                name = f"{direction}.{layer}."
                with torch.no_grad():
                    lstm.weight_ih_l0.copy_(torch.from_numpy(weights[name + "weight_ih"]))
                    lstm.weight_hh_l0.copy_(torch.from_numpy(weights[name + "weight_hh"]))
                    lstm.bias_ih_l0.copy_(torch.from_numpy(weights[name + "bias"]))
                    lstm.bias_hh_l0.zero_()
                self.stacks[direction].append(lstm)

    @classmethod
    def open(cls, folder):
        from safetensors.numpy import load_file

        folder = Path(folder)
        return cls(json.loads((folder / "config.json").read_text()), load_file(folder / "model.safetensors"))

    def states(self, ids):
        """Float32 arrays [tokens, 2 * width]: embeddings, every layer, and the mix last."""
        torch = self.torch
        with torch.no_grad():
            embedded = self.embedding[torch.tensor(ids, dtype=torch.long)]
            states = [torch.cat([embedded, embedded], dim=1)]
            ahead, back = embedded, embedded.flip(0)
            for layer, (forward, backward) in enumerate(zip(self.stacks["forward"], self.stacks["backward"])):
                next_ahead, next_back = forward(ahead)[0], backward(back)[0]
                if layer > 0:
                    next_ahead, next_back = next_ahead + ahead, next_back + back
                ahead, back = next_ahead, next_back
                states.append(torch.cat([ahead, back.flip(0)], dim=1))
            states.append(sum(float(weight) * state for weight, state in zip(self.mix, states)))
        return [state.numpy() for state in states]


def vectors(path):
    """Id to the tokens of a text: (id, start, end) and vectors [tokens, dimensions]."""
    import pyarrow.dataset

    found = {}
    files = [str(file) for file in sorted(Path(path).glob("*.parquet"))]
    for batch in pyarrow.dataset.dataset(files).to_batches(columns=["id", "tokens"]):
        for row in batch.to_pylist():
            tokens = row["tokens"]
            places = [(token["id"], token["start"], token["end"]) for token in tokens]
            found[row["id"]] = places, np.array([token["vector"] for token in tokens], dtype=np.float32)
    return found


def occurrences(path):
    with open(path, encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    for number, row in enumerate(rows):
        row["id"] = f"{row['word']}-{number:03d}"
        places = list(re.finditer(r"\b" + re.escape(row["word"]) + r"\b", row["sentence"], re.IGNORECASE))
        if len(places) != 1:
            raise SystemExit(f"{path}: {row['word']} stands {len(places)} times in: {row['sentence']}")
        row["span"] = places[0].span()
    return rows


def sentences(args):
    with open(args.out, "w", encoding="utf-8") as out:
        rows = occurrences(args.occurrences)
        for row in rows:
            out.write(json.dumps({"id": row["id"], "text": row["sentence"]}, ensure_ascii=False) + "\n")
    print(f"{len(rows)} sentences")


def parity(args):
    model = Elmo.open(args.model)
    worst, tokens = 0.0, 0
    for places, found in list(vectors(args.vectors).values())[: args.rows]:
        expected = model.states([token for token, _, _ in places])[args.layer]
        worst = max(worst, float(np.abs(found - expected).max()))
        tokens += len(places)
    print(f"{tokens} tokens, greatest difference {worst:.2e}")
    if not worst <= 1e-5:
        raise SystemExit("expected at most 1e-5")


def senses(args):
    rows = occurrences(args.occurrences)
    for path in args.vectors:
        texts = vectors(path)
        words = defaultdict(list)
        for row in rows:
            places, of_tokens = texts[row["id"]]
            start, end = row["span"]
            inside = [i for i, (_, s, e) in enumerate(places) if s < end and e > start]
            vector = of_tokens[inside].mean(axis=0)
            words[row["word"]].append((row["sense"], vector / max(1e-12, float(np.linalg.norm(vector)))))
        right, by_word = 0, []
        for word, labelled in words.items():
            matrix = np.stack([vector for _, vector in labelled])
            cosines = matrix @ matrix.T
            np.fill_diagonal(cosines, -2)
            nearest = cosines.argmax(axis=1)
            hits = sum(labelled[i][0] == labelled[n][0] for i, n in enumerate(nearest))
            right += hits
            by_word.append(f"{word} {hits}/{len(labelled)}")
        print(f"{path}: {right}/{len(rows)} = {right / len(rows):.3f}   {', '.join(by_word)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("sentences")
    command.add_argument("occurrences")
    command.add_argument("out")
    command.set_defaults(run=sentences)
    command = commands.add_parser("parity")
    command.add_argument("model")
    command.add_argument("vectors")
    command.add_argument("--layer", type=int, default=-1)
    command.add_argument("--rows", type=int, default=1000)
    command.set_defaults(run=parity)
    command = commands.add_parser("senses")
    command.add_argument("occurrences")
    command.add_argument("vectors", nargs="+")
    command.set_defaults(run=senses)
    args = parser.parse_args()
    args.run(args)


if __name__ == "__main__":
    main()
