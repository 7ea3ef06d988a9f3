package io.textloom.config;

import io.textloom.classify.Aggregation;
import io.textloom.classify.AnswerForm;
import io.textloom.classify.ClassifyOptions;
import io.textloom.classify.ClassifyTask;
import io.textloom.classify.FillMaskOptions;
import io.textloom.classify.ScoreFunction;
import io.textloom.constrain.ConstraintOptions;
import io.textloom.embed.Combine;
import io.textloom.embed.EmbedOptions;
import io.textloom.embed.NormalizeOption;
import io.textloom.embed.PoolingOption;
import io.textloom.generate.BeamOptions;
import io.textloom.generate.EngineOptions;
import io.textloom.generate.GenerateOptions;
import io.textloom.generate.LongPrompts;
import io.textloom.generate.PenaltyOptions;
import io.textloom.generate.SamplingOptions;
import io.textloom.openai.BatchOptions;
import io.textloom.prompt.ChatUse;
import io.textloom.prompt.ExampleChoice;
import io.textloom.prompt.ExampleOptions;
import io.textloom.prompt.PromptOptions;
import io.textloom.prompt.SpecialTexts;
import io.textloom.prompt.TextCut;
import io.textloom.score.ChoiceOptions;
import io.textloom.score.ChoiceScore;
import io.textloom.score.DecoderOptions;
import io.textloom.score.LikelihoodOptions;
import io.textloom.spark.VerifyOptions;
import io.textloom.spark.commit.Deleted;
import io.textloom.spark.commit.OutputFormat;
import io.textloom.spark.commit.OutputOptions;
import io.textloom.spark.commit.ResumeOptions;
import io.textloom.spark.commit.RetryErrors;
import io.textloom.spark.commit.RunMode;
import io.textloom.spark.intake.BadFiles;
import io.textloom.spark.intake.DocumentUnit;
import io.textloom.spark.intake.DuplicateIds;
import io.textloom.spark.intake.InputFormat;
import io.textloom.spark.intake.IntakeOptions;
import io.textloom.spark.intake.LimitOptions;
import io.textloom.spark.lineage.PriceOptions;
import io.textloom.spark.stage.DeviceChoice;
import io.textloom.spark.stage.DeviceOptions;
import io.textloom.spark.train.ClassWeights;
import io.textloom.spark.train.HeadOptions;
import io.textloom.spark.train.TrainElmoOptions;
import io.textloom.spark.train.TrainHeadsOptions;
import io.textloom.spark.train.TrainWord2VecOptions;
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
import io.textloom.token.train.TrainTokenizerOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Resolved settings as the option records of the jobs; each throws {@link ConfigException} for a bad value. */
public final class JobOptions {
    /** Settings of score that one of its tasks has alone. */
    private static final Map<String, ScoreTask> OF_ONE_TASK = Map.of(
            "score.contextColumn", ScoreTask.LOG_LIKELIHOOD,
            "score.tokenLogprobs", ScoreTask.LOG_LIKELIHOOD,
            "score.choices", ScoreTask.CHOICES,
            "score.choicesColumn", ScoreTask.CHOICES,
            "score.choiceSeparator", ScoreTask.CHOICES,
            "score.choiceScore", ScoreTask.CHOICES,
            "score.pmiContext", ScoreTask.CHOICES,
            "score.labelColumn", ScoreTask.CHOICES,
            "score.topK", ScoreTask.FILL_MASK,
            "score.pairColumn", ScoreTask.FILL_MASK);

    /** Settings of train that one of its tasks has alone. */
    private static final Map<String, TrainTask> OF_ONE_TRAINING = Map.ofEntries(
            Map.entry("train.type", TrainTask.TOKENIZER),
            Map.entry("train.vocabSize", TrainTask.TOKENIZER),
            Map.entry("train.minFrequency", TrainTask.TOKENIZER),
            Map.entry("train.specialTokens", TrainTask.TOKENIZER),
            Map.entry("train.limitAlphabet", TrainTask.TOKENIZER),
            Map.entry("train.maxTokenLength", TrainTask.TOKENIZER),
            Map.entry("train.objective", TrainTask.WORD2VEC),
            Map.entry("train.engine", TrainTask.WORD2VEC),
            Map.entry("train.dimensions", TrainTask.WORD2VEC),
            Map.entry("train.window", TrainTask.WORD2VEC),
            Map.entry("train.negative", TrainTask.WORD2VEC),
            Map.entry("train.minCount", TrainTask.WORD2VEC),
            Map.entry("train.maxWords", TrainTask.WORD2VEC),
            Map.entry("train.sample", TrainTask.WORD2VEC),
            Map.entry("train.learningRate", TrainTask.WORD2VEC),
            Map.entry("train.minLearningRate", TrainTask.WORD2VEC),
            Map.entry("train.phrasePasses", TrainTask.WORD2VEC),
            Map.entry("train.phraseThreshold", TrainTask.WORD2VEC),
            Map.entry("train.sentences", TrainTask.WORD2VEC),
            Map.entry("model", TrainTask.HEADS),
            Map.entry("train.heads", TrainTask.HEADS),
            Map.entry("train.headTask", TrainTask.HEADS),
            Map.entry("train.labelColumn", TrainTask.HEADS),
            Map.entry("train.pairColumn", TrainTask.HEADS),
            Map.entry("train.labels", TrainTask.HEADS),
            Map.entry("train.classWeights", TrainTask.HEADS),
            Map.entry("train.layers", TrainTask.HEADS),
            Map.entry("train.trunk", TrainTask.HEADS),
            Map.entry("train.headDropout", TrainTask.HEADS),
            Map.entry("train.dev", TrainTask.HEADS),
            Map.entry("train.devShare", TrainTask.HEADS),
            Map.entry("train.batchRows", TrainTask.HEADS),
            Map.entry("train.maxEpochs", TrainTask.HEADS),
            Map.entry("train.patience", TrainTask.HEADS),
            Map.entry("train.rate", TrainTask.HEADS),
            Map.entry("train.workers", TrainTask.HEADS),
            Map.entry("train.averageEvery", TrainTask.HEADS),
            Map.entry("train.maxTokens", TrainTask.HEADS),
            Map.entry("train.tokenizer", TrainTask.ELMO),
            Map.entry("train.pieces", TrainTask.ELMO),
            Map.entry("train.hidden", TrainTask.ELMO),
            Map.entry("train.streams", TrainTask.ELMO),
            Map.entry("train.unroll", TrainTask.ELMO),
            Map.entry("train.peakRate", TrainTask.ELMO),
            Map.entry("train.steps", TrainTask.ELMO),
            Map.entry("train.dropout", TrainTask.ELMO),
            Map.entry("train.maxNorm", TrainTask.ELMO),
            Map.entry("train.heldOut", TrainTask.ELMO),
            Map.entry("train.checkpointSteps", TrainTask.ELMO),
            Map.entry("train.mixSteps", TrainTask.ELMO));

    /** Settings of train that several of its tasks have, the tokenizer not among them. */
    private static final List<String> OF_LEARNING = List.of("train.epochs", "train.threads", "train.seed");

    /** Settings of one head, which a file of heads has in their place. */
    private static final List<String> OF_ONE_HEAD = List.of(
            "train.headTask",
            "train.labelColumn",
            "train.pairColumn",
            "train.labels",
            "train.classWeights",
            "train.dev");

    private JobOptions() {}

    public static IntakeOptions intake(ResolvedSettings settings) {
        return intake(
                settings,
                s -> s.text("idColumn"),
                s -> s.choice("duplicateIds", DuplicateIds.class),
                s -> s.list("keepColumns"));
    }

    /** Documents without ids: a training needs none. */
    public static IntakeOptions trainIntake(ResolvedSettings settings) {
        return intake(settings, s -> "", s -> DuplicateIds.ERROR, s -> List.of());
    }

    private static IntakeOptions intake(
            ResolvedSettings settings,
            Function<ResolvedSettings, String> idColumn,
            Function<ResolvedSettings, DuplicateIds> duplicateIds,
            Function<ResolvedSettings, List<String>> keepColumns) {
        requireInput(settings);
        return build(
                settings,
                s -> new IntakeOptions(
                        s.list("input"),
                        s.choice("inputFormat", InputFormat.class),
                        s.choice("documents", DocumentUnit.class),
                        s.text("textColumn"),
                        idColumn.apply(s),
                        duplicateIds.apply(s),
                        keepColumns.apply(s),
                        s.text("where"),
                        s.longInteger("limit"),
                        s.integer("spark.partitions"),
                        new LimitOptions(s.choice("badFiles", BadFiles.class), s.integer("maxRowBytes"))));
    }

    public static OutputOptions output(ResolvedSettings settings) {
        return build(settings, s -> {
            Deleted deleted = s.choice("deleted", Deleted.class);
            if (deleted == Deleted.DROP && s.choice("badFiles", BadFiles.class) == BadFiles.QUARANTINE) {
                throw new IllegalArgumentException(
                        "deleted is drop and badFiles is quarantine; the rows that a damaged file gave earlier would leave the output, expected --deleted keep or --bad-files fail");
            }
            return new OutputOptions(
                    outputPath(s),
                    s.choice("mode", RunMode.class),
                    s.number("maxErrorRatio"),
                    s.list("partitionBy"),
                    s.choice("outputFormat", OutputFormat.class),
                    new ResumeOptions(deleted, s.choice("retryErrors", RetryErrors.class), s.flag("skipUnchanged")));
        });
    }

    /** What computing costs. */
    public static PriceOptions prices(ResolvedSettings settings) {
        return build(
                settings,
                s -> new PriceOptions(
                        s.number("price.perCoreHour"), s.number("price.perMillionTokens"), s.text("price.currency")));
    }

    public static VerifyOptions verify(ResolvedSettings settings) {
        return build(
                settings,
                s -> new VerifyOptions(
                        s.flag("verify.readInput"), s.integer("verify.recompute"), s.longInteger("verify.seed")));
    }

    public static OutputOptions trainOutput(ResolvedSettings settings) {
        return build(settings, s -> {
            boolean tokenizer = s.choice("train.task", TrainTask.class) == TrainTask.TOKENIZER;
            boolean asked = s.origin("mode").level() != Level.DEFAULT;
            // a training that keeps checkpoints goes on with the same command, as every job does
            RunMode mode = asked || tokenizer ? s.choice("mode", RunMode.class) : RunMode.RESUME;
            if (mode == RunMode.RESUME && tokenizer) {
                throw new IllegalArgumentException(
                        "mode is resume; the training of a tokenizer always starts anew, expected overwrite or fail");
            }
            return new OutputOptions(outputPath(s), mode, s.number("maxErrorRatio"), List.of(), OutputFormat.PARQUET);
        });
    }

    /** {@code train.lowercase} is true by default and in shipped files; for BPE it is an error only where it was asked for on the command line. */
    public static TrainTokenizerOptions trainTokenizer(ResolvedSettings settings) {
        requireTask(settings, TrainTask.TOKENIZER, OF_ONE_TRAINING);
        for (String key : OF_LEARNING) {
            requireUnasked(settings, key, TrainTask.TOKENIZER, "word2vec");
        }
        return build(settings, s -> {
            TokenizerType type = s.choice("train.type", TokenizerType.class);
            boolean asked = s.origin("train.lowercase").level().compareTo(Level.ASSIGNMENT) >= 0;
            return new TrainTokenizerOptions(
                    type,
                    s.integer("train.vocabSize"),
                    s.integer("train.minFrequency"),
                    s.flag("train.lowercase") && (asked || type == TokenizerType.WORDPIECE),
                    s.list("train.specialTokens"),
                    s.integer("train.limitAlphabet"),
                    s.integer("train.maxTokenLength"),
                    s.integer("train.maxWordBytes"));
        });
    }

    public static TrainWord2VecOptions trainWord2Vec(ResolvedSettings settings) {
        requireTask(settings, TrainTask.WORD2VEC, OF_ONE_TRAINING);
        return build(
                settings,
                s -> new TrainWord2VecOptions(
                        s.choice("train.objective", WordObjective.class),
                        s.choice("train.engine", WordEngine.class),
                        s.integer("train.dimensions"),
                        s.integer("train.window"),
                        s.integer("train.negative"),
                        s.integer("train.minCount"),
                        s.integer("train.maxWords"),
                        s.number("train.sample"),
                        s.number("train.learningRate"),
                        s.number("train.minLearningRate"),
                        s.integer("train.epochs"),
                        s.integer("train.phrasePasses"),
                        s.number("train.phraseThreshold"),
                        s.flag("train.sentences"),
                        s.flag("train.lowercase"),
                        s.integer("train.maxWordBytes"),
                        s.integer("train.threads"),
                        s.longInteger("train.seed")));
    }

    public static TrainHeadsOptions trainHeads(ResolvedSettings settings) {
        requireTask(settings, TrainTask.HEADS, OF_ONE_TRAINING);
        requireUnasked(settings, "train.epochs", TrainTask.HEADS, "word2vec");
        requireUnasked(settings, "train.threads", TrainTask.HEADS, "word2vec");
        return build(
                settings,
                s -> new TrainHeadsOptions(
                        heads(s),
                        widths("train.trunk", s.list("train.trunk")),
                        s.integer("train.batchRows"),
                        s.integer("train.maxEpochs"),
                        s.integer("train.patience"),
                        s.number("train.rate"),
                        s.number("train.devShare"),
                        s.integer("train.workers"),
                        s.integer("train.averageEvery"),
                        s.integer("train.maxTokens"),
                        s.longInteger("train.seed")));
    }

    private static List<HeadOptions> heads(ResolvedSettings s) {
        List<Integer> layers = widths("train.layers", s.list("train.layers"));
        double dropout = s.number("train.headDropout");
        if (!s.text("train.heads").isEmpty()) {
            for (String key : OF_ONE_HEAD) {
                if (s.origin(key).level().compareTo(Level.ASSIGNMENT) >= 0) {
                    throw new ConfigException(key + " (from " + s.origin(key).place()
                            + ") is of one head, but train.heads names a file of them; write it there");
                }
            }
            return HeadFile.read(Path.of(s.text("train.heads")), layers, dropout);
        }
        HeadTask task = s.choice("train.headTask", HeadTask.class);
        return List.of(new HeadOptions(
                name(task),
                task,
                List.of(),
                s.list("train.dev"),
                "",
                s.text("train.pairColumn"),
                s.text("train.labelColumn"),
                s.list("train.labels"),
                layers,
                dropout,
                s.choice("train.classWeights", ClassWeights.class),
                new TreeMap<>()));
    }

    private static List<Integer> widths(String key, List<String> given) {
        try {
            return given.stream()
                    .map(String::strip)
                    .map(Integer::valueOf)
                    .filter(width -> width != 0)
                    .toList();
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    key + " is " + String.join(",", given) + "; expected widths such as 256", e);
        }
    }

    public static TrainElmoOptions trainElmo(ResolvedSettings settings) {
        requireTask(settings, TrainTask.ELMO, OF_ONE_TRAINING);
        return build(
                settings,
                s -> new TrainElmoOptions(
                        s.text("train.tokenizer"),
                        s.integer("train.pieces"),
                        s.flag("train.lowercase"),
                        s.integer("train.hidden"),
                        s.integer("train.streams"),
                        s.integer("train.unroll"),
                        s.number("train.peakRate"),
                        s.integer("train.epochs"),
                        s.integer("train.steps"),
                        s.number("train.dropout"),
                        s.number("train.maxNorm"),
                        s.number("train.heldOut"),
                        s.integer("train.checkpointSteps"),
                        s.integer("train.mixSteps"),
                        s.integer("train.maxWordBytes"),
                        s.integer("train.threads"),
                        s.longInteger("train.seed")));
    }

    public static String outputPath(ResolvedSettings settings) {
        String path = settings.text("output");
        requireGiven(settings, "output", path.isBlank(), "--output PATH");
        return path;
    }

    public static String model(ResolvedSettings settings) {
        String model = settings.text("model");
        requireGiven(settings, "model", model.isBlank(), "--model NAME or --model PATH");
        return model;
    }

    public static TokenizeOptions tokenize(ResolvedSettings settings) {
        return build(
                settings,
                s -> new TokenizeOptions(
                        s.choice("tokenize.rows", RowUnit.class),
                        s.integer("tokenize.maxTokens"),
                        s.integer("tokenize.stride"),
                        s.flag("tokenize.specialTokens"),
                        s.flag("tokenize.sentences"),
                        s.flag("tokenize.offsets"),
                        s.text("tokenize.separator"),
                        s.choice("tokenize.remainder", Remainder.class),
                        s.longInteger("tokenize.fileTokens")));
    }

    /** The models of a tokenize job: {@code tokenize.models}, else {@code model}. */
    public static List<String> tokenizers(ResolvedSettings settings) {
        List<String> models = settings.list("tokenize.models");
        return models.isEmpty() ? List.of(model(settings)) : models;
    }

    /** What models run on. */
    public static DeviceOptions device(ResolvedSettings settings) {
        return build(
                settings,
                s -> new DeviceOptions(s.choice("device", DeviceChoice.class), s.text("cuda.providerLibrary")));
    }

    public static EmbedOptions embed(ResolvedSettings settings) {
        return build(
                settings,
                s -> new EmbedOptions(
                        s.choice("embed.pooling", PoolingOption.class),
                        layers(s.list("embed.layers")),
                        s.flag("embed.tokenVectors"),
                        s.choice("embed.normalize", NormalizeOption.class),
                        s.integer("embed.maxTokens"),
                        s.integer("embed.stride"),
                        s.choice("embed.longDocuments", LongDocuments.class),
                        s.choice("embed.combine", Combine.class),
                        s.integer("embed.dimensions"),
                        s.text("embed.prompt"),
                        s.choice("embed.precision", Precision.class),
                        s.choice("embed.vectorType", VectorType.class),
                        s.integer("embed.batchTokens")));
    }

    /** The models of an embed job: {@code embed.models}, else {@code model}. */
    public static List<String> embedders(ResolvedSettings settings) {
        List<String> models = settings.list("embed.models");
        return models.isEmpty() ? List.of(model(settings)) : models;
    }

    private static List<Integer> layers(List<String> given) {
        try {
            return given.stream().map(Integer::valueOf).toList();
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "embed.layers is " + String.join(",", given)
                            + "; expected integers such as -1 (the last layer) or -2,-1",
                    e);
        }
    }

    public static GenerateOptions generate(ResolvedSettings settings) {
        return build(
                settings,
                s -> new GenerateOptions(
                        sampling(s),
                        s.text("generate.maxNewTokensColumn"),
                        s.choice("generate.longPrompts", LongPrompts.class),
                        new EngineOptions(
                                s.choice("generate.precision", Precision.class),
                                s.integer("generate.slots"),
                                s.integer("generate.kvMemory"),
                                s.flag("generate.prefixCache"))));
    }

    /** Which settings beat the defaults of OpenAI's API: those of a file only where they differ from the built-in ones, which shipped files spell out. */
    public static BatchOptions batch(ResolvedSettings settings) {
        return new BatchOptions(isGiven(settings, "generate.temperature"), isGiven(settings, "generate.maxNewTokens"));
    }

    private static boolean isGiven(ResolvedSettings settings, String key) {
        ResolvedValue value = settings.get(key);
        return switch (value.origin().level()) {
            case DEFAULT -> false;
            case FILE -> !value.value().equals(value.setting().defaultValue(settings.job()));
            case SPARK, ENVIRONMENT, ASSIGNMENT, OPTION -> true;
        };
    }

    /** How prompts are made of rows. */
    public static PromptOptions prompts(ResolvedSettings settings) {
        return build(
                settings,
                s -> new PromptOptions(
                        s.text("generate.template"),
                        s.text("generate.templateFile"),
                        s.text("generate.system"),
                        s.choice("generate.chat", ChatUse.class),
                        s.text("generate.chatTemplate"),
                        s.list("generate.chatVariables"),
                        s.text("generate.messagesColumn"),
                        s.choice("generate.specialTexts", SpecialTexts.class),
                        s.choice("generate.cut", TextCut.class),
                        s.text("generate.cutColumn"),
                        s.text("generate.date"),
                        new ExampleOptions(
                                s.text("generate.examples"),
                                s.integer("generate.shots"),
                                s.choice("generate.exampleChoice", ExampleChoice.class),
                                s.text("generate.exampleModel"),
                                s.text("generate.exampleAnswer"))));
    }

    private static SamplingOptions sampling(ResolvedSettings s) {
        return new SamplingOptions(
                s.integer("generate.maxNewTokens"),
                s.integer("generate.minNewTokens"),
                s.number("generate.temperature"),
                s.integer("generate.topK"),
                s.number("generate.topP"),
                s.number("generate.minP"),
                new PenaltyOptions(
                        s.number("generate.repetitionPenalty"),
                        s.number("generate.presencePenalty"),
                        s.number("generate.frequencyPenalty"),
                        s.integer("generate.noRepeatNgram")),
                biases(s.list("generate.logitBias")),
                s.list("generate.stop"),
                integers("generate.stopTokens", s.list("generate.stopTokens")),
                s.integer("generate.samples"),
                s.integer("generate.bestOf"),
                new BeamOptions(
                        s.integer("generate.beams"),
                        s.number("generate.lengthPenalty"),
                        s.flag("generate.earlyStopping")),
                s.integer("generate.logprobs"),
                new ConstraintOptions(
                        s.list("generate.choices"), s.text("generate.regex"), s.text("generate.jsonSchema")),
                s.longInteger("generate.seed"));
    }

    /** {@code 50256=-100}: a token's id and what is added to its logit. */
    private static Map<Integer, Double> biases(List<String> given) {
        Map<Integer, Double> biases = new TreeMap<>();
        for (String entry : given) {
            int equals = entry.indexOf('=');
            try {
                biases.put(
                        Integer.valueOf(entry.substring(0, Math.max(0, equals)).strip()),
                        Double.valueOf(entry.substring(equals + 1).strip()));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "generate.logitBias is " + entry + "; expected token ids with biases, such as 50256=-100", e);
            }
        }
        return biases;
    }

    private static List<Integer> integers(String key, List<String> given) {
        try {
            return given.stream().map(String::strip).map(Integer::valueOf).toList();
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    key + " is " + String.join(",", given) + "; expected token ids such as 50256", e);
        }
    }

    public static ClassifyOptions classify(ResolvedSettings settings) {
        return build(
                settings,
                s -> new ClassifyOptions(
                        s.choice("classify.task", ClassifyTask.class),
                        s.integer("classify.topK"),
                        s.number("classify.threshold"),
                        s.choice("classify.activation", ScoreFunction.class),
                        s.choice("classify.aggregation", Aggregation.class),
                        s.choice("classify.answers", AnswerForm.class),
                        s.integer("classify.answerTokens"),
                        s.flag("classify.nullAnswer"),
                        s.text("classify.question"),
                        s.text("classify.questionColumn"),
                        s.text("classify.query"),
                        s.text("classify.queryColumn"),
                        s.text("classify.pairColumn"),
                        s.text("classify.head"),
                        s.text("classify.choicesColumn"),
                        s.integer("classify.maxTokens"),
                        s.integer("classify.stride"),
                        s.choice("classify.longDocuments", LongDocuments.class),
                        s.choice("classify.precision", Precision.class),
                        s.integer("classify.batchTokens")));
    }

    public static FillMaskOptions fillMask(ResolvedSettings settings) {
        requireTask(settings, ScoreTask.FILL_MASK);
        return build(
                settings,
                s -> new FillMaskOptions(
                        s.integer("score.topK"),
                        s.text("score.pairColumn"),
                        s.integer("score.maxTokens"),
                        s.integer("score.stride"),
                        s.choice("score.longDocuments", LongDocuments.class),
                        s.choice("score.precision", Precision.class),
                        s.integer("score.batchTokens")));
    }

    public static LikelihoodOptions likelihood(ResolvedSettings settings) {
        requireTask(settings, ScoreTask.LOG_LIKELIHOOD);
        return build(
                settings,
                s -> new LikelihoodOptions(
                        s.text("score.contextColumn"),
                        s.integer("score.stride"),
                        s.choice("score.longDocuments", LongDocuments.class),
                        s.flag("score.tokenLogprobs"),
                        decoder(s)));
    }

    public static ChoiceOptions choices(ResolvedSettings settings) {
        requireTask(settings, ScoreTask.CHOICES);
        return build(
                settings,
                s -> new ChoiceOptions(
                        s.list("score.choices"),
                        s.text("score.choicesColumn"),
                        s.text("score.choiceSeparator"),
                        s.choice("score.choiceScore", ChoiceScore.class),
                        s.text("score.pmiContext"),
                        s.text("score.labelColumn"),
                        s.choice("score.longDocuments", LongDocuments.class),
                        decoder(s)));
    }

    /** As with settings of other jobs: files and the environment may hold those of other tasks, assignments and options may not. */
    private static void requireTask(ResolvedSettings settings, ScoreTask task) {
        requireTask(settings, task, OF_ONE_TASK);
    }

    private static <E extends Enum<E>> void requireTask(ResolvedSettings settings, E task, Map<String, E> ofOneTask) {
        new TreeMap<>(ofOneTask).forEach((key, own) -> {
            if (own != task) {
                requireUnasked(settings, key, task, name(own));
            }
        });
    }

    private static void requireUnasked(ResolvedSettings settings, String key, Enum<?> task, String own) {
        Origin origin = settings.origin(key);
        if (origin.level().compareTo(Level.ASSIGNMENT) >= 0) {
            throw new ConfigException(key + " (from " + origin.place() + ") is a setting of the task " + own
                    + " and does nothing in " + name(task) + "; add --task " + own + ", or leave it out");
        }
    }

    private static String name(Enum<?> task) {
        return task.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static DecoderOptions decoder(ResolvedSettings s) {
        return new DecoderOptions(
                s.text("score.startToken"),
                s.integer("score.maxTokens"),
                s.choice("score.precision", Precision.class),
                s.integer("score.batchTokens"));
    }

    private static void requireInput(ResolvedSettings settings) {
        requireGiven(settings, "input", settings.list("input").isEmpty(), "--input PATH…");
        requireGiven(settings, "textColumn", settings.text("textColumn").isBlank(), "--text-column NAME");
    }

    private static void requireGiven(ResolvedSettings settings, String key, boolean missing, String option) {
        if (missing) {
            Setting setting = settings.get(key).setting();
            throw new ConfigException("No " + key + " is given; expected " + option + ", " + key
                    + " in the --config file, or " + setting.variable());
        }
    }

    /** The records' own checks name the key first; its origin is added to their message. */
    private static <T> T build(ResolvedSettings settings, Function<ResolvedSettings, T> record) {
        try {
            return record.apply(settings);
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            int end = message.indexOf(' ');
            String key = end < 0 ? message : message.substring(0, end);
            ResolvedValue value = settings.values().get(key);
            String origin = value == null ? "" : " (from " + value.origin().place() + ")";
            throw new ConfigException(message + origin, e);
        }
    }
}
