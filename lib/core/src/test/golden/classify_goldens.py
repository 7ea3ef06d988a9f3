"""Small classifiers with random weights and a real tokenizer, and what the pipelines of transformers make of texts.

    "$(scripts/python-env)" lib/core/src/test/golden/classify_goldens.py

Written to ../resources/golden/classify: one Hugging Face folder per task (sequence, multilabel, regression, token, qa,
cross-encoder, fill-mask) with expected.jsonl, one JSON object per text, and metadata.json with versions, settings and
tolerance.
The tokenizer is an uncased WordPiece of 400 tokens, windows are 64 tokens. start and end count Unicode code points.

  sequence, multilabel, regression   text, scores: [label, score] pairs, highest first (softmax, sigmoid, none)
  token          text, none | simple | first | average | max: entities of the first window, and for long texts stride
                 and windows: the same by windows that overlap by so many tokens (transformers gives no `none` there)
  qa             question, context, and answers with answer, start, end, score:
                 spans: the three best spans of tokens, an equal span of another window counts once, by its best score
                 pipeline, pipeline_top3: the pipeline with top_k 1 and 3, see answers_of_pipeline
                 null_score: the pipeline's score of no answer
  cross-encoder  query, document, logit, score (sigmoid, CrossEncoder's default for one label)
  fill-mask      text, masks: for each [MASK] the pipeline's five best, token, token_str, score; pair, next_sentence: the
                 probability that pair follows on text, from the same model's next-sentence head

The question answering pipeline left transformers with release 5; it is computed here by its definition in 4.53, which
adds up the scores of equal answers: within a window of spans widened to the same words, and over windows.
Labels, words and offsets stay when logits move by about a ten-thousandth, which check_sturdy checks. Tolerance of
scores: max difference <= 1e-4. Needs no network; two runs write the same bytes.
"""

import json
import os
import shutil
import zlib
from collections import Counter
from importlib.metadata import version
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"

import numpy as np
import torch
import transformers
from sentence_transformers import CrossEncoder
from transformers import BertConfig, BertTokenizerFast, pipeline

GOLDEN = Path(__file__).resolve().parents[1] / "resources" / "golden" / "classify"
SEED = 20240317
VOCABULARY = 400
WINDOW = 64
STRIDE = 16
ANSWER_TOKENS = 15
STRATEGIES = ("simple", "first", "average", "max")
LABELS = {
    "sequence": ["negative", "neutral", "positive"],
    "multilabel": ["politics", "sports", "science", "arts"],
    "regression": ["stars"],
    "token": ["O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC"],
    "qa": [],
    "cross-encoder": ["relevance"],
    "fill-mask": [],
}
PROBLEMS = {
    "sequence": "single_label_classification",
    "multilabel": "multi_label_classification",
    "regression": "regression",
}

TEXTS = [
    "Maria Keller works for Northwind Trading in Hamburg.",
    "The ferry to Naxos leaves at seven, says Captain Petros.",
    "Nobody at Bluewater Insurance answered the phone today!",
    "I would buy this kettle again; it is quiet, quick and cheap.",
    "Terrible. The lamp broke after two days and the shop did not care.",
    "Doctor Okafor moved from Lagos to Manchester in 1998.",
    "Zoë Müller-Brandt a quitté São Paulo pour Kraków.",
    "Cafe\u0301 Orange\u0301 in Malmo\u0308 is run by A\u030Asa Lindstro\u0308m.",
    "🎉 Great news 🎉: Ana joins Redwood Labs in Lisbon 🚀!!!",
    "👩‍🔬 Lena of the Polar Institute flew 🛫 to Tromsø.",
    "Is the museum in Vienna open on Monday? Ask Mrs. Huber.",
    "\"We lost the match,\" said coach Daniel O'Brien, \"but not the city of Cork.\"",
    "team@northwind.example -- call +49 30 1234-567 (Berlin office)",
    "The senate of Ruritania voted 51:49 against the new harbour.",
    "Ms Tanaka, Mr Sato and the Osaka Orchestra played Brahms.",
    "北京 is where Li Wei met the people of Green River Bank.",
    "İstanbul'da Ayşe, ﬁve ﬂat ﬁsh and a ½ litre of water",
    "Goalkeeper Novak saved three shots; Rovers won in Leeds.",
    "An electron microscope at the University of Ghent counts atoms.",
    "WHY IS THE PRINTER IN ROOM 12B STILL BROKEN???",
    "It is a book. It has pages.",
    "Москва",
    "Tom",
    "   \t spaces,\n\nlines and   Paris   ",
    "The internationalisation of Kowalczyk's counterproposal disappointed Wolverhampton.",
    "",
]

LONG = [
    "In the spring of 1903 Clara Lindqvist left the village of Arvika with one trunk and a letter for the Baltic "
    "Telegraph Company. The train to Stockholm was late, the hotel was full, and the director, a certain Mr. Falk, was "
    "in Riga. She waited nine days. Then she wrote to her brother Anders in Gothenburg that the company did not need "
    "another clerk, but that the Royal Observatory needed somebody who could count stars, and that she had said yes.",
    "Harbour report 🌊: the Elsa Maria of Hansen Brothers came in from Bergen with salted fish; the Tordenskjold lies "
    "in dock until Friday. Pilot Jørgen Dahl was hurt on the stairs of the customs house in Stavanger. The Northern "
    "Bank has opened an office beside the mill, where Ingrid Moe receives letters for London, Lübeck and Antwerp. "
    "Fog is expected on Sunday, says the lighthouse at Skagen, and no ship of the Union Line will sail before noon.",
    "Minutes. Present: Amara Diallo (chair), Piet de Vries, Lucía Fernández, and for Sunrise Energy Dr. Weiss. The "
    "council of Rotterdam asked whether the old power station can be sold. Ms Diallo said that the World Heritage Fund "
    "would object. Mr de Vries said that it would not. The motion of the Green List was lost by two votes. Next "
    "meeting: Utrecht, 14 May, at the offices of Sunrise Energy; Lucía Fernández brings the map and the key.",
]

QUESTIONS = [
    ("Where does Maria Keller work?", TEXTS[0]),
    ("When does the ferry leave?", TEXTS[1]),
    ("What broke after two days?", TEXTS[4]),
    ("Who moved to Manchester?", TEXTS[5]),
    ("D'où vient Zoë ?", TEXTS[6]),
    ("Who runs the café?", TEXTS[7]),
    ("🎉 Who joins Redwood Labs?", TEXTS[8]),
    ("Where did Lena fly?", TEXTS[9]),
    ("Who should I ask about the museum?", TEXTS[10]),
    ("What did the coach say?", TEXTS[11]),
    ("How did the senate vote?", TEXTS[13]),
    ("Where did Li Wei meet the people?", TEXTS[15]),
    ("What counts atoms?", TEXTS[18]),
    ("Which room?", TEXTS[19]),
    ("Who?", TEXTS[22]),
    ("Who was disappointed?", TEXTS[24]),
    ("Where did Clara Lindqvist go, and why?", LONG[0]),
    ("What did the director of the telegraph company need?", LONG[0]),
    ("Who was hurt on the stairs?", LONG[1]),
    ("Which bank has opened an office beside the mill?", LONG[1]),
    ("Who brings the map?", LONG[2]),
    ("What did the council of Rotterdam ask about the old power station?", LONG[2]),
]

PAIRS = [(question, context) for question, context in QUESTIONS[:16]] + [
    (QUESTIONS[0][0], TEXTS[3]),
    (QUESTIONS[0][0], TEXTS[12]),
    (QUESTIONS[3][0], TEXTS[17]),
    (QUESTIONS[3][0], TEXTS[23]),
    (QUESTIONS[20][0], LONG[2]),
    (LONG[0], LONG[1]),
    (LONG[1], QUESTIONS[1][0]),
    ("", TEXTS[0]),
]

MASKED = [
    ("Maria [MASK] works for Northwind Trading in [MASK].", "Nobody answered the [MASK] today!"),
    ("[MASK]", TEXTS[0]),
    ("The [MASK][MASK] to Naxos leaves at seven, says Captain [MASK].", TEXTS[20]),
    ("Zoë Müller-Brandt 🎉 a quitté [MASK] pour Kraków.", TEXTS[22]),
    ("Doctor Okafor moved from lagos to manchester in [MASK] .", "He never came back."),
    ("no mask here", TEXTS[5]),
]


def tokenizer() -> BertTokenizerFast:
    """An uncased WordPiece: letters, then the pieces that save most. The library's trainer breaks ties at random."""
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    backend = BertTokenizerFast(vocab={token: number for number, token in enumerate(special)}).backend_tokenizer
    words = Counter()
    for text in TEXTS + LONG + [question for question, _ in QUESTIONS]:
        normalized = backend.normalizer.normalize_str(text)
        words.update(word for word, _ in backend.pre_tokenizer.pre_tokenize_str(normalized) if word.isascii())
    letters = sorted({letter for word in words for letter in word})
    saved = Counter()
    for word, count in words.items():
        for start in range(len(word)):
            for end in range(start + 2, len(word) + 1):
                saved[("##" if start else "") + word[start:end]] += count * (end - start - 1)
    pieces = sorted(saved, key=lambda piece: (-saved[piece], piece))
    tokens = special + letters + ["##" + letter for letter in letters if letter.isalnum()]
    tokens += pieces[: VOCABULARY - len(tokens)]
    vocabulary = {token: number for number, token in enumerate(tokens)}
    return BertTokenizerFast(vocab=vocabulary, do_lower_case=True, model_max_length=WINDOW)


def save(task: str) -> Path:
    labels = LABELS[task]
    config = BertConfig(
        vocab_size=VOCABULARY,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=48,
        max_position_embeddings=WINDOW,
        problem_type=PROBLEMS.get(task),
        **({"id2label": dict(enumerate(labels)), "label2id": {x: i for i, x in enumerate(labels)}} if labels else {}),
    )
    kinds = {"token": "TokenClassification", "qa": "QuestionAnswering", "fill-mask": "PreTraining"}
    model_class = getattr(transformers, "BertFor" + kinds.get(task, "SequenceClassification"))
    model = model_class(config)
    generator = torch.Generator().manual_seed(SEED + zlib.crc32(task.encode()))
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator) * 0.2
            is_gain = parameter.dim() == 1 and name.endswith("weight")
            parameter.copy_(1 + noise if is_gain else noise)
        if task == "token":
            for label in (1, 3, 5):
                # I- is much like B-, so that entities have more than one word.
                begin, inside = model.classifier.weight[label], model.classifier.weight[label + 1]
                inside.copy_(0.8 * begin + 0.6 * inside)
    tokens = tokenizer()
    if task != "fill-mask":
        spread_out(task, model.eval(), tokens)
    directory = GOLDEN / task
    model.save_pretrained(directory)
    tokens.save_pretrained(directory)
    return directory


def spread_out(task: str, model: torch.nn.Module, tokens: BertTokenizerFast) -> None:
    """Scales the head so that every label has logits around 0, 1.5 up and down, and texts differ in their labels."""
    inputs = {"qa": QUESTIONS, "cross-encoder": PAIRS}.get(task, TEXTS)
    head = model.qa_outputs if task == "qa" else model.classifier
    with torch.no_grad():
        outputs = [
            model(**tokens(*([text] if isinstance(text, str) else text), truncation=True, return_tensors="pt"))
            for text in inputs
        ]
        if task == "qa":
            logits = torch.cat([torch.stack([output.start_logits[0], output.end_logits[0]], 1) for output in outputs])
        else:
            logits = torch.cat([output.logits.reshape(-1, head.out_features) for output in outputs])
        scale = (3.0 if task == "qa" else 1.5) / logits.std(0)
        head.weight.mul_(scale[:, None])
        head.bias.copy_((head.bias - logits.mean(0)) * scale)
        if task == "token":
            head.bias[0] += 1.5


def load(directory: Path) -> tuple[torch.nn.Module, BertTokenizerFast]:
    architecture = json.loads((directory / "config.json").read_text(encoding="utf-8"))["architectures"][0]
    model = getattr(transformers, architecture).from_pretrained(
        directory, dtype=torch.float32, attn_implementation="eager"
    )
    return model.eval(), BertTokenizerFast.from_pretrained(directory)


def sequence_rows(directory: Path, model: torch.nn.Module, tokens: BertTokenizerFast) -> list[dict]:
    classify = pipeline("text-classification", model=model, tokenizer=tokens, device="cpu")
    rows = []
    for text in TEXTS + LONG:
        scores = classify(text, top_k=None, truncation=True)
        rows.append({"text": text, "scores": [[score["label"], score["score"]] for score in scores]})
    return rows


def entities(found: list[dict]) -> list[dict]:
    return [
        {name: float(value) if name == "score" else value for name, value in entity.items()} for entity in found
    ]


def token_rows(directory: Path, model: torch.nn.Module, tokens: BertTokenizerFast) -> list[dict]:
    classify = pipeline("token-classification", model=model, tokenizer=tokens, device="cpu")
    rows = []
    for text in TEXTS + LONG:
        row = {"text": text}
        for strategy in ("none",) + STRATEGIES:
            row[strategy] = entities(classify(text, aggregation_strategy=strategy))
        if text in LONG:
            row["stride"] = STRIDE
            row["windows"] = {
                # A new pipeline: a stride once given stays with the old one.
                strategy: entities(
                    pipeline("token-classification", model=model, tokenizer=tokens, device="cpu")(
                        text, aggregation_strategy=strategy, stride=STRIDE
                    )
                )
                for strategy in STRATEGIES
            }
        rows.append(row)
    return rows


def qa_windows(question: str, context: str, model: torch.nn.Module, tokens: BertTokenizerFast) -> list[tuple]:
    """The encoding of every window and its probabilities of start and end, [tokens] each.

    Windows overlap by half their length; the pipeline's stride is half its window, at most 128.
    Softmax is over the tokens of the context and [CLS].
    """
    encoded = tokens(
        question,
        context,
        truncation="only_second",
        max_length=WINDOW,
        stride=WINDOW // 2,
        return_overflowing_tokens=True,
    )
    windows = []
    for encoding in encoded.encodings:
        with torch.no_grad():
            output = model(
                input_ids=torch.tensor([encoding.ids]),
                attention_mask=torch.tensor([encoding.attention_mask]),
                token_type_ids=torch.tensor([encoding.type_ids]),
            )
        allowed = np.array([sequence == 1 for sequence in encoding.sequence_ids])
        allowed[0] = True
        probabilities = []
        for logits in (output.start_logits[0].numpy(), output.end_logits[0].numpy()):
            powers = np.exp(np.where(allowed, logits, -10000.0) - logits[allowed].max())
            probabilities.append(powers / powers.sum())
        windows.append((encoding, *probabilities))
    return windows


def best_spans(window: tuple, count: int) -> list[tuple[int, int, float]]:
    """The best spans of one window: start, end (inclusive, in tokens) and score, the product of both probabilities."""
    encoding, starts, ends = window
    spans = [
        (start, end, float(starts[start] * ends[end]))
        for start in range(1, len(starts))
        for end in range(start, min(start + ANSWER_TOKENS, len(ends)))
        if encoding.sequence_ids[start] == 1 and encoding.sequence_ids[end] == 1
    ]
    return sorted(spans, key=lambda span: -span[2])[:count]


def answer(context: str, start: int, end: int, score: float) -> dict:
    return {"answer": context[start:end], "start": start, "end": end, "score": score}


def answers_of_spans(context: str, windows: list[tuple], count: int) -> list[dict]:
    found = {}
    for window in windows:
        for start, end, score in best_spans(window, count):
            place = window[0].offsets[start][0], window[0].offsets[end][1]
            found[place] = max(score, found.get(place, 0.0))
    ordered = sorted(found.items(), key=lambda item: -item[1])[:count]
    return [answer(context, start, end, score) for (start, end), score in ordered]


def answers_of_pipeline(context: str, windows: list[tuple], top_k: int) -> list[dict]:
    """As the pipeline: 2 top_k + 10 spans of each window, widened to whole words, scores of equal texts added up.

    Left out are the spans of probability 0 (end before start) that fill the pipeline's list where a window has fewer.
    """
    found: dict[str, dict] = {}
    for window in windows:
        encoding = window[0]
        for start, end, score in best_spans(window, 2 * top_k + 10):
            first = encoding.word_to_chars(encoding.token_to_word(start), 1)[0]
            last = encoding.word_to_chars(encoding.token_to_word(end), 1)[1]
            kept = found.setdefault(context[first:last].lower(), answer(context, first, last, 0.0))
            kept["score"] += score
    return sorted(found.values(), key=lambda one: -one["score"])[:top_k]


def qa_rows(directory: Path, model: torch.nn.Module, tokens: BertTokenizerFast) -> list[dict]:
    rows = []
    for question, context in QUESTIONS:
        windows = qa_windows(question, context, model, tokens)
        rows.append(
            {
                "question": question,
                "context": context,
                "spans": answers_of_spans(context, windows, 3),
                "pipeline": answers_of_pipeline(context, windows, 1)[0],
                "pipeline_top3": answers_of_pipeline(context, windows, 3),
                "null_score": min(float(starts[0] * ends[0]) for _, starts, ends in windows),
            }
        )
    return rows


def cross_encoder_rows(directory: Path, model: torch.nn.Module, tokens: BertTokenizerFast) -> list[dict]:
    encoder = CrossEncoder(str(directory), device="cpu", model_kwargs={"dtype": torch.float32})
    encoder.model.load_state_dict(model.state_dict())
    logits = encoder.predict(PAIRS, batch_size=1, activation_fn=torch.nn.Identity(), show_progress_bar=False)
    scores = encoder.predict(PAIRS, batch_size=1, show_progress_bar=False)
    return [
        {"query": query, "document": document, "logit": float(logit), "score": float(score)}
        for (query, document), logit, score in zip(PAIRS, logits, scores)
    ]


PREDICTED = ("token", "token_str", "score")


def fill_mask_rows(directory: Path, model: torch.nn.Module, tokens: BertTokenizerFast) -> list[dict]:
    masked = transformers.BertForMaskedLM(model.config).eval()
    report = masked.load_state_dict(model.state_dict(), strict=False)
    if report.missing_keys:
        raise ValueError(f"fill-mask does not load: {report}")
    fill = pipeline("fill-mask", model=masked, tokenizer=tokens, device="cpu", top_k=5)
    rows = []
    for text, pair in MASKED:
        masks = fill(text) if "[MASK]" in text else []
        if masks and isinstance(masks[0], dict):
            masks = [masks]
        with torch.no_grad():
            output = model(**tokens(text, pair, return_tensors="pt"))
        following = torch.softmax(output.seq_relationship_logits[0], -1)[0]
        rows.append(
            {
                "text": text,
                "masks": [[{name: one[name] for name in PREDICTED} for one in mask] for mask in masks],
                "pair": pair,
                "next_sentence": float(following),
            }
        )
    return rows


ROWS = {"token": token_rows, "qa": qa_rows, "cross-encoder": cross_encoder_rows, "fill-mask": fill_mask_rows}


def settled(value: object, scores: list[float]) -> object:
    """The value without its scores, which are put into the list."""
    if isinstance(value, float):
        scores.append(value)
        return None
    if isinstance(value, dict):
        return {name: settled(part, scores) for name, part in value.items()}
    if isinstance(value, list):
        return [settled(part, scores) for part in value]
    return value


def check_sturdy(task: str, directory: Path, rows: list[dict]) -> None:
    """Nothing but the scores may hang on a ten-thousandth."""
    generator = torch.Generator().manual_seed(SEED)
    for _ in range(3):
        model, tokens = load(directory)
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                if name.startswith(("classifier", "qa_outputs", "cls")):
                    parameter.add_(torch.randn(parameter.shape, generator=generator) * 3e-5)
        moved = ROWS.get(task, sequence_rows)(directory, model, tokens)
        scores, moved_scores = [], []
        for row, other in zip(rows, moved, strict=True):
            if settled(row, scores) != settled(other, moved_scores):
                raise ValueError(f"{task}: a tie is too close: {row} {other}")
        difference = np.abs(np.subtract(scores, moved_scores)).max()
        if not 0 < difference < 5e-3:
            raise ValueError(f"{task}: scores moved by {difference}")


def write(task: str) -> None:
    directory = save(task)
    model, tokens = load(directory)
    rows = ROWS.get(task, sequence_rows)(directory, model, tokens)
    check_sturdy(task, directory, rows)
    with (directory / "expected.jsonl").open("w", encoding="utf-8") as file:
        for number, row in enumerate(rows):
            file.write(json.dumps({"id": f"{task}-{number:02}"} | row, ensure_ascii=False) + "\n")
    print(f"{task}: {len(rows)} rows, {sum(file.stat().st_size for file in directory.iterdir()) // 1024} kB")


def main() -> None:
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    shutil.rmtree(GOLDEN, ignore_errors=True)
    GOLDEN.mkdir(parents=True)
    for task in LABELS:
        write(task)
    metadata = {
        "generator": "lib/core/src/test/golden/classify_goldens.py",
        "seed": SEED,
        "tolerance": "scores: max difference <= 1e-4; labels, words, start and end exact",
        "offsets": "Unicode code points",
        "window": WINDOW,
        "sequence": "pipeline text-classification, top_k=None, softmax, cut at the window",
        "multilabel": "pipeline text-classification, top_k=None, sigmoid, cut at the window",
        "regression": "pipeline text-classification, top_k=None, no function, cut at the window",
        "token": f"pipeline token-classification, cut at the window; windows: stride={STRIDE}",
        "qa": "question answering pipeline as transformers 4.53 defined it (release 5 has none): softmax over the "
        f"context's tokens and [CLS], at most {ANSWER_TOKENS} tokens, windows overlap by {WINDOW // 2}",
        "cross-encoder": "CrossEncoder.predict; score: sigmoid, the default for one label; logit: identity",
        "fill-mask": "pipeline fill-mask, top_k=5; next_sentence: softmax of seq_relationship_logits",
        "versions": {
            library: version(library)
            for library in ("transformers", "sentence-transformers", "tokenizers", "torch", "numpy", "safetensors")
        },
    }
    text = json.dumps(metadata, indent=2, ensure_ascii=False) + "\n"
    (GOLDEN / "metadata.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
