package io.textloom.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code textloom train word2vec} where nobody has passed the add-on jar. */
class TrainWordVectorsIT {
    @TempDir
    Path dir;

    @Test
    void theMissingAddOnIsNamedWithTheFlagThatBringsIt() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console =
                new Console(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), Map.of(), false);
        int code = new Main(console, new SparkJobRunner(console))
                .execute(
                        "train",
                        "word2vec",
                        "--input",
                        Path.of("..", "scripts", "sample", "corpus.jsonl").toString(),
                        "--output",
                        dir.resolve("out").toString());

        assertThat(code).isEqualTo(2);
        assertThat(err.toString(UTF_8)).contains("textloom-train", "--jars", "TEXTLOOM_JARS");
        assertThat(dir.resolve("out")).doesNotExist();
    }
}
