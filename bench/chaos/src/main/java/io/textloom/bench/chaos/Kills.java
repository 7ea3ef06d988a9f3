package io.textloom.bench.chaos;

import io.textloom.bench.chaos.Comparison.Difference;
import io.textloom.bench.chaos.ResultTable.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/**
 * Kills at random moments over several invocations; then the same command until it is done, and a comparison with a run that nobody disturbed.
 *
 * <p>Work is counted in tokens: those of tasks that finished, whatever became of them, and for every kill a whole task for each that was under way, which is more than
 * it can have computed.
 */
final class Kills implements Scenario {
    private static final int PARTITIONS = 24;
    private static final int MOST_INVOCATIONS = 12;
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /** What ends. */
    enum Target {
        DRIVER_KILL,
        DRIVER_TERM,
        EXECUTOR_KILL,
        WORKER_TERM,
        DATANODE_KILL
    }

    /** While what is done. */
    enum Phase {
        INTAKE,
        TASKS,
        HALF,
        MERGE,
        COMMIT
    }

    private record Plan(Target target, Phase phase, double moment) {}

    /** What one scenario came to. */
    private record Outcome(
            List<String> kills,
            Map<String, Integer> byKind,
            double work,
            boolean atHalf,
            String wrong,
            Difference difference) {}

    private final Store store;
    private final Engine engine;

    Kills(Store store, Engine engine) {
        this.store = store;
        this.engine = engine;
    }

    @Override
    public List<Entry> run(Session session) throws IOException, InterruptedException {
        long start = System.nanoTime();
        TreeMap<String, Integer> harm = new TreeMap<>();
        long lost = 0;
        long duplicated = 0;
        long orphans = 0;
        double worst = 0;
        double worstAtHalf = 0;
        List<String> failures = new ArrayList<>();
        int enough = session.options.integer("kills", Integer.MAX_VALUE);
        int runs = enough < Integer.MAX_VALUE ? session.options.integer("runs", 1000) : session.runs;
        long deadline = start
                + Duration.ofMinutes(session.options.integer("minutes", 100_000))
                        .toNanos();
        int run = 0;
        for (; run < runs && count(harm) < enough && System.nanoTime() - deadline < 0; run++) {
            Random random = new Random(session.seed * 1_000_003 + run);
            long began = System.nanoTime();
            Shape shape = Shape.of(session, random);
            Outcome outcome = guarded(session, shape, random, run);
            outcome.byKind().forEach((kind, n) -> harm.merge(kind, n, Integer::sum));
            lost += outcome.difference().lost() + outcome.difference().unexpected();
            duplicated += outcome.difference().duplicated();
            orphans += outcome.difference().orphans().size();
            worst = Math.max(worst, outcome.work());
            worstAtHalf = outcome.atHalf() ? Math.max(worstAtHalf, outcome.work()) : worstAtHalf;
            boolean good = outcome.difference().none() && outcome.wrong().isEmpty();
            if (!good) {
                failures.add("run " + run);
            }
            System.out.printf(
                    Locale.ROOT,
                    "%s kills seed=%d run=%d %s %s %s: %s; %s; work %.2f, %.0f s%s%n",
                    good ? "ok  " : "FAIL",
                    session.seed,
                    run,
                    engine.label(),
                    store.label(),
                    shape,
                    outcome.kills(),
                    outcome.difference().text(),
                    outcome.work(),
                    (System.nanoTime() - began) / 1e9,
                    outcome.wrong().isEmpty() ? "" : "\n     " + outcome.wrong());
        }
        String said = (failures.isEmpty() ? "equal to the undisturbed run" : "FAILED: " + failures)
                + (worstAtHalf == 0
                        ? ""
                        : String.format(Locale.ROOT, "; work %.2f at most when killed at half", worstAtHalf));
        return List.of(new Entry(
                "kills, " + engine.label() + ", " + store.label() + session.options.asked(),
                session.seed,
                run,
                harm,
                lost,
                duplicated,
                orphans,
                worst,
                said,
                (System.nanoTime() - start) / 1e9));
    }

    /** What is run in one scenario. */
    private record Shape(Job job, String mode, String input, boolean ownIds, Path corpus, int partitions) {
        static Shape of(Session session, Random random) throws IOException {
            String asked = session.options.text("job", "");
            double pick = random.nextDouble();
            Job job = !asked.isEmpty()
                    ? Job.valueOf(asked.toUpperCase(Locale.ROOT))
                    : pick < 0.5 ? Job.EMBED : pick < 0.8 ? Job.TOKENIZE : Job.GENERATE;
            String mode = session.options.text("mode", random.nextInt(5) == 0 ? "overwrite" : "resume");
            int rows = session.options.integer("rows", job.rows);
            int gzipMegabytes = session.options.integer("gzip-mb", 0);
            String input = gzipMegabytes > 0 ? "gzip-" + gzipMegabytes : random.nextInt(3) == 0 ? "gzip" : "files";
            Path corpus =
                    session.textloom.work().resolve("corpus-" + session.seed + "-" + job + "-" + rows + "-" + input);
            if (input.equals("files")) {
                if (!Files.exists(corpus)) {
                    for (int i = 0; i < 7; i++) {
                        Corpus.write(
                                corpus.resolve("part-" + i + ".jsonl"), session.seed * 10 + i, rows / 7, job.words);
                    }
                }
            } else {
                corpus = corpus.resolveSibling(corpus.getFileName() + ".jsonl.gz");
                if (!Files.exists(corpus) && gzipMegabytes > 0) {
                    Corpus.writeGzip(corpus, session.seed, (long) gzipMegabytes << 20, job.words);
                } else if (!Files.exists(corpus)) {
                    Corpus.write(corpus, session.seed, rows, job.words);
                }
            }
            // the files number their documents alike, so only one file has ids of its own
            boolean ownIds = !input.equals("files") && random.nextBoolean();
            return new Shape(job, mode, input, ownIds, corpus, PARTITIONS);
        }

        List<String> arguments(String where) {
            List<String> arguments = new ArrayList<>(job.arguments);
            arguments.addAll(List.of("--input", where, "--partitions", String.valueOf(partitions), "--json"));
            if (ownIds) {
                arguments.addAll(List.of("--id-column", "id"));
            }
            return arguments;
        }

        String name() {
            return corpus.getFileName() + (ownIds ? "-ids" : "");
        }

        @Override
        public String toString() {
            return job.name().toLowerCase(Locale.ROOT) + " " + mode + " " + input + (ownIds ? " ids" : "");
        }
    }

    private static int count(Map<String, Integer> harm) {
        return harm.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** What one run came to so far. */
    private static final class Tally {
        final List<String> kills = new ArrayList<>();
        final TreeMap<String, Integer> byKind = new TreeMap<>();
        final StringBuilder wrong = new StringBuilder();
        boolean atHalf;
        double work;

        Outcome outcome(double onePass, Difference difference) {
            return new Outcome(kills, byKind, work / onePass, atHalf, wrong.toString(), difference);
        }
    }

    /** An output that cannot be read, and a program that hangs, are what is looked for, not an end of the search. */
    private Outcome guarded(Session session, Shape shape, Random random, int run)
            throws IOException, InterruptedException {
        String expected =
                session.reference(shape.name(), shape.arguments(shape.corpus().toString()));
        long onePass = new OutputWatch(new LocalStore(session.textloom.work()).fileSystem(), expected)
                .manifest()
                .path("counts")
                .path("tokens")
                .asLong();
        long rows = session.comparison.rows(expected);
        Tally tally = new Tally();
        try {
            Difference difference = one(session, shape, expected, onePass, tally, random, run);
            return tally.outcome(onePass, difference);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            tally.wrong.append(e.getClass().getSimpleName()).append(": ").append(e.getMessage());
            return tally.outcome(onePass, Difference.unreadable(rows));
        }
    }

    private Difference one(
            Session session, Shape shape, String expected, long onePass, Tally tally, Random random, int run)
            throws IOException, InterruptedException {
        String output = store.root() + "/" + session.name("out");
        List<String> arguments = new ArrayList<>(shape.arguments(store.put(shape.corpus())));
        arguments.addAll(List.of("--output", output));
        Configuration conf = store.configuration();
        OutputWatch watch = new OutputWatch(store.fileSystem(), output);
        if (shape.mode().equals("overwrite")) {
            // something to be replaced
            List<String> first = new ArrayList<>(arguments);
            first.addAll(List.of("--limit", "100"));
            Session.Ended ended = session.runInStore("first", first);
            require(ended.exit() == 0, "the first run ended with " + ended.exit() + ": " + ended.message());
            arguments.addAll(List.of("--mode", "overwrite"));
        }
        String asked = session.options.text("plan", "");
        List<Plan> plans = asked.isEmpty() ? plans(random, session.options.integer("most", 3)) : plans(asked);
        List<String> kills = tally.kills;
        StringBuilder wrong = tally.wrong;
        tally.atHalf = plans.size() == 1 && plans.get(0).phase() == Phase.HALF;
        int next = 0;
        for (int invocation = 0; ; invocation++) {
            require(invocation < MOST_INVOCATIONS, "not done after " + invocation + " invocations");
            Map<String, Long> before = watch.tokensByRun();
            Session.Ended end;
            try (Child child = engine.start(session.name("job"), store.settings(), store.jars(), arguments)) {
                boolean ended = false;
                while (!ended && next < plans.size()) {
                    Plan plan = plans.get(next++);
                    Kill kill = strike(plan, child, watch, before.keySet());
                    if (kill.struck()) {
                        kills.add(kill.text());
                        tally.byKind.merge(kind(plan.target()), 1, Integer::sum);
                        tally.work += kill.underWay() * (double) onePass / shape.partitions();
                    }
                    ended = plan.target() == Target.DRIVER_KILL
                            || plan.target() == Target.DRIVER_TERM
                            || !child.alive();
                }
                end = Session.await(child);
            }
            tally.work += computed(before, watch.tokensByRun(), end);
            for (String half : Comparison.halfFiles(watch, output, conf)) {
                wrong.append("half file ").append(half).append("; ");
            }
            if (end.exit() == 0) {
                break;
            }
            boolean expectedEnd = end.exit() == 137 || end.exit() == 143 || end.exit() == 5;
            if (!expectedEnd
                    || (next == plans.size()
                            && end.exit() == 5
                            && !kills.toString().contains("EXECUTOR")
                            && !kills.toString().contains("WORKER"))) {
                wrong.append("exit ")
                        .append(end.exit())
                        .append(": ")
                        .append(end.message())
                        .append("; ");
            }
            if (next == plans.size() && invocation > plans.size() + 1) {
                wrong.append("exit ").append(end.exit()).append(" again; ");
                break;
            }
        }
        Difference difference = session.comparison.compare(expected, output, store.fileSystem());
        if (run % session.options.integer("verify", 1) == 0) {
            wrong.append(session.verify(output));
        }
        if (difference.none() && wrong.isEmpty()) {
            store.fileSystem().delete(new org.apache.hadoop.fs.Path(output), true);
        }
        return difference;
    }

    private static String kind(Target target) {
        return target.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** Tokens of the tasks that an invocation finished. */
    private static double computed(Map<String, Long> before, Map<String, Long> after, Session.Ended end)
            throws IOException {
        if (end.exit() == 0) {
            return end.report().path("tokens").asLong();
        }
        double tokens = 0;
        for (Map.Entry<String, Long> run : after.entrySet()) {
            tokens += before.containsKey(run.getKey()) ? 0 : run.getValue();
        }
        return tokens;
    }

    /** @param asked as {@code driver_kill:tasks,driver_term:merge} */
    private static List<Plan> plans(String asked) {
        List<Plan> plans = new ArrayList<>();
        for (String plan : asked.toUpperCase(Locale.ROOT).split(",")) {
            String[] parts = plan.split(":");
            plans.add(new Plan(Target.valueOf(parts[0]), Phase.valueOf(parts[1]), 0.3));
        }
        return plans;
    }

    /** @param most kills of a run */
    private List<Plan> plans(Random random, int most) {
        List<Target> targets = new ArrayList<>(List.of(Target.DRIVER_KILL, Target.DRIVER_KILL, Target.DRIVER_TERM));
        if (engine.anyExecutorPossible()) {
            targets.addAll(List.of(Target.EXECUTOR_KILL, Target.EXECUTOR_KILL, Target.WORKER_TERM));
        }
        if (store.label().equals("hdfs")) {
            targets.addAll(List.of(Target.DATANODE_KILL, Target.DATANODE_KILL));
        }
        if (random.nextInt(4) == 0) {
            return List.of(new Plan(Target.DRIVER_KILL, Phase.HALF, random.nextDouble()));
        }
        List<Plan> plans = new ArrayList<>();
        int kills = 1 + random.nextInt(most);
        for (int i = 0; i < kills; i++) {
            double pick = random.nextDouble();
            Phase phase =
                    pick < 0.2 ? Phase.INTAKE : pick < 0.55 ? Phase.TASKS : pick < 0.75 ? Phase.MERGE : Phase.COMMIT;
            plans.add(new Plan(targets.get(random.nextInt(targets.size())), phase, random.nextDouble()));
        }
        return plans;
    }

    /** @param underWay tasks that cannot have finished, at most */
    private record Kill(boolean struck, String text, int underWay) {}

    private Kill strike(Plan plan, Child child, OutputWatch watch, Set<String> before)
            throws IOException, InterruptedException {
        boolean there;
        long delay;
        long poll = store.pollMillis();
        switch (plan.phase()) {
            case INTAKE -> {
                there = Wait.until(watch::locked, child::alive, PATIENCE, poll);
                delay = (long) (3000 * plan.moment());
            }
            case TASKS, HALF -> {
                int reports =
                        plan.phase() == Phase.HALF ? PARTITIONS / 2 : 1 + (int) (plan.moment() * (PARTITIONS - 2));
                there = Wait.until(
                        () -> watch.reports(before) >= reports || watch.committing(), child::alive, PATIENCE, poll);
                delay = (long) (300 * plan.moment());
            }
            case MERGE -> {
                there = Wait.until(() -> watch.rewriting() || watch.committing(), child::alive, PATIENCE, poll);
                delay = (long) (200 * plan.moment());
            }
            default -> {
                there = Wait.until(watch::committing, child::alive, PATIENCE, poll);
                delay = (long) (60 * plan.moment() * plan.moment());
            }
        }
        if (!there || !child.alive()) {
            return new Kill(false, "", 0);
        }
        Thread.sleep(delay);
        int reports = watch.reports(before);
        boolean committing = watch.committing();
        boolean struck = hit(plan.target(), child);
        String text = plan.target() + "@" + plan.phase() + (committing ? "(journal)" : "(" + reports + ")");
        int running = committing ? 0 : Math.min(engine.cores(), PARTITIONS - Math.min(PARTITIONS, reports));
        int underWay = switch (plan.target()) {
            case DRIVER_KILL, DRIVER_TERM -> running;
            case EXECUTOR_KILL, WORKER_TERM -> Math.min(1, running);
            case DATANODE_KILL -> 0;
        };
        return new Kill(struck, text, struck ? underWay : 0);
    }

    private boolean hit(Target target, Child child) throws IOException, InterruptedException {
        switch (target) {
            case DRIVER_KILL -> child.kill();
            case DRIVER_TERM -> child.terminate();
            case EXECUTOR_KILL -> {
                Optional<ProcessHandle> executor = engine.anyExecutor(child);
                return executor.isPresent() && executor.get().destroyForcibly();
            }
            case WORKER_TERM -> {
                return engine.replaceWorker();
            }
            case DATANODE_KILL -> {
                return store.killPart();
            }
        }
        return true;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }
}
