package io.textloom.spark.intake;

import java.util.Iterator;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/**
 * Numbers the rows of equal keys from 1 on, sound rows and faulty ones apart; adds the number (int) as the last column.
 *
 * <p>Rows come sorted by key and fault; the row that comes out is valid until the next. Travels to executors.
 *
 * @param key ordinal of the key, a string
 * @param fault ordinal of the fault, a string, null for sound rows
 */
record Occurrences(int key, int fault) implements FlatMapFunction<Iterator<InternalRow>, InternalRow> {
    @Override
    public Iterator<InternalRow> call(Iterator<InternalRow> rows) {
        return new Iterator<>() {
            private final GenericInternalRow number = new GenericInternalRow(1);
            private final JoinedRow joined = new JoinedRow();
            private @Nullable UTF8String lastKey;
            private boolean lastSound;
            private int count;

            @Override
            public boolean hasNext() {
                return rows.hasNext();
            }

            @Override
            public InternalRow next() {
                InternalRow row = rows.next();
                UTF8String rowKey = row.getUTF8String(key);
                boolean sound = row.isNullAt(fault);
                if (!rowKey.equals(lastKey) || sound != lastSound) {
                    lastKey = rowKey.copy();
                    lastSound = sound;
                    count = 0;
                }
                number.setInt(0, ++count);
                return joined.apply(row, number);
            }
        };
    }
}
