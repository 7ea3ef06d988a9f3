"""Golden byte-level BPE vocabularies, by Hugging Face's BpeTrainer.

    "$(scripts/python-env)" lib/core/src/test/golden/trainer_goldens.py

Writes ../resources/golden/bpe-trainer.jsonl: first a line of metadata, then one training a line: {"name", "words" (word to count),
"specialTokens", "vocabSize", "minFrequency", "maxTokenLength", "tokens" (by id), "merges"}.

The case "corpus" has the words of scripts/sample/corpus.jsonl; the others are random words of few letters, in which many pairs tie and different merges make the
same token. maxTokenLength is ours: the longest token made, one less than max_token_length, 0 for none. Equal, without a tolerance.
--cases N --output FILE writes N random cases elsewhere.
"""

import argparse
import json
import random
from collections import Counter
from importlib.metadata import version
from pathlib import Path

from tokenizers import Tokenizer, models, pre_tokenizers, trainers

HERE = Path(__file__).resolve()
GOLDEN = HERE.parents[1] / "resources" / "golden" / "bpe-trainer.jsonl"
CORPUS = HERE.parents[5] / "scripts" / "sample" / "corpus.jsonl"


def train(case):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    trainer = trainers.BpeTrainer(
        vocab_size=case["vocabSize"],
        min_frequency=case["minFrequency"],
        max_token_length=case["maxTokenLength"] + 1 if case["maxTokenLength"] else None,
        special_tokens=case["specialTokens"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator((word for word, count in case["words"].items() for _ in range(count)), trainer)
    model = json.loads(tokenizer.to_str())["model"]
    tokens = sorted(model["vocab"], key=model["vocab"].get)
    return case | {"tokens": tokens, "merges": model["merges"]}


def corpus_case():
    splitter = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    words = Counter()
    for line in CORPUS.read_text(encoding="utf-8").rstrip("\n").split("\n"):
        try:
            text = json.loads(line).get("text") or ""
        except json.JSONDecodeError:
            continue  # the sample has bad rows on purpose
        for _, (start, end) in splitter.pre_tokenize_str(text):
            words[text[start:end]] += 1
    return {
        "name": "corpus",
        "words": dict(words),
        "specialTokens": ["<|endoftext|>"],
        "vocabSize": 1500,
        "minFrequency": 2,
        "maxTokenLength": 0,
    }


def random_case(seed):
    chance = random.Random(seed)
    letters = chance.choice(["ab", "abc", "abcdé", " the", "aaab"])
    words = Counter()
    for _ in range(chance.choice([3, 20, 60])):
        word = "".join(chance.choice(letters) for _ in range(chance.randint(1, chance.choice([4, 9, 30]))))
        words[word] += chance.choice([1, 1, 2, 3, 7])
    return {
        "name": f"random-{seed}",
        "words": dict(words),
        "specialTokens": chance.choice([[], ["<|endoftext|>"], ["ab", "<s>"]]) or ["<|endoftext|>"],
        "vocabSize": 256 + 2 + chance.choice([5, 20, 60, 200]),
        "minFrequency": chance.choice([1, 2, 2, 3, 5]),
        "maxTokenLength": chance.choice([0, 0, 2, 3, 5]),
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", type=Path, default=GOLDEN)
    parser.add_argument("--cases", type=int, default=12)
    arguments = parser.parse_args()
    cases = [corpus_case()] + [random_case(seed) for seed in range(arguments.cases)]
    with arguments.output.open("w", encoding="utf-8") as out:
        out.write(json.dumps({"generator": HERE.name, "tokenizers": version("tokenizers"), "cases": len(cases)}) + "\n")
        for case in cases:
            out.write(json.dumps(train(case), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
