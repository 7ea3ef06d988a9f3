package io.textloom.spark.intake;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.catalyst.expressions.codegen.UnsafeRowWriter;
import org.apache.spark.sql.execution.datasources.PartitionedFile;
import org.apache.spark.sql.execution.datasources.text.TextFileFormat;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;
import org.jspecify.annotations.Nullable;
import scala.Function1;
import scala.collection.AbstractIterator;
import scala.collection.Iterator;
import scala.collection.Seq;
import scala.collection.immutable.Map;
import scala.runtime.AbstractFunction1;

/**
 * Lines or whole files as Spark's text format gives them, none of them longer than the option {@link #KEPT_BYTES} says: of a longer one so many bytes are read, and the
 * rest is passed over.
 */
public final class LineFileFormat extends TextFileFormat {
    private static final long serialVersionUID = 1;

    /** The most bytes that are read of a line or file. */
    static final String KEPT_BYTES = "keptBytes";

    private static final UnsafeRow NOTHING = new UnsafeRow(0);

    @Override
    public String shortName() {
        return "textloom-lines";
    }

    @Override
    public Function1<PartitionedFile, Iterator<InternalRow>> buildReader(
            SparkSession spark,
            StructType dataSchema,
            StructType partitionSchema,
            StructType requiredSchema,
            Seq<Filter> filters,
            Map<String, String> options,
            Configuration hadoopConf) {
        boolean whole = Boolean.parseBoolean(options.getOrElse("wholetext", () -> "false"));
        int kept = Integer.parseInt(options.apply(KEPT_BYTES));
        return new Reader(whole, kept, requiredSchema.isEmpty(), new SerializableConfiguration(hadoopConf));
    }

    /** Travels to executors. */
    private static final class Reader extends AbstractFunction1<PartitionedFile, Iterator<InternalRow>>
            implements Serializable {
        private static final long serialVersionUID = 1;

        private final boolean whole;
        private final int kept;
        private final boolean counted;
        private final SerializableConfiguration conf;

        /** @param counted whether nobody looks into the rows */
        Reader(boolean whole, int kept, boolean counted, SerializableConfiguration conf) {
            this.whole = whole;
            this.kept = kept;
            this.counted = counted;
            this.conf = conf;
        }

        @Override
        public Iterator<InternalRow> apply(PartitionedFile file) {
            try {
                if (whole) {
                    return new Rows(null, new Text(wholeFile(file.toPath())), counted);
                }
                BoundedLines lines = new BoundedLines(file.toPath(), file.start(), file.length(), kept, conf.value());
                TaskContext task = TaskContext.get();
                if (task != null) {
                    task.addTaskCompletionListener((TaskCompletionListener) context -> close(lines));
                }
                return new Rows(lines, lines.next(), counted);
            } catch (IOException | RuntimeException e) {
                throw InputException.unreadable(file.toPath(), file.start(), e);
            }
        }

        private byte[] wholeFile(Path path) throws IOException {
            CompressionCodec codec = new CompressionCodecFactory(conf.value()).getCodec(path);
            try (InputStream in = path.getFileSystem(conf.value()).open(path);
                    InputStream plain = codec == null ? in : codec.createInputStream(in)) {
                return plain.readNBytes(kept);
            }
        }

        private static void close(BoundedLines lines) {
            try {
                lines.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Rows of one binary column. */
    private static final class Rows extends AbstractIterator<InternalRow> {
        private final @Nullable BoundedLines lines;
        private final UnsafeRowWriter writer = new UnsafeRowWriter(1);
        private final boolean counted;
        private @Nullable Text next;

        /** @param lines those behind the first; null if there are none */
        Rows(@Nullable BoundedLines lines, @Nullable Text first, boolean counted) {
            this.lines = lines;
            this.next = first;
            this.counted = counted;
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public InternalRow next() {
            if (next == null) {
                throw new NoSuchElementException();
            }
            InternalRow row = counted ? NOTHING : row(next);
            next = lines == null ? null : lines.nextOrUnreadable();
            return row;
        }

        private InternalRow row(Text line) {
            writer.reset();
            writer.write(0, line.getBytes(), 0, line.getLength());
            return writer.getRow();
        }
    }
}
