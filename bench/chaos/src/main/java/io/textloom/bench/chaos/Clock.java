package io.textloom.bench.chaos;

import io.textloom.bench.chaos.Comparison.Difference;
import io.textloom.bench.chaos.ResultTable.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/** A clock (libfaketime) that jumps by hours or days under the run, and stands elsewhere again when a killed run is resumed. */
final class Clock implements Scenario {
    private static final int ROWS = 60_000;
    private static final List<String> JUMPS = List.of("-2h", "+2h", "-3d", "+30d", "-1m", "+10y", "-10y");

    @Override
    public List<Entry> run(Session session) throws IOException, InterruptedException {
        Tally tally = new Tally("clock", session);
        Path library = library();
        Random random = new Random(session.seed);
        Path corpus = session.textloom.work().resolve("clock-" + session.seed + ".jsonl");
        Corpus.write(corpus, session.seed, ROWS, 12);
        List<String> job =
                List.of("tokenize", "--id-column", "id", "--partitions", "12", "--json", "--input", corpus.toString());
        String reference = session.reference("clock-" + session.seed, job);
        for (int run = 0; run < session.runs; run++) {
            Path output = session.textloom.work().resolve(session.name("clock"));
            Path clock = session.textloom.work().resolve("clock-" + run + ".rc");
            String first = JUMPS.get(random.nextInt(JUMPS.size()));
            String second = JUMPS.get(random.nextInt(JUMPS.size()));
            boolean kill = random.nextBoolean();
            Files.writeString(clock, "+0\n");
            List<String> arguments = new ArrayList<>(job);
            arguments.addAll(List.of("--output", output.toString(), "--master", "local[2]"));
            List<String> prefix = List.of(
                    "env",
                    "LD_PRELOAD=" + library,
                    "FAKETIME_TIMESTAMP_FILE=" + clock,
                    "FAKETIME_NO_CACHE=1",
                    "FAKETIME_DONT_FAKE_MONOTONIC=1");
            Child child = session.textloom.launch(session.name("clock"), prefix, List.of(), List.of(), arguments);
            OutputWatch watch = new OutputWatch(new LocalStore(output).fileSystem(), output.toString());
            int reports = random.nextInt(9);
            Wait.until(
                    () -> watch.locked() && watch.reports(Set.of()) >= reports, child::alive, Duration.ofMinutes(5), 5);
            Files.writeString(clock, first + "\n");
            if (kill) {
                Thread.sleep(300);
                child.kill();
            }
            Session.Ended met = Session.await(child);
            Files.writeString(clock, second + "\n");
            Session.Ended again = Session.await(
                    session.textloom.launch(session.name("again"), prefix, List.of(), List.of(), arguments));
            Difference difference =
                    session.comparison.compare(reference, output.toString(), new LocalStore(output).fileSystem());
            boolean ended = again.exit() == 0 && (met.exit() == 0 || kill);
            tally.add(
                    first + " then " + second,
                    difference,
                    ended ? "" : met.message() + " " + again.message(),
                    first + (kill ? ", killed" : "") + ", then " + second + ": exit " + met.exit() + ", "
                            + again.exit());
        }
        return tally.entry("jumping clock", "equal to the undisturbed run");
    }

    private static Path library() throws IOException {
        try (Stream<Path> files = Files.find(
                Path.of("/usr/lib"), 5, (f, a) -> f.getFileName().toString().equals("libfaketimeMT.so.1"))) {
            return files.findFirst()
                    .orElseThrow(() -> new IOException("libfaketime is not found; install the package libfaketime"));
        }
    }
}
