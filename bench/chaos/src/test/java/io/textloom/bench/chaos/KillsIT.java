package io.textloom.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short form of {@code scripts/chaos}: the launcher's process is killed while it computes, ended while it puts files together, and goes on. */
class KillsIT {
    @TempDir
    Path dir;

    @Test
    void aJobThatIsKilledTwiceEndsWithTheRowsOfOneThatIsNot() throws IOException, InterruptedException {
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
                "1",
                "--plan",
                "driver_kill:tasks,driver_term:merge",
                "--archive",
                "no",
                "--job",
                "tokenize",
                "--rows",
                "3000");
        assertThat(good).as(Files.readString(table)).isTrue();
        assertThat(table).content().contains("1 driver kill, 1 driver term", "equal to the undisturbed run");
    }
}
