package io.textloom.spark.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.textloom.spark.stage.Document;
import io.textloom.spark.stage.Meter;
import io.textloom.spark.stage.Outcome;
import io.textloom.spark.stage.Part;
import io.textloom.spark.stage.PartResult;
import io.textloom.spark.stage.Splitting;
import io.textloom.text.RejectCode;
import io.textloom.text.Rejection;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.Serializer;
import org.apache.spark.serializer.SerializerInstance;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.Test;
import scala.Tuple2;
import scala.reflect.ClassTag$;

class JoinedPartsTest {
    private static final Meter THREE = new Meter(3, 3, 0, 0, 0, 0, 0);

    @Test
    void aJoinerNeedNotReadAllResults() {
        JoinedParts parts = joined(row(0, 0, "a", false), row(0, 1, "a", true).plus(THREE), row(1, 0, "b", true));
        assertThat(parts.join(document("a"))).toIterable().hasSize(1);
        assertThat(parts.join(document("b"))).toIterable().hasSize(1);
        parts.finish();
        assertThat(parts.meter()).isEqualTo(THREE);
    }

    @Test
    void aRejectionStandsBeforeThePartsThatWereDone() {
        PartRow rejected =
                row(0, 1, "a", false).answered(PartResult.rejected(new Rejection(RejectCode.MODEL_FAILED, "no")));
        JoinedParts parts =
                joined(row(0, 0, "a", false), rejected, row(0, 2, "a", true).plus(THREE));
        assertThat(parts.join(document("a")))
                .toIterable()
                .singleElement()
                .isInstanceOfSatisfying(
                        Outcome.Rejected.class,
                        outcome -> assertThat(outcome.rejection().message()).isEqualTo("no"));
        parts.finish();
        assertThat(parts.meter()).as("its parts were computed all the same").isEqualTo(THREE);
    }

    @Test
    void resultsThatAreMissingOrLeftOverAreErrors() {
        assertThatThrownBy(() -> read(joined(), "a"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Part 0 of the document a has no result");
        assertThatThrownBy(() -> read(joined(row(0, 0, "a", false)), "a"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Part 1 of the document a has no result");
        assertThatThrownBy(() -> read(joined(row(0, 0, "a", false), row(0, 2, "a", true)), "a"))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> read(joined(row(0, 0, "other", true)), "a")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> joined(row(0, 0, "a", true)).finish())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Results of the document a have no document");
    }

    @Test
    void partsTravelByBothSerializers() {
        Rejection rejection = new Rejection(RejectCode.TOO_LONG, "long");
        for (Serializer serializer :
                List.of(new JavaSerializer(new SparkConf()), new KryoSerializer(new SparkConf()))) {
            SerializerInstance instance = serializer.newInstance();
            PartRow row = roundTrip(instance, row(4, 2, "a", true).plus(THREE));
            assertThat(row.key()).isEqualTo(new PartKey(3, 4, false, 2));
            assertThat(row.part().bytes()).containsExactly(4, 2);
            assertThat(row.meter()).isEqualTo(THREE);
            assertThat(row.last()).isTrue();
            PartRow rejected = roundTrip(instance, PartRow.rejected(3, 4, "a", rejection));
            assertThat(rejected.rejection()).contains(rejection);
            assertThat(roundTrip(instance, row.key())).isEqualTo(row.key());
        }
    }

    private static <T> T roundTrip(SerializerInstance serializer, T value) {
        ByteBuffer bytes = serializer.serialize(value, ClassTag$.MODULE$.apply(Object.class));
        return serializer.deserialize(bytes, ClassTag$.MODULE$.apply(Object.class));
    }

    private static void read(JoinedParts parts, String id) {
        parts.join(document(id)).forEachRemaining(outcome -> {});
    }

    private static JoinedParts joined(PartRow... rows) {
        Iterator<Tuple2<PartKey, PartRow>> sorted = Arrays.stream(rows)
                .map(row -> new Tuple2<>(row.key(), row))
                .sorted((a, b) -> a._1().compareTo(b._1()))
                .iterator();
        return JoinedParts.of(new LargeDocuments(1), new FirstResult(), sorted, new Configuration(false));
    }

    private static PartRow row(int document, int part, String id, boolean last) {
        return PartRow.of(3, document, part, id, new Part(new byte[] {(byte) document, (byte) part}, 5), last);
    }

    private static Document document(String id) {
        return new Document(
                UTF8String.fromString(id), UTF8String.EMPTY_UTF8, UTF8String.EMPTY_UTF8, InternalRow.empty(), 0);
    }

    /** Looks at a document's first result only. */
    private static final class FirstResult implements Splitting {
        private static final long serialVersionUID = 1;

        @Override
        public Cutter openCutter(Configuration conf) {
            throw new UnsupportedOperationException();
        }

        @Override
        public PartWork openParts(Configuration conf) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Joiner openJoiner(Configuration conf) {
            return new Joiner() {
                @Override
                public Iterator<Outcome> join(Document document, Iterator<byte[]> results) {
                    results.next();
                    return List.<Outcome>of(new Outcome.Taken(document)).iterator();
                }

                @Override
                public Meter meter() {
                    return Meter.ZERO;
                }

                @Override
                public void close() {}
            };
        }
    }
}
