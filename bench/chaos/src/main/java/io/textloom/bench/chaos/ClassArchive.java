package io.textloom.bench.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Classes as the virtual machine has them in memory, written by the end of one process so that later ones with its class path start in a fraction of the time. */
final class ClassArchive {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Path file;

    private ClassArchive(Path file) {
        this.file = file;
    }

    /** A process that uses what the later ones will use. */
    interface Trial {
        /** @param options more options of the virtual machine */
        Child start(List<String> options) throws IOException;
    }

    /** Without an archive all goes on as well, slower. @param file is kept if it is there */
    static ClassArchive of(Path file, Trial trial) throws IOException, InterruptedException {
        if (!Files.exists(file)) {
            trial.start(List.of("-XX:ArchiveClassesAtExit=" + file, "-Xlog:disable"))
                    .await(PATIENCE);
        }
        return new ClassArchive(file);
    }

    /** One that is used only if it is there. */
    static ClassArchive none(Path file) {
        return new ClassArchive(file);
    }

    /** Options of the virtual machine. */
    List<String> options() {
        // else it tells on standard output what it did not find in the archive
        return Files.exists(file) ? List.of("-XX:SharedArchiveFile=" + file, "-Xlog:disable") : List.of();
    }
}
