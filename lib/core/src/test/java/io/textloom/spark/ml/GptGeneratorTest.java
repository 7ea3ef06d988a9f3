package io.textloom.spark.ml;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.textloom.generate.GenerateOptions;
import io.textloom.generate.LongPrompts;
import io.textloom.generate.TestOptions;
import io.textloom.spark.JobContext;
import io.textloom.spark.Jobs;
import io.textloom.spark.LocalSpark;
import io.textloom.spark.Progress;
import io.textloom.spark.commit.OutputFormat;
import io.textloom.spark.commit.OutputOptions;
import io.textloom.spark.commit.RunMode;
import io.textloom.spark.intake.DocumentUnit;
import io.textloom.spark.intake.DuplicateIds;
import io.textloom.spark.intake.InputFormat;
import io.textloom.spark.intake.IntakeOptions;
import io.textloom.spark.stage.ExecutorModels;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.param.Param;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.execution.streaming.MemoryStream;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import scala.Option;
import scala.collection.JavaConverters;

/** With the storyteller. */
@Timeout(180)
class GptGeneratorTest {
    private static final String STORYTELLER = "../../models/storyteller";

    @TempDir
    Path dir;

    @Test
    void everyRowGetsACompletionInItsPlace() {
        Dataset<Row> out = generator()
                .setPromptCol("prompt")
                .setFinishReasonCol("finish")
                .setPromptTokensCol("n_prompt")
                .setCompletionTokensCol("n_completion")
                .setLogprobCol("logprob")
                .setTruncatedCol("cut")
                .setErrorCol("error")
                .transform(Tiny.texts(1, stories(20)));
        assertThat(out.columns())
                .containsExactly(
                        "id",
                        "text",
                        "completion",
                        "prompt",
                        "finish",
                        "n_prompt",
                        "n_completion",
                        "logprob",
                        "cut",
                        "error");
        List<Row> rows = out.collectAsList();
        assertThat(rows).hasSize(20);
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            assertThat(row.getLong(0)).isEqualTo(i);
            assertThat(row.<String>getAs("prompt")).isEqualTo(stories(20)[i]);
            assertThat(row.<String>getAs("completion")).isNotBlank();
            assertThat(row.<String>getAs("finish")).isIn("stop", "length");
            assertThat(row.<Integer>getAs("n_prompt")).isBetween(4, 40);
            assertThat(row.<Integer>getAs("n_completion")).isBetween(1, 8);
            assertThat(row.<Double>getAs("logprob")).isNegative();
            assertThat(row.<Boolean>getAs("cut")).isFalse();
            assertThat(row.isNullAt(9)).isTrue();
        }
    }

    @Test
    void completionsAreThoseOfTheGenerateJob() {
        Dataset<Row> texts = Tiny.texts(3, stories(30)).selectExpr("concat('row-', id) as key", "text");
        texts.write().parquet(path("in"));
        GenerateOptions options = TestOptions.of(8, 1, 0, 0.9, 11, 1, List.of(), LongPrompts.TRUNCATE, 4);
        Jobs.generate(context("key", "given"), options);
        Jobs.generate(context("", "made"), options);
        GptGenerator generator =
                generator().setTemperature(1).setTopP(0.9).setSeed(11).setLogprobCol("logprob");
        assertThat(texts(generator.setIdCol("key").transform(texts), "key")).isEqualTo(texts(job("given"), "id"));
        Map<String, String> ofJob = texts(
                job("made").join(texts, col("prompt").equalTo(col("text"))).drop("id", "prompt"), "key");
        generator.clear(generator.idCol());
        assertThat(texts(generator.transform(texts), "key")).isEqualTo(ofJob).hasSize(30);
    }

    @Test
    void neitherPartitionsNorOrderChangeAText() {
        GptGenerator generator =
                generator().setTemperature(1).setSeed(5).setSamples(2).setTemplate("{{ text }} {{ id % 3 }}:");
        Dataset<Row> texts = Tiny.texts(1, stories(40)).selectExpr("id", "text", "cast(id as string) as name");
        Map<String, String> one = texts(generator.transform(texts), "name");
        Map<String, String> seven =
                texts(generator.transform(texts.orderBy(col("id").desc()).repartition(7)), "name");
        assertThat(seven).isEqualTo(one).hasSize(40);
    }

    @Test
    void samplesAreArraysAndExplodeIntoRows() {
        Dataset<Row> out = generator()
                .setTemperature(1)
                .setSamples(3)
                .setFinishReasonCol("finish")
                .setPromptTokensCol("n_prompt")
                .setCompletionTokensCol("n_completion")
                .setLogprobCol("logprob")
                .setErrorCol("error")
                .transform(Tiny.texts(2, "Once upon a time", "", "The old king"));
        assertThat(out.schema().apply("completion").dataType())
                .isEqualTo(DataTypes.createArrayType(DataTypes.StringType, false));
        assertThat(out.schema().apply("n_prompt").dataType()).isEqualTo(DataTypes.IntegerType);
        for (Row row : out.orderBy("id").collectAsList()) {
            if (row.getLong(0) == 1) {
                assertThat(row.<Object>getAs("completion")).isNull();
                assertThat(row.<String>getAs("error")).startsWith("EMPTY_TEXT");
                continue;
            }
            assertThat(row.getList(2)).hasSize(3).doesNotHaveDuplicates();
            assertThat(row.getList(row.fieldIndex("finish"))).hasSize(3);
            assertThat(row.getList(row.fieldIndex("n_completion"))).hasSize(3);
            assertThat(row.<Double>getList(row.fieldIndex("logprob")))
                    .hasSize(3)
                    .allMatch(p -> p < 0);
        }
        assertThat(out.select(col("id"), expr("posexplode(completion)")).count())
                .isEqualTo(6);
        assertThat(generator()
                        .setBeams(4)
                        .setSamples(2)
                        .transform(Tiny.texts(1, "Once upon a time"))
                        .first()
                        .getList(2))
                .hasSize(2)
                .doesNotHaveDuplicates();
    }

    @Test
    void promptsAreMadeOfColumns() {
        Dataset<Row> rows = LocalSpark.session()
                .range(0, 6, 1, 2)
                .select(
                        col("id").as("key"),
                        expr("if(id = 2, null, concat('king ', id))").as("who"),
                        expr("if(id = 3, array(), array(named_struct('n', id)))")
                                .as("list"));
        GptGenerator generator = generator().setPromptCol("prompt").setErrorCol("error");
        List<Row> out = generator
                .setTemplate("Once there was the {{ who }}, {{ list[0].n + 1 }} years")
                .transform(rows)
                .orderBy("key")
                .collectAsList();
        assertThat(out.get(0).<String>getAs("prompt")).isEqualTo("Once there was the king 0, 1 years");
        assertThat(out.get(2).<String>getAs("error")).startsWith("TEMPLATE_FAILED: ");
        assertThat(out.get(3).<String>getAs("error")).startsWith("TEMPLATE_FAILED: ");
        assertThat(out).extracting(r -> r.isNullAt(3)).containsExactly(false, false, true, true, false, false);
        assertRefused(generator.setTemplate("{{ whom }}"), rows, "no column whom among key, who, list");
        assertRefused(generator.setTemplate("{% if %}"), rows, "generate.template");
        assertRefused(generator.setTemplate("Once"), rows, "template reads no column");
        assertRefused(generator().setChat("true"), Tiny.texts(1, "a"), "no chat template");
    }

    @Test
    void badRowsKeepTheirPlaceAndGetTheirReasons() {
        Dataset<Row> texts = Tiny.texts(1, "Once", null, " ", "The king", "x", "long ".repeat(600))
                .withColumn("text", expr("if(id = 4, cast(unhex('61ff62') as string), text)"))
                .withColumn("name", expr("if(id = 3, null, id)"));
        List<Row> rows = generator()
                .setIdCol("name")
                .setLongPrompts("error")
                .setErrorCol("error")
                .transform(texts)
                .collectAsList();
        assertThat(rows).extracting(r -> r.getLong(0)).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
        assertThat(rows).extracting(r -> r.isNullAt(3)).containsExactly(false, true, true, true, true, true);
        assertThat(rows)
                .extracting(r -> r.isNullAt(4) ? "" : r.getString(4).replaceAll(":.*", ""))
                .containsExactly("", "MISSING_TEXT", "EMPTY_TEXT", "MISSING_ID", "INVALID_UTF8", "TOO_LONG");
        Row cut = generator()
                .setTruncatedCol("cut")
                .setPromptTokensCol("n")
                .transform(Tiny.texts(1, "long ".repeat(600)))
                .first();
        assertThat(cut.<Boolean>getAs("cut")).isTrue();
        assertThat(cut.<Integer>getAs("n")).isEqualTo(512 - 8);
    }

    @Test
    void completionsFollowTheirConstraints() {
        Dataset<Row> texts = Tiny.texts(2, stories(12));
        assertThat(generator()
                        .setChoices("yes", "no", "perhaps")
                        .setTemperature(1)
                        .transform(texts)
                        .collectAsList())
                .allMatch(r -> List.of("yes", "no", "perhaps").contains(r.getString(2)));
        assertThat(generator()
                        .setRegex("[0-9]{4}-[0-9]{2}")
                        .setMaxNewTokens(12)
                        .transform(texts)
                        .collectAsList())
                .allMatch(r -> r.getString(2).matches("[0-9]{4}-[0-9]{2}"));
        assertThat(generator()
                        .setJsonSchema("{\"type\": \"integer\", \"minimum\": 5, \"maximum\": 17}")
                        .transform(texts)
                        .collectAsList())
                .allMatch(r -> Integer.parseInt(r.getString(2)) >= 5 && Integer.parseInt(r.getString(2)) <= 17);
        assertThat(generator().setStop("e").setMaxNewTokens(40).transform(texts).collectAsList())
                .noneMatch(r -> r.getString(2).contains("e"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "chat|maybe|chat is maybe; expected one of auto, true, false",
                "longPrompts|chunk|longPrompts is chunk; expected one of truncate, error",
                "precision|float16|precision is float16; expected one of float32, int8, int4"
            })
    void namesOfChoicesAreChecked(String param, String value, String message) {
        assertThatThrownBy(() -> generator().set(param, value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void settingsThatDoNotFitAreRefusedOnTheDriver() {
        Dataset<Row> texts = Tiny.texts(1, "a").withColumn("part", lit(0.5));
        assertRefused(generator().setInputCol("body"), texts, "no column body among id, text, part");
        assertRefused(generator().setIdCol("name"), texts, "no column name among id, text, part");
        assertRefused(generator().setIdCol("part"), texts, "The column part is of type double");
        assertRefused(generator().setOutputCol("text"), texts, "a column text already");
        assertRefused(generator().setMaxNewTokens(512), texts, "has a context of 512 tokens");
        assertRefused(generator().setMaxNewTokens(1_000_000), texts, "has a context of 512 tokens");
        assertRefused(generator().setTopP(0), texts, "generate.topP is 0.0");
        assertRefused(generator().setBeams(8), texts, "generate.beams is 8");
        assertRefused(generator().setRegex("a").setChoices("b"), texts, "at most one of them");
        assertRefused(generator().setModelSha256("0".repeat(64)), texts, "has sha-256");
    }

    @Test
    void aModelIsOpenedOncePerExecutor() {
        GptGenerator generator = generator().setSlots(5); // opened by no other test
        long before = ExecutorModels.instance().opened();
        assertThat(generator.transform(Tiny.texts(6, stories(12))).collectAsList())
                .hasSize(12);
        assertThat(generator.transform(Tiny.texts(3, stories(12))).collectAsList())
                .hasSize(12);
        // the model, and beside it perhaps a tokenizer
        assertThat(ExecutorModels.instance().opened() - before).isBetween(1L, 2L);
    }

    @Test
    void streamsAreCompletedBatchByBatch() throws Exception {
        MemoryStream<String> stream =
                new MemoryStream<>(78, LocalSpark.session().sqlContext(), Option.empty(), Encoders.STRING());
        GptGenerator generator = generator().setTemperature(1);
        Dataset<Row> out = generator.transform(stream.toDF().toDF("text"));
        assertThat(out.isStreaming()).isTrue();
        StreamingQuery query =
                out.writeStream().format("memory").queryName("generated").start();
        try {
            stream.addData(JavaConverters.asScalaBuffer(List.of("Once upon", " ")));
            query.processAllAvailable();
            stream.addData(JavaConverters.asScalaBuffer(List.of("The king")));
            query.processAllAvailable();
        } finally {
            query.stop();
        }
        Map<String, String> alone = texts(
                generator.transform(Tiny.texts(1, "Once upon", " ", "The king")).drop("id"), "text");
        assertThat(texts(LocalSpark.session().table("generated"), "text"))
                .isEqualTo(alone)
                .hasSize(3);
    }

    @Test
    void whatIsSavedIsWhatIsLoaded() throws Exception {
        GptGenerator generator = generator()
                .setOutputCol("said")
                .setIdCol("id")
                .setPromptCol("asked")
                .setFinishReasonCol("why_ended")
                .setPromptTokensCol("n_prompt")
                .setCompletionTokensCol("n_completion")
                .setLogprobCol("logprob")
                .setMinNewTokens(2)
                .setTemperature(0.7)
                .setTopK(40)
                .setTopP(0.9)
                .setMinP(0.01)
                .setRepetitionPenalty(1.1)
                .setPresencePenalty(0.2)
                .setFrequencyPenalty(0.3)
                .setNoRepeatNgram(4)
                .setStop("\n\n", "The end")
                .setStopTokens(5, 6)
                .setSamples(2)
                .setBestOf(3)
                .setSeed(1L << 40)
                .setTemplate("{{ text }} {{ id }}")
                .setDate("2026-03-05")
                .setKvMemory(256)
                .setPrefixCache(false)
                .setPrecision("int8");
        Dataset<Row> texts = Tiny.texts(2, stories(6));
        new Pipeline()
                .setStages(new PipelineStage[] {generator})
                .fit(texts)
                .write()
                .save(path("model"));
        PipelineModel loaded = PipelineModel.load(path("model"));
        GptGenerator stage = (GptGenerator) loaded.stages()[0];
        for (Param<?> param : generator.params()) {
            if (generator.isDefined(param)) {
                assertThat(stage.getOrDefault(stage.getParam(param.name())))
                        .as(param.name())
                        .isEqualTo(generator.getOrDefault(param));
            }
        }
        assertThat(generator.params()).hasSize(50);
        assertThat(stage.uid()).isEqualTo(generator.uid());
        assertThat(loaded.transform(texts).orderBy("id").collectAsList())
                .isEqualTo(generator.transform(texts).orderBy("id").collectAsList())
                .hasSize(6);
        StructType schema = stage.transformSchema(texts.schema());
        assertThat(schema).isEqualTo(generator.transform(texts).schema());
    }

    private static GptGenerator generator() {
        return new GptGenerator().setModel(STORYTELLER).setMaxNewTokens(8).setSlots(4);
    }

    private static String[] stories(int count) {
        String[] who = {"king", "old woman", "fox", "miller's son", "princess"};
        String[] texts = new String[count];
        for (int i = 0; i < count; i++) {
            texts[i] = "Once upon a time there was a " + who[i % who.length] + " who had " + (i + 2) + " coins"
                    + " and a house".repeat(i % 4);
        }
        return texts;
    }

    private static void assertRefused(GptGenerator generator, Dataset<Row> rows, String message) {
        assertThatThrownBy(() -> generator.transform(rows))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    /** Completions and log-probabilities by a column. */
    private static Map<String, String> texts(Dataset<Row> out, String key) {
        Map<String, String> texts = new TreeMap<>();
        boolean logprob = List.of(out.columns()).contains("logprob");
        for (Row row : out.collectAsList()) {
            texts.put(
                    row.getAs(key),
                    String.valueOf(row.<Object>getAs("completion")) + (logprob ? row.<Object>getAs("logprob") : ""));
        }
        return texts;
    }

    private Dataset<Row> job(String output) {
        return LocalSpark.session().read().parquet(path(output));
    }

    private JobContext context(String idColumn, String output) {
        IntakeOptions intake = new IntakeOptions(
                List.of(path("in")),
                InputFormat.PARQUET,
                DocumentUnit.LINE,
                "text",
                idColumn,
                DuplicateIds.ERROR,
                List.of(),
                "",
                0,
                2);
        OutputOptions options = new OutputOptions(path(output), RunMode.FAIL, 0, List.of(), OutputFormat.PARQUET);
        return new JobContext(LocalSpark.session(), STORYTELLER, intake, options, new TreeMap<>(), Progress.SILENT);
    }

    private String path(String name) {
        return dir.resolve(name).toString();
    }
}
