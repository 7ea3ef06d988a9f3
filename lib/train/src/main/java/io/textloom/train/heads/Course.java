package io.textloom.train.heads;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** How a training went epoch by epoch, and the weights of its best epoch. Not safe for concurrent use. */
final class Course {
    private final int heads;
    private final List<Epoch> epochs = new ArrayList<>();
    private List<Weights> best = List.of();
    private int bestEpoch = -1;

    Course(int heads) {
        this.heads = heads;
    }

    /**
     * A head in one epoch.
     *
     * @param loss mean over its steps
     * @param devLoss on the held-out rows
     * @param score on the held-out rows, more is better
     */
    record Epoch(int epoch, int head, double loss, double devLoss, double score) {}

    int heads() {
        return heads;
    }

    List<Epoch> epochs() {
        return epochs;
    }

    /** From 0. */
    int bestEpoch() {
        return bestEpoch;
    }

    /** The weights of each head after its best epoch. */
    List<Weights> best() {
        return best;
    }

    /**
     * Adds an epoch.
     *
     * @param weights of each head after it
     * @return whether it is the best so far: by the mean of the heads' scores, and of equals by that of their losses
     */
    boolean add(List<Epoch> ofHeads, List<Weights> weights) {
        epochs.addAll(ofHeads);
        int number = ofHeads.get(0).epoch();
        boolean better = bestEpoch < 0
                || score(number) > score(bestEpoch)
                || score(number) == score(bestEpoch) && loss(number) < loss(bestEpoch);
        if (better) {
            bestEpoch = number;
            best = List.copyOf(weights);
        }
        return better;
    }

    private double score(int epoch) {
        return epochs.subList(epoch * heads, (epoch + 1) * heads).stream()
                .mapToDouble(Epoch::score)
                .average()
                .orElse(0);
    }

    private double loss(int epoch) {
        return epochs.subList(epoch * heads, (epoch + 1) * heads).stream()
                .mapToDouble(Epoch::devLoss)
                .average()
                .orElse(0);
    }

    /** Whether no epoch of the last {@code patience} was better than one before; 0 for never. */
    boolean isOver(int patience) {
        return patience > 0 && epochs.size() / heads - 1 - bestEpoch >= patience;
    }

    void write(DataOutputStream out) throws IOException {
        out.writeInt(heads);
        out.writeInt(bestEpoch);
        out.writeInt(epochs.size());
        for (Epoch epoch : epochs) {
            out.writeInt(epoch.epoch());
            out.writeInt(epoch.head());
            out.writeDouble(epoch.loss());
            out.writeDouble(epoch.devLoss());
            out.writeDouble(epoch.score());
        }
        out.writeInt(best.size());
        for (Weights weights : best) {
            weights.write(out);
        }
    }

    static Course read(DataInputStream in) throws IOException {
        Course course = new Course(in.readInt());
        course.bestEpoch = in.readInt();
        for (int left = in.readInt(); left > 0; left--) {
            course.epochs.add(new Epoch(in.readInt(), in.readInt(), in.readDouble(), in.readDouble(), in.readDouble()));
        }
        List<Weights> best = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            best.add(Weights.read(in));
        }
        course.best = best;
        return course;
    }
}
