package io.textloom.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.textloom.classify.Aggregation;
import io.textloom.classify.AnswerForm;
import io.textloom.classify.ClassifyOptions;
import io.textloom.classify.ClassifyTask;
import io.textloom.classify.FillMaskOptions;
import io.textloom.classify.ScoreFunction;
import io.textloom.spark.commit.OutputFormat;
import io.textloom.spark.commit.OutputOptions;
import io.textloom.spark.commit.RunMode;
import io.textloom.spark.intake.DocumentUnit;
import io.textloom.spark.intake.DuplicateIds;
import io.textloom.spark.intake.InputFormat;
import io.textloom.spark.intake.IntakeOptions;
import io.textloom.tensor.Precision;
import io.textloom.token.LongDocuments;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The classify and score jobs with small random models: columns, second texts, bad rows, partitions, what a rerun does. */
class ClassifyJobTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path dir;

    @Test
    void textsGetLabelsAndScores() throws IOException {
        Map<String, JsonNode> golden = write("sequence", List.of());
        JobReport report = Jobs.classify(context("sequence", "out", List.of("number"), 3), options("", ""));
        assertThat(report.documentsOut()).isEqualTo(28);
        assertThat(report.rejectedByCode()).isEqualTo(new TreeMap<>(Map.of("EMPTY_TEXT", 1L)));
        assertThat(report.truncatedRows()).isEqualTo(3);
        assertThat(LocalSpark.session().read().parquet(out("out")).columns())
                .containsExactly("id", "label", "score", "scores", "n_tokens", "n_dropped", "truncated", "number");
        for (Row row : rows("out")) {
            JsonNode scores = golden.get(row.getString(0)).get("scores");
            Map<String, Float> found = row.getJavaMap(3);
            assertThat(found).hasSize(3);
            for (JsonNode score : scores) {
                assertThat(found.get(score.get(0).asText()))
                        .isCloseTo((float) score.get(1).asDouble(), within(1e-4f));
            }
            assertThat(row.getString(1)).isEqualTo(scores.get(0).get(0).asText());
            assertThat(row.getFloat(2)).isEqualTo(found.get(row.getString(1)));
            assertThat(row.getBoolean(6)).isEqualTo(row.getInt(5) > 0);
            assertThat(row.<Long>getAs("number"))
                    .isEqualTo(golden.get(row.getString(0)).get("number").asLong());
        }
        verified("out");
    }

    @Test
    void labelsCanBecomeDirectories() throws IOException {
        write("sequence", List.of());
        JobContext context = context("sequence", "out", List.of(), 2);
        OutputOptions output = new OutputOptions(out("out"), RunMode.FAIL, 1, List.of("label"), OutputFormat.PARQUET);
        Jobs.classify(
                new JobContext(
                        context.spark(), context.model(), context.intake(), output, new TreeMap<>(), Progress.SILENT),
                options("", ""));
        assertThat(dir.resolve("out").toFile().list()).contains("label=negative", "label=positive");
        verified("out");
    }

    @Test
    void entitiesHaveWordsAndOffsets() throws IOException {
        Map<String, JsonNode> golden = write("token", List.of());
        Jobs.classify(context("token", "out", List.of(), 2), options("", ""));
        int entities = 0;
        for (Row row : rows("out")) {
            JsonNode expected = golden.get(row.getString(0)).get("simple");
            List<Row> found = row.getList(row.fieldIndex("entities"));
            assertThat(found).hasSameSizeAs(expected);
            for (int i = 0; i < found.size(); i++) {
                Row entity = found.get(i);
                assertThat(entity.getString(0))
                        .isEqualTo(expected.get(i).get("entity_group").asText());
                assertThat(entity.getString(2))
                        .isEqualTo(expected.get(i).get("word").asText());
                assertThat(entity.getInt(3))
                        .isEqualTo(expected.get(i).get("start").asInt());
                assertThat(entity.getInt(4))
                        .isEqualTo(expected.get(i).get("end").asInt());
                entities++;
            }
            assertThat(row.isNullAt(1)).isEqualTo(found.isEmpty());
        }
        assertThat(entities).isGreaterThan(100);
        verified("out");
    }

    @Test
    void questionsComeFromAColumnThatTheOutputLeavesOut() throws IOException {
        Map<String, JsonNode> golden = write("qa", List.of("missing"));
        JobReport report = Jobs.classify(context("qa", "out", List.of(), 2), options("question", ""));
        assertThat(report.documentsOut()).isEqualTo(22);
        assertThat(report.rejectedByCode()).isEqualTo(new TreeMap<>(Map.of("MISSING_TEXT", 1L)));
        assertThat(LocalSpark.session().read().parquet(out("out")).columns())
                .containsExactly("id", "label", "score", "spans", "null_score", "n_tokens", "n_dropped", "truncated");
        for (Row row : rows("out")) {
            JsonNode expected = golden.get(row.getString(0)).get("pipeline");
            assertThat(row.getString(1)).isEqualTo(expected.get("answer").asText());
            Row span = row.<Row>getList(3).get(0);
            assertThat(span.getString(0)).isEqualTo(row.getString(1));
            assertThat(span.getInt(2)).isEqualTo(expected.get("start").asInt());
            assertThat(span.getInt(3)).isEqualTo(expected.get("end").asInt());
        }
        Row error = LocalSpark.session()
                .read()
                .parquet(out("out") + "/_textloom/errors")
                .first();
        assertThat(error.<String>getAs("id")).isEqualTo("missing");
        assertThat(error.<String>getAs("message")).contains("question");
        verified("out");

        // a row whose question changed is a changed row, and nothing else is done again
        ((ObjectNode) golden.get("qa-03")).put("question", "Where to?");
        writeLines(new ArrayList<>(golden.values()));
        JobReport again = Jobs.classify(context("qa", "out", List.of(), 2, RunMode.RESUME), options("question", ""));
        assertThat(again.documentsOut()).isEqualTo(1);
        assertThat(again.rowsSkipped()).isEqualTo(21);
        assertThat(rows("out")).hasSize(22);
    }

    @Test
    void aColumnThatIsBothReadAndKeptStays() throws IOException {
        write("cross-encoder", List.of());
        Jobs.classify(
                context("cross-encoder", "out", List.of("query", "number"), 2),
                new ClassifyOptions(
                        ClassifyTask.PAIR,
                        0,
                        0,
                        ScoreFunction.AUTO,
                        Aggregation.SIMPLE,
                        AnswerForm.WORDS,
                        15,
                        false,
                        "",
                        "",
                        "",
                        "query",
                        "",
                        "",
                        "",
                        0,
                        -1,
                        LongDocuments.TRUNCATE,
                        Precision.FLOAT32,
                        512));
        List<Row> rows = rows("out");
        assertThat(rows).hasSize(24);
        assertThat(rows.get(0).schema().fieldNames()).endsWith("truncated", "query", "number");
        assertThat(rows).allMatch(row -> row.getString(1).equals("relevance"));
        assertThat(rows).allMatch(row -> row.getFloat(2) > 0 && row.getFloat(2) < 1);
        verified("out");
    }

    @Test
    void aSecondTextThatIsNoTextIsRefusedBeforeAnythingIsWritten() throws IOException {
        write("cross-encoder", List.of());
        assertThatThrownBy(() -> Jobs.classify(context("cross-encoder", "out", List.of(), 2), options("", "number")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("number holds bigint");
        assertThatThrownBy(() -> Jobs.classify(context("cross-encoder", "out", List.of(), 2), options("", "absent")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no column absent");
        assertThat(dir.resolve("out")).doesNotExist();
    }

    @Test
    void halfPrecisionOnCpusIsRefusedAsTheEmbedJobDoes() throws IOException {
        write("fill-mask", List.of());
        FillMaskOptions options = new FillMaskOptions(5, "", 0, -1, LongDocuments.CHUNK, Precision.FLOAT16, 512);
        assertThatThrownBy(() -> Jobs.fillMask(context("fill-mask", "out", List.of(), 2), options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("score.precision is float16");
        assertThat(dir.resolve("out")).doesNotExist();
    }

    @Test
    void partitionsDoNotChangeARow() throws IOException {
        write("token", List.of());
        Jobs.classify(context("token", "one", List.of(), 1), options("", ""));
        Jobs.classify(context("token", "many", List.of(), 7), options("", ""));
        Map<String, List<Row>> one = entities("one");
        Map<String, List<Row>> many = entities("many");
        assertThat(many.keySet()).isEqualTo(one.keySet());
        one.forEach((id, entities) -> {
            List<Row> others = many.get(id);
            assertThat(others).hasSameSizeAs(entities);
            for (int i = 0; i < entities.size(); i++) {
                for (int field : new int[] {0, 2, 3, 4}) {
                    assertThat(others.get(i).get(field))
                            .isEqualTo(entities.get(i).get(field));
                }
                assertThat(others.get(i).getFloat(1)).isCloseTo(entities.get(i).getFloat(1), within(1e-6f));
            }
        });
    }

    @Test
    void masksAreFilledAndPairsScored() throws IOException {
        Map<String, JsonNode> golden = write("fill-mask", List.of());
        FillMaskOptions options = new FillMaskOptions(5, "pair", 0, -1, LongDocuments.CHUNK, Precision.FLOAT32, 512);
        JobReport report = Jobs.fillMask(context("fill-mask", "out", List.of(), 2), options);
        assertThat(report.job()).isEqualTo("score");
        assertThat(LocalSpark.session().read().parquet(out("out")).columns())
                .containsExactly("id", "predictions", "next_sentence", "n_tokens", "n_dropped", "truncated");
        for (Row row : rows("out")) {
            JsonNode expected = golden.get(row.getString(0));
            assertThat(row.getFloat(2))
                    .isCloseTo((float) expected.get("next_sentence").asDouble(), within(1e-4f));
            List<Row> predictions = row.getList(1);
            assertThat(predictions).hasSize(5 * expected.get("masks").size());
            for (Row p : predictions) {
                assertThat(p.schema().fieldNames())
                        .containsExactly("position", "start", "end", "token", "token_id", "score");
                assertThat(p.getInt(2) - p.getInt(1)).isEqualTo("[MASK]".length());
            }
        }
        verified("out");
    }

    private static ClassifyOptions options(String questionColumn, String pairColumn) {
        ClassifyOptions d = ClassifyOptions.defaults();
        return new ClassifyOptions(
                d.task(),
                d.topK(),
                d.threshold(),
                d.activation(),
                d.aggregation(),
                d.answers(),
                d.answerTokens(),
                d.nullAnswer(),
                "",
                questionColumn,
                "",
                "",
                pairColumn,
                "",
                "",
                0,
                -1,
                questionColumn.isEmpty() ? LongDocuments.TRUNCATE : LongDocuments.CHUNK,
                d.precision(),
                d.batchTokens());
    }

    /** The golden texts as rows with a number, and rows without a question. */
    private Map<String, JsonNode> write(String task, List<String> withoutQuestion) throws IOException {
        Map<String, JsonNode> rows = new TreeMap<>();
        int number = 0;
        for (String line : Files.readAllLines(folder(task).resolve("expected.jsonl"))) {
            ObjectNode row = (ObjectNode) JSON.readTree(line);
            row.put("number", number++);
            for (String field : List.of("context", "document")) {
                if (row.has(field)) {
                    row.set("text", row.get(field));
                }
            }
            rows.put(row.get("id").asText(), row);
        }
        List<JsonNode> lines = new ArrayList<>(rows.values());
        for (String id : withoutQuestion) {
            lines.add(JSON.createObjectNode().put("id", id).put("text", "A text."));
        }
        writeLines(lines);
        return rows;
    }

    /** Only what a job reads: what is expected stays out of the input. */
    private void writeLines(List<JsonNode> rows) throws IOException {
        List<String> lines = new ArrayList<>();
        for (JsonNode row : rows) {
            ObjectNode line = JSON.createObjectNode();
            for (String field : List.of("id", "text", "number", "question", "query", "pair")) {
                if (row.has(field)) {
                    line.set(field, row.get(field));
                }
            }
            lines.add(JSON.writeValueAsString(line));
        }
        Files.write(dir.resolve("in.jsonl"), lines, StandardCharsets.UTF_8);
    }

    private static Path folder(String task) {
        try {
            return Path.of(ClassifyJobTest.class
                    .getResource("/golden/classify/" + task)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private JobContext context(String task, String output, List<String> keep, int partitions) {
        return context(task, output, keep, partitions, RunMode.FAIL);
    }

    private JobContext context(String task, String output, List<String> keep, int partitions, RunMode mode) {
        IntakeOptions intake = new IntakeOptions(
                List.of(dir.resolve("in.jsonl").toString()),
                InputFormat.AUTO,
                DocumentUnit.LINE,
                "text",
                "id",
                DuplicateIds.ERROR,
                keep,
                "",
                0,
                partitions);
        OutputOptions options = new OutputOptions(out(output), mode, 1, List.of(), OutputFormat.PARQUET);
        return new JobContext(
                LocalSpark.session(), folder(task).toString(), intake, options, new TreeMap<>(), Progress.SILENT);
    }

    private String out(String name) {
        return dir.resolve(name).toString();
    }

    private List<Row> rows(String output) {
        return LocalSpark.session().read().parquet(out(output)).orderBy("id").collectAsList();
    }

    private Map<String, List<Row>> entities(String output) {
        Map<String, List<Row>> entities = new HashMap<>();
        for (Row row : rows(output)) {
            entities.put(row.getString(0), row.getList(row.fieldIndex("entities")));
        }
        return entities;
    }

    private void verified(String output) {
        assertThat(Jobs.verify(LocalSpark.session(), out(output), true).problems())
                .isEmpty();
    }
}
