package io.textloom.spark;

/** Hears nothing of it. */
final class SilentProgress implements Progress {
    static final Progress INSTANCE = new SilentProgress();

    @Override
    public void started(String phase) {}

    @Override
    public void advanced(Snapshot snapshot) {}

    @Override
    public void finished() {}
}
