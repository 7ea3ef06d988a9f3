package io.textloom.spark.commit;

import io.textloom.spark.commit.TaskReport.Kind;
import io.textloom.spark.commit.TaskReport.StagedFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.datasources.OutputWriter;

/** The staging files one task has open: one per table and partition directory. */
final class TableWriters implements AutoCloseable {
    /** Distinct partition directories one task may write. */
    private static final int MAX_OPEN = 500;

    private final String staging;
    private final String suffix;
    private final Map<String, Open> open = new LinkedHashMap<>();
    private boolean finished;

    /** @param suffix makes names unique among partitions and attempts */
    TableWriters(String staging, String suffix) {
        this.staging = staging;
        this.suffix = suffix;
    }

    void write(Kind kind, TableFormat format, String directory, InternalRow row) {
        Open file = file(kind, format, directory);
        file.writer.write(row);
        file.rows++;
    }

    /** Makes sure the table has a file even without rows. */
    void touch(Kind kind, TableFormat format, String directory) {
        file(kind, format, directory);
    }

    private Open file(Kind kind, TableFormat format, String directory) {
        Open file = open.get(kind + "/" + directory);
        if (file == null) {
            if (open.size() >= MAX_OPEN) {
                throw new IllegalArgumentException("partitionBy gives one task more than " + MAX_OPEN
                        + " directories; partition by a column with fewer values");
            }
            String name = kind.name().toLowerCase(java.util.Locale.ROOT) + "-" + suffix + "-" + open.size()
                    + format.extension();
            file = new Open(kind, name, directory, format.open(staging + "/" + name));
            open.put(kind + "/" + directory, file);
        }
        return file;
    }

    /** Closes all files; they are complete from here on. */
    List<StagedFile> finish() {
        List<StagedFile> files = new ArrayList<>();
        for (Open file : open.values()) {
            file.writer.close();
            files.add(new StagedFile(file.kind, file.name, file.directory, file.rows));
        }
        finished = true;
        return files;
    }

    /** Drops what was not finished. */
    @Override
    public void close() {
        if (finished) {
            return;
        }
        for (Open file : open.values()) {
            try {
                file.writer.close();
            } catch (RuntimeException e) {
                // the task is failing already; its first error is the one to report
            }
        }
    }

    /** Deletes the files of an attempt that failed. */
    void delete(Configuration conf) throws IOException {
        FileSystem fs = new Path(staging).getFileSystem(conf);
        for (Open file : open.values()) {
            fs.delete(new Path(staging, file.name), false);
        }
    }

    private static final class Open {
        private final Kind kind;
        private final String name;
        private final String directory;
        private final OutputWriter writer;
        private long rows;

        Open(Kind kind, String name, String directory, OutputWriter writer) {
            this.kind = kind;
            this.name = name;
            this.directory = directory;
            this.writer = writer;
        }
    }
}
