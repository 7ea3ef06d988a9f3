package io.textloom.train.heads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.textloom.classify.ClassifyOptions;
import io.textloom.classify.ClassifyTask;
import io.textloom.model.ModelImport;
import io.textloom.spark.JobContext;
import io.textloom.spark.JobReport;
import io.textloom.spark.Jobs;
import io.textloom.spark.Progress;
import io.textloom.spark.TrainReport;
import io.textloom.spark.commit.OutputException;
import io.textloom.spark.commit.OutputFormat;
import io.textloom.spark.commit.OutputOptions;
import io.textloom.spark.commit.RunMode;
import io.textloom.spark.intake.DocumentUnit;
import io.textloom.spark.intake.DuplicateIds;
import io.textloom.spark.intake.InputException;
import io.textloom.spark.intake.InputFormat;
import io.textloom.spark.intake.IntakeOptions;
import io.textloom.spark.stage.ModelLeases;
import io.textloom.spark.train.ClassWeights;
import io.textloom.spark.train.HeadOptions;
import io.textloom.spark.train.TrainHeadsOptions;
import io.textloom.tensor.HeadTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeadsTrainingTest {
    @TempDir
    static Path shared;

    @TempDir
    Path dir;

    private static Path encoder;

    @BeforeAll
    static void writeEncoder() throws IOException {
        Path vectors = GeneratedRows.writeVectors(shared.resolve("words.vec"));
        encoder = shared.resolve("encoder");
        new ModelImport(ModelLeases.store(), new Configuration()).copy(vectors.toString(), encoder.toString());
    }

    @Test
    void aHeadLearnsLabelsOfTextsAndClassifyGivesThem() throws IOException {
        TrainReport report = train("model", head(HeadTask.SEQUENCE, ""), GeneratedRows.kinds(400, 1));

        assertThat(report.task()).isEqualTo("heads");
        assertThat(report.counts()).containsEntry("rowsIn", 400L).containsEntry("rowsRejected", 0L);
        assertThat(report.counts().get("rowsTrained") + report.counts().get("rowsHeldOut"))
                .isEqualTo(400);
        assertThat(report.story().get("head")).contains("accuracy", "macro F1", "calibration error");
        assertThat(Files.readAllLines(dir.resolve("model/confusion-head.tsv"))).hasSize(3);
        assertThat(Files.readAllLines(dir.resolve("model/_textloom/curve.tsv")))
                .hasSize(report.curve().size() + 1);
        assertThat(dir.resolve("model/_textloom/work")).doesNotExist();
        List<Row> rows = classify("model", GeneratedRows.kinds(200, 2), ClassifyOptions.defaults());
        assertThat(rows.get(0).schema().fieldNames())
                .containsExactly("id", "label", "score", "scores", "n_tokens", "n_dropped", "truncated", "right");
        assertThat(share(rows, row -> row.getAs("label").equals(row.getAs("right"))))
                .isGreaterThan(0.95);
        assertThat(rows)
                .allSatisfy(row -> assertThat(row.<String, Float>getJavaMap(3).values().stream()
                                .mapToDouble(score -> score)
                                .sum())
                        .isCloseTo(1, within(1e-5)));
    }

    @Test
    void aHeadLearnsLabelsOfPairs() throws IOException {
        train("model", head(HeadTask.PAIR, "second"), GeneratedRows.pairs(1500, 1));

        List<Row> rows = classify("model", GeneratedRows.pairs(200, 2), with(ClassifyTask.AUTO, "", "second", ""));
        assertThat(share(rows, row -> row.getAs("label").equals(row.getAs("right"))))
                .isGreaterThan(0.95);
    }

    @Test
    void aHeadLearnsANumberOfATextAndGivesItInItsOwnUnit() throws IOException {
        TrainReport report = train("model", head(HeadTask.REGRESSION, ""), GeneratedRows.numbers(400, 1));

        assertThat(report.story().get("head")).contains("Spearman 0.9");
        List<Row> rows = classify("model", GeneratedRows.numbers(200, 2), ClassifyOptions.defaults());
        assertThat(share(
                        rows, row -> Math.abs(row.<Float>getAs("score") - Double.parseDouble(row.getAs("right"))) < 20))
                .isGreaterThan(0.95);
        assertThat(rows.get(0).<String>getAs("label")).isEqualTo("head");
    }

    @Test
    void aHeadLearnsLabelsOfTokensAndClassifyGivesEntities() throws IOException {
        train("model", head(HeadTask.TOKEN, ""), GeneratedRows.entities(300, 1));

        List<Row> rows = classify("model", GeneratedRows.entities(100, 2), ClassifyOptions.defaults());
        assertThat(share(rows, row -> {
                    List<Row> found = row.getList(row.fieldIndex("entities"));
                    List<Row> wanted = row.getList(row.fieldIndex("right"));
                    return found.stream()
                            .map(HeadsTrainingTest::place)
                            .toList()
                            .equals(wanted.stream()
                                    .map(HeadsTrainingTest::place)
                                    .toList());
                }))
                .isGreaterThan(0.95);
    }

    private static String place(Row entity) {
        return entity.getAs("start") + "-" + entity.getAs("end") + " "
                + (List.of(entity.schema().fieldNames()).contains("label")
                        ? entity.getAs("label")
                        : entity.getAs("entity"));
    }

    @Test
    void aHeadLearnsWhereAnswersAreAndClassifyFindsThem() throws IOException {
        train("model", head(HeadTask.SPAN, "question"), GeneratedRows.questions(600, 1));

        List<Row> rows =
                classify("model", GeneratedRows.questions(100, 2), with(ClassifyTask.AUTO, "question", "", ""));
        assertThat(share(rows, row -> row.getAs("right").equals(row.getAs("label"))))
                .isGreaterThan(0.95);
        List<Row> spans = rows.get(0).getList(rows.get(0).fieldIndex("spans"));
        assertThat(spans.get(0).<String>getAs("text")).isEqualTo(rows.get(0).getAs("label"));
    }

    @Test
    void aHeadLearnsToChooseAndClassifyGivesTheChoice() throws IOException {
        train("model", head(HeadTask.CHOICE, "choices"), GeneratedRows.choices(800, 1));

        List<Row> rows = classify("model", GeneratedRows.choices(100, 2), with(ClassifyTask.AUTO, "", "", "choices"));
        assertThat(share(
                        rows,
                        row -> row.<String>getList(row.fieldIndex("choices"))
                                .get((int) (long) row.<Long>getAs("right"))
                                .equals(row.getAs("label"))))
                .isGreaterThan(0.95);
    }

    @Test
    void severalHeadsLearnOnOneTrunk() throws IOException {
        Path kinds = GeneratedRows.write(dir.resolve("kinds.jsonl"), GeneratedRows.kinds(400, 1));
        Path pairs = GeneratedRows.write(dir.resolve("pairs.jsonl"), GeneratedRows.pairs(800, 1));
        TrainHeadsOptions options = options(
                List.of(named("kind", HeadTask.SEQUENCE, "", kinds), named("same", HeadTask.PAIR, "second", pairs)),
                List.of(32),
                12);

        TrainReport report = train("model", RunMode.FAIL, options, kinds, Progress.SILENT);

        assertThat(report.counts()).containsEntry("heads", 2L).containsEntry("rowsIn", 1200L);
        assertThat(share(
                        classify("model", GeneratedRows.kinds(100, 2), head("kind", "")),
                        row -> row.getAs("label").equals(row.getAs("right"))))
                .isGreaterThan(0.95);
        assertThat(share(
                        classify("model", GeneratedRows.pairs(100, 2), head("same", "second")),
                        row -> row.getAs("label").equals(row.getAs("right"))))
                .isGreaterThan(0.9);
        assertThatThrownBy(() -> classify("model", GeneratedRows.kinds(10, 2), ClassifyOptions.defaults()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[kind, same]");
    }

    @Test
    void aTrainingThatWasKilledEndsAsIfItHadNotBeen() throws IOException {
        Path kinds = GeneratedRows.write(dir.resolve("kinds.jsonl"), GeneratedRows.kinds(200, 1));
        Path pairs = GeneratedRows.write(dir.resolve("pairs.jsonl"), GeneratedRows.pairs(200, 1));
        TrainHeadsOptions options = options(
                List.of(named("kind", HeadTask.SEQUENCE, "", kinds), named("same", HeadTask.PAIR, "second", pairs)),
                List.of(16),
                4);
        train("whole", RunMode.FAIL, options, kinds, Progress.SILENT);

        assertThatThrownBy(() -> train("killed", RunMode.FAIL, options, kinds, new DyingProgress(2)))
                .isInstanceOf(IllegalStateException.class);
        assertThat(dir.resolve("killed/config.json")).doesNotExist();
        assertThatThrownBy(() -> train(
                        "killed", RunMode.RESUME, options(options.heads(), List.of(8), 4), kinds, Progress.SILENT))
                .isInstanceOf(OutputException.class)
                .hasMessageContaining("other settings");
        TrainReport resumed = train("killed", RunMode.RESUME, options, kinds, Progress.SILENT);

        assertThat(resumed.story()).containsEntry("resumed", "after epoch 2");
        for (String file : List.of(
                "heads.safetensors",
                "heads.json",
                "evaluation.json",
                "confusion-kind.tsv",
                "config.json",
                "model.safetensors",
                "_textloom/curve.tsv")) {
            assertThat(dir.resolve("killed").resolve(file))
                    .hasSameBinaryContentAs(dir.resolve("whole").resolve(file));
        }
        TrainReport again = train("killed", RunMode.RESUME, options, kinds, Progress.SILENT);
        assertThat(again.story().get("trained")).contains("nothing was left to do");
    }

    @Test
    void twoWorkersLearnWhatOneDoes() throws IOException {
        Path kinds = GeneratedRows.write(dir.resolve("kinds.jsonl"), GeneratedRows.kinds(600, 1));
        List<HeadOptions> heads = List.of(head(HeadTask.SEQUENCE, ""));
        for (int workers = 1; workers <= 2; workers++) {
            TrainHeadsOptions options = new TrainHeadsOptions(heads, List.of(), 16, 8, 0, 0.003, 0.2, workers, 3, 0, 7);
            train("model-" + workers, RunMode.FAIL, options, kinds, Progress.SILENT);
            assertThat(share(
                            classify("model-" + workers, GeneratedRows.kinds(100, 2), ClassifyOptions.defaults()),
                            row -> row.getAs("label").equals(row.getAs("right"))))
                    .isGreaterThan(0.95);
        }
    }

    @Test
    void rowsThatTeachNothingAreInTheErrorTable() throws IOException {
        List<String> rows = new java.util.ArrayList<>(GeneratedRows.kinds(200, 1));
        rows.add("{\"text\": \"horse\", \"right\": null}");
        rows.add("{\"text\": null, \"right\": \"tool\"}");
        rows.add("{\"text\": \"unheard\", \"right\": \"tool\"}");

        TrainReport report = train("model", head(HeadTask.SEQUENCE, ""), rows);

        assertThat(report.rejectedByCode())
                .isEqualTo(new TreeMap<>(Map.of("INVALID_LABEL", 1L, "MISSING_TEXT", 1L, "UNKNOWN_WORDS", 1L)));
        assertThat(spark().read()
                        .parquet(dir.resolve("model/_textloom/errors").toString())
                        .count())
                .isEqualTo(3);
        assertThat(report.rowsIn()).isEqualTo(203);
    }

    @Test
    void placesThatAreNoneAreInTheErrorTable() throws IOException {
        List<String> rows = new java.util.ArrayList<>(GeneratedRows.entities(100, 1));
        rows.add("{\"text\": \"horse\", \"right\": [null]}");
        rows.add("{\"text\": \"horse\", \"right\": [{\"start\": null, \"end\": 3, \"label\": \"x\"}]}");
        rows.add("{\"text\": \"horse\", \"right\": [{\"start\": 4294967296, \"end\": 4294967298, \"label\": \"x\"}]}");
        rows.add("{\"text\": \"horse\", \"right\": [{\"start\": 3, \"end\": 3, \"label\": \"x\"}]}");

        TrainReport report = train("model", head(HeadTask.TOKEN, ""), rows);

        assertThat(report.rejectedByCode()).isEqualTo(new TreeMap<>(Map.of("INVALID_LABEL", 4L)));
    }

    @Test
    void theEncodersOwnFolderIsNoOutput() throws IOException {
        Path rows = GeneratedRows.write(dir.resolve("rows.jsonl"), GeneratedRows.kinds(50, 1));
        TrainHeadsOptions options = options(List.of(head(HeadTask.SEQUENCE, "")), List.of(), 1);
        for (String output : List.of("own", "own/heads")) {
            Path own = dir.resolve("own");
            Files.createDirectories(own);
            for (Path file : Files.list(encoder).filter(Files::isRegularFile).toList()) {
                Files.copy(file, own.resolve(file.getFileName()), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            }
            assertThatThrownBy(() -> Jobs.train(
                            context(own, output, rows, RunMode.OVERWRITE, new TreeMap<>(), List.of(), Progress.SILENT),
                            options))
                    .isInstanceOf(io.textloom.spark.commit.OutputException.class)
                    .hasMessageContaining("choose another --output");
            assertThat(own.resolve("model.safetensors")).exists();
        }
    }

    @Test
    void labelsStandByValueIfAllAreNumbers() {
        assertThat(Freezing.inOrder(List.of("10", "9", "-1"))).containsExactly("-1", "9", "10");
        assertThat(Freezing.inOrder(List.of("10.0", "2.5", "2"))).containsExactly("2", "2.5", "10.0");
        assertThat(Freezing.inOrder(List.of("9", "10", "1a"))).containsExactly("10", "1a", "9");
    }

    @Test
    void aColumnThatTeachesAnotherTaskIsRefused() {
        assertThatThrownBy(() -> train("model", head(HeadTask.TOKEN, ""), GeneratedRows.kinds(20, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected a list of texts, one for each word");
        assertThatThrownBy(() -> train(
                        "model",
                        head(HeadTask.SEQUENCE, ""),
                        List.of("{\"text\": \"horse\", \"right\": \"a\"}", "{\"text\": \"saw\", \"right\": \"a\"}")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("holds 1 labels");
    }

    @Test
    void aRowsScoresDoNotDependOnItsNeighbours() throws IOException {
        train("model", head(HeadTask.SEQUENCE, ""), GeneratedRows.kinds(100, 1));

        List<String> rows = GeneratedRows.kinds(40, 2);
        Map<String, Float> together = scores(classify("model", rows, ClassifyOptions.defaults()));
        Map<String, Float> apart = new HashMap<>();
        for (int from = 0; from < rows.size(); from += 8) {
            apart.putAll(scores(classify("model", rows.subList(from, from + 8), ClassifyOptions.defaults())));
        }
        assertThat(apart).isEqualTo(together);
    }

    private static Map<String, Float> scores(List<Row> rows) {
        Map<String, Float> scores = new HashMap<>();
        rows.forEach(row -> scores.put(row.<String>getAs("id").substring(0, 32), row.getAs("score")));
        return scores;
    }

    private static double share(List<Row> rows, java.util.function.Predicate<Row> right) {
        return (double) rows.stream().filter(right).count() / rows.size();
    }

    private static ClassifyOptions head(String name, String pairColumn) {
        return with(ClassifyTask.AUTO, "", pairColumn, "", name);
    }

    private static ClassifyOptions with(ClassifyTask task, String question, String pair, String choices) {
        return with(task, question, pair, choices, "");
    }

    private static ClassifyOptions with(ClassifyTask task, String question, String pair, String choices, String head) {
        ClassifyOptions d = ClassifyOptions.defaults();
        return new ClassifyOptions(
                task,
                d.topK(),
                d.threshold(),
                d.activation(),
                d.aggregation(),
                d.answers(),
                d.answerTokens(),
                d.nullAnswer(),
                "",
                question,
                "",
                "",
                pair,
                head,
                choices,
                d.maxTokens(),
                d.stride(),
                d.longDocuments(),
                d.precision(),
                d.batchTokens());
    }

    private static HeadOptions head(HeadTask task, String pairColumn) {
        return new HeadOptions(
                "head",
                task,
                List.of(),
                List.of(),
                "",
                pairColumn,
                "right",
                List.of(),
                List.of(64),
                0,
                ClassWeights.NONE,
                new TreeMap<>());
    }

    private static HeadOptions named(String name, HeadTask task, String pairColumn, Path input) {
        return new HeadOptions(
                name,
                task,
                List.of(input.toString()),
                List.of(),
                "",
                pairColumn,
                "right",
                List.of(),
                List.of(32),
                0.1,
                ClassWeights.BALANCED,
                new TreeMap<>());
    }

    private static TrainHeadsOptions options(List<HeadOptions> heads, List<Integer> trunk, int epochs) {
        return new TrainHeadsOptions(heads, trunk, 16, epochs, 0, 0.003, 0.2, 0, 5, 0, 7);
    }

    private TrainReport train(String output, HeadOptions head, List<String> rows) throws IOException {
        return train(
                output,
                RunMode.FAIL,
                options(List.of(head), List.of(), 15),
                GeneratedRows.write(dir.resolve(output + ".jsonl"), rows),
                Progress.SILENT);
    }

    private TrainReport train(String output, RunMode mode, TrainHeadsOptions options, Path input, Progress progress) {
        SortedMap<String, String> settings =
                new TreeMap<>(Map.of("train.trunk", options.trunk().toString()));
        return Jobs.train(context(encoder, output, input, mode, settings, List.of(), progress), options);
    }

    private List<Row> classify(String model, List<String> rows, ClassifyOptions options) throws IOException {
        String output = "rows-" + System.nanoTime();
        Path input = GeneratedRows.write(dir.resolve(output + ".jsonl"), rows);
        List<String> kept = Stream.of("right", options.choicesColumn())
                .filter(column -> !column.isEmpty())
                .toList();
        JobReport report = Jobs.classify(
                context(dir.resolve(model), output, input, RunMode.FAIL, new TreeMap<>(), kept, Progress.SILENT),
                options);
        assertThat(report.rejectedByCode()).isEmpty();
        return spark().read().parquet(dir.resolve(output).toString()).collectAsList();
    }

    private JobContext context(
            Path model,
            String output,
            Path input,
            RunMode mode,
            SortedMap<String, String> settings,
            List<String> kept,
            Progress progress) {
        return new JobContext(
                spark(),
                model.toString(),
                new IntakeOptions(
                        List.of(input.toString()),
                        InputFormat.AUTO,
                        DocumentUnit.LINE,
                        "text",
                        "",
                        DuplicateIds.ERROR,
                        kept,
                        "",
                        0,
                        2),
                new OutputOptions(dir.resolve(output).toString(), mode, 0.5, List.of(), OutputFormat.PARQUET),
                settings,
                progress);
    }

    private static SparkSession spark() {
        SparkSession spark = SparkSession.builder()
                .master("local[2]")
                .appName("tests")
                .config("spark.ui.enabled", false)
                .config("spark.sql.shuffle.partitions", 2)
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .getOrCreate();
        spark.sparkContext().setLogLevel("ERROR");
        return spark;
    }

    /** Kills the training when it has told of its epochs so often. */
    private static final class DyingProgress implements Progress {
        private int left;
        private boolean trains;

        DyingProgress(int times) {
            left = times;
        }

        @Override
        public void started(String phase) {
            trains = phase.equals("train: heads");
        }

        @Override
        public void advanced(Snapshot snapshot) {
            if (trains && --left == 0) {
                throw new IllegalStateException("killed");
            }
        }

        @Override
        public void finished() {}
    }
}
