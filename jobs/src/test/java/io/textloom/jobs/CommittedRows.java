package io.textloom.jobs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;

/** Reads committed tables without Spark and without any code of ours. */
final class CommittedRows {
    private CommittedRows() {}

    static List<Group> of(Path directory) {
        List<Group> rows = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".parquet"))
                    .sorted()
                    .toList()) {
                try (ParquetReader<Group> reader = ParquetReader.builder(
                                new GroupReadSupport(), new org.apache.hadoop.fs.Path(file.toUri()))
                        .build()) {
                    for (Group row = reader.read(); row != null; row = reader.read()) {
                        rows.add(row);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rows;
    }

    static List<Group> errors(Path output) {
        return of(output.resolve("_textloom/errors"));
    }

    static List<String> strings(List<Group> rows, String column) {
        return rows.stream().map(row -> row.getString(column, 0)).sorted().toList();
    }

    static float[] floats(Group row, String column) {
        Group list = row.getGroup(column, 0);
        int length = list.getFieldRepetitionCount(0);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = list.getGroup(0, i).getFloat(0, 0);
        }
        return values;
    }
}
