package io.textloom.spark.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.textloom.spark.intake.DuplicateIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A corpus that grows, changes and shrinks, run every night. */
class NightlyRunsTest {
    private static final int DOCUMENTS = 2000;
    private static final int NIGHTS = 5;

    @TempDir
    Path dir;

    private WordRuns runs;

    @BeforeEach
    void open() {
        reset();
        runs = new WordRuns(dir);
    }

    @AfterEach
    void reset() {
        WordStage.crash = false;
        WordStage.WORKED.set(0);
    }

    @ParameterizedTest
    @EnumSource
    void onlyNewAndChangedDocumentsAreComputed(Deleted deleted) throws IOException {
        runs.resume(deleted, RetryErrors.FAILED, true);
        TreeMap<String, String> corpus = new TreeMap<>();
        for (int i = 0; i < DOCUMENTS; i++) {
            corpus.put("d" + i, "text of " + i);
        }
        runs.input(corpus);
        runs.run();
        TreeMap<String, String> expected = new TreeMap<>(corpus);
        for (int night = 0; night < NIGHTS; night++) {
            int added = DOCUMENTS / 100;
            int touched = DOCUMENTS / 1000;
            int tokens = 0;
            for (int i = 0; i < added; i++) {
                corpus.put("n" + night + "-" + i, "new");
                tokens++;
            }
            for (int i = 0; i < touched; i++) {
                corpus.put("d" + (night * 100 + i), "changed in night " + night);
                tokens += 4;
                String gone = "d" + (1000 + night * 100 + i);
                corpus.remove(gone);
                if (deleted == Deleted.DROP) {
                    expected.remove(gone);
                }
            }
            expected.putAll(corpus);
            runs.input(corpus);
            WordStage.WORKED.set(0);
            JobRun.Result result = runs.run();
            assertThat(WordStage.WORKED.get()).isEqualTo(added + touched);
            assertThat(result.run().tokens()).isEqualTo(tokens);
            assertThat(result.run().rowsDeleted()).isEqualTo(deleted == Deleted.DROP ? touched : 0);
            assertThat(result.manifest().counts().documentsOut()).isEqualTo(expected.size());
            assertThat(runs.words()).isEqualTo(words(expected));
        }
        runs.verified();
    }

    private static List<String> words(Map<String, String> texts) {
        return texts.entrySet().stream()
                .flatMap(e -> {
                    String[] words = e.getValue().split(" ");
                    return java.util.stream.IntStream.range(0, words.length)
                            .mapToObj(i -> e.getKey() + " " + i + " " + words[i]);
                })
                .sorted()
                .toList();
    }

    @Test
    void dropTakesErrorsAndDuplicatesOfVanishedRowsToo() throws IOException {
        runs.resume(Deleted.DROP, RetryErrors.FAILED, true);
        runs.input(
                "{\"id\":\"a\",\"text\":\"one\"}",
                "{\"id\":\"a\",\"text\":\"again\"}",
                "{\"id\":\"b\",\"text\":\"lengthy\"}",
                "{\"id\":\"c\",\"text\":\"three\"}");
        runs.run();
        assertThat(runs.errors()).containsExactly("a DUPLICATE_ID 1", "b TOO_LONG 1");
        runs.input("{\"id\":\"a\",\"text\":\"one\"}", "{\"id\":\"c\",\"text\":\"three\"}");
        JobRun.Result result = runs.run();
        assertThat(result.run().rowsDeleted()).isEqualTo(1);
        assertThat(runs.errors()).isEmpty();
        assertThat(runs.ledger()).containsExactly("a null 1", "c null 1");
        assertThat(result.manifest().counts().rowsIn()).isEqualTo(2);
        runs.verified();
    }

    @Test
    void everythingMayVanish() throws IOException {
        runs.resume(Deleted.DROP, RetryErrors.FAILED, true).partitionedBy("k");
        runs.input("{\"id\":\"a\",\"text\":\"one\",\"k\":1}", "{\"id\":\"b\",\"text\":\"two\",\"k\":2}");
        runs.run();
        runs.where("k > 5");
        JobRun.Result result = runs.run();
        assertThat(result.run().rowsDeleted()).isEqualTo(2);
        assertThat(result.manifest().counts()).isEqualTo(new Manifest.Counts(0, 0, 0, 0, 0, 2, 0, 0));
        assertThat(runs.words()).isEmpty();
        assertThat(runs.ledger()).isEmpty();
        runs.verified();
    }

    @Test
    void dropWithKeptFirstDuplicatesRemovesNothingThatIsThere() throws IOException {
        runs.resume(Deleted.DROP, RetryErrors.FAILED, false).duplicates(DuplicateIds.KEEP_FIRST);
        runs.input("{\"id\":\"a\",\"text\":\"one\"}", "{\"id\":\"a\",\"text\":\"one\"}");
        runs.run();
        WordStage.WORKED.set(0);
        JobRun.Result same = runs.run();
        assertThat(WordStage.WORKED.get()).isZero();
        assertThat(same.run().rowsDeleted()).isZero();
        assertThat(same.run().duplicatesDropped()).isEqualTo(1);
        runs.verified();
    }

    @Test
    void aKilledRunDropsNothingBeforeTheWholeInputWasSeen() throws IOException {
        runs.resume(Deleted.DROP, RetryErrors.FAILED, true);
        TreeMap<String, String> corpus = new TreeMap<>();
        for (int i = 0; i < 40; i++) {
            corpus.put("d" + i, "text");
        }
        runs.input(corpus);
        runs.run();
        for (int i = 0; i < 20; i++) {
            corpus.remove("d" + i);
        }
        corpus.put("d30", "crash");
        runs.input(corpus);
        WordStage.crash = true;
        assertThatThrownBy(runs::run).hasMessageContaining("crash asked for");
        WordStage.crash = false;
        runs.resume(Deleted.KEEP, RetryErrors.FAILED, true).run();
        assertThat(runs.words()).hasSize(40).contains("d30 0 crash", "d3 0 text");
        runs.verified();
        JobRun.Result dropped =
                runs.resume(Deleted.DROP, RetryErrors.FAILED, true).run();
        assertThat(dropped.run().rowsDeleted()).isEqualTo(20);
        assertThat(runs.words()).hasSize(20);
        runs.verified();
    }

    @Test
    void aVanishedDocumentCannotBeCutOutOfBlocks() throws IOException {
        runs.resume(Deleted.DROP, RetryErrors.FAILED, true).packing();
        runs.input("{\"id\":\"a\",\"text\":\"one\"}", "{\"id\":\"b\",\"text\":\"two\"}");
        runs.run();
        Map<String, String> before = runs.bytes();
        runs.input("{\"id\":\"a\",\"text\":\"one\"}");
        assertThatThrownBy(runs::run)
                .isInstanceOf(OutputException.class)
                .hasMessageContaining("The document b is in the output's blocks and no longer in the input")
                .hasMessageContaining("--deleted keep");
        assertThat(runs.bytes()).isEqualTo(before);
        runs.resume(Deleted.KEEP, RetryErrors.FAILED, true).run();
        assertThat(runs.words()).hasSize(2);
    }

    @Test
    void dropIsRefusedWithALimitBeforeAnythingIsWritten() throws IOException {
        runs.resume(Deleted.DROP, RetryErrors.FAILED, true).limit(5);
        runs.input("{\"id\":\"a\",\"text\":\"one\"}");
        assertThatThrownBy(runs::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("limit is 5");
        assertThat(Files.exists(runs.out())).isFalse();
    }
}
