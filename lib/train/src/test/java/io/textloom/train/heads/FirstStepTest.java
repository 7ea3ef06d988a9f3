package io.textloom.train.heads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.textloom.classify.HeadInput;
import io.textloom.classify.HeadNet;
import io.textloom.model.Activation;
import io.textloom.model.TrainedHead;
import io.textloom.model.TrainedHeads;
import io.textloom.spark.train.ClassWeights;
import io.textloom.spark.train.HeadOptions;
import io.textloom.tensor.HeadTask;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Golden file by scripts/python/heads_first_step.py, which names its versions; tolerance 1e-5. */
class FirstStepTest {
    private static final double TOLERANCE = 1e-5;
    private static final JsonNode GOLDEN = golden();

    private static JsonNode golden() {
        try (InputStream in = FirstStepTest.class.getResourceAsStream("/golden/heads-first-step.json")) {
            return new ObjectMapper().readTree(Objects.requireNonNull(in, "golden file"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static Stream<JsonNode> cases() {
        List<JsonNode> cases = new ArrayList<>();
        GOLDEN.path("cases").forEach(cases::add);
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theFirstStepsHaveTheLossesOfPyTorch(JsonNode golden) {
        HeadPlan plan = plan(golden);
        TrainedHeads heads = heads(golden, plan);
        Dl4jNet net = net(golden, heads, plan);
        HeadBatch batch = HeadBatch.of(plan, heads.dimensions(), examples(golden));

        assertThat(net.fit(batch)).isCloseTo(golden.path("first").asDouble(), within(TOLERANCE));
        // a step of Adam makes as much of a gradient that is zero but for rounding as of any other, and pointers have
        // such: what shifts all items alike
        double tolerance = plan.task().points() ? 1e-3 : TOLERANCE;
        assertThat(net.loss(batch)).isCloseTo(golden.path("second").asDouble(), within(tolerance));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theLayersThatServeGiveWhatDeeplearning4jGives(JsonNode golden) {
        HeadPlan plan = plan(golden);
        TrainedHeads heads = heads(golden, plan);
        Dl4jNet net = net(golden, heads, plan);
        HeadNet serving = new HeadNet(heads, plan.head(), net);

        for (Example example : examples(golden)) {
            float[] theirs = net.outputs(HeadBatch.of(plan, heads.dimensions(), List.of(counted(example))));
            float[] ours = serving.logits(counted(example).input());
            int outputs = plan.head().outputs();
            for (int item = 0; item < ours.length / outputs && plan.task().labels(); item++) {
                softmax(ours, item * outputs, outputs);
            }
            assertThat(ours).hasSameSizeAs(theirs);
            for (int i = 0; i < ours.length; i++) {
                assertThat(ours[i]).isCloseTo(theirs[i], within((float) TOLERANCE));
            }
        }
    }

    /** With a label for every token. */
    private static Example counted(Example example) {
        float[] targets = example.targets().clone();
        for (int i = 0; i < targets.length; i++) {
            targets[i] = Math.max(0, targets[i]);
        }
        return new Example(example.input(), targets);
    }

    private static void softmax(float[] values, int from, int n) {
        double sum = 0;
        for (int i = from; i < from + n; i++) {
            sum += Math.exp(values[i]);
        }
        for (int i = from; i < from + n; i++) {
            values[i] = (float) (Math.exp(values[i]) / sum);
        }
    }

    private static HeadPlan plan(JsonNode golden) {
        HeadTask task = HeadTask.named(golden.path("task").asText());
        boolean pair = task.two() || task == HeadTask.REGRESSION;
        List<String> labels = new ArrayList<>();
        for (int i = 0; task.labels() && i < golden.path("outputs").asInt(); i++) {
            labels.add("label" + i);
        }
        List<Integer> hidden = List.of(GOLDEN.path("hidden").asInt());
        HeadOptions options = new HeadOptions(
                "head",
                task,
                List.of(),
                List.of(),
                "",
                pair ? "second" : "",
                "label",
                labels,
                hidden,
                0,
                ClassWeights.NONE,
                new TreeMap<>());
        return new HeadPlan(options, new TrainedHead("head", task, pair, labels, hidden, 1, 1, 1), 0, 1, List.of());
    }

    private static TrainedHeads heads(JsonNode golden, HeadPlan plan) {
        int trunk = golden.path("trunk").asInt();
        return new TrainedHeads(
                GOLDEN.path("dimensions").asInt(),
                16,
                trunk == 0 ? List.of() : List.of(trunk),
                Activation.RELU,
                List.of(plan.head()));
    }

    private static Dl4jNet net(JsonNode golden, TrainedHeads heads, HeadPlan plan) {
        Dl4jNet net = Dl4jNet.of(
                heads, plan.head(), new Dl4jNet.Learning(GOLDEN.path("rate").asDouble(), 0, List.of(), 1));
        JsonNode weights = golden.path("weights");
        weights.fieldNames().forEachRemaining(name -> {
            if (name.endsWith(".weight")) {
                String layer = name.substring(0, name.length() - ".weight".length());
                net.set(layer, floats(weights.path(name)), floats(weights.path(layer + ".bias")));
            }
        });
        return net;
    }

    private static List<Example> examples(JsonNode golden) {
        List<Example> examples = new ArrayList<>();
        for (JsonNode row : golden.path("rows")) {
            examples.add(new Example(
                    new HeadInput(row.path("items").asInt(), floats(row.path("u")), floats(row.path("v"))),
                    floats(row.path("targets"))));
        }
        return examples;
    }

    private static float[] floats(JsonNode numbers) {
        float[] values = new float[numbers.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) numbers.get(i).asDouble();
        }
        return values;
    }
}
