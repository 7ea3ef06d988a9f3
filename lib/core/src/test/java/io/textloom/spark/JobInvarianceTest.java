package io.textloom.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.textloom.embed.Combine;
import io.textloom.embed.EmbedOptions;
import io.textloom.embed.NormalizeOption;
import io.textloom.embed.PoolingOption;
import io.textloom.generate.GenerateOptions;
import io.textloom.generate.LongPrompts;
import io.textloom.generate.TestOptions;
import io.textloom.spark.commit.OutputFormat;
import io.textloom.spark.commit.OutputOptions;
import io.textloom.spark.commit.RunMode;
import io.textloom.spark.intake.DocumentUnit;
import io.textloom.spark.intake.DuplicateIds;
import io.textloom.spark.intake.InputFormat;
import io.textloom.spark.intake.IntakeOptions;
import io.textloom.spark.stage.ExecutorModels;
import io.textloom.tensor.Precision;
import io.textloom.tensor.VectorType;
import io.textloom.token.LongDocuments;
import io.textloom.token.TokenizeOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same rows cut into 1 and 8 partitions, by the whole job with the built-in models. */
class JobInvarianceTest {
    private static final EmbedOptions EMBED = new EmbedOptions(
            PoolingOption.MODEL,
            List.of(-1),
            false,
            NormalizeOption.MODEL,
            64,
            0,
            LongDocuments.CHUNK,
            Combine.NONE,
            0,
            "",
            Precision.FLOAT32,
            VectorType.FLOAT32,
            512);

    @TempDir
    Path dir;

    @BeforeEach
    void writeInput() throws IOException {
        String[] words =
                "the old king rode a grey horse over hill and river to find his lost daughter in winter 茶 山 café"
                        .split(" ");
        Random random = new Random(5);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 170; i++) {
            StringBuilder text = new StringBuilder("Once upon a time");
            for (int n = random.nextInt(i % 17 == 0 ? 150 : 25); n > 0; n--) {
                text.append(' ').append(words[random.nextInt(words.length)]);
            }
            lines.add("{\"id\": \"row-" + i + "\", \"text\": \"" + text + "\"}");
        }
        Files.write(dir.resolve("in.jsonl"), lines, StandardCharsets.UTF_8);
    }

    @Test
    void partitionsDoNotChangeAnEmbedding() {
        JobReport one = Jobs.embed(context("all-MiniLM-L6-v2", "e1", 1), EMBED);
        JobReport eight = Jobs.embed(context("all-MiniLM-L6-v2", "e8", 8), EMBED);
        assertThat(one.documentsOut()).isEqualTo(170).isEqualTo(eight.documentsOut());
        assertThat(one.rowsOut()).as("long rows are chunked").isGreaterThan(170);
        assertThat(one.paddingEfficiency()).isBetween(0.5, 1.0);

        Map<String, List<Float>> alone = vectors("e1");
        Map<String, List<Float>> spread = vectors("e8");
        assertThat(spread.keySet()).isEqualTo(alone.keySet());
        alone.forEach((key, vector) -> {
            List<Float> other = spread.get(key);
            assertThat(other).hasSize(384);
            double norm = 0;
            for (int i = 0; i < vector.size(); i++) {
                assertThat(Math.abs(vector.get(i) - other.get(i))).as(key).isLessThanOrEqualTo(1e-6f);
                norm += vector.get(i) * vector.get(i);
            }
            assertThat(norm).isBetween(0.9999, 1.0001);
        });
        verified("e1");
        verified("e8");
    }

    @Test
    void partitionsDoNotChangeAText() {
        long tokens = 0;
        for (double temperature : new double[] {0, 0.9}) {
            GenerateOptions options = TestOptions.of(
                    64, temperature, 0, temperature == 0 ? 1 : 0.95, 42, 1, List.of(), LongPrompts.TRUNCATE, 16);
            String name = "g" + temperature;
            Jobs.generate(context("storyteller", name + "-1", 1), options);
            Jobs.generate(context("storyteller", name + "-8", 8), options);
            Map<String, String> alone = texts(name + "-1");
            assertThat(texts(name + "-8")).isEqualTo(alone).hasSize(170);
            tokens += completionTokens(name + "-1");
            verified(name + "-8");
        }
        assertThat(tokens).as("tokens compared").isGreaterThan(20_000);
    }

    @Test
    void samplesAreDifferentAndSeedsRepeat() {
        GenerateOptions options = TestOptions.of(24, 1.0, 0, 1, 7, 3, List.of(), LongPrompts.TRUNCATE, 16);
        JobReport report = Jobs.generate(context("storyteller", "s1", 2), options);
        assertThat(report.rowsOut()).isEqualTo(3 * 170);
        Jobs.generate(context("storyteller", "s2", 5), options);
        Map<String, String> texts = texts("s1");
        assertThat(texts("s2")).isEqualTo(texts);
        assertThat(texts.get("row-0/0")).isNotEqualTo(texts.get("row-0/1"));
        verified("s1");
    }

    @Test
    void tokenCountsAddUp() {
        JobReport report = Jobs.tokenize(context("all-MiniLM-L6-v2", "t1", 3), new TokenizeOptions(16, true));
        List<Row> rows = LocalSpark.session().read().parquet(out("t1")).collectAsList();
        assertThat(rows).hasSize(170);
        long kept = 0;
        long dropped = 0;
        for (Row row : rows) {
            assertThat(row.getList(1)).hasSize(row.getInt(2));
            assertThat(row.getInt(2)).isLessThanOrEqualTo(16);
            assertThat(row.getBoolean(4)).isEqualTo(row.getInt(3) > 0);
            kept += row.getInt(2);
            dropped += row.getInt(3);
        }
        assertThat(report.tokens()).isEqualTo(kept);
        assertThat(report.droppedTokens()).isEqualTo(dropped);
        JobReport whole = Jobs.tokenize(context("all-MiniLM-L6-v2", "t2", 3), new TokenizeOptions(0, true));
        assertThat(whole.tokens()).isEqualTo(kept + dropped);
        verified("t1");
    }

    @Test
    void aModelIsOpenedOncePerExecutor() {
        Jobs.embed(context("bge-small-zh-v1.5", "m1", 6), EMBED);
        long opened = ExecutorModels.instance().opened();
        Jobs.embed(context("bge-small-zh-v1.5", "m2", 6), EMBED);
        assertThat(ExecutorModels.instance().opened()).isEqualTo(opened);
    }

    private JobContext context(String model, String output, int partitions) {
        IntakeOptions intake = new IntakeOptions(
                List.of(dir.resolve("in.jsonl").toString()),
                InputFormat.AUTO,
                DocumentUnit.LINE,
                "text",
                "id",
                DuplicateIds.ERROR,
                List.of(),
                "",
                0,
                partitions);
        OutputOptions options = new OutputOptions(out(output), RunMode.FAIL, 0, List.of(), OutputFormat.PARQUET);
        return new JobContext(LocalSpark.session(), model, intake, options, new TreeMap<>(), Progress.SILENT);
    }

    private String out(String name) {
        return dir.resolve(name).toString();
    }

    private Map<String, List<Float>> vectors(String output) {
        Map<String, List<Float>> vectors = new TreeMap<>();
        for (Row row : LocalSpark.session().read().parquet(out(output)).collectAsList()) {
            vectors.put(row.getString(0) + "/" + row.getInt(1), row.getList(2));
        }
        return vectors;
    }

    private Map<String, String> texts(String output) {
        Map<String, String> texts = new TreeMap<>();
        for (Row row : LocalSpark.session().read().parquet(out(output)).collectAsList()) {
            texts.put(row.getString(0) + "/" + row.getInt(1), row.getString(3) + "|" + row.getAs("logprob"));
        }
        return texts;
    }

    private long completionTokens(String output) {
        return LocalSpark.session()
                .read()
                .parquet(out(output))
                .agg(Map.of("n_completion_tokens", "sum"))
                .first()
                .getLong(0);
    }

    private void verified(String output) {
        assertThat(Jobs.verify(LocalSpark.session(), out(output), true).problems())
                .isEmpty();
    }
}
