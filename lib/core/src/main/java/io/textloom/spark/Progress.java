package io.textloom.spark;

/** Told how far a job is; called from one thread at a time. */
public interface Progress {
    /** Nobody looks. */
    Progress SILENT = new Progress() {
        @Override
        public void started(String phase) {}

        @Override
        public void advanced(Snapshot snapshot) {}

        @Override
        public void finished() {}
    };

    void started(String phase);

    /** @param unit what the snapshots count, in the plural; else rows */
    default void started(String phase, String unit) {
        started(phase);
    }

    void advanced(Snapshot snapshot);

    void finished();

    /**
     * @param rowsTotal -1 while it is not known
     * @param seconds since the job started
     */
    record Snapshot(long rowsDone, long rowsTotal, long tokensDone, double seconds) {}
}
