"""Small tokenizers of every pipeline that Textloom reads, for the tests that compare it with the reference.

    PYTHON lib/core/src/test/golden/tokenizer_goldens.py --text FILE...

PYTHON has scripts/python/requirements.txt and sentencepiece 0.2.3. FILE: English prose out of copyright; the
vocabularies in the repository were trained on three books of Project Gutenberg (Alice's Adventures in Wonderland, The
Time Machine, Aesop's Fables) and on the lines below. Written to ../resources/golden/tokenizers: NAME.json with the
settings of a well-known tokenizer and about 1200 tokens of our own. Where a charsmap belongs, the file names one,
which stands beside it, gzipped; io.textloom.token.Vocabularies puts it in. The WordPiece trainer breaks ties at random,
so that bert-cased and added-wordpiece come out a little different each time.
"""

import argparse
import base64
import gzip
import io
import json
from pathlib import Path

import sentencepiece
from sentencepiece import sentencepiece_model_pb2 as sentencepiece_proto
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

GOLDEN = Path(__file__).resolve().parents[1] / "resources" / "golden" / "tokenizers"
TOKENS = 1200
CHARSMAP = "nmt_nfkc"
SPECIALS_OF_LLAMA3 = ["<|begin_of_text|>", "<|end_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"]

SPLIT_LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
SPLIT_QWEN2 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
SPLIT_O200K = "|".join(
    [
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
        r"\p{N}{1,3}",
        r" ?[^\s\p{L}\p{N}]+[\r\n/]*",
        r"\s*[\r\n]+",
        r"\s+(?!\S)",
        r"\s+",
    ]
)

# Written for this file: other scripts, numbers, punctuation, code.
LINES = """\
Übermäßig große Bären fraßen süße Äpfel, während Jürgen fröhlich über die Brücke ging.
L'été dernier, Zoë a mangé des crêpes à la crème brûlée ; ça coûtait 12,50 € près de l'hôtel.
El niño pequeño soñó con una piñata; ¿quién rompió la ventana? ¡Nadie lo sabía!
Tiếng Việt có nhiều dấu: những người bạn tốt thường uống cà phê sữa đá buổi sáng.
Čeština, žluťoučký kůň úpěl ďábelské ódy; łódź płynęła powoli po Wiśle.
Съешь же ещё этих мягких французских булок, да выпей чаю. Ёжик шёл по лесу.
Η γρήγορη αλεπού πηδάει πάνω από τον τεμπέλη σκύλο. Ο ΟΔΥΣΣΕΥΣ γύρισε.
היום יום יפה מאוד והילדים הולכים לגן. שָׁלוֹם לכולם.
القطة تجلس على السجادة والأولاد يلعبون في الحديقة. مُحَمَّد كتب ١٢٣ كلمة.
बच्चे बगीचे में खेल रहे हैं और बिल्ली सो रही है। क़ीमत १२३ रुपये है।
เด็กๆ กำลังเล่นอยู่ในสวนและแมวกำลังนอนหลับ
今天天气很好,孩子们在花园里玩。猫在睡觉。北京的秋天特别美丽。
昨日は雨が降っていたので、子供たちは家で本を読みました。ガギグゲゴ。カタカナとひらがな。
오늘은 날씨가 좋아서 아이들이 공원에서 놀고 있습니다. 한국어 문장입니다.
The year was 1984, and 3.14159 is about pi; call 555-0199 or write to someone@example.org!
if (x <= 10 && y != 0) { return a[i++] * 0xFF; } // done -> see https://example.org/a?b=c&d=e#f
I'll say it's what they've said; we're sure he'd go, she doesn't, I'm not. I'LL SAY IT'S SO.
\U0001f600 \U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1e9\U0001f1ea \u2764\ufe0f \U0001f44d\U0001f3fd \u00a9 \u2122 \u2014 \u2026 \u201cquoted\u201d \u2018single\u2019
\ufb01ne \u2167 \u00bd \u33a1 \uff21\uff22\uff23 \uff8a\uff9f\uff98 x\u00b2 H\u2082O \u212b \u2126
"""


def byte_level(lines: list[str], pre, normalizer=None, specials=(), **model) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE(**model))
    if normalizer is not None:
        tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=TOKENS,
        special_tokens=list(specials),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(lines, trainer)
    return tokenizer


def split_then_bytes(pattern: str) -> pre_tokenizers.Sequence:
    return pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(pattern), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )


def roberta(lines: list[str]) -> Tokenizer:
    mask = AddedToken("<mask>", lstrip=True, special=True)
    tokenizer = byte_level(
        lines, pre_tokenizers.ByteLevel(add_prefix_space=True), specials=["<s>", "<pad>", "</s>", "<unk>", mask]
    )
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), trim_offsets=True)
    return tokenizer


def llama3(lines: list[str], pattern: str = SPLIT_LLAMA3) -> Tokenizer:
    tokenizer = byte_level(lines, split_then_bytes(pattern), ignore_merges=True)
    # whole words that no merge leads to, for which ignore_merges is there
    model = json.loads(tokenizer.to_str())["model"]
    vocabulary = model["vocab"]
    for word in ("Ġelephantine", "zyzzyva", "ĠÃľber"):
        vocabulary.setdefault(word, len(vocabulary))
    merges = [tuple(pair) for pair in model["merges"]]
    tokenizer.model = models.BPE(vocab=vocabulary, merges=merges, ignore_merges=True)
    tokenizer.add_special_tokens(SPECIALS_OF_LLAMA3)
    begin = SPECIALS_OF_LLAMA3[0]
    tokenizer.post_processor = processors.Sequence(
        [
            processors.ByteLevel(trim_offsets=False),
            processors.TemplateProcessing(
                single=f"{begin} $A",
                pair=f"{begin} $A {begin}:1 $B:1",
                special_tokens=[(begin, tokenizer.token_to_id(begin))],
            ),
        ]
    )
    return tokenizer


def qwen2(lines: list[str]) -> Tokenizer:
    tokenizer = byte_level(lines, split_then_bytes(SPLIT_QWEN2), normalizers.NFC())
    tokenizer.add_special_tokens(["<|endoftext|>", "<|im_start|>", "<|im_end|>"])
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    return tokenizer


def wordpiece(lines: list[str], normalizer) -> Tokenizer:
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    trainer = trainers.WordPieceTrainer(
        vocab_size=TOKENS, special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"], show_progress=False
    )
    tokenizer.train_from_iterator(lines, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return tokenizer


def bert_cased(lines: list[str]) -> Tokenizer:
    return wordpiece(lines, normalizers.BertNormalizer(lowercase=False, strip_accents=None))


def sentencepiece_model(lines: list[str], rule: str, **settings):
    out = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines),
        model_writer=out,
        vocab_size=TOKENS,
        normalization_rule_name=rule,
        character_coverage=0.9995,
        minloglevel=2,
        num_threads=1,
        **settings,
    )
    proto = sentencepiece_proto.ModelProto()
    proto.ParseFromString(out.getvalue())
    return proto


def unigram(pieces, unk_id: int, charsmap: bytes, more=(), byte_fallback: bool = False) -> Tokenizer:
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=unk_id, byte_fallback=byte_fallback))
    parts = ([normalizers.Precompiled(charsmap)] if charsmap else []) + list(more)
    tokenizer.normalizer = normalizers.Sequence(parts) if len(parts) > 1 else parts[0]
    tokenizer.decoder = decoders.Metaspace()
    return tokenizer


def xlm_roberta(lines: list[str]) -> Tokenizer:
    proto = sentencepiece_model(lines, CHARSMAP, model_type="unigram")
    pieces = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)]
    pieces += [(piece.piece, piece.score) for piece in proto.pieces[3:]] + [("<mask>", 0.0)]
    tokenizer = unigram(pieces, 3, proto.normalizer_spec.precompiled_charsmap)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()])
    tokenizer.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>", AddedToken("<mask>", lstrip=True, special=True)])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return tokenizer


def t5(lines: list[str]) -> Tokenizer:
    proto = sentencepiece_model(lines, CHARSMAP, model_type="unigram", pad_id=0, eos_id=1, unk_id=2, bos_id=-1)
    pieces = [(piece.piece, piece.score) for piece in proto.pieces]
    extra = [f"<extra_id_{i}>" for i in range(9, -1, -1)]
    pieces += [(token, 0.0) for token in extra]
    more = [normalizers.Strip(left=False, right=True), normalizers.Replace(Regex(" {2,}"), "▁")]
    tokenizer = unigram(pieces, 2, proto.normalizer_spec.precompiled_charsmap, more)
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.add_special_tokens(["<pad>", "</s>", "<unk>", *extra])
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    return tokenizer


def albert(lines: list[str]) -> Tokenizer:
    prepare = [normalizers.Replace("``", '"'), normalizers.Replace("''", '"'), normalizers.NFKD()]
    prepare += [normalizers.StripAccents(), normalizers.Lowercase(), normalizers.Replace(Regex(" {2,}"), " ")]
    plain = normalizers.Sequence(prepare)
    proto = sentencepiece_model([plain.normalize_str(line) for line in lines], "identity", model_type="unigram")
    pieces = [("<pad>", 0.0), ("<unk>", 0.0), ("[CLS]", 0.0), ("[SEP]", 0.0), ("[MASK]", 0.0)]
    pieces += [(piece.piece, piece.score) for piece in proto.pieces[3:]]
    tokenizer = unigram(pieces, 1, b"", prepare)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()])
    mask = AddedToken("[MASK]", lstrip=True, special=True)
    tokenizer.add_special_tokens(["<pad>", "<unk>", "[CLS]", "[SEP]", mask])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return tokenizer


def llama2(lines: list[str]) -> Tokenizer:
    proto = sentencepiece_model(
        lines, "identity", model_type="bpe", byte_fallback=True, remove_extra_whitespaces=False
    )
    vocabulary = {piece.piece: i for i, piece in enumerate(proto.pieces)}
    # as transformers' converter: every way to part a piece in two known ones, by the score of the piece
    merges = []
    for piece, i in vocabulary.items():
        parts = [(piece[:k], piece[k:]) for k in range(1, len(piece))]
        known = [(a, b) for a, b in parts if a in vocabulary and b in vocabulary]
        known.sort(key=lambda pair: (vocabulary[pair[0]], vocabulary[pair[1]]))
        merges += [(proto.pieces[i].score, pair) for pair in known]
    merges = [pair for _, pair in sorted(merges, key=lambda merge: -merge[0])]
    tokenizer = Tokenizer(models.BPE(vocabulary, merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    tokenizer.add_special_tokens([AddedToken(token, normalized=False) for token in ("<unk>", "<s>", "</s>")])
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 1)])
    return tokenizer


ADDED = [
    AddedToken("<left>", lstrip=True, special=True),
    AddedToken("<right>", rstrip=True, special=True),
    AddedToken("<both>", lstrip=True, rstrip=True, special=True),
    AddedToken("whole", single_word=True, normalized=False),
    AddedToken("Naïve Word", normalized=True),
    AddedToken("[ENT]", normalized=True),
    AddedToken("[RAW]", normalized=False),
    AddedToken("fox", normalized=False),
    AddedToken("foxtrot", normalized=False),
    AddedToken("été", normalized=True, single_word=True),
    AddedToken("new york", lstrip=True, normalized=True),
    AddedToken("中文", normalized=True),
    AddedToken("  ", normalized=False),
]


def added_to_bytes(lines: list[str]) -> Tokenizer:
    tokenizer = byte_level(
        lines,
        pre_tokenizers.ByteLevel(add_prefix_space=False),
        normalizers.Sequence([normalizers.NFD(), normalizers.Lowercase()]),
        ["<unk>"],
    )
    tokenizer.add_tokens(ADDED)
    return tokenizer


def added_to_wordpiece(lines: list[str]) -> Tokenizer:
    tokenizer = wordpiece(lines, normalizers.BertNormalizer())
    tokenizer.add_tokens(ADDED)
    return tokenizer


def parts(lines: list[str]) -> Tokenizer:
    """Every small pre-tokenizer that no other file has."""
    tokenizer = Tokenizer(models.WordLevel(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Nmt(), normalizers.Strip()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Whitespace(), pre_tokenizers.Punctuation("contiguous"), pre_tokenizers.Digits(True)]
    )
    tokenizer.train_from_iterator(
        lines, trainers.WordLevelTrainer(vocab_size=TOKENS, special_tokens=["[UNK]"], show_progress=False)
    )
    return tokenizer


PIPELINES = {
    "roberta": roberta,
    "llama3": llama3,
    "o200k": lambda lines: llama3(lines, SPLIT_O200K),
    "qwen2": qwen2,
    "bert-cased": bert_cased,
    "xlm-roberta": xlm_roberta,
    "t5": t5,
    "albert": albert,
    "llama2": llama2,
    "added-bytes": added_to_bytes,
    "added-wordpiece": added_to_wordpiece,
    "parts": parts,
}


def write(name: str, tokenizer: dict) -> None:
    normalizer = tokenizer["normalizer"] or {}
    for part in normalizer.get("normalizers", [normalizer]):
        if "precompiled_charsmap" in part:
            charsmap = base64.b64decode(part["precompiled_charsmap"])
            file = GOLDEN / f"{CHARSMAP}.charsmap.gz"
            file.write_bytes(gzip.compress(charsmap, 9, mtime=0))
            part["precompiled_charsmap"] = file.name
    data = json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":"))
    (GOLDEN / f"{name}.json").write_text(data)
    print(f"{name}: {len(data)} characters")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--text", type=Path, nargs="+", required=True)
    arguments.add_argument("--only", nargs="*", choices=PIPELINES, default=list(PIPELINES))
    options = arguments.parse_args()
    lines = [line for file in options.text for line in file.read_text().splitlines() if line.strip()]
    lines += LINES.splitlines() * 20
    GOLDEN.mkdir(parents=True, exist_ok=True)
    for name in options.only:
        write(name, json.loads(PIPELINES[name](lines).to_str()))


if __name__ == "__main__":
    main()
