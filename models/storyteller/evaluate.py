"""Bits per byte of a GPT folder on the held-out tales.

Every tale is `<|endoftext|>` followed by its text. A window of 512 tokens moves on by 256; the first window
scores all its tokens but the first, each later one only those that no window scored before, so nearly every
token is predicted from at least 256 others. The sum of the negative log-likelihoods, in bits, is divided by the
UTF-8 bytes of the texts.

    python evaluate.py --model DIR --data DIR
"""

import argparse
import json
import math
import os
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import torch
import torch.nn.functional as F

WINDOW_TOKENS = 512
STRIDE_TOKENS = 256


def windows(length: int):
    """(start, end, first scored token) of each window over a document of `length` tokens.

    700 -> (0, 512, 1), (256, 700, 512)
    """
    start, scored = 0, 1
    while scored < length:
        end = min(start + WINDOW_TOKENS, length)
        yield start, end, scored
        start, scored = start + STRIDE_TOKENS, end


@torch.no_grad()
def bits_per_byte(model, documents: list[list[int]], byte_count: int) -> float:
    """`documents`: token ids, each beginning with `<|endoftext|>`. `byte_count`: UTF-8 bytes of all texts."""
    nats = 0.0
    for ids in documents:
        tokens = torch.tensor([ids])
        for start, end, scored in windows(len(ids)):
            hidden = model.transformer(tokens[:, start:end], use_cache=False).last_hidden_state[0]
            logits = model.lm_head(hidden[scored - 1 - start : end - 1 - start])
            nats += F.cross_entropy(logits.float(), tokens[0, scored:end], reduction="sum").item()
    return nats / math.log(2) / byte_count


def main() -> None:
    from tokenizers import Tokenizer
    from transformers import GPT2LMHeadModel

    from corpus import held_out_texts

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, default=Path(__file__).parent)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)

    tokenizer = Tokenizer.from_file(str(options.model / "tokenizer.json"))
    model = GPT2LMHeadModel.from_pretrained(options.model, dtype=torch.float32).eval()
    texts = held_out_texts(options.data)
    end_of_text = tokenizer.token_to_id("<|endoftext|>")
    documents = [[end_of_text] + tokenizer.encode(text).ids for text in texts]
    byte_count = sum(len(text.encode()) for text in texts)
    bpb = bits_per_byte(model, documents, byte_count)
    tokens = sum(len(ids) - 1 for ids in documents)
    print(
        json.dumps(
            {
                "bitsPerByte": round(bpb, 4),
                "tales": len(texts),
                "bytes": byte_count,
                "tokens": tokens,
                "perplexityPerToken": round(2 ** (bpb * byte_count / tokens), 2),
            }
        )
    )


if __name__ == "__main__":
    main()
