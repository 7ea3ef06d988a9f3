package io.textloom.train.heads;

import io.textloom.model.Activation;
import io.textloom.model.TrainedHead;
import io.textloom.model.TrainedHeads;
import io.textloom.spark.train.ClassWeights;
import io.textloom.spark.train.HeadOptions;
import io.textloom.spark.train.TrainHeadsOptions;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a training goes by once the vectors are computed.
 *
 * @param labels of each head
 * @param figures of each head
 */
record Prepared(int dimensions, int maxTokens, List<List<String>> labels, List<PartFigures> figures) {
    Prepared {
        labels = List.copyOf(labels);
        figures = List.copyOf(figures);
    }

    List<HeadPlan> plans(TrainHeadsOptions options) {
        List<HeadPlan> plans = new ArrayList<>();
        for (int i = 0; i < labels.size(); i++) {
            HeadOptions head = options.heads().get(i);
            PartFigures own = figures.get(i);
            TrainedHead unscaled =
                    new TrainedHead(head.name(), head.task(), head.pair(), labels.get(i), head.hidden(), 1, 1, 1);
            TrainedHead scaled = new TrainedHead(
                    head.name(),
                    head.task(),
                    head.pair(),
                    labels.get(i),
                    head.hidden(),
                    own.uScale(unscaled),
                    own.vScale(unscaled),
                    1);
            plans.add(new HeadPlan(head, scaled, own.mean(), own.deviation(), weights(head, labels.get(i), own)));
        }
        return plans;
    }

    TrainedHeads heads(TrainHeadsOptions options, List<HeadPlan> plans) {
        return new TrainedHeads(
                dimensions,
                maxTokens,
                options.trunk(),
                Activation.RELU,
                plans.stream().map(HeadPlan::head).toList());
    }

    private static List<Double> weights(HeadOptions head, List<String> labels, PartFigures figures) {
        if (head.weights().isEmpty() && head.classWeights() == ClassWeights.NONE) {
            return List.of();
        }
        long all = figures.labels.values().stream().mapToLong(count -> count).sum();
        if (!labels.containsAll(head.weights().keySet())) {
            throw new IllegalArgumentException("train.classWeights of the head " + head.name() + " has "
                    + head.weights().keySet() + "; expected labels among " + labels);
        }
        List<Double> weights = new ArrayList<>();
        for (int i = 0; i < labels.size(); i++) {
            long count = figures.labels.getOrDefault(i, 0L);
            weights.add(
                    head.weights().isEmpty()
                            ? count == 0 ? 0.0 : (double) all / (labels.size() * count)
                            : head.weights().getOrDefault(labels.get(i), 1.0));
        }
        return weights;
    }

    SortedMap<String, Long> rejected() {
        SortedMap<String, Long> rejected = new TreeMap<>();
        figures.forEach(own -> own.rejected.forEach((code, count) -> rejected.merge(code, count, Long::sum)));
        return rejected;
    }

    void write(DataOutputStream out) throws IOException {
        out.writeInt(dimensions);
        out.writeInt(maxTokens);
        out.writeInt(figures.size());
        for (int i = 0; i < figures.size(); i++) {
            out.writeInt(labels.get(i).size());
            for (String label : labels.get(i)) {
                out.writeUTF(label);
            }
            figures.get(i).write(out);
        }
    }

    static Prepared read(DataInputStream in) throws IOException {
        int dimensions = in.readInt();
        int maxTokens = in.readInt();
        int count = in.readInt();
        List<List<String>> labels = new ArrayList<>();
        List<PartFigures> figures = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<String> own = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                own.add(in.readUTF());
            }
            labels.add(own);
            figures.add(PartFigures.read(in));
        }
        return new Prepared(dimensions, maxTokens, labels, figures);
    }
}
