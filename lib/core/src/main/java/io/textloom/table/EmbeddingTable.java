package io.textloom.table;

import io.textloom.tensor.VectorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/** Output of the embed job: one row per window of a document, or one per document where windows are combined; with several models, of each. */
public final class EmbeddingTable {
    /** Field metadata by which Arrow readers see a fixed-size list. */
    public static final String FIXED_SIZE = "arrow.fixed-size-list.size";

    /** Field metadata: length of the vectors, and their {@link VectorType}. */
    public static final String DIMENSIONS = "textloom.dimensions";

    public static final String VECTOR_TYPE = "textloom.vectorType";

    /** Field metadata: whether every vector has length 1. */
    public static final String NORMALIZED = "textloom.normalized";

    /** A token: its id, the characters it covers in code points, its vector. */
    public static final DataType TOKENS = DataTypes.createArrayType(
            new StructType()
                    .add("id", DataTypes.IntegerType, false)
                    .add("start", DataTypes.IntegerType, false)
                    .add("end", DataTypes.IntegerType, false)
                    .add("vector", DataTypes.createArrayType(DataTypes.FloatType, false), false),
            false);

    private final VectorType type;
    private final boolean models;
    private final boolean pooled;
    private final boolean tokens;
    private final StructType schema;

    /**
     * @param dimensions length of every vector; 0 if models differ in it
     * @param normalized whether every vector has length 1
     * @param models whether rows say which model made them
     * @param pooled whether there is a vector per row
     * @param tokens whether there is a vector per token
     */
    public EmbeddingTable(
            int dimensions, VectorType type, boolean normalized, boolean models, boolean pooled, boolean tokens) {
        this.type = type;
        this.models = models;
        this.pooled = pooled;
        this.tokens = tokens;
        List<StructField> fields = new ArrayList<>();
        fields.add(required(Columns.ID, DataTypes.StringType));
        if (models) {
            fields.add(required(Columns.MODEL, DataTypes.StringType));
        }
        fields.add(required(Columns.CHUNK_INDEX, DataTypes.IntegerType));
        if (pooled) {
            fields.add(new StructField(
                    Columns.EMBEDDING, elementsOf(type), false, metadata(dimensions, type, normalized)));
        }
        if (pooled && type == VectorType.INT8) {
            fields.add(required(Columns.SCALE, DataTypes.FloatType));
        }
        fields.add(required(Columns.N_TOKENS, DataTypes.IntegerType));
        fields.add(required(Columns.N_DROPPED, DataTypes.IntegerType));
        fields.add(required(Columns.TRUNCATED, DataTypes.BooleanType));
        if (tokens) {
            fields.add(required(Columns.TOKENS, TOKENS));
        }
        schema = new StructType(fields.toArray(StructField[]::new));
    }

    public StructType schema() {
        return schema;
    }

    /**
     * Values in the order of {@link #schema}.
     *
     * @param nDropped tokens of the text that no vector holds, for whatever reason
     * @param truncated whether the text was cut
     * @param model ignored unless rows say which model made them
     * @param embedding ignored unless there is a vector per row
     * @param ofTokens ignored unless there is a vector per token
     */
    public Object[] row(
            String id,
            UTF8String model,
            int chunk,
            float[] embedding,
            int nTokens,
            int nDropped,
            boolean truncated,
            ArrayData ofTokens) {
        Object[] values = new Object[schema.size()];
        int at = 0;
        values[at++] = UTF8String.fromString(id);
        if (models) {
            values[at++] = model;
        }
        values[at++] = chunk;
        if (pooled) {
            at = embedding(embedding, values, at);
        }
        values[at++] = nTokens;
        values[at++] = nDropped;
        values[at++] = truncated;
        if (tokens) {
            values[at] = ofTokens;
        }
        return values;
    }

    private int embedding(float[] vector, Object[] values, int at) {
        switch (type) {
            case FLOAT32 -> values[at] = UnsafeArrayData.fromPrimitiveArray(vector);
            case FLOAT16 -> values[at] = VectorType.halves(vector);
            case BINARY -> values[at] = VectorType.bits(vector);
            case INT8 -> {
                float scale = VectorType.scale(vector);
                values[at] = UnsafeArrayData.fromPrimitiveArray(VectorType.codes(vector, scale));
                values[at + 1] = scale;
                return at + 2;
            }
        }
        return at + 1;
    }

    /** Float elements as lists that Arrow takes for fixed; bytes where Parquet has no such element. */
    public static DataType elementsOf(VectorType type) {
        return switch (type) {
            case FLOAT32 -> DataTypes.createArrayType(DataTypes.FloatType, false);
            case INT8 -> DataTypes.createArrayType(DataTypes.ByteType, false);
            case FLOAT16, BINARY -> DataTypes.BinaryType;
        };
    }

    private static Metadata metadata(int dimensions, VectorType type, boolean normalized) {
        MetadataBuilder metadata =
                new MetadataBuilder().putString(VECTOR_TYPE, type.name().toLowerCase(Locale.ROOT));
        metadata.putBoolean(NORMALIZED, normalized);
        if (dimensions > 0) {
            metadata.putLong(DIMENSIONS, dimensions);
        }
        if (dimensions > 0 && (type == VectorType.FLOAT32 || type == VectorType.INT8)) {
            metadata.putLong(FIXED_SIZE, dimensions);
        }
        return metadata.build();
    }

    private static StructField required(String name, DataType type) {
        return new StructField(name, type, false, Metadata.empty());
    }
}
