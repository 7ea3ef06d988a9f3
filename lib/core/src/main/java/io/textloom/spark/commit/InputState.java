package io.textloom.spark.commit;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.textloom.spark.intake.InputFingerprint;
import java.io.IOException;

/**
 * {@code _textloom/input.json}: an input of which every row is accounted for in a commit. A later run that finds the same files need not read them.
 *
 * @param run the commit
 * @param fingerprint of the files as they were listed before they were read
 * @param deleted what became of ids that this input does not have
 * @param version of Textloom, which decides what a row is
 * @param rowsRead,duplicatesDropped of that input
 * @param recordedAtMillis when this was known, since 1970; a clock that went back behind it may give new content an old time
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record InputState(
        String run,
        InputFingerprint fingerprint,
        Deleted deleted,
        String version,
        long rowsRead,
        long duplicatesDropped,
        long recordedAtMillis) {
    /** Whether it says of the same commit and input what the other says; when does not matter. */
    boolean saysWhat(InputState other) {
        return run.equals(other.run)
                && fingerprint.equals(other.fingerprint)
                && deleted == other.deleted
                && version.equals(other.version);
    }

    byte[] toJson() throws IOException {
        return new ObjectMapper().writeValueAsBytes(this);
    }

    static InputState fromJson(byte[] json) throws IOException {
        return new ObjectMapper().readValue(json, InputState.class);
    }
}
