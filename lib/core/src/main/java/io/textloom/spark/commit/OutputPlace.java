package io.textloom.spark.commit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Makes directories for output, and tells a place that is full, where the same command can go on later, from one that may not be written. */
public final class OutputPlace {
    private OutputPlace() {}

    /**
     * Makes a directory and those above it, unless they are there.
     *
     * @param output what the user named, for the message
     * @throws OutputException if the place may not be written
     * @throws UncheckedIOException if it is full
     */
    public static void make(FileSystem fs, Path directory, Path output) {
        try {
            if (!fs.mkdirs(directory)) {
                makeHere(fs, directory);
            }
        } catch (IOException e) {
            String reason = reason(e);
            if (isFull(reason)) {
                throw new UncheckedIOException(
                        "The output directory " + output + " cannot be written: " + reason
                                + "; make room there, or raise the quota",
                        e);
            }
            throw new OutputException(
                    "The output directory " + output + " cannot be written: " + reason
                            + "; choose another --output or allow writing there",
                    e);
        }
    }

    /** Hadoop's local file system does not say why it cannot make a directory; Java's does. */
    private static void makeHere(FileSystem fs, Path directory) throws IOException {
        if (!fs.getUri().getScheme().equals("file")) {
            throw new IOException("no directory can be made there");
        }
        Files.createDirectories(java.nio.file.Path.of(directory.toUri().getPath()));
    }

    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException denied) {
            return "permission denied for " + denied.getFile();
        }
        if (e instanceof FileSystemException here && here.getReason() == null) {
            return "no directory can be made there, " + here.getFile() + " is in the way";
        }
        return Optional.ofNullable(e.getMessage())
                .orElse(e.getClass().getSimpleName())
                .strip();
    }

    private static boolean isFull(String reason) {
        String words = reason.toLowerCase(Locale.ROOT);
        return words.contains("no space left") || words.contains("quota");
    }
}
