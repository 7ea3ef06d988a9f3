package io.textloom.bench.chaos;

import io.textloom.bench.chaos.Comparison.Difference;
import io.textloom.bench.chaos.ResultTable.Entry;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

/** A model folder whose weights change while a job uses it, by a new file or within the old one: an error that says so, or the rows of one model. */
final class ChangedModel implements Scenario {
    private static final int ROWS = 300;
    private static final int PARTITIONS = 12;

    private enum Change {
        REPLACED_UNDER_RUN,
        WRITTEN_INTO_UNDER_RUN,
        REPLACED_BEFORE_RESUME,
        REPLACED_AFTER_COMMIT
    }

    @Override
    public List<Entry> run(Session session) throws IOException, InterruptedException {
        Tally tally = new Tally("model", session);
        Random random = new Random(session.seed);
        Path work = Files.createDirectories(session.textloom.work());
        Path corpus = work.resolve("model-" + session.seed + ".jsonl");
        Corpus.write(corpus, session.seed, ROWS, 8);
        Path other = copy(session, "other-model");
        change(other, new Random(session.seed));
        String expected = reference(session, corpus, copy(session, "sound-model"), "model-" + session.seed);
        String expectedOther = reference(session, corpus, other, "other-model-" + session.seed);
        for (int run = 0; run < session.runs; run++) {
            Change change = Change.values()[run % Change.values().length];
            Path model = copy(session, session.name("model"));
            Path output = work.resolve(session.name("changed"));
            List<String> arguments = new ArrayList<>(arguments(corpus, model));
            arguments.addAll(List.of("--output", output.toString(), "--master", "local[2]"));
            Child child = session.textloom.launch(session.name("changed"), List.of(), List.of(), List.of(), arguments);
            OutputWatch watch = new OutputWatch(new LocalStore(output).fileSystem(), output.toString());
            int reports = 1 + random.nextInt(PARTITIONS / 2);
            if (change != Change.REPLACED_AFTER_COMMIT) {
                Wait.until(() -> watch.reports(java.util.Set.of()) >= reports, child::alive, Duration.ofMinutes(5), 5);
            }
            boolean underRun = child.alive();
            switch (change) {
                case REPLACED_UNDER_RUN -> replace(other, model);
                case WRITTEN_INTO_UNDER_RUN -> change(model, new Random(session.seed));
                case REPLACED_BEFORE_RESUME -> {
                    child.kill();
                    Session.await(child);
                    replace(other, model);
                }
                case REPLACED_AFTER_COMMIT -> {
                    Session.await(child);
                    replace(other, model);
                }
            }
            boolean again = change == Change.REPLACED_BEFORE_RESUME || change == Change.REPLACED_AFTER_COMMIT;
            Session.Ended ended = again
                    ? session.run("again", List.of(), arguments.subList(0, arguments.size() - 2))
                    : Session.await(child);
            boolean newModel = change == Change.REPLACED_BEFORE_RESUME;
            String wrong = "";
            if (ended.exit() == 0) {
                Difference difference = session.comparison.compareRows(
                        newModel ? expectedOther : expected, output.toString(), List.of());
                wrong = change == Change.REPLACED_AFTER_COMMIT
                        ? "exit 0 though the output was made with another model"
                        : difference.lost() + difference.unexpected() == 0 ? "" : "WRONG SUCCESS: " + difference.text();
            } else {
                boolean told = (ended.exit() == 3 || (again && ended.exit() == 2))
                                && ended.err().contains("sha256")
                        || ended.err().contains("sha-256");
                wrong = told ? "" : "exit " + ended.exit() + " said: " + ended.message();
            }
            tally.add(
                    change.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                    wrong,
                    change + (underRun ? " (while it ran)" : " (after its end)") + ": exit " + ended.exit() + " "
                            + ended.message());
        }
        return tally.entry("changed model", "refused, or the rows of one model");
    }

    private static String reference(Session session, Path corpus, Path model, String name)
            throws IOException, InterruptedException {
        return session.reference(name, arguments(corpus, model));
    }

    private static List<String> arguments(Path corpus, Path model) {
        List<String> arguments = new ArrayList<>(Job.GENERATE.arguments);
        arguments.addAll(List.of("--id-column", "id", "--model", model.toString(), "--input", corpus.toString()));
        arguments.addAll(List.of("--partitions", String.valueOf(PARTITIONS), "--json"));
        return arguments;
    }

    private static Path copy(Session session, String name) throws IOException {
        Path to = session.textloom.work().resolve(name);
        Path from = session.textloom.repository().resolve("models/storyteller");
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return to;
    }

    private static void replace(Path from, Path to) throws IOException {
        Path next = Files.copy(from.resolve("model.safetensors"), to.resolve(".next"));
        Files.move(next, to.resolve("model.safetensors"), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Changes weights within the file, all over it. */
    private static void change(Path model, Random random) throws IOException {
        try (RandomAccessFile file =
                new RandomAccessFile(model.resolve("model.safetensors").toFile(), "rw")) {
            long header = 1 << 16;
            for (int i = 0; i < 20_000; i++) {
                file.seek(header + (long) (random.nextDouble() * (file.length() - header - 4)) / 4 * 4);
                file.write(random.nextInt(256));
            }
        }
    }
}
