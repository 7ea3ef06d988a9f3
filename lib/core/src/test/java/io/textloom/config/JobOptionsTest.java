package io.textloom.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.textloom.classify.ClassifyOptions;
import io.textloom.classify.FillMaskOptions;
import io.textloom.embed.Combine;
import io.textloom.embed.EmbedOptions;
import io.textloom.embed.NormalizeOption;
import io.textloom.embed.PoolingOption;
import io.textloom.generate.LongPrompts;
import io.textloom.generate.TestOptions;
import io.textloom.openai.BatchOptions;
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
import io.textloom.spark.train.TrainElmoOptions;
import io.textloom.spark.train.TrainWord2VecOptions;
import io.textloom.spark.train.WordEngine;
import io.textloom.spark.train.WordObjective;
import io.textloom.tensor.Precision;
import io.textloom.tensor.VectorType;
import io.textloom.token.LongDocuments;
import io.textloom.token.Remainder;
import io.textloom.token.RowUnit;
import io.textloom.token.TokenizeOptions;
import io.textloom.token.train.TokenizerType;
import io.textloom.token.train.TrainTokenizerOptions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class JobOptionsTest {
    @Test
    void settingsOfABatchCountWhereTheyWereGiven() {
        assertThat(JobOptions.batch(resolve(Job.GENERATE))).isEqualTo(BatchOptions.API);
        assertThat(JobOptions.batch(resolve(Job.GENERATE, "generate.temperature=0")))
                .isEqualTo(new BatchOptions(true, false));
        assertThat(JobOptions.batch(resolve(Job.GENERATE, "generate.maxNewTokens=64")))
                .isEqualTo(new BatchOptions(false, true));
    }

    @Test
    void choicesThatDoNotGoTogetherNameTheKeyAndTheRemedy() {
        refused("expected one of the two");
        refused("expected one of the two", "score.choices=[a,b]", "score.choicesColumn=options");
        refused("expected at least two", "score.choices=[a]");
        refused("one of them empty", "score.choices=[a,\" \"]");
        refused("one of them twice", "score.choices=[a,a]");
        refused("score.startToken is empty", "score.choices=[a,b]", "score.startToken=");
        assertThat(JobOptions.choices(resolve(Job.SCORE, "score.choices=[a,b]")).separator())
                .isEqualTo(" ");
        assertThatThrownBy(() -> JobOptions.likelihood(resolve(Job.SCORE, "score.stride=-2")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("score.stride is -2");
    }

    @Test
    void settingsOfAnotherTaskAreRefusedWhereTheyWereAskedFor() {
        assertThatThrownBy(() -> JobOptions.likelihood(resolve(Job.SCORE, "score.choices=[a,b]")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("score.choices")
                .hasMessageContaining("add --task choices");
        assertThatThrownBy(() ->
                        JobOptions.choices(resolve(Job.SCORE, "score.choices=[a,b]", "score.contextColumn=question")))
                .hasMessageContaining("does nothing in choices; add --task log-likelihood");
        assertThatThrownBy(() -> JobOptions.fillMask(resolve(Job.SCORE, "score.labelColumn=right")))
                .hasMessageContaining("does nothing in fill-mask");
    }

    private static void refused(String told, String... settings) {
        assertThatThrownBy(() -> JobOptions.choices(resolve(Job.SCORE, settings)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(told);
    }

    @Test
    void tokenizeOptionsThatDoNotGoTogetherNameTheKeyAndTheRemedy() {
        assertThatThrownBy(() -> JobOptions.tokenize(resolve(Job.TOKENIZE, "tokenize.rows=block")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("tokenize.maxTokens is 0")
                .hasMessageContaining("set the length of one");
        assertThatThrownBy(() -> JobOptions.tokenize(resolve(Job.TOKENIZE, "tokenize.stride=3")))
                .hasMessageContaining("tokenize.stride is 3")
                .hasMessageContaining("tokenize.rows to chunk");
        assertThatThrownBy(() -> JobOptions.tokenize(
                        resolve(Job.TOKENIZE, "tokenize.rows=block", "tokenize.maxTokens=9", "tokenize.offsets=true")))
                .hasMessageContaining("tokenize.offsets is true");
    }

    @Test
    void defaultsBecomeRecords() {
        assertThat(JobOptions.embed(resolve(Job.EMBED)))
                .isEqualTo(new EmbedOptions(
                        PoolingOption.MODEL,
                        List.of(-1),
                        false,
                        NormalizeOption.MODEL,
                        0,
                        0,
                        LongDocuments.CHUNK,
                        Combine.NONE,
                        0,
                        "",
                        Precision.FLOAT32,
                        VectorType.FLOAT32,
                        0));
        assertThat(JobOptions.generate(resolve(Job.GENERATE)))
                .isEqualTo(TestOptions.of(64, 0, 0, 1, 0, 1, List.of(), LongPrompts.TRUNCATE, 32));
        assertThat(JobOptions.classify(resolve(Job.CLASSIFY))).isEqualTo(ClassifyOptions.defaults());
        assertThat(JobOptions.fillMask(resolve(Job.SCORE))).isEqualTo(FillMaskOptions.defaults());
        assertThat(JobOptions.likelihood(resolve(Job.SCORE))).isEqualTo(LikelihoodOptions.defaults());
        assertThat(JobOptions.device(resolve(Job.EMBED))).isEqualTo(DeviceOptions.AUTO);
        assertThat(JobOptions.device(resolve(Job.GENERATE, "device=cuda", "cuda.providerLibrary=lib.so")))
                .isEqualTo(new DeviceOptions(DeviceChoice.CUDA, "lib.so"));
        assertThat(JobOptions.tokenize(resolve(Job.TOKENIZE))).isEqualTo(new TokenizeOptions(0, true));
        assertThat(JobOptions.intake(resolve(Job.EMBED, "input=a")))
                .isEqualTo(new IntakeOptions(
                        List.of("a"),
                        InputFormat.AUTO,
                        DocumentUnit.LINE,
                        "text",
                        "",
                        DuplicateIds.ERROR,
                        List.of(),
                        "",
                        0,
                        0));
        assertThat(JobOptions.output(resolve(Job.EMBED, "output=o")))
                .isEqualTo(new OutputOptions("o", RunMode.RESUME, 0.01, List.of(), OutputFormat.PARQUET));
    }

    @Test
    void everySettingReachesItsField() {
        assertThat(JobOptions.embed(resolve(
                        Job.EMBED,
                        "embed.pooling=cls",
                        "embed.normalize=false",
                        "embed.maxTokens=9",
                        "embed.stride=2",
                        "embed.longDocuments=truncate",
                        "embed.dimensions=64",
                        "embed.prompt=query: ",
                        "embed.batchTokens=7")))
                .isEqualTo(new EmbedOptions(
                        PoolingOption.CLS,
                        List.of(-1),
                        false,
                        NormalizeOption.FALSE,
                        9,
                        2,
                        LongDocuments.TRUNCATE,
                        Combine.NONE,
                        64,
                        "query: ",
                        Precision.FLOAT32,
                        VectorType.FLOAT32,
                        7));
        assertThat(JobOptions.generate(resolve(
                        Job.GENERATE,
                        "generate.maxNewTokens=3",
                        "generate.temperature=0.8",
                        "generate.topK=40",
                        "generate.topP=0.95",
                        "generate.seed=-1",
                        "generate.samples=2",
                        "generate.stop=END",
                        "generate.longPrompts=error",
                        "generate.slots=4")))
                .isEqualTo(TestOptions.of(3, 0.8, 40, 0.95, -1, 2, List.of("END"), LongPrompts.ERROR, 4));
        assertThat(JobOptions.tokenize(resolve(Job.TOKENIZE, "tokenize.maxTokens=5", "tokenize.specialTokens=no")))
                .isEqualTo(new TokenizeOptions(5, false));
        assertThat(JobOptions.tokenize(resolve(
                        Job.TOKENIZE,
                        "tokenize.rows=chunk",
                        "tokenize.maxTokens=64",
                        "tokenize.stride=8",
                        "tokenize.sentences=yes",
                        "tokenize.offsets=yes",
                        "tokenize.separator=</s>",
                        "tokenize.remainder=pad",
                        "tokenize.fileTokens=1000")))
                .isEqualTo(new TokenizeOptions(RowUnit.CHUNK, 64, 8, true, true, true, "</s>", Remainder.PAD, 1000));
        assertThat(JobOptions.prices(resolve(
                        Job.TOKENIZE, "price.perCoreHour=0.05", "price.perMillionTokens=0.1", "price.currency=EUR")))
                .isEqualTo(new PriceOptions(0.05, 0.1, "EUR"));
        assertThat(JobOptions.verify(
                        resolve(Job.VERIFY, "verify.readInput=yes", "verify.recompute=9", "verify.seed=4")))
                .isEqualTo(new VerifyOptions(true, 9, 4));
        assertThat(JobOptions.tokenizers(resolve(Job.TOKENIZE, "model=a"))).containsExactly("a");
        assertThat(JobOptions.tokenizers(resolve(Job.TOKENIZE, "model=a", "tokenize.models=b,c")))
                .containsExactly("b", "c");
        assertThat(JobOptions.intake(resolve(
                        Job.EMBED,
                        "input=a,b",
                        "inputFormat=JSONL",
                        "documents=file",
                        "textColumn=body",
                        "idColumn=key",
                        "duplicateIds=keep_first",
                        "keepColumns=x,y",
                        "where=x > 1",
                        "limit=2000000000",
                        "spark.partitions=6")))
                .isEqualTo(new IntakeOptions(
                        List.of("a", "b"),
                        InputFormat.JSONL,
                        DocumentUnit.FILE,
                        "body",
                        "key",
                        DuplicateIds.KEEP_FIRST,
                        List.of("x", "y"),
                        "x > 1",
                        2_000_000_000L,
                        6));
        assertThat(JobOptions.output(resolve(
                        Job.EMBED,
                        "output=o",
                        "mode=fail",
                        "deleted=drop",
                        "retryErrors=all",
                        "skipUnchanged=no",
                        "maxErrorRatio=0.5",
                        "partitionBy=lang",
                        "outputFormat=orc")))
                .isEqualTo(new OutputOptions(
                        "o",
                        RunMode.FAIL,
                        0.5,
                        List.of("lang"),
                        OutputFormat.ORC,
                        new ResumeOptions(Deleted.DROP, RetryErrors.ALL, false)));
    }

    @Test
    void trainingHasItsOwnDefaults() {
        assertThat(JobOptions.trainTokenizer(resolve(Job.TRAIN)))
                .isEqualTo(new TrainTokenizerOptions(TokenizerType.BPE, 30000, 2, false, List.of(), 0, 0, 1024));
        assertThat(JobOptions.trainTokenizer(resolve(
                        Job.TRAIN,
                        "train.type=wordpiece",
                        "train.vocabSize=500",
                        "train.minFrequency=3",
                        "train.limitAlphabet=60",
                        "train.maxTokenLength=12",
                        "train.maxWordBytes=99",
                        "train.specialTokens=[\"[PAD]\",\"[UNK]\",\"[CLS]\",\"[SEP]\",\"[MASK]\",\"[NEW]\"]")))
                .isEqualTo(new TrainTokenizerOptions(
                        TokenizerType.WORDPIECE,
                        500,
                        3,
                        true,
                        List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[NEW]"),
                        60,
                        12,
                        99));
        assertThat(JobOptions.trainIntake(resolve(Job.TRAIN, "input=a", "documents=paragraph", "limit=7")))
                .isEqualTo(new IntakeOptions(
                        List.of("a"),
                        InputFormat.AUTO,
                        DocumentUnit.PARAGRAPH,
                        "text",
                        "",
                        DuplicateIds.ERROR,
                        List.of(),
                        "",
                        7,
                        0));
        assertThat(JobOptions.trainOutput(resolve(Job.TRAIN, "output=o")))
                .isEqualTo(new OutputOptions("o", RunMode.FAIL, 0.01, List.of(), OutputFormat.PARQUET));
    }

    @Test
    void whatInputMayBeIsBounded() {
        assertThat(JobOptions.intake(resolve(Job.EMBED, "input=a", "maxRowBytes=1000", "badFiles=quarantine"))
                        .limits())
                .isEqualTo(new LimitOptions(BadFiles.QUARANTINE, 1000));
        assertThatThrownBy(() -> JobOptions.intake(resolve(Job.EMBED, "input=a", "maxRowBytes=2000000000")))
                .hasMessageContaining("maxRowBytes is 2000000000; expected 1 to 1073741824");
    }

    @Test
    void rowsOfDamagedFilesAreNotTakenForDeletedOnes() {
        assertThatThrownBy(
                        () -> JobOptions.output(resolve(Job.EMBED, "output=o", "deleted=drop", "badFiles=quarantine")))
                .hasMessageContaining("--deleted keep or --bad-files fail");
    }

    @Test
    void wordVectorsHaveTheirSettingsAndTokenizersTheirs() {
        assertThat(JobOptions.trainWord2Vec(resolve(Job.TRAIN, "train.task=word2vec")))
                .isEqualTo(new TrainWord2VecOptions(
                        WordObjective.SKIP_GRAM,
                        WordEngine.TEXTLOOM,
                        100,
                        5,
                        5,
                        5,
                        0,
                        1e-3,
                        0.025,
                        1e-4,
                        5,
                        0,
                        100,
                        true,
                        true,
                        1024,
                        0,
                        1));
        assertThat(JobOptions.trainWord2Vec(resolve(
                                Job.TRAIN,
                                "train.task=word2vec",
                                "train.engine=deeplearning4j",
                                "train.phrasePasses=2"))
                        .phrasePasses())
                .isEqualTo(2);
        assertThat(JobOptions.trainOutput(resolve(Job.TRAIN, "train.task=word2vec", "output=o"))
                        .mode())
                .isEqualTo(RunMode.RESUME);
        assertThat(JobOptions.trainOutput(resolve(Job.TRAIN, "train.task=word2vec", "output=o", "mode=fail"))
                        .mode())
                .isEqualTo(RunMode.FAIL);
        assertThatThrownBy(() -> JobOptions.trainWord2Vec(resolve(Job.TRAIN, "train.task=word2vec", "train.type=bpe")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("train.type", "is a setting of the task tokenizer and does nothing in word2vec");
        assertThatThrownBy(() -> JobOptions.trainWord2Vec(resolve(
                        Job.TRAIN, "train.task=word2vec", "train.objective=cbow", "train.engine=deeplearning4j")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("train.engine is deeplearning4j, whose CBOW fails");
        assertThatThrownBy(() -> JobOptions.trainTokenizer(resolve(Job.TRAIN, "train.window=3")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("add --task word2vec");
        assertThatThrownBy(() -> JobOptions.trainWord2Vec(resolve(Job.TRAIN, "train.task=word2vec", "train.window=0")))
                .isInstanceOf(ConfigException.class)
                .hasMessage("train.window is 0; expected 1 to 1000 (from --set train.window)");
    }

    @Test
    void languageModelsHaveTheirSettingsAndShareSomeWithWordVectors() {
        assertThat(JobOptions.trainElmo(resolve(Job.TRAIN, "train.task=elmo", "train.seed=3", "train.threads=2")))
                .isEqualTo(new TrainElmoOptions(
                        "", 5000, true, 256, 32, 32, 0.002, 5, 0, 0.1, 1, 0.01, 500, 200, 1024, 2, 3));
        assertThat(JobOptions.trainOutput(resolve(Job.TRAIN, "train.task=elmo", "output=o"))
                        .mode())
                .isEqualTo(RunMode.RESUME);
        assertThatThrownBy(() -> JobOptions.trainElmo(resolve(Job.TRAIN, "train.task=elmo", "train.window=3")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("is a setting of the task word2vec and does nothing in elmo");
        assertThatThrownBy(() -> JobOptions.trainElmo(resolve(Job.TRAIN, "train.task=elmo", "train.heldOut=0.6")))
                .isInstanceOf(ConfigException.class)
                .hasMessage("train.heldOut is 0.6; expected 0 (none) to 0.5 (from --set train.heldOut)");
        assertThatThrownBy(() -> JobOptions.trainTokenizer(resolve(Job.TRAIN, "train.epochs=3")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("does nothing in tokenizer");
    }

    @Test
    void lowerCaseIsAskedOfBpeOnTheCommandLineAlone() {
        assertThatThrownBy(() -> JobOptions.trainTokenizer(resolve(Job.TRAIN, "train.lowercase=true")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("train.lowercase is true", "(from --set train.lowercase)");
        assertThatThrownBy(() -> JobOptions.trainOutput(resolve(Job.TRAIN, "output=o", "mode=resume")))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "mode is resume; the training of a tokenizer always starts anew, expected overwrite or fail (from --set mode)");
    }

    @Test
    void aMissingInputOrOutputSaysHowToGiveIt() {
        assertThatThrownBy(() -> JobOptions.intake(resolve(Job.EMBED)))
                .isInstanceOf(ConfigException.class)
                .hasMessage("No input is given; expected --input PATH…, input in the --config file, or TEXTLOOM_INPUT");
        assertThatThrownBy(() -> JobOptions.output(resolve(Job.EMBED)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("--output PATH");
    }

    @Test
    void aValueOutOfRangeSaysWhereItCameFrom() {
        assertThatThrownBy(() -> JobOptions.embed(resolve(Job.EMBED, "embed.stride=-1")))
                .isInstanceOf(ConfigException.class)
                .hasMessage("embed.stride is -1; expected at least 0 (from --set embed.stride)");
        assertThatThrownBy(() -> JobOptions.output(resolve(Job.EMBED, "output=o", "maxErrorRatio=2")))
                .isInstanceOf(ConfigException.class)
                .hasMessage("maxErrorRatio is 2.0; expected 0 to 1 (from --set maxErrorRatio)");
    }

    private static ResolvedSettings resolve(Job job, String... assignments) {
        return SettingsResolver.resolve(
                job, Sources.NONE.withAssignments(Stream.of(assignments).toList()));
    }
}
