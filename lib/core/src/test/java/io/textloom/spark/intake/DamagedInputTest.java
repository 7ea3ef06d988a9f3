package io.textloom.spark.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.textloom.spark.LocalSpark;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files whose bytes changed on their way or on the disk, or that were cut off. */
class DamagedInputTest {
    @TempDir
    Path dir;

    @Test
    void aParquetFileThatIsDamagedOrCutIsRefused() throws IOException {
        LocalSpark.session()
                .range(1)
                .selectExpr("'the quick brown fox' AS text")
                .coalesce(1)
                .write()
                .option("compression", "none")
                .parquet(dir.resolve("sound").toString());
        Path file;
        try (Stream<Path> files = Files.list(dir.resolve("sound"))) {
            file = files.filter(f -> f.getFileName().toString().startsWith("part-"))
                    .findFirst()
                    .orElseThrow();
        }
        // away from the local file system's own checksum, which no other store has
        String sound = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        Path damaged = dir.resolve("damaged.parquet");
        Files.write(damaged, sound.replaceFirst("quick", "quack").getBytes(StandardCharsets.ISO_8859_1));
        Path copy = dir.resolve("copy.parquet");
        Files.copy(file, copy);

        assertThat(texts(copy)).containsExactly("the quick brown fox");
        assertThatThrownBy(() -> texts(damaged)).hasStackTraceContaining("CRC");
        Files.writeString(damaged, sound.substring(0, sound.length() / 2), StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> texts(damaged))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("damaged.parquet");
    }

    @ParameterizedTest
    @ValueSource(strings = {"damaged.jsonl.gz", "damaged.txt.gz", "damaged.csv.gz"})
    void aGzipFileThatIsDamagedOrCutIsRefusedByName(String name) throws IOException {
        StringBuilder lines = new StringBuilder(name.contains("csv") ? "text\n" : "");
        for (int i = 0; i < 20_000; i++) {
            lines.append(name.contains("jsonl") ? "{\"text\": \"" + i + "\"}" : "row " + i)
                    .append('\n');
        }
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(lines.toString().getBytes(StandardCharsets.UTF_8));
        }
        byte[] bytes = compressed.toByteArray();
        Path file = Files.write(dir.resolve(name), bytes);
        assertThat(texts(file)).hasSize(20_000);

        Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
        assertThatThrownBy(() -> texts(file))
                .hasRootCauseInstanceOf(IOException.class)
                .hasStackTraceContaining("InputException: Cannot read ")
                .hasStackTraceContaining("/" + name + (name.contains("csv") ? ": " : " behind byte "));

        bytes[bytes.length - 6] ^= 1; // of the checksum at its end
        Files.write(file, bytes);
        assertThatThrownBy(() -> texts(file)).hasStackTraceContaining("InputException: Cannot read ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "orc"})
    void aDamagedColumnarFileCanBeLeftOut(String format) throws IOException {
        Path table = dir.resolve("table");
        LocalSpark.session()
                .range(0, 2000, 1, 2)
                .selectExpr("concat('row ', id) AS text")
                .write()
                .format(format)
                .save(table.toString());
        Path first;
        try (Stream<Path> files = Files.list(table)) {
            first = files.filter(f -> f.getFileName().toString().startsWith("part-00000"))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(first);
        for (int i = 10; i < 200; i++) {
            bytes[i] = (byte) (i * 31);
        }
        Files.delete(first);
        Path damaged = Files.write(table.resolve("damaged." + format), bytes);

        LimitOptions limits = new LimitOptions(BadFiles.QUARANTINE, LimitOptions.DEFAULT.maxRowBytes());
        List<Row> rows = new Intake(LocalSpark.session(), options(table, limits))
                .documents()
                .rows()
                .select(Intake.TEXT, Intake.CODE, Intake.RAW)
                .collectAsList();
        assertThat(rows.stream().filter(row -> row.isNullAt(1))).hasSize(1000);
        assertThat(rows.stream().filter(row -> !row.isNullAt(1)))
                .singleElement()
                .satisfies(row -> assertThat(row.getString(1)).isEqualTo("UNREADABLE_FILE"))
                .satisfies(row -> assertThat(row.getString(2))
                        .contains(damaged.getFileName().toString()));
    }

    private static List<String> texts(Path file) {
        return new Intake(LocalSpark.session(), options(file, LimitOptions.DEFAULT))
                .documents().rows().select(Intake.TEXT).collectAsList().stream()
                        .map(row -> row.getString(0))
                        .toList();
    }

    private static IntakeOptions options(Path file, LimitOptions limits) {
        return new IntakeOptions(
                List.of(file.toString()),
                InputFormat.AUTO,
                DocumentUnit.LINE,
                "text",
                "",
                DuplicateIds.ERROR,
                List.of(),
                "",
                0,
                1,
                limits);
    }
}
