"""Golden logits and greedy continuations of the storyteller model, by transformers in float32.

    "$(scripts/python-env)" lib/core/src/test/golden/storyteller_goldens.py --model models/storyteller

Written to ../resources/golden:

storyteller-logits.safetensors   `ids_N` int64 [N] and `logits_N` float32 [min(3, N), vocabulary], the logits at the
                                 last positions, for prompts of N = 1, 7, 33, 100 and 300 tokens
storyteller-greedy.jsonl         first a line of metadata, then 50 rows {"id", "prompt", "prompt_ids",
                                 "continuation_ids", "text", "smallest_gap"}: up to 48 tokens, ended early by
                                 <|endoftext|>, which is then the last id. smallest_gap is the least difference
                                 between the best and the second-best logit on the way: with less than 1e-3 a
                                 prompt is not taken, so that rounding cannot change its text.

No prompt begins with <|endoftext|>; the prompts were written for this project.
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
from tokenizers import Tokenizer
from transformers import GPT2LMHeadModel

GOLDEN = Path(__file__).resolve().parents[1] / "resources" / "golden"
LENGTHS = (1, 7, 33, 100, 300)
POSITIONS_KEPT = 3
NEW_TOKENS = 48
PROMPTS = 50
NEAR_TIE = 1e-3

TALE = """Once upon a time there was a miller who owned a mill, a mule and a very old clock. The mill ground slowly, \
the mule walked slowly, and the clock went so slowly that it was always yesterday in the miller's kitchen.

One evening a stranger knocked at the door. She wore a grey cloak and carried a lantern without a flame. "May I sit \
by your fire?" she asked. "I have walked from the far side of the hill, and the hill is larger than it looks."

"Sit down and welcome," said the miller, "but do not trust the clock. It is older than my grandfather, and he \
could not trust it either."

The stranger looked at the clock for a long while. Then she opened its little door, took out a single brass wheel, \
and put it into her lantern. At once the lantern began to shine, and the clock began to hurry. It struck seven, \
eight, nine; the mule brayed in the stable; the millstones turned so fast that the flour rose like a cloud and lay \
upon the roof like snow.

"Stop it, stop it!" cried the miller. "I shall be an old man before supper!"

"You wished for it every morning," said the stranger, "when you told the mule to hurry and the water to run. Now \
choose: shall I give the wheel back, or will you keep the fast days and lose the slow ones?"

The miller sat down upon a sack and thought, and while he thought, his beard grew down to his knees. "Give it back," \
he said at last. "I will be content with yesterday, if only I may stay in it." And the stranger laughed, and turned \
the wheel, and set it in its place again, and the room was as quiet as a room can be.
"""

OPENINGS = """Once upon a time
Once upon a time there lived a king
Once upon a time, in a village by the sea,
There was once a poor fisherman
There was once a giant who had lost his
A long time ago, before the mountains were old,
Long, long ago there lived an old man and
In a deep forest there stood a little house
The youngest of the three brothers
The princess looked out of the window and
"Who are you?" asked the
"I will go with you," said the fox, "but
"Alas!" cried the queen,
When the sun went down, the
On the third day the prince came to
At midnight there was a knock at the door.
The old witch laughed and said:
The wolf said to the lamb, "
Far out at sea, where the water is
A merchant had three daughters, and
The dragon slept upon his gold, and
Now the tailor was a clever fellow, who
Then the little bird began to sing:
He walked and he walked until
She took the golden ring and
The king promised half his kingdom to
Early next morning, before anyone was awake,
There were once two sisters. The elder was
"Give me something to eat," said the beggar,
In the middle of the lake there was an island,
The cat put on her boots and
One winter's day, when the snow lay deep,
The troll under the bridge
"What shall I do?" thought the shoemaker.
After seven years had passed, the soldier
The moon had risen, and the whole garden
And so they were married,
A hare and a tortoise
My grandmother used to tell me
The gate was opened by a dwarf with
Jack climbed up and up, and at last he
The captain ordered the sails to be set,
It was raining, and the road was
The boy had never seen so large a
"Do not open the box," said the fairy,
The three bears came home and
There was no bread left in the house, so
Beyond the hills and beyond the river
The raven flew to the top of the tower
As soon as she had spoken these words,
The farmer's wife went to the well and
Out of the fire stepped a
The horse shook his head and answered:
Every night, when the clock struck twelve,
The miller had a son who
Nobody knew where the old woman came from,
The emperor was very proud of
"Come in," said the
In the castle everything was asleep;
When she opened the door she saw
The goose said that
Two thieves came by night to
He was so small that
The frog jumped out of the water and
In those days wishes still
Summer came, and the swallows
The huntsman raised his gun, but
Under the apple tree sat
The north wind blew, and
For a year and a day""".split("\n")


def versions() -> dict[str, str]:
    libraries = ("transformers", "tokenizers", "torch", "numpy", "safetensors")
    return {"generator": "lib/core/src/test/golden/storyteller_goldens.py"} | {name: version(name) for name in libraries}


@torch.no_grad()
def write_logits(model, tokenizer: Tokenizer) -> None:
    ids = tokenizer.encode(TALE).ids
    if len(ids) < max(LENGTHS):
        raise ValueError(f"the tale has {len(ids)} tokens, {max(LENGTHS)} are needed")
    tensors = {}
    for length in LENGTHS:
        prompt = ids[:length]
        logits = model(torch.tensor([prompt])).logits[0, -POSITIONS_KEPT:]
        tensors[f"ids_{length}"] = np.array(prompt, dtype=np.int64)
        tensors[f"logits_{length}"] = logits.numpy().astype(np.float32)
    metadata = versions() | {"tolerance": "1e-3 maximum absolute difference"}
    save_file(tensors, GOLDEN / "storyteller-logits.safetensors", metadata=metadata)


@torch.no_grad()
def greedy_row(model, tokenizer: Tokenizer, prompt: str) -> dict:
    ids = tokenizer.encode(prompt).ids
    output = model.generate(
        torch.tensor([ids]),
        attention_mask=torch.ones(1, len(ids), dtype=torch.long),
        do_sample=False,
        max_new_tokens=NEW_TOKENS,
        pad_token_id=model.config.eos_token_id,
    )[0]
    continuation = output[len(ids) :].tolist()
    best = model(output[None]).logits[0, len(ids) - 1 : -1].topk(2)
    if best.indices[:, 0].tolist() != continuation:
        raise ValueError(f"generate and one pass over the whole text disagree after {prompt!r}")
    return {
        "prompt": prompt,
        "prompt_ids": ids,
        "continuation_ids": continuation,
        "text": tokenizer.decode(continuation, skip_special_tokens=True),
        "smallest_gap": round(float((best.values[:, 0] - best.values[:, 1]).min()), 6),
    }


def write_greedy(model, tokenizer: Tokenizer) -> None:
    rows, near_ties = [], 0
    for opening in OPENINGS:
        if len(rows) == PROMPTS:
            break
        try:
            row = greedy_row(model, tokenizer, opening)
        except ValueError as near_tie:  # the two ways round differently, and that was enough
            print(near_tie)
            near_ties += 1
            continue
        if row["smallest_gap"] < NEAR_TIE:
            near_ties += 1
        else:
            rows.append({"id": f"greedy-{len(rows):02}"} | row)
    if len(rows) < PROMPTS:
        raise ValueError(f"only {len(rows)} prompts without a near tie; add openings")
    with (GOLDEN / "storyteller-greedy.jsonl").open("w", encoding="utf-8") as file:
        metadata = versions() | {"tolerance": "exact", "max_new_tokens": NEW_TOKENS, "smallest_gap_at_least": NEAR_TIE}
        for row in [{"metadata": metadata}, *rows]:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    gaps = sorted(row["smallest_gap"] for row in rows)
    print(f"{len(rows)} continuations, {near_ties} openings left out for a near tie, smallest gaps {gaps[:3]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, required=True)
    folder = parser.parse_args().model
    GOLDEN.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    model = GPT2LMHeadModel.from_pretrained(folder, dtype=torch.float32).eval()
    write_logits(model, tokenizer)
    write_greedy(model, tokenizer)


if __name__ == "__main__":
    main()
