"""Small decoders with random weights of every architecture Textloom generates with, and what transformers computes with them.

    "$(scripts/python-env)" lib/core/src/test/golden/decoder_goldens.py

Written to ../resources/golden/decoders, one folder each: config.json, generation_config.json and model.safetensors as
save_pretrained writes them, and expected.safetensors. Some config.json are rewritten in the form of transformers 4, as
in architecture_goldens.py. Half precision checkpoints are computed in float32. There is no end token but where a beam
search needs one, so that every completion has its full length.

expected.safetensors. Every row is computed alone, without padding; PROMPTS ragged prompts end to end:
  ids                 int32 [tokens of all prompts]; offsets int32 [PROMPTS + 1]
  logits              float32 [PROMPTS, vocabulary], after the last token of each prompt
  rows, positions     int32 [POINTS]; point.logits float32 [POINTS, vocabulary]: logits after token POSITION, counted
                      from 0, of prompt ROW
  greedy              int32 [PROMPTS, 64], generate(do_sample=False, max_new_tokens=64)
  log_probs           float32 [PROMPTS, 64], the natural logarithm of the probability of each of those tokens
  beam.CASE.ROW       int32 [4, LONGEST], for the prompts of BEAM_ROWS: generate(num_beams=4, num_return_sequences=4,
                      max_new_tokens=BEAM_TOKENS, do_sample=False) and the settings of the case; completions without
                      the prompt, best first, -1 behind the end of shorter ones; a completion that ended has the end
                      token as its last
  beam.CASE.ROW.scores  float32 [4], sequences_scores: the sum of log-probabilities over the length (end token counted)
                      raised to length_penalty

The cases of beam search are the keys of BEAM_CASES; the metadata key "beam.CASE" holds the settings of each as JSON, with
eos_token_id the end token, or null for none.

Ties are impossible: the two largest logits of every greedy step differ by more than MARGIN, and so do the scores of the
beams that are returned; a model for which they do not is drawn again with the next seed. That also makes float32
differences harmless.

Tolerance: max difference of logits <= 1e-3; tokens equal; scores within 1e-3. Needs no network; two runs write the same bytes.
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
from architecture_goldens import Folder

GOLDEN = Path(__file__).resolve().parents[1] / "resources" / "golden" / "decoders"
SEED = 20261122
VOCABULARY = 96
END = 7
PROMPT_LENGTHS = (1, 2, 3, 5, 8, 13, 17, 33, 50, 64, 65, 90, 100, 128, 150, 200)
NEW_TOKENS = 64
POINTS = ((7, 0), (7, 20), (11, 50), (13, 127), (15, 63), (15, 130), (15, 199))
BEAM_ROWS = (0, 4, 9, 13)
BEAM_TOKENS = 24
BEAM_CASES = {
    "plain": dict(length_penalty=1.0, early_stopping=False, eos_token_id=None),
    "ending": dict(length_penalty=1.0, early_stopping=False, eos_token_id=END),
    "early": dict(length_penalty=1.0, early_stopping=True, eos_token_id=END),
    "long": dict(length_penalty=2.0, early_stopping=False, eos_token_id=END),
    "short": dict(length_penalty=-0.5, early_stopping=False, eos_token_id=END),
    "never": dict(length_penalty=0.0, early_stopping="never", eos_token_id=END),
}
MARGIN = 2e-3
SCORE_MARGIN = 1e-4

NONE = dict(pad_token_id=None, bos_token_id=None, eos_token_id=None)
GPT2 = NONE | dict(vocab_size=VOCABULARY, n_embd=32, n_layer=3, n_head=4, n_positions=288)
LLAMA = NONE | dict(
    vocab_size=VOCABULARY,
    hidden_size=32,
    num_hidden_layers=3,
    num_attention_heads=4,
    num_key_value_heads=2,
    intermediate_size=48,
    max_position_embeddings=512,
    rms_norm_eps=1e-5,
)
GPT_NEO = NONE | dict(
    vocab_size=VOCABULARY,
    hidden_size=32,
    num_layers=4,
    num_heads=2,
    intermediate_size=48,
    max_position_embeddings=288,
    window_size=12,
    attention_types=[[["global", "local"], 2]],
)
ROPE_LLAMA3 = dict(
    rope_type="llama3",
    rope_theta=500.0,
    factor=8.0,
    low_freq_factor=1.0,
    high_freq_factor=4.0,
    original_max_position_embeddings=64,
)
ROPE_LINEAR = dict(rope_type="linear", rope_theta=500.0, factor=4.0)

LM = "ForCausalLM"
FOLDERS = [
    Folder("gpt2", "GPT2", "LMHeadModel", config=GPT2),
    Folder("gpt2-untied", "GPT2", "LMHeadModel", config=GPT2 | dict(n_layer=2, tie_word_embeddings=False, n_inner=40)),
    Folder("openai-gpt", "OpenAIGPT", "LMHeadModel", config=GPT2),
    Folder("gpt-neo", "GPTNeo", LM, config=GPT_NEO),
    Folder("llama", "Llama", LM, config=LLAMA, form=4),
    Folder("llama-tied", "Llama", LM, config=LLAMA | dict(tie_word_embeddings=True, rope_parameters=ROPE_LLAMA3)),
    Folder(
        "llama-biases",
        "Llama",
        LM,
        config=LLAMA
        | dict(num_hidden_layers=2, attention_bias=True, mlp_bias=True, rope_parameters=ROPE_LINEAR),
        dtype=torch.bfloat16,
    ),
    Folder("mistral", "Mistral", LM, config=LLAMA | dict(sliding_window=20, num_key_value_heads=1), form=4),
    Folder("qwen2", "Qwen2", LM, config=LLAMA | dict(tie_word_embeddings=True), dtype=torch.float16),
    Folder(
        "qwen2-window",
        "Qwen2",
        LM,
        config=LLAMA | dict(use_sliding_window=True, sliding_window=16, max_window_layers=1),
        form=4,
    ),
    # heads together wider than the hidden size
    Folder("qwen3", "Qwen3", LM, config=LLAMA | dict(head_dim=16, tie_word_embeddings=True)),
]


def spread(model: torch.nn.Module) -> None:
    """Logits far from each other, so that which token is likeliest does not hang on the last bit."""
    with torch.no_grad():
        ids = torch.arange(VOCABULARY)[None]
        model.lm_head.weight.mul_(3.0 / model(ids).logits.std())


def fresh(folder: Folder, seed: int) -> Path:
    model_class = getattr(transformers, folder.prefix + folder.suffix)
    model = model_class(model_class.config_class(**folder.config))
    architectures.randomize(model, seed)
    spread(model)
    directory = GOLDEN / folder.name
    shutil.rmtree(directory, ignore_errors=True)
    model.to(folder.dtype).save_pretrained(directory)
    if folder.form == 4:
        file = directory / "config.json"
        config = architectures.as_published(json.loads(file.read_text(encoding="utf-8")))
        file.write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    return directory


def logits(model: torch.nn.Module, ids: np.ndarray) -> torch.Tensor:
    with torch.no_grad():
        return model(torch.from_numpy(ids).long()[None]).logits[0]


def generated(model: torch.nn.Module, prompt: np.ndarray, **settings):
    ids = torch.from_numpy(prompt).long()[None]
    return model.generate(
        ids,
        attention_mask=torch.ones_like(ids),
        do_sample=False,
        pad_token_id=0,
        return_dict_in_generate=True,
        **settings,
    )


def greedy(model: torch.nn.Module, prompt: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    found = generated(model, prompt, max_new_tokens=NEW_TOKENS, output_logits=True)
    steps = torch.cat(found.logits)
    best = steps.topk(2).values
    if (best[:, 0] - best[:, 1]).min() < MARGIN:
        raise Tie("greedy")
    tokens = found.sequences[0, len(prompt) :]
    if len(tokens) != NEW_TOKENS:
        raise ValueError(f"{len(tokens)} tokens were generated")
    chosen = steps.log_softmax(-1)[torch.arange(NEW_TOKENS), tokens]
    return tokens.numpy().astype(np.int32), chosen.numpy()


def beams(model: torch.nn.Module, prompt: np.ndarray, case: dict) -> tuple[np.ndarray, np.ndarray]:
    found = generated(
        model, prompt, num_beams=4, num_return_sequences=4, max_new_tokens=BEAM_TOKENS, output_scores=True, **case
    )
    scores = found.sequences_scores.numpy()
    if np.abs(np.diff(scores)).min() < SCORE_MARGIN:
        raise Tie("beam")
    sequences = found.sequences[:, len(prompt) :].numpy().astype(np.int32)
    if case["eos_token_id"] is not None:
        for sequence in sequences:
            ends = np.flatnonzero(sequence == END)
            if len(ends):
                sequence[ends[0] + 1 :] = -1
    return sequences, scores


class Tie(Exception):
    """Two choices are too near each other."""


def expectations(model: torch.nn.Module, seed: int) -> dict[str, np.ndarray]:
    random = np.random.default_rng(seed)
    prompts = [random.integers(0, VOCABULARY, length).astype(np.int32) for length in PROMPT_LENGTHS]
    whole = [logits(model, prompt) for prompt in prompts]
    rows = [greedy(model, prompt) for prompt in prompts]
    expected = {
        "ids": np.concatenate(prompts),
        "offsets": np.cumsum([0] + [len(prompt) for prompt in prompts]).astype(np.int32),
        "logits": torch.stack([values[-1] for values in whole]).numpy(),
        "rows": np.array([row for row, _ in POINTS], np.int32),
        "positions": np.array([position for _, position in POINTS], np.int32),
        "point.logits": torch.stack([whole[row][position] for row, position in POINTS]).numpy(),
        "greedy": np.stack([tokens for tokens, _ in rows]),
        "log_probs": np.stack([values for _, values in rows]),
    }
    for name, case in BEAM_CASES.items():
        for row in BEAM_ROWS:
            expected[f"beam.{name}.{row}"], expected[f"beam.{name}.{row}.scores"] = beams(model, prompts[row], case)
    return expected


def write(folder: Folder) -> None:
    seed = SEED + zlib.crc32(folder.name.encode())
    while True:
        directory = fresh(folder, seed)
        try:
            expected = expectations(architectures.load(folder, directory, "eager"), seed)
            break
        except Tie as tie:
            print(f"{folder.name}: a tie in {tie}, drawn again")
            seed += 1
    other = expectations(architectures.load(folder, directory, "eager"), seed)
    for name, value in expected.items():
        if not np.isfinite(value).all() or not np.array_equal(other[name], value):
            raise ValueError(f"{folder.name}: {name} is not finite or not the same twice")
    metadata = {
        "generator": "lib/core/src/test/golden/decoder_goldens.py",
        "model": f"{folder.prefix}{folder.suffix} with random weights",
        "attention": "eager",
        "dtype": "float32",
        "tolerance": "max difference of logits <= 1e-3, tokens equal, scores within 1e-3",
        "seed": str(seed),
    }
    for name, case in BEAM_CASES.items():
        metadata[f"beam.{name}"] = json.dumps(case | dict(num_beams=4, max_new_tokens=BEAM_TOKENS), sort_keys=True)
    for library in ("transformers", "torch", "numpy", "safetensors"):
        metadata[library] = version(library)
    architectures.save_expected(expected, directory / "expected.safetensors", metadata)
    size = sum(file.stat().st_size for file in directory.iterdir())
    different = len(np.unique(expected["greedy"], axis=0)), len(np.unique(expected["greedy"]))
    print(f"{folder.name}: {size // 1024} kB, std {expected['logits'].std():.2f}, greedy rows and tokens {different}")


def main() -> None:
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    shutil.rmtree(GOLDEN, ignore_errors=True)
    for folder in FOLDERS:
        write(folder)


if __name__ == "__main__":
    main()
