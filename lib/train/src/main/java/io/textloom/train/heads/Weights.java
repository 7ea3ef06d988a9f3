package io.textloom.train.heads;

import io.textloom.classify.HeadNet;
import io.textloom.model.Safetensors;
import io.textloom.model.TrainedHead;
import io.textloom.model.TrainedHeads;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A head's weights at one moment, its trunk's among them, by the names that heads.safetensors has. Owns its arrays. */
final class Weights implements HeadNet.Source {
    private final Map<String, float[]> weights = new LinkedHashMap<>();
    private final Map<String, float[]> biases = new LinkedHashMap<>();

    static Weights of(TrainedHeads heads, TrainedHead head, HeadNet.Source source) {
        Weights all = new Weights();
        int in = heads.dimensions();
        for (int i = 0; i < heads.trunk().size(); i++) {
            all.add(source, TrainedHeads.trunkLayer(i), heads.trunk().get(i), in);
            in = heads.trunk().get(i);
        }
        in *= head.features().parts();
        List<Integer> widths = new ArrayList<>(head.hidden());
        widths.add(head.outputs());
        for (int i = 0; i < widths.size(); i++) {
            all.add(source, TrainedHeads.headLayer(head, i), widths.get(i), in);
            in = widths.get(i);
        }
        return all;
    }

    private void add(HeadNet.Source source, String layer, int out, int in) {
        weights.put(layer, source.weight(layer, out, in));
        biases.put(layer, source.bias(layer, out));
    }

    @Override
    public float[] weight(String layer, int out, int in) {
        return found(weights, layer);
    }

    @Override
    public float[] bias(String layer, int out) {
        return found(biases, layer);
    }

    private static float[] found(Map<String, float[]> all, String layer) {
        float[] values = all.get(layer);
        if (values == null) {
            throw new IllegalArgumentException("There is no layer " + layer + " among " + all.keySet());
        }
        return values;
    }

    /** Adds the tensors to a file's. */
    void tensors(Map<String, Safetensors.FloatTensor> file) {
        weights.forEach((layer, weight) -> {
            float[] bias = found(biases, layer);
            long out = bias.length;
            file.put(layer + ".weight", new Safetensors.FloatTensor(weight, List.of(out, weight.length / out)));
            file.put(layer + ".bias", new Safetensors.FloatTensor(bias, List.of(out)));
        });
    }

    void write(DataOutputStream out) throws IOException {
        out.writeInt(weights.size());
        for (Map.Entry<String, float[]> e : weights.entrySet()) {
            out.writeUTF(e.getKey());
            Checkpoint.write(out, e.getValue());
            Checkpoint.write(out, found(biases, e.getKey()));
        }
    }

    static Weights read(DataInputStream in) throws IOException {
        Weights all = new Weights();
        for (int left = in.readInt(); left > 0; left--) {
            String layer = in.readUTF();
            all.weights.put(layer, Checkpoint.read(in));
            all.biases.put(layer, Checkpoint.read(in));
        }
        return all;
    }
}
