package io.textloom.train.heads;

import io.textloom.classify.HeadNet;
import io.textloom.model.TrainedHeads;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.factory.Nd4j;

/** One net for each head, all on the driver; a head's net takes over the trunk from that of the step before. */
class Dl4jTrainer implements HeadTrainer {
    final TrainedHeads heads;
    final List<HeadPlan> plans;
    final List<Dl4jNet> nets = new ArrayList<>();
    private final Dl4jThreads threads = new Dl4jThreads();
    private final Examples examples;
    private int last = -1;

    Dl4jTrainer(TrainedHeads heads, List<HeadPlan> plans, double rate, long seed, Examples examples) {
        this.heads = heads;
        this.plans = List.copyOf(plans);
        this.examples = examples;
        for (int i = 0; i < plans.size(); i++) {
            HeadPlan plan = plans.get(i);
            Dl4jNet net = Dl4jNet.of(
                    heads,
                    plan.head(),
                    new Dl4jNet.Learning(rate, plan.options().dropout(), plan.weights(), seed + i));
            if (i > 0) {
                net.takeTrunk(nets.get(0));
            }
            nets.add(net);
        }
    }

    @Override
    public void fit(List<BatchPlace> steps, long seed, double[] losses) {
        Draws draws = new Draws(seed);
        for (BatchPlace step : steps) {
            // Deeplearning4j draws what drops out from the thread's generator
            Nd4j.getRandom().setSeed(draws.next());
            losses[step.head()] +=
                    turn(step.head()).fit(HeadBatch.of(plans.get(step.head()), heads.dimensions(), examples.of(step)));
        }
    }

    /** A head's net with the trunk as the last step left it. */
    final Dl4jNet turn(int head) {
        Dl4jNet net = nets.get(head);
        if (last >= 0 && last != head) {
            net.takeTrunk(nets.get(last));
        }
        last = head;
        return net;
    }

    @Override
    public HeadState state(int head) {
        return nets.get(head).state();
    }

    @Override
    public void load(int head, HeadState state) {
        nets.get(head).load(state);
    }

    @Override
    public int last() {
        return last;
    }

    @Override
    public void loadLast(int head) {
        last = head;
    }

    @Override
    public HeadNet.Source weights(int head) {
        Dl4jNet own = nets.get(head);
        Dl4jNet shared = nets.get(Math.max(0, last));
        HeadPlan plan = plans.get(head);
        String output = TrainedHeads.headLayer(plan.head(), plan.head().hidden().size());
        return new HeadNet.Source() {
            @Override
            public float[] weight(String layer, int out, int in) {
                float[] weight = (layer.startsWith("trunk.") ? shared : own).weight(layer, out, in);
                for (int i = 0; i < weight.length && layer.equals(output); i++) {
                    weight[i] = (float) (weight[i] * plan.deviation());
                }
                return weight;
            }

            @Override
            public float[] bias(String layer, int out) {
                float[] bias = (layer.startsWith("trunk.") ? shared : own).bias(layer, out);
                for (int i = 0; i < bias.length && layer.equals(output); i++) {
                    bias[i] = (float) (bias[i] * plan.deviation() + plan.mean());
                }
                return bias;
            }
        };
    }

    @Override
    public void close() {
        nets.forEach(net -> net.graph().clear());
        threads.close();
    }
}
