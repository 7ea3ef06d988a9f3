package io.textloom.spark.ml;

import io.textloom.spark.stage.Stage;
import io.textloom.table.EmbeddingTable;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.UserDefinedType;
import org.jspecify.annotations.Nullable;

/**
 * A column that a Transformer adds; null in rows that were rejected.
 *
 * @param name of the column
 * @param source the stage's column it is made of; ignored for {@link Form#ERROR}
 * @param type of the column
 */
record OutputColumn(String name, String source, Form form, DataType type) {
    /** How a stage's value becomes the column's. */
    enum Form {
        /** The stage's value as it is. */
        SAME {
            @Override
            @Nullable
            Object value(@Nullable Object ofStage) {
                return ofStage;
            }
        },
        /** {@code array<float>} as MLlib's vector. */
        VECTOR {
            @Override
            @Nullable
            Object value(@Nullable Object ofStage) {
                return ofStage == null ? null : vectorType().serialize(Vectors.dense(doubles((ArrayData) ofStage)));
            }
        },
        /** The values of all rows that the stage gave for a document. */
        LIST {
            @Override
            @Nullable
            Object value(@Nullable Object ofStage) {
                return ofStage;
            }
        },
        /** Why the row was rejected; null in all others. */
        ERROR {
            @Override
            @Nullable
            Object value(@Nullable Object ofStage) {
                return null;
            }
        };

        abstract @Nullable Object value(@Nullable Object ofStage);
    }

    static OutputColumn same(String name, String source, DataType type) {
        return new OutputColumn(name, source, Form.SAME, type);
    }

    /** @param element type of the stage's column */
    static OutputColumn list(String name, String source, DataType element) {
        return new OutputColumn(name, source, Form.LIST, DataTypes.createArrayType(element, false));
    }

    static OutputColumn vector(String name, String source) {
        return new OutputColumn(name, source, Form.VECTOR, SQLDataTypes.VectorType());
    }

    static OutputColumn error(String name) {
        return new OutputColumn(name, "", Form.ERROR, DataTypes.StringType);
    }

    /** The column as far as it is known without the model. */
    StructField field() {
        return new StructField(name, type, true, Metadata.empty());
    }

    /** The column with what the stage knows of it: the length of vectors, in its own words and in MLlib's. */
    StructField field(Stage stage) {
        if (form == Form.ERROR) {
            return field();
        }
        Metadata known = stage.columns().apply(source).metadata();
        if (form == Form.VECTOR) {
            known = known.contains(EmbeddingTable.DIMENSIONS)
                    ? new AttributeGroup(name, Math.toIntExact(known.getLong(EmbeddingTable.DIMENSIONS))).toMetadata()
                    : Metadata.empty();
        }
        return new StructField(name, type, true, known);
    }

    /** What of this record travels to executors. */
    Reader reader(Stage stage) {
        return new Reader(form == Form.ERROR ? -1 : stage.columns().fieldIndex(source), form);
    }

    /** @param ordinal of the stage's column */
    record Reader(int ordinal, Form form) implements Serializable {
        /** @param stageRows of one document, one at least */
        @Nullable
        Object ofRows(List<Object[]> stageRows) {
            if (form == Form.LIST) {
                return new GenericArrayData(
                        stageRows.stream().map(row -> row[ordinal]).toArray());
            }
            return form == Form.ERROR ? null : form.value(stageRows.get(0)[ordinal]);
        }

        @Nullable
        Object ofError(Object message) {
            return form == Form.ERROR ? message : null;
        }
    }

    @SuppressWarnings("unchecked")
    private static UserDefinedType<Vector> vectorType() {
        return (UserDefinedType<Vector>) SQLDataTypes.VectorType();
    }

    private static double[] doubles(ArrayData floats) {
        double[] doubles = new double[floats.numElements()];
        for (int i = 0; i < doubles.length; i++) {
            doubles[i] = floats.getFloat(i);
        }
        return doubles;
    }
}
