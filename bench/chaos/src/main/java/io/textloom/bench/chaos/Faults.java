package io.textloom.bench.chaos;

import io.textloom.bench.chaos.Comparison.Difference;
import io.textloom.bench.chaos.ResultTable.Entry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** A file system that fails at its n-th create, write, close, rename, list, mkdirs, delete or open, once or for good; then the same command on a sound one. */
final class Faults implements Scenario {
    private static final List<String> MESSAGES = List.of(
            "No space left on device",
            "Permission denied",
            "The DiskSpace quota of /out is exceeded: quota = 1048576 B = 1 MB but diskspace consumed = 2097152 B = 2 MB");

    private static final int ROWS = 20_000;
    private static final AtomicInteger COUNTS = new AtomicInteger();

    @Override
    public List<Entry> run(Session session) throws IOException, InterruptedException {
        Tally tally = new Tally("faults", session);
        Random random = new Random(session.seed);
        Path corpus = session.textloom.work().resolve("faults-" + session.seed + ".jsonl");
        Corpus.write(corpus, session.seed, ROWS, 8);
        List<String> job =
                List.of("tokenize", "--id-column", "id", "--partitions", "6", "--json", "--input", corpus.toString());
        String reference = session.reference("faults-" + session.seed, job);
        int survived = 0;
        for (int run = 0; run < session.runs; run++) {
            FaultFileSystem.Operation[] all = FaultFileSystem.Operation.values();
            FaultFileSystem.Operation operation = all[random.nextInt(all.length)];
            int at = 1 + random.nextInt(operation == FaultFileSystem.Operation.MKDIRS ? 4 : 30);
            int times = random.nextBoolean() ? 1 : Integer.MAX_VALUE;
            String message = MESSAGES.get(random.nextInt(MESSAGES.size()));
            Path directory = session.textloom.work().resolve(session.name("faults"));
            List<String> arguments = new ArrayList<>(job);
            arguments.addAll(List.of("--output", FaultFileSystem.SCHEME + "://" + directory));
            Session.Ended met = session.run(
                    "fault",
                    settings(
                            "chaos.operation=" + operation,
                            "chaos.at=" + at,
                            "chaos.times=" + times,
                            "chaos.message=" + message.replace(' ', '_')),
                    arguments);
            OutputWatch watch = new OutputWatch(new LocalStore(directory).fileSystem(), directory.toString());
            List<String> half =
                    Comparison.halfFiles(watch, directory.toString(), new LocalStore(directory).configuration());
            StringBuilder wrong = new StringBuilder(half.isEmpty() ? "" : "half files " + half + "; ");
            if (met.exit() == 0) {
                survived++;
                Difference early = session.comparison.compare(
                        reference, directory.toString(), new LocalStore(directory).fileSystem());
                wrong.append(early.none() ? "" : "exit 0 but " + early.text() + "; ");
            } else {
                boolean told = met.err().contains(message.substring(0, 15))
                        && met.err().contains(directory.toString());
                boolean expected =
                        met.exit() == 5 || met.exit() == 3 || (met.exit() == 2 && message.startsWith("Permission"));
                wrong.append(expected && told ? "" : "exit " + met.exit() + " said: " + met.message() + "; ");
            }
            Session.Ended again = session.run("again", settings(), arguments);
            wrong.append(again.exit() == 0 ? "" : "again exit " + again.exit() + ": " + again.message() + "; ");
            Difference difference = again.exit() == 0
                    ? session.comparison.compare(
                            reference, directory.toString(), new LocalStore(directory).fileSystem())
                    : Difference.unreadable(ROWS);
            tally.add(
                    operation.name().toLowerCase(Locale.ROOT),
                    difference,
                    wrong.toString(),
                    operation + " number " + at + ", " + (times == 1 ? "once" : "for good") + ", "
                            + message.substring(0, 15) + ": exit " + met.exit() + ", then " + again.exit());
        }
        return tally.entry(
                "failing file system",
                survived + " got over it, " + (session.runs - survived) + " ended with a message and were resumed");
    }

    private static List<String> settings(String... more) {
        List<String> settings = new ArrayList<>();
        settings.add("spark.hadoop.fs.fault.impl=" + FaultFileSystem.class.getName());
        settings.add("spark.hadoop.fs.AbstractFileSystem.fault.impl=" + FaultFiles.class.getName());
        settings.add("spark.hadoop.fs.fault.impl.disable.cache=true");
        settings.add("spark.hadoop.chaos.count=" + COUNTS.incrementAndGet());
        Arrays.stream(more).forEach(s -> settings.add("spark.hadoop." + s));
        return settings;
    }
}
