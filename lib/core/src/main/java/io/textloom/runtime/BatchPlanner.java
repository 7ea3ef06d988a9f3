package io.textloom.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Packs rows of unlike lengths into batches with little padding. The same lengths give the same batches. */
public final class BatchPlanner {
    private BatchPlanner() {}

    /**
     * Sorts by length, longest first, and fills each batch up to the budget.
     *
     * @param lengths of the rows; a row without a token is a row, too; unit: tokens
     * @return row numbers of each batch; every row is in exactly one
     */
    public static List<int[]> plan(int[] lengths, TokenBudget budget) {
        long[] order = new long[lengths.length];
        for (int row = 0; row < lengths.length; row++) {
            order[row] = ((long) (Integer.MAX_VALUE - lengths[row]) << 32) | row;
        }
        Arrays.sort(order);
        List<int[]> batches = new ArrayList<>();
        int at = 0;
        while (at < order.length) {
            int rows = Math.min(order.length - at, budget.rows(lengths[(int) order[at]]));
            int[] batch = new int[rows];
            for (int i = 0; i < rows; i++) {
                batch[i] = (int) order[at + i];
            }
            batches.add(batch);
            at += rows;
        }
        return batches;
    }
}
