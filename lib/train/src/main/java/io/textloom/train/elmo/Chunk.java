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

    /** @param begins whether a document does */
    void put(int row, int id, int target, boolean begins) {
        ids[row] = id;
        targets[row] = target;
        keep[row] = begins ? 0 : 1;
    }

    /** No document. */
    void nothing(int row) {
        put(row, 0, NOTHING, true);
    }

    int rows() {
        return batch * steps;
    }
}
