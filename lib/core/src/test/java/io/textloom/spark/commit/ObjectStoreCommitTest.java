package io.textloom.spark.commit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commits where a rename copies and deletes. */
class ObjectStoreCommitTest {
    private static final int FILES = 40;

    @TempDir
    Path dir;

    private OutputDirectory output;

    @BeforeEach
    void open() {
        Configuration conf = CopyingStore.configuration();
        output = OutputDirectory.open("s3://" + dir.resolve("out"), conf);
        CopyingStore.DONE.clear();
        CopyingStore.BROKEN.clear();
    }

    private static Manifest manifest(String job) throws IOException {
        return Manifest.fromJson("""
                {"formatVersion": 1, "job": "%s", "versions": {}, "settings": {}, "files": [], "runs": [],
                 "model": {"name": "none", "uri": "file:/none", "sha256": "00"}}""".formatted(job).getBytes(UTF_8));
    }

    private void commit(String run, String job, List<String> deletes) throws IOException {
        List<Journal.Move> moves = new ArrayList<>();
        Path staging = Files.createDirectories(dir.resolve("out/_textloom/staging/" + run));
        for (int i = 0; i < FILES; i++) {
            Files.writeString(staging.resolve("staged-" + i), run + i);
            moves.add(new Journal.Move("staged-" + i, "lang=" + i % 3 + "/part-" + i + "-" + run));
        }
        output.commit(run, new Journal(deletes, moves, manifest(job)));
    }

    @Test
    void theManifestIsNeverAway() throws IOException {
        commit("first", "embed", List.of());
        commit("second", "tokenize", List.of("lang=0/part-0-first", "lang=1/part-1-first"));
        assertThat(CopyingStore.DONE)
                .contains("put manifest.json", "put journal.json")
                .doesNotContain("delete manifest.json", "rename manifest.json");
        assertThat(output.manifest().orElseThrow().job()).isEqualTo("tokenize");
    }

    @Test
    void everyFileIsMovedBeforeTheManifestSaysSoAndNoneIsDeletedBefore() throws IOException {
        commit("first", "embed", List.of());
        CopyingStore.DONE.clear();
        commit("second", "embed", List.of("lang=0/part-0-first", "lang=1/part-1-first"));
        List<String> done = new ArrayList<>(CopyingStore.DONE);
        int told = done.indexOf("put manifest.json");
        assertThat(done.subList(0, told))
                .filteredOn(step -> step.startsWith("rename "))
                .hasSize(FILES);
        assertThat(done.subList(0, told)).noneMatch(step -> step.matches("delete part-[01]-first"));
        assertThat(done.subList(told, done.size())).contains("delete part-0-first", "delete part-1-first");
        for (int i = 0; i < FILES; i++) {
            assertThat(dir.resolve("out/lang=" + i % 3 + "/part-" + i + "-second"))
                    .hasContent("second" + i);
        }
    }

    @Test
    void aFileThatIsHalfWrittenIsNotThere() throws IOException {
        commit("first", "embed", List.of());
        CopyingStore.BROKEN.add("manifest.json");
        assertThatThrownBy(() -> commit("second", "tokenize", List.of())).hasMessageContaining("No space left");
        assertThat(output.manifest().orElseThrow().job()).isEqualTo("embed");
        CopyingStore.BROKEN.clear();
        output.finishCommits();
        assertThat(output.manifest().orElseThrow().job()).isEqualTo("tokenize");
    }
}
