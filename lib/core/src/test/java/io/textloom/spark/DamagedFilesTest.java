package io.textloom.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The short form of scripts/damaged-files. */
class DamagedFilesTest {
    @TempDir
    Path work;

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "gzip", "jsonl"})
    void everyRowIsRightOrAccountedFor(String format) throws IOException {
        DamagedFiles.Figures figures = new DamagedFiles(LocalSpark.session(), work, 11).run(format, 8);
        assertThat(figures.wrong()).isEmpty();
        assertThat(figures.whole()).isPositive();
        assertThat(figures.quarantined() + figures.changedLines()).isPositive();
    }
}
