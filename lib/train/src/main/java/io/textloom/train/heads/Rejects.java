package io.textloom.train.heads;

import io.textloom.table.ErrorTable;
import io.textloom.text.RejectCode;
import io.textloom.text.Rejection;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/** Rows that nothing is learnt from, kept beside the examples until the training's end, when they become its error table. */
final class Rejects {
    static final String SUFFIX = ".rejects";

    private Rejects() {}

    /** Writes rejected rows. Not safe for concurrent use. */
    static final class Writer implements Closeable {
        private final DataOutputStream out;

        Writer(OutputStream out) {
            this.out = new DataOutputStream(out);
        }

        void write(String id, Rejection rejection, String raw) throws IOException {
            text(id);
            text(rejection.code().name());
            text(rejection.message());
            // the table keeps no more, however its characters are spelled
            text(raw.substring(0, Math.min(raw.length(), ErrorTable.MAX_INPUT_BYTES)));
        }

        private void text(String text) throws IOException {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            out.writeInt(utf8.length);
            out.write(utf8);
        }

        @Override
        public void close() throws IOException {
            out.writeInt(-1);
            out.close();
        }
    }

    private static List<Row> read(InputStream file) throws IOException {
        List<Row> rows = new ArrayList<>();
        DataInputStream in = new DataInputStream(file);
        for (int length = in.readInt(); length >= 0; length = in.readInt()) {
            String id = text(in, length);
            RejectCode code = RejectCode.valueOf(text(in, in.readInt()));
            String message = text(in, in.readInt());
            rows.add(ErrorTable.externalRow(id, "train", new Rejection(code, message), text(in, in.readInt()), 1));
        }
        return rows;
    }

    private static String text(DataInputStream in, int length) throws IOException {
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    /** Those of some directories as the table of errors. */
    static void table(SparkSession spark, FileSystem fs, List<Path> directories, String path) {
        List<String> files = new ArrayList<>();
        try {
            for (Path directory : directories) {
                for (FileStatus file : fs.listStatus(directory)) {
                    String name = file.getPath().getName();
                    if (name.endsWith(SUFFIX) && !name.startsWith(".")) {
                        files.add(file.getPath().toString());
                    }
                }
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("Cannot list the rejected rows", e);
        }
        SerializableConfiguration conf =
                new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
        spark.createDataFrame(
                        JavaSparkContext.fromSparkContext(spark.sparkContext())
                                .parallelize(files, Math.max(1, Math.min(files.size(), 64)))
                                .flatMap(name -> {
                                    Path file = new Path(name);
                                    try (InputStream in =
                                            file.getFileSystem(conf.value()).open(file)) {
                                        return read(in).iterator();
                                    }
                                }),
                        ErrorTable.SCHEMA)
                .write()
                .mode(SaveMode.Overwrite)
                .parquet(path);
    }
}
