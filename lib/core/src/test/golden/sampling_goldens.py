"""What transformers makes of fixed logits: distributions after its processors and warpers, and its beam search.

    "$(scripts/python-env)" lib/core/src/test/golden/sampling_goldens.py

Written to ../resources/golden/sampling:

distributions.jsonl   first a line of metadata, then rows {"name", "vocabulary", "seed", "spread", "prompt", "completion",
                      "end", "options", "kept", "probabilities"}. Logits are not stored: see logits_of, which the test
                      repeats. Options are named as transformers names them; presence and frequency are OpenAI's, computed here
                      and put behind the repetition penalty. `kept` counts the tokens with a probability above zero;
                      `probabilities` are pairs [id, probability] of all of them, or of the likeliest 40 and of 160
                      evenly spaced ones by id. `sum_of_ids` is that of all that are kept, modulo 2^31.
beams.jsonl           first a line of metadata, then rows {"name", "vocabulary", "options", "prompt", "end", "sequences",
                      "scores"} of a model whose logits after a context are logits_of a hash of the context, spread 5

Processed logits are computed in 32 bits by transformers' own classes; probabilities are their softmax in 64 bits. A row
is taken only where the warpers decide the same in 64 bits, a beam search only where no two of its candidates, scores or
bounds are nearer than 1e-4. Tolerances: probabilities to a relative 1e-6, the tokens that are kept and the sequences
exact, scores 1e-5. Needs no network; two runs write the same bytes.
"""

import itertools
import json
import os
from importlib.metadata import version
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"

import numpy as np
import torch
import transformers
from transformers import GPT2Config, GPT2LMHeadModel
from transformers.generation import GenerationConfig
from transformers.generation.logits_process import (
    LogitsProcessor,
    LogitsProcessorList,
    RepetitionPenaltyLogitsProcessor,
    SequenceBiasLogitsProcessor,
)
from transformers.modeling_outputs import CausalLMOutputWithCrossAttentions

GOLDEN = Path(__file__).resolve().parents[1] / "resources" / "golden" / "sampling"
MASK = (1 << 64) - 1
LIKELIEST = 40
SPACED = 160
MARGIN = 1e-4
BEAM_SEED = 77
BEAM_SPREAD = 5.0


GAMMA = 0x9E3779B97F4A7C15
PAD = 10**6


def mix(z: int) -> int:
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def derive(seed: int, ids: list[int], number: int) -> int:
    """CounterRandom.derive of a string with these characters."""
    value = mix((seed + GAMMA) & MASK)
    for part in [*ids, len(ids), number]:
        value = mix((value + GAMMA + part) & MASK)
    return value


def uniforms(seed: int, n: int) -> np.ndarray:
    """CounterRandom.uniform(seed, 0 .. n - 1)."""
    z = np.uint64(seed) + np.arange(1, n + 1, dtype=np.uint64) * np.uint64(GAMMA)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((z ^ (z >> np.uint64(31))) >> np.uint64(11)).astype(np.float64) * 2.0**-53


def logits_of(vocabulary: int, seed: int, spread: float) -> np.ndarray:
    """Sums of four uniform numbers, near a normal distribution: float32 of (sum of uniform(4 i + j) - 2) * spread."""
    u = uniforms(seed, 4 * vocabulary).reshape(vocabulary, 4)
    return ((((u[:, 0] + u[:, 1]) + u[:, 2]) + u[:, 3] - 2) * spread).astype(np.float32)


class PresenceFrequency(LogitsProcessor):
    """OpenAI's penalties on the tokens of the completion."""

    def __init__(self, presence: float, frequency: float, prompt: int):
        self.presence, self.frequency, self.prompt = presence, frequency, prompt

    def __call__(self, input_ids, scores):
        scores = scores.clone()
        for row, ids in enumerate(input_ids[:, self.prompt :].tolist()):
            for token in set(ids):
                scores[row, token] -= float(np.float32(self.presence + ids.count(token) * self.frequency))
        return scores


MODELS = {}


def any_model(vocabulary: int):
    """A model only to ask for its processors."""
    if vocabulary not in MODELS:
        config = GPT2Config(vocab_size=vocabulary, n_positions=8, n_embd=2, n_layer=1, n_head=1)
        MODELS[vocabulary] = GPT2LMHeadModel(config)
    return MODELS[vocabulary]


def processors_of(vocabulary: int, options: dict, prompt: int, end: list[int], sampled: bool) -> LogitsProcessorList:
    """Those of generate, in its order, with OpenAI's penalties in between."""
    given = {k: v for k, v in options.items() if k not in ("presence", "frequency")}
    if "sequence_bias" in given:
        given["sequence_bias"] = [[[int(i)], b] for i, b in given["sequence_bias"].items()]
    config = GenerationConfig(**{"top_k": 0, "do_sample": sampled, "eos_token_id": end, **given})
    model = any_model(vocabulary)
    model._prepare_special_tokens(config, False, device="cpu")
    processors = model._get_logits_processor(config, input_ids_seq_length=prompt)
    if "presence" in options or "frequency" in options:
        first = (SequenceBiasLogitsProcessor, RepetitionPenaltyLogitsProcessor)
        at = sum(isinstance(p, first) for p in processors)
        processors.insert(at, PresenceFrequency(options.get("presence", 0), options.get("frequency", 0), prompt))
    return processors


def distribution_row(name, vocabulary, seed, spread, prompt, completion, end, options) -> dict:
    ids = torch.tensor([prompt + completion])
    processors = processors_of(vocabulary, options, len(prompt), end, True)
    scores = torch.tensor(logits_of(vocabulary, seed, spread))[None]
    exact = scores.double()
    for processor in processors:
        scores, exact = processor(ids, scores), processor(ids, exact)
        if not torch.equal(torch.isinf(scores), torch.isinf(exact)):
            raise ValueError(f"{name}: 32 and 64 bits differ in {type(processor).__name__}; take another seed")
    p = torch.softmax(scores[0].double(), -1).numpy()
    kept = np.flatnonzero(p)
    if scores[0].max() - scores[0][kept].min() > 45:
        raise ValueError(f"{name}: weights below e^-45 of the largest")
    chosen = set(kept.tolist())
    if len(kept) > LIKELIEST + SPACED:
        likeliest = kept[np.argsort(-p[kept], kind="stable")[:LIKELIEST]]
        chosen = set(likeliest.tolist()) | set(kept[:: len(kept) // SPACED].tolist())
    return {
        "name": name,
        "vocabulary": vocabulary,
        "seed": seed,
        "spread": spread,
        "prompt": prompt,
        "completion": completion,
        "end": end,
        "options": options,
        "kept": len(kept),
        "sum_of_ids": int(kept.sum()) % 2**31,
        "probabilities": [[i, float(p[i])] for i in sorted(chosen)],
    }


def distributions() -> list[dict]:
    rows = []
    sizes = [(7, 2.0), (1000, 8.0), (50257, 7.0)]
    for (vocabulary, spread), number in zip(sizes, itertools.count(1)):
        order = np.argsort(-logits_of(vocabulary, 100 + number, spread), kind="stable")
        best = order[: min(vocabulary, 60)].tolist()
        low = order[vocabulary // 2]
        a, b, c, d = best[:4]
        prompt = [a, b, int(low), a, c, a, b]
        completion = [d, a, b, d, b, a]
        end = [a, best[min(5, vocabulary - 1)]]
        alone = {
            "none": {},
            "temperature-low": {"temperature": 0.7},
            "temperature-high": {"temperature": 1.9},
            "top-k-1": {"top_k": 1},
            "top-k-3": {"top_k": 3},
            "top-k-40": {"top_k": 40},
            "top-p-half": {"top_p": 0.5},
            "top-p-most": {"top_p": 0.95},
            "top-p-little": {"top_p": 0.01},
            "min-p": {"min_p": 0.05},
            "min-p-most": {"min_p": 0.9},
            "repetition": {"repetition_penalty": 1.3},
            "repetition-wanted": {"repetition_penalty": 0.8},
            "presence": {"presence": 0.6},
            "frequency": {"frequency": 0.9},
            "frequency-wanted": {"frequency": -0.4, "presence": -0.1},
            "no-repeat-1": {"no_repeat_ngram_size": 1},
            "no-repeat-2": {"no_repeat_ngram_size": 2},
            "no-repeat-3": {"no_repeat_ngram_size": 3},
            "min-new-tokens": {"min_new_tokens": 7},
            "min-new-tokens-reached": {"min_new_tokens": 6},
            "bias": {"sequence_bias": {str(a): -3.7, str(int(low)): 5.25}},
        }
        together = {
            "k-and-p": {"temperature": 0.8, "top_k": 5, "top_p": 0.8},
            "k-p-min-p": {"temperature": 1.4, "top_k": 50, "top_p": 0.97, "min_p": 0.02},
            "p-min-p": {"temperature": 1.2, "top_p": 0.9, "min_p": 0.01},
            "all": {
                "sequence_bias": {str(b): 1.5, str(c): -0.7},
                "repetition_penalty": 1.2,
                "presence": 0.3,
                "frequency": 0.2,
                "no_repeat_ngram_size": 2,
                "min_new_tokens": 9,
                "temperature": 0.9,
                "top_k": 30,
                "top_p": 0.9,
                "min_p": 0.005,
            },
            "penalties": {
                "repetition_penalty": 1.5,
                "presence": 0.5,
                "frequency": 0.5,
                "sequence_bias": {str(d): 2.0},
                "temperature": 1.3,
            },
        }
        for name, options in (alone | together).items():
            if vocabulary == 7 and ("no_repeat_ngram_size" in options and options["no_repeat_ngram_size"] == 1):
                continue
            row = distribution_row(
                f"{name}-{vocabulary}", vocabulary, 100 + number, spread, prompt, completion, end, options
            )
            rows.append(row)
    return rows


class HashModel(GPT2LMHeadModel):
    """Whose logits after a context are a hash of it; nothing of GPT-2 but its generate."""

    def forward(self, input_ids, **kwargs):
        size = self.config.vocab_size
        rows = [logits_of(size, derive(BEAM_SEED, ids, 0), BEAM_SPREAD) for ids in input_ids.tolist()]
        return CausalLMOutputWithCrossAttentions(logits=torch.tensor(np.array(rows))[:, None])


def beam_model(vocabulary: int) -> HashModel:
    config = GPT2Config(vocab_size=vocabulary, n_positions=40, n_embd=2, n_layer=1, n_head=1, eos_token_id=None, bos_token_id=None)
    return HashModel(config).eval()


@torch.no_grad()
def beam_row(model, name: str, prompt: list[int], end: list[int], options: dict, wanted: int) -> dict:
    given = dict(options)
    if "sequence_bias" in given:
        given["sequence_bias"] = [[[int(i)], b] for i, b in given["sequence_bias"].items()]
    output = model.generate(
        torch.tensor([prompt]),
        attention_mask=torch.ones(1, len(prompt), dtype=torch.long),
        do_sample=False,
        use_cache=False,
        num_return_sequences=wanted,
        return_dict_in_generate=True,
        output_scores=True,
        eos_token_id=end or None,
        pad_token_id=PAD,
        **given,
    )
    sequences = [[i for i in s if i != PAD] for s in output.sequences[:, len(prompt) :].tolist()]
    return {
        "name": name,
        "vocabulary": model.config.vocab_size,
        "options": options,
        "prompt": prompt,
        "end": end,
        "sequences": sequences,
        "scores": [float(s) for s in output.sequences_scores],
    }


def near(values: torch.Tensor, count: int) -> bool:
    best = torch.topk(values.double(), min(count, values.numel())).values
    best = best[best > -1e8]
    return bool(((best[:-1] - best[1:]) < MARGIN).any())


def watch(model) -> list[bool]:
    """Notes where a search hangs on less than the margin."""
    tight = [False]
    continuations, heuristic = model._get_top_k_continuations, model._check_early_stop_heuristic
    finished = model._update_finished_beams

    def watched_continuations(**kwargs):
        tight[0] |= near(kwargs["accumulated_log_probs"][0], kwargs["beams_to_keep"] + 1)
        return continuations(**kwargs)

    def watched_finished(**kwargs):
        result = finished(**kwargs)
        tight[0] |= near(result[1][0], kwargs["num_beams"])
        return result

    def watched_heuristic(**kwargs):
        length = kwargs["cur_len"] - kwargs["decoder_prompt_len"]
        bound = float(kwargs["running_beam_scores"][0, 0]) / length ** kwargs["length_penalty"]
        tight[0] |= abs(bound - float(kwargs["beam_scores"].min())) < MARGIN
        return heuristic(**kwargs)

    model._get_top_k_continuations = watched_continuations
    model._update_finished_beams = watched_finished
    model._check_early_stop_heuristic = watched_heuristic
    return tight


def beams() -> list[dict]:
    models = {size: beam_model(size) for size in (60, 1000)}
    tights = {size: watch(model) for size, model in models.items()}
    extras = {
        "plain": ({}, [3]),
        "likely-end": ({"sequence_bias": {"3": 6.0}}, [3]),
        "two-ends": ({"sequence_bias": {"3": 4.0, "9": 5.0}}, [3, 9]),
        "no-end": ({}, []),
        "min-new": ({"min_new_tokens": 4, "sequence_bias": {"3": 7.0}}, [3]),
        "repetition": ({"repetition_penalty": 1.4, "sequence_bias": {"3": 4.0}}, [3]),
        "no-repeat": ({"no_repeat_ngram_size": 2, "repetition_penalty": 1.1, "sequence_bias": {"5": 7.0}}, [3]),
        "one-token": ({"max_new_tokens": 1}, [3]),
    }
    rng = np.random.default_rng(5)
    rows, left_out = [], 0
    cases = itertools.product((2, 4, 8), (-1.0, 0.0, 1.0, 2.0), (False, True), extras.items(), models)
    for count, penalty, early, (name, (extra, end)), size in cases:
        options = {"num_beams": count, "length_penalty": penalty, "early_stopping": early, "max_new_tokens": 12, **extra}
        name = f"{name}-{size}-{count}-{penalty:g}-{early}"
        for _ in range(200):
            prompt = rng.integers(0, size, int(rng.integers(1, 5))).tolist()
            tights[size][0] = False
            row = beam_row(models[size], name, prompt, end, options, count)
            if not tights[size][0]:
                break
            left_out += 1
        else:
            raise ValueError(f"no prompt without a near tie for {name}")
        rows.append(row)
    print(f"{len(rows)} searches, {left_out} left out for a near tie")
    return rows


def main() -> None:
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    GOLDEN.mkdir(parents=True, exist_ok=True)
    libraries = ("transformers", "torch", "numpy")
    metadata = {"generator": "lib/core/src/test/golden/sampling_goldens.py"} | {n: version(n) for n in libraries}
    with (GOLDEN / "distributions.jsonl").open("w") as file:
        rows = distributions()
        for row in [{"metadata": metadata | {"tolerance": "1e-6 relative, kept tokens exact"}}, *rows]:
            file.write(json.dumps(row) + "\n")
    print(len(rows), "distributions")
    rows = beams()
    with (GOLDEN / "beams.jsonl").open("w") as file:
        for row in [{"metadata": metadata | {"tolerance": "sequences exact, scores 1e-5"}}, *rows]:
            file.write(json.dumps(row) + "\n")
    sequences = [(r, ids) for r in rows for ids in r["sequences"]]
    ended = sum(len(ids) < r["options"]["max_new_tokens"] for r, ids in sequences)
    print(len(sequences), "sequences,", ended, "of them ended early")


if __name__ == "__main__":
    main()
