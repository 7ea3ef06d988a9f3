package io.textloom.spark;

import io.textloom.model.ModelFolder;
import io.textloom.spark.commit.OutputFormat;
import io.textloom.spark.commit.OutputOptions;
import io.textloom.spark.commit.RunMode;
import io.textloom.spark.intake.BadFiles;
import io.textloom.spark.intake.DocumentUnit;
import io.textloom.spark.intake.DuplicateIds;
import io.textloom.spark.intake.InputFormat;
import io.textloom.spark.intake.IntakeOptions;
import io.textloom.spark.intake.LimitOptions;
import io.textloom.token.TokenizeOptions;
import io.textloom.token.Tokenizer;
import io.textloom.token.Tokenizers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Corrupts files of documents and has them tokenized in one job with {@code badFiles} set to {@code quarantine}. Every row of the output has to be what its document
 * gives, and every document of a file is in the output or accounted for by a row of the error table. Only a plain text file has no checksum: a line whose bytes were changed
 * may be a document of its own there; the other lines of it may not change.
 */
final class DamagedFiles {
    private static final String MODEL = "storyteller";
    private static final int ROWS = 40;
    private static final String[] WORDS = {"king", "horse", "rode", "over", "the", "hills", "café", "今天", "🙂", "plum"};

    /** How many files ended how. */
    record Figures(int files, int whole, int quarantined, int changedLines, int errorRows, List<String> wrong) {
        Figures {
            wrong = List.copyOf(wrong);
        }

        @Override
        public String toString() {
            return "| " + files + " | " + whole + " | " + quarantined + " | " + changedLines + " | " + errorRows + " | "
                    + wrong.size() + " |";
        }
    }

    private final SparkSession spark;
    private final Path work;
    private final Random random;
    private final Tokenizer tokenizer;

    DamagedFiles(SparkSession spark, Path work, long seed) {
        this.spark = spark;
        this.work = work;
        this.random = new Random(seed);
        this.tokenizer =
                Tokenizers.open(ModelFolder.open(Path.of("../../models", MODEL)).tokenizer());
    }

    /** Arguments: directory, seed, files of each format. Run in the directory of the module. */
    public static void main(String[] args) throws IOException {
        System.out.println("| format | files | whole | quarantined | changed lines | error rows | wrong |");
        System.out.println("|---|---:|---:|---:|---:|---:|---:|");
        boolean sound = true;
        for (String format : List.of("parquet", "gzip", "jsonl")) {
            Path directory = Files.createDirectories(Path.of(args[0], format));
            Figures figures = new DamagedFiles(LocalSpark.session(), directory, Long.parseLong(args[1]))
                    .run(format, Integer.parseInt(args[2]));
            System.out.println("| " + format + " " + figures);
            figures.wrong().forEach(System.out::println);
            sound &= figures.wrong().isEmpty();
        }
        System.exit(sound ? 0 : 1);
    }

    Figures run(String format, int files) throws IOException {
        Map<String, Map<String, String>> documents = new TreeMap<>();
        Set<String> changed = new HashSet<>();
        Path input = Files.createDirectories(work.resolve("in"));
        List<byte[]> parquet = format.equals("parquet") ? parquetFiles(files, documents) : List.of();
        for (int i = 0; i < files; i++) {
            String name =
                    "f" + i + (format.equals("parquet") ? ".parquet" : format.equals("gzip") ? ".jsonl.gz" : ".jsonl");
            byte[] content = format.equals("parquet") ? parquet.get(i) : lines(i, documents, format.equals("gzip"));
            // the first file stays sound: a job needs one to learn the columns from
            byte[] corrupted = i == 0 ? content : corrupted(content);
            if (format.equals("jsonl")) {
                changed.addAll(changedIds(content, corrupted, "f" + i));
            }
            Files.write(input.resolve(name), corrupted);
        }
        tokenize(input);
        return judged(files, documents, changed, format.equals("jsonl"));
    }

    private Figures judged(int files, Map<String, Map<String, String>> documents, Set<String> changed, boolean plain) {
        List<String> wrong = new ArrayList<>();
        Map<String, List<Integer>> rows = new HashMap<>();
        for (Row row : spark.read().parquet(work.resolve("out").toString()).collectAsList()) {
            if (rows.put(row.getString(0), row.getList(row.fieldIndex("input_ids"))) != null) {
                wrong.add("the id " + row.getString(0) + " comes twice");
            }
        }
        Set<String> damaged = new HashSet<>();
        Set<String> repeated = new HashSet<>(); // by a line whose id was changed to that of another
        int errorRows = 0;
        Path errors = work.resolve("out/_textloom/errors");
        if (Files.isDirectory(errors)) {
            for (Row row : spark.read().parquet(errors.toString()).collectAsList()) {
                errorRows++;
                if (row.<String>getAs("code").equals("DUPLICATE_ID")) {
                    repeated.add(row.<String>getAs("id"));
                }
                if (row.<String>getAs("code").equals("UNREADABLE_FILE")) {
                    String path = row.<String>getAs("input");
                    damaged.add(path.substring(path.lastIndexOf('/') + 1).replaceFirst("\\..*", ""));
                }
            }
        }
        int whole = 0;
        for (Map.Entry<String, Map<String, String>> file : documents.entrySet()) {
            int found = 0;
            for (Map.Entry<String, String> document : file.getValue().entrySet()) {
                List<Integer> row = rows.remove(document.getKey());
                found += row == null ? 0 : 1;
                if (plain && (changed.contains(document.getKey()) || repeated.contains(document.getKey()))) {
                    continue;
                }
                if (row != null && !row.equals(expected(document.getValue()))) {
                    wrong.add(document.getKey() + " is not what its document gives");
                } else if ((row == null) != damaged.contains(file.getKey())) {
                    wrong.add(document.getKey() + (row == null ? " is lost" : " was taken from a damaged file"));
                }
            }
            whole += found == ROWS ? 1 : 0;
        }
        if (!plain) {
            rows.keySet().forEach(id -> wrong.add("no document has the id " + id));
        }
        return new Figures(files, whole, damaged.size(), changed.size(), errorRows, wrong);
    }

    private List<Integer> expected(String text) {
        return Arrays.stream(tokenizer.encode(text)).boxed().toList();
    }

    private void tokenize(Path input) {
        IntakeOptions intake = new IntakeOptions(
                List.of(input.toString()),
                InputFormat.AUTO,
                DocumentUnit.LINE,
                "text",
                "id",
                DuplicateIds.ERROR,
                List.of(),
                "",
                0,
                2,
                new LimitOptions(BadFiles.QUARANTINE, LimitOptions.DEFAULT.maxRowBytes()));
        OutputOptions output =
                new OutputOptions(work.resolve("out").toString(), RunMode.RESUME, 0, List.of(), OutputFormat.PARQUET);
        Jobs.tokenize(
                new JobContext(spark, "../../models/" + MODEL, intake, output, new TreeMap<>(), Progress.SILENT),
                new TokenizeOptions(0, false),
                List.of("../../models/" + MODEL));
    }

    private String document(int file, int row, Map<String, Map<String, String>> documents) {
        StringBuilder text = new StringBuilder("Document " + file + "." + row + ":");
        for (int n = 3 + random.nextInt(20); n > 0; n--) {
            text.append(' ').append(WORDS[random.nextInt(WORDS.length)]);
        }
        documents.computeIfAbsent("f" + file, f -> new TreeMap<>()).put("f" + file + "-" + row, text.toString());
        return text.toString();
    }

    private byte[] lines(int file, Map<String, Map<String, String>> documents, boolean gzip) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = gzip ? new GZIPOutputStream(bytes) : bytes) {
            for (int row = 0; row < ROWS; row++) {
                String text = document(file, row, documents);
                out.write(("{\"id\": \"f" + file + "-" + row + "\", \"text\": \"" + text + "\"}\n")
                        .getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }

    /** Written by Spark in one job, a file for each task. */
    private List<byte[]> parquetFiles(int files, Map<String, Map<String, String>> documents) throws IOException {
        StructType schema = new StructType()
                .add("file", DataTypes.IntegerType)
                .add("id", DataTypes.StringType)
                .add("text", DataTypes.StringType);
        List<Row> rows = new ArrayList<>();
        for (int file = 0; file < files; file++) {
            for (int row = 0; row < ROWS; row++) {
                rows.add(RowFactory.create(file, "f" + file + "-" + row, document(file, row, documents)));
            }
        }
        Path written = work.resolve("written");
        spark.createDataFrame(rows, schema)
                .coalesce(1)
                .sortWithinPartitions("file")
                .write()
                .partitionBy("file")
                .parquet(written.toString());
        List<byte[]> contents = new ArrayList<>();
        for (int file = 0; file < files; file++) {
            try (Stream<Path> parts = Files.list(written.resolve("file=" + file))) {
                contents.add(Files.readAllBytes(parts.filter(p -> p.toString().endsWith(".parquet"))
                        .findFirst()
                        .orElseThrow()));
            } catch (UncheckedIOException e) {
                throw new IOException(e);
            }
        }
        return contents;
    }

    /** Bits, bytes, a cut, a hole, a block of another place. */
    private byte[] corrupted(byte[] content) {
        byte[] now = content.clone();
        int at = random.nextInt(now.length);
        int length = Math.min(now.length - at, 1 + random.nextInt(200));
        switch (random.nextInt(6)) {
            case 0 -> now[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> now[at] = (byte) random.nextInt(256);
            case 2 -> {
                return Arrays.copyOf(now, at);
            }
            case 3 -> Arrays.fill(now, at, at + length, (byte) 0);
            case 4 -> System.arraycopy(content, random.nextInt(now.length - length + 1), now, at, length);
            default -> {
                byte[] hole = Arrays.copyOf(now, now.length - length);
                System.arraycopy(content, at + length, hole, at, content.length - at - length);
                return hole;
            }
        }
        return now;
    }

    /** Ids of the lines that do not stand in the corrupted file as they were. */
    private static Set<String> changedIds(byte[] content, byte[] corrupted, String file) {
        Set<String> left = new HashSet<>(Arrays.asList(new String(corrupted, StandardCharsets.ISO_8859_1).split("\n")));
        String[] lines = new String(content, StandardCharsets.ISO_8859_1).split("\n");
        Set<String> changed = new HashSet<>();
        for (int row = 0; row < lines.length; row++) {
            if (!left.contains(lines[row])) {
                changed.add(file + "-" + row);
            }
        }
        return changed;
    }
}
