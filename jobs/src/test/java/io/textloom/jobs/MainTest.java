package io.textloom.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.textloom.config.Job;
import io.textloom.config.JobOptions;
import io.textloom.config.ResolvedSettings;
import io.textloom.config.Setting;
import io.textloom.config.Settings;
import io.textloom.model.ModelException;
import io.textloom.spark.VerifyReport;
import io.textloom.spark.commit.Deleted;
import io.textloom.spark.commit.OutputException;
import io.textloom.spark.commit.ResumeOptions;
import io.textloom.spark.commit.RetryErrors;
import io.textloom.spark.intake.InputException;
import io.textloom.token.TokenizeOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MainTest {
    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, String> environment = new HashMap<>();
    private final FakeRunner runner = new FakeRunner();

    @ParameterizedTest
    @EnumSource
    void helpListsEverySettingWithTypeUnitAndDefault(Job job) {
        assertThat(execute(job.title(), "--help")).isZero();

        String help = unspaced(out.toString(UTF_8));
        for (Setting setting : Settings.of(job)) {
            assertThat(help).contains(setting.option() + "=").contains(unspaced(setting.help()));
            assertThat(help)
                    .contains(unspaced(
                            setting.key() + ": " + setting.type().name().toLowerCase(Locale.ROOT)
                                    + (setting.unit().isEmpty() ? "" : ", unit: " + setting.unit())
                                    + ", default: "
                                    + CommandTree.shown(setting.defaultText(job))));
        }
        assertThat(help).contains("--config=FILE").contains("--set=KEY=VALUE");
    }

    @Test
    void theRootHelpListsTheCommandsAndVersionNamesSpark() {
        assertThat(execute("--help")).isZero();
        assertThat(out.toString(UTF_8)).contains("tokenize", "embed", "generate", "verify", "models");

        assertThat(execute("--version")).isZero();
        assertThat(out.toString(UTF_8)).contains("Spark 3.5.7");
    }

    @Test
    void failuresAreToldWithoutSecrets() {
        runner.failure = new InputException("Cannot read s3a://key:hunter2@bucket/x with fs.s3a.secret.key=hunter2");
        assertThat(execute("tokenize", "--input", "a", "--output", "o", "--verbose"))
                .isEqualTo(3);
        assertThat(err.toString(UTF_8))
                .contains("Cannot read s3a://***@bucket/x")
                .doesNotContain("hunter2");
    }

    @Test
    void whatCouldNotBeVerifiedHasItsExitCode() {
        runner.verifyReport = new VerifyReport(List.of(), new TreeMap<>(), List.of("No file matches in.jsonl"));
        assertThat(execute("verify", "--output", "o", "--recompute", "5")).isEqualTo(3);
        assertThat(out.toString(UTF_8)).contains("not checked: No file matches in.jsonl");
    }

    @Test
    void whatARerunDoesIsSaidByOptions() {
        assertThat(execute(
                        "tokenize",
                        "--input=a",
                        "--output=out",
                        "--deleted=drop",
                        "--retry-errors=all",
                        "--skip-unchanged=false"))
                .isZero();
        assertThat(JobOptions.output(runner.asked.get(0)).resume())
                .isEqualTo(new ResumeOptions(Deleted.DROP, RetryErrors.ALL, false));
        assertThat(execute("tokenize", "--input=a", "--output=out", "--retry-errors=some"))
                .isEqualTo(2);
        assertThat(err.toString(UTF_8)).contains("none, failed, all");
    }

    @Test
    void optionsReachTheJobUnderTheirKeys() {
        assertThat(execute(
                        "embed",
                        "--input",
                        "a",
                        "b,c",
                        "--input",
                        "d",
                        "--output=out",
                        "--max-tokens",
                        "128",
                        "--partitions",
                        "3"))
                .isZero();

        ResolvedSettings settings = runner.asked.get(0);
        assertThat(settings.job()).isEqualTo(Job.EMBED);
        assertThat(settings.list("input")).containsExactly("a", "b", "c", "d");
        assertThat(settings.text("output")).isEqualTo("out");
        assertThat(settings.integer("embed.maxTokens")).isEqualTo(128);
        assertThat(settings.integer("spark.partitions")).isEqualTo(3);
    }

    @Test
    void optionsMayComeBeforeTheJob() {
        assertThat(execute("--json", "--input", "a", "b", "embed", "--output", "generate"))
                .isZero();

        ResolvedSettings settings = runner.asked.get(0);
        assertThat(settings.job()).isEqualTo(Job.EMBED);
        assertThat(settings.list("input")).containsExactly("a", "b");
        assertThat(settings.text("output")).isEqualTo("generate");
        assertThat(settings.flag("json")).isTrue();
    }

    @Test
    void anOptionBeatsSetWhichBeatsTheEnvironmentWhichBeatsTheFile() throws IOException {
        Path file = Files.writeString(directory.resolve("a.conf"), "textColumn = file\nidColumn = file\nwhere = file");
        environment.put("TEXTLOOM_TEXT_COLUMN", "environment");
        environment.put("TEXTLOOM_ID_COLUMN", "environment");
        assertThat(execute(
                        "embed",
                        "--config",
                        file.toString(),
                        "--set",
                        "textColumn=set",
                        "--input",
                        "a",
                        "--output",
                        "o"))
                .isZero();

        ResolvedSettings settings = runner.asked.get(0);
        assertThat(settings.text("where")).isEqualTo("file");
        assertThat(settings.text("idColumn")).isEqualTo("environment");
        assertThat(settings.text("textColumn")).isEqualTo("set");
    }

    @Test
    void switchesAndNegativeNumbersAreRead() {
        assertThat(execute(
                        "generate", "--input", "a", "--output", "o", "--seed", "-5", "--stop", "\\n", "--stop", "a,b"))
                .isZero();
        assertThat(runner.asked.get(0).longInteger("generate.seed")).isEqualTo(-5);
        assertThat(runner.asked.get(0).list("generate.stop")).containsExactly("\n", "a,b");

        assertThat(execute("tokenize", "--no-special-tokens", "--input", "a", "--output", "o"))
                .isZero();
        assertThat(runner.asked.get(1).flag("tokenize.specialTokens")).isFalse();
    }

    @Test
    void verifyTakesItsOutputByItself() {
        assertThat(execute("verify", "--read-input", "out/embeddings")).isZero();
        assertThat(runner.asked.get(0).text("output")).isEqualTo("out/embeddings");
        assertThat(runner.asked.get(0).flag("verify.readInput")).isTrue();
    }

    @Test
    void trainTakesItsTaskByItself() {
        assertThat(execute(
                        "train",
                        "tokenizer",
                        "--input",
                        "a",
                        "--output",
                        "o",
                        "--type",
                        "wordpiece",
                        "--special-tokens",
                        "[PAD]",
                        "--special-tokens=[UNK]",
                        "--special-tokens",
                        "[CLS]",
                        "--special-tokens",
                        "[SEP]",
                        "--special-tokens",
                        "[MASK]",
                        "--no-lowercase"))
                .isZero();
        ResolvedSettings settings = runner.asked.get(0);
        assertThat(settings.text("train.task")).isEqualTo("tokenizer");
        assertThat(settings.list("train.specialTokens")).containsExactly("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");
        assertThat(settings.flag("train.lowercase")).isFalse();
        assertThat(settings.text("mode")).isEqualTo("fail");
        assertThat(out.toString(UTF_8)).contains("train tokenizer", "vocabulary of 8,000 tokens", "merge 1.5 s");

        runner.trainReport = Reports.tokenizer(true);
        assertFails(4, "30 of 1200 rows were rejected", job("train"));
        assertFails(2, "train.task is \"tokeniser\"", job("train", "--task", "tokeniser"));
        assertFails(2, "the training of a tokenizer always starts anew", job("train", "--mode", "resume"));
        assertFails(2, "train.vocabSize is 256; expected at least 257", job("train", "--vocab-size", "256"));
        assertFails(2, "byte-level BPE keeps texts as they are", job("train", "--lowercase"));
        assertFails(2, "is a setting of tokenize, embed, generate", job("train", "--set", "idColumn=id"));
    }

    @Test
    void badArgumentsEndWith2AndSayWhatToDo() {
        assertFails(2, "Unknown option --max-tokns; did you mean --max-tokens?", "embed", "--max-tokns", "3");
        assertFails(2, "Unexpected argument embd; did you mean embed?", "embd");
        assertFails(2, "No input is given", "embed", "--output", "o");
        assertFails(2, "No output is given", "embed", "--input", "a");
        assertFails(2, "No output is given", "verify");
        assertFails(2, "did you mean embed.pooling?", "embed", "--set", "embed.poling=cls");
        assertFails(2, "expected one of model, mean, cls, pooler, max", "embed", "--pooling", "median");
        assertFails(2, "embed.stride is -1; expected at least 0 (from --stride)", job("embed", "--stride", "-1"));
        assertFails(2, "maxErrorRatio is 7.0; expected 0 to 1", job("embed", "--max-error-ratio", "7"));
        assertFails(2, "is not a file", "embed", "--config", "none.conf");
        assertFails(2, "--output is given 2 times; expected once", job("embed", "--output", "twice"));
        assertFails(2, "Unexpected argument", job("embed", "--mode", "resume", "stray"));
        assertFails(2, "Usage: textloom");
        assertFails(2, "Usage: textloom models", "models");
        assertFails(2, "NAME", "models", "import", "--output", "o");
        assertThat(runner.asked).isEmpty();
    }

    @Test
    void theEndOfAJobDecidesTheExitCode() {
        assertThat(execute(job("embed"))).isZero();

        runner.report = Reports.embed(true);
        assertFails(4, "3 of 1200 rows were rejected, more than maxErrorRatio 0.01 allows", job("embed"));

        runner.failure = new InputException("in/ holds no file");
        assertFails(3, "in/ holds no file", job("embed"));
        runner.failure = new ModelException("no weights");
        assertFails(3, "no weights", job("embed"));
        runner.failure = new OutputException("out exists");
        assertFails(2, "out exists", job("embed"));
        runner.failure = new IllegalStateException("disk full\nat some place");
        assertFails(5, "The job failed: disk full", job("embed"));
        assertThat(err.toString(UTF_8))
                .contains("Run the same command again to go on")
                .doesNotContain("at some place");
        runner.failure = new NoClassDefFoundError("x/Y");
        assertFails(5, "x/Y", job("embed"));
    }

    @Test
    void whatATaskThrewDecidesTheExitCode() {
        runner.failure = new SparkException("Job aborted", new ModelException("no tokenizer.json"));
        assertFails(3, "no tokenizer.json", job("embed"));
        runner.failure = new SparkException("Job aborted", ownCheck());
        assertFails(2, "tokenize.maxTokens is -1", job("embed"));
        runner.failure = new SparkException("Job aborted", new IOException("No space left on device"));
        assertFails(5, "cause: No space left on device", job("embed"));
        runner.failure = libraryCheck();
        assertFails(5, "The job failed", job("embed"));
        runner.failure = new SparkException("Job 3 cancelled because SparkContext was shut down");
        assertFails(5, "stopped before it was done", job("embed"));
    }

    @Test
    void stackTracesArePrintedOnRequestAlone() {
        runner.failure = new IllegalStateException("boom");
        execute(job("embed"));
        assertThat(err.toString(UTF_8)).doesNotContain("\tat ");
        execute(job("embed", "--verbose"));
        assertThat(err.toString(UTF_8)).contains("\tat ");
        err.reset();
        environment.put("TEXTLOOM_DEBUG", "1");
        execute(job("embed"));
        assertThat(err.toString(UTF_8)).contains("\tat ");
    }

    @Test
    void theReportIsTextOrJsonAndGoesToAFile() throws IOException {
        Path file = directory.resolve("reports/embed.json");
        execute(job("embed", "--report", file.toString()));
        assertThat(out.toString(UTF_8)).contains("rows in     1,200").contains("out/embeddings");
        JsonNode written = new ObjectMapper().readTree(file.toFile());
        assertThat(written.get("rowsOut").asLong()).isEqualTo(1210);
        assertThat(written.get("rejectedByCode").get("EMPTY_TEXT").asLong()).isEqualTo(2);
        assertThat(written.get("tokensPerSecond").asDouble()).isEqualTo(5000);

        out.reset();
        execute(job("embed", "--json"));
        assertThat(new ObjectMapper().readTree(out.toByteArray())).isEqualTo(written);
    }

    @Test
    void problemsFoundByVerifyAreAFailure() {
        runner.verifyReport = new VerifyReport(List.of("one id twice"), new TreeMap<>(Map.of("rows", 5L)));
        assertThat(execute("verify", "out")).isEqualTo(5);
        assertThat(out.toString(UTF_8)).contains("one id twice").contains("rows");
    }

    @Test
    void modelsAreListed() {
        assertThat(execute("models", "list")).isZero();
        for (String name : List.of("all-MiniLM-L6-v2", "bge-small-zh-v1.5", "storyteller")) {
            assertThat(out.toString(UTF_8).lines())
                    .anyMatch(line -> line.startsWith(name) && line.contains("built-in") && line.contains("tokenize"));
        }
        assertFails(3, "no-such-model", "models", "import", "no-such-model", "--output", directory.toString());
    }

    @Test
    void aModelIsInspectedVerifiedAndImported() throws IOException {
        assertThat(execute("models", "inspect", "storyteller", "--json")).isZero();
        JsonNode json = new ObjectMapper().readTree(out.toString(UTF_8));
        String sha256 = json.get("sha256").asText();
        assertThat(json.get("jobs").get("generate").asText()).isEqualTo("yes");
        assertThat(json.get("jobs").get("classify").asText()).startsWith("no: ");

        Path copy = directory.resolve("copy");
        assertThat(execute("models", "import", "storyteller", "--output", copy.toString()))
                .isZero();
        assertThat(execute("models", "verify", copy.toString(), "--sha256", sha256))
                .isZero();
        assertThat(out.toString(UTF_8)).contains("problems", "none", "one line goes through");
        assertThat(execute("models", "inspect", copy.toString())).isZero();
        assertThat(out.toString(UTF_8)).contains(sha256, "vocabulary");

        out.reset();
        assertThat(execute("models", "verify", copy.toString(), "--json", "--sha256", "0".repeat(64)))
                .isEqualTo(3);
        json = new ObjectMapper().readTree(out.toString(UTF_8));
        assertThat(json.get("ok").asBoolean()).isFalse();
        assertThat(json.get("problems").get(0).asText()).contains(sha256);
        assertFails(3, "not empty", "models", "import", "storyteller", "--output", copy.toString());
        assertFails(2, "64 hexadecimal digits", "models", "verify", "storyteller", "--sha256", "12");
    }

    private static IllegalArgumentException ownCheck() {
        try {
            throw new AssertionError(new TokenizeOptions(-1, true));
        } catch (IllegalArgumentException e) {
            return e;
        }
    }

    private static IllegalArgumentException libraryCheck() {
        try {
            throw new AssertionError(Enum.valueOf(Thread.State.class, "NONE"));
        } catch (IllegalArgumentException e) {
            return e;
        }
    }

    private static String[] job(String job, String... more) {
        String[] args = new String[5 + more.length];
        List<String> first = List.of(job, "--input", "a", "--output", "o");
        for (int i = 0; i < args.length; i++) {
            args[i] = i < 5 ? first.get(i) : more[i - 5];
        }
        return args;
    }

    private void assertFails(int code, String message, String... args) {
        err.reset();
        assertThat(execute(args)).as(String.join(" ", args)).isEqualTo(code);
        assertThat(err.toString(UTF_8)).contains(message);
    }

    private int execute(String... args) {
        Console console =
                new Console(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), environment, false);
        return new Main(console, runner).execute(args);
    }

    /** Help is wrapped wherever it fits, even behind a colon. */
    private static String unspaced(String text) {
        return text.replaceAll("\\s+", "");
    }
}
