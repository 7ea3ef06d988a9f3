package io.textloom.spark.commit;

import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.datasources.parquet.ParquetWriteSupport;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Spark's Parquet writer with the run's provenance in the footer, from configuration entries that start with {@value #FOOTER}.
 *
 * <p>Rows of {@link ColumnShape}s alone are written without Spark's five closures per array element, into the same files.
 */
public final class TextloomWriteSupport extends ParquetWriteSupport {
    static final String FOOTER = "textloom.footer.";

    private String[] names = new String[0];
    private ColumnShape[] shapes = new ColumnShape[0];
    private @Nullable RecordConsumer consumer;

    @Override
    public WriteContext init(Configuration conf) {
        WriteContext context = super.init(conf);
        Map<String, String> metadata = new HashMap<>(context.getExtraMetaData());
        for (Map.Entry<String, String> entry : conf) {
            if (entry.getKey().startsWith(FOOTER)) {
                metadata.put("textloom." + entry.getKey().substring(FOOTER.length()), entry.getValue());
            }
        }
        if (!conf.getBoolean(SQLConf.PARQUET_WRITE_LEGACY_FORMAT().key(), false)) {
            StructType schema = (StructType) DataType.fromJson(conf.get(ParquetWriteSupport.SPARK_ROW_SCHEMA()));
            shape(schema);
        }
        return new WriteContext(context.getSchema(), metadata);
    }

    /** Leaves {@link #shapes} empty if one column has none. */
    private void shape(StructType schema) {
        ColumnShape[] found = new ColumnShape[schema.size()];
        for (int i = 0; i < found.length; i++) {
            StructField field = schema.fields()[i];
            if (ColumnShape.of(field.dataType()).isEmpty()) {
                return;
            }
            found[i] = ColumnShape.of(field.dataType()).get();
        }
        names = schema.fieldNames();
        shapes = found;
    }

    @Override
    public void prepareForWrite(RecordConsumer recordConsumer) {
        super.prepareForWrite(recordConsumer);
        consumer = recordConsumer;
    }

    @Override
    public void write(InternalRow row) {
        RecordConsumer to = consumer;
        if (shapes.length == 0 || to == null) {
            super.write(row);
            return;
        }
        to.startMessage();
        for (int i = 0; i < shapes.length; i++) {
            if (!row.isNullAt(i)) {
                to.startField(names[i], i);
                shapes[i].write(row, i, to);
                to.endField(names[i], i);
            }
        }
        to.endMessage();
    }
}
