package io.textloom.jobs;

import io.textloom.config.Job;
import io.textloom.config.ResolvedSettings;
import io.textloom.config.SettingsResolver;
import io.textloom.config.Sources;
import io.textloom.evaluate.Neighbours;
import io.textloom.evaluate.Neighbours.Neighbour;
import io.textloom.spark.JobReport;
import io.textloom.table.Columns;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Runs the three jobs on a small corpus in one session and shows what came out. */
final class Quickstart {
    private static final int SHOWN = 3;
    private static final int TEXT_WIDTH = 96;
    /** Similarity from which two texts count as copies. */
    private static final double COPY = 0.95;

    private final Console console;
    private final String input;
    private final String output;

    /** @param input JSON lines with the fields id, topic, lang and text */
    Quickstart(Console console, String input, String output) {
        this.console = console;
        this.input = input;
        this.output = output;
    }

    void run(boolean verbose) {
        long start = System.nanoTime();
        ResolvedSettings tokenize = settings(Job.TOKENIZE, "tokens", Map.of());
        ResolvedSettings embed = settings(Job.EMBED, "embeddings", Map.of());
        ResolvedSettings generate = settings(
                Job.GENERATE,
                "stories",
                Map.of(
                        "where", "topic = 'folktales' AND lang = 'en'",
                        "generate.temperature", "0.8",
                        "generate.topP", "0.95",
                        "generate.seed", "7"));
        try (SparkSession spark = SparkSessions.open(embed, "quickstart", console, verbose);
                ConsoleProgress progress = new ConsoleProgress(console)) {
            print("Textloom on " + input + ", Spark " + spark.version() + " at "
                    + spark.sparkContext().master());
            show("1. Tokenize", SparkJobRunner.runIn(spark, tokenize, progress));
            show("2. Embed", SparkJobRunner.runIn(spark, embed, progress));
            showNeighbours(spark, embed.text("output"));
            show("3. Generate", SparkJobRunner.runIn(spark, generate, progress));
            showStories(spark, generate.text("output"));
        }
        print(String.format(Locale.ROOT, "%nDone in %.0f s. To read the results:", (System.nanoTime() - start) / 1e9));
        for (ResolvedSettings job : List.of(tokenize, embed, generate)) {
            print("  spark.read().parquet(\"" + job.text("output") + "\")");
        }
    }

    private ResolvedSettings settings(Job job, String name, Map<String, String> more) {
        Map<String, List<String>> options = new HashMap<>();
        options.put("input", List.of(input));
        options.put("output", List.of(output + "/" + name));
        options.put("idColumn", List.of("id"));
        options.put("keepColumns", List.of("topic", "lang"));
        options.put("mode", List.of("overwrite"));
        // the sample holds three bad rows on purpose
        options.put("maxErrorRatio", List.of("0.05"));
        more.forEach((key, text) -> options.put(key, List.of(text)));
        return SettingsResolver.resolve(job, Sources.NONE.withOptions(options));
    }

    private void show(String title, JobReport report) {
        print("");
        print(title + " with " + report.model());
        print("   " + Summary.count(report.rowsIn()) + " rows in, " + Summary.count(report.rowsOut()) + " out, "
                + Summary.count(report.rowsRejected()) + " rejected" + Summary.byCode(report));
        print("   " + Summary.count(report.tokens()) + " tokens, "
                + Summary.count(Math.round(report.tokensPerSecond())) + " per second"
                + (report.paddedTokens() > 0 && report.modelSeconds() > 0
                        ? ", padding efficiency " + Summary.percent(report.paddingEfficiency())
                        : ""));
        print("   written to " + report.output());
    }

    /** Neighbours of three documents of three topics: those with the closest neighbour that is no copy. */
    private void showNeighbours(SparkSession spark, String embeddings) {
        Neighbours neighbours = Neighbours.read(spark, embeddings);
        Map<String, String> texts = new HashMap<>();
        for (Row row : spark.read().json(input).select("id", "text").collectAsList()) {
            if (!row.isNullAt(0) && !row.isNullAt(1)) {
                texts.put(row.getString(0), row.getString(1));
            }
        }
        print("   " + Summary.count(neighbours.size()) + " vectors of " + neighbours.dimensions()
                + " dimensions; nearest neighbours of three:");
        for (String id : telling(spark, embeddings, neighbours)) {
            print("");
            print("   " + id + "  " + start(texts.getOrDefault(id, "")));
            for (Neighbour neighbour : neighbours.of(id, SHOWN)) {
                print(String.format(Locale.ROOT, "     %.3f  ", neighbour.similarity()) + neighbour.id() + "  "
                        + start(texts.getOrDefault(neighbour.id(), "")));
            }
        }
    }

    private record Candidate(String id, String topic, double similarity) {}

    private static List<String> telling(SparkSession spark, String embeddings, Neighbours neighbours) {
        List<Candidate> candidates = new ArrayList<>();
        for (Row row : spark.read()
                .parquet(embeddings)
                .where("lang = 'en' AND topic != 'oddities'")
                .select(Columns.ID, "topic")
                .distinct()
                .orderBy(Columns.ID)
                .collectAsList()) {
            String id = row.getString(0);
            double similarity = neighbours.of(id, 1).get(0).similarity();
            if (similarity < COPY) {
                candidates.add(new Candidate(id, row.getString(1), similarity));
            }
        }
        Set<String> topics = new HashSet<>();
        return candidates.stream()
                .sorted(Comparator.comparingDouble(Candidate::similarity).reversed())
                .filter(c -> topics.add(c.topic()))
                .limit(SHOWN)
                .map(Candidate::id)
                .toList();
    }

    private void showStories(SparkSession spark, String stories) {
        for (Row row : spark.read()
                .parquet(stories)
                .orderBy(Columns.ID)
                .select(Columns.ID, Columns.PROMPT, Columns.COMPLETION)
                .limit(SHOWN)
                .collectAsList()) {
            print("");
            print("   " + row.getString(0) + "  " + end(row.getString(1)));
            wrap(oneLine(row.getString(2)).strip()).forEach(line -> print("     | " + line));
        }
    }

    private void print(String line) {
        console.out().println(line);
    }

    private static String start(String text) {
        String line = oneLine(text);
        int length = TEXT_WIDTH - 36;
        return line.length() <= length ? line : line.substring(0, length) + "…";
    }

    private static String end(String text) {
        String line = oneLine(text);
        int length = TEXT_WIDTH - 20;
        return line.length() <= length ? line : "…" + line.substring(line.length() - length);
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }

    private static List<String> wrap(String text) {
        return List.of(text.replaceAll("(.{1," + (TEXT_WIDTH - 8) + "})(?: +|$)", "$1\n")
                .split("\n"));
    }
}
