package io.textloom.spark.commit;

import java.util.Optional;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** How a value goes into Parquet, for the types that most rows are made of. Lists are the three-level ones of Parquet's specification. */
enum ColumnShape {
    STRING {
        @Override
        void write(InternalRow row, int ordinal, RecordConsumer to) {
            to.addBinary(Binary.fromReusedByteArray(row.getUTF8String(ordinal).getBytes()));
        }
    },
    INT {
        @Override
        void write(InternalRow row, int ordinal, RecordConsumer to) {
            to.addInteger(row.getInt(ordinal));
        }
    },
    BOOLEAN {
        @Override
        void write(InternalRow row, int ordinal, RecordConsumer to) {
            to.addBoolean(row.getBoolean(ordinal));
        }
    },
    INT_LIST {
        @Override
        void write(InternalRow row, int ordinal, RecordConsumer to) {
            ArrayData list = row.getArray(ordinal);
            int n = list.numElements();
            to.startGroup();
            if (n > 0) {
                to.startField(LIST, 0);
                for (int i = 0; i < n; i++) {
                    to.startGroup();
                    to.startField(ELEMENT, 0);
                    to.addInteger(list.getInt(i));
                    to.endField(ELEMENT, 0);
                    to.endGroup();
                }
                to.endField(LIST, 0);
            }
            to.endGroup();
        }
    },
    FLOAT_LIST {
        @Override
        void write(InternalRow row, int ordinal, RecordConsumer to) {
            ArrayData list = row.getArray(ordinal);
            int n = list.numElements();
            to.startGroup();
            if (n > 0) {
                to.startField(LIST, 0);
                for (int i = 0; i < n; i++) {
                    to.startGroup();
                    to.startField(ELEMENT, 0);
                    to.addFloat(list.getFloat(i));
                    to.endField(ELEMENT, 0);
                    to.endGroup();
                }
                to.endField(LIST, 0);
            }
            to.endGroup();
        }
    };

    private static final String LIST = "list";
    private static final String ELEMENT = "element";

    abstract void write(InternalRow row, int ordinal, RecordConsumer to);

    /** The shape of a type; empty for one that Spark's own writer must deal with. */
    static Optional<ColumnShape> of(DataType type) {
        if (type.equals(DataTypes.StringType)) {
            return Optional.of(STRING);
        } else if (type.equals(DataTypes.IntegerType)) {
            return Optional.of(INT);
        } else if (type.equals(DataTypes.BooleanType)) {
            return Optional.of(BOOLEAN);
        } else if (type instanceof ArrayType list && !list.containsNull()) {
            return list.elementType().equals(DataTypes.IntegerType)
                    ? Optional.of(INT_LIST)
                    : list.elementType().equals(DataTypes.FloatType) ? Optional.of(FLOAT_LIST) : Optional.empty();
        }
        return Optional.empty();
    }
}
