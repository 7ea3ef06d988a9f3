package io.textloom.classify;

import io.textloom.model.Activation;
import io.textloom.model.ModelException;
import io.textloom.model.Safetensors;
import io.textloom.model.TensorInfo;
import io.textloom.model.TrainedHead;
import io.textloom.model.TrainedHeads;
import io.textloom.tensor.HeadFeatures;
import java.nio.file.Path;
import java.util.Map;

/**
 * A head's layers in plain Java: vectors pass the trunk, what the head sees of them its own layers, and the outputs are divided by its temperature. Item by item, so that nothing depends on what else is there. Safe for concurrent use.
 */
public final class HeadNet {
    private final TrainedHead head;
    private final Activation activation;
    private final int dimensions;
    private final int width;
    private final Layer[] trunk;
    private final Layer[] layers;

    /** Gives weights by the name of their layer, as heads.safetensors has them. */
    public interface Source {
        /** @return float[out * in], row-major */
        float[] weight(String layer, int out, int in);

        /** @return float[out] */
        float[] bias(String layer, int out);
    }

    public HeadNet(TrainedHeads heads, TrainedHead head, Source source) {
        this.head = head;
        this.activation = heads.activation();
        this.dimensions = heads.dimensions();
        this.width = heads.trunkOutput();
        this.trunk = new Layer[heads.trunk().size()];
        int in = dimensions;
        for (int i = 0; i < trunk.length; i++) {
            trunk[i] = Layer.of(
                    source, TrainedHeads.trunkLayer(i), in, heads.trunk().get(i));
            in = trunk[i].out;
        }
        this.layers = new Layer[head.hidden().size() + 1];
        in *= head.features().parts();
        for (int i = 0; i < layers.length; i++) {
            int out = i < layers.length - 1 ? head.hidden().get(i) : head.outputs();
            layers[i] = Layer.of(source, TrainedHeads.headLayer(head, i), in, out);
            in = out;
        }
    }

    /** @throws ModelException if the file's tensors do not fit heads.json */
    public static HeadNet open(TrainedHeads heads, TrainedHead head, Path weights) {
        Map<String, TensorInfo> tensors = Safetensors.read(weights);
        return new HeadNet(heads, head, new Source() {
            @Override
            public float[] weight(String layer, int out, int in) {
                return Safetensors.readFloats(find(layer + ".weight").requireShape(out, in));
            }

            @Override
            public float[] bias(String layer, int out) {
                return Safetensors.readFloats(find(layer + ".bias").requireShape(out));
            }

            private TensorInfo find(String name) {
                TensorInfo tensor = tensors.get(name);
                if (tensor == null) {
                    throw new ModelException(weights + " has no tensor " + name + " but heads.json tells of it; copy"
                            + " the folder again");
                }
                return tensor;
            }
        });
    }

    public TrainedHead head() {
        return head;
    }

    /** Outputs of a row's items, divided by the temperature, float[items * outputs], row-major. */
    public float[] logits(HeadInput input) {
        float[] u = throughTrunk(input.u(), (float) head.uScale());
        float[] v = input.isPair() ? throughTrunk(input.v(), (float) head.vScale()) : input.v();
        if (input.isPair() != head.pair()) {
            throw new IllegalArgumentException("The head " + head.name() + " takes " + (head.pair() ? "two" : "one")
                    + " vectors an item but was given " + (input.isPair() ? "two" : "one"));
        }
        HeadFeatures features = head.features();
        int outputs = head.outputs();
        float[] logits = new float[input.items() * outputs];
        float[] x = new float[features.parts() * width];
        for (int item = 0; item < input.items(); item++) {
            int uFrom = u.length > width ? item * width : 0;
            int vFrom = v.length > width ? item * width : 0;
            features.write(u, uFrom, v, vFrom, width, x, 0);
            float[] y = x;
            for (int i = 0; i < layers.length; i++) {
                float[] next = new float[layers[i].out];
                layers[i].apply(y, 0, next, 0);
                if (i < layers.length - 1) {
                    activate(next, 0, next.length);
                }
                y = next;
            }
            for (int k = 0; k < outputs; k++) {
                logits[item * outputs + k] = (float) (y[k] / head.temperature());
            }
        }
        return logits;
    }

    private float[] throughTrunk(float[] vectors, float scale) {
        float[] in = new float[vectors.length];
        for (int i = 0; i < in.length; i++) {
            in[i] = scale * vectors[i];
        }
        int n = vectors.length / dimensions;
        for (Layer layer : trunk) {
            float[] out = new float[n * layer.out];
            for (int i = 0; i < n; i++) {
                layer.apply(in, i * layer.in, out, i * layer.out);
            }
            activate(out, 0, out.length);
            in = out;
        }
        return in;
    }

    private void activate(float[] values, int from, int to) {
        if (activation == Activation.RELU) {
            for (int i = from; i < to; i++) {
                values[i] = Math.max(0, values[i]);
            }
        } else {
            for (int i = from; i < to; i++) {
                values[i] = (float) Math.tanh(values[i]);
            }
        }
    }

    /** {@code y = W x + b} */
    private static final class Layer {
        final int in;
        final int out;
        private final float[] weight;
        private final float[] bias;

        private Layer(int in, int out, float[] weight, float[] bias) {
            this.in = in;
            this.out = out;
            this.weight = weight;
            this.bias = bias;
        }

        static Layer of(Source source, String name, int in, int out) {
            return new Layer(in, out, source.weight(name, out, in), source.bias(name, out));
        }

        void apply(float[] x, int from, float[] y, int to) {
            for (int o = 0; o < out; o++) {
                int row = o * in;
                float a = 0;
                float b = 0;
                float c = 0;
                float d = 0;
                int i = 0;
                for (; i + 3 < in; i += 4) {
                    a += weight[row + i] * x[from + i];
                    b += weight[row + i + 1] * x[from + i + 1];
                    c += weight[row + i + 2] * x[from + i + 2];
                    d += weight[row + i + 3] * x[from + i + 3];
                }
                for (; i < in; i++) {
                    a += weight[row + i] * x[from + i];
                }
                y[to + o] = bias[o] + (a + b) + (c + d);
            }
        }
    }
}
