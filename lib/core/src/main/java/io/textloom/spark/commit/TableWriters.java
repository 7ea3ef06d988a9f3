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

/** The staging files of one task: one open per table and partition directory, followed by another when it is large enough. */
final class TableWriters implements AutoCloseable {
    /** Distinct partition directories one task may write. */
    private static final int MAX_OPEN = 500;

    /** What a file may hold more than asked for, so that a task a little too large makes no second, tiny one. */
    static final double TOLERANCE = 1.1;

    private final String staging;
    private final String suffix;
    private final double maxTokens;
    private final Map<String, Open> open = new LinkedHashMap<>();
    private final List<StagedFile> complete = new ArrayList<>();
    private int opened;
    private boolean finished;

    /**
     * @param suffix makes names unique among partitions and attempts
     * @param fileTokens size of a file of rows, about; unit: tokens
     */
    TableWriters(String staging, String suffix, long fileTokens) {
        this.staging = staging;
        this.suffix = suffix;
        maxTokens = TOLERANCE * fileTokens;
    }

    void write(Kind kind, TableFormat format, String directory, InternalRow row) {
        write(kind, format, directory, row, 0);
    }

    /** @param tokens what the row counts for in the size of its file */
    void write(Kind kind, TableFormat format, String directory, InternalRow row, int tokens) {
        Open file = file(kind, format, directory);
        if (file.rows > 0 && file.tokens + tokens > maxTokens) {
            open.remove(key(kind, directory));
            complete(file);
            file = file(kind, format, directory);
        }
        file.writer.write(row);
        file.rows++;
        file.tokens += tokens;
    }

    /** Makes sure the table has a file even without rows. */
    void touch(Kind kind, TableFormat format, String directory) {
        file(kind, format, directory);
    }

    private Open file(Kind kind, TableFormat format, String directory) {
        Open file = open.get(key(kind, directory));
        if (file == null) {
            if (open.size() >= MAX_OPEN) {
                throw new IllegalArgumentException("partitionBy gives one task more than " + MAX_OPEN
                        + " directories; partition by a column with fewer values");
            }
            String name =
                    kind.name().toLowerCase(java.util.Locale.ROOT) + "-" + suffix + "-" + opened++ + format.extension();
            file = new Open(kind, name, directory, format.open(staging + "/" + name));
            open.put(key(kind, directory), file);
        }
        return file;
    }

    private static String key(Kind kind, String directory) {
        return directory.isEmpty() ? kind.name() : kind + "/" + directory;
    }

    private void complete(Open file) {
        // among the complete ones before it is closed, so that a failure to close it still deletes it
        complete.add(new StagedFile(file.kind, file.name, file.directory, file.rows, file.tokens));
        file.writer.close();
    }

    /** Closes all files; they are complete from here on. */
    List<StagedFile> finish() {
        open.values().forEach(this::complete);
        open.clear();
        finished = true;
        return List.copyOf(complete);
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
        for (StagedFile file : complete) {
            fs.delete(new Path(staging, file.name()), false);
        }
    }

    private static final class Open {
        private final Kind kind;
        private final String name;
        private final String directory;
        private final OutputWriter writer;
        private long rows;
        private long tokens;

        Open(Kind kind, String name, String directory, OutputWriter writer) {
            this.kind = kind;
            this.name = name;
            this.directory = directory;
            this.writer = writer;
        }
    }
}
