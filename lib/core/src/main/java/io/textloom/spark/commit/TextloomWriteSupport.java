package io.textloom.spark.commit;

import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.execution.datasources.parquet.ParquetWriteSupport;

/** Spark's Parquet writer with the run's provenance in the footer, from configuration entries that start with {@value #FOOTER}. */
public final class TextloomWriteSupport extends ParquetWriteSupport {
    static final String FOOTER = "textloom.footer.";

    @Override
    public WriteContext init(Configuration conf) {
        WriteContext context = super.init(conf);
        Map<String, String> metadata = new HashMap<>(context.getExtraMetaData());
        for (Map.Entry<String, String> entry : conf) {
            if (entry.getKey().startsWith(FOOTER)) {
                metadata.put("textloom." + entry.getKey().substring(FOOTER.length()), entry.getValue());
            }
        }
        return new WriteContext(context.getSchema(), metadata);
    }
}
