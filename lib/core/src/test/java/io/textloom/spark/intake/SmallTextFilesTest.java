package io.textloom.spark.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.textloom.spark.LocalSpark;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SmallTextFilesTest {
    private final SparkSession spark = LocalSpark.session();

    private static final int KEPT = 1 << 20;

    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void rowsAreThoseOfSparksReader(boolean wholeFiles) throws IOException {
        Files.writeString(dir.resolve("a b.txt"), "\ufeffone\r\ntwo\n\nthree");
        Files.write(dir.resolve("bytes.txt"), new byte[] {'x', (byte) 0xff, '\r', 'y', '\n'});
        Files.writeString(dir.resolve("empty.txt"), "");
        Files.writeString(dir.resolve("half.txt"), "\u00ef");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(dir.resolve("packed.txt.gz")))) {
            out.write("four\nfive\n".getBytes(StandardCharsets.UTF_8));
        }
        List<String> paths = paths();
        List<String> bySpark = spark
                .read()
                .option("wholetext", wholeFiles)
                .text(LiteralPaths.of(paths))
                .selectExpr("hex(CAST(value AS binary))")
                .collectAsList()
                .stream()
                .map(r -> r.getString(0))
                .sorted()
                .toList();
        List<String> ours =
                SmallTextFiles.read(spark, paths, wholeFiles, KEPT).selectExpr("hex(value)").collectAsList().stream()
                        .map(r -> r.getString(0))
                        .sorted()
                        .toList();
        assertThat(ours).isEqualTo(bySpark).isNotEmpty();
    }

    @Test
    void linesAreNumberedInTheirFile() throws IOException {
        Files.writeString(dir.resolve("a.txt"), "one\ntwo\n");
        Files.writeString(dir.resolve("b.txt"), "three\n");
        assertThat(SmallTextFiles.read(spark, paths(), false, KEPT)
                        .selectExpr("CAST(value AS string)", "right(__path, 5)", "__block", "__sequence")
                        .collectAsList())
                .extracting(row -> row.mkString(" "))
                .containsExactlyInAnyOrder("one a.txt 0 0", "two a.txt 0 1", "three b.txt 0 0");
    }

    @Test
    void ofLongRowsNoMoreIsHeldThanIsKept() throws IOException {
        Files.writeString(dir.resolve("a.txt"), "x".repeat(100) + "\ntwo\n");
        for (boolean wholeFiles : List.of(false, true)) {
            List<String> read =
                    SmallTextFiles.read(spark, paths(), wholeFiles, 10)
                            .selectExpr("CAST(value AS string)")
                            .collectAsList()
                            .stream()
                            .map(row -> row.getString(0))
                            .toList();
            assertThat(read)
                    .containsExactlyElementsOf(wholeFiles ? List.of("x".repeat(10)) : List.of("x".repeat(10), "two"));
        }
    }

    @Test
    void aFileThatCannotBeReadIsNamed() throws IOException {
        Files.writeString(dir.resolve("broken.txt.gz"), "this is no gzip");
        assertThatThrownBy(
                        () -> SmallTextFiles.read(spark, paths(), false, KEPT).collectAsList())
                .hasStackTraceContaining("Cannot read ")
                .hasStackTraceContaining("broken.txt.gz");
    }

    @Test
    void manySmallFilesGoThisWayAndFewOrLargeOnesDoNot() {
        assertThat(SmallTextFiles.are(files(1001, 1 << 20))).isTrue();
        assertThat(SmallTextFiles.are(files(1000, 1 << 20))).isFalse();
        assertThat(SmallTextFiles.are(files(1001, 1 << 25))).isFalse();
    }

    private static SourceFiles files(int count, long largest) {
        return new SourceFiles(Collections.nCopies(count, "f"), InputFormat.TEXT, 0, largest);
    }

    private List<String> paths() throws IOException {
        try (Stream<Path> files = Files.list(dir)) {
            return Arrays.asList(files.map(f -> f.toUri().toString())
                    .map(uri -> new org.apache.hadoop.fs.Path(java.net.URI.create(uri)).toString())
                    .sorted()
                    .toArray(String[]::new));
        }
    }
}
