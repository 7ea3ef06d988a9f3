package io.textloom.spark;

import static org.apache.spark.sql.functions.col;

import io.textloom.table.Columns;
import io.textloom.table.EmbeddingTable;
import io.textloom.tensor.HalfFloats;
import io.textloom.tensor.VectorType;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Checks the vectors of an embed job's output in one pass: their lengths, that every component is a number, and their norms where they are normalised. */
final class VectorVerification {
    /** How far a norm may be from 1 as computed; unit: the norm */
    private static final double TOLERANCE = 1e-3;
    /** What rounding to half precision adds, at most; unit: the norm */
    private static final double HALF_TOLERANCE = 1e-3;

    private VectorVerification() {}

    /**
     * Nothing is wrong with a table that has no vectors.
     *
     * @param settings of the job, where the schema does not say what vectors are like: ORC keeps no metadata
     * @param counts added to
     */
    static List<String> problems(Dataset<Row> rows, Map<String, String> settings, SortedMap<String, Long> counts) {
        StructType schema = rows.schema();
        List<String> names = List.of(schema.fieldNames());
        if (!names.contains(Columns.EMBEDDING)) {
            return List.of();
        }
        boolean codes = names.contains(Columns.SCALE);
        List<Column> columns = new ArrayList<>(List.of(col(Columns.ID), col(Columns.EMBEDDING)));
        if (codes) {
            columns.add(col(Columns.SCALE));
        }
        Scan scan = scan(schema.apply(Columns.EMBEDDING), codes, !names.contains(Columns.MODEL), settings);
        Found found = new Found();
        rows.select(columns.toArray(Column[]::new))
                .queryExecution()
                .toRdd()
                .toJavaRDD()
                .mapPartitions(scan)
                .collect()
                .forEach(found::plus);
        if (scan.dimensions > 0) {
            counts.put("dimensions", (long) scan.dimensions);
        }
        return found.problems(scan);
    }

    private static Scan scan(StructField column, boolean codes, boolean alike, Map<String, String> settings) {
        Metadata metadata = column.metadata();
        VectorType type = codes ? VectorType.INT8 : VectorType.FLOAT32;
        if (column.dataType().equals(DataTypes.BinaryType)) {
            String said = metadata.contains(EmbeddingTable.VECTOR_TYPE)
                    ? metadata.getString(EmbeddingTable.VECTOR_TYPE)
                    : settings.getOrDefault("embed.vectorType", "");
            // of bytes that nothing is said of only the number is looked at
            type = said.equalsIgnoreCase(VectorType.FLOAT16.name()) ? VectorType.FLOAT16 : VectorType.BINARY;
        }
        int dimensions = metadata.contains(EmbeddingTable.DIMENSIONS)
                ? Math.toIntExact(metadata.getLong(EmbeddingTable.DIMENSIONS))
                : 0;
        boolean normalized = metadata.contains(EmbeddingTable.NORMALIZED)
                ? metadata.getBoolean(EmbeddingTable.NORMALIZED)
                : settings.getOrDefault("embed.normalize", "").equals("true");
        return new Scan(type, dimensions, alike, normalized);
    }

    /** What a pass found; of partitions added up. */
    private static final class Found implements Serializable {
        private static final long serialVersionUID = 1;

        private long noNumbers;
        private long otherNorms;
        private long otherLengths;
        private @Nullable String noNumber;
        private @Nullable String otherNorm;
        private @Nullable String otherLength;
        private int shortest = Integer.MAX_VALUE;
        private int longest;

        void plus(Found other) {
            noNumbers += other.noNumbers;
            otherNorms += other.otherNorms;
            otherLengths += other.otherLengths;
            noNumber = noNumber == null ? other.noNumber : noNumber;
            otherNorm = otherNorm == null ? other.otherNorm : otherNorm;
            otherLength = otherLength == null ? other.otherLength : otherLength;
            shortest = Math.min(shortest, other.shortest);
            longest = Math.max(longest, other.longest);
        }

        List<String> problems(Scan scan) {
            List<String> problems = new ArrayList<>();
            String again = "; run the job again with --mode overwrite";
            if (noNumbers > 0) {
                problems.add("vectors with a value that is no number (NaN or infinite): " + noNumbers
                        + ", the first with id " + noNumber + again);
            }
            if (otherNorms > 0) {
                problems.add("vectors whose length is not 1 although they are normalised: " + otherNorms
                        + ", the first with id " + otherNorm + again);
            }
            if (otherLengths > 0) {
                problems.add("vectors of another size than " + scan.expected() + ": " + otherLengths
                        + ", the first with id " + otherLength + again);
            }
            if (scan.dimensions == 0 && scan.alike && shortest < longest) {
                problems.add("vectors of different sizes, " + shortest + " to " + longest + again);
            }
            return problems;
        }
    }

    /** Looks at the vectors of a partition: id, vector, and the scale of codes. */
    private static final class Scan implements FlatMapFunction<Iterator<InternalRow>, Found> {
        private static final long serialVersionUID = 1;

        private final VectorType type;
        private final int dimensions;
        private final boolean alike;
        private final boolean normalized;

        Scan(VectorType type, int dimensions, boolean alike, boolean normalized) {
            this.type = type;
            this.dimensions = dimensions;
            this.alike = alike;
            this.normalized = normalized;
        }

        /** Elements of the column, 0 for any number. */
        int expected() {
            return switch (type) {
                case FLOAT32, INT8 -> dimensions;
                case FLOAT16, BINARY -> type.bytes(dimensions);
            };
        }

        @Override
        public Iterator<Found> call(Iterator<InternalRow> rows) {
            Found found = new Found();
            while (rows.hasNext()) {
                look(rows.next(), found);
            }
            return List.of(found).iterator();
        }

        private void look(InternalRow row, Found found) {
            int elements;
            double tolerance = TOLERANCE;
            double square = 0;
            switch (type) {
                case FLOAT32 -> {
                    float[] vector =
                            row.isNullAt(1) ? new float[0] : row.getArray(1).toFloatArray();
                    elements = vector.length;
                    for (float v : vector) {
                        square += (double) v * v;
                    }
                }
                case FLOAT16 -> {
                    byte[] bytes = bytes(row);
                    elements = bytes.length;
                    ByteBuffer halves = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
                    while (halves.remaining() > 1) {
                        float v = HalfFloats.fromFloat16(halves.getShort());
                        square += (double) v * v;
                    }
                    tolerance += HALF_TOLERANCE;
                }
                case INT8 -> {
                    byte[] codes =
                            row.isNullAt(1) ? new byte[0] : row.getArray(1).toByteArray();
                    elements = codes.length;
                    long sum = 0;
                    for (byte code : codes) {
                        sum += (long) code * code;
                    }
                    double scale = row.getFloat(2);
                    square = sum * scale * scale;
                    // every component is rounded by half a step at most
                    tolerance += Math.sqrt(elements) * scale / 2;
                }
                default -> {
                    elements = bytes(row).length;
                    square = 1; // signs have no norm
                }
            }
            String id = row.isNullAt(0) ? "null" : row.getUTF8String(0).toString();
            if (!(square < Double.POSITIVE_INFINITY)) {
                found.noNumbers++;
                found.noNumber = found.noNumber == null ? id : found.noNumber;
            } else if (normalized && Math.abs(Math.sqrt(square) - 1) > tolerance) {
                found.otherNorms++;
                found.otherNorm = found.otherNorm == null ? id + " (" + Math.sqrt(square) + ")" : found.otherNorm;
            }
            if (dimensions > 0 && elements != expected()) {
                found.otherLengths++;
                found.otherLength = found.otherLength == null ? id + " (" + elements + ")" : found.otherLength;
            }
            found.shortest = Math.min(found.shortest, elements);
            found.longest = Math.max(found.longest, elements);
        }

        private static byte[] bytes(InternalRow row) {
            return row.isNullAt(1) ? new byte[0] : row.getBinary(1);
        }
    }
}
