package io.textloom.spark.stage;

import io.textloom.text.Rejection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What came of a part: bytes in a form of the stage's own, or the reason why the whole document is rejected. */
public final class PartResult {
    private final byte[] bytes;
    private final @Nullable Rejection rejection;

    private PartResult(byte[] bytes, @Nullable Rejection rejection) {
        this.bytes = bytes;
        this.rejection = rejection;
    }

    /** @param bytes owned by the result */
    public static PartResult of(byte[] bytes) {
        return new PartResult(bytes, null);
    }

    /** The document goes to the error table, whatever became of its other parts. */
    public static PartResult rejected(Rejection rejection) {
        return new PartResult(new byte[0], rejection);
    }

    /** Empty where the part was rejected. */
    public byte[] bytes() {
        return bytes;
    }

    public Optional<Rejection> rejection() {
        return Optional.ofNullable(rejection);
    }
}
