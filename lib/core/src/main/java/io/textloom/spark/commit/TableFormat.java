package io.textloom.spark.commit;

import java.io.IOException;
import java.io.Serializable;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.mapreduce.Job;
import org.apache.hadoop.mapreduce.TaskAttemptID;
import org.apache.hadoop.mapreduce.task.TaskAttemptContextImpl;
import org.apache.parquet.hadoop.ParquetOutputFormat;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.FileFormat;
import org.apache.spark.sql.execution.datasources.OutputWriter;
import org.apache.spark.sql.execution.datasources.OutputWriterFactory;
import org.apache.spark.sql.execution.datasources.orc.OrcFileFormat;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import scala.collection.immutable.Map$;

/** How tasks write files of one schema: made on the driver, travels to executors. Spark's own file formats do the writing. */
final class TableFormat implements Serializable {
    private static final long serialVersionUID = 1;

    private final OutputWriterFactory factory;
    private final SerializableConfiguration conf;
    private final StructType schema;
    private final String extension;

    private TableFormat(
            OutputWriterFactory factory, SerializableConfiguration conf, StructType schema, String extension) {
        this.factory = factory;
        this.conf = conf;
        this.schema = schema;
        this.extension = extension;
    }

    /**
     * @param footer provenance for the files' footers, without the {@code textloom.} before each key (Parquet)
     * @param plainColumns paths of columns that a dictionary does not help, such as {@code embedding.list.element} (Parquet)
     */
    static TableFormat create(
            SparkSession spark,
            OutputFormat format,
            StructType schema,
            Map<String, String> footer,
            Iterable<String> plainColumns) {
        try {
            Job job = Job.getInstance(spark.sessionState().newHadoopConf());
            boolean parquet = format != OutputFormat.ORC;
            FileFormat files = parquet ? new ParquetFileFormat() : new OrcFileFormat();
            OutputWriterFactory factory = files.prepareWrite(spark, job, Map$.MODULE$.<String, String>empty(), schema);
            Configuration conf = job.getConfiguration();
            if (parquet) {
                ParquetOutputFormat.setWriteSupportClass(job, TextloomWriteSupport.class);
                footer.forEach((key, value) -> conf.set(TextloomWriteSupport.FOOTER + key, value));
                plainColumns.forEach(
                        path -> conf.setBoolean(ParquetOutputFormat.ENABLE_DICTIONARY + "#" + path, false));
            }
            return new TableFormat(factory, new SerializableConfiguration(conf), schema, parquet ? ".parquet" : ".orc");
        } catch (IOException e) {
            throw new IllegalStateException("Cannot prepare " + format + " files", e);
        }
    }

    StructType schema() {
        return schema;
    }

    /** With the dot, as in {@code .parquet}. */
    String extension() {
        return extension;
    }

    OutputWriter open(String path) {
        return factory.newInstance(path, schema, new TaskAttemptContextImpl(conf.value(), new TaskAttemptID()));
    }
}
