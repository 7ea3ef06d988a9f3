package io.textloom.spark.commit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether a run knows its input again. Clocks ahead of the file system's stand for files that are not new. */
class UnchangedInputTest {
    private static final Duration LATER = Duration.ofHours(1);
    private static final String STATE = "_textloom/input.json";

    @TempDir
    Path dir;

    private WordRuns runs;

    @BeforeEach
    void open() throws IOException {
        reset();
        runs = new WordRuns(dir);
        runs.input("{\"id\":\"a\",\"text\":\"one two\"}", "{\"id\":\"b\",\"text\":\"lengthy\"}");
    }

    @AfterEach
    void reset() {
        WordStage.crash = false;
        WordStage.WORKED.set(0);
    }

    @Test
    void settledFilesAreNotReadAgain() throws IOException {
        runs.clockOff(LATER).run();
        Map<String, String> before = runs.bytes();
        JobRun.Result again = runs.run();
        assertThat(again.run().rowsRead()).isEqualTo(2);
        assertThat(again.run().rowsSkipped()).isEqualTo(2);
        assertThat(again.run().duplicatesDropped()).isZero();
        assertThat(again.manifest().runs()).hasSize(1);
        assertThat(runs.bytes()).isEqualTo(before);
        assertThat(wasRead()).isFalse();
    }

    /** What the state says of the rows is repeated only by a run that reads none. */
    private boolean wasRead() throws IOException {
        Path state = runs.out().resolve(STATE);
        byte[] known = Files.readAllBytes(state);
        Files.deleteIfExists(state.resolveSibling(".input.json.crc"));
        Files.writeString(
                state, new String(known, StandardCharsets.UTF_8).replaceFirst("\"rowsRead\":\\d+", "\"rowsRead\":77"));
        boolean read = runs.run().run().rowsRead() != 77;
        Files.write(state, known);
        return read;
    }

    @Test
    void aFullRerunWithNothingNewLeavesEveryByte() throws IOException {
        runs.clockOff(LATER).run();
        Map<String, String> before = runs.bytes();
        runs.resume(Deleted.KEEP, RetryErrors.FAILED, false);
        assertThat(wasRead()).isTrue();
        assertThat(runs.bytes().keySet()).isEqualTo(before.keySet());
        JobRun.Result again = runs.run();
        assertThat(again.run().rowsSkipped()).isEqualTo(2);
        before.remove(STATE);
        Map<String, String> after = runs.bytes();
        after.remove(STATE);
        assertThat(after).isEqualTo(before);
    }

    @Test
    void filesThatAreNewMayChangeUnseenAndAreNotTrusted() throws IOException {
        Path file = runs.file();
        runs.run();
        assertThat(runs.out().resolve(STATE)).doesNotExist();
        FileTime time = Files.getLastModifiedTime(file);
        runs.input("{\"id\":\"a\",\"text\":\"one six\"}", "{\"id\":\"b\",\"text\":\"lengthy\"}");
        Files.setLastModifiedTime(file, time);
        runs.run();
        assertThat(runs.words()).containsExactly("a 0 one", "a 1 six");
        runs.verified();
    }

    @Test
    void aChangeWithTheSameSizeAndTimeShowsByTheFilesNumber() throws IOException {
        Path file = runs.file();
        FileTime time = Files.getLastModifiedTime(file);
        runs.clockOff(LATER).run();
        assertThat(runs.out().resolve(STATE)).exists();
        runs.input("{\"id\":\"a\",\"text\":\"one six\"}", "{\"id\":\"b\",\"text\":\"lengthy\"}");
        Files.setLastModifiedTime(file, time);
        runs.run();
        assertThat(runs.words()).containsExactly("a 0 one", "a 1 six");
    }

    @Test
    void timesThatLieAheadAreNotTrusted() throws IOException {
        Files.setLastModifiedTime(
                runs.file(), FileTime.from(Instant.now().plus(LATER).plus(LATER)));
        runs.clockOff(LATER).run();
        assertThat(runs.out().resolve(STATE)).doesNotExist();
    }

    @Test
    void aClockThatWentBackIsNotTrusted() throws IOException {
        runs.clockOff(LATER).run();
        assertThat(wasRead()).isFalse();
        runs.clockOff(LATER.dividedBy(2));
        assertThat(wasRead()).isTrue();
    }

    @Test
    void whatElseDecidesAboutRowsIsReadAgain() throws IOException {
        runs.clockOff(LATER).run();
        runs.resume(Deleted.DROP, RetryErrors.FAILED, true);
        assertThat(wasRead()).as("ids may have vanished before").isTrue();
        runs.run();
        assertThat(wasRead()).isFalse();
        runs.where("id = 'a'");
        JobRun.Result narrowed = runs.run();
        assertThat(narrowed.run().rowsDeleted()).isEqualTo(1);
        assertThat(wasRead()).isFalse();
        runs.where("rand() < 2");
        assertThat(wasRead()).as("nobody knows what a call gives").isTrue();
    }

    @Test
    void errorsThatAreTriedAgainAreReadAgain() throws IOException {
        runs.input("{\"id\":\"a\",\"text\":\"reject\"}");
        runs.clockOff(LATER).run();
        WordStage.WORKED.set(0);
        runs.run();
        assertThat(WordStage.WORKED.get()).isEqualTo(1);
        assertThat(runs.errors()).containsExactly("a MODEL_FAILED 2");
        runs.retry(RetryErrors.NONE);
        assertThat(wasRead()).isFalse();
        runs.retry(RetryErrors.ALL);
        assertThat(wasRead()).isTrue();
    }

    @Test
    void anInterruptedRunIsFinishedFirst() throws IOException {
        runs.clockOff(LATER).run();
        Files.createDirectories(runs.out().resolve("_textloom/staging/run"));
        assertThat(wasRead()).isTrue();
        assertThat(runs.out().resolve("_textloom/staging")).doesNotExist();
    }

    @Test
    void theLockOfARunThatWasKilledAfterItsCommitGoes() throws IOException {
        runs.clockOff(LATER).run();
        long nobody = Long.MAX_VALUE;
        String here = InetAddress.getLocalHost().getHostName();
        Path lock = Files.writeString(
                runs.out().resolve("_textloom/lock"),
                "{\"host\": \"%s\", \"pid\": %d, \"startedAtMillis\": 1}".formatted(here, nobody));
        assertThat(wasRead()).isTrue();
        assertThat(lock).doesNotExist();
    }

    @Test
    void aStateThatCannotBeReadCostsAReading() throws IOException {
        runs.clockOff(LATER).run();
        Files.writeString(runs.out().resolve(STATE), "{\"run\":");
        Files.deleteIfExists(runs.out().resolve("_textloom/.input.json.crc"));
        assertThat(runs.run().run().rowsSkipped()).isEqualTo(2);
        assertThat(wasRead()).isFalse();
    }
}
