package io.textloom.spark.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.textloom.spark.LocalSpark;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.io.compress.BZip2Codec;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A row that is too long is a rejected row, whatever it is read from; its neighbours are as they were. */
class LongRowsTest {
    private static final int LIMIT = 1000;

    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(strings = {"a.jsonl", "a.jsonl.gz", "a.jsonl.bz2"})
    void linesOfJson(String name) throws IOException {
        String lines = "{\"text\": \"one\", \"n\": 1}\n{\"text\": \"" + "x".repeat(LIMIT)
                + "\", \"n\": 2}\n{\"text\": \"two\", \"n\": 3}\n";
        Path file = write(name, lines);
        for (List<String> kept : List.of(List.<String>of(), List.of("n"))) {
            List<Row> rows = read(file, DocumentUnit.LINE, kept);
            assertThat(texts(rows)).containsExactly("one", "two");
            assertThat(codes(rows)).containsExactly("TOO_LARGE");
            assertThat(rows.stream()
                            .filter(r -> !r.isNullAt(3))
                            .findFirst()
                            .orElseThrow()
                            .getString(4))
                    .contains("longer than 1000 bytes");
        }
    }

    @Test
    void aRowOfExactlyTheLimitIsTaken() throws IOException {
        Path file = write("a.txt", "x".repeat(LIMIT) + "\n" + "y".repeat(LIMIT + 1));
        List<Row> rows = read(file, DocumentUnit.LINE, List.of());
        assertThat(texts(rows)).containsExactly("x".repeat(LIMIT));
        assertThat(codes(rows)).containsExactly("TOO_LARGE");
    }

    @Test
    void wholeFilesAndParagraphs() throws IOException {
        Path file = write("a.txt.gz", "one\n\n" + "word\n".repeat(LIMIT) + "\ntwo\n");
        assertThat(codes(read(file, DocumentUnit.FILE, List.of()))).containsExactly("TOO_LARGE");
        List<Row> paragraphs = read(file, DocumentUnit.PARAGRAPH, List.of());
        assertThat(texts(paragraphs)).containsExactly("one", "two");
        assertThat(codes(paragraphs)).containsExactly("TOO_LARGE");
    }

    @Test
    void aFileThatIsCutShortIsNamed() throws IOException {
        Path file = write("a.txt.gz", "line of text\n".repeat(5000));
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - 9));
        assertThatThrownBy(() -> read(file, DocumentUnit.LINE, List.of()))
                .hasStackTraceContaining("Cannot read")
                .hasStackTraceContaining("a.txt.gz behind byte")
                .hasStackTraceContaining("the file is damaged");
    }

    /** The judge is Hadoop's own reader, through Spark. */
    @Test
    void linesAreThoseOfSparkWhereverTheFileIsCut() throws IOException {
        Random random = new Random(3);
        Configuration conf = new Configuration();
        String[] ends = {"\n", "\r\n", "\r", "\n\n"};
        for (int round = 0; round < 8; round++) {
            StringBuilder text = new StringBuilder(round % 4 == 0 ? "\ufeff" : "");
            for (int i = 0; i < 30; i++) {
                text.append("é".repeat(random.nextInt(9))).append(i).append(ends[random.nextInt(ends.length)]);
            }
            Path file = write("r" + round + ".txt", text + (round % 2 == 0 ? "end" : ""));
            List<String> expected =
                    LocalSpark.session().read().textFile(file.toString()).collectAsList();
            int size = (int) Files.size(file);
            for (int part : new int[] {size, 3, 64}) {
                List<String> found = new ArrayList<>();
                for (int start = 0; start < size; start += part) {
                    try (BoundedLines lines = new BoundedLines(
                            new org.apache.hadoop.fs.Path(file.toUri()),
                            start,
                            Math.min(part, size - start),
                            LIMIT,
                            conf)) {
                        for (Text line = lines.next(); line != null; line = lines.next()) {
                            found.add(line.toString());
                        }
                    }
                }
                assertThat(found).as("round " + round + " in parts of " + part).isEqualTo(expected);
            }
        }
    }

    private static List<Row> read(Path file, DocumentUnit unit, List<String> kept) {
        IntakeOptions options = new IntakeOptions(
                List.of(file.toString()),
                InputFormat.AUTO,
                unit,
                "text",
                "",
                DuplicateIds.ERROR,
                kept,
                "",
                0,
                2,
                new LimitOptions(BadFiles.FAIL, LIMIT));
        return new Intake(LocalSpark.session(), options).documents().rows().collectAsList();
    }

    private static List<String> texts(List<Row> rows) {
        return rows.stream()
                .filter(r -> !r.isNullAt(2))
                .map(r -> r.getString(2))
                .sorted()
                .toList();
    }

    private static List<String> codes(List<Row> rows) {
        return rows.stream()
                .filter(r -> !r.isNullAt(3))
                .map(r -> r.getString(3))
                .toList();
    }

    private Path write(String name, String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BZip2Codec bzip2 = new BZip2Codec();
        bzip2.setConf(new Configuration());
        try (OutputStream out = name.endsWith(".gz")
                ? new GZIPOutputStream(bytes)
                : name.endsWith(".bz2") ? bzip2.createOutputStream(bytes) : bytes) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return Files.write(dir.resolve(name), bytes.toByteArray());
    }
}
