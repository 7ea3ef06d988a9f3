package io.textloom.prompt.jinja;

import java.util.AbstractList;

/** Python's range. */
final class Range extends AbstractList<Object> {
    /** As in Jinja's sandbox. */
    private static final int MAX_SIZE = 100_000;

    private final long start;
    private final long stop;
    private final long step;
    private final int size;

    Range(long start, long stop, long step) {
        this.start = start;
        this.stop = stop;
        this.step = step;
        if (step == 0) {
            throw new Fault("range() arg 3 must not be zero");
        }
        long span = step > 0 ? stop - start : start - stop;
        long length = span <= 0 ? 0 : (span - 1) / Math.abs(step) + 1;
        if (length > MAX_SIZE) {
            throw new Fault("range() of " + length + " numbers; expected at most " + MAX_SIZE);
        }
        size = (int) length;
    }

    @Override
    public Object get(int index) {
        return start + index * step;
    }

    @Override
    public int size() {
        return size;
    }

    /** {@code range(0, 3)} */
    @Override
    public String toString() {
        return "range(" + start + ", " + stop + (step == 1 ? "" : ", " + step) + ")";
    }
}
