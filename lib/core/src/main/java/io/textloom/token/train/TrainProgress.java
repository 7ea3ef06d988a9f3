package io.textloom.token.train;

/** Told how far a training is; called from one thread. */
public interface TrainProgress {
    TrainProgress SILENT = (done, total) -> {};

    /** @param total the most tokens there can be; a training may end with fewer */
    void tokens(int done, int total);
}
