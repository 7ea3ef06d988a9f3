package io.textloom.spark.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.textloom.spark.LocalSpark;
import io.textloom.text.RejectCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.SaveMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetryErrorsTest {
    @TempDir
    Path dir;

    private WordRuns runs;

    @BeforeEach
    void open() throws IOException {
        reset();
        runs = new WordRuns(dir);
        runs.input(new TreeMap<>(Map.of("fine", "one two", "long", "lengthy", "model", "reject", "blank", " ")));
    }

    @AfterEach
    void reset() {
        WordStage.crash = false;
        WordStage.WORKED.set(0);
    }

    @Test
    void onlyCodesThatMayGoAwayAreTriedAgain() throws IOException {
        runs.run();
        assertThat(WordStage.WORKED.getAndSet(0)).isEqualTo(3);
        assertThat(runs.errors()).containsExactly("blank EMPTY_TEXT 1", "long TOO_LONG 1", "model MODEL_FAILED 1");

        JobRun.Result again = runs.run();
        assertThat(WordStage.WORKED.getAndSet(0)).isEqualTo(1);
        assertThat(again.run().rowsSkipped()).isEqualTo(3);
        assertThat(runs.errors()).containsExactly("blank EMPTY_TEXT 1", "long TOO_LONG 1", "model MODEL_FAILED 2");
        assertThat(runs.ledger())
                .containsExactly("blank EMPTY_TEXT 1", "fine null 1", "long TOO_LONG 1", "model MODEL_FAILED 2");
        runs.verified();

        runs.input(new TreeMap<>(Map.of("fine", "one two", "long", "lengthy", "model", "reject new", "blank", " ")));
        runs.run();
        assertThat(runs.errors())
                .as("other content is tried for the first time")
                .containsExactly("blank EMPTY_TEXT 1", "long TOO_LONG 1", "model MODEL_FAILED 1");
        runs.verified();
    }

    @Test
    void noneLeavesErrorsAndFilesAlone() throws IOException {
        runs.retry(RetryErrors.NONE).clockOff(Duration.ofHours(-1)).run();
        Map<String, String> before = runs.bytes();
        WordStage.WORKED.set(0);
        JobRun.Result again = runs.run();
        assertThat(WordStage.WORKED.get()).isZero();
        assertThat(again.run().rowsSkipped()).isEqualTo(4);
        assertThat(runs.bytes()).isEqualTo(before);
    }

    @Test
    void allTriesTheIntakesErrorsToo() {
        runs.run();
        WordStage.WORKED.set(0);
        JobRun.Result again = runs.retry(RetryErrors.ALL).run();
        assertThat(WordStage.WORKED.get()).isEqualTo(2);
        assertThat(again.run().rowsSkipped()).isEqualTo(1);
        assertThat(runs.errors()).containsExactly("blank EMPTY_TEXT 2", "long TOO_LONG 2", "model MODEL_FAILED 2");
        assertThat(runs.words()).containsExactly("fine 0 one", "fine 1 two");
        runs.verified();
    }

    @Test
    void aLedgerWithoutCodesStillReadsAndItsErrorsCountAsFailed() throws IOException {
        JobRun.Result first = runs.run();
        for (Manifest.File file : first.manifest().files()) {
            if (file.kind() == TaskReport.Kind.LEDGER) {
                withoutCodes(runs.out().resolve(file.path()));
            }
        }
        WordStage.WORKED.set(0);
        runs.run();
        assertThat(WordStage.WORKED.getAndSet(0)).as("both of the stage").isEqualTo(2);
        assertThat(runs.errors()).containsExactly("blank EMPTY_TEXT 1", "long TOO_LONG 2", "model MODEL_FAILED 2");
        runs.run();
        assertThat(WordStage.WORKED.get()).as("now the codes are known").isEqualTo(1);
        assertThat(runs.words()).containsExactly("fine 0 one", "fine 1 two");
    }

    private void withoutCodes(Path file) throws IOException {
        Path copy = dir.resolve("copy");
        LocalSpark.session()
                .read()
                .parquet(file.toString())
                .select("id", "content_hash", "rejected")
                .coalesce(1)
                .write()
                .mode(SaveMode.Overwrite)
                .parquet(copy.toString());
        try (var files = Files.list(copy)) {
            Path written = files.filter(f -> f.toString().endsWith(".parquet"))
                    .findFirst()
                    .orElseThrow();
            Files.copy(written, file, StandardCopyOption.REPLACE_EXISTING);
        }
        Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
    }

    @Test
    void aRowThatBecameReadableIsNotTakenForDone() throws IOException {
        runs.input("{\"id\":\"a\",\"text\":\"first\"}", "{\"id\":\"a\",\"text\":\"second\"}");
        runs.retry(RetryErrors.NONE).run();
        assertThat(runs.errors()).containsExactly("a DUPLICATE_ID 1");
        runs.input("{\"id\":\"a\",\"text\":\"second\"}");
        runs.run();
        assertThat(runs.words()).containsExactly("a 0 second");
        assertThat(runs.errors()).isEmpty();
        runs.verified();
    }

    @Test
    void whatReadingFindsNeverGoesAwayByItself() {
        assertThat(Arrays.stream(RejectCode.values()).filter(RejectCode::mayGoAway))
                .containsExactly(RejectCode.TOKENIZER_FAILED, RejectCode.MODEL_FAILED, RejectCode.OUT_OF_MEMORY);
        assertThat(Arrays.stream(RejectCode.values()).filter(RejectCode::foundByReading))
                .noneMatch(RejectCode::mayGoAway)
                .isNotEmpty();
    }
}
