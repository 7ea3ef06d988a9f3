package io.textloom.train.elmo;

/**
 * Some steps of some streams of documents, as one direction reads them. Row {@code step * batch + stream}; flat arrays that the owner fills anew.
 */
final class Chunk {
    /** Where nothing is to be foretold: a document's last token, or no document. */
    static final int NOTHING = -1;

    final int batch;
    final int steps;
    final int[] ids;

    /** The next token in the direction, or {@link #NOTHING}. */
    final int[] targets;

    /** 1, or 0 where a document begins, or where there is none. */
    final float[] keep;

    Chunk(int batch, int steps) {
        this.batch = batch;
        this.steps = steps;
        ids = new int[batch * steps];
        targets = new int[batch * steps];
        keep = new float[batch * steps];
    }

    int rows() {
        return batch * steps;
    }
}
