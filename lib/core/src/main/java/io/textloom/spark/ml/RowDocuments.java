package io.textloom.spark.ml;

import io.textloom.spark.stage.Document;
import io.textloom.text.RejectCode;
import io.textloom.text.Rejection;
import io.textloom.text.Texts;
import java.io.Serializable;
import java.util.Optional;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Rows as documents; travels to executors.
 *
 * @param textColumn ordinal of a string column; {@link #NO_TEXT} where none is read
 */
record RowDocuments(int textColumn, RowIds ids) implements Serializable {
    static final int NO_TEXT = -1;

    /** A row without text goes along as an empty document: that keeps its place, and the rows a stage gathers bounded. */
    Document document(InternalRow row) {
        boolean rejected = rejection(row).isPresent();
        UTF8String id = rejected ? null : ids.of(row);
        return new Document(
                id == null ? UTF8String.EMPTY_UTF8 : id,
                UTF8String.EMPTY_UTF8,
                rejected || textColumn == NO_TEXT ? UTF8String.EMPTY_UTF8 : row.getUTF8String(textColumn),
                row,
                0);
    }

    /** Why the row has no result, whatever the stage made of it. */
    Optional<Rejection> rejection(InternalRow row) {
        if (ids.of(row) == null) {
            return Optional.of(new Rejection(RejectCode.MISSING_ID, "The id is null"));
        }
        if (textColumn == NO_TEXT) {
            return Optional.empty();
        }
        if (row.isNullAt(textColumn)) {
            return Optional.of(new Rejection(RejectCode.MISSING_TEXT, "The text is null"));
        }
        byte[] text = row.getUTF8String(textColumn).getBytes();
        if (!Texts.isUtf8(text)) {
            return Optional.of(new Rejection(RejectCode.INVALID_UTF8, "The text is not UTF-8"));
        }
        if (Texts.isBlank(text)) {
            return Optional.of(new Rejection(RejectCode.EMPTY_TEXT, "The text is empty or only white space"));
        }
        return Optional.empty();
    }
}
