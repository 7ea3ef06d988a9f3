package io.textloom.bench.chaos;

import io.textloom.bench.chaos.Comparison.Difference;
import io.textloom.bench.chaos.ResultTable.Entry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** A small real disk (tmpfs) that is full, or that becomes read-only under the run; then it has room again, and the same command goes on. */
final class FullDisk implements Scenario {
    private static final int ROWS = 60_000;

    @Override
    public List<Entry> run(Session session) throws IOException, InterruptedException {
        Tally tally = new Tally("disk", session);
        Random random = new Random(session.seed);
        Path corpus = session.textloom.work().resolve("disk-" + session.seed + ".jsonl");
        Corpus.write(corpus, session.seed, ROWS, 12);
        List<String> job =
                List.of("tokenize", "--id-column", "id", "--partitions", "12", "--json", "--input", corpus.toString());
        String reference = session.reference("disk-" + session.seed, job);
        Path disk = Files.createDirectories(session.textloom.work().resolve("disk"));
        for (int run = 0; run < session.runs; run++) {
            boolean full = run % 2 == 0;
            int kilobytes = full ? 100 + random.nextInt(3500) : 1 << 17;
            mount("-t", "tmpfs", "-o", "size=" + kilobytes + "k", "tmpfs", disk.toString());
            try {
                Path output = disk.resolve("out");
                List<String> arguments = new ArrayList<>(job);
                arguments.addAll(List.of("--output", output.toString(), "--master", "local[2]"));
                Child child = session.textloom.launch(session.name("disk"), List.of(), List.of(), List.of(), arguments);
                if (!full) {
                    OutputWatch watch = new OutputWatch(new LocalStore(output).fileSystem(), output.toString());
                    int reports = random.nextInt(12);
                    Wait.until(
                            () -> watch.locked() && watch.reports(Set.of()) >= reports,
                            child::alive,
                            Duration.ofMinutes(5),
                            1);
                    mountReadOnly(disk);
                }
                Session.Ended met = Session.await(child);
                String wrong = "";
                if (met.exit() != 0) {
                    boolean told = met.err().contains(full ? "No space left" : "Read-only");
                    wrong = told && (met.exit() == 5 || (!full && met.exit() == 2))
                            ? ""
                            : "exit " + met.exit() + " said: " + met.message();
                }
                mount("-o", "remount,rw,size=256m", disk.toString());
                Session.Ended again = session.run("again", List.of(), arguments.subList(0, arguments.size() - 2));
                wrong += again.exit() == 0 ? "" : " again exit " + again.exit() + ": " + again.message();
                Difference difference =
                        session.comparison.compare(reference, output.toString(), new LocalStore(output).fileSystem());
                tally.add(
                        full ? "full" : "read-only",
                        difference,
                        wrong,
                        (full ? "full at " + kilobytes + " kB" : "read-only") + ": exit " + met.exit() + " ("
                                + met.message() + "), then " + again.exit());
            } finally {
                call("umount", "-l", disk.toString());
            }
        }
        return tally.entry("small real disk", "message, then resumed");
    }

    /** Files that are open for writing keep the disk from it, so it is tried until none is. */
    private static void mountReadOnly(Path disk) throws IOException, InterruptedException {
        for (int i = 0; i < 2000; i++) {
            if (new ProcessBuilder("mount", "-o", "remount,ro", disk.toString())
                            .start()
                            .waitFor()
                    == 0) {
                return;
            }
        }
        throw new IOException("The disk at " + disk + " is written all the time; it cannot be made read-only");
    }

    private static void mount(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("mount"));
        command.addAll(List.of(arguments));
        call(command.toArray(String[]::new));
    }

    private static void call(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + said.strip() + "; the scenario disk needs root");
        }
    }
}
