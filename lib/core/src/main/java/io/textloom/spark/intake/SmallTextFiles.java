package io.textloom.spark.intake;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.hadoop.util.LineReader;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;
import org.jspecify.annotations.Nullable;

/**
 * Reads many small text files, hundreds in one task: their lines, or each as a whole. Spark's own reader looks at every file again, in up to 10,000 tasks of their own, which for
 * a hundred thousand files takes longer than the work. Travels to executors.
 */
final class SmallTextFiles implements FlatMapFunction<Iterator<String>, InternalRow> {
    private static final long serialVersionUID = 1;

    /** From so many files on, Spark's reader is the slower one. */
    private static final int MANY = 1000;

    /** A larger file may be worth splitting. Unit: bytes */
    private static final long LARGEST = 16L << 20;

    private static final int FILES_PER_TASK = 256;
    private static final int MAX_TASKS = 10_000;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private final boolean wholeFiles;
    private final int kept;
    private final SerializableConfiguration conf;

    /** @param kept bytes of a line or file that are read at most; the rest is passed over */
    private SmallTextFiles(boolean wholeFiles, int kept, SerializableConfiguration conf) {
        this.wholeFiles = wholeFiles;
        this.kept = kept;
        this.conf = conf;
    }

    static boolean are(SourceFiles files) {
        return files.paths().size() > MANY && files.largest() <= LARGEST;
    }

    /** Columns {@code value} (binary) and the place of each line or file. */
    static Dataset<Row> read(SparkSession spark, List<String> paths, boolean wholeFiles, int kept) {
        StructType schema = new StructType()
                .add("value", DataTypes.BinaryType)
                .add(RawRows.PATH, DataTypes.StringType)
                .add(RawRows.BLOCK, DataTypes.LongType)
                .add(RawRows.SEQUENCE, DataTypes.LongType);
        int tasks = Math.max(spark.sparkContext().defaultParallelism(), paths.size() / FILES_PER_TASK + 1);
        SerializableConfiguration conf =
                new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
        JavaRDD<InternalRow> rows = JavaSparkContext.fromSparkContext(spark.sparkContext())
                .parallelize(paths, Math.min(tasks, MAX_TASKS))
                .mapPartitions(new SmallTextFiles(wholeFiles, kept, conf));
        return spark.internalCreateDataFrame(rows.rdd(), schema, false);
    }

    @Override
    public Iterator<InternalRow> call(Iterator<String> paths) {
        Lines lines = new Lines(paths, conf.value());
        TaskContext.get().addTaskCompletionListener((TaskCompletionListener) context -> lines.close());
        return lines;
    }

    private final class Lines implements Iterator<InternalRow> {
        private final Iterator<String> paths;
        private final Configuration hadoop;
        private final CompressionCodecFactory codecs;
        private final Text line = new Text();
        private String path = "";
        private long read;
        private @Nullable InputStream open;
        private @Nullable LineReader reader;
        private @Nullable InternalRow next;

        Lines(Iterator<String> paths, Configuration hadoop) {
            this.paths = paths;
            this.hadoop = hadoop;
            codecs = new CompressionCodecFactory(hadoop);
        }

        @Override
        public boolean hasNext() {
            try {
                while (next == null && (reader != null || paths.hasNext())) {
                    next = reader == null ? first() : line(reader);
                }
                return next != null;
            } catch (IOException e) {
                throw new InputException("Cannot read " + path + " after " + read + " lines: " + e.getMessage(), e);
            }
        }

        @Override
        public InternalRow next() {
            if (!hasNext() || next == null) {
                throw new NoSuchElementException();
            }
            InternalRow row = next;
            next = null;
            return row;
        }

        /** Opens the next file; its row if it is one. */
        private @Nullable InternalRow first() throws IOException {
            path = paths.next();
            read = 0;
            Path file = new Path(path);
            InputStream stored = file.getFileSystem(hadoop).open(file);
            open = stored;
            CompressionCodec codec = codecs.getCodec(file);
            InputStream in = codec == null ? stored : codec.createInputStream(stored);
            open = in;
            if (wholeFiles) {
                byte[] value = in.readNBytes(kept);
                close();
                // as Spark's reader, which has nothing to read in a file of no bytes
                return value.length == 0 && codec == null ? null : row(value);
            }
            reader = new LineReader(in, hadoop);
            return null;
        }

        private @Nullable InternalRow line(LineReader from) throws IOException {
            if (from.readLine(line, kept) == 0) {
                close();
                return null;
            }
            byte[] bytes = line.copyBytes();
            boolean marked = read == 0 && startsWithByteOrderMark(bytes);
            return row(marked ? Arrays.copyOfRange(bytes, BYTE_ORDER_MARK.length, bytes.length) : bytes);
        }

        private InternalRow row(byte[] value) {
            return new GenericInternalRow(new Object[] {value, UTF8String.fromString(path), 0L, read++});
        }

        private void close() {
            InputStream last = open;
            open = null;
            reader = null;
            if (last != null) {
                try {
                    last.close();
                } catch (IOException e) {
                    throw new InputException("Cannot close " + path + ": " + e.getMessage(), e);
                }
            }
        }
    }

    private static boolean startsWithByteOrderMark(byte[] line) {
        return line.length >= BYTE_ORDER_MARK.length
                && Arrays.equals(line, 0, BYTE_ORDER_MARK.length, BYTE_ORDER_MARK, 0, BYTE_ORDER_MARK.length);
    }
}
