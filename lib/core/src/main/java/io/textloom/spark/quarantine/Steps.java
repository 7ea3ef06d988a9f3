package io.textloom.spark.quarantine;

import io.textloom.spark.quarantine.Evidence.Fate;
import io.textloom.spark.stage.Document;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Documents cut into runs of one fate: groups of {@link Flight#GROUP_ROWS} at most, single ones, and as many free ones as follow each other. */
final class Steps implements Iterator<Steps.Step> {
    private final Evidence evidence;
    private final Iterator<Document> documents;
    private @Nullable Document next;
    private Fate fate = Fate.FREE;

    /** @param documents read to their end before the next step */
    record Step(Fate fate, Iterator<Document> documents) {}

    Steps(Evidence evidence, Iterator<Document> documents) {
        this.evidence = evidence;
        this.documents = documents;
    }

    @Override
    public boolean hasNext() {
        if (next == null && documents.hasNext()) {
            Document document = documents.next();
            fate = evidence.fate(RowName.of(document));
            next = document;
        }
        return next != null;
    }

    @Override
    public Step next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        int most = switch (fate) {
            case FREE -> Integer.MAX_VALUE;
            case GROUP -> Flight.GROUP_ROWS;
            case ALONE, CONDEMNED -> 1;
        };
        return new Step(fate, new Same(fate, most));
    }

    /** The next documents while their fate stays the same. */
    private final class Same implements Iterator<Document> {
        private final Fate same;
        private int left;

        Same(Fate same, int most) {
            this.same = same;
            left = most;
        }

        @Override
        public boolean hasNext() {
            return left > 0 && Steps.this.hasNext() && fate == same;
        }

        @Override
        public Document next() {
            Document document = hasNext() ? next : null;
            if (document == null) {
                throw new NoSuchElementException();
            }
            left--;
            next = null;
            return document;
        }
    }
}
