package io.textloom.spark.intake;

import io.textloom.spark.lineage.Redaction;
import org.apache.hadoop.fs.Path;

/** An input that cannot be read: what was looked for, what was found, what to do; without the credentials of a URI. */
public final class InputException extends RuntimeException {
    public InputException(String message) {
        super(Redaction.uris(message));
    }

    public InputException(String message, Throwable cause) {
        super(Redaction.uris(message), cause);
    }

    /**
     * A file that cannot be read to its end.
     *
     * @param position up to which it could be read; unit: bytes, of the text where the file is compressed
     */
    static InputException unreadable(Path file, long position, Exception cause) {
        return cause instanceof InputException own
                ? own
                : new InputException(
                        "Cannot read " + file + " behind byte " + position + ": " + cause.getMessage()
                                + "; the file is damaged or not of the format its name says, replace it or set"
                                + " --input-format",
                        cause);
    }
}
