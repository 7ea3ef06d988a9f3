package io.textloom.bench.chaos;

import io.textloom.bench.chaos.Comparison.Difference;
import io.textloom.bench.chaos.ResultTable.Entry;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** The same job every night over a corpus that grows: only what is new or changed is computed. */
final class Growth implements Scenario {
    private static final int NIGHTS = 5;

    @Override
    public List<Entry> run(Session session) throws IOException, InterruptedException {
        long start = System.nanoTime();
        Job job = Job.valueOf(session.options.text("job", "tokenize").toUpperCase(Locale.ROOT));
        int rows = session.options.integer("rows", job == Job.TOKENIZE ? 50_000 : 5_000);
        Random random = new Random(session.seed);
        boolean drops = session.run("help", List.of(), List.of(job.arguments.get(0), "--help"))
                .out()
                .contains("--deleted");
        Path work = session.textloom.work().resolve(session.name("growth"));
        String output = work.resolve("out").toString();
        TreeMap<Integer, String> corpus = new TreeMap<>();
        TreeMap<Integer, String> removed = new TreeMap<>();
        int next = 0;
        for (; next < rows; next++) {
            corpus.put(next, Corpus.text(random, job.words, next));
        }
        List<String> problems = new ArrayList<>();
        StringBuilder told = new StringBuilder();
        long computed = 0;
        long expected = 0;
        for (int night = 0; night <= NIGHTS; night++) {
            TreeMap<Integer, String> fresh = new TreeMap<>();
            if (night == 0) {
                fresh.putAll(corpus);
            } else {
                for (int i = 0; i < rows / 100; i++, next++) {
                    fresh.put(next, Corpus.text(random, job.words, next));
                }
                List<Integer> old = new ArrayList<>(corpus.keySet());
                for (int i = 0; i < Math.max(1, rows / 1000); i++) {
                    int changed = old.remove(random.nextInt(old.size()));
                    fresh.put(changed, Corpus.text(random, job.words, -night));
                    int gone = old.remove(random.nextInt(old.size()));
                    removed.put(gone, String.valueOf(corpus.remove(gone)));
                }
                corpus.putAll(fresh);
            }
            Path input = write(work.resolve("night-" + night + ".jsonl"), corpus);
            List<String> arguments = new ArrayList<>(arguments(job, input, output));
            if (drops) {
                arguments.addAll(List.of("--deleted", "drop"));
            }
            long tokens =
                    session.done("night", arguments).report().path("tokens").asLong();
            Path alone = write(work.resolve("fresh-" + night + ".jsonl"), fresh);
            long wanted = session.done(
                            "fresh",
                            arguments(job, alone, work.resolve("fresh-" + night).toString()))
                    .report()
                    .path("tokens")
                    .asLong();
            told.append(night == 0 ? "" : ", ").append(tokens);
            if (tokens != wanted) {
                problems.add("night " + night + " computed " + tokens + " tokens, of what was new " + wanted);
            }
            computed += night == 0 ? 0 : tokens;
            expected += night == 0 ? 0 : wanted;
        }
        TreeMap<Integer, String> all = new TreeMap<>(corpus);
        if (!drops) {
            all.putAll(removed);
        }
        Path whole = write(work.resolve("whole.jsonl"), all);
        String reference = work.resolve("whole").toString();
        session.done("whole", arguments(job, whole, reference));
        Difference difference =
                session.comparison.compare(reference, output, new LocalStore(session.textloom.work()).fileSystem());
        boolean good = difference.none() && problems.isEmpty();
        System.out.printf(
                Locale.ROOT,
                "%s growth seed=%d %s: tokens by night %s; removed rows %s; %s %s%n",
                good ? "ok  " : "FAIL",
                session.seed,
                job,
                told,
                drops ? "dropped" : "kept",
                difference.text(),
                problems);
        return List.of(new Entry(
                "growth, " + job.arguments.get(0) + session.options.asked(),
                session.seed,
                NIGHTS,
                new TreeMap<>(Map.of("nights of 1% new, 0.1% changed, 0.1% removed", NIGHTS)),
                difference.lost() + difference.unexpected(),
                difference.duplicated(),
                difference.orphans().size(),
                (double) computed / expected,
                (good ? "" : "FAILED " + problems + ": ") + "tokens of the first run and each night: " + told,
                (System.nanoTime() - start) / 1e9));
    }

    private static List<String> arguments(Job job, Path input, String output) {
        List<String> arguments = new ArrayList<>(job.arguments);
        arguments.addAll(List.of("--id-column", "id", "--input", input.toString(), "--output", output, "--json"));
        return arguments;
    }

    private static Path write(Path file, Map<Integer, String> texts) throws IOException {
        try (BufferedWriter out = Corpus.writer(file)) {
            for (Map.Entry<Integer, String> text : texts.entrySet()) {
                out.write(Corpus.line("doc-" + text.getKey(), text.getValue()) + "\n");
            }
        }
        return file;
    }
}
