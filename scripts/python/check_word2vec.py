"""Judges word vectors by WordSim-353, and trains gensim's at the same settings on the same words.

    check_word2vec.py score MODEL...                       Spearman of folders that `textloom train word2vec` wrote
    check_word2vec.py words MODEL OUT FILE...              the words that the folder's tokenizer finds, a line for each paragraph
    check_word2vec.py gensim WORDS OUT [--seeds 1 2 3] ... trains gensim on such a file, writes OUT-SEED.bin and scores it

Needs gensim and tokenizers; WordSim-353 comes with gensim's test data.
"""

import argparse
import logging
import os
import re
import statistics
import time
from pathlib import Path

import gensim
from gensim.models import KeyedVectors, Word2Vec

WORDSIM = Path(gensim.__file__).parent / "test" / "test_data" / "wordsim353.tsv"


def spearman(vectors):
    """Over the pairs whose words are both known, and the share of the others in percent."""
    _, rank, unknown = vectors.evaluate_word_pairs(str(WORDSIM))
    return rank.statistic, unknown


def load(path):
    path = Path(path)
    if path.is_dir():
        path = path / "vectors.bin"
    return KeyedVectors.load_word2vec_format(str(path), binary=path.suffix == ".bin")


def score(args):
    found = []
    for model in args.models:
        vectors = load(model)
        rank, unknown = spearman(vectors)
        found.append(rank)
        print(f"{model}: {len(vectors)} vectors, WordSim-353 Spearman {rank:.4f}, {unknown:.1f} % of the pairs unknown")
    summary(found)


def summary(found):
    if len(found) > 1:
        print(f"mean {statistics.mean(found):.4f}, standard deviation {statistics.stdev(found):.4f}")


def words(args):
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(Path(args.model) / "tokenizer.json"))
    count = 0
    with open(args.out, "w", encoding="utf-8") as out:
        for name in args.files:
            text = Path(name).read_text(encoding="utf-8", errors="replace")
            paragraphs = [p for p in re.split(r"\n\s*\n", text) if p.strip()]
            for encoding in tokenizer.encode_batch(paragraphs):
                line = [token for token in encoding.tokens if token != "<unk>"]
                count += len(line)
                if line:
                    out.write(" ".join(line) + "\n")
    print(f"{count} words")


def train(args):
    found = []
    with open(args.words, encoding="utf-8") as lines:
        sentences = [line.split() for line in lines]
    corpus = sum(len(sentence) for sentence in sentences)
    for seed in args.seeds:
        wall, cpu = time.time(), time.process_time()
        model = Word2Vec(
            sentences,
            vector_size=args.dimensions,
            window=args.window,
            negative=args.negative,
            min_count=args.min_count,
            sample=args.sample,
            epochs=args.epochs,
            sg=0 if args.cbow else 1,
            workers=args.threads,
            seed=seed,
        )
        wall, cpu = time.time() - wall, time.process_time() - cpu
        model.wv.save_word2vec_format(f"{args.out}-{seed}.bin", binary=True)
        rank, unknown = spearman(model.wv)
        found.append(rank)
        print(
            f"gensim {gensim.__version__} seed {seed}: {len(model.wv)} vectors, Spearman {rank:.4f}, {unknown:.1f} %"
            f" unknown, {corpus * args.epochs / wall:,.0f} words/s, {corpus * args.epochs / cpu:,.0f} words per CPU second",
            flush=True,
        )
    summary(found)


def main():
    logging.disable(logging.WARNING)
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("score")
    command.add_argument("models", nargs="+")
    command.set_defaults(run=score)
    command = commands.add_parser("words")
    command.add_argument("model")
    command.add_argument("out")
    command.add_argument("files", nargs="+")
    command.set_defaults(run=words)
    command = commands.add_parser("gensim")
    command.add_argument("words")
    command.add_argument("out")
    command.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    command.add_argument("--dimensions", type=int, default=100)
    command.add_argument("--window", type=int, default=5)
    command.add_argument("--negative", type=int, default=5)
    command.add_argument("--min-count", type=int, default=5)
    command.add_argument("--sample", type=float, default=1e-3)
    command.add_argument("--epochs", type=int, default=5)
    command.add_argument("--threads", type=int, default=os.cpu_count())
    command.add_argument("--cbow", action="store_true")
    command.set_defaults(run=train)
    args = parser.parse_args()
    args.run(args)


if __name__ == "__main__":
    main()
