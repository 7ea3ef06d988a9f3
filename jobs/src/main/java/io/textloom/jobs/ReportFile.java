package io.textloom.jobs;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Writes a report where {@code report} says: a local file, or any Hadoop file system when a scheme is given. */
final class ReportFile {
    private ReportFile() {}

    static void write(String place, String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        try {
            Path path = new Path(place);
            String scheme = path.toUri().getScheme();
            if (scheme == null || scheme.equals("file")) {
                java.nio.file.Path file =
                        java.nio.file.Path.of(path.toUri().getPath()).toAbsolutePath();
                java.nio.file.Path directory = file.getParent();
                if (directory != null) {
                    Files.createDirectories(directory);
                }
                Files.write(file, bytes);
            } else {
                try (OutputStream out = path.getFileSystem(new Configuration()).create(path, true)) {
                    out.write(bytes);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The report cannot be written to " + place, e);
        }
    }
}
