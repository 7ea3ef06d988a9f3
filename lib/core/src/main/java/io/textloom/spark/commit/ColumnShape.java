package io.textloom.spark.commit;

import java.util.Map;
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
    FLOAT {
        @Override
        void write(InternalRow row, int ordinal, RecordConsumer to) {
            to.addFloat(row.getFloat(ordinal));
        }
    },
    BINARY {
        @Override
        void write(InternalRow row, int ordinal, RecordConsumer to) {
            to.addBinary(Binary.fromReusedByteArray(row.getBinary(ordinal)));
        }
    },
    INT_LIST {
        @Override
        void write(InternalRow row, int ordinal, RecordConsumer to) {
            list(row.getArray(ordinal), to, (list, i, out) -> out.addInteger(list.getInt(i)));
        }
    },
    BYTE_LIST {
        @Override
        void write(InternalRow row, int ordinal, RecordConsumer to) {
            list(row.getArray(ordinal), to, (list, i, out) -> out.addInteger(list.getByte(i)));
        }
    },
    FLOAT_LIST {
        @Override
        void write(InternalRow row, int ordinal, RecordConsumer to) {
            list(row.getArray(ordinal), to, (list, i, out) -> out.addFloat(list.getFloat(i)));
        }
    };

    private static final Map<DataType, ColumnShape> SINGLE = Map.of(
            DataTypes.StringType, STRING,
            DataTypes.IntegerType, INT,
            DataTypes.BooleanType, BOOLEAN,
            DataTypes.FloatType, FLOAT,
            DataTypes.BinaryType, BINARY);

    private static final Map<DataType, ColumnShape> LISTS = Map.of(
            DataTypes.IntegerType, INT_LIST,
            DataTypes.ByteType, BYTE_LIST,
            DataTypes.FloatType, FLOAT_LIST);

    private static final String LIST = "list";
    private static final String ELEMENT = "element";

    abstract void write(InternalRow row, int ordinal, RecordConsumer to);

    /** Writes one element of a list. */
    private interface ElementWriter {
        void write(ArrayData list, int i, RecordConsumer to);
    }

    private static void list(ArrayData list, RecordConsumer to, ElementWriter element) {
        int n = list.numElements();
        to.startGroup();
        if (n > 0) {
            to.startField(LIST, 0);
            for (int i = 0; i < n; i++) {
                to.startGroup();
                to.startField(ELEMENT, 0);
                element.write(list, i, to);
                to.endField(ELEMENT, 0);
                to.endGroup();
            }
            to.endField(LIST, 0);
        }
        to.endGroup();
    }

    /** The shape of a type; empty for one that Spark's own writer must deal with. */
    static Optional<ColumnShape> of(DataType type) {
        if (type instanceof ArrayType list) {
            return list.containsNull() ? Optional.empty() : Optional.ofNullable(LISTS.get(list.elementType()));
        }
        return Optional.ofNullable(SINGLE.get(type));
    }
}
