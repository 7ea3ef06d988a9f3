package io.textloom.spark.commit;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;

/**
 * What one commit does to the output directory, written to staging before the first file moves. Applying it twice is harmless, so a commit that was cut off
 * is finished by the next run.
 *
 * @param deletes paths relative to the output directory
 * @param moves staged files to their committed paths
 */
record Journal(List<String> deletes, List<Move> moves, Manifest manifest) {
    record Move(String from, String to) {}

    byte[] toJson() throws IOException {
        return new ObjectMapper().writeValueAsBytes(this);
    }

    static Journal fromJson(byte[] json) throws IOException {
        return new ObjectMapper().readValue(json, Journal.class);
    }
}
