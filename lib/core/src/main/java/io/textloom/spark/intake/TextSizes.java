package io.textloom.spark.intake;

import java.util.Arrays;
import org.apache.spark.util.AccumulatorV2;

/**
 * Sizes of the sound texts of an input, counted while they are read. Tasks that are tried again count twice, so sums are good for planning only; a size that
 * occurs is never missed.
 */
public final class TextSizes extends AccumulatorV2<Integer, TextSizes> {
    private static final long serialVersionUID = 1;

    /** Class {@code i} holds texts of {@code 2^i} bytes up to twice that. */
    private final long[] bytesByClass = new long[Integer.SIZE];

    /** @param bytes of one text in UTF-8 */
    @Override
    public void add(Integer bytes) {
        if (bytes > 0) {
            bytesByClass[classOf(bytes)] += bytes;
        }
    }

    private static int classOf(int bytes) {
        return Integer.SIZE - 1 - Integer.numberOfLeadingZeros(bytes);
    }

    /** Of all texts; unit: bytes */
    public long bytes() {
        return bytesFrom(1);
    }

    /** Of texts of that size and larger; unit: bytes. @param size a power of two */
    public long bytesFrom(int size) {
        if (size < 1 || Integer.bitCount(size) != 1) {
            throw new IllegalArgumentException("The size is " + size + "; expected a power of two");
        }
        long bytes = 0;
        for (int i = classOf(size); i < bytesByClass.length; i++) {
            bytes += bytesByClass[i];
        }
        return bytes;
    }

    @Override
    public boolean isZero() {
        return bytes() == 0;
    }

    @Override
    public TextSizes copy() {
        TextSizes copy = new TextSizes();
        copy.merge(this);
        return copy;
    }

    @Override
    public void reset() {
        Arrays.fill(bytesByClass, 0);
    }

    @Override
    public void merge(AccumulatorV2<Integer, TextSizes> other) {
        long[] more = other.value().bytesByClass;
        for (int i = 0; i < bytesByClass.length; i++) {
            bytesByClass[i] += more[i];
        }
    }

    @Override
    public TextSizes value() {
        return this;
    }
}
