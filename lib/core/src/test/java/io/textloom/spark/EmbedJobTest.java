package io.textloom.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.textloom.embed.Combine;
import io.textloom.embed.EmbedOptions;
import io.textloom.embed.NormalizeOption;
import io.textloom.embed.PoolingOption;
import io.textloom.spark.commit.OutputFormat;
import io.textloom.spark.commit.OutputOptions;
import io.textloom.spark.commit.RunMode;
import io.textloom.spark.intake.DocumentUnit;
import io.textloom.spark.intake.DuplicateIds;
import io.textloom.spark.intake.InputFormat;
import io.textloom.spark.intake.IntakeOptions;
import io.textloom.spark.stage.DeviceOptions;
import io.textloom.tensor.HalfFloats;
import io.textloom.tensor.Precision;
import io.textloom.tensor.VectorType;
import io.textloom.token.LongDocuments;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an embed job can give, with the built-in models. */
class EmbedJobTest {
    private static final String MINILM = "all-MiniLM-L6-v2";
    private static final List<String> TEXTS = List.of(
            "The king rode out.",
            "A café by the sea, naïve and quiet.",
            "emoji 😀 stay whole",
            "The king rode out.",
            "In a hole in the ground there lived a man who had read too much and slept too little, and who knew it.");

    @TempDir
    Path dir;

    @Test
    void storedTypesHoldTheSameVectors() throws IOException {
        input(TEXTS);
        Map<String, Row> floats = run("f32", options(VectorType.FLOAT32, Combine.NONE, false, 0));
        Map<String, Row> halves = run("f16", options(VectorType.FLOAT16, Combine.NONE, false, 0));
        Map<String, Row> codes = run("i8", options(VectorType.INT8, Combine.NONE, false, 0));
        Map<String, Row> bits = run("bits", options(VectorType.BINARY, Combine.NONE, false, 0));
        floats.forEach((key, row) -> {
            List<Float> vector = row.getList(row.fieldIndex("embedding"));
            byte[] half = halves.get(key).getAs("embedding");
            ByteBuffer shorts = ByteBuffer.wrap(half).order(ByteOrder.LITTLE_ENDIAN);
            List<Byte> code = codes.get(key).getList(codes.get(key).fieldIndex("embedding"));
            float scale = codes.get(key).getAs("scale");
            byte[] bit = bits.get(key).getAs("embedding");
            assertThat(half).hasSize(2 * 384);
            assertThat(bit).hasSize(48);
            for (int i = 0; i < vector.size(); i++) {
                assertThat(HalfFloats.fromFloat16(shorts.getShort(2 * i))).isCloseTo(vector.get(i), within(1e-4f));
                assertThat(code.get(i) * scale).isCloseTo(vector.get(i), within(0.501f * scale));
                assertThat(bit[i / 8] >> (7 - i % 8) & 1).isEqualTo(vector.get(i) > 0 ? 1 : 0);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(
            value = Precision.class,
            names = {"FLOAT32", "INT8"})
    void partitionsDoNotChangeStoredCodes(Precision precision) throws IOException {
        Random random = new Random(11);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            StringBuilder text = new StringBuilder("Day " + i);
            for (int n = random.nextInt(i % 10 == 0 ? 120 : 20); n > 0; n--) {
                text.append(' ').append(TEXTS.get(4).split(" ")[random.nextInt(22)]);
            }
            texts.add(text.toString());
        }
        input(texts);
        EmbedOptions options = options(VectorType.INT8, Combine.NONE, false, 0).withPrecision(precision);
        Map<String, Row> one = run("one", options, 1);
        Map<String, Row> many = run("many", options, 64);
        assertThat(many.keySet()).isEqualTo(one.keySet());
        long codes = 0;
        long apart = 0;
        for (Map.Entry<String, Row> e : one.entrySet()) {
            List<Byte> expected = e.getValue().getList(e.getValue().fieldIndex("embedding"));
            Row row = many.get(e.getKey());
            List<Byte> found = row.getList(row.fieldIndex("embedding"));
            for (int i = 0; i < expected.size(); i++) {
                assertThat(Math.abs(expected.get(i) - found.get(i))).isLessThanOrEqualTo(1);
                apart += expected.get(i).equals(found.get(i)) ? 0 : 1;
                codes++;
            }
        }
        assertThat(apart).isLessThanOrEqualTo(codes / 10_000);
    }

    /** ORC keeps no metadata of fields. */
    @ParameterizedTest
    @EnumSource(VectorType.class)
    void vectorsInOrcAreVerified(VectorType type) throws IOException {
        input(TEXTS);
        Jobs.embed(context("orc", 2, OutputFormat.ORC), options(type, Combine.NONE, false, 0));
        assertThat(Jobs.verify(LocalSpark.session(), out("orc"), true).problems())
                .isEmpty();
    }

    @Test
    void tokenVectorsComeWithTheCharactersTheyCover() throws IOException {
        input(TEXTS);
        Map<String, Row> rows = run("tokens", options(VectorType.FLOAT32, Combine.NONE, true, 0));
        for (int i = 0; i < TEXTS.size(); i++) {
            Row row = rows.get("row-" + i + "/0");
            List<Row> tokens = row.getList(row.fieldIndex("tokens"));
            assertThat(tokens).hasSize(row.getAs("n_tokens"));
            assertThat(tokens.get(0).<Integer>getAs("end"))
                    .as("[CLS] covers nothing")
                    .isZero();
            int[] text = TEXTS.get(i).codePoints().toArray();
            float[] mean = new float[384];
            int at = 0;
            for (Row token : tokens) {
                int start = token.getAs("start");
                int end = token.getAs("end");
                assertThat(end).isLessThanOrEqualTo(text.length);
                if (end > 0) {
                    assertThat(new String(text, at, start - at))
                            .as("between tokens")
                            .isBlank();
                    at = end;
                }
                List<Float> vector = token.getList(token.fieldIndex("vector"));
                for (int d = 0; d < 384; d++) {
                    mean[d] += vector.get(d) / tokens.size();
                }
            }
            assertThat(at).isEqualTo(text.length);
            List<Float> embedding = row.getList(row.fieldIndex("embedding"));
            double length = 0;
            for (float m : mean) {
                length += m * m;
            }
            for (int d = 0; d < 384; d++) {
                assertThat(embedding.get(d)).isCloseTo((float) (mean[d] / Math.sqrt(length)), within(1e-5f));
            }
        }
    }

    @Test
    void modelsOfOneNameAreRefusedBecauseTheirRowsWouldLookAlike() throws IOException {
        input(TEXTS);
        assertThatThrownBy(() -> Jobs.embed(
                        context("twice", 2),
                        options(VectorType.FLOAT32, Combine.NONE, false, 0),
                        DeviceOptions.AUTO,
                        List.of(MINILM, MINILM)))
                .hasMessageContaining("embed.models has two named " + MINILM);
        assertThat(dir.resolve("twice")).doesNotExist();
    }

    @Test
    void severalModelsAnswerInOnePass() throws IOException {
        input(TEXTS);
        JobReport report = Jobs.embed(
                context("both", 2),
                options(VectorType.FLOAT32, Combine.NONE, false, 0),
                DeviceOptions.AUTO,
                List.of(MINILM, "bge-small-zh-v1.5"));
        assertThat(report.documentsOut()).isEqualTo(TEXTS.size());
        assertThat(report.rowsOut()).isEqualTo(2L * TEXTS.size());
        Map<String, Row> alone = run("alone", options(VectorType.FLOAT32, Combine.NONE, false, 0));
        for (Row row : LocalSpark.session().read().parquet(out("both")).collectAsList()) {
            List<Float> vector = row.getList(row.fieldIndex("embedding"));
            if (row.<String>getAs("model").equals(MINILM)) {
                Row expected = alone.get(row.getAs("id") + "/0");
                assertThat(vector).isEqualTo(expected.getList(expected.fieldIndex("embedding")));
            } else {
                assertThat(vector).hasSize(512);
            }
        }
        assertThat(Jobs.verify(LocalSpark.session(), out("both"), true).problems())
                .isEmpty();
    }

    @Test
    void identicalTextsAreComputedOnce() throws IOException {
        List<String> same = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            same.add(TEXTS.get(i % 2));
        }
        input(same);
        JobReport report = Jobs.embed(context("same", 1), options(VectorType.FLOAT32, Combine.NONE, false, 0));
        assertThat(report.rowsOut()).isEqualTo(300);
        assertThat(report.tokens()).isLessThan(30);
    }

    @Test
    void aLargeDocumentInPartsGivesTheRowsOfTheWhole() throws IOException {
        StringBuilder large = new StringBuilder();
        for (int i = 0; large.length() < 70_000; i++) {
            large.append("The ").append(i).append("th day was like the others; ");
        }
        List<String> texts = new ArrayList<>(TEXTS);
        texts.add(large.toString());
        input(texts);
        EmbedOptions chunks = options(VectorType.FLOAT32, Combine.NONE, false, 16);
        Map<String, Row> spread = run("spread", chunks, 8);
        assertThat(spread).hasSizeGreaterThan(60);
        // alone in its input on one task it is no straggler, and done whole
        Map<String, Row> whole = run("whole", chunks, 1);
        assertThat(spread.keySet()).isEqualTo(whole.keySet());
        whole.forEach((key, row) -> {
            List<Float> expected = row.getList(row.fieldIndex("embedding"));
            List<Float> found = spread.get(key).getList(row.fieldIndex("embedding"));
            for (int i = 0; i < expected.size(); i++) {
                assertThat(found.get(i)).as(key).isCloseTo(expected.get(i), within(1e-6f));
            }
            assertThat(spread.get(key).<Integer>getAs("n_tokens")).isEqualTo(row.<Integer>getAs("n_tokens"));
        });
        Map<String, Row> mean = run("mean", options(VectorType.FLOAT32, Combine.WEIGHTED_MEAN, false, 16), 8);
        assertThat(mean).hasSize(texts.size());
        checkWeightedMean(mean.get("row-5/0"), whole, 5);
    }

    private static void checkWeightedMean(Row combined, Map<String, Row> chunks, int document) {
        double[] sum = new double[384];
        int tokens = 0;
        for (Map.Entry<String, Row> e : chunks.entrySet()) {
            if (e.getKey().startsWith("row-" + document + "/")) {
                Row row = e.getValue();
                int n = row.getAs("n_tokens");
                List<Float> vector = row.getList(row.fieldIndex("embedding"));
                for (int d = 0; d < sum.length; d++) {
                    sum[d] += (n - 2) * vector.get(d);
                }
                tokens += n;
            }
        }
        double length = 0;
        for (double s : sum) {
            length += s * s;
        }
        List<Float> found = combined.getList(combined.fieldIndex("embedding"));
        for (int d = 0; d < sum.length; d++) {
            assertThat((double) found.get(d)).isCloseTo(sum[d] / Math.sqrt(length), within(1e-5));
        }
        assertThat(combined.<Integer>getAs("n_tokens")).isEqualTo(tokens);
    }

    private static EmbedOptions options(VectorType type, Combine combine, boolean tokens, int stride) {
        return new EmbedOptions(
                PoolingOption.MODEL,
                List.of(-1),
                tokens,
                NormalizeOption.MODEL,
                0,
                stride,
                LongDocuments.CHUNK,
                combine,
                0,
                "",
                Precision.FLOAT32,
                type,
                512);
    }

    private Map<String, Row> run(String output, EmbedOptions options) {
        return run(output, options, 2);
    }

    /** Rows by id and chunk. */
    private Map<String, Row> run(String output, EmbedOptions options, int partitions) {
        Jobs.embed(context(output, partitions), options);
        assertThat(Jobs.verify(LocalSpark.session(), out(output), true).problems())
                .isEmpty();
        Map<String, Row> rows = new TreeMap<>();
        for (Row row : LocalSpark.session().read().parquet(out(output)).collectAsList()) {
            rows.put(row.getAs("id") + "/" + row.getAs("chunk_index"), row);
        }
        return rows;
    }

    private void input(List<String> texts) throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            lines.add("{\"id\": \"row-" + i + "\", \"text\": \"" + texts.get(i) + "\"}");
        }
        Files.write(dir.resolve("in.jsonl"), lines, StandardCharsets.UTF_8);
    }

    private JobContext context(String output, int partitions) {
        return context(output, partitions, OutputFormat.PARQUET);
    }

    private JobContext context(String output, int partitions, OutputFormat format) {
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
        OutputOptions options = new OutputOptions(out(output), RunMode.FAIL, 0, List.of(), format);
        return new JobContext(
                LocalSpark.session(),
                MINILM,
                intake,
                options,
                new TreeMap<>(Map.of("outputFormat", format.name())),
                Progress.SILENT);
    }

    private String out(String name) {
        return dir.resolve(name).toString();
    }
}
