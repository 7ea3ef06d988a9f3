package io.textloom.config;

import static io.textloom.config.Job.CLASSIFY;
import static io.textloom.config.Job.DOCTOR;
import static io.textloom.config.Job.EMBED;
import static io.textloom.config.Job.GENERATE;
import static io.textloom.config.Job.SCORE;
import static io.textloom.config.Job.TOKENIZE;
import static io.textloom.config.Job.TRAIN;
import static io.textloom.config.Job.VERIFY;

import io.textloom.classify.Aggregation;
import io.textloom.classify.AnswerForm;
import io.textloom.classify.ClassifyTask;
import io.textloom.classify.ScoreFunction;
import io.textloom.embed.Combine;
import io.textloom.embed.NormalizeOption;
import io.textloom.embed.PoolingOption;
import io.textloom.generate.LongPrompts;
import io.textloom.prompt.ChatUse;
import io.textloom.prompt.ExampleChoice;
import io.textloom.prompt.SpecialTexts;
import io.textloom.prompt.TextCut;
import io.textloom.score.ChoiceScore;
import io.textloom.spark.commit.Deleted;
import io.textloom.spark.commit.OutputFormat;
import io.textloom.spark.commit.RetryErrors;
import io.textloom.spark.commit.RunMode;
import io.textloom.spark.intake.BadFiles;
import io.textloom.spark.intake.DocumentUnit;
import io.textloom.spark.intake.DuplicateIds;
import io.textloom.spark.intake.InputFormat;
import io.textloom.spark.intake.LimitOptions;
import io.textloom.spark.stage.DeviceChoice;
import io.textloom.spark.train.ClassWeights;
import io.textloom.spark.train.WordEngine;
import io.textloom.spark.train.WordObjective;
import io.textloom.tensor.HeadTask;
import io.textloom.tensor.Precision;
import io.textloom.tensor.VectorType;
import io.textloom.token.LongDocuments;
import io.textloom.token.Remainder;
import io.textloom.token.RowUnit;
import io.textloom.token.TokenizeOptions;
import io.textloom.token.train.TokenizerType;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The table of all settings: keys, types, units, defaults and help are written here and nowhere else. */
public final class Settings {
    private static final Set<Job> ALL = EnumSet.allOf(Job.class);
    private static final Set<Job> WRITING = EnumSet.of(TOKENIZE, EMBED, GENERATE, SCORE, CLASSIFY);
    /** Those that run a model, if only for a moment. */
    private static final Set<Job> COMPUTING = EnumSet.of(EMBED, GENERATE, SCORE, CLASSIFY, DOCTOR);

    private static final Set<Job> READING = EnumSet.of(TOKENIZE, EMBED, GENERATE, SCORE, CLASSIFY, TRAIN);
    /** Those that look at an input, to read it or to see that it can be. */
    private static final Set<Job> LOOKING = EnumSet.of(TOKENIZE, EMBED, GENERATE, SCORE, CLASSIFY, TRAIN, DOCTOR);
    /** Those that take a model by its name. */
    private static final Set<Job> NAMING = EnumSet.of(TOKENIZE, EMBED, GENERATE, SCORE, CLASSIFY, DOCTOR);

    private static final Set<Job> NAMED = EnumSet.of(TOKENIZE, EMBED, GENERATE, SCORE, CLASSIFY, TRAIN, DOCTOR);

    private static final List<Setting> TABLE = List.of(
            row(
                    "input",
                    ValueType.PATHS,
                    "",
                    "",
                    LOOKING,
                    "What to read: files, directories, globs, a catalog table, or sql:SELECT …; several may follow one another."),
            row("output", ValueType.PATH, "", "", ALL, "Output directory, on any file system that Spark reaches."),
            model(),
            choice(
                    "inputFormat",
                    InputFormat.class,
                    "auto",
                    LOOKING,
                    "Format of the input; auto goes by the extension, compression suffixes stripped."),
            choice(
                    "documents",
                    DocumentUnit.class,
                    "line",
                    READING,
                    "What counts as one document of a plain text file."),
            row("textColumn", ValueType.STRING, "", "text", READING, "Column that holds the text."),
            row(
                    "idColumn",
                    ValueType.STRING,
                    "",
                    "",
                    WRITING,
                    "Column that holds the row's id; without it the id is made from the content."),
            choice(
                    "duplicateIds",
                    DuplicateIds.class,
                    "error",
                    WRITING,
                    "What happens to rows whose id was seen before: the error table, or dropped and counted."),
            row("keepColumns", ValueType.LIST, "", "", WRITING, "Columns copied to the output unchanged."),
            row(
                    "where",
                    ValueType.STRING,
                    "",
                    "",
                    READING,
                    "SQL condition on the input's columns; rows that fail it are not read."),
            row("limit", ValueType.LONG, "rows", "0", READING, "Most rows read; 0 for all."),
            row(
                    "maxRowBytes",
                    ValueType.INT,
                    "bytes",
                    String.valueOf(LimitOptions.DEFAULT.maxRowBytes()),
                    READING,
                    "The longest line, paragraph or whole file that is a row; a longer one is the error row TOO_LARGE."),
            choice(
                    "badFiles",
                    BadFiles.class,
                    "fail",
                    READING,
                    "With input files that cannot be read to their end: fail, or read all compressed and columnar files once before the job and quarantine the damaged ones in the error table."),
            choice(
                    "mode",
                    RunMode.class,
                    "resume",
                    Map.of(TRAIN, "fail"),
                    READING,
                    "With results in the output already: do what is missing, replace them, or fail."),
            choice(
                    "deleted",
                    Deleted.class,
                    "keep",
                    WRITING,
                    "What resume does with rows of ids that the input no longer has: they stay, or leave the output, the error table and the ledger."),
            choice(
                    "retryErrors",
                    RetryErrors.class,
                    "failed",
                    WRITING,
                    "Which rows of the error table resume tries again although they are unchanged: none, those that may pass on another try, such as OUT_OF_MEMORY, or all."),
            row(
                    "skipUnchanged",
                    ValueType.BOOLEAN,
                    "",
                    "true",
                    WRITING,
                    "Let resume read nothing where the files of the input are as they were when all their rows were done."),
            row(
                    "maxErrorRatio",
                    ValueType.DOUBLE,
                    "rejected rows over rows read",
                    "0.01",
                    READING,
                    "Above it the run ends with exit code 4; the output is written all the same."),
            row(
                    "partitionBy",
                    ValueType.LIST,
                    "",
                    "",
                    WRITING,
                    "Kept columns, or tokenizer, model or label, that become column=value directories."),
            choice("outputFormat", OutputFormat.class, "parquet", WRITING, "File format of the output."),
            row(
                    "price.perCoreHour",
                    ValueType.DOUBLE,
                    "money",
                    "0",
                    WRITING,
                    "What one executor core costs in an hour, for the cost in report and manifest; 0 for unknown."),
            row(
                    "price.perMillionTokens",
                    ValueType.DOUBLE,
                    "money",
                    "0",
                    WRITING,
                    "What a million computed tokens cost, besides or instead; 0 for unknown."),
            row("price.currency", ValueType.STRING, "", "USD", WRITING, "Name of the money of the prices."),
            row(
                    "master",
                    ValueType.STRING,
                    "",
                    "local[*]",
                    ALL,
                    "Spark master, where Spark itself (spark-submit --master) names none."),
            row("report", ValueType.PATH, "", "", ALL, "File the report is written to, as JSON."),
            choice(
                    "device",
                    DeviceChoice.class,
                    "auto",
                    COMPUTING,
                    "What models run on; auto takes the GPU that Spark gives a task, and the CPU where it gives none."),
            row(
                    "cuda.providerLibrary",
                    ValueType.PATH,
                    "",
                    "",
                    COMPUTING,
                    "File of ONNX Runtime's CUDA plugin provider on the executors, for CUDA 13; without it, GPUs need the textloom-gpu jar (CUDA 12)."),
            row(
                    "modelSha256",
                    ValueType.STRING,
                    "",
                    "",
                    NAMING,
                    "SHA-256 that the model must have, as models inspect tells it; of several models, split at commas, in their order. Another model ends the run before anything is written."),
            row(
                    "explain",
                    ValueType.BOOLEAN,
                    "",
                    "false",
                    WRITING,
                    "Print the plan with estimates from a sample of the input, and neither run the job nor write anything."),
            row("json", ValueType.BOOLEAN, "", "false", ALL, "Print the report as JSON on standard output."),
            row(
                    "spark.partitions",
                    ValueType.INT,
                    "tasks",
                    "0",
                    READING,
                    "Tasks the rows are spread over; 0 chooses by cores and size."),
            choice(
                    "tokenize.rows",
                    RowUnit.class,
                    "document",
                    EnumSet.of(TOKENIZE),
                    "What one row holds: a document, one of its sentences or chunks, or a block of documents laid end to end."),
            row(
                    "tokenize.maxTokens",
                    ValueType.INT,
                    "tokens",
                    "0",
                    EnumSet.of(TOKENIZE),
                    "Longest row, special tokens included, and the length of chunks and blocks; the rest of a document or sentence is cut and counted. 0 for no limit."),
            row(
                    "tokenize.stride",
                    ValueType.INT,
                    "tokens",
                    "0",
                    EnumSet.of(TOKENIZE),
                    "Tokens that a chunk shares with the one before it."),
            row(
                    "tokenize.specialTokens",
                    ValueType.BOOLEAN,
                    "",
                    "true",
                    EnumSet.of(TOKENIZE),
                    "Put the model's special tokens around each row; blocks have none."),
            row(
                    "tokenize.sentences",
                    ValueType.BOOLEAN,
                    "",
                    "false",
                    EnumSet.of(TOKENIZE),
                    "Add a column that says where each sentence begins and ends."),
            row(
                    "tokenize.offsets",
                    ValueType.BOOLEAN,
                    "",
                    "false",
                    EnumSet.of(TOKENIZE),
                    "Add a column with the characters that each token covers."),
            row(
                    "tokenize.separator",
                    ValueType.STRING,
                    "",
                    TokenizeOptions.AUTO_SEPARATOR,
                    EnumSet.of(TOKENIZE),
                    "Token behind each document of a block: auto for the tokenizer's own, such as <|endoftext|> or [SEP], none, or its spelling."),
            choice(
                    "tokenize.remainder",
                    Remainder.class,
                    "keep",
                    EnumSet.of(TOKENIZE),
                    "What becomes of a task's last block when it is not full: kept short, padded, or dropped and counted."),
            row(
                    "tokenize.models",
                    ValueType.LIST,
                    "",
                    "",
                    EnumSet.of(TOKENIZE),
                    "Several tokenizers in one pass, in place of model; a column tokenizer says which made a row."),
            row(
                    "tokenize.fileTokens",
                    ValueType.LONG,
                    "tokens",
                    String.valueOf(TokenizeOptions.FILE_TOKENS),
                    EnumSet.of(TOKENIZE),
                    "Size of an output file; a file is at most a tenth larger, unless one row is."),
            choice(
                    "embed.pooling",
                    PoolingOption.class,
                    "model",
                    EnumSet.of(EMBED),
                    "How token vectors become one vector; model takes the model's own."),
            row(
                    "embed.layers",
                    ValueType.LIST,
                    "",
                    "-1",
                    EnumSet.of(EMBED),
                    "Hidden states that are averaged: 0 for the embeddings, 1 for the first layer, -1 for the last."),
            row(
                    "embed.tokenVectors",
                    ValueType.BOOLEAN,
                    "",
                    "false",
                    EnumSet.of(EMBED),
                    "Add a column with each token's id, characters and vector; pooling none gives that alone."),
            row(
                    "embed.models",
                    ValueType.LIST,
                    "",
                    "",
                    EnumSet.of(EMBED),
                    "Several models in one pass, in place of model; a column model says which made a row."),
            choice(
                    "embed.normalize",
                    NormalizeOption.class,
                    "model",
                    EnumSet.of(EMBED),
                    "Scale vectors to length 1; model does as the model says."),
            row(
                    "embed.maxTokens",
                    ValueType.INT,
                    "tokens",
                    "0",
                    EnumSet.of(EMBED),
                    "Longest window, special tokens included; 0 for the model's own limit, and at most 8192."),
            row(
                    "embed.stride",
                    ValueType.INT,
                    "tokens",
                    "0",
                    EnumSet.of(EMBED),
                    "Overlap of neighbouring windows of a long document."),
            choice(
                    "embed.longDocuments",
                    LongDocuments.class,
                    "chunk",
                    EnumSet.of(EMBED),
                    "What happens to a document longer than the window: one vector per window, only the first, or the error table."),
            choice(
                    "embed.combine",
                    Combine.class,
                    "none",
                    EnumSet.of(EMBED),
                    "What becomes of the vectors of a document's windows: a row each, or one row with their mean, plain or weighted by their tokens."),
            row(
                    "embed.dimensions",
                    ValueType.INT,
                    "dimensions",
                    "0",
                    EnumSet.of(EMBED),
                    "Keep only the first dimensions and normalise again; 0 keeps all."),
            row(
                    "embed.prompt",
                    ValueType.STRING,
                    "",
                    "",
                    EnumSet.of(EMBED),
                    "Put before every text; model:NAME takes the prompt of that name from the model."),
            precision(
                    "embed.precision",
                    EnumSet.of(Precision.FLOAT32, Precision.INT8, Precision.FLOAT16),
                    EMBED,
                    "In which numbers the model computes; int8 is about twice as fast on CPUs and a little less exact, float16 is for GPUs."),
            choice(
                    "embed.vectorType",
                    VectorType.class,
                    "float32",
                    EnumSet.of(EMBED),
                    "In which numbers vectors are stored: float32, float16 (two bytes each), int8 (with a column scale) or binary (a bit each)."),
            row(
                    "embed.batchTokens",
                    ValueType.INT,
                    "tokens",
                    "0",
                    EnumSet.of(EMBED),
                    "Padded size of one batch; 0 for what suits the device, 384 on CPUs and 32768 on GPUs."),
            row("generate.maxNewTokens", ValueType.INT, "tokens", "64", EnumSet.of(GENERATE), "Longest completion."),
            row(
                    "generate.maxNewTokensColumn",
                    ValueType.STRING,
                    "",
                    "",
                    EnumSet.of(GENERATE),
                    "Column with each row's own longest completion; the job's where it is null."),
            row(
                    "generate.minNewTokens",
                    ValueType.INT,
                    "tokens",
                    "0",
                    EnumSet.of(GENERATE),
                    "Tokens before which no end token is chosen."),
            row(
                    "generate.temperature",
                    ValueType.DOUBLE,
                    "",
                    "0",
                    EnumSet.of(GENERATE),
                    "Logits are divided by it; 0 always takes the likeliest token."),
            row(
                    "generate.topK",
                    ValueType.INT,
                    "tokens",
                    "0",
                    EnumSet.of(GENERATE),
                    "Sample among the k likeliest tokens; 0 for all."),
            row(
                    "generate.topP",
                    ValueType.DOUBLE,
                    "probability",
                    "1",
                    EnumSet.of(GENERATE),
                    "Sample among the likeliest tokens that together reach p; 1 for all."),
            row(
                    "generate.minP",
                    ValueType.DOUBLE,
                    "probability",
                    "0",
                    EnumSet.of(GENERATE),
                    "Sample among the tokens at least this likely, relative to the likeliest; 0 for all."),
            row(
                    "generate.repetitionPenalty",
                    ValueType.DOUBLE,
                    "",
                    "1",
                    EnumSet.of(GENERATE),
                    "Divides the logits of tokens that prompt or completion have already; 1 for none."),
            row(
                    "generate.presencePenalty",
                    ValueType.DOUBLE,
                    "",
                    "0",
                    EnumSet.of(GENERATE),
                    "Subtracted from the logits of tokens that the completion has already."),
            row(
                    "generate.frequencyPenalty",
                    ValueType.DOUBLE,
                    "",
                    "0",
                    EnumSet.of(GENERATE),
                    "Subtracted from a token's logit once for each time the completion has it."),
            row(
                    "generate.noRepeatNgram",
                    ValueType.INT,
                    "tokens",
                    "0",
                    EnumSet.of(GENERATE),
                    "Length of token sequences that may not occur twice; 0 for no limit."),
            row(
                    "generate.logitBias",
                    ValueType.LIST,
                    "",
                    "",
                    EnumSet.of(GENERATE),
                    "Token ids and what is added to their logits, such as 50256=-100."),
            row(
                    "generate.seed",
                    ValueType.LONG,
                    "",
                    "0",
                    EnumSet.of(GENERATE),
                    "Seed of the run; a row's draws depend on it, the row's id and the sample's number alone."),
            row("generate.samples", ValueType.INT, "completions", "1", EnumSet.of(GENERATE), "Completions per prompt."),
            row(
                    "generate.bestOf",
                    ValueType.INT,
                    "completions",
                    "0",
                    EnumSet.of(GENERATE),
                    "Completions made, of which the samples likeliest by token are given; 0 for as many as are given."),
            row(
                    "generate.beams",
                    ValueType.INT,
                    "beams",
                    "1",
                    EnumSet.of(GENERATE),
                    "Beam search over this many; 1 for none."),
            row(
                    "generate.lengthPenalty",
                    ValueType.DOUBLE,
                    "",
                    "1",
                    EnumSet.of(GENERATE),
                    "Exponent of the length that a finished beam's log-probability is divided by."),
            row(
                    "generate.earlyStopping",
                    ValueType.BOOLEAN,
                    "",
                    "false",
                    EnumSet.of(GENERATE),
                    "End beam search as soon as enough beams have finished."),
            row(
                    "generate.logprobs",
                    ValueType.INT,
                    "tokens",
                    "-1",
                    EnumSet.of(GENERATE),
                    "Alternatives given with their log-probabilities beside each token; 0 for the chosen tokens alone, -1 for none."),
            row(
                    "generate.stop",
                    ValueType.TEXTS,
                    "",
                    "",
                    EnumSet.of(GENERATE),
                    "Text that ends a completion and is no part of it; repeat the option for several, \\n is a line end."),
            row(
                    "generate.stopTokens",
                    ValueType.LIST,
                    "",
                    "",
                    EnumSet.of(GENERATE),
                    "Ids of tokens that end a completion besides the model's own end tokens."),
            row(
                    "generate.choices",
                    ValueType.TEXTS,
                    "",
                    "",
                    EnumSet.of(GENERATE),
                    "Texts of which a completion is one; repeat the option for each."),
            row(
                    "generate.regex",
                    ValueType.STRING,
                    "",
                    "",
                    EnumSet.of(GENERATE),
                    "Regular expression that a whole completion matches."),
            row(
                    "generate.jsonSchema",
                    ValueType.STRING,
                    "",
                    "",
                    EnumSet.of(GENERATE),
                    "JSON schema of which a completion is an instance: the schema itself, or a file that holds it."),
            row(
                    "generate.template",
                    ValueType.STRING,
                    "",
                    "",
                    EnumSet.of(GENERATE),
                    "Jinja template of the prompt over the input's columns, in a chat of the user's message; without it the prompt is the text column."),
            row("generate.templateFile", ValueType.PATH, "", "", EnumSet.of(GENERATE), "File that holds the template."),
            row(
                    "generate.system",
                    ValueType.STRING,
                    "",
                    "",
                    EnumSet.of(GENERATE),
                    "The system's message in a chat; elsewhere it stands before the prompt, or is the template's variable system."),
            choice(
                    "generate.chat",
                    ChatUse.class,
                    "auto",
                    EnumSet.of(GENERATE),
                    "Make prompts messages by the model's chat template; auto where its folder has one."),
            row(
                    "generate.chatTemplate",
                    ValueType.STRING,
                    "",
                    "",
                    EnumSet.of(GENERATE),
                    "Name of the chat template, where the folder has several."),
            row(
                    "generate.chatVariables",
                    ValueType.TEXTS,
                    "",
                    "",
                    EnumSet.of(GENERATE),
                    "Variables of the chat template, such as enable_thinking=false; repeat the option for several."),
            row(
                    "generate.messagesColumn",
                    ValueType.STRING,
                    "",
                    "",
                    EnumSet.of(GENERATE),
                    "Column with a chat's messages, in place of the text: an array of role and content, or JSON of it."),
            choice(
                    "generate.specialTexts",
                    SpecialTexts.class,
                    "keep",
                    EnumSet.of(GENERATE),
                    "What a column's text that spells a special token becomes: that token, or an error row."),
            choice(
                    "generate.cut",
                    TextCut.class,
                    "end",
                    EnumSet.of(GENERATE),
                    "Which end of the text is cut where a template's prompt is too long."),
            row(
                    "generate.cutColumn",
                    ValueType.STRING,
                    "",
                    "",
                    EnumSet.of(GENERATE),
                    "Column whose text is cut; without it the text column, or else the longest text the template reads."),
            row(
                    "generate.date",
                    ValueType.STRING,
                    "",
                    "",
                    EnumSet.of(GENERATE),
                    "Today in templates, such as 2026-03-05; without it the day the run starts, which a later run on the same output then has to be given."),
            row(
                    "generate.examples",
                    ValueType.PATH,
                    "",
                    "",
                    EnumSet.of(GENERATE),
                    "Table of examples that prompts show, in any format of the input."),
            row(
                    "generate.shots",
                    ValueType.INT,
                    "examples",
                    "3",
                    EnumSet.of(GENERATE),
                    "Examples in a prompt, where a table of them is given; 0 for none."),
            choice(
                    "generate.exampleChoice",
                    ExampleChoice.class,
                    "fixed",
                    EnumSet.of(GENERATE),
                    "Which examples: the table's first, drawn by seed and row, or the nearest to the row's text."),
            row(
                    "generate.exampleModel",
                    ValueType.STRING,
                    "",
                    "all-MiniLM-L6-v2",
                    EnumSet.of(GENERATE),
                    "Embedding model that finds the nearest examples."),
            row(
                    "generate.exampleAnswer",
                    ValueType.STRING,
                    "",
                    "label",
                    EnumSet.of(GENERATE),
                    "Column of the examples that holds what the model is to say."),
            choice(
                    "generate.longPrompts",
                    LongPrompts.class,
                    "truncate",
                    EnumSet.of(GENERATE),
                    "What happens to a prompt that leaves no room for its completion: its beginning is cut (of a template's examples, then the end of the text), or the error table."),
            precision(
                    "generate.precision",
                    EnumSet.of(Precision.FLOAT32, Precision.INT8, Precision.INT4, Precision.FLOAT16),
                    GENERATE,
                    "In which numbers the model computes; int8 is faster on CPUs and a little less exact, int4 takes half its memory and is less exact, float16 is for GPUs."),
            row(
                    "generate.slots",
                    ValueType.INT,
                    "rows",
                    "32",
                    EnumSet.of(GENERATE),
                    "Rows decoded together; part of what a result depends on, as is the precision."),
            row(
                    "generate.kvMemory",
                    ValueType.INT,
                    "MiB",
                    "0",
                    EnumSet.of(GENERATE),
                    "Most memory of an executor for keys and values, the prefix cache included; 0 for a quarter of the machine's."),
            row(
                    "generate.prefixCache",
                    ValueType.BOOLEAN,
                    "",
                    "true",
                    EnumSet.of(GENERATE),
                    "Compute the beginning that prompts share once per executor."),
            choice(
                    "score.task",
                    ScoreTask.class,
                    "log-likelihood",
                    EnumSet.of(SCORE),
                    "What is scored: how likely a decoder finds each text; which of some choices it finds likeliest after it; or the tokens that may stand where it has a masked language model's mask, such as [MASK]."),
            row(
                    "score.contextColumn",
                    ValueType.STRING,
                    "",
                    "",
                    EnumSet.of(SCORE),
                    "Task log-likelihood: column that holds what each text comes after, which is not scored."),
            row(
                    "score.tokenLogprobs",
                    ValueType.BOOLEAN,
                    "",
                    "false",
                    EnumSet.of(SCORE),
                    "Task log-likelihood: add every scored token, its log-probability and whether it is the likeliest."),
            row(
                    "score.startToken",
                    ValueType.STRING,
                    "",
                    "auto",
                    EnumSet.of(SCORE),
                    "What each text begins with for a decoder, so that its first token is scored, too: auto (what the tokenizer puts before texts, else the folder's bos_token, else nothing), none, or the spelling of a token."),
            row(
                    "score.choices",
                    ValueType.TEXTS,
                    "",
                    "",
                    EnumSet.of(SCORE),
                    "Task choices: what may follow on every text; repeat the option for each."),
            row(
                    "score.choicesColumn",
                    ValueType.STRING,
                    "",
                    "",
                    EnumSet.of(SCORE),
                    "Task choices: column that holds a list of each text's own choices."),
            row(
                    "score.choiceSeparator",
                    ValueType.STRING,
                    "",
                    " ",
                    EnumSet.of(SCORE),
                    "Task choices: stands between a text and a choice where neither brings a white space."),
            choice(
                    "score.choiceScore",
                    ChoiceScore.class,
                    "raw",
                    EnumSet.of(SCORE),
                    "Task choices: compare log-probabilities, the same by token or by byte of the choice, or how much likelier the text makes a choice than pmiContext does."),
            row(
                    "score.pmiContext",
                    ValueType.STRING,
                    "",
                    "Answer:",
                    EnumSet.of(SCORE),
                    "Task choices: the neutral text of choiceScore pmi; empty for the start token alone."),
            row(
                    "score.labelColumn",
                    ValueType.STRING,
                    "",
                    "",
                    EnumSet.of(SCORE),
                    "Task choices: column that holds the right choice; it is kept, and the report says the accuracy."),
            row(
                    "score.topK",
                    ValueType.INT,
                    "tokens",
                    "5",
                    EnumSet.of(SCORE),
                    "Task fill-mask: likeliest tokens given for each mask."),
            row(
                    "score.pairColumn",
                    ValueType.STRING,
                    "",
                    "",
                    EnumSet.of(SCORE),
                    "Task fill-mask: column that holds what is put behind each text; adds the probability that it follows on it, where the model has a next-sentence head."),
            row(
                    "score.maxTokens",
                    ValueType.INT,
                    "tokens",
                    "0",
                    EnumSet.of(SCORE),
                    "Longest window, special tokens included; 0 for the model's own limit, and at most 2048 (decoders) or 8192 (fill-mask)."),
            row(
                    "score.stride",
                    ValueType.INT,
                    "tokens",
                    "-1",
                    EnumSet.of(SCORE),
                    "Overlap of neighbouring windows of a long document, of which each token is scored once; -1 for half a window (fill-mask: at most 128), 0 for windows side by side."),
            choice(
                    "score.longDocuments",
                    LongDocuments.class,
                    "chunk",
                    EnumSet.of(SCORE),
                    "What happens to a document longer than the window: cut into windows, each mask filled where it has most text around it; only the first; or the error table. Task choices: a text too long is cut at its beginning, unless it is to go to the error table."),
            precision(
                    "score.precision",
                    EnumSet.of(Precision.FLOAT32, Precision.INT8, Precision.FLOAT16),
                    SCORE,
                    "In which numbers the model computes; int8 is about twice as fast on CPUs and a little less exact, float16 is for GPUs."),
            row(
                    "score.batchTokens",
                    ValueType.INT,
                    "tokens",
                    "0",
                    EnumSet.of(SCORE),
                    "Padded size of one batch; 0 for what suits the device, 384 on CPUs and 32768 on GPUs."),
            choice(
                    "classify.task",
                    ClassifyTask.class,
                    "auto",
                    EnumSet.of(CLASSIFY),
                    "What the model is used for; auto goes by its config.json, and by whether there is a second text."),
            row(
                    "classify.topK",
                    ValueType.INT,
                    "labels or answers",
                    "0",
                    EnumSet.of(CLASSIFY),
                    "Labels whose scores are kept, or answers; 0 for all labels, and one answer."),
            row(
                    "classify.threshold",
                    ValueType.DOUBLE,
                    "probability",
                    "0",
                    EnumSet.of(CLASSIFY),
                    "Of a multi-label model: labels below it are left out, and a text without any has none."),
            choice(
                    "classify.activation",
                    ScoreFunction.class,
                    "auto",
                    EnumSet.of(CLASSIFY),
                    "What makes scores of the model's outputs for a text; auto goes by its config.json and the number of its labels."),
            choice(
                    "classify.aggregation",
                    Aggregation.class,
                    "simple",
                    EnumSet.of(CLASSIFY),
                    "How the labels of tokens become entities: each token one, neighbours of one label together, or whole words by their first token, their mean or their most certain token."),
            row(
                    "classify.question",
                    ValueType.STRING,
                    "",
                    "",
                    EnumSet.of(CLASSIFY),
                    "Question that every text is to answer."),
            row(
                    "classify.questionColumn",
                    ValueType.STRING,
                    "",
                    "",
                    EnumSet.of(CLASSIFY),
                    "Column that holds the question that each text is to answer."),
            choice(
                    "classify.answers",
                    AnswerForm.class,
                    "words",
                    EnumSet.of(CLASSIFY),
                    "Answers as whole words, the scores of equal ones added up, or as the tokens that the model points at."),
            row("classify.answerTokens", ValueType.INT, "tokens", "15", EnumSet.of(CLASSIFY), "Longest answer."),
            row(
                    "classify.nullAnswer",
                    ValueType.BOOLEAN,
                    "",
                    "false",
                    EnumSet.of(CLASSIFY),
                    "Let the answer that there is none compete with the others; it has an empty text, and the row no label."),
            row(
                    "classify.query",
                    ValueType.STRING,
                    "",
                    "",
                    EnumSet.of(CLASSIFY),
                    "Text put before every text, for cross-encoders that rank texts."),
            row(
                    "classify.queryColumn",
                    ValueType.STRING,
                    "",
                    "",
                    EnumSet.of(CLASSIFY),
                    "Column that holds what is put before each text."),
            row(
                    "classify.pairColumn",
                    ValueType.STRING,
                    "",
                    "",
                    EnumSet.of(CLASSIFY),
                    "Column that holds what is put behind each text, such as a hypothesis."),
            row(
                    "classify.head",
                    ValueType.STRING,
                    "",
                    "",
                    EnumSet.of(CLASSIFY),
                    "Of a folder of train heads: the name of the head; may be left out where it has one alone."),
            row(
                    "classify.choicesColumn",
                    ValueType.STRING,
                    "",
                    "",
                    EnumSet.of(CLASSIFY),
                    "Of a folder of train heads with a head that chooses: column that holds each row's list of choices."),
            row(
                    "classify.maxTokens",
                    ValueType.INT,
                    "tokens",
                    "0",
                    EnumSet.of(CLASSIFY),
                    "Longest window, special tokens and the second text included; 0 for the model's own limit, and at most 8192."),
            row(
                    "classify.stride",
                    ValueType.INT,
                    "tokens",
                    "-1",
                    EnumSet.of(CLASSIFY),
                    "Overlap of neighbouring windows of a long document; -1 for none where texts get labels, and else half a window, at most 128."),
            choice(
                    "classify.longDocuments",
                    LongDocuments.class,
                    "chunk",
                    EnumSet.of(CLASSIFY),
                    "What happens to a document longer than the window: windows whose results are combined, only the first, or the error table."),
            precision(
                    "classify.precision",
                    EnumSet.of(Precision.FLOAT32, Precision.INT8, Precision.FLOAT16),
                    CLASSIFY,
                    "In which numbers the model computes; int8 is about twice as fast on CPUs and a little less exact, float16 is for GPUs."),
            row(
                    "classify.batchTokens",
                    ValueType.INT,
                    "tokens",
                    "0",
                    EnumSet.of(CLASSIFY),
                    "Padded size of one batch; 0 for what suits the device, 384 on CPUs and 32768 on GPUs."),
            choice(
                    "train.task",
                    TrainTask.class,
                    "tokenizer",
                    EnumSet.of(TRAIN),
                    "What is trained; may also be the first word after train."),
            choice(
                    "train.type",
                    TokenizerType.class,
                    "bpe",
                    EnumSet.of(TRAIN),
                    "Tokenizer: kind of vocabulary, byte-level BPE as of GPT-2, or WordPiece as of BERT."),
            row(
                    "train.vocabSize",
                    ValueType.INT,
                    "tokens",
                    "30000",
                    EnumSet.of(TRAIN),
                    "Tokenizer: most tokens, special ones and the alphabet included."),
            row(
                    "train.minFrequency",
                    ValueType.INT,
                    "occurrences",
                    "2",
                    EnumSet.of(TRAIN),
                    "Tokenizer: a pair of tokens is merged only while it occurs this often."),
            row(
                    "train.lowercase",
                    ValueType.BOOLEAN,
                    "",
                    "true",
                    EnumSet.of(TRAIN),
                    "Word2vec: lower case. WordPiece: lower case, and no accents. Byte-level BPE keeps texts as they are."),
            row(
                    "train.specialTokens",
                    ValueType.TEXTS,
                    "",
                    "",
                    EnumSet.of(TRAIN),
                    "Tokenizer: all special tokens in the order of their ids, instead of <|endoftext|> or [PAD], [UNK], [CLS], [SEP], [MASK]; repeat the option for several."),
            row(
                    "train.limitAlphabet",
                    ValueType.INT,
                    "characters",
                    "0",
                    EnumSet.of(TRAIN),
                    "WordPiece alone: keep only the most frequent characters; 0 for all."),
            row(
                    "train.maxTokenLength",
                    ValueType.INT,
                    "bytes (bpe), characters (wordpiece)",
                    "0",
                    EnumSet.of(TRAIN),
                    "Tokenizer: longest token that is made by merging; 0 for no limit."),
            row(
                    "train.maxWordBytes",
                    ValueType.INT,
                    "bytes",
                    "1024",
                    EnumSet.of(TRAIN),
                    "Longer words are left out of the training, and counted."),
            choice(
                    "train.objective",
                    WordObjective.class,
                    "skip-gram",
                    EnumSet.of(TRAIN),
                    "Word2vec: each word foretold from every word near it, or from the mean of the words near it."),
            choice(
                    "train.engine",
                    WordEngine.class,
                    "textloom",
                    EnumSet.of(TRAIN),
                    "Word2vec: what computes the steps."),
            row("train.dimensions", ValueType.INT, "", "100", EnumSet.of(TRAIN), "Word2vec: length of the vectors."),
            row(
                    "train.window",
                    ValueType.INT,
                    "words",
                    "5",
                    EnumSet.of(TRAIN),
                    "Word2vec: how far to either side a word is trained with others, at most."),
            row(
                    "train.negative",
                    ValueType.INT,
                    "words",
                    "5",
                    EnumSet.of(TRAIN),
                    "Word2vec: words drawn as counter-examples for each pair."),
            row(
                    "train.minCount",
                    ValueType.INT,
                    "occurrences",
                    "5",
                    EnumSet.of(TRAIN),
                    "Word2vec: rarer words have no vector."),
            row(
                    "train.maxWords",
                    ValueType.INT,
                    "words",
                    "0",
                    EnumSet.of(TRAIN),
                    "Word2vec: most words with a vector, the frequent ones; 0 for all."),
            row(
                    "train.sample",
                    ValueType.DOUBLE,
                    "share of the corpus",
                    "0.001",
                    EnumSet.of(TRAIN),
                    "Word2vec: words that are more of the corpus than this are thinned out; 0 for none."),
            row(
                    "train.learningRate",
                    ValueType.DOUBLE,
                    "",
                    "0.025",
                    EnumSet.of(TRAIN),
                    "Word2vec: size of a step at the start; falls evenly to the end."),
            row(
                    "train.minLearningRate",
                    ValueType.DOUBLE,
                    "",
                    "0.0001",
                    EnumSet.of(TRAIN),
                    "Word2vec: size of a step at the end."),
            row(
                    "train.epochs",
                    ValueType.INT,
                    "",
                    "5",
                    EnumSet.of(TRAIN),
                    "Word2vec, elmo: how often the corpus is gone through."),
            row(
                    "train.phrasePasses",
                    ValueType.INT,
                    "",
                    "0",
                    EnumSet.of(TRAIN),
                    "Word2vec: how often neighbouring words that belong together are made one, as new_york; 0 for never."),
            row(
                    "train.phraseThreshold",
                    ValueType.DOUBLE,
                    "",
                    "100",
                    EnumSet.of(TRAIN),
                    "Word2vec: how many times as often as by chance two words stand together that are made one."),
            row(
                    "train.sentences",
                    ValueType.BOOLEAN,
                    "",
                    "true",
                    EnumSet.of(TRAIN),
                    "Word2vec: windows end with sentences; else with documents alone."),
            row(
                    "train.threads",
                    ValueType.INT,
                    "threads",
                    "0",
                    EnumSet.of(TRAIN),
                    "Threads that train at the same time; 0 for one per core of the driver. Word2vec: only 1 gives the same bits again. Elmo: at most two are used, with the same result."),
            row(
                    "train.seed",
                    ValueType.LONG,
                    "",
                    "1",
                    EnumSet.of(TRAIN),
                    "Word2vec, elmo, heads: where random numbers begin."),
            row(
                    "train.tokenizer",
                    ValueType.STRING,
                    "",
                    "",
                    EnumSet.of(TRAIN),
                    "Elmo: folder with the tokenizer.json whose sub-words are foretold; empty for a WordPiece vocabulary trained on the same input first."),
            row(
                    "train.pieces",
                    ValueType.INT,
                    "sub-words",
                    "5000",
                    EnumSet.of(TRAIN),
                    "Elmo: most sub-words of a vocabulary that is trained first."),
            row(
                    "train.hidden",
                    ValueType.INT,
                    "",
                    "256",
                    EnumSet.of(TRAIN),
                    "Elmo: width of embeddings and layers in each direction; vectors are twice as long."),
            row(
                    "train.streams",
                    ValueType.INT,
                    "documents",
                    "32",
                    EnumSet.of(TRAIN),
                    "Elmo: documents that are read side by side."),
            row(
                    "train.unroll",
                    ValueType.INT,
                    "tokens",
                    "32",
                    EnumSet.of(TRAIN),
                    "Elmo: tokens of each stream in a step, over which gradients go back; the state is carried on."),
            row(
                    "train.peakRate",
                    ValueType.DOUBLE,
                    "",
                    "0.002",
                    EnumSet.of(TRAIN),
                    "Elmo: size of Adam's steps; rises to it in the first fiftieth of the steps, then falls evenly to a twentieth."),
            row(
                    "train.steps",
                    ValueType.INT,
                    "steps",
                    "0",
                    EnumSet.of(TRAIN),
                    "Elmo: steps in all; 0 for those of train.epochs."),
            row(
                    "train.dropout",
                    ValueType.DOUBLE,
                    "share",
                    "0.1",
                    EnumSet.of(TRAIN),
                    "Elmo: share of the inputs and outputs of layers that is dropped in training."),
            row(
                    "train.maxNorm",
                    ValueType.DOUBLE,
                    "",
                    "1",
                    EnumSet.of(TRAIN),
                    "Elmo: gradients longer than this are scaled down."),
            row(
                    "train.heldOut",
                    ValueType.DOUBLE,
                    "share of documents",
                    "0.01",
                    EnumSet.of(TRAIN),
                    "Elmo: documents that are not trained on, chosen by their content; the loss is measured on them."),
            row(
                    "train.checkpointSteps",
                    ValueType.INT,
                    "steps",
                    "500",
                    EnumSet.of(TRAIN),
                    "Elmo: steps between two checkpoints, each a point of the curve."),
            row(
                    "train.mixSteps",
                    ValueType.INT,
                    "steps",
                    "200",
                    EnumSet.of(TRAIN),
                    "Elmo: steps of learning how layers are mixed, after the language model; 0 for equal parts."),
            row(
                    "train.heads",
                    ValueType.PATH,
                    "",
                    "",
                    EnumSet.of(TRAIN),
                    "Heads: HOCON file with a list of heads that are trained together, each with its columns and its rows; empty for one head by the settings below."),
            choice(
                    "train.headTask",
                    HeadTask.class,
                    "sequence",
                    EnumSet.of(TRAIN),
                    "Heads: what one head does: labels of texts or of pairs, a number, labels of tokens, answers to questions, the best of some choices."),
            row(
                    "train.labelColumn",
                    ValueType.STRING,
                    "",
                    "label",
                    EnumSet.of(TRAIN),
                    "Heads: column that holds what is learnt: a label, a number, a list of them for words, {start, end}, the answer, the right choice."),
            row(
                    "train.pairColumn",
                    ValueType.STRING,
                    "",
                    "",
                    EnumSet.of(TRAIN),
                    "Heads: column that holds the second text of a pair, the question, or the list of choices."),
            row(
                    "train.labels",
                    ValueType.TEXTS,
                    "",
                    "",
                    EnumSet.of(TRAIN),
                    "Heads: all labels in their order; empty for those that occur."),
            choice(
                    "train.classWeights",
                    ClassWeights.class,
                    "none",
                    EnumSet.of(TRAIN),
                    "Heads: let each row count the same, or each label."),
            row(
                    "train.layers",
                    ValueType.LIST,
                    "",
                    "256",
                    EnumSet.of(TRAIN),
                    "Heads: widths of the layers between what a head sees and its outputs; 0 for none."),
            row(
                    "train.trunk",
                    ValueType.LIST,
                    "",
                    "",
                    EnumSet.of(TRAIN),
                    "Heads: widths of layers that all heads share and every vector passes first; empty for none."),
            row(
                    "train.headDropout",
                    ValueType.DOUBLE,
                    "share",
                    "0.3",
                    EnumSet.of(TRAIN),
                    "Heads: how much of what each of a head's own layers sees is left out in each step."),
            row(
                    "train.dev",
                    ValueType.TEXTS,
                    "",
                    "",
                    EnumSet.of(TRAIN),
                    "Heads: files of held-out rows, by which the best epoch and the temperature are chosen; empty for a share of the input."),
            row(
                    "train.devShare",
                    ValueType.DOUBLE,
                    "share of the rows",
                    "0.1",
                    EnumSet.of(TRAIN),
                    "Heads: how many rows are held out, by content hash, where there is no train.dev."),
            row("train.batchRows", ValueType.INT, "rows", "32", EnumSet.of(TRAIN), "Heads: rows of one step."),
            row(
                    "train.maxEpochs",
                    ValueType.INT,
                    "",
                    "20",
                    EnumSet.of(TRAIN),
                    "Heads: how often the rows are gone through, at most."),
            row(
                    "train.patience",
                    ValueType.INT,
                    "epochs",
                    "3",
                    EnumSet.of(TRAIN),
                    "Heads: the training ends after so many epochs that did no better on the held-out rows; 0 for never."),
            row("train.rate", ValueType.DOUBLE, "", "0.0005", EnumSet.of(TRAIN), "Heads: size of a step of Adam."),
            row(
                    "train.workers",
                    ValueType.INT,
                    "tasks",
                    "0",
                    EnumSet.of(TRAIN),
                    "Heads: Spark tasks that each train a copy whose parameters are averaged; 0 to train on the driver alone."),
            row(
                    "train.averageEvery",
                    ValueType.INT,
                    "steps",
                    "5",
                    EnumSet.of(TRAIN),
                    "Heads: steps of each worker between two averages."),
            row(
                    "train.maxTokens",
                    ValueType.INT,
                    "tokens",
                    "0",
                    EnumSet.of(TRAIN),
                    "Heads: longest window of the encoder, special tokens included; 0 for the model's own limit, and at most 8192."),
            row(
                    "verify.readInput",
                    ValueType.BOOLEAN,
                    "",
                    "false",
                    EnumSet.of(VERIFY),
                    "Read the input again and compare it with the output, row by row."),
            row(
                    "verify.recompute",
                    ValueType.INT,
                    "documents",
                    "0",
                    EnumSet.of(VERIFY),
                    "So many documents of the input are computed again and compared with the output; 0 for none."),
            row(
                    "verify.seed",
                    ValueType.LONG,
                    "",
                    "0",
                    EnumSet.of(VERIFY),
                    "Which documents verify.recompute takes: others for another number."));

    private Settings() {}

    public static List<Setting> all() {
        return TABLE;
    }

    /** The settings of one job, its own after the common ones. */
    public static List<Setting> of(Job job) {
        return TABLE.stream().filter(setting -> setting.appliesTo(job)).toList();
    }

    public static Optional<Setting> find(String key) {
        return TABLE.stream().filter(setting -> setting.key().equals(key)).findFirst();
    }

    private static Setting row(
            String key, ValueType type, String unit, String defaultText, Set<Job> jobs, String help) {
        return new Setting(key, type, unit, defaultText, Map.of(), List.of(), help, jobs);
    }

    private static Setting choice(
            String key, Class<? extends Enum<?>> type, String defaultText, Set<Job> jobs, String help) {
        return choice(key, type, defaultText, Map.of(), jobs, help);
    }

    private static Setting choice(
            String key,
            Class<? extends Enum<?>> type,
            String defaultText,
            Map<Job, String> defaultsByJob,
            Set<Job> jobs,
            String help) {
        return new Setting(
                key,
                ValueType.ENUM,
                "",
                defaultText,
                defaultsByJob,
                names(Arrays.asList(type.getEnumConstants())),
                help,
                jobs);
    }

    /** @param choices those that the job's models compute in */
    private static Setting precision(String key, EnumSet<Precision> choices, Job job, String help) {
        return new Setting(key, ValueType.ENUM, "", "float32", Map.of(), names(choices), help, EnumSet.of(job));
    }

    private static List<String> names(Collection<? extends Enum<?>> constants) {
        return constants.stream()
                .map(constant -> constant.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .toList();
    }

    private static Setting model() {
        return new Setting(
                "model",
                ValueType.STRING,
                "",
                "all-MiniLM-L6-v2",
                Map.of(GENERATE, "storyteller", SCORE, "", CLASSIFY, "", TRAIN, "", DOCTOR, ""),
                List.of(),
                "Name of a built-in model, or path of a Hugging Face folder.",
                NAMED);
    }
}
