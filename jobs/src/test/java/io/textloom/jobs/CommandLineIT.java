package io.textloom.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.parquet.example.data.Group;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bad input from where a user stands: exit code, one sentence that says what to do, and no row lost. What could print noise runs through {@code scripts/textloom}
 * in a process; the rest runs the same command line and the same Spark in this JVM.
 */
class CommandLineIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Megabytes in one line, as text that a tokenizer cannot compress; unit: bytes. */
    private static final int LONG_DOCUMENT = 5 << 20;

    @TempDir
    Path dir;

    @Test
    void badRowsOfJsonLinesEndInTheErrorTable() throws IOException {
        Path input = dir.resolve("rows.jsonl");
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        line(lines, "{\"id\":\"good-1\",\"text\":\"A plain text.\"}");
        line(lines, "{\"id\":\"good-2\",\"text\":\"Zweiter \\u00fc \\ud83d\\ude00\"}");
        line(lines, "{\"id\":\"long\",\"text\":\"" + longDocument() + "\"}");
        line(lines, "{\"id\":\"empty\",\"text\":\"\"}");
        line(lines, "{\"id\":\"blank\",\"text\":\" \\t\\u3000 \"}");
        line(lines, "{\"id\":\"cut\",\"text\":\"cut o");
        line(lines, "[\"no\",\"object\"]");
        line(lines, "{\"id\":\"missing\"}");
        line(lines, "{\"id\":null,\"text\":\"without id\"}");
        line(lines, "{\"id\":\"good-1\",\"text\":\"The same id again.\"}");
        line(lines, "{\"id\":\"half\",\"text\":\"\\ud83d alone\"}");
        lines.write("{\"id\":\"latin\",\"text\":\"caf".getBytes(UTF_8));
        lines.write(0xe9);
        line(lines, "\"}");
        Files.write(input, lines.toByteArray());
        Path output = dir.resolve("out");
        Path report = dir.resolve("reports/tokenize.json");

        TestProcess.Ended ended = launch(
                "tokenize",
                "--input",
                input.toString(),
                "--output",
                output.toString(),
                "--id-column",
                "id",
                "--json",
                "--report",
                report.toString());

        assertThat(ended.exit()).as(ended.lastWords()).isEqualTo(4);
        assertThat(sentence(ended.err()))
                .contains("9 of 12 rows were rejected", "maxErrorRatio 0.01", "_textloom/errors");
        JsonNode counts = JSON.readTree(ended.out());
        assertThat(JSON.readTree(report.toFile())).isEqualTo(counts);
        assertThat(counts.get("rowsIn").asInt()).isEqualTo(12);
        assertThat(counts.get("documentsOut").asInt()).isEqualTo(3);
        assertThat(counts.get("rowsOut").asInt()).isEqualTo(3);
        assertThat(counts.get("rowsRejected").asInt()).isEqualTo(9);
        assertThat(counts.get("errorRatioExceeded").asBoolean()).isTrue();
        assertThat(counts.get("tokens").asLong()).isGreaterThan(LONG_DOCUMENT / 10);
        assertThat(counts.get("rejectedByCode"))
                .isEqualTo(JSON.readTree("{\"DUPLICATE_ID\":1,\"EMPTY_TEXT\":2,\"INVALID_UTF8\":2,"
                        + "\"MALFORMED_JSON\":2,\"MISSING_ID\":1,\"MISSING_TEXT\":1}"));

        List<Group> rows = CommittedRows.of(output);
        assertThat(CommittedRows.strings(rows, "id")).containsExactly("good-1", "good-2", "long");
        assertThat(rows).allMatch(row -> row.getInteger("n_dropped", 0) == 0 && !row.getBoolean("truncated", 0));
        assertThat(codes(output))
                .containsEntry("empty", "EMPTY_TEXT")
                .containsEntry("blank", "EMPTY_TEXT")
                .containsEntry("missing", "MISSING_TEXT")
                .containsEntry("good-1", "DUPLICATE_ID")
                .hasSize(9);
        assertThat(CommittedRows.strings(CommittedRows.errors(output), "input"))
                .contains("{\"id\":\"cut\",\"text\":\"cut o", "[\"no\",\"object\"]", "The same id again.")
                .contains("{\"id\":\"latin\",\"text\":\"caf\ufffd\"}");
        assertThat(CommittedRows.errors(output))
                .allMatch(row -> row.getString("message", 0).length() > 10
                        && row.getString("stage", 0).equals("intake"));
        assertVerified(output);
    }

    @Test
    void badLinesOfPlainTextEndInTheErrorTable() throws IOException {
        Path input = dir.resolve("lines.txt");
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        line(lines, "A first line.");
        line(lines, longDocument());
        line(lines, "");
        line(lines, " \t ");
        lines.write("caf".getBytes(UTF_8));
        lines.write(0xe9);
        line(lines, "");
        Files.write(input, lines.toByteArray());
        Path output = dir.resolve("out");

        TestProcess.Ended ended = launch(
                "embed",
                "--input",
                input.toString(),
                "--output",
                output.toString(),
                "--long-documents",
                "truncate",
                "--max-error-ratio",
                "1",
                "--json");

        assertThat(ended.exit()).as(ended.lastWords()).isZero();
        assertThat(messages(ended.err())).isEmpty();
        JsonNode counts = JSON.readTree(ended.out());
        assertThat(counts.get("rowsIn").asInt()).isEqualTo(5);
        assertThat(counts.get("documentsOut").asInt()).isEqualTo(2);
        assertThat(counts.get("truncatedRows").asInt()).isEqualTo(1);
        List<Group> rows = CommittedRows.of(output);
        assertThat(rows).hasSize(2);
        Group cut = rows.stream()
                .filter(row -> row.getBoolean("truncated", 0))
                .findFirst()
                .orElseThrow();
        assertThat(cut.getInteger("n_dropped", 0)).isGreaterThan(LONG_DOCUMENT / 10);
        assertThat(CommittedRows.floats(cut, "embedding")).hasSize(384);
        assertThat(CommittedRows.strings(CommittedRows.errors(output), "code"))
                .containsExactly("EMPTY_TEXT", "EMPTY_TEXT", "INVALID_UTF8");
        assertVerified(output);
    }

    @Test
    void badRecordsOfCsvEndInTheErrorTable() throws IOException {
        Path input = dir.resolve("records.csv");
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        line(lines, "id,text,topic");
        line(lines, "good,\"two lines,\nand a \"\"quote\"\"\",trees");
        line(lines, "empty,,trees");
        line(lines, "blank,\"   \",trees");
        line(lines, "ragged,text,trees,and more");
        for (String name : List.of("latin", "kept")) {
            lines.write((name + (name.equals("kept") ? ",text," : ",")).getBytes(UTF_8));
            lines.write(0xe9);
            line(lines, name.equals("kept") ? "" : ",trees");
        }
        Files.write(input, lines.toByteArray());
        Path output = dir.resolve("out");

        Ran ran = execute(
                "tokenize",
                "--input",
                input.toString(),
                "--output",
                output.toString(),
                "--id-column",
                "id",
                "--keep-columns",
                "topic",
                "--max-error-ratio",
                "1",
                "--json");

        assertThat(ran.exit()).as(ran.err()).isZero();
        assertThat(JSON.readTree(ran.out()).get("rowsIn").asInt()).isEqualTo(6);
        List<Group> rows = CommittedRows.of(output);
        assertThat(CommittedRows.strings(rows, "id")).containsExactly("good");
        assertThat(codes(output))
                .isEqualTo(Map.of(
                        "empty", "MISSING_TEXT",
                        "blank", "EMPTY_TEXT",
                        "ragged", "MALFORMED_RECORD",
                        "latin", "INVALID_UTF8",
                        "kept", "INVALID_UTF8"));
        assertVerified(output);
    }

    @Test
    void badArgumentsEndWith2BeforeSparkStarts() throws IOException {
        TestProcess.Ended ended = launch(job("embed", "--max-tokns", "12"));
        assertThat(ended.exit()).isEqualTo(2);
        assertThat(ended.out()).isEmpty();
        assertThat(sentence(ended.err())).isEqualTo("Unknown option --max-tokns; did you mean --max-tokens?");

        assertEnds(
                2,
                "Unknown setting embed.poling (from --set embed.poling); did you mean embed.pooling?",
                job("embed", "--set", "embed.poling=cls"));
        Path conf = Files.writeString(dir.resolve("wrong.conf"), "textColum = body\n");
        assertEnds(2, "wrong.conf:1); did you mean textColumn?", job("embed", "--config", conf.toString()));
        Files.writeString(conf, "textColumn = \n}");
        assertEnds(2, "The configuration file cannot be read", job("embed", "--config", conf.toString()));
        assertEnds(
                2,
                "is not a file",
                job("embed", "--config", dir.resolve("none.conf").toString()));
        assertEnds(2, "generate.topK", job("generate", "--set", "generate.topK=many"));
    }

    @Test
    void aWrongColumnEndsWith2AndNamesTheColumns() throws IOException {
        TestProcess.Ended ended = launch(job("tokenize", "--text-column", "body"));
        assertThat(ended.exit()).isEqualTo(2);
        assertThat(ended.out()).isEmpty();
        assertThat(sentence(ended.err()))
                .isEqualTo("The input has no column body; its columns are id, text. Set --text-column");

        assertEnds(2, "Set --id-column", job("tokenize", "--id-column", "key"));
        assertEnds(2, "Set --keep-columns", job("tokenize", "--keep-columns", "topic"));
        Ran condition = assertEnds(
                2, "is not a condition on the columns id, text", job("tokenize", "--where", "topic = 'trees'"));
        assertThat(condition.err()).doesNotContain("__");
        assertThat(dir.resolve("out")).doesNotExist();
    }

    @Test
    void inputThatIsNotThereEndsWith3() throws IOException {
        Path missing = dir.resolve("missing.jsonl");
        TestProcess.Ended ended = launch(
                "embed",
                "--input",
                missing.toString(),
                "--output",
                dir.resolve("out").toString());
        assertThat(ended.exit()).isEqualTo(3);
        assertThat(ended.out()).isEmpty();
        assertThat(sentence(ended.err()))
                .isEqualTo(
                        "No file or directory matches " + missing + "; check --input (a path, a directory or a glob)");

        Path damaged = dir.resolve("damaged.jsonl.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(damaged))) {
            out.write(longDocument().getBytes(UTF_8), 0, 1 << 20);
        }
        Files.write(damaged, Arrays.copyOf(Files.readAllBytes(damaged), 1 << 17));
        ended = launch("tokenize", "--input", damaged.toString(), "--output", out());
        assertThat(ended.exit()).as(ended.lastWords()).isEqualTo(3);
        assertThat(ended.out()).isEmpty();
        assertThat(sentence(ended.err())).contains("Cannot read", "damaged.jsonl.gz", "the file is damaged");

        Path empty = Files.createDirectories(dir.resolve("empty"));
        assertEnds(3, "holds no file", "tokenize", "--input", empty.toString(), "--output", out());
        Path odd = Files.writeString(dir.resolve("data.xyz"), "text");
        assertEnds(3, "--input-format", "tokenize", "--input", odd.toString(), "--output", out());
        assertThat(dir.resolve("out")).doesNotExist();
    }

    @Test
    void aModelThatCannotBeReadEndsWith3() throws IOException {
        Path whole = dir.resolve("whole");
        assertThat(execute("models", "import", "all-MiniLM-L6-v2", "--output", whole.toString())
                        .exit())
                .isZero();

        Path cut = copyModel(whole, "cut");
        Path weights = cut.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        Files.write(weights, Arrays.copyOf(bytes, bytes.length / 2));
        TestProcess.Ended ended = launch(job("embed", "--model", cut.toString()));
        assertThat(ended.exit()).isEqualTo(3);
        assertThat(ended.out()).isEmpty();
        assertThat(sentence(ended.err())).contains("model.safetensors", "cut short, download it again");
        Files.write(weights, Arrays.copyOf(bytes, 5));
        assertEnds(3, "is not a safetensors file", job("embed", "--model", cut.toString()));

        Path strange = copyModel(whole, "strange");
        Files.writeString(strange.resolve("config.json"), "{\"model_type\":\"t5\",\"architectures\":[\"T5Model\"]}");
        assertEnds(3, "supported are \"bert\"", job("embed", "--model", strange.toString()));
        assertEnds(3, "supported are \"bert\"", job("generate", "--model", strange.toString()));
        Files.writeString(strange.resolve("config.json"), "{\"model_type\":");
        assertEnds(3, "expected a JSON file", job("embed", "--model", strange.toString()));

        assertEnds(
                3,
                "There is no model folder",
                job("embed", "--model", dir.resolve("none").toString()));
        Path unfinished = copyModel(whole, "unfinished");
        Files.delete(unfinished.resolve("tokenizer.json"));
        assertEnds(3, "has no tokenizer.json", job("tokenize", "--model", unfinished.toString()));
        Files.writeString(unfinished.resolve("tokenizer.json"), "{\"version\":\"1.0\"");
        assertEnds(3, "tokenizer.json", job("tokenize", "--model", unfinished.toString()));
        assertEnds(
                3,
                "all-MiniLM-L6-v2 is a BERT but generation needs a decoder",
                job("generate", "--model", "all-MiniLM-L6-v2"));
        assertThat(visible(dir.resolve("out"))).isEmpty();
    }

    @Test
    void anOutputThatCannotBeWrittenEndsWith2() throws IOException {
        Path file = Files.writeString(dir.resolve("file"), "in the way");
        TestProcess.Ended ended = launch(
                "tokenize",
                "--input",
                good().toString(),
                "--output",
                file.resolve("out").toString());
        assertThat(ended.exit()).isEqualTo(2);
        assertThat(ended.out()).isEmpty();
        assertThat(sentence(ended.err())).contains("cannot be written", "choose another --output");
        assertEnds(2, "choose another --output", "tokenize", "--input", good().toString(), "--output", file.toString());
        assertThat(file).hasContent("in the way");
    }

    @Test
    void theJarSplitsSentencesAndPacksBlocks() throws IOException {
        Path input = Files.writeString(
                dir.resolve("two.jsonl"), "{\"id\":\"a\",\"text\":\"Mr. Fox left. 他走了。She stayed.\"}\n");
        Path sentences = dir.resolve("sentences");
        TestProcess.Ended ended = launch(
                "tokenize",
                "--input",
                input.toString(),
                "--output",
                sentences.toString(),
                "--rows",
                "sentence",
                "--offsets",
                "--json");
        assertThat(ended.exit()).as(ended.lastWords()).isZero();
        assertThat(JSON.readTree(ended.out()).get("rowsOut").asInt()).isEqualTo(3);
        assertThat(JSON.readTree(ended.out())
                        .get("lengths")
                        .get(0)
                        .get("documents")
                        .asInt())
                .isEqualTo(1);
        assertVerified(sentences);

        assertThat(execute(job("tokenize", "--rows", "block", "--max-tokens", "4", "--remainder", "pad"))
                        .exit())
                .isZero();
        assertVerified(dir.resolve("out"));
    }

    @Test
    void textsAreRankedAndTheirMasksFilled() throws IOException {
        Path input = Files.writeString(
                dir.resolve("passages.jsonl"),
                "{\"id\":\"a\",\"text\":\"The ferry to Naxos leaves at seven.\",\"asked\":\"When does the ferry leave?\"}\n"
                        + "{\"id\":\"b\",\"text\":\"Tom\"}\n");
        Path ranked = dir.resolve("ranked");
        TestProcess.Ended ended = launch(
                "classify",
                "--input",
                input.toString(),
                "--output",
                ranked.toString(),
                "--id-column",
                "id",
                "--model",
                golden("cross-encoder"),
                "--query-column",
                "asked",
                "--max-error-ratio",
                "1",
                "--json");
        assertThat(ended.exit()).as(ended.lastWords()).isZero();
        assertThat(JSON.readTree(ended.out()).get("documentsOut").asInt()).isEqualTo(1);
        List<Group> rows = CommittedRows.of(ranked);
        assertThat(CommittedRows.strings(rows, "label")).containsExactly("relevance");
        assertThat(rows.get(0).getFloat("score", 0)).isBetween(0f, 1f);
        assertThat(codes(ranked)).isEqualTo(Map.of("b", "MISSING_TEXT"));
        assertVerified(ranked);

        String masked = golden("fill-mask");
        assertThat(execute(job("score", "--model", masked, "--task", "fill-mask"))
                        .exit())
                .isZero();
        assertVerified(dir.resolve("out"));

        assertEnds(2, "No model is given", job("classify"));
        assertEnds(3, "classify needs a fine-tuned model", job("classify", "--model", "all-MiniLM-L6-v2"));
        assertEnds(3, "run the job score", job("classify", "--model", masked));
        assertEnds(3, "fill-mask needs a", job("score", "--task", "fill-mask", "--model", golden("token")));
        assertEnds(2, "classify.question is empty", job("classify", "--model", golden("qa")));
    }

    @Test
    void textsAreScoredByADecoder() throws IOException {
        Ran scored = execute(job("score", "--model", "storyteller"));
        assertThat(scored.exit()).as(scored.err()).isZero();
        assertThat(scored.out()).contains("bits per byte", "perplexity", "scored tokens");
        assertVerified(dir.resolve("out"));

        Path input = Files.writeString(
                dir.resolve("asked.jsonl"),
                "{\"id\":\"a\",\"text\":\"Once upon a\",\"options\":[\"time\",\"zebra\"],\"right\":\"time\"}\n"
                        + "{\"id\":\"b\",\"text\":\"Once upon a\",\"options\":[],\"right\":\"time\"}\n");
        Path chosen = dir.resolve("chosen");
        String[] choosing = {
            "score", "--input", input.toString(), "--output", chosen.toString(), "--model", "storyteller"
        };
        Ran ran = execute(with(
                choosing,
                "--task",
                "choices",
                "--choices-column",
                "options",
                "--label-column",
                "right",
                "--id-column",
                "id",
                "--max-error-ratio",
                "1"));
        assertThat(ran.exit()).as(ran.err()).isZero();
        assertThat(ran.out()).contains("accuracy").contains("INVALID_CHOICES 1");
        assertThat(CommittedRows.strings(CommittedRows.of(chosen), "label")).containsExactly("time");
        assertVerified(chosen);

        choosing[4] = dir.resolve("refused").toString();
        assertEnds(2, "expected one of the two", with(choosing, "--task", "choices"));
        assertEnds(2, "has no column option;", with(choosing, "--task", "choices", "--choices-column", "option"));
        assertEnds(2, "has no column befor;", with(choosing, "--context-column", "befor"));
        assertEnds(
                2, "holds string; expected a list", with(choosing, "--task", "choices", "--choices-column", "right"));
        assertEnds(2, "takes at most 512", with(choosing, "--max-tokens", "513"));
        assertEnds(2, "score.startToken is <bos>", with(choosing, "--start-token", "<bos>"));
        assertEnds(2, "score.stride is 600", with(choosing, "--stride", "600"));
        assertEnds(2, "perplexity", with(choosing, "--task", "perplexity"));
        assertEnds(3, "holds no decoder", job("score", "--model", golden("token")));
    }

    private static String[] with(String[] arguments, String... more) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    private static String golden(String task) {
        return Path.of("../lib/core/src/test/resources/golden/classify", task)
                .toAbsolutePath()
                .normalize()
                .toString();
    }

    @Test
    void anOutputOfOtherSettingsOrOthersFilesEndsWith2() throws IOException {
        assertThat(execute(job("tokenize", "--max-tokens", "8")).exit()).isZero();
        List<String> before = visible(dir.resolve("out"));
        Ran other = assertEnds(2, "tokenize.maxTokens (8, now 9)", job("tokenize", "--max-tokens", "9"));
        assertThat(other.err()).contains("--mode overwrite");
        assertEnds(2, "job (tokenize, now embed)", job("embed"));
        assertEnds(2, "--mode resume or overwrite", job("tokenize", "--max-tokens", "8", "--mode", "fail"));
        assertThat(visible(dir.resolve("out"))).isEqualTo(before);
        assertVerified(dir.resolve("out"));

        Path foreign = Files.createDirectories(dir.resolve("foreign"));
        Path precious = Files.writeString(foreign.resolve("precious.csv"), "x");
        for (String mode : List.of("resume", "overwrite", "fail")) {
            assertEnds(
                    2,
                    "no Textloom manifest",
                    "tokenize",
                    "--mode",
                    mode,
                    "--input",
                    good().toString(),
                    "--output",
                    foreign.toString());
        }
        assertThat(precious).hasContent("x");
        assertEnds(3, "manifest.json", "verify", foreign.toString());
    }

    /** The outcome of a command line run in this JVM. */
    private record Ran(int exit, String out, String err) {}

    private static Ran execute(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console =
                new Console(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), Map.of(), false);
        int exit = new Main(console, new SparkJobRunner(console)).execute(arguments);
        return new Ran(exit, out.toString(UTF_8), err.toString(UTF_8));
    }

    private static Ran assertEnds(int exit, String told, String... arguments) {
        Ran ran = execute(arguments);
        assertThat(ran.exit()).as(ran.err()).isEqualTo(exit);
        assertThat(ran.out()).isEmpty();
        assertThat(sentence(ran.err())).contains(told);
        return ran;
    }

    private TestProcess.Ended launch(String... arguments) {
        List<String> command = new ArrayList<>(List.of(System.getProperty("textloom.launcher")));
        command.addAll(List.of(arguments));
        return TestProcess.run("textloom", dir, command, Map.of("TEXTLOOM_HEAP", "1g"), Duration.ofMinutes(4));
    }

    /** The job on good input, with the further arguments. */
    private String[] job(String job, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(job, "--input", good().toString(), "--output", out()));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }

    private String out() {
        return dir.resolve("out").toString();
    }

    private Path good() throws IOException {
        return Files.writeString(dir.resolve("good.jsonl"), "{\"id\":\"a\",\"text\":\"A good row.\"}\n");
    }

    /** Standard error without progress lines. */
    private static List<String> messages(String err) {
        return err.lines()
                .filter(line -> !line.matches("(tokenize|embed|generate|score|classify)( …|: [0-9,]+ .*rows.*)"))
                .toList();
    }

    /** The one line that says what is wrong. */
    private static String sentence(String err) {
        List<String> messages = messages(err);
        assertThat(messages).hasSize(1);
        assertThat(messages.get(0)).startsWith("textloom: ").doesNotContain("Exception");
        return messages.get(0).substring("textloom: ".length());
    }

    private static Map<String, String> codes(Path output) {
        Map<String, String> codes = new TreeMap<>();
        for (Group row : CommittedRows.errors(output)) {
            codes.put(row.getString("id", 0), row.getString("code", 0));
        }
        return codes;
    }

    /** Recounted from the files and from the input: no row lost, none twice. */
    private static void assertVerified(Path output) {
        Ran ran = execute("verify", "--read-input", output.toString());
        assertThat(ran.exit()).as(ran.out() + ran.err()).isZero();
    }

    private Path copyModel(Path model, String name) throws IOException {
        Path copy = dir.resolve(name);
        try (Stream<Path> files = Files.walk(model)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(model.relativize(file).toString()));
            }
        }
        return copy;
    }

    /** Names of what a reader of the directory sees. */
    private static List<String> visible(Path output) throws IOException {
        if (!Files.exists(output)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(output)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith("_") && !name.startsWith("."))
                    .sorted()
                    .toList();
        }
    }

    private static String longDocument() {
        Random random = new Random(5);
        StringBuilder text = new StringBuilder(LONG_DOCUMENT + 16);
        while (text.length() < LONG_DOCUMENT) {
            for (int letters = 2 + random.nextInt(7); letters > 0; letters--) {
                text.append((char) ('a' + random.nextInt(26)));
            }
            text.append(' ');
        }
        return text.toString();
    }

    private static void line(ByteArrayOutputStream lines, String line) throws IOException {
        lines.write(line.getBytes(UTF_8));
        lines.write('\n');
    }
}
