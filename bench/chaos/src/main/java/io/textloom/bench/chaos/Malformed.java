package io.textloom.bench.chaos;

import io.textloom.bench.chaos.Comparison.Difference;
import io.textloom.bench.chaos.ResultTable.Entry;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.spark.sql.Row;

/** Tokenizes a million rows of which one in a hundred is malformed, in twenty ways; compares with a run over the sound ones alone. */
final class Malformed implements Scenario {
    private static final int ROWS = 1_000_000;
    private static final int FILES = 8;
    private static final int ONE_IN = 100;

    /** A way to be wrong, and the code it must get. {@code %s} is a text that names the kind; {@code <80>} stands for that byte. */
    private record Kind(String code, String line) {}

    private static final List<Kind> KINDS = List.of(
            new Kind("MALFORMED_JSON", "{\"id\": \"$\", \"text\": \"%s\""),
            new Kind("MALFORMED_JSON", "{\"id\": \"$\", \"text\": \"%s"),
            new Kind("MALFORMED_JSON", "[\"$\", \"%s\"]"),
            new Kind("MALFORMED_JSON", "\"%s $\""),
            new Kind("MALFORMED_JSON", "{\"id\": \"$\", \"text\": \"%s\"} {\"id\": \"$\", \"text\": \"b\"}"),
            new Kind("MALFORMED_JSON", "{\"id\": \"$\", \"text\": \"%s\"} trailing"),
            new Kind("MALFORMED_JSON", "{\"id\": \"$\", \"text\" \"%s\"}"),
            new Kind("MALFORMED_JSON", "{\"id\": \"$\", \"text\": \"%s \\x41\"}"),
            new Kind("MALFORMED_JSON", "{\"id\": \"$\", \"text\": \"%s <01>\"}"),
            new Kind("MALFORMED_JSON", "{\"id\": \"$\", \"text\": \"%s <00> x\"}"),
            new Kind("MALFORMED_JSON", "<ef><bb><bf>{\"id\": \"$\", \"text\": \"%s\"}"),
            new Kind("INVALID_UTF8", "{\"id\": \"$\", \"text\": \"%s <80>\"}"),
            new Kind("INVALID_UTF8", "{\"id\": \"$\", \"text\": \"%s <c0><af>\"}"),
            new Kind("INVALID_UTF8", "{\"id\": \"$\", \"text\": \"%s <ed><a0><80>\"}"),
            new Kind("INVALID_UTF8", "{\"id\": \"$\", \"text\": \"%s <f4><90><80><80>\"}"),
            new Kind("INVALID_UTF8", "{\"id\": \"$\", \"text\": \"%s \\ud83d.\"}"),
            new Kind("MISSING_TEXT", "{\"id\": \"$\", \"note\": \"%s\"}"),
            new Kind("EMPTY_TEXT", "{\"id\": \"$\", \"text\": \" \\t\u00a0\u3000\", \"note\": \"%s\"}"),
            new Kind("MISSING_ID", "{\"id\": null, \"text\": \"%s $\"}"),
            new Kind("DUPLICATE_ID", "{\"id\": \"@\", \"text\": \"%s\"}"));

    @Override
    public List<Entry> run(Session session) throws IOException, InterruptedException {
        long start = System.nanoTime();
        int rows = session.options.integer("rows", ROWS);
        Path mixed = session.textloom.work().resolve("malformed-" + session.seed + "-" + rows);
        Path sound = session.textloom.work().resolve("sound-" + session.seed + "-" + rows);
        write(mixed, sound, session.seed, rows);
        List<String> job = List.of("tokenize", "--id-column", "id", "--json", "--input");
        List<String> expected = new ArrayList<>(job);
        expected.add(sound.toString());
        String reference = session.reference("sound-" + session.seed + "-" + rows, expected);
        String output =
                session.textloom.work().resolve(session.name("malformed")).toString();
        List<String> arguments = new ArrayList<>(job);
        arguments.addAll(List.of(mixed.toString(), "--output", output));
        long began = System.nanoTime();
        session.done("malformed", arguments);
        double seconds = (System.nanoTime() - began) / 1e9;

        OutputWatch watch = new OutputWatch(new LocalStore(session.textloom.work()).fileSystem(), output);
        Difference difference = session.comparison.compareRows(reference, output, Comparison.orphans(watch, output));
        Map<String, Long> wanted = new TreeMap<>();
        for (Kind kind : KINDS) {
            wanted.merge(kind.code(), (long) rows / ONE_IN / KINDS.size(), Long::sum);
        }
        Map<String, Long> codes = session.comparison.errorCodes(output);
        List<String> misplaced = misplaced(session, output);
        String verified = session.verify(output);
        long errors = codes.values().stream().mapToLong(Long::longValue).sum();
        boolean good = difference.none() && codes.equals(wanted) && misplaced.isEmpty() && verified.isEmpty();
        System.out.printf(
                Locale.ROOT,
                "%s malformed seed=%d: %s; %d typed errors %s%s%s; the job took %.0f s%n",
                good ? "ok  " : "FAIL",
                session.seed,
                difference.text(),
                errors,
                codes,
                codes.equals(wanted) ? "" : " but expected " + wanted,
                misplaced.isEmpty() ? "" : " " + misplaced + verified,
                seconds);
        return List.of(new Entry(
                "malformed" + session.options.asked(),
                session.seed,
                1,
                new TreeMap<>(Map.of("malformed rows in " + KINDS.size() + " ways", rows / ONE_IN)),
                difference.lost() + difference.unexpected(),
                difference.duplicated(),
                difference.orphans().size(),
                0,
                (good ? "" : "FAILED: ") + difference.rows() + " right rows, " + errors + " typed errors " + codes,
                (System.nanoTime() - start) / 1e9));
    }

    /** Errors whose line names a kind that has another code. */
    private static List<String> misplaced(Session session, String output) {
        List<String> misplaced = new ArrayList<>();
        for (Row row : session.comparison
                .spark()
                .read()
                .parquet(output + "/_textloom/errors")
                .selectExpr("regexp_extract(input, 'kind-([0-9]+)', 1) AS kind", "code")
                .groupBy("kind", "code")
                .count()
                .collectAsList()) {
            String kind = row.getString(0);
            if (!kind.isEmpty() && !KINDS.get(Integer.parseInt(kind)).code().equals(row.getString(1))) {
                misplaced.add("kind " + kind + " is " + row.getString(1) + " in " + row.getLong(2) + " rows");
            }
        }
        return misplaced;
    }

    private static void write(Path mixed, Path sound, long seed, int rows) throws IOException {
        Files.createDirectories(mixed);
        Files.createDirectories(sound);
        Random random = new Random(seed);
        int perFile = rows / FILES;
        int number = 0;
        int wrong = 0;
        for (int file = 0; file < FILES; file++) {
            String name = "part-" + file + ".jsonl";
            String last = "";
            try (OutputStream all = new BufferedOutputStream(Files.newOutputStream(mixed.resolve(name)), 1 << 16);
                    OutputStream good = new BufferedOutputStream(Files.newOutputStream(sound.resolve(name)), 1 << 16)) {
                for (int i = 0; i < perFile; i++, number++) {
                    if (number % ONE_IN == ONE_IN - 1) {
                        int kind = wrong++ % KINDS.size();
                        all.write(bytes(KINDS.get(kind)
                                .line()
                                .replace("%s", "kind-" + kind)
                                .replace("$", "bad-" + number)
                                .replace("@", last)));
                        all.write('\n');
                    } else {
                        last = "doc-" + number;
                        byte[] line = (Corpus.line(last, Corpus.text(random, 12, number)) + "\n")
                                .getBytes(StandardCharsets.UTF_8);
                        all.write(line);
                        good.write(line);
                    }
                }
            }
        }
    }

    private static byte[] bytes(String line) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < line.length(); i++) {
            if (line.charAt(i) == '<') {
                bytes.write(Integer.parseInt(line.substring(i + 1, i + 3), 16));
                i += 3;
            } else {
                bytes.writeBytes(line.substring(i, i + 1).getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }
}
