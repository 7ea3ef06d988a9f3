package io.textloom.spark.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import io.textloom.spark.LocalSpark;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.io.compress.BZip2Codec;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IntakeTest {
    private static final String LINES = """
            {"id": "a", "text": "one", "n": 1}
            {"id": "b", "text": "two", "n": 2}
            {"id": "c", "text": "two", "n": 3}
            """;

    @TempDir
    Path dir;

    @Test
    void everyFormatAndCompressionGivesTheSameDocuments() throws IOException {
        String csv = "id,text\na,one\nb,two\nc,two\n";
        List<Path> files = List.of(
                write("a.jsonl", LINES.getBytes(StandardCharsets.UTF_8)),
                compressed("b.jsonl.gz", LINES),
                compressed("c.jsonl.bz2", LINES),
                compressed("d.jsonl.zst", LINES),
                write("e.csv", csv.getBytes(StandardCharsets.UTF_8)),
                compressed("f.csv.gz", csv),
                write("g.txt", "one\ntwo\ntwo\n".getBytes(StandardCharsets.UTF_8)),
                compressed("h.txt.zst", "one\ntwo\ntwo\n"));
        LocalSpark.session()
                .read()
                .json(files.get(0).toString())
                .coalesce(1)
                .write()
                .parquet(dir.resolve("i.parquet").toString());

        for (String name : List.of(
                "a.jsonl", "b.jsonl.gz", "c.jsonl.bz2", "d.jsonl.zst", "e.csv", "f.csv.gz", "g.txt", "h.txt.zst")) {
            assertThat(ids(read(options(dir.resolve(name).toString()))))
                    .as(name)
                    .hasSize(3);
            assertThat(texts(read(options(dir.resolve(name).toString()))))
                    .as(name)
                    .containsExactly("one", "two", "two");
        }
        IntakeOptions parquet = options(dir.resolve("i.parquet").toString(), InputFormat.PARQUET);
        assertThat(texts(read(parquet))).containsExactly("one", "two", "two");
        assertThat(ids(read(parquet)))
                .isEqualTo(ids(read(options(dir.resolve("a.jsonl").toString()))));
    }

    @Test
    void idsDoNotDependOnPartitions() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            lines.append("{\"text\": \"text ").append(i % 50).append("\"}\n");
        }
        String input = write("a.jsonl", lines.toString().getBytes(StandardCharsets.UTF_8))
                .toString();
        TreeSet<String> one = ids(read(partitions(options(input), 1)));
        assertThat(one).hasSize(500);
        assertThat(ids(read(partitions(options(input), 8)))).isEqualTo(one);
        assertThat(one).anyMatch(id -> id.endsWith("-10")).noneMatch(id -> id.endsWith("-11"));
    }

    @Test
    void badRowsAreMarkedAndNoneIsLost() throws IOException {
        byte[] bad = ("""
                {"text": "good"}
                {"text": ""}
                {"text": " \\t "}
                {"text": null}
                {"other": 1, "text": 7}
                {"text": "cut off
                [1, 2]
                {"text": "half \\ud800 pair"}

                {"text": "caf\u00e9"}
                """).getBytes(StandardCharsets.ISO_8859_1);
        List<Row> rows = read(options(write("bad.jsonl", bad).toString()));
        Map<String, Long> codes = new TreeMap<>();
        for (Row row : rows) {
            codes.merge(row.isNullAt(3) ? "good" : row.getString(3), 1L, Long::sum);
        }
        assertThat(codes)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "good", 2L, "EMPTY_TEXT", 2L, "MISSING_TEXT", 1L, "MALFORMED_JSON", 2L, "INVALID_UTF8", 2L));
        assertThat(rows)
                .filteredOn(r -> "MALFORMED_JSON".equals(r.getString(3)))
                .allMatch(r -> !r.isNullAt(5));
        assertThat(texts(rows)).contains("good", "7");
    }

    @Test
    void invalidUtf8InPlainTextIsRejectedNotReplaced() throws IOException {
        List<Row> rows = read(options(write("a.txt", new byte[] {'o', 'k', '\n', (byte) 0xe9, 't', 'e', '\n'})
                .toString()));
        assertThat(rows).hasSize(2);
        assertThat(texts(rows)).containsExactly("ok");
        assertThat(rows).anyMatch(r -> "INVALID_UTF8".equals(r.getString(3)));
    }

    @Test
    void duplicateIdsKeepTheFirstRowOfPathAndOffset() throws IOException {
        write("1.jsonl", "{\"id\": 7, \"text\": \"first\"}\n".getBytes(StandardCharsets.UTF_8));
        write(
                "2.jsonl",
                "{\"id\": 7, \"text\": \"second\"}\n{\"id\": 8, \"text\": \"x\"}\n".getBytes(StandardCharsets.UTF_8));
        IntakeOptions options = new IntakeOptions(
                List.of(dir.toString()),
                InputFormat.JSONL,
                DocumentUnit.LINE,
                "text",
                "id",
                DuplicateIds.ERROR,
                List.of(),
                "",
                0,
                3);
        List<Row> rows = read(options);
        assertThat(texts(rows)).containsExactly("first", "x");
        assertThat(rows)
                .filteredOn(r -> "DUPLICATE_ID".equals(r.getString(3)))
                .singleElement()
                .satisfies(r -> assertThat(r.getString(5)).isEqualTo("second"));
    }

    @Test
    void paragraphsAreCutAtBlankLines() throws IOException {
        write("a.txt", "\ufeffone\ntwo\n\n \t\n\nthree\r\nfour\r\n\r\nfive".getBytes(StandardCharsets.UTF_8));
        IntakeOptions options = new IntakeOptions(
                List.of(dir.toString()),
                InputFormat.AUTO,
                DocumentUnit.PARAGRAPH,
                "text",
                "",
                DuplicateIds.ERROR,
                List.of(),
                "",
                0,
                2);
        assertThat(texts(read(options))).containsExactly("five", "one\ntwo", "three\nfour");
    }

    @Test
    void conditionsAndKeptColumnsSeeTheSourcesColumns() throws IOException {
        String input = write("a.jsonl", (LINES + "{broken\n").getBytes(StandardCharsets.UTF_8))
                .toString();
        IntakeOptions options = new IntakeOptions(
                List.of(input),
                InputFormat.AUTO,
                DocumentUnit.LINE,
                "text",
                "id",
                DuplicateIds.ERROR,
                List.of("n"),
                "n >= 2",
                0,
                1);
        List<Row> rows = read(options);
        assertThat(texts(rows)).containsExactly("two", "two");
        assertThat(rows).as("the broken line is not filtered away").hasSize(3);
        assertThat(rows.stream().filter(r -> !r.isNullAt(6)).map(r -> r.getLong(6)))
                .containsExactlyInAnyOrder(2L, 3L);
    }

    @Test
    void wrongArgumentsSayWhatIsThere() throws IOException {
        String input = write("a.jsonl", LINES.getBytes(StandardCharsets.UTF_8)).toString();
        assertThatThrownBy(() -> read(options(dir + "/none*.jsonl")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("none*.jsonl")
                .hasMessageContaining("--input");
        IntakeOptions column = new IntakeOptions(
                List.of(input),
                InputFormat.AUTO,
                DocumentUnit.LINE,
                "body",
                "",
                DuplicateIds.ERROR,
                List.of(),
                "",
                0,
                1);
        assertThatThrownBy(() -> read(column))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("body")
                .hasMessageContaining("id, n, text")
                .hasMessageContaining("--text-column");
    }

    @Test
    void unrelatedFieldsDoNotRejectALine() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 1500; i++) {
            lines.append("{\"text\": \"t")
                    .append(i)
                    .append("\", \"score\": ")
                    .append(i < 1200 ? "1" : "1.5")
                    .append("}\n");
        }
        lines.append("{\"text\": \"one\"} {\"text\": \"two\"}\n{\"text\": \"three\"} garbage\n");
        List<Row> rows = read(options(write("a.jsonl", lines.toString().getBytes(StandardCharsets.UTF_8))
                .toString()));
        assertThat(texts(rows)).hasSize(1500);
        assertThat(rows)
                .filteredOn(r -> "MALFORMED_JSON".equals(r.getString(3)))
                .hasSize(2);
    }

    @Test
    void unusualLinesAreReadAsSparkReadsThem() throws IOException {
        String lines = "{'text': 'single quotes'}\n{\"text\": 1.50}\n{\"text\": {\"a\": [1, true]}}\n"
                + "{\"text\": \"nan\", \"n\": NaN}\n{\"text\": \"twice\"} {\"text\": \"x\"}\n  \t\r\n{\"text\": \"bad \\ud800\"}\n";
        String input = write("a.jsonl", lines.getBytes(StandardCharsets.UTF_8)).toString();
        List<Row> rows = read(options(input));
        assertThat(texts(rows)).containsExactly("1.5", "nan", "single quotes", "{\"a\":[1,true]}");
        IntakeOptions o = options(input);
        List<Row> bySpark = read(new IntakeOptions(
                o.inputs(), o.format(), o.documents(), "text", "", o.duplicateIds(), List.of(), "true", 0, 2));
        assertThat(rows).containsExactlyInAnyOrderElementsOf(bySpark);
    }

    @Test
    void theTextColumnMayAppearLate() throws IOException {
        String input = write(
                        "a.jsonl",
                        ("{\"other\": 1}\n".repeat(1100) + "{\"text\": \"late\"}\n").getBytes(StandardCharsets.UTF_8))
                .toString();
        assertThat(texts(read(options(input)))).containsExactly("late");
    }

    @Test
    void fileNamesWithGlobCharactersAreReadOnceEach() throws IOException {
        write("a[1].txt", "in brackets\n".getBytes(StandardCharsets.UTF_8));
        write("a1.txt", "plain\n".getBytes(StandardCharsets.UTF_8));
        assertThat(texts(read(options(dir.toString())))).containsExactly("in brackets", "plain");
    }

    @Test
    void invalidUtf8InParquetIsRejected() {
        String file = dir.resolve("a.parquet").toString();
        LocalSpark.session()
                .sql("SELECT CAST(X'48C328' AS STRING) AS text UNION ALL SELECT 'fine'")
                .write()
                .parquet(file);
        List<Row> rows = read(options(file, InputFormat.PARQUET));
        assertThat(texts(rows)).containsExactly("fine");
        assertThat(rows).anyMatch(r -> "INVALID_UTF8".equals(r.getString(3)));
    }

    @Test
    void aLimitTakesTheFirstRows() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            lines.append("line ").append(i).append('\n');
        }
        String input = write("a.txt", lines.toString().getBytes(StandardCharsets.UTF_8))
                .toString();
        IntakeOptions o = options(input);
        IntakeOptions limited = new IntakeOptions(
                o.inputs(), o.format(), o.documents(), "text", "", o.duplicateIds(), List.of(), "", 3, 2);
        assertThat(texts(read(limited))).containsExactly("line 0", "line 1", "line 2");
    }

    @Test
    void aLineOfFiveMegabytesIsOneDocument() throws IOException {
        String line = "word ".repeat(1_000_000);
        List<Row> rows = read(options(write("big.txt", (line + "\nsmall\n").getBytes(StandardCharsets.UTF_8))
                .toString()));
        assertThat(texts(rows)).containsExactly("small", line);
    }

    private List<Row> read(IntakeOptions options) {
        return new Intake(LocalSpark.session(), options).documents().rows().collectAsList();
    }

    private static List<String> texts(List<Row> rows) {
        return rows.stream()
                .filter(r -> !r.isNullAt(2))
                .map(r -> r.getString(2))
                .sorted()
                .toList();
    }

    private static TreeSet<String> ids(List<Row> rows) {
        return rows.stream().map(r -> r.getString(0)).collect(Collectors.toCollection(TreeSet::new));
    }

    private static IntakeOptions options(String input) {
        return options(input, InputFormat.AUTO);
    }

    private static IntakeOptions options(String input, InputFormat format) {
        return new IntakeOptions(
                List.of(input), format, DocumentUnit.LINE, "text", "", DuplicateIds.ERROR, List.of(), "", 0, 2);
    }

    private static IntakeOptions partitions(IntakeOptions o, int partitions) {
        return new IntakeOptions(
                o.inputs(),
                o.format(),
                o.documents(),
                o.textColumn(),
                o.idColumn(),
                o.duplicateIds(),
                o.keepColumns(),
                o.where(),
                o.limit(),
                partitions);
    }

    private Path write(String name, byte[] bytes) throws IOException {
        return Files.write(dir.resolve(name), bytes);
    }

    private Path compressed(String name, String text) throws IOException {
        Path file = dir.resolve(name);
        try (OutputStream raw = Files.newOutputStream(file);
                OutputStream out = name.endsWith(".gz")
                        ? new GZIPOutputStream(raw)
                        : name.endsWith(".zst") ? new ZstdOutputStream(raw) : bzip2(raw)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return file;
    }

    private static OutputStream bzip2(OutputStream raw) throws IOException {
        BZip2Codec codec = new BZip2Codec();
        codec.setConf(LocalSpark.session().sparkContext().hadoopConfiguration());
        return codec.createOutputStream(raw);
    }
}
