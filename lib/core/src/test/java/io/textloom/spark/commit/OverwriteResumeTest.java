package io.textloom.spark.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.textloom.spark.intake.DuplicateIds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An overwrite that is killed, and run again. */
class OverwriteResumeTest {
    private static final int DOCUMENTS = 60;

    @TempDir
    Path dir;

    private final TreeMap<String, String> corpus = new TreeMap<>();
    private WordRuns runs;

    @BeforeEach
    void open() throws IOException {
        reset();
        runs = new WordRuns(dir);
        for (int i = 0; i < DOCUMENTS; i++) {
            corpus.put("d" + i, "old");
        }
        runs.input(corpus);
        runs.run();
        for (int i = 0; i < DOCUMENTS; i++) {
            corpus.put("d" + i, i == 7 ? "lengthy" : i == 31 ? "crash" : "new words");
        }
        runs.input(corpus);
        runs.mode(RunMode.OVERWRITE);
    }

    @AfterEach
    void reset() {
        WordStage.crash = false;
        WordStage.WORKED.set(0);
    }

    private void kill() {
        WordStage.crash = true;
        assertThatThrownBy(runs::run).hasMessageContaining("crash asked for");
        WordStage.crash = false;
        assertThat(runs.words()).as("readers see the old output").hasSize(DOCUMENTS);
        WordStage.WORKED.set(0);
    }

    private void finished(JobRun.Result result) {
        assertThat(runs.words()).hasSize(1 + 2 * (DOCUMENTS - 2)).noneMatch(word -> word.endsWith("old"));
        assertThat(runs.errors()).containsExactly("d7 TOO_LONG 1");
        assertThat(result.manifest().counts().rowsIn()).isEqualTo(DOCUMENTS);
        assertThat(result.manifest().counts().tokens()).isEqualTo(1 + 2 * (DOCUMENTS - 2));
        assertThat(runs.out().resolve("_textloom/staging").toFile().list()).isNullOrEmpty();
        runs.verified();
    }

    @Test
    void finishedTasksCount() {
        kill();
        JobRun.Result result = runs.run();
        assertThat(WordStage.WORKED.get()).as("rows of unfinished tasks").isBetween(1, DOCUMENTS - 5);
        assertThat(result.run().resumedFrom()).isNotEmpty();
        assertThat(result.run().rowsSkipped()).isEqualTo(DOCUMENTS - WordStage.WORKED.get());
        assertThat(result.manifest().runs()).hasSize(2);
        assertThat(result.manifest().runs().stream()
                        .mapToLong(Manifest.Run::documentsOut)
                        .sum())
                .isEqualTo(DOCUMENTS - 1);
        finished(result);
    }

    @Test
    void aSecondKillLosesNothingOfTheFirst() {
        kill();
        kill();
        JobRun.Result result = runs.run();
        assertThat(WordStage.WORKED.get()).isBetween(1, DOCUMENTS - 5);
        finished(result);
        List<Manifest.Run> dead = result.manifest().runs();
        dead = dead.subList(0, dead.size() - 1);
        assertThat(dead).as("runs whose files are in the output").isNotEmpty().allSatisfy(run -> {
            assertThat(run.provenance().devices()).isNotEmpty();
            assertThat(run.provenance().versions()).as("nobody knows").isEmpty();
            assertThat(run.provenance().cost()).isNull();
        });
    }

    @Test
    void aChangedRowOfAFinishedTaskStartsOver() throws IOException {
        kill();
        corpus.replaceAll((id, text) -> text.equals("new words") ? "new text" : text);
        runs.input(corpus);
        JobRun.Result result = runs.run();
        assertThat(WordStage.WORKED.get()).isEqualTo(DOCUMENTS);
        assertThat(result.run().resumedFrom()).isEmpty();
        finished(result);
    }

    @Test
    void vanishedRowsOfFinishedTasksStartOver() throws IOException {
        kill();
        corpus.keySet().removeIf(id -> id.compareTo("d3") < 0);
        runs.input(corpus);
        JobRun.Result result = runs.run();
        assertThat(WordStage.WORKED.get()).isEqualTo(corpus.size());
        assertThat(result.manifest().counts().documentsOut()).isEqualTo(corpus.size() - 1);
        runs.verified();
    }

    @Test
    void newRowsAreDoneWithTheRest() throws IOException {
        kill();
        corpus.put("n", "new words");
        runs.input(corpus);
        JobRun.Result result = runs.run();
        assertThat(WordStage.WORKED.get()).isLessThan(DOCUMENTS);
        assertThat(result.manifest().counts().documentsOut()).isEqualTo(DOCUMENTS);
        assertThat(runs.words()).contains("n 0 new");
        runs.verified();
    }

    @Test
    void otherModesLeaveTheKilledOverwriteAlone() throws IOException {
        kill();
        runs.mode(RunMode.RESUME).run();
        assertThat(WordStage.WORKED.get())
                .as("every row has changed since the resumed output")
                .isEqualTo(DOCUMENTS);
        assertThat(runs.words()).hasSize(1 + 2 * (DOCUMENTS - 2));
        runs.verified();
    }

    @Test
    void droppedDuplicatesAreCountedOnce() throws IOException {
        runs.duplicates(DuplicateIds.KEEP_FIRST);
        String[] lines = new String[2 * DOCUMENTS];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = "{\"id\":\"" + i / 2 + "\",\"text\":\"" + (i == 30 ? "crash" : "word") + "\"}";
        }
        runs.input(lines);
        kill();
        JobRun.Result result = runs.run();
        assertThat(result.manifest().counts().duplicatesDropped()).isEqualTo(DOCUMENTS);
        assertThat(result.manifest().counts().rowsIn()).isEqualTo(2 * DOCUMENTS);
        runs.verified();
    }
}
