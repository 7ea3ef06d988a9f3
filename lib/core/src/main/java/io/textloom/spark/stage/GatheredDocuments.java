package io.textloom.spark.stage;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** Outcomes of documents that are worked on many at a time, so that texts of one length can be put together. */
final class GatheredDocuments implements Iterator<Outcome> {
    /** unit: documents */
    private static final int MAX_DOCUMENTS = 4096;

    /** The same in text, so that long documents do not fill the memory; unit: characters. */
    private static final long MAX_CHARACTERS = 4L << 20;

    private final Iterator<Document> documents;
    private final Worker worker;
    private final ArrayDeque<Outcome> ready = new ArrayDeque<>();

    /** Works on some documents. */
    interface Worker {
        /** @param out given what became of each document, in their order */
        void work(List<Document> documents, ArrayDeque<Outcome> out);
    }

    GatheredDocuments(Iterator<Document> documents, Worker worker) {
        this.documents = documents;
        this.worker = worker;
    }

    @Override
    public boolean hasNext() {
        while (ready.isEmpty() && documents.hasNext()) {
            worker.work(gather(documents), ready);
        }
        return !ready.isEmpty();
    }

    @Override
    public Outcome next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return ready.remove();
    }

    /** The next documents, as many as are worked on together. */
    static List<Document> gather(Iterator<Document> documents) {
        List<Document> gathered = new ArrayList<>();
        long characters = 0;
        while (documents.hasNext() && gathered.size() < MAX_DOCUMENTS && characters < MAX_CHARACTERS) {
            Document document = documents.next();
            gathered.add(document);
            characters += document.text().length();
        }
        return gathered;
    }
}
