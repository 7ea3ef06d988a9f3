package io.textloom.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short form of {@code scripts/chaos}: the launcher's process dies, and the same command goes on. */
class KillsIT {
    @TempDir
    Path dir;

    @Test
    void killedJobsEndWithTheRowsOfUndisturbedOnes() throws IOException, InterruptedException {
        Path table = Files.createFile(dir.resolve("table.md"));
        boolean good = Chaos.run(
                "--repository",
                System.getProperty("textloom.repository"),
                "--work",
                dir.resolve("work").toString(),
                "--table",
                table.toString(),
                "--seed",
                "1",
                "--runs",
                "3",
                "--most",
                "1",
                "--job",
                "tokenize",
                "--rows",
                "4000");
        assertThat(good).as(Files.readString(table)).isTrue();
        assertThat(table).content().contains("driver kill", "equal to the undisturbed run");
    }
}
