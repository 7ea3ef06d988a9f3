package io.textloom.spark.stage;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/** One document as a task holds it: strings as Spark has them, decoded only where somebody asks. */
public final class Document {
    private final UTF8String id;
    private final UTF8String contentHash;
    private final UTF8String text;
    private final InternalRow kept;
    private final int firstKept;
    private @Nullable String decoded;

    /**
     * @param kept the whole input row, for those who know where in it the kept columns are; owned by this document, as are the strings
     * @param firstKept where in it they begin
     */
    public Document(UTF8String id, UTF8String contentHash, UTF8String text, InternalRow kept, int firstKept) {
        this.id = id;
        this.contentHash = contentHash;
        this.text = text;
        this.kept = kept;
        this.firstKept = firstKept;
    }

    public String id() {
        return id.toString();
    }

    public UTF8String idUtf8() {
        return id;
    }

    public UTF8String contentHash() {
        return contentHash;
    }

    public String text() {
        if (decoded == null) {
            decoded = text.toString();
        }
        return decoded;
    }

    /** A kept column that holds a text; empty where it is null. */
    public Optional<String> keptText(int ordinal) {
        return kept.isNullAt(firstKept + ordinal)
                ? Optional.empty()
                : Optional.of(kept.getUTF8String(firstKept + ordinal).toString());
    }

    /** A kept column of any type that {@link RowValues} reads. */
    @Nullable
    Object keptValue(int ordinal, DataType type) {
        return RowValues.value(kept, firstKept + ordinal, type);
    }

    /** A kept column that holds a list of texts, nulls among them; empty where it is null. */
    public Optional<List<@Nullable String>> keptTexts(int ordinal) {
        if (kept.isNullAt(firstKept + ordinal)) {
            return Optional.empty();
        }
        ArrayData array = kept.getArray(firstKept + ordinal);
        List<@Nullable String> texts = new ArrayList<>(array.numElements());
        for (int i = 0; i < array.numElements(); i++) {
            texts.add(array.isNullAt(i) ? null : array.getUTF8String(i).toString());
        }
        return Optional.of(texts);
    }

    public InternalRow kept() {
        return kept;
    }

    /** Somebody who reads UTF-8 out of {@code utf8[from .. to)}. */
    public interface Utf8Reader {
        void read(byte[] utf8, int from, int to);
    }

    /** Hands out the text's bytes where they lie; the reader must neither change nor keep them. */
    public void readText(Utf8Reader reader) {
        if (text.getBaseObject() instanceof byte[] bytes) {
            int from = Math.toIntExact(text.getBaseOffset() - Platform.BYTE_ARRAY_OFFSET);
            reader.read(bytes, from, from + text.numBytes());
        } else {
            byte[] bytes = text.getBytes();
            reader.read(bytes, 0, bytes.length);
        }
    }
}
