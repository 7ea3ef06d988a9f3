package io.textloom.train.elmo;

import java.io.Closeable;

/** A corpus epoch after epoch. Not safe for concurrent use. */
final class Endless implements Corpus.Documents, Closeable {
    private final Corpus corpus;
    private int epoch;
    private Corpus.Epoch documents;
    private long taken;

    /** @param skipped documents that an earlier run has taken */
    Endless(Corpus corpus, long documentsPerEpoch, long skipped) {
        this.corpus = corpus;
        epoch = Math.toIntExact(skipped / documentsPerEpoch);
        documents = corpus.epoch(epoch);
        for (long i = 0; i < skipped % documentsPerEpoch; i++) {
            documents.next();
        }
        taken = skipped;
    }

    /** Documents that were taken so far. */
    long taken() {
        return taken;
    }

    @Override
    public int[] next() {
        int[] document = documents.next();
        while (document == null) {
            documents.close();
            documents = corpus.epoch(++epoch);
            document = documents.next();
        }
        taken++;
        return document;
    }

    @Override
    public void close() {
        documents.close();
    }
}
