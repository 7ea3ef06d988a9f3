package io.textloom.train.heads;

import io.textloom.model.TrainedHead;
import io.textloom.tensor.HeadTask;
import java.util.List;

/**
 * The examples of one step as matrices, a row for each item; items without a label are left out. Owns its arrays.
 *
 * <p>Labels are one-hot, numbers less their mean in deviations. Of a head that points they say twice which example the item is of, plus one where it is what is pointed at: its loss compares the items of one example.
 */
final class HeadBatch {
    private final int rows;
    private final float[] u;
    private final float[] v;
    private final float[] labels;

    private HeadBatch(int rows, float[] u, float[] v, float[] labels) {
        this.rows = rows;
        this.u = u;
        this.v = v;
        this.labels = labels;
    }

    /** @param examples with at least one item that counts */
    static HeadBatch of(HeadPlan plan, int dimensions, List<Example> examples) {
        TrainedHead head = plan.head();
        int rows = 0;
        for (Example example : examples) {
            rows += rows(head, example);
        }
        int outputs = head.outputs();
        HeadBatch batch = new HeadBatch(
                rows,
                new float[rows * dimensions],
                new float[head.pair() ? rows * dimensions : 0],
                new float[rows * outputs]);
        int row = 0;
        for (int number = 0; number < examples.size(); number++) {
            Example example = examples.get(number);
            for (int item = 0; item < example.input().items(); item++) {
                if (counts(head, example, item)) {
                    copy(example.input().u(), item, dimensions, (float) head.uScale(), batch.u, row);
                    if (head.pair()) {
                        copy(example.input().v(), item, dimensions, (float) head.vScale(), batch.v, row);
                    }
                    label(plan, example, number, item, batch.labels, row * outputs);
                    row++;
                }
            }
        }
        return batch;
    }

    private static int rows(TrainedHead head, Example example) {
        return head.task() == HeadTask.TOKEN
                ? example.results(head.task())
                : example.input().items();
    }

    private static boolean counts(TrainedHead head, Example example, int item) {
        return head.task() != HeadTask.TOKEN || example.targets()[item] >= 0;
    }

    private static void copy(float[] from, int item, int n, float scale, float[] to, int row) {
        int at = from.length > n ? item * n : 0;
        for (int d = 0; d < n; d++) {
            to[row * n + d] = scale * from[at + d];
        }
    }

    private static void label(HeadPlan plan, Example example, int number, int item, float[] labels, int at) {
        float[] targets = example.targets();
        switch (plan.task()) {
            case SEQUENCE, PAIR -> labels[at + (int) targets[0]] = 1;
            case TOKEN -> labels[at + (int) targets[item]] = 1;
            case REGRESSION -> labels[at] = (float) ((targets[0] - plan.mean()) / plan.deviation());
            case SPAN, CHOICE -> {
                for (int k = 0; k < targets.length; k++) {
                    labels[at + k] = 2 * number + ((int) targets[k] == item ? 1 : 0);
                }
            }
        }
    }

    int rows() {
        return rows;
    }

    /** float[rows * dimensions], row-major, scaled as the head wants them */
    float[] u() {
        return u;
    }

    /** The same; empty where items have one vector. */
    float[] v() {
        return v;
    }

    /** float[rows * outputs], row-major */
    float[] labels() {
        return labels;
    }
}
