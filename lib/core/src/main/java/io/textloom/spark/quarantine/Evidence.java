package io.textloom.spark.quarantine;

import io.textloom.text.RejectCode;
import io.textloom.text.Rejection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What the crumbs of dead attempts say about the rows of one partition. */
final class Evidence {
    /** A row alone in a process that crashed twice, or that ended four times for a reason that nobody gives. */
    static final int POINTS_TO_CONDEMN = 4;

    private final boolean all;
    private final Map<RowName, Strikes> named;

    private Evidence(boolean all, Map<RowName, Strikes> named) {
        this.all = all;
        this.named = named;
    }

    /** How a row is to be computed. */
    enum Fate {
        /** With any others. */
        FREE,
        /** With few others, all known by name. */
        GROUP,
        /** With no other. */
        ALONE,
        /** Not at all. */
        CONDEMNED
    }

    /**
     * @param deaths alone in flight, of which somebody may be guilty
     * @param what ended the last of them
     */
    private record Strikes(int points, int deaths, String what) {
        static final Strikes NONE = new Strikes(0, 0, "");

        Strikes plus(Crumb crumb, Cause cause) {
            int more = Math.min(cause.verdict().points(), crumb.sole() ? Integer.MAX_VALUE : 1);
            return more == 0 ? this : new Strikes(points + more, deaths + 1, cause.what());
        }
    }

    /**
     * @param dead crumbs that stayed behind
     * @param partitions of which {@code partition} is one
     */
    static Evidence of(List<Crumb> dead, int partition, int partitions, Function<WorkerProcess, Cause> causes) {
        boolean all = false;
        Map<RowName, Strikes> named = new HashMap<>();
        for (Crumb crumb : dead) {
            switch (crumb.level()) {
                case PARTS -> {}
                case FREE -> all |= crumb.partition() == partition || crumb.partitions() != partitions;
                case GROUP -> crumb.rows().forEach(row -> named.putIfAbsent(row, Strikes.NONE));
                case ALONE -> {
                    Cause cause = causes.apply(crumb.process());
                    crumb.rows()
                            .forEach(row -> named.put(
                                    row, named.getOrDefault(row, Strikes.NONE).plus(crumb, cause)));
                }
            }
        }
        return new Evidence(all, named);
    }

    /** Whether every row goes its usual way. */
    boolean isEmpty() {
        return !all && named.isEmpty();
    }

    Fate fate(RowName row) {
        Strikes strikes = named.get(row);
        if (strikes == null) {
            return all ? Fate.GROUP : Fate.FREE;
        }
        return strikes.points() < POINTS_TO_CONDEMN ? Fate.ALONE : Fate.CONDEMNED;
    }

    /** Of a row that is condemned. */
    Rejection rejection(RowName row) {
        Strikes strikes = Optional.ofNullable(named.get(row)).orElse(Strikes.NONE);
        return new Rejection(
                RejectCode.CRASHED,
                "The process died " + strikes.deaths() + " times with this row alone in it (" + strikes.what()
                        + "); the row is left out, --retry-errors all tries it again");
    }

    /** Rows that are condemned, of any partition. */
    long condemned() {
        return named.values().stream()
                .filter(s -> s.points() >= POINTS_TO_CONDEMN)
                .count();
    }

    /** How much is known of who may be guilty: grows with every death that says something new about rows. */
    static long weight(List<Crumb> dead, Function<WorkerProcess, Cause> causes) {
        return of(dead, 0, 0, causes).named.values().stream()
                .mapToLong(s -> 1 + Math.min(s.points(), POINTS_TO_CONDEMN))
                .sum();
    }
}
