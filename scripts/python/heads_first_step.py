"""Losses of the first two steps of heads on frozen vectors, by PyTorch, for the test that compares Deeplearning4j's.

Usage: heads_first_step.py OUTPUT.json

Each case has the vectors of a few rows, what they are to teach, and the weights to begin with, all drawn from a seed;
the losses are before the first step and after one step of Adam.
"""

import json
import sys

import numpy
import torch

DIMENSIONS = 6
HIDDEN = 5
TRUNK = 4
RATE = 0.01
TASKS = ("sequence", "pair", "regression", "token", "span", "choice")
OUTPUTS = {"sequence": 3, "pair": 3, "regression": 1, "token": 4, "span": 2, "choice": 1}


def rows(task, random):
    """Rows as (items, u, v, targets), u and v with one vector for each item, or one for all."""

    def vectors(count):
        return random.normal(size=(count, DIMENSIONS)).astype(numpy.float32)

    for number in range(5):
        items = 3 + number % 3
        if task == "sequence":
            yield 1, vectors(1), vectors(0), [int(random.integers(3))]
        elif task == "pair":
            yield 1, vectors(1), vectors(1), [int(random.integers(3))]
        elif task == "regression":
            yield 1, vectors(1), vectors(1), [float(numpy.float32(random.normal()))]
        elif task == "token":
            labels = [int(label) for label in random.integers(-1, 4, size=items)]
            yield items, vectors(items), vectors(0), [0] + labels[1:]
        elif task == "span":
            first = int(random.integers(items))
            yield items, vectors(items), vectors(1), [first, int(random.integers(first, items))]
        else:
            yield items, vectors(1), vectors(items), [int(random.integers(items))]


def features(task, u, v):
    if task in ("sequence", "token"):
        return u
    if task == "span":
        return torch.cat([u, v, u * v], 1)
    return torch.cat([u, v, (u - v).abs(), u * v], 1)


def loss(task, data, layers, trunk):
    """The mean over rows, or over labelled tokens; of a span over its two ends, too."""
    sums = []
    for items, u, v, targets in data:
        def through(x):
            x = torch.from_numpy(x)
            return torch.relu(trunk[0](x)) if trunk else x

        u = through(u)
        v = through(v) if len(v) else u
        u, v = u.expand(items, -1), v.expand(items, -1)
        logits = layers[1](torch.relu(layers[0](features(task, u, v))))
        if task in ("sequence", "pair"):
            sums.append(torch.nn.functional.cross_entropy(logits, torch.tensor(targets)))
        elif task == "token":
            wanted = torch.tensor(targets)
            every = torch.nn.functional.cross_entropy(logits, wanted, ignore_index=-1, reduction="none")
            sums.extend(every[wanted >= 0])
        elif task == "regression":
            sums.append((logits[0, 0] - targets[0]) ** 2)
        else:
            for output, right in enumerate(targets):
                sums.append(torch.nn.functional.cross_entropy(logits[:, output][None], torch.tensor([right])))
    return torch.stack(list(sums)).mean()


def case(task, trunk_width, seed):
    random = numpy.random.default_rng(seed)
    data = list(rows(task, random))
    width = trunk_width or DIMENSIONS
    parts = {"sequence": 1, "token": 1, "span": 3}.get(task, 4)
    shapes = [(HIDDEN, parts * width), (OUTPUTS[task], HIDDEN)]
    names = ["heads.head.0", "heads.head.1"]
    if trunk_width:
        shapes.insert(0, (trunk_width, DIMENSIONS))
        names.insert(0, "trunk.0")
    layers = []
    weights = {}
    for name, (out, into) in zip(names, shapes):
        layer = torch.nn.Linear(into, out)
        with torch.no_grad():
            layer.weight.copy_(torch.from_numpy(random.normal(scale=0.4, size=(out, into)).astype(numpy.float32)))
            layer.bias.copy_(torch.from_numpy(random.normal(scale=0.1, size=out).astype(numpy.float32)))
        weights[name + ".weight"] = layer.weight.detach().flatten().tolist()
        weights[name + ".bias"] = layer.bias.tolist()
        layers.append(layer)
    trunk = layers[:1] if trunk_width else []
    own = layers[len(trunk):]
    optimizer = torch.optim.Adam([p for layer in layers for p in layer.parameters()], lr=RATE)
    first = loss(task, data, own, trunk)
    first.backward()
    optimizer.step()
    second = loss(task, data, own, trunk)
    return {
        "task": task,
        "trunk": trunk_width,
        "outputs": OUTPUTS[task],
        "weights": weights,
        "rows": [
            {"items": items, "u": u.flatten().tolist(), "v": v.flatten().tolist(), "targets": targets}
            for items, u, v, targets in data
        ],
        "first": first.item(),
        "second": second.item(),
    }


def main():
    cases = [case(task, trunk, 10 * number + trunk) for number, task in enumerate(TASKS) for trunk in (0, TRUNK)]
    golden = {
        "generator": "scripts/python/heads_first_step.py",
        "torch": torch.__version__,
        "numpy": numpy.__version__,
        "tolerance": 1e-5,
        "dimensions": DIMENSIONS,
        "hidden": HIDDEN,
        "rate": RATE,
        "cases": cases,
    }
    with open(sys.argv[1], "w", encoding="utf-8") as out:
        json.dump(golden, out, separators=(",", ":"))
        out.write("\n")


if __name__ == "__main__":
    main()
