package io.textloom.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.textloom.classify.ClassifyOptions;
import io.textloom.classify.FillMaskOptions;
import io.textloom.embed.Combine;
import io.textloom.embed.EmbedOptions;
import io.textloom.embed.NormalizeOption;
import io.textloom.embed.PoolingOption;
import io.textloom.generate.LongPrompts;
import io.textloom.generate.TestOptions;
import io.textloom.openai.Answerer;
import io.textloom.openai.BatchOptions;
import io.textloom.score.ChoiceOptions;
import io.textloom.score.ChoiceScore;
import io.textloom.score.DecoderOptions;
import io.textloom.score.LikelihoodOptions;
import io.textloom.spark.commit.TaskReport;
import io.textloom.spark.quarantine.Crumb;
import io.textloom.spark.quarantine.RowName;
import io.textloom.spark.quarantine.Trail;
import io.textloom.spark.quarantine.WorkerProcess;
import io.textloom.spark.stage.DeviceChoice;
import io.textloom.spark.stage.DeviceOptions;
import io.textloom.spark.stage.Meter;
import io.textloom.spark.stage.SideText;
import io.textloom.tensor.Precision;
import io.textloom.tensor.VectorType;
import io.textloom.token.LengthCounter;
import io.textloom.token.Lengths;
import io.textloom.token.LongDocuments;
import io.textloom.token.TokenizeOptions;
import io.textloom.token.train.TokenizerType;
import io.textloom.token.train.TrainTokenizerOptions;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.SerializerInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scala.reflect.ClassTag$;

/** Closures go by Java serialization; task results by the session's serializer, which may be Kryo. */
class TravellingTypesTest {
    static List<Object> closures() {
        return List.of(
                new TokenizeOptions(7, true),
                new TrainTokenizerOptions(TokenizerType.WORDPIECE, 300, 2, true, List.of(), 5, 9, 100),
                new EmbedOptions(
                        PoolingOption.CLS,
                        List.of(-1),
                        false,
                        NormalizeOption.FALSE,
                        64,
                        8,
                        LongDocuments.ERROR,
                        Combine.NONE,
                        128,
                        "query: ",
                        Precision.FLOAT32,
                        VectorType.FLOAT32,
                        256),
                ClassifyOptions.defaults(),
                FillMaskOptions.defaults(),
                new SideText("question", 2, true),
                new SideText("options", 0, false).ofLists(),
                LikelihoodOptions.defaults(),
                new ChoiceOptions(
                        List.of("yes", "no"),
                        "",
                        " ",
                        ChoiceScore.PMI,
                        "Answer:",
                        "right",
                        LongDocuments.CHUNK,
                        DecoderOptions.defaults()),
                new BatchOptions(true, false),
                new Trail(
                        "out/_textloom/staging/run",
                        4,
                        true,
                        false,
                        true,
                        List.of(new Crumb(
                                1,
                                4,
                                7,
                                new WorkerProcess("app", "2", "host", 12, 34, "hs_err_pid12.log"),
                                Crumb.Level.ALONE,
                                true,
                                List.of(new RowName("a", "00"))))),
                Answerer.of("m", "0123456789ab", 5),
                new DeviceOptions(DeviceChoice.CUDA, "/opt/provider.so"),
                TestOptions.of(9, 0.5, 3, 0.9, 4, 2, List.of("\n"), LongPrompts.ERROR, 8),
                new Meter(1, 2, 3, 4, 5, 6, 7));
    }

    static List<Object> results() {
        return List.of(
                new TaskReport(
                        3,
                        17,
                        List.of(new TaskReport.StagedFile(
                                TaskReport.Kind.ROWS, "rows-3-17-0.parquet", "lang=en", 5, 99)),
                        8,
                        1,
                        1,
                        5,
                        2,
                        new TreeMap<>(Map.of("EMPTY_TEXT", 1L)),
                        new Meter(1, 2, 3, 4, 5, 6, 7, new TreeMap<>(Map.of("m", lengths())))),
                new TaskReport.StagedFile(TaskReport.Kind.LEDGER, "ledger", "", 0, 0));
    }

    private static Lengths lengths() {
        LengthCounter counter = new LengthCounter();
        counter.add(3);
        counter.add(100_000);
        return counter.lengths();
    }

    @ParameterizedTest
    @MethodSource("closures")
    void optionsTravelToExecutors(Object value) {
        assertThat(roundTrip(new JavaSerializer(new SparkConf()).newInstance(), value))
                .isEqualTo(value);
    }

    @ParameterizedTest
    @MethodSource("results")
    void resultsTravelToTheDriverBothWays(Object value) {
        assertThat(roundTrip(new JavaSerializer(new SparkConf()).newInstance(), value))
                .isEqualTo(value);
        assertThat(roundTrip(new KryoSerializer(new SparkConf()).newInstance(), value))
                .isEqualTo(value);
    }

    private static Object roundTrip(SerializerInstance serializer, Object value) {
        ByteBuffer bytes = serializer.serialize(value, ClassTag$.MODULE$.apply(Object.class));
        return serializer.deserialize(bytes, ClassTag$.MODULE$.apply(Object.class));
    }
}
