package io.textloom.tensor;

import java.util.Arrays;

/**
 * Top-p: the smallest set of the heaviest entries whose weight reaches a share of the whole. Source: Holtzman et al. 2020. An entry is kept
 * if those before it have not reached the share, as in Hugging Face transformers, where it is open which of equals are kept.
 *
 * <p>Weights are summed by magnitude in one pass, which finds the bucket of the lightest entry kept; only that bucket is searched further.
 * Owns scratch memory and is not safe for concurrent use.
 */
public final class Nucleus {
    /** Sixteen buckets for each factor of two, down to 2^-64; lighter entries share the lowest. */
    private static final int BUCKET_SHIFT = 48;

    private static final int LOWEST = (int) (Double.doubleToRawLongBits(0x1p-64) >>> BUCKET_SHIFT);
    private static final int BUCKETS = (int) (Double.doubleToRawLongBits(1) >>> BUCKET_SHIFT) - LOWEST + 1;

    private final double[] sums = new double[BUCKETS];
    private final double[] candidates;

    public Nucleus(int maxEntries) {
        candidates = new double[maxEntries];
    }

    /**
     * Keeps the entries of the set, in the order they have; of equal weights the first.
     *
     * @param weights above 0 and at most 1
     * @param weight what the set's weights reach together; above 0
     * @return how many are kept, at least 1 if n is
     */
    public int keep(int[] ids, double[] weights, int n, double weight) {
        Arrays.fill(sums, 0);
        for (int i = 0; i < n; i++) {
            sums[bucket(weights[i])] += weights[i];
        }
        double needed = weight;
        int boundary = BUCKETS - 1;
        while (boundary > 0 && sums[boundary] < needed) {
            needed -= sums[boundary--];
        }
        int inBoundary = 0;
        for (int i = 0; i < n; i++) {
            candidates[inBoundary] = weights[i];
            inBoundary += bucket(weights[i]) == boundary ? 1 : 0;
        }
        return compact(ids, weights, n, needed, inBoundary);
    }

    /** Quickselect by weight among the candidates, then one pass over the entries. */
    private int compact(int[] ids, double[] weights, int n, double weightNeeded, int inBoundary) {
        double needed = weightNeeded;
        double lightest = 0;
        int equalToLightest = 0;
        int from = 0;
        int to = inBoundary;
        while (from < to) {
            double pivot = candidates[(from + to) >>> 1];
            int heavierEnd = from;
            int lighterStart = to;
            double heavier = 0;
            for (int i = from; i < lighterStart; ) {
                double w = candidates[i];
                if (w > pivot) {
                    heavier += w;
                    candidates[i++] = candidates[heavierEnd];
                    candidates[heavierEnd++] = w;
                } else if (w < pivot) {
                    candidates[i] = candidates[--lighterStart];
                    candidates[lighterStart] = w;
                } else {
                    i++;
                }
            }
            int equals = lighterStart - heavierEnd;
            if (needed <= heavier) {
                to = heavierEnd;
            } else if (needed <= heavier + equals * pivot) {
                lightest = pivot;
                equalToLightest = 1;
                while (heavier + equalToLightest * pivot < needed) {
                    equalToLightest++;
                }
                break;
            } else {
                needed -= heavier + equals * pivot;
                from = lighterStart;
            }
        }
        int kept = 0;
        for (int i = 0; i < n; i++) {
            double w = weights[i];
            ids[kept] = ids[i];
            weights[kept] = w;
            if (w == lightest) {
                kept += equalToLightest-- > 0 ? 1 : 0;
            } else {
                kept += w > lightest ? 1 : 0;
            }
        }
        return kept;
    }

    private static int bucket(double weight) {
        return Math.max(0, (int) (Double.doubleToRawLongBits(weight) >>> BUCKET_SHIFT) - LOWEST);
    }
}
