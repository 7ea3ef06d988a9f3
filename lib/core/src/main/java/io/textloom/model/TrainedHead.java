package io.textloom.model;

import io.textloom.tensor.HeadFeatures;
import io.textloom.tensor.HeadTask;
import java.io.Serializable;
import java.util.List;

/**
 * One head on frozen vectors.
 *
 * @param pair whether there is a second vector
 * @param labels by number; empty unless its outputs are labels
 * @param hidden widths of its layers between the features and the outputs
 * @param uScale by which the first vector is multiplied before all
 * @param vScale by which the second one is
 * @param temperature by which its outputs are divided before they become probabilities
 */
public record TrainedHead(
        String name,
        HeadTask task,
        boolean pair,
        List<String> labels,
        List<Integer> hidden,
        double uScale,
        double vScale,
        double temperature)
        implements Serializable {
    private static final int MAX_WIDTH = 1 << 16;

    public TrainedHead {
        labels = List.copyOf(labels);
        hidden = List.copyOf(hidden);
        if (!name.matches("[A-Za-z0-9_-]{1,64}")) {
            throw new ModelException(
                    "A head has the name \"" + name + "\"; expected 1 to 64 letters, digits, hyphens and underscores");
        }
        if (task.labels() && labels.size() < 2) {
            throw new ModelException("The head " + name + " has " + labels.size() + " labels; expected two or more");
        }
        if (task.two() && !pair || pair && (task == HeadTask.SEQUENCE || task == HeadTask.TOKEN)) {
            throw new ModelException("The head " + name + " of the task " + task.label() + " is " + (pair ? "" : "not ")
                    + "of pairs; expected " + (pair ? "single texts" : "pairs"));
        }
        for (int width : hidden) {
            requireWidth(name, width);
        }
        if (!isPositive(temperature) || !isPositive(uScale) || !isPositive(vScale)) {
            throw new ModelException("The head " + name + " has the temperature " + temperature + " and the scales "
                    + uScale + " and " + vScale + "; expected numbers above 0");
        }
    }

    private static boolean isPositive(double number) {
        return number > 0 && Double.isFinite(number);
    }

    static void requireWidth(String name, int width) {
        if (width < 1 || width > MAX_WIDTH) {
            throw new ModelException("The head " + name + " has a layer of " + width + "; expected 1 to " + MAX_WIDTH);
        }
    }

    public HeadFeatures features() {
        if (task == HeadTask.SPAN) {
            return HeadFeatures.PRODUCT;
        }
        return pair ? HeadFeatures.PAIR : HeadFeatures.ALONE;
    }

    /** How many outputs each item has. */
    public int outputs() {
        return switch (task) {
            case SEQUENCE, PAIR, TOKEN -> labels.size();
            case REGRESSION, CHOICE -> 1;
            case SPAN -> 2;
        };
    }

    /** The same with another temperature. */
    public TrainedHead withTemperature(double other) {
        return new TrainedHead(name, task, pair, labels, hidden, uScale, vScale, other);
    }
}
