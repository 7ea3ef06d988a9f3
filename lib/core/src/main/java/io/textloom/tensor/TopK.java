package io.textloom.tensor;

import java.util.Arrays;

/**
 * Finds the k largest of many values. The values are taken as rows of a table whose columns' maxima cost next to nothing: the k-th largest
 * of these is at most the k-th largest of all, and only columns that reach it are looked through. Owns scratch memory and is not safe for
 * concurrent use.
 */
public final class TopK {
    private static final int COLUMNS = 512;

    private final int k;
    private final float[] maxima = new float[COLUMNS];
    private final float[] heap;
    private final float[] found;

    /**
     * @param k from 1
     * @param mostValues most values that are given
     */
    public TopK(int k, int mostValues) {
        this.k = Math.min(k, mostValues);
        heap = new float[this.k];
        found = new float[mostValues];
    }

    /**
     * Indices, ascending, of the values that are at least the k-th largest: more than k if others equal that.
     *
     * @param n at least k
     * @param ids overwritten; int[n]
     * @return how many; what it is where a value is NaN, is open
     */
    public int select(float[] values, int n, int[] ids) {
        // with more, most columns would be looked through
        if (n < 2 * COLUMNS || k > COLUMNS / 2) {
            return atLeast(values, n, kthLargest(values, n, k, heap), ids);
        }
        columnMaxima(values, n, maxima);
        float bound = kthLargest(maxima, COLUMNS, k, heap);
        int count = 0;
        for (int column = 0; column < COLUMNS; column++) {
            if (maxima[column] >= bound) {
                for (int i = column; i < n; i += COLUMNS) {
                    if (values[i] >= bound) {
                        ids[count++] = i;
                    }
                }
            }
        }
        if (count < k) {
            return 0;
        }
        Arrays.sort(ids, 0, count);
        for (int i = 0; i < count; i++) {
            found[i] = values[ids[i]];
        }
        float least = kthLargest(found, count, k, heap);
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (found[i] >= least) {
                ids[kept++] = ids[i];
            }
        }
        return kept;
    }

    /**
     * The largest of {@code values[i]} for each i modulo the number of columns; one after another they would not be compared by vector
     * instructions.
     *
     * @param maxima overwritten; NaN where one of the values is
     */
    static void columnMaxima(float[] values, int n, float[] maxima) {
        Arrays.fill(maxima, Float.NEGATIVE_INFINITY);
        int columns = maxima.length;
        int row = 0;
        for (; row + columns <= n; row += columns) {
            for (int i = 0; i < columns; i++) {
                maxima[i] = Math.max(maxima[i], values[row + i]);
            }
        }
        for (int i = row; i < n; i++) {
            maxima[i - row] = Math.max(maxima[i - row], values[i]);
        }
    }

    /**
     * The k-th largest of {@code values[0, n)}, equals counted each.
     *
     * @param k from 1 to n
     * @param heap scratch float[k] or longer, overwritten
     */
    static float kthLargest(float[] values, int n, int k, float[] heap) {
        System.arraycopy(values, 0, heap, 0, k);
        Arrays.sort(heap, 0, k);
        float least = heap[0];
        for (int i = k; i < n; i++) {
            if (values[i] > least) {
                heap[0] = values[i];
                sink(heap, k);
                least = heap[0];
            }
        }
        return least;
    }

    private static int atLeast(float[] values, int n, float least, int[] ids) {
        int count = 0;
        for (int i = 0; i < n; i++) {
            if (values[i] >= least) {
                ids[count++] = i;
            }
        }
        return count;
    }

    private static void sink(float[] heap, int n) {
        float value = heap[0];
        int i = 0;
        for (int child = 1; child < n; child = 2 * i + 1) {
            if (child + 1 < n && heap[child + 1] < heap[child]) {
                child++;
            }
            if (heap[child] >= value) {
                break;
            }
            heap[i] = heap[child];
            i = child;
        }
        heap[i] = value;
    }
}
