package io.textloom.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.textloom.embed.Combine;
import io.textloom.embed.EmbedOptions;
import io.textloom.embed.NormalizeOption;
import io.textloom.embed.PoolingOption;
import io.textloom.model.ModelRef;
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
import io.textloom.spark.stage.ModelLeases;
import io.textloom.tensor.Precision;
import io.textloom.tensor.VectorType;
import io.textloom.token.LongDocuments;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.Serializer;
import org.apache.spark.serializer.SerializerInstance;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scala.collection.JavaConverters;
import scala.reflect.ClassTag$;

/** The stages among MLlib's: saved, loaded, fitted with others, and equal to the job. */
class PipelineTest {
    private static final String[] PRAISE = {
        "a warm and wonderful film", "I loved every minute of it", "brilliant, funny and moving",
        "the best meal we ever had", "a delight from start to end", "she is a superb and gifted singer",
        "great service and lovely people", "what a beautiful, happy day"
    };
    private static final String[] BLAME = {
        "a cold and dreadful film", "I hated every minute of it", "boring, stupid and dull",
        "the worst meal we ever had", "a torment from start to end", "he is a terrible and clumsy singer",
        "awful service and rude people", "what an ugly, miserable day"
    };

    @TempDir
    Path dir;

    @Test
    void aClassifierLearnsFromVectorsAndIsSavedWithThem() throws Exception {
        Dataset<Row> reviews = reviews();
        BertEmbedder embedder = new BertEmbedder().setOutputType("vector").setOutputCol("features");
        Pipeline pipeline =
                new Pipeline().setStages(new PipelineStage[] {embedder, new LogisticRegression().setRegParam(0.01)});
        pipeline.write().overwrite().save(path("pipeline"));
        PipelineModel model = Pipeline.load(path("pipeline")).fit(reviews);
        model.write().overwrite().save(path("model"));
        PipelineModel loaded = PipelineModel.load(path("model"));

        assertThat(loaded.stages()[0].uid()).isEqualTo(embedder.uid());
        assertThat(((LogisticRegressionModel) loaded.stages()[1]).numFeatures()).isEqualTo(384);
        List<Row> before =
                model.transform(reviews).select("text", "probability").collectAsList();
        assertThat(loaded.transform(reviews).select("text", "probability").collectAsList())
                .isEqualTo(before);
        Dataset<Row> unseen = Tiny.texts(2, "an awful, dreadful evening", "a wonderful, delightful evening");
        assertThat(loaded.transform(unseen).orderBy("id").select("prediction").collectAsList())
                .extracting(row -> row.getDouble(0))
                .containsExactly(0.0, 1.0);
    }

    @Test
    void whatIsSavedIsWhatIsLoaded() throws Exception {
        BertEmbedder embedder = new BertEmbedder()
                .setInputCol("body")
                .setOutputCol("vector")
                .setModel("bge-small-zh-v1.5")
                .setModelSha256("0".repeat(64))
                .setPooling("mean-sqrt-len")
                .setLayers(-2, -1)
                .setNormalize("false")
                .setMaxTokens(99)
                .setStride(7)
                .setLongDocuments("truncate")
                .setCombine("mean")
                .setDimensions(64)
                .setPrompt("query: ")
                .setPrecision("int8")
                .setVectorType("int8")
                .setScaleCol("scale")
                .setBatchTokens(256)
                .setDevice("cpu")
                .setProviderLibrary("/opt/provider.so")
                .setTokensCol("n")
                .setTruncatedCol("cut")
                .setErrorCol("why");
        embedder.save(path("embedder"));
        BertEmbedder loaded = BertEmbedder.load(path("embedder"));
        assertThat(loaded.uid()).isEqualTo(embedder.uid());
        for (Param<?> param : embedder.params()) {
            assertThat(loaded.getOrDefault(loaded.getParam(param.name())))
                    .as(param.name())
                    .isEqualTo(embedder.getOrDefault(param));
        }
        assertThat(embedder.params()).hasSize(23);
        assertThatThrownBy(() -> embedder.save(path("embedder"))).hasMessageContaining("already exists");
        BertEmbedder copy = embedder.copy(new ParamMap().put(embedder.getParam("stride"), 9));
        assertThat(copy.getStride()).isEqualTo(9);
        assertThat(copy.getLayers()).containsExactly(-2, -1);
        assertThat(embedder.getStride()).isEqualTo(7);
        assertThat(embedder.explainParams()).contains("overlap of neighbouring windows");
    }

    @Test
    void vectorsAreThoseOfTheEmbedJob() {
        Dataset<Row> texts = Tiny.texts(3, Tiny.mixed(60)).selectExpr("cast(id as string) as key", "id", "text");
        texts.write().parquet(path("in"));
        Jobs.embed(context(), weightedMean());
        Map<Long, double[]> ofJob = new TreeMap<>();
        for (Row row : LocalSpark.session().read().parquet(path("out")).collectAsList()) {
            ofJob.put(
                    Long.valueOf(row.getAs("id")), BertEmbedderTest.doubles(row.getList(row.fieldIndex("embedding"))));
        }
        Map<Long, double[]> ofStage =
                BertEmbedderTest.vectors(new BertEmbedder().setMaxTokens(64).transform(texts));
        assertThat(ofStage.keySet()).isEqualTo(ofJob.keySet()).hasSize(60);
        ofStage.forEach((id, vector) -> assertThat(vector).containsExactly(ofJob.get(id), within(1e-6)));
    }

    static List<Serializer> serializers() {
        return List.of(new JavaSerializer(new SparkConf()), new KryoSerializer(new SparkConf()));
    }

    @ParameterizedTest
    @MethodSource("serializers")
    void theFunctionTravels(Serializer serializer) {
        Configuration conf = new Configuration();
        BertEmbedder embedder = BertEmbedderTest.embedder().setErrorCol("error").setTokensCol("n");
        ModelRef ref = ModelLeases.store().resolve(embedder.getModel(), conf);
        var stage = embedder.stage(ref, new StructType(), conf);
        List<OutputColumn> columns = new ArrayList<>(embedder.results(() -> stage));
        columns.add(OutputColumn.error("error"));
        StageFunction sent = new StageFunction(
                "name",
                stage,
                new RowDocuments(1, RowIds.NONE),
                columns.stream().map(c -> c.reader(stage)).toList(),
                new SerializableConfiguration(new Configuration(false)));
        SerializerInstance instance = serializer.newInstance();
        ByteBuffer bytes = instance.serialize(sent, ClassTag$.MODULE$.apply(Object.class));
        assertThat(bytes.remaining()).as("no model in it").isLessThan(20_000);
        StageFunction arrived = instance.deserialize(bytes, ClassTag$.MODULE$.apply(Object.class));
        List<Object> rows = List.of(row(1, "a ferry"), row(2, ""));
        Iterator<Object> out =
                JavaConverters.asJavaIterator(arrived.apply(JavaConverters.asScalaIterator(rows.iterator())));
        InternalRow first = (InternalRow) out.next();
        assertThat(first.getInt(0)).isEqualTo(1);
        assertThat(first.getArray(2).numElements()).isEqualTo(Tiny.HIDDEN);
        assertThat(first.getInt(3)).isPositive();
        assertThat(first.isNullAt(4)).isTrue();
        InternalRow second = (InternalRow) out.next();
        assertThat(second.isNullAt(2)).isTrue();
        assertThat(second.getUTF8String(4).toString()).startsWith("EMPTY_TEXT");
        assertThat(out.hasNext()).isFalse();
    }

    private static InternalRow row(int id, String text) {
        return new GenericInternalRow(new Object[] {id, UTF8String.fromString(text)});
    }

    private static Dataset<Row> reviews() {
        List<String> texts = new ArrayList<>(List.of(BLAME));
        texts.addAll(List.of(PRAISE));
        return Tiny.texts(2, texts.toArray(String[]::new))
                .selectExpr("id", "text", "if(id < " + BLAME.length + ", 0D, 1D) as label")
                .sort("id");
    }

    private static EmbedOptions weightedMean() {
        return new EmbedOptions(
                PoolingOption.MODEL,
                List.of(-1),
                false,
                NormalizeOption.MODEL,
                64,
                0,
                LongDocuments.CHUNK,
                Combine.WEIGHTED_MEAN,
                0,
                "",
                Precision.FLOAT32,
                VectorType.FLOAT32,
                512);
    }

    private JobContext context() {
        IntakeOptions intake = new IntakeOptions(
                List.of(path("in")),
                InputFormat.PARQUET,
                DocumentUnit.LINE,
                "text",
                "key",
                DuplicateIds.ERROR,
                List.of(),
                "",
                0,
                2);
        OutputOptions output = new OutputOptions(path("out"), RunMode.FAIL, 0, List.of(), OutputFormat.PARQUET);
        return new JobContext(
                LocalSpark.session(), "all-MiniLM-L6-v2", intake, output, new TreeMap<>(), Progress.SILENT);
    }

    private String path(String name) {
        return dir.resolve(name).toString();
    }
}
