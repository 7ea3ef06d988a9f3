package io.textloom.generate;

import com.sun.management.OperatingSystemMXBean;
import io.textloom.runtime.DecodeState;
import io.textloom.runtime.DecoderShape;
import java.lang.management.ManagementFactory;

/**
 * How an executor's memory for keys and values is shared out.
 *
 * @param rowTokens longest row; unit: tokens
 * @param prefixBytes most memory of the prefix cache
 */
record KvBudget(int rowTokens, long prefixBytes) {
    private static final long MEBIBYTE = 1L << 20;
    /** Of the memory, what the prefix cache may take: one part of so many. */
    private static final int PREFIX_SHARE = 4;

    /**
     * @param mostTokens longest a row may be, whatever memory there is; unit: tokens
     * @throws IllegalArgumentException if there is no room for rows of one block
     */
    static KvBudget of(EngineOptions options, DecoderShape shape, int lanes, int mostTokens) {
        if (mostTokens < DecodeState.BLOCK) {
            throw new IllegalArgumentException("generate.slots is " + options.slots() + ", of which rows of "
                    + DecodeState.BLOCK + " tokens are more than one buffer holds; lower it");
        }
        long bytes = options.kvMemory() == 0 ? machineMemory() / 4 : options.kvMemory() * MEBIBYTE;
        long prefix = options.prefixCache() ? bytes / PREFIX_SHARE : 0;
        long rows = (long) lanes * options.slots();
        long tokens = (bytes - prefix) / shape.kvBytes(rows) / DecodeState.BLOCK * DecodeState.BLOCK;
        if (tokens < DecodeState.BLOCK) {
            throw new IllegalArgumentException("generate.kvMemory is " + bytes / MEBIBYTE
                    + " MiB, but rows of " + DecodeState.BLOCK + " tokens in generate.slots " + options.slots()
                    + " slots of " + lanes + " lanes need "
                    + (shape.kvBytes(rows * DecodeState.BLOCK) + prefix) / MEBIBYTE
                    + " MiB; raise the one or lower the other");
        }
        return new KvBudget((int) Math.min(Math.min(tokens, mostTokens), shape.positions()), prefix);
    }

    private static long machineMemory() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
    }
}
