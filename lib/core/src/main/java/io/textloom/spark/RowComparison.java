package io.textloom.spark;

import io.textloom.table.Columns;
import io.textloom.table.EmbeddingTable;
import io.textloom.tensor.HalfFloats;
import io.textloom.tensor.VectorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import scala.collection.JavaConverters;

/** Compares rows of two runs: texts, ids and counts exactly, numbers with fractions to 1e-4, codes of vectors to one step. */
final class RowComparison {
    /** Of numbers near 1 and below; of larger ones relative to them. */
    private static final double TOLERANCE = 1e-4;
    /** A half float near 1 has steps of 2^-10. */
    private static final double HALF_TOLERANCE = 1e-3;
    /** Signs of components that are as good as 0 may differ, one in so many. */
    private static final int BITS_PER_FLIP = 100;

    private static final List<String> NUMBERS = List.of(
            Columns.TOKENIZER, Columns.MODEL, Columns.CHUNK_INDEX, Columns.SENTENCE_INDEX, Columns.SAMPLE_INDEX);

    private final StructType schema;
    private final List<Integer> key = new ArrayList<>();
    private final List<String> differences = new ArrayList<>();

    /** @param schema of both sides */
    RowComparison(StructType schema) {
        this.schema = schema;
        List<String> names = List.of(schema.fieldNames());
        key.add(names.indexOf(Columns.ID));
        NUMBERS.stream().filter(names::contains).forEach(name -> key.add(names.indexOf(name)));
    }

    /** In words, each with the row and the column. */
    List<String> differences() {
        return differences;
    }

    void compare(List<Row> stored, List<Row> computed) {
        Map<String, Row> byKey = new LinkedHashMap<>();
        computed.forEach(row -> byKey.put(key(row), row));
        Map<String, Row> sorted = new TreeMap<>();
        stored.forEach(row -> sorted.put(key(row), row));
        sorted.forEach((name, row) -> {
            Row again = byKey.remove(name);
            if (again == null) {
                differences.add("Recomputed: there is no row " + name + " any more; run the job again with --mode"
                        + " overwrite");
            } else {
                compare(name, row, again);
            }
        });
        byKey.keySet()
                .forEach(name -> differences.add(
                        "Recomputed: the output lacks the row " + name + "; run the job again with --mode overwrite"));
    }

    private String key(Row row) {
        StringBuilder name = new StringBuilder();
        for (int at : key) {
            name.append(name.length() == 0 ? "" : " / ").append(row.get(at));
        }
        return name.toString();
    }

    private void compare(String name, Row stored, Row computed) {
        for (int i = 0; i < schema.size(); i++) {
            StructField field = schema.fields()[i];
            boolean same = stored.get(i) instanceof byte[] bytes && computed.get(i) instanceof byte[] others
                    ? sameBytes(field, bytes, others)
                    : same(stored.get(i), computed.get(i));
            if (!same) {
                differences.add("Recomputed: the row " + name + " has another " + field.name() + ": "
                        + shown(stored.get(i)) + " in the output, " + shown(computed.get(i))
                        + " now; the files were changed or the model computes differently here, run the job again"
                        + " with --mode overwrite");
            }
        }
    }

    private static boolean same(@Nullable Object stored, @Nullable Object computed) {
        if (stored == null || computed == null) {
            return stored == computed;
        }
        if (stored instanceof Byte a && computed instanceof Byte b) {
            return Math.abs(a - b) <= 1;
        }
        if (stored instanceof Float || stored instanceof Double) {
            return computed instanceof Number b && near(((Number) stored).doubleValue(), b.doubleValue(), TOLERANCE);
        }
        if (stored instanceof scala.collection.Seq<?> a && computed instanceof scala.collection.Seq<?> b) {
            return sameList(JavaConverters.seqAsJavaList(a), JavaConverters.seqAsJavaList(b));
        }
        if (stored instanceof scala.collection.Map<?, ?> a && computed instanceof scala.collection.Map<?, ?> b) {
            Map<?, ?> left = JavaConverters.mapAsJavaMap(a);
            Map<?, ?> right = JavaConverters.mapAsJavaMap(b);
            return left.keySet().equals(right.keySet())
                    && left.entrySet().stream().allMatch(e -> same(e.getValue(), right.get(e.getKey())));
        }
        if (stored instanceof Row a && computed instanceof Row b) {
            return a.size() == b.size() && sameList(fields(a), fields(b));
        }
        return stored instanceof byte[] a && computed instanceof byte[] b
                ? Arrays.equals(a, b)
                : stored.equals(computed);
    }

    private static List<@Nullable Object> fields(Row row) {
        List<@Nullable Object> fields = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            fields.add(row.get(i));
        }
        return fields;
    }

    private static boolean sameList(List<?> stored, List<?> computed) {
        if (stored.size() != computed.size()) {
            return false;
        }
        for (int i = 0; i < stored.size(); i++) {
            if (!same(stored.get(i), computed.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean near(double a, double b, double tolerance) {
        return a == b
                || (Double.isNaN(a) && Double.isNaN(b))
                || Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a));
    }

    /** Vectors that are stored as bytes; other bytes are compared as they are. */
    private static boolean sameBytes(StructField field, byte[] stored, byte[] computed) {
        if (!field.metadata().contains(EmbeddingTable.VECTOR_TYPE) || stored.length != computed.length) {
            return Arrays.equals(stored, computed);
        }
        String type = field.metadata().getString(EmbeddingTable.VECTOR_TYPE).toUpperCase(Locale.ROOT);
        return VectorType.valueOf(type) == VectorType.FLOAT16
                ? sameHalves(stored, computed)
                : sameBits(stored, computed);
    }

    private static boolean sameHalves(byte[] stored, byte[] computed) {
        ByteBuffer a = ByteBuffer.wrap(stored).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer b = ByteBuffer.wrap(computed).order(ByteOrder.LITTLE_ENDIAN);
        while (a.remaining() > 1) {
            if (!near(HalfFloats.fromFloat16(a.getShort()), HalfFloats.fromFloat16(b.getShort()), HALF_TOLERANCE)) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameBits(byte[] stored, byte[] computed) {
        int flips = 0;
        for (int i = 0; i < stored.length; i++) {
            flips += Integer.bitCount((stored[i] ^ computed[i]) & 0xff);
        }
        return flips <= 8 * stored.length / BITS_PER_FLIP;
    }

    private static String shown(@Nullable Object value) {
        String text = value instanceof byte[] bytes ? Arrays.toString(bytes) : String.valueOf(value);
        return text.length() > 80 ? text.substring(0, 80) + "…" : text;
    }
}
