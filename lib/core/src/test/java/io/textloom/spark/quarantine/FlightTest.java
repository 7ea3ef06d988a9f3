package io.textloom.spark.quarantine;

import static org.assertj.core.api.Assertions.assertThat;

import io.textloom.spark.stage.Document;
import io.textloom.spark.stage.Meter;
import io.textloom.spark.stage.Outcome;
import io.textloom.spark.stage.Stage;
import io.textloom.text.RejectCode;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attempts whose processes die, without any process: a simulated one is left without a word when its work meets a deadly document. */
class FlightTest {
    private static final int PARTITION = 3;
    private static final int PARTITIONS = 8;

    @TempDir
    Path staging;

    private CrumbStore store;
    private String exit = "Command exited with code 139";
    private boolean crowded;
    private boolean oneByOne;
    private boolean background;
    private int deaths;
    private long attempts;

    @BeforeEach
    void open() throws IOException {
        store = CrumbStore.open(staging.toString(), new Configuration());
    }

    @Test
    void aFlightThatEndsLeavesNoCrumb() throws IOException {
        List<Outcome> outcomes = attempt(documents(200));
        assertThat(ids(outcomes)).isEqualTo(names(200));
        assertThat(Files.list(staging.resolve("crumbs"))
                        .filter(f -> f.toString().endsWith(".json")))
                .isEmpty();
    }

    @Test
    void aFlightThatFailsLeavesNoCrumb() throws IOException {
        Flight flight = flight();
        Thread.currentThread().interrupt(); // as Spark does when it kills a task
        flight.close();
        assertThat(Thread.interrupted()).as("still interrupted").isTrue();
        assertThat(store.crumbs()).isEmpty();
    }

    @Test
    void aRowThatKillsItsProcessIsCondemnedAfterTwoDeathsAlone() throws IOException {
        List<Outcome> outcomes = attemptsUntilDone(documents(500, 77));
        assertThat(deaths).as("free, in a group, and twice alone").isEqualTo(4);
        assertThat(rejected(outcomes)).containsExactly("doc-77");
        assertThat(ids(outcomes)).hasSize(499).doesNotContain("doc-77");
        Outcome.Rejected rejected = (Outcome.Rejected) outcomes.stream()
                .filter(Outcome.Rejected.class::isInstance)
                .findFirst()
                .orElseThrow();
        assertThat(rejected.rejection().code()).isEqualTo(RejectCode.CRASHED);
        assertThat(rejected.rejection().message())
                .isEqualTo(
                        "The process died 2 times with this row alone in it (SIGSEGV, exit code 139); the row is left out,"
                                + " --retry-errors all tries it again");
    }

    @Test
    void severalRowsOfAGroupAndOfAPartitionAreFound() throws IOException {
        List<Outcome> outcomes = attemptsUntilDone(documents(500, 0, 70, 71, 499));
        assertThat(rejected(outcomes)).containsExactlyInAnyOrder("doc-0", "doc-70", "doc-71", "doc-499");
        assertThat(ids(outcomes)).hasSize(496).doesNotHaveDuplicates();
        assertThat(deaths).isEqualTo(1 + 3 + 5 + 3);
    }

    @Test
    void aWorkThatMustNotBeCutIsCalledOnce() throws IOException {
        oneByOne = true;
        List<Outcome> outcomes = attemptsUntilDone(documents(200, 5, 199));
        assertThat(rejected(outcomes)).containsExactlyInAnyOrder("doc-5", "doc-199");
        assertThat(ids(outcomes)).hasSize(198);
    }

    @Test
    void allRowsMayBeCondemned() throws IOException {
        oneByOne = true;
        assertThat(rejected(attemptsUntilDone(documents(1, 0)))).containsExactly("doc-0");
        oneByOne = false;
        assertThat(rejected(attemptsUntilDone(documents(1, 0)))).containsExactly("doc-0");
    }

    @Test
    void deathsWithoutAReasonCountHalf() throws IOException {
        exit = "Command exited with code 137";
        List<Outcome> outcomes = attemptsUntilDone(documents(100, 50));
        assertThat(rejected(outcomes)).containsExactly("doc-50");
        assertThat(deaths).isEqualTo(2 + 4);
    }

    @Test
    void deathsInCompanyCountHalf() throws IOException {
        crowded = true;
        background = true;
        List<Outcome> outcomes = attemptsUntilDone(documents(100, 50));
        assertThat(rejected(outcomes)).containsExactly("doc-50");
        assertThat(deaths).isEqualTo(2 + 4);
    }

    @Test
    void whoIsStoppedFromOutsideCondemnsNobody() throws IOException {
        exit = "Command exited with code 143";
        for (int i = 0; i < 20; i++) {
            die(documents(100, 50));
        }
        List<Outcome> outcomes = attempt(documents(100));
        assertThat(rejected(outcomes)).isEmpty();
        assertThat(ids(outcomes)).hasSize(100);
    }

    @Test
    void rowsNamedInOtherPartitionsAreFollowedAndOtherPartitionsAreNot() {
        WorkerProcess dead = process(1);
        List<Crumb> crumbs = List.of(
                Crumb.free(5, PARTITIONS, 1, dead),
                Crumb.free(6, PARTITIONS, 2, dead).alone(new RowName("a", "h"), true));
        Evidence evidence = Evidence.of(crumbs, PARTITION, PARTITIONS, p -> Cause.UNKNOWN);
        assertThat(evidence.fate(new RowName("a", "h"))).isEqualTo(Evidence.Fate.ALONE);
        assertThat(evidence.fate(new RowName("a", "changed"))).isEqualTo(Evidence.Fate.FREE);
        assertThat(evidence.fate(new RowName("b", "h"))).isEqualTo(Evidence.Fate.FREE);
        assertThat(Evidence.of(crumbs, PARTITION, PARTITIONS + 1, p -> Cause.UNKNOWN)
                        .fate(new RowName("b", "h")))
                .as("partitions of another cut")
                .isEqualTo(Evidence.Fate.GROUP);
    }

    @Test
    void aCrumbThatWasCutOffStillNamesItsPartition() throws IOException {
        Files.createDirectories(staging.resolve("crumbs"));
        Files.writeString(staging.resolve("crumbs/3-17-abc.json"), "{\"partition\":3,\"par");
        assertThat(store.crumbsOf(3)).singleElement().satisfies(crumb -> {
            assertThat(crumb.level()).isEqualTo(Crumb.Level.FREE);
            assertThat(crumb.process().isRunningHere()).isFalse();
        });
        assertThat(store.crumbsOf(1)).isEmpty();
        assertThat(ids(attempt(documents(100)))).hasSize(100);
    }

    @Test
    void whatIsLearnedGrowsWithEveryDeathAndEnds() throws IOException {
        List<Document> documents = documents(100, 50);
        die(documents);
        assertThat(Evidence.weight(store.crumbs(), Causes.now(store)))
                .as("nobody is named")
                .isZero();
        long before = 0;
        for (int i = 0; i < 3; i++) {
            die(documents);
            long now = Evidence.weight(store.crumbs(), Causes.now(store));
            assertThat(now).isGreaterThan(before);
            before = now;
        }
    }

    private List<Outcome> attemptsUntilDone(List<Document> documents) throws IOException {
        deaths = 0;
        while (deaths < 50) {
            try {
                return attempt(documents);
            } catch (Died e) {
                deaths++;
            }
        }
        throw new AssertionError("no end of deaths");
    }

    private void die(List<Document> documents) throws IOException {
        try {
            attempt(documents);
        } catch (Died e) {
            deaths++;
        }
    }

    /** In a process of its own. */
    private List<Outcome> attempt(List<Document> documents) throws IOException {
        Flight flight = flight();
        List<Outcome> outcomes = new ArrayList<>();
        try {
            flight.over(new DeadlyWork(), documents.iterator()).forEachRemaining(outcomes::add);
        } catch (Died e) {
            store.write(new Loss("app", String.valueOf(attempts), exit, false));
            throw e;
        }
        flight.close();
        return outcomes;
    }

    private Flight flight() throws IOException {
        attempts++;
        Aboard aboard = new Aboard(1);
        Trail trail = new Trail(staging.toString(), PARTITIONS, background, oneByOne, true, List.of());
        if (crowded) {
            Flight other =
                    new Flight(trail, 0, 1000 + attempts, false, store, process(100_000 + attempts), new Aboard(1));
            other.land();
            aboard.enter(other).close(); // stands still, yet is aboard
        }
        return new Flight(trail, PARTITION, attempts, true, store, process(attempts), aboard);
    }

    private static WorkerProcess process(long number) {
        try {
            // no process has such a number
            return new WorkerProcess(
                    "app",
                    String.valueOf(number),
                    InetAddress.getLocalHost().getHostName(),
                    (1L << 40) + number,
                    0,
                    "");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Document> documents(int n, int... deadly) {
        List<Document> documents = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            int number = i;
            boolean kills = IntStream.of(deadly).anyMatch(d -> d == number);
            documents.add(new Document(
                    UTF8String.fromString("doc-" + i),
                    UTF8String.fromString("hash-" + i),
                    UTF8String.fromString(kills ? "deadly" : "harmless"),
                    InternalRow.empty(),
                    0));
        }
        return documents;
    }

    private static List<String> names(int n) {
        return IntStream.range(0, n).mapToObj(i -> "doc-" + i).toList();
    }

    private static List<String> ids(List<Outcome> outcomes) {
        return outcomes.stream()
                .filter(Outcome.Taken.class::isInstance)
                .map(o -> ((Outcome.Taken) o).document().id())
                .toList();
    }

    private static List<String> rejected(List<Outcome> outcomes) {
        return outcomes.stream()
                .filter(Outcome.Rejected.class::isInstance)
                .map(o -> ((Outcome.Rejected) o).document().id())
                .toList();
    }

    private static final class Died extends RuntimeException {}

    /** Gathers all it can get before it computes, unless it is one that takes a document at a time. */
    private final class DeadlyWork implements Stage.Work {
        private int calls;

        @Override
        public Iterator<Outcome> run(Iterator<Document> documents) {
            calls++;
            if (oneByOne) {
                assertThat(calls).isEqualTo(1);
                return new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        return documents.hasNext();
                    }

                    @Override
                    public Outcome next() {
                        return compute(documents.next());
                    }
                };
            }
            List<Document> gathered = new ArrayList<>();
            documents.forEachRemaining(gathered::add);
            List<Outcome> outcomes = new ArrayList<>();
            gathered.forEach(d -> outcomes.add(compute(d)));
            return outcomes.iterator();
        }

        private Outcome compute(Document document) {
            if (document.text().equals("deadly")) {
                throw new Died();
            }
            return new Outcome.Taken(document);
        }

        @Override
        public Meter meter() {
            return Meter.ZERO;
        }

        @Override
        public void close() {}
    }
}
