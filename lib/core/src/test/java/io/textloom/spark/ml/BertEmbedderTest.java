package io.textloom.spark.ml;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.textloom.spark.LocalSpark;
import io.textloom.spark.stage.ExecutorModels;
import io.textloom.table.EmbeddingTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.function.FilterFunction;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.execution.streaming.MemoryStream;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import scala.Option;
import scala.collection.JavaConverters;

class BertEmbedderTest {
    /** Spark checks after every rule that the plan is still sound. */
    private static final String PLAN_VALIDATION = "spark.sql.planChangeValidation";

    private static final String BLANK_OF_MANY_KINDS = " \t\n\u00a0\u3000";

    @Test
    void everyRowGetsAVectorInItsPlace() {
        Dataset<Row> out = embedder().transform(Tiny.texts(1, Tiny.mixed(50)));
        List<Row> rows = out.collectAsList();
        for (int i = 0; i < rows.size(); i++) {
            assertThat(rows.get(i).getLong(0)).isEqualTo(i);
            assertThat(rows.get(i).getString(1)).isEqualTo(Tiny.mixed(50)[i]);
            assertThat(rows.get(i).getList(2)).hasSize(Tiny.HIDDEN).doesNotContainNull();
        }
        assertThat(rows).hasSize(50);
        assertThat(out.schema().apply("embedding").metadata().getLong(EmbeddingTable.DIMENSIONS))
                .isEqualTo(Tiny.HIDDEN);
    }

    @Test
    void badTextsKeepTheirRowsAndGetTheirReasons() {
        Dataset<Row> texts = Tiny.texts(1, "a ferry", null, "", BLANK_OF_MANY_KINDS, "b", "x")
                .withColumn("text", expr("if(id = 5, cast(unhex('61ff62') as string), text)"));
        List<Row> rows = embedder()
                .setTokensCol("n_tokens")
                .setTruncatedCol("truncated")
                .setErrorCol("error")
                .transform(texts)
                .collectAsList();
        assertThat(rows).extracting(r -> r.getLong(0)).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
        assertThat(rows).extracting(r -> r.isNullAt(2)).containsExactly(false, true, true, true, false, true);
        assertThat(rows).extracting(r -> r.isNullAt(3)).containsExactly(false, true, true, true, false, true);
        assertThat(rows).extracting(r -> r.isNullAt(4)).containsExactly(false, true, true, true, false, true);
        assertThat(rows)
                .extracting(r -> r.isNullAt(5) ? "" : r.getString(5).replaceAll(":.*", ""))
                .containsExactly("", "MISSING_TEXT", "EMPTY_TEXT", "EMPTY_TEXT", "", "INVALID_UTF8");
    }

    @Test
    void longTextsAreAveragedCutOrRefused() {
        Dataset<Row> texts = Tiny.texts(1, "short", "ferry ".repeat(200));
        BertEmbedder embedder =
                embedder().setTokensCol("n").setTruncatedCol("cut").setErrorCol("error");
        Row whole = embedder.transform(texts).collectAsList().get(1);
        assertThat(whole.getInt(3)).isGreaterThan(200);
        assertThat(whole.getBoolean(4)).isFalse();
        assertThat(norm(whole)).isCloseTo(1, within(1e-5));
        Row cut = embedder.setLongDocuments("truncate")
                .transform(texts)
                .collectAsList()
                .get(1);
        assertThat(cut.getInt(3)).isEqualTo(Tiny.WINDOW);
        assertThat(cut.getBoolean(4)).isTrue();
        List<Row> refused = embedder.setLongDocuments("error").transform(texts).collectAsList();
        assertThat(refused.get(0).isNullAt(2)).isFalse();
        assertThat(refused.get(1).isNullAt(2)).isTrue();
        assertThat(refused.get(1).getString(5)).startsWith("TOO_LONG: ");
    }

    @Test
    void otherColumnsComeThroughAsTheyWere() {
        Dataset<Row> given = LocalSpark.session()
                .range(0, 40, 1, 3)
                .select(
                        col("id"),
                        expr("date '1582-10-10' + cast(id as int)").as("day"),
                        expr("timestamp '0100-03-01 00:00:00' + make_interval(0, 0, 0, 0, cast(id as int))")
                                .as("time"),
                        expr("cast(id as decimal(38, 18)) / 7").as("part"),
                        expr("if(id % 3 = 0, null, named_struct('a', id, 'b', array(cast(id as string), null)))")
                                .as("nested"),
                        expr("map(id, interval 3 months)").as("map"),
                        expr("cast(cast(id as string) as binary)").as("bytes"),
                        expr("concat('text ', id)")
                                .as(
                                        "text",
                                        new MetadataBuilder()
                                                .putString("kept", "yes")
                                                .build()),
                        lit(null).cast("float").as("dotted.name"),
                        expr("float('nan')").as("TEXT2"));
        Dataset<Row> out = embedder().transform(given);
        StructField[] fields = out.schema().fields();
        assertThat(Arrays.copyOf(fields, fields.length - 1))
                .containsExactly(given.schema().fields());
        assertThat(rows(out.drop("embedding"))).isEqualTo(rows(given));
        assertThat(out.select(given.col("part")).count())
                .as("columns are who they were")
                .isEqualTo(40);
    }

    @Test
    void partitionsDoNotChangeAVector() {
        Map<Long, double[]> one = vectors(embedder().transform(Tiny.texts(1, Tiny.mixed(300))));
        Map<Long, double[]> seven = vectors(embedder().transform(Tiny.texts(7, Tiny.mixed(300))));
        assertThat(seven.keySet()).isEqualTo(one.keySet()).hasSize(300);
        one.forEach((id, vector) -> assertThat(seven.get(id)).as("row %d", id).containsExactly(vector, within(1e-6)));
    }

    @Test
    void aModelIsOpenedOncePerExecutor() {
        long before = ExecutorModels.instance().opened();
        BertEmbedder embedder = embedder().setBatchTokens(511); // opened by no other test
        assertThat(embedder.transform(Tiny.texts(6, Tiny.mixed(60))).collectAsList())
                .hasSize(60);
        assertThat(embedder.transform(Tiny.texts(3, Tiny.mixed(60))).collectAsList())
                .hasSize(60);
        assertThat(ExecutorModels.instance().opened()).isEqualTo(before + 1);
    }

    @Test
    void transformOnlyPlans() {
        LongAccumulator read = LocalSpark.session().sparkContext().longAccumulator();
        Dataset<Row> watched = Tiny.texts(2, Tiny.mixed(20)).filter((FilterFunction<Row>) row -> {
            read.add(1);
            return true;
        });
        Dataset<Row> out = embedder().transform(watched);
        assertThat(read.value()).isZero();
        assertThat(out.queryExecution().toString()).contains("(sequence)");
        assertThat(out.collectAsList()).hasSize(20);
        assertThat(read.value()).isEqualTo(20);
    }

    @Test
    void vectorsForMllibHoldTheSameNumbers() {
        Dataset<Row> texts = Tiny.texts(2, Tiny.mixed(30)).unionByName(Tiny.texts(1, "", "again"));
        Dataset<Row> out = embedder()
                .setOutputType("vector")
                .setOutputCol("features")
                .transform(embedder().transform(texts));
        for (Row row : out.collectAsList()) {
            Vector vector = row.getAs("features");
            List<Float> array = row.isNullAt(2) ? null : row.getList(2);
            if (array == null) {
                assertThat(vector).isNull();
            } else {
                assertThat(vector.toArray())
                        .containsExactly(
                                array.stream().mapToDouble(Float::doubleValue).toArray());
            }
        }
        assertThat(AttributeGroup.fromStructField(out.schema().apply("features"))
                        .size())
                .isEqualTo(Tiny.HIDDEN);
    }

    @Test
    void storedTypesAreThoseOfTheJob() {
        Dataset<Row> texts = Tiny.texts(1, "a ferry to Naxos");
        double[] exact = vectors(embedder().transform(texts)).get(0L);
        Row codes = embedder()
                .setVectorType("int8")
                .setScaleCol("scale")
                .transform(texts)
                .first();
        List<Byte> bytes = codes.getList(2);
        for (int i = 0; i < exact.length; i++) {
            assertThat(bytes.get(i) * codes.getFloat(3)).isCloseTo((float) exact[i], within(codes.getFloat(3)));
        }
        byte[] half = (byte[])
                embedder().setVectorType("float16").transform(texts).first().get(2);
        assertThat(half).hasSize(2 * Tiny.HIDDEN);
        byte[] bits = (byte[])
                embedder().setVectorType("binary").transform(texts).first().get(2);
        assertThat(bits).hasSize(Tiny.HIDDEN / 8);
        Row cut = embedder().setDimensions(8).setLayers(-2, -1).transform(texts).first();
        assertThat(cut.getList(2)).hasSize(8);
    }

    /** Operators that look into plans: joins of a table with itself, pruned columns, caches, limits. */
    @Test
    void resultsAreDatasetsLikeAnyOther() {
        LocalSpark.session().conf().set(PLAN_VALIDATION, true);
        try {
            operators();
        } finally {
            LocalSpark.session().conf().unset(PLAN_VALIDATION);
        }
    }

    private static void operators() {
        Dataset<Row> texts = Tiny.texts(3, Tiny.mixed(40));
        Dataset<Row> out = embedder().setTokensCol("n").transform(texts);
        assertThat(out.join(texts, "id").count()).isEqualTo(40);
        assertThat(out.as("a")
                        .join(out.as("b"), expr("a.id = b.id and a.n = b.n"))
                        .count())
                .isEqualTo(40);
        assertThat(out.select("n").distinct().count()).isBetween(2L, 40L);
        assertThat(out.filter(texts.col("id").lt(5)).count()).isEqualTo(5);
        assertThat(out.limit(3).collectAsList()).hasSize(3);
        assertThat(out.groupBy(col("id").mod(2)).avg("n").count()).isEqualTo(2);
        Dataset<Row> cached = out.cache();
        try {
            assertThat(vectors(cached)).hasSize(40);
        } finally {
            cached.unpersist();
        }
        assertThat(embedder().transform(texts.limit(0)).collectAsList()).isEmpty();
        assertThat(embedder()
                        .setInputCol("value")
                        .transform(texts.select("text").as(Encoders.STRING()).toDF("value"))
                        .count())
                .isEqualTo(40);
    }

    @Test
    void streamsAreEmbeddedBatchByBatch() throws Exception {
        MemoryStream<String> stream =
                new MemoryStream<>(77, LocalSpark.session().sqlContext(), Option.empty(), Encoders.STRING());
        Dataset<Row> out =
                embedder().setErrorCol("error").transform(stream.toDF().toDF("text"));
        assertThat(out.isStreaming()).isTrue();
        StreamingQuery query =
                out.writeStream().format("memory").queryName("embedded").start();
        try {
            stream.addData(JavaConverters.asScalaBuffer(List.of("a ferry", " ")));
            query.processAllAvailable();
            stream.addData(JavaConverters.asScalaBuffer(List.of("another ferry")));
            query.processAllAvailable();
        } finally {
            query.stop();
        }
        List<Row> rows = LocalSpark.session().table("embedded").collectAsList();
        assertThat(rows).hasSize(3);
        assertThat(rows).filteredOn(r -> r.isNullAt(1)).hasSize(1);
        double[] alone =
                vectors(embedder().transform(Tiny.texts(1, "another ferry"))).get(0L);
        Row last = rows.stream()
                .filter(r -> r.getString(0).equals("another ferry"))
                .findFirst()
                .orElseThrow();
        assertThat(doubles(last.getList(1))).containsExactly(alone, within(1e-6));
    }

    @Test
    void schemasAreChecked() {
        Dataset<Row> texts = Tiny.texts(1, "a").withColumn("Taken", lit(1));
        assertRefused(embedder().setInputCol("body"), texts, "no column body among id, text, Taken");
        assertRefused(embedder().setInputCol("id"), texts, "The column id is of type bigint; expected string");
        assertRefused(embedder().setOutputCol("taken"), texts, "a column Taken already");
        assertRefused(embedder().setTokensCol("embedding"), texts, "a column embedding already");
        StructType schema =
                embedder().setOutputType("vector").setErrorCol("error").transformSchema(texts.schema());
        assertThat(schema.fieldNames()).containsExactly("id", "text", "Taken", "embedding", "error");
        assertThat(schema.apply("embedding").dataType().typeName()).isEqualTo("vector");
        assertThat(schema.apply("error").dataType()).isEqualTo(DataTypes.StringType);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pooling|none|pooling is none; expected one of model, mean, cls, pooler, max, mean-sqrt-len, last",
                "combine|none|combine is none; expected one of mean, weighted-mean",
                "outputType|list|outputType is list; expected one of array, vector",
                "precision|FLOAT32|precision is FLOAT32; expected one of float32"
            })
    void namesOfChoicesAreChecked(String param, String value, String message) {
        assertThatThrownBy(() -> embedder().set(param, value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void settingsThatDoNotFitAreRefused() {
        Dataset<Row> texts = Tiny.texts(1, "a");
        assertRefused(embedder().setStride(-1), texts, "embed.stride is -1; expected at least 0");
        assertRefused(embedder().setVectorType("int8"), texts, "vectorType is int8 and scaleCol is not set");
        assertRefused(embedder().setScaleCol("s"), texts, "vectorType is float32 and scaleCol is s");
        assertRefused(
                embedder().setVectorType("binary").setOutputType("vector"),
                texts,
                "outputType is vector but vectorType is binary");
        assertRefused(embedder().setDimensions(99), texts, "embed.dimensions is 99 but the model's vectors have 32");
        assertRefused(embedder().setModelSha256("abc"), texts, "but modelSha256 is abc; bring back the model");
    }

    static BertEmbedder embedder() {
        return new BertEmbedder().setModel(Tiny.model("sequence")).setNormalize("true");
    }

    private static void assertRefused(BertEmbedder embedder, Dataset<Row> texts, String message) {
        assertThatThrownBy(() -> embedder.transform(texts))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    /** Vectors by the first column, which is the id, of the column embedding. */
    static Map<Long, double[]> vectors(Dataset<Row> embedded) {
        Map<Long, double[]> vectors = new TreeMap<>();
        for (Row row : embedded.select("id", "embedding").collectAsList()) {
            vectors.put(row.getLong(0), doubles(row.getList(1)));
        }
        return vectors;
    }

    static double[] doubles(List<Float> floats) {
        return floats.stream().mapToDouble(Float::doubleValue).toArray();
    }

    private static double norm(Row row) {
        return Math.sqrt(Arrays.stream(doubles(row.getList(2))).map(d -> d * d).sum());
    }

    /** As text, in which not-a-number equals itself and bytes are compared by content. */
    private static List<String> rows(Dataset<Row> rows) {
        List<String> texts = new ArrayList<>();
        for (Row row : rows.withColumn("bytes", expr("hex(bytes)"))
                .withColumn("time", expr("unix_micros(time)"))
                .withColumn("day", expr("unix_date(day)"))
                .collectAsList()) {
            texts.add(row.toString());
        }
        return texts;
    }
}
