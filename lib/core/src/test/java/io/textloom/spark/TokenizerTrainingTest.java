package io.textloom.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.textloom.spark.commit.OutputException;
import io.textloom.spark.commit.OutputFormat;
import io.textloom.spark.commit.OutputOptions;
import io.textloom.spark.commit.RunMode;
import io.textloom.spark.intake.DocumentUnit;
import io.textloom.spark.intake.DuplicateIds;
import io.textloom.spark.intake.InputException;
import io.textloom.spark.intake.InputFormat;
import io.textloom.spark.intake.IntakeOptions;
import io.textloom.spark.train.TrainWord2VecOptions;
import io.textloom.spark.train.WordEngine;
import io.textloom.spark.train.WordObjective;
import io.textloom.token.train.TokenizerType;
import io.textloom.token.train.TrainTokenizerOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerTrainingTest {
    private static final String WORDS =
            "the old king rode a grey horse over hills and rivers to find his lost daughter in winter Ω café Über";

    @TempDir
    Path dir;

    @Test
    void theSameBytesHoweverTheCorpusIsCutAndOrdered() throws IOException {
        List<String> texts = texts(300);
        for (TokenizerType type : TokenizerType.values()) {
            Map<String, byte[]> first = new HashMap<>();
            for (int partitions : new int[] {1, 3, 8}) {
                Collections.shuffle(texts, new Random(partitions));
                Path input = write(type + "-in-" + partitions, texts, partitions);
                Path output = dir.resolve(type + "-out-" + partitions);

                TrainReport report = train(
                        input, output, RunMode.FAIL, partitions, options(type, type == TokenizerType.BPE ? 330 : 90));

                assertThat(report.rowsIn()).isEqualTo(300);
                assertThat(report.counts()).containsEntry("tokens", type == TokenizerType.BPE ? 330L : 90L);
                for (String name : List.of("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json")) {
                    byte[] bytes = Files.readAllBytes(output.resolve(name));
                    assertThat(bytes)
                            .as("%s of %d", name, partitions)
                            .isEqualTo(first.computeIfAbsent(name, n -> bytes));
                }
            }
        }
    }

    @Test
    void everyWordOfTheCorpusIsCountedOnce() throws IOException {
        List<String> texts = texts(50);
        Map<String, Long> expected = new TreeMap<>();
        for (String text : texts) {
            for (String word : text.split(" ")) {
                expected.merge(word, 1L, Long::sum);
            }
        }
        TrainReport report = train(
                write("in", texts, 3), dir.resolve("out"), RunMode.FAIL, 3, options(TokenizerType.WORDPIECE, 400));

        assertThat(report.counts())
                .containsEntry(
                        "words", expected.values().stream().mapToLong(n -> n).sum())
                .containsEntry("distinctWords", (long) expected.size())
                .containsEntry("wordsLeftOut", 0L)
                .containsEntry(
                        "textBytes",
                        texts.stream()
                                .mapToLong(t -> t.getBytes(StandardCharsets.UTF_8).length)
                                .sum());
    }

    @Test
    void rejectedRowsAreCountedAndWrittenAndDecideTheRatio() throws IOException {
        Path input = write("in", texts(20), 1);
        Files.writeString(input.resolve("bad.jsonl"), "{\"text\": \"cut o\n{\"text\": \" \"}\n{\"other\": 1}\n");
        Path output = dir.resolve("out");

        TrainReport report = train(input, output, RunMode.FAIL, 2, options(TokenizerType.BPE, 300));

        assertThat(report.rowsIn()).isEqualTo(23);
        assertThat(report.rowsRejected()).isEqualTo(3);
        assertThat(report.rejectedByCode())
                .isEqualTo(Map.of("EMPTY_TEXT", 1L, "MALFORMED_JSON", 1L, "MISSING_TEXT", 1L));
        assertThat(report.errorRatioExceeded()).isTrue();
        List<Row> errors = LocalSpark.session()
                .read()
                .parquet(output.resolve("_textloom/errors").toString())
                .collectAsList();
        assertThat(errors)
                .extracting(row -> row.<String>getAs("code"))
                .containsExactlyInAnyOrder("EMPTY_TEXT", "MALFORMED_JSON", "MISSING_TEXT");
        JsonNode record = new ObjectMapper()
                .readTree(output.resolve("_textloom/training.json").toFile());
        assertThat(record.get("counts").get("rowsRejected").asLong()).isEqualTo(3);
        assertThat(record.get("files").get("tokenizer.json").asText()).hasSize(64);
        assertThat(record.get("story").get("trained").asText()).contains("a byte-level BPE vocabulary of 300 tokens");
        assertThat(record.get("versions").get("spark").asText()).isEqualTo("3.5.7");
    }

    @Test
    void wordsLongerThanTheLimitAreLeftOutAndCounted() throws IOException {
        List<String> texts = List.of("ab ab " + "x".repeat(40), "y".repeat(41) + " ab", "x".repeat(39));
        TrainTokenizerOptions options =
                new TrainTokenizerOptions(TokenizerType.WORDPIECE, 300, 2, true, List.of(), 0, 0, 39);

        TrainReport report = train(write("in", texts, 1), dir.resolve("out"), RunMode.FAIL, 2, options);

        assertThat(report.counts()).containsEntry("wordsLeftOut", 2L).containsEntry("words", 4L);
        assertThat(report.story().get("counted")).contains("2 longer than 39 bytes were left out");
        assertThat(report.story().get("trained")).contains("fewer than the 300 asked for");
    }

    @Test
    void aCorpusWithoutWordsIsUnreadableAndNothingIsWritten() throws IOException {
        Path blank = write("blank", List.of(" ", "\t"), 1);
        assertThatThrownBy(() -> train(blank, dir.resolve("out"), RunMode.FAIL, 2, options(TokenizerType.BPE, 300)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no words to train on: of 2 rows 2 were rejected");
        Path empty = Files.createDirectories(dir.resolve("empty"));
        Files.writeString(empty.resolve("empty.txt"), "");
        assertThatThrownBy(
                        () -> train(empty, dir.resolve("out"), RunMode.FAIL, 2, options(TokenizerType.WORDPIECE, 300)))
                .isInstanceOf(InputException.class);
        assertThat(dir.resolve("out")).doesNotExist();
    }

    @Test
    void aVocabularyTooSmallForTheAlphabetLeavesNothing() throws IOException {
        Path input = write("in", texts(20), 1);
        assertThatThrownBy(
                        () -> train(input, dir.resolve("out"), RunMode.FAIL, 2, options(TokenizerType.WORDPIECE, 20)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("train.vocabSize is 20", "characters of the input");
        assertThat(dir.resolve("out")).doesNotExist();
    }

    @Test
    void whatIsThereIsReplacedOnlyWhereAskedFor() throws IOException {
        Path input = write("in", texts(20), 1);
        Path output = dir.resolve("out");
        train(input, output, RunMode.FAIL, 2, options(TokenizerType.BPE, 300));
        byte[] before = Files.readAllBytes(output.resolve("tokenizer.json"));
        assertThatThrownBy(() -> train(input, output, RunMode.FAIL, 2, options(TokenizerType.BPE, 290)))
                .isInstanceOf(OutputException.class)
                .hasMessageContaining("already holds the result of a training", "--mode overwrite");
        assertThat(output.resolve("tokenizer.json")).hasBinaryContent(before);

        train(input, output, RunMode.OVERWRITE, 2, options(TokenizerType.BPE, 290));
        assertThat(Files.readAllBytes(output.resolve("tokenizer.json"))).isNotEqualTo(before);

        Files.delete(output.resolve("_textloom/training.json"));
        assertThatThrownBy(() -> train(input, output, RunMode.FAIL, 2, options(TokenizerType.BPE, 300)))
                .isInstanceOf(OutputException.class);
        train(input, output, RunMode.OVERWRITE, 2, options(TokenizerType.BPE, 300));
        assertThat(output.resolve("tokenizer.json")).hasBinaryContent(before);

        Path others = Files.createDirectories(dir.resolve("others"));
        Files.writeString(others.resolve("config.json"), "{}");
        assertThatThrownBy(() -> train(input, others, RunMode.OVERWRITE, 2, options(TokenizerType.BPE, 290)))
                .isInstanceOf(OutputException.class)
                .hasMessageContaining("files that no training wrote");
        assertThat(others.resolve("tokenizer.json")).doesNotExist();
    }

    @Test
    void aTrainingOfTheAddOnSaysWhereItIsNot() {
        TrainWord2VecOptions options = new TrainWord2VecOptions(
                WordObjective.CBOW, WordEngine.TEXTLOOM, 8, 2, 2, 1, 0, 0, 0.1, 0, 1, 0, 1, true, true, 99, 1, 1);
        JobContext context = new JobContext(
                LocalSpark.session(),
                "",
                new IntakeOptions(
                        List.of("in"),
                        InputFormat.AUTO,
                        DocumentUnit.LINE,
                        "text",
                        "",
                        DuplicateIds.ERROR,
                        List.of(),
                        "",
                        0,
                        1),
                new OutputOptions("out", RunMode.FAIL, 0.01, List.of(), OutputFormat.PARQUET),
                new TreeMap<>(),
                Progress.SILENT);
        assertThatThrownBy(() -> Jobs.train(context, options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--jars", "TEXTLOOM_JARS", "lib/train/target/textloom-train-");
    }

    private static TrainTokenizerOptions options(TokenizerType type, int size) {
        return new TrainTokenizerOptions(type, size, 2, type == TokenizerType.WORDPIECE, List.of(), 0, 0, 1024);
    }

    private static TrainReport train(
            Path input, Path output, RunMode mode, int partitions, TrainTokenizerOptions options) {
        return Jobs.trainTokenizer(
                new JobContext(
                        LocalSpark.session(),
                        "",
                        new IntakeOptions(
                                List.of(input.toString()),
                                InputFormat.AUTO,
                                DocumentUnit.LINE,
                                "text",
                                "",
                                DuplicateIds.ERROR,
                                List.of(),
                                "",
                                0,
                                partitions),
                        new OutputOptions(output.toString(), mode, 0.01, List.of(), OutputFormat.PARQUET),
                        new TreeMap<>(),
                        Progress.SILENT),
                options);
    }

    private static List<String> texts(int count) {
        String[] words = WORDS.split(" ");
        Random random = new Random(5);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder text = new StringBuilder("once");
            for (int n = random.nextInt(25); n > 0; n--) {
                String word = words[(int) (words.length * Math.pow(random.nextDouble(), 2))];
                text.append(' ').append(word).append(random.nextInt(4) == 0 ? word : "");
            }
            texts.add(text.toString());
        }
        return texts;
    }

    /** Spreads the texts over files of one directory. */
    private Path write(String name, List<String> texts, int files) throws IOException {
        Path input = Files.createDirectories(dir.resolve(name));
        for (int file = 0; file < files; file++) {
            List<String> lines = new ArrayList<>();
            for (int i = file; i < texts.size(); i += files) {
                lines.add(new ObjectMapper().writeValueAsString(Map.of("text", texts.get(i))));
            }
            Files.write(input.resolve("part-" + (files - file) + ".jsonl"), lines, StandardCharsets.UTF_8);
        }
        return input;
    }
}
