package io.textloom.spark.quarantine;

import io.textloom.spark.stage.Document;
import io.textloom.spark.stage.Outcome;
import io.textloom.spark.stage.Stage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt of a task, whose crumb says what it has in flight. Where attempts before it died, it goes on in steps: rows that are known to have been in
 * flight one at a time, other rows of the partition in groups, and condemned rows are rejected without being computed.
 */
public final class Flight implements AutoCloseable {
    /** Few enough to be done one at a time, enough to fill batches. Unit: rows */
    static final int GROUP_ROWS = 64;

    private static final Logger LOG = LoggerFactory.getLogger(Flight.class);

    private final Trail trail;
    private final CrumbStore store;
    private final Evidence evidence;
    private final Aboard aboard;
    private final Solitude.Member company;
    private Crumb crumb;
    private boolean landed;

    /** @param follow whether earlier attempts may have left crumbs */
    Flight(
            Trail trail,
            int partition,
            long attempt,
            boolean follow,
            CrumbStore store,
            WorkerProcess process,
            Aboard aboard)
            throws IOException {
        this.trail = trail;
        this.store = store;
        this.aboard = aboard;
        crumb = Crumb.free(partition, trail.partitions(), attempt, process);
        List<Crumb> dead = new ArrayList<>(trail.inherited());
        if (follow) {
            for (Crumb found : store.crumbsOf(partition)) {
                // of a sibling that runs here nothing bad is known; one that runs elsewhere makes this attempt slower
                // at worst
                if (!found.process().isRunningHere() && !dead.contains(found)) {
                    dead.add(found);
                }
            }
        }
        evidence = Evidence.of(dead, partition, trail.partitions(), Causes.soon(store, process.application()));
        store.write(crumb);
        company = aboard.enter(this);
    }

    /** What the stage makes of the documents, and rejections of those that are condemned. */
    public Iterator<Outcome> over(Stage.Work work, Iterator<Document> documents) {
        if (evidence.isEmpty()) {
            return new Outcomes(Collections.singleton(work.run(documents)).iterator(), new ArrayDeque<>());
        }
        LOG.info("partition {} is done in small steps, since earlier attempts died", crumb.partition());
        ArrayDeque<Outcome> rejected = new ArrayDeque<>();
        Steps steps = new Steps(evidence, documents);
        if (trail.oneByOne()) {
            Iterator<Document> flowing = new Flowing(steps, rejected);
            return new Outcomes(Collections.singleton(work.run(flowing)).iterator(), rejected);
        }
        Iterator<Iterator<Outcome>> parts = new Iterator<>() {
            @Override
            public boolean hasNext() {
                return steps.hasNext();
            }

            @Override
            public Iterator<Outcome> next() {
                Iterator<Document> sound = begin(steps.next(), rejected);
                return sound.hasNext() ? work.run(sound) : Collections.emptyIterator();
            }
        };
        return new Outcomes(parts, rejected);
    }

    /** Writes down what is in flight from here on. @return the step's documents that are to be computed */
    private Iterator<Document> begin(Steps.Step step, ArrayDeque<Outcome> rejected) {
        switch (step.fate()) {
            case CONDEMNED -> {
                step.documents()
                        .forEachRemaining(document ->
                                rejected.add(new Outcome.Rejected(document, evidence.rejection(RowName.of(document)))));
                return Collections.emptyIterator();
            }
            case FREE -> {
                company.joinOthers();
                note(Crumb.free(crumb.partition(), crumb.partitions(), crumb.attempt(), crumb.process()));
                return step.documents();
            }
            case GROUP -> {
                company.joinOthers();
                List<Document> group = new ArrayList<>();
                step.documents().forEachRemaining(group::add);
                note(crumb.group(group.stream().map(RowName::of).toList()));
                return group.iterator();
            }
            case ALONE -> {
                boolean sole = company.leaveOthers() && (!trail.background() || aboard.isOnly(this));
                Document document = step.documents().next();
                note(crumb.alone(RowName.of(document), sole));
                return Collections.singleton(document).iterator();
            }
        }
        throw new IllegalStateException("No such fate: " + step.fate());
    }

    private synchronized void note(Crumb next) {
        if (landed || next.equals(crumb)) {
            return;
        }
        try {
            store.write(next);
            crumb = next;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write down which rows are in flight: " + e.getMessage(), e);
        }
    }

    /** What is in flight has ended in Java; from any thread. */
    synchronized void land() {
        if (landed) {
            return;
        }
        landed = true;
        // a task that Spark kills is interrupted, which file systems take for a reason not to work
        boolean interrupted = Thread.interrupted();
        try {
            store.delete(crumb);
        } catch (IOException | RuntimeException e) {
            LOG.warn(
                    "The crumb of partition {} stays behind, which can only slow down a later attempt; {}",
                    crumb.partition(),
                    e.getMessage());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        aboard.leave(this);
        company.close();
        land();
    }

    /** The documents of all steps in a row, for a work that is through with one when it asks for the next. */
    private final class Flowing implements Iterator<Document> {
        private final Steps steps;
        private final ArrayDeque<Outcome> rejected;
        private Iterator<Document> step = Collections.emptyIterator();

        Flowing(Steps steps, ArrayDeque<Outcome> rejected) {
            this.steps = steps;
            this.rejected = rejected;
        }

        @Override
        public boolean hasNext() {
            while (!step.hasNext() && steps.hasNext()) {
                step = begin(steps.next(), rejected);
            }
            return step.hasNext();
        }

        @Override
        public Document next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return step.next();
        }
    }

    /** Outcomes of one work after another, and between them what was rejected. */
    private final class Outcomes implements Iterator<Outcome> {
        private final Iterator<Iterator<Outcome>> parts;
        private final ArrayDeque<Outcome> rejected;
        private @Nullable Iterator<Outcome> part;

        Outcomes(Iterator<Iterator<Outcome>> parts, ArrayDeque<Outcome> rejected) {
            this.parts = parts;
            this.rejected = rejected;
        }

        @Override
        public boolean hasNext() {
            company.makeRoom();
            while (true) {
                boolean more = part != null && part.hasNext();
                // asked after the part, which may have met condemned documents on its way
                if (more || !rejected.isEmpty()) {
                    return true;
                }
                if (!parts.hasNext()) {
                    return false;
                }
                part = parts.next();
            }
        }

        @Override
        public Outcome next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return rejected.isEmpty() && part != null ? part.next() : rejected.remove();
        }
    }
}
