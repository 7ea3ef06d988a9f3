"""Textloom's Spark ML stages in PySpark: thin wrappers, the work is done in the JVM.

Put this file where Python finds it and Textloom's jar where Spark finds it:

    spark = SparkSession.builder.config("spark.jars", "textloom-VERSION.jar").getOrCreate()

    from textloom_ml import BertEmbedder

    embedder = BertEmbedder(inputCol="text", outputCol="features", outputType="vector")
    model = Pipeline(stages=[embedder, LogisticRegression()]).fit(reviews)

What is saved from Python is loaded from Java and Scala and the other way round. Import this module before you load
a Pipeline that holds one of its stages. docs/spark-ml.md says what each Param does.
"""

import io
import sys
from collections.abc import Callable, Sequence
from typing import Any

from pyspark import keyword_only
from pyspark.ml.param import Param, Params, TypeConverters
from pyspark.ml.param.shared import HasInputCol, HasOutputCol
from pyspark.ml.util import JavaMLReadable, JavaMLReader, JavaMLWritable
from pyspark.ml.wrapper import JavaTransformer

__all__ = ["BertEmbedder", "GptGenerator", "TextClassifier"]

_JAVA_PACKAGE = "io.textloom.spark.ml"


def _switch(value: Any) -> str:
    """`True`, `False` or a name, as `model`, to the name that the JVM knows."""
    return str(value).lower() if isinstance(value, bool) else TypeConverters.toString(value)


def _param(name: str, doc: str, converter: Callable[[Any], Any] = TypeConverters.toString) -> Param:
    return Param(Params._dummy(), name, doc, typeConverter=converter)


class _Reader(JavaMLReader):
    """PySpark's own looks for classes of Spark alone."""

    @classmethod
    def _java_loader_class(cls, clazz: type) -> str:
        return f"{_JAVA_PACKAGE}.{clazz.__name__}"


class _ModelTransformer(JavaTransformer, HasInputCol, JavaMLReadable, JavaMLWritable):
    """What all stages share; `io.textloom.spark.ml.ModelTransformer`."""

    model = _param("model", "built-in model, or folder on any file system that Hadoop reads")
    modelSha256 = _param("modelSha256", "hash that the model must have; any if not set")
    precision = _param("precision", "in which numbers the model computes: float32, int8, and by the stage float16 or int4")
    device = _param("device", "what the model runs on: auto, cpu or cuda", TypeConverters.toString)
    providerLibrary = _param("providerLibrary", "file of a CUDA plugin provider on the executors", TypeConverters.toString)
    truncatedCol = _param("truncatedCol", "column for whether text was cut off; none if not set")
    errorCol = _param("errorCol", "column for why a row has no result; none if not set")

    def __init__(self) -> None:
        super().__init__()
        self._java_obj = self._new_java_obj(f"{_JAVA_PACKAGE}.{type(self).__name__}", self.uid)

    @classmethod
    def read(cls) -> JavaMLReader:
        """A reader of what `write` and `save` wrote, here or in the JVM."""
        return _Reader(cls)


class _EncoderTransformer(_ModelTransformer):
    """What stages with an encoder share; `io.textloom.spark.ml.EncoderTransformer`."""

    maxTokens = _param(
        "maxTokens",
        "longest window, special tokens included; 0 for the model's own limit; unit: tokens",
        TypeConverters.toInt,
    )
    stride = _param(
        "stride", "overlap of neighbouring windows of a long text; unit: tokens", TypeConverters.toInt
    )
    longDocuments = _param(
        "longDocuments", "what happens to a text longer than the window: chunk, truncate, error"
    )
    batchTokens = _param("batchTokens", "padded size of one batch; 0 for what suits the device; unit: tokens", TypeConverters.toInt)
    tokensCol = _param("tokensCol", "column for the number of tokens that the model saw; none if not set")


class BertEmbedder(_EncoderTransformer, HasOutputCol):
    """Texts to vectors, one per row, as the embed job makes them.

    Rows keep their number, order and other columns. A text that is null, blank or not UTF-8 gets a null vector, and
    its reason in `errorCol`. The vector of a text longer than the window is the mean of its windows' vectors.
    """

    pooling = _param(
        "pooling", "how token vectors become one vector: model, mean, cls, pooler, max, mean-sqrt-len, last"
    )
    layers = _param(
        "layers",
        "hidden states that are averaged: 0 for the embeddings, 1 for the first layer, -1 for the last",
        TypeConverters.toListInt,
    )
    normalize = _param(
        "normalize", "whether vectors are scaled to length 1: True, False, or model for the model's own", _switch
    )
    combine = _param("combine", "how the vectors of a text's windows become one: mean, weighted-mean")
    dimensions = _param(
        "dimensions", "keep only the first dimensions and normalise again; 0 keeps all", TypeConverters.toInt
    )
    prompt = _param(
        "prompt", "put before every text; model:NAME takes the prompt of that name from the model"
    )
    vectorType = _param(
        "vectorType", "in which numbers vectors are stored: float32, float16, int8, binary"
    )
    outputType = _param("outputType", "as what vectors stand in their column: array, vector")
    scaleCol = _param("scaleCol", "column for the scale of int8 codes: value = code * scale")

    @keyword_only
    def __init__(
        self,
        *,
        inputCol: str = "text",
        outputCol: str = "embedding",
        model: str = "all-MiniLM-L6-v2",
        modelSha256: str | None = None,
        pooling: str = "model",
        layers: Sequence[int] = (-1,),
        normalize: bool | str = "model",
        maxTokens: int = 0,
        stride: int = 0,
        longDocuments: str = "chunk",
        combine: str = "weighted-mean",
        dimensions: int = 0,
        prompt: str = "",
        precision: str = "float32",
        vectorType: str = "float32",
        outputType: str = "array",
        scaleCol: str | None = None,
        batchTokens: int = 0,
        device: str = "auto",
        providerLibrary: str = "",
        tokensCol: str | None = None,
        truncatedCol: str | None = None,
        errorCol: str | None = None,
    ) -> None:
        super().__init__()
        self._setDefault(
            inputCol="text",
            outputCol="embedding",
            model="all-MiniLM-L6-v2",
            pooling="model",
            layers=[-1],
            normalize="model",
            maxTokens=0,
            stride=0,
            longDocuments="chunk",
            combine="weighted-mean",
            dimensions=0,
            prompt="",
            precision="float32",
            vectorType="float32",
            outputType="array",
            batchTokens=0,
            device="auto",
            providerLibrary="",
        )
        self._set(**self._input_kwargs)

    def setParams(self, **params: Any) -> "BertEmbedder":
        """Sets any of the Params that the constructor takes."""
        return self._set(**params)


class GptGenerator(_ModelTransformer, HasOutputCol):
    """Prompts to completions, as the generate job makes them.

    Rows keep their number, order and other columns. A row of which no prompt can be made, or that the model refuses,
    gets a null completion, and its reason in `errorCol`. With `samples` above 1 the completion and what is told of it
    are arrays, which `posexplode` makes rows of.

    A row's random draws come from `seed`, the row's id and the sample's number; without `idCol` the id is made of the
    columns that the prompt reads, so that rows with equal prompts get equal texts.
    """

    idCol = _param("idCol", "column with the rows' ids, which random draws come from; the prompt's content if not set")
    promptCol = _param("promptCol", "column for the prompt as the model got it; none if not set")
    finishReasonCol = _param("finishReasonCol", "column for why a completion ended, stop or length; none if not set")
    promptTokensCol = _param("promptTokensCol", "column for the number of tokens of the prompt; none if not set")
    completionTokensCol = _param(
        "completionTokensCol",
        "column for the number of tokens of the completion; none if not set",
    )
    logprobCol = _param("logprobCol", "column for the log-probability of the completion; none if not set")
    maxNewTokens = _param("maxNewTokens", "longest completion; unit: tokens", TypeConverters.toInt)
    minNewTokens = _param(
        "minNewTokens",
        "tokens before which no end token is chosen; unit: tokens",
        TypeConverters.toInt,
    )
    temperature = _param(
        "temperature",
        "logits are divided by it; 0 always takes the likeliest token",
        TypeConverters.toFloat,
    )
    topK = _param("topK", "sample among the k likeliest tokens; 0 for all", TypeConverters.toInt)
    topP = _param("topP", "sample among the likeliest tokens that together reach p; 1 for all", TypeConverters.toFloat)
    minP = _param(
        "minP",
        "sample among the tokens at least this likely, relative to the likeliest; 0 for all",
        TypeConverters.toFloat,
    )
    repetitionPenalty = _param(
        "repetitionPenalty",
        "divides the logits of tokens that prompt or completion have already; 1 for none",
        TypeConverters.toFloat,
    )
    presencePenalty = _param(
        "presencePenalty",
        "subtracted from the logits of tokens that the completion has already",
        TypeConverters.toFloat,
    )
    frequencyPenalty = _param(
        "frequencyPenalty",
        "subtracted from a token's logit once for each time the completion has it",
        TypeConverters.toFloat,
    )
    noRepeatNgram = _param(
        "noRepeatNgram",
        "length of token sequences that may not occur twice; 0 for no limit; unit: tokens",
        TypeConverters.toInt,
    )
    stop = _param("stop", "texts that end a completion and are no part of it", TypeConverters.toListString)
    stopTokens = _param(
        "stopTokens",
        "ids of tokens that end a completion besides the model's own end tokens",
        TypeConverters.toListInt,
    )
    samples = _param(
        "samples",
        "completions per prompt; above 1 columns of completions hold arrays",
        TypeConverters.toInt,
    )
    bestOf = _param(
        "bestOf",
        "completions made, of which the likeliest by token are given; 0 for as many as are given",
        TypeConverters.toInt,
    )
    beams = _param("beams", "beam search over this many; 1 for none", TypeConverters.toInt)
    lengthPenalty = _param(
        "lengthPenalty",
        "exponent of the length that a finished beam's log-probability is divided by",
        TypeConverters.toFloat,
    )
    earlyStopping = _param(
        "earlyStopping",
        "end beam search as soon as enough beams have finished",
        TypeConverters.toBoolean,
    )
    choices = _param("choices", "texts of which a completion is one; any text if empty", TypeConverters.toListString)
    regex = _param("regex", "regular expression that a whole completion matches; none if empty")
    jsonSchema = _param("jsonSchema", "JSON schema, as a text, of which a completion is an instance; none if empty")
    seed = _param(
        "seed",
        "seed; a row's draws depend on it, the row's id and the sample's number alone",
        TypeConverters.toInt,
    )
    template = _param("template", "Jinja template of the prompt over the columns; without it the prompt is inputCol")
    system = _param(
        "system",
        "the system's message in a chat; elsewhere it stands before the prompt, or is the template's variable system",
    )
    chat = _param(
        "chat",
        "make prompts messages by the model's chat template: True, False, or auto where its folder has one",
        _switch,
    )
    chatTemplate = _param("chatTemplate", "name of the chat template, where the folder has several")
    chatVariables = _param(
        "chatVariables",
        "variables of the chat template, such as enable_thinking=false",
        TypeConverters.toListString,
    )
    messagesCol = _param(
        "messagesCol",
        "column with a chat's messages, in place of inputCol: an array of role and content, or JSON of it",
    )
    specialTexts = _param(
        "specialTexts",
        "what a column's text that spells a special token becomes: keep (that token), reject (an error)",
    )
    longPrompts = _param(
        "longPrompts",
        "what happens to a prompt that leaves no room for its completion: truncate, error",
    )
    cut = _param("cut", "which end of the text is cut where a template's prompt is too long: end, beginning")
    cutCol = _param(
        "cutCol",
        "column whose text is cut; without it inputCol, or else the longest text the template reads",
    )
    date = _param("date", "today in templates, such as 2026-03-05; the day of transform if empty")
    slots = _param("slots", "rows decoded together; part of what a result depends on", TypeConverters.toInt)
    kvMemory = _param(
        "kvMemory",
        "most memory of an executor for keys and values; 0 for a quarter of the machine's; unit: MiB",
        TypeConverters.toInt,
    )
    prefixCache = _param(
        "prefixCache",
        "whether the beginning that prompts share is computed once",
        TypeConverters.toBoolean,
    )

    @keyword_only
    def __init__(
        self,
        *,
        inputCol: str = "text",
        outputCol: str = "completion",
        model: str = "storyteller",
        modelSha256: str | None = None,
        idCol: str | None = None,
        promptCol: str | None = None,
        finishReasonCol: str | None = None,
        promptTokensCol: str | None = None,
        completionTokensCol: str | None = None,
        logprobCol: str | None = None,
        maxNewTokens: int = 64,
        minNewTokens: int = 0,
        temperature: float = 0.0,
        topK: int = 0,
        topP: float = 1.0,
        minP: float = 0.0,
        repetitionPenalty: float = 1.0,
        presencePenalty: float = 0.0,
        frequencyPenalty: float = 0.0,
        noRepeatNgram: int = 0,
        stop: Sequence[str] = (),
        stopTokens: Sequence[int] = (),
        samples: int = 1,
        bestOf: int = 0,
        beams: int = 1,
        lengthPenalty: float = 1.0,
        earlyStopping: bool = False,
        choices: Sequence[str] = (),
        regex: str = "",
        jsonSchema: str = "",
        seed: int = 0,
        template: str = "",
        system: str = "",
        chat: bool | str = "auto",
        chatTemplate: str = "",
        chatVariables: Sequence[str] = (),
        messagesCol: str = "",
        specialTexts: str = "keep",
        longPrompts: str = "truncate",
        cut: str = "end",
        cutCol: str = "",
        date: str = "",
        slots: int = 32,
        kvMemory: int = 0,
        prefixCache: bool = True,
        precision: str = "float32",
        device: str = "auto",
        providerLibrary: str = "",
        truncatedCol: str | None = None,
        errorCol: str | None = None,
    ) -> None:
        super().__init__()
        self._setDefault(
            inputCol="text",
            outputCol="completion",
            model="storyteller",
            maxNewTokens=64,
            minNewTokens=0,
            temperature=0.0,
            topK=0,
            topP=1.0,
            minP=0.0,
            repetitionPenalty=1.0,
            presencePenalty=0.0,
            frequencyPenalty=0.0,
            noRepeatNgram=0,
            stop=[],
            stopTokens=[],
            samples=1,
            bestOf=0,
            beams=1,
            lengthPenalty=1.0,
            earlyStopping=False,
            choices=[],
            regex="",
            jsonSchema="",
            seed=0,
            template="",
            system="",
            chat="auto",
            chatTemplate="",
            chatVariables=[],
            messagesCol="",
            specialTexts="keep",
            longPrompts="truncate",
            cut="end",
            cutCol="",
            date="",
            slots=32,
            kvMemory=0,
            prefixCache=True,
            precision="float32",
            device="auto",
            providerLibrary="",
        )
        self._set(**self._input_kwargs)

    def setParams(self, **params: Any) -> "GptGenerator":
        """Sets any of the Params that the constructor takes."""
        return self._set(**params)


class TextClassifier(_EncoderTransformer):
    """Texts to labels, entities or answers by a fine-tuned model, as the classify job finds them.

    Adds columns `label` and `score`, and by the model's task `scores`, `entities`, or `spans` and `null_score`, each
    behind `outputPrefix`. A text that is null, blank or not UTF-8 gets nulls, and its reason in `errorCol`.
    """

    outputPrefix = _param("outputPrefix", "put before the names of the columns label, score and so on")
    task = _param("task", "what the model is used for: auto, sequence, token, question-answering, pair")
    topK = _param("topK", "labels or answers kept; 0 for all labels, and one answer", TypeConverters.toInt)
    threshold = _param(
        "threshold",
        "of a multi-label model: labels below it are left out; unit: probability",
        TypeConverters.toFloat,
    )
    activation = _param("activation", "what makes scores of a text's logits: auto, softmax, sigmoid, none")
    aggregation = _param(
        "aggregation", "how the labels of tokens become entities: none, simple, first, average, max"
    )
    answers = _param("answers", "what counts as an answer in a text: words, tokens")
    answerTokens = _param("answerTokens", "longest answer; unit: tokens", TypeConverters.toInt)
    nullAnswer = _param("nullAnswer", "whether it is an answer that there is none", TypeConverters.toBoolean)
    question = _param("question", "asked of every text; none if empty")
    questionCol = _param("questionCol", "column with a question for each text")
    query = _param("query", "put before every text of a pair; none if empty")
    queryCol = _param("queryCol", "column with what is put before each text")
    pairCol = _param("pairCol", "column with what is put behind each text")

    @keyword_only
    def __init__(
        self,
        *,
        inputCol: str = "text",
        outputPrefix: str = "",
        model: str | None = None,
        modelSha256: str | None = None,
        task: str = "auto",
        topK: int = 0,
        threshold: float = 0.0,
        activation: str = "auto",
        aggregation: str = "simple",
        answers: str = "words",
        answerTokens: int = 15,
        nullAnswer: bool = False,
        question: str = "",
        questionCol: str | None = None,
        query: str = "",
        queryCol: str | None = None,
        pairCol: str | None = None,
        maxTokens: int = 0,
        stride: int = -1,
        longDocuments: str = "chunk",
        precision: str = "float32",
        batchTokens: int = 0,
        device: str = "auto",
        providerLibrary: str = "",
        tokensCol: str | None = None,
        truncatedCol: str | None = None,
        errorCol: str | None = None,
    ) -> None:
        super().__init__()
        self._setDefault(
            inputCol="text",
            outputPrefix="",
            task="auto",
            topK=0,
            threshold=0.0,
            activation="auto",
            aggregation="simple",
            answers="words",
            answerTokens=15,
            nullAnswer=False,
            question="",
            query="",
            maxTokens=0,
            stride=-1,
            longDocuments="chunk",
            precision="float32",
            batchTokens=0,
            device="auto",
            providerLibrary="",
        )
        self._set(**self._input_kwargs)

    def setParams(self, **params: Any) -> "TextClassifier":
        """Sets any of the Params that the constructor takes."""
        return self._set(**params)


def _name_as_in_java() -> None:
    """PySpark looks a loaded stage's class up under its Java name, whose first part is Python's own module `io`."""
    this = sys.modules[__name__]
    parent: Any = io
    name = "io"
    for part in _JAVA_PACKAGE.split(".")[1:]:
        name = f"{name}.{part}"
        child = this if name == _JAVA_PACKAGE else sys.modules.get(name, type(sys)(name))
        sys.modules[name] = child
        setattr(parent, part, child)
        parent = child


_name_as_in_java()
