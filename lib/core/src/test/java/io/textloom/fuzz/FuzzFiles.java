package io.textloom.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files for parsers that read nothing else. */
public final class FuzzFiles {
    private FuzzFiles() {}

    /** A directory that is deleted when the process ends, if it holds nothing but {@code files}. */
    public static Path directory(String... files) {
        try {
            Path directory = Files.createTempDirectory("fuzz");
            directory.toFile().deleteOnExit();
            for (String file : files) {
                directory.resolve(file).toFile().deleteOnExit();
            }
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
