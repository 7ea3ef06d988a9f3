package io.textloom.spark.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.textloom.spark.commit.TaskReport.Kind;
import io.textloom.spark.commit.TaskReport.StagedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompactionTest {
    private static final long TARGET = 1000;

    @TempDir
    Path dir;

    private final Compaction byBytes =
            new Compaction(Long.MAX_VALUE, TARGET, Manifest.File::bytes, file -> Long.parseLong(file.name()));

    @BeforeEach
    void reset() {
        WordStage.crash = false;
        WordStage.WORKED.set(0);
    }

    @Test
    void aDirectoryKeepsSomeSmallFiles() throws IOException {
        assertThat(byBytes.groups(committed(Kind.ROWS, "", Compaction.MANY, 10), List.of(staged("", 10))))
                .isEmpty();
    }

    @Test
    void manySmallFilesOfOneDirectoryGoTogetherWithWhatTheRunAdds() throws IOException {
        List<Manifest.File> files = committed(Kind.ROWS, "lang=en", Compaction.MANY + 1, 10);
        files.addAll(committed(Kind.ROWS, "lang=de", 3, 10));
        files.addAll(committed(Kind.ROWS, "lang=en", 4, 300));
        List<Compaction.Group> groups =
                byBytes.groups(files, List.of(staged("lang=en", 20), staged("lang=de", 20), staged("lang=en", 600)));
        assertThat(groups)
                .containsExactly(new Compaction.Group(
                        Kind.ROWS, "lang=en", files.subList(0, Compaction.MANY + 1), List.of(staged("lang=en", 20))));
    }

    @Test
    void groupsFillFilesOfTheSizeAskedFor() throws IOException {
        List<Manifest.File> files = committed(Kind.LEDGER, "", 21, 240);
        List<Compaction.Group> groups = byBytes.groups(files, List.of());
        assertThat(groups).allMatch(g -> g.kind() == Kind.LEDGER);
        assertThat(groups.stream().map(g -> g.committed().size()))
                .as("the last one alone stays as it is")
                .containsExactly(4, 4, 4, 4, 4);
    }

    @Test
    void rowsThatAreMeasuredInTokensAreFilledByTokens() throws IOException {
        Compaction byTokens = new Compaction(100, TARGET, Manifest.File::bytes, file -> 0);
        List<Manifest.File> files = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            files.add(new Manifest.File(Kind.ROWS, "f" + i, 1, 20, 1_000_000));
        }
        assertThat(byTokens.groups(files, List.of()).stream()
                        .map(g -> g.committed().size()))
                .containsExactly(5, 5, 5, 5);
    }

    @Test
    void nightlyRunsLeaveFewFilesAndLoseNothing() throws IOException {
        WordRuns runs = new WordRuns(dir).partitionedBy("k");
        List<String> lines = new ArrayList<>();
        JobRun.Result result = null;
        for (int night = 0; night < 20; night++) {
            lines.add(
                    "{\"id\":\"n" + night + "\",\"text\":\"word of " + night + "\",\"k\":" + Math.min(night, 1) + "}");
            lines.add("{\"id\":\"e" + night + "\",\"text\":\"lengthy\",\"k\":1}");
            runs.input(lines.toArray(String[]::new));
            result = runs.run();
            assertThat(WordStage.WORKED.getAndSet(0)).isEqualTo(2);
        }
        assertThat(result).isNotNull();
        Map<Kind, Long> files = WordRuns.files(result.manifest());
        assertThat(files)
                .as("a file of the first nights, one of each night since; and one of the other partition directory")
                .containsEntry(Kind.ERRORS, 3L)
                .containsEntry(Kind.ROWS, 3L);
        assertThat(files.get(Kind.LEDGER)).isLessThan(20);
        assertThat(result.manifest().files()).allMatch(f -> f.bytes() > 0);
        assertThat(runs.words()).hasSize(60);
        assertThat(runs.errors()).hasSize(20);
        try (Stream<Path> all = Files.walk(runs.out())) {
            assertThat(all.filter(f -> f.toString().endsWith(".parquet")))
                    .hasSize(result.manifest().files().size());
        }
        runs.verified();
    }

    private static List<Manifest.File> committed(Kind kind, String directory, int count, long bytes) {
        String prefix = directory.isEmpty() ? "" : directory + "/";
        return new ArrayList<>(IntStream.range(0, count)
                .mapToObj(i -> new Manifest.File(kind, prefix + "f" + bytes + "-" + i, 1, 0, bytes))
                .toList());
    }

    private static StagedFile staged(String directory, long bytes) {
        return new StagedFile(Kind.ROWS, String.valueOf(bytes), directory, 1, 0);
    }
}
