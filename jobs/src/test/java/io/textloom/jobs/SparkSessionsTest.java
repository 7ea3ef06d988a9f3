package io.textloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.textloom.config.Job;
import io.textloom.config.ResolvedSettings;
import io.textloom.config.SettingsResolver;
import io.textloom.config.Sources;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import scala.Tuple2;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import scala.reflect.ClassTag$;

class SparkSessionsTest {
    /** The first task is done long before Spark would give up waiting for the place of the others, and then nothing wakes its local scheduler. */
    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void inLocalModeTasksDoNotWaitForAPlaceThatIsNotThere() {
        ResolvedSettings settings = SettingsResolver.resolve(
                Job.TOKENIZE, new Sources(Optional.empty(), Map.of(), Map.of(), List.of("master=local[2]"), Map.of()));
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        try (SparkSession spark =
                SparkSessions.open(settings, "test", new Console(nowhere, nowhere, Map.of(), false), false)) {
            List<Tuple2<Integer, Seq<String>>> parts = List.of(
                    at(1, Utils.localCanonicalHostName()), at(2, "elsewhere"), at(3, "elsewhere"), at(4, "elsewhere"));
            JavaRDD<Integer> numbers = spark.sparkContext()
                    .makeRDD(JavaConverters.asScalaBuffer(parts).toSeq(), ClassTag$.MODULE$.apply(Integer.class))
                    .toJavaRDD()
                    .map(part -> (Integer) part);
            assertThat(numbers.collect()).containsExactly(1, 2, 3, 4);
        }
    }

    private static Tuple2<Integer, Seq<String>> at(int number, String host) {
        return new Tuple2<>(number, JavaConverters.asScalaBuffer(List.of(host)).toSeq());
    }
}
