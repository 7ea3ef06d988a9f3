package io.textloom.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.util.List;

/**
 * Where a decoder's keys and values lie: in the process's memory, or in that of the card that computes.
 *
 * <p>Safe for concurrent use; an area is its owner's. What was taken may be given back after {@link #close}.
 */
interface KvMemory extends AutoCloseable {
    /** One buffer [rows, heads, capacity, headSize], row-major: keys or values of one layer. */
    interface Area extends AutoCloseable {
        /** unit: tokens */
        int capacity();

        /** Some rows as a tensor over the same memory, of the type of the graph's cache; to be closed before the area. */
        OnnxTensor rows(int first, int count) throws OrtException;

        @Override
        void close();
    }

    /**
     * Some tokens of one row.
     *
     * @param areas of one row each or of several
     * @param first place of the first token
     */
    record Tokens(List<? extends Area> areas, int row, int first) {}

    /** Longest an area of so many rows may be, whatever memory there is; unit: tokens */
    int mostTokens(int rows);

    /**
     * Takes an area.
     *
     * @param clear whether it has to be zero; not where all of it is written before it is read
     * @throws OutOfDeviceMemory if the card or the machine has not that much
     */
    Area allocate(int rows, int capacity, boolean clear);

    /**
     * Copies {@code count} tokens in every area to the area of the same index.
     *
     * @param to other memory than {@code from}
     */
    void copy(Tokens from, Tokens to, int count);

    /** Where that is, in words. */
    String place();

    /** The logits of a decode state, where calls write them best. */
    Logits logits(int slots, int vocabulary) throws OrtException;

    @Override
    void close();
}
