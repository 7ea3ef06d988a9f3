package io.textloom.train.heads;

import io.textloom.classify.HeadNet;
import io.textloom.tensor.HeadTask;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How a head does on its held-out rows, measured with the layers that {@code classify} applies. Not safe for concurrent use. */
final class Results {
    /** Longest answer that is looked for; unit: tokens */
    private static final int ANSWER_TOKENS = 30;

    private static final String OUTSIDE = "O";

    private final HeadPlan plan;
    private final Choices choices = new Choices();
    private final long[][] confusion;
    private final List<Double> found = new ArrayList<>();
    private final List<Double> wanted = new ArrayList<>();
    private double exact;
    private double overlap;
    private int rows;

    private Results(HeadPlan plan) {
        this.plan = plan;
        int labels = plan.head().labels().size();
        this.confusion = new long[labels][labels];
    }

    static Results of(HeadPlan plan, int number, HeadNet net, Examples examples, List<Block> blocks) {
        Results results = new Results(plan);
        examples.each(number, blocks, example -> results.add(example, net.logits(example.input())));
        return results;
    }

    private void add(Example example, float[] logits) {
        float[] targets = example.targets();
        int outputs = plan.head().outputs();
        rows++;
        switch (plan.task()) {
            case SEQUENCE, PAIR -> label(logits, (int) targets[0]);
            case TOKEN -> {
                for (int i = 0; i < targets.length; i++) {
                    if (targets[i] >= 0) {
                        label(Arrays.copyOfRange(logits, i * outputs, (i + 1) * outputs), (int) targets[i]);
                    }
                }
            }
            case REGRESSION -> {
                found.add((double) logits[0]);
                wanted.add((double) targets[0]);
            }
            case CHOICE -> choices.add(logits, (int) targets[0]);
            case SPAN -> {
                float[] starts = new float[example.input().items()];
                float[] ends = new float[starts.length];
                for (int i = 0; i < starts.length; i++) {
                    starts[i] = logits[2 * i];
                    ends[i] = logits[2 * i + 1];
                }
                choices.add(starts, (int) targets[0]);
                choices.add(ends, (int) targets[1]);
                span(starts, ends, (int) targets[0], (int) targets[1]);
            }
        }
    }

    private void label(float[] logits, int right) {
        choices.add(logits, right);
        confusion[right][Choices.best(logits)]++;
    }

    private void span(float[] starts, float[] ends, int first, int last) {
        int bestStart = 0;
        int bestEnd = 0;
        double best = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < starts.length; i++) {
            for (int j = i; j < Math.min(starts.length, i + ANSWER_TOKENS); j++) {
                if (starts[i] + ends[j] > best) {
                    best = starts[i] + ends[j];
                    bestStart = i;
                    bestEnd = j;
                }
            }
        }
        exact += bestStart == first && bestEnd == last ? 1 : 0;
        int common = Math.max(0, Math.min(bestEnd, last) - Math.max(bestStart, first) + 1);
        overlap += 2.0 * common / (bestEnd - bestStart + 1 + last - first + 1);
    }

    /** Row: the right label; column: the one that was found. */
    long[][] confusion() {
        return confusion;
    }

    Choices choices() {
        return choices;
    }

    /** By which one epoch is better than another; more is better. */
    double score() {
        Map<String, Double> all = measures(1);
        return switch (plan.task()) {
            case SEQUENCE, PAIR, TOKEN -> all.getOrDefault(plan.weights().isEmpty() ? "accuracy" : "macro F1", 0.0);
            case REGRESSION -> all.getOrDefault("Spearman", 0.0);
            case SPAN -> all.getOrDefault("F1", 0.0);
            case CHOICE -> all.getOrDefault("accuracy", 0.0);
        };
    }

    /**
     * All measures by name.
     *
     * @param temperature of the loss
     */
    Map<String, Double> measures(double temperature) {
        Map<String, Double> all = new LinkedHashMap<>();
        if (plan.task() == HeadTask.REGRESSION) {
            double[] x = found.stream().mapToDouble(v -> v).toArray();
            double[] y = wanted.stream().mapToDouble(v -> v).toArray();
            double squares = 0;
            for (int i = 0; i < x.length; i++) {
                squares += (x[i] - y[i]) * (x[i] - y[i]);
            }
            all.put("Spearman", Correlation.spearman(x, y));
            all.put("Pearson", Correlation.pearson(x, y));
            all.put("loss", squares / x.length);
            return all;
        }
        if (plan.task() == HeadTask.SPAN) {
            all.put("exact match", exact / rows);
            all.put("F1", overlap / rows);
        } else {
            all.put("accuracy", choices.accuracy());
        }
        if (plan.task().labels()) {
            all.put("macro F1", macro());
            all.put("micro F1", micro());
        }
        all.put("loss", choices.loss(temperature));
        return all;
    }

    /** Mean over the labels that occur or were found. */
    private double macro() {
        double sum = 0;
        int labels = 0;
        for (int label = 0; label < confusion.length; label++) {
            long of = 0;
            long as = 0;
            for (int other = 0; other < confusion.length; other++) {
                of += confusion[label][other];
                as += confusion[other][label];
            }
            if (of + as > 0) {
                sum += 2.0 * confusion[label][label] / (of + as);
                labels++;
            }
        }
        return labels == 0 ? 0 : sum / labels;
    }

    /** Over all labels together, of tokens those outside of everything left out. */
    private double micro() {
        long hits = 0;
        long of = 0;
        long as = 0;
        for (int right = 0; right < confusion.length; right++) {
            for (int got = 0; got < confusion.length; got++) {
                hits += right == got && counts(right) ? confusion[right][got] : 0;
                of += counts(right) ? confusion[right][got] : 0;
                as += counts(got) ? confusion[right][got] : 0;
            }
        }
        return of + as == 0 ? 0 : 2.0 * hits / (of + as);
    }

    private boolean counts(int label) {
        return plan.task() != HeadTask.TOKEN || !plan.head().labels().get(label).equals(OUTSIDE);
    }
}
