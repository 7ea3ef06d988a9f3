package io.textloom.train.word2vec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.textloom.embed.EmbedOptions;
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
import io.textloom.spark.train.CurvePoint;
import io.textloom.spark.train.TrainWord2VecOptions;
import io.textloom.spark.train.WordEngine;
import io.textloom.spark.train.WordObjective;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Word2VecTrainingTest {
    private static final String[] ANIMALS = {"horse", "cow", "sheep", "goat", "pig", "hen"};
    private static final String[] TOOLS = {"hammer", "saw", "nail", "plane", "chisel", "drill"};
    private static final String[] COMMON = {"the", "a", "and", "near", "with", "of"};

    @TempDir
    Path dir;

    private Path corpus;

    @BeforeEach
    void writeCorpus() throws IOException {
        corpus = Files.write(dir.resolve("corpus.txt"), sentences(1500));
    }

    @ParameterizedTest
    @CsvSource({"SKIP_GRAM, TEXTLOOM", "CBOW, TEXTLOOM", "SKIP_GRAM, DEEPLEARNING4J"})
    void wordsOfOneKindComeNearEachOther(WordObjective objective, WordEngine engine) throws IOException {
        TrainReport report = train("out", RunMode.FAIL, options(objective, engine, 6, 0), Progress.SILENT);

        assertThat(report.task()).isEqualTo("word2vec");
        assertThat(report.rowsIn()).isEqualTo(1500);
        assertThat(report.counts()).containsEntry("vectors", 21L).containsEntry("dimensions", 16L);
        Map<String, float[]> vectors = vectors("out");
        assertThat(vectors).hasSize(21);
        double within = 0;
        double across = 0;
        for (int i = 0; i < 6; i++) {
            within += cosine(vectors, ANIMALS[i], ANIMALS[(i + 1) % 6]) + cosine(vectors, TOOLS[i], TOOLS[(i + 1) % 6]);
            across += 2 * cosine(vectors, ANIMALS[i], TOOLS[i]);
        }
        assertThat(within / 12).isGreaterThan(across / 12 + 0.3);
    }

    @Test
    void theLossFallsAndTheCurveIsInTheReportAndInAFile() throws IOException {
        TrainReport report = train(
                "out", RunMode.FAIL, options(WordObjective.SKIP_GRAM, WordEngine.TEXTLOOM, 4, 0), Progress.SILENT);

        List<CurvePoint> curve = report.curve();
        assertThat(curve).hasSizeGreaterThanOrEqualTo(4);
        assertThat(curve.get(0).loss()).isLessThan(6 * Math.log(2));
        assertThat(curve.get(curve.size() - 1).loss()).isLessThan(curve.get(0).loss());
        assertThat(curve.get(curve.size() - 1).words())
                .isEqualTo(4 * report.counts().get("corpusWords"));
        assertThat(Files.readAllLines(dir.resolve("out/_textloom/curve.tsv"))).hasSize(curve.size() + 1);
        assertThat(dir.resolve("out/_textloom/work")).doesNotExist();
    }

    @Test
    void aTrainingThatWasKilledEndsAsIfItHadNotBeen() throws IOException {
        TrainWord2VecOptions options = options(WordObjective.SKIP_GRAM, WordEngine.TEXTLOOM, 4, 0);
        train("whole", RunMode.FAIL, options, Progress.SILENT);

        assertThatThrownBy(() -> train("killed", RunMode.FAIL, options, new DyingProgress(3)))
                .isInstanceOf(IllegalStateException.class);
        assertThat(dir.resolve("killed/config.json")).doesNotExist();
        assertThatThrownBy(() -> train("killed", RunMode.FAIL, options, Progress.SILENT))
                .isInstanceOf(OutputException.class)
                .hasMessageContaining("--mode resume");
        TrainReport resumed = train("killed", RunMode.RESUME, options, Progress.SILENT);

        assertThat(resumed.story()).containsEntry("resumed", "after epoch 2");
        assertThat(resumed.curve()).extracting(CurvePoint::epoch).startsWith(1).endsWith(4);
        for (String file :
                List.of("model.safetensors", "tokenizer.json", "vectors.txt", "vectors.bin", "vocabulary.tsv")) {
            assertThat(dir.resolve("killed").resolve(file))
                    .hasSameBinaryContentAs(dir.resolve("whole").resolve(file));
        }
    }

    @Test
    void resumeRefusesOtherSettingsAndDoesAFinishedTrainingNoSecondTime() throws IOException {
        TrainWord2VecOptions options = options(WordObjective.CBOW, WordEngine.TEXTLOOM, 2, 0);
        assertThatThrownBy(() -> train("out", RunMode.FAIL, options, new DyingProgress(2), Map.of("train.epochs", "2")))
                .isInstanceOf(IllegalStateException.class);

        assertThatThrownBy(() -> train("out", RunMode.RESUME, options, Progress.SILENT, Map.of("train.epochs", "3")))
                .isInstanceOf(OutputException.class)
                .hasMessageContaining("train.epochs was 2 and is 3 now");
        train("out", RunMode.RESUME, options, Progress.SILENT, Map.of("train.epochs", "2"));
        TrainReport again = train("out", RunMode.RESUME, options, Progress.SILENT, Map.of("train.epochs", "2"));

        assertThat(again.story().get("trained")).contains("nothing was left to do");
        assertThat(again.rowsIn()).isEqualTo(1500);
    }

    @Test
    void neighboursThatBelongTogetherBecomeOneWord() throws IOException {
        TrainReport report = train(
                "out", RunMode.FAIL, options(WordObjective.SKIP_GRAM, WordEngine.TEXTLOOM, 1, 1), Progress.SILENT);

        assertThat(report.counts()).containsEntry("phrases", 1L);
        assertThat(vectors("out")).containsKey("new_york").doesNotContainKeys("new", "york");
        List<String> phrases = Files.readAllLines(dir.resolve("out/phrases.tsv"));
        assertThat(phrases).hasSize(1);
        assertThat(phrases.get(0)).startsWith("1\t").endsWith("\tnew_york");
    }

    @Test
    void theModelServesEmbedWithTheContractOfAllModels() throws IOException {
        train("model", RunMode.FAIL, options(WordObjective.SKIP_GRAM, WordEngine.TEXTLOOM, 1, 1), Progress.SILENT);
        Map<String, float[]> vectors = vectors("model");
        Files.writeString(dir.resolve("texts.jsonl"), """
                {"id": "a", "text": "New York, hammer!"}
                {"id": "b", "text": "unheard words"}
                {"id": "c", "text": "the unheard saw of a hen"}
                """);

        JobReport report = Jobs.embed(
                new JobContext(
                        spark(),
                        dir.resolve("model").toString(),
                        intake(dir.resolve("texts.jsonl"), "id"),
                        new OutputOptions(
                                dir.resolve("rows").toString(), RunMode.RESUME, 1, List.of(), OutputFormat.PARQUET),
                        new TreeMap<>(),
                        Progress.SILENT),
                EmbedOptions.defaults());

        assertThat(report.rowsOut()).isEqualTo(2);
        assertThat(report.rejectedByCode()).containsExactly(Map.entry("UNKNOWN_WORDS", 1L));
        Map<String, Row> rows = new HashMap<>();
        spark().read()
                .parquet(dir.resolve("rows").toString())
                .collectAsList()
                .forEach(row -> rows.put(row.getAs("id"), row));
        assertThat(rows.get("a").<Integer>getAs("n_tokens")).isEqualTo(3);
        assertThat(rows.get("a").<Integer>getAs("n_dropped")).isZero();
        assertThat(rows.get("c").<Integer>getAs("n_tokens")).isEqualTo(5);
        assertThat(rows.get("c").<Integer>getAs("n_dropped")).isEqualTo(1);
        assertThat(rows.get("c").<Boolean>getAs("truncated")).isFalse();
        List<Float> embedding = rows.get("a").getList(rows.get("a").fieldIndex("embedding"));
        for (int d = 0; d < 16; d++) {
            assertThat(embedding.get(d))
                    .isCloseTo((vectors.get("new_york")[d] + vectors.get("hammer")[d]) / 2, within(1e-6f));
        }
        assertThat(Jobs.verify(spark(), dir.resolve("rows").toString(), true).problems())
                .isEmpty();
    }

    @Test
    void aSecondTrainingKeepsOffTheFolder() {
        TrainWord2VecOptions options = options(WordObjective.CBOW, WordEngine.TEXTLOOM, 1, 0);
        Progress another = new Progress() {
            private boolean tried;

            @Override
            public void started(String phase) {
                if (!tried) {
                    tried = true;
                    assertThatThrownBy(() -> train("out", RunMode.OVERWRITE, options, Progress.SILENT))
                            .isInstanceOf(OutputException.class)
                            .hasMessageContaining("Another run is working on");
                }
            }

            @Override
            public void advanced(Snapshot snapshot) {}

            @Override
            public void finished() {}
        };

        assertThat(train("out", RunMode.FAIL, options, another).counts()).containsEntry("epochs", 1L);
        assertThat(dir.resolve("out/_textloom/lock")).doesNotExist();
    }

    @Test
    void aCorpusWithoutAFrequentWordIsAnError() throws IOException {
        corpus = Files.writeString(dir.resolve("few.txt"), "every word here is alone\n");

        assertThatThrownBy(() -> train(
                        "out", RunMode.FAIL, options(WordObjective.CBOW, WordEngine.TEXTLOOM, 1, 0), Progress.SILENT))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no word that occurs train.minCount 5 times");
        assertThat(dir.resolve("out/model.safetensors")).doesNotExist();
    }

    private static TrainWord2VecOptions options(
            WordObjective objective, WordEngine engine, int epochs, int phrasePasses) {
        return new TrainWord2VecOptions(
                objective, engine, 16, 3, 5, 5, 0, 0, 0.05, 0.0001, epochs, phrasePasses, 20, true, true, 100, 1, 7);
    }

    private TrainReport train(String output, RunMode mode, TrainWord2VecOptions options, Progress progress) {
        return train(output, mode, options, progress, Map.of());
    }

    private TrainReport train(
            String output,
            RunMode mode,
            TrainWord2VecOptions options,
            Progress progress,
            Map<String, String> settings) {
        return Jobs.train(
                new JobContext(
                        spark(),
                        "",
                        intake(corpus, ""),
                        new OutputOptions(dir.resolve(output).toString(), mode, 0.01, List.of(), OutputFormat.PARQUET),
                        new TreeMap<>(settings),
                        progress),
                options);
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

    private static IntakeOptions intake(Path input, String idColumn) {
        return new IntakeOptions(
                List.of(input.toString()),
                InputFormat.AUTO,
                DocumentUnit.LINE,
                "text",
                idColumn,
                DuplicateIds.ERROR,
                List.of(),
                "",
                0,
                2);
    }

    /** Of animals among animals, tools among tools; New York in some. */
    private static List<String> sentences(int count) {
        Random random = new Random(3);
        List<String> sentences = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String[] kind = i % 2 == 0 ? ANIMALS : TOOLS;
            StringBuilder sentence = new StringBuilder("The");
            for (int word = 0; word < 8; word++) {
                String[] from = word % 2 == 0 ? kind : COMMON;
                sentence.append(' ').append(from[random.nextInt(from.length)]);
            }
            sentences.add(
                    sentence.append(i % 25 == 0 ? " in New York." : " in.").toString());
        }
        return sentences;
    }

    private Map<String, float[]> vectors(String output) throws IOException {
        Map<String, float[]> vectors = new HashMap<>();
        List<String> lines = Files.readAllLines(dir.resolve(output).resolve("vectors.txt"));
        for (String line : lines.subList(1, lines.size())) {
            String[] fields = line.split(" ");
            float[] vector = new float[fields.length - 1];
            for (int d = 0; d < vector.length; d++) {
                vector[d] = Float.parseFloat(fields[d + 1]);
            }
            vectors.put(fields[0], vector);
        }
        assertThat(lines.get(0)).isEqualTo(vectors.size() + " 16");
        return vectors;
    }

    private static double cosine(Map<String, float[]> vectors, String a, String b) {
        float[] x = vectors.get(a);
        float[] y = vectors.get(b);
        double xy = 0;
        double xx = 0;
        double yy = 0;
        for (int d = 0; d < x.length; d++) {
            xy += x[d] * y[d];
            xx += x[d] * x[d];
            yy += y[d] * y[d];
        }
        return xy / Math.sqrt(xx * yy);
    }

    /** Kills the training when it has told of its steps so often; it does at least once in every epoch. */
    private static final class DyingProgress implements Progress {
        private int left;
        private boolean trains;

        DyingProgress(int times) {
            left = times;
        }

        @Override
        public void started(String phase) {
            trains = phase.contains("word vectors");
        }

        @Override
        public void advanced(Snapshot snapshot) {
            if (trains && --left == 0) {
                throw new IllegalStateException("killed on purpose");
            }
        }

        @Override
        public void finished() {}
    }
}
