package io.textloom.bench.micro;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.textloom.bench.Json;
import io.textloom.model.DecoderSpec;
import io.textloom.model.Safetensors;
import io.textloom.model.Safetensors.FloatTensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Untrained GPT-2 weights of a given shape: as fast as trained ones, and at hand everywhere. */
public final class RandomDecoder {
    private static final int POSITIONS = 1024;
    private static final int VOCABULARY = 50257;
    private static final float SCALE = 0.02f;
    /** So wide that greedy texts of it do not repeat one token. */
    private static final float LINEAR_SCALE = 0.08f;

    private final int hidden;
    private final int layers;
    private final SplittableRandom random = new SplittableRandom(3);
    private final Map<String, FloatTensor> tensors = new LinkedHashMap<>();

    private RandomDecoder(int hidden, int layers) {
        this.hidden = hidden;
        this.layers = layers;
    }

    public static DecoderSpec spec(int hidden, int layers) {
        ObjectNode config = Json.MAPPER
                .createObjectNode()
                .put("model_type", "gpt2")
                .put("n_embd", hidden)
                .put("n_layer", layers)
                .put("n_head", hidden / 64)
                .put("n_positions", POSITIONS)
                .put("vocab_size", VOCABULARY);
        return DecoderSpec.of(config, config);
    }

    /** Writes {@code model.safetensors}. */
    public static void write(Path folder, int hidden, int layers) throws IOException {
        RandomDecoder decoder = new RandomDecoder(hidden, layers);
        decoder.fill();
        Safetensors.write(folder.resolve("model.safetensors"), decoder.tensors, Map.of("format", "pt"));
    }

    private void fill() {
        add("wte.weight", 0, SCALE, VOCABULARY, hidden);
        add("wpe.weight", 0, SCALE, POSITIONS, hidden);
        for (int i = 0; i < layers; i++) {
            String layer = "h." + i + ".";
            norm(layer + "ln_1");
            linear(layer + "attn.c_attn", hidden, 3 * hidden);
            linear(layer + "attn.c_proj", hidden, hidden);
            norm(layer + "ln_2");
            linear(layer + "mlp.c_fc", hidden, 4 * hidden);
            linear(layer + "mlp.c_proj", 4 * hidden, hidden);
        }
        norm("ln_f");
    }

    /** Wider where vectors are shorter, so that layers add as much to a state as in the shape of GPT-2 small. */
    private void linear(String name, int inner, int width) {
        add(name + ".weight", 0, LINEAR_SCALE * (float) Math.sqrt(768.0 / hidden), inner, width);
        add(name + ".bias", 0, SCALE, width);
    }

    private void norm(String name) {
        add(name + ".weight", 1, SCALE, hidden);
        add(name + ".bias", 0, SCALE, hidden);
    }

    private void add(String name, float centre, float spread, int... shape) {
        int count = 1;
        Long[] dimensions = new Long[shape.length];
        for (int i = 0; i < shape.length; i++) {
            count *= shape[i];
            dimensions[i] = (long) shape[i];
        }
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = centre + spread * (float) (2 * random.nextDouble() - 1);
        }
        tensors.put("transformer." + name, new FloatTensor(values, List.of(dimensions)));
    }
}
