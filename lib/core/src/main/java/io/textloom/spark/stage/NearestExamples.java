package io.textloom.spark.stage;

import io.textloom.embed.EmbedOptions;
import io.textloom.embed.EmbedOutcome;
import io.textloom.embed.EmbedStats;
import io.textloom.embed.Embedder;
import io.textloom.embed.EmbeddingModel;
import io.textloom.model.ModelRef;
import io.textloom.prompt.ExampleChooser;
import io.textloom.runtime.Device;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.IntPredicate;
import org.apache.hadoop.conf.Configuration;

/** The examples nearest to a row's text by cosine; equally near ones in the order of the table, the nearest last. */
final class NearestExamples implements ExampleChooser, AutoCloseable {
    private final Examples examples;
    private final ExecutorModels.Lease<EmbeddingModel> lease;
    private final Embedder embedder;
    private final EmbedStats stats = new EmbedStats();

    private NearestExamples(Examples examples, ExecutorModels.Lease<EmbeddingModel> lease) {
        this.examples = examples;
        this.lease = lease;
        this.embedder = lease.opening(Embedder::new);
    }

    static NearestExamples open(Examples examples, ModelRef model, Configuration conf) {
        return new NearestExamples(examples, ModelLeases.embedding(model, EmbedOptions.defaults(), Device.CPU, conf));
    }

    private record Near(int example, double cosine) {}

    @Override
    public List<Integer> choose(String id, String text, int count, IntPredicate allowed) {
        EmbedOutcome outcome = embedder.embed(List.of(text), stats).get(0);
        if (outcome instanceof EmbedOutcome.Rejected) {
            return ExampleChooser.fixed(examples.table().size()).choose(id, text, count, allowed);
        }
        float[] vector = Examples.vector(outcome);
        // the head is the one to go first: the farthest, of equally far ones the last
        Comparator<Near> farther = Comparator.comparingDouble(Near::cosine)
                .thenComparing(Comparator.comparingInt(Near::example).reversed());
        PriorityQueue<Near> nearest = new PriorityQueue<>(farther);
        for (int i = 0; i < examples.table().size(); i++) {
            if (!allowed.test(i)) {
                continue;
            }
            nearest.add(new Near(i, examples.cosine(i, vector)));
            if (nearest.size() > count) {
                nearest.remove();
            }
        }
        List<Near> inOrder = new ArrayList<>(nearest);
        inOrder.sort(farther);
        return Collections.unmodifiableList(inOrder.stream().map(Near::example).toList());
    }

    @Override
    public void close() {
        try (lease) {
            embedder.close();
        }
    }
}
