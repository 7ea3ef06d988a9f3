package io.textloom.train.elmo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.textloom.embed.EmbedOptions;
import io.textloom.model.ModelFolder;
import io.textloom.runtime.Device;
import io.textloom.runtime.Encoder;
import io.textloom.runtime.EncoderRequest;
import io.textloom.spark.JobContext;
import io.textloom.spark.JobReport;
import io.textloom.spark.Jobs;
import io.textloom.spark.Progress;
import io.textloom.spark.TrainReport;
import io.textloom.spark.commit.OutputFormat;
import io.textloom.spark.commit.OutputOptions;
import io.textloom.spark.commit.RunMode;
import io.textloom.spark.intake.DocumentUnit;
import io.textloom.spark.intake.DuplicateIds;
import io.textloom.spark.intake.InputException;
import io.textloom.spark.intake.InputFormat;
import io.textloom.spark.intake.IntakeOptions;
import io.textloom.spark.train.CurvePoint;
import io.textloom.spark.train.TrainElmoOptions;
import io.textloom.spark.train.TrainingFolder;
import io.textloom.tensor.Precision;
import io.textloom.token.TokenBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ElmoTrainingTest {
    private static final String[] BEASTS = {"horse", "cow", "sheep", "goat"};
    private static final String[] TOOLS = {"hammer", "saw", "nail", "drill"};

    @TempDir
    Path dir;

    private Path corpus;

    @BeforeEach
    void writeCorpus() throws IOException {
        corpus = Files.write(dir.resolve("corpus.txt"), sentences(900));
    }

    @Test
    void theHeldOutLossFallsAndStandsBesideACountModels() throws IOException {
        TrainReport report = train("out", RunMode.FAIL, options("", 120, 2), Progress.SILENT);

        assertThat(report.task()).isEqualTo("elmo");
        assertThat(report.rowsIn()).isEqualTo(900);
        assertThat(report.counts())
                .containsEntry("steps", 120L)
                .containsEntry("dimensions", 32L)
                .containsKeys("pieces", "parameters");
        assertThat(report.counts().get("documents") + report.counts().get("heldOutDocuments"))
                .isEqualTo(900);
        assertThat(report.counts().get("heldOutDocuments")).isBetween(50L, 130L);
        List<CurvePoint> curve = report.curve();
        assertThat(curve).hasSize(3);
        assertThat(curve.get(2).heldOutLoss())
                .isLessThan(curve.get(0).heldOutLoss())
                .isLessThan(2.2);
        assertThat(report.story().get("held out")).contains("a count model of sequences of 5 has");
        assertThat(report.story().get("mix")).startsWith("embeddings ");
        assertThat(Files.readAllLines(dir.resolve("out/_textloom/curve.tsv"))).hasSize(4);
        assertThat(dir.resolve("out/_textloom/work")).doesNotExist();
    }

    @Test
    void aTrainingThatWasKilledEndsAsIfItHadNotBeen() {
        train("whole", RunMode.FAIL, options("", 100, 1), Progress.SILENT);

        assertThatThrownBy(() -> train("killed", RunMode.FAIL, options("", 100, 1), new DyingProgress()))
                .isInstanceOf(IllegalStateException.class);
        assertThat(dir.resolve("killed/config.json")).doesNotExist();
        TrainReport resumed = train("killed", RunMode.RESUME, options("", 100, 2), Progress.SILENT);

        assertThat(resumed.story().get("resumed")).isEqualTo("after step 40");
        for (String file : List.of("model.safetensors", "config.json", "tokenizer.json")) {
            assertThat(dir.resolve("killed").resolve(file))
                    .hasSameBinaryContentAs(dir.resolve("whole").resolve(file));
        }
        TrainReport again = train("killed", RunMode.RESUME, options("", 100, 1), Progress.SILENT);
        assertThat(again.story().get("trained")).contains("nothing was left to do");
    }

    @Test
    void theModelServesEmbedWithTheContractOfAllModels() throws IOException {
        train("model", RunMode.FAIL, options("", 40, 2), Progress.SILENT);
        Files.writeString(dir.resolve("texts.jsonl"), """
                {"id": "a", "text": "The horse is near."}
                {"id": "b", "text": " "}
                {"id": "c", "text": "The saw is near the horse, and the cow is not."}
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
        assertThat(report.rejectedByCode()).containsExactly(Map.entry("EMPTY_TEXT", 1L));
        Map<String, Row> rows = new HashMap<>();
        spark().read()
                .parquet(dir.resolve("rows").toString())
                .collectAsList()
                .forEach(row -> rows.put(row.getAs("id"), row));
        assertThat(rows.get("a").<List<Float>>getList(rows.get("a").fieldIndex("embedding")))
                .hasSize(32);
        assertThat(rows.get("a").<Boolean>getAs("truncated")).isFalse();
        assertThat(rows.get("c").<Integer>getAs("n_tokens"))
                .isGreaterThan(rows.get("a").<Integer>getAs("n_tokens"));
        assertThat(Jobs.verify(spark(), dir.resolve("rows").toString(), true).problems())
                .isEmpty();
    }

    @Test
    void aTokenizerThatIsGivenIsUsed() {
        train("first", RunMode.FAIL, options("", 4, 1), Progress.SILENT);
        train("second", RunMode.FAIL, options(dir.resolve("first").toString(), 4, 1), Progress.SILENT);

        for (String file : List.of("tokenizer.json", "tokenizer_config.json", "model.safetensors")) {
            assertThat(dir.resolve("second").resolve(file))
                    .hasSameBinaryContentAs(dir.resolve("first").resolve(file));
        }
        assertThatThrownBy(() -> train("third", RunMode.FAIL, options(dir.toString(), 4, 1), Progress.SILENT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has no tokenizer.json");
    }

    @Test
    void aCorpusWithoutTextIsAnError() throws IOException {
        corpus = Files.writeString(dir.resolve("none.txt"), "  \n\n");

        assertThatThrownBy(() -> train("out", RunMode.FAIL, options("", 4, 1), Progress.SILENT))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no text to train on");
        assertThat(dir.resolve("out/config.json")).doesNotExist();
    }

    @Test
    void servedVectorsAreThoseOfTheNetInTraining() throws IOException {
        int[][] documents = {{3, 1, 4, 1, 5}, {9}, {2, 6, 5, 3, 5, 8, 9}};
        int steps = 7;
        try (Net net = new Net(new Shape(10, 24), 0, 1, documents.length, steps, 1)) {
            net.parameters.initialise(6);
            TrainingFolder folder = TrainingFolder.open(
                    new OutputOptions(dir.resolve("net").toString(), RunMode.FAIL, 0, List.of(), OutputFormat.PARQUET),
                    new Configuration());
            folder.prepare();
            ModelFiles.write(folder, new TreeMap<>(), net.parameters, new LayerMix(), options("", 1, 1), List.of());
            List<float[]> layers = layers(net, documents, steps);
            for (int layer = 0; layer < 3; layer++) {
                assertThat(served(layer, documents)).containsExactly(layers.get(layer), within(1e-5f));
            }
            float[] mean = new float[layers.get(0).length];
            for (int i = 0; i < mean.length; i++) {
                mean[i] = (layers.get(0)[i] + layers.get(1)[i] + layers.get(2)[i]) / 3;
            }
            assertThat(served(-1, documents)).containsExactly(mean, within(1e-5f));
        }
    }

    private float[] served(int layer, int[][] documents) {
        int[] offsets = new int[documents.length + 1];
        List<Integer> ids = new ArrayList<>();
        for (int i = 0; i < documents.length; i++) {
            for (int id : documents[i]) {
                ids.add(id);
            }
            offsets[i + 1] = ids.size();
        }
        int[] flat = ids.stream().mapToInt(Integer::intValue).toArray();
        EncoderRequest request =
                new EncoderRequest(Optional.empty(), true, false, List.of(layer), false, Precision.FLOAT32);
        try (Encoder encoder = Encoder.open(ModelFolder.open(dir.resolve("net")), request, Device.CPU, 1)) {
            float[] tokens = new float[flat.length * encoder.tokenWidth()];
            encoder.run(new TokenBatch(flat, offsets, new int[flat.length]), new float[0], tokens);
            return tokens;
        }
    }

    /** Of each layer the vectors of all documents' tokens, end to end, both directions side by side. */
    private static List<float[]> layers(Net net, int[][] documents, int steps) {
        int width = net.parameters.shape.dimensions();
        int batch = documents.length;
        Chunk ahead = new Chunk(batch, steps);
        Chunk back = new Chunk(batch, steps);
        for (int stream = 0; stream < batch; stream++) {
            int[] document = documents[stream];
            for (int step = 0; step < steps; step++) {
                int row = step * batch + stream;
                if (step < document.length) {
                    ahead.put(row, document[step], Chunk.NOTHING, step == 0);
                    back.put(row, document[document.length - 1 - step], Chunk.NOTHING, step == 0);
                } else {
                    ahead.nothing(row);
                    back.nothing(row);
                }
            }
        }
        float[][] forward = new float[3][ahead.rows() * width];
        float[][] backward = new float[3][ahead.rows() * width];
        net.forward.represent(ahead, forward[0], forward[1], forward[2]);
        net.backward.represent(back, backward[0], backward[1], backward[2]);
        int tokens = 0;
        for (int[] document : documents) {
            tokens += document.length;
        }
        List<float[]> layers = new ArrayList<>();
        for (int layer = 0; layer < 3; layer++) {
            float[] both = new float[tokens * 2 * width];
            int at = 0;
            for (int stream = 0; stream < batch; stream++) {
                for (int place = 0; place < documents[stream].length; place++) {
                    int mirrored = documents[stream].length - 1 - place;
                    System.arraycopy(forward[layer], (place * batch + stream) * width, both, at, width);
                    System.arraycopy(backward[layer], (mirrored * batch + stream) * width, both, at + width, width);
                    at += 2 * width;
                }
            }
            layers.add(both);
        }
        return layers;
    }

    private static TrainElmoOptions options(String tokenizer, int steps, int threads) {
        return new TrainElmoOptions(
                tokenizer, 110, true, 16, 8, 8, 0.02, 1, steps, 0.1, 1, 0.1, 40, 5, 100, threads, 7);
    }

    private TrainReport train(String output, RunMode mode, TrainElmoOptions options, Progress progress) {
        return Jobs.train(
                new JobContext(
                        spark(),
                        "",
                        intake(corpus, ""),
                        new OutputOptions(dir.resolve(output).toString(), mode, 1, List.of(), OutputFormat.PARQUET),
                        new TreeMap<>(),
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

    /** The last word is of the kind of the first one. */
    private static List<String> sentences(int count) {
        Random random = new Random(3);
        List<String> sentences = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String[] kind = i % 2 == 0 ? BEASTS : TOOLS;
            sentences.add("The " + kind[random.nextInt(4)] + " number " + random.nextInt(10) + " is near the "
                    + kind[random.nextInt(4)] + ".");
        }
        return sentences;
    }

    /** Kills the training some steps after its first checkpoint. */
    private static final class DyingProgress implements Progress {
        private boolean trains;

        @Override
        public void started(String phase) {
            trains = phase.equals("train: language models");
        }

        @Override
        public void advanced(Snapshot snapshot) {
            if (trains && snapshot.tokensDone() >= 40 * 64) {
                throw new IllegalStateException("killed");
            }
        }

        @Override
        public void finished() {}
    }
}
