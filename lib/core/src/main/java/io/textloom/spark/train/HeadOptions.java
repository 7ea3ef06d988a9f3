package io.textloom.spark.train;

import io.textloom.tensor.HeadTask;
import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One head on frozen vectors, and the rows it is trained on.
 *
 * @param input files, tables or queries; empty for the job's own
 * @param dev the same for held-out rows; empty for a share of the input
 * @param textColumn empty for the job's own
 * @param pairColumn second text of a pair, question of a span, list of choices; empty for none
 * @param labelColumn label or number; of tokens a list of {@code {start, end, label}} or of a label for each word; of a span {@code {start, end}} or the answer's text; of choices the right one's number or text
 * @param labels all there are, in their order; empty for those that occur
 * @param hidden widths of the layers between the features and the outputs
 * @param dropout share of what each of its own layers sees that is left out in each step
 * @param weights of labels by their name, in place of {@code classWeights}
 */
public record HeadOptions(
        String name,
        HeadTask task,
        List<String> input,
        List<String> dev,
        String textColumn,
        String pairColumn,
        String labelColumn,
        List<String> labels,
        List<Integer> hidden,
        double dropout,
        ClassWeights classWeights,
        SortedMap<String, Double> weights)
        implements Serializable {
    private static final int MAX_LAYERS = 16;
    static final int MAX_WIDTH = 1 << 16;

    public HeadOptions {
        input = List.copyOf(input);
        dev = List.copyOf(dev);
        labels = List.copyOf(labels);
        hidden = List.copyOf(hidden);
        weights = new TreeMap<>(weights);
        if (!name.matches("[A-Za-z0-9_-]{1,64}")) {
            throw new IllegalArgumentException(
                    "A head has the name \"" + name + "\"; expected 1 to 64 letters, digits, hyphens and underscores");
        }
        if (task.two() && pairColumn.isEmpty()) {
            throw new IllegalArgumentException("train.pairColumn is empty but the head " + name + " does "
                    + task.label() + "; expected the column that holds "
                    + switch (task) {
                        case SPAN -> "the question";
                        case CHOICE -> "the list of choices";
                        default -> "the second text";
                    });
        }
        if (!pairColumn.isEmpty() && !task.two() && task != HeadTask.REGRESSION) {
            throw new IllegalArgumentException("train.pairColumn is " + pairColumn + " but the head " + name + " does "
                    + task.label() + ", which has no second text; leave it out, or choose another train.headTask");
        }
        if (labelColumn.isEmpty()) {
            throw new IllegalArgumentException(
                    "train.labelColumn is empty; expected the column that holds what the head " + name + " learns");
        }
        if (!(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException("train.headDropout is " + dropout + "; expected 0 to less than 1");
        }
        if (hidden.size() > MAX_LAYERS) {
            throw new IllegalArgumentException(
                    "train.layers has " + hidden.size() + " layers; expected at most " + MAX_LAYERS);
        }
        for (int width : hidden) {
            if (width < 1 || width > MAX_WIDTH) {
                throw new IllegalArgumentException("train.layers of the head " + name + " has a width of " + width
                        + "; expected 1 to " + MAX_WIDTH);
            }
        }
        if (labels.size() == 1 || new HashSet<>(labels).size() < labels.size()) {
            throw new IllegalArgumentException("train.labels of the head " + name + " is " + labels
                    + "; expected two or more, each once, or none for those that occur");
        }
        if (!labels.isEmpty() && !labels.containsAll(weights.keySet())) {
            throw new IllegalArgumentException("train.classWeights of the head " + name + " has " + weights.keySet()
                    + "; expected labels among " + labels);
        }
        if (!task.labels() && (classWeights != ClassWeights.NONE || !weights.isEmpty() || !labels.isEmpty())) {
            throw new IllegalArgumentException("train.classWeights or train.labels is given but the head " + name
                    + " does " + task.label() + ", which has no labels; leave them out");
        }
        for (double weight : weights.values()) {
            if (!(weight > 0) || !Double.isFinite(weight)) {
                throw new IllegalArgumentException(
                        "train.classWeights of the head " + name + " has " + weight + "; expected numbers above 0");
            }
        }
    }

    /** Whether there is a second text. */
    public boolean pair() {
        return !pairColumn.isEmpty();
    }
}
