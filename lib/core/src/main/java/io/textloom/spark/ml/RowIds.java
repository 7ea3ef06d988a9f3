package io.textloom.spark.ml;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.XxHash64Function;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/**
 * What rows are called, where draws depend on it: by a column, or by the columns that a prompt is made of. Neither depends on partitions or on the order of
 * rows.
 */
interface RowIds extends Serializable {
    /** Rows whose names nobody looks at. */
    RowIds NONE = new Nameless();

    /** @return null where the row has no id */
    @Nullable
    UTF8String of(InternalRow row);

    /** @throws IllegalArgumentException if the schema has no such column, or of another type than texts and whole numbers */
    static void requireId(StructType schema, String column) {
        ModelTransformer.requireColumn(schema, column, "idCol");
        DataType type = schema.apply(column).dataType();
        if (!List.of(
                        DataTypes.StringType,
                        DataTypes.LongType,
                        DataTypes.IntegerType,
                        DataTypes.ShortType,
                        DataTypes.ByteType)
                .contains(type)) {
            throw new IllegalArgumentException("The column " + column + " is of type " + type.simpleString()
                    + "; expected string or whole numbers, cast it or set idCol to another");
        }
    }

    static RowIds ofColumn(StructType schema, String column) {
        requireId(schema, column);
        return new Given(schema.fieldIndex(column), schema.apply(column).dataType());
    }

    /**
     * Of a text alone, the id that the jobs give to the first row with it.
     *
     * @param text ordinal of the text; {@link RowDocuments#NO_TEXT} for none
     * @param others ordinals of the columns read beside it
     */
    static RowIds ofContent(StructType schema, int text, List<Integer> others) {
        ArrayList<DataType> types = new ArrayList<>();
        others.forEach(i -> types.add(schema.fields()[i].dataType()));
        return new Content(text, new ArrayList<>(others), types);
    }

    /** All the same. */
    record Nameless() implements RowIds {
        @Override
        public UTF8String of(InternalRow row) {
            return UTF8String.EMPTY_UTF8;
        }
    }

    /** A column's value as a text. */
    record Given(int column, DataType type) implements RowIds {
        @Override
        public @Nullable UTF8String of(InternalRow row) {
            return row.isNullAt(column)
                    ? null
                    : UTF8String.fromString(row.get(column, type).toString());
        }
    }

    /** Digits of a SHA-256. */
    record Content(int text, ArrayList<Integer> others, ArrayList<DataType> types) implements RowIds {
        private static final int HASH_BYTES = 16;
        private static final long HASH_SEED = 42;

        @Override
        public UTF8String of(InternalRow row) {
            MessageDigest sha = sha256();
            if (text != RowDocuments.NO_TEXT && !row.isNullAt(text)) {
                sha.update(row.getUTF8String(text).getBytes());
            }
            for (int i = 0; i < others.size(); i++) {
                Object value = row.isNullAt(others.get(i)) ? null : row.get(others.get(i), types.get(i));
                sha.update(ByteBuffer.allocate(1 + Long.BYTES)
                        .put((byte) (value == null ? 0 : 1))
                        .putLong(value == null ? 0 : XxHash64Function.hash(value, types.get(i), HASH_SEED))
                        .flip());
            }
            String digits = HexFormat.of().formatHex(Arrays.copyOf(sha.digest(), HASH_BYTES));
            return UTF8String.fromBytes((digits + "-1").getBytes(StandardCharsets.US_ASCII));
        }

        private static MessageDigest sha256() {
            try {
                return MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("This Java has no SHA-256, which every Java must have", e);
            }
        }
    }
}
