package io.textloom.spark.stage;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.MapData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * Values of Spark's rows as strings, numbers, booleans, nulls, lists and maps. Dates are {@code 2026-03-05}, times {@code 2026-03-05T09:07:03Z} in UTC.
 */
final class RowValues {
    private RowValues() {}

    /** @throws IllegalArgumentException if a column's type has no such value */
    static void requireReadable(StructField column) {
        if (!readable(column.dataType())) {
            throw new IllegalArgumentException("The column " + column.name() + " holds "
                    + column.dataType().simpleString()
                    + "; expected text, numbers, booleans, dates, or arrays, maps and"
                    + " structs of them, for instance by --input \"sql:SELECT …\"");
        }
    }

    private static boolean readable(DataType type) {
        if (type instanceof ArrayType array) {
            return readable(array.elementType());
        }
        if (type instanceof MapType map) {
            return readable(map.keyType()) && readable(map.valueType());
        }
        if (type instanceof StructType struct) {
            return List.of(struct.fields()).stream().allMatch(f -> readable(f.dataType()));
        }
        return type instanceof StringType
                || type instanceof BooleanType
                || isWhole(type)
                || type instanceof FloatType
                || type instanceof DoubleType
                || type instanceof DecimalType
                || type instanceof DateType
                || type instanceof TimestampType
                || type instanceof TimestampNTZType
                || type instanceof NullType;
    }

    /** @throws IllegalArgumentException if a column does not hold whole numbers */
    static void requireWholeNumbers(StructField column) {
        if (!isWhole(column.dataType())) {
            throw new IllegalArgumentException("The column " + column.name() + " holds "
                    + column.dataType().simpleString()
                    + "; expected whole numbers, for instance by --input \"sql:SELECT"
                    + " …, CAST(" + column.name() + " AS INT) …\"");
        }
    }

    private static boolean isWhole(DataType type) {
        return type instanceof ByteType
                || type instanceof ShortType
                || type instanceof IntegerType
                || type instanceof LongType;
    }

    static @Nullable Object value(SpecializedGetters row, int ordinal, DataType type) {
        if (row.isNullAt(ordinal)) {
            return null;
        }
        if (type instanceof StringType) {
            return row.getUTF8String(ordinal).toString();
        }
        if (type instanceof ArrayType array) {
            return list(row.getArray(ordinal), array.elementType());
        }
        if (type instanceof MapType map) {
            return map(row.getMap(ordinal), map);
        }
        if (type instanceof StructType struct) {
            return struct(row.getStruct(ordinal, struct.size()), 0, struct);
        }
        if (type instanceof DecimalType decimal) {
            return row.getDecimal(ordinal, decimal.precision(), decimal.scale()).toJavaBigDecimal();
        }
        if (type instanceof DateType) {
            return LocalDate.ofEpochDay(row.getInt(ordinal)).toString();
        }
        if (type instanceof TimestampType) {
            return Instant.EPOCH.plus(row.getLong(ordinal), ChronoUnit.MICROS).toString();
        }
        if (type instanceof TimestampNTZType) {
            return LocalDateTime.ofEpochSecond(0, 0, ZoneOffset.UTC)
                    .plus(row.getLong(ordinal), ChronoUnit.MICROS)
                    .toString();
        }
        return row.get(ordinal, type);
    }

    private static List<@Nullable Object> list(ArrayData array, DataType element) {
        List<@Nullable Object> list = new ArrayList<>(array.numElements());
        for (int i = 0; i < array.numElements(); i++) {
            list.add(value(array, i, element));
        }
        return list;
    }

    private static Map<String, @Nullable Object> map(MapData data, MapType type) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < data.numElements(); i++) {
            map.put(
                    String.valueOf(value(data.keyArray(), i, type.keyType())),
                    value(data.valueArray(), i, type.valueType()));
        }
        return map;
    }

    /** @param from where in the row the fields begin */
    static Map<String, @Nullable Object> struct(InternalRow row, int from, StructType type) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        StructField[] fields = type.fields();
        for (int i = 0; i < fields.length; i++) {
            map.put(fields[i].name(), value(row, from + i, fields[i].dataType()));
        }
        return map;
    }
}
