package io.textloom.bench.chaos;

import io.textloom.bench.chaos.Comparison.Difference;
import io.textloom.bench.chaos.ResultTable.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.spark.sql.SaveMode;

/** Gzip and Parquet files with bytes that changed or an end that is missing: an error that names the file, or the right rows. */
final class DamagedInput implements Scenario {
    private static final int ROWS = 5_000;

    private enum Damage {
        GZIP_BYTE,
        GZIP_CUT,
        PARQUET_BYTE,
        PARQUET_BLOCK,
        PARQUET_CUT
    }

    @Override
    public List<Entry> run(Session session) throws IOException, InterruptedException {
        Tally tally = new Tally("damaged", session);
        Random random = new Random(session.seed);
        Path work = Files.createDirectories(session.textloom.work().resolve("damaged-" + session.seed));
        Path gzip = work.resolve("sound.jsonl.gz");
        Corpus.write(gzip, session.seed, ROWS, 12);
        session.comparison
                .spark()
                .read()
                .json(gzip.toString())
                .coalesce(1)
                .write()
                .mode(SaveMode.Overwrite)
                .parquet(work.resolve("sound").toString());
        Path parquet;
        try (Stream<Path> files = Files.list(work.resolve("sound"))) {
            parquet = files.filter(f -> f.toString().endsWith(".parquet"))
                    .findFirst()
                    .orElseThrow();
        }
        List<String> job = List.of("tokenize", "--id-column", "id", "--json", "--input");
        List<String> sound = new ArrayList<>(job);
        sound.add(gzip.toString());
        String reference = session.reference("damaged-" + session.seed, sound);
        int refused = 0;
        for (int run = 0; run < session.runs; run++) {
            Damage damage = Damage.values()[run % Damage.values().length];
            boolean gz = damage.name().startsWith("GZIP");
            Path input = work.resolve(session.name("input") + (gz ? ".jsonl.gz" : ".parquet"));
            byte[] bytes = Files.readAllBytes(gz ? gzip : parquet);
            int place = 20 + random.nextInt(bytes.length - 40);
            switch (damage) {
                case GZIP_BYTE, PARQUET_BYTE -> bytes[place] ^= (byte) (1 << random.nextInt(8));
                case PARQUET_BLOCK -> {
                    byte[] noise = new byte[Math.min(512, bytes.length - place)];
                    random.nextBytes(noise);
                    System.arraycopy(noise, 0, bytes, place, noise.length);
                }
                default -> bytes = Arrays.copyOf(bytes, place);
            }
            Files.write(input, bytes);
            Path output = session.textloom.work().resolve(session.name("damaged"));
            List<String> arguments = new ArrayList<>(job);
            arguments.addAll(List.of(input.toString(), "--output", output.toString()));
            Session.Ended ended = session.run("damaged", List.of(), arguments);
            String wrong = "";
            if (ended.exit() == 0) {
                Difference difference = session.comparison.compareRows(reference, output.toString(), List.of());
                wrong = difference.none() ? "" : "WRONG SUCCESS: " + difference.text();
            } else {
                refused++;
                boolean told = ended.exit() == 3
                        && ended.err().contains(input.getFileName().toString());
                wrong = told ? "" : "exit " + ended.exit() + " said: " + ended.message();
            }
            tally.add(
                    damage.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                    wrong,
                    damage + " at " + place + ": exit " + ended.exit() + " " + ended.message());
        }
        return tally.entry("damaged input", refused + " refused, the file named; the others right rows");
    }
}
