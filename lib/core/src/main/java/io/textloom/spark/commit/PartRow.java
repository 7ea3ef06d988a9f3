package io.textloom.spark.commit;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import io.textloom.spark.stage.Meter;
import io.textloom.spark.stage.Part;
import io.textloom.spark.stage.PartResult;
import io.textloom.text.RejectCode;
import io.textloom.text.Rejection;
import java.io.Serializable;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A part on its way from the task that cuts its document to the one that computes it and back: first what is to be computed, then what came of it. */
@DefaultSerializer(JavaSerializer.class)
final class PartRow implements Serializable {
    private static final long serialVersionUID = 1;

    private final PartKey key;
    private final String id;
    private final boolean last;
    private final int tokens;
    private final byte[] bytes;
    private final @Nullable RejectCode code;
    private final String message;
    private final Meter meter;

    private PartRow(
            PartKey key,
            String id,
            boolean last,
            int tokens,
            byte[] bytes,
            @Nullable Rejection rejection,
            Meter meter) {
        this.key = key;
        this.id = id;
        this.last = last;
        this.tokens = tokens;
        this.bytes = bytes;
        this.code = rejection == null ? null : rejection.code();
        this.message = rejection == null ? "" : rejection.message();
        this.meter = meter;
    }

    /** @param last whether the document has no more parts */
    static PartRow of(int partition, int document, int number, String id, Part part, boolean last) {
        PartKey key = new PartKey(partition, document, false, number);
        return new PartRow(key, id, last, part.tokens(), part.bytes(), null, Meter.ZERO);
    }

    /** In place of a document's parts. */
    static PartRow rejected(int partition, int document, String id, Rejection rejection) {
        PartKey key = new PartKey(partition, document, true, 0);
        return new PartRow(key, id, true, 0, new byte[0], rejection, Meter.ZERO);
    }

    PartRow answered(PartResult result) {
        PartKey to =
                new PartKey(key.partition(), key.document(), result.rejection().isPresent(), key.part());
        return new PartRow(
                to, id, last, tokens, result.bytes(), result.rejection().orElse(null), meter);
    }

    /** The same without what is to be computed. */
    PartRow emptied() {
        return new PartRow(key, id, last, tokens, new byte[0], null, meter);
    }

    /** The same with the counts of a task's whole work on it; one row per task carries them. */
    PartRow plus(Meter more) {
        return new PartRow(key, id, last, tokens, bytes, rejection().orElse(null), meter.plus(more));
    }

    PartKey key() {
        return key;
    }

    /** Of the document. */
    String id() {
        return id;
    }

    boolean last() {
        return last;
    }

    int tokens() {
        return tokens;
    }

    byte[] bytes() {
        return bytes;
    }

    Part part() {
        return new Part(bytes, tokens);
    }

    Optional<Rejection> rejection() {
        return code == null ? Optional.empty() : Optional.of(new Rejection(code, message));
    }

    Meter meter() {
        return meter;
    }
}
