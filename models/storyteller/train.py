"""Trains the storyteller model: a small GPT-2 on public-domain tales and books, on the CPU.

    python train.py --data DIR --output DIR --minutes 75

The schedule follows the time spent training, not a step count, so a run ends when it should on any machine:
a short warm-up, a constant learning rate, then a linear decay to zero. A checkpoint is kept in --work and a run
started again with the same folders goes on where the last one stopped. --output always holds the newest
checkpoint as a complete model folder.
"""

import argparse
import json
import math
import os
import time
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import numpy as np
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import GenerationConfig, GPT2Config, GPT2LMHeadModel

from corpus import Text, held_out_texts, training_texts
from evaluate import bits_per_byte
from muon import Muon

END_OF_TEXT = "<|endoftext|>"
VOCABULARY = 4096
POSITIONS = 512

# Share of the training tokens by kind of text: at first, and while the learning rate decays.
MIXTURE = {
    "tale": (0.16, 0.27),
    "hard-wrapped tale": (0.03, 0.05),
    "tale-like book": (0.36, 0.36),
    "book": (0.45, 0.32),
}


# --- tokens ---------------------------------------------------------------------------------------------------


def train_tokenizer(texts: list[Text]) -> Tokenizer:
    """Byte-level BPE with GPT-2's split; the tales count three times, as the model is to write tales."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=[END_OF_TEXT],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    corpus = [t.joined() for t in texts for _ in range(3 if t.group == "tale" else 1)]
    tokenizer.train_from_iterator(corpus, trainer)
    return tokenizer


def token_streams(texts: list[Text], tokenizer: Tokenizer) -> dict[str, np.ndarray]:
    """One stream of ids per kind of text. A text begins with <|endoftext|>, but a hard-wrapped one does not:
    the model meets broken lines only as the continuation of broken lines and does not begin a tale with them."""
    end_of_text = [tokenizer.token_to_id(END_OF_TEXT)]
    separator = tokenizer.encode("\n\n").ids
    streams: dict[str, list[int]] = {kind: [] for kind in MIXTURE}
    for text in texts:
        streams[text.group] += end_of_text + tokenizer.encode(text.joined()).ids
        if text.wrapped:
            streams["hard-wrapped tale"] += separator + tokenizer.encode(text.wrapped).ids
    return {kind: np.array(ids, dtype=np.uint16) for kind, ids in streams.items()}


class Windows:
    """Windows of one stream in random order: each pass cuts the stream at another phase and sees all of it once."""

    def __init__(self, stream: np.ndarray, seed: int):
        self.stream, self.seed = stream, seed
        self.passes = 0.0  # how often the stream was read
        self.made = 0  # how often it was cut
        self.starts: list[int] = []  # windows still to come

    def next(self, length: int) -> np.ndarray:
        while not self.starts or self.starts[-1] + length + 1 > len(self.stream):
            if self.starts:
                self.starts.pop()
                continue
            random = np.random.default_rng((self.seed, self.made))
            starts = np.arange(random.integers(length), len(self.stream) - length, length)
            self.starts = random.permutation(starts).tolist()
            self.made += 1
        start = self.starts.pop()
        self.passes += length / len(self.stream)
        return self.stream[start : start + length + 1]

    def state(self) -> dict:
        return {"passes": self.passes, "starts": self.starts, "made": self.made}

    def restore(self, state: dict) -> None:
        self.passes, self.starts, self.made = state["passes"], state["starts"], state["made"]


# --- model ----------------------------------------------------------------------------------------------------


def new_model(options, end_of_text: int) -> GPT2LMHeadModel:
    return GPT2LMHeadModel(
        GPT2Config(
            vocab_size=VOCABULARY,
            n_positions=POSITIONS,
            n_embd=options.width,
            n_layer=options.layers,
            n_head=options.width // 64,
            activation_function="gelu_new",
            resid_pdrop=0.0,
            embd_pdrop=0.0,
            attn_pdrop=0.0,
            bos_token_id=end_of_text,
            eos_token_id=end_of_text,
            tie_word_embeddings=True,
        )
    )


def optimizers(model, options) -> list[torch.optim.Optimizer]:
    """Muon for the matrices of the blocks, AdamW for embeddings, norms and biases."""
    matrices = [p for p in model.transformer.h.parameters() if p.ndim == 2]
    chosen = {id(p) for p in matrices}
    others = [p for p in model.parameters() if id(p) not in chosen]
    muon = Muon(matrices, lr=options.learning_rate)
    adamw = torch.optim.AdamW(others, lr=options.learning_rate, betas=(0.9, 0.95), weight_decay=0.01)
    return [muon, adamw]


def learning_rate_factor(progress: float, decay_from: float) -> float:
    """`progress` in 0..1 of the time: up over the first hundredth, flat, linear to zero from `decay_from`."""
    return max(0.0, min(1.0, progress / 0.01 + 0.02, (1.0 - progress) / (1.0 - decay_from)))


def export(model, tokenizer: Tokenizer, folder: Path) -> None:
    """A complete model folder with float16 weights. The output layer shares the embedding and is not stored."""
    folder.mkdir(parents=True, exist_ok=True)
    half = GPT2LMHeadModel(model.config).half().eval()
    half.load_state_dict(model.state_dict())
    end_of_text = tokenizer.token_to_id(END_OF_TEXT)
    half.generation_config = GenerationConfig(
        bos_token_id=end_of_text, eos_token_id=end_of_text, do_sample=True, temperature=0.8, top_p=0.95
    )
    half.save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    settings = {
        "tokenizer_class": "GPT2TokenizerFast",
        "add_prefix_space": False,
        "bos_token": END_OF_TEXT,
        "eos_token": END_OF_TEXT,
        "unk_token": END_OF_TEXT,
        "clean_up_tokenization_spaces": False,
        "model_max_length": POSITIONS,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(settings, indent=2) + "\n")


def half_precision_copy(model) -> GPT2LMHeadModel:
    """The model as it will be read back: every weight rounded to float16, computed in float32."""
    copy = GPT2LMHeadModel(model.config).eval()
    copy.load_state_dict({name: tensor.half().float() for name, tensor in model.state_dict().items()})
    return copy


# --- training -------------------------------------------------------------------------------------------------


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True, help="the model folder to write")
    parser.add_argument("--work", type=Path, help="checkpoint and log; default: OUTPUT with -work appended")
    parser.add_argument("--minutes", type=float, default=75.0, help="training time, decay included")
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--width", type=int, default=256)
    parser.add_argument("--learning-rate", type=float, default=2e-3)
    parser.add_argument("--batch-tokens", type=int, default=8192)
    parser.add_argument("--micro-batch-tokens", type=int, default=4096)
    parser.add_argument("--long-from", type=float, default=0.6, help="share of the time at length 256")
    parser.add_argument("--decay-from", type=float, default=0.6, help="share of the time before the decay")
    parser.add_argument("--checkpoint-minutes", type=float, default=4.0)
    parser.add_argument("--evaluate-minutes", type=float, default=12.0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=17)
    parser.add_argument("--precision", choices=["bf16", "fp32"], default="bf16")
    parser.add_argument("--compile", action="store_true", help="fuse with torch.compile; needs a C++ compiler")
    options = parser.parse_args()
    work = options.work or options.output.with_name(options.output.name + "-work")
    work.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    log = (work / "train.log").open("a")

    def say(message: str) -> None:
        line = f"{time.strftime('%H:%M:%S')} {message}"
        print(line, flush=True)
        print(line, file=log, flush=True)

    texts = training_texts(options.data, say)
    tokenizer_file = work / "tokenizer.json"
    if tokenizer_file.exists():
        tokenizer = Tokenizer.from_file(str(tokenizer_file))
    else:
        tokenizer = train_tokenizer(texts)
        tokenizer.save(str(tokenizer_file))
    end_of_text = tokenizer.token_to_id(END_OF_TEXT)
    sources = {
        kind: Windows(stream, options.seed + number)
        for number, (kind, stream) in enumerate(token_streams(texts, tokenizer).items())
    }
    for kind, source in sources.items():
        say(f"{kind}: {len(source.stream):,} tokens")
    held_out = held_out_texts(options.data)
    held_out_ids = [[end_of_text] + tokenizer.encode(text).ids for text in held_out]
    held_out_bytes = sum(len(text.encode()) for text in held_out)

    model = new_model(options, end_of_text)
    steppers = optimizers(model, options)
    random = np.random.default_rng(options.seed)
    step, tokens_seen, seconds = 0, 0, 0.0
    checkpoint = work / "checkpoint.pt"
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=False)
        model.load_state_dict(state["model"])
        for stepper, saved in zip(steppers, state["steppers"]):
            stepper.load_state_dict(saved)
        for kind, source in sources.items():
            source.restore(state["sources"][kind])
        random.bit_generator.state = state["random"]
        step, tokens_seen, seconds = state["step"], state["tokens"], state["seconds"]
        say(f"resuming at step {step}, {tokens_seen:,} tokens, {seconds / 60:.1f} min")
    say(f"{sum(p.numel() for p in model.parameters()):,} parameters, {options.minutes} min on {options.threads} threads")

    def loss_of(inputs, positions, targets):
        hidden = model.transformer(input_ids=inputs, position_ids=positions, use_cache=False).last_hidden_state
        logits = model.lm_head(hidden).float()
        return F.cross_entropy(logits.reshape(-1, VOCABULARY), targets.reshape(-1))

    compute_loss = torch.compile(loss_of, dynamic=False) if options.compile else loss_of

    def save() -> None:
        state = {
            "model": model.state_dict(),
            "steppers": [stepper.state_dict() for stepper in steppers],
            "sources": {kind: source.state() for kind, source in sources.items()},
            "random": random.bit_generator.state,
            "step": step,
            "tokens": tokens_seen,
            "seconds": seconds,
        }
        torch.save(state, checkpoint.with_suffix(".new"))
        checkpoint.with_suffix(".new").replace(checkpoint)
        export(model, tokenizer, options.output)

    def measure() -> float:
        return bits_per_byte(half_precision_copy(model), held_out_ids, held_out_bytes)

    budget = options.minutes * 60
    kinds = list(MIXTURE)
    saved_at, measured_at, said_at, said_tokens = seconds, seconds, seconds, tokens_seen
    recent: list[float] = []  # losses since the last progress line
    model.train()
    while seconds < budget:
        begun = time.monotonic()
        progress = seconds / budget
        length = 256 if progress < options.long_from else POSITIONS
        rows = options.micro_batch_tokens // length
        micro_batches = options.batch_tokens // options.micro_batch_tokens
        factor = learning_rate_factor(progress, options.decay_from)
        for stepper in steppers:
            for group in stepper.param_groups:
                group["lr"] = options.learning_rate * factor
        mixture = np.array([MIXTURE[kind][progress >= options.decay_from] for kind in kinds])
        for _ in range(micro_batches):
            chosen = random.choice(len(kinds), size=rows, p=mixture / mixture.sum())
            ids = torch.from_numpy(np.stack([sources[kinds[k]].next(length) for k in chosen]).astype(np.int64))
            # Half of the short rows sit at a random offset, so that all 512 positions learn from the start.
            offsets = random.integers(0, POSITIONS - length + 1, size=rows) * random.integers(0, 2, size=rows)
            positions = torch.from_numpy(offsets)[:, None] + torch.arange(length)[None, :]
            with torch.autocast("cpu", torch.bfloat16, enabled=options.precision == "bf16"):
                loss = compute_loss(ids[:, :-1].contiguous(), positions, ids[:, 1:].contiguous())
            (loss / micro_batches).backward()
            recent.append(loss.item())
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for stepper in steppers:
            stepper.step()
            stepper.zero_grad()
        step += 1
        tokens_seen += options.batch_tokens
        seconds += time.monotonic() - begun

        if seconds - said_at > 30:
            rate = (tokens_seen - said_tokens) / (seconds - said_at)
            say(
                f"step {step} {progress:5.1%} loss {sum(recent) / len(recent):.3f} lr {options.learning_rate * factor:.2e}"
                f" {tokens_seen / 1e6:.1f}M tokens {rate:,.0f} tokens/s"
                f" passes {' '.join(f'{source.passes:.1f}' for source in sources.values())}"
            )
            recent.clear()
            said_at, said_tokens = seconds, tokens_seen
        if seconds - saved_at > options.checkpoint_minutes * 60:
            save()
            saved_at = seconds
        if seconds - measured_at > options.evaluate_minutes * 60:
            say(f"held out: {measure():.4f} bits per byte")
            measured_at = seconds

    save()
    bpb = measure()
    assert math.isfinite(bpb)
    passes = ", ".join(f"{kind} {source.passes:.1f}" for kind, source in sources.items())
    say(f"done: {tokens_seen:,} tokens, {step} steps, {seconds / 60:.1f} min; passes: {passes}; {bpb:.4f} bits per byte")


if __name__ == "__main__":
    main()
