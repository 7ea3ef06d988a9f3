package io.textloom.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.textloom.token.Tokenizer;
import io.textloom.token.Tokenizers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code textloom train tokenizer} on the sample corpus, from where a user stands. */
class TrainTokenizerIT {
    private static final Path CORPUS = Path.of("..", "scripts", "sample", "corpus.jsonl");
    private static final String TEXT = "A sourdough starter is nothing more than flour and water.";

    @TempDir
    Path dir;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void aBpeVocabularyOfTheSampleOpensAndKeepsEveryText() throws IOException {
        assertThat(train(CORPUS, "--vocab-size", "1500", "--max-error-ratio", "0.05", "--json"))
                .isZero();

        JsonNode report = new ObjectMapper().readTree(out.toByteArray());
        assertThat(report.get("task").asText()).isEqualTo("tokenizer");
        assertThat(report.get("rowsIn").asLong()).isEqualTo(280);
        assertThat(report.get("rejectedByCode").get("EMPTY_TEXT").asLong()).isEqualTo(2);
        assertThat(report.get("tokens").asLong()).isEqualTo(1500);
        try (Tokenizer tokenizer = Tokenizers.open(dir.resolve("out/tokenizer.json"))) {
            assertThat(tokenizer.vocabularySize()).isEqualTo(1500);
            int[] ids = tokenizer.encode(TEXT);
            assertThat(ids).hasSizeLessThan(TEXT.length() / 3);
            assertThat(tokenizer.decode(ids, 0, ids.length)).isEqualTo(TEXT);
        }
        assertThat(train(CORPUS, "--vocab-size", "1500")).isEqualTo(2);
        assertThat(err.toString(UTF_8)).contains("already holds the result of a training");
    }

    @Test
    void aWordPieceVocabularyOfTheSampleOpensAndRejectedRowsDecideTheExitCode() throws IOException {
        assertThat(train(CORPUS, "--type", "wordpiece", "--vocab-size", "2000")).isEqualTo(4);

        assertThat(err.toString(UTF_8)).contains("3 of 280 rows were rejected");
        assertThat(out.toString(UTF_8)).contains("a WordPiece vocabulary of 2,000 tokens");
        assertThat(CommittedRows.errors(dir.resolve("out"))).hasSize(3);
        try (Tokenizer tokenizer = Tokenizers.open(dir.resolve("out/tokenizer.json"))) {
            int[] ids = tokenizer.encode(TEXT);
            assertThat(tokenizer.decode(ids, 0, ids.length)).isEqualTo(TEXT.toLowerCase(java.util.Locale.ROOT));
        }
    }

    @Test
    void whatCannotBeTrainedSaysWhy() throws IOException {
        assertThat(train(CORPUS, "--type", "wordpiece", "--vocab-size", "50")).isEqualTo(2);
        assertThat(err.toString(UTF_8)).contains("train.vocabSize is 50", "set train.limitAlphabet");
        assertThat(train(Files.writeString(dir.resolve("empty.txt"), "\n"), "--max-error-ratio", "1"))
                .isEqualTo(3);
        assertThat(err.toString(UTF_8)).contains("no words to train on");
        assertThat(dir.resolve("out")).doesNotExist();
        Path file = Files.writeString(dir.resolve("file"), "in the way");
        assertThat(execute(
                        "train",
                        "--input",
                        CORPUS.toString(),
                        "--output",
                        file.resolve("out").toString()))
                .isEqualTo(2);
        assertThat(err.toString(UTF_8)).contains("cannot be written");
    }

    private int train(Path input, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "train",
                "tokenizer",
                "--input",
                input.toString(),
                "--output",
                dir.resolve("out").toString()));
        arguments.addAll(List.of(more));
        return execute(arguments.toArray(String[]::new));
    }

    private int execute(String... arguments) {
        out.reset();
        err.reset();
        Console console =
                new Console(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), Map.of(), false);
        return new Main(console, new SparkJobRunner(console)).execute(arguments);
    }
}
