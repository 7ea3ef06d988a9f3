package io.textloom.bench.chaos;

import io.textloom.bench.chaos.Comparison.Difference;
import io.textloom.bench.chaos.ResultTable.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/** What came of a scenario's runs: harm by kind, rows lost and doubled, files left over, runs that went wrong. Each run is a line on standard output. */
final class Tally {
    private final String scenario;
    private final Session session;
    private final long start = System.nanoTime();
    private final TreeMap<String, Integer> harm = new TreeMap<>();
    private final List<String> failures = new ArrayList<>();
    private long lost;
    private long duplicated;
    private long orphans;
    private int runs;

    Tally(String scenario, Session session) {
        this.scenario = scenario;
        this.session = session;
    }

    /**
     * A run that ended.
     *
     * @param kind of harm that was done
     * @param difference to the undisturbed run
     * @param wrong what else is not as it should be; empty if nothing is
     * @param told what was done and met
     */
    void add(String kind, Difference difference, String wrong, String told) {
        lost += difference.lost() + difference.unexpected();
        duplicated += difference.duplicated();
        orphans += difference.orphans().size();
        add(kind, difference.none() ? wrong : difference.text() + " " + wrong, told + "; " + difference.text());
    }

    /** A run whose rows are judged by {@code wrong} alone. */
    void add(String kind, String wrong, String told) {
        boolean good = wrong.isEmpty();
        if (!good) {
            failures.add("run " + runs + " " + kind);
        }
        harm.merge(kind, 1, Integer::sum);
        System.out.printf(
                Locale.ROOT,
                "%s %s seed=%d run=%d: %s%s%n",
                good ? "ok  " : "FAIL",
                scenario,
                session.seed,
                runs,
                told,
                good ? "" : "; " + wrong);
        runs++;
    }

    /** @param outcome in words, if all went well */
    List<Entry> entry(String title, String outcome) {
        return List.of(new Entry(
                title,
                session.seed,
                runs,
                harm,
                lost,
                duplicated,
                orphans,
                0,
                failures.isEmpty() ? outcome : "FAILED " + failures + ": " + outcome,
                (System.nanoTime() - start) / 1e9));
    }
}
