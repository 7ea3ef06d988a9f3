package io.textloom.spark;

import io.textloom.spark.commit.Manifest;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.orc.OrcFile;
import org.apache.orc.Reader;
import org.apache.orc.RecordReader;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Reads committed files to their end, many at a time: footers, checksums of all pages, numbers of values and rows. What cannot be read is a problem that is
 * named, never an exception.
 */
final class FileInspection implements Serializable {
    private static final long serialVersionUID = 1;

    static final String REMEDY = "restore it from a copy, or run the job again with --mode overwrite";

    /** So that one large file does not make its task the last; unit: tasks per core */
    private static final int TASKS_PER_CORE = 4;

    private final String output;
    private final FooterFacts facts;
    private final SerializableConfiguration conf;

    /** @param output path of the output directory */
    FileInspection(String output, FooterFacts facts, Configuration conf) {
        this.output = output;
        this.facts = facts;
        this.conf = new SerializableConfiguration(conf);
    }

    /** The states of files in their order. */
    List<FileState> inspect(JavaSparkContext spark, List<Manifest.File> files) {
        if (files.isEmpty()) {
            return List.of();
        }
        ArrayList<Expected> expected = new ArrayList<>();
        files.forEach(file -> expected.add(new Expected(file.path(), file.rows(), file.bytes())));
        int tasks = Math.min(files.size(), TASKS_PER_CORE * spark.defaultParallelism());
        FileInspection inspection = this;
        return spark.parallelize(expected, tasks).map(inspection::inspect).collect();
    }

    /** What the manifest says of a file; a class, because Kryo cannot write records by itself. */
    private static final class Expected implements Serializable {
        private static final long serialVersionUID = 1;

        private final String path;
        private final long rows;
        private final long bytes;

        Expected(String path, long rows, long bytes) {
            this.path = path;
            this.rows = rows;
            this.bytes = bytes;
        }
    }

    private FileState inspect(Expected file) {
        List<String> problems = new ArrayList<>();
        Path path = new Path(output, file.path);
        long rows = -1;
        String columns = "";
        boolean readable = false;
        try {
            FileSystem fs = path.getFileSystem(conf.value());
            long bytes = fs.getFileStatus(path).getLen();
            if (file.bytes > 0 && bytes != file.bytes) {
                problems.add(
                        file.path + " has " + bytes + " bytes but the manifest says " + file.bytes + "; " + REMEDY);
            }
            if (file.path.endsWith(".parquet")) {
                StringBuilder found = new StringBuilder();
                rows = parquet(path, file.path, found, problems);
                columns = found.toString();
            } else if (file.path.endsWith(".orc")) {
                rows = orc(path, fs);
            }
            readable = true;
            if (rows >= 0 && rows != file.rows) {
                problems.add(file.path + " holds " + rows + " rows but the manifest says " + file.rows + "; " + REMEDY);
            }
        } catch (FileNotFoundException e) {
            problems.add(file.path + " is missing, with " + file.rows + " rows; " + REMEDY);
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            // lengths in a damaged file may ask for more memory than there is
            problems.add(file.path + " is damaged: " + reason(e) + "; " + REMEDY);
        }
        return new FileState(file.path, rows, columns, problems, readable);
    }

    private static String reason(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = String.valueOf(root.getMessage()).lines().findFirst().orElse("");
        return root.getClass().getSimpleName() + ", " + message;
    }

    /** Number of rows. @param columns given names and types of the columns */
    private long parquet(Path path, String name, StringBuilder columns, List<String> problems) throws IOException {
        long rows = 0;
        try (ParquetFileReader reader = ParquetFileReader.open(
                HadoopInputFile.fromPath(path, conf.value()),
                HadoopReadOptions.builder(conf.value(), path)
                        .usePageChecksumVerification(true)
                        .build())) {
            for (String difference : facts.differences(reader.getFileMetaData().getKeyValueMetaData())) {
                problems.add("The footer of " + name + ": " + difference
                        + "; the file is of another output or was changed, " + REMEDY);
            }
            List<ColumnDescriptor> descriptors =
                    reader.getFileMetaData().getSchema().getColumns();
            columns.append(descriptors.stream()
                    .map(column -> String.join(".", column.getPath()) + " "
                            + column.getPrimitiveType().getPrimitiveTypeName())
                    .collect(Collectors.joining(", ")));
            for (PageReadStore group = reader.readNextRowGroup(); group != null; group = reader.readNextRowGroup()) {
                rows += group.getRowCount();
                for (ColumnDescriptor column : descriptors) {
                    pages(group.getPageReader(column), column);
                }
            }
        }
        return rows;
    }

    private static void pages(PageReader pages, ColumnDescriptor column) throws IOException {
        pages.readDictionaryPage();
        long values = 0;
        for (DataPage page = pages.readPage(); page != null; page = pages.readPage()) {
            values += page.getValueCount();
        }
        if (values != pages.getTotalValueCount()) {
            throw new IOException("the column " + String.join(".", column.getPath()) + " has " + values
                    + " values in its pages but " + pages.getTotalValueCount() + " by the footer");
        }
    }

    private long orc(Path path, FileSystem fs) throws IOException {
        try (Reader reader = OrcFile.createReader(
                        path, OrcFile.readerOptions(conf.value()).filesystem(fs));
                RecordReader records = reader.rows()) {
            var batch = reader.getSchema().createRowBatch();
            long rows = 0;
            while (records.nextBatch(batch)) {
                rows += batch.size;
            }
            return rows;
        }
    }
}
