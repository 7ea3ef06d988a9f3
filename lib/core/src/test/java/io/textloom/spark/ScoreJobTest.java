package io.textloom.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.textloom.model.ModelException;
import io.textloom.score.ChoiceOptions;
import io.textloom.score.ChoiceScore;
import io.textloom.score.DecoderOptions;
import io.textloom.score.LikelihoodOptions;
import io.textloom.spark.commit.OutputFormat;
import io.textloom.spark.commit.OutputOptions;
import io.textloom.spark.commit.RunMode;
import io.textloom.spark.intake.DocumentUnit;
import io.textloom.spark.intake.DuplicateIds;
import io.textloom.spark.intake.InputFormat;
import io.textloom.spark.intake.IntakeOptions;
import io.textloom.token.LongDocuments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The score job with a decoder: columns, contexts, choices, bad rows, partitions, figures of the whole output. */
class ScoreJobTest {
    private static final String A = "Once upon a time there was a poor woodcutter who had three sons.";
    private static final String B = "Then the door opened, and the wind came in, and with the wind came the fox.";

    @TempDir
    Path dir;

    @Test
    void textsGetLogprobsAndTheOutputItsFigures() throws IOException {
        write(row("a", A, ""), row("b", B, ""), row("c", " ", ""), row("d", "龍 😀", ""));
        JobReport report = Jobs.likelihood(context("out", 2, RunMode.FAIL), likelihood("", false));
        assertThat(report.documentsOut()).isEqualTo(3);
        assertThat(report.rejectedByCode()).isEqualTo(new TreeMap<>(Map.of("EMPTY_TEXT", 1L)));
        assertThat(LocalSpark.session().read().parquet(out("out")).columns())
                .containsExactly(
                        "id",
                        "logprob",
                        "n_tokens",
                        "n_bytes",
                        "bits_per_byte",
                        "perplexity",
                        "greedy",
                        "n_dropped",
                        "truncated");
        double logprob = 0;
        double tokens = 0;
        double bytes = 0;
        for (Row row : rows("out")) {
            assertThat(row.getDouble(5)).isCloseTo(Math.exp(-row.getDouble(1) / row.getInt(2)), within(1e-9));
            assertThat(row.getDouble(4)).isCloseTo(-row.getDouble(1) / Math.log(2) / row.getInt(3), within(1e-9));
            logprob += row.getDouble(1);
            tokens += row.getInt(2);
            bytes += row.getInt(3);
        }
        assertThat(bytes).isEqualTo(A.length() + B.length() + 8);
        assertFigures(report, logprob, tokens, bytes);
        verified("out");
    }

    @Test
    void figuresAreThoseOfTheWholeOutputAfterARerun() throws IOException {
        write(row("a", A, ""), row("b", B, ""));
        Jobs.likelihood(context("out", 1, RunMode.RESUME), likelihood("", false));
        write(row("a", A, ""), row("b", A + " " + A, ""), row("c", B, ""));
        JobReport changed = Jobs.likelihood(context("out", 2, RunMode.RESUME), likelihood("", false));
        assertThat(changed.rowsSkipped()).isEqualTo(1);
        JobReport fresh = Jobs.likelihood(context("fresh", 1, RunMode.FAIL), likelihood("", false));
        fresh.figures()
                .forEach((name, number) ->
                        assertThat(changed.figures().get(name)).as(name).isCloseTo(number, within(1e-4)));
        JobReport nothing = Jobs.likelihood(context("out", 2, RunMode.RESUME), likelihood("", false));
        assertThat(nothing.rowsSkipped()).isEqualTo(3);
        assertThat(nothing.figures()).isEqualTo(changed.figures());
        verified("out");
    }

    @Test
    void tokensAndPartitionsGiveTheSame() throws IOException {
        write(row("a", A, ""), row("b", B, ""), row("c", A + " " + B, ""), row("d", "x", ""));
        Jobs.likelihood(context("one", 1, RunMode.FAIL), likelihood("", true));
        Jobs.likelihood(context("eight", 8, RunMode.FAIL), likelihood("", true));
        List<Row> one = rows("one");
        List<Row> eight = rows("eight");
        for (int i = 0; i < one.size(); i++) {
            List<Row> tokens = one.get(i).getList(7);
            assertThat(tokens).hasSize(one.get(i).getInt(2));
            assertThat(tokens.get(0).schema().fieldNames()).containsExactly("token_id", "logprob", "greedy");
            double sum = 0;
            for (int t = 0; t < tokens.size(); t++) {
                Row other = (Row) eight.get(i).getList(7).get(t);
                assertThat(other.getInt(0)).isEqualTo(tokens.get(t).getInt(0));
                assertThat(other.getFloat(1)).isCloseTo(tokens.get(t).getFloat(1), within(1e-5f));
                sum += tokens.get(t).getFloat(1);
            }
            assertThat(one.get(i).getDouble(1)).isCloseTo(sum, within(1e-3));
        }
    }

    @Test
    void contextsComeFromAColumnAndANullOneIsAnErrorRow() throws IOException {
        write(
                row("a", " who had three sons.", ",\"before\":\"Once upon a time there was a poor woodcutter\""),
                row("b", "No context.", ",\"before\":\"\""),
                row("c", "None at all.", ",\"before\":null"));
        JobReport report = Jobs.likelihood(context("out", 2, RunMode.FAIL), likelihood("before", false));
        assertThat(report.rejectedByCode()).isEqualTo(new TreeMap<>(Map.of("MISSING_TEXT", 1L)));
        List<Row> rows = rows("out");
        assertThat(rows.get(0).getInt(3)).isEqualTo(" who had three sons.".length());
        assertThat(rows.get(1).getInt(3)).isEqualTo("No context.".length());
        verified("out");
    }

    @Test
    void fixedChoicesGiveALabelAndTheReportAnAccuracy() throws IOException {
        write(
                row("a", "The old", ",\"right\":\"man\""),
                row("b", "Once upon a", ",\"right\":\"time\""),
                row("c", "He had no", ",\"right\":null"));
        JobReport report = Jobs.choices(context("out", 2, RunMode.FAIL), choices(List.of("man", "time"), "", "right"));
        assertThat(LocalSpark.session().read().parquet(out("out")).columns())
                .containsExactly("id", "label", "choices", "n_tokens", "n_dropped", "truncated", "right");
        List<Row> rows = rows("out");
        assertThat(rows.get(0).getString(1)).isEqualTo("man");
        assertThat(rows.get(1).getString(1)).isEqualTo("time");
        assertThat(report.figures()).isEqualTo(new TreeMap<>(Map.of("accuracy", 1.0)));
        for (Row row : rows) {
            List<Row> choices = row.getList(2);
            assertThat(choices.get(0).schema().fieldNames())
                    .containsExactly("choice", "logprob", "n_tokens", "score", "probability");
            assertThat(choices).extracting(choice -> choice.getString(0)).containsExactly("man", "time");
            assertThat(choices.get(0).getDouble(4) + choices.get(1).getDouble(4))
                    .isCloseTo(1, within(1e-9));
            assertThat(row.getInt(3)).isEqualTo(2);
        }
        verified("out");
    }

    @Test
    void choicesComeFromAColumnOfLists() throws IOException {
        write(
                row("a", "The old", ",\"options\":[\"man\",\"time\",\"zebra crossing\"]"),
                row("b", "The old", ",\"options\":[]"),
                row("c", "The old", ",\"options\":null"),
                row("d", "The old", ",\"options\":[\"man\",\"\"]"),
                row("e", "The old", ",\"options\":[\"man\",null]"));
        JobReport report = Jobs.choices(context("out", 2, RunMode.FAIL), choices(List.of(), "options", ""));
        assertThat(report.rejectedByCode()).isEqualTo(new TreeMap<>(Map.of("INVALID_CHOICES", 4L)));
        assertThat(report.figures()).isEmpty();
        assertThat(LocalSpark.session().read().parquet(out("out")).columns())
                .containsExactly("id", "label", "choices", "n_tokens", "n_dropped", "truncated");
        assertThat(rows("out").get(0).getList(2)).hasSize(3);
        verified("out");
    }

    @Test
    void columnsAndModelsThatDoNotFitAreRefusedBeforeAnythingIsWritten() throws IOException {
        write(row("a", A, ",\"options\":\"man\""));
        assertThatThrownBy(() -> Jobs.choices(context("out", 1, RunMode.FAIL), choices(List.of(), "option", "")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("The input has no column option; its columns are id, options, text");
        assertThatThrownBy(() -> Jobs.choices(context("out", 1, RunMode.FAIL), choices(List.of(), "options", "")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("The column options holds string; expected a list of texts");
        JobContext context = context("out", 1, RunMode.FAIL);
        JobContext encoder = new JobContext(
                context.spark(),
                "all-MiniLM-L6-v2",
                context.intake(),
                context.output(),
                context.settings(),
                context.progress());
        assertThatThrownBy(() -> Jobs.likelihood(encoder, likelihood("", false)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("--task fill-mask");
        assertThat(dir.resolve("out")).doesNotExist();
    }

    private void assertFigures(JobReport report, double logprob, double tokens, double bytes) throws IOException {
        Map<String, Double> expected = Map.of(
                "logprob", logprob,
                "scoredTokens", tokens,
                "scoredBytes", bytes,
                "perplexity", Math.exp(-logprob / tokens),
                "bitsPerByte", -logprob / Math.log(2) / bytes);
        JsonNode manifest = new ObjectMapper()
                .readTree(dir.resolve("out/_textloom/manifest.json").toFile())
                .get("figures");
        assertThat(report.figures().keySet()).isEqualTo(expected.keySet());
        expected.forEach((name, number) -> {
            assertThat(report.figures().get(name)).isCloseTo(number, within(1e-9 * Math.abs(number)));
            assertThat(manifest.get(name).asDouble()).isEqualTo(report.figures().get(name));
        });
    }

    private static LikelihoodOptions likelihood(String contextColumn, boolean tokens) {
        return new LikelihoodOptions(contextColumn, -1, LongDocuments.CHUNK, tokens, DecoderOptions.defaults());
    }

    private static ChoiceOptions choices(List<String> choices, String column, String labelColumn) {
        return new ChoiceOptions(
                choices,
                column,
                " ",
                ChoiceScore.RAW,
                "Answer:",
                labelColumn,
                LongDocuments.CHUNK,
                DecoderOptions.defaults());
    }

    private static String row(String id, String text, String more) {
        return "{\"id\":\"" + id + "\",\"text\":\"" + text + "\"" + more + "}";
    }

    private void write(String... rows) throws IOException {
        Files.write(dir.resolve("in.jsonl"), List.of(rows));
    }

    private JobContext context(String output, int partitions, RunMode mode) {
        IntakeOptions intake = new IntakeOptions(
                List.of(dir.resolve("in.jsonl").toString()),
                InputFormat.AUTO,
                DocumentUnit.LINE,
                "text",
                "id",
                DuplicateIds.ERROR,
                List.of(),
                "",
                0,
                partitions);
        OutputOptions options = new OutputOptions(out(output), mode, 1, List.of(), OutputFormat.PARQUET);
        return new JobContext(LocalSpark.session(), "storyteller", intake, options, new TreeMap<>(), Progress.SILENT);
    }

    private String out(String name) {
        return dir.resolve(name).toString();
    }

    private List<Row> rows(String output) {
        return LocalSpark.session().read().parquet(out(output)).orderBy("id").collectAsList();
    }

    private void verified(String output) {
        assertThat(Jobs.verify(LocalSpark.session(), out(output), true).problems())
                .isEmpty();
    }
}
