package io.textloom.spark.quarantine;

import io.textloom.spark.stage.Document;
import java.io.Serializable;

/** One row with one content, whatever partition it is in. */
public record RowName(String id, String contentHash) implements Serializable {
    static RowName of(Document document) {
        return new RowName(document.id(), document.contentHash().toString());
    }
}
